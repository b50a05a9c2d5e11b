//! Answers worked by hand.

use super::super::problem::ProblemError;
use super::*;

/// Which stops each tour has, in either direction the one with the smaller first stop, and the cost.
fn stops(problem: &Problem) -> (Vec<Vec<usize>>, i64) {
    let plan = solved(problem, 200, 1).best;
    assert_eq!(plan.missing, 0);
    let turned = |tour: &Tour| {
        let mut stops = tour.stops.clone();
        if stops.first() > stops.last() {
            stops.reverse();
        }
        stops
    };
    let mut all: Vec<Vec<usize>> = plan.tours.iter().map(turned).collect();
    all.sort();
    (all, plan.cost)
}

#[test]
fn one_stop_serves_all_who_can_walk_to_it() {
    // Stops at 10, 12 and 14. The first can be at 10 or 12, the second at 12 or 14: both at 12, and nobody drives to 14: 24.
    let parts = on_line(&[10, 12, 14], vec![riders(2, &[0, 1]), riders(2, &[2, 1])], vec![bus(2, 4)]);
    assert_eq!(stops(&Problem::new(parts.clone()).unwrap()), (vec![vec![1]], 24));
    // Three seats: one of the second boards elsewhere. 10 and 14 with different buses are 20 + 28, 12 and 14: 24 + 28, 12 and 10: 24 + 20.
    let tight = Parts { vehicles: vec![bus(2, 3)], ..parts };
    assert_eq!(stops(&Problem::new(tight).unwrap()), (vec![vec![0], vec![1]], 44));
}

#[test]
fn a_stop_is_served_once() {
    // Four people at one stop and two seats a bus: two of them are left behind, however many buses there are.
    let parts = on_line(&[5], vec![riders(4, &[0])], vec![bus(4, 2)]);
    let plan = solved(&Problem::new(parts).unwrap(), 100, 1).best;
    assert_eq!((plan.missing, plan.cost, plan.tours.len()), (2, 10, 1));
}

#[test]
fn people_change_buses_to_make_room() {
    // Two seats a bus. The pair can only be at 30; who is at 20 or 30 goes to 20, who is at 10 or 20 goes to 10, and its bus passes 10 and 20.
    let all = vec![riders(2, &[2]), riders(1, &[1, 2]), riders(1, &[0, 1])];
    let parts = on_line(&[10, 20, 30], all, vec![bus(2, 2)]);
    // 60 for the pair. The others both at 20: 40.
    assert_eq!(stops(&Problem::new(parts).unwrap()), (vec![vec![1], vec![2]], 100));
}

#[test]
fn the_longest_ride_and_boarding_bound_the_people() {
    // From 10 it takes 20, from 20 it takes 40; everybody boards in 3. Limit 46: a bus from 20 has time for two, one from 10 for eight.
    let all = vec![riders(2, &[1]), riders(4, &[0])];
    let parts = Parts { boarding: 3, max_ride: 46, ..on_line(&[10, 20], all, vec![bus(3, 9)]) };
    assert_eq!(stops(&Problem::new(parts.clone()).unwrap()), (vec![vec![0], vec![1]], 60));
    // With 58 all six ride on one.
    let long = Parts { max_ride: 58, ..parts.clone() };
    assert_eq!(stops(&Problem::new(long).unwrap()), (vec![vec![0, 1]], 40));
    // A dwell of one at 20, and its two are too many by one unit of time.
    let mut dwell = parts;
    dwell.stops[1].dwell = 1;
    assert_eq!(solved(&Problem::new(dwell).unwrap(), 100, 1).best.missing, 1);
}

#[test]
fn durations_are_paid() {
    // 2 x 7 of way; 3 a unit of time: 28 of way, 4 of dwell, two people of 5: 14 + 3 x 42 + 100.
    let vehicle = Vehicle { fixed: 100, per_duration: 3, ..bus(1, 5) };
    let mut parts = Parts { boarding: 5, ..on_line(&[7], vec![riders(2, &[0])], vec![vehicle]) };
    parts.stops[0].dwell = 4;
    assert_eq!(stops(&Problem::new(parts).unwrap()), (vec![vec![0]], 240));
}

