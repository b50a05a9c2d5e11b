//! The end of a dive or of a branch, searched whole: of each resource all sets of claimants that lose little, and one of each so that everybody is in
//! just one ([`super::partition`]).
//!
//! When some tens of claimants are left every resource has to be filled to nearly its last unit, and fixing one claimant after another
//! meets that by luck only. What a set loses is what it earns less than the resource's best at these prices; all together may lose what lies
//! between the bound and something better. Limits: [`WIDEST`] claimants of a resource, [`SETS`] sets of all, [`LOOKS`] sets looked at.

use super::knapsack::suffix;
use super::partition::{self, Partition, Picked, Set};
use super::{ONE, Open, Tree};

/// When so many are left, or fewer, all that is below is searched; where that is too much, again when so few of them are left.
const REST: usize = 256;
const FEWER: f64 = 0.9;
/// Most claimants a resource may take: bits of a set.
const WIDEST: usize = 128;
/// Most sets of all resources: more take longer than they bring.
const SETS: usize = 16_000;
/// Most sets looked at in one search; and how many of them are about a step of the prices.
const LOOKS: u64 = 100_000_000;
const STEP: u64 = 20_000;

/// What is below.
#[derive(Clone, Copy)]
enum Below {
    /// Something better, which has been noted.
    Better,
    Nothing,
    Unknown,
}

impl Tree<'_> {
    /// Looks for the best of all that is below, where little enough is: was all searched? `searched`: how many were left when that was last
    /// tried in vain.
    pub(super) fn end(&mut self, searched: &mut usize) -> bool {
        let left = self.fixed.iter().filter(|fixed| fixed.is_none()).count();
        if left > REST || left as f64 > FEWER * *searched as f64 {
            return false;
        }
        *searched = left;
        loop {
            let known = self.known;
            match self.cover() {
                Below::Nothing => return true,
                // There may be something better still.
                Below::Better if self.known < known => {}
                Below::Better | Below::Unknown => return false,
            }
        }
    }

    /// Looks for something better among all that is below.
    fn cover(&mut self) -> Below {
        let spare = (self.known as f64 - 1.0) * ONE - self.evaluate();
        if spare < 0.0 {
            return Below::Nothing;
        }
        let free: Vec<usize> = (0..self.needs.len()).filter(|&claimant| self.fixed[claimant].is_none()).collect();
        let mut place = vec![0; self.needs.len()];
        free.iter().enumerate().for_each(|(k, &claimant)| place[claimant] = k as u32);
        let (mut sets, mut options, mut claimants) = (Vec::new(), Vec::new(), Vec::new());
        let mut room = SETS;
        let mut looks = 0;
        for (open, &capacity) in self.open.iter().zip(&self.capacity) {
            let worth: Vec<&Open> =
                open.iter().filter(|open| self.price[open.claimant as usize] - open.cost >= -spare).collect();
            let listed = (worth.len() <= WIDEST)
                .then(|| listing(&worth, &self.price, capacity.max(0) as usize, spare, room, &mut looks));
            let Some(listed) = listed.flatten() else { break };
            room -= listed.len();
            sets.push(listed);
            claimants.push(worth.iter().map(|open| place[open.claimant as usize]).collect());
            options.push(worth.iter().map(|open| open.option).collect::<Vec<u32>>());
        }
        let known = self.known;
        let (ask, alive) = (&mut self.go_on, &mut self.alive);
        let mut asked = 0;
        let mut go_on = |more: u64| {
            looks += more;
            while *alive && asked < looks / STEP {
                asked += 1;
                *alive = ask(known);
            }
            *alive && looks <= LOOKS
        };
        if !go_on(0) || sets.len() < self.open.len() {
            return Below::Unknown;
        }
        let partition = Partition { count: free.len(), claimants, spare, go_on: &mut go_on };
        match partition::search(partition, sets) {
            Picked::One(members) => {
                let mut taken = self.fixed.clone();
                for (options, members) in options.iter().zip(members) {
                    for (bit, &option) in options.iter().enumerate() {
                        if members >> bit & 1 == 1 {
                            taken[self.claimant[option as usize] as usize] = Some(option);
                        }
                    }
                }
                let taken: Option<Vec<u32>> = taken.into_iter().collect();
                taken.into_iter().for_each(|taken| self.note(taken));
                Below::Better
            }
            Picked::Nothing => Below::Nothing,
            Picked::Unknown => Below::Unknown,
        }
    }
}

/// All sets of one resource that lose no more than `spare`; `None`: more than `most`.
fn listing(
    worth: &[&Open],
    price: &[f64],
    capacity: usize,
    spare: f64,
    most: usize,
    looks: &mut u64,
) -> Option<Vec<Set>> {
    let items: Vec<(usize, f64, u128)> = worth
        .iter()
        .enumerate()
        .map(|(bit, open)| (open.units, price[open.claimant as usize] - open.cost, 1 << bit))
        .collect();
    let behind = suffix(&items, capacity);
    let best = behind[capacity];
    *looks += (behind.len() / 8) as u64;
    let mut listing = Listing { items, behind, width: capacity + 1, best, spare, sets: Vec::new(), most };
    let whole = listing.from(0, capacity, 0.0, 0);
    *looks += (listing.sets.len() * worth.len()) as u64;
    whole.then_some(listing.sets)
}

/// The sets of one resource that earn enough.
struct Listing {
    /// (units, profit, bit); and the most that those from k on earn in c units.
    items: Vec<(usize, f64, u128)>,
    behind: Vec<f64>,
    width: usize,
    best: f64,
    spare: f64,
    sets: Vec<Set>,
    most: usize,
}

impl Listing {
    /// Those that begin like this; false: too many.
    fn from(&mut self, k: usize, room: usize, profit: f64, members: u128) -> bool {
        if profit + self.behind[k * self.width + room] < self.best - self.spare {
            return true;
        }
        let Some(&(units, earned, bit)) = self.items.get(k) else {
            self.sets.push(Set::new(members, self.best - profit));
            return self.sets.len() <= self.most;
        };
        (units > room || self.from(k + 1, room - units, profit + earned, members | bit))
            && self.from(k + 1, room, profit, members)
    }
}
