//! The problem as the search wants it: orders (a job, or a group of which one job is done), near jobs, the keys jobs are sorted by.

use std::sync::Arc;

use rayon::prelude::*;

use super::problem::{DIMS, Job, KINDS, MOST, MOST_JOBS, Problem, Travel, Vehicle};
use super::route::Cell;
use super::segment::{Loads, Times};

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
    /// Load of the first kind; where there are pairs, how many more of them are open behind it.
    pub(super) load: i32,
    /// The other job of the pair; `NONE` where there is none.
    pub(super) partner: u32,
    pub(super) times: Times,
}

impl Stop {
    /// Is somebody of a pair set down here?
    pub(super) fn is_second(&self) -> bool {
        self.partner != NONE && self.load < 0
    }
}

// Cells of a route, with a reload between any two jobs, have numbers of 16 bits where they are remembered.
const _: () = assert!(2 * MOST_JOBS < u16::MAX as usize);

/// All of it.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) problem: &'a Problem,
    pub(super) stops: Vec<Stop>,
    pub(super) orders: Vec<Order>,
    /// Are some optional?
    pub(super) prized: bool,
    /// Do times matter at all?
    pub(super) timed: bool,
    /// Types of vehicles that differ in room and prices alone, by type, itself among them: their routes may change hands at any time. Empty where
    /// there is only one.
    pub(super) family: Vec<Vec<u32>>,
    /// Room of the roomiest of a type's family.
    pub(super) roomiest: Vec<i32>,
    /// Loads of several kinds, or both delivered and collected, or pairs: sums do not suffice.
    pub(super) mixed: bool,
    /// Kinds of loads that there are any of stand before this one.
    pub(super) dims: usize,
    /// Loads of a job, where sums do not suffice.
    pub(super) loads: Vec<[Loads; DIMS]>,
    /// There are pairs.
    pub(super) paired: bool,
    /// Rides are limited, some may not ride together, nobody may wait aboard, or times have a price: what `fore` and `aft` know of the times does not
    /// suffice.
    pub(super) strict: bool,
    /// Being late costs, or drivers have breaks.
    pub(super) priced: bool,
    /// With which kinds of pairs, as bits, a kind may not ride.
    pub(super) apart: [u64; KINDS],
    /// Vehicles reload, or trips wait for what is delivered: routes are made of trips.
    pub(super) trips: bool,
    /// When what a job delivers is released; empty where there are no trips.
    pub(super) releases: Vec<i32>,
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
            let by = |a: &(f32, u32), b: &(f32, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            // What is farther than enough others is not kept at all.
            let mut farthest = f32::INFINITY;
            for other in (0..count).filter(|&other| other != job) {
                let Some(weight) = weigh(job, other).filter(|&weight| weight <= farthest) else { continue };
                row.push((weight, other as u32));
                if row.len() >= 4 * most {
                    farthest = row.select_nth_unstable_by(most - 1, by).1.0;
                    row.truncate(most);
                }
            }
            row.sort_unstable_by(by);
            row.truncate(most);
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
        let (orders, order_of) = orders(problem);
        let paired = !problem.pairs().is_empty();
        let stops: Vec<Stop> = (0..jobs.len())
            .map(|job| {
                let what = &jobs[job];
                let pair = problem.pair_of(job).map(|pair| &problem.pairs()[pair]);
                let (partner, open) = match pair {
                    Some(pair) if pair.pickup == job => (pair.delivery as u32, 1),
                    Some(pair) => (pair.pickup as u32, -1),
                    None => (NONE, 0),
                };
                let load = if paired { open } else { what.delivered[0] + what.collected[0] };
                Stop { place: what.place as u32, order: order_of[job], load, partner, times: Times::of(what) }
            })
            .collect();
        let longest = problem.travel().iter().flat_map(|travel| travel.duration.iter()).max().copied().unwrap_or(0);
        let services = jobs.iter().map(|job| i64::from(job.service)).sum::<i64>();
        let trips = jobs.iter().any(|job| job.release > 0)
            || problem.vehicles().iter().any(|vehicle| !vehicle.reloads.is_empty());
        let releases = if trips { jobs.iter().map(|job| job.release).collect() } else { Vec::new() };
        // Where vehicles reload, twice as many ways.
        let ways = if trips { 2 * jobs.len() } else { jobs.len() };
        let long = i64::from(longest) * (ways as i64 + 1) + services > i64::from(i32::MAX / 4);
        let mixed = paired || mixed(jobs);
        let loads = if mixed { (0..jobs.len()).map(|job| loads(problem, job)).collect() } else { Vec::new() };
        let priced = priced(problem);
        let strict = priced || strict(problem);
        let timed =
            strict || trips || problem.vehicles().iter().any(timed) || jobs.iter().any(|job| job.window != (0, MOST));
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
        let back: Vec<Travel> = problem.travel().iter().map(|travel| turned(travel, places)).collect();
        let behind = vehicle.and_then(|vehicle| back.get(vehicle.travel));
        // Both ways are read along a row: a column is a miss of the cache each time.
        let around = Near::new(jobs.len(), AROUND, |job, other| {
            let cell = jobs[job].place * places + jobs[other].place;
            let (there, home) = travel.zip(behind).map_or((0, 0), |(a, b)| (a.distance[cell], b.distance[cell]));
            Some(there.min(home) as f32)
        });
        let depot = vehicle.map_or(0, |vehicle| vehicle.start);
        let far = |job: usize| travel.map_or(0, |travel| travel.distance[depot * places + jobs[job].place]);
        let key = |value: &dyn Fn(usize) -> i32| -> Vec<i32> {
            orders.iter().map(|order| order.options.iter().map(|&job| value(job as usize)).min().unwrap_or(0)).collect()
        };
        let load = |job: usize| jobs[job].delivered[0] + jobs[job].collected[0];
        let mut keys = vec![key(&|job| -load(job)), key(&|job| -far(job)), key(&far)];
        if timed {
            keys.push(key(&|job| jobs[job].window.1 - jobs[job].window.0));
            keys.push(key(&|job| jobs[job].window.0));
            keys.push(key(&|job| -jobs[job].window.1));
        }
        if trips {
            keys.push(key(&|job| jobs[job].release));
        }
        let same = problem.travel().iter().zip(&back).all(|(there, back)| Arc::ptr_eq(&there.distance, &back.distance));
        let both_ways =
            !timed && !mixed && same && problem.vehicles().iter().all(|vehicle| vehicle.start == vehicle.end);

        let family =
            if mixed || trips || priced { vec![Vec::new(); problem.vehicles().len()] } else { families(problem) };
        let roomiest = (0..family.len()).map(|kind| roomiest(problem, kind, &family[kind])).collect();
        Self {
            problem,
            family,
            roomiest,
            both_ways,
            back,
            stops,
            prized: 2 * orders.iter().filter(|order| order.prize.is_some()).count() > orders.len(),
            orders,
            timed,
            mixed,
            dims: dims(jobs),
            loads,
            paired,
            strict,
            priced,
            apart: apart(problem),
            trips,
            releases,
            long,
            successors,
            around,
            keys,
        }
    }

    /// What the cheapest vehicle of a type's family costs that holds so much and goes so far, all being free.
    pub(super) fn least_cost(&self, kind: u32, load: i32, distance: i64) -> Option<i64> {
        let own = [kind];
        let family = &self.family[kind as usize];
        let kinds = if family.is_empty() { &own[..] } else { family };
        kinds.iter().filter_map(|&kind| self.cost(kind, load, distance)).min()
    }

    /// Does a way that is longer never cost less?
    #[inline]
    pub(super) fn is_cheapest_by_length(&self, vehicle: &Vehicle) -> bool {
        !(vehicle.pays_time() || (self.priced && !vehicle.may_wait))
    }

    /// What a vehicle costs that goes so far, if it holds so much; only where time costs nothing.
    pub(super) fn cost(&self, kind: u32, load: i32, distance: i64) -> Option<i64> {
        let vehicle = &self.problem.vehicles()[kind as usize];
        (load <= vehicle.capacity[0]).then(|| vehicle.fixed + distance * vehicle.per_distance)
    }

    /// The pair of a job that has one.
    pub(super) fn pair_of(&self, job: u32) -> usize {
        self.problem.pair_of(job as usize).unwrap_or_default()
    }
}

