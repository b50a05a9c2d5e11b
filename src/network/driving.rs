//! How long does a bus take from stop to stop? Edge-based Dijkstra, exact, in milliseconds and centimetres.
//!
//! A state is an arc (a segment and a direction), so a bus never turns round in the road: from an arc it goes on to any
//! arc that leaves its head, except back along itself, unless there is nothing else (a dead end). Only the largest
//! strongly connected part of that graph is kept: from every arc of it every other can be reached.
//!
//! Runs of arcs without a choice are joined into chains; the search hops from chain to chain. Costs are compared by time
//! first, then length, in integers: the best value is unique, however ties fall, so a path always agrees with its cell.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::profile::Band;
use super::roads::{Roads, TurnBan, dense};
use crate::domain::units::{Metres, Seconds};

/// No such thing.
pub(super) const NONE: u32 = u32::MAX;

/// A segment driven in one direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    /// Position in the segments of the roads.
    pub(super) segment: u32,
    /// Against its way.
    pub(super) back: bool,
    /// Nodes it leads from and to.
    pub(super) ends: [u32; 2],
    /// Length.
    pub(super) cm: u32,
    /// The same segment driven the other way, or [`NONE`].
    pub(super) reverse: u32,
    /// Chain it belongs to and position therein.
    chain: u32,
    place: u32,
    /// Time, by band.
    ms: [u64; 3],
    /// From the start of the chain to its own.
    before: [Cost; 3],
}

/// Time, then length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    pub(super) ms: u64,
    pub(super) cm: u64,
}

impl Cost {
    const MAX: Self = Self { ms: u64::MAX, cm: u64::MAX };

    fn plus(self, other: Self) -> Self {
        Self { ms: self.ms.saturating_add(other.ms), cm: self.cm.saturating_add(other.cm) }
    }
    fn minus(self, other: Self) -> Self {
        Self { ms: self.ms.saturating_sub(other.ms), cm: self.cm.saturating_sub(other.cm) }
    }
    /// As the matrix has it: seconds up, metres rounded.
    pub(super) fn rounded(self) -> (Seconds, Metres) {
        let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        (Seconds(narrow(self.ms.div_ceil(1000))), Metres(narrow(self.cm.saturating_add(50) / 100)))
    }
}

/// A place on an arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) arc: u32,
    /// From its start, 0 to its length.
    pub(super) cm: u32,
}

/// One or two ways to stand at a stop.
pub(super) type Standing = [Option<Position>; 2];

/// The way behind a cost: the positions it leaves and reaches, and the arcs from the first to the last.
#[derive(Clone, Debug)]
pub(super) struct Drive {
    pub(super) cost: Cost,
    pub(super) from: Position,
    pub(super) to: Position,
    pub(super) arcs: Vec<u32>,
}

/// The bus graph, frozen.
#[derive(Debug, Default)]
pub(super) struct Driving {
    /// Of the largest strongly connected part, ascending by segment, forward first.
    pub(super) arcs: Vec<Arc>,
    /// Arcs a bus may use anywhere.
    pub(super) all: usize,
    /// First arc of each segment in `arcs`, or [`NONE`]: `[along, against]` its way.
    of_segment: Vec<[u32; 2]>,
    /// Arcs of chain c: `links[starts[c]..starts[c + 1]]`.
    starts: Vec<u32>,
    links: Vec<u32>,
    /// Whole cost of each chain, by band.
    totals: Vec<[Cost; 3]>,
    /// Chains after chain c: `next[fans[c]..fans[c + 1]]`.
    fans: Vec<u32>,
    next: Vec<u32>,
}

