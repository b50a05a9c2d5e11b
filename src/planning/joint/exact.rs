//! Is there a better plan at all? Branch and bound on the Lagrangian relaxation, for what reduced costs leave.
//!
//! Columns whose use alone lifts the bound above the best plan known are dropped; then parts of the plans are looked at, the least
//! bound first, split by the number of vehicles of a kind or by a column that is taken about half of the time. The least bound of
//! all parts open is a bound for everything.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::bound::{Part, Prices, Relaxation};
use super::problem::Problem;
use super::split::{self, Lately};

/// A part of the plans with the bound it has.
struct Open {
    bound: f64,
    part: Part,
    prices: Prices,
    /// Order of making: equals are looked at in turn.
    number: u64,
    /// Another number of vehicles has other prices: they are sought afresh, not from the ones before.
    afresh: bool,
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Open {}
impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound).then(other.number.cmp(&self.number))
    }
}

/// Closer than this share of the cost nobody asks.
const CLOSE: f64 = 1e-7;

/// Steps of the root's prices in one turn.
const TURN: u64 = 10;
/// The root has come to rest when so many steps bring less than [`REST`] of what is open.
const REST_STEPS: u64 = 60;
/// See [`REST_STEPS`].
const REST: f64 = 0.005;
/// Steps of the root at most.
const MOST_STEPS: u64 = 3000;

/// The bound of a day, step by step: first the prices of the whole, then part by part.
#[derive(Debug)]
pub struct Prover<'a> {
    /// The whole day.
    pub root: Relaxation<'a>,
    whole: Part,
    problem: &'a Problem,
    day: usize,
    steps: u64,
    since: f64,
    proof: Option<Proof<'a>>,
    parts: u64,
}

impl<'a> Prover<'a> {
    /// Begins with a day.
    #[must_use]
    pub fn new(problem: &'a Problem, day: usize) -> Self {
        // Nothing runs is always within the budget, so there is a part.
        let whole = affordable(problem, day, Part::whole(problem, day)).unwrap_or_default();
        let root = Relaxation::new(problem, day, &whole);
        Self { whole, root, problem, day, steps: 0, since: f64::NEG_INFINITY, proof: None, parts: 0 }
    }

    /// The bound so far, given the cost of a plan known.
    #[must_use]
    pub fn bound(&self, target: f64) -> f64 {
        let parts = self.proof.as_ref().map_or(f64::NEG_INFINITY, |proof| proof.bound(target));
        (self.root.best.0 - ROUNDING * self.root.best.0.abs()).max(parts)
    }

    /// Has the root come to rest?
    #[must_use]
    pub fn rests(&self) -> bool {
        self.proof.is_some()
    }

    /// What the vehicles did in the part looked at last, as days of a kind each; told once.
    pub fn decoded(&mut self) -> Option<Vec<(u16, Vec<u32>)>> {
        self.proof.as_mut().and_then(|proof| proof.decoded.take())
    }

    /// Do the parts lift the bound, as far as can be told?
    #[must_use]
    pub fn lifts(&self, target: f64) -> bool {
        let gap = target - self.root.best.0;
        self.parts < TRIAL || self.bound(target) - self.root.best.0 > LIFT * gap
    }

    /// Some steps, or one part; `false` when nothing is left to be proven for this target.
    pub fn turn(&mut self, target: f64) -> bool {
        if self.bound(target) >= target - CLOSE * target.abs() {
            return false;
        }
        if let Some(proof) = &mut self.proof {
            self.parts += 1;
            return proof.advance(target);
        }
        for _ in 0..TURN {
            self.root.step(target);
        }
        self.steps += TURN;
        if self.steps.is_multiple_of(REST_STEPS) {
            let bound = self.root.best.0;
            if bound - self.since < REST * (target - bound) || self.steps >= MOST_STEPS {
                let part = self.whole.clone();
                self.proof = Some(Proof::new(self.problem, self.day, part, &self.root.best.1, bound, PART_STEPS));
            }
            self.since = bound;
        }
        true
    }
}

/// Parts after which it is asked whether they lift the bound, and the share of the gap that they should have closed.
const TRIAL: u64 = 60;
const LIFT: f64 = 0.03;
/// Rounding in sums of some thousand terms, as a share of the bound.
const ROUNDING: f64 = 1e-10;
/// Steps of the prices in a part, at least and at most; in between they go on while so many bring so much of what is open.
const PART_STEPS: u64 = 150;
/// See [`PART_STEPS`].
const MOST_PART_STEPS: u64 = 800;
/// See [`PART_STEPS`].
const LOOK: u64 = 50;
/// See [`PART_STEPS`].
const RISES: f64 = 0.01;

