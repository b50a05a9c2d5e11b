//! What does one departure of a line offer each cohort? Times by the bands of the day, and the best board and alight pair.
//!
//! The rules stand at the top of [`super::plan`]. O(cohorts in reach x pairs of stops in reach) a departure.

use super::model::{Choice, Model, Pattern, Rides};
use super::plan::{PersonCost, TimeKind};
use crate::domain::ids::{CohortId, PlaceId, ServiceId, StopId};
use crate::domain::units::{Metres, Seconds, ServiceTime};

/// Arrival and departure at each stop of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// Arrivals; the first equals its departure.
    pub arrive: Vec<ServiceTime>,
    /// Departures; the last equals its arrival.
    pub depart: Vec<ServiceTime>,
    /// Length driven.
    pub metres: Metres,
}

impl Times {
    /// From the first departure to the last arrival.
    #[must_use]
    pub fn run(&self) -> Seconds {
        match (self.depart.first(), self.arrive.last()) {
            (Some(first), Some(last)) => last.since(*first),
            _ => Seconds::ZERO,
        }
    }

    /// The same, so much later.
    fn shifted(&self, later: Seconds) -> Self {
        let shift = |times: &[ServiceTime]| times.iter().map(|time| *time + later).collect();
        Self { arrive: shift(&self.arrive), depart: shift(&self.depart), metres: self.metres }
    }
}

/// The times of a departure; `None` where a leg cannot be driven.
#[must_use]
pub fn times(model: &Model, pattern: &Pattern, departure: ServiceTime) -> Option<Times> {
    let stops = &pattern.0;
    let mut arrive = Vec::with_capacity(stops.len());
    let mut depart = Vec::with_capacity(stops.len());
    let mut metres = Metres::ZERO;
    for (k, &stop) in stops.iter().enumerate() {
        let at = match k {
            0 => departure,
            _ => {
                let (seconds, length) = model.leg(stops[k - 1], stop, depart[k - 1])?;
                // The line's length is that of its free-flow way, whatever the hour.
                let free = model.drive[0].get(stops[k - 1].index(), stop.index());
                metres += free.map_or(length, |(_, metres)| metres);
                depart[k - 1] + seconds
            }
        };
        arrive.push(at);
        depart.push(if k > 0 && k + 1 < stops.len() { at + model.policy.dwell } else { at });
    }
    Some(Times { arrive, depart, metres })
}

/// A cohort that can reach the line: where it could board and alight, with walks.
#[derive(Clone, Debug)]
struct Reach {
    cohort: CohortId,
    board: Vec<(u8, Seconds)>,
    alight: Vec<(u8, Seconds)>,
}

impl Reach {
    /// Could any pair of stops be in time? A look that spares those who travel at another hour, most of them, the pairs.
    fn in_time(&self, ride: &Rides, times: &Times, later: Seconds, ahead: Seconds) -> bool {
        let (Some(&first), Some(&last)) = (times.depart.first(), times.arrive.last()) else { return false };
        let (first, last) = (first + later, last + later);
        let longest = |walks: &[(u8, Seconds)]| walks.iter().map(|(_, walk)| *walk).max().unwrap_or_default();
        match ride.kind {
            TimeKind::ArriveBy => first <= ride.time && ride.time <= last + longest(&self.alight) + ride.max_wait,
            TimeKind::DepartAfter => {
                ride.time <= last && first <= ride.time + longest(&self.board) + ahead + ride.max_wait
            }
        }
    }
}

/// A pattern with everybody who can walk to it; made once, asked for many departures.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The stops.
    pub pattern: Pattern,
    reach: Vec<Reach>,
}

