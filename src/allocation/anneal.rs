//! Cheaper placings where every option takes of one resource only: generalised assignment, searched by simulated annealing along prices.
//!
//! Given prices of the resources (a Lagrangian's), the cost of a placing that fits is the bound, and the *losses* of the options taken
//! against each claimant's best, and the price of what is left over. Annealing minimises that sum; units too many have a price as
//! well, so that it may pass through placings that do not fit. Prices of loads begin soft and harden during a round, while the temperature falls: early
//! on nearly everybody sits at its best option and loads are wrong, later loads come right at little loss. (Costs alone, with hard loads,
//! freeze at once: hardly any single move keeps the loads.)
//! Moves: chains. One goes elsewhere; as long as that is not good enough, one of those there goes on, the first that makes it good
//! enough or else the best. O(members of a pool x options considered) a chain.
//! The prices are those of a little less than there is (no placing of whole claimants fills everything): how much less, and how warm a
//! round begins, is tried out in short rounds; what did well is tried again, longer.

use super::needs::Needs;
use super::prices::{self, reduced};
use crate::search::Random;

/// Options a claimant considers.
const NEAR: usize = 6;
/// Losses beyond so many temperatures are not considered, but for the second best.
const FAR: f64 = 12.0;
/// Moves between two looks at the clock and the share that fits.
const BLOCK: u32 = 200;
/// Longest chain of claimants moved at once.
const LONGEST: usize = 3;
/// Most claimants of a pool looked at for the next of a chain.
const MOST_LOOKED: usize = 12;
/// Temperatures at the beginning of a round tried, in mean losses of second options.
const HEATS: [f64; 5] = [1.0, 0.5, 0.25, 0.12, 0.06];
/// How much less than there is prices are sought for, in the mean units of an option.
const TIGHTER: [f64; 5] = [0.0, 0.05, 0.12, 0.25, 0.5];
/// Steps of prices.
const STEPS: usize = 600;
/// Share of that temperature at its end.
const COLD: f64 = 0.2;
/// Share of the time that the first rounds have.
const SHORT: f64 = 0.03;
/// At first a load's price is so much of the temperature, for what an option takes; the round's share until it is whole.
const SOFT: f64 = 0.5;
const HARD: f64 = 0.9;
/// Price of a unit too many of what has none: such a share of the mean loss of a second option, for the units an option takes.
const LITTLE: f64 = 0.3;
/// A way that loses so many temperatures more than would be accepted is not gone, not even at the beginning of a chain.
const REACH: f32 = 3.0;
/// Values of -ln u, tabled.
const LOGS: usize = 4096;
/// Share of the states that should fit at the end of a round.
const FIT: f64 = 0.3;

/// A placing of everybody by position of option in the needs.
pub(super) type Options = Vec<u32>;

/// How the search is told how long it may take.
pub(super) trait Time {
    /// Share of the time used, asked after each block; 1: stop. Told the best cost so far.
    fn used(&mut self, best: Option<u64>) -> f64;
}

/// Searches until the time is used or a cost of `enough` is reached; the cheapest that fits, with its cost.
pub(super) fn search(needs: &Needs, enough: u64, seed: u64, time: &mut dyn Time) -> Option<(u64, Options)> {
    let mut walk = Walk::new(needs, seed);
    walk.rounds(enough, time);
    walk.best
}

/// An option considered.
#[derive(Clone, Copy)]
struct Way {
    loss: f32,
    units: i32,
    cost: i32,
    resource: u32,
    /// Position in the needs.
    option: u32,
}

/// Who goes from which way to which.
#[derive(Clone, Copy)]
struct Step {
    claimant: usize,
    from: usize,
    to: usize,
}

struct Walk<'a> {
    needs: &'a Needs,
    random: Random,
    /// All ways of everybody by loss, and what is considered now.
    all: Vec<Vec<Way>>,
    ways: Vec<Way>,
    first: Vec<usize>,
    at: Vec<u32>,
    cost: i64,
    /// Units left of each resource.
    left: Vec<i32>,
    /// Resources of which too much is taken.
    over: usize,
    /// Price of a unit left over and too many, before hardness.
    price: Vec<(f32, f32)>,
    /// The same now.
    now: Vec<(f32, f32)>,
    strict: f64,
    members: Vec<Vec<u32>>,
    position: Vec<u32>,
    logs: Vec<f32>,
    best: Option<(u64, Options)>,
    /// The cheapest of this round that fits.
    found: Option<u64>,
    /// The mean loss of second options.
    scale: f64,
    /// The mean price of what an option takes.
    weight: f64,
    /// The mean units an option takes.
    units: f64,
}

