//! Is an answer allowed, and does it cost what it says? Worked step by step from the problem; shares nothing with the search.
//!
//! The shortest duration of a tour: it leaves as early as it may, and then later by as much as delays neither its end nor anybody's window
//! (forward time slack, Savelsbergh 1992), a reload being a window that opens when all the next trip delivers is released; where rides are limited, or
//! nobody may wait aboard, see `timing`; where being late costs, or drivers have breaks, see `hours`. The end of a window or shift, a longest duration and a longest ride, at [`MOST`] are no limit, as in `Vehicle::at` and `Job::at`.

mod hours;
mod rides;
mod timing;
mod trips;

use super::problem::{DIMS, Job, MOST, Problem, Vehicle};
use super::tours::{Tour, Tours};
pub use hours::{Hours, hours};
use rides::Ride;
use trips::Trip;

/// What is wrong with an answer. Positions count from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A type of vehicle that is not there.
    #[error("tour {tour} names vehicle {vehicle}, but there are only {of}")]
    NoSuchVehicle {
        /// Which tour.
        tour: usize,
        /// As given.
        vehicle: usize,
        /// How many types there are.
        of: usize,
    },
    /// A job that is not there.
    #[error("tour {tour} names job {job}, but there are only {of}")]
    NoSuchJob {
        /// Which tour.
        tour: usize,
        /// As given.
        job: usize,
        /// How many there are.
        of: usize,
    },
    /// A tour of nothing.
    #[error("tour {tour} has no jobs; a vehicle that stays at home has no tour")]
    Empty {
        /// Which.
        tour: usize,
    },
    /// More tours of a type than vehicles.
    #[error("vehicle {vehicle} has {used} tours, but there are only {count}")]
    TooMany {
        /// Which type.
        vehicle: usize,
        /// Tours.
        used: usize,
        /// Vehicles.
        count: usize,
    },
    /// A job done more than once.
    #[error("job {job} is done {times} times")]
    Twice {
        /// Which.
        job: usize,
        /// How often.
        times: usize,
    },
    /// More than one job of a group.
    #[error("group {group} has {jobs} of its jobs done; one is enough")]
    Group {
        /// Which.
        group: usize,
        /// How many.
        jobs: usize,
    },
    /// Only one job of a pair.
    #[error("tour {tour} does job {job} of pair {pair}, but not job {other}")]
    Half {
        /// Which tour.
        tour: usize,
        /// Which pair.
        pair: usize,
        /// Done.
        job: usize,
        /// Not done.
        other: usize,
    },
    /// Set down before being picked up.
    #[error("tour {tour} does job {delivery}, the delivery of pair {pair}, before job {pickup}, its pickup")]
    Order {
        /// Which tour.
        tour: usize,
        /// Which pair.
        pair: usize,
        /// Done too late.
        pickup: usize,
        /// Done too soon.
        delivery: usize,
    },
    /// Two aboard who may not be together.
    #[error("tour {tour}: pair {pair} gets in while pair {with} is aboard; their kinds may not ride together")]
    Apart {
        /// Which tour.
        tour: usize,
        /// Who gets in.
        pair: usize,
        /// Who is aboard.
        with: usize,
    },
    /// Reloads that do not part the tour into trips.
    #[error(
        "tour {tour}: reload {reload} stands before position {before}; each trip needs a job, so positions rise, from 1 to the last"
    )]
    NoTrip {
        /// Which tour.
        tour: usize,
        /// Which reload.
        reload: usize,
        /// As given.
        before: usize,
    },
    /// A reload where its vehicle may not.
    #[error("tour {tour}: reload {reload} names place {place} of its vehicle's, but there are only {of}")]
    ReloadPlace {
        /// Which tour.
        tour: usize,
        /// Which reload.
        reload: usize,
        /// As given.
        place: usize,
        /// How many places its vehicle has.
        of: usize,
    },
    /// More reloads than its vehicle may.
    #[error("tour {tour} reloads {reloads} times; its vehicle may {most} times")]
    Reloads {
        /// Which tour.
        tour: usize,
        /// How often.
        reloads: usize,
        /// How often it may.
        most: usize,
    },
    /// More aboard than there is room; where first in the trip.
    #[error("tour {tour}: {aboard} of load {kind} aboard after {done} jobs; the vehicle holds {capacity}")]
    Load {
        /// Which tour.
        tour: usize,
        /// Kind of load.
        kind: usize,
        /// Jobs done before that.
        done: usize,
        /// Aboard.
        aboard: i64,
        /// Room.
        capacity: i64,
    },
    /// A job begun after its window.
    #[error("tour {tour}: job {job} begins at {begins} at the soonest; its window ends at {latest}")]
    Late {
        /// Which tour.
        tour: usize,
        /// Which job.
        job: usize,
        /// Soonest.
        begins: i64,
        /// End of the window.
        latest: i64,
    },
    /// Back after the shift.
    #[error("tour {tour} is back at {back} at the soonest; the shift ends at {latest}")]
    Back {
        /// Which tour.
        tour: usize,
        /// Soonest.
        back: i64,
        /// End of the shift.
        latest: i64,
    },
    /// A wait with somebody aboard, where none is allowed.
    #[error("tour {tour} waits at least {waits} for job {job} with somebody aboard; the vehicle may not wait then")]
    Waits {
        /// Which tour.
        tour: usize,
        /// Whose window it waits for.
        job: usize,
        /// How long, if it does not wait before.
        waits: i64,
    },
    /// Somebody aboard for too long.
    #[error("tour {tour}: the ride of pair {pair} takes at least {takes}; at most {longest}")]
    Ride {
        /// Which tour.
        tour: usize,
        /// Which pair.
        pair: usize,
        /// Shortest possible.
        takes: i64,
        /// Longest allowed.
        longest: i64,
    },
    /// On the way for too long.
    #[error("tour {tour} takes {duration}; the vehicle may be away for {longest}")]
    Duration {
        /// Which tour.
        tour: usize,
        /// Shortest possible.
        duration: i64,
        /// Longest allowed.
        longest: i64,
    },
    /// No time for a break.
    #[error("tour {tour}: there is no time for break {rest} of its vehicle's; it begins between {from} and {until}")]
    Break {
        /// Which tour.
        tour: usize,
        /// Which break.
        rest: usize,
        /// Start of its window.
        from: i64,
        /// End of its window.
        until: i64,
    },
    /// Too long a way.
    #[error("tour {tour} is {distance} long; the vehicle may go {longest}")]
    Distance {
        /// Which tour.
        tour: usize,
        /// Length.
        distance: i64,
        /// Longest allowed.
        longest: i64,
    },
    /// Another number of orders is missing than the answer says.
    #[error("{found} orders are missing; the answer says {stated}")]
    Missing {
        /// As given.
        stated: usize,
        /// Counted.
        found: usize,
    },
    /// It costs something else than the answer says.
    #[error("the tours and the prizes not won cost {found}; the answer says {stated}")]
    Cost {
        /// As given.
        stated: i64,
        /// Added up.
        found: i64,
    },
}

