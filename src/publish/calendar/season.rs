//! The days of a service, as weekly rules and exceptions.

use jiff::Span;
use jiff::civil::Date;

use crate::domain::calendar::{Service, days_between, weekday_of};

/// The days of a service, the way a calendar says them.
pub(super) struct Season {
    pub(super) weekly: Option<Weekly>,
    /// Dates outside the weekly pattern's reach.
    pub(super) single: Vec<Date>,
}

pub(super) struct Weekly {
    /// Weekdays, 0 Monday.
    pub(super) days: Vec<usize>,
    /// First and last day that runs by the pattern.
    pub(super) first: Date,
    pub(super) last: Date,
    /// Days between them that the pattern has and the service has not.
    pub(super) removed: Vec<Date>,
    /// Days after the first that the service has and the pattern has not.
    pub(super) added: Vec<Date>,
}

impl Season {
    pub(super) fn of(service: &Service) -> Self {
        let patterned = |date: &Date| service.week.has(weekday_of(*date));
        let runs: Vec<Date> = service.dates().collect();
        let mut regular = runs.iter().copied().filter(patterned);
        let Some(first) = regular.next() else {
            return Self { weekly: None, single: runs };
        };
        let last = regular.next_back().unwrap_or(first);
        let removed = (0..=days_between(first, last))
            .filter_map(|n| first.checked_add(Span::new().days(n)).ok())
            .filter(|date| patterned(date) && !service.runs_on(*date))
            .collect();
        let (single, added) =
            runs.iter().copied().filter(|date| !patterned(date)).partition(|date: &Date| *date < first);
        let days = service.week.days().collect();
        Self { weekly: Some(Weekly { days, first, last, removed, added }), single }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Days, Holidays, Week};

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn days_added_before_the_pattern_starts_stand_alone() {
        // Sunday 3 January 2027 is worked before the first Monday; Friday 8 is off; Sunday 10 is worked.
        let holidays =
            Holidays { holidays: vec![date("2027-01-08")], working: vec![date("2027-01-03"), date("2027-01-10")] };
        let days = Days::Weekly(Week::WORKING);
        let season = Season::of(&Service::new("w", &days, date("2027-01-03"), date("2027-01-15"), &holidays));
        assert_eq!(season.single, vec![date("2027-01-03")]);
        let weekly = season.weekly.unwrap();
        assert_eq!((weekly.first, weekly.last), (date("2027-01-04"), date("2027-01-15")));
        assert_eq!(weekly.removed, vec![date("2027-01-08")]);
        assert_eq!(weekly.added, vec![date("2027-01-10")]);
    }
}
