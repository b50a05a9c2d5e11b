//! A plan ready to be simulated: dense numbers, times in milliseconds, every walk and alternative looked up once.

use std::collections::BTreeMap;

use super::Circumstances;
use super::day::{Day, World};
use super::parties::{self, Ground, Party};
use super::spreads::Spreads;
use super::trips::{self, Numbers, Trip};
use super::walks::Walks;
use super::worth::Worth;
use crate::network::Network;
use crate::planning::plan::Plan;
use crate::planning::project::Project;

/// See the top of the file. What the plan names and the project does not know is left out: `check` finds it.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Trip ids.
    pub(super) names: Vec<String>,
    pub(super) trips: Vec<Trip>,
    pub(super) parties: Vec<Party>,
    /// Share of all days in force, by service.
    pub(super) weights: Vec<f64>,
    /// Calls of all trips.
    pub(super) calls: usize,
    pub(super) worth: Worth,
    /// What does not depend on the day, fen: running, upkeep, changes.
    pub(super) fixed_fen: f64,
    pub(super) spreads: Spreads,
}

impl Prepared {
    /// A plan of this project, on its roads.
    #[must_use]
    pub fn new(project: &Project, network: &Network, plan: &Plan) -> Self {
        Self::on(project, &Walks::new(project, network, plan), plan, &Spreads::default())
    }

    /// The same with walks that are known already, and other spreads.
    #[must_use]
    pub fn on(project: &Project, walks: &Walks, plan: &Plan, spreads: &Spreads) -> Self {
        let mut services: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, service) in project.services.iter().enumerate() {
            services.entry(service.id.as_str()).or_insert(number);
        }
        let (days, all) = project.service_days();
        let mut stops = Numbers::default();
        let trips = trips::of(project, plan, &services, &mut stops);
        let ground = Ground { project, plan, walks, spreads, trips: &trips, services: &services };
        let parties = parties::of(&ground, &mut stops);
        let terms = &plan.evaluation.terms;
        Self {
            names: plan.trips.iter().map(|trip| trip.id.clone()).collect(),
            parties,
            weights: days.iter().map(|days| f64::from(*days) / f64::from(all.max(1))).collect(),
            calls: trips.iter().map(|trip| trip.stops.len()).sum(),
            trips,
            worth: Worth::of(project),
            fixed_fen: terms.running_fen.0 as f64 + terms.upkeep_fen.0 as f64 + terms.changes_fen.0 as f64,
            spreads: *spreads,
        }
    }

    /// One day of each service, weighted; the n-th of this seed.
    #[must_use]
    pub fn day(&self, seed: u64, n: u32, circumstances: &Circumstances) -> Day {
        World::new(self, circumstances).day(seed, n)
    }

    /// Is nobody promised a ride?
    pub(super) fn nobody_rides(&self) -> bool {
        self.parties.iter().all(|party| party.rows.iter().all(|row| row.ride.is_none()))
    }
}
