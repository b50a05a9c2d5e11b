//! When a room cannot be had: closed, or given out.
//!
//! What recurs weekly is looked at on the week, which closes on itself: to ask about a stay that is moved over its end, weeks are laid side
//! by side. What is of dates counts there on its weekdays, for a weekly stay needs the room on those dates too. A stay of dates is
//! looked at on the calendar: it meets what recurs, and of dates only those it touches.

use super::times::{Open, Times};
use super::week::Stretch;
use crate::allocation::WEEK;

/// `[start, end)` in minutes.
pub(super) type Span = (i64, i64);

const WEEK_LONG: i64 = WEEK as i64;
/// Weeks side by side: enough for a stay of a week that is moved by a day.
const WEEKS: i64 = 5;
/// Where the third begins: what is asked about is moved to begin there.
const BASE: i64 = 2 * WEEK_LONG;
/// Before and after all dates.
const NEVER: i64 = 1 << 40;

/// Stays of one claim: of every week, or of dates, then in minutes of the calendar.
#[derive(Clone, Debug)]
pub(super) struct Stays {
    pub(super) spans: Vec<Span>,
    of_dates: bool,
}

impl Stays {
    pub(super) fn of(times: &Times) -> Self {
        let weekly = || times.week.iter().map(|&(start, end)| (i64::from(start), i64::from(end))).collect();
        Self { spans: times.dates.clone().unwrap_or_else(weekly), of_dates: times.dates.is_some() }
    }

    /// So many minutes later, or earlier.
    pub(super) fn moved(&self, by: i64) -> Self {
        Self { spans: self.spans.iter().map(|&(start, end)| (start + by, end + by)).collect(), of_dates: self.of_dates }
    }
}

/// See the head of this file.
#[derive(Clone, Debug, Default)]
pub(super) struct Busy {
    /// What recurs.
    weekly: Ring,
    /// What is of dates, on their weekdays.
    folded: Ring,
    /// The same on the calendar.
    dates: Line,
}

impl Busy {
    /// When it is not open.
    pub(super) fn outside(open: &Open) -> Self {
        let mut busy = Self::default();
        if open.dates.is_empty() {
            busy.weekly.add(closed(&open.week));
        } else {
            // Never open every week.
            busy.folded.add([(0, WEEK_LONG)]);
            let reached = open.dates.iter().scan(-NEVER, |reached, date| {
                let gap = (*reached, date.0);
                *reached = date.1.max(*reached);
                Some(gap)
            });
            let last = open.dates.iter().map(|date| date.1).max().unwrap_or(-NEVER);
            busy.dates.add(reached.chain([(last, NEVER)]).filter(|gap| gap.0 < gap.1));
        }
        busy
    }

    /// Given out then, too.
    pub(super) fn add(&mut self, times: &Times) {
        let weekly = times.week.iter().map(|&(start, end)| (i64::from(start), i64::from(end)));
        match &times.dates {
            None => self.weekly.add(weekly),
            Some(dates) => {
                self.folded.add(weekly);
                self.dates.add(dates.iter().copied());
            }
        }
    }

    /// The busy stretches that meet `span` of such stays; they may overlap.
    pub(super) fn meeting(&self, stays: &Stays, span: Span) -> impl Iterator<Item = Span> {
        let (folded, dates) = match stays.of_dates {
            true => (None, Some(self.dates.meeting(span))),
            false => (Some(self.folded.meeting(span)), None),
        };
        self.weekly.meeting(span).chain(folded.into_iter().flatten()).chain(dates.into_iter().flatten())
    }

    /// Is it free throughout?
    pub(super) fn is_free(&self, stays: &Stays) -> bool {
        stays.spans.iter().all(|&span| self.meeting(stays, span).next().is_none())
    }
}

/// Ascending and apart.
#[derive(Clone, Debug, Default)]
struct Line(Vec<Span>);

impl Line {
    fn add(&mut self, spans: impl IntoIterator<Item = Span>) {
        self.0.extend(spans);
        self.0.sort_unstable();
        self.0.dedup_by(|next, last| {
            let joined = next.0 <= last.1;
            if joined {
                last.1 = last.1.max(next.1);
            }
            joined
        });
    }

    fn meeting(&self, (start, end): Span) -> impl Iterator<Item = Span> {
        let first = self.0.partition_point(|&(_, until)| until <= start);
        self.0[first..].iter().copied().take_while(move |&(from, _)| from < end)
    }
}

