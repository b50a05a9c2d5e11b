//! How long does a bus take from stop to stop? Exact, in milliseconds and centimetres, over arcs and turns.
//!
//! ```text
//! roads -> arcs (what follows what) -> parts (what is connected) -> chains (runs without a choice) -> index
//! ```
//!
//! Only the largest strongly connected part of the open arcs is used: from every arc of it every other can be reached.
//! Costs are compared by time first, then length, in integers: the best value is unique, however ties fall, so a path
//! always agrees with its cell. Closing roads keeps the ground as it is and changes weights only.

mod arcs;
mod chains;
mod parts;
mod reach;

use std::sync::{Arc as Shared, Mutex, OnceLock};

use super::Speeds;
use super::index::{self, Metric, Query, Seed, Weight};
use super::profile::Band;
use super::roads::{Roads, dense};
use crate::domain::units::{Metres, Seconds};
pub(super) use arcs::{Arc, MOST_ROADS, NONE};
use chains::Chains;
pub(super) use reach::Piece;

/// Time, then length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    pub(super) ms: u64,
    pub(super) cm: u64,
}

impl Cost {
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

/// Farther than any way: twelve days.
const FAR: u64 = <u64 as Weight>::FAR;

/// Both in one number, time above length; [`FAR`] from 2^30 ms on. No arc is faster than 4 cm a millisecond, so below
/// that the length of a way stays below 2^32 cm.
fn packed(cost: Cost) -> u64 {
    if cost.ms >= FAR >> 32 { FAR } else { cost.ms << 32 | cost.cm }
}

fn unpacked(packed: u64) -> Option<Cost> {
    (packed < FAR).then_some(Cost { ms: packed >> 32, cm: packed & u64::from(u32::MAX) })
}

/// Without an index, ways are searched for among so many chains at most: a tenth of a second each.
const MOST_SEARCHED: usize = 200_000;

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

/// Arcs, chains and their index: what does not change when roads are closed.
#[derive(Debug, Default)]
struct Ground {
    /// Ascending by segment, forward first; then copies.
    arcs: Vec<Arc>,
    turns: Vec<u32>,
    starts: Vec<u32>,
    /// Arc of each segment, or [`NONE`]: `[along, against]` its way.
    of_segment: Vec<[u32; 2]>,
    /// (arc, its copy), ascending.
    copies: Vec<(u32, u32)>,
    /// Bans over ways that are not kept.
    given_up: usize,
    chains: Chains,
    factor: [u32; 3],
    /// Memory of searches for single ways, to be used again.
    queries: Mutex<Vec<Query<u64>>>,
}

/// The bus graph, frozen.
#[derive(Clone, Debug)]
pub(super) struct Driving {
    ground: Shared<Ground>,
    /// Arcs of the largest strongly connected part.
    inside: Vec<bool>,
    /// Arcs that are not closed, and chains without a closed arc in them.
    free: Vec<bool>,
    open: Vec<bool>,
    /// Arcs a bus may use anywhere.
    pub(super) all: usize,
    /// By band; copies share what one of them works out.
    metrics: Shared<[OnceLock<Shared<Metric<u64>>>; 3]>,
}

impl Driving {
    pub(super) fn new(roads: &Roads, speeds: &Speeds) -> Self {
        let mut arcs = arcs::all(roads, speeds);
        let turns = arcs::Turns::new(roads, &mut arcs);
        let junctions = arcs::Junctions::new(roads, &arcs, speeds);
        let chains = Chains::new(roads, &super::local(roads), &mut arcs, &turns, &junctions);
        let mut of_segment = vec![[NONE; 2]; roads.segments().len()];
        let mut copies = Vec::new();
        for (at, arc) in arcs.iter().enumerate() {
            if arc.original == dense(at) {
                of_segment[arc.segment as usize][usize::from(arc.back)] = dense(at);
            } else {
                copies.push((arc.original, dense(at)));
            }
        }
        copies.sort_unstable();
        let given_up = turns.given_up;
        let (starts, turns) = turns.parts();
        let queries = Mutex::default();
        let factor = speeds.factor;
        let ground = Ground { arcs, turns, starts, of_segment, copies, given_up, chains, factor, queries };
        Self::over(Shared::new(ground), |arc| roads.ways()[roads.segments()[arc.segment as usize].way as usize].closed)
    }

