//! Which private roads open when a site lets the shuttle in?
//!
//! Those that pass within [`NEAR_M`] of the site, and all that hang together with them by private roads and private gates: one
//! owner's ground. Roads that are open to all are not passed through on the way: behind them another owner may begin.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Made, Marks, Roads, dense};
use crate::domain::coordinates::{Local, Point};

/// A gate's own ground begins at most so far from where it is drawn: as far as a stop may be from its road.
const NEAR_M: f64 = 60.0;

impl Roads {
    /// Opens the private roads and gates of those who let the shuttle in here; how many there were.
    pub fn admit(&mut self, at: &[Point]) -> usize {
        let (ways, gates) = self.behind(at);
        for way in &ways {
            let access = &mut Arc::make_mut(&mut self.ways[*way]).access;
            access.private = false;
            access.bus = access.inside.bus;
            access.foot |= access.inside.foot;
            access.wheelchair |= access.inside.wheelchair;
        }
        for gate in &gates {
            let marks = &mut Arc::make_mut(&mut self.marks)[*gate];
            *marks = marks.without(Marks::PRIVATE);
        }
        // They are other roads now.
        self.made = Made::default();
        ways.len() + gates.len()
    }

    /// Is there anything to open here?
    #[must_use]
    pub fn may_admit(&self, at: Point) -> bool {
        let (ways, gates) = self.behind(&[at]);
        !ways.is_empty() || !gates.is_empty()
    }

    /// Positions of the ways and nodes that open.
    fn behind(&self, at: &[Point]) -> (Vec<usize>, Vec<usize>) {
        let private = |way: usize| self.ways[way].access.private && !self.ways[way].closed;
        let gate = |node: u32| self.marks(node).any(Marks::PRIVATE);
        let Some(bounds) = self.bounds() else { return Default::default() };
        let local = Local::new(bounds.centre());
        let at: Vec<[f64; 2]> = at.iter().map(|point| local.project(*point)).collect();
        let place = |node: u32| local.project(self.lines.nodes[node as usize].point);
        let near = |a: [f64; 2], b: [f64; 2]| at.iter().any(|point| metres_to_line(*point, a, b) <= NEAR_M);

        let mut meet: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut opened = vec![false; self.ways.len()];
        let mut gates = vec![false; self.lines.nodes.len()];
        let mut waiting: Vec<u32> = Vec::new();
        for segment in &self.lines.segments {
            let way = segment.way as usize;
            if private(way) {
                segment.ends.iter().for_each(|end| meet.entry(*end).or_default().push(way));
                if !opened[way] && near(place(segment.ends[0]), place(segment.ends[1])) {
                    opened[way] = true;
                }
            }
        }
        for node in 0..dense(self.lines.nodes.len()) {
            if gate(node) && near(place(node), place(node)) {
                waiting.push(node);
            }
        }
        for segment in &self.lines.segments {
            if opened[segment.way as usize] {
                waiting.extend(segment.ends);
            }
        }
        // Nodes of each way, for those reached later.
        let mut nodes_of: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (node, ways) in &meet {
            ways.iter().for_each(|way| nodes_of.entry(*way).or_default().push(*node));
        }
        while let Some(node) = waiting.pop() {
            gates[node as usize] |= gate(node);
            for way in meet.remove(&node).unwrap_or_default() {
                opened[way] = true;
                waiting.extend(nodes_of.remove(&way).unwrap_or_default());
            }
        }
        let chosen = |flags: Vec<bool>| (0..flags.len()).filter(|at| flags[*at]).collect();
        (chosen(opened), chosen(gates))
    }
}

/// From a point to a straight line between two others.
fn metres_to_line(point: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    let square = dx * dx + dy * dy;
    let along = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square;
    let along = if square > 0.0 { along.clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy)
}

#[cfg(test)]
mod tests {
    use super::super::super::profile::{Access, Class};
    use super::super::{Node, Traffic, Way};
    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Local::new(Point::default()).unproject([x, y])
    }

    fn way(id: i64, private: bool, nodes: &[i64]) -> Way {
        let open = Access::open([true, false], 20);
        let access =
            if private { Access { bus: [false; 2], foot: false, wheelchair: false, private, ..open } } else { open };
        Way {
            id,
            name: String::new(),
            name_en: String::new(),
            class: Class::Service,
            access,
            lanes: None,
            layer: 0,
            closed: false,
            nodes: nodes.to_vec(),
        }
    }

    /// A street 1-2-3 of 400 m; at 2 a compound 2-4-5 behind a private gate at 4, with an open yard 5-6 and behind it another
    /// owner's 6-7; at 3 a compound of its own, 3-8; at 1 an open alley 1-9-10 with a private gate at 9.
    fn district() -> Roads {
        let points = [
            (0., 0.),
            (200., 0.),
            (400., 0.),
            (200., 100.),
            (200., 200.),
            (200., 300.),
            (200., 400.),
            (400., 100.),
            (0., 100.),
            (0., 200.),
        ];
        let nodes = points.iter().zip(1..).map(|((x, y), id)| Node { id, point: at(*x, *y) }).collect();
        let ways = vec![
            way(1, false, &[1, 2, 3]),
            way(2, true, &[2, 4]),
            way(3, true, &[4, 5]),
            way(4, false, &[5, 6]),
            way(5, true, &[6, 7]),
            way(6, true, &[3, 8]),
            way(7, false, &[1, 9, 10]),
        ];
        let marks = vec![(4, Marks::PRIVATE), (9, Marks::PRIVATE | Marks::TURN_ROUND), (2, Marks::SHUT)];
        Roads::with(nodes, ways, Traffic { marks, ..Traffic::default() })
    }

    fn driven(roads: &Roads) -> Vec<i64> {
        roads.ways().iter().filter(|way| way.bus() == [true, false]).map(|way| way.id).collect()
    }

    #[test]
    fn a_site_opens_its_own_ground_and_no_more() {
        let mut roads = district();
        assert_eq!(driven(&roads), [1, 4, 7]);
        // 50 m from the middle of 3, which is 100 m from its nodes' nearest.
        assert!(roads.may_admit(at(250., 150.)) && !roads.may_admit(at(265., 150.)));
        assert_eq!(roads.admit(&[at(250., 150.)]), 3);
        assert_eq!(driven(&roads), [1, 2, 3, 4, 7]);
        assert!(roads.ways()[2].access.foot && roads.ways()[2].access.wheelchair && !roads.ways()[2].access.private);
        // The gate is open, the bollard is not, and the other gate neither.
        let shut: Vec<i64> =
            (0..10).filter(|node| roads.shut(*node)).map(|node| roads.nodes()[node as usize].id).collect();
        assert_eq!(shut, [2, 9]);
        assert_eq!(roads.admit(&[at(250., 150.)]), 0);
    }

    #[test]
    fn a_gate_alone_opens_and_keeps_its_other_marks() {
        let mut roads = district();
        assert_eq!(roads.admit(&[at(-59., 100.)]), 1);
        assert!(!roads.shut(8) && roads.may_turn_round(8));
        assert_eq!(driven(&roads), [1, 4, 7]);
        assert_eq!(district().admit(&[at(-61., 100.), at(300., -500.)]), 0);
        assert_eq!(district().admit(&[at(400., 50.), at(200., 350.)]), 2);
        assert_eq!(Roads::default().admit(&[at(0., 0.)]), 0);
        // What is closed stays closed.
        let mut roads = district();
        assert_eq!(roads.close(6), 1);
        assert_eq!(roads.admit(&[at(400., 50.)]), 0);
    }
}
