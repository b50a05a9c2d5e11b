//! Plans. A plan's id is the hash of its content: it is written once and never changed, and writing it again changes nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::projects::{File, pack, unpack};
use super::{Result, StorageError, moment, scenarios};
use crate::planning::plan;
use crate::planning::scenario::Scenario as Modifications;

/// What a list of plans shows, without opening them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Objective, fen a mean day.
    pub objective: i64,
    /// Objective of doing nothing.
    pub nothing: i64,
    /// Proven limit.
    pub bound: i64,
    /// Share of the possible benefit that is missed at most.
    pub gap: f64,
    /// Riders a day.
    pub served: f64,
    /// Money a day, fen.
    pub cost: i64,
    /// Lines.
    pub lines: usize,
    /// Stops in use.
    pub stops: usize,
    /// Departures.
    pub trips: usize,
    /// Vehicles.
    pub vehicles: usize,
    /// Bays given.
    pub permits: usize,
}

impl Figures {
    /// Of a plan.
    #[must_use]
    pub fn of(plan: &plan::Plan) -> Self {
        Self {
            objective: plan.evaluation.objective.0,
            nothing: plan.evaluation.nothing.0,
            bound: plan.bound.objective.0,
            gap: plan.bound.gap,
            served: plan.evaluation.served,
            cost: plan.costs.total_fen.0,
            lines: plan.lines.len(),
            stops: plan.stops.len(),
            trips: plan.trips.len(),
            vehicles: crate::planning::compare::vehicles(plan),
            permits: plan.parking.permits.len(),
        }
    }
}

/// A plan as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Hash of its content.
    pub id: String,
    /// The job that made it.
    pub run: Option<String>,
    /// What it is called: the scenario, or as it is.
    pub label: String,
    /// When it was made.
    pub created: String,
    /// Its figures.
    pub figures: Figures,
}

/// What a plan was made from: enough to make it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Files by hash.
    pub inputs: Vec<File>,
    /// Modifications.
    pub modifications: Modifications,
}

fn summary(row: &AnyRow) -> Result<Summary> {
    let figures: String = row.try_get("figures")?;
    Ok(Summary {
        id: row.try_get("id")?,
        run: row.try_get("run")?,
        label: row.try_get("label")?,
        created: row.try_get("created")?,
        figures: serde_json::from_str(&figures).map_err(|_| StorageError::Damaged("plan"))?,
    })
}

/// A plan ready to be kept: packed outside of any transaction.
#[derive(Clone, Debug)]
pub struct Packed {
    id: String,
    figures: String,
    content: Vec<u8>,
}

impl Packed {
    /// Packs.
    #[must_use]
    pub fn new(plan: &plan::Plan) -> Self {
        Self {
            id: plan.id.clone(),
            figures: serde_json::to_string(&Figures::of(plan)).unwrap_or_default(),
            content: pack(&plan.to_json()),
        }
    }
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Keeps a plan; one that is kept already stays as it is.
///
/// # Errors
/// There is no such project.
pub async fn keep(
    conn: &mut AnyConnection,
    project: &str,
    run: Option<&str>,
    label: &str,
    origin: &Origin,
    plan: &Packed,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO plans (project, id, run, label, inputs, modifications, figures, content, created) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (project, id) DO NOTHING",
    )
    .bind(project)
    .bind(&plan.id)
    .bind(run)
    .bind(label)
    .bind(serde_json::to_string(&origin.inputs).map_err(|_| StorageError::Damaged("list of files"))?)
    .bind(scenarios::text(&origin.modifications)?)
    .bind(&plan.figures)
    .bind(&plan.content)
    .bind(moment(now))
    .execute(conn)
    .await?;
    Ok(())
}

const COLUMNS: &str = "id, run, label, figures, created";

/// Plans of a project, newest first, older than `before` (a moment and an id; empty: from the newest on). Best-so-far plans that a
/// job saved on its way are not listed.
///
/// # Errors
/// The database.
pub async fn list(conn: &mut AnyConnection, project: &str, before: (&str, &str), limit: i64) -> Result<Vec<Summary>> {
    let (moment, id) = if before.0.is_empty() { ("9", "") } else { before };
    let sql = format!(
        "SELECT {COLUMNS} FROM plans WHERE project = $1 AND (created < $2 OR (created = $2 AND id < $3)) \
         AND (run IS NULL OR EXISTS (SELECT 1 FROM runs WHERE runs.project = plans.project AND runs.plan = plans.id)) \
         ORDER BY created DESC, id DESC LIMIT $4"
    );
    let rows =
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project).bind(moment).bind(id).bind(limit).fetch_all(conn).await?;
    rows.iter().map(summary).collect()
}

/// One plan as lists show it.
///
/// # Errors
/// The project has none with that id.
pub async fn get(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Summary> {
    let sql = format!("SELECT {COLUMNS} FROM plans WHERE project = $1 AND id = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project).bind(id).fetch_optional(conn).await?;
    summary(&row.ok_or(StorageError::Missing("plan"))?)
}

/// What it was made from.
///
/// # Errors
/// The project has none with that id.
pub async fn origin(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Origin> {
    let row = sqlx::query("SELECT inputs, modifications FROM plans WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .fetch_optional(conn)
        .await?
        .ok_or(StorageError::Missing("plan"))?;
    let (inputs, modifications): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    Ok(Origin {
        inputs: serde_json::from_str(&inputs).map_err(|_| StorageError::Damaged("list of files"))?,
        modifications: scenarios::read(&modifications)?,
    })
}

/// The content of `plan.json`, byte for byte.
///
/// # Errors
/// The project has none with that id.
pub async fn json(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Vec<u8>> {
    let row = sqlx::query("SELECT content FROM plans WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    unpack(&row.ok_or(StorageError::Missing("plan"))?.try_get::<Vec<u8>, _>(0)?)
}
