//! How numbers of a file become whole: the conventions under which results are published.

use std::sync::Arc;

use super::rows;
use crate::routing::problem::{MOST, MOST_MONEY};

/// Lengths, times and money are all rounded the same way; loads are whole as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Rounding {
    /// To the nearest whole number
    Nearest,
    /// To tenths, what is beyond is cut off (the 12th DIMACS challenge)
    Truncate10,
    /// To thousandths, the nearest
    Exact,
    /// To ten-thousandths; lengths and times upwards, limits downwards, so that what is kept is kept by the real numbers too
    Strict,
}

/// Products a little off a whole number, by how doubles are held, are that number.
const NOISE: f64 = 1e-6;

impl Rounding {
    /// Whole units in one unit of the file.
    pub(super) fn scale(self) -> i64 {
        match self {
            Self::Nearest => 1,
            Self::Truncate10 => 10,
            Self::Exact => 1000,
            Self::Strict => 10_000,
        }
    }

    /// Decimals of a cost in the unit of the file.
    pub(super) fn decimals(self) -> usize {
        match self {
            Self::Nearest => 0,
            Self::Truncate10 => 1,
            Self::Strict => 2,
            Self::Exact => 3,
        }
    }

    fn rounded(self, value: f64) -> f64 {
        match self {
            // Halves go to the even neighbour, as in numpy, with which the published costs were worked out.
            Self::Nearest => value.round_ties_even(),
            Self::Truncate10 => (value * 10.0).trunc(),
            Self::Exact => (value * 1000.0).round_ties_even(),
            Self::Strict => (value * 10_000.0 - NOISE).ceil().max(0.0),
        }
    }

    /// Of what may not be passed.
    fn limited(self, value: f64) -> f64 {
        if self == Self::Strict { (value * 10_000.0 + NOISE).floor() } else { self.rounded(value) }
    }

    fn within(self, value: f64, most: i64) -> Option<i64> {
        Self::whole(value, self.rounded(value), most)
    }

    fn whole(value: f64, rounded: f64, most: i64) -> Option<i64> {
        (value >= 0.0 && rounded <= most as f64).then_some(rounded as i64)
    }

    /// A length or a time.
    pub(super) fn units(self, line: usize, what: &str, value: f64) -> Result<i32, String> {
        self.within(value, MOST.into())
            .map(|units| units as i32)
            .ok_or_else(|| self.beyond(line, what, value, MOST.into()))
    }

    /// A price to be paid once.
    pub(super) fn money(self, line: usize, what: &str, value: f64) -> Result<i64, String> {
        self.within(value, MOST_MONEY).ok_or_else(|| self.beyond(line, what, value, MOST_MONEY))
    }

    /// The end of a window or another limit: past what an engine counts to, there is none.
    pub(super) fn limit(self, line: usize, what: &str, value: f64) -> Result<i32, String> {
        let limited = self.limited(value);
        if limited > f64::from(MOST) {
            return Ok(MOST);
        }
        Self::whole(value, limited, MOST.into())
            .map(|units| units as i32)
            .ok_or_else(|| self.beyond(line, what, value, MOST.into()))
    }

    /// The longest way of a vehicle; past what an engine counts to, there is none.
    pub(super) fn longest(self, line: usize, what: &str, value: f64) -> Result<i64, String> {
        let limited = self.limited(value);
        if limited > MOST_MONEY as f64 {
            return Ok(i64::MAX);
        }
        Self::whole(value, limited, MOST_MONEY).ok_or_else(|| self.beyond(line, what, value, MOST_MONEY))
    }

    fn most(self, most: i64) -> f64 {
        (most / self.scale()) as f64
    }

    fn beyond(self, line: usize, what: &str, value: f64, most: i64) -> String {
        rows::at(line, format_args!("{what} is {value}; write a number from 0 to {}", self.most(most)))
    }

