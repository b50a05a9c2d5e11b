//! Which segment is nearest to a point? `rstar` over the segments in local metres.

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::domain::coordinates::{Local, Point};

/// A segment on the plane.
#[derive(Clone, Copy, Debug)]
struct Line {
    ends: [[f64; 2]; 2],
    number: u32,
}

impl Line {
    /// Share of the line (0 to 1) that is nearest, and the square of the distance there.
    fn nearest(&self, point: [f64; 2]) -> (f64, f64) {
        let [a, b] = self.ends;
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let (px, py) = (point[0] - a[0], point[1] - a[1]);
        let length = dx * dx + dy * dy;
        let share = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (ex, ey) = (px - share * dx, py - share * dy);
        (share, ex * ex + ey * ey)
    }
    /// Metres to the right of the line (seen from its first end); negative on its left.
    fn right(&self, point: [f64; 2]) -> f64 {
        let [a, b] = self.ends;
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length = dx.hypot(dy);
        if length > 0.0 { ((point[0] - a[0]) * dy - (point[1] - a[1]) * dx) / length } else { 0.0 }
    }
}

impl RTreeObject for Line {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.ends[0], self.ends[1])
    }
}

impl PointDistance for Line {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        self.nearest(*point).1
    }
}

/// Where a point meets a segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Snap {
    /// The segment.
    pub(super) segment: u32,
    /// 0 at its first end, 1 at its second.
    pub(super) share: f64,
    /// How far away it is.
    pub(super) metres: f64,
    /// Metres to the right of the segment's line (negative: left).
    pub(super) right: f64,
}

/// Segments, ready to be asked.
#[derive(Debug)]
pub(super) struct Snapper {
    local: Local,
    tree: RTree<Line>,
}

impl Snapper {
    /// Of these segments.
    pub(super) fn new(local: Local, segments: impl Iterator<Item = (u32, [Point; 2])>) -> Self {
        let lines = segments.map(|(number, ends)| Line { ends: ends.map(|p| local.project(p)), number }).collect();
        Self { local, tree: RTree::bulk_load(lines) }
    }

    /// The nearest segment that is `fit` within `max` metres; of equals (to the millimetre), the lowest number.
    pub(super) fn nearest(&self, point: Point, max: f64, fit: impl Fn(&Snap) -> bool) -> Option<Snap> {
        let at = self.local.project(point);
        let mut best: Option<Snap> = None;
        for (line, square) in self.tree.nearest_neighbor_iter_with_distance_2(&at) {
            let metres = square.sqrt();
            if metres > max || best.is_some_and(|best| metres > best.metres + 0.001) {
                break;
            }
            let snap = Snap { segment: line.number, share: line.nearest(at).0, metres, right: line.right(at) };
            if fit(&snap) && best.is_none_or(|best| snap.segment < best.segment) {
                best = Some(snap);
            }
        }
        best
    }
}
