//! The plan and its project with everything found by its id. Of ids that stand twice the first counts.

use std::collections::BTreeMap;

use crate::domain::calendar::Service;
use crate::planning::plan::{Block, Cohort, Line, Plan, Stop, Trip};
use crate::planning::project::{Project, VehicleType};

#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) project: &'a Project,
    pub(super) plan: &'a Plan,
    pub(super) cohorts: BTreeMap<&'a str, &'a Cohort>,
    pub(super) stops: BTreeMap<&'a str, &'a Stop>,
    /// Those and the ones of rides on request.
    pub(super) all_stops: BTreeMap<&'a str, &'a Stop>,
    pub(super) lines: BTreeMap<&'a str, &'a Line>,
    /// With the position in the plan.
    pub(super) trips: BTreeMap<&'a str, (usize, &'a Trip)>,
    pub(super) blocks: BTreeMap<&'a str, &'a Block>,
    /// With the days in force.
    pub(super) services: BTreeMap<&'a str, (&'a Service, u32)>,
    pub(super) fleet: BTreeMap<&'a str, &'a VehicleType>,
    /// Days of all services together, at least 1.
    pub(super) days: u64,
}

impl<'a> Case<'a> {
    pub(super) fn new(project: &'a Project, plan: &'a Plan) -> Self {
        let services = by_id(project.services.iter().map(|service| {
            let days = u32::try_from(service.dates().count()).unwrap_or(u32::MAX);
            (service.id.as_str(), (service, days))
        }));
        let days = services.values().map(|(_, days)| u64::from(*days)).sum::<u64>().max(1);
        let stops = plan.stops.iter().chain(plan.on_demand.iter().flat_map(|offer| &offer.stops));
        Self {
            project,
            plan,
            cohorts: by_id(plan.cohorts.iter().map(|cohort| (cohort.id.as_str(), cohort))),
            stops: by_id(plan.stops.iter().map(|stop| (stop.id.as_str(), stop))),
            all_stops: by_id(stops.map(|stop| (stop.id.as_str(), stop))),
            lines: by_id(plan.lines.iter().map(|line| (line.id.as_str(), line))),
            trips: by_id(plan.trips.iter().enumerate().map(|(n, trip)| (trip.id.as_str(), (n, trip)))),
            blocks: by_id(plan.blocks.iter().map(|block| (block.id.as_str(), block))),
            services,
            fleet: by_id(project.fleet.iter().map(|kind| (kind.id.as_str(), kind))),
            days,
        }
    }

    /// Days in force of a service; 0 of one that is unknown.
    pub(super) fn days_of(&self, service: &str) -> u64 {
        self.services.get(service).map_or(0, |(_, days)| u64::from(*days))
    }

    /// The vehicle type that runs a trip.
    pub(super) fn vehicle_of(&self, trip: &Trip) -> Option<&'a VehicleType> {
        let block = self.blocks.get(trip.block.as_str())?;
        self.fleet.get(block.vehicle_type.as_str()).copied()
    }

    /// No cohorts, lines, trips, blocks: no shuttle was asked for.
    pub(super) fn has_no_shuttle(&self) -> bool {
        let plan = self.plan;
        plan.cohorts.is_empty() && plan.lines.is_empty() && plan.trips.is_empty() && plan.blocks.is_empty()
    }
}

fn by_id<'a, T>(items: impl Iterator<Item = (&'a str, T)>) -> BTreeMap<&'a str, T> {
    let mut map = BTreeMap::new();
    for (id, item) in items {
        map.entry(id).or_insert(item);
    }
    map
}
