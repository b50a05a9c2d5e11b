//! What if? A scenario is a project with an ordered list of typed modifications; each is a small pure function from project to project.
//!
//! As TOML (`scenario.toml`) and JSON: a list of `[[modification]]` with `kind = "add_vehicle"` and so on; amounts as in
//! `project.toml` (CNY, minutes, HH:MM). A new what-if is a new variant here. What does not fit the project is an error that names
//! it, never a silent nothing. The project's `inputs_hash` goes on with each modification, so plans of scenarios can be told apart.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::project::{Project, TrainTimes};
use crate::domain::calendar::{Days, parse_time};
use crate::domain::coordinates::Point;
use crate::domain::site::{Site, SiteKind};
use crate::domain::units::{Fen, People, Seconds, ServiceTime};
use crate::network::roads::Roads;

/// Trains may be given up to 48:00.
const LAST_TIME: ServiceTime = ServiceTime::hm(48, 0);

/// An ordered list of modifications, as `scenario.toml` has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// In the order they are applied.
    #[serde(default)]
    pub modification: Vec<Modification>,
}

/// One change to a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Modification {
    /// More vehicles of a type in the fleet.
    AddVehicle {
        /// Vehicle type id.
        #[serde(rename = "type")]
        vehicle: String,
        /// How many, 1 to 1,000.
        #[serde(default = "one")]
        #[schema(minimum = 1, maximum = 1000)]
        count: u32,
    },
    /// So many vehicles of a type, whatever the fleet says.
    SetVehicles {
        /// Vehicle type id.
        #[serde(rename = "type")]
        vehicle: String,
        /// How many, 0 to 1,000.
        #[schema(minimum = 0, maximum = 1000)]
        count: u32,
    },
    /// No vehicle passes a way.
    CloseRoad {
        /// The source's way id.
        #[schema(minimum = -1000000000000_i64, maximum = 1000000000000_i64)]
        way: i64,
    },
    /// More or fewer people travel.
    ScaleDemand {
        /// 1.2 is a fifth more; 0 to 100.
        #[schema(minimum = 0, maximum = 100)]
        factor: f64,
        /// Only journeys that begin or end at this site.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        site: Option<String>,
    },
    /// A candidate stop stands elsewhere.
    MoveStop {
        /// Stop id.
        stop: String,
        /// WGS-84.
        #[schema(minimum = -180, maximum = 180)]
        lon: f64,
        /// WGS-84.
        #[schema(minimum = -90, maximum = 90)]
        lat: f64,
    },
    /// A new station, with trains at even headways.
    AddStation {
        /// Site id, not yet used.
        id: String,
        /// Name.
        name: String,
        /// WGS-84.
        #[schema(minimum = -180, maximum = 180)]
        lon: f64,
        /// WGS-84.
        #[schema(minimum = -90, maximum = 90)]
        lat: f64,
        /// Metro line.
        line: String,
        /// Days of its trains.
        days: String,
        /// First train.
        from: String,
        /// Last train.
        to: String,
        /// Minutes between trains, 1 to 1,440.
        #[schema(minimum = 1, maximum = 1440)]
        headway_min: u32,
    },
    /// Trains of a station run later, at the headway of the last two.
    LaterLastTrain {
        /// Station's site id.
        station: String,
        /// Until, inclusive.
        until: String,
    },
    /// Other money; what is not given stays.
    SetBudget {
        /// CNY a day of each service.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 1000000000)]
        per_day: Option<f64>,
        /// CNY a calendar month.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 1000000000)]
        per_month: Option<f64>,
    },
    /// Departures of the plan in force shall stay: a minute's shift has this price.
    KeepTimetable {
        /// CNY a minute; not given: ten times the project's price.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 1000000000)]
        price_per_minute: Option<f64>,
    },
    /// Bays of the plan in force stay with who has them: late requests are fitted in around them, moving nobody.
    KeepPermits {},
}

fn one() -> u32 {
    1
}