#[test]
fn who_pays_less_than_their_way_stays() {
    // 10 costs 20 and wins 3 x 7; 20 costs 40 alone, 20 more with 10, and wins 19.
    let all = vec![optional(3, &[0], 7), optional(1, &[1], 19)];
    let parts = on_line(&[10, 20], all, vec![bus(2, 9)]);
    let plan = solved(&Problem::new(parts.clone()).unwrap(), 300, 1).best;
    assert_eq!((plan.cost, plan.missing, plan.tours.len()), (20 + 19, 0, 1));
    // Prizes of 6 do not pay 20; but with 25 for the other, 40 pay both: 18 + 25.
    let mut other = parts;
    other.riders = vec![optional(3, &[0], 6), optional(1, &[1], 25)];
    assert_eq!(stops(&Problem::new(other.clone()).unwrap()), (vec![vec![0, 1]], 40));
    // One seat: who pays most has it. 40 against 25: nobody drives there; 20 for a 6: nobody at all.
    other.vehicles = vec![bus(1, 1)];
    let plan = solved(&Problem::new(other.clone()).unwrap(), 300, 1).best;
    assert_eq!((plan.cost, plan.tours.len()), (43, 0));
    other.riders = vec![optional(3, &[0], 30), optional(1, &[0], 50)];
    let plan = solved(&Problem::new(other).unwrap(), 300, 1).best;
    assert_eq!((plan.cost, &plan.tours[0].boardings[..]), (20 + 90, &[Boarding { riders: 1, stop: 0, people: 1 }][..]));
}

#[test]
fn a_bus_that_pays_for_all_together_and_for_nobody_alone() {
    // Twelve people at 31 to 42 pay 30 each; the bus costs 100 and 84 of way: 184 against 360. Alone, none pays more than 30 of at least 162.
    let places: Vec<i32> = (31..=42).collect();
    let all = (0..12).map(|stop| optional(1, &[stop], 30)).collect();
    let parts = on_line(&places, all, vec![Vehicle { fixed: 100, ..bus(3, 20) }]);
    for seed in 1..=5 {
        let plan = solved(&Problem::new(parts.clone()).unwrap(), 300, seed).best;
        assert_eq!((plan.cost, plan.tours.len()), (184, 1), "seed {seed}");
    }
}

#[test]
fn a_bus_stops_no_more_often_than_it_may() {
    // With two stops each: 30 and 20 on one bus (60), 10 alone (20). With one each: 60 + 40 + 20. With three: 60.
    let all = || vec![riders(1, &[0]), riders(1, &[1]), riders(1, &[2])];
    let cost = |most_stops| {
        let parts = Parts { most_stops, ..on_line(&[10, 20, 30], all(), vec![bus(3, 9)]) };
        let plan = solved(&Problem::new(parts).unwrap(), 300, 1).best;
        (plan.cost, plan.tours.len(), plan.missing)
    };
    assert_eq!((cost(1), cost(2), cost(3)), ((120, 3, 0), (80, 2, 0), (60, 1, 0)));
    assert_eq!(cost(0), (0, 0, 3));
}

#[test]
fn a_small_bus_where_few_wait() {
    // A large bus costs 100, a small one 10. Five at 10 need the large one, one at -10 the small: 110 + 20 + 20.
    let vehicles = vec![Vehicle { fixed: 100, ..bus(2, 5) }, Vehicle { fixed: 10, ..bus(1, 1) }];
    let parts = on_line(&[10, -10], vec![riders(5, &[0]), riders(1, &[1])], vehicles);
    assert_eq!(stops(&Problem::new(parts).unwrap()), (vec![vec![0], vec![1]], 150));
}

#[test]
fn the_first_named_stop_of_the_bus_is_taken() {
    // All three stops are needed for others; of these, riders 3 name the one at 20 first.
    let all = vec![riders(1, &[0]), riders(1, &[1]), riders(1, &[2]), riders(2, &[1, 2, 0])];
    let plan = solved(&Problem::new(on_line(&[10, 20, 30], all, vec![bus(1, 9)])).unwrap(), 50, 1).best;
    assert_eq!(plan.tours[0].boardings[3], Boarding { riders: 3, stop: 1, people: 2 });
}

