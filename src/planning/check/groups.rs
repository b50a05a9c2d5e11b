//! Groups: every area in one block, every park in one committee, with as many people as its members have; committees are
//! those parks one walks between within 1200 m and a quarter of whose people (of the smaller of two) travel from or to the same place within
//! the same half-hour, directly or from one to the next; and a committee's joint shuttle is worth what the values in the plan say.
//!
//! Limits: that blocks are connected, compact and of about equal size is not judged; no groups at all were not asked for.

use std::collections::{BTreeMap, BTreeSet};

use geo::Centroid;

use super::case::Case;
use super::ground::{Ground, nearest, spread};
use super::money::park_of;
use super::report::{Report, people, yuan};
use crate::domain::finding::Finding;
use crate::domain::site::SiteKind;
use crate::domain::units::Metres;
use crate::planning::plan::Group;

/// Farthest walk between parks that belong together.
const NEAR: Metres = Metres(1200);
/// More areas than these are not grouped.
const MAX_AREAS: usize = 20_000;
/// Seconds in which people are taken to travel together.
const HALF_HOUR: u32 = 1800;
const BLOCK: &str = "block";
const COMMITTEE: &str = "committee";

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, report: &mut Report) {
    let (project, groups) = (case.project, &case.plan.groups);
    if groups.is_empty() {
        return;
    }
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for group in groups {
        if group.kind != BLOCK && group.kind != COMMITTEE {
            report.add(
                Finding::error("check-group-kind").arg("group", group.id.as_str()).arg("found", group.kind.as_str()),
            );
        }
        for member in &group.members {
            if !seen.insert((&group.kind, member)) {
                report.add(
                    Finding::error("check-group-twice").arg("group", group.id.as_str()).arg("member", member.as_str()),
                );
            }
        }
        headcount(case, group, report);
        saving(case, group, report);
    }
    let parks: Vec<&str> = project.sites_of(SiteKind::Park).map(|site| site.id.as_str()).collect();
    let mut wanted: BTreeSet<(&str, &str)> = parks.iter().map(|park| (COMMITTEE, *park)).collect();
    // Areas without any outline, and more than can be grouped, are in no block; some of them in one are in one all the same.
    let grouped = groups.iter().any(|group| group.kind == BLOCK)
        || project.areas.len() <= MAX_AREAS && project.areas.iter().any(|area| area.outline.centroid().is_some());
    if grouped {
        wanted.extend(project.areas.iter().map(|area| (BLOCK, area.id.as_str())));
    }
    for (kind, member) in seen.symmetric_difference(&wanted) {
        report.add(Finding::error("check-group-member").arg("kind", *kind).arg("member", *member));
    }
    let near = neighbours(case, ground, &parks);
    for group in groups.iter().filter(|group| group.kind == COMMITTEE) {
        let members: BTreeSet<&str> = group.members.iter().map(String::as_str).collect();
        if !near.contains(&members) {
            report.add(Finding::error("check-group-far").arg("group", group.id.as_str()));
        }
    }
}

/// As many people as the members have: of an area as counted, of a park as counted or those of its firms.
fn headcount(case: &Case<'_>, group: &Group, report: &mut Report) {
    let project = case.project;
    let of = |member: &String| {
        let area = project.areas.iter().find(|area| area.id == *member && group.kind != COMMITTEE);
        let counted = area.map(|area| area.people).or_else(|| project.site(member).and_then(|site| site.people));
        let firms = || project.firms.iter().filter(|firm| firm.site == *member);
        counted.map_or_else(|| firms().map(|firm| u64::from(firm.people.0)).sum(), |people| u64::from(people.0))
    };
    let sum: u64 = group.members.iter().map(of).sum();
    if group.members.is_empty() || sum != u64::from(group.people.0) {
        report.add(
            Finding::error("check-group-people")
                .arg("group", group.id.as_str())
                .arg("expected", people(sum))
                .arg("found", people(u64::from(group.people.0))),
        );
    }
}

