//! Who of a pair rides from where to where, and may they ride together?

use std::collections::HashMap;

use super::super::problem::{DIMS, Job, Problem};
use super::super::tours::Tour;
use super::Fault;

/// Somebody aboard, by positions in the tour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ride {
    pub(super) pair: usize,
    /// Of the pickup.
    pub(super) from: usize,
    /// Of the delivery; past the last job where nobody sets them down.
    pub(super) to: usize,
}

/// All rides of a tour, in the order in which they begin. Pairs that are not whole are faults.
pub(super) fn of(problem: &Problem, at: usize, tour: &Tour, faults: &mut Vec<Fault>) -> Vec<Ride> {
    // Who does a job twice is told so elsewhere; here the first time counts.
    let mut first: HashMap<usize, usize> = HashMap::new();
    for (position, &job) in tour.jobs.iter().enumerate() {
        first.entry(job).or_insert(position);
    }
    let mut rides = Vec::new();
    for (from, &job) in tour.jobs.iter().enumerate().filter(|(position, job)| first[job] == *position) {
        let Some(pair) = problem.pair_of(job) else { continue };
        let (pickup, delivery) = (problem.pairs()[pair].pickup, problem.pairs()[pair].delivery);
        let other = if job == pickup { delivery } else { pickup };
        if !first.contains_key(&other) {
            faults.push(Fault::Half { tour: at, pair, job, other });
        }
        if job == pickup {
            let to = first.get(&delivery).copied().unwrap_or(tour.jobs.len());
            if to < from {
                faults.push(Fault::Order { tour: at, pair, pickup, delivery });
            }
            rides.push(Ride { pair, from, to: if to < from { tour.jobs.len() } else { to } });
        }
    }
    rides
}

/// What each job adds to the load, or takes away.
pub(super) fn changes(jobs: &[&Job], rides: &[Ride]) -> Vec<[i64; DIMS]> {
    let change =
        |job: &&Job| std::array::from_fn(|kind| i64::from(job.collected[kind]) - i64::from(job.delivered[kind]));
    let mut changes: Vec<[i64; DIMS]> = jobs.iter().map(change).collect();
    for ride in rides.iter().filter(|ride| ride.to < jobs.len()) {
        for (kind, change) in changes[ride.to].iter_mut().enumerate() {
            *change -= i64::from(jobs[ride.from].collected[kind]);
        }
    }
    changes
}

/// Does somebody get in where somebody sits they may not ride with?
pub(super) fn apart(problem: &Problem, at: usize, rides: &[Ride], faults: &mut Vec<Fault>) {
    if problem.apart().is_empty() {
        return;
    }
    let kind = |ride: &Ride| problem.pairs()[ride.pair].kind;
    for (before, ride) in rides.iter().enumerate() {
        let aboard = rides[..before].iter().filter(|other| other.to > ride.from);
        let with = aboard.into_iter().find(|other| {
            let kinds = (kind(ride), kind(other));
            problem.apart().iter().any(|&(one, another)| (one, another) == kinds || (another, one) == kinds)
        });
        if let Some(with) = with {
            faults.push(Fault::Apart { tour: at, pair: ride.pair, with: with.pair });
        }
    }
}
