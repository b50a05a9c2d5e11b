//! All routes in the making, and who is left out; changes can be undone.
//!
//! Always true between calls: every route keeps windows, loads and limits; `cost` is the sum of the routes' costs; an order is served by one
//! of its jobs, or stands in `absent`; both jobs of a pair are in one route, in order, or in none; a reload stands between two jobs; a slot is in
//! `free` of its type or in `used`.

use super::ground::{Ground, NONE};
use super::resplit::Resplit;
use super::route::{Cell, Gap, Route};
use super::schedule::Schedule;
use super::tours::{Tour, Tours};

/// From here on routes are numbered anew, long before 32 bits are used up.
const LAST_VERSION: u32 = u32::MAX - (1 << 24);

/// All of it.
#[derive(Clone, Debug)]
pub(super) struct State<'g> {
    pub(super) ground: &'g Ground<'g>,
    pub(super) routes: Vec<Route>,
    /// The slot of a job; the number of routes where it is in none.
    pub(super) route_of: Vec<u32>,
    /// The job that serves an order.
    pub(super) serves: Vec<u32>,
    pub(super) absent: Vec<u32>,
    pub(super) free: Vec<Vec<u32>>,
    pub(super) used: Vec<u32>,
    spot: Vec<u32>,
    pub(super) cost: i64,
    versions: u32,
    spare: Vec<Cell>,
    schedule: Schedule,
    /// When a job was last to be taken out.
    marked: Vec<u64>,
    marks: u64,
    journal: Journal,
}

/// What is needed to go back.
#[derive(Clone, Debug, Default)]
struct Journal {
    now: u64,
    stamp: Vec<u64>,
    /// Routes as they were; only the first `count` are in use.
    routes: Vec<(u32, Route)>,
    count: usize,
    /// Orders that were torn out, with the job that served them, and its slot.
    torn: Vec<(u32, u32, u32)>,
    absent: Vec<u32>,
    /// Jobs went from route to route without being torn out.
    moved: bool,
    cost: i64,
}

impl<'g> State<'g> {
    /// Nothing is served.
    pub(super) fn new(ground: &'g Ground<'g>) -> Self {
        let mut schedule = Schedule::default();
        let mut routes = Vec::new();
        let mut free = Vec::new();
        for (kind, vehicle) in ground.problem.vehicles().iter().enumerate() {
            let first = routes.len() as u32;
            let count = vehicle.count.min(ground.orders.len());
            routes.extend((0..count).map(|_| Route::empty(ground, kind as u32, &mut schedule)));
            free.push((first..first + count as u32).rev().collect::<Vec<u32>>());
        }
        let mut spot = vec![0; routes.len()];
        for slots in &free {
            for (at, &slot) in slots.iter().enumerate() {
                spot[slot as usize] = at as u32;
            }
        }
        let journal = Journal { now: 1, stamp: vec![0; routes.len()], ..Journal::default() };
        Self {
            ground,
            route_of: vec![routes.len() as u32; ground.stops.len()],
            serves: vec![NONE; ground.orders.len()],
            absent: (0..ground.orders.len() as u32).collect(),
            routes,
            free,
            used: Vec::new(),
            spot,
            cost: 0,
            versions: ground.problem.vehicles().len() as u32,
            spare: Vec::new(),
            schedule,
            marked: vec![0; if ground.paired { ground.stops.len() } else { 0 }],
            marks: 0,
            journal,
        }
    }

    /// Serves what an answer serves, and nothing else.
    pub(super) fn go_to(&mut self, tours: &Tours) {
        self.begin();
        while let Some(&slot) = self.used.last() {
            self.take_out(slot, |_| true);
        }
        self.take_over(tours);
    }

