//! The feed is read back by another program's reader: same trips, times, days, places. And it is left for a validator.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]

mod common;

use std::io::Cursor;

use gtfs_structures::{DirectionType, Exception, Gtfs, RawGtfs};
use jiebo::publish::gtfs;

fn read(bytes: &[u8]) -> Gtfs {
    Gtfs::from_reader(Cursor::new(bytes.to_vec())).unwrap()
}

#[test]
fn the_feed_says_what_the_plan_says() {
    let (project, plan) = (common::project(), common::plan());
    let bytes = gtfs::zip(&project, &plan).unwrap();
    // Left for gtfs-guru (the continuous check runs it on the demo's feed and on this one).
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("gtfs.zip"), &bytes).unwrap();
    let feed = read(&bytes);
    assert_eq!(feed.trips.len(), plan.trips.len());
    for trip in &plan.trips {
        let read = &feed.trips[&gtfs::ascii_id(&trip.id)];
        assert_eq!(read.block_id.as_deref(), Some(trip.block.as_str()));
        let times: Vec<(String, Option<u32>, Option<u32>)> =
            read.stop_times.iter().map(|time| (time.stop.id.clone(), time.arrival_time, time.departure_time)).collect();
        let planned: Vec<_> = trip
            .times
            .iter()
            .map(|time| (gtfs::ascii_id(&time.stop), Some(time.arrive.0), Some(time.depart.0)))
            .collect();
        assert_eq!(times, planned);
        // Distances along the shape grow and end at its end.
        let along: Vec<f32> = read.stop_times.iter().map(|time| time.shape_dist_traveled.unwrap()).collect();
        assert!(along.windows(2).all(|pair| pair[0] < pair[1]), "{along:?}");
        let shape = &feed.shapes[read.shape_id.as_ref().unwrap()];
        assert_eq!(along.last().copied(), shape.last().unwrap().dist_traveled);
        let line = plan.lines.iter().find(|line| line.id == trip.line).unwrap();
        let direction = if line.direction == 0 { DirectionType::Outbound } else { DirectionType::Inbound };
        assert_eq!(read.direction_id, Some(direction));
    }
    // There and back are one route.
    assert_eq!(feed.routes.len(), 1);
    let route = feed.routes.values().next().unwrap();
    assert_eq!(route.short_name.as_deref(), Some("1路"));
    assert_eq!(route.long_name.as_deref(), Some("延长路站至灵石媒体园"));
    let info = &feed.feed_info[0];
    assert_eq!(info.version.as_deref(), Some(plan.id.as_str()));
    assert_eq!(info.lang, "zh");
}

#[test]
fn days_are_the_plans_days() {
    let (project, plan) = (common::project(), common::plan());
    let feed = read(&gtfs::zip(&project, &plan).unwrap());
    // A service of dates has no row in calendar.txt.
    assert_eq!(feed.calendar.len(), 1);
    for service in &project.services {
        let rule = feed.calendar.get(&service.id);
        let exceptions = feed.calendar_dates.get(&service.id).map(Vec::as_slice).unwrap_or_default();
        let mut day = common::date("2026-11-25");
        while day < common::date("2027-07-05") {
            let as_chrono = exceptions.iter().find(|exception| exception.date.to_string() == day.to_string());
            let runs = match as_chrono.map(|exception| exception.exception_type) {
                Some(Exception::Added) => true,
                Some(Exception::Deleted) => false,
                None => rule.is_some_and(|rule| {
                    let within =
                        rule.start_date.to_string() <= day.to_string() && day.to_string() <= rule.end_date.to_string();
                    let week = [
                        rule.monday,
                        rule.tuesday,
                        rule.wednesday,
                        rule.thursday,
                        rule.friday,
                        rule.saturday,
                        rule.sunday,
                    ];
                    within && week[jiebo::domain::calendar::weekday_of(day)]
                }),
            };
            assert_eq!(runs, service.runs_on(day), "{} on {day}", service.id);
            day = day.tomorrow().unwrap();
        }
    }
}

#[test]
fn names_have_their_english() {
    let (project, plan) = (common::project(), common::plan());
    let bytes = gtfs::zip(&project, &plan).unwrap();
    let raw = RawGtfs::from_reader(Cursor::new(bytes)).unwrap();
    let rows: Vec<String> = raw
        .translations
        .unwrap()
        .unwrap()
        .into_iter()
        .map(|row| format!("{} {}", row.field_name, row.translation))
        .collect();
    assert_eq!(
        rows,
        [
            "stop_name Lingshi Media Park",
            "stop_name Luochuan Road",
            "stop_name Luochuan Road",
            "stop_desc north side",
            "stop_name Yanchang Road Station",
            "route_short_name Line 1",
            "route_long_name Yanchang Road Station – Lingshi Media Park",
            "trip_headsign Yanchang Road Station",
            "trip_headsign Lingshi Media Park",
        ]
    );
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let (project, plan) = (common::project(), common::plan());
    assert_eq!(gtfs::zip(&project, &plan).unwrap(), gtfs::zip(&project, &plan).unwrap());
}

#[test]
fn odd_plans_are_still_packed() {
    let (project, mut plan) = (common::project(), common::plan());
    // No positions of stops: no distances, but a feed.
    for line in &mut plan.lines {
        line.stop_positions.clear();
        line.name = "，\"x\"\n".into();
    }
    plan.stops[1].name = " ".into();
    let feed = read(&gtfs::zip(&project, &plan).unwrap());
    assert_eq!(feed.trips.len(), plan.trips.len());
    assert_eq!(feed.stops["mid"].name.as_deref(), Some("mid"));
    plan.trips.clear();
    assert!(gtfs::zip(&project, &plan).is_ok());
}
