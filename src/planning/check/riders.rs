//! Does everybody ride as said, does nobody ride who would rather not, has everybody taken the best seat left, and is
//! everybody counted once?

mod unserved;

use std::collections::BTreeMap;

use super::case::Case;
use super::ground::Ground;
use super::report::{Report, people, yuan};
use super::travel;
use crate::domain::finding::Finding;
use crate::domain::units::ServiceTime;
use crate::planning::plan::{Cohort, Rider, TimeKind, Trip};
use crate::planning::project::Place;

/// A cohort with what its ends offer.
#[derive(Clone, Debug)]
struct Traveller<'a> {
    cohort: &'a Cohort,
    /// Seconds of the day.
    wished: i64,
    transfer_before: u64,
    transfer_after: u64,
    trains_before: Vec<ServiceTime>,
    trains_after: Vec<ServiceTime>,
    /// Exact cost of the alternative.
    without: i128,
}

/// One way of using a trip: from position to position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    board: usize,
    alight: usize,
    walk_m: u64,
    walk_s: u64,
    wait_s: u64,
    ride_s: u64,
    train: Option<ServiceTime>,
    cost: i128,
}

/// Why a way is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum No {
    Walk,
    Time,
    Train,
    Ride,
    Steps,
}

/// A row of riders, derived again: what evaluation and shares count with.
#[derive(Debug)]
pub(super) struct Ride<'a> {
    pub(super) cohort: &'a Cohort,
    pub(super) people: u32,
    pub(super) walk_m: u64,
    pub(super) walk_s: u64,
    pub(super) wait_s: u64,
    pub(super) ride_s: u64,
    /// Exact cost for one person.
    pub(super) cost: i128,
}

/// What all rows come to.
#[derive(Debug, Default)]
pub(super) struct Rides<'a> {
    pub(super) rows: Vec<Ride<'a>>,
    /// Rows at the alternative: who, thousandths, exact cost for one person.
    pub(super) without: Vec<(&'a Cohort, u32, i128)>,
    /// Exact cost of each cohort's alternative.
    pub(super) alternative: BTreeMap<&'a str, i128>,
    /// Largest number aboard each trip, thousandths, in the plan's order.
    pub(super) peak: Vec<u64>,
}

/// People on each leg of a trip, thousandths.
#[derive(Clone, Debug, Default)]
struct Legs {
    seated: Vec<u64>,
    wheelchair: Vec<u64>,
}

struct Judge<'c, 'a> {
    case: &'c Case<'a>,
    ground: &'c Ground<'a>,
    travellers: BTreeMap<&'a str, Traveller<'a>>,
    /// Best option of each cohort on each trip (by its position) that beats the alternative or not, cheapest first.
    best: BTreeMap<&'a str, Vec<(usize, Way)>>,
    legs: Vec<Legs>,
}

pub(super) fn check<'a>(case: &Case<'a>, ground: &Ground<'a>, report: &mut Report) -> Rides<'a> {
    let travellers =
        case.cohorts.values().map(|cohort| (cohort.id.as_str(), traveller(case, ground, cohort))).collect();
    let legs = case
        .plan
        .trips
        .iter()
        .map(|trip| {
            let none = vec![0; trip.times.len().saturating_sub(1)];
            Legs { seated: none.clone(), wheelchair: none }
        })
        .collect();
    let mut judge = Judge { case, ground, travellers, best: BTreeMap::new(), legs };
    judge.find_options();
    let mut rides = Rides {
        alternative: judge.travellers.iter().map(|(id, traveller)| (*id, traveller.without)).collect(),
        ..Rides::default()
    };
    let mut boarded = Vec::new();
    for rider in &case.plan.riders {
        let Some((position, way)) = judge.row(rider, report) else { continue };
        let Some(cohort) = case.cohorts.get(rider.cohort.as_str()) else { continue };
        judge.take_seats(cohort, position, way, rider.people.0);
        boarded.push((rider, position, way));
        rides.rows.push(Ride {
            cohort,
            people: rider.people.0,
            walk_m: way.walk_m,
            walk_s: way.walk_s,
            wait_s: way.wait_s,
            ride_s: way.ride_s,
            cost: way.cost,
        });
    }
    judge.loads(report);
    for (rider, position, way) in boarded {
        judge.nothing_better(rider, position, way, report);
    }
    for row in &case.plan.unserved {
        judge.unserved(row, report);
        if let (Some(cohort), Some(traveller)) =
            (case.cohorts.get(row.cohort.as_str()), judge.travellers.get(row.cohort.as_str()))
        {
            rides.without.push((cohort, row.people.0, traveller.without));
        }
    }
    judge.headcount(report);
    rides.peak = judge
        .legs
        .iter()
        .map(|legs| legs.seated.iter().zip(&legs.wheelchair).map(|(a, b)| a + b).max().unwrap_or(0))
        .collect();
    rides
}

