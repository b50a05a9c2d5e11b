//! From an answer to a ride of one's own, and what becomes of it.

use jiff::Timestamp;

use super::answer::{self, READING, Taken, desk_time};
use super::offers::{Offered, of_plan};
use super::shown::{RideAnswer, RideShown};
use super::standing::{Change, Changed, Standing, at_work, change};
use super::wish::Asked;
use crate::api::app::{App, aside};
use crate::api::problem::Problem;
use crate::api::tokens;
use crate::publish::riding::Text;
use crate::routing::promises::desk::CancelError;
use crate::routing::promises::{Desk, Wish};
use crate::storage::rides::{self, Key, Ride};

/// Rides of an offer on a day, at most; and those that were cancelled with them, which are read with the day as well.
const MOST_RIDES: usize = 2_000;
const MOST_TICKETS: usize = 6_000;
/// Letters of a ride's code: none that is taken for another.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

fn key(project: &str, asked: &Asked) -> Key {
    Key { project: project.to_owned(), offer: asked.offered.id.clone(), date: asked.date }
}

fn fault(error: &dyn std::fmt::Display) -> Problem {
    Problem::fault(error)
}

/// On a day that goes on under a plan that is not in force any more nothing more is promised: vehicles and stops are others by now.
fn open(under: &Offered, asked: &Asked) -> Result<(), Problem> {
    if asked.offered.before || under.plan() != asked.offered.plan() {
        return Err(Problem::conflict("ride-plan-before"));
    }
    Ok(())
}

/// How many there are at most, if there are; each is cancelled or not.
fn full(cancelled: impl Iterator<Item = bool> + Clone) -> Option<usize> {
    let standing = cancelled.clone().filter(|cancelled| !cancelled).count();
    [(standing, MOST_RIDES), (cancelled.count(), MOST_TICKETS)]
        .into_iter()
        .find_map(|(are, most)| (are >= most).then_some(most))
}

/// Asks; nothing is promised and nothing written.
pub(in crate::api) async fn ask(
    app: &App,
    project: &str,
    asked: &Asked,
    now: Timestamp,
) -> Result<RideAnswer, Problem> {
    let standing = Standing::read(app, &key(project, asked), &asked.offered).await?;
    open(&standing.offered, asked)?;
    let clock = standing.offered.clock(asked.date, now);
    let own = asked.clone();
    let answered = at_work(app, move || {
        let mut desk = standing.desk()?;
        answer::ask(&mut desk, &own, clock, READING).map_err(|error| fault(&error))
    })
    .await?;
    Ok(RideAnswer::of(&answered, &asked.offered, tokens::new()?))
}

/// What was shown and is accepted.
#[derive(Clone, Debug)]
pub(in crate::api) struct Accepted {
    pub(in crate::api) asked: Asked,
    pub(in crate::api) window: (i32, i32),
    pub(in crate::api) by: i32,
    pub(in crate::api) token: String,
}

/// A ride, or what could be had instead.
#[derive(Debug)]
pub(in crate::api) enum Outcome {
    /// It is promised; the same if it was before.
    Promised(Box<RideShown>),
    /// What was shown does not stand any more.
    Otherwise(Box<RideAnswer>),
}

