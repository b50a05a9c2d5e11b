//! Where should `places` sites be, which hold the customers assigned to them? The capacitated p-median problem (Mulvey & Beck 1984).
//!
//! A round anneals all clusters from random centres, or takes the best known; then a few neighbouring clusters at a time are made anew.
//! Between rounds the Lagrangian bound rises, whose knapsacks are exact. Rounds grow longer by the ruler sequence (Luby, Sinclair &
//! Zuckerman 1993), since nobody knows how long is long enough. Limits: [`MOST_CELLS`]; memory: 8 bytes a cell.

mod anneal;
mod bound;
mod knapsack;
mod region;

use rayon::prelude::*;

use super::{MOST_CUSTOMERS, MOST_SITES, Placed, ProblemError, Way};
use crate::search::{Ended, Progress, Random, Run, Solved};
use anneal::Plan;

/// Most customers times sites: 8 bytes each.
pub const MOST_CELLS: usize = 16_000_000;
/// Moves in a region, for each of its clusters.
const MOVES_CLUSTER: u64 = 30_000;
/// So many rounds begin with the best known for one that begins anew.
const CYCLE: u64 = 3;
/// Rounds without progress before the search has come to its end; or half of all rounds, if that is more.
const STALE: u64 = 40;
/// Longest round, as a power of two of the shortest.
const LONGEST: u32 = 6;
/// Steps of the bound after each round.
const STEPS: usize = 40;

/// Customers with demands, sites with capacities. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    weights: Vec<u32>,
    near: Vec<Vec<Way>>,
    demands: Vec<u32>,
    capacities: Vec<u32>,
    places: usize,
    table: Table,
}

/// What the search needs of it.
#[derive(Clone, Debug)]
struct Table {
    demands: Vec<u32>,
    capacities: Vec<u32>,
    /// Cost of each customer at each site, row by customer; `far` where it is not in reach.
    costs: Vec<i64>,
    /// More than all ways together.
    far: i64,
    places: usize,
}

impl Problem {
    /// Weights and demands of the customers; for each customer the sites in its reach, any order; capacities of the sites; how many to
    /// open, at least 1 (more than there are: all). Demands and capacities in one unit.
    ///
    /// # Errors
    /// Lists of different lengths, an unknown site or one listed twice, no place, a customer that fits nowhere in its reach, less room
    /// than demand whatever is opened, or too large.
    pub fn new(
        weights: Vec<u32>,
        near: Vec<Vec<Way>>,
        demands: Vec<u32>,
        capacities: Vec<u32>,
        places: usize,
    ) -> Result<Self, ProblemError> {
        let (customers, sites) = (near.len(), capacities.len());
        super::checked(&weights, &near, sites)?;
        if demands.len() != customers {
            let (found, expected) = (demands.len(), customers);
            return Err(ProblemError::Length { what: "demands", found, expected, whose: "customers" });
        }
        if customers > MOST_CUSTOMERS || sites > MOST_SITES || customers * sites > MOST_CELLS {
            return Err(ProblemError::TooLarge);
        }
        if places == 0 || sites == 0 {
            return Err(ProblemError::NoPlace { places, sites });
        }
        let places = places.min(sites);
        for (customer, (ways, &demand)) in near.iter().zip(&demands).enumerate() {
            if ways.iter().all(|way| capacities[way.site as usize] < demand) {
                return Err(ProblemError::FitsNowhere { customer, demand });
            }
        }
        let mut largest = capacities.clone();
        largest.sort_unstable_by(|a, b| b.cmp(a));
        let room: u64 = largest[..places].iter().map(|&capacity| u64::from(capacity)).sum();
        let demand: u64 = demands.iter().map(|&demand| u64::from(demand)).sum();
        if demand > room {
            return Err(ProblemError::NoRoom { demand, places, room });
        }
        let farthest = super::farthest(&weights, &near)?;
        let far = farthest.iter().sum::<i64>() + 1;
        let dearest = farthest.iter().copied().max().unwrap_or(0);
        // Prices of the bound may rise to some times the dearest way.
        if (customers as i128 + 1) * i128::from(far.max(dearest * bound::MOST_PRICE)) >= 1 << 60 {
            return Err(ProblemError::TooDear);
        }
        let mut costs = vec![far; customers * sites];
        for (customer, ways) in near.iter().enumerate() {
            for way in ways {
                costs[customer * sites + way.site as usize] = i64::from(weights[customer]) * i64::from(way.distance);
            }
        }
        let table = Table { demands: demands.clone(), capacities: capacities.clone(), costs, far, places };
        Ok(Self { weights, near, demands, capacities, places, table })
    }

