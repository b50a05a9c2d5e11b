//! Is a plan allowed, and does it cost what it says? Worked step by step from the problem; shares nothing with the search.

use super::plan::{Plan, Tour};
use super::problem::Problem;

/// What is wrong with a plan. Positions count from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Something that is not there.
    #[error("tour {tour} names {what} {at}, but there are only {of}")]
    NoSuch {
        /// Which tour.
        tour: usize,
        /// Of what.
        what: &'static str,
        /// As given.
        at: usize,
        /// How many there are.
        of: usize,
    },
    /// A tour of nothing.
    #[error("tour {tour} has no stops; a bus that stays at home has no tour")]
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
    /// A stop served more than once.
    #[error("buses stop {times} times at stop {stop}; once is allowed")]
    Twice {
        /// Which.
        stop: usize,
        /// How often.
        times: usize,
    },
    /// People who board where they do not walk.
    #[error("tour {tour}: riders {riders} board at stop {stop}, which is not within their walk")]
    TooFar {
        /// Which tour.
        tour: usize,
        /// Who.
        riders: usize,
        /// Where.
        stop: usize,
    },
    /// People who board where their bus does not stop.
    #[error("tour {tour}: riders {riders} board at stop {stop}, where it does not stop")]
    NotThere {
        /// Which tour.
        tour: usize,
        /// Who.
        riders: usize,
        /// Where.
        stop: usize,
    },
    /// A boarding of nobody.
    #[error("tour {tour}: nobody of riders {riders} boards at stop {stop}; leave it out")]
    Nobody {
        /// Which tour.
        tour: usize,
        /// Who.
        riders: usize,
        /// Where.
        stop: usize,
    },
    /// More people than seats.
    #[error("tour {tour} has {people} people; the bus has {seats} seats")]
    Seats {
        /// Which tour.
        tour: usize,
        /// Aboard.
        people: u64,
        /// Seats.
        seats: u64,
    },
    /// A ride that takes too long.
    #[error("tour {tour}: from stop {stop} it takes {ride}; the longest ride is {longest}")]
    Ride {
        /// Which tour.
        tour: usize,
        /// The first stop it is too long from.
        stop: usize,
        /// How long.
        ride: i64,
        /// Allowed.
        longest: i64,
    },
    /// More stops than a bus may make.
    #[error("tour {tour} has {stops} stops; a bus makes at most {most}")]
    Stops {
        /// Which tour.
        tour: usize,
        /// Has.
        stops: usize,
        /// Allowed.
        most: usize,
    },
    /// More people than there are.
    #[error("{boarded} of riders {riders} board; there are {people}")]
    TooManyPeople {
        /// Who.
        riders: usize,
        /// On all tours.
        boarded: u64,
        /// There are.
        people: u64,
    },
    /// Another number of people is missing than the plan says.
    #[error("{found} people are missing; the plan says {stated}")]
    Missing {
        /// As given.
        stated: u64,
        /// Counted.
        found: u64,
    },
    /// It costs something else than the plan says.
    #[error("the tours and the prizes not won cost {found}; the plan says {stated}")]
    Cost {
        /// As given.
        stated: i64,
        /// Added up.
        found: i64,
    },
}

/// Everything that is wrong; empty when nothing is. The cost is judged only where every tour names what is there.
#[must_use]
pub fn check(problem: &Problem, plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut used = vec![0_usize; problem.vehicles().len()];
    let mut times = vec![0_usize; problem.stops().len()];
    let mut boarded = vec![0_u64; problem.riders().len()];
    let mut cost = Some(0_i128);
    for (at, tour) in plan.tours.iter().enumerate() {
        if !named(problem, at, tour, &mut faults) {
            cost = None;
            continue;
        }
        used[tour.vehicle] += 1;
        for &stop in &tour.stops {
            times[stop] += 1;
        }
        for boarding in &tour.boardings {
            boarded[boarding.riders] += u64::from(boarding.people);
        }
        if tour.stops.len() > problem.most_stops() {
            faults.push(Fault::Stops { tour: at, stops: tour.stops.len(), most: problem.most_stops() });
        }
        board(problem, at, tour, &mut faults);
        let driven = drive(problem, at, tour, &mut faults);
        cost = cost.map(|sum| sum + driven);
    }
    for (vehicle, (&used, kind)) in used.iter().zip(problem.vehicles()).enumerate() {
        if used > kind.count {
            faults.push(Fault::TooMany { vehicle, used, count: kind.count });
        }
    }
    for (stop, &times) in times.iter().enumerate() {
        if times > 1 {
            faults.push(Fault::Twice { stop, times });
        }
    }
    let (mut missing, mut prizes) = (0_u64, 0_i128);
    for (at, (riders, &boarded)) in problem.riders().iter().zip(&boarded).enumerate() {
        let people = u64::from(riders.people);
        if boarded > people {
            faults.push(Fault::TooManyPeople { riders: at, boarded, people });
        }
        let left = people.saturating_sub(boarded);
        match riders.prize {
            Some(prize) => prizes += i128::from(prize) * i128::from(left),
            None => missing += left,
        }
    }
    if plan.missing != missing {
        faults.push(Fault::Missing { stated: plan.missing, found: missing });
    }
    if let Some(found) = cost.map(|cost| cost + prizes).filter(|&found| found != i128::from(plan.cost)) {
        let found = i64::try_from(found).unwrap_or(i64::MAX);
        faults.push(Fault::Cost { stated: plan.cost, found });
    }
    faults
}

