//! The people's side of a plan: each cohort with its promised rides, what it does without us, and the ways it could still take
//! from a stop where it was left behind.
//!
//! Limits: who was left behind goes on from the same stop, or to the alternative as if from home (the walk to the stop made for
//! nothing). Rides of several legs are none of the plans that are made; such a row is taken as not riding.

use std::collections::{BTreeMap, BTreeSet};

use super::draw;
use super::spreads::Spreads;
use super::trips::{Numbers, Trip, clock};
use super::walks::Walks;
use super::worth::Worth;
use crate::domain::calendar::Service;
use crate::domain::units::Metres;
use crate::planning::plan::{Cohort, Plan, Rider, TimeKind};
use crate::planning::project::{Place, Project};

/// A cohort; times in milliseconds.
#[derive(Clone, Debug)]
pub(super) struct Party {
    pub(super) service: usize,
    /// Names its chance.
    pub(super) key: u64,
    pub(super) arrives: bool,
    pub(super) wished: i64,
    pub(super) max_wait: i64,
    pub(super) wheelchair: bool,
    /// What the plan tells its people, in thousandths that add up to `people`.
    pub(super) rows: Vec<Row>,
    pub(super) people: u64,
    /// Trains at the end of the way, for those who leave to a train.
    pub(super) trains: Vec<i64>,
    pub(super) without: Without,
    /// By departure.
    pub(super) ways: Vec<Way>,
}

/// How its people go without us.
#[derive(Clone, Copy, Debug)]
pub(super) struct Without {
    /// Before any waiting.
    pub(super) fen: f64,
    /// From door to door.
    pub(super) ms: i64,
    /// A taxi, which waits for nobody and no train.
    pub(super) taxi: bool,
    /// When they set out, and one deviation of that.
    pub(super) sets_out: i64,
    pub(super) deviation: f64,
}

/// So many are told the same.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) people: u32,
    /// `None`: the alternative.
    pub(super) ride: Option<Ride>,
}

/// A promised ride.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ride {
    pub(super) trip: usize,
    pub(super) board: usize,
    pub(super) alight: usize,
    pub(super) walk_before: i64,
    pub(super) walk_after: i64,
    /// When they come to the stop, before deviations.
    pub(super) comes: i64,
    /// One deviation.
    pub(super) deviation: f64,
    /// Promised train after the ride.
    pub(super) train: Option<i64>,
}

/// A trip somebody at a stop can take, where they would alight.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) stop: u32,
    pub(super) trip: usize,
    pub(super) board: usize,
    pub(super) alight: usize,
    pub(super) walk_after: i64,
}

/// What cohorts are made of.
pub(super) struct Ground<'a> {
    pub(super) project: &'a Project,
    pub(super) plan: &'a Plan,
    pub(super) walks: &'a Walks,
    pub(super) spreads: &'a Spreads,
    pub(super) trips: &'a [Trip],
    pub(super) services: &'a BTreeMap<&'a str, usize>,
}

/// All cohorts of services that run.
pub(super) fn of(ground: &Ground<'_>, stops: &mut Numbers) -> Vec<Party> {
    let mut riders: BTreeMap<&str, Vec<&Rider>> = BTreeMap::new();
    for rider in &ground.plan.riders {
        riders.entry(rider.cohort.as_str()).or_default().push(rider);
    }
    let mut left: BTreeMap<&str, u64> = BTreeMap::new();
    for row in &ground.plan.unserved {
        *left.entry(row.cohort.as_str()).or_default() += u64::from(row.people.0);
    }
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, trip) in ground.plan.trips.iter().enumerate() {
        numbers.entry(trip.id.as_str()).or_insert(number);
    }
    let step_free: BTreeSet<u32> =
        ground.plan.stops.iter().filter(|stop| stop.step_free).map(|stop| stops.of(&stop.id)).collect();
    let steps = |stop: u32| !step_free.contains(&stop);
    let mut parties = Vec::with_capacity(ground.plan.cohorts.len());
    for cohort in &ground.plan.cohorts {
        let Some(&service) = ground.services.get(cohort.service.as_str()) else { continue };
        let ends = Ends::of(ground, cohort, &ground.project.services[service]);
        let mut party = party(ground, cohort, service, &ends);
        for rider in riders.get(cohort.id.as_str()).into_iter().flatten() {
            let ride = ride(ground, cohort, rider, &ends, &numbers);
            party.people += u64::from(rider.people.0);
            party.rows.push(Row { people: rider.people.0, ride });
        }
        let stay = left.get(cohort.id.as_str()).copied().unwrap_or(0);
        if stay > 0 {
            party.people += stay;
            party.rows.push(Row { people: u32::try_from(stay).unwrap_or(u32::MAX), ride: None });
        }
        party.ways = ways(ground, cohort, &party, &ends, stops, &steps);
        parties.push(party);
    }
    parties
}

