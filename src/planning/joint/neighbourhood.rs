//! A better plan from a plan: stretches of vehicles' days are taken out and woven again, the rest given.
//!
//! What a column would save is reckoned exactly from who rides what now; those who do not ride yet are offered at a share of their
//! price in the bound, so that the trips of one vehicle do not count them twice. A way through the time-space network then is the
//! best stretch at once, not trip by trip. Accepted by simulated annealing; noise on the worths keeps it from sticking
//! (Ropke & Pisinger 2006).

use std::sync::Arc;

use super::net::{Net, Rates};
use super::problem::Problem;
use super::state::{Block, Rules, State};
use super::value::{Crowd, Scales};
use super::weave::{Edge, Weaver};
use crate::search::Random;

/// What weaving draws from: a pool of columns and the bound's prices.
pub struct Loom<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// What vehicles may do.
    pub rules: &'a dyn Rules,
    /// `[day][kind]` networks over the pool.
    pub nets: Vec<Vec<Arc<Net>>>,
    /// `[day][kind]` linear costs that guide.
    pub rates: Vec<Vec<Rates>>,
    /// Price of a unit of each cohort in the bound.
    pub prices: Vec<f64>,
}

impl std::fmt::Debug for Loom<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loom").finish_non_exhaustive()
    }
}

/// A plan kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// Day, kind and columns of each vehicle.
    pub blocks: Vec<(u16, u16, Vec<u32>)>,
    /// Cohort, block, position of the trip in it, units.
    pub riders: Vec<(u32, u32, u32, u32)>,
    /// Cost beyond everybody at the alternative, days weighted, upkeep and all.
    pub worth: f64,
    /// The same of each day, not weighted, without upkeep.
    pub days: Vec<f64>,
}

/// One search.
pub struct Chain<'a> {
    loom: &'a Loom<'a>,
    /// Where it stands.
    pub state: State<'a>,
    /// The best it has seen.
    pub best: Kept,
    /// What it stands at, overdrawn budgets priced.
    now: f64,
    excess: f64,
    penalty: f64,
    random: Random,
    weavers: Vec<Vec<Weaver>>,
    scales: Scales,
    price: Vec<f64>,
    people: Vec<u32>,
    worth: Vec<f64>,
    /// Moves made, accepted.
    pub counts: (u64, u64),
}

impl std::fmt::Debug for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chain").field("best", &self.best.worth).finish_non_exhaustive()
    }
}

/// A stretch of a block: positions of its trips.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    block: usize,
    from: usize,
    to: usize,
}

impl<'a> Chain<'a> {
    /// Starts from nothing.
    #[must_use]
    pub fn new(loom: &'a Loom<'a>, seed: u64) -> Self {
        let problem = loom.problem;
        Self {
            loom,
            state: State::new(problem),
            best: Kept { days: vec![0.0; problem.days.len()], ..Kept::default() },
            now: 0.0,
            excess: 0.0,
            penalty: 2.0,
            random: Random::new(seed),
            weavers: loom.nets.iter().map(|day| day.iter().map(|net| Weaver::new(net)).collect()).collect(),
            scales: Scales::default(),
            price: vec![0.0; problem.cohorts.len()],
            people: vec![0; problem.cohorts.len()],
            worth: Vec::new(),
            counts: (0, 0),
        }
    }

    /// Goes on from a plan.
    pub fn load(&mut self, plan: &Kept) {
        self.state = State::new(self.loom.problem);
        self.state.begin();
        for (day, kind, columns) in &plan.blocks {
            let trips: Vec<u32> = columns.iter().map(|column| self.state.open(*column, usize::from(*kind))).collect();
            let cost = self.loom.rules.block(usize::from(*kind), columns).unwrap_or(f64::INFINITY);
            self.state.blocks.push(Block { day: *day, kind: *kind, trips, cost });
        }
        self.state.settle();
        self.now = self.state.worth();
        let excess = self.loom.rules.excess(&self.state.running(), &self.state.used());
        self.excess = excess.unwrap_or(0.0);
        let lines = self.loom.problem.upkeep.max_lines.is_none_or(|max| self.state.lines_open() <= max);
        if lines && excess == Some(0.0) && self.now < self.best.worth {
            self.keep();
        }
        self.now = self.state.worth() + self.penalty * self.excess;
    }

