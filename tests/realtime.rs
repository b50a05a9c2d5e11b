//! Two different plans of the demonstration, one after the other: one feed, one live feed, one calendar. Left for outside
//! readers: `.ci/gtfs.py` and `.ci/realtime.py`.

#![expect(clippy::unwrap_used, reason = "what a test relies on may end it")]

mod demonstration;

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use icalendar::{Calendar, Component};
use jiebo::intake::{Needs, read_project};
use jiebo::planning::plan::Plan;
use jiebo::planning::project::Project;
use jiebo::planning::{Parts, make_plan};
use jiebo::publish::riding::{Alert, Cancelled, Delay, Period, Published, Text, Timetable, Today};
use jiebo::publish::{calendar, gtfs, realtime};
use jiebo::search::{Answer, Run};
use jiff::civil::{Date, date};

/// The day the second plan takes over, a Monday.
const CHANGE: Date = date(2027, 3, 1);
const FIRST: Date = date(2026, 11, 2);

fn demo() -> &'static (Project, [Plan; 2]) {
    static DEMO: OnceLock<(Project, [Plan; 2])> = OnceLock::new();
    DEMO.get_or_init(|| {
        let sources = demonstration::sources("gonghexin");
        let project = read_project(&sources, Needs::default()).unwrap();
        let plans = [(1, 300), (2, 2000)].map(|(seed, iterations)| {
            let run = Run { seed, iterations: Some(iterations), chains: 1, watch: &|_| Answer::GO };
            Plan::clone(&make_plan(&project, Parts::ALL, None, &run, &|_| ()).unwrap().best)
        });
        assert_ne!(plans[0].id, plans[1].id);
        (project, plans)
    })
}

fn timetable() -> Timetable {
    let (project, [old, new]) = demo();
    let period = |publication: &str, plan, from| Period {
        publication: publication.into(),
        published: Arc::new(Published::of(project, plan)),
        from,
        until: None,
    };
    Timetable::new(vec![period("1", old, FIRST), period("2", new, CHANGE)])
}

fn kept(name: &str, bytes: &[u8]) {
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), bytes).unwrap();
}

#[test]
fn the_demonstrations_trains_are_made() {
    let timetable = timetable();
    let day = CHANGE;
    let now = day.at(6, 0, 0, 0).in_tz("Asia/Shanghai").unwrap().timestamp();
    let calm = Today::default();
    let rows: Vec<_> =
        timetable.stops(day).iter().flat_map(|stop| timetable.departures(&stop.id, now, 5, &calm)).collect();
    assert!(!rows.is_empty());
    let trains: Vec<_> = rows.iter().flat_map(|row| &row.trains).collect();
    assert!(!trains.is_empty(), "no shuttle of the demonstration makes a train");
    assert!(trains.iter().all(|train| (0..=3600).contains(&train.spare)));
}

#[test]
fn feeds_of_two_plans_are_left_for_outside_readers() {
    let (project, [old, new]) = demo();
    let timetable = timetable();
    let bytes = gtfs::zip_of(&timetable).unwrap();
    // Stations and trains are no part of the feed.
    assert_eq!(bytes, gtfs::zip_spanning(project, &[(old, FIRST, None), (new, CHANGE, None)]).unwrap());
    kept("demo-spanning.zip", &bytes);

    // Friday of the old plan and Monday of the new: the first trip is gone, the second 5 min late.
    let friday = date(2027, 2, 26);
    let (mut cancelled, mut delays) = (Vec::new(), Vec::new());
    for day in [friday, CHANGE] {
        let trips: Vec<String> =
            timetable.day(day).iter().flat_map(|line| line.trips.iter().map(|trip| trip.id.clone())).collect();
        let reason = Some(Text { zh: "车辆故障".into(), en: "Vehicle broken down".into() });
        cancelled.push(Cancelled { date: day, trip: trips[0].clone(), reason });
        delays.push(Delay { date: day, trip: trips[1].clone(), seconds: 300, at: None });
    }
    let alert = Alert {
        id: "works".into(),
        text: Text { zh: "道路施工".into(), en: "Road works".into() },
        detail: None,
        from: None,
        until: None,
        lines: timetable.lines(friday).iter().map(|line| line.id.clone()).collect(),
        stops: timetable.stops(CHANGE).iter().map(|stop| stop.id.clone()).collect(),
    };
    let today = Today::new(cancelled, delays, vec![alert]);
    let now = friday.at(6, 0, 0, 0).in_tz("Asia/Shanghai").unwrap().timestamp();
    let feed = realtime::feed(&timetable, &today, now);
    kept("demo-realtime.pb", &feed);
    assert!(feed.len() > realtime::trip_updates(&timetable, &today, now).len());
}