impl Modification {
    /// Its numbers, each with the least and the most it may be: what can be said of them without looking at a project.
    #[must_use]
    pub fn ranges(&self) -> Vec<(&'static str, f64, f64, f64)> {
        /// CNY.
        const MONEY: f64 = 1e9;
        #[expect(clippy::cast_precision_loss, reason = "a way's id past 2^53 is out of range either way")]
        match self {
            Self::AddVehicle { count, .. } => vec![("count", f64::from(*count), 1.0, 1000.0)],
            Self::SetVehicles { count, .. } => vec![("count", f64::from(*count), 0.0, 1000.0)],
            Self::CloseRoad { way } => vec![("way", *way as f64, -1e12, 1e12)],
            Self::ScaleDemand { factor, .. } => vec![("factor", *factor, 0.0, 100.0)],
            Self::MoveStop { lon, lat, .. } => vec![("lon", *lon, -180.0, 180.0), ("lat", *lat, -90.0, 90.0)],
            Self::AddStation { lon, lat, headway_min, .. } => vec![
                ("lon", *lon, -180.0, 180.0),
                ("lat", *lat, -90.0, 90.0),
                ("headway_min", f64::from(*headway_min), 1.0, 1440.0),
            ],
            Self::LaterLastTrain { .. } | Self::KeepPermits {} => Vec::new(),
            Self::SetBudget { per_day, per_month } => [("per_day", per_day), ("per_month", per_month)]
                .into_iter()
                .filter_map(|(field, yuan)| Some((field, (*yuan)?, 0.0, MONEY)))
                .collect(),
            Self::KeepTimetable { price_per_minute } => {
                price_per_minute.iter().map(|yuan| ("price_per_minute", *yuan, 0.0, MONEY)).collect()
            }
        }
    }
}

/// Why a modification does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// It names something that is not there.
    #[error("the project has no {what} {id:?}; give one of its own")]
    Unknown {
        /// "vehicle type", "way", …
        what: &'static str,
        /// As given.
        id: String,
    },
    /// Something with this id is there already.
    #[error("the project already has a site {id:?}; choose another id")]
    Taken {
        /// As given.
        id: String,
    },
    /// A value out of its range.
    #[error("{field} is {value}, which is not {wanted}")]
    Value {
        /// Field of the modification.
        field: &'static str,
        /// As given.
        value: String,
        /// What it may be.
        wanted: &'static str,
    },
    /// A timetable or permits can only be kept where a plan is in force.
    #[error(
        "there is no plan in force whose timetable or permits could be kept; put plan.json into the project folder"
    )]
    NothingInForce,
}

/// The project with all modifications made, in order.
///
/// # Errors
/// The first modification that does not fit, with its number (from 1).
pub fn apply(project: &Project, scenario: &Scenario) -> Result<Project, (usize, ScenarioError)> {
    scenario.modification.iter().enumerate().try_fold(project.clone(), |project, (index, modification)| {
        modify(project, modification).map_err(|error| (index + 1, error))
    })
}

/// The project with one modification made.
///
/// # Errors
/// It does not fit.
pub fn modify(project: Project, modification: &Modification) -> Result<Project, ScenarioError> {
    let mut changed = match modification {
        Modification::AddVehicle { vehicle, count } => add_vehicle(project, vehicle, *count),
        Modification::SetVehicles { vehicle, count } => set_vehicles(project, vehicle, *count),
        Modification::CloseRoad { way } => close_road(project, *way),
        Modification::ScaleDemand { factor, site } => scale_demand(project, *factor, site.as_deref()),
        Modification::MoveStop { stop, lon, lat } => move_stop(project, stop, Point { lon: *lon, lat: *lat }),
        Modification::AddStation { .. } => add_station(project, modification),
        Modification::LaterLastTrain { station, until } => later_last_train(project, station, until),
        Modification::SetBudget { per_day, per_month } => set_budget(project, *per_day, *per_month),
        Modification::KeepTimetable { price_per_minute } => keep_timetable(project, *price_per_minute),
        Modification::KeepPermits {} => keep_permits(project),
    }?;
    let text = serde_json::to_vec(modification).unwrap_or_default();
    let hash = Sha256::new().chain_update(&changed.inputs_hash).chain_update(&text).finalize();
    changed.inputs_hash = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(changed)
}

