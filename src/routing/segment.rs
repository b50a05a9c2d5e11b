//! What is known of a stretch of a route, so that two stretches are joined in O(1): its times (Vidal et al. 2013, eqs. 4 to 7) and its loads.

use super::problem::{Job, Vehicle};

/// Times of a stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Times {
    /// Shortest time from its first beginning to its last end, waiting and warp included.
    pub(super) duration: i32,
    /// Time by which clocks must be turned back to keep all windows; 0: they are kept.
    pub(super) warp: i32,
    /// Earliest beginning that gives this duration and warp.
    pub(super) early: i32,
    /// Latest such beginning.
    pub(super) late: i32,
}

impl Times {
    /// Of a job alone.
    pub(super) fn of(job: &Job) -> Self {
        Self { duration: job.service, warp: 0, early: job.window.0, late: job.window.1 }
    }
    /// Of leaving or coming back.
    pub(super) fn of_depot(vehicle: &Vehicle) -> Self {
        Self { duration: 0, warp: 0, early: vehicle.shift.0, late: vehicle.shift.1 }
    }
    /// Of leaving for a trip at a time at the soonest.
    #[inline]
    pub(super) fn of_leaving(vehicle: &Vehicle, release: i32) -> Self {
        let (early, late) = (vehicle.shift.0.max(release), vehicle.shift.1);
        Self { duration: 0, warp: (early - late).max(0), early: early.min(late), late }
    }
    /// First this, then `travel`, then `next`.
    #[inline(always)]
    pub(super) fn then(self, travel: i32, next: Self) -> Self {
        let delta = self.duration - self.warp + travel;
        let wait = (next.early - delta - self.late).max(0);
        let warp = (self.early + delta - next.late).max(0);
        Self {
            duration: self.duration + next.duration + travel + wait,
            warp: self.warp + next.warp + warp,
            early: (next.early - delta).max(self.early) - wait,
            late: (next.late - delta).min(self.late) + warp,
        }
    }
}

/// Loads of a stretch, of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Loads {
    /// Aboard before it, to be delivered in it.
    pub(super) delivered: i32,
    /// Aboard after it, collected in it.
    pub(super) collected: i32,
    /// Most aboard at any time in it.
    pub(super) most: i32,
}

impl Loads {
    /// Of a job alone.
    pub(super) fn of(job: &Job, dim: usize) -> Self {
        let (delivered, collected) = (job.delivered[dim], job.collected[dim]);
        Self { delivered, collected, most: delivered.max(collected) }
    }
    /// Of setting down what was aboard.
    pub(super) fn let_go(amount: i32) -> Self {
        Self { delivered: 0, collected: -amount, most: 0 }
    }
    /// First this, then `next`.
    #[inline(always)]
    pub(super) fn then(self, next: Self) -> Self {
        Self {
            delivered: self.delivered + next.delivered,
            collected: self.collected + next.collected,
            most: (self.most + next.delivered).max(self.collected + next.most),
        }
    }
}
