//! The hours of a tour where being late costs or the driver has breaks: when it leaves, begins each job, rests and is back, so that this costs least.
//!
//! Each break is a time of its own (see `timing`). For each number of breaks that are over before it leaves: from the soonest on, each other break
//! goes where it can last be, as late being best for all that comes before it and no worse for what comes after; when it leaves is then sought by
//! halving, as what it costs is convex in that; and again from when the breaks can no longer be there. O(breaks x ways x halvings) longest ways; there
//! are at most breaks x legs ways, mostly one or two.

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
    !problem.vehicles()[tour.vehicle].breaks.is_empty() || tour.jobs.iter().any(|&job| problem.jobs()[job].pays_late())
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
    let afters = binding(problem, tour, jobs, rides);
    let mut alone = vec![true; jobs.len() + 2];
    for ride in rides {
        alone[ride.from + 1..=ride.to.min(jobs.len())].fill(false);
    }
    let day = Day { vehicle, jobs, breaks: &vehicle.breaks, afters, legs: legs(problem, tour, jobs), alone };
    let (mut best, mut shortest): (Option<Hours>, Option<i64>) = (None, None);
    day.each_way(&mut |way| {
        shortest = [shortest, way.shortest()].into_iter().flatten().min();
        if let Some(hours) = way.within(limit(vehicle.max_duration)).cheapest()
            && best.as_ref().is_none_or(|best| hours.cost < best.cost)
        {
            best = Some(hours);
        }
    });
    if best.is_some() {
        return best;
    }
    let missed = (0..vehicle.breaks.len()).find(|&last| {
        let mut any = false;
        let (afters, legs, alone) = (day.afters.clone(), day.legs.clone(), day.alone.clone());
        Day { breaks: &vehicle.breaks[..=last], afters, legs, alone, ..day }.each_way(&mut |_| any = true);
        !any
    });
    faults.push(match missed {
        Some(rest) => {
            let (from, until) = vehicle.breaks[rest].window;
            Fault::Break { tour: at, rest, from: from.into(), until: until.into() }
        }
        None => {
            let longest = vehicle.max_duration.into();
            Fault::Duration { tour: at, duration: shortest.unwrap_or(i64::MAX), longest }
        }
    });
    None
}

/// What binds a tour, and breaks that are to be placed in it.
struct Day<'a> {
    vehicle: &'a Vehicle,
    jobs: &'a [&'a Job],
    breaks: &'a [Break],
    afters: Vec<After>,
    legs: Vec<Leg>,
    /// Is nobody aboard from leaving on, from each job on, and at home?
    alone: Vec<bool>,
}

impl Day<'_> {
    fn back(&self) -> usize {
        FIRST + self.jobs.len()
    }

    /// Every way to place the breaks of which one is the cheapest.
    fn each_way(&self, take: &mut dyn FnMut(&Way<'_>)) {
        for home in 0..=self.breaks.len() {
            let mut leaves = i64::MIN;
            while let Some(way) = self.way(home, leaves) {
                take(&way);
                let Some(latest) = way.latest().filter(|&latest| latest < way.soonest[self.back()]) else { break };
                leaves = latest + 1;
            }
        }
    }

    /// So many breaks before leaving, which is at a time at the soonest; each other one as late as it can be.
    fn way(&self, home: usize, leaves: i64) -> Option<Way<'_>> {
        let mut way = Way { day: self, places: Vec::new(), afters: self.afters.clone(), soonest: Vec::new() };
        for _ in 0..home {
            way.place(None);
        }
        way.soonest = way.times(leaves)?;
        for rest in home..self.breaks.len() {
            let until = self.until(rest);
            // No earlier than the break before it.
            let first = way.places.last().copied().flatten().unwrap_or(LEAVE);
            let fits = |&at: &usize| self.alone[at - LEAVE] && way.ready(at) <= until;
            let at = (first..=self.back()).rev().find(fits)?;
            way.place(Some(at));
            way.soonest = way.times(leaves)?;
        }
        Some(way)
    }

    /// The latest a break can begin so that those behind it still can, all on one leg.
    fn until(&self, rest: usize) -> i64 {
        let later = self.breaks[rest..].iter().rev();
        later.fold(i64::MAX, |next, rest| limit(rest.window.1).min(next.saturating_sub(rest.duration.into())))
    }
}

/// From one time to the next: how long what is done first takes, and that with the way.
#[derive(Clone, Debug)]
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

/// A tour with breaks in their places.
struct Way<'a> {
    day: &'a Day<'a>,
    /// The time behind which each break placed so far is; nothing before leaving.
    places: Vec<Option<usize>>,
    /// The breaks' times stand behind all others.
    afters: Vec<After>,
    soonest: Vec<i64>,
}

