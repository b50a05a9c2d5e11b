//! Which sites to open? One method for p-median, stop choice and small coverings.
//!
//! Greedy, then exchanges; prices on customers (the bound) whose choices are improved in turn; then kicks: a few sites near each other
//! are exchanged at random and the rest repaired (iterated local search), and what the bound leaves open is searched whole.

use super::dual::{Dual, Pace, Status};
use super::exact::finish;
use super::ground::Ground;
use super::interchange::{Move, State};
use crate::search::{Ended, Progress, Random, Run};

/// Open sites, ascending, with what is proven, fine units.
pub(super) struct Located {
    pub(super) open: Vec<usize>,
    pub(super) bound: i64,
    pub(super) ended: Ended,
    pub(super) iterations: u64,
}

/// List entries looked at, in all; some ten seconds. Beyond, the best so far is the answer.
const MOST_WORK: u64 = 800_000_000;
/// For a first attempt at searching whole.
const FIRST_WORK: u64 = 400_000_000;
/// For steps of the bound at the root.
const BOUND_WORK: u64 = 1_000_000_000;
/// Entries between two looks at the watcher.
const LOOK: u64 = 3_000_000;
/// Kicks before the first search through what is left.
const FEW_KICKS: u64 = 40;
const ROOT: Pace = Pace { steps: 60, theta: 1.2, patience: 15, least: 0.005 };

/// Where a kick exchanges: among so many sites around one.
const AROUND: usize = 24;

struct Search<'b> {
    /// With the sites that may still be open.
    ground: Ground,
    status: Vec<Status>,
    /// Sites not closed when the ground was last reduced.
    left: usize,
    run: &'b Run<'b>,
    /// Work there may be.
    most: u64,
    best: Vec<usize>,
    cost: i64,
    bound: i64,
    work: u64,
    asked: u64,
    kicks: u64,
    ended: Ended,
}

/// At `run.iterations` kicks, when nothing better is possible, after much work, or when the watcher says stop.
pub(super) fn locate(ground: Ground, run: &Run<'_>) -> Located {
    locate_within(ground, run, MOST_WORK)
}

/// The same, with a limit to the work of its own.
pub(super) fn locate_within(ground: Ground, run: &Run<'_>, most: u64) -> Located {
    let mut state = State::new(&ground, &[]);
    greedy(&mut state, &ground);
    state.descend();
    let (best, cost, work) = (state.open().to_vec(), state.cost(), state.work);
    let status = vec![Status::Free; ground.sites()];
    let (bound, ended) = (i64::MIN, Ended::Complete);
    let left = ground.sites();
    let mut search = Search { ground, status, left, run, most, best, cost, bound, work, asked: 0, kicks: 0, ended };
    search.solve();
    let mut open = search.best;
    open.sort_unstable();
    Located { open, bound: search.bound, ended: search.ended, iterations: search.kicks }
}

/// Opens what saves most, one by one.
fn greedy(state: &mut State<'_>, ground: &Ground) {
    while state.open().len() < ground.places {
        match state.best_opening() {
            Some((saving, site)) if saving > 0 => state.apply(Move { open: Some(site), close: None }),
            _ => break,
        }
    }
}

