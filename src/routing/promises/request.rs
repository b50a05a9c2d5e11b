//! What somebody asks for, and what that leaves open for each pair of stops.

use super::super::problem::{Load, MOST};
use super::offer::Promise;
use super::service::Service;

/// Most stops to board at, and to alight at.
pub const MOST_STOPS: usize = 16;
/// Most people of one request.
pub const MOST_PEOPLE: i32 = 1_000;

/// Where somebody may board or alight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Row and column in the matrices.
    pub place: usize,
    /// The walk to or from it, seconds.
    pub walk: i32,
}

/// Which of the two times is the wished one; the other is a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Soon after `earliest`.
    DepartAfter,
    /// Not long before `latest`.
    ArriveBy,
}

/// Somebody who wants a ride.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where they would board, each after its walk; at least one.
    pub pickups: Vec<Stop>,
    /// Where they would alight, each before its walk; at least one.
    pub setdowns: Vec<Stop>,
    /// They set out at this time or later, seconds; 0: any time.
    pub earliest: i32,
    /// They are there, walk and all, at this time or sooner, seconds; `MOST`: any time.
    pub latest: i32,
    /// Which of the two they wish for.
    pub wish: Wish,
    /// How many they are.
    pub people: i32,
    /// The room they need.
    pub load: Load,
}

/// What is wrong with a request. Positions count from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No stop, or too many.
    #[error("{stops} stops to {what} at; give 1 to {MOST_STOPS}")]
    Stops {
        /// Board or alight.
        what: &'static str,
        /// As given.
        stops: usize,
    },
    /// A stop that is not there.
    #[error("stop {at} to {what} at names place {place}, but there are only {of}; check the positions")]
    NoSuchPlace {
        /// Board or alight.
        what: &'static str,
        /// Which.
        at: usize,
        /// As given.
        place: usize,
        /// How many there are.
        of: usize,
    },
    /// A number out of range.
    #[error("{what} is {value}; give {least} to {most}")]
    Range {
        /// Of what.
        what: &'static str,
        /// As given.
        value: i32,
        /// The least allowed.
        least: i32,
        /// The most allowed.
        most: i32,
    },
    /// Boarding and alighting at one place.
    #[error("there is only place {place} to board and to alight at; name another")]
    Nowhere {
        /// Which.
        place: usize,
    },
    /// A wish to arrive, at no time.
    #[error("who wishes to arrive by a time must say which; set the latest arrival")]
    NoArrival,
}

impl Request {
    /// Can it be meant so?
    pub(super) fn check(&self, service: &Service) -> Result<(), RequestError> {
        let of = service.places();
        for (what, stops) in [("board", &self.pickups), ("alight", &self.setdowns)] {
            if stops.is_empty() || stops.len() > MOST_STOPS {
                return Err(RequestError::Stops { what, stops: stops.len() });
            }
            for (at, stop) in stops.iter().enumerate() {
                if stop.place >= of {
                    return Err(RequestError::NoSuchPlace { what, at, place: stop.place, of });
                }
                within("a walk", stop.walk, 0, MOST)?;
            }
        }
        let place = self.pickups[0].place;
        if self.pickups.iter().chain(&self.setdowns).all(|stop| stop.place == place) {
            return Err(RequestError::Nowhere { place });
        }
        within("the earliest departure", self.earliest, 0, MOST)?;
        within("the latest arrival", self.latest, 0, MOST)?;
        within("the number of people", self.people, 1, MOST_PEOPLE)?;
        for load in self.load {
            within("the room needed", load, 0, MOST)?;
        }
        if self.wish == Wish::ArriveBy && self.latest == MOST { Err(RequestError::NoArrival) } else { Ok(()) }
    }

    /// The same at a wished time so much later, or earlier; nothing where that is no time.
    pub(super) fn moved(&self, by: i32) -> Option<Self> {
        let mut moved = self.clone();
        let time = match self.wish {
            Wish::DepartAfter => &mut moved.earliest,
            Wish::ArriveBy => &mut moved.latest,
        };
        *time = time.checked_add(by).filter(|time| (0..MOST).contains(time))?;
        Some(moved)
    }