impl Driving {
    /// `factor`: speed in each band / free flow, x 1000.
    pub(super) fn new(roads: &Roads, factor: [u32; 3]) -> Self {
        let every = all_arcs(roads, factor);
        let turns = Turns::new(roads, &every);
        let all = every.len();
        let inside = largest_strong_part(&turns);

        // Renumber what is kept; order is kept.
        let mut number = vec![NONE; all];
        let mut arcs = Vec::new();
        for (old, arc) in every.iter().enumerate().filter(|(old, _)| inside[*old]) {
            number[old] = dense(arcs.len());
            arcs.push(*arc);
        }
        let mut of_segment = vec![[NONE; 2]; roads.segments().len()];
        for (at, arc) in arcs.iter_mut().enumerate() {
            arc.reverse = if arc.reverse == NONE { NONE } else { number[arc.reverse as usize] };
            of_segment[arc.segment as usize][usize::from(arc.back)] = dense(at);
        }
        let mut after: Vec<Vec<u32>> = Vec::with_capacity(arcs.len());
        for old in (0..all).filter(|old| inside[*old]) {
            after.push(turns.after(old).iter().map(|to| number[*to as usize]).filter(|to| *to != NONE).collect());
        }
        let mut driving = Self { arcs, all, of_segment, ..Self::default() };
        driving.chain(&after);
        driving
    }

    /// Joins arcs without a choice into chains.
    fn chain(&mut self, after: &[Vec<u32>]) {
        let count = self.arcs.len();
        let mut before = vec![0_u32; count];
        for to in after.iter().flatten() {
            before[*to as usize] += 1;
        }
        // An arc goes on in its chain if it has one way on, into which nothing else leads.
        let follow = |arc: u32| match after[arc as usize][..] {
            [to] if before[to as usize] == 1 => Some(to),
            _ => None,
        };
        let mut followed = vec![false; count];
        for arc in 0..dense(count) {
            if let Some(to) = follow(arc) {
                followed[to as usize] = true;
            }
        }
        self.starts.push(0);
        // First the chains that have a beginning, then rings, cut at their lowest arc.
        for rings in [false, true] {
            for first in 0..dense(count) {
                if self.arcs[first as usize].chain != NONE || (!rings && followed[first as usize]) {
                    continue;
                }
                let chain = dense(self.totals.len());
                let mut total = [Cost::default(); 3];
                let mut arc = first;
                loop {
                    let link = &mut self.arcs[arc as usize];
                    link.chain = chain;
                    link.place = dense(self.links.len()) - self.starts[chain as usize];
                    link.before = total;
                    for (band, sum) in total.iter_mut().enumerate() {
                        *sum = sum.plus(Cost { ms: link.ms[band], cm: u64::from(link.cm) });
                    }
                    self.links.push(arc);
                    match follow(arc) {
                        Some(to) if self.arcs[to as usize].chain == NONE => arc = to,
                        _ => break,
                    }
                }
                self.totals.push(total);
                self.starts.push(dense(self.links.len()));
            }
        }
        self.fans.push(0);
        for chain in 0..self.totals.len() {
            let last = self.links[self.starts[chain + 1] as usize - 1];
            // Whatever follows a chain's last arc begins a chain.
            self.next.extend(after[last as usize].iter().map(|to| self.arcs[*to as usize].chain));
            self.fans.push(dense(self.next.len()));
        }
    }

    /// How many chains the arcs were joined into.
    #[cfg(test)]
    pub(super) fn chains(&self) -> usize {
        self.totals.len()
    }

    /// The arc of a segment in a direction.
    pub(super) fn arc(&self, segment: u32, back: bool) -> Option<u32> {
        let arc = self.of_segment.get(segment as usize)?[usize::from(back)];
        (arc != NONE).then_some(arc)
    }

    /// From the start of its chain to this position.
    fn place(&self, at: Position, band: usize) -> (u32, Cost) {
        let arc = &self.arcs[at.arc as usize];
        // Rounded down: the rest of the arc takes the rest of its time. Wide, as a segment may be drawn round the world.
        let share = (u128::from(arc.ms[band]) * u128::from(at.cm)).checked_div(u128::from(arc.cm)).unwrap_or(0);
        let ms = u64::try_from(share).unwrap_or(u64::MAX);
        (arc.chain, arc.before[band].plus(Cost { ms, cm: u64::from(at.cm) }))
    }

