//! What can no assignment beat? The Lagrangian of "each customer is assigned once", a knapsack for each site.
//!
//! With a price l on serving each customer, a site is worth at most the knapsack of l(i) - c(i,j) > 0 within its capacity; no assignment
//! costs less than sum of l - the `places` largest of these, for any l >= 0. Whole fine units, exact knapsacks: true whatever the steps.
//! Steps as in `siting::dual`. Knapsacks are solved in the order of their limits, only while they may be among the largest.

use super::Table;
use super::knapsack::{self, Item, Scratch};

/// Prices rise to so many times the dearest way, at most.
pub(super) const MOST_PRICE: i64 = 4;

/// Prices and what they prove.
pub(super) struct Bound {
    unit: i64,
    dearest: i64,
    prices: Vec<i64>,
    best_prices: Vec<i64>,
    best: i64,
    theta: f64,
    stale: usize,
    direction: Vec<f64>,
    scratch: Scratch,
}

struct Chosen {
    profit: i64,
    customers: Vec<u32>,
}

impl Bound {
    pub(super) fn start(table: &Table) -> Self {
        let dearest = table.costs.iter().copied().filter(|&cost| cost < table.far).max().unwrap_or(0).max(1);
        let mut unit = 1_i64;
        while unit < 1 << 16 && dearest * unit * MOST_PRICE * (table.customers() as i64 + 1) < 1 << 59 {
            unit *= 2;
        }
        let sites = table.sites();
        // About twice the fair share of the nearest places/sites of all sites.
        let rank = (sites / table.places.max(1)).clamp(1, sites.max(1)) - 1;
        let prices: Vec<i64> = (0..table.customers())
            .map(|customer| {
                let mut row: Vec<i64> = table.costs[customer * sites..(customer + 1) * sites].to_vec();
                row.sort_unstable();
                row.get(rank).map_or(0, |&cost| cost.min(dearest) * unit)
            })
            .collect();
        Self {
            unit,
            dearest,
            best_prices: prices.clone(),
            direction: vec![0.0; prices.len()],
            prices,
            best: 0,
            theta: 1.2,
            stale: 0,
            scratch: Scratch::default(),
        }
    }

    /// Whole units of cost, rounded up.
    pub(super) fn units(&self) -> i64 {
        (self.best + self.unit - 1).div_euclid(self.unit)
    }

    pub(super) fn ended(&self) -> bool {
        self.theta < 0.002
    }

    fn look(&mut self, table: &Table) -> (i64, Vec<Chosen>) {
        let sites = table.sites();
        let mut items: Vec<Vec<Item>> = vec![Vec::new(); sites];
        for (customer, &price) in self.prices.iter().enumerate() {
            let row = &table.costs[customer * sites..(customer + 1) * sites];
            let size = table.demands[customer];
            for (site, &cost) in row.iter().enumerate() {
                if cost < table.far && cost * self.unit < price && size <= table.capacities[site] {
                    #[expect(clippy::cast_possible_truncation, reason = "fewer customers than 2^32: Problem::new")]
                    items[site].push(Item { profit: price - cost * self.unit, size, at: customer as u32 });
                }
            }
        }
        let mut order: Vec<(i64, usize)> = Vec::with_capacity(sites);
        for (site, items) in items.iter_mut().enumerate() {
            knapsack::sort(items);
            order.push((-knapsack::limit(items, table.capacities[site]), site));
        }
        order.sort_unstable();
        let mut best: Vec<Chosen> = Vec::new();
        for (limit, site) in order {
            if best.len() == table.places && best.last().is_some_and(|last| -limit <= last.profit) {
                break;
            }
            let mut customers = Vec::new();
            let profit = knapsack::solve(&items[site], table.capacities[site], &mut self.scratch, &mut customers);
            let at = best.partition_point(|other| other.profit >= profit);
            best.insert(at, Chosen { profit, customers });
            best.truncate(table.places);
        }
        let total: i64 = self.prices.iter().sum::<i64>() - best.iter().map(|chosen| chosen.profit).sum::<i64>();
        (total, best)
    }

    /// So many steps towards the cost that is known.
    pub(super) fn raise(&mut self, table: &Table, known: Option<i64>, steps: usize, stop: &dyn Fn() -> bool) {
        let most = self.dearest * MOST_PRICE * self.unit;
        let target = known.map(|known| known * self.unit);
        for _ in 0..steps {
            if self.ended() || target.is_some_and(|target| self.best > target - self.unit) || stop() {
                return;
            }
            let (value, chosen) = self.look(table);
            if value > self.best {
                let gap = target.map_or(self.best, |target| target - self.best).max(1);
                self.stale = if (value - self.best) as f64 > gap as f64 * 0.002 { 0 } else { self.stale + 1 };
                self.best = value;
                self.best_prices.copy_from_slice(&self.prices);
            } else {
                self.stale += 1;
            }
            if self.stale >= 15 {
                (self.theta, self.stale) = (self.theta * 0.6, 0);
                self.prices.copy_from_slice(&self.best_prices);
                continue;
            }
            let mut slope = vec![1.0_f64; self.prices.len()];
            chosen.iter().flat_map(|chosen| &chosen.customers).for_each(|&customer| slope[customer as usize] -= 1.0);
            let mut norm = 0.0;
            for (customer, direction) in self.direction.iter_mut().enumerate() {
                *direction = slope[customer] + 0.7 * *direction;
                if *direction < 0.0 && self.prices[customer] == 0 {
                    *direction = 0.0;
                }
                norm += *direction * *direction;
            }
            if norm <= 0.0 {
                self.theta = 0.0;
                return;
            }
            let target = target.unwrap_or(value + value.abs() / 20);
            let step = self.theta * (target - value).max(self.unit / 4).max(1) as f64 / norm;
            for (price, &direction) in self.prices.iter_mut().zip(&self.direction) {
                #[expect(clippy::cast_possible_truncation, reason = "clamped")]
                let by = (step * direction).clamp(-1e17, 1e17) as i64;
                *price = (*price + by).clamp(0, most);
            }
        }
    }
}
