//! Everything a bus could drive, and which piece may follow which.
//!
//! An arc is a segment driven in one direction, so a bus never turns round in the road. From an arc it goes on to any arc
//! that leaves its head, except back along itself: that only at a dead end or where the map says there is room to turn.
//! Closed roads count here as roads: a street does not become a place to turn because it is closed farther on.

use std::collections::{BTreeMap, BTreeSet};

use super::Cost;
use crate::domain::coordinates::Local;
use crate::network::Speeds;
use crate::network::roads::{Roads, TurnBan, WayBan, dense};

/// No such thing.
pub(in crate::network) const NONE: u32 = u32::MAX;

/// A forbidden way over ways is followed over so many arcs at most.
const LONGEST_BAN: usize = 2_000;
/// Bans over ways may add so many copies, and one for every four arcs: real maps need one for a thousand.
const MOST_COPIES: usize = 1_000;
/// No more roads meet anywhere; a node where they seem to is a mistake of the map, and nobody drives through it.
pub(in crate::network) const MOST_ROADS: usize = 64;
/// A turn by less than this (45 degrees) goes straight on: its cosine.
const STRAIGHT_COS: f64 = std::f64::consts::FRAC_1_SQRT_2;
/// No bus is faster: 144 km/h. Keeps the length of a way in proportion to its time ([`super::packed`]).
const CM_PER_MS: u64 = 4;

/// A segment driven in one direction.
#[derive(Clone, Copy, Debug)]
pub(in crate::network) struct Arc {
    /// Position in the segments of the roads.
    pub(in crate::network) segment: u32,
    /// Against its way.
    pub(in crate::network) back: bool,
    /// Nodes it leads from and to.
    pub(in crate::network) ends: [u32; 2],
    /// Length.
    pub(in crate::network) cm: u32,
    /// The same segment driven the other way, or [`NONE`].
    pub(in crate::network) reverse: u32,
    /// The arc itself, or the one it is a copy of: the same road, driven after a turn that forbids another.
    pub(in crate::network) original: u32,
    /// Chain it belongs to and position therein.
    pub(super) chain: u32,
    pub(super) place: u32,
    /// Time, by band.
    pub(super) ms: [u64; 3],
    /// From the start of the chain to its own.
    pub(super) before: [Cost; 3],
}

/// Every arc, by segment, along its way first; closed roads among them.
pub(super) fn all(roads: &Roads, speeds: &Speeds) -> Vec<Arc> {
    let mut arcs: Vec<Arc> = Vec::new();
    for (at, segment) in roads.segments().iter().enumerate() {
        let access = &roads.ways()[segment.way as usize].access;
        let [a, b] = segment.ends;
        let cm = u64::from(segment.cm);
        // cm / (km/h) = cm x 36 ms; a factor of 0 would stop the world.
        let ms = speeds.factor.map(|factor| {
            (cm * 36_000).div_ceil(u64::from(access.kmh.max(1)) * u64::from(factor.max(1))).max(cm.div_ceil(CM_PER_MS))
        });
        for (back, ends) in [(false, [a, b]), (true, [b, a])] {
            if access.bus[usize::from(back)] {
                let original = dense(arcs.len());
                let other = if back { original.wrapping_sub(1) } else { original + 1 };
                arcs.push(Arc {
                    segment: dense(at),
                    back,
                    ends,
                    cm: segment.cm,
                    reverse: if access.bus == [true; 2] { other } else { NONE },
                    original,
                    chain: NONE,
                    place: 0,
                    ms,
                    before: [Cost::default(); 3],
                });
            }
        }
    }
    arcs
}

/// Which arc may follow which: `to[starts[a]..starts[a + 1]]`.
pub(super) struct Turns {
    starts: Vec<u32>,
    to: Vec<u32>,
    /// Bans over ways that are too long, or too many, to be kept.
    pub(super) given_up: usize,
}

