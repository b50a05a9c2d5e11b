//! Tables brought up to date, forward only. Two folders, one for each database; the same versions in both.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::error::BoxDynError;
use sqlx::migrate::{Migration, MigrationSource, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Row, SqlSafeStr};

use super::{Kind, Result, Store};

/// Version, what it adds, SQL for SQLite, SQL for PostgreSQL.
type Step = (i64, &'static str, &'static str, &'static str);

macro_rules! step {
    ($version:literal, $name:literal) => {
        (
            $version,
            $name,
            include_str!(concat!("migrations/sqlite/", $name, ".sql")),
            include_str!(concat!("migrations/postgres/", $name, ".sql")),
        )
    };
}

/// All of them, in order. What has been released is never changed, only followed.
const STEPS: &[Step] = &[
    step!(1, "0001_core"),
    step!(2, "0002_surveys"),
    step!(3, "0003_running"),
    step!(4, "0004_places"),
    step!(5, "0005_rides"),
];

#[derive(Debug)]
struct Steps {
    kind: Kind,
    upto: i64,
}

impl MigrationSource<'static> for Steps {
    fn resolve(self) -> BoxFuture<'static, std::result::Result<Vec<Migration>, BoxDynError>> {
        let steps = STEPS.iter().filter(|step| step.0 <= self.upto).map(|&(version, name, sqlite, postgres)| {
            let sql = match self.kind {
                Kind::Sqlite => sqlite,
                Kind::Postgres => postgres,
            };
            Migration::new(version, name.into(), MigrationType::Simple, AssertSqlSafe(sql).into_sql_str(), false)
        });
        std::future::ready(Ok(steps.collect())).boxed()
    }
}

/// Brings the tables up to date; a database of a later version is refused and left alone.
///
/// # Errors
/// A step fails (none of it remains), or the database is of a later version.
pub async fn run(store: &Store) -> Result<()> {
    upto(store, i64::MAX).await
}

/// A database as an earlier version left it: for the test of upgrades.
///
/// # Errors
/// As for [`run`].
pub async fn at(url: &str, version: i64) -> Result<Store> {
    let store = Store::connect(url).await?;
    upto(&store, version).await?;
    Ok(store)
}

async fn upto(store: &Store, version: i64) -> Result<()> {
    let migrator = Migrator::new(Steps { kind: store.kind, upto: version }).await?;
    let mut conn = store.writers.acquire().await?;
    migrator.run(&mut *conn).await?;
    Ok(())
}

/// The version of a database's tables; `None` where it has none of ours.
///
/// # Errors
/// The database.
pub async fn version(store: &Store) -> Result<Option<i64>> {
    let row = sqlx::query("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&mut *store.read().await?).await;
    // No such table: not one of ours.
    Ok(row.ok().and_then(|row| row.try_get(0).ok()))
}

/// Versions there are.
pub fn versions() -> impl Iterator<Item = i64> {
    STEPS.iter().map(|step| step.0)
}
