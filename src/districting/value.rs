//! How good is a grouping? Three whole numbers, compared in order: what is beyond the tolerance, the way to the centres,
//! the largest deviation.
//!
//! Deviations are |groups x weight - total|: whole numbers where the mean is none. The way is that of everybody to their
//! group's centre, the unit of the group from which the sum of weight x metres is least (a median). Squared distances
//! to a centre of gravity, used before, move with each unit and have no whole value; a median's way is exact, takes
//! distances along roads, means something to people (so far to the block's office), and can be bounded.

use super::problem::Problem;

/// The smaller the better, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    /// Sum over groups of the deviation beyond what is allowed, weight x groups.
    pub excess: u64,
    /// Sum over groups of weight x metres to the centre.
    pub way: u64,
    /// Largest deviation, weight x groups.
    pub largest: u64,
}

/// The deviation of a group beyond what is allowed.
pub(super) fn excess(problem: &Problem, weight: u64) -> u64 {
    problem.deviation(weight).saturating_sub(problem.allowed())
}

/// The centre of these units, the first of equals, and the way to it.
pub(super) fn centre(problem: &Problem, members: &[usize]) -> (u64, usize) {
    let way = |centre: usize| members.iter().map(|&unit| problem.way(unit, centre)).sum::<u64>();
    members.iter().map(|&unit| (way(unit), unit)).min().unwrap_or_default()
}

/// The value of a grouping without empty groups.
pub(super) fn of(problem: &Problem, group: &[usize]) -> Value {
    let mut members = vec![Vec::new(); problem.groups()];
    for (unit, &number) in group.iter().enumerate() {
        members[number].push(unit);
    }
    let mut value = Value::default();
    for members in members {
        let weight = members.iter().map(|&unit| problem.weight(unit)).sum();
        value.excess += excess(problem, weight);
        value.way += centre(problem, &members).0;
        value.largest = value.largest.max(problem.deviation(weight));
    }
    value
}
