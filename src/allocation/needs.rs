//! Who could take what, in flat arrays: what the prices and the annealing work on.
//!
//! A *resource* is a pool at a deciding slot (unit: a place) or a meter; only those that could run out are kept
//! (all, where every option takes of one alone).

use super::ground::Ground;

/// See the head of this file. Claimants are counted anew: only those who must be placed are in it.
pub(super) struct Needs {
    /// Position of each claimant in the problem.
    pub(super) claimants: Vec<usize>,
    /// Options of claimant i: `first[i]..first[i + 1]`.
    first: Vec<u32>,
    /// Position of each option among the claimant's choices.
    pub(super) choice: Vec<u32>,
    pub(super) cost: Vec<u32>,
    /// What option k takes: `needs[at[k]..at[k + 1]]`.
    at: Vec<u32>,
    /// (resource, units).
    needs: Vec<(u32, u32)>,
    /// Units of each resource.
    pub(super) capacity: Vec<i64>,
}

/// Most needs of all options together: 8 bytes each.
pub(super) const MOST_NEEDS: usize = 40_000_000;

impl Needs {
    /// The needs of these claimants for all their conceivable choices; `None`: too many.
    pub(super) fn new(ground: &Ground<'_>, claimants: Vec<usize>) -> Option<Self> {
        let places = ground.places.len();
        let meters = ground.problem.meters();
        let mut capacity: Vec<i64> = ground.places.iter().map(|&places| i64::from(places)).collect();
        capacity.extend(meters.iter().map(|&units| i64::try_from(units).unwrap_or(i64::MAX)));
        // What all together would take if each took the most it could: beyond that a resource never runs out.
        let mut wanted = vec![0_i64; capacity.len()];
        let (mut count, mut single) = (0, true);
        for &claimant in &claimants {
            for &choice in &ground.open[claimant] {
                let before = count;
                each(ground, claimant, choice, |resource, units| {
                    wanted[resource] = wanted[resource].saturating_add(i64::from(units));
                    count += 1;
                });
                single &= count == before + 1;
            }
        }
        if count > MOST_NEEDS {
            return None;
        }
        let mut number = vec![u32::MAX; places + meters.len()];
        let mut kept = Vec::new();
        for (resource, (&wanted, &units)) in wanted.iter().zip(&capacity).enumerate() {
            // Where each option takes of one resource that form is kept whole.
            if wanted > units || single {
                number[resource] = u32::try_from(kept.len()).ok()?;
                kept.push(units);
            }
        }
        let mut needs = Self::empty(Vec::new(), kept);
        for &claimant in &claimants {
            for &choice in &ground.open[claimant] {
                let chosen = ground.choice(claimant, choice);
                needs.choice.push(u32::try_from(choice).ok()?);
                needs.cost.push(chosen.cost);
                each(ground, claimant, choice, |resource, units| {
                    if number[resource] != u32::MAX && (units > 0 || single) {
                        needs.needs.push((number[resource], units));
                    }
                });
                needs.at.push(u32::try_from(needs.needs.len()).ok()?);
            }
            needs.first.push(u32::try_from(needs.choice.len()).ok()?);
        }
        needs.claimants = claimants;
        Some(needs)
    }

    /// No options yet.
    fn empty(claimants: Vec<usize>, capacity: Vec<i64>) -> Self {
        let (choice, cost, needs) = (Vec::new(), Vec::new(), Vec::new());
        Self { claimants, first: vec![0], choice, cost, at: vec![0], needs, capacity }
    }
    /// How many must be placed.
    pub(super) fn len(&self) -> usize {
        self.claimants.len()
    }
    /// Options and all they take: what a step over everything goes by.
    pub(super) fn size(&self) -> usize {
        self.cost.len() + self.needs.len()
    }
    /// Options of a claimant.
    pub(super) fn options(&self, claimant: usize) -> std::ops::Range<usize> {
        self.first[claimant] as usize..self.first[claimant + 1] as usize
    }
    /// What an option takes.
    pub(super) fn of(&self, option: usize) -> &[(u32, u32)] {
        &self.needs[self.at[option] as usize..self.at[option + 1] as usize]
    }
    /// Only these claimants (ascending) and what they take of these resources; and for each option kept its position here.
    pub(super) fn part(&self, claimants: &[usize], resources: &[bool]) -> (Self, Vec<u32>) {
        let mut number = vec![u32::MAX; self.capacity.len()];
        let mut part = Self::empty(claimants.to_vec(), Vec::new());
        for resource in (0..resources.len()).filter(|&resource| resources[resource]) {
            number[resource] = part.capacity.len() as u32;
            part.capacity.push(self.capacity[resource]);
        }
        let mut kept = Vec::new();
        for &claimant in claimants {
            for option in self.options(claimant) {
                if self.of(option).iter().all(|&(resource, _)| resources[resource as usize]) {
                    kept.push(option as u32);
                    part.choice.push(self.choice[option]);
                    part.cost.push(self.cost[option]);
                    part.needs
                        .extend(self.of(option).iter().map(|&(resource, units)| (number[resource as usize], units)));
                    part.at.push(part.needs.len() as u32);
                }
            }
            part.first.push(part.choice.len() as u32);
        }
        (part, kept)
    }
    /// Only these claimants (ascending), and of their options those that fit into what is left of each resource; and for each option kept
    /// its position here. Resources are counted as here.
    pub(super) fn rest(&self, claimants: &[usize], left: Vec<i64>) -> (Self, Vec<u32>) {
        let mut rest = Self::empty(claimants.to_vec(), left);
        let mut kept = Vec::new();
        for &claimant in claimants {
            for option in self.options(claimant).filter(|&option| self.fits(option, &rest.capacity)) {
                kept.push(option as u32);
                rest.choice.push(self.choice[option]);
                rest.cost.push(self.cost[option]);
                rest.needs.extend_from_slice(self.of(option));
                rest.at.push(u32::try_from(rest.needs.len()).unwrap_or(u32::MAX));
            }
            rest.first.push(rest.choice.len() as u32);
        }
        (rest, kept)
    }
    /// Is so much of each resource left as an option takes?
    pub(super) fn fits(&self, option: usize, left: &[i64]) -> bool {
        self.of(option).iter().all(|&(resource, units)| left[resource as usize] >= i64::from(units))
    }
    /// Only these options, in this order; each claimant must keep one.
    pub(super) fn only(&self, keep: &[Vec<u32>]) -> Self {
        let mut fewer = Self::empty(self.claimants.clone(), self.capacity.clone());
        for options in keep {
            for &option in options {
                let option = option as usize;
                fewer.choice.push(self.choice[option]);
                fewer.cost.push(self.cost[option]);
                fewer.needs.extend_from_slice(self.of(option));
                fewer.at.push(u32::try_from(fewer.needs.len()).unwrap_or(u32::MAX));
            }
            fewer.first.push(u32::try_from(fewer.choice.len()).unwrap_or(u32::MAX));
        }
        fewer
    }
}

/// Every resource a choice takes something of.
fn each(ground: &Ground<'_>, claimant: usize, choice: usize, mut visit: impl FnMut(usize, u32)) {
    let chosen = ground.choice(claimant, choice);
    let row = chosen.pool * ground.slots;
    for &(from, to) in &ground.ranges[claimant] {
        (from..to).for_each(|slot| visit(row + slot, 1));
    }
    for &(meter, units) in &chosen.draws {
        visit(ground.places.len() + meter, units);
    }
}
