//! Which plan is in force from when. A later publication takes over from its first day; the old timetable stays in force until
//! its day ends. What riders need is kept with it, packed, so that a server starts without opening a plan.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::projects::{pack, touch_mark, unpack};
use super::{Result, StorageError, moment, new_id};

/// A plan in force from a day until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Id.
    pub id: String,
    /// Of this project.
    pub project: String,
    /// The plan.
    pub plan: String,
    /// First service day.
    pub from: Date,
    /// Last service day; `None`: until another takes over or the services end.
    pub until: Option<Date>,
    /// When it was withdrawn.
    pub withdrawn: Option<String>,
    /// Goes up with every change.
    pub revision: i64,
    /// When it was published.
    pub created: String,
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| StorageError::Damaged("day"))
}

fn publication(row: &AnyRow) -> Result<Publication> {
    let (from, until): (String, Option<String>) = (row.try_get("from_day")?, row.try_get("until_day")?);
    Ok(Publication {
        id: row.try_get("id")?,
        project: row.try_get("project")?,
        plan: row.try_get("plan")?,
        from: day(&from)?,
        until: until.as_deref().map(day).transpose()?,
        withdrawn: row.try_get("withdrawn")?,
        revision: row.try_get("revision")?,
        created: row.try_get("created")?,
    })
}

const COLUMNS: &str = "id, project, plan, from_day, until_day, withdrawn, revision, created";

/// Publishes; riders see it at once.
///
/// # Errors
/// The project has no such plan.
pub async fn add(
    conn: &mut AnyConnection,
    project: &str,
    plan: &str,
    (from, until): (Date, Option<Date>),
    published: &[u8],
    now: Timestamp,
) -> Result<Publication> {
    let id = new_id();
    sqlx::query(
        "INSERT INTO publications (id, project, plan, from_day, until_day, revision, published, created) \
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7)",
    )
    .bind(&id)
    .bind(project)
    .bind(plan)
    .bind(from.to_string())
    .bind(until.map(|day| day.to_string()))
    .bind(pack(published))
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    touch_mark(conn, project).await?;
    get(conn, project, &id).await
}

/// One of a project.
///
/// # Errors
/// It has none with that id.
pub async fn get(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Publication> {
    let sql = format!("SELECT {COLUMNS} FROM publications WHERE project = $1 AND id = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project).bind(id).fetch_optional(conn).await?;
    publication(&row.ok_or(StorageError::Missing("publication"))?)
}

/// All of a project after an id, oldest first.
///
/// # Errors
/// The database.
pub async fn list(conn: &mut AnyConnection, project: &str, after: &str, limit: i64) -> Result<Vec<Publication>> {
    let sql = format!("SELECT {COLUMNS} FROM publications WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project).bind(after).bind(limit).fetch_all(conn).await?;
    rows.iter().map(publication).collect()
}

/// Those that count, with what riders need of each, in the order in which they take over.
///
/// # Errors
/// The database.
pub async fn in_force(conn: &mut AnyConnection, project: &str) -> Result<Vec<(Publication, Vec<u8>)>> {
    let sql = format!(
        "SELECT {COLUMNS}, published FROM publications WHERE project = $1 AND withdrawn IS NULL ORDER BY from_day, id"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project).fetch_all(conn).await?;
    rows.iter().map(|row| Ok((publication(row)?, unpack(&row.try_get::<Vec<u8>, _>("published")?)?))).collect()
}

/// Which count from a day on, and when: enough to see whether anything has changed. In the order in which they take over.
///
/// # Errors
/// The database.
pub async fn counting(conn: &mut AnyConnection, project: &str, since: Date) -> Result<Vec<Publication>> {
    let sql =
        format!("SELECT {COLUMNS} FROM publications WHERE project = $1 AND withdrawn IS NULL ORDER BY from_day, id");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project).fetch_all(conn).await?;
    let mut all: Vec<Publication> = rows.iter().map(publication).collect::<Result<_>>()?;
    // What another took over from before that day is past; the last is kept even where it is over: its signs still hang.
    let past = all.iter().rposition(|one| one.from <= since).unwrap_or(0);
    all.drain(..past);
    Ok(all)
}

/// What riders need of one.
///
/// # Errors
/// The project has none with that id.
pub async fn published(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Vec<u8>> {
    let row = sqlx::query("SELECT published FROM publications WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    unpack(&row.ok_or(StorageError::Missing("publication"))?.try_get::<Vec<u8>, _>(0)?)
}

/// What riders need of a plan that was published, whether that publication still counts or not.
///
/// # Errors
/// The project never published it.
pub async fn of_plan(conn: &mut AnyConnection, project: &str, plan: &str) -> Result<Vec<u8>> {
    let sql = "SELECT published FROM publications WHERE project = $1 AND plan = $2 ORDER BY id DESC LIMIT 1";
    let row = sqlx::query(sql).bind(project).bind(plan).fetch_optional(conn).await?;
    unpack(&row.ok_or(StorageError::Missing("publication"))?.try_get::<Vec<u8>, _>(0)?)
}

/// Withdraws; riders see it at once. Withdrawing again changes nothing.
///
/// # Errors
/// There is no such publication.
pub async fn withdraw(conn: &mut AnyConnection, project: &str, id: &str, now: Timestamp) -> Result<Publication> {
    sqlx::query(
        "UPDATE publications SET withdrawn = $3, revision = revision + 1 \
         WHERE project = $1 AND id = $2 AND withdrawn IS NULL",
    )
    .bind(project)
    .bind(id)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    touch_mark(conn, project).await?;
    get(conn, project, id).await
}
