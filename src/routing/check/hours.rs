//! The hours of a tour where being late costs or the driver has breaks: when it leaves, begins each job, rests and is back, so that this costs least.
//!
//! Each break is a time of its own (see `timing`), and stands wherever it can: before leaving, on each leg, back at home. Every way to place them is
//! tried that may still be cheaper, but for a leg behind which nothing waits, where the next one does as well whenever it leaves: it delays
//! less there. When to leave is then sought by halving, as what it costs is convex in that. O(legs ^ breaks) ways at worst, mostly a few, each a
//! few longest ways; no more than [`MOST_WAYS`] are tried.

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
    let most = limit(vehicle.max_duration);
    day.each_way(&mut |way| {
        let least = way.shortest();
        let best_so_far = best.as_ref().map_or(i64::MAX, |best| best.cost);
        let whole = way.places.len() == day.breaks.len();
        if whole {
            shortest = [shortest, least].into_iter().flatten().min();
        }
        // Neither later nor longer costs less, and more breaks do not.
        let lowest = least.map(|least| way.late(&way.soonest).saturating_add(away(vehicle, least)));
        if lowest.is_none_or(|lowest| lowest >= best_so_far) {
            return Next::Back;
        }
        match way.within(most).cheapest() {
            Some(hours) if hours.cost >= best_so_far => Next::Back,
            Some(hours) if whole => {
                best = Some(hours);
                Next::Back
            }
            // So that it is known how long the shortest is.
            None if best_so_far < i64::MAX => Next::Back,
            _ => Next::On,
        }
    });
    if best.is_some() {
        return best;
    }
    let missed = (0..vehicle.breaks.len()).find(|&last| {
        let mut any = false;
        let (afters, legs, alone) = (day.afters.clone(), day.legs.clone(), day.alone.clone());
        Day { breaks: &vehicle.breaks[..=last], afters, legs, alone, ..day }.each_way(&mut |way| {
            any |= way.places.len() == last + 1;
            if any { Next::Stop } else { Next::On }
        });
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

/// Placings of breaks that are tried.
const MOST_WAYS: u32 = 200_000;

/// What to do with more breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    On,
    /// Nothing more like this.
    Back,
    /// Nothing more at all.
    Stop,
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

    /// Every way to place the breaks; of each that has the first few of them it is asked whether to go on.
    fn each_way(&self, look: &mut dyn FnMut(&Way<'_>) -> Next) {
        let mut left = MOST_WAYS;
        for home in 0..=self.breaks.len() {
            let mut way = Way { day: self, places: Vec::new(), afters: self.afters.clone(), soonest: Vec::new() };
            for _ in 0..home {
                way.place(None);
            }
            if let Some(soonest) = way.times(i64::MIN)
                && self.go_on(&Way { soonest, ..way }, &mut left, look) == Next::Stop
            {
                return;
            }
        }
    }

    /// The next break goes behind each time that is not too late for it, no sooner than the one before it.
    fn go_on(&self, way: &Way<'_>, left: &mut u32, look: &mut dyn FnMut(&Way<'_>) -> Next) -> Next {
        let next = look(way);
        let Some(rest) = self.breaks.get(way.places.len()).filter(|_| next == Next::On) else { return next };
        let last = way.places.last().copied().flatten();
        let latest = way.latest_times();
        let until = self.until(way.places.len());
        let better_behind = |at: usize| {
            let next = at + 1;
            next <= self.back()
                && self.alone[next - LEAVE]
                && way.soonest[next] == way.soonest[at] + self.legs[at - LEAVE].whole
                && latest.get(next).copied().flatten().is_some_and(|latest| latest + way.service(next) <= until)
        };
        let fits = |&at: &usize| self.alone[at - LEAVE] && way.ready(at) <= limit(rest.window.1) && !better_behind(at);
        // The last ones first: they are often the best.
        for at in (last.unwrap_or(LEAVE)..=self.back()).rev().filter(fits) {
            let Some(fewer) = left.checked_sub(1) else { return Next::Stop };
            *left = fewer;
            let mut next = way.clone();
            next.place(Some(at));
            if let Some(soonest) = next.times(i64::MIN)
                && self.go_on(&Way { soonest, ..next }, left, look) == Next::Stop
            {
                return Next::Stop;
            }
        }
        Next::On
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
#[derive(Clone)]
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
        self.latest_times().get(LEAVE).copied().flatten()
    }
    /// The latest each time can be; nothing where nothing says so.
    fn latest_times(&self) -> Vec<Option<i64>> {
        let back: Vec<After> =
            self.afters.iter().map(|&After { from, to, least }| After { from: to, to: from, least }).collect();
        let before = longest(ZERO, self.own(self.places.len()), &back).unwrap_or_default();
        before.into_iter().map(|least| (least > i64::MIN).then(|| -least)).collect()
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

    /// What being late costs.
    fn late(&self, times: &[i64]) -> i64 {
        let late = |(job, begins): (&&Job, &i64)| (begins - limit(job.due)).max(0).saturating_mul(job.per_late);
        self.day.jobs.iter().zip(&times[FIRST..]).map(late).fold(0, i64::saturating_add)
    }
    fn cost(&self, times: &[i64]) -> i64 {
        self.late(times).saturating_add(away(self.day.vehicle, times[self.day.back()] - times[LEAVE]))
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
