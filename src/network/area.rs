//! What lies within a walk, or a ride: the parts of the roads that are reached, and their outline.

use super::isochrone::{Polygon, Reached, multi_polygon, outline, real_spread};
use super::profile::Band;
use super::walking::Pace;
use super::{BusStop, Foothold, Network};
use crate::domain::coordinates::{Local, Point};
use crate::domain::units::{Metres, Seconds};

/// Houses stand so far from their path, metres.
const BESIDE_PATH_M: f64 = 25.0;
/// And so far from a road that a bus drives.
const BESIDE_ROAD_M: f64 = 50.0;

/// An area reached.
#[derive(Clone, Debug)]
pub struct Area {
    local: Local,
    polygons: Vec<Polygon>,
    beside_m: f64,
    coarse: bool,
}

impl Area {
    /// Coordinates of a GeoJSON `MultiPolygon`, WGS-84.
    #[must_use]
    pub fn coordinates(&self) -> Vec<Vec<Vec<[f64; 2]>>> {
        multi_polygon(&self.polygons, &self.local)
    }

    /// Does it lie inside?
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        let at = self.local.project(point);
        self.polygons
            .iter()
            .any(|polygon| winds(&polygon.outer, at) && !polygon.holes.iter().any(|hole| winds(hole, at)))
    }

    /// Which of these lie inside: as [`Area::contains`], for many places and areas with many corners.
    ///
    /// Every edge turns over those west of it, found by bisection: O((edges + places) log places) for
    /// short edges. Polygons do not overlap, so that all rings are one: inside is what an odd number of edges turns over.
    #[must_use]
    pub fn contains_each(&self, points: &[Point]) -> Vec<bool> {
        let mut places: Vec<([f64; 2], usize)> =
            points.iter().enumerate().map(|(number, point)| (self.local.project(*point), number)).collect();
        places.sort_by(|a, b| a.0[1].total_cmp(&b.0[1]));
        let mut inside = vec![false; points.len()];
        for ring in self.polygons.iter().flat_map(|polygon| std::iter::once(&polygon.outer).chain(&polygon.holes)) {
            for edge in ring.windows(2) {
                let (south, north) = (edge[0][1].min(edge[1][1]), edge[0][1].max(edge[1][1]));
                let first = places.partition_point(|place| place.0[1] < south);
                let beside = places[first..].iter().take_while(|place| place.0[1] < north);
                for (_, number) in beside.filter(|(at, _)| crosses([edge[0], edge[1]], *at)) {
                    inside[*number] ^= true;
                }
            }
        }
        inside
    }

    /// So far beside paths or roads it reaches, metres.
    #[must_use]
    pub fn beside_m(&self) -> f64 {
        self.beside_m
    }

    /// Is it so large that it reaches farther beside the roads than usual?
    #[must_use]
    pub fn coarse(&self) -> bool {
        self.coarse
    }

    /// Square metres.
    #[must_use]
    pub fn square_metres(&self) -> f64 {
        let area =
            |ring: &[[f64; 2]]| ring.windows(2).map(|e| e[0][0] * e[1][1] - e[1][0] * e[0][1]).sum::<f64>() / 2.0;
        // Holes run the other way round.
        self.polygons.iter().map(|p| area(&p.outer) + p.holes.iter().map(|hole| area(hole)).sum::<f64>()).sum()
    }
}

/// Does a closed ring go round a point? Counts edges that cross the ray to the east.
fn winds(ring: &[[f64; 2]], at: [f64; 2]) -> bool {
    ring.windows(2).filter(|edge| crosses([edge[0], edge[1]], at)).count() % 2 == 1
}

