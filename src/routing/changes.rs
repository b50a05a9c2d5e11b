//! A plan that is in force, and the price of leaving it: each time somebody comes after somebody else, or first or last, who did not before.
//!
//! Jobs that are gone are left out of the plan, and those that are new have no neighbours to lose: only ways between two jobs of the plan, or between one
//! of them and a vehicle's start or end, can be changes.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::problem::{MOST, Parts, Problem, ProblemError, Travel};
use super::tours::{Reload, Tours};

/// A job of the plan, or the start or the end of a vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum End {
    Job(usize),
    Start(usize),
    Finish(usize),
}

/// What follows what in a plan.
#[derive(Clone, Debug)]
pub struct InForce {
    ways: HashSet<(End, End)>,
    jobs: HashSet<usize>,
}

impl InForce {
    /// Of the plan's tours; jobs stand at the same positions in the problem as it is now, and positions past them are of jobs that are gone.
    #[must_use]
    pub fn new(problem: &Problem, tours: &Tours) -> Self {
        let there = |&&job: &&usize| job < problem.jobs().len();
        let jobs = tours.tours.iter().flat_map(|tour| tour.jobs.iter().filter(there).copied()).collect();
        let mut in_force = Self { ways: HashSet::new(), jobs };
        in_force.ways = in_force.ways_of(problem, tours).into_iter().collect();
        in_force
    }

    /// How many ways of other tours are changes.
    #[must_use]
    pub fn changes(&self, problem: &Problem, tours: &Tours) -> usize {
        self.ways_of(problem, tours).iter().filter(|way| !self.ways.contains(way)).count()
    }

    /// The ways that can be changes.
    fn ways_of(&self, problem: &Problem, tours: &Tours) -> Vec<(End, End)> {
        let mut ways = Vec::new();
        for tour in &tours.tours {
            let Some(vehicle) = problem.vehicles().get(tour.vehicle) else { continue };
            // Who is new stands between two who were not neighbours, or were: no way of the plan.
            let known = |&job: &usize| self.jobs.contains(&job).then_some(End::Job(job));
            // A reload ends a trip and starts the next.
            let mut from = vehicle.start;
            let mut passed = 0;
            let place = |reload: &Reload| Some((reload.before, *vehicle.reloads.get(reload.place)?));
            for (until, to) in tour.reloads.iter().filter_map(place).chain([(tour.jobs.len(), vehicle.end)]) {
                let trip = tour.jobs.get(passed..until).unwrap_or_default().iter();
                let ends = std::iter::once(Some(End::Start(from)))
                    .chain(trip.filter(|&&job| job < problem.jobs().len()).map(known))
                    .chain(std::iter::once(Some(End::Finish(to))));
                let ends: Vec<Option<End>> = ends.collect();
                ways.extend(ends.windows(2).filter_map(|pair| Some((pair[0]?, pair[1]?))));
                (from, passed) = (to, until);
            }
        }
        ways
    }

    /// The problem in which each change costs so much more. Every job has a place of its own there, at its position, and places of before stand behind
    /// them; a unit of length costs one, and lengths hold the cost.
    ///
    /// # Errors
    /// Where costs do not fit into what a matrix holds, or a vehicle has a longest way, which lengths that hold a cost cannot keep.
    pub fn priced(&self, problem: &Problem, price: i64) -> Result<Problem, ProblemError> {
        let jobs = problem.jobs().len();
        let places = jobs + problem.places();
        if places.checked_mul(places).is_none_or(|cells| cells > super::problem::MOST_CELLS) {
            return Err(ProblemError::TooLarge);
        }
        let mut parts: Parts = problem.parts().clone();
        parts.places = places;
        parts.travel.clear();
        let mut made: BTreeMap<(usize, i64), usize> = BTreeMap::new();
        for (at, vehicle) in parts.vehicles.iter_mut().enumerate() {
            if vehicle.max_distance < i64::MAX {
                return Err(ProblemError::Range {
                    what: "longest way of vehicle",
                    at,
                    value: vehicle.max_distance,
                    most: 0,
                });
            }
            let key = (vehicle.travel, vehicle.per_distance);
            vehicle.travel = match made.get(&key) {
                Some(&travel) => travel,
                None => {
                    parts.travel.push(self.travel(problem, key, price)?);
                    made.insert(key, parts.travel.len() - 1);
                    parts.travel.len() - 1
                }
            };
            (vehicle.start, vehicle.end, vehicle.per_distance) = (jobs + vehicle.start, jobs + vehicle.end, 1);
            vehicle.reloads.iter_mut().for_each(|place| *place += jobs);
        }
        for (at, job) in parts.jobs.iter_mut().enumerate() {
            job.place = at;
        }
        Problem::new(parts)
    }

    fn travel(&self, problem: &Problem, (travel, per): (usize, i64), price: i64) -> Result<Travel, ProblemError> {
        let jobs = problem.jobs().len();
        let places = jobs + problem.places();
        let old = &problem.travel()[travel];
        let place = |at: usize| if at < jobs { problem.jobs()[at].place } else { at - jobs };
        let (mut distance, mut duration) = (Vec::with_capacity(places * places), Vec::with_capacity(places * places));
        for from in 0..places {
            for to in 0..places {
                let cell = place(from) * problem.places() + place(to);
                let cost = i64::from(old.distance[cell])
                    .saturating_mul(per)
                    .saturating_add(if self.is_change(jobs, from, to) { price } else { 0 });
                if !(0..=i64::from(MOST)).contains(&cost) {
                    return Err(ProblemError::Range {
                        what: "cost of a way and its change, from place",
                        at: from,
                        value: cost,
                        most: MOST.into(),
                    });
                }
                distance.push(cost as i32);
                duration.push(old.duration[cell]);
            }
        }
        Ok(Travel { distance: Arc::from(distance), duration: Arc::from(duration) })
    }

    fn is_change(&self, jobs: usize, from: usize, to: usize) -> bool {
        let known = |job: usize| job >= jobs || self.jobs.contains(&job);
        if from == to || (from >= jobs && to >= jobs) || !known(from) || !known(to) {
            return false;
        }
        let from = if from < jobs { End::Job(from) } else { End::Start(from - jobs) };
        let to = if to < jobs { End::Job(to) } else { End::Finish(to - jobs) };
        !self.ways.contains(&(from, to))
    }
}
