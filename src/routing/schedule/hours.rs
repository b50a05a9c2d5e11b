//! What the cheapest times of a way cost: of being late, of time away, of overtime, with the driver's breaks wherever they are cheapest.
//!
//! Who leaves at a time d at the soonest can begin each step at max(L, d + S): L its least time at all, S how long after leaving it is at least. All are as
//! soon as they can be, so nothing is less late, and nobody is back sooner. What that costs is convex in d, and bends where a step begins to be late
//! or overtime ends: the cheapest d is found by going from bend to bend.
//!
//! A break that is not over before leaving is taken on the last leg on which it can be, or on one before it behind which something is waited for: waiting
//! takes up what the break delays. Of legs between which nothing waits the last one is best: every step before it is sooner then, and none behind
//! it later. Whoever leaves later waits no more, and where a break can last be goes from the last leg to the first; so all ways to place breaks
//! are looked at for who leaves at the soonest, and again when one of them can no longer be kept. Each is priced as above. Mostly one or two,
//! O(length) each; exact. A tour with more than [`MOST_WAYS`] is not driven.

use super::super::ground::Ground;
use super::super::problem::{Break, MOST, MOST_BREAKS, Vehicle};
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
    /// The steps and times before a break was placed.
    kept: [(Vec<Step>, Vec<i64>); MOST_BREAKS],
}

/// Ways to place some or all breaks of a tour that are looked at.
const MOST_WAYS: u32 = 512;

/// No time is this late or early.
const FAR: i64 = 1 << 52;

/// A break with the times it can begin at, those before and behind it being what they are.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    from: i64,
    until: i64,
    takes: i64,
}

/// Where the break before this one is, when it ends at the soonest, and what breaks there take together.
#[derive(Clone, Copy, Debug)]
struct Placed {
    after: usize,
    ends: i64,
    takes: i64,
}

impl Default for Placed {
    fn default() -> Self {
        Self { after: 0, ends: -FAR, takes: 0 }
    }
}

/// What was found so far.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// Without breaks; with them it costs no less.
    least: i64,
    best: Option<i64>,
    /// The latest anybody could leave until a way can no longer be kept.
    latest: Option<i64>,
    /// Ways.
    left: u32,
}

impl Found {
    /// Is that less than the best? What takes too long has no cost.
    fn may_be_better(&self, priced: Priced) -> bool {
        priced.cost.is_some_and(|cost| self.best.is_none_or(|best| cost < best))
    }
    fn is_least(&self) -> bool {
        self.best == Some(self.least)
    }
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
        let mut found = Found { least, best: None, latest: None, left: MOST_WAYS };
        for home in 0..=rests.len() {
            let before = home.checked_sub(1).map_or(-FAR, |last| rests[last].from + rests[last].takes);
            let mut leaves = self.hours.plain[0].early.max(before);
            loop {
                self.steps.clone_from(&self.hours.plain);
                self.steps[0].early = leaves;
                let plain = if leaves > self.steps[0].late { None } else { self.priced(ground, vehicle) };
                if !plain.is_some_and(|plain| found.may_be_better(plain)) {
                    break;
                }
                self.place(ground, vehicle, &rests[home..], Placed::default(), &mut found)?;
                if found.is_least() {
                    return found.best;
                }
                let Some(latest) = found.latest.take() else { break };
                leaves = latest + 1;
            }
        }
        found.best
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

    /// Takes the first of these breaks wherever it may be best, and then the others; `times` are the least with those placed before. Nothing where
    /// there are too many ways.
    fn place(
        &mut self,
        ground: &Ground<'_>,
        vehicle: &Vehicle,
        rests: &[Rest],
        placed: Placed,
        found: &mut Found,
    ) -> Option<()> {
        found.left = found.left.checked_sub(1)?;
        let Some((rest, behind)) = rests.split_first() else {
            if let Some(priced) = self.priced(ground, vehicle) {
                found.best = [found.best, priced.cost].into_iter().flatten().min();
                found.latest = [found.latest, priced.latest].into_iter().flatten().min();
            }
            return Some(());
        };
        let (mut steps, mut times) = std::mem::take(&mut self.hours.kept[behind.len()]);
        steps.clone_from(&self.steps);
        times.clone_from(&self.times);
        let end = steps.len() - 1;
        let fits = |&step: &usize| {
            let before = if step == placed.after { placed.takes } else { 0 };
            self.hours.alone[step] && times[step] + self.service(ground, step) + before <= rest.until
        };
        let mut next = (placed.after..=end).rev().find(fits);
        while let Some(step) = next {
            let here = if step == placed.after { placed } else { Placed { after: step, ..Placed::default() } };
            let service = self.service(ground, step);
            let own = &mut self.steps[step];
            own.late = own.late.min(rest.until - service - here.takes);
            let here = Placed { ends: rest.from.max(here.ends) + rest.takes, takes: here.takes + rest.takes, ..here };
            if step < end {
                own.leg += rest.takes;
                self.steps[step + 1].early = self.steps[step + 1].early.max(here.ends);
            }
            // With the others it costs no less.
            if let Some(priced) = self.priced(ground, vehicle) {
                found.latest = [found.latest, priced.latest].into_iter().flatten().min();
                if found.may_be_better(priced) {
                    self.place(ground, vehicle, behind, here, found)?;
                }
                if found.is_least() {
                    break;
                }
            }
            self.steps.clone_from(&steps);
            // At home it delays nothing.
            if step == end {
                break;
            }
            let mut waits = false;
            next = (placed.after..step).rev().find(|&at| {
                waits |= times[at + 1] > times[at] + steps[at].leg;
                waits && self.hours.alone[at]
            });
        }
        self.hours.kept[behind.len()] = (steps, times);
        Some(())
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
fn rests(breaks: &[Break]) -> Option<[Rest; MOST_BREAKS]> {
    let mut rests = [Rest::default(); MOST_BREAKS];
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
