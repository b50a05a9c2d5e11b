//! Small changes, priced before they are made: most are too dear and cost a few look-ups only. Who rides where is mended after.

use super::ground::NONE;
use super::state::State;
use crate::search::Random;

/// Draws until a stop is found that is in a route.
const DRAWS: usize = 8;
/// Longest segment that is moved.
const SEGMENT: usize = 3;

/// A change of one or two routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Another stop instead of one, at the same position.
    Replace { old: u32, new: u32 },
    /// A stop is left out.
    Drop { stop: u32 },
    /// A stop is left out, and another put into another route before this stop or, if so said, behind it.
    Trade { old: u32, new: u32, beside: u32, behind: bool },
    /// So many stops from this one on go before or behind a stop of another route, maybe the other way round.
    Relocate { first: u32, size: u32, beside: u32, behind: bool, turned: bool },
    /// Two stops of different routes change places.
    Swap { one: u32, other: u32 },
    /// What is behind the one stop is behind the stop before the other, and the other way about.
    Tails { one: u32, other: u32 },
    /// A stop goes before or behind another of the same route.
    Within { stop: u32, beside: u32, behind: bool },
    /// The way between two positions of a route is turned round.
    Turn { slot: u32, from: u32, to: u32 },
    /// Two routes change their vehicles; one may be empty.
    Vehicles { one: u32, other: u32 },
}

/// A change drawn at random, and by how much driving gets dearer (for vehicles, that is known only when it is done).
#[inline]
pub(super) fn draw(state: &State<'_>, random: &mut Random) -> Option<(Move, i64)> {
    let ground = state.ground;
    if ground.kinds.len() > 1 && random.below(16) == 0 {
        return vehicles(state, random).map(|change| (change, 0));
    }
    let stop = open_stop(state, random)?;
    let near = ground.near(stop);
    if near.is_empty() || random.below(16) == 0 {
        return Some((Move::Drop { stop }, without(state, stop)));
    }
    // Nearer ones more often.
    let beside = near[random.below(near.len()).min(random.below(near.len()))];
    let behind = random.below(2) == 0;
    if !state.is_open(beside) {
        if random.below(2) == 0 {
            return Some((Move::Replace { old: stop, new: beside }, replaced(state, stop, beside)));
        }
        return trade(state, stop, beside, random);
    }
    if state.route_of[stop as usize] == state.route_of[beside as usize] {
        return Some(within(state, stop, beside, behind, random));
    }
    let change = match random.below(4) {
        0 => Move::Swap { one: stop, other: beside },
        1 => Move::Tails { one: stop, other: beside },
        _ => {
            let left =
                state.routes[state.route_of[stop as usize] as usize].stops.len() - state.at[stop as usize] as usize;
            let size = if random.below(3) == 0 { 1 + random.below(SEGMENT.min(left)) } else { 1 };
            Move::Relocate { first: stop, size: size as u32, beside, behind, turned: size > 1 && random.below(2) == 0 }
        }
    };
    Some((change, price(state, change)))
}

/// By how much driving gets dearer.
pub(super) fn price(state: &State<'_>, change: Move) -> i64 {
    match change {
        Move::Replace { old, new } => replaced(state, old, new),
        Move::Drop { stop } => without(state, stop),
        Move::Trade { old, new, beside, behind } => without(state, old) + beside_of(state, new, new, 0, beside, behind),
        Move::Relocate { first, size, beside, behind, turned } => relocated(state, first, size, beside, behind, turned),
        Move::Swap { one, other } => replaced(state, one, other) + replaced(state, other, one),
        Move::Tails { one, other } => tails(state, one, other),
        Move::Within { stop, beside, behind } => moved_within(state, stop, beside, behind),
        Move::Turn { slot, from, to } => turned_round(state, slot, from as usize, to as usize),
        Move::Vehicles { .. } => 0,
    }
}

