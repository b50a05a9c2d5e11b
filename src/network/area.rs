//! What lies within a walk, or a ride: the parts of the roads that are reached, and their outline.

use super::isochrone::{Polygon, Reached, multi_polygon, outline};
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
fn winds(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let crossed = ring.windows(2).filter(|edge| {
        let ([ax, ay], [bx, by]) = (edge[0], edge[1]);
        (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
    });
    crossed.count() % 2 == 1
}

impl Network {
    /// What is within so many metres on foot of any of these places; `step_free`: without taking steps.
    #[must_use]
    pub fn walk_area(&self, from: &[Foothold], limit: Metres, step_free: bool) -> Area {
        let pace = if step_free { Pace::StepFree } else { Pace::Steps };
        let local = self.local();
        let mut pieces = Vec::new();
        for foothold in from {
            for (segment, from_cm, to_cm) in self.walking.within(foothold.spot, u64::from(limit.0) * 100, pace) {
                let segment = &self.roads.segments()[segment as usize];
                pieces.push(self.reached(&local, segment.ends, segment.cm, [from_cm, to_cm]));
            }
        }
        Area { local, polygons: outline(&pieces, BESIDE_PATH_M) }
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
        Area { local, polygons: outline(&pieces, BESIDE_ROAD_M) }
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
