//! The feed is read back by another program's reader: same trips, times, days, places. And it is left for a validator.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]

mod common;

use std::io::Cursor;

use gtfs_structures::{DirectionType, Exception, Gtfs, RawGtfs};
use jiebo::domain::units::{Fen, ServiceTime};
use jiebo::planning::plan::{OnDemand, Plan, RideDay, RideRules, RideWorth, Standby, Stop};
use jiebo::publish::gtfs;
use jiff::civil::Date;

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
        let mut day = common::date("2026-11-25");
        while day < common::date("2027-07-05") {
            assert_eq!(runs(&feed, &service.id, day), service.runs_on(day), "{} on {day}", service.id);
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

/// The plan of common, and another: the gate is some metres on, one trip is gone, another is five minutes later.
fn two_plans() -> (Plan, Plan) {
    let old = common::plan();
    let mut new = old.clone();
    let gate = new.stops.iter_mut().find(|stop| stop.id == "gate").unwrap();
    gate.lat += 0.0003;
    new.trips.retain(|trip| trip.id != "weekday-17:30-o");
    let trip = new.trips.iter_mut().find(|trip| trip.id == "weekday-08:00-o").unwrap();
    for time in &mut trip.times {
        time.arrive.0 += 300;
        time.depart.0 += 300;
    }
    (old, new.sealed())
}

/// Does a service run on this day, by calendar.txt and calendar_dates.txt?
fn runs(feed: &Gtfs, service: &str, day: Date) -> bool {
    let exceptions = feed.calendar_dates.get(service).map(Vec::as_slice).unwrap_or_default();
    let exception = exceptions.iter().find(|exception| exception.date.to_string() == day.to_string());
    match exception.map(|exception| exception.exception_type) {
        Some(Exception::Added) => true,
        Some(Exception::Deleted) => false,
        None => feed.calendar.get(service).is_some_and(|rule| {
            let within = rule.start_date.to_string() <= day.to_string() && day.to_string() <= rule.end_date.to_string();
            let week =
                [rule.monday, rule.tuesday, rule.wednesday, rule.thursday, rule.friday, rule.saturday, rule.sunday];
            within && week[jiebo::domain::calendar::weekday_of(day)]
        }),
    }
}

#[test]
fn one_feed_over_two_publications() {
    let project = common::project();
    let (old, new) = two_plans();
    // The old plan runs until Friday 12 February 2027, the new one from Monday 15.
    let change = common::date("2027-02-15");
    let bytes =
        gtfs::zip_spanning(&project, &[(&old, common::date("2026-12-01"), None), (&new, change, None)]).unwrap();
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("spanning.zip"), &bytes).unwrap();
    let feed = read(&bytes);
    // Each day has the trips of the plan in force, and no others.
    let mut day = common::date("2026-11-28");
    while day < common::date("2027-07-03") {
        let plan = if day < change { &old } else { &new };
        let in_force = |id: &str| project.services.iter().any(|service| service.id == id && service.runs_on(day));
        let mut planned: Vec<u32> =
            plan.trips.iter().filter(|trip| in_force(&trip.service)).map(|trip| trip.times[0].depart.0).collect();
        planned.sort_unstable();
        let mut told: Vec<u32> = feed
            .trips
            .values()
            .filter(|trip| runs(&feed, &trip.service_id, day))
            .map(|trip| trip.stop_times[0].departure_time.unwrap())
            .collect();
        told.sort_unstable();
        assert_eq!(told, planned, "{day}");
        day = day.tomorrow().unwrap();
    }
    // What is the same is one, what is not is kept apart.
    let suffix: String = new.id.chars().take(8).collect();
    let mut stops: Vec<&str> = feed.stops.keys().map(String::as_str).collect();
    stops.sort_unstable();
    let (station, moved) = (gtfs::ascii_id("延长路站"), format!("gate~{suffix}"));
    assert_eq!(stops, [station.as_str(), "gate", &moved, "mid", "mid-n"]);
    assert_eq!(feed.routes.len(), 1);
    // The roads are the same.
    assert_eq!(feed.shapes.len(), 2);
    // The festival's dates lie before the change: the new plan has none, and no trips of it.
    assert_eq!(feed.calendar.len(), 2);
    assert_eq!(feed.calendar_dates.get("festival").map(Vec::len), Some(2));
    assert!(!feed.calendar_dates.contains_key(&format!("festival~{suffix}")));
    let info = &feed.feed_info[0];
    assert_eq!(info.version.as_deref(), Some(format!("{}+{}", old.id, new.id).as_str()));
    let trip = &feed.trips[&format!("weekday-08:00-o~{suffix}")];
    assert_eq!(
        (trip.service_id.as_str(), trip.block_id.as_deref()),
        (format!("weekday~{suffix}").as_str(), Some(format!("B1~{suffix}").as_str()))
    );
    assert_eq!(trip.stop_times[2].stop.id, moved);
}

