//! Written, then read again by the same messages; an outside reader is asked by the continuous check (`.ci/realtime.py`).

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::messages::FeedMessage;
use super::*;
use crate::domain::units::ServiceTime;
use crate::publish::fixture;
use crate::publish::riding::{Cancelled, Delay, Published};

fn table() -> Timetable {
    let (project, plan) = (fixture::project(), fixture::plan());
    let old = Published::of(&project, &plan);
    let mut new = old.clone();
    new.plan = "fedcba9876543210".into();
    // The east gate moves: its stop has another place.
    for stop in new.stops.iter_mut().filter(|stop| stop.id == "s-me") {
        stop.lat += 0.0005;
    }
    let period = |id: &str, published, from| Period {
        publication: id.into(),
        published: Arc::new(published),
        from,
        until: None,
    };
    Timetable::new(vec![period("a", old, date(2026, 12, 1)), period("b", new, date(2026, 12, 7))])
}

fn moment(day: Date, hour: i8, minute: i8) -> Timestamp {
    day.at(hour, minute, 0, 0).in_tz("Asia/Shanghai").unwrap().timestamp()
}

fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.into(), en: en.into() }
}

fn read(bytes: &[u8]) -> FeedMessage {
    FeedMessage::decode(bytes).unwrap()
}

#[test]
fn late_and_cancelled_trips() {
    let (timetable, day) = (table(), date(2026, 12, 7));
    let at = Some(moment(day, 7, 45));
    let late = |trip: &str| Delay { date: day, trip: trip.into(), seconds: 240, at };
    let gone = |trip: &str, reason| Cancelled { date: day, trip: trip.into(), reason };
    let today = Today::new(
        vec![gone("t12", Some(text("车辆故障", "Breakdown"))), gone("t04", None), gone("nobody", None)],
        // A late trip that is then cancelled is told once.
        vec![late("t02"), late("t12")],
        Vec::new(),
    );
    let now = moment(day, 7, 50);
    let feed = read(&trip_updates(&timetable, &today, now));
    assert_eq!((feed.header.gtfs_realtime_version.as_str(), feed.header.timestamp), ("2.0", Some(posix(now))));
    let ids: Vec<&str> = feed.entity.iter().map(|entity| entity.id.as_str()).collect();
    assert_eq!(ids, ["trip-20261207-t02~fedcba98", "trip-20261207-t04~fedcba98", "trip-20261207-t12~fedcba98"]);
    let update = feed.entity[0].trip_update.as_ref().unwrap();
    assert_eq!(
        update.trip,
        TripDescriptor {
            trip_id: Some("t02~fedcba98".into()),
            start_time: Some("07:49:00".into()),
            start_date: Some("20261207".into()),
            schedule_relationship: Some(0),
            route_id: Some("L1-back".into()),
            direction_id: Some(1),
        }
    );
    assert_eq!(update.timestamp, at.map(posix));
    // 7:49 at the west gate, 7:51:30 to 7:51:55 at the east gate, which has moved; all 240 s late.
    let calls = &update.stop_time_update;
    assert_eq!(calls.len(), 4);
    let event =
        |seconds: i64| Some(StopTimeEvent { delay: Some(240), time: Some(moment(day, 0, 0).as_second() + seconds) });
    assert_eq!(
        calls[1],
        StopTimeUpdate {
            stop_sequence: Some(1),
            stop_id: Some("s-me~fedcba98".into()),
            arrival: event(i64::from(ServiceTime::hm(7, 51).0) + 30 + 240),
            departure: event(i64::from(ServiceTime::hm(7, 51).0) + 55 + 240),
        }
    );
    let update = feed.entity[2].trip_update.as_ref().unwrap();
    assert_eq!((update.trip.schedule_relationship, update.stop_time_update.len()), (Some(3), 0));
    // The reason is an alert.
    let feed = read(&alerts(&timetable, &today, now));
    let [only] = feed.entity.as_slice() else { panic!("{feed:?}") };
    let alert = only.alert.as_ref().unwrap();
    assert_eq!(alert.effect, Some(1));
    assert_eq!(alert.informed_entity[0].trip.as_ref().unwrap().trip_id.as_deref(), Some("t12~fedcba98"));
    let words = &alert.header_text.as_ref().unwrap().translation;
    assert_eq!(words.iter().map(|t| t.text.as_str()).collect::<Vec<_>>(), ["车辆故障", "Breakdown"]);
    // In the evening all that is over.
    assert!(read(&super::feed(&timetable, &today, moment(day, 20, 0))).entity.is_empty());
}

#[test]
fn an_alert_names_what_it_is_about_in_both_plans() {
    let timetable = table();
    let alert = |id: &str, lines: &[&str], stops: &[&str]| riding::Alert {
        id: id.into(),
        text: text("绕行", ""),
        detail: Some(text("施工", "Works")),
        from: Some(moment(date(2026, 12, 4), 6, 0)),
        until: Some(moment(date(2026, 12, 9), 6, 0)),
        lines: lines.iter().map(|&id| id.into()).collect(),
        stops: stops.iter().map(|&id| id.into()).collect(),
    };
    let all = vec![alert("全", &[], &[]), alert("b", &["L2-back"], &["s-me", "gone"]), alert("c", &["gone"], &[])];
    let today = Today::new(Vec::new(), Vec::new(), all);
    let feed = read(&super::feed(&timetable, &today, moment(date(2026, 12, 5), 12, 0)));
    // The third is about a line nobody knows.
    let ids: Vec<&str> = feed.entity.iter().map(|entity| entity.id.as_str()).collect();
    assert_eq!(ids, ["alert-%E5%85%A8", "alert-b"]);
    let about = |at: usize| &feed.entity[at].alert.as_ref().unwrap().informed_entity;
    assert_eq!(about(0)[0].agency_id.as_deref(), Some("jiebo"));
    let about: Vec<String> = about(1)
        .iter()
        .map(|e| format!("{:?} {:?} {:?}", e.route_id.as_deref(), e.direction_id, e.stop_id.as_deref()))
        .collect();
    // Lines 2 are one route with the id of the way back; the gate is two stops.
    assert_eq!(
        about,
        [r#"Some("L2-back") Some(1) None"#, r#"None None Some("s-me")"#, r#"None None Some("s-me~fedcba98")"#]
    );
    let alert = feed.entity[0].alert.as_ref().unwrap();
    assert_eq!(alert.header_text.as_ref().unwrap().translation.len(), 1, "no English, none told");
    assert_eq!(alert.active_period[0].end, Some(posix(moment(date(2026, 12, 9), 6, 0))));
    // A day later than its end it is not told.
    assert!(read(&alerts(&timetable, &today, moment(date(2026, 12, 10), 6, 0))).entity.is_empty());
}
