//! The nights of dates: those on which a date is granted or lent, with the cars of every week that are there then.

use std::collections::{BTreeMap, BTreeSet};

use super::{DAY, Night, WEEK};
use crate::domain::calendar::{Days, Window};
use crate::planning::plan::Permit;
use crate::planning::project::Lot;

/// Minutes of the calendar, from the midnight of a Monday.
type Span = (i64, i64);

/// One night for each stretch in which this lot lends around a date; `lent`: the minutes of every week in which it does, not all.
pub(super) fn nights(lot: &Lot, permits: &[Permit], lent: &[bool]) -> Vec<Night> {
    let window = |permit: &Permit| {
        let days = Days::parse(&permit.days)?;
        (permit.lot == lot.id).then_some(Window { days, from: permit.from, to: permit.to })
    };
    let windows: Vec<(usize, Window)> =
        permits.iter().enumerate().filter_map(|(at, permit)| Some((at, window(permit)?))).collect();
    let lends: Vec<Span> = lot.windows.iter().flat_map(Window::on_dates).collect();
    let open = |minute: i64| {
        usize::try_from(minute.rem_euclid(WEEK as i64)).is_ok_and(|at| lent.get(at) == Some(&true))
            || lends.iter().any(|window| window.0 <= minute && minute < window.1)
    };
    // Each stretch once, from when it begins until it ends.
    let dates = windows.iter().flat_map(|(_, window)| window.on_dates()).chain(lends.iter().copied());
    let stretches: BTreeSet<Span> = dates
        .filter(|&(start, end)| start < end && open(end - 1))
        .map(|(_, end)| {
            let (mut first, mut last) = (end - 1, end);
            while open(first - 1) {
                first -= 1;
            }
            while open(last) {
                last += 1;
            }
            (first, last)
        })
        .collect();
    stretches
        .into_iter()
        .filter_map(|stretch| {
            let mut cars: BTreeMap<usize, u32> = BTreeMap::new();
            for (at, window) in &windows {
                let leaves = window.on_dates().chain(window.minutes().flat_map(|stay| repeated(stay, stretch)));
                let last = leaves.filter(|(start, end)| start < end).map(|(_, end)| end);
                let last = last.filter(|&end| stretch.0 < end && end <= stretch.1).max();
                if let Some(last) = last {
                    cars.insert(*at, u32::try_from(stretch.1 - last).unwrap_or(u32::MAX));
                }
            }
            let end = usize::try_from(stretch.1.rem_euclid(DAY as i64)).unwrap_or(0);
            (!cars.is_empty()).then(|| Night { end, cars: cars.into_iter().collect() })
        })
        .collect()
}

/// The stays of a weekly one that end in this stretch.
fn repeated((start, end): (u32, u32), stretch: Span) -> impl Iterator<Item = Span> {
    let (start, end, week) = (i64::from(start), i64::from(end), WEEK as i64);
    // The first to end after the stretch begins.
    let first = (stretch.0 - end).div_euclid(week) + 1;
    (first..).map(move |n| (start + n * week, end + n * week)).take_while(move |stay| stay.1 <= stretch.1)
}
