//! Why is the joint plan not at its bound? Its gap in three parts that add up.
//!
//! The bound knows neither that people choose their trips, nor that a board must be readable. So the project is planned
//! twice more, and what is given up is read off step by step. With u the least upkeep there is (a line, two stops: also in the bound):
//!
//! ```text
//! bound - u  --search-->  assigned  --choice-->  chosen  --readability-->  joint - u
//! ```
//!
//! - **assigned**: seats are booked and given so that all together fare best, all seats are planned with, lines and stops cost
//!   nothing, any number of lines. **Search** is what this plan misses of the bound: what the search did not find, what the bound
//!   cannot prove, and what drivers' rules and budgets forbid that the bound does not know.
//! - **chosen**: the same, but people take their seats as the project says, of which the search leaves a share free.
//!   **Choice** is what that costs: people in seats that others would have saved more in, and trips that run with seats to spare.
//! - **joint**: the plan as it is. **Readability** is what few lines and few stops cost, their price beyond u included.
//!
//! No search is exact: a part also holds what one search found and the next did not, and may come out negative. It is shown as it is.

use super::super::plan::Plan;
use super::super::project::{Project, Seating, Upkeep};
use crate::domain::units::Fen;

/// The gap of the joint plan, fen a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Running nothing.
    pub nothing: Fen,
    /// The joint plan.
    pub objective: Fen,
    /// No plan costs less: the best proven in any of the three searches.
    pub bound: Fen,
    /// Missed by the search, or not provable.
    pub search: Fen,
    /// Because people choose.
    pub choice: Fen,
    /// Because few lines can be read.
    pub readability: Fen,
}

/// The project as the bound sees it but for choice: lines and stops cost nothing, and there may be any number of them.
#[must_use]
pub fn unlimited(project: &Project) -> Project {
    let upkeep = Upkeep { per_line: Fen::ZERO, per_stop: Fen::ZERO, max_lines: None };
    Project { upkeep, ..project.clone() }
}

/// … and seats are booked.
#[must_use]
pub fn assigned(project: &Project) -> Project {
    let mut project = unlimited(project);
    project.policy.seating = Seating::Assigned;
    project
}

/// Would the same be planned? Then it need not be planned again.
#[must_use]
pub fn alike(one: &Project, other: &Project) -> bool {
    one.upkeep == other.upkeep && one.policy == other.policy
}

impl Split {
    /// The gap of `joint` in its parts; `chosen` and `assigned` are plans of [`unlimited`] and [`assigned`] projects.
    #[must_use]
    pub fn of(project: &Project, joint: &Plan, chosen: &Plan, assigned: &Plan) -> Self {
        let nothing = joint.evaluation.nothing;
        let least = project.upkeep.per_line + project.upkeep.per_stop + project.upkeep.per_stop;
        // The bound of a plan allows for its rows being rounded; so does another's, for those of this one.
        let rows = i64::try_from(joint.riders.len() + joint.unserved.len()).unwrap_or(i64::MAX / 4);
        let others = [chosen, assigned].map(|plan| plan.bound.objective + least - Fen(rows / 2 + 1));
        let bound = others.into_iter().fold(joint.bound.objective, Fen::max).min(nothing);
        // Where nothing pays there is no line to keep up either.
        let least = if bound < nothing { least } else { Fen::ZERO };
        let [joint, chosen, assigned] = [joint, chosen, assigned].map(|plan| plan.evaluation.objective);
        Self {
            nothing,
            objective: joint,
            bound,
            search: assigned - (bound - least),
            choice: chosen - assigned,
            readability: joint - least - chosen,
        }
    }

    /// What is missed, fen a day: the parts together.
    #[must_use]
    pub fn missed(&self) -> Fen {
        self.objective - self.bound
    }

    /// The gap, and what of it is search, choice and readability: shares of the possible benefit that add up.
    #[must_use]
    pub fn shares(&self) -> [f64; 4] {
        let possible = (self.nothing - self.bound).0 as f64;
        [self.missed(), self.search, self.choice, self.readability]
            .map(|part| if possible > 0.0 { part.0 as f64 / possible } else { 0.0 })
    }
}