impl Turns {
    /// Adds copies to the arcs where a turn depends on more than the arc before it.
    pub(super) fn new(roads: &Roads, arcs: &mut Vec<Arc>) -> Self {
        let leaving = Leaving::new(roads, arcs);
        let mut turns = Self { starts: vec![0], to: Vec::with_capacity(arcs.len() * 2), given_up: 0 };
        for arc in arcs.iter() {
            let node = arc.ends[1];
            let from = way_of(roads, arc);
            let bans = bans_at(roads.bans(), from, roads.nodes()[node as usize].id);
            let begin = turns.to.len();
            // Segments are straight: an arc back to where this one came from lies on it, whatever its way.
            let back = |to: u32| arcs[to as usize].ends == [arc.ends[1], arc.ends[0]];
            let next = leaving.of(node);
            if !roads.shut(node) && next.len() <= MOST_ROADS {
                let round = roads.may_turn_round(node);
                let way = |to: &u32| way_of(roads, &arcs[*to as usize]);
                // The one turn allowed may be for trams: where no bus can take it, it does not bind buses.
                let binds = |ban: &&TurnBan| !ban.only || next.iter().any(|to| way(to) == ban.to);
                let bans: Vec<TurnBan> = bans.iter().filter(binds).copied().collect();
                turns.to.extend(next.iter().copied().filter(|to| {
                    let may = || bans.is_empty() || may_turn(&bans, way(to), back(*to));
                    (round || !back(*to)) && may()
                }));
            }
            // A dead end: the one place to turn round.
            if turns.to.len() == begin {
                turns.to.extend(next.iter().filter(|to| back(**to)));
            }
            turns.starts.push(dense(turns.to.len()));
        }
        if roads.way_bans().is_empty() { turns } else { over_ways(roads, arcs, &leaving, &turns) }
    }

    pub(super) fn after(&self, arc: usize) -> &[u32] {
        &self.to[self.starts[arc] as usize..self.starts[arc + 1] as usize]
    }

    /// Starts and followers, to be kept.
    pub(super) fn parts(self) -> (Vec<u32>, Vec<u32>) {
        (self.starts, self.to)
    }
}

/// Arcs by the node they leave.
struct Leaving {
    first: Vec<u32>,
    arcs: Vec<u32>,
}

impl Leaving {
    fn new(roads: &Roads, arcs: &[Arc]) -> Self {
        let mut first = vec![0_u32; roads.nodes().len() + 1];
        for arc in arcs {
            first[arc.ends[0] as usize + 1] += 1;
        }
        for node in 1..first.len() {
            first[node] += first[node - 1];
        }
        let mut fill = first.clone();
        let mut leaving = vec![0_u32; arcs.len()];
        for (at, arc) in arcs.iter().enumerate() {
            let slot = &mut fill[arc.ends[0] as usize];
            leaving[*slot as usize] = dense(at);
            *slot += 1;
        }
        Self { first, arcs: leaving }
    }

