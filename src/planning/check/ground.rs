//! What the roads say: driving between the plan's stops and depots, walking from its places to its stops and to each other.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use crate::domain::coordinates::Point;
use crate::domain::site::Kerb;
use crate::domain::units::{Metres, ServiceTime};
use crate::network::profile::Band;
use crate::network::{BusStop, Foothold, Matrix, Network, Speeds};
use crate::planning::plan::Cohort;
use crate::planning::project::{Place, Project};

/// A place a vehicle can be at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node<'a> {
    Stop(&'a str),
    Depot(&'a str),
}

#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) network: Network,
    nodes: BTreeMap<Node<'a>, usize>,
    drive: [Matrix; 3],
    /// Of cohorts on foot and of those in wheelchairs.
    ways: [Ways<'a>; 2],
}

/// How far some cohorts have to go.
#[derive(Debug, Default)]
struct Ways<'a> {
    /// `[place][stop]`: metres, the nearest access point.
    to_stop: BTreeMap<&'a str, BTreeMap<&'a str, u32>>,
    /// `[origin][destination]`: metres over the nearest pair of access points.
    between: BTreeMap<(&'a str, &'a str), u32>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(case: &Case<'a>) -> Self {
        let (project, plan) = (case.project, case.plan);
        let network = network_of(project);
        let mut nodes = BTreeMap::new();
        let mut on_road: Vec<BusStop> = Vec::new();
        let waiting = plan.on_demand.iter().flat_map(|offer| offer.depots.iter().map(String::as_str));
        let depots: BTreeSet<&'a str> = plan.blocks.iter().map(|block| block.depot.as_str()).chain(waiting).collect();
        let stops = case.all_stops.iter().map(|(id, stop)| {
            let placed = stop
                .offset_m
                .is_finite()
                .then(|| network.bus_stop_at(stop.way, stop.between, stop.offset_m, stop.side));
            (Node::Stop(id), placed.flatten())
        });
        let depots = depots.into_iter().map(|id| {
            let placed = project
                .site(id)
                .and_then(|site| network.bus_stop(site.point, Kerb::Either, project.policy.max_foothold));
            (Node::Depot(id), placed)
        });
        for (node, placed) in stops.chain(depots) {
            if let Some(placed) = placed {
                nodes.insert(node, on_road.len());
                on_road.push(placed);
            }
        }
        let drive = Band::ALL.map(|band| network.bus_matrix(&on_road, band));
        let ways = [false, true].map(|wheelchair| Ways::of(case, &network, wheelchair));
        Self { network, nodes, drive, ways }
    }

    /// Is this stop or depot on the road?
    pub(super) fn has(&self, node: Node<'_>) -> bool {
        self.nodes.contains_key(&node)
    }

    /// Seconds and metres of the fastest way in a band, from one to the other.
    pub(super) fn drive(&self, from: Node<'_>, to: Node<'_>, band: Band) -> Option<(u32, u32)> {
        let (from, to) = (*self.nodes.get(&from)?, *self.nodes.get(&to)?);
        let (seconds, metres) = self.drive.get(band as usize)?.get(from, to)?;
        Some((seconds.0, metres.0))
    }

    /// The same at a time of the day.
    pub(super) fn drive_at(
        &self,
        project: &Project,
        from: Node<'_>,
        to: Node<'_>,
        at: ServiceTime,
    ) -> Option<(u32, u32)> {
        self.drive(from, to, project.policy.band_at(at))
    }

    /// Metres from an end of a cohort's way to a stop.
    pub(super) fn walk(&self, cohort: &Cohort, place: &str, stop: &str) -> Option<u32> {
        self.ways[usize::from(cohort.wheelchair)].to_stop.get(place)?.get(stop).copied()
    }

    /// Metres from one end of a cohort's way to the other.
    pub(super) fn between(&self, cohort: &Cohort) -> Option<u32> {
        let ends = (cohort.origin.as_str(), cohort.destination.as_str());
        self.ways[usize::from(cohort.wheelchair)].between.get(&ends).copied()
    }
}

impl<'a> Ways<'a> {
    fn of(case: &Case<'a>, network: &Network, wheelchair: bool) -> Self {
        let cohorts: Vec<&'a Cohort> =
            case.plan.cohorts.iter().filter(|cohort| cohort.wheelchair == wheelchair).collect();
        if cohorts.is_empty() {
            return Self::default();
        }
        Self {
            to_stop: walks_to_stops(case, network, &cohorts, wheelchair),
            between: walks_between(case, network, &cohorts, wheelchair),
        }
    }
}

/// Metres on foot from each to each, or without steps.
pub(super) fn metres(
    network: &Network,
    from: &[Foothold],
    to: &[Foothold],
    limit: Option<Metres>,
    wheelchair: bool,
) -> Vec<Vec<Option<Metres>>> {
    if wheelchair { network.step_free_metres(from, to, limit) } else { network.walk_metres(from, to, limit) }
}

