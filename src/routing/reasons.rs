//! Why is somebody left out, and what would be enough to serve them while all else stays as it is? Each answer is the least that is enough of one thing,
//! found by halving and tried at every place of every tour by the judge. O(places x length) a try, and at most 28 tries for each thing asked; places
//! that are not enough are not tried again with less.

use super::check::drive;
use super::problem::{DIMS, MOST, Parts, Problem};
use super::tours::{Reload, Tour, Tours};

/// What there could be more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The job's window ends later.
    Later(usize),
    /// The job's window begins earlier.
    Earlier(usize),
    /// What the job delivers is released earlier.
    Released(usize),
    /// Vehicles hold more of this kind of load.
    Room(usize),
    /// Shifts begin earlier.
    Leave,
    /// Shifts end later.
    Back,
    /// Vehicles may be away for longer.
    Duration,
    /// Vehicles may go farther.
    Distance,
    /// The ride of this pair may last longer.
    Ride(usize),
    /// Breaks are shorter; by all of one: it is left out.
    Rest,
    /// There are more vehicles of this type.
    Vehicles(usize),
}

/// So much more is enough, and less is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// Of what.
    pub need: Need,
    /// By how much, 1 or more.
    pub amount: i32,
    /// The job that is then done; the first of its pair.
    pub job: usize,
}

/// An order that must be served and is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its jobs: one, or those of a group.
    pub jobs: Vec<usize>,
    /// Nothing stands in its way: more search would serve it.
    pub fits: bool,
    /// What would be enough, one thing at a time; empty: no one thing alone is, or it fits.
    pub relaxations: Vec<Relaxation>,
}

/// Where a job, and the second of its pair, would stand.
#[derive(Clone, Copy, Debug)]
struct Spot {
    /// Past the last: a tour of its own, for this type of vehicle.
    tour: usize,
    vehicle: usize,
    first: usize,
    second: usize,
}

/// Places tried between two looks whether to stop.
const LOOK: usize = 64;

/// At most `most` orders that must be served and are not, in the problem's order, each with what would be enough. Told to stop, it leaves out the one it
/// is at and those behind it.
#[must_use]
pub fn reasons(problem: &Problem, tours: &Tours, most: usize, stop: &dyn Fn() -> bool) -> Vec<LeftOut> {
    let done: Vec<bool> =
        tours.tours.iter().flat_map(|tour| &tour.jobs).fold(vec![false; problem.jobs().len()], |mut done, &job| {
            done[job] = true;
            done
        });
    let mut grouped = vec![false; done.len()];
    let mut orders: Vec<Vec<usize>> = Vec::new();
    for group in problem.groups() {
        for &job in &group.jobs {
            grouped[job] = true;
        }
        if group.prize.is_none() {
            orders.push(group.jobs.clone());
        }
    }
    let alone = |&job: &usize| !grouped[job] && problem.jobs()[job].prize.is_none() && !is_second(problem, job);
    orders.extend((0..done.len()).filter(alone).map(|job| vec![job]));
    let missing = orders.into_iter().filter(|jobs| jobs.iter().all(|&job| !done[job])).take(most);
    missing.map_while(|jobs| left_out(problem, tours, jobs, stop)).collect()
}

/// One of them; `None`: told to stop.
fn left_out(problem: &Problem, tours: &Tours, jobs: Vec<usize>, stop: &dyn Fn() -> bool) -> Option<LeftOut> {
    for &job in &jobs {
        let spots = spots(problem, tours, job, None);
        if !fitting(problem, tours, job, &spots, stop)?.is_empty() {
            return Some(LeftOut { jobs, fits: true, relaxations: Vec::new() });
        }
    }
    let relaxations = relaxations(problem, tours, &jobs, stop)?;
    Some(LeftOut { jobs, fits: false, relaxations })
}

/// Those of the places at which a job can be; `None`: told to stop.
fn fitting(problem: &Problem, tours: &Tours, job: usize, spots: &[Spot], stop: &dyn Fn() -> bool) -> Option<Vec<Spot>> {
    let mut fitting = Vec::new();
    for spots in spots.chunks(LOOK) {
        if stop() {
            return None;
        }
        fitting.extend(spots.iter().copied().filter(|spot| fits(problem, tours, job, *spot)));
    }
    Some(fitting)
}

/// The problem with a relaxation.
#[must_use]
pub fn relaxed(problem: &Problem, need: Need, amount: i32) -> Problem {
    let mut parts: Parts = problem.parts().clone();
    let more = |limit: &mut i32| *limit = limit.saturating_add(amount).min(MOST);
    let less = |limit: &mut i32| *limit = (*limit - amount).max(0);
    match need {
        Need::Later(job) => more(&mut parts.jobs[job].window.1),
        Need::Earlier(job) => less(&mut parts.jobs[job].window.0),
        Need::Released(job) => less(&mut parts.jobs[job].release),
        Need::Room(kind) => parts.vehicles.iter_mut().for_each(|vehicle| more(&mut vehicle.capacity[kind])),
        Need::Leave => parts.vehicles.iter_mut().for_each(|vehicle| less(&mut vehicle.shift.0)),
        Need::Back => parts.vehicles.iter_mut().for_each(|vehicle| more(&mut vehicle.shift.1)),
        Need::Duration => parts.vehicles.iter_mut().for_each(|vehicle| more(&mut vehicle.max_duration)),
        Need::Distance => parts.vehicles.iter_mut().for_each(|vehicle| {
            vehicle.max_distance = vehicle.max_distance.saturating_add(amount.into());
        }),
        Need::Rest => {
            for vehicle in &mut parts.vehicles {
                vehicle.breaks.iter_mut().for_each(|rest| less(&mut rest.duration));
                vehicle.breaks.retain(|rest| rest.duration > 0);
            }
        }
        Need::Ride(pair) => more(&mut parts.pairs[pair].max_ride),
        Need::Vehicles(kind) => parts.vehicles[kind].count += amount as usize,
    }
    problem.like(parts)
}

