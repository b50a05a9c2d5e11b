//! One vehicle's day: what has been driven, where it can go from, and what it is to do. Are calls in an order that can be driven, and when?
//!
//! A vehicle waits where it is and leaves for its next call so late that it is there when the call begins: until then it may be sent elsewhere.
//! What it has left for is driven: nothing changes that any more.

use super::super::problem::{DIMS, Load, MOST};
use super::desk::Ticket;
use super::offer::Promise;
use super::service::Service;
use super::sheet::What;
use super::times::{Step, least};

/// Boarding or alighting of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Call {
    pub(super) ticket: usize,
    pub(super) what: What,
}

/// What a vehicle is to do, and when each call begins.
pub(super) type Plan = (Vec<Call>, Vec<i32>);

/// Tickets, and the promise of one more, which has the next number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Book<'a> {
    pub(super) tickets: &'a [Ticket],
    pub(super) new: Option<&'a Promise>,
}

impl<'a> Book<'a> {
    pub(super) fn of(tickets: &'a [Ticket]) -> Self {
        Self { tickets, new: None }
    }
    pub(super) fn promise(&self, ticket: usize) -> Option<&'a Promise> {
        match self.tickets.get(ticket) {
            Some(ticket) => Some(&ticket.promise),
            None => self.new.filter(|_| ticket == self.tickets.len()),
        }
    }
    /// When somebody boarded who is aboard.
    fn boarded(&self, ticket: usize) -> Option<i32> {
        self.tickets.get(ticket).and_then(|ticket| ticket.boarded)
    }
}

/// See above. Times are seconds.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) vehicle: usize,
    /// Where it is, or will be next.
    pub(super) place: usize,
    /// When it can leave from there.
    pub(super) free: i32,
    /// It has left; when.
    pub(super) left: Option<i32>,
    /// It is back, or on its way back, for good.
    pub(super) home: bool,
    /// Tickets of who is aboard.
    pub(super) aboard: Vec<usize>,
    /// What it is to do.
    pub(super) open: Vec<Call>,
    /// When each of these begins: the least times.
    pub(super) times: Vec<i32>,
    /// What has been driven, and when it began.
    pub(super) driven: Vec<(Call, i32)>,
    /// Length of that.
    pub(super) length: i64,
}

/// Memory that is used again: the steps of a way, their times, and who is aboard behind each.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    pub(super) steps: Vec<Step>,
    pub(super) times: Vec<i64>,
    pub(super) people: Vec<i64>,
    pub(super) loads: Vec<Load>,
    /// Who is aboard: the ticket, and the step of boarding if it is one of these.
    open: Vec<(usize, Option<usize>)>,
}

impl Way {
    /// Nothing has been driven.
    pub(super) fn new(service: &Service, vehicle: usize) -> Self {
        let what = &service.vehicles()[vehicle];
        Self {
            vehicle,
            place: what.start,
            free: what.shift.0,
            left: None,
            home: false,
            aboard: Vec::new(),
            open: Vec::new(),
            times: Vec::new(),
            driven: Vec::new(),
            length: 0,
        }
    }

    /// Fills the steps of these calls: the first is leaving from where it is, the last is being back. Nothing where the order makes no sense (somebody
    /// alights who is not aboard, or stays aboard) or there is no room.
    pub(super) fn steps(
        &self,
        service: &Service,
        book: Book<'_>,
        calls: impl Iterator<Item = Call>,
        scratch: &mut Scratch,
    ) -> Option<()> {
        let Scratch { steps, people, loads, open, .. } = scratch;
        let vehicle = &service.vehicles()[self.vehicle];
        steps.clear();
        people.clear();
        loads.clear();
        open.clear();
        let (mut riders, mut load) = (0_i64, [0_i32; DIMS]);
        for &ticket in &self.aboard {
            let promise = book.promise(ticket)?;
            riders += i64::from(promise.people);
            load = sum(&load, &promise.load);
            open.push((ticket, None));
        }
        let (mut place, mut leg) = (self.place, 0_i64);
        let mut step = Step { early: self.free.into(), late: MOST.into(), ..Step::default() };
        for call in calls {
            let promise = book.promise(call.ticket)?;
            let (there, stands, next) = match call.what {
                What::Board => {
                    if open.iter().any(|&(ticket, _)| ticket == call.ticket) {
                        return None;
                    }
                    open.push((call.ticket, Some(steps.len() + 1)));
                    let (early, late) = promise.window;
                    let next = Step { early: early.into(), late: late.into(), ..Step::default() };
                    (promise.pickup, promise.board, next)
                }
                What::Alight => {
                    let at = open.iter().position(|&(ticket, _)| ticket == call.ticket)?;
                    let (_, boarded) = open.swap_remove(at);
                    let most = i64::from(promise.board) + i64::from(promise.longest);
                    let mut late = i64::from(promise.down.1);
                    if boarded.is_none() {
                        late = late.min(i64::from(book.boarded(call.ticket)?) + most);
                    }
                    let ride = boarded.map(|first| (first, most));
                    let next = Step { early: promise.down.0.into(), late, leg: 0, ride };
                    (promise.setdown, promise.alight, next)
                }
            };
            step.leg = leg + i64::from(service.duration(place, there));
            steps.push(step);
            people.push(riders);
            loads.push(load);
            if call.what == What::Board {
                riders += i64::from(promise.people);
                load = sum(&load, &promise.load);
                if !service.holds(self.vehicle, &load) {
                    return None;
                }
            } else {
                riders -= i64::from(promise.people);
                for (load, less) in load.iter_mut().zip(promise.load) {
                    *load -= less;
                }
            }
            (step, place, leg) = (next, there, stands.into());
        }
        step.leg = leg + i64::from(service.duration(place, vehicle.end));
        steps.push(step);
        people.push(riders);
        loads.push(load);
        steps.push(Step { late: vehicle.shift.1.into(), ..Step::default() });
        open.is_empty().then_some(())
    }