    /// The same ground with other roads closed; what has been worked out is changed, not made anew.
    pub(super) fn closing(&self, closed: impl Fn(&Arc) -> bool) -> Self {
        if self.ground.arcs.iter().zip(&self.free).all(|(arc, free)| *free != closed(arc)) {
            return self.clone();
        }
        let driving = Self::over(Shared::clone(&self.ground), closed);
        let chains = &self.ground.chains;
        let changed: Vec<u32> = (0..dense(chains.len()))
            .filter(|chain| driving.open[*chain as usize] != self.open[*chain as usize])
            .collect();
        for (band, metric) in self.metrics.iter().enumerate() {
            let Some(metric) = metric.get() else { continue };
            // From some share on, all of it anew is quicker.
            let metric = if changed.len() * 50 > chains.len() {
                Metric::new(&chains.topology, chains.weights(band, &driving.open))
            } else {
                let weights = chains.weights(band, &driving.open);
                let turns = changed.iter().flat_map(|chain| chains.turns(*chain));
                let changes: Vec<(u32, u64)> = turns.map(|turn| (dense(turn), weights[turn])).collect();
                let mut metric = Metric::clone(metric);
                metric.change(&chains.topology, &changes);
                metric
            };
            // Nothing was there before.
            let _ = driving.metrics[band].set(Shared::new(metric));
        }
        driving
    }

    fn over(ground: Shared<Ground>, closed: impl Fn(&Arc) -> bool) -> Self {
        let free: Vec<bool> = ground.arcs.iter().map(|arc| !closed(arc)).collect();
        let inside = parts::largest(&ground.starts, &ground.turns, &free);
        let chains = &ground.chains;
        let open = (0..dense(chains.len())).map(|chain| chains.of(chain).iter().all(|arc| free[*arc as usize]));
        let open = open.collect();
        let all = ground.arcs.iter().enumerate().filter(|(at, arc)| free[*at] && arc.original == dense(*at)).count();
        Self { ground, inside, free, open, all, metrics: Default::default() }
    }

    /// The metric of a band, made if it is not there.
    pub(super) fn prepare(&self, band: Band) {
        let _ = self.metric(band.index());
    }

    fn metric(&self, band: usize) -> &Metric<u64> {
        // Bands of the same speed are one.
        let factor = self.ground.factor;
        let band = factor.iter().position(|other| *other == factor[band]).unwrap_or(band);
        self.metrics[band].get_or_init(|| {
            let chains = &self.ground.chains;
            Shared::new(Metric::new(&chains.topology, chains.weights(band, &self.open)))
        })
    }

    /// Do the roads cross each other so much that there is no index?
    pub(super) fn is_tangled(&self) -> bool {
        self.ground.chains.topology.is_tangled()
    }

    /// And so many of them that a search for each travel time would take hours?
    pub(super) fn is_hopeless(&self) -> bool {
        self.is_tangled() && self.ground.chains.len() > MOST_SEARCHED
    }

    /// How many bans over ways are too long, or too many, to be kept?
    pub(super) fn bans_given_up(&self) -> usize {
        self.ground.given_up
    }

    /// Are these the same arcs, whichever are closed?
    #[cfg(test)]
    pub(super) fn shares(&self, other: &Self) -> bool {
        Shared::ptr_eq(&self.ground, &other.ground)
    }

    /// How many chains the arcs were joined into.
    #[cfg(test)]
    pub(super) fn chains(&self) -> usize {
        self.ground.chains.len()
    }

    /// The arc of this number, one of those that [`Self::used`] lists.
    pub(super) fn at(&self, arc: u32) -> &Arc {
        &self.ground.arcs[arc as usize]
    }

    /// The arcs a bus may use, ascending; copies of the same road are not told apart.
    pub(super) fn used(&self) -> impl Iterator<Item = (u32, &Arc)> {
        let arcs = self.ground.arcs.iter().enumerate().map(|(at, arc)| (dense(at), arc));
        arcs.filter(|(at, arc)| arc.original == *at && self.uses(*at))
    }

    /// Every arc of the ground, closed ones among them, without copies.
    pub(super) fn ground(&self) -> impl Iterator<Item = (u32, &Arc)> {
        let arcs = self.ground.arcs.iter().enumerate().map(|(at, arc)| (dense(at), arc));
        arcs.filter(|(at, arc)| arc.original == *at)
    }