#[test]
fn a_feed_over_one_plan_is_the_plans_feed() {
    let (project, plan) = (common::project(), common::plan());
    let spanning = gtfs::zip_spanning(&project, &[(&plan, common::date("2026-01-01"), None)]).unwrap();
    assert_eq!(spanning, gtfs::zip(&project, &plan).unwrap());
}

#[test]
fn a_route_is_what_it_is_called() {
    let project = common::project();
    let old = common::plan();
    // The line there is renamed; the line back keeps its name and gets another id.
    let mut new = old.clone();
    for line in new.lines.iter_mut().filter(|line| line.id == "L1-out") {
        line.name = line.name.replace("1路", "8路");
        line.name_en = line.name_en.replace("Line 1", "Line 8");
    }
    let rename = |id: &mut String| {
        if id == "L1-back" {
            *id = "L9".into();
        }
    };
    new.lines.iter_mut().for_each(|line| rename(&mut line.id));
    new.trips.iter_mut().for_each(|trip| rename(&mut trip.line));
    let new = new.sealed();
    let plans = [(&old, common::date("2026-12-01"), None), (&new, common::date("2027-02-15"), None)];
    let bytes = gtfs::zip_spanning(&project, &plans).unwrap();
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("renamed.zip"), &bytes).unwrap();
    let feed = read(&bytes);
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    let mut routes: Vec<String> = feed
        .routes
        .values()
        .map(|route| format!("{} {} {}", route.id, name(&route.short_name), name(&route.long_name)))
        .collect();
    routes.sort_unstable();
    // Line 1 was both ways, told by the way there; now it is the way back alone, and line 8 the way there.
    assert_eq!(
        routes,
        ["L1-back 1路 延长路站至灵石媒体园", "L1-out 8路 延长路站至灵石媒体园", "L9 1路 灵石媒体园至延长路站",]
    );
    assert_eq!(feed.shapes.len(), 3, "the way there is the same");
}

/// The plan with rides on request on weekdays, between two stops of the line and one of their own.
fn with_rides() -> Plan {
    let mut plan = common::plan();
    let known = |id: &str| plan.stops.iter().find(|stop| stop.id == id).unwrap().clone();
    let clinic = Stop {
        id: "clinic".into(),
        name: "社区医院".into(),
        name_en: "Clinic".into(),
        lon: 121.4420,
        lat: 31.2790,
        site: None,
        ..known("mid")
    };
    let stops = vec![clinic, known("mid"), known("延长路站")];
    plan.on_demand = vec![OnDemand {
        id: "日间".into(),
        name: "日间预约乘车".into(),
        name_en: "Midday rides on request".into(),
        service: "weekday".into(),
        from: ServiceTime::hm(9, 30),
        until: ServiceTime::hm(16, 30),
        stops,
        vehicles: vec![Standby {
            id: "standby".into(),
            vehicle_type: "mini".into(),
            seats: 19,
            wheelchair_places: 1,
            depot: "depot".into(),
            block: None,
            stints: vec![
                (ServiceTime::hm(9, 30), ServiceTime::hm(13, 0)),
                (ServiceTime::hm(13, 30), ServiceTime::hm(16, 30)),
            ],
            km: 30.0,
            over_km: 0.0,
            fen: Fen(60_000),
        }],
        rules: RideRules {
            window_s: 600,
            max_wait_s: 900,
            ride_percent: 150,
            ride_slack_s: 300,
            max_ride_s: 1_800,
            notice_s: 1_790,
            ..RideRules::default()
        },
        depots: vec!["depot".into()],
        seconds: vec![0; 16],
        metres: vec![0; 16],
        asks: vec![],
        worth: RideWorth::default(),
        day: RideDay::default(),
    }];
    plan.sealed()
}

/// A file of the feed as text.
fn file(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut feed = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    std::io::Read::read_to_string(&mut feed.by_name(name).unwrap(), &mut text).unwrap();
    text
}