    /// Takes over the tours of an answer, as far as they are allowed and there are vehicles.
    pub(super) fn take_over(&mut self, tours: &Tours) {
        for tour in &tours.tours {
            if let Some(&slot) = self.free.get(tour.vehicle).and_then(|free| free.last())
                && self.is_whole(tour)
            {
                self.begin();
                self.touch(slot);
                self.journal.moved = true;
                let jobs = tour.jobs.iter().map(|&job| job as u32);
                self.routes[slot as usize].fill(self.ground, jobs.clone(), &tour.reloads);
                let route = &self.routes[slot as usize];
                if !route.may_be_measured(self.ground, route.kind) {
                    self.routes[slot as usize].fill(self.ground, std::iter::empty(), &[]);
                    continue;
                }
                self.settle(slot);
                if !self.is_allowed(slot) {
                    self.undo();
                    let nowhere = self.nowhere();
                    for job in jobs {
                        self.route_of[job as usize] = nowhere;
                    }
                    continue;
                }
                for job in jobs {
                    let stop = &self.ground.stops[job as usize];
                    if !stop.is_second() {
                        self.serves[stop.order as usize] = job;
                    }
                }
                let serves = &self.serves;
                self.absent.retain(|&order| serves[order as usize] == NONE);
            }
        }
        self.begin();
    }

    /// Are its jobs jobs of the problem, each of another order that nobody serves yet, each pair whole and in order, and each trip one of some jobs?
    fn is_whole(&self, tour: &Tour) -> bool {
        let jobs = &tour.jobs;
        let mut before = 0;
        let places = self.ground.problem.vehicles().get(tour.vehicle).map_or(0, |vehicle| vehicle.reloads.len());
        let trips = tour.reloads.iter().all(|reload| {
            let after = std::mem::replace(&mut before, reload.before);
            after < reload.before && reload.before < jobs.len() && reload.place < places
        });
        let mut orders = std::collections::BTreeSet::new();
        let mut open = std::collections::BTreeSet::new();
        trips
            && !jobs.is_empty()
            && jobs.iter().all(|&job| {
                let Some(stop) = self.ground.stops.get(job) else { return false };
                if stop.is_second() {
                    return open.remove(&job);
                }
                if stop.partner != NONE {
                    open.insert(stop.partner as usize);
                }
                self.serves[stop.order as usize] == NONE && orders.insert(stop.order)
            })
            && open.is_empty()
    }

    /// What stands for no slot.
    pub(super) fn nowhere(&self) -> u32 {
        self.routes.len() as u32
    }

    /// Numbers anew where they run out; who remembers routes by number must forget.
    pub(super) fn renumber(&mut self) -> bool {
        if self.versions < LAST_VERSION {
            return false;
        }
        self.versions = self.ground.problem.vehicles().len() as u32;
        for at in 0..self.used.len() {
            let version = self.next_version();
            self.routes[self.used[at] as usize].version = version;
        }
        true
    }

    fn next_version(&mut self) -> u32 {
        self.versions += 1;
        self.versions
    }

    /// Puts a job, and the other of its pair, into a gap of a route; it must be allowed.
    pub(super) fn insert(&mut self, job: u32, slot: u32, gap: Gap) {
        self.touch(slot);
        if self.routes[slot as usize].size() == 0 {
            self.set_used(slot, true);
        }
        let version = self.next_version();
        let route = &mut self.routes[slot as usize];
        self.cost -= route.cost;
        route.insert(self.ground, job, gap, &mut self.schedule);
        route.version = version;
        self.cost += route.cost;
        let stop = &self.ground.stops[job as usize];
        set_route(&mut self.route_of, self.ground, job, slot);
        self.serves[stop.order as usize] = job;
    }