impl Offer {
    /// Finds who can reach a pattern.
    #[must_use]
    pub fn new(model: &Model, pattern: Pattern) -> Self {
        let mut reach = Vec::new();
        for (number, ride) in model.rides.iter().enumerate() {
            let ends = |place: PlaceId| -> Vec<(u8, Seconds)> {
                pattern
                    .0
                    .iter()
                    .enumerate()
                    .filter(|(_, stop)| !ride.wheelchair || model.stops[stop.index()].candidate.step_free)
                    .filter_map(|(k, &stop)| Some((u8::try_from(k).ok()?, model.walk_seconds(place, stop, ride)?)))
                    .collect()
            };
            let (board, alight) = (ends(ride.origin), ends(ride.destination));
            let rides = board.first().zip(alight.last()).is_some_and(|(first, last)| first.0 < last.0);
            if rides {
                reach.push(Reach { cohort: CohortId::at(number), board, alight });
            }
        }
        Self { pattern, reach }
    }

    /// The same for some cohorts only, as if nobody else were there.
    #[must_use]
    pub fn only(&self, whom: &dyn Fn(CohortId) -> bool) -> Self {
        let reach = self.reach.iter().filter(|reach| whom(reach.cohort)).cloned().collect();
        Self { pattern: self.pattern.clone(), reach }
    }

    /// Who reaches it, ascending.
    pub fn cohorts(&self) -> impl Iterator<Item = CohortId> + '_ {
        self.reach.iter().map(|reach| reach.cohort)
    }

    /// Does anybody reach it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reach.is_empty()
    }

    /// The departures that suit each cohort of a service best (to the minute, by the times of its own hour); ascending.
    #[must_use]
    pub fn ideal_minutes(&self, model: &Model, service: ServiceId) -> Vec<u32> {
        let mut minutes = Vec::new();
        for reach in &self.reach {
            let ride = &model.rides[reach.cohort.index()];
            if ride.service != service {
                continue;
            }
            let Some(times) = times(model, &self.pattern, ride.time) else { continue };
            let (board, alight) = (reach.board.iter(), reach.alight.iter());
            match ride.kind {
                TimeKind::ArriveBy => minutes.extend(alight.filter_map(|&(j, walk)| {
                    let on_the_way = times.arrive[usize::from(j)].since(times.depart[0]) + walk;
                    ride.time.0.checked_sub(on_the_way.0).map(|departure| departure / 60)
                })),
                TimeKind::DepartAfter => minutes.extend(board.filter_map(|&(i, walk)| {
                    let to_there = times.depart[usize::from(i)].since(times.depart[0]);
                    (ride.time + walk + model.policy.ahead)
                        .0
                        .checked_sub(to_there.0)
                        .map(|departure| departure.div_ceil(60))
                })),
            }
        }
        // A minute to spare where a band begins on the way.
        let spare: Vec<u32> =
            minutes.iter().flat_map(|&minute| [minute.saturating_sub(1), minute, minute + 1]).collect();
        let mut minutes = spare;
        minutes.sort_unstable();
        minutes.dedup();
        minutes
    }

    /// Each cohort's best pair on a departure, where it beats the alternative; ascending by cohort.
    #[must_use]
    pub fn choices(&self, model: &Model, service: ServiceId, times: &Times) -> Vec<Choice> {
        self.reach
            .iter()
            .filter(|reach| model.rides[reach.cohort.index()].service == service)
            .filter_map(|reach| reach.choice(model, times, Seconds::ZERO))
            .collect()
    }

    /// All departures of a service that somebody would take, by minute: the times and the same choices. Each cohort is looked at
    /// in its own hour only, and times are worked out once for all departures that meet the same bands, so that a day costs little
    /// more than what comes out.
    #[must_use]
    pub fn day(&self, model: &Model, service: ServiceId) -> Vec<(u32, Times, Vec<Choice>)> {
        let mine = || self.reach.iter().filter(|reach| model.rides[reach.cohort.index()].service == service);
        if mine().next().is_none() {
            return Vec::new();
        }
        let spells = spells(model, &self.pattern);
        let longest = spells.iter().map(|spell| spell.times.run()).max().unwrap_or_default();
        let mut taken: Vec<Vec<Choice>> = vec![Vec::new(); model.minutes.len()];
        for reach in mine() {
            let (from, until) = reach.hour(model, longest);
            let start = model.minutes.partition_point(|minute| *minute < from);
            let end = model.minutes.partition_point(|minute| *minute <= until);
            for spell in &spells {
                let own = spell.from.max(start)..spell.until.min(end);
                for at in own {
                    taken[at].extend(reach.choice(model, &spell.times, spell.later(model, at)));
                }
            }
        }
        let mut day = Vec::new();
        for spell in &spells {
            for (at, choices) in (spell.from..).zip(&mut taken[spell.from..spell.until]) {
                let choices = std::mem::take(choices);
                if !choices.is_empty() {
                    day.push((model.minutes[at], spell.times.shifted(spell.later(model, at)), choices));
                }
            }
        }
        day
    }
}