/// Most types of a family: each is looked at for each job put in.
const FAMILY: usize = 16;

fn families(problem: &Problem) -> Vec<Vec<u32>> {
    let vehicles = problem.vehicles();
    let alike = |one: &Vehicle, other: &Vehicle| {
        let plain =
            |vehicle: &Vehicle| Vehicle { count: 1, capacity: [0; DIMS], fixed: 0, per_distance: 0, ..vehicle.clone() };
        !one.pays_time() && one.count > 0 && other.count > 0 && plain(one) == plain(other)
    };
    let family = |one: &Vehicle| -> Vec<u32> {
        (0..vehicles.len() as u32).filter(|&other| alike(one, &vehicles[other as usize])).collect()
    };
    let usual = |family: Vec<u32>| if (2..=FAMILY).contains(&family.len()) { family } else { Vec::new() };
    vehicles.iter().map(|vehicle| usual(family(vehicle))).collect()
}

fn roomiest(problem: &Problem, kind: usize, family: &[u32]) -> i32 {
    let room = |kind: usize| problem.vehicles()[kind].capacity[0];
    family.iter().map(|&kind| room(kind as usize)).max().unwrap_or(room(kind))
}

/// Groups, and jobs that stand alone; the second of a pair goes with the first. And the order of each job.
fn orders(problem: &Problem) -> (Vec<Order>, Vec<u32>) {
    let jobs = problem.jobs();
    let mut order_of = vec![NONE; jobs.len()];
    let mut orders: Vec<Order> = Vec::new();
    for group in problem.groups() {
        for &job in &group.jobs {
            order_of[job] = orders.len() as u32;
        }
        orders.push(Order { options: group.jobs.iter().map(|&job| job as u32).collect(), prize: group.prize });
    }
    let second = |job: usize| problem.pair_of(job).is_some_and(|pair| problem.pairs()[pair].delivery == job);
    for (job, order) in order_of.iter_mut().enumerate().filter(|(job, order)| **order == NONE && !second(*job)) {
        *order = orders.len() as u32;
        orders.push(Order { options: vec![job as u32], prize: jobs[job].prize });
    }
    for pair in problem.pairs() {
        order_of[pair.delivery] = order_of[pair.pickup];
    }
    (orders, order_of)
}

