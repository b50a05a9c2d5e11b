//! Is what routes and the state remember what would be measured anew, after any changes, and after undoing them?

use std::collections::HashMap;

use super::super::check::drive;
use super::super::ground::{Ground, NONE};
use super::super::joins::{best_tails, best_turn, draw_vehicles};
use super::super::route::trips::Parting;
use super::super::route::{Cell, Gap, Route};
use super::super::schedule::Schedule;
use super::super::state::State;
use super::*;

/// Everything that must come back.
#[derive(Debug, PartialEq, Eq)]
struct Snapshot {
    routes: Vec<String>,
    route_of: Vec<u32>,
    serves: Vec<u32>,
    absent: Vec<u32>,
    free: Vec<Vec<u32>>,
    used: Vec<u32>,
    cost: i64,
}

impl Snapshot {
    /// Slots stand in their lists in any order.
    fn of(state: &State<'_>) -> Self {
        let sorted = |slots: &Vec<u32>| {
            let mut slots = slots.clone();
            slots.sort_unstable();
            slots
        };
        Self {
            routes: state.routes.iter().map(|route| format!("{route:?}")).collect(),
            route_of: state.route_of.clone(),
            serves: state.serves.clone(),
            absent: state.absent.clone(),
            free: state.free.iter().map(sorted).collect(),
            used: sorted(&state.used),
            cost: state.cost,
        }
    }
}

/// The faults and the cost of a vehicle that does these jobs.
fn judged(ground: &Ground<'_>, kind: u32, jobs: &[u32]) -> (Vec<Fault>, Option<i64>) {
    driven(ground, &done(kind, jobs))
}

fn done(kind: u32, jobs: &[u32]) -> Tour {
    tour(kind as usize, &jobs.iter().map(|&job| job as usize).collect::<Vec<usize>>())
}

/// What a route does.
fn of(ground: &Ground<'_>, route: &Route) -> Tour {
    Tour { reloads: route.reloads(ground), ..done(route.kind, &route.jobs().collect::<Vec<u32>>()) }
}

fn driven(ground: &Ground<'_>, tour: &Tour) -> (Vec<Fault>, Option<i64>) {
    if tour.jobs.is_empty() && tour.reloads.is_empty() {
        return (vec![], Some(0));
    }
    let mut faults = Vec::new();
    let cost = drive(ground.problem, 0, tour, &mut faults);
    (faults, cost)
}

fn agree(state: &State<'_>, metric: bool, seed: u64) {
    let ground = state.ground;
    let mut route_of = vec![state.nowhere(); ground.stops.len()];
    let mut serves = vec![NONE; ground.orders.len()];
    let mut cost = 0;
    for (slot, route) in state.routes.iter().enumerate() {
        let mut anew = route.clone();
        anew.measure(ground, &mut Schedule::default());
        assert_eq!(format!("{route:?}"), format!("{anew:?}"), "seed {seed}");
        for job in route.jobs() {
            route_of[job as usize] = slot as u32;
            let order = ground.stops[job as usize].order as usize;
            if ground.stops[job as usize].is_second() {
                continue;
            }
            assert_eq!(serves[order], NONE, "seed {seed}: twice");
            serves[order] = job;
        }
        let jobs: Vec<u32> = route.jobs().collect();
        let (faults, found) = driven(ground, &of(ground, route));
        if metric {
            assert_eq!(faults, vec![], "seed {seed}");
            assert_eq!(found, Some(route.cost), "seed {seed}");
        }
        cost += route.cost;
        let (kind, slot) = (route.kind as usize, slot as u32);
        assert_eq!(state.used.contains(&slot), !jobs.is_empty(), "seed {seed}");
        for (other, free) in state.free.iter().enumerate() {
            assert_eq!(free.contains(&slot), other == kind && jobs.is_empty(), "seed {seed}");
        }
    }
    let slots = state.used.len() + state.free.iter().map(Vec::len).sum::<usize>();
    assert_eq!((&state.route_of, &state.serves, state.cost, slots), (&route_of, &serves, cost, state.routes.len()));
    let mut absent = state.absent.clone();
    absent.sort_unstable();
    let unserved = (0..serves.len() as u32).filter(|&order| serves[order as usize] == NONE);
    assert_eq!(absent, unserved.collect::<Vec<u32>>(), "seed {seed}");
}

