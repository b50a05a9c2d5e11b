//! What can no choice of sites beat? The Lagrangian of "each customer is served once" (Cornuéjols, Fisher & Nemhauser 1977).
//!
//! With a price l on serving each customer, a site is worth r(j) = price + sum of min(0, c(i,j) - l(i)), and no choice costs less than
//! sum of l + the `places` most negative r. That holds for any l up to the cost of staying outside, so l is a whole number of fine
//! units and the bound is true whatever the steps. Steps: Polyak (1969), deflected (Camerini, Fratta & Maffioli 1975).
//! Whatever site would push the bound above what is known if it were closed (or open) stays open (or closed).

use super::ground::Ground;

/// What is settled about a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Free,
    Open,
    Closed,
}

/// Prices on customers and what they prove.
#[derive(Clone, Debug)]
pub(super) struct Dual {
    /// Of the best bound.
    pub(super) prices: Vec<i64>,
    /// The best bound, fine units.
    pub(super) bound: i64,
    /// How often a site was chosen, lately: 0 to 1.
    pub(super) often: Vec<f64>,
    /// List entries looked at.
    pub(super) work: u64,
    /// Share of the Polyak step, and steps since the last progress.
    theta: f64,
    stale: usize,
    direction: Vec<f64>,
}

/// One look at the relaxed problem.
struct Look {
    value: i64,
    chosen: Vec<usize>,
    /// Free sites, the chosen first.
    taken: usize,
    free: Vec<(i64, u32)>,
    /// Free sites that could still be taken.
    room: usize,
    touched: usize,
}

/// Sees the sites chosen, the best bound so far and the entries looked at; answers the cost now known, or `None`: stop.
type Each<'a> = dyn FnMut(&[usize], i64, u64) -> Option<i64> + 'a;

/// How long to ascend.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) steps: usize,
    /// Share of the Polyak step at first.
    pub(super) theta: f64,
    /// Steps without progress before it is shortened.
    pub(super) patience: usize,
    /// End when the share is below.
    pub(super) least: f64,
}

fn look(ground: &Ground, status: &[Status], prices: &[i64]) -> Look {
    let mut worth = ground.price.clone();
    let mut touched = 0;
    for (customer, &price) in prices.iter().enumerate() {
        let scale = ground.scale[customer];
        for entry in ground.near(customer) {
            let reduced = scale * i64::from(entry.distance) - price;
            if reduced >= 0 {
                break;
            }
            worth[entry.at as usize] += reduced;
            touched += 1;
        }
    }
    let mut value: i64 = prices.iter().sum();
    let mut chosen = Vec::new();
    let mut free = Vec::new();
    for (site, &status) in status.iter().enumerate() {
        match status {
            Status::Open => {
                value += worth[site];
                chosen.push(site);
            }
            #[expect(clippy::cast_possible_truncation, reason = "fewer sites than 2^32: Problem::new")]
            Status::Free => free.push((worth[site], site as u32)),
            Status::Closed => {}
        }
    }
    let room = ground.places.saturating_sub(chosen.len());
    if room > 0 && room < free.len() {
        free.select_nth_unstable(room);
    }
    let mut taken = 0;
    for at in 0..room.min(free.len()) {
        if free[at].0 < 0 {
            value += free[at].0;
            chosen.push(free[at].1 as usize);
            free.swap(at, taken);
            taken += 1;
        }
    }
    Look { value, chosen, taken, free, room, touched }
}

/// Where prices may lie: from the nearest site that is not closed up to the cost of staying outside.
fn floors(ground: &Ground, status: &[Status]) -> Vec<i64> {
    let floor = |customer: usize| {
        let nearest = ground.near(customer).iter().find(|entry| status[entry.at as usize] != Status::Closed);
        nearest.map_or(ground.outside[customer], |entry| ground.scale[customer] * i64::from(entry.distance))
    };
    (0..ground.customers()).map(floor).collect()
}

impl Dual {
    /// Starts between the costs to the nearest and the next open site of a choice that is known.
    pub(super) fn start(ground: &Ground, open: &[usize]) -> Self {
        let mut is_open = vec![false; ground.sites()];
        open.iter().for_each(|&site| is_open[site] = true);
        let price = |customer: usize| {
            let cost = |distance: u32| ground.scale[customer] * i64::from(distance);
            // Staying outside may cost more than all ways together: too far to start from.
            let farthest = ground.near(customer).last().map_or(0, |entry| cost(entry.distance));
            let mut near = ground.near(customer).iter().filter(|entry| is_open[entry.at as usize]);
            let mut next = || near.next().map_or(farthest, |entry| cost(entry.distance));
            let (first, second) = (next(), next());
            first + (second - first) / 3
        };
        Self::at((0..ground.customers()).map(price).collect(), ground.sites())
    }

    /// Starts at these prices.
    pub(super) fn at(prices: Vec<i64>, sites: usize) -> Self {
        let direction = vec![0.0; prices.len()];
        Self { prices, bound: i64::MIN, often: vec![0.0; sites], work: 0, theta: 0.0, stale: 0, direction }
    }

    /// Has the last pace come to its end?
    pub(super) fn tired(&self, pace: Pace) -> bool {
        self.theta > 0.0 && self.theta < pace.least
    }