    fn of(&self, node: u32) -> &[u32] {
        &self.arcs[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}

fn way_of(roads: &Roads, arc: &Arc) -> i64 {
    roads.ways()[roads.segments()[arc.segment as usize].way as usize].id
}

/// The bans for buses that come along a way to a node (they are sorted).
fn bans_at(bans: &[TurnBan], from: i64, via: i64) -> &[TurnBan] {
    let begin = bans.partition_point(|ban| (ban.from, ban.via) < (from, via));
    let end = bans.partition_point(|ban| (ban.from, ban.via) <= (from, via));
    &bans[begin..end]
}

/// A ban from a way to itself forbids turning round, not going straight on.
fn may_turn(bans: &[TurnBan], to: i64, back: bool) -> bool {
    let mut only = bans.iter().filter(|ban| ban.only).peekable();
    (only.peek().is_none() || only.any(|ban| ban.to == to))
        && !bans.iter().any(|ban| !ban.only && ban.to == to && (back || ban.from != to))
}

/// Bans over ways: whoever enters the first of them from the forbidden side drives on copies of its arcs, which lack the
/// turn at the end.
fn over_ways(roads: &Roads, arcs: &mut Vec<Arc>, leaving: &Leaving, turns: &Turns) -> Turns {
    let most = arcs.len() + arcs.len() / 4 + MOST_COPIES;
    let mut copies = Copies { turns, changed: BTreeMap::new(), of: BTreeMap::new(), into: BTreeMap::new() };
    let mut by_way: BTreeMap<i64, Vec<u32>> = roads.way_bans().iter().map(|ban| (ban.from, Vec::new())).collect();
    for (at, arc) in arcs.iter().enumerate() {
        if let Some(list) = by_way.get_mut(&way_of(roads, arc)) {
            list.push(dense(at));
        }
    }
    let mut given_up = 0;
    for ban in roads.way_bans() {
        let mut kept = true;
        for from in by_way.get(&ban.from).into_iter().flatten() {
            let (paths, whole) = along(roads, arcs, leaving, ban, arcs[*from as usize].ends[1]);
            kept &= whole;
            for path in paths {
                let forms = copies.of.get(from).cloned().unwrap_or_default();
                for first in std::iter::once(*from).chain(forms) {
                    if arcs.len() + path.len() <= most {
                        copies.forbid(roads, arcs, ban, first, &path);
                    } else {
                        kept = false;
                    }
                }
            }
        }
        given_up += usize::from(!kept);
    }
    let mut all = Turns { starts: vec![0], to: Vec::with_capacity(turns.to.len()), given_up };
    for at in 0..dense(arcs.len()) {
        all.to.extend(copies.changed.get(&at).map_or_else(|| turns.after(at as usize), Vec::as_slice));
        all.starts.push(dense(all.to.len()));
    }
    all
}

/// The arcs of the ways between, from a node to where the last of them meets the last way; and whether they were followed to
/// their ends.
fn along(roads: &Roads, arcs: &[Arc], leaving: &Leaving, ban: &WayBan, node: u32) -> (Vec<Vec<u32>>, bool) {
    // Breadth first, each arc once on each of the ways: (arc, which of the ways it lies on, where it was reached from).
    let on = |node: u32, way: i64| {
        leaving.of(node).iter().copied().filter(move |to| way_of(roads, &arcs[*to as usize]) == way)
    };
    let mut seen: BTreeSet<(u32, usize)> = BTreeSet::new();
    let mut reached: Vec<(u32, usize, usize)> = Vec::new();
    let mut found = Vec::new();
    let mut whole = true;
    if let Some(first) = ban.via.first() {
        reached.extend(on(node, *first).filter(|arc| seen.insert((*arc, 0))).map(|arc| (arc, 0, usize::MAX)));
    }
    let mut at = 0;
    while let Some((arc, which, _)) = reached.get(at).copied() {
        let [tail, head] = arcs[arc as usize].ends;
        let next = ban.via.get(which + 1).copied();
        if next.is_none() && on(head, ban.to).next().is_some() {
            let mut path = Vec::new();
            let mut step = at;
            while let Some((arc, _, from)) = reached.get(step) {
                path.push(*arc);
                step = *from;
            }
            path.reverse();
            found.push(path);
        } else if reached.len() < LONGEST_BAN {
            let changes: Vec<(u32, usize)> =
                next.into_iter().flat_map(|way| on(head, way)).map(|to| (to, which + 1)).collect();
            let along = on(head, ban.via[which]).map(|to| (to, which)).filter(|_| changes.is_empty());
            let all: Vec<(u32, usize)> = changes.iter().copied().chain(along).collect();
            // Not back.
            let onward = all.into_iter().filter(|(to, _)| arcs[*to as usize].ends != [head, tail]);
            reached.extend(onward.filter(|to| seen.insert(*to)).map(|(to, which)| (to, which, at)));
        } else {
            whole = false;
        }
        at += 1;
    }
    let kept = whole || !found.is_empty();
    (found, kept)
}

/// Turns while copies are made.
struct Copies<'a> {
    /// As they were,
    turns: &'a Turns,
    /// and of the arcs that are copies or lead onto one.
    changed: BTreeMap<u32, Vec<u32>>,
    /// Copies of each arc.
    of: BTreeMap<u32, Vec<u32>>,
    /// How many arcs lead onto each copy.
    into: BTreeMap<u32, usize>,
}

impl Copies<'_> {
    fn after(&self, arc: u32) -> Vec<u32> {
        self.changed.get(&arc).cloned().unwrap_or_else(|| self.turns.after(arc as usize).to_vec())
    }

