//! What is kept: one SQL text for SQLite and PostgreSQL (`$1` works on both), two folders of migrations.
//!
//! | module         | what it keeps                                                        |
//! |----------------|----------------------------------------------------------------------|
//! | `people`       | users, roles, sessions, keys, one-time links                         |
//! | `projects`     | projects and their files (by hash)                                   |
//! | `scenarios`    | what-ifs                                                             |
//! | `runs`         | jobs: the `runs` row is the truth about each                         |
//! | `plans`        | plans, immutable                                                     |
//! | `publications` | which plan is in force from when                                     |
//! | `running`      | the running day: cancelled, late, alerts, boardings                  |
//! | `parking`      | who asks for a bay, and what was decided by hand                     |
//! | `rooms`        | rooms offered and claimed                                            |
//! | `rides`        | rides on request: days, and who was promised what                    |
//! | `comments`     | what is wrong at a stop, and the answers                             |
//! | `surveys`      | survey rounds and the answers to them                                |
//! | `idempotency`  | what was answered to a write that may come again                     |
//! | `backup`       | the whole database as one portable file, and back                    |
//!
//! Every function takes a connection, so that several make one transaction. SQLite has one writer: [`Store::write`] hands out
//! its only connection and begins at once, so two writers never meet half-way; readers have their own.

pub mod backup;
pub mod comments;
pub mod error;
pub mod idempotency;
pub mod migrations;
pub mod parking;
pub mod people;
pub mod plans;
pub mod projects;
pub mod publications;
pub mod rides;
pub mod rooms;
pub mod running;
pub mod runs;
pub mod scenarios;
pub mod surveys;

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Executor, Row, Transaction};

use crate::domain::calendar::Days;

pub use error::StorageError;

/// Results of this layer.
pub type Result<T> = std::result::Result<T, StorageError>;

/// Connections for readers of SQLite and for everybody of PostgreSQL.
const CONNECTIONS: u32 = 12;
/// A request waits this long for a connection, then it is told to come again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
}

/// A writer of SQLite takes its lock at once.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    kind: Kind,
    readers: AnyPool,
    writers: AnyPool,
}

/// A transaction; rolled back if it is dropped without [`Transaction::commit`].
pub type Write = Transaction<'static, Any>;

impl Store {
    /// Opens `sqlite:FILE` (made if it is not there) or `postgres://…` and brings its tables up to date.
    ///
    /// # Errors
    /// An address of neither kind, a database that cannot be reached, one of a later version.
    pub async fn open(url: &str) -> Result<Self> {
        let store = Self::connect(url).await?;
        migrations::run(&store).await?;
        Ok(store)
    }

    /// Opens a database that is there already, without touching its tables.
    ///
    /// # Errors
    /// There is none, or its tables are of another version than this program's.
    pub async fn existing(url: &str) -> Result<Self> {
        let url = match url.strip_prefix("sqlite:") {
            Some(path) if !path.contains("mode=") => {
                format!("sqlite:{path}{}mode=rw", if path.contains('?') { '&' } else { '?' })
            }
            _ => url.to_owned(),
        };
        let store = Self::connect(&url).await?;
        if migrations::version(&store).await? == migrations::versions().max() {
            Ok(store)
        } else {
            Err(StorageError::OtherVersion)
        }
    }

