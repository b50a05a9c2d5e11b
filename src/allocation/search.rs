//! The moves: insertion, ejection chains, one-for-two exchanges, hand-overs by rank, shifts and swaps.

use super::Pulse;
use super::ground::Ground;
use super::state::State;

/// Longest chain of moves that lets one claimant in.
const DEPTH: u32 = 3;
/// Tests one attempt to let a claimant in may cost.
const ATTEMPT: u32 = 4000;
/// Tests the chains behind hand-overs may cost in all.
pub(super) const HAND_OVERS: u32 = 20_000;

/// First answer: fewest choices and shortest presence first, then rank; each to its cheapest choice that fits.
pub(super) fn insert_all(state: &mut State<'_>) {
    for claimant in order(state.ground) {
        if state.at(claimant).is_none() {
            insert(state, claimant);
        }
    }
}

/// Who is tried first.
pub(super) fn order(ground: &Ground<'_>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ground.claimants()).filter(|&claimant| !ground.open[claimant].is_empty()).collect();
    order.sort_by_key(|&claimant| {
        (ground.length(claimant), ground.open[claimant].len(), ground.rank(claimant), claimant)
    });
    order
}

pub(super) fn insert(state: &mut State<'_>, claimant: usize) -> bool {
    let ground = state.ground;
    match ground.open[claimant].iter().find(|&&choice| state.fits(claimant, choice)) {
        Some(&choice) => {
            state.put(claimant, choice);
            true
        }
        None => false,
    }
}

/// Chains and exchanges until nobody more comes in.
pub(super) fn serve_more(state: &mut State<'_>, pulse: &mut Pulse<'_>) {
    while pulse.go_on(state) {
        let before = state.served();
        for claimant in state.refused() {
            if !pulse.alive(state) {
                return;
            }
            if !insert(state, claimant) {
                let_in(state, claimant);
            }
        }
        one_for_two(state, pulse);
        if state.served() == before {
            return;
        }
    }
}

/// A move made by a chain: who, from which choice.
type Journal = Vec<(usize, usize)>;

pub(super) fn let_in(state: &mut State<'_>, claimant: usize) -> bool {
    let ground = state.ground;
    let mut tests = ATTEMPT;
    for &choice in &ground.open[claimant] {
        let mut journal = Vec::new();
        if make_room(state, claimant, choice, DEPTH, &mut journal, &mut tests) {
            state.put(claimant, choice);
            return true;
        }
        if tests == 0 {
            return false;
        }
    }
    false
}

/// Moves others until this choice fits; undoes everything if it cannot. Each moves at most once a chain.
fn make_room(
    state: &mut State<'_>,
    claimant: usize,
    choice: usize,
    depth: u32,
    journal: &mut Journal,
    tests: &mut u32,
) -> bool {
    let mark = journal.len();
    let pool = state.ground.choice(claimant, choice).pool;
    *tests = tests.saturating_sub(1);
    while let Some(block) = state.block(claimant, choice) {
        let moved = depth > 0
            && state.in_the_way(pool, block).into_iter().any(|other| {
                other != claimant
                    && journal.iter().all(|(done, _)| *done != other)
                    && move_away(state, other, depth, journal, tests)
            });
        if !moved {
            roll_back(state, journal, mark);
            return false;
        }
    }
    true
}

fn move_away(state: &mut State<'_>, other: usize, depth: u32, journal: &mut Journal, tests: &mut u32) -> bool {
    let ground = state.ground;
    let Some(old) = state.at(other) else { return false };
    for &new in ground.open[other].iter().filter(|&&new| new != old) {
        if *tests == 0 {
            return false;
        }
        *tests -= 1;
        state.take(other);
        if state.fits(other, new) {
            state.put(other, new);
            journal.push((other, old));
            return true;
        }
        state.put(other, old);
    }
    if depth <= 1 {
        return false;
    }
    for &new in ground.open[other].iter().filter(|&&new| new != old) {
        // It stays where it is while room is made for it, so that coming back is always possible.
        let mark = journal.len();
        journal.push((other, old));
        if make_room(state, other, new, depth - 1, journal, tests) {
            state.take(other);
            if state.fits(other, new) {
                state.put(other, new);
                return true;
            }
            state.put(other, old);
        }
        roll_back(state, journal, mark);
    }
    false
}

fn roll_back(state: &mut State<'_>, journal: &mut Journal, mark: usize) {
    // All out, then all back: the state before fitted, whatever the order.
    let undone = journal.split_off(mark);
    for &(claimant, _) in &undone {
        state.take(claimant);
    }
    for &(claimant, old) in &undone {
        state.put(claimant, old);
    }
}

