//! How does a desk come back after its process ended? From its tickets and sheets, as they were stored; the judge looks at them first, so that nothing
//! broken is gone on from.

use super::check::{Booking, Fault, check};
use super::desk::{Desk, State, Ticket};
use super::offer::Promise;
use super::request::Wish;
use super::service::Service;
use super::sheet::Sheet;
use super::way::{Book, Call, Scratch};

impl Ticket {
    /// As it was stored: the promise, which time was wished for, [`Ticket::ready`], and whether they said that they do not come.
    #[must_use]
    pub fn stored(promise: Promise, wish: Wish, ready: i32, cancelled: bool) -> Self {
        Self { promise, wish, ready, cancelled, boarded: None, alighted: None }
    }
}

impl Desk {
    /// With these tickets, and the sheets as they were at a time. Requests that were refused before are not counted.
    ///
    /// # Errors
    /// What the judge finds against it.
    pub fn restore(service: Service, tickets: Vec<Ticket>, sheets: &[Sheet], now: i32) -> Result<Self, Vec<Fault>> {
        let booking =
            |ticket: &Ticket| Booking { promise: *ticket.promise(), cancelled: ticket.state() == State::Cancelled };
        let bookings: Vec<Booking> = tickets.iter().map(booking).collect();
        let faults = check(&service, &bookings, sheets, now);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut desk = Self::new(service);
        desk.tickets = tickets;
        for (way, sheet) in desk.ways.iter_mut().zip(sheets) {
            way.open = sheet.visits.iter().map(|visit| Call { ticket: visit.ticket, what: visit.what }).collect();
            way.times = sheet.visits.iter().map(|visit| visit.begins).collect();
        }
        // What was driven is driven again.
        for ticket in &mut desk.tickets {
            (ticket.boarded, ticket.alighted) = (None, None);
        }
        desk.advance(now);
        for way in &mut desk.ways {
            // Those of the sheet may not be the least.
            if let Some(times) = way.times(&desk.service, Book::of(&desk.tickets), &way.open, &mut Scratch::default()) {
                way.times = times;
            }
        }
        Ok(desk)
    }
}
