//! Small enough to work on paper.

use super::*;

fn best(places: &[i32], jobs: Vec<Job>, groups: Vec<Group>, vehicles: Vec<Vehicle>) -> Tours {
    let travel = vec![line(places)];
    let problem = Parts { places: places.len(), travel, jobs, groups, vehicles, ..Parts::default() };
    let problem = Problem::new(problem).unwrap();
    solved(&problem, 1000, 1).best
}

fn delivered(place: usize, load: i32) -> Job {
    Job { delivered: [load, 0, 0, 0], ..Job::at(place) }
}

#[test]
fn two_on_one_side_ride_together() {
    // Depot at 0, jobs at 10, 20 and -10, two fit in a vehicle. {10, 20}: 40, and {-10}: 20. Any other pair costs 80 together.
    let jobs = (1..4).map(|place| delivered(place, 1)).collect();
    let vehicle = Vehicle { capacity: [2, 0, 0, 0], ..Vehicle::at(0, 3) };
    let tours = best(&[0, 10, 20, -10], jobs, vec![], vec![vehicle]);
    assert_eq!((tours.cost, tours.missing, tours.tours.len()), (60, 0, 2));
    assert_eq!(tours.tours[1], tour(0, &[2]));
}

#[test]
fn with_one_vehicle_too_few_somebody_is_missing() {
    // As above with one vehicle: two of three; the cheapest two are 10 and -10 (or 10 and 20), 40.
    let jobs = (1..4).map(|place| delivered(place, 1)).collect();
    let vehicle = Vehicle { capacity: [2, 0, 0, 0], ..Vehicle::at(0, 1) };
    let tours = best(&[0, 10, 20, -10], jobs, vec![], vec![vehicle]);
    assert_eq!((tours.cost, tours.missing), (40, 1));
}

#[test]
fn windows_force_an_order() {
    // At 10 from 50 on, at 20 until 30, at -10 between 40 and 55. From 0 to 20 (begins 20), to -10 (50), to 10 (70), home at 80. Whoever visits
    // 10 before -10 is at -10 at 70. Without windows it would be 20, 10, -10: 60.
    let windows = [(50, 80), (0, 30), (40, 55)];
    let job = |(place, window): (usize, (i32, i32))| Job { window, ..Job::at(place + 1) };
    let jobs: Vec<Job> = windows.into_iter().enumerate().map(job).collect();
    let tours = best(&[0, 10, 20, -10], jobs, vec![], vec![Vehicle::at(0, 1)]);
    assert_eq!(tours, Tours { tours: vec![tour(0, &[1, 2, 0])], missing: 0, cost: 80 });
    let free = (1..4).map(Job::at).collect();
    assert_eq!(best(&[0, 10, 20, -10], free, vec![], vec![Vehicle::at(0, 1)]).cost, 60);
}

#[test]
fn a_prize_is_fetched_where_it_pays() {
    // There and back is 20.
    let prize = |prize| vec![Job { prize: Some(prize), ..Job::at(1) }];
    let tours = best(&[0, 10], prize(19), vec![], vec![Vehicle::at(0, 1)]);
    assert_eq!(tours, Tours { tours: vec![], missing: 0, cost: 19 });
    let tours = best(&[0, 10], prize(21), vec![], vec![Vehicle::at(0, 1)]);
    assert_eq!(tours, Tours { tours: vec![tour(0, &[0])], missing: 0, cost: 20 });
}

#[test]
fn two_prizes_pay_together() {
    // A vehicle costs 30, the way to both 20: neither prize of 40 pays alone, both do.
    let job = Job { prize: Some(40), ..Job::at(1) };
    let vehicle = Vehicle { fixed: 30, ..Vehicle::at(0, 1) };
    let tours = best(&[0, 10], vec![job.clone(), job], vec![], vec![vehicle]);
    assert_eq!((tours.cost, tours.missing), (50, 0));
}

