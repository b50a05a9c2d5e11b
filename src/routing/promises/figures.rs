//! How well is it going? What has been driven and what is planned, together.

use super::desk::{Desk, Ticket};
use super::request::Wish;
use super::sheet::What;
use super::way::{Book, Way};

/// Means are over people who did not cancel; 0 where there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Offers that were accepted, and not cancelled since.
    pub served: usize,
    /// Requests that were refused.
    pub refused: usize,
    /// Tickets that were cancelled.
    pub cancelled: usize,
    /// Served, of those and the refused; 1 where nobody asked.
    pub share: f64,
    /// Seconds from when they could board until they do; of who wished to arrive, from the set-down to the latest one.
    pub wait: f64,
    /// Seconds aboard.
    pub ride: f64,
    /// Seconds aboard, over those of direct rides; 1 is no detour.
    pub detour: f64,
    /// Length driven, the ways home with it.
    pub length: i64,
    /// Seconds vehicles are out, from leaving until they are back.
    pub out: i64,
}

impl Desk {
    /// See [`Figures`].
    #[must_use]
    pub fn figures(&self) -> Figures {
        let mut figures = Figures { refused: self.refused, share: 1.0, detour: 1.0, ..Figures::default() };
        let (mut people, mut wait, mut ride, mut direct) = (0_i64, 0_i64, 0_i64, 0_i64);
        for (at, ticket) in self.tickets().iter().enumerate() {
            let Some((boards, alights)) = self.planned(at) else {
                figures.cancelled += 1;
                continue;
            };
            let Ticket { promise, wish, ready, .. } = ticket;
            let each = i64::from(promise.people);
            let waits = if *wish == Wish::DepartAfter { boards - ready } else { ready - alights };
            figures.served += 1;
            people += each;
            wait += each * i64::from(waits);
            ride += each * (i64::from(alights) - i64::from(boards) - i64::from(promise.board));
            direct += each * i64::from(self.service().duration(promise.pickup, promise.setdown));
        }
        let share = |part: i64, of: i64, none: f64| if of == 0 { none } else { part as f64 / of as f64 };
        figures.share = share(figures.served as i64, (figures.served + figures.refused) as i64, 1.0);
        figures.wait = share(wait, people, 0.0);
        figures.ride = share(ride, people, 0.0);
        figures.detour = share(ride, direct, 1.0);
        for way in &self.ways {
            let (length, out) = self.driving(way);
            figures.length += length;
            figures.out += out;
        }
        figures
    }

    /// Length each vehicle drives, the way home with it.
    #[must_use]
    pub fn lengths(&self) -> Vec<i64> {
        self.ways.iter().map(|way| self.driving(way).0).collect()
    }

    /// Length and seconds out of one vehicle.
    fn driving(&self, way: &Way) -> (i64, i64) {
        let (service, book) = (self.service(), Book::of(self.tickets()));
        if way.home || (way.left.is_none() && way.open.is_empty()) {
            return (way.length, way.left.map_or(0, |left| i64::from(way.free) - i64::from(left)));
        }
        let (mut place, mut length) = (way.place, way.length);
        let (mut left, mut clock) = (way.left.map(i64::from), i64::from(way.free));
        for (call, &begins) in way.open.iter().zip(&way.times) {
            let Some(promise) = book.promise(call.ticket) else { continue };
            let (there, stands) = match call.what {
                What::Board => (promise.pickup, promise.board),
                What::Alight => (promise.setdown, promise.alight),
            };
            left.get_or_insert(i64::from(begins) - i64::from(service.duration(place, there)));
            length += i64::from(service.distance(place, there));
            (place, clock) = (there, i64::from(begins) + i64::from(stands));
        }
        let end = service.vehicles()[way.vehicle].end;
        let back = clock + i64::from(service.duration(place, end));
        (length + i64::from(service.distance(place, end)), back - left.unwrap_or(back))
    }
}