    /// Straight lengths between all points, row by row. The error names two positions that are too far apart.
    pub(super) fn lengths(
        self,
        points: &[(f64, f64)],
        adjust: impl Fn(f64) -> f64,
    ) -> Result<Arc<[i32]>, (usize, usize)> {
        let (mut from, mut to) = (0, 0);
        let mut far = None;
        let next = |_| {
            let length = self.within(adjust(length(points[from], points[to])), MOST.into());
            if length.is_none() {
                far.get_or_insert((from, to));
            }
            to += 1;
            if to == points.len() {
                (from, to) = (from + 1, 0);
            }
            length.unwrap_or(0) as i32
        };
        let lengths = (0..points.len() * points.len()).map(next).collect();
        far.map_or(Ok(lengths), Err)
    }
}

/// The straight length. The root of the exact sum of squares, not `hypot`: where a length is cut off, 5 must not be 4.99….
pub(super) fn length((ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let (dx, dy) = (ax - bx, ay - by);
    (dx * dx + dy * dy).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_convention_rounds_its_own_way() {
        // sqrt(1 + 1) = 1.41421…, sqrt(4 + 1) = 2.23606…
        let points = [(0.0, 0.0), (1.0, 1.0), (-1.0, -1.0), (-1.0, 3.0)];
        let row = |rounding: Rounding| rounding.lengths(&points, |length| length).unwrap()[4..8].to_vec();
        assert_eq!(row(Rounding::Nearest), [1, 0, 3, 3]);
        assert_eq!(row(Rounding::Truncate10), [14, 0, 28, 28]);
        assert_eq!(row(Rounding::Exact), [1414, 0, 2828, 2828]);
        assert_eq!(row(Rounding::Strict), [14143, 0, 28285, 28285]);
        // As doubles, 0.07 x 10000 is 700.00…01, 0.57 x 10000 is 5699.99…9.
        for (value, units) in [(0.0, 0), (0.07, 700), (0.57, 5700), (3.0, 30000)] {
            assert_eq!(Rounding::Strict.units(1, "it", value), Ok(units));
            assert_eq!(Rounding::Strict.limit(1, "it", value), Ok(units));
            assert_eq!(Rounding::Strict.longest(1, "it", value), Ok(units.into()));
        }
        assert_eq!(Rounding::Strict.units(1, "it", 2.12341), Ok(21235));
        assert_eq!(Rounding::Strict.limit(1, "it", 2.12349), Ok(21234));
        assert_eq!(Rounding::Nearest.units(1, "it", 2.5), Ok(2));
        assert_eq!(Rounding::Truncate10.units(1, "it", 2.19), Ok(21));
        assert_eq!(Rounding::Exact.money(1, "it", 2.1996), Ok(2200));
    }

    #[test]
    fn what_is_too_large_is_refused_or_no_limit() {
        let refused = Rounding::Exact.units(3, "the service", 134_218.0).unwrap_err();
        assert_eq!(refused, "line 3: the service is 134218; write a number from 0 to 134217");
        for wrong in [-0.1, -1e300, f64::NAN] {
            assert!(Rounding::Nearest.units(1, "it", wrong).is_err(), "{wrong}");
            assert!(Rounding::Nearest.limit(1, "it", wrong).is_err(), "{wrong}");
            assert!(Rounding::Strict.units(1, "it", wrong).is_err(), "{wrong}");
            assert!(Rounding::Strict.limit(1, "it", wrong).is_err(), "{wrong}");
        }
        assert_eq!(Rounding::Nearest.limit(1, "the end", 1e300), Ok(MOST));
        assert_eq!(Rounding::Truncate10.limit(1, "the end", 1e8), Ok(MOST));
        assert_eq!(Rounding::Truncate10.limit(1, "the end", 12.34), Ok(123));
        assert_eq!(Rounding::Exact.longest(1, "the longest way", 1e300), Ok(i64::MAX));
        assert_eq!(Rounding::Exact.longest(1, "the longest way", 1.5), Ok(1500));
        let far = Rounding::Nearest.lengths(&[(0.0, 0.0), (1.0, 0.0), (0.0, 2e8)], |length| length);
        assert_eq!(far, Err((0, 2)));
    }
}
