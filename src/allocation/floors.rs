//! So many of each group first: who is wanted comes in before the others, and where that was not enough, who can be spared makes room.
//!
//! Nobody goes whose group would then miss its floor. Who made room is tried elsewhere; that fewer are served in the end may be
//! the price: floors come before numbers. A heuristic, as the problem is as hard as packing; small cases are proven by [`super::exact`].

use super::Pulse;
use super::search::{insert, let_in, order};
use super::state::State;

/// The first answer's beginning: only those wanted, in its usual order.
pub(super) fn insert_wanted(state: &mut State<'_>) {
    if state.missing() == 0 {
        return;
    }
    for claimant in order(state.ground) {
        if state.at(claimant).is_none() && state.is_wanted(claimant) {
            insert(state, claimant);
        }
    }
}

/// Lets those in who are missing, at the cost of those who can be spared; true if anything changed.
pub(super) fn raise(state: &mut State<'_>, pulse: &mut Pulse<'_>) -> bool {
    let mut any = false;
    while state.missing() > 0 && pulse.go_on(state) {
        let before = state.missing();
        for claimant in state.refused() {
            if !pulse.alive(state) {
                return any;
            }
            if state.is_wanted(claimant)
                && (insert(state, claimant) || let_in(state, claimant) || displace(state, claimant))
            {
                any = true;
            }
        }
        if state.missing() >= before {
            break;
        }
    }
    any
}

/// Takes out who can be spared and is in the way, worst standing and rank first, where that is enough for a choice; then tries them elsewhere.
fn displace(state: &mut State<'_>, claimant: usize) -> bool {
    let ground = state.ground;
    for &choice in &ground.open[claimant] {
        let pool = ground.choice(claimant, choice).pool;
        let mut gone: Vec<(usize, usize)> = Vec::new();
        while let Some(block) = state.block(claimant, choice) {
            let mut others = state.in_the_way(pool, block);
            others.sort_by_key(|&other| (std::cmp::Reverse((ground.standing(other), ground.rank(other))), other));
            // One can be replaced by who comes in, not two.
            let successor = gone.is_empty().then_some(claimant);
            let spared = others.into_iter().find(|&other| state.can_spare(other, successor));
            let Some((other, old)) = spared.and_then(|other| Some((other, state.take(other)?))) else { break };
            gone.push((other, old));
        }
        if state.fits(claimant, choice) {
            state.put(claimant, choice);
            for (other, _) in gone {
                if !insert(state, other) {
                    let_in(state, other);
                }
            }
            return true;
        }
        for (other, old) in gone {
            state.put(other, old);
        }
    }
    false
}