fn add_vehicle(mut project: Project, vehicle: &str, count: u32) -> Result<Project, ScenarioError> {
    within("count", f64::from(count), 1.0, 1000.0, "1 to 1,000")?;
    let found = project.fleet.iter_mut().find(|kind| kind.id == vehicle);
    let kind = found.ok_or_else(|| unknown("vehicle type", vehicle))?;
    kind.count = kind.count.saturating_add(count);
    Ok(project)
}

fn set_vehicles(mut project: Project, vehicle: &str, count: u32) -> Result<Project, ScenarioError> {
    within("count", f64::from(count), 0.0, 1000.0, "0 to 1,000")?;
    let found = project.fleet.iter_mut().find(|kind| kind.id == vehicle);
    found.ok_or_else(|| unknown("vehicle type", vehicle))?.count = count;
    Ok(project)
}

fn close_road(mut project: Project, way: i64) -> Result<Project, ScenarioError> {
    if Roads::close(Arc::make_mut(&mut project.roads), way) == 0 {
        return Err(unknown("way", &way.to_string()));
    }
    Ok(project)
}

fn scale_demand(mut project: Project, factor: f64, site: Option<&str>) -> Result<Project, ScenarioError> {
    within("factor", factor, 0.0, 100.0, "0 to 100")?;
    if let Some(site) = site
        && project.site(site).is_none()
    {
        return Err(unknown("site", site));
    }
    for journey in &mut project.journeys {
        let touches = |place: &super::project::Place| site.is_none_or(|site| place.to_string() == site);
        if touches(&journey.origin) || touches(&journey.destination) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "f64 to u32 saturates")]
            let weight = (f64::from(journey.weight.0) * factor).round() as u32;
            journey.weight = People(weight);
        }
    }
    Ok(project)
}

fn move_stop(mut project: Project, stop: &str, point: Point) -> Result<Project, ScenarioError> {
    on_earth(point)?;
    let found = project.stops.iter_mut().find(|candidate| candidate.id == stop);
    found.ok_or_else(|| unknown("candidate stop", stop))?.point = point;
    Ok(project)
}

fn add_station(mut project: Project, station: &Modification) -> Result<Project, ScenarioError> {
    let Modification::AddStation { id, name, lon, lat, line, days, from, to, headway_min } = station else {
        return Ok(project);
    };
    if id.is_empty() || id.contains(char::is_whitespace) {
        return Err(value("id", id, "text without spaces"));
    }
    if project.site(id).is_some() {
        return Err(ScenarioError::Taken { id: id.clone() });
    }
    let point = Point { lon: *lon, lat: *lat };
    on_earth(point)?;
    within("headway_min", f64::from(*headway_min), 1.0, 1440.0, "1 to 1,440")?;
    let days = Days::parse(days).ok_or_else(|| value("days", days, "days, such as Mon-Fri"))?;
    let (first, last) = (time("from", from)?, time("to", to)?);
    let times: Vec<ServiceTime> = every(first, Seconds(headway_min * 60), last).collect();
    if times.is_empty() {
        return Err(value("to", to, "after `from`"));
    }
    project.sites.push(Site {
        id: id.clone(),
        name: name.clone(),
        name_en: None,
        kind: SiteKind::Station,
        point,
        parent: None,
        people: None,
    });
    project.trains.push(TrainTimes {
        station: id.clone(),
        line: line.clone(),
        direction: String::new(),
        days,
        times,
        platform_walk: None,
    });
    Ok(project)
}

fn later_last_train(mut project: Project, station: &str, until: &str) -> Result<Project, ScenarioError> {
    let last = time("until", until)?;
    let mut found = false;
    for trains in project.trains.iter_mut().filter(|trains| trains.station == station) {
        found = true;
        if let [.., before, end] = trains.times[..]
            && end > before
        {
            let headway = end.since(before);
            trains.times.extend(every(end + headway, headway, last));
        }
    }
    if found { Ok(project) } else { Err(unknown("station with trains", station)) }
}