/// What the committee is worth together, less each of its parks alone; nothing is said of one park and of blocks.
fn saving(case: &Case<'_>, group: &Group, report: &mut Report) {
    let expected = case.plan.costs.joint.as_ref().filter(|_| group.kind == COMMITTEE && group.members.len() > 1);
    let expected = expected.and_then(|joint| {
        let worth = |set: u64| match (set, joint.coalitions.is_empty()) {
            (0, _) => Some(0),
            (_, true) => Some(joint.values.get(usize::try_from(set).ok()?)?.0),
            (_, false) => {
                joint.coalitions.iter().zip(&joint.values).find(|(other, _)| **other == set).map(|(_, fen)| fen.0)
            }
        };
        let bits = (0..63_u64)
            .zip(&joint.players)
            .filter(|(_, player)| player.as_ref().is_some_and(|site| group.members.contains(site)));
        let bits: Vec<u64> = bits.map(|(at, _)| 1 << at).collect();
        let alone: i128 = bits.iter().map(|bit| worth(*bit).map(i128::from)).sum::<Option<i128>>()?;
        Some(i128::from(worth(bits.iter().sum())?) - alone)
    });
    let found = group.saving_fen.map(|fen| i128::from(fen.0));
    if found != expected {
        let text = |fen: Option<i128>| fen.map_or_else(|| "-".to_owned(), yuan);
        report.add(
            Finding::error("check-group-saving")
                .arg("group", group.id.as_str())
                .arg("expected", text(expected))
                .arg("found", text(found)),
        );
    }
}

/// Where a park's people come from or go to, which way, on which service, in which half-hour: thousandths of people.
type Ways<'a> = BTreeMap<(&'a str, bool, &'a str, u32), u64>;

fn ways<'a>(case: &Case<'a>) -> BTreeMap<&'a str, Ways<'a>> {
    let mut all: BTreeMap<&str, Ways<'a>> = BTreeMap::new();
    let is_park = |id: &str| park_of(case, id, id).is_some();
    for cohort in case.cohorts.values() {
        let Some(park) = park_of(case, &cohort.origin, &cohort.destination) else { continue };
        let towards = is_park(&cohort.destination);
        let end: &'a str = if towards { &cohort.origin } else { &cohort.destination };
        let site = case.project.site(end);
        let station =
            site.filter(|site| site.kind == SiteKind::Exit).and_then(|site| case.project.site(site.parent.as_deref()?));
        let end = station.map_or(end, |station| station.id.as_str());
        let way = (end, towards, cohort.service.as_str(), cohort.time.0 / HALF_HOUR);
        *all.entry(park).or_default().entry(way).or_default() += u64::from(cohort.people.0);
    }
    all
}

/// Could a quarter of the smaller park's people board with the other's? Of parks nobody travels to nothing is known.
fn ride_together(one: Option<&Ways<'_>>, other: Option<&Ways<'_>>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return true };
    let smaller = one.values().sum::<u64>().min(other.values().sum());
    let common: u64 = one.iter().map(|(way, people)| other.get(way).copied().unwrap_or(0).min(*people)).sum();
    common >= smaller.div_ceil(4)
}

/// Sets of parks each of which is near to another of its set, and shares its ways.
fn neighbours<'a>(case: &Case<'a>, ground: &Ground<'a>, parks: &[&'a str]) -> BTreeSet<BTreeSet<&'a str>> {
    let (doors, ranges) = spread(case.project, &ground.network, parks.iter().copied());
    let table = ground.network.walk_metres(&doors, &doors, Some(NEAR));
    let ways = ways(case);
    let mut set_of: BTreeMap<&str, usize> = parks.iter().enumerate().map(|(n, park)| (*park, n)).collect();
    for (a, from) in &ranges {
        let rows = table.get(from.clone()).unwrap_or_default();
        for (b, to) in &ranges {
            if !ride_together(ways.get(a), ways.get(b)) {
                continue;
            }
            let apart = to.clone().filter_map(|door| nearest(rows, door)).min();
            if let (Some(_), Some(one), Some(other)) = (apart, set_of.get(a).copied(), set_of.get(b).copied()) {
                set_of.values_mut().filter(|set| **set == other).for_each(|set| *set = one);
            }
        }
    }
    let mut sets: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (park, set) in set_of {
        sets.entry(set).or_default().insert(park);
    }
    sets.into_values().collect()
}
