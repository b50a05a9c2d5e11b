//! What the search remembers against what is worked anew, after every kind of change, and after undo.

use super::super::ground::{Ground, NONE};
use super::super::moves::{Move, draw as draw_move, make, price};
use super::super::recreate::Recreate;
use super::super::ruin;
use super::super::state::{Route, State, room};
use super::seats::most_valuable;
use super::*;

const TASTE: Taste =
    Taste { stops: 14, riders: 20, people: 3, types: 3, vehicles: 5, prizes: false, plain: false, extreme: false };

/// Everything but the order of what has none.
#[derive(Debug, PartialEq)]
struct Snapshot {
    routes: Vec<Route>,
    lists: Vec<Vec<u32>>,
    open: Vec<u64>,
    sums: (i64, i64, u64),
}

impl Snapshot {
    fn of(state: &State<'_>) -> Self {
        let sorted = |list: &Vec<u32>| {
            let mut list = list.clone();
            list.sort_unstable();
            list
        };
        let at = |stop: usize| if state.route_of[stop] == NONE { NONE } else { state.at[stop] };
        let mut lists = vec![state.route_of.clone(), (0..state.at.len()).map(at).collect(), state.waiting.clone()];
        lists.extend([sorted(&state.used), sorted(&state.queue)]);
        lists.extend(state.free.iter().map(sorted));
        Self {
            // What is remembered of where people could go is worked out anew at any time.
            routes: state
                .routes
                .iter()
                .map(|route| Route { reach: Vec::new(), stale: true, ..route.clone() })
                .collect(),
            lists,
            open: state.open.clone(),
            sums: (state.cost, state.unwon, state.missing),
        }
    }
}

/// Is everything that is remembered so?
fn agree(state: &State<'_>, what: &str) {
    let ground = state.ground;
    let problem = ground.problem;
    let mut route_of = vec![NONE; ground.stops];
    let mut open = vec![0_u64; ground.words];
    let mut waiting: Vec<u32> = ground.groups.iter().map(|group| group.people).collect();
    let mut cost = 0;
    for (slot, route) in state.routes.iter().enumerate() {
        let vehicle = &problem.vehicles()[route.kind as usize];
        assert_eq!(state.used.contains(&(slot as u32)), !route.stops.is_empty(), "{what}");
        assert_eq!(state.free[route.kind as usize].contains(&(slot as u32)), route.stops.is_empty(), "{what}");
        let (mut set, mut reach, mut load) = (vec![0_u64; ground.words], vec![0_u64; ground.words], 0);
        // Driven step by step.
        let (mut here, mut driven, mut ride) = (vehicle.start, 0, 0);
        for (at, &stop) in route.stops.iter().enumerate() {
            assert_eq!(std::mem::replace(&mut route_of[stop as usize], slot as u32), NONE, "{what}");
            assert_eq!(state.at[stop as usize] as usize, at, "{what}");
            set[stop as usize / 64] |= 1 << (stop % 64);
            open[stop as usize / 64] |= 1 << (stop % 64);
            let Stop { place, dwell } = problem.stops()[stop as usize];
            let time = i64::from(problem.duration(route.kind as usize, here, place));
            driven += vehicle.per_distance * i64::from(problem.distance(route.kind as usize, here, place))
                + vehicle.per_duration * (time + i64::from(dwell));
            ride += i64::from(dwell) + if at > 0 { time } else { 0 };
            here = place;
        }
        if !route.stops.is_empty() {
            let time = i64::from(problem.duration(route.kind as usize, here, problem.destination()));
            let distance = i64::from(problem.distance(route.kind as usize, here, problem.destination()));
            driven += vehicle.fixed + vehicle.per_distance * distance + vehicle.per_duration * time;
            ride += time;
        }
        for (at, &(group, count)) in route.aboard.iter().enumerate() {
            assert!(count > 0 && ground.meets(group, &route.set), "{what}: group {group} on {route:?}");
            assert!(route.aboard[..at].iter().all(|&(other, _)| other != group), "{what}");
            waiting[group as usize] -= count;
            load += count;
            for &(word, bits) in ground.spots(group) {
                reach[word as usize] |= bits;
            }
        }
        assert_eq!((route.cost, route.ride, route.load), (driven, ride, load), "{what}");
        assert!(load <= route.room, "{what}");
        let lawful = route.stops.len() <= problem.most_stops();
        assert_eq!(route.room, if lawful { room(ground, route.kind, ride) } else { 0 }, "{what}");
        assert_eq!(route.set, set, "{what}");
        assert!(route.stale || route.reach == reach, "{what}");
        cost += driven + i64::from(load) * i64::from(problem.boarding()) * vehicle.per_duration;
    }
    assert_eq!((&state.route_of, &state.open, &state.waiting), (&route_of, &open, &waiting), "{what}");
    let mut queue = state.queue.clone();
    queue.sort_unstable();
    let wait: Vec<u32> = (0..waiting.len() as u32).filter(|&group| waiting[group as usize] > 0).collect();
    assert_eq!(queue, wait, "{what}");
    let (mut missing, mut unwon) = (0, 0);
    for (group, &waiting) in ground.groups.iter().zip(&waiting) {
        match group.prize {
            Some(prize) => unwon += prize * i64::from(waiting),
            None => missing += u64::from(waiting),
        }
    }
    assert_eq!((state.cost, state.unwon, state.missing), (cost, unwon, missing), "{what}");
}