    /// What each pair of stops leaves open at a time; pairs that leave nothing are left out. Who wishes to arrive has two choices for a pair: not to
    /// board so soon that even a direct ride ends too soon, or as soon as the longest ride allows.
    pub(super) fn choices(&self, service: &Service, now: i32) -> Vec<Choice> {
        let mut choices: Vec<Choice> = Vec::new();
        for (pickup, from) in self.pickups.iter().enumerate() {
            // Nobody rides to where he boards.
            for (setdown, to) in self.setdowns.iter().enumerate().filter(|(_, to)| to.place != from.place) {
                let (direct, longest) = (service.duration(from.place, to.place), service.longest(from.place, to.place));
                let later = self.choice(service, now, (pickup, from), (setdown, to), direct);
                let sooner = self.choice(service, now, (pickup, from), (setdown, to), longest);
                let same = |later: &Choice, sooner: &Choice| later.promise.window == sooner.promise.window;
                let twice = later.iter().zip(&sooner).any(|(later, sooner)| same(later, sooner));
                choices.extend(later);
                choices.extend(sooner.filter(|_| !twice));
            }
        }
        choices
    }

    /// Who wishes to arrive boards no sooner than a ride of so long before the first set-down.
    fn choice(
        &self,
        service: &Service,
        now: i32,
        (pickup, from): (usize, &Stop),
        (setdown, to): (usize, &Stop),
        ride: i32,
    ) -> Option<Choice> {
        let rules = service.rules();
        let (board, alight) = (rules.board.of(self.people), rules.alight.of(self.people));
        let direct = service.duration(from.place, to.place);
        let longest = service.longest(from.place, to.place);
        let most = i64::from(MOST);
        let out = i64::from(self.earliest.max(now));
        // Beginnings of boarding and alighting.
        let mut first = out + i64::from(from.walk);
        let mut last = if self.wish == Wish::DepartAfter { first + i64::from(rules.max_wait) } else { most };
        let end = if self.latest == MOST { most } else { i64::from(self.latest) - i64::from(to.walk) };
        let down_last = end - i64::from(alight);
        let mut down_first = 0;
        if self.wish == Wish::ArriveBy {
            down_first = (down_last - i64::from(rules.max_wait)).max(0);
            first = first.max(down_first - i64::from(ride) - i64::from(board));
        }
        last = last.min(down_last - i64::from(direct) - i64::from(board)).min(most);
        let down_last = down_last.min(last + i64::from(board) + i64::from(longest));
        if first > last || down_first > down_last {
            return None;
        }
        let rider = match self.wish {
            Wish::DepartAfter => Rider::Arrives(i64::from(alight) + i64::from(to.walk) - out),
            Wish::ArriveBy => Rider::Leaves(i64::from(self.latest) + i64::from(from.walk)),
        };
        let promise = Promise {
            pickup: from.place,
            setdown: to.place,
            window: (first as i32, last as i32),
            down: (down_first as i32, down_last as i32),
            longest,
            board,
            alight,
            people: self.people,
            load: self.load,
        };
        Some(Choice { pickup, setdown, promise, rider })
    }
}

/// A pair of stops, and the widest promise the request and the rules allow there.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// Positions in the request.
    pub(super) pickup: usize,
    pub(super) setdown: usize,
    pub(super) promise: Promise,
    pub(super) rider: Rider,
}

/// How the rider's time is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rider {
    /// From setting out to being there: the set-down and so much.
    Arrives(i64),
    /// From setting out to the wished arrival: so much without the pick-up.
    Leaves(i64),
}

impl Choice {
    /// Exactly what was promised.
    pub(super) fn of(promise: Promise) -> Self {
        Self { pickup: 0, setdown: 0, promise, rider: Rider::Arrives(0) }
    }
}

impl Rider {
    /// Seconds, with these beginnings of boarding and alighting.
    pub(super) fn seconds(self, boards: i64, alights: i64) -> i64 {
        match self {
            Self::Arrives(more) => alights + more,
            Self::Leaves(until) => until - boards,
        }
    }
}

fn within(what: &'static str, value: i32, least: i32, most: i32) -> Result<(), RequestError> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(RequestError::Range { what, value, least, most }) }
}