/// Takes one out where two come in.
fn one_for_two(state: &mut State<'_>, pulse: &mut Pulse<'_>) {
    let ground = state.ground;
    let refused = state.refused();
    let mut wanting: Vec<Vec<usize>> = vec![Vec::new(); ground.problem.pools().len()];
    for &claimant in &refused {
        for &choice in &ground.open[claimant] {
            wanting[ground.choice(claimant, choice).pool].push(claimant);
        }
    }
    // The shortest first.
    for waiting in &mut wanting {
        waiting.sort_by_key(|&other| (ground.length(other), ground.rank(other), other));
    }
    let mut held: Vec<usize> = (0..ground.claimants()).filter(|&claimant| state.at(claimant).is_some()).collect();
    // The longest first, and among them the worst rank.
    held.sort_by_key(|&claimant| {
        (std::cmp::Reverse(ground.length(claimant)), std::cmp::Reverse(ground.rank(claimant)), claimant)
    });
    for claimant in held {
        let Some(old) = state.at(claimant) else { continue };
        let pool = ground.choice(claimant, old).pool;
        if wanting[pool].len() < 2 {
            continue;
        }
        if !pulse.alive(state) {
            return;
        }
        state.take(claimant);
        let mut came = Vec::new();
        // Who comes in stays.
        wanting[pool].retain(|&other| state.at(other).is_none());
        state.spend(wanting[pool].len());
        for &other in &wanting[pool] {
            let here = ground.open[other].iter().find(|&&choice| ground.choice(other, choice).pool == pool);
            if let Some(&choice) = here.filter(|&&choice| state.fits(other, choice)) {
                state.put(other, choice);
                came.push(other);
            }
        }
        if came.len() < 2 || !state.is_replaced(claimant, &came) {
            for other in came {
                state.take(other);
            }
            state.put(claimant, old);
        }
    }
}

/// Whoever is refused takes the place of one of worse standing, where it fits (others may have to move, within the budget of tests), or of
/// one of equal standing where that costs less, or as much and its rank is better; then the one who gave way is tried elsewhere.
pub(super) fn hand_over(state: &mut State<'_>, pulse: &mut Pulse<'_>, tests: &mut u32) -> bool {
    let mut any = false;
    // Each hand-over betters the standing, or the cost, or the ranks of as many served, so this ends.
    while pulse.go_on(state) {
        let mut changed = false;
        for claimant in state.refused() {
            if !pulse.alive(state) {
                return any | changed;
            }
            if let Some(other) = take_over(state, claimant, tests) {
                changed = true;
                if !insert(state, other) {
                    let_in(state, other);
                }
            }
        }
        any |= changed;
        if !changed {
            break;
        }
    }
    any
}

fn take_over(state: &mut State<'_>, claimant: usize, tests: &mut u32) -> Option<usize> {
    let ground = state.ground;
    if insert(state, claimant) {
        return None;
    }
    let standing = ground.standing(claimant);
    for &choice in &ground.open[claimant] {
        let pool = ground.choice(claimant, choice).pool;
        let here = (ground.choice(claimant, choice).cost, ground.rank(claimant));
        let gives_way = |other: usize| {
            let there = state.at(other).map(|held| (ground.choice(other, held).cost, ground.rank(other)));
            let worse = ground.standing(other) > standing
                || (ground.standing(other) == standing && there.is_some_and(|there| there > here));
            worse && state.can_spare(other, Some(claimant))
        };
        let mut worse: Vec<usize> = state.members(pool).iter().copied().filter(|&other| gives_way(other)).collect();
        state.spend(state.members(pool).len() + 4 * worse.len());
        worse.sort_by_key(|&other| (std::cmp::Reverse((ground.standing(other), ground.rank(other))), other));
        for other in worse {
            let Some(old) = state.take(other) else { continue };
            // Others are moved for a better standing only: it may cost more.
            let moved = ground.standing(other) > standing
                && *tests > 0
                && make_room(state, claimant, choice, 1, &mut Vec::new(), tests);
            if moved || state.fits(claimant, choice) {
                state.put(claimant, choice);
                return Some(other);
            }
            state.put(other, old);
        }
    }
    None
}

/// Shifts and swaps of those served while the cost falls.
pub(super) fn cheapen(state: &mut State<'_>, pulse: &mut Pulse<'_>) -> bool {
    let mut any = false;
    while pulse.go_on(state) {
        let mut changed = false;
        for claimant in 0..state.ground.claimants() {
            if !pulse.alive(state) {
                return any | changed;
            }
            changed |= move_cheaper(state, claimant);
        }
        any |= changed;
        if !changed {
            break;
        }
    }
    any
}

fn move_cheaper(state: &mut State<'_>, claimant: usize) -> bool {
    let ground = state.ground;
    let Some(old) = state.at(claimant) else { return false };
    let old_cost = ground.choice(claimant, old).cost;
    for &new in &ground.open[claimant] {
        let chosen = ground.choice(claimant, new);
        if chosen.cost >= old_cost {
            return false;
        }
        state.take(claimant);
        if state.fits(claimant, new) {
            state.put(claimant, new);
            return true;
        }
        let gain = old_cost - chosen.cost;
        let others = state.members(chosen.pool).to_vec();
        state.spend(others.len());
        for other in others {
            if swap(state, (claimant, new), other, gain) {
                return true;
            }
        }
        state.put(claimant, old);
    }
    false
}

/// The claimant (already out) takes its new choice, the other goes elsewhere for less than the gain.
fn swap(state: &mut State<'_>, (claimant, new): (usize, usize), other: usize, gain: u32) -> bool {
    let ground = state.ground;
    let Some(held) = state.at(other) else { return false };
    let held_cost = ground.choice(other, held).cost;
    let affordable =
        |&&to: &&usize| to != held && u64::from(ground.choice(other, to).cost) < u64::from(held_cost) + u64::from(gain);
    if ground.open[other].iter().find(affordable).is_none() {
        return false;
    }
    state.take(other);
    if state.fits(claimant, new) {
        state.put(claimant, new);
        let room = ground.open[other].iter().filter(affordable).find(|&&to| state.fits(other, to));
        if let Some(&to) = room {
            state.put(other, to);
            return true;
        }
        state.take(claimant);
    }
    state.put(other, held);
    false
}