/// Everything that is wrong; empty when nothing is. The cost is judged only where every tour can be driven in time.
#[must_use]
pub fn check(problem: &Problem, tours: &Tours) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut used = vec![0_usize; problem.vehicles().len()];
    let mut times = vec![0_usize; problem.jobs().len()];
    let mut driven = Some(0_i64);
    for (at, tour) in tours.tours.iter().enumerate() {
        if let Some(used) = used.get_mut(tour.vehicle) {
            *used += 1;
        }
        for &job in &tour.jobs {
            if let Some(times) = times.get_mut(job) {
                *times += 1;
            }
        }
        let cost = drive(problem, at, tour, &mut faults);
        driven = driven.zip(cost).map(|(sum, cost)| sum.saturating_add(cost));
    }
    for (vehicle, (&used, kind)) in used.iter().zip(problem.vehicles()).enumerate() {
        if used > kind.count {
            faults.push(Fault::TooMany { vehicle, used, count: kind.count });
        }
    }
    for (job, &times) in times.iter().enumerate() {
        if times > 1 {
            faults.push(Fault::Twice { job, times });
        }
    }
    for (group, what) in problem.groups().iter().enumerate() {
        let jobs = what.jobs.iter().filter(|&&job| times[job] > 0).count();
        if jobs > 1 {
            faults.push(Fault::Group { group, jobs });
        }
    }
    let (found, prizes) = left_out(problem, &times);
    if tours.missing != found {
        faults.push(Fault::Missing { stated: tours.missing, found });
    }
    if let Some(found) = driven.map(|driven| driven.saturating_add(prizes)).filter(|&found| found != tours.cost) {
        faults.push(Fault::Cost { stated: tours.cost, found });
    }
    faults
}

/// Orders that must be served and are not, and the prizes not won.
fn left_out(problem: &Problem, times: &[usize]) -> (usize, i64) {
    let mut alone = vec![true; times.len()];
    let (mut missing, mut prizes) = (0, 0_i64);
    let mut leave = |prize: Option<i64>| match prize {
        Some(prize) => prizes = prizes.saturating_add(prize),
        None => missing += 1,
    };
    for group in problem.groups() {
        for &job in &group.jobs {
            alone[job] = false;
        }
        if group.jobs.iter().all(|&job| times[job] == 0) {
            leave(group.prize);
        }
    }
    // A pair is its pickup's order.
    for pair in problem.pairs() {
        alone[pair.delivery] = false;
    }
    for (job, what) in problem.jobs().iter().enumerate() {
        if alone[job] && times[job] == 0 {
            leave(what.prize);
        }
    }
    (missing, prizes)
}

