//! What the cheapest times of a way cost: of being late, of time away, of overtime, with the driver's breaks wherever they are cheapest.
//!
//! Who leaves at a time d at the soonest can begin each step at max(L, d + S): L its least time at all, S how long after leaving it is at least. All are as
//! soon as they can be, so nothing is less late, and nobody is back sooner. What that costs is convex in d, and bends where a step begins to be late
//! or overtime ends: the cheapest d is found by going from bend to bend. O(length log length) for each way to place the breaks; exact.

use super::super::ground::Ground;
use super::super::problem::{Break, MOST, Vehicle};
use super::{Schedule, limit};

/// Memory that is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Hours {
    /// How long after leaving each step begins at least.
    spans: Vec<i64>,
    /// The latest beginnings without breaks.
    latest: Vec<i64>,
    /// The least ones.
    soonest: Vec<i64>,
    bends: Vec<(i64, i64)>,
}

/// No time is this late or early.
const FAR: i64 = 1 << 52;

/// Where a break is taken. Those before leaving come first, then those on the way to the first step, …, then those after coming back.
type Slot = usize;

/// What is known of the breaks placed so far: those of the last slot end at `ends` at the soonest, and take so long together.
#[derive(Clone, Copy, Debug)]
struct Placed {
    slot: Slot,
    ends: i64,
    takes: i64,
}

impl Schedule {
    /// What the cheapest times cost, if there are any.
    pub(super) fn cheapest(&mut self, ground: &Ground<'_>, kind: u32) -> Option<i64> {
        let vehicle = &ground.problem.vehicles()[kind as usize];
        if vehicle.breaks.is_empty() {
            return self.without_breaks(ground, vehicle);
        }
        if !self.is_possible() {
            return None;
        }
        self.hours.soonest.clone_from(&self.times);
        self.find_latest();
        self.with_breaks(ground, vehicle, &vehicle.breaks, Placed { slot: 0, ends: -FAR, takes: 0 })
    }

    fn find_latest(&mut self) {
        let latest = &mut self.hours.latest;
        latest.clear();
        latest.resize(self.steps.len(), FAR);
        let mut next = FAR;
        for (latest, step) in latest.iter_mut().zip(&self.steps).rev() {
            next = step.late.min(next - step.leg);
            *latest = next;
        }
    }

    /// The cheapest way to place these breaks behind those that are placed.
    fn with_breaks(&mut self, ground: &Ground<'_>, vehicle: &Vehicle, breaks: &[Break], placed: Placed) -> Option<i64> {
        let Some((rest, others)) = breaks.split_first() else { return self.without_breaks(ground, vehicle) };
        let (begin, until) = (i64::from(rest.window.0), limit(rest.window.1));
        let last = self.steps.len();
        let mut best: Option<i64> = None;
        for slot in placed.slot..=last {
            let (ends, takes) = if slot == placed.slot { (placed.ends, placed.takes) } else { (-FAR, 0) };
            if ends > until {
                continue;
            }
            let ends = ends.max(begin) + i64::from(rest.duration);
            let before = (slot > 0).then(|| self.steps[slot - 1]);
            let after = self.steps.get(slot).copied();
            if let Some(before) = before {
                let takes_before = self.service(ground, slot - 1);
                if self.hours.soonest[slot - 1] + takes_before > until {
                    // Farther on it is later still.
                    break;
                }
                if slot < last && before.still {
                    continue;
                }
                self.steps[slot - 1].late = before.late.min(until - takes_before - takes);
                if slot < last {
                    self.steps[slot - 1].leg += i64::from(rest.duration);
                }
            }
            let in_time = after.is_none_or(|_| self.hours.latest[slot] >= ends);
            if in_time {
                if let Some(after) = after {
                    self.steps[slot].early = after.early.max(ends);
                }
                let placed = Placed { slot, ends, takes: takes + i64::from(rest.duration) };
                let cost = self.with_breaks(ground, vehicle, others, placed);
                best = [best, cost].into_iter().flatten().min();
            }
            if let Some(before) = before {
                self.steps[slot - 1] = before;
            }
            if let Some(after) = after {
                self.steps[slot] = after;
            }
        }
        best
    }

    /// How long what is done at a step takes.
    fn service(&self, ground: &Ground<'_>, step: usize) -> i64 {
        let job = step.checked_sub(1).and_then(|at| self.jobs.get(at));
        job.map_or(0, |&job| ground.problem.jobs()[job as usize].service.into())
    }

    fn without_breaks(&mut self, ground: &Ground<'_>, vehicle: &Vehicle) -> Option<i64> {
        if !self.is_possible() {
            return None;
        }
        let end = self.steps.len() - 1;
        let mut leave = self.times[0];
        if vehicle.pays_time() || vehicle.max_duration < MOST {
            leave = self.best_leave(ground, vehicle, end)?;
        } else {
            self.hours.spans.clear();
            self.hours.spans.resize(end + 1, -FAR);
        }
        let begins = |at: usize| self.times[at].max(leave + self.hours.spans[at]);
        let late = self.jobs.iter().enumerate().map(|(at, &job)| {
            let job = &ground.problem.jobs()[job as usize];
            (begins(at + 1) - limit(job.due)).max(0) * job.per_late
        });
        let late: i64 = late.sum();
        let away = begins(end) - leave;
        let over = (away - limit(vehicle.usual_duration)).max(0);
        Some(late + away * vehicle.per_duration + over * vehicle.per_overtime)
    }

    /// When to leave; `times` are the least.
    fn best_leave(&mut self, ground: &Ground<'_>, vehicle: &Vehicle, end: usize) -> Option<i64> {
        self.find_spans();
        let (times, hours) = (&self.times, &mut self.hours);
        let spans = &hours.spans;
        let longest = limit(vehicle.max_duration);
        if spans[end] > longest {
            return None;
        }
        // Later than `shortest` nothing gets shorter.
        let shortest = times[end] - spans[end];
        let low = times[0].max(times[end] - longest);
        let latest = self.steps.iter().zip(spans).map(|(step, span)| step.late - span).min().unwrap_or(low);
        let high = latest.min(low.max(shortest));
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
        spans.clear();
        spans.resize(steps.len(), -FAR);
        spans[0] = 0;
        for _ in 0..=steps.len() {
            for at in 1..steps.len() {
                spans[at] = spans[at].max(spans[at - 1] + steps[at - 1].leg);
            }
            let mut raised = false;
            for at in (0..steps.len()).rev() {
                let step = &steps[at];
                if step.still && spans[at] < spans[at + 1] - step.leg {
                    spans[at] = spans[at + 1] - step.leg;
                    raised = true;
                }
                if let Some((first, most)) = step.ride
                    && spans[first as usize] < spans[at] - most
                {
                    spans[first as usize] = spans[at] - most;
                    raised = true;
                }
            }
            if !raised {
                return;
            }
        }
    }
}
