//! What do a plan's promises come to on random days? Days differ in who comes, when, and how long roads take; a vehicle takes who
//! stands there first, real seats and no more; who is left behind or too late for it goes on as people do.
//!
//! A judge, like `check`: it shares no code with what plans, and reads a plan's cohorts, rides, trips and blocks, not how they
//! were found. What is assumed of people and roads, with sources, stands in [`Spreads`]; what they then do in [`day`]; how sure the
//! means are in [`estimate`].
//!
//! Same plan, days and seed give the same figures, whatever the threads: each day has a stream of its own, days are summed in order.
//! Time O(days x (people + calls) x log).
//!
//! Lots that lend their bays have days of their own: [`lots`].
//!
//! Doing nothing is judged by the same measure: each day also tells what its people would have cost without us.
//!
//! Limits: no breakdowns and no trips that do not run; hire costs what the plan says though a late vehicle is away longer; nobody
//! changes their habit after a bad day; who was told that there is no seat does not come to look for one.

mod day;
pub mod draw;
pub mod estimate;
pub mod lots;
mod parties;
mod prepared;
mod spreads;
#[cfg(test)]
mod tests;
mod trips;
mod walks;
mod worth;

use rayon::prelude::*;

use super::plan::{Estimate, Plan, Simulated, TripRisk};
use super::project::Project;
use crate::domain::units::Fen;
use crate::network::Network;
pub use day::Day;
use day::World;
pub use prepared::Prepared;
pub use spreads::Spreads;
pub use walks::Walks;

/// Days a plan's own figures are simulated on: enough for served within 1 % of its mean, and fast beside the search.
pub const DAYS: u32 = 400;
/// A trip is named when it goes wrong on so many of its days: one in twenty, once a month.
pub const AT_RISK: f64 = 0.05;
/// Days in a row that one thread takes; results do not depend on it.
const BLOCK: u32 = 16;

/// What if days were not as the survey and the roads say?
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circumstances {
    /// Times the expected people: 1.1 is a tenth more.
    pub demand: f64,
    /// Times the speed on the road: 0.9 is a tenth slower.
    pub speed: f64,
}

impl Circumstances {
    /// As the plan expects.
    pub const EXPECTED: Self = Self { demand: 1.0, speed: 1.0 };
}

/// The figures a plan carries: [`DAYS`] days of its own seed; none of a plan without people.
#[must_use]
pub fn of_plan(project: &Project, network: &Network, plan: &Plan) -> Option<Simulated> {
    let prepared = (!plan.cohorts.is_empty()).then(|| Prepared::new(project, network, plan))?;
    Some(simulate(&prepared, DAYS, plan.seed, &Circumstances::EXPECTED))
}

/// Simulates so many days. Intervals hold from some thirty days on.
#[must_use]
pub fn simulate(prepared: &Prepared, days: u32, seed: u64, circumstances: &Circumstances) -> Simulated {
    let blocks: Vec<(Vec<Day>, Vec<[u32; 2]>)> = (0..days.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let mut world = World::new(prepared, circumstances);
            let from = block * BLOCK;
            let figures = (from..days.min(from + BLOCK)).map(|n| world.day(seed, n)).collect();
            (figures, world.into_troubles())
        })
        .collect();
    let mut troubles = vec![[0; 2]; prepared.trips.len()];
    for (_, block) in &blocks {
        for (sum, part) in troubles.iter_mut().zip(block) {
            *sum = [sum[0] + part[0], sum[1] + part[1]];
        }
    }
    let all: Vec<Day> = blocks.into_iter().flat_map(|(figures, _)| figures).collect();
    let of = |figure: fn(&Day) -> f64| -> Vec<f64> { all.iter().map(figure).collect() };
    let served = of(|day| day.served);
    let rare = |figure: fn(&Day) -> f64| {
        // Where nobody sets out, nobody can be left behind.
        if prepared.nobody_rides() { Estimate::default() } else { estimate::rare(&of(figure)) }
    };
    let share = |count: u32| f64::from(count) / f64::from(days.max(1));
    Simulated {
        days,
        seed,
        generalised_s_mean: estimate::ratio(&of(|day| day.weighted_s), &served),
        served: estimate::mean(&served),
        left_behind: rare(|day| day.left_behind),
        missed_trains: rare(|day| day.missed_trains),
        objective: whole(estimate::mean(&of(|day| day.objective_fen))),
        saving: Some(whole(estimate::mean(&of(|day| day.nothing_fen - day.objective_fen)))),
        trips: prepared
            .names
            .iter()
            .zip(&troubles)
            .map(|(trip, [full, late])| TripRisk { trip: trip.clone(), full: share(*full), late: share(*late) })
            .filter(|risk| risk.full >= AT_RISK || risk.late >= AT_RISK)
            .collect(),
    }
}

/// Mean objective of so many days, fen: to compare plans. The same cohorts and trips meet the same chance in both, so that their
/// difference is much surer than either.
#[must_use]
pub fn objective(prepared: &Prepared, days: u32, seed: u64) -> f64 {
    let sums: Vec<f64> = (0..days.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let mut world = World::new(prepared, &Circumstances::EXPECTED);
            let from = block * BLOCK;
            (from..days.min(from + BLOCK)).map(|n| world.day(seed, n).objective_fen).sum()
        })
        .collect();
    sums.iter().sum::<f64>() / f64::from(days.max(1))
}

/// In whole fen; limits rounded outwards, so that they still hold.
fn whole(fen: Estimate<f64>) -> Estimate<Fen> {
    #[expect(clippy::cast_possible_truncation, reason = "f64 to i64 saturates")]
    let fen_of = |x: f64| Fen(x as i64);
    Estimate { mean: fen_of((fen.mean + 0.5).floor()), low: fen_of(fen.low.floor()), high: fen_of(fen.high.ceil()) }
}
