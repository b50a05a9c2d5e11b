//! Ruin and recreate under simulated annealing: worse answers are taken with a probability that falls as the budget is used. One chain of it.

use super::ground::Ground;
use super::joins;
use super::recreate::Recreate;
use super::resplit::Resplit;
use super::ruin::Ruin;
use super::squeeze::Squeeze;
use super::state::State;
use super::tours::Tours;
use crate::search::Random;

/// Temperatures at the beginning and the end, in mean costs of the way to a near job. The paper cools from 100 to 1, in units of its instances, over
/// far longer budgets; hotter and colder were measured to be worse at 1 to 10 s.
const HOT: f64 = 1.0;
const COLD: f64 = 0.1;
/// The same where there are pairs, which have fewer places to go.
const HOT_PAIRS: f64 = 4.0;
const COLD_PAIRS: f64 = 0.2;
/// The hottest where some are optional: whole routes have to come and go. (Measured on 1,000 jobs, with 4 s: 1.4 % less than with `HOT`, 0.3 % less than
/// with three times that.)
const HOT_PRIZES: f64 = 8.0;
/// Cuts tried before each ruin.
const JOINS: u32 = 2;
/// Share of the budget in which it tries to do with fewer vehicles, where these cost most.
const SQUEEZED: f64 = 0.15;
/// Iterations between two looks at the budget, and at how hot it is, at most.
const LOOK: u64 = 256;
/// The same where there are breaks to be placed, which may take long.
const LOOK_BREAKS: u64 = 16;

/// One search on its way.
#[derive(Clone, Debug)]
pub(super) struct Chain<'g> {
    state: State<'g>,
    ruin: Ruin,
    recreate: Recreate,
    resplit: Resplit,
    random: Random,
    best: Tours,
    scale: f64,
    price: i64,
    squeeze: Option<Squeeze>,
    pub(super) iterations: u64,
}

impl<'g> Chain<'g> {
    /// With a first answer, or one to start from.
    pub(super) fn new(ground: &'g Ground<'g>, seed: u64, start: Option<&Tours>) -> Self {
        let mut state = State::new(ground);
        if let Some(start) = start {
            state.take_over(start);
        }
        let mut recreate = Recreate::new(&state);
        let mut random = Random::new(seed);
        fill(&mut state, &mut recreate, &mut random);
        let mut best = state.tours();
        if start.is_none() && ground.prized {
            let all = everybody(ground, &mut recreate, &mut random);
            let (tours, before) = (all.tours(), state.left_out().1);
            if tours.missing <= before {
                state = all;
            }
            if (tours.missing, tours.cost) < (best.missing, best.cost) {
                best = tours;
            }
        }
        let (scale, price) = (scale(ground), price_of_missing(ground));
        let mut chain = Self {
            state,
            ruin: Ruin::default(),
            recreate,
            resplit: Resplit::default(),
            random,
            best,
            scale,
            price,
            squeeze: None,
            iterations: 0,
        };
        chain.begin_squeeze();
        chain
    }

    /// The best so far.
    pub(super) fn best(&self) -> &Tours {
        &self.best
    }

    /// Cost of where it is, with a price on what is missing.
    pub(super) fn now(&self) -> i64 {
        let (prizes, missing) = self.state.left_out();
        self.state.cost + prizes + missing as i64 * self.price
    }

    /// Goes on from where another is; its own luck and its own best stay. Who tries to do with fewer vehicles is left alone.
    pub(super) fn follow(&mut self, other: &Self) {
        if self.squeeze.is_some() || other.squeeze.is_some() {
            return;
        }
        self.state.clone_from(&other.state);
        self.recreate.forget();
    }

    /// Goes on until `look`, which hears of the iterations done and answers how much of the budget is used, says that enough is used; it is
    /// asked now and then, and when `most` iterations are done; it stops at these too, and says whether enough is used.
    pub(super) fn advance(&mut self, until: f64, most: u64, look: &mut dyn FnMut(u64, &Tours) -> f64) -> bool {
        if self.state.ground.timed {
            self.anneal::<true>(until, most, look)
        } else {
            self.anneal::<false>(until, most, look)
        }
    }

