//! The best choice of groups that have every unit once: depth first on the unit with the fewest groups.
//!
//! A branch ends when the weights that are left force too much excess, when the prices say that the way cannot be as small as the
//! best known, or when the same units were divided before at no higher cost (a memo that only forgets to learn).

use std::collections::HashMap;

use super::super::bound::Prices;
use super::super::meter::Meter;
use super::super::value::Value;
use super::columns::{Column, Columns};
use super::prices::reduced;
use super::{Ground, Set, units};

/// Most nodes.
const NODES: u64 = 30_000_000;
/// Nodes between two looks at the meter.
const LOOK: u64 = 10_000;
/// Most entries of the memo.
const MEMO: usize = 1_000_000;

/// What is sought.
pub(super) enum Goal<'a> {
    /// Less excess than known, whatever the way.
    Excess,
    /// No more excess than known; a smaller way, then a smaller largest deviation.
    Way {
        /// With the cheapest group of each centre.
        prices: &'a Prices,
    },
}

/// What was found.
pub(super) struct Found {
    /// The best, if it is better than known.
    pub(super) group: Option<Vec<usize>>,
    /// There is no better one.
    pub(super) complete: bool,
}

/// The best grouping made of these groups, if better than one of value `known`.
pub(super) fn search(
    ground: &Ground<'_>,
    columns: &Columns,
    known: Value,
    goal: &Goal<'_>,
    meter: &mut Meter<'_>,
) -> Found {
    let groups = ground.problem.groups();
    let count = ground.problem.units();
    let mut with = vec![0_usize; count];
    for column in columns {
        units(column.set).for_each(|unit| with[unit] += 1);
    }
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&unit| (with[unit], unit));
    let cost = |column: &Column| match goal {
        Goal::Excess => i64::try_from(column.excess).unwrap_or(i64::MAX / 4),
        Goal::Way { prices } => reduced(column, &prices.unit),
    };
    let mut first: Vec<Vec<(i64, &Column)>> = vec![Vec::new(); count];
    for column in columns {
        if let Some(at) = order.iter().position(|&unit| column.set >> unit & 1 == 1) {
            first[at].push((cost(column), column));
        }
    }
    for list in &mut first {
        list.sort_by_key(|&(cost, column)| (cost, column.set));
    }
    let mut search = Search {
        ground,
        order,
        first,
        // By how many groups are left.
        rest: (0..=groups).map(|left| rest(goal, left)).collect(),
        base: match goal {
            Goal::Excess => 0,
            Goal::Way { prices } => prices.unit.iter().sum(),
        },
        excess_only: matches!(goal, Goal::Excess),
        best: known,
        chosen: Vec::new(),
        group: None,
        memo: HashMap::new(),
        nodes: 0,
        spent: false,
    };
    search.visit(0, ground.problem.total(), 0, Value::default(), meter);
    Found { group: search.group, complete: !search.spent }
}

/// The least that so many more groups cost.
fn rest(goal: &Goal<'_>, left: usize) -> i64 {
    match goal {
        Goal::Excess => 0,
        Goal::Way { prices } => prices.cheapest(left, None).unwrap_or(i64::MAX / 4),
    }
}

struct Search<'a> {
    ground: &'a Ground<'a>,
    /// Units, those with the fewest groups first.
    order: Vec<usize>,
    /// By place in that order: groups of which that unit is the first, cheapest first.
    first: Vec<Vec<(i64, &'a Column)>>,
    rest: Vec<i64>,
    /// What all units pay.
    base: i64,
    excess_only: bool,
    /// To be beaten.
    best: Value,
    chosen: Vec<Set>,
    group: Option<Vec<usize>>,
    /// Units that were divided into so many groups at these costs.
    memo: HashMap<(Set, usize), Value>,
    nodes: u64,
    spent: bool,
}

impl Search<'_> {
    /// `covered` are in groups of this value so far, whose costs beyond prices are `cost`; `weight` is left.
    fn visit(&mut self, covered: Set, weight: u64, cost: i64, value: Value, meter: &mut Meter<'_>) {
        let problem = self.ground.problem;
        let left = problem.groups() - self.chosen.len();
        self.nodes += 1;
        if self.nodes >= NODES || self.nodes.is_multiple_of(LOOK) && !meter.tick() {
            self.spent = true;
        }
        if covered == self.ground.all {
            if left == 0 && self.better(value) {
                self.best = value;
                self.group = Some(self.grouping());
            }
            return;
        }
        if left == 0 || self.spent || !self.hopeful(weight, left, value) || self.known(covered, value) {
            return;
        }
        let Some(at) = self.order.iter().position(|&unit| covered >> unit & 1 == 0) else { return };
        for next in 0..self.first[at].len() {
            let (more, column) = self.first[at][next];
            // Dearer ones come after.
            if !self.excess_only && self.base + cost + more + self.rest[left - 1] > self.limit() {
                break;
            }
            if column.set & covered != 0 {
                continue;
            }
            let value = Value {
                excess: value.excess + column.excess,
                way: value.way + column.way,
                largest: value.largest.max(problem.deviation(column.weight)),
            };
            self.chosen.push(column.set);
            self.visit(covered | column.set, weight - column.weight, cost + more, value, meter);
            self.chosen.pop();
            if self.spent {
                return;
            }
        }
    }

    fn limit(&self) -> i64 {
        i64::try_from(self.best.way).unwrap_or(i64::MAX / 4)
    }

    fn better(&self, value: Value) -> bool {
        if self.excess_only {
            value.excess < self.best.excess
        } else {
            value.excess <= self.best.excess && (value.way, value.largest) < (self.best.way, self.best.largest)
        }
    }

    /// Can the weight that is left be divided so that the whole is better than the best?
    fn hopeful(&self, weight: u64, left: usize, value: Value) -> bool {
        let problem = self.ground.problem;
        // The groups that are left deviate, all together, by at least this.
        let (groups, left) = (problem.groups() as u64, left as u64);
        let apart = (weight * groups).abs_diff(problem.total() * left);
        let excess = value.excess + apart.saturating_sub(problem.allowed().saturating_mul(left));
        if self.excess_only {
            return excess < self.best.excess;
        }
        excess <= self.best.excess
            && (value.way, value.largest.max(apart.div_ceil(left))) < (self.best.way, self.best.largest)
    }

    /// Was the same divided before, at no higher cost? Otherwise it is now.
    fn known(&mut self, covered: Set, value: Value) -> bool {
        let full = self.memo.len() >= MEMO;
        let key = (covered, self.chosen.len());
        let no_worse = |known: &Value| {
            known.excess <= value.excess
                && (self.excess_only || (known.way <= value.way && known.largest <= value.largest))
        };
        match self.memo.get(&key) {
            Some(known) if no_worse(known) => true,
            Some(_) => {
                self.memo.insert(key, value);
                false
            }
            None => {
                if !full {
                    self.memo.insert(key, value);
                }
                false
            }
        }
    }

    fn grouping(&self) -> Vec<usize> {
        let of = |unit: usize| self.chosen.iter().position(|set| set >> unit & 1 == 1).unwrap_or(0);
        (0..self.ground.problem.units()).map(of).collect()
    }
}
