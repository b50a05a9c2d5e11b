//! What no plan can beat: everybody at the cheaper of the alternative and the best conceivable trip, and at least one vehicle.
//!
//! Valid for every plan over the stops the planner may use: a ride between two stops takes at least the shortest time over any
//! band and any stops between (Floyd & Warshall), a wait at least nothing; a plan that carries anybody hires at least the cheapest
//! vehicle on one service, opens a line and two stops. Far from tight: vehicles are otherwise free.

use super::model::Model;
use super::plan::Bound;
use super::project::Project;
use super::trips::best_conceivable;
use crate::domain::ids::ServiceId;
use crate::domain::units::{Fen, Seconds};

/// Name of this proof.
pub const METHOD: &str = "best-conceivable-trip";

/// The bound's objective in fen a day, rounded down (so that rounding keeps it valid).
#[must_use]
pub fn objective(project: &Project, model: &Model, nothing: Fen) -> Fen {
    let fastest = fastest(model);
    let mut people = 0.0;
    for ride in &model.rides {
        let least = best_conceivable(model, ride, &fastest).map_or(ride.alternative, |best| best.min(ride.alternative));
        people += least.fen() * ride.people.as_f64() * model.weight(ride.service);
    }
    let hire = project
        .fleet
        .iter()
        .filter(|kind| kind.count > 0)
        .map(|kind| kind.cost_per_day.0 as f64)
        .fold(f64::INFINITY, f64::min);
    let weight = (0..project.services.len())
        .map(|s| model.weight(ServiceId::at(s)))
        .filter(|w| *w > 0.0)
        .fold(f64::INFINITY, f64::min);
    let upkeep = (project.upkeep.per_line.0 + 2 * project.upkeep.per_stop.0) as f64;
    // Rows are rounded to whole fen: each may be half a fen lower than its exact value.
    let rounding = model.rides.len() as f64 * 0.5 * 4.0;
    let running = people + hire * weight + upkeep - rounding;
    #[expect(clippy::cast_possible_truncation, reason = "a day's cost is far below 2^53 fen")]
    let running = if running.is_finite() { Fen(running.floor() as i64) } else { nothing };
    running.min(nothing)
}

/// The bound of a plan with this objective.
#[must_use]
pub fn state(bound: Fen, objective: Fen, nothing: Fen) -> Bound {
    Bound { objective: bound, gap: gap(objective, bound, nothing), method: METHOD.to_owned() }
}

/// Share of the possible benefit that is missed; 0 when nothing pays.
#[must_use]
pub fn gap(objective: Fen, bound: Fen, nothing: Fen) -> f64 {
    let possible = (nothing - bound).0;
    if possible <= 0 { 0.0 } else { (objective - bound).0 as f64 / possible as f64 }
}

/// Shortest seconds from stop to stop in any band, over any stops.
fn fastest(model: &Model) -> Vec<Vec<Option<Seconds>>> {
    let n = model.stops.len();
    let least =
        |a: usize, b: usize| model.drive.iter().filter_map(|matrix| matrix.get(a, b)).map(|(seconds, _)| seconds).min();
    let mut fastest: Vec<Vec<Option<Seconds>>> = (0..n).map(|a| (0..n).map(|b| least(a, b)).collect()).collect();
    for via in 0..n {
        let onwards = fastest[via].clone();
        for row in &mut fastest {
            let Some(first) = row[via] else { continue };
            for (cell, second) in row.iter_mut().zip(&onwards) {
                if let Some(second) = second
                    && cell.is_none_or(|now| first + *second < now)
                {
                    *cell = Some(first + *second);
                }
            }
        }
    }
    fastest
}
