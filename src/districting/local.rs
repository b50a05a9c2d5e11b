//! Good groupings in little time: grown from seeds far apart, then moves and trades while they are better, then kicks.
//!
//! Units move to a neighbouring group, or two trade places, while that is better and both groups stay in one part. A kick
//! makes some random moves, or melts two neighbouring groups and cuts a random spanning tree of them where it is most even
//! (the recombination of DeFord, Duchin & Solomon 2021). What is not worse is kept.

use std::collections::BTreeSet;

use super::meter::Meter;
use super::problem::Problem;
use super::state::{Change, State};
use super::value::excess;
use crate::search::Random;

/// Beyond this many units no trades are tried.
const TRADES: usize = 400;
const STARTS: usize = 26;
/// Kicks in a row that find nothing better end the search.
const KICKS: u64 = 200;
/// Beyond this many units there are fewer starts and kicks: a pass takes longer by the square.
const LARGE: usize = 1000;
/// Units between two looks at the watcher.
const LOOK: usize = 250;

/// The best that was found; every group is in one part.
pub(super) fn search(problem: &Problem, seed: u64, meter: &mut Meter<'_>) -> Vec<usize> {
    let units = problem.units();
    let thin = units.div_ceil(LARGE).max(1);
    let step = units.div_ceil((STARTS / thin).max(2)).max(1);
    let mut best = State::new(problem, grow(problem, 0));
    descend(&mut best, meter);
    note(meter, &best);
    for start in (step..units).step_by(step) {
        if problem.groups() == 1 || !meter.tick() {
            return best.group;
        }
        let mut other = State::new(problem, grow(problem, start));
        descend(&mut other, meter);
        if other.value < best.value {
            best = other;
            note(meter, &best);
        }
    }
    let mut random = Random::new(seed);
    let mut idle = 0;
    while idle < KICKS / thin as u64 && meter.tick() {
        let mut other = best.clone();
        if random.below(2) == 0 {
            jolt(&mut other, &mut random);
        } else {
            recombine(&mut other, &mut random);
        }
        descend(&mut other, meter);
        idle = if other.value < best.value { 0 } else { idle + 1 };
        if other.value <= best.value {
            best = other;
            note(meter, &best);
        }
    }
    best.group
}

/// A grouping made as good as moves and trades can.
pub(super) fn improved(problem: &Problem, group: Vec<usize>, meter: &mut Meter<'_>) -> Vec<usize> {
    let mut state = State::new(problem, group);
    descend(&mut state, meter);
    state.group
}

fn note(meter: &mut Meter<'_>, state: &State<'_>) {
    if meter.best.is_none_or(|best| state.value < best) {
        meter.best = Some(state.value);
    }
}

/// Seeds far from each other, then the lightest group takes its nearest free neighbour.
fn grow(problem: &Problem, start: usize) -> Vec<usize> {
    let units = problem.units();
    let mut seeds = vec![start];
    let mut near: Vec<u32> = (0..units).map(|unit| problem.metres(unit, start)).collect();
    let mut taken = vec![false; units];
    taken[start] = true;
    while seeds.len() < problem.groups() {
        let free = (0..units).filter(|&unit| !taken[unit]);
        let Some(seed) = free.max_by_key(|&unit| (near[unit], usize::MAX - unit)) else { break };
        taken[seed] = true;
        seeds.push(seed);
        for (unit, near) in near.iter_mut().enumerate() {
            *near = (*near).min(problem.metres(unit, seed));
        }
    }
    let free = problem.groups();
    let mut group = vec![free; units];
    let mut reach: Vec<BTreeSet<(u32, usize)>> = vec![BTreeSet::new(); problem.groups()];
    // The lightest first; a group with nothing left to take is out.
    let mut lightest = BTreeSet::new();
    let beside = |reach: &mut BTreeSet<(u32, usize)>, unit: usize, seed: usize| {
        reach.extend(problem.neighbours(unit).iter().map(|&next| (problem.metres(next, seed), next)));
    };
    for (number, &seed) in seeds.iter().enumerate() {
        group[seed] = number;
        lightest.insert((problem.weight(seed), number));
        beside(&mut reach[number], seed, seed);
    }
    while let Some((weight, number)) = lightest.pop_first() {
        while let Some((_, unit)) = reach[number].pop_first() {
            if group[unit] == free {
                group[unit] = number;
                beside(&mut reach[number], unit, seeds[number]);
                lightest.insert((weight + problem.weight(unit), number));
                break;
            }
        }
    }
    group
}