/// Is everything there that the tour names?
fn named(problem: &Problem, at: usize, tour: &Tour, faults: &mut Vec<Fault>) -> bool {
    let before = faults.len();
    let mut there = |what: &'static str, named: usize, of: usize| {
        if named >= of {
            faults.push(Fault::NoSuch { tour: at, what, at: named, of });
        }
    };
    there("vehicle", tour.vehicle, problem.vehicles().len());
    for &stop in &tour.stops {
        there("stop", stop, problem.stops().len());
    }
    for boarding in &tour.boardings {
        there("riders", boarding.riders, problem.riders().len());
    }
    if tour.stops.is_empty() {
        faults.push(Fault::Empty { tour: at });
    }
    faults.len() == before
}

/// Does everybody board where they may, and have a seat?
fn board(problem: &Problem, at: usize, tour: &Tour, faults: &mut Vec<Fault>) {
    for boarding in &tour.boardings {
        let (riders, stop) = (boarding.riders, boarding.stop);
        if !problem.riders()[riders].stops.contains(&stop) {
            faults.push(Fault::TooFar { tour: at, riders, stop });
        }
        if !tour.stops.contains(&stop) {
            faults.push(Fault::NotThere { tour: at, riders, stop });
        }
        if boarding.people == 0 {
            faults.push(Fault::Nobody { tour: at, riders, stop });
        }
    }
    let people = tour.boardings.iter().map(|boarding| u64::from(boarding.people)).sum();
    let seats = u64::from(problem.vehicles()[tour.vehicle].seats);
    if people > seats {
        faults.push(Fault::Seats { tour: at, people, seats });
    }
}

/// What a tour costs; rides that are too long are added to the faults.
fn drive(problem: &Problem, at: usize, tour: &Tour, faults: &mut Vec<Fault>) -> i128 {
    let vehicle = &problem.vehicles()[tour.vehicle];
    let (mut here, mut distance, mut clock) = (vehicle.start, 0_i64, 0_i64);
    let mut reached = Vec::with_capacity(tour.stops.len());
    for (at, &stop) in tour.stops.iter().enumerate() {
        let place = problem.stops()[stop].place;
        distance += i64::from(problem.distance(tour.vehicle, here, place));
        clock += i64::from(problem.duration(tour.vehicle, here, place));
        reached.push((stop, clock));
        // Everybody boards the first time.
        let again = tour.stops[..at].contains(&stop);
        let board = tour.boardings.iter().filter(|boarding| boarding.stop == stop && !again);
        let people: i64 = board.map(|boarding| i64::from(boarding.people)).sum();
        clock += i64::from(problem.stops()[stop].dwell) + people * i64::from(problem.boarding());
        here = place;
    }
    distance += i64::from(problem.distance(tour.vehicle, here, problem.destination()));
    clock += i64::from(problem.duration(tour.vehicle, here, problem.destination()));
    if let Some(longest) = problem.max_ride().map(i64::from) {
        // One says it all: it is longest from the first.
        if let Some(&(stop, reached)) = reached.iter().find(|&&(_, reached)| clock - reached > longest) {
            faults.push(Fault::Ride { tour: at, stop, ride: clock - reached, longest });
        }
    }
    let price = |amount: i64, price: i64| i128::from(amount) * i128::from(price);
    i128::from(vehicle.fixed) + price(distance, vehicle.per_distance) + price(clock, vehicle.per_duration)
}
