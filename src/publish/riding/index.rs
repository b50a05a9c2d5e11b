//! One publication, sorted for the questions riders ask.

use std::collections::BTreeMap;

use super::published::{Face, Published};
use super::trains::Trains;
use crate::domain::calendar::Service;
use crate::domain::units::{Seconds, ServiceTime};
use jiff::civil::Date;

/// Positions into the lists of the [`Published`] it was made of.
#[derive(Debug)]
pub(super) struct Index {
    /// In the publication's order.
    pub(super) services: Vec<Service>,
    pub(super) stops: BTreeMap<String, usize>,
    trips: BTreeMap<String, usize>,
    /// By line.
    pub(super) faces: Vec<Face>,
    /// By trip: its line and its service.
    pub(super) of_trip: Vec<(usize, usize)>,
    /// By stop.
    pub(super) boards: Vec<Vec<Board>>,
    /// By stop: station, and seconds to its platform; the nearest first.
    pub(super) near: Vec<Vec<(usize, Seconds)>>,
    /// By station, one a line, direction and days.
    pub(super) trains: Vec<Vec<Runs>>,
}

/// Departures of one service from one stop.
#[derive(Debug)]
pub(super) struct Board {
    pub(super) service: usize,
    /// Ascending by departure.
    pub(super) calls: Vec<Call>,
}

/// A trip that can be boarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Call {
    pub(super) depart: ServiceTime,
    pub(super) trip: usize,
    /// Position of the stop in the line.
    pub(super) position: usize,
}

/// On which days trains go.
#[derive(Debug)]
pub(super) struct Runs {
    service: Service,
}

impl Index {
    pub(super) fn new(published: &Published) -> Self {
        let place = |ids: &mut dyn Iterator<Item = &String>| -> BTreeMap<String, usize> {
            ids.enumerate().map(|(at, id)| (id.clone(), at)).collect()
        };
        let stops = place(&mut published.stops.iter().map(|stop| &stop.id));
        let lines = place(&mut published.lines.iter().map(|line| &line.id));
        let services = place(&mut published.services.iter().map(|days| &days.id));
        let stations = place(&mut published.stations.iter().map(|station| &station.id));
        let mut of_trip = Vec::with_capacity(published.trips.len());
        let mut boards: Vec<BTreeMap<usize, Vec<Call>>> = vec![BTreeMap::new(); published.stops.len()];
        let mut trips = BTreeMap::new();
        for (at, trip) in published.trips.iter().enumerate() {
            // A publication that was kept as JSON is trusted no more than any file.
            let known = lines.get(&trip.line).zip(services.get(&trip.service));
            let (&line, &service) = known.unwrap_or((&usize::MAX, &usize::MAX));
            of_trip.push((line, service));
            let Some(line) = published.lines.get(line).filter(|line| line.stops.len() == trip.times.len()) else {
                continue;
            };
            trips.insert(trip.id.clone(), at);
            let last = trip.times.len().saturating_sub(1);
            for (position, (stop, (_, depart))) in line.stops.iter().zip(&trip.times).enumerate().take(last) {
                if let Some(board) = stops.get(stop).and_then(|stop| boards.get_mut(*stop)) {
                    board.entry(service).or_default().push(Call { depart: *depart, trip: at, position });
                }
            }
        }
        let boards = boards
            .into_iter()
            .map(|by_service| {
                let board = |(service, mut calls): (usize, Vec<Call>)| {
                    calls.sort_unstable();
                    Board { service, calls }
                };
                by_service.into_iter().map(board).collect()
            })
            .collect();
        let near = published
            .stops
            .iter()
            .map(|stop| {
                let near = published.near(&stop.id).iter();
                near.filter_map(|near| Some((*stations.get(&near.station)?, near.seconds()))).collect()
            })
            .collect();
        Self {
            services: published.calendars().collect(),
            stops,
            trips,
            faces: published.lines.iter().map(|line| published.face(line)).collect(),
            of_trip,
            boards,
            near,
            trains: published
                .stations
                .iter()
                .map(|station| station.trains.iter().map(|t| Runs { service: t.days.calendar() }).collect())
                .collect(),
        }
    }

    /// A trip by its id.
    pub(super) fn trip(&self, id: &str) -> Option<usize> {
        self.trips.get(id).copied()
    }

    /// The departures from a stop on the services that run on a date.
    pub(super) fn running(&self, stop: usize, date: Date) -> impl Iterator<Item = &Board> {
        let boards = self.boards.get(stop).map_or(&[][..], Vec::as_slice);
        boards.iter().filter(move |board| self.services.get(board.service).is_some_and(|s| s.runs_on(date)))
    }
}

impl Runs {
    /// The first train at or after `seconds` of `date` (may pass 24:00), as its own day and time: yesterday's trains run
    /// past midnight, and after midnight tomorrow's begin.
    pub(super) fn first(&self, trains: &Trains, date: Date, seconds: i64) -> Option<(Date, ServiceTime)> {
        let mut best: Option<(i64, Date, ServiceTime)> = None;
        for days in -1..=2 {
            let day = super::clock::later(date, days);
            if !self.service.runs_on(day) {
                continue;
            }
            let after = seconds - days * 86_400;
            let at = trains.times.0.partition_point(|time| i64::from(time.0) < after);
            if let Some(time) = trains.times.0.get(at) {
                let moment = i64::from(time.0) + days * 86_400;
                if best.is_none_or(|(known, _, _)| moment < known) {
                    best = Some((moment, day, *time));
                }
            }
        }
        best.map(|(_, day, time)| (day, time))
    }

    /// Does one go in this minute of this day?
    pub(super) fn has(&self, trains: &Trains, date: Date, time: ServiceTime) -> bool {
        self.service.runs_on(date) && {
            let at = trains.times.0.partition_point(|known| known.minute() < time.minute());
            trains.times.0.get(at).is_some_and(|known| known.minute() == time.minute())
        }
    }
}
