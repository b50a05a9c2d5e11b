//! A write that comes again with the same key is answered as the first time and done once. The answer is kept in the
//! transaction of the write itself: either both are there or neither.

use jiff::{Span, Timestamp};
use sqlx::{AnyConnection, Row};

use super::{Kind, Result, moment};

/// Answers are kept this long, hours.
const KEPT_HOURS: i64 = 48;

/// What was answered, and to what.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Hash of method, path and body.
    pub fingerprint: String,
    /// The reply, as its owner wrote it.
    pub reply: String,
}

/// Waits until nobody else is at work under this key. A server that was killed may have left a transaction that PostgreSQL is still
/// committing: who asks again must see its answer, not run into what it made. SQLite has one writer, and nobody is left behind.
///
/// # Errors
/// The database.
pub async fn alone(conn: &mut AnyConnection, kind: Kind, who: &str, key: &str) -> Result<()> {
    if kind == Kind::Postgres {
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(format!("{who} {key}"))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// What was answered to this key, if it has been used.
///
/// # Errors
/// The database.
pub async fn find(conn: &mut AnyConnection, who: &str, key: &str) -> Result<Option<Answered>> {
    let row = sqlx::query("SELECT fingerprint, reply FROM idempotency WHERE who = $1 AND key = $2")
        .bind(who)
        .bind(key)
        .fetch_optional(conn)
        .await?;
    row.map(|row| Ok(Answered { fingerprint: row.try_get(0)?, reply: row.try_get(1)? })).transpose()
}

/// Keeps the answer.
///
/// # Errors
/// The key has just been used by somebody else: the whole write must be given up.
pub async fn keep(conn: &mut AnyConnection, who: &str, key: &str, answered: &Answered, now: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO idempotency (who, key, fingerprint, reply, created) VALUES ($1, $2, $3, $4, $5)")
        .bind(who)
        .bind(key)
        .bind(&answered.fingerprint)
        .bind(&answered.reply)
        .bind(moment(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets what is too old to come again.
///
/// # Errors
/// The database.
pub async fn forget(conn: &mut AnyConnection, now: Timestamp) -> Result<()> {
    let limit = now.saturating_sub(Span::new().hours(KEPT_HOURS)).unwrap_or(Timestamp::MIN);
    sqlx::query("DELETE FROM idempotency WHERE created < $1").bind(moment(limit)).execute(conn).await?;
    Ok(())
}
