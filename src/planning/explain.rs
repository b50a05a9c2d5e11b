//! Why not me? For everybody who does not ride: the limit that binds, and the least change that would lift it.
//!
//! Reasons are tried from the nearest miss to the farthest: full, alternative is better, ride too long, no train, no trip at that
//! time, no line, no stop in reach. A relaxation is stated only if, with everybody else where they are, it gives these people an
//! option with a free seat that beats their alternative: minutes the wish would have to move, or fen off a ride for each of them.

use super::model::{Model, Rides};
use super::plan::{PersonCost, Relaxation, TimeKind, Unserved};
use super::trips::{Times, wait_after, wait_before};
use crate::domain::ids::{CohortId, StopId};
use crate::domain::units::{People, Seconds, ServiceTime};

/// No wish is said to move farther than this.
const MOST_MINUTES: u32 = 60;

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
    let relaxations = match nearest {
        Miss::NoTrip | Miss::NoTrain | Miss::Full => another_time(model, ride, trips).into_iter().collect(),
        Miss::Dearer => cheaper(model, ride, trips).into_iter().chain(another_time(model, ride, trips)).collect(),
        _ => Vec::new(),
    };
    Unserved {
        cohort: model.cohorts[cohort.index()].id.clone(),
        people,
        reason: nearest.code().to_owned(),
        relaxations,
    }
}

/// The least shift of the wished time, up to an hour, with which a trip with a free seat beats the alternative.
fn another_time(model: &Model, ride: &Rides, trips: &[Seen<'_>]) -> Option<Relaxation> {
    let near: Vec<&Seen<'_>> = trips.iter().filter(|trip| reaches(model, ride, trip)).collect();
    for minutes in 1..=MOST_MINUTES {
        let earlier = ride.time.0.checked_sub(minutes * 60).map(ServiceTime);
        let later = Some(ride.time + Seconds(minutes * 60));
        for (kind, time) in [("minutes_earlier", earlier), ("minutes_later", later)] {
            let Some(time) = time else { continue };
            let shifted = Rides { time, ..ride.clone() };
            let serves = |trip: &&Seen<'_>| {
                best_pair(model, &shifted, trip).is_some_and(|(cost, room)| cost < ride.alternative && room > 0)
            };
            if near.iter().any(serves) {
                return Some(Relaxation { kind: kind.to_owned(), amount: f64::from(minutes) });
            }
        }
    }
    None
}

/// What a ride with a free seat would have to cost less, fen a person.
fn cheaper(model: &Model, ride: &Rides, trips: &[Seen<'_>]) -> Option<Relaxation> {
    let options = trips.iter().filter_map(|trip| best_pair(model, ride, trip));
    let least = options.filter(|(_, room)| *room > 0).map(|(cost, _)| cost).min()?;
    let fen = (least.0 - ride.alternative.0).div_euclid(PersonCost::PER_FEN) + 1;
    (fen > 0).then(|| Relaxation { kind: "fen".to_owned(), amount: fen as f64 })
}

fn reaches(model: &Model, ride: &Rides, trip: &Seen<'_>) -> bool {
    let at = |place| trip.stops.iter().position(|&stop| model.walk_seconds(place, stop, ride).is_some());
    at(ride.origin).is_some() && at(ride.destination).is_some()
}

/// The cheapest pair of stops on a trip and the free seats (or places) on its legs, whatever the alternative costs.
fn best_pair(model: &Model, ride: &Rides, trip: &Seen<'_>) -> Option<(PersonCost, u32)> {
    if ride.wheelchair && !trip.wheelchairs {
        return None;
    }
    let usable = |stop: StopId| !ride.wheelchair || model.stops[stop.index()].candidate.step_free;
    let legs = if ride.wheelchair { &trip.free_places } else { &trip.free };
    let mut best: Option<(PersonCost, u32)> = None;
    for (i, &from) in trip.stops.iter().enumerate().filter(|(_, stop)| usable(**stop)) {
        let Some(before) = model.walk_seconds(ride.origin, from, ride) else { continue };
        let leave = trip.times.depart[i];
        let Some(first) = wait_before(model, ride, leave, before) else { continue };
        for (j, &to) in trip.stops.iter().enumerate().skip(i + 1).filter(|(_, stop)| usable(**stop)) {
            let Some(after) = model.walk_seconds(ride.destination, to, ride) else { continue };
            let riding = trip.times.arrive[j].since(leave);
            let Some((last, _)) = wait_after(model, ride, trip.times.arrive[j] + after) else { continue };
            if riding > model.policy.max_ride {
                continue;
            }
            let cost = model.person_cost(before + after, first + last, riding);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, legs[i..j].iter().copied().min().unwrap_or(0)));
            }
        }
    }
    best
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

    fn brief(unserved: &Unserved) -> (&str, Vec<(&str, f64)>) {
        (&unserved.reason, unserved.relaxations.iter().map(|r| (r.kind.as_str(), r.amount)).collect())
    }

    #[test]
    fn minutes_are_the_least_that_help() {
        // There at 07:06:40; somebody who must be there by 07:04 is 2 min 40 s too early: three minutes later is enough.
        let late = why(arriving(0, 1, ServiceTime::hm(7, 4), 1000, 20), 1000);
        assert_eq!(brief(&late), ("no-trip-at-that-time", vec![("minutes_later", 3.0)]));
        // No seat, no promise.
        let full = why(arriving(0, 1, ServiceTime::hm(7, 4), 1000, 20), 0);
        assert_eq!(brief(&full), ("no-trip-at-that-time", vec![]));
    }

    #[test]
    fn fen_close_the_gap_to_the_alternative() {
        // The ride is on time and costs 400 s x 40 CNY/h = 444.4 fen, the alternative 400: 45 fen off make it the better one.
        let mut ride = arriving(0, 1, ServiceTime(7 * 3600 + 400), 1000, 4);
        ride.max_wait = Seconds(0);
        assert_eq!(brief(&why(ride, 1000)), ("alternative-is-better", vec![("fen", 45.0)]));
    }

    #[test]
    fn full_is_full() {
        let ride = arriving(0, 1, ServiceTime(7 * 3600 + 400), 1000, 20);
        assert_eq!(brief(&why(ride, 0)), ("full", vec![]));
    }
}