    /// The arc of a segment in a direction, if a bus may use it.
    pub(super) fn arc(&self, segment: u32, back: bool) -> Option<u32> {
        let arc = self.ground.of_segment.get(segment as usize)?[usize::from(back)];
        (arc != NONE && self.uses(arc)).then_some(arc)
    }

    pub(super) fn uses(&self, arc: u32) -> bool {
        self.inside[arc as usize] || self.copies(arc).any(|copy| self.inside[copy as usize])
    }

    fn copies(&self, arc: u32) -> impl Iterator<Item = u32> {
        let begin = self.ground.copies.partition_point(|(original, _)| *original < arc);
        self.ground.copies[begin..].iter().take_while(move |(original, _)| *original == arc).map(|(_, copy)| *copy)
    }

    /// Where a bus that leaves a stop stands. It may have come any way, so on the arc itself rather than on a copy: no turn
    /// is forbidden to it for what it did before.
    fn leaving(&self, standing: Standing) -> Vec<Position> {
        let valid = |at: &Position| self.ground.arcs.get(at.arc as usize).is_some_and(|arc| at.cm <= arc.cm);
        standing.into_iter().flatten().filter(valid).filter(|at| self.uses(at.arc)).collect()
    }

    /// Where it may be found when it arrives: on the arc, or on a copy.
    fn arriving(&self, standing: Standing) -> Vec<Position> {
        let forms = |at: Position| {
            std::iter::once(at.arc).chain(self.copies(at.arc)).map(move |arc| Position { arc, cm: at.cm })
        };
        self.leaving(standing).into_iter().flat_map(forms).collect()
    }

    /// From the start of its chain to this position.
    fn place(&self, at: Position, band: usize) -> (u32, Cost) {
        let arc = self.at(at.arc);
        // Rounded down: the rest of the arc takes the rest of its time. Wide, as a segment may be drawn round the world.
        let share = (u128::from(arc.ms[band]) * u128::from(at.cm)).checked_div(u128::from(arc.cm)).unwrap_or(0);
        let ms = u64::try_from(share).unwrap_or(u64::MAX);
        (arc.chain, arc.before[band].plus(Cost { ms, cm: u64::from(at.cm) }))
    }

    /// What follows these positions: the start of a chain, what it costs to get there, and from which of them.
    fn seeds(&self, from: &[Position], band: usize) -> Vec<(Seed<u64>, Position)> {
        let mut seeds = Vec::new();
        for position in from {
            let (chain, done) = self.place(*position, band);
            let rest = self.ground.chains.totals[chain as usize][band].minus(done);
            let goes_on = self.goes(chain, self.at(position.arc).place as usize..);
            for (to, junction) in self.ground.chains.after(chain) {
                let cost = packed(rest.plus(Cost { ms: u64::from(*junction), cm: 0 }));
                if goes_on && cost < FAR {
                    seeds.push(((*to, cost), *position));
                }
            }
        }
        seeds
    }

    /// Along one chain, if the second is at or after the first.
    fn direct(&self, from: Position, to: Position, band: usize) -> Option<Cost> {
        let key = |at: Position| (self.at(at.arc).place, at.cm);
        let ((chain, here), (same, there)) = (self.place(from, band), self.place(to, band));
        let ahead = chain == same && key(to) >= key(from);
        let arcs = || self.at(from.arc).place as usize..=self.at(to.arc).place as usize;
        (ahead && self.goes(chain, arcs())).then(|| there.minus(here))
    }

    /// Is this part of a chain open?
    fn goes<R>(&self, chain: u32, part: R) -> bool
    where
        [u32]: std::ops::Index<R, Output = [u32]>,
    {
        self.open[chain as usize] || self.ground.chains.of(chain)[part].iter().all(|arc| self.free[*arc as usize])
    }

