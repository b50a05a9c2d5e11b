//! Why not me? For everybody who does not ride: the limit that binds, and the least change that would lift it.
//!
//! Reasons are tried from the nearest miss to the farthest: full, alternative is better, ride too long, no train, no trip at that
//! time, no line, no stop in reach.
//!
//! **What a relaxation says.** The timetable, the vehicles and everybody else's wishes stay as they are in the plan; the change is made
//! for that one cohort (all of it, those who ride already too); then everybody chooses again among all trips by the rules of choice
//! ([`super::evaluation`]). It *serves* if nobody of the cohort is left without a ride. A relaxation is stated only if it
//! serves, and one step less of it does not:
//!
//! - `walk_m`: the walk limit is so many metres more (at most 1,500);
//! - `wait_min`: the longest wait is so many minutes more (at most 60);
//! - `minutes_earlier`, `minutes_later`: the wished time is so many minutes earlier or later (at most 60), and a better trip has a free
//!   seat as the plan stands: nobody is told to come when only pushing in would help;
//! - `seat`: so many more seats, on all the way, on one trip they would take if it had room ([`Confirmer::seat_on`] says which);
//! - `trip` (always 1): one departure more of a line in use, by a vehicle of the plan that has time, with all hard limits kept
//!   (periods, hours, drivers, range, budget); `fen` beside it: the running cost a day of the cheapest departure that serves (none
//!   where it costs nothing more).
//!
//! Where only some of them could be got aboard, nothing is stated. [`confirm`] judges a statement from the project and the plan alone, and
//! lets everybody choose; [`state`] looks only at the trips that have something to do with the cohort, which is the same.

mod confirm;
mod relax;
mod world;

pub use confirm::{Confirmer, confirm};
pub use relax::state;
pub use world::{Ground, Seat};

use super::model::{Model, Rides};
use super::plan::{TimeKind, Unserved};
use super::trips::{Times, wait_after, wait_before};
use crate::domain::ids::{CohortId, StopId};
use crate::domain::units::{People, Seconds};

/// A trip of the finished plan, as those left behind see it.
#[derive(Debug)]
pub struct Seen<'a> {
    /// Stops in order.
    pub stops: &'a [StopId],
    /// Times at them.
    pub times: &'a Times,
    /// Has the vehicle places for wheelchairs?
    pub wheelchairs: bool,
    /// Free seats on each leg, thousandths.
    pub free: Vec<u32>,
    /// Free wheelchair places on each leg, thousandths.
    pub free_places: Vec<u32>,
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
    // A stop could be opened there, whether or not one is: only where none could does distance bind.
    let near = |place| (0..model.stops.len()).map(StopId::at).any(|stop| reach(place, stop).is_some());
    let mut nearest = if near(ride.origin) && near(ride.destination) { Miss::NoLine } else { Miss::NoStop };
    for trip in trips {
        for (i, &from) in trip.stops.iter().enumerate() {
            let Some(before) = reach(ride.origin, from) else { continue };
            for (j, &to) in trip.stops.iter().enumerate().skip(i + 1) {
                let Some(after) = reach(ride.destination, to) else { continue };
                nearest = nearest.max(look(model, ride, trip, (i, before), (j, after)));
            }
        }
    }
    Unserved {
        cohort: model.cohorts[cohort.index()].id.clone(),
        people,
        reason: nearest.code().to_owned(),
        // Confirmed on the finished plan: [`relax::state`].
        relaxations: Vec::new(),
    }
}

/// How one pair of stops on one trip misses.
fn look(model: &Model, ride: &Rides, trip: &Seen<'_>, board: (usize, Seconds), alight: (usize, Seconds)) -> Miss {
    let ((i, before), (j, after)) = (board, alight);
    let step_free = |at: usize| model.stops[trip.stops[at].index()].candidate.step_free;
    if ride.wheelchair && !(trip.wheelchairs && step_free(i) && step_free(j)) {
        return Miss::NoWheelchairPlace;
    }
    let leave = trip.times.depart[i];
    let first = wait_before(model, ride, leave, before);
    let last = wait_after(model, ride, trip.times.arrive[j] + after);
    let (Some(first), Some((last, _))) = (first, last) else {
        // The wish is a time at one end, trains are met at the other.
        let train_missed = match ride.kind {
            TimeKind::ArriveBy => first.is_none(),
            TimeKind::DepartAfter => first.is_some(),
        };
        return if train_missed { Miss::NoTrain } else { Miss::NoTrip };
    };
    let riding = trip.times.arrive[j].since(leave);
    if riding > model.policy.max_ride {
        return Miss::RideTooLong;
    }
    let cost = model.person_cost(before + after, first + last, riding);
    if cost >= ride.alternative { Miss::Dearer } else { Miss::Full }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ServiceId;
    use crate::domain::units::ServiceTime;
    use crate::planning::model::Pattern;
    use crate::planning::model::tiny::{arriving, row};
    use crate::planning::trips::times;

    /// One trip at 07:00 from stop 0 to stop 1, 400 s away, with so many thousandths of a seat free.
    fn why(ride: Rides, free: u32) -> Unserved {
        let model = row(2, 400, vec![ride]);
        let stops = [StopId(0), StopId(1)];
        let times = times(&model, &Pattern(stops.to_vec()), ServiceTime::hm(7, 0)).unwrap();
        let seen = Seen { stops: &stops, times: &times, wheelchairs: false, free: vec![free], free_places: vec![0] };
        assert_eq!(model.rides[0].service, ServiceId(0));
        reason(&model, CohortId(0), People(1000), &[seen])
    }

    #[test]
    fn too_early_and_too_dear() {
        // There at 07:06:40; somebody who must be there by 07:04 finds no trip.
        let late = why(arriving(0, 1, ServiceTime::hm(7, 4), 1000, 20), 1000);
        assert_eq!(late.reason, "no-trip-at-that-time");
        // The ride is on time and costs 400 s x 40 CNY/h = 444.4 fen, the alternative 400.
        let dear = why(arriving(0, 1, ServiceTime(7 * 3600 + 400), 1000, 4), 1000);
        assert_eq!(dear.reason, "alternative-is-better");
    }

    #[test]
    fn full_is_full() {
        let ride = arriving(0, 1, ServiceTime(7 * 3600 + 400), 1000, 20);
        assert_eq!(why(ride, 0).reason, "full");
    }
}
