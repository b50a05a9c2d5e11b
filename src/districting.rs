//! Which units belong together? Connected groups of about equal weight, then compact ones.
//!
//! Aim, in this order: deviations from the mean weight beyond the tolerance (their sum), then compactness (weighted squared
//! distances to each group's centre), then the largest deviation. Starts grow from seeds far apart (farthest-point, from
//! every unit or a sample); units move to a neighbouring group or trade places while that is better and both groups stay connected
//! (the check is a walk over the group); then seeded kicks. O(units x groups) tests a pass, each O(group); trades only up to [`TRADES`] units.
//! Bound: on the largest deviation, from the heaviest unit and from whole weights that do not divide.

use std::collections::BTreeSet;

use crate::search::{Ended, Progress, Random, Run, Solved};

/// Most units.
pub const MOST_UNITS: usize = 20_000;
/// Beyond this many units no trades are tried.
pub const TRADES: usize = 300;
const STARTS: usize = 26;
const KICKS: u64 = 200;
/// Beyond this many units there are fewer starts and kicks.
const LARGE: usize = 1000;
/// Units between two looks at the watcher.
const LOOK: usize = 250;

/// Units with weights and places, who touches whom, how many groups. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    weights: Vec<u64>,
    places: Vec<[f64; 2]>,
    neighbours: Vec<Vec<usize>>,
    groups: usize,
    tolerance: f64,
}

/// What is wrong with a problem.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ProblemError {
    /// More groups than units, or none.
    #[error("{groups} groups of {units} units; ask for 1 to {units}")]
    Groups {
        /// As given.
        groups: usize,
        /// As given.
        units: usize,
    },
    /// An edge of no unit, or a length that differs.
    #[error("edges and places must fit the {units} units; check the lists")]
    Lists {
        /// Units.
        units: usize,
    },
    /// The units are not connected.
    #[error(
        "the units fall into {parts} parts that do not touch; add edges (over a river, a railway) or solve each part"
    )]
    Apart {
        /// How many parts.
        parts: usize,
    },
    /// Too large to be solved here.
    #[error("too large: at most {MOST_UNITS} units")]
    TooLarge,
}

impl Problem {
    /// `places` in metres; `edges` between units that touch, any order; a group may deviate from the mean weight by `tolerance` (0.05: 5 %) at no price.
    ///
    /// # Errors
    /// Groups out of range, lists that do not fit, units that are not connected, or too large.
    pub fn new(
        weights: Vec<u64>,
        places: Vec<[f64; 2]>,
        edges: &[(usize, usize)],
        groups: usize,
        tolerance: f64,
    ) -> Result<Self, ProblemError> {
        let units = weights.len();
        if units > MOST_UNITS {
            return Err(ProblemError::TooLarge);
        }
        if groups == 0 || groups > units {
            return Err(ProblemError::Groups { groups, units });
        }
        if places.len() != units || edges.iter().any(|&(a, b)| a >= units || b >= units) {
            return Err(ProblemError::Lists { units });
        }
        let mut neighbours = vec![Vec::new(); units];
        for &(a, b) in edges.iter().filter(|(a, b)| a != b) {
            neighbours[a].push(b);
            neighbours[b].push(a);
        }
        for list in &mut neighbours {
            list.sort_unstable();
            list.dedup();
        }
        let parts = parts(&neighbours);
        if parts > 1 {
            return Err(ProblemError::Apart { parts });
        }
        Ok(Self { weights, places, neighbours, groups, tolerance: tolerance.max(0.0) })
    }
    fn mean(&self) -> f64 {
        self.weights.iter().sum::<u64>() as f64 / self.groups as f64
    }
}

fn parts(neighbours: &[Vec<usize>]) -> usize {
    let mut seen = vec![false; neighbours.len()];
    let mut count = 0;
    for start in 0..neighbours.len() {
        if seen[start] {
            continue;
        }
        count += 1;
        let mut stack = vec![start];
        seen[start] = true;
        while let Some(unit) = stack.pop() {
            for &next in &neighbours[unit] {
                if !seen[next] {
                    seen[next] = true;
                    stack.push(next);
                }
            }
        }
    }
    count
}