    /// Least cost from the start of any chain in `seeds`; stops early when all `targets` (chains) are settled.
    fn search(&self, seeds: &[(u32, Cost, u32)], targets: &[u32], band: usize, labels: &mut Labels) {
        labels.clear(self.totals.len());
        let mut waiting = 0_usize;
        for chain in targets {
            if !std::mem::replace(&mut labels.wanted[*chain as usize], true) {
                waiting += 1;
            }
        }
        let mut heap = BinaryHeap::new();
        for (chain, cost, parent) in seeds {
            if *cost < labels.cost[*chain as usize] {
                labels.cost[*chain as usize] = *cost;
                labels.parent[*chain as usize] = *parent;
                heap.push(Reverse((*cost, *chain)));
            }
        }
        while let Some(Reverse((cost, chain))) = heap.pop() {
            if cost > labels.cost[chain as usize] {
                continue;
            }
            if std::mem::replace(&mut labels.wanted[chain as usize], false) {
                waiting -= 1;
                if waiting == 0 {
                    return;
                }
            }
            let end = cost.plus(self.totals[chain as usize][band]);
            for to in &self.next[self.fans[chain as usize] as usize..self.fans[chain as usize + 1] as usize] {
                if end < labels.cost[*to as usize] {
                    labels.cost[*to as usize] = end;
                    labels.parent[*to as usize] = chain;
                    heap.push(Reverse((end, *to)));
                }
            }
        }
    }

    /// Chains that follow a standing's, with the cost to their starts; the parent is `ROOT | which`.
    fn seeds(&self, from: Standing, band: usize) -> Vec<(u32, Cost, u32)> {
        let mut seeds = Vec::new();
        for (which, position) in from.iter().enumerate() {
            let Some(position) = position else { continue };
            let (chain, done) = self.place(*position, band);
            let rest = self.totals[chain as usize][band].minus(done);
            for to in &self.next[self.fans[chain as usize] as usize..self.fans[chain as usize + 1] as usize] {
                seeds.push((*to, rest, ROOT | dense(which)));
            }
        }
        seeds
    }

    /// The best of the ways to arrive, given labels: cost, which leaving, which arriving, direct or not.
    fn arrive(&self, from: Standing, to: Standing, band: usize, labels: &Labels) -> Option<(Cost, usize, usize, bool)> {
        let mut best: Option<(Cost, usize, usize, bool)> = None;
        for (which, target) in to.iter().enumerate() {
            let Some(target) = target else { continue };
            let (chain, there) = self.place(*target, band);
            for (leaving, source) in from.iter().enumerate() {
                let Some(source) = source else { continue };
                let (same, here) = self.place(*source, band);
                if same == chain && self.not_behind(*source, *target) {
                    let direct = (there.minus(here), leaving, which, true);
                    best = Some(best.map_or(direct, |other| other.min(direct)));
                }
            }
            let start = labels.cost[chain as usize];
            if start != Cost::MAX {
                let round = (start.plus(there), 0, which, false);
                best = Some(best.map_or(round, |other| other.min(round)));
            }
        }
        best
    }

    /// On the same chain: is the second at or after the first?
    fn not_behind(&self, first: Position, second: Position) -> bool {
        let key = |at: Position| (self.arcs[at.arc as usize].place, at.cm);
        key(second) >= key(first)
    }

    fn valid(&self, standing: Standing) -> Standing {
        standing.map(|at| at.filter(|at| self.arcs.get(at.arc as usize).is_some_and(|arc| at.cm <= arc.cm)))
    }

    /// From one stop to each of the others.
    pub(super) fn row(&self, from: Standing, to: &[Standing], band: Band) -> Vec<Option<Cost>> {
        let from = self.valid(from);
        let to: Vec<Standing> = to.iter().map(|standing| self.valid(*standing)).collect();
        let band = band.index();
        let targets: Vec<u32> = to.iter().flatten().flatten().map(|at| self.arcs[at.arc as usize].chain).collect();
        let mut labels = Labels::default();
        self.search(&self.seeds(from, band), &targets, band, &mut labels);
        to.iter().map(|to| self.arrive(from, *to, band, &labels).map(|best| best.0)).collect()
    }

