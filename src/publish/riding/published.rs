//! What one publication needs to answer riders, and to write the public feeds: no people, no cohorts, no loads.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::requests::{offered, standing_by};
use super::trains::{self, Trains};
use super::walks;
use crate::domain::calendar::Service;
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::plan::{Line, OnDemand, Plan, ServiceDays};
use crate::planning::project::Project;
use crate::publish::routes::{self, Label, plain_name};

/// A plan as the public knows it. Small enough to be kept with its publication as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    /// The plan's id.
    pub plan: String,
    /// The project's short name.
    pub name: String,
    /// Its Chinese name.
    pub name_zh: Option<String>,
    /// IANA name; times are local to it.
    pub timezone: String,
    /// Who runs it.
    pub agency: Option<String>,
    /// Where the pages are.
    pub base_url: Option<String>,
    /// Days.
    pub services: Vec<ServiceDays>,
    /// Stops, ascending by id.
    pub stops: Vec<Stop>,
    /// Lines, ascending by id.
    pub lines: Vec<Line>,
    /// Trips that can be ridden, ascending by line, service, departure and id.
    pub trips: Vec<Trip>,
    /// Stations with trains, ascending by id.
    pub stations: Vec<Station>,
    /// Which stops are near which stations: ascending by stop, the nearest first.
    pub near: Vec<Near>,
    /// Rides on request that can be had, without who asks and what they are worth.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_demand: Vec<OnDemand>,
    /// What their vehicles and depots are called; of what was published earlier it is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standing_by: Vec<StandsBy>,
}

/// What a vehicle that stands by is called, and the depot it leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandsBy {
    /// Its id.
    pub id: String,
    /// Its number on the printed sheets, from 1.
    pub number: usize,
    /// Chinese name of the depot.
    pub depot: String,
    /// English name of the depot, may be empty.
    pub depot_en: String,
}

/// A stop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// Stable id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// WGS-84, degrees.
    pub lon: f64,
    /// WGS-84, degrees.
    pub lat: f64,
    /// Without steps.
    pub step_free: bool,
    /// Site it belongs to.
    pub site: Option<String>,
}

/// One departure of a line on a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// Stable id.
    pub id: String,
    /// Service id.
    pub service: String,
    /// Line id.
    pub line: String,
    /// Block that runs it (trips of one block are one vehicle).
    pub block: String,
    /// Has the vehicle a wheelchair place? `None` where its type is not known.
    pub wheelchair: Option<bool>,
    /// Arrival and departure at each stop of the line, in order; two at least.
    pub times: Vec<(ServiceTime, ServiceTime)>,
}

/// A station with trains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Station {
    /// Site id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// By line, direction and days.
    pub trains: Vec<Trains>,
}

/// A stop from which a station is reached on foot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Near {
    /// Stop id.
    pub stop: String,
    /// Station's site id.
    pub station: String,
    /// Walking.
    pub walk: Seconds,
    /// From the street to the platform.
    pub transfer: Seconds,
}

/// What a line is called on a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// "1路", may be empty.
    pub short: String,
    /// The English of it, may be empty.
    pub short_en: String,
    /// Where it goes: as the line says, else its last stop.
    pub headsign: String,
    /// The English of it.
    pub headsign_en: String,
}

impl Published {
    /// Takes from a plan what the public may know. Walks to stations are measured along the project's paths; of a project
    /// without roads as the crow flies with a detour.
    ///
    /// Kept are the trips that can be ridden: of a known line and service, with a time for each stop of the line.
    #[must_use]
    pub fn of(project: &Project, plan: &Plan) -> Self {
        let mut published = Self::without_stations(project, plan);
        published.stations = trains::stations(project, &plan.services);
        published.near = walks::near(project, &published.stops, &published.stations);
        published
    }

