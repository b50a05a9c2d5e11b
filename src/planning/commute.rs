//! Which commute lines could be worth running? Buses that collect people near home for one park, or take them home from it.
//!
//! For each park, way and wished time the engine of stop choice ([`pickup`], after Schittekat et al. 2013) decides who boards where and which bus stops
//! where, against a prize for everybody carried: what they would save if they rode for no time; the ride of those aboard is a price of driving. Each
//! of its tours is a pattern, and so is what is left of one that starts later or ends sooner; departures, vehicles and who rides is the business of the
//! joint search. The way home is the way in, driven backwards in time.
//! One engine run a park, way, time and end; each takes a fixed number of iterations, so that the pool does not depend on the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::lines::one_name;
use super::model::{Model, Pattern, Rides, walking};
use super::plan::TimeKind;
use super::project::{Project, VehicleType};
use super::trips;
use crate::domain::finding::Finding;
use crate::domain::ids::{PlaceId, ServiceId, StopId};
use crate::domain::units::{People, Seconds, ServiceTime};
use crate::network::Matrix;
use crate::routing::pickup::problem::{MOST, MOST_MONEY, Parts, ProblemError, Riders, Stop, Vehicle};
use crate::routing::pickup::{self, Problem};
use crate::routing::problem::Travel;
use crate::search::{Answer, Progress, Run};

/// Expected people are fractions; the engine counts quarters of a person (whole ones where there are more than [`MANY`]).
const UNITS: u32 = 4;
/// Stops of a park that are tried as the end of its lines.
const ENDS: usize = 2;
/// Iterations of the engine for each problem.
const ITERATIONS: u64 = 1_000;
/// Most problems solved: those of all times together first, then those of most people.
const MOST_TASKS: usize = 96;
/// Where more people than this travel together, whole ones are counted: the engine's limit is [`pickup::problem::MOST_PEOPLE`] units.
const MANY: u64 = 20_000;
/// Trips a day among which the hire of a bus is shared: two in each peak.
const TRIPS_A_DAY: i64 = 4;
/// A ride that cannot be: longer than any day.
const NO_WAY: i32 = 200_000;

/// People of one park who travel the same way at about the same time.
struct Task {
    park: PlaceId,
    kind: TimeKind,
    time: ServiceTime,
    /// Positions in [`Model::rides`] and their people.
    people: Vec<(usize, People)>,
}

/// The pool: without doubles, in order of the tasks; and what is doubtful. Told to stop, it plans no more of them.
#[must_use]
pub fn pool(project: &Project, model: &Model, run: &Run<'_>) -> (Vec<Pattern>, Vec<Finding>) {
    let stop = || (run.watch)(&Progress { stage: "stage-lines", iteration: 0, objective: None, bound: None }).stop;
    let (tasks, passed_over) = tasks(project, model);
    let ended: Vec<(usize, StopId)> = tasks
        .iter()
        .enumerate()
        .flat_map(|(at, task)| ends(model, task).into_iter().map(move |end| (at, end)))
        .collect();
    let grown: Vec<Option<Vec<Pattern>>> = ended
        .into_par_iter()
        .map(|(at, end)| if stop() { Some(Vec::new()) } else { patterns(project, model, &tasks[at], end, run) })
        .collect();
    let count = passed_over + grown.iter().filter(|patterns| patterns.is_none()).count();
    let finding = (count > 0).then(|| Finding::warning("commute-too-many").arg("count", count));
    let mut seen = BTreeSet::new();
    let lines = grown.into_iter().flatten().flatten().filter(|pattern| seen.insert(pattern.clone())).collect();
    (lines, finding.into_iter().collect())
}

/// The park of somebody who commutes between a home and it.
fn park(project: &Project, model: &Model, ride: &Rides) -> Option<PlaceId> {
    let (park, home) = match ride.kind {
        TimeKind::ArriveBy => (ride.destination, ride.origin),
        TimeKind::DepartAfter => (ride.origin, ride.destination),
    };
    let station = |place: PlaceId| project.station_of(&model.places[place.index()]).is_some();
    (!station(park) && !station(home)).then_some(park)
}

