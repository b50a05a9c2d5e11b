use super::*;
use crate::domain::calendar::{Days, Holidays, Service, Week};
use crate::domain::units::{Fen, Metres, People, Seconds, ServiceTime};
use crate::planning::empty;
use crate::planning::model::tiny::{self, arriving, row};
use crate::planning::plan::{Item, ItemKind, Leg, Mode, Rider, StopTime};
use crate::planning::project::Project;
use crate::planning::trips::Offer;
use crate::search::Run;

/// Three stops 2 min apart, and a dwell. Ten people want to be at the last by 07:05, four by 07:06, six by 08:05; a taxi is 40 yuan.
fn town() -> Model {
    let by = |minute| ServiceTime::hm(7, 0) + Seconds(60 * minute);
    row(
        3,
        120,
        [(5_u32, 10_000), (6, 4_000), (65, 6_000)].map(|(at, people)| arriving(0, 2, by(at), people, 40)).into(),
    )
}

/// A weekday service, and so many buses.
fn project(count: u32) -> Project {
    let date = |text: &str| text.parse().unwrap();
    let days = Days::Weekly(Week::WORKING);
    let service = Service::new("weekday", &days, date("2026-12-01"), date("2026-12-31"), &Holidays::default());
    Project { fleet: vec![tiny::buses(count)], services: vec![service], ..Project::default() }
}

fn line(id: &str, stops: &[&str]) -> Line {
    Line {
        id: id.to_owned(),
        name: id.to_owned(),
        name_en: id.to_owned(),
        mode: Mode::Shuttle,
        direction: 0,
        stops: stops.iter().map(|&stop| stop.to_owned()).collect(),
        geometry: Vec::new(),
        stop_positions: Vec::new(),
        km: 0.0,
    }
}

/// A plan of one line over all stops: each block's departures, in minutes after seven, with the people aboard each.
fn plan(project: &Project, blocks: &[&[(u32, u32)]]) -> Plan {
    let mut plan = empty(project, None, &Run::quiet(1));
    plan.lines.push(line("all", &["s0", "s1", "s2"]));
    for (number, trips) in blocks.iter().enumerate() {
        let mut items = Vec::new();
        for &(minute, people) in *trips {
            let id = format!("{number}-{minute}");
            let depart = ServiceTime::hm(7, 0) + Seconds(60 * minute);
            let at = |stop: &str| StopTime { stop: stop.to_owned(), arrive: depart, depart };
            plan.trips.push(Trip {
                id: id.clone(),
                service: "weekday".to_owned(),
                line: "all".to_owned(),
                block: number.to_string(),
                times: ["s0", "s1", "s2"].map(at).into(),
                load: Vec::new(),
            });
            plan.riders.push(Rider {
                cohort: "c-000".to_owned(),
                people: People::whole(people),
                legs: vec![Leg { trip: id.clone(), board: "s0".to_owned(), alight: "s2".to_owned() }],
                walk_m: Metres(0),
                wait_s: Seconds(0),
                ride_s: Seconds(240),
                train: None,
            });
            items.push(Item {
                kind: ItemKind::Trip,
                from: "s0".to_owned(),
                to: "s2".to_owned(),
                start: depart,
                end: depart,
                km: 0.0,
                trip: Some(id),
            });
        }
        plan.blocks.push(Block {
            id: number.to_string(),
            service: "weekday".to_owned(),
            vehicle_type: "bus".to_owned(),
            depot: "depot".to_owned(),
            items,
        });
    }
    plan
}

/// Departures of each block of the draft, in minutes after seven.
fn departures(project: &Project, model: &Model, plan: &Plan) -> Vec<Vec<u32>> {
    let offers = lines(model, plan, &[]).into_iter().map(|line| Offer::new(model, line)).collect();
    let shop = Shop { project, model, offers };
    let draft = draft(&shop, &Desk::new(&shop), plan, &Run::quiet(1)).unwrap().draft;
    let block = |block: &DraftBlock| block.trips.iter().map(|trip| trip.minute - 420).collect();
    draft.services[0].iter().map(block).collect()
}

