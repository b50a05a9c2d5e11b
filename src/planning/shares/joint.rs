//! Who pays what where several parks plan together, and why: by what each gains, the rule told at [`super::super::plan::Joint`].
//!
//! Up to [`EXACT_PARKS`] parks all coalitions are searched and Shapley's value is exact for what was found; beyond, a few drawn orders. How
//! long a search may be is counted in iterations and fixed by the size of the task ([`iterations`]), so that the whole takes about as
//! long as the plan itself took, and never depends on the clock.

use std::collections::BTreeMap;

use super::coalitions::{self, Effort};
use super::core::Complaint;
use super::divide::{self, SHAPLEY, SHAPLEY_SAMPLED};
use super::game::{Coalition, Game};
use super::payments;
use super::players::{self, Players};
use super::shapley;
use crate::domain::ids::ServiceId;
use crate::domain::units::{Fen, People};
use crate::planning::costs;
use crate::planning::draft::{Draft, Shop};
use crate::planning::improve::Weighed;
use crate::planning::plan::{Joint, Objection, Plan, Share, Subsidy};
use crate::planning::project::Seating;
use crate::search::Run;

/// Up to so many parks every coalition is searched; those who travel to no park are one player more.
pub const EXACT_PARKS: usize = 6;
/// Orders drawn where not all are, each with its reverse.
const PAIRS: u32 = 6;
/// Iterations of a search for a coalition, at most.
const MOST_ITERATIONS: u64 = 2_000;
/// … and at least, or it is not begun.
const LEAST_ITERATIONS: u64 = 20;
/// Iterations times cohorts over all searches.
const WORK: u64 = 30_000_000;
/// So much longer takes an iteration where seats are booked.
const ASSIGNED: u64 = 20;

/// What came of the searches.
#[derive(Clone, Debug)]
pub enum Worth {
    /// All that is needed to divide.
    Known(Box<Known>),
    /// Nobody to divide with, or nothing to divide.
    Nothing,
    /// Somebody wanted an end.
    Stopped,
    /// Too many parks or cohorts for searches worth the name.
    TooLarge,
}

impl Worth {
    /// The best plan for everybody that the searches know.
    #[must_use]
    pub fn best(&self) -> Option<&Weighed> {
        match self {
            Self::Known(known) => Some(&known.values.best),
            Self::Nothing | Self::Stopped | Self::TooLarge => None,
        }
    }
}

/// What coalitions are worth.
#[derive(Clone, Debug)]
pub struct Known {
    players: Players,
    /// Empty: all coalitions were searched.
    orders: Vec<Vec<usize>>,
    values: coalitions::Values,
}

/// Searches for what coalitions are worth, from the plan at hand.
#[must_use]
pub fn worth(shop: &Shop<'_>, plan: &Weighed, run: &Run<'_>) -> Worth {
    let players = players::players(&shop.model.cohorts, shop.project);
    let count = players.names.len();
    if count < 2 || plan.draft.services.iter().all(Vec::is_empty) {
        return Worth::Nothing;
    }
    let drawn = players.names.iter().flatten().count() > EXACT_PARKS;
    if drawn && count > shapley::MOST_SAMPLED {
        return Worth::TooLarge;
    }
    let all = Coalition::all(count);
    let orders = if drawn { shapley::orders(count, PAIRS, run.seed) } else { Vec::new() };
    let coalitions: Vec<Coalition> = if drawn {
        let mut sets = shapley::on_the_way(&orders);
        sets.extend((0..count).map(Coalition::of));
        sets.sort_unstable();
        sets.dedup();
        sets.retain(|set| *set != all);
        sets
    } else {
        (1..all.0).map(Coalition).collect()
    };
    let assigned = shop.model.policy.seating == Seating::Assigned;
    let Some(iterations) = iterations(coalitions.len(), shop.model.rides.len(), run.iterations, assigned) else {
        return Worth::TooLarge;
    };
    let effort = Effort { iterations, all: !drawn };
    match coalitions::values(shop, plan, &players, &coalitions, effort, run) {
        Some(values) => Worth::Known(Box::new(Known { players, orders, values })),
        None => Worth::Stopped,
    }
}

/// Iterations of a search, from the number of coalitions and cohorts and the iterations the plan was given; `None`: too few to begin.
fn iterations(coalitions: usize, cohorts: usize, given: Option<u64>, assigned: bool) -> Option<u64> {
    let work = if assigned { WORK / ASSIGNED } else { WORK };
    let each = work / (coalitions as u64 * cohorts as u64).max(1);
    (each >= LEAST_ITERATIONS).then(|| each.min(MOST_ITERATIONS).min(given.unwrap_or(u64::MAX).max(1)))
}

/// Divides the plan's running cost; `draft` is what the plan was written from. `None`: nobody takes on anything, or the values are no game.
#[must_use]
pub fn divide(shop: &Shop<'_>, draft: &Draft, plan: &Plan, known: &Known, seed: u64) -> Option<(Joint, Vec<Share>)> {
    let Known { players, orders, values } = known;
    if plan.cohorts.len() != players.of.len() {
        return None;
    }
    let worth = &plan.evaluation;
    let whole = worth.nothing - worth.objective + worth.terms.changes_fen;
    let mut joint = Joint {
        players: players.names.clone(),
        saved: saved(shop, draft, players),
        noise_fen: values.noise,
        ..Joint::default()
    };
    let mut values = values.fen.clone();
    values.insert(Coalition::all(players.names.len()), whole);
    let drawn = !orders.is_empty();
    if drawn { by_orders(&mut joint, &values, orders, seed) } else { by_all(&mut joint, &values) }?;
    let burdens = payments::burdens(&joint.saved, &joint.gains);
    let method = if drawn { SHAPLEY_SAMPLED } else { SHAPLEY };
    let who = (players, plan.cohorts.as_slice());
    let shares = payments::pay(plan.costs.total_fen, &burdens, method, who, &plan.riders, shop.project)?;
    Some((joint, shares))
}