/// A proof under way.
pub struct Proof<'a> {
    problem: &'a Problem,
    day: usize,
    queue: BinaryHeap<Open>,
    /// Least bound of the parts that cannot be split any more.
    leaves: f64,
    number: u64,
    steps: u64,
    /// Vehicle days at the best prices of the part looked at last.
    decoded: Option<Vec<(u16, Vec<u32>)>>,
}

impl std::fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof").field("day", &self.day).field("open", &self.queue.len()).finish_non_exhaustive()
    }
}

impl<'a> Proof<'a> {
    /// Begins with all plans of a day and a bound for them; so many steps of the prices in each part.
    #[must_use]
    pub fn new(problem: &'a Problem, day: usize, part: Part, prices: &Prices, bound: f64, steps: u64) -> Self {
        let mut queue = BinaryHeap::new();
        queue.push(Open { bound, part, prices: prices.clone(), number: 0, afresh: false });
        Self { problem, day, queue, leaves: f64::INFINITY, number: 0, steps, decoded: None }
    }

    /// The bound so far, given the cost of a plan known: at most that.
    #[must_use]
    pub fn bound(&self, target: f64) -> f64 {
        let open = self.queue.peek().map_or(f64::INFINITY, |open| open.bound);
        open.min(self.leaves).min(target - CLOSE * target.abs())
    }

    /// Looks at the part with the least bound; `false` when nothing is left to be proven for this target.
    pub fn advance(&mut self, target: f64) -> bool {
        let close = target - CLOSE * target.abs();
        let Some(open) = self.queue.pop() else { return false };
        if open.bound >= close {
            self.queue.push(open);
            return false;
        }
        let mut relaxation = Relaxation::new(self.problem, self.day, &open.part);
        if !open.afresh {
            relaxation.start_from(&open.prices);
        }
        // Prices that are far from their place fall before they rise: a part has its steps, and more as long as it rises.
        let mut since = open.bound;
        for step in 1..=MOST_PART_STEPS {
            relaxation.step(target);
            if relaxation.best.0 >= close {
                break;
            }
            if step.is_multiple_of(LOOK) {
                if step >= self.steps && relaxation.best.0 - since < RISES * (target - relaxation.best.0) {
                    break;
                }
                since = relaxation.best.0.max(open.bound);
            }
        }
        let bound = relaxation.best.0.max(open.bound);
        if bound >= close {
            // Done; what is kept of it is that it is no better than the plan known when it was looked at.
            self.leaves = self.leaves.min(bound);
            return true;
        }
        let lately = Lately::of(self.problem, &relaxation);
        let prices = relaxation.best.1.clone();
        relaxation.prices = prices.clone();
        // What is dropped could not have been below the target.
        let may = relaxation.surviving(target);
        self.decoded = Some(relaxation.decoded());
        self.leaves = self.leaves.min(close);
        let range = open.part.range.clone();
        let part = Part { may, ..open.part };
        let parts = split::split(self.problem, &part, &lately);
        if parts.is_empty() {
            self.leaves = self.leaves.min(bound);
        }
        for part in parts.into_iter().filter_map(|part| affordable(self.problem, self.day, part)) {
            self.number += 1;
            let afresh = part.range != range;
            self.queue.push(Open { bound, part, prices: prices.clone(), number: self.number, afresh });
        }
        true
    }
}

/// The part with no more vehicles of a kind than the day's budget pays beside the fewest of the others; `None` where it does not
/// even pay those.
pub fn affordable(problem: &Problem, day: usize, mut part: Part) -> Option<Part> {
    let Some(budget) = problem.days[day].budget else { return Some(part) };
    let hire = |kind: usize| problem.kinds[kind].hire;
    let least: f64 = (0..part.range.len()).map(|kind| f64::from(part.range[kind].0) * hire(kind)).sum();
    if least > budget + 1e-6 {
        return None;
    }
    for kind in 0..part.range.len() {
        while part.range[kind].1 > part.range[kind].0
            && least + f64::from(part.range[kind].1 - part.range[kind].0) * hire(kind) > budget + 1e-6
        {
            part.range[kind].1 -= 1;
        }
    }
    Some(part)
}