/// May a bus depart when it would suit somebody? Who travels between the periods waits for no line.
fn may_run(model: &Model, ride: &Rides) -> bool {
    // Early or late by what they wait, and by their walk.
    let walk = walking(ride.max_walk, ride.wheelchair, &model.policy);
    let spare = (ride.max_wait + model.policy.ahead + walk).0;
    let (from, until) = match ride.kind {
        TimeKind::ArriveBy => (ride.time.0.saturating_sub(model.policy.max_ride.0 + spare), ride.time.0),
        TimeKind::DepartAfter => (ride.time.0, ride.time.0 + spare),
    };
    let first = model.minutes.partition_point(|minute| minute * 60 < from);
    model.minutes.get(first).is_some_and(|minute| minute * 60 <= until)
}

/// One task for each service, park, way and wished time, and one for all times of a park and way together, as if a mean of them came each time:
/// its lines suit several departures. Also how many there were too many.
fn tasks(project: &Project, model: &Model) -> (Vec<Task>, usize) {
    type Key = (PlaceId, TimeKind, ServiceId);
    let mut groups: BTreeMap<Key, BTreeMap<ServiceTime, Vec<usize>>> = BTreeMap::new();
    for (number, ride) in model.rides.iter().enumerate().filter(|(_, ride)| may_run(model, ride)) {
        if let Some(park) = park(project, model, ride) {
            let times = groups.entry((park, ride.kind, ride.service)).or_default();
            times.entry(ride.time).or_default().push(number);
        }
    }
    let mut tasks = Vec::new();
    for ((park, kind, _), times) in groups {
        // So many times as the fullest one would need: a few people at odd hours are no reason for small buses.
        let people =
            |numbers: &Vec<usize>| numbers.iter().map(|&number| u64::from(model.rides[number].people.0)).sum::<u64>();
        let (all, most) = times.values().map(people).fold((0, 1), |(all, most), of| (all + of, of.max(most)));
        let many = if times.len() > 1 { u32::try_from(all.div_ceil(most).max(2)).unwrap_or(u32::MAX) } else { 1 };
        let middle = times.keys().nth(times.len() / 2).copied().unwrap_or_default();
        let of = |number: usize, share: u32| (number, People(model.rides[number].people.0 / share));
        if many > 1 {
            let people = times.values().flatten().map(|&number| of(number, many)).collect();
            tasks.push((false, Task { park, kind, time: middle, people }));
        }
        for (time, numbers) in times {
            let people = numbers.into_iter().map(|number| of(number, 1)).collect();
            tasks.push((many > 1, Task { park, kind, time, people }));
        }
    }
    tasks.sort_by_key(|(one_time, task)| (*one_time, std::cmp::Reverse(task.total())));
    let too_many = tasks.len().saturating_sub(MOST_TASKS);
    tasks.truncate(MOST_TASKS);
    (tasks.into_iter().map(|(_, task)| task).collect(), too_many)
}

impl Task {
    /// People, thousandths.
    fn total(&self) -> u64 {
        self.people.iter().map(|(_, people)| u64::from(people.0)).sum()
    }

    /// The home of one of its people.
    fn home(&self, ride: &Rides) -> PlaceId {
        match self.kind {
            TimeKind::ArriveBy => ride.origin,
            TimeKind::DepartAfter => ride.destination,
        }
    }

    /// Seconds of riding between a stop near home and one near the park.
    fn ride<'m>(&self, drive: &'m Matrix) -> impl Fn(StopId, StopId) -> Option<Seconds> + use<'m> {
        let kind = self.kind;
        move |home, end| {
            let (from, to) = match kind {
                TimeKind::ArriveBy => (home, end),
                TimeKind::DepartAfter => (end, home),
            };
            drive.get(from.index(), to.index()).map(|(seconds, _)| seconds)
        }
    }
}

/// What a bus could be worth to a person.
struct Saving {
    most: f64,
    unridden: f64,
    /// With the walk, nearest first.
    stops: Vec<(Seconds, StopId)>,
}

/// The matrix of the hour people travel in.
fn drive<'m>(model: &'m Model, task: &Task) -> &'m Matrix {
    let on_the_way = match task.kind {
        TimeKind::ArriveBy => ServiceTime(task.time.0.saturating_sub(model.policy.max_ride.0 / 2)),
        TimeKind::DepartAfter => task.time,
    };
    model.matrix(model.policy.band_at(on_the_way))
}

