//! One set for each resource, so that everybody is in just one of them, at the least loss: set partitioning by branch and bound.
//!
//! The sets are all that may be picked, so prices on claimants give a bound by looking at each set (Baldacci, Christofides & Mingozzi 2008:
//! once all columns within the gap are listed the rest is a search among them): loss >= sum(prices) + sum over resources of the least
//! loss less the prices of the members. At each node the prices climb to that bound, sets that would pass what may be lost go, and what
//! then follows is drawn. Branches on the option that the sets of the last steps held about half the time.
//! Time O(sets looked at x members / 8); memory: the sets, copied on each level that holds fewer.

use super::ONE;

/// Some claimants for one resource. Bits: positions in [`Partition::claimants`] of it.
#[derive(Clone, Copy)]
pub(super) struct Set {
    pub(super) members: u128,
    pub(super) lost: f64,
    /// What it loses at the prices of now.
    reduced: f64,
}

impl Set {
    pub(super) fn new(members: u128, lost: f64) -> Self {
        Self { members, lost, reduced: lost }
    }
}

/// What came out.
#[derive(Debug, PartialEq)]
pub(super) enum Picked {
    /// The members of the set of each resource.
    One(Vec<u128>),
    Nothing,
    /// Broken off.
    Unknown,
}

/// What is to be searched.
pub(super) struct Partition<'a> {
    /// How many claimants there are.
    pub(super) count: usize,
    /// By resource, which claimants the bits of its sets are.
    pub(super) claimants: Vec<Vec<u32>>,
    /// What all sets together may lose, whole.
    pub(super) spare: f64,
    /// Told how many sets were looked at; whether to go on.
    pub(super) go_on: &'a mut dyn FnMut(u64) -> bool,
}

/// Steps of the prices at a node, and more at the first.
const STEPS: u32 = 20;
const FIRST: u32 = 60;
/// The first step, in that of Polyak (1969), and how it shrinks after so many that brought less than so much of a unit of cost.
const THETA: f64 = 1.6;
const SHRINK: f64 = 0.6;
const STALE: u32 = 4;
const LITTLE: f64 = 0.01;
const LEAST: f64 = 0.1;
/// What the bound is thought to rise above what may be lost, and the least to be had by a step, in units of cost.
const BEYOND: f64 = 0.05;
const HOPE: f64 = 0.02;
/// Share of its weight that a step keeps in the average from one to the next.
const FADE: f32 = 0.85;
/// Prices climb again at a node where fewer than so many of the sets are left; unless few were.
const AGAIN: f64 = 0.7;
const FEW: usize = 200;
/// From so many sets on the prices of members come from tables of eight claimants each.
const TABLES: usize = 40;
/// Bounds are sums of fractions: whole losses differ by more than this.
const NOISE: f64 = 0.5;

/// Searches for one that loses no more than it may.
pub(super) fn search(partition: Partition<'_>, sets: Vec<Vec<Set>>) -> Picked {
    let mean = partition.claimants.iter().map(|claimants| vec![0.0; claimants.len()]).collect();
    let price = vec![0.0; partition.count];
    Search { mean, tables: Vec::new(), partition }.below(sets, price, FIRST)
}

struct Search<'a> {
    partition: Partition<'a>,
    /// How much the sets of the last steps held each bit of each resource, the last most.
    mean: Vec<Vec<f32>>,
    tables: Vec<[f64; 256]>,
}

/// By resource: what any of its sets holds, and what all hold.
struct Seen {
    any: Vec<u128>,
    all: Vec<u128>,
    /// By claimant: resources that may take it.
    may: Vec<u32>,
}

