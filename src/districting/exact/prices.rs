//! Better prices from the groups themselves: contiguity counts now, so the limit is close to the truth.
//!
//! Dualises "each unit is in one group": what remains is the cheapest groups with different centres. Polyak steps in floating point;
//! every few steps the prices are rounded, the limit is worked out in whole numbers, and groups that are in no grouping as
//! good as the best known are thrown out.

use super::super::bound::{self, Prices};
use super::super::meter::Meter;
use super::super::value::Value;
use super::columns::Columns;
use super::{Ground, units};

const STEPS: usize = 600;
/// Groups looked at in all steps together.
const WORK: usize = 60_000_000;
/// Steps between two throwings out.
const ROUND: usize = 50;
/// Steps without a better limit until they are halved.
const PATIENCE: usize = 10;

/// Prices at least as good; `columns` keeps only what may be in a grouping as good as `known`.
pub(super) fn improve(
    ground: &Ground<'_>,
    columns: &mut Columns,
    start: &Prices,
    known: Value,
    meter: &mut Meter<'_>,
) -> Prices {
    let groups = ground.problem.groups();
    let mut now: Vec<f64> = start.unit.iter().map(|&price| price as f64).collect();
    let mut best = (f64::NEG_INFINITY, now.clone());
    let mut stride = 1.0;
    let (mut idle, mut work) = (0, 0);
    for at in 0..STEPS {
        let (bound, served) = step(ground, columns, &now);
        work += columns.len();
        if bound > best.0 {
            best = (bound, now.clone());
            idle = 0;
        } else {
            idle += 1;
        }
        if at % ROUND == ROUND - 1 {
            let prices = whole(ground, columns, &best.1);
            throw_out(columns, &prices, groups, known);
        }
        let slope: f64 = served.iter().map(|served| (1.0 - served) * (1.0 - served)).sum();
        let gap = known.way as f64 - bound;
        if slope <= 0.0 || gap < 0.5 || !bound.is_finite() || stride < 1e-4 || work > WORK || !meter.tick() {
            break;
        }
        if idle >= PATIENCE {
            stride *= 0.5;
            idle = 0;
            now.clone_from(&best.1);
            continue;
        }
        for (price, served) in now.iter_mut().zip(&served) {
            *price += stride * gap / slope * (1.0 - served);
        }
    }
    let mut prices = whole(ground, columns, &best.1);
    if prices.bound(groups) < start.bound(groups) {
        prices = whole(ground, columns, &start.unit.iter().map(|&price| price as f64).collect::<Vec<f64>>());
    }
    throw_out(columns, &prices, groups, known);
    prices
}

/// The limit at these prices, and how often each unit is in the cheapest groups.
fn step(ground: &Ground<'_>, columns: &Columns, prices: &[f64]) -> (f64, Vec<f64>) {
    let units_all = ground.problem.units();
    let mut least: Vec<Option<(f64, usize)>> = vec![None; units_all];
    for (at, column) in columns.iter().enumerate() {
        let cost = column.way as f64 - units(column.set).map(|unit| prices[unit]).sum::<f64>();
        if least[column.centre].is_none_or(|(known, _)| cost < known) {
            least[column.centre] = Some((cost, at));
        }
    }
    let mut open: Vec<(f64, usize)> = least.into_iter().flatten().collect();
    open.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut served = vec![0.0; units_all];
    if open.len() < ground.problem.groups() {
        return (f64::INFINITY, served);
    }
    open.truncate(ground.problem.groups());
    for &(_, at) in &open {
        for unit in units(columns[at].set) {
            served[unit] += 1.0;
        }
    }
    (prices.iter().sum::<f64>() + open.iter().map(|(cost, _)| cost).sum::<f64>(), served)
}

/// The prices in whole numbers, and the cheapest group of each centre.
fn whole(ground: &Ground<'_>, columns: &Columns, prices: &[f64]) -> Prices {
    let unit = bound::whole(prices);
    let mut centre: Vec<Option<i64>> = vec![None; ground.problem.units()];
    for column in columns {
        let cost = reduced(column, &unit);
        let least = centre[column.centre].get_or_insert(cost);
        *least = cost.min(*least);
    }
    Prices { unit, centre }
}

/// What a group costs beyond its units' prices.
pub(super) fn reduced(column: &super::columns::Column, prices: &[i64]) -> i64 {
    i64::try_from(column.way).unwrap_or(i64::MAX / 4) - units(column.set).map(|unit| prices[unit]).sum::<i64>()
}

/// Leaves what may be in a grouping as good as known.
fn throw_out(columns: &mut Columns, prices: &Prices, groups: usize, known: Value) {
    let spare = i64::try_from(known.way).unwrap_or(i64::MAX / 4) - prices.unit.iter().sum::<i64>();
    let others: Vec<Option<i64>> =
        (0..prices.centre.len()).map(|centre| prices.cheapest(groups - 1, Some(centre))).collect();
    columns
        .retain(|column| others[column.centre].is_some_and(|others| reduced(column, &prices.unit) <= spare - others));
}
