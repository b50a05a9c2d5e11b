//! Several trips: worked on paper, and what the judge finds wrong with them.

use super::super::check::drive;
use super::super::ground::Ground;
use super::super::resplit::Resplit;
use super::super::state::State;
use super::super::{InForce, Reason, impossible, reasons, reasons::Need};
use super::solving::all_trips;
use super::*;
use crate::routing::problem::{MOST_RELOAD_PLACES, ProblemError};

fn parts(places: &[i32], jobs: Vec<Job>, vehicle: Vehicle) -> Parts {
    Parts { places: places.len(), travel: vec![line(places)], jobs, vehicles: vec![vehicle], ..Parts::default() }
}

fn problem(places: &[i32], jobs: Vec<Job>, vehicle: Vehicle) -> Problem {
    Problem::new(parts(places, jobs, vehicle)).unwrap()
}

fn loaded(place: usize) -> Job {
    Job { delivered: [1, 0, 0, 0], ..Job::at(place) }
}

fn reload(before: usize, place: usize) -> Reload {
    Reload { before, place }
}

#[test]
fn one_vehicle_does_what_two_would_where_it_reloads() {
    // Jobs at 10, 20 and -10, two fit: {10, 20} is 40, and {-10} 20. Without a reload somebody is missing; the cheapest two cost 40.
    let solve = |max_reloads| {
        let vehicle = Vehicle { capacity: [2, 0, 0, 0], reloads: vec![0], max_reloads, ..Vehicle::at(0, 1) };
        solved(&problem(&[0, 10, 20, -10], (1..4).map(loaded).collect(), vehicle), 500, 1).best
    };
    let tours = solve(1);
    assert_eq!((tours.cost, tours.missing, tours.tours.len(), tours.tours[0].reloads.len()), (60, 0, 1, 1));
    let tours = solve(0);
    assert_eq!((tours.cost, tours.missing), (40, 1));
}

#[test]
fn it_reloads_where_that_is_nearest() {
    // From 0 to 100, back to 90, to 101 and home: 100 + 10 + 11 + 101. By 0 it would be 402.
    let vehicle = Vehicle { capacity: [1, 0, 0, 0], reloads: vec![0, 1], ..Vehicle::at(0, 1) };
    let tours = solved(&problem(&[0, 90, 100, 101], vec![loaded(2), loaded(3)], vehicle), 500, 1).best;
    assert_eq!((tours.cost, tours.missing), (222, 0));
    assert_eq!(tours.tours[0].reloads, [reload(1, 1)]);
}

#[test]
fn a_trip_leaves_when_all_it_delivers_is_released() {
    // At -10 until 15, and at 10 what is there at 50 only: leaves at 5, is at -10 at 15, back at 25, waits until 50, is at 10 at 60, home at 70.
    let jobs = vec![Job { window: (0, 15), ..loaded(2) }, Job { release: 50, ..loaded(1) }];
    let vehicle = Vehicle { per_distance: 0, per_duration: 1, reloads: vec![0], ..Vehicle::at(0, 1) };
    let one = problem(&[0, 10, -10], jobs.clone(), vehicle.clone());
    let tours = solved(&one, 500, 1).best;
    let way = Tour { reloads: vec![reload(1, 0)], ..tour(0, &[0, 1]) };
    assert_eq!(tours, Tours { tours: vec![way], missing: 0, cost: 65 });
    // In one trip nobody is at -10 in time.
    let late = Fault::Late { tour: 0, job: 0, begins: 60, latest: 15 };
    assert_eq!(check(&one, &Tours { tours: vec![tour(0, &[0, 1])], missing: 0, cost: 0 }), [late]);
    let two = solved(&problem(&[0, 10, -10], jobs, Vehicle { count: 2, ..vehicle }), 500, 1).best;
    assert_eq!((two.cost, two.tours.len()), (40, 2));
}

#[test]
fn who_is_released_too_late_is_told_by_how_much() {
    // At 10 until 55, released at 50: begun at 60 at the soonest.
    let late = problem(&[0, 10], vec![Job { release: 50, window: (0, 55), ..loaded(1) }], Vehicle::at(0, 1));
    assert_eq!(impossible(&late), [(0, Reason::Window { soonest: 60, latest: 55 })]);
    let nobody = solved(&late, 50, 1).best;
    let needs: Vec<(Need, i32)> = reasons(&late, &nobody, 1, &|| false)[0]
        .relaxations
        .iter()
        .map(|enough| (enough.need, enough.amount))
        .collect();
    assert_eq!(needs, [(Need::Later(0), 5), (Need::Released(0), 5)]);
}