#[test]
fn lines_still_possible_join_the_pool_once() {
    let mut plan = plan(&project(1), &[]);
    plan.lines.push(line("again", &["s0", "s1", "s2"]));
    plan.lines.push(line("known", &["s0", "s1"]));
    plan.lines.push(line("a stop is gone", &["s0", "s9"]));
    plan.lines.push(line("twice", &["s0", "s1", "s0"]));
    plan.lines.push(line("one stop", &["s1"]));
    let pattern = |stops: &[u32]| Pattern(stops.iter().map(|&stop| StopId(stop)).collect());
    assert_eq!(lines(&town(), &plan, &[pattern(&[0, 1])]), [pattern(&[0, 1, 2])]);
    // 0 -> 2 -> 1 takes 6 min and a dwell instead of 2: 2 min 30 s too long at most.
    plan.lines = vec![line("detour", &["s0", "s2", "s1"])];
    assert_eq!(lines(&town(), &plan, &[]), []);
}

#[test]
fn the_same_project_takes_it_whole_and_in_order() {
    let (project, model) = (project(3), town());
    let blocks: [&[(u32, u32)]; 3] = [&[(1, 4)], &[(0, 10), (60, 6)], &[(2, 1)]];
    assert_eq!(departures(&project, &model, &plan(&project, &blocks)), [vec![1], vec![0, 60], vec![2]]);
}

#[test]
fn the_fullest_vehicles_stay_and_others_trips_go_where_there_is_time() {
    let (project, model) = (project(1), town());
    // The second carries most. The first one's 08:00 fits behind it; its 07:01 leaves while the vehicle is under way.
    let blocks: [&[(u32, u32)]; 2] = [&[(1, 4), (60, 6)], &[(0, 12)]];
    assert_eq!(departures(&project, &model, &plan(&project, &blocks)), [vec![0, 60]]);
}

#[test]
fn what_is_gone_is_dropped() {
    let (project, model) = (project(2), town());
    let old = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan(&project, &[&[(0, 10)], &[(60, 6)]]);
        change(&mut plan);
        departures(&project, &model, &plan)
    };
    assert_eq!(old(&|_| ()), [vec![0], vec![60]]);
    assert_eq!(old(&|plan| plan.blocks[0].service = "sunday".to_owned()), [vec![60]]);
    assert_eq!(old(&|plan| plan.trips[0].line = "none".to_owned()), [vec![60]]);
    // Nothing runs at 05:00.
    assert_eq!(old(&|plan| plan.trips[0].times[0].depart = ServiceTime::hm(5, 0)), [vec![60]]);
    assert_eq!(old(&|plan| plan.trips[0].times.clear()), [vec![60]]);
    assert_eq!(old(&|plan| plan.lines.clear()), [[0_u32; 0]; 0]);
    // Another type takes over what one that was sold ran.
    assert_eq!(old(&|plan| plan.blocks[0].vehicle_type = "sold".to_owned()), [vec![0, 60]]);
}

#[test]
fn limits_hold() {
    let (mut project, mut model) = (project(2), town());
    let old = plan(&project, &[&[(0, 10)], &[(60, 6)]]);
    // Money for one vehicle: the less valuable goes.
    project.budget.per_day = Some(Fen(3000));
    assert_eq!(departures(&project, &model, &old), [vec![0]]);
    // No way to the last stop: no line, no draft but that which runs nothing.
    for matrix in &mut model.drive {
        matrix.cells[6] = None;
    }
    let shop = Shop { project: &project, model: &model, offers: Vec::new() };
    let nothing = draft(&shop, &Desk::new(&shop), &old, &Run::quiet(1)).unwrap();
    assert!(nothing.draft.services.iter().all(Vec::is_empty));
    assert_eq!(lines(&model, &old, &[]), []);
}
