//! Who is where, and what is left: the one thing moves are made on. It never holds more than there is.

use std::cell::Cell;

use super::ground::Ground;

/// What keeps a claimant out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// No place left in this slot.
    Slot(usize),
    /// Too little left on this meter.
    Meter(usize),
}

/// See the head of this file.
pub(super) struct State<'a> {
    pub(super) ground: &'a Ground<'a>,
    at: Vec<Option<usize>>,
    load: Vec<u32>,
    drawn: Vec<u64>,
    members: Vec<Vec<usize>>,
    served: usize,
    /// Served of each group, and those missing to all floors.
    of_group: Vec<usize>,
    missing: usize,
    /// Position among the members of one's pool.
    position: Vec<usize>,
    /// Steps made so far: slots and members looked at.
    work: Cell<u64>,
}

impl<'a> State<'a> {
    pub(super) fn new(ground: &'a Ground<'a>) -> Self {
        Self {
            ground,
            at: vec![None; ground.claimants()],
            load: vec![0; ground.places.len()],
            drawn: vec![0; ground.problem.meters().len()],
            members: vec![Vec::new(); ground.problem.pools().len()],
            served: 0,
            of_group: vec![0; ground.problem.groups().len()],
            missing: ground.problem.groups().iter().map(|group| group.floor).sum(),
            position: vec![0; ground.claimants()],
            work: Cell::new(0),
        }
    }
    /// Steps made so far.
    pub(super) fn work(&self) -> u64 {
        self.work.get()
    }
    /// So many steps more.
    pub(super) fn spend(&self, steps: usize) {
        self.work.set(self.work.get() + steps as u64);
    }
    pub(super) fn served(&self) -> usize {
        self.served
    }
    /// Those missing to the floors.
    pub(super) fn missing(&self) -> usize {
        self.missing
    }
    /// The same if so many more of each group were served.
    pub(super) fn missing_with(&self, more: &[usize]) -> usize {
        let groups = self.ground.problem.groups().iter().zip(&self.of_group).zip(more);
        groups.map(|((group, &served), &more)| group.floor.saturating_sub(served + more)).sum()
    }
    /// Is somebody missing in a group of this claimant?
    pub(super) fn is_wanted(&self, claimant: usize) -> bool {
        self.ground
            .groups(claimant)
            .iter()
            .any(|&group| self.of_group[group] < self.ground.problem.groups()[group].floor)
    }
    /// Is nobody more missing to a floor now that this claimant has gone and those have come?
    pub(super) fn is_replaced(&self, claimant: usize, came: &[usize]) -> bool {
        self.ground.groups(claimant).iter().all(|group| {
            self.of_group[*group] >= self.ground.problem.groups()[*group].floor
                || came.iter().any(|&other| self.ground.groups(other).contains(group))
        })
    }
    /// May this claimant go, or give way to that one, without anybody more missing to a floor?
    pub(super) fn can_spare(&self, claimant: usize, successor: Option<usize>) -> bool {
        let successor = successor.map_or(&[][..], |successor| self.ground.groups(successor));
        self.ground.groups(claimant).iter().all(|group| {
            successor.contains(group) || self.of_group[*group] > self.ground.problem.groups()[*group].floor
        })
    }
    pub(super) fn at(&self, claimant: usize) -> Option<usize> {
        self.at[claimant]
    }
    pub(super) fn choices(&self) -> Vec<Option<usize>> {
        self.at.clone()
    }
    pub(super) fn members(&self, pool: usize) -> &[usize] {
        &self.members[pool]
    }
    /// Claimants refused, best standing and rank first.
    pub(super) fn refused(&self) -> Vec<usize> {
        let mut refused: Vec<usize> = (0..self.at.len())
            .filter(|&claimant| self.at[claimant].is_none() && !self.ground.open[claimant].is_empty())
            .collect();
        refused.sort_by_key(|&claimant| (self.ground.standing(claimant), self.ground.rank(claimant), claimant));
        refused
    }
    /// The first thing in the way of this choice; `None`: it fits.
    pub(super) fn block(&self, claimant: usize, choice: usize) -> Option<Block> {
        let chosen = self.ground.choice(claimant, choice);
        let row = chosen.pool * self.ground.slots;
        self.spend(1 + chosen.draws.len());
        for &(from, to) in &self.ground.ranges[claimant] {
            self.spend(to - from);
            for slot in from..to {
                if self.load[row + slot] >= self.ground.places[row + slot] {
                    return Some(Block::Slot(slot));
                }
            }
        }
        let full = |&&(meter, units): &&(usize, u32)| {
            self.drawn[meter] + u64::from(units) > self.ground.problem.meters()[meter]
        };
        chosen.draws.iter().find(full).map(|&(meter, _)| Block::Meter(meter))
    }
    pub(super) fn fits(&self, claimant: usize, choice: usize) -> bool {
        self.block(claimant, choice).is_none()
    }
    /// Places somebody who has no place.
    pub(super) fn put(&mut self, claimant: usize, choice: usize) {
        debug_assert!(self.at[claimant].is_none() && self.fits(claimant, choice));
        let chosen = self.ground.choice(claimant, choice);
        let row = chosen.pool * self.ground.slots;
        for &(from, to) in &self.ground.ranges[claimant] {
            for load in &mut self.load[row + from..row + to] {
                *load += 1;
            }
        }
        for &(meter, units) in &chosen.draws {
            self.drawn[meter] += u64::from(units);
        }
        self.position[claimant] = self.members[chosen.pool].len();
        self.members[chosen.pool].push(claimant);
        self.at[claimant] = Some(choice);
        self.served += 1;
        for &group in self.ground.groups(claimant) {
            self.missing -= usize::from(self.of_group[group] < self.ground.problem.groups()[group].floor);
            self.of_group[group] += 1;
        }
    }
    /// Takes somebody out; answers the choice given up.
    pub(super) fn take(&mut self, claimant: usize) -> Option<usize> {
        let choice = self.at[claimant].take()?;
        let chosen = self.ground.choice(claimant, choice);
        let row = chosen.pool * self.ground.slots;
        for &(from, to) in &self.ground.ranges[claimant] {
            for load in &mut self.load[row + from..row + to] {
                *load -= 1;
            }
        }
        for &(meter, units) in &chosen.draws {
            self.drawn[meter] -= u64::from(units);
        }
        let position = self.position[claimant];
        self.members[chosen.pool].swap_remove(position);
        if let Some(&moved) = self.members[chosen.pool].get(position) {
            self.position[moved] = position;
        }
        self.served -= 1;
        for &group in self.ground.groups(claimant) {
            self.of_group[group] -= 1;
            self.missing += usize::from(self.of_group[group] < self.ground.problem.groups()[group].floor);
        }
        Some(choice)
    }
    /// Replaces everything by this answer, as far as it fits.
    pub(super) fn adopt(&mut self, choices: &[Option<usize>]) {
        for claimant in 0..self.at.len() {
            self.take(claimant);
        }
        for (claimant, choice) in choices.iter().enumerate().take(self.at.len()) {
            if let Some(choice) = choice.filter(|choice| self.ground.open[claimant].contains(choice))
                && self.fits(claimant, choice)
            {
                self.put(claimant, choice);
            }
        }
    }
    /// Adds those of this answer who can go nowhere else, as far as they fit.
    pub(super) fn adopt_fixed(&mut self, choices: &[Option<usize>]) {
        for (claimant, choice) in choices.iter().enumerate().take(self.at.len()) {
            if let (Some(choice), [only]) = (*choice, &self.ground.open[claimant][..])
                && choice == *only
                && self.at[claimant].is_none()
                && self.fits(claimant, choice)
            {
                self.put(claimant, choice);
            }
        }
    }
    /// Adds these in this order, as far as they fit.
    pub(super) fn add(&mut self, placings: &[(usize, usize)]) {
        for &(claimant, choice) in placings {
            if self.at[claimant].is_none() && self.fits(claimant, choice) {
                self.put(claimant, choice);
            }
        }
    }
    /// Served of a group.
    pub(super) fn served_of(&self, group: usize) -> usize {
        self.of_group[group]
    }
    /// Less is better: missing to the floors, not served, cost.
    pub(super) fn worth(&self) -> (usize, usize, u64) {
        let cost = (0..self.at.len())
            .filter_map(|claimant| Some(u64::from(self.ground.choice(claimant, self.at[claimant]?).cost)))
            .sum();
        (self.missing(), self.at.len() - self.served, cost)
    }
    /// Those whose going would ease this block in this pool.
    pub(super) fn in_the_way(&self, pool: usize, block: Block) -> Vec<usize> {
        let mut found: Vec<usize> = match block {
            Block::Slot(slot) => {
                self.spend(self.members[pool].len());
                self.members[pool].iter().copied().filter(|&other| self.ground.present(other, slot)).collect()
            }
            Block::Meter(meter) => self.ground.pools_of[meter]
                .iter()
                .flat_map(|&pool| self.members[pool].iter().copied())
                .filter(|&other| {
                    self.spend(1);
                    self.at[other].is_some_and(|choice| {
                        self.ground
                            .choice(other, choice)
                            .draws
                            .iter()
                            .any(|&(drawn, units)| drawn == meter && units > 0)
                    })
                })
                .collect(),
        };
        // Those with the most ways out first: they are the easiest to move.
        self.spend(4 * found.len());
        found.sort_by_key(|&other| (std::cmp::Reverse(self.ground.open[other].len()), other));
        found
    }
}