fn traveller<'a>(case: &Case<'a>, ground: &Ground<'a>, cohort: &'a Cohort) -> Traveller<'a> {
    let project = case.project;
    let end = |text: &str| Place::parse(text, project);
    let transfer = |place: &Option<Place>| place.as_ref().map_or(0, |place| u64::from(project.transfer(place).0));
    let trains = |place: &Option<Place>| {
        place
            .as_ref()
            .zip(case.services.get(cohort.service.as_str()))
            .map_or_else(Vec::new, |(place, (service, _))| project.trains_at(place, service))
    };
    let (from, to) = (end(&cohort.origin), end(&cohort.destination));
    let (before, after) = (transfer(&from), transfer(&to));
    let traveller = Traveller {
        cohort,
        wished: 0,
        transfer_before: before,
        transfer_after: after,
        trains_before: trains(&from),
        trains_after: trains(&to),
        without: 0,
    };
    wishing(case, ground, &traveller, i64::from(cohort.time.0))
}

/// The same people with another wish: they meet other trains, with us and without.
fn wishing<'a>(case: &Case<'a>, ground: &Ground<'a>, traveller: &Traveller<'a>, wished: i64) -> Traveller<'a> {
    let cohort = traveller.cohort;
    let trains = match cohort.time_kind {
        TimeKind::ArriveBy => &traveller.trains_before,
        TimeKind::DepartAfter => &traveller.trains_after,
    };
    let meets = travel::Meets { kind: cohort.time_kind, wished, trains };
    let metres = ground.between(cohort);
    let platform = traveller.transfer_before + traveller.transfer_after;
    let ways = travel::alternatives(case.project, cohort.wheelchair, metres, platform, &meets);
    Traveller { wished, without: ways.first().map_or(0, |way| way.cost), ..traveller.clone() }
}

