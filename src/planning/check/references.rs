//! Is it the plan it says it is, of this project, and does everything it names exist?

use std::collections::BTreeSet;

use super::report::Report;
use crate::domain::finding::Finding;
use crate::planning::plan::{FORMAT, Plan, ServiceDays};
use crate::planning::project::Project;

pub(super) fn check(project: &Project, plan: &Plan, report: &mut Report) {
    identity(project, plan, report);
    services(project, plan, report);
    unique(project, plan, report);
    known(project, plan, report);
}

fn identity(project: &Project, plan: &Plan, report: &mut Report) {
    if plan.format != FORMAT {
        report.add(Finding::error("check-format").arg("expected", FORMAT).arg("found", plan.format.as_str()));
    }
    let expected = plan.content_id();
    if plan.id != expected {
        report.add(Finding::error("check-id").arg("expected", expected).arg("found", plan.id.as_str()));
    }
    if plan.inputs_hash != project.inputs_hash {
        report.add(
            Finding::error("check-inputs")
                .arg("expected", project.inputs_hash.as_str())
                .arg("found", plan.inputs_hash.as_str()),
        );
    }
    let parent = project.in_force.as_ref().map(|plan| plan.id.as_str());
    if plan.parent.as_deref() != parent {
        report.add(
            Finding::error("check-parent")
                .arg("expected", parent.unwrap_or("-"))
                .arg("found", plan.parent.as_deref().unwrap_or("-")),
        );
    }
}

/// The days of a service as a plan carries them.
fn services(project: &Project, plan: &Plan, report: &mut Report) {
    let mut expected: Vec<ServiceDays> = project
        .services
        .iter()
        .map(|service| ServiceDays {
            id: service.id.clone(),
            days: service.week.to_string(),
            from: service.from,
            until: service.until,
            added: service.added.clone(),
            removed: service.removed.clone(),
        })
        .collect();
    expected.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: BTreeSet<&str> =
        expected.iter().map(|s| s.id.as_str()).chain(plan.services.iter().map(|s| s.id.as_str())).collect();
    for id in ids {
        let ours = expected.iter().find(|service| service.id == id);
        let theirs = plan.services.iter().find(|service| service.id == id);
        if ours != theirs {
            let show = |service: Option<&ServiceDays>| {
                service.map_or_else(
                    || "-".to_owned(),
                    |s| format!("{} {}..{} +{} -{}", s.days, s.from, s.until, s.added.len(), s.removed.len()),
                )
            };
            report.add(
                Finding::error("check-service")
                    .arg("service", id)
                    .arg("expected", show(ours))
                    .arg("found", show(theirs)),
            );
        }
    }
}

fn unique(project: &Project, plan: &Plan, report: &mut Report) {
    let mut twice = |what: &str, ids: &mut dyn Iterator<Item = &str>| {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                report.add(Finding::error("check-duplicate-id").arg("what", what).arg("id", id));
            }
        }
    };
    twice("services", &mut plan.services.iter().map(|x| x.id.as_str()));
    twice("cohorts", &mut plan.cohorts.iter().map(|x| x.id.as_str()));
    // Items name stops and depots alike: a stop must not go by a depot's id.
    let depots: BTreeSet<&str> = project.fleet.iter().map(|kind| kind.depot.as_str()).collect();
    twice("stops", &mut depots.into_iter().chain(plan.stops.iter().map(|x| x.id.as_str())));
    twice("lines", &mut plan.lines.iter().map(|x| x.id.as_str()));
    twice("trips", &mut plan.trips.iter().map(|x| x.id.as_str()));
    twice("blocks", &mut plan.blocks.iter().map(|x| x.id.as_str()));
    twice("duties", &mut plan.duties.iter().map(|x| x.id.as_str()));
    twice("groups", &mut plan.groups.iter().map(|x| x.id.as_str()));
    twice("parking.displacement", &mut plan.parking.displacement.iter().map(|x| x.lot.as_str()));
    twice("costs.by_block", &mut plan.costs.by_block.iter().map(|x| x.block.as_str()));
}

