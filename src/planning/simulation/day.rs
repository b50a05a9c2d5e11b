//! One day: vehicles call at their stops in the order of time, people come, board, are left behind, choose again.
//!
//! **A call.** A vehicle leaves a stop when the timetable says and when all are on: never before, and later by the doors and
//! 2.75 s for each person on or off. People board in the order in which they came, each if a seat (a wheelchair place) is free;
//! who comes while others still board gets in. It starts its next trip when the timetable says, and when it is there: layover is
//! used up by lateness, driving empty, a driver's rest and charging are not.
//!
//! **A choice.** Who comes too late for a trip, or finds it full, takes the cheapest by the timetable of the trips that still call at
//! that stop, wait at most the cohort's limit for it, or the alternative if that is cheaper from then on.
//!
//! **Who lives through what** is counted as the plan counts it: walking, waiting, riding, weighted; time too early or too late at
//! the end as waiting. Who leaves to a train takes the first that goes once they are on the platform; after the last, a taxi.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Circumstances;
use super::draw;
use super::parties::{Party, Way};
use super::prepared::Prepared;
use super::spreads::{DOORS_MS, LATE_MS, PASSENGER_MS};
use crate::search::Random;

/// What a day came to; of several services the mean, weighted by their days in force.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Day {
    /// People who rode.
    pub served: f64,
    /// Their weighted seconds.
    pub weighted_s: f64,
    /// People who saw a full vehicle leave.
    pub left_behind: f64,
    /// People brought to their train too late.
    pub missed_trains: f64,
    /// Everything, in fen.
    pub objective_fen: f64,
    /// What the same people would have cost without us.
    pub nothing_fen: f64,
}

/// Somebody on their way; times in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Person {
    party: usize,
    /// Thousandths: a whole person, but where days are exactly the promised ones.
    share: u32,
    /// At the stop.
    comes: i64,
    stop: u32,
    trip: usize,
    board: usize,
    alight: usize,
    walk_before: i64,
    walk_after: i64,
    train: Option<i64>,
    /// When their vehicle left with them.
    leaves: i64,
    /// On the trip of the plan.
    promised: bool,
    left_behind: bool,
    settled: bool,
}

/// Something that happens; at the same time people choose first, then vehicles call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Choice { person: usize },
    Call { trip: usize, at: usize },
}

/// A place where days pass, one after the other: nothing is allocated anew for each.
#[derive(Debug)]
pub(super) struct World<'p> {
    prepared: &'p Prepared,
    circumstances: Circumstances,
    today: Day,
    people: Vec<Person>,
    /// By call.
    waiting: Vec<Vec<usize>>,
    /// By call.
    alighting: Vec<Vec<usize>>,
    called: Vec<bool>,
    /// By trip: taken seats and wheelchair places, thousandths.
    taken: Vec<[u32; 2]>,
    /// By trip: when it is at the stop it comes to next.
    arrives: Vec<i64>,
    /// By trip: the chances of its legs.
    legs: Vec<Random>,
    /// By trip.
    full: Vec<bool>,
    /// By service: factor on driving times.
    roads: Vec<f64>,
    events: BinaryHeap<Reverse<(i64, Event)>>,
    /// By trip: days on which somebody was left behind, days on which it was late.
    troubles: Vec<[u32; 2]>,
}

impl<'p> World<'p> {
    pub(super) fn new(prepared: &'p Prepared, circumstances: &Circumstances) -> Self {
        let trips = prepared.trips.len();
        Self {
            prepared,
            circumstances: *circumstances,
            today: Day::default(),
            people: Vec::new(),
            waiting: vec![Vec::new(); prepared.calls],
            alighting: vec![Vec::new(); prepared.calls],
            called: vec![false; prepared.calls],
            taken: vec![[0; 2]; trips],
            arrives: vec![0; trips],
            legs: vec![Random::new(0); trips],
            full: vec![false; trips],
            roads: vec![1.0; prepared.weights.len()],
            events: BinaryHeap::new(),
            troubles: vec![[0; 2]; trips],
        }
    }

    /// Days of trouble by trip: [somebody left behind, late].
    pub(super) fn into_troubles(self) -> Vec<[u32; 2]> {
        self.troubles
    }

