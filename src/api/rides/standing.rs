//! A day as it stands: no desk is kept in memory. Each request makes one from the rows, and what it changes is written if nobody else wrote meanwhile;
//! so several servers may answer, and a restart loses nothing.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

use super::offers::{Offered, of_plan};
use crate::api::app::{App, aside};
use crate::api::problem::Problem;
use crate::planning::on_demand::desk;
use crate::routing::promises::Desk;
use crate::storage::rides::{self, Day, Key, Ride, Written};
use crate::storage::{StorageError, Write};

/// A change is tried so often before the caller is told to come again.
const TRIES: usize = 8;
/// So many desks are at work at once.
const AT_ONCE: usize = 4;
/// Who has waited so long for a desk, or for the turn of a day, is told to come again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Within a server who changes the same day waits for the one before: tries are for other servers. And who seeks a place waits while others do.
#[derive(Debug)]
pub(in crate::api) struct Turns {
    days: [Mutex<()>; 32],
    desks: Semaphore,
}

impl Default for Turns {
    fn default() -> Self {
        Self { days: Default::default(), desks: Semaphore::new(AT_ONCE) }
    }
}

impl Turns {
    /// A desk to work at; nobody waits for ever.
    async fn desk(&self) -> Result<SemaphorePermit<'_>, Problem> {
        match tokio::time::timeout(PATIENCE, self.desks.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(busy()),
        }
    }

    /// All desks, so that nobody else has one.
    #[cfg(test)]
    pub(super) async fn all(&self) -> SemaphorePermit<'_> {
        self.desks.acquire_many(u32::try_from(AT_ONCE).unwrap()).await.unwrap()
    }

    /// The turn of a day; nobody waits for ever.
    pub(super) async fn at(&self, key: &Key) -> Result<MutexGuard<'_, ()>, Problem> {
        let mut hasher = DefaultHasher::new();
        (&key.project, &key.offer, key.date.to_string()).hash(&mut hasher);
        let turn = usize::try_from(hasher.finish() % 32).unwrap_or(0);
        tokio::time::timeout(PATIENCE, self.days[turn].lock()).await.map_err(|_| busy())
    }
}

/// Too many at once: come again.
fn busy() -> Problem {
    Problem { retry_after: Some(5), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "ride-busy") }
}

/// Rows of a day, of one moment.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) key: Key,
    pub(super) offered: Offered,
    pub(super) day: Option<Day>,
    pub(super) rides: Vec<Ride>,
    /// Those of another plan, all cancelled: the day begins anew.
    aside: Vec<Ride>,
}

impl Standing {
    /// Reads a day; `offered` is what holds if nothing was promised on it yet.
    pub(super) async fn read(app: &App, key: &Key, offered: &Offered) -> Result<Self, Problem> {
        Ok(Self::with_token(app, key, offered, None).await?.0)
    }

    /// The same, and the ride of a token if there is one.
    async fn with_token(
        app: &App,
        key: &Key,
        offered: &Offered,
        token: Option<&str>,
    ) -> Result<(Self, Option<Ride>), Problem> {
        let mut snapshot = app.store().snapshot().await?;
        let day = rides::day(&mut snapshot, key).await?;
        let mut rides = if day.is_some() { rides::of_day(&mut snapshot, key).await? } else { Vec::new() };
        let before = match token {
            Some(token) => rides::by_token(&mut snapshot, token).await?,
            None => None,
        };
        let _ = snapshot.rollback().await;
        let (mut aside, mut offered) = (Vec::new(), offered.clone());
        match &day {
            Some(day) if day.plan == offered.plan() => {}
            // A sheet may still call where somebody was to get in who has cancelled.
            Some(_) if rides.iter().all(|ride| ride.cancelled) => aside = std::mem::take(&mut rides),
            Some(day) => offered = of_plan(app, &key.project, &day.plan, &key.offer).await?,
            None => {}
        }
        Ok((Self { key: key.clone(), offered, day, rides, aside }, before))
    }

