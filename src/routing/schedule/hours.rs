//! What the cheapest times of a way cost: of being late, of time away, of overtime, with the driver's breaks wherever they are cheapest.
//!
//! Who leaves at a time d at the soonest can begin each step at max(L, d + S): L its least time at all, S how long after leaving it is at least. All are as
//! soon as they can be, so nothing is less late, and nobody is back sooner. What that costs is convex in d, and bends where a step begins to be late
//! or overtime ends: the cheapest d is found by going from bend to bend.
//!
//! A break that is not over before leaving is best taken on the last leg on which it can be: every step before it is sooner then, and none behind it
//! later. Which leg that is depends on d, and goes from the last to the first as d rises; so there are no more ways to place breaks than there are
//! breaks times legs, and each is priced as above, from the time on at which the one before it can no longer be kept. O(breaks² x length² x log length) at
//! worst, mostly O(length); exact.

use super::super::ground::Ground;
use super::super::problem::{Break, MOST, Vehicle};
use super::{Schedule, Step, limit, raise};

/// Memory that is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Hours {
    /// How long after leaving each step begins at least.
    spans: Vec<i64>,
    bends: Vec<(i64, i64)>,
    /// Is nobody aboard behind a step?
    alone: Vec<bool>,
    /// The steps without breaks.
    plain: Vec<Step>,
}

/// No time is this late or early.
const FAR: i64 = 1 << 52;

/// A break with the times it can begin at, those before and behind it being what they are.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    from: i64,
    until: i64,
    takes: i64,
}

/// What a way costs that leaves at the best time.
#[derive(Clone, Copy, Debug)]
struct Priced {
    /// Nothing where it takes too long.
    cost: Option<i64>,
    /// The latest it could leave with its breaks where they are; nothing where leaving later saves nothing.
    latest: Option<i64>,
}

impl Schedule {
    /// What the cheapest times cost, if there are any.
    pub(super) fn cheapest(&mut self, ground: &Ground<'_>, kind: u32) -> Option<i64> {
        let vehicle = &ground.problem.vehicles()[kind as usize];
        let least = self.priced(ground, vehicle)?.cost?;
        if vehicle.breaks.is_empty() {
            return Some(least);
        }
        let rests = rests(&vehicle.breaks)?;
        let rests = &rests[..vehicle.breaks.len()];
        self.find_alone(ground);
        self.hours.plain.clone_from(&self.steps);
        let mut best: Option<i64> = None;
        for home in 0..=rests.len() {
            let before = home.checked_sub(1).map_or(-FAR, |last| rests[last].from + rests[last].takes);
            let mut leaves = self.hours.plain[0].early.max(before);
            while let Some(priced) = self.with_breaks(ground, vehicle, &rests[home..], leaves) {
                best = [best, priced.cost].into_iter().flatten().min();
                // Without breaks it costs no less.
                if best == Some(least) {
                    return best;
                }
                let Some(latest) = priced.latest else { break };
                leaves = latest + 1;
            }
        }
        best
    }

    fn find_alone(&mut self, ground: &Ground<'_>) {
        let alone = &mut self.hours.alone;
        alone.clear();
        alone.push(true);
        let mut aboard = 0;
        alone.extend(self.jobs.iter().map(|&job| {
            aboard += if ground.paired { ground.stops[job as usize].load } else { 0 };
            aboard == 0
        }));
        alone.push(true);
    }

    /// What it costs to leave at a time at the soonest, and to take each break as late as can be. Nothing where nobody can leave then or later.
    fn with_breaks(&mut self, ground: &Ground<'_>, vehicle: &Vehicle, rests: &[Rest], leaves: i64) -> Option<Priced> {
        self.steps.clone_from(&self.hours.plain);
        self.steps[0].early = leaves;
        if leaves > self.steps[0].late || !self.is_possible() {
            return None;
        }
        let end = self.steps.len() - 1;
        // The step behind which the break before this one is taken, when it ends at the soonest, and what breaks there take together.
        let (mut after, mut ends, mut takes) = (0, -FAR, 0);
        for rest in rests {
            let fits = |step: usize| {
                let before = if step == after { takes } else { 0 };
                self.hours.alone[step] && self.times[step] + self.service(ground, step) + before <= rest.until
            };
            let step = (after..=end).rev().find(|&step| fits(step))?;
            if step > after {
                (after, ends, takes) = (step, -FAR, 0);
            }
            let service = self.service(ground, step);
            self.steps[step].late = self.steps[step].late.min(rest.until - service - takes);
            ends = rest.from.max(ends) + rest.takes;
            takes += rest.takes;
            if step < end {
                self.steps[step].leg += rest.takes;
                self.steps[step + 1].early = self.steps[step + 1].early.max(ends);
            }
            if !self.is_possible() {
                return None;
            }
        }
        self.priced(ground, vehicle)
    }

