//! A placing straight down from the root of the search: the likeliest are fixed, prices follow, until everybody is placed or the bound says no.
//!
//! Likely is what the average of the last knapsacks holds (as a column of a Dantzig-Wolfe master; diving, Sadykov et al. 2019), with
//! a little luck. Mistakes show late, when what is left does not fill the resources well: as soon as little enough is left it is searched
//! whole ([`super::cover`]), and only the last turns are undone and made again, differently, before all is given up.

use super::{Random, Tree};

/// Steps of the prices at each turn: enough for an average that means something.
const STEPS: u32 = 40;
/// The part of those left that is fixed at most in a turn.
const BULK: usize = 12;
/// From which share of the knapsacks on more than one is fixed in a turn.
const SURE: f32 = 0.8;
/// The work of trying the end of a dive again, in that of the way down; and so many times those then left are freed at most.
const AGAIN: usize = 4;
const FREED: f64 = 5.0;

/// Where a turn began.
struct Turn {
    trail: usize,
    price: Vec<f64>,
    /// How many were not fixed.
    free: usize,
}

impl Tree<'_> {
    /// Dives, some straighter than others; leaves the tree as it was, but for what is known.
    pub(super) fn dive(&mut self, luck: &mut Random, number: u32) {
        let noise = 0.1 * f64::from(1 + number % 4);
        let (mark, price) = (self.trail.len(), self.price.clone());
        let known = self.known;
        let mut turns: Vec<Turn> = Vec::new();
        // Claimants looked at on the first way down, and since.
        let (mut down, mut again, mut retries) = (0, 0, 0);
        let mut searched = usize::MAX;
        while self.alive && self.known == known {
            let free = self.fixed.iter().filter(|fixed| fixed.is_none()).count();
            *if retries == 0 { &mut down } else { &mut again } += free.max(1);
            turns.push(Turn { trail: self.trail.len(), price: self.price.clone(), free });
            if self.turn(luck, noise) && !self.end(&mut searched) && self.known == known {
                continue;
            }
            if self.known < known || again >= AGAIN * down {
                break;
            }
            (retries, searched) = (retries + 1, usize::MAX);
            let freed = free.max(1) as f64 * (1.0 + (FREED - 1.0) * luck.unit());
            while turns.len() > 1 && turns.last().is_some_and(|turn| (turn.free as f64) < freed) {
                turns.pop();
            }
            if let Some(turn) = turns.pop() {
                self.undo(turn.trail);
                self.price = turn.price;
            }
        }
        self.undo(mark);
        self.price = price;
    }

    /// Fixes some more; false: from here nothing better comes.
    fn turn(&mut self, luck: &mut Random, noise: f64) -> bool {
        let (bound, settled) = self.ascend(STEPS, 0.5);
        if settled || bound >= self.known || !self.prune() {
            return false;
        }
        let share = self.share();
        let mut likely: Vec<(f32, u32)> = Vec::new();
        for claimant in (0..self.needs.len()).filter(|&claimant| self.fixed[claimant].is_none()) {
            let best = self
                .needs
                .options(claimant)
                .filter(|&option| !self.out[option])
                .map(|option| ((self.mean[option] * share - noise * luck.unit()) as f32, option as u32))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            likely.extend(best);
        }
        likely.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let most = (likely.len() / BULK).max(1);
        for (k, &(mean, option)) in likely.iter().enumerate().take(most) {
            let claimant = self.claimant[option as usize] as usize;
            if k > 0 && (mean < SURE || self.fixed[claimant].is_some()) {
                continue;
            }
            // Full already: here it cannot go.
            if !self.fix(option) && !self.leave_out(option) {
                return false;
            }
        }
        !likely.is_empty()
    }
}
