//! Bays used and lent, lot by lot, weekday by weekday and on the dates unlike their weekday, as changes.

use std::collections::BTreeMap;

use super::Case;
use super::axis::Axis;
use super::by_hand::Change;
use super::week;
use crate::allocation::WEEK;
use crate::domain::calendar::{Week, Window, date_of};
use crate::domain::units::ServiceTime;
use crate::planning::plan::Occupancy;
use crate::planning::project::Lot;

const DAY: usize = 1440;

pub(super) fn by_day(case: &Case<'_>, held: &[Option<usize>]) -> Vec<Occupancy> {
    let mut rows = Vec::with_capacity(case.lots.len() * 7);
    for (ground, holders) in case.lots.iter().zip(case.holders(held)) {
        let windows = holders.iter().map(|&request| &case.project.requests[request].window);
        rows.extend(days(ground.lot, windows).into_iter().map(|(day, changes)| {
            let changes = changes.into_iter().map(|(minute, used, lent)| (ServiceTime(minute * 60), used, lent));
            Occupancy { lot: ground.lot.id.clone(), day, changes: changes.collect() }
        }));
    }
    rows
}

/// The seven weekdays from Monday on, as they are where no date is asked for or lent; then the dates unlike their weekday, ascending.
/// In an exchange all bays are there at all times: for those whose lot it is.
pub(super) fn days<'a>(lot: &Lot, holders: impl Iterator<Item = &'a Window> + Clone) -> Vec<(String, Vec<Change>)> {
    let week = Axis::default();
    let used = week.present(holders.clone().flat_map(week::occurrences));
    let mut lent = vec![lot.exchange; WEEK as usize];
    for stretch in week.lent(&lot.windows) {
        (stretch.start..stretch.end).for_each(|minute| lent[(minute % WEEK) as usize] = true);
    }
    let bays = |lent: bool| if lent { lot.bays } else { 0 };
    let mut days: Vec<(String, Vec<Change>)> = used
        .chunks(DAY)
        .zip(lent.chunks(DAY))
        .enumerate()
        .map(|(day, (used, lent))| {
            let minutes = used.iter().zip(lent).map(|(&used, &lent)| (used, bays(lent)));
            (Week::span(day, day).to_string(), changes(minutes))
        })
        .collect();
    for (number, date) in dates(lot, holders) {
        let weekday = usize::try_from(number.rem_euclid(7)).unwrap_or(0);
        let at = weekday * DAY;
        let minutes = (0..DAY)
            .map(|minute| (used[at + minute] + date.more[minute], bays(lent[at + minute] || date.lent[minute])));
        let changes = changes(minutes);
        if changes != days[weekday].1 {
            days.push((date_of(number).to_string(), changes));
        }
    }
    days
}

/// What a date brings beside what recurs, minute by minute of its day.
struct Date {
    /// Bays used.
    more: Vec<u32>,
    /// Is it lent?
    lent: Vec<bool>,
}

/// By the number of the day, every day that a window of a date reaches.
fn dates<'a>(lot: &Lot, holders: impl Iterator<Item = &'a Window>) -> BTreeMap<i64, Date> {
    let mut dates: BTreeMap<i64, Date> = BTreeMap::new();
    let mut each = |(start, end): (i64, i64), note: &dyn Fn(&mut Date, usize)| {
        for minute in start..end {
            let empty = || Date { more: vec![0; DAY], lent: vec![false; DAY] };
            let date = dates.entry(minute.div_euclid(DAY as i64)).or_insert_with(empty);
            note(date, usize::try_from(minute.rem_euclid(DAY as i64)).unwrap_or(0));
        }
    };
    holders.flat_map(Window::on_dates).for_each(|stay| each(stay, &|date, minute| date.more[minute] += 1));
    let lends = lot.windows.iter().flat_map(Window::on_dates);
    lends.for_each(|window| each(window, &|date, minute| date.lent[minute] = true));
    dates
}

/// Where what is used or lent changes.
fn changes(minutes: impl Iterator<Item = (u32, u32)>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for (minute, (used, lent)) in (0..).zip(minutes) {
        if changes.last().is_none_or(|last| (last.1, last.2) != (used, lent)) {
            changes.push((minute, used, lent));
        }
    }
    changes
}
