//! Are all promises kept? Worked visit by visit from the service and from what people were told; shares nothing with what made the sheets.
//!
//! `check` judges one moment, `history` that nothing driven was changed between two.

use super::super::problem::{DIMS, MOST};
use super::offer::Promise;
use super::service::Service;
use super::sheet::{Sheet, Visit, What};

/// What somebody was told when an offer was accepted, written down then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booking {
    /// What.
    pub promise: Promise,
    /// They said they do not come.
    pub cancelled: bool,
}

/// What is wrong. Vehicles and tickets count from 0; times are seconds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not a sheet a vehicle.
    #[error("{sheets} sheets for {vehicles} vehicles")]
    Sheets {
        /// Given.
        sheets: usize,
        /// There are.
        vehicles: usize,
    },
    /// Somebody unknown.
    #[error("vehicle {vehicle} calls for ticket {ticket}, which was never promised")]
    NoSuch {
        /// Which vehicle.
        vehicle: usize,
        /// As given.
        ticket: usize,
    },
    /// A promise about places, times or people that cannot be.
    #[error("ticket {ticket}: {what} of the promise is out of range")]
    Range {
        /// Whose.
        ticket: usize,
        /// Of what.
        what: &'static str,
    },
    /// A promise that the rules do not allow.
    #[error("ticket {ticket}: the promise breaks the rules ({what})")]
    Rules {
        /// Whose.
        ticket: usize,
        /// Which rule.
        what: &'static str,
    },
    /// Somebody who is left standing.
    #[error("ticket {ticket} is not picked up and set down once: {boards} times in, {alights} times out")]
    Served {
        /// Whose.
        ticket: usize,
        /// Picked up.
        boards: usize,
        /// Set down.
        alights: usize,
    },
    /// Set down where they are not aboard.
    #[error("vehicle {vehicle} sets down ticket {ticket}, who is not aboard")]
    NotAboard {
        /// Which vehicle.
        vehicle: usize,
        /// Whose.
        ticket: usize,
    },
    /// Another stop than promised.
    #[error("vehicle {vehicle} calls for ticket {ticket} at place {place}; promised was {promised}")]
    Place {
        /// Which vehicle.
        vehicle: usize,
        /// Whose.
        ticket: usize,
        /// Where.
        place: usize,
        /// Where it should.
        promised: usize,
    },
    /// Another time than promised.
    #[error("ticket {ticket}: {what:?} at {begins}; promised was {from} to {to}")]
    Window {
        /// Whose.
        ticket: usize,
        /// Boarding or alighting.
        what: What,
        /// When.
        begins: i32,
        /// Not before.
        from: i32,
        /// Not after.
        to: i32,
    },
    /// Aboard for too long.
    #[error("ticket {ticket} rides for {takes}; at most {longest}")]
    Ride {
        /// Whose.
        ticket: usize,
        /// So long.
        takes: i64,
        /// Longest allowed.
        longest: i64,
    },
    /// More aboard than there is room.
    #[error("vehicle {vehicle}: {aboard} of load {kind} aboard after visit {visit}; it holds {capacity}")]
    Load {
        /// Which vehicle.
        vehicle: usize,
        /// After which visit.
        visit: usize,
        /// Kind of load.
        kind: usize,
        /// Aboard.
        aboard: i64,
        /// Room.
        capacity: i64,
    },
    /// Faster than it can be.
    #[error("vehicle {vehicle}: visit {visit} begins at {begins}; it cannot be there before {soonest}")]
    TooFast {
        /// Which vehicle.
        vehicle: usize,
        /// Which visit.
        visit: usize,
        /// When.
        begins: i64,
        /// Soonest.
        soonest: i64,
    },
    /// Back after the shift.
    #[error("vehicle {vehicle} is back at {back}; its shift ends at {latest}")]
    Back {
        /// Which vehicle.
        vehicle: usize,
        /// When.
        back: i64,
        /// End of the shift.
        latest: i64,
    },
    /// Driven is what the vehicle has left for before now, in order, and nothing else.
    #[error(
        "vehicle {vehicle}: visit {visit}, for which it leaves at {leaves}, counts as driven: {driven}; it is {now}"
    )]
    Driven {
        /// Which vehicle.
        vehicle: usize,
        /// Which visit.
        visit: usize,
        /// When it leaves for it.
        leaves: i64,
        /// As given.
        driven: bool,
        /// Now.
        now: i32,
    },
    /// What was driven is another now.
    #[error("vehicle {vehicle}: visit {visit} had been driven and was changed")]
    Changed {
        /// Which vehicle.
        vehicle: usize,
        /// Which visit.
        visit: usize,
    },
}

/// Everything that is wrong at a time; empty when nothing is. Bookings are by ticket.
#[must_use]
pub fn check(service: &Service, bookings: &[Booking], sheets: &[Sheet], now: i32) -> Vec<Fault> {
    let mut faults = Vec::new();
    let vehicles = service.vehicles().len();
    if sheets.len() != vehicles {
        faults.push(Fault::Sheets { sheets: sheets.len(), vehicles });
        return faults;
    }
    for (ticket, booking) in bookings.iter().enumerate() {
        range(service, ticket, &booking.promise, &mut faults);
    }
    if !faults.is_empty() {
        return faults;
    }
    for (ticket, booking) in bookings.iter().enumerate() {
        told(service, ticket, &booking.promise, &mut faults);
        let times = |what: What| {
            let visits = sheets.iter().flat_map(|sheet| &sheet.visits);
            visits.filter(|visit| visit.ticket == ticket && visit.what == what).count()
        };
        let (boards, alights) = (times(What::Board), times(What::Alight));
        // Who cancelled may be driven by, if that cannot be helped.
        if (boards, alights) != (1, 1) && !(booking.cancelled && (boards, alights) == (0, 0)) {
            faults.push(Fault::Served { ticket, boards, alights });
        }
    }
    for (vehicle, sheet) in sheets.iter().enumerate() {
        drive(service, bookings, vehicle, &sheet.visits, now, &mut faults);
    }
    faults
}

