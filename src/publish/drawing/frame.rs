//! Where a point of the earth lies on the sheet: local equirectangular, north up, one scale (at most 0.1 % off over a district).

use crate::domain::coordinates::{EARTH_RADIUS_M, Point};

/// A sheet of `width` x `height` units around some points.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Width, drawing units.
    pub width: f64,
    /// Height, drawing units.
    pub height: f64,
    /// Metres on the ground for one unit.
    pub metres_per_unit: f64,
    west: f64,
    north: f64,
    units_per_lon: f64,
    units_per_lat: f64,
}

impl Frame {
    /// A sheet of this width that holds all points with a margin (share of the longer side), its height between
    /// `lowest` and `highest`. `None` without points.
    #[must_use]
    pub fn around(points: &[Point], width: f64, heights: (f64, f64), margin: f64) -> Option<Self> {
        let mut points = points.iter().filter(|p| p.lon.is_finite() && p.lat.is_finite());
        let first = points.next()?;
        let (mut west, mut east, mut south, mut north) = (first.lon, first.lon, first.lat, first.lat);
        for p in points {
            west = west.min(p.lon);
            east = east.max(p.lon);
            south = south.min(p.lat);
            north = north.max(p.lat);
        }
        let metres_per_lat = EARTH_RADIUS_M.to_radians();
        let metres_per_lon = metres_per_lat * libm::cos(((south + north) / 2.0).to_radians()).max(0.01);
        // At least 400 m, so that a single stop still has streets around it.
        let wide = ((east - west) * metres_per_lon).max(400.0);
        let high = ((north - south) * metres_per_lat).max(200.0);
        let edge = 2.0 * margin * wide.max(high);
        let (mut wide, high) = (wide + edge, high + edge);
        let height = (width * high / wide).clamp(heights.0, heights.1);
        // Too tall a district: widen the view rather than cut it off.
        wide = wide.max(high * width / height);
        let metres_per_unit = wide / width;
        let (units_per_lon, units_per_lat) = (metres_per_lon / metres_per_unit, metres_per_lat / metres_per_unit);
        Some(Self {
            width,
            height,
            metres_per_unit,
            west: (west + east) / 2.0 - width / 2.0 / units_per_lon,
            north: (south + north) / 2.0 + height / 2.0 / units_per_lat,
            units_per_lon,
            units_per_lat,
        })
    }

    /// Where it lies on the sheet; y grows downwards.
    #[must_use]
    pub fn at(&self, point: Point) -> (f64, f64) {
        ((point.lon - self.west) * self.units_per_lon, (self.north - point.lat) * self.units_per_lat)
    }

    /// Does any of it come onto the sheet? (By bounding box.)
    #[must_use]
    pub fn sees(&self, points: &[(f64, f64)]) -> bool {
        let (mut x0, mut y0, mut x1, mut y1) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
        for &(x, y) in points {
            x0 = x0.min(x);
            y0 = y0.min(y);
            x1 = x1.max(x);
            y1 = y1.max(y);
        }
        x1 >= 0.0 && y1 >= 0.0 && x0 <= self.width && y0 <= self.height
    }

    /// A round length for the scale bar: metres and units, about a sixth of the width.
    #[must_use]
    pub fn scale_bar(&self) -> (u32, f64) {
        let room = self.width / 6.0 * self.metres_per_unit;
        let metres = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]
            .into_iter()
            .rev()
            .find(|&m| f64::from(m) <= room)
            .unwrap_or(10);
        (metres, f64::from(metres) / self.metres_per_unit)
    }
}

/// Fewer points, nowhere farther than `tolerance` from the given line (Ramer 1972, Douglas & Peucker 1973), with a stack of
/// our own: a line of any length is safe.
#[must_use]
pub fn simplify(points: &[(f64, f64)], tolerance: f64) -> Vec<(f64, f64)> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[points.len() - 1] = true;
    let mut stack = vec![(0, points.len() - 1)];
    while let Some((a, b)) = stack.pop() {
        let far = (a + 1..b)
            .map(|i| (distance_to(points[i], points[a], points[b]), i))
            .fold((tolerance, None), |(best, at), (d, i)| if d > best { (d, Some(i)) } else { (best, at) });
        if let Some(i) = far.1 {
            keep[i] = true;
            stack.push((a, i));
            stack.push((i, b));
        }
    }
    points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| *point).collect()
}

/// From a point to a stretch.
#[must_use]
pub fn distance_to(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 { (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (a.0 + t * dx - p.0, a.1 + t * dy - p.1);
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_scale_in_both_directions() {
        let here = Point { lon: 121.45, lat: 31.27 };
        let there = Point { lon: 121.46, lat: 31.28 };
        let frame = Frame::around(&[here, there], 1000.0, (500.0, 900.0), 0.1).unwrap();
        let (a, b) = (frame.at(here), frame.at(there));
        let drawn = ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt() * frame.metres_per_unit;
        assert!((drawn - here.metres_to(there)).abs() < 2.0, "{drawn}");
        assert!(b.0 > a.0 && b.1 < a.1, "north is up");
        assert!(a.0 > 0.0 && a.1 < frame.height);
    }

    #[test]
    fn a_tall_district_is_not_cut_off() {
        let points = [Point { lon: 121.45, lat: 31.2 }, Point { lon: 121.451, lat: 31.3 }];
        let frame = Frame::around(&points, 1000.0, (500.0, 900.0), 0.05).unwrap();
        for p in points {
            let (x, y) = frame.at(p);
            assert!(x > 0.0 && x < 1000.0 && y > 0.0 && y < frame.height);
        }
        assert!(Frame::around(&[], 1000.0, (500.0, 900.0), 0.1).is_none());
    }

    #[test]
    fn straight_points_go_corners_stay() {
        let line = [(0.0, 0.0), (1.0, 0.05), (2.0, 0.0), (2.0, 5.0)];
        assert_eq!(simplify(&line, 0.2), vec![(0.0, 0.0), (2.0, 0.0), (2.0, 5.0)]);
    }
}
