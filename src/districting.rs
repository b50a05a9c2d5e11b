//! Which units belong together? Connected groups of about equal weight, then compact ones.
//!
//! Aim, in this order and in whole numbers ([`Value`]): deviations from the mean weight beyond the tolerance (their sum), then the way of all to
//! their group's centre, one of its units (weight x metres, by road where distances are given), then the largest deviation.
//! First local search (`local`). Up to 128 units the best is then proven where there is room for it (`exact`: all
//! connected groups that may be in it, then the best choice of them); beyond, a Lagrangian bound (`bound`).
//! `Solved::bound` is of the way: no grouping with as little excess as the answer's has a smaller one. [`Grouping::least_excess`] is that of
//! the excess, [`Grouping::proven`] says that nothing better exists, all three terms counted.
//! Iterations are starts and kicks, steps of prices, and ten thousands of nodes; chains are kicks from one start after another.

mod bound;
pub mod check;
mod contiguity;
mod exact;
mod local;
mod meter;
mod problem;
mod state;
#[cfg(test)]
mod tests;
mod value;

pub use problem::{Distances, MOST_UNITS, Problem, ProblemError};
pub use value::Value;

use crate::search::{Ended, Run, Solved};
use meter::Meter;

/// Part of iterations and time for the local search, before a proof; it ends by itself long before, mostly.
const SEARCH_OF_FEW: f64 = 0.3;
/// And before a mere bound.
const SEARCH: f64 = 0.8;

/// The group of each unit, numbered from 0 by each group's first unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouping {
    /// By unit.
    pub group: Vec<usize>,
    /// By group: the unit the way leads to.
    pub centres: Vec<usize>,
    /// How good it is.
    pub value: Value,
    /// No grouping has less excess.
    pub least_excess: u64,
    /// No grouping is better.
    pub proven: bool,
}

/// Groups the units. `bound`: no grouping with as little excess as the answer's has a smaller way.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Grouping> {
    let mut meter = Meter::new(run);
    let few = problem.units() <= exact::MOST;
    meter.leave(if few { SEARCH_OF_FEW } else { SEARCH });
    let mut group = local::search(problem, run.seed, &mut meter);
    for chain in 1..u64::from(run.chains) {
        if problem.groups() == 1 || !meter.tick() {
            break;
        }
        let other = local::search(problem, run.seed.wrapping_add(chain << 32), &mut meter);
        if value::of(problem, &other) < value::of(problem, &group) {
            group = other;
        }
    }
    meter.leave(1.0);
    let mut value = value::of(problem, &group);
    meter.best = Some(value);
    let (mut least_excess, mut proven) = (bound::excess(problem), false);
    let bound = if few && meter.go_on() {
        let proof = exact::prove(problem, group, value, &mut meter);
        (group, least_excess, proven) = (proof.group, proof.excess, proof.complete);
        value = value::of(problem, &group);
        Some(proof.way)
    } else {
        bound::way(problem, problem.window(value.excess), value.way, &mut meter)
    };
    let ended = meter.over.unwrap_or(Ended::Complete);
    let group = in_order(&group, problem.groups());
    let centre = |number: usize| {
        let members: Vec<usize> = (0..group.len()).filter(|&unit| group[unit] == number).collect();
        value::centre(problem, &members).1
    };
    let centres = (0..problem.groups()).map(centre).collect();
    let best = Grouping { group, centres, value, least_excess, proven };
    Solved { best, bound: bound.map(|way| way as f64), ended, iterations: meter.iterations }
}

fn in_order(group: &[usize], groups: usize) -> Vec<usize> {
    let mut number = vec![None; groups];
    let mut next = 0;
    group
        .iter()
        .map(|&group| {
            *number[group].get_or_insert_with(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}
