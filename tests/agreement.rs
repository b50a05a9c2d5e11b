//! What a rider reads here, a driver reads there and a phone reads elsewhere: the same minute.
//!
//! Each output is read back by a reader that is not its writer, and reduced to (service, line, stop, minute).

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: a failure is to be seen at once")]

mod common;

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use icalendar::{Calendar, CalendarComponent, Component};
use jiebo::planning::plan::Plan;
use jiebo::planning::project::Project;
use jiebo::publish::phrases::Language;
use jiebo::publish::{board, calendar, gtfs, runsheet, workbook};
use jiff::civil::{Date, DateTime, Weekday};

/// (trip, stop's position, arrival, departure), minutes of the service day.
type Calls = BTreeSet<(String, usize, u32, u32)>;

fn planned(plan: &Plan) -> Calls {
    plan.trips
        .iter()
        .flat_map(|trip| {
            trip.times
                .iter()
                .enumerate()
                .map(|(at, time)| (trip.id.clone(), at, time.arrive.minute(), time.depart.minute()))
        })
        .collect()
}

fn in_gtfs(project: &Project, plan: &Plan) -> Calls {
    let feed = gtfs_structures::Gtfs::from_reader(Cursor::new(gtfs::zip(project, plan).unwrap())).unwrap();
    feed.trips
        .values()
        .flat_map(|trip| {
            trip.stop_times.iter().enumerate().map(|(at, time)| {
                (trip.id.clone(), at, time.arrival_time.unwrap() / 60, time.departure_time.unwrap() / 60)
            })
        })
        .collect()
}

fn in_workbook(project: &Project, plan: &Plan) -> Calls {
    let bytes = workbook::xlsx(project, plan, Language::Zh).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("时刻表 Timetable").unwrap();
    let minutes = |cell: &Data| match cell {
        Data::DateTime(time) => (time.as_f64() * 1440.0).round() as u32,
        Data::Float(days) => (days * 1440.0).round() as u32,
        other => panic!("{other:?} is no time"),
    };
    let number = |cell: &Data| cell.to_string().parse::<f64>().unwrap() as usize;
    sheet
        .rows()
        .skip(1)
        .map(|row| (row[2].to_string(), number(&row[4]) - 1, minutes(&row[6]), minutes(&row[7])))
        .collect()
}

#[test]
fn the_feed_and_the_workbook_have_the_plans_minutes() {
    let (project, plan) = (common::project(), common::plan());
    assert_eq!(in_gtfs(&project, &plan), planned(&plan));
    assert_eq!(in_workbook(&project, &plan), planned(&plan));
}

fn moment(text: &str) -> DateTime {
    DateTime::strptime("%Y%m%dT%H%M%S", text).unwrap()
}

/// All (departure, arrival, first stop) of an event, by the rules of RFC 5545, done the slow way: day by day.
fn occurrences(event: &icalendar::Event) -> Vec<(DateTime, DateTime, String)> {
    let value = |key| event.property_value(key).map(str::to_owned);
    let list = |key: &str| -> BTreeSet<DateTime> {
        let single = event.properties().get(key).map(|property| property.value().to_owned());
        let many = event.multi_properties().get(key).into_iter().flatten().map(|property| property.value().to_owned());
        single.into_iter().chain(many).flat_map(|text| text.split(',').map(moment).collect::<Vec<_>>()).collect()
    };
    let (start, end) = (moment(&value("DTSTART").unwrap()), moment(&value("DTEND").unwrap()));
    let mut at = BTreeSet::from([start]);
    if let Some(rule) = value("RRULE") {
        let part = |name: &str| rule.split(';').find_map(|part| part.strip_prefix(name).map(str::to_owned));
        assert_eq!(part("FREQ=").as_deref(), Some("WEEKLY"));
        let until = part("UNTIL=").unwrap();
        // Shanghai: eight hours before UTC, all year.
        let until = moment(until.strip_suffix('Z').unwrap()).saturating_add(jiff::Span::new().hours(8));
        let days: BTreeSet<String> = part("BYDAY=").unwrap().split(',').map(str::to_owned).collect();
        let name = |day: Weekday| {
            ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][usize::try_from(day.to_monday_zero_offset()).unwrap()]
        };
        let mut day = start;
        assert!(days.contains(name(day.weekday())), "DTSTART is not of its own rule");
        while day <= until {
            if days.contains(name(day.weekday())) {
                at.insert(day);
            }
            day = day.tomorrow().unwrap();
        }
    }
    let removed = list("EXDATE");
    assert!(removed.is_subset(&at), "removes what never was");
    at.extend(list("RDATE"));
    let stop = value("LOCATION").unwrap();
    at.into_iter()
        .filter(|when| !removed.contains(when))
        .map(|when| (when, when.saturating_add(start.duration_until(end)), stop.clone()))
        .collect()
}

