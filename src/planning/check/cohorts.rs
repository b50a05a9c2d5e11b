//! Do the cohorts stand for the people who answered, and is their alternative what the rules say?

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::ground::Ground;
use super::report::{Report, people, yuan};
use super::travel;
use crate::domain::calendar::{Days, Service};
use crate::domain::finding::Finding;
use crate::domain::units::{Metres, Seconds, ServiceTime};
use crate::planning::plan::{Cohort, TimeKind};
use crate::planning::project::{Journey, Place, Project, service_week};

/// What people of a cohort have in common; points by their cell of 0.001 degrees.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    service: &'a str,
    origin: End<'a>,
    destination: End<'a>,
    kind: TimeKind,
    time: ServiceTime,
    max_walk: Metres,
    max_wait: Seconds,
    wheelchair: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End<'a> {
    Site(&'a str),
    Cell(i64, i64),
}

/// Expected people, thousandths, from and to: days given as dates can only be told from the week to the nearest day.
#[derive(Clone, Copy, Debug, Default)]
struct Range {
    low: f64,
    high: f64,
}

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, report: &mut Report) {
    if case.has_no_shuttle() && !case.plan.says_it_plans("shuttle") {
        return; // not asked for
    }
    headcount(case, report);
    for cohort in &case.plan.cohorts {
        alternative(case, ground, cohort, report);
    }
}

fn headcount(case: &Case<'_>, report: &mut Report) {
    let project = case.project;
    let mut expected: BTreeMap<Key<'_>, (Range, BTreeMap<&str, Range>)> = BTreeMap::new();
    for journey in &project.journeys {
        for service in &project.services {
            let share = shared_days(&journey.days, service);
            if share.high == 0.0 {
                continue;
            }
            let people = f64::from(journey.weight.0) * f64::from(journey.use_milli) / 1000.0;
            let (all, firms) = expected.entry(key_of_journey(project, journey, service)).or_default();
            add(all, people, share);
            if let Some(firm) = &journey.firm {
                add(firms.entry(firm).or_default(), people, share);
            }
        }
    }
    let mut found: BTreeMap<Key<'_>, (u64, u64, BTreeMap<&str, u64>)> = BTreeMap::new();
    for cohort in &case.plan.cohorts {
        let Some(key) = key_of_cohort(project, cohort) else {
            report.add(Finding::error("check-cohort-place").arg("cohort", cohort.id.as_str()));
            continue;
        };
        let (rows, people, firms) = found.entry(key).or_default();
        *rows += 1;
        *people += u64::from(cohort.people.0);
        for (firm, people) in &cohort.firms {
            *firms.entry(firm).or_default() += u64::from(people.0);
        }
    }
    let keys: BTreeSet<&Key<'_>> = expected.keys().chain(found.keys()).collect();
    for key in keys {
        let nobody = (Range::default(), BTreeMap::new());
        let none = (0, 0, BTreeMap::new());
        let (range, firms) = expected.get(key).unwrap_or(&nobody);
        let (rows, count, counted_firms) = found.get(key).unwrap_or(&none);
        let describe = |finding: Finding| {
            finding
                .arg("origin", end_text(&key.origin))
                .arg("destination", end_text(&key.destination))
                .arg("time", key.time.clock())
                .arg("service", key.service)
        };
        // Each cohort may be rounded by a thousandth.
        let slack = 1.0 + *rows as f64;
        if !range.holds(*count, slack) {
            report.add(
                describe(Finding::error("check-cohort-people"))
                    .arg("expected", format!("{:.3}", (range.low + range.high) / 2000.0))
                    .arg("found", people(*count)),
            );
            continue;
        }
        let names: BTreeSet<&&str> = firms.keys().chain(counted_firms.keys()).collect();
        for firm in names.into_iter().copied() {
            let range = firms.get(firm).copied().unwrap_or_default();
            let count = counted_firms.get(firm).copied().unwrap_or_default();
            if !range.holds(count, slack) {
                report.add(
                    describe(Finding::error("check-cohort-firms"))
                        .arg("firm", firm)
                        .arg("expected", format!("{:.3}", (range.low + range.high) / 2000.0))
                        .arg("found", people(count)),
                );
            }
        }
    }
}

impl Range {
    fn holds(&self, count: u64, slack: f64) -> bool {
        count as f64 >= self.low - slack && count as f64 <= self.high + slack
    }
}

