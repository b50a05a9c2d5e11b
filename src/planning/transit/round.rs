//! One chain of the search: a greedy first design, then rounds of threshold accepting, each ended by exchanges from the pool.
//!
//! Threshold accepting (Dueck & Scheuer 1990): what worsens by less than a threshold is taken, and the threshold falls; here a random
//! share of it, so that no exp or ln decides.

use std::sync::atomic::{AtomicBool, Ordering};

use super::evaluate::{Evaluator, Score};
use super::moves::{Change, propose};
use super::{Problem, Route};
use crate::search::{Answer, Progress, Random};

pub(super) const STAGE: &str = "stage-transit";
/// Designs looked at in the shortest round.
pub(super) const LENGTH: u64 = 20_000;
/// Thresholds at the beginning and the end of a round, as shares of the bound.
const THRESHOLDS: (f64, f64) = (0.02, 0.000_05);
/// What a node that cannot be reached costs in the search, as a share of the bound.
const MISSED: f64 = 0.1;
/// Steps of the closure between two looks at the watcher: some milliseconds.
const WATCHED: usize = 4_000_000;
/// Steps of the closure for a greedy design, all in all.
const GREEDY: usize = 400_000_000;

/// What all chains share.
pub(super) struct Search<'a> {
    pub(super) problem: &'a Problem,
    pub(super) pool: &'a [Route],
    pub(super) watch: &'a (dyn Fn(&Progress) -> Answer + Sync),
    /// One chain was told to stop: all do.
    pub(super) stop: &'a AtomicBool,
}

/// One search with its own random stream.
pub(super) struct Chain {
    random: Random,
    best: (Score, Vec<Route>),
}

/// Looks that are left in a round, and who is asked whether to go on.
struct Looks<'a> {
    search: &'a Search<'a>,
    done: u64,
    until: u64,
    every: u64,
}

impl Looks<'_> {
    /// One more? `best`: what to report.
    fn more(&mut self, best: &Score) -> bool {
        if self.done >= self.until || self.search.stop.load(Ordering::Relaxed) {
            return false;
        }
        if self.done.is_multiple_of(self.every) {
            let problem = self.search.problem;
            let answer = (self.search.watch)(&Progress {
                stage: STAGE,
                iteration: self.done,
                objective: Some(problem.minutes(best.total)).filter(|_| best.missed == 0),
                bound: Some(problem.bound()),
            });
            if answer.stop {
                self.search.stop.store(true, Ordering::Relaxed);
                return false;
            }
        }
        self.done += 1;
        true
    }
}

impl Chain {
    pub(super) fn new(random: Random) -> Self {
        Self { random, best: (Score::default(), Vec::new()) }
    }

    pub(super) fn best(&self) -> &(Score, Vec<Route>) {
        &self.best
    }

    /// A first design.
    pub(super) fn begin(&mut self, search: &Search<'_>) {
        let mut evaluator = Evaluator::new(search.problem);
        let routes = greedy(search, &mut evaluator, &mut self.random);
        self.best = (evaluator.score(&routes), routes);
    }

    /// A round of `length` looks from a design or, without one, a new one. Nobody asks a chain to be done with it early but the watcher.
    pub(super) fn go(&mut self, search: &Search<'_>, length: u64, done: u64, from: Option<&(Score, Vec<Route>)>) {
        let problem = search.problem;
        let mut evaluator = Evaluator::new(problem);
        let routes = match from {
            Some((_, routes)) => routes.clone(),
            None => greedy(search, &mut evaluator, &mut self.random),
        };
        let work = problem.nodes().pow(3).max(1);
        let every = (WATCHED / work).max(1) as u64;
        let mut looks = Looks { search, done, until: done + length - length / 4, every };
        let best = self.wander(&mut evaluator, &mut looks, routes);
        looks.until = done + length;
        let best = self.exchange(&mut evaluator, &mut looks, best);
        if best.0 < self.best.0 {
            self.best = best;
        }
    }

