//! A timetable that somebody else made, as a plan of ours: trips strung onto vehicles in time order, each where it costs least.
//!
//! For a headway by hand, and for a service that runs already: its lines and departures are its own, everything else (times on the
//! roads, who rides, what it costs, simulated days) is reckoned as in every plan. O(trips x vehicles x trips).

use std::collections::BTreeMap;

use super::super::draft::{DraftBlock, DraftService, DraftTrip, Shop};
use super::super::improve::Desk;
use super::super::model::{Model, Pattern};
use super::super::plan::Plan;
use super::super::project::Project;
use super::super::trips::Offer;
use super::super::{PlanningError, demand, stops};
use super::{finished, nothing, service_of};
use crate::domain::ids::{LineId, ServiceId, StopId, TypeId};
use crate::domain::units::Fen;
use crate::network::Network;
use crate::search::Run;

/// A line somebody runs and its departures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// Stop ids of the project, in order; the last may be the first again.
    pub stops: Vec<String>,
    /// Service id and minutes of the service day.
    pub departures: Vec<(String, Vec<u32>)>,
}

/// Why a timetable is no plan of this project.
#[derive(Debug, thiserror::Error)]
pub enum ByHandError {
    /// A stop that is not there, that nobody can walk to, or too few of them.
    #[error("line {0} has a stop that the project has not, or that nobody can walk to")]
    Stops(usize),
    /// A service that is not there.
    #[error("there is no service {0}")]
    Service(String),
    /// Not with this fleet.
    #[error("the fleet cannot run the trip of line {line} at minute {minute}")]
    Fleet {
        /// Position of the line.
        line: usize,
        /// Minute of the service day.
        minute: u32,
    },
    /// It was made, but did not pass its check.
    #[error(transparent)]
    Refused(#[from] PlanningError),
}

/// The plan that runs exactly these departures.
///
/// # Errors
/// See [`ByHandError`].
pub fn plan(project: &Project, lines: &[Timetable], run: &Run<'_>) -> Result<Plan, ByHandError> {
    let network = Network::new(&project.roads, &project.speeds());
    let demand = demand::estimate(project, &network);
    let mut doubts = demand.findings.clone();
    let (model, more) = stops::choose(project, &network, demand);
    doubts.extend(more);
    let offers: Option<Vec<Offer>> =
        lines.iter().map(|line| Some(Offer::new(&model, pattern(&model, line)?))).collect();
    let Some(offers) = offers else {
        let wrong = lines.iter().position(|line| pattern(&model, line).is_none());
        return Err(ByHandError::Stops(wrong.unwrap_or(0)));
    };
    let mut services: BTreeMap<usize, Vec<(u32, LineId)>> = BTreeMap::new();
    for (number, line) in lines.iter().enumerate() {
        for (service, minutes) in &line.departures {
            let service = service_of(project, service).ok_or_else(|| ByHandError::Service(service.clone()))?;
            let departures = services.entry(service.index()).or_default();
            departures.extend(minutes.iter().map(|minute| (*minute, LineId::at(number))));
        }
    }
    let mut failed = None;
    let made = finished(project, &network, &model, offers, doubts, run, |shop, _: &Desk<'_>| {
        let mut draft = nothing(shop);
        for (service, departures) in &mut services {
            departures.sort_unstable();
            let mut trips = Vec::new();
            for &(minute, line) in departures.iter() {
                match shop.trip(ServiceId::at(*service), line, minute) {
                    Some(trip) => trips.push(trip),
                    None => failed = Some((line, minute)),
                }
            }
            let kinds: Vec<TypeId> = (0..project.fleet.len()).map(TypeId::at).collect();
            match strung(shop, trips, &kinds) {
                Ok(blocks) => draft.services[*service] = blocks,
                Err(trip) => failed = Some((trip.line, trip.minute)),
            }
        }
        (draft, 0)
    });
    match failed {
        Some((line, minute)) => Err(ByHandError::Fleet { line: line.index(), minute }),
        None => Ok(made?),
    }
}

fn pattern(model: &Model, line: &Timetable) -> Option<Pattern> {
    let number = |id: &String| model.stops.iter().position(|stop| stop.candidate.id == *id).map(StopId::at);
    let stops: Option<Vec<StopId>> = line.stops.iter().map(number).collect();
    stops.filter(|stops| stops.len() >= 2).map(Pattern)
}

/// All of these trips (in time order) on vehicles: each on the one on which it costs least, one more of the first of these kinds
/// that is left where none has time. The trip that finds no vehicle, if one.
pub(super) fn strung(
    shop: &Shop<'_>,
    trips: impl IntoIterator<Item = DraftTrip>,
    kinds: &[TypeId],
) -> Result<DraftService, DraftTrip> {
    let mut blocks: Vec<(DraftBlock, Fen)> = Vec::new();
    for trip in trips {
        let mut best: Option<(Fen, usize, DraftBlock, Fen)> = None;
        for (at, (block, cost)) in blocks.iter().enumerate() {
            let mut longer = block.clone();
            longer.trips.push(trip.clone());
            let Some(effort) = shop.effort(&longer) else { continue };
            let more = effort.fen - *cost;
            if best.as_ref().is_none_or(|(least, ..)| more < *least) {
                best = Some((more, at, longer, effort.fen));
            }
        }
        if let Some((_, at, longer, cost)) = best {
            blocks[at] = (longer, cost);
            continue;
        }
        let free = |kind: &&TypeId| {
            blocks.iter().filter(|(block, _)| block.kind == **kind).count()
                < shop.project.fleet[kind.index()].count as usize
        };
        let one_more = kinds.iter().filter(free).find_map(|&kind| {
            let block = DraftBlock { kind, trips: vec![trip.clone()] };
            let cost = shop.effort(&block)?.fen;
            Some((block, cost))
        });
        match one_more {
            Some(block) => blocks.push(block),
            None => return Err(trip),
        }
    }
    Ok(blocks.into_iter().map(|(block, _)| block).collect())
}
