//! Who really rides? Counts of who got on (boardings.csv), on the trips of the plan in force, correct what the survey expects of the
//! people who ride there.
//!
//! Gamma-Poisson conjugacy (Gelman et al., *Bayesian Data Analysis*, 3rd ed., 2.6; for relative rates of many small groups Clayton &
//! Kaldor 1987, eq. 3): the people of a trip are Poisson with mean e·q a day, e as the survey expects and q its unknown error. Before
//! anybody has counted, q is Gamma with mean 1, worth [`SURVEY_DAYS`] days of counting; after counts of O people where E were
//! expected on the days and at the stops that were counted, its mean is
//!
//! ```text
//!     q = (SURVEY_DAYS · e + O) / (SURVEY_DAYS · e + E)
//! ```
//!
//! so a day's counts move it a little, a month's nearly all the way, and what nobody counted stays as surveyed. A cohort is scaled
//! by the mean over its people of their trips' q; those who do not ride in the plan in force, whom nobody could count, by 1. The weights
//! of answers carry it on, so that everything after sees one demand: that of the survey as counted.
//!
//! Always against the survey, never against the demand of the plan in force, which counts may have shaped already: twice the same
//! counts give the same demand.
//!
//! Limits: full vehicles hide people who could not get on, so a full trip is at least as wanted as counted; an answer that travels on several
//! services is scaled by the mean of its cohorts; trips on which nobody was expected say nothing about who came (a finding).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::demand;
use super::plan::{Plan, Trip};
use super::project::{Boarding, Project};
use crate::domain::finding::Finding;
use crate::domain::units::People;

/// The survey counts as much as so many days of counting: a working week, the least in which each weekday is seen.
pub const SURVEY_DAYS: f64 = 5.0;

/// What does not fit the plan in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Astray {
    /// There is no such trip, or no such departure of the line.
    Trip,
    /// It does not run on that date.
    Date,
    /// It does not call there.
    Stop,
}

/// The trip that was counted.
///
/// # Errors
/// What does not fit.
pub fn trip_of<'a>(plan: &'a Plan, boarding: &Boarding) -> Result<&'a Trip, Astray> {
    let named = |trip: &&Trip| match (&boarding.trip, &boarding.departure) {
        (Some(id), _) => trip.id == *id,
        (None, Some((line, time))) => {
            let leaves = trip.times.first().map(|first| first.depart.minute());
            trip.line == *line && leaves == Some(time.minute())
        }
        (None, None) => false,
    };
    let runs =
        |trip: &&Trip| plan.services.iter().any(|own| own.id == trip.service && own.calendar().runs_on(boarding.date));
    if !plan.trips.iter().any(|trip| named(&trip)) {
        return Err(Astray::Trip);
    }
    // A departure may be there on several services: that of the date is meant.
    let trip = plan.trips.iter().find(|trip| named(trip) && runs(trip)).ok_or(Astray::Date)?;
    if trip.times.iter().any(|time| time.stop == boarding.stop) { Ok(trip) } else { Err(Astray::Stop) }
}

/// Counts of a trip beside what the survey expects.
#[derive(Clone, Debug, Default)]
struct Counted {
    /// People a day by the survey.
    expected: f64,
    /// People expected on the days and at the stops that were counted.
    exposed: f64,
    /// People counted.
    on: f64,
    /// Days.
    days: BTreeSet<Date>,
}

impl Counted {
    /// What the survey's figure is to be multiplied by.
    fn factor(&self) -> f64 {
        let survey = SURVEY_DAYS * self.expected;
        if survey + self.exposed > 0.0 { (survey + self.on) / (survey + self.exposed) } else { 1.0 }
    }
}

/// Scales the answers' weights to what was counted, and says by how much. Without a plan in force or counts nothing changes.
#[must_use]
pub fn update(project: &mut Project) -> Vec<Finding> {
    if project.boardings.is_empty() {
        return Vec::new();
    }
    let Some(plan) = project.in_force.clone() else {
        return vec![Finding::note("observed-no-plan").file("boardings.csv")];
    };
    let survey = surveyed(project);
    let trips = counted(&plan, &survey, &project.boardings);
    let factors = factors(&plan, &trips);
    let weights: Vec<People> = project
        .journeys
        .iter()
        .map(|journey| {
            let mut sum = (0.0, 0.0);
            for (cohort, people) in demand::expected_of(project, journey) {
                let factor = factors.get(cohort.as_str()).copied().unwrap_or(1.0);
                sum = (sum.0 + people * factor, sum.1 + people);
            }
            let factor = if sum.1 > 0.0 { sum.0 / sum.1 } else { 1.0 };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "f64 to u32 saturates")]
            People((f64::from(journey.weight.0) * factor).round() as u32)
        })
        .collect();
    for (journey, weight) in project.journeys.iter_mut().zip(weights) {
        journey.weight = weight;
    }
    told(&plan, &trips, f64::from(project.policy.k_anonymity))
}

/// People a day of each cohort, by the survey.
fn surveyed(project: &Project) -> BTreeMap<String, f64> {
    let mut people = BTreeMap::new();
    for journey in &project.journeys {
        for (cohort, own) in demand::expected_of(project, journey) {
            *people.entry(cohort).or_insert(0.0) += own;
        }
    }
    people
}