fn units_of(needs: &Needs, option: usize) -> f64 {
    needs.of(option).first().map_or(0.0, |need| f64::from(need.1))
}

/// How warm and how tight the next round is: first each of a few, then what did best and its like.
#[derive(Default)]
struct Trial {
    done: usize,
    best: Option<u64>,
    heat: f64,
    tight: usize,
    now: (f64, usize),
    repriced: bool,
}

impl Trial {
    fn next(&mut self, random: &mut Random) -> (f64, usize) {
        let before = self.now.1;
        self.now = if self.done < HEATS.len() {
            (HEATS[self.done], 3)
        } else if self.done < HEATS.len() + TIGHTER.len() {
            (self.heat, self.done - HEATS.len())
        } else {
            let tight = (self.tight + random.below(3)).saturating_sub(1).min(TIGHTER.len() - 1);
            (self.heat * (0.7 + 0.7 * random.unit()), tight)
        };
        self.repriced = self.done == 0 || self.now.1 != before;
        self.now
    }

    /// Notes what this round found; answers whether rounds may be longer from here on.
    fn learn(&mut self, found: Option<u64>) -> bool {
        if found.is_some_and(|found| self.best.is_none_or(|best| found <= best)) || self.done == 0 {
            (self.best, self.heat, self.tight) = (found, self.now.0, self.now.1);
        }
        self.done += 1;
        self.done >= HEATS.len() + TIGHTER.len()
    }
}

impl<'a> Walk<'a> {
    fn new(needs: &'a Needs, seed: u64) -> Self {
        let resources = needs.capacity.len();
        let units: f64 = (0..needs.cost.len()).map(|option| units_of(needs, option)).sum();
        let mut random = Random::new(seed);
        random.next_u64();
        Self {
            needs,
            random,
            all: vec![Vec::new(); needs.len()],
            ways: Vec::new(),
            first: Vec::new(),
            at: Vec::new(),
            cost: 0,
            left: Vec::new(),
            over: 0,
            price: Vec::new(),
            now: vec![(0.0, 0.0); resources],
            strict: 1.0,
            members: vec![Vec::new(); resources],
            position: vec![0; needs.len()],
            logs: (0..LOGS).map(|k| -libm::log((k as f64 + 0.5) / LOGS as f64) as f32).collect(),
            best: None,
            found: None,
            scale: 1.0,
            weight: 1.0,
            units: f64::max(units / needs.cost.len().max(1) as f64, 1e-9),
        }
    }

    /// From here on these prices count.
    fn reprice(&mut self, price: &[f64]) {
        let needs = self.needs;
        let (mut gaps, mut several, mut weight) = (0.0, 0.0, 0.0);
        let mut sums: Vec<(f64, usize)> = Vec::new();
        for (claimant, all) in self.all.iter_mut().enumerate() {
            sums.clear();
            sums.extend(needs.options(claimant).map(|option| (reduced(needs, option, price), option)));
            sums.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            if sums.len() > 1 {
                gaps += sums[1].0 - sums[0].0;
                several += 1.0;
            }
            let least = sums.first().map_or(0.0, |sum| sum.0);
            all.clear();
            all.extend(sums.iter().map(|&(sum, option)| {
                let (resource, units) = needs.of(option).first().copied().unwrap_or((0, 0));
                weight += price[resource as usize] * f64::from(units);
                Way {
                    loss: (sum - least) as f32,
                    units: units as i32,
                    cost: needs.cost[option] as i32,
                    resource,
                    option: option as u32,
                }
            }));
        }
        self.scale = if several > 0.0 { f64::max(gaps / several, 1e-3) } else { 1.0 };
        // A unit too many of what has no price is worth a part of a step between two options.
        let little = LITTLE * self.scale / self.units;
        self.price = price.iter().map(|&price| (price as f32, (price + little) as f32)).collect();
        self.weight = f64::max(weight / needs.cost.len().max(1) as f64 + little * self.units, 1e-9);
    }