impl Way<'_> {
    fn own(&self, rest: usize) -> usize {
        self.day.back() + 1 + rest
    }
    fn takes(&self, rest: usize) -> i64 {
        self.day.breaks[rest].duration.into()
    }
    fn service(&self, at: usize) -> i64 {
        self.day.legs.get(at - LEAVE).map_or(0, |leg| leg.service)
    }

    /// When the next break could begin behind a time.
    fn ready(&self, at: usize) -> i64 {
        let rested = self.places.iter().rposition(|&place| place == Some(at));
        let after = rested.map_or(i64::MIN, |rest| self.soonest[self.own(rest)] + self.takes(rest));
        after.max(self.soonest[at] + self.service(at))
    }

    /// The next break goes behind a time, or before leaving.
    fn place(&mut self, place: Option<usize>) {
        let rest = self.places.len();
        let (own, takes, window) = (self.own(rest), self.takes(rest), self.day.breaks[rest].window);
        self.afters.push(After { from: ZERO, to: own, least: window.0.into() });
        if limit(window.1) < i64::MAX {
            self.afters.push(After { from: own, to: ZERO, least: -i64::from(window.1) });
        }
        if let Some(before) = rest.checked_sub(1) {
            self.afters.push(After { from: self.own(before), to: own, least: self.takes(before) });
        }
        self.places.push(place);
        let Some(at) = place else {
            self.afters.push(After { from: own, to: LEAVE, least: takes });
            return;
        };
        self.afters.push(After { from: at, to: own, least: self.service(at) });
        if let Some(leg) = self.day.legs.get(at - LEAVE) {
            let here = (0..=rest).filter(|&rest| self.places[rest] == place).map(|rest| self.takes(rest)).sum::<i64>();
            self.afters.push(After { from: at, to: at + 1, least: leg.whole + here });
            self.afters.push(After { from: own, to: at + 1, least: takes });
        }
    }

    /// The soonest hours of those that leave at a time at the soonest.
    fn times(&self, leaves: i64) -> Option<Vec<i64>> {
        let mut afters = self.afters.clone();
        if leaves > i64::MIN {
            afters.push(After { from: ZERO, to: LEAVE, least: leaves });
        }
        longest(ZERO, self.own(self.places.len()), &afters)
    }

    /// How long each time is after leaving at least; what comes before it is negative.
    fn after_leaving(&self) -> Option<Vec<i64>> {
        longest(LEAVE, self.own(self.places.len()), &self.afters)
    }
    fn shortest(&self) -> Option<i64> {
        Some(self.after_leaving()?[self.day.back()])
    }
    /// The latest it can leave, if anything says so.
    fn latest(&self) -> Option<i64> {
        Some(self.after_leaving()?[ZERO]).filter(|&least| least > i64::MIN).map(|least| -least)
    }

    /// The same, taking so long at most.
    fn within(&self, most: i64) -> Self {
        let mut way =
            Self { day: self.day, places: self.places.clone(), afters: self.afters.clone(), soonest: Vec::new() };
        if most < i64::MAX {
            way.afters.push(After { from: self.day.back(), to: LEAVE, least: -most });
        }
        way
    }

    fn cost(&self, times: &[i64]) -> i64 {
        let late = |(job, begins): (&&Job, &i64)| (begins - limit(job.due)).max(0).saturating_mul(job.per_late);
        let late = self.day.jobs.iter().zip(&times[FIRST..]).map(late);
        late.fold(away(self.day.vehicle, times[self.day.back()] - times[LEAVE]), i64::saturating_add)
    }

    fn cheapest(&self) -> Option<Hours> {
        let soonest = self.times(i64::MIN)?;
        let back = self.day.back();
        // Leaving when it could be back at the soonest is later than ever pays.
        let latest = self.latest().unwrap_or(i64::MAX);
        let (mut low, mut high) = (soonest[LEAVE], latest.min(soonest[back]).max(soonest[LEAVE]));
        let at = |leaves: i64| self.times(leaves).map_or(i64::MAX, |times| self.cost(&times));
        while low < high {
            let middle = low + (high - low) / 2;
            if at(middle) <= at(middle + 1) { high = middle } else { low = middle + 1 }
        }
        let times = self.times(low)?;
        Some(Hours {
            leaves: times[LEAVE],
            begins: times[FIRST..back].to_vec(),
            rests: times[back + 1..].to_vec(),
            back: times[back],
            cost: self.cost(&times),
        })
    }
}