/// Stops in reach of somebody at a place, with the walk there, nearest first.
fn reach(model: &Model, place: PlaceId, ride: &Rides) -> Vec<(Seconds, StopId)> {
    let usable = |stop: &StopId| !ride.wheelchair || model.stops[stop.index()].candidate.step_free;
    let stops = (0..model.stops.len()).map(StopId::at).filter(usable);
    let mut near: Vec<(Seconds, StopId)> =
        stops.filter_map(|stop| Some((model.walk_seconds(place, stop, ride)?, stop))).collect();
    near.sort_unstable();
    near
}

/// The stops near home from which one person is better off with a bus that ends at `end`; with what they save at most, and what they would save if the
/// ride took no time, fen. None where nothing is saved.
fn saving(model: &Model, task: &Task, ride: &Rides, near: &[(Seconds, StopId)], end: StopId) -> Option<Saving> {
    let at_park = model.walk_seconds(task.park, end, ride)?;
    let drive = task.ride(drive(model, task));
    let mut least = None;
    let stops: Vec<(Seconds, StopId)> = near
        .iter()
        .copied()
        .filter(|&(walk, stop)| {
            let Some(seconds) = drive(stop, end).filter(|_| !one_name(model, stop, end)) else { return false };
            if seconds > model.policy.max_ride {
                return false;
            }
            let cost = model.person_cost(walk + at_park, trips::least_wait(model, ride), seconds);
            if cost >= ride.alternative {
                return false;
            }
            least = Some(least.map_or(cost, |least| cost.min(least)));
            true
        })
        .collect();
    let &(walk, _) = stops.first()?;
    let unridden = model.person_cost(walk + at_park, trips::least_wait(model, ride), Seconds::ZERO);
    Some(Saving {
        most: ride.alternative.fen() - least?.fen(),
        unridden: ride.alternative.fen() - unridden.fen(),
        stops,
    })
}

/// The stops of the park from which most is to be saved.
fn ends(model: &Model, task: &Task) -> Vec<StopId> {
    let mut sums: BTreeMap<StopId, f64> = BTreeMap::new();
    for &(number, people) in &task.people {
        let ride = &model.rides[number];
        let near = reach(model, task.home(ride), ride);
        for (_, end) in reach(model, task.park, ride) {
            if let Some(saving) = saving(model, task, ride, &near, end) {
                *sums.entry(end).or_default() += saving.most * people.as_f64();
            }
        }
    }
    let mut ends: Vec<(StopId, f64)> = sums.into_iter().collect();
    ends.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ends.into_iter().take(ENDS).map(|(end, _)| end).collect()
}

/// The tours of one task to one end, and what is left of them when their outer stops are not served. `None`: too large for the engine.
fn patterns(project: &Project, model: &Model, task: &Task, end: StopId, run: &Run<'_>) -> Option<Vec<Pattern>> {
    let mut numbers: BTreeMap<StopId, usize> = BTreeMap::new();
    let mut stops: Vec<StopId> = Vec::new();
    let mut riders = Vec::new();
    let units_each = if task.total() > 1000 * MANY { 1 } else { UNITS };
    // Thousandths of a unit not counted yet: who lives alone somewhere is a unit now and then, and all together are as many as they are.
    let mut rest = 0_u64;
    for &(number, people) in &task.people {
        let ride = &model.rides[number];
        let near = reach(model, task.home(ride), ride);
        let Some(saving) = saving(model, task, ride, &near, end) else { continue };
        let near = saving.stops.into_iter().map(|(_, stop)| {
            *numbers.entry(stop).or_insert_with(|| {
                stops.push(stop);
                stops.len() - 1
            })
        });
        #[expect(clippy::cast_possible_truncation, reason = "f64 to i64 saturates; fen of one person are few")]
        let prize = ((saving.unridden / f64::from(units_each)).round() as i64).clamp(0, MOST_MONEY);
        rest += u64::from(people.0) * u64::from(units_each);
        let units = rest / 1000;
        rest %= 1000;
        riders.push(Riders {
            people: u32::try_from(units).unwrap_or(u32::MAX),
            stops: near.collect(),
            prize: Some(prize),
        });
    }
    if riders.iter().all(|riders| riders.people == 0) {
        // Nobody is better off, or hardly ever somebody.
        return Some(Vec::new());
    }
    let problem = match Problem::new(parts(project, model, task, end, &stops, (riders, units_each))) {
        Ok(problem) => problem,
        Err(ProblemError::TooLarge) => return None,
        // No vehicle, for instance.
        Err(_) => return Some(Vec::new()),
    };
    // It looks at the clock only to be stopped: how far it comes must not depend on it. Its costs are not those of a plan.
    let line = Progress { stage: "stage-lines", iteration: 0, objective: None, bound: None };
    let watch = |_: &Progress| Answer { used: 0.0, snapshot: false, ..(run.watch)(&line) };
    let own = Run { watch: &watch, iterations: Some(ITERATIONS), chains: 1, ..*run };
    let plan = pickup::solve(&problem, &own).best;
    let tours = plan.tours.iter().flat_map(|tour| {
        let order = tour.stops.iter().map(|&stop| stops[stop]);
        shortened(model, order.collect(), end, task.kind)
    });
    Some(tours.collect())
}