/// What a tour costs; nothing where it cannot be driven in time. Its faults are added.
pub(super) fn drive(problem: &Problem, at: usize, tour: &Tour, faults: &mut Vec<Fault>) -> Option<i64> {
    let Some(vehicle) = problem.vehicles().get(tour.vehicle) else {
        faults.push(Fault::NoSuchVehicle { tour: at, vehicle: tour.vehicle, of: problem.vehicles().len() });
        return None;
    };
    let jobs: Vec<&Job> = tour.jobs.iter().filter_map(|&job| problem.jobs().get(job)).collect();
    if jobs.len() < tour.jobs.len() {
        let of = problem.jobs().len();
        faults.extend(tour.jobs.iter().filter(|&&job| job >= of).map(|&job| Fault::NoSuchJob { tour: at, job, of }));
        return None;
    }
    let Some(last) = jobs.last() else {
        faults.push(Fault::Empty { tour: at });
        return None;
    };
    let trips = trips::of(problem, at, tour, &jobs, faults)?;
    let rides = rides::of(problem, at, tour, faults);
    for trip in &trips {
        load(at, &jobs, &rides, trip, vehicle, faults);
    }
    rides::apart(problem, at, &rides, faults);

    let before = faults.len();
    let leave = trips.iter().take(1).map(|trip| trip.release).fold(vehicle.shift.0.into(), i64::max);
    let (mut here, mut clock, mut distance) = (vehicle.start, leave, 0_i64);
    // How long it has waited, and by how much it may leave later.
    let (mut waited, mut slack) = (0_i64, i64::MAX);
    let mut begun = trips.iter().skip(1).peekable();
    for (position, (&job, what)) in tour.jobs.iter().zip(&jobs).enumerate() {
        if let Some(trip) = begun.next_if(|trip| trip.jobs.start == position) {
            distance += i64::from(problem.distance(tour.vehicle, here, trip.place));
            let arrives = clock + i64::from(problem.duration(tour.vehicle, here, trip.place));
            clock = arrives.max(trip.release);
            waited += clock - arrives;
            slack = slack.min(limit(vehicle.shift.1) - clock + waited);
            here = trip.place;
        }
        distance += i64::from(problem.distance(tour.vehicle, here, what.place));
        let arrives = clock + i64::from(problem.duration(tour.vehicle, here, what.place));
        let begins = arrives.max(what.window.0.into());
        let latest = limit(what.window.1);
        if begins > latest {
            faults.push(Fault::Late { tour: at, job, begins, latest });
        }
        waited += begins - arrives;
        slack = slack.min(latest - begins + waited);
        clock = begins + i64::from(what.service);
        here = what.place;
    }
    distance += i64::from(problem.distance(tour.vehicle, last.place, vehicle.end));
    let back = clock + i64::from(problem.duration(tour.vehicle, last.place, vehicle.end));
    let latest = limit(vehicle.shift.1);
    if back > latest {
        faults.push(Fault::Back { tour: at, back, latest });
    }
    slack = slack.min(latest - back + waited);
    let longest = vehicle.max_distance;
    if distance > longest {
        faults.push(Fault::Distance { tour: at, distance, longest });
    }
    if slack < 0 || faults[before..].iter().any(|fault| matches!(fault, Fault::Late { .. } | Fault::Back { .. })) {
        return None;
    }
    let duration = if timing::bound(problem, tour, &rides) {
        timing::shortest(problem, at, tour, &jobs, &rides, faults)?
    } else {
        back - leave - slack.min(waited)
    };
    let longest = limit(vehicle.max_duration);
    let time = if hours::priced(problem, tour) {
        hours::cheapest(problem, at, tour, &jobs, &rides, faults)?.cost
    } else {
        if duration > longest {
            faults.push(Fault::Duration { tour: at, duration, longest });
        }
        hours::away(vehicle, duration)
    };
    let way = distance.saturating_mul(vehicle.per_distance);
    Some(vehicle.fixed.saturating_add(way).saturating_add(time))
}

/// Is there room at the start of a trip and after each of its jobs?
fn load(tour: usize, jobs: &[&Job], rides: &[Ride], trip: &Trip, vehicle: &Vehicle, faults: &mut Vec<Fault>) {
    let changes = rides::changes(jobs, rides);
    let (first, jobs, changes) = (trip.jobs.start, &jobs[trip.jobs.clone()], &changes[trip.jobs.clone()]);
    for kind in 0..DIMS {
        let capacity = i64::from(vehicle.capacity[kind]);
        let mut aboard: i64 = jobs.iter().map(|job| i64::from(job.delivered[kind])).sum();
        let after = changes.iter().map(|change| change[kind]);
        for (done, more) in (first..).zip(std::iter::once(0).chain(after)) {
            aboard += more;
            if aboard > capacity {
                faults.push(Fault::Load { tour, kind, done, aboard, capacity });
                break;
            }
        }
    }
}

fn limit(latest: i32) -> i64 {
    if latest == MOST { i64::MAX } else { latest.into() }
}