/// Accepts what was shown. Sent twice, it is one ride.
pub(in crate::api) async fn accept(
    app: &App,
    project: &str,
    accepted: &Accepted,
    now: Timestamp,
) -> Result<Outcome, Problem> {
    let asked = &accepted.asked;
    let key = key(project, asked);
    let hash = tokens::hash(&accepted.token);
    let (own, named) = (accepted.clone(), hash.clone());
    let decide = move |standing: &Standing, desk: &mut Desk, now: Timestamp| {
        let clock = own.asked.offered.clock(own.asked.date, now);
        open(&standing.offered, &own.asked)?;
        if let Some(most) = full(standing.rides.iter().map(|ride| ride.cancelled)) {
            return Err(Problem::conflict("ride-day-full").arg("most", most));
        }
        let taken = answer::take(desk, &own.asked, (own.window, own.by), clock).map_err(|error| fault(&error))?;
        Ok(match taken {
            Taken::Ticket(number) => {
                let ride = booked(standing, desk, &own.asked, number, &named)?;
                (Change::Add(Box::new(ride)), None)
            }
            Taken::Otherwise(answered) => (Change::Nothing, Some(answered)),
        })
    };
    match change(app, (&key, &asked.offered), Some(&hash), now, decide).await? {
        Changed::Done(Some(answered), _) => {
            Ok(Outcome::Otherwise(Box::new(RideAnswer::of(&answered, &asked.offered, tokens::new()?))))
        }
        Changed::Done(None, Some(ride)) => Ok(Outcome::Promised(Box::new(shown(app, ride, now).await?))),
        Changed::Before(ride) if same(&ride, &key, accepted) => {
            Ok(Outcome::Promised(Box::new(shown(app, ride, now).await?)))
        }
        Changed::Before(_) => Err(Problem::conflict("ride-token-used")),
        Changed::Done(None, None) => Err(fault(&"a ride that was decided and not added")),
    }
}

/// The ride of a ticket that was just made.
fn booked(standing: &Standing, desk: &Desk, asked: &Asked, number: usize, hash: &str) -> Result<Ride, Problem> {
    let ticket = desk.tickets().get(number).ok_or_else(|| fault(&"no ticket"))?;
    let promise = *ticket.promise();
    let stop = |place: usize| asked.offered.stops.get(place).map(|stop| stop.id.clone());
    let (from, to) = stop(promise.pickup).zip(stop(promise.setdown)).ok_or_else(|| fault(&"no stop"))?;
    Ok(Ride {
        id: String::new(),
        key: standing.key.clone(),
        ticket: number,
        before: None,
        code: code(hash, &standing.rides),
        from,
        to,
        promise,
        wish: ticket.wish(),
        // Who is promised a later window than was asked for has still been ready since.
        ready: if ticket.wish() == Wish::DepartAfter { asked.time } else { ticket.ready() },
        wheelchair: asked.wheelchair,
        planned: desk.planned(number).ok_or_else(|| fault(&"no place"))?,
        cancelled: false,
        called_off: None,
        created: String::new(),
    })
}

/// Four letters that no other ride of the day has; from the hash of its token, so that they tell nothing of how many there are.
fn code(hash: &str, others: &[Ride]) -> String {
    let letters = |at: usize| -> Option<String> {
        let number = u32::from_str_radix(hash.get(at..at + 5)?, 16).ok()?;
        let letter = |place: u32| char::from(LETTERS[(number >> (5 * place) & 31) as usize]);
        Some((0..4).map(letter).collect())
    };
    let free = |code: &String| others.iter().all(|other| other.code != *code);
    (0..hash.len()).filter_map(letters).find(free).unwrap_or_else(|| format!("N{}", others.len()))
}

/// Is it the ride of this acceptance, sent again?
fn same(ride: &Ride, key: &Key, accepted: &Accepted) -> bool {
    let asked = &accepted.asked;
    let place = |stop: &str| asked.offered.place(stop);
    let request = asked.request(0);
    let ends = (request.pickups.first().map(|stop| stop.place), request.setdowns.first().map(|stop| stop.place));
    ride.key == *key
        && (place(&ride.from), place(&ride.to)) == ends
        && (ride.promise.people, ride.wheelchair) == (request.people, asked.wheelchair)
        && accepted.window.0 <= ride.promise.window.0
        && ride.promise.window.1 <= accepted.window.1
}

/// A ride as it stands.
async fn shown(app: &App, ride: Ride, now: Timestamp) -> Result<RideShown, Problem> {
    let nowhere = || fault(&"a ride that is on no sheet");
    if let Some(plan) = &ride.before {
        let offered = of_plan(app, &ride.key.project, plan, &ride.key.offer).await?;
        return RideShown::before(&ride, &offered).ok_or_else(nowhere);
    }
    let (standing, clock) = stands(app, &ride, now).await?;
    aside(move || {
        let mut desk = standing.desk()?;
        desk.advance(desk_time(clock));
        // As it is now: it may have been cancelled since it was found, and its ticket be somebody else's.
        let known = standing.rides.get(ride.ticket).filter(|known| known.id == ride.id);
        let ride = known.ok_or_else(|| Problem::missing("ride"))?;
        RideShown::of(ride, &standing, &desk, clock).ok_or_else(nowhere)
    })
    .await?
}

