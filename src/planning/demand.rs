//! Who wants to travel when? Survey journeys become cohorts: people with the same origin, destination and wished time.
//!
//! Expected people = weight x probability of use x share of the service's days. After this nobody sees a person: points that
//! are not a site are moved to the centre of a cell of 0.001 degrees (about 100 m).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::model::{Footing, Model, Places, Rides, Without, person_cost};
use super::plan::{Alternative, Cohort, PersonCost, TimeKind};
use super::project::{AlternativeMode, Journey, Place, Policy, Project, service_week};
use crate::domain::calendar::{Days, Service};
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;
use crate::domain::ids::{PlaceId, ServiceId};
use crate::domain::units::{Fen, Metres, People, Seconds, ServiceTime};
use crate::network::Network;

/// More groups of people than this are more than a plan can be searched for (a district has some thousands).
const MOST_COHORTS: usize = 20_000;
/// More people a day than this are a mistake in the weights.
const MOST_PEOPLE: u64 = 1_000_000;

/// Cohorts, ascending by id, in the plan's words and dense.
#[derive(Debug)]
pub struct Demand {
    /// As the plan carries them.
    pub cohorts: Vec<Cohort>,
    /// The same, dense.
    pub rides: Vec<Rides>,
    /// Places they come from and go to.
    pub places: Vec<Place>,
    /// What is doubtful.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    service: usize,
    origin: String,
    destination: String,
    kind: TimeKind,
    time: ServiceTime,
    max_walk: Metres,
    max_wait: Seconds,
    wheelchair: bool,
}

#[derive(Clone, Debug, Default)]
struct Sum {
    /// Millionths of a person x days.
    exact: u128,
    by_firm: BTreeMap<String, u128>,
}

