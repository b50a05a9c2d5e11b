//! Where could a shuttle stop, if nobody says? Places along the roads near given points, on the kerb of each direction.
//!
//! Every [`STEP_M`] along each arc is looked at; the nearest to walk to is taken first, and nothing in the same
//! direction of travel within the spacing of one taken. O(n log n) in the places looked at.

use std::collections::BTreeMap;

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::profile::Class;
use super::roads::Way;
use super::walking::{Pace, Walker};
use super::{BusStop, Foothold, Network, Position, metres_up};
use crate::domain::coordinates::{Local, Point};
use crate::domain::site::Kerb;
use crate::domain::units::Metres;

/// Between places looked at along an arc, metres.
const STEP_M: u32 = 20;
/// From the middle of the road to where people stand: two lanes.
const KERB_M: f64 = 4.0;
/// Arcs shorter than this have no room for a bus, metres.
const SHORTEST_M: u32 = 15;
/// Two stops whose roads differ by more than this many degrees are stops of different directions.
const SAME_WAY_COS: f64 = 0.5;
/// A crossing farther away says nothing about where a stop is, metres.
const CROSSING_M: f64 = 400.0;

/// A place where a shuttle could stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// On the road.
    pub stop: BusStop,
    /// Where people stand: to the right of the road.
    pub point: Point,
    /// Walk from the nearest of the given points.
    pub walk: Metres,
    /// Position of that point in what was given.
    pub nearest: usize,
    /// Name of the road, or "".
    pub road: String,
    /// English name of the road, or "".
    pub road_en: String,
    /// The nearest crossing with another named road, if one is near.
    pub crossing: Option<Crossing>,
}

/// A crossing seen from a stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// Name of the other road.
    pub road: String,
    /// Its English name, or "".
    pub road_en: String,
    /// The stop is so many metres east of it (negative: west).
    pub east: f64,
    /// And so many north.
    pub north: f64,
}

