//! How many can be served at most? Lagrangian relaxation of places and meters.
//!
//! With a price z >= 0 on every place at every deciding moment and y >= 0 on every unit of a meter, each claimant takes its best
//! choice alone: served <= sum(z * places) + sum(y * units) + sum over claimants of max(0, 1 - its cheapest choice's prices).
//! That holds for any prices, so prices are whole numbers of 1/2^20 and the sum is exact: the bound is true whatever the steps.
//! Begins with the best single moment (price 1 on every place then, 0 elsewhere), which is exact where one night decides.
//! Steps: Polyak (1969) towards the number known to be served. O(claimants x choices + pools x slots) a step.

use super::Pulse;
use super::ground::Ground;
use crate::search::Ended;

const ONE: i64 = 1 << 20;
const STEPS: usize = 300;
/// Most steps times their size.
const WORK: usize = 1_000_000_000;
/// From this size on the watcher is asked at each step.
const LARGE: usize = 100_000;
/// Most pools times slots that prices are sought for: six numbers each.
const MOST_CELLS: usize = 8_000_000;
/// Moments tried at the start.
const MOMENTS: usize = 12;

/// A number no assignment's served count exceeds; at least `known`.
pub(super) fn served(ground: &Ground<'_>, known: usize, pulse: &mut Pulse<'_>) -> usize {
    let conceivable = ground.open.iter().filter(|open| !open.is_empty()).count();
    let mut best = conceivable;
    // Any number of steps proves something: as many as there is time for.
    let choices = |claimant: usize| ground.open[claimant].len() * (1 + ground.ranges[claimant].len());
    let size = ground.places.len() + (0..ground.claimants()).map(choices).sum::<usize>();
    let steps = WORK / size.max(1);
    if conceivable <= known
        || steps == 0
        || ground.places.len() > MOST_CELLS
        || (size > LARGE && pulse.ended == Ended::Stopped)
    {
        return best;
    }
    let (mut prices, floor) = Prices::one_moment(ground, steps.min(MOMENTS));
    best = best.min(floor.max(known));
    let mut theta = 1.0;
    let mut lowest = f64::INFINITY;
    let mut stale = 0;
    for _ in 0..STEPS.min(steps) {
        if best <= known || (size > LARGE && !pulse.ask(known)) {
            break;
        }
        let (total, slack, meter_slack) = prices.evaluate(ground);
        let floor = whole(total);
        best = best.min(floor.max(known));
        let value = total as f64 / ONE as f64;
        if value < lowest - 1e-6 {
            lowest = value;
            stale = 0;
        } else {
            stale += 1;
            if stale >= 12 {
                theta *= 0.5;
                stale = 0;
            }
        }
        let norm: f64 = prices.norm(ground, &slack, &meter_slack);
        if norm <= 0.0 || theta < 1e-4 {
            break;
        }
        let step = theta * (value - known as f64).max(0.25) / norm;
        prices.descend(ground, &slack, &meter_slack, step);
    }
    best
}

fn whole(total: i128) -> usize {
    usize::try_from(total.div_euclid(i128::from(ONE))).unwrap_or(0)
}

struct Prices {
    place: Vec<i64>,
    unit: Vec<i64>,
}

impl Prices {
    fn free(ground: &Ground<'_>) -> Self {
        Self { place: vec![0; ground.places.len()], unit: vec![0; ground.problem.meters().len()] }
    }

    /// Price 1 on every place of one moment, the best of the fullest moments; and what that proves.
    fn one_moment(ground: &Ground<'_>, moments: usize) -> (Self, usize) {
        let mut present = vec![0_usize; ground.slots];
        for claimant in (0..ground.claimants()).filter(|&claimant| !ground.open[claimant].is_empty()) {
            for &(from, to) in &ground.ranges[claimant] {
                present[from..to].iter_mut().for_each(|count| *count += 1);
            }
        }
        let mut fullest: Vec<usize> = (0..ground.slots).collect();
        fullest.sort_by_key(|&slot| (std::cmp::Reverse(present[slot]), slot));
        let mut best = Self::free(ground);
        let mut least = whole(best.evaluate(ground).0);
        for &slot in fullest.iter().take(moments) {
            let mut prices = Self::free(ground);
            prices.place.iter_mut().skip(slot).step_by(ground.slots).for_each(|price| *price = ONE);
            let proven = whole(prices.evaluate(ground).0);
            if proven < least {
                (best, least) = (prices, proven);
            }
        }
        (best, least)
    }

