//! From the best draft to the document: names, ids, drawn lines, blocks and duties, riders, reasons, costs, the figures.
//!
//! Ids are made of what a thing is (its stops, its minute), so that the same line keeps its id from plan to plan.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, DraftService, DraftTrip, Shop};
use super::evaluation::Aboard;
use super::explain::{self, Seen};
use super::model::{Model, Pattern};
use super::plan::{
    Block, Costs, Duty, Evaluation, Leg, Line, Mode, PersonCost, Rider, ServiceDays, Stop, StopTime, Terms, Trip,
    Unserved,
};
use super::project::{Project, service_week};
use super::vehicles::{self, Names, Problem, Spot, Work};
use super::{costs, duties, trips};
use sha2::{Digest, Sha256};

use crate::domain::calendar::{Service, Week};
use crate::domain::finding::Finding;
use crate::domain::ids::{CohortId, LineId, PlaceId, ServiceId, StopId, TripId, TypeId};
use crate::domain::site::SiteKind;
use crate::domain::units::{Fen, Metres, People, Seconds, ServiceTime};
use crate::network::Network;
use crate::network::profile::Band;

/// The shuttle's part of a plan.
#[derive(Debug, Default)]
pub struct Shuttle {
    /// Stops in use, by id.
    pub stops: Vec<Stop>,
    /// Lines in use.
    pub lines: Vec<Line>,
    /// Departures.
    pub trips: Vec<Trip>,
    /// Vehicles' days.
    pub blocks: Vec<Block>,
    /// Drivers' days.
    pub duties: Vec<Duty>,
    /// Who rides.
    pub riders: Vec<Rider>,
    /// Who does not.
    pub unserved: Vec<Unserved>,
    /// What it costs (shares come later).
    pub costs: Costs,
    /// What it is worth.
    pub evaluation: Evaluation,
    /// What is doubtful.
    pub findings: Vec<Finding>,
}

/// Service days as the plan carries them.
#[must_use]
pub fn service_days(service: &Service) -> ServiceDays {
    ServiceDays {
        id: service.id.clone(),
        days: if service.week == Week::NONE { String::new() } else { service_week(service).to_string() },
        from: service.from,
        until: service.until,
        added: service.added.clone(),
        removed: service.removed.clone(),
    }
}

/// Writes the draft out.
#[must_use]
pub fn shuttle(shop: &Shop<'_>, network: &Network, draft: &Draft) -> Shuttle {
    let mut plan = Shuttle { stops: stops(shop, draft), ..Shuttle::default() };
    let used = draft.lines();
    plan.lines = lines(shop, network, &used, &by_train(shop, draft));
    let line_ids: BTreeMap<LineId, &str> =
        used.iter().copied().zip(plan.lines.iter().map(|line| line.id.as_str())).collect();
    let mut trip_ids = BTreeSet::new();
    let mut sums = Sums::new(shop);
    for (number, service) in draft.services.iter().enumerate() {
        let number = ServiceId::at(number);
        let name = &shop.project.services[number.index()].id;
        let trips: Vec<&DraftTrip> = service.iter().flat_map(|block| &block.trips).collect();
        let ids: Vec<String> =
            trips.iter().map(|trip| trip_id(name, line_ids[&trip.line], trip.minute, &mut trip_ids)).collect();
        let aboard = shop.riders(service, 1000);
        let blocks = blocks(shop, number, service, &ids);
        let journeys = journeys(shop, &trips, &aboard);
        let loads = loads(&trips, &aboard);
        let riders = riders(shop, &ids, &journeys);
        let unserved = unserved(shop, number, service, &trips, &aboard);
        let mut running = Fen::ZERO;
        for block in &blocks {
            if let Some(kind) = shop.project.fleet.iter().find(|kind| kind.id == block.vehicle_type) {
                let cost = costs::block_cost(block, kind);
                running += cost.fen;
                plan.costs.by_block.push(cost);
            }
            match duties::cut(block, &shop.model.policy) {
                Ok(cut) => plan.duties.extend(cut),
                Err(_) => plan.findings.push(Finding::error("duty-not-legal").arg("block", block.id.as_str())),
            }
        }
        sums.add(shop, number, &journeys, &unserved, running);
        sums.fill(shop, service, &loads);
        plan.trips.extend(written_trips(shop, name, &line_ids, &trips, &ids, loads, &blocks));
        plan.blocks.extend(blocks);
        plan.riders.extend(riders);
        plan.unserved.extend(unserved);
    }
    plan.trips.sort_by(|a, b| {
        (&a.service, &a.line, a.times[0].depart, &a.id).cmp(&(&b.service, &b.line, b.times[0].depart, &b.id))
    });
    plan.costs.total_fen = sums.running();
    plan.evaluation = sums.evaluation(shop, draft);
    plan
}

