//! Could what is open be driven better? The search of `routing` on a problem of what is still open, from the present answer on (anytime, the same for
//! the same seed and iterations). It may run beside the desk, on a copy: `Desk::take_over` looks whether what was found still fits.
//!
//! A vehicle that is out begins at a place of its own, which no other reaches: who is aboard is picked up there at once, and where nobody is, a job
//! says that it is out. All tickets must be served, within what they were promised; stops were promised too, and stay.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::problem::{Job, MOST, Pair, Parts, Problem, Travel, Vehicle as Kind};
use super::super::solve::solve;
use super::super::tours::{Tour, Tours};
use super::desk::{Desk, State};
use super::insert::{Seek, find};
use super::request::Choice;
use super::sheet::What;
use super::way::{Book, Call, Scratch, Way};
use crate::search::{Ended, Run, Solved};

/// What was found: who does what, from the time it was sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    calls: Vec<Vec<Call>>,
    /// How many calls each vehicle had driven.
    driven: Vec<usize>,
}

/// Why what was found does not fit any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stale {
    /// A vehicle has left for another place.
    #[error("vehicle {vehicle} has left for another place since; search again")]
    Left {
        /// Which; they count from 0.
        vehicle: usize,
    },
    /// Somebody is new, and does not fit in.
    #[error("ticket {ticket} was promised since and does not fit; search again")]
    Booked {
        /// Which; they count from 0.
        ticket: usize,
    },
    /// It is too late for it.
    #[error("vehicle {vehicle} could not keep its promises that way any more; search again")]
    Late {
        /// Which; they count from 0.
        vehicle: usize,
    },
}

impl Desk {
    /// Seeks a better way to drive what is open, within the budget of the run. What will be driven in the next `ahead` seconds is left as it is, so
    /// that what is found fits if it is taken over by then, though vehicles have left meanwhile. Nothing is changed; there is no bound.
    #[must_use]
    pub fn again(&self, run: &Run<'_>, ahead: i32) -> Solved<Again> {
        let mut then = self.clone();
        then.advance(self.now.saturating_add(ahead.max(0)));
        let (calls, ended, iterations) = match Open::of(&then) {
            Some((open, tours)) => {
                let solved = solve(&open.problem, Some(&tours), run);
                let found = (solved.best.missing == 0).then(|| open.calls(&then, &solved.best));
                (found, solved.ended, solved.iterations)
            }
            None => (None, Ended::Complete, 0),
        };
        let calls = calls.unwrap_or_else(|| then.ways.iter().map(|way| way.open.clone()).collect());
        let driven: Vec<usize> = self.ways.iter().map(|way| way.driven.len()).collect();
        // What is driven until then comes first.
        let whole = |((way, &driven), calls): ((&Way, &usize), Vec<Call>)| {
            way.driven[driven..].iter().map(|&(call, _)| call).chain(calls).collect()
        };
        let calls = then.ways.iter().zip(&driven).zip(calls).map(whole).collect();
        Solved { best: Again { calls, driven }, bound: None, ended, iterations }
    }
}

impl Again {
    /// What is left of it, with its times; all of it is tried.
    pub(super) fn since(&self, desk: &Desk) -> Result<Vec<(Vec<Call>, Vec<i32>)>, Stale> {
        let (book, mut scratch) = (Book::of(&desk.tickets), Scratch::default());
        let mut plans = Vec::with_capacity(desk.ways.len());
        let mut named = vec![false; desk.tickets.len()];
        for (vehicle, way) in desk.ways.iter().enumerate() {
            let (Some(calls), Some(&driven)) = (self.calls.get(vehicle), self.driven.get(vehicle)) else {
                return Err(Stale::Left { vehicle });
            };
            // Who cancelled and is driven by all the same stays.
            let gone = |call: &Call| {
                let ticket = desk.tickets.get(call.ticket);
                ticket.is_none_or(|ticket| ticket.state() == State::Cancelled && ticket.boarded.is_none())
            };
            let mut rest = calls.iter().copied().filter(|call| !gone(call));
            let since = way.driven.get(driven..).unwrap_or(&[]).iter().map(|&(call, _)| call);
            for call in since.filter(|call| !gone(call)) {
                if rest.next() != Some(call) {
                    return Err(Stale::Left { vehicle });
                }
            }
            let rest: Vec<Call> = rest.collect();
            for call in &rest {
                named[call.ticket] |= call.what == What::Alight;
            }
            let times = way.times(&desk.service, book, &rest, &mut scratch).ok_or(Stale::Late { vehicle })?;
            plans.push((rest, times));
        }
        // Who was promised something since goes where he fits best.
        let with = |(way, (calls, times)): (&Way, (Vec<Call>, Vec<i32>))| way.with(calls, times);
        let mut ways: Vec<Way> = desk.ways.iter().zip(plans).map(with).collect();
        for (at, ticket) in desk.tickets.iter().enumerate() {
            if !named[at] && matches!(ticket.state(), State::Waiting | State::Aboard) {
                let choices = [Choice::of(ticket.promise)];
                let found = find(&desk.service, &desk.tickets, &ways, at, &choices, Seek::Best);
                let found = found.filter(|_| ticket.state() == State::Waiting).ok_or(Stale::Booked { ticket: at })?;
                (ways[found.way].open, ways[found.way].times) = (found.calls, found.times);
            }
        }
        Ok(ways.into_iter().map(|way| (way.open, way.times)).collect())
    }
}

