//! Which train can be met? The first one to which a ride can still be promised.

use super::desk::Desk;
use super::offer::Answer;
use super::request::{Request, RequestError, Wish};

/// Most trains that are tried for one answer.
pub const MOST_TRAINS: usize = 8;

/// A train, and the ride to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// Position of the train among those given.
    pub train: usize,
    /// The offer; or, where no train can be met, why not the first one.
    pub answer: Answer,
}

impl Desk {
    /// A ride that meets a train: who sets out at the request's earliest time is at the station so long before the departure as changing takes
    /// (seconds, from the last stop's walk to the platform). Departures are seconds, in order; those that even a direct ride could not meet are passed
    /// over, and of the others the first [`MOST_TRAINS`] are tried. The request's latest arrival limits which trains will do. Nothing where there is no
    /// train to try.
    ///
    /// # Errors
    /// A request that cannot be meant so.
    pub fn ask_for_train(
        &mut self,
        request: &Request,
        departures: &[i32],
        change: i32,
        now: i32,
    ) -> Result<Option<Met>, RequestError> {
        request.check(self.service())?;
        self.advance(now);
        let wish = |departure: i32| {
            let latest = departure.saturating_sub(change).max(0);
            let wish = Request { latest, wish: Wish::ArriveBy, ..request.clone() };
            (latest <= request.latest && wish.check(self.service()).is_ok()).then_some(wish)
        };
        let trains: Vec<(usize, Request)> = departures
            .iter()
            .enumerate()
            .filter_map(|(train, &departure)| Some((train, wish(departure)?)))
            .filter(|(_, wish)| !wish.choices(self.service(), self.now()).is_empty())
            .take(MOST_TRAINS)
            .collect();
        for (train, wish) in &trains {
            if let Some(offer) = self.best(wish) {
                return Ok(Some(Met { train: *train, answer: self.answer(offer) }));
            }
        }
        let Some((train, wish)) = trains.into_iter().next() else { return Ok(None) };
        Ok(Some(Met { train, answer: self.ask(&wish, now)? }))
    }
}
