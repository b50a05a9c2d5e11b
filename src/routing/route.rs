//! One vehicle's way in the making: its cells in a row (start, jobs, end) and what is known of the way until and from each.

use super::ground::{Ground, NONE};
use super::problem::{DIMS, Load, MOST};
use super::schedule::{Schedule, Step};
use super::segment::{Loads, Times};
use super::tours::Reload;

pub(super) mod trips;

use trips::Stage;

/// Start, job, reload or end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// `NONE` at start, reload and end.
    pub(super) job: u32,
    pub(super) place: u32,
    /// Length and time from the cell before.
    pub(super) length: i32,
    pub(super) time: i32,
    /// Load of the first kind of all jobs until here, this one too, in its trip; where there are pairs, how many of them are open behind it.
    pub(super) upto: i32,
}

/// Where in a route something goes: a job after a cell, and the second of a pair behind the first and after another cell, or the same. In routes of
/// trips `second` says what becomes of the trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) after: u16,
    pub(super) second: u16,
}

impl Gap {
    /// Of a job alone.
    pub(super) fn after(cell: usize) -> Self {
        Self { after: cell as u16, second: cell as u16 }
    }
}

/// The cheapest gap so far; none that costs as much as `under`.
#[derive(Clone, Copy, Debug)]
struct Cheapest {
    under: i64,
    gap: Option<Gap>,
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
    /// What its times cost, part of `cost`.
    paid: i64,
    pub(super) cost: i64,
    /// There are times that keep the limits of rides too.
    kept: bool,
    pub(super) cells: Vec<Cell>,
    /// From the start to a cell, and from a cell to the end; empty where times do not matter.
    fore: Vec<Times>,
    aft: Vec<Times>,
    /// The same of loads; empty where sums suffice.
    loads: Vec<[(Loads, Loads); DIMS]>,
    /// What binds its times; empty where `fore` and `aft` suffice.
    steps: Vec<Step>,
    /// What is known of the cells within their trips; empty where nobody reloads.
    stages: Vec<Stage>,
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
        (self.distance, self.duration, self.cost, self.kept) = (other.distance, other.duration, other.cost, other.kept);
        self.paid = other.paid;
        self.cells.clone_from(&other.cells);
        self.fore.clone_from(&other.fore);
        self.aft.clone_from(&other.aft);
        self.loads.clone_from(&other.loads);
        self.steps.clone_from(&other.steps);
        self.stages.clone_from(&other.stages);
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
            paid: 0,
            cost: 0,
            kept: true,
            cells: Vec::new(),
            fore: Vec::new(),
            aft: Vec::new(),
            loads: Vec::new(),
            steps: Vec::new(),
            stages: Vec::new(),
        }
    }

    /// Nobody is served.
    pub(super) fn empty(ground: &Ground<'_>, kind: u32, schedule: &mut Schedule) -> Self {
        let mut route = Self::blank(kind);
        let vehicle = &ground.problem.vehicles()[kind as usize];
        for place in [vehicle.start, vehicle.end] {
            route.cells.push(Cell { job: NONE, place: place as u32, length: 0, time: 0, upto: 0 });
        }
        route.measure(ground, schedule);
        route
    }

    /// Serves these jobs from now on, and reloads between them; it is to be measured.
    pub(super) fn fill(&mut self, ground: &Ground<'_>, jobs: impl Iterator<Item = u32>, reloads: &[Reload]) {
        let end = self.cells.len() - 1;
        let places = &ground.problem.vehicles()[self.kind as usize].reloads;
        let cell = |job: u32, place: u32| Cell { job, place, length: 0, time: 0, upto: 0 };
        self.cells.splice(1..end, jobs.map(|job| cell(job, ground.stops[job as usize].place)));
        for (passed, reload) in reloads.iter().enumerate() {
            self.cells.insert(1 + reload.before + passed, cell(NONE, places[reload.place] as u32));
        }
    }

    /// May another vehicle take it over at any time? Then places are sought by length, and the cost is up to who does.
    pub(super) fn is_flexible(&self, ground: &Ground<'_>) -> bool {
        !ground.family[self.kind as usize].is_empty()
    }

    /// Cells between start and end.
    pub(super) fn size(&self) -> usize {
        self.cells.len() - 2
    }

    pub(super) fn jobs(&self) -> impl Iterator<Item = u32> + '_ {
        self.cells[1..self.cells.len() - 1].iter().map(|cell| cell.job).filter(|&job| job != NONE)
    }

    /// The cell of a job.
    pub(super) fn cell_of(&self, job: u32) -> Option<usize> {
        self.cells.iter().position(|cell| cell.job == job)
    }

    /// The cheapest allowed way to put a job in, with the other of its pair, if that adds less than `under` to the cost: what it adds, and where. Of a
    /// flexible route, what it adds to the length.
    pub(super) fn best_place<const TIMED: bool>(
        &self,
        ground: &Ground<'_>,
        job: u32,
        under: i64,
        schedule: &mut Schedule,
    ) -> Option<(i64, Gap)> {
        let mut best = Cheapest { under, gap: None };
        if ground.trips {
            self.best_trip(ground, job, &mut best);
        } else if ground.stops[job as usize].partner == NONE {
            self.best_gap::<TIMED>(ground, job, &mut best, schedule);
        } else {
            self.best_gaps::<TIMED>(ground, job, &mut best, schedule);
        }
        best.gap.map(|gap| (best.under, gap))
    }

    fn best_gap<const TIMED: bool>(&self, ground: &Ground<'_>, job: u32, best: &mut Cheapest, schedule: &mut Schedule) {
        let stop = &ground.stops[job as usize];
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        if !ground.mixed && self.load[0] + stop.load > ground.roomiest[self.kind as usize] {
            return;
        }
        let rows = ground.rows(vehicle.travel, stop.place);
        // Who goes there is settled later: the shortest way is sought.
        let shortest = self.is_flexible(ground);
        let fixed = if self.size() == 0 && !shortest { vehicle.fixed } else { 0 };
        let per_distance = if shortest { 1 } else { vehicle.per_distance };
        let spare = vehicle.max_distance - self.distance;
        let pays_time = vehicle.pays_time();
        let by_length = ground.is_cheapest_by_length(vehicle);
        for (at, pair) in self.cells.windows(2).enumerate() {
            let (from, to) = (pair[0].place as usize, pair[1].place as usize);
            let more = rows.length_from[from] + rows.length_to[to] - pair[1].length;
            let mut cost = i64::from(more) * per_distance + fixed;
            if (cost >= best.under && (!TIMED || by_length)) || i64::from(more) > spare {
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
                if ground.strict {
                    let least = (whole.duration, self.late(ground, job, at, rows.time_from[from]));
                    let under = best.under.saturating_sub(cost);
                    let Some(hours) = self.hours(ground, job, Gap::after(at), least, under, schedule) else { continue };
                    cost += hours;
                } else if pays_time {
                    cost += vehicle.price_of(whole.duration) - self.paid;
                }
                if cost >= best.under {
                    continue;
                }
            }
            *best = Cheapest { under: cost, gap: Some(Gap::after(at)) };
        }
    }

    /// The same for a pair. The first job goes behind each cell in turn, and the second wherever it can behind that; what is between them is joined
    /// cell by cell.
    fn best_gaps<const TIMED: bool>(
        &self,
        ground: &Ground<'_>,
        job: u32,
        best: &mut Cheapest,
        schedule: &mut Schedule,
    ) {
        let first = &ground.stops[job as usize];
        let second = &ground.stops[first.partner as usize];
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let (rows, others) = (ground.rows(vehicle.travel, first.place), ground.rows(vehicle.travel, second.place));
        let straight = rows.length_to[second.place as usize];
        let fixed = if self.size() == 0 { vehicle.fixed } else { 0 };
        let spare = vehicle.max_distance - self.distance;
        let by_length = !TIMED || ground.is_cheapest_by_length(vehicle);
        // The second job makes it longer, and rides, by this at least.
        let arcs = || self.cells.windows(2).map(|pair| (pair[0].place as usize, pair[1].place as usize, &pair[1]));
        let least = arcs().map(|(from, to, next)| others.length_from[from] + others.length_to[to] - next.length);
        let least = least.min().unwrap_or(0);
        let least_time = if ground.strict {
            arcs().map(|(from, to, next)| others.longer(from, to, second, next)).min().unwrap_or(0)
        } else {
            0
        };
        let pair = &ground.problem.pairs()[ground.pair_of(job)];
        let max_ride = if pair.max_ride == MOST { i64::MAX } else { pair.max_ride.into() };
        let dearer = |more: i32, under: i64| by_length && i64::from(more) * vehicle.per_distance + fixed >= under;
        for at in 0..self.cells.len() - 1 {
            if TIMED && self.fore[at].early + self.fore[at].duration > first.times.late {
                // Farther on it is later still.
                break;
            }
            if !self.has_room(ground, job, at, &vehicle.capacity) || !self.suits(ground, pair.kind, at) {
                continue;
            }
            let (from, next) = (self.cells[at].place as usize, &self.cells[at + 1]);
            let to = next.place as usize;
            let mut between = Times::default();
            if TIMED {
                between = self.fore[at].then(rows.time_from[from], first.times);
                if between.warp > 0 {
                    continue;
                }
            }
            let direct = rows.time_to[second.place as usize];
            let longer = rows.time_from[from] + first.times.duration - next.time;
            let more = rows.length_from[from] + straight + others.length_to[to] - next.length;
            let rides = i64::from(direct) <= max_ride
                && self.may_ride_longer(ground, at, longer + direct + second.times.duration + others.time_to[to]);
            if rides && !dearer(more, best.under) && i64::from(more) <= spare {
                let gap = Gap { after: at as u16, second: at as u16 };
                let times = between.then(direct, second.times);
                self.consider::<TIMED>(ground, job, gap, (more, times, others.time_to[to]), best, schedule);
            }
            let detour = rows.length_from[from] + rows.length_to[to] - next.length;
            let longer = longer + rows.time_to[to];
            if dearer(detour + least, best.under) || !self.may_ride_longer(ground, at, longer + least_time.min(0)) {
                continue;
            }
            let mut leg = rows.time_to[to];
            let mut ride = 0;
            for behind in at + 1..self.cells.len() - 1 {
                let (cell, next) = (&self.cells[behind], &self.cells[behind + 1]);
                if TIMED {
                    let times = ground.stops[cell.job as usize].times;
                    between = between.then(leg, times);
                    if between.warp > 0 || between.early + between.duration > second.times.late {
                        break;
                    }
                    ride += i64::from(leg) + i64::from(times.duration);
                    leg = next.time;
                }
                let room = self.has_room(ground, job, behind, &vehicle.capacity);
                if !room || ride > max_ride || !self.suits(ground, pair.kind, behind) {
                    break;
                }
                let (from, to) = (cell.place as usize, next.place as usize);
                let more = detour + others.length_from[from] + others.length_to[to] - next.length;
                if dearer(more, best.under)
                    || i64::from(more) > spare
                    || ride + i64::from(others.time_from[from]) > max_ride
                    || !self.may_ride_longer(ground, behind, others.longer(from, to, second, next) + longer.min(0))
                {
                    continue;
                }
                let gap = Gap { after: at as u16, second: behind as u16 };
                let times = between.then(others.time_from[from], second.times);
                self.consider::<TIMED>(ground, job, gap, (more, times, others.time_to[to]), best, schedule);
            }
        }
    }

    /// May somebody of this kind ride with those who are aboard behind a cell?
    #[inline]
    fn suits(&self, ground: &Ground<'_>, kind: usize, cell: usize) -> bool {
        !ground.strict || self.steps[cell].aboard & ground.apart[kind] == 0
    }

    /// May the rides of those who are aboard behind a cell last so much longer? Yes is not for sure.
    #[inline]
    fn may_ride_longer(&self, ground: &Ground<'_>, cell: usize, longer: i32) -> bool {
        !ground.strict || i64::from(longer) <= self.steps[cell].spare
    }

    /// Is a gap for a pair, with what it makes longer, its times until the second job and the time from there to the next cell, the cheapest so far?
    #[inline]
    fn consider<const TIMED: bool>(
        &self,
        ground: &Ground<'_>,
        job: u32,
        gap: Gap,
        (more, times, leg): (i32, Times, i32),
        best: &mut Cheapest,
        schedule: &mut Schedule,
    ) {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let fixed = if self.size() == 0 { vehicle.fixed } else { 0 };
        let mut cost = i64::from(more) * vehicle.per_distance + fixed;
        if TIMED {
            if times.warp > 0 {
                return;
            }
            let whole = times.then(leg, self.aft[usize::from(gap.second) + 1]);
            if whole.warp > 0 || whole.duration > vehicle.max_duration {
                return;
            }
            if ground.strict {
                let under = best.under.saturating_sub(cost);
                let Some(hours) = self.hours(ground, job, gap, (whole.duration, 0), under, schedule) else { return };
                cost += hours;
            } else {
                cost += vehicle.price_of(whole.duration) - self.paid;
            }
        }
        if cost < best.under {
            *best = Cheapest { under: cost, gap: Some(gap) };
        }
    }

    /// What the times with a job in a gap cost more than those without, if there are any that cost less than `under` more; the way takes so long at least,
    /// and the job is so late at least. What is done anyway costs no less with a job more, unless a way round takes less time: then a place that costs less
    /// may be overlooked. (Where nobody may wait aboard, a job between may be what the vehicle waits for.)
    #[inline]
    fn hours(
        &self,
        ground: &Ground<'_>,
        job: u32,
        gap: Gap,
        (duration, late): (i32, i64),
        under: i64,
        schedule: &mut Schedule,
    ) -> Option<i64> {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let longer = vehicle.price_of(duration) - self.paid;
        let least = if ground.priced && vehicle.may_wait { late + longer.max(0) } else { longer };
        if least >= under {
            return None;
        }
        let hours = schedule.with(ground, self.kind, &self.steps, &self.cells, job, gap)?;
        Some(if ground.priced { hours - self.paid } else { longer })
    }

    /// What being late with a job behind a cell costs at least, which is so much time away.
    #[inline]
    fn late(&self, ground: &Ground<'_>, job: u32, at: usize, time: i32) -> i64 {
        if !ground.priced {
            return 0;
        }
        let (what, before) = (&ground.problem.jobs()[job as usize], &self.fore[at]);
        if what.due == MOST {
            return 0;
        }
        i64::from((before.early + before.duration + time - what.due).max(0)) * what.per_late
    }

    /// Is there room for somebody of a pair behind a cell?
    fn has_room(&self, ground: &Ground<'_>, job: u32, cell: usize, capacity: &Load) -> bool {
        let needs = &ground.problem.jobs()[job as usize].collected;
        (0..ground.dims).all(|dim| {
            let aboard = self.loads[cell][dim].0.collected + self.loads[cell + 1][dim].1.delivered;
            aboard + needs[dim] <= capacity[dim]
        })
    }

    /// Is there room for each kind of load?
    fn fits(&self, ground: &Ground<'_>, job: u32, after: usize, capacity: &Load) -> bool {
        (0..ground.dims).all(|dim| {
            let here = ground.loads[job as usize][dim];
            self.loads[after][dim].0.then(here).then(self.loads[after + 1][dim].1).most <= capacity[dim]
        })
    }

    /// Puts a job, and the other of its pair, into a gap; it must be allowed. The version is the caller's.
    pub(super) fn insert(&mut self, ground: &Ground<'_>, job: u32, gap: Gap, schedule: &mut Schedule) {
        if ground.trips {
            self.put_into_trip(ground, job, gap);
        } else {
            let partner = ground.stops[job as usize].partner;
            let after = usize::from(gap.after);
            self.put(ground, job, after);
            let mut last = after + 1;
            if partner != NONE {
                last = usize::from(gap.second) + 2;
                self.put(ground, partner, last - 1);
            }
            if ground.timed {
                self.measure_times(ground, after + 1, last);
            }
        }
        if ground.mixed {
            self.measure_loads(ground);
        }
        self.settle(ground, schedule);
    }

    /// Puts a job after a cell.
    fn put(&mut self, ground: &Ground<'_>, job: u32, after: usize) {
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
        }
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
        if ground.trips {
            return self.trips_with_tail(ground, at, other, behind);
        }
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let (here, next, there) = (&self.cells[at], &self.cells[at + 1], &other.cells[behind + 1]);
        if ground.paired && (here.upto != 0 || other.cells[behind].upto != 0) {
            // Who is aboard would change vehicles.
            return None;
        }
        if ground.mixed {
            let fits =
                |dim: usize| self.loads[at][dim].0.then(other.loads[behind + 1][dim].1).most <= vehicle.capacity[dim];
            if !(0..ground.dims).all(fits) {
                return None;
            }
        } else if here.upto + other.load[0] - other.cells[behind].upto > ground.roomiest[self.kind as usize] {
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
    pub(super) fn measure(&mut self, ground: &Ground<'_>, schedule: &mut Schedule) {
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
        if ground.trips {
            self.measure_trips(ground);
        } else if ground.timed {
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
        self.settle(ground, schedule);
    }

    /// Windows, shift, longest time and way; loads are not looked at.
    pub(super) fn keeps_limits(&self, ground: &Ground<'_>) -> bool {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        if ground.trips && !self.may_reload(ground) {
            return false;
        }
        let in_time = || {
            let whole = self.fore[0].then(self.cells[1].time, self.aft[1]);
            whole.warp == 0 && whole.duration <= vehicle.max_duration && self.kept
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
        for cell in &self.cells[1..self.cells.len() - 1] {
            sum += i64::from(ground.problem.duration(kind as usize, at, cell.place as usize));
            sum += ground.stops.get(cell.job as usize).map_or(0, |stop| i64::from(stop.times.duration));
            at = cell.place as usize;
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
        let end = self.cells.len() - 1;
        self.loads.clear();
        self.loads.resize(end + 1, Default::default());
        for dim in 0..ground.dims {
            let (mut fore, mut aft) = (Loads::default(), Loads::default());
            // A reload begins anew.
            let own = |cell: &Cell| ground.loads.get(cell.job as usize).map(|loads| loads[dim]);
            let mut most = 0;
            for at in 1..end {
                fore = own(&self.cells[at]).map_or_else(Loads::default, |own| fore.then(own));
                most = most.max(fore.most);
                self.loads[at][dim].0 = fore;
            }
            for at in (1..end).rev() {
                aft = own(&self.cells[at]).map_or_else(Loads::default, |own| own.then(aft));
                self.loads[at][dim].1 = aft;
            }
            self.load[dim] = most;
        }
    }

    /// What follows from the rest: whether rides are kept, and the cost.
    fn settle(&mut self, ground: &Ground<'_>, schedule: &mut Schedule) {
        if ground.strict {
            let jobs = self.cells[1..self.cells.len() - 1].iter().map(|cell| cell.job);
            let hours = schedule.measure(ground, self.kind, jobs, &mut self.steps);
            self.kept = hours.is_some() || self.size() == 0;
            self.paid = hours.unwrap_or(0);
        }
        self.price(ground);
    }

    fn price(&mut self, ground: &Ground<'_>) {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        if self.size() == 0 {
            (self.paid, self.cost) = (0, 0);
            return;
        }
        if !ground.priced {
            self.paid = vehicle.price_of(self.duration);
        }
        self.cost = vehicle.fixed + self.distance * vehicle.per_distance + self.paid;
    }
}
