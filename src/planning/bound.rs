//! What no plan can beat: everybody at the cheaper of the alternative and the best conceivable trip, and at least one vehicle.
//!
//! Valid for every plan over the stops the planner may use: a ride between two stops takes at least the shortest time over any
//! band and any stops between (Floyd & Warshall), a wait at least the time that people come ahead; a plan that carries anybody hires at least the cheapest
//! vehicle on one service, opens a line and two stops. Far from tight: vehicles are otherwise free.

use super::model::Model;
use super::plan::Bound;
use super::project::Project;
use super::trips::best_conceivable;
use crate::domain::ids::ServiceId;
use crate::domain::units::{Fen, Seconds};

/// Name of this proof where the project lists its stops.
pub const METHOD: &str = "best-conceivable-trip";
/// Name of this proof where stops were found along the roads: it holds for plans over those found.
pub const METHOD_FOUND: &str = "best-conceivable-trip-over-found-stops";

/// Name of the proof by prices of rides and flows of vehicles ([`super::joint`]): it holds for all plans over the lines of the pool.
pub const JOINT: &str = "lagrangian-over-line-pool";
/// The same where stops were found along the roads.
pub const JOINT_FOUND: &str = "lagrangian-over-line-pool-and-found-stops";

/// The bound's objective in fen a day, rounded down. The objective is reported as a sum of rounded rows, which may be half a fen a
/// row below the exact sum: `rows`, those of the plan it is stated beside, lower it by as much.
#[must_use]
pub fn objective(project: &Project, model: &Model, nothing: Fen, rows: usize) -> Fen {
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
    let rounding = rows as f64 / 2.0 + 1.0;
    let running = people + hire * weight + upkeep - rounding;
    #[expect(clippy::cast_possible_truncation, reason = "a day's cost is far below 2^53 fen")]
    let running = if running.is_finite() { Fen(running.floor() as i64) } else { nothing };
    running.max(Fen::ZERO).min(nothing)
}

/// What the joint engine proved of a plan's people and vehicles, as a bound of the objective: whoever runs anything opens a line and two
/// stops beside. Fen a day, rounded down as in [`objective`].
#[must_use]
pub fn joint(project: &Project, proven: f64, nothing: Fen, rows: usize) -> Fen {
    let upkeep = (project.upkeep.per_line.0 + 2 * project.upkeep.per_stop.0) as f64;
    let least = proven + upkeep - (rows as f64 / 2.0 + 1.0);
    #[expect(clippy::cast_possible_truncation, reason = "a day's cost is far below 2^53 fen")]
    let least = if least.is_finite() { Fen(least.floor() as i64) } else { Fen::ZERO };
    least.max(Fen::ZERO).min(nothing)
}

/// How far above nothing every plan that runs must be, upkeep apart, so that [`joint`] states nothing itself as the bound: the plan of
/// nothing has `rows` rows, and what it states is exact.
#[must_use]
pub fn idle_margin(project: &Project, rows: usize) -> f64 {
    let upkeep = (project.upkeep.per_line.0 + 2 * project.upkeep.per_stop.0) as f64;
    // Rounding down, and the floating point of the proof.
    rows as f64 / 2.0 + 3.0 - upkeep
}

/// The bound of a plan with this objective: the better of the two proofs.
#[must_use]
pub fn state(project: &Project, simple: Fen, joint: Option<Fen>, objective: Fen, nothing: Fen) -> Bound {
    let listed = !project.stops.is_empty();
    let (bound, method) = match joint.filter(|joint| *joint > simple) {
        Some(joint) => (joint, if listed { JOINT } else { JOINT_FOUND }),
        None => (simple, if listed { METHOD } else { METHOD_FOUND }),
    };
    Bound { objective: bound, gap: gap(objective, bound, nothing), method: method.to_owned() }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::{Metres, People, ServiceTime};
    use crate::planning::model::person_cost;
    use crate::planning::model::tiny::{self, arriving, row};
    use crate::planning::project::{Upkeep, VehicleType};

    fn project(day: i64) -> Project {
        let date = |text: &str| text.parse().unwrap();
        let service = crate::domain::calendar::Service {
            id: "weekday".to_owned(),
            week: crate::domain::calendar::Week::WORKING,
            from: date("2026-12-01"),
            until: date("2026-12-31"),
            added: Vec::new(),
            removed: Vec::new(),
        };
        let upkeep = Upkeep { per_line: Fen(100), per_stop: Fen(10), max_lines: None };
        Project {
            fleet: vec![VehicleType { cost_per_day: Fen(day), ..tiny::buses(1) }],
            services: vec![service],
            upkeep,
            ..Project::default()
        }
    }

    #[test]
    fn a_perfect_trip_meets_the_bound_to_the_rounding() {
        // Ten people leave the stop at 07:00 and are there 07:06:40, the very second they wished; otherwise a taxi of 20 yuan.
        let model = row(2, 400, vec![arriving(0, 1, ServiceTime::hm(7, 0) + Seconds(400), 10_000, 20)]);
        let project = project(3000);
        let nothing = Fen(20_000);
        let riding = person_cost(&model.policy, Seconds(0), Seconds(0), Seconds(400), Fen(0)).times(People(10_000));
        // 400 s x 40 CNY/h = 4.444 CNY each, 44.44 together; hire 30.00, a line 1.00, two stops 0.20.
        let perfect = Fen(4444 + 3000 + 100 + 20);
        assert_eq!(riding, Fen(4444));
        let bound = objective(&project, &model, nothing, 1);
        assert!(bound <= perfect && perfect - bound <= Fen(3), "{bound} against {perfect}");
        // A vehicle dearer than all it could save: nothing is the best, and the bound says so.
        assert_eq!(objective(&self::project(90_000), &model, nothing, 1), nothing);
        assert!(gap(nothing, nothing, nothing).abs() < f64::EPSILON);
    }

    #[test]
    fn a_way_over_another_stop_counts_as_the_shortest() {
        let mut model = row(3, 400, vec![arriving(0, 2, ServiceTime::hm(8, 0), 1000, 20)]);
        // Straight from 0 to 2 takes longer than over 1: turning round is allowed at a forecourt.
        for matrix in &mut model.drive {
            matrix.cells[2] = Some((Seconds(5000), Metres(9000)));
        }
        assert_eq!(fastest(&model)[0][2], Some(Seconds(800)));
    }
}