fn set_budget(mut project: Project, per_day: Option<f64>, per_month: Option<f64>) -> Result<Project, ScenarioError> {
    if let Some(yuan) = per_day {
        project.budget.per_day = Some(money("per_day", yuan)?);
    }
    if let Some(yuan) = per_month {
        project.budget.per_month = Some(money("per_month", yuan)?);
    }
    Ok(project)
}

fn keep_timetable(mut project: Project, price_per_minute: Option<f64>) -> Result<Project, ScenarioError> {
    if project.in_force.is_none() {
        return Err(ScenarioError::NothingInForce);
    }
    project.changes.per_minute_shifted = match price_per_minute {
        Some(yuan) => money("price_per_minute", yuan)?,
        None => Fen(project.changes.per_minute_shifted.0.saturating_mul(10)),
    };
    Ok(project)
}

fn keep_permits(mut project: Project) -> Result<Project, ScenarioError> {
    if project.in_force.is_none() {
        return Err(ScenarioError::NothingInForce);
    }
    project.keep_permits = true;
    Ok(project)
}

/// First, first + headway, … up to and including last; headway above 0.
fn every(first: ServiceTime, headway: Seconds, last: ServiceTime) -> impl Iterator<Item = ServiceTime> {
    let last = last.min(LAST_TIME);
    std::iter::successors(Some(first), move |&at| Some(at + headway)).take_while(move |&at| at <= last)
}

fn unknown(what: &'static str, id: &str) -> ScenarioError {
    ScenarioError::Unknown { what, id: id.to_owned() }
}

fn value(field: &'static str, value: &str, wanted: &'static str) -> ScenarioError {
    ScenarioError::Value { field, value: value.to_owned(), wanted }
}

fn within(field: &'static str, number: f64, least: f64, most: f64, wanted: &'static str) -> Result<(), ScenarioError> {
    // NaN is in no range.
    if (least..=most).contains(&number) { Ok(()) } else { Err(value(field, &number.to_string(), wanted)) }
}

fn on_earth(point: Point) -> Result<(), ScenarioError> {
    within("lon", point.lon, -180.0, 180.0, "-180 to 180")?;
    within("lat", point.lat, -90.0, 90.0, "-90 to 90")
}

fn money(field: &'static str, yuan: f64) -> Result<Fen, ScenarioError> {
    within(field, yuan, 0.0, 1e9, "0 to 1,000,000,000 yuan")?;
    Ok(Fen::from_yuan(yuan))
}

