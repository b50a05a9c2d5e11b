//! Rest points for couriers: at most five places of the right kinds, each with the courier-hours that are nearest to it.
//!
//! A courier-hour counts at the nearest of the points, by paths from a gate, within 300 m; at equal distance at the one that
//! stands earlier in sites.csv. Limits: beyond 2000 counts, or two million counts times sites, the planner may not have looked at
//! every door, and only more couriers than there are at all is refused; that no other choice brings more is not proven here; no
//! points at all were not asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::ground::{Ground, nearest, spread};
use super::report::Report;
use crate::domain::finding::Finding;
use crate::domain::site::SiteKind;
use crate::domain::units::Metres;

/// As many as there is money for.
const MOST: usize = 5;
/// Farthest walk.
const REACH: Metres = Metres(300);
/// Counts, and counts times sites, up to which the planner looks at every door.
const WHOLE: (usize, usize) = (2_000, 2_000_000);

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, report: &mut Report) {
    let (project, points) = (case.project, &case.plan.rest_points);
    let mut chosen = BTreeSet::new();
    for point in points {
        // One that does not exist is named where references are judged.
        let fits = project.site(&point.site).is_none_or(|site| {
            matches!(site.kind, SiteKind::Park | SiteKind::Gate | SiteKind::Station | SiteKind::Room)
        });
        if !chosen.insert(point.site.as_str()) || !fits {
            report.add(Finding::error("check-rest-site").arg("site", point.site.as_str()));
        }
    }
    if points.len() > MOST {
        report.add(Finding::error("check-rest-many").arg("expected", MOST).arg("found", points.len()));
    }
    let expected = couriers(case, ground, &chosen);
    let total: u64 = project.couriers.iter().map(|count| u64::from(count.people)).sum();
    let pairs = project.couriers.len().saturating_mul(project.sites.len());
    let whole = project.couriers.len() <= WHOLE.0 && pairs <= WHOLE.1;
    for point in points {
        let expected = expected.get(point.site.as_str()).copied().unwrap_or(0);
        // Whole courier-hours; what is no number is equal to none.
        let same = if whole {
            (point.people - expected as f64).abs() < 0.001
        } else {
            point.people >= 0.0 && point.people <= total as f64
        };
        if !same {
            report.add(
                Finding::error("check-rest-point")
                    .arg("site", point.site.as_str())
                    .arg("expected", expected.to_string())
                    .arg("found", point.people.to_string()),
            );
        }
    }
}

/// Courier-hours at each of the chosen sites.
fn couriers<'a>(case: &Case<'a>, ground: &Ground<'a>, chosen: &BTreeSet<&str>) -> BTreeMap<&'a str, u64> {
    let project = case.project;
    let network = &ground.network;
    let mut sums = BTreeMap::new();
    if chosen.is_empty() {
        return sums;
    }
    let sites = project.sites.iter().map(|site| site.id.as_str()).filter(|id| chosen.contains(id));
    let (doors, ranges) = spread(project, network, sites);
    let counts: Vec<_> = project
        .couriers
        .iter()
        .filter_map(|count| Some((count.people, network.foothold(count.point, project.policy.max_foothold)?)))
        .collect();
    let spots: Vec<_> = counts.iter().map(|(_, spot)| spot.clone()).collect();
    let table = network.walk_metres(&doors, &spots, Some(REACH));
    for (n, (people, _)) in counts.iter().enumerate() {
        let reach = ranges
            .iter()
            .filter_map(|(site, range)| Some((nearest(table.get(range.clone()).unwrap_or_default(), n)?, *site)));
        // The first of equal ones: ranges are in the order of the file.
        if let Some((_, site)) = reach.min_by_key(|(metres, _)| *metres) {
            *sums.entry(site).or_default() += u64::from(*people);
        }
    }
    sums
}
