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
