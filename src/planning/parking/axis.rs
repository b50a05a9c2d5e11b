//! The minutes an allotment looks at: the typical week, and behind it those of the calendar in which a date counts.
//!
//! What recurs weekly is judged on the week `[0, WEEK)`, a ring. A date is unlike its weekday only around what is asked for or lent on it:
//! its *spell* is that window with every lending stretch it touches, for the promise to an owner counts all cars of a stretch. Out of
//! spells every week is the typical one; in a spell what recurs is repeated beside what its dates bring, each occurrence
//! whole. So what holds on the axis holds on every day, and nothing else is asked.
//!
//! Spells stand one behind the other from [`SPELLS`] on, in whole days: a minute of the axis modulo a day is its time of day. An occurrence of
//! the week may pass the end of the week (its end is then below [`SPELLS`]), one of a spell lies within it. Without dates there is no spell.

use std::collections::BTreeSet;

use super::week::{self, Stretch};
use crate::allocation::WEEK;
use crate::domain::calendar::Window;

/// Where spells begin: an occurrence of the week ends before it, shifted by a week too.
pub(in crate::planning) const SPELLS: u32 = 3 * WEEK;

const DAY: i64 = 1440;
const WEEK_LONG: i64 = WEEK as i64;
/// Weeks around a date in which lending stretches are laid out: one touched by a window is shorter than a week, a window may end in the next.
const AROUND: i64 = 2;

/// `[start, end)`, minutes of the calendar from the midnight of a Monday.
pub(in crate::planning) type Span = (i64, i64);

/// See the head of this file.
#[derive(Clone, Debug, Default)]
pub(in crate::planning) struct Axis {
    spells: Vec<Spell>,
}

/// A part of the calendar in which dates count.
#[derive(Clone, Copy, Debug)]
struct Spell {
    /// Windows of dates and the stretches they touch: cores do not touch each other.
    core: Span,
    /// Whole days around it, with every weekly occurrence that reaches into it.
    whole: Span,
    /// Minute of the axis at which it begins.
    at: u32,
}

impl Spell {
    fn minute(&self, calendar: i64) -> u32 {
        self.at + u32::try_from(calendar - self.whole.0).unwrap_or(0)
    }
    fn end(&self) -> u32 {
        self.minute(self.whole.1)
    }
    fn on_axis(&self, span: Span) -> (u32, u32) {
        (self.minute(span.0), self.minute(span.1))
    }
}