/// Turns answers into cohorts, with what each does without us.
#[must_use]
pub fn estimate(project: &Project, network: &Network) -> Demand {
    let mut findings = Vec::new();
    let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
    let mut nowhere = 0_usize;
    for journey in &project.journeys {
        let mut travels = false;
        for (number, service) in project.services.iter().enumerate() {
            let (days, of) = shared_days(&journey.days, service);
            if days == 0 {
                continue;
            }
            travels = true;
            let people = u128::from(journey.weight.0) * u128::from(journey.use_milli) * u128::from(days);
            // In units of a millionth of a person / 5040: any number of shared days divides evenly.
            let exact = people * 5040 / u128::from(of);
            let sum = sums.entry(key(journey, number, &project.policy)).or_default();
            sum.exact += exact;
            if let Some(firm) = &journey.firm {
                *sum.by_firm.entry(firm.clone()).or_default() += exact;
            }
        }
        nowhere += usize::from(!travels);
    }
    if nowhere > 0 {
        findings.push(Finding::warning("demand-no-service").arg("count", nowhere));
    }
    findings.extend(not_kept(project));
    findings.extend(trains_missing(project));
    let mut places = Places::default();
    let mut found: Vec<(String, Key, Sum)> =
        sums.into_iter().map(|(key, sum)| (id_of(&key, project), key, sum)).collect();
    found.retain(|(_, _, sum)| thousandths(sum.exact) > 0);
    found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let people: u64 = found.iter().map(|(_, _, sum)| u64::from(thousandths(sum.exact))).sum();
    if found.len() > MOST_COHORTS || people > MOST_PEOPLE * 1000 {
        let finding = Finding::error("demand-too-large").arg("cohorts", found.len()).arg("most", MOST_COHORTS);
        findings.push(finding.arg("people", (people / 1000) as f64).arg("most_people", MOST_PEOPLE as f64));
        found.clear();
    }
    let ends: Vec<_> = found
        .iter()
        .map(|(_, key, _)| {
            let place = |text: &String| Place::parse(text, project).unwrap_or_else(|| Place::Site(text.clone()));
            (places.number(&place(&key.origin)), places.number(&place(&key.destination)))
        })
        .collect();
    // Nobody goes farther than the farthest alternative does; one without a limit goes anywhere.
    let farthest = project.alternatives.iter().map(|mode| mode.max_m).collect::<Option<Vec<_>>>();
    let limit = farthest.and_then(|limits| limits.into_iter().max());
    let wheelchairs: BTreeSet<PlaceId> = found
        .iter()
        .zip(&ends)
        .filter(|((_, key, _), _)| key.wheelchair)
        .flat_map(|(_, ends)| [ends.0, ends.1])
        .collect();
    let footing = Footing::of(project, network, &places.list);
    let metres = footing.between(network, places.list.len(), limit, &wheelchairs);
    let trains = trains_by_place(project, &places.list);
    let (mut without_train, mut without_way) = (0.0, 0.0);
    let mut cohorts = Vec::with_capacity(found.len());
    let mut rides = Vec::with_capacity(found.len());
    for ((id, key, sum), (origin, destination)) in found.into_iter().zip(ends) {
        let platform =
            [origin, destination].map(|place| project.transfer(&places.list[place.index()])).into_iter().sum();
        let people = People(thousandths(sum.exact));
        let on_foot = metres.metres(origin, destination.index(), key.wheelchair);
        let mut ride = Rides {
            origin,
            destination,
            time: key.time,
            kind: key.kind,
            service: ServiceId::at(key.service),
            people,
            max_walk: key.max_walk,
            max_wait: key.max_wait,
            wheelchair: key.wheelchair,
            alternative: PersonCost(0),
            without: ways_without(project, on_foot, platform, key.wheelchair),
        };
        let (alternative, cost) = best_alternative(project, &ride, &trains[key.service]);
        match lack(&project.policy, &ride, &trains[key.service]) {
            Some(Lack::Train) => without_train += people.as_f64(),
            Some(Lack::Way) if key.wheelchair => without_way += people.as_f64(),
            _ => {}
        }
        ride.alternative = cost;
        rides.push(ride);
        cohorts.push(Cohort {
            id,
            origin: key.origin,
            destination: key.destination,
            time: key.time,
            time_kind: key.kind,
            service: project.services[key.service].id.clone(),
            people,
            firms: sum.by_firm.into_iter().map(|(firm, exact)| (firm, People(thousandths(exact)))).collect(),
            max_walk_m: key.max_walk,
            max_wait_s: key.max_wait,
            wheelchair: key.wheelchair,
            alternative,
        });
    }
    // A share of somebody is not nobody; nor are four and a half people five, whom a report may name.
    if without_train > 0.0 {
        findings
            .push(Finding::warning("demand-no-train").file("trains.csv").arg("people", without_train.floor().max(1.0)));
    }
    if without_way > 0.0 {
        let finding = Finding::warning("demand-wheelchairs-no-way").file("project.toml").column("alternatives");
        let finding = finding.arg("people", without_way.floor().max(1.0));
        findings.push(finding.arg("yuan", project.policy.stranded.0 as f64 / 100.0));
    }
    if cohorts.is_empty() {
        findings.push(Finding::error("demand-nobody"));
    }
    Demand { cohorts, rides, places: places.list, findings }
}

/// What people asked for and this version does not do yet: said, not left to be found out.
fn not_kept(project: &Project) -> Option<Finding> {
    let both: u64 =
        project.journeys.iter().filter(|journey| journey.both_ways).map(|journey| u64::from(journey.weight.0)).sum();
    (both > 0).then(|| {
        Finding::note("demand-both-ways").file("survey.csv").column("both_ways").arg("people", (both / 1000) as f64)
    })
}