fn stops(shop: &Shop<'_>, draft: &Draft) -> Vec<Stop> {
    let used: BTreeSet<StopId> =
        draft.lines().iter().flat_map(|line| shop.offers[line.index()].pattern.0.clone()).collect();
    let mut stops: Vec<Stop> = used.into_iter().map(|stop| Stop::of(&shop.model.stops[stop.index()])).collect();
    stops.sort_by(|a, b| a.id.cmp(&b.id));
    stops
}

/// Where a line starts or ends, in people's words: the park or station of the stop's site, else the stop.
fn terminus(project: &Project, stop: &super::project::CandidateStop) -> (String, String, String, bool) {
    let site = stop.site.as_deref().and_then(|id| project.site(id));
    let whole = site.and_then(|site| site.parent.as_deref().and_then(|id| project.site(id)).or(Some(site)));
    match whole {
        Some(site) => {
            let english = site.name_en.clone().unwrap_or_else(|| site.name.clone());
            (site.id.clone(), site.name.clone(), english, site.kind == SiteKind::Station)
        }
        // Both kerbs of a spot have one name, and there and back one number.
        None => (
            stop.name.clone(),
            plain(project, &stop.name).to_owned(),
            stop.name_en.clone().unwrap_or_else(|| stop.name.clone()),
            false,
        ),
    }
}

/// The lines on which somebody comes from a station or goes to one: they are shuttles; where commute lines are planned, the others are those.
fn by_train(shop: &Shop<'_>, draft: &Draft) -> BTreeSet<LineId> {
    let station = |place: PlaceId| shop.project.station_of(&shop.model.places[place.index()]).is_some();
    let mut lines = BTreeSet::new();
    for service in &draft.services {
        let trips: Vec<&DraftTrip> = service.iter().flat_map(|block| &block.trips).collect();
        for row in shop.riders(service, 1000) {
            let ride = &shop.model.rides[row.cohort.index()];
            if station(ride.origin) || station(ride.destination) {
                lines.insert(trips[row.trip].line);
            }
        }
    }
    lines
}

/// Of a found stop the spot without how many metres it is beside it: where a line starts need not be told to 50 m.
fn plain<'n>(project: &Project, name: &'n str) -> &'n str {
    let metres = name.strip_suffix('米').filter(|_| project.stops.is_empty());
    metres.map_or(name, |name| name.trim_end_matches(|digit: char| digit.is_ascii_digit()))
}

fn lines(shop: &Shop<'_>, network: &Network, used: &[LineId], by_train: &BTreeSet<LineId>) -> Vec<Line> {
    let modes = shop.project.policy.modes;
    let mut numbers: BTreeMap<[String; 2], usize> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    used.iter()
        .map(|line| {
            let pattern = &shop.offers[line.index()].pattern;
            let at = |stop: StopId| &shop.model.stops[stop.index()];
            let (first, last) = (at(pattern.0[0]), at(pattern.0[pattern.0.len() - 1]));
            let (from, to) = (terminus(shop.project, &first.candidate), terminus(shop.project, &last.candidate));
            let mut pair = [from.0.clone(), to.0.clone()];
            pair.sort();
            let next = numbers.len() + 1;
            let number = *numbers.entry(pair.clone()).or_insert(next);
            // Out is away from the station; between two of a kind, as the ids sort.
            let out = if from.3 == to.3 { pair[0] == from.0 } else { from.3 };
            let mode = match (modes.commute, modes.shuttle && by_train.contains(line)) {
                (true, false) => Mode::Commute,
                _ => Mode::Shuttle,
            };
            let (short, short_en) = match mode {
                Mode::Commute => (format!("班车{number}"), format!("Bus {number}")),
                _ => (format!("{number}路"), number.to_string()),
            };
            let names: Vec<&str> = pattern.0.iter().map(|stop| at(*stop).candidate.id.as_str()).collect();
            let id = unique(&line_id(&names), &mut ids);
            let (geometry, stop_positions) = drawn(shop.model, network, pattern);
            let metres: u32 = pattern
                .0
                .windows(2)
                .filter_map(|leg| shop.model.drive[0].get(leg[0].index(), leg[1].index()))
                .map(|(_, metres)| metres.0)
                .sum();
            Line {
                id,
                name: format!("{short} {} → {}", from.1, to.1),
                name_en: format!("{short_en} {} → {}", from.2, to.2),
                mode,
                direction: u8::from(!out),
                stops: pattern.0.iter().map(|stop| at(*stop).candidate.id.clone()).collect(),
                geometry,
                stop_positions,
                km: f64::from(metres) / 1000.0,
            }
        })
        .collect()
}

