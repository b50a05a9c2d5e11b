//! Who was promised what, and what has been driven: `ask` (and `ask_again`, in `again`), `accept`, `cancel`, `advance`, and taking over what `again`
//! found.
//!
//! Always true between calls: every way has times that keep every promise, the least ones; a ticket that waits is boarded and set down by one
//! vehicle, in order; a ticket that is aboard is set down by its vehicle; a promise is never written to.

use std::collections::BTreeSet;

use super::again::{Again, Stale};
use super::insert::{Seek, find};
use super::offer::{Answer, Offer, Promise};
use super::refusal;
use super::request::{Choice, Request, RequestError, Wish};
use super::service::Service;
use super::sheet::{Sheet, Visit, What};
use super::way::{Book, Call, Plan, Scratch, Way};

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To be picked up.
    Waiting,
    /// In the vehicle, or it is on its way to them and cannot be sent elsewhere.
    Aboard,
    /// Set down, or about to be.
    Done,
    /// They do not come.
    Cancelled,
}

/// An offer that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub(super) promise: Promise,
    pub(super) wish: Wish,
    pub(super) ready: i32,
    pub(super) cancelled: bool,
    pub(super) boarded: Option<i32>,
    pub(super) alighted: Option<i32>,
}

impl Ticket {
    /// What is kept.
    #[must_use]
    pub fn promise(&self) -> &Promise {
        &self.promise
    }
    /// Which time they wished for.
    #[must_use]
    pub fn wish(&self) -> Wish {
        self.wish
    }
    /// When they could board at the soonest, seconds; of who wished to arrive, when alighting was to begin at the latest.
    #[must_use]
    pub fn ready(&self) -> i32 {
        self.ready
    }
    /// Where they are.
    #[must_use]
    pub fn state(&self) -> State {
        match (self.boarded, self.alighted) {
            _ if self.cancelled => State::Cancelled,
            (None, _) => State::Waiting,
            (Some(_), None) => State::Aboard,
            (Some(_), Some(_)) => State::Done,
        }
    }
}

/// An offer that cannot be accepted any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the offer does not stand any more: it was accepted, time has passed, or others were promised the place; ask again"
)]
pub struct Gone;

/// A ticket that cannot be cancelled. Tickets count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CancelError {
    /// No such ticket.
    #[error("there is no ticket {ticket}, only {of}; check the number")]
    NoSuch {
        /// As given.
        ticket: usize,
        /// How many there are.
        of: usize,
    },
    /// Already under way.
    #[error("ticket {ticket} is aboard, or its vehicle is on its way to the stop; say so to the driver")]
    UnderWay {
        /// Which.
        ticket: usize,
    },
    /// Nothing to cancel.
    #[error("ticket {ticket} is over; leave it")]
    Over {
        /// Which.
        ticket: usize,
    },
}

/// The whole state.
#[derive(Clone, Debug)]
pub struct Desk {
    pub(super) service: Service,
    pub(super) now: i32,
    pub(super) tickets: Vec<Ticket>,
    pub(super) ways: Vec<Way>,
    pub(super) refused: usize,
    /// The highest number of an offer that was made or accepted, and those that were accepted since the desk began or came back.
    offers: u64,
    accepted: BTreeSet<u64>,
}

impl Desk {
    /// Nobody has asked; all vehicles are where their shifts begin.
    #[must_use]
    pub fn new(service: Service) -> Self {
        let ways = (0..service.vehicles().len()).map(|vehicle| Way::new(&service, vehicle)).collect();
        Self { service, now: 0, tickets: Vec::new(), ways, refused: 0, offers: 0, accepted: BTreeSet::new() }
    }

    /// What is driven until a time is driven, and cannot be changed any more. A time before the last one is the last one.
    pub fn advance(&mut self, now: i32) {
        self.now = self.now.max(now);
        for way in &mut self.ways {
            way.advance(&self.service, &mut self.tickets, self.now);
        }
    }

    /// Can they be taken? The place of the least [`Offer::rank`], or why there is none. Nothing is promised yet.
    ///
    /// # Errors
    /// A request that cannot be meant so.
    pub fn ask(&mut self, request: &Request, now: i32) -> Result<Answer, RequestError> {
        request.check(&self.service)?;
        self.advance(now);
        let answer = match self.best(request) {
            Some(offer) => self.answer(offer),
            None => Answer::Refusal(refusal::of(self, request)),
        };
        self.refused += usize::from(matches!(answer, Answer::Refusal(_)));
        Ok(answer)
    }