    /// Opens without touching the tables.
    pub(crate) async fn connect(url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let (kind, url) = address(url)?;
        let options: AnyConnectOptions = url.parse().map_err(|_| StorageError::Address(redacted(&url)))?;
        let pool = |connections: u32| {
            AnyPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE).after_connect(
                move |conn, _| {
                    Box::pin(async move {
                        if kind == Kind::Sqlite {
                            // FULL: what was acknowledged is on the disk, whatever falls over.
                            conn.execute(
                                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                             PRAGMA foreign_keys = ON;",
                            )
                            .await?;
                        }
                        Ok(())
                    })
                },
            )
        };
        let (readers, writers) = match kind {
            Kind::Postgres => {
                let pool = pool(CONNECTIONS).connect_with(options).await?;
                (pool.clone(), pool)
            }
            Kind::Sqlite => {
                let writers = pool(1).connect_with(options.clone()).await?;
                (pool(CONNECTIONS).connect_with(options).await?, writers)
            }
        };
        Ok(Self { kind, readers, writers })
    }

    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// None comes free in time, or the database cannot be reached.
    pub async fn read(&self) -> Result<PoolConnection<Any>> {
        Ok(self.readers.acquire().await?)
    }

    /// A transaction to write in.
    ///
    /// # Errors
    /// As for reading.
    pub async fn write(&self) -> Result<Write> {
        Ok(match self.kind {
            Kind::Sqlite => match self.writers.begin_with(BEGIN).await {
                // A statement that finds the disk full ends its transaction by itself, and sqlx, which did not hear of it, would never
                // begin another on this connection: a new one takes its place.
                Err(sqlx::Error::InvalidSavePointStatement) => {
                    let _ = self.writers.acquire().await?.close().await;
                    self.writers.begin_with(BEGIN).await?
                }
                begun => begun?,
            },
            Kind::Postgres => self.writers.begin().await?,
        })
    }

    /// A transaction that sees one moment of the database; for reading only.
    ///
    /// # Errors
    /// As for reading.
    pub async fn snapshot(&self) -> Result<Write> {
        Ok(match self.kind {
            Kind::Sqlite => self.readers.begin().await?,
            Kind::Postgres => self.readers.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
        })
    }

    /// The database's own clock: the one clock that all servers and workers share.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn now(&self, conn: &mut AnyConnection) -> Result<Timestamp> {
        let sql = match self.kind {
            Kind::Sqlite => "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)",
            Kind::Postgres => "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
        };
        let ms: i64 = sqlx::query(sql).fetch_one(conn).await?.try_get(0)?;
        Timestamp::from_millisecond(ms).map_err(|_| StorageError::Damaged("clock"))
    }

    /// Lets go of all connections.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// A moment as it is kept: fixed width, so that text sorts as time does.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Wishes whose days are dates, in the JSON they are kept as; whatever else somebody writes has its quotation marks escaped there.
const DATED: &str = "%\"days\":\"____-__-__%";
/// What was asked for on dates is kept for so many days after the last, and rides after theirs.
const KEPT_DAYS: i64 = 60;

/// The last of dates in their normal form; none of weekdays.
fn last_date(days: &str) -> Option<Date> {
    match Days::parse(days)? {
        Days::Dates(dates) => dates.into_iter().max(),
        _ => None,
    }
}

/// Is the last of these dates so many days gone?
fn long_over(days: &str, kept: i64, now: Timestamp) -> bool {
    let first = TimeZone::UTC.to_datetime(now).date().saturating_sub(kept.days());
    last_date(days).is_some_and(|last| last < first)
}

/// A new id: begins with its time, so that lists are in order of making.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

/// `sqlite:FILE` and `postgres://…`; the options that SQLite needs are added.
fn address(url: &str) -> Result<(Kind, String)> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok((Kind::Postgres, url.to_owned()));
    }
    let Some(path) = url.strip_prefix("sqlite:") else { return Err(StorageError::Address(redacted(url))) };
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.starts_with(':') {
        return Err(StorageError::Address(redacted(url)));
    }
    let (path, options) = path.split_once('?').unwrap_or((path, ""));
    let mode = if options.contains("mode=") { "" } else { "mode=rwc" };
    let options = [options, mode].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    Ok((Kind::Sqlite, format!("sqlite://{path}?{options}")))
}

/// An address without its password, to say and to log.
#[must_use]
pub fn redacted(url: &str) -> String {
    match (url.split_once("://"), url.rfind('@')) {
        (Some((scheme, _)), Some(at)) => format!("{scheme}://…{}", &url[at..]),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_both_kinds() {
        assert_eq!(address("sqlite:jiebo.db").unwrap(), (Kind::Sqlite, "sqlite://jiebo.db?mode=rwc".to_owned()));
        assert_eq!(address("sqlite:///a/b.db").unwrap(), (Kind::Sqlite, "sqlite:///a/b.db?mode=rwc".to_owned()));
        assert_eq!(address("postgres://h/d").unwrap().0, Kind::Postgres);
        for wrong in ["jiebo.db", "mysql://h/d", "sqlite:", "sqlite::memory:", ""] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_not_said() {
        assert_eq!(redacted("postgres://jiebo:s3cret@db/jiebo"), "postgres://…@db/jiebo");
        assert_eq!(redacted("sqlite:jiebo.db"), "sqlite:jiebo.db");
    }

    #[test]
    fn moments_sort_as_text() {
        let text = |ms| moment(Timestamp::from_millisecond(ms).unwrap());
        assert_eq!(text(0), "1970-01-01T00:00:00.000Z");
        assert!(text(999) < text(1_000) && text(1_000) < text(1_700_000_000_123));
    }
}
