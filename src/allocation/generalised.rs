//! Everybody placed at the least cost, where every option takes of one resource only: generalised assignment.
//!
//! By turns, and each from the best so far: annealing ([`super::anneal`]), branch and bound ([`super::branch`]), which ends small cases
//! with a proof, and neighbourhoods filled anew ([`super::neighbourhood`]). The bound is the better one of the two relaxations.

use super::anneal::{self, Options, Time};
use super::branch::{self, Effort, Proof};
use super::needs::Needs;
use super::{neighbourhood, prices};
use crate::search::Random;

/// Steps of the prices, and how many are a tick.
const STEPS: usize = 1000;
const LOOK: usize = 50;
/// How much less there is for the first prices of proofs, in the mean units of an option.
const TIGHTER: f64 = 0.25;
/// Who has a turn, and what is used of the time when it ends.
const TURNS: [(By, f64); 12] = [
    (By::Annealing, 0.04),
    (By::Proof(FIRST), 0.12),
    (By::Neighbourhoods, 0.16),
    (By::Proof(AGAIN), 0.2),
    (By::Annealing, 0.34),
    (By::Neighbourhoods, 0.42),
    (By::Proof(AGAIN), 0.55),
    (By::Annealing, 0.68),
    (By::Neighbourhoods, 0.8),
    (By::Proof(AGAIN), 0.85),
    (By::Neighbourhoods, 0.97),
    (By::Proof(AGAIN), 1.0),
];
/// From so little of a difference between best and bound on (share of the bound) annealing leaves its turn to those who see what is lost where.
const CLOSE: f64 = 0.0005;
/// The first proof and later ones, which know more.
const FIRST: Effort = Effort { root: 600, dives: 8, prove: true };
const AGAIN: Effort = Effort { root: 150, dives: 2, prove: true };
/// So few units above the bound most placings hold nothing better near them: half the time of proofs is for dives, and neighbourhoods begin
/// at one placing after another.
const NEAR: u64 = 3;
const DIVES: Effort = Effort { dives: 1_000, prove: false, ..AGAIN };
/// From so much of a difference between best and bound on (share of the bound) no proof is tried in the first turns.
const HOPELESS: f64 = 0.02;
/// So few options are tried all the same.
const FEW: usize = 1_000;
/// Options that a tick of a proof looks at.
const TICK: u64 = 2_000;

#[derive(Clone, Copy)]
enum By {
    Annealing,
    Proof(Effort),
    Neighbourhoods,
}

/// What was found.
pub(super) struct Found {
    /// Cost and options; `None`: nothing in which everything fits.
    pub(super) best: Option<(u64, Options)>,
    /// No placing of everybody costs less.
    pub(super) least: u64,
}

/// The time, counted in ticks: about what a block of moves takes.
pub(super) trait Clock {
    /// So many ticks later: the share used, 1 and more: stop. Told the best cost so far.
    fn tick(&mut self, ticks: u64, best: Option<u64>) -> f64;
}

/// Can this be searched here? Annealing counts units and costs in 32 bits.
pub(super) fn possible(needs: &Needs) -> bool {
    let most = u64::from(u32::MAX / 4);
    let mut all = 0_u64;
    for claimant in 0..needs.len() {
        let units = |option: usize| match needs.of(option) {
            [(_, units)] => Some(u64::from(*units)),
            _ => None,
        };
        let cheap = needs.options(claimant).all(|option| u64::from(needs.cost[option]) <= most);
        let units: Option<Vec<u64>> = needs.options(claimant).map(units).collect();
        let Some(units) = units.filter(|_| cheap) else { return false };
        all += units.into_iter().max().unwrap_or(0);
    }
    needs.len() > 0 && all <= most && needs.capacity.iter().all(|&units| units.unsigned_abs() <= most)
}

