//! A limit of the way that no grouping within a window of weights can beat: contiguity and part of the balance relaxed.
//!
//! Prices dualise "each unit belongs to one centre" (Lagrangian of the p-median: Cornuejols, Fisher & Nemhauser 1977; with balance as
//! in Hess et al. 1965). A centre then takes what it earns most with, a fractional knapsack on the window of a group's weight, and
//! the cheapest centres are open. Steps are Polyak's (1969), in floating point; the limit is worked out once at their end with
//! prices rounded to whole numbers, in whole numbers, so that it is true whatever the steps.
//! O(units^2 log units) a step.

use std::cmp::Ordering;

use super::meter::Meter;
use super::problem::Problem;
use super::value;

/// More units than this get no prices; the bound is [`nearest`].
const PRICED: usize = 1_000;
/// More than this get no bound at all: it takes all pairs.
const PAIRS: usize = 5_000;
const STEPS: usize = 400;
/// Work of all steps together, pairs: large problems get fewer.
const WORK: usize = 60_000_000;
/// Steps without a better limit until they are halved.
const PATIENCE: usize = 15;

/// Prices of units and what follows from them.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    /// What each unit pays.
    pub(super) unit: Vec<i64>,
    /// The least that a group with this centre costs beyond its units' prices; `None`: no group has it.
    pub(super) centre: Vec<Option<i64>>,
}

impl Prices {
    /// No grouping in the window has a smaller way; `None`: there is no such grouping.
    pub(super) fn bound(&self, groups: usize) -> Option<i64> {
        Some(self.unit.iter().sum::<i64>() + self.cheapest(groups, None)?)
    }
    /// The least that so many groups, with centres other than this, cost beyond their units' prices.
    pub(super) fn cheapest(&self, groups: usize, but: Option<usize>) -> Option<i64> {
        let others = self.centre.iter().enumerate().filter(|(centre, _)| Some(*centre) != but);
        let mut costs: Vec<i64> = others.filter_map(|(_, cost)| *cost).collect();
        costs.sort_unstable();
        (costs.len() >= groups).then(|| costs[..groups].iter().sum())
    }
}

/// No grouping within the window has a smaller way; `None` where there are too many units for any limit.
pub(super) fn way(problem: &Problem, window: (u64, u64), known: u64, meter: &mut Meter<'_>) -> Option<u64> {
    let least = nearest(problem)?;
    if problem.units() > PRICED || !meter.go_on() {
        return Some(least);
    }
    let bound = prices(problem, window, known, meter).bound(problem.groups()).unwrap_or(0);
    Some(u64::try_from(bound).unwrap_or(0).max(least))
}

