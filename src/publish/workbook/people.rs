//! People in numbers a committee may see: riders by firm (for hiding small ones), those left out by reason.
//!
//! A person who rides out and back is two journeys. What counts for hiding is people: the most of one service and one way
//! (arrivals or departures), which is never more than there are.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::sheet::{Cell, Page};
use crate::domain::site::SiteKind;
use crate::domain::units::People;
use crate::planning::plan::{Cohort, Plan, TimeKind};
use crate::planning::project::Project;
use crate::publish::audience::{About, Part, Told, about, tell};
use crate::publish::routes;

/// A total of journeys that stands alone: as it is, or "<5".
pub(super) fn told_total(people: People, k: u32) -> Cell {
    match about(people, k) {
        About::Few => Cell::Text(About::Few.text(k)),
        About::Nobody | About::Around(_) => Cell::Decimal(people.as_f64()),
    }
}

/// The most journeys of one service and one way.
#[derive(Default)]
struct Crowd<'a>(BTreeMap<(&'a str, TimeKind), u64>);

impl<'a> Crowd<'a> {
    fn add(&mut self, cohort: &'a Cohort, people: u64) {
        *self.0.entry((&cohort.service, cohort.time_kind)).or_default() += people;
    }
    fn people(&self) -> People {
        People(u32::try_from(self.0.values().copied().max().unwrap_or(0)).unwrap_or(u32::MAX))
    }
}

/// The park a cohort travels to or from.
fn park_of<'a>(project: &'a Project, cohort: &Cohort) -> Option<&'a str> {
    [&cohort.destination, &cohort.origin].into_iter().find_map(|id| {
        let site = project.site(id)?;
        match site.kind {
            SiteKind::Park => Some(site.id.as_str()),
            SiteKind::Gate => site.parent.as_deref(),
            _ => None,
        }
    })
}

/// Riders behind each share of the cost, by park and firm; those who named no firm under `None`.
pub(super) fn riders_by_firm<'a>(
    project: &'a Project,
    plan: &'a Plan,
) -> BTreeMap<(Option<&'a str>, Option<&'a str>), People> {
    let cohorts: BTreeMap<&str, &Cohort> = plan.cohorts.iter().map(|cohort| (cohort.id.as_str(), cohort)).collect();
    let firms = project.firms_by_id();
    let mut crowds: BTreeMap<(Option<&str>, Option<&str>), Crowd<'_>> = BTreeMap::new();
    for rider in &plan.riders {
        let Some(cohort) = cohorts.get(rider.cohort.as_str()) else { continue };
        let (riding, all) = (u64::from(rider.people.0), u64::from(cohort.people.0).max(1));
        let mut named = 0;
        for (firm, people) in &cohort.firms {
            named += u64::from(people.0);
            let site = firms.get(firm.as_str()).map(|firm| firm.site.as_str()).or_else(|| park_of(project, cohort));
            // Rounded down: what hides is never overestimated.
            crowds.entry((site, Some(firm))).or_default().add(cohort, riding * u64::from(people.0) / all);
        }
        let rest = riding * all.saturating_sub(named) / all;
        crowds.entry((park_of(project, cohort), None)).or_default().add(cohort, rest);
    }
    crowds.into_iter().map(|(key, crowd)| (key, crowd.people())).collect()
}

/// Journeys a mean day without a seat on our lines, by reason. Thousandths of a journey.
fn by_reason<'a>(plan: &'a Plan, k: u32) -> Told<&'a str> {
    let cohorts: BTreeMap<&str, &Cohort> = plan.cohorts.iter().map(|cohort| (cohort.id.as_str(), cohort)).collect();
    let days: BTreeMap<&str, i128> =
        plan.services.iter().map(|s| (s.id.as_str(), routes::service(s).dates().count() as i128)).collect();
    let all = days.values().sum::<i128>().max(1);
    let mut reasons: BTreeMap<&str, (Crowd<'a>, i128)> = BTreeMap::new();
    for row in &plan.unserved {
        let Some(cohort) = cohorts.get(row.cohort.as_str()) else { continue };
        let (crowd, sum) = reasons.entry(&row.reason).or_default();
        crowd.add(cohort, u64::from(row.people.0));
        *sum += i128::from(row.people.0) * days.get(cohort.service.as_str()).copied().unwrap_or(0);
    }
    let parts = reasons
        .into_iter()
        .map(|(what, (crowd, sum))| Part {
            what,
            people: crowd.people(),
            amount: i64::try_from(sum / all).unwrap_or(i64::MAX),
        })
        .collect();
    tell(parts, k)
}

pub(super) fn left_out(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [("workbook-service-kind", 16.0), ("workbook-reason", 60.0), ("workbook-people-day", 16.0)];
    let mut page = Page::new(context, "workbook-left-out", &columns)?;
    let k = context.project.policy.k_anonymity;
    let mut refused: BTreeMap<&str, u32> = BTreeMap::new();
    for refusal in &context.plan.parking.refused {
        *refused.entry(&refusal.reason).or_default() += 1;
    }
    let refused = refused
        .into_iter()
        .map(|(what, count)| Part { what, people: People::whole(count), amount: i64::from(count) * 1000 })
        .collect();
    for (kind, told) in [("workbook-shuttle", by_reason(context.plan, k)), ("workbook-parking", tell(refused, k))] {
        let kind = context.say(kind);
        let mut add = |reason: String, people: Cell| page.row([kind.as_str().into(), reason.into(), people]);
        if told.withheld {
            add(context.say("workbook-all-reasons"), About::Few.text(k).into())?;
        }
        for part in told.shown {
            add(context.code("reason-", part.what), Cell::Decimal(part.amount as f64 / 1000.0))?;
        }
        if let Some(rest) = told.rest {
            add(context.say("workbook-other-reasons"), Cell::Decimal(rest.amount as f64 / 1000.0))?;
        }
    }
    page.finish()
}
