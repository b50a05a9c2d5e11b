//! Changes no short string reaches: two routes exchange their tails (2-opt*, Potvin & Rousseau 1995), or parts are driven the other way round (2-opt,
//! Croes 1958, within a route and between two). Each brings a job next to a near one; O(1) to judge, by what the routes know of their ends.

use super::route::Route;
use super::state::State;
use crate::search::Random;

/// Near jobs tried.
const NEAR: usize = 10;

/// Two cells after which routes are cut and joined anew, each as slot and cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) one: (u32, usize),
    pub(super) other: (u32, usize),
    /// What it adds to the cost.
    pub(super) more: i64,
}

/// A job drawn, with its slot and cell; only where cost follows from lengths alone.
fn draw(state: &State<'_>, random: &mut Random) -> Option<(u32, u32, usize)> {
    let ground = state.ground;
    let job = random.below(ground.stops.len()) as u32;
    let slot = state.route_of[job as usize];
    let route = state.routes.get(slot as usize)?;
    let vehicle = &ground.problem.vehicles()[route.kind as usize];
    if vehicle.per_duration > 0 || vehicle.max_distance < i64::MAX {
        return None;
    }
    Some((job, slot, cell_of(route, job)?))
}

fn cell_of(route: &Route, job: u32) -> Option<usize> {
    route.jobs().position(|other| other == job).map(|at| at + 1)
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
        let Some(other) = state.routes.get(to as usize).filter(|other| to != slot && other.kind == route.kind) else {
            continue;
        };
        let Some(behind) = cell_of(other, near).map(|cell| cell - 1) else { continue };
        let Some(here) = route.with_tail::<TIMED>(ground, at, other, behind) else { continue };
        let Some(there) = other.with_tail::<TIMED>(ground, behind, route, at) else { continue };
        let mut more = (here + there) * vehicle.per_distance;
        if behind == 0 && at == route.size() {
            // Nothing is left of the other.
            more -= vehicle.fixed;
        }
        if best.is_none_or(|best| more < best.more) {
            best = Some(Cut { one: (slot, at), other: (to, behind), more });
        }
    }
    best
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
        let Some(other) = state.routes.get(to as usize).filter(|other| other.kind == route.kind) else { continue };
        let Some(there) = cell_of(other, near) else { continue };
        for (at, behind) in [(here, there), (here - 1, there - 1)] {
            let (a, a_next) = (&route.cells[at], &route.cells[at + 1]);
            let (b, b_next) = (&other.cells[behind], &other.cells[behind + 1]);
            let mut more = 0;
            let to_other = to != slot;
            if to_other {
                let heads = a.upto + b.upto;
                if heads > vehicle.capacity[0] || route.load[0] + other.load[0] - heads > vehicle.capacity[0] {
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
