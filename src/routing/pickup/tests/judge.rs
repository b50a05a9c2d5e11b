//! Does the judge see every kind of fault?

use super::*;

/// Stops at 10, 20 and 30; one bus of four seats. Two of riders 0 board at 10, two of riders 1 at 20 (one of them could at 10), riders 2 pay 9 and stay.
fn problem(change: impl FnOnce(&mut Parts)) -> Problem {
    let all = vec![riders(2, &[0]), riders(2, &[1, 0]), optional(1, &[2], 9)];
    let vehicle = Vehicle { fixed: 100, per_duration: 1, ..bus(1, 4) };
    let mut parts = Parts { boarding: 2, max_ride: 51, ..on_line(&[10, 20, 30], all, vec![vehicle, bus(0, 1)]) };
    parts.stops[0].dwell = 3;
    change(&mut parts);
    Problem::new(parts).unwrap()
}

/// 20 and 10, then 0: 40 of way; 80 of driving, 3 of dwell, 8 of boarding; 100 and 9.
fn right() -> Plan {
    let at = |riders, stop| Boarding { riders, stop, people: 2 };
    let tour = Tour { vehicle: 0, stops: vec![1, 0], boardings: vec![at(0, 0), at(1, 1)] };
    Plan { tours: vec![tour], missing: 0, cost: 40 + 91 + 109 }
}

fn faults(problem: &Problem, change: impl FnOnce(&mut Plan)) -> Vec<Fault> {
    let mut plan = right();
    change(&mut plan);
    check(problem, &plan)
}

#[test]
fn the_right_answer_has_no_fault() {
    // From 20 it takes 40, the dwell of 3 and 8: just allowed.
    assert_eq!(faults(&problem(|_| {}), |_| {}), vec![]);
}

#[test]
fn positions_that_are_not_there() {
    let plain = problem(|_| {});
    let none = |what, at, of| vec![Fault::NoSuch { tour: 0, what, at, of }];
    assert_eq!(faults(&plain, |plan| plan.tours[0].vehicle = 2)[..1], none("vehicle", 2, 2));
    assert_eq!(faults(&plain, |plan| plan.tours[0].stops.push(usize::MAX))[..1], none("stop", usize::MAX, 3));
    assert_eq!(faults(&plain, |plan| plan.tours[0].boardings[0].riders = 3)[..1], none("riders", 3, 3));
    assert_eq!(none("stop", 7, 3)[0].to_string(), "tour 0 names stop 7, but there are only 3");
}

#[test]
fn tours_of_nothing_and_of_nobody() {
    let plain = problem(|_| {});
    let empty = |vehicle| Tour { vehicle, ..Tour::default() };
    assert_eq!(faults(&plain, |plan| plan.tours.push(empty(1))), vec![Fault::Empty { tour: 1 }]);
    let second = |plan: &mut Plan| {
        plan.tours.push(Tour { stops: vec![2], ..empty(1) });
        plan.cost += 60;
    };
    let plain = problem(|parts| parts.max_ride = MOST);
    assert_eq!(faults(&plain, second), vec![Fault::TooMany { vehicle: 1, used: 1, count: 0 }]);
}

#[test]
fn a_stop_twice() {
    let twice = |plan: &mut Plan| plan.tours[0].stops.insert(1, 1);
    assert_eq!(faults(&problem(|_| {}), twice), vec![Fault::Twice { stop: 1, times: 2 }]);
}

#[test]
fn boardings_that_cannot_be() {
    let plain = problem(|_| {});
    let wrong = faults(&plain, |plan| plan.tours[0].boardings[0].stop = 1);
    assert_eq!(wrong, vec![Fault::TooFar { tour: 0, riders: 0, stop: 1 }]);
    let absent = |plan: &mut Plan| plan.tours[0].boardings.push(Boarding { riders: 2, stop: 2, people: 0 });
    let found = vec![Fault::NotThere { tour: 0, riders: 2, stop: 2 }, Fault::Nobody { tour: 0, riders: 2, stop: 2 }];
    assert_eq!(faults(&plain, absent), found);
    let all = problem(|parts| (parts.vehicles[0].seats, parts.max_ride) = (9, MOST));
    let more = |plan: &mut Plan| (plan.tours[0].boardings[1].people, plan.cost) = (3, plan.cost + 2);
    assert_eq!(faults(&all, more), vec![Fault::TooManyPeople { riders: 1, boarded: 3, people: 2 }]);
    let few = problem(|parts| parts.vehicles[0].seats = 3);
    assert_eq!(faults(&few, |_| {}), vec![Fault::Seats { tour: 0, people: 4, seats: 3 }]);
}

#[test]
fn rides_that_are_too_long() {
    let short = problem(|parts| parts.max_ride = 50);
    assert_eq!(faults(&short, |_| {}), vec![Fault::Ride { tour: 0, stop: 1, ride: 51, longest: 50 }]);
}

#[test]
fn sums_that_are_not_so() {
    let plain = problem(|_| {});
    assert_eq!(faults(&plain, |plan| plan.missing = 1), vec![Fault::Missing { stated: 1, found: 0 }]);
    assert_eq!(faults(&plain, |plan| plan.cost += 1), vec![Fault::Cost { stated: 241, found: 240 }]);
    // One of riders 1 left out is missing, and boards no more.
    let left = |plan: &mut Plan| plan.tours[0].boardings[1].people = 1;
    assert_eq!(
        faults(&plain, left),
        vec![Fault::Missing { stated: 0, found: 1 }, Fault::Cost { stated: 240, found: 238 }]
    );
}

#[test]
fn more_stops_than_allowed() {
    let found = faults(&problem(|parts| parts.most_stops = 1), |_| {});
    assert_eq!(found, vec![Fault::Stops { tour: 0, stops: 2, most: 1 }]);
    assert_eq!(found[0].to_string(), "tour 0 has 2 stops; a bus makes at most 1");
}