/// Stations with trains, none of which goes on all days of a service.
fn trains_missing(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for service in &project.services {
        let mut stations: Vec<&str> = project.trains.iter().map(|trains| trains.station.as_str()).collect();
        stations.sort_unstable();
        stations.dedup();
        stations.retain(|station| project.trains_at(&Place::Site((*station).to_owned()), service).is_empty());
        for station in stations {
            let finding = Finding::warning("trains-not-on-service").file("trains.csv").column("days");
            findings.push(finding.arg("station", station).arg("service", service.id.as_str()));
        }
    }
    findings
}

fn key(journey: &Journey, service: usize, policy: &Policy) -> Key {
    Key {
        service,
        origin: coarse(&journey.origin).to_string(),
        destination: coarse(&journey.destination).to_string(),
        kind: journey.time_kind,
        time: journey.time,
        max_walk: journey.max_walk.unwrap_or(policy.max_walk),
        max_wait: journey.max_wait.unwrap_or(policy.max_wait),
        wheelchair: journey.wheelchair,
    }
}

/// The cohorts a journey falls into, by service in the project's order: one for each service that has a day in common with it. The
/// journey need not be one of the project's.
#[must_use]
pub fn cohorts_of(project: &Project, journey: &Journey) -> Vec<(ServiceId, String)> {
    let shares = |(_, service): &(usize, &Service)| shared_days(&journey.days, service).0 > 0;
    let services = project.services.iter().enumerate().filter(shares);
    services
        .map(|(number, _)| (ServiceId::at(number), id_of(&key(journey, number, &project.policy), project)))
        .collect()
}

/// The cohorts a journey falls into, and how many people a day it stands for in each: what it adds to [`estimate`].
#[must_use]
pub fn expected_of(project: &Project, journey: &Journey) -> Vec<(String, f64)> {
    let people = journey.weight.as_f64() * f64::from(journey.use_milli) / 1000.0;
    let cohorts = cohorts_of(project, journey).into_iter();
    cohorts
        .map(|(service, id)| {
            let (days, of) = shared_days(&journey.days, &project.services[service.index()]);
            (id, people * f64::from(days) / f64::from(of))
        })
        .collect()
}

/// A doorstep becomes the centre of its cell.
#[must_use]
pub fn coarse(place: &Place) -> Place {
    let cell = |degrees: f64| ((degrees * 1000.0).floor() + 0.5) / 1000.0;
    match place {
        Place::Site(id) => Place::Site(id.clone()),
        Place::Point(point) => Place::Point(Point { lon: cell(point.lon), lat: cell(point.lat) }),
    }
}

/// Days of the service's pattern on which a journey is made, and of how many.
fn shared_days(days: &Days, service: &Service) -> (u32, u32) {
    let week = service_week(service);
    match days {
        Days::Weekly(own) => (own.and(week).count(), week.count().max(1)),
        Days::Dates(dates) => {
            let on = dates.iter().filter(|date| service.runs_on(**date)).count();
            let all = service.dates().count();
            // As a share of the week, to the nearest day.
            let share = (on * week.count() as usize + all / 2).checked_div(all).unwrap_or(0);
            (u32::try_from(share).unwrap_or(0).max(u32::from(on > 0)), week.count().max(1))
        }
    }
}

/// From millionths x 5040 to thousandths, half up.
fn thousandths(exact: u128) -> u32 {
    u32::try_from((exact + 2_520_000) / 5_040_000).unwrap_or(u32::MAX)
}

/// Stable from plan to plan: a hash of what makes the cohort.
fn id_of(key: &Key, project: &Project) -> String {
    let text = format!(
        "{}|{}|{}|{:?}|{}|{}|{}|{}",
        project.services[key.service].id,
        key.origin,
        key.destination,
        key.kind,
        key.time,
        key.max_walk.0,
        key.max_wait.0,
        key.wheelchair
    );
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("c-{hex}")
}

/// `[service][place]`: trains, ascending.
fn trains_by_place(project: &Project, places: &[Place]) -> Vec<Vec<Vec<ServiceTime>>> {
    let at = |service: &Service| places.iter().map(|place| project.trains_at(place, service)).collect();
    project.services.iter().map(at).collect()
}