/// The engine's problem. Without a way between two stops, no ride is short enough.
fn parts(
    project: &Project,
    model: &Model,
    task: &Task,
    end: StopId,
    stops: &[StopId],
    (riders, units_each): (Vec<Riders>, u32),
) -> Parts {
    // The park, a start from which every stop is as near, the stops.
    let places = stops.len() + 2;
    let at = |place: usize| if place == 0 { end } else { stops[place - 2] };
    let drive = task.ride(drive(model, task));
    let seconds = |from: usize, to: usize| match (from, to) {
        _ if from == to || from == 1 => 0,
        (_, 1) => NO_WAY,
        _ => drive(at(from), at(to)).map_or(NO_WAY, |seconds| i32::try_from(seconds.0).unwrap_or(NO_WAY)),
    };
    let duration: Arc<[i32]> = (0..places)
        .flat_map(|from| (0..places).map(move |to| (from, to)))
        .map(|(from, to)| seconds(from, to))
        .collect();
    // Everybody is aboard on the last leg, half of them on those before: of this one, the time counts twice.
    let last: Arc<[i32]> =
        duration.iter().enumerate().map(|(cell, &seconds)| if cell % places == 0 { seconds } else { 0 }).collect();
    let policy = &model.policy;
    let dwell = i32::try_from(policy.dwell.0).unwrap_or(MOST);
    Parts {
        places,
        travel: vec![Travel { distance: last, duration }],
        stops: (2..places).map(|place| Stop { place, dwell }).collect(),
        vehicles: project.fleet.iter().map(|kind| bus(model, kind, &riders, units_each)).collect(),
        riders,
        destination: 0,
        boarding: 0,
        max_ride: i32::try_from(policy.max_ride.0).unwrap_or(MOST).min(MOST),
        most_stops: (policy.max_stops as usize).saturating_sub(1).min(pickup::problem::MOST_STOPS),
    }
}

/// Twice as many of a type as could be full, and some: how many there are at once is for the joint search.
fn bus(model: &Model, kind: &VehicleType, riders: &[Riders], units_each: u32) -> Vehicle {
    let policy = &model.policy;
    let seats = u64::from(kind.seats) * u64::from(units_each) * u64::from(policy.planned_load()) / 1000;
    let people: u64 = riders.iter().map(|riders| u64::from(riders.people)).sum();
    let enough = usize::try_from(2 * people / seats.max(1)).unwrap_or(usize::MAX).saturating_add(4).min(200);
    // Half of the seats are taken while people are collected.
    let aboard = i64::from(kind.seats).div_euclid(2).max(1);
    let second = policy.value_of_time_per_h.0.saturating_mul(i64::from(policy.weight_ride)).saturating_mul(aboard);
    let price = (second / 3_600_000).clamp(0, pickup::problem::MOST_PRICE);
    Vehicle {
        count: if kind.count == 0 { 0 } else { enough },
        seats: u32::try_from(seats).unwrap_or(u32::MAX),
        fixed: (kind.cost_per_day.0 / TRIPS_A_DAY).clamp(0, MOST_MONEY),
        per_distance: price,
        per_duration: price,
        start: 1,
        travel: 0,
    }
}

