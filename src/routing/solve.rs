//! Several chains of one search, which meet when a sixteenth of the budget is used: the worst goes on from where the best is.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::anneal::Chain;
use super::ground::Ground;
use super::problem::Problem;
use super::tours::Tours;
use crate::search::{Ended, Progress, Run, Solved};

/// Meetings of the chains.
const MEETINGS: u32 = 16;
/// Iterations of a chain until the others have their turn.
const ROUND: u64 = 4096;
/// Iterations for each job where nothing else limits them.
const USUAL: u64 = 2000;

/// Tours for a problem, the best found within the budget; `start` is where the search begins, as far as its tours are allowed. There is no bound.
pub fn solve(problem: &Problem, start: Option<&Tours>, run: &Run<'_>) -> Solved<Tours> {
    let ground = Ground::new(problem);
    let mut chains: Vec<Chain<'_>> = (0..run.chains.max(1))
        .into_par_iter()
        .map(|chain| Chain::new(&ground, run.seed.wrapping_add(u64::from(chain) << 32), start))
        .collect();
    let stopped = AtomicBool::new(false);
    let usual = USUAL * (problem.jobs().len() as u64 + 10);
    // How much of the budget is used, when so many iterations are done.
    let look = |iterations: u64, best: &Tours| {
        let answer = (run.watch)(&progress(iterations, best));
        let share = |total: u64| if iterations >= total { 1.0 } else { iterations as f64 / total as f64 };
        let used = match run.iterations {
            Some(total) => share(total),
            // A watcher that never speaks of a budget knows none.
            None if answer.used > 0.0 => answer.used,
            None => share(usual),
        };
        if answer.stop && used < 1.0 {
            stopped.store(true, Ordering::Relaxed);
        }
        if answer.stop { 1.0 } else { used }
    };
    let mut round = 0;
    for meeting in 1..=MEETINGS {
        if ground.orders.is_empty() || stopped.load(Ordering::Relaxed) {
            break;
        }
        let until = f64::from(meeting) / f64::from(MEETINGS);
        loop {
            round += 1;
            // Side by side also where there are fewer threads than chains.
            let most = run.iterations.unwrap_or(u64::MAX).min(round * ROUND);
            let done =
                |chain: &mut Chain<'_>| chain.advance(until, most, &mut |iterations, best| look(iterations, best));
            let done: Vec<bool> = chains.par_iter_mut().map(done).collect();
            if done.iter().all(|&done| done) {
                break;
            }
        }
        // They have done as much as each other, or their time is up.
        round = chains.iter().map(|chain| chain.iterations / ROUND).max().unwrap_or(0);
        meet(&mut chains);
    }
    let iterations = chains.iter().map(|chain| chain.iterations).sum();
    let best = chains.iter().map(Chain::best).min_by_key(|tours| (tours.missing, tours.cost)).cloned();
    let ended = match stopped.into_inner() {
        true => Ended::Stopped,
        false if ground.orders.is_empty() => Ended::Complete,
        false => Ended::Budget,
    };
    Solved { best: best.unwrap_or_default(), bound: None, ended, iterations }
}

fn meet(chains: &mut [Chain<'_>]) {
    let by = |chain: &usize| (chains[*chain].now(), *chain);
    let (Some(best), Some(worst)) = ((0..chains.len()).min_by_key(by), (0..chains.len()).max_by_key(by)) else {
        return;
    };
    if best != worst {
        let (low, high) = chains.split_at_mut(best.max(worst));
        if best < worst { high[0].follow(&low[best]) } else { low[worst].follow(&high[0]) }
    }
}

fn progress(iterations: u64, best: &Tours) -> Progress {
    let objective = (best.missing == 0).then_some(best.cost as f64);
    Progress { stage: "stage-routing", iteration: iterations, objective, bound: None }
}
