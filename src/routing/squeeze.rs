//! Fewer vehicles, where using one is what costs most (fleet minimisation of Christiaens & Vanden Berghe 2020): a route is given up and no other begun,
//! and its orders are fitted into what is left. Who has often stood outside weighs more, so that the hardest go in first.

use super::ground::NONE;
use super::state::State;
use super::tours::Tours;
use crate::search::Random;

/// Room is made for somebody who stands outside with this probability.
const AIMED: f64 = 0.5;

/// An attempt to do without a vehicle.
#[derive(Clone, Debug)]
pub(super) struct Squeeze {
    /// Where it goes back to if it fails.
    before: Tours,
    /// How often an order has stood outside.
    weights: Vec<u32>,
    weight: u64,
}

impl Squeeze {
    /// Gives up the route with the fewest orders, of those whose vehicles cost most; not where using vehicles costs less than driving them, or where
    /// there is no other to go into.
    pub(super) fn begin(state: &mut State<'_>) -> Option<Self> {
        let fixed = |slot: u32| state.ground.problem.vehicles()[state.routes[slot as usize].kind as usize].fixed;
        let pays = 2 * state.used.iter().map(|&slot| fixed(slot)).sum::<i64>() > state.cost;
        if !pays || state.used.len() < 2 || state.left_out().1 > 0 {
            return None;
        }
        let by = |&slot: &u32| (-fixed(slot), state.routes[slot as usize].size(), slot);
        let slot = state.used.iter().copied().min_by_key(by)?;
        let before = state.tours();
        state.begin();
        state.take_out(slot, |_| true);
        let mut squeeze = Self { before, weights: vec![1; state.ground.orders.len()], weight: 0 };
        squeeze.settle(state);
        Some(squeeze)
    }

    /// Now and then, where there are pairs, a job that stands outside, for which room is to be made.
    pub(super) fn outside(state: &State<'_>, random: &mut Random) -> Option<u32> {
        if !state.ground.paired || state.absent.is_empty() || random.unit() >= AIMED {
            return None;
        }
        let order = &state.ground.orders[state.absent[random.below(state.absent.len())] as usize];
        let options = if order.prize.is_none() { &order.options } else { return None };
        let job = options[random.below(options.len())];
        let partner = state.ground.stops[job as usize].partner;
        Some(if partner != NONE && random.below(2) == 0 { partner } else { job })
    }

    /// Is this no worse than what it began with, whatever it costs? What stands outside weighs more from now on. (Measured on pairs: where what is much
    /// dearer was not accepted, one attempt in seven came to nothing however long it took; now each ends within a second.)
    pub(super) fn accepts(&mut self, state: &State<'_>) -> bool {
        let accepts = self.weigh(state) <= self.weight;
        for &order in &state.absent {
            self.weights[order as usize] += 1;
        }
        accepts
    }

    /// After a change is kept or undone.
    pub(super) fn settle(&mut self, state: &State<'_>) {
        self.weight = self.weigh(state);
    }

    /// Is everybody served who must be, for less than before?
    pub(super) fn has_won(&self, state: &State<'_>) -> bool {
        let (prizes, missing) = state.left_out();
        missing == 0 && state.cost + prizes < self.before.cost
    }

    /// Back to before.
    pub(super) fn give_up(&self, state: &mut State<'_>) {
        state.go_to(&self.before);
    }

    fn weigh(&self, state: &State<'_>) -> u64 {
        let must = |order: &&u32| state.ground.orders[**order as usize].prize.is_none();
        state.absent.iter().filter(must).map(|&order| u64::from(self.weights[order as usize])).sum()
    }
}
