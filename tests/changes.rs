//! Near the plan in force: nothing changes where nothing may, limits hold, the price is judged, and more changes never cost more.
//! On the demonstration folder, with a plan in force that was made when half as many people travelled.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what a test relies on may end it")]

mod demonstration;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use jiebo::domain::units::Fen;
use jiebo::intake::{Needs, read_project};
use jiebo::planning::changes;
use jiebo::planning::check::check;
use jiebo::planning::frontier::{self, ALLOWED, Step};
use jiebo::planning::observed;
use jiebo::planning::plan::Plan;
use jiebo::planning::project::{Boarding, ChangePrices, Project};
use jiebo::planning::{Parts, PlanningError, make_plan};
use jiebo::publish::phrases::{self, Language};
use jiebo::search::{Answer, Run};

const SHUTTLE: Parts = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };

fn run() -> Run<'static> {
    Run { seed: 7, iterations: Some(400), chains: 1, watch: &|_| Answer::GO }
}

/// The demonstration with cheaper vehicles and half the people, and its plan.
fn before() -> &'static (Project, Plan) {
    static BEFORE: OnceLock<(Project, Plan)> = OnceLock::new();
    BEFORE.get_or_init(|| {
        let sources = demonstration::sources("gonghexin");
        let mut project = read_project(&sources, Needs::default()).expect("the demonstration can be read");
        for kind in &mut project.fleet {
            kind.cost_per_day.0 /= 10;
        }
        project.upkeep.per_line.0 /= 10;
        project.upkeep.per_stop.0 /= 10;
        project.budget.per_day = Some(Fen(60_000));
        for journey in &mut project.journeys {
            journey.weight.0 /= 2;
        }
        let plan = Plan::clone(&plan(&project).unwrap());
        assert!(plan.trips.len() >= 5 && !plan.riders.is_empty());
        (project, plan)
    })
}

fn plan(project: &Project) -> Result<Arc<Plan>, PlanningError> {
    make_plan(project, SHUTTLE, None, &run(), &|_| ()).map(|solved| solved.best)
}

/// Twice the people since, and so many changes allowed.
fn today(most: Option<u32>) -> Project {
    let (project, plan) = before().clone();
    let mut project = Project { in_force: Some(Arc::new(plan)), max_changes: most, ..project };
    // There is money for the new people, and at these prices changes can pay in a town where a bus costs ninety yuan.
    project.budget.per_day = Some(Fen(200_000));
    project.changes =
        ChangePrices { per_stop_moved: Fen(1000), per_minute_shifted: Fen(20), per_person_reassigned: Fen(50) };
    for journey in &mut project.journeys {
        journey.weight.0 *= 2;
    }
    project
}

fn codes(project: &Project, plan: &Plan) -> BTreeSet<String> {
    check(project, plan).into_iter().map(|finding| finding.code).collect()
}

#[test]
fn with_no_change_allowed_the_plan_in_force_comes_back() {
    let (project, old) = before().clone();
    let project = Project { in_force: Some(Arc::new(old.clone())), max_changes: Some(0), ..project };
    let new = plan(&project).unwrap();
    assert_eq!((&new.cohorts, &new.stops, &new.lines, &new.trips), (&old.cohorts, &old.stops, &old.lines, &old.trips));
    assert_eq!(
        (&new.blocks, &new.duties, &new.riders, &new.unserved),
        (&old.blocks, &old.duties, &old.riders, &old.unserved)
    );
    assert_eq!((new.evaluation.objective, new.evaluation.terms.changes_fen), (old.evaluation.objective, Fen(0)));
    assert_eq!(new.parent.as_ref(), Some(&old.id));
}

#[test]
fn under_other_demand_its_riders_choose_again() {
    let project = today(Some(0));
    let (new, old) = (plan(&project).unwrap(), &before().1);
    assert_eq!(new.stops, old.stops);
    let departures = |plan: &Plan| -> Vec<_> {
        plan.trips.iter().map(|trip| (trip.service.clone(), trip.line.clone(), trip.times.clone())).collect()
    };
    assert_eq!(departures(&new), departures(old));
    assert_ne!(new.riders, old.riders);
    assert!(new.findings.iter().any(|finding| finding.code == "plan-in-force-riders-again"));
}