    /// An offer as an answer; each has a number of its own.
    pub(super) fn answer(&mut self, offer: Offer) -> Answer {
        self.offers += 1;
        Answer::Offer(Box::new(Offer { number: self.offers, ..offer }))
    }

    /// The best place there is, if there is one.
    pub(super) fn best(&self, request: &Request) -> Option<Offer> {
        let choices = request.choices(&self.service, self.now);
        let found = find(&self.service, &self.tickets, &self.ways, self.tickets.len(), &choices, Seek::Best)?;
        let vehicle = self.ways[found.way].vehicle;
        let offer = self.offer(request, &choices[found.choice], vehicle, (found.boards, found.alights), found.cost);
        Some(Offer { rank: found.rank, ..offer })
    }

    /// The offer of a place.
    pub(super) fn offer(
        &self,
        request: &Request,
        choice: &Choice,
        vehicle: usize,
        (boards, alights): (i32, i32),
        cost: i64,
    ) -> Offer {
        let rider = choice.rider.seconds(boards.into(), alights.into()) * i64::from(request.people);
        Offer {
            request: request.clone(),
            pickup: choice.pickup,
            setdown: choice.setdown,
            vehicle,
            promise: choice.promise.narrowed(boards, self.service.rules().window),
            planned: (boards, alights),
            ready: if request.wish == Wish::DepartAfter { choice.promise.window.0 } else { choice.promise.down.1 },
            rider: choice.rider,
            cost,
            number: 0,
            rank: cost.saturating_add(rider.saturating_mul(self.service.rules().per_second)),
            again: None,
        }
    }

    /// Would they be taken, as things stand?
    pub(super) fn takes(&self, request: &Request) -> bool {
        let choices = request.choices(&self.service, self.now);
        find(&self.service, &self.tickets, &self.ways, self.tickets.len(), &choices, Seek::Any).is_some()
    }

    /// Makes an offer binding: the number of the ticket. The promise is the one offered, though the place may be another by now.
    ///
    /// # Errors
    /// An offer that does not stand any more, or was accepted before.
    pub fn accept(&mut self, offer: &Offer, now: i32) -> Result<usize, Gone> {
        self.advance(now);
        let Offer { promise, pickup, setdown, rider, .. } = *offer;
        if promise.pickup.max(promise.setdown) >= self.service.places() || self.accepted.contains(&offer.number) {
            return Err(Gone);
        }
        let choices = [Choice { pickup, setdown, promise, rider }];
        let ticket = self.tickets.len();
        let found = find(&self.service, &self.tickets, &self.ways, ticket, &choices, Seek::Best);
        self.tickets.push(Ticket {
            promise,
            wish: offer.request.wish,
            ready: offer.ready,
            cancelled: false,
            boarded: None,
            alighted: None,
        });
        if let Some(found) = found {
            let way = &mut self.ways[found.way];
            (way.open, way.times) = (found.calls, found.times);
            self.taken(offer);
            return Ok(ticket);
        }
        let again = offer.again.clone().map(|again| again.numbered(ticket));
        match again.and_then(|again| again.since(self).ok()) {
            Some(plans) => {
                self.follow(plans);
                self.taken(offer);
                Ok(ticket)
            }
            None => {
                self.tickets.pop();
                Err(Gone)
            }
        }
    }

    /// It cannot be accepted again. One that was made before the desk came back may have a number that was not given out since: new ones are higher.
    fn taken(&mut self, offer: &Offer) {
        self.offers = self.offers.max(offer.number);
        self.accepted.insert(offer.number);
    }

    /// Vehicles do this from now on.
    fn follow(&mut self, plans: Vec<Plan>) {
        for (way, (calls, times)) in self.ways.iter_mut().zip(plans) {
            (way.open, way.times) = (calls, times);
        }
    }

