//! When a lot lends without a break: looked up in one step of the week and one of its dates, for there are many permits, records and dates.

use super::WEEK;
use crate::domain::calendar::Window;

/// Minutes of the calendar, from the midnight of a Monday.
pub(super) type Span = (i64, i64);

/// The hours of a lot.
#[derive(Debug)]
pub(super) struct Lending {
    /// How many minutes from this one of the week on it lends without a break, this one included; 0 where it does not.
    ahead: Vec<u32>,
    /// The same backwards.
    back: Vec<u32>,
    /// When it lends on dates: ascending, apart.
    dates: Vec<Span>,
    /// It lends all the week.
    pub(super) always: bool,
}

impl Lending {
    pub(super) fn new<'a>(windows: impl Iterator<Item = &'a Window> + Clone) -> Self {
        let mut lent = vec![false; WEEK];
        for (start, end) in windows.clone().flat_map(Window::minutes) {
            (start..end).for_each(|minute| lent[minute as usize % WEEK] = true);
        }
        let mut dates: Vec<Span> = windows.flat_map(Window::on_dates).filter(|(start, end)| start < end).collect();
        dates.sort_unstable();
        dates.dedup_by(|next, last| {
            let joined = next.0 <= last.1;
            if joined {
                last.1 = last.1.max(next.1);
            }
            joined
        });
        let (mut ahead, mut back) = (vec![0; WEEK], vec![0; WEEK]);
        // Twice round: a stretch may go over the end of the week.
        for minute in (0..2 * WEEK).rev() {
            let next = ahead[(minute + 1) % WEEK];
            ahead[minute % WEEK] = if lent[minute % WEEK] { next + 1 } else { 0 };
        }
        for minute in 0..2 * WEEK {
            let last = back[(minute + WEEK - 1) % WEEK];
            back[minute % WEEK] = if lent[minute % WEEK] { last + 1 } else { 0 };
        }
        Self { ahead, back, dates, always: lent.iter().all(|lent| *lent) }
    }

    /// Has it dates of its own?
    pub(super) fn has_dates(&self) -> bool {
        !self.dates.is_empty()
    }

    /// The dates' hours.
    pub(super) fn dates(&self) -> &[Span] {
        &self.dates
    }

    /// Where lending that goes on in the last minute before `end` stops, of every week; `None`: it does not go on then.
    pub(super) fn stop_of_week(&self, end: usize) -> Option<usize> {
        let goes_on = self.back[(end + WEEK - 1) % WEEK] > 0;
        goes_on.then(|| end + self.ahead[end % WEEK] as usize)
    }

    /// The stretch of the calendar that is lent in the last minute before `end`.
    pub(super) fn around(&self, end: i64) -> Option<Span> {
        let (mut first, mut last) = (end, end);
        while let Some(earlier) = self.before(first) {
            first = earlier;
        }
        while let Some(later) = self.after(last) {
            last = later;
        }
        (first < end).then_some((first, last))
    }

    /// How far back from here it lends at least.
    fn before(&self, minute: i64) -> Option<i64> {
        let weekly = minute - i64::from(self.back[of_week(minute - 1)]);
        let at = self.dates.partition_point(|span| span.0 < minute);
        let dated = at.checked_sub(1).map(|at| self.dates[at]).filter(|span| minute <= span.1).map(|span| span.0);
        Some(dated.unwrap_or(minute).min(weekly)).filter(|earlier| *earlier < minute)
    }

    /// How far on from here.
    fn after(&self, minute: i64) -> Option<i64> {
        let weekly = minute + i64::from(self.ahead[of_week(minute)]);
        let at = self.dates.partition_point(|span| span.1 <= minute);
        let dated = self.dates.get(at).filter(|span| span.0 <= minute).map(|span| span.1);
        Some(dated.unwrap_or(minute).max(weekly)).filter(|later| *later > minute)
    }
}

fn of_week(minute: i64) -> usize {
    usize::try_from(minute.rem_euclid(WEEK as i64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Days;
    use crate::domain::units::ServiceTime;
    use crate::search::Random;

    #[test]
    fn looked_up_as_counted_minute_by_minute() {
        let random = &mut Random::new(5);
        let mut seen = [0_u32; 2];
        for _ in 0..60 {
            let days = ["daily", "Sun", "Mon,Thu", "2026-12-24,2026-12-25", "2026-12-27", "2027-01-03,2026-12-21"];
            let windows: Vec<Window> = (0..1 + random.below(3))
                .map(|_| {
                    let from = random.below(30) as u32 * 60;
                    Window {
                        days: Days::parse(days[random.below(days.len())]).unwrap(),
                        from: ServiceTime(from * 60),
                        to: ServiceTime((from + 60 + random.below(20) as u32 * 60) * 60),
                    }
                })
                .collect();
            let lending = Lending::new(windows.iter());
            let mut lent = vec![false; WEEK];
            for (start, end) in windows.iter().flat_map(Window::minutes) {
                (start..end).for_each(|minute| lent[minute as usize % WEEK] = true);
            }
            if lent.iter().all(|lent| *lent) {
                assert!(lending.always);
                continue;
            }
            let dates: Vec<Span> = windows.iter().flat_map(Window::on_dates).collect();
            let open =
                |minute: i64| lent[of_week(minute)] || dates.iter().any(|span| span.0 <= minute && minute < span.1);
            let from = crate::domain::calendar::day_number("2026-12-19".parse().unwrap()) * 1440;
            for end in (from..from + 20 * 1440).step_by(30) {
                let (mut first, mut last) = (end, end);
                while open(first - 1) {
                    first -= 1;
                }
                while first < end && open(last) {
                    last += 1;
                }
                let expected = (first < end).then_some((first, last));
                assert_eq!(lending.around(end), expected, "{windows:?} {end}");
                seen[usize::from(expected.is_some())] += 1;
                let of_week = of_week(end);
                let mut stop = of_week;
                while lent[stop % WEEK] {
                    stop += 1;
                }
                let expected = lent[(of_week + WEEK - 1) % WEEK].then_some(stop);
                assert_eq!(lending.stop_of_week(of_week), expected, "{windows:?} {end}");
            }
        }
        assert!(seen[0] > 1000 && seen[1] > 1000, "{seen:?}");
    }
}
