//! A plan while it is searched: blocks of dense trips, their diaries and hard limits, and what the whole is worth.
//!
//! A block's diary follows the rules of [`super::plan`]: whole minutes, straight to the next stop or over the depot, hire with
//! extras, driving limits. Everything here is exact. O(trips) a block, O(options) a service.

use std::sync::Arc;

use super::evaluation::{self, Aboard, Ride};
use super::model::{Choice, Model};
use super::project::{Project, Seating};
use super::trips::{Offer, Times, times};
use super::{assignment, costs};
use crate::domain::ids::{LineId, ServiceId, StopId, TypeId};
use crate::domain::units::{Fen, Metres, Seconds, ServiceTime};

/// Standing this long at the depot rather than at a stop frees the vehicle, and saves the hour.
pub const REST_AT_DEPOT: u32 = 30;

/// One departure.
#[derive(Clone, Debug)]
pub struct DraftTrip {
    /// Line of the pool.
    pub line: LineId,
    /// Minute of the service day.
    pub minute: u32,
    /// At its stops.
    pub times: Arc<Times>,
    /// What it offers.
    pub choices: Arc<[Choice]>,
}

/// A trip as the vehicle sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Haul {
    /// Minute of departure.
    pub minute: u32,
    /// Minutes of driving.
    pub run: u32,
    /// First minute in which the vehicle is free.
    pub free: u32,
    /// First stop.
    pub first: StopId,
    /// Last stop.
    pub last: StopId,
    /// Length.
    pub metres: Metres,
}

/// One vehicle's trips, in time order.
#[derive(Clone, Debug)]
pub struct DraftBlock {
    /// Vehicle type.
    pub kind: TypeId,
    /// Trips; never empty.
    pub trips: Vec<DraftTrip>,
}

/// All blocks of a service.
pub type DraftService = Vec<DraftBlock>;

/// How a vehicle gets from one trip to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// It stays or drives straight: minutes of driving.
    Direct(u32),
    /// Over the depot: minutes to it, minutes from it.
    Depot(u32, u32),
}

/// Cost and effort of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// By the cost rule, rounded half up.
    pub fen: Fen,
    /// Minutes away from the depot.
    pub minutes: u32,
    /// Metres, loaded and empty.
    pub metres: Metres,
}

/// The whole being searched.
#[derive(Clone, Debug)]
pub struct Draft {
    /// By service.
    pub services: Vec<DraftService>,
}

/// What a draft costs, fen a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worth {
    /// Generalised cost of all people.
    pub people: f64,
    /// Vehicles.
    pub running: f64,
    /// Lines and stops.
    pub upkeep: f64,
    /// Changes against the plan in force.
    pub changes: f64,
}

impl Worth {
    /// The objective.
    #[must_use]
    pub fn objective(self) -> f64 {
        self.people + self.running + self.upkeep + self.changes
    }
}

/// Everything a draft is built with.
#[derive(Debug)]
pub struct Shop<'a> {
    /// Inputs.
    pub project: &'a Project,
    /// Matrices.
    pub model: &'a Model,
    /// The pool of lines.
    pub offers: Vec<Offer>,
}

