//! A grouping under change: weights, ways and centres kept up to date, so that a move costs O(both groups).
//!
//! For each unit the way of its whole group is kept as if it were the centre; the least of a group is its way. Who leaves or comes
//! changes each by one term.

use super::contiguity::Walk;
use super::problem::Problem;
use super::value::{Value, excess};

#[derive(Clone, Debug)]
pub(super) struct State<'a> {
    pub(super) problem: &'a Problem,
    /// By unit.
    pub(super) group: Vec<usize>,
    pub(super) members: Vec<Vec<usize>>,
    /// Where a unit stands among its group's members.
    slot: Vec<usize>,
    weight: Vec<u64>,
    /// The way of a unit's group with the unit as its centre.
    toward: Vec<u64>,
    way: Vec<u64>,
    pub(super) value: Value,
    walk: Walk,
}

/// One unit to another group, or two units of two groups that trade places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) unit: usize,
    pub(super) to: usize,
    /// Who comes instead, from `to`.
    pub(super) back: Option<usize>,
}

impl<'a> State<'a> {
    /// Of a grouping with no empty group.
    pub(super) fn new(problem: &'a Problem, group: Vec<usize>) -> Self {
        let units = group.len();
        let mut state = Self {
            problem,
            group,
            members: vec![Vec::new(); problem.groups()],
            slot: vec![0; units],
            weight: vec![0; problem.groups()],
            toward: vec![0; units],
            way: vec![0; problem.groups()],
            value: Value::default(),
            walk: Walk::new(units),
        };
        for unit in 0..units {
            let number = state.group[unit];
            state.slot[unit] = state.members[number].len();
            state.members[number].push(unit);
            state.weight[number] += problem.weight(unit);
        }
        for number in 0..problem.groups() {
            state.measure(number);
        }
        state.sum();
        state
    }

    /// The ways of a group, from nothing.
    fn measure(&mut self, number: usize) {
        for at in 0..self.members[number].len() {
            let centre = self.members[number][at];
            self.toward[centre] = self.members[number].iter().map(|&unit| self.problem.way(unit, centre)).sum();
        }
        self.way[number] = self.least(number);
    }

    fn least(&self, number: usize) -> u64 {
        self.members[number].iter().map(|&unit| self.toward[unit]).min().unwrap_or(0)
    }

    fn sum(&mut self) {
        self.value = Value {
            excess: self.weight.iter().map(|&weight| excess(self.problem, weight)).sum(),
            way: self.way.iter().sum(),
            largest: self.weight.iter().map(|&weight| self.problem.deviation(weight)).max().unwrap_or(0),
        };
    }

    /// Weights of both groups after a change: of the unit's, and of the one it goes to.
    fn weights(&self, change: Change) -> (u64, u64) {
        let leaves = self.problem.weight(change.unit);
        let comes = change.back.map_or(0, |back| self.problem.weight(back));
        let from = self.group[change.unit];
        (self.weight[from] - leaves + comes, self.weight[change.to] + leaves - comes)
    }

    /// The way of a group without one and with another.
    fn way_with(&self, number: usize, leaves: Option<usize>, comes: Option<usize>) -> u64 {
        let way = |unit: Option<usize>, centre: usize| unit.map_or(0, |unit| self.problem.way(unit, centre));
        let stay = || self.members[number].iter().copied().filter(|&unit| Some(unit) != leaves);
        let old = stay().map(|centre| self.toward[centre] - way(leaves, centre) + way(comes, centre)).min();
        let new = comes.map(|centre| stay().map(|unit| self.problem.way(unit, centre)).sum::<u64>());
        old.into_iter().chain(new).min().unwrap_or(0)
    }

    /// The value after a change, if it is less than now; whether groups hold is not looked at.
    fn gain(&self, change: Change) -> Option<Value> {
        let (from, to) = (self.group[change.unit], change.to);
        let weights = self.weights(change);
        let beyond = |weight: u64| excess(self.problem, weight);
        let before = beyond(self.weight[from]) + beyond(self.weight[to]);
        let excess = self.value.excess - before + beyond(weights.0) + beyond(weights.1);
        if excess > self.value.excess {
            return None;
        }
        let way = self.value.way - self.way[from] - self.way[to]
            + self.way_with(from, Some(change.unit), change.back)
            + self.way_with(to, change.back, Some(change.unit));
        if excess == self.value.excess && way > self.value.way {
            return None;
        }
        let others = (0..self.weight.len()).filter(|&number| number != from && number != to);
        let weights = others.map(|number| self.weight[number]).chain([weights.0, weights.1]);
        let largest = weights.map(|weight| self.problem.deviation(weight)).max().unwrap_or(0);
        Some(Value { excess, way, largest }).filter(|value| *value < self.value)
    }

    /// Makes the change if it is better and both groups stay in one part.
    pub(super) fn improve(&mut self, change: Change) -> bool {
        let Some(value) = self.gain(change) else { return false };
        if !self.holds(change) {
            return false;
        }
        self.make(change);
        debug_assert_eq!(value, self.value, "a change is worth what was said");
        true
    }

    /// Do both groups stay in one part, and none empty?
    pub(super) fn holds(&mut self, change: Change) -> bool {
        self.walk.holds(self.problem, &self.group, change.unit, change.back)
            && change.back.is_none_or(|back| self.walk.holds(self.problem, &self.group, back, Some(change.unit)))
    }

    /// Makes the change, whatever it is worth.
    pub(super) fn make(&mut self, change: Change) {
        let from = self.group[change.unit];
        self.shift(change.unit, change.to);
        if let Some(back) = change.back {
            self.shift(back, from);
        }
        self.way[from] = self.least(from);
        self.way[change.to] = self.least(change.to);
        self.sum();
    }

    fn shift(&mut self, unit: usize, to: usize) {
        let from = self.group[unit];
        self.members[from].swap_remove(self.slot[unit]);
        if let Some(&moved) = self.members[from].get(self.slot[unit]) {
            self.slot[moved] = self.slot[unit];
        }
        for &centre in &self.members[from] {
            self.toward[centre] -= self.problem.way(unit, centre);
        }
        for &centre in &self.members[to] {
            self.toward[centre] += self.problem.way(unit, centre);
        }
        self.toward[unit] = self.members[to].iter().map(|&other| self.problem.way(other, unit)).sum();
        self.slot[unit] = self.members[to].len();
        self.members[to].push(unit);
        self.group[unit] = to;
        self.weight[from] -= self.problem.weight(unit);
        self.weight[to] += self.problem.weight(unit);
    }

    /// Divides two groups anew; neither list may be empty.
    pub(super) fn divide(&mut self, one: (usize, Vec<usize>), other: (usize, Vec<usize>)) {
        for (number, list) in [one, other] {
            self.weight[number] = 0;
            for (slot, &unit) in list.iter().enumerate() {
                self.group[unit] = number;
                self.slot[unit] = slot;
                self.weight[number] += self.problem.weight(unit);
            }
            self.members[number] = list;
            self.measure(number);
        }
        self.sum();
    }
}
