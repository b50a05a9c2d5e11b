//! When does it leave? The next shuttles from a stop, and the trains they make.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::clock::{DayClock, days_from, later, plus, wall};
use super::index::{Call, Index};
use super::published::Published;
use super::timetable::Timetable;
use super::today::{Text, Today};
use crate::domain::units::ServiceTime;

/// So many days are looked ahead: the longest holidays and a weekend on either side.
const AHEAD: i64 = 16;
/// A train so much later is not what anybody waits for: the last one has gone.
pub(super) const LONGEST_WAIT: i64 = 3600;

/// A shuttle that leaves a stop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Departure<'a> {
    /// The publication it is of.
    pub publication: &'a str,
    /// Trip id, as in the plan.
    pub trip: &'a str,
    /// The service day it belongs to.
    pub service_date: Date,
    /// Line id.
    pub line: &'a str,
    /// Name of the line.
    pub line_name: &'a str,
    /// The English of it, may be empty.
    pub line_name_en: &'a str,
    /// "1路", may be empty.
    pub short: &'a str,
    /// The English of it, may be empty.
    pub short_en: &'a str,
    /// Where it goes.
    pub headsign: &'a str,
    /// The English of it.
    pub headsign_en: &'a str,
    /// Stop id.
    pub stop: &'a str,
    /// Position of the stop in the line.
    pub position: usize,
    /// Departure as planned, seconds of the service day.
    pub time: ServiceTime,
    /// Departure as planned.
    pub scheduled: Timestamp,
    /// The same on the clock there.
    pub scheduled_local: DateTime,
    /// Departure as expected now; of a cancelled trip as planned.
    pub expected: Timestamp,
    /// The same on the clock there.
    pub expected_local: DateTime,
    /// Whole minutes until then, rounded down: nobody is sent too late. Negative when it has left.
    pub minutes: i64,
    /// Seconds late (negative: early), where anybody said.
    pub delay: Option<i32>,
    /// It does not run.
    pub cancelled: bool,
    /// Why it does not run.
    pub reason: Option<&'a Text>,
    /// No later shuttle leaves this stop on this service day.
    pub last: bool,
    /// No later one of this line does.
    pub last_of_line: bool,
    /// The trains it makes where it comes to a station, one a line and direction, by time. None of a cancelled trip.
    pub trains: Vec<TrainMade<'a>>,
}

impl<'a> Departure<'a> {
    /// The first train it makes.
    #[must_use]
    pub fn train(&self) -> Option<&TrainMade<'a>> {
        self.trains.first()
    }
}

/// A train that is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrainMade<'a> {
    /// Station's site id.
    pub station: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The English of it, may be empty.
    pub name_en: &'a str,
    /// Where to get off.
    pub alight: &'a str,
    /// Metro line.
    pub line: &'a str,
    /// Direction.
    pub direction: &'a str,
    /// When it leaves.
    pub at: Timestamp,
    /// The same on the clock there.
    pub local: DateTime,
    /// Seconds to spare on the platform.
    pub spare: i64,
}

/// A call on a day, before it is dressed.
#[derive(Clone, Copy)]
struct Row {
    expected: Timestamp,
    scheduled: Timestamp,
    date: Date,
    period: usize,
    stop: usize,
    call: Call,
    cancelled: bool,
}

