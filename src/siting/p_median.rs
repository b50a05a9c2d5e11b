//! Where should `places` sites be, so that the weighted distance of all customers is least? The p-median problem (Hakimi 1964).
//!
//! Distances are a list, sparse or dense: a customer can use the sites it lists. Method and limits: [`super::solve_note`].

use super::ground::Ground;
use super::locate::locate;
use super::{MOST_COST, MOST_PAIRS, ProblemError};
use crate::search::{Run, Solved};

/// Customers, what they can reach, and how many sites are opened. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    weights: Vec<u32>,
    near: Vec<Vec<(u32, u32)>>,
    sites: usize,
    places: usize,
}

/// The open sites and who uses which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// Open sites, ascending.
    pub open: Vec<usize>,
    /// The site of each customer; `None` where no open site is in its list.
    pub assigned: Vec<Option<usize>>,
    /// Weight times distance, of those who have a site.
    pub cost: u64,
}

impl Problem {
    /// Weights of the customers; for each customer (site, distance), any order; number of sites; how many to open.
    ///
    /// # Errors
    /// Lists of different lengths, an unknown site or one listed twice, no place, or too large.
    pub fn new(weights: Vec<u32>, near: Vec<Vec<(u32, u32)>>, sites: usize, places: usize) -> Result<Self, ProblemError> {
        super::checked(&weights, &near, sites)?;
        let _ = (MOST_COST, MOST_PAIRS);
        if places == 0 {
            return Err(ProblemError::NoPlace);
        }
        Ok(Self { weights, near, sites, places: places.min(sites) })
    }
    pub fn weights(&self) -> &[u32] { &self.weights }
    pub fn near(&self) -> &[Vec<(u32, u32)>] { &self.near }
    pub fn sites(&self) -> usize { self.sites }
    pub fn places(&self) -> usize { self.places }
}

/// As many customers as possible have a site, at the least cost. `bound`: no choice that serves all costs less.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Placed> {
    let far = |(near, &weight): (&Vec<(u32, u32)>, &u32)| {
        let most = near.iter().map(|&(_, distance)| distance).max().unwrap_or(0);
        i64::from(weight) * i64::from(most) + 1
    };
    let farthest: Vec<i64> = problem.near.iter().zip(&problem.weights).map(far).collect();
    let complete = problem.near.iter().all(|near| near.len() == problem.sites);
    let total: i64 = farthest.iter().sum();
    // Where every site is in reach, nobody stays outside; else that costs more than all ways together.
    let outside: Vec<i64> = if complete { farthest } else { vec![total; problem.weights.len()] };
    let ground = Ground::new(&problem.weights, &outside, &problem.near, &vec![0; problem.sites], problem.places);
    let unit = ground.unit;
    let mut located = locate(ground, run);
    // More cost nothing.
    let mut closed = (0..problem.sites).filter(|site| located.open.binary_search(site).is_err()).collect::<Vec<_>>().into_iter();
    let mut open = located.open.clone();
    while open.len() < problem.places { match closed.next() { Some(site) => open.push(site), None => break } }
    open.sort_unstable();
    located.open = open;
    let assigned = super::nearest(&problem.near, &located.open, problem.sites);
    let cost = assigned.iter().zip(&problem.weights).filter_map(|(found, &weight)| Some(u64::from(weight) * u64::from(found.as_ref()?.1))).sum();
    let bound = super::ground::units_up(located.bound, unit);
    Solved {
        best: Placed { open: located.open, assigned: assigned.into_iter().map(|found| Some(found?.0)).collect(), cost },
        bound: Some(bound as f64),
        ended: located.ended,
        iterations: located.iterations,
    }
}
