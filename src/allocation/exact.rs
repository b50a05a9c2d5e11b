//! Small cases whole: depth first over claimants, each placed or refused; left when too few remain to do better.

use super::ground::Ground;
use super::state::State;

/// Most claimants that are searched whole.
pub(super) const FEW: usize = 24;
/// Most nodes; beyond, the best found is kept without proof.
const NODES: u32 = 300_000;

/// Most steps, likewise.
const WORK: u64 = 300_000_000;

/// What the search found.
pub(super) struct Best {
    /// A choice for each claimant.
    pub(super) choice: Vec<Option<usize>>,
    /// Nothing better exists.
    pub(super) proven: bool,
}

/// The best assignment; `None` when none beats `known` and that is not proven either.
pub(super) fn serve_most(ground: &Ground<'_>, known: &State<'_>) -> Option<Best> {
    let mut order: Vec<usize> = (0..ground.claimants()).filter(|&claimant| !ground.open[claimant].is_empty()).collect();
    order.sort_by_key(|&claimant| (ground.open[claimant].len(), ground.rank(claimant), claimant));
    let mut left = vec![0; ground.problem.groups().len()];
    order.iter().flat_map(|&claimant| ground.groups(claimant)).for_each(|&group| left[group] += 1);
    // One worse, so that an equal answer is found and proven too.
    let worth = Worth { missing: known.missing(), refused: order.len() - known.served() + 1 };
    let mut search = Search { order, left, state: State::new(ground), best: None, worth, nodes: 0 };
    search.visit(0);
    let proven = !search.spent();
    search.best.map(|choice| Best { choice, proven })
}

/// Less is better, the first first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Worth {
    missing: usize,
    refused: usize,
}

struct Search<'a> {
    order: Vec<usize>,
    /// Of each group those not decided yet.
    left: Vec<usize>,
    state: State<'a>,
    best: Option<Vec<Option<usize>>>,
    /// Of the best so far.
    worth: Worth,
    nodes: u32,
}

impl Search<'_> {
    fn spent(&self) -> bool {
        self.nodes >= NODES || self.state.work() >= WORK
    }

    /// The best that can come of what is decided.
    fn hope(&self, left: usize) -> Worth {
        Worth { missing: self.state.missing_with(&self.left), refused: self.order.len() - self.state.served() - left }
    }

    fn visit(&mut self, depth: usize) {
        let left = self.order.len() - depth;
        let hope = self.hope(left);
        if self.spent() || hope >= self.worth {
            return;
        }
        self.nodes += 1;
        if left == 0 {
            self.worth = hope;
            self.best = Some(self.state.choices());
            return;
        }
        let claimant = self.order[depth];
        let ground = self.state.ground;
        ground.groups(claimant).iter().for_each(|&group| self.left[group] -= 1);
        for &choice in &ground.open[claimant] {
            if self.state.fits(claimant, choice) {
                self.state.put(claimant, choice);
                self.visit(depth + 1);
                self.state.take(claimant);
            }
        }
        self.visit(depth + 1);
        ground.groups(claimant).iter().for_each(|&group| self.left[group] += 1);
    }
}
