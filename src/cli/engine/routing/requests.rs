//! What forms of pickups with deliveries are made into: a problem of pairs, for vehicles that are alike.

use super::instance::Instance;
use super::rounding::Rounding;
use super::rows;
use crate::routing::Problem;
use crate::routing::problem::{DIMS, Job, MOST, Pair, Parts, Travel, Vehicle};

/// A row of the file.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) number: u32,
    pub(super) point: (f64, f64),
    /// Who gets in, or less than nothing.
    pub(super) load: i32,
    pub(super) window: (i32, i32),
    pub(super) service: i32,
}

/// A number of the file that may be less than nothing.
pub(super) fn load(line: usize, what: &str, value: f64) -> Result<i32, String> {
    rows::whole(line, what, value.abs(), 0..=MOST as u32)
        .map(|load| if value < 0.0 { -(load as i32) } else { load as i32 })
        .map_err(|_| rows::at(line, format_args!("{what} is {value}; write a whole number from -{MOST} to {MOST}")))
}

/// A window that ends after it begins.
pub(super) fn window(rounding: Rounding, line: usize, ready: f64, due: f64) -> Result<(i32, i32), String> {
    if ready > due {
        return Err(rows::at(line, "the due date is before the ready time; swap them"));
    }
    let window = (rounding.units(line, "the ready time", ready)?, rounding.limit(line, "the due date", due)?);
    if window.0 > window.1 {
        return Err(rows::at(line, "the window is too narrow for numbers made whole this way; say --round exact"));
    }
    Ok(window)
}

/// Nodes in the file's order, which of them are depots (the others are jobs), pairs of positions of nodes, the longest ride, the vehicle.
#[derive(Debug)]
pub(super) struct Requests {
    pub(super) nodes: Vec<Node>,
    pub(super) depots: Vec<usize>,
    pub(super) pairs: Vec<(usize, usize)>,
    pub(super) max_ride: i32,
    pub(super) vehicle: Vehicle,
    /// Do fewer vehicles count more than any way?
    pub(super) vehicles_first: bool,
}

impl Requests {
    /// As a problem. Loads of pairs are opposite; the reader has seen to it.
    pub(super) fn instance(self, rounding: Rounding) -> Result<Instance, String> {
        let Self { nodes, depots, pairs, max_ride, mut vehicle, vehicles_first } = self;
        let points: Vec<(f64, f64)> = nodes.iter().map(|node| node.point).collect();
        let lengths = rounding.lengths(&points, |length| length).map_err(|(_, to)| {
            rows::at(nodes[to].line, format_args!("node {} is too far from others", nodes[to].number))
        })?;
        let mut numbers = Vec::new();
        let mut jobs = Vec::new();
        let mut job_of = vec![0; nodes.len()];
        for (place, node) in nodes.iter().enumerate().filter(|(place, _)| !depots.contains(place)) {
            job_of[place] = jobs.len();
            numbers.push(node.number);
            let mut collected = [0; DIMS];
            collected[0] = node.load.max(0);
            jobs.push(Job { collected, window: node.window, service: node.service, ..Job::at(place) });
        }
        let pairs: Vec<Pair> = pairs
            .into_iter()
            .map(|(from, to)| Pair { pickup: job_of[from], delivery: job_of[to], max_ride, kind: 0 })
            .collect();
        if vehicles_first {
            // Every way begins where a job or the depot is: no answer is longer than the longest way from each.
            let longest = |place: usize| {
                let row = &lengths[place * points.len()..(place + 1) * points.len()];
                i64::from(row.iter().copied().max().unwrap_or(0))
            };
            let ways: i64 = jobs.iter().map(|job| longest(job.place)).sum();
            vehicle.fixed = 1 + ways + longest(vehicle.start) * vehicle.count.min(pairs.len()) as i64;
        }
        let (first, count) = (vehicle.fixed, vehicle.count);
        let travel = vec![Travel { distance: lengths.clone(), duration: lengths }];
        let parts = Parts { places: points.len(), travel, jobs, pairs, vehicles: vec![vehicle], ..Parts::default() };
        let problem = Problem::new(parts).map_err(|error| error.to_string())?;
        let vehicles = vec![(1..).take(count).collect()];
        Ok(Instance { problem, rounding, numbers, vehicles, points: Some(points), first })
    }
}
