//! Which orders are torn out: strings of jobs in routes near a job (Christiaens & Vanden Berghe 2020, section 5.1).

use super::state::State;
use crate::search::Random;

/// Orders torn out on average.
const MEAN: f64 = 8.0;
/// Longest string.
const LONGEST: f64 = 10.0;
/// A string is split, and the part kept grows, with these probabilities.
const SPLIT: f64 = 0.5;
const GROW: f64 = 0.01;

/// Memory that is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Ruin {
    ruined: Vec<u32>,
}

impl Ruin {
    /// Says around which job.
    pub(super) fn tear(&mut self, state: &mut State<'_>, random: &mut Random) -> u32 {
        self.ruined.clear();
        let ground = state.ground;
        let seed = random.below(ground.stops.len()) as u32;
        if state.used.is_empty() {
            return seed;
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
        seed
    }
}

fn tear_string(state: &mut State<'_>, slot: u32, job: u32, length: usize, random: &mut Random) {
    let route = &state.routes[slot as usize];
    let size = route.size();
    let at = route.jobs().position(|other| other == job).unwrap_or(0);
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
