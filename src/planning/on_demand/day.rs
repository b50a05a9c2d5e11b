//! One drawn day: who asks when, what they are answered, what they accept, and how it is driven in the end.
//!
//! People come as on the days of `simulation` (Poisson around what is expected), and ask on their own, some time before they set out. They accept what
//! is better for them than their alternative, as it is planned when they ask; what it was worth is counted as it was driven. What is promised is improved
//! now and then, as on the day itself.

use super::asks::{Ask, trains};
use super::desk::{room, stints};
use crate::domain::ids::StopId;
use crate::domain::units::{Metres, Seconds, ServiceTime};
use crate::planning::model::{Model, Rides};
use crate::planning::plan::{NotTaken, OnDemand, PersonCost, Ride, TimeKind};
use crate::planning::simulation::draw;
use crate::routing::problem::MOST;
use crate::routing::promises::desk::{Desk, State};
use crate::routing::promises::{Answer, Promise, Reason, Request, Service, Stop, Wish};
use crate::search::{Answer as Watch, Progress, Random, Run};

/// People ask up to so long before they must. Nobody has counted it for shuttles; with more, more are taken.
const LEAD_S: f64 = 3_600.0;
/// A refusal is looked at again with so many iterations of the search.
const REFUSED_ITERATIONS: u64 = 20;
/// What is promised is improved so often, …
const AGAIN_EVERY_S: i32 = 1_800;
/// … with so many iterations.
const AGAIN_ITERATIONS: u64 = 40;
/// Where all is known beforehand, so often …
const KNOWN_ROUNDS: usize = 2;
/// … and with so many.
const KNOWN_ITERATIONS: u64 = 1_000;
/// A call of the search leaves this much as it is.
const AHEAD_S: i32 = 30;
/// More than these ask on no drawn day (a day of 200 a minute would be another service).
pub(super) const MOST_REQUESTS: usize = 20_000;

/// What is the same on all days.
pub(super) struct Ground<'a> {
    pub(super) model: &'a Model,
    pub(super) offer: &'a OnDemand,
    pub(super) service: &'a Service,
    /// Positions of stops are those of `offer.stops`.
    pub(super) asks: &'a [Ask],
    /// False: somebody wants an end.
    pub(super) go_on: &'a (dyn Fn() -> bool + Sync),
}

/// What a day came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Day {
    pub(super) asked: u32,
    pub(super) served: u32,
    /// Seconds of those who rode, all together.
    pub(super) waits: f64,
    pub(super) rides: f64,
    /// What they saved, fen.
    pub(super) saved: f64,
    /// By standby.
    pub(super) metres: Vec<Metres>,
    /// By ask: asked and served.
    pub(super) by_ask: Vec<(u32, u32)>,
    pub(super) taken: Vec<Ride>,
    pub(super) refused: Vec<NotTaken>,
}

/// Somebody who will ask.
struct Person {
    ask: usize,
    asked: i32,
}

/// Who was taken.
struct Taken {
    ask: usize,
    asked: i32,
    ticket: usize,
    walks: (Seconds, Seconds),
}

/// The day of a number, answered as on the day itself: searched again before a refusal, and now and then. Nothing if somebody wants an end.
pub(super) fn drive(ground: &Ground<'_>, seed: u64, number: u32) -> Option<Day> {
    let people = who(ground, seed, number);
    let mut desk = Desk::new(ground.service.clone());
    let mut day = Day { by_ask: vec![(0, 0); ground.asks.len()], ..Day::default() };
    let mut taken: Vec<Taken> = Vec::new();
    let mut again = people.first().map_or(0, |person| person.asked) + AGAIN_EVERY_S;
    for person in &people {
        if !(ground.go_on)() {
            return None;
        }
        while person.asked >= again {
            improve(ground, &mut desk, again, seed, AGAIN_ITERATIONS);
            again += AGAIN_EVERY_S;
        }
        day.asked += 1;
        day.by_ask[person.ask].0 += 1;
        match answer(ground, &mut desk, person, seed) {
            Ok(accepted) => taken.push(accepted),
            Err(reason) => day.refused.push(NotTaken {
                cohort: ground.cohort(person.ask),
                asked: time(person.asked),
                reason: reason.to_owned(),
            }),
        }
    }
    let end = ground.offer.until.0 as i32;
    while again < end && taken.iter().any(|taken| desk.tickets()[taken.ticket].state() == State::Waiting) {
        improve(ground, &mut desk, again, seed, AGAIN_ITERATIONS);
        again += AGAIN_EVERY_S;
    }
    desk.advance(end);
    count(ground, &desk, &taken, &mut day);
    (ground.go_on)().then_some(day)
}

