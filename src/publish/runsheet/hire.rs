//! The hire specification: what an operator needs to name a price, and the questions to ask back. Vehicles that stand by for rides on request are in it: those
//! hired for this as vehicles of their own, those of a block as more hours of its day.

use std::collections::BTreeMap;

use crate::planning::plan::{Block, OnDemand, Plan, Standby};
use crate::planning::project::{Project, VehicleType};
use crate::publish::pages::dates;
use crate::publish::pages::words::{Words, grouped, tenth};
use crate::publish::rides;

/// Vehicles wanted of one type.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Type.
    pub name: String,
    /// How many at a time.
    pub count: usize,
    /// Seats.
    pub seats: String,
    /// Wheelchair places.
    pub wheelchairs: String,
    /// Electric, or no matter.
    pub power: String,
}

/// A vehicle's day.
#[derive(Clone, Debug)]
pub struct Day {
    /// Number, from 1.
    pub number: usize,
    /// Type.
    pub name: String,
    /// On which days.
    pub days: String,
    /// Leaves and returns to the depot; several spans where it comes home between.
    pub spans: String,
    /// Hours away from the depot.
    pub hours: String,
    /// Kilometres.
    pub km: String,
}

/// The specification.
#[derive(Clone, Debug)]
pub struct Hire {
    /// Services: days, dates, number of days.
    pub services: Vec<(String, String, String)>,
    /// Vehicles.
    pub wanted: Vec<Wanted>,
    /// Their days.
    pub days: Vec<Day>,
    /// Stops: name, lon and lat with five decimals.
    pub stops: Vec<(String, String)>,
    /// Kilometres over the whole contract.
    pub km: String,
    /// Do some of them stand by for rides on request?
    pub standby: bool,
    /// Questions to answer.
    pub questions: Vec<String>,
}

/// Vehicles that stand by, with what they stand by for.
fn standbys(plan: &Plan) -> impl Iterator<Item = (&OnDemand, &Standby)> {
    rides::offered(plan).flat_map(|offer| offer.vehicles.iter().map(move |vehicle| (offer, vehicle)))
}

/// Nothing to hire, no specification.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan) -> Option<Hire> {
    if plan.blocks.is_empty() && standbys(plan).next().is_none() {
        return None;
    }
    let counts: BTreeMap<&str, usize> =
        plan.services.iter().map(|service| (service.id.as_str(), service.calendar().dates().count())).collect();
    let name_of = |block: &Block| w.vehicle(project, &block.vehicle_type);
    let cost = |block: &Block| plan.costs.by_block.iter().find(|cost| cost.block == block.id);
    let mut days: Vec<Day> = plan
        .blocks
        .iter()
        .enumerate()
        .map(|(i, block)| Day {
            number: i + 1,
            name: name_of(block),
            days: plan
                .services
                .iter()
                .find(|service| service.id == block.service)
                .map_or_else(|| block.service.clone(), |service| dates::days(w.0, service)),
            spans: spans(block),
            hours: cost(block).map_or_else(|| "–".to_owned(), |cost| tenth(cost.hours)),
            km: tenth(km(block)),
        })
        .collect();
    let numbers = plan.standby_numbers();
    for (offer, vehicle) in standbys(plan) {
        let number = numbers.get(vehicle.id.as_str()).copied().unwrap_or(0);
        days.push(standing(w, project, plan, number, offer, vehicle));
    }
    let times = |service: &str| counts.get(service).copied().unwrap_or(0) as f64;
    let all_km: f64 = plan.blocks.iter().map(|block| km(block) * times(&block.service)).sum();
    let asked_km: f64 = standbys(plan).map(|(offer, vehicle)| vehicle.km * times(&offer.service)).sum();
    Some(Hire {
        services: plan
            .services
            .iter()
            .filter(|service| {
                plan.blocks.iter().any(|block| block.service == service.id)
                    || standbys(plan).any(|(offer, _)| offer.service == service.id)
            })
            .map(|service| {
                (
                    dates::days(w.0, service),
                    dates::span(w.0, service.from, service.until),
                    counts.get(service.id.as_str()).copied().unwrap_or(0).to_string(),
                )
            })
            .collect(),
        wanted: wanted(w, project, plan),
        days,
        stops: plan
            .stops
            .iter()
            .chain(rides::stops(plan).into_iter().filter(|stop| plan.stops.iter().all(|known| known.id != stop.id)))
            .map(|stop| (w.stop(stop), format!("{:.5}, {:.5}", stop.lon, stop.lat)))
            .collect(),
        km: grouped(all_km + asked_km),
        standby: standbys(plan).next().is_some(),
        questions: (1..=8).map(|n| w.t(&format!("hire-question-{n}"))).collect(),
    })
}

