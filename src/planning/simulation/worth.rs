//! What time is worth to people: weighted seconds, fen.

use crate::planning::project::Project;

/// Weights and prices, as numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worth {
    pub(super) walk: f64,
    /// Of waiting, and of every minute that somebody comes too late: the plan weighs minutes too early as waiting, and commuters
    /// mind late ones 2.4 times as much as riding (Small 1982), near the default of 2.
    pub(super) wait: f64,
    pub(super) ride: f64,
    /// Of a weighted second, fen.
    pub(super) second_fen: f64,
    pub(super) fare_fen: f64,
    pub(super) stranded_fen: f64,
}

impl Worth {
    pub(super) fn of(project: &Project) -> Self {
        let policy = &project.policy;
        Self {
            walk: f64::from(policy.weight_walk) / 1000.0,
            wait: f64::from(policy.weight_wait) / 1000.0,
            ride: f64::from(policy.weight_ride) / 1000.0,
            second_fen: policy.value_of_time_per_h.0 as f64 / 3600.0,
            fare_fen: policy.fare.0 as f64,
            stranded_fen: policy.stranded.0 as f64,
        }
    }

    /// Weighted seconds of milliseconds walked, waited and ridden.
    pub(super) fn seconds(&self, walk_ms: i64, wait_ms: i64, ride_ms: i64) -> f64 {
        (self.walk * walk_ms as f64 + self.wait * wait_ms as f64 + self.ride * ride_ms as f64) / 1000.0
    }
}