/// Of each trip that was counted: counts and expectations, by its id.
fn counted<'a>(plan: &'a Plan, survey: &BTreeMap<String, f64>, boardings: &[Boarding]) -> BTreeMap<&'a str, Counted> {
    let planned: BTreeMap<&str, f64> =
        plan.cohorts.iter().map(|cohort| (cohort.id.as_str(), cohort.people.as_f64())).collect();
    // Who would get on where by the survey: the plan's share of the cohort's people.
    let mut expected: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for row in &plan.riders {
        let (Some(now), Some(then)) = (survey.get(&row.cohort), planned.get(row.cohort.as_str())) else { continue };
        let people = row.people.as_f64() * now / then.max(0.001);
        for leg in &row.legs {
            *expected.entry((leg.trip.as_str(), leg.board.as_str())).or_default() += people;
        }
    }
    // The last count of a place stands, as where they are sent in one by one.
    let mut counts: BTreeMap<(Date, &str, &str), u32> = BTreeMap::new();
    for boarding in boardings {
        let Ok(trip) = trip_of(plan, boarding) else { continue };
        let stop = trip.times.iter().find(|time| time.stop == boarding.stop);
        if let Some(stop) = stop {
            counts.insert((boarding.date, trip.id.as_str(), stop.stop.as_str()), boarding.on);
        }
    }
    let mut trips: BTreeMap<&str, Counted> = BTreeMap::new();
    for ((date, trip, stop), on) in counts {
        let own = trips.entry(trip).or_default();
        own.on += f64::from(on);
        own.exposed += expected.get(&(trip, stop)).copied().unwrap_or(0.0);
        own.days.insert(date);
    }
    for (id, own) in &mut trips {
        own.expected =
            expected.range((*id, "")..).take_while(|((trip, _), _)| trip == id).map(|(_, people)| people).sum();
    }
    trips
}

/// By cohort, what its people are to be multiplied by; those of whom nobody was counted are not in it.
fn factors<'a>(plan: &'a Plan, trips: &BTreeMap<&str, Counted>) -> BTreeMap<&'a str, f64> {
    let people: BTreeMap<&str, f64> =
        plan.cohorts.iter().map(|cohort| (cohort.id.as_str(), cohort.people.as_f64())).collect();
    let mut factors = BTreeMap::new();
    for row in &plan.riders {
        let trip = row.legs.iter().find_map(|leg| trips.get(leg.trip.as_str()));
        if let (Some(trip), Some(all)) = (trip, people.get(row.cohort.as_str()).filter(|all| **all > 0.0)) {
            *factors.entry(row.cohort.as_str()).or_insert(1.0) += row.people.as_f64() / all * (trip.factor() - 1.0);
        }
    }
    factors
}

/// Line by line and service by service: days, what the survey says, what was counted, what is expected now. Where any of it is
/// fewer than `few`, the lines are told together or not at all.
fn told(plan: &Plan, trips: &BTreeMap<&str, Counted>, few: f64) -> Vec<Finding> {
    #[derive(Clone, Default)]
    struct Sum {
        survey: f64,
        counted: f64,
        now: f64,
        days: BTreeSet<Date>,
    }
    let mut lines: BTreeMap<(&str, &str), Sum> = BTreeMap::new();
    let mut unexpected = 0.0;
    for trip in &plan.trips {
        let Some(own) = trips.get(trip.id.as_str()) else { continue };
        if own.exposed <= 0.0 {
            unexpected += own.on;
            continue;
        }
        let sum = lines.entry((trip.line.as_str(), trip.service.as_str())).or_default();
        sum.survey += own.expected;
        sum.counted += own.expected * own.on / own.exposed;
        sum.now += own.expected * own.factor();
        sum.days.extend(&own.days);
    }
    let enough = |sum: &Sum| [sum.survey, sum.counted, sum.now].iter().all(|people| *people >= few);
    let finding = |code: Finding, sum: &Sum| {
        let percent = (100.0 * (sum.counted / sum.survey - 1.0)).abs().round();
        code.file("boardings.csv")
            .arg("days", sum.days.len())
            .arg("percent", percent)
            .arg("survey", sum.survey.round())
            .arg("counted", sum.counted.round())
            .arg("now", sum.now.round())
    };
    let mut findings = Vec::new();
    let mut rest = Sum::default();
    for ((id, service), sum) in &lines {
        if !enough(sum) {
            rest.survey += sum.survey;
            rest.counted += sum.counted;
            rest.now += sum.now;
            rest.days.extend(&sum.days);
            continue;
        }
        let line = plan.lines.iter().find(|line| line.id == *id);
        let name = line.map_or(*id, |line| line.name.as_str());
        let name_en = line.map(|line| line.name_en.as_str()).filter(|name| !name.is_empty()).unwrap_or(name);
        let code =
            if sum.counted < sum.survey { Finding::note("observed-fewer") } else { Finding::note("observed-more") };
        findings.push(finding(code, sum).arg("line", name).arg("line_en", name_en).arg("service", *service));
    }
    if enough(&rest) {
        findings.push(finding(Finding::note("observed-rest"), &rest));
    }
    if unexpected >= few {
        findings.push(Finding::note("observed-unexpected").file("boardings.csv").arg("people", unexpected));
    }
    findings
}

#[cfg(test)]
mod tests;
