//! Is the bound one, and is the gap the share of the benefit it leaves open?
//!
//! Derived again: everybody at the cheaper of the alternative and the best conceivable trip (any stop of stops.csv within the
//! walk, the shortest drive in any band over any other stops in reach of somebody, no wait but what nobody is spared), the
//! cheapest vehicle on the service of fewest days, one line, two stops; less half a fen a row for rounding and a fen; at most what nothing costs. A lower
//! bound than that is also one; a higher one is refused.
//!
//! Limits: where there is no stops.csv (the planner found its stops along the roads) or more than [`MAX_STOPS`] are in reach,
//! it is not derived again, and any bound up to the objective is let pass. The same goes for proofs by prices (`lagrangian-…`): to
//! derive them again takes the whole pool of lines.

use std::collections::{BTreeMap, BTreeSet};

use super::MAX_STOPS;
use super::case::Case;
use super::ground::{Ground, metres, nearest, spread};
use super::report::{Report, close, yuan};
use super::riders::Rides;
use super::travel::{self, PER_FEN};
use crate::domain::finding::Finding;
use crate::domain::units::Metres;
use crate::network::profile::Band;
use crate::planning::plan::{Cohort, TimeKind};
use crate::planning::project::{CandidateStop, Place};

/// Proofs there are.
const METHODS: [&str; 4] = [
    "best-conceivable-trip",
    "best-conceivable-trip-over-found-stops",
    "lagrangian-over-line-pool",
    "lagrangian-over-line-pool-and-found-stops",
];
/// The plan's arithmetic is in floating point, this one exact: a fen.
const ROUNDING: i128 = 1;

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, rides: &Rides<'_>, report: &mut Report) {
    let (bound, evaluation) = (&case.plan.bound, &case.plan.evaluation);
    let (limit, objective, nothing) =
        (i128::from(bound.objective.0), i128::from(evaluation.objective.0), i128::from(evaluation.nothing.0));
    let idle = case.has_no_shuttle() && bound.method.is_empty();
    if !idle && !METHODS.contains(&bound.method.as_str()) {
        report.add(Finding::error("check-bound-method").arg("found", bound.method.as_str()));
    }
    if limit > objective {
        report.add(
            Finding::error("check-bound-above-objective").arg("expected", yuan(objective)).arg("found", yuan(limit)),
        );
    }
    if limit < 0 {
        report.add(Finding::error("check-bound-negative").arg("found", yuan(limit)));
    }
    // A proof by prices is above the simple one, which says nothing against it.
    let simple = bound.method.starts_with("best-conceivable");
    if simple
        && let Some(most) = proven(case, ground, rides).map(|most| most.min(nothing))
        && limit > most + ROUNDING
    {
        report.add(Finding::error("check-bound-too-high").arg("expected", yuan(most)).arg("found", yuan(limit)));
    }
    let gap = if nothing > limit { (objective - limit) as f64 / (nothing - limit) as f64 } else { 0.0 };
    if !close(bound.gap, gap) {
        report.add(
            Finding::error("check-gap").arg("expected", format!("{gap:.6}")).arg("found", format!("{:.6}", bound.gap)),
        );
    }
}

/// What any plan that carries somebody costs at least, fen a day; `None` where it is not derived or no vehicle can be hired.
fn proven(case: &Case<'_>, ground: &Ground<'_>, rides: &Rides<'_>) -> Option<i128> {
    let project = case.project;
    let offer = Offer::new(case, ground)?;
    let exact = PER_FEN * 1000;
    let mut sum = 0_i128;
    for (id, cohort) in &case.cohorts {
        let without = rides.alternative.get(id).copied().unwrap_or(0);
        let least = offer.best(case, cohort).map_or(without, |best| best.min(without));
        let weight = i128::from(cohort.people.0) * i128::from(case.days_of(&cohort.service));
        sum = sum.saturating_add(least.saturating_mul(weight));
    }
    let hire = project.fleet.iter().filter(|kind| kind.count > 0).map(|kind| kind.cost_per_day.0).min()?;
    let days = case.services.values().map(|(_, days)| *days).filter(|days| *days > 0).min()?;
    let all = i128::from(case.days);
    let upkeep = i128::from(project.upkeep.per_line.0) + 2 * i128::from(project.upkeep.per_stop.0);
    let fixed = (i128::from(hire) * i128::from(days) + upkeep * all).saturating_mul(exact);
    let rows = (case.plan.riders.len() + case.plan.unserved.len()) as i128;
    let rounding = (rows + 2) * all * exact / 2;
    Some(sum.saturating_add(fixed).saturating_sub(rounding).div_euclid(all * exact))
}

/// Stops the planner may use: who reaches them, and how fast one gets from one to another.
#[derive(Debug)]
struct Offer<'a> {
    stops: Vec<&'a CandidateStop>,
    /// Metres `[stop]` of each place, for who is on foot and for who is in a wheelchair.
    walk: [BTreeMap<&'a str, Vec<Option<u32>>>; 2],
    /// Shortest seconds `[from][to]`.
    drive: Vec<Vec<Option<u64>>>,
}

