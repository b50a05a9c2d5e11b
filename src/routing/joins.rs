//! Changes no short string reaches: two routes exchange their tails (2-opt*, Potvin & Rousseau 1995), or parts are driven the other way round (2-opt,
//! Croes 1958, within a route and between two). Each brings a job next to a near one; judged in O(1) by what the routes know of their ends,
//! or in O(length) where other vehicles may take over what comes out.

use super::ground::Ground;
use super::route::{Cell, Route};
use super::state::State;
use crate::search::Random;

/// Near jobs tried.
const NEAR: usize = 10;

/// Two cells after which routes are cut and joined anew, each as slot and cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) one: (u32, usize),
    pub(super) other: (u32, usize),
    /// What it adds to the cost; where times have a price, to that of the way.
    pub(super) more: i64,
}

/// A job drawn, with its slot and cell; only where cost follows from lengths alone.
fn draw(state: &State<'_>, random: &mut Random) -> Option<(u32, u32, usize)> {
    let ground = state.ground;
    let job = random.below(ground.stops.len()) as u32;
    let slot = state.route_of[job as usize];
    let route = state.routes.get(slot as usize)?;
    let vehicle = &ground.problem.vehicles()[route.kind as usize];
    if vehicle.pays_time() || vehicle.max_distance < i64::MAX {
        return None;
    }
    Some((job, slot, route.cell_of(job)?))
}

/// The best exchange of tails that puts a near job right behind one that is drawn.
pub(super) fn best_tails<const TIMED: bool>(state: &State<'_>, random: &mut Random) -> Option<Cut> {
    let ground = state.ground;
    let (job, slot, at) = draw(state, random)?;
    let route = &state.routes[slot as usize];
    let vehicle = &ground.problem.vehicles()[route.kind as usize];
    let mut best: Option<Cut> = None;
    for &near in ground.successors.of(job).iter().take(NEAR) {
        let to = state.route_of[near as usize];
        let Some(other) = state.routes.get(to as usize).filter(|other| to != slot && alike(ground, route, other))
        else {
            continue;
        };
        let Some(behind) = other.cell_of(near).map(|cell| cell - 1) else { continue };
        let Some(here) = route.with_tail::<TIMED>(ground, at, other, behind) else { continue };
        let Some(there) = other.with_tail::<TIMED>(ground, behind, route, at) else { continue };
        let mut more = (here + there) * vehicle.per_distance;
        if route.is_flexible(ground) {
            let (head, tail) = (route.cells[at].upto, route.load[0] - route.cells[at].upto);
            let (other_head, other_tail) = (other.cells[behind].upto, other.load[0] - other.cells[behind].upto);
            let longer = length(&other.cells[behind + 2..]) - length(&route.cells[at + 2..]);
            let one = (head + other_tail, here + longer, at == 0 && behind == other.size());
            let two = (other_head + tail, there - longer, behind == 0 && at == route.size());
            let Some(flexed) = flexed(ground, (route, one), (other, two)) else { continue };
            more = flexed;
        } else if behind == 0 && at == route.size() {
            // Nothing is left of the other.
            more -= vehicle.fixed;
        }
        if best.is_none_or(|best| more < best.more) {
            best = Some(Cut { one: (slot, at), other: (to, behind), more });
        }
    }
    best
}

/// May they exchange parts: one type of vehicle, or types that may take each other's routes over?
fn alike(ground: &Ground<'_>, route: &Route, other: &Route) -> bool {
    route.kind == other.kind || ground.family[route.kind as usize].contains(&other.kind)
}

/// How long the ways to these cells are.
fn length(cells: &[Cell]) -> i64 {
    cells.iter().map(|cell| i64::from(cell.length)).sum()
}

/// What two flexible routes cost more with other loads and so much more length, each driven by the cheapest vehicle that holds it, if there is one; of
/// which nothing is left stays at home.
fn flexed(ground: &Ground<'_>, one: (&Route, (i32, i64, bool)), other: (&Route, (i32, i64, bool))) -> Option<i64> {
    let cost = |(route, (load, more, nothing)): (&Route, (i32, i64, bool))| {
        let then = if nothing { Some(0) } else { ground.least_cost(route.kind, load, route.distance + more) };
        then.map(|then| then - route.cost)
    };
    Some(cost(one)? + cost(other)?)
}

/// The best turn that puts a near job next to one that is drawn; only where routes may be driven both ways.
pub(super) fn best_turn(state: &State<'_>, random: &mut Random) -> Option<Cut> {
    let ground = state.ground;
    let (job, slot, here) = draw(state, random)?;
    let route = &state.routes[slot as usize];
    let kind = route.kind as usize;
    let vehicle = &ground.problem.vehicles()[kind];
    let mut best: Option<Cut> = None;
    for &near in ground.around.of(job).iter().take(NEAR) {
        let to = state.route_of[near as usize];
        let Some(other) = state.routes.get(to as usize).filter(|other| alike(ground, route, other)) else { continue };
        let Some(there) = other.cell_of(near) else { continue };
        for (at, behind) in [(here, there), (here - 1, there - 1)] {
            let (a, a_next) = (&route.cells[at], &route.cells[at + 1]);
            let (b, b_next) = (&other.cells[behind], &other.cells[behind + 1]);
            let mut more = 0;
            let to_other = to != slot;
            if to_other {
                let room = ground.roomiest[kind];
                if a.upto + b.upto > room || route.load[0] + other.load[0] - a.upto - b.upto > room {
                    continue;
                }
                if (at == 0 && behind == 0) || (at == route.size() && behind == other.size()) {
                    more -= vehicle.fixed;
                }
            }
            // A route of nothing but start and end stays at home.
            let between = |from: u32, to: u32, nothing: bool| {
                if nothing && to_other { 0 } else { ground.problem.distance(kind, from as usize, to as usize) }
            };
            let heads = between(a.place, b.place, at == 0 && behind == 0);
            let tails = between(a_next.place, b_next.place, at == route.size() && behind == other.size());
            more += i64::from(heads + tails - a_next.length - b_next.length) * vehicle.per_distance;
            if to_other && route.is_flexible(ground) {
                let load = a.upto + b.upto;
                let front = length(&route.cells[..=at]) + length(&other.cells[..=behind]) + i64::from(heads);
                let back = length(&route.cells[at + 2..]) + length(&other.cells[behind + 2..]) + i64::from(tails);
                let one = (load, front - route.distance, at == 0 && behind == 0);
                let no_back = at == route.size() && behind == other.size();
                let two = (route.load[0] + other.load[0] - load, back - other.distance, no_back);
                let Some(flexed) = flexed(ground, (route, one), (other, two)) else { continue };
                more = flexed;
            }
            if best.is_none_or(|best| more < best.more) {
                best = Some(Cut { one: (slot, at), other: (to, behind), more });
            }
        }
    }
    best
}

/// Two slots whose jobs might change vehicles: a route, and a free vehicle of another type or, where there is none, another route.
pub(super) fn draw_vehicles(state: &State<'_>, random: &mut Random) -> Option<(u32, u32)> {
    if state.used.is_empty() {
        return None;
    }
    let one = state.used[random.below(state.used.len())];
    let kind = random.below(state.free.len());
    let other = match state.free[kind].last() {
        Some(&free) => free,
        None => state.used[random.below(state.used.len())],
    };
    (state.routes[one as usize].kind != state.routes[other as usize].kind).then_some((one, other))
}