/// Jobs at 10, 20 and 30, one of the first kind each, room for two; reloads at 0 and 20. Right: 0 and 1, then from 20 to 2.
fn judged(change: impl FnOnce(&mut Parts, &mut Tour)) -> Vec<Fault> {
    let vehicle = Vehicle { capacity: [2, 0, 0, 0], reloads: vec![0, 2], max_reloads: 2, ..Vehicle::at(0, 1) };
    let mut parts = parts(&[0, 10, 20, 30], (1..4).map(loaded).collect(), vehicle);
    let mut way = Tour { reloads: vec![reload(2, 1)], ..tour(0, &[0, 1, 2]) };
    change(&mut parts, &mut way);
    check(&Problem::new(parts).unwrap(), &Tours { tours: vec![way], missing: 0, cost: 60 })
}

#[test]
fn reloads_that_part_nothing_or_may_not_be_are_faults() {
    assert_eq!(judged(|_, _| {}), []);
    let none = |reload, before| vec![Fault::NoTrip { tour: 0, reload, before }];
    assert_eq!(judged(|_, way| way.reloads[0].before = 0), none(0, 0));
    assert_eq!(judged(|_, way| way.reloads[0].before = 3), none(0, 3));
    assert_eq!(judged(|_, way| way.reloads.push(reload(2, 1))), none(1, 2));
    assert_eq!(judged(|_, way| way.reloads.insert(0, reload(usize::MAX, 1))), none(0, usize::MAX));
    let strange = |place| vec![Fault::ReloadPlace { tour: 0, reload: 0, place, of: 2 }];
    assert_eq!(judged(|_, way| way.reloads[0].place = 2), strange(2));
    assert_eq!(judged(|_, way| way.reloads[0].place = usize::MAX), strange(usize::MAX));
    let often = Fault::Reloads { tour: 0, reloads: 1, most: 0 };
    assert_eq!(judged(|parts, _| parts.vehicles[0].max_reloads = 0), [often]);
}

#[test]
fn each_trip_is_loaded_anew() {
    let full = |done, aboard| vec![Fault::Load { tour: 0, kind: 0, done, aboard, capacity: 2 }];
    assert_eq!(judged(|parts, _| parts.jobs[0].delivered[0] = 2), full(0, 3));
    assert_eq!(judged(|parts, _| parts.jobs[2].delivered[0] = 3), full(2, 3));
    // What the first trip collects is set down at the reload.
    let collects = |parts: &mut Parts| parts.jobs.iter_mut().for_each(|job| job.collected[0] = 1);
    assert_eq!(judged(|parts, _| collects(parts)), []);
    let both = judged(|parts, way| {
        collects(parts);
        way.reloads.clear();
    });
    assert_eq!(both, full(0, 3));
}

#[test]
fn each_trip_waits_for_its_own() {
    // Leaves 20, where it is at 20, at 40: at 30 at 50, home at 80.
    let late = |latest| {
        judged(move |parts, _| {
            (parts.jobs[2].release, parts.jobs[2].window) = (40, (0, latest));
        })
    };
    assert_eq!(late(50), []);
    assert_eq!(late(49), [Fault::Late { tour: 0, job: 2, begins: 50, latest: 49 }]);
    // Away since 20: nobody must be anywhere before, so it leaves when the second trip need not wait.
    let away =
        |longest| judged(move |parts, _| (parts.jobs[2].release, parts.vehicles[0].max_duration) = (40, longest));
    assert_eq!(away(60), []);
    assert_eq!(away(59), [Fault::Duration { tour: 0, duration: 60, longest: 59 }]);
    // The first trip waits for its last.
    let first = judged(|parts, _| (parts.jobs[1].release, parts.jobs[0].window) = (40, (0, 49)));
    assert_eq!(first, [Fault::Late { tour: 0, job: 0, begins: 50, latest: 49 }]);
    let back = judged(|parts, _| (parts.jobs[2].release, parts.vehicles[0].shift) = (40, (0, 79)));
    assert_eq!(back, [Fault::Back { tour: 0, back: 80, latest: 79 }]);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let refused = |change: &dyn Fn(&mut Parts)| {
        let mut parts = parts(&[0, 10], vec![loaded(1), loaded(1)], Vehicle::at(0, 1));
        change(&mut parts);
        Problem::new(parts).unwrap_err()
    };
    let there = ProblemError::NoSuch { what: "vehicle", at: 0, to: 2, of: 2 };
    assert_eq!(refused(&|parts| parts.vehicles[0].reloads = vec![0, 2]), there);
    let many = |parts: &mut Parts| parts.vehicles[0].reloads = vec![0; MOST_RELOAD_PLACES + 1];
    assert_eq!(refused(&many), ProblemError::TooLarge);
    let range = ProblemError::Range { what: "job", at: 1, value: -1, most: MOST.into() };
    assert_eq!(refused(&|parts| parts.jobs[1].release = -1), range);
    let paired = |parts: &mut Parts| {
        parts.jobs = vec![Job::at(1), Job::at(1)];
        parts.pairs = vec![Pair { pickup: 0, delivery: 1, max_ride: MOST, kind: 0 }];
    };
    assert_eq!(
        refused(&|parts| {
            paired(parts);
            parts.vehicles[0].reloads = vec![0];
        }),
        ProblemError::Trips
    );
    assert_eq!(
        refused(&|parts| {
            paired(parts);
            parts.jobs[0].release = 1;
        }),
        ProblemError::Trips
    );
}