impl Axis {
    /// The axis of lots that lend in windows of their own, and of windows asked for. What it is asked later must be among them, or within.
    pub(in crate::planning) fn new<'a>(
        lending: impl Iterator<Item = &'a [Window]>,
        asked: impl Iterator<Item = &'a Window>,
    ) -> Self {
        // Many are alike.
        let lending: BTreeSet<&[Window]> = lending.collect();
        let asked: BTreeSet<&Window> = asked.collect();
        let windows = lending.iter().copied().flatten().chain(asked.iter().copied());
        let dates = merged(windows.flat_map(Window::on_dates).filter(|(start, end)| start < end).collect());
        if dates.is_empty() {
            return Self::default();
        }
        let mut cores = dates.clone();
        for windows in lending {
            let stretches = lends(windows, &week::lent(windows), &dates);
            cores.extend(stretches.into_iter().filter(|&stretch| !touched(&dates, stretch).is_empty()));
        }
        let weekly: BTreeSet<(u32, u32)> = asked.into_iter().flat_map(week::occurrences).collect();
        let mut at = SPELLS;
        let spells = merged(cores).into_iter().map(|core| {
            let reaching = weekly.iter().flat_map(|&occurrence| repeated(occurrence, core));
            let (from, to) = reaching.fold(core, |whole, stay| (whole.0.min(stay.0), whole.1.max(stay.1)));
            let whole = (from.div_euclid(DAY) * DAY, (to + DAY - 1).div_euclid(DAY) * DAY);
            let spell = Spell { core, whole, at };
            at = spell.end();
            spell
        });
        Self { spells: spells.collect() }
    }

    /// The end of the last minute.
    pub(in crate::planning) fn end(&self) -> u32 {
        self.spells.last().map_or(WEEK, Spell::end)
    }

    /// `[start, end)` of each occurrence, of a weekly window those of the week first; none where the window is empty.
    pub(in crate::planning) fn occurrences(&self, window: &Window) -> Vec<(u32, u32)> {
        let weekly = week::occurrences(window);
        let mut all = weekly.clone();
        let dates: Vec<Span> = window.on_dates().filter(|(start, end)| start < end).collect();
        for spell in &self.spells {
            let recurring = weekly.iter().flat_map(|&occurrence| repeated(occurrence, spell.core));
            all.extend(recurring.map(|stay| spell.on_axis(stay)));
            let here = dates.iter().filter(|stay| spell.core.0 <= stay.0 && stay.1 <= spell.core.1);
            all.extend(here.map(|&stay| spell.on_axis(stay)));
        }
        all
    }

    /// The stretches of a lot, ascending; windows that touch or overlap are one. One of a spell that no date touches is `endless`: the typical week
    /// says all of it.
    pub(in crate::planning) fn lent(&self, windows: &[Window]) -> Vec<Stretch> {
        let mut stretches = week::lent(windows);
        if self.spells.is_empty() {
            return stretches;
        }
        let spells: Vec<Span> = self.spells.iter().map(|spell| spell.whole).collect();
        let lends = lends(windows, &stretches, &spells);
        let always = stretches.iter().any(|stretch| stretch.endless);
        for spell in &self.spells {
            if always {
                stretches.push(Stretch { start: spell.at, end: spell.end(), endless: true });
            }
            stretches.extend(touched(&lends, spell.whole).iter().map(|&(start, end)| {
                let endless = start < spell.core.0 || spell.core.1 < end;
                let (start, end) = spell.on_axis((start.max(spell.whole.0), end.min(spell.whole.1)));
                Stretch { start, end, endless }
            }));
        }
        stretches
    }

    /// The places of a lot over the axis, as the allocation wants them.
    pub(in crate::planning) fn steps(&self, stretches: &[Stretch], bays: u32) -> Vec<(u32, u32)> {
        let weekly = stretches.partition_point(|stretch| stretch.start < SPELLS);
        let mut steps = week::steps(&stretches[..weekly], bays);
        if self.spells.is_empty() {
            return steps;
        }
        steps.push((SPELLS, 0));
        for stretch in &stretches[weekly..] {
            match steps.last_mut() {
                Some(last) if last.0 == stretch.start => last.1 = bays,
                _ => steps.push((stretch.start, bays)),
            }
            steps.push((stretch.end, 0));
        }
        steps.retain(|step| step.0 < self.end());
        steps
    }

    /// The minutes of occurrences as they lie on the axis: the week's last night is on Monday too.
    pub(in crate::planning) fn pieces(&self, occurrences: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let mut pieces = Vec::with_capacity(occurrences.len());
        for &(start, end) in occurrences {
            if start >= WEEK || end <= WEEK {
                pieces.push((start, end));
            } else {
                pieces.extend([(start, WEEK), (0, end - WEEK)]);
            }
        }
        pieces
    }

    /// How many of these `[start, end)` are there in each minute of the axis; 0 between the week and the spells.
    pub(in crate::planning) fn present(&self, stays: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
        // What changes at each minute; a stay of the week is at most a week, so that it ends within the next.
        let week = WEEK as usize;
        let mut changes = vec![0_i64; (2 * week).max(self.end() as usize) + 1];
        for (start, end) in stays {
            changes[start as usize] += 1;
            changes[end as usize] -= 1;
        }
        let mut there = vec![0_u32; self.end() as usize];
        let mut count = 0;
        changes.pop();
        for (minute, change) in changes.into_iter().enumerate() {
            count += change;
            there[if minute < 2 * week { minute % week } else { minute }] += u32::try_from(count).unwrap_or(0);
        }
        there
    }

    /// The stretches at which so many or more are there of those [`Axis::present`], ascending, those of the week once more a week later.
    pub(in crate::planning) fn crowded(&self, there: &[u32], many: u32) -> Vec<(u32, u32)> {
        let mut crowded: Vec<(u32, u32)> = Vec::new();
        for minute in (0..2 * WEEK).chain(SPELLS..self.end()) {
            let on_axis = if minute < SPELLS { minute % WEEK } else { minute };
            if there[on_axis as usize] >= many {
                match crowded.last_mut() {
                    Some(last) if last.1 == minute => last.1 += 1,
                    _ => crowded.push((minute, minute + 1)),
                }
            }
        }
        crowded
    }
}

/// Minutes between the end of a stay and that of the lending stretch it lies in, both on the calendar; `None`: the lot does not lend all the while.
/// `weekly` are the lot's stretches of the week.
pub(in crate::planning) fn slack(windows: &[Window], weekly: &[Stretch], stay: Span) -> Option<u32> {
    let lends = lends(windows, weekly, &[stay]);
    let around = lends.get(lends.partition_point(|span| span.1 <= stay.0))?;
    let inside = around.0 <= stay.0 && stay.1 <= around.1;
    u32::try_from(around.1 - stay.1).ok().filter(|_| inside)
}

/// Stretches of the calendar in which a lot lends, in the weeks around `near`, ascending; none of one that lends all the week.
fn lends(windows: &[Window], weekly: &[Stretch], near: &[Span]) -> Vec<Span> {
    if weekly.iter().any(|stretch| stretch.endless) {
        return Vec::new();
    }
    let around = |span: &Span| span.0.div_euclid(WEEK_LONG) - AROUND..=span.1.div_euclid(WEEK_LONG) + AROUND;
    let weeks: BTreeSet<i64> = near.iter().flat_map(around).collect();
    let recurring = weeks.into_iter().flat_map(|week| {
        let midnight = week * WEEK_LONG;
        weekly.iter().map(move |stretch| (midnight + i64::from(stretch.start), midnight + i64::from(stretch.end)))
    });
    merged(recurring.chain(windows.iter().flat_map(Window::on_dates)).collect())
}

/// Where a weekly occurrence meets a part of the calendar.
fn repeated((start, end): (u32, u32), part: Span) -> impl Iterator<Item = Span> {
    let (start, end) = (i64::from(start), i64::from(end));
    let first = (part.0 - end).div_euclid(WEEK_LONG) + 1;
    let stays = (first..).map(move |week| (start + week * WEEK_LONG, end + week * WEEK_LONG));
    stays.take_while(move |stay| stay.0 < part.1)
}

/// Ascending, those that touch or overlap made one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// Those of merged spans that share a minute with `part`.
fn touched(merged: &[Span], part: Span) -> &[Span] {
    let first = merged.partition_point(|span| span.1 <= part.0);
    let last = merged.partition_point(|span| span.0 < part.1);
    merged.get(first..last).unwrap_or_default()
}

#[cfg(test)]
mod tests;