    fn anneal<const TIMED: bool>(&mut self, until: f64, most: u64, look: &mut dyn FnMut(u64, &Tours) -> f64) -> bool {
        let mut temperature = 0.0;
        // So that it cools where it is to be short, too.
        let breaks = self.state.ground.problem.vehicles().iter().any(|vehicle| !vehicle.breaks.is_empty());
        let every = if breaks { LOOK_BREAKS } else { LOOK }.min(most / 16).max(1);
        loop {
            if self.iterations.is_multiple_of(every) || self.iterations >= most || temperature == 0.0 {
                let used = look(self.iterations, &self.best);
                if used >= until || self.iterations >= most {
                    return used >= until;
                }
                if used >= SQUEEZED {
                    self.end_squeeze();
                }
                let (hot, cold) = match (self.state.ground.paired, self.state.ground.prized) {
                    (true, _) => (HOT_PAIRS, COLD_PAIRS),
                    (false, true) => (HOT_PRIZES, COLD),
                    (false, false) => (HOT, COLD),
                };
                temperature = self.scale * hot * libm::pow(cold / hot, used);
                if self.state.renumber() {
                    self.recreate.forget();
                }
            }
            self.iterations += 1;
            if self.squeeze.is_some() {
                self.squeeze::<TIMED>();
                continue;
            }
            for _ in 0..JOINS {
                self.join_tails::<TIMED>(temperature);
                if !TIMED && self.state.ground.both_ways {
                    self.turn(temperature);
                }
            }
            if self.state.free.len() > 1 {
                self.change_vehicles(temperature);
            }
            self.ruin_and_recreate::<TIMED>(temperature);
        }
    }

    /// How much dearer the next answer may be.
    fn allowed(&mut self, temperature: f64) -> i64 {
        (-temperature * libm::log(self.random.unit())) as i64
    }

    fn ruin_and_recreate<const TIMED: bool>(&mut self, temperature: f64) {
        let now = self.now();
        self.state.begin();
        let seed = self.ruin.tear(&mut self.state, &mut self.random);
        let limit = now.saturating_add(self.allowed(temperature));
        let complete = self.recreate.fill::<TIMED>(&mut self.state, Some(seed), limit, &mut self.random);
        if complete && self.state.ground.trips {
            self.state.resplit(&mut self.resplit);
        }
        let then = self.now();
        // As dear as before is nearly always as before: what is remembered of the routes stays true. But trips that leave at other times, or with other
        // vehicles, cost the same and make room for others (measured: a quarter less of a gap to the best known).
        if !complete || then > limit || (then == now && !self.state.ground.trips) {
            self.state.undo();
        } else {
            self.keep();
        }
    }

    /// One more attempt to fit everybody into the vehicles in use.
    fn squeeze<const TIMED: bool>(&mut self) {
        self.state.begin();
        let seed = match Squeeze::outside(&self.state, &mut self.random) {
            Some(job) => {
                self.ruin.tear_around(&mut self.state, job, &mut self.random);
                job
            }
            None => self.ruin.tear(&mut self.state, &mut self.random),
        };
        self.recreate.fill::<TIMED>(&mut self.state, Some(seed), i64::MAX, &mut self.random);
        let Some(squeeze) = &mut self.squeeze else { return };
        if !squeeze.accepts(&self.state) {
            self.state.undo();
        }
        squeeze.settle(&self.state);
        if squeeze.has_won(&self.state) {
            self.keep();
            self.begin_squeeze();
        } else if self.state.left_out().1 == 0 {
            // A vehicle fewer, and dearer: it was none too many.
            self.end_squeeze();
        }
    }

    fn begin_squeeze(&mut self) {
        self.squeeze = Squeeze::begin(&mut self.state);
        self.recreate.closed = self.squeeze.is_some();
    }

    fn end_squeeze(&mut self) {
        if let Some(squeeze) = self.squeeze.take() {
            squeeze.give_up(&mut self.state);
            self.recreate.forget();
            self.recreate.closed = false;
        }
    }

    fn join_tails<const TIMED: bool>(&mut self, temperature: f64) {
        let Some(cut) = joins::best_tails::<TIMED>(&self.state, &mut self.random) else { return };
        let limit = self.allowed(temperature);
        if (cut.more != 0 || self.state.ground.trips) && cut.more < limit {
            self.state.begin();
            self.state.swap_tails(cut.one, cut.other);
            self.judge(cut, limit);
        }
    }

    /// After a cut: vehicles change where that is cheaper, and what was not known before is looked at.
    fn judge(&mut self, cut: joins::Cut, limit: i64) {
        let ground = self.state.ground;
        let kind = self.state.routes[cut.one.0 as usize].kind;
        if ground.strict || !ground.family[kind as usize].is_empty() {
            let allowed = [cut.one.0, cut.other.0].into_iter().all(|slot| {
                let slot = self.state.refit(slot);
                self.state.is_allowed(slot)
            });
            if !allowed || self.state.cost - self.state.cost_before() >= limit {
                self.state.undo();
                return;
            }
        }
        self.keep();
    }