impl Timetable {
    /// The next shuttles from a stop, by the time expected: `limit` that run, and those cancelled before the last of them.
    /// Looks up to 16 days ahead. Time and memory grow with `limit`: bound what strangers ask. Empty for a stop nobody knows.
    #[must_use]
    pub fn departures<'a>(&'a self, stop: &str, now: Timestamp, limit: usize, today: &'a Today) -> Vec<Departure<'a>> {
        let local = self.zone().to_datetime(now);
        // An hour comes twice when clocks go back: then the clock alone does not say what has left.
        let unsure = self.zone().to_offset(plus(now, -86_400)) != self.zone().to_offset(plus(now, 86_400));
        let mut rows: Vec<Row> = Vec::new();
        // Service times reach 48:00 of the day before yesterday, a delay a day farther.
        let first = if today.delays().is_empty() { -2 } else { -3 };
        for ahead in first..=AHEAD {
            let date = later(local.date(), ahead);
            let (least, most) = today.delays_on(date);
            let clock = DayClock::new(self.zone(), date);
            let known = rows.iter().filter(|row| !row.cancelled).count();
            if known >= limit {
                let end = rows.iter().filter(|row| !row.cancelled).map(|row| row.expected).nth(limit.saturating_sub(1));
                if end.is_none_or(|end| end < clock.at(least)) {
                    break;
                }
            }
            let Some(period) = self.position_on(date) else { continue };
            let Some(index) = self.indexes.get(period) else { continue };
            let Some(&stop) = index.stops.get(stop) else { continue };
            let seconds = days_from(date, local.date()) * 86_400 + second_of_day(local);
            let from = seconds - most - if unsure { 3600 } else { 0 };
            for board in index.running(stop, date) {
                let start = board.calls.partition_point(|call| i64::from(call.depart.0) < from);
                let mut sure = 0;
                let mut enough = i64::MAX;
                for &call in board.calls.get(start..).unwrap_or_default() {
                    if i64::from(call.depart.0) > enough {
                        break;
                    }
                    let Some(trip) = self.periods().get(period).and_then(|p| p.published.trips.get(call.trip)) else {
                        continue;
                    };
                    let scheduled = clock.at(i64::from(call.depart.0));
                    let cancelled = today.cancellation(date, &trip.id).is_some();
                    let delay = if cancelled { None } else { today.delay(date, &trip.id) };
                    let expected = delay.map_or(scheduled, |delay| plus(scheduled, delay.seconds.into()));
                    if expected < now {
                        continue;
                    }
                    rows.push(Row { expected, scheduled, date, period, stop, call, cancelled });
                    if !cancelled && delay.is_none() {
                        sure += 1;
                        if sure == limit.max(1) {
                            // What leaves after these cannot come before them, but for being early.
                            enough = i64::from(call.depart.0) - least;
                        }
                    }
                }
            }
            rows.sort_by_key(|row| (row.expected, row.scheduled, row.call));
        }
        let mut running = 0;
        let rows = rows.into_iter().take_while(|row| {
            let wanted = running < limit;
            running += usize::from(!row.cancelled);
            wanted
        });
        rows.filter_map(|row| self.dressed(row, now, today)).collect()
    }

