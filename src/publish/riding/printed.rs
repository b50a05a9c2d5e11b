//! A whole day to print, and one trip from stop to stop.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::clock::{DayClock, plus};
use super::published::{Face, Stop, Trip};
use super::timetable::{Period, Timetable};
use super::today::{Text, Today};
use crate::domain::units::ServiceTime;
use crate::planning::plan::Line;

/// The trips of a line on a day: rows trips, columns stops.
#[derive(Clone, Debug)]
pub struct LineDay<'a> {
    /// The line.
    pub line: &'a Line,
    /// What it is called on a sign.
    pub face: &'a Face,
    /// Its stops, in order.
    pub stops: Vec<&'a Stop>,
    /// Its trips that day, by departure; their times are one a stop.
    pub trips: Vec<&'a Trip>,
}

/// A trip on a day.
#[derive(Clone, Debug)]
pub struct DayTrip<'a> {
    /// The publication it is of.
    pub period: &'a Period,
    /// Position of that among the periods: for the feed's ids.
    pub position: usize,
    /// The service day.
    pub date: Date,
    /// Its line.
    pub line: &'a Line,
    /// What that is called on a sign.
    pub face: &'a Face,
    /// The trip.
    pub trip: &'a Trip,
    /// Seconds late, where anybody said.
    pub delay: Option<i32>,
    /// It does not run.
    pub cancelled: bool,
    /// Why not.
    pub reason: Option<&'a Text>,
    /// From stop to stop.
    pub calls: Vec<Call<'a>>,
}

/// A trip at a stop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call<'a> {
    /// The stop.
    pub stop: &'a Stop,
    /// Arrival as planned, seconds of the service day.
    pub arrive: ServiceTime,
    /// Departure as planned, seconds of the service day.
    pub depart: ServiceTime,
    /// Arrival as expected now; of a cancelled trip as planned.
    pub arrives: Timestamp,
    /// Departure as expected now; of a cancelled trip as planned.
    pub departs: Timestamp,
}

impl Timetable {
    /// All trips of a service day by line, ascending by the line's id; lines without a trip that day are left out.
    #[must_use]
    pub fn day(&self, date: Date) -> Vec<LineDay<'_>> {
        let Some(position) = self.position_on(date) else { return Vec::new() };
        let (Some(period), Some(index)) = (self.periods().get(position), self.indexes.get(position)) else {
            return Vec::new();
        };
        let published = &*period.published;
        let runs: Vec<bool> = index.services.iter().map(|service| service.runs_on(date)).collect();
        let mut trips: Vec<Vec<&Trip>> = vec![Vec::new(); published.lines.len()];
        for (trip, (line, service)) in published.trips.iter().zip(&index.of_trip) {
            if runs.get(*service).copied().unwrap_or(false)
                && index.trip(&trip.id).is_some()
                && let Some(trips) = trips.get_mut(*line)
            {
                trips.push(trip);
            }
        }
        let mut lines = Vec::new();
        for ((line, face), mut trips) in published.lines.iter().zip(&index.faces).zip(trips) {
            let stops: Vec<&Stop> = line.stops.iter().filter_map(|id| published.stop(id)).collect();
            if trips.is_empty() || stops.len() != line.stops.len() {
                continue;
            }
            trips.sort_by(|a, b| (a.departure(), &a.id).cmp(&(b.departure(), &b.id)));
            lines.push(LineDay { line, face, stops, trips });
        }
        lines
    }

    /// A trip on a service day; `None` where it does not run that day by the timetable.
    #[must_use]
    pub fn trip<'a>(&'a self, id: &str, date: Date, today: &'a Today) -> Option<DayTrip<'a>> {
        let position = self.position_on(date)?;
        let (period, index) = (self.periods().get(position)?, self.indexes.get(position)?);
        let published = &*period.published;
        let at = index.trip(id)?;
        let (line, service) = *index.of_trip.get(at)?;
        index.services.get(service).filter(|service| service.runs_on(date))?;
        let trip = published.trips.get(at)?;
        let (line, face) = (published.lines.get(line)?, index.faces.get(line)?);
        let cancellation = today.cancellation(date, id);
        let delay = today.delay(date, id).map(|delay| delay.seconds).filter(|_| cancellation.is_none());
        let clock = DayClock::new(self.zone(), date);
        let expected = |time: ServiceTime| plus(clock.at(i64::from(time.0)), delay.unwrap_or(0).into());
        let calls = line
            .stops
            .iter()
            .zip(&trip.times)
            .filter_map(|(id, &(arrive, depart))| {
                let stop = published.stop(id)?;
                Some(Call { stop, arrive, depart, arrives: expected(arrive), departs: expected(depart) })
            })
            .collect();
        Some(DayTrip {
            period,
            position,
            date,
            line,
            face,
            trip,
            delay,
            cancelled: cancellation.is_some(),
            reason: cancellation.and_then(|cancelled| cancelled.reason.as_ref()),
            calls,
        })
    }
}
