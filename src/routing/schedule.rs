//! Are there times for a route where rides may not last too long or nobody may wait aboard? A system of differences of whole numbers: the least times
//! that keep it are found by raising them until nothing is broken (Bellman & Ford). O(length) a pass, and few passes; exact.
//!
//! Where being late costs or drivers have breaks, `hours` goes on from here: what the cheapest times cost.
//!
//! The shortest time away is the same with such limits as without, if there are times at all. It is a longest way from leaving to coming back; one that
//! goes back from where somebody is set down to where he was picked up, and on from there, comes by the one place on its way to the other: it goes in a
//! circle, and circles are no longer than 0.

mod hours;

use super::ground::{Ground, NONE};
use super::problem::MOST;
use super::route::{Cell, Gap};

/// A beginning: of leaving, of a job or of coming back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    early: i64,
    late: i64,
    /// From here to the next one, at least; also at most where nobody may wait.
    leg: i64,
    still: bool,
    /// Who is set down here: the step it was picked up in, and the most between the two beginnings.
    ride: Option<(u32, i64)>,
    /// Kinds of pairs aboard behind it, as bits.
    pub(super) aboard: u64,
    /// The most that may be added behind it to the rides of those aboard.
    pub(super) spare: i64,
}

/// Memory that is used again: the way whose times are sought.
#[derive(Clone, Debug, Default)]
pub(super) struct Schedule {
    steps: Vec<Step>,
    times: Vec<i64>,
    /// The step of a job.
    at: Vec<u32>,
    open: Vec<u32>,
    /// The jobs of the steps between leaving and coming back; only where times have a price.
    jobs: Vec<u32>,
    hours: hours::Hours,
}

impl Schedule {
    /// Fills `steps` with those of a vehicle of a kind that does these jobs. What the cheapest times cost that keep windows, shift, rides and breaks, if
    /// there are any and nobody rides with whom he may not; 0 where times have no price.
    pub(super) fn measure(
        &mut self,
        ground: &Ground<'_>,
        kind: u32,
        jobs: impl Iterator<Item = u32>,
        steps: &mut Vec<Step>,
    ) -> Option<i64> {
        let apart = self.read(ground, kind, jobs);
        self.spare();
        steps.clone_from(&self.steps);
        if apart { self.price(ground, kind) } else { None }
    }

    /// The same for a way whose steps are known, with a job put in, and the other of its pair; who may ride together is not looked at.
    pub(super) fn with(
        &mut self,
        ground: &Ground<'_>,
        kind: u32,
        steps: &[Step],
        cells: &[Cell],
        job: u32,
        gap: Gap,
    ) -> Option<i64> {
        let (after, second) = (usize::from(gap.after), usize::from(gap.second));
        let problem = ground.problem;
        let time = |from: u32, to: u32| i64::from(problem.duration(kind as usize, from as usize, to as usize));
        let may_wait = problem.vehicles()[kind as usize].may_wait;
        let own = |job: u32| {
            let what = &problem.jobs()[job as usize];
            Step {
                early: what.window.0.into(),
                late: limit(what.window.1),
                leg: what.service.into(),
                ..Step::default()
            }
        };
        let partner = ground.stops[job as usize].partner;
        let [from, next, second_from, second_next] = [after, after + 1, second, second + 1].map(|at| cells[at].place);
        if ground.priced {
            self.jobs.clear();
            for (at, cell) in cells.iter().enumerate() {
                let (first, last) = (at == after, at == second && partner != NONE);
                let row = [(cell.job, cell.job != NONE), (job, first), (partner, last)];
                self.jobs.extend(row.iter().filter(|(_, there)| *there).map(|(job, _)| job));
            }
        }
        let place = ground.stops[job as usize].place;
        self.steps.clear();
        self.steps.extend_from_slice(&steps[..=after]);
        let behind = after + 1;
        let mut first = own(job);
        self.steps[after].leg += time(from, place) - time(from, next);
        if partner == NONE {
            first.leg += time(place, next);
            first.still = steps[after].still;
            self.steps.push(first);
            self.steps.extend(steps[behind..].iter().map(|step| step.moved(behind, usize::MAX)));
            return self.price(ground, kind);
        }
        let other = ground.stops[partner as usize].place;
        let pair = &problem.pairs()[ground.pair_of(job)];
        first.still = !may_wait;
        let mut last = own(partner);
        let longest = first.leg + i64::from(pair.max_ride);
        last.ride = (pair.max_ride < MOST).then_some((behind as u32, longest));
        last.still = steps[second].still;
        last.leg += time(other, second_next);
        first.leg += if after == second { time(place, other) } else { time(place, next) };
        self.steps.push(first);
        self.steps.extend(
            steps[behind..=second].iter().map(|step| Step { still: !may_wait, ..step.moved(behind, usize::MAX) }),
        );
        if after < second
            && let Some(before) = self.steps.last_mut()
        {
            before.leg += time(second_from, other) - time(second_from, second_next);
        }
        self.steps.push(last);
        self.steps.extend(steps[second + 1..].iter().map(|step| step.moved(behind, second + 1)));
        self.price(ground, kind)
    }

