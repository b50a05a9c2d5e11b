//! Which least change serves a cohort left out? Found by trying, upward; each try lets people choose again.
//!
//! People far apart in place and hour have no trip in common: only the trips tied to the cohort's by people who could take either
//! are chosen among again. O(tries x options on those trips), tries at most some hundred a cohort.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::super::demand;
use super::super::evaluation::{self, Ride};
use super::super::model::{Choice, Model, Rides};
use super::super::plan::{Plan, Relaxation};
use super::super::project::Project;
use super::world::{Extra, Going, MOST_METRES, MOST_MINUTES, World};
use crate::domain::ids::{CohortId, ServiceId};
use crate::domain::units::{Metres, People, Seconds, ServiceTime};
use crate::network::Network;

/// Departures tried for one cohort, the cheapest first.
const MOST_DEPARTURES: usize = 60;
/// Seats tried beyond the number of people who need one.
const SPARE_SEATS: u32 = 4;

/// Puts into each row of those who do not ride what would change that.
pub fn state(project: &Project, model: &Model, network: &Network, plan: &mut Plan) {
    if plan.trips.is_empty() || plan.unserved.is_empty() {
        return;
    }
    let world = World::new(project, model, network, plan);
    let extras: Vec<Vec<Extra>> =
        (0..project.services.len()).map(|number| world.extras(ServiceId::at(number))).collect();
    let ties: Vec<Ties<'_>> =
        (0..project.services.len()).map(|number| Ties::new(&world, ServiceId::at(number), &extras[number])).collect();
    let number: BTreeMap<&str, CohortId> =
        model.cohorts.iter().enumerate().map(|(c, cohort)| (cohort.id.as_str(), CohortId::at(c))).collect();
    let stated: Vec<Vec<Relaxation>> = plan
        .unserved
        .par_iter()
        .map(|row| {
            number.get(row.cohort.as_str()).map_or_else(Vec::new, |cohort| {
                let service = model.rides[cohort.index()].service;
                Left { world: &world, ties: &ties[service.index()], cohort: *cohort }.all(row.people)
            })
        })
        .collect();
    for (row, relaxations) in plan.unserved.iter_mut().zip(stated) {
        row.relaxations = relaxations;
    }
}

/// Which trips of a service have people in common.
struct Ties<'w> {
    trips: &'w [Going],
    extras: &'w [Extra],
    /// Of each trip the first that is tied to it.
    root: Vec<usize>,
    /// The trips tied to a root.
    tied: Vec<Vec<usize>>,
    /// Of each cohort the root of its trips.
    of_cohort: Vec<Option<usize>>,
}

impl<'w> Ties<'w> {
    fn new(world: &'w World<'_>, number: ServiceId, extras: &'w [Extra]) -> Self {
        let trips = &world.services[number.index()].trips;
        let mut parent: Vec<usize> = (0..trips.len()).collect();
        let mut of_cohort: Vec<Option<usize>> = vec![None; world.model().rides.len()];
        for (at, going) in trips.iter().enumerate() {
            for choice in going.trip.choices.iter() {
                let seen = &mut of_cohort[choice.cohort.index()];
                match *seen {
                    None => *seen = Some(at),
                    Some(other) => {
                        let (a, b) = (find(&mut parent, at), find(&mut parent, other));
                        parent[a.max(b)] = a.min(b);
                    }
                }
            }
        }
        let root: Vec<usize> = (0..trips.len()).map(|at| find(&mut parent, at)).collect();
        let mut tied = vec![Vec::new(); trips.len()];
        for (at, root) in root.iter().enumerate() {
            tied[*root].push(at);
        }
        for seen in of_cohort.iter_mut().flatten() {
            *seen = root[*seen];
        }
        Self { trips, extras, root, tied, of_cohort }
    }
}

fn find(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// A cohort some of whom are left out.
struct Left<'w> {
    world: &'w World<'w>,
    ties: &'w Ties<'w>,
    cohort: CohortId,
}

