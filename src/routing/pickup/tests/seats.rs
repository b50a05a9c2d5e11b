//! Who is seated against a flow worked anew, person by person.

use super::super::ground::Ground;
use super::super::recreate::Recreate;
use super::super::state::State;
use super::*;

/// Missing people and prizes not won with the stops as they are, when seats are given one person at a time, who pays most first (nobody loses a seat
/// again, but people change buses: the people who can be seated together are a matroid, so that this is the best).
pub(super) fn most_valuable(state: &State<'_>) -> (u64, i64) {
    let ground = state.ground;
    let mut people: Vec<(i64, u32)> = Vec::new();
    for (at, group) in ground.groups.iter().enumerate() {
        people.extend((0..group.people).map(|_| (group.prize.unwrap_or(i64::MAX), at as u32)));
    }
    people.sort_by_key(|&(prize, group)| (std::cmp::Reverse(prize), group));
    let mut seats: Vec<Vec<usize>> = vec![Vec::new(); state.routes.len()];
    let (mut missing, mut unwon) = (0, 0);
    for person in 0..people.len() {
        if !seat(state, &people, person, &mut seats, &mut vec![false; state.routes.len()]) {
            match ground.groups[people[person].1 as usize].prize {
                Some(prize) => unwon += prize,
                None => missing += 1,
            }
        }
    }
    (missing, unwon)
}

fn seat(state: &State<'_>, people: &[(i64, u32)], person: usize, seats: &mut [Vec<usize>], seen: &mut [bool]) -> bool {
    for (slot, route) in state.routes.iter().enumerate() {
        if seen[slot] || !state.ground.meets(people[person].1, &route.set) {
            continue;
        }
        seen[slot] = true;
        if seats[slot].len() < route.room as usize {
            seats[slot].push(person);
            return true;
        }
        for at in 0..seats[slot].len() {
            let other = seats[slot][at];
            if seat(state, people, other, seats, seen) {
                seats[slot][at] = person;
                return true;
            }
        }
    }
    false
}

#[test]
fn seats_are_found_by_moving_up() {
    // One seat a bus, at each of three stops. Groups: {0, 1}, {1, 2}, {0}; the last makes both others move.
    let all = vec![riders(1, &[0, 1]), riders(1, &[1, 2]), riders(1, &[0])];
    let problem = Problem::new(on_line(&[1, 2, 3], all, vec![bus(3, 1)])).unwrap();
    let ground = Ground::new(&problem);
    let mut state = State::new(&ground);
    state.begin();
    for (slot, stop) in [(0, 0), (1, 1)] {
        state.change(slot, |stops| stops.push(stop));
        state.seat_all();
    }
    assert_eq!(state.missing, 1);
    state.change(2, |stops| stops.push(2));
    state.seat_all();
    assert_eq!(state.missing, 0);
}

#[test]
fn who_pays_more_has_the_seat() {
    // Two seats at one stop; 5, 7, 7 and 9: 9 and one 7 ride. Later one must: the 7 loses the seat.
    let all = vec![optional(1, &[0], 5), optional(2, &[0], 7), optional(1, &[0], 9)];
    let parts = on_line(&[1], all, vec![bus(1, 2)]);
    let unwon = |parts: Parts| {
        let problem = Problem::new(parts).unwrap();
        let ground = Ground::new(&problem);
        let mut state = State::new(&ground);
        state.begin();
        state.change(0, |stops| stops.push(0));
        state.seat_all();
        (state.missing, state.unwon)
    };
    assert_eq!(unwon(parts.clone()), (0, 12));
    let mut must = parts;
    must.riders.push(riders(1, &[0]));
    assert_eq!(unwon(must), (0, 19));
}

#[test]
fn as_many_ride_as_can() {
    let (mut full, mut part) = (0, 0);
    for seed in 0..cases(300, 10_000) {
        let taste = Taste {
            stops: 12,
            riders: 25,
            people: 4,
            types: 2,
            vehicles: 6,
            prizes: seed % 2 == 0,
            plain: false,
            extreme: false,
        };
        let problem = draw(seed, taste);
        let ground = Ground::new(&problem);
        let mut state = State::new(&ground);
        let mut recreate = Recreate::new(&state);
        recreate.fill(&mut state, i64::MAX, &mut Random::new(seed));
        assert_eq!((state.missing, state.unwon), most_valuable(&state), "seed {seed}");
        if state.queue.is_empty() { full += 1 } else { part += 1 }
    }
    assert!(full > 30 && part > 100, "{full} {part}");
}
