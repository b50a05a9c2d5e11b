//! Jobs. The row is the truth: a worker claims it, keeps its lease by heartbeats, and writes results only while the attempt is
//! still its own, so a job that two workers run by mishap ends once.
//!
//! ```text
//! queued -> running -> done | failed | cancelled
//!   ^          |  (lease over: claimed again, from the last saved best, until MOST_ATTEMPTS; then failed)
//!   +----------+
//! ```

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::plans::Origin;
use super::{Kind, Result, StorageError, Store, Write, moment, new_id, scenarios};

/// A worker that has not been heard of for so long has lost its job.
pub const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// A job is begun so many times at most.
pub const MOST_ATTEMPTS: i64 = 3;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// It has a plan.
    Done,
    /// It did not come to its end, and why; it may have a best plan until then.
    Failed,
    /// Somebody stopped it; it has the best plan until then, if there was one.
    Cancelled,
}

impl State {
    /// All.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// Nothing more will happen to it.
    #[must_use]
    pub fn ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
    /// As it is kept and shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
    fn read(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|state| state.name() == text).ok_or(StorageError::Damaged("state"))
    }
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Seed.
    pub seed: u64,
    /// Seconds of search; `None` with `iterations`.
    pub seconds: Option<u32>,
    /// Iterations instead: the same plan on every run.
    pub iterations: Option<u64>,
    /// Chains.
    pub chains: Option<u32>,
    /// Parts as `--only` names them; empty: all there are inputs for.
    pub only: Vec<String>,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Stage, a key of the phrases.
    pub stage: String,
    /// Iterations in it.
    pub iteration: u64,
    /// Best so far, fen a day.
    pub objective: Option<f64>,
    /// Proven limit so far.
    pub bound: Option<f64>,
    /// Share of the budget used, 0 to 1.
    pub used: f64,
}

/// A job.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Id.
    pub id: String,
    /// Of this project.
    pub project: String,
    /// Of this sweep.
    pub sweep: Option<String>,
    /// What is planned: the scenario's name, or as it is.
    pub label: String,
    /// From what.
    pub origin: Origin,
    /// How.
    pub ask: Ask,
    /// Where it stands.
    pub state: State,
    /// How many times it was begun.
    pub attempt: i64,
    /// Somebody wants it to end.
    pub cancel: bool,
    /// How far it is.
    pub progress: Option<Progress>,
    /// Time searched until the last saved best.
    pub used_ms: i64,
    /// The best plan saved on the way.
    pub best: Option<String>,
    /// Its plan.
    pub plan: Option<String>,
    /// Why it has none.
    pub reason: Option<String>,
    /// When it was asked for.
    pub created: String,
    /// When it was begun last.
    pub started: Option<String>,
    /// When it ended.
    pub ended: Option<String>,
}

fn run(row: &AnyRow) -> Result<Run> {
    let json = |column: &str| -> Result<String> { Ok(row.try_get(column)?) };
    let damaged = |_| StorageError::Damaged("job");
    let (state, cancel): (String, i64) = (row.try_get("state")?, row.try_get("cancel")?);
    let progress: Option<String> = row.try_get("progress")?;
    Ok(Run {
        id: row.try_get("id")?,
        project: row.try_get("project")?,
        sweep: row.try_get("sweep")?,
        label: row.try_get("label")?,
        origin: Origin {
            inputs: serde_json::from_str(&json("inputs")?).map_err(damaged)?,
            modifications: scenarios::read(&json("modifications")?)?,
        },
        ask: serde_json::from_str(&json("ask")?).map_err(damaged)?,
        state: State::read(&state)?,
        attempt: row.try_get("attempt")?,
        cancel: cancel != 0,
        progress: progress.map(|text| serde_json::from_str(&text).map_err(damaged)).transpose()?,
        used_ms: row.try_get("used_ms")?,
        best: row.try_get("best")?,
        plan: row.try_get("plan")?,
        reason: row.try_get("reason")?,
        created: row.try_get("created")?,
        started: row.try_get("started")?,
        ended: row.try_get("ended")?,
    })
}