/// The group of each unit, numbered from 0 by each group's first unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouping {
    /// By unit.
    pub group: Vec<usize>,
}

/// What a grouping breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Not one entry a unit, or a group out of range.
    Lists,
    /// A group without a unit.
    Empty {
        /// Group.
        group: usize,
    },
    /// A group in several parts.
    Apart {
        /// Group.
        group: usize,
    },
}

/// Everything that is wrong; by flooding each group, apart from the search.
#[must_use]
pub fn check(problem: &Problem, grouping: &Grouping) -> Vec<Violation> {
    if grouping.group.len() != problem.weights.len() || grouping.group.iter().any(|&group| group >= problem.groups) {
        return vec![Violation::Lists];
    }
    let mut violations = Vec::new();
    for group in 0..problem.groups {
        let members: BTreeSet<usize> =
            (0..grouping.group.len()).filter(|&unit| grouping.group[unit] == group).collect();
        let Some(&first) = members.first() else {
            violations.push(Violation::Empty { group });
            continue;
        };
        let mut reached = BTreeSet::from([first]);
        let mut front = vec![first];
        while let Some(unit) = front.pop() {
            let next = problem.neighbours[unit].iter().copied().filter(|next| members.contains(next));
            front.extend(next.filter(|&next| reached.insert(next)).collect::<Vec<_>>());
        }
        if reached != members {
            violations.push(Violation::Apart { group });
        }
    }
    violations
}

/// Largest deviation of a group's weight from the mean, as a share of the mean.
#[must_use]
pub fn largest_deviation(problem: &Problem, grouping: &Grouping) -> f64 {
    let mut weights = vec![0_u64; problem.groups];
    for (unit, &group) in grouping.group.iter().enumerate() {
        weights[group] += problem.weights[unit];
    }
    let mean = problem.mean().max(f64::MIN_POSITIVE);
    weights.iter().map(|&weight| (weight as f64 - mean).abs() / mean).fold(0.0, f64::max)
}

/// Groups the units. `bound`: no grouping has a smaller largest deviation.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Grouping> {
    let units = problem.weights.len();
    // Large ones are searched less: a pass takes longer by the square.
    let thin = units.div_ceil(LARGE).max(1);
    let step = units.div_ceil((STARTS / thin).max(2)).max(1);
    let kicks_most = KICKS / thin as u64;
    let stop = || {
        let progress = Progress { stage: "stage-districting", iteration: 0, objective: None, bound: None };
        units > TRADES && (run.watch)(&progress).stop
    };
    let mut best: Option<(Key, Vec<usize>)> = None;
    let mut ended = Ended::Complete;
    let mut iterations = 0;
    let mut go_on = |iterations: &mut u64, key: Option<Key>| {
        *iterations += 1;
        if run.iterations.is_some_and(|most| *iterations > most) {
            ended = Ended::Budget;
        }
        let objective = key.map(|key| key.excess);
        let progress = Progress { stage: "stage-districting", iteration: *iterations, objective, bound: None };
        let answer = (run.watch)(&progress);
        if answer.stop {
            ended = Ended::Stopped;
        } else if answer.used >= 1.0 {
            ended = Ended::Budget;
        }
        ended == Ended::Complete
    };
    for start in (0..units).step_by(step) {
        let mut group = grow(problem, start);
        let key = descend(problem, &mut group, &stop);
        if best.as_ref().is_none_or(|(least, _)| key.better_than(least)) {
            best = Some((key, group));
        }
        if !go_on(&mut iterations, best.as_ref().map(|(key, _)| *key)) {
            break;
        }
    }
    let mut random = Random::new(run.seed);
    let mut kicks = 0;
    while let Some((key, group)) = &mut best {
        if kicks >= kicks_most || !go_on(&mut iterations, Some(*key)) {
            break;
        }
        kicks += 1;
        let mut other = group.clone();
        kick(problem, &mut other, &mut random);
        let found = descend(problem, &mut other, &stop);
        if found.better_than(key) {
            (*key, *group) = (found, other);
        }
    }
    let group = best.map_or_else(|| vec![0; units], |(_, group)| in_order(&group, problem.groups));
    Solved { best: Grouping { group }, bound: Some(least_deviation(problem)), ended, iterations }
}