    /// Threshold accepting; the best design on the way.
    fn wander(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        looks: &mut Looks<'_>,
        mut routes: Vec<Route>,
    ) -> (Score, Vec<Route>) {
        let (problem, pool) = (looks.search.problem, looks.search.pool);
        let bound = problem.least as f64;
        let worth = |score: &Score| score.total as f64 + score.missed as f64 * MISSED * bound;
        let (start, end) = (looks.done, looks.until);
        let mut threshold = THRESHOLDS.0 * bound;
        // The threshold falls by the same share 100 times.
        let steps = ((end - start) / 100).max(1);
        let fall = hundredth_root(THRESHOLDS.1 / THRESHOLDS.0);
        evaluator.changed();
        let mut here = evaluator.score(&routes);
        let mut best = (here, routes.clone());
        while looks.more(&best.0) {
            if (looks.done - start).is_multiple_of(steps) {
                threshold *= fall;
            }
            let Some(mut change) = propose(problem, pool, &routes, &mut self.random) else { continue };
            let score = if let [(place, route)] = change.as_slice() {
                evaluator.score_with(&routes, *place, route)
            } else {
                swap(&mut routes, &mut change);
                let score = evaluator.score(&routes);
                swap(&mut routes, &mut change);
                score
            };
            if worth(&score) <= worth(&here) + threshold * self.random.unit() {
                swap(&mut routes, &mut change);
                evaluator.changed();
                here = score;
                if here < best.0 {
                    best = (here, routes.clone());
                }
            }
        }
        best
    }

    /// Replaces routes by the best of the pool, one at a time, while that is better.
    fn exchange(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        looks: &mut Looks<'_>,
        (mut score, mut routes): (Score, Vec<Route>),
    ) -> (Score, Vec<Route>) {
        let pool = looks.search.pool;
        evaluator.changed();
        let first = self.random.below(routes.len());
        let mut idle = 0;
        let mut place = first;
        while idle < routes.len() {
            let mut better: Option<&Route> = None;
            for route in pool {
                if !looks.more(&score) {
                    break;
                }
                if routes.contains(route) {
                    continue;
                }
                let with = evaluator.score_with(&routes, place, route);
                if with < score {
                    score = with;
                    better = Some(route);
                }
            }
            idle += 1;
            if let Some(route) = better {
                routes[place].clone_from(route);
                evaluator.changed();
                idle = 0;
            } else if looks.done >= looks.until || looks.search.stop.load(Ordering::Relaxed) {
                break;
            }
            place = (place + 1) % routes.len();
        }
        (score, routes)
    }
}

/// Takes the change, and leaves in it what takes it back.
fn swap(routes: &mut [Route], change: &mut Change) {
    for (place, route) in change {
        std::mem::swap(&mut routes[*place], route);
    }
}

/// x with x^100 = share, 0 < share < 1, by bisection: only products decide.
fn hundredth_root(share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if f64::powi(middle, 100) < share { low = middle } else { high = middle }
    }
    high
}

/// Route after route the one of a random part of the pool that helps most.
fn greedy(search: &Search<'_>, evaluator: &mut Evaluator<'_>, random: &mut Random) -> Vec<Route> {
    let (problem, pool) = (search.problem, search.pool);
    let lines = problem.rules.lines;
    let work = problem.nodes().pow(2) * problem.rules.most_stops * lines;
    // At most half the pool: chains and rounds are to begin with different designs.
    let sample = (GREEDY / work.max(1)).min(pool.len() / 2).max(1);
    let mut routes: Vec<Route> = Vec::new();
    for place in 0..lines {
        let mut best: Option<(Score, &Route)> = None;
        evaluator.changed();
        for _ in 0..sample {
            let route = &pool[random.below(pool.len())];
            if routes.contains(route) {
                continue;
            }
            let score = evaluator.score_with(&routes, place, route);
            if best.is_none_or(|(known, _)| score < known) {
                best = Some((score, route));
            }
        }
        // All drawn were taken: any that is not. The pool holds enough.
        let route = best.map(|(_, route)| route).or_else(|| pool.iter().find(|route| !routes.contains(route)));
        routes.extend(route.cloned());
    }
    routes
}
