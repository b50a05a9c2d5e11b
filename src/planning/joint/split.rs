//! Into which two parts are plans split, so that the bound of each says more? By the number of vehicles of a kind, by how many trips a
//! cohort can choose from, or by a column.
//!
//! What the relaxation does lately, on average, tells where it is undecided. A single minute says little where a trip can move to the
//! next one; that nobody, or two vehicles, come for the people of a train says much. Where trips stand apart (a coarse grid) a column
//! says all.

use std::collections::BTreeMap;

use super::bound::{Part, Relaxation};
use super::problem::Problem;

/// Nearer to a whole number, a number of vehicles is one.
const BROKEN_VEHICLES: f64 = 0.2;
/// Nearer to a whole number, a number of trips is one.
const BROKEN_TRIPS: f64 = 0.15;
/// Minutes between trips that can stand for each other.
const NEAR: u16 = 5;

/// What the relaxation of a part did lately.
#[derive(Debug)]
pub(super) struct Lately {
    /// How often each kind took each column: kind, column.
    columns: BTreeMap<(u32, u32), f64>,
    /// Vehicles of each kind.
    vehicles: Vec<f64>,
    /// Cohorts with a broken number of trips they could take, what hangs on it most first.
    calls: Vec<(u32, f64)>,
}

impl Lately {
    /// Reads it off, at the best prices.
    pub(super) fn of(problem: &Problem, relaxation: &Relaxation<'_>) -> Self {
        let price = &relaxation.best.1.people;
        let mut calls: Vec<(f64, u32, f64)> = (0_u32..)
            .zip(&relaxation.average_calls)
            .filter(|(_, trips)| broken(**trips) > BROKEN_TRIPS)
            .map(|(cohort, trips)| {
                let hangs = f64::from(problem.cohorts[cohort as usize].people) * price[cohort as usize];
                (broken(*trips) * hangs, cohort, *trips)
            })
            .collect();
        calls.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        Self {
            columns: relaxation.average.clone(),
            vehicles: relaxation.average_count.clone(),
            calls: calls.into_iter().map(|(_, cohort, trips)| (cohort, trips)).collect(),
        }
    }
}

/// How far from a whole number.
fn broken(x: f64) -> f64 {
    (x - x.floor()).min(x.ceil() - x)
}

/// Two parts that together are the whole; none where nothing is left to be decided.
pub(super) fn split(problem: &Problem, part: &Part, lately: &Lately) -> Vec<Part> {
    if let Some(parts) = by_vehicles(part, &lately.vehicles) {
        return parts;
    }
    let open = |(kind, column): &(u32, u32)| {
        let kind = *kind as usize;
        part.may[kind].binary_search(column).is_ok() && part.must[kind].binary_search(column).is_err()
    };
    let column = lately
        .columns
        .iter()
        .filter(|(column, _)| open(column))
        .min_by(|a, b| (a.1 - 0.5).abs().total_cmp(&(b.1 - 0.5).abs()))
        .map(|((kind, column), _)| (*kind as usize, *column));
    if column.is_none_or(|(kind, column)| moves(problem, &part.may[kind], column))
        && let Some(parts) = by_calls(part, &lately.calls)
    {
        return parts;
    }
    let any = || {
        (0..part.may.len()).find_map(|kind| {
            let free = |column: &&u32| part.must[kind].binary_search(column).is_err();
            part.may[kind].iter().find(free).map(|column| (kind, *column))
        })
    };
    column.or_else(any).map_or_else(Vec::new, |(kind, column)| by_column(part, kind, column))
}

/// At most so many vehicles of a kind, or more.
fn by_vehicles(part: &Part, counts: &[f64]) -> Option<Vec<Part>> {
    let kind = (0..counts.len())
        .filter(|k| part.range[*k].0 < part.range[*k].1)
        .max_by(|a, b| broken(counts[*a]).total_cmp(&broken(counts[*b])))
        .filter(|k| broken(counts[*k]) > BROKEN_VEHICLES)?;
    let below = whole(counts[kind]);
    let (least, most) = part.range[kind];
    let of = |range: (u32, u32)| {
        let mut part = part.clone();
        part.range[kind] = range;
        part
    };
    (least <= below && below < most).then(|| vec![of((least, below)), of((below + 1, most))])
}

/// At most so many trips that a cohort could take, or more.
fn by_calls(part: &Part, calls: &[(u32, f64)]) -> Option<Vec<Part>> {
    let &(cohort, trips) = calls.first()?;
    let below = whole(trips);
    let at = part.calls.iter().position(|call| call.0 == cohort);
    let (fewest, most) = at.map_or((0, u32::MAX), |at| (part.calls[at].1, part.calls[at].2));
    let of = |fewest: u32, most: u32| {
        let mut part = part.clone();
        match at {
            Some(at) => part.calls[at] = (cohort, fewest, most),
            None => part.calls.push((cohort, fewest, most)),
        }
        part
    };
    (fewest <= below && below < most).then(|| vec![of(fewest, below), of(below + 1, most)])
}

/// With the column, or without it.
fn by_column(part: &Part, kind: usize, column: u32) -> Vec<Part> {
    let mut with = part.clone();
    let at = with.must[kind].partition_point(|other| *other < column);
    with.must[kind].insert(at, column);
    let mut without = part.clone();
    without.may[kind].retain(|other| *other != column);
    vec![with, without]
}

/// Is there another trip of the column's line a few minutes off, so that it says little that this one does not run?
fn moves(problem: &Problem, may: &[u32], column: u32) -> bool {
    let this = &problem.columns[column as usize];
    may.iter().any(|other| {
        let near = &problem.columns[*other as usize];
        *other != column && near.line == this.line && near.minute.abs_diff(this.minute) < NEAR
    })
}

fn whole(x: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number, not below 0")]
    let whole = x.floor().max(0.0) as u32;
    whole
}
