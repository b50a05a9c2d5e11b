//! Does every trip leave on a whole minute of a period, once for its line and type of vehicle, and keep the times of the road?

use std::collections::BTreeMap;

use super::case::Case;
use super::ground::{Ground, Node};
use super::report::Report;
use crate::domain::finding::Finding;
use crate::planning::plan::{StopTime, Trip};

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, report: &mut Report) {
    for trip in &case.plan.trips {
        stops(case, trip, report);
        departure(case, trip, report);
        times(case, ground, trip, report);
    }
    once(case, report);
}

/// The board would name it twice, and the bound is of plans that do not.
fn once(case: &Case<'_>, report: &mut Report) {
    let mut seen: BTreeMap<_, &str> = BTreeMap::new();
    for trip in &case.plan.trips {
        let (Some(first), Some(kind)) = (trip.times.first(), case.vehicle_of(trip)) else { continue };
        let key = (&trip.service, &trip.line, first.depart, &kind.id);
        if let Some(other) = seen.insert(key, &trip.id) {
            report.add(Finding::error("check-trip-same-minute").arg("trip", trip.id.as_str()).arg("other", other));
        }
    }
}

/// It calls at its line's stops, in order, and says for each how many are aboard.
fn stops(case: &Case<'_>, trip: &Trip, report: &mut Report) {
    let Some(line) = case.lines.get(trip.line.as_str()) else { return };
    let same = trip.times.iter().map(|time| &time.stop).eq(&line.stops);
    if !same || trip.load.len() != trip.times.len() {
        report.add(Finding::error("check-trip-stops").arg("trip", trip.id.as_str()).arg("line", line.id.as_str()));
    }
}

fn departure(case: &Case<'_>, trip: &Trip, report: &mut Report) {
    let Some(first) = trip.times.first() else { return };
    let at = first.depart;
    if !at.0.is_multiple_of(60) {
        report.add(Finding::error("check-trip-minute").arg("trip", trip.id.as_str()).arg("found", at.to_string()));
    }
    if !case.project.periods.iter().any(|period| at >= period.from && at < period.to) {
        report.add(Finding::error("check-trip-period").arg("trip", trip.id.as_str()).arg("found", at.clock()));
    }
}

fn times(case: &Case<'_>, ground: &Ground<'_>, trip: &Trip, report: &mut Report) {
    let last = trip.times.len().saturating_sub(1);
    for (k, time) in trip.times.iter().enumerate() {
        let dwell = if k == 0 || k == last { 0 } else { i64::from(case.project.policy.dwell.0) };
        let stays = i64::from(time.depart.0) - i64::from(time.arrive.0);
        if stays != dwell {
            report.add(
                Finding::error("check-trip-dwell")
                    .arg("trip", trip.id.as_str())
                    .arg("stop", time.stop.as_str())
                    .arg("expected", dwell)
                    .arg("found", stays),
            );
        }
    }
    for pair in trip.times.windows(2) {
        let [from, to] = pair else { continue };
        leg(case, ground, trip, from, to, report);
    }
}

fn leg(case: &Case<'_>, ground: &Ground<'_>, trip: &Trip, from: &StopTime, to: &StopTime, report: &mut Report) {
    let (a, b) = (Node::Stop(&from.stop), Node::Stop(&to.stop));
    if !ground.has(a) || !ground.has(b) {
        return; // said where stops are judged
    }
    let Some((seconds, _)) = ground.drive_at(case.project, a, b, from.depart) else {
        report.add(
            Finding::error("check-no-road")
                .arg("of", trip.id.as_str())
                .arg("from", from.stop.as_str())
                .arg("to", to.stop.as_str()),
        );
        return;
    };
    let takes = i64::from(to.arrive.0) - i64::from(from.depart.0);
    let code = match takes.cmp(&i64::from(seconds)) {
        std::cmp::Ordering::Less => "check-trip-too-fast",
        std::cmp::Ordering::Greater => "check-trip-too-slow",
        std::cmp::Ordering::Equal => return,
    };
    report.add(
        Finding::error(code)
            .arg("trip", trip.id.as_str())
            .arg("from", from.stop.as_str())
            .arg("to", to.stop.as_str())
            .arg("expected", seconds)
            .arg("found", takes),
    );
}