#[test]
fn many_prizes_pay_together() {
    // A vehicle costs 580, the way to all sixty 20, each prize is 12: 51 of them pay for it, more than one change of the search can bring (those around
    // a job). From an empty plan each step would make it dearer until then.
    let job = Job { prize: Some(12), delivered: [1, 0, 0, 0], ..Job::at(1) };
    let vehicle = Vehicle { fixed: 580, capacity: [60, 0, 0, 0], ..Vehicle::at(0, 1) };
    let tours = best(&[0, 10], vec![job; 60], vec![], vec![vehicle]);
    assert_eq!((tours.cost, tours.missing), (600, 0));
}

#[test]
fn who_must_be_served_goes_before_any_prize() {
    // One vehicle for two: whatever a prize is worth, it stays behind.
    let job = |prize| Job { prize, delivered: [1, 0, 0, 0], ..Job::at(1) };
    let vehicle = Vehicle { capacity: [2, 0, 0, 0], ..Vehicle::at(0, 1) };
    let jobs = vec![job(Some(500)), job(None), job(Some(700)), job(None), job(Some(600))];
    let tours = best(&[0, 10], jobs, vec![], vec![vehicle]);
    assert_eq!((tours.cost, tours.missing), (1820, 0));
}

#[test]
fn a_group_is_served_where_it_is_near() {
    // At 50 or at 5: 10. Their own prizes do not count.
    let jobs = vec![Job { prize: Some(1), ..Job::at(1) }, Job { prize: Some(1), ..Job::at(2) }];
    let group = Group { jobs: vec![0, 1], prize: None };
    let tours = best(&[0, 50, 5], jobs, vec![group], vec![Vehicle::at(0, 2)]);
    assert_eq!(tours, Tours { tours: vec![tour(0, &[1])], missing: 0, cost: 10 });
}

#[test]
fn each_depot_serves_its_own() {
    // Depots at 0 and 100, jobs at 10 and 90: 20 each. One vehicle for both: 180.
    let tours =
        best(&[0, 100, 10, 90], vec![Job::at(2), Job::at(3)], vec![], vec![Vehicle::at(0, 1), Vehicle::at(1, 1)]);
    assert_eq!(tours, Tours { tours: vec![tour(0, &[0]), tour(1, &[1])], missing: 0, cost: 40 });
}

#[test]
fn what_is_collected_waits_until_there_is_room() {
    // From 0 to 30; two are delivered at 20, two collected at 10, two fit. First 20, then 10, then 30: 50. (The other order would be 30.)
    let collected = Job { collected: [2, 0, 0, 0], ..Job::at(2) };
    let vehicle = Vehicle { capacity: [2, 0, 0, 0], end: 3, ..Vehicle::at(0, 1) };
    let tours = best(&[0, 20, 10, 30], vec![delivered(1, 2), collected], vec![], vec![vehicle]);
    assert_eq!(tours, Tours { tours: vec![tour(0, &[0, 1])], missing: 0, cost: 50 });
}

#[test]
fn who_must_wait_leaves_late() {
    // At 10 from 100 until 120. Leaving at 90: away for 20.
    let late = Job { window: (100, 120), ..Job::at(1) };
    let vehicle = Vehicle { per_distance: 0, per_duration: 1, ..Vehicle::at(0, 1) };
    let tours = best(&[0, 10, 20], vec![late.clone()], vec![], vec![vehicle.clone()]);
    assert_eq!(tours.cost, 20);
    // And at 20 until 50: leaves at 30, begins at 50, is at 10 at 60, waits until 100, is back at 110: away for 80.
    let early = Job { window: (0, 50), ..Job::at(2) };
    let tours = best(&[0, 10, 20], vec![late, early], vec![], vec![vehicle]);
    assert_eq!(tours, Tours { tours: vec![tour(0, &[1, 0])], missing: 0, cost: 80 });
}
