//! The whole database as one portable file, and back: also from SQLite to PostgreSQL, when one is outgrown.
//!
//! A gzip of JSON lines: first `{"format", "version"}`, then `{"table"}` and after it one array a row; bytes as
//! `{"base64"}`. Taken in one snapshot while the server runs; restored in one transaction: whoever reads meanwhile sees all of the old
//! or all of the new.

use std::io::{BufRead, Write as _};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row, ValueRef};

use super::{Kind, Result, StorageError, Store, Write, migrations};

/// Name of the format.
pub const FORMAT: &str = "jiebo-backup/1";

/// All tables, each after those it refers to. A test holds this against the database.
pub const TABLES: &[&str] = &[
    "users",
    "grants",
    "sessions",
    "api_keys",
    "invitations",
    "blobs",
    "projects",
    "project_files",
    "scenarios",
    "sweeps",
    "runs",
    "plans",
    "publications",
    "cancellations",
    "delays",
    "alerts",
    "boardings",
    "parking_requests",
    "rooms",
    "room_claims",
    "ride_days",
    "rides",
    "comments",
    "rounds",
    "answers",
    "idempotency",
];

/// What was written or read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Rows.
    pub rows: u64,
}

/// Writes everything to `out`.
///
/// # Errors
/// The database, or `out`.
pub async fn write(store: &Store, out: impl std::io::Write) -> Result<Amount> {
    let mut amount = Amount::default();
    let mut out = GzEncoder::new(out, Compression::default());
    let mut snapshot = store.snapshot().await?;
    let version = migrations::versions().max().unwrap_or_default();
    writeln!(out, "{}", json!({ "format": FORMAT, "version": version }))?;
    for table in TABLES {
        let columns = columns(store.kind(), &mut snapshot, table).await?;
        writeln!(out, "{}", json!({ "table": table, "columns": columns }))?;
        let sql = format!("SELECT {} FROM {table}", columns.join(", "));
        let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut *snapshot);
        while let Some(row) = rows.try_next().await? {
            let cells: Result<Vec<Value>> = (0..columns.len()).map(|column| cell(&row, column)).collect();
            writeln!(out, "{}", Value::Array(cells?))?;
            amount.rows += 1;
        }
    }
    snapshot.rollback().await?;
    out.finish()?.flush()?;
    Ok(amount)
}

/// Replaces everything by what `from` holds.
///
/// # Errors
/// It is no backup, one of a later version, cut off, or the database.
pub async fn restore(store: &Store, from: impl BufRead) -> Result<Amount> {
    let damaged = || StorageError::Damaged("backup");
    let mut lines = std::io::BufReader::new(GzDecoder::new(from)).lines();
    let head: Value = serde_json::from_str(&lines.next().ok_or_else(damaged)??).map_err(|_| damaged())?;
    let latest = migrations::versions().max().unwrap_or_default();
    if head["format"] != FORMAT || head["version"].as_i64().is_none_or(|version| version > latest) {
        return Err(damaged());
    }
    let mut tx = store.write().await?;
    // Marks only go up: a server that watches them must see that something has changed.
    let before: Option<i64> = sqlx::query("SELECT MAX(mark) FROM projects").fetch_one(&mut *tx).await?.try_get(0)?;
    for table in TABLES.iter().rev() {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut *tx).await?;
    }
    let mut amount = Amount::default();
    let mut into: Option<Insert> = None;
    for line in lines {
        let value: Value = serde_json::from_str(&line?).map_err(|_| damaged())?;
        if let Some(table) = value["table"].as_str() {
            into = Some(Insert::new(table, &value["columns"]).ok_or_else(damaged)?);
        } else if let (Value::Array(cells), Some(insert)) = (value, &into) {
            insert.row(&mut tx, cells).await?;
            amount.rows += 1;
        } else {
            return Err(damaged());
        }
    }
    if into.as_ref().is_none_or(|insert| Some(insert.table.as_str()) != TABLES.last().copied()) {
        return Err(damaged());
    }
    sqlx::query("UPDATE projects SET mark = mark + $1 + 1").bind(before.unwrap_or(0)).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(amount)
}

/// The columns of a table, in its own order.
async fn columns(kind: Kind, conn: &mut AnyConnection, table: &str) -> Result<Vec<String>> {
    let sql = match kind {
        Kind::Sqlite => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
        Kind::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    let rows = sqlx::query(sql).bind(table).fetch_all(conn).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

fn cell(row: &AnyRow, column: usize) -> Result<Value> {
    let raw = row.try_get_raw(column)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    use sqlx::any::AnyTypeInfoKind as K;
    Ok(match raw.type_info().kind() {
        K::Bool => Value::from(row.try_get::<bool, _>(column)?),
        K::SmallInt | K::Integer | K::BigInt => Value::from(row.try_get::<i64, _>(column)?),
        K::Real | K::Double => Value::from(row.try_get::<f64, _>(column)?),
        K::Blob => json!({ "base64": STANDARD.encode(row.try_get::<Vec<u8>, _>(column)?) }),
        _ => Value::from(row.try_get::<String, _>(column)?),
    })
}

/// Rows going into one table.
struct Insert {
    table: String,
    columns: Vec<String>,
}

impl Insert {
    /// `None`: no table or columns of ours. Names go into SQL, so they must be plain words.
    fn new(table: &str, columns: &Value) -> Option<Self> {
        let word = |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let table = TABLES.iter().find(|known| **known == table)?;
        let names: Vec<&str> = columns.as_array()?.iter().map_while(Value::as_str).filter(word).collect();
        if names.is_empty() || names.len() != columns.as_array()?.len() {
            return None;
        }
        Some(Self { table: (*table).to_owned(), columns: names.into_iter().map(str::to_owned).collect() })
    }

    async fn row(&self, tx: &mut Write, cells: Vec<Value>) -> Result<()> {
        let damaged = || StorageError::Damaged("backup");
        if cells.len() != self.columns.len() {
            return Err(damaged());
        }
        // What is null is left out: PostgreSQL would ask for the type of the nothing.
        let filled: Vec<(&str, Value)> =
            self.columns.iter().map(String::as_str).zip(cells).filter(|(_, cell)| !cell.is_null()).collect();
        let names: Vec<&str> = filled.iter().map(|(name, _)| *name).collect();
        let places: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", self.table, names.join(", "), places.join(", "));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (_, cell) in filled {
            query = match cell {
                Value::Null | Value::Array(_) => return Err(damaged()),
                Value::Bool(value) => query.bind(value),
                Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                    (Some(whole), _) => query.bind(whole),
                    (None, Some(real)) => query.bind(real),
                    _ => return Err(damaged()),
                },
                Value::String(text) => query.bind(text),
                Value::Object(bytes) => {
                    let text = bytes.get("base64").and_then(Value::as_str).ok_or_else(damaged)?;
                    query.bind(STANDARD.decode(text).map_err(|_| damaged())?)
                }
            };
        }
        query.execute(&mut **tx).await?;
        Ok(())
    }
}
