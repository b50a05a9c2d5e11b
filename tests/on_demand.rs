//! Rides on request of the second demonstration: planned alone for two hours, judged, and every broken promise found by the judge.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]

mod demonstration;

use std::sync::OnceLock;

use jiebo::domain::units::{Fen, People, Seconds, ServiceTime};
use jiebo::intake::{Needs, hopeless, read_project};
use jiebo::planning::plan::{OnDemand, Plan};
use jiebo::planning::project::Project;
use jiebo::planning::{Parts, check, make_plan};
use jiebo::search::Run;

const SHUTTLE: Parts = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };

fn planned() -> &'static (Project, Plan) {
    static PLANNED: OnceLock<(Project, Plan)> = OnceLock::new();
    PLANNED.get_or_init(|| {
        let mut project = read_project(&demonstration::sources("xinlan"), Needs::default()).unwrap();
        assert!(!hopeless(&project.findings), "{:?}", project.findings);
        project.policy.modes.commute = false;
        let offer = &mut project.on_demand[0];
        (offer.from, offer.until) = (ServiceTime::hm(10, 0), ServiceTime::hm(12, 0));
        (offer.vehicles, offer.max_stops) = (2, 16);
        // Of the folder's, a day of so few people does not pay for its vans.
        for kind in &mut project.fleet {
            kind.cost_per_day = Fen(5_000);
        }
        let plan = make_plan(&project, SHUTTLE, None, &Run::quiet(1), &|_| ()).unwrap().best;
        (project, Plan::clone(&plan))
    })
}

#[test]
fn rides_are_planned_where_no_line_runs() {
    let (project, plan) = planned();
    assert_eq!(check::check(project, plan), vec![]);
    assert!(plan.lines.is_empty() && plan.blocks.is_empty());
    let [offer] = &plan.on_demand[..] else { panic!("{:?}", plan.findings) };
    assert!(!offer.vehicles.is_empty() && offer.day.rides.len() > 5, "{:?}", offer.worth);
    let bytes = plan.to_json();
    assert_eq!(&Plan::from_json(&bytes).unwrap(), plan);
    // Nobody is told of a ride they were not to be offered.
    let may = |cohort: &String| offer.asks.iter().any(|asks| asks.cohort == *cohort);
    assert!(offer.day.rides.iter().all(|ride| may(&ride.cohort)));
}

/// A plan that lies in one place, and what the judge calls it.
fn caught(lie: impl Fn(&mut OnDemand), what: &str) {
    let (project, plan) = planned();
    let mut plan = plan.clone();
    lie(&mut plan.on_demand[0]);
    let found = check::check(project, &plan);
    let told = |finding: &jiebo::domain::finding::Finding| format!("{} {:?}", finding.code, finding.args.get("what"));
    assert!(found.iter().any(|finding| told(finding).contains(what)), "{what}: {found:?}");
}

#[test]
fn every_lie_is_found() {
    let minutes = |count: u32| Seconds(count * 60);
    caught(
        |offer| offer.day.rides[0].boards = offer.day.rides[0].window.1 + minutes(1),
        "check-ride-broken Some(Text(\"boards\"",
    );
    caught(|offer| offer.day.rides[0].window.1 = offer.day.rides[0].window.0 + minutes(11), "\"window\"");
    caught(|offer| offer.day.rides[0].by = offer.day.rides[0].boards, "\"by\"");
    caught(|offer| offer.day.rides[0].alights = offer.day.rides[0].alights + minutes(60), "\"ride\"");
    caught(|offer| offer.day.rides[0].asked = offer.day.rides[0].window.0 + minutes(1), "\"asked\"");
    // Set down the moment after boarding: no vehicle is so fast.
    caught(|offer| offer.day.rides[0].alights = offer.day.rides[0].boards + minutes(1), "\"vehicle there\"");
    caught(|offer| offer.vehicles.iter_mut().for_each(|vehicle| vehicle.seats = 0), "\"seats\"");
    caught(|offer| offer.day.rides[0].vehicle = "nobody".to_owned(), "\"day\"");
    caught(|offer| offer.day.rides[0].cohort = "c-nobody".to_owned(), "\"day\"");
    caught(|offer| offer.seconds[1] -= 1, "\"drive\"");
    caught(|offer| offer.asks[0].people = People(1), "\"asks\"");
    caught(|offer| offer.asks.truncate(1), "\"asks\"");
    caught(|offer| offer.vehicles[0].stints[0].1 = ServiceTime::hm(13, 0), "\"stints\"");
    caught(|offer| offer.vehicles[0].fen = Fen(1), "\"vehicle cost\"");
    caught(|offer| offer.vehicles[0].over_km = offer.vehicles[0].km + 1.0, "\"over_km\"");
    caught(|offer| offer.vehicles[0].block = Some("nobody".to_owned()), "\"block\"");
    caught(|offer| offer.worth.at_most_fen += Fen(200), "\"at_most\"");
    caught(|offer| offer.worth.running_fen = Fen(1), "\"running\"");
    caught(|offer| offer.worth.upkeep_fen = Fen(1), "\"upkeep\"");
    caught(|offer| offer.worth.saving.mean = Fen(1), "\"saving\"");
    // More than all of them could save, and more than chance brings.
    let thrice = |fen: Fen| fen + fen + fen;
    caught(|offer| offer.worth.saving.mean = thrice(offer.worth.at_most_fen), "\"saving\"");
    caught(|offer| offer.worth.served.mean = 3.0 * offer.worth.asked + 10.0, "\"served\"");
    caught(|offer| offer.rules.window_s = 60, "\"rules\"");
    caught(|offer| offer.id = "another".to_owned(), "\"offer\"");
    caught(|offer| offer.stops[0].lon += 0.001, "check-stop");
}

#[test]
fn vehicles_and_money_are_counted_with_those_of_lines() {
    let (project, plan) = planned();
    let mut fewer = project.clone();
    for kind in &mut fewer.fleet {
        kind.count = 0;
    }
    assert!(check::check(&fewer, plan).iter().any(|finding| finding.code == "check-fleet"));
    let mut poor = project.clone();
    poor.budget.per_day = Some(Fen(1_000));
    assert!(check::check(&poor, plan).iter().any(|finding| finding.code == "check-budget-day"));
}
