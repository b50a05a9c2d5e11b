//! WGS-84 points, distances on the ground, and the two Chinese systems (GCJ-02, BD-09) on their way in.

use serde::{Deserialize, Serialize};

/// Mean radius of the Earth, metres (IUGG).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// WGS-84 longitude and latitude, degrees. Always finite, -180..180 and -90..90.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// East positive.
    pub lon: f64,
    /// North positive.
    pub lat: f64,
}

impl Point {
    /// Great-circle distance in metres (haversine).
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let s = libm::sin((b - a) / 2.0);
        let t = libm::sin((other.lon - self.lon).to_radians() / 2.0);
        2.0 * EARTH_RADIUS_M * libm::asin((s * s + libm::cos(a) * libm::cos(b) * t * t).sqrt().min(1.0))
    }
}

/// The system coordinates are given in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CoordinateSystem {
    /// GPS, OpenStreetMap.
    #[default]
    Wgs84,
    /// Amap, Tencent, most Chinese phones.
    Gcj02,
    /// Baidu.
    Bd09,
}

/// Metres east and north of a centre: an equirectangular projection.
///
/// Within 25 km of the centre, at the latitudes of China, lengths are true to about 2 in 1000.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Local {
    centre: Point,
    metres_per_degree: [f64; 2],
}

impl Local {
    /// Centred here.
    #[must_use]
    pub fn new(centre: Point) -> Self {
        let north = EARTH_RADIUS_M.to_radians();
        // Near the poles a degree of longitude has no length: keep it invertible.
        let east = north * libm::cos(centre.lat.to_radians()).max(1e-6);
        Self { centre, metres_per_degree: [east, north] }
    }
    /// `[east, north]`, metres.
    #[must_use]
    pub fn project(&self, point: Point) -> [f64; 2] {
        [
            (point.lon - self.centre.lon) * self.metres_per_degree[0],
            (point.lat - self.centre.lat) * self.metres_per_degree[1],
        ]
    }
    /// Back from `[east, north]`, metres.
    #[must_use]
    pub fn unproject(&self, at: [f64; 2]) -> Point {
        Point {
            lon: self.centre.lon + at[0] / self.metres_per_degree[0],
            lat: self.centre.lat + at[1] / self.metres_per_degree[1],
        }
    }
}

impl CoordinateSystem {
    /// From this system to WGS-84, to a fraction of a millimetre. Where no point of China's box is shifted to: unchanged.
    #[must_use]
    pub fn to_wgs84(self, point: Point) -> Point {
        let Some(shift) = self.shift() else { return point };
        undo(point, shift).unwrap_or(point)
    }
    /// From WGS-84 to this system. Outside China's box: unchanged, in BD-09 too (Baidu's developer pages: abroad all is
    /// WGS-84), where most published converters go on with its second shift.
    #[must_use]
    pub fn from_wgs84(self, point: Point) -> Point {
        match self.shift() {
            Some(shift) if in_china(point) => shift(point),
            _ => point,
        }
    }
    /// What moves a point of the box from WGS-84 to this system; smooth, defined beyond the box.
    fn shift(self) -> Option<fn(Point) -> Point> {
        match self {
            Self::Wgs84 => None,
            Self::Gcj02 => Some(wgs84_to_gcj02),
            Self::Bd09 => Some(|point| gcj02_to_bd09(wgs84_to_gcj02(point))),
        }
    }
}

/// The box in which the Chinese systems are shifted (the box every published converter uses).
#[must_use]
pub fn in_china(point: Point) -> bool {
    (72.004..=137.8347).contains(&point.lon) && (0.8293..=55.8271).contains(&point.lat)
}

/// Krasovsky 1940: semi-major axis in metres and squared eccentricity, as GCJ-02 uses them.
const KRASOVSKY: (f64, f64) = (6_378_245.0, 0.006_693_421_622_965_943);

/// The shift of GCJ-02 (its formula as known from the "eviltransform" code of 2013).
fn wgs84_to_gcj02(point: Point) -> Point {
    use std::f64::consts::PI;
    let (x, y) = (point.lon - 105.0, point.lat - 35.0);
    let wave = |amplitude: f64, angle: f64| amplitude * libm::sin(angle * PI);
    let ripple = wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x);
    let (root, xy) = (0.1 * x.abs().sqrt(), 0.1 * x * y);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + xy
        + 2.0 * root
        + (2.0 / 3.0) * (ripple + wave(20.0, y) + wave(40.0, y / 3.0) + wave(160.0, y / 12.0) + wave(320.0, y / 30.0));
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + xy
        + root
        + (2.0 / 3.0) * (ripple + wave(20.0, x) + wave(40.0, x / 3.0) + wave(150.0, x / 12.0) + wave(300.0, x / 30.0));
    let (axis, squared) = KRASOVSKY;
    let latitude = point.lat.to_radians();
    let magic = 1.0 - squared * libm::sin(latitude) * libm::sin(latitude);
    let meridian = axis * (1.0 - squared) / (magic * magic.sqrt());
    let parallel = axis / magic.sqrt() * libm::cos(latitude);
    Point { lon: point.lon + (east / parallel).to_degrees(), lat: point.lat + (north / meridian).to_degrees() }
}

