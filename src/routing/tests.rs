//! Answers worked by hand, the judge, and random problems against everything that can be worked slowly.

mod by_hand;
mod changes;
mod hours;
mod judge;
mod pieces;
mod reasons;
mod solving;
mod states;
mod trips;

use std::sync::Arc;

use super::problem::{Break, DIMS, Group, Job, MOST, Pair, Parts, Travel, Vehicle};
use super::tours::{Reload, Tour, Tours};
use super::{Fault, Problem, check, solve};
use crate::search::{Answer, Random, Run, Solved, cases};

/// The best within so many iterations; the judge must find nothing.
fn solved(problem: &Problem, iterations: u64, seed: u64) -> Solved<Tours> {
    let run = Run { seed, iterations: Some(iterations), chains: 1, watch: &|_| Answer::GO };
    let solved = solve(problem, None, &run);
    assert_eq!(check(problem, &solved.best), vec![], "{problem:?}");
    solved
}

fn tour(vehicle: usize, jobs: &[usize]) -> Tour {
    Tour { vehicle, jobs: jobs.to_vec(), reloads: vec![] }
}

/// What a vehicle does, one thing after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Job(usize),
    /// At one of its vehicle's places.
    Reload(usize),
}

/// The deeds of a tour.
fn deeds(tour: &Tour) -> Vec<Deed> {
    let mut deeds: Vec<Deed> = tour.jobs.iter().map(|&job| Deed::Job(job)).collect();
    for reload in tour.reloads.iter().rev() {
        deeds.insert(reload.before, Deed::Reload(reload.place));
    }
    deeds
}

/// The tour of these deeds.
fn told(vehicle: usize, deeds: &[Deed]) -> Tour {
    let mut tour = tour(vehicle, &[]);
    for deed in deeds {
        match *deed {
            Deed::Job(job) => tour.jobs.push(job),
            Deed::Reload(place) => tour.reloads.push(Reload { before: tour.jobs.len(), place }),
        }
    }
    tour
}

/// The tour with a job put in behind so many deeds; alone, then where a trip can begin or end with it at each place.
fn with(problem: &Problem, tour: &Tour, job: usize, at: usize) -> Vec<Tour> {
    let before = deeds(tour);
    let mut ways = vec![vec![Deed::Job(job)]];
    for place in 0..problem.vehicles()[tour.vehicle].reloads.len() {
        ways.extend([vec![Deed::Reload(place), Deed::Job(job)], vec![Deed::Job(job), Deed::Reload(place)]]);
    }
    let put = |way: &Vec<Deed>| [&before[..at], way, &before[at..]].concat();
    ways.iter().map(|way| told(tour.vehicle, &put(way))).collect()
}

/// Places on a line; a unit of length takes a unit of time.
fn line(places: &[i32]) -> Travel {
    let cells: Arc<[i32]> = places.iter().flat_map(|from| places.iter().map(move |to| (from - to).abs())).collect();
    Travel { distance: Arc::clone(&cells), duration: cells }
}

/// What random problems are like.
#[derive(Clone, Copy, Debug)]
struct Taste {
    /// Most jobs, types of vehicles, and vehicles of a type.
    jobs: usize,
    types: usize,
    vehicles: usize,
    /// No way round is shorter.
    metric: bool,
    /// Numbers from the ends of what is allowed.
    extreme: bool,
    /// Fewer limits: most jobs can be served.
    mild: bool,
    /// Pairs in a third of the problems.
    pairs: bool,
    /// Reloads, releases or both in half of the others.
    trips: bool,
    /// Overtime, and where there are no trips breaks and prices for being late, in half of them.
    priced: bool,
}

/// Draws a problem.
#[derive(Debug)]
struct Draw {
    random: Random,
    taste: Taste,
}

