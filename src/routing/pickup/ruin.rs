//! What is torn out: stops around a stop, strings of routes around it (after Christiaens & Vanden Berghe 2020), or whole routes.

use super::ground::NONE;
use super::moves::{Move, make};
use super::state::State;
use crate::search::Random;

/// Most stops torn out around one.
const AROUND: usize = 8;
/// A stop around is overlooked with this probability.
const OVERLOOK: f64 = 0.2;
/// Most strings, and their longest.
const STRINGS: usize = 4;
const LONGEST: usize = 6;
/// Most whole routes.
const ROUTES: usize = 3;

/// Takes some stops out of routes; who boarded there waits.
pub(super) fn tear(state: &mut State<'_>, random: &mut Random) {
    let ground = state.ground;
    if state.used.is_empty() {
        return;
    }
    let drawn = random.below(ground.stops) as u32;
    let mut around = std::iter::once(drawn).chain(ground.near(drawn).iter().copied());
    let Some(seed) = around.find(|&stop| state.is_open(stop)) else { return };
    match random.below(8) {
        0..4 => {
            let most = 1 + random.below(AROUND);
            let mut torn = 0;
            for &stop in std::iter::once(&seed).chain(ground.near(seed)) {
                if torn == most {
                    break;
                }
                if state.is_open(stop) && (torn == 0 || random.unit() >= OVERLOOK) {
                    make(state, Move::Drop { stop });
                    torn += 1;
                }
            }
        }
        4..7 => each_route(state, seed, 1 + random.below(STRINGS), |state, stop| {
            let (slot, at) = (state.route_of[stop as usize], state.at[stop as usize] as usize);
            let size = state.routes[slot as usize].stops.len();
            let length = 1 + random.below(size.min(LONGEST));
            let low = (at + 1).saturating_sub(length);
            let start = low + random.below(at.min(size - length) - low + 1);
            state.change(slot, |stops| drop(stops.drain(start..start + length)));
        }),
        _ => each_route(state, seed, 1 + random.below(ROUTES), |state, stop| {
            state.change(state.route_of[stop as usize], Vec::clear);
        }),
    }
}

/// Tears some of each of the first few routes around a stop.
fn each_route(state: &mut State<'_>, seed: u32, most: usize, mut tear: impl FnMut(&mut State<'_>, u32)) {
    let ground = state.ground;
    let mut torn = [NONE; STRINGS];
    let mut count = 0;
    for &stop in std::iter::once(&seed).chain(ground.near(seed)) {
        let slot = state.route_of[stop as usize];
        if count == most {
            break;
        }
        if slot != NONE && !torn[..count].contains(&slot) {
            torn[count] = slot;
            count += 1;
            tear(state, stop);
        }
    }
}