/// Each gap tried, each tour judged: the first of the cheapest.
fn slow_best_place(ground: &Ground<'_>, route: &Route, job: u32) -> Option<(i64, Gap)> {
    let jobs: Vec<u32> = route.jobs().collect();
    if route.is_flexible(ground) {
        return slow_shortest(ground, route, job, &jobs);
    }
    if ground.trips {
        return slow_best_trip(ground, route, job);
    }
    let (_, before) = judged(ground, route.kind, &jobs);
    let partner = ground.stops[job as usize].partner;
    let mut best: Option<(i64, Gap)> = None;
    for at in 0..=jobs.len() {
        for second in if partner == NONE { at..=at } else { at..=jobs.len() } {
            let mut with = jobs.clone();
            if partner != NONE {
                with.insert(second, partner);
            }
            with.insert(at, job);
            let (faults, Some(cost)) = judged(ground, route.kind, &with) else { continue };
            let more = cost - before?;
            if faults.is_empty() && best.is_none_or(|best| more < best.0) {
                best = Some((more, Gap { after: at as u16, second: second as u16 }));
            }
        }
    }
    best
}

/// The same where a trip may begin or end with the job.
fn slow_best_trip(ground: &Ground<'_>, route: &Route, job: u32) -> Option<(i64, Gap)> {
    let before = of(ground, route);
    let (_, paid) = driven(ground, &before);
    let places = ground.problem.vehicles()[before.vehicle].reloads.len();
    let partings = (0..places).map(|place| vec![Parting::Begins(place), Parting::Ends(place)]);
    let mut best: Option<(i64, Gap)> = None;
    for partings in std::iter::once(vec![Parting::Nothing]).chain(partings) {
        for at in 0..=deeds(&before).len() {
            for &parting in &partings {
                let way = match parting {
                    Parting::Nothing => 0,
                    Parting::Begins(place) => 2 * place + 1,
                    Parting::Ends(place) => 2 * place + 2,
                };
                let (faults, Some(cost)) = driven(ground, &with(ground.problem, &before, job as usize, at)[way]) else {
                    continue;
                };
                let more = cost - paid?;
                if faults.is_empty() && best.is_none_or(|best| more < best.0) {
                    best = Some((more, Gap::of_trips(at, parting)));
                }
            }
        }
    }
    best
}

/// The same of a flexible route: the first of the shortest, if any vehicle of the family could drive it.
fn slow_shortest(ground: &Ground<'_>, route: &Route, job: u32, jobs: &[u32]) -> Option<(i64, Gap)> {
    let length = |jobs: &[u32]| {
        let vehicle = &ground.problem.vehicles()[route.kind as usize];
        let places = jobs.iter().map(|&job| ground.problem.jobs()[job as usize].place);
        let way: Vec<usize> = std::iter::once(vehicle.start).chain(places).chain([vehicle.end]).collect();
        let legs = way.windows(2).map(|leg| i64::from(ground.problem.distance(route.kind as usize, leg[0], leg[1])));
        if jobs.is_empty() { 0 } else { legs.sum() }
    };
    let mut best: Option<(i64, Gap)> = None;
    for at in 0..=jobs.len() {
        let mut with = jobs.to_vec();
        with.insert(at, job);
        let someone = ground.family[route.kind as usize].iter().any(|&kind| judged(ground, kind, &with).0.is_empty());
        let more = length(&with) - length(jobs);
        if someone && best.is_none_or(|best| more < best.0) {
            best = Some((more, Gap::after(at)));
        }
    }
    best
}