impl Ground<'_> {
    fn cohort(&self, ask: usize) -> String {
        self.model.cohorts[self.asks[ask].cohort.index()].id.clone()
    }
    fn ride(&self, ask: usize) -> &Rides {
        &self.model.rides[self.asks[ask].cohort.index()]
    }
}

/// Those who come this day, as they ask.
fn who(ground: &Ground<'_>, seed: u64, number: u32) -> Vec<Person> {
    let today = draw::mix(seed, u64::from(number));
    let mut people = Vec::new();
    for (at, ask) in ground.asks.iter().enumerate() {
        let mut chance = Random::new(draw::mix(today, draw::name(&ground.cohort(at))));
        let ride = ground.ride(at);
        // Who wishes to arrive sets out in time for a ride of the longest kind.
        let out = match ride.kind {
            TimeKind::DepartAfter => ride.time.0,
            TimeKind::ArriveBy => ride.time.0.saturating_sub(ground.offer.rules.max_ride_s + ride.max_wait.0),
        };
        for _ in 0..draw::poisson(&mut chance, ask.people.as_f64()) {
            let lead = f64::from(ground.offer.rules.notice_s) + chance.unit() * LEAD_S;
            people.push(Person { ask: at, asked: (f64::from(out) - lead).max(0.0) as i32 });
        }
    }
    people.sort_by_key(|person| (person.asked, person.ask));
    people.truncate(MOST_REQUESTS);
    people
}

/// How many of the same day's people are taken if all ask the evening before, and who is refused again when what was promised has been improved.
/// Nothing if somebody wants an end.
pub(super) fn beforehand(ground: &Ground<'_>, seed: u64, number: u32) -> Option<u32> {
    let mut people = who(ground, seed, number);
    people.iter_mut().for_each(|person| person.asked = 0);
    let mut desk = Desk::new(ground.service.clone());
    let mut taken = 0;
    for _ in 0..KNOWN_ROUNDS {
        people.retain(|person| {
            let accepted = (ground.go_on)() && answer(ground, &mut desk, person, seed).is_ok();
            taken += u32::from(accepted);
            !accepted
        });
        improve(ground, &mut desk, 0, seed, KNOWN_ITERATIONS);
    }
    (ground.go_on)().then_some(taken)
}

fn improve(ground: &Ground<'_>, desk: &mut Desk, now: i32, seed: u64, iterations: u64) {
    desk.advance(now);
    let watch = |_: &Progress| Watch { stop: !(ground.go_on)(), ..Watch::GO };
    let found = desk.again(&Run { watch: &watch, ..quick(seed, iterations) }, AHEAD_S);
    // What does not fit any more is left.
    let _ = desk.take_over(&found.best, now);
}

fn quick(seed: u64, iterations: u64) -> Run<'static> {
    Run { seed, iterations: Some(iterations), chains: 1, watch: &|_| Watch::GO }
}

/// Asks, and accepts what is better than the alternative; else why not.
fn answer(ground: &Ground<'_>, desk: &mut Desk, person: &Person, seed: u64) -> Result<Taken, &'static str> {
    let (ask, ride) = (&ground.asks[person.ask], ground.ride(person.ask));
    let request = request(ground, ask, ride, person.asked);
    let run = quick(seed, REFUSED_ITERATIONS);
    // A request that cannot be meant so is of a cohort nobody could take.
    let answer = desk.ask_again(&request, person.asked, AHEAD_S, &run).map_err(|_| "too-late")?;
    let offer = match answer {
        Answer::Offer(offer) => offer,
        Answer::Refusal(refusal) => return Err(word(refusal.reason)),
    };
    let walks = (ask.boards[offer.pickup()].1, ask.alights[offer.setdown()].1);
    let planned = priced(ground.model, ride, offer.promise(), offer.planned(), walks);
    let waits = ride.max_wait + ground.model.policy.ahead;
    let suits = |planned: &Priced| planned.price < ride.alternative && planned.first.max(planned.last) <= waits;
    // A train must be left however late within the promise they come.
    let promise = offer.promise();
    let latest = priced(ground.model, ride, promise, (promise.window.1, promise.down.1), walks);
    if latest.is_none() || !planned.is_some_and(|planned| suits(&planned)) {
        return Err("alternative-is-better");
    }
    let ticket = desk.accept(&offer, person.asked).map_err(|_| "promised")?;
    Ok(Taken { ask: person.ask, asked: person.asked, ticket, walks })
}

fn request(ground: &Ground<'_>, ask: &Ask, ride: &Rides, asked: i32) -> Request {
    let stops = |stops: &[(StopId, Seconds)]| {
        stops.iter().map(|&(stop, walk)| Stop { place: stop.index(), walk: walk.0 as i32 }).collect()
    };
    let ahead = ground.model.policy.ahead;
    // Who asks before the day begins asks in time.
    let notice = if asked > 0 { asked + ground.offer.rules.notice_s as i32 } else { 0 };
    let (earliest, latest, wish) = match ride.kind {
        TimeKind::DepartAfter => ((ride.time + ahead).0 as i32, MOST, Wish::DepartAfter),
        TimeKind::ArriveBy => (0, ride.time.0 as i32, Wish::ArriveBy),
    };
    let earliest = earliest.max(notice);
    let load = if ride.wheelchair { room(0, 1) } else { room(1, 0) };
    Request { pickups: stops(&ask.boards), setdowns: stops(&ask.alights), earliest, latest, wish, people: 1, load }
}

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Room { .. } => "room",
        Reason::TooLate { .. } => "too-late",
        Reason::Shift => "shift",
        Reason::TooFar => "too-far",
        Reason::Promised => "promised",
    }
}