/// The ways without us over these walking metres (`None`: no way on foot), for who is, or is not, in a wheelchair; trains are not met
/// yet.
fn ways_without(project: &Project, metres: Option<Metres>, platform: Seconds, wheelchair: bool) -> Vec<Without> {
    let takes = |mode: &AlternativeMode| mode.wheelchair || !wheelchair;
    let reaches = |mode: &AlternativeMode| metres.filter(|m| mode.max_m.is_none_or(|max| *m <= max));
    let offered = project.alternatives.iter().enumerate().filter(|(_, mode)| takes(mode));
    let ways = offered.filter_map(|(position, mode)| {
        let (seconds, cost) = by(mode, reaches(mode)?, platform, &project.policy);
        Some(Without { mode: position, seconds, cost })
    });
    ways.collect()
}

/// The cheapest of a cohort's ways without us, trains met; `trains` by place, on its service.
#[must_use]
pub fn best_alternative(project: &Project, ride: &Rides, trains: &[Vec<ServiceTime>]) -> (Alternative, PersonCost) {
    match cheapest(&project.policy, ride, trains).filter(|(_, _, cost)| *cost <= stranded(&project.policy)) {
        Some((way, wait_s, cost)) => {
            let mode = project.alternatives[way.mode].mode.clone();
            (Alternative { mode, seconds: way.seconds, wait_s, fen: cost.times(People::whole(1)) }, cost)
        }
        None => {
            let taxi = project.policy.stranded;
            let none =
                Alternative { mode: "stranded".to_owned(), seconds: Seconds::ZERO, wait_s: Seconds::ZERO, fen: taxi };
            (none, stranded(&project.policy))
        }
    }
}

/// What somebody who is left with the taxi lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lack {
    /// Any way that takes them there.
    Way,
    /// A train in time for any of their ways.
    Train,
}

/// `None`: they have a way; that a taxi may be cheaper than it is no doubt of the data.
fn lack(policy: &Policy, ride: &Rides, trains: &[Vec<ServiceTime>]) -> Option<Lack> {
    if ride.without.is_empty() {
        return Some(Lack::Way);
    }
    cheapest(policy, ride, trains).is_none().then_some(Lack::Train)
}

/// The cost of a cohort's alternative if it wished for another time.
#[must_use]
pub fn alternative_at(model: &Model, ride: &Rides) -> PersonCost {
    if ride.without.is_empty() {
        return ride.alternative;
    }
    let best = cheapest(&model.policy, ride, &model.trains[ride.service.index()]);
    let taxi = stranded(&model.policy);
    best.map_or(taxi, |(_, _, cost)| cost.min(taxi))
}

fn stranded(policy: &Policy) -> PersonCost {
    PersonCost(policy.stranded.0.saturating_mul(PersonCost::PER_FEN))
}

fn cheapest(policy: &Policy, ride: &Rides, trains: &[Vec<ServiceTime>]) -> Option<(Without, Seconds, PersonCost)> {
    let at = match ride.kind {
        TimeKind::ArriveBy => ride.origin,
        TimeKind::DepartAfter => ride.destination,
    };
    let trains = trains.get(at.index()).map_or(&[][..], Vec::as_slice);
    let met = |way: &Without| {
        let wait = wait_without(ride.kind, ride.time, trains, way.seconds)?;
        let waited = person_cost(policy, Seconds::ZERO, wait, Seconds::ZERO, Fen::ZERO);
        Some((*way, wait, PersonCost(way.cost.0.saturating_add(waited.0))))
    };
    ride.without.iter().filter_map(met).min_by_key(|(_, _, cost)| *cost)
}