/// A tour as a pattern, and the same with fewer of the stops farthest from the park; in the order in which they are driven.
fn shortened(model: &Model, order: Vec<StopId>, end: StopId, kind: TimeKind) -> Vec<Pattern> {
    let mut line: Vec<StopId> = Vec::with_capacity(order.len() + 1);
    for stop in order {
        // Both kerbs of a spot have one name: a line names it once.
        if !line.iter().any(|&other| one_name(model, other, stop)) {
            line.push(stop);
        }
    }
    line.push(end);
    let most = model.policy.max_stops as usize;
    let mut patterns = Vec::new();
    while line.len() >= 2 {
        if line.len() <= most {
            let driven = match kind {
                TimeKind::ArriveBy => line.clone(),
                TimeKind::DepartAfter => line.iter().rev().copied().collect(),
            };
            patterns.push(Pattern(driven));
        }
        line.remove(0);
    }
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::ServiceTime;
    use crate::planning::model::tiny;

    /// Homes at stops 0 and 1, a park at 3; ten people each there by 08:30 and back after 17:30, who else pay CNY 60.
    fn model(leg: u32) -> (Project, Model) {
        let people = |home| {
            let there = tiny::arriving(home, 3, ServiceTime::hm(8, 30), 10_000, 60);
            let back = Rides {
                origin: PlaceId(3),
                destination: PlaceId(home),
                time: ServiceTime::hm(17, 30),
                kind: TimeKind::DepartAfter,
                ..there.clone()
            };
            [there, back]
        };
        let row = tiny::row(4, leg, [people(0), people(1)].concat());
        let model = Model { minutes: (6 * 60..20 * 60).collect(), ..row };
        (Project { fleet: vec![tiny::buses(4)], ..Project::default() }, model)
    }

    fn lines(project: &Project, model: &Model) -> Vec<Vec<u32>> {
        let (pool, findings) = pool(project, model, &Run::quiet(1));
        assert_eq!(findings, vec![]);
        pool.into_iter().map(|line| line.0.into_iter().map(|stop| stop.0).collect()).collect()
    }

    #[test]
    fn who_travels_between_the_periods_waits_for_no_line() {
        let (project, mut model) = model(240);
        // Until ten in the morning: nobody is taken home at half past five.
        model.minutes = (6 * 60..10 * 60).collect();
        assert!(lines(&project, &model).iter().all(|line| line.last() == Some(&3)));
        model.minutes = (12 * 60..14 * 60).collect();
        assert_eq!(lines(&project, &model), Vec::<Vec<u32>>::new());
    }

    #[test]
    fn people_are_collected_on_the_way_and_taken_home_the_other_way_round() {
        let (project, mut model) = model(240);
        // The nearest first: 1, 3 would leave ten behind; a bus from 0 passes 1 anyway. It may start later, too.
        let both = |lines: Vec<Vec<u32>>| {
            let mut lines = lines;
            lines.sort();
            lines
        };
        assert_eq!(both(lines(&project, &model)), [vec![0, 1, 3], vec![1, 3], vec![3, 1], vec![3, 1, 0]]);
        // A bus may stop once before the park: each home has its own.
        model.policy.max_stops = 2;
        assert_eq!(both(lines(&project, &model)), [[0, 3], [1, 3], [3, 0], [3, 1]]);
    }

    #[test]
    fn nobody_rides_longer_than_the_limit() {
        // 0 is 3 x 700 s from the park, more than 30 min; 1 is 1,400 s.
        let (project, model) = model(700);
        let mut lines = lines(&project, &model);
        lines.sort();
        assert_eq!(lines, [[1, 3], [3, 1]]);
    }

    #[test]
    fn who_comes_by_train_is_no_commuter_from_home() {
        use crate::domain::coordinates::Point;
        use crate::domain::site::{Site, SiteKind};
        let (mut project, model) = model(240);
        project.sites = vec![Site {
            id: "p0".to_owned(),
            name: "站".to_owned(),
            name_en: None,
            kind: SiteKind::Station,
            point: Point::default(),
            parent: None,
            people: None,
        }];
        let mut lines = lines(&project, &model);
        lines.sort();
        assert_eq!(lines, [[1, 3], [3, 1]]);
    }
}
