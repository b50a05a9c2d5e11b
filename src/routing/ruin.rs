//! Which orders are torn out: strings of jobs in routes near a job (Christiaens & Vanden Berghe 2020, section 5.1), or, since strings of pairs go through
//! each other, single ones near it and anywhere.

use super::state::State;
use crate::search::Random;

/// Orders torn out on average.
const MEAN: f64 = 8.0;
/// Longest string.
const LONGEST: f64 = 10.0;
/// A string is split, and the part kept grows, with these probabilities.
const SPLIT: f64 = 0.5;
const GROW: f64 = 0.01;

/// Where there are pairs, single orders are torn out with this probability; at most so many, each with this probability a near one that is passed
/// over, or with that one from anywhere. (Measured on dial-a-ride and Li & Lim's instances: strings alone end 0.3 % dearer and miss vehicles.)
const SINGLE: f64 = 0.6;
const SINGLES: usize = 16;
const PASSED: f64 = 0.6;
const ANYWHERE: f64 = 0.4;

/// Trips out of which strings were torn become one, where they fit into one, with this probability.
const MERGED: f64 = 0.5;

/// Memory that is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Ruin {
    ruined: Vec<u32>,
}

impl Ruin {
    /// Around any job; says which.
    pub(super) fn tear(&mut self, state: &mut State<'_>, random: &mut Random) -> u32 {
        let seed = random.below(state.ground.stops.len()) as u32;
        self.tear_around(state, seed, random);
        seed
    }

    /// Around a job, which may stand outside.
    pub(super) fn tear_around(&mut self, state: &mut State<'_>, seed: u32, random: &mut Random) {
        self.ruined.clear();
        let ground = state.ground;
        if state.used.is_empty() {
            return;
        }
        if ground.paired && random.unit() < SINGLE {
            tear_singles(state, seed, random);
            return;
        }
        let served = ground.orders.len() - state.absent.len();
        let longest = LONGEST.min(served as f64 / state.used.len() as f64);
        let strings = (random.unit() * (4.0 * MEAN / (1.0 + longest) - 1.0) + 1.0) as usize;
        let near = std::iter::once(seed).chain(ground.around.of(seed).iter().copied());
        for job in near {
            if self.ruined.len() >= strings {
                break;
            }
            let slot = state.route_of[job as usize];
            if slot == state.nowhere() || self.ruined.contains(&slot) {
                continue;
            }
            self.ruined.push(slot);
            let most = longest.min(state.routes[slot as usize].size() as f64);
            let length = (random.unit() * most + 1.0) as usize;
            tear_string(state, slot, job, length, random);
        }
        for &slot in &self.ruined {
            if ground.trips && random.unit() < MERGED {
                state.merge_trips(slot);
            }
            state.refit(slot);
        }
    }
}

fn tear_singles(state: &mut State<'_>, seed: u32, random: &mut Random) {
    let ground = state.ground;
    let mut left = 1 + random.below(SINGLES);
    for &near in std::iter::once(&seed).chain(ground.around.of(seed)) {
        if left == 0 {
            break;
        }
        if random.unit() < PASSED {
            continue;
        }
        let anywhere = random.unit() < ANYWHERE;
        let job = if anywhere { random.below(ground.stops.len()) as u32 } else { near };
        let slot = state.route_of[job as usize];
        if let Some(at) = state.routes.get(slot as usize).and_then(|route| route.cell_of(job)) {
            state.take_out(slot, |cell| cell == at);
            left -= 1;
        }
    }
}

fn tear_string(state: &mut State<'_>, slot: u32, job: u32, length: usize, random: &mut Random) {
    let route = &state.routes[slot as usize];
    let size = route.size();
    let at = route.cell_of(job).map_or(0, |cell| cell - 1);
    let mut kept = 0;
    if length > 1 && length < size && random.unit() < SPLIT {
        kept = 1;
        while length + kept < size && random.unit() < GROW {
            kept += 1;
        }
    }
    // The window holds the job: it begins at most `span - 1` before it.
    let span = length + kept;
    let low = (at + 1).saturating_sub(span);
    let high = at.min(size - span);
    let start = 1 + low + random.below(high - low + 1);
    let hole = start + if kept == 0 { span } else { 1 + random.below(length - 1) };
    state.take_out(slot, |cell| (start..start + span).contains(&cell) && !(hole..hole + kept).contains(&cell));
}
