//! Which jobs can no vehicle do even alone, and why not? O(jobs x types of vehicles). Exact: a job not named here has a tour of its own that
//! `check` finds nothing against; with a pickup goes its delivery, which is not named itself.

use super::check::{Fault, drive};
use super::problem::{DIMS, MOST, Pair, Problem};
use super::tours::Tour;

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
    /// Set down too late.
    #[error("it can be set down at {soonest} at the soonest; that window ends at {latest}")]
    SetDown {
        /// Soonest.
        soonest: i64,
        /// End of the delivery's window.
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
    /// A wait aboard, where none is allowed.
    #[error("it would wait at least {waits} aboard until it may be set down; the vehicle may not wait then")]
    Waits {
        /// Shortest possible.
        waits: i64,
    },
    /// Aboard too long.
    #[error("its ride takes at least {takes}; it may take {longest}")]
    Ride {
        /// Shortest possible.
        takes: i64,
        /// Longest allowed.
        longest: i64,
    },
    /// Away too long.
    #[error("there, the job and back take {takes}; the vehicle may be away for {longest}")]
    Duration {
        /// Shortest possible.
        takes: i64,
        /// Longest allowed.
        longest: i64,
    },
    /// No time for a break.
    #[error("there is no time for break {rest} of the vehicle's, which begins between {from} and {until}")]
    Break {
        /// Which break.
        rest: usize,
        /// Start of its window.
        from: i64,
        /// End of its window.
        until: i64,
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
            Self::SetDown { soonest, latest } => (2, latest - soonest),
            Self::Back { soonest, latest } => (3, latest - soonest),
            Self::Waits { waits } => (4, -waits),
            Self::Ride { takes, longest } => (5, longest - takes),
            Self::Duration { takes, longest } => (6, longest - takes),
            Self::Break { .. } => (7, 0),
            Self::Distance { length, longest } => (8, longest - length),
        }
    }
}

/// Positions of the jobs nobody could do, with the reason of the vehicle that keeps most limits (in the order of [`Reason`]) and breaks the next by
/// the least.
#[must_use]
pub fn impossible(problem: &Problem) -> Vec<(usize, Reason)> {
    let mut found = Vec::new();
    let orders = (0..problem.jobs().len()).filter(|&job| pair(problem, job).is_none_or(|pair| pair.pickup == job));
    'jobs: for job in orders {
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

/// The pair a job stands in.
fn pair(problem: &Problem, job: usize) -> Option<&Pair> {
    problem.pair_of(job).map(|pair| &problem.pairs()[pair])
}

/// The first limit a vehicle breaks that does this job, with its delivery if it has one, and nothing else.
fn alone(problem: &Problem, job: usize, kind: usize) -> Option<Reason> {
    let (what, vehicle) = (&problem.jobs()[job], &problem.vehicles()[kind]);
    for kind in 0..DIMS {
        let (needs, has) = (what.delivered[kind].max(what.collected[kind]), vehicle.capacity[kind]);
        if needs > has {
            return Some(Reason::Load { kind, needs: needs.into(), has: has.into() });
        }
    }
    let time = |from: usize, to: usize| i64::from(problem.duration(kind, from, to));
    let there = time(vehicle.start, what.place);
    let soonest = (i64::from(vehicle.shift.0.max(what.release)) + there).max(what.window.0.into());
    if breaks(soonest, what.window.1) {
        return Some(Reason::Window { soonest, latest: what.window.1.into() });
    }
    let (mut last, mut ends) = (what.place, soonest + i64::from(what.service));
    // Nobody waits who leaves late enough, unless one window ends too long before the next begins.
    let mut takes = there + i64::from(what.service);
    let mut length = i64::from(problem.distance(kind, vehicle.start, what.place));
    let mut aboard = None;
    if let Some(pair) = pair(problem, job) {
        let second = &problem.jobs()[pair.delivery];
        let way = time(what.place, second.place);
        let soonest = (ends + way).max(second.window.0.into());
        if breaks(soonest, second.window.1) {
            return Some(Reason::SetDown { soonest, latest: second.window.1.into() });
        }
        let latest = if what.window.1 < MOST { what.window.1.into() } else { i64::MAX };
        let waits = soonest - latest.min(soonest - way - i64::from(what.service)) - i64::from(what.service) - way;
        aboard = Some((waits, way + waits, pair.max_ride));
        (last, ends) = (second.place, soonest + i64::from(second.service));
        takes += way + waits + i64::from(second.service);
        length += i64::from(problem.distance(kind, what.place, second.place));
    }
    let home = time(last, vehicle.end);
    if breaks(ends + home, vehicle.shift.1) {
        return Some(Reason::Back { soonest: ends + home, latest: vehicle.shift.1.into() });
    }
    if let Some((waits, ride, longest)) = aboard {
        if waits > 0 && !vehicle.may_wait {
            return Some(Reason::Waits { waits });
        }
        if breaks(ride, longest) {
            return Some(Reason::Ride { takes: ride, longest: longest.into() });
        }
    }
    if breaks(takes + home, vehicle.max_duration) {
        return Some(Reason::Duration { takes: takes + home, longest: vehicle.max_duration.into() });
    }
    if !vehicle.breaks.is_empty()
        && let Some(reason) = rests(problem, job, kind)
    {
        return Some(reason);
    }
    length += i64::from(problem.distance(kind, last, vehicle.end));
    let longest = vehicle.max_distance;
    (length > longest).then_some(Reason::Distance { length, longest })
}

/// What is wrong with a job alone, and its delivery, when the driver rests.
fn rests(problem: &Problem, job: usize, vehicle: usize) -> Option<Reason> {
    let jobs = [job].into_iter().chain(pair(problem, job).map(|pair| pair.delivery)).collect();
    let mut faults = Vec::new();
    drive(problem, 0, &Tour { vehicle, jobs, reloads: Vec::new() }, &mut faults);
    faults.into_iter().find_map(|fault| match fault {
        Fault::Break { rest, from, until, .. } => Some(Reason::Break { rest, from, until }),
        Fault::Duration { duration, longest, .. } => Some(Reason::Duration { takes: duration, longest }),
        _ => None,
    })
}

/// A limit of [`MOST`] is none.
fn breaks(value: i64, limit: i32) -> bool {
    limit < MOST && value > i64::from(limit)
}
