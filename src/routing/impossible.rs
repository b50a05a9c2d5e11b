//! Which jobs can no vehicle do even alone, and why not? O(jobs x types of vehicles). Exact: a job not named here has a tour of its own that
//! `check` finds nothing against.

use super::problem::{DIMS, MOST, Problem};

/// What the vehicle that comes closest still breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Not enough room.
    #[error("it needs room for {needs} of load {kind}; the vehicle holds {has}")]
    Load {
        /// Kind of load.
        kind: usize,
        /// Delivered or collected.
        needs: i64,
        /// Room.
        has: i64,
    },
    /// Reached too late.
    #[error("it can begin at {soonest} at the soonest; its window ends at {latest}")]
    Window {
        /// Soonest.
        soonest: i64,
        /// End of the window.
        latest: i64,
    },
    /// Back too late.
    #[error("the vehicle would be back at {soonest} at the soonest; its shift ends at {latest}")]
    Back {
        /// Soonest.
        soonest: i64,
        /// End of the shift.
        latest: i64,
    },
    /// Away too long.
    #[error("there, the job and back take {takes}; the vehicle may be away for {longest}")]
    Duration {
        /// Shortest possible.
        takes: i64,
        /// Longest allowed.
        longest: i64,
    },
    /// Too far.
    #[error("there and back are {length}; the vehicle may go {longest}")]
    Distance {
        /// Length.
        length: i64,
        /// Longest allowed.
        longest: i64,
    },
}

impl Reason {
    /// How many kinds of limits are kept before this one, and by how much it is broken.
    fn closeness(&self) -> (usize, i64) {
        match *self {
            Self::Load { needs, has, .. } => (0, has - needs),
            Self::Window { soonest, latest } => (1, latest - soonest),
            Self::Back { soonest, latest } => (2, latest - soonest),
            Self::Duration { takes, longest } => (3, longest - takes),
            Self::Distance { length, longest } => (4, longest - length),
        }
    }
}

/// Positions of the jobs nobody could do, with the reason of the vehicle that keeps most limits (in the order of [`Reason`]) and breaks the next by
/// the least.
#[must_use]
pub fn impossible(problem: &Problem) -> Vec<(usize, Reason)> {
    let mut found = Vec::new();
    'jobs: for job in 0..problem.jobs().len() {
        let mut closest: Option<Reason> = None;
        for vehicle in (0..problem.vehicles().len()).filter(|&vehicle| problem.vehicles()[vehicle].count > 0) {
            let Some(reason) = alone(problem, job, vehicle) else { continue 'jobs };
            if closest.is_none_or(|closest| reason.closeness() > closest.closeness()) {
                closest = Some(reason);
            }
        }
        found.extend(closest.map(|reason| (job, reason)));
    }
    found
}

/// The first limit a vehicle breaks that does this job and nothing else.
fn alone(problem: &Problem, job: usize, kind: usize) -> Option<Reason> {
    let (what, vehicle) = (&problem.jobs()[job], &problem.vehicles()[kind]);
    for kind in 0..DIMS {
        let (needs, has) = (what.delivered[kind].max(what.collected[kind]), vehicle.capacity[kind]);
        if needs > has {
            return Some(Reason::Load { kind, needs: needs.into(), has: has.into() });
        }
    }
    let there = i64::from(problem.duration(kind, vehicle.start, what.place));
    let rest = i64::from(what.service) + i64::from(problem.duration(kind, what.place, vehicle.end));
    let soonest = (i64::from(vehicle.shift.0) + there).max(what.window.0.into());
    if breaks(soonest, what.window.1) {
        return Some(Reason::Window { soonest, latest: what.window.1.into() });
    }
    if breaks(soonest + rest, vehicle.shift.1) {
        return Some(Reason::Back { soonest: soonest + rest, latest: vehicle.shift.1.into() });
    }
    // Nobody waits who leaves late enough.
    if breaks(there + rest, vehicle.max_duration) {
        return Some(Reason::Duration { takes: there + rest, longest: vehicle.max_duration.into() });
    }
    let length = i64::from(problem.distance(kind, vehicle.start, what.place))
        + i64::from(problem.distance(kind, what.place, vehicle.end));
    let longest = vehicle.max_distance;
    (length > longest).then_some(Reason::Distance { length, longest })
}

/// A limit of [`MOST`] is none.
fn breaks(value: i64, limit: i32) -> bool {
    limit < MOST && value > i64::from(limit)
}
