//! Which shuttle must I take to make the 18:05?

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::clock::{DayClock, instant, later, plus};
use super::departures::{Departure, LONGEST_WAIT, ways_to_stations};
use super::timetable::Timetable;
use super::today::Today;
use crate::domain::units::ServiceTime;

/// A train somebody wants to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedTrain<'a> {
    /// Station's site id.
    pub station: &'a str,
    /// Metro line, or any.
    pub line: Option<&'a str>,
    /// Direction, or any.
    pub direction: Option<&'a str>,
    /// The day of the train.
    pub date: Date,
    /// When it leaves, seconds of that day; may pass 24:00.
    pub time: ServiceTime,
}

/// How to make it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Connection<'a> {
    /// When the train leaves.
    pub train: Timestamp,
    /// Does the timetable of the trains know one in this minute, of this line and direction? The answer holds anyhow.
    pub known: bool,
    /// Shuttles that make it, the latest first: that is the one to take, the next is for the careful.
    pub rows: Vec<Departure<'a>>,
    /// Seconds to spare on the platform, one a row.
    pub spare: Vec<i64>,
}

impl Timetable {
    /// The last `limit` shuttles from a stop that make this train, walk and way to the platform included, with today's delays
    /// and without what is cancelled. `None` where the station is not known on that day; no rows where no shuttle goes.
    #[must_use]
    pub fn for_train<'a>(
        &'a self,
        stop: &str,
        wanted: WantedTrain<'_>,
        now: Timestamp,
        limit: usize,
        today: &'a Today,
    ) -> Option<Connection<'a>> {
        let train = instant(self.zone(), wanted.date, i64::from(wanted.time.0));
        let mut found: Vec<(Timestamp, i64, usize, Date, super::index::Call)> = Vec::new();
        let (mut place, mut known) = (false, false);
        // A train after midnight is made by the evening's shuttles, or by the next day's first.
        for days in -2..=1 {
            let date = later(wanted.date, days);
            let Some(period) = self.position_on(date) else { continue };
            let (Some(index), Some(told)) = (self.indexes.get(period), self.periods().get(period)) else { continue };
            let published = &*told.published;
            let Some(station) = published.stations.iter().position(|known| known.id == wanted.station) else {
                continue;
            };
            place = true;
            if let (Some(runs), Some(times)) = (index.trains.get(station), published.stations.get(station)) {
                known |= runs.iter().zip(&times.trains).any(|(runs, trains)| {
                    wanted.line.is_none_or(|line| line == trains.line)
                        && wanted.direction.is_none_or(|direction| direction == trains.direction)
                        && runs.has(trains, wanted.date, wanted.time)
                });
            }
            let Some(&stop) = index.stops.get(stop) else { continue };
            let clock = DayClock::new(self.zone(), date);
            let deadline = i64::from(wanted.time.0) - days * 86_400;
            // An early trip may leave before its time, and an hour may come twice.
            let latest = deadline - today.delays_on(date).0 + 3600;
            for board in index.running(stop, date) {
                let end = board.calls.partition_point(|call| i64::from(call.depart.0) <= latest);
                let mut rows = 0;
                for &call in board.calls.get(..end).unwrap_or_default().iter().rev() {
                    let Some(trip) = published.trips.get(call.trip) else { continue };
                    if today.cancellation(date, &trip.id).is_some() {
                        continue;
                    }
                    let delay = today.delay(date, &trip.id).map_or(0, |delay| i64::from(delay.seconds));
                    let spare = ways_to_stations(published, index, stop, call)
                        .filter(|way| way.2 == station)
                        .filter_map(|(position, _, _, reach)| {
                            let (arrive, _) = trip.times.get(position)?;
                            let platform = plus(clock.at(i64::from(arrive.0)), delay + reach);
                            Some(train.as_second() - platform.as_second())
                        })
                        .max();
                    if let Some(spare) = spare.filter(|spare| *spare >= 0) {
                        let leaves = plus(clock.at(i64::from(call.depart.0)), delay);
                        found.push((leaves, spare, period, date, call));
                        rows += usize::from(delay == 0);
                        if rows >= limit {
                            break;
                        }
                    }
                }
            }
        }
        if !place {
            return None;
        }
        found.sort_by_key(|row| std::cmp::Reverse((row.0, row.1)));
        found.truncate(limit);
        // The last may leave long before the train: then that is how it is. But one goes no earlier than need be.
        let careful = found.first().map_or(0, |row| row.1) + LONGEST_WAIT;
        found.retain(|row| row.1 <= careful);
        let (mut rows, mut spares) = (Vec::new(), Vec::new());
        for (_, spare, period, date, call) in found {
            if let Some(row) = self.departure(period, call.trip, call.position, date, now, today) {
                rows.push(row);
                spares.push(spare);
            }
        }
        Some(Connection { train, known, rows, spare: spares })
    }
}
