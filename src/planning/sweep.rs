//! What if, and what if besides? A grid of what-ifs: every combination of the alternatives of its axes is a cell, a scenario of its own,
//! planned like any other; and what the differences between cells say a vehicle or a yuan is worth.
//!
//! A cell starts from the plan of a neighbour one alternative earlier on some axis (the best of them; the first cell from nothing), so
//! cells are planned wave by wave, [`grid::Grid::waves`], those of a wave side by side: the same seed, iterations and chains give
//! the same table whatever the threads. Afterwards a cell takes over a neighbour's plan that is better and keeps the cell's own limits
//! ([`shared`]), so that more money or another vehicle never makes the table worse by an accident of the search.
//!
//! **Pareto set** ([`pareto`]): the cells of which no other has both less (or as much) running cost and less (or as much) cost to
//! people, and less of one. Only cells of the same demand are compared: those whose cost of doing nothing is the same.
//!
//! **Worth** ([`worth`]): plans are found, not proven best, so a difference between two of them is an estimate; what the best plans
//! differ by is told as a range that follows from the bounds.

pub mod grid;
pub mod shared;
pub mod worth;

use std::sync::Arc;

use super::changes;
use super::plan::Plan;
use super::project::Project;
use super::scenario::{self, ScenarioError};
use super::{Parts, PlanningError, make_plan};
use crate::search::{Ended, Run};
use grid::Grid;

/// What became of a cell.
#[derive(Clone, Debug)]
pub enum State {
    /// Not planned (yet): the sweep was stopped before it, or in the middle of it.
    Open,
    /// Its plan.
    Planned(Arc<Plan>),
    /// What was found did not pass the check.
    Refused,
}

/// A cell: a combination of alternatives.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The project with its modifications made.
    pub project: Project,
    /// What became of it.
    pub state: State,
}

impl Cell {
    /// Its plan, if there is one.
    #[must_use]
    pub fn plan(&self) -> Option<&Arc<Plan>> {
        match &self.state {
            State::Planned(plan) => Some(plan),
            State::Open | State::Refused => None,
        }
    }
}

/// A modification that does not fit: alternative and modification of an axis, each from 0, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Axis.
    pub axis: usize,
    /// Alternative.
    pub choice: usize,
    /// Modification.
    pub modification: usize,
    /// Why.
    pub error: ScenarioError,
}

/// All cells, none of them planned.
///
/// # Errors
/// The first modification that does not fit the project.
pub fn cells(project: &Project, grid: &Grid) -> Result<Vec<Cell>, Misfit> {
    (0..grid.len())
        .map(|cell| {
            let place = grid.place(cell);
            let project = scenario::apply(project, &grid.scenario(cell)).map_err(|(number, error)| {
                // The number counts over all axes.
                let mut left = number.saturating_sub(1);
                for (axis, &choice) in place.iter().enumerate() {
                    let own = grid.axes()[axis].choices[choice].modifications.len();
                    if left < own {
                        return Misfit { axis, choice, modification: left, error };
                    }
                    left -= own;
                }
                Misfit { axis: 0, choice: 0, modification: 0, error }
            })?;
            Ok(Cell { project, state: State::Open })
        })
        .collect()
}

/// Only the shuttle is planned: what-ifs of parking have no plan to start from.
const SHUTTLE: Parts = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };

/// Plans a cell from the best of its neighbours' plans. One that was stopped in the middle stays open: beside cells with all the
/// time they asked for its figures would mislead.
#[must_use]
pub fn plan(grid: &Grid, cells: &[Cell], cell: usize, run: &Run<'_>, stopped: &dyn Fn() -> bool) -> State {
    let before = grid.before(cell).into_iter().filter_map(|other| cells[other].plan());
    let start = before.min_by_key(|plan| plan.evaluation.objective).cloned();
    match make_plan(&cells[cell].project, SHUTTLE, start.as_deref(), run, &|_| ()) {
        Ok(solved) if solved.ended == Ended::Stopped && stopped() => State::Open,
        Ok(solved) => State::Planned(solved.best),
        Err(PlanningError::Refused(_) | PlanningError::TooFewChanges(_) | PlanningError::Tangled) => State::Refused,
    }
}

/// Of each cell: is it in the Pareto set? `None`: it has no plan.
#[must_use]
pub fn pareto(cells: &[Cell]) -> Vec<Option<bool>> {
    let figures = |cell: &Cell| {
        let worth = &cell.plan()?.evaluation;
        Some((worth.nothing, worth.terms.running_fen, worth.terms.people_fen))
    };
    let all: Vec<_> = cells.iter().map(figures).collect();
    let beaten = |own: &(_, _, _)| {
        all.iter().flatten().any(|other| {
            other.0 == own.0 && other.1 <= own.1 && other.2 <= own.2 && (other.1 < own.1 || other.2 < own.2)
        })
    };
    all.iter().map(|own| own.as_ref().map(|own| !beaten(own))).collect()
}

/// Of each cell: changes for riders against the plan in force; where there is none, against the first cell's plan.
#[must_use]
pub fn changes(cells: &[Cell]) -> Vec<Option<u32>> {
    let first = cells.first().and_then(|cell| cell.project.in_force.as_ref().or(cell.plan()));
    let count = |cell: &Cell| Some(changes::between(first?, cell.plan()?).count());
    cells.iter().map(count).collect()
}

#[cfg(test)]
mod tests;
