//! The end of a dive, searched whole: of each resource all sets of claimants that lose little, and one of each so that everybody is in
//! just one ([`super::partition`]).
//!
//! When some tens of claimants are left every resource has to be filled to nearly its last unit, and fixing one claimant after another
//! meets that by luck only. What a set loses is what it earns less than the resource's best at these prices; all together may lose what lies
//! between the bound and something better. Limits: [`WIDEST`] claimants of a resource, [`SETS`] sets of all, [`LOOKS`] sets looked at.

use super::knapsack::suffix;
use super::partition::{self, Partition, Picked, Set};
use super::{ONE, Open, Tree};

/// Most claimants a resource may take: bits of a set.
const WIDEST: usize = 128;
/// Most sets of all resources: more take longer than they bring.
const SETS: usize = 16_000;
/// Most sets looked at in one search; and how many of them are about a step of the prices.
const LOOKS: u64 = 100_000_000;
const STEP: u64 = 20_000;

/// What is below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Below {
    /// Something better, which has been noted.
    Better,
    Nothing,
    Unknown,
}

impl Tree<'_> {
    /// Looks for something better among all that is below.
    pub(super) fn cover(&mut self) -> Below {
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

#[cfg(test)]
mod tests {
    use super::super::Tree;
    use super::*;
    use crate::allocation::ground::Ground;
    use crate::allocation::needs::Needs;
    use crate::allocation::{Choice, Claimant, Pool, Problem};
    use crate::search::{Random, cases};

    /// Everybody somewhere at the least cost, by trying all; agents and jobs.
    fn least(cost: &[Vec<u32>], units: &[Vec<u32>], room: &mut [u32], job: usize) -> Option<u64> {
        if job == cost.len() {
            return Some(0);
        }
        (0..room.len())
            .filter_map(|agent| {
                room[agent] = room[agent].checked_sub(units[job][agent])?;
                let below = least(cost, units, room, job + 1);
                room[agent] += units[job][agent];
                Some(below? + u64::from(cost[job][agent]))
            })
            .min()
    }

    #[test]
    fn finds_what_is_better_and_nothing_else() {
        let mut random = Random::new(11);
        let mut better = 0;
        for _ in 0..cases(200, 3_000) {
            let (agents, jobs) = (1 + random.below(4), 1 + random.below(7));
            let mut draw = |least: usize, span: usize| -> Vec<Vec<u32>> {
                (0..jobs).map(|_| (0..agents).map(|_| (least + random.below(span)) as u32).collect()).collect()
            };
            let (cost, units) = (draw(10, 30), draw(1, 9));
            let capacity: Vec<u32> = (0..agents).map(|_| (2 + random.below(20)) as u32).collect();
            let choices = |job: usize| {
                let choice = |pool| Choice { pool, cost: cost[job][pool], draws: vec![(pool, units[job][pool])] };
                (0..agents).map(choice).collect()
            };
            let claimants = (0..jobs)
                .map(|job| Claimant { intervals: Vec::new(), standing: 0, rank: 0, choices: choices(job) })
                .collect();
            let pools = vec![Pool { steps: vec![(0, 10)] }; agents];
            let meters = capacity.iter().map(|&units| u64::from(units)).collect();
            let problem = Problem::new(pools, meters, claimants).unwrap();
            let ground = Ground::new(&problem);
            if ground.open.iter().any(Vec::is_empty) {
                continue;
            }
            let needs = Needs::new(&ground, (0..jobs).collect()).unwrap();
            // Any prices will do: they decide how much is looked at, not what is found.
            let price: Vec<f64> = (0..jobs).map(|_| ONE * random.below(60) as f64).collect();
            let least = least(&cost, &units, &mut capacity.clone(), 0);
            let known = least.unwrap_or(0) + random.below(3) as u64;
            let mut alive = |_: u64| true;
            let mut tree = Tree::new(&needs, price, known, &mut alive);
            let below = tree.cover();
            if least.is_some_and(|least| least < known) {
                better += 1;
                assert_eq!(below, Below::Better);
                let options = tree.best.unwrap();
                assert!(tree.known < known && tree.known >= least.unwrap());
                let sum: u64 = options.iter().map(|&option| u64::from(needs.cost[option as usize])).sum();
                assert_eq!(sum, tree.known);
                let mut left: Vec<i64> = needs.capacity.clone();
                for option in options {
                    let (resource, units) = needs.of(option as usize)[0];
                    left[resource as usize] -= i64::from(units);
                }
                assert!(left.iter().all(|&left| left >= 0));
            } else {
                assert_eq!(below, Below::Nothing);
            }
        }
        assert!(better >= 30, "{better}");
    }
}