    fn price(&mut self, ground: &Ground<'_>, kind: u32) -> Option<i64> {
        if ground.priced { self.cheapest(ground, kind) } else { self.is_possible().then_some(0) }
    }

    /// No if some may not ride together.
    fn read(&mut self, ground: &Ground<'_>, kind: u32, jobs: impl Iterator<Item = u32>) -> bool {
        let problem = ground.problem;
        let vehicle = &problem.vehicles()[kind as usize];
        let shift = Step { early: vehicle.shift.0.into(), late: limit(vehicle.shift.1), ..Step::default() };
        self.at.resize(ground.stops.len(), 0);
        self.open.clear();
        self.jobs.clear();
        self.steps.clear();
        self.steps.push(shift);
        let mut place = vehicle.start;
        let mut apart = true;
        for job in jobs {
            let stop = &ground.stops[job as usize];
            let what = &problem.jobs()[job as usize];
            self.drive(problem.duration(kind as usize, place, what.place));
            let mut step = Step {
                early: what.window.0.into(),
                late: limit(what.window.1),
                leg: what.service.into(),
                ..Step::default()
            };
            if stop.is_second() {
                let pair = &problem.pairs()[ground.pair_of(job)];
                let service = i64::from(problem.jobs()[pair.pickup].service);
                step.ride =
                    (pair.max_ride < MOST).then_some((self.at[pair.pickup], service + i64::from(pair.max_ride)));
                self.open.retain(|&other| other != stop.partner);
            } else if stop.partner != NONE {
                let kinds = ground.apart[problem.pairs()[ground.pair_of(job)].kind];
                apart &= self.steps.last().is_none_or(|last| last.aboard & kinds == 0);
                self.at[job as usize] = self.steps.len() as u32;
                self.open.push(job);
            }
            step.still = !vehicle.may_wait && !self.open.is_empty();
            for &other in &self.open {
                step.aboard |= 1 << problem.pairs()[ground.pair_of(other)].kind;
            }
            self.steps.push(step);
            if ground.priced {
                self.jobs.push(job);
            }
            place = what.place;
        }
        self.drive(problem.duration(kind as usize, place, vehicle.end));
        self.steps.push(shift);
        apart
    }

    /// From the last step to the next.
    fn drive(&mut self, time: i32) {
        if let Some(last) = self.steps.last_mut() {
            last.leg += i64::from(time);
        }
    }

    /// What may be added to the rides: nobody waits.
    fn spare(&mut self) {
        let (steps, times) = (&mut self.steps, &mut self.times);
        times.clear();
        let mut clock = 0;
        for step in steps.iter_mut() {
            step.spare = i64::MAX;
            times.push(clock);
            clock += step.leg;
        }
        for at in 0..steps.len() {
            if let Some((first, most)) = steps[at].ride {
                let spare = most - (times[at] - times[first as usize]);
                for step in &mut steps[first as usize..at] {
                    step.spare = step.spare.min(spare);
                }
            }
        }
    }

    /// Into `times`: the least beginnings, if there are any.
    fn is_possible(&mut self) -> bool {
        let (steps, times) = (&self.steps, &mut self.times);
        times.clear();
        times.extend(steps.iter().map(|step| step.early));
        for _ in 0..=steps.len() {
            for at in 1..steps.len() {
                times[at] = times[at].max(times[at - 1] + steps[at - 1].leg);
                if times[at] > steps[at].late {
                    return false;
                }
            }
            // How late the others are is seen the next time.
            let raised = raise(steps, times);
            if times[0] > steps[0].late {
                return false;
            }
            if !raised {
                return true;
            }
        }
        false
    }
}

/// Who may not wait, and whose ride is limited, begins no sooner than what comes after allows; was anything raised?
#[inline]
fn raise(steps: &[Step], times: &mut [i64]) -> bool {
    let mut raised = false;
    for (at, step) in steps.iter().enumerate().rev() {
        if step.still && times[at] < times[at + 1] - step.leg {
            times[at] = times[at + 1] - step.leg;
            raised = true;
        }
        if let Some((first, most)) = step.ride
            && times[first as usize] < times[at] - most
        {
            times[first as usize] = times[at] - most;
            raised = true;
        }
    }
    raised
}

impl Step {
    /// Steps from `behind` on stand one farther on, and those from `second` on one more.
    fn moved(&self, behind: usize, second: usize) -> Self {
        let moved = |at: u32| at + u32::from(at as usize >= behind) + u32::from(at as usize >= second);
        Self { ride: self.ride.map(|(first, most)| (moved(first), most)), ..*self }
    }
}

/// A limit of [`MOST`] is none; what is far beyond all sums stands for it.
fn limit(latest: i32) -> i64 {
    if latest == MOST { 1 << 50 } else { latest.into() }
}