    /// The n-th day of a seed.
    pub(super) fn day(&mut self, seed: u64, n: u32) -> Day {
        let prepared = self.prepared;
        self.clear();
        let day_seed = draw::mix(seed, u64::from(n));
        let mut demand = Vec::with_capacity(prepared.weights.len());
        for service in 0..prepared.weights.len() {
            // Days of different services are different days.
            let mut chance = Random::new(draw::mix(day_seed, service as u64));
            demand.push(self.circumstances.demand * draw::factor(&mut chance, prepared.spreads.demand_day));
            self.roads[service] =
                draw::factor(&mut chance, prepared.spreads.road_day) / self.circumstances.speed.max(1e-3);
        }
        for (number, party) in prepared.parties.iter().enumerate() {
            self.set_out(number, party, demand[party.service], draw::mix(day_seed, party.key));
        }
        for (number, trip) in prepared.trips.iter().enumerate() {
            self.legs[number] = Random::new(draw::mix(day_seed, !trip.key));
            if let Some(depart) = trip.depart.first().filter(|_| !trip.follows && trip.service < prepared.weights.len())
            {
                // The first trip out of the depot: its vehicle is there in good time.
                self.arrives[number] = i64::MIN / 2;
                self.events.push(Reverse((*depart, Event::Call { trip: number, at: 0 })));
            }
        }
        while let Some(Reverse((time, event))) = self.events.pop() {
            match event {
                Event::Choice { person } => self.choose(person, time),
                Event::Call { trip, at } => self.call(trip, at),
            }
        }
        // Nobody is lost, whatever a plan that was not checked says of its vehicles.
        for person in 0..self.people.len() {
            if !self.people[person].settled {
                self.give_up(person, self.people[person].comes);
            }
        }
        for (sum, full) in self.troubles.iter_mut().zip(&self.full) {
            sum[0] += u32::from(*full);
        }
        self.today.objective_fen += prepared.fixed_fen;
        self.today
    }

    fn clear(&mut self) {
        self.today = Day::default();
        self.people.clear();
        self.waiting.iter_mut().for_each(Vec::clear);
        self.alighting.iter_mut().for_each(Vec::clear);
        self.called.fill(false);
        self.taken.fill([0; 2]);
        self.full.fill(false);
        self.events.clear();
    }

