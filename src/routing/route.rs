//! One vehicle's way in the making: its cells in a row (start, jobs, end) and what is known of the way until and from each.

use super::ground::{Ground, NONE};
use super::problem::{DIMS, Load};
use super::segment::{Loads, Times};

/// Start, job or end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// `NONE` at start and end.
    pub(super) job: u32,
    pub(super) place: u32,
    /// Length and time from the cell before.
    pub(super) length: i32,
    pub(super) time: i32,
    /// Load of the first kind of all jobs until here, this one too.
    pub(super) upto: i32,
}

/// A vehicle that drives, or might.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) kind: u32,
    /// Another number whenever the route is another; empty routes of a kind share theirs.
    pub(super) version: u32,
    pub(super) load: Load,
    pub(super) distance: i64,
    pub(super) duration: i32,
    pub(super) cost: i64,
    pub(super) cells: Vec<Cell>,
    /// From the start to a cell, and from a cell to the end; empty where times do not matter.
    fore: Vec<Times>,
    aft: Vec<Times>,
    /// The same of loads; empty where sums suffice.
    loads: Vec<[(Loads, Loads); DIMS]>,
}

impl Clone for Route {
    fn clone(&self) -> Self {
        let mut other = Self::blank(self.kind);
        other.clone_from(self);
        other
    }
    /// Memory is used again.
    fn clone_from(&mut self, other: &Self) {
        (self.kind, self.version, self.load) = (other.kind, other.version, other.load);
        (self.distance, self.duration, self.cost) = (other.distance, other.duration, other.cost);
        self.cells.clone_from(&other.cells);
        self.fore.clone_from(&other.fore);
        self.aft.clone_from(&other.aft);
        self.loads.clone_from(&other.loads);
    }
}

impl Route {
    pub(super) fn blank(kind: u32) -> Self {
        Self {
            kind,
            version: kind,
            load: [0; DIMS],
            distance: 0,
            duration: 0,
            cost: 0,
            cells: Vec::new(),
            fore: Vec::new(),
            aft: Vec::new(),
            loads: Vec::new(),
        }
    }

    /// Nobody is served.
    pub(super) fn empty(ground: &Ground<'_>, kind: u32) -> Self {
        let mut route = Self::blank(kind);
        let vehicle = &ground.problem.vehicles()[kind as usize];
        for place in [vehicle.start, vehicle.end] {
            route.cells.push(Cell { job: NONE, place: place as u32, length: 0, time: 0, upto: 0 });
        }
        route.measure(ground);
        route
    }

    pub(super) fn size(&self) -> usize {
        self.cells.len() - 2
    }