fn driving(state: &State<'_>) -> i64 {
    state.routes.iter().map(|route| route.cost).sum()
}

fn name(change: Move) -> usize {
    match change {
        Move::Replace { .. } => 0,
        Move::Drop { .. } => 1,
        Move::Trade { .. } => 2,
        Move::Relocate { .. } => 3,
        Move::Swap { .. } => 4,
        Move::Tails { .. } => 5,
        Move::Within { .. } => 6,
        Move::Turn { .. } => 7,
        Move::Vehicles { .. } => 8,
    }
}

#[test]
fn nothing_is_forgotten_and_undo_brings_everything_back() {
    let (mut made, mut undone, mut filled, mut seated) = ([0_u32; 9], 0, 0, 0);
    for seed in 0..cases(120, 4_000) {
        let taste = Taste { prizes: seed % 3 == 0, types: 1 + seed as usize % 3, ..TASTE };
        let problem = draw(seed, taste);
        let ground = Ground::new(&problem);
        let mut state = State::new(&ground);
        let mut recreate = Recreate::new(&state);
        let mut random = Random::new(seed);
        agree(&state, "new");
        state.begin();
        recreate.fill(&mut state, i64::MAX, &mut random);
        agree(&state, "filled");
        for _ in 0..60 {
            let before = Snapshot::of(&state);
            let what = if random.below(4) == 0 {
                state.begin();
                ruin::tear(&mut state, &mut random);
                agree(&state, "torn");
                recreate.fill(&mut state, i64::MAX, &mut random);
                filled += 1;
                format!("seed {seed} filled")
            } else {
                let Some((change, more)) = draw_move(&state, &mut random) else { continue };
                let what = format!("seed {seed} {change:?}");
                assert_eq!(price(&state, change), more, "{what}");
                let dear = driving(&state);
                state.begin();
                make(&mut state, change);
                agree(&state, &what);
                if !matches!(change, Move::Vehicles { .. }) {
                    assert_eq!(driving(&state) - dear, more, "{what}");
                }
                state.seat_all();
                made[name(change)] += 1;
                what
            };
            agree(&state, &what);
            assert_eq!((state.missing, state.unwon), most_valuable(&state), "{what}");
            seated += usize::from(!state.used.is_empty());
            if random.below(2) == 0 {
                state.undo();
                assert_eq!(Snapshot::of(&state), before, "{what}");
                agree(&state, "undone");
                undone += 1;
            }
        }
    }
    assert!(made.iter().all(|&made| made > 5) && undone > 500 && filled > 500 && seated > 1000, "{made:?}");
}
