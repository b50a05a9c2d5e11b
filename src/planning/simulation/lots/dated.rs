//! The nights of dates: those on which a date is granted or lent, with the cars of every week that are there then.

use std::collections::{BTreeMap, BTreeSet};

use super::lending::{Lending, Span};
use super::{DAY, Night, WEEK};
use crate::domain::calendar::{Days, Window};
use crate::planning::plan::Permit;

/// When a permit's car is there.
struct Stays {
    /// The permit's place among the others.
    at: usize,
    /// On dates, in minutes of the calendar.
    dates: Vec<Span>,
    /// In minutes of every week.
    weekly: Vec<(u32, u32)>,
}

/// One night for each stretch in which this lot lends around a date.
pub(super) fn nights(lending: &Lending, permits: &[Permit]) -> Vec<Night> {
    let window = |permit: &Permit| {
        let days = Days::parse(&permit.days)?;
        Some(Window { days, from: permit.from, to: permit.to })
    };
    let windows = permits.iter().enumerate().filter_map(|(at, permit)| Some((at, window(permit)?)));
    let stays: Vec<Stays> = windows
        .map(|(at, window)| Stays { at, dates: window.on_dates().collect(), weekly: window.minutes().collect() })
        .collect();
    // Each stretch once, from when it begins until it ends.
    let dates = stays.iter().flat_map(|stays| &stays.dates).chain(lending.dates());
    let stretches: BTreeSet<Span> =
        dates.filter(|(start, end)| start < end).filter_map(|&(_, end)| lending.around(end)).collect();
    stretches
        .into_iter()
        .filter_map(|stretch| {
            let mut cars: BTreeMap<usize, u32> = BTreeMap::new();
            for Stays { at, dates, weekly } in &stays {
                let leaves = dates.iter().copied().chain(weekly.iter().flat_map(|&stay| repeated(stay, stretch)));
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
