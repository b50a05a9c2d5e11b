//! Is what people left out are told so? Every relaxation of plans of the demonstration and of invented projects, applied and chosen
//! again, serves the cohort, and one step less of it does not.

#![expect(clippy::unwrap_used, reason = "what a test relies on may end it")]
#![expect(clippy::print_stdout, reason = "how many were confirmed is what the test is for")]

mod demonstration;

use std::collections::BTreeMap;

use jiebo::domain::units::Fen;
use jiebo::intake::{Needs, read_project};
use jiebo::planning::explain::{Confirmer, Ground, confirm};
use jiebo::planning::plan::{Plan, Relaxation};
use jiebo::planning::project::Project;
use jiebo::planning::synthetic::{self, Size};
use jiebo::planning::{Parts, make_plan};
use jiebo::search::Run;

fn demonstration() -> Project {
    let sources = demonstration::sources("gonghexin");
    read_project(&sources, Needs::default()).unwrap()
}

fn plan(project: &Project, seed: u64, iterations: u64) -> Plan {
    let shuttle = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };
    let run = Run { iterations: Some(iterations), ..Run::quiet(seed) };
    Plan::clone(&make_plan(project, shuttle, None, &run, &|_| ()).unwrap().best)
}

/// How many are stated, by kind; every one of them holds, and one step less does not.
fn confirmed(name: &str, project: &Project, plan: &Plan) -> BTreeMap<String, usize> {
    let ground = Ground::of(project);
    let judge = Confirmer::new(project, &ground, plan);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in &plan.unserved {
        for change in &row.relaxations {
            *kinds.entry(change.kind.clone()).or_default() += 1;
            let less = Relaxation::new(&change.kind, change.amount - 1.0);
            if !judge.confirm(&row.cohort, change) {
                wrong.push(format!("{name}: {} {change:?} does not serve", row.cohort));
            }
            if judge.confirm(&row.cohort, &less) {
                wrong.push(format!("{name}: {} {change:?}: one step less serves", row.cohort));
            }
        }
    }
    let reasons = plan.unserved.iter().fold(BTreeMap::<&str, usize>::new(), |mut sum, row| {
        *sum.entry(&row.reason).or_default() += 1;
        sum
    });
    let told = plan.unserved.iter().filter(|row| !row.relaxations.is_empty()).count();
    println!(
        "{name}: {} trips, {} rows left out {reasons:?}, {told} of them told of a change, confirmed {kinds:?}",
        plan.trips.len(),
        plan.unserved.len()
    );
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    kinds
}

fn invented(seeds: std::ops::RangeInclusive<u64>) {
    let mut sum = 0;
    for seed in seeds {
        let project = synthetic::project(seed, &Size::default());
        let plan = plan(&project, seed, 60);
        sum += confirmed(&project.name, &project, &plan).values().sum::<usize>();
    }
    println!("{sum} relaxations confirmed, each at its amount and refuted one step below");
    assert!(sum > 0);
}

#[test]
fn what_the_demonstration_is_told_holds() {
    let mut project = demonstration();
    let plain = plan(&project, 7, 60);
    confirmed("demonstration", &project, &plain);
    // With cheaper vehicles more runs, and more is full.
    for kind in &mut project.fleet {
        kind.cost_per_day.0 /= 10;
    }
    project.budget.per_day = Some(Fen(60_000));
    let cheap = plan(&project, 7, 60);
    let kinds = confirmed("cheap demonstration", &project, &cheap);
    // Also without anything kept from one question to the next.
    let row = cheap.unserved.iter().find(|row| !row.relaxations.is_empty()).unwrap();
    assert!(kinds.values().sum::<usize>() > 0 && confirm(&project, &cheap, &row.cohort, &row.relaxations[0]));
}

#[test]
fn what_invented_projects_are_told_holds() {
    invented(1..=6);
}

#[test]
#[ignore = "some minutes"]
fn what_fifty_invented_projects_are_told_holds() {
    invented(101..=150);
}
