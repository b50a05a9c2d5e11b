//! What people say is wrong at a stop, and what the committee answers. Texts may hold anything; they are never logged.

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StorageError, moment, new_id};

/// Something is wrong at a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Id.
    pub id: String,
    /// Of this project.
    pub project: String,
    /// At this stop.
    pub stop: String,
    /// What they say.
    pub text: String,
    /// Language of who says it.
    pub lang: Option<String>,
    /// Done with? Else it is open.
    pub done: bool,
    /// The committee's answer.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered: Option<String>,
    /// Goes up with every change.
    pub revision: i64,
    /// When it was said.
    pub created: String,
}

fn comment(row: &AnyRow) -> Result<Comment> {
    let state: String = row.try_get("state")?;
    Ok(Comment {
        id: row.try_get("id")?,
        project: row.try_get("project")?,
        stop: row.try_get("stop")?,
        text: row.try_get("text")?,
        lang: row.try_get("lang")?,
        done: state == "done",
        answer: row.try_get("answer")?,
        answered: row.try_get("answered")?,
        revision: row.try_get("revision")?,
        created: row.try_get("created")?,
    })
}

/// Adds one; of its link only the hash is kept.
///
/// # Errors
/// There is no such project.
pub async fn add(
    conn: &mut AnyConnection,
    (project, stop): (&str, &str),
    token: &str,
    text: &str,
    lang: Option<&str>,
    now: Timestamp,
) -> Result<Comment> {
    let id = new_id();
    sqlx::query(
        "INSERT INTO comments (id, project, token, stop, text, lang, state, revision, created, updated) \
         VALUES ($1, $2, $3, $4, $5, $6, 'open', 1, $7, $7)",
    )
    .bind(&id)
    .bind(project)
    .bind(token)
    .bind(stop)
    .bind(text)
    .bind(lang)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, project, &id).await
}

/// Open ones of a stop since a moment.
///
/// # Errors
/// The database.
pub async fn open_since(conn: &mut AnyConnection, project: &str, stop: &str, since: Timestamp) -> Result<i64> {
    let row = sqlx::query(
        "SELECT COUNT(*) FROM comments WHERE project = $1 AND stop = $2 AND state = 'open' AND created >= $3",
    )
    .bind(project)
    .bind(stop)
    .bind(moment(since))
    .fetch_one(conn)
    .await?;
    Ok(row.try_get(0)?)
}

/// One of a project.
///
/// # Errors
/// It has none with that id.
pub async fn get(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Comment> {
    let row = sqlx::query("SELECT * FROM comments WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    comment(&row.ok_or(StorageError::Missing("comment"))?)
}

/// The one a link leads to.
///
/// # Errors
/// There is none.
pub async fn by_token(conn: &mut AnyConnection, token: &str) -> Result<Comment> {
    let row = sqlx::query("SELECT * FROM comments WHERE token = $1").bind(token).fetch_optional(conn).await?;
    comment(&row.ok_or(StorageError::Missing("comment"))?)
}

/// Those of a project, or of a stop of it, after an id, oldest first.
///
/// # Errors
/// The database.
pub async fn list(
    conn: &mut AnyConnection,
    project: &str,
    stop: Option<&str>,
    after: &str,
    limit: i64,
) -> Result<Vec<Comment>> {
    let rows = match stop {
        None => sqlx::query("SELECT * FROM comments WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3")
            .bind(project)
            .bind(after)
            .bind(limit),
        Some(stop) => {
            sqlx::query("SELECT * FROM comments WHERE project = $1 AND id > $2 AND stop = $4 ORDER BY id LIMIT $3")
                .bind(project)
                .bind(after)
                .bind(limit)
                .bind(stop)
        }
    };
    rows.fetch_all(conn).await?.iter().map(comment).collect()
}

/// The latest of a project, of each state, newest first.
///
/// # Errors
/// The database.
pub async fn latest(conn: &mut AnyConnection, project: &str, done: bool, limit: i64) -> Result<Vec<Comment>> {
    let rows = sqlx::query("SELECT * FROM comments WHERE project = $1 AND state = $2 ORDER BY id DESC LIMIT $3")
        .bind(project)
        .bind(state(done))
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(comment).collect()
}

fn state(done: bool) -> &'static str {
    if done { "done" } else { "open" }
}

/// Answers it, in place of an earlier answer; an answered comment is done with.
///
/// # Errors
/// There is no such comment.
pub async fn answer(conn: &mut AnyConnection, project: &str, id: &str, text: &str, now: Timestamp) -> Result<Comment> {
    sqlx::query(
        "UPDATE comments SET answer = $3, answered = $4, state = 'done', revision = revision + 1, updated = $4 \
         WHERE project = $1 AND id = $2",
    )
    .bind(project)
    .bind(id)
    .bind(text)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, project, id).await
}

/// Opens it again, or says that it is done with.
///
/// # Errors
/// There is no such comment.
pub async fn set_done(
    conn: &mut AnyConnection,
    project: &str,
    id: &str,
    done: bool,
    now: Timestamp,
) -> Result<Comment> {
    sqlx::query("UPDATE comments SET state = $3, revision = revision + 1, updated = $4 WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .bind(state(done))
        .bind(moment(now))
        .execute(&mut *conn)
        .await?;
    get(conn, project, id).await
}