/// Its ends, and a mark of the stops between: the same stops are the same line in every plan.
fn line_id(stops: &[&str]) -> String {
    let ends = format!("{}--{}", stops[0], stops[stops.len() - 1]);
    if stops.len() == 2 {
        return ends;
    }
    let mark: String =
        Sha256::digest(stops.join("|").as_bytes()).iter().take(2).map(|byte| format!("{byte:02x}")).collect();
    format!("{ends}-{mark}")
}

fn unique(base: &str, taken: &mut BTreeSet<String>) -> String {
    let mut id = base.to_owned();
    let mut number = 2;
    while !taken.insert(id.clone()) {
        id = format!("{base}-{number}");
        number += 1;
    }
    id
}

/// Must the bus turn round in the road on this line? No driver likes to, with people aboard.
#[must_use]
pub fn turns(model: &Model, network: &Network, pattern: &Pattern) -> bool {
    drawn(model, network, pattern).0.windows(3).any(|at| at[0] == at[2])
}

/// The road of a line, six decimals, and where its stops lie on it.
fn drawn(model: &Model, network: &Network, pattern: &Pattern) -> (Vec<[f64; 2]>, Vec<u32>) {
    let mut geometry: Vec<[f64; 2]> = Vec::new();
    let mut positions = Vec::new();
    let place = |stop: StopId| &model.stops[stop.index()].on_road;
    for leg in pattern.0.windows(2) {
        let Some(path) = network.bus_path(place(leg[0]), place(leg[1]), Band::Free) else { continue };
        for (k, point) in path.points.iter().enumerate() {
            let rounded = [(point.lon * 1e6).round() / 1e6, (point.lat * 1e6).round() / 1e6];
            if geometry.last() != Some(&rounded) {
                geometry.push(rounded);
            }
            if k == 0 {
                positions.push(last_position(&geometry));
            }
        }
    }
    positions.push(last_position(&geometry));
    (geometry, positions)
}

fn last_position(geometry: &[[f64; 2]]) -> u32 {
    u32::try_from(geometry.len().saturating_sub(1)).unwrap_or(u32::MAX)
}

fn trip_id(service: &str, line: &str, minute: u32, taken: &mut BTreeSet<String>) -> String {
    unique(&format!("{service}-{line}-{:02}{:02}", minute / 60, minute % 60), taken)
}

