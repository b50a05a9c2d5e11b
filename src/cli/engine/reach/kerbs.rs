//! Which roads could a stop at this point stand on? The nearest, each with the kerb that the point is on: what `kerb` in
//! stops.csv says.

use std::collections::BTreeMap;

use crate::cli::engine::roads;
use crate::domain::coordinates::Point;
use crate::domain::site::Kerb;
use crate::network::{BusStop, Network};

/// A road near a point, at its nearest place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kerbside {
    /// Way and place; the side is the one that the point is on as a bus drives by.
    pub(super) stop: BusStop,
    /// The road's name and its English one, or "".
    pub(super) names: [String; 2],
}

/// All roads, by their ways.
pub(super) struct Kerbsides<'a> {
    network: &'a Network,
    names: BTreeMap<i64, [&'a str; 2]>,
}

impl<'a> Kerbsides<'a> {
    pub(super) fn new(network: &'a Network) -> Self {
        let ways = network.roads().ways().iter();
        Self { network, names: ways.map(|way| (way.id, [way.name.as_str(), way.name_en.as_str()])).collect() }
    }

    /// The `count` nearest ways, nearest first, each where it is nearest.
    pub(super) fn near(&self, point: Point, count: usize) -> Vec<Kerbside> {
        // A way has many segments: more are asked for until there are ways enough or no more segments.
        let mut asked = 4 * count;
        loop {
            let (stops, ended) = self.segments(point, asked);
            let mut ways: Vec<BusStop> = Vec::new();
            for stop in stops {
                if ways.len() < count && ways.iter().all(|known| known.way != stop.way) {
                    ways.push(stop);
                }
            }
            if ended || ways.len() == count {
                let names = |way: i64| self.names.get(&way).copied().unwrap_or_default().map(str::to_owned);
                return ways.into_iter().map(|stop| Kerbside { names: names(stop.way), stop }).collect();
            }
            asked *= 4;
        }
    }

    /// The nearest segments, each with its kerb; and whether these are all there are.
    fn segments(&self, point: Point, count: usize) -> (Vec<BusStop>, bool) {
        let near = |kerb| self.network.bus_stops_near(point, kerb, roads::farthest(), count);
        let mut stops = near(Kerb::Either);
        let sides = [Kerb::Right, Kerb::Left].map(near);
        for stop in &mut stops {
            let driven = |other: &BusStop| (other.way, other.between) == (stop.way, stop.between);
            // Neither: a two-way street that buses drive in one direction only, and not on this side.
            let side = sides.iter().flatten().find(|other| driven(other)).map(|other| other.side);
            stop.side = side.unwrap_or(Kerb::Either);
        }
        let ended = stops.len() < count;
        (stops, ended)
    }
}
