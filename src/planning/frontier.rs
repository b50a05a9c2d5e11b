//! What is a change worth? The best plan found with at most so many changes from the plan in force, for a row of such limits.
//!
//! Each search starts from the best of the limit before, and where it finds nothing better that one stays: a plan with few changes
//! is allowed with more. So what a plan costs on simulated days never rises along the row, by construction.

use std::sync::Arc;

use super::changes::{self, Changes};
use super::plan::Plan;
use super::project::Project;
use super::{Parts, PlanningError, make_plan};
use crate::search::Run;

/// Limits that are tried; `None`: as many as pay.
pub const ALLOWED: [Option<u32>; 8] = [Some(0), Some(1), Some(2), Some(4), Some(8), Some(16), Some(32), None];

/// The best plan found within a limit.
#[derive(Clone, Debug)]
pub struct Step {
    /// Changes allowed.
    pub allowed: Option<u32>,
    /// The plan; `None`: none was found with so few.
    pub plan: Option<Arc<Plan>>,
    /// What it changes.
    pub changes: Changes,
}

/// Only the shuttle is planned: nothing else can change.
const SHUTTLE: Parts = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };

/// The next step of the row after `before`, with this many changes allowed (no fewer than there).
///
/// # Errors
/// As [`make_plan`], but for a limit nothing keeps: that step has no plan.
pub fn step(
    project: &Project,
    allowed: Option<u32>,
    before: Option<&Step>,
    run: &Run<'_>,
) -> Result<Step, PlanningError> {
    let limited = Project { max_changes: allowed, ..project.clone() };
    let start = before.and_then(|step| step.plan.clone());
    let found = match make_plan(&limited, SHUTTLE, start.as_deref(), run, &|_| ()) {
        Ok(solved) => Some(solved.best),
        Err(PlanningError::TooFewChanges(_)) => None,
        Err(error) => return Err(error),
    };
    let cost = |plan: &Arc<Plan>| plan.real_cost();
    // The one before, where they are equal: it changes no more.
    let plan = start.into_iter().chain(found).min_by_key(cost);
    let changes = match (&plan, &project.in_force) {
        (Some(plan), Some(in_force)) => changes::between(in_force, plan),
        _ => Changes::default(),
    };
    Ok(Step { allowed, plan, changes })
}