/// Blocks by minimum-cost flow over all trips; vehicle by vehicle as drafted where that is cheaper or the only legal way.
fn blocks(shop: &Shop<'_>, number: ServiceId, service: &DraftService, trip_ids: &[String]) -> Vec<Block> {
    let mut works = Vec::new();
    for block in service {
        for trip in &block.trips {
            let stops = &shop.offers[trip.line.index()].pattern.0;
            works.push(Work {
                from: stops[0],
                to: stops[stops.len() - 1],
                depart: trip.times.depart[0],
                arrive: trip.times.arrive[trip.times.arrive.len() - 1],
                metres: trip.times.metres,
                vehicle_type: block.kind,
                value: Fen(i64::MAX / 4),
            });
        }
    }
    let drive = |from: Spot, to: Spot, at: ServiceTime| {
        let place = |spot: Spot| match spot {
            Spot::Stop(stop) => stop.index(),
            Spot::Depot(depot) => depot,
        };
        shop.model.matrix(shop.model.policy.band_at(at)).get(place(from), place(to))
    };
    let depots: Vec<usize> = shop.model.depot.iter().map(|depot| depot.unwrap_or(usize::MAX)).collect();
    let stop_ids: Vec<String> = shop.model.stops.iter().map(|stop| stop.candidate.id.clone()).collect();
    let names = Names {
        service: &shop.project.services[number.index()].id,
        trips: trip_ids,
        stops: &stop_ids,
        break_length: shop.model.policy.break_length,
    };
    let drive: &vehicles::EmptyDrives<'_> = &drive;
    let layover = shop.model.policy.layover;
    let problem = Problem { works: &works, fleet: &shop.project.fleet, depots: &depots, layover, drive };
    let legal = |blocks: &[Block]| blocks.iter().all(|block| duties::cut(block, &shop.model.policy).is_ok());
    let drafted = shop.running(service);
    if let Ok(schedule) = vehicles::chain(&problem)
        && schedule.uncovered.is_empty()
        && drafted.is_none_or(|fen| schedule.running <= fen)
    {
        let blocks = vehicles::build_blocks(&problem, &schedule, &names);
        if legal(&blocks) {
            return blocks;
        }
    }
    // One vehicle at a time: the flow over its own trips keeps them together.
    let mut together = vehicles::Schedule::default();
    let mut fleet = shop.project.fleet.clone();
    for kind in &mut fleet {
        kind.count = 1;
    }
    let mut first = 0;
    for block in service {
        let mut own = works.clone();
        for (k, work) in own.iter_mut().enumerate() {
            if k < first || k >= first + block.trips.len() {
                work.vehicle_type = TypeId(u32::MAX);
                work.value = Fen::ZERO;
            }
        }
        first += block.trips.len();
        if let Ok(schedule) = vehicles::chain(&Problem { works: &own, fleet: &fleet, ..problem }) {
            together.chains.extend(schedule.chains);
        }
    }
    together.chains.sort_by_key(|chain| {
        (chain.vehicle_type, chain.pull_out.start, chain.trips.first().copied().unwrap_or(TripId(0)))
    });
    vehicles::build_blocks(&problem, &together, &names)
}

/// People aboard with all that is said about them.
struct Journey<'a> {
    row: &'a Aboard,
    trip: usize,
    board: StopId,
    alight: StopId,
    walk_m: Metres,
    walk: Seconds,
    wait: Seconds,
    ride: Seconds,
    train: Option<ServiceTime>,
}

fn journeys<'a>(shop: &Shop<'_>, trips: &[&DraftTrip], aboard: &'a [Aboard]) -> Vec<Journey<'a>> {
    let model = shop.model;
    aboard
        .iter()
        .map(|row| {
            let ride = &model.rides[row.cohort.index()];
            let trip = trips[row.trip];
            let stops = &shop.offers[trip.line.index()].pattern.0;
            let (i, j) = (usize::from(row.board), usize::from(row.alight));
            let (board, alight) = (stops[i], stops[j]);
            let metres = |place, stop| model.walk_metres(place, stop, ride).unwrap_or_default();
            let walk = |place, stop| model.walk_seconds(place, stop, ride).unwrap_or_default();
            let (before, after) = (walk(ride.origin, board), walk(ride.destination, alight));
            let (leave, there) = (trip.times.depart[i], trip.times.arrive[j] + after);
            let first = trips::wait_before(model, ride, leave, before).unwrap_or_default();
            let last = trips::wait_after(model, ride, there).map(|(wait, _)| wait).unwrap_or_default();
            Journey {
                row,
                trip: row.trip,
                board,
                alight,
                walk_m: metres(ride.origin, board) + metres(ride.destination, alight),
                walk: before + after,
                wait: first + last,
                ride: trip.times.arrive[j].since(leave),
                train: trips::train_met(model, ride, leave, before, there),
            }
        })
        .collect()
}