    /// Raises the bound until it proves that nothing below `known` is left, or the pace ends. `each` sees every choice of the
    /// relaxed problem.
    pub(super) fn ascend(
        &mut self,
        ground: &Ground,
        status: &[Status],
        mut known: i64,
        pace: Pace,
        each: &mut Each<'_>,
    ) {
        let low = floors(ground, status);
        let mut prices = self.prices.clone();
        let clamp = |prices: &mut [i64]| {
            for ((price, &low), &high) in prices.iter_mut().zip(&low).zip(&ground.outside) {
                *price = (*price).clamp(low.min(high), high);
            }
        };
        clamp(&mut prices);
        self.bound = i64::MIN;
        if self.theta == 0.0 {
            self.theta = pace.theta;
        }
        let mut times = vec![0_i32; prices.len()];
        let mut is_chosen = vec![false; ground.sites()];
        for _ in 0..pace.steps {
            let seen = look(ground, status, &prices);
            self.work += seen.touched as u64 + ground.sites() as u64 * 4 + ground.customers() as u64 * 6;
            for often in &mut self.often {
                *often *= 0.9;
            }
            seen.chosen.iter().for_each(|&site| self.often[site] += 0.1);
            if seen.value > self.bound {
                // Progress that would take for ever is none.
                let gap = known.saturating_sub(self.bound).max(1) as f64;
                let progress = seen.value.saturating_sub(self.bound) as f64 > gap * 0.002;
                self.stale = if progress { 0 } else { self.stale + 1 };
                self.bound = seen.value;
                self.prices.copy_from_slice(&prices);
            } else {
                self.stale += 1;
            }
            match each(&seen.chosen, self.bound, seen.touched as u64) {
                Some(better) => known = known.min(better),
                None => break,
            }
            if self.bound > known - ground.unit {
                break;
            }
            if self.stale >= pace.patience {
                (self.theta, self.stale) = (self.theta * 0.6, 0);
                if self.theta < pace.least {
                    break;
                }
            }
            // How often is each customer served?
            let columns: usize = seen.chosen.iter().map(|&site| ground.reached(site).len()).sum();
            times.fill(0);
            if columns < seen.touched {
                for &site in &seen.chosen {
                    for entry in ground.reached(site) {
                        let customer = entry.at as usize;
                        let cost = ground.scale[customer] * i64::from(entry.distance);
                        times[customer] += i32::from(cost < prices[customer]);
                    }
                }
                self.work += columns as u64;
            } else {
                seen.chosen.iter().for_each(|&site| is_chosen[site] = true);
                for (customer, &price) in prices.iter().enumerate() {
                    let scale = ground.scale[customer];
                    for entry in ground.near(customer) {
                        if scale * i64::from(entry.distance) >= price {
                            break;
                        }
                        times[customer] += i32::from(is_chosen[entry.at as usize]);
                    }
                }
                seen.chosen.iter().for_each(|&site| is_chosen[site] = false);
                self.work += seen.touched as u64;
            }
            let mut norm = 0.0;
            for (customer, direction) in self.direction.iter_mut().enumerate() {
                let mut slope = f64::from(1 - times[customer]);
                if (slope > 0.0 && prices[customer] >= ground.outside[customer])
                    || (slope < 0.0 && prices[customer] <= low[customer])
                {
                    slope = 0.0;
                }
                *direction = slope + DEFLECTION * *direction;
                norm += *direction * *direction;
            }
            if norm <= 0.0 {
                break;
            }
            let step = self.theta * (known - seen.value).max(ground.unit / 4).max(1) as f64 / norm;
            for ((price, &direction), (&low, &high)) in
                prices.iter_mut().zip(&self.direction).zip(low.iter().zip(&ground.outside))
            {
                #[expect(clippy::cast_possible_truncation, reason = "far below 2^63, then clamped")]
                let by = (step * direction).clamp(-1e17, 1e17) as i64;
                *price = (*price + by).clamp(low.min(high), high);
            }
        }
    }

    /// Settles what `known` and the prices settle; true if anything was. The bound becomes that of the prices.
    pub(super) fn settle(&mut self, ground: &Ground, status: &mut [Status], known: i64) -> bool {
        let seen = look(ground, status, &self.prices);
        self.work += seen.touched as u64 + ground.sites() as u64 * 2;
        self.bound = seen.value;
        let most = known - ground.unit;
        let mut any = false;
        // What a free site that is not chosen would push out: the worst of the chosen, if there is no room.
        let full = seen.taken >= seen.room;
        let worst = seen.free[..seen.taken].iter().map(|&(worth, _)| worth).max().unwrap_or(0);
        let pushed = if full { worst } else { 0 };
        // What would come in for a chosen site: the best of the others.
        let next = seen.free[seen.taken..].iter().map(|&(worth, _)| worth).min().unwrap_or(0).min(0);
        for &(worth, site) in &seen.free[seen.taken..] {
            if seen.room == 0 || seen.value + worth - pushed > most {
                status[site as usize] = Status::Closed;
                any = true;
            }
        }
        for &(worth, site) in &seen.free[..seen.taken] {
            if seen.value - worth + next > most {
                status[site as usize] = Status::Open;
                any = true;
            }
        }
        any
    }
}

/// Share of the last direction that is kept.
const DEFLECTION: f64 = 0.7;