/// Departures one after the other that meet the same bands on their way: their times differ by when they leave, no more.
struct Spell {
    /// Position of the first in [`Model::minutes`].
    from: usize,
    /// One past the last.
    until: usize,
    /// Of the first.
    times: Times,
}

impl Spell {
    /// How much later than the first a departure is.
    fn later(&self, model: &Model, at: usize) -> Seconds {
        Seconds(model.minutes[at].saturating_sub(model.minutes[self.from]) * 60)
    }
}

/// All departures of a pattern that can be driven, in spells.
fn spells(model: &Model, pattern: &Pattern) -> Vec<Spell> {
    let (minutes, mut spells, mut at) = (&model.minutes, Vec::new(), 0);
    while at < minutes.len() {
        let first = ServiceTime(minutes[at] * 60);
        let Some(times) = times(model, pattern, first) else {
            at += 1;
            continue;
        };
        // Until one of its drives would begin in another band.
        let drives = &times.depart[..times.depart.len().saturating_sub(1)];
        let spare = drives.iter().filter_map(|start| Some(model.policy.band_change_after(*start)?.since(*start))).min();
        let same = |minute: &u32| spare.is_none_or(|spare| minute.saturating_sub(minutes[at]) * 60 < spare.0);
        let until = at + minutes[at..].partition_point(same);
        spells.push(Spell { from: at, until, times });
        at = until;
    }
    spells
}

impl Reach {
    /// First and last minute at which a departure could serve them, no run being longer than `longest`.
    fn hour(&self, model: &Model, longest: Seconds) -> (u32, u32) {
        let ride = &model.rides[self.cohort.index()];
        let walk = |walks: &[(u8, Seconds)]| walks.iter().map(|(_, walk)| *walk).max().unwrap_or_default();
        let (from, until) = match ride.kind {
            TimeKind::ArriveBy => {
                (ride.time.0.saturating_sub(longest.0 + walk(&self.alight).0 + ride.max_wait.0), ride.time.0)
            }
            TimeKind::DepartAfter => {
                let latest = ride.time + walk(&self.board) + model.policy.ahead + ride.max_wait;
                (ride.time.0.saturating_sub(longest.0), latest.0)
            }
        };
        (from / 60, until / 60)
    }

    /// The best pair on a departure with these times, so much later, if it beats the alternative.
    fn choice(&self, model: &Model, times: &Times, later: Seconds) -> Option<Choice> {
        let ride = &model.rides[self.cohort.index()];
        if !self.in_time(ride, times, later, model.policy.ahead) {
            return None;
        }
        let mut best: Option<Choice> = None;
        for &(i, walk_before) in &self.board {
            let Some(before) = wait_before(model, ride, times.depart[usize::from(i)] + later, walk_before) else {
                continue;
            };
            for &(j, walk_after) in self.alight.iter().filter(|(j, _)| *j > i) {
                let riding = times.arrive[usize::from(j)].since(times.depart[usize::from(i)]);
                if riding > model.policy.max_ride {
                    continue;
                }
                let at = times.arrive[usize::from(j)] + later + walk_after;
                let Some((after, _)) = wait_after(model, ride, at) else { continue };
                let cost = model.person_cost(walk_before + walk_after, before + after, riding);
                if cost < ride.alternative && best.is_none_or(|best| cost < best.cost) {
                    best = Some(Choice { cohort: self.cohort, board: i, alight: j, cost });
                }
            }
        }
        best
    }
}