    /// What the chain stands at, written down.
    fn keep(&mut self) {
        let mut place = std::collections::BTreeMap::new();
        let mut blocks = Vec::new();
        for (b, block) in (0_u32..).zip(&self.state.blocks) {
            for (t, slot) in (0_u32..).zip(&block.trips) {
                place.insert(*slot, (b, t));
            }
            blocks.push((block.day, block.kind, self.state.columns(block)));
        }
        let riders = self
            .state
            .riders()
            .into_iter()
            .filter_map(|(cohort, slot, units)| place.get(&slot).map(|(b, t)| (cohort, *b, *t, units)))
            .collect();
        // Sums of many small steps drift: what is kept is reckoned afresh.
        self.state.recount();
        self.now = self.state.worth();
        let mut days = self.state.running();
        for (day, saved) in days.iter_mut().zip(self.state.saved_by_day()) {
            *day -= saved;
        }
        self.best = Kept { blocks, riders, worth: self.now, days };
    }

    /// Vehicles are added while one pays, those who do not ride yet being offered at this share of their prices.
    pub fn build(&mut self, share: f64) {
        loop {
            let mut better = false;
            for day in 0..self.loom.problem.days.len() {
                for kind in 0..self.loom.problem.kinds.len() {
                    let before = self.now;
                    self.state.begin();
                    if self.add(day, kind, share, 0.0) && self.judge(0.0) && self.now < before - 1e-9 {
                        better = true;
                    }
                }
            }
            if !better {
                break;
            }
        }
    }

    /// So many moves at a temperature.
    pub fn run(&mut self, moves: u64, temperature: f64) {
        for _ in 0..moves {
            self.counts.0 += 1;
            if self.counts.0.is_multiple_of(50) {
                self.adapt();
            }
            self.state.begin();
            if self.change() {
                if self.judge(temperature) {
                    self.counts.1 += 1;
                }
            } else {
                self.state.rollback();
            }
        }
    }

    /// Keeps the change or takes it back. A budget may be overdrawn on the way, at a price that rises until it is not.
    fn judge(&mut self, temperature: f64) -> bool {
        self.state.settle();
        let lines = self.loom.problem.upkeep.max_lines.is_none_or(|max| self.state.lines_open() <= max);
        let excess = self.loom.rules.excess(&self.state.running(), &self.state.used()).filter(|_| lines);
        let worth = self.state.worth();
        let rise = excess.map(|excess| worth + self.penalty * excess - self.now);
        let Some(rise) =
            rise.filter(|rise| *rise <= 0.0 || self.random.unit() < libm::exp(-rise / temperature.max(1e-12)))
        else {
            self.state.rollback();
            return false;
        };
        self.now += rise;
        self.excess = excess.unwrap_or(0.0);
        if self.excess <= 0.0 && worth < self.best.worth - 1e-9 {
            self.keep();
        }
        true
    }

    /// The price of overdrawing follows how often it happens.
    fn adapt(&mut self) {
        let factor = if self.excess > 0.0 { 1.2 } else { 0.95 };
        self.penalty = (self.penalty * factor).clamp(0.1, 100.0);
        self.now = self.state.worth() + self.penalty * self.excess;
    }

