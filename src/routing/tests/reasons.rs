//! Is what is said to be enough enough, and no less? Every place of every tour is tried, and the whole answer judged.

use super::super::reasons;
use std::collections::BTreeSet;

use super::super::reasons::{LeftOut, Need, Relaxation, relaxed};
use super::*;

/// Can one of an order's jobs be put in somewhere, so that the judge finds nothing wrong with the whole?
fn can_be_served(problem: &Problem, tours: &Tours, jobs: &[usize]) -> bool {
    let innocent = |all: &Tours| {
        check(problem, all).iter().all(|fault| matches!(fault, Fault::Cost { .. })) && all.missing + 1 == tours.missing
    };
    let with = |at: usize, put: Tour| {
        let mut all = tours.clone();
        all.missing -= 1;
        match all.tours.get_mut(at) {
            Some(tour) => *tour = put,
            None => all.tours.push(put),
        }
        innocent(&all)
    };
    jobs.iter().any(|&job| {
        let second = problem.pair_of(job).map(|pair| problem.pairs()[pair].delivery);
        let fresh = (0..problem.vehicles().len()).map(|kind| (tours.tours.len(), kind, 0));
        let there = tours.tours.iter().enumerate().map(|(at, tour)| (at, tour.vehicle, deeds(tour).len()));
        there.chain(fresh).any(|(at, vehicle, length)| {
            let before = tours.tours.get(at).cloned().unwrap_or_else(|| tour(vehicle, &[]));
            (0..=length).any(|first| {
                let Some(second) = second else {
                    return super::with(problem, &before, job, first).into_iter().any(|tour| with(at, tour));
                };
                (first..=length).any(|behind| {
                    let mut put = before.clone();
                    put.jobs.insert(behind, second);
                    put.jobs.insert(first, job);
                    with(at, put)
                })
            })
        })
    })
}

#[test]
fn what_is_said_to_be_enough_is_enough_and_no_less() {
    let (mut cases_seen, mut stated, mut needs) = (0, 0, BTreeSet::new());
    for seed in 0..cases(60, 1500) {
        let taste = Taste {
            jobs: 9,
            types: 2,
            vehicles: 2,
            metric: true,
            extreme: false,
            mild: seed % 3 > 0,
            pairs: true,
            trips: true,
            priced: true,
        };
        let problem = Draw::new(seed, taste).problem();
        let tours = solved(&problem, 300, seed).best;
        for LeftOut { jobs, fits, relaxations } in reasons(&problem, &tours, 2, &|| false) {
            assert_eq!(fits, can_be_served(&problem, &tours, &jobs), "seed {seed}");
            cases_seen += usize::from(!relaxations.is_empty());
            for Relaxation { need, amount, job } in relaxations {
                assert!(jobs.contains(&job) && amount > 0, "seed {seed}");
                let serves = |amount: i32| can_be_served(&relaxed(&problem, need, amount), &tours, &jobs);
                assert!(serves(amount), "seed {seed} {need:?} {amount} is not enough");
                assert!(!serves(amount - 1), "seed {seed} {need:?} less than {amount} is enough");
                needs.insert(format!("{need:?}").split('(').next().unwrap_or_default().to_owned());
                stated += 1;
            }
        }
    }
    println!("{cases_seen} orders left out, {stated} relaxations, each tried and one less");
    assert!(cases_seen >= cases(10, 200) && needs.len() >= cases(5, 9), "{cases_seen} {stated} {needs:?}");
}

#[test]
fn a_break_that_would_be_none_is_left_out() {
    // He is aboard from 50 to 150, and the driver must rest at 100: however short, it cannot be, but without it all is well.
    let jobs = vec![Job { window: (50, 50), ..Job::at(1) }, Job { window: (150, 150), ..Job::at(2) }];
    let vehicle = Vehicle { breaks: vec![Break { window: (100, 100), duration: 10 }], ..Vehicle::at(0, 1) };
    let pairs = vec![Pair { pickup: 0, delivery: 1, max_ride: MOST, kind: 0 }];
    let travel = vec![line(&[0, 10, 30])];
    let parts = Parts { places: 3, travel, jobs, pairs, vehicles: vec![vehicle], ..Parts::default() };
    let problem = Problem::new(parts).unwrap();
    let tours = solved(&problem, 20, 1).best;
    let [left_out] = &reasons(&problem, &tours, 9, &|| false)[..] else { panic!("{tours:?}") };
    let rest = left_out.relaxations.iter().find(|relaxation| relaxation.need == Need::Rest);
    assert_eq!(rest, Some(&Relaxation { need: Need::Rest, amount: 10, job: 0 }));
}

#[test]
fn worked_by_hand() {
    // Places at 0 (depot), 10 and 30; back at 50 at the latest; room for 3. One vehicle does the near job, 2 aboard.
    let jobs = vec![
        Job { delivered: [2, 0, 0, 0], ..Job::at(1) },
        Job { delivered: [2, 0, 0, 0], window: (0, 25), ..Job::at(2) },
    ];
    let vehicle = Vehicle { capacity: [3, MOST, MOST, MOST], shift: (0, 100), ..Vehicle::at(0, 1) };
    let travel = vec![line(&[0, 10, 30])];
    let problem = |jobs: Vec<Job>, vehicle: Vehicle| {
        Problem::new(Parts { places: 3, travel: travel.clone(), jobs, vehicles: vec![vehicle], ..Parts::default() })
            .unwrap()
    };
    let tours = Tours { tours: vec![tour(0, &[0])], missing: 1, cost: 20 };
    // It needs one seat more and a window that ends at 30: no one thing is enough.
    let both = reasons(&problem(jobs.clone(), vehicle.clone()), &tours, 9, &|| false);
    assert_eq!(both, [LeftOut { jobs: vec![1], fits: false, relaxations: vec![] }]);
    // With room, the window must end 5 later; or another vehicle would leave no sooner and be as late.
    let roomy = Vehicle { capacity: [4, MOST, MOST, MOST], ..vehicle.clone() };
    let late = reasons(&problem(jobs.clone(), roomy), &tours, 9, &|| false);
    assert_eq!(late[0].relaxations, [Relaxation { need: Need::Later(1), amount: 5, job: 1 }]);
    // With time, one seat more or one vehicle more.
    let mut patient = jobs;
    patient[1].window = (0, MOST);
    let full = reasons(&problem(patient, vehicle), &tours, 9, &|| false);
    let relaxation = |need: Need| Relaxation { need, amount: 1, job: 1 };
    assert_eq!(full[0].relaxations, [relaxation(Need::Room(0)), relaxation(Need::Vehicles(0))]);
}