pub(super) fn network_of(project: &Project) -> Network {
    let peak = project.policy.peak_speed;
    Network::anew(&project.roads, &Speeds { factor: [1000, peak, peak], turns: project.turns })
}

/// Where each place is entered on foot; those in reach of a path.
fn footholds(project: &Project, network: &Network, points: &[Point]) -> Vec<Foothold> {
    points.iter().filter_map(|point| network.foothold(*point, project.policy.max_foothold)).collect()
}

/// Footholds of many places in one list, and which belong to which.
pub(super) fn spread<'a>(
    project: &Project,
    network: &Network,
    places: impl Iterator<Item = &'a str>,
) -> (Vec<Foothold>, Vec<(&'a str, std::ops::Range<usize>)>) {
    let mut all = Vec::new();
    let mut ranges = Vec::new();
    for text in places {
        let Some(place) = Place::parse(text, project).filter(is_on_earth) else { continue };
        let start = all.len();
        all.extend(footholds(project, network, &project.access_points(&place)));
        ranges.push((text, start..all.len()));
    }
    (all, ranges)
}

/// Metres to one of the columns from the nearest of these doors.
pub(super) fn nearest(rows: &[Vec<Option<Metres>>], column: usize) -> Option<u32> {
    rows.iter().filter_map(|row| row.get(column).copied().flatten()).min().map(|metres| metres.0)
}

fn is_on_earth(place: &Place) -> bool {
    match place {
        Place::Site(_) => true,
        Place::Point(point) => on_earth(*point),
    }
}

/// Finite and within the ranges of degrees.
pub(super) fn on_earth(point: Point) -> bool {
    point.lon.abs() <= 180.0 && point.lat.abs() <= 90.0
}

fn walks_to_stops<'a>(
    case: &Case<'a>,
    network: &Network,
    cohorts: &[&'a Cohort],
    wheelchair: bool,
) -> BTreeMap<&'a str, BTreeMap<&'a str, u32>> {
    let ends: BTreeSet<&'a str> =
        cohorts.iter().flat_map(|cohort| [cohort.origin.as_str(), cohort.destination.as_str()]).collect();
    let (from, ranges) = spread(case.project, network, ends.into_iter());
    let mut stops = Vec::new();
    let mut to = Vec::new();
    for (id, stop) in &case.all_stops {
        let point = Point { lon: stop.lon, lat: stop.lat };
        let foothold = on_earth(point).then(|| network.foothold(point, case.project.policy.max_foothold)).flatten();
        if let Some(foothold) = foothold {
            stops.push(*id);
            to.push(foothold);
        }
    }
    let limit = cohorts.iter().map(|cohort| cohort.max_walk_m).max().unwrap_or(Metres(0));
    let table = metres(network, &from, &to, Some(limit), wheelchair);
    ranges
        .into_iter()
        .map(|(place, range)| {
            let rows = table.get(range).unwrap_or_default();
            let near = stops.iter().enumerate().filter_map(|(s, id)| Some((*id, nearest(rows, s)?)));
            (place, near.collect())
        })
        .collect()
}

fn walks_between<'a>(
    case: &Case<'a>,
    network: &Network,
    cohorts: &[&'a Cohort],
    wheelchair: bool,
) -> BTreeMap<(&'a str, &'a str), u32> {
    let pairs: BTreeSet<(&'a str, &'a str)> =
        cohorts.iter().map(|cohort| (cohort.origin.as_str(), cohort.destination.as_str())).collect();
    let origins: BTreeSet<&'a str> = pairs.iter().map(|pair| pair.0).collect();
    let destinations: BTreeSet<&'a str> = pairs.iter().map(|pair| pair.1).collect();
    let (from, origins) = spread(case.project, network, origins.into_iter());
    let (to, destinations) = spread(case.project, network, destinations.into_iter());
    let origins: BTreeMap<_, _> = origins.into_iter().collect();
    let destinations: BTreeMap<_, _> = destinations.into_iter().collect();
    // Beyond the farthest any alternative goes nobody walks; without such a limit, as far as paths go.
    let limits: Option<Vec<Metres>> = case.project.alternatives.iter().map(|mode| mode.max_m).collect();
    let limit = limits.map(|limits| limits.into_iter().max().unwrap_or(Metres(0)));
    let table = metres(network, &from, &to, limit, wheelchair);
    pairs
        .into_iter()
        .filter_map(|(origin, destination)| {
            let rows = table.get(origins.get(origin)?.clone())?;
            let columns = destinations.get(destination)?;
            let metres =
                rows.iter().filter_map(|row| row.get(columns.clone())).flatten().filter_map(|cell| *cell).min();
            Some(((origin, destination), metres?.0))
        })
        .collect()
}
