//! The first plan: stage after stage, at a few prices for a vehicle's minute, the best kept.
//!
//! Lines and departures at the price; then, for each mixture of vehicles that can be hired, the trips they can run that save most, by minimum-cost flow with the hire already paid; then the least valuable trip goes until every hard limit holds and
//! no trip costs more than it brings. Running nothing is always feasible.

use super::draft::{Draft, DraftBlock, DraftService, DraftTrip, Shop};
use super::improve::{Desk, Show, Weighed};
use super::timetable::{self, Departure, Grid, Prices};
use super::vehicles::{self, Problem, Spot, Work};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::domain::ids::{LineId, ServiceId, TypeId};
use crate::domain::units::{Fen, ServiceTime};
use crate::search::{Progress, Run};

/// The first plan looks at no more vehicles than this; the search may hire more.
const MOST_VEHICLES: u32 = 12;
/// … and at no more mixtures of types than this.
const MOST_HIRES: usize = 40;
/// Prices tried, as shares of a vehicle's hire spread over half its hours (it stands idle between the peaks).
const PRICES: [f64; 4] = [0.5, 0.25, 1.0, 0.1];

/// The best draft of the stages for each mixture of vehicles; the first runs nothing, the second is the one `known` before, if any.
/// After each price the best so far is shown.
///
/// Told to stop, it ends with what it has, but not without a draft that runs something, if there is one.
#[must_use]
pub fn drafts(
    shop: &Shop<'_>,
    desk: &Desk<'_>,
    known: Option<Weighed>,
    run: &Run<'_>,
    show: &Show<'_>,
) -> Vec<Weighed> {
    let services = shop.project.services.len();
    let nothing = Draft { services: vec![Vec::new(); services] };
    let mut best = match desk.weigh(nothing.clone()) {
        Some(weighed) => vec![weighed],
        // Running nothing is too much of a change: so is all that the stages make from nothing.
        None if shop.project.max_changes.is_some() => return known.into_iter().collect(),
        None => vec![Weighed::nothing(nothing)],
    };
    let any = AtomicBool::new(known.is_some());
    best.extend(known);
    let Some(minute) = minute_price(shop) else { return best };
    let mut by_hire: Vec<(Vec<u32>, Option<Weighed>)> = hires(shop).into_iter().map(|hire| (hire, None)).collect();
    let asked = (run.watch)(&Progress { stage: "stage-first", iteration: 0, objective: None, bound: None });
    if asked.stop && any.load(Ordering::Relaxed) {
        return best;
    }
    let grids: Vec<Vec<Grid>> = (0..services)
        .map(|s| shop.offers.par_iter().map(|offer| Grid::wished(shop.model, offer, ServiceId::at(s))).collect())
        .collect();
    for (tried, share) in (0_u64..).zip(PRICES) {
        let objective = least(&best, &by_hire).map(|best| best.worth.objective());
        let stop = || {
            let progress = Progress { stage: "stage-first", iteration: tried, objective, bound: None };
            (run.watch)(&progress).stop && any.load(Ordering::Relaxed)
        };
        if stop() {
            break;
        }
        let timetables = timetables(shop, &grids, minute * share);
        by_hire.par_iter_mut().for_each(|(hire, found)| {
            if !stop()
                && let Some(weighed) = staged(shop, desk, &timetables, hire, &stop)
                && found.as_ref().is_none_or(|found| weighed.worth.objective() < found.worth.objective())
            {
                *found = Some(weighed);
                any.store(true, Ordering::Relaxed);
            }
        });
        if let Some(best) = least(&best, &by_hire) {
            show(best, 0);
        }
    }
    best.extend(by_hire.into_iter().filter_map(|(_, found)| found));
    best
}

/// The best of those before and those found.
fn least<'w>(before: &'w [Weighed], by_hire: &'w [(Vec<u32>, Option<Weighed>)]) -> Option<&'w Weighed> {
    let found = by_hire.iter().filter_map(|(_, found)| found.as_ref());
    before.iter().chain(found).min_by(|a, b| a.worth.objective().total_cmp(&b.worth.objective()))
}

