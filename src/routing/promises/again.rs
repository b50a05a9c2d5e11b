//! Could what is open be driven better? The search of `routing` on a problem of what is still open, from the present answer on (anytime, the same for
//! the same seed and iterations). It may run beside the desk, on a copy: `Desk::take_over` looks whether what was found still fits.
//!
//! A vehicle that is out begins at a place of its own, which no other reaches: who is aboard is picked up there at once, and where nobody is, a job
//! says that it is out. All tickets must be served, within what they were promised; stops were promised too, and stay. Somebody new is one more order,
//! with a choice of stops: who fits in nowhere may fit in when others are driven otherwise.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::problem::{Group, Job, MOST, Pair, Parts, Problem, Travel, Vehicle as Kind};
use super::super::solve::solve;
use super::super::tours::{Tour, Tours};
use super::desk::{Desk, State};
use super::insert::{Seek, find};
use super::offer::{Answer, Offer, Reason, Refusal};
use super::request::{Choice, Request, RequestError};
use super::sheet::What;
use super::way::{Book, Call, Plan, Scratch, Way};
use crate::search::{Answer as Watch, Ended, Progress, Run, Solved};

/// Somebody waits for the answer: among more open calls than these it is not sought whether others could be driven otherwise.
const MOST_SOUGHT: usize = 800;

/// What was found: who does what, from the time it was sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    calls: Vec<Vec<Call>>,
    /// How many calls each vehicle had driven.
    driven: Vec<usize>,
    /// How many tickets there were: who is new has this number.
    tickets: usize,
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
        let then = self.then(ahead);
        let (calls, ended, iterations) = match Open::of(&then, &[]) {
            Some((open, tours)) => {
                let solved = solve(&open.problem, Some(&tours), run);
                let found = (solved.best.missing == 0).then(|| open.calls(&then, &solved.best));
                (found, solved.ended, solved.iterations)
            }
            None => (None, Ended::Complete, 0),
        };
        let calls = calls.unwrap_or_else(|| then.ways.iter().map(|way| way.open.clone()).collect());
        Solved { best: self.whole(&then, calls), bound: None, ended, iterations }
    }

    /// As [`Desk::ask`]; but before promises to others are a reason to refuse, it is sought whether all can be kept when others are driven otherwise,
    /// within the budget of the run, and until a way is found; not where very many calls are open. What will be driven in the next `ahead` seconds is
    /// left as it is: so long the offer stands for sure, if nobody else is promised anything.
    ///
    /// # Errors
    /// A request that cannot be meant so.
    pub fn ask_again(
        &mut self,
        request: &Request,
        now: i32,
        ahead: i32,
        run: &Run<'_>,
    ) -> Result<Answer, RequestError> {
        let answer = self.ask(request, now)?;
        let promised = |refusal: &Refusal| refusal.reason == Reason::Promised;
        if !matches!(&answer, Answer::Refusal(refusal) if promised(refusal)) {
            return Ok(answer);
        }
        let Some(offer) = self.seek(request, ahead, run) else { return Ok(answer) };
        self.refused -= 1;
        Ok(self.answer(offer))
    }

    fn seek(&self, request: &Request, ahead: i32, run: &Run<'_>) -> Option<Offer> {
        if self.ways.iter().map(|way| way.open.len()).sum::<usize>() > MOST_SOUGHT {
            return None;
        }
        let then = self.then(ahead);
        let choices = request.choices(&self.service, then.now);
        let (open, tours) = Open::of(&then, &choices)?;
        // One way is enough; `again` makes it better later.
        let watch = |progress: &Progress| {
            let answer = (run.watch)(progress);
            Watch { stop: answer.stop || progress.objective.is_some(), ..answer }
        };
        let best = solve(&open.problem, Some(&tours), &Run { watch: &watch, ..*run }).best;
        if best.missing > 0 {
            return None;
        }
        let calls = open.calls(&then, &best);
        let (choice, _) = choices.iter().zip(&open.pickups).find(|(_, job)| {
            let mut done = best.tours.iter().flat_map(|tour| &tour.jobs);
            done.any(|other| other == *job)
        })?;
        let mut scratch = Scratch::default();
        let next = self.tickets.len();
        let book = Book { tickets: &then.tickets, new: Some(&choice.promise) };
        let new = |what| Call { ticket: next, what };
        let (way, calls_of) = then.ways.iter().zip(&calls).find(|(_, calls)| calls.contains(&new(What::Board)))?;
        let times = way.times(&self.service, book, calls_of, &mut scratch)?;
        let time = |what| calls_of.iter().zip(&times).find(|(call, _)| **call == new(what)).map(|(_, &time)| time);
        let found = (time(What::Board)?, time(What::Alight)?);
        let cost_of = |(way, calls): (&Way, &Vec<Call>)| way.cost(&self.service, book, calls);
        let cost = then.ways.iter().zip(&calls).map(cost_of).fold(0, i64::saturating_add) - then.cost();
        let vehicle = way.vehicle;
        let again = self.whole(&then, calls);
        Some(Offer { again: Some(again), ..self.offer(request, choice, vehicle, found, cost) })
    }

    /// As it will be if nobody asks.
    fn then(&self, ahead: i32) -> Self {
        let mut then = self.clone();
        then.advance(self.now.saturating_add(ahead.max(0)));
        then
    }

    /// What is driven until then, and these calls.
    fn whole(&self, then: &Self, calls: Vec<Vec<Call>>) -> Again {
        let driven: Vec<usize> = self.ways.iter().map(|way| way.driven.len()).collect();
        let whole = |((way, &driven), calls): ((&Way, &usize), Vec<Call>)| {
            way.driven[driven..].iter().map(|&(call, _)| call).chain(calls).collect()
        };
        let calls = then.ways.iter().zip(&driven).zip(calls).map(whole).collect();
        Again { calls, driven, tickets: self.tickets.len() }
    }
}