fn time(field: &'static str, text: &str) -> Result<ServiceTime, ScenarioError> {
    parse_time(text).ok_or_else(|| value(field, text, "a time HH:MM up to 48:00"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::coordinates::CoordinateSystem;
    use crate::domain::site::Kerb;
    use crate::network::geojson;
    use crate::network::roads::Limits;
    use crate::planning::costs::tests::minibus;
    use crate::planning::plan::TimeKind;
    use crate::planning::project::{CandidateStop, Journey, Place};

    fn project() -> Project {
        let journey = |origin: Place| Journey {
            response: 0,
            firm: None,
            origin,
            destination: Place::Point(Point { lon: 121.45, lat: 31.27 }),
            time: ServiceTime::hm(9, 0),
            time_kind: TimeKind::ArriveBy,
            days: Days::parse("Mon-Fri").unwrap(),
            max_walk: None,
            max_wait: None,
            use_milli: 800,
            both_ways: false,
            weight: People(1500),
            now: None,
            wheelchair: false,
        };
        Project {
            inputs_hash: "0123456789abcdef".to_owned(),
            fleet: vec![minibus()],
            sites: vec![Site {
                id: "metro".to_owned(),
                name: "地铁".to_owned(),
                name_en: None,
                kind: SiteKind::Station,
                point: Point::default(),
                parent: None,
                people: None,
            }],
            stops: vec![CandidateStop {
                id: "a".to_owned(),
                name: "甲".to_owned(),
                name_en: None,
                point: Point::default(),
                site: None,
                kerb: Kerb::Right,
                step_free: true,
            }],
            journeys: vec![
                journey(Place::Site("metro".to_owned())),
                journey(Place::Point(Point { lon: 121.4, lat: 31.2 })),
            ],
            trains: vec![TrainTimes {
                station: "metro".to_owned(),
                line: "1".to_owned(),
                direction: String::new(),
                days: Days::parse("daily").unwrap(),
                times: vec![ServiceTime::hm(22, 0), ServiceTime::hm(22, 10)],
                platform_walk: None,
            }],
            ..Project::default()
        }
    }

    fn scenario(text: &str) -> Scenario {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn modifications_follow_one_another() {
        let before = project();
        let after = apply(
            &before,
            &scenario(
                r#"
                [[modification]]
                kind = "add_vehicle"
                type = "minibus19"
                [[modification]]
                kind = "scale_demand"
                factor = 1.2
                [[modification]]
                kind = "scale_demand"
                factor = 2
                site = "metro"
                [[modification]]
                kind = "set_budget"
                per_day = 2700
                [[modification]]
                kind = "later_last_train"
                station = "metro"
                until = "22:35"
                [[modification]]
                kind = "move_stop"
                stop = "a"
                lon = 121.5
                lat = 31.3
                [[modification]]
                kind = "add_station"
                id = "new"
                name = "新站"
                lon = 121.46
                lat = 31.28
                line = "19"
                days = "Mon-Fri"
                from = "06:00"
                to = "06:20"
                headway_min = 10
                "#,
            ),
        )
        .unwrap();
        assert_eq!(after.fleet[0].count, 3);
        // 1.5 people x 1.2, and twice that where the metro is.
        assert_eq!(after.journeys.iter().map(|j| j.weight.0).collect::<Vec<_>>(), [3600, 1800]);
        assert_eq!(after.budget.per_day, Some(Fen(270_000)));
        assert_eq!(after.trains[0].times[2..], [ServiceTime::hm(22, 20), ServiceTime::hm(22, 30)]);
        assert_eq!(after.stops[0].point, Point { lon: 121.5, lat: 31.3 });
        assert_eq!(after.trains[1].times.len(), 3);
        assert_eq!(after.site("new").map(|site| site.kind), Some(SiteKind::Station));
        assert_ne!(after.inputs_hash, before.inputs_hash);
        assert_eq!(after.inputs_hash.len(), 16);
        assert_eq!(apply(&before, &Scenario::default()).unwrap().inputs_hash, before.inputs_hash);
    }

    #[test]
    fn a_closed_road_is_closed_in_the_scenario_alone() {
        let data: &[u8] =
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"primary"},
            "geometry":{"type":"LineString","coordinates":[[121.45,31.27],[121.46,31.27]]}}]}"#
                .as_bytes();
        let (roads, _) = geojson::import(data, "roads.geojson", CoordinateSystem::Wgs84, &Limits::default()).unwrap();
        let before = Project { roads: Arc::new(roads), ..project() };
        let way = before.roads.ways()[0].id;
        let after = modify(before.clone(), &Modification::CloseRoad { way }).unwrap();
        assert!(after.roads.ways()[0].closed && !before.roads.ways()[0].closed);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let error = |text: &str| apply(&project(), &scenario(text)).unwrap_err();
        assert_eq!(
            error("[[modification]]\nkind = 'add_vehicle'\ntype = 'tram'"),
            (1, ScenarioError::Unknown { what: "vehicle type", id: "tram".to_owned() })
        );
        assert_eq!(error("[[modification]]\nkind = 'close_road'\nway = 7").1, unknown("way", "7"));
        assert_eq!(
            error("[[modification]]\nkind = 'set_budget'\n[[modification]]\nkind = 'scale_demand'\nfactor = nan").0,
            2
        );
        assert_eq!(error("[[modification]]\nkind = 'keep_timetable'").1, ScenarioError::NothingInForce);
        assert!(toml::from_str::<Scenario>("[[modification]]\nkind = 'fly'").is_err());
        assert!(toml::from_str::<Scenario>("[[modification]]\nkind = 'set_budget'\nper_week = 3").is_err());
    }
}
