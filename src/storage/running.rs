//! The running day: cancelled and delayed trips, alerts, and boardings as they were counted. Whatever riders see of it touches the
//! project's mark.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::projects::touch_mark;
use super::{Result, StorageError, moment, new_id};
use crate::publish::riding::{Alert, Cancelled, Delay, Text, Today};

/// Alerts that ended so long ago are of no interest to riders.
const OVER: SignedDuration = SignedDuration::from_hours(1);

/// An alert as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAlert {
    /// What riders see.
    pub alert: Alert,
    /// Goes up with every change.
    pub revision: i64,
    /// Since when.
    pub created: String,
}

/// People counted at a stop; a trip, or a line and its departure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boarding {
    /// Service day.
    pub date: Date,
    /// Trip id, or "".
    pub trip: String,
    /// Line id, or "".
    pub line: String,
    /// Departure from the line's first stop, HH:MM, or "".
    pub departure: String,
    /// Stop id.
    pub stop: String,
    /// Got on.
    pub on: i64,
    /// Got off.
    pub off: i64,
}

fn day(row: &AnyRow) -> Result<Date> {
    row.try_get::<String, _>("day")?.parse().map_err(|_| StorageError::Damaged("day"))
}

fn time(text: Option<String>) -> Result<Option<Timestamp>> {
    text.map(|text| text.parse().map_err(|_| StorageError::Damaged("time"))).transpose()
}

/// A trip does not run; said again, the last word counts.
///
/// # Errors
/// There is no such project.
pub async fn cancel(conn: &mut AnyConnection, project: &str, told: &Cancelled, now: Timestamp) -> Result<()> {
    let reason = told.reason.clone().unwrap_or_default();
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    sqlx::query(
        "INSERT INTO cancellations (project, day, trip, reason_zh, reason_en, created) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (project, day, trip) DO UPDATE SET reason_zh = excluded.reason_zh, reason_en = excluded.reason_en",
    )
    .bind(project)
    .bind(told.date.to_string())
    .bind(&told.trip)
    .bind(filled(reason.zh))
    .bind(filled(reason.en))
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    touch_mark(conn, project).await
}

/// It runs after all.
///
/// # Errors
/// It was not cancelled.
pub async fn restore(conn: &mut AnyConnection, project: &str, date: Date, trip: &str) -> Result<()> {
    let sql = "DELETE FROM cancellations WHERE project = $1 AND day = $2 AND trip = $3";
    if gone(conn, project, sql, date, trip).await? { Ok(()) } else { Err(StorageError::Missing("cancellation")) }
}

/// Was there anything?
async fn gone(conn: &mut AnyConnection, project: &str, sql: &'static str, date: Date, trip: &str) -> Result<bool> {
    let done = sqlx::query(sql).bind(project).bind(date.to_string()).bind(trip).execute(&mut *conn).await?;
    if done.rows_affected() > 0 {
        touch_mark(conn, project).await?;
    }
    Ok(done.rows_affected() > 0)
}

/// A trip is late (or early); said again, the last word counts.
///
/// # Errors
/// There is no such project.
pub async fn delay(conn: &mut AnyConnection, project: &str, told: &Delay, now: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO delays (project, day, trip, seconds, created) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (project, day, trip) DO UPDATE SET seconds = excluded.seconds, created = excluded.created",
    )
    .bind(project)
    .bind(told.date.to_string())
    .bind(&told.trip)
    .bind(i64::from(told.seconds))
    .bind(moment(told.at.unwrap_or(now)))
    .execute(&mut *conn)
    .await?;
    touch_mark(conn, project).await
}

/// Nothing is known of a delay any more.
///
/// # Errors
/// No delay was told.
pub async fn on_time(conn: &mut AnyConnection, project: &str, date: Date, trip: &str) -> Result<()> {
    let sql = "DELETE FROM delays WHERE project = $1 AND day = $2 AND trip = $3";
    if gone(conn, project, sql, date, trip).await? { Ok(()) } else { Err(StorageError::Missing("delay")) }
}

/// What is different from this service day on.
///
/// # Errors
/// The database.
pub async fn today(conn: &mut AnyConnection, project: &str, since: Date, now: Timestamp) -> Result<Today> {
    let rows =
        sqlx::query("SELECT day, trip, reason_zh, reason_en FROM cancellations WHERE project = $1 AND day >= $2")
            .bind(project)
            .bind(since.to_string())
            .fetch_all(&mut *conn)
            .await?;
    let cancelled = rows.iter().map(|row| {
        let (zh, en): (Option<String>, Option<String>) = (row.try_get("reason_zh")?, row.try_get("reason_en")?);
        let told = zh.is_some() || en.is_some();
        let reason = told.then(|| Text { zh: zh.unwrap_or_default(), en: en.unwrap_or_default() });
        Ok(Cancelled { date: day(row)?, trip: row.try_get("trip")?, reason })
    });
    let cancelled: Vec<Cancelled> = cancelled.collect::<Result<_>>()?;
    let rows = sqlx::query("SELECT day, trip, seconds, created FROM delays WHERE project = $1 AND day >= $2")
        .bind(project)
        .bind(since.to_string())
        .fetch_all(&mut *conn)
        .await?;
    let delays = rows.iter().map(|row| {
        let seconds: i64 = row.try_get("seconds")?;
        let seconds = i32::try_from(seconds).map_err(|_| StorageError::Damaged("delay"))?;
        Ok(Delay { date: day(row)?, trip: row.try_get("trip")?, seconds, at: time(row.try_get("created")?)? })
    });
    let delays: Vec<Delay> = delays.collect::<Result<_>>()?;
    let over = moment(now.checked_sub(OVER).unwrap_or(now));
    let rows =
        sqlx::query("SELECT * FROM alerts WHERE project = $1 AND (until_time IS NULL OR until_time >= $2) ORDER BY id")
            .bind(project)
            .bind(over)
            .fetch_all(conn)
            .await?;
    let alerts = rows.iter().map(|row| Ok(kept(row)?.alert)).collect::<Result<_>>()?;
    Ok(Today::new(cancelled, delays, alerts))
}

