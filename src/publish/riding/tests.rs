//! Answers worked out by hand on the small district, and the fast way against the slow one.

use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::*;
use crate::domain::units::{Seconds, ServiceTime};
use crate::publish::fixture;

fn published() -> Published {
    Published::of(&fixture::project(), &fixture::plan())
}

fn period(id: &str, published: Published, from: Date, until: Option<Date>) -> Period {
    Period { publication: id.into(), published: Arc::new(published), from, until }
}

fn table() -> Timetable {
    Timetable::new(vec![period("p1", published(), date(2026, 12, 1), None)])
}

/// A moment on Shanghai's clocks.
fn at(date: Date, hour: i8, minute: i8) -> Timestamp {
    date.at(hour, minute, 0, 0).to_zoned(TimeZone::get("Asia/Shanghai").unwrap()).unwrap().timestamp()
}

fn shift(published: &mut Published, trip: &str, to: ServiceTime) {
    let trip = published.trips.iter_mut().find(|known| known.id == trip).unwrap();
    let from = trip.departure().0;
    for time in &mut trip.times {
        *time = (ServiceTime(time.0.0 - from + to.0), ServiceTime(time.1.0 - from + to.0));
    }
}

fn late(date: Date, trip: &str, seconds: i32) -> Delay {
    Delay { date, trip: trip.into(), seconds, at: None }
}

fn gone(date: Date, trip: &str) -> Cancelled {
    Cancelled { date, trip: trip.into(), reason: Some(Text { zh: "故障".into(), en: "breakdown".into() }) }
}