/// Does it. Who loses their stop or seat waits.
pub(super) fn make(state: &mut State<'_>, change: Move) {
    let slot_of = |state: &State<'_>, stop: u32| state.route_of[stop as usize];
    match change {
        Move::Replace { old, new } => {
            let at = state.at[old as usize] as usize;
            state.change(slot_of(state, old), |stops| stops[at] = new);
        }
        Move::Drop { stop } => {
            let at = state.at[stop as usize] as usize;
            state.change(slot_of(state, stop), |stops| take_out(stops, at));
        }
        Move::Trade { old, new, beside, behind } => {
            let at = state.at[old as usize] as usize;
            state.change(slot_of(state, old), |stops| take_out(stops, at));
            let to = state.at[beside as usize] as usize + usize::from(behind);
            state.change(slot_of(state, beside), |stops| stops.insert(to, new));
        }
        Move::Relocate { first, size, beside, behind, turned } => {
            let (size, at) = (size as usize, state.at[first as usize] as usize);
            let mut segment = [NONE; SEGMENT];
            state.change(slot_of(state, first), |stops| {
                segment[..size].copy_from_slice(&stops[at..at + size]);
                drop(stops.drain(at..at + size));
            });
            if turned {
                segment[..size].reverse();
            }
            let to = state.at[beside as usize] as usize + usize::from(behind);
            state.change(slot_of(state, beside), |stops| drop(stops.splice(to..to, segment[..size].iter().copied())));
        }
        Move::Swap { one, other } => {
            let (first, second) = (slot_of(state, one), slot_of(state, other));
            let (here, there) = (state.at[one as usize] as usize, state.at[other as usize] as usize);
            state.change(first, |stops| stops[here] = other);
            state.change(second, |stops| stops[there] = one);
        }
        Move::Tails { one, other } => {
            let (first, second) = (slot_of(state, one), slot_of(state, other));
            let (here, there) = (state.at[one as usize] as usize + 1, state.at[other as usize] as usize);
            let mut tail = std::mem::take(&mut state.tail);
            tail.clear();
            tail.extend_from_slice(&state.routes[first as usize].stops[here..]);
            let mut added = std::mem::take(&mut state.added);
            added.clear();
            added.extend_from_slice(&state.routes[second as usize].stops[there..]);
            state.change(second, |stops| {
                stops.truncate(there);
                stops.extend_from_slice(&tail);
            });
            state.change(first, |stops| {
                stops.truncate(here);
                stops.extend_from_slice(&added);
            });
            (state.tail, state.added) = (tail, added);
        }
        Move::Within { stop, beside, behind } => {
            let (from, to) = shift(state, stop, beside, behind);
            state.change(slot_of(state, stop), |stops| {
                if from < to { stops[from..=to].rotate_left(1) } else { stops[to..=from].rotate_right(1) }
            });
        }
        Move::Turn { slot, from, to } => state.change(slot, |stops| stops[from as usize..=to as usize].reverse()),
        Move::Vehicles { one, other } => state.change_vehicles(one, other),
    }
}

fn take_out(stops: &mut Vec<u32>, at: usize) {
    stops.remove(at);
}

fn open_stop(state: &State<'_>, random: &mut Random) -> Option<u32> {
    let stops = state.ground.stops;
    if stops == 0 {
        return None;
    }
    for _ in 0..DRAWS {
        let stop = random.below(stops) as u32;
        if state.is_open(stop) {
            return Some(stop);
        }
    }
    let slot = state.used.get(random.below(state.used.len().max(1)))?;
    let stops = &state.routes[*slot as usize].stops;
    Some(stops[random.below(stops.len())])
}

fn vehicles(state: &State<'_>, random: &mut Random) -> Option<Move> {
    let one = *state.used.get(random.below(state.used.len().max(1)))?;
    let kind = state.routes[one as usize].kind;
    let other = if random.below(2) == 0 {
        state.free[random.below(state.free.len())].last().copied()?
    } else {
        state.used[random.below(state.used.len())]
    };
    (state.routes[other as usize].kind != kind).then_some(Move::Vehicles { one, other })
}

fn trade(state: &State<'_>, old: u32, new: u32, random: &mut Random) -> Option<(Move, i64)> {
    let near = state.ground.near(new);
    let beside = near[random.below(near.len())];
    if !state.is_open(beside) || state.route_of[beside as usize] == state.route_of[old as usize] {
        return None;
    }
    let change = Move::Trade { old, new, beside, behind: random.below(2) == 0 };
    Some((change, price(state, change)))
}

fn within(state: &State<'_>, stop: u32, beside: u32, behind: bool, random: &mut Random) -> (Move, i64) {
    let slot = state.route_of[stop as usize];
    let (from, to) = (state.at[stop as usize], state.at[beside as usize]);
    let change = if random.below(2) == 0 {
        Move::Within { stop, beside, behind }
    } else {
        Move::Turn { slot, from: from.min(to), to: from.max(to) }
    };
    (change, price(state, change))
}

fn kind_of(state: &State<'_>, stop: u32) -> u32 {
    state.routes[state.route_of[stop as usize] as usize].kind
}

/// Another stop at the position of one.
fn replaced(state: &State<'_>, old: u32, new: u32) -> i64 {
    let (ground, kind) = (state.ground, kind_of(state, old));
    let (before, behind) = (state.before(old), state.behind(old));
    ground.cost(kind, before, new) + ground.cost(kind, new, behind)
        - ground.cost(kind, before, old)
        - ground.cost(kind, old, behind)
}

/// A stop is left out.
pub(super) fn without(state: &State<'_>, stop: u32) -> i64 {
    let (ground, route) = (state.ground, &state.routes[state.route_of[stop as usize] as usize]);
    if route.stops.len() == 1 {
        return -route.cost;
    }
    let (before, behind) = (state.before(stop), state.behind(stop));
    ground.cost(route.kind, before, behind)
        - ground.cost(route.kind, before, stop)
        - ground.cost(route.kind, stop, behind)
}

