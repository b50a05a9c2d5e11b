//! The one form that p-median, stop choice and covering are solved in: lists of what each customer can reach, nearest first.
//!
//! Minimise the prices of the open sites plus, for each customer, its cheapest open site or its cost of staying outside; at most
//! `places` sites are open. p-median: no prices, staying outside is dearer than anything; covering: a site in reach costs nothing,
//! staying outside costs the weight. All in `i64` fine units, [`Ground::unit`] of them a unit of cost, so that bounds are exact.

use super::Way;

/// Nobody: a customer outside.
pub(super) const NONE: u32 = u32::MAX;
/// All that may be lost, in fine units, stays below this: sums of a few of them cannot overflow.
const FINE: i64 = 1 << 56;

/// Somewhere to be served.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Site, or customer in a list by site.
    pub(super) at: u32,
    pub(super) distance: u32,
}

/// Lists by customer and by site.
#[derive(Clone, Debug, Default)]
pub(super) struct Ground {
    start: Vec<usize>,
    near: Vec<Entry>,
    site_start: Vec<usize>,
    reached: Vec<Entry>,
    /// Fine units for each unit of distance.
    pub(super) scale: Vec<i64>,
    /// Cost of being served nowhere, fine units.
    pub(super) outside: Vec<i64>,
    /// Cost of opening, fine units, by site.
    pub(super) price: Vec<i64>,
    /// Most open sites.
    pub(super) places: usize,
    /// Fine units of one unit of cost: a power of two.
    pub(super) unit: i64,
}

impl Ground {
    /// Weights and costs of staying outside by customer, ways by customer, prices by site, most open sites.
    /// The sum of all costs of staying outside and of all prices must be below 2^55.
    pub(super) fn new(weights: &[u32], outside: &[i64], lists: &[Vec<Way>], prices: &[i64], places: usize) -> Self {
        let total = outside.iter().sum::<i64>() + prices.iter().sum::<i64>();
        let mut unit = 1;
        while total.max(1) * unit < FINE / 2 && unit < 1 << 24 {
            unit *= 2;
        }
        let mut start = Vec::with_capacity(lists.len() + 1);
        let mut near = Vec::with_capacity(lists.iter().map(Vec::len).sum());
        for ((list, &weight), &outside) in lists.iter().zip(weights).zip(outside) {
            start.push(near.len());
            let from = near.len();
            // What costs no less than staying outside is never used.
            let useful = list.iter().filter(|way| i64::from(weight) * i64::from(way.distance) < outside);
            near.extend(useful.map(|way| Entry { at: way.site, distance: way.distance }));
            near[from..].sort_unstable_by_key(|entry| (entry.distance, entry.at));
        }
        start.push(near.len());
        let mut ground = Self {
            start,
            near,
            site_start: Vec::new(),
            reached: Vec::new(),
            scale: weights.iter().map(|&weight| i64::from(weight) * unit).collect(),
            outside: outside.iter().map(|&outside| outside * unit).collect(),
            price: prices.iter().map(|&price| price * unit).collect(),
            places: places.min(prices.len()),
            unit,
        };
        ground.turn();
        ground
    }

    /// Lists by site from those by customer.
    fn turn(&mut self) {
        let mut count = vec![0_usize; self.sites() + 1];
        for entry in &self.near {
            count[entry.at as usize + 1] += 1;
        }
        for at in 0..self.sites() {
            count[at + 1] += count[at];
        }
        let mut next = count.clone();
        let mut reached = vec![Entry { at: 0, distance: 0 }; self.near.len()];
        for customer in 0..self.customers() {
            for entry in &self.near[self.start[customer]..self.start[customer + 1]] {
                let to = &mut next[entry.at as usize];
                #[expect(clippy::cast_possible_truncation, reason = "fewer customers than 2^32: Problem::new")]
                let at = customer as u32;
                reached[*to] = Entry { at, distance: entry.distance };
                *to += 1;
            }
        }
        (self.site_start, self.reached) = (count, reached);
    }

    /// Without these sites: they keep their numbers, but nobody reaches them.
    pub(super) fn without(&self, closed: impl Fn(usize) -> bool) -> Self {
        let mut start = Vec::with_capacity(self.start.len());
        let mut near = Vec::new();
        for customer in 0..self.customers() {
            start.push(near.len());
            near.extend(self.near(customer).iter().filter(|entry| !closed(entry.at as usize)).copied());
        }
        start.push(near.len());
        let mut ground = Self {
            start,
            near,
            site_start: Vec::new(),
            reached: Vec::new(),
            scale: self.scale.clone(),
            outside: self.outside.clone(),
            price: self.price.clone(),
            places: self.places,
            unit: self.unit,
        };
        ground.turn();
        ground
    }

    pub(super) fn customers(&self) -> usize {
        self.scale.len()
    }
    pub(super) fn sites(&self) -> usize {
        self.price.len()
    }
    /// Pairs in reach.
    pub(super) fn pairs(&self) -> usize {
        self.near.len()
    }
    /// Sites a customer can reach, nearest first.
    pub(super) fn near(&self, customer: usize) -> &[Entry] {
        &self.near[self.start[customer]..self.start[customer + 1]]
    }
    /// Customers that can reach a site, ascending.
    pub(super) fn reached(&self, site: usize) -> &[Entry] {
        &self.reached[self.site_start[site]..self.site_start[site + 1]]
    }
    /// Cost of these open sites, fine units.
    pub(super) fn cost(&self, open: &[usize]) -> i64 {
        let mut is_open = vec![false; self.sites()];
        open.iter().for_each(|&site| is_open[site] = true);
        let served: i64 = (0..self.customers())
            .map(|customer| {
                let nearest = self.near(customer).iter().find(|entry| is_open[entry.at as usize]);
                nearest.map_or(self.outside[customer], |entry| self.scale[customer] * i64::from(entry.distance))
            })
            .sum();
        served + open.iter().map(|&site| self.price[site]).sum::<i64>()
    }
}

/// Whole units, rounded up: for a bound that is true before rounding.
pub(super) fn units_up(fine: i64, unit: i64) -> i64 {
    fine.div_euclid(unit) + i64::from(fine.rem_euclid(unit) > 0)
}