impl<'a> Offer<'a> {
    fn new(case: &Case<'a>, ground: &Ground<'a>) -> Option<Self> {
        let project = case.project;
        let network = &ground.network;
        if project.stops.is_empty() {
            return None;
        }
        let mut stops = Vec::new();
        let mut on_road = Vec::new();
        let mut on_foot = Vec::new();
        for stop in &project.stops {
            let road = network.bus_stop(stop.point, stop.kerb, project.policy.max_snap);
            let foot = network.foothold(stop.point, project.policy.max_foothold);
            if let (Some(road), Some(foot)) = (road, foot) {
                stops.push(stop);
                on_road.push(road);
                on_foot.push(foot);
            }
        }
        let cohorts = &case.plan.cohorts;
        let limit = cohorts.iter().map(|cohort| cohort.max_walk_m).max().unwrap_or(Metres(0));
        let ends: BTreeSet<&'a str> =
            cohorts.iter().flat_map(|cohort| [cohort.origin.as_str(), cohort.destination.as_str()]).collect();
        let (doors, ranges) = spread(project, network, ends.into_iter());
        let rolling = cohorts.iter().any(|cohort| cohort.wheelchair);
        let table = metres(network, &doors, &on_foot, Some(limit), false);
        let step_free = if rolling { metres(network, &doors, &on_foot, Some(limit), true) } else { Vec::new() };
        // A way over a stop nobody reaches is none a line could take.
        let near: Vec<usize> =
            (0..stops.len()).filter(|s| table.iter().chain(&step_free).any(|row| row[*s].is_some())).collect();
        if near.len() > MAX_STOPS {
            return None;
        }
        let walk = [&table, &step_free].map(|table| {
            let places = ranges.iter().map(|(place, range)| {
                let rows = table.get(range.clone()).unwrap_or_default();
                (*place, near.iter().map(|s| nearest(rows, *s)).collect())
            });
            places.collect()
        });
        let on_road: Vec<_> = near.iter().map(|s| on_road[*s].clone()).collect();
        let bands = Band::ALL.map(|band| network.bus_matrix(&on_road, band));
        let least = |from: usize, to: usize| {
            bands.iter().filter_map(|matrix| matrix.get(from, to)).map(|(seconds, _)| u64::from(seconds.0)).min()
        };
        let count = near.len();
        let mut drive: Vec<Vec<Option<u64>>> = (0..count).map(|a| (0..count).map(|b| least(a, b)).collect()).collect();
        shorten(&mut drive);
        Some(Self { stops: near.iter().map(|s| stops[*s]).collect(), walk, drive })
    }

    /// Exact cost for one person of the best trip one can think of; `None` where no stop is in reach at both ends.
    fn best(&self, case: &Case<'_>, cohort: &Cohort) -> Option<i128> {
        let project = case.project;
        let policy = &project.policy;
        let speed = if cohort.wheelchair { policy.slow_walk_mm_per_s } else { policy.walk_mm_per_s }.max(1);
        let ends = |text: &str| -> Vec<(usize, u64)> {
            let stairs = Place::parse(text, project).map_or(0, |place| u64::from(project.transfer(&place).0));
            let metres = self.walk[usize::from(cohort.wheelchair)].get(text).map_or(&[][..], Vec::as_slice);
            let usable = self.stops.iter().zip(metres).enumerate();
            usable
                .filter(|(_, (stop, _))| !cohort.wheelchair || stop.step_free)
                .filter_map(|(s, (_, metres))| Some((s, metres.filter(|m| *m <= cohort.max_walk_m.0)?)))
                .map(|(s, metres)| (s, (u64::from(metres) * 1000).div_ceil(u64::from(speed)) + stairs))
                .collect()
        };
        let (board, alight) = (ends(&cohort.origin), ends(&cohort.destination));
        let trains = Place::parse(&cohort.origin, project)
            .zip(case.services.get(cohort.service.as_str()))
            .is_some_and(|(place, (service, _))| !project.trains_at(&place, service).is_empty());
        let from_train = trains && cohort.time_kind == TimeKind::ArriveBy;
        let wait = u64::from(if from_train { policy.change } else { policy.ahead }.0);
        let ways = board.iter().flat_map(|from| alight.iter().map(move |to| (from, to)));
        ways.filter(|(from, to)| from.0 != to.0)
            .filter_map(|(from, to)| Some(travel::ride_cost(project, from.1 + to.1, wait, self.drive[from.0][to.0]?)))
            .min()
    }
}

/// Shortest ways over any of the others (Floyd 1962, Warshall 1962).
fn shorten(table: &mut [Vec<Option<u64>>]) {
    for via in 0..table.len() {
        let Some(onwards) = table.get(via).cloned() else { continue };
        for row in table.iter_mut() {
            let Some(first) = row.get(via).copied().flatten() else { continue };
            for (cell, second) in row.iter_mut().zip(&onwards) {
                *cell = (*cell).into_iter().chain(second.map(|second| first + second)).min();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_over_two_others_is_found() {
        // 0 -> 1 -> 2 -> 3 by 5 s each; straight 0 -> 3 takes 100; nothing leads to 0.
        let mut table = vec![vec![None; 4]; 4];
        (table[0][1], table[1][2], table[2][3], table[0][3]) = (Some(5), Some(5), Some(5), Some(100));
        shorten(&mut table);
        assert_eq!((table[0][3], table[1][3], table[3][0]), (Some(15), Some(10), None));
    }
}