/// The cheapest vehicle of those that are free, and the one there is, for a flexible route with a job more.
fn slow_flexed(state: &State<'_>, slot: u32, job: u32, gap: Gap) -> Option<i64> {
    let route = &state.routes[slot as usize];
    let mut jobs: Vec<u32> = route.jobs().collect();
    jobs.insert(usize::from(gap.after), job);
    let family = state.ground.family[route.kind as usize].iter().copied();
    let there = family.filter(|&kind| kind == route.kind || !state.free[kind as usize].is_empty());
    let costs = there.filter_map(|kind| {
        let (faults, cost) = judged(state.ground, kind, &jobs);
        cost.filter(|_| faults.is_empty())
    });
    costs.min().map(|cost| cost - route.cost)
}

fn best_place(ground: &Ground<'_>, route: &Route, job: u32) -> Option<(i64, Gap)> {
    let mut schedule = Schedule::default();
    if ground.timed {
        route.best_place::<true>(ground, job, i64::MAX, &mut schedule)
    } else {
        route.best_place::<false>(ground, job, i64::MAX, &mut schedule)
    }
}

/// Takes out some cells of some routes, then puts in some of what is absent.
fn change(state: &mut State<'_>, random: &mut Random, metric: bool, seed: u64) {
    for _ in 0..random.below(4) {
        if state.used.is_empty() {
            break;
        }
        let slot = state.used[random.below(state.used.len())];
        let (cut, share) = (random.next_u64(), random.below(3));
        let jobs = 1..=state.routes[slot as usize].size();
        state.take_out(slot, |cell| jobs.contains(&cell) && (share == 0 || cut >> (cell % 64) & 1 == 1));
        if state.ground.trips && random.below(2) == 0 {
            let (before, trips) = (state.cost, of(state.ground, &state.routes[slot as usize]).reloads.len());
            state.merge_trips(slot);
            let merged = of(state.ground, &state.routes[slot as usize]).reloads.len();
            assert!(merged <= trips && state.cost <= before && (merged < trips || state.cost == before), "seed {seed}");
        }
    }
    for _ in 0..random.below(9) {
        if state.absent.is_empty() {
            break;
        }
        let at = random.below(state.absent.len());
        let options = &state.ground.orders[state.absent[at] as usize].options;
        let job = options[random.below(options.len())];
        let slot = random.below(state.routes.len()) as u32;
        let place = best_place(state.ground, &state.routes[slot as usize], job);
        let slow = slow_best_place(state.ground, &state.routes[slot as usize], job);
        if metric || !state.ground.priced {
            assert_eq!(place, slow, "seed {seed} job {job}");
        } else {
            // Where a way round takes less time, a cheaper place may be overlooked.
            let cost = |place: Option<(i64, Gap)>| place.map_or(i64::MAX, |(cost, _)| cost);
            assert!(cost(place) >= cost(slow), "seed {seed} job {job}");
        }
        if let Some((more, gap)) = place {
            let mut slot = slot;
            if state.routes[slot as usize].is_flexible(state.ground) {
                let flexed = state.flexed(slot, job, more);
                assert_eq!(flexed.map(|(cost, _)| cost), slow_flexed(state, slot, job, gap), "seed {seed}");
                let Some((cost, kind)) = flexed else { continue };
                let before = state.cost;
                state.absent.swap_remove(at);
                slot = state.hand_over(slot, kind);
                state.insert(job, slot, gap);
                assert_eq!(state.cost - before, cost, "seed {seed}");
                continue;
            }
            state.absent.swap_remove(at);
            state.insert(job, slot, gap);
        }
    }
}

