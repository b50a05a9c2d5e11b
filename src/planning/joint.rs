//! Lines, departures and vehicles at once, with a proven limit: which columns (a line at a minute) should which vehicles run so that
//! people and vehicles together cost least?
//!
//! The method: a Lagrangian bound ([`bound`]) gives each person's ride a price; with these prices vehicles are built one by one as
//! shortest ways through time and space ([`weave`]); large neighbourhood search takes stretches of their days out and weaves them
//! again ([`neighbourhood`]); what the bound leaves open is closed by branch and bound ([`exact`]) where it is small enough. Seats are
//! assigned (as if booked). The engine knows matrices only: no roads, no files ([`problem`]).
//!
//! Budgets: time (the watcher says how much is used) or iterations (moves); with iterations, the same seed and chains, the same plan.

pub mod bound;
pub mod exact;
pub mod flow;
pub mod idle;
pub mod instance;
pub mod judge;
pub mod neighbourhood;
pub mod net;
pub mod problem;
pub mod rules;
mod split;
pub mod state;
pub mod value;
pub mod weave;

use std::sync::Arc;

use rayon::prelude::*;

use crate::search::{Ended, Progress, Run, Solved};
use exact::Prover;
use neighbourhood::{Chain, Kept, Loom};
use net::{Net, Rates};
use problem::Problem;
use state::Rules;

/// Turns of the bound before a plan is told, and before the plan is built that it goes on with.
const TOLD_AFTER: u64 = 1;
const FIRST_TURNS: u64 = 4;
/// Those who do not ride yet are offered to the vehicles of that plan at this share of their prices.
const SHARE: f64 = 0.7;
/// The same for the plan that is told, one after the other until a vehicle pays: how its hours are reckoned is drawn, so that the
/// same share tried again may find one.
const TOLD_SHARES: [f64; 7] = [SHARE, SHARE, SHARE, 0.4, 0.4, 0.0, 0.0];
/// Moves that improve the plan that is told: a few milliseconds, for which most plans come much nearer to the best.
const TOLD_MOVES: u64 = 40;
/// Share of the time for the bound before the search begins, at most.
const BOUND_FIRST: f64 = 0.2;
/// Share of the time for the bound afterwards: while the search finds better plans, when it does not any more, and when parts do
/// not lift the bound.
const BOUND_SHARE: [f64; 3] = [0.25, 0.7, 0.05];
/// Moves without a better plan after which the bound has more of the time.
const QUIET: u64 = 2_000;
/// Columns of a day the search draws from, at most.
const POOL: usize = 12_000;
/// Moves that improve what the bound's vehicles did.
const POLISH: u64 = 20;
/// Moves of a chain between two looks.
const LOOK: u64 = 20;
/// Looks between two meetings of the chains.
const MEET: u64 = 25;
/// Moves where neither time nor iterations are limited.
const DEFAULT_MOVES: u64 = 20_000;
/// Temperature at the start, as a share of what the plan brings.
const HOT: f64 = 0.002;
/// Where there is no clock: moves for each turn the bound may have before the search, the fewest turns, and moves for each turn after it.
const MOVES_A_TURN: u64 = 10;
const FEWEST_TURNS: u64 = 3;
const MOVES_A_LAST_TURN: u64 = 100;

/// A plan and how good it is.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The plan.
    pub plan: Kept,
    /// Cost of everything, days weighted.
    pub objective: f64,
    /// Cost of doing nothing.
    pub nothing: f64,
}

/// Everything under way.
struct Work<'a> {
    problem: &'a Problem,
    provers: Vec<Prover<'a>>,
    best: Kept,
    /// Told before the bound rests. The bound does not know of it until then: its steps are as long as the plan to beat is poor,
    /// and with short ones it comes to rest lower.
    told: Kept,
    nothing: f64,
}

