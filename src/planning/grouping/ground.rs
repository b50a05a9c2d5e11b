//! The ground under areas: where their middles are, who touches whom.
//!
//! Areas touch where their outlines are within [`GAP_M`] of each other (a road lies between); where that leaves parts, the
//! shortest gaps join them ([`Bridge`]), so that the whole is connected.

use std::collections::BTreeSet;

use geo::{BoundingRect, Centroid, Distance, Euclidean, MapCoords};

use super::parts::Parts;
use crate::domain::coordinates::{Local, Point};
use crate::planning::project::Area;
use crate::search::{Progress, Run};

/// Outlines this close touch: the width of an urban trunk road with its edges, metres.
pub const GAP_M: f64 = 80.0;

/// From so many areas on the watcher is asked.
const MANY: usize = 100;
/// Areas between two looks at the watcher.
const LOOK: usize = 50;

/// Areas as units: in the order they were given.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Centres of the outlines, WGS-84.
    pub centres: Vec<Point>,
    /// The same in metres, local.
    pub places: Vec<[f64; 2]>,
    /// Which touch, or are joined all the same; the smaller number first.
    pub edges: Vec<(usize, usize)>,
    /// Which of them do not touch.
    pub bridges: Vec<Bridge>,
}

/// Two areas that do not touch and are joined, since otherwise the whole would fall into parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bridge {
    /// One.
    pub from: usize,
    /// The other.
    pub to: usize,
    /// Between their outlines, metres.
    pub metres: f64,
}

/// Where areas are and which touch. `None` where none has an outline.
#[must_use]
pub fn ground(areas: &[Area], run: &Run<'_>) -> Option<Ground> {
    let centre = areas.iter().find_map(|area| area.outline.centroid())?;
    let local = Local::new(Point { lon: centre.x(), lat: centre.y() });
    let outlines: Vec<geo::MultiPolygon<f64>> = areas
        .iter()
        .map(|area| {
            area.outline.map_coords(|at| {
                let [x, y] = local.project(Point { lon: at.x, lat: at.y });
                geo::Coord { x, y }
            })
        })
        .collect();
    let places: Vec<[f64; 2]> = outlines
        .iter()
        .map(|outline| outline.centroid().map_or([0.0, 0.0], |centre| [centre.x(), centre.y()]))
        .collect();
    let centres = places.iter().map(|&place| local.unproject(place)).collect();
    let (edges, bridges) = touching(&outlines, run);
    Some(Ground { centres, places, edges, bridges })
}

/// Pairs of areas within [`GAP_M`], and the shortest gaps that make all one (Borůvka 1926: each part takes its shortest). The
/// rectangles around two areas are no farther apart than these, so most pairs are never measured. When the watcher says stop,
/// rectangles are measured instead.
fn touching(outlines: &[geo::MultiPolygon<f64>], run: &Run<'_>) -> (Vec<(usize, usize)>, Vec<Bridge>) {
    let boxes: Vec<Option<geo::Rect<f64>>> = outlines.iter().map(BoundingRect::bounding_rect).collect();
    let edge = |at: usize| boxes[at].map_or((f64::INFINITY, f64::INFINITY), |rect| (rect.min().x, rect.max().x));
    let least = |a: usize, b: usize| match (boxes[a], boxes[b]) {
        (Some(a), Some(b)) => {
            let x = (b.min().x - a.max().x).max(a.min().x - b.max().x).max(0.0);
            let y = (b.min().y - a.max().y).max(a.min().y - b.max().y).max(0.0);
            libm::hypot(x, y)
        }
        _ => f64::INFINITY,
    };
    let mut hurry = false;
    let gap = |hurry: bool, a: usize, b: usize| {
        if hurry || boxes[a].is_none() || boxes[b].is_none() {
            least(a, b)
        } else {
            Euclidean.distance(&outlines[a], &outlines[b])
        }
    };
    let stop = || {
        let progress = Progress { stage: "stage-districting", iteration: 0, objective: None, bound: None };
        outlines.len() > MANY && (run.watch)(&progress).stop
    };
    // From west to east.
    let mut order: Vec<usize> = (0..outlines.len()).collect();
    order.sort_by(|&a, &b| edge(a).0.total_cmp(&edge(b).0).then(a.cmp(&b)));
    let mut edges = BTreeSet::new();
    let mut bridges = Vec::new();
    let mut parts = Parts::new(outlines.len());
    for (at, &a) in order.iter().enumerate() {
        hurry = hurry || (at % LOOK == 0 && stop());
        for &b in order[at + 1..].iter().take_while(|&&b| edge(b).0 <= edge(a).1 + GAP_M) {
            if least(a, b) <= GAP_M && gap(hurry, a, b) <= GAP_M {
                edges.insert((a.min(b), a.max(b)));
                parts.join(a, b);
            }
        }
    }
    loop {
        let roots: Vec<usize> = (0..outlines.len()).map(|at| parts.root(at)).collect();
        if roots.iter().all(|root| *root == 0) {
            return (edges.into_iter().collect(), bridges);
        }
        let mut shortest: Vec<Option<(f64, usize, usize)>> = vec![None; outlines.len()];
        for (at, &a) in order.iter().enumerate() {
            hurry = hurry || (at % LOOK == 0 && stop());
            for &b in &order[at + 1..] {
                if roots[a] == roots[b] {
                    continue;
                }
                let known = |root: usize| shortest[root].map_or(f64::INFINITY, |best| best.0);
                let worth = known(roots[a]).max(known(roots[b]));
                if least(a, b) > worth {
                    continue;
                }
                let found = (gap(hurry, a, b), a.min(b), a.max(b));
                for root in [roots[a], roots[b]] {
                    let best = shortest[root].get_or_insert(found);
                    if found.0.total_cmp(&best.0).then((found.1, found.2).cmp(&(best.1, best.2))).is_lt() {
                        *best = found;
                    }
                }
            }
        }
        for &(metres, from, to) in shortest.iter().flatten() {
            if parts.join(from, to) {
                edges.insert((from, to));
                bridges.push(Bridge { from, to, metres });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_gaps_are_those_of_all_pairs() {
        let mut random = crate::search::Random::new(5);
        for count in [1, 2, 9, 40, 90] {
            let square = |x: f64, y: f64, side: f64| {
                let ring = vec![(x, y), (x + side, y + side / 3.0), (x + side, y + side), (x, y)];
                geo::MultiPolygon::new(vec![geo::Polygon::new(ring.into(), vec![])])
            };
            let outlines: Vec<_> = (0..count)
                .map(|_| square(random.unit() * 4000.0, random.unit() * 4000.0, 50.0 + random.unit() * 300.0))
                .collect();
            let mut gaps = Vec::new();
            for a in 0..count {
                gaps.extend((a + 1..count).map(|b| (Euclidean.distance(&outlines[a], &outlines[b]), a, b)));
            }
            gaps.sort_by(|one, other| one.0.total_cmp(&other.0));
            let mut parts = Parts::new(count);
            let mut slow: Vec<(usize, usize)> = gaps
                .into_iter()
                .filter(|&(gap, a, b)| parts.join(a, b) || gap <= GAP_M)
                .map(|(_, a, b)| (a, b))
                .collect();
            slow.sort_unstable();
            let (edges, bridges) = touching(&outlines, &Run::quiet(1));
            assert_eq!(edges, slow);
            assert!(bridges.iter().all(|bridge| bridge.metres > GAP_M && edges.contains(&(bridge.from, bridge.to))));
        }
    }
}
