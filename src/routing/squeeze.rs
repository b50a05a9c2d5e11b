//! Fewer vehicles, where using one is what costs most (Christiaens & Vanden Berghe 2020, section 5.5): a route is given up and no other begun, and its orders
//! are fitted into what is left. Who has often stood outside weighs more, so that the hardest go in first.

use super::ground::Ground;
use super::state::State;

/// An attempt to do without a vehicle.
#[derive(Clone, Debug)]
pub(super) struct Squeeze<'g> {
    /// Where it goes back to if it fails.
    before: State<'g>,
    /// How often an order has stood outside.
    weights: Vec<u32>,
    weight: u64,
}

impl<'g> Squeeze<'g> {
    /// Is it worth while: does using vehicles cost more than driving them?
    pub(super) fn pays(state: &State<'_>) -> bool {
        let fixed = |&slot: &u32| state.ground.problem.vehicles()[state.routes[slot as usize].kind as usize].fixed;
        state.left_out().1 == 0 && 2 * state.used.iter().map(fixed).sum::<i64>() > state.cost
    }

    /// Gives up the route with the fewest orders, of those whose vehicles cost most.
    pub(super) fn begin(state: &mut State<'g>) -> Option<Self> {
        let before = state.clone();
        let fixed = |slot: u32| state.ground.problem.vehicles()[state.routes[slot as usize].kind as usize].fixed;
        let slot =
            state.used.iter().copied().min_by_key(|&slot| (-fixed(slot), state.routes[slot as usize].size(), slot))?;
        state.begin();
        state.take_out(slot, |_| true);
        let weights = vec![1; state.ground.orders.len()];
        let mut squeeze = Self { before, weights, weight: 0 };
        squeeze.weight = squeeze.weigh(state);
        Some(squeeze)
    }

    /// Is this no worse than what it began with? What stands outside weighs more from now on.
    pub(super) fn accepts(&mut self, state: &State<'_>, dearer: bool) -> bool {
        let weight = self.weigh(state);
        let accepts = weight < self.weight || (weight == self.weight && !dearer);
        for &order in &state.absent {
            self.weights[order as usize] += 1;
        }
        accepts
    }

    /// After a change is kept or undone.
    pub(super) fn settle(&mut self, state: &State<'_>) {
        self.weight = self.weigh(state);
    }

    /// Back to before.
    pub(super) fn give_up(self) -> State<'g> {
        self.before
    }

    fn weigh(&self, state: &State<'_>) -> u64 {
        let must = |order: &&u32| must(state.ground, **order);
        state.absent.iter().filter(must).map(|&order| u64::from(self.weights[order as usize])).sum()
    }
}

fn must(ground: &Ground<'_>, order: u32) -> bool {
    ground.orders[order as usize].prize.is_none()
}
