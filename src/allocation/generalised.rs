//! Everybody placed at the least cost, where every option takes of one resource only: generalised assignment.
//!
//! By turns, and each from the best so far: annealing ([`super::anneal`]), branch and bound ([`super::branch`]), which ends small cases
//! with a proof, and neighbourhoods filled anew ([`super::neighbourhood`]). The bound is the better one of the two relaxations.

use super::anneal::{self, Options, Time};
use super::branch::{self, Effort};
use super::needs::Needs;
use super::{neighbourhood, prices};
use crate::search::Random;

/// Steps of the prices, and how many are a tick.
const STEPS: usize = 1000;
const LOOK: usize = 50;
/// How much less there is for the first prices of proofs, in the mean units of an option.
const TIGHTER: f64 = 0.25;
/// Who has a turn, and what is used of the time when it ends.
const TURNS: [(By, f64); 10] = [
    (By::Annealing, 0.04),
    (By::Proof(PROOF), 0.12),
    (By::Annealing, 0.32),
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
const PROOF: Effort = Effort { root: 600, dives: 8, prove: true };
const AGAIN: Effort = Effort { root: 150, dives: 2, prove: true };
/// So few units above the bound most placings hold nothing better near them: proofs dive so often, and neighbourhoods begin at one placing
/// after another.
const NEAR: u64 = 3;
const DIVES: u32 = 1_000;
/// From so much of a difference between best and bound on (share of the bound) no proof is tried in the first turns.
const HOPELESS: f64 = 0.02;
/// So few options are tried all the same.
const FEW: u64 = 1_000;
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
    let mut random = Random::new(seed);
    let mut used = 0.0;
    let options = needs.cost.len() as u64;
    let mut work = 0;
    let mut steps = 0;
    let mut go_on = || {
        steps += 1;
        if steps % LOOK == 0 {
            used = clock.tick(1 + options * LOOK as u64 / 30_000, None);
        }
        used < 1.0
    };
    let mut found = Found { best: None, least: prices::least(needs, needs.len(), STEPS, &mut go_on) };
    // Prices of claimants: to begin with, and as the last proof left them.
    let mut paid = branch::possible(needs).then(|| branch::first(needs, &tighter(needs, &mut go_on)));
    // Fewer options from proof to proof: those that something as good may take; in whose place in `needs` each stands.
    let mut fewer: Option<(Needs, Vec<u32>)> = None;
    // Resources emptied at a time.
    let mut size = neighbourhood::FIRST;
    for (by, until) in TURNS {
        if used >= 1.0 || found.best.as_ref().is_some_and(|best| best.0 <= found.least) {
            break;
        }
        let (now, place) = match &fewer {
            Some((needs, place)) => (needs, Some(place)),
            None => (needs, None),
        };
        let original = |options: Options| match place {
            Some(place) => options.into_iter().map(|option| place[option as usize]).collect(),
            None => options,
        };
        let from = used;
        match by {
            By::Annealing => {
                let close = |best: u64| (best - found.least) as f64 <= CLOSE * found.least as f64;
                if found.best.as_ref().is_some_and(|best| close(best.0)) {
                    continue;
                }
                let mut time = Turn { clock, from, until, used: from, known: found.best.as_ref().map(|best| best.0) };
                let annealed = anneal::search(now, found.least, random.next_u64(), &mut time);
                used = time.used;
                if let Some((cost, options)) = annealed
                    && found.best.as_ref().is_none_or(|best| cost < best.0)
                {
                    found.best = Some((cost, original(options)));
                }
            }
            By::Proof(effort) => {
                // Where nothing is known small cases are searched for anything that fits: the dearest options are too dear.
                let dearest =
                    |claimant| now.options(claimant).map(|option| u64::from(now.cost[option])).max().unwrap_or(0);
                let any = || (options <= FEW).then(|| (0..now.len()).map(dearest).sum::<u64>() + 1);
                let Some(known) = found.best.as_ref().map(|best| best.0).or_else(any) else { continue };
                let Some(price) = paid.clone() else { continue };
                if known <= found.least {
                    // Not even the dearest options are enough: nothing fits.
                    break;
                }
                let far = (known - found.least) as f64 > HOPELESS * found.least as f64;
                if until < 0.5 && far && options > FEW {
                    continue;
                }
                let near = known - found.least <= NEAR && options > FEW;
                let effort = if near { Effort { dives: DIVES, ..effort } } else { effort };
                let proof = branch::search(now, price, known, effort, random.next_u64(), &mut |best| {
                    work += options;
                    if work >= TICK {
                        used = clock.tick(work / TICK, Some(best));
                        work %= TICK;
                    }
                    used < until
                });
                found.least = found.least.max(proof.least);
                if let Some((cost, options)) = proof.best {
                    found.best = Some((cost, original(options)));
                }
                if proof.finished {
                    // Nothing better, or nothing at all.
                    break;
                }
                if let Some((cost, _)) = found.best {
                    let left = branch::left(now, &proof.price, cost);
                    let places = left
                        .iter()
                        .flatten()
                        .map(|&option| place.map_or(option, |place| place[option as usize]))
                        .collect();
                    fewer = Some((now.only(&left), places));
                }
                paid = Some(proof.price);
            }
            By::Neighbourhoods => {
                let (Some((cost, held)), Some(price)) = (found.best.as_ref(), paid.as_ref()) else { continue };
                let here: Option<Options> =
                    held.iter().map(|&held| place.map_or(Some(held), |place| position(place, held))).collect();
                let Some(here) = here else { continue };
                let mut held = (*cost, here);
                let mut tick = |looked: u64, cost: u64| {
                    work += looked;
                    if work >= TICK {
                        used = clock.tick(work / TICK, Some(cost));
                        work %= TICK;
                    }
                    used
                };
                let turn = neighbourhood::Turn { price, least: found.least, near: found.least + NEAR, until };
                neighbourhood::turn(now, &turn, &mut held, &mut size, &mut random, &mut tick);
                found.best = Some((held.0, original(held.1)));
            }
        }
    }
    found
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

/// A turn's part of the time, as the whole of it.
struct Turn<'a> {
    clock: &'a mut dyn Clock,
    from: f64,
    until: f64,
    used: f64,
    known: Option<u64>,
}

impl Time for Turn<'_> {
    fn used(&mut self, best: Option<u64>) -> f64 {
        let known = [self.known, best].into_iter().flatten().min();
        self.used = self.clock.tick(1, known);
        if self.used >= 1.0 { 1.0 } else { (self.used - self.from) / (self.until - self.from).max(1e-9) }
    }
}

#[cfg(test)]
mod tests;
