//! Better placings near a good one: some resources are emptied and filled anew, as well as can be ([`super::branch`]).
//!
//! Where everything takes of one resource only, those of some resources are a small problem of the same kind; most such problems are
//! seen at once to hold nothing better. What can be won on some resources is at most what they lose against their best knapsacks at the
//! prices of claimants, and a whole unit of cost must be won: resources are drawn without repetition, likelier the more they lose
//! (Efraimidis & Spirakis 2006). As many at a time as can just be searched whole, up to all (large neighbourhoods, Shaw 1998).

use super::anneal::Options;
use super::branch::{self, Effort};
use super::needs::Needs;
use crate::search::Random;

/// Resources emptied at first, and the fewest.
const FIRST: f64 = 3.0;
const FEWEST: f64 = 2.0;
/// How the number changes after a neighbourhood that was searched whole, and after one that was not.
const MORE: f64 = 1.01;
const FEWER: f64 = 0.98;
/// Steps of prices spent on one neighbourhood; between two looks at the clock.
const STEPS: u32 = 1500;
const LOOK: u32 = 16;
const EFFORT: Effort = Effort { root: 60, dives: 1, prove: true };
/// Share of neighbourhoods in which another placing of the same cost is as welcome, how much narrower they are, and what is done there.
const ASIDE: f64 = 0.3;
const NARROW: f64 = 0.3;
const SIDEWAYS: Effort = Effort { root: 30, dives: 1, prove: false };

/// Improves `held` (cost, options) while `go_on`, told the options looked at and the cost. `price`: of claimants.
pub(super) fn search(
    needs: &Needs,
    price: &[f64],
    held: &mut (u64, Options),
    enough: u64,
    random: &mut Random,
    go_on: &mut dyn FnMut(u64, u64) -> bool,
) {
    let resource_of = |option: u32| needs.of(option as usize)[0].0 as usize;
    let most = branch::most(needs, price);
    let mut wanted = vec![false; most.len()];
    (0..needs.cost.len()).for_each(|option| wanted[resource_of(option as u32)] = true);
    let busy: Vec<usize> = (0..wanted.len()).filter(|&resource| wanted[resource]).collect();
    let mut size = FIRST;
    while held.0 > enough && go_on(needs.cost.len() as u64, held.0) {
        // What each resource earns less than it could.
        let mut loss = most.clone();
        for (&price, &option) in price.iter().zip(&held.1) {
            loss[resource_of(option)] -= price - f64::from(needs.cost[option as usize]) * branch::ONE;
        }
        let aside = random.unit() < ASIDE;
        let count = if aside { size * NARROW } else { size }.max(FEWEST) as usize;
        let mean = loss.iter().sum::<f64>() / busy.len().max(1) as f64;
        let mut drawn: Vec<(f64, usize)> = busy
            .iter()
            .map(|&resource| (-libm::log(1.0 - random.unit()) / f64::max(loss[resource] + mean, 1.0), resource))
            .collect();
        drawn.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut chosen = vec![false; most.len()];
        drawn.iter().take(count).for_each(|&(_, resource)| chosen[resource] = true);
        let claimants: Vec<usize> =
            (0..needs.len()).filter(|&claimant| chosen[resource_of(held.1[claimant])]).collect();
        let (part, kept) = needs.part(&claimants, &chosen);
        let cost: u64 = claimants.iter().map(|&claimant| u64::from(needs.cost[held.1[claimant] as usize])).sum();
        let prices = claimants.iter().map(|&claimant| price[claimant]).collect();
        let mut steps = 0;
        let (known, effort) = if aside { (cost + 1, SIDEWAYS) } else { (cost, EFFORT) };
        let proof = branch::search(&part, prices, known, effort, random.next_u64(), &mut |_| {
            steps += 1;
            let look = steps % LOOK == 0;
            steps < STEPS && (!look || go_on(u64::from(LOOK) * part.cost.len() as u64, held.0))
        });
        if let Some((better, options)) = proof.best {
            for (&claimant, option) in claimants.iter().zip(options) {
                held.1[claimant] = kept[option as usize];
            }
            held.0 = held.0 - cost + better;
        }
        if !aside {
            size = (size * if proof.finished { MORE } else { FEWER }).clamp(FEWEST, (busy.len() as f64).max(FEWEST));
        }
    }
}
