//! Who may ask for a ride: those who ride no line and wish to travel while vehicles are there, between stops in their reach.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::ids::{CohortId, PlaceId, ServiceId, StopId};
use crate::domain::units::{People, Seconds, ServiceTime};
use crate::planning::model::{Model, Rides};
use crate::planning::plan::{OnDemand, Plan};

/// Stops at either end that a request names, the nearest ones; an answer tries every pair.
const NEAREST: usize = 8;

/// People of a cohort, and where they could board and alight.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) cohort: CohortId,
    pub(super) people: People,
    /// Each with its walk, nearest first.
    pub(super) boards: Vec<(StopId, Seconds)>,
    pub(super) alights: Vec<(StopId, Seconds)>,
}

/// Those of a service who are left, by cohort; `stops` says which may be used. Who may ask for what was given out before asks there.
pub(super) fn of(
    model: &Model,
    plan: &Plan,
    service: ServiceId,
    (from, until): (ServiceTime, ServiceTime),
    taken: &[OnDemand],
    stops: &dyn Fn(StopId) -> bool,
) -> Vec<Ask> {
    let run = taken.iter().filter(|other| !other.vehicles.is_empty());
    let elsewhere: BTreeSet<&str> = run.flat_map(|other| &other.asks).map(|asks| asks.cohort.as_str()).collect();
    let mut left: BTreeMap<&str, People> = BTreeMap::new();
    for row in &plan.unserved {
        *left.entry(&row.cohort).or_default() += row.people;
    }
    let mut asks = Vec::new();
    for (number, (ride, cohort)) in model.rides.iter().zip(&model.cohorts).enumerate() {
        let Some(&people) = left.get(cohort.id.as_str()).filter(|people| **people > People::ZERO) else { continue };
        if ride.service != service || ride.time < from || ride.time > until || elsewhere.contains(cohort.id.as_str()) {
            continue;
        }
        let near = |place: PlaceId| near(model, ride, place, stops);
        let (boards, alights) = (near(ride.origin), near(ride.destination));
        let ask = Ask { cohort: CohortId::at(number), people, boards, alights };
        if ask.boards.iter().any(|(board, _)| ask.alights.iter().any(|(alight, _)| board != alight)) {
            asks.push(ask);
        }
    }
    asks
}

fn near(model: &Model, ride: &Rides, place: PlaceId, stops: &dyn Fn(StopId) -> bool) -> Vec<(StopId, Seconds)> {
    let mut near: Vec<(StopId, Seconds)> = (0..model.stops.len())
        .map(StopId::at)
        .filter(|&stop| stops(stop) && (!ride.wheelchair || model.stops[stop.index()].candidate.step_free))
        .filter_map(|stop| Some((stop, model.walk_seconds(place, stop, ride)?)))
        .collect();
    near.sort_by_key(|&(stop, walk)| (walk, stop));
    near
}

impl Ask {
    /// With the nearest stops only.
    pub(super) fn nearest(mut self) -> Self {
        self.boards.truncate(NEAREST);
        self.alights.truncate(NEAREST);
        self
    }
}

/// Trains at an end of a cohort's way.
pub(super) fn trains<'m>(model: &'m Model, ride: &Rides, place: PlaceId) -> &'m [ServiceTime] {
    &model.trains[ride.service.index()][place.index()]
}