    /// How long what is done at a step takes.
    fn service(&self, ground: &Ground<'_>, step: usize) -> i64 {
        let job = step.checked_sub(1).and_then(|at| self.jobs.get(at));
        job.map_or(0, |&job| ground.problem.jobs()[job as usize].service.into())
    }

    /// What the steps cost as they are; nothing where there are no times.
    fn priced(&mut self, ground: &Ground<'_>, vehicle: &Vehicle) -> Option<Priced> {
        if !self.is_possible() {
            return None;
        }
        let end = self.steps.len() - 1;
        let (mut leaves, mut latest) = (self.times[0], None);
        self.hours.spans.clear();
        self.hours.spans.resize(end + 1, -FAR);
        if vehicle.pays_time() || vehicle.max_duration < MOST {
            self.find_spans();
            // Later than that nothing gets shorter.
            latest = self.latest().filter(|latest| *latest < self.times[end] - self.hours.spans[end]);
            match self.best_leave(ground, vehicle, end) {
                Some(best) => leaves = best,
                None => return Some(Priced { cost: None, latest }),
            }
        }
        let begins = |at: usize| self.times[at].max(leaves + self.hours.spans[at]);
        let late = self.jobs.iter().enumerate().map(|(at, &job)| {
            let job = &ground.problem.jobs()[job as usize];
            (begins(at + 1) - limit(job.due)).max(0) * job.per_late
        });
        let late = late.fold(0, i64::saturating_add);
        let away = begins(end) - leaves;
        let over = (away - limit(vehicle.usual_duration)).max(0);
        let cost = late.saturating_add(away * vehicle.per_duration + over * vehicle.per_overtime);
        Some(Priced { cost: Some(cost), latest })
    }

    /// The latest anybody can leave; `spans` are known.
    fn latest(&self) -> Option<i64> {
        self.steps.iter().zip(&self.hours.spans).map(|(step, span)| step.late - span).min()
    }

    /// When to leave, if some way is short enough; `times` are the least.
    fn best_leave(&mut self, ground: &Ground<'_>, vehicle: &Vehicle, end: usize) -> Option<i64> {
        let longest = limit(vehicle.max_duration);
        let latest = self.latest()?;
        let (times, hours) = (&self.times, &mut self.hours);
        let spans = &hours.spans;
        if spans[end] > longest {
            return None;
        }
        let low = times[0].max(times[end] - longest);
        let high = latest.min(low.max(times[end] - spans[end]));
        if low > high {
            return None;
        }
        // How steeply it rises from a time on, beginning with overtime that ends there.
        let over = times[end] - limit(vehicle.usual_duration);
        hours.bends.clear();
        hours.bends.push((over, vehicle.per_overtime));
        for (at, &job) in (1..).zip(&self.jobs) {
            let job = &ground.problem.jobs()[job as usize];
            if job.per_late > 0 && job.due < MOST {
                hours.bends.push((times[at].max(job.due.into()) - spans[at], job.per_late));
            }
        }
        hours.bends.sort_unstable();
        let mut leave = low;
        let mut slope = -vehicle.per_duration - vehicle.per_overtime;
        for &(bend, steeper) in &hours.bends {
            if bend > leave {
                if slope >= 0 || bend >= high {
                    break;
                }
                leave = bend;
            }
            slope += steeper;
        }
        Some(if slope < 0 { high } else { leave })
    }

    /// How long after leaving each step begins at least, windows aside.
    fn find_spans(&mut self) {
        let (steps, spans) = (&self.steps, &mut self.hours.spans);
        spans[0] = 0;
        for _ in 0..=steps.len() {
            for at in 1..steps.len() {
                spans[at] = spans[at].max(spans[at - 1] + steps[at - 1].leg);
            }
            if !raise(steps, spans) {
                return;
            }
        }
    }
}

/// When each break can begin that those before and behind it leave time; nothing where they do not. Behind the last there are none.
fn rests(breaks: &[Break]) -> Option<[Rest; super::super::problem::MOST_BREAKS]> {
    let mut rests = [Rest::default(); super::super::problem::MOST_BREAKS];
    let mut soonest = -FAR;
    for (rest, own) in rests.iter_mut().zip(breaks) {
        rest.takes = own.duration.into();
        rest.from = soonest.max(own.window.0.into());
        soonest = rest.from + rest.takes;
    }
    let mut latest = FAR;
    for (rest, own) in rests.iter_mut().zip(breaks).rev() {
        rest.until = limit(own.window.1).min(latest - rest.takes);
        latest = rest.until;
    }
    rests[..breaks.len()].iter().all(|rest| rest.from <= rest.until).then_some(rests)
}
