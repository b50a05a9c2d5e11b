//! While nobody asks, what is open today is looked at again: could it be driven better, within all that was promised? Several servers may do so at
//! once: what was found for a day that somebody wrote meanwhile is dropped.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp, ToSpan};
use tokio::sync::watch;

use super::answer::desk_time;
use super::offers::{Offered, of_plan};
use super::standing::{Standing, at_work};
use crate::api::app::App;
use crate::api::problem::Problem;
use crate::search::{Answer as Watch, Run};
use crate::storage::rides::{self, Key, Written};

/// So often.
const EVERY: Duration = Duration::from_secs(20);
/// What is driven so soon is left as it is, seconds: by then it must be written.
const AHEAD: i32 = 30;
/// Iterations for a day, and the longest they may take.
const ITERATIONS: u64 = 1_000;
const PATIENCE: Duration = Duration::from_secs(2);

/// Goes on until the server stops.
pub(in crate::api) async fn keep(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(problem) = once(&app, Timestamp::now()).await {
            tracing::warn!(code = problem.code, "rides on request go on as they are");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Looks at every day in progress once: how many could be driven better and are.
pub(in crate::api) async fn once(app: &App, now: Timestamp) -> Result<usize, Problem> {
    // Wherever it is: yesterday to tomorrow by the clock of Greenwich, and what goes on past midnight.
    let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    let (from, until) = (today.saturating_sub(2.days()), today.saturating_add(1.days()));
    let days = rides::between(&mut *app.store().read().await?, from, until).await?;
    let mut better = 0;
    for (key, plan, last) in days {
        // One that cannot be read must not keep the others waiting.
        match of_day(app, &key, &plan, last, now).await {
            Ok(found) => better += usize::from(found),
            Err(problem) => tracing::warn!(code = problem.code, ?key, "a day of rides could not be looked at again"),
        }
    }
    Ok(better)
}

async fn of_day(app: &App, key: &Key, plan: &str, last: i32, now: Timestamp) -> Result<bool, Problem> {
    let offered: Offered = of_plan(app, &key.project, plan, &key.offer).await?;
    let clock = offered.clock(key.date, now);
    if clock < 0 || clock > i64::from(last) {
        return Ok(false);
    }
    let standing = Standing::read(app, key, &offered).await?;
    let begun = Instant::now();
    let (standing, written) = at_work(app, move || {
        let mut desk = standing.desk()?;
        desk.advance(desk_time(clock));
        let watch = |_: &_| Watch { stop: begun.elapsed() > PATIENCE, ..Watch::GO };
        let seed = standing.day.as_ref().map_or(0, |day| day.revision.unsigned_abs());
        let run = Run { seed, iterations: Some(ITERATIONS), chains: 1, watch: &watch };
        let found = desk.again(&run, AHEAD).best;
        let later = clock + i64::try_from(begun.elapsed().as_secs()).unwrap_or(0);
        // What does not fit any more is sought anew the next time.
        let saved = desk.take_over(&found, desk_time(later)).unwrap_or(0);
        Ok((standing, (saved > 0).then(|| Written::of(&desk))))
    })
    .await?;
    let Some(written) = written else { return Ok(false) };
    let now = now.saturating_add(SignedDuration::try_from(begun.elapsed()).unwrap_or_default()).unwrap_or(now);
    let mut tx = app.store().write().await?;
    let done = standing.write(&mut tx, &written, now).await?;
    tx.commit().await.map_err(crate::storage::StorageError::from)?;
    Ok(done)
}