/// The heaviest unit is in some group; and some group has at least the mean rounded up.
fn least_deviation(problem: &Problem) -> f64 {
    let total: u64 = problem.weights.iter().sum();
    let groups = problem.groups as u64;
    let fullest = problem.weights.iter().copied().max().unwrap_or(0).max(total.div_ceil(groups));
    let mean = problem.mean().max(f64::MIN_POSITIVE);
    ((fullest as f64 - mean) / mean).max(0.0)
}

fn in_order(group: &[usize], groups: usize) -> Vec<usize> {
    let mut number = vec![None; groups];
    let mut next = 0;
    group
        .iter()
        .map(|&group| {
            *number[group].get_or_insert_with(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

/// What is compared, in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Key {
    excess: f64,
    spread: f64,
    largest: f64,
}

impl Key {
    fn better_than(&self, other: &Self) -> bool {
        // A hair's difference is none: sums in another order must not make a move.
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (a.abs() + b.abs());
        if !close(self.excess, other.excess) {
            return self.excess < other.excess;
        }
        if !close(self.spread, other.spread) {
            return self.spread < other.spread;
        }
        !close(self.largest, other.largest) && self.largest < other.largest
    }
}

/// Sums of a group from which weight and spread follow: weight, sum of m, m x, m y, m (x^2 + y^2).
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    weight: f64,
    mass: f64,
    x: f64,
    y: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, problem: &Problem, unit: usize, sign: f64) {
        let [x, y] = problem.places[unit];
        // Units without weight still have a place.
        let mass = (problem.weights[unit] as f64).max(1.0) * sign;
        self.weight += problem.weights[unit] as f64 * sign;
        self.mass += mass;
        self.x += mass * x;
        self.y += mass * y;
        self.squares += mass * (x * x + y * y);
    }
    fn spread(&self) -> f64 {
        if self.mass <= 0.0 { 0.0 } else { (self.squares - (self.x * self.x + self.y * self.y) / self.mass).max(0.0) }
    }
}

fn sums(problem: &Problem, group: &[usize]) -> Vec<Sums> {
    let mut sums = vec![Sums::default(); problem.groups];
    for (unit, &group) in group.iter().enumerate() {
        sums[group].add(problem, unit, 1.0);
    }
    sums
}

fn key(problem: &Problem, sums: &[Sums]) -> Key {
    let mean = problem.mean().max(f64::MIN_POSITIVE);
    let mut key = Key { excess: 0.0, spread: 0.0, largest: 0.0 };
    for group in sums {
        let deviation = (group.weight - mean).abs() / mean;
        key.excess += (deviation - problem.tolerance).max(0.0);
        key.spread += group.spread();
        key.largest = key.largest.max(deviation);
    }
    key
}

/// Seeds far from each other, then the lightest group takes its nearest free neighbour.
fn grow(problem: &Problem, start: usize) -> Vec<usize> {
    let units = problem.weights.len();
    let apart = |a: usize, b: usize| {
        let (p, q) = (problem.places[a], problem.places[b]);
        (p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1])
    };
    let mut seeds = vec![start];
    while seeds.len() < problem.groups {
        let distance = |unit: usize| seeds.iter().map(|&seed| apart(unit, seed)).fold(f64::INFINITY, f64::min);
        let farthest = (0..units)
            .filter(|unit| !seeds.contains(unit))
            .max_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(b.cmp(&a)));
        match farthest {
            Some(unit) => seeds.push(unit),
            None => break,
        }
    }
    let free = problem.groups;
    let mut group = vec![free; units];
    let mut weight = vec![0_u64; problem.groups];
    for (number, &seed) in seeds.iter().enumerate() {
        group[seed] = number;
        weight[number] = problem.weights[seed];
    }
    // Free neighbours of each group, nearest to its seed first; distances are not negative, so that their bits are in order.
    let mut near: Vec<BTreeSet<(u64, usize)>> = vec![BTreeSet::new(); problem.groups];
    let reach = |near: &mut BTreeSet<(u64, usize)>, unit: usize, number: usize| {
        near.extend(problem.neighbours[unit].iter().map(|&next| (apart(next, seeds[number]).to_bits(), next)));
    };
    for (number, &seed) in seeds.iter().enumerate() {
        reach(&mut near[number], seed, number);
    }
    loop {
        let mut order: Vec<usize> = (0..problem.groups).collect();
        order.sort_by_key(|&number| (weight[number], number));
        let taken = order.into_iter().find_map(|number| {
            loop {
                let (_, unit) = near[number].pop_first()?;
                if group[unit] == free {
                    return Some((unit, number));
                }
            }
        });
        match taken {
            Some((unit, number)) => {
                group[unit] = number;
                weight[number] += problem.weights[unit];
                reach(&mut near[number], unit, number);
            }
            None => return group,
        }
    }
}