async fn stands(app: &App, ride: &Ride, now: Timestamp) -> Result<(Standing, i64), Problem> {
    let plan = rides::day(&mut *app.store().read().await?, &ride.key).await?;
    let plan = plan.ok_or_else(|| Problem::missing("ride"))?.plan;
    let offered = of_plan(app, &ride.key.project, &plan, &ride.key.offer).await?;
    let standing = Standing::read(app, &ride.key, &offered).await?;
    let clock = standing.offered.clock(ride.key.date, now);
    Ok((standing, clock))
}

async fn of_token(app: &App, token: &str) -> Result<Ride, Problem> {
    let ride = rides::by_token(&mut *app.store().read().await?, &tokens::hash(token)).await?;
    ride.ok_or_else(|| Problem::missing("ride"))
}

/// The ride of a token.
pub(in crate::api) async fn own(app: &App, token: &str, now: Timestamp) -> Result<RideShown, Problem> {
    let ride = of_token(app, token).await?;
    shown(app, ride, now).await
}

/// They do not come. Said again, nothing changes; who runs the day finds a ride no more once the day has begun anew.
pub(in crate::api) async fn call_off(app: &App, token: &str, now: Timestamp) -> Result<(), Problem> {
    cancel(app, of_token(app, token).await?, None, now).await
}

/// Who runs the day cancels the ride with a code: whoever has it reads why. Said again, nothing changes.
pub(in crate::api) async fn call_off_for(
    app: &App,
    (key, code): (&Key, &str),
    why: Text,
    now: Timestamp,
) -> Result<(), Problem> {
    let ride = rides::by_code(&mut *app.store().read().await?, key, code).await?;
    cancel(app, ride.ok_or_else(|| Problem::missing("ride"))?, Some(why), now).await
}

async fn cancel(app: &App, ride: Ride, called_off: Option<Text>, now: Timestamp) -> Result<(), Problem> {
    if ride.before.is_some() {
        return Ok(());
    }
    let (standing, _) = stands(app, &ride, now).await?;
    let key = ride.key.clone();
    let decide = move |standing: &Standing, desk: &mut Desk, now: Timestamp| {
        let known = standing.rides.get(ride.ticket).is_some_and(|known| known.id == ride.id);
        if !known {
            return Err(Problem::missing("ride"));
        }
        match desk.cancel(ride.ticket, desk_time(standing.offered.clock(ride.key.date, now))) {
            Ok(()) => Ok((Change::Cancel(Box::new(Ride { called_off: called_off.clone(), ..ride.clone() })), ())),
            Err(CancelError::Over { .. }) if standing.rides[ride.ticket].cancelled => Ok((Change::Nothing, ())),
            Err(CancelError::UnderWay { .. }) => Err(Problem::conflict("ride-under-way")),
            Err(CancelError::Over { .. } | CancelError::NoSuch { .. }) => Err(Problem::conflict("ride-over")),
        }
    };
    change(app, (&key, &standing.offered), None, now, decide).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cancelled_takes_nobodys_place() {
        let day = |standing, cancelled| full((0..standing + cancelled).map(move |at| at < cancelled));
        assert_eq!([day(1_999, 4_000), day(1_999, 4_001), day(2_000, 0)], [None, Some(6_000), Some(2_000)]);
    }

    #[test]
    fn codes_are_read_out_without_mistakes() {
        let hash = tokens::hash("x");
        let code = code(&hash, &[]);
        assert_eq!(code.len(), 4);
        assert!(code.bytes().all(|letter| LETTERS.contains(&letter)), "{code}");
    }
}
