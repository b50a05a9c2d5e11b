//! Generalised assignment proven, or nearly: branch and bound where the bound lets every resource choose its claimants by a knapsack.
//!
//! With a price u on every claimant, each resource alone takes those that pay it most:
//! cost >= sum(u) - sum over resources of its best knapsack of u - cost (Fisher, Jaikumar & Van Wassenhove 1986). This bound is at least the
//! one of [`super::prices`], and its knapsacks fill the resources well, so that what the prices choose is nearly a placing. Options whose
//! taking would bring the bound to the best known are left out at once (Posta, Ferland & Michelon 2012), and who has one option left takes
//! it. Depth first, on options that the average of the last knapsacks holds for most likely, until little enough is left to be searched whole
//! ([`cover`]). All sums are whole numbers in f64 below 2^53, hence exact.
//! O(claimants worth taking x units) a knapsack.

mod cover;
mod dive;
mod knapsack;
mod partition;

use super::anneal::Options;
use super::needs::Needs;
use crate::search::Random;
use knapsack::{Item, Knapsack};

/// Parts of a unit of cost in which prices of claimants are counted: many, since a step divided among all claimants must not vanish.
pub(super) const ONE: f64 = 16384.0;
/// Share of its weight that a knapsack keeps in the average from one step to the next; and from which weight on all are made lighter.
const FADE: f64 = 0.95;
const HEAVY: f64 = 1e100;
/// Most units of a resource, and most of them times options on it: a knapsack has a row for each claimant worth taking.
const MOST_UNITS: i64 = 5_000;
const MOST_CELLS: i64 = 8_000_000;
/// Dives for another placing, at most.
const TRIES: u32 = 100;
/// Steps of the prices at a node.
const STEPS: u32 = 25;

/// What was found.
pub(super) struct Proof {
    /// Better than what was known.
    pub(super) best: Option<(u64, Options)>,
    /// No placing costs less.
    pub(super) least: u64,
    /// Nothing better exists.
    pub(super) finished: bool,
    /// Prices of claimants at the root.
    pub(super) price: Vec<f64>,
}

/// Have the resources few units, so that knapsacks are small?
pub(super) fn possible(needs: &Needs) -> bool {
    let mut options = vec![0_i64; needs.capacity.len()];
    for option in 0..needs.cost.len() {
        let [(resource, _)] = needs.of(option) else { return false };
        options[*resource as usize] += 1;
    }
    let dearest = |claimant| needs.options(claimant).map(|option| u64::from(needs.cost[option])).max().unwrap_or(0);
    needs.capacity.iter().zip(options).all(|(&units, options)| units <= MOST_UNITS && units * options <= MOST_CELLS)
        && (0..needs.len()).map(dearest).sum::<u64>() < 1 << 34
}

/// How much is done.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// Steps of the prices at the root.
    pub(super) root: u32,
    /// Dives before the search.
    pub(super) dives: u32,
    /// Search for a proof after them.
    pub(super) prove: bool,
}

/// Prices of claimants to begin with, in parts: what the cheapest option of each costs at these prices of resources.
pub(super) fn first(needs: &Needs, price: &[f64]) -> Vec<f64> {
    let least = |claimant| {
        needs.options(claimant).map(|option| super::prices::reduced(needs, option, price)).fold(f64::INFINITY, f64::min)
    };
    (0..needs.len()).map(|claimant| (least(claimant) * ONE).round()).collect()
}