    /// From each stop to each.
    pub(super) fn table(&self, from: &[Standing], to: &[Standing], band: Band) -> Vec<Vec<Option<Cost>>> {
        let band = band.index();
        let from: Vec<Vec<Position>> = from.iter().map(|standing| self.leaving(*standing)).collect();
        let to: Vec<Vec<Position>> = to.iter().map(|standing| self.arriving(*standing)).collect();
        let reached = |at: &&Position| self.goes(self.at(at.arc).chain, ..=self.at(at.arc).place as usize);
        let mut chains: Vec<u32> = to.iter().flatten().filter(reached).map(|at| self.at(at.arc).chain).collect();
        chains.sort_unstable();
        chains.dedup();
        let number = |chain: u32| chains.partition_point(|other| *other < chain);
        let place = |at: &Position| {
            let (chain, cost) = self.place(*at, band);
            (number(chain), cost)
        };
        let targets: Vec<Vec<(usize, Cost)>> =
            to.iter().map(|all| all.iter().filter(reached).map(place).collect()).collect();
        let sources: Vec<Vec<Seed<u64>>> =
            from.iter().map(|all| self.seeds(all, band).into_iter().map(|(seed, _)| seed).collect()).collect();
        let cells = index::table(&self.ground.chains.topology, self.metric(band), &sources, &chains);
        let row = |(at, from): (usize, &Vec<Position>)| {
            let row = &cells[at * chains.len()..(at + 1) * chains.len()];
            let cell = |(all, to): (&Vec<(usize, Cost)>, &Vec<Position>)| {
                let round = all.iter().filter_map(|(chain, place)| Some(unpacked(row[*chain])?.plus(*place)));
                let direct = to.iter().flat_map(|to| from.iter().filter_map(|from| self.direct(*from, *to, band)));
                round.chain(direct).min()
            };
            targets.iter().zip(&to).map(cell).collect()
        };
        from.iter().enumerate().map(row).collect()
    }

    /// From one stop to another, with the arcs on the way.
    pub(super) fn drive(&self, from: Standing, to: Standing, band: Band) -> Option<Drive> {
        let band = band.index();
        let (from, to) = (self.leaving(from), self.arriving(to));
        let place = |at: Position| self.at(at.arc).place as usize;
        let direct =
            to.iter().flat_map(|to| from.iter().filter_map(|from| Some((self.direct(*from, *to, band)?, *from, *to))));
        let direct = direct.min_by_key(|found| found.0);
        let seeds = self.seeds(&from, band);
        let ends: Vec<(Seed<u64>, Position)> = to
            .iter()
            .filter(|at| self.goes(self.at(at.arc).chain, ..=place(**at)))
            .filter_map(|at| {
                let (chain, cost) = self.place(*at, band);
                Some(((chain, packed(cost)), *at)).filter(|(seed, _)| seed.1 < FAR)
            })
            .collect();
        let topology = &self.ground.chains.topology;
        let only = |all: &[(Seed<u64>, Position)]| all.iter().map(|(seed, _)| *seed).collect::<Vec<_>>();
        let kept = self.ground.queries.lock().ok().and_then(|mut queries| queries.pop());
        let mut query = kept.unwrap_or_else(|| Query::new(topology));
        let round = query.path(topology, self.metric(band), &only(&seeds), &only(&ends));
        if let Ok(mut queries) = self.ground.queries.lock() {
            queries.push(query);
        }
        let round = round.and_then(|(cost, chains)| Some((unpacked(cost)?, chains)));
        let chains = &self.ground.chains;
        match (direct, round) {
            (Some((cost, from, to)), round) if round.as_ref().is_none_or(|round| cost <= round.0) => {
                let arcs = chains.of(self.at(from.arc).chain)[place(from)..=place(to)].to_vec();
                Some(Drive { cost, from, to, arcs })
            }
            (_, Some((cost, way))) => {
                let ends_at = |all: &[(Seed<u64>, Position)], chain: Option<&u32>| {
                    let here = all.iter().filter(|(seed, _)| Some(&seed.0) == chain);
                    here.min_by_key(|(seed, _)| seed.1).map(|(_, position)| *position)
                };
                let (from, to) = (ends_at(&seeds, way.first())?, ends_at(&ends, way.last())?);
                // The rest of the first chain, whole chains between, the last up to the target.
                let mut arcs = chains.of(self.at(from.arc).chain)[place(from)..].to_vec();
                let [between @ .., last] = &way[..] else { return None };
                between.iter().for_each(|chain| arcs.extend(chains.of(*chain)));
                arcs.extend(&chains.of(*last)[..=place(to)]);
                Some(Drive { cost, from, to, arcs })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