/// Weeks side by side, whole from the second week on.
#[derive(Clone, Debug, Default)]
struct Ring(Line);

impl Ring {
    /// These begin in the first week.
    fn add(&mut self, spans: impl IntoIterator<Item = Span>) {
        let copies =
            |(start, end): Span| (0..WEEKS).map(move |week| (start + week * WEEK_LONG, end + week * WEEK_LONG));
        self.0.add(spans.into_iter().flat_map(copies));
    }

    fn meeting(&self, (start, end): Span) -> impl Iterator<Item = Span> {
        let ahead = BASE - start.div_euclid(WEEK_LONG) * WEEK_LONG;
        self.0.meeting((start + ahead, end + ahead)).map(move |(from, to)| (from - ahead, to - ahead))
    }
}

/// Between the stretches of the week.
fn closed(open: &[Stretch]) -> Vec<Span> {
    if open.iter().any(|stretch| stretch.endless) {
        return Vec::new();
    }
    let Some(first) = open.first() else { return vec![(0, WEEK_LONG)] };
    let next = open.iter().skip(1).map(|stretch| stretch.start).chain([first.start + WEEK]);
    open.iter().zip(next).map(|(stretch, next)| (i64::from(stretch.end), i64::from(next))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Days, Window};
    use crate::domain::units::ServiceTime;

    fn window(days: &str, from: u32, to: u32) -> Window {
        let days = Days::parse(days).unwrap();
        Window { days, from: ServiceTime::hm(0, from), to: ServiceTime::hm(0, to) }
    }

    fn free(busy: &Busy, days: &str, from: u32, to: u32) -> bool {
        busy.is_free(&Stays::of(&Times::of(&window(days, from, to))))
    }

    #[test]
    fn a_stay_may_pass_the_end_of_the_week() {
        // Open from Sunday 20:00 to Monday 04:00, given out from Monday 00:00 to 01:00.
        let mut busy = Busy::outside(&Open::of(&window("Sun", 1200, 1440 + 240)));
        busy.add(&Times::of(&window("Mon", 0, 60)));
        // 2026-12-27 is a Sunday.
        for (sunday, monday) in [("Sun", "Mon"), ("2026-12-27", "2026-12-28")] {
            assert!(free(&busy, sunday, 1200, 1440) && free(&busy, sunday, 1500, 1680) && free(&busy, monday, 60, 240));
            assert!(!free(&busy, sunday, 1200, 1441) && !free(&busy, monday, 59, 60));
            assert!(!free(&busy, monday, 60, 241) && !free(&busy, sunday, 1199, 1200));
        }
        let monday = Stays::of(&Times::of(&window("Mon", 59, 61)));
        assert_eq!(busy.meeting(&monday, monday.spans[0]).collect::<Vec<_>>(), [(0, 60)]);
    }

    #[test]
    fn a_room_may_be_always_open_or_never() {
        assert!(free(&Busy::outside(&Open::of(&window("daily", 0, 1440))), "Mon", 0, 7 * 1440));
        assert!(!free(&Busy::outside(&Open::of(&window("Mon", 5, 5))), "Mon", 5, 6));
    }

    #[test]
    fn a_date_is_busy_on_its_weekday_and_by_itself() {
        // 2026-12-24 and 31 are Thursdays.
        let mut busy = Busy::outside(&Open::of(&window("daily", 540, 1260)));
        busy.add(&Times::of(&window("2026-12-24", 600, 720)));
        assert!(!free(&busy, "Thu", 660, 780) && !free(&busy, "2026-12-24", 660, 780));
        assert!(free(&busy, "2026-12-31", 660, 780) && free(&busy, "Wed", 660, 780) && free(&busy, "Thu", 720, 780));
        busy.add(&Times::of(&window("Thu", 720, 780)));
        assert!(!free(&busy, "2026-12-31", 660, 780) && free(&busy, "2026-12-31", 660, 720));
        // Open on two days that follow each other, and on a later one.
        let days = Busy::outside(&Open::of(&window("2026-12-24,2026-12-25,2026-12-31", 0, 1440)));
        assert!(free(&days, "2026-12-24", 1000, 2880) && free(&days, "2026-12-31", 0, 1440));
        assert!(
            !free(&days, "2026-12-24", 1000, 2881) && !free(&days, "2026-12-30", 0, 60) && !free(&days, "Thu", 0, 60)
        );
    }
}
