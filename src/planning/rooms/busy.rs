//! When a room cannot be had: closed, or given out.
//!
//! The week closes on itself. To ask about a stay that is moved over its end, weeks are laid side by side; a stay begins in the third of them.

use super::week::Stretch;
use crate::allocation::WEEK;

/// Weeks side by side: enough for a stay of a week that is moved by a day.
const WEEKS: u32 = 5;
/// Where the third begins.
pub(super) const BASE: u32 = 2 * WEEK;

/// `[start, end)` in minutes, ascending and apart; whole from the second week on.
#[derive(Clone, Debug)]
pub(super) struct Busy(Vec<(u32, u32)>);

impl Busy {
    /// Outside the stretches in which it is open.
    pub(super) fn outside(open: &[Stretch]) -> Self {
        let mut busy = Self(Vec::new());
        busy.add(&closed(open));
        busy
    }

    /// Given out for these stays too, which begin in the first week.
    pub(super) fn add(&mut self, stays: &[(u32, u32)]) {
        let copies = |week: u32| stays.iter().map(move |&(start, end)| (start + week * WEEK, end + week * WEEK));
        self.0.extend((0..WEEKS).flat_map(copies));
        self.0.sort_unstable();
        self.0.dedup_by(|next, last| {
            let joined = next.0 <= last.1;
            if joined {
                last.1 = last.1.max(next.1);
            }
            joined
        });
    }

    /// The busy stretches that meet this one.
    pub(super) fn meeting(&self, start: u32, end: u32) -> impl Iterator<Item = (u32, u32)> {
        let first = self.0.partition_point(|&(_, until)| until <= start);
        self.0[first..].iter().copied().take_while(move |&(from, _)| from < end)
    }

    /// Is it free throughout?
    pub(super) fn is_free(&self, stays: &[(u32, u32)]) -> bool {
        stays.iter().all(|&(start, end)| self.meeting(start, end).next().is_none())
    }
}

/// Between the stretches of the week.
fn closed(open: &[Stretch]) -> Vec<(u32, u32)> {
    if open.iter().any(|stretch| stretch.endless) {
        return Vec::new();
    }
    let Some(first) = open.first() else { return vec![(0, WEEK)] };
    let next = open.iter().skip(1).map(|stretch| stretch.start).chain([first.start + WEEK]);
    open.iter().zip(next).map(|(stretch, next)| (stretch.end, next)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stay_may_pass_the_end_of_the_week() {
        // Open from Sunday 20:00 to Monday 04:00, given out from Monday 00:00 to 01:00.
        let sunday = 6 * 1440 + 1200;
        let mut busy = Busy::outside(&[Stretch { start: sunday, end: WEEK + 240, endless: false }]);
        busy.add(&[(0, 60)]);
        let free = |start, end| busy.is_free(&[(BASE + start, BASE + end)]);
        assert!(free(sunday, WEEK) && free(60, 240) && free(WEEK + 60, WEEK + 240));
        assert!(!free(sunday, WEEK + 1) && !free(59, 60) && !free(60, 241) && !free(sunday - 1, sunday));
        assert_eq!(busy.meeting(BASE + 59, BASE + 61).collect::<Vec<_>>(), [(BASE, BASE + 60)]);
    }

    #[test]
    fn a_room_may_be_always_open_or_never() {
        let stay = [(BASE, BASE + WEEK)];
        assert!(Busy::outside(&[Stretch { start: 0, end: WEEK, endless: true }]).is_free(&stay));
        assert!(!Busy::outside(&[]).is_free(&[(BASE + 5, BASE + 6)]));
    }
}
