//! A finished plan as those left behind could use it: its trips with everybody's options, seats, and vehicles with time to spare.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::super::draft::{DraftBlock, DraftTrip, Shop};
use super::super::model::{Choice, Footing, Model, Pattern, Rides, Walks, walking, wheelchair_places};
use super::super::plan::{PersonCost, Plan};
use super::super::project::Project;
use super::super::trips::{Offer, wait_after, wait_before};
use super::super::{costs, demand, stops};
use crate::domain::ids::{CohortId, LineId, PlaceId, ServiceId, StopId, TypeId};
use crate::domain::units::{Fen, Metres, Seconds};
use crate::network::{Foothold, Network};

/// Nobody is told to walk farther beyond the limit than this.
pub(super) const MOST_METRES: u32 = 1_500;
/// No wait is stretched, no wish moved farther than this.
pub(super) const MOST_MINUTES: u32 = 60;

/// What a plan stands on, made again from the project.
#[derive(Debug)]
pub struct Ground {
    network: Network,
    model: Model,
}

impl Ground {
    /// As the planner makes it.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let network = Network::new(&project.roads, &project.speeds());
        let demand = demand::estimate(project, &network);
        let (model, _) = stops::choose(project, &network, demand);
        Self { network, model }
    }

    pub(super) fn world<'a>(&'a self, project: &'a Project, plan: &Plan) -> World<'a> {
        World::new(project, &self.model, &self.network, plan)
    }
}

/// A trip of the plan.
#[derive(Debug)]
pub(super) struct Going {
    pub(super) id: String,
    pub(super) trip: DraftTrip,
    pub(super) kind: TypeId,
    /// Free on each leg, thousandths: seats, wheelchair places.
    pub(super) free: [Vec<u32>; 2],
}

/// A departure more that a vehicle has time for.
#[derive(Debug)]
pub(super) struct Extra {
    /// What it costs more on the service's day.
    pub(super) fen: Fen,
    pub(super) trip: DraftTrip,
    pub(super) kind: TypeId,
}

/// All that goes on a service.
#[derive(Debug, Default)]
pub(super) struct Service {
    pub(super) trips: Vec<Going>,
    blocks: Vec<DraftBlock>,
}

/// The plan with everybody's options.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) shop: Shop<'a>,
    pub(super) services: Vec<Service>,
    /// By service.
    running: Vec<Fen>,
    /// To the stops in use, [`MOST_METRES`] beyond the limits.
    far: Walks,
}

/// A place on a trip, as `explain` tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Trip id.
    pub trip: String,
    /// Position at which they would board.
    pub board: usize,
    /// Position at which they would alight.
    pub alight: usize,
    /// Cost of one person.
    pub cost: PersonCost,
    /// Free all the way, thousandths of a person.
    pub free: u32,
}

impl<'a> World<'a> {
    pub(super) fn new(project: &'a Project, model: &'a Model, network: &Network, plan: &Plan) -> Self {
        let stop_of: BTreeMap<&str, StopId> = model
            .stops
            .iter()
            .enumerate()
            .map(|(number, stop)| (stop.candidate.id.as_str(), StopId::at(number)))
            .collect();
        let mut offers = Vec::new();
        let mut line_of: BTreeMap<&str, LineId> = BTreeMap::new();
        for line in &plan.lines {
            let stops: Option<Vec<StopId>> = line.stops.iter().map(|id| stop_of.get(id.as_str()).copied()).collect();
            let Some(stops) = stops.filter(|stops| stops.len() > 1) else { continue };
            line_of.insert(&line.id, LineId::at(offers.len()));
            offers.push(Offer::new(model, Pattern(stops)));
        }
        let shop = Shop { project, model, offers };
        let services = services(&shop, plan, &line_of);
        let mut running = vec![Fen::ZERO; project.services.len()];
        let block_service: BTreeMap<&str, &str> =
            plan.blocks.iter().map(|block| (block.id.as_str(), block.service.as_str())).collect();
        for cost in &plan.costs.by_block {
            let service = block_service.get(cost.block.as_str());
            let number = project.services.iter().position(|known| service.is_some_and(|id| *id == known.id));
            if let Some(number) = number {
                running[number] += cost.fen;
            }
        }
        let far = far(&shop, network);
        Self { shop, services, running, far }
    }