/// No grouping has less excess.
///
/// Groups with a unit heavier than the mean deviate by at least as much, and what they have too much is missing elsewhere. (Two such units
/// in one group deviate by more than in two.) And weights are whole multiples of one, which need not divide evenly: the most even
/// division is the best, as the excess is convex in the weight.
pub(super) fn excess(problem: &Problem) -> u64 {
    let groups = problem.groups() as u64;
    let weights = || (0..problem.units()).map(|unit| problem.weight(unit));
    let heavy = weights().map(|weight| weight * groups).filter(|&weight| weight > problem.total());
    let over: Vec<u64> = heavy.map(|weight| weight - problem.total()).collect();
    let missing = over.iter().sum::<u64>().saturating_sub(problem.allowed().saturating_mul(groups - 1));
    let heavy = over.iter().map(|over| over.saturating_sub(problem.allowed())).sum::<u64>() + missing;
    let measure = weights().fold(0, greatest_common_divisor).max(1);
    let (each, more) = (problem.total() / measure / groups, problem.total() / measure % groups);
    let even =
        more * value::excess(problem, (each + 1) * measure) + (groups - more) * value::excess(problem, each * measure);
    heavy.max(even)
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// Each unit that is no centre has at least the way to the nearest other one.
pub(super) fn nearest(problem: &Problem) -> Option<u64> {
    let units = problem.units();
    if units > PAIRS {
        return None;
    }
    let least = |unit: usize| (0..units).filter(|&to| to != unit).map(|to| problem.way(unit, to)).min().unwrap_or(0);
    let mut ways: Vec<u64> = (0..units).map(least).collect();
    ways.sort_unstable();
    Some(ways[..units - problem.groups()].iter().sum())
}

/// Good prices, made by steps toward them. `known`: the way of a grouping in the window.
pub(super) fn prices(problem: &Problem, window: (u64, u64), known: u64, meter: &mut Meter<'_>) -> Prices {
    let units = problem.units();
    let steps = STEPS.min(WORK / (units * units).max(1)).max(10);
    // A unit pays about its share of the known way at first.
    let share = 2.0 * known as f64 / units as f64;
    let mut now = vec![share; units];
    let mut best = (f64::NEG_INFINITY, now.clone());
    let mut stride = 1.0;
    let mut idle = 0;
    let mut room = Room::default();
    for _ in 0..steps {
        let (bound, served) = step(problem, window, &now, &mut room);
        if bound > best.0 {
            best = (bound, now.clone());
            idle = 0;
        } else {
            idle += 1;
            if idle % PATIENCE == 0 {
                stride *= 0.5;
                now.clone_from(&best.1);
                if stride < 1e-4 {
                    break;
                }
                continue;
            }
        }
        let slope: f64 = served.iter().map(|served| (1.0 - served) * (1.0 - served)).sum();
        let gap = known as f64 - bound;
        if slope <= 1e-12 || gap < 1.0 || !bound.is_finite() || !meter.tick() {
            break;
        }
        for (price, served) in now.iter_mut().zip(&served) {
            *price += stride * gap / slope * (1.0 - served);
        }
    }
    let unit = whole(&best.1);
    let centre = (0..units).map(|centre| least(problem, window, &unit, centre)).collect();
    Prices { unit, centre }
}

/// Prices in whole numbers, none so large that their sum would not fit.
pub(super) fn whole(prices: &[f64]) -> Vec<i64> {
    let most = 1e18 / prices.len().max(1) as f64;
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    let whole = |price: &f64| price.clamp(-most, most).round() as i64;
    prices.iter().map(whole).collect()
}

/// Memory of a step.
#[derive(Default)]
struct Room {
    gains: Vec<(f64, usize)>,
}

/// The limit at these prices, and how often each unit is served (part of once counts).
fn step(problem: &Problem, window: (u64, u64), prices: &[f64], room: &mut Room) -> (f64, Vec<f64>) {
    let units = problem.units();
    let mut costs: Vec<(f64, usize)> = Vec::with_capacity(units);
    for centre in 0..units {
        if let Some(cost) = knapsack(problem, window, prices, centre, room, None) {
            costs.push((cost, centre));
        }
    }
    let mut served = vec![0.0; units];
    if costs.len() < problem.groups() {
        return (f64::INFINITY, served);
    }
    costs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let open = &costs[..problem.groups()];
    for &(_, centre) in open {
        knapsack(problem, window, prices, centre, room, Some(&mut served));
    }
    (prices.iter().sum::<f64>() + open.iter().map(|(cost, _)| cost).sum::<f64>(), served)
}

/// The least that a group with this centre costs beyond its units' prices, in parts of units; `None`: it would be too heavy or too light.
fn knapsack(
    problem: &Problem,
    window: (u64, u64),
    prices: &[f64],
    centre: usize,
    room: &mut Room,
    mut served: Option<&mut Vec<f64>>,
) -> Option<f64> {
    let mut weight = problem.weight(centre);
    if weight > window.1 {
        return None;
    }
    let cost = |unit: usize| problem.way(unit, centre) as f64 - prices[unit];
    let mut sum = cost(centre);
    if let Some(served) = &mut served {
        served[centre] += 1.0;
    }
    let ratio = |unit: usize| cost(unit) / (problem.weight(unit).max(1) as f64);
    for (gaining, limit) in [(true, window.1), (false, window.0)] {
        if weight >= limit && !gaining {
            break;
        }
        let fits = |unit: usize| unit != centre && (cost(unit) < 0.0) == gaining;
        room.gains.clear();
        room.gains.extend((0..problem.units()).filter(|&unit| fits(unit)).map(|unit| (ratio(unit), unit)));
        room.gains.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for &(_, unit) in &room.gains {
            let left = limit.saturating_sub(weight);
            let part = if problem.weight(unit) <= left { 1.0 } else { left as f64 / problem.weight(unit) as f64 };
            if !gaining && left == 0 {
                break;
            }
            weight += problem.weight(unit).min(left);
            sum += part * cost(unit);
            if let Some(served) = &mut served {
                served[unit] += part;
            }
            if gaining && part < 1.0 {
                break;
            }
        }
    }
    (weight >= window.0).then_some(sum)
}

/// The same in whole numbers, rounded down.
fn least(problem: &Problem, window: (u64, u64), prices: &[i64], centre: usize) -> Option<i64> {
    let weight = problem.weight(centre);
    let costs = costs(problem, prices, centre);
    let others = by_ratio(problem, &costs, centre);
    let more = rest(others.iter().map(|&unit| (costs[unit], problem.weight(unit))), weight, window)?;
    Some(costs[centre] + more)
}

/// What each unit costs a group with this centre, beyond its price.
pub(super) fn costs(problem: &Problem, prices: &[i64], centre: usize) -> Vec<i64> {
    let way = |unit: usize| i64::try_from(problem.way(unit, centre)).unwrap_or(i64::MAX / 4);
    (0..problem.units()).map(|unit| way(unit) - prices[unit]).collect()
}

/// All but the centre, cheapest for their weight first.
pub(super) fn by_ratio(problem: &Problem, costs: &[i64], centre: usize) -> Vec<usize> {
    let mut others: Vec<usize> = (0..problem.units()).filter(|&unit| unit != centre).collect();
    let ratio = |a: usize, b: usize| -> Ordering {
        match (problem.weight(a), problem.weight(b)) {
            // Units without weight come first if they gain and last if they do not.
            (0, 0) => costs[a].cmp(&costs[b]),
            (0, _) => {
                if costs[a] < 0 {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (_, 0) => {
                if costs[b] < 0 {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (v, w) => (i128::from(costs[a]) * i128::from(w)).cmp(&(i128::from(costs[b]) * i128::from(v))),
        }
    };
    others.sort_by(|&a, &b| ratio(a, b).then(a.cmp(&b)));
    others
}

/// The least that more units cost a group of this weight until it is in the window, in parts of units, rounded down; `None`: it
/// cannot be. Units in the order of [`by_ratio`] as (cost, weight).
pub(super) fn rest(units: impl Iterator<Item = (i64, u64)>, mut weight: u64, window: (u64, u64)) -> Option<i64> {
    if weight > window.1 {
        return None;
    }
    let mut sum = 0_i64;
    for (cost, heavy) in units {
        let limit = if cost < 0 { window.1 } else { window.0 };
        let left = limit.saturating_sub(weight);
        if heavy <= left || (heavy == 0 && cost < 0) {
            if cost < 0 || left > 0 {
                sum += cost;
                weight += heavy;
            }
        } else if left > 0 {
            let part = (i128::from(cost) * i128::from(left)).div_euclid(i128::from(heavy));
            sum += i64::try_from(part).unwrap_or(i64::MIN / 4);
            weight += left;
        }
        if cost >= 0 && weight >= window.0 {
            break;
        }
    }
    (weight >= window.0).then_some(sum)
}
