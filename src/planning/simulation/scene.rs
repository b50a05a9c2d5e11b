//! What all plans of a project have in common for the judge: cohorts, what they do without us, trains, walks to every stop. Made once, it
//! makes another plan of the same cohorts and stops ready in a fraction of the time.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draw;
use super::parties::{self, Party};
use super::prepared::Prepared;
use super::spreads::Spreads;
use super::trips::{self, Numbers, clock};
use super::walks::Walks;
use super::worth::Worth;
use crate::domain::calendar::Service;
use crate::domain::units::Metres;
use crate::planning::plan::{Block, Cohort, Plan, Rider, Stop, TimeKind, Trip, Unserved};
use crate::planning::project::{Place, Project};

/// A cohort wherever its people ride; times in milliseconds.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) kind: TimeKind,
    /// Are both ends of its way known?
    pub(super) placed: bool,
    pub(super) transfer_before: u32,
    pub(super) transfer_after: u32,
    /// Trains at the start of the way.
    pub(super) trains_before: Arc<[i64]>,
    mm_per_s: u32,
    pub(super) max_walk: Metres,
    /// By stop.
    pub(super) from_origin: Vec<Option<Metres>>,
    /// By stop.
    pub(super) to_destination: Vec<Option<Metres>>,
    /// Without rows and ways.
    pub(super) party: Party,
}

impl Known {
    /// Milliseconds of a walk, the platform's stairs included; whole seconds, up, as the plan counts.
    pub(super) fn walk(&self, metres: Metres, transfer: u32) -> i64 {
        let seconds = (u64::from(metres.0) * 1000).div_ceil(u64::from(self.mm_per_s)) + u64::from(transfer);
        seconds as i64 * 1000
    }
}

/// See the top of the file.
#[derive(Clone, Debug)]
pub struct Scene<'a> {
    project: &'a Project,
    services: BTreeMap<&'a str, usize>,
    /// Share of all days in force, by service.
    weights: Vec<f64>,
    stops: Numbers,
    /// By stop.
    pub(super) step_free: Vec<bool>,
    pub(super) cohorts: Vec<Known>,
    pub(super) worth: Worth,
    pub(super) spreads: Spreads,
    /// Milliseconds.
    pub(super) max_ride: i64,
}

/// What of a plan the days are lived by.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a> {
    /// Departures.
    pub trips: &'a [Trip],
    /// Vehicles' days.
    pub blocks: &'a [Block],
    /// Who is told of a ride.
    pub riders: &'a [Rider],
    /// Who is told of none.
    pub unserved: &'a [Unserved],
    /// What does not depend on the day, fen: running, upkeep, changes.
    pub fixed_fen: f64,
}

impl<'a> Running<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let terms = &plan.evaluation.terms;
        Self {
            trips: &plan.trips,
            blocks: &plan.blocks,
            riders: &plan.riders,
            unserved: &plan.unserved,
            fixed_fen: terms.running_fen.0 as f64 + terms.upkeep_fen.0 as f64 + terms.changes_fen.0 as f64,
        }
    }
}

impl<'a> Scene<'a> {
    /// Of cohorts and all the stops that any plan to be made ready may use. Cohorts of services nobody knows are left out.
    #[must_use]
    pub fn new(project: &'a Project, walks: &Walks, cohorts: &[Cohort], stops: &[Stop], spreads: &Spreads) -> Self {
        let mut services: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, service) in project.services.iter().enumerate() {
            services.entry(service.id.as_str()).or_insert(number);
        }
        let mut numbers = Numbers::default();
        let mut step_free = Vec::new();
        for stop in stops {
            let number = numbers.of(&stop.id) as usize;
            step_free.resize(step_free.len().max(number + 1), false);
            step_free[number] |= stop.step_free;
        }
        let (days, all) = project.service_days();
        let worth = Worth::of(project);
        let mut places = Places { project, walks, stops, numbers: &numbers, trains: BTreeMap::new() };
        let known = cohorts.iter().filter_map(|cohort| {
            let service = *services.get(cohort.service.as_str())?;
            Some(places.cohort(cohort, service, &worth))
        });
        let cohorts = known.collect();
        Self {
            project,
            services,
            weights: days.iter().map(|days| f64::from(*days) / f64::from(all.max(1))).collect(),
            stops: numbers,
            step_free,
            cohorts,
            worth,
            spreads: *spreads,
            max_ride: i64::from(project.policy.max_ride.0) * 1000,
        }
    }

    /// A plan made ready to be simulated.
    #[must_use]
    pub fn prepare(&self, running: &Running<'_>) -> Prepared {
        let mut stops = self.stops.clone();
        let trips = trips::of(self.project, running.trips, running.blocks, &self.services, &mut stops);
        Prepared {
            names: running.trips.iter().map(|trip| trip.id.clone()).collect(),
            parties: parties::of(self, running, &trips, &stops),
            weights: self.weights.clone(),
            calls: trips.iter().map(|trip| trip.stops.len()).sum(),
            trips,
            worth: self.worth,
            fixed_fen: running.fixed_fen,
            spreads: self.spreads,
        }
    }

    /// The same with the cohorts of one service alone, whose days do not depend on other services.
    #[must_use]
    pub fn of_service(&self, id: &str) -> Self {
        let mut one = self.clone();
        let service = self.services.get(id).copied();
        one.cohorts.retain(|known| Some(known.party.service) == service);
        one
    }
}