fn known(project: &Project, plan: &Plan, report: &mut Report) {
    fn set<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
        ids.collect()
    }
    let services = set(project.services.iter().map(|x| x.id.as_str()));
    let sites = set(project.sites.iter().map(|x| x.id.as_str()));
    let firms = set(project.firms.iter().map(|x| x.id.as_str()));
    let fleet = set(project.fleet.iter().map(|x| x.id.as_str()));
    let lots = set(project.lots.iter().map(|x| x.id.as_str()));
    let requests = set(project.requests.iter().map(|x| x.id.as_str()));
    let areas = set(project.areas.iter().map(|x| x.id.as_str()));
    let cohorts = set(plan.cohorts.iter().map(|x| x.id.as_str()));
    let stops = set(plan.stops.iter().map(|x| x.id.as_str()));
    let lines = set(plan.lines.iter().map(|x| x.id.as_str()));
    let trips = set(plan.trips.iter().map(|x| x.id.as_str()));
    let blocks = set(plan.blocks.iter().map(|x| x.id.as_str()));

    let mut want = |ids: &BTreeSet<&str>, what: &str, id: &str, of: &str, by: &str| {
        if !ids.contains(id) {
            report.add(Finding::error("check-unknown-id").arg("what", what).arg("id", id).arg("of", of).arg("by", by));
        }
    };
    for x in &plan.cohorts {
        want(&services, "service", &x.service, "cohort", &x.id);
        for firm in x.firms.keys() {
            // A firm only the survey names is a firm too; without a list of firms nothing can be said.
            if !firms.is_empty() && !project.journeys.iter().any(|j| j.firm.as_ref() == Some(firm)) {
                want(&firms, "firm", firm, "cohort", &x.id);
            }
        }
    }
    for x in &plan.stops {
        if let Some(site) = &x.site {
            want(&sites, "site", site, "stop", &x.id);
        }
    }
    for x in &plan.lines {
        for stop in &x.stops {
            want(&stops, "stop", stop, "line", &x.id);
        }
    }
    for x in &plan.trips {
        want(&services, "service", &x.service, "trip", &x.id);
        want(&lines, "line", &x.line, "trip", &x.id);
        want(&blocks, "block", &x.block, "trip", &x.id);
        for time in &x.times {
            want(&stops, "stop", &time.stop, "trip", &x.id);
        }
    }
    for x in &plan.blocks {
        want(&services, "service", &x.service, "block", &x.id);
        want(&fleet, "vehicle_type", &x.vehicle_type, "block", &x.id);
        want(&sites, "depot", &x.depot, "block", &x.id);
        for item in &x.items {
            for place in [&item.from, &item.to] {
                if *place != x.depot {
                    want(&stops, "stop", place, "block", &x.id);
                }
            }
            if let Some(trip) = &item.trip {
                want(&trips, "trip", trip, "block", &x.id);
            }
        }
    }
    for x in &plan.duties {
        want(&services, "service", &x.service, "duty", &x.id);
        want(&blocks, "block", &x.block, "duty", &x.id);
    }
    for x in &plan.riders {
        want(&cohorts, "cohort", &x.cohort, "riders", &x.cohort);
        for leg in &x.legs {
            want(&trips, "trip", &leg.trip, "riders", &x.cohort);
        }
    }
    for x in &plan.unserved {
        want(&cohorts, "cohort", &x.cohort, "unserved", &x.cohort);
    }
    for x in &plan.parking.permits {
        want(&requests, "request", &x.request, "permit", &x.request);
        want(&lots, "lot", &x.lot, "permit", &x.request);
    }
    for x in &plan.parking.refused {
        want(&requests, "request", &x.request, "refusal", &x.request);
    }
    for x in &plan.parking.occupancy {
        want(&lots, "lot", &x.lot, "occupancy", &x.lot);
    }
    for x in &plan.parking.displacement {
        want(&lots, "lot", &x.lot, "displacement", &x.lot);
    }
    for x in &plan.costs.by_block {
        want(&blocks, "block", &x.block, "costs", &x.block);
    }
    for x in &plan.rest_points {
        want(&sites, "site", &x.site, "rest_points", &x.site);
    }
    let members: BTreeSet<&str> = areas.union(&sites).copied().collect();
    for x in &plan.groups {
        for member in &x.members {
            want(&members, "member", member, "group", &x.id);
        }
    }
}