    /// By customer.
    #[must_use]
    pub fn weights(&self) -> &[u32] {
        &self.weights
    }

    /// Sites in reach, by customer.
    #[must_use]
    pub fn near(&self) -> &[Vec<Way>] {
        &self.near
    }

    /// By customer.
    #[must_use]
    pub fn demands(&self) -> &[u32] {
        &self.demands
    }

    /// By site.
    #[must_use]
    pub fn capacities(&self) -> &[u32] {
        &self.capacities
    }

    /// How many sites are opened.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places
    }
}

impl Table {
    /// These customers and sites alone.
    fn part(&self, customers: &[usize], sites: &[usize], places: usize) -> Self {
        let costs = customers.iter().flat_map(|&customer| sites.iter().map(move |&site| self.cost(customer, site)));
        Self {
            demands: customers.iter().map(|&customer| self.demands[customer]).collect(),
            capacities: sites.iter().map(|&site| self.capacities[site]).collect(),
            costs: costs.collect(),
            far: self.far,
            places,
        }
    }

    fn customers(&self) -> usize {
        self.demands.len()
    }

    fn sites(&self) -> usize {
        self.capacities.len()
    }

    fn cost(&self, customer: usize, site: usize) -> i64 {
        self.costs[customer * self.capacities.len() + site]
    }
}

/// Exactly `places` sites open, everybody assigned where room is found, at the least cost. An iteration is a round of every chain.
/// `bound`: whatever assigns all costs no less.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Placed> {
    let table = &problem.table;
    let mut best: Option<Plan> = None;
    let mut bound = bound::Bound::start(table);
    let (mut rounds, mut last, mut ended) = (0_u64, 0_u64, Ended::Complete);
    loop {
        let known = best.as_ref().map(|best| best.cost).filter(|&cost| cost < table.far);
        let known = known.filter(|_| best.as_ref().is_some_and(|best| best.excess == 0));
        let proven = bound.units();
        let stop = || {
            let objective = known.map(|known| known as f64);
            let progress = Progress { stage: "stage-siting", iteration: rounds, objective, bound: Some(proven as f64) };
            (run.watch)(&progress).stop
        };
        if rounds > 0 {
            bound.raise(table, known, STEPS, &stop);
        }
        if known.is_some_and(|known| bound.units() >= known) || rounds - last >= STALE.max(rounds / 2) {
            break;
        }
        if stop() {
            ended = Ended::Stopped;
            break;
        }
        if run.iterations.is_some_and(|most| rounds >= most) {
            ended = Ended::Budget;
            break;
        }
        // Every chain with a stream of its own; the first of the best is kept.
        let chain = |chain: u64| {
            let mut random = Random::new(run.seed ^ (rounds << 24) ^ (chain << 48));
            round(table, best.as_ref(), rounds, random.next_u64(), &stop)
        };
        let found: Vec<Plan> = (0..u64::from(run.chains.max(1))).into_par_iter().map(chain).collect();
        rounds += 1;
        for plan in found {
            if best.as_ref().is_none_or(|best| (plan.excess, plan.cost) < (best.excess, best.cost)) {
                best = Some(plan);
                last = rounds;
            }
        }
    }
    let start = || anneal::anneal(table, run.seed, 0, &|| true);
    let best = best.unwrap_or_else(start).answer(table);
    Solved { best, bound: Some(bound.units() as f64), ended, iterations: rounds }
}

/// Moves of the shortest annealing of so many customers: few and many cost the same care, in between it grows with their number.
fn moves(customers: usize) -> u64 {
    let customers = customers as u64;
    (customers * 10_000).clamp(200_000, 1_000_000).max(customers * 3000)
}

/// One round of one chain: all clusters anew or the best known, then a few at a time.
fn round(table: &Table, best: Option<&Plan>, number: u64, seed: u64, stop: &(dyn Fn() -> bool + Sync)) -> Plan {
    let mut random = Random::new(seed);
    let length = (number / CYCLE + 1).trailing_zeros().min(LONGEST);
    let small = table.places <= 3;
    let mut plan = match best {
        Some(best) if !number.is_multiple_of(CYCLE) && !small => best.clone(),
        _ => anneal::anneal(table, random.next_u64(), moves(table.customers()) << length, stop),
    };
    for _ in 0..if small { 0 } else { table.places } {
        if stop() {
            break;
        }
        let many = (2 + random.below(4)).min(table.places);
        let clusters = region::around(table, &plan, many, &mut random);
        region::renew(table, &mut plan, &clusters, random.next_u64(), MOVES_CLUSTER * many as u64);
    }
    plan
}
