//! A little of a good answer is torn out and filled anew, again and again (Christiaens & Vanden Berghe 2020, for vehicle routing).
//!
//! Some members of a pool, and of another one that one of them could use, go; they and some of those refused there come in again, the shortest
//! presence first but for luck, each to its cheapest choice that fits, now and then passing one by. Kept where no more are missing to a floor, no
//! fewer are served, and, for as many, where it costs less or, while it is warm, little more; the best of all is the answer.

use super::Pulse;
use super::state::State;
use crate::search::Random;

/// Rounds for each claimant, and the most steps (slots and members looked at) of all.
const ROUNDS: usize = 4;
const WORK: u64 = 400_000_000;
/// Most members torn out of a pool, and most of those refused who are tried.
const TORN: usize = 6;
const TRIED: usize = 10;
/// A choice is passed by with this chance.
const BLINK: f64 = 0.05;
/// Temperatures, in mean costs of those served.
const WARM: f64 = 0.1;
const COLD: f64 = 0.002;
/// Rounds between two looks at the clock.
const LOOK: usize = 1000;

/// Improves the state while there is time.
pub(super) fn polish(state: &mut State<'_>, seed: u64, pulse: &mut Pulse<'_>) {
    let ground = state.ground;
    let open: Vec<usize> = (0..ground.claimants()).filter(|&claimant| !ground.open[claimant].is_empty()).collect();
    if open.len() < 2 || state.served() == 0 {
        return;
    }
    let mut random = Random::new(seed);
    let mut refused = Refused::new(state);
    let mean = state.worth().2 as f64 / state.served() as f64;
    let mut best = (state.missing(), state.served(), state.worth().2, state.choices());
    let mut now = (best.0, best.1, best.2 as i64);
    let (rounds, begun) = (ROUNDS * open.len(), state.work());
    let mut torn: Vec<(usize, usize)> = Vec::new();
    let mut tried: Vec<(f64, usize)> = Vec::new();
    for round in 0..rounds {
        let used = f64::max(round as f64 / rounds as f64, (state.work() - begun) as f64 / WORK as f64);
        if used >= 1.0 || (round % LOOK == 0 && !pulse.alive(state)) {
            break;
        }
        let temperature = mean * WARM * libm::pow(COLD / WARM, used);
        // Half of the rounds begin with somebody who has nothing.
        let first = match refused.any(&mut random).filter(|_| round % 2 == 0) {
            Some(claimant) => claimant,
            None => open[random.below(open.len())],
        };
        let pool = some_pool(state, first, &mut random);
        torn.clear();
        tear(state, pool, &mut torn, &mut random);
        let other =
            torn.get(random.below(torn.len().max(1))).map(|&(claimant, _)| some_pool(state, claimant, &mut random));
        if let Some(other) = other.filter(|&other| other != pool) {
            tear(state, other, &mut torn, &mut random);
        }
        tried.clear();
        let luck =
            |claimant: usize, random: &mut Random| (ground.length(claimant) as f64 * (0.3 + random.unit()), claimant);
        for &(claimant, _) in &torn {
            tried.push(luck(claimant, &mut random));
        }
        let asking = [Some(pool), other].into_iter().flatten();
        for claimant in asking.flat_map(|pool| refused.wanting(pool, &mut random)).collect::<Vec<_>>() {
            if state.at(claimant).is_none() && !torn.iter().any(|&(gone, _)| gone == claimant) {
                tried.push(luck(claimant, &mut random));
            }
        }
        tried.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut cost = now.2;
        for &(claimant, old) in &torn {
            cost -= i64::from(ground.choice(claimant, old).cost);
        }
        for &(_, claimant) in &tried {
            // Who wants both pools is there twice.
            if state.at(claimant).is_some() {
                continue;
            }
            let choice = ground.open[claimant]
                .iter()
                .copied()
                .find(|&choice| state.fits(claimant, choice) && random.unit() >= BLINK);
            if let Some(choice) = choice {
                state.put(claimant, choice);
                cost += i64::from(ground.choice(claimant, choice).cost);
            }
        }
        let (missing, served) = (state.missing(), state.served());
        let dearer = (cost - now.2) as f64;
        let keeps = missing < now.0
            || (missing == now.0
                && (served > now.1 || (served == now.1 && dearer <= -temperature * libm::log(1.0 - random.unit()))));
        if keeps {
            now = (missing, served, cost);
            for &(_, claimant) in &tried {
                refused.update(state, claimant);
            }
            let better =
                (missing, std::cmp::Reverse(served), cost) < (best.0, std::cmp::Reverse(best.1), best.2 as i64);
            if better {
                best = (missing, served, cost.unsigned_abs(), state.choices());
            }
        } else {
            for &(_, claimant) in &tried {
                state.take(claimant);
            }
            for &(claimant, old) in &torn {
                state.put(claimant, old);
            }
        }
    }
    state.adopt(&best.3);
}

fn some_pool(state: &State<'_>, claimant: usize, random: &mut Random) -> usize {
    let open = &state.ground.open[claimant];
    state.ground.choice(claimant, open[random.below(open.len())]).pool
}

/// Takes some of a pool's members out.
fn tear(state: &mut State<'_>, pool: usize, torn: &mut Vec<(usize, usize)>, random: &mut Random) {
    let count = state.members(pool).len().min(1 + random.below(TORN));
    for _ in 0..count {
        let members = state.members(pool);
        if members.is_empty() {
            return;
        }
        let claimant = members[random.below(members.len())];
        if let Some(old) = state.take(claimant) {
            torn.push((claimant, old));
        }
    }
}

/// Who is refused, of all and by pool; some of a pool's may have got something meanwhile.
struct Refused {
    all: Vec<usize>,
    /// Position in `all`.
    place: Vec<Option<usize>>,
    wanting: Vec<Vec<usize>>,
}

impl Refused {
    fn new(state: &State<'_>) -> Self {
        let ground = state.ground;
        let mut wanting = vec![Vec::new(); ground.problem.pools().len()];
        for claimant in 0..ground.claimants() {
            for &choice in &ground.open[claimant] {
                wanting[ground.choice(claimant, choice).pool].push(claimant);
            }
        }
        let mut refused = Self { all: Vec::new(), place: vec![None; ground.claimants()], wanting };
        for claimant in state.refused() {
            refused.update(state, claimant);
        }
        refused
    }

    fn any(&self, random: &mut Random) -> Option<usize> {
        (!self.all.is_empty()).then(|| self.all[random.below(self.all.len())])
    }

    /// Some who could use a pool, with or without a place now: a stretch of them from somewhere.
    fn wanting(&self, pool: usize, random: &mut Random) -> Vec<usize> {
        let wanting = &self.wanting[pool];
        let from = random.below(wanting.len().max(1));
        let around = wanting[from..].iter().chain(&wanting[..from]);
        around.copied().filter(|&claimant| self.place[claimant].is_some()).take(TRIED).collect()
    }

    fn update(&mut self, state: &State<'_>, claimant: usize) {
        match (state.at(claimant), self.place[claimant]) {
            (None, None) => {
                self.place[claimant] = Some(self.all.len());
                self.all.push(claimant);
            }
            (Some(_), Some(place)) => {
                self.all.swap_remove(place);
                if let Some(&moved) = self.all.get(place) {
                    self.place[moved] = Some(place);
                }
                self.place[claimant] = None;
            }
            _ => {}
        }
    }
}