    /// They do not come. Where the others could not be driven in time without the way by their stops (which happens only where a way round is
    /// shorter), the vehicle still goes there.
    ///
    /// # Errors
    /// No such ticket, or too late.
    pub fn cancel(&mut self, ticket: usize, now: i32) -> Result<(), CancelError> {
        self.advance(now);
        let of = self.tickets.len();
        match self.tickets.get(ticket).map(Ticket::state) {
            None => return Err(CancelError::NoSuch { ticket, of }),
            Some(State::Aboard) => return Err(CancelError::UnderWay { ticket }),
            Some(State::Done | State::Cancelled) => return Err(CancelError::Over { ticket }),
            Some(State::Waiting) => {}
        }
        self.tickets[ticket].cancelled = true;
        let book = Book::of(&self.tickets);
        for way in &mut self.ways {
            let rest: Vec<Call> = way.open.iter().copied().filter(|call| call.ticket != ticket).collect();
            if rest.len() < way.open.len()
                && let Some(times) = way.times(&self.service, book, &rest, &mut Scratch::default())
            {
                (way.open, way.times) = (rest, times);
            }
        }
        Ok(())
    }

    /// Takes over what was found while the clock went on, if it still keeps every promise and costs less: what is saved, 0 where that is nothing.
    ///
    /// # Errors
    /// What was found does not fit what has been promised and driven since.
    pub fn take_over(&mut self, again: &Again, now: i32) -> Result<i64, Stale> {
        self.advance(now);
        let plans = again.since(self)?;
        let saved = self.worth(&self.open()).saturating_sub(self.worth(&plans));
        if saved <= 0 {
            return Ok(0);
        }
        self.follow(plans);
        Ok(saved)
    }

    /// What each vehicle is to do, and when.
    pub(super) fn open(&self) -> Vec<Plan> {
        self.ways.iter().map(|way| (way.open.clone(), way.times.clone())).collect()
    }

    /// What it costs to do that, and the worth of the time spent aboard vehicles that wait.
    fn worth(&self, plans: &[Plan]) -> i64 {
        let (book, mut scratch) = (Book::of(&self.tickets), Scratch::default());
        let price = self.service.rules().per_second;
        self.ways.iter().zip(plans).fold(0, |sum, (way, (calls, _))| {
            let known = !way.home && way.times(&self.service, book, calls, &mut scratch).is_some();
            let idle = if known { scratch.idle() } else { 0 };
            sum.saturating_add(way.cost(&self.service, book, calls)).saturating_add(idle.saturating_mul(price))
        })
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.service
    }
    /// The last time it was told, seconds.
    #[must_use]
    pub fn now(&self) -> i32 {
        self.now
    }
    /// All tickets, by number.
    #[must_use]
    pub fn tickets(&self) -> &[Ticket] {
        &self.tickets
    }
    /// What driving what is open will cost, the ways home with it.
    #[must_use]
    pub fn cost(&self) -> i64 {
        let book = Book::of(&self.tickets);
        self.ways.iter().fold(0, |sum, way| sum.saturating_add(way.cost(&self.service, book, &way.open)))
    }
    /// When somebody is picked up and set down, as it looks now, seconds; nothing for who cancelled.
    #[must_use]
    pub fn planned(&self, ticket: usize) -> Option<(i32, i32)> {
        let what = self.tickets.get(ticket).filter(|ticket| !ticket.cancelled)?;
        let open = |what: What| {
            let mut calls = self.ways.iter().flat_map(|way| way.open.iter().zip(&way.times));
            calls.find(|(call, _)| **call == Call { ticket, what }).map(|(_, &time)| time)
        };
        Some((what.boarded.or_else(|| open(What::Board))?, what.alighted.or_else(|| open(What::Alight))?))
    }

    /// The day of each vehicle.
    #[must_use]
    pub fn sheets(&self) -> Vec<Sheet> {
        let visit = |(&Call { ticket, what }, &begins): (&Call, &i32), driven| {
            let promise = &self.tickets[ticket].promise;
            let place = if what == What::Board { promise.pickup } else { promise.setdown };
            Visit { ticket, what, place, begins, driven }
        };
        let sheet = |way: &Way| {
            let driven = way.driven.iter().map(|(call, begins)| visit((call, begins), true));
            let open = way.open.iter().zip(&way.times).map(|pair| visit(pair, false));
            Sheet { visits: driven.chain(open).collect() }
        };
        self.ways.iter().map(sheet).collect()
    }
}