/// The day of a vehicle that stands by: a row of its own, which says whose it is.
fn standing(w: Words, project: &Project, plan: &Plan, number: usize, offer: &OnDemand, vehicle: &Standby) -> Day {
    let of = match plan.number_of(vehicle) {
        Some(n) => w.with("hire-standby-of", &[("n", &n.to_string())]),
        None => w.t("hire-standby-own"),
    };
    let kind = w.vehicle(project, &vehicle.vehicle_type);
    Day {
        number,
        name: w.with("hire-standby-day", &[("type", &kind), ("of", &of)]),
        days: rides::days(w, plan, offer),
        spans: rides::stints(vehicle),
        hours: tenth(rides::hours(vehicle)),
        km: tenth(vehicle.km),
    }
}

/// The most of each type that run on one service.
fn wanted(w: Words, project: &Project, plan: &Plan) -> Vec<Wanted> {
    let mut most: BTreeMap<&str, usize> = BTreeMap::new();
    for service in &plan.services {
        let mut today: BTreeMap<&str, usize> = BTreeMap::new();
        for block in plan.blocks.iter().filter(|block| block.service == service.id) {
            *today.entry(&block.vehicle_type).or_default() += 1;
        }
        // Those of a block are there already.
        let hired = standbys(plan).filter(|(offer, vehicle)| offer.service == service.id && vehicle.block.is_none());
        for (_, vehicle) in hired {
            *today.entry(&vehicle.vehicle_type).or_default() += 1;
        }
        for (kind, count) in today {
            let entry = most.entry(kind).or_default();
            *entry = (*entry).max(count);
        }
    }
    most.into_iter()
        .map(|(id, count)| {
            let kind: Option<&VehicleType> = project.fleet.iter().find(|kind| kind.id == id);
            let number = |n: Option<u32>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
            Wanted {
                name: w.vehicle(project, id),
                count,
                seats: number(kind.map(|kind| kind.seats)),
                wheelchairs: number(kind.map(|kind| kind.wheelchair_places)),
                power: w.t(if kind.is_some_and(|kind| kind.battery_kwh.is_some()) {
                    "hire-electric"
                } else {
                    "hire-any-power"
                }),
            }
        })
        .collect()
}

fn km(block: &Block) -> f64 {
    block.items.iter().map(|item| item.km).sum()
}

/// "07:18–09:21, 16:58–19:01": from each time it leaves the depot to its return.
fn spans(block: &Block) -> String {
    use crate::planning::plan::ItemKind;
    let mut spans: Vec<(String, String)> = Vec::new();
    for item in &block.items {
        if item.kind == ItemKind::PullOut || spans.is_empty() {
            spans.push((item.start.clock(), item.end.clock()));
        }
        // Time at the depot is not away from it.
        let home = item.from == block.depot && item.to == block.depot;
        if let Some(span) = spans.last_mut().filter(|_| !home) {
            span.1 = item.end.clock();
        }
    }
    spans.into_iter().map(|(from, to)| format!("{from}–{to}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::phrases::Language;

    #[test]
    fn what_an_operator_needs() {
        let hire = of(Words(Language::Zh), &fixture::project(), &fixture::plan()).unwrap();
        assert_eq!((hire.wanted.len(), hire.wanted[0].count, hire.wanted[0].seats.as_str()), (1, 2, "19"));
        assert_eq!(hire.services[0].2, "152"); // 23 + 21 + 20 + 23 + 22 + 21 + 22 days
        // Home between morning and evening: out 12 min before 07:30, the last trip ends at 08:46 + 860 s, home 15 min later;
        // in the evening 18:26 + 860 s + 16 min.
        assert_eq!(hire.days[0].spans, "07:18–09:15, 16:58–18:56");
        assert!(
            of(Words(Language::En), &fixture::project(), &Plan { blocks: Vec::new(), ..fixture::plan() }).is_none()
        );
    }
    #[test]
    fn vehicles_that_stand_by_are_hired_too() {
        let (project, plan) = (fixture::project(), fixture::with_rides());
        let hire = of(Words(Language::Zh), &project, &plan).unwrap();
        // Two for the lines, one for the rides; vehicle 1 stands by between its trips.
        assert_eq!(hire.wanted[0].count, 3);
        let rows: Vec<String> = hire
            .days
            .iter()
            .skip(2)
            .map(|day| format!("{} {} {} {} {}", day.number, day.name, day.spans, day.hours, day.km))
            .collect();
        insta::assert_snapshot!(rows.join("\n"), @"
        1 19座中巴 · 预约乘车待命（1 号车兼） 09:30–13:00, 13:30–16:30 6.5 38.4
        3 19座中巴 · 预约乘车待命（专为此租用） 10:00–14:00 4.0 21.1
        ");
        // Three stops no line has.
        assert_eq!(hire.stops.len(), plan.stops.len() + 3);
        let alone = Plan { blocks: Vec::new(), ..plan };
        assert_eq!(of(Words(Language::Zh), &project, &alone).unwrap().services.len(), 1);
    }
}
