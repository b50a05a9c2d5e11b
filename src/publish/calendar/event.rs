//! One departure as an event.

use jiff::civil::Date;

use super::season::Weekly;
use super::text::{Text, escape};
use super::zone::{Zone, moment};
use crate::domain::units::ServiceTime;
use crate::planning::plan::Line;
use crate::publish::riding::{Published, Stop, Trip};
use crate::publish::routes::plain_name;

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// What an event says.
pub(super) struct Words<'a> {
    depart: ServiceTime,
    arrive: ServiceTime,
    pub(super) summary: String,
    description: String,
    from: &'a Stop,
    url: Option<&'a str>,
}

impl<'a> Words<'a> {
    /// Boarded at this position of the line.
    pub(super) fn of(published: &'a Published, line: &'a Line, trip: &Trip, board: usize) -> Option<Self> {
        let (&(_, depart), &(arrive, _)) = (trip.times.get(board)?, trip.times.last()?);
        let (from, to) = (published.stop(line.stops.get(board)?)?, published.stop(line.stops.last()?)?);
        let start = published.stop(line.stops.first()?)?;
        let between = |from: &str, to: &str| format!("{} → {}", plain_name(from).0, plain_name(to).0);
        let or = |name: &str, otherwise: String| if name.is_empty() { otherwise } else { name.to_owned() };
        let zh = or(line.name.trim(), between(&start.name, &to.name));
        let en = or(line.name_en.trim(), between(start.english(), to.english()));
        let calls: Vec<String> = line
            .stops
            .iter()
            .zip(&trip.times)
            .enumerate()
            .skip(board)
            .filter_map(|(position, (id, (arrive, depart)))| {
                let stop = published.stop(id)?;
                let moment = if position + 1 == trip.times.len() { arrive } else { depart };
                Some(format!("{} {} {}", moment.clock(), stop.name.trim(), stop.name_en.trim()).trim().to_owned())
            })
            .collect();
        Some(Self {
            depart,
            arrive,
            summary: format!("{zh} / {en}"),
            description: calls.join("\n"),
            from,
            url: published.base_url.as_deref(),
        })
    }

    /// DTSTART and DTEND of the occurrence on a service day.
    pub(super) fn times(&self, out: &mut Text, zone: &Zone, day: Date) {
        out.line(&format!("DTSTART;TZID={}", zone.name), &moment(day, self.depart));
        out.line(&format!("DTEND;TZID={}", zone.name), &moment(day, self.arrive));
    }

    /// Past midnight the weekdays move with the clock: Friday 24:30 is Saturday 00:30.
    pub(super) fn rule(&self, out: &mut Text, zone: &Zone, weekly: &Weekly) {
        let shift = (self.depart.0 / 86_400) as usize;
        let days: Vec<&str> = weekly.days.iter().map(|day| WEEKDAYS[(day + shift) % 7]).collect();
        let until = zone.utc(weekly.last, self.depart);
        out.line("RRULE", &format!("FREQ=WEEKLY;BYDAY={};UNTIL={until}", days.join(",")));
    }

    pub(super) fn dates(&self, out: &mut Text, zone: &Zone, property: &str, days: &[Date]) {
        if !days.is_empty() {
            let moments: Vec<String> = days.iter().map(|&day| moment(day, self.depart)).collect();
            out.line(&format!("{property};TZID={}", zone.name), &moments.join(","));
        }
    }

    pub(super) fn write(&self, out: &mut Text) {
        out.line("SUMMARY", &escape(&self.summary));
        out.line("LOCATION", &escape(self.from.name.trim()));
        out.line("GEO", &format!("{:.6};{:.6}", self.from.lat, self.from.lon));
        out.line("DESCRIPTION", &escape(&self.description));
        if let Some(url) = self.url {
            out.line("URL", url);
        }
        // A departure is no appointment: it must not make people look busy.
        out.line("TRANSP", "TRANSPARENT");
        out.line("END", "VEVENT");
    }
}