    fn change(&mut self) -> bool {
        let blocks = self.state.blocks.len();
        let share = [0.0, 0.5, 0.8, 0.9, 1.0][self.random.below(5)];
        let noise = [0.0, 0.05, 0.2][self.random.below(3)];
        let draw = self.random.below(100);
        if blocks == 0 || draw < 6 {
            let day = self.random.below(self.loom.problem.days.len());
            let kind = self.random.below(self.loom.problem.kinds.len());
            return self.add(day, kind, share, noise);
        }
        if draw < 16 {
            // A whole vehicle's day, perhaps by another kind.
            let block = self.random.below(blocks);
            let (day, kind) = (self.state.blocks[block].day, self.state.blocks[block].kind);
            self.take_out(&[Stretch { block, from: 0, to: self.state.blocks[block].trips.len() }]);
            let kind = if self.random.below(2) == 0 {
                usize::from(kind)
            } else {
                self.random.below(self.loom.problem.kinds.len())
            };
            self.add(usize::from(day), kind, share, noise);
            return true;
        }
        if draw < 30 && self.loom.problem.upkeep.max_lines.is_some() {
            return self.without_a_line(share, noise);
        }
        if draw < 60 || blocks == 1 {
            let block = self.random.below(blocks);
            let stretch = self.stretch(block);
            return self.again(&[stretch], share, noise);
        }
        // Several vehicles about the same time.
        let block = self.random.below(blocks);
        let stretch = self.stretch(block);
        let day = self.state.blocks[block].day;
        let column = |chain: &Self, slot: u32| chain.loom.problem.columns[chain.state.column(slot) as usize];
        let trips = &self.state.blocks[block].trips;
        let (since, until) = (column(self, trips[stretch.from]).minute, column(self, trips[stretch.to - 1]).free);
        let mut stretches = vec![stretch];
        let others = 1 + self.random.below(2);
        for _ in 0..others {
            let other = self.random.below(blocks);
            if self.state.blocks[other].day != day || stretches.iter().any(|stretch| stretch.block == other) {
                continue;
            }
            let trips = &self.state.blocks[other].trips;
            let from = trips.iter().position(|slot| column(self, *slot).free > since);
            let to = trips.iter().rposition(|slot| column(self, *slot).minute < until);
            if let (Some(from), Some(to)) = (from, to)
                && from <= to
            {
                stretches.push(Stretch { block: other, from, to: to + 1 });
            }
        }
        self.again(&stretches, share, noise)
    }

    fn stretch(&mut self, block: usize) -> Stretch {
        let trips = self.state.blocks[block].trips.len();
        let length = 1 + self.random.below(trips.min(4));
        let from = self.random.below(trips - length + 1);
        Stretch { block, from, to: from + length }
    }

    /// Closes the trips of stretches (all of different blocks); blocks that become empty go.
    fn take_out(&mut self, stretches: &[Stretch]) {
        for stretch in stretches {
            let slots: Vec<u32> = self.state.blocks[stretch.block].trips[stretch.from..stretch.to].to_vec();
            for slot in slots {
                self.state.close(slot);
            }
            self.state.blocks[stretch.block].trips.drain(stretch.from..stretch.to);
        }
        self.state.blocks.retain(|block| !block.trips.is_empty());
        self.state.settle();
    }

    /// Takes stretches out and weaves them again, in random order.
    fn again(&mut self, stretches: &[Stretch], share: f64, noise: f64) -> bool {
        // Blocks are named by their first trip that stays; whole blocks by their edges.
        let mut holes: Vec<(u16, u16, Vec<u32>, usize)> = Vec::new();
        for stretch in stretches {
            let block = &self.state.blocks[stretch.block];
            let mut rest = block.trips.clone();
            rest.drain(stretch.from..stretch.to);
            holes.push((block.day, block.kind, rest, stretch.from));
        }
        self.take_out(stretches);
        for k in (1..holes.len()).rev() {
            let other = self.random.below(k + 1);
            holes.swap(k, other);
        }
        for (day, kind, rest, at) in holes {
            let (day, kind) = (usize::from(day), usize::from(kind));
            if rest.is_empty() {
                self.add(day, kind, share, noise);
                continue;
            }
            let Some(block) = self.state.blocks.iter().position(|block| block.trips.first() == rest.first()) else {
                return false;
            };
            let edge = |slot: u32, before: bool| {
                let column = &self.loom.problem.columns[self.state.column(slot) as usize];
                if before { Edge::Stop(column.last, column.free) } else { Edge::Stop(column.first, column.minute) }
            };
            let from = at.checked_sub(1).map_or(Edge::Depot(false), |k| edge(rest[k], true));
            let to = rest.get(at).map_or(Edge::Depot(false), |slot| edge(*slot, false));
            let Some(columns) = self.woven(day, kind, from, to, share, noise) else { return false };
            let slots: Vec<u32> = columns.iter().map(|column| self.state.open(*column, kind)).collect();
            let trips = &mut self.state.blocks[block].trips;
            trips.splice(at..at, slots);
            let columns = self.state.columns(&self.state.blocks[block]);
            let Some(cost) = self.loom.rules.block(kind, &columns) else { return false };
            self.state.blocks[block].cost = cost;
            self.state.settle();
        }
        true
    }

