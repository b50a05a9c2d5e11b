//! Windows on the ring of the week: when a lot lends, and whether a request lies within. Dates are not on it: see [`axis`](super::axis).

use crate::allocation::WEEK;
use crate::domain::calendar::Window;

/// A stretch in which a lot lends without a break. Of the week: `start` < a week, `end` at most a week later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::planning) struct Stretch {
    pub(in crate::planning) start: u32,
    pub(in crate::planning) end: u32,
    /// No owner comes back at its end that is to be asked about: it is the whole week, or the typical week says all of it.
    pub(in crate::planning) endless: bool,
}

/// `[start, end)` of each occurrence, `start` < a week; none where the window is empty.
pub(in crate::planning) fn occurrences(window: &Window) -> Vec<(u32, u32)> {
    let longest = |start: u32, end: u32| (start % WEEK, start % WEEK + (end - start).min(WEEK));
    window.minutes().filter(|(start, end)| start < end).map(|(start, end)| longest(start, end)).collect()
}

/// The stretches of a lot, ascending; windows that touch or overlap are one.
pub(in crate::planning) fn lent(windows: &[Window]) -> Vec<Stretch> {
    let week = WEEK as usize;
    let mut open = vec![false; week];
    for (start, end) in windows.iter().flat_map(occurrences) {
        for minute in start..end {
            open[(minute % WEEK) as usize] = true;
        }
    }
    if open.iter().all(|open| *open) {
        return vec![Stretch { start: 0, end: WEEK, endless: true }];
    }
    let mut stretches = Vec::new();
    for start in 0..WEEK {
        let before = (start + WEEK - 1) % WEEK;
        if open[start as usize] && !open[before as usize] {
            let length = (0..WEEK).take_while(|passed| open[((start + passed) % WEEK) as usize]).count();
            let end = start + u32::try_from(length).unwrap_or(WEEK);
            stretches.push(Stretch { start, end, endless: false });
        }
    }
    stretches
}

/// The stretch an occurrence lies in, and the minutes between its end and the stretch's; both of the week, or of the axis.
pub(in crate::planning) fn within(stretches: &[Stretch], start: u32, end: u32) -> Option<(usize, u32)> {
    if start >= WEEK {
        let at = stretches.partition_point(|stretch| stretch.start <= start).checked_sub(1)?;
        let stretch = &stretches[at];
        let slack = stretch.end.checked_sub(end).filter(|_| stretch.start >= WEEK)?;
        return Some((at, if stretch.endless { u32::MAX } else { slack }));
    }
    stretches.iter().take_while(|stretch| stretch.start < WEEK).enumerate().find_map(|(at, stretch)| {
        if stretch.endless {
            return Some((at, u32::MAX));
        }
        // A stretch may have begun last week.
        [0, WEEK].into_iter().find_map(|shift| {
            let inside = stretch.start <= start + shift && end + shift <= stretch.end;
            inside.then(|| (at, stretch.end - end - shift))
        })
    })
}

/// The places of a lot over the week, as the allocation wants them.
pub(in crate::planning) fn steps(stretches: &[Stretch], bays: u32) -> Vec<(u32, u32)> {
    let mut steps = vec![(0, if stretches.iter().any(|s| s.endless || s.end > WEEK) { bays } else { 0 })];
    let mut changes: Vec<(u32, u32)> = Vec::new();
    for stretch in stretches.iter().filter(|stretch| !stretch.endless) {
        changes.push((stretch.start, bays));
        changes.push((stretch.end % WEEK, 0));
    }
    changes.sort_unstable();
    for (minute, places) in changes {
        if minute == 0 {
            steps[0].1 = places;
        } else {
            steps.push((minute, places));
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Days, Week};
    use crate::domain::units::ServiceTime;

    fn window(days: Week, from: u32, to: u32) -> Window {
        Window { days: Days::Weekly(days), from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
    }

    #[test]
    fn nights_reach_over_the_end_of_the_week() {
        let nights = lent(&[window(Week::DAILY, 18, 32)]);
        assert_eq!(nights.len(), 7);
        // Sunday's: 6*1440+1080 to 7*1440+480. Monday 06:00-07:00 lies in it, an hour before its end.
        assert_eq!(nights[6], Stretch { start: 9720, end: 10_560, endless: false });
        assert_eq!(within(&nights, 360, 420), Some((6, 60)));
        assert_eq!(within(&nights, 360, 481), None);
        let places = steps(&nights, 5);
        assert_eq!(&places[..3], &[(0, 5), (480, 0), (1080, 5)]);
        assert_eq!(places.last(), Some(&(9720, 5)));
    }

    #[test]
    fn windows_that_touch_are_one_and_the_whole_week_has_no_end() {
        let weekend = lent(&[window(Week::WORKING, 18, 32), window(Week::span(5, 6), 8, 32)]);
        // Friday 18:00 to Monday 08:00 is one stretch.
        let friday = 4 * 1440 + 1080;
        assert_eq!(weekend.last(), Some(&Stretch { start: friday, end: WEEK + 480, endless: false }));
        assert_eq!(within(&weekend, friday, WEEK + 480), Some((4, 0)));
        let always = lent(&[window(Week::DAILY, 0, 24)]);
        assert_eq!(always, vec![Stretch { start: 0, end: WEEK, endless: true }]);
        assert_eq!(steps(&always, 3), vec![(0, 3)]);
    }

    #[test]
    fn places_begin_at_midnight_where_a_stretch_does() {
        assert_eq!(steps(&lent(&[window(Week::span(0, 0), 0, 5)]), 2), vec![(0, 2), (300, 0)]);
        assert_eq!(steps(&lent(&[window(Week::span(6, 6), 20, 24)]), 2), vec![(0, 0), (9840, 2)]);
    }
}
