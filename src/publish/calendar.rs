//! iCalendar (RFC 5545): each departure from a line's first stop, on the days it runs, for a phone's calendar. Public.
//!
//! One event a trip: weekly by its service, days removed as EXDATE, days added as RDATE. What runs before the first
//! day of the weekly pattern, and services without one, are events of dates alone. Nothing is read from a clock: DTSTAMP is
//! the first day of the services, UIDs are the trips', so the same plan gives the same bytes and a new plan replaces
//! the trips it kept. Written here and not by the `icalendar` crate: that one folds by characters where the standard
//! counts octets, and has no place for time zones; its parser reads the result back in the tests.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

use super::gtfs::ascii_id;
use super::routes::{self, english, plain_name};
use crate::domain::calendar::{Service, days_between, weekday_of};
use crate::domain::units::ServiceTime;
use crate::planning::plan::{Line, Plan, Stop, Trip};
use crate::planning::project::Project;

/// Used where the project names no time zone anybody knows: UTC+8 all year.
const HOME_ZONE: &str = "Asia/Shanghai";
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// The calendar as bytes of `timetable.ics`. About 600 bytes a trip, whatever the length of the season.
#[must_use]
pub fn ics(project: &Project, plan: &Plan) -> Vec<u8> {
    let zone = Zone::of(project);
    let seasons: BTreeMap<&str, Season> =
        plan.services.iter().map(|days| (days.id.as_str(), Season::of(&routes::service(days)))).collect();
    let lines = routes::lines_by_id(plan);
    let stops = routes::stops_by_id(plan);
    let mut trips: Vec<&Trip> = plan.trips.iter().collect();
    trips.sort_by_key(|trip| (&trip.service, routes::departure(trip), &trip.line, &trip.id));
    // Vehicles that run together are one departure to a rider.
    let mut vehicles: Vec<u32> = Vec::new();
    let mut last: Option<&Trip> = None;
    trips.retain(|&trip| {
        let again = last
            .is_some_and(|last| (&last.service, &last.line, &last.times) == (&trip.service, &trip.line, &trip.times));
        match vehicles.last_mut().filter(|_| again) {
            Some(count) => *count += 1,
            None => vehicles.push(1),
        }
        last = Some(trip);
        !again
    });

    let mut out = Text::default();
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Jiebo//Timetable//ZH");
    out.line("CALSCALE", "GREGORIAN");
    out.line("METHOD", "PUBLISH");
    let name = project.publication.agency.as_ref().or(project.name_zh.as_ref()).unwrap_or(&project.name);
    out.line("X-WR-CALNAME", &escape(&format!("{name} 班车时刻 Shuttle timetable")));
    out.line("X-WR-TIMEZONE", &zone.name);
    let first = plan.services.iter().map(|days| days.from).min();
    let last = plan.services.iter().map(|days| days.until).max();
    if let (Some(first), Some(last)) = (first, last) {
        zone.write(&mut out, first, last);
        let stamp = format!("{}T000000Z", basic(first));
        for (trip, count) in trips.into_iter().zip(vehicles) {
            let Some(season) = seasons.get(trip.service.as_str()) else { continue };
            let Some(mut words) = Words::of(trip, lines.get(trip.line.as_str()).copied(), &stops) else { continue };
            if count > 1 {
                words.summary.push_str(&format!(" ×{count}"));
            }
            let uid = format!("{}.{}@{}.jiebo", ascii_id(&trip.id), ascii_id(&trip.service), ascii_id(&project.name));
            if let Some(weekly) = &season.weekly {
                out.line("BEGIN", "VEVENT");
                out.line("UID", &uid);
                out.line("DTSTAMP", &stamp);
                words.times(&mut out, &zone, weekly.first);
                words.rule(&mut out, &zone, weekly);
                words.dates(&mut out, &zone, "EXDATE", &weekly.removed);
                words.dates(&mut out, &zone, "RDATE", &weekly.added);
                words.write(&mut out, project);
            }
            if let Some((first, others)) = season.single.split_first() {
                out.line("BEGIN", "VEVENT");
                out.line("UID", &format!("extra-{uid}"));
                out.line("DTSTAMP", &stamp);
                words.times(&mut out, &zone, *first);
                words.dates(&mut out, &zone, "RDATE", others);
                words.write(&mut out, project);
            }
        }
    }
    out.line("END", "VCALENDAR");
    out.0.into_bytes()
}

/// The days of a service, the way a calendar says them.
struct Season {
    weekly: Option<Weekly>,
    /// Dates outside the weekly pattern's reach.
    single: Vec<Date>,
}

struct Weekly {
    /// Weekdays, 0 Monday.
    days: Vec<usize>,
    /// First and last day that runs by the pattern.
    first: Date,
    last: Date,
    /// Days between them that the pattern has and the service has not.
    removed: Vec<Date>,
    /// Days after the first that the service has and the pattern has not.
    added: Vec<Date>,
}

