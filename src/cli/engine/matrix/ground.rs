//! What is travelled on: roads, by bus or on foot, or a plain graph; the places on it and the times between them.

use crate::cli::engine::roads::{self, Kind};
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;
use crate::domain::site::Kerb;
use crate::domain::units::Metres;
use crate::intake::Source;
use crate::intake::points::Spot;
use crate::network::index::{Metric, Topology, Weight, dissection, table};
use crate::network::plain::{self, Plain};
use crate::network::profile::Band;
use crate::network::roads::{Limits, RoadsError};
use crate::network::{BusStop, Foothold, Network};
use crate::search::Random;

/// Attempts to find a random place.
const TRIES: usize = 1_000;
/// A random place lies on a path; on this side of it, metres.
const ON_PATH: Metres = Metres(1);

/// Rows and columns of a matrix: 25 million cells take some 1.2 GB on roads, 100 million 0.4 GB in a plain graph (and
/// as text twice that).
pub(super) fn most_points(kind: Kind) -> usize {
    if kind == Kind::Plain { 10_000 } else { 5_000 }
}

/// Read, and indexed as far as weights do not matter.
#[expect(clippy::large_enum_variant, reason = "one is made, and moved twice")]
pub(super) enum Ground {
    Bus(Network),
    Walk(Network),
    Plain(Plain, Topology),
}

impl Ground {
    pub(super) fn new(kind: Kind, file: &Source, on_foot: bool) -> Result<(Self, Vec<Finding>), RoadsError> {
        let form = match kind {
            Kind::Plain => {
                let plain = plain::import(&file.bytes, &Limits::default())?;
                let order = dissection::of_nodes(&plain.places(), &plain.arcs);
                let topology = Topology::new(&order, &plain.arcs);
                let tangled = topology.is_tangled().then(|| Finding::warning("roads-tangled").file(&file.name));
                return Ok((Self::Plain(plain, topology), tangled.into_iter().collect()));
            }
            Kind::Streets(form) => form,
        };
        let (network, findings) = roads::network(form, file)?;
        if on_foot {
            network.prepare_walks();
            return Ok((Self::Walk(network), findings));
        }
        Ok((Self::Bus(network), findings))
    }

    /// With its weights. On foot they are lengths, which the index was made with.
    pub(super) fn customise(self) -> Customised {
        match self {
            Self::Bus(network) => {
                network.prepare(Band::Free);
                Customised::Bus(network)
            }
            Self::Walk(network) => Customised::Walk(network),
            Self::Plain(plain, topology) => {
                let metric = Metric::new(&topology, plain.ms.clone());
                Customised::Plain(plain, topology, metric)
            }
        }
    }
}

/// Ready to be asked.
#[expect(clippy::large_enum_variant, reason = "one is made, and moved twice")]
pub(super) enum Customised {
    Bus(Network),
    Walk(Network),
    Plain(Plain, Topology, Metric<u32>),
}

/// Places on the ground.
pub(super) enum Places {
    Stops(Vec<BusStop>),
    Footholds(Vec<Foothold>),
    Nodes(Vec<u32>),
}

impl Places {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Stops(stops) => stops.len(),
            Self::Footholds(footholds) => footholds.len(),
            Self::Nodes(nodes) => nodes.len(),
        }
    }
}

/// Why a place is none.
#[derive(Debug, PartialEq)]
pub(super) enum Flaw {
    /// Farther than [`roads::farthest`] from all roads.
    Far { row: u32 },
    /// The graph has fewer nodes.
    NoNode { row: u32, node: u32, nodes: usize },
    /// Nothing to be on.
    Nowhere,
}

impl Customised {
    /// The places of a file.
    pub(super) fn places(&self, given: &[(u32, Spot)]) -> Result<Places, Flaw> {
        let max = roads::farthest();
        let far = |row: u32| Flaw::Far { row };
        let point = |spot: &Spot| match spot {
            Spot::At(point) => *point,
            // Only a plain graph is asked for nodes, and only as a whole.
            Spot::Node(_) => Point::default(),
        };
        match self {
            Self::Bus(network) => {
                let stop = |(row, spot): &(u32, Spot)| {
                    network.bus_stop(point(spot), Kerb::Either, max).ok_or_else(|| far(*row))
                };
                given.iter().map(stop).collect::<Result<_, _>>().map(Places::Stops)
            }
            Self::Walk(network) => {
                let foothold = |(row, spot): &(u32, Spot)| network.foothold(point(spot), max).ok_or_else(|| far(*row));
                given.iter().map(foothold).collect::<Result<_, _>>().map(Places::Footholds)
            }
            Self::Plain(plain, ..) => {
                let points: Vec<Point> = given.iter().map(|(_, spot)| point(spot)).collect();
                let nearest = plain.nearest(&points).ok_or(Flaw::Nowhere)?;
                let nodes = plain.at.len();
                let node = |((row, spot), (near, metres)): (&(u32, Spot), &(u32, f64))| match spot {
                    Spot::Node(node) if (*node as usize) < nodes => Ok(*node),
                    Spot::Node(node) => Err(Flaw::NoNode { row: *row, node: *node, nodes }),
                    Spot::At(_) if *metres <= f64::from(max.0) => Ok(*near),
                    Spot::At(_) => Err(far(*row)),
                };
                given.iter().zip(&nearest).map(node).collect::<Result<_, _>>().map(Places::Nodes)
            }
        }
    }