    /// Leads from one arc onto copies along the path, the last of which lacks the forbidden turn. A copy that is led onto
    /// from there only is taken as it is.
    fn forbid(&mut self, roads: &Roads, arcs: &mut Vec<Arc>, ban: &WayBan, first: u32, path: &[u32]) {
        let mut at = first;
        for step in path {
            let mut next = self.after(at);
            let Some(slot) = next.iter_mut().find(|to| arcs[**to as usize].original == *step) else { return };
            let there = *slot;
            if self.into.get(&there) == Some(&1) {
                at = there;
                continue;
            }
            let copy = dense(arcs.len());
            arcs.push(arcs[there as usize]);
            let onward = self.after(there);
            // Only copies are counted.
            for to in &onward {
                self.into.entry(*to).and_modify(|count| *count += 1);
            }
            self.into.entry(there).and_modify(|count| *count -= 1);
            *slot = copy;
            self.into.insert(copy, 1);
            self.of.entry(*step).or_default().push(copy);
            self.changed.insert(at, next);
            self.changed.insert(copy, onward);
            at = copy;
        }
        // Several "only" bans of the same ways allow as many ways on.
        let bans = roads.way_bans();
        let begin = bans.partition_point(|other| (other.from, &other.via) < (ban.from, &ban.via));
        let same = bans[begin..].iter().take_while(|other| (other.from, &other.via) == (ban.from, &ban.via));
        let only: Vec<i64> = same.filter(|other| other.only).map(|other| other.to).collect();
        let mut next = self.after(at);
        next.retain(|to| {
            let way = way_of(roads, &arcs[*to as usize]);
            if ban.only { only.contains(&way) } else { way != ban.to }
        });
        self.changed.insert(at, next);
    }
}

/// What junctions cost, in milliseconds.
pub(super) struct Junctions<'a> {
    roads: &'a Roads,
    costs: crate::network::profile::TurnCosts,
    /// Does any vehicle have a choice at this node: do three roads or more meet?
    crossing: Vec<bool>,
}

impl<'a> Junctions<'a> {
    pub(super) fn new(roads: &'a Roads, arcs: &[Arc], speeds: &Speeds) -> Self {
        // Of each node: one neighbour, another, and whether there are more.
        let mut near = vec![[NONE; 2]; roads.nodes().len()];
        let mut crossing = vec![false; roads.nodes().len()];
        for arc in arcs {
            for [a, b] in [arc.ends, [arc.ends[1], arc.ends[0]]] {
                match &mut near[a as usize] {
                    [first, _] if *first == NONE || *first == b => *first = b,
                    [_, second] if *second == NONE || *second == b => *second = b,
                    _ => crossing[a as usize] = true,
                }
            }
        }
        Self { roads, costs: speeds.turns, crossing }
    }

    /// From one arc on to another that may follow it.
    pub(super) fn ms(&self, from: &Arc, to: &Arc) -> u64 {
        let node = from.ends[1];
        let lights = if self.roads.is_signal(node) { self.costs.signal_s } else { 0 };
        let turn = if to.ends == [from.ends[1], from.ends[0]] {
            self.costs.u_turn_s
        } else if self.crossing[node as usize] && (self.costs.left_s, self.costs.right_s) != (0, 0) {
            self.side(from, to)
        } else {
            0
        };
        (u64::from(lights) + u64::from(turn)) * 1000
    }

    fn side(&self, from: &Arc, to: &Arc) -> u32 {
        let point = |node: u32| self.roads.nodes()[node as usize].point;
        // Around the node itself: seen from a far centre, angles are bent, and one near 45 degrees falls on the wrong side.
        let local = Local::new(point(from.ends[1]));
        let heading = |arc: &Arc| {
            let [a, b] = arc.ends.map(|node| local.project(point(node)));
            [b[0] - a[0], b[1] - a[1]]
        };
        let ([a, b], [x, y]) = (heading(from), heading(to));
        let length = (a * a + b * b).sqrt() * (x * x + y * y).sqrt();
        if a * x + b * y >= STRAIGHT_COS * length {
            0
        } else if a * y - b * x > 0.0 {
            self.costs.left_s
        } else {
            self.costs.right_s
        }
    }
}
