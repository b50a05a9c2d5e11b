//! Does a stated relaxation hold? Judged from the project and the finished plan alone: everybody of the service chooses again.

use std::sync::OnceLock;

use super::super::evaluation::{self, Ride};
use super::super::model::{Choice, Rides};
use super::super::plan::{Plan, Relaxation};
use super::super::project::Project;
use super::relax::{earlier, later, replaced};
use super::world::{Extra, Ground, Seat, World};
use crate::domain::ids::CohortId;
use crate::domain::units::{Metres, Seconds};

/// With this change, would everybody of the cohort ride? (What exactly is changed is said in [`super`].)
#[must_use]
pub fn confirm(project: &Project, plan: &Plan, cohort: &str, relaxation: &Relaxation) -> bool {
    Confirmer::new(project, &Ground::of(project), plan).confirm(cohort, relaxation)
}

/// The same for many changes to one plan.
#[derive(Debug)]
pub struct Confirmer<'a> {
    world: World<'a>,
    /// By service, where asked for.
    extras: Vec<OnceLock<Vec<Extra>>>,
}

impl<'a> Confirmer<'a> {
    /// Makes the plan's trips and everybody's options again.
    #[must_use]
    pub fn new(project: &'a Project, ground: &'a Ground, plan: &Plan) -> Self {
        let extras = project.services.iter().map(|_| OnceLock::new()).collect();
        Self { world: ground.world(project, plan), extras }
    }

    /// With this change, would everybody of the cohort ride?
    #[must_use]
    pub fn confirm(&self, cohort: &str, relaxation: &Relaxation) -> bool {
        let amount = relaxation.amount;
        let Some(number) = self.number(cohort) else { return false };
        if !(0.0..=1e9).contains(&amount) || amount.fract() != 0.0 {
            return false;
        }
        // Within 0 to 1e9.
        let amount = amount as u32;
        let ride = &self.world.model().rides[number.index()];
        let relaxed = match relaxation.kind.as_str() {
            "walk_m" => Some(Rides { max_walk: ride.max_walk + Metres(amount), ..ride.clone() }),
            "wait_min" => Some(Rides { max_wait: Seconds(60 * amount.min(1440)) + ride.max_wait, ..ride.clone() }),
            "minutes_earlier" => earlier(self.world.model(), ride, amount.min(1440)),
            "minutes_later" => Some(later(self.world.model(), ride, amount.min(1440))),
            "seat" => {
                return self.wanted(number).iter().any(|at| self.left(number, ride, Some((*at, amount)), None) == 0);
            }
            "trip" => {
                return match amount {
                    0 => self.left(number, ride, None, None) == 0,
                    1 => self.departure(number, ride, i64::MAX).is_some(),
                    _ => false,
                };
            }
            "fen" => return self.departure(number, ride, i64::from(amount)).is_some(),
            _ => None,
        };
        relaxed.is_some_and(|relaxed| self.left(number, &relaxed, None, None) == 0)
    }

    /// The trip on which so many seats more would serve the cohort: the first of the plan's.
    #[must_use]
    pub fn seat_on(&self, cohort: &str, seats: u32) -> Option<&str> {
        let number = self.number(cohort)?;
        let ride = &self.world.model().rides[number.index()];
        let at = self.wanted(number).into_iter().find(|at| self.left(number, ride, Some((*at, seats)), None) == 0)?;
        Some(&self.world.services[ride.service.index()].trips[at].id)
    }

    /// The cheapest departure more that serves the cohort: a line (its position in the plan), the minute, fen a day.
    #[must_use]
    pub fn trip_for(&self, cohort: &str) -> Option<(usize, u32, i64)> {
        let number = self.number(cohort)?;
        let ride = &self.world.model().rides[number.index()];
        let extra = self.departure(number, ride, i64::MAX)?;
        Some((extra.trip.line.index(), extra.trip.minute, extra.fen.0.max(0)))
    }

    /// The best places on the trips of the cohort's service, cheapest first, whatever its alternative costs.
    #[must_use]
    pub fn seats(&self, cohort: &str) -> Vec<Seat> {
        let Some(number) = self.number(cohort) else { return Vec::new() };
        let ride = &self.world.model().rides[number.index()];
        let mut seats: Vec<Seat> = self.world.services[ride.service.index()]
            .trips
            .iter()
            .filter(|going| !ride.wheelchair || self.world.room(going.kind).1 > 0)
            .filter_map(|going| {
                let option = self.world.option(number, ride, &going.trip, None)?;
                let (board, alight) = (usize::from(option.board), usize::from(option.alight));
                let free = going.free[usize::from(ride.wheelchair)].get(board..alight)?.iter().copied().min()?;
                Some(Seat { trip: going.id.clone(), board, alight, cost: option.cost, free })
            })
            .collect();
        seats.sort_by_key(|seat| seat.cost);
        seats
    }

    /// The exact cost of one person at the alternative, in units of [`super::super::plan::PersonCost`].
    #[must_use]
    pub fn alternative(&self, cohort: &str) -> Option<super::super::plan::PersonCost> {
        Some(self.world.model().rides[self.number(cohort)?.index()].alternative)
    }

    fn number(&self, cohort: &str) -> Option<CohortId> {
        self.world.model().cohorts.iter().position(|known| known.id == cohort).map(CohortId::at)
    }

    /// Trips better than the alternative.
    fn wanted(&self, cohort: CohortId) -> Vec<usize> {
        let options = self.world.options(cohort, &self.world.model().rides[cohort.index()]);
        (0..options.len()).filter(|at| options[*at].is_some()).collect()
    }

    fn departure(&self, cohort: CohortId, ride: &Rides, most: i64) -> Option<&Extra> {
        let extras = self.extras[ride.service.index()].get_or_init(|| self.world.extras(ride.service));
        extras.iter().filter(|extra| extra.fen.0 <= most).find(|extra| {
            extra.trip.choices.iter().any(|choice| choice.cohort == cohort)
                && self.left(cohort, ride, None, Some(extra)) == 0
        })
    }

    /// How many of the cohort are without a ride when it wishes this; with seats more on a trip, or with a departure more.
    fn left(&self, cohort: CohortId, ride: &Rides, seats: Option<(usize, u32)>, extra: Option<&Extra>) -> u32 {
        let world = &self.world;
        let trips = &world.services[ride.service.index()].trips;
        let options = world.options(cohort, ride);
        let lists: Vec<Vec<Choice>> =
            trips.iter().zip(options).map(|(going, own)| replaced(&going.trip.choices, cohort, own)).collect();
        let mut rides: Vec<Ride<'_>> = Vec::new();
        for (at, (going, choices)) in trips.iter().zip(&lists).enumerate() {
            let (free, wheelchairs) = world.room(going.kind);
            let more = seats.filter(|(on, _)| *on == at).map_or(0, |(_, seats)| seats.min(1_000) * 1000);
            rides.push(Ride { legs: going.trip.times.arrive.len() - 1, seats: free + more, wheelchairs, choices });
        }
        if let Some(extra) = extra {
            let (seats, wheelchairs) = world.room(extra.kind);
            let (legs, choices) = (extra.trip.times.arrive.len() - 1, &extra.trip.choices[..]);
            rides.push(Ride { legs, seats, wheelchairs, choices });
        }
        let rows = evaluation::choose(world.model(), &rides);
        let riding: u32 = rows.iter().filter(|row| row.cohort == cohort).map(|row| row.people.0).sum();
        ride.people.0.saturating_sub(riding)
    }
}