#[test]
fn a_start_with_trips_is_taken_over_and_changes_are_counted_by_trip() {
    let jobs = (1..7).map(|place| Job { prize: Some(1000), ..loaded(place) }).collect();
    let vehicle = Vehicle { capacity: [2, 0, 0, 0], reloads: vec![0], ..Vehicle::at(0, 1) };
    let town = problem(&[0, 10, 20, 30, -10, -20, -30], jobs, vehicle);
    // Far from good: each trip goes both ways.
    let way = Tour { reloads: vec![reload(2, 0), reload(4, 0)], ..tour(0, &[0, 5, 1, 4, 2, 3]) };
    let poor = Tours { tours: vec![way], missing: 0, cost: 80 + 80 + 80 };
    assert_eq!(check(&town, &poor), []);
    let in_force = InForce::new(&town, &poor);
    let from = |price: i64| {
        let run = Run { seed: 5, iterations: Some(2000), chains: 1, watch: &|_| Answer::GO };
        solve(&in_force.priced(&town, price).unwrap(), Some(&poor), &run).best
    };
    let kept = from(100_000);
    assert_eq!(in_force.changes(&town, &kept), 0);
    assert_eq!(kept.cost, 240);
    // {30, 20}, {10, -10} and {-20, -30}: 60 + 40 + 60.
    let free = from(0);
    assert_eq!(free.cost, 160);
    assert!(in_force.changes(&town, &free) > 0);
    // Reloads that part nothing, or are nowhere, are not taken over.
    for wrong in [vec![reload(0, 0)], vec![reload(6, 0)], vec![reload(3, 99)], vec![reload(3, 1)], vec![]] {
        let mut tours = poor.clone();
        tours.tours[0].reloads = wrong;
        let run = Run { seed: 5, iterations: Some(0), chains: 1, watch: &|_| Answer::GO };
        let found = solve(&town, Some(&tours), &run).best;
        assert_eq!(check(&town, &found), []);
    }
}

#[test]
fn where_to_reload_is_the_best_of_all_ways() {
    let (mut moved, mut stayed) = (0, 0);
    for seed in 0..cases(60, 1500) {
        let taste = Taste {
            jobs: 9,
            types: 2,
            vehicles: 2,
            metric: seed % 2 == 0,
            extreme: false,
            mild: seed % 3 > 0,
            pairs: false,
            trips: true,
            priced: false,
        };
        let mut parts = Draw::new(seed, taste).problem().parts().clone();
        for vehicle in &mut parts.vehicles {
            // What it is exact for.
            (vehicle.per_distance, vehicle.per_duration, vehicle.max_duration) = (1, 0, MOST);
            vehicle.max_distance = i64::MAX;
        }
        let problem = Problem::new(parts).unwrap();
        let ground = Ground::new(&problem);
        if !ground.trips {
            continue;
        }
        let (mut resplit, mut random) = (Resplit::default(), Random::new(seed));
        for tour in solved(&problem, 0, seed).best.tours.into_iter().filter(|tour| tour.jobs.len() < 7) {
            let ways = all_trips(&problem, tour.vehicle, &tour.jobs);
            let best = ways.iter().map(|way| way.0).min().unwrap();
            let (cost, way) = ways[random.below(ways.len())].clone();
            let mut state = State::new(&ground);
            state.take_over(&Tours { tours: vec![way.clone()], missing: 0, cost });
            let route = &state.routes[state.used[0] as usize];
            assert_eq!((route.cost, route.reloads(&ground).len()), (cost, way.reloads.len()), "seed {seed}");
            let Some((same, reloads)) = resplit.shorter(&ground, route) else {
                assert_eq!(cost, best, "seed {seed}");
                stayed += 1;
                continue;
            };
            assert!(same.iter().map(|&job| job as usize).eq(way.jobs.iter().copied()));
            let mut faults = Vec::new();
            let way = Tour { reloads: reloads.to_vec(), ..way };
            assert_eq!((drive(&problem, 0, &way, &mut faults), faults), (Some(best), vec![]), "seed {seed}");
            assert!(best < cost, "seed {seed}");
            moved += 1;
        }
    }
    assert!(moved >= cases(1, 60) && stayed >= cases(10, 300), "{moved} {stayed}");
}