    /// Takes the jobs in some cells of a route out, and the others of their pairs.
    pub(super) fn take_out(&mut self, slot: u32, cells: impl Fn(usize) -> bool) {
        self.touch(slot);
        let version = self.next_version();
        let nowhere = self.nowhere();
        self.marks += 1;
        if self.ground.paired {
            for (at, cell) in self.routes[slot as usize].cells.iter().enumerate() {
                if cell.job != NONE && cells(at) {
                    for job in [cell.job, self.ground.stops[cell.job as usize].partner] {
                        if job != NONE {
                            self.marked[job as usize] = self.marks;
                        }
                    }
                }
            }
        }
        let (paired, marked, marks) = (self.ground.paired, &self.marked, self.marks);
        let route = &mut self.routes[slot as usize];
        let (journal, absent, serves, route_of) =
            (&mut self.journal, &mut self.absent, &mut self.serves, &mut self.route_of);
        let stops = &self.ground.stops;
        self.cost -= route.cost;
        // Where a way round is shorter, what is left may be too long or too late: then nothing is left.
        for all in [false, true] {
            let mut at = 0;
            route.cells.retain(|cell| {
                at += 1;
                let goes = |job: u32| if paired { marked[job as usize] == marks } else { cells(at - 1) };
                if cell.job == NONE || !(all || goes(cell.job)) {
                    return true;
                }
                let stop = &stops[cell.job as usize];
                let order = stop.order;
                route_of[cell.job as usize] = nowhere;
                if stop.is_second() {
                    return false;
                }
                serves[order as usize] = NONE;
                journal.torn.push((order, cell.job, slot));
                absent.push(order);
                false
            });
            if self.ground.trips {
                route.tidy();
            }
            if route.may_be_measured(self.ground, route.kind) {
                route.measure(self.ground, &mut self.schedule);
                if route.keeps_limits(self.ground) {
                    break;
                }
            }
        }
        route.version = if route.size() == 0 { route.kind } else { version };
        self.cost += route.cost;
        if route.size() == 0 {
            self.set_used(slot, false);
        }
    }

    /// What stands behind a cell of one route goes behind a cell of the other, and the other way round; it must be allowed.
    pub(super) fn swap_tails(&mut self, one: (u32, usize), other: (u32, usize)) {
        self.rejoin(one, other, |a, at, b, behind, spare| {
            let (end_a, end_b) = (a.len() - 1, b.len() - 1);
            spare.extend(a.drain(at + 1..end_a));
            let end = a.len() - 1;
            a.splice(end..end, b.drain(behind + 1..end_b));
            let end = b.len() - 1;
            b.splice(end..end, spare.drain(..));
        });
    }

    /// Heads of two routes are joined, one of them turned round, and so are their tails; in one route, the part between is turned round.
    pub(super) fn turn(&mut self, (one, at): (u32, usize), (other, behind): (u32, usize)) {
        if one == other {
            self.touch(one);
            let route = &mut self.routes[one as usize];
            self.cost -= route.cost;
            route.cells[at.min(behind) + 1..=at.max(behind)].reverse();
            self.settle(one);
            return;
        }
        self.rejoin((one, at), (other, behind), |a, at, b, behind, spare| {
            let end = a.len() - 1;
            spare.extend(a.drain(at + 1..end).rev());
            a.splice(at + 1..at + 1, b.drain(1..=behind).rev());
            b.splice(1..1, spare.drain(..));
        });
    }

    /// Changes the cells of two routes together.
    fn rejoin(
        &mut self,
        (one, at): (u32, usize),
        (other, behind): (u32, usize),
        change: impl FnOnce(&mut Vec<Cell>, usize, &mut Vec<Cell>, usize, &mut Vec<Cell>),
    ) {
        for slot in [one, other] {
            self.touch(slot);
            self.cost -= self.routes[slot as usize].cost;
        }
        self.journal.moved = true;
        let mut cells = std::mem::take(&mut self.routes[other as usize].cells);
        change(&mut self.routes[one as usize].cells, at, &mut cells, behind, &mut self.spare);
        self.routes[other as usize].cells = cells;
        if self.ground.trips {
            for slot in [one, other] {
                self.routes[slot as usize].tidy();
            }
        }
        self.settle(one);
        self.settle(other);
    }

    /// Trips of a route that fit into one become one.
    pub(super) fn merge_trips(&mut self, slot: u32) {
        self.touch(slot);
        let version = self.next_version();
        let route = &mut self.routes[slot as usize];
        let before = route.cost;
        if route.merge(self.ground) {
            route.version = version;
            self.cost += route.cost - before;
        }
    }

    /// Routes that have changed since it began reload where that is shortest.
    pub(super) fn resplit(&mut self, resplit: &mut Resplit) {
        for at in 0..self.journal.count {
            let slot = self.journal.routes[at].0;
            let version = self.next_version();
            let route = &mut self.routes[slot as usize];
            if let Some((jobs, reloads)) = resplit.shorter(self.ground, route) {
                self.cost -= route.cost;
                route.fill(self.ground, jobs.iter().copied(), reloads);
                route.measure(self.ground, &mut self.schedule);
                route.version = version;
                self.cost += route.cost;
            }
        }
    }

