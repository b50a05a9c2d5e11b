//! What is known of stretches, against their story told step by step.

use super::super::segment::{Loads, Times};
use super::*;

/// The stretches of `items`, joined in a random bracketing.
fn joined<T: Copy>(items: &[T], random: &mut Random, join: &impl Fn(T, usize, T) -> T, first: usize) -> T {
    if let [one] = items {
        return *one;
    }
    let cut = 1 + random.below(items.len() - 1);
    let (left, right) = items.split_at(cut);
    let (a, b) = (joined(left, random, join, first), joined(right, random, join, first + cut));
    join(a, first + cut, b)
}

/// Begun at `clock`: duration and warp.
fn told(jobs: &[Job], travel: &[i32], begin: i32) -> (i32, i32) {
    let (mut clock, mut duration, mut warp) = (begin, 0, 0);
    for (at, job) in jobs.iter().enumerate() {
        if at > 0 {
            clock += travel[at];
            duration += travel[at];
            let wait = (job.window.0 - clock).max(0);
            clock += wait;
            duration += wait;
            if clock > job.window.1 {
                warp += clock - job.window.1;
                clock = job.window.1;
            }
        }
        clock += job.service;
        duration += job.service;
    }
    (duration, warp)
}

#[test]
fn times_joined_in_any_way_are_the_times_step_by_step() {
    let mut random = Random::new(1);
    for _ in 0..cases(5_000, 100_000) {
        let count = 1 + random.below(7);
        let wide = 1 + random.below(60);
        let jobs: Vec<Job> = (0..count)
            .map(|_| {
                let from = random.below(80) as i32;
                let window = (from, from + random.below(wide) as i32);
                Job { window, service: random.below(6) as i32, ..Job::at(0) }
            })
            .collect();
        let travel: Vec<i32> = (0..count).map(|_| random.below(20) as i32).collect();
        // Least warp, then the shortest duration, then all beginnings that give both.
        let begins = jobs[0].window.0..=jobs[0].window.1;
        let all: Vec<(i32, i32, i32)> = begins
            .map(|begin| {
                let (duration, warp) = told(&jobs, &travel, begin);
                (warp, duration, begin)
            })
            .collect();
        let (warp, duration, early) = *all.iter().min().unwrap();
        let late = all.iter().filter(|one| (one.0, one.1) == (warp, duration)).map(|one| one.2).max().unwrap();
        let times: Vec<Times> = jobs.iter().map(Times::of).collect();
        let found = joined(&times, &mut random, &|a: Times, at, b| a.then(travel[at], b), 0);
        assert_eq!(found, Times { duration, warp, early, late }, "{jobs:?} {travel:?}");
    }
}

#[test]
fn a_depot_is_a_job_without_service() {
    let vehicle = Vehicle { shift: (3, 9), ..Vehicle::at(0, 1) };
    assert_eq!(Times::of_depot(&vehicle), Times::of(&Job { window: (3, 9), ..Job::at(0) }));
    // Released at some time, it opens then; after it has closed, that is too late.
    assert_eq!(Times::of_leaving(&vehicle, 2), Times::of_depot(&vehicle));
    assert_eq!(Times::of_leaving(&vehicle, 7), Times::of(&Job { window: (7, 9), ..Job::at(0) }));
    assert_eq!(Times::of_leaving(&vehicle, 11), Times { duration: 0, warp: 2, early: 9, late: 9 });
}

#[test]
fn loads_joined_in_any_way_are_the_loads_step_by_step() {
    let mut random = Random::new(2);
    for _ in 0..cases(5_000, 100_000) {
        let count = 1 + random.below(9);
        let amount = |random: &mut Random| [0, 0, random.below(9) as i32, 0];
        let jobs: Vec<Job> = (0..count)
            .map(|_| Job { delivered: amount(&mut random), collected: amount(&mut random), ..Job::at(0) })
            .collect();
        let delivered: i32 = jobs.iter().map(|job| job.delivered[2]).sum();
        let (mut aboard, mut most) = (delivered, delivered);
        for job in &jobs {
            aboard += job.collected[2] - job.delivered[2];
            most = most.max(aboard);
        }
        let loads: Vec<Loads> = jobs.iter().map(|job| Loads::of(job, 2)).collect();
        let found = joined(&loads, &mut random, &|a: Loads, _, b| a.then(b), 0);
        assert_eq!(found, Loads { delivered, collected: aboard, most }, "{jobs:?}");
    }
}
