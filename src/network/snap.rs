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

    /// The `count` nearest segments that are `fit` within `max` metres, nearest first; equals (to the millimetre of the
    /// nearer) by number.
    pub(super) fn several(&self, point: Point, max: f64, count: usize, fit: impl Fn(&Snap) -> bool) -> Vec<Snap> {
        let at = self.local.project(point);
        let mut found: Vec<Snap> = Vec::new();
        // The nearest that may not be among them any more: what is farther by more than a millimetre than the last one.
        for (line, square) in self.tree.nearest_neighbor_iter_with_distance_2(&at) {
            let metres = square.sqrt();
            let full = found.len() >= count
                && found.get(count.wrapping_sub(1)).is_none_or(|last| metres > last.metres + 0.001);
            if metres > max || full {
                break;
            }
            let snap = Snap { segment: line.number, share: line.nearest(at).0, metres, right: line.right(at) };
            if fit(&snap) {
                found.push(snap);
            }
        }
        // Runs of equals, each measured from its nearest, are put in the order of their numbers.
        let mut first = 0;
        while first < found.len() {
            let end = found[first].metres + 0.001;
            let run = found[first..].iter().take_while(|snap| snap.metres <= end).count();
            found[first..first + run].sort_by_key(|snap| snap.segment);
            first += run;
        }
        found.truncate(count);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Random;

    #[test]
    fn several_as_by_trying_all() {
        for seed in 0..40 {
            let mut random = Random::new(seed);
            let local = Local::new(Point { lon: 121.44, lat: 31.26 });
            // On a raster of 10 m: many equally far.
            let mut any = || [10.0 * random.below(12) as f64, 10.0 * random.below(12) as f64];
            let lines: Vec<[[f64; 2]; 2]> = (0..60).map(|_| [any(), any()]).collect();
            let segments = (0..).zip(lines.iter().map(|ends| ends.map(|end| local.unproject(end))));
            let snapper = Snapper::new(local, segments);
            for _ in 0..10 {
                let point = local.unproject(any());
                let fit = |snap: &Snap| !snap.segment.is_multiple_of(3);
                for (max, count) in [(f64::INFINITY, 1), (f64::INFINITY, 7), (25.0, 7), (f64::INFINITY, 100), (25.0, 0)]
                {
                    let at = local.project(point);
                    let mut all: Vec<(u32, f64)> = (0..)
                        .zip(&lines)
                        .map(|(number, ends)| {
                            let ends = ends.map(|end| local.project(local.unproject(end)));
                            (number, Line { ends, number }.nearest(at).1.sqrt())
                        })
                        .filter(|(number, metres)| number % 3 != 0 && *metres <= max)
                        .collect();
                    // Whole decimetres apart, or equal: to round is to find the equals.
                    all.sort_by_key(|(number, metres)| ((metres * 1000.0).round() as u64, *number));
                    all.truncate(count);
                    let found = snapper.several(point, max, count, fit);
                    let numbers: Vec<u32> = found.iter().map(|snap| snap.segment).collect();
                    assert_eq!(
                        numbers,
                        all.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
                        "{seed} {max} {count}"
                    );
                    let one = snapper.nearest(point, max, fit).map(|snap| snap.segment);
                    assert_eq!(one, if count == 0 { one } else { numbers.first().copied() });
                }
            }
        }
    }
}
