//! A neighbour's plan that is better and keeps this cell's limits is this cell's plan too: what was found for a cell may run as well with
//! a vehicle less, or in spite of a road that is closed elsewhere. The independent checker decides, never a comparison of inputs.

use std::sync::Arc;

use super::grid::Grid;
use super::{Cell, State};
use crate::planning::plan::{Bound, Plan};
use crate::planning::project::Project;
use crate::planning::{bound, check};

/// Hands better plans on to neighbours until nobody can use another's; how many cells took one over. In a fixed order.
///
/// O(cells x axes) checks a round; each round some objective falls, and a plan travels at most through all cells.
pub fn hand_on(grid: &Grid, cells: &mut [Cell]) -> usize {
    let mut taken = 0;
    for _ in 0..cells.len() {
        let mut any = false;
        // From the last to the first, then to the last again: most plans travel towards fewer vehicles and less money.
        for cell in (0..cells.len()).rev().chain(0..cells.len()) {
            let mut near = grid.before(cell);
            near.extend((0..grid.axes().len()).filter_map(|axis| grid.next(cell, axis)));
            near.retain(|&other| cells[other].plan().is_some());
            near.sort_by_key(|&other| (cells[other].plan().map(|plan| plan.evaluation.objective), other));
            let better = near.into_iter().find_map(|other| adopted(&cells[cell], cells[other].plan()?));
            if let Some(plan) = better {
                cells[cell].state = State::Planned(Arc::new(plan));
                any = true;
                taken += 1;
            }
        }
        if !any {
            break;
        }
    }
    taken
}

/// The plan as one of this cell, if it is better than the cell's own and the checker has nothing against it.
fn adopted(cell: &Cell, other: &Plan) -> Option<Plan> {
    let own = cell.plan()?;
    let better = other.evaluation.objective < own.evaluation.objective;
    // Another demand is another plan: its cohorts would not be these.
    let alike = better && other.cohorts == own.cohorts && other.evaluation.nothing == own.evaluation.nothing;
    let plan = alike.then(|| renamed(&cell.project, own, other))?;
    check::check(&cell.project, &plan).is_empty().then_some(plan)
}

fn renamed(project: &Project, own: &Plan, other: &Plan) -> Plan {
    let worth = &other.evaluation;
    let gap = bound::gap(worth.objective, own.bound.objective, worth.nothing);
    Plan {
        inputs_hash: project.inputs_hash.clone(),
        started_from: Some(other.id.clone()),
        bound: Bound { gap, ..own.bound.clone() },
        ..other.clone()
    }
    .sealed()
}