impl Search<'_> {
    fn proven(&self) -> bool {
        self.bound > self.cost - self.ground.unit
    }

    /// Asks the watcher now and then; true: go on.
    fn go_on(&mut self, work: u64) -> bool {
        if self.ended != Ended::Complete {
            return false;
        }
        if work >= self.asked {
            self.asked = work + LOOK;
            let unit = self.ground.unit as f64;
            let progress = Progress {
                stage: "stage-siting",
                iteration: self.kicks,
                objective: Some(self.cost as f64 / unit),
                bound: (self.bound > i64::MIN).then(|| self.bound as f64 / unit),
            };
            if (self.run.watch)(&progress).stop {
                self.ended = Ended::Stopped;
                return false;
            }
        }
        true
    }

    fn keep(&mut self, open: &[usize], cost: i64) -> bool {
        let better = cost < self.cost;
        if better {
            (self.best, self.cost) = (open.to_vec(), cost);
        }
        better
    }

    fn solve(&mut self) {
        let mut dual = Dual::start(&self.ground, &self.best);
        let start = self.work;
        while !self.proven()
            && self.go_on(self.work)
            && !dual.tired(ROOT)
            && self.work - start < BOUND_WORK.min(self.most)
        {
            self.raise(&mut dual);
            self.settle(&mut dual);
        }
        let left = |search: &Self| search.run.iterations.map_or(u64::MAX, |most| most - search.kicks);
        if !self.proven() {
            self.kick(FEW_KICKS.min(left(self)));
            self.settle(&mut dual);
            self.look_through(&dual, FIRST_WORK.min(self.most));
        }
        let size = self.ground.customers() + self.ground.sites();
        let round = (2000 / (1 + size / 500)).max(20) as u64;
        let mut stale = 0;
        while !self.proven() && self.go_on(self.work) {
            if left(self) == 0 || self.work >= self.most {
                self.ended = Ended::Budget;
                return;
            }
            let before = self.cost;
            self.kick(round.min(left(self)));
            stale = if self.cost < before { 0 } else { stale + 1 };
            if stale >= 3 {
                // Kicks have come to their end: the rest of the work goes into the proof.
                self.settle(&mut dual);
                self.look_through(&dual, self.most);
                if !self.proven() && self.ended == Ended::Complete {
                    self.ended = Ended::Budget;
                }
                return;
            }
        }
    }

    /// Raises the bound some steps; new choices of the relaxed problem are improved.
    fn raise(&mut self, dual: &mut Dual) {
        let ground = std::mem::take(&mut self.ground);
        let status = std::mem::take(&mut self.status);
        self.ground.unit = ground.unit;
        let mut state = State::new(&ground, &self.best);
        let mut last: Vec<usize> = Vec::new();
        let (mut step, mut wait) = (0_u64, 4_u64);
        let (known, before, done) = (self.cost, self.work, state.work);
        dual.work = 0;
        let mut spent = 0;
        dual.ascend(&ground, &status, known, ROOT, &mut |chosen, value, touched| {
            self.bound = self.bound.max(value);
            spent += touched;
            step += 1;
            // The more often nothing came of it, the rarer.
            if step >= wait && chosen != last {
                step = 0;
                last = chosen.to_vec();
                state.become_like(chosen);
                state.descend();
                wait = if self.keep(state.open(), state.cost()) { 1 } else { wait * 2 };
            }
            self.go_on(before + spent + state.work - done).then_some(self.cost)
        });
        self.work = before + dual.work + state.work - done;
        drop(state);
        (self.ground, self.status) = (ground, status);
    }

    /// Settles what the bound settles; what is closed is no longer looked at.
    fn settle(&mut self, dual: &mut Dual) {
        if self.proven() {
            return;
        }
        while dual.settle(&self.ground, &mut self.status, self.cost) {}
        self.bound = self.bound.max(dual.bound.min(self.cost));
        let status = &self.status;
        let left = status.iter().filter(|&&status| status != Status::Closed).count();
        if left * 5 < self.left * 4 {
            self.left = left;
            // What is known stays within reach, though it may be settled that nothing better has it.
            let mut kept = vec![false; status.len()];
            self.best.iter().for_each(|&site| kept[site] = true);
            self.ground = self.ground.without(|site| status[site] == Status::Closed && !kept[site]);
        }
    }

    /// Exchanges a few sites near each other at random, repairs, keeps what is better.
    fn kick(&mut self, kicks: u64) {
        if self.best.is_empty() || self.left <= self.best.len() || self.ground.customers() == 0 {
            return;
        }
        let ground = std::mem::take(&mut self.ground);
        self.ground.unit = ground.unit;
        let mut state = State::new(&ground, &self.best);
        let mut random = Random::new(self.run.seed ^ (self.kicks << 20));
        let mut current = (self.best.clone(), self.cost);
        let (before, done) = (self.work, state.work);
        for _ in 0..kicks {
            self.kicks += 1;
            let many = 1 + random.below(4);
            for site in around(&ground, many, &mut random) {
                state.force(site);
            }
            state.descend();
            if state.cost() <= current.1 {
                current = (state.open().to_vec(), state.cost());
                self.keep(&current.0, current.1);
            } else {
                state.become_like(&current.0);
            }
            if self.proven() || !self.go_on(before + state.work - done) {
                break;
            }
        }
        self.work = before + state.work - done;
        self.ground = ground;
    }

    /// Searches what is not settled whole.
    fn look_through(&mut self, dual: &Dual, most: u64) {
        if self.proven() || self.ended != Ended::Complete {
            return;
        }
        let ground = std::mem::take(&mut self.ground);
        self.ground.unit = ground.unit;
        let status = std::mem::take(&mut self.status);
        let before = self.work;
        let result = finish(&ground, &status, dual, self.cost, most, &mut |work| !self.go_on(before + work));
        self.work += result.work;
        if let Some(open) = result.open {
            self.keep(&open, result.known);
        }
        self.bound = if result.proven { self.cost } else { self.bound.max(result.bound.min(self.cost)) };
        (self.ground, self.status) = (ground, status);
    }
}

/// So many sites that one customer drawn at random can reach, among its nearest.
fn around(ground: &Ground, many: usize, random: &mut Random) -> Vec<usize> {
    let near = ground.near(random.below(ground.customers()));
    let among = near.len().min(AROUND);
    if among == 0 { Vec::new() } else { (0..many).map(|_| near[random.below(among)].at as usize).collect() }
}