fn mixed(jobs: &[Job]) -> bool {
    let any = |of: fn(&Job, usize) -> i32, dim: usize| jobs.iter().any(|job| of(job, dim) > 0);
    let (delivered, collected) =
        (|job: &Job, dim: usize| job.delivered[dim], |job: &Job, dim: usize| job.collected[dim]);
    (1..DIMS).any(|dim| any(delivered, dim) || any(collected, dim)) || (any(delivered, 0) && any(collected, 0))
}

fn dims(jobs: &[Job]) -> usize {
    let any = |dim: usize| jobs.iter().any(|job| job.delivered[dim] > 0 || job.collected[dim] > 0);
    (0..DIMS).rev().find(|&dim| any(dim)).map_or(0, |last| last + 1)
}

/// What a pair collects is let go at its second job.
fn loads(problem: &Problem, job: usize) -> [Loads; DIMS] {
    let first = problem.pair_of(job).map(|pair| problem.pairs()[pair].pickup).filter(|&first| first != job);
    std::array::from_fn(|dim| match first {
        Some(first) => Loads::let_go(problem.jobs()[first].collected[dim]),
        None => Loads::of(&problem.jobs()[job], dim),
    })
}

fn apart(problem: &Problem) -> [u64; KINDS] {
    let mut apart = [0; KINDS];
    for &(one, other) in problem.apart() {
        apart[one] |= 1 << other;
        apart[other] |= 1 << one;
    }
    apart
}

fn strict(problem: &Problem) -> bool {
    let waits = problem.vehicles().iter().all(|vehicle| vehicle.may_wait || vehicle.count == 0);
    let limited = problem.pairs().iter().any(|pair| pair.max_ride < MOST);
    !problem.pairs().is_empty() && (limited || !waits || !problem.apart().is_empty())
}

fn priced(problem: &Problem) -> bool {
    problem.jobs().iter().any(Job::pays_late)
        || problem.vehicles().iter().any(|vehicle| vehicle.count > 0 && !vehicle.breaks.is_empty())
}

/// Lengths and times to and from one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    pub(super) length_from: &'a [i32],
    pub(super) length_to: &'a [i32],
    pub(super) time_from: &'a [i32],
    pub(super) time_to: &'a [i32],
}

impl Rows<'_> {
    /// By how much longer it takes from one place to the next with a job between that is done at the place of these rows.
    #[inline]
    pub(super) fn longer(&self, from: usize, to: usize, stop: &Stop, next: &Cell) -> i32 {
        self.time_from[from] + stop.times.duration + self.time_to[to] - next.time
    }
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
    vehicle.shift != (0, MOST) || vehicle.max_duration != MOST || vehicle.pays_time()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Random;

    #[test]
    fn the_nearest_are_those_a_full_sort_has_first() {
        let mut random = Random::new(1);
        for count in [1, 2, 9, 40, 200] {
            // Few different weights, so that there are ties, and some that are no neighbours.
            let weights: Vec<usize> = (0..count * count).map(|_| random.below(30)).collect();
            let weigh =
                |job: usize, other: usize| Some(weights[job * count + other] as f32).filter(|&weight| weight > 2.0);
            let near = Near::new(count, 7, weigh);
            for job in 0..count {
                let others = (0..count).filter(|&other| other != job && weigh(job, other).is_some());
                let mut all: Vec<(usize, u32)> =
                    others.map(|other| (weights[job * count + other], other as u32)).collect();
                all.sort_unstable();
                let nearest: Vec<u32> = all.into_iter().take(7).map(|(_, other)| other).collect();
                assert_eq!(near.of(job as u32), nearest);
            }
        }
    }
}