/// Plans jointly. `show` sees the best so far and the bound at every look.
pub fn solve(
    problem: &Problem,
    rules: &dyn Rules,
    start: Option<&Kept>,
    run: &Run<'_>,
    show: &mut dyn FnMut(&Kept, f64),
) -> Solved<Answer> {
    let days = problem.days.len();
    let nothing = (0..days).map(|day| problem.nothing_of(day) * problem.days[day].weight).sum();
    let provers = (0..days).map(|day| Prover::new(problem, day)).collect();
    let best = Kept { days: vec![0.0; days], ..Kept::default() };
    let mut work = Work { problem, provers, told: best.clone(), best, nothing };
    let timed = run.iterations.is_none();
    let tell = |work: &Work<'_>, stage: &'static str, iteration: u64| {
        (run.watch)(&Progress {
            stage,
            iteration,
            objective: Some(work.nothing + work.known().worth),
            bound: Some(work.bound()),
        })
    };
    // A plan to tell after a few steps, and one to go on with after some more.
    for _ in 0..TOLD_AFTER {
        work.turn();
    }
    let stopped = || (run.watch)(&Progress { stage: "stage-first", iteration: 0, objective: None, bound: None }).stop;
    if work.build(rules, run.seed, &stopped) {
        show(work.known(), work.bound());
    }
    for _ in TOLD_AFTER..FIRST_TURNS {
        work.turn();
    }
    {
        let loom = work.loom(rules, work.nets());
        let mut chain = Chain::new(&loom, run.seed);
        chain.build(SHARE);
        work.best = chain.best;
        if let Some(start) = start {
            let mut known = Chain::new(&loom, run.seed);
            known.load(start);
            if known.best.worth < work.best.worth {
                work.best = known.best;
            }
        }
    }
    show(work.known(), work.bound());
    // The bound, until it rests.
    let mut answer = tell(&work, "stage-bound", 0);
    let most_turns = run.iterations.map_or(u64::MAX, |moves| (moves / MOVES_A_TURN).max(FEWEST_TURNS));
    let mut turns = 0;
    while !answer.stop
        && turns < most_turns
        && (!timed || answer.used < BOUND_FIRST)
        && !work.provers.iter().all(Prover::rests)
        && work.turn()
    {
        turns += 1;
        // Where nothing seemed to pay at the first prices, something may at better ones: who waits for a plan is told of one.
        if turns.is_power_of_two()
            && work.known().blocks.is_empty()
            && work.build(rules, run.seed.wrapping_add(turns), &stopped)
        {
            show(work.known(), work.bound());
        }
        answer = tell(&work, "stage-bound", turns);
    }
    work.best = work.known().clone();
    let nets: Vec<Vec<Arc<Net>>> = work.pools();
    let loom = work.loom(rules, nets);
    let chains = run.chains.max(1);
    let mut searches: Vec<Chain<'_>> = (0..chains)
        .map(|chain| {
            let mut search = Chain::new(&loom, run.seed.wrapping_add(u64::from(chain) * 0x9e37_79b9));
            search.load(&work.best);
            search
        })
        .collect();
    let mut decoder = Chain::new(&loom, run.seed);
    let total = run.iterations.unwrap_or(DEFAULT_MOVES);
    let hot = HOT * -work.best.worth;
    let (mut done, mut looks, mut better) = (0_u64, 0_u64, 0_u64);
    let (began, mut used, mut proving) = (answer.used, answer.used, 0.0);
    let mut ended = if answer.stop { Ended::Stopped } else { Ended::Budget };
    while !answer.stop {
        let passed =
            if timed && used > 0.0 { (used - began) / (1.0 - began).max(1e-9) } else { done as f64 / total as f64 };
        if passed >= 1.0 {
            break;
        }
        let temperature = (hot * (1.0 - passed) * (1.0 - passed)).max(1e-9);
        let moves = LOOK.min(total.saturating_sub(done).max(1));
        searches.par_iter_mut().for_each(|search| search.run(moves, temperature));
        done += moves;
        looks += 1;
        if let Some(best) = searches
            .iter()
            .map(|search| &search.best)
            .min_by(|a, b| a.worth.total_cmp(&b.worth))
            .filter(|best| best.worth < work.best.worth - 1e-9)
        {
            work.best = best.clone();
            better = done;
        }
        if looks.is_multiple_of(MEET) && searches.len() > 1 {
            meet(&mut searches, &work.best);
        }
        answer = tell(&work, "stage-together", done);
        used = answer.used;
        if answer.stop {
            ended = Ended::Stopped;
            break;
        }
        // The bound has its share of the time.
        let share = if !work.lifts() {
            BOUND_SHARE[2]
        } else if done - better > QUIET.max(done / 2) {
            BOUND_SHARE[1]
        } else {
            BOUND_SHARE[0]
        };
        if timed && proving < share * (used - began) {
            let open = work.turn();
            answer = tell(&work, "stage-together", done);
            if work.decode(&mut decoder) {
                better = done;
                if let Some(search) = searches.last_mut() {
                    search.load(&work.best);
                }
            }
            proving += answer.used - used;
            used = answer.used;
            if !open && problem.upkeep == problem::Upkeep::default() {
                ended = Ended::Complete;
                break;
            }
        }
        show(&work.best, work.bound());
    }
    if !timed {
        for _ in 0..total / MOVES_A_LAST_TURN {
            if tell(&work, "stage-bound", done).stop || !work.turn() {
                break;
            }
            work.decode(&mut decoder);
        }
    }
    let bound = work.bound();
    let objective = work.nothing + work.best.worth;
    let answer = Answer { plan: work.best, objective, nothing: work.nothing };
    Solved { best: answer, bound: Some(bound), ended, iterations: done }
}