#[test]
fn calendars_for_all_for_a_stop_for_a_trip_and_for_once() {
    let timetable = timetable();
    let read = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().parse::<Calendar>().unwrap();
    let events = |calendar: &Calendar| calendar.components.iter().filter(|one| one.as_event().is_some()).count();
    let all = read(calendar::ics_of(&timetable));
    let uids: std::collections::BTreeSet<String> = all
        .components
        .iter()
        .filter_map(|one| one.as_event())
        .map(|event| event.get_uid().unwrap().to_owned())
        .collect();
    assert_eq!(uids.len(), events(&all), "an event twice");
    let line = &timetable.day(CHANGE)[0];
    let (stop, trip) = (&line.stops[0].id, &line.trips[0].id);
    let of_stop = read(calendar::ics_stop(&timetable, stop).unwrap());
    assert!(events(&of_stop) > 0 && events(&of_stop) <= events(&all));
    let of_trip = calendar::ics_trip(&timetable, trip, stop).unwrap();
    assert!(String::from_utf8_lossy(&of_trip).contains("RRULE:FREQ=WEEKLY"));
    let once = calendar::ics_departure(&timetable, trip, CHANGE, stop).unwrap();
    let text = String::from_utf8(once.clone()).unwrap();
    assert_eq!(events(&read(once)), 1);
    let departure = line.trips[0].departure().clock().replace(':', "");
    assert!(text.contains(&format!("DTSTART;TZID=Asia/Shanghai:20270301T{departure}00")), "{text}");
    assert!(!text.contains("RRULE"));
    // Not on a Sunday, not from the last stop.
    assert_eq!(calendar::ics_departure(&timetable, trip, date(2027, 2, 28), stop), None);
    let last = &line.stops[line.stops.len() - 1].id;
    assert_eq!(calendar::ics_departure(&timetable, trip, CHANGE, last), None);
    assert_eq!(calendar::ics_stop(&timetable, "nowhere"), None);
}

#[test]
#[ignore = "a measurement: cargo test --release --test realtime -- --ignored --nocapture"]
fn how_fast_riders_are_answered() {
    let (project, [plan, _]) = demo();
    let start = Instant::now();
    let published = Published::of(project, plan);
    let text = serde_json::to_string(&published).unwrap();
    eprintln!("published in {:?}, {} bytes of JSON", start.elapsed(), text.len());
    let start = Instant::now();
    let timetable = timetable();
    eprintln!("two publications and their index in {:?}", start.elapsed());
    let stop = &timetable.day(CHANGE)[0].stops[0].id;
    let delays = timetable
        .day(CHANGE)
        .iter()
        .flat_map(|line| line.trips.iter())
        .map(|trip| Delay { date: CHANGE, trip: trip.id.clone(), seconds: 120, at: None })
        .collect();
    let midnight = CHANGE.in_tz("Asia/Shanghai").unwrap().timestamp();
    for (what, today) in [("calm", Today::default()), ("all late", Today::new(Vec::new(), delays, Vec::new()))] {
        let start = Instant::now();
        let mut rows = 0;
        for n in 0..20_000 {
            let now = midnight + jiff::SignedDuration::from_secs(n * 4);
            rows += timetable.departures(stop, now, 5, &today).len();
        }
        eprintln!("{what}: {:?} a question, {rows} rows", start.elapsed() / 20_000);
    }
}