fn is_second(problem: &Problem, job: usize) -> bool {
    problem.pair_of(job).is_some_and(|pair| problem.pairs()[pair].delivery == job)
}

fn relaxations(problem: &Problem, tours: &Tours, jobs: &[usize], stop: &dyn Fn() -> bool) -> Option<Vec<Relaxation>> {
    let mut found: Vec<Relaxation> = Vec::new();
    for &job in jobs {
        for need in needs(problem, job) {
            let Some(amount) = least(problem, tours, job, need, stop)? else { continue };
            match found.iter_mut().find(|other| other.need == need) {
                Some(other) if other.amount <= amount => {}
                Some(other) => *other = Relaxation { need, amount, job },
                None => found.push(Relaxation { need, amount, job }),
            }
        }
    }
    Some(found)
}

fn needs(problem: &Problem, job: usize) -> Vec<Need> {
    let mut needs = vec![Need::Later(job), Need::Earlier(job)];
    if problem.jobs()[job].release > 0 {
        needs.push(Need::Released(job));
    }
    if let Some(pair) = problem.pair_of(job) {
        let second = problem.pairs()[pair].delivery;
        needs.extend([Need::Later(second), Need::Earlier(second), Need::Ride(pair)]);
    }
    needs.extend((0..DIMS).map(Need::Room));
    needs.extend([Need::Leave, Need::Back, Need::Duration, Need::Distance]);
    if problem.vehicles().iter().any(|vehicle| !vehicle.breaks.is_empty()) {
        needs.push(Need::Rest);
    }
    needs.extend((0..problem.vehicles().len()).map(Need::Vehicles));
    needs
}

/// The least that is enough, if anything is; `None`: told to stop.
fn least(problem: &Problem, tours: &Tours, job: usize, need: Need, stop: &dyn Fn() -> bool) -> Option<Option<i32>> {
    let most = if matches!(need, Need::Vehicles(_)) { 1 } else { MOST };
    let mut spots = spots(problem, tours, job, Some(need));
    let mut enough = |amount: i32| {
        let relaxed = relaxed(problem, need, amount);
        let fitting = fitting(&relaxed, tours, job, &spots, stop)?;
        let any = !fitting.is_empty();
        if any {
            spots = fitting;
        }
        Some(any)
    };
    if !enough(most)? {
        return Some(None);
    }
    let (mut low, mut high) = (0, most);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if enough(middle)? { high = middle } else { low = middle }
    }
    Some(Some(high))
}

fn spots(problem: &Problem, tours: &Tours, job: usize, need: Option<Need>) -> Vec<Spot> {
    let paired = problem.pair_of(job).is_some();
    let mut spots = Vec::new();
    for (at, tour) in tours.tours.iter().enumerate() {
        let length = tour.jobs.len();
        for first in 0..=length {
            let seconds = if paired { first..=length } else { first..=first };
            spots.extend(seconds.map(|second| Spot { tour: at, vehicle: tour.vehicle, first, second }));
        }
    }
    for (vehicle, kind) in problem.vehicles().iter().enumerate() {
        let used = tours.tours.iter().filter(|tour| tour.vehicle == vehicle).count();
        if used < kind.count + usize::from(need == Some(Need::Vehicles(vehicle))) {
            spots.push(Spot { tour: tours.tours.len(), vehicle, first: 0, second: 0 });
        }
    }
    spots
}

fn fits(problem: &Problem, tours: &Tours, job: usize, spot: Spot) -> bool {
    let there = tours.tours.get(spot.tour);
    let mut jobs = there.map_or_else(Vec::new, |tour| tour.jobs.clone());
    if let Some(pair) = problem.pair_of(job) {
        jobs.insert(spot.second, problem.pairs()[pair].delivery);
    }
    jobs.insert(spot.first, job);
    let before = there.map_or(&[][..], |tour| &tour.reloads);
    trips(problem, spot, before, jobs.len()).into_iter().any(|reloads| {
        let tour = Tour { vehicle: spot.vehicle, jobs: jobs.clone(), reloads };
        let mut faults = Vec::new();
        drive(problem, 0, &tour, &mut faults).is_some() && faults.is_empty()
    })
}

/// All ways to reload when a job has been put in: in the trip before it or behind it, or in one that it begins or ends.
fn trips(problem: &Problem, spot: Spot, before: &[Reload], jobs: usize) -> Vec<Vec<Reload>> {
    let moved = |stays: bool| {
        let moves = move |reload: &Reload| reload.before > spot.first || (reload.before == spot.first && !stays);
        before.iter().map(move |reload| Reload { before: reload.before + usize::from(moves(reload)), ..*reload })
    };
    let mut all: Vec<Vec<Reload>> = vec![moved(false).collect()];
    if before.iter().any(|reload| reload.before == spot.first) {
        all.push(moved(true).collect());
    }
    // Before it, behind it, and both.
    for parts in [spot.first, spot.first + 1].into_iter().filter(|parts| (1..jobs).contains(parts)) {
        for at in 0..all.len() {
            for place in 0..problem.vehicles()[spot.vehicle].reloads.len() {
                let mut more = all[at].clone();
                if more.iter().all(|reload| reload.before != parts) {
                    more.push(Reload { before: parts, place });
                    more.sort_by_key(|reload| reload.before);
                    all.push(more);
                }
            }
        }
    }
    all
}