    pub(super) fn model(&self) -> &'a Model {
        self.shop.model
    }

    /// The way these people go, also beyond their limit.
    pub(super) fn metres(&self, place: PlaceId, stop: StopId, ride: &Rides) -> Option<Metres> {
        self.far.metres(place, stop.index(), ride.wheelchair)
    }

    pub(super) fn stops(&self, trip: &DraftTrip) -> &[StopId] {
        &self.shop.offers[trip.line.index()].pattern.0
    }

    /// Seats and wheelchair places, thousandths.
    pub(super) fn room(&self, kind: TypeId) -> (u32, u32) {
        let kind = &self.shop.project.fleet[kind.index()];
        (kind.seats * 1000, kind.wheelchair_places * 1000)
    }

    /// The best pair of stops on a trip for a cohort with these wishes, if it costs less than `below`.
    pub(super) fn option(
        &self,
        cohort: CohortId,
        ride: &Rides,
        trip: &DraftTrip,
        below: Option<PersonCost>,
    ) -> Option<Choice> {
        let model = self.model();
        let stops = self.stops(trip);
        let walk = |place: PlaceId, stop: StopId| -> Option<Seconds> {
            if ride.wheelchair && !model.stops[stop.index()].candidate.step_free {
                return None;
            }
            let metres = self.metres(place, stop, ride).filter(|metres| *metres <= ride.max_walk)?;
            Some(walking(metres, ride.wheelchair, &model.policy) + model.transfer[place.index()])
        };
        let alight: Vec<Option<Seconds>> = stops.iter().map(|stop| walk(ride.destination, *stop)).collect();
        let mut best: Option<Choice> = None;
        for (i, &from) in stops.iter().enumerate() {
            let Some(before) = walk(ride.origin, from) else { continue };
            let leave = trip.times.depart[i];
            let Some(first) = wait_before(model, ride, leave, before) else { continue };
            for (j, after) in alight.iter().enumerate().skip(i + 1) {
                let Some(after) = *after else { continue };
                let there = trip.times.arrive[j];
                let riding = there.since(leave);
                if riding > model.policy.max_ride {
                    continue;
                }
                let Some((last, _)) = wait_after(model, ride, there + after) else { continue };
                let cost = model.person_cost(before + after, first + last, riding);
                if below.is_none_or(|below| cost < below)
                    && best.is_none_or(|best| cost < best.cost)
                    && let (Ok(board), Ok(alight)) = (u8::try_from(i), u8::try_from(j))
                {
                    best = Some(Choice { cohort, board, alight, cost });
                }
            }
        }
        best
    }

    /// Options on all trips of the cohort's service, by trip.
    pub(super) fn options(&self, cohort: CohortId, ride: &Rides) -> Vec<Option<Choice>> {
        let trips = &self.services[ride.service.index()].trips;
        trips.iter().map(|going| self.option(cohort, ride, &going.trip, Some(ride.alternative))).collect()
    }

    /// Every departure more that some vehicle of the service has time for, cheapest first.
    pub(super) fn extras(&self, number: ServiceId) -> Vec<Extra> {
        let service = &self.services[number.index()];
        let efforts: Vec<Option<Fen>> =
            service.blocks.iter().map(|block| self.shop.effort(block).map(|effort| effort.fen)).collect();
        let departures: Vec<(usize, u32)> = (0..self.shop.offers.len())
            .flat_map(|line| self.model().minutes.iter().map(move |minute| (line, *minute)))
            .collect();
        let mut extras: Vec<Extra> = departures
            .into_par_iter()
            .filter_map(|(line, minute)| {
                let trip = self.shop.trip(number, LineId::at(line), minute)?;
                if trip.choices.is_empty() {
                    return None;
                }
                let dearer = |(at, block): (usize, &DraftBlock)| {
                    let fen = self.with_trip(block, &trip)? - efforts[at]?;
                    self.affordable(number, fen).then_some((fen, block.kind))
                };
                let (fen, kind) = service.blocks.iter().enumerate().filter_map(dearer).min_by_key(|(fen, _)| *fen)?;
                Some(Extra { fen, trip, kind })
            })
            .collect();
        extras.sort_by_key(|extra| (extra.fen, extra.trip.line, extra.trip.minute));
        extras
    }

    /// Cost of a block with one trip more, if it can be driven.
    fn with_trip(&self, block: &DraftBlock, trip: &DraftTrip) -> Option<Fen> {
        let at = block.trips.partition_point(|other| other.minute < trip.minute);
        // Most are on the road just then: seen at once.
        let before = at.checked_sub(1).map(|before| self.shop.free_at(&block.trips[before]));
        let after = block.trips.get(at).map(|next| next.minute);
        if before.is_some_and(|free| free > trip.minute) || after.is_some_and(|next| self.shop.free_at(trip) > next) {
            return None;
        }
        let mut trips = block.trips.clone();
        trips.insert(at, trip.clone());
        self.shop.effort(&DraftBlock { kind: block.kind, trips }).map(|effort| effort.fen)
    }

    fn affordable(&self, number: ServiceId, more: Fen) -> bool {
        let project = self.shop.project;
        let mut running = self.running.clone();
        running[number.index()] += more;
        more <= Fen::ZERO || costs::excess(&project.services, &running, &project.budget).is_empty()
    }
}