    /// The least times of these calls, if there are any that keep everything.
    pub(super) fn times(
        &self,
        service: &Service,
        book: Book<'_>,
        calls: &[Call],
        scratch: &mut Scratch,
    ) -> Option<Vec<i32>> {
        self.steps(service, book, calls.iter().copied(), scratch)?;
        let calls = 1..scratch.steps.len() - 1;
        least(&scratch.steps, &mut scratch.times)
            .then(|| scratch.times[calls].iter().map(|&time| time as i32).collect())
    }

    /// The same vehicle where it is, with those aboard and other calls.
    pub(super) fn with(&self, open: Vec<Call>, times: Vec<i32>) -> Self {
        Self { aboard: self.aboard.clone(), open, times, driven: Vec::new(), ..*self }
    }

    /// The same vehicle where it is, with nobody aboard and nothing to do.
    pub(super) fn emptied(&self) -> Self {
        Self { aboard: Vec::new(), open: Vec::new(), times: Vec::new(), driven: Vec::new(), ..*self }
    }

    /// What it costs to do these calls and go back.
    pub(super) fn cost(&self, service: &Service, book: Book<'_>, calls: &[Call]) -> i64 {
        if self.home || (self.left.is_none() && calls.is_empty()) {
            return 0;
        }
        let vehicle = &service.vehicles()[self.vehicle];
        let (mut place, mut length) = (self.place, 0_i64);
        for call in calls {
            let Some(promise) = book.promise(call.ticket) else { continue };
            let there = if call.what == What::Board { promise.pickup } else { promise.setdown };
            length += i64::from(service.distance(place, there));
            place = there;
        }
        length += i64::from(service.distance(place, vehicle.end));
        let fixed = if self.left.is_none() { vehicle.fixed } else { 0 };
        fixed.saturating_add(length.saturating_mul(vehicle.per_distance))
    }

    /// What is driven until a time is driven: calls the vehicle has left for before, and the way home.
    pub(super) fn advance(&mut self, service: &Service, tickets: &mut [Ticket], now: i32) {
        let vehicle = &service.vehicles()[self.vehicle];
        let mut done = 0;
        for (&call, &begins) in self.open.iter().zip(&self.times) {
            let ticket = &mut tickets[call.ticket];
            let promise = &ticket.promise;
            let (there, stands) = match call.what {
                What::Board => (promise.pickup, promise.board),
                What::Alight => (promise.setdown, promise.alight),
            };
            let leaves = begins - service.duration(self.place, there);
            if leaves >= now {
                break;
            }
            match call.what {
                What::Board => {
                    ticket.boarded = Some(begins);
                    self.aboard.push(call.ticket);
                }
                What::Alight => {
                    ticket.alighted = Some(begins);
                    self.aboard.retain(|&other| other != call.ticket);
                }
            }
            self.left.get_or_insert(leaves);
            self.length += i64::from(service.distance(self.place, there));
            (self.place, self.free) = (there, begins.saturating_add(stands));
            self.driven.push((call, begins));
            done += 1;
        }
        self.open.drain(..done);
        self.times.drain(..done);
        if self.home {
            return;
        }
        let home = service.duration(self.place, vehicle.end);
        if self.open.is_empty() && self.left.is_some() && vehicle.shift.1 - home < now {
            self.length += i64::from(service.distance(self.place, vehicle.end));
            (self.place, self.free, self.home) = (vehicle.end, vehicle.shift.1, true);
            return;
        }
        self.free = self.free.max(now);
    }
}

impl Scratch {
    /// Seconds that people spend aboard a vehicle that stands and waits, with the times found last.
    pub(super) fn idle(&self) -> i64 {
        let waits = self.times.windows(2).zip(&self.steps).map(|(pair, step)| pair[1] - pair[0] - step.leg);
        waits.zip(&self.people).fold(0, |sum, (waits, &people)| sum + waits * people)
    }
}

fn sum(one: &Load, other: &Load) -> Load {
    std::array::from_fn(|kind| one[kind].saturating_add(other[kind]))
}
