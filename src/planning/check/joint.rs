//! Do the shares of several parks follow from what coalitions of them are worth? The rule is told at [`crate::planning::plan::Joint`].
//!
//! Derived again from the plan's rows: who the players are, what their riders save, what everybody is worth (the plan's own benefit); from the
//! values in the plan: gains, core, subsidy ([`super::shapley`]), or means over the orders drawn; from those what each pays. Limits: the
//! values of smaller coalitions are results of searches that are not done again; of drawn orders it is not judged that they are random.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::money::{self, Payer};
use super::report::{Report, yuan};
use super::riders::Rides;
use super::shapley::{self, Claim, Fault};
use super::travel;
use crate::domain::finding::Finding;
use crate::planning::plan::{Cohort, Joint};

const EXACT: &str = "shapley";
const DRAWN: &str = "shapley-sampled";
/// Most players whose coalitions fit the numbers of the plan.
const MOST: usize = 40;

pub(super) fn check(case: &Case<'_>, rides: &Rides<'_>, joint: &Joint, report: &mut Report) {
    let players = players(case);
    if !players.iter().map(|park| park.map(str::to_owned)).eq(joint.players.iter().cloned()) {
        let text = |names: Vec<&str>| names.join(" ");
        let expected = players.iter().map(|park| park.unwrap_or("-")).collect();
        let found = joint.players.iter().map(|park| park.as_deref().unwrap_or("-")).collect();
        differs(report, "players", text(expected), text(found));
        return;
    }
    if !(2..=MOST).contains(&players.len()) || joint.saved.len() != players.len() || joint.gains.len() != players.len()
    {
        differs(report, "players", "2-40".to_owned(), players.len().to_string());
        return;
    }
    for (player, (expected, found)) in saved(case, rides, &players).into_iter().zip(&joint.saved).enumerate() {
        same(report, &format!("saved[{player}]"), expected, found.0);
    }
    let worth = &case.plan.evaluation;
    let own = i128::from(worth.nothing.0) - i128::from(worth.objective.0) + i128::from(worth.terms.changes_fen.0);
    let all = (1_u64 << players.len()) - 1;
    match joint.value(all) {
        Some(found) => same(report, "values", own, found.0),
        None => differs(report, "values", yuan(own), "-".to_owned()),
    }
    if joint.orders.is_empty() {
        exact(joint, report);
    } else {
        drawn(joint, report);
    }
    pays(case, rides, joint, &players, report);
}

fn differs(report: &mut Report, what: &str, expected: String, found: String) {
    let what = format!("costs.joint.{what}");
    report.add(Finding::error("check-joint").arg("what", what).arg("expected", expected).arg("found", found));
}

fn same(report: &mut Report, what: &str, expected: i128, found: i64) {
    if expected != i128::from(found) {
        differs(report, what, yuan(expected), yuan(i128::from(found)));
    }
}

/// Parks that somebody travels to or from, by id, then those who travel to none.
fn players<'a>(case: &Case<'a>) -> Vec<Option<&'a str>> {
    let of: BTreeSet<Option<&str>> = case.cohorts.values().map(|cohort| player(case, cohort)).collect();
    let mut players: Vec<Option<&str>> = of.iter().copied().filter(Option::is_some).collect();
    players.extend(of.contains(&None).then_some(None));
    players
}

fn player<'a>(case: &Case<'a>, cohort: &Cohort) -> Option<&'a str> {
    money::park_of(case, &cohort.origin, &cohort.destination)
}

/// What each player's cohorts cost at their alternatives, less what they cost in the plan.
fn saved(case: &Case<'_>, rides: &Rides<'_>, players: &[Option<&str>]) -> Vec<i128> {
    let mut sums = vec![0_i128; players.len()];
    let mut add = |cohort: &Cohort, fen: i128| {
        if let Some(at) = players.iter().position(|park| *park == player(case, cohort)) {
            let fen = fen.saturating_mul(i128::from(case.days_of(&cohort.service)));
            sums[at] = sums[at].saturating_add(fen);
        }
    };
    for cohort in case.cohorts.values() {
        let without = rides.alternative.get(cohort.id.as_str()).copied().unwrap_or(0);
        add(cohort, travel::row_fen(without, cohort.people.0));
    }
    for ride in &rides.rows {
        add(ride.cohort, -travel::row_fen(ride.cost, ride.people));
    }
    for (cohort, people, cost) in &rides.without {
        add(cohort, -travel::row_fen(*cost, *people));
    }
    sums.into_iter().map(|sum| money::half_up(sum, case.days)).collect()
}