#[test]
fn rides_on_request_are_flex() {
    let (project, plan) = (common::project(), with_rides());
    let bytes = gtfs::zip(&project, &plan).unwrap();
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("flex.zip"), &bytes).unwrap();
    let rows = |name: &str, of: &str| -> String {
        file(&bytes, name).lines().filter(|line| line.contains(of)).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(rows("routes.txt", "6B3FA0"), @"%E6%97%A5%E9%97%B4,jiebo,,日间预约乘车,3,6B3FA0,FFFFFF");
    insta::assert_snapshot!(rows("trips.txt", "%E6%97%A5%E9%97%B4"), @"%E6%97%A5%E9%97%B4,weekday,%E6%97%A5%E9%97%B4,,,,,1");
    // Asked half a minute less than half an hour before: told as half an hour.
    insta::assert_snapshot!(file(&bytes, "booking_rules.txt").trim(), @"
    booking_rule_id,booking_type,prior_notice_duration_min,message,info_url,booking_url
    %E6%97%A5%E9%97%B4,1,30,请在出发前至少 30 分钟预约。 Book at least 30 minutes before you set out.,https://example.org/demo/rides,https://example.org/demo/rides
    ");
    insta::assert_snapshot!(file(&bytes, "location_groups.txt").trim(), @"
    location_group_id,location_group_name
    %E6%97%A5%E9%97%B4-stops,日间预约乘车
    ");
    insta::assert_snapshot!(file(&bytes, "location_group_stops.txt").trim(), @"
    location_group_id,stop_id
    %E6%97%A5%E9%97%B4-stops,clinic
    %E6%97%A5%E9%97%B4-stops,mid
    %E6%97%A5%E9%97%B4-stops,%E5%BB%B6%E9%95%BF%E8%B7%AF%E7%AB%99
    ");
    insta::assert_snapshot!(rows("stop_times.txt", "%E6%97%A5%E9%97%B4"), @"
    %E6%97%A5%E9%97%B4,,,,0,,,%E6%97%A5%E9%97%B4-stops,09:30:00,16:30:00,2,2,%E6%97%A5%E9%97%B4,%E6%97%A5%E9%97%B4
    %E6%97%A5%E9%97%B4,,,,1,,,%E6%97%A5%E9%97%B4-stops,09:30:00,16:30:00,2,2,%E6%97%A5%E9%97%B4,%E6%97%A5%E9%97%B4
    ");
    assert!(rows("translations.txt", "Midday").ends_with("Midday rides on request,%E6%97%A5%E9%97%B4,"));
    // The trips of the lines are what they were, with columns that say nothing of them.
    let plain = gtfs::zip(&project, &common::plan()).unwrap();
    for (with, without) in file(&bytes, "stop_times.txt").lines().zip(file(&plain, "stop_times.txt").lines()).skip(1) {
        assert_eq!(with, format!("{without},,,,,,,"));
    }
}

#[test]
fn flex_rows_are_read_raw() {
    let bytes = gtfs::zip(&common::project(), &with_rides()).unwrap();
    let raw = RawGtfs::from_reader(Cursor::new(bytes.clone())).unwrap();
    let windows: Vec<_> = raw.stop_times.unwrap().into_iter().filter(|row| row.stop_id.is_empty()).collect();
    assert_eq!(windows.len(), 2);
    assert!(windows.iter().all(|row| row.arrival_time.is_none() && row.departure_time.is_none()));
    assert_eq!(raw.stops.unwrap().len(), 5);
    // This reader takes every row to be of a stop, and cannot join what the reference asks for. Should it learn to, hear of it.
    assert!(Gtfs::from_reader(Cursor::new(bytes)).is_err());
}

#[test]
fn what_is_not_offered_leaves_no_trace() {
    let project = common::project();
    let mut plan = with_rides();
    plan.on_demand[0].vehicles.clear();
    plan.id = common::plan().id;
    assert_eq!(gtfs::zip(&project, &plan).unwrap(), gtfs::zip(&project, &common::plan()).unwrap());
}

#[test]
fn rides_on_request_of_two_plans_are_one_route() {
    let project = common::project();
    let old = with_rides();
    let mut new = old.clone();
    // Another stop more, asked later: another group and another rule, the same route.
    let gate = new.stops.iter().find(|stop| stop.id == "gate").unwrap().clone();
    new.on_demand[0].stops.insert(1, gate);
    new.on_demand[0].rules.notice_s = 600;
    let new = new.sealed();
    let change = common::date("2027-02-01");
    let plans = [(&old, common::date("2026-12-01"), None), (&new, change, None)];
    let bytes = gtfs::zip_spanning(&project, &plans).unwrap();
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("flex-spanning.zip"), &bytes).unwrap();
    let suffix: String = new.id.chars().take(8).collect();
    let id = "%E6%97%A5%E9%97%B4";
    assert_eq!(file(&bytes, "routes.txt").matches("6B3FA0").count(), 1);
    let groups = file(&bytes, "location_groups.txt");
    let firsts: Vec<&str> = groups.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(firsts, [format!("{id}-stops"), format!("{id}-stops~{suffix}")]);
    let rules = file(&bytes, "booking_rules.txt");
    assert!(rules.contains(&format!("{id},1,30,")) && rules.contains(&format!("{id}~{suffix},1,10,")), "{rules}");
    assert_eq!(file(&bytes, "stop_times.txt").matches("09:30:00").count(), 4);
    // The same again is the same.
    let plans = [(&old, common::date("2026-12-01"), None), (&old, change, None)];
    let bytes = gtfs::zip_spanning(&project, &plans).unwrap();
    assert_eq!(file(&bytes, "location_groups.txt").lines().count(), 2);
    assert_eq!(file(&bytes, "booking_rules.txt").lines().count(), 2);
}

#[test]
fn rides_on_request_alone_are_a_feed() {
    let mut plan = with_rides();
    (plan.trips, plan.lines, plan.blocks, plan.duties) = Default::default();
    let bytes = gtfs::zip(&common::project(), &plan).unwrap();
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("flex-alone.zip"), &bytes).unwrap();
    assert_eq!(file(&bytes, "stop_times.txt").lines().count(), 3);
    assert_eq!(file(&bytes, "calendar.txt").lines().count(), 2);
}
