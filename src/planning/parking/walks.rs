//! How far is it on foot from every home to the lots around it?
//!
//! On the network, homes that are the same place once, some lots at a time. In a straight line times [`DETOUR`] where there is no network at
//! hand (`jiebo engine allocation`). Limit: lots beyond [`HORIZON`] are not told of, and only the nearest where there are too many pairs.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::HORIZON;
use crate::domain::coordinates::{Local, Point};
use crate::domain::finding::Finding;
use crate::domain::units::Metres;
use crate::network::Network;
use crate::planning::project::{ParkingRequest, Place, Project};

/// Requests times lots that are weighed; beyond, each request only has its nearest lots.
const MOST_PAIRS: usize = 2_000_000;
/// The fewest lots a request has so.
const LEAST_LOTS: usize = 20;
/// Lots whose walks are looked up together.
const LOTS_AT_ONCE: usize = 32;
/// Ways on foot are longer than straight lines by about this much: 1.3, the usual factor for walking in built-up areas.
const DETOUR: f64 = 1.3;

/// (lot, walking metres) by request, lots ascending; shared by requests from the same home.
pub(super) type Walks = Vec<Rc<Vec<(usize, Metres)>>>;

/// In straight lines, made longer by a factor.
pub(super) fn straight(project: &Project, findings: &mut Vec<Finding>) -> Walks {
    let most = most(project);
    let mut cut = false;
    let gates: Vec<Point> = project.lots.iter().map(|lot| lot.gate.unwrap_or(lot.point)).collect();
    let Some(&origin) = gates.first() else { return vec![Rc::default(); project.requests.len()] };
    let local = Local::new(origin);
    let gates: Vec<[f64; 2]> = gates.into_iter().map(|gate| local.project(gate)).collect();
    let walks = project
        .requests
        .iter()
        .map(|request| {
            let doors: Vec<[f64; 2]> =
                project.access_points(&request.home).into_iter().map(|door| local.project(door)).collect();
            let row = gates.iter().enumerate().filter_map(|(lot, gate)| {
                let away = |door: &[f64; 2]| libm::hypot(gate[0] - door[0], gate[1] - door[1]);
                let nearest = doors.iter().map(away).min_by(f64::total_cmp)?;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "f64 to u32 saturates")]
                let metres = Metres((nearest * DETOUR + 0.5).floor() as u32);
                (metres <= HORIZON).then_some((metres, lot))
            });
            let mut row: Vec<(Metres, usize)> = row.collect();
            cut |= row.len() > most;
            Rc::new(nearest(&mut row, most))
        })
        .collect();
    told(cut, most, findings);
    walks
}

/// Lots each request has at most.
fn most(project: &Project) -> usize {
    (MOST_PAIRS / project.requests.len().max(1)).max(LEAST_LOTS)
}

/// The nearest, by lot.
fn nearest(row: &mut Vec<(Metres, usize)>, most: usize) -> Vec<(usize, Metres)> {
    row.sort_unstable();
    row.truncate(most);
    let mut row: Vec<(usize, Metres)> = row.iter().map(|&(walk, lot)| (lot, walk)).collect();
    row.sort_unstable();
    row
}

fn told(cut: bool, most: usize, findings: &mut Vec<Finding>) {
    if cut {
        findings.push(Finding::warning("parking-nearest-lots-only").file("lots.csv").arg("lots", most));
    }
}

/// Walking metres from every request's home to the lots within [`HORIZON`], the nearest where they are too many.
pub(super) fn on_foot(project: &Project, network: &Network, findings: &mut Vec<Finding>) -> Walks {
    let reach = project.policy.max_foothold;
    let mut lots = Vec::new();
    for (at, lot) in project.lots.iter().enumerate() {
        match network.foothold(lot.gate.unwrap_or(lot.point), reach) {
            Some(foothold) => lots.push((at, foothold)),
            None => {
                findings.push(Finding::warning("parking-lot-off-network").file("lots.csv").arg("lot", lot.id.as_str()));
            }
        }
    }
    // Homes that are the same place are looked up once.
    let mut homes: BTreeMap<String, std::ops::Range<usize>> = BTreeMap::new();
    let mut footholds = Vec::new();
    let mut unreachable = 0_usize;
    for request in &project.requests {
        let known = homes.entry(key(request)).or_insert_with(|| {
            let found =
                project.access_points(&request.home).into_iter().filter_map(|point| network.foothold(point, reach));
            let first = footholds.len();
            footholds.extend(found);
            first..footholds.len()
        });
        unreachable += usize::from(known.start == known.end);
    }
    if unreachable > 0 {
        findings.push(Finding::warning("parking-home-off-network").file("parking.csv").arg("count", unreachable));
    }
    // Walking is the same both ways, and lots are fewer than homes. Some lots at a time: the whole table may be too large to be kept.
    let most = most(project);
    let mut near: BTreeMap<&str, Vec<(Metres, usize)>> = homes.keys().map(|home| (home.as_str(), Vec::new())).collect();
    let mut cut = false;
    for some in lots.chunks(LOTS_AT_ONCE) {
        let doors: Vec<_> = some.iter().map(|(_, foothold)| foothold.clone()).collect();
        let table = network.walk_metres(&doors, &footholds, Some(HORIZON));
        for (range, row) in homes.values().zip(near.values_mut()) {
            for ((lot, _), metres) in some.iter().zip(&table) {
                row.extend(range.clone().filter_map(|at| metres[at]).min().map(|walk| (walk, *lot)));
            }
            if row.len() > most {
                cut = true;
                row.sort_unstable();
                row.truncate(most);
            }
        }
    }
    told(cut, most, findings);
    let rows: BTreeMap<&str, Rc<Vec<(usize, Metres)>>> =
        near.into_iter().map(|(home, mut row)| (home, Rc::new(nearest(&mut row, most)))).collect();
    project.requests.iter().map(|request| rows.get(key(request).as_str()).map(Rc::clone).unwrap_or_default()).collect()
}

/// Tells homes apart: exactly, not by the four decimals shown.
fn key(request: &ParkingRequest) -> String {
    match &request.home {
        Place::Site(id) => id.clone(),
        Place::Point(point) => format!("{} {}", point.lon, point.lat),
    }
}
