//! Routes of several trips: cells without a job between start and end are reloads. Each trip has loads of its own and leaves when the last of what it
//! delivers is released. What is known of each cell within its trip joins parts of trips in O(1), also where a reload comes between or goes.

use super::{Cell, Cheapest, Gap, Route};
use crate::routing::ground::{Ground, NONE, Rows};
use crate::routing::problem::Vehicle;
use crate::routing::segment::Times;
use crate::routing::tours::Reload;

/// What is known of a cell as part of its trip, which a start or reload begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stage {
    /// From the trip's first job until here.
    within: Times,
    /// Latest release of the trip's jobs until here, and from here on.
    upto: i32,
    onwards: i32,
    /// Load of the first kind from here to the trip's end.
    ahead: i32,
    /// The cell the trip leaves from.
    from: u16,
    /// Reloads until here.
    reloads: u16,
}

/// Does a job that goes into a gap begin or end a trip there, and where is reloaded then (a position in the vehicle's places)?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::routing) enum Parting {
    Nothing,
    Begins(usize),
    Ends(usize),
}

impl Gap {
    /// Of a job that goes after a cell of a route of trips.
    pub(in crate::routing) fn of_trips(cell: usize, parting: Parting) -> Self {
        let second = match parting {
            Parting::Nothing => 0,
            Parting::Begins(place) => 2 * place + 1,
            Parting::Ends(place) => 2 * place + 2,
        };
        Self { after: cell as u16, second: second as u16 }
    }

    fn parting(self) -> Parting {
        match usize::from(self.second) {
            0 => Parting::Nothing,
            odd if odd % 2 == 1 => Parting::Begins(odd / 2),
            even => Parting::Ends(even / 2 - 1),
        }
    }
}

impl Route {
    /// Where it reloads.
    pub(in crate::routing) fn reloads(&self, ground: &Ground<'_>) -> Vec<Reload> {
        let places = &ground.problem.vehicles()[self.kind as usize].reloads;
        let inner = self.cells[1..self.cells.len() - 1].iter();
        let mut before = 0;
        inner
            .filter_map(|cell| {
                // Its vehicle may reload there.
                let place = places.iter().position(|&place| place == cell.place as usize).unwrap_or_default();
                let reload = Reload { before, place };
                before += usize::from(cell.job != NONE);
                (cell.job == NONE).then_some(reload)
            })
            .collect()
    }

    fn count_reloads(&self) -> usize {
        usize::from(self.stages[self.cells.len() - 2].reloads)
    }

    /// May its vehicle reload where it does, and so often?
    #[inline(never)]
    pub(super) fn may_reload(&self, ground: &Ground<'_>) -> bool {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let inner = &self.cells[1..self.cells.len() - 1];
        let places = || inner.iter().filter(|cell| cell.job == NONE).map(|cell| cell.place as usize);
        self.count_reloads() <= vehicle.max_reloads && places().all(|place| vehicle.reloads.contains(&place))
    }

    /// Leaving a cell that begins a trip, released at a time.
    #[inline]
    fn leaving(&self, vehicle: &Vehicle, from: usize, release: i32) -> Times {
        let leaving = Times::of_leaving(vehicle, release);
        if from == 0 { leaving } else { self.fore[from - 1].then(self.cells[from].time, leaving) }
    }

    /// The way until a cell if its trip is released at a time.
    #[inline]
    fn lead(&self, vehicle: &Vehicle, at: usize, release: i32) -> Times {
        let stage = &self.stages[at];
        let from = usize::from(stage.from);
        if release == self.stages[from].onwards {
            return self.fore[at];
        }
        let leaving = self.leaving(vehicle, from, release);
        if at == from { leaving } else { leaving.then(self.cells[from + 1].time, stage.within) }
    }

    /// What is left of a cell's trip from it on: the load of the first kind and the latest release. Nothing where the cell ends a trip.
    #[inline]
    fn rest(&self, at: usize) -> (i32, i32) {
        let stage = &self.stages[at];
        if self.cells[at].job == NONE { (0, 0) } else { (stage.ahead, stage.onwards) }
    }

