//! Does an offer still stand that somebody was shown? Between being shown and being accepted it is kept nowhere: it comes back as its window and the
//! time by which everybody is out.

use super::desk::Desk;
use super::offer::{Answer, Offer, Promise};
use super::request::{Request, RequestError};

impl Desk {
    /// The offer of this window and this time, as [`Desk::ask`] may have made it at some time; whether there is a place for it `accept` says. Nothing
    /// where the request and the rules allow no such promise, or a narrower one than is ever offered. A time later than the rules allow is what they
    /// allow.
    ///
    /// # Errors
    /// A request that cannot be meant so.
    pub fn shown(&mut self, request: &Request, window: (i32, i32), by: i32) -> Result<Option<Offer>, RequestError> {
        request.check(self.service())?;
        let width = self.service().rules().window;
        let offer = request.choices(self.service(), self.now()).into_iter().find_map(|choice| {
            let widest = choice.promise;
            let promise = narrowed(&widest, window, width).filter(|promise| promise.by() <= by)?;
            let offer = self.offer(request, &choice, 0, (window.0, promise.down.1), 0);
            Some(Offer { promise, ..offer })
        });
        Ok(offer.and_then(|offer| match self.answer(offer) {
            Answer::Offer(offer) => Some(*offer),
            Answer::Refusal(_) => None,
        }))
    }
}

/// The promise whose window begins there, if it is the one that was shown: whoever accepts chooses no narrower one.
fn narrowed(widest: &Promise, window: (i32, i32), width: i32) -> Option<Promise> {
    if !(widest.window.0..=widest.window.1).contains(&window.0) {
        return None;
    }
    let promise = widest.narrowed(window.0, width);
    (promise.window == window && promise.down.0 <= promise.down.1).then_some(promise)
}
