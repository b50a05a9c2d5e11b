//! Answers worked by hand, the judge, small services against every place there is, streams of everything, and published feeder data.

mod brute;
mod by_hand;
mod feeder;
mod judge;
mod refusals;
mod shown;
mod streams;

use std::sync::Arc;

use super::check::{Booking, history};
use super::service::ServiceError;
use super::*;
use crate::routing::problem::{DIMS, Load, MOST, Travel};
use crate::search::{Answer as Watch, Random, Run, cases};

fn run(seed: u64, iterations: u64) -> Run<'static> {
    Run { seed, iterations: Some(iterations), chains: 1, watch: &|_| Watch::GO }
}

fn seats(seats: i32) -> Load {
    std::array::from_fn(|kind| if kind == 0 { seats } else { 0 })
}

/// Places on a line; a unit of length takes a second.
fn line(places: &[i32]) -> Travel {
    let cells: Arc<[i32]> = places.iter().flat_map(|from| places.iter().map(move |to| (from - to).abs())).collect();
    Travel { distance: Arc::clone(&cells), duration: cells }
}

/// A window of a minute, a wait of five, half as long again and half a minute; 10 s a stop, 5 s a person boarding.
const RULES: Rules = Rules {
    window: 60,
    max_wait: 300,
    ride_percent: 150,
    ride_slack: 30,
    max_ride: MOST,
    board: Dwell { stop: 10, person: 5 },
    alight: Dwell { stop: 10, person: 0 },
    per_second: 1,
    grid: 300,
    horizon: 7200,
};

/// From place 0 and back, for 1 a unit of length.
fn vehicle(room: i32) -> Vehicle {
    Vehicle { capacity: seats(room), shift: (0, 10_000), start: 0, end: 0, fixed: 0, per_distance: 1 }
}

/// One person from a place to another, soon after a time.
fn from_to(pickup: usize, setdown: usize, earliest: i32) -> Request {
    Request {
        pickups: vec![Stop { place: pickup, walk: 0 }],
        setdowns: vec![Stop { place: setdown, walk: 0 }],
        earliest,
        latest: MOST,
        wish: Wish::DepartAfter,
        people: 1,
        load: seats(1),
    }
}

fn offer(answer: Answer) -> Offer {
    match answer {
        Answer::Offer(offer) => *offer,
        Answer::Refusal(refusal) => panic!("{refusal:?}"),
    }
}

fn refusal(answer: Answer) -> Refusal {
    match answer {
        Answer::Offer(offer) => panic!("{offer:?}"),
        Answer::Refusal(refusal) => refusal,
    }
}

/// A desk, and what a witness wrote down of it.
struct Watched {
    desk: Desk,
    bookings: Vec<Booking>,
    before: Vec<Sheet>,
}

impl Watched {
    fn new(service: Service) -> Self {
        let desk = Desk::new(service);
        let before = desk.sheets();
        Self { desk, bookings: Vec::new(), before }
    }
    fn accept(&mut self, offer: &Offer, now: i32) -> bool {
        let accepted = self.desk.accept(offer, now);
        if let Ok(ticket) = accepted {
            assert_eq!(ticket, self.bookings.len());
            self.bookings.push(Booking { promise: *offer.promise(), cancelled: false });
        }
        accepted.is_ok()
    }
    fn cancel(&mut self, ticket: usize, now: i32) -> bool {
        let cancelled = self.desk.cancel(ticket, now).is_ok();
        if cancelled {
            self.bookings[ticket].cancelled = true;
        }
        cancelled
    }
    /// No promise is broken, and nothing driven was changed.
    fn look(&mut self, hint: &str) {
        let sheets = self.desk.sheets();
        let mut found = check(self.desk.service(), &self.bookings, &sheets, self.desk.now());
        found.extend(history(&self.before, &sheets));
        assert_eq!(found, vec![], "{hint}");
        let told = self.bookings.iter().map(|booking| booking.promise);
        assert!(told.eq(self.desk.tickets().iter().map(|ticket| *ticket.promise())), "{hint}");
        self.before = sheets;
    }
}

/// Draws small services and requests.
struct Draw {
    random: Random,
    /// No way round is shorter.
    metric: bool,
}