#[test]
fn nothing_to_do() {
    for parts in [
        on_line(&[], vec![], vec![bus(1, 1)]),
        on_line(&[1], vec![], vec![bus(1, 1)]),
        on_line(&[1], vec![riders(0, &[0])], vec![bus(1, 1)]),
    ] {
        assert_eq!(solved(&Problem::new(parts).unwrap(), 10, 1).best, Plan::default());
    }
    // Nobody can be carried: no stop in reach, no seat, no time.
    let parts = on_line(&[1], vec![riders(3, &[]), optional(2, &[], 5)], vec![bus(1, 1)]);
    assert_eq!(solved(&Problem::new(parts).unwrap(), 10, 1).best, Plan { tours: vec![], missing: 3, cost: 10 });
    let parts = on_line(&[1], vec![riders(3, &[0])], vec![bus(1, 0)]);
    assert_eq!(solved(&Problem::new(parts.clone()).unwrap(), 10, 1).best.missing, 3);
    let parts = Parts { max_ride: 1, vehicles: vec![bus(1, 5)], ..parts };
    assert_eq!(solved(&Problem::new(parts).unwrap(), 10, 1).best.missing, 3);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let right = || on_line(&[1, 2], vec![riders(1, &[0, 1])], vec![bus(1, 1)]);
    let wrong = |change: &dyn Fn(&mut Parts)| {
        let mut parts = right();
        change(&mut parts);
        Problem::new(parts).unwrap_err()
    };
    assert!(Problem::new(right()).is_ok());
    assert_eq!(wrong(&|parts| parts.vehicles[0].count = 0), ProblemError::NoVehicle);
    assert_eq!(wrong(&|parts| parts.places = 2), ProblemError::Matrix { travel: 0, cells: 9, places: 2 });
    assert_eq!(wrong(&|parts| parts.riders[0].people = 100_001), ProblemError::TooLarge);
    assert_eq!(wrong(&|parts| parts.vehicles = vec![bus(1, 1); 201]), ProblemError::TooLarge);
    let range = |what, value, most| ProblemError::Range { what, at: 0, value, most };
    assert_eq!(wrong(&|parts| parts.boarding = -1), range("boarding time", -1, MOST_DWELL.into()));
    assert_eq!(wrong(&|parts| parts.max_ride = MOST + 1), range("longest ride", i64::from(MOST) + 1, MOST.into()));
    assert_eq!(wrong(&|parts| parts.stops[0].dwell = -5), range("dwell of stop", -5, MOST_DWELL.into()));
    assert_eq!(wrong(&|parts| parts.riders[0].prize = Some(-1)), range("prize of riders", -1, MOST_MONEY));
    assert_eq!(wrong(&|parts| parts.vehicles[0].fixed = -1), range("fixed cost of vehicle", -1, MOST_MONEY));
    assert_eq!(wrong(&|parts| parts.vehicles[0].per_distance = -1), range("price of vehicle", -1, MOST_PRICE));
    let negative = |parts: &mut Parts| parts.travel[0].duration = vec![-1; 9].into();
    assert_eq!(wrong(&negative), range("time in matrix", -1, MOST.into()));
    let none = |what, to, of| ProblemError::NoSuch { what, at: 0, to, of };
    assert_eq!(wrong(&|parts| parts.riders[0].stops.push(2)), none("riders", 2, 2));
    assert_eq!(wrong(&|parts| parts.stops[0].place = 3), none("stop", 3, 3));
    assert_eq!(wrong(&|parts| parts.vehicles[0].start = 3), none("vehicle", 3, 3));
    assert_eq!(wrong(&|parts| parts.vehicles[0].travel = 1), none("vehicle", 1, 1));
    assert_eq!(wrong(&|parts| parts.destination = 3), none("destination", 3, 3));
}
