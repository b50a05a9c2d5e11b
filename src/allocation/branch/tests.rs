use std::collections::BTreeMap;

use super::*;
use crate::allocation::ground::Ground;
use crate::allocation::{Choice, Claimant, Pool, Problem};
use crate::search::cases;

/// A few jobs on a few agents: costs and units by job and agent, and what the agents hold. Some pairs are not possible.
struct Case {
    cost: Vec<Vec<u32>>,
    units: Vec<Vec<u32>>,
    capacity: Vec<u32>,
    may: Vec<Vec<bool>>,
}

impl Case {
    fn draw(random: &mut Random, agents: usize, jobs: usize) -> Self {
        let mut draw = |least: usize, span: usize| -> Vec<Vec<u32>> {
            (0..jobs).map(|_| (0..agents).map(|_| (least + random.below(span)) as u32).collect()).collect()
        };
        let (cost, units, luck) = (draw(10, 30), draw(1, 9), draw(0, 4));
        let may = luck.into_iter().map(|job| job.into_iter().map(|luck| luck > 0).collect()).collect();
        // From too little to plenty.
        let each = 3 * jobs / agents;
        let capacity = (0..agents).map(|_| (1 + each / 2 + random.below(each + 5)) as u32).collect();
        Self { cost, units, capacity, may }
    }

    fn problem(&self) -> Problem {
        let jobs = self.cost.len() as u32;
        let choices = |job: usize| {
            let choice = |pool| Choice { pool, cost: self.cost[job][pool], draws: vec![(pool, self.units[job][pool])] };
            (0..self.capacity.len()).filter(|&agent| self.may[job][agent]).map(choice).collect()
        };
        let claimants = (0..self.cost.len())
            .map(|job| Claimant { intervals: Vec::new(), standing: 0, rank: 0, choices: choices(job) })
            .collect();
        let pools = vec![Pool { steps: vec![(0, jobs)] }; self.capacity.len()];
        Problem::new(pools, self.capacity.iter().map(|&units| u64::from(units)).collect(), claimants).unwrap()
    }

    /// Everybody somewhere at the least cost: of all that is left to the agents after each job, the least cost of getting there.
    fn least(&self) -> Option<u64> {
        let full: Vec<usize> = self.capacity.iter().map(|&units| units as usize).collect();
        let mut reached = BTreeMap::from([(full, 0_u64)]);
        for job in 0..self.cost.len() {
            let mut next = BTreeMap::new();
            for (room, cost) in reached {
                for agent in (0..room.len()).filter(|&agent| self.may[job][agent]) {
                    let mut room = room.clone();
                    let Some(left) = room[agent].checked_sub(self.units[job][agent] as usize) else { continue };
                    room[agent] = left;
                    let cost = cost + u64::from(self.cost[job][agent]);
                    next.entry(room).and_modify(|least: &mut u64| *least = cost.min(*least)).or_insert(cost);
                }
            }
            reached = next;
        }
        reached.into_values().min()
    }

    fn needs(&self) -> Option<Needs> {
        let problem = self.problem();
        let ground = Ground::new(&problem);
        let possible = !ground.open.iter().any(Vec::is_empty);
        possible.then(|| Needs::new(&ground, (0..self.cost.len()).collect()).unwrap())
    }
}

/// A placing of everybody that fits and costs what it says.
fn fits(needs: &Needs, cost: u64, options: &Options) {
    let sum: u64 = options.iter().map(|&option| u64::from(needs.cost[option as usize])).sum();
    assert_eq!(sum, cost);
    let mut left: Vec<i64> = needs.capacity.clone();
    for (claimant, &option) in options.iter().enumerate() {
        assert!(needs.options(claimant).contains(&(option as usize)));
        let (resource, units) = needs.of(option as usize)[0];
        left[resource as usize] -= i64::from(units);
    }
    assert!(left.iter().all(|&left| left >= 0));
}

#[test]
fn the_end_finds_the_best_below_and_nothing_else() {
    let mut random = Random::new(11);
    let mut better = 0;
    for number in 0..cases(500, 3_000) {
        let large = number % 2 == 0;
        let (agents, jobs) = if large {
            (2 + random.below(2), 14 + random.below(7))
        } else {
            (1 + random.below(4), 1 + random.below(7))
        };
        let case = Case::draw(&mut random, agents, jobs);
        let Some(needs) = case.needs() else { continue };
        let mut alive = |_: u64| true;
        // Any prices will do: they decide how much is looked at, not what is found. Where that would be too much, good ones.
        let mut price: Vec<f64> = (0..needs.len()).map(|_| ONE * random.below(60) as f64).collect();
        let least = case.least();
        let known = least.unwrap_or(0) + random.below(8) as u64;
        if large {
            let mut tree = Tree::new(&needs, price, known, &mut alive);
            tree.ascend(200, 1.0);
            price = tree.price;
        }
        let mut tree = Tree::new(&needs, price, known, &mut alive);
        assert!(tree.end(&mut usize::MAX.clone()));
        assert_eq!(tree.known, least.unwrap_or(known).min(known));
        assert_eq!(tree.best.is_some(), tree.known < known);
        if let Some(options) = tree.best {
            better += 1;
            fits(&needs, tree.known, &options);
        }
    }
    assert!(better >= 30, "{better}");
}

#[test]
fn the_search_ends_with_the_least() {
    let mut random = Random::new(12);
    let (mut placed, mut impossible) = (0, 0);
    for _ in 0..cases(600, 3_000) {
        let (agents, jobs) = (2 + random.below(2), 8 + random.below(9));
        let case = Case::draw(&mut random, agents, jobs);
        let Some(needs) = case.needs() else { continue };
        let price: Vec<f64> = (0..needs.len()).map(|_| ONE * random.below(60) as f64).collect();
        let least = case.least();
        // Some better ones may be found before the least.
        let known = least.map_or(1_000, |least| least + 1 + random.below(8) as u64);
        let effort = Effort { root: random.below(3) as u32, dives: random.below(2) as u32, prove: true };
        let proof = search(&needs, price, known, effort, random.next_u64(), &mut |_| true);
        assert!(proof.finished);
        match least {
            Some(least) => {
                placed += 1;
                let (cost, options) = proof.best.expect("there is one");
                assert_eq!((cost, proof.least), (least, least));
                fits(&needs, cost, &options);
            }
            None => {
                impossible += 1;
                assert!(proof.best.is_none() && proof.least == known);
            }
        }
    }
    assert!(placed >= 20 && impossible >= 20, "{placed} {impossible}");
}