    fn turn(&mut self, temperature: f64) {
        let Some(cut) = joins::best_turn(&self.state, &mut self.random) else { return };
        let limit = self.allowed(temperature);
        if cut.more != 0 && cut.more < limit {
            self.state.begin();
            self.state.turn(cut.one, cut.other);
            self.judge(cut, limit);
        }
    }

    fn change_vehicles(&mut self, temperature: f64) {
        let Some((one, other)) = joins::draw_vehicles(&self.state, &mut self.random) else { return };
        let before = self.state.cost;
        self.state.begin();
        let allowed = self.state.change_vehicles(one, other);
        let more = self.state.cost - before;
        if allowed && more != 0 && more < self.allowed(temperature) {
            self.keep();
        } else {
            self.state.undo();
        }
    }

    /// Remembers the best.
    fn keep(&mut self) {
        let (prizes, missing) = self.state.left_out();
        if (missing, self.state.cost + prizes) < (self.best.missing, self.best.cost) {
            self.best = self.state.tours();
        }
    }
}

/// Puts in whoever is missing.
fn fill(state: &mut State<'_>, recreate: &mut Recreate, random: &mut Random) {
    if state.ground.timed {
        recreate.fill::<true>(state, None, i64::MAX, random);
    } else {
        recreate.fill::<false>(state, None, i64::MAX, random);
    }
}

/// All who find room near them or in a vehicle of their own are served, whatever their prizes: vehicles that do not pay are emptied soon, but one that would pay with forty jobs is hardly ever begun with one.
/// (Measured on 1,000 jobs with prizes: from the answer in which each job pays at once, 13 vehicles leave where the best known has 16, 3 % dearer.)
fn everybody<'g>(ground: &'g Ground<'g>, recreate: &mut Recreate, random: &mut Random) -> State<'g> {
    let mut state = State::new(ground);
    recreate.regardless = true;
    recreate.forget();
    fill(&mut state, recreate, random);
    recreate.regardless = false;
    recreate.forget();
    state
}

/// Mean cost of the way to the nearest few jobs, for the vehicle that drives cheapest; at least 1.
fn scale(ground: &Ground<'_>) -> f64 {
    let problem = ground.problem;
    let (mut sum, mut count) = (0.0, 0_u32);
    for (job, stop) in ground.stops.iter().enumerate() {
        for &other in ground.around.of(job as u32).iter().take(5) {
            let (from, to) = (stop.place as usize, ground.stops[other as usize].place as usize);
            let ways = problem.vehicles().iter().enumerate().map(|(kind, vehicle)| {
                i64::from(problem.distance(kind, from, to)) * vehicle.per_distance
                    + i64::from(problem.duration(kind, from, to)) * vehicle.per_duration
            });
            sum += ways.min().unwrap_or(0) as f64;
            count += 1;
        }
    }
    (sum / f64::from(count.max(1))).max(1.0)
}

/// The most that being late at a job, or at both of a pair, can cost.
fn latest(problem: &super::problem::Problem) -> i64 {
    let end = problem.vehicles().iter().map(|vehicle| vehicle.shift.1).max().unwrap_or(0);
    let late = problem.jobs().iter().map(|job| i64::from((job.window.1.min(end) - job.due).max(0)) * job.per_late);
    2 * late.max().unwrap_or(0)
}

/// More than all of an answer can cost, so that nobody is left out to save; less only where that would not fit into 64 bits.
fn price_of_missing(ground: &Ground<'_>) -> i64 {
    let problem = ground.problem;
    let length =
        problem.travel().iter().flat_map(|travel| travel.distance.iter()).max().map_or(0, |&most| i64::from(most));
    let dearest = |price: fn(&super::problem::Vehicle) -> i64| problem.vehicles().iter().map(price).max().unwrap_or(0);
    let away = dearest(|vehicle| i64::from(vehicle.max_duration.min(vehicle.shift.1 - vehicle.shift.0)));
    let tour = dearest(|vehicle| vehicle.fixed)
        + 2 * length * dearest(|vehicle| vehicle.per_distance)
        + away * dearest(|vehicle| vehicle.per_duration + vehicle.per_overtime)
        + latest(problem);
    let orders = ground.orders.len() as i64;
    let prizes = ground.orders.iter().filter_map(|order| order.prize).fold(0, i64::saturating_add);
    // `missing` of them, and the cost, must not overflow.
    tour.saturating_mul(orders).saturating_add(prizes).saturating_add(1).min(i64::MAX / 4 / orders.max(1))
}
