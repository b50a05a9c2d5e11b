//! Units as types: integers, so that sums are exact and the same everywhere.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0);
        }
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }
    };
}

quantity! {
    /// A length along the ground, whole metres.
    Metres(u32)
}
quantity! {
    /// A span of time, whole seconds, never negative.
    Seconds(u32)
}
quantity! {
    /// Money: hundredths of a yuan (CNY 0.01). May be negative (a saving).
    Fen(i64)
}
quantity! {
    /// Expected people, in thousandths: a "maybe" (0.4) counts 400.
    People(u32)
}

impl Neg for Fen {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<u32> for Seconds {
    type Output = Self;
    fn mul(self, times: u32) -> Self {
        Self(self.0 * times)
    }
}

impl Seconds {
    /// Whole minutes, rounded up: what a vehicle's diary counts in.
    #[must_use]
    pub fn minutes_up(self) -> u32 {
        self.0.div_ceil(60)
    }
}

impl People {
    /// Whole people as thousandths.
    #[must_use]
    pub fn whole(people: u32) -> Self {
        Self(people * 1000)
    }
    /// As a number to show or to weigh with.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
    /// At most what is there is taken away.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Fen {
    /// From yuan, rounded half up to the fen.
    #[must_use]
    pub fn from_yuan(yuan: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "amounts of money are far below 2^53 fen")]
        Self((yuan * 100.0 + 0.5).floor() as i64)
    }
    /// In yuan, to show.
    #[must_use]
    pub fn yuan(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

/// "1234.50": yuan with two decimals.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", abs / 100, abs % 100)
    }
}

/// Seconds after service-day midnight; may pass 24:00:00 (86,400), up to 48:00:00.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceTime(pub u32);

impl ServiceTime {
    /// From hours and minutes of the service day.
    #[must_use]
    pub const fn hm(hours: u32, minutes: u32) -> Self {
        Self(hours * 3600 + minutes * 60)
    }
    /// The whole minute this lies in, counted from midnight.
    #[must_use]
    pub fn minute(self) -> u32 {
        self.0 / 60
    }
    /// Time since an earlier moment; zero if it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Seconds {
        Seconds(self.0.saturating_sub(earlier.0))
    }
    /// "08:05", the minute it lies in (rounded down: nobody is sent to a stop too late).
    #[must_use]
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.0 / 3600, self.0 / 60 % 60)
    }
}

impl Add<Seconds> for ServiceTime {
    type Output = Self;
    fn add(self, span: Seconds) -> Self {
        Self(self.0 + span.0)
    }
}

/// "08:05:30".
impl fmt::Display for ServiceTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.0 / 3600, self.0 / 60 % 60, self.0 % 60)
    }
}

/// n / d rounded half up (towards plus infinity), for any sign of n; d > 0.
#[must_use]
pub fn divide_half_up(n: i128, d: i128) -> i128 {
    (2 * n + d).div_euclid(2 * d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up() {
        assert_eq!(divide_half_up(5, 10), 1);
        assert_eq!(divide_half_up(4, 10), 0);
        assert_eq!(divide_half_up(-5, 10), 0);
        assert_eq!(divide_half_up(-6, 10), -1);
    }

    #[test]
    fn money_and_time_read_as_people_write_them() {
        assert_eq!(Fen(-1205).to_string(), "-12.05");
        assert_eq!(Fen::from_yuan(900.0), Fen(90_000));
        assert_eq!(ServiceTime(24 * 3600 + 1859).to_string(), "24:30:59");
        assert_eq!(ServiceTime(24 * 3600 + 1859).clock(), "24:30");
        assert_eq!(Seconds(61).minutes_up(), 2);
    }
}