/// Searches for less than `known`, from these prices of claimants, while `go_on` (asked at each step of the prices, told the best cost).
pub(super) fn search(
    needs: &Needs,
    price: Vec<f64>,
    known: u64,
    effort: Effort,
    seed: u64,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Proof {
    let mut tree = Tree::new(needs, price, known, go_on);
    if !tree.settle() {
        return Proof { best: None, least: known, finished: true, price: tree.price };
    }
    let (root, _) = tree.ascend(effort.root, 1.0);
    let mut luck = Random::new(seed);
    let mut pruned = None;
    let mut finished = root >= tree.known;
    for dive in 0..=effort.dives {
        if finished || !tree.alive {
            break;
        }
        if pruned.is_none_or(|pruned| tree.known < pruned) {
            pruned = Some(tree.known);
            finished = !tree.prune();
            tree.forget();
        }
        if dive < effort.dives && !finished {
            tree.dive(&mut luck, dive);
        }
    }
    let price = tree.price.clone();
    finished = finished || (effort.prove && tree.alive && tree.visit(usize::MAX));
    let least = if finished { tree.known } else { root.min(tree.known) };
    Proof { best: tree.best.map(|best| (tree.known, best)), least, finished, price }
}

/// Another placing that costs no more than `known`, by dives from these prices, while `go_on`.
pub(super) fn another(
    needs: &Needs,
    price: Vec<f64>,
    known: u64,
    seed: u64,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Option<(u64, Options)> {
    let mut tree = Tree::new(needs, price, known + 1, go_on);
    if !tree.settle() || !tree.prune() {
        return None;
    }
    tree.forget();
    let mut luck = Random::new(seed);
    let first = luck.below(4) as u32;
    for dive in 0..TRIES {
        if tree.best.is_some() || !tree.alive {
            break;
        }
        tree.dive(&mut luck, first + dive);
    }
    tree.best.map(|best| (tree.known, best))
}

/// Of each claimant the options that a placing may take which costs no more than `known`, as these prices show.
pub(super) fn left(needs: &Needs, price: &[f64], known: u64) -> Vec<Vec<u32>> {
    let mut alive = |_: u64| true;
    let mut tree = Tree::new(needs, price.to_vec(), known + 1, &mut alive);
    tree.prune();
    (0..needs.len())
        .map(|claimant| {
            needs.options(claimant).filter(|&option| tree.may(claimant, option)).map(|option| option as u32).collect()
        })
        .collect()
}

/// What each resource earns at most at these prices of claimants.
pub(super) fn most(needs: &Needs, price: &[f64]) -> Vec<f64> {
    let mut alive = |_: u64| true;
    let mut tree = Tree::new(needs, price.to_vec(), u64::MAX, &mut alive);
    tree.reopen();
    let mut items = Vec::new();
    (0..needs.capacity.len())
        .map(|resource| {
            tree.items(resource, &mut items);
            tree.knapsack.best(&mut items, needs.capacity[resource].max(0) as usize)
        })
        .collect()
}

struct Tree<'a> {
    needs: &'a Needs,
    claimant: Vec<u32>,
    resource: Vec<u32>,
    units: Vec<usize>,
    cost: Vec<f64>,
    /// Options of each resource that are not out for good.
    on: Vec<Vec<u32>>,
    /// Of these, those that are not out now and whose claimant is not fixed; and whether that is still so.
    open: Vec<Vec<Open>>,
    current: bool,
    out: Vec<bool>,
    /// Options a claimant has left.
    left: Vec<u32>,
    fixed: Vec<Option<u32>>,
    capacity: Vec<i64>,
    /// Cost of the fixed ones.
    base: f64,
    /// Options put out and claimants fixed, in order.
    trail: Vec<Change>,
    price: Vec<f64>,
    /// How often each claimant is taken now.
    taken: Vec<i32>,
    /// Average of the last knapsacks, by option, in parts of `weight`: the last counts most, one before it [`FADE`] of that.
    mean: Vec<f64>,
    weight: f64,
    chosen: Vec<u32>,
    knapsack: Knapsack,
    known: u64,
    best: Option<Options>,
    go_on: &'a mut dyn FnMut(u64) -> bool,
    alive: bool,
}

/// An option that may be taken now.
#[derive(Clone)]
struct Open {
    option: u32,
    claimant: u32,
    units: usize,
    cost: f64,
}

enum Change {
    Out(u32),
    Fixed(u32),
}

impl<'a> Tree<'a> {
    fn new(needs: &'a Needs, price: Vec<f64>, known: u64, go_on: &'a mut dyn FnMut(u64) -> bool) -> Self {
        let options = needs.cost.len();
        let mut claimant = vec![0; options];
        for at in 0..needs.len() {
            claimant[needs.options(at)].fill(at as u32);
        }
        let resource: Vec<u32> = (0..options).map(|option| needs.of(option)[0].0).collect();
        let mut on = vec![Vec::new(); needs.capacity.len()];
        for (option, &resource) in resource.iter().enumerate() {
            on[resource as usize].push(option as u32);
        }
        Self {
            needs,
            claimant,
            units: (0..options).map(|option| needs.of(option)[0].1 as usize).collect(),
            resource,
            cost: needs.cost.iter().map(|&cost| f64::from(cost) * ONE).collect(),
            on,
            open: vec![Vec::new(); needs.capacity.len()],
            current: false,
            out: vec![false; options],
            left: (0..needs.len()).map(|at| needs.options(at).len() as u32).collect(),
            fixed: vec![None; needs.len()],
            capacity: needs.capacity.clone(),
            base: 0.0,
            trail: Vec::new(),
            price,
            taken: vec![0; needs.len()],
            mean: vec![0.0; options],
            weight: 1.0,
            chosen: Vec::new(),
            knapsack: Knapsack::default(),
            known,
            best: None,
            go_on,
            alive: true,
        }
    }

    /// Who has one option takes it; false: that cannot be.
    fn settle(&mut self) -> bool {
        (0..self.needs.len()).all(|claimant| {
            let only = self.needs.options(claimant).next().filter(|_| self.left[claimant] == 1);
            only.is_none_or(|option| self.fix(option as u32))
        })
    }

    /// Searches below; false: broken off. `searched`: how many were left when all below was last searched in vain.
    fn visit(&mut self, mut searched: usize) -> bool {
        loop {
            if !self.alive {
                return false;
            }
            let (bound, settled) = self.ascend(STEPS, 0.5);
            if bound >= self.known || settled {
                return true;
            }
            let mark = self.trail.len();
            if !self.prune() {
                self.undo(mark);
                return true;
            }
            if self.end(&mut searched) {
                return true;
            }
            let Some(option) = self.choose() else {
                // Everybody is fixed: a placing, noted when it was.
                return true;
            };
            let price = self.price.clone();
            let below = self.trail.len();
            let fits = self.fix(option);
            let done = !fits || self.visit(searched);
            self.undo(below);
            if !done {
                return false;
            }
            self.price = price;
            if !self.leave_out(option) {
                return true;
            }
        }
    }

    /// The claimant and option to decide next: taken too often or not at all, and most likely.
    fn choose(&self) -> Option<u32> {
        let mut best: Option<(f32, u32)> = None;
        let share = self.share();
        for claimant in 0..self.needs.len() {
            if self.fixed[claimant].is_some() {
                continue;
            }
            let wrong = self.taken[claimant] != 1;
            for option in self.needs.options(claimant) {
                if !self.out[option] {
                    let likely = (self.mean[option] * share) as f32 + if wrong { 10.0 } else { 0.0 };
                    if best.is_none_or(|(most, _)| likely > most) {
                        best = Some((likely, option as u32));
                    }
                }
            }
        }
        best.map(|(_, option)| option)
    }

    /// Improves the prices; answers the bound, and whether it was met by a placing.
    fn ascend(&mut self, steps: u32, mut theta: f64) -> (u64, bool) {
        let mut highest = f64::NEG_INFINITY;
        let mut best = self.price.clone();
        let mut stale = 0;
        for _ in 0..steps {
            let value = self.evaluate();
            let norm: f64 = (0..self.needs.len())
                .filter(|&claimant| self.fixed[claimant].is_none())
                .map(|claimant| f64::from((1 - self.taken[claimant]).pow(2)))
                .sum();
            if value > highest + 0.01 * ONE {
                stale = 0;
            } else {
                stale += 1;
            }
            if value > highest {
                highest = value;
                best.copy_from_slice(&self.price);
            }
            if norm == 0.0 {
                // Everybody exactly once: a placing that costs what the bound says.
                self.repair();
                self.price = best;
                return (self.whole(highest), true);
            }
            self.repair();
            if self.whole(highest) >= self.known {
                break;
            }
            if stale >= 8 {
                (theta, stale) = (theta * 0.6, 0);
                if theta < 0.01 {
                    break;
                }
            }
            let step = theta * ((self.known as f64) * ONE - value).max(0.5 * ONE) / norm;
            for claimant in 0..self.needs.len() {
                if self.fixed[claimant].is_none() {
                    let moved = self.price[claimant] + step * f64::from(1 - self.taken[claimant]);
                    self.price[claimant] = moved.round();
                }
            }
            self.alive &= (self.go_on)(self.known);
            if !self.alive {
                break;
            }
        }
        self.price = best;
        (self.whole(highest), false)
    }

    /// Costs are whole: a bound in parts, rounded up.
    fn whole(&self, value: f64) -> u64 {
        (value / ONE).ceil().max(0.0) as u64
    }

    /// All knapsacks at these prices; answers the bound in parts.
    fn evaluate(&mut self) -> f64 {
        self.taken.fill(0);
        self.chosen.clear();
        let mut value = self.base;
        for claimant in 0..self.needs.len() {
            if self.fixed[claimant].is_none() {
                value += self.price[claimant];
            }
        }
        // Instead of all before weighing less, this weighs more.
        self.weight /= FADE;
        if self.weight > HEAVY {
            self.mean.iter_mut().for_each(|mean| *mean /= self.weight);
            self.weight = 1.0;
        }
        self.reopen();
        let mut items = Vec::new();
        for resource in 0..self.on.len() {
            self.items(resource, &mut items);
            let capacity = self.capacity[resource].max(0) as usize;
            let mut knapsack = std::mem::take(&mut self.knapsack);
            value -= knapsack.best(&mut items, capacity);
            knapsack.taken().iter().for_each(|&option| self.take(option));
            self.knapsack = knapsack;
        }
        value
    }

    /// Lists again which options are open, if that has changed.
    fn reopen(&mut self) {
        if !self.current {
            (0..self.on.len()).for_each(|resource| self.reopen_on(resource));
            self.current = true;
        }
    }

    fn reopen_on(&mut self, resource: usize) {
        let open = &mut self.open[resource];
        open.clear();
        for &option in &self.on[resource] {
            let at = option as usize;
            let (claimant, units) = (self.claimant[at], self.units[at]);
            let fits = units as i64 <= self.capacity[resource];
            if fits && !self.out[at] && self.fixed[claimant as usize].is_none() {
                open.push(Open { option, claimant, units, cost: self.cost[at] });
            }
        }
    }

    /// The open options on a resource that are worth taking.
    fn items(&self, resource: usize, items: &mut Vec<Item>) {
        items.clear();
        for open in &self.open[resource] {
            let profit = self.price[open.claimant as usize] - open.cost;
            if profit > 0.0 {
                items.push((open.option, open.units, profit));
            }
        }
    }

    /// What makes shares of the means.
    fn share(&self) -> f64 {
        (1.0 - FADE) / self.weight
    }

    fn take(&mut self, option: u32) {
        self.taken[self.claimant[option as usize] as usize] += 1;
        self.mean[option as usize] += self.weight;
        self.chosen.push(option);
    }

    /// A placing from the knapsacks: who is taken twice stays at the cheapest, who is not taken goes where there is room.
    fn repair(&mut self) {
        let mut option_of: Vec<Option<u32>> = self.fixed.clone();
        let mut room = self.capacity.clone();
        for &option in &self.chosen {
            let claimant = self.claimant[option as usize] as usize;
            let cheaper = option_of[claimant].is_none_or(|held| self.cost[option as usize] < self.cost[held as usize]);
            if cheaper {
                option_of[claimant] = Some(option);
            }
        }
        for (fixed, taken) in self.fixed.iter().zip(&option_of) {
            if let (None, Some(option)) = (fixed, *taken) {
                room[self.resource[option as usize] as usize] -= self.units[option as usize] as i64;
            }
        }
        for (claimant, taken) in option_of.iter_mut().enumerate() {
            if taken.is_none() {
                let fits = self
                    .needs
                    .options(claimant)
                    .filter(|&option| {
                        !self.out[option] && self.units[option] as i64 <= room[self.resource[option] as usize]
                    })
                    .min_by(|&a, &b| self.cost[a].total_cmp(&self.cost[b]));
                let Some(option) = fits else { return };
                room[self.resource[option] as usize] -= self.units[option] as i64;
                *taken = Some(option as u32);
            }
        }
        let options: Option<Options> = option_of.into_iter().collect();
        options.into_iter().for_each(|options| self.note(options));
    }

    /// A placing; kept if it is better than what is known.
    fn note(&mut self, options: Options) {
        let cost: f64 = options.iter().map(|&option| self.cost[option as usize]).sum();
        let cost = (cost / ONE) as u64;
        if cost < self.known {
            self.known = cost;
            self.best = Some(options);
        }
    }

    /// May something better take this option?
    fn may(&self, claimant: usize, option: usize) -> bool {
        !self.out[option] && self.fixed[claimant].is_none_or(|fixed| fixed as usize == option)
    }

    /// What is out or fixed now is so for good.
    fn forget(&mut self) {
        self.trail.clear();
        let out = &self.out;
        self.on.iter_mut().for_each(|on| on.retain(|&option| !out[option as usize]));
    }

    /// Leaves out every option whose taking would bring the bound to what is known; false: nothing is left for somebody.
    fn prune(&mut self) -> bool {
        let value = self.evaluate();
        let spare = (self.known as f64 - 1.0) * ONE - value;
        if spare < 0.0 {
            return false;
        }
        let mut items = Vec::new();
        for resource in 0..self.on.len() {
            // Some may have been fixed on the way here.
            if !self.current {
                self.reopen_on(resource);
            }
            self.items(resource, &mut items);
            let capacity = self.capacity[resource].max(0) as usize;
            let (by_units, mut loss) = self.knapsack.losses(&items, capacity);
            for k in 0..self.on[resource].len() {
                let option = self.on[resource][k] as usize;
                let claimant = self.claimant[option] as usize;
                if self.out[option] || self.fixed[claimant].is_some() {
                    continue;
                }
                let profit = self.price[claimant] - self.cost[option];
                if self.units[option] > capacity {
                    loss.push((option as u32, f64::INFINITY));
                } else if profit <= 0.0 {
                    loss.push((option as u32, by_units[capacity] - by_units[capacity - self.units[option]] - profit));
                }
            }
            for (option, lost) in loss {
                if lost > spare && !self.out[option as usize] && !self.leave_out(option) {
                    return false;
                }
            }
        }
        true
    }

    /// Puts an option out; who has one left takes it. False: that cannot be.
    fn leave_out(&mut self, option: u32) -> bool {
        let at = option as usize;
        let claimant = self.claimant[at] as usize;
        if self.out[at] || self.fixed[claimant].is_some() {
            return self.fixed[claimant] != Some(option);
        }
        self.out[at] = true;
        self.left[claimant] -= 1;
        self.current = false;
        self.trail.push(Change::Out(option));
        match self.left[claimant] {
            0 => false,
            1 => {
                let last = self.needs.options(claimant).find(|&option| !self.out[option]);
                last.is_some_and(|last| self.fix(last as u32))
            }
            _ => true,
        }
    }

    /// The claimant takes this option; false: it does not fit.
    fn fix(&mut self, option: u32) -> bool {
        let at = option as usize;
        let (claimant, resource) = (self.claimant[at] as usize, self.resource[at] as usize);
        if self.units[at] as i64 > self.capacity[resource] {
            return false;
        }
        self.capacity[resource] -= self.units[at] as i64;
        self.base += self.cost[at];
        self.fixed[claimant] = Some(option);
        self.current = false;
        self.trail.push(Change::Fixed(option));
        true
    }

    fn undo(&mut self, mark: usize) {
        self.current &= self.trail.len() <= mark;
        while self.trail.len() > mark {
            match self.trail.pop() {
                Some(Change::Out(option)) => {
                    self.out[option as usize] = false;
                    self.left[self.claimant[option as usize] as usize] += 1;
                }
                Some(Change::Fixed(option)) => {
                    let at = option as usize;
                    self.capacity[self.resource[at] as usize] += self.units[at] as i64;
                    self.base -= self.cost[at];
                    self.fixed[self.claimant[at] as usize] = None;
                }
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests;