/// What the ends of a cohort's way offer.
struct Ends {
    before: Option<Place>,
    after: Option<Place>,
    transfer_before: u32,
    transfer_after: u32,
    trains_before: Vec<i64>,
    trains_after: Vec<i64>,
    mm_per_s: u32,
}

impl Ends {
    fn of(ground: &Ground<'_>, cohort: &Cohort, service: &Service) -> Self {
        let project = ground.project;
        let place = |text: &str| Place::parse(text, project);
        let (before, after) = (place(&cohort.origin), place(&cohort.destination));
        let transfer = |place: &Option<Place>| place.as_ref().map_or(0, |place| project.transfer(place).0);
        let trains = |place: &Option<Place>| {
            place
                .as_ref()
                .map_or_else(Vec::new, |place| project.trains_at(place, service).into_iter().map(clock).collect())
        };
        let policy = &project.policy;
        Self {
            transfer_before: transfer(&before),
            transfer_after: transfer(&after),
            trains_before: trains(&before),
            trains_after: trains(&after),
            mm_per_s: if cohort.wheelchair { policy.slow_walk_mm_per_s } else { policy.walk_mm_per_s }.max(1),
            before,
            after,
        }
    }

    /// Milliseconds of a walk, the platform's stairs included; whole seconds, up, as the plan counts.
    fn walk(&self, metres: Metres, transfer: u32) -> i64 {
        let seconds = (u64::from(metres.0) * 1000).div_ceil(u64::from(self.mm_per_s)) + u64::from(transfer);
        seconds as i64 * 1000
    }
}

/// The cohort without its rows.
fn party(ground: &Ground<'_>, cohort: &Cohort, service: usize, ends: &Ends) -> Party {
    let arrives = cohort.time_kind == TimeKind::ArriveBy;
    Party {
        service,
        key: draw::name(&cohort.id),
        arrives,
        wished: clock(cohort.time),
        max_wait: i64::from(cohort.max_wait_s.0) * 1000,
        wheelchair: cohort.wheelchair,
        rows: Vec::new(),
        people: 0,
        trains: if arrives { Vec::new() } else { ends.trains_after.clone() },
        without: without(ground, cohort, ends),
        ways: Vec::new(),
    }
}

/// The cheapest alternative, of what is expected.
fn without(ground: &Ground<'_>, cohort: &Cohort, ends: &Ends) -> Without {
    let project = ground.project;
    let worth = Worth::of(project);
    let stairs = i64::from(ends.transfer_before) + i64::from(ends.transfer_after);
    let metres = ground.walks.of(cohort).way(&cohort.origin, &cohort.destination);
    let wished = clock(cohort.time);
    let taken = project.alternatives.iter().filter(|mode| !cohort.wheelchair || mode.wheelchair);
    let ways = taken.filter_map(|mode| {
        let metres = metres.filter(|metres| mode.max_m.is_none_or(|most| *metres <= most))?;
        let moving = (u64::from(metres.0) * 1000).div_ceil(u64::from(mode.mm_per_s.max(1)));
        let seconds = u64::from(mode.fixed.0) + moving;
        let weighted = f64::from(mode.weight) / 1000.0 * seconds as f64 + worth.walk * stairs as f64;
        let fen = weighted * worth.second_fen + mode.price.0 as f64;
        let ms = (seconds as i64 + stairs) * 1000;
        // The train they come by, or the one they get.
        let (sets_out, waits, deviation) = match cohort.time_kind {
            TimeKind::ArriveBy if ends.trains_before.is_empty() => (wished - ms, 0, 0.0),
            TimeKind::ArriveBy => {
                let train = *ends.trains_before.iter().rev().find(|train| **train + ms <= wished)?;
                (train, wished - ms - train, ground.spreads.changing_s)
            }
            TimeKind::DepartAfter if ends.trains_after.is_empty() => (wished, 0, ground.spreads.ready_s),
            TimeKind::DepartAfter => {
                let train = *ends.trains_after.iter().find(|train| **train >= wished + ms)?;
                (wished, train - wished - ms, ground.spreads.ready_s)
            }
        };
        let cost = fen + worth.seconds(0, waits, 0) * worth.second_fen;
        Some((cost, Without { fen, ms, taxi: false, sets_out, deviation }))
    });
    let taxi = Without { fen: worth.stranded_fen, ms: 0, taxi: true, sets_out: wished, deviation: 0.0 };
    let best = ways.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(cost, _)| *cost <= worth.stranded_fen);
    best.map_or(taxi, |(_, way)| way)
}

