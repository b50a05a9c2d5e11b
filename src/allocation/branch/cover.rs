//! The end of a dive, searched whole: of each resource all sets of claimants that lose little, and one of each so that everybody is in
//! just one (set partitioning; Balas & Padberg 1976).
//!
//! When some tens of claimants are left every resource has to be filled to nearly its last unit, and fixing one claimant after another
//! meets that by luck only. What a set loses is what it earns less than the resource's best at these prices; all together may lose what lies
//! between the bound and something better. Limits: [`MOST`] claimants, [`SETS`] sets of a resource, [`ALL`] of all, [`LOOKS`] sets looked at.

use super::knapsack::suffix;
use super::{ONE, Open, Tree};

/// Most claimants left: bits of a set.
const MOST: usize = 128;
/// Most sets of a resource; where there are more, only those that lose half of what they may, there and from there on, and so on so many times.
const SETS: usize = 3_000;
const HALVES: i32 = 10;
/// Most sets of all resources.
const ALL: usize = 60_000;
/// Most sets looked at in one search; and how many of them are a step of the prices.
const LOOKS: u64 = 5_000_000;
const STEP: u64 = 200_000;

/// What is below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Below {
    /// Something better, which has been noted.
    Better,
    Nothing,
    Unknown,
}

/// A set of claimants for one resource.
#[derive(Clone, Copy)]
struct Set {
    lost: f64,
    members: u128,
}

impl Tree<'_> {
    /// Looks for something better among all that is below.
    pub(super) fn cover(&mut self) -> Below {
        let free: Vec<usize> = (0..self.needs.len()).filter(|&claimant| self.fixed[claimant].is_none()).collect();
        if free.is_empty() || free.len() > MOST {
            return Below::Unknown;
        }
        let spare = (self.known as f64 - 1.0) * ONE - self.evaluate();
        if spare < 0.0 {
            return Below::Nothing;
        }
        let mut bit = vec![0_u128; self.needs.len()];
        free.iter().enumerate().for_each(|(k, &claimant)| bit[claimant] = 1 << k);
        let mut sets: Vec<Vec<Set>> = Vec::with_capacity(self.on.len());
        let (mut count, mut halves) = (0, 0);
        for (open, &capacity) in self.open.iter().zip(&self.capacity) {
            let capacity = capacity.max(0) as usize;
            let listed = loop {
                let most = spare * 0.5_f64.powi(halves);
                match Listing::all(open, &self.price, &bit, capacity, most) {
                    Some(listed) => break listed,
                    None if halves == HALVES => return Below::Unknown,
                    None => halves += 1,
                }
            };
            count += listed.len();
            if count > ALL {
                return Below::Unknown;
            }
            sets.push(listed);
        }
        let mut search = Search { looks: 0, picked: vec![0; sets.len()], found: false };
        let resources: Vec<usize> = (0..sets.len()).collect();
        let ended = search.below(&resources, sets, bit.iter().fold(0, |all, bit| all | bit), spare);
        for _ in 0..search.looks / STEP {
            self.alive &= (self.go_on)(self.known);
        }
        if search.found {
            let mut options = self.fixed.clone();
            for (open, members) in self.open.iter().zip(search.picked) {
                for open in open.iter().filter(|open| bit[open.claimant as usize] & members != 0) {
                    options[open.claimant as usize] = Some(open.option);
                }
            }
            let options: Option<Vec<u32>> = options.into_iter().collect();
            options.into_iter().for_each(|options| self.note(options));
            return Below::Better;
        }
        if ended && halves == 0 { Below::Nothing } else { Below::Unknown }
    }
}

/// All sets of one resource that earn enough.
struct Listing {
    /// (units, profit, bit); and the most that those from k on earn in c units.
    items: Vec<(usize, f64, u128)>,
    behind: Vec<f64>,
    width: usize,
    best: f64,
    /// What a set may lose.
    spare: f64,
    sets: Vec<Set>,
}

impl Listing {
    /// Those that lose least first; `None`: too many.
    fn all(open: &[Open], price: &[f64], bit: &[u128], capacity: usize, spare: f64) -> Option<Vec<Set>> {
        let items: Vec<(usize, f64, u128)> = open
            .iter()
            .map(|open| (open.units, price[open.claimant as usize] - open.cost, bit[open.claimant as usize]))
            .filter(|item| item.1 >= -spare)
            .collect();
        let behind = suffix(&items, capacity);
        let best = behind[capacity];
        let mut listing = Self { items, behind, width: capacity + 1, best, spare, sets: Vec::new() };
        if !listing.from(0, capacity, 0.0, 0) {
            return None;
        }
        listing.sets.sort_unstable_by(|a, b| a.lost.total_cmp(&b.lost).then(a.members.cmp(&b.members)));
        Some(listing.sets)
    }

    /// Those that begin like this; false: too many.
    fn from(&mut self, k: usize, room: usize, profit: f64, members: u128) -> bool {
        if profit + self.behind[k * self.width + room] < self.best - self.spare {
            return true;
        }
        let Some(&(units, earned, bit)) = self.items.get(k) else {
            self.sets.push(Set { lost: self.best - profit, members });
            return self.sets.len() <= SETS;
        };
        (units > room || self.from(k + 1, room - units, profit + earned, members | bit))
            && self.from(k + 1, room, profit, members)
    }
}

struct Search {
    looks: u64,
    /// The set of each resource.
    picked: Vec<u128>,
    found: bool,
}

impl Search {
    /// One set of each of these resources, disjoint, so that all of `left` are in one. False: found, or looked enough.
    fn below(&mut self, resources: &[usize], mut sets: Vec<Vec<Set>>, left: u128, spare: f64) -> bool {
        if !self.follow(&mut sets, left, spare) {
            return self.looks <= LOOKS;
        }
        let Some(at) = (0..sets.len()).min_by_key(|&at| sets[at].len()) else {
            self.found = true;
            return false;
        };
        let mut others = resources.to_vec();
        let resource = others.swap_remove(at);
        for set in sets.swap_remove(at) {
            self.looks += sets.iter().map(Vec::len).sum::<usize>() as u64;
            self.picked[resource] = set.members;
            let apart = |other: &&Set| other.members & set.members == 0;
            let rest = sets.iter().map(|sets| sets.iter().filter(apart).copied().collect()).collect();
            if !self.below(&others, rest, left & !set.members, spare - set.lost) {
                return false;
            }
        }
        true
    }

    /// Leaves out sets that cannot be: too dear beside the cheapest of the others, or without somebody whom no other resource
    /// takes. Until nothing more follows; false: nothing is below, or looked enough.
    fn follow(&mut self, sets: &mut [Vec<Set>], left: u128, spare: f64) -> bool {
        loop {
            let least: Option<f64> = sets.iter().map(|sets| Some(sets.first()?.lost)).sum();
            let taken: Vec<u128> = sets.iter().map(|sets| sets.iter().fold(0, |all, set| all | set.members)).collect();
            let (once, twice) = taken.iter().fold((0, 0), |(once, twice), all| (once | all, twice | (once & all)));
            let Some(spare) = least.map(|least| spare - least).filter(|&spare| spare >= 0.0 && once == left) else {
                return false;
            };
            let mut changed = false;
            for (sets, all) in sets.iter_mut().zip(&taken) {
                let (count, must) = (sets.len(), all & !twice);
                self.looks += count as u64;
                let most = sets.first().map_or(0.0, |set| set.lost) + spare;
                sets.retain(|set| set.lost <= most && set.members & must == must);
                changed |= sets.len() < count;
            }
            if self.looks > LOOKS || !changed {
                return !changed;
            }
        }
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