/// Baidu's second shift, on top of GCJ-02.
fn gcj02_to_bd09(point: Point) -> Point {
    let turn = std::f64::consts::PI * 3000.0 / 180.0;
    let (x, y) = (point.lon, point.lat);
    let radius = (x * x + y * y).sqrt() + 0.000_02 * libm::sin(y * turn);
    let angle = libm::atan2(y, x) + 0.000_003 * libm::cos(x * turn);
    Point { lon: radius * libm::cos(angle) + 0.0065, lat: radius * libm::sin(angle) + 0.006 }
}

/// The point of China's box that `shift` moves here, by fixed-point iteration: the shift changes by at most 1 in 50 from
/// place to place, so eight rounds are far below a millimetre. That the box is asked of the answer, not of the target,
/// makes it right at the box's edges too.
fn undo(target: Point, shift: fn(Point) -> Point) -> Option<Point> {
    let mut guess = target;
    for _ in 0..8 {
        let there = shift(guess);
        guess = Point { lon: guess.lon + target.lon - there.lon, lat: guess.lat + target.lat - there.lat };
    }
    let there = shift(guess);
    // Far from China the formula makes no sense, and nothing has to come of it.
    let close = (there.lon - target.lon).abs() < 1e-9 && (there.lat - target.lat).abs() < 1e-9;
    (close && in_china(guess)).then_some(guess)
}

#[cfg(test)]
mod gcoord;

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lon: f64, lat: f64) -> Point {
        Point { lon, lat }
    }

    #[test]
    fn the_shift_of_published_pairs() {
        // Tests of googollee/eviltransform: WGS-84 -> GCJ-02 for Shanghai, Shenzhen and Beijing.
        for (wgs, gcj) in [
            (point(121.527_210_6, 31.177_427_6), point(121.531_541_859_215, 31.175_303_983_645_97)),
            (point(113.912_316, 22.543_847), point(113.917_176_480_836_3, 22.540_796_131_694_766)),
            (point(116.377_817, 39.911_954), point(116.384_047_224_556_57, 39.913_345_455_360_69)),
        ] {
            let there = CoordinateSystem::Gcj02.from_wgs84(wgs);
            assert!(there.metres_to(gcj) < 1.0, "{there:?} {gcj:?} {}", there.metres_to(gcj));
            assert!(CoordinateSystem::Gcj02.to_wgs84(gcj).metres_to(wgs) < 1.0);
            let shift = there.metres_to(wgs);
            assert!((300.0..1000.0).contains(&shift), "{shift}");
        }
    }

    #[test]
    fn there_and_back_on_a_grid() {
        for system in [CoordinateSystem::Wgs84, CoordinateSystem::Gcj02, CoordinateSystem::Bd09] {
            for i in 0..30 {
                for j in 0..30 {
                    let p = point(75.0 + 2.0 * f64::from(i), 18.0 + 1.2 * f64::from(j));
                    let back = system.to_wgs84(system.from_wgs84(p));
                    assert!(back.metres_to(p) < 0.001, "{system:?} {p:?} {back:?}");
                }
            }
        }
    }

    #[test]
    fn there_and_back_at_the_edges_of_the_box() {
        // Just inside, a point is shifted, some out of the box; it must come back all the same.
        let inside = 1e-5;
        let (west, east, south, north) = (72.004 + inside, 137.8347 - inside, 0.8293 + inside, 55.8271 - inside);
        for system in [CoordinateSystem::Gcj02, CoordinateSystem::Bd09] {
            for step in 0..=100 {
                let share = f64::from(step) / 100.0;
                let (lon, lat) = (west + share * (east - west), south + share * (north - south));
                for p in [point(lon, south), point(lon, north), point(west, lat), point(east, lat)] {
                    let there = system.from_wgs84(p);
                    assert!(
                        there.metres_to(p) > 1.0 && system.to_wgs84(there).metres_to(p) < 0.001,
                        "{system:?} {p:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_point_of_the_earth_becomes_no_number() {
        for system in [CoordinateSystem::Gcj02, CoordinateSystem::Bd09] {
            for lon in (-180..=180).step_by(5) {
                for lat in (-90..=90).step_by(5) {
                    let p = point(f64::from(lon), f64::from(lat));
                    let far = !in_china(p);
                    for moved in [system.to_wgs84(p), system.from_wgs84(p)] {
                        assert!(
                            moved.lon.is_finite() && moved.lat.is_finite() && (!far || moved == p),
                            "{p:?} {moved:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn outside_china_nothing_moves() {
        for p in [point(7.42, 43.73), point(-8.6, 41.15), point(151.2, -33.9)] {
            for system in [CoordinateSystem::Gcj02, CoordinateSystem::Bd09] {
                assert_eq!(system.to_wgs84(p), p);
                assert_eq!(system.from_wgs84(p), p);
            }
        }
    }

    #[test]
    fn local_metres_agree_with_the_great_circle() {
        let centre = point(121.45, 31.27);
        let local = Local::new(centre);
        // 0.01 degrees of latitude: 6,371,008.8 m x pi / 18,000 = 1,111.95 m.
        let north = local.project(point(121.45, 31.28));
        assert!(north[0].abs() < 1e-6 && (north[1] - 1111.95).abs() < 0.01, "{north:?}");
        let p = point(121.47, 31.29);
        let at = local.project(p);
        assert!((at[0].hypot(at[1]) - centre.metres_to(p)).abs() < 1.0);
        assert!(local.unproject(at).metres_to(p) < 1e-6);
    }
}