#[test]
fn the_limit_holds_and_the_price_is_judged() {
    let project = today(Some(3));
    let new = plan(&project).unwrap();
    let changes = changes::between(&before().1, &new);
    assert!(changes.count() <= 3);
    assert_eq!(new.evaluation.terms.changes_fen, changes.price(&project.changes));
    assert_eq!(codes(&project, &new), BTreeSet::new());
    // Without a limit something is turned over; with one change less allowed its plan is refused.
    let free = plan(&today(None)).unwrap();
    let told = changes::between(&before().1, &free).count();
    assert!(told > 0, "nothing to judge");
    assert_eq!(codes(&today(None), &free), BTreeSet::new());
    assert_eq!(codes(&today(Some(told)), &free), BTreeSet::new());
    assert_eq!(codes(&today(Some(told - 1)), &free), BTreeSet::from(["check-too-many-changes".to_owned()]));
    // A change kept quiet: the price is a fen less, here and in the sum.
    let mut quiet = Plan::clone(&free);
    quiet.evaluation.terms.changes_fen.0 -= 1;
    quiet.evaluation.objective.0 -= 1;
    assert!(codes(&today(None), &quiet.sealed()).contains("check-changes"));
    // Another plan in force than the one that was priced: against itself it changes nothing, and costs nothing.
    let mut other = today(None);
    other.in_force = Some(free.clone());
    assert!(codes(&other, &free).contains("check-changes"));
}

#[test]
fn what_cannot_run_any_more_is_said() {
    let mut project = today(Some(0));
    for kind in &mut project.fleet {
        kind.count = 0;
    }
    let Err(PlanningError::TooFewChanges(found)) = plan(&project) else { unreachable!("there are no vehicles") };
    assert_eq!(found[0].code, "too-few-changes");
    assert!(found.len() > 1, "the judge says what is broken");
    for language in Language::ALL {
        let text = phrases::finding(language, &found[0]);
        assert!(!text.contains("{$") && !text.contains("{ $"), "{text}");
    }
}

#[test]
fn more_changes_never_cost_more() {
    let project = today(None);
    let mut steps: Vec<Step> = Vec::new();
    for allowed in ALLOWED {
        steps.push(frontier::step(&project, allowed, steps.last(), &run()).unwrap());
    }
    let costs: Vec<Fen> = steps.iter().map(|step| step.plan.as_ref().unwrap().evaluation.objective).collect();
    assert!(costs.is_sorted_by(|a, b| a >= b), "{costs:?}");
    assert!(costs[0] > costs[costs.len() - 1], "{costs:?}");
    for step in &steps {
        assert!(step.allowed.is_none_or(|most| step.changes.count() <= most));
    }
    assert_eq!(steps[0].changes.count(), 0);
}

#[test]
fn what_was_counted_is_planned_with_and_told_whether_it_pays() {
    let mut project = today(None);
    let plan_before = before().1.clone();
    let dates: Vec<_> = project.services.iter().find(|own| own.id == "weekday").unwrap().dates().take(10).collect();
    // Twice the people answered, and as many came as ever.
    for trip in plan_before.trips.iter().filter(|trip| trip.service == "weekday") {
        for (time, load) in trip.times.iter().zip(&trip.load).take(1) {
            project.boardings.extend(dates.iter().map(|&date| Boarding {
                date,
                trip: Some(trip.id.clone()),
                departure: None,
                stop: time.stop.clone(),
                on: load.0 / 1000,
                off: 0,
            }));
        }
    }
    let people = |project: &Project| project.journeys.iter().map(|journey| u64::from(journey.weight.0)).sum::<u64>();
    let surveyed = people(&project);
    let told = observed::update(&mut project);
    assert!(told.iter().any(|finding| finding.code == "observed-fewer"), "{told:?}");
    assert!(people(&project) < surveyed);
    let new = plan(&project).unwrap();
    assert_eq!(codes(&project, &new), BTreeSet::new());
    let replan: Vec<_> = new.findings.iter().filter(|finding| finding.code.starts_with("replan-")).collect();
    assert_eq!(replan.len(), 1, "{:?}", new.findings);
    for language in Language::ALL {
        for finding in told.iter().chain(replan.iter().copied()) {
            let text = phrases::finding(language, finding);
            assert!(!text.contains("{$") && !text.contains("{ $"), "{text}");
        }
    }
}