/// What had been driven and was changed since.
#[must_use]
pub fn history(before: &[Sheet], after: &[Sheet]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (vehicle, sheet) in before.iter().enumerate() {
        for (visit, what) in sheet.visits.iter().enumerate().filter(|(_, what)| what.driven) {
            if after.get(vehicle).and_then(|sheet| sheet.visits.get(visit)) != Some(what) {
                faults.push(Fault::Changed { vehicle, visit });
            }
        }
    }
    faults
}

/// Longest ride by the rules.
fn longest(service: &Service, promise: &Promise) -> i64 {
    let rules = service.rules();
    let direct = i64::from(service.duration(promise.pickup, promise.setdown));
    let relative = direct * i64::from(rules.ride_percent) / 100 + i64::from(rules.ride_slack);
    direct.max(relative.min(i64::from(rules.max_ride)))
}

/// Can the numbers of a promise be worked with?
fn range(service: &Service, ticket: usize, promise: &Promise, faults: &mut Vec<Fault>) {
    let Promise { pickup, setdown, window, down, longest, board, alight, people, load } = *promise;
    let mut must = |what: &'static str, kept: bool| {
        if !kept {
            faults.push(Fault::Range { ticket, what });
        }
    };
    must("a place", pickup < service.places() && setdown < service.places());
    let times = [window.0, window.1, down.0, down.1, longest, board, alight];
    must("a time", times.iter().all(|time| (0..=MOST).contains(time)));
    must("the number of people", (1..=MOST).contains(&people));
    must("the room", load.iter().all(|load| (0..=MOST).contains(load)));
}

/// Does a promise itself keep the rules?
fn told(service: &Service, ticket: usize, promise: &Promise, faults: &mut Vec<Fault>) {
    let rules = service.rules();
    let stands = |stop: i32, person: i32| i64::from(stop) + i64::from(person) * i64::from(promise.people);
    let mut must = |what: &'static str, kept: bool| {
        if !kept {
            faults.push(Fault::Rules { ticket, what });
        }
    };
    let width = promise.window.1 - promise.window.0;
    must("the width of the window", (0..=rules.window).contains(&width));
    must("the time for boarding", i64::from(promise.board) == stands(rules.board.stop, rules.board.person));
    must("the time for alighting", i64::from(promise.alight) == stands(rules.alight.stop, rules.alight.person));
    must("the longest ride", i64::from(promise.longest) == longest(service, promise));
    let end = i64::from(promise.window.1) + i64::from(promise.board) + longest(service, promise);
    must("the latest set-down", i64::from(promise.down.1) <= end && promise.down.0 <= promise.down.1);
}

fn drive(service: &Service, bookings: &[Booking], vehicle: usize, visits: &[Visit], now: i32, faults: &mut Vec<Fault>) {
    let what = &service.vehicles()[vehicle];
    let (mut place, mut clock) = (what.start, i64::from(what.shift.0));
    let mut load = [0_i64; DIMS];
    // Tickets aboard, and when boarding ended.
    let mut aboard: Vec<(usize, i64)> = Vec::new();
    let mut all_driven = true;
    for (at, visit) in visits.iter().enumerate() {
        let Visit { ticket, begins, .. } = *visit;
        let Some(booking) = bookings.get(ticket) else {
            faults.push(Fault::NoSuch { vehicle, ticket });
            return;
        };
        let promise = &booking.promise;
        let (promised, window, stands) = match visit.what {
            What::Board => (promise.pickup, promise.window, promise.board),
            What::Alight => (promise.setdown, promise.down, promise.alight),
        };
        if visit.place != promised {
            faults.push(Fault::Place { vehicle, ticket, place: visit.place, promised });
            return;
        }
        if begins < window.0 || begins > window.1 {
            faults.push(Fault::Window { ticket, what: visit.what, begins, from: window.0, to: window.1 });
        }
        let way = i64::from(service.duration(place, visit.place));
        let begins = i64::from(begins);
        if begins < clock + way {
            faults.push(Fault::TooFast { vehicle, visit: at, begins, soonest: clock + way });
        }
        let leaves = begins - way;
        if visit.driven != (all_driven && leaves < i64::from(now)) {
            faults.push(Fault::Driven { vehicle, visit: at, leaves, driven: visit.driven, now });
        }
        all_driven &= visit.driven;
        (place, clock) = (visit.place, begins + i64::from(stands));
        let sign = match visit.what {
            What::Board => {
                aboard.push((ticket, clock));
                1
            }
            What::Alight => {
                let Some(seat) = aboard.iter().position(|&(other, _)| other == ticket) else {
                    faults.push(Fault::NotAboard { vehicle, ticket });
                    return;
                };
                let takes = begins - aboard.swap_remove(seat).1;
                let longest = longest(service, promise);
                if takes > longest {
                    faults.push(Fault::Ride { ticket, takes, longest });
                }
                -1
            }
        };
        for (kind, load) in load.iter_mut().enumerate() {
            *load += sign * i64::from(promise.load[kind]);
            let capacity = i64::from(what.capacity[kind]);
            if *load > capacity {
                faults.push(Fault::Load { vehicle, visit: at, kind, aboard: *load, capacity });
            }
        }
    }
    let back = clock + i64::from(service.duration(place, what.end));
    if !visits.is_empty() && back > i64::from(what.shift.1) {
        faults.push(Fault::Back { vehicle, back, latest: what.shift.1.into() });
    }
}
