//! Service days and the clock on the wall.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

/// Used where the project names no time zone anybody knows: UTC+8 all year.
const HOME_ZONE: &str = "Asia/Shanghai";

/// Seconds of a service day on which clocks may change: two days and the hour itself.
const REACH: i64 = 49 * 3600;

/// The time zone of a project and the name to write for it.
#[must_use]
pub fn zone_of(timezone: &str) -> (String, TimeZone) {
    match TimeZone::get(timezone) {
        Ok(zone) => (timezone.to_owned(), zone),
        Err(_) => (HOME_ZONE.to_owned(), TimeZone::fixed(jiff::tz::offset(8))),
    }
}

/// The moment at which a clock on the wall shows `seconds` after midnight of `date` (past 24:00: on a later day).
#[must_use]
pub fn instant(zone: &TimeZone, date: Date, seconds: i64) -> Timestamp {
    zone.to_timestamp(wall(date, seconds)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What the clock shows then.
pub(super) fn wall(date: Date, seconds: i64) -> DateTime {
    date.at(0, 0, 0, 0).saturating_add(Span::new().seconds(seconds.clamp(-10_000_000, 10_000_000)))
}

/// So many days later (or earlier).
pub(super) fn later(date: Date, days: i64) -> Date {
    date.saturating_add(Span::new().days(days.clamp(-100_000, 100_000)))
}

/// From one day to another, negative backwards.
pub(super) fn days_from(a: Date, b: Date) -> i64 {
    a.until(b).map_or(0, |span| i64::from(span.get_days()))
}

/// A service day whose moments are asked for again and again: where clocks do not change, an addition.
pub(super) struct DayClock<'a> {
    zone: &'a TimeZone,
    pub(super) date: Date,
    midnight: Timestamp,
    uniform: bool,
}

impl<'a> DayClock<'a> {
    pub(super) fn new(zone: &'a TimeZone, date: Date) -> Self {
        let midnight = instant(zone, date, 0);
        // A day of slack before: delays may be negative.
        let before = midnight.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(midnight);
        let after = midnight.saturating_add(SignedDuration::from_secs(REACH)).unwrap_or(midnight);
        let uniform = zone.to_offset(before) == zone.to_offset(after);
        Self { zone, date, midnight, uniform }
    }
    pub(super) fn at(&self, seconds: i64) -> Timestamp {
        if self.uniform && (-86_400..=REACH).contains(&seconds) {
            self.midnight.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(self.midnight)
        } else {
            instant(self.zone, self.date, seconds)
        }
    }
}

/// So many seconds later.
pub(super) fn plus(moment: Timestamp, seconds: i64) -> Timestamp {
    moment.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(moment)
}