impl Left<'_> {
    fn ride(&self) -> &Rides {
        &self.world.model().rides[self.cohort.index()]
    }

    fn all(&self, left: People) -> Vec<Relaxation> {
        let now = self.world.options(self.cohort, self.ride());
        // Where two trips are exactly as good, others may choose otherwise than in the plan: then nothing can be said.
        if self.left(&now, None, None) != left.0 {
            return Vec::new();
        }
        let mut stated = Vec::new();
        let mut say = |kind: &str, amount: Option<u32>| {
            stated.extend(amount.map(|amount| Relaxation::new(kind, f64::from(amount))));
        };
        say(
            "walk_m",
            self.least(&now, &self.walks(), false, |ride, metres| {
                Some(Rides { max_walk: ride.max_walk + Metres(metres), ..ride.clone() })
            }),
        );
        let minutes: Vec<u32> = (1..=MOST_MINUTES).collect();
        let model = self.world.model();
        say(
            "wait_min",
            self.least(&now, &minutes, false, |ride, minutes| {
                Some(Rides { max_wait: ride.max_wait + Seconds(60 * minutes), ..ride.clone() })
            }),
        );
        say("minutes_earlier", self.least(&now, &minutes, true, |ride, minutes| earlier(model, ride, minutes)));
        say("minutes_later", self.least(&now, &minutes, true, |ride, minutes| Some(later(model, ride, minutes))));
        say("seat", self.seats(&now, left));
        if let Some(fen) = self.departure(&now) {
            say("trip", Some(1));
            say("fen", u32::try_from(fen).ok().filter(|fen| *fen > 0));
        }
        stated
    }

    /// Metres beyond the limit at which a stop more comes in reach.
    fn walks(&self) -> Vec<u32> {
        let ride = self.ride();
        let mut metres: Vec<u32> = self
            .ties
            .trips
            .iter()
            .flat_map(|going| self.world.stops(&going.trip))
            .flat_map(|stop| [ride.origin, ride.destination].map(|place| self.world.metres(place, *stop, ride)))
            .flatten()
            .filter_map(|metres| metres.0.checked_sub(ride.max_walk.0))
            .filter(|more| (1..=MOST_METRES).contains(more))
            .collect();
        metres.sort_unstable();
        metres.dedup();
        metres
    }

    /// The least of these amounts that serves while one step less does not; ascending.
    fn least(
        &self,
        now: &[Option<Choice>],
        amounts: &[u32],
        free_seat: bool,
        relaxed: impl Fn(&Rides, u32) -> Option<Rides>,
    ) -> Option<u32> {
        let options = |amount: u32| Some(self.world.options(self.cohort, &relaxed(self.ride(), amount)?));
        let mut before = now.to_vec();
        for &amount in amounts {
            let found = options(amount)?;
            if found == before {
                continue;
            }
            if self.room(&found, free_seat) && self.left(&found, None, None) == 0 {
                let less = if amount == 1 { now.to_vec() } else { options(amount - 1)? };
                if self.left(&less, None, None) > 0 {
                    return Some(amount);
                }
            }
            before = found;
        }
        None
    }

    /// May anybody more get aboard? With `free_seat`, only where there is one as the plan stands; otherwise also where those who board
    /// later would have to give way. What this leaves out is not tried, never stated.
    fn room(&self, options: &[Option<Choice>], free_seat: bool) -> bool {
        let wheelchair = self.ride().wheelchair;
        self.ties.trips.iter().zip(options).any(|(going, option)| {
            option.is_some_and(|option| {
                let legs = usize::from(option.board)..usize::from(option.alight);
                let free = going.free[usize::from(wheelchair)].get(legs).and_then(|legs| legs.iter().min().copied());
                free.unwrap_or(0) > 0
                    || (!free_seat
                        && going.trip.choices.iter().any(|other| {
                            (other.board, other.cohort) > (option.board, option.cohort) && other.board < option.alight
                        }))
            })
        })
    }

    /// Seats more on the one trip that needs the fewest.
    fn seats(&self, now: &[Option<Choice>], left: People) -> Option<u32> {
        if self.ride().wheelchair {
            return None;
        }
        let wanted: Vec<usize> = (0..now.len()).filter(|at| now[*at].is_some()).collect();
        let serves = |seats: u32| wanted.iter().any(|at| self.left(now, Some((*at, seats)), None) == 0);
        let first = left.0.div_ceil(1000).max(1);
        let mut seats = (first..=first + SPARE_SEATS).find(|seats| serves(*seats))?;
        // Somebody else may make way for a seat less.
        while seats > 1 && serves(seats - 1) {
            seats -= 1;
        }
        Some(seats)
    }

    /// What the cheapest departure that serves costs more a day.
    fn departure(&self, now: &[Option<Choice>]) -> Option<i64> {
        let own =
            |extra: &&Extra| extra.trip.choices.binary_search_by_key(&self.cohort, |choice| choice.cohort).is_ok();
        let tried = self.ties.extras.iter().filter(own).take(MOST_DEPARTURES);
        tried.into_iter().find(|extra| self.left(now, None, Some(extra)) == 0).map(|extra| extra.fen.0.max(0))
    }

    /// How many of the cohort are without a ride when these are its options; with seats more on a trip, or with a departure more.
    fn left(&self, options: &[Option<Choice>], seats: Option<(usize, u32)>, extra: Option<&Extra>) -> u32 {
        let (ties, world) = (self.ties, self.world);
        let mut roots: Vec<usize> =
            options.iter().enumerate().filter(|(_, option)| option.is_some()).map(|(at, _)| ties.root[at]).collect();
        roots.extend(ties.of_cohort[self.cohort.index()]);
        if let Some(extra) = extra {
            roots.extend(extra.trip.choices.iter().filter_map(|choice| ties.of_cohort[choice.cohort.index()]));
        }
        roots.sort_unstable();
        roots.dedup();
        let mut trips: Vec<usize> = roots.iter().flat_map(|root| ties.tied[*root].iter().copied()).collect();
        trips.sort_unstable();
        let mut lists: Vec<Vec<Choice>> = Vec::with_capacity(trips.len() + 1);
        for &at in &trips {
            lists.push(replaced(&ties.trips[at].trip.choices, self.cohort, options[at]));
        }
        lists.extend(extra.map(|extra| extra.trip.choices.to_vec()));
        let mut cohorts: Vec<CohortId> = lists.iter().flatten().map(|choice| choice.cohort).collect();
        cohorts.push(self.cohort);
        cohorts.sort_unstable();
        cohorts.dedup();
        for choice in lists.iter_mut().flatten() {
            choice.cohort = CohortId::at(cohorts.binary_search(&choice.cohort).unwrap_or_default());
        }
        let people: Vec<Rides> = cohorts.iter().map(|cohort| world.model().rides[cohort.index()].clone()).collect();
        let vehicle = |k: usize| match trips.get(k) {
            Some(at) => Some(ties.trips[*at].kind),
            None => extra.map(|extra| extra.kind),
        };
        let rides: Vec<Ride<'_>> = lists
            .iter()
            .enumerate()
            .filter_map(|(k, choices)| {
                let (free, wheelchairs) = world.room(vehicle(k)?);
                let trip = trips.get(k).map_or_else(|| extra.map(|e| &e.trip), |at| Some(&ties.trips[*at].trip))?;
                let more = seats.filter(|(at, _)| trips.get(k) == Some(at)).map_or(0, |(_, seats)| seats * 1000);
                Some(Ride { legs: trip.times.arrive.len() - 1, seats: free + more, wheelchairs, choices })
            })
            .collect();
        let own = CohortId::at(cohorts.binary_search(&self.cohort).unwrap_or_default());
        let riding: u32 = evaluation::choose_among(&people, &rides)
            .iter()
            .filter(|row| row.cohort == own)
            .map(|row| row.people.0)
            .sum();
        self.ride().people.0.saturating_sub(riding)
    }
}

/// A trip's options with one cohort's changed.
pub(super) fn replaced(choices: &[Choice], cohort: CohortId, own: Option<Choice>) -> Vec<Choice> {
    let at = choices.partition_point(|choice| choice.cohort < cohort);
    let skip = usize::from(choices.get(at).is_some_and(|choice| choice.cohort == cohort));
    choices[..at].iter().copied().chain(own).chain(choices[at + skip..].iter().copied()).collect()
}

/// A wish so many minutes earlier, if the day has them.
pub(super) fn earlier(model: &Model, ride: &Rides, minutes: u32) -> Option<Rides> {
    let time = ride.time.0.checked_sub(60 * minutes).map(ServiceTime)?;
    Some(wishing(model, ride, time))
}

/// A wish so many minutes later.
pub(super) fn later(model: &Model, ride: &Rides, minutes: u32) -> Rides {
    wishing(model, ride, ride.time + Seconds(60 * minutes))
}

/// A wish for another time: the alternative meets other trains.
fn wishing(model: &Model, ride: &Rides, time: ServiceTime) -> Rides {
    let mut moved = Rides { time, ..ride.clone() };
    moved.alternative = demand::alternative_at(model, &moved);
    moved
}