/// "t02 07:51 11"
fn lines(rows: &[Departure<'_>]) -> Vec<String> {
    rows.iter()
        .map(|row| {
            let mark = if row.cancelled { "x" } else { "" };
            format!("{}{mark} {} {}", row.trip, row.expected_local.strftime("%H:%M"), row.minutes)
        })
        .collect()
}

#[test]
fn the_public_knows_no_people() {
    let text = serde_json::to_string(&published()).unwrap();
    for word in ["cohort", "people", "load", "firm", "rider", "f-film"] {
        assert!(!text.contains(word), "{word}");
    }
    assert_eq!(serde_json::from_str::<Published>(&text).unwrap(), published());
    // Two stations with 200 trains each are two runs.
    assert!(text.contains("[[18060,300,200]]"), "{text}");
}

#[test]
fn a_station_is_a_walk_and_a_way_to_the_platform_from_its_stop() {
    // 53 m as the crow flies, 69 m to walk, 58 s at 1.2 m/s; 3 min to the platform.
    let near = published();
    let [only] = near.near("s-yc") else { panic!("{:?}", near.near) };
    assert_eq!((only.station.as_str(), only.walk, only.seconds()), ("yanchang", Seconds(58), Seconds(238)));
    assert_eq!(near.near("s-wr"), []);
}

#[test]
fn the_next_shuttles_and_their_trains() {
    let (timetable, day, calm) = (table(), date(2026, 12, 1), Today::default());
    let rows = timetable.departures("s-me", at(day, 7, 40), 3, &calm);
    // Left the station 7:30, here 7:42:05; line 2 starts here 7:45; line 1 back 7:49 + 2:30 + 25 s.
    assert_eq!(lines(&rows), ["t01 07:42 2", "t12 07:45 5", "t02 07:51 11"]);
    assert_eq!((rows[1].short, rows[1].headsign), ("2路", "上海马戏城站"));
    assert_eq!(rows[0].train(), None, "to the west gate only");
    // Line 2: there 7:55:50, walk 72 s, 3 min to the platform: 8:00:02. The 7:59 has gone; next 8:04: 238 s to spare.
    let train = rows[1].train().unwrap();
    assert_eq!((train.station, train.alight, train.spare), ("maxicheng", "s-mx", 238));
    assert_eq!(train.local.to_string(), "2026-12-01T08:04:00");
    // Line 1: there 8:04, on the platform 8:07:58; the 8:06 has gone; 8:11.
    let train = rows[2].train().unwrap();
    assert_eq!((train.line, train.direction, train.spare), ("1号线", "富锦路", 182));
}

#[test]
fn a_delay_shifts_the_row_and_the_train() {
    let (timetable, day) = (table(), date(2026, 12, 1));
    let today = Today::new(Vec::new(), vec![late(day, "t01", 300), late(day, "t02", 240)], Vec::new());
    let rows = timetable.departures("s-me", at(day, 7, 44), 3, &today);
    // The 7:42 is still to come, after line 2; 7:51:55 is 7:55:55.
    assert_eq!(lines(&rows), ["t12 07:45 1", "t01 07:47 3", "t02 07:55 11"]);
    // On the platform 8:11:58: the 8:16.
    assert_eq!(rows[2].train().map(|train| train.spare), Some(242));
    assert_eq!(rows[2].delay, Some(240));
}

#[test]
fn the_cancelled_are_shown_and_do_not_count() {
    let (timetable, day) = (table(), date(2026, 12, 1));
    let today = Today::new(vec![gone(day, "t12")], Vec::new(), Vec::new());
    let rows = timetable.departures("s-me", at(day, 7, 40), 2, &today);
    assert_eq!(lines(&rows), ["t01 07:42 2", "t12x 07:45 5", "t02 07:51 11"]);
    assert_eq!(rows[1].reason.map(|reason| reason.en.as_str()), Some("breakdown"));
    assert!(rows[1].trains.is_empty());
    // Another day's word says nothing about today.
    let other = Today::new(vec![gone(date(2026, 12, 2), "t12")], Vec::new(), Vec::new());
    assert!(timetable.departures("s-me", at(day, 7, 40), 2, &other).iter().all(|row| !row.cancelled));
}

#[test]
fn the_last_of_the_day_is_the_last_that_runs() {
    let (timetable, day, calm) = (table(), date(2026, 12, 1), Today::default());
    let rows = timetable.departures("s-me", at(day, 18, 0), 3, &calm);
    // 18:00:05 out, 18:09:55 back, 18:38:05 out.
    assert_eq!(lines(&rows), ["t08 18:00 0", "t09 18:09 9", "t10 18:38 38"]);
    let marks = |rows: &[Departure<'_>]| rows.iter().map(|row| (row.last, row.last_of_line)).collect::<Vec<_>>();
    assert_eq!(marks(&rows), [(false, false), (false, true), (true, true)]);
    let today = Today::new(vec![gone(day, "t10")], Vec::new(), Vec::new());
    let rows = timetable.departures("s-me", at(day, 18, 0), 2, &today);
    assert_eq!(marks(&rows), [(false, true), (true, true)]);
}

#[test]
fn after_the_last_comes_the_next_day_that_runs() {
    // Friday 4 December, 19:00; Monday's first. Over New Year: 31 December to Monday 4 January.
    let (timetable, calm) = (table(), Today::default());
    let next = |day, hour| {
        timetable.departures("s-me", at(day, hour, 0), 1, &calm).first().map(|row| row.expected_local.to_string())
    };
    assert_eq!(next(date(2026, 12, 4), 19).as_deref(), Some("2026-12-07T07:42:05"));
    assert_eq!(next(date(2026, 12, 31), 19).as_deref(), Some("2027-01-04T07:42:05"));
    assert_eq!(next(date(2027, 6, 30), 19), None);
    assert!(timetable.departures("nowhere", at(date(2026, 12, 1), 8, 0), 3, &calm).is_empty());
    assert!(timetable.departures("s-me", at(date(2026, 12, 1), 7, 0), 0, &calm).is_empty());
}

#[test]
fn past_midnight_belongs_to_yesterday_also_when_a_new_plan_begins() {
    let (mut old, mut new) = (published(), published());
    shift(&mut old, "t10", ServiceTime::hm(25, 10));
    new.plan = "fedcba9876543210".into();
    new.trips.retain(|trip| trip.line == "L2-back");
    // The old plan's last day is Friday 4 December.
    let timetable =
        Timetable::new(vec![period("new", new, date(2026, 12, 5), None), period("old", old, date(2026, 12, 1), None)]);
    assert_eq!(timetable.periods()[0].until, Some(date(2026, 12, 4)));
    let calm = Today::default();
    // Saturday 1:00; leaves the station 1:10, here 12:05 later.
    let rows = timetable.departures("s-me", at(date(2026, 12, 5), 1, 0), 2, &calm);
    assert_eq!(lines(&rows)[0], "t10 01:22 22");
    assert_eq!((rows[0].service_date, rows[0].publication, rows[0].last), (date(2026, 12, 4), "old", true));
    // Then Monday, by the new plan.
    assert_eq!((rows[1].trip, rows[1].publication, rows[1].service_date), ("t12", "new", date(2026, 12, 7)));
    // Delayed by half an hour, it is told as long as it has not come.
    let today = Today::new(Vec::new(), vec![late(date(2026, 12, 4), "t10", 1800)], Vec::new());
    assert_eq!(lines(&timetable.departures("s-me", at(date(2026, 12, 5), 1, 30), 1, &today)), ["t10 01:52 22"]);
    assert!(timetable.trip("t10", date(2026, 12, 4), &calm).is_some());
    assert!(timetable.trip("t10", date(2026, 12, 5), &calm).is_none(), "no Saturday");
    assert!(timetable.trip("t02", date(2026, 12, 7), &calm).is_none(), "not in the new plan");
}

#[test]
fn later_publications_take_over_for_good() {
    let january = |day| date(2027, 1, day);
    let timetable = Timetable::new(vec![
        period("a", published(), january(1), None),
        period("b", published(), january(10), Some(january(12))),
        period("c", published(), january(20), None),
        period("d", published(), january(20), None),
    ]);
    let on = |day| timetable.period_on(january(day)).map(|period| period.publication.as_str());
    assert_eq!(
        [on(9), on(10), on(12), on(13), on(19), on(20)],
        [Some("a"), Some("b"), Some("b"), None, None, Some("d")]
    );
    assert_eq!(timetable.period_near(january(15)).map(|period| period.publication.as_str()), Some("d"));
    // The last day of the first is the 9th, of the second the 12th.
    let left = |day| Timetable::since(january(day), timetable.periods().to_vec()).periods().len();
    assert_eq!([left(9), left(10), left(13)], [3, 2, 1]);
    assert!(Timetable::new(Vec::new()).departures("s-me", at(january(1), 8, 0), 3, &Today::default()).is_empty());
}

#[test]
fn which_shuttle_makes_the_train() {
    let (timetable, day, calm) = (table(), date(2026, 12, 1), Today::default());
    let wanted = WantedTrain {
        station: "yanchang",
        line: Some("1号线"),
        direction: None,
        date: day,
        time: ServiceTime::hm(18, 26),
    };
    let now = at(day, 17, 0);
    let asked = |today| {
        let found = timetable.for_train("s-me", wanted, now, 2, today).unwrap();
        let rows: Vec<String> =
            found.rows.iter().zip(&found.spare).map(|(row, n)| format!("{} {n}", row.trip)).collect();
        (found.known, rows)
    };
    // Line 1 back 18:07: there 18:22, on the platform 18:25:58; 2 s to spare. The one before, 17:29: 38 min 2 s.
    assert_eq!(asked(&calm), (true, vec!["t09 2".to_owned(), "t07 2282".to_owned()]));
    let today = Today::new(Vec::new(), vec![late(day, "t09", 3)], Vec::new());
    assert_eq!(asked(&today).1, ["t07 2282"]);
    let today = Today::new(vec![gone(day, "t09")], Vec::new(), Vec::new());
    assert_eq!(asked(&today).1, ["t07 2282"]);
    // A train nobody knows of can be wanted too; a station nobody knows cannot.
    let other = WantedTrain { time: ServiceTime::hm(18, 28), ..wanted };
    assert!(!timetable.for_train("s-me", other, now, 1, &calm).unwrap().known);
    let other = WantedTrain { station: "nowhere", ..wanted };
    assert_eq!(timetable.for_train("s-me", other, now, 1, &calm), None);
    // From the station itself no shuttle goes to the station.
    assert!(timetable.for_train("s-yc", wanted, now, 1, &calm).unwrap().rows.is_empty());
}

#[test]
fn a_day_to_print_and_a_trip_to_follow() {
    let (timetable, day) = (table(), date(2026, 12, 1));
    let lines = timetable.day(day);
    let shape: Vec<(&str, usize, usize)> =
        lines.iter().map(|line| (line.line.id.as_str(), line.stops.len(), line.trips.len())).collect();
    assert_eq!(shape, [("L1-back", 4, 4), ("L1-out", 4, 6), ("L2-back", 3, 4), ("L2-out", 3, 6)]);
    assert!(timetable.day(date(2026, 12, 5)).is_empty(), "no Saturday");
    let today = Today::new(Vec::new(), vec![late(day, "t02", 60)], Vec::new());
    let trip = timetable.trip("t02", day, &today).unwrap();
    assert_eq!((trip.calls.len(), trip.delay, trip.face.headsign.as_str()), (4, Some(60), "延长路站"));
    // Planned 8:04, a minute late.
    assert_eq!(trip.calls[3].arrives, at(day, 8, 5));
    assert_eq!(
        timetable.lines_at("s-me", day).map(|line| line.id.as_str()).collect::<Vec<_>>(),
        ["L1-back", "L1-out", "L2-back"]
    );
}

#[test]
fn clocks_that_change() {
    let mut published = published();
    published.timezone = "Europe/Berlin".into();
    published.services[0].days = "daily".into();
    published.services[0].until = date(2027, 12, 31);
    shift(&mut published, "t12", ServiceTime::hm(26, 30));
    let timetable = Timetable::new(vec![period("p", published, date(2026, 12, 1), None)]);
    let calm = Today::default();
    let now = |text: &str| text.parse::<Timestamp>().unwrap();
    // 28 March 2027, summer time: 7:42:05 is 5:42:05 in UTC.
    let rows = timetable.departures("s-me", now("2027-03-28T05:40:00Z"), 1, &calm);
    assert_eq!(lines(&rows), ["t01 07:42 2"]);
    assert_eq!(rows[0].expected, now("2027-03-28T05:42:05Z"));
    // The night before, 2:30 does not exist: an hour later.
    let rows = timetable.departures("s-me", now("2027-03-28T00:50:00Z"), 1, &calm);
    assert_eq!(lines(&rows), ["t12 03:30 40"]);
    // 31 October 2027, 2:30 comes twice; the first is meant.
    let rows = timetable.departures("s-me", now("2027-10-31T00:20:00Z"), 1, &calm);
    assert_eq!(lines(&rows), ["t12 02:30 10"]);
    let rows = timetable.departures("s-me", now("2027-10-31T01:20:00Z"), 1, &calm);
    assert_eq!(rows[0].trip, "t01");
}

#[test]
fn the_last_word_about_a_trip_counts() {
    let day = date(2026, 12, 1);
    let today = Today::new(Vec::new(), vec![late(day, "t02", 60), late(day, "t02", 120)], Vec::new());
    assert_eq!(today.delay(day, "t02").map(|delay| delay.seconds), Some(120));
    let text =
        r#"{"delays":[{"date":"2026-12-02","trip":"b","seconds":5},{"date":"2026-12-01","trip":"b","seconds":7}]}"#;
    let today: Today = serde_json::from_str(text).unwrap();
    assert_eq!(today.delay(day, "b").map(|delay| delay.seconds), Some(7));
}

#[test]
fn alerts_of_a_line_a_stop_or_everything() {
    let alert = |id: &str, lines: &[&str], stops: &[&str]| Alert {
        id: id.into(),
        text: Text { zh: "绕行".into(), en: "Detour".into() },
        detail: None,
        from: Some(at(date(2026, 12, 1), 6, 0)),
        until: Some(at(date(2026, 12, 1), 12, 0)),
        lines: lines.iter().map(|&id| id.into()).collect(),
        stops: stops.iter().map(|&id| id.into()).collect(),
    };
    let all = vec![alert("all", &[], &[]), alert("line", &["L1-out"], &[]), alert("stop", &[], &["s-me"])];
    let today = Today::new(Vec::new(), Vec::new(), all);
    let shown = |hour, line, stop| {
        let now = at(date(2026, 12, 1), hour, 0);
        today.alerts_now(now, line, stop).map(|alert| alert.id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(shown(8, Some("L1-out"), None), ["all", "line"]);
    assert_eq!(shown(8, None, Some("s-me")), ["all", "stop"]);
    assert_eq!(shown(8, None, None), ["all"]);
    assert!(shown(12, None, None).is_empty());
}

/// Every trip of three weeks, one after the other.
fn slowly(
    timetable: &Timetable,
    stop: &str,
    now: Timestamp,
    limit: usize,
    today: &Today,
) -> Vec<(String, Date, Timestamp)> {
    let local = timetable.zone().to_datetime(now).date();
    let mut rows = Vec::new();
    for ahead in -3..=16 {
        let day = local + ahead.days();
        let Some(period) = timetable.period_on(day) else { continue };
        for trip in &period.published.trips {
            let Some(trip) = timetable.trip(&trip.id, day, today) else { continue };
            for call in trip.calls.iter().rev().skip(1).filter(|call| call.stop.id == stop && call.departs >= now) {
                rows.push((call.departs, call.depart, trip.trip.id.clone(), day, trip.cancelled));
            }
        }
    }
    rows.sort();
    let mut left = limit;
    let mut told = Vec::new();
    for (departs, _, trip, day, cancelled) in rows {
        if left == 0 {
            break;
        }
        left -= usize::from(!cancelled);
        told.push((trip, day, departs));
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    /// Whatever is late or cancelled, at any time of a week over a change of plans: the fast way is the slow way.
    #[test]
    fn departures_agree_with_looking_at_every_trip(
        minutes in 0_i64..7 * 1440,
        limit in 0_usize..9,
        delays in prop::collection::vec((0_i64..9, 1_u32..21, -900_i32..7200), 0..12),
        cancelled in prop::collection::vec((0_i64..9, 1_u32..21), 0..8),
        stop in prop::sample::select(vec!["s-me", "s-yc", "s-dn2", "s-mw", "s-mx"]),
    ) {
        let (mut old, mut new) = (published(), published());
        shift(&mut old, "t10", ServiceTime::hm(25, 10));
        shift(&mut new, "t07", ServiceTime::hm(24, 3));
        new.services[0].days = "daily".into();
        let timetable = Timetable::new(vec![
            period("old", old, date(2026, 12, 1), None),
            period("new", new, date(2026, 12, 5), None),
        ]);
        let day = |n: i64| date(2026, 11, 30) + n.days();
        let today = Today::new(
            cancelled.into_iter().map(|(n, trip)| gone(day(n), &format!("t{trip:02}"))).collect(),
            delays.into_iter().map(|(n, trip, s)| late(day(n), &format!("t{trip:02}"), s)).collect(),
            Vec::new(),
        );
        let now = at(date(2026, 12, 1), 0, 0) + minutes.minutes();
        let told: Vec<(String, Date, Timestamp)> = timetable
            .departures(stop, now, limit, &today)
            .into_iter()
            .map(|row| (row.trip.to_owned(), row.service_date, row.expected))
            .collect();
        prop_assert_eq!(told, slowly(&timetable, stop, now, limit, &today));
    }

    /// The shuttle to take is the last of all that make the train.
    #[test]
    fn the_shuttle_to_take_is_the_last_that_makes_the_train(
        minutes in 330_u32..1560,
        delays in prop::collection::vec((1_u32..21, 0_i32..3600), 0..6),
        cancelled in prop::collection::vec(1_u32..21, 0..6),
        stop in prop::sample::select(vec!["s-me", "s-mw", "s-wr2"]),
    ) {
        let mut published = published();
        shift(&mut published, "t09", ServiceTime::hm(24, 20));
        let timetable = Timetable::new(vec![period("p", published, date(2026, 12, 1), None)]);
        let day = date(2026, 12, 2);
        let today = Today::new(
            cancelled.into_iter().map(|trip| gone(day, &format!("t{trip:02}"))).collect(),
            delays.into_iter().map(|(trip, s)| late(day, &format!("t{trip:02}"), s)).collect(),
            Vec::new(),
        );
        let time = ServiceTime(minutes * 60);
        let wanted = WantedTrain { station: "yanchang", line: None, direction: None, date: day, time };
        let found = timetable.for_train(stop, wanted, at(day, 0, 0), 3, &today).unwrap();
        // 238 s from the last stop of line 1 back to the platform. Of the trips of the day before only 24:20 is of use.
        let train = instant(timetable.zone(), day, i64::from(time.0));
        let mut slow = Vec::new();
        for service_day in [date(2026, 12, 1), day] {
            for trip in ["t02", "t04", "t07", "t09"] {
                let Some(trip) = timetable.trip(trip, service_day, &today).filter(|trip| !trip.cancelled) else { continue };
                let spare = train.as_second() - trip.calls[3].arrives.as_second() - 238;
                if let Some(call) = trip.calls.iter().find(|call| call.stop.id == stop && spare >= 0) {
                    slow.push((call.departs, trip.trip.id.clone()));
                }
            }
        }
        slow.sort();
        let taken = found.rows.first().map(|row| (row.expected, row.trip.to_owned()));
        prop_assert_eq!(taken, slow.pop());
    }
}

#[test]
fn vehicles_that_stand_by_are_called_as_on_the_printed_sheets() {
    let called = Published::of(&fixture::project(), &fixture::with_rides()).standing_by;
    // Vehicle 1 stands by between its trips; there are two for the lines, so who is hired for this is the third.
    assert_eq!(called.iter().map(|vehicle| vehicle.number).collect::<Vec<_>>(), [1, 3]);
    assert!(called.iter().all(|vehicle| vehicle.depot == "沪太路停车场"));
}