#[test]
fn the_calendar_has_every_departure_of_every_day_and_no_other() {
    let (project, plan) = (common::project(), common::plan());
    let text = String::from_utf8(calendar::ics(&project, &plan)).unwrap();
    assert!(text.lines().all(|line| line.trim_end_matches('\r').len() <= 75));
    let read: Calendar = text.parse().unwrap();
    let mut found: Vec<(DateTime, DateTime, String)> = read
        .components
        .iter()
        .filter_map(|component| match component {
            CalendarComponent::Event(event) => Some(occurrences(event)),
            _ => None,
        })
        .flatten()
        .collect();
    found.sort();
    let on = |day: Date, time: u32| day.at(0, 0, 0, 0).saturating_add(jiff::Span::new().seconds(i64::from(time)));
    let mut expected = Vec::new();
    for service in &project.services {
        for day in service.dates() {
            for trip in plan.trips.iter().filter(|trip| trip.service == service.id) {
                let (first, last) = (trip.times.first().unwrap(), trip.times.last().unwrap());
                let stop = plan.stops.iter().find(|stop| stop.id == first.stop).unwrap();
                expected.push((on(day, first.depart.0), on(day, last.arrive.0), stop.name.clone()));
            }
        }
    }
    expected.sort();
    assert_eq!(found.len(), expected.len());
    assert_eq!(found, expected);
}

#[test]
fn events_have_names_of_their_own_and_the_same_ones_again() {
    let (project, plan) = (common::project(), common::plan());
    let bytes = calendar::ics(&project, &plan);
    assert_eq!(bytes, calendar::ics(&project, &plan));
    let text = String::from_utf8(bytes).unwrap().replace("\r\n ", "");
    let uids: Vec<&str> = text.lines().filter(|line| line.starts_with("UID:")).collect();
    assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), uids.len());
    assert!(text.contains("SUMMARY:1路 延长路站 → 灵石媒体园 / Line 1 Yanchang Road Station → Lingshi Media Park"));
}

/// What stands between tags, in order, trimmed, empty texts left out.
fn texts(html: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        texts.push(rest[..open].trim().to_owned());
        // Styles hold no times, but numbers with colons.
        let end = if rest[open..].starts_with("<style") { "</style>" } else { ">" };
        let Some(close) = rest[open..].find(end) else { break };
        rest = &rest[open + close + end.len()..];
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// "08:05" as minutes of the service day.
fn clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    (hours.len() == 2 && minutes.len() == 2).then_some(())?;
    Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
}

#[test]
fn the_board_has_the_plans_minutes() {
    let (project, plan) = (common::project(), common::plan());
    let page = board::html(&project, &plan);
    // The full tables: a row a trip, a cell a stop; on the large sheet and again on the small ones.
    let rows = |part: &str| {
        let mut rows: Vec<Vec<u32>> = Vec::new();
        for table in part.split("<table class=\"full\">").skip(1) {
            let table = table.split("</table>").next().unwrap();
            for row in table.split("<tr").skip(2) {
                let cells: Vec<u32> = texts(&format!("<tr{row}")).iter().filter_map(|text| clock(text)).collect();
                assert!(!cells.is_empty(), "a row without times: {row}");
                rows.push(cells);
            }
        }
        rows.sort();
        rows
    };
    let (large, small) = page.split_once("<section class=\"sheet a4\">").unwrap();
    // Departures where it leaves, the arrival where it ends.
    let mut told: Vec<Vec<u32>> = plan
        .trips
        .iter()
        .map(|trip| {
            let last = trip.times.len() - 1;
            trip.times
                .iter()
                .enumerate()
                .map(|(at, time)| if at == last { time.arrive.minute() } else { time.depart.minute() })
                .collect()
        })
        .collect();
    told.sort();
    assert_eq!(rows(large), told);
    assert_eq!(rows(small), told);
}

#[test]
fn the_run_sheets_have_the_plans_minutes() {
    let (project, plan) = (common::project(), common::plan());
    let page = runsheet::html(&project, &plan);
    let sheets: Vec<&str> = page.split("<section class=\"sheet").skip(1).collect();
    for duty in &plan.duties {
        let sheet = sheets.iter().find(|sheet| sheet.contains(&format!(">{}</dd>", duty.id))).unwrap();
        let table = sheet.split("<table class=\"run").nth(1).unwrap().split("</table>").next().unwrap();
        let shown: BTreeSet<u32> = texts(&format!("<table {table}"))
            .iter()
            .flat_map(|text| text.split(['–', ' ']).filter_map(clock).collect::<Vec<_>>())
            .collect();
        let mut told: BTreeSet<u32> = duty.items.iter().map(|item| item.start.minute()).collect();
        for trip in duty.items.iter().filter_map(|item| item.trip.as_ref()) {
            let trip = plan.trips.iter().find(|known| known.id == *trip).unwrap();
            let last = trip.times.len() - 1;
            for (at, time) in trip.times.iter().enumerate() {
                told.insert(if at == last { time.arrive.minute() } else { time.depart.minute() });
            }
        }
        let missing: Vec<_> = told.difference(&shown).collect();
        assert!(missing.is_empty(), "{}: {missing:?} do not stand on the sheet", duty.id);
        // Nothing else either, but the end of the day.
        let ends: BTreeSet<u32> = duty.items.iter().map(|item| item.end.minute()).collect();
        assert!(shown.iter().all(|minute| told.contains(minute) || ends.contains(minute)), "{}: {shown:?}", duty.id);
    }
}