/// Early by so much from the latest train that is in time, or waiting so long for the next; `None`: no such train.
fn wait_without(kind: TimeKind, wished: ServiceTime, trains: &[ServiceTime], seconds: Seconds) -> Option<Seconds> {
    if trains.is_empty() {
        return Some(Seconds::ZERO);
    }
    match kind {
        TimeKind::ArriveBy => {
            let latest = ServiceTime(wished.0.checked_sub(seconds.0)?);
            let before = trains.partition_point(|train| *train <= latest).checked_sub(1)?;
            Some(latest.since(trains[before]))
        }
        TimeKind::DepartAfter => {
            let there = wished + seconds;
            trains.get(trains.partition_point(|train| *train < there)).map(|train| train.since(there))
        }
    }
}

fn by(mode: &AlternativeMode, metres: Metres, platform: Seconds, policy: &Policy) -> (Seconds, PersonCost) {
    let moving = (u64::from(metres.0) * 1000).div_ceil(u64::from(mode.mm_per_s.max(1)));
    let seconds = Seconds(u32::try_from(moving).unwrap_or(u32::MAX / 4).saturating_add(mode.fixed.0));
    let weighted =
        policy.value_of_time_per_h.0.saturating_mul(i64::from(mode.weight)).saturating_mul(i64::from(seconds.0));
    let rest = person_cost(policy, platform, Seconds::ZERO, Seconds::ZERO, mode.price);
    (seconds + platform, PersonCost(weighted.saturating_add(rest.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::model::tiny::arriving;

    #[test]
    fn the_bike_beats_the_walk_over_two_kilometres() {
        let mode = |mode: &str, mm_per_s, fixed, price, weight| AlternativeMode {
            mode: mode.to_owned(),
            mm_per_s,
            fixed: Seconds(fixed),
            price: Fen(price),
            max_m: Some(Metres(5000)),
            weight,
            wheelchair: true,
        };
        let project = Project {
            alternatives: vec![mode("walk", 1200, 0, 0, 2000), mode("shared_bike", 3300, 240, 150, 1000)],
            ..Project::default()
        };
        let best = |metres, platform| {
            let without = ways_without(&project, Some(Metres(metres)), Seconds(platform), false);
            best_alternative(&project, &Rides { without, ..arriving(0, 1, ServiceTime::hm(9, 0), 1000, 0) }, &[])
        };
        // Walk: ceil(2000 / 1.2) = 1667 s x 2 = 3334 weighted s x 40 CNY/h = 37.04 CNY.
        // Bike: ceil(2000 / 3.3) = 607 + 240 = 847 s = 9.411 CNY + 1.50 = 10.911 CNY.
        let (way, cost) = best(2000, 0);
        assert_eq!((way.mode.as_str(), way.seconds, way.fen), ("shared_bike", Seconds(847), Fen(1091)));
        assert_eq!(cost.0, 4000 * 1000 * 847 + 3_600_000 * 150);
        // Two minutes of stairs at the station cost 120 x 2 weighted seconds more.
        let (way, stairs) = best(2000, 120);
        assert_eq!((way.seconds, stairs.0 - cost.0), (Seconds(967), 4000 * 2000 * 120));
        // Beyond five kilometres neither goes: a taxi.
        assert_eq!(best(5001, 0).0.mode, "stranded");
    }

    #[test]
    fn nobody_in_a_wheelchair_is_put_on_a_bike() {
        let mode = |mode: &str, mm_per_s, fixed, price, weight, wheelchair| AlternativeMode {
            mode: mode.to_owned(),
            mm_per_s,
            fixed: Seconds(fixed),
            price: Fen(price),
            max_m: None,
            weight,
            wheelchair,
        };
        let best = |alternatives: &[AlternativeMode], wheelchair, metres| {
            let project = Project { alternatives: alternatives.to_vec(), ..Project::default() };
            let without = ways_without(&project, Some(Metres(metres)), Seconds::ZERO, wheelchair);
            let ride = Rides { wheelchair, without, ..arriving(0, 1, ServiceTime::hm(9, 0), 1000, 0) };
            let (way, cost) = best_alternative(&project, &ride, &[]);
            assert_eq!(way.fen, cost.times(People::whole(1)));
            ((way.mode, way.seconds, way.fen), lack(&project.policy, &ride, &[]))
        };
        let walk = mode("walk", 1200, 0, 0, 2000, true);
        let bike = |wheelchair| mode("shared_bike", 3300, 240, 150, 1000, wheelchair);
        let both = [walk.clone(), bike(false)];
        // As above: the bike costs 10.91 CNY over 2 km, the walk 37.04.
        let on_bike = ("shared_bike".to_owned(), Seconds(847), Fen(1091));
        assert_eq!(best(&both, false, 2000), (on_bike.clone(), None));
        assert_eq!(best(&both, true, 2000), (("walk".to_owned(), Seconds(1667), Fen(3704)), None));
        // One that takes wheelchairs, a handbike say, is as good for them.
        assert_eq!(best(&[walk, bike(true)], true, 2000), (on_bike, None));
        // 4 km: 3334 s x 2 = 74.09 CNY are more than the taxi, but they are a way.
        let taxi = ("stranded".to_owned(), Seconds::ZERO, Fen(6000));
        assert_eq!(best(&both, true, 4000), (taxi.clone(), None));
        // Nothing but a bike: the taxi, however near it is.
        assert_eq!(best(&[bike(false)], true, 100), (taxi, Some(Lack::Way)));
        assert_eq!(best(&[bike(false)], false, 100).1, None);
    }

    #[test]
    fn who_bikes_meets_the_same_trains() {
        let bike = AlternativeMode {
            mode: "bike".to_owned(),
            mm_per_s: 4000,
            fixed: Seconds(0),
            price: Fen(0),
            max_m: None,
            weight: 1000,
            wheelchair: false,
        };
        let project = Project { alternatives: vec![bike], ..Project::default() };
        // 2400 m in 600 s; CNY 40/h: 6.67, and 0.0222 for each second of waiting.
        let without = ways_without(&project, Some(Metres(2400)), Seconds::ZERO, false);
        let trains = vec![vec![ServiceTime::hm(8, 46), ServiceTime::hm(8, 52)], Vec::new()];
        let mut ride = Rides { without, ..arriving(0, 1, ServiceTime::hm(9, 0), 1000, 0) };
        // At the park by 09:00: the 08:52 is two minutes too late; from the 08:46 they are there at 08:56, 240 s early.
        let (way, cost) = best_alternative(&project, &ride, &trains);
        assert_eq!((way.seconds, way.wait_s, way.fen), (Seconds(600), Seconds(240), Fen(1200)));
        assert_eq!(cost.0, 4000 * 1000 * 600 + 4000 * 2000 * 240);
        assert_eq!(lack(&project.policy, &ride, &trains), None);
        // At 09:02 the 08:52 is just in time.
        ride.time = ServiceTime::hm(9, 2);
        assert_eq!(best_alternative(&project, &ride, &trains).0.wait_s, Seconds::ZERO);
        // Before the first train there is none: a taxi.
        ride.time = ServiceTime::hm(8, 55);
        assert_eq!(best_alternative(&project, &ride, &trains).0.mode, "stranded");
        assert_eq!(lack(&project.policy, &ride, &trains), Some(Lack::Train));
        // Home after 08:37: at the station at 08:47, the next goes at 08:52; after 08:43 there is none.
        ride = Rides { kind: TimeKind::DepartAfter, origin: ride.destination, destination: ride.origin, ..ride };
        ride.time = ServiceTime::hm(8, 37);
        assert_eq!(best_alternative(&project, &ride, &trains).0.wait_s, Seconds(300));
        ride.time = ServiceTime::hm(8, 43);
        assert_eq!(best_alternative(&project, &ride, &trains).0.mode, "stranded");
    }
}
