//! Everybody placed at the least cost, where each choice draws on one thing only: several searches ([`super::generalised`]), the best of all.
//!
//! Chains differ by their seed alone and do not meet: what one finds by luck another may not. Where time is the limit and one has proven
//! that nothing is better, the others end too; with iterations each goes on to its own end, so that the answer does not hang on who was first.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::generalised::{self, Found};
use super::ground::Ground;
use super::needs::Needs;
use super::{Assignment, Effort};
use crate::search::{Ended, Progress, Run, Solved};

/// Ticks of a usual search for less cost.
const USUAL: u64 = 3_000;
/// Most options for a usual search for less cost: beyond, its ticks take too long.
pub(super) const USUAL_OPTIONS: usize = 200_000;
/// Odd, so that each chain's seed is its own.
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;

/// `None`: not of this kind, or not all fit.
pub(super) fn place(ground: &Ground<'_>, run: &Run<'_>, effort: Effort) -> Option<Solved<Assignment>> {
    let all = ground.claimants();
    if all == 0 || ground.open.iter().any(Vec::is_empty) {
        return None;
    }
    let needs = Needs::new(ground, (0..all).collect())?;
    let usual = effort == Effort::Usual;
    if !generalised::possible(&needs) || (usual && needs.size() > USUAL_OPTIONS) {
        return None;
    }
    let proven = AtomicBool::new(false);
    let chains = if usual { 1 } else { run.chains.max(1) };
    let searched: Vec<(Found, Ticks<'_, '_>)> = (0..u64::from(chains))
        .into_par_iter()
        .map(|chain| {
            let most = usual.then_some(USUAL);
            let mut ticks = Ticks { run, proven: &proven, ticks: 0, most, ended: Ended::Complete };
            let found = generalised::search(&needs, run.seed.wrapping_add(chain.wrapping_mul(STRIDE)), &mut ticks);
            let best = found.best.as_ref().is_some_and(|best| best.0 <= found.least);
            if best && ticks.ended == Ended::Complete && !usual && run.iterations.is_none() {
                proven.store(true, Ordering::Relaxed);
            }
            (found, ticks)
        })
        .collect();
    let least = searched.iter().map(|(found, _)| found.least).max()?;
    let ticks = searched.iter().map(|(_, ticks)| ticks.ticks).max()?;
    // What any of them has proven to its end is so.
    let complete = searched.iter().any(|(_, ticks)| ticks.ended == Ended::Complete);
    let ended = if complete { Ended::Complete } else { searched.first()?.1.ended };
    let (_, options) = searched.into_iter().filter_map(|(found, _)| found.best).min_by_key(|best| best.0)?;
    let choice = options.iter().map(|&option| Some(needs.choice[option as usize] as usize)).collect();
    let best = Assignment { choice, least_cost: least };
    Some(Solved { best, bound: Some(all as f64), ended, iterations: ticks })
}

/// The clock of a search for less cost.
struct Ticks<'r, 'a> {
    run: &'r Run<'a>,
    /// Another chain has proven that nothing is better.
    proven: &'r AtomicBool,
    ticks: u64,
    most: Option<u64>,
    ended: Ended,
}

impl generalised::Clock for Ticks<'_, '_> {
    fn tick(&mut self, ticks: u64, best: Option<u64>) -> f64 {
        self.ticks += ticks;
        let most = self.most.or(self.run.iterations);
        let counted = most.map_or(0.0, |most| self.ticks as f64 / most.max(1) as f64);
        let answer = (self.run.watch)(&Progress {
            stage: "stage-allocation",
            iteration: self.ticks,
            objective: best.map(|best| best as f64),
            bound: None,
        });
        // A usual search is short: only somebody who wants an end ends it.
        if answer.cancelled || (answer.stop && self.most.is_none()) {
            self.ended = if answer.cancelled { Ended::Stopped } else { Ended::Budget };
            return 1.0;
        }
        if self.proven.load(Ordering::Relaxed) {
            self.ended = Ended::Budget;
            return 1.0;
        }
        let used = if self.most.is_some() { counted } else { counted.max(answer.used) };
        if used >= 1.0 && self.most.is_none() {
            self.ended = Ended::Budget;
        }
        used
    }
}
