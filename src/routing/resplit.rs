//! Where does a vehicle best reload, if the order of its jobs stays? Labels of length and time go from each place where a trip may begin to each where
//! it may end, and none is kept that is neither shorter nor sooner than another (split of a giant tour, Prins 2004, with times). Exact where time is
//! free and lasts as long as it likes. O(jobs x jobs of a trip x places² x labels), and few labels.

use super::ground::{Ground, NONE};
use super::problem::{DIMS, MOST, Vehicle};
use super::route::Route;
use super::segment::{Loads, Times};
use super::tours::Reload;

/// One way until a place where a trip may begin: so long, and there at this time.
#[derive(Clone, Copy, Debug)]
struct Label {
    length: i64,
    time: i32,
    reloads: u32,
    /// The front and the label of the trip before.
    from: (u32, u32),
}

/// A route for which there could be more steps than this is left as it is: it is asked at every change.
const MOST_STEPS: usize = 1_000_000;

/// Memory that is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Resplit {
    jobs: Vec<u32>,
    /// For each number of jobs done, one for each place.
    fronts: Vec<Vec<Label>>,
    reloads: Vec<Reload>,
}

impl Resplit {
    /// The jobs of a route, and reloads with which it is shorter than it is, if there are any.
    pub(super) fn shorter(&mut self, ground: &Ground<'_>, route: &Route) -> Option<(&[u32], &[Reload])> {
        let vehicle = &ground.problem.vehicles()[route.kind as usize];
        if vehicle.pays_time() || vehicle.max_duration < MOST || route.size() < 2 || vehicle.reloads.is_empty() {
            return None;
        }
        self.jobs.clear();
        self.jobs.extend(route.jobs());
        let (count, places) = (self.jobs.len(), vehicle.reloads.len());
        if count * count * places * places > MOST_STEPS {
            return None;
        }
        self.fronts.iter_mut().for_each(Vec::clear);
        self.fronts.resize_with((count + 1) * places, Vec::new);
        self.fronts[0].push(Label { length: 0, time: vehicle.shift.0, reloads: 0, from: (NONE, NONE) });
        for first in 0..count {
            for position in 0..if first == 0 { 1 } else { places } {
                if !self.fronts[first * places + position].is_empty() {
                    self.extend(ground, route, vehicle, first, position);
                }
            }
        }
        let done = (count * places) as u32;
        let last = self.fronts[done as usize].iter().enumerate().min_by_key(|(_, label)| label.length)?;
        if last.1.length >= route.distance {
            return None;
        }
        self.reloads.clear();
        let mut at = (done, last.0 as u32);
        loop {
            let (front, label) = self.fronts[at.0 as usize][at.1 as usize].from;
            if front == 0 || front == NONE {
                break;
            }
            let (before, position) = (front as usize / places, front as usize % places);
            self.reloads.push(Reload { before, place: position });
            at = (front, label);
        }
        self.reloads.reverse();
        Some((&self.jobs, &self.reloads))
    }

    /// All trips that begin behind so many jobs at a place.
    fn extend(&mut self, ground: &Ground<'_>, route: &Route, vehicle: &Vehicle, first: usize, position: usize) {
        let (count, places) = (self.jobs.len(), vehicle.reloads.len());
        let problem = ground.problem;
        let kind = route.kind as usize;
        let leaves = if first == 0 { vehicle.start } else { vehicle.reloads[position] };
        let front = first * places + position;
        let (mut within, mut length, mut release) = (Times::default(), 0_i64, 0);
        let (mut load, mut loads) = (0, [Loads::default(); DIMS]);
        let mut here = leaves;
        for at in first..count {
            let job = self.jobs[at];
            let stop = &ground.stops[job as usize];
            let place = stop.place as usize;
            let (way, time) = (problem.distance(kind, here, place), problem.duration(kind, here, place));
            within = if at == first { stop.times } else { within.then(time, stop.times) };
            length += i64::from(way);
            release = release.max(ground.releases[job as usize]);
            load += stop.load;
            let fits = if ground.mixed {
                let own = &ground.loads[job as usize];
                loads = std::array::from_fn(|dim| loads[dim].then(own[dim]));
                loads.iter().zip(&vehicle.capacity).all(|(loads, &room)| loads.most <= room)
            } else {
                load <= vehicle.capacity[0]
            };
            if !fits || within.warp > 0 {
                return;
            }
            here = place;
            let there = problem.duration(kind, leaves, ground.stops[self.jobs[first] as usize].place as usize);
            let ends = at + 1 == count;
            for label in 0..self.fronts[front].len() {
                let before = self.fronts[front][label];
                let begins = before.time.max(release).saturating_add(there);
                if begins > within.late {
                    continue;
                }
                let done = begins.max(within.early) + within.duration;
                for to in 0..if ends { 1 } else { places } {
                    let place = if ends { vehicle.end } else { vehicle.reloads[to] };
                    let time = done + problem.duration(kind, here, place);
                    // How many there are matters only where they are limited.
                    let reloads = before.reloads + u32::from(!ends && vehicle.max_reloads < count);
                    if time > vehicle.shift.1 || reloads as usize > vehicle.max_reloads {
                        continue;
                    }
                    let length = before.length + length + i64::from(problem.distance(kind, here, place));
                    let label = Label { length, time, reloads, from: (front as u32, label as u32) };
                    keep(&mut self.fronts[(at + 1) * places + to], label);
                }
            }
        }
    }
}

/// Adds a label unless another is as short, as soon and has as few reloads. None is taken away that others may have come from: they are behind.
fn keep(front: &mut Vec<Label>, label: Label) {
    let beats = |one: &Label, other: &Label| {
        one.length <= other.length && one.time <= other.time && one.reloads <= other.reloads
    };
    if !front.iter().any(|other| beats(other, &label)) {
        front.retain(|other| !beats(&label, other));
        front.push(label);
    }
}