/// Vehicles of each type that could be hired on one day: all that the fleet has and the day's budget pays, fewest first.
fn hires(shop: &Shop<'_>) -> Vec<Vec<u32>> {
    let kinds = by_price_of_a_seat(shop);
    let fleet = &shop.project.fleet;
    let price =
        |hire: &[u32]| hire.iter().zip(fleet).map(|(count, kind)| i64::from(*count) * kind.cost_per_day.0).sum::<i64>();
    let mut all = vec![vec![0_u32; fleet.len()]];
    for kind in kinds {
        let mut more = Vec::new();
        for hire in &all {
            for count in 0..=fleet[kind.index()].count.min(MOST_VEHICLES) {
                let mut hire = hire.clone();
                hire[kind.index()] = count;
                let within = shop.project.budget.per_day.is_none_or(|limit| price(&hire) <= limit.0);
                if hire.iter().sum::<u32>() <= MOST_VEHICLES && within {
                    more.push(hire);
                }
            }
        }
        more.sort_by_key(|hire| (hire.iter().sum::<u32>(), hire.clone()));
        more.truncate(MOST_HIRES);
        all = more;
    }
    all.retain(|hire| hire.iter().any(|count| *count > 0));
    all
}

/// Fen for a vehicle-minute: the cheapest hire over half of what it includes.
fn minute_price(shop: &Shop<'_>) -> Option<f64> {
    let usable = |kind: &&super::project::VehicleType| kind.count > 0 && kind.seats > 0;
    shop.project
        .fleet
        .iter()
        .filter(usable)
        .map(|kind| kind.cost_per_day.0 as f64 / (f64::from(kind.included.0.max(3600)) / 60.0 / 2.0))
        .min_by(f64::total_cmp)
}

/// Departures of every service at a price for the vehicles' minutes; lines are shared between services, the largest first.
fn timetables(shop: &Shop<'_>, grids: &[Vec<Grid>], minute: f64) -> Vec<Vec<Departure>> {
    let mut order: Vec<ServiceId> = (0..grids.len()).map(ServiceId::at).collect();
    let crowd = |s: ServiceId| {
        shop.model.rides.iter().filter(|ride| ride.service == s).map(|ride| u64::from(ride.people.0)).sum::<u64>()
    };
    order.sort_by_key(|&s| (std::cmp::Reverse(crowd(s)), s));
    let seats = by_price_of_a_seat(shop).first().map_or(0, |kind| shop.project.fleet[kind.index()].seats);
    let mut all = vec![Vec::new(); grids.len()];
    let mut open: Vec<LineId> = Vec::new();
    for service in order {
        let weight = shop.model.weight(service);
        if weight <= 0.0 {
            continue;
        }
        let upkeep = (shop.project.upkeep.per_line.0 + 2 * shop.project.upkeep.per_stop.0) as f64 / weight;
        #[expect(clippy::cast_possible_truncation, reason = "a price of a line is far below 2^53 fen")]
        let prices = Prices {
            minute,
            seats: f64::from(seats * shop.model.policy.planned_load()) / 1000.0,
            line: Fen(upkeep as i64),
            max_lines: shop.project.upkeep.max_lines.map_or(usize::MAX, |max| max as usize),
        };
        let departures = timetable::plan(shop.model, &shop.offers, &grids[service.index()], service, &open, prices);
        open.extend(departures.iter().map(|departure| departure.line));
        open.sort_unstable();
        open.dedup();
        all[service.index()] = departures;
    }
    all
}

/// The timetables on these vehicles, within all limits; `None` where dropping trips did not help.
fn staged(
    shop: &Shop<'_>,
    desk: &Desk<'_>,
    timetables: &[Vec<Departure>],
    hire: &[u32],
    stop: &dyn Fn() -> bool,
) -> Option<Weighed> {
    let kinds = by_price_of_a_seat(shop);
    let services = (0..).map(ServiceId::at).zip(timetables);
    let draft = Draft { services: services.map(|(s, at)| on_vehicles(shop, s, at, &kinds, hire)).collect() };
    match desk.weigh(draft.clone()) {
        Some(weighed) => Some(weighed),
        None => legal_and_worthwhile(shop, desk, draft, stop),
    }
}

fn by_price_of_a_seat(shop: &Shop<'_>) -> Vec<TypeId> {
    let fleet = &shop.project.fleet;
    let mut kinds: Vec<TypeId> = (0..fleet.len())
        .map(TypeId::at)
        .filter(|k| fleet[k.index()].count > 0 && fleet[k.index()].seats > 0 && shop.model.depot[k.index()].is_some())
        .collect();
    let price = |k: &TypeId| fleet[k.index()].cost_per_day.0 as f64 / f64::from(fleet[k.index()].seats);
    kinds.sort_by(|a, b| price(a).total_cmp(&price(b)).then(a.cmp(b)));
    kinds
}

