//! How does planning grow with the district? Invented districts of 10, 50 and 200 parks, a line a size: how long until the plan is
//! surely within 2 % of the best, how large it became, what memory it took. Under the rules the bound knows, as in `gaps`.
//!
//! `cargo test --release --test district -- --ignored --nocapture`; other sizes and seconds: `JIEBO_PARKS=10,20 JIEBO_SECONDS=60`.

#![expect(clippy::unwrap_used, reason = "what a test relies on may end it")]
#![expect(clippy::print_stdout, reason = "the table is what the test is for")]

use std::fs;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiebo::domain::units::Fen;
use jiebo::planning::project::{Seating, Upkeep};
use jiebo::planning::synthetic::{self, Size};
use jiebo::planning::{Parts, make_plan};
use jiebo::search::{Answer, Progress, Run};

/// Above the bound.
const NEAR: f64 = 0.02;

/// The most memory the process has had, MB; `None` where the system does not tell.
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// Plans a district; was it within [`NEAR`] in time?
fn plan(parks: u32, seconds: u64) -> bool {
    let mut project = synthetic::project(1, &Size::district(parks));
    project.policy.seating = Seating::Assigned;
    project.upkeep = Upkeep { per_line: Fen(0), per_stop: Fen(0), max_lines: None };
    let budget = Duration::from_secs(seconds);
    let start = Instant::now();
    // Seconds to the first plan, seconds until near, the first figure told.
    let seen: Mutex<(Option<f64>, Option<f64>, Option<f64>)> = Mutex::new((None, None, None));
    let watch = |progress: &Progress| {
        let now = start.elapsed().as_secs_f64();
        let mut seen = seen.lock().unwrap();
        if let Some(objective) = progress.objective {
            let nothing = *seen.2.get_or_insert(objective);
            if objective < nothing - 1.0 {
                seen.0.get_or_insert(now);
            }
            if progress.bound.is_some_and(|bound| objective <= bound * (1.0 + NEAR)) {
                seen.1.get_or_insert(now);
            }
        }
        let used = now / budget.as_secs_f64();
        Answer { used, stop: used >= 1.0, ..Answer::GO }
    };
    let run = Run { watch: &watch, ..Run::quiet(1) };
    let shuttle = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };
    let plan = make_plan(&project, shuttle, None, &run, &|_| ()).unwrap().best;
    let (first, near, _) = seen.into_inner().unwrap();
    let told = |seconds: Option<f64>| seconds.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.1} s"));
    let worth = &plan.evaluation;
    let above = worth.objective.0 as f64 / plan.bound.objective.0 as f64 - 1.0;
    println!(
        "{parks:>6} {:>8} {:>6} {:>6} {:>9} {:>9} {:>8.2} % {:>8.2} % {:>8.1} s {:>6} MB",
        plan.cohorts.len(),
        plan.lines.len(),
        plan.trips.len(),
        told(first),
        told(near),
        100.0 * above,
        100.0 * plan.bound.gap,
        start.elapsed().as_secs_f64(),
        memory().map_or_else(|| "-".to_owned(), |megabytes| megabytes.to_string())
    );
    above <= NEAR
}

#[test]
#[ignore = "minutes for each size"]
fn districts_are_planned_near_the_bound() {
    let setting = |name: &str, usual: &str| std::env::var(name).unwrap_or_else(|_| usual.to_owned());
    let seconds = setting("JIEBO_SECONDS", "120").parse().unwrap();
    println!(
        "{:>6} {:>8} {:>6} {:>6} {:>9} {:>9} {:>10} {:>10} {:>10} {:>9}",
        "parks", "cohorts", "lines", "trips", "first", "near", "above", "gap", "all", "memory"
    );
    let sizes = setting("JIEBO_PARKS", "10,50,200");
    let near: Vec<bool> = sizes.split(',').map(|parks| plan(parks.parse().unwrap(), seconds)).collect();
    assert!(near.iter().all(|near| *near), "not all within 2 % of the bound");
}
