//! The people's side of a plan: each cohort with its promised rides, what it does without us, and the ways it could still take
//! from a stop where it was left behind.
//!
//! Limits: who was left behind goes on from the same stop, or to the alternative as if from home (the walk to the stop made for
//! nothing). Rides of several legs are none of the plans that are made; such a row is taken as not riding.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::scene::{Known, Running, Scene};
use super::trips::{Numbers, Trip, clock};
use crate::domain::units::Metres;
use crate::planning::plan::{Rider, TimeKind};

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
    pub(super) trains: Arc<[i64]>,
    pub(super) without_fen: f64,
    pub(super) without_ms: i64,
    /// By departure.
    pub(super) ways: Vec<Way>,
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

/// All cohorts of services that run.
pub(super) fn of(scene: &Scene<'_>, running: &Running<'_>, trips: &[Trip], stops: &Numbers) -> Vec<Party> {
    let mut riders: BTreeMap<&str, Vec<&Rider>> = BTreeMap::new();
    for rider in running.riders {
        riders.entry(rider.cohort.as_str()).or_default().push(rider);
    }
    let mut left: BTreeMap<&str, u64> = BTreeMap::new();
    for row in running.unserved {
        *left.entry(row.cohort.as_str()).or_default() += u64::from(row.people.0);
    }
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, trip) in running.trips.iter().enumerate() {
        numbers.entry(trip.id.as_str()).or_insert(number);
    }
    let ground = Ground { scene, running, trips, numbers, stops };
    let mut parties = Vec::with_capacity(scene.cohorts.len());
    for known in &scene.cohorts {
        let mut party = known.party.clone();
        for rider in riders.get(known.id.as_str()).into_iter().flatten() {
            let ride = ride(&ground, known, rider);
            party.people += u64::from(rider.people.0);
            party.rows.push(Row { people: rider.people.0, ride });
        }
        let stay = left.get(known.id.as_str()).copied().unwrap_or(0);
        if stay > 0 {
            party.people += stay;
            party.rows.push(Row { people: u32::try_from(stay).unwrap_or(u32::MAX), ride: None });
        }
        party.ways = ways(&ground, known, &party);
        parties.push(party);
    }
    parties
}

/// What rides and ways are looked up in.
struct Ground<'a> {
    scene: &'a Scene<'a>,
    running: &'a Running<'a>,
    trips: &'a [Trip],
    numbers: BTreeMap<&'a str, usize>,
    stops: &'a Numbers,
}

/// The promised ride of a row, and when its people come to the stop.
fn ride(ground: &Ground<'_>, known: &Known, rider: &Rider) -> Option<Ride> {
    let [leg] = rider.legs.as_slice() else { return None };
    let trip = *ground.numbers.get(leg.trip.as_str())?;
    let times = &ground.running.trips[trip].times;
    let walk =
        |metres: &[Option<Metres>], stop: &str| metres.get(ground.stops.known(stop)? as usize).copied().flatten();
    let walk_before = known.walk(walk(&known.from_origin, &leg.board)?, known.transfer_before);
    let walk_after = known.walk(walk(&known.to_destination, &leg.alight)?, known.transfer_after);
    // Of a stop that stands twice in a line: the shortest ride.
    let pairs = (0..times.len()).flat_map(|i| (i + 1..times.len()).map(move |j| (i, j)));
    let (board, alight) = pairs
        .filter(|(i, j)| times[*i].stop == leg.board && times[*j].stop == leg.alight)
        .min_by_key(|(i, j)| clock(times[*j].arrive) - clock(times[*i].depart))?;
    let leaves = clock(times[board].depart);
    let spreads = &ground.scene.spreads;
    let (comes, deviation) = match (known.party.arrives, known.trains_before.is_empty()) {
        (false, _) => {
            let ready = known.party.wished + walk_before;
            // In good time as they are, or as early as they can be bothered to.
            let comes = ready.min((leaves - ms(spreads.ahead_s)).max(ready - ms(spreads.early_s)));
            (comes, spreads.ready_s)
        }
        (true, true) => (leaves - ms(spreads.ahead_s), spreads.coming_s),
        (true, false) => {
            let trains = &known.trains_before;
            let latest = |spare: i64| {
                let before = trains.partition_point(|train| *train <= leaves - walk_before - spare);
                before.checked_sub(1).map(|last| trains[last])
            };
            let train = latest(ms(spreads.change_s)).or_else(|| latest(0));
            (train.map_or(leaves, |train| train + walk_before), spreads.changing_s)
        }
    };
    let train = rider.train.filter(|_| known.kind == TimeKind::DepartAfter).map(clock);
    Some(Ride { trip, board, alight, walk_before, walk_after, comes, deviation, train })
}

fn ms(seconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "f64 to i64 saturates")]
    let ms = (seconds * 1000.0).round() as i64;
    ms
}

/// From each stop where its people board: every trip of its service, and where to alight.
fn ways(ground: &Ground<'_>, known: &Known, party: &Party) -> Vec<Way> {
    let boards: BTreeSet<u32> =
        party.rows.iter().filter_map(|row| row.ride).map(|ride| ground.trips[ride.trip].stops[ride.board]).collect();
    if boards.is_empty() || !known.placed {
        return Vec::new();
    }
    let scene = ground.scene;
    let step_free = |stop: u32| scene.step_free.get(stop as usize).copied().unwrap_or(false);
    let reach = |stop: u32| {
        let metres = known.to_destination.get(stop as usize).copied().flatten().filter(|m| *m <= known.max_walk)?;
        (!party.wheelchair || step_free(stop)).then(|| known.walk(metres, known.transfer_after))
    };
    let mut ways = Vec::new();
    for (number, trip) in ground.trips.iter().enumerate().filter(|(_, trip)| trip.service == party.service) {
        if party.wheelchair && trip.wheelchairs == 0 {
            continue;
        }
        for (board, stop) in trip.stops.iter().enumerate().filter(|(_, stop)| boards.contains(stop)) {
            let best = (board + 1..trip.stops.len())
                .filter_map(|alight| {
                    let ride = trip.arrive[alight] - trip.depart[board];
                    let walk_after = reach(trip.stops[alight])?;
                    let within = (0..=scene.max_ride).contains(&ride);
                    within.then(|| (scene.worth.seconds(walk_after, 0, ride), alight, walk_after))
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