impl Draw {
    fn new(seed: u64, taste: Taste) -> Self {
        Self { random: Random::new(seed), taste }
    }
    fn upto(&mut self, most: i32) -> i32 {
        if self.taste.extreme && self.random.below(3) == 0 {
            return [0, 1, MOST / 2, MOST - 1, MOST][self.random.below(5)];
        }
        self.random.below(most as usize + 1) as i32
    }
    fn once_in(&mut self, times: usize) -> bool {
        self.random.below(times) == 0
    }
    fn load(&mut self, on: [bool; DIMS], most: i32) -> [i32; DIMS] {
        on.map(|on| if on { self.upto(most) } else { 0 })
    }
    /// Both within 0 to `MOST`, in order.
    fn span(&mut self, from: i32, width: i32) -> (i32, i32) {
        let (from, width) = (self.upto(from), self.upto(width));
        (from, from.saturating_add(width).min(MOST))
    }
    /// By streets, uphill dearer than downhill; or anything at all, even from a place to itself.
    fn matrix(&mut self, places: usize) -> Arc<[i32]> {
        if !self.taste.metric {
            return (0..places * places).map(|_| self.upto(60)).collect();
        }
        let uneven = self.once_in(2);
        let at: Vec<[i32; 3]> = (0..places).map(|_| [self.upto(30), self.upto(30), self.upto(20)]).collect();
        let way = |from: &[i32; 3], to: &[i32; 3]| {
            let up = if uneven { (to[2] - from[2]).max(0) } else { 0 };
            ((from[0] - to[0]).abs() + (from[1] - to[1]).abs() + up).min(MOST)
        };
        at.iter().flat_map(|from| at.iter().map(move |to| way(from, to))).collect()
    }
    fn travel(&mut self, places: usize) -> Travel {
        let distance = self.matrix(places);
        let duration = if self.once_in(2) { Arc::clone(&distance) } else { self.matrix(places) };
        Travel { distance, duration }
    }
    fn prize(&mut self, most: i64) -> Option<i64> {
        self.once_in(3).then(|| self.random.below(most as usize + 1) as i64)
    }

    fn problem(&mut self) -> Problem {
        let places = 1 + self.random.below(8);
        let matrices = 1 + self.random.below(2);
        let travel: Vec<Travel> = (0..matrices).map(|_| self.travel(places)).collect();
        let timed = self.once_in(2);
        // Nothing, only one way, or both; one kind, or several.
        let mut kinds = || std::array::from_fn(|dim| self.once_in([2, 4, 6, 6][dim]));
        let (delivered, collected): ([bool; DIMS], [bool; DIMS]) = (kinds(), kinds());
        let count = self.random.below(self.taste.jobs + 1);
        let jobs: Vec<Job> = (0..count).map(|_| self.job(places, timed, delivered, collected)).collect();
        let mut groups: Vec<Group> = Vec::new();
        if self.once_in(2) {
            for job in 0..count {
                match self.random.below(4) {
                    0 => groups.push(Group { jobs: vec![job], prize: self.prize(80) }),
                    1 if !groups.is_empty() => {
                        let group = self.random.below(groups.len());
                        groups[group].jobs.push(job);
                    }
                    _ => {}
                }
            }
        }
        let kinds = 1 + self.random.below(self.taste.types);
        let mut vehicles: Vec<Vehicle> = (0..kinds).map(|_| self.vehicle(places, matrices, timed)).collect();
        if vehicles.iter().all(|vehicle| vehicle.count == 0) {
            let lucky = self.random.below(kinds);
            vehicles[lucky].count = 1;
        }
        if self.once_in(3) {
            self.families(&mut vehicles);
        }
        let mut parts = Parts { places, travel, jobs, groups, vehicles, ..Parts::default() };
        if self.taste.pairs && self.once_in(3) {
            self.pairs(&mut parts);
        } else if self.taste.trips && self.once_in(2) {
            self.trips(&mut parts);
        }
        if self.taste.priced && timed && self.once_in(2) {
            self.prices(&mut parts);
        }
        Problem::new(parts).unwrap()
    }

    /// Overtime; being late, breaks or both, where vehicles drive one trip.
    fn prices(&mut self, parts: &mut Parts) {
        for vehicle in &mut parts.vehicles {
            if self.once_in(3) {
                vehicle.usual_duration = self.upto(120);
                let most = super::problem::MOST_PRICE - vehicle.per_duration;
                let usual = most.min(self.random.below(5) as i64);
                vehicle.per_overtime = if self.taste.extreme && self.once_in(4) { most } else { usual };
            }
        }
        let trips = parts.jobs.iter().any(|job| job.release > 0)
            || parts.vehicles.iter().any(|vehicle| !vehicle.reloads.is_empty());
        if trips {
            return;
        }
        let (late, rests) = [(true, true), (true, false), (false, true)][self.random.below(3)];
        for job in parts.jobs.iter_mut().filter(|_| late) {
            if self.once_in(2) {
                (job.due, job.per_late) = (self.upto(150), self.random.below(5) as i64);
                if self.taste.extreme && self.once_in(8) {
                    job.per_late = super::problem::MOST_PRICE;
                }
            }
        }
        let most = if self.once_in(4) { super::problem::MOST_BREAKS } else { 1 };
        for vehicle in parts.vehicles.iter_mut().filter(|_| rests) {
            for _ in 0..self.random.below(most + 1) {
                let window = self.span(150, 80);
                vehicle.breaks.push(Break {
                    window,
                    duration: 1 + self.upto(if self.taste.mild { 15 } else { 40 }).min(MOST - 1),
                });
            }
        }
    }