    /// One more vehicle, if that seems to pay.
    fn add(&mut self, day: usize, kind: usize, share: f64, noise: f64) -> bool {
        let used = self.state.used()[day][kind];
        if used >= self.loom.problem.kinds[kind].count {
            return false;
        }
        let Some(mut columns) = self.woven(day, kind, Edge::Depot(true), Edge::Depot(true), share, noise) else {
            return false;
        };
        if columns.is_empty() {
            return false;
        }
        // A day that the rules do not allow is shortened from the end.
        let cost = loop {
            match self.loom.rules.block(kind, &columns) {
                Some(cost) => break cost,
                None => {
                    columns.pop();
                    if columns.is_empty() {
                        return false;
                    }
                }
            }
        };
        let trips: Vec<u32> = columns.iter().map(|column| self.state.open(*column, kind)).collect();
        #[expect(clippy::cast_possible_truncation, reason = "days and kinds are few")]
        self.state.blocks.push(Block { day: day as u16, kind: kind as u16, trips, cost });
        self.state.settle();
        true
    }

    /// The columns of the best stretch between two edges, the rest of the plan given.
    fn woven(&mut self, day: usize, kind: usize, from: Edge, to: Edge, share: f64, noise: f64) -> Option<Vec<u32>> {
        let loom = self.loom;
        let problem = loom.problem;
        let net = &loom.nets[day][kind];
        let vehicle = &problem.kinds[kind];
        let nodes = Weaver::nodes(net, from, to);
        let runs = if nodes.is_empty() {
            0..0
        } else {
            net.ready[nodes.start].from as usize..net.ready[nodes.end - 1].to as usize
        };
        let first_run = runs.start;
        for (c, cohort) in (0_u32..).zip(&problem.cohorts) {
            if usize::from(cohort.day) != day {
                continue;
            }
            let at = c as usize;
            let unserved = self.state.unserved[at];
            (self.price[at], self.people[at]) =
                if unserved > 0 { (share * loom.prices[at], unserved) } else { (self.state.worst(c), cohort.people) };
        }
        let crowd = Crowd { cohorts: &problem.cohorts, people: &self.people, price: &self.price };
        let finish = match to {
            Edge::Depot(_) => u16::MAX,
            Edge::Stop(_, minute) => minute,
        };
        let weight = problem.days[day].weight.max(1e-9);
        // A line is opened for several trips: which bear its price together.
        let per_line = problem.upkeep.per_line / weight * [0.15, 0.3, 0.6][self.random.below(3)];
        // One trip of a line at a minute is enough for a kind of vehicle; the next may leave a minute later.
        let mut running: Vec<u32> = Vec::new();
        for block in &self.state.blocks {
            if usize::from(block.day) == day && usize::from(block.kind) == kind {
                running.extend(block.trips.iter().map(|slot| self.state.column(*slot)));
            }
        }
        running.sort_unstable();
        self.worth.clear();
        for run in &net.runs[runs] {
            let column = &problem.columns[run.column as usize];
            if run.free > finish || running.binary_search(&run.column).is_ok() {
                self.worth.push(-1.0);
                continue;
            }
            let mut worth =
                self.scales.weigh(column, problem.choices_of(run.column), &crowd, vehicle.planned, vehicle.wheels);
            if !self.state.line_runs(column.line) {
                worth -= per_line;
            }
            if noise > 0.0 {
                worth *= 1.0 + noise * (2.0 * self.random.unit() - 1.0);
            }
            // The trip must be of use to somebody.
            self.worth.push(if worth > 0.0 { worth } else { -1e12 });
        }
        self.few_lines(day, kind, first_run);
        // What is left of the hours and kilometres in the hire is free, and beyond them it is not: neither is known here.
        let rates = match self.random.below(3) {
            0 => loom.rates[day][kind],
            1 => Rates { hire: vehicle.hire, minute: 0.0, metre: 0.0 },
            _ => Rates {
                hire: (vehicle.hire
                    - vehicle.per_minute * vehicle.included_minutes
                    - vehicle.per_metre * vehicle.included_metres)
                    .max(0.0),
                minute: vehicle.per_minute,
                metre: vehicle.per_metre,
            },
        };
        let rates =
            if vehicle.included_minutes > 0.0 || vehicle.included_metres > 0.0 { rates } else { loom.rates[day][kind] };
        let (_, runs) = self.weavers[day][kind].weave(problem, net, vehicle, &rates, from, to, &self.worth)?;
        Some(runs.into_iter().map(|run| net.runs[run as usize].column).collect())
    }