/// Where cohorts live and work.
struct Places<'a> {
    project: &'a Project,
    walks: &'a Walks,
    stops: &'a [Stop],
    numbers: &'a Numbers,
    /// By place and service.
    trains: BTreeMap<(String, usize), Arc<[i64]>>,
}

impl Places<'_> {
    fn cohort(&mut self, cohort: &Cohort, service: usize, worth: &Worth) -> Known {
        let project = self.project;
        let place = |text: &str| Place::parse(text, project);
        let (before, after) = (place(&cohort.origin), place(&cohort.destination));
        let transfer = |place: &Option<Place>| place.as_ref().map_or(0, |place| project.transfer(place).0);
        let (transfer_before, transfer_after) = (transfer(&before), transfer(&after));
        let trains_before = self.trains(&cohort.origin, before.as_ref(), service, &project.services[service]);
        let trains_after = self.trains(&cohort.destination, after.as_ref(), service, &project.services[service]);
        let policy = &project.policy;
        let arrives = cohort.time_kind == TimeKind::ArriveBy;
        let (without_fen, without_ms) = self.without(cohort, transfer_before + transfer_after, worth);
        Known {
            id: cohort.id.clone(),
            kind: cohort.time_kind,
            placed: before.is_some() && after.is_some(),
            transfer_before,
            transfer_after,
            trains_before,
            mm_per_s: if cohort.wheelchair { policy.slow_walk_mm_per_s } else { policy.walk_mm_per_s }.max(1),
            max_walk: cohort.max_walk_m,
            from_origin: self.walks_of(&cohort.origin),
            to_destination: self.walks_of(&cohort.destination),
            party: Party {
                service,
                key: draw::name(&cohort.id),
                arrives,
                wished: clock(cohort.time),
                max_wait: i64::from(cohort.max_wait_s.0) * 1000,
                wheelchair: cohort.wheelchair,
                rows: Vec::new(),
                people: 0,
                trains: if arrives { Arc::new([]) } else { trains_after },
                without_fen,
                without_ms,
                ways: Vec::new(),
            },
        }
    }

    fn trains(&mut self, text: &str, place: Option<&Place>, number: usize, service: &Service) -> Arc<[i64]> {
        let project = self.project;
        let make =
            || place.map_or_else(Vec::new, |place| project.trains_at(place, service)).into_iter().map(clock).collect();
        self.trains.entry((text.to_owned(), number)).or_insert_with(make).clone()
    }

    /// Metres to each stop.
    fn walks_of(&self, place: &str) -> Vec<Option<Metres>> {
        let mut metres = Vec::new();
        for stop in self.stops {
            let Some(number) = self.numbers.known(&stop.id) else { continue };
            metres.resize(metres.len().max(number as usize + 1), None);
            metres[number as usize] = self.walks.stop(place, &stop.id);
        }
        metres
    }

    /// Cost and milliseconds of the cheapest alternative; `stairs` are seconds at both ends.
    fn without(&self, cohort: &Cohort, stairs: u32, worth: &Worth) -> (f64, i64) {
        let stairs = i64::from(stairs);
        let metres = self.walks.way(&cohort.origin, &cohort.destination);
        let ways = self.project.alternatives.iter().filter_map(|mode| {
            let metres = metres.filter(|metres| mode.max_m.is_none_or(|most| *metres <= most))?;
            let moving = (u64::from(metres.0) * 1000).div_ceil(u64::from(mode.mm_per_s.max(1)));
            let seconds = u64::from(mode.fixed.0) + moving;
            let weighted = f64::from(mode.weight) / 1000.0 * seconds as f64 + worth.walk * stairs as f64;
            Some((weighted * worth.second_fen + mode.price.0 as f64, (seconds as i64 + stairs) * 1000))
        });
        ways.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((worth.stranded_fen, 0))
    }
}
