//! Minutes of the typical week and of dates: what recurs weekly is there on every date, what a date brings on that date only.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::calendar::{Days, Window, weekday_of};

const DAY: usize = 1440;
/// Minutes of a week.
pub(super) const WEEK: usize = 7 * DAY;
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A minute: of every week, or of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Minute of the week, Monday 00:00 is 0.
    pub(super) minute: usize,
    /// The date it is of; `None`: every week.
    pub(super) date: Option<Date>,
}

impl Moment {
    /// Can both be at once?
    pub(super) fn meets(self, other: Self) -> bool {
        self.minute == other.minute && (self.date.is_none() || other.date.is_none() || self.date == other.date)
    }

    /// "Thu 18:00", "2026-12-24 18:00".
    pub(super) fn text(self) -> String {
        let day = self
            .date
            .map_or_else(|| DAYS.get(self.minute / DAY).copied().unwrap_or("-").to_owned(), |date| date.to_string());
        format!("{day} {:02}:{:02}", self.minute / 60 % 24, self.minute % 60)
    }
}

/// The minutes a window covers. A night of a date goes on on the next date, one past Sunday on Monday.
pub(super) fn moments(window: &Window) -> Vec<Moment> {
    let (from, to) = (window.from.0 as usize / 60, window.to.0.div_ceil(60) as usize);
    match &window.days {
        Days::Weekly(week) => {
            let of_day = |day: usize| (from..to).map(move |minute| (day * DAY + minute) % WEEK);
            week.days().flat_map(of_day).map(|minute| Moment { minute, date: None }).collect()
        }
        Days::Dates(dates) => {
            // Day by day: the calendar is slow to ask for each minute.
            let of_date = |&first: &Date| {
                (from / DAY..to.div_ceil(DAY)).flat_map(move |ahead| {
                    let later = i64::try_from(ahead).unwrap_or(0);
                    let date = first.saturating_add(jiff::Span::new().days(later));
                    let (midnight, start) = (weekday_of(date) * DAY, ahead * DAY);
                    let (from, to) = (from.max(start) - start, to.min(start + DAY) - start);
                    (from..to).map(move |minute| Moment { minute: midnight + minute, date: Some(date) })
                })
            };
            dates.iter().flat_map(of_date).collect()
        }
    }
}

/// How many there are at each minute.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    weekly: Vec<u32>,
    /// Beside the weekly ones, by minute of the day.
    dates: BTreeMap<Date, Vec<u32>>,
}

impl Default for Counts {
    fn default() -> Self {
        Self { weekly: vec![0; WEEK], dates: BTreeMap::new() }
    }
}

impl Counts {
    pub(super) fn add(&mut self, moment: Moment) {
        let cell = match moment.date {
            None => self.weekly.get_mut(moment.minute),
            Some(date) => self.dates.entry(date).or_insert_with(|| vec![0; DAY]).get_mut(moment.minute % DAY),
        };
        if let Some(cell) = cell {
            *cell += 1;
        }
    }

    /// How many, on a date with those of every week.
    pub(super) fn at(&self, moment: Moment) -> u32 {
        let weekly = self.weekly.get(moment.minute).copied().unwrap_or(0);
        let of_date = moment.date.and_then(|date| self.dates.get(&date)?.get(moment.minute % DAY)).copied();
        weekly + of_date.unwrap_or(0)
    }

    /// The dates that bring something.
    pub(super) fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.dates.keys().copied()
    }

    /// Every minute of the week, then of the dates.
    pub(super) fn each(&self) -> impl Iterator<Item = (Moment, u32)> + '_ {
        let weekly = self.weekly.iter().enumerate().map(|(minute, &count)| (Moment { minute, date: None }, count));
        weekly.chain(self.dates().flat_map(|date| {
            let day = self.day(weekday_of(date), Some(date));
            day_of(date).map(move |moment| (moment, day.at(moment.minute % DAY)))
        }))
    }

    /// A weekday (0 Monday) or a date on it, to be asked minute by minute.
    pub(super) fn day(&self, weekday: usize, date: Option<Date>) -> Day<'_> {
        let weekly = self.weekly.get(weekday * DAY..(weekday + 1) * DAY).unwrap_or_default();
        Day { weekly, more: date.and_then(|date| self.dates.get(&date)).map_or(&[][..], Vec::as_slice) }
    }

    /// Moments at which what is at `moment` can be there: itself, and of a minute of every week those of the dates on that weekday too.
    pub(super) fn cases(&self, moment: Moment) -> impl Iterator<Item = Moment> + '_ {
        let dates = self.dates().filter(move |date| moment.date.is_none() && weekday_of(*date) == moment.minute / DAY);
        std::iter::once(moment).chain(dates.map(move |date| Moment { date: Some(date), ..moment }))
    }
}

/// How many there are at each minute of a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day<'a> {
    weekly: &'a [u32],
    /// What a date brings; empty where it is none, or brings nothing.
    more: &'a [u32],
}

impl Day<'_> {
    pub(super) fn at(self, minute: usize) -> u32 {
        self.weekly.get(minute).copied().unwrap_or(0) + self.more.get(minute).copied().unwrap_or(0)
    }
}

/// The minutes of a date.
pub(super) fn day_of(date: Date) -> impl Iterator<Item = Moment> {
    let midnight = weekday_of(date) * DAY;
    (midnight..midnight + DAY).map(move |minute| Moment { minute, date: Some(date) })
}

/// When something is open.
#[derive(Clone, Debug)]
pub(super) struct Hours(Counts);

impl Hours {
    pub(super) fn of(windows: &[Window]) -> Self {
        let mut open = Counts::default();
        windows.iter().flat_map(moments).for_each(|moment| open.add(moment));
        Self(open)
    }

    pub(super) fn has(&self, moment: Moment) -> bool {
        self.0.at(moment) > 0
    }

    /// A weekday or a date, as [`Counts::day`]: open where it is more than 0.
    pub(super) fn day(&self, weekday: usize, date: Option<Date>) -> Day<'_> {
        self.0.day(weekday, date)
    }

    /// At all times?
    pub(super) fn always(&self) -> bool {
        self.0.weekly.iter().all(|open| *open > 0)
    }

    /// Dates with hours of their own.
    pub(super) fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.0.dates()
    }
}
