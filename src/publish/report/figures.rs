//! The figures several sections need: days in force, means over services, months, who rides.

use std::collections::BTreeMap;

use crate::domain::calendar::{Service, days_between, weekday_of};
use crate::domain::units::{Fen, People};
use crate::planning::plan::{Cohort, Plan, Share, TimeKind};
use crate::planning::project::Project;
use crate::publish::{rides, routes};

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
    /// What vehicles of rides on request cost on top, days being as those drawn.
    pub rides: Fen,
    /// Does a service cover it from its first to its last day?
    pub whole: bool,
}

impl Month {
    fn empty((year, month): (i16, i8)) -> Self {
        Self { year, month, days: 0, fen: Fen::ZERO, rides: Fen::ZERO, whole: true }
    }
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
    /// Days in force by service id: of the services with trips, or of all where nothing runs.
    pub days: BTreeMap<String, u32>,
    /// All of them together; at least 1.
    pub all_days: u32,
    /// Journeys served on a day of each of them.
    pub served: BTreeMap<String, People>,
    /// Running cost of a mean day on which something runs.
    pub day_fen: Fen,
    /// Running cost of a day of each service.
    pub service_fen: BTreeMap<String, Fen>,
    /// Months in order.
    pub months: Vec<Month>,
    /// Who does not ride, by reason.
    pub left_out: BTreeMap<String, Missed>,
    /// Riders by firm (`None`: no firm known): people, counted once though they ride both ways.
    pub riders: BTreeMap<Option<String>, People>,
    /// Their boardings on a mean day on which something runs, thousandths.
    pub boardings: BTreeMap<Option<String>, i64>,
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
    let running = routes::running(plan);
    let services = if running.is_empty() { plan.services.iter().collect() } else { running };
    for service in services {
        let calendar = service.calendar();
        let runs: Vec<jiff::civil::Date> = calendar.dates().collect();
        let fen = service_fen.get(&service.id).copied().unwrap_or_default();
        for date in &runs {
            let key = (date.year(), date.month());
            let whole = covers(&calendar, *date);
            let month = by_month.entry(key).or_insert(Month::empty(key));
            month.days += 1;
            month.fen += fen;
            month.whole &= whole;
        }
        days.insert(service.id.clone(), u32::try_from(runs.len()).unwrap_or(u32::MAX));
    }
    for offer in rides::offered(plan) {
        let service = plan.services.iter().find(|service| service.id == offer.service);
        for date in service.into_iter().flat_map(|service| service.calendar().dates().collect::<Vec<_>>()) {
            let key = (date.year(), date.month());
            by_month.entry(key).or_insert(Month::empty(key)).rides += offer.worth.running_fen;
        }
    }
    let all_days = days.values().sum::<u32>().max(1);
    let mut served: BTreeMap<String, People> = BTreeMap::new();
    let cohorts: BTreeMap<&str, &Cohort> = plan.cohorts.iter().map(|c| (c.id.as_str(), c)).collect();
    for rider in &plan.riders {
        if let Some(cohort) = cohorts.get(rider.cohort.as_str()) {
            *served.entry(cohort.service.clone()).or_default() += rider.people;
        }
    }
    let sum: i128 = by_month.values().map(|month| i128::from(month.fen.0)).sum();
    let mean = crate::domain::units::divide_half_up(sum, i128::from(all_days));
    Figures {
        left_out: left_out(plan, &days, all_days),
        riders: riders(project, plan),
        boardings: boardings(plan, &days, all_days),
        served,
        day_fen: Fen(i64::try_from(mean).unwrap_or(i64::MAX)),
        months: by_month.into_values().collect(),
        days,
        all_days,
        service_fen,
    }
}

/// Does the service reach over the whole month of this day: is no day of its weekly pattern outside its first and last?
fn covers(service: &Service, date: jiff::civil::Date) -> bool {
    let first = date.first_of_month();
    (0..=days_between(first, date.last_of_month()))
        .filter_map(|n| first.checked_add(jiff::Span::new().days(n)).ok())
        .all(|day| !service.week.has(weekday_of(day)) || (service.from <= day && day <= service.until))
}

