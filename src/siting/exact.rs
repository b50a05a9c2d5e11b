//! What is left after the bound settled most sites: depth first over open and closed (branch and bound on the Lagrangian).

use super::dual::{Dual, Pace, Status};
use super::ground::Ground;
use super::interchange::State;

/// What the search through all that is left came to.
pub(super) struct Finish {
    /// The cost known at the end, fine units, and its sites where they are new.
    pub(super) known: i64,
    pub(super) open: Option<Vec<usize>>,
    /// Nothing cheaper is left.
    pub(super) proven: bool,
    /// Where not proven: no choice is cheaper than this.
    pub(super) bound: i64,
    pub(super) work: u64,
}

struct Node {
    status: Vec<Status>,
    prices: Vec<i64>,
    bound: i64,
}

const PACE: Pace = Pace { steps: 60, theta: 0.7, patience: 6, least: 0.05 };

/// Looks through all choices that agree with `status`, until `most` entries have been looked at or `stop` says so.
pub(super) fn finish(
    ground: &Ground,
    status: &[Status],
    dual: &Dual,
    known: i64,
    most: u64,
    stop: &mut dyn FnMut(u64) -> bool,
) -> Finish {
    let reduced = ground.without(|site| status[site] == Status::Closed);
    let ground = &reduced;
    let mut finish = Finish { known, open: None, proven: true, bound: known, work: ground.pairs() as u64 };
    let mut stack = vec![Node { status: status.to_vec(), prices: dual.prices.clone(), bound: dual.bound }];
    while let Some(mut node) = stack.pop() {
        if node.bound > finish.known - ground.unit {
            continue;
        }
        if finish.work >= most || stop(finish.work) {
            let open = stack.iter().map(|node| node.bound).min();
            let bound = open.map_or(node.bound, |bound| bound.min(node.bound));
            return Finish { proven: false, bound: bound.min(finish.known), ..finish };
        }
        let mut here = Dual::at(node.prices, ground.sites());
        let mut found: Option<(i64, Vec<usize>)> = None;
        let mut last = Vec::new();
        here.ascend(ground, &node.status, finish.known, PACE, &mut |chosen, _, _| {
            let mut known = finish.known;
            if chosen != last {
                last.clear();
                last.extend_from_slice(chosen);
                let cost = ground.cost(chosen);
                if cost < found.as_ref().map_or(finish.known, |found| found.0) {
                    found = Some((cost, chosen.to_vec()));
                }
            }
            if let Some((cost, _)) = &found {
                known = known.min(*cost);
            }
            Some(known)
        });
        if let Some((_, open)) = found {
            let mut state = State::new(ground, &open);
            state.descend();
            finish.known = state.cost();
            finish.open = Some(state.open().to_vec());
        }
        finish.work += here.work + ground.customers() as u64 * 4;
        let bound = here.bound.max(node.bound);
        if bound > finish.known - ground.unit {
            continue;
        }
        while here.settle(ground, &mut node.status, finish.known) {
            if here.bound > finish.known - ground.unit {
                break;
            }
        }
        finish.work += here.work;
        let bound = bound.max(here.bound);
        if bound > finish.known - ground.unit {
            continue;
        }
        let opened = node.status.iter().filter(|&&status| status == Status::Open).count();
        let branch = (0..ground.sites())
            .filter(|&site| node.status[site] == Status::Free)
            .map(|site| ((here.often[site] - 0.5).abs(), site))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let Some((_, site)) = branch.filter(|_| opened < ground.places) else {
            // Nothing is left to decide.
            let open: Vec<usize> = (0..ground.sites()).filter(|&site| node.status[site] == Status::Open).collect();
            let cost = ground.cost(&open);
            if cost < finish.known {
                (finish.known, finish.open) = (cost, Some(open));
            }
            continue;
        };
        for status in [Status::Closed, Status::Open] {
            let mut child = node.status.clone();
            child[site] = status;
            stack.push(Node { status: child, prices: here.prices.clone(), bound });
        }
    }
    finish.bound = finish.known;
    finish
}