/// Does the group stay in one part, and not empty, when this unit leaves (and `comes` joins)?
fn holds_without(problem: &Problem, group: &[usize], leaves: usize, comes: Option<usize>) -> bool {
    let number = group[leaves];
    let belongs = |unit: usize| unit != leaves && (group[unit] == number || Some(unit) == comes);
    let members = (0..group.len()).filter(|&unit| belongs(unit));
    let count = members.clone().count();
    let Some(first) = members.clone().next() else { return false };
    let mut seen = vec![false; group.len()];
    seen[first] = true;
    let mut front = vec![first];
    let mut reached = 1;
    while let Some(unit) = front.pop() {
        for &next in &problem.neighbours[unit] {
            if belongs(next) && !seen[next] {
                seen[next] = true;
                reached += 1;
                front.push(next);
            }
        }
    }
    reached == count
}

/// Moves and trades while they are better.
fn descend(problem: &Problem, group: &mut [usize], stop: &dyn Fn() -> bool) -> Key {
    let units = group.len();
    let mut totals = sums(problem, group);
    let mut current = key(problem, &totals);
    loop {
        let mut changed = false;
        for unit in 0..units {
            if unit % LOOK == 0 && stop() {
                return current;
            }
            let from = group[unit];
            let mut targets: Vec<usize> =
                problem.neighbours[unit].iter().map(|&next| group[next]).filter(|&to| to != from).collect();
            targets.sort_unstable();
            targets.dedup();
            for to in targets {
                let mut moved = totals.clone();
                moved[from].add(problem, unit, -1.0);
                moved[to].add(problem, unit, 1.0);
                let found = key(problem, &moved);
                if found.better_than(&current) && holds_without(problem, group, unit, None) {
                    group[unit] = to;
                    (totals, current, changed) = (moved, found, true);
                    break;
                }
            }
        }
        if !changed && units <= TRADES {
            changed = trade(problem, group, &mut totals, &mut current);
        }
        if !changed {
            // Fresh sums: the running ones gather rounding.
            return key(problem, &sums(problem, group));
        }
    }
}

fn trade(problem: &Problem, group: &mut [usize], totals: &mut Vec<Sums>, current: &mut Key) -> bool {
    let touches = |unit: usize, number: usize, but: usize, group: &[usize]| {
        problem.neighbours[unit].iter().any(|&next| next != but && group[next] == number)
    };
    for a in 0..group.len() {
        for b in a + 1..group.len() {
            let (from, to) = (group[a], group[b]);
            if from == to || !touches(a, to, b, group) || !touches(b, from, a, group) {
                continue;
            }
            let mut moved = totals.clone();
            moved[from].add(problem, a, -1.0);
            moved[from].add(problem, b, 1.0);
            moved[to].add(problem, b, -1.0);
            moved[to].add(problem, a, 1.0);
            let found = key(problem, &moved);
            if found.better_than(current)
                && holds_without(problem, group, a, Some(b))
                && holds_without(problem, group, b, Some(a))
            {
                (group[a], group[b]) = (to, from);
                (*totals, *current) = (moved, found);
                return true;
            }
        }
    }
    false
}

