//! Survey rounds and the answers to them. A round's link is public; an answer's link is its author's alone, so only its hash is
//! kept. Nothing here says who somebody is.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StorageError, moment, new_id};

/// Answers to a round, at most.
pub const MOST_ANSWERS: i64 = 20_000;

/// A round of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Id.
    pub id: String,
    /// Of this project.
    pub project: String,
    /// What it is called.
    pub title: String,
    /// Chinese title.
    pub title_zh: Option<String>,
    /// First day on which it can be answered.
    pub opens: Date,
    /// Last one; `None`: until it is closed.
    pub closes: Option<Date>,
    /// Its link ends so.
    pub token: String,
    /// Closed by hand.
    pub closed: bool,
    /// Answers kept, 0 to [`MOST_ANSWERS`].
    pub answers: i64,
    /// Goes up with every change of the round itself.
    pub revision: i64,
    /// Since when.
    pub created: String,
    /// Last change.
    pub updated: String,
}

impl Round {
    /// May it be answered on this day?
    #[must_use]
    pub fn is_open(&self, today: Date) -> bool {
        !self.closed && self.opens <= today && self.closes.is_none_or(|last| today <= last)
    }
}

/// What is said of a round by whoever runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Title.
    pub title: String,
    /// Chinese title.
    pub title_zh: Option<String>,
    /// Last day.
    pub closes: Option<Date>,
    /// Closed by hand.
    pub closed: bool,
}

/// An answer, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Id: in order of answering.
    pub id: String,
    /// Of this project.
    pub project: String,
    /// To this round.
    pub round: String,
    /// What was answered (JSON).
    pub content: String,
    /// Goes up with every change.
    pub revision: i64,
    /// When it came.
    pub created: String,
    /// Last change.
    pub updated: String,
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| StorageError::Damaged("day"))
}

fn round(row: &AnyRow) -> Result<Round> {
    let (opens, closes): (String, Option<String>) = (row.try_get("opens")?, row.try_get("closes")?);
    Ok(Round {
        id: row.try_get("id")?,
        project: row.try_get("project")?,
        title: row.try_get("title")?,
        title_zh: row.try_get("title_zh")?,
        opens: day(&opens)?,
        closes: closes.as_deref().map(day).transpose()?,
        token: row.try_get("token")?,
        closed: row.try_get::<i64, _>("closed")? != 0,
        answers: row.try_get("answers")?,
        revision: row.try_get("revision")?,
        created: row.try_get("created")?,
        updated: row.try_get("updated")?,
    })
}

fn answer(row: &AnyRow) -> Result<Answer> {
    Ok(Answer {
        id: row.try_get("id")?,
        project: row.try_get("project")?,
        round: row.try_get("round")?,
        content: row.try_get("content")?,
        revision: row.try_get("revision")?,
        created: row.try_get("created")?,
        updated: row.try_get("updated")?,
    })
}

/// Opens a round, revision 1.
///
/// # Errors
/// There is no such project.
pub async fn add_round(
    conn: &mut AnyConnection,
    project: &str,
    terms: &Terms,
    opens: Date,
    token: &str,
    now: Timestamp,
) -> Result<Round> {
    let id = new_id();
    sqlx::query(
        "INSERT INTO rounds (id, project, title, title_zh, opens, closes, token, closed, answers, revision, created, updated) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 1, $9, $9)",
    )
    .bind(&id)
    .bind(project)
    .bind(&terms.title)
    .bind(terms.title_zh.as_deref())
    .bind(opens.to_string())
    .bind(terms.closes.map(|day| day.to_string()))
    .bind(token)
    .bind(i64::from(terms.closed))
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get_round(conn, project, &id).await
}

