//! What-ifs: named lists of modifications of a project.

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StorageError, moment, new_id};
use crate::planning::scenario::Scenario as Modifications;

/// A what-if.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Id.
    pub id: String,
    /// Of this project.
    pub project: String,
    /// What it is called.
    pub name: String,
    /// What changes.
    pub modifications: Modifications,
    /// Goes up with every change.
    pub revision: i64,
    /// Since when.
    pub created: String,
    /// Last change.
    pub updated: String,
}

fn scenario(row: &AnyRow) -> Result<Scenario> {
    let modifications: String = row.try_get("modifications")?;
    Ok(Scenario {
        id: row.try_get("id")?,
        project: row.try_get("project")?,
        name: row.try_get("name")?,
        modifications: read(&modifications)?,
        revision: row.try_get("revision")?,
        created: row.try_get("created")?,
        updated: row.try_get("updated")?,
    })
}

/// Modifications as they are kept.
pub(super) fn text(modifications: &Modifications) -> Result<String> {
    serde_json::to_string(modifications).map_err(|_| StorageError::Damaged("scenario"))
}

pub(super) fn read(text: &str) -> Result<Modifications> {
    serde_json::from_str(text).map_err(|_| StorageError::Damaged("scenario"))
}

/// Adds one.
///
/// # Errors
/// There is no such project.
pub async fn add(
    conn: &mut AnyConnection,
    project: &str,
    name: &str,
    modifications: &Modifications,
    now: Timestamp,
) -> Result<Scenario> {
    let id = new_id();
    sqlx::query(
        "INSERT INTO scenarios (id, project, name, modifications, revision, created, updated) \
         VALUES ($1, $2, $3, $4, 1, $5, $5)",
    )
    .bind(&id)
    .bind(project)
    .bind(name)
    .bind(text(modifications)?)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, project, &id).await
}

/// One of a project.
///
/// # Errors
/// It has none with that id.
pub async fn get(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Scenario> {
    let row = sqlx::query("SELECT * FROM scenarios WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    scenario(&row.ok_or(StorageError::Missing("scenario"))?)
}

/// Those of a project after an id, oldest first.
///
/// # Errors
/// The database.
pub async fn list(conn: &mut AnyConnection, project: &str, after: &str, limit: i64) -> Result<Vec<Scenario>> {
    let rows = sqlx::query("SELECT * FROM scenarios WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(project)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(scenario).collect()
}

/// Writes it anew; its revision goes up.
///
/// # Errors
/// There is no such scenario.
pub async fn change(
    conn: &mut AnyConnection,
    project: &str,
    id: &str,
    name: &str,
    modifications: &Modifications,
    now: Timestamp,
) -> Result<Scenario> {
    sqlx::query(
        "UPDATE scenarios SET name = $3, modifications = $4, revision = revision + 1, updated = $5 \
         WHERE project = $1 AND id = $2",
    )
    .bind(project)
    .bind(id)
    .bind(name)
    .bind(text(modifications)?)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, project, id).await
}

/// Takes it away; plans made with it stay and know what they were made with.
///
/// # Errors
/// There is no such scenario.
pub async fn remove(conn: &mut AnyConnection, project: &str, id: &str) -> Result<()> {
    let done = sqlx::query("DELETE FROM scenarios WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .execute(conn)
        .await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("scenario")) } else { Ok(()) }
}