    /// The cheapest gap for a job, in a trip there is or one that begins or ends with it.
    #[inline(never)]
    pub(super) fn best_trip(&self, ground: &Ground<'_>, job: u32, best: &mut Cheapest) {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let release = ground.releases[job as usize];
        let stop = &ground.stops[job as usize];
        if release > vehicle.shift.1 || (!ground.mixed && stop.load > vehicle.capacity[0]) {
            return;
        }
        let last = self.cells.len() - 2;
        let search = Search { ground, vehicle, job, release, rows: ground.rows(vehicle.travel, stop.place) };
        // Behind a cell that cannot be left in time by any split it is later still.
        let soon = |at: &usize| {
            let lead = self.lead(vehicle, *at, self.stages[*at].upto);
            lead.early + lead.duration <= stop.times.late
        };
        let gaps = (0..=last).take_while(soon).count();
        for at in 0..gaps {
            self.try_plain(&search, at, best);
        }
        if self.count_reloads() >= vehicle.max_reloads {
            return;
        }
        for (position, &place) in vehicle.reloads.iter().enumerate() {
            let reload = ground.rows(vehicle.travel, place as u32);
            for at in 0..gaps {
                self.try_parting(&search, at, (position, place, &reload), best);
            }
        }
    }

    #[inline]
    fn try_plain(&self, search: &Search<'_>, at: usize, best: &mut Cheapest) {
        let Search { ground, vehicle, job, release, rows } = *search;
        let stop = &ground.stops[job as usize];
        let (here, next) = (&self.cells[at], &self.cells[at + 1]);
        let (from, to) = (here.place as usize, next.place as usize);
        let more = rows.length_from[from] + rows.length_to[to] - next.length;
        let Some(cost) = self.paid(search, more, best.under) else { return };
        let fits = if ground.mixed {
            self.fits(ground, job, at, &vehicle.capacity)
        } else {
            here.upto + stop.load + self.rest(at + 1).0 <= vehicle.capacity[0]
        };
        if !fits {
            return;
        }
        let trip = self.stages[usize::from(self.stages[at].from)].onwards;
        let there = self.lead(vehicle, at, trip.max(release)).then(rows.time_from[from], stop.times);
        self.settle_on(search, there, (rows.time_to[to], at), (cost, Parting::Nothing), best);
    }

