//! The figures several sections need: days in force, means over services, months, who rides.

use std::collections::BTreeMap;

use crate::domain::units::{Fen, People};
use crate::planning::plan::{Cohort, Plan, TimeKind};
use crate::planning::project::Project;
use crate::publish::routes;

/// What one calendar month costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// Days in it on which something runs, services counted each.
    pub days: u32,
    /// Sum over those days.
    pub fen: Fen,
    /// Does a service cover it from its first to its last day?
    pub whole: bool,
}

/// Who does not ride for one reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// Journeys on a mean day.
    pub journeys: People,
    /// The people who make them, counted once though they go both ways: what counts for hiding.
    pub people: People,
}

/// Figures of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Days in force by service id.
    pub days: BTreeMap<String, u32>,
    /// All of them together; at least 1.
    pub all_days: u32,
    /// Running cost of a day of each service.
    pub service_fen: BTreeMap<String, Fen>,
    /// Months in order.
    pub months: Vec<Month>,
    /// Who does not ride, by reason.
    pub left_out: BTreeMap<String, Missed>,
    /// Riders by park and firm (`None`: no firm known): people, counted once though they ride both ways.
    pub riders: BTreeMap<Option<String>, People>,
}

/// Counts and sums everything once.
#[must_use]
pub fn of(project: &Project, plan: &Plan) -> Figures {
    let mut days = BTreeMap::new();
    let mut service_fen: BTreeMap<String, Fen> = BTreeMap::new();
    for block in &plan.blocks {
        let cost = plan.costs.by_block.iter().find(|cost| cost.block == block.id).map_or(Fen::ZERO, |cost| cost.fen);
        *service_fen.entry(block.service.clone()).or_default() += cost;
    }
    let mut by_month: BTreeMap<(i16, i8), Month> = BTreeMap::new();
    for service in &plan.services {
        let runs: Vec<jiff::civil::Date> = routes::service(service).dates().collect();
        let fen = service_fen.get(&service.id).copied().unwrap_or_default();
        for date in &runs {
            let key = (date.year(), date.month());
            let first = date.first_of_month();
            let whole = service.from <= first && service.until >= date.last_of_month();
            let month = by_month.entry(key).or_insert(Month {
                year: key.0,
                month: key.1,
                days: 0,
                fen: Fen::ZERO,
                whole: true,
            });
            month.days += 1;
            month.fen += fen;
            month.whole &= whole;
        }
        days.insert(service.id.clone(), u32::try_from(runs.len()).unwrap_or(u32::MAX));
    }
    let all_days = days.values().sum::<u32>().max(1);
    Figures {
        left_out: left_out(plan, &days, all_days),
        riders: riders(project, plan),
        months: by_month.into_values().collect(),
        days,
        all_days,
        service_fen,
    }
}

fn left_out(plan: &Plan, days: &BTreeMap<String, u32>, all_days: u32) -> BTreeMap<String, Missed> {
    let cohorts: BTreeMap<&str, &Cohort> = plan.cohorts.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    let mut crowds: BTreeMap<(&str, &str, bool), u64> = BTreeMap::new();
    for row in &plan.unserved {
        let Some(cohort) = cohorts.get(row.cohort.as_str()) else { continue };
        let weight = days.get(&cohort.service).copied().unwrap_or(0);
        *sums.entry(&row.reason).or_default() += u64::from(row.people.0) * u64::from(weight);
        let arrives = cohort.time_kind == TimeKind::ArriveBy;
        *crowds.entry((&row.reason, &cohort.service, arrives)).or_default() += u64::from(row.people.0);
    }
    let small = |n: u64| People(u32::try_from(n).unwrap_or(u32::MAX));
    sums.into_iter()
        .map(|(reason, sum)| {
            let crowd = crowds.iter().filter(|(key, _)| key.0 == reason).map(|(_, people)| *people).max();
            let missed = Missed { journeys: small(sum / u64::from(all_days)), people: small(crowd.unwrap_or(0)) };
            (reason.to_owned(), missed)
        })
        .collect()
}

/// A person who rides in and back is one person: the largest of the sums by service and kind of time, which no firm's number
/// of people can be below.
fn riders(project: &Project, plan: &Plan) -> BTreeMap<Option<String>, People> {
    let cohorts: BTreeMap<&str, &Cohort> = plan.cohorts.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut sums: BTreeMap<(Option<String>, &str, bool), u64> = BTreeMap::new();
    for rider in &plan.riders {
        let Some(cohort) = cohorts.get(rider.cohort.as_str()) else { continue };
        let all = u64::from(cohort.people.0).max(1);
        let mut known = 0;
        let arrives = cohort.time_kind == TimeKind::ArriveBy;
        for (firm, people) in &cohort.firms {
            let part = u64::from(people.0) * u64::from(rider.people.0) / all;
            known += part;
            *sums.entry((Some(firm.clone()), &cohort.service, arrives)).or_default() += part;
        }
        let rest = u64::from(rider.people.0).saturating_sub(known);
        *sums.entry((None, &cohort.service, arrives)).or_default() += rest;
    }
    let mut riders: BTreeMap<Option<String>, People> = BTreeMap::new();
    for ((firm, _, _), sum) in sums {
        let people = People(u32::try_from(sum).unwrap_or(u32::MAX));
        let most = riders.entry(firm).or_default();
        *most = (*most).max(people);
    }
    // A survey may promise more riders than a firm has people.
    for firm in &project.firms {
        if let Some(people) = riders.get_mut(&Some(firm.id.clone()))
            && firm.people > People::ZERO
        {
            *people = (*people).min(firm.people);
        }
    }
    riders
}

impl Figures {
    /// Mean over the months covered from end to end, services and all; `None` where there is no such month.
    #[must_use]
    pub fn month_mean(&self) -> Option<Fen> {
        let whole: Vec<&Month> = self.months.iter().filter(|month| month.whole).collect();
        let count = i128::try_from(whole.len()).ok().filter(|&count| count > 0)?;
        let sum: i128 = whole.iter().map(|month| i128::from(month.fen.0)).sum();
        i64::try_from(crate::domain::units::divide_half_up(sum, count)).ok().map(Fen)
    }
    /// All journeys on a mean day that are not served.
    #[must_use]
    pub fn left_out_sum(&self) -> People {
        self.left_out.values().map(|missed| missed.journeys).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;

    #[test]
    fn months_add_up_by_the_calendar() {
        let figures = of(&fixture::project(), &fixture::plan());
        // December 2026 has 23 weekdays; January 2027 has 21, less the 1st, plus Saturday the 9th: 21.
        assert_eq!((figures.months[0].days, figures.months[0].fen), (23, Fen(23 * 186_000)));
        assert_eq!((figures.months[1].days, figures.months[1].whole), (21, true));
        assert_eq!(figures.months.len(), 7);
    }

    #[test]
    fn four_people_both_ways_are_four() {
        let mut plan = fixture::plan();
        let row = |cohort: &str| crate::planning::plan::Unserved {
            cohort: cohort.into(),
            people: People::whole(4),
            reason: "full".into(),
            relaxations: vec![],
        };
        plan.unserved = vec![row("c-y-m"), row("c-m-y")];
        let missed = of(&fixture::project(), &plan).left_out["full"];
        assert_eq!((missed.journeys, missed.people), (People::whole(8), People::whole(4)));
    }

    #[test]
    fn both_ways_is_one_person() {
        let figures = of(&fixture::project(), &fixture::plan());
        let tiny = figures.riders[&Some("f-tiny".to_owned())];
        assert!(tiny <= People::whole(3), "{tiny:?}");
    }
}