/// A few random moves that keep the groups connected.
fn kick(problem: &Problem, group: &mut [usize], random: &mut Random) {
    for _ in 0..3 + random.below(4) {
        let unit = random.below(group.len());
        let near = &problem.neighbours[unit];
        if near.is_empty() {
            continue;
        }
        let to = group[near[random.below(near.len())]];
        if to != group[unit] && holds_without(problem, group, unit, None) {
            group[unit] = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units on a grid of columns, 100 m apart, touching at their sides.
    fn grid(weights: &[u64], columns: usize, groups: usize, tolerance: f64) -> Problem {
        let places = (0..weights.len()).map(|n| [(n % columns) as f64 * 100.0, (n / columns) as f64 * 100.0]).collect();
        let mut edges = Vec::new();
        for n in 0..weights.len() {
            if n % columns + 1 < columns {
                edges.push((n, n + 1));
            }
            if n + columns < weights.len() {
                edges.push((n, n + columns));
            }
        }
        Problem::new(weights.to_vec(), places, &edges, groups, tolerance).unwrap()
    }

    /// The best key over all connected groupings.
    fn enumerate(problem: &Problem) -> Key {
        let units = problem.weights.len();
        let mut group = vec![0; units];
        let mut best: Option<Key> = None;
        loop {
            if check(problem, &Grouping { group: group.clone() }).is_empty() {
                let found = key(problem, &sums(problem, &group));
                if best.is_none_or(|best| found.better_than(&best)) {
                    best = Some(found);
                }
            }
            let mut at = 0;
            loop {
                if at == units {
                    return best.unwrap();
                }
                group[at] += 1;
                if group[at] < problem.groups {
                    break;
                }
                group[at] = 0;
                at += 1;
            }
        }
    }

    #[test]
    fn a_square_falls_into_quarters() {
        let problem = grid(&[10; 16], 4, 4, 0.0);
        let answer = solve(&problem, &Run::quiet(1));
        assert_eq!(answer.best.group, vec![0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]);
        assert_eq!(largest_deviation(&problem, &answer.best), 0.0);
        assert_eq!(answer.bound, Some(0.0));
    }

    #[test]
    fn agrees_with_enumeration() {
        let mut random = Random::new(2);
        for case in 0..crate::search::cases(12, 40) {
            let weights: Vec<u64> = (0..9).map(|_| 1 + random.below(20) as u64).collect();
            let problem = grid(&weights, 3, 2 + case % 2, 0.05);
            let answer = solve(&problem, &Run::quiet(1));
            assert_eq!(check(&problem, &answer.best), vec![]);
            assert!(largest_deviation(&problem, &answer.best) >= answer.bound.unwrap() - 1e-12);
            let found = key(&problem, &sums(&problem, &answer.best.group));
            assert!(!enumerate(&problem).better_than(&found), "case {case}: {found:?}");
        }
    }

    #[test]
    fn the_checker_sees_parts_and_empty_groups() {
        let problem = grid(&[1; 4], 4, 2, 0.0);
        let broken = Grouping { group: vec![0, 1, 0, 1] };
        assert_eq!(check(&problem, &broken), vec![Violation::Apart { group: 0 }, Violation::Apart { group: 1 }]);
        assert_eq!(check(&problem, &Grouping { group: vec![0; 4] }), vec![Violation::Empty { group: 1 }]);
        assert_eq!(check(&problem, &Grouping { group: vec![0; 3] }), vec![Violation::Lists]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let two = vec![[0.0, 0.0], [1.0, 0.0]];
        let apart = Problem::new(vec![1, 1], two.clone(), &[], 1, 0.0).unwrap_err();
        assert_eq!(apart, ProblemError::Apart { parts: 2 });
        let many = Problem::new(vec![1, 1], two, &[(0, 1)], 3, 0.0).unwrap_err();
        assert_eq!(many, ProblemError::Groups { groups: 3, units: 2 });
    }
}