impl Search<'_> {
    fn below(&mut self, mut sets: Vec<Vec<Set>>, mut price: Vec<f64>, mut steps: u32) -> Picked {
        loop {
            let seen = match self.narrow(&mut sets, &mut price, steps) {
                Ok(seen) => seen,
                Err(picked) => return picked,
            };
            let Some((resource, bit)) = self.choose(&seen) else {
                // One set each: everybody is in one, nobody in two.
                let lost: f64 = sets.iter().map(|sets| sets[0].lost).sum();
                let members = || sets.iter().map(|sets| sets[0].members).collect();
                return if lost <= self.partition.spare { Picked::One(members()) } else { Picked::Nothing };
            };
            let claimant = self.partition.claimants[resource][bit];
            let with: Vec<Vec<Set>> = (self.partition.claimants.iter().zip(&sets).enumerate())
                .map(|(at, (claimants, sets))| {
                    let it = claimants.iter().position(|&other| other == claimant).map_or(0, |bit| 1 << bit);
                    sets.iter().filter(|set| (set.members & it != 0) == (at == resource)).copied().collect()
                })
                .collect();
            match self.below(with, price.clone(), STEPS) {
                Picked::Nothing => {}
                other => return other,
            }
            sets[resource].retain(|set| set.members >> bit & 1 == 0);
            steps = STEPS;
        }
    }

    /// Leaves out what cannot be; `Err`: how the search below ends.
    fn narrow(&mut self, sets: &mut [Vec<Set>], price: &mut Vec<f64>, steps: u32) -> Result<Seen, Picked> {
        loop {
            self.follow(sets).ok_or(Picked::Nothing)?;
            self.climb(sets, price, steps)?;
            let before: usize = sets.iter().map(Vec::len).sum();
            let mut slack = self.partition.spare + NOISE - price.iter().sum::<f64>();
            let mut least = Vec::with_capacity(sets.len());
            for (claimants, sets) in self.partition.claimants.iter().zip(&mut *sets) {
                let (lost, _) = reprice(claimants, sets, price, &mut self.tables);
                slack -= lost;
                least.push(lost);
            }
            sets.iter_mut().zip(least).for_each(|(sets, least)| sets.retain(|set| set.reduced <= least + slack));
            if !(self.partition.go_on)(before as u64) {
                return Err(Picked::Unknown);
            }
            let now: usize = sets.iter().map(Vec::len).sum();
            if now as f64 > AGAIN * before as f64 || now < FEW {
                return self.follow(sets).ok_or(Picked::Nothing);
            }
        }
    }

    /// Improves the prices; `Err` where that ends the search below.
    fn climb(&mut self, sets: &mut [Vec<Set>], price: &mut Vec<f64>, steps: u32) -> Result<(), Picked> {
        self.mean.iter_mut().for_each(|mean| mean.fill(0.0));
        let spare = self.partition.spare;
        let count: usize = sets.iter().map(Vec::len).sum();
        let (mut best, mut highest) = (price.clone(), f64::NEG_INFINITY);
        let (mut theta, mut stale, mut weight) = (THETA, 0, 1.0_f32);
        let mut taken = vec![0_i32; price.len()];
        let mut picked = vec![0; sets.len()];
        for _ in 0..steps {
            taken.fill(0);
            weight /= FADE;
            let mut value: f64 = price.iter().sum();
            for (at, sets) in sets.iter_mut().enumerate() {
                let claimants = &self.partition.claimants[at];
                let (lost, which) = reprice(claimants, sets, price, &mut self.tables);
                value += lost;
                picked[at] = sets[which].members;
                for bit in bits(picked[at]) {
                    taken[claimants[bit] as usize] += 1;
                    self.mean[at][bit] += weight;
                }
            }
            stale = if value > highest + LITTLE * ONE { 0 } else { stale + 1 };
            if value > highest {
                highest = value;
                best.copy_from_slice(price);
            }
            if highest > spare + NOISE {
                return Err(Picked::Nothing);
            }
            let norm: f64 = taken.iter().map(|&taken| f64::from((1 - taken).pow(2))).sum();
            if norm == 0.0 {
                return Err(Picked::One(picked));
            }
            if !(self.partition.go_on)(count as u64) {
                return Err(Picked::Unknown);
            }
            if stale >= STALE {
                (theta, stale) = (theta * SHRINK, 0);
                if theta < LEAST {
                    break;
                }
            }
            let step = theta * (spare + BEYOND * ONE - value).max(HOPE * ONE) / norm;
            price.iter_mut().zip(&taken).for_each(|(price, &taken)| *price += step * f64::from(1 - taken));
        }
        *price = best;
        Ok(())
    }

    /// Leaves out sets with somebody whom all sets of another resource hold, or without somebody whom no other takes, until nothing
    /// more follows; `None`: nothing is below.
    fn follow(&self, sets: &mut [Vec<Set>]) -> Option<Seen> {
        let claimants = &self.partition.claimants;
        loop {
            if sets.iter().any(Vec::is_empty) {
                return None;
            }
            let any: Vec<u128> = sets.iter().map(|sets| sets.iter().fold(0, |any, set| any | set.members)).collect();
            let all: Vec<u128> =
                sets.iter().map(|sets| sets.iter().fold(u128::MAX, |all, set| all & set.members)).collect();
            let mut may = vec![0_u32; self.partition.count];
            let mut sure = may.clone();
            for (at, claimants) in claimants.iter().enumerate() {
                bits(any[at]).for_each(|bit| may[claimants[bit] as usize] += 1);
                bits(all[at]).for_each(|bit| sure[claimants[bit] as usize] += 1);
            }
            if may.contains(&0) || sure.iter().any(|&sure| sure > 1) {
                return None;
            }
            let mut changed = false;
            for (at, sets) in sets.iter_mut().enumerate() {
                let (mut must, mut never) = (0, 0);
                for bit in bits(any[at] & !all[at]) {
                    let claimant = claimants[at][bit] as usize;
                    never |= u128::from(sure[claimant] > 0) << bit;
                    must |= u128::from(may[claimant] == 1) << bit;
                }
                if must | never != 0 {
                    sets.retain(|set| set.members & must == must && set.members & never == 0);
                    changed = true;
                }
            }
            if !changed {
                return Some(Seen { any, all, may });
            }
        }
    }

    /// The resource and bit to decide next: held half the time, and of claimants whom few may take. `None`: all is decided.
    fn choose(&self, seen: &Seen) -> Option<(usize, usize)> {
        let heaviest = self.mean.iter().flatten().copied().fold(f32::MIN_POSITIVE, f32::max);
        let mut best: Option<(f32, usize, usize)> = None;
        for (at, claimants) in self.partition.claimants.iter().enumerate() {
            for bit in bits(seen.any[at] & !seen.all[at]) {
                let sure = (self.mean[at][bit] / heaviest - 0.5).abs();
                let score = sure + 0.05 * seen.may[claimants[bit] as usize] as f32;
                if best.is_none_or(|(least, ..)| score < least) {
                    best = Some((score, at, bit));
                }
            }
        }
        best.map(|(_, at, bit)| (at, bit))
    }
}

