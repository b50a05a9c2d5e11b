//! The linear relaxation: everybody may be split over its options, or be served in part. What it says is close where many claim a lot.
//!
//! Least sum of worth over x >= 0 with sum(x of a claimant) <= 1, units taken of each resource <= what there is, and of each group at
//! least its floor. Primal-dual hybrid gradients (Chambolle & Pock 2011) with steps to the measure of each row and column (Pock & Chambolle 2011,
//! alpha = 1), begun again from the mean of the iterates where that is better, and a weight between the two sides learned at each beginning
//! (Applegate et al. 2021). A claimant's sum is kept by projection, so that any prices prove a bound in closed form. Options that take just the same
//! are a *bundle*, priced and counted once: many come and go alike. O(options + what bundles take) a step.

use std::collections::BTreeMap;

use super::needs::Needs;

/// Steps between two looks at the mean.
const LOOK: usize = 40;
/// A new beginning is made where the error has fallen to this share; or to that one and no longer falls; or after so large a share of
/// all steps (Applegate et al. 2021, section 3).
const MUCH: f64 = 0.2;
const BETTER: f64 = 0.8;
const LONGEST: f64 = 0.36;
/// So many looks at which the bound moved by less than this share, and no more is to be expected.
const PATIENCE: u32 = 5;
const STALE: f64 = 1e-6;
/// Parts of one in the proof: prices are whole numbers of them there.
pub(super) const PARTS: i128 = 1 << 20;
const ONE: f64 = PARTS as f64;

/// Members (as counted in the needs), and how many of them at least.
pub(super) type Floors = [(Vec<u32>, usize)];

/// What is minimised, and who is to be served of whom.
pub(super) struct Aim<'a> {
    /// Of each option.
    pub(super) cost: &'a [f64],
    /// Who must be served.
    pub(super) floors: &'a Floors,
}

/// Where the steps led.
#[derive(Clone)]
pub(super) struct Point {
    /// Share of each option, 0 to 1.
    pub(super) share: Vec<f64>,
    /// Of each resource, in the measure of the steps.
    pub(super) price: Vec<f64>,
    /// Of one more of each group.
    pub(super) premium: Vec<f64>,
}

/// A solution, as near as the steps came.
pub(super) struct Relaxed {
    /// The best shares; they may take a little too much.
    pub(super) point: Point,
    /// The prices, of a unit, and premiums that prove most.
    pub(super) price: Vec<f64>,
    pub(super) premium: Vec<f64>,
}

struct Steps<'a> {
    needs: &'a Needs,
    aim: &'a Aim<'a>,
    /// Groups of each claimant.
    of: Vec<Vec<u32>>,
    bundles: Bundles<'a>,
    /// Of each resource, in the measure of the steps.
    capacity: Vec<f64>,
    /// Of each claimant, resource, group.
    tau: Vec<f64>,
    sigma: Vec<f64>,
    rho: Vec<f64>,
    weight: f64,
}

/// So many steps from a point, or from nothing. `go_on` is asked now and then and told the bound.
pub(super) fn solve(
    needs: &Needs,
    aim: &Aim<'_>,
    from: Option<&Point>,
    steps: usize,
    go_on: &mut dyn FnMut(f64) -> bool,
) -> Relaxed {
    let mut with = Steps::new(needs, aim);
    let zero = Point {
        share: vec![0.0; needs.cost.len()],
        price: vec![0.0; needs.capacity.len()],
        premium: vec![0.0; aim.floors.len()],
    };
    let mut now = from.cloned().unwrap_or_else(|| zero.clone());
    let mut best = (with.error(&now).1, now.price.clone(), now.premium.clone());
    let (mut begun, mut nearest, mut sum, mut count) = (now.clone(), now.clone(), zero.clone(), 0_usize);
    let (mut first, mut last) = (f64::INFINITY, f64::INFINITY);
    let (mut known, mut stale) = (best.0, 0);
    for step in 1..=steps {
        with.step(&mut now);
        add(&mut sum, &now);
        count += 1;
        if step % LOOK != 0 {
            continue;
        }
        let mean = scaled(&sum, 1.0 / count as f64);
        let (of_mean, of_now) = (with.error(&mean), with.error(&now));
        for (point, value) in [(&mean, of_mean.1), (&now, of_now.1)] {
            if value > best.0 {
                best = (value, point.price.clone(), point.premium.clone());
            }
        }
        let (candidate, error) = if of_mean.0 <= of_now.0 { (mean, of_mean.0) } else { (now.clone(), of_now.0) };
        nearest.clone_from(&candidate);
        stale = if best.0 > known + STALE * known.abs() { 0 } else { stale + 1 };
        known = best.0;
        if stale >= PATIENCE || !go_on(best.0) {
            break;
        }
        let far = count as f64 >= LONGEST * step as f64;
        if error <= MUCH * first || (error <= BETTER * first && error > last) || far {
            with.reweigh(&begun, &candidate);
            (first, last) = (error, f64::INFINITY);
            begun.clone_from(&candidate);
            now = candidate;
            (sum, count) = (zero.clone(), 0);
        } else {
            last = error;
        }
    }
    let price = best.1.iter().zip(&with.bundles.measure).map(|(price, by)| price / by).collect();
    Relaxed { point: nearest, price, premium: best.2 }
}

