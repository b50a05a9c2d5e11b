//! iCalendar (RFC 5545): each departure from a line's first stop, on the days it runs, for a phone's calendar. Public.
//!
//! One event a trip: weekly by its service, days removed as EXDATE, days added as RDATE. What runs before the first
//! day of the weekly pattern, and services without one, are events of dates alone. Nothing is read from a clock: DTSTAMP is
//! the first day of the services, UIDs are the trips', so the same plan gives the same bytes and a new plan replaces
//! the trips it kept. Written here and not by the `icalendar` crate: that one folds by characters where the standard
//! counts octets, and has no place for time zones; its parser reads the result back in the tests.

//! Of publications that follow one another each is told for the days it is in force. A rider may have less: one stop, one
//! trip, one departure.

mod event;
mod season;
mod text;
mod zone;

use std::collections::BTreeMap;

use jiff::civil::Date;

use self::event::Words;
use self::season::Season;
use self::text::{Text, escape};
use self::zone::Zone;
use super::riding::{Period, Published, Timetable, Today, Trip, ascii_id, basic};
use crate::planning::plan::Plan;
use crate::planning::project::Project;

/// The calendar as bytes of `timetable.ics`. About 600 bytes a trip, whatever the length of the season.
#[must_use]
pub fn ics(project: &Project, plan: &Plan) -> Vec<u8> {
    ics_spanning(project, &[(plan, Date::MIN, None)])
}

/// The same of plans that follow one another, each with its first and last service day.
#[must_use]
pub fn ics_spanning(project: &Project, plans: &[(&Plan, Date, Option<Date>)]) -> Vec<u8> {
    ics_of(&Timetable::spanning(project, plans))
}

/// The same of all the publications of a timetable.
#[must_use]
pub fn ics_of(timetable: &Timetable) -> Vec<u8> {
    repeating(timetable, &Wanted::All, "班车时刻 Shuttle timetable")
}

/// All departures from one stop, with their repetitions. `None` for a stop nobody knows.
#[must_use]
pub fn ics_stop(timetable: &Timetable, stop: &str) -> Option<Vec<u8>> {
    let known = timetable.stop(stop, timetable.periods().last()?.from)?;
    let name = format!("{} {}", known.name.trim(), known.name_en.trim());
    Some(repeating(timetable, &Wanted::Stop(stop), name.trim()))
}

/// One trip with its repetitions, boarded at a stop of its line. `None` where it is not boarded there.
#[must_use]
pub fn ics_trip(timetable: &Timetable, trip: &str, stop: &str) -> Option<Vec<u8>> {
    let wanted = Wanted::Trip(trip, stop);
    let boarded = |published: &Published| published.trips.iter().any(|trip| wanted.board(published, trip).is_some());
    timetable
        .periods()
        .iter()
        .any(|period| boarded(&period.published))
        .then(|| repeating(timetable, &wanted, "班车 Shuttle"))
}

/// One departure, once: a trip of a service day, boarded at a stop of its line. `None` where it does not run or is not
/// boarded there.
#[must_use]
pub fn ics_departure(timetable: &Timetable, trip: &str, date: Date, stop: &str) -> Option<Vec<u8>> {
    let today = Today::default();
    let found = timetable.trip(trip, date, &today)?;
    let published = &*found.period.published;
    let board = Wanted::Trip(trip, stop).board(published, found.trip)?;
    let words = Words::of(published, found.line, found.trip, board)?;
    let mut calendar = opened(timetable, "班车 Shuttle", Some((date, date)));
    let out = &mut calendar.out;
    let uid = format!("{}.{}.{}", timetable.ids().trip(found.position, trip), basic(date), ascii_id(stop));
    out.line("BEGIN", "VEVENT");
    out.line("UID", &format!("{uid}@{}.jiebo", ascii_id(&published.name)));
    out.line("DTSTAMP", &format!("{}T000000Z", basic(date)));
    words.times(out, &calendar.zone, date);
    words.write(out);
    Some(calendar.closed())
}

/// Which departures.
enum Wanted<'a> {
    /// Every trip from its first stop.
    All,
    /// Those that leave a stop.
    Stop(&'a str),
    /// A trip from a stop.
    Trip(&'a str, &'a str),
}

impl Wanted<'_> {
    /// Where the trip is boarded: a position of its line, not the last.
    fn board(&self, published: &Published, trip: &Trip) -> Option<usize> {
        let at = |stop: &str| {
            let stops = &published.line(&trip.line)?.stops;
            stops.iter().take(stops.len().saturating_sub(1)).position(|id| id == stop)
        };
        match *self {
            Self::All => Some(0),
            Self::Stop(stop) => at(stop),
            Self::Trip(id, stop) => (trip.id == id).then(|| at(stop)).flatten(),
        }
    }
}