    pub(super) fn jobs(&self) -> impl Iterator<Item = u32> + '_ {
        self.cells[1..self.cells.len() - 1].iter().map(|cell| cell.job)
    }

    /// The cheapest allowed way to put a job in: what it adds to the cost, and the cell it comes after.
    pub(super) fn best_place<const TIMED: bool>(&self, ground: &Ground<'_>, job: u32) -> Option<(i64, u32)> {
        let stop = &ground.stops[job as usize];
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        if !ground.mixed && self.load[0] + stop.load > vehicle.capacity[0] {
            return None;
        }
        let rows = ground.rows(vehicle.travel, stop.place);
        let fixed = if self.size() == 0 { vehicle.fixed } else { 0 };
        let spare = vehicle.max_distance - self.distance;
        let (mut best, mut under) = (None, i64::MAX);
        for (at, pair) in self.cells.windows(2).enumerate() {
            let (from, to) = (pair[0].place as usize, pair[1].place as usize);
            let more = rows.length_from[from] + rows.length_to[to] - pair[1].length;
            let mut cost = i64::from(more) * vehicle.per_distance + fixed;
            if (cost >= under && !(TIMED && vehicle.per_duration > 0)) || i64::from(more) > spare {
                continue;
            }
            if ground.mixed && !self.fits(ground, job, at, &vehicle.capacity) {
                continue;
            }
            if TIMED {
                let there = self.fore[at].then(rows.time_from[from], stop.times);
                if there.warp > 0 {
                    if self.fore[at].early + self.fore[at].duration > stop.times.late {
                        // Farther on it is later still.
                        break;
                    }
                    continue;
                }
                let whole = there.then(rows.time_to[to], self.aft[at + 1]);
                if whole.warp > 0 || whole.duration > vehicle.max_duration {
                    continue;
                }
                cost += i64::from(whole.duration - self.duration) * vehicle.per_duration;
                if cost >= under {
                    continue;
                }
            }
            (under, best) = (cost, Some((cost, at as u32)));
        }
        best
    }

    /// Is there room for each kind of load?
    fn fits(&self, ground: &Ground<'_>, job: u32, after: usize, capacity: &Load) -> bool {
        (0..DIMS).all(|dim| {
            let here = Loads::of(&ground.problem.jobs()[job as usize], dim);
            self.loads[after][dim].0.then(here).then(self.loads[after + 1][dim].1).most <= capacity[dim]
        })
    }

    /// Puts a job after a cell; it must be allowed. The version is the caller's.
    pub(super) fn insert(&mut self, ground: &Ground<'_>, job: u32, after: usize) {
        let stop = &ground.stops[job as usize];
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let rows = ground.rows(vehicle.travel, stop.place);
        let (from, next) = (self.cells[after].place as usize, self.cells[after + 1]);
        let upto = self.cells[after].upto;
        let cell = Cell { job, place: stop.place, length: rows.length_from[from], time: rows.time_from[from], upto };
        let (length, time) = (rows.length_to[next.place as usize], rows.time_to[next.place as usize]);
        self.distance += i64::from(cell.length + length - next.length);
        (self.cells[after + 1].length, self.cells[after + 1].time) = (length, time);
        self.cells.insert(after + 1, cell);
        for cell in &mut self.cells[after + 1..] {
            cell.upto += stop.load;
        }
        self.load[0] += stop.load;
        if ground.timed {
            self.fore.insert(after + 1, stop.times);
            self.aft.insert(after + 1, stop.times);
            self.measure_times(ground, after + 1, after + 1);
        }
        if ground.mixed {
            self.measure_loads(ground);
        }
        self.price(ground);
    }

    /// What would be driven if after a cell came the tail of another route behind its cell `behind`: the change in length, if that is allowed
    /// and no time is paid for.
    pub(super) fn with_tail<const TIMED: bool>(
        &self,
        ground: &Ground<'_>,
        at: usize,
        other: &Self,
        behind: usize,
    ) -> Option<i64> {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let (here, next, there) = (&self.cells[at], &self.cells[at + 1], &other.cells[behind + 1]);
        if ground.mixed {
            let fits =
                |dim: usize| self.loads[at][dim].0.then(other.loads[behind + 1][dim].1).most <= vehicle.capacity[dim];
            if !(0..DIMS).all(fits) {
                return None;
            }
        } else if here.upto + other.load[0] - other.cells[behind].upto > vehicle.capacity[0] {
            return None;
        }
        let rows = ground.rows(vehicle.travel, here.place);
        // Nothing but start and end: it stays at home.
        let empty = at == 0 && behind == other.size();
        if TIMED && !empty {
            let times = self.fore[at].then(rows.time_to[there.place as usize], other.aft[behind + 1]);
            if times.warp > 0 || times.duration > vehicle.max_duration {
                return None;
            }
        }
        let length = if empty { 0 } else { rows.length_to[there.place as usize] };
        Some(i64::from(length) - i64::from(next.length))
    }

    /// Does it keep all that binds its vehicle: loads, windows, shift, longest time and way?
    pub(super) fn is_allowed(&self, ground: &Ground<'_>) -> bool {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let fits = self.load.iter().zip(&vehicle.capacity).all(|(load, room)| load <= room);
        fits && self.keeps_limits(ground)
    }

    /// Everything known of it, anew; lengths and times of the cells too.
    pub(super) fn measure(&mut self, ground: &Ground<'_>) {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let travel = &ground.problem.travel()[vehicle.travel];
        let places = ground.problem.places();
        self.distance = 0;
        self.load = [0; DIMS];
        for at in 1..self.cells.len() {
            let arc = self.cells[at - 1].place as usize * places + self.cells[at].place as usize;
            let cell = &mut self.cells[at];
            (cell.length, cell.time) = (travel.distance[arc], travel.duration[arc]);
            self.distance += i64::from(cell.length);
            if cell.job != NONE {
                self.load[0] += ground.stops[cell.job as usize].load;
            }
            cell.upto = self.load[0];
        }
        if self.size() == 0 {
            // It stays at home.
            self.distance = 0;
            let end = &mut self.cells[1];
            (end.length, end.time) = (0, 0);
        }
        if ground.timed {
            let depot = Times::of_depot(vehicle);
            self.fore.clear();
            self.fore.resize(self.cells.len(), depot);
            self.aft.clear();
            self.aft.resize(self.cells.len(), depot);
            self.measure_times(ground, 1, self.cells.len() - 2);
        }
        if ground.mixed {
            self.measure_loads(ground);
        }
        self.price(ground);
    }

    /// Windows, shift, longest time and way; loads are not looked at.
    pub(super) fn keeps_limits(&self, ground: &Ground<'_>) -> bool {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let in_time = || {
            let whole = self.fore[0].then(self.cells[1].time, self.aft[1]);
            whole.warp == 0 && whole.duration <= vehicle.max_duration
        };
        self.size() == 0 || (self.distance <= vehicle.max_distance && (!ground.timed || in_time()))
    }

    /// Is the sum of all times no longer than the shift of a type of vehicle? Where not, it is late or too long, and is not measured: 32 bits
    /// might not hold what comes out.
    pub(super) fn may_be_measured(&self, ground: &Ground<'_>, kind: u32) -> bool {
        if !ground.long || self.size() == 0 {
            return true;
        }
        let vehicle = &ground.problem.vehicles()[kind as usize];
        let mut sum = 0_i64;
        let mut at = vehicle.start;
        for job in self.jobs() {
            let stop = &ground.stops[job as usize];
            sum += i64::from(ground.problem.duration(kind as usize, at, stop.place as usize));
            sum += i64::from(stop.times.duration);
            at = stop.place as usize;
        }
        sum += i64::from(ground.problem.duration(kind as usize, at, vehicle.end));
        sum <= i64::from(vehicle.shift.1 - vehicle.shift.0)
    }

    /// Times until the cells from one on, and from the cells down from one.
    fn measure_times(&mut self, ground: &Ground<'_>, first: usize, last: usize) {
        let end = self.cells.len() - 1;
        let mut fore = self.fore[first - 1];
        for at in first..end {
            let cell = &self.cells[at];
            fore = fore.then(cell.time, ground.stops[cell.job as usize].times);
            self.fore[at] = fore;
        }
        let mut aft = self.aft[last + 1];
        for at in (1..=last).rev() {
            aft = ground.stops[self.cells[at].job as usize].times.then(self.cells[at + 1].time, aft);
            self.aft[at] = aft;
        }
        self.duration = if end == 1 { 0 } else { self.fore[0].then(self.cells[1].time, aft).duration };
    }

    fn measure_loads(&mut self, ground: &Ground<'_>) {
        let jobs = ground.problem.jobs();
        let end = self.cells.len() - 1;
        self.loads.clear();
        self.loads.resize(end + 1, Default::default());
        for dim in 0..DIMS {
            let (mut fore, mut aft) = (Loads::default(), Loads::default());
            for at in 1..end {
                fore = fore.then(Loads::of(&jobs[self.cells[at].job as usize], dim));
                self.loads[at][dim].0 = fore;
            }
            for at in (1..end).rev() {
                aft = Loads::of(&jobs[self.cells[at].job as usize], dim).then(aft);
                self.loads[at][dim].1 = aft;
            }
            self.load[dim] = fore.most;
        }
    }

    fn price(&mut self, ground: &Ground<'_>) {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        self.cost = if self.size() == 0 {
            0
        } else {
            vehicle.fixed + self.distance * vehicle.per_distance + i64::from(self.duration) * vehicle.per_duration
        };
    }
}