/// Who boards, by firm, on a mean day; the parts of a cohort are split as its people are.
fn boardings(plan: &Plan, days: &BTreeMap<String, u32>, all_days: u32) -> BTreeMap<Option<String>, i64> {
    let cohorts: BTreeMap<&str, &Cohort> = plan.cohorts.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut sums: BTreeMap<Option<String>, f64> = BTreeMap::new();
    for rider in &plan.riders {
        let Some(cohort) = cohorts.get(rider.cohort.as_str()) else { continue };
        let weight = f64::from(days.get(&cohort.service).copied().unwrap_or(0)) / f64::from(all_days);
        let each = f64::from(rider.people.0) * weight / f64::from(cohort.people.0.max(1));
        let mut known = 0;
        for (firm, people) in &cohort.firms {
            known += people.0;
            *sums.entry(Some(firm.clone())).or_default() += each * f64::from(people.0);
        }
        *sums.entry(None).or_default() += each * f64::from(cohort.people.0.saturating_sub(known));
    }
    #[expect(clippy::cast_possible_truncation, reason = "rounded; people in thousandths fit")]
    sums.into_iter().map(|(firm, sum)| (firm, sum.round() as i64)).collect()
}

/// Splits a whole in the proportion of the parts, in whole units that add up to it (each cut of the running sum rounded down).
#[must_use]
pub fn split(whole: i64, parts: &[i64]) -> Vec<i64> {
    let all: i128 = parts.iter().map(|&part| i128::from(part)).sum();
    let (mut sum, mut cut) = (0_i128, 0_i64);
    parts
        .iter()
        .map(|&part| {
            sum += i128::from(part);
            let next = if all == 0 { 0 } else { i64::try_from(i128::from(whole) * sum / all).unwrap_or(i64::MAX) };
            let own = next - cut;
            cut = next;
            own
        })
        .collect()
}

fn left_out(plan: &Plan, days: &BTreeMap<String, u32>, all_days: u32) -> BTreeMap<String, Missed> {
    let cohorts: BTreeMap<&str, &Cohort> = plan.cohorts.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    let mut crowds: BTreeMap<(&str, &str, bool), u64> = BTreeMap::new();
    for row in &plan.unserved {
        let Some(cohort) = cohorts.get(row.cohort.as_str()) else { continue };
        let Some(&weight) = days.get(&cohort.service) else { continue };
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
            known += u64::from(people.0);
            *sums.entry((Some(firm.clone()), &cohort.service, arrives)).or_default() += part;
        }
        // Of the people, not what rounding left over: that would be a firm nobody works for.
        let rest = all.saturating_sub(known) * u64::from(rider.people.0) / all;
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
    /// The shares as parts of what a mean day with trips costs (the plan's own are of a mean day of all services, with and
    /// without trips).
    #[must_use]
    pub fn shares(&self, plan: &Plan) -> Vec<Share> {
        let parts: Vec<i64> = plan.costs.shares.iter().map(|share| share.fen.0).collect();
        let fen = split(self.day_fen.0, &parts);
        plan.costs.shares.iter().zip(fen).map(|(share, fen)| Share { fen: Fen(fen), ..share.clone() }).collect()
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

    #[test]
    fn a_service_without_trips_dilutes_nothing() {
        let (project, plain) = (fixture::project(), fixture::plan());
        let mut plan = plain.clone();
        let mut saturday = plan.services[0].clone();
        (saturday.id, saturday.days) = ("saturday".into(), "Sat".into());
        saturday.until = jiff::civil::date(2027, 6, 25);
        plan.services.push(saturday);
        // The plan's own mean is over Saturdays too.
        plan.costs.total_fen = Fen(155_000);
        let (with, without) = (of(&project, &plan), of(&project, &plain));
        assert_eq!((with.day_fen, with.day_fen), (Fen(186_000), without.day_fen));
        assert_eq!((with.days, with.months, with.left_out), (without.days, without.months, without.left_out));
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        assert_eq!(split(100, &[1, 1, 1]), [33, 33, 34]);
        assert_eq!(split(7, &[0, 0]), [0, 0]);
    }

    #[test]
    fn rounding_makes_no_firm() {
        let (mut plan, k) = (fixture::plan(), 3);
        let cohort = plan.cohorts[0].id.clone();
        plan.cohorts[0].firms = [("a", 1), ("b", 1), ("c", 1)].map(|(f, n)| (f.to_owned(), People::whole(n))).into();
        plan.cohorts[0].people = People::whole(k);
        plan.riders.retain(|rider| rider.cohort == cohort);
        for rider in &mut plan.riders {
            rider.people = People(1_000);
        }
        let figures = of(&fixture::project(), &plan);
        assert_eq!(figures.riders.get(&None).copied().unwrap_or_default(), People::ZERO);
    }
}
