//! Does this plan keep its word? The independent judge of the rules at the top of [`super::plan`].
//!
//! It shares no code with the stages that make plans: from the project and its roads it derives everything again (walks,
//! drives, options, loads, costs, shares) and names each difference by a code of its own, with what, where, expected and
//! found. It reads any plan that parses: nothing is indexed unchecked, sums are wider than what they add.
//!
//! Limits: a section that is wholly empty (no cohorts and trips; nothing of parking; no rest points, groups or rooms) was not asked
//! for and is not held against the plan, but for shuttle, parking and rooms where the plan says they were asked for; [`unjudged`] names those
//! the project has inputs for. What else is not judged stands at the top of the files. Time O(cohorts x trips x stops of a trip squared) and one walk search a place.

mod blocks;
mod bound;
mod case;
mod changes;
mod cohorts;
mod duties;
mod ground;
mod groups;
mod joint;
mod money;
mod on_demand;
mod parking;
mod parts;
mod places;
mod references;
mod refusals;
mod report;
mod rest;
mod riders;
mod room_refusals;
mod rooms;
pub mod shapley;
mod simulated;
#[cfg(test)]
mod tests;
mod times;
mod travel;
mod trips;
mod walks;
mod worth;

use std::collections::BTreeSet;

use super::plan::Plan;
use super::project::Project;
use crate::domain::finding::Finding;
use case::Case;
use ground::Ground;
use report::Report;

pub use parts::unjudged;

/// Stops whose matrices are still computed.
const MAX_STOPS: usize = 3_000;
/// Cohorts x pairs of stops over all trips that are still compared.
const MAX_PAIRS: u128 = 2_000_000_000;

/// All that is wrong with a plan of this project; empty: it keeps the rules. At most [`report::LIMIT`] findings and one
/// that counts the others.
#[must_use]
pub fn check(project: &Project, plan: &Plan) -> Vec<Finding> {
    let mut report = Report::default();
    references::check(project, plan, &mut report);
    parts::check(plan, &mut report);
    if too_large(plan) {
        report.add(Finding::error("check-too-large"));
        return report.finish();
    }
    let case = Case::new(project, plan);
    let ground = Ground::new(&case);
    cohorts::check(&case, &ground, &mut report);
    places::check(&case, &ground, &mut report);
    trips::check(&case, &ground, &mut report);
    blocks::check(&case, &ground, &mut report);
    duties::check(&case, &mut report);
    let rides = riders::check(&case, &ground, &mut report);
    money::check(&case, &rides, &mut report);
    worth::check(&case, &rides, &mut report);
    bound::check(&case, &ground, &rides, &mut report);
    on_demand::check(&case, &ground, &rides, &mut report);
    parking::check(&case, &ground, &mut report);
    rest::check(&case, &ground, &mut report);
    groups::check(&case, &ground, &mut report);
    rooms::check(&case, &mut report);
    room_refusals::check(&case, &mut report);
    simulated::check(&case, &ground, &mut report);
    report.finish()
}

fn too_large(plan: &Plan) -> bool {
    let rides = plan.on_demand.iter().flat_map(|offer| &offer.stops).map(|stop| stop.id.as_str());
    let stops: BTreeSet<&str> = plan.stops.iter().map(|stop| stop.id.as_str()).chain(rides).collect();
    let pairs: u128 = plan.trips.iter().map(|trip| (trip.times.len() as u128).pow(2)).sum();
    stops.len() > MAX_STOPS || pairs * (plan.cohorts.len() as u128 + 1) > MAX_PAIRS
}
