//! Is an answer allowed, and does it cost what it says? From the problem alone; shares nothing with the search.

use super::{Placed, Way, capacitated, covering, p_median, stop_choice};

/// What an answer breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Open sites not ascending, listed twice or unknown; the first such.
    Open {
        /// As given.
        site: usize,
    },
    /// Not as many sites open as may be.
    Places {
        /// Open.
        found: usize,
        /// Asked for, or at most.
        places: usize,
    },
    /// Not one entry a customer.
    Length {
        /// Entries.
        found: usize,
        /// Customers.
        customers: usize,
    },
    /// A customer uses a site that is closed.
    Closed {
        /// Customer.
        customer: usize,
        /// Site.
        site: usize,
    },
    /// A customer uses a site that is not in its reach.
    OutOfReach {
        /// Customer.
        customer: usize,
        /// Site.
        site: usize,
    },
    /// A customer has no site though one in its reach is open.
    LeftOut {
        /// Customer.
        customer: usize,
    },
    /// A customer could walk less to a site that is open.
    NotNearest {
        /// Customer.
        customer: usize,
        /// The nearer one.
        site: usize,
    },
    /// More than a site holds.
    Full {
        /// Site.
        site: usize,
        /// Assigned to it.
        load: u64,
        /// What it holds.
        capacity: u64,
    },
    /// The figure is not what the choices cost.
    Cost {
        /// As given.
        given: u64,
        /// From the choices.
        real: u64,
    },
}

/// Everything that is wrong; empty when nothing is.
#[must_use]
pub fn p_median(problem: &p_median::Problem, placed: &Placed) -> Vec<Violation> {
    let mut wrong = sites(placed, problem.sites());
    if placed.open.len() != problem.places() {
        wrong.push(Violation::Places { found: placed.open.len(), places: problem.places() });
    }
    let mut cost = 0_u64;
    wrong.extend(ways(placed, problem.near(), |customer, way| match way {
        Some(way) => {
            cost = cost.saturating_add(u64::from(problem.weights()[customer]).saturating_mul(u64::from(way.distance)));
            nearer(placed, customer, &problem.near()[customer], way)
        }
        None => {
            let open = problem.near()[customer].iter().any(|way| placed.open.contains(&(way.site as usize)));
            open.then_some(Violation::LeftOut { customer })
        }
    }));
    figure(placed, cost, wrong)
}

/// Everything that is wrong; empty when nothing is.
#[must_use]
pub fn stop_choice(problem: &stop_choice::Problem, placed: &Placed) -> Vec<Violation> {
    let mut wrong = sites(placed, problem.prices().len());
    if placed.open.len() > problem.most() {
        wrong.push(Violation::Places { found: placed.open.len(), places: problem.most() });
    }
    let prices = placed.open.iter().filter_map(|&site| problem.prices().get(site));
    let mut cost = prices.fold(0_u64, |sum, &price| sum.saturating_add(price));
    wrong.extend(ways(placed, problem.near(), |customer, way| {
        let weight = u64::from(problem.weights()[customer]);
        let part = way.map_or(problem.losses()[customer], |way| weight.saturating_mul(u64::from(way.distance)));
        cost = cost.saturating_add(part);
        way.and_then(|way| nearer(placed, customer, &problem.near()[customer], way))
    }));
    figure(placed, cost, wrong)
}

/// Everything that is wrong; empty when nothing is. Customers without a site are no fault in themselves: see [`Placed::left_out`].
#[must_use]
pub fn capacitated(problem: &capacitated::Problem, placed: &Placed) -> Vec<Violation> {
    let mut wrong = sites(placed, problem.capacities().len());
    if placed.open.len() != problem.places() {
        wrong.push(Violation::Places { found: placed.open.len(), places: problem.places() });
    }
    let mut cost = 0_u64;
    let mut load = vec![0_u64; problem.capacities().len()];
    wrong.extend(ways(placed, problem.near(), |customer, way| {
        let way = way?;
        cost = cost.saturating_add(u64::from(problem.weights()[customer]).saturating_mul(u64::from(way.distance)));
        load[way.site as usize] += u64::from(problem.demands()[customer]);
        None
    }));
    for (site, (&load, &capacity)) in load.iter().zip(problem.capacities()).enumerate() {
        let capacity = u64::from(capacity);
        if load > capacity {
            wrong.push(Violation::Full { site, load, capacity });
        }
    }
    figure(placed, cost, wrong)
}

/// Everything that is wrong; empty when nothing is.
#[must_use]
pub fn covering(problem: &covering::Problem, chosen: &covering::Chosen) -> Vec<Violation> {
    let placed = Placed { open: chosen.sites.clone(), ..Placed::default() };
    let mut wrong = sites(&placed, problem.covers().len());
    if chosen.sites.len() > problem.places() {
        wrong.push(Violation::Places { found: chosen.sites.len(), places: problem.places() });
    }
    let covers = |demand: usize| {
        let mut covers = chosen.sites.iter().filter_map(|&site| problem.covers().get(site));
        covers.any(|cover| cover.contains(&demand))
    };
    let weights = problem.weights().iter().enumerate().filter(|&(demand, _)| covers(demand));
    let real: u64 = weights.map(|(_, &weight)| u64::from(weight)).sum();
    if real != chosen.covered {
        wrong.push(Violation::Cost { given: chosen.covered, real });
    }
    wrong
}

fn sites(placed: &Placed, sites: usize) -> Vec<Violation> {
    let mut wrong: Vec<Violation> = Vec::new();
    let out =
        placed.open.iter().enumerate().find(|&(at, &site)| site >= sites || (at > 0 && placed.open[at - 1] >= site));
    wrong.extend(out.map(|(_, &site)| Violation::Open { site }));
    wrong
}

/// Shows the way of each customer whose entry makes sense, and tells of those that do not.
fn ways(
    placed: &Placed,
    near: &[Vec<Way>],
    mut see: impl FnMut(usize, Option<Way>) -> Option<Violation>,
) -> Vec<Violation> {
    if placed.assigned.len() != near.len() {
        return vec![Violation::Length { found: placed.assigned.len(), customers: near.len() }];
    }
    let mut wrong = Vec::new();
    for (customer, &site) in placed.assigned.iter().enumerate() {
        let way = site.and_then(|site| near[customer].iter().find(|way| way.site as usize == site));
        match (site, way) {
            (Some(site), _) if !placed.open.contains(&site) => wrong.push(Violation::Closed { customer, site }),
            (Some(site), None) => wrong.push(Violation::OutOfReach { customer, site }),
            _ => wrong.extend(see(customer, way.copied())),
        }
    }
    wrong
}

fn nearer(placed: &Placed, customer: usize, near: &[Way], used: Way) -> Option<Violation> {
    let better = near.iter().find(|way| way.distance < used.distance && placed.open.contains(&(way.site as usize)));
    better.map(|way| Violation::NotNearest { customer, site: way.site as usize })
}

fn figure(placed: &Placed, real: u64, mut wrong: Vec<Violation>) -> Vec<Violation> {
    if placed.cost != real {
        wrong.push(Violation::Cost { given: placed.cost, real });
    }
    wrong
}