/// What each player's riders save in the draft before any cost, fen a mean day; rows rounded as in the objective.
fn saved(shop: &Shop<'_>, draft: &Draft, players: &Players) -> Vec<Fen> {
    let services = draft.services.len();
    let mut by_service = vec![vec![Fen::ZERO; services]; players.names.len()];
    for (number, service) in draft.services.iter().enumerate() {
        let mut left: Vec<People> = shop.model.rides.iter().map(|ride| ride.people).collect();
        for row in shop.riders(service, 1000) {
            let cohort = row.cohort.index();
            by_service[players.of[cohort]][number] -= row.cost.times(row.people);
            left[cohort] = left[cohort].minus(row.people);
        }
        for (cohort, ride) in
            shop.model.rides.iter().enumerate().filter(|(_, ride)| ride.service == ServiceId::at(number))
        {
            let without = ride.alternative.times(ride.people) - ride.alternative.times(left[cohort]);
            by_service[players.of[cohort]][number] += without;
        }
    }
    let (days, _) = &shop.model.service_days;
    by_service.iter().map(|fen| costs::mean_day(fen, days)).collect()
}

/// From all coalitions.
fn by_all(joint: &mut Joint, known: &BTreeMap<Coalition, Fen>) -> Option<()> {
    let values: Vec<Fen> = std::iter::once(Fen::ZERO).chain(known.values().copied()).collect();
    let game = Game::new(joint.players.len(), &values).ok()?;
    let closed = game.closed_below();
    joint.values = (0..values.len() as u64).map(|set| closed.game().value(Coalition(set))).collect();
    let shares = divide::divide(&game);
    fill(joint, shares);
    Some(())
}

/// From the coalitions on the way through some orders.
fn by_orders(joint: &mut Joint, known: &BTreeMap<Coalition, Fen>, orders: &[Vec<usize>], seed: u64) -> Option<()> {
    let mut value = |set: Coalition| known.get(&set).copied().unwrap_or_default();
    let mut shares = divide::divide_sampled(joint.players.len(), &mut value, PAIRS, seed).ok()?;
    // Each alone may object too, whether or not it came first in an order.
    let given = |set: Coalition| set.players().map(|player| shares.fen[player]).sum::<Fen>();
    let objections = known.iter().map(|(&coalition, &value)| Complaint { coalition, fen: value - given(coalition) });
    shares.worst = objections
        .filter(|complaint| complaint.fen > Fen::ZERO)
        .max_by_key(|c| (c.fen, std::cmp::Reverse((c.coalition.size(), c.coalition))));
    shares.in_core = shares.worst.map(|_| false);
    joint.coalitions = known.keys().map(|set| set.0).collect();
    joint.values = known.values().copied().collect();
    let number = |player: &usize| u8::try_from(*player).unwrap_or(u8::MAX);
    joint.orders = orders.iter().map(|order| order.iter().map(number).collect()).collect();
    joint.standard_error = shares.standard_error.iter().map(|fen| Fen::from_yuan(fen / 100.0)).collect();
    fill(joint, shares);
    Some(())
}

fn fill(joint: &mut Joint, shares: divide::Shares) {
    joint.gains = shares.fen;
    joint.parts = shares.parts.iter().map(|part| part.0).collect();
    joint.in_core = shares.in_core;
    joint.worst = shares.worst.map(|worst| Objection { coalition: worst.coalition.0, fen: worst.fen });
    joint.alternative = shares.alternative.map(|other| other.fen);
    joint.subsidy = shares.subsidy.map(|subsidy| Subsidy {
        fen: subsidy.fen,
        least: subsidy.least,
        gains: subsidy.shares,
        // Weights are determinants of tables of at most 12 rows of noughts and ones: far below 2^63.
        weights: subsidy.weights.iter().map(|(set, own)| (set.0, u64::try_from(*own).unwrap_or(0))).collect(),
        of: u64::try_from(subsidy.of).unwrap_or(0),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_as_long_as_the_task_allows() {
        // The demonstration: 62 coalitions, 425 cohorts; 30,000,000 / 26,350.
        assert_eq!(iterations(62, 425, None, false), Some(1138));
        assert_eq!(iterations(62, 425, Some(100), false), Some(100));
        assert_eq!(iterations(2, 40, None, false), Some(MOST_ITERATIONS));
        assert_eq!(iterations(62, 425, None, true), Some(56));
        assert_eq!(iterations(254, 9_000, None, false), None);
    }

    #[test]
    fn drawn_orders_know_who_alone_objects() {
        // Gloves of three players: 0 has the left one, alone all are worth 0; in two orders and their reverses.
        let value = |set: u64| if set & 1 == 1 && set > 1 { Fen(600) } else { Fen::ZERO };
        let known: BTreeMap<Coalition, Fen> = (1..8).map(|set| (Coalition(set), value(set))).collect();
        let orders = shapley::orders(3, PAIRS, 5);
        let mut joint = Joint { players: vec![Some("a".to_owned()), Some("b".to_owned()), None], ..Joint::default() };
        by_orders(&mut joint, &known, &orders, 5).unwrap();
        assert_eq!((joint.orders.len(), joint.coalitions.len()), (6, 7));
        assert_eq!(joint.gains.iter().copied().sum::<Fen>(), Fen(600));
        // Player 0 with one of the others is worth all that all are: who has least of them objects.
        assert_eq!(joint.in_core, Some(false));
        assert!(joint.worst.is_some_and(|worst| worst.fen > Fen::ZERO && worst.coalition & 1 == 1));
    }
}