fn services(shop: &Shop<'_>, plan: &Plan, line_of: &BTreeMap<&str, LineId>) -> Vec<Service> {
    let trip_of: BTreeMap<&str, &super::super::plan::Trip> =
        plan.trips.iter().map(|trip| (trip.id.as_str(), trip)).collect();
    let wheelchair: BTreeMap<&str, bool> =
        plan.cohorts.iter().map(|cohort| (cohort.id.as_str(), cohort.wheelchair)).collect();
    let mut services: Vec<Service> = shop.project.services.iter().map(|_| Service::default()).collect();
    let mut place: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    // In the order of the blocks, as they were chosen among: of two equally good trips people take the first.
    for block in &plan.blocks {
        let number = shop.project.services.iter().position(|service| service.id == block.service);
        let kind = shop.project.fleet.iter().position(|kind| kind.id == block.vehicle_type).map(TypeId::at);
        let (Some(number), Some(kind)) = (number, kind) else { continue };
        let mut trips = Vec::new();
        for id in block.items.iter().filter_map(|item| item.trip.as_deref()) {
            let Some(written) = trip_of.get(id) else { continue };
            let (Some(line), Some(first)) = (line_of.get(written.line.as_str()), written.times.first()) else {
                continue;
            };
            let Some(trip) = shop.trip(ServiceId::at(number), *line, first.depart.minute()) else { continue };
            trips.push(trip.clone());
            let legs = trip.times.arrive.len() - 1;
            let vehicle = &shop.project.fleet[kind.index()];
            let free = [vec![vehicle.seats * 1000; legs], vec![vehicle.wheelchair_places * 1000; legs]];
            place.insert(id, (number, services[number].trips.len()));
            services[number].trips.push(Going { id: id.to_owned(), trip, kind, free });
        }
        if !trips.is_empty() {
            services[number].blocks.push(DraftBlock { kind, trips });
        }
    }
    for rider in &plan.riders {
        for leg in &rider.legs {
            let Some(&(number, at)) = place.get(leg.trip.as_str()) else { continue };
            let going = &mut services[number].trips[at];
            let stops = &shop.offers[going.trip.line.index()].pattern.0;
            let position = |id: &str| stops.iter().position(|stop| shop.model.stops[stop.index()].candidate.id == id);
            let (Some(board), Some(alight)) = (position(&leg.board), position(&leg.alight)) else { continue };
            let which = usize::from(wheelchair.get(rider.cohort.as_str()).copied().unwrap_or(false));
            for free in going.free[which].get_mut(board..alight).into_iter().flatten() {
                *free = free.saturating_sub(rider.people.0);
            }
        }
    }
    services
}

/// Walks to the stops in use, farther than anybody's limit.
fn far(shop: &Shop<'_>, network: &Network) -> Walks {
    let model = shop.model;
    let mut used: Vec<StopId> = shop.offers.iter().flat_map(|offer| offer.pattern.0.iter().copied()).collect();
    used.sort_unstable();
    used.dedup();
    let limit = model.rides.iter().map(|ride| ride.max_walk).max().unwrap_or_default() + Metres(MOST_METRES);
    let footing = Footing::of(shop.project, network, &model.places);
    let at =
        |stop: &StopId| network.foothold(model.stops[stop.index()].candidate.point, shop.project.policy.max_foothold);
    let (stops, footholds): (Vec<StopId>, Vec<Foothold>) =
        used.iter().filter_map(|stop| Some((*stop, at(stop)?))).unzip();
    if footholds.is_empty() {
        return Walks::default();
    }
    let wheelchairs = wheelchair_places(&model.rides);
    let metres = footing.walks_to(network, model.places.len(), &footholds, Some(limit), &wheelchairs);
    let by_stop = |found: &Vec<Option<Metres>>| {
        let mut row = vec![None; model.stops.len()];
        for (stop, metres) in stops.iter().zip(found) {
            row[stop.index()] = *metres;
        }
        row
    };
    metres.map(|rows| rows.iter().map(by_stop).collect())
}