/// A calendar that is being written.
struct Calendar {
    out: Text,
    zone: Zone,
}

impl Calendar {
    fn closed(mut self) -> Vec<u8> {
        self.out.line("END", "VCALENDAR");
        self.out.0.into_bytes()
    }
}

/// The head of a calendar, with the clock's changes between two days.
fn opened(timetable: &Timetable, name: &str, days: Option<(Date, Date)>) -> Calendar {
    let zone = Zone { name: timetable.zone_name().to_owned(), zone: timetable.zone().clone() };
    let mut out = Text::default();
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Jiebo//Timetable//ZH");
    out.line("CALSCALE", "GREGORIAN");
    out.line("METHOD", "PUBLISH");
    let title = timetable.periods().last().map_or("", |period| period.published.title());
    out.line("X-WR-CALNAME", &escape(&format!("{title} {name}")));
    out.line("X-WR-TIMEZONE", &zone.name);
    if let Some((first, last)) = days {
        zone.write(&mut out, first, last);
    }
    Calendar { out, zone }
}

fn repeating(timetable: &Timetable, wanted: &Wanted<'_>, name: &str) -> Vec<u8> {
    let reach = |period: &Period| {
        let services =
            || period.published.services.iter().map(|days| period.service(days)).filter(|s| s.from <= s.until);
        services().map(|s| s.from).min().zip(services().map(|s| s.until).max())
    };
    let reaches = || timetable.periods().iter().filter_map(reach);
    let days = reaches().map(|days| days.0).min().zip(reaches().map(|days| days.1).max());
    let mut calendar = opened(timetable, name, days);
    for (at, period) in timetable.periods().iter().enumerate() {
        let Some((first, _)) = reach(period) else { continue };
        let published = &*period.published;
        let seasons: BTreeMap<&str, Season> =
            published.services.iter().map(|days| (days.id.as_str(), Season::of(&period.service(days)))).collect();
        for (trip, vehicles) in departures(published) {
            let (Some(season), Some(line)) = (seasons.get(trip.service.as_str()), published.line(&trip.line)) else {
                continue;
            };
            let Some(board) = wanted.board(published, trip) else { continue };
            let Some(mut words) = Words::of(published, line, trip, board) else { continue };
            if vehicles > 1 {
                words.summary.push_str(&format!(" ×{vehicles}"));
            }
            let ids = timetable.ids();
            let mut uid = format!("{}.{}", ids.trip(at, &trip.id), ids.service(at, &trip.service));
            // From another stop it is another event.
            if let Wanted::Stop(stop) | Wanted::Trip(_, stop) = wanted {
                uid.push_str(&format!(".{}", ascii_id(stop)));
            }
            uid.push_str(&format!("@{}.jiebo", ascii_id(&published.name)));
            season_of(&mut calendar, season, &words, &uid, &format!("{}T000000Z", basic(first)));
        }
    }
    calendar.closed()
}

/// The events of one trip over its season.
fn season_of(calendar: &mut Calendar, season: &Season, words: &Words<'_>, uid: &str, stamp: &str) {
    let (out, zone) = (&mut calendar.out, &calendar.zone);
    if let Some(weekly) = &season.weekly {
        out.line("BEGIN", "VEVENT");
        out.line("UID", uid);
        out.line("DTSTAMP", stamp);
        words.times(out, zone, weekly.first);
        words.rule(out, zone, weekly);
        words.dates(out, zone, "EXDATE", &weekly.removed);
        words.dates(out, zone, "RDATE", &weekly.added);
        words.write(out);
    }
    if let Some((first, others)) = season.single.split_first() {
        out.line("BEGIN", "VEVENT");
        out.line("UID", &format!("extra-{uid}"));
        out.line("DTSTAMP", stamp);
        words.times(out, zone, *first);
        words.dates(out, zone, "RDATE", others);
        words.write(out);
    }
}

/// Trips by service and departure, and how many vehicles run each: together they are one departure to a rider.
fn departures(published: &Published) -> Vec<(&Trip, u32)> {
    let mut trips: Vec<&Trip> = published.trips.iter().collect();
    trips.sort_by_key(|trip| (&trip.service, trip.departure(), &trip.line, &trip.id));
    let mut departures: Vec<(&Trip, u32)> = Vec::new();
    for trip in trips {
        match departures.last_mut() {
            Some((last, vehicles))
                if (&last.service, &last.line, &last.times) == (&trip.service, &trip.line, &trip.times) =>
            {
                *vehicles += 1;
            }
            _ => departures.push((trip, 1)),
        }
    }
    departures
}
