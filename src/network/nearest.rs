//! Which sites are nearest by air? `rstar` over points: the filter before "nearest by the network", whose times the
//! caller asks for the few that are left.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::roads::dense;
use crate::domain::coordinates::{Local, Point};

/// Sites, numbered in the order given.
#[derive(Debug)]
pub struct Sites {
    local: Local,
    tree: RTree<GeomWithData<[f64; 2], u32>>,
}

impl Sites {
    /// Of these points; those with numbers that are none are never found.
    #[must_use]
    pub fn new(points: &[Point]) -> Self {
        let finite = |point: &Point| point.lon.is_finite() && point.lat.is_finite();
        let local = Local::new(points.iter().copied().find(finite).unwrap_or_default());
        let all = points.iter().enumerate().filter(|(_, point)| finite(point));
        let all = all.map(|(at, point)| GeomWithData::new(local.project(*point), dense(at))).collect();
        Self { local, tree: RTree::bulk_load(all) }
    }

    /// The `count` nearest within `max` metres, nearest first, equals by their number: number and metres by air.
    #[must_use]
    pub fn nearest(&self, point: Point, count: usize, max: f64) -> Vec<(u32, f64)> {
        let at = self.local.project(point);
        let mut found: Vec<(u32, f64)> = Vec::new();
        for (site, square) in self.tree.nearest_neighbor_iter_with_distance_2(&at) {
            let metres = square.sqrt();
            // Equals of the last one may still come.
            let full = found.len() >= count && found.get(count.wrapping_sub(1)).is_none_or(|last| metres > last.1);
            if full || metres > max {
                break;
            }
            found.push((site.data, metres));
        }
        found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        found.truncate(count);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Random;

    #[test]
    fn as_by_trying_all() {
        for seed in 0..30 {
            let mut random = Random::new(seed);
            // On a raster of a hundred places: many are equally far, many the same.
            let mut any = || Point { lon: 0.001 * random.below(10) as f64, lat: 0.001 * random.below(10) as f64 };
            let points: Vec<Point> = (0..80).map(|_| any()).collect();
            let sites = Sites::new(&points);
            for count in [0, 1, 3, 10, 200] {
                let (from, max) = (any(), if count == 10 { 400.0 } else { f64::INFINITY });
                let local = Local::new(points[0]);
                let at = local.project(from);
                let mut all: Vec<(u32, f64)> = (0..)
                    .zip(points.iter().map(|p| local.project(*p)))
                    .map(|(n, p)| (n, ((p[0] - at[0]) * (p[0] - at[0]) + (p[1] - at[1]) * (p[1] - at[1])).sqrt()))
                    .filter(|(_, metres)| *metres <= max)
                    .collect();
                all.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
                all.truncate(count);
                assert_eq!(sites.nearest(from, count, max), all, "{seed} {count}");
            }
        }
        assert_eq!(Sites::new(&[]).nearest(Point::default(), 3, 100.0), []);
    }
}