    /// With a reload before the job or behind it.
    #[inline]
    fn try_parting(
        &self,
        search: &Search<'_>,
        at: usize,
        (position, place, reload): (usize, usize, &Rows<'_>),
        best: &mut Cheapest,
    ) {
        let Search { ground, vehicle, job, release, rows } = *search;
        let stop = &ground.stops[job as usize];
        let (here, next) = (&self.cells[at], &self.cells[at + 1]);
        let (from, to) = (here.place as usize, next.place as usize);
        let (ahead, onwards) = self.rest(at + 1);
        let upto = self.stages[at].upto;
        let more = reload.length_from[from] + rows.length_from[place] + rows.length_to[to] - next.length;
        if here.job != NONE
            && let Some(cost) = self.paid(search, more, best.under)
            && (if ground.mixed { self.fits_behind(ground, job, at) } else { stop.load + ahead <= vehicle.capacity[0] })
        {
            let leaving = Times::of_leaving(vehicle, release.max(onwards));
            let there = self.lead(vehicle, at, upto).then(reload.time_from[from], leaving);
            let there = there.then(rows.time_from[place], stop.times);
            self.settle_on(search, there, (rows.time_to[to], at), (cost, Parting::Begins(position)), best);
        }
        let more = rows.length_from[from] + rows.length_to[place] + reload.length_to[to] - next.length;
        if next.job != NONE
            && let Some(cost) = self.paid(search, more, best.under)
            && (if ground.mixed {
                self.fits_before(ground, job, at)
            } else {
                here.upto + stop.load <= vehicle.capacity[0]
            })
        {
            let there = self.lead(vehicle, at, upto.max(release)).then(rows.time_from[from], stop.times);
            let there = there.then(rows.time_to[place], Times::of_leaving(vehicle, onwards));
            self.settle_on(search, there, (reload.time_to[to], at), (cost, Parting::Ends(position)), best);
        }
    }

    /// What so much more length costs, if that is allowed and may be the cheapest.
    #[inline]
    fn paid(&self, search: &Search<'_>, more: i32, under: i64) -> Option<i64> {
        let vehicle = search.vehicle;
        let fixed = if self.size() == 0 { vehicle.fixed } else { 0 };
        let cost = i64::from(more) * vehicle.per_distance + fixed;
        let cheap = cost < under || vehicle.pays_time();
        (cheap && i64::from(more) <= vehicle.max_distance - self.distance).then_some(cost)
    }

    /// The cheapest so far, if the way until there and `time` later the cells behind `at` are in time.
    #[inline]
    fn settle_on(
        &self,
        search: &Search<'_>,
        there: Times,
        (time, at): (i32, usize),
        (cost, parting): (i64, Parting),
        best: &mut Cheapest,
    ) {
        if there.warp > 0 {
            return;
        }
        let whole = there.then(time, self.aft[at + 1]);
        if whole.warp > 0 || whole.duration > search.vehicle.max_duration {
            return;
        }
        let vehicle = search.vehicle;
        let cost = if vehicle.pays_time() { cost + vehicle.price_of(whole.duration) - self.paid } else { cost };
        if cost < best.under {
            *best = Cheapest { under: cost, gap: Some(Gap::of_trips(at, parting)) };
        }
    }

    /// Is there room for each kind of load in the trip that begins with a job and goes on behind a cell?
    fn fits_behind(&self, ground: &Ground<'_>, job: u32, after: usize) -> bool {
        let capacity = &ground.problem.vehicles()[self.kind as usize].capacity;
        let loads = ground.loads[job as usize].iter().zip(&self.loads[after + 1]).zip(capacity);
        loads.into_iter().all(|((own, known), &room)| own.then(known.1).most <= room)
    }

    /// The same of the trip that goes on until a cell and ends with a job.
    fn fits_before(&self, ground: &Ground<'_>, job: u32, after: usize) -> bool {
        let capacity = &ground.problem.vehicles()[self.kind as usize].capacity;
        let loads = ground.loads[job as usize].iter().zip(&self.loads[after]).zip(capacity);
        loads.into_iter().all(|((own, known), &room)| known.0.then(*own).most <= room)
    }

    /// Puts a job into a gap that is allowed.
    #[inline(never)]
    pub(super) fn put_into_trip(&mut self, ground: &Ground<'_>, job: u32, gap: Gap) {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let blank = Cell { job: NONE, place: 0, length: 0, time: 0, upto: 0 };
        let own = Cell { job, place: ground.stops[job as usize].place, ..blank };
        let reload = |position: usize| Cell { place: vehicle.reloads[position] as u32, ..blank };
        let at = usize::from(gap.after) + 1;
        let behind = match gap.parting() {
            Parting::Nothing => {
                self.cells.insert(at, own);
                at + 1
            }
            Parting::Begins(position) => {
                self.cells.splice(at..at, [reload(position), own]);
                at + 2
            }
            Parting::Ends(position) => {
                self.cells.splice(at..at, [own, reload(position)]);
                at + 2
            }
        };
        self.distance -= i64::from(self.cells[behind].length);
        for at in at..=behind {
            self.measure_arc(ground, at);
            self.distance += i64::from(self.cells[at].length);
        }
        self.measure_trips(ground);
    }

    /// The way from the cell before.
    fn measure_arc(&mut self, ground: &Ground<'_>, at: usize) {
        let (from, to) = (self.cells[at - 1].place as usize, self.cells[at].place as usize);
        let (length, time) = (
            ground.problem.distance(self.kind as usize, from, to),
            ground.problem.duration(self.kind as usize, from, to),
        );
        (self.cells[at].length, self.cells[at].time) = (length, time);
    }

    /// Times and loads, and what is known of the trips.
    #[inline(never)]
    pub(super) fn measure_trips(&mut self, ground: &Ground<'_>) {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let end = self.cells.len() - 1;
        self.stages.clear();
        self.stages.resize(end + 1, Stage::default());
        for times in [&mut self.fore, &mut self.aft] {
            times.clear();
            times.resize(end + 1, Times::of_depot(vehicle));
        }
        let mut aft = Times::of_depot(vehicle);
        let (mut ahead, mut onwards) = (0, 0);
        for at in (0..end).rev() {
            let (job, time) = (self.cells[at].job, self.cells[at + 1].time);
            let stage = &mut self.stages[at];
            if job == NONE {
                (stage.ahead, stage.onwards) = (ahead, onwards);
                if at > 0 {
                    aft = Times::of_leaving(vehicle, onwards).then(time, aft);
                }
                (ahead, onwards) = (0, 0);
            } else {
                let stop = &ground.stops[job as usize];
                (ahead, onwards) = (ahead + stop.load, onwards.max(ground.releases[job as usize]));
                (stage.ahead, stage.onwards) = (ahead, onwards);
                aft = stop.times.then(time, aft);
            }
            if at > 0 {
                self.aft[at] = aft;
            }
        }
        let mut fore = Times::of_leaving(vehicle, self.stages[0].onwards);
        self.fore[0] = fore;
        let (mut from, mut reloads, mut most) = (0, 0, 0);
        for at in 1..end {
            let Cell { job, time, .. } = self.cells[at];
            let before = self.stages[at - 1];
            let upto = self.cells[at - 1].upto;
            let (cell, stage) = (&mut self.cells[at], &mut self.stages[at]);
            if job == NONE {
                (from, reloads) = (at as u16, reloads + 1);
                cell.upto = 0;
                fore = fore.then(time, Times::of_leaving(vehicle, stage.onwards));
            } else {
                let stop = &ground.stops[job as usize];
                cell.upto = upto + stop.load;
                most = most.max(cell.upto);
                stage.upto = before.upto.max(ground.releases[job as usize]);
                stage.within =
                    if at == usize::from(from) + 1 { stop.times } else { before.within.then(time, stop.times) };
                fore = fore.then(time, stop.times);
            }
            (stage.from, stage.reloads) = (from, reloads);
            self.fore[at] = fore;
        }
        self.cells[end].upto = 0;
        self.load[0] = most;
        self.duration = if end == 1 { 0 } else { self.fore[0].then(self.cells[1].time, self.aft[1]).duration };
    }

    /// Reloads that part nothing go: next to start, end or each other. It is to be measured.
    pub(in crate::routing) fn tidy(&mut self) {
        let end = self.cells.len() - 1;
        let (mut at, mut after_job) = (0, false);
        self.cells.retain(|cell| {
            let keeps = at == 0 || at == end || cell.job != NONE || after_job;
            after_job = if keeps { cell.job != NONE } else { after_job };
            at += 1;
            keeps
        });
        let last = self.cells.len() - 2;
        if last > 0 && self.cells[last].job == NONE {
            self.cells.remove(last);
        }
    }

    /// Trips that follow one another are made one where that is allowed and costs no more. It is measured.
    pub(in crate::routing) fn merge(&mut self, ground: &Ground<'_>) -> bool {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let mut merged = false;
        let mut at = 1;
        while at + 1 < self.cells.len() {
            if self.cells[at].job != NONE || !self.may_merge(ground, vehicle, at) {
                at += 1;
                continue;
            }
            self.distance -= i64::from(self.cells[at].length) + i64::from(self.cells[at + 1].length);
            self.cells.remove(at);
            self.measure_arc(ground, at);
            self.distance += i64::from(self.cells[at].length);
            self.measure_trips(ground);
            if ground.mixed {
                self.measure_loads(ground);
            }
            merged = true;
        }
        self.price(ground);
        merged
    }

    fn may_merge(&self, ground: &Ground<'_>, vehicle: &Vehicle, at: usize) -> bool {
        let (before, behind) = (&self.cells[at - 1], &self.cells[at + 1]);
        let fits = if ground.mixed {
            let joined = self.loads[at - 1].iter().zip(&self.loads[at + 1]).zip(&vehicle.capacity);
            joined.into_iter().all(|((before, behind), &room)| before.0.then(behind.1).most <= room)
        } else {
            before.upto + self.stages[at].ahead <= vehicle.capacity[0]
        };
        if !fits {
            return false;
        }
        let (from, to) = (before.place as usize, behind.place as usize);
        let length = ground.problem.distance(self.kind as usize, from, to);
        let more = i64::from(length) - i64::from(self.cells[at].length) - i64::from(behind.length);
        let release = self.stages[at - 1].upto.max(self.stages[at].onwards);
        let time = ground.problem.duration(self.kind as usize, from, to);
        let whole = self.lead(vehicle, at - 1, release).then(time, self.aft[at + 1]);
        let longer = vehicle.price_of(whole.duration) - self.paid;
        whole.warp == 0
            && whole.duration <= vehicle.max_duration
            && self.distance + more <= vehicle.max_distance
            && more * vehicle.per_distance + longer <= 0
    }

    /// As `with_tail`, of routes of trips: the trip of the one cell goes on with that of the other; a reload that would part nothing is left out.
    #[inline(never)]
    pub(super) fn trips_with_tail(&self, ground: &Ground<'_>, at: usize, other: &Self, behind: usize) -> Option<i64> {
        let vehicle = &ground.problem.vehicles()[self.kind as usize];
        let (mut head, mut tail) = (at, behind + 1);
        let mut less = i64::from(self.cells[at + 1].length);
        if self.cells[head].job == NONE && other.cells[tail].job == NONE {
            if head == 0 && tail == other.cells.len() - 1 {
                return Some(-less);
            }
            if tail < other.cells.len() - 1 {
                tail += 1;
                less += i64::from(other.cells[tail].length);
            } else {
                less += i64::from(self.cells[head].length);
                head -= 1;
            }
        }
        let (here, there) = (&self.cells[head], &other.cells[tail]);
        let fits = if ground.mixed {
            let joined = self.loads[head].iter().zip(&other.loads[tail]).zip(&vehicle.capacity);
            // What is known of a reload is known of nothing.
            joined.into_iter().all(|((before, behind), &room)| before.0.then(behind.1).most <= room)
        } else {
            here.upto + other.rest(tail).0 <= vehicle.capacity[0]
        };
        let left = if tail == other.cells.len() - 1 {
            0
        } else {
            other.count_reloads() + usize::from(there.job == NONE) - usize::from(other.stages[tail].reloads)
        };
        if !fits || usize::from(self.stages[head].reloads) + left > vehicle.max_reloads {
            return None;
        }
        let (from, to) = (here.place as usize, there.place as usize);
        let release = self.stages[head].upto.max(other.rest(tail).1);
        let time = ground.problem.duration(self.kind as usize, from, to);
        let whole = self.lead(vehicle, head, release).then(time, other.aft[tail]);
        if whole.warp > 0 || whole.duration > vehicle.max_duration {
            return None;
        }
        Some(i64::from(ground.problem.distance(self.kind as usize, from, to)) - less)
    }
}

/// What does not change from gap to gap.
#[derive(Clone, Copy)]
struct Search<'a> {
    ground: &'a Ground<'a>,
    vehicle: &'a Vehicle,
    job: u32,
    release: i32,
    rows: Rows<'a>,
}
