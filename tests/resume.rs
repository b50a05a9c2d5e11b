//! Can a search be watched, stopped and taken up again? Snapshots are whole plans and change nothing; a plan it is started from
//! is never made worse, and one of a somewhat different project is used as far as it goes.

#![expect(clippy::unwrap_used, reason = "what a test relies on may end it")]

mod demonstration;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use jiebo::intake::{Needs, read_project};
use jiebo::planning::check::check;
use jiebo::planning::plan::Plan;
use jiebo::planning::project::Project;
use jiebo::planning::{Parts, make_plan};
use jiebo::search::{Answer, Ended, Progress, Run};

/// The demonstration, with vehicles at a third of their price so that several run.
fn project() -> Project {
    let sources = demonstration::sources("gonghexin");
    let mut project = read_project(&sources, Needs::default()).unwrap();
    for kind in &mut project.fleet {
        kind.cost_per_day.0 /= 3;
    }
    project
}

const PARTS: Parts = Parts { parking: false, ..Parts::ALL };

fn run(iterations: u64) -> Run<'static> {
    Run { iterations: Some(iterations), chains: 2, ..Run::quiet(3) }
}

/// The plan after 600 iterations, nobody watching.
fn planned() -> &'static (Project, Plan) {
    static PLANNED: OnceLock<(Project, Plan)> = OnceLock::new();
    PLANNED.get_or_init(|| {
        let project = project();
        let plan = make_plan(&project, PARTS, None, &run(600), &|_| ()).unwrap().best;
        (project, Plan::clone(&plan))
    })
}

#[test]
fn snapshots_are_whole_and_change_nothing() {
    let (project, plan) = planned();
    let seen: Mutex<Vec<Arc<Plan>>> = Mutex::new(Vec::new());
    let asks = AtomicU64::new(0);
    let latest = AtomicU64::new(0);
    // Asked for before there is a plan, then about every 100 iterations, and at the end.
    let due = AtomicU64::new(0);
    let watch = |progress: &Progress| {
        if progress.stage == "stage-shares" {
            // After the search: what parts of the parks could do alone.
            return Answer::GO;
        }
        let iteration = if progress.stage == "stage-improve" { progress.iteration } else { 0 };
        let next = iteration >= due.load(Ordering::SeqCst) || iteration == 600;
        assert!(latest.swap(iteration, Ordering::SeqCst) <= iteration, "iterations only grow");
        if next && progress.stage == "stage-improve" {
            due.store(iteration + 100, Ordering::SeqCst);
        }
        asks.fetch_add(u64::from(next), Ordering::SeqCst);
        Answer { snapshot: next, ..Answer::GO }
    };
    let run = Run { watch: &watch, ..run(600) };
    let solved = make_plan(project, PARTS, None, &run, &|plan| seen.lock().unwrap().push(plan)).unwrap();
    assert_eq!(solved.best.to_json(), plan.to_json(), "watching changed the plan");
    let seen = seen.into_inner().unwrap();
    assert!(asks.into_inner() > 4 && seen.len() >= 4, "{} handed out", seen.len());
    assert_eq!(seen[0].iterations, 0, "the first right after the stages");
    for (earlier, later) in seen.iter().zip(&seen[1..]) {
        assert!(earlier.iterations <= later.iterations);
    }
    for snapshot in &seen {
        assert_eq!(check(project, snapshot), []);
        assert!(snapshot.evaluation.objective >= snapshot.bound.objective);
    }
    // What some of the parks find for themselves may be better for all; the last one is never better than the plan.
    assert!(seen[seen.len() - 1].evaluation.objective >= plan.evaluation.objective);
}

#[test]
fn what_it_is_started_from_is_not_made_worse() {
    let (project, plan) = planned();
    for iterations in [0, 40] {
        let again = make_plan(project, PARTS, Some(plan), &run(iterations), &|_| ()).unwrap().best;
        assert_eq!(again.started_from.as_deref(), Some(plan.id.as_str()));
        assert!(again.evaluation.objective <= plan.evaluation.objective, "{iterations}");
    }
    // Cold, as few iterations do not get there.
    let cold = make_plan(project, PARTS, None, &run(0), &|_| ()).unwrap().best;
    assert!(cold.evaluation.objective > plan.evaluation.objective);
}

#[test]
fn a_plan_of_another_project_is_used_as_far_as_it_goes() {
    let (project, plan) = planned();
    let mut fewer = project.clone();
    let kind = plan.blocks[0].vehicle_type.as_str();
    fewer.fleet.iter_mut().find(|of| of.id == kind).unwrap().count -= 1;
    let mut closed = project.clone();
    let busiest = plan.riders[0].legs[0].board.as_str();
    closed.stops.retain(|stop| stop.id != busiest);
    let mut other = project.clone();
    other.services[0].id = "everyday".to_owned();
    other.fleet.remove(0);
    for project in [fewer, closed, other] {
        let again = make_plan(&project, PARTS, Some(plan), &run(0), &|_| ()).unwrap().best;
        assert_eq!(check(&project, &again), []);
        let cold = make_plan(&project, PARTS, None, &run(0), &|_| ()).unwrap().best;
        assert!(again.evaluation.objective <= cold.evaluation.nothing);
        assert_eq!(again.cohorts, cold.cohorts);
    }
}

#[test]
fn stopped_at_once_it_is_the_plan_it_started_from() {
    let (project, plan) = planned();
    let stop = |_: &Progress| Answer { stop: true, ..Answer::GO };
    let run = Run { watch: &stop, ..Run::quiet(3) };
    let solved = make_plan(project, PARTS, Some(plan), &run, &|_| ()).unwrap();
    assert_eq!((solved.ended, solved.iterations), (Ended::Stopped, 0));
    assert!(solved.best.evaluation.objective <= plan.evaluation.objective);
}
