//! Which parts does a plan say were asked for, is it so, and what is not judged because of it?
//!
//! Who is asked to answer is the plan's own word: what it has rows of it must name, and of what it does not name a reader is told.

use std::collections::BTreeSet;

use super::report::Report;
use crate::domain::finding::Finding;
use crate::planning::plan::{PARTS, Plan};
use crate::planning::project::Project;

/// Plans of versions that did not say what was asked for are held to nothing.
pub(super) fn check(plan: &Plan, report: &mut Report) {
    if plan.parts.is_empty() {
        return;
    }
    let mut named = BTreeSet::new();
    for part in &plan.parts {
        if !PARTS.contains(&part.as_str()) {
            report.add(Finding::error("check-part-unknown").arg("part", part.as_str()));
        } else if !named.insert(part.as_str()) {
            report.add(Finding::error("check-part-twice").arg("part", part.as_str()));
        }
    }
    for part in PARTS.into_iter().filter(|part| !named.contains(part) && plan.holds(part)) {
        report.add(Finding::error("check-part-unnamed").arg("part", part));
    }
}

/// A note for each part that the project has inputs of and that [`check`](super::check) passes over, because the plan neither
/// names it nor has anything of it.
#[must_use]
pub fn unjudged(project: &Project, plan: &Plan) -> Vec<Finding> {
    let asks = |part: &str| match part {
        "shuttle" => !project.journeys.is_empty(),
        "parking" => !project.requests.is_empty(),
        "rest" => !project.couriers.is_empty(),
        "groups" => !project.areas.is_empty(),
        "rooms" => !project.claims.is_empty(),
        _ => false,
    };
    let over = |part: &&str| asks(part) && !plan.says_it_plans(part) && !plan.holds(part);
    PARTS.into_iter().filter(over).map(|part| Finding::note("check-part-not-judged").arg("part", part)).collect()
}