    /// Who of a cohort comes today, and when. Every person draws as often as any other, so that one more changes nobody else's day.
    fn set_out(&mut self, number: usize, party: &Party, demand: f64, seed: u64) {
        let spreads = &self.prepared.spreads;
        let mut chance = Random::new(seed);
        if spreads.chance {
            let count = draw::poisson(&mut chance, party.people as f64 / 1000.0 * demand);
            for _ in 0..count {
                let mut place = chance.unit() * party.people as f64;
                let deviation = draw::deviation(&mut chance);
                let row = party.rows.iter().find(|row| {
                    place -= f64::from(row.people);
                    place < 0.0
                });
                if let Some(row) = row.or(party.rows.last()) {
                    self.go(number, party, row.ride.as_ref(), 1000, deviation);
                }
            }
            return;
        }
        for row in &party.rows {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "f64 to u32 saturates")]
            let mut left = (f64::from(row.people) * demand).round() as u32;
            while left > 0 {
                let share = left.min(1000);
                left -= share;
                self.go(number, party, row.ride.as_ref(), share, 0.0);
            }
        }
    }

    /// Somebody is told of a ride, or of none.
    fn go(&mut self, number: usize, party: &Party, ride: Option<&super::parties::Ride>, share: u32, deviation: f64) {
        let prepared = self.prepared;
        let sets_out = party.without.sets_out + rounded(party.without.deviation * 1000.0 * deviation);
        let (fen, waits) = self.without(party, sets_out);
        let without = fen + prepared.worth.seconds(0, waits, 0) * prepared.worth.second_fen;
        self.today.nothing_fen += prepared.weights[party.service] * f64::from(share) / 1000.0 * without;
        let Some(ride) = ride else {
            self.pay(party.service, share, without);
            return;
        };
        let trip = &prepared.trips[ride.trip];
        let comes = ride.comes + rounded(ride.deviation * 1000.0 * deviation);
        self.waiting[trip.first_call + ride.board].push(self.people.len());
        self.people.push(Person {
            party: number,
            share,
            comes,
            stop: trip.stops[ride.board],
            trip: ride.trip,
            board: ride.board,
            alight: ride.alight,
            walk_before: ride.walk_before,
            walk_after: ride.walk_after,
            train: ride.train,
            leaves: 0,
            promised: true,
            left_behind: false,
            settled: false,
        });
    }

    /// A vehicle is at a stop of its trip.
    fn call(&mut self, number: usize, at: usize) {
        let prepared = self.prepared;
        let trip = &prepared.trips[number];
        let call = trip.first_call + at;
        let arrive = self.arrives[number];
        self.called[call] = true;
        let mut moved = 0;
        let mut alighting = std::mem::take(&mut self.alighting[call]);
        for person in alighting.drain(..) {
            let (share, kind) = (self.people[person].share, self.kind(person));
            self.taken[number][kind] -= share;
            moved += i64::from(share);
            self.arrive(person, arrive);
        }
        self.alighting[call] = alighting;
        if at + 1 >= trip.stops.len() {
            self.end(number, arrive);
            return;
        }
        let leaves = |moved: i64| {
            let doors = if moved > 0 { DOORS_MS + moved * PASSENGER_MS / 1000 } else { 0 };
            trip.depart[at].max(arrive + doors)
        };
        let mut waiting = std::mem::take(&mut self.waiting[call]);
        waiting.sort_unstable_by_key(|person| (self.people[*person].comes, *person));
        let mut left = 0;
        for person in &waiting {
            let somebody = self.people[*person];
            let kind = self.kind(*person);
            if somebody.comes > leaves(moved) {
                self.events.push(Reverse((somebody.comes, Event::Choice { person: *person })));
            } else if self.taken[number][kind] + somebody.share <= [trip.seats, trip.wheelchairs][kind] {
                self.taken[number][kind] += somebody.share;
                moved += i64::from(somebody.share);
                self.alighting[trip.first_call + somebody.alight].push(*person);
            } else {
                left += 1;
                if !somebody.left_behind {
                    let weight = self.weight(*person);
                    self.today.left_behind += weight;
                }
                self.people[*person].left_behind = true;
                self.people[*person].leaves = i64::MAX;
            }
        }
        let leave = leaves(moved);
        for person in waiting.drain(..) {
            let somebody = &mut self.people[person];
            if somebody.leaves == i64::MAX {
                somebody.leaves = 0;
                self.events.push(Reverse((leave, Event::Choice { person })));
            } else {
                somebody.leaves = leave;
            }
        }
        self.waiting[call] = waiting;
        self.full[number] |= left > 0;
        let leg = (trip.arrive[at + 1] - trip.depart[at]) as f64;
        let factor = draw::factor(&mut self.legs[number], prepared.spreads.road_leg) * self.roads[trip.service];
        let next = leave + rounded(leg * factor);
        self.arrives[number] = next;
        let last = at + 2 == trip.stops.len();
        // Who comes until it leaves may still choose it: it is dealt with when it can leave at the earliest.
        let time = if last { next } else { next.max(trip.depart[at + 1]) };
        self.events.push(Reverse((time, Event::Call { trip: number, at: at + 1 })));
    }

    /// A trip is at its end; the vehicle goes on.
    fn end(&mut self, number: usize, arrive: i64) {
        let trip = &self.prepared.trips[number];
        if trip.arrive.last().is_some_and(|promised| arrive > promised + LATE_MS) {
            self.troubles[number][1] += 1;
        }
        let Some(next) = trip.next else { return };
        let Some(depart) = self.prepared.trips[next.trip].depart.first() else { return };
        let drive = rounded(next.drive_ms as f64 * self.roads[trip.service]);
        self.arrives[next.trip] = arrive.max(i64::MIN / 4) + drive + next.stand_ms;
        let time = self.arrives[next.trip].max(*depart);
        self.events.push(Reverse((time, Event::Call { trip: next.trip, at: 0 })));
    }

    /// Somebody stands at a stop without the vehicle they meant to take.
    fn choose(&mut self, number: usize, now: i64) {
        let prepared = self.prepared;
        let person = self.people[number];
        let party = &prepared.parties[person.party];
        let mut best: Option<(f64, &Way)> = None;
        for way in party.ways.iter().filter(|way| way.stop == person.stop) {
            let trip = &prepared.trips[way.trip];
            if self.called[trip.first_call + way.board] {
                continue;
            }
            let leaves = trip.depart[way.board].max(now);
            if leaves - person.comes > party.max_wait {
                continue;
            }
            let there = leaves + trip.arrive[way.alight] - trip.depart[way.board] + way.walk_after;
            let Some((after, _)) = until(party, there) else { continue };
            let ride = there - way.walk_after - leaves;
            let seconds = prepared.worth.seconds(way.walk_after, leaves - now + after, ride);
            let fen = seconds * prepared.worth.second_fen + prepared.worth.fare_fen;
            if best.is_none_or(|(least, _)| fen < least) {
                best = Some((fen, way));
            }
        }
        let (fen, waits) = self.without(party, now);
        let without = fen + prepared.worth.seconds(0, waits, 0) * prepared.worth.second_fen;
        match best {
            Some((fen, way)) if fen <= without => {
                let person = &mut self.people[number];
                person.trip = way.trip;
                person.board = way.board;
                person.alight = way.alight;
                person.walk_after = way.walk_after;
                person.promised = false;
                self.waiting[prepared.trips[way.trip].first_call + way.board].push(number);
            }
            _ => self.give_up(number, now),
        }
    }

    /// Somebody has ridden, and goes on to where they want to be.
    fn arrive(&mut self, number: usize, arrive: i64) {
        let prepared = self.prepared;
        let person = self.people[number];
        let party = &prepared.parties[person.party];
        let worth = &prepared.worth;
        let there = arrive + person.walk_after;
        let (after, train, taxi) = match until(party, there) {
            Some((after, train)) => (after, train, 0.0),
            None => (0, Some(i64::MAX), worth.stranded_fen),
        };
        let missed = person.train.zip(train).is_some_and(|(promised, taken)| taken > promised);
        let weight = self.weight(number);
        // Who came too late by themselves has missed it by themselves.
        if missed && (person.promised || person.left_behind) {
            self.today.missed_trains += weight;
        }
        let wait = person.leaves - person.comes + after;
        let seconds = worth.seconds(person.walk_before + person.walk_after, wait, arrive - person.leaves);
        self.today.served += weight;
        self.today.weighted_s += weight * seconds;
        self.pay(party.service, person.share, seconds * worth.second_fen + worth.fare_fen + taxi);
        self.people[number].settled = true;
    }

    /// Somebody goes as they would without us, having walked and waited for nothing.
    fn give_up(&mut self, number: usize, now: i64) {
        let prepared = self.prepared;
        let person = self.people[number];
        let party = &prepared.parties[person.party];
        let (fen, waits) = self.without(party, now);
        let seconds = prepared.worth.seconds(person.walk_before, now - person.comes + waits, 0);
        self.pay(party.service, person.share, seconds * prepared.worth.second_fen + fen);
        self.people[number].settled = true;
    }

    /// Who sets out without us then: fen, and milliseconds that weigh as waiting.
    fn without(&self, party: &Party, sets_out: i64) -> (f64, i64) {
        let without = &party.without;
        if without.taxi {
            return (without.fen, if party.arrives { (sets_out - party.wished).max(0) } else { 0 });
        }
        match until(party, sets_out + without.ms) {
            Some((waits, _)) => (without.fen, waits),
            None => (without.fen + self.prepared.worth.stranded_fen, 0),
        }
    }

    fn pay(&mut self, service: usize, share: u32, fen: f64) {
        self.today.objective_fen += self.prepared.weights[service] * f64::from(share) / 1000.0 * fen;
    }

    /// What a person counts in a mean day.
    fn weight(&self, person: usize) -> f64 {
        let person = &self.people[person];
        self.prepared.weights[self.prepared.parties[person.party].service] * f64::from(person.share) / 1000.0
    }

    /// 0: takes a seat, 1: a wheelchair place.
    fn kind(&self, person: usize) -> usize {
        usize::from(self.prepared.parties[self.people[person].party].wheelchair)
    }
}

/// Milliseconds that weigh as waiting once somebody is at the end of their way, and the train they take; `None`: there is no train any more.
fn until(party: &Party, there: i64) -> Option<(i64, Option<i64>)> {
    if party.arrives {
        return Some(((party.wished - there).abs(), None));
    }
    if party.trains.is_empty() {
        return Some((0, None));
    }
    let train = *party.trains.get(party.trains.partition_point(|train| *train < there))?;
    Some((train - there, Some(train)))
}

fn rounded(ms: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "f64 to i64 saturates")]
    let ms = ms.round() as i64;
    ms
}