    /// The dual value in 1/2^20, and what is left over (negative: wanted too often) at these prices.
    fn evaluate(&self, ground: &Ground<'_>) -> (i128, Vec<i64>, Vec<f64>) {
        let mut slack: Vec<i64> = ground.places.iter().map(|&places| i64::from(places)).collect();
        let mut meter_slack: Vec<f64> = ground.problem.meters().iter().map(|&units| units as f64).collect();
        let mut total: i128 =
            self.place.iter().zip(&ground.places).map(|(&price, &places)| i128::from(price) * i128::from(places)).sum();
        total += self
            .unit
            .iter()
            .zip(ground.problem.meters())
            .map(|(&price, &units)| i128::from(price) * i128::from(units))
            .sum::<i128>();
        // Sums from the left, so that a range costs one subtraction.
        let row = ground.slots + 1;
        let mut sums = vec![0_i64; row * ground.problem.pools().len()];
        for pool in 0..ground.problem.pools().len() {
            for slot in 0..ground.slots {
                sums[pool * row + slot + 1] = sums[pool * row + slot] + self.place[pool * ground.slots + slot];
            }
        }
        // Presence as differences: +1 where a range starts, -1 where it ends.
        let mut wanted = vec![0_i64; row * ground.problem.pools().len()];
        for claimant in 0..ground.claimants() {
            let mut best: Option<(i128, usize)> = None;
            for &choice in &ground.open[claimant] {
                let chosen = ground.choice(claimant, choice);
                let mut price: i128 = ground.ranges[claimant]
                    .iter()
                    .map(|&(from, to)| i128::from(sums[chosen.pool * row + to] - sums[chosen.pool * row + from]))
                    .sum();
                for &(meter, units) in &chosen.draws {
                    price += i128::from(self.unit[meter]) * i128::from(units);
                }
                if best.is_none_or(|(least, _)| price < least) {
                    best = Some((price, choice));
                }
            }
            let Some((price, choice)) = best else { continue };
            if price >= i128::from(ONE) {
                continue;
            }
            total += i128::from(ONE) - price;
            let chosen = ground.choice(claimant, choice);
            for &(from, to) in &ground.ranges[claimant] {
                wanted[chosen.pool * row + from] += 1;
                wanted[chosen.pool * row + to] -= 1;
            }
            for &(meter, units) in &chosen.draws {
                meter_slack[meter] -= f64::from(units);
            }
        }
        for pool in 0..ground.problem.pools().len() {
            let mut present = 0;
            for slot in 0..ground.slots {
                present += wanted[pool * row + slot];
                slack[pool * ground.slots + slot] -= present;
            }
        }
        (total, slack, meter_slack)
    }

    /// Squared length of the direction; what is free and left over does not count. Meters are measured in shares of themselves.
    fn norm(&self, ground: &Ground<'_>, slack: &[i64], meter_slack: &[f64]) -> f64 {
        let places: f64 = slack
            .iter()
            .zip(&self.place)
            .filter(|&(&slack, &price)| slack < 0 || price > 0)
            .map(|(&slack, _)| (slack * slack) as f64)
            .sum();
        let units: f64 = meter_slack
            .iter()
            .zip(&self.unit)
            .zip(ground.problem.meters())
            .filter(|&((&slack, &price), &units)| units > 0 && (slack < 0.0 || price > 0))
            .map(|((&slack, _), &units)| (slack / units as f64) * (slack / units as f64))
            .sum();
        places + units
    }

    fn descend(&mut self, ground: &Ground<'_>, slack: &[i64], meter_slack: &[f64], step: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "clamped to the range of a price")]
        let moved =
            |price: i64, by: f64| ((price as f64 - by * ONE as f64).clamp(0.0, (8 * ONE) as f64) + 0.5).floor() as i64;
        for (price, &slack) in self.place.iter_mut().zip(slack) {
            *price = moved(*price, step * slack as f64);
        }
        for ((price, &slack), &units) in self.unit.iter_mut().zip(meter_slack).zip(ground.problem.meters()) {
            if units > 0 {
                *price = moved(*price, step * slack / (units as f64 * units as f64));
            }
        }
    }
}
