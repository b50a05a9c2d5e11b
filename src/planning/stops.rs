//! Where could a shuttle stop? For each place the candidates within the walk limit, the nearest first.
//!
//! Candidates come from stops.csv: all of them in reach of somebody are kept, so that the bound holds over them all. Without it
//! they are found along the roads, and for each place the `PER_PLACE` nearest make the pool (the nearest stops take nearly all
//! riders: El-Geneidy et al. 2014). Time O(places x candidates).

use std::collections::BTreeSet;

use super::demand::Demand;
use super::model::{Footing, Model, StopPlace};
use super::project::{CandidateStop, Place, Project};
use crate::domain::finding::Finding;
use crate::domain::site::Kerb;
use crate::domain::units::Metres;
use crate::network::profile::Band;
use crate::network::{Foothold, Matrix, Network};

/// Nearest found candidates kept for each place (both kerbs of two or three spots).
const PER_PLACE: usize = 6;
/// Between found candidates on the same road and kerb, metres.
const SPACING: Metres = Metres(150);

/// Puts the candidates on the roads, keeps those in reach of somebody, and measures all walks and drives.
#[must_use]
pub fn choose(project: &Project, network: &Network, demand: Demand) -> (Model, Vec<Finding>) {
    let mut findings = Vec::new();
    let footing = Footing::of(project, network, &demand.places);
    let candidates = candidates(project, network, &demand);
    let mut stops = Vec::new();
    let mut footholds: Vec<Foothold> = Vec::new();
    for candidate in candidates {
        let on_road = network.bus_stop(candidate.point, candidate.kerb, project.policy.max_snap);
        let foothold = network.foothold(candidate.point, project.policy.max_foothold);
        match (on_road, foothold) {
            (Some(on_road), Some(foothold)) => {
                stops.push(StopPlace { candidate, on_road });
                footholds.push(foothold);
            }
            _ => findings.push(
                Finding::warning("stop-off-road")
                    .file("stops.csv")
                    .arg("stop", candidate.id.as_str())
                    .arg("metres", project.policy.max_snap.0),
            ),
        }
    }
    let farthest = demand.rides.iter().map(|ride| ride.max_walk).max().unwrap_or(Metres::ZERO);
    let walk = footing.metres_to(network, demand.places.len(), &footholds, Some(farthest));
    let per_place = if project.stops.is_empty() { PER_PLACE } else { usize::MAX };
    let keep = nearest(&walk, stops.len(), per_place);
    let stops: Vec<StopPlace> = keep.iter().map(|&s| stops[s].clone()).collect();
    let walk = walk.iter().map(|row| keep.iter().map(|&s| row[s]).collect()).collect();
    let (drive, depot) = drives(project, network, &stops, &mut findings);
    let trains = project
        .services
        .iter()
        .map(|service| demand.places.iter().map(|place| project.trains_at(place, service)).collect())
        .collect();
    let minutes =
        project.periods.iter().flat_map(|period| period.from.0.div_ceil(60)..period.to.0.div_ceil(60)).collect();
    let model = Model {
        policy: project.policy.clone(),
        transfer: demand.places.iter().map(|place| project.transfer(place)).collect(),
        cohorts: demand.cohorts,
        rides: demand.rides,
        places: demand.places,
        stops,
        walk,
        trains,
        drive,
        depot,
        service_days: project.service_days(),
        minutes,
    };
    (model, findings)
}

fn candidates(project: &Project, network: &Network, demand: &Demand) -> Vec<CandidateStop> {
    if !project.stops.is_empty() {
        return project.stops.clone();
    }
    let mut near = Vec::new();
    let mut names = Vec::new();
    for place in &demand.places {
        for point in project.access_points(place) {
            near.push(point);
            names.push(place_name(project, place));
        }
    }
    network
        .candidates_near(&near, project.policy.max_walk, SPACING)
        .into_iter()
        .map(|found| {
            let (zh, en) = &names[found.nearest];
            CandidateStop {
                // Made of where it is, so that it is the same stop in the next plan.
                id: format!("w{}-{}-{}", found.stop.way, found.stop.between[0], found.stop.offset_m.round()),
                name: if found.road.is_empty() { format!("{zh}附近") } else { format!("{}（{zh}）", found.road) },
                name_en: Some(if found.road_en.is_empty() {
                    format!("near {en}")
                } else {
                    format!("{} ({en})", found.road_en)
                }),
                point: found.point,
                site: None,
                kerb: Kerb::Right,
                // Unknown kerbs are not promised to wheelchairs.
                step_free: false,
            }
        })
        .collect()
}

/// What a place is called in the name of a stop nearby.
fn place_name(project: &Project, place: &Place) -> (String, String) {
    let site = match place {
        Place::Site(id) => project.site(id),
        Place::Point(_) => None,
    };
    match site {
        Some(site) => (site.name.clone(), site.name_en.clone().unwrap_or_else(|| site.name.clone())),
        None => ("居民点".to_owned(), "homes".to_owned()),
    }
}

/// For each place the nearest stops, ascending by number.
fn nearest(walk: &[Vec<Option<Metres>>], stops: usize, per_place: usize) -> Vec<usize> {
    let mut keep = BTreeSet::new();
    for row in walk {
        let mut near: Vec<(Metres, usize)> = (0..stops).filter_map(|s| row[s].map(|metres| (metres, s))).collect();
        near.sort_unstable();
        keep.extend(near.into_iter().take(per_place).map(|(_, s)| s));
    }
    keep.into_iter().collect()
}

/// Matrices between the stops and, after them, the depots; and where each vehicle type's depot stands in them.
fn drives(
    project: &Project,
    network: &Network,
    stops: &[StopPlace],
    findings: &mut Vec<Finding>,
) -> ([Matrix; 3], Vec<Option<usize>>) {
    let mut on_road: Vec<_> = stops.iter().map(|stop| stop.on_road.clone()).collect();
    let mut known: Vec<(String, Option<usize>)> = Vec::new();
    let mut depot = Vec::new();
    for kind in &project.fleet {
        if let Some((_, position)) = known.iter().find(|(id, _)| *id == kind.depot) {
            depot.push(*position);
            continue;
        }
        let site = project.site(&kind.depot);
        let placed = site.and_then(|site| network.bus_stop(site.point, Kerb::Either, project.policy.max_foothold));
        let position = placed.map(|stop| {
            on_road.push(stop);
            on_road.len() - 1
        });
        if position.is_none() {
            findings.push(
                Finding::warning("depot-off-road").file("fleet.csv").column("depot").arg("depot", kind.depot.as_str()),
            );
        }
        known.push((kind.depot.clone(), position));
        depot.push(position);
    }
    (Band::ALL.map(|band| network.bus_matrix(&on_road, band)), depot)
}