    /// The desk as it was when it was written last; the judge looks at it first.
    pub(super) fn desk(&self) -> Result<Desk, Problem> {
        let service = desk::service(&self.offered).map_err(|error| Problem::fault(&error))?;
        let Some(day) = self.day.as_ref().filter(|_| self.aside.is_empty()) else { return Ok(Desk::new(service)) };
        let tickets = self.rides.iter().map(Ride::ticket).collect();
        Desk::restore(service, tickets, &day.sheets, day.at).map_err(|faults| {
            let first = faults.first().map_or_else(String::new, ToString::to_string);
            Problem::fault(&format!("rides of {:?}: {} faults, {first}", self.key, faults.len()))
        })
    }

    /// Writes sheets if nobody wrote since this was read; false: somebody did.
    pub(super) async fn write(&self, tx: &mut Write, written: &Written, now: Timestamp) -> Result<bool, StorageError> {
        match &self.day {
            None => rides::begin(tx, &self.key, self.offered.plan(), written, now).await,
            Some(day) => {
                let written = rides::write(tx, &self.key, (day.revision, self.offered.plan()), written, now).await?;
                for ride in self.aside.iter().filter(|_| written) {
                    rides::set_aside(tx, ride, &day.plan).await?;
                }
                Ok(written)
            }
        }
    }
}

/// Seeks a place with a desk, aside. Who only reads what stands works aside without waiting for one.
pub(super) async fn at_work<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let _desk = app.ride_turns().desk().await?;
    aside(work).await?
}

/// What is to be written.
#[derive(Debug)]
pub(super) enum Change {
    /// Nothing.
    Nothing,
    /// A ride more.
    Add(Box<Ride>),
    /// This ride is cancelled.
    Cancel(Box<Ride>),
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Changed<T> {
    /// This was decided, and it is written; with the ride that was added.
    Done(T, Option<Ride>),
    /// A ride has this token already.
    Before(Ride),
}

/// Decides on a desk and writes what is decided, in one transaction. Where somebody else wrote meanwhile it is decided anew. Whoever waited decides by the
/// clock as it is when they have waited: `decide` is told the time.
pub(super) async fn change<T: Send + 'static>(
    app: &App,
    (key, offered): (&Key, &Offered),
    token: Option<&str>,
    now: Timestamp,
    decide: impl Fn(&Standing, &mut Desk, Timestamp) -> Result<(Change, T), Problem> + Clone + Send + 'static,
) -> Result<Changed<T>, Problem> {
    let begun = Instant::now();
    let _turn = app.ride_turns().at(key).await?;
    for _ in 0..TRIES {
        let (standing, before) = Standing::with_token(app, key, offered, token).await?;
        if let Some(before) = before {
            return Ok(Changed::Before(before));
        }
        let decide = decide.clone();
        let (standing, written, (change, answer), now) = at_work(app, move || {
            let mut desk = standing.desk()?;
            let now = now.saturating_add(SignedDuration::try_from(begun.elapsed()).unwrap_or_default()).unwrap_or(now);
            let decided = decide(&standing, &mut desk, now)?;
            Ok((standing, Written::of(&desk), decided, now))
        })
        .await?;
        if matches!(change, Change::Nothing) {
            return Ok(Changed::Done(answer, None));
        }
        let mut tx = app.store().write().await?;
        if !standing.write(&mut tx, &written, now).await? {
            tx.rollback().await.map_err(StorageError::from)?;
            continue;
        }
        let added = match change {
            Change::Nothing => None,
            Change::Add(ride) => Some(rides::add(&mut tx, token.unwrap_or_default(), &ride, now).await?),
            Change::Cancel(ride) => {
                rides::cancel(&mut tx, &ride, now).await?;
                None
            }
        };
        tx.commit().await.map_err(StorageError::from)?;
        return Ok(Changed::Done(answer, added));
    }
    Err(busy())
}
