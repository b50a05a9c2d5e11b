//! How far from the best can a plan be, at most? Of the demonstration and of invented projects, under the rules the bound knows: seats
//! booked, lines and stops free, any number of lines. Ten seconds each, one chain.
//!
//! `cargo test --release --test gaps -- --ignored --nocapture`; other projects: `JIEBO_SEEDS=301-320`.

#![expect(clippy::unwrap_used, reason = "what a test relies on may end it")]
#![expect(clippy::print_stdout, reason = "the table is what the test is for")]

mod demonstration;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiebo::domain::units::Fen;
use jiebo::intake::{Needs, read_project};
use jiebo::planning::project::{Project, Seating, Upkeep};
use jiebo::planning::synthetic::{self, Size};
use jiebo::planning::{Parts, make_plan};
use jiebo::search::{Answer, Progress, Run};

const BUDGET: Duration = Duration::from_secs(10);
/// At most: in the middle, at worst, and seconds to the first plan.
const MEDIAN: f64 = 0.03;
const WORST: f64 = 0.06;
const FIRST: f64 = 0.3;

fn demonstration() -> Project {
    let sources = demonstration::sources("gonghexin");
    read_project(&sources, Needs::default()).unwrap()
}

/// The gap, and seconds to the first plan that runs something (to the end, where none does).
fn gap(name: &str, mut project: Project) -> (f64, f64) {
    project.policy.seating = Seating::Assigned;
    project.upkeep = Upkeep { per_line: Fen(0), per_stop: Fen(0), max_lines: None };
    let start = Instant::now();
    let (nothing, first) = (AtomicU64::new(0), AtomicU64::new(0));
    let watch = |progress: &Progress| {
        let now = start.elapsed();
        if let Some(objective) = progress.objective {
            // The first figure told is that of nothing or of a plan already; any plan that runs is below nothing.
            let told = nothing.compare_exchange(0, objective.to_bits(), Ordering::Relaxed, Ordering::Relaxed);
            let before = told.map_or_else(f64::from_bits, |_| objective);
            if objective < before - 1.0 {
                let micros = u64::try_from(now.as_micros()).unwrap();
                let _ = first.compare_exchange(0, micros, Ordering::Relaxed, Ordering::Relaxed);
            }
        }
        let used = now.as_secs_f64() / BUDGET.as_secs_f64();
        Answer { used, stop: used >= 1.0, ..Answer::GO }
    };
    let run = Run { watch: &watch, ..Run::quiet(1) };
    let shuttle = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };
    let plan = make_plan(&project, shuttle, None, &run, &|_| ()).unwrap().best;
    let worth = &plan.evaluation;
    let first = f64::from(u32::try_from(first.into_inner()).unwrap()) / 1e6;
    println!(
        "{name:>12} {:>10} {:>10} {:>10} {:>8.2} % {first:>7.2} s {:>7.1} s",
        worth.nothing.0,
        worth.objective.0,
        plan.bound.objective.0,
        100.0 * plan.bound.gap,
        start.elapsed().as_secs_f64()
    );
    (plan.bound.gap, first)
}

#[test]
#[ignore = "ten seconds for each of 21 projects"]
fn plans_are_near_the_bound() {
    let seeds = std::env::var("JIEBO_SEEDS").unwrap_or_else(|_| "1-20".to_owned());
    let (from, to) = seeds.split_once('-').unwrap();
    println!(
        "{:>12} {:>10} {:>10} {:>10} {:>10} {:>9} {:>9}",
        "fen", "nothing", "plan", "bound", "gap", "first", "all"
    );
    let mut all = vec![gap("gonghexin", demonstration())];
    for seed in from.parse::<u64>().unwrap()..=to.parse().unwrap() {
        all.push(gap(&seed.to_string(), synthetic::project(seed, &Size::default())));
    }
    let first = all.iter().map(|one| one.1).fold(0.0, f64::max);
    let mut gaps: Vec<f64> = all.iter().map(|one| one.0).collect();
    gaps.sort_by(f64::total_cmp);
    let (median, worst) = (gaps[gaps.len() / 2], gaps[gaps.len() - 1]);
    println!("median {:.2} %, worst {:.2} %, first plan within {first:.2} s", 100.0 * median, 100.0 * worst);
    assert!(median <= MEDIAN && worst <= WORST && first <= FIRST);
}
