//! What is answered: a promise and what it costs, or why not and when else.

use super::super::problem::Load;
use super::again::Again;
use super::request::{Request, Rider};

/// What somebody is told, and what is kept. Times are beginnings of boarding and alighting, seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Place of boarding.
    pub pickup: usize,
    /// Place of alighting.
    pub setdown: usize,
    /// Boarding begins within; never moved, never widened.
    pub window: (i32, i32),
    /// Alighting begins within.
    pub down: (i32, i32),
    /// Longest ride, from the end of boarding to the beginning of alighting.
    pub longest: i32,
    /// Boarding takes so long.
    pub board: i32,
    /// Alighting takes so long.
    pub alight: i32,
    /// How many they are.
    pub people: i32,
    /// The room they take.
    pub load: Load,
}

impl Promise {
    /// The time by which everybody is out of the vehicle.
    #[must_use]
    pub fn by(&self) -> i32 {
        self.down.1.saturating_add(self.alight)
    }

    /// The promise that is given when boarding is planned for a time: the window begins there.
    pub(super) fn narrowed(&self, boards: i32, width: i32) -> Self {
        let window = (boards, boards.saturating_add(width).min(self.window.1));
        let last = i64::from(window.1) + i64::from(self.board) + i64::from(self.longest);
        let down = (self.down.0, last.min(self.down.1.into()) as i32);
        Self { window, down, ..*self }
    }
}

/// A promise that can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub(super) request: Request,
    pub(super) pickup: usize,
    pub(super) setdown: usize,
    pub(super) vehicle: usize,
    pub(super) promise: Promise,
    pub(super) planned: (i32, i32),
    /// See `Ticket`.
    pub(super) ready: i32,
    pub(super) rider: Rider,
    /// Of the desk's offers, from 1.
    pub(super) number: u64,
    pub(super) cost: i64,
    pub(super) rank: i64,
    /// How others must be driven then; nothing where they stay as they are.
    pub(super) again: Option<Again>,
}

impl Offer {
    /// Who asked.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }
    /// Position of the stop to board at, in the request.
    #[must_use]
    pub fn pickup(&self) -> usize {
        self.pickup
    }
    /// Position of the stop to alight at, in the request.
    #[must_use]
    pub fn setdown(&self) -> usize {
        self.setdown
    }
    /// Who would come, as it looks now; that may change as long as nobody is aboard.
    #[must_use]
    pub fn vehicle(&self) -> usize {
        self.vehicle
    }
    /// What is promised.
    #[must_use]
    pub fn promise(&self) -> &Promise {
        &self.promise
    }
    /// When boarding and alighting begin, as it looks now, seconds.
    #[must_use]
    pub fn planned(&self) -> (i32, i32) {
        self.planned
    }
    /// Seconds from setting out to being there, as it looks now; to the wished arrival where there is one.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        let (boards, alights) = self.planned;
        self.rider.seconds(boards.into(), alights.into())
    }
    /// What driving costs more with it.
    #[must_use]
    pub fn cost(&self) -> i64 {
        self.cost
    }
    /// That, and the worth of the time of the rider and of those who wait aboard: the least of all possible places. Where others are driven otherwise,
    /// without those who wait aboard, and not the least.
    #[must_use]
    pub fn rank(&self) -> i64 {
        self.rank
    }
    /// Others would be driven otherwise, all within what they were promised.
    #[must_use]
    pub fn moves_others(&self) -> bool {
        self.again.is_some()
    }
}

/// Why somebody cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Too many at once.
    #[error("they need room for {needs} of load {kind}; no vehicle that holds the rest holds more than {has}")]
    Room {
        /// Kind of load.
        kind: usize,
        /// Needed.
        needs: i32,
        /// The most any vehicle has.
        has: i32,
    },
    /// Not even a vehicle at the stop would do.
    #[error("they cannot be there by {latest}: {soonest} is the soonest, with a vehicle that waits at the stop")]
    TooLate {
        /// Soonest arrival, seconds.
        soonest: i64,
        /// Latest arrival, seconds.
        latest: i32,
    },
    /// No driver is there at that time.
    #[error("no vehicle can drive there and be back within its shift, even with nobody else to take")]
    Shift,
    /// Nobody can be there in time.
    #[error("no vehicle can be there in time from where it is now, even with nobody else to take")]
    TooFar,
    /// Promises to others stand in the way.
    #[error("vehicles could come, but not without breaking promises given to others")]
    Promised,
}

/// Somebody is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why not.
    pub reason: Reason,
    /// The nearest wished time that would be taken, on the rules' grid and within their horizon; it was tried. The later of two as near.
    pub nearest: Option<i32>,
}

/// The one or the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Can be had.
    Offer(Box<Offer>),
    /// Cannot.
    Refusal(Refusal),
}
