//! Can one vehicle do each block, are there enough vehicles, and is every trip driven exactly once?

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::ground::{Ground, Node};
use super::on_demand;
use super::report::{Report, close_to_three_decimals, three};
use crate::domain::finding::Finding;
use crate::planning::plan::{Block, Item, ItemKind};

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, report: &mut Report) {
    let mut driven: BTreeMap<&str, u32> = BTreeMap::new();
    for block in &case.plan.blocks {
        shape(case, block, report);
        order(block, report);
        layovers(case, block, report);
        battery(case, block, report);
        for item in &block.items {
            match item.kind {
                ItemKind::PullOut | ItemKind::Deadhead | ItemKind::PullIn => empty(case, ground, block, item, report),
                ItemKind::Trip => {
                    if let Some(trip) = &item.trip {
                        *driven.entry(trip).or_default() += 1;
                    }
                    loaded(case, block, item, report);
                }
                ItemKind::Layover | ItemKind::Break | ItemKind::Charge => standing(case, block, item, report),
            }
        }
    }
    for trip in &case.plan.trips {
        match driven.get(trip.id.as_str()).copied().unwrap_or(0) {
            1 => {}
            0 => report.add(Finding::error("check-trip-undriven").arg("trip", trip.id.as_str())),
            times => {
                report.add(Finding::error("check-trip-twice").arg("trip", trip.id.as_str()).arg("found", times));
            }
        }
    }
    fleet(case, report);
}

/// Seconds an item lasts; negative when it ends before it starts.
pub(super) fn lasts(item: &Item) -> i64 {
    i64::from(item.end.0) - i64::from(item.start.0)
}

pub(super) fn drives(kind: ItemKind) -> bool {
    matches!(kind, ItemKind::PullOut | ItemKind::Trip | ItemKind::Deadhead | ItemKind::PullIn)
}

fn place<'a>(block: &'a Block, id: &'a str) -> Node<'a> {
    if id == block.depot { Node::Depot(id) } else { Node::Stop(id) }
}

/// From the depot of its type, out and in, within the hours the vehicle is there.
fn shape(case: &Case<'_>, block: &Block, report: &mut Report) {
    let out = block.items.first().is_some_and(|item| item.kind == ItemKind::PullOut);
    let back = block.items.last().is_some_and(|item| item.kind == ItemKind::PullIn);
    // Every leaving of the depot is a pull-out, every coming back a pull-in.
    let ends = block.items.iter().all(|item| match item.kind {
        ItemKind::PullOut => item.from == block.depot && item.to != block.depot,
        ItemKind::PullIn => item.from != block.depot && item.to == block.depot,
        ItemKind::Trip | ItemKind::Deadhead => item.from != block.depot && item.to != block.depot,
        _ => true,
    });
    let Some(kind) = case.fleet.get(block.vehicle_type.as_str()) else { return };
    if !out || !back || !ends || block.depot != kind.depot {
        report.add(
            Finding::error("check-block-depot").arg("block", block.id.as_str()).arg("expected", kind.depot.as_str()),
        );
    }
    let early = block.items.iter().find(|item| item.start < kind.from);
    let late = block.items.iter().find(|item| item.end > kind.to);
    if let Some(item) = early.or(late) {
        report.add(
            Finding::error("check-availability")
                .arg("block", block.id.as_str())
                .arg("expected", format!("{}-{}", kind.from.clock(), kind.to.clock()))
                .arg("found", format!("{}-{}", item.start.clock(), item.end.clock())),
        );
    }
}

/// One vehicle is at one place at a time, and somewhere at all times.
fn order(block: &Block, report: &mut Report) {
    for item in &block.items {
        if item.end < item.start {
            report.add(
                Finding::error("check-item-times").arg("block", block.id.as_str()).arg("at", item.start.to_string()),
            );
        }
    }
    for pair in block.items.windows(2) {
        let [a, b] = pair else { continue };
        if b.start < a.end {
            report.add(
                Finding::error("check-two-places")
                    .arg("block", block.id.as_str())
                    .arg("from", a.to.as_str())
                    .arg("to", b.from.as_str())
                    .arg("at", b.start.to_string()),
            );
        } else if a.to != b.from {
            report.add(
                Finding::error("check-block-jump")
                    .arg("block", block.id.as_str())
                    .arg("from", a.to.as_str())
                    .arg("to", b.from.as_str())
                    .arg("at", b.start.to_string()),
            );
        } else if b.start > a.end {
            report.add(
                Finding::error("check-block-gap")
                    .arg("block", block.id.as_str())
                    .arg("expected", a.end.to_string())
                    .arg("found", b.start.to_string()),
            );
        }
    }
}

/// After a trip the vehicle stands for the layover at least, and until the minute that is full then.
fn layovers(case: &Case<'_>, block: &Block, report: &mut Report) {
    let least = u64::from(case.project.policy.layover.0);
    for (n, item) in block.items.iter().enumerate().filter(|(_, item)| item.kind == ItemKind::Trip) {
        let Some(next) = block.items.iter().skip(n + 1).find(|next| drives(next.kind)) else { continue };
        let expected = (u64::from(item.end.0) + least).div_ceil(60) * 60;
        if u64::from(next.start.0) < expected {
            report.add(
                Finding::error("check-layover")
                    .arg("block", block.id.as_str())
                    .arg("trip", item.trip.as_deref().unwrap_or("-"))
                    .arg("expected", (expected - u64::from(item.end.0)).to_string())
                    .arg("found", (i64::from(next.start.0) - i64::from(item.end.0)).to_string()),
            );
        }
    }
}