/// Crossings of each named road: where, and the other way.
type Crossings<'a> = BTreeMap<&'a str, Vec<([f64; 2], &'a Way)>>;

impl Network {
    /// Places on the right-hand kerb of either direction of the roads within `max_walk` of a point, at least `spacing`
    /// apart in the same direction; nearest first. Points farther than `max_walk` from any path are passed over.
    #[must_use]
    pub fn candidates_near(&self, points: &[Point], max_walk: Metres, spacing: Metres) -> Vec<Candidate> {
        let limit = u64::from(max_walk.0) * 100;
        let footholds: Vec<Option<Foothold>> = points.iter().map(|point| self.foothold(*point, max_walk)).collect();
        // For each node: the least walk from any of the points, and from which.
        let mut reach: Vec<(u64, usize)> = vec![(u64::MAX, usize::MAX); self.roads.nodes().len()];
        let mut walker = Walker::default();
        for (at, foothold) in footholds.iter().enumerate() {
            let Some(foothold) = foothold else { continue };
            walker.walk(&self.walking, foothold.spot, limit, Pace::Steps);
            for (node, cm) in walker.reached() {
                reach[node as usize] = reach[node as usize].min((cm, at));
            }
        }
        let local = self.local();
        let mut places = Vec::new();
        for (number, arc) in self.driving.used() {
            let way = &self.roads.ways()[self.roads.segments()[arc.segment as usize].way as usize];
            let walked = self.walking.has(arc.segment);
            // Nobody waits at the edge of an expressway, and people must be able to get there.
            if way.class <= Class::Trunk || !walked || arc.cm < SHORTEST_M * 100 {
                continue;
            }
            let [a, b] = arc.ends.map(|node| reach[node as usize]);
            if a.0 == u64::MAX && b.0 == u64::MAX && !footholds.iter().flatten().any(|f| f.spot.segment == arc.segment)
            {
                continue;
            }
            let pieces = (arc.cm / (STEP_M * 100)).max(1);
            for piece in 0..pieces {
                // In the middle of its piece.
                let cm = arc.cm / pieces * piece + arc.cm / pieces / 2;
                let mut best = (a.0.saturating_add(u64::from(cm)), a.1);
                best = best.min((b.0.saturating_add(u64::from(arc.cm - cm)), b.1));
                for (at, foothold) in footholds.iter().enumerate() {
                    let Some(spot) = foothold.as_ref().map(|f| f.spot).filter(|s| s.segment == arc.segment) else {
                        continue;
                    };
                    let along = if arc.back { arc.cm - cm } else { cm };
                    best = best.min((u64::from(spot.snap_cm) + u64::from(along.abs_diff(spot.cm)), at));
                }
                if best.0 <= limit {
                    places.push((best, number, cm));
                }
            }
        }
        places.sort_unstable();
        self.thin(&places, f64::from(spacing.0), local)
    }

    fn thin(&self, places: &[((u64, usize), u32, u32)], spacing: f64, local: Local) -> Vec<Candidate> {
        let crossings = self.crossings(local);
        let mut taken: RTree<GeomWithData<[f64; 2], [f64; 2]>> = RTree::new();
        let mut candidates = Vec::new();
        for ((walk, nearest), number, cm) in places {
            let arc = self.driving.at(*number);
            let [from, to] = arc.ends.map(|node| local.project(self.roads.nodes()[node as usize].point));
            let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
            let length = dx.hypot(dy);
            if length <= 0.0 {
                continue;
            }
            let heading = [dx / length, dy / length];
            let on_road = self.point_at(Position { arc: *number, cm: *cm });
            let at = local.project(on_road);
            let around = AABB::from_corners([at[0] - spacing, at[1] - spacing], [at[0] + spacing, at[1] + spacing]);
            let crowded = taken.locate_in_envelope(&around).any(|other| {
                let [x, y] = *other.geom();
                (x - at[0]).hypot(y - at[1]) < spacing
                    && other.data[0] * heading[0] + other.data[1] * heading[1] > SAME_WAY_COS
            });
            if crowded {
                continue;
            }
            taken.insert(GeomWithData::new(at, heading));
            let (way, between) = self.arc_name(*number);
            let road = &self.roads.ways()[self.roads.segments()[arc.segment as usize].way as usize];
            candidates.push(Candidate {
                stop: BusStop { way, between, offset_m: f64::from(*cm) / 100.0, side: Kerb::Right, snap_m: KERB_M },
                point: local.unproject([at[0] + KERB_M * heading[1], at[1] - KERB_M * heading[0]]),
                walk: metres_up(*walk),
                nearest: *nearest,
                road: road.name.clone(),
                road_en: road.name_en.clone(),
                crossing: nearest_crossing(&crossings, &road.name, at),
            });
        }
        candidates
    }

    /// Where roads of different names meet. A name that begins with the other (a side road of the same avenue) is no
    /// other road.
    fn crossings(&self, local: Local) -> Crossings<'_> {
        let mut at_node: BTreeMap<u32, Vec<&Way>> = BTreeMap::new();
        for segment in self.roads.segments() {
            let way = &self.roads.ways()[segment.way as usize];
            if way.name.is_empty() {
                continue;
            }
            for node in segment.ends {
                let ways = at_node.entry(node).or_default();
                if !ways.iter().any(|other| other.name == way.name) {
                    ways.push(way);
                }
            }
        }
        let mut crossings = Crossings::new();
        for (node, ways) in at_node {
            let at = local.project(self.roads.nodes()[node as usize].point);
            for way in &ways {
                let others = ways.iter().filter(|other| {
                    !other.name.starts_with(way.name.as_str()) && !way.name.starts_with(other.name.as_str())
                });
                crossings.entry(&way.name).or_default().extend(others.map(|other| (at, *other)));
            }
        }
        crossings
    }
}

/// The crossing of this road that is nearest to a point, by name where two are equally near.
fn nearest_crossing(crossings: &Crossings<'_>, road: &str, at: [f64; 2]) -> Option<Crossing> {
    let away = |from: &[f64; 2]| (at[0] - from[0]).hypot(at[1] - from[1]);
    let (from, other) = crossings
        .get(road)?
        .iter()
        .filter(|(from, _)| away(from) <= CROSSING_M)
        .min_by(|a, b| away(&a.0).total_cmp(&away(&b.0)).then_with(|| a.1.name.cmp(&b.1.name)))?;
    Some(Crossing {
        road: other.name.clone(),
        road_en: other.name_en.clone(),
        east: at[0] - from[0],
        north: at[1] - from[1],
    })
}
