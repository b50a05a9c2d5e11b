//! The second demonstration: commute buses from homes to three parks and back, planned, judged, published.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]

mod demonstration;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::OnceLock;

use gtfs_structures::Gtfs;
use jiebo::domain::site::{Site, SiteKind};
use jiebo::intake::{Needs, hopeless, read_project};
use jiebo::planning::plan::{Mode, Plan};
use jiebo::planning::project::{Modes, Place, Project};
use jiebo::planning::{Parts, check, make_plan};
use jiebo::publish::gtfs;
use jiebo::search::Run;

const SHUTTLE: Parts = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };

fn project(name: &str) -> Project {
    let sources = demonstration::sources(name);
    let mut project = read_project(&sources, Needs::default()).unwrap();
    // They have tests of their own.
    project.on_demand.clear();
    assert!(!hopeless(&project.findings), "{:?}", project.findings);
    project
}

fn planned() -> &'static (Project, Plan) {
    static PLANNED: OnceLock<(Project, Plan)> = OnceLock::new();
    PLANNED.get_or_init(|| {
        let project = project("xinlan");
        let run = Run { iterations: Some(300), ..Run::quiet(1) };
        let plan = make_plan(&project, SHUTTLE, None, &run, &|_| ()).unwrap().best;
        (project, Plan::clone(&plan))
    })
}

#[test]
fn buses_bring_people_from_home_to_the_park_and_back() {
    let (project, plan) = planned();
    assert_eq!(check::check(project, plan), vec![]);
    assert!(plan.lines.iter().all(|line| line.mode == Mode::Commute));
    // A line has the park at one end, and people's homes before or behind it.
    let cohorts: BTreeMap<&str, _> = plan.cohorts.iter().map(|cohort| (cohort.id.as_str(), cohort)).collect();
    let lines: BTreeMap<&str, _> = plan.lines.iter().map(|line| (line.id.as_str(), line)).collect();
    let trips: BTreeMap<&str, _> = plan.trips.iter().map(|trip| (trip.id.as_str(), trip)).collect();
    let park = |place: &str| ["soft", "maker", "bio"].contains(&place);
    let (mut there, mut back) = (0.0, 0.0);
    for rider in &plan.riders {
        let cohort = cohorts[rider.cohort.as_str()];
        let [leg] = &rider.legs[..] else { panic!("{rider:?}") };
        let line = lines[trips[leg.trip.as_str()].line.as_str()];
        if park(&cohort.destination) {
            there += rider.people.as_f64();
            assert_eq!(line.stops.last(), Some(&leg.alight));
        } else {
            assert!(park(&cohort.origin));
            back += rider.people.as_f64();
            assert_eq!(line.stops.first(), Some(&leg.board));
        }
        assert!(rider.ride_s <= project.policy.max_ride);
    }
    assert!(there > 100.0 && back > 100.0, "{there:.0} there, {back:.0} back");
    assert!(plan.evaluation.objective < plan.evaluation.nothing);
}

#[test]
fn the_feed_has_every_departure() {
    let (project, plan) = planned();
    let bytes = gtfs::zip(project, plan).unwrap();
    let feed = Gtfs::from_reader(Cursor::new(bytes)).unwrap();
    assert_eq!(feed.trips.len(), plan.trips.len());
    assert!(!feed.trips.is_empty());
    for route in feed.routes.values() {
        assert!(route.short_name.as_deref().is_some_and(|name| name.starts_with("班车")), "{route:?}");
    }
}

#[test]
fn both_kinds_side_by_side() {
    // One park of the demonstration, with a metro station on the other bank from which a third of its people come; cheap vehicles, so that both kinds run.
    let mut project = project("xinlan");
    let park = Place::Site("bio".to_owned());
    project.journeys.retain(|journey| journey.origin == park || journey.destination == park);
    let point = project.site("home-01").unwrap().point;
    project.sites.push(Site {
        id: "metro".to_owned(),
        name: "地铁站".to_owned(),
        name_en: None,
        kind: SiteKind::Station,
        point,
        parent: None,
        people: None,
    });
    for journey in project.journeys.iter_mut().filter(|journey| journey.response % 3 == 0) {
        let home = if journey.origin == park { &mut journey.destination } else { &mut journey.origin };
        *home = Place::Site("metro".to_owned());
    }
    project.policy.modes = Modes { shuttle: true, commute: true, on_demand: false };
    for kind in &mut project.fleet {
        kind.cost_per_day.0 /= 3;
    }
    let run = Run { iterations: Some(300), ..Run::quiet(1) };
    let plan = make_plan(&project, SHUTTLE, None, &run, &|_| ()).unwrap().best;
    for mode in [Mode::Shuttle, Mode::Commute] {
        assert!(plan.lines.iter().any(|line| line.mode == mode), "{mode:?}: {:?}", plan.lines);
    }
    // Whoever meets a train rides a shuttle: called a commute line, it is found out.
    let mut wrong = Plan::clone(&plan);
    let shuttle = wrong.lines.iter_mut().find(|line| line.mode == Mode::Shuttle).unwrap();
    shuttle.mode = Mode::Commute;
    assert!(check::check(&project, &wrong).iter().any(|finding| finding.code == "check-line-mode"));
}

#[test]
fn a_line_of_another_kind_is_found_out() {
    let (project, plan) = planned();
    let codes = |project: &Project, plan: &Plan| {
        check::check(project, plan).into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    for mode in [Mode::Shuttle, Mode::OnDemand] {
        let mut plan = plan.clone();
        plan.lines[0].mode = mode;
        assert!(codes(project, &plan).contains(&"check-line-mode".to_owned()));
    }
    // Where shuttles run too, a line on which nobody comes by train is a commute line all the same; where only these do, it is none.
    let with = |modes| {
        let mut project = project.clone();
        project.policy.modes = modes;
        codes(&project, plan).contains(&"check-line-mode".to_owned())
    };
    assert!(!with(Modes { shuttle: true, commute: true, on_demand: false }));
    assert!(with(Modes { shuttle: true, commute: false, on_demand: false }));
}
