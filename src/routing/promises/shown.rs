//! Does an offer still stand that somebody was shown? Between being shown and being accepted it is kept nowhere: it comes back as its window and the
//! time by which everybody is out.

use super::desk::Desk;
use super::offer::{Answer, Offer, Promise};
use super::request::{Request, RequestError};

impl Desk {
    /// The offer of this window and this time, as [`Desk::ask`] may have made it at some time; whether there is a place for it `accept` says. Nothing
    /// where the request and the rules allow no such promise. A time later than the rules allow is what they allow.
    ///
    /// # Errors
    /// A request that cannot be meant so.
    pub fn shown(&mut self, request: &Request, window: (i32, i32), by: i32) -> Result<Option<Offer>, RequestError> {
        request.check(self.service())?;
        let width = i64::from(window.1) - i64::from(window.0);
        if !(0..=i64::from(self.service().rules().window)).contains(&width) {
            return Ok(None);
        }
        let offer = request.choices(self.service(), self.now()).into_iter().find_map(|choice| {
            let widest = choice.promise;
            let promise = narrowed(&widest, window, by)?;
            let offer = self.offer(request, &choice, 0, (window.0, promise.down.1), 0);
            Some(Offer { promise, ..offer })
        });
        Ok(offer.and_then(|offer| match self.answer(offer) {
            Answer::Offer(offer) => Some(*offer),
            Answer::Refusal(_) => None,
        }))
    }
}

/// That window of the widest promise, and what follows from it.
fn narrowed(widest: &Promise, window: (i32, i32), by: i32) -> Option<Promise> {
    if window.0 < widest.window.0 || window.1 > widest.window.1 {
        return None;
    }
    let last = i64::from(window.1) + i64::from(widest.board) + i64::from(widest.longest);
    let last = last.min(i64::from(by) - i64::from(widest.alight)).min(widest.down.1.into());
    let down = (widest.down.0, i32::try_from(last).ok()?);
    (down.0 <= down.1).then_some(Promise { window, down, ..*widest })
}