/// What a ride is to its rider.
struct Priced {
    price: PersonCost,
    /// Wait before the ride, …
    first: Seconds,
    /// … and after it.
    last: Seconds,
    riding: Seconds,
}

/// A ride with these times; nothing where there is no train to it or from it.
fn priced(
    model: &Model,
    ride: &Rides,
    promise: &Promise,
    (boards, alights): (i32, i32),
    (before, after): (Seconds, Seconds),
) -> Option<Priced> {
    let (boards, window) = (time(boards), time(promise.window.0));
    let out = time(alights + promise.alight);
    let there = out + after;
    let first = match ride.kind {
        TimeKind::DepartAfter => boards.since(ride.time + before),
        TimeKind::ArriveBy => {
            let trains = trains(model, ride, ride.origin);
            if trains.is_empty() {
                // They are told the window, and are there when it begins.
                boards.since(window) + model.policy.ahead
            } else {
                let latest = ServiceTime(window.0.checked_sub(before.0 + model.policy.change.0)?);
                let train = trains[trains.partition_point(|train| *train <= latest).checked_sub(1)?];
                boards.since(train + before)
            }
        }
    };
    let last = match ride.kind {
        TimeKind::ArriveBy => ride.time.since(there),
        TimeKind::DepartAfter => {
            let trains = trains(model, ride, ride.destination);
            if trains.is_empty() {
                Seconds::ZERO
            } else {
                trains.get(trains.partition_point(|train| *train < there))?.since(there)
            }
        }
    };
    let riding = out.since(boards);
    Some(Priced { price: model.person_cost(before + after, first + last, riding), first, last, riding })
}

/// What was driven.
fn count(ground: &Ground<'_>, desk: &Desk, taken: &[Taken], day: &mut Day) {
    let sheets = desk.sheets();
    let standbys: Vec<_> = stints(ground.offer).map(|(standby, _)| standby).collect();
    let stop = |place: usize| ground.offer.stops[place].id.clone();
    for one in taken {
        let promise = *desk.tickets()[one.ticket].promise();
        let Some((boards, alights)) = desk.planned(one.ticket) else { continue };
        let ride = ground.ride(one.ask);
        day.served += 1;
        day.by_ask[one.ask].1 += 1;
        // There is a train within all that was promised.
        if let Some(priced) = priced(ground.model, ride, &promise, (boards, alights), one.walks) {
            day.saved += ride.alternative.fen() - priced.price.fen();
            day.waits += f64::from((priced.first + priced.last).0);
            day.rides += f64::from(priced.riding.0);
        }
        let by = sheets.iter().position(|sheet| sheet.visits.iter().any(|visit| visit.ticket == one.ticket));
        day.taken.push(Ride {
            cohort: ground.cohort(one.ask),
            asked: time(one.asked),
            vehicle: by.map(|at| standbys[at].id.clone()).unwrap_or_default(),
            board: stop(promise.pickup),
            alight: stop(promise.setdown),
            window: (time(promise.window.0), time(promise.window.1)),
            by: time(promise.by()),
            boards: time(boards),
            alights: time(alights),
        });
    }
    for vehicle in &ground.offer.vehicles {
        let own = standbys.iter().zip(desk.lengths()).filter(|(standby, _)| standby.id == vehicle.id);
        let metres: i64 = own.map(|(_, metres)| metres).sum();
        day.metres.push(Metres(u32::try_from(metres).unwrap_or(u32::MAX)));
    }
}

fn time(seconds: i32) -> ServiceTime {
    ServiceTime(u32::try_from(seconds).unwrap_or_default())
}