    /// From one stop to another, with the arcs on the way.
    pub(super) fn drive(&self, from: Standing, to: Standing, band: Band) -> Option<Drive> {
        let (from, to) = (self.valid(from), self.valid(to));
        let band = band.index();
        let targets: Vec<u32> = to.iter().flatten().map(|at| self.arcs[at.arc as usize].chain).collect();
        let mut labels = Labels::default();
        self.search(&self.seeds(from, band), &targets, band, &mut labels);
        let (cost, mut leaving, which, direct) = self.arrive(from, to, band, &labels)?;
        let target = to[which]?;
        let chain_of = |at: Position| self.arcs[at.arc as usize].chain;
        let mut chains = Vec::new();
        if !direct {
            let mut chain = chain_of(target);
            loop {
                chains.push(chain);
                chain = labels.parent[chain as usize];
                if chain & ROOT == ROOT {
                    leaving = (chain & 1) as usize;
                    break;
                }
            }
        }
        let source = from[leaving]?;
        // The arcs of the first chain from the source on, whole chains between, the last up to the target.
        let of_chain =
            |chain: u32| &self.links[self.starts[chain as usize] as usize..self.starts[chain as usize + 1] as usize];
        let place = |at: Position| self.arcs[at.arc as usize].place as usize;
        let mut arcs = Vec::new();
        if direct {
            arcs.extend(&of_chain(chain_of(target))[place(source)..=place(target)]);
        } else {
            arcs.extend(&of_chain(chain_of(source))[place(source)..]);
            for chain in chains[1..].iter().rev() {
                arcs.extend(of_chain(*chain));
            }
            arcs.extend(&of_chain(chain_of(target))[..=place(target)]);
        }
        Some(Drive { cost, from: source, to: target, arcs })
    }
}

/// Marks a parent that is the source (bit 0: which of its standings).
const ROOT: u32 = 1 << 31;

#[derive(Default)]
struct Labels {
    cost: Vec<Cost>,
    parent: Vec<u32>,
    wanted: Vec<bool>,
}

impl Labels {
    fn clear(&mut self, count: usize) {
        self.cost.clear();
        self.cost.resize(count, Cost::MAX);
        self.parent.clear();
        self.parent.resize(count, NONE);
        self.wanted.clear();
        self.wanted.resize(count, false);
    }
}