/// These vehicles for a timetable, their hire being paid: each type takes what saves most of what is left.
fn on_vehicles(
    shop: &Shop<'_>,
    service: ServiceId,
    departures: &[Departure],
    kinds: &[TypeId],
    hire: &[u32],
) -> DraftService {
    let mut left: Vec<(DraftTrip, Fen)> =
        departures.iter().filter_map(|at| Some((shop.trip(service, at.line, at.minute)?, at.value))).collect();
    let mut fleet = shop.project.fleet.clone();
    for (kind, count) in fleet.iter_mut().zip(hire) {
        kind.cost_per_day = Fen::ZERO;
        kind.count = *count;
    }
    let depots: Vec<usize> = shop.model.depot.iter().map(|depot| depot.unwrap_or(usize::MAX)).collect();
    let drive = |from: Spot, to: Spot, at: ServiceTime| {
        let place = |spot: Spot| match spot {
            Spot::Stop(stop) => stop.index(),
            Spot::Depot(depot) => depot,
        };
        shop.model.matrix(shop.model.policy.band_at(at)).get(place(from), place(to))
    };
    let mut blocks = Vec::new();
    for &kind in kinds {
        let works: Vec<Work> = left
            .iter()
            .map(|(trip, value)| {
                let stops = &shop.offers[trip.line.index()].pattern.0;
                Work {
                    from: stops[0],
                    to: stops[stops.len() - 1],
                    depart: trip.times.depart[0],
                    arrive: trip.times.arrive[trip.times.arrive.len() - 1],
                    metres: trip.times.metres,
                    vehicle_type: kind,
                    value: *value,
                }
            })
            .collect();
        let problem = Problem {
            works: &works,
            fleet: &fleet,
            depots: &depots,
            layover: shop.model.policy.layover,
            drive: &drive,
        };
        let Ok(schedule) = vehicles::chain(&problem) else { continue };
        for chain in &schedule.chains {
            let trips = chain.trips.iter().map(|trip| left[trip.index()].0.clone()).collect();
            blocks.extend(driveable(shop, DraftBlock { kind, trips }));
        }
        let keep: Vec<(DraftTrip, Fen)> = schedule.uncovered.iter().map(|trip| left[trip.index()].clone()).collect();
        left = keep;
    }
    blocks
}

/// Trips are dropped from the end until the driver's day is legal.
fn driveable(shop: &Shop<'_>, mut block: DraftBlock) -> Option<DraftBlock> {
    while !block.trips.is_empty() {
        if shop.effort(&block).is_some() {
            return Some(block);
        }
        block.trips.pop();
    }
    None
}

/// Drops the least valuable trip until all limits hold, then while a drop pays; `None` where told to stop before they hold.
pub fn legal_and_worthwhile(
    shop: &Shop<'_>,
    desk: &Desk<'_>,
    mut draft: Draft,
    stop: &dyn Fn() -> bool,
) -> Option<Weighed> {
    let mut now = desk.weigh(draft.clone());
    loop {
        let mut best: Option<(f64, Draft, Option<Weighed>)> = None;
        for (s, service) in draft.services.iter().enumerate() {
            for (b, block) in service.iter().enumerate() {
                if stop() {
                    return now;
                }
                for t in 0..=block.trips.len() {
                    let mut fewer = draft.clone();
                    if t < block.trips.len() && block.trips.len() > 1 {
                        fewer.services[s][b].trips.remove(t);
                    } else if t == block.trips.len() {
                        fewer.services[s].remove(b);
                    } else {
                        continue;
                    }
                    let weighed = desk.weigh(fewer.clone());
                    // While limits are broken, judge by the people's cost alone, per trip dropped.
                    let judged = match (&weighed, &now) {
                        (Some(weighed), _) => weighed.worth.objective(),
                        (None, Some(_)) => continue,
                        (None, None) => {
                            1e15 + shop.people(ServiceId::at(s), &fewer.services[s], shop.model.policy.planned_load())
                        }
                    };
                    if best.as_ref().is_none_or(|(least, _, _)| judged < *least) {
                        best = Some((judged, fewer, weighed));
                    }
                }
            }
        }
        let Some((judged, fewer, weighed)) = best else { return now };
        if now.as_ref().is_some_and(|now| judged >= now.worth.objective()) {
            return now;
        }
        draft = fewer;
        now = weighed;
    }
}