/// Wait before a departure `at` from the stop, or `None` if it cannot be taken.
#[must_use]
pub fn wait_before(model: &Model, ride: &Rides, at: ServiceTime, walk: Seconds) -> Option<Seconds> {
    match ride.kind {
        TimeKind::DepartAfter => {
            let ready = ride.time + walk;
            let wait = at.since(ready);
            // Who comes ahead does not call that waiting long.
            let ahead = model.policy.ahead;
            (at >= ready + ahead && wait <= ahead + ride.max_wait).then_some(wait)
        }
        TimeKind::ArriveBy => {
            let trains = &model.trains[ride.service.index()][ride.origin.index()];
            if trains.is_empty() {
                return Some(model.policy.ahead);
            }
            let leave = ServiceTime(at.0.checked_sub(walk.0)?);
            train_before(model, trains, leave).map(|train| leave.since(train))
        }
    }
}

/// Wait after being `at` the destination, and the train met; `None` if it is too late, too early or no train goes.
#[must_use]
pub fn wait_after(model: &Model, ride: &Rides, at: ServiceTime) -> Option<(Seconds, Option<ServiceTime>)> {
    match ride.kind {
        TimeKind::ArriveBy => {
            let wait = ride.time.since(at);
            (at <= ride.time && wait <= ride.max_wait).then_some((wait, None))
        }
        TimeKind::DepartAfter => {
            let trains = &model.trains[ride.service.index()][ride.destination.index()];
            if trains.is_empty() {
                return Some((Seconds::ZERO, None));
            }
            trains.get(trains.partition_point(|train| *train < at)).map(|train| (train.since(at), Some(*train)))
        }
    }
}

/// The train a rider comes by or makes on this pair, if one.
#[must_use]
pub fn train_met(
    model: &Model,
    ride: &Rides,
    board_at: ServiceTime,
    walk_before: Seconds,
    at: ServiceTime,
) -> Option<ServiceTime> {
    match ride.kind {
        TimeKind::ArriveBy => {
            let trains = &model.trains[ride.service.index()][ride.origin.index()];
            let leave = ServiceTime(board_at.0.checked_sub(walk_before.0)?);
            train_before(model, trains, leave)
        }
        TimeKind::DepartAfter => wait_after(model, ride, at).and_then(|(_, train)| train),
    }
}

/// The train from which people are in good time, leaving then.
fn train_before(model: &Model, trains: &[ServiceTime], leave: ServiceTime) -> Option<ServiceTime> {
    let latest = ServiceTime(leave.0.checked_sub(model.policy.change.0)?);
    trains.partition_point(|train| *train <= latest).checked_sub(1).map(|k| trains[k])
}

/// The least wait there is.
pub(super) fn least_wait(model: &Model, ride: &Rides) -> Seconds {
    match ride.kind {
        TimeKind::ArriveBy if !model.trains[ride.service.index()][ride.origin.index()].is_empty() => {
            model.policy.change
        }
        _ => model.policy.ahead,
    }
}

/// The cost no trip can beat for a cohort: best stops, the fastest drive, no wait but what nobody is spared. `None` where no stop is in reach at both ends.
#[must_use]
pub fn best_conceivable(model: &Model, ride: &Rides, fastest: &[Vec<Option<Seconds>>]) -> Option<PersonCost> {
    let ends = |place: PlaceId| -> Vec<(StopId, Seconds)> {
        (0..model.stops.len())
            .map(StopId::at)
            .filter(|stop| !ride.wheelchair || model.stops[stop.index()].candidate.step_free)
            .filter_map(|stop| Some((stop, model.walk_seconds(place, stop, ride)?)))
            .collect()
    };
    let (board, alight) = (ends(ride.origin), ends(ride.destination));
    let mut best: Option<PersonCost> = None;
    for &(i, before) in &board {
        for &(j, after) in &alight {
            let Some(riding) = fastest[i.index()][j.index()].filter(|_| i != j) else { continue };
            let cost = model.person_cost(before + after, least_wait(model, ride), riding);
            best = Some(best.map_or(cost, |best| best.min(cost)));
        }
    }
    best
}

#[cfg(test)]
mod tests;
