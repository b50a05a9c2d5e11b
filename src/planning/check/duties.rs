//! Is everything that is driven in exactly one driver's day, and does every driver rest?

use std::collections::BTreeMap;

use super::blocks::{drives, lasts};
use super::case::Case;
use super::report::Report;
use crate::domain::finding::Finding;
use crate::planning::plan::{Duty, Item, ItemKind};

pub(super) fn check(case: &Case<'_>, report: &mut Report) {
    covered(case, report);
    for duty in &case.plan.duties {
        together(case, duty, report);
        rests(case, duty, report);
    }
}

type Key<'a> = (&'a str, ItemKind, &'a str, &'a str, u32, u32, Option<&'a str>);

fn key<'a>(block: &'a str, item: &'a Item) -> Key<'a> {
    (block, item.kind, &item.from, &item.to, item.start.0, item.end.0, item.trip.as_deref())
}

/// Each drive of a block is in one duty, and duties drive nothing else.
fn covered(case: &Case<'_>, report: &mut Report) {
    let mut balance: BTreeMap<Key<'_>, i64> = BTreeMap::new();
    for block in &case.plan.blocks {
        for item in block.items.iter().filter(|item| drives(item.kind)) {
            *balance.entry(key(&block.id, item)).or_default() += 1;
        }
    }
    for duty in &case.plan.duties {
        for item in duty.items.iter().filter(|item| drives(item.kind)) {
            *balance.entry(key(&duty.block, item)).or_default() -= 1;
        }
    }
    for (key, left) in balance {
        let code = match left {
            0 => continue,
            1.. => "check-duty-missing",
            _ => "check-duty-extra",
        };
        let at = crate::domain::units::ServiceTime(key.4);
        report.add(
            Finding::error(code).arg("block", key.0).arg("from", key.2).arg("to", key.3).arg("at", at.to_string()),
        );
    }
}

/// Of its block's service, without gap or jump.
fn together(case: &Case<'_>, duty: &Duty, report: &mut Report) {
    let same_service = case.blocks.get(duty.block.as_str()).is_none_or(|block| block.service == duty.service);
    let joined = duty.items.windows(2).all(|pair| pair[0].end == pair[1].start && pair[0].to == pair[1].from);
    let forward = duty.items.iter().all(|item| lasts(item) >= 0 && (drives(item.kind) || item.from == item.to));
    if !same_service || !joined || !forward {
        report.add(Finding::error("check-duty-gap").arg("duty", duty.id.as_str()));
    }
}

/// Driving without a rest, and driving in all. A rest is a break, or time at the depot, of the break's length.
fn rests(case: &Case<'_>, duty: &Duty, report: &mut Report) {
    let policy = &case.project.policy;
    let depot = case.blocks.get(duty.block.as_str()).map(|block| block.depot.as_str());
    let (mut since, mut longest, mut total) = (0_i64, 0_i64, 0_i64);
    for item in &duty.items {
        let seconds = lasts(item).max(0);
        if drives(item.kind) {
            since += seconds;
            total += seconds;
            longest = longest.max(since);
            continue;
        }
        let at_depot = depot == Some(item.from.as_str()) && item.from == item.to;
        if (item.kind == ItemKind::Break || at_depot) && seconds >= i64::from(policy.break_length.0) {
            since = 0;
        }
        if item.kind == ItemKind::Break && seconds < i64::from(policy.break_length.0) {
            report.add(
                Finding::error("check-break-short")
                    .arg("of", duty.id.as_str())
                    .arg("expected", policy.break_length.0)
                    .arg("found", lasts(item)),
            );
        }
    }
    for (code, limit, found) in [
        ("check-driving-without-break", policy.max_driving, longest),
        ("check-driving-day", policy.max_driving_day, total),
    ] {
        if found > i64::from(limit.0) {
            report.add(
                Finding::error(code)
                    .arg("duty", duty.id.as_str())
                    .arg("expected", i64::from(limit.0) / 60)
                    .arg("found", (found + 59) / 60),
            );
        }
    }
}