impl Draw {
    fn below(&mut self, n: i32) -> i32 {
        self.random.below(n as usize) as i32
    }
    fn once_in(&mut self, times: usize) -> bool {
        self.random.below(times) == 0
    }
    fn matrix(&mut self, places: usize, far: i32) -> Arc<[i32]> {
        if !self.metric {
            return (0..places * places).map(|_| self.below(far)).collect();
        }
        let at: Vec<(i32, i32)> = (0..places).map(|_| (self.below(far / 2 + 1), self.below(far / 2 + 1))).collect();
        let way = |from: &(i32, i32), to: &(i32, i32)| (from.0 - to.0).abs() + (from.1 - to.1).abs();
        at.iter().flat_map(|from| at.iter().map(move |to| way(from, to))).collect()
    }
    fn load(&mut self, most: i32) -> Load {
        let mut load = seats(1 + self.below(most));
        load[1] = if self.once_in(3) { 1 } else { 0 };
        load
    }
    fn service(&mut self, places: usize, vehicles: usize, day: i32) -> Service {
        let duration = self.matrix(places, 60);
        let distance = if self.once_in(2) { Arc::clone(&duration) } else { self.matrix(places, 60) };
        let vehicles = (0..vehicles).map(|_| {
            let from = self.below(day / 4);
            let mut capacity = seats(1 + self.below(5));
            capacity[1] = self.below(3);
            Vehicle {
                capacity,
                shift: (from, from + day / 4 + self.below(day)),
                start: self.random.below(places),
                end: self.random.below(places),
                fixed: if self.once_in(2) { self.below(200).into() } else { 0 },
                per_distance: self.below(4).into(),
            }
        });
        let vehicles = vehicles.collect();
        let rules = Rules {
            window: self.below(80),
            max_wait: 20 + self.below(150),
            ride_percent: 100 + self.below(120),
            ride_slack: self.below(40),
            max_ride: if self.once_in(2) { MOST } else { self.below(100) },
            board: Dwell { stop: self.below(5), person: self.below(3) },
            alight: Dwell { stop: self.below(5), person: self.below(3) },
            per_second: self.below(3).into(),
            grid: 20,
            horizon: if self.once_in(4) { 100 } else { 0 },
        };
        Service::new(places, Travel { distance, duration }, vehicles, rules).unwrap()
    }
    fn stops(&mut self, places: usize) -> Vec<Stop> {
        let stops = 1 + if self.once_in(2) { self.random.below(3) } else { 0 };
        (0..stops).map(|_| Stop { place: self.random.below(places), walk: self.below(20) }).collect()
    }
    fn request(&mut self, places: usize, now: i32, ahead: i32) -> Request {
        let time = (now - 10 + self.below(ahead)).max(0);
        let arrives = self.once_in(2);
        let people = 1 + self.below(3);
        let mut load = self.load(3);
        load[0] = people;
        let (pickups, mut setdowns) = (self.stops(places), self.stops(places));
        if pickups.iter().chain(&setdowns).all(|stop| stop.place == pickups[0].place) {
            setdowns[0].place = (pickups[0].place + 1) % places;
        }
        Request {
            pickups,
            setdowns,
            earliest: if arrives && self.once_in(2) { 0 } else { time },
            latest: if arrives || self.once_in(4) { time + 60 + self.below(120) } else { MOST },
            wish: if arrives { Wish::ArriveBy } else { Wish::DepartAfter },
            people,
            load,
        }
    }
}

#[test]
fn what_cannot_be_meant_so_is_named() {
    let service = |places, vehicles, rules| Service::new(places, line(&[0, 100]), vehicles, rules).unwrap_err();
    assert_eq!(service(2, vec![], RULES), ServiceError::NoVehicle);
    let found = service(3, vec![vehicle(1)], RULES);
    assert_eq!(found.to_string(), "the matrix of lengths has 4 cells; 3 places need 3 x 3");
    let found = service(2, vec![Vehicle { shift: (10, 9), ..vehicle(1) }], RULES);
    assert_eq!(found, ServiceError::Shift { vehicle: 0 });
    let found = service(2, vec![vehicle(1), Vehicle { end: 2, ..vehicle(1) }], RULES);
    assert_eq!(found, ServiceError::NoSuchPlace { vehicle: 1, place: 2, of: 2 });
    let found = service(2, vec![vehicle(1)], Rules { ride_percent: 99, ..RULES });
    assert_eq!(found.to_string(), "percent of rule 0: 99 is not from 100 to 10000; correct it");
    let found = service(2, vec![vehicle(1)], Rules { horizon: 300 * 501, ..RULES });
    assert!(matches!(found, ServiceError::Range { what: "horizon of rule", .. }));
    assert_eq!(service(usize::MAX, vec![vehicle(1)], RULES), ServiceError::TooLarge);

    let mut desk = Desk::new(Service::new(2, line(&[0, 100]), vec![vehicle(1)], RULES).unwrap());
    let mut wrong = |change: fn(&mut Request)| {
        let mut request = from_to(0, 1, 0);
        change(&mut request);
        desk.ask(&request, 0).unwrap_err().to_string()
    };
    assert_eq!(wrong(|request| request.pickups.clear()), "0 stops to board at; give 1 to 16");
    let found = wrong(|request| request.setdowns[0].place = 0);
    assert_eq!(found, "there is only place 0 to board and to alight at; name another");
    let found = wrong(|request| request.setdowns[0].place = 2);
    assert_eq!(found, "stop 0 to alight at names place 2, but there are only 2; check the positions");
    assert_eq!(wrong(|request| request.people = 0), "the number of people is 0; give 1 to 1000");
    assert_eq!(wrong(|request| request.load = [-1; DIMS]), "the room needed is -1; give 0 to 134217728");
    let found = wrong(|request| request.wish = Wish::ArriveBy);
    assert_eq!(found, "who wishes to arrive by a time must say which; set the latest arrival");
}
