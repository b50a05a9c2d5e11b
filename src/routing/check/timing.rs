//! Can a tour be driven where rides are limited, or nobody may wait aboard, and how quickly?
//!
//! Each limit bounds how far two times lie apart. How far they must lie apart is the longest way from the one to the other (Bellman 1958), and where
//! a way back to where it began is longer than nothing, no times keep all limits. O(times x limits) at worst, for each such question.

use super::super::problem::{Job, Problem};
use super::super::tours::Tour;
use super::rides::Ride;
use super::{Fault, limit};

/// The times: nothing, leaving, the beginning of each job, being back.
pub(super) const ZERO: usize = 0;
pub(super) const LEAVE: usize = 1;
pub(super) const FIRST: usize = 2;

/// The one time is at least so much after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct After {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) least: i64,
}

/// The one time is at most so much after the other.
#[derive(Debug)]
struct Within {
    from: usize,
    to: usize,
    most: i64,
    /// The ride that is limited, or nobody's: they may not wait.
    ride: Option<Ride>,
}

impl Within {
    fn after(&self) -> After {
        After { from: self.to, to: self.from, least: -self.most }
    }
}

/// Does anything but windows, shift and ways bind the times?
pub(super) fn bound(problem: &Problem, tour: &Tour, rides: &[Ride]) -> bool {
    let no_wait = !problem.vehicles()[tour.vehicle].may_wait && !rides.is_empty();
    no_wait || rides.iter().any(|ride| limit(problem.pairs()[ride.pair].max_ride) < i64::MAX)
}

/// The shortest duration, whatever its limit (no longer than without rides: they only move waits forward); nothing, and a fault, where no times keep all other limits. Windows and shift are kept by a vehicle that
/// begins each job as soon as it can.
pub(super) fn shortest(
    problem: &Problem,
    at: usize,
    tour: &Tour,
    jobs: &[&Job],
    rides: &[Ride],
    faults: &mut Vec<Fault>,
) -> Option<i64> {
    let (mut afters, withins) = (ways(problem, tour, jobs), withins(problem, tour, jobs, rides));
    let times = jobs.len() + 3;
    let back = times - 1;
    let all: Vec<After> = afters.iter().copied().chain(withins.iter().map(Within::after)).collect();
    if longest(ZERO, times, &all).is_some() {
        return longest(LEAVE, times, &all).map(|after| after[back]);
    }
    // One by one: each is judged by those before it that can be kept.
    for within in withins {
        let least = longest(within.from, times, &afters).map_or(i64::MAX, |after| after[within.to]);
        if least <= within.most {
            afters.push(within.after());
            continue;
        }
        faults.push(match within.ride {
            Some(Ride { pair, from, .. }) => {
                let (takes, longest) = (least - i64::from(jobs[from].service), problem.pairs()[pair].max_ride.into());
                Fault::Ride { tour: at, pair, takes, longest }
            }
            None => Fault::Waits { tour: at, job: tour.jobs[within.to - FIRST], waits: least - within.most },
        });
    }
    None
}

/// All that binds the times, breaks aside.
pub(super) fn binding(problem: &Problem, tour: &Tour, jobs: &[&Job], rides: &[Ride]) -> Vec<After> {
    let withins = withins(problem, tour, jobs, rides);
    ways(problem, tour, jobs).into_iter().chain(withins.iter().map(Within::after)).collect()
}

/// One thing after the other, each within its window.
fn ways(problem: &Problem, tour: &Tour, jobs: &[&Job]) -> Vec<After> {
    let vehicle = &problem.vehicles()[tour.vehicle];
    let (mut here, mut takes) = (vehicle.start, 0_i64);
    // What is delivered must be there.
    let leave = jobs.iter().map(|job| job.release).fold(vehicle.shift.0, i32::max);
    let mut afters = vec![After { from: ZERO, to: LEAVE, least: leave.into() }];
    let mut window = |at: usize, from: i32, latest: i32| {
        afters.push(After { from: ZERO, to: at, least: from.into() });
        if limit(latest) < i64::MAX {
            afters.push(After { from: at, to: ZERO, least: -i64::from(latest) });
        }
    };
    for (at, job) in (FIRST..).zip(jobs) {
        window(at, job.window.0, job.window.1);
    }
    window(FIRST + jobs.len(), 0, vehicle.shift.1);
    for (at, job) in (FIRST..).zip(jobs) {
        afters.push(After {
            from: at - 1,
            to: at,
            least: takes + i64::from(problem.duration(tour.vehicle, here, job.place)),
        });
        (here, takes) = (job.place, job.service.into());
    }
    let least = takes + i64::from(problem.duration(tour.vehicle, here, vehicle.end));
    afters.push(After { from: FIRST + jobs.len() - 1, to: FIRST + jobs.len(), least });
    afters
}

/// No waiting where somebody is aboard who may not, then the rides.
fn withins(problem: &Problem, tour: &Tour, jobs: &[&Job], rides: &[Ride]) -> Vec<Within> {
    let mut withins = Vec::new();
    if !problem.vehicles()[tour.vehicle].may_wait {
        let mut aboard = vec![false; jobs.len()];
        for ride in rides {
            aboard[ride.from..ride.to].fill(true);
        }
        for before in (0..jobs.len().saturating_sub(1)).filter(|&before| aboard[before]) {
            let way = problem.duration(tour.vehicle, jobs[before].place, jobs[before + 1].place);
            let most = i64::from(jobs[before].service) + i64::from(way);
            withins.push(Within { from: FIRST + before, to: FIRST + before + 1, most, ride: None });
        }
    }
    for &ride in rides.iter().filter(|ride| ride.to < jobs.len()) {
        let longest = limit(problem.pairs()[ride.pair].max_ride);
        if longest < i64::MAX {
            let most = longest + i64::from(jobs[ride.from].service);
            withins.push(Within { from: FIRST + ride.from, to: FIRST + ride.to, most, ride: Some(ride) });
        }
    }
    withins
}

/// How long each time must at least be after this one; nothing where it would have to be after itself.
pub(super) fn longest(from: usize, times: usize, afters: &[After]) -> Option<Vec<i64>> {
    let mut reached: Vec<Option<i64>> = vec![None; times];
    reached[from] = Some(0);
    for _ in 0..times {
        let mut moved = false;
        for after in afters {
            let Some(before) = reached[after.from] else { continue };
            let least = before.saturating_add(after.least);
            if reached[after.to].is_none_or(|known| known < least) {
                reached[after.to] = Some(least);
                moved = true;
            }
        }
        if reached[from] > Some(0) {
            return None;
        }
        if !moved {
            // What nothing holds after this one may be as early as it likes.
            return Some(reached.into_iter().map(|least| least.unwrap_or(i64::MIN)).collect());
        }
    }
    None
}
