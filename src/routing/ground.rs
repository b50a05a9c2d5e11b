//! The problem as the search wants it: orders (a job, or a group of which one job is done), near jobs, the keys jobs are sorted by.

use std::sync::Arc;

use rayon::prelude::*;

use super::problem::{Load, MOST, Problem, Travel, Vehicle};
use super::segment::Times;

/// Nobody, nowhere.
pub(super) const NONE: u32 = u32::MAX;

/// Something to be served by one of several jobs.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) options: Vec<u32>,
    /// Cost of leaving it out; `None`: it must be served.
    pub(super) prize: Option<i64>,
}

/// Small numbers of a job that the search reads all the time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    pub(super) place: u32,
    pub(super) order: u32,
    /// Load of the first kind.
    pub(super) load: i32,
    pub(super) times: Times,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) problem: &'a Problem,
    pub(super) stops: Vec<Stop>,
    pub(super) orders: Vec<Order>,
    /// Do times matter at all?
    pub(super) timed: bool,
    /// Loads of several kinds, or both delivered and collected: sums do not suffice.
    pub(super) mixed: bool,
    /// Times of a route that is not allowed might not fit into 32 bits.
    pub(super) long: bool,
    /// A route may be driven the other way round: no times, sums of loads, the same lengths both ways.
    pub(super) both_ways: bool,
    /// Jobs that go well right behind a job, best first.
    pub(super) successors: Near,
    /// Jobs near a job, nearest first, wherever they are in time.
    pub(super) around: Near,
    /// Lengths and times turned round; the same as they are where both ways are alike.
    back: Vec<Travel>,
    /// By which orders are sorted: one row a key.
    pub(super) keys: Vec<Vec<i32>>,
}

/// For each job a list of other jobs.
#[derive(Debug)]
pub(super) struct Near {
    starts: Vec<u32>,
    jobs: Vec<u32>,
}

