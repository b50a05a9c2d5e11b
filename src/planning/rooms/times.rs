//! When a room is open or used, weekly or on dates: do two such times meet, does one lie within another?
//!
//! A date meets what recurs on its weekday, and of dates only itself.

use super::week::{self, Stretch};
use crate::allocation::WEEK;
use crate::domain::calendar::Window;

const WEEK_LONG: i64 = WEEK as i64;

/// The occurrences of a window.
#[derive(Clone, Debug)]
pub(super) struct Times {
    /// On the ring of the week: `[start, end)` minutes, `start` < a week; of dates those of their weekdays.
    pub(super) week: Vec<(u32, u32)>,
    /// Of dates: minutes of the calendar.
    pub(super) dates: Option<Vec<(i64, i64)>>,
}

impl Times {
    pub(super) fn of(window: &Window) -> Self {
        let dates: Vec<(i64, i64)> = window.on_dates().filter(|(start, end)| start < end).collect();
        if dates.is_empty() {
            return Self { week: week::occurrences(window), dates: None };
        }
        let on_ring = |&(start, end): &(i64, i64)| {
            let first = u32::try_from(start.rem_euclid(WEEK_LONG)).unwrap_or(0);
            (first, first + u32::try_from((end - start).min(WEEK_LONG)).unwrap_or(WEEK))
        };
        Self { week: dates.iter().map(on_ring).collect(), dates: Some(dates) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.week.is_empty()
    }

    /// The same so many minutes later.
    pub(super) fn later(&self, minutes: u32) -> Self {
        let on_ring = |&(start, end): &(u32, u32)| {
            let at = (start + minutes) % WEEK;
            (at, at + (end - start))
        };
        let on_dates = |&(start, end): &(i64, i64)| (start + i64::from(minutes), end + i64::from(minutes));
        Self {
            week: self.week.iter().map(on_ring).collect(),
            dates: self.dates.as_ref().map(|dates| dates.iter().map(on_dates).collect()),
        }
    }

    pub(super) fn meet(&self, other: &Self) -> bool {
        match (&self.dates, &other.dates) {
            (Some(own), Some(others)) => own.iter().any(|a| others.iter().any(|b| a.0 < b.1 && b.0 < a.1)),
            _ => self.week.iter().any(|&a| other.week.iter().any(|&b| meet(a, b))),
        }
    }
}

/// When a room is open.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) week: Vec<Stretch>,
    /// Of dates, ascending.
    pub(super) dates: Vec<(i64, i64)>,
}

impl Open {
    pub(super) fn of(window: &Window) -> Self {
        let mut dates: Vec<(i64, i64)> = window.on_dates().collect();
        dates.sort_unstable();
        Self { week: week::lent(std::slice::from_ref(window)), dates }
    }

    /// Is it open at all these times?
    pub(super) fn holds(&self, times: &Times) -> bool {
        if self.dates.is_empty() {
            return times.week.iter().all(|&(start, end)| week::within(&self.week, start, end).is_some());
        }
        // Windows of days that follow each other may touch.
        let open = |&(start, end): &(i64, i64)| {
            let reached = self.dates.iter().fold(start, |at, date| if date.0 <= at { at.max(date.1) } else { at });
            reached >= end && self.dates.iter().any(|date| date.0 <= start && start < date.1)
        };
        times.dates.as_ref().is_some_and(|dates| dates.iter().all(open))
    }
}

/// Do two stretches of the week, which closes on itself, meet?
fn meet(a: (u32, u32), b: (u32, u32)) -> bool {
    [0, WEEK]
        .into_iter()
        .any(|later| (a.0 + later < b.1 && b.0 < a.1 + later) || (a.0 < b.1 + later && b.0 + later < a.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Days;
    use crate::domain::units::ServiceTime;

    #[test]
    fn stretches_meet_over_the_end_of_the_week() {
        // Sunday 23:00 to Monday 01:00 meets Monday 00:00 to 02:00, and not Monday 01:00 to 02:00.
        let night = (6 * 1440 + 1380, WEEK + 60);
        assert!(meet(night, (0, 120)) && meet((0, 120), night));
        assert!(!meet(night, (60, 120)) && !meet((60, 120), night));
    }

    #[test]
    fn a_date_meets_its_weekday_and_itself() {
        let times = |days: &str, from: u32, to: u32| {
            let days = Days::parse(days).unwrap();
            Times::of(&Window { days, from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) })
        };
        // 2026-12-27 is a Sunday; its night reaches Monday 28.
        let sunday = times("2026-12-27", 23, 25);
        assert!(sunday.meet(&times("Mon", 0, 2)) && times("Mon", 0, 2).meet(&sunday));
        assert!(sunday.meet(&times("2026-12-28", 0, 2)) && !sunday.meet(&times("2026-12-28", 1, 2)));
        assert!(!sunday.meet(&times("2027-01-03", 23, 25)) && !sunday.meet(&times("Sun", 20, 23)));
        assert!(sunday.later(60).meet(&times("2026-12-28", 1, 2)));
    }

    #[test]
    fn a_room_open_on_dates_is_open_then_only() {
        let window = |days: &str, from: u32, to: u32| Window {
            days: Days::parse(days).unwrap(),
            from: ServiceTime::hm(from, 0),
            to: ServiceTime::hm(to, 0),
        };
        let weekly = Open::of(&window("Thu", 9, 21));
        let thursdays = Open::of(&window("2026-12-24,2026-12-31", 9, 21));
        let asked = |days: &str| Times::of(&window(days, 10, 12));
        assert!(
            weekly.holds(&asked("Thu")) && weekly.holds(&asked("2026-12-24")) && !weekly.holds(&asked("2026-12-25"))
        );
        assert!(!thursdays.holds(&asked("Thu")) && !thursdays.holds(&asked("2027-01-07")));
        assert!(thursdays.holds(&asked("2026-12-24")) && thursdays.holds(&asked("2026-12-24,2026-12-31")));
        // Whole days that follow each other are one.
        let days = Open::of(&window("2026-12-24,2026-12-25", 0, 24));
        assert!(days.holds(&Times::of(&window("2026-12-24", 22, 26))));
        assert!(!days.holds(&Times::of(&window("2026-12-25", 22, 26))));
    }
}