    /// What a job would add to the cost of a flexible route which it makes longer by so much, and the type of vehicle that would drive it then.
    pub(super) fn flexed(&self, slot: u32, job: u32, more: i64) -> Option<(i64, u32)> {
        let route = &self.routes[slot as usize];
        let load = route.load[0] + self.ground.stops[job as usize].load;
        let (cost, kind) = self.cheapest(route, load, route.distance + more)?;
        Some((cost - route.cost, kind))
    }

    /// The type of vehicle, its own or one that is free, that is cheapest for a flexible route.
    fn cheapest(&self, route: &Route, load: i32, distance: i64) -> Option<(i64, u32)> {
        let family = self.ground.family[route.kind as usize].iter().copied();
        let there = family.filter(|&kind| kind == route.kind || !self.free[kind as usize].is_empty());
        let costs = there.filter_map(|kind| Some((self.ground.cost(kind, load, distance)?, kind != route.kind, kind)));
        costs.min().map(|(cost, _, kind)| (cost, kind))
    }

    /// A flexible route is driven by the cheapest vehicle there is; its slot then.
    pub(super) fn refit(&mut self, slot: u32) -> u32 {
        let route = &self.routes[slot as usize];
        if route.size() == 0 || !route.is_flexible(self.ground) {
            return slot;
        }
        match self.cheapest(route, route.load[0], route.distance) {
            Some((_, kind)) => self.hand_over(slot, kind),
            None => slot,
        }
    }

    /// A vehicle of another type takes a route over; its slot then.
    pub(super) fn hand_over(&mut self, slot: u32, kind: u32) -> u32 {
        if self.routes[slot as usize].kind == kind {
            return slot;
        }
        let Some(&other) = self.free[kind as usize].last() else { return slot };
        if self.routes[slot as usize].size() > 0 {
            self.exchange(slot, other);
        }
        other
    }

    /// The jobs of two routes change vehicles; says whether that is allowed, else it must be undone.
    pub(super) fn change_vehicles(&mut self, one: u32, other: u32) -> bool {
        let (a, b) = (&self.routes[one as usize], &self.routes[other as usize]);
        if !a.may_be_measured(self.ground, b.kind) || !b.may_be_measured(self.ground, a.kind) {
            return false;
        }
        self.exchange(one, other);
        self.is_allowed(one) && self.is_allowed(other)
    }

    /// What two vehicles do is done by each other.
    fn exchange(&mut self, one: u32, other: u32) {
        self.rejoin((one, 0), (other, 0), |a, _, b, _, spare| {
            let (end_a, end_b) = (a.len() - 1, b.len() - 1);
            spare.extend(a.splice(1..end_a, b[1..end_b].iter().copied()));
            b.splice(1..end_b, spare.drain(..));
        });
    }

    /// After its cells have changed.
    fn settle(&mut self, slot: u32) {
        let version = self.next_version();
        let route = &mut self.routes[slot as usize];
        route.measure(self.ground, &mut self.schedule);
        let used = route.size() > 0;
        route.version = if used { version } else { route.kind };
        self.cost += route.cost;
        for job in route.jobs() {
            self.route_of[job as usize] = slot;
        }
        let free = &self.free[route.kind as usize];
        let was_free = free.get(self.spot[slot as usize] as usize) == Some(&slot);
        if used == was_free {
            self.set_used(slot, used);
        }
    }

    fn set_used(&mut self, slot: u32, used: bool) {
        let kind = self.routes[slot as usize].kind as usize;
        let (from, to) =
            if used { (&mut self.free[kind], &mut self.used) } else { (&mut self.used, &mut self.free[kind]) };
        let at = self.spot[slot as usize] as usize;
        from.swap_remove(at);
        if let Some(&moved) = from.get(at) {
            self.spot[moved as usize] = at as u32;
        }
        self.spot[slot as usize] = to.len() as u32;
        to.push(slot);
    }

