//! Plans near the one in force: nothing changes for an endless price, and less changes the dearer it is.

use super::super::InForce;
use super::*;

/// Customers around a depot, delivered by a few vehicles.
fn town(seed: u64, jobs: usize) -> Problem {
    let mut random = Random::new(seed);
    let at: Vec<(i32, i32)> = (0..=jobs).map(|_| (random.below(1000) as i32, random.below(1000) as i32)).collect();
    let way = |from: &(i32, i32), to: &(i32, i32)| (from.0 - to.0).abs() + (from.1 - to.1).abs();
    let cells: Arc<[i32]> = at.iter().flat_map(|from| at.iter().map(move |to| way(from, to))).collect();
    let travel = Travel { distance: Arc::clone(&cells), duration: cells };
    let job = |place: usize| Job { delivered: [1 + (place % 3) as i32, 0, 0, 0], ..Job::at(place) };
    let vehicle = Vehicle { capacity: [14, MOST, MOST, MOST], fixed: 500, ..Vehicle::at(0, jobs) };
    Problem::new(Parts {
        places: jobs + 1,
        travel: vec![travel],
        jobs: (1..=jobs).map(job).collect(),
        vehicles: vec![vehicle],
        ..Parts::default()
    })
    .unwrap()
}

fn from(problem: &Problem, start: &Tours, iterations: u64) -> Tours {
    let run = Run { seed: 5, iterations: Some(iterations), chains: 1, watch: &|_| Answer::GO };
    let found = solve(problem, Some(start), &run).best;
    assert_eq!(check(problem, &found), vec![]);
    found
}

/// Only the order of the tours may differ.
fn ways(tours: &Tours) -> Vec<Vec<usize>> {
    let mut ways: Vec<Vec<usize>> = tours.tours.iter().map(|tour| tour.jobs.clone()).collect();
    ways.sort();
    ways
}

#[test]
fn a_start_is_taken_over_as_far_as_it_is_allowed() {
    let town = town(1, 12);
    let good = solved(&town, 500, 1).best;
    assert_eq!(ways(&from(&town, &good, 0)), ways(&good));
    // Twice the same, nobody there, too much for one vehicle: what is left over is planned anew.
    let bad = Tours { tours: vec![tour(0, &[0, 1]), tour(0, &[1]), tour(0, &[99]), tour(9, &[2])], ..Tours::default() };
    let found = from(&town, &bad, 0);
    assert_eq!(found.missing, 0);
    let full = Tours { tours: vec![tour(0, &(0..12).collect::<Vec<usize>>())], ..Tours::default() };
    assert_eq!(from(&town, &full, 0).missing, 0);
}

#[test]
fn for_an_endless_price_the_plan_comes_back_unchanged() {
    for seed in 0..cases(3, 20) {
        let town = town(seed, 30);
        // Far from good: there is much to gain from changes.
        let poor = solved(&town, 0, seed).best;
        let in_force = InForce::new(&town, &poor);
        let endless = in_force.priced(&town, 100_000_000).unwrap();
        let kept = from(&endless, &poor, cases(300, 5_000));
        assert_eq!(ways(&kept), ways(&poor), "seed {seed}");
        assert_eq!(in_force.changes(&town, &kept), 0);
        let free = from(&in_force.priced(&town, 0).unwrap(), &poor, cases(300, 5_000));
        assert!(free.cost < kept.cost && in_force.changes(&town, &free) > 0, "seed {seed}");
    }
}

#[test]
fn who_is_new_goes_in_without_a_change_to_others() {
    // The plan is for all but the last two; the first has gone.
    let town = town(7, 30);
    let mut before = solved(&town, 2000, 1).best;
    for tour in &mut before.tours {
        tour.jobs.retain(|&job| job < 28);
    }
    before.tours.retain(|tour| !tour.jobs.is_empty());
    let in_force = InForce::new(&town, &before);
    let found = from(&in_force.priced(&town, 1_000_000).unwrap(), &before, 500);
    assert_eq!((found.missing, in_force.changes(&town, &found)), (0, 0));
}

#[test]
fn the_dearer_changes_are_the_fewer_there_are_and_the_more_the_rest_costs() {
    for seed in 0..3 {
        let town = town(10 + seed, 24);
        let poor = solved(&town, 0, seed).best;
        let in_force = InForce::new(&town, &poor);
        let mut steps: Vec<(usize, i64)> = Vec::new();
        for price in [0, 20, 50, 100, 200, 400, 1_000_000] {
            let found = from(&in_force.priced(&town, price).unwrap(), &poor, cases(20_000, 60_000));
            let changes = in_force.changes(&town, &found);
            steps.push((changes, found.cost - price * changes as i64));
        }
        println!("changes and cost, the dearer the later: {steps:?}");
        assert!(
            steps.windows(2).all(|pair| pair[0].0 >= pair[1].0 && pair[0].1 <= pair[1].1),
            "seed {seed}: {steps:?}"
        );
        assert!(steps[0].0 > 0 && steps[steps.len() - 1].0 == 0, "seed {seed}: {steps:?}");
    }
}
