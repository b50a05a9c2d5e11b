//! draft
pub mod capacitated;
pub mod covering;
mod dual;
mod exact;
mod ground;
mod interchange;
mod locate;
pub mod p_median;

pub use covering::{Chosen, MOST_COVERS, Problem, check, covered, one_more, solve};

pub const MOST_COST: u64 = 1 << 50;
pub const MOST_PAIRS: usize = 20_000_000;

/// What is wrong with a problem.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    #[error("x")]
    NoPlace,
    #[error("y")]
    Bad,
}
fn checked(_w: &[u32], _near: &[Vec<(u32, u32)>], _sites: usize) -> Result<(), ProblemError> { Ok(()) }

/// The nearest open site of each customer with its distance.
fn nearest(near: &[Vec<(u32, u32)>], open: &[usize], sites: usize) -> Vec<Option<(usize, u32)>> {
    let mut is_open = vec![false; sites];
    open.iter().for_each(|&site| is_open[site] = true);
    near.iter().map(|list| list.iter().filter(|&&(site, _)| is_open[site as usize]).map(|&(site, distance)| (distance, site as usize)).min().map(|(distance, site)| (site, distance))).collect()
}
