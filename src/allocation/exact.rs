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
pub(super) fn serve_most(ground: &Ground<'_>, known: usize) -> Option<Best> {
    let mut order: Vec<usize> = (0..ground.claimants()).filter(|&claimant| !ground.open[claimant].is_empty()).collect();
    order.sort_by_key(|&claimant| (ground.open[claimant].len(), ground.rank(claimant), claimant));
    // One below, so that an equal answer is found and proven too.
    let mut search = Search { order, state: State::new(ground), best: None, count: known.checked_sub(1), nodes: 0 };
    search.visit(0);
    let proven = !search.spent();
    search.best.map(|choice| Best { choice, proven })
}

struct Search<'a> {
    order: Vec<usize>,
    state: State<'a>,
    best: Option<Vec<Option<usize>>>,
    count: Option<usize>,
    nodes: u32,
}

impl Search<'_> {
    fn spent(&self) -> bool {
        self.nodes >= NODES || self.state.work() >= WORK
    }

    fn visit(&mut self, depth: usize) {
        let left = self.order.len() - depth;
        if self.spent() || self.count.is_some_and(|count| self.state.served() + left <= count) {
            return;
        }
        self.nodes += 1;
        if left == 0 {
            self.count = Some(self.state.served());
            self.best = Some(self.state.choices());
            return;
        }
        let claimant = self.order[depth];
        let ground = self.state.ground;
        for &choice in &ground.open[claimant] {
            if self.state.fits(claimant, choice) {
                self.state.put(claimant, choice);
                self.visit(depth + 1);
                self.state.take(claimant);
            }
        }
        self.visit(depth + 1);
    }
}
