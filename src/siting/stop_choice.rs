//! Which stops are worth their price? Each customer walks to an open site within its limit, or is lost at a price of its own.
//!
//! Uncapacitated facility location over lists (Erlenkotter 1978), with at most so many sites: the same search and bound as
//! `siting::p_median`, with prices of sites. Limits and memory as there.

use super::ground::{Ground, units_up};
use super::locate::locate;
use super::{MOST_COST, Placed, ProblemError, Way};
use crate::search::{Run, Solved};

/// Customers, what they can reach, what is lost without them, and what sites cost. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    weights: Vec<u32>,
    near: Vec<Vec<Way>>,
    losses: Vec<u64>,
    prices: Vec<u64>,
    most: usize,
}

impl Problem {
    /// Weights of the customers; for each customer the sites within its limit, any order; what it costs if it uses none; the price of
    /// each site; most sites to open (`usize::MAX`: no limit). Losses and prices in the unit of weight times distance.
    ///
    /// # Errors
    /// Lists of different lengths, an unknown site or one listed twice, or too large.
    pub fn new(
        weights: Vec<u32>,
        near: Vec<Vec<Way>>,
        losses: Vec<u64>,
        prices: Vec<u64>,
        most: usize,
    ) -> Result<Self, ProblemError> {
        super::checked(&weights, &near, prices.len())?;
        if losses.len() != near.len() {
            let (found, expected) = (losses.len(), near.len());
            return Err(ProblemError::Length { what: "losses", found, expected, whose: "customers" });
        }
        super::farthest(&weights, &near)?;
        let total = |costs: &[u64]| costs.iter().map(|&cost| u128::from(cost)).sum::<u128>();
        if total(&losses) + total(&prices) >= u128::from(MOST_COST) {
            return Err(ProblemError::TooDear);
        }
        Ok(Self { weights, near, losses, prices, most })
    }

    /// By customer.
    #[must_use]
    pub fn weights(&self) -> &[u32] {
        &self.weights
    }

    /// Sites within the limit, by customer.
    #[must_use]
    pub fn near(&self) -> &[Vec<Way>] {
        &self.near
    }

    /// What it costs if a customer uses none, by customer.
    #[must_use]
    pub fn losses(&self) -> &[u64] {
        &self.losses
    }

    /// By site.
    #[must_use]
    pub fn prices(&self) -> &[u64] {
        &self.prices
    }

    /// Most open sites.
    #[must_use]
    pub fn most(&self) -> usize {
        self.most
    }
}

/// The sites with the least sum of prices, ways and losses. Who would walk dearer than its loss stays without. An iteration is a kick.
/// `bound`: no choice costs less.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Placed> {
    #[expect(clippy::cast_possible_wrap, reason = "all together are below 2^52")]
    let signed = |costs: &[u64]| costs.iter().map(|&cost| cost as i64).collect::<Vec<_>>();
    let (losses, prices) = (signed(&problem.losses), signed(&problem.prices));
    let ground = Ground::new(&problem.weights, &losses, &problem.near, &prices, problem.most);
    let unit = ground.unit;
    let located = locate(ground, run);
    let ways = super::nearest(&problem.near, &located.open, problem.prices.len());
    let mut cost = located.open.iter().map(|&site| problem.prices[site]).sum();
    let mut assigned = Vec::with_capacity(ways.len());
    for ((way, &weight), &loss) in ways.iter().zip(&problem.weights).zip(&problem.losses) {
        let walk = way.map(|way| (u64::from(weight) * u64::from(way.distance), way.site as usize));
        let walk = walk.filter(|walk| walk.0 < loss);
        cost += walk.map_or(loss, |walk| walk.0);
        assigned.push(walk.map(|walk| walk.1));
    }
    let bound = units_up(located.bound, unit).max(0);
    Solved {
        best: Placed { open: located.open, assigned, cost },
        bound: Some(bound as f64),
        ended: located.ended,
        iterations: located.iterations,
    }
}
