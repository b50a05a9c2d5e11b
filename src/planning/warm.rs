//! Taking a search up again: what can still run of a plan from before, on today's stops, roads and vehicles.
//!
//! A plan of the same project comes back whole, in its own order. Otherwise a trip is dropped whose stops, line or service are gone,
//! or whose departure lies outside the periods; the trips of a vehicle there is no longer go to others that have time, those in
//! which most people ride first; at last trips are dropped until budget and lines are within their limits.
//! O(trips x vehicles), and the dropping as in [`super::first`].

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, DraftBlock, DraftTrip, Shop};
use super::first;
use super::improve::{Desk, Weighed};
use super::lines::possible;
use super::model::{Model, Pattern};
use super::plan::{Block, Line, Plan, Trip};
use crate::domain::ids::{LineId, ServiceId, StopId, TypeId};
use crate::search::{Progress, Run};

/// Lines of the plan that the pool lacks and that can still be run.
#[must_use]
pub fn lines(model: &Model, plan: &Plan, pool: &[Pattern]) -> Vec<Pattern> {
    let stops = stops(model);
    let mut known: BTreeSet<Pattern> = pool.iter().cloned().collect();
    let patterns = plan.lines.iter().filter_map(|line| pattern(&stops, line));
    patterns.filter(|line| possible(model, line) && known.insert(line.clone())).collect()
}

/// The plan as a draft within all limits; `None` where there is none, or the watcher stops it first.
#[must_use]
pub fn draft(shop: &Shop<'_>, desk: &Desk<'_>, plan: &Plan, run: &Run<'_>) -> Option<Weighed> {
    let old = Old::new(shop, plan);
    // Vehicles are given out to the fullest blocks first, but stand in the draft as in the plan: where two trips are as good to
    // people, they take the one that stands first.
    let mut order: Vec<(usize, &Block)> = plan.blocks.iter().enumerate().collect();
    order.sort_by_key(|(at, block)| (std::cmp::Reverse(old.people(block)), *at));
    let mut draft = Draft { services: vec![Vec::new(); shop.project.services.len()] };
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); draft.services.len()];
    let mut homeless = Vec::new();
    for (at, block) in order {
        let Some(service) = old.service(&block.service) else { continue };
        let mut trips = old.trips(block, service);
        if let Some(kind) = old.kind(&block.vehicle_type)
            && !trips.is_empty()
            && free(desk, &mut draft, service, kind)
        {
            let (kept, rest) = driveable(shop, DraftBlock { kind, trips });
            if let Some(kept) = kept {
                let place = places[service.index()].partition_point(|other| *other < at);
                places[service.index()].insert(place, at);
                draft.services[service.index()].insert(place, kept);
            }
            trips = rest;
        }
        homeless.extend(trips.into_iter().map(|trip| (service, trip)));
    }
    for (service, trip) in homeless {
        take_in(desk, &mut draft, service, &trip);
    }
    let stop = || (run.watch)(&Progress { stage: "stage-first", iteration: 0, objective: None, bound: None }).stop;
    desk.weigh(draft.clone()).or_else(|| first::legal_and_worthwhile(shop, desk, draft, &stop))
}

/// The plan of before, in the numbers of today.
struct Old<'a> {
    shop: &'a Shop<'a>,
    trips: BTreeMap<&'a str, &'a Trip>,
    /// Lines that are in the shop.
    lines: BTreeMap<&'a str, LineId>,
    /// Thousandths of people who ride each trip.
    people: BTreeMap<&'a str, u64>,
}