    /// Random places: anywhere on a random segment that is used, or nodes of the largest connected part.
    pub(super) fn random(&self, count: usize, seed: u64) -> Result<Places, Flaw> {
        let mut random = Random::new(seed);
        let mut all = 0..count;
        let places = match self {
            Self::Bus(network) => {
                let segments = used(network, false);
                all.try_fold(Vec::new(), |mut stops, _| {
                    stops.push((0..TRIES).find_map(|_| random_stop(network, &segments, &mut random))?);
                    Some(stops)
                })
                .map(Places::Stops)
            }
            Self::Walk(network) => {
                let segments = used(network, true);
                all.try_fold(Vec::new(), |mut footholds, _| {
                    footholds.push((0..TRIES).find_map(|_| random_foothold(network, &segments, &mut random))?);
                    Some(footholds)
                })
                .map(Places::Footholds)
            }
            Self::Plain(plain, ..) => {
                let nodes = plain.chosen();
                (!nodes.is_empty()).then(|| Places::Nodes(all.map(|_| nodes[random.below(nodes.len())]).collect()))
            }
        };
        places.ok_or(Flaw::Nowhere)
    }

    /// From each to each.
    pub(super) fn cells(&self, places: &Places) -> Cells {
        match (self, places) {
            (Self::Bus(network), Places::Stops(stops)) => {
                let matrix = network.bus_matrix(stops, Band::Free);
                Cells::Seconds(matrix.cells.iter().map(|cell| cell.map_or(NO_WAY, |(seconds, _)| seconds.0)).collect())
            }
            (Self::Walk(network), Places::Footholds(footholds)) => {
                let rows = network.walk_metres(footholds, footholds, None);
                Cells::Seconds(
                    rows.into_iter()
                        .flatten()
                        .map(|cell| cell.map_or(NO_WAY, |metres| roads::walk_time(metres).0))
                        .collect(),
                )
            }
            (Self::Plain(_, topology, metric), Places::Nodes(nodes)) => {
                let sources: Vec<[(u32, u32); 1]> = nodes.iter().map(|node| [(*node, 0)]).collect();
                Cells::Milliseconds(table(topology, metric, &sources, nodes))
            }
            // Places are made by the ground they are asked of.
            _ => Cells::Seconds(Vec::new()),
        }
    }
}

/// Segments that somebody may use, at least in one direction.
fn used(network: &Network, on_foot: bool) -> Vec<usize> {
    let roads = network.roads();
    let way = |at: usize| &roads.ways()[roads.segments()[at].way as usize];
    let fits = |at: &usize| if on_foot { way(*at).access.foot } else { way(*at).bus() != [false; 2] };
    (0..roads.segments().len()).filter(fits).collect()
}

fn random_stop(network: &Network, segments: &[usize], random: &mut Random) -> Option<BusStop> {
    let roads = network.roads();
    let segment = &roads.segments()[*segments.get(random.below(segments.len().max(1)))?];
    let mut between = segment.ends.map(|end| roads.nodes()[end as usize].id);
    if random.below(2) == 1 {
        between.reverse();
    }
    let offset_m = random.unit() * f64::from(segment.cm) / 100.0;
    network.bus_stop_at(roads.ways()[segment.way as usize].id, between, offset_m, Kerb::Either)
}

fn random_foothold(network: &Network, segments: &[usize], random: &mut Random) -> Option<Foothold> {
    let roads = network.roads();
    let segment = &roads.segments()[*segments.get(random.below(segments.len().max(1)))?];
    let [a, b] = segment.ends.map(|end| roads.nodes()[end as usize].point);
    let share = random.unit();
    let point = Point { lon: a.lon + share * (b.lon - a.lon), lat: a.lat + share * (b.lat - a.lat) };
    network.foothold(point, ON_PATH)
}

/// No way, in whole seconds.
const NO_WAY: u32 = u32::MAX;

/// The times, row by row.
pub(super) enum Cells {
    /// Rounded up.
    Seconds(Vec<u32>),
    /// Exact.
    Milliseconds(Vec<u32>),
}

impl Cells {
    /// Milliseconds of a cell; `None`: no way.
    pub(super) fn ms(&self, at: usize) -> Option<u64> {
        match self {
            Self::Seconds(cells) => Some(cells[at]).filter(|s| *s < NO_WAY).map(|s| u64::from(s) * 1000),
            Self::Milliseconds(cells) => Some(cells[at]).filter(|ms| *ms < u32::FAR).map(u64::from),
        }
    }

    /// How many have no way.
    pub(super) fn apart(&self) -> usize {
        match self {
            Self::Seconds(cells) => cells.iter().filter(|s| **s == NO_WAY).count(),
            Self::Milliseconds(cells) => cells.iter().filter(|ms| **ms >= u32::FAR).count(),
        }
    }
}
