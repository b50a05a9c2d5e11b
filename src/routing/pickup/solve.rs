//! Several chains of one search, which meet when a sixteenth of the budget is used: the worst goes on from where the best is.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::anneal::Chain;
use super::ground::Ground;
use super::plan::Plan;
use super::problem::Problem;
use super::state::Worth;
use crate::search::{Ended, Progress, Run, Solved};

/// Meetings of the chains.
const MEETINGS: u32 = 16;
/// Iterations of a chain until the others have their turn.
const ROUND: u64 = 1024;
/// Iterations for each stop where nothing else limits them.
const USUAL: u64 = 500;

/// A plan for a problem, the best found within the budget. There is no bound.
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Plan> {
    let ground = Ground::new(problem);
    let mut chains: Vec<Chain<'_>> = (0..run.chains.max(1))
        .into_par_iter()
        .map(|chain| Chain::new(&ground, run.seed.wrapping_add(u64::from(chain) << 32)))
        .collect();
    let stopped = AtomicBool::new(false);
    let usual = USUAL * (ground.stops as u64 + 10);
    // How much of the budget is used, when so many iterations are done.
    let look = |iterations: u64, best: Worth| {
        let answer = (run.watch)(&progress(&ground, iterations, best));
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
    // Nothing to choose: nobody to carry, or nothing to drive with.
    let idle = ground.groups.is_empty() || ground.stops == 0;
    let mut round = 0;
    for meeting in 1..=MEETINGS {
        if idle || stopped.load(Ordering::Relaxed) {
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
    let best = chains.iter().map(Chain::best).min_by_key(|best| best.worth);
    let best = best.map(|best| best.plan(&ground)).unwrap_or_default();
    let ended = match stopped.into_inner() {
        true => Ended::Stopped,
        false if idle => Ended::Complete,
        false => Ended::Budget,
    };
    Solved { best, bound: None, ended, iterations }
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

fn progress(ground: &Ground<'_>, iterations: u64, (missing, cost): Worth) -> Progress {
    let (stranded, prizes) = ground.stranded;
    let objective = (missing + stranded == 0).then_some((cost + prizes) as f64);
    Progress { stage: "stage-routing", iteration: iterations, objective, bound: None }
}