impl<'a> Old<'a> {
    fn new(shop: &'a Shop<'a>, plan: &'a Plan) -> Self {
        let stops = stops(shop.model);
        let offered: BTreeMap<&Pattern, LineId> =
            shop.offers.iter().enumerate().map(|(at, offer)| (&offer.pattern, LineId::at(at))).collect();
        let number = |line: &'a Line| {
            let pattern = pattern(&stops, line)?;
            Some((line.id.as_str(), *offered.get(&pattern)?))
        };
        let mut people = BTreeMap::new();
        for rider in &plan.riders {
            for leg in &rider.legs {
                *people.entry(leg.trip.as_str()).or_insert(0) += u64::from(rider.people.0);
            }
        }
        Self {
            shop,
            trips: plan.trips.iter().map(|trip| (trip.id.as_str(), trip)).collect(),
            lines: plan.lines.iter().filter_map(number).collect(),
            people,
        }
    }

    fn service(&self, id: &str) -> Option<ServiceId> {
        self.shop.project.services.iter().position(|service| service.id == id).map(ServiceId::at)
    }

    fn kind(&self, id: &str) -> Option<TypeId> {
        self.shop.project.fleet.iter().position(|kind| kind.id == id).map(TypeId::at)
    }

    fn people(&self, block: &Block) -> u64 {
        let trips = block.items.iter().filter_map(|item| item.trip.as_deref());
        trips.filter_map(|trip| self.people.get(trip)).sum()
    }

    /// What can still be run of a block's trips, in time order.
    fn trips(&self, block: &Block, service: ServiceId) -> Vec<DraftTrip> {
        let again = |id: &str| {
            let trip = self.trips.get(id)?;
            let minute = trip.times.first()?.depart.minute();
            self.shop.model.minutes.binary_search(&minute).ok()?;
            self.shop.trip(service, *self.lines.get(trip.line.as_str())?, minute)
        };
        let mut trips: Vec<DraftTrip> = block.items.iter().filter_map(|item| again(item.trip.as_deref()?)).collect();
        trips.sort_by_key(|trip| trip.minute);
        trips
    }
}

/// Stops by their ids.
fn stops(model: &Model) -> BTreeMap<&str, StopId> {
    model.stops.iter().enumerate().map(|(at, stop)| (stop.candidate.id.as_str(), StopId::at(at))).collect()
}

/// A line by today's numbers; `None` where a stop is gone.
fn pattern(stops: &BTreeMap<&str, StopId>, line: &Line) -> Option<Pattern> {
    line.stops.iter().map(|stop| stops.get(stop.as_str()).copied()).collect::<Option<Vec<StopId>>>().map(Pattern)
}

/// Is there one more vehicle of the type, on this service and those that share a date with it?
fn free(desk: &Desk<'_>, draft: &mut Draft, service: ServiceId, kind: TypeId) -> bool {
    let blocks = &mut draft.services[service.index()];
    let used = blocks.iter().filter(|block| block.kind == kind).count();
    if used >= desk.shop.project.fleet[kind.index()].count as usize {
        return false;
    }
    blocks.push(DraftBlock { kind, trips: Vec::new() });
    let suffices = desk.fleet_suffices(draft);
    draft.services[service.index()].pop();
    suffices
}

/// As much of a block as its vehicle and driver can do, and the rest; all of it where the project is the same.
fn driveable(shop: &Shop<'_>, block: DraftBlock) -> (Option<DraftBlock>, Vec<DraftTrip>) {
    if shop.effort(&block).is_some() {
        return (Some(block), Vec::new());
    }
    let mut kept = DraftBlock { kind: block.kind, trips: Vec::new() };
    let mut rest = Vec::new();
    for trip in block.trips {
        kept.trips.push(trip);
        if shop.effort(&kept).is_none() {
            rest.extend(kept.trips.pop());
        }
    }
    ((!kept.trips.is_empty()).then_some(kept), rest)
}

/// Gives a trip to the first vehicle that has time, else to one more; else it is dropped, as where nobody wants it.
fn take_in(desk: &Desk<'_>, draft: &mut Draft, service: ServiceId, trip: &DraftTrip) {
    if trip.choices.is_empty() {
        return;
    }
    for block in &mut draft.services[service.index()] {
        let mut longer = block.clone();
        let at = longer.trips.partition_point(|other| other.minute <= trip.minute);
        longer.trips.insert(at, trip.clone());
        if desk.shop.effort(&longer).is_some() {
            *block = longer;
            return;
        }
    }
    for kind in (0..desk.shop.project.fleet.len()).map(TypeId::at) {
        let alone = DraftBlock { kind, trips: vec![trip.clone()] };
        if desk.shop.effort(&alone).is_some() && free(desk, draft, service, kind) {
            draft.services[service.index()].push(alone);
            return;
        }
    }
}

#[cfg(test)]
mod tests;
