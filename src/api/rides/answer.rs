//! What the desk answers: the rules of asking in time go before it, what was shown goes before what is best now.

use std::time::{Duration, Instant};

use super::wish::{Asked, TimeKind};
use crate::routing::problem::MOST;
use crate::routing::promises::request::RequestError;
use crate::routing::promises::{Answer, Desk, Offer, Reason, Refusal};
use crate::search::{Answer as Watch, Run};

/// What others will drive so soon is left as it is while a way for somebody new is sought: so long an answer may take to come back, seconds.
const AHEAD: i32 = 30;
/// Iterations of that search.
const ITERATIONS: u64 = 300;
/// It ends after so long, done or not.
const PATIENCE: Duration = Duration::from_millis(800);
/// Who asks has so long to read the answer: an offer that is shown is asked for in time for so long.
pub(super) const READING: i64 = 120;

/// An offer, or why not and when else.
#[derive(Clone, Debug)]
pub(super) enum Answered {
    /// Can be had.
    Offer(Box<Offer>),
    /// Cannot: `ride-refused-…`, and the nearest time that would do.
    Refused(&'static str, Option<i32>),
}

/// What became of an acceptance.
#[derive(Clone, Debug)]
pub(super) enum Taken {
    /// The ticket.
    Ticket(usize),
    /// What was shown does not stand any more; this does.
    Otherwise(Answered),
}

/// A time of the desk; before the day begins it is its beginning.
pub(super) fn desk_time(now: i64) -> i32 {
    i32::try_from(now.clamp(0, i64::from(MOST))).unwrap_or(MOST)
}

/// Asks for a ride at a time of the service day (negative before it). So many seconds are left for reading the answer.
pub(super) fn ask(desk: &mut Desk, asked: &Asked, now: i64, reading: i64) -> Result<Answered, RequestError> {
    let first = now + i64::from(asked.offered.rules.notice_s) + reading;
    let request = asked.request(first);
    // A time that is named instead must still be asked for in time when it is: the next minute, and one more.
    let soon = desk_time(first.max(0).div_euclid(60) * 60 + 120);
    let departs = asked.kind == TimeKind::DepartAfter;
    let now = desk_time(now);
    if departs && i64::from(asked.time) < first {
        desk.advance(now);
        return Ok(Answered::Refused("notice", desk.nearest_from(&request, soon)?));
    }
    let begun = Instant::now();
    let watch = |_: &_| Watch { stop: begun.elapsed() > PATIENCE, ..Watch::GO };
    let run = Run { seed: 1, iterations: Some(ITERATIONS), chains: 1, watch: &watch };
    Ok(match desk.ask_again(&request, now, AHEAD, &run)? {
        Answer::Offer(offer) => Answered::Offer(offer),
        Answer::Refusal(Refusal { reason, nearest }) => {
            let in_time = |time: i32| !departs || time >= soon;
            let nearest = match (reason, nearest) {
                (Reason::Room { .. }, _) => None,
                (_, Some(time)) if in_time(time) => Some(time),
                (_, Some(_)) => desk.nearest_from(&request, soon)?,
                (_, None) => None,
            };
            Answered::Refused(code(reason), nearest)
        }
    })
}

fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::Room { kind: 0, .. } => "room",
        Reason::Room { .. } => "wheelchairs",
        Reason::TooLate { .. } => "too-late",
        Reason::Shift => "shift",
        // Which of them it is would tell where others ride.
        Reason::TooFar | Reason::Promised => "busy",
    }
}

/// Accepts what was shown: exactly that if it can be kept, wherever the place for it is by now; else what is best now if it lies within what was
/// shown (the window within the window, out of the vehicle no later); else nothing.
pub(super) fn take(
    desk: &mut Desk,
    asked: &Asked,
    (window, by): ((i32, i32), i32),
    now: i64,
) -> Result<Taken, RequestError> {
    let first = now + i64::from(asked.offered.rules.notice_s);
    let in_time = asked.kind == TimeKind::ArriveBy || i64::from(asked.time) >= first;
    let at = desk_time(now);
    desk.advance(at);
    if in_time
        && let Some(shown) = desk.shown(&asked.request(first), window, by)?
        && let Ok(ticket) = desk.accept(&shown, at)
    {
        return Ok(Taken::Ticket(ticket));
    }
    match ask(desk, asked, now, 0)? {
        Answered::Offer(offer) if within(&offer, window, by) => match desk.accept(&offer, at) {
            Ok(ticket) => Ok(Taken::Ticket(ticket)),
            Err(_) => Ok(Taken::Otherwise(Answered::Offer(offer))),
        },
        other => Ok(Taken::Otherwise(other)),
    }
}

fn within(offer: &Offer, window: (i32, i32), by: i32) -> bool {
    let promise = offer.promise();
    window.0 <= promise.window.0 && promise.window.1 <= window.1 && promise.by() <= by
}