fn riders(shop: &Shop<'_>, ids: &[String], journeys: &[Journey<'_>]) -> Vec<Rider> {
    let id = |stop: StopId| shop.model.stops[stop.index()].candidate.id.clone();
    journeys
        .iter()
        .map(|journey| Rider {
            cohort: shop.model.cohorts[journey.row.cohort.index()].id.clone(),
            people: journey.row.people,
            legs: vec![Leg { trip: ids[journey.trip].clone(), board: id(journey.board), alight: id(journey.alight) }],
            walk_m: journey.walk_m,
            wait_s: journey.wait,
            ride_s: journey.ride,
            train: journey.train,
        })
        .collect()
}

/// People aboard on leaving each stop, trip by trip.
fn loads(trips: &[&DraftTrip], aboard: &[Aboard]) -> Vec<Vec<People>> {
    let mut loads: Vec<Vec<People>> = trips.iter().map(|trip| vec![People::ZERO; trip.times.arrive.len()]).collect();
    for row in aboard {
        for load in &mut loads[row.trip][usize::from(row.board)..usize::from(row.alight)] {
            *load += row.people;
        }
    }
    loads
}

fn unserved(
    shop: &Shop<'_>,
    number: ServiceId,
    service: &DraftService,
    trips: &[&DraftTrip],
    aboard: &[Aboard],
) -> Vec<Unserved> {
    let kinds = service.iter().flat_map(|block| block.trips.iter().map(|_| &shop.project.fleet[block.kind.index()]));
    let mut seen: Vec<Seen<'_>> = trips
        .iter()
        .zip(kinds)
        .map(|(trip, kind)| {
            let legs = trip.times.arrive.len() - 1;
            Seen {
                stops: &shop.offers[trip.line.index()].pattern.0,
                times: &trip.times,
                wheelchairs: kind.wheelchair_places > 0,
                free: vec![kind.seats * 1000; legs],
                free_places: vec![kind.wheelchair_places * 1000; legs],
            }
        })
        .collect();
    let mut riding = vec![People::ZERO; shop.model.rides.len()];
    for row in aboard {
        riding[row.cohort.index()] += row.people;
        let trip = &mut seen[row.trip];
        let wheelchair = shop.model.rides[row.cohort.index()].wheelchair;
        let legs = if wheelchair { &mut trip.free_places } else { &mut trip.free };
        for free in &mut legs[usize::from(row.board)..usize::from(row.alight)] {
            *free = free.saturating_sub(row.people.0);
        }
    }
    let left = |c: usize| shop.model.rides[c].people.minus(riding[c]);
    (0..shop.model.rides.len())
        .filter(|&c| shop.model.rides[c].service == number && left(c) > People::ZERO)
        .map(|c| explain::reason(shop.model, CohortId::at(c), left(c), &seen))
        .collect()
}

fn written_trips(
    shop: &Shop<'_>,
    service: &str,
    line_ids: &BTreeMap<LineId, &str>,
    trips: &[&DraftTrip],
    ids: &[String],
    loads: Vec<Vec<People>>,
    blocks: &[Block],
) -> Vec<Trip> {
    let mut runs: BTreeMap<&str, &str> = BTreeMap::new();
    for block in blocks {
        for trip in block.items.iter().filter_map(|item| item.trip.as_deref()) {
            runs.insert(trip, &block.id);
        }
    }
    trips
        .iter()
        .zip(ids)
        .zip(loads)
        .map(|((trip, id), load)| {
            let stops = &shop.offers[trip.line.index()].pattern.0;
            let times = stops.iter().enumerate().map(|(k, stop)| StopTime {
                stop: shop.model.stops[stop.index()].candidate.id.clone(),
                arrive: trip.times.arrive[k],
                depart: trip.times.depart[k],
            });
            Trip {
                id: id.clone(),
                service: service.to_owned(),
                line: line_ids[&trip.line].to_owned(),
                block: runs.get(id.as_str()).map(|block| (*block).to_owned()).unwrap_or_default(),
                times: times.collect(),
                load,
            }
        })
        .collect()
}

/// Sums over services for the evaluation.
struct Sums {
    people: Vec<Fen>,
    nothing: Vec<Fen>,
    running: Vec<Fen>,
    days: Vec<u32>,
    /// Weighted by days: people, their weighted seconds, metres, waits, rides.
    means: [f64; 5],
    worst: Option<(PersonCost, CohortId)>,
    load_factors: Vec<f64>,
}