/// Moves and trades while they are better, or until the watcher wants an end.
fn descend(state: &mut State<'_>, meter: &mut Meter<'_>) {
    let problem = state.problem;
    let units = problem.units();
    let mut targets = Vec::new();
    loop {
        let mut changed = false;
        for unit in 0..units {
            if units > LOOK && unit % LOOK == 0 && !meter.go_on() {
                return;
            }
            targets.clear();
            targets.extend(problem.neighbours(unit).iter().map(|&next| state.group[next]));
            targets.sort_unstable();
            targets.dedup();
            for &to in &targets {
                if to != state.group[unit] && state.improve(Change { unit, to, back: None }) {
                    changed = true;
                    break;
                }
            }
        }
        if !changed {
            changed = units <= TRADES && trade(state);
        }
        if !changed {
            return;
        }
    }
}

/// The first two units that are better off in each other's group.
fn trade(state: &mut State<'_>) -> bool {
    let problem = state.problem;
    for unit in 0..problem.units() {
        for back in unit + 1..problem.units() {
            let (from, to) = (state.group[unit], state.group[back]);
            let beside = |unit: usize, number: usize, but: usize| {
                problem.neighbours(unit).iter().any(|&next| next != but && state.group[next] == number)
            };
            if from != to
                && (beside(unit, to, back) || state.members[to].len() == 1)
                && (beside(back, from, unit) || state.members[from].len() == 1)
                && state.improve(Change { unit, to, back: Some(back) })
            {
                return true;
            }
        }
    }
    false
}

/// A few random moves that keep the groups in one part.
fn jolt(state: &mut State<'_>, random: &mut Random) {
    for _ in 0..3 + random.below(4) {
        let unit = random.below(state.group.len());
        let near = state.problem.neighbours(unit);
        if near.is_empty() {
            continue;
        }
        let change = Change { unit, to: state.group[near[random.below(near.len())]], back: None };
        if change.to != state.group[unit] && state.holds(change) {
            state.make(change);
        }
    }
}

/// Melts two neighbouring groups and divides them anew, as evenly as one of their random spanning trees allows.
fn recombine(state: &mut State<'_>, random: &mut Random) {
    let problem = state.problem;
    let Some((a, b)) = touching(state, random) else { return };
    let melted = |unit: usize| state.group[unit] == a || state.group[unit] == b;
    let members: Vec<usize> = state.members[a].iter().chain(&state.members[b]).copied().collect();
    // A tree grown by random edges; parents stand before their children.
    let root = members[random.below(members.len())];
    let mut order: Vec<(usize, usize)> = Vec::with_capacity(members.len());
    let mut place = vec![usize::MAX; problem.units()];
    let mut edges = vec![(usize::MAX, root)];
    while !edges.is_empty() {
        let (parent, unit) = edges.swap_remove(random.below(edges.len()));
        if place[unit] != usize::MAX {
            continue;
        }
        place[unit] = order.len();
        order.push((unit, parent));
        edges.extend(problem.neighbours(unit).iter().filter(|&&next| melted(next)).map(|&next| (place[unit], next)));
    }
    // The weight that hangs on each edge.
    let mut hanging: Vec<u64> = order.iter().map(|&(unit, _)| problem.weight(unit)).collect();
    for at in (1..order.len()).rev() {
        hanging[order[at].1] += hanging[at];
    }
    let whole = hanging[0];
    let beyond = |at: usize| excess(problem, hanging[at]) + excess(problem, whole - hanging[at]);
    let Some(least) = (1..order.len()).map(beyond).min() else { return };
    let cuts: Vec<usize> = (1..order.len()).filter(|&at| beyond(at) == least).collect();
    let cut = cuts[random.below(cuts.len())];
    let mut below = vec![false; order.len()];
    let mut lists = (Vec::new(), Vec::new());
    for at in 0..order.len() {
        below[at] = at == cut || (at > cut && below[order[at].1]);
        if below[at] { lists.0.push(order[at].0) } else { lists.1.push(order[at].0) }
    }
    state.divide((a, lists.0), (b, lists.1));
}

/// Two groups side by side, at random; `None` where luck finds none.
fn touching(state: &State<'_>, random: &mut Random) -> Option<(usize, usize)> {
    let units = state.group.len();
    let start = random.below(units);
    (0..units).map(|at| (start + at) % units).find_map(|unit| {
        let near = state.problem.neighbours(unit).iter().map(|&next| state.group[next]);
        near.clone().find(|&number| number != state.group[unit]).map(|number| (state.group[unit], number))
    })
}