/// What these prices prove in whole parts of 1/2^20, whatever they are: no shares that keep to resources and floors are worth less.
pub(super) fn proven(needs: &Needs, floors: &Floors, cost: &dyn Fn(usize) -> i64, found: &Relaxed) -> i128 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to 2^62")]
    let whole = |prices: &[f64]| -> Vec<i128> {
        prices.iter().map(|price| i128::from((price * ONE).clamp(0.0, 4e18) as i64)).collect()
    };
    let (price, premium) = (whole(&found.price), whole(&found.premium));
    let mut less = vec![0_i128; needs.len()];
    for ((members, _), premium) in floors.iter().zip(&premium) {
        members.iter().for_each(|&member| less[member as usize] += premium);
    }
    let mut value: i128 = 0;
    for (claimant, &less) in less.iter().enumerate() {
        let reduced = needs.options(claimant).map(|option| {
            let taken = needs.of(option).iter().map(|&(resource, units)| price[resource as usize] * i128::from(units));
            i128::from(cost(option)) * PARTS + taken.sum::<i128>() - less
        });
        value += reduced.min().unwrap_or(0).min(0);
    }
    value -= price.iter().zip(&needs.capacity).map(|(price, &units)| price * i128::from(units)).sum::<i128>();
    value + floors.iter().zip(&premium).map(|((_, floor), premium)| premium * *floor as i128).sum::<i128>()
}

fn add(sum: &mut Point, point: &Point) {
    let sums = [(&mut sum.share, &point.share), (&mut sum.price, &point.price), (&mut sum.premium, &point.premium)];
    for (sum, value) in sums {
        sum.iter_mut().zip(value).for_each(|(sum, value)| *sum += value);
    }
}

fn scaled(point: &Point, by: f64) -> Point {
    let times = |values: &[f64]| values.iter().map(|value| value * by).collect();
    Point { share: times(&point.share), price: times(&point.price), premium: times(&point.premium) }
}

impl<'a> Steps<'a> {
    fn new(needs: &'a Needs, aim: &'a Aim<'a>) -> Self {
        let mut of = vec![Vec::new(); needs.len()];
        for (group, (members, _)) in aim.floors.iter().enumerate() {
            members.iter().for_each(|&member| of[member as usize].push(group as u32));
        }
        let bundles = Bundles::new(needs);
        let mut rows = vec![0.0; needs.capacity.len()];
        let mut groups = vec![0.0; aim.floors.len()];
        let mut tau = Vec::with_capacity(needs.len());
        for (claimant, of) in of.iter().enumerate() {
            let mut most = 0.0_f64;
            for option in needs.options(claimant) {
                let mut column = 0.0;
                for &(resource, units) in needs.of(option) {
                    let share = f64::from(units) / bundles.measure[resource as usize];
                    rows[resource as usize] += share;
                    column += share;
                }
                of.iter().for_each(|&group| groups[group as usize] += 1.0);
                most = most.max(column + of.len() as f64);
            }
            tau.push(1.0 / most.max(1.0));
        }
        let inverse = |rows: Vec<f64>| rows.into_iter().map(|row: f64| 1.0 / row.max(1.0)).collect();
        let capacity = needs.capacity.iter().zip(&bundles.measure).map(|(&units, by)| units as f64 / by).collect();
        Self { needs, aim, of, bundles, capacity, tau, sigma: inverse(rows), rho: inverse(groups), weight: 1.0 }
    }

    fn step(&self, now: &mut Point) {
        let needs = self.needs;
        let prices = self.bundles.prices(&now.price);
        // Twice the new less the old.
        let mut ahead = vec![0.0; prices.len()];
        let mut served = vec![0.0; now.premium.len()];
        let mut row = Vec::new();
        for claimant in 0..needs.len() {
            let range = needs.options(claimant);
            let tau = self.tau[claimant] / self.weight;
            let less: f64 = self.of[claimant].iter().map(|&group| now.premium[group as usize]).sum();
            row.clear();
            row.extend(range.clone().map(|option| {
                let reduced = self.aim.cost[option] + prices[self.bundles.of[option] as usize] - less;
                now.share[option] - tau * reduced
            }));
            project(&mut row);
            let mut all = 0.0;
            for (option, &share) in range.zip(&row) {
                let more = 2.0 * share - now.share[option];
                now.share[option] = share;
                ahead[self.bundles.of[option] as usize] += more;
                all += more;
            }
            self.of[claimant].iter().for_each(|&group| served[group as usize] += all);
        }
        let taken = self.bundles.taken(&ahead, now.price.len());
        for (resource, price) in now.price.iter_mut().enumerate() {
            let over = taken[resource] - self.capacity[resource];
            *price = (*price + self.weight * self.sigma[resource] * over).max(0.0);
        }
        for (group, premium) in now.premium.iter_mut().enumerate() {
            let short = self.aim.floors[group].1 as f64 - served[group];
            *premium = (*premium + self.weight * self.rho[group] * short).max(0.0);
        }
    }

