//! No area is left out: of its requests that any lot could take, at least a share is served before anything else but the owners counts.
//!
//! The share is the policy's (`area_floor`): a quarter. Low enough to cost hardly anybody a bay, high enough that an area far from the lots
//! or late with its requests is not the one that pays for all others. Rounded down: one request alone has no floor.

use std::collections::BTreeMap;

use super::Case;
use crate::domain::finding::Finding;
use crate::planning::plan::AreaParking;

/// Area, its requests that `could` be served, and how many of them are to be.
pub(super) fn floors(case: &Case<'_>, could: impl Fn(usize) -> bool) -> Vec<(String, Vec<usize>, usize)> {
    let share = case.project.policy.area_floor as usize;
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, request) in case.project.requests.iter().enumerate() {
        if let Some(area) = request.area.as_deref().filter(|_| could(at)) {
            members.entry(area).or_default().push(at);
        }
    }
    members
        .into_iter()
        .map(|(area, members)| {
            let floor = members.len() * share / 1000;
            (area.to_owned(), members, floor)
        })
        .collect()
}

/// How each area fared, and a finding where it has less than its floor.
pub(super) fn by_area(
    case: &Case<'_>,
    held: &[Option<usize>],
    floors: &BTreeMap<String, u32>,
    findings: &mut Vec<Finding>,
) -> Vec<AreaParking> {
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for (request, held) in case.project.requests.iter().zip(held) {
        if let Some(area) = request.area.as_deref() {
            let count = counts.entry(area).or_default();
            count.0 += 1;
            count.1 += u32::from(held.is_some());
        }
    }
    counts
        .into_iter()
        .map(|(area, (requests, served))| {
            let floor = floors.get(area).copied().unwrap_or(0);
            if served < floor {
                let finding = Finding::warning("parking-area-below-floor").file("parking.csv").arg("area", area);
                findings.push(finding.arg("served", served).arg("floor", floor));
            }
            AreaParking { area: area.to_owned(), requests, served, floor }
        })
        .collect()
}