/// What is open, as a problem.
struct Open {
    problem: Problem,
    /// What a job is; nothing where it stands for being there, or aboard.
    call_of: Vec<Option<Call>>,
    /// The way of a type of vehicle.
    way_of: Vec<usize>,
}

impl Open {
    /// With the present answer; nothing where nothing is open, or it is too much for one search.
    fn of(desk: &Desk) -> Option<(Self, Tours)> {
        let service = &desk.service;
        let tickets = &desk.tickets;
        let mut places: Vec<usize> = Vec::new();
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        let mut place = |there: usize| {
            *known.entry(there).or_insert_with(|| {
                places.push(there);
                places.len() - 1
            })
        };
        let mut parts = Parts::default();
        let mut call_of: Vec<Option<Call>> = Vec::new();
        let mut way_of = Vec::new();
        let mut outside: Vec<(usize, usize)> = Vec::new();
        let mut tours = Tours::default();
        let mut job_of: BTreeMap<Call, usize> = BTreeMap::new();
        for way in &desk.ways {
            for &call in &way.open {
                let ticket = &tickets[call.ticket];
                let promise = &ticket.promise;
                let mut job = match call.what {
                    What::Board => {
                        Job { window: promise.window, service: promise.board, ..Job::at(place(promise.pickup)) }
                    }
                    What::Alight => {
                        Job { window: promise.down, service: promise.alight, ..Job::at(place(promise.setdown)) }
                    }
                };
                if call.what == What::Board {
                    job.collected = promise.load;
                } else if let Some(boarded) = ticket.boarded {
                    let last = i64::from(boarded) + i64::from(promise.board) + i64::from(promise.longest);
                    job.window.1 = last.min(promise.down.1.into()) as i32;
                }
                job_of.insert(call, call_of.len());
                call_of.push(Some(call));
                parts.jobs.push(job);
            }
        }
        if call_of.is_empty() {
            return None;
        }
        let pair = |pickup, delivery, max_ride| Pair { pickup, delivery, max_ride, kind: 0 };
        for (&call, &pickup) in job_of.iter().filter(|(call, _)| call.what == What::Board) {
            let delivery = *job_of.get(&Call { what: What::Alight, ..call })?;
            parts.pairs.push(pair(pickup, delivery, tickets[call.ticket].promise.longest));
        }
        for (at, way) in desk.ways.iter().enumerate() {
            let vehicle = &service.vehicles()[way.vehicle];
            if way.home || way.free > vehicle.shift.1 {
                continue;
            }
            let mut jobs = Vec::new();
            let mut kind = Kind {
                capacity: vehicle.capacity,
                fixed: vehicle.fixed,
                per_distance: vehicle.per_distance,
                shift: (way.free, vehicle.shift.1),
                end: place(vehicle.end),
                ..Kind::at(0, 1)
            };
            if way.left.is_none() {
                kind.start = place(way.place);
            } else {
                kind.fixed = 0;
                let mut here = Job { window: (way.free, way.free), ..Job::at(usize::MAX) };
                for &ticket in &way.aboard {
                    here.collected = tickets[ticket].promise.load;
                    let delivery = *job_of.get(&Call { ticket, what: What::Alight })?;
                    parts.pairs.push(pair(call_of.len(), delivery, MOST));
                    jobs.push(call_of.len());
                    call_of.push(None);
                    parts.jobs.push(here.clone());
                }
                if jobs.is_empty() {
                    jobs.push(call_of.len());
                    call_of.push(None);
                    parts.jobs.push(here);
                }
                outside.push((parts.vehicles.len(), at));
            }
            let known = way.open.iter().filter_map(|call| job_of.get(call)).copied();
            if !way.open.is_empty() || !jobs.is_empty() {
                tours.tours.push(Tour { vehicle: way_of.len(), jobs: jobs.into_iter().chain(known).collect() });
            }
            way_of.push(at);
            parts.vehicles.push(kind);
        }
        // Where each vehicle is that is out: behind the others, in the order of the vehicles.
        let shared = places.len();
        for (extra, &(vehicle, way)) in outside.iter().enumerate() {
            parts.vehicles[vehicle].start = shared + extra;
            places.push(desk.ways[way].place);
            let tour = tours.tours.iter().find(|tour| tour.vehicle == vehicle)?;
            for &job in tour.jobs.iter().take_while(|&&job| call_of[job].is_none()) {
                parts.jobs[job].place = shared + extra;
            }
        }
        // No shift is so long.
        let far = parts.vehicles.iter().map(|vehicle| vehicle.shift.1).max().unwrap_or(0).saturating_add(1).min(MOST);
        let way = |matrix: &dyn Fn(usize, usize) -> i32| -> Arc<[i32]> {
            let cell = |from: usize, to: usize| {
                if to >= shared && from != to { far } else { matrix(places[from], places[to]) }
            };
            let all = places.len();
            (0..all * all).map(|at| cell(at / all, at % all)).collect()
        };
        let distance = way(&|from, to| service.distance(from, to));
        let duration = way(&|from, to| service.duration(from, to));
        parts.places = places.len();
        parts.travel.push(Travel { distance, duration });
        let problem = Problem::new(parts).ok()?;
        Some((Self { problem, call_of, way_of }, tours))
    }

    /// Who does what, by vehicle.
    fn calls(&self, desk: &Desk, tours: &Tours) -> Vec<Vec<Call>> {
        let mut calls = vec![Vec::new(); desk.ways.len()];
        for tour in &tours.tours {
            calls[self.way_of[tour.vehicle]] = tour.jobs.iter().filter_map(|&job| self.call_of[job]).collect();
        }
        calls
    }
}