/// The cheapest placing of everybody that is found while there is time.
pub(super) fn search(needs: &Needs, seed: u64, clock: &mut dyn Clock) -> Found {
    let options = needs.cost.len() as u64;
    let mut timer = Timer { clock, used: 0.0, work: 0 };
    let mut steps = 0;
    let mut go_on = || {
        steps += 1;
        if steps % LOOK == 0 {
            timer.ticks(1 + options * LOOK as u64 / 30_000, None);
        }
        timer.used < 1.0
    };
    let found = Found { best: None, least: prices::least(needs, needs.len(), STEPS, &mut go_on) };
    let paid = branch::possible(needs).then(|| branch::first(needs, &tighter(needs, &mut go_on)));
    let random = Random::new(seed);
    let mut search = Search { needs, timer, random, found, paid, fewer: None, size: neighbourhood::FIRST };
    for (by, until) in TURNS {
        if search.timer.used >= 1.0 || search.found.best.as_ref().is_some_and(|best| best.0 <= search.found.least) {
            break;
        }
        match by {
            By::Annealing => search.anneal(until),
            By::Proof(effort) => {
                if search.prove(effort, until) {
                    break;
                }
            }
            By::Neighbourhoods => search.neighbourhoods(until),
        }
    }
    search.found
}

struct Search<'a> {
    needs: &'a Needs,
    timer: Timer<'a>,
    random: Random,
    found: Found,
    /// Prices of claimants: to begin with, and as the last proof left them.
    paid: Option<Vec<f64>>,
    /// Fewer options from proof to proof: those that something as good may take; in whose place in `needs` each stands.
    fewer: Option<(Needs, Vec<u32>)>,
    /// Resources emptied at a time.
    size: f64,
}

impl Search<'_> {
    fn anneal(&mut self, until: f64) {
        let close = |best: u64| (best - self.found.least) as f64 <= CLOSE * self.found.least as f64;
        if self.found.best.as_ref().is_some_and(|best| close(best.0)) {
            return;
        }
        let from = self.timer.used;
        let known = self.found.best.as_ref().map(|best| best.0);
        let needs = self.fewer.as_ref().map_or(self.needs, |fewer| &fewer.0);
        let mut time = Part { timer: &mut self.timer, from, until, known };
        let annealed = anneal::search(needs, self.found.least, self.random.next_u64(), &mut time);
        self.note(annealed);
    }

    /// Does it say that nothing is better, or that nothing fits?
    fn prove(&mut self, effort: Effort, until: f64) -> bool {
        let needs = self.fewer.as_ref().map_or(self.needs, |fewer| &fewer.0);
        let few = self.needs.cost.len() <= FEW;
        // Where nothing is known small cases are searched for anything that fits: the dearest options are too dear.
        let dearest = |claimant| needs.options(claimant).map(|option| u64::from(needs.cost[option])).max().unwrap_or(0);
        let any = || few.then(|| (0..needs.len()).map(dearest).sum::<u64>() + 1);
        let Some(known) = self.found.best.as_ref().map(|best| best.0).or_else(any) else { return false };
        let Some(price) = self.paid.clone() else { return false };
        let least = self.found.least;
        if known <= least {
            // Not even the dearest options are enough: nothing fits.
            return true;
        }
        let far = (known - least) as f64 > HOPELESS * least as f64;
        if until < 0.5 && far && !few {
            return false;
        }
        let near = known - least <= NEAR && !few;
        // Near the bound all that is left may be searched whole; or one of many dives meets it.
        let efforts = [(effort, if near { (self.timer.used + until) / 2.0 } else { until }), (DIVES, until)];
        let mut proof = Proof { best: None, least, finished: false, price };
        for (effort, until) in efforts.into_iter().take(if near { 2 } else { 1 }) {
            let known = proof.best.as_ref().map_or(known, |best| best.0);
            let options = self.needs.cost.len() as u64;
            let next = branch::search(needs, proof.price, known, effort, self.random.next_u64(), &mut |best| {
                self.timer.looked(options, best) < until
            });
            proof = Proof { best: next.best.or(proof.best), least: proof.least.max(next.least), ..next };
            if proof.finished {
                break;
            }
        }
        self.found.least = proof.least;
        self.note(proof.best);
        if let Some((cost, _)) = self.found.best.as_ref().filter(|_| !proof.finished) {
            let needs = self.fewer.as_ref().map_or(self.needs, |fewer| &fewer.0);
            let left = branch::left(needs, &proof.price, *cost);
            let place = self.fewer.as_ref().map(|fewer| &fewer.1);
            let original = |&option: &u32| place.map_or(option, |place| place[option as usize]);
            let places = left.iter().flatten().map(original).collect();
            self.fewer = Some((needs.only(&left), places));
        }
        self.paid = Some(proof.price);
        proof.finished
    }

    fn neighbourhoods(&mut self, until: f64) {
        let (Some((cost, held)), Some(price)) = (&self.found.best, &self.paid) else { return };
        let (needs, place) = match &self.fewer {
            Some((needs, place)) => (needs, Some(place)),
            None => (self.needs, None),
        };
        let here = |&held: &u32| place.map_or(Some(held), |place| position(place, held));
        let Some(held) = held.iter().map(here).collect() else { return };
        let mut held: (u64, Options) = (*cost, held);
        let least = self.found.least;
        let turn = neighbourhood::Turn { price, least, near: least + NEAR, until };
        let mut tick = |looked: u64, cost: u64| self.timer.looked(looked, cost);
        neighbourhood::turn(needs, &turn, &mut held, &mut self.size, &mut self.random, &mut tick);
        self.note(Some(held));
    }

    /// Keeps a placing, by options of those that are left now, if it is better or as good.
    fn note(&mut self, placing: Option<(u64, Options)>) {
        let Some((cost, mut options)) = placing else { return };
        if self.found.best.as_ref().is_some_and(|best| best.0 < cost) {
            return;
        }
        if let Some((_, place)) = &self.fewer {
            options.iter_mut().for_each(|option| *option = place[*option as usize]);
        }
        self.found.best = Some((cost, options));
    }
}

