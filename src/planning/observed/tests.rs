use super::*;
use crate::domain::calendar::Days;
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::plan::{Leg, Rider, TimeKind};
use crate::planning::project::{Journey, Place};
use crate::publish::fixture;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The first Monday and Tuesday of the plan's weekday service.
const DAYS: [&str; 2] = ["2027-01-04", "2027-01-05"];

/// Two journeys of 20 people each way, of whom the plan in force carries the first on its first trip, and half of the second too.
fn project() -> (Project, Plan) {
    let (mut project, mut plan) = (fixture::project(), fixture::plan());
    let service = plan.trips[0].service.clone();
    let days = plan.services.iter().find(|own| own.id == service).unwrap().days.clone();
    let journey = |minute| Journey {
        response: 0,
        firm: None,
        origin: Place::Site(project.sites[0].id.clone()),
        destination: Place::Site(project.sites[1].id.clone()),
        time: ServiceTime::hm(8, minute),
        time_kind: TimeKind::ArriveBy,
        days: Days::parse(&days).unwrap(),
        max_walk: None,
        max_wait: None,
        use_milli: 500,
        both_ways: false,
        weight: People::whole(40),
        now: None,
        wheelchair: false,
    };
    project.journeys = vec![journey(30), journey(45)];
    project.services.retain(|own| own.id == service);
    let model = plan.cohorts[0].clone();
    let (trip, board) = (plan.trips[0].id.clone(), plan.trips[0].times[0].stop.clone());
    let alight = plan.trips[0].times.last().unwrap().stop.clone();
    plan.cohorts.clear();
    plan.riders.clear();
    for (journey, people) in project.journeys.iter().zip([20, 10]) {
        let (id, all) = demand::expected_of(&project, journey).remove(0);
        assert!((all - 20.0).abs() < 1e-9);
        plan.cohorts.push(crate::planning::plan::Cohort {
            id: id.clone(),
            people: People::whole(20),
            time: journey.time,
            service: service.clone(),
            ..model.clone()
        });
        plan.riders.push(Rider {
            cohort: id,
            people: People::whole(people),
            legs: vec![Leg { trip: trip.clone(), board: board.clone(), alight: alight.clone() }],
            walk_m: crate::domain::units::Metres(100),
            wait_s: Seconds(60),
            ride_s: Seconds(300),
            train: None,
        });
    }
    project.in_force = Some(std::sync::Arc::new(plan.clone()));
    (project, plan)
}

fn count(plan: &Plan, date: &str, on: u32) -> Boarding {
    let trip = &plan.trips[0];
    Boarding {
        date: day(date),
        trip: Some(trip.id.clone()),
        departure: None,
        stop: trip.times[0].stop.clone(),
        on,
        off: 0,
    }
}

#[test]
fn counts_move_the_survey_by_their_days() {
    let (mut project, plan) = project();
    // 30 a day expected; 21 and 15 counted. q = (5 x 30 + 36) / (5 x 30 + 60) = 186 / 210 = 0.885714.
    project.boardings = vec![count(&plan, DAYS[0], 21), count(&plan, DAYS[1], 15)];
    let findings = update(&mut project);
    // All of the first cohort ride: 40 x 0.885714 = 35.429. Half of the second: 40 x (0.5 x 0.885714 + 0.5) = 37.714.
    assert_eq!(project.journeys.iter().map(|journey| journey.weight.0).collect::<Vec<_>>(), [35_429, 37_714]);
    assert_eq!(findings.len(), 1);
    let told = &findings[0];
    assert_eq!(told.code, "observed-fewer");
    let number = |name: &str| told.args[name].clone();
    // 18 a day of 30: 40 % fewer; 30 x 0.885714 = 26.6 expected now.
    assert_eq!([number("days"), number("percent"), number("survey")], [2.into(), 40.into(), 30.into()]);
    assert_eq!([number("counted"), number("now")], [18.into(), 27.into()]);
}

#[test]
fn a_place_counted_twice_is_counted_once() {
    let (mut twice, plan) = project();
    let mut once = twice.clone();
    twice.boardings = vec![count(&plan, DAYS[0], 90), count(&plan, DAYS[0], 12)];
    once.boardings = vec![count(&plan, DAYS[0], 12)];
    assert_eq!(update(&mut twice), update(&mut once));
    assert_eq!(twice.journeys, once.journeys);
}

#[test]
fn what_nobody_counted_stays_as_surveyed() {
    let (mut project, plan) = project();
    let before = project.journeys.clone();
    assert_eq!(update(&mut project), []);
    assert_eq!(project.journeys, before);
    // Counts of another day than the trip's, another trip, another stop say nothing.
    let sunday = count(&plan, "2027-01-10", 1);
    let strange = Boarding { trip: Some("no-such".to_owned()), ..count(&plan, DAYS[0], 1) };
    let elsewhere = Boarding { stop: "no-such".to_owned(), ..count(&plan, DAYS[0], 1) };
    let astray: Vec<_> = [&sunday, &strange, &elsewhere].map(|row| trip_of(&plan, row).err()).into();
    assert_eq!(astray, [Some(Astray::Date), Some(Astray::Trip), Some(Astray::Stop)]);
    project.boardings = vec![sunday, strange, elsewhere];
    assert_eq!(update(&mut project), []);
    assert_eq!(project.journeys, before);
    // Without a plan in force there is nothing to compare with.
    project.in_force = None;
    assert_eq!(update(&mut project)[0].code, "observed-no-plan");
    assert_eq!(project.journeys, before);
}

#[test]
fn a_count_as_expected_changes_nothing_and_more_days_never_less() {
    let (project, plan) = project();
    let weight = |on: u32, days: i64| {
        let mut project = project.clone();
        let mondays = (0..days).map(|week| day(DAYS[0]).checked_add(jiff::Span::new().weeks(week)).unwrap());
        project.boardings = mondays.map(|date| Boarding { date, ..count(&plan, DAYS[0], on) }).collect();
        let _ = update(&mut project);
        project.journeys[0].weight.0
    };
    assert_eq!(weight(30, 3), 40_000);
    let falling: Vec<u32> = (0..12).map(|days| weight(15, days)).collect();
    assert!(falling.is_sorted_by(|a, b| a > b), "{falling:?}");
    // Never below what was counted: half.
    assert!(falling.iter().all(|weight| *weight > 20_000));
}

#[test]
fn the_plan_in_force_may_have_been_made_of_counts() {
    let (mut project, mut plan) = project();
    let mut again = project.clone();
    project.boardings = vec![count(&plan, DAYS[0], 12)];
    again.boardings = project.boardings.clone();
    // Its people are fewer already; the survey is the measure, not they.
    for cohort in &mut plan.cohorts {
        cohort.people = People(cohort.people.0 / 2);
    }
    for row in &mut plan.riders {
        row.people = People(row.people.0 / 2);
    }
    again.in_force = Some(std::sync::Arc::new(plan));
    assert_eq!(update(&mut project), update(&mut again));
    assert_eq!(project.journeys, again.journeys);
}

#[test]
fn few_people_are_not_told() {
    let (mut project, plan) = project();
    for journey in &mut project.journeys {
        journey.weight = People::whole(4);
    }
    project.boardings = vec![count(&plan, DAYS[0], 1)];
    assert_eq!(update(&mut project), []);
    assert!(project.journeys[0].weight < People::whole(4));
}