    fn rounds(&mut self, enough: u64, time: &mut dyn Time) {
        if self.needs.len() == 0 {
            return;
        }
        let mut known: [Option<Vec<f64>>; TIGHTER.len()] = Default::default();
        let mut share = SHORT;
        let mut from = 0.0;
        let mut trial = Trial::default();
        loop {
            // A round takes a share of the time; the last one the rest.
            let until = if from + 2.0 * share >= 1.0 { 1.0 } else { from + share };
            let (heat, tight) = trial.next(&mut self.random);
            if trial.repriced {
                let price = known[tight].get_or_insert_with(|| {
                    let less = (TIGHTER[tight] * self.units).ceil() as i64;
                    let capacity: Vec<i64> = self.needs.capacity.iter().map(|&units| (units - less).max(1)).collect();
                    prices::within(self.needs, &capacity, self.needs.len(), STEPS, &mut || true)
                });
                let price = std::mem::take(price);
                self.reprice(&price);
                known[tight] = Some(price);
            }
            let warm = heat * self.scale;
            let cold = warm * COLD;
            self.consider(warm);
            self.found = None;
            let softest = f64::min(SOFT * warm / self.weight, 1.0);
            self.strict = 1.0;
            let mut used = time.used(self.best.as_ref().map(|best| best.0));
            while used < until {
                let progress = ((used - from) / (until - from)).clamp(0.0, 1.0);
                let temperature = warm * libm::pow(cold / warm, progress);
                let firm = libm::pow(softest, (1.0 - progress / HARD).max(0.0));
                self.block(temperature as f32, firm);
                if self.best.as_ref().is_some_and(|best| best.0 <= enough) {
                    return;
                }
                used = time.used(self.best.as_ref().map(|best| best.0));
            }
            if used >= 1.0 {
                return;
            }
            if trial.learn(self.found) {
                share *= 1.5;
            }
            from = used;
        }
    }

    /// From here on the ways of small loss at this temperature; everybody stays where it is, or begins at its best.
    fn consider(&mut self, warm: f64) {
        let held: Vec<u32> = self.at.iter().map(|&way| self.ways[way as usize].option).collect();
        let far = (FAR * warm) as f32;
        self.ways.clear();
        self.first = vec![0];
        self.at.clear();
        for (claimant, all) in self.all.iter().enumerate() {
            let begin = self.ways.len();
            let held = held.get(claimant).copied();
            let near = all
                .iter()
                .enumerate()
                .filter(|&(place, way)| place < 2 || (place < NEAR && way.loss <= far) || Some(way.option) == held);
            self.ways.extend(near.map(|(_, way)| *way));
            let stays = self.ways[begin..].iter().position(|way| Some(way.option) == held).unwrap_or(0);
            self.at.push((begin + stays) as u32);
            self.first.push(self.ways.len());
        }
        self.cost = 0;
        self.left = self.needs.capacity.iter().map(|&units| units as i32).collect();
        self.members.iter_mut().for_each(Vec::clear);
        for (claimant, &way) in self.at.iter().enumerate() {
            let way = self.ways[way as usize];
            self.cost += i64::from(way.cost);
            self.left[way.resource as usize] -= way.units;
            let members = &mut self.members[way.resource as usize];
            self.position[claimant] = members.len() as u32;
            members.push(claimant as u32);
        }
        self.over = self.left.iter().filter(|&&left| left < 0).count();
    }

    /// [`BLOCK`] moves at one temperature.
    fn block(&mut self, temperature: f32, firm: f64) {
        for (now, price) in self.now.iter_mut().zip(&self.price) {
            *now = (price.0 * firm as f32, price.1 * (firm * self.strict) as f32);
        }
        let mut fitting = 0_u32;
        for _ in 0..BLOCK {
            self.step(temperature);
            if self.over == 0 {
                fitting += 1;
                self.note();
            }
        }
        let rate = 1.03;
        let share = f64::from(fitting) / f64::from(BLOCK);
        self.strict = if share < FIT { self.strict * rate } else { self.strict / rate };
        self.strict = self.strict.clamp(1.0, if firm < 1.0 { 2.0 } else { 1e4 });
    }

    /// What so many units left of a resource cost; too many where negative.
    fn dear(&self, resource: usize, left: i32) -> f32 {
        let (spare, over) = self.now[resource];
        if left >= 0 { left as f32 * spare } else { -left as f32 * over }
    }