/// The worse half of the chains goes on from the best.
fn meet(searches: &mut [Chain<'_>], best: &Kept) {
    let mut order: Vec<usize> = (0..searches.len()).collect();
    order.sort_by(|a, b| searches[*a].best.worth.total_cmp(&searches[*b].best.worth).then(a.cmp(b)));
    for &number in &order[searches.len().div_ceil(2)..] {
        searches[number].load(best);
    }
}

impl<'a> Work<'a> {
    /// The bound so far, days weighted.
    fn bound(&self) -> f64 {
        let of = |(day, prover): (usize, &Prover<'_>)| prover.bound(self.cost_of(day)) * self.problem.days[day].weight;
        self.provers.iter().enumerate().map(of).sum()
    }

    /// What a day of the best plan costs, upkeep apart.
    fn cost_of(&self, day: usize) -> f64 {
        self.best.days[day] + self.problem.nothing_of(day)
    }

    /// Is it worth the time to go on with the bound?
    fn lifts(&self) -> bool {
        (0..self.provers.len()).any(|day| self.provers[day].lifts(self.cost_of(day)))
    }

    /// A turn of the bound of each day; `false` when all are proven.
    fn turn(&mut self) -> bool {
        let mut open = false;
        for day in 0..self.provers.len() {
            let target = self.cost_of(day);
            open |= self.provers[day].turn(target);
        }
        open
    }

    /// Looks whether what the vehicles did in the last part of the bound, a little improved, is a better plan.
    fn decode(&mut self, decoder: &mut Chain<'_>) -> bool {
        let mut found = false;
        for (day, prover) in (0_u16..).zip(&mut self.provers) {
            let Some(vehicles) = prover.decoded() else { continue };
            let mut blocks: Vec<_> = self.best.blocks.iter().filter(|block| block.0 != day).cloned().collect();
            blocks.extend(vehicles.into_iter().map(|(kind, columns)| (day, kind, columns)));
            decoder.load(&Kept { blocks, ..Kept::default() });
            decoder.run(POLISH, 1e-9);
            if decoder.best.worth < self.best.worth - 1e-9 {
                self.best = decoder.best.clone();
                found = true;
            }
        }
        found
    }

    /// The better of the plan to go on with and the one told.
    fn known(&self) -> &Kept {
        if self.told.worth < self.best.worth { &self.told } else { &self.best }
    }

    /// A plan to tell: vehicles are added to nothing while one pays, then a few moves; `false` where none pays.
    fn build(&mut self, rules: &dyn Rules, seed: u64, stopped: &dyn Fn() -> bool) -> bool {
        let loom = self.loom(rules, self.nets());
        let mut chain = Chain::new(&loom, seed);
        for share in TOLD_SHARES {
            chain.build(share);
            if !chain.best.blocks.is_empty() {
                chain.run(TOLD_MOVES, 1e-9);
                self.told = chain.best;
                return true;
            }
            if stopped() {
                break;
            }
        }
        false
    }

    /// The networks of all columns, by day and kind.
    fn nets(&self) -> Vec<Vec<Arc<Net>>> {
        self.provers.iter().map(|prover| prover.root.nets()).collect()
    }

    fn prices(&self) -> Vec<f64> {
        let mut prices = vec![0.0; self.problem.cohorts.len()];
        for (price, (c, cohort)) in prices.iter_mut().zip(self.problem.cohorts.iter().enumerate()) {
            *price = self.provers[usize::from(cohort.day)].root.best.1.people[c];
        }
        prices
    }

    fn loom<'l>(&self, rules: &'l dyn Rules, nets: Vec<Vec<Arc<Net>>>) -> Loom<'l>
    where
        'a: 'l,
    {
        let rates = self
            .provers
            .iter()
            .map(|prover| {
                let prices = &prover.root.best.1;
                self.problem
                    .kinds
                    .iter()
                    .zip(&prices.extra)
                    .map(|(kind, [minutes, metres])| Rates {
                        hire: (kind.hire
                            - minutes * kind.per_minute * kind.included_minutes
                            - metres * kind.per_metre * kind.included_metres)
                            .max(0.0),
                        minute: minutes * kind.per_minute,
                        metre: metres * kind.per_metre,
                    })
                    .collect()
            })
            .collect();
        Loom { problem: self.problem, rules, nets, rates, prices: self.prices() }
    }

    /// The columns that could matter most: by reduced cost.
    fn pools(&mut self) -> Vec<Vec<Arc<Net>>> {
        let problem = self.problem;
        let best = &self.best;
        self.provers
            .iter_mut()
            .enumerate()
            .map(|(day, prover)| {
                let relaxation = &mut prover.root;
                if problem.columns_of(day).len() <= POOL {
                    return relaxation.nets();
                }
                let mut columns = relaxation.promising(POOL);
                for (_, _, more) in best.blocks.iter().filter(|block| usize::from(block.0) == day) {
                    columns.extend(more);
                }
                columns.sort_unstable();
                columns.dedup();
                problem.kinds.iter().map(|kind| Arc::new(Net::new(problem, kind, &columns))).collect()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