    /// From here on changes can be undone together.
    pub(super) fn begin(&mut self) {
        let journal = &mut self.journal;
        journal.now += 1;
        journal.count = 0;
        journal.torn.clear();
        journal.moved = false;
        journal.absent.clear();
        journal.absent.extend_from_slice(&self.absent);
        journal.cost = self.cost;
    }

    /// How many orders were absent when it began; they stand first in `absent`.
    pub(super) fn absent_before(&self) -> usize {
        self.journal.absent.len()
    }

    /// What routes cost when it began.
    pub(super) fn cost_before(&self) -> i64 {
        self.journal.cost
    }

    /// Has it changed since it began?
    #[inline]
    pub(super) fn is_touched(&self, slot: u32) -> bool {
        self.journal.stamp[slot as usize] == self.journal.now
    }

    #[inline]
    fn touch(&mut self, slot: u32) {
        if self.is_touched(slot) {
            return;
        }
        let journal = &mut self.journal;
        journal.stamp[slot as usize] = journal.now;
        if journal.routes.len() == journal.count {
            journal.routes.push((slot, Route::blank(0)));
        }
        let saved = &mut journal.routes[journal.count];
        journal.count += 1;
        saved.0 = slot;
        saved.1.clone_from(&self.routes[slot as usize]);
    }

    /// Back to where it began.
    pub(super) fn undo(&mut self) {
        let mut journal = std::mem::take(&mut self.journal);
        // Backwards: an order may have been torn out, put in and torn out again.
        let before = journal.torn.iter().rev().copied();
        let nowhere = self.nowhere();
        for (order, job, slot) in before.chain(journal.absent.iter().map(|&order| (order, NONE, nowhere))) {
            let now = std::mem::replace(&mut self.serves[order as usize], job);
            for (job, slot) in [(now, nowhere), (job, slot)] {
                if job != NONE {
                    set_route(&mut self.route_of, self.ground, job, slot);
                }
            }
        }
        for (slot, saved) in journal.routes[..journal.count].iter_mut().rev() {
            let used = saved.size() > 0;
            if used != (self.routes[*slot as usize].size() > 0) {
                self.set_used(*slot, used);
            }
            std::mem::swap(saved, &mut self.routes[*slot as usize]);
            if journal.moved {
                for job in self.routes[*slot as usize].jobs() {
                    self.route_of[job as usize] = *slot;
                }
            }
        }
        std::mem::swap(&mut self.absent, &mut journal.absent);
        self.cost = journal.cost;
        self.journal = journal;
    }

    /// Does a route keep all that binds its vehicle?
    pub(super) fn is_allowed(&self, slot: u32) -> bool {
        self.routes[slot as usize].is_allowed(self.ground)
    }

    /// Prizes not won, and how many orders that must be served are not.
    pub(super) fn left_out(&self) -> (i64, usize) {
        let mut sum = (0, 0);
        for &order in &self.absent {
            match self.ground.orders[order as usize].prize {
                Some(prize) => sum.0 += prize,
                None => sum.1 += 1,
            }
        }
        sum
    }

    /// As an answer.
    pub(super) fn tours(&self) -> Tours {
        let mut tours: Vec<Tour> = self
            .used
            .iter()
            .map(|&slot| {
                let route = &self.routes[slot as usize];
                let jobs = route.jobs().map(|job| job as usize).collect();
                let reloads = if self.ground.trips { route.reloads(self.ground) } else { Vec::new() };
                Tour { vehicle: route.kind as usize, jobs, reloads }
            })
            .collect();
        tours.sort_by_key(|tour| (tour.vehicle, tour.jobs.first().copied()));
        let (prizes, missing) = self.left_out();
        Tours { tours, missing, cost: self.cost + prizes }
    }
}

/// A job and the other of its pair go with a slot.
fn set_route(route_of: &mut [u32], ground: &Ground<'_>, job: u32, slot: u32) {
    route_of[job as usize] = slot;
    let partner = ground.stops[job as usize].partner;
    if partner != NONE {
        route_of[partner as usize] = slot;
    }
}