fn add(range: &mut Range, people: f64, share: Range) {
    range.low += people * share.low;
    range.high += people * share.high;
}

/// Share of the service's days on which a journey is made.
fn shared_days(days: &Days, service: &Service) -> Range {
    let week = service_week(service);
    let of = f64::from(week.count().max(1));
    match days {
        Days::Weekly(own) => {
            let share = f64::from(own.and(week).count()) / of;
            Range { low: share, high: share }
        }
        Days::Dates(dates) => {
            let on = dates.iter().filter(|date| service.runs_on(**date)).count();
            let all = service.dates().count();
            if on == 0 || all == 0 {
                return Range::default();
            }
            let share = on as f64 / all as f64;
            Range { low: (share - 1.0 / of).max(0.0), high: share + 1.0 / of }
        }
    }
}

fn key_of_journey<'a>(project: &Project, journey: &'a Journey, service: &'a Service) -> Key<'a> {
    Key {
        service: &service.id,
        origin: end(&journey.origin),
        destination: end(&journey.destination),
        kind: journey.time_kind,
        time: journey.time,
        max_walk: journey.max_walk.unwrap_or(project.policy.max_walk),
        max_wait: journey.max_wait.unwrap_or(project.policy.max_wait),
        wheelchair: journey.wheelchair,
    }
}

fn key_of_cohort<'a>(project: &Project, cohort: &'a Cohort) -> Option<Key<'a>> {
    let end_of = |text: &'a str| match Place::parse(text, project)? {
        Place::Site(_) => Some(End::Site(text)),
        Place::Point(point) => super::ground::on_earth(point).then(|| cell(point.lon, point.lat)),
    };
    Some(Key {
        service: &cohort.service,
        origin: end_of(&cohort.origin)?,
        destination: end_of(&cohort.destination)?,
        kind: cohort.time_kind,
        time: cohort.time,
        max_walk: cohort.max_walk_m,
        max_wait: cohort.max_wait_s,
        wheelchair: cohort.wheelchair,
    })
}

fn end(place: &Place) -> End<'_> {
    match place {
        Place::Site(id) => End::Site(id),
        Place::Point(point) => cell(point.lon, point.lat),
    }
}

fn cell(lon: f64, lat: f64) -> End<'static> {
    End::Cell((lon * 1000.0).floor() as i64, (lat * 1000.0).floor() as i64)
}

fn end_text(end: &End<'_>) -> String {
    match end {
        End::Site(id) => (*id).to_owned(),
        End::Cell(lon, lat) => {
            format!("{:.4} {:.4}", (*lon as f64 + 0.5) / 1000.0, (*lat as f64 + 0.5) / 1000.0)
        }
    }
}

fn alternative(case: &Case<'_>, ground: &Ground<'_>, cohort: &Cohort, report: &mut Report) {
    let project = case.project;
    let stairs = |end: &str| Place::parse(end, project).map_or(0, |place| u64::from(project.transfer(&place).0));
    let platform = stairs(&cohort.origin) + stairs(&cohort.destination);
    let end = if cohort.time_kind == TimeKind::ArriveBy { &cohort.origin } else { &cohort.destination };
    let trains = Place::parse(end, project)
        .zip(case.services.get(cohort.service.as_str()))
        .map_or_else(Vec::new, |(place, (service, _))| project.trains_at(&place, service));
    let meets = travel::Meets { kind: cohort.time_kind, wished: i64::from(cohort.time.0), trains: &trains };
    let metres = ground.between(cohort);
    let best = travel::alternatives(project, cohort.wheelchair, metres, platform, &meets);
    let said = &cohort.alternative;
    let same = best.iter().any(|way| {
        way.mode == said.mode
            && way.seconds == u64::from(said.seconds.0)
            && way.wait == u64::from(said.wait_s.0)
            && travel::fen(way.cost) == i128::from(said.fen.0)
    });
    if !same && let Some(way) = best.first() {
        report.add(
            Finding::error("check-alternative")
                .arg("cohort", cohort.id.as_str())
                .arg(
                    "expected",
                    format!("{} {} + {} s {}", way.mode, way.seconds, way.wait, yuan(travel::fen(way.cost))),
                )
                .arg(
                    "found",
                    format!("{} {} + {} s {}", said.mode, said.seconds.0, said.wait_s.0, yuan(i128::from(said.fen.0))),
                ),
        );
    }
}
