//! What must it cost at least to place these claimants? Lagrangian relaxation of the resources.
//!
//! With a price on every unit of a resource each claimant takes its cheapest option alone:
//! cost >= sum over claimants of min(cost + prices) - sum(price * units there are). If only some of the claimants must be placed,
//! the cheapest of these sums count. True for any prices >= 0; they are sought in floating point and judged in whole numbers.
//! Steps: subgradients with a moving target (Held, Wolfe & Crowder 1974; Camerini, Fratta & Maffioli 1975). O(needs) a step.

use super::needs::Needs;

/// Prices are whole numbers of 1/2^20 in the proof.
const ONE: f64 = (1_u64 << 20) as f64;
/// Steps without a clearly better value after which the target comes half as near.
const PATIENCE: u32 = 10;
/// A target this near (share of the value) changes nothing.
const SHORTEST: f64 = 1e-6;

/// What the best prices found in so many steps prove: no placing of `count` of the claimants costs less. `go_on` is asked before each step.
pub(super) fn least(needs: &Needs, count: usize, steps: usize, go_on: &mut dyn FnMut() -> bool) -> u64 {
    proven(needs, count, &within(needs, &needs.capacity, count, steps, go_on))
}

/// The best prices found, as if there were only so many units of each resource.
pub(super) fn within(
    needs: &Needs,
    capacity: &[i64],
    count: usize,
    steps: usize,
    go_on: &mut dyn FnMut() -> bool,
) -> Vec<f64> {
    let resources = needs.capacity.len();
    let mut price = vec![0.0; resources];
    let mut best = price.clone();
    let mut highest = f64::NEG_INFINITY;
    let mut direction = vec![0.0; resources];
    // The target lies this far above the best so far.
    let (mut ahead, mut stale) = (0.0, 0);
    let mut sums = Vec::with_capacity(needs.len());
    for step in 0..steps {
        if !go_on() {
            break;
        }
        let (value, over) = evaluate(needs, capacity, count, &price, &mut sums);
        if step == 0 {
            ahead = value.abs().max(1.0);
        }
        if value > highest {
            stale = if value > highest + 0.1 * ahead { 0 } else { stale + 1 };
            highest = value;
            best.copy_from_slice(&price);
        } else {
            stale += 1;
        }
        if stale >= PATIENCE {
            // Begin again from the best with a nearer target.
            (ahead, stale) = (ahead * 0.5, 0);
            price.copy_from_slice(&best);
            direction.fill(0.0);
            if ahead < SHORTEST * highest.abs().max(1.0) {
                break;
            }
            continue;
        }
        // Nine tenths of the last direction are kept; what is free and left over does not count. Resources are measured in shares of themselves.
        let mut norm = 0.0;
        for (resource, direction) in direction.iter_mut().enumerate() {
            *direction = 0.9 * *direction + over[resource] / scale(capacity, resource);
            if price[resource] <= 0.0 && *direction < 0.0 {
                *direction = 0.0;
            }
            norm += *direction * *direction;
        }
        if norm <= 1e-18 {
            break;
        }
        let step = (highest + ahead - value) / norm;
        for (resource, price) in price.iter_mut().enumerate() {
            *price = (*price + step * direction[resource] / scale(capacity, resource)).max(0.0);
        }
    }
    best
}

fn scale(capacity: &[i64], resource: usize) -> f64 {
    (capacity[resource] as f64).max(1.0)
}

/// The value at these prices, and how much more is wanted of each resource than there is.
fn evaluate(
    needs: &Needs,
    capacity: &[i64],
    count: usize,
    price: &[f64],
    sums: &mut Vec<(f64, usize)>,
) -> (f64, Vec<f64>) {
    let mut over: Vec<f64> = capacity.iter().map(|&units| -(units as f64)).collect();
    let mut value: f64 = price.iter().zip(&over).map(|(price, over)| price * over).sum();
    sums.clear();
    for claimant in 0..needs.len() {
        let mut least = (f64::INFINITY, 0);
        for option in needs.options(claimant) {
            let sum = reduced(needs, option, price);
            if sum < least.0 {
                least = (sum, option);
            }
        }
        sums.push(least);
    }
    if count < sums.len() {
        sums.select_nth_unstable_by(count, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        sums.truncate(count);
    }
    for &(sum, option) in sums.iter() {
        value += sum;
        for &(resource, units) in needs.of(option) {
            over[resource as usize] += f64::from(units);
        }
    }
    (value, over)
}

/// Cost of an option with what it takes at these prices.
pub(super) fn reduced(needs: &Needs, option: usize, price: &[f64]) -> f64 {
    let taken: f64 =
        needs.of(option).iter().map(|&(resource, units)| price[resource as usize] * f64::from(units)).sum();
    f64::from(needs.cost[option]) + taken
}

/// The value at these prices rounded to whole parts, exactly; rounded up, since costs are whole.
fn proven(needs: &Needs, count: usize, price: &[f64]) -> u64 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to 2^62")]
    let whole: Vec<i128> = price.iter().map(|price| i128::from((price * ONE).clamp(0.0, 4e18) as i64)).collect();
    let one = 1_i128 << 20;
    let mut sums: Vec<i128> = (0..needs.len())
        .filter_map(|claimant| {
            let sum = |option: usize| {
                let taken =
                    needs.of(option).iter().map(|&(resource, units)| whole[resource as usize] * i128::from(units));
                i128::from(needs.cost[option]) * one + taken.sum::<i128>()
            };
            needs.options(claimant).map(sum).min()
        })
        .collect();
    if count < sums.len() {
        sums.select_nth_unstable(count);
        sums.truncate(count);
    }
    let paid: i128 = whole.iter().zip(&needs.capacity).map(|(price, &units)| price * i128::from(units)).sum();
    let value = sums.iter().sum::<i128>() - paid;
    u64::try_from((value + one - 1).div_euclid(one)).unwrap_or(0)
}
