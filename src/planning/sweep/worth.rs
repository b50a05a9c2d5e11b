//! What is the next vehicle, or the next yuan, worth? From the difference between the plans of two cells that differ in one step of
//! one axis.
//!
//! Each plan is the best found, u; no plan of its cell is below its bound, l. So the best plans of both cells differ by at least
//! l1 - u2 and at most u1 - l2; and where every plan of the first cell is one of the second (more vehicles, more money, all else the
//! same), by at least nothing. The same nesting makes the second's bound hold for the first. The bounds are over the lines of the pool,
//! as those of plans are.
//!
//! Who gains is told by when they wish to travel, period by period, and only where at least `k_anonymity` people more ride.

use std::collections::BTreeMap;

use super::Cell;
use super::grid::Grid;
use crate::domain::units::{Fen, ServiceTime};
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::planning::scenario::Modification;

/// Of those who gain, so many at either end do not stretch the range told: one in twenty.
const TRIMMED: f64 = 0.05;

/// What a step adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Vehicles of one type, all else the same.
    Vehicles {
        /// Type id.
        vehicle: String,
        /// Before.
        from: u32,
        /// After; not the same.
        to: u32,
    },
    /// Money a day, all else the same.
    Budget {
        /// Before.
        from: Fen,
        /// After; not the same.
        to: Fen,
    },
    /// Anything else: the names of the alternatives say it.
    Other,
}

/// More people in a period of the day.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// Earliest wished time of (almost all of) those who gain.
    pub from: ServiceTime,
    /// Latest.
    pub to: ServiceTime,
    /// How many more ride on a mean day.
    pub people: f64,
}

/// From one cell to the next on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Axis.
    pub axis: usize,
    /// Cell before.
    pub from: usize,
    /// Cell after.
    pub to: usize,
    /// What is added.
    pub what: What,
    /// What the plans found differ by, fen a day; positive: the second is better.
    pub about: Fen,
    /// The best plans differ by at least this …
    pub least: Fen,
    /// … and at most this.
    pub most: Fen,
    /// People more who ride on a mean day.
    pub served: f64,
    /// When those wish to travel.
    pub hours: Vec<Hours>,
}

/// All steps between planned cells of the same demand: by axis, then by cell. Where people and their alternatives differ, the difference
/// is no worth of anything.
#[must_use]
pub fn steps(grid: &Grid, cells: &[Cell]) -> Vec<Step> {
    let lows: Vec<Option<Fen>> = (0..cells.len()).map(|cell| low(grid, cells, cell)).collect();
    let mut steps = Vec::new();
    for axis in 0..grid.axes().len() {
        for from in 0..cells.len() {
            let Some(to) = grid.next(from, axis) else { continue };
            let (Some(before), Some(after)) = (cells[from].plan(), cells[to].plan()) else { continue };
            let (Some(low_before), Some(low_after)) = (lows[from], lows[to]) else { continue };
            if before.evaluation.nothing != after.evaluation.nothing {
                continue;
            }
            let (was, now) = (before.evaluation.objective, after.evaluation.objective);
            let (mut least, mut most) = (low_before - now, was - low_after);
            if within(grid, cells, from, to) {
                least = least.max(Fen::ZERO);
            }
            if within(grid, cells, to, from) {
                most = most.min(Fen::ZERO);
            }
            steps.push(Step {
                axis,
                from,
                to,
                what: what(grid, cells, from, to),
                about: was - now,
                least,
                most,
                served: after.evaluation.served - before.evaluation.served,
                hours: hours(&cells[to].project, before, after),
            });
        }
    }
    steps
}

/// No plan of this cell is below: its own bound, and that of any cell all of its plans are plans of.
fn low(grid: &Grid, cells: &[Cell], cell: usize) -> Option<Fen> {
    let own = cells[cell].plan()?.bound.objective;
    let wider = (0..cells.len()).filter(|&other| within(grid, cells, cell, other));
    Some(wider.filter_map(|other| cells[other].plan()).map(|plan| plan.bound.objective).fold(own, Fen::max))
}

/// Is every plan of `a` one of `b`? Surely so where only the fleet and the budget differ and `b` has no less of either.
fn within(grid: &Grid, cells: &[Cell], a: usize, b: usize) -> bool {
    let at_most = |a: Option<Fen>, b: Option<Fen>| match (a, b) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => a <= b,
    };
    let (from, to) = (&cells[a].project, &cells[b].project);
    in_means_only(grid, a, b)
        && from.fleet.iter().zip(&to.fleet).all(|(from, to)| from.count <= to.count)
        && at_most(from.budget.per_day, to.budget.per_day)
        && at_most(from.budget.per_month, to.budget.per_month)
}