/// Everything a bus may drive, by segment, along its way first.
fn all_arcs(roads: &Roads, factor: [u32; 3]) -> Vec<Arc> {
    let mut arcs: Vec<Arc> = Vec::new();
    for (at, segment) in roads.segments().iter().enumerate() {
        let way = &roads.ways()[segment.way as usize];
        let bus = way.bus();
        let [a, b] = segment.ends;
        // cm / (km/h) = cm x 36 ms; a factor of 0 would stop the world.
        let ms = factor.map(|factor| {
            (u64::from(segment.cm) * 36_000).div_ceil(u64::from(way.access.kmh.max(1)) * u64::from(factor.max(1)))
        });
        for (back, ends) in [(false, [a, b]), (true, [b, a])] {
            if bus[usize::from(back)] {
                let number = dense(arcs.len());
                let reverse = if bus == [true; 2] { if back { number - 1 } else { number + 1 } } else { NONE };
                arcs.push(Arc {
                    segment: dense(at),
                    back,
                    ends,
                    cm: segment.cm,
                    reverse,
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

/// Which arc may follow which.
struct Turns {
    starts: Vec<u32>,
    to: Vec<u32>,
}

impl Turns {
    fn new(roads: &Roads, arcs: &[Arc]) -> Self {
        // Arcs by the node they leave.
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
        let way_of = |arc: u32| roads.ways()[roads.segments()[arcs[arc as usize].segment as usize].way as usize].id;
        let mut turns = Self { starts: vec![0], to: Vec::with_capacity(arcs.len() * 2) };
        for (at, arc) in arcs.iter().enumerate() {
            let head = arc.ends[1] as usize;
            let bans = bans_at(roads.bans(), way_of(dense(at)), roads.nodes()[head].id);
            let begin = turns.to.len();
            // Segments are straight: an arc back to where this one came from lies on it, whatever its way.
            let back = |to: u32| arcs[to as usize].ends == [arc.ends[1], arc.ends[0]];
            let next = &leaving[first[head] as usize..first[head + 1] as usize];
            let may = |to: &&u32| !back(**to) && (bans.is_empty() || may_turn(bans, way_of(**to)));
            turns.to.extend(next.iter().filter(may));
            // A dead end: the one place to turn round.
            if turns.to.len() == begin {
                turns.to.extend(next.iter().filter(|to| back(**to)));
            }
            turns.starts.push(dense(turns.to.len()));
        }
        turns
    }
    fn after(&self, arc: usize) -> &[u32] {
        &self.to[self.starts[arc] as usize..self.starts[arc + 1] as usize]
    }
}

/// The bans for buses that come along a way to a node (they are sorted).
fn bans_at(bans: &[TurnBan], from: i64, via: i64) -> &[TurnBan] {
    let begin = bans.partition_point(|ban| (ban.from, ban.via) < (from, via));
    let end = bans.partition_point(|ban| (ban.from, ban.via) <= (from, via));
    &bans[begin..end]
}

fn may_turn(bans: &[TurnBan], to: i64) -> bool {
    let mut only = bans.iter().filter(|ban| ban.only).peekable();
    (only.peek().is_none() || only.any(|ban| ban.to == to)) && !bans.iter().any(|ban| !ban.only && ban.to == to)
}

/// The arcs of the largest strongly connected part (Tarjan 1972, without recursion); of equals, the one with the lowest
/// arc. A lone arc is no part.
fn largest_strong_part(turns: &Turns) -> Vec<bool> {
    let count = turns.starts.len() - 1;
    let mut index = vec![NONE; count];
    let mut low = vec![0_u32; count];
    let mut part = vec![NONE; count];
    let mut stack = Vec::new();
    let mut calls: Vec<(u32, u32)> = Vec::new();
    let mut clock = 0;
    let mut sizes: Vec<(usize, Reverse<u32>)> = Vec::new();
    for first in 0..dense(count) {
        if index[first as usize] != NONE {
            continue;
        }
        calls.push((first, 0));
        while let Some((arc, child)) = calls.pop() {
            let at = arc as usize;
            if child == 0 {
                index[at] = clock;
                low[at] = clock;
                clock += 1;
                stack.push(arc);
            }
            let after = turns.after(at);
            if child > 0 {
                low[at] = low[at].min(low[after[child as usize - 1] as usize]);
            }
            let mut child = child as usize;
            let mut down = None;
            while child < after.len() {
                let to = after[child];
                child += 1;
                if index[to as usize] == NONE {
                    down = Some(to);
                    break;
                }
                if part[to as usize] == NONE {
                    low[at] = low[at].min(index[to as usize]);
                }
            }
            if let Some(to) = down {
                calls.push((arc, dense(child)));
                calls.push((to, 0));
                continue;
            }
            if low[at] == index[at] {
                let number = dense(sizes.len());
                let (mut size, mut lowest) = (0, NONE);
                while let Some(member) = stack.pop() {
                    part[member as usize] = number;
                    size += 1;
                    lowest = lowest.min(member);
                    if member == arc {
                        break;
                    }
                }
                sizes.push((size, Reverse(lowest)));
            }
        }
    }
    let largest = (0..sizes.len()).max_by_key(|number| sizes[*number]).filter(|number| sizes[*number].0 > 1);
    part.iter().map(|number| largest.is_some_and(|largest| *number as usize == largest)).collect()
}