impl Shop<'_> {
    /// A trip of a line at a minute; `None` where it cannot be driven.
    #[must_use]
    pub fn trip(&self, service: ServiceId, line: LineId, minute: u32) -> Option<DraftTrip> {
        let offer = &self.offers[line.index()];
        let times = times(self.model, &offer.pattern, ServiceTime(minute * 60))?;
        let choices = offer.choices(self.model, service, &times).into();
        Some(DraftTrip { line, minute, times: Arc::new(times), choices })
    }

    fn ends(&self, trip: &DraftTrip) -> (StopId, StopId) {
        let stops = &self.offers[trip.line.index()].pattern.0;
        (stops[0], stops[stops.len() - 1])
    }

    /// First minute after a trip in which the vehicle is free: run and layover, rounded up.
    #[must_use]
    pub fn free_at(&self, trip: &DraftTrip) -> u32 {
        trip.minute + (trip.times.run() + self.model.policy.layover).minutes_up()
    }

    /// A trip as the vehicle sees it.
    #[must_use]
    pub fn haul(&self, trip: &DraftTrip) -> Haul {
        let (first, last) = self.ends(trip);
        Haul {
            minute: trip.minute,
            run: trip.times.run().minutes_up(),
            free: self.free_at(trip),
            first,
            last,
            metres: trip.times.metres,
        }
    }

    fn drive(&self, from: usize, to: usize, minute: u32) -> Option<(u32, Metres)> {
        let band = self.model.policy.band_at(ServiceTime(minute * 60));
        let (seconds, metres) = self.model.matrix(band).get(from, to)?;
        Some((seconds.minutes_up(), metres))
    }

    /// From the depot to a stop, there at a minute: when it leaves (as late as it can) and the metres.
    #[must_use]
    pub fn pull_out(&self, depot: usize, stop: StopId, by: u32) -> Option<(u32, Metres)> {
        let from = depot;
        // The band is that of the start, so the latest start is found by trying the slower bands' starts too.
        let mut best: Option<(u32, Metres)> = None;
        for matrix in &self.model.drive {
            let Some((seconds, _)) = matrix.get(from, stop.index()) else { continue };
            let Some(start) = by.checked_sub(seconds.minutes_up()) else { continue };
            let Some((minutes, metres)) = self.drive(from, stop.index(), start) else { continue };
            if start + minutes <= by && best.is_none_or(|(latest, _)| start > latest) {
                best = Some((start, metres));
            }
        }
        best
    }

    /// How to get from one trip to the next in time.
    fn connect(&self, depot: usize, before: &Haul, after: &Haul) -> Option<(Connection, u32, Metres)> {
        let free = before.free;
        let gap = after.minute.checked_sub(free)?;
        let (end, start) = (before.last, after.first);
        let straight =
            if end == start { Some((0, Metres::ZERO)) } else { self.drive(end.index(), start.index(), free) };
        let straight = straight.filter(|(minutes, _)| *minutes <= gap);
        let over = self.drive(end.index(), depot, free).and_then(|(home, there)| {
            let (leave, back) = self.pull_out(depot, start, after.minute)?;
            (free + home <= leave).then(|| (home, after.minute - leave, there + back, leave - free - home))
        });
        match (straight, over) {
            (Some((minutes, metres)), over) => match over {
                Some((home, out, around, rest)) if rest >= REST_AT_DEPOT => {
                    Some((Connection::Depot(home, out), home + out, around))
                }
                _ => Some((Connection::Direct(minutes), gap, metres)),
            },
            (None, Some((home, out, around, _))) => Some((Connection::Depot(home, out), home + out, around)),
            (None, None) => None,
        }
    }

    /// A block's cost, or `None` where it cannot be driven: connections, hours of the vehicle, driving limits, range.
    #[must_use]
    pub fn effort(&self, block: &DraftBlock) -> Option<Effort> {
        let hauls: Vec<Haul> = block.trips.iter().map(|trip| self.haul(trip)).collect();
        self.effort_of(block.kind, &hauls)
    }

    /// The same for trips as the vehicle sees them, in time order.
    #[must_use]
    pub fn effort_of(&self, kind: TypeId, hauls: &[Haul]) -> Option<Effort> {
        let depot = self.model.depot[kind.index()]?;
        let kind = &self.project.fleet[kind.index()];
        let (first, last) = (hauls.first()?, hauls.last()?);
        let (out, mut metres) = self.pull_out(depot, first.first, first.minute)?;
        if out * 60 < kind.from.0 {
            return None;
        }
        let mut minutes = first.minute - out;
        let mut driver = Driver::new(&self.model.policy);
        driver.drive(first.minute - out)?;
        for (k, trip) in hauls.iter().enumerate() {
            let busy = trip.free - trip.minute;
            driver.drive(trip.run)?;
            minutes += busy;
            metres += trip.metres;
            let Some(next) = hauls.get(k + 1) else { break };
            let (connection, away, length) = self.connect(depot, trip, next)?;
            minutes += away;
            metres += length;
            let gap = next.minute - trip.free;
            match connection {
                Connection::Direct(drive) => {
                    // The layover and what is left of the gap are spent standing, in two pieces around the drive.
                    if drive == 0 {
                        driver.stand(busy - trip.run + gap);
                    } else {
                        driver.stand(busy - trip.run);
                        driver.drive(drive)?;
                        driver.stand(gap - drive);
                    }
                }
                Connection::Depot(home, out) => {
                    driver.stand(busy - trip.run);
                    driver.drive(home)?;
                    driver.stand(gap - home - out);
                    driver.drive(out)?;
                }
            }
        }
        let (home, length) = self.drive(last.last.index(), depot, last.free)?;
        driver.drive(home)?;
        minutes += home;
        metres += length;
        if (last.free + home) * 60 > kind.to.0 {
            return None;
        }
        if let (Some(battery), Some(use_)) = (kind.battery_kwh, kind.kwh_per_km)
            && f64::from(metres.0) / 1000.0 * use_ > battery
        {
            return None;
        }
        Some(Effort { fen: costs::day(Seconds(minutes * 60), metres, kind), minutes, metres })
    }

    /// The trips of a service as the evaluation wants them; seats times `load` (thousandths).
    fn rides<'t>(&self, service: &'t DraftService, load: u32) -> Vec<Ride<'t>> {
        service
            .iter()
            .flat_map(|block| {
                let kind = &self.project.fleet[block.kind.index()];
                block.trips.iter().map(move |trip| Ride {
                    legs: trip.times.arrive.len() - 1,
                    seats: kind.seats * load,
                    wheelchairs: kind.wheelchair_places * 1000,
                    choices: &trip.choices,
                })
            })
            .collect()
    }

    /// Who rides what on a service; trips numbered block by block.
    #[must_use]
    pub fn riders(&self, service: &DraftService, load: u32) -> Vec<Aboard> {
        let rides = self.rides(service, load);
        match self.model.policy.seating {
            Seating::Chosen => evaluation::choose(self.model, &rides),
            Seating::Assigned => assignment::assign(self.model, &rides),
        }
    }

    /// Generalised cost of a service's people, fen on its day.
    #[must_use]
    pub fn people(&self, number: ServiceId, service: &DraftService, load: u32) -> f64 {
        let mut riding = vec![0_u32; self.model.rides.len()];
        let mut sum = 0.0;
        for row in self.riders(service, load) {
            riding[row.cohort.index()] += row.people.0;
            sum += row.cost.fen() * row.people.as_f64();
        }
        for (ride, riding) in self.model.rides.iter().zip(riding) {
            if ride.service == number {
                sum += ride.alternative.fen() * f64::from(ride.people.0 - riding) / 1000.0;
            }
        }
        sum
    }

    /// Running cost of a service's day; `None` where a block cannot be driven or the fleet is too small.
    #[must_use]
    pub fn running(&self, service: &DraftService) -> Option<Fen> {
        let mut used = vec![0_u32; self.project.fleet.len()];
        let mut sum = Fen::ZERO;
        for block in service {
            let count = &mut used[block.kind.index()];
            *count += 1;
            if *count > self.project.fleet[block.kind.index()].count {
                return None;
            }
            sum += self.effort(block)?.fen;
        }
        // A type of vehicle runs a line once a minute: two lines of a board that say the same look like a mistake.
        let mut trips: Vec<(TypeId, LineId, u32)> = service
            .iter()
            .flat_map(|block| block.trips.iter().map(|trip| (block.kind, trip.line, trip.minute)))
            .collect();
        trips.sort_unstable();
        trips.windows(2).all(|pair| pair[0] != pair[1]).then_some(sum)
    }

    /// Are these running costs, by service, within the budget of every day and month?
    #[must_use]
    pub fn affordable(&self, running: &[Fen], months: &[Vec<u32>]) -> bool {
        self.over_budget(running, months) == Fen::ZERO
    }

    /// By how much they are above it, days and months added up.
    #[must_use]
    pub fn over_budget(&self, running: &[Fen], months: &[Vec<u32>]) -> Fen {
        let budget = &self.project.budget;
        let over = |cost: i64, limit: Fen| (cost - limit.0).max(0);
        let days = budget.per_day.map_or(0, |limit| running.iter().map(|cost| over(cost.0, limit)).sum());
        let month =
            |days: &Vec<u32>| days.iter().zip(running).map(|(days, cost)| i64::from(*days) * cost.0).sum::<i64>();
        Fen(days + budget.per_month.map_or(0, |limit| months.iter().map(|days| over(month(days), limit)).sum()))
    }

    /// Upkeep of the lines and stops in use; `None` above the limit of lines.
    #[must_use]
    pub fn upkeep(&self, draft: &Draft) -> Option<Fen> {
        let lines = draft.lines();
        if self.project.upkeep.max_lines.is_some_and(|max| lines.len() > max as usize) {
            return None;
        }
        let mut stops: Vec<StopId> =
            lines.iter().flat_map(|line| self.offers[line.index()].pattern.0.iter().copied()).collect();
        stops.sort_unstable();
        stops.dedup();
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Some(Fen(
            self.project.upkeep.per_line.0 * count(lines.len()) + self.project.upkeep.per_stop.0 * count(stops.len())
        ))
    }
}

impl Draft {
    /// Lines in use, ascending.
    #[must_use]
    pub fn lines(&self) -> Vec<LineId> {
        let mut lines: Vec<LineId> =
            self.services.iter().flatten().flat_map(|block| block.trips.iter().map(|trip| trip.line)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

/// Driving since the last rest, and in all, in minutes.
struct Driver {
    since_rest: u32,
    today: u32,
    rest: u32,
    max_since: u32,
    max_today: u32,
}

impl Driver {
    fn new(policy: &super::project::Policy) -> Self {
        let minutes = |span: Seconds| span.0 / 60;
        Self {
            since_rest: 0,
            today: 0,
            rest: policy.break_length.minutes_up(),
            max_since: minutes(policy.max_driving),
            max_today: minutes(policy.max_driving_day),
        }
    }
    fn drive(&mut self, minutes: u32) -> Option<()> {
        self.since_rest += minutes;
        self.today += minutes;
        (self.since_rest <= self.max_since && self.today <= self.max_today).then_some(())
    }
    fn stand(&mut self, minutes: u32) {
        if minutes >= self.rest {
            self.since_rest = 0;
        }
    }
}
