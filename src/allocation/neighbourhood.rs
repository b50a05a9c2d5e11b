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
pub(super) const FIRST: f64 = 3.0;
const FEWEST: f64 = 2.0;
/// How the number changes after a neighbourhood that was searched whole, and after one that was not: two of three are.
const MORE: f64 = 1.03;
const FEWER: f64 = 0.94;
/// Steps of prices spent on one neighbourhood; between two looks at the clock.
const STEPS: u32 = 1500;
const LOOK: u32 = 16;
const EFFORT: Effort = Effort { root: 60, dives: 1, prove: true };
/// How neighbourhoods are chosen.
struct Way {
    /// Share of those in which another placing of the same cost is as welcome.
    aside: f64,
    /// A resource that loses nothing is drawn as if it lost so much of the mean.
    some: f64,
}
/// Wherever something may be found; and where a last unit can only be won on nearly all that is lost.
const ANYWHERE: Way = Way { aside: 0.3, some: 1.0 };
const LOSING: Way = Way { aside: 0.0, some: 0.1 };
/// The time for the neighbourhoods of a placing, in that of finding it.
const EACH: f64 = 1.5;
/// How much narrower those are in which as good is as welcome, and what is done there.
const NARROW: f64 = 0.3;
const SIDEWAYS: Effort = Effort { root: 30, dives: 1, prove: false };

/// What a turn goes by.
pub(super) struct Turn<'a> {
    /// Of claimants.
    pub(super) price: &'a [f64],
    /// No placing costs less.
    pub(super) least: u64,
    /// One that costs no more is left for others that cost as much.
    pub(super) near: u64,
    /// The share of the time at which the turn ends.
    pub(super) until: f64,
}

/// Improves `held` (cost, options). `size`: resources emptied at a time, which is learned and kept from one turn to the next; `tick`: told
/// options looked at and the cost, the share of the time that is used.
pub(super) fn turn(
    needs: &Needs,
    turn: &Turn<'_>,
    held: &mut (u64, Options),
    size: &mut f64,
    random: &mut Random,
    tick: &mut dyn FnMut(u64, u64) -> f64,
) {
    let Turn { price, least, near, until } = *turn;
    search(needs, price, held, least, (&ANYWHERE, size), random, &mut |looked, cost| {
        tick(looked, cost) < until && cost > near
    });
    // Most placings lose a little everywhere, and nothing better is near them; some lose nearly all on some resources.
    while held.0 > least && tick(0, held.0) < until {
        let known = held.0;
        let before = tick(0, known);
        let options = needs.cost.len() as u64;
        let another = branch::another(needs, price.to_vec(), known, random.next_u64(), &mut |cost| {
            tick(options, cost.min(known)) < until
        });
        let mut here = another.unwrap_or_else(|| held.clone());
        let after = tick(0, here.0);
        let end = until.min(after + EACH * (after - before));
        search(needs, price, &mut here, least, (&LOSING, size), random, &mut |looked, cost| tick(looked, cost) < end);
        if here.0 <= known {
            *held = here;
        }
    }
}

/// Improves `held` (cost, options) while `go_on`, told the options looked at and the cost.
fn search(
    needs: &Needs,
    price: &[f64],
    held: &mut (u64, Options),
    enough: u64,
    (way, size): (&Way, &mut f64),
    random: &mut Random,
    go_on: &mut dyn FnMut(u64, u64) -> bool,
) {
    let resource_of = |option: u32| needs.of(option as usize)[0].0 as usize;
    let most = branch::most(needs, price);
    let mut wanted = vec![false; most.len()];
    (0..needs.cost.len()).for_each(|option| wanted[resource_of(option as u32)] = true);
    let busy: Vec<usize> = (0..wanted.len()).filter(|&resource| wanted[resource]).collect();
    while held.0 > enough && go_on(needs.cost.len() as u64, held.0) {
        // What each resource earns less than it could.
        let mut loss = most.clone();
        for (&price, &option) in price.iter().zip(&held.1) {
            loss[resource_of(option)] -= price - f64::from(needs.cost[option as usize]) * branch::ONE;
        }
        let aside = random.unit() < way.aside;
        let count = if aside { *size * NARROW } else { *size }.max(FEWEST) as usize;
        let mean = loss.iter().sum::<f64>() / busy.len().max(1) as f64;
        let mut drawn: Vec<(f64, usize)> = busy
            .iter()
            .map(|&resource| {
                (-libm::log(1.0 - random.unit()) / f64::max(loss[resource] + way.some * mean, 1.0), resource)
            })
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
            *size = (*size * if proof.finished { MORE } else { FEWER }).clamp(FEWEST, (busy.len() as f64).max(FEWEST));
        }
    }
}