/// All coalitions' values are in the plan.
fn exact(joint: &Joint, report: &mut Report) {
    if !joint.coalitions.is_empty() || joint.in_core.is_none() || !joint.standard_error.is_empty() {
        differs(report, "coalitions", "all".to_owned(), joint.coalitions.len().to_string());
        return;
    }
    let claim = Claim {
        shares: joint.gains.clone(),
        in_core: joint.in_core == Some(true),
        worst: joint.worst.as_ref().map(|worst| (worst.coalition, worst.fen)),
        alternative: joint.alternative.clone(),
        subsidy: joint.subsidy.as_ref().map(|subsidy| shapley::Subsidy {
            shares: subsidy.gains.clone(),
            least: subsidy.least,
            weights: subsidy.weights.clone(),
            of: subsidy.of,
        }),
    };
    let faults = shapley::judge(&joint.values, &claim);
    if faults.contains(&Fault::Game) {
        wrong(report, "values");
        return;
    }
    for fault in faults {
        match fault {
            Fault::Share { player, expected, found } => {
                same(report, &format!("gains[{player}]"), i128::from(expected.0), found.0);
            }
            Fault::Game => wrong(report, "values"),
            Fault::InCore => wrong(report, "in_core"),
            Fault::Worst => wrong(report, "worst"),
            Fault::Alternative => wrong(report, "alternative"),
            Fault::Subsidy | Fault::Missing => wrong(report, "subsidy"),
        }
    }
    if let Some(subsidy) = &joint.subsidy {
        let value = joint.values.last().map_or(0, |value| i128::from(value.0));
        same(
            report,
            "subsidy.fen",
            subsidy.gains.iter().map(|gain| i128::from(gain.0)).sum::<i128>() - value,
            subsidy.fen.0,
        );
    }
    parts(joint, report);
}

fn wrong(report: &mut Report, what: &str) {
    differs(report, what, "by values".to_owned(), "-".to_owned());
}

/// Nobody is in two parts, everybody in one, no part but everybody is worth less than in two, and no other parts are worth more.
fn parts(joint: &Joint, report: &mut Report) {
    let value = |set: usize| i128::from(joint.values.get(set).map_or(0, |fen| fen.0));
    let all = joint.values.len().saturating_sub(1);
    for set in 1..all {
        let lowest = 1 << set.trailing_zeros();
        let mut part = (set - 1) & set;
        while part > 0 {
            if part & lowest > 0 && value(part) + value(set ^ part) > value(set) {
                let apart = value(part) + value(set ^ part);
                differs(report, &format!("values[{set}]"), yuan(apart), yuan(value(set)));
                break;
            }
            part = (part - 1) & set;
        }
    }
    // Two are enough to see whether parts are worth more: each is worth its own parts.
    let best = (0..all).map(|part| value(part) + value(all ^ part)).max().unwrap_or(0);
    let sets: Vec<usize> = joint.parts.iter().filter_map(|part| usize::try_from(*part).ok()).collect();
    let apart = sets.iter().enumerate().all(|(at, set)| sets[..at].iter().all(|other| set & other == 0));
    let together = apart && sets.iter().fold(0, |seen, set| seen | set) == all;
    let said: i128 = sets.iter().map(|set| value(*set)).sum();
    if sets.len() != joint.parts.len() || !together || said != best {
        differs(report, "parts", yuan(best), yuan(said));
    }
}