/// A way from `first` to `last` that costs `inner` is put beside a stop.
fn beside_of(state: &State<'_>, first: u32, last: u32, inner: i64, beside: u32, behind: bool) -> i64 {
    let (ground, kind) = (state.ground, kind_of(state, beside));
    let (from, to) = if behind { (beside, state.behind(beside)) } else { (state.before(beside), beside) };
    ground.cost(kind, from, first) + inner + ground.cost(kind, last, to) - ground.cost(kind, from, to)
}

fn relocated(state: &State<'_>, first: u32, size: u32, beside: u32, behind: bool, turned: bool) -> i64 {
    let (ground, route) = (state.ground, &state.routes[state.route_of[first as usize] as usize]);
    let at = state.at[first as usize] as usize;
    let segment = &route.stops[at..at + size as usize];
    let last = segment[segment.len() - 1];
    let (from, to) = (state.before(first), state.behind(last));
    let taken = if segment.len() == route.stops.len() {
        -route.cost
    } else {
        let inner: i64 = segment.windows(2).map(|way| ground.cost(route.kind, way[0], way[1])).sum();
        ground.cost(route.kind, from, to)
            - ground.cost(route.kind, from, first)
            - inner
            - ground.cost(route.kind, last, to)
    };
    let kind = kind_of(state, beside);
    if turned {
        let inner = segment.windows(2).map(|way| ground.cost(kind, way[1], way[0])).sum();
        taken + beside_of(state, last, first, inner, beside, behind)
    } else {
        let inner = segment.windows(2).map(|way| ground.cost(kind, way[0], way[1])).sum();
        taken + beside_of(state, first, last, inner, beside, behind)
    }
}

fn tails(state: &State<'_>, one: u32, other: u32) -> i64 {
    let ground = state.ground;
    let (first, second) =
        (&state.routes[state.route_of[one as usize] as usize], &state.routes[state.route_of[other as usize] as usize]);
    let (before, behind) = (state.before(other), state.behind(one));
    let ends = ground.stops as u32;
    if first.kind == second.kind {
        let kind = first.kind;
        // Nothing is left of the second: it does not drive.
        let rest = if before == ends && behind == ends {
            -ground.kinds[kind as usize].fixed
        } else {
            ground.cost(kind, before, behind)
        };
        return ground.cost(kind, one, other) + rest
            - ground.cost(kind, one, behind)
            - ground.cost(kind, before, other);
    }
    let (here, there) = (state.at[one as usize] as usize + 1, state.at[other as usize] as usize);
    let (head, tail) = first.stops.split_at(here);
    let (start, added) = second.stops.split_at(there);
    driving(state, first.kind, head.iter().chain(added).copied())
        + driving(state, second.kind, start.iter().chain(tail).copied())
        - first.cost
        - second.cost
}

/// Cost of a route; nothing for none.
fn driving(state: &State<'_>, kind: u32, stops: impl Iterator<Item = u32>) -> i64 {
    let ground = state.ground;
    let ends = ground.stops as u32;
    let (mut here, mut cost) = (ends, 0);
    for stop in stops {
        cost += ground.cost(kind, here, stop);
        here = stop;
    }
    if here == ends { 0 } else { cost + ground.cost(kind, here, ends) + ground.kinds[kind as usize].fixed }
}

/// From which position to which a stop goes when it goes beside another of its route.
fn shift(state: &State<'_>, stop: u32, beside: u32, behind: bool) -> (usize, usize) {
    let (from, to) = (state.at[stop as usize] as usize, state.at[beside as usize] as usize);
    // What is behind it moves up.
    if from < to { (from, to - usize::from(!behind)) } else { (from, to + usize::from(behind)) }
}

fn moved_within(state: &State<'_>, stop: u32, beside: u32, behind: bool) -> i64 {
    let (from, to) = shift(state, stop, beside, behind);
    if from == to {
        return 0;
    }
    let (ground, kind) = (state.ground, kind_of(state, beside));
    // The two ends of the way it goes into stay beside each other when it is taken out.
    let (before, after) = if behind { (beside, state.behind(beside)) } else { (state.before(beside), beside) };
    without(state, stop) + ground.cost(kind, before, stop) + ground.cost(kind, stop, after)
        - ground.cost(kind, before, after)
}

fn turned_round(state: &State<'_>, slot: u32, from: usize, to: usize) -> i64 {
    let (ground, route) = (state.ground, &state.routes[slot as usize]);
    let kind = route.kind;
    let segment = &route.stops[from..=to];
    let (first, last) = (segment[0], segment[segment.len() - 1]);
    let (before, behind) = (state.before(first), state.behind(last));
    let inner: i64 =
        segment.windows(2).map(|way| ground.cost(kind, way[1], way[0]) - ground.cost(kind, way[0], way[1])).sum();
    ground.cost(kind, before, last) + inner + ground.cost(kind, first, behind)
        - ground.cost(kind, before, first)
        - ground.cost(kind, last, behind)
}