impl Near {
    #[inline]
    pub(super) fn of(&self, job: u32) -> &[u32] {
        &self.jobs[self.starts[job as usize] as usize..self.starts[job as usize + 1] as usize]
    }
    fn new(count: usize, most: usize, weigh: impl Fn(usize, usize) -> Option<f32> + Sync) -> Self {
        let row = |row: &mut Vec<(f32, u32)>, job: usize| {
            row.clear();
            let others = (0..count).filter(|&other| other != job);
            row.extend(others.filter_map(|other| Some((weigh(job, other)?, other as u32))));
            let by = |a: &(f32, u32), b: &(f32, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if row.len() > most {
                row.select_nth_unstable_by(most, by);
                row.truncate(most);
            }
            row.sort_unstable_by(by);
            row.iter().map(|&(_, other)| other).collect::<Vec<u32>>()
        };
        let rows: Vec<Vec<u32>> = (0..count).into_par_iter().map_init(Vec::new, row).collect();
        let mut starts = vec![0];
        starts.extend(rows.iter().scan(0, |end, row| {
            *end += row.len() as u32;
            Some(*end)
        }));
        Self { starts, jobs: rows.concat() }
    }
}

/// Jobs remembered that go well behind a job.
const NEAR: usize = 20;
/// Jobs around a job that may be torn out with it.
const AROUND: usize = 100;

impl<'a> Ground<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let jobs = problem.jobs();
        let mut order_of = vec![NONE; jobs.len()];
        let mut orders: Vec<Order> = Vec::new();
        for group in problem.groups() {
            for &job in &group.jobs {
                order_of[job] = orders.len() as u32;
            }
            orders.push(Order { options: group.jobs.iter().map(|&job| job as u32).collect(), prize: group.prize });
        }
        for (job, order) in order_of.iter_mut().enumerate().filter(|(_, order)| **order == NONE) {
            *order = orders.len() as u32;
            orders.push(Order { options: vec![job as u32], prize: jobs[job].prize });
        }
        let stops: Vec<Stop> = jobs
            .iter()
            .zip(&order_of)
            .map(|(job, &order)| Stop {
                place: job.place as u32,
                order,
                load: job.delivered[0] + job.collected[0],
                times: Times::of(job),
            })
            .collect();
        let longest = problem.travel().iter().flat_map(|travel| travel.duration.iter()).max().copied().unwrap_or(0);
        let services = jobs.iter().map(|job| i64::from(job.service)).sum::<i64>();
        let long = i64::from(longest) * (jobs.len() as i64 + 1) + services > i64::from(i32::MAX / 4);
        let beyond = |load: &Load| load[1..].iter().any(|&amount| amount > 0);
        let mixed = jobs.iter().any(|job| beyond(&job.delivered) || beyond(&job.collected))
            || (jobs.iter().any(|job| job.delivered[0] > 0) && jobs.iter().any(|job| job.collected[0] > 0));
        let timed = problem.vehicles().iter().any(timed) || jobs.iter().any(|job| job.window != (0, MOST));
        // What is near is near for the first vehicle there is.
        let vehicle = problem.vehicles().iter().find(|vehicle| vehicle.count > 0);
        let travel = vehicle.and_then(|vehicle| problem.travel().get(vehicle.travel));
        let places = problem.places();
        let arc = |from: usize, to: usize| {
            let cell = jobs[from].place * places + jobs[to].place;
            travel.map_or((0, 0), |travel| (travel.distance[cell], travel.duration[cell]))
        };
        let weigh = |from: usize, to: usize| {
            let (length, time) = arc(from, to);
            let (a, b) = (&jobs[from], &jobs[to]);
            let soonest = a.window.0 + a.service + time;
            let latest = a.window.1 + a.service + time;
            if order_of[from] == order_of[to] || (timed && soonest > b.window.1) {
                return None;
            }
            let wait = if timed { (b.window.0 - latest).max(0) } else { 0 };
            Some(length as f32 + 0.2 * wait as f32)
        };
        let successors = Near::new(jobs.len(), NEAR, weigh);
        let around = Near::new(jobs.len(), AROUND, |job, other| Some(arc(job, other).0.min(arc(other, job).0) as f32));
        let depot = vehicle.map_or(0, |vehicle| vehicle.start);
        let far = |job: usize| travel.map_or(0, |travel| travel.distance[depot * places + jobs[job].place]);
        let key = |value: &dyn Fn(usize) -> i32| -> Vec<i32> {
            orders.iter().map(|order| order.options.iter().map(|&job| value(job as usize)).min().unwrap_or(0)).collect()
        };
        let mut keys = vec![key(&|job| -stops[job].load), key(&|job| -far(job)), key(&far)];
        if timed {
            keys.push(key(&|job| jobs[job].window.1 - jobs[job].window.0));
            keys.push(key(&|job| jobs[job].window.0));
            keys.push(key(&|job| -jobs[job].window.1));
        }
        let back: Vec<Travel> = problem.travel().iter().map(|travel| turned(travel, places)).collect();
        let same = problem.travel().iter().zip(&back).all(|(there, back)| Arc::ptr_eq(&there.distance, &back.distance));
        let both_ways =
            !timed && !mixed && same && problem.vehicles().iter().all(|vehicle| vehicle.start == vehicle.end);
        Self { problem, both_ways, back, stops, orders, timed, mixed, long, successors, around, keys }
    }
}

/// Lengths and times to and from one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    pub(super) length_from: &'a [i32],
    pub(super) length_to: &'a [i32],
    pub(super) time_from: &'a [i32],
    pub(super) time_to: &'a [i32],
}

impl Ground<'_> {
    #[inline]
    pub(super) fn rows(&self, travel: usize, place: u32) -> Rows<'_> {
        let places = self.problem.places();
        let row = place as usize * places..(place as usize + 1) * places;
        let (there, back) = (&self.problem.travel()[travel], &self.back[travel]);
        Rows {
            length_from: &back.distance[row.clone()],
            length_to: &there.distance[row.clone()],
            time_from: &back.duration[row.clone()],
            time_to: &there.duration[row],
        }
    }
}

fn turned(travel: &Travel, places: usize) -> Travel {
    let turn = |matrix: &Arc<[i32]>| -> Arc<[i32]> {
        let cell = |from: usize, to: usize| matrix[from * places + to];
        if (0..places).all(|from| (0..from).all(|to| cell(from, to) == cell(to, from))) {
            return Arc::clone(matrix);
        }
        (0..places * places).map(|at| cell(at % places, at / places)).collect()
    };
    let distance = turn(&travel.distance);
    let same = Arc::ptr_eq(&travel.distance, &travel.duration);
    let duration = if same { Arc::clone(&distance) } else { turn(&travel.duration) };
    Travel { distance, duration }
}

fn timed(vehicle: &Vehicle) -> bool {
    vehicle.shift != (0, MOST) || vehicle.max_duration != MOST || vehicle.per_duration != 0
}