    /// The same without stations and trains: all that feeds need.
    #[must_use]
    pub fn without_stations(project: &Project, plan: &Plan) -> Self {
        let known: BTreeSet<&str> = plan.stops.iter().map(|stop| stop.id.as_str()).collect();
        let lines = routes::lines_by_id(plan);
        let services: BTreeSet<&str> = plan.services.iter().map(|days| days.id.as_str()).collect();
        let accessible: BTreeMap<&str, bool> = plan
            .blocks
            .iter()
            .filter_map(|block| {
                let kind = project.fleet.iter().find(|kind| kind.id == block.vehicle_type)?;
                Some((block.id.as_str(), kind.wheelchair_places > 0))
            })
            .collect();
        let mut trips: Vec<Trip> = plan
            .trips
            .iter()
            .filter(|trip| {
                trip.times.len() > 1
                    && services.contains(trip.service.as_str())
                    && trip.times.iter().all(|time| known.contains(time.stop.as_str()))
                    && lines
                        .get(trip.line.as_str())
                        .is_some_and(|line| line.stops.iter().eq(trip.times.iter().map(|time| &time.stop)))
            })
            .map(|trip| Trip {
                id: trip.id.clone(),
                service: trip.service.clone(),
                line: trip.line.clone(),
                block: trip.block.clone(),
                wheelchair: accessible.get(trip.block.as_str()).copied(),
                times: trip.times.iter().map(|time| (time.arrive, time.depart)).collect(),
            })
            .collect();
        trips.sort_by(|a, b| {
            (&a.line, &a.service, a.departure(), &a.id).cmp(&(&b.line, &b.service, b.departure(), &b.id))
        });
        let stops = routes::stops_by_id(plan).into_values().map(Stop::of).collect();
        Self {
            plan: plan.id.clone(),
            name: project.name.clone(),
            name_zh: project.name_zh.clone(),
            timezone: project.timezone.clone(),
            agency: project.publication.agency.clone(),
            base_url: project.publication.base_url.clone(),
            services: plan.services.clone(),
            stops,
            lines: lines.into_values().cloned().collect(),
            trips,
            stations: Vec::new(),
            near: Vec::new(),
            on_demand: offered(plan),
            standing_by: standing_by(project, plan),
        }
    }

    /// What it is called: the agency, else the project in Chinese, else its short name.
    #[must_use]
    pub fn title(&self) -> &str {
        self.agency.as_ref().or(self.name_zh.as_ref()).unwrap_or(&self.name)
    }

    /// A stop by its id.
    #[must_use]
    pub fn stop(&self, id: &str) -> Option<&Stop> {
        found(&self.stops, |stop| stop.id.as_str().cmp(id))
    }

    /// A line by its id.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<&Line> {
        found(&self.lines, |line| line.id.as_str().cmp(id))
    }

    /// A station by its site id.
    #[must_use]
    pub fn station(&self, id: &str) -> Option<&Station> {
        found(&self.stations, |station| station.id.as_str().cmp(id))
    }

    /// The stations near a stop, the nearest first.
    #[must_use]
    pub fn near(&self, stop: &str) -> &[Near] {
        let from = self.near.partition_point(|near| near.stop.as_str() < stop);
        let until = self.near.partition_point(|near| near.stop.as_str() <= stop);
        self.near.get(from..until).unwrap_or_default()
    }

    /// The services as calendars know them, in their order.
    pub fn calendars(&self) -> impl Iterator<Item = Service> + '_ {
        self.services.iter().map(ServiceDays::calendar)
    }

    /// What a line is called on a sign.
    #[must_use]
    pub fn face(&self, line: &Line) -> Face {
        let last = line.stops.last().and_then(|id| self.stop(id));
        let to = |name: &str, stop: &str| {
            let told = Label::of(name).to;
            printable(if told.is_empty() { plain_name(stop).0 } else { told }, &line.id)
        };
        Face {
            short: Label::of(&line.name).short.to_owned(),
            short_en: Label::of(&line.name_en).short.to_owned(),
            headsign: to(&line.name, last.map_or("", |stop| &stop.name)),
            headsign_en: to(&line.name_en, last.map_or("", Stop::english)),
        }
    }
}

impl Stop {
    /// What of a plan's stop the public knows.
    pub(super) fn of(stop: &crate::planning::plan::Stop) -> Self {
        Self {
            id: stop.id.clone(),
            name: stop.name.clone(),
            name_en: stop.name_en.clone(),
            lon: stop.lon,
            lat: stop.lat,
            step_free: stop.step_free,
            site: stop.site.clone(),
        }
    }

    /// The English name, the Chinese one where there is none.
    #[must_use]
    pub fn english(&self) -> &str {
        let name = self.name_en.trim();
        if name.is_empty() { self.name.trim() } else { name }
    }
}

impl Trip {
    /// When it leaves its first stop.
    #[must_use]
    pub fn departure(&self) -> ServiceTime {
        self.times.first().map_or(ServiceTime(0), |time| time.1)
    }
}

/// A name without spaces around it or control characters in it; the id where nothing is left.
pub(in crate::publish) fn printable(name: &str, id: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = name.trim();
    if name.is_empty() { id.to_owned() } else { name.to_owned() }
}

fn found<T>(sorted: &[T], order: impl FnMut(&T) -> std::cmp::Ordering) -> Option<&T> {
    sorted.binary_search_by(order).ok().and_then(|at| sorted.get(at))
}