impl Again {
    /// With a number for who is new.
    pub(super) fn numbered(mut self, ticket: usize) -> Self {
        for call in self.calls.iter_mut().flatten().filter(|call| call.ticket == self.tickets) {
            call.ticket = ticket;
        }
        self
    }

    /// What is left of it, with its times; all of it is tried.
    pub(super) fn since(&self, desk: &Desk) -> Result<Vec<Plan>, Stale> {
        let (book, mut scratch) = (Book::of(&desk.tickets), Scratch::default());
        let mut plans = Vec::with_capacity(desk.ways.len());
        let mut named = vec![false; desk.tickets.len()];
        // Who cancelled and is driven by all the same stays.
        let mut still: Vec<bool> =
            desk.tickets.iter().map(|ticket| ticket.state() != State::Cancelled || ticket.boarded.is_some()).collect();
        for call in desk.ways.iter().flat_map(|way| &way.open) {
            still[call.ticket] = true;
        }
        for (vehicle, way) in desk.ways.iter().enumerate() {
            let (Some(calls), Some(&driven)) = (self.calls.get(vehicle), self.driven.get(vehicle)) else {
                return Err(Stale::Left { vehicle });
            };
            let gone = |call: &Call| still.get(call.ticket).is_none_or(|still| !still);
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
            if rest.is_empty() && (way.left.is_none() || way.home) {
                // It stays at its depot: that is never too late, also when its shift is over.
                plans.push((Vec::new(), Vec::new()));
                continue;
            }
            let times = way.times(&desk.service, book, &rest, &mut scratch).ok_or(Stale::Late { vehicle })?;
            plans.push((rest, times));
        }
        // Who was promised something since goes where they fit best.
        let with = |(way, (calls, times)): (&Way, Plan)| way.with(calls, times);
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
    /// For each choice of who is new, the job of boarding.
    pickups: Vec<usize>,
}

impl Open {
    /// With the present answer; nothing where nothing is open, or it is too much for one search.
    fn of(desk: &Desk, choices: &[Choice]) -> Option<(Self, Tours)> {
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
        if call_of.is_empty() && choices.is_empty() {
            return None;
        }
        let pair = |pickup, delivery, max_ride| Pair { pickup, delivery, max_ride, kind: 0 };
        for (&call, &pickup) in job_of.iter().filter(|(call, _)| call.what == What::Board) {
            let delivery = *job_of.get(&Call { what: What::Alight, ..call })?;
            parts.pairs.push(pair(pickup, delivery, tickets[call.ticket].promise.longest));
        }
        let mut pickups = Vec::new();
        for Choice { promise, .. } in choices {
            let board = call_of.len();
            pickups.push(board);
            parts.pairs.push(pair(board, board + 1, promise.longest));
            let job = Job { window: promise.window, service: promise.board, ..Job::at(place(promise.pickup)) };
            parts.jobs.push(Job { collected: promise.load, ..job });
            let job = Job { window: promise.down, service: promise.alight, ..Job::at(place(promise.setdown)) };
            parts.jobs.push(job);
            call_of.extend([What::Board, What::Alight].map(|what| Some(Call { ticket: tickets.len(), what })));
        }
        if !pickups.is_empty() {
            parts.groups.push(Group { jobs: pickups.clone(), prize: None });
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
                tours.tours.push(Tour {
                    vehicle: way_of.len(),
                    jobs: jobs.into_iter().chain(known).collect(),
                    reloads: Vec::new(),
                });
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
        Some((Self { problem, call_of, way_of, pickups }, tours))
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