/// What each set loses at these prices; the least, and where.
fn reprice(claimants: &[u32], sets: &mut [Set], price: &[f64], tables: &mut Vec<[f64; 256]>) -> (f64, usize) {
    let of = |bit: usize| price[claimants[bit] as usize];
    if sets.len() < TABLES {
        for set in &mut *sets {
            set.reduced = bits(set.members).fold(set.lost, |lost, bit| lost - of(bit));
        }
    } else {
        let blocks = claimants.len().div_ceil(8);
        tables.resize(blocks.max(tables.len()), [0.0; 256]);
        for (block, table) in tables[..blocks].iter_mut().enumerate() {
            for (bit, at) in (block * 8..claimants.len()).take(8).enumerate() {
                let half = 1 << bit;
                (0..half).for_each(|rest| table[half + rest] = table[rest] + of(at));
            }
        }
        for set in &mut *sets {
            let mut members = set.members;
            set.reduced = set.lost;
            for table in &tables[..blocks] {
                set.reduced -= table[(members & 255) as usize];
                members >>= 8;
            }
        }
    }
    let least =
        |best: (f64, usize), (at, set): (usize, &Set)| if set.reduced < best.0 { (set.reduced, at) } else { best };
    sets.iter().enumerate().fold((f64::INFINITY, 0), least)
}

fn bits(mut members: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (members != 0).then_some(members.trailing_zeros() as usize);
        members &= members.wrapping_sub(1);
        lowest
    })
}