    /// One trip at the stop at this position of its line, on a service day.
    pub(super) fn departure<'a>(
        &'a self,
        period: usize,
        trip: usize,
        position: usize,
        date: Date,
        now: Timestamp,
        today: &'a Today,
    ) -> Option<Departure<'a>> {
        let index = self.indexes.get(period)?;
        let published = &self.periods().get(period)?.published;
        let told = published.trips.get(trip)?;
        let (line, _) = *index.of_trip.get(trip)?;
        let stop = *index.stops.get(published.lines.get(line)?.stops.get(position)?)?;
        let depart = told.times.get(position)?.1;
        let scheduled = DayClock::new(self.zone(), date).at(i64::from(depart.0));
        let cancelled = today.cancellation(date, &told.id).is_some();
        let delay = if cancelled { None } else { today.delay(date, &told.id) };
        let expected = delay.map_or(scheduled, |delay| plus(scheduled, delay.seconds.into()));
        let call = Call { depart, trip, position };
        self.dressed(Row { expected, scheduled, date, period, stop, call, cancelled }, now, today)
    }

    fn dressed<'a>(&'a self, row: Row, now: Timestamp, today: &'a Today) -> Option<Departure<'a>> {
        let period = self.periods().get(row.period)?;
        let published = &*period.published;
        let index = self.indexes.get(row.period)?;
        let trip = published.trips.get(row.call.trip)?;
        let (number, _) = *index.of_trip.get(row.call.trip)?;
        let (line, face) = (published.lines.get(number)?, index.faces.get(number)?);
        let cancellation = today.cancellation(row.date, &trip.id);
        let delay = if row.cancelled { None } else { today.delay(row.date, &trip.id).map(|delay| delay.seconds) };
        let runs = |call: &&Call| {
            published.trips.get(call.trip).is_some_and(|trip| today.cancellation(row.date, &trip.id).is_none())
        };
        let of_line = |call: &&Call| index.of_trip.get(call.trip).is_some_and(|(line, _)| *line == number);
        let boards = || index.running(row.stop, row.date);
        let last = boards().filter_map(|board| board.calls.iter().rev().find(runs)).map(|call| call.depart).max();
        let last_of_line = boards()
            .filter_map(|board| board.calls.iter().rev().find(|call| of_line(call) && runs(call)))
            .map(|call| call.depart)
            .max();
        let is = |last: Option<ServiceTime>| !row.cancelled && last.is_some_and(|last| row.call.depart >= last);
        let trains =
            if row.cancelled { Vec::new() } else { self.trains(published, index, &row, delay.unwrap_or(0).into()) };
        let local = |moment: Timestamp| self.zone().to_datetime(moment);
        Some(Departure {
            publication: &period.publication,
            trip: &trip.id,
            service_date: row.date,
            line: &line.id,
            line_name: &line.name,
            line_name_en: &line.name_en,
            short: &face.short,
            short_en: &face.short_en,
            headsign: &face.headsign,
            headsign_en: &face.headsign_en,
            stop: &published.stops.get(row.stop)?.id,
            position: row.call.position,
            time: row.call.depart,
            scheduled: row.scheduled,
            scheduled_local: local(row.scheduled),
            expected: row.expected,
            expected_local: local(row.expected),
            minutes: (row.expected.as_second() - now.as_second()).div_euclid(60),
            delay,
            cancelled: row.cancelled,
            reason: cancellation.and_then(|cancelled| cancelled.reason.as_ref()),
            last: is(last),
            last_of_line: is(last_of_line),
            trains,
        })
    }

    /// The trains a departure makes at the last station of its way that one does not walk to from here.
    fn trains<'a>(&'a self, published: &'a Published, index: &'a Index, row: &Row, delay: i64) -> Vec<TrainMade<'a>> {
        let Some((position, stop, station, reach)) = ways_to_stations(published, index, row.stop, row.call).next()
        else {
            return Vec::new();
        };
        let place = published.trips.get(row.call.trip).and_then(|trip| trip.times.get(position));
        let (Some(times), Some(runs), Some(&(arrive, _))) =
            (published.stations.get(station), index.trains.get(station), place)
        else {
            return Vec::new();
        };
        let there = i64::from(arrive.0) + delay + reach;
        let clock = DayClock::new(self.zone(), row.date);
        let platform = plus(clock.at(i64::from(arrive.0)), delay + reach);
        let mut made: Vec<TrainMade<'a>> = Vec::new();
        for (runs, trains) in runs.iter().zip(&times.trains) {
            let Some((day, time)) = runs.first(trains, row.date, there) else { continue };
            let at = super::clock::instant(self.zone(), day, i64::from(time.0));
            let spare = at.as_second() - platform.as_second();
            if !(0..=LONGEST_WAIT).contains(&spare) {
                continue;
            }
            let train = TrainMade {
                station: &times.id,
                name: &times.name,
                name_en: &times.name_en,
                alight: stop,
                line: &trains.line,
                direction: &trains.direction,
                at,
                local: wall(day, i64::from(time.0)),
                spare,
            };
            // The same line and direction on other days is the same train to a rider: the earlier counts.
            match made.iter_mut().find(|known| (known.line, known.direction) == (train.line, train.direction)) {
                Some(known) if known.at <= train.at => {}
                Some(known) => *known = train,
                None => made.push(train),
            }
        }
        made.sort_by_key(|train| train.at);
        made
    }
}

/// Stations a departure comes to, those of the last stop first: position of the stop in the line, its id, the station, and
/// seconds from the stop to the platform. Not those one walks to from where one boards.
pub(super) fn ways_to_stations<'a>(
    published: &'a Published,
    index: &'a Index,
    board: usize,
    call: Call,
) -> impl Iterator<Item = (usize, &'a str, usize, i64)> + 'a {
    let here = index.near.get(board).map_or(&[][..], Vec::as_slice);
    let stops = index
        .of_trip
        .get(call.trip)
        .and_then(|(line, _)| published.lines.get(*line))
        .map_or(&[][..], |line| line.stops.as_slice());
    stops.iter().enumerate().skip(call.position + 1).rev().flat_map(move |(position, stop)| {
        let near = index.stops.get(stop).and_then(|stop| index.near.get(*stop)).map_or(&[][..], Vec::as_slice);
        near.iter()
            .filter(move |(station, _)| !here.iter().any(|(known, _)| known == station))
            .map(move |&(station, reach)| (position, stop.as_str(), station, i64::from(reach.0)))
    })
}

fn second_of_day(local: DateTime) -> i64 {
    i64::from(local.hour()) * 3600 + i64::from(local.minute()) * 60 + i64::from(local.second())
}