/// Does an edge cross the ray to the east?
fn crosses([[ax, ay], [bx, by]]: [[f64; 2]; 2], [x, y]: [f64; 2]) -> bool {
    (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
}

/// Drawn around what is reached.
fn drawn(local: Local, pieces: &[Reached], beside_m: f64) -> Area {
    let real_m = real_spread(pieces, beside_m);
    Area { local, polygons: outline(pieces, beside_m), beside_m: real_m, coarse: real_m > beside_m + 0.1 }
}

impl Network {
    /// What is within so many metres on foot of any of these places; `step_free`: without taking steps.
    #[must_use]
    pub fn walk_area(&self, from: &[Foothold], limit: Metres, step_free: bool) -> Area {
        let pace = if step_free { Pace::StepFree } else { Pace::Steps };
        let local = self.local();
        let mut pieces = Vec::new();
        for foothold in from {
            for (segment, from_cm, to_cm) in self.walking.within(foothold.at(pace), u64::from(limit.0) * 100, pace) {
                let segment = &self.roads.segments()[segment as usize];
                pieces.push(self.reached(&local, segment.ends, segment.cm, [from_cm, to_cm]));
            }
        }
        drawn(local, &pieces, BESIDE_PATH_M)
    }

    /// What a bus reaches from a stop within so many seconds.
    #[must_use]
    pub fn bus_area(&self, from: &BusStop, limit: Seconds, band: Band) -> Area {
        let local = self.local();
        let pieces = self.driving.within(self.standing(from), u64::from(limit.0) * 1000, band);
        let reached = |piece: &super::driving::Piece| {
            let arc = self.driving.at(piece.arc);
            self.reached(&local, arc.ends, arc.cm, [piece.from_cm, piece.to_cm])
        };
        let pieces: Vec<Reached> = pieces.iter().map(reached).collect();
        drawn(local, &pieces, BESIDE_ROAD_M)
    }

    fn reached(&self, local: &Local, ends: [u32; 2], length_cm: u32, part_cm: [u32; 2]) -> Reached {
        let [a, b] = ends.map(|node| local.project(self.roads.nodes()[node as usize].point));
        let at = |cm: u32| {
            let share = if length_cm == 0 { 0.0 } else { f64::from(cm) / f64::from(length_cm) };
            [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
        };
        Reached { ends: part_cm.map(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Speeds;
    use crate::network::synthetic::{Metropolis, metropolis};
    use crate::search::Random;

    #[test]
    fn many_places_as_one_by_one() {
        let roads = metropolis(&Metropolis { nodes: 3_000, ..Metropolis::default() });
        let network = Network::new(&roads, &Speeds::default());
        let bounds = roads.bounds().unwrap();
        let middle = network.foothold(bounds.centre(), Metres(5_000)).unwrap();
        let area = network.walk_area(&[middle], Metres(3_000), false);
        let local = network.local();
        let mut random = Random::new(3);
        let mut any = || local.unproject([4_000.0 * (random.unit() - 0.5), 4_000.0 * (random.unit() - 0.5)]);
        let mut places: Vec<Point> = (0..5_000).map(|_| any()).collect();
        // Level with corners of the outline, where an edge ends and the next begins.
        for corner in area.polygons.iter().flat_map(|polygon| &polygon.outer) {
            places.push(local.unproject([corner[0] - 40.0, corner[1]]));
        }
        let each = area.contains_each(&places);
        assert_eq!(each, places.iter().map(|place| area.contains(*place)).collect::<Vec<_>>());
        let inside = each.iter().filter(|inside| **inside).count();
        assert!(inside > 500 && inside < places.len() - 500, "{inside} of {}", places.len());
        assert!(area.polygons.iter().any(|polygon| !polygon.holes.is_empty()));
        assert_eq!((area.beside_m(), area.coarse()), (BESIDE_PATH_M, false));
        assert_eq!(area.contains_each(&[]), Vec::<bool>::new());
    }

    #[test]
    fn a_place_level_with_a_corner_is_counted_once() {
        // A square on its corner, with a hole of the same shape. The ray from the middle goes through corners of both.
        let square = |r: f64| vec![[r, 0.0], [0.0, r], [-r, 0.0], [0.0, -r], [r, 0.0]];
        let hole = square(10.0).into_iter().rev().collect();
        let local = Local::new(Point::default());
        let area = |holes| Area {
            local,
            polygons: vec![Polygon { outer: square(100.0), holes }],
            beside_m: 25.0,
            coarse: false,
        };
        let level: Vec<Point> = [0.0, 50.0, -50.0, -150.0, 150.0].map(|x| local.unproject([x, 0.0])).into();
        assert_eq!(area(vec![hole]).contains_each(&level), [false, true, true, false, false]);
        assert_eq!(area(Vec::new()).contains_each(&level), [true, true, true, false, false]);
    }
}
