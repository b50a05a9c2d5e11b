//! What does each vehicle's day cost, is it within the budget, and who pays what?

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::joint;
use super::on_demand;
use super::report::{Report, close_to_three_decimals, three, yuan};
use super::riders::Rides;
use crate::domain::finding::Finding;
use crate::domain::site::{Site, SiteKind};
use crate::domain::units::divide_half_up;
use crate::planning::plan::{Block, Cohort, ItemKind};

pub(super) fn check(case: &Case<'_>, rides: &Rides<'_>, report: &mut Report) {
    for block in &case.plan.blocks {
        day(case, block, report);
    }
    let running = running(case);
    let total = i128::from(case.plan.costs.total_fen.0);
    if running != total {
        report.add(Finding::error("check-cost-total").arg("expected", yuan(running)).arg("found", yuan(total)));
    }
    budget(case, report);
    shares(case, rides, report);
}

/// Running cost of the mean day, from the blocks' items.
pub(super) fn running(case: &Case<'_>) -> i128 {
    let weighted: i128 = case
        .plan
        .blocks
        .iter()
        .filter_map(|block| Some(cost(case, block)?.0.saturating_mul(i128::from(case.days_of(&block.service)))))
        .fold(0, i128::saturating_add);
    half_up(weighted, case.days)
}

/// A weighted sum over the days of all services, half up.
pub(super) fn half_up(weighted: i128, days: u64) -> i128 {
    divide_half_up(weighted.clamp(i128::MIN / 4, i128::MAX / 4), i128::from(days))
}

/// Fen, seconds away from the depot, metres of a block's day.
fn cost(case: &Case<'_>, block: &Block) -> Option<(i128, u64, u64)> {
    let kind = case.fleet.get(block.vehicle_type.as_str())?;
    let mut seconds = 0_u64;
    let mut metres = 0_u64;
    for item in &block.items {
        let home = item.from == block.depot && item.to == block.depot;
        let stands = matches!(item.kind, ItemKind::Layover | ItemKind::Break | ItemKind::Charge);
        if !(home && stands) {
            seconds += u64::from(item.end.since(item.start).0);
        }
        // Kilometres are judged item by item; here they are only added up.
        metres += (item.km * 1000.0).round().clamp(0.0, 1e9) as u64;
    }
    let over_s = i128::from(seconds.saturating_sub(u64::from(kind.included.0)));
    let over_m = i128::from(metres.saturating_sub(u64::from(kind.included_m.0)));
    let extra =
        over_s * 1000 * i128::from(kind.cost_per_extra_hour.0) + over_m * 3600 * i128::from(kind.cost_per_extra_km.0);
    Some((i128::from(kind.cost_per_day.0) + divide_half_up(extra, 3_600_000), seconds, metres))
}

fn day(case: &Case<'_>, block: &Block, report: &mut Report) {
    let Some((fen, seconds, metres)) = cost(case, block) else { return };
    let at = |what: &str, expected: String, found: String| {
        Finding::error("check-block-cost")
            .arg("block", block.id.as_str())
            .arg("what", what)
            .arg("expected", expected)
            .arg("found", found)
    };
    let Some(said) = case.plan.costs.by_block.iter().find(|said| said.block == block.id) else {
        report.add(at("fen", yuan(fen), "-".to_owned()));
        return;
    };
    if i128::from(said.fen.0) != fen {
        report.add(at("fen", yuan(fen), yuan(i128::from(said.fen.0))));
    }
    let hours = seconds as f64 / 3600.0;
    if !close_to_three_decimals(said.hours, hours) {
        report.add(at("hours", three(hours), three(said.hours)));
    }
    let km = metres as f64 / 1000.0;
    if !close_to_three_decimals(said.km, km) {
        report.add(at("km", three(km), three(said.km)));
    }
}

fn budget(case: &Case<'_>, report: &mut Report) {
    let mut by_service: BTreeMap<&str, i128> = on_demand::running(case);
    for block in &case.plan.blocks {
        if let Some((fen, ..)) = cost(case, block) {
            *by_service.entry(&block.service).or_default() += fen;
        }
    }
    if let Some(limit) = case.project.budget.per_day {
        for (service, fen) in &by_service {
            if *fen > i128::from(limit.0) {
                report.add(
                    Finding::error("check-budget-day")
                        .arg("service", *service)
                        .arg("expected", limit.to_string())
                        .arg("found", yuan(*fen)),
                );
            }
        }
    }
    if let Some(limit) = case.project.budget.per_month {
        let mut months: BTreeMap<(i16, i8), i128> = BTreeMap::new();
        for (id, (service, _)) in &case.services {
            let Some(fen) = by_service.get(id) else { continue };
            for date in service.dates() {
                *months.entry((date.year(), date.month())).or_default() += fen;
            }
        }
        for ((year, month), fen) in months {
            if fen > i128::from(limit.0) {
                report.add(
                    Finding::error("check-budget-month")
                        .arg("month", format!("{year}-{month:02}"))
                        .arg("expected", limit.to_string())
                        .arg("found", yuan(fen)),
                );
            }
        }
    }
}