impl<'a> Judge<'_, 'a> {
    fn find_options(&mut self) {
        for (id, traveller) in &self.travellers {
            let mut best = Vec::new();
            for (position, trip) in self.case.plan.trips.iter().enumerate() {
                if trip.service != traveller.cohort.service || !self.fits(traveller.cohort, trip) {
                    continue;
                }
                if let Some(way) = self.best_way(traveller, trip) {
                    best.push((position, way));
                }
            }
            best.sort_by_key(|(position, way)| (way.cost, *position));
            self.best.insert(id, best);
        }
    }

    /// Wheelchairs need a vehicle with places.
    fn fits(&self, cohort: &Cohort, trip: &Trip) -> bool {
        !cohort.wheelchair || self.case.vehicle_of(trip).is_some_and(|kind| kind.wheelchair_places > 0)
    }

    /// The cheapest pair of stops of a trip, ties to the earlier board, then the earlier alight.
    fn best_way(&self, traveller: &Traveller<'_>, trip: &Trip) -> Option<Way> {
        let mut best: Option<Way> = None;
        for board in 0..trip.times.len() {
            for alight in board + 1..trip.times.len() {
                if let Ok(way) = self.way(traveller, trip, board, alight)
                    && best.is_none_or(|best| way.cost < best.cost)
                {
                    best = Some(way);
                }
            }
        }
        best
    }

    /// The option from position to position, by the rules.
    fn way(&self, traveller: &Traveller<'_>, trip: &Trip, board: usize, alight: usize) -> Result<Way, No> {
        let project = self.case.project;
        let cohort = traveller.cohort;
        let (Some(at), Some(off)) = (trip.times.get(board), trip.times.get(alight)) else { return Err(No::Time) };
        let step_free = |stop: &str| self.case.stops.get(stop).is_some_and(|stop| stop.step_free);
        if cohort.wheelchair && !(step_free(&at.stop) && step_free(&off.stop)) {
            return Err(No::Steps);
        }
        let walk = |place: &str, stop: &str| {
            self.ground.walk(cohort, place, stop).filter(|metres| *metres <= cohort.max_walk_m.0).map(u64::from)
        };
        let metres_before = walk(&cohort.origin, &at.stop).ok_or(No::Walk)?;
        let metres_after = walk(&cohort.destination, &off.stop).ok_or(No::Walk)?;
        let speed =
            if cohort.wheelchair { project.policy.slow_walk_mm_per_s } else { project.policy.walk_mm_per_s }.max(1);
        let seconds = |metres: u64| (metres * 1000).div_ceil(u64::from(speed));
        let before = seconds(metres_before) + traveller.transfer_before;
        let after = seconds(metres_after) + traveller.transfer_after;
        // Leaving the origin, being at the destination, seconds of the day.
        let leave = i64::from(at.depart.0) - before as i64;
        let there = i64::from(off.arrive.0) + after as i64;
        let wished = traveller.wished;
        let within = |wait: i64| (0..=i64::from(cohort.max_wait_s.0)).contains(&wait).then_some(wait).ok_or(No::Time);
        let (wait, train) = match cohort.time_kind {
            TimeKind::DepartAfter => {
                let ahead = i64::from(project.policy.ahead.0);
                let first = within(leave - wished - ahead)? + ahead;
                let train = traveller.trains_after.iter().find(|train| i64::from(train.0) >= there);
                match (traveller.trains_after.is_empty(), train) {
                    (true, _) => (first, None),
                    (false, None) => return Err(No::Train),
                    (false, Some(train)) => (first + i64::from(train.0) - there, Some(*train)),
                }
            }
            TimeKind::ArriveBy => {
                let last = within(wished - there)?;
                let train = traveller
                    .trains_before
                    .iter()
                    .rev()
                    .find(|train| i64::from(train.0) + i64::from(project.policy.change.0) <= leave);
                match (traveller.trains_before.is_empty(), train) {
                    (true, _) => (last + i64::from(project.policy.ahead.0), None),
                    (false, None) => return Err(No::Train),
                    (false, Some(train)) => (last + leave - i64::from(train.0), Some(*train)),
                }
            }
        };
        let ride = i64::from(off.arrive.0) - i64::from(at.depart.0);
        if ride < 0 || ride > i64::from(project.policy.max_ride.0) {
            return Err(No::Ride);
        }
        let (walk_s, wait_s, ride_s) = (before + after, wait as u64, ride as u64);
        Ok(Way {
            board,
            alight,
            walk_m: metres_before + metres_after,
            walk_s,
            wait_s,
            ride_s,
            train,
            cost: travel::ride_cost(project, walk_s, wait_s, ride_s),
        })
    }

    /// Judges a row by itself; where it boards and alights, if it can ride at all.
    fn row(&self, rider: &Rider, report: &mut Report) -> Option<(usize, Way)> {
        let traveller = self.travellers.get(rider.cohort.as_str())?;
        let row = |code: &str| Finding::error(code).arg("cohort", rider.cohort.as_str());
        let [leg] = rider.legs.as_slice() else {
            report.add(row("check-rider-legs").arg("found", rider.legs.len()));
            return None;
        };
        let (position, trip) = *self.case.trips.get(leg.trip.as_str())?;
        let row = |code: &str| row(code).arg("trip", leg.trip.as_str());
        if rider.people.0 == 0 {
            report.add(row("check-empty-row"));
        }
        if trip.service != traveller.cohort.service {
            report.add(row("check-rider-service"));
            return None;
        }
        if !self.fits(traveller.cohort, trip) {
            report.add(row("check-wheelchair"));
            return None;
        }
        let ways: Vec<Result<Way, No>> = pairs(trip, &leg.board, &leg.alight)
            .map(|(board, alight)| self.way(traveller, trip, board, alight))
            .collect();
        let Some(first) = ways.first() else {
            report.add(row("check-rider-stops").arg("from", leg.board.as_str()).arg("to", leg.alight.as_str()));
            return None;
        };
        let Some(way) = ways.iter().filter_map(|way| way.ok()).min_by_key(|way| way.cost) else {
            match first {
                Err(No::Walk) => report.add(
                    row("check-walk-limit").arg("expected", traveller.cohort.max_walk_m.0).arg("found", rider.walk_m.0),
                ),
                Err(No::Ride) => report.add(
                    row("check-ride-limit")
                        .arg("expected", self.case.project.policy.max_ride.0 / 60)
                        .arg("found", rider.ride_s.0.div_ceil(60)),
                ),
                Err(No::Steps) => report.add(row("check-wheelchair")),
                Err(No::Train) => report.add(row("check-train-missed")),
                Err(No::Time) | Ok(_) => report.add(
                    row("check-rider-time")
                        .arg("time", traveller.cohort.time.clock())
                        .arg("expected", traveller.cohort.max_wait_s.0 / 60),
                ),
            }
            return None;
        };
        self.said(rider, way, &row, report);
        if way.cost >= traveller.without {
            report.add(
                row("check-worse-than-alternative")
                    .arg("expected", yuan(travel::fen(traveller.without)))
                    .arg("found", yuan(travel::fen(way.cost))),
            );
        }
        let best = self.best.get(rider.cohort.as_str()).and_then(|list| list.iter().find(|(at, _)| *at == position));
        if let Some((_, best)) = best
            && (best.board, best.alight) != (way.board, way.alight)
        {
            let stop = |k: usize| trip.times.get(k).map_or("-", |time| time.stop.as_str());
            report.add(row("check-better-stops").arg("from", stop(best.board)).arg("to", stop(best.alight)));
        }
        Some((position, way))
    }

    /// What the row says of itself.
    fn said(&self, rider: &Rider, way: Way, row: &dyn Fn(&str) -> Finding, report: &mut Report) {
        for (code, expected, found) in [
            ("check-walk", way.walk_m, rider.walk_m.0),
            ("check-wait", way.wait_s, rider.wait_s.0),
            ("check-ride", way.ride_s, rider.ride_s.0),
        ] {
            if expected != u64::from(found) {
                report.add(row(code).arg("expected", expected as f64).arg("found", found));
            }
        }
        if way.train != rider.train {
            let show = |train: Option<ServiceTime>| train.map_or_else(|| "-".to_owned(), |train| train.to_string());
            report.add(row("check-train").arg("expected", show(way.train)).arg("found", show(rider.train)));
        }
    }

    fn take_seats(&mut self, cohort: &Cohort, position: usize, way: Way, people: u32) {
        let Some(legs) = self.legs.get_mut(position) else { return };
        let legs = if cohort.wheelchair { &mut legs.wheelchair } else { &mut legs.seated };
        for leg in legs.iter_mut().take(way.alight).skip(way.board) {
            *leg += u64::from(people);
        }
    }

    /// Loads are what the riders come to, and everybody has a place.
    fn loads(&self, report: &mut Report) {
        for (trip, legs) in self.case.plan.trips.iter().zip(&self.legs) {
            let kind = self.case.vehicle_of(trip);
            for (k, time) in trip.times.iter().enumerate() {
                let (seated, wheelchair) =
                    (legs.seated.get(k).copied().unwrap_or(0), legs.wheelchair.get(k).copied().unwrap_or(0));
                let at =
                    |code: &str| Finding::error(code).arg("trip", trip.id.as_str()).arg("stop", time.stop.as_str());
                let said = trip.load.get(k).map_or(0, |load| u64::from(load.0));
                if said != seated + wheelchair {
                    report
                        .add(at("check-load").arg("expected", people(seated + wheelchair)).arg("found", people(said)));
                }
                let Some(kind) = kind else { continue };
                for (code, aboard, places) in [
                    ("check-overfull", seated, kind.seats),
                    ("check-overfull-wheelchair", wheelchair, kind.wheelchair_places),
                ] {
                    if aboard > u64::from(places) * 1000 {
                        report.add(at(code).arg("expected", places).arg("found", people(aboard)));
                    }
                }
            }
        }
    }

    /// Thousandths of a place free on all legs of an option.
    fn free(&self, cohort: &Cohort, position: usize, way: Way) -> u64 {
        let (Some(trip), Some(legs)) = (self.case.plan.trips.get(position), self.legs.get(position)) else { return 0 };
        let Some(kind) = self.case.vehicle_of(trip) else { return 0 };
        let (aboard, places) =
            if cohort.wheelchair { (&legs.wheelchair, kind.wheelchair_places) } else { (&legs.seated, kind.seats) };
        let most = aboard.iter().take(way.alight).skip(way.board).max().copied().unwrap_or(u64::MAX);
        (u64::from(places) * 1000).saturating_sub(most)
    }

    /// The cheapest option with a seat that costs less than this.
    fn cheaper(&self, cohort: &str, than: i128, not: Option<usize>) -> Option<(&'a Trip, Way)> {
        let traveller = self.travellers.get(cohort)?;
        self.best
            .get(cohort)?
            .iter()
            .take_while(|(_, way)| way.cost < than && way.cost < traveller.without)
            .filter(|(position, _)| Some(*position) != not)
            .find(|(position, way)| self.free(traveller.cohort, *position, *way) > 0)
            .and_then(|(position, way)| Some((self.case.plan.trips.get(*position)?, *way)))
    }

    fn nothing_better(&self, rider: &Rider, position: usize, way: Way, report: &mut Report) {
        if let Some((trip, better)) = self.cheaper(&rider.cohort, way.cost, Some(position)) {
            report.add(
                Finding::error("check-better-trip")
                    .arg("cohort", rider.cohort.as_str())
                    .arg("trip", self.case.plan.trips.get(position).map_or("-", |trip| trip.id.as_str()))
                    .arg("better", trip.id.as_str())
                    .arg("expected", yuan(travel::fen(better.cost)))
                    .arg("found", yuan(travel::fen(way.cost))),
            );
        }
    }

    /// Everybody is somewhere, once.
    fn headcount(&self, report: &mut Report) {
        let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
        for (cohort, people) in self
            .case
            .plan
            .riders
            .iter()
            .map(|row| (&row.cohort, row.people))
            .chain(self.case.plan.unserved.iter().map(|row| (&row.cohort, row.people)))
        {
            *counted.entry(cohort).or_default() += u64::from(people.0);
        }
        for (id, cohort) in &self.case.cohorts {
            let expected = u64::from(cohort.people.0);
            let found = counted.get(id).copied().unwrap_or(0);
            let code = match found.cmp(&expected) {
                std::cmp::Ordering::Greater => "check-people-twice",
                std::cmp::Ordering::Less => "check-people-dropped",
                std::cmp::Ordering::Equal => continue,
            };
            report.add(
                Finding::error(code).arg("cohort", *id).arg("expected", people(expected)).arg("found", people(found)),
            );
        }
    }
}

/// Positions at which a trip calls at these stops, in order.
fn pairs<'t>(trip: &'t Trip, board: &'t str, alight: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
    trip.times.iter().enumerate().filter(move |(_, time)| time.stop == board).flat_map(move |(i, _)| {
        trip.times.iter().enumerate().skip(i + 1).filter(move |(_, time)| time.stop == alight).map(move |(j, _)| (i, j))
    })
}