/// Asks for a job; it is queued.
///
/// # Errors
/// There is no such project.
pub async fn add(
    conn: &mut AnyConnection,
    project: &str,
    sweep: Option<&str>,
    label: &str,
    origin: &Origin,
    ask: &Ask,
    now: Timestamp,
) -> Result<Run> {
    let id = new_id();
    let damaged = |_| StorageError::Damaged("job");
    sqlx::query(
        "INSERT INTO runs (id, project, sweep, label, inputs, modifications, ask, state, created) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8)",
    )
    .bind(&id)
    .bind(project)
    .bind(sweep)
    .bind(label)
    .bind(serde_json::to_string(&origin.inputs).map_err(damaged)?)
    .bind(scenarios::text(&origin.modifications)?)
    .bind(serde_json::to_string(ask).map_err(damaged)?)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, &id).await
}

/// Opens a sweep: many jobs, one table.
///
/// # Errors
/// There is no such project.
pub async fn add_sweep(conn: &mut AnyConnection, project: &str, name: &str, now: Timestamp) -> Result<Sweep> {
    let sweep = Sweep { id: new_id(), project: project.to_owned(), name: name.to_owned(), created: moment(now) };
    sqlx::query("INSERT INTO sweeps (id, project, name, created) VALUES ($1, $2, $3, $4)")
        .bind(&sweep.id)
        .bind(project)
        .bind(name)
        .bind(&sweep.created)
        .execute(conn)
        .await?;
    Ok(sweep)
}

/// A sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Id.
    pub id: String,
    /// Of this project.
    pub project: String,
    /// What it is called.
    pub name: String,
    /// When it was asked for.
    pub created: String,
}

fn sweep(row: &AnyRow) -> Result<Sweep> {
    Ok(Sweep {
        id: row.try_get("id")?,
        project: row.try_get("project")?,
        name: row.try_get("name")?,
        created: row.try_get("created")?,
    })
}

