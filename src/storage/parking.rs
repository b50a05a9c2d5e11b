//! Who asks for a bay at night, and what was decided by hand. What a plan decides stands in the plan, not here.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{DATED, KEPT_DAYS, Result, StorageError, long_over, moment, new_id};

/// What is asked for; the columns of parking.csv.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// A site's id, or `lon lat` of a cell of about 100 m.
    pub home: String,
    /// Residential area, a site's id.
    pub area: Option<String>,
    /// Days, normal form.
    pub days: String,
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`; not after `from`: the next day.
    pub to: String,
    /// Farthest walk, metres.
    pub max_walk_m: u32,
    /// Highest price of a night, fen.
    pub max_price: Option<u32>,
    /// Needs an accessible bay.
    pub accessible: bool,
    /// Needs a charger.
    pub charging: bool,
}

/// Where a request stands, plans aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Plans decide.
    Open,
    /// Granted by hand.
    Granted,
    /// Refused by hand.
    Refused,
    /// Taken back by who asked.
    Withdrawn,
}

impl State {
    const ALL: [Self; 4] = [Self::Open, Self::Granted, Self::Refused, Self::Withdrawn];

    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Id: as a plan names it.
    pub id: String,
    /// Of this project.
    pub project: String,
    /// Where it stands.
    pub state: State,
    /// What is asked for; without the home once it is withdrawn.
    pub wish: Wish,
    /// The lot granted by hand.
    pub lot: Option<String>,
    /// Why it was refused by hand.
    pub reason: Option<String>,
    /// Goes up with every change.
    pub revision: i64,
    /// Since when.
    pub created: String,
}

fn request(row: &AnyRow) -> Result<Request> {
    let (state, wish): (String, String) = (row.try_get("state")?, row.try_get("wish")?);
    let damaged = || StorageError::Damaged("parking request");
    Ok(Request {
        id: row.try_get("id")?,
        project: row.try_get("project")?,
        state: State::ALL.into_iter().find(|known| known.name() == state).ok_or_else(damaged)?,
        wish: serde_json::from_str(&wish).map_err(|_| damaged())?,
        lot: row.try_get("lot")?,
        reason: row.try_get("reason")?,
        revision: row.try_get("revision")?,
        created: row.try_get("created")?,
    })
}

fn text(wish: &Wish) -> Result<String> {
    serde_json::to_string(wish).map_err(|_| StorageError::Damaged("parking request"))
}

/// Adds one; of its link only the hash is kept.
///
/// # Errors
/// There is no such project.
pub async fn add(conn: &mut AnyConnection, project: &str, token: &str, wish: &Wish, now: Timestamp) -> Result<Request> {
    let id = new_id();
    sqlx::query(
        "INSERT INTO parking_requests (id, project, token, state, wish, revision, created, updated) \
         VALUES ($1, $2, $3, 'open', $4, 1, $5, $5)",
    )
    .bind(&id)
    .bind(project)
    .bind(token)
    .bind(text(wish)?)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, project, &id).await
}

/// One of a project.
///
/// # Errors
/// It has none with that id.
pub async fn get(conn: &mut AnyConnection, project: &str, id: &str) -> Result<Request> {
    let row = sqlx::query("SELECT * FROM parking_requests WHERE project = $1 AND id = $2")
        .bind(project)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    request(&row.ok_or(StorageError::Missing("parking-request"))?)
}

/// The one a link leads to.
///
/// # Errors
/// There is none.
pub async fn by_token(conn: &mut AnyConnection, token: &str) -> Result<Request> {
    let row = sqlx::query("SELECT * FROM parking_requests WHERE token = $1").bind(token).fetch_optional(conn).await?;
    request(&row.ok_or(StorageError::Missing("parking-request"))?)
}

/// Those of a project after an id, oldest first.
///
/// # Errors
/// The database.
pub async fn list(conn: &mut AnyConnection, project: &str, after: &str, limit: i64) -> Result<Vec<Request>> {
    let rows = sqlx::query("SELECT * FROM parking_requests WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(project)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(request).collect()
}

/// Those that a plan has to look at: not withdrawn, not refused by hand. Oldest first.
///
/// # Errors
/// The database.
pub async fn to_plan(conn: &mut AnyConnection, project: &str) -> Result<Vec<Request>> {
    let sql = "SELECT * FROM parking_requests WHERE project = $1 AND state IN ('open', 'granted') ORDER BY id";
    let rows = sqlx::query(sql).bind(project).fetch_all(conn).await?;
    rows.iter().map(request).collect()
}

/// Those that a plan no longer decides about: decided by hand, or withdrawn.
///
/// # Errors
/// The database.
pub async fn by_hand(conn: &mut AnyConnection, project: &str) -> Result<Vec<Request>> {
    let sql = "SELECT * FROM parking_requests WHERE project = $1 AND state <> 'open' ORDER BY id";
    let rows = sqlx::query(sql).bind(project).fetch_all(conn).await?;
    rows.iter().map(request).collect()
}

/// How many of a project are not withdrawn. Those that are over are looked for only where there are as many as there may be; until two days
/// after the last date none is over, whatever the clock of the project.
///
/// # Errors
/// The database.
pub async fn count(conn: &mut AnyConnection, project: &str, most: i64, now: Timestamp) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM parking_requests WHERE project = $1 AND state <> 'withdrawn'";
    let all: i64 = sqlx::query(sql).bind(project).fetch_one(&mut *conn).await?.try_get(0)?;
    if all < most {
        return Ok(all);
    }
    let sql = "SELECT * FROM parking_requests WHERE project = $1 AND state <> 'withdrawn' AND wish LIKE $2";
    let dated = sqlx::query(sql).bind(project).bind(DATED).fetch_all(conn).await?;
    let dated: Vec<Request> = dated.iter().map(request).collect::<Result<_>>()?;
    let over = dated.iter().filter(|request| long_over(&request.wish.days, 2, now)).count();
    Ok(all - i64::try_from(over).unwrap_or(all))
}

/// Forgets what was asked for on dates that are long over, withdrawn or not; its link then leads nowhere.
///
/// # Errors
/// The database.
pub async fn forget(conn: &mut AnyConnection, now: Timestamp) -> Result<()> {
    // Dates were to come when they were asked for: what is younger need not be looked at.
    let sql = "SELECT * FROM parking_requests WHERE created < $1 AND wish LIKE $2";
    let before = moment(now - (24 * KEPT_DAYS).hours());
    let rows = sqlx::query(sql).bind(before).bind(DATED).fetch_all(&mut *conn).await?;
    for row in &rows {
        let request = request(row)?;
        if long_over(&request.wish.days, KEPT_DAYS, now) {
            sqlx::query("DELETE FROM parking_requests WHERE id = $1").bind(&request.id).execute(&mut *conn).await?;
        }
    }
    Ok(())
}

/// Asks for something else; what was decided by hand is open again.
///
/// # Errors
/// There is no such request.
pub async fn change(conn: &mut AnyConnection, project: &str, id: &str, wish: &Wish, now: Timestamp) -> Result<Request> {
    sqlx::query(
        "UPDATE parking_requests SET wish = $3, state = 'open', lot = NULL, reason = NULL, revision = revision + 1, \
         updated = $4 WHERE project = $1 AND id = $2",
    )
    .bind(project)
    .bind(id)
    .bind(text(wish)?)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, project, id).await
}

/// Takes it back: the home is forgotten at once.
///
/// # Errors
/// There is no such request.
pub async fn withdraw(conn: &mut AnyConnection, project: &str, id: &str, now: Timestamp) -> Result<Request> {
    let wish = Wish { home: String::new(), area: None, ..get(conn, project, id).await?.wish };
    sqlx::query(
        "UPDATE parking_requests SET wish = $3, state = 'withdrawn', lot = NULL, reason = NULL, \
         revision = revision + 1, updated = $4 WHERE project = $1 AND id = $2 AND state <> 'withdrawn'",
    )
    .bind(project)
    .bind(id)
    .bind(text(&wish)?)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, project, id).await
}

/// A decision by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    /// This lot.
    Grant(&'a str),
    /// None, for this reason.
    Refuse(&'a str),
}

/// Decides by hand; it holds until who asked asks for something else.
///
/// # Errors
/// There is no such request.
pub async fn decide(
    conn: &mut AnyConnection,
    project: &str,
    id: &str,
    decision: Decision<'_>,
    now: Timestamp,
) -> Result<Request> {
    let (state, lot, reason) = match decision {
        Decision::Grant(lot) => (State::Granted, Some(lot), None),
        Decision::Refuse(reason) => (State::Refused, None, Some(reason)),
    };
    sqlx::query(
        "UPDATE parking_requests SET state = $3, lot = $4, reason = $5, revision = revision + 1, updated = $6 \
         WHERE project = $1 AND id = $2",
    )
    .bind(project)
    .bind(id)
    .bind(state.name())
    .bind(lot)
    .bind(reason)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    get(conn, project, id).await
}