    fn step(&mut self, temperature: f32) {
        let claimant = self.random.below(self.at.len());
        let (begin, end) = (self.first[claimant], self.first[claimant + 1]);
        if end - begin < 2 {
            return;
        }
        let from = self.at[claimant] as usize;
        let mut to = begin + self.random.below(end - begin - 1);
        to += usize::from(to >= from);
        let limit = temperature * self.logs[self.random.below(LOGS)];
        // What loses much more than heat gives back elsewhere is not worth a chain.
        let most = limit + REACH * temperature;
        if self.ways[to].loss - self.ways[from].loss > most {
            return;
        }
        let mut chain = [Step { claimant, from, to }; LONGEST];
        let mut change = self.go(from, to);
        let mut length = 1;
        while change > limit && length < LONGEST {
            let Some(next) = self.response(&chain[..length], limit - change, most) else { break };
            change += self.go(next.from, next.to);
            chain[length] = next;
            length += 1;
        }
        if change > limit {
            for step in chain[..length].iter().rev() {
                self.go(step.to, step.from);
            }
        } else {
            for step in &chain[..length] {
                self.settle(*step);
            }
        }
    }

    /// Who goes on from where the chain ends: the first whose going costs at most this, or else the best.
    fn response(&mut self, chain: &[Step], limit: f32, most: f32) -> Option<Step> {
        let resource = self.ways[chain.last()?.to].resource as usize;
        let count = self.members[resource].len();
        if count == 0 {
            return None;
        }
        let mut place = self.random.below(count);
        let members = &self.members[resource];
        let left = self.left[resource];
        let here = self.dear(resource, left);
        let mut best: Option<(f32, Step)> = None;
        for _ in 0..count.min(MOST_LOOKED) {
            let claimant = members[place] as usize;
            place += 1;
            if place == count {
                place = 0;
            }
            let from = self.at[claimant] as usize;
            let way = self.ways[from];
            if chain.iter().any(|step| step.claimant == claimant) {
                continue;
            }
            let gone = self.dear(resource, left + way.units) - here - way.loss;
            let range = self.first[claimant]..self.first[claimant + 1];
            for (to, other) in range.clone().zip(&self.ways[range]) {
                // By loss: what follows loses more still.
                if other.loss - way.loss > most {
                    break;
                }
                if to == from {
                    continue;
                }
                let there = other.resource as usize;
                let change = gone + other.loss + self.dear(there, self.left[there] - other.units)
                    - self.dear(there, self.left[there]);
                if best.as_ref().is_none_or(|&(least, _)| change < least) {
                    let step = Step { claimant, from, to };
                    if change <= limit {
                        return Some(step);
                    }
                    best = Some((change, step));
                }
            }
        }
        best.map(|(_, step)| step)
    }

    /// Changes loads and cost; answers the change of what is minimised.
    fn go(&mut self, from: usize, to: usize) -> f32 {
        let (old, new) = (self.ways[from], self.ways[to]);
        self.cost += i64::from(new.cost - old.cost);
        new.loss - old.loss + self.load(old.resource as usize, old.units) + self.load(new.resource as usize, -new.units)
    }

    fn load(&mut self, resource: usize, units: i32) -> f32 {
        let before = self.left[resource];
        let after = before + units;
        self.left[resource] = after;
        self.over = self.over + usize::from(after < 0) - usize::from(before < 0);
        self.dear(resource, after) - self.dear(resource, before)
    }

    /// The claimant is there from now on.
    fn settle(&mut self, step: Step) {
        let Step { claimant, from, to } = step;
        self.at[claimant] = to as u32;
        let (old, new) = (self.ways[from].resource as usize, self.ways[to].resource as usize);
        let position = self.position[claimant] as usize;
        self.members[old].swap_remove(position);
        if let Some(&moved) = self.members[old].get(position) {
            self.position[moved as usize] = position as u32;
        }
        self.position[claimant] = self.members[new].len() as u32;
        self.members[new].push(claimant as u32);
    }

    /// Keeps this state, which fits, if it is the cheapest so far.
    fn note(&mut self) {
        let cost = self.cost.unsigned_abs();
        if self.found.is_none_or(|found| cost < found) {
            self.found = Some(cost);
        }
        if self.best.as_ref().is_some_and(|best| best.0 <= cost) {
            return;
        }
        let options = self.at.iter().map(|&way| self.ways[way as usize].option).collect();
        self.best = Some((cost, options));
    }
}