/// Do two cells differ in nothing but the number of vehicles and the money?
fn in_means_only(grid: &Grid, a: usize, b: usize) -> bool {
    let means = |modification: &Modification| match modification {
        Modification::AddVehicle { .. } | Modification::SetVehicles { .. } | Modification::SetBudget { .. } => true,
        Modification::CloseRoad { .. }
        | Modification::ScaleDemand { .. }
        | Modification::MoveStop { .. }
        | Modification::AddStation { .. }
        | Modification::LaterLastTrain { .. }
        | Modification::KeepTimetable { .. }
        | Modification::KeepPermits {} => false,
    };
    let places = grid.place(a).into_iter().zip(grid.place(b));
    grid.axes().iter().zip(places).all(|(axis, (a, b))| {
        a == b || [a, b].iter().all(|&choice| axis.choices[choice].modifications.iter().all(means))
    })
}

/// What is the one thing that differs?
fn what(grid: &Grid, cells: &[Cell], from: usize, to: usize) -> What {
    if !in_means_only(grid, from, to) {
        return What::Other;
    }
    let (a, b) = (&cells[from].project, &cells[to].project);
    let fleet: Vec<_> = a.fleet.iter().zip(&b.fleet).filter(|(a, b)| a.count != b.count).collect();
    match (&fleet[..], a.budget == b.budget) {
        ([(before, after)], true) => What::Vehicles { vehicle: before.id.clone(), from: before.count, to: after.count },
        ([], false) if a.budget.per_month == b.budget.per_month => match (a.budget.per_day, b.budget.per_day) {
            (Some(from), Some(to)) => What::Budget { from, to },
            _ => What::Other,
        },
        _ => What::Other,
    }
}

/// When do those wish to travel who ride in the second plan and did not in the first? Periods in order, those with too few left out.
fn hours(project: &Project, before: &Plan, after: &Plan) -> Vec<Hours> {
    let (days, all) = project.service_days();
    let weight = |service: &str| {
        let number = project.services.iter().position(|own| own.id == service);
        number.map_or(0.0, |number| f64::from(days[number]) / f64::from(all.max(1)))
    };
    let mut gain: BTreeMap<&str, i64> = BTreeMap::new();
    for (plan, sign) in [(before, -1), (after, 1)] {
        for row in &plan.riders {
            *gain.entry(row.cohort.as_str()).or_default() += sign * i64::from(row.people.0);
        }
    }
    // A wish belongs to the period that has begun last: who must be there at its end is one of its people.
    let last = project.periods.len().saturating_sub(1);
    let period =
        |time: ServiceTime| project.periods.partition_point(|period| period.from <= time).clamp(1, last + 1) - 1;
    let mut by_period: BTreeMap<usize, Vec<(ServiceTime, f64)>> = BTreeMap::new();
    for cohort in &after.cohorts {
        let people = gain.get(cohort.id.as_str()).copied().unwrap_or(0) as f64 / 1000.0 * weight(&cohort.service);
        if people != 0.0 {
            by_period.entry(period(cohort.time)).or_default().push((cohort.time, people));
        }
    }
    let told = by_period.into_values().filter_map(|mut wishes| {
        let people: f64 = wishes.iter().map(|(_, people)| people).sum();
        if people < f64::from(project.policy.k_anonymity) {
            return None;
        }
        wishes.retain(|(_, people)| *people > 0.0);
        wishes.sort_by_key(|(time, _)| *time);
        let (from, to) = range(&wishes)?;
        Some(Hours { from, to, people })
    });
    told.collect()
}

/// First and last time of these people, all positive and in order, without the outermost [`TRIMMED`] of them at either end.
fn range(wishes: &[(ServiceTime, f64)]) -> Option<(ServiceTime, ServiceTime)> {
    let trimmed = wishes.iter().map(|(_, people)| people).sum::<f64>() * TRIMMED;
    Some((reach(wishes.iter(), trimmed)?, reach(wishes.iter().rev(), trimmed)?))
}

/// The time of whoever is first beyond so many people.
fn reach<'a>(mut wishes: impl Iterator<Item = &'a (ServiceTime, f64)>, people: f64) -> Option<ServiceTime> {
    let mut sum = 0.0;
    wishes.find_map(|(time, own)| {
        sum += own;
        (sum > people).then_some(*time)
    })
}