/// An electric vehicle never drives on an empty battery; it leaves full, and fills up where it charges.
fn battery(case: &Case<'_>, block: &Block, report: &mut Report) {
    let Some(kind) = case.fleet.get(block.vehicle_type.as_str()) else { return };
    let (Some(full), Some(use_)) = (kind.battery_kwh, kind.kwh_per_km) else { return };
    let mut left = full;
    let mut least = full;
    for item in &block.items {
        if item.kind == ItemKind::Charge {
            left = (left + kind.charge_kw.unwrap_or(0.0) * lasts(item).max(0) as f64 / 3600.0).min(full);
        }
        left -= item.km * use_;
        least = least.min(left);
    }
    if least < -1e-6 {
        report.add(
            Finding::error("check-battery")
                .arg("block", block.id.as_str())
                .arg("expected", full)
                .arg("found", format!("{:.1}", full - least)),
        );
    }
}

/// An empty drive takes whole minutes, at least as many as the road needs.
fn empty(case: &Case<'_>, ground: &Ground<'_>, block: &Block, item: &Item, report: &mut Report) {
    let (from, to) = (place(block, &item.from), place(block, &item.to));
    if matches!(from, Node::Stop(_)) && !ground.has(from) || matches!(to, Node::Stop(_)) && !ground.has(to) {
        return; // said where stops are judged
    }
    let Some((seconds, metres)) = ground.drive_at(case.project, from, to, item.start) else {
        report.add(
            Finding::error("check-no-road")
                .arg("of", block.id.as_str())
                .arg("from", item.from.as_str())
                .arg("to", item.to.as_str()),
        );
        return;
    };
    let least = i64::from(seconds.div_ceil(60)) * 60;
    if lasts(item) < least {
        report.add(
            Finding::error("check-deadhead-too-fast")
                .arg("block", block.id.as_str())
                .arg("from", item.from.as_str())
                .arg("to", item.to.as_str())
                .arg("expected", least)
                .arg("found", lasts(item)),
        );
    }
    kilometres(block, item, f64::from(metres) / 1000.0, report);
}

/// A trip's item is the trip.
fn loaded(case: &Case<'_>, block: &Block, item: &Item, report: &mut Report) {
    let trip = item.trip.as_deref().and_then(|trip| case.trips.get(trip)).map(|(_, trip)| *trip);
    let same = trip.is_some_and(|trip| {
        trip.block == block.id
            && trip.service == block.service
            && trip.times.first().is_some_and(|first| first.stop == item.from && first.depart == item.start)
            && trip.times.last().is_some_and(|last| last.stop == item.to && last.arrive == item.end)
    });
    if !same {
        report.add(
            Finding::error("check-item-trip")
                .arg("block", block.id.as_str())
                .arg("trip", item.trip.as_deref().unwrap_or("-"))
                .arg("at", item.start.to_string()),
        );
    }
    if let Some(line) = trip.and_then(|trip| case.lines.get(trip.line.as_str())) {
        kilometres(block, item, line.km, report);
    }
}

fn standing(case: &Case<'_>, block: &Block, item: &Item, report: &mut Report) {
    if item.from != item.to {
        report.add(
            Finding::error("check-block-jump")
                .arg("block", block.id.as_str())
                .arg("from", item.from.as_str())
                .arg("to", item.to.as_str())
                .arg("at", item.start.to_string()),
        );
    }
    if item.kind == ItemKind::Break && lasts(item) < i64::from(case.project.policy.break_length.0) {
        report.add(
            Finding::error("check-break-short")
                .arg("of", block.id.as_str())
                .arg("expected", case.project.policy.break_length.0)
                .arg("found", lasts(item)),
        );
    }
    kilometres(block, item, 0.0, report);
}

fn kilometres(block: &Block, item: &Item, expected: f64, report: &mut Report) {
    if !close_to_three_decimals(item.km, expected) {
        report.add(
            Finding::error("check-item-km")
                .arg("block", block.id.as_str())
                .arg("at", item.start.to_string())
                .arg("expected", three(expected))
                .arg("found", three(item.km)),
        );
    }
}

/// On no date are more vehicles of a type used than there are, over all services of that date.
fn fleet(case: &Case<'_>, report: &mut Report) {
    let mut together: BTreeMap<BTreeSet<&str>, jiff::civil::Date> = BTreeMap::new();
    let mut running: BTreeMap<jiff::civil::Date, BTreeSet<&str>> = BTreeMap::new();
    for (id, (service, _)) in &case.services {
        for date in service.dates() {
            running.entry(date).or_default().insert(id);
        }
    }
    for (date, services) in running {
        together.entry(services).or_insert(date);
    }
    for (id, kind) in &case.fleet {
        for (services, date) in &together {
            let used = case
                .plan
                .blocks
                .iter()
                .filter(|block| block.vehicle_type == **id && services.contains(block.service.as_str()))
                .count()
                + services.iter().map(|service| on_demand::hired(case, id, service)).sum::<usize>();
            if used > kind.count as usize {
                report.add(
                    Finding::error("check-fleet")
                        .arg("type", *id)
                        .arg("date", date.to_string())
                        .arg("expected", kind.count)
                        .arg("found", used),
                );
                break;
            }
        }
    }
}