    /// Where only few lines may still be opened, as many are drawn as may, the more they are worth the likelier; the others are
    /// forbidden in `worth`, which begins at this run.
    fn few_lines(&mut self, day: usize, kind: usize, first_run: usize) {
        let problem = self.loom.problem;
        let Some(max) = problem.upkeep.max_lines else { return };
        let mut left = max.saturating_sub(self.state.lines_open()) as usize;
        let net = &self.loom.nets[day][kind];
        let line_of = |run: usize| problem.columns[net.runs[first_run + run].column as usize].line;
        let mut offered: std::collections::BTreeMap<u32, f64> = std::collections::BTreeMap::new();
        for (run, worth) in self.worth.iter().enumerate() {
            let line = line_of(run);
            if *worth > 0.0 && !self.state.line_runs(line) {
                *offered.entry(line).or_insert(0.0) += worth * worth;
            }
        }
        if offered.len() <= left {
            return;
        }
        let mut allowed = Vec::new();
        while left > 0 && !offered.is_empty() {
            let total: f64 = offered.values().sum();
            let mut drawn = self.random.unit() * total;
            let mut chosen = None;
            for (line, weight) in &offered {
                chosen = Some(*line);
                drawn -= weight;
                if drawn <= 0.0 {
                    break;
                }
            }
            if let Some(line) = chosen {
                offered.remove(&line);
                allowed.push(line);
            }
            left -= 1;
        }
        for run in 0..self.worth.len() {
            let line = line_of(run);
            if !self.state.line_runs(line) && !allowed.contains(&line) {
                self.worth[run] = -1.0;
            }
        }
    }

    /// A line is given up: every stretch from its first to its last trip of a block is woven again.
    fn without_a_line(&mut self, share: f64, noise: f64) -> bool {
        let block = self.random.below(self.state.blocks.len());
        let trips = &self.state.blocks[block].trips;
        let slot = trips[self.random.below(trips.len())];
        let problem = self.loom.problem;
        let line = problem.columns[self.state.column(slot) as usize].line;
        let runs_it = |slot: &u32| problem.columns[self.state.column(*slot) as usize].line == line;
        let stretches: Vec<Stretch> = self
            .state
            .blocks
            .iter()
            .enumerate()
            .filter_map(|(block, b)| {
                let from = b.trips.iter().position(runs_it)?;
                let to = b.trips.iter().rposition(runs_it)?;
                Some(Stretch { block, from, to: to + 1 })
            })
            .collect();
        self.again(&stretches, share, noise)
    }
}
