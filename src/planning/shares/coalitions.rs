//! What could some of the parks do without the others? A search for each coalition, all with the same iterations.
//!
//! A coalition may use the whole fleet and the whole budget, and plans for its own people only: all others stay with their alternative.
//! Nothing that is in force binds it (no price of changes, no limit to them). Its search starts from running nothing, from the plan at hand
//! with its own people alone aboard (whole, and without what does not pay then), from what it can do without one of its members, and from the
//! best it can do in two parts: so a larger coalition starts from all that smaller ones found and is never worth less, and values are as even as a
//! short search can make them. One alone starts from the stages of a first plan besides. Each coalition is searched [`SEARCHES`]
//! times; the best counts, and how far they are apart is the noise. Values are benefits of real plans: a bound from below on what a coalition could do.
//!
//! Everybody is searched too, last and with what is in force: what a part found may be the better plan for all, and then it is the plan.
//!
//! Fixed iterations, seeds from the run's and the coalition's: the same inputs give the same values, whatever the clock and the threads.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::game::Coalition;
use super::players::Players;
use crate::domain::ids::ServiceId;
use crate::domain::units::{Fen, People};
use crate::planning::costs;
use crate::planning::draft::{Draft, DraftBlock, Shop};
use crate::planning::first;
use crate::planning::improve::{self, Desk, Weighed};
use crate::planning::project::Project;
use crate::planning::trips::Offer;
use crate::search::{Answer, Progress, Run};

/// Searches of a coalition.
const SEARCHES: u64 = 2;
/// Odd, so that each coalition's seed is its own.
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;
/// With fewer iterations a search does not begin with the stages of a first plan, which take as long as some hundred.
const STAGED: u64 = 500;
/// Trips of a plan from which those that do not pay are taken one by one.
const MOST_TRIPS: usize = 60;

/// What was found for some coalitions.
#[derive(Clone, Debug)]
pub struct Values {
    /// Benefit of all but everybody, fen a mean day.
    pub fen: BTreeMap<Coalition, Fen>,
    /// Root mean square of the differences between searches of one coalition, fen a day.
    pub noise: Fen,
    /// The best plan for everybody: the one at hand, or a better one.
    pub best: Weighed,
}

/// How hard coalitions are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Of each search.
    pub iterations: u64,
    /// Are all coalitions searched (or but a few)?
    pub all: bool,
}

/// A coalition's best plan.
struct Found {
    fen: Fen,
    draft: Draft,
    /// Of its searches.
    spread: Fen,
}

/// Searches for each of these coalitions, then for everybody from the plan at hand. `None`: somebody wants an end.
#[must_use]
pub fn values(
    shop: &Shop<'_>,
    plan: &Weighed,
    players: &Players,
    coalitions: &[Coalition],
    effort: Effort,
    run: &Run<'_>,
) -> Option<Values> {
    let free = Project { in_force: None, max_changes: None, ..shop.project.clone() };
    let look = |iteration| {
        let progress = Progress { stage: "stage-shares", iteration, objective: None, bound: None };
        (run.watch)(&progress).cancelled
    };
    let mut found: BTreeMap<Coalition, Found> = BTreeMap::new();
    for size in 1..players.names.len() {
        let of_size: Vec<Coalition> = coalitions.iter().copied().filter(|set| set.size() == size).collect();
        let table = Table { shop, free: &free, players, plan: &plan.draft, found: &found, effort, seed: run.seed };
        let searched: Option<Vec<(Coalition, Found)>> = of_size
            .par_iter()
            .map(|&set| if look(set.0) { None } else { table.search(set, &|| look(set.0)).map(|found| (set, found)) })
            .collect();
        found.extend(searched?);
    }
    let all = Coalition::all(players.names.len());
    let table = Table { shop, free: &free, players, plan: &plan.draft, found: &found, effort, seed: run.seed };
    let best = if look(all.0) { return None } else { table.everybody(all, plan) };
    let squares: f64 = found.values().map(|found| (found.spread.0 as f64).powi(2)).sum();
    let noise = Fen::from_yuan((squares / found.len().max(1) as f64).sqrt() / 100.0);
    Some(Values { fen: found.iter().map(|(set, found)| (*set, found.fen)).collect(), noise, best })
}

/// What all searches have in common.
struct Table<'a> {
    shop: &'a Shop<'a>,
    /// The project with nothing in force.
    free: &'a Project,
    players: &'a Players,
    /// The plan at hand.
    plan: &'a Draft,
    /// Smaller coalitions.
    found: &'a BTreeMap<Coalition, Found>,
    effort: Effort,
    seed: u64,
}

