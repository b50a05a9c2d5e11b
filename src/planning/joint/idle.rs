//! Does nothing pay? Proven for plans whose best is to run nothing: whoever runs anything pays so much more.
//!
//! A plan that runs something has a vehicle of some kind on some day. All plans with at least one of a kind are a part like those of the
//! branch and bound ([`super::exact`]), with a bound of its own; where each is far enough above, nothing is the best for sure.

use super::bound::{Part, Relaxation};
use super::exact::affordable;
use super::problem::Problem;

/// Steps of the prices for a kind and day.
const STEPS: u32 = 400;
/// Steps between two looks whether to stop.
const LOOK: u32 = 10;

/// Does every plan that runs anything cost more than nothing, by at least `margin`, days weighted? `false` also where it cannot be proven,
/// or not before `stop` says so.
#[must_use]
pub fn nothing_pays(problem: &Problem, margin: f64, stop: &dyn Fn() -> bool) -> bool {
    (0..problem.days.len()).all(|day| {
        let weight = problem.days[day].weight;
        weight <= 0.0 || (0..problem.kinds.len()).all(|kind| too_dear(problem, day, kind, margin / weight, stop))
    })
}

/// The same of plans with a vehicle of this kind on this day.
fn too_dear(problem: &Problem, day: usize, kind: usize, margin: f64, stop: &dyn Fn() -> bool) -> bool {
    let mut part = Part::whole(problem, day);
    if part.range[kind].1 == 0 {
        return true;
    }
    part.range[kind].0 = 1;
    let Some(part) = affordable(problem, day, part) else { return true };
    let mut relaxation = Relaxation::new(problem, day, &part);
    // Aimed a little beyond, or the last bit takes the longest.
    let enough = problem.nothing_of(day) + margin;
    let target = enough + margin.abs() + 1e-6;
    for step in 0..STEPS {
        relaxation.step(target);
        if relaxation.best.0 >= enough {
            return true;
        }
        if step % LOOK == LOOK - 1 && stop() {
            break;
        }
    }
    false
}