/// One of a project.
///
/// # Errors
/// It has none with that id.
pub async fn get_round(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Round> {
    let row = sqlx::query("SELECT * FROM rounds WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    round(&row.ok_or(StorageError::Missing("round"))?)
}

/// The one behind a link.
///
/// # Errors
/// There is none.
pub async fn round_of(conn: &mut AnyConnection, token: &str) -> Result<Round> {
    let row = sqlx::query("SELECT * FROM rounds WHERE token = $1").bind(token).fetch_optional(conn).await?;
    round(&row.ok_or(StorageError::Missing("round"))?)
}

/// The rounds of a project after an id, in order of making.
///
/// # Errors
/// The database.
pub async fn rounds(conn: &mut AnyConnection, project: &str, after: &str, limit: i64) -> Result<Vec<Round>> {
    let rows = sqlx::query("SELECT * FROM rounds WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(project)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(round).collect()
}

/// Other terms; its revision goes up.
///
/// # Errors
/// The project has no such round.
pub async fn change_round(
    conn: &mut AnyConnection,
    project: &str,
    id: &str,
    terms: &Terms,
    now: Timestamp,
) -> Result<Round> {
    sqlx::query(
        "UPDATE rounds SET title = $3, title_zh = $4, closes = $5, closed = $6, revision = revision + 1, updated = $7 \
         WHERE project = $1 AND id = $2",
    )
    .bind(project)
    .bind(id)
    .bind(&terms.title)
    .bind(terms.title_zh.as_deref())
    .bind(terms.closes.map(|day| day.to_string()))
    .bind(i64::from(terms.closed))
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get_round(conn, project, id).await
}

/// Keeps an answer, revision 1; `None`: the round is full, or was closed meanwhile.
///
/// # Errors
/// The database.
pub async fn add(
    conn: &mut AnyConnection,
    round: &Round,
    token_hash: &str,
    content: &str,
    now: Timestamp,
) -> Result<Option<Answer>> {
    // The counter decides: two answers at once cannot both be the last that fits.
    let counted = sqlx::query("UPDATE rounds SET answers = answers + 1 WHERE id = $1 AND closed = 0 AND answers < $2")
        .bind(&round.id)
        .bind(MOST_ANSWERS)
        .execute(&mut *conn)
        .await?;
    if counted.rows_affected() == 0 {
        return Ok(None);
    }
    sqlx::query(
        "INSERT INTO answers (id, project, round, token_hash, content, revision, created, updated) \
         VALUES ($1, $2, $3, $4, $5, 1, $6, $6)",
    )
    .bind(new_id())
    .bind(&round.project)
    .bind(&round.id)
    .bind(token_hash)
    .bind(content)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    Ok(Some(get(conn, token_hash).await?))
}

/// The answer behind a link, and its round.
///
/// # Errors
/// There is none: never was, or withdrawn.
pub async fn get(conn: &mut AnyConnection, token_hash: &str) -> Result<Answer> {
    let row = sqlx::query("SELECT * FROM answers WHERE token_hash = $1").bind(token_hash).fetch_optional(conn).await?;
    answer(&row.ok_or(StorageError::Missing("response"))?)
}

/// Answers otherwise.
///
/// # Errors
/// There is no such answer.
pub async fn change(conn: &mut AnyConnection, token_hash: &str, content: &str, now: Timestamp) -> Result<Answer> {
    sqlx::query("UPDATE answers SET content = $2, revision = revision + 1, updated = $3 WHERE token_hash = $1")
        .bind(token_hash)
        .bind(content)
        .bind(moment(now))
        .execute(&mut *conn)
        .await?;
    get(conn, token_hash).await
}

/// Withdraws: it is deleted. (What plans were made from before stays with them, without its link.)
///
/// # Errors
/// There is no such answer.
pub async fn withdraw(conn: &mut AnyConnection, token_hash: &str) -> Result<()> {
    let found = get(conn, token_hash).await?;
    let done = sqlx::query("DELETE FROM answers WHERE id = $1").bind(&found.id).execute(&mut *conn).await?;
    if done.rows_affected() == 0 {
        return Err(StorageError::Missing("answer")); // Withdrawn by another request just now.
    }
    sqlx::query("UPDATE rounds SET answers = answers - 1 WHERE id = $1").bind(&found.round).execute(conn).await?;
    Ok(())
}

/// The answers to a round after an id, in order of answering.
///
/// # Errors
/// The database.
pub async fn of_round(conn: &mut AnyConnection, round: &str, after: &str, limit: i64) -> Result<Vec<Answer>> {
    let rows = sqlx::query("SELECT * FROM answers WHERE round = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(round)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(answer).collect()
}

/// What was answered to all rounds of a project, in order of answering.
///
/// # Errors
/// The database.
pub async fn of_project(conn: &mut AnyConnection, project: &str) -> Result<Vec<String>> {
    let rows =
        sqlx::query("SELECT content FROM answers WHERE project = $1 ORDER BY id").bind(project).fetch_all(conn).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Store, projects};
    use super::*;

    fn terms(closed: bool) -> Terms {
        Terms { title: "Commute".to_owned(), title_zh: Some("通勤".to_owned()), closes: None, closed }
    }

    #[tokio::test]
    async fn answers_come_change_and_go_and_the_counter_agrees() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("a.db").display())).await.unwrap();
        let mut tx = store.write().await.unwrap();
        let now = Timestamp::UNIX_EPOCH;
        projects::add(&mut tx, "p", "P", None, now).await.unwrap();
        let day = Date::constant(2026, 12, 1);
        let round = add_round(&mut tx, "p", &terms(false), day, "t", now).await.unwrap();
        assert_eq!(round_of(&mut tx, "t").await.unwrap(), round);
        assert!(round.is_open(day) && !round.is_open(Date::constant(2026, 11, 30)));
        assert!(add_round(&mut tx, "q", &terms(false), day, "u", now).await.is_err());
        tx.rollback().await.unwrap();

        let mut tx = store.write().await.unwrap();
        projects::add(&mut tx, "p", "P", None, now).await.unwrap();
        let round = add_round(&mut tx, "p", &terms(false), day, "t", now).await.unwrap();
        let one = add(&mut tx, &round, "h1", "{}", now).await.unwrap().unwrap();
        let two = add(&mut tx, &round, "h2", "{\"a\":1}", now).await.unwrap().unwrap();
        assert!(one.id < two.id && one.revision == 1);
        assert_eq!(change(&mut tx, "h1", "{\"b\":2}", now).await.unwrap().revision, 2);
        assert_eq!(of_project(&mut tx, "p").await.unwrap(), ["{\"b\":2}", "{\"a\":1}"]);
        assert_eq!(of_round(&mut tx, &round.id, &one.id, 9).await.unwrap(), std::slice::from_ref(&two));
        withdraw(&mut tx, "h2").await.unwrap();
        assert!(matches!(withdraw(&mut tx, "h2").await, Err(StorageError::Missing(_))));
        assert!(matches!(change(&mut tx, "h2", "{}", now).await, Err(StorageError::Missing(_))));
        assert_eq!(get_round(&mut tx, "p", &round.id).await.unwrap().answers, 1);
        // Full, and closed: no more.
        sqlx::query("UPDATE rounds SET answers = $1").bind(MOST_ANSWERS).execute(&mut *tx).await.unwrap();
        assert_eq!(add(&mut tx, &round, "h3", "{}", now).await.unwrap(), None);
        sqlx::query("UPDATE rounds SET answers = 1").execute(&mut *tx).await.unwrap();
        let shut = change_round(&mut tx, "p", &round.id, &terms(true), now).await.unwrap();
        assert!(shut.closed && shut.revision == 2 && !shut.is_open(day));
        assert_eq!(add(&mut tx, &round, "h3", "{}", now).await.unwrap(), None);
        // With the project all of it goes.
        projects::remove(&mut tx, "p").await.unwrap();
        assert!(matches!(get(&mut tx, "h1").await, Err(StorageError::Missing(_))));
        tx.commit().await.unwrap();
    }
}