/// Cuts and joins as the search makes them: each adds what it said. Vehicles change hands; what is not allowed is undone.
fn rejoin(state: &mut State<'_>, random: &mut Random, seed: u64) -> usize {
    let mut done = 0;
    for _ in 0..12 {
        let timed = state.ground.timed;
        let tails = if timed { best_tails::<true>(state, random) } else { best_tails::<false>(state, random) };
        let turn = best_turn(state, random).filter(|_| state.ground.both_ways);
        for (cut, is_turn) in [(tails, false), (turn, true)] {
            let Some(cut) = cut else { continue };
            // The first may have changed what the second was drawn for.
            if is_turn && tails.is_some() {
                continue;
            }
            let before = state.cost;
            state.begin();
            if is_turn {
                state.turn(cut.one, cut.other);
            } else {
                state.swap_tails(cut.one, cut.other);
            }
            let kind = state.routes[cut.one.0 as usize].kind;
            if !state.ground.family[kind as usize].is_empty() {
                // What was reckoned is reached where enough vehicles are free.
                let plenty = state.ground.family[kind as usize].iter().all(|&kind| state.free[kind as usize].len() > 2);
                let slots = [cut.one.0, cut.other.0].map(|slot| state.refit(slot));
                if !slots.iter().all(|&slot| state.is_allowed(slot)) {
                    assert!(!plenty, "seed {seed}");
                    state.undo();
                    continue;
                }
                let more = state.cost - before;
                let as_said = match (cut.one.0 == cut.other.0, plenty) {
                    // A vehicle that was not free before may take it over now.
                    (true, _) => more <= cut.more,
                    (false, true) => more == cut.more,
                    (false, false) => more >= cut.more,
                };
                assert!(as_said, "seed {seed} {more} {cut:?}");
                done += 1;
                continue;
            }
            let strict = state.ground.strict;
            if strict && !(state.is_allowed(cut.one.0) && state.is_allowed(cut.other.0)) {
                // Rides are judged when it is done.
                state.undo();
                continue;
            }
            // What times cost is known when it is done.
            assert!(state.ground.priced || state.cost - before == cut.more, "seed {seed} {cut:?}");
            done += 1;
        }
        if let Some((one, other)) = draw_vehicles(state, random) {
            let before = Snapshot::of(state);
            state.begin();
            if state.change_vehicles(one, other) {
                done += 1;
            } else {
                state.undo();
                assert_eq!(Snapshot::of(state), before, "seed {seed}");
            }
        }
    }
    done
}

/// A version is one way only.
fn remember(state: &State<'_>, ways: &mut HashMap<u32, Vec<Cell>>) {
    for route in &state.routes {
        // Empty routes of a type are alike.
        let way = ways.entry(route.version).or_insert_with(|| route.cells.clone());
        assert_eq!(*way, route.cells);
    }
}

#[test]
fn nothing_is_forgotten_and_undo_brings_everything_back() {
    let (mut undone, mut driven, mut rejoined) = (0, 0, 0);
    for seed in 0..cases(150, 6_000) {
        let metric = seed % 3 > 0;
        let taste = Taste {
            jobs: 16,
            types: 3,
            vehicles: 4,
            metric,
            extreme: false,
            mild: seed % 2 == 0,
            pairs: seed % 4 > 0,
            trips: true,
            priced: true,
        };
        let mut draw = Draw::new(seed, taste);
        let problem = draw.problem();
        let ground = Ground::new(&problem);
        let mut state = State::new(&ground);
        let (mut random, mut ways) = (draw.random, HashMap::new());
        remember(&state, &mut ways);
        agree(&state, metric, seed);
        if state.absent.is_empty() {
            continue;
        }
        for _ in 0..12 {
            let before = Snapshot::of(&state);
            state.begin();
            for _ in 0..1 + random.below(2) {
                change(&mut state, &mut random, metric, seed);
            }
            agree(&state, metric, seed);
            remember(&state, &mut ways);
            driven += state.used.len();
            if random.below(3) == 0 {
                rejoined += rejoin(&mut state, &mut random, seed);
                agree(&state, metric, seed);
                remember(&state, &mut ways);
                continue;
            }
            if random.below(2) == 0 {
                state.undo();
                assert_eq!(Snapshot::of(&state), before, "seed {seed}");
                agree(&state, metric, seed);
                undone += 1;
            }
        }
    }
    assert!(undone > 100 && driven > 100 && rejoined > 100);
}