/// One sweep of a project.
///
/// # Errors
/// It has none with that id.
pub async fn get_sweep(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Sweep> {
    let row = sqlx::query("SELECT * FROM sweeps WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    sweep(&row.ok_or(StorageError::Missing("sweep"))?)
}

/// Sweeps of a project after an id, oldest first.
///
/// # Errors
/// The database.
pub async fn sweeps(conn: &mut AnyConnection, project: &str, after: &str, limit: i64) -> Result<Vec<Sweep>> {
    let rows = sqlx::query("SELECT * FROM sweeps WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(project)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(sweep).collect()
}

/// The jobs of a sweep, in the order of its grid.
///
/// # Errors
/// The database.
pub async fn of_sweep(conn: &mut AnyConnection, sweep: &str) -> Result<Vec<Run>> {
    let rows = sqlx::query("SELECT * FROM runs WHERE sweep = $1 ORDER BY id").bind(sweep).fetch_all(conn).await?;
    rows.iter().map(run).collect()
}

/// One job.
///
/// # Errors
/// There is none with that id.
pub async fn get(conn: &mut AnyConnection, id: &str) -> Result<Run> {
    let row = sqlx::query("SELECT * FROM runs WHERE id = $1").bind(id).fetch_optional(conn).await?;
    run(&row.ok_or(StorageError::Missing("run"))?)
}

/// Jobs of a project, newest first, older than `before` (an id; empty: from the newest on).
///
/// # Errors
/// The database.
pub async fn list(conn: &mut AnyConnection, project: &str, before: &str, limit: i64) -> Result<Vec<Run>> {
    let before = if before.is_empty() { "g" } else { before };
    let rows = sqlx::query("SELECT * FROM runs WHERE project = $1 AND id < $2 ORDER BY id DESC LIMIT $3")
        .bind(project)
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(run).collect()
}

/// How many jobs of a project have not ended.
///
/// # Errors
/// The database.
pub async fn open(conn: &mut AnyConnection, project: &str) -> Result<i64> {
    let row = sqlx::query("SELECT COUNT(*) FROM runs WHERE project = $1 AND state IN ('queued', 'running')")
        .bind(project)
        .fetch_one(conn)
        .await?;
    Ok(row.try_get(0)?)
}

/// How many jobs stand where: `(state, count)`.
///
/// # Errors
/// The database.
pub async fn counts(conn: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query("SELECT state, COUNT(*) FROM runs GROUP BY state ORDER BY state").fetch_all(conn).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Asks a job to end, keeping the best so far. One that waits ends at once; one that has ended stays as it is.
///
/// # Errors
/// There is no such job.
pub async fn cancel(conn: &mut AnyConnection, id: &str, now: Timestamp) -> Result<Run> {
    // One statement, so that a worker who claims it meanwhile does not slip between two. A job that lost its worker may have a best
    // plan already: it is kept.
    sqlx::query(
        "UPDATE runs SET cancel = 1, \
         plan = CASE WHEN state = 'queued' THEN best ELSE plan END, \
         ended = CASE WHEN state = 'queued' THEN $2 ELSE ended END, \
         state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END \
         WHERE id = $1 AND state IN ('queued', 'running')",
    )
    .bind(id)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, id).await
}

/// A worker's hold on a job: it is valid while `attempt` is the row's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The job.
    pub run: String,
    /// Which attempt.
    pub attempt: i64,
}

/// Claims the oldest job that waits or whose worker is lost; one that was begun too often is ended with the reason.
///
/// # Errors
/// The database.
pub async fn claim(store: &Store, worker: &str) -> Result<Option<(Run, Hold)>> {
    // Looked for with a reader first: an idle worker must not keep the only writer busy.
    let mut reader = store.read().await?;
    let now = store.now(&mut reader).await?;
    if candidate(&mut reader, now, "").await?.is_none() {
        return Ok(None);
    }
    drop(reader);
    let mut tx = store.write().await?;
    let lock = if store.kind() == Kind::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    while let Some(found) = candidate(&mut tx, now, lock).await? {
        if found.attempt >= MOST_ATTEMPTS || (found.cancel && found.attempt > 0) {
            give_up(&mut tx, &found, "run-lost-too-often", now).await?;
            continue;
        }
        let run = match get(&mut tx, &found.id).await {
            // Written by a later version, say: one job that cannot be read must not stop all others.
            Err(StorageError::Damaged(_)) => {
                give_up(&mut tx, &found, "run-damaged", now).await?;
                continue;
            }
            run => run?,
        };
        let hold = Hold { run: found.id, attempt: found.attempt + 1 };
        sqlx::query(
            "UPDATE runs SET state = 'running', attempt = $2, worker = $3, heartbeat = $4, started = $4 WHERE id = $1",
        )
        .bind(&hold.run)
        .bind(hold.attempt)
        .bind(worker)
        .bind(moment(now))
        .execute(&mut *tx)
        .await?;
        let run = Run { state: State::Running, attempt: hold.attempt, started: Some(moment(now)), ..run };
        tx.commit().await?;
        return Ok(Some((run, hold)));
    }
    tx.commit().await?;
    Ok(None)
}

/// A job that may be claimed.
struct Candidate {
    id: String,
    attempt: i64,
    cancel: bool,
}

async fn candidate(conn: &mut AnyConnection, now: Timestamp, lock: &str) -> Result<Option<Candidate>> {
    let lost = now.checked_sub(LEASE).unwrap_or(Timestamp::MIN);
    let sql = format!(
        "SELECT id, attempt, cancel FROM runs WHERE state = 'queued' OR (state = 'running' AND heartbeat < $1) \
         ORDER BY id LIMIT 1{lock}"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(moment(lost)).fetch_optional(conn).await?;
    row.map(|row| {
        Ok(Candidate { id: row.try_get(0)?, attempt: row.try_get(1)?, cancel: row.try_get::<i64, _>(2)? != 0 })
    })
    .transpose()
}

/// Ends a job whose workers were lost, with the best plan until then if there was one.
async fn give_up(tx: &mut Write, run: &Candidate, reason: &str, now: Timestamp) -> Result<()> {
    let state = if run.cancel { State::Cancelled } else { State::Failed };
    sqlx::query("UPDATE runs SET state = $2, reason = $3, plan = best, ended = $4 WHERE id = $1")
        .bind(&run.id)
        .bind(state.name())
        .bind((!run.cancel).then_some(reason))
        .bind(moment(now))
        .execute(&mut **tx)
        .await?;
    let best = sqlx::query("SELECT best FROM runs WHERE id = $1").bind(&run.id).fetch_one(&mut **tx).await?;
    tidy(tx, &run.id, best.try_get::<Option<String>, _>(0)?.as_deref()).await
}

/// What was saved on the way has served; what somebody else refers to stays.
async fn tidy(conn: &mut AnyConnection, run: &str, plan: Option<&str>) -> Result<()> {
    sqlx::query(
        "DELETE FROM plans WHERE run = $1 AND id <> $2 AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.project = plans.project \
         AND runs.id <> $1 AND (runs.plan = plans.id OR runs.best = plans.id)) AND NOT EXISTS \
         (SELECT 1 FROM publications WHERE publications.project = plans.project AND publications.plan = plans.id)",
    )
    .bind(run)
    .bind(plan.unwrap_or(""))
    .execute(conn)
    .await?;
    Ok(())
}

/// Says that the worker is alive and how far it is. `None`: the job is no longer its own. `Some(true)`: it is to end.
///
/// # Errors
/// The database.
pub async fn beat(conn: &mut AnyConnection, hold: &Hold, progress: &Progress, now: Timestamp) -> Result<Option<bool>> {
    let progress = serde_json::to_string(progress).map_err(|_| StorageError::Damaged("progress"))?;
    let row = sqlx::query(
        "UPDATE runs SET heartbeat = $3, progress = $4 WHERE id = $1 AND attempt = $2 AND state = 'running' \
         RETURNING cancel",
    )
    .bind(&hold.run)
    .bind(hold.attempt)
    .bind(moment(now))
    .bind(progress)
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok(row.try_get::<i64, _>(0)? != 0)).transpose()
}

/// Names the best plan so far (kept before in the same transaction). False: the job is no longer the worker's own.
///
/// # Errors
/// The database.
pub async fn save_best(conn: &mut AnyConnection, hold: &Hold, plan: &str, used_ms: i64) -> Result<bool> {
    let done =
        sqlx::query("UPDATE runs SET best = $3, used_ms = $4 WHERE id = $1 AND attempt = $2 AND state = 'running'")
            .bind(&hold.run)
            .bind(hold.attempt)
            .bind(plan)
            .bind(used_ms)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a job; one that was to be cancelled until this very moment is cancelled: who asked was told so. False: it is no longer the
/// worker's own, and nothing was changed.
///
/// # Errors
/// The database.
pub async fn finish(
    conn: &mut AnyConnection,
    hold: &Hold,
    state: State,
    plan: Option<&str>,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE runs SET state = CASE WHEN cancel = 1 THEN 'cancelled' ELSE $3 END, \
         plan = $4, best = $4, reason = $5, ended = $6, heartbeat = $6 \
         WHERE id = $1 AND attempt = $2 AND state = 'running'",
    )
    .bind(&hold.run)
    .bind(hold.attempt)
    .bind(state.name())
    .bind(plan)
    .bind(reason)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    tidy(conn, &hold.run, plan).await?;
    Ok(true)
}

/// Puts a job back: its worker is asked to leave, another goes on from the best so far. This does not count as an attempt.
///
/// # Errors
/// The database.
pub async fn put_back(conn: &mut AnyConnection, hold: &Hold) -> Result<()> {
    sqlx::query(
        "UPDATE runs SET state = 'queued', attempt = attempt - 1 WHERE id = $1 AND attempt = $2 AND state = 'running'",
    )
    .bind(&hold.run)
    .bind(hold.attempt)
    .execute(conn)
    .await?;
    Ok(())
}