/// The promised ride of a row, and when its people come to the stop.
fn ride(
    ground: &Ground<'_>,
    cohort: &Cohort,
    rider: &Rider,
    ends: &Ends,
    numbers: &BTreeMap<&str, usize>,
) -> Option<Ride> {
    let [leg] = rider.legs.as_slice() else { return None };
    let trip = *numbers.get(leg.trip.as_str())?;
    let times = &ground.plan.trips[trip].times;
    let walks = ground.walks.of(cohort);
    let walk_before = ends.walk(walks.stop(&cohort.origin, &leg.board)?, ends.transfer_before);
    let walk_after = ends.walk(walks.stop(&cohort.destination, &leg.alight)?, ends.transfer_after);
    // Of a stop that stands twice in a line: the shortest ride.
    let pairs = (0..times.len()).flat_map(|i| (i + 1..times.len()).map(move |j| (i, j)));
    let (board, alight) = pairs
        .filter(|(i, j)| times[*i].stop == leg.board && times[*j].stop == leg.alight)
        .min_by_key(|(i, j)| clock(times[*j].arrive) - clock(times[*i].depart))?;
    let leaves = clock(times[board].depart);
    let (spreads, policy) = (ground.spreads, &ground.project.policy);
    let (comes, deviation) = match (cohort.time_kind, ends.trains_before.is_empty()) {
        (TimeKind::DepartAfter, _) => (clock(cohort.time) + walk_before, spreads.ready_s),
        (TimeKind::ArriveBy, true) => (leaves - i64::from(policy.ahead.0) * 1000, spreads.coming_s),
        (TimeKind::ArriveBy, false) => {
            let latest = |spare: i64| {
                ends.trains_before.iter().rev().find(|train| **train <= leaves - walk_before - spare).copied()
            };
            let train = latest(i64::from(policy.change.0) * 1000).or_else(|| latest(0));
            (train.map_or(leaves, |train| train + walk_before), spreads.changing_s)
        }
    };
    let train = rider.train.filter(|_| cohort.time_kind == TimeKind::DepartAfter).map(clock);
    Some(Ride { trip, board, alight, walk_before, walk_after, comes, deviation, train })
}

/// From each stop where its people board: every trip of its service, and where to alight.
fn ways(
    ground: &Ground<'_>,
    cohort: &Cohort,
    party: &Party,
    ends: &Ends,
    stops: &mut Numbers,
    steps: &dyn Fn(u32) -> bool,
) -> Vec<Way> {
    let boards: BTreeSet<u32> =
        party.rows.iter().filter_map(|row| row.ride).map(|ride| ground.trips[ride.trip].stops[ride.board]).collect();
    if boards.is_empty() || ends.before.is_none() || ends.after.is_none() {
        return Vec::new();
    }
    let worth = Worth::of(ground.project);
    let walks = ground.walks.of(cohort);
    let reach: BTreeMap<u32, i64> = ground
        .plan
        .stops
        .iter()
        .filter_map(|stop| {
            let metres = walks.stop(&cohort.destination, &stop.id).filter(|m| *m <= cohort.max_walk_m)?;
            Some((stops.of(&stop.id), ends.walk(metres, ends.transfer_after)))
        })
        .filter(|(stop, _)| !(party.wheelchair && steps(*stop)))
        .collect();
    let max_ride = i64::from(ground.project.policy.max_ride.0) * 1000;
    let mut ways = Vec::new();
    for (number, trip) in ground.trips.iter().enumerate().filter(|(_, trip)| trip.service == party.service) {
        if party.wheelchair && trip.wheelchairs == 0 {
            continue;
        }
        for (board, stop) in trip.stops.iter().enumerate().filter(|(_, stop)| boards.contains(stop)) {
            let best = (board + 1..trip.stops.len())
                .filter_map(|alight| {
                    let ride = trip.arrive[alight] - trip.depart[board];
                    let walk_after = *reach.get(&trip.stops[alight])?;
                    (0..=max_ride).contains(&ride).then(|| (worth.seconds(walk_after, 0, ride), alight, walk_after))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, alight, walk_after)) = best {
                ways.push(Way { stop: *stop, trip: number, board, alight, walk_after });
            }
        }
    }
    ways.sort_by_key(|way| (ground.trips[way.trip].depart[way.board], way.trip, way.board));
    ways
}
