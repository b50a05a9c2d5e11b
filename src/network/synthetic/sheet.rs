//! The sheet a synthetic city is drawn on: nodes and ways in metres, bent a little at the end so that no street is
//! straight for long.

use crate::domain::coordinates::{Local, Point};
use crate::network::profile::{Access, Class};
use crate::network::roads::{Node, Roads, TurnBan, Way};

/// Nodes (ids 1, 2, 3 …) and ways (ids 1, 2, 3 …) in the order they were drawn.
#[derive(Default)]
pub(super) struct Sheet {
    nodes: Vec<[f64; 2]>,
    ways: Vec<Way>,
    bans: Vec<TurnBan>,
}

/// How a way may be used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Buses and walkers, both ways.
    Both,
    /// Buses along it only, walkers both ways.
    Along,
    /// Buses along it only, nobody on foot: an expressway.
    Fast,
    /// Walkers only.
    Walk,
}

impl Sheet {
    /// Nodes drawn.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }
    /// A new node.
    pub(super) fn node(&mut self, at: [f64; 2]) -> i64 {
        self.nodes.push(at);
        number(self.nodes.len())
    }
    /// Where a node was drawn.
    pub(super) fn at(&self, id: i64) -> [f64; 2] {
        usize::try_from(id - 1).ok().and_then(|at| self.nodes.get(at)).copied().unwrap_or_default()
    }
    /// New nodes along the straight from one node to another: `count` of them, each beside it by what `beside` says.
    pub(super) fn between(&mut self, ends: [i64; 2], count: usize, mut beside: impl FnMut(f64) -> f64) -> Vec<i64> {
        let [a, b] = ends.map(|end| self.at(end));
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length = dx.hypot(dy).max(1e-9);
        let mut ids = Vec::with_capacity(count);
        for step in 1..=count {
            let share = step as f64 / (count + 1) as f64;
            let off = beside(share) / length;
            ids.push(self.node([a[0] + share * dx - off * dy, a[1] + share * dy + off * dx]));
        }
        ids
    }
    /// A new way; its id. Fewer than two nodes draw nothing.
    pub(super) fn way(&mut self, name: &str, class: Class, usage: Use, layer: i8, nodes: Vec<i64>) -> i64 {
        let (bus, foot) = match usage {
            Use::Both => ([true, true], true),
            Use::Along => ([true, false], true),
            Use::Fast => ([true, false], false),
            Use::Walk => ([false, false], true),
        };
        let id = number(self.ways.len() + 1);
        let wheelchair = foot && class != Class::Steps;
        let access = Access { foot, wheelchair, ..Access::open(bus, class.kmh()) };
        let lanes = match class {
            Class::Trunk | Class::Primary => Some(3),
            Class::Secondary => Some(4),
            _ => None,
        };
        let (name, name_en) = (name.to_owned(), String::new());
        self.ways.push(Way { id, name, name_en, class, access, lanes, layer, closed: false, nodes });
        id
    }
    /// Forbids a turn.
    pub(super) fn ban(&mut self, ban: TurnBan) {
        self.bans.push(ban);
    }
    /// The finished roads, the south-west corner of the sheet at `corner`.
    pub(super) fn roads(self, corner: Point) -> Roads {
        let local = Local::new(corner);
        let nodes = self.nodes.iter().zip(1..).map(|(at, id)| Node { id, point: local.unproject(bent(*at)) }).collect();
        Roads::new(nodes, self.ways, self.bans)
    }
}

/// Long waves across the whole city: slopes stay below 0.2, so nothing folds over.
fn bent([x, y]: [f64; 2]) -> [f64; 2] {
    [
        x + 70.0 * libm::sin(y / 830.0) + 150.0 * libm::sin(y / 3100.0),
        y + 60.0 * libm::sin(x / 710.0) + 130.0 * libm::sin(x / 2700.0),
    ]
}

/// A count as an id.
fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