    /// Vehicles reload at one or two places, mostly where they start; what is delivered may be released late; or one of both.
    fn trips(&mut self, parts: &mut Parts) {
        let (reloads, releases) = [(true, true), (true, false), (false, true)][self.random.below(3)];
        for vehicle in parts.vehicles.iter_mut().filter(|_| reloads) {
            for _ in 0..self.random.below(3) {
                let place = if self.once_in(3) { self.random.below(parts.places) } else { vehicle.start };
                vehicle.reloads.push(place);
            }
            vehicle.max_reloads = if self.once_in(2) { usize::MAX } else { self.random.below(4) };
        }
        for job in parts.jobs.iter_mut().filter(|_| releases) {
            job.release = if self.once_in(2) { self.upto(if self.taste.mild { 60 } else { 150 }) } else { 0 };
        }
    }

    /// Pairs of some jobs; who is set down stands in no group, and only who is picked up is a load. All, some or none of the rides are limited,
    /// some kinds are apart, some vehicles may not wait.
    fn pairs(&mut self, parts: &mut Parts) {
        let (limited, kinds) = (self.random.below(3), 1 + self.random.below(3));
        let grouped: Vec<usize> = parts.groups.iter().flat_map(|group| group.jobs.iter().copied()).collect();
        let mut free: Vec<usize> = (0..parts.jobs.len()).collect();
        while free.len() > 1 {
            let pickup = free.swap_remove(self.random.below(free.len()));
            let second = self.random.below(free.len());
            if grouped.contains(&free[second]) || self.once_in(4) {
                continue;
            }
            let delivery = free.swap_remove(second);
            parts.jobs[pickup].delivered = [0; DIMS];
            (parts.jobs[delivery].delivered, parts.jobs[delivery].collected) = ([0; DIMS], [0; DIMS]);
            let unlimited = limited == 0 || limited == 1 && self.once_in(2);
            let max_ride = if unlimited { MOST } else { self.upto(if self.taste.mild { 120 } else { 50 }) };
            parts.pairs.push(Pair { pickup, delivery, max_ride, kind: self.random.below(kinds) });
        }
        if self.once_in(3) {
            parts.apart = (0..1 + self.random.below(2)).map(|_| (self.random.below(3), self.random.below(3))).collect();
        }
        for vehicle in &mut parts.vehicles {
            vehicle.may_wait = !self.once_in(3);
        }
    }

    /// Vehicles that differ in room and prices alone.
    fn families(&mut self, vehicles: &mut [Vehicle]) {
        let first = vehicles[0].clone();
        for vehicle in vehicles {
            let (capacity, fixed, per_distance) = (vehicle.capacity, vehicle.fixed, vehicle.per_distance);
            let count = 1 + self.random.below(self.taste.vehicles + 3);
            *vehicle = Vehicle { count, capacity, fixed, per_distance, per_duration: 0, ..first.clone() };
        }
    }

    fn job(&mut self, places: usize, timed: bool, delivered: [bool; DIMS], collected: [bool; DIMS]) -> Job {
        let mut job = Job::at(self.random.below(places));
        (job.delivered, job.collected) = (self.load(delivered, 5), self.load(collected, 5));
        job.prize = self.prize(80);
        if timed {
            job.service = self.upto(10);
            if self.once_in(2) {
                job.window = if self.taste.mild { self.span(100, 150) } else { self.span(200, 60) };
            }
        }
        if self.taste.extreme && self.once_in(8) {
            job.prize = Some(super::problem::MOST_MONEY);
        }
        job
    }

    fn vehicle(&mut self, places: usize, matrices: usize, timed: bool) -> Vehicle {
        let mut vehicle = Vehicle::at(self.random.below(places), self.random.below(self.taste.vehicles + 1));
        if self.once_in(2) {
            vehicle.end = self.random.below(places);
        }
        vehicle.travel = self.random.below(matrices);
        if !self.once_in(4) {
            let least = if self.taste.mild { 5 } else { 0 };
            vehicle.capacity = [(); DIMS].map(|()| least + self.upto(10)).map(|room| room.min(MOST));
        }
        vehicle.fixed = if self.once_in(2) { self.random.below(100) as i64 } else { 0 };
        vehicle.per_distance = self.random.below(4) as i64;
        if self.once_in(4) {
            vehicle.max_distance = self.upto(200).into();
        }
        if timed {
            vehicle.per_duration = if self.once_in(2) { self.random.below(4) as i64 } else { 0 };
            if self.once_in(3) {
                vehicle.shift = if self.taste.mild { self.span(50, 500) } else { self.span(100, 300) };
            }
            if self.once_in(4) {
                vehicle.max_duration = self.upto(200);
            }
        }
        if self.taste.extreme && self.once_in(4) {
            vehicle.fixed = super::problem::MOST_MONEY;
            vehicle.per_distance = super::problem::MOST_PRICE;
            vehicle.per_duration = if timed { super::problem::MOST_PRICE } else { 0 };
        }
        vehicle
    }
}
