//! A plan ready to be simulated: dense numbers, times in milliseconds, every walk and alternative looked up once.

use super::Circumstances;
use super::day::{Day, World};
use super::parties::Party;
use super::scene::{Running, Scene};
use super::spreads::Spreads;
use super::trips::Trip;
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
        Scene::new(project, walks, &plan.cohorts, &plan.stops, spreads).prepare(&Running::of(plan))
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
