//! Where should `places` sites be, whose capacity holds the customers assigned to them? The capacitated p-median problem
//! (Mulvey & Beck 1984).

mod anneal;
mod bound;
mod knapsack;

use super::ProblemError;
use crate::search::{Ended, Progress, Run, Solved};

/// Most customers times sites: 8 bytes each.
pub const MOST_CELLS: usize = 16_000_000;
/// Not in a customer's list.
const FAR: i64 = 1 << 40;

/// Customers with demands, sites with capacities. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    demands: Vec<u32>,
    capacities: Vec<u32>,
    /// Cost of each customer at each site, row by customer; [`FAR`] where it is not in reach.
    costs: Vec<i64>,
    places: usize,
}

/// Open sites and who uses which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// Open sites, ascending.
    pub open: Vec<usize>,
    /// The site of each customer; `None`: no room was found for it.
    pub assigned: Vec<Option<usize>>,
    /// Weight times distance of those that have a site.
    pub cost: u64,
}

impl Problem {
    /// See fields.
    pub fn new(weights: Vec<u32>, demands: Vec<u32>, near: Vec<Vec<(u32, u32)>>, capacities: Vec<u32>, places: usize) -> Result<Self, ProblemError> {
        let sites = capacities.len();
        let mut costs = vec![FAR; weights.len() * sites];
        for (customer, near) in near.iter().enumerate() {
            for &(site, distance) in near {
                costs[customer * sites + site as usize] = i64::from(weights[customer]) * i64::from(distance);
            }
        }
        Ok(Self { demands, capacities, costs, places: places.min(sites) })
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

/// Moves of the shortest annealing.
const SHORT: u64 = 200_000;

/// One iteration is one annealing by each chain.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Assigned> {
    let mut rounds = 0;
    let mut best: Option<anneal::Plan> = None;
    let mut ended = Ended::Complete;
    let mut limit = bound::Bound::start(problem);
    let mut stale = 0;
    let debug = std::env::var("DBG").is_ok();
    loop {
        let known = best.as_ref().filter(|best| best.excess == 0).map(|best| best.cost);
        if rounds > 0 && !limit.ended() {
            limit.raise(problem, known, 40);
        }
        if known.is_some_and(|known| limit.units() >= known) {
            break;
        }
        let progress = Progress { stage: "stage-siting", iteration: rounds, objective: known.map(|known| known as f64), bound: Some(limit.units() as f64) };
        if (run.watch)(&progress).stop {
            ended = Ended::Stopped;
            break;
        }
        if run.iterations.is_some_and(|most| rounds >= most) {
            ended = Ended::Budget;
            break;
        }
        if stale >= 40 { break; }
        let moves = SHORT.max(problem.customers() as u64 * 3000);
        let found = anneal::anneal(problem, run.seed.wrapping_mul(1_000_003).wrapping_add(rounds), moves);
        rounds += 1;
        if debug { eprintln!("round {rounds} cost {} excess {} bound {}", found.cost, found.excess, limit.units()); }
        stale += 1;
        if best.as_ref().is_none_or(|best| (found.excess, found.cost) < (best.excess, best.cost)) {
            best = Some(found);
            stale = 0;
        }
    }
    let answer = best.map_or_else(Assigned::default, |best| best.answer(problem));
    Solved { best: answer, bound: Some(limit.units() as f64), ended, iterations: rounds }
}