impl Season {
    fn of(service: &Service) -> Self {
        let patterned = |date: &Date| service.week.has(weekday_of(*date));
        let runs: Vec<Date> = service.dates().collect();
        let mut regular = runs.iter().copied().filter(patterned);
        let Some(first) = regular.next() else {
            return Self { weekly: None, single: runs };
        };
        let last = regular.next_back().unwrap_or(first);
        let removed = (0..=days_between(first, last))
            .filter_map(|n| first.checked_add(Span::new().days(n)).ok())
            .filter(|date| patterned(date) && !service.runs_on(*date))
            .collect();
        let (single, added) =
            runs.iter().copied().filter(|date| !patterned(date)).partition(|date: &Date| *date < first);
        let days = service.week.days().collect();
        Self { weekly: Some(Weekly { days, first, last, removed, added }), single }
    }
}

/// What an event says.
struct Words<'a> {
    depart: ServiceTime,
    arrive: ServiceTime,
    summary: String,
    description: String,
    from: &'a Stop,
}

impl<'a> Words<'a> {
    fn of(trip: &Trip, line: Option<&Line>, stops: &BTreeMap<&str, &'a Stop>) -> Option<Self> {
        let (first, last) = (trip.times.first()?, trip.times.last()?);
        let (from, to) = (*stops.get(first.stop.as_str())?, *stops.get(last.stop.as_str())?);
        let between = |from: &str, to: &str| format!("{} → {}", plain_name(from).0, plain_name(to).0);
        let or = |name: &str, otherwise: String| if name.is_empty() { otherwise } else { name.to_owned() };
        let (zh, en) = line.map_or(("", ""), |line| (line.name.trim(), line.name_en.trim()));
        let zh = or(zh, between(&from.name, &to.name));
        let en = or(en, between(english(from), english(to)));
        let summary = format!("{zh} / {en}");
        let calls: Vec<String> = trip
            .times
            .iter()
            .enumerate()
            .filter_map(|(position, time)| {
                let stop = stops.get(time.stop.as_str())?;
                let moment = if position + 1 == trip.times.len() { time.arrive } else { time.depart };
                Some(format!("{} {} {}", moment.clock(), stop.name.trim(), stop.name_en.trim()).trim().to_owned())
            })
            .collect();
        Some(Self { depart: first.depart, arrive: last.arrive, summary, description: calls.join("\n"), from })
    }

    /// DTSTART and DTEND of the occurrence on a service day.
    fn times(&self, out: &mut Text, zone: &Zone, day: Date) {
        out.line(&format!("DTSTART;TZID={}", zone.name), &moment(day, self.depart));
        out.line(&format!("DTEND;TZID={}", zone.name), &moment(day, self.arrive));
    }

    /// Past midnight the weekdays move with the clock: Friday 24:30 is Saturday 00:30.
    fn rule(&self, out: &mut Text, zone: &Zone, weekly: &Weekly) {
        let shift = (self.depart.0 / 86_400) as usize;
        let days: Vec<&str> = weekly.days.iter().map(|day| WEEKDAYS[(day + shift) % 7]).collect();
        let until = zone.utc(weekly.last, self.depart);
        out.line("RRULE", &format!("FREQ=WEEKLY;BYDAY={};UNTIL={until}", days.join(",")));
    }

    fn dates(&self, out: &mut Text, zone: &Zone, property: &str, days: &[Date]) {
        if !days.is_empty() {
            let moments: Vec<String> = days.iter().map(|&day| moment(day, self.depart)).collect();
            out.line(&format!("{property};TZID={}", zone.name), &moments.join(","));
        }
    }

    fn write(&self, out: &mut Text, project: &Project) {
        out.line("SUMMARY", &escape(&self.summary));
        out.line("LOCATION", &escape(self.from.name.trim()));
        out.line("GEO", &format!("{:.6};{:.6}", self.from.lat, self.from.lon));
        out.line("DESCRIPTION", &escape(&self.description));
        if let Some(url) = &project.publication.base_url {
            out.line("URL", url);
        }
        // A departure is no appointment: it must not make people look busy.
        out.line("TRANSP", "TRANSPARENT");
        out.line("END", "VEVENT");
    }
}

struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    fn of(project: &Project) -> Self {
        match TimeZone::get(&project.timezone) {
            Ok(zone) => Self { name: project.timezone.clone(), zone },
            Err(_) => Self { name: HOME_ZONE.to_owned(), zone: TimeZone::fixed(jiff::tz::offset(8)) },
        }
    }

    fn utc(&self, day: Date, time: ServiceTime) -> String {
        let local = date_of(day, time).at(0, 0, 0, 0).saturating_add(Span::new().seconds(i64::from(time.0 % 86_400)));
        let instant = local.to_zoned(self.zone.clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
        instant.strftime("%Y%m%dT%H%M%SZ").to_string()
    }

    /// The offset at the start and every change of it until two days after the end.
    fn write(&self, out: &mut Text, first: Date, last: Date) {
        let instant = |day: Date| day.to_zoned(self.zone.clone()).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp());
        let start = instant(first);
        let end = instant(last.saturating_add(Span::new().days(2)));
        let info = self.zone.to_offset_info(start);
        let mut offset = info.offset();
        out.line("BEGIN", "VTIMEZONE");
        out.line("TZID", &self.name);
        observance(out, info.dst().is_dst(), "19700101T000000", offset, offset, info.abbreviation());
        for change in self.zone.following(start).take_while(|change| change.timestamp() < end) {
            let local = offset.to_datetime(change.timestamp()).strftime("%Y%m%dT%H%M%S").to_string();
            observance(out, change.dst().is_dst(), &local, offset, change.offset(), change.abbreviation());
            offset = change.offset();
        }
        out.line("END", "VTIMEZONE");
    }
}

fn observance(out: &mut Text, summer: bool, start: &str, from: Offset, to: Offset, name: &str) {
    let kind = if summer { "DAYLIGHT" } else { "STANDARD" };
    out.line("BEGIN", kind);
    out.line("DTSTART", start);
    out.line("TZOFFSETFROM", &offset_text(from));
    out.line("TZOFFSETTO", &offset_text(to));
    out.line("TZNAME", name);
    out.line("END", kind);
}

fn offset_text(offset: Offset) -> String {
    let sign = if offset.seconds() < 0 { '-' } else { '+' };
    let minutes = offset.seconds().abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

fn basic(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// The calendar day of a moment of a service day.
fn date_of(day: Date, time: ServiceTime) -> Date {
    day.saturating_add(Span::new().days(i64::from(time.0 / 86_400)))
}

/// Local date and time of a moment of a service day.
fn moment(day: Date, time: ServiceTime) -> String {
    let clock = time.0 % 86_400;
    format!("{}T{:02}{:02}{:02}", basic(date_of(day, time)), clock / 3600, clock / 60 % 60, clock % 60)
}

/// TEXT of RFC 5545, 3.3.11.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[derive(Default)]
struct Text(String);

impl Text {
    /// A content line, folded at 75 octets between characters (RFC 5545, 3.1).
    fn line(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for c in name.chars().chain([':']).chain(value.chars()).filter(|c| !matches!(c, '\r' | '\n')) {
            if octets + c.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Days, Holidays, Week};

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn lines_are_folded_at_75_octets_between_characters() {
        let mut text = Text::default();
        text.line("SUMMARY", &"站".repeat(60));
        for line in text.0.split("\r\n") {
            assert!(line.len() <= 75, "{} octets", line.len());
        }
        assert_eq!(text.0.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "站".repeat(60)));
    }

    #[test]
    fn days_added_before_the_pattern_starts_stand_alone() {
        // Sunday 3 January 2027 is worked before the first Monday; Friday 8 is off; Sunday 10 is worked.
        let holidays =
            Holidays { holidays: vec![date("2027-01-08")], working: vec![date("2027-01-03"), date("2027-01-10")] };
        let days = Days::Weekly(Week::WORKING);
        let season = Season::of(&Service::new("w", &days, date("2027-01-03"), date("2027-01-15"), &holidays));
        assert_eq!(season.single, vec![date("2027-01-03")]);
        let weekly = season.weekly.unwrap();
        assert_eq!((weekly.first, weekly.last), (date("2027-01-04"), date("2027-01-15")));
        assert_eq!(weekly.removed, vec![date("2027-01-08")]);
        assert_eq!(weekly.added, vec![date("2027-01-10")]);
    }

    #[test]
    fn after_midnight_is_the_next_day() {
        assert_eq!(moment(date("2026-12-31"), ServiceTime::hm(24, 30)), "20270101T003000");
    }

    #[test]
    fn a_zone_with_summer_time_lists_its_changes() {
        let zone = Zone { name: "Europe/Berlin".to_owned(), zone: TimeZone::get("Europe/Berlin").unwrap() };
        let mut text = Text::default();
        zone.write(&mut text, date("2026-12-01"), date("2027-06-30"));
        // 28 March 2027, 02:00 local, clocks go to 03:00.
        assert!(text.0.contains(
            "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST"
        ));
        // 1 April 2027, 08:00 in summer time is 06:00 UTC.
        assert_eq!(zone.utc(date("2027-04-01"), ServiceTime::hm(8, 0)), "20270401T060000Z");
    }
}