impl Table<'_> {
    fn search(&self, set: Coalition, stop: &(dyn Fn() -> bool + Sync)) -> Option<Found> {
        let own = |offer: &Offer| {
            offer.only(&|cohort| self.players.of.get(cohort.index()).is_some_and(|&player| set.has(player)))
        };
        let offers = self.shop.offers.iter().map(own).collect();
        let shop = Shop { project: self.free, model: self.shop.model, offers };
        let desk = Desk::new(&shop);
        let idle = Draft { services: vec![Vec::new(); self.free.services.len()] };
        let nothing = objective(&shop, &idle)?;
        let mut starts: Vec<Weighed> = desk.weigh(idle).into_iter().collect();
        for draft in std::iter::once(self.plan.clone()).chain(self.best_parts(set)) {
            let own = carrying(&shop, &draft);
            let trips = own.services.iter().flatten().map(|block| block.trips.len()).sum::<usize>();
            starts.extend(desk.weigh(own.clone()));
            if trips <= MOST_TRIPS {
                starts.extend(first::legal_and_worthwhile(&shop, &desk, own, stop));
            }
        }
        starts.extend(self.without_one(set).filter_map(|draft| desk.weigh(carrying(&shop, draft))));
        if set.size() == 1 && self.effort.all && self.effort.iterations >= STAGED {
            let watch = |_: &Progress| Answer { stop: stop(), ..Answer::GO };
            starts.extend(first::drafts(
                &shop,
                &desk,
                None,
                &Run { watch: &watch, ..Run::quiet(self.seed) },
                &|_, _| {},
            ));
        }
        if stop() {
            return None;
        }
        let searches: Vec<Weighed> = (0..SEARCHES).map(|number| self.explore(&desk, &starts, set, number)).collect();
        let benefit = |weighed: &Weighed| Some(nothing - objective(&shop, &weighed.draft)?);
        // What people find among all seats may be best in what the search, which plans with fewer, went on from.
        let best = least(&desk, starts.iter().chain(&searches))?;
        let worth: Vec<Fen> = searches.iter().filter_map(benefit).collect();
        let spread = worth.iter().max().zip(worth.iter().min()).map(|(high, low)| *high - *low);
        Some(Found { fen: benefit(best)?, draft: best.draft.clone(), spread: spread.unwrap_or_default() })
    }

    /// The best plan for all, by the rules of the project and what is in force.
    fn everybody(&self, all: Coalition, plan: &Weighed) -> Weighed {
        let desk = Desk::new(self.shop);
        let parts = self.best_parts(all);
        let smaller = self.without_one(all).chain(&parts).filter_map(|draft| desk.weigh(carrying(self.shop, draft)));
        let starts: Vec<Weighed> = std::iter::once(plan.clone()).chain(smaller).collect();
        let searches: Vec<Weighed> = (0..SEARCHES).map(|number| self.explore(&desk, &starts, all, number)).collect();
        least(&desk, starts.iter().chain(&searches)).unwrap_or(plan).clone()
    }

    fn explore(&self, desk: &Desk<'_>, starts: &[Weighed], set: Coalition, number: u64) -> Weighed {
        let seed = self.seed ^ (set.0 * SEARCHES + number).wrapping_mul(STRIDE);
        let run = Run { seed, iterations: Some(self.effort.iterations), chains: 1, watch: &|_| Answer::GO };
        improve::explore(desk, starts, &run, &|_, _| {}).best
    }

    /// What a coalition can do without one of its members.
    fn without_one(&self, set: Coalition) -> impl Iterator<Item = &Draft> {
        let without = move |player: usize| self.found.get(&Coalition(set.0 ^ Coalition::of(player).0));
        set.players().filter_map(without).map(|found| &found.draft)
    }

    /// The plans of the two parts that are worth most, side by side.
    fn best_parts(&self, set: Coalition) -> Option<Draft> {
        let mut best: Option<(Fen, &Found, &Found)> = None;
        for (part, one) in self.found.iter().filter(|(part, _)| part.0 & set.0 == part.0) {
            let Some(other) = self.found.get(&Coalition(set.0 ^ part.0)) else { continue };
            if best.is_none_or(|(fen, _, _)| one.fen + other.fen > fen) {
                best = Some((one.fen + other.fen, one, other));
            }
        }
        let (_, one, other) = best?;
        let services = one.draft.services.iter().zip(&other.draft.services);
        Some(Draft { services: services.map(|(one, other)| [one.clone(), other.clone()].concat()).collect() })
    }
}

/// The plan that costs least when people find all seats; the first of equals.
fn least<'w>(desk: &Desk<'_>, weighed: impl Iterator<Item = &'w Weighed>) -> Option<&'w Weighed> {
    weighed.map(|weighed| (desk.promised(weighed), weighed)).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, best)| best)
}

/// The draft's trips with those aboard whom this shop knows; trips that nobody of them would take are left out.
fn carrying(shop: &Shop<'_>, draft: &Draft) -> Draft {
    let blocks = |(number, service): (usize, &Vec<DraftBlock>)| {
        let number = ServiceId::at(number);
        let own = |block: &DraftBlock| {
            let trips = block.trips.iter().filter_map(|trip| shop.trip(number, trip.line, trip.minute));
            DraftBlock { kind: block.kind, trips: trips.filter(|trip| !trip.choices.is_empty()).collect() }
        };
        service.iter().map(own).filter(|block| !block.trips.is_empty()).collect()
    };
    Draft { services: draft.services.iter().enumerate().map(blocks).collect() }
}

/// People, running and upkeep of a mean day with all seats, row by row in whole fen as a plan states them; `None` where it cannot be driven.
fn objective(shop: &Shop<'_>, draft: &Draft) -> Option<Fen> {
    let people = draft.services.iter().enumerate().map(|(number, service)| {
        let mut left: Vec<People> = shop.model.rides.iter().map(|ride| ride.people).collect();
        let mut sum = Fen::ZERO;
        for row in shop.riders(service, 1000) {
            left[row.cohort.index()] = left[row.cohort.index()].minus(row.people);
            sum += row.cost.times(row.people);
        }
        let without = shop.model.rides.iter().zip(left).filter(|(ride, _)| ride.service == ServiceId::at(number));
        sum + without.map(|(ride, left)| ride.alternative.times(left)).sum::<Fen>()
    });
    let people: Vec<Fen> = people.collect();
    let running = draft.services.iter().map(|service| shop.running(service)).collect::<Option<Vec<Fen>>>()?;
    let (days, _) = &shop.model.service_days;
    Some(costs::mean_day(&people, days) + costs::mean_day(&running, days) + shop.upkeep(draft)?)
}
