//! What does each vehicle's day cost, is it within the budget, and who pays what?

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::report::{Report, close_to_three_decimals, three, yuan};
use super::riders::Rides;
use crate::domain::finding::Finding;
use crate::domain::units::divide_half_up;
use crate::planning::plan::{Block, ItemKind, Share};

/// The only way of sharing there is.
const BY_BOARDINGS: &str = "by-boardings";

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
    let extra = over_s * 1000 * i128::from(kind.cost_per_extra_hour.0)
        + over_m * 3600 * i128::from(kind.cost_per_extra_km.0);
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
    let mut by_service: BTreeMap<&str, i128> = BTreeMap::new();
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

/// Shares add up to the total, and each is in proportion to the boardings of its people, to the fen.
fn shares(case: &Case<'_>, rides: &Rides<'_>, report: &mut Report) {
    let costs = &case.plan.costs;
    let sum: i128 = costs.shares.iter().map(|share| i128::from(share.fen.0)).sum();
    let total = i128::from(costs.total_fen.0);
    if sum != total && !(costs.shares.is_empty() && rides.rows.is_empty()) {
        report.add(Finding::error("check-shares-total").arg("expected", yuan(total)).arg("found", yuan(sum)));
    }
    let firms = boardings(case, rides);
    let all: i128 = firms.values().sum();
    if all == 0 {
        return;
    }
    let mut seen = BTreeSet::new();
    for share in &costs.shares {
        let name = payer(share);
        if share.method != BY_BOARDINGS || !seen.insert((share.site.as_deref(), share.firm.as_deref())) {
            report.add(Finding::error("check-share-who").arg("who", name.as_str()));
            continue;
        }
        let key = (share.site.as_deref(), share.firm.as_deref());
        let weight = firms.get(&key).copied().unwrap_or(0);
        let found = i128::from(share.fen.0);
        // Largest remainders give each the whole fen below its part, or the one above.
        let expected = divide_half_up(total.saturating_mul(weight), all);
        if (found - expected).abs() > 1 {
            report.add(
                Finding::error("check-share")
                    .arg("who", name)
                    .arg("expected", yuan(expected))
                    .arg("found", yuan(found)),
            );
        }
    }
    for (key, weight) in &firms {
        if !seen.contains(key) && total.saturating_mul(*weight) / all > 1 {
            let name = key.1.or(key.0).unwrap_or("-");
            report.add(
                Finding::error("check-share")
                    .arg("who", name)
                    .arg("expected", yuan(divide_half_up(total.saturating_mul(*weight), all)))
                    .arg("found", "-"),
            );
        }
    }
}

fn payer(share: &Share) -> String {
    share.firm.clone().or_else(|| share.site.clone()).unwrap_or_else(|| "-".to_owned())
}

type Payer<'a> = (Option<&'a str>, Option<&'a str>);

/// Boardings by payer: thousandths of a person x days x the common measure of firms' parts.
fn boardings<'a>(case: &'a Case<'_>, rides: &Rides<'a>) -> BTreeMap<Payer<'a>, i128> {
    let firms = case.project.firms_by_id();
    let mut weights: BTreeMap<Payer<'a>, i128> = BTreeMap::new();
    for ride in &rides.rows {
        let cohort = ride.cohort;
        let days = i128::from(case.days_of(&cohort.service));
        let people = i128::from(ride.people) * days;
        // Millionths of the cohort, so that parts of different cohorts add up.
        let whole = i128::from(cohort.people.0.max(1));
        let mut left = 1_000_000_i128;
        for (firm, of) in &cohort.firms {
            let part = (i128::from(of.0) * 1_000_000 / whole).min(left);
            left -= part;
            let site = firms.get(firm.as_str()).map(|firm| firm.site.as_str());
            *weights.entry((site, Some(firm.as_str()))).or_default() += people * part;
        }
        if left > 0 {
            *weights.entry((None, None)).or_default() += people * left;
        }
    }
    weights
}