/// Means over the orders and their reverses.
fn drawn(joint: &Joint, report: &mut Report) {
    let count = joint.players.len();
    let whole: BTreeSet<u8> = (0..count).filter_map(|player| u8::try_from(player).ok()).collect();
    let pairs = joint.orders.len();
    let fits = |order: &Vec<u8>| order.len() == count && order.iter().copied().collect::<BTreeSet<u8>>() == whole;
    if pairs < 2 || !joint.orders.iter().all(fits) || joint.standard_error.len() != count {
        wrong(report, "orders");
        return;
    }
    let values: BTreeMap<u64, i128> =
        joint.coalitions.iter().copied().zip(joint.values.iter().map(|fen| i128::from(fen.0))).collect();
    if values.len() != joint.values.len()
        || joint.alternative.is_some()
        || joint.subsidy.is_some()
        || joint.in_core == Some(true)
    {
        wrong(report, "coalitions");
        return;
    }
    // Twice the mean of each pair of orders.
    let mut twice = vec![vec![0_i128; pairs]; count];
    for (pair, order) in joint.orders.iter().enumerate() {
        let backwards: Vec<u8> = order.iter().rev().copied().collect();
        for order in [order, &backwards] {
            let (mut set, mut had) = (0_u64, 0);
            for &player in order {
                set |= 1 << player;
                let Some(&has) = values.get(&set) else {
                    wrong(report, "coalitions");
                    return;
                };
                twice[usize::from(player)][pair] += has - had;
                had = has;
            }
        }
    }
    let of = 2 * pairs as i128;
    let sums: Vec<i128> = twice.iter().map(|pairs| pairs.iter().sum()).collect();
    for (player, expected) in shapley::rounded_over(&sums, of).into_iter().enumerate() {
        same(report, &format!("gains[{player}]"), i128::from(expected.0), joint.gains[player].0);
    }
    for (player, pair) in twice.iter().enumerate() {
        let n = pairs as f64;
        let mean = sums[player] as f64 / 2.0 / n;
        let squares: f64 = pair.iter().map(|two| (*two as f64 / 2.0 - mean).powi(2)).sum();
        let error = (squares / (n * (n - 1.0))).sqrt();
        if (joint.standard_error[player].0 as f64 - error).abs() > 1.0 + error * 1e-6 {
            differs(
                report,
                "standard_error",
                format!("{:.2}", error / 100.0),
                joint.standard_error[player].to_string(),
            );
        }
    }
    let gain = |set: u64| {
        (0..count).filter(|player| set >> player & 1 == 1).map(|player| i128::from(joint.gains[player].0)).sum::<i128>()
    };
    let objection = |set: &u64| values.get(set).map_or(0, |value| value - gain(*set));
    let most = values.keys().map(objection).max().unwrap_or(0).max(0);
    let said = joint.worst.as_ref().map_or(0, |worst| i128::from(worst.fen.0));
    let shown = joint.worst.as_ref().is_none_or(|worst| objection(&worst.coalition) == said && said > 0);
    if said != most || !shown || joint.in_core != (most > 0).then_some(false) {
        differs(report, "worst", yuan(most), yuan(said));
    }
}

/// Each player pays in proportion to what it takes on, its firms by boardings.
fn pays(case: &Case<'_>, rides: &Rides<'_>, joint: &Joint, players: &[Option<&str>], report: &mut Report) {
    let total = i128::from(case.plan.costs.total_fen.0);
    let burdens: Vec<i128> = joint
        .saved
        .iter()
        .zip(&joint.gains)
        .map(|(saved, gain)| (i128::from(saved.0) - i128::from(gain.0)).max(0))
        .collect();
    let all = burdens.iter().sum::<i128>();
    if all == 0 {
        wrong(report, "gains");
        return;
    }
    // Of each payer the least and the most: largest remainders give each the whole fen below its part or the one above, to players and in them.
    let mut limits: BTreeMap<Payer<'_>, [i128; 2]> = BTreeMap::new();
    for (park, burden) in players.iter().zip(&burdens) {
        let own = money::part(total, *burden, all);
        let mut weights = money::boardings(case, rides, &|cohort| player(case, cohort) == *park);
        weights.retain(|_, weight| *weight > 0);
        if weights.is_empty() && *burden > 0 {
            weights.insert((*park, None), 1);
        }
        let sum = weights.values().sum::<i128>().max(1);
        for (payer, weight) in weights {
            let limit = limits.entry(payer).or_default();
            limit[0] += money::part(own, weight, sum);
            limit[1] += money::part(own + 1, weight, sum) + 1;
        }
    }
    let method = if joint.orders.is_empty() { EXACT } else { DRAWN };
    let mut seen = BTreeSet::new();
    for share in &case.plan.costs.shares {
        let key = (share.site.as_deref(), share.firm.as_deref());
        if share.method != method || !seen.insert(key) {
            report.add(Finding::error("check-share-who").arg("who", money::name(key)));
            continue;
        }
        let [least, most] = limits.get(&key).copied().unwrap_or_default();
        let found = i128::from(share.fen.0);
        if found < least || found > most {
            share_differs(report, key, least, yuan(found));
        }
    }
    for (key, [least, _]) in &limits {
        if !seen.contains(key) && *least > 0 {
            share_differs(report, *key, *least, "-".to_owned());
        }
    }
}

fn share_differs(report: &mut Report, who: Payer<'_>, expected: i128, found: String) {
    report.add(
        Finding::error("check-joint-share")
            .arg("who", money::name(who))
            .arg("expected", yuan(expected))
            .arg("found", found),
    );
}
