//! Better placings near a good one: a few resources are emptied and filled anew, as well as can be ([`super::branch`]).
//!
//! Where everything takes of one resource only, those of a few resources are a small problem of the same kind; most such problems are
//! seen at once to hold nothing better. Resources are chosen by what they lose against their prices, and others that compete for the
//! same claimants. As many at a time as can just be searched whole.

use super::anneal::Options;
use super::branch::{self, Effort};
use super::needs::Needs;
use super::prices::reduced;
use crate::search::Random;

/// Fewest and most resources emptied at once.
const SIZES: (f64, f64) = (2.0, 12.0);
/// Steps of prices spent on one neighbourhood.
const STEPS: u32 = 400;

/// Improves `held` (cost, options) while `go_on`.
pub(super) fn search(
    needs: &Needs,
    price: &[f64],
    held: &mut (u64, Options),
    enough: u64,
    random: &mut Random,
    go_on: &mut dyn FnMut(u64) -> bool,
) {
    let resources = needs.capacity.len();
    let resource_of = |option: u32| needs.of(option as usize)[0].0 as usize;
    let least: Vec<f64> = (0..needs.len())
        .map(|claimant| needs.options(claimant).map(|o| reduced(needs, o, price)).fold(f64::INFINITY, f64::min))
        .collect();
    let mut size = 3.0_f64;
    while held.0 > enough && go_on(held.0) {
        // What each resource loses: units left over, and those on it who would do better elsewhere.
        let mut loss: Vec<f64> = needs.capacity.iter().zip(price).map(|(&units, price)| units as f64 * price).collect();
        for (claimant, &option) in held.1.iter().enumerate() {
            let resource = resource_of(option);
            let units = f64::from(needs.of(option as usize)[0].1);
            loss[resource] += reduced(needs, option as usize, price) - least[claimant] - units * price[resource];
        }
        let mut chosen = vec![false; resources];
        let count = (size.floor() as usize).min(resources);
        for k in 0..count {
            let pick = if k == 0 || random.below(2) == 0 {
                // Of a few the one that loses most.
                (0..3).map(|_| random.below(resources)).max_by(|&a, &b| loss[a].total_cmp(&loss[b])).unwrap_or(0)
            } else {
                random.below(resources)
            };
            chosen[pick] = true;
        }
        let claimants: Vec<usize> =
            (0..needs.len()).filter(|&claimant| chosen[resource_of(held.1[claimant])]).collect();
        let (part, kept) = needs.part(&claimants, &chosen);
        let cost: u64 = claimants.iter().map(|&claimant| u64::from(needs.cost[held.1[claimant] as usize])).sum();
        let prices: Vec<f64> =
            (0..resources).filter(|&resource| chosen[resource]).map(|resource| price[resource]).collect();
        let mut steps = 0;
        let proof = branch::search(
            &part,
            &prices,
            None,
            cost,
            Effort { root: 60, dives: 1, prove: true },
            random.next_u64(),
            &mut |_| {
                steps += 1;
                steps < STEPS && (steps % 16 != 0 || go_on(held.0))
            },
        );
        if let Some((better, options)) = proof.best {
            for (&claimant, option) in claimants.iter().zip(options) {
                held.1[claimant] = kept[option as usize];
            }
            held.0 = held.0 - cost + better;
        }
        size = if proof.finished { size * 1.01 } else { size * 0.95 }.clamp(SIZES.0, SIZES.1);
    }
}
