//! The hours of a tour where being late costs or the driver has breaks: when it leaves, begins each job, rests and is back, so that this costs least.
//!
//! Every way to place the breaks is tried, each break a time of its own (see `timing`). When it leaves is sought by thirds: what it costs is convex in
//! that, all else being as soon as it can. O(places^breaks x limits x log of the span of times).

use super::super::problem::{Break, Job, Problem, Vehicle};
use super::super::tours::Tour;
use super::rides::Ride;
use super::timing::{After, FIRST, LEAVE, ZERO, binding, longest};
use super::{Fault, limit};

/// When everything is, in the problem's units of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// It leaves.
    pub leaves: i64,
    /// Each job begins.
    pub begins: Vec<i64>,
    /// Each break begins; before leaving or after coming back it is at home.
    pub rests: Vec<i64>,
    /// It is back.
    pub back: i64,
    /// What being late, time away and overtime cost.
    pub cost: i64,
}

/// The cheapest hours of a tour of one trip; nothing where it cannot be driven.
#[must_use]
pub fn hours(problem: &Problem, tour: &Tour) -> Option<Hours> {
    let mut faults = Vec::new();
    super::drive(problem, 0, tour, &mut faults).filter(|_| faults.is_empty() && tour.reloads.is_empty())?;
    let jobs: Vec<&Job> = tour.jobs.iter().filter_map(|&job| problem.jobs().get(job)).collect();
    let rides = super::rides::of(problem, 0, tour, &mut faults);
    cheapest(problem, 0, tour, &jobs, &rides, &mut faults)
}

/// Do times have a price beside that of being away?
pub(super) fn priced(problem: &Problem, tour: &Tour) -> bool {
    let late = |&job: &usize| problem.jobs()[job].per_late > 0;
    !problem.vehicles()[tour.vehicle].breaks.is_empty() || tour.jobs.iter().any(late)
}

/// What being away for so long costs.
pub(super) fn away(vehicle: &Vehicle, duration: i64) -> i64 {
    let over = (duration - limit(vehicle.usual_duration)).max(0);
    duration.saturating_mul(vehicle.per_duration).saturating_add(over.saturating_mul(vehicle.per_overtime))
}

/// The cheapest hours; nothing, and a fault, where there are none that keep the breaks and the longest duration. All else can be kept.
pub(super) fn cheapest(
    problem: &Problem,
    at: usize,
    tour: &Tour,
    jobs: &[&Job],
    rides: &[Ride],
    faults: &mut Vec<Fault>,
) -> Option<Hours> {
    let vehicle = &problem.vehicles()[tour.vehicle];
    let legs: Vec<Leg> = legs(problem, tour, jobs);
    let all = binding(problem, tour, jobs, rides);
    let with = |breaks: &[Break], longest_duration: i64| -> Vec<Sought<'_>> {
        let sought = |places: Vec<usize>| {
            let mut afters = all.clone();
            add(&mut afters, &legs, breaks, &places);
            let back = FIRST + jobs.len();
            if longest_duration < i64::MAX {
                afters.push(After { from: back, to: LEAVE, least: -longest_duration });
            }
            let sought = Sought { vehicle, jobs, breaks: breaks.len(), afters };
            sought.times(i64::MIN).is_some().then_some(sought)
        };
        placings(breaks.len(), legs.len() + 2).into_iter().filter_map(sought).collect()
    };
    let best = with(&vehicle.breaks, limit(vehicle.max_duration));
    // The first of the cheapest.
    let best = best.iter().filter_map(Sought::cheapest).min_by_key(|hours| hours.cost);
    if best.is_none() {
        let missed = (0..vehicle.breaks.len()).find(|&rest| with(&vehicle.breaks[..=rest], i64::MAX).is_empty());
        faults.push(match missed {
            Some(rest) => {
                let (from, until) = vehicle.breaks[rest].window;
                Fault::Break { tour: at, rest, from: from.into(), until: until.into() }
            }
            None => {
                let shortest = with(&vehicle.breaks, i64::MAX).iter().filter_map(Sought::shortest).min();
                let longest = vehicle.max_duration.into();
                Fault::Duration { tour: at, duration: shortest.unwrap_or(i64::MAX), longest }
            }
        });
    }
    best
}

/// From one time to the next: how long what is done first takes, and that with the way.
#[derive(Debug)]
struct Leg {
    service: i64,
    whole: i64,
}

