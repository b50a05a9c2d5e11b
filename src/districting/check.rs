//! Is a grouping allowed, and as good as it says? Flooding and adding from the problem alone; shares nothing with the search.

use std::collections::BTreeSet;

use super::{Grouping, Problem, Value};

/// What a grouping breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// Not one entry a unit, or not one centre a group, or a group out of range.
    #[error("the lists do not fit: one group a unit, one centre a group")]
    Lists,
    /// A group without a unit.
    #[error("group {group} is empty")]
    Empty {
        /// Group.
        group: usize,
    },
    /// A group in several parts.
    #[error("group {group} is in several parts")]
    Apart {
        /// Group.
        group: usize,
    },
    /// The centre is not in its group, or another unit of it is nearer to all.
    #[error("unit {centre} is not the centre of group {group}")]
    Centre {
        /// Group.
        group: usize,
        /// As stated.
        centre: usize,
    },
    /// The value is another one.
    #[error("the value is {found:?}, not {stated:?}")]
    Value {
        /// As stated.
        stated: Value,
        /// As worked out here.
        found: Value,
    },
    /// A limit that the grouping itself beats, or proven without meeting it.
    #[error("no grouping is said to have less excess than {least}; this has {found}")]
    Limit {
        /// As stated.
        least: u64,
        /// As worked out here.
        found: u64,
    },
}

/// Everything that is wrong; empty when nothing is.
#[must_use]
pub fn check(problem: &Problem, grouping: &Grouping) -> Vec<Violation> {
    let groups = problem.groups();
    let fits = grouping.group.len() == problem.units() && grouping.centres.len() == groups;
    if !fits || grouping.group.iter().any(|&group| group >= groups) {
        return vec![Violation::Lists];
    }
    let mut violations = Vec::new();
    for (group, &centre) in grouping.centres.iter().enumerate() {
        let members = members(grouping.group.iter(), group);
        let Some(&first) = members.first() else {
            violations.push(Violation::Empty { group });
            continue;
        };
        let mut reached = BTreeSet::from([first]);
        let mut front = vec![first];
        while let Some(unit) = front.pop() {
            let next = problem.neighbours(unit).iter().copied().filter(|next| members.contains(next));
            front.extend(next.filter(|&next| reached.insert(next)).collect::<Vec<_>>());
        }
        if reached != members {
            violations.push(Violation::Apart { group });
        }
        let least = members.iter().map(|&other| way(problem, &members, other)).min();
        if !members.contains(&centre) || Some(way(problem, &members, centre)) != least {
            violations.push(Violation::Centre { group, centre });
        }
    }
    let found = value(problem, &grouping.group);
    if found != grouping.value {
        violations.push(Violation::Value { stated: grouping.value, found });
    }
    let least = grouping.least_excess;
    if least > found.excess || (grouping.proven && least != found.excess) {
        violations.push(Violation::Limit { least, found: found.excess });
    }
    violations
}

/// The value of a grouping, from nothing; groups out of range and empty ones count nothing but their deviation.
#[must_use]
pub fn value(problem: &Problem, group: &[usize]) -> Value {
    let mut sum = Value::default();
    for number in 0..problem.groups() {
        let members = members(group.iter(), number);
        let weight: u64 = members.iter().map(|&unit| problem.weight(unit)).sum();
        let (weight, groups, total) = (i128::from(weight), problem.groups() as i128, i128::from(problem.total()));
        let off = u64::try_from((weight * groups - total).unsigned_abs()).unwrap_or(u64::MAX);
        if off > problem.allowed() {
            sum.excess += off - problem.allowed();
        }
        sum.way += members.iter().map(|&centre| way(problem, &members, centre)).min().unwrap_or(0);
        sum.largest = sum.largest.max(off);
    }
    sum
}

fn members<'a>(group: impl Iterator<Item = &'a usize>, number: usize) -> BTreeSet<usize> {
    group.enumerate().filter(|(_, group)| **group == number).map(|(unit, _)| unit).collect()
}

/// Weight x metres of all to one; units without weight count as 1.
fn way(problem: &Problem, members: &BTreeSet<usize>, centre: usize) -> u64 {
    let of = |&unit: &usize| problem.weight(unit).max(1) * u64::from(problem.metres(unit, centre));
    members.iter().map(of).sum()
}