/// Shares add up to the total; each is what follows from the values in the plan, or in proportion to the boardings of its people.
fn shares(case: &Case<'_>, rides: &Rides<'_>, report: &mut Report) {
    let costs = &case.plan.costs;
    let sum: i128 = costs.shares.iter().map(|share| i128::from(share.fen.0)).sum();
    let total = i128::from(costs.total_fen.0);
    if sum != total.max(0) {
        report.add(Finding::error("check-shares-total").arg("expected", yuan(total)).arg("found", yuan(sum)));
    }
    match &costs.joint {
        Some(joint) => joint::check(case, rides, joint, report),
        None => by_boardings(case, rides, report),
    }
}

/// In proportion to boardings, to the fen.
fn by_boardings(case: &Case<'_>, rides: &Rides<'_>, report: &mut Report) {
    let costs = &case.plan.costs;
    let total = i128::from(costs.total_fen.0);
    let (method, weights) = match boardings(case, rides, &|_| true) {
        weights if weights.values().any(|weight| *weight > 0) => ("by-boardings", weights),
        _ => ("by-people", parks(case)),
    };
    let all: i128 = weights.values().sum::<i128>().max(1);
    let mut seen = BTreeSet::new();
    for share in &costs.shares {
        let key = (share.site.as_deref(), share.firm.as_deref());
        if share.method != method || !seen.insert(key) {
            report.add(Finding::error("check-share-who").arg("who", name(key)));
            continue;
        }
        let expected = weights.get(&key).map_or(0, |weight| part(total, *weight, all));
        let found = i128::from(share.fen.0);
        // Largest remainders give each the whole fen below its part, or the one above.
        if found < expected || found > expected + 1 {
            report.add(
                Finding::error("check-share")
                    .arg("who", name(key))
                    .arg("expected", yuan(expected))
                    .arg("found", yuan(found)),
            );
        }
    }
    for (key, weight) in &weights {
        let expected = part(total, *weight, all);
        if !seen.contains(key) && expected > 0 {
            report.add(
                Finding::error("check-share").arg("who", name(*key)).arg("expected", yuan(expected)).arg("found", "-"),
            );
        }
    }
}

/// Park and firm, either of which may be unknown.
pub(super) type Payer<'a> = (Option<&'a str>, Option<&'a str>);

pub(super) fn name((site, firm): Payer<'_>) -> String {
    firm.or(site).unwrap_or("-").to_owned()
}

/// Rounded down; weights are cut to what the arithmetic bears.
pub(super) fn part(total: i128, weight: i128, all: i128) -> i128 {
    total.max(0).checked_mul(weight).map_or_else(|| total.max(0) / all * weight, |product| product / all)
}

/// Boardings by payer, of the cohorts asked for: millionths of a thousandth of a person x days. What no firm of a cohort boards is its park's: that of the
/// destination, of the origin, else the site of the origin, of the destination, else nobody's.
pub(super) fn boardings<'a>(
    case: &Case<'a>,
    rides: &Rides<'a>,
    whose: &dyn Fn(&Cohort) -> bool,
) -> BTreeMap<Payer<'a>, i128> {
    let firms: BTreeMap<&str, &'a str> =
        case.project.firms.iter().map(|firm| (firm.id.as_str(), firm.site.as_str())).collect();
    let mut weights: BTreeMap<Payer<'a>, i128> = BTreeMap::new();
    for ride in rides.rows.iter().filter(|ride| whose(ride.cohort)) {
        let cohort = ride.cohort;
        let whole = 1_000_000 * i128::from(ride.people) * i128::from(case.days_of(&cohort.service));
        let mut left = whole;
        for (firm, people) in &cohort.firms {
            let part = (whole * i128::from(people.0) / i128::from(cohort.people.0.max(1))).min(left);
            left -= part;
            *weights.entry((firms.get(firm.as_str()).copied(), Some(firm.as_str()))).or_default() += part;
        }
        if left > 0 {
            *weights.entry((payer_of(case, &cohort.origin, &cohort.destination), None)).or_default() += left;
        }
    }
    weights
}

fn payer_of<'a>(case: &Case<'a>, origin: &str, destination: &str) -> Option<&'a str> {
    let named = |id: &str| case.project.site(id).map(|site| site.id.as_str());
    park_of(case, origin, destination).or_else(|| named(origin)).or_else(|| named(destination))
}

/// The park at the end of a journey, else at its beginning; a gate is its park.
pub(super) fn park_of<'a>(case: &Case<'a>, origin: &str, destination: &str) -> Option<&'a str> {
    let park = |id: &str| {
        let site = case.project.site(id)?;
        let site = if site.kind == SiteKind::Gate { case.project.site(site.parent.as_deref()?)? } else { site };
        (site.kind == SiteKind::Park).then_some(site.id.as_str())
    };
    park(destination).or_else(|| park(origin))
}

/// Where nobody rides: parks by their people, alike where none are known.
fn parks<'a>(case: &Case<'a>) -> BTreeMap<Payer<'a>, i128> {
    let parks: Vec<_> = case.project.sites_of(SiteKind::Park).collect();
    let known = |site: &Site| site.people.map_or(0, |people| i128::from(people.0));
    let none_known = parks.iter().all(|site| known(site) == 0);
    if parks.is_empty() {
        return BTreeMap::from([((None, None), 1)]);
    }
    parks.iter().map(|site| ((Some(site.id.as_str()), None), if none_known { 1 } else { known(site) })).collect()
}