impl Sums {
    fn new(shop: &Shop<'_>) -> Self {
        let (days, _) = shop.model.service_days.clone();
        let zero = vec![Fen::ZERO; days.len()];
        Self {
            people: zero.clone(),
            nothing: zero.clone(),
            running: zero,
            days,
            means: [0.0; 5],
            worst: None,
            load_factors: Vec::new(),
        }
    }

    fn add(&mut self, shop: &Shop<'_>, number: ServiceId, riding: &[Journey<'_>], unserved: &[Unserved], running: Fen) {
        let (model, s) = (shop.model, number.index());
        let policy = &model.policy;
        let weight = model.weight(number);
        self.running[s] = running;
        for journey in riding {
            self.people[s] += journey.row.cost.times(journey.row.people);
            let weighted = [
                (policy.weight_walk, journey.walk),
                (policy.weight_wait, journey.wait),
                (policy.weight_ride, journey.ride),
            ]
            .map(|(weight, span)| f64::from(weight) / 1000.0 * f64::from(span.0));
            let people = journey.row.people.as_f64() * weight;
            self.means[0] += people;
            self.means[1] += people * weighted.iter().sum::<f64>();
            self.means[2] += people * f64::from(journey.walk_m.0);
            self.means[3] += people * f64::from(journey.wait.0);
            self.means[4] += people * f64::from(journey.ride.0);
            if self.worst.is_none_or(|(cost, _)| journey.row.cost > cost) {
                self.worst = Some((journey.row.cost, journey.row.cohort));
            }
        }
        let left: BTreeMap<&str, People> = unserved.iter().map(|row| (row.cohort.as_str(), row.people)).collect();
        for (ride, cohort) in model.rides.iter().zip(&model.cohorts).filter(|(ride, _)| ride.service == number) {
            self.nothing[s] += ride.alternative.times(ride.people);
            if let Some(people) = left.get(cohort.id.as_str()) {
                self.people[s] += ride.alternative.times(*people);
            }
        }
    }

    fn fill(&mut self, shop: &Shop<'_>, service: &DraftService, loads: &[Vec<People>]) {
        let seats =
            service.iter().flat_map(|block| block.trips.iter().map(|_| shop.project.fleet[block.kind.index()].seats));
        self.load_factors.extend(loads.iter().zip(seats).map(|(load, seats)| {
            let most = load.iter().max().copied().unwrap_or_default();
            most.as_f64() / f64::from(seats.max(1))
        }));
    }

    fn running(&self) -> Fen {
        costs::mean_day(&self.running, &self.days)
    }

    fn evaluation(&self, shop: &Shop<'_>, draft: &Draft) -> Evaluation {
        let terms = Terms {
            people_fen: costs::mean_day(&self.people, &self.days),
            running_fen: self.running(),
            upkeep_fen: shop.upkeep(draft).unwrap_or_default(),
            changes_fen: Fen::ZERO,
        };
        let mean = |k: usize| if self.means[0] > 0.0 { self.means[k] / self.means[0] } else { 0.0 };
        let trips = self.load_factors.len();
        Evaluation {
            served: self.means[0],
            generalised_s_mean: mean(1),
            walk_m_mean: mean(2),
            wait_s_mean: mean(3),
            ride_s_mean: mean(4),
            load_factor_mean: if trips == 0 { 0.0 } else { self.load_factors.iter().sum::<f64>() / trips as f64 },
            worst_cohort: self.worst.map(|(_, cohort)| shop.model.cohorts[cohort.index()].id.clone()),
            terms,
            objective: terms.people_fen + terms.running_fen + terms.upkeep_fen + terms.changes_fen,
            nothing: costs::mean_day(&self.nothing, &self.days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_starts_at_a_spot_not_at_a_metre() {
        let mut project = Project::default();
        assert_eq!(plain(&project, "荷塘路稻香路以北150米"), "荷塘路稻香路以北");
        assert_eq!(plain(&project, "荷塘路稻香路口"), "荷塘路稻香路口");
        // A name that somebody gave stays as it is.
        project.stops = vec![crate::planning::model::tiny::row(1, 60, Vec::new()).stops[0].candidate.clone()];
        assert_eq!(plain(&project, "地铁站300米"), "地铁站300米");
    }
}
