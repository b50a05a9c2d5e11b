//! Annealing over the buses' stops: small changes priced before they are made, and ruin and recreate. Worse plans are taken with a probability that
//! falls as the budget is used. One chain of it.

use super::ground::Ground;
use super::moves::{self, Move};
use super::plan::Plan;
use super::recreate::Recreate;
use super::ruin;
use super::state::{Route, State, Worth};
use crate::search::Random;

/// Temperatures at the beginning and the end, in mean costs of the way to a near stop.
const HOT: f64 = 1.0;
const COLD: f64 = 0.1;
/// So many times it is hot again: a plan with a bus more or fewer is far away, and one long cooling ends in one of them by chance. One was
/// measured to be worse at 10 s.
const CYCLES: f64 = 4.0;
/// Small changes drawn before each ruin.
const MOVES: u32 = 8;
/// Once in so many times those whom a small change leaves without a seat get new stops.
const MENDED: usize = 4;
/// Iterations between two looks at the budget.
const LOOK: u64 = 64;

/// One search on its way.
#[derive(Clone, Debug)]
pub(super) struct Chain<'g> {
    state: State<'g>,
    recreate: Recreate,
    random: Random,
    best: Best,
    scale: f64,
    pub(super) iterations: u64,
}

/// The best plan so far, as the search has it.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub(super) worth: Worth,
    routes: Vec<Route>,
    used: usize,
}

impl Best {
    fn keep(&mut self, state: &State<'_>) {
        self.worth = state.worth();
        self.used = state.used.len();
        for (at, &slot) in state.used.iter().enumerate() {
            let route = &state.routes[slot as usize];
            match self.routes.get_mut(at) {
                Some(kept) => kept.clone_from(route),
                None => self.routes.push(route.clone()),
            }
        }
    }

    pub(super) fn plan(&self, ground: &Ground<'_>) -> Plan {
        Plan::from_routes(ground, &self.routes[..self.used])
    }
}

impl<'g> Chain<'g> {
    /// With a first plan.
    pub(super) fn new(ground: &'g Ground<'g>, seed: u64) -> Self {
        let mut state = State::new(ground);
        let mut recreate = Recreate::new(&state);
        let mut random = Random::new(seed);
        // To carry nobody is a plan too, where that is allowed.
        let mut best = Best { worth: state.worth(), routes: Vec::new(), used: 0 };
        state.begin();
        recreate.fill(&mut state, i64::MAX, &mut random);
        if state.worth() < best.worth {
            best.keep(&state);
        }
        Self { state, recreate, random, best, scale: scale(ground), iterations: 0 }
    }

    /// The best so far.
    pub(super) fn best(&self) -> &Best {
        &self.best
    }

    /// What it stands at costs.
    pub(super) fn now(&self) -> Worth {
        self.state.worth()
    }

    /// Goes on from where another is; its own luck and its own best stay.
    pub(super) fn follow(&mut self, other: &Self) {
        self.state.clone_from(&other.state);
    }

    /// Goes on until `look`, which hears of the iterations done and answers how much of the budget is used, says that enough is used; it is
    /// asked now and then, and when `most` iterations are done; it stops at these too, and says whether enough is used.
    pub(super) fn advance(&mut self, until: f64, most: u64, look: &mut dyn FnMut(u64, Worth) -> f64) -> bool {
        let mut temperature = 0.0;
        loop {
            if self.iterations.is_multiple_of(LOOK) || self.iterations >= most || temperature == 0.0 {
                let used = look(self.iterations, self.best.worth);
                if used >= until || self.iterations >= most {
                    return used >= until;
                }
                temperature = self.scale * HOT * libm::pow(COLD / HOT, (used * CYCLES).fract());
            }
            self.iterations += 1;
            for _ in 0..MOVES {
                self.change(temperature);
            }
            self.ruin_and_recreate(temperature);
        }
    }

    /// How much dearer the next plan may be.
    fn allowed(&mut self, temperature: f64) -> i64 {
        (-temperature * libm::log(self.random.unit())) as i64
    }

    fn change(&mut self, temperature: f64) {
        let Some((change, more)) = moves::draw(&self.state, &mut self.random) else { return };
        let allowed = self.allowed(temperature);
        if more > allowed {
            return;
        }
        let now = self.state.worth();
        let limit = now.1.saturating_add(allowed);
        self.state.begin();
        moves::make(&mut self.state, change);
        self.state.seat_all();
        let mendable = self.state.missing > now.0 && !matches!(change, Move::Within { .. } | Move::Turn { .. });
        if mendable && self.state.cost < limit && self.random.below(MENDED) == 0 {
            self.recreate.fill(&mut self.state, limit, &mut self.random);
        }
        self.judge(now, limit);
    }

    fn ruin_and_recreate(&mut self, temperature: f64) {
        let now = self.state.worth();
        let limit = now.1.saturating_add(self.allowed(temperature));
        self.state.begin();
        ruin::tear(&mut self.state, &mut self.random);
        // Whatever it costs, while somebody is missing.
        let most = if now.0 > 0 { i64::MAX } else { limit };
        self.recreate.fill(&mut self.state, most, &mut self.random);
        self.judge(now, limit);
    }

    /// Keeps a change or takes it back.
    fn judge(&mut self, before: Worth, limit: i64) {
        let then = self.state.worth();
        if then.0 > before.0 || (then.0 == before.0 && then.1 > limit) {
            self.state.undo();
        } else if then < self.best.worth {
            self.best.keep(&self.state);
        }
    }
}

/// Mean cost of the way to the nearest few stops, for the type of vehicle that drives cheapest; at least 1.
fn scale(ground: &Ground<'_>) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for stop in 0..ground.stops as u32 {
        for &other in ground.near(stop).iter().take(5) {
            let ways = (0..ground.kinds.len() as u32).map(|kind| ground.cost(kind, stop, other));
            sum += ways.min().unwrap_or(0) as f64;
            count += 1;
        }
    }
    (sum / f64::from(count.max(1))).max(1.0)
}