fn legs(problem: &Problem, tour: &Tour, jobs: &[&Job]) -> Vec<Leg> {
    let vehicle = &problem.vehicles()[tour.vehicle];
    let places = jobs.iter().map(|job| job.place).chain([vehicle.end]);
    let before = std::iter::once((vehicle.start, 0)).chain(jobs.iter().map(|job| (job.place, i64::from(job.service))));
    let leg = |((from, service), to): ((usize, i64), usize)| Leg {
        service,
        whole: service + i64::from(problem.duration(tour.vehicle, from, to)),
    };
    before.zip(places).map(leg).collect()
}

/// All ways to put breaks, in their order, into so many places.
fn placings(breaks: usize, places: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![vec![]];
    for _ in 0..breaks {
        let more = |before: &Vec<usize>| {
            let from = before.last().copied().unwrap_or(0);
            (from..places).map(|place| before.iter().copied().chain([place]).collect()).collect::<Vec<Vec<usize>>>()
        };
        all = all.iter().flat_map(more).collect();
    }
    all
}

/// Breaks in their places: before leaving, on each leg, after coming back. Their times stand behind all others.
fn add(afters: &mut Vec<After>, legs: &[Leg], breaks: &[Break], places: &[usize]) {
    let first = LEAVE + legs.len() + 1;
    let mut before: Option<(usize, i64)> = None;
    for (at, (rest, &place)) in breaks.iter().zip(places).enumerate() {
        let (own, takes) = (first + at, i64::from(rest.duration));
        afters.push(After { from: ZERO, to: own, least: rest.window.0.into() });
        if limit(rest.window.1) < i64::MAX {
            afters.push(After { from: own, to: ZERO, least: -i64::from(rest.window.1) });
        }
        if let Some((before, takes)) = before {
            afters.push(After { from: before, to: own, least: takes });
        }
        before = Some((own, takes));
        // The time behind which it is, and the one before which.
        if place > 0 {
            let service = legs.get(place - 1).map_or(0, |leg| leg.service);
            afters.push(After { from: LEAVE + place - 1, to: own, least: service });
        }
        if place <= legs.len() {
            afters.push(After { from: own, to: LEAVE + place, least: takes });
        }
    }
    for (leg, way) in legs.iter().enumerate() {
        let rests = breaks.iter().zip(places).filter(|(_, place)| **place == leg + 1);
        let takes: i64 = rests.map(|(rest, _)| i64::from(rest.duration)).sum();
        afters.push(After { from: LEAVE + leg, to: LEAVE + leg + 1, least: way.whole + takes });
    }
}

/// The hours with the breaks in certain places.
struct Sought<'a> {
    vehicle: &'a Vehicle,
    jobs: &'a [&'a Job],
    breaks: usize,
    afters: Vec<After>,
}

impl Sought<'_> {
    fn back(&self) -> usize {
        FIRST + self.jobs.len()
    }
    fn count(&self) -> usize {
        self.back() + 1 + self.breaks
    }

    /// The soonest hours of those that leave at a time at the soonest.
    fn times(&self, leaves: i64) -> Option<Vec<i64>> {
        let mut afters = self.afters.clone();
        if leaves > i64::MIN {
            afters.push(After { from: ZERO, to: LEAVE, least: leaves });
        }
        longest(ZERO, self.count(), &afters)
    }

    fn shortest(&self) -> Option<i64> {
        Some(longest(LEAVE, self.count(), &self.afters)?[self.back()])
    }

    fn cost(&self, times: &[i64]) -> i64 {
        let late = self
            .jobs
            .iter()
            .zip(&times[FIRST..])
            .map(|(job, begins)| (begins - limit(job.due)).max(0).saturating_mul(job.per_late));
        late.fold(away(self.vehicle, times[self.back()] - times[LEAVE]), i64::saturating_add)
    }

    fn cheapest(&self) -> Option<Hours> {
        let soonest = self.times(i64::MIN)?;
        // Leaving when it could be back at the soonest is later than ever pays.
        let latest = longest(LEAVE, self.count(), &self.afters)?[ZERO];
        let latest = if latest == i64::MIN { i64::MAX } else { -latest };
        let (mut low, mut high) = (soonest[LEAVE], latest.min(soonest[self.back()]).max(soonest[LEAVE]));
        let at = |leaves: i64| self.times(leaves).map_or(i64::MAX, |times| self.cost(&times));
        while low < high {
            let middle = low + (high - low) / 2;
            if at(middle) <= at(middle + 1) { high = middle } else { low = middle + 1 }
        }
        let times = self.times(low)?;
        let rests = times[self.back() + 1..].to_vec();
        let begins = times[FIRST..self.back()].to_vec();
        Some(Hours { leaves: times[LEAVE], begins, rests, back: times[self.back()], cost: self.cost(&times) })
    }
}