fn kept(row: &AnyRow) -> Result<KeptAlert> {
    let ids = |text: String| serde_json::from_str(&text).map_err(|_| StorageError::Damaged("list of ids"));
    Ok(KeptAlert {
        alert: Alert {
            id: row.try_get("id")?,
            text: Text { zh: row.try_get("zh")?, en: row.try_get("en")? },
            detail: None,
            from: time(row.try_get("from_time")?)?,
            until: time(row.try_get("until_time")?)?,
            lines: ids(row.try_get("lines")?)?,
            stops: ids(row.try_get("stops")?)?,
        },
        revision: row.try_get("revision")?,
        created: row.try_get("created")?,
    })
}

fn list(ids: &[String]) -> Result<String> {
    serde_json::to_string(ids).map_err(|_| StorageError::Damaged("list of ids"))
}

/// Adds an alert; its id is made here.
///
/// # Errors
/// There is no such project.
pub async fn add_alert(conn: &mut AnyConnection, project: &str, alert: &Alert, now: Timestamp) -> Result<KeptAlert> {
    let id = new_id();
    sqlx::query(
        "INSERT INTO alerts (id, project, zh, en, from_time, until_time, lines, stops, revision, created) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)",
    )
    .bind(&id)
    .bind(project)
    .bind(&alert.text.zh)
    .bind(&alert.text.en)
    .bind(alert.from.map(moment))
    .bind(alert.until.map(moment))
    .bind(list(&alert.lines)?)
    .bind(list(&alert.stops)?)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    touch_mark(conn, project).await?;
    alert_of(conn, project, &id).await
}

/// One alert.
///
/// # Errors
/// The project has none with that id.
pub async fn alert_of(conn: &mut AnyConnection, project: &str, id: &str) -> Result<KeptAlert> {
    let row = sqlx::query("SELECT * FROM alerts WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    kept(&row.ok_or(StorageError::Missing("alert"))?)
}

/// All alerts of a project after an id, oldest first.
///
/// # Errors
/// The database.
pub async fn alerts(conn: &mut AnyConnection, project: &str, after: &str, limit: i64) -> Result<Vec<KeptAlert>> {
    let rows = sqlx::query("SELECT * FROM alerts WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(project)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(kept).collect()
}

/// Writes an alert anew.
///
/// # Errors
/// The project has none with its id.
pub async fn change_alert(conn: &mut AnyConnection, project: &str, alert: &Alert) -> Result<KeptAlert> {
    sqlx::query(
        "UPDATE alerts SET zh = $3, en = $4, from_time = $5, until_time = $6, lines = $7, stops = $8, \
         revision = revision + 1 WHERE project = $1 AND id = $2",
    )
    .bind(project)
    .bind(&alert.id)
    .bind(&alert.text.zh)
    .bind(&alert.text.en)
    .bind(alert.from.map(moment))
    .bind(alert.until.map(moment))
    .bind(list(&alert.lines)?)
    .bind(list(&alert.stops)?)
    .execute(&mut *conn)
    .await?;
    touch_mark(conn, project).await?;
    alert_of(conn, project, &alert.id).await
}

/// Takes an alert away.
///
/// # Errors
/// The project has none with that id.
pub async fn remove_alert(conn: &mut AnyConnection, project: &str, id: &str) -> Result<()> {
    let done = sqlx::query("DELETE FROM alerts WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .execute(&mut *conn)
        .await?;
    if done.rows_affected() == 0 {
        return Err(StorageError::Missing("alert"));
    }
    touch_mark(conn, project).await
}

/// Keeps what was counted; counted again, the last count stands.
///
/// # Errors
/// There is no such project.
pub async fn count(conn: &mut AnyConnection, project: &str, rows: &[Boarding], now: Timestamp) -> Result<()> {
    for row in rows {
        sqlx::query(
            "INSERT INTO boardings (project, day, trip, line, departure, stop, boarded, alighted, created) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (project, day, trip, line, departure, stop) \
             DO UPDATE SET boarded = excluded.boarded, alighted = excluded.alighted, created = excluded.created",
        )
        .bind(project)
        .bind(row.date.to_string())
        .bind(&row.trip)
        .bind(&row.line)
        .bind(&row.departure)
        .bind(&row.stop)
        .bind(row.on)
        .bind(row.off)
        .bind(moment(now))
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// All that was counted, by day, trip, line, departure and stop.
///
/// # Errors
/// The database.
pub async fn counted(conn: &mut AnyConnection, project: &str) -> Result<Vec<Boarding>> {
    let rows = sqlx::query("SELECT * FROM boardings WHERE project = $1 ORDER BY day, trip, line, departure, stop")
        .bind(project)
        .fetch_all(conn)
        .await?;
    let boarding = |row: &AnyRow| {
        Ok(Boarding {
            date: day(row)?,
            trip: row.try_get("trip")?,
            line: row.try_get("line")?,
            departure: row.try_get("departure")?,
            stop: row.try_get("stop")?,
            on: row.try_get("boarded")?,
            off: row.try_get("alighted")?,
        })
    };
    rows.iter().map(boarding).collect()
}
