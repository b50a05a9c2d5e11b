//! Where should `places` sites be, so that the weighted distance of all customers is least? The p-median problem (Hakimi 1964).
//!
//! Greedy and exchanges (Resende & Werneck 2007), Lagrangian bound, random kicks, and branch and bound over what the bound leaves open:
//! `siting::locate`. 300 points are solved and proven in some hundredths of a second; 2,000 to about 0.1 % in a few seconds.

use super::ground::{Ground, units_up};
use super::locate::locate;
use super::{MOST_COST, Placed, ProblemError, Way};
use crate::search::{Run, Solved};

/// Customers, what they can reach, and how many sites are opened. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    weights: Vec<u32>,
    near: Vec<Vec<Way>>,
    sites: usize,
    places: usize,
    /// Weight times the farthest distance.
    farthest: Vec<i64>,
}

impl Problem {
    /// Weights of the customers; for each customer the sites in its reach, any order; number of sites; how many to open, at least 1
    /// (more than there are: all).
    ///
    /// # Errors
    /// Lists of different lengths, an unknown site or one listed twice, no place, or too large.
    pub fn new(weights: Vec<u32>, near: Vec<Vec<Way>>, sites: usize, places: usize) -> Result<Self, ProblemError> {
        super::checked(&weights, &near, sites)?;
        if places == 0 || sites == 0 {
            return Err(ProblemError::NoPlace { places, sites });
        }
        let farthest = super::farthest(&weights, &near)?;
        let problem = Self { weights, near, sites, places: places.min(sites), farthest };
        if problem.outside().iter().map(|&cost| i128::from(cost)).sum::<i128>() >= i128::from(MOST_COST) * 2 {
            return Err(ProblemError::TooDear);
        }
        Ok(problem)
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

    /// How many there are.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// How many are opened.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places
    }

    /// What having no site costs: where everybody reaches all sites nobody is without, so anything farther will do; else more than
    /// all ways together, so that as few as possible are without.
    fn outside(&self) -> Vec<i64> {
        if self.near.iter().all(|ways| ways.len() == self.sites) {
            self.farthest.iter().map(|&far| far + 1).collect()
        } else {
            vec![self.nobody(); self.weights.len()]
        }
    }

    fn nobody(&self) -> i64 {
        self.farthest.iter().sum::<i64>() + 1
    }
}

/// As many customers as possible have a site, the nearest that is open, at the least cost; exactly `places` are opened. An iteration is
/// a kick. `bound`: whatever leaves out no more customers than this answer costs no less.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Placed> {
    let ground =
        Ground::new(&problem.weights, &problem.outside(), &problem.near, &vec![0; problem.sites], problem.places);
    let unit = ground.unit;
    let located = locate(ground, run);
    // One more never costs anything: the first that are closed.
    let mut open = located.open;
    let closed: Vec<usize> = (0..problem.sites).filter(|site| open.binary_search(site).is_err()).collect();
    open.extend(closed.into_iter().take(problem.places - open.len()));
    open.sort_unstable();
    let ways = super::nearest(&problem.near, &open, problem.sites);
    let cost = |(way, &weight): (&Option<Way>, &u32)| way.map(|way| u64::from(weight) * u64::from(way.distance));
    let cost = ways.iter().zip(&problem.weights).filter_map(cost).sum();
    let assigned: Vec<Option<usize>> = ways.into_iter().map(|way| Some(way?.site as usize)).collect();
    let best = Placed { open, assigned, cost };
    let without = problem.nobody() * i64::try_from(best.left_out()).unwrap_or(0);
    let bound = (units_up(located.bound, unit) - without).max(0);
    Solved { best, bound: Some(bound as f64), ended: located.ended, iterations: located.iterations }
}
