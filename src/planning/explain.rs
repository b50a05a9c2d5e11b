//! Why not me? For everybody who does not ride: the limit that binds, and the least change that would lift it.
//!
//! Reasons are tried from the nearest miss to the farthest: full, alternative is better, ride too long, no train, no trip at that
//! time, no line, no stop in reach. A relaxation is stated only where it is known to help that cohort alone.

use super::model::{Model, Rides};
use super::plan::{PersonCost, Relaxation, Unserved};
use super::trips::{Times, wait_after, wait_before};
use crate::domain::ids::{CohortId, StopId};
use crate::domain::units::{Fen, People, Seconds, ServiceTime};

/// A trip of the finished plan, as those left behind see it.
#[derive(Debug)]
pub struct Seen<'a> {
    /// Stops in order.
    pub stops: &'a [StopId],
    /// Times at them.
    pub times: &'a Times,
    /// Has the vehicle places for wheelchairs?
    pub wheelchairs: bool,
}

/// How near a cohort came to riding a trip; later is nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Miss {
    NoStop,
    NoLine,
    NoWheelchairPlace,
    NoTrip,
    NoTrain,
    RideTooLong,
    Dearer,
    Full,
}

impl Miss {
    fn code(self) -> &'static str {
        match self {
            Self::NoStop => "no-stop-in-reach",
            Self::NoLine => "no-line",
            Self::NoWheelchairPlace => "no-wheelchair-place",
            Self::NoTrip => "no-trip-at-that-time",
            Self::NoTrain => "no-train",
            Self::RideTooLong => "ride-too-long",
            Self::Dearer => "alternative-is-better",
            Self::Full => "full",
        }
    }
}

/// The reason for people of a cohort who do not ride, given all trips of their service.
#[must_use]
pub fn reason(model: &Model, cohort: CohortId, people: People, trips: &[Seen<'_>]) -> Unserved {
    let ride = &model.rides[cohort.index()];
    let reach = |place, stop| model.walk_seconds(place, stop, ride);
    let near = |place| trips.iter().any(|trip| trip.stops.iter().any(|&stop| reach(place, stop).is_some()));
    let mut nearest = if near(ride.origin) && near(ride.destination) { Miss::NoLine } else { Miss::NoStop };
    let mut dearer_by: Option<i64> = None;
    let mut shift: Option<i64> = None;
    for trip in trips {
        for (i, &from) in trip.stops.iter().enumerate() {
            let Some(before) = reach(ride.origin, from) else { continue };
            for (j, &to) in trip.stops.iter().enumerate().skip(i + 1) {
                let Some(after) = reach(ride.destination, to) else { continue };
                let (miss, detail) = look(model, ride, trip, (i, before), (j, after));
                nearest = nearest.max(miss);
                match miss {
                    Miss::Dearer => dearer_by = Some(dearer_by.map_or(detail, |least| least.min(detail))),
                    Miss::NoTrip if detail.abs() < shift.map_or(i64::MAX, i64::abs) => shift = Some(detail),
                    _ => {}
                }
            }
        }
    }
    let relaxation = |kind: &str, amount: f64| vec![Relaxation { kind: kind.to_owned(), amount }];
    let relaxations = match (nearest, shift, dearer_by) {
        (Miss::Full, _, _) => relaxation("seat", people.as_f64()),
        (Miss::Dearer, _, Some(by)) => {
            // One fen less than the alternative is enough; rounded up to whole fen.
            let fen = Fen(by.div_euclid(PersonCost::PER_FEN) + 1);
            relaxation("fen", fen.0 as f64)
        }
        (Miss::NoTrip, Some(seconds), _) => {
            let minutes = (seconds.abs() as f64 / 60.0).ceil();
            relaxation(if seconds < 0 { "minutes_earlier" } else { "minutes_later" }, minutes)
        }
        _ => Vec::new(),
    };
    Unserved {
        cohort: model.cohorts[cohort.index()].id.clone(),
        people,
        reason: nearest.code().to_owned(),
        relaxations,
    }
}

/// How one pair of stops on one trip misses; with it the cost above the alternative, or the seconds the wish is off.
fn look(
    model: &Model,
    ride: &Rides,
    trip: &Seen<'_>,
    board: (usize, Seconds),
    alight: (usize, Seconds),
) -> (Miss, i64) {
    let ((i, before), (j, after)) = (board, alight);
    let step_free = |at: usize| model.stops[trip.stops[at].index()].candidate.step_free;
    if ride.wheelchair && !(trip.wheelchairs && step_free(i) && step_free(j)) {
        return (Miss::NoWheelchairPlace, 0);
    }
    let leave = trip.times.depart[i];
    let at = trip.times.arrive[j] + after;
    let riding = trip.times.arrive[j].since(leave);
    let waits = (wait_before(model, ride, leave, before), wait_after(model, ride, at));
    let (Some(first), Some((last, _))) = waits else {
        return missed_time(model, ride, leave, before, at);
    };
    if riding > model.policy.max_ride {
        return (Miss::RideTooLong, 0);
    }
    let cost = model.person_cost(before + after, first + last, riding);
    if cost >= ride.alternative { (Miss::Dearer, cost.0 - ride.alternative.0) } else { (Miss::Full, 0) }
}

/// Off the wished time, by how many seconds the wish would have to move; or no train.
fn missed_time(model: &Model, ride: &Rides, leave: ServiceTime, before: Seconds, at: ServiceTime) -> (Miss, i64) {
    use super::plan::TimeKind;
    let signed = |time: ServiceTime| i64::from(time.0);
    let off = |wish: i64, earliest: i64, latest: i64| if wish < earliest { earliest - wish } else { latest - wish };
    let wait = i64::from(ride.max_wait.0);
    match ride.kind {
        TimeKind::ArriveBy => {
            if wait_before(model, ride, leave, before).is_none() {
                return (Miss::NoTrain, 0);
            }
            (Miss::NoTrip, off(signed(ride.time), signed(at), signed(at) + wait))
        }
        TimeKind::DepartAfter => {
            if wait_before(model, ride, leave, before).is_some() {
                return (Miss::NoTrain, 0);
            }
            let ready = signed(leave) - i64::from(before.0);
            (Miss::NoTrip, off(signed(ride.time), ready - wait, ready))
        }
    }
}