    /// How far from the solution: the gap and what is too much, as one number; and the bound these prices prove.
    fn error(&self, point: &Point) -> (f64, f64) {
        let needs = self.needs;
        let prices = self.bundles.prices(&point.price);
        let (mut there, mut served) = (vec![0.0; prices.len()], vec![0.0; point.premium.len()]);
        let (mut primal, mut bound) = (0.0, 0.0);
        for claimant in 0..needs.len() {
            let less: f64 = self.of[claimant].iter().map(|&group| point.premium[group as usize]).sum();
            let (mut least, mut all) = (0.0_f64, 0.0);
            for option in needs.options(claimant) {
                let bundle = self.bundles.of[option] as usize;
                least = least.min(self.aim.cost[option] + prices[bundle] - less);
                let share = point.share[option];
                primal += share * self.aim.cost[option];
                there[bundle] += share;
                all += share;
            }
            self.of[claimant].iter().for_each(|&group| served[group as usize] += all);
            bound += least;
        }
        let taken = self.bundles.taken(&there, point.price.len());
        let mut over = 0.0;
        for (resource, &taken) in taken.iter().enumerate() {
            bound -= point.price[resource] * self.capacity[resource];
            over += (taken - self.capacity[resource]).max(0.0).powi(2);
        }
        for (group, &served) in served.iter().enumerate() {
            let floor = self.aim.floors[group].1 as f64;
            bound += point.premium[group] * floor;
            over += (floor - served).max(0.0).powi(2);
        }
        let error = (self.weight * self.weight * over + (primal - bound).powi(2)).sqrt();
        (error, bound)
    }

    /// How far each side went tells how long its steps should be.
    fn reweigh(&mut self, from: &Point, to: &Point) {
        let square = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        let x = square(&from.share, &to.share).sqrt();
        let prices = (square(&from.price, &to.price) + square(&from.premium, &to.premium)).sqrt();
        if x > 1e-9 && prices > 1e-9 {
            self.weight = libm::exp(0.5 * libm::log(prices / x) + 0.5 * libm::log(self.weight));
        }
    }
}

/// What options take, each different list once.
struct Bundles<'a> {
    /// The bundle of each option.
    of: Vec<u32>,
    takes: Vec<&'a [(u32, u32)]>,
    /// The most an option takes of each resource: units are measured in it, so that all rows are of one size.
    measure: Vec<f64>,
}

impl<'a> Bundles<'a> {
    fn new(needs: &'a Needs) -> Self {
        let mut known: BTreeMap<&[(u32, u32)], u32> = BTreeMap::new();
        let mut takes = Vec::new();
        let of = (0..needs.cost.len())
            .map(|option| {
                let taken = needs.of(option);
                *known.entry(taken).or_insert_with(|| {
                    takes.push(taken);
                    takes.len() as u32 - 1
                })
            })
            .collect();
        let mut measure = vec![1.0_f64; needs.capacity.len()];
        for &(resource, units) in takes.iter().copied().flatten() {
            measure[resource as usize] = measure[resource as usize].max(f64::from(units));
        }
        Self { of, takes, measure }
    }

    fn share(&self, resource: u32, units: u32) -> f64 {
        f64::from(units) / self.measure[resource as usize]
    }

    /// What each costs at these prices.
    fn prices(&self, price: &[f64]) -> Vec<f64> {
        let of = |taken: &&[(u32, u32)]| {
            taken.iter().map(|&(resource, units)| price[resource as usize] * self.share(resource, units)).sum()
        };
        self.takes.iter().map(of).collect()
    }

    /// What is taken of the resources by so much of each.
    fn taken(&self, amounts: &[f64], resources: usize) -> Vec<f64> {
        let mut taken = vec![0.0; resources];
        for (takes, &amount) in self.takes.iter().zip(amounts) {
            if amount != 0.0 {
                for &(resource, units) in *takes {
                    taken[resource as usize] += amount * self.share(resource, units);
                }
            }
        }
        taken
    }
}

/// Onto x >= 0, sum(x) <= 1, as near as can be.
fn project(row: &mut [f64]) {
    let (mut sum, mut count) = (0.0, 0);
    for &x in row.iter().filter(|&&x| x > 0.0) {
        sum += x;
        count += 1;
    }
    let mut less = 0.0;
    if sum > 1.0 {
        // Michelot (1986): who falls below zero is left out, and the rest shares anew.
        less = (sum - 1.0) / f64::from(count);
        loop {
            let (mut sum, mut left) = (0.0, 0);
            for &x in row.iter().filter(|&&x| x > less) {
                sum += x;
                left += 1;
            }
            if left >= count || left == 0 {
                break;
            }
            count = left;
            less = (sum - 1.0) / f64::from(count);
        }
    }
    row.iter_mut().for_each(|x| *x = (*x - less).max(0.0));
}