/// The clock, with work gathered to ticks.
struct Timer<'a> {
    clock: &'a mut dyn Clock,
    used: f64,
    work: u64,
}

impl Timer<'_> {
    fn ticks(&mut self, ticks: u64, best: Option<u64>) -> f64 {
        self.used = self.clock.tick(ticks, best);
        self.used
    }

    /// So many options were looked at: the share of the time used.
    fn looked(&mut self, options: u64, best: u64) -> f64 {
        self.work += options;
        if self.work >= TICK {
            self.ticks(self.work / TICK, Some(best));
            self.work %= TICK;
        }
        self.used
    }
}

/// Prices as if there were a little less of everything, while `go_on`. Where options of equal cost abound, those of what there is say
/// nothing (they may all be 0) and every step from them leads down; these lead to better prices of claimants.
fn tighter(needs: &Needs, go_on: &mut dyn FnMut() -> bool) -> Vec<f64> {
    let options = needs.cost.len().max(1) as f64;
    let units: f64 = (0..needs.cost.len()).flat_map(|option| needs.of(option)).map(|need| f64::from(need.1)).sum();
    let less = (TIGHTER * units / options).ceil() as i64;
    let capacity: Vec<i64> = needs.capacity.iter().map(|&units| (units - less).max(1)).collect();
    prices::within(needs, &capacity, needs.len(), STEPS, go_on)
}

/// Where an option stands among those kept, which ascend.
fn position(place: &[u32], option: u32) -> Option<u32> {
    place.binary_search(&option).ok().map(|at| at as u32)
}

/// A part of the time, as the whole of it.
struct Part<'t, 'a> {
    timer: &'t mut Timer<'a>,
    from: f64,
    until: f64,
    known: Option<u64>,
}

impl Time for Part<'_, '_> {
    fn used(&mut self, best: Option<u64>) -> f64 {
        let known = [self.known, best].into_iter().flatten().min();
        let used = self.timer.ticks(1, known);
        if used >= 1.0 { 1.0 } else { (used - self.from) / (self.until - self.from).max(1e-9) }
    }
}

#[cfg(test)]
mod tests;
