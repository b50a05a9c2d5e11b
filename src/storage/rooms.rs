//! Rooms that are offered, and who claims them: first come, first served.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{DATED, KEPT_DAYS, Result, StorageError, long_over, moment, new_id};

/// What is offered; the columns of rooms.csv.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// A site's id.
    pub site: String,
    /// "reading", "nursing", "meeting" …
    pub kind: String,
    /// Seats.
    pub seats: u32,
    /// Days, normal form.
    pub days: String,
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`; not after `from`: the next day.
    pub to: String,
    /// Who may use it; as written.
    pub who: String,
}

/// A room offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its id in the project.
    pub id: String,
    /// What is offered.
    pub offer: Offer,
    /// Since when.
    pub created: String,
}

fn room(row: &AnyRow) -> Result<Room> {
    let offer: String = row.try_get("offer")?;
    Ok(Room {
        id: row.try_get("id")?,
        offer: serde_json::from_str(&offer).map_err(|_| StorageError::Damaged("room"))?,
        created: row.try_get("created")?,
    })
}

/// Offers a room.
///
/// # Errors
/// The id is taken.
pub async fn add(conn: &mut AnyConnection, project: &str, id: &str, offer: &Offer, now: Timestamp) -> Result<Room> {
    sqlx::query("INSERT INTO rooms (project, id, offer, created) VALUES ($1, $2, $3, $4)")
        .bind(project)
        .bind(id)
        .bind(serde_json::to_string(offer).map_err(|_| StorageError::Damaged("room"))?)
        .bind(moment(now))
        .execute(&mut *conn)
        .await?;
    Ok(Room { id: id.to_owned(), offer: offer.clone(), created: moment(now) })
}

/// Rooms of a project after an id, by id.
///
/// # Errors
/// The database.
pub async fn list(conn: &mut AnyConnection, project: &str, after: &str, limit: i64) -> Result<Vec<Room>> {
    let rows = sqlx::query("SELECT * FROM rooms WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(project)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(room).collect()
}

/// Takes an offer back; claims granted for it stay as they are.
///
/// # Errors
/// There is no such room.
pub async fn remove(conn: &mut AnyConnection, project: &str, id: &str) -> Result<()> {
    let done =
        sqlx::query("DELETE FROM rooms WHERE project = $1 AND id = $2").bind(project).bind(id).execute(conn).await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("room")) } else { Ok(()) }
}

/// What is claimed; the columns of claims.csv.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// A room's id, or a kind of room.
    pub room: String,
    /// Days, normal form.
    pub days: String,
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`; not after `from`: the next day.
    pub to: String,
    /// How many.
    pub people: u32,
    /// What the group is called.
    pub group: String,
}

/// Why a claim got nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// `no-room`, `too-small`, `closed`, `taken`.
    pub reason: String,
    /// Room, days, from, to of the next window that is free.
    pub next: Option<(String, String, String, String)>,
}

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has its room.
    Granted,
    /// It has none.
    Refused,
    /// Taken back.
    Withdrawn,
}

impl State {
    const ALL: [Self; 3] = [Self::Granted, Self::Refused, Self::Withdrawn];

    fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Id.
    pub id: String,
    /// Of this project.
    pub project: String,
    /// Where it stands.
    pub state: State,
    /// What is claimed.
    pub wanted: Wanted,
    /// The room it has.
    pub room: Option<String>,
    /// Why it has none.
    pub refusal: Option<Refusal>,
    /// Goes up with every change.
    pub revision: i64,
    /// Since when.
    pub created: String,
}

fn claim(row: &AnyRow) -> Result<Claim> {
    let damaged = || StorageError::Damaged("claim");
    let (state, wanted): (String, String) = (row.try_get("state")?, row.try_get("claim")?);
    let refusal: Option<String> = row.try_get("refusal")?;
    Ok(Claim {
        id: row.try_get("id")?,
        project: row.try_get("project")?,
        state: State::ALL.into_iter().find(|known| known.name() == state).ok_or_else(damaged)?,
        wanted: serde_json::from_str(&wanted).map_err(|_| damaged())?,
        room: row.try_get("room")?,
        refusal: refusal.map(|text| serde_json::from_str(&text)).transpose().map_err(|_| damaged())?,
        revision: row.try_get("revision")?,
        created: row.try_get("created")?,
    })
}

/// Adds a claim, decided already: a room, or why there is none. Of its link only the hash is kept.
///
/// # Errors
/// There is no such project.
pub async fn add_claim(
    conn: &mut AnyConnection,
    project: &str,
    token: &str,
    wanted: &Wanted,
    decided: &std::result::Result<String, Refusal>,
    now: Timestamp,
) -> Result<Claim> {
    let id = new_id();
    let text = |value: serde_json::Result<String>| value.map_err(|_| StorageError::Damaged("claim"));
    let (state, room, refusal) = match decided {
        Ok(room) => (State::Granted, Some(room.as_str()), None),
        Err(refusal) => (State::Refused, None, Some(text(serde_json::to_string(refusal))?)),
    };
    sqlx::query(
        "INSERT INTO room_claims (id, project, token, state, claim, room, refusal, revision, created, updated) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)",
    )
    .bind(&id)
    .bind(project)
    .bind(token)
    .bind(state.name())
    .bind(text(serde_json::to_string(wanted))?)
    .bind(room)
    .bind(refusal)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    let row = sqlx::query("SELECT * FROM room_claims WHERE id = $1").bind(&id).fetch_one(conn).await?;
    claim(&row)
}

/// The claim a link leads to.
///
/// # Errors
/// There is none.
pub async fn by_token(conn: &mut AnyConnection, token: &str) -> Result<Claim> {
    let row = sqlx::query("SELECT * FROM room_claims WHERE token = $1").bind(token).fetch_optional(conn).await?;
    claim(&row.ok_or(StorageError::Missing("claim"))?)
}

/// Claims of a project after an id, oldest first.
///
/// # Errors
/// The database.
pub async fn claims(conn: &mut AnyConnection, project: &str, after: &str, limit: i64) -> Result<Vec<Claim>> {
    let rows = sqlx::query("SELECT * FROM room_claims WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(project)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(claim).collect()
}

/// Claims that have a room, oldest first.
///
/// # Errors
/// The database.
pub async fn granted(conn: &mut AnyConnection, project: &str) -> Result<Vec<Claim>> {
    let sql = "SELECT * FROM room_claims WHERE project = $1 AND state = 'granted' ORDER BY id";
    sqlx::query(sql).bind(project).fetch_all(conn).await?.iter().map(claim).collect()
}

/// How many of a project are not withdrawn. Those that are over are looked for only where there are as many as there may be; until two days
/// after the last date none is over, whatever the clock of the project.
///
/// # Errors
/// The database.
pub async fn count(conn: &mut AnyConnection, project: &str, most: i64, now: Timestamp) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM room_claims WHERE project = $1 AND state <> 'withdrawn'";
    let all: i64 = sqlx::query(sql).bind(project).fetch_one(&mut *conn).await?.try_get(0)?;
    if all < most {
        return Ok(all);
    }
    let sql = "SELECT * FROM room_claims WHERE project = $1 AND state <> 'withdrawn' AND claim LIKE $2";
    let dated = sqlx::query(sql).bind(project).bind(DATED).fetch_all(conn).await?;
    let dated: Vec<Claim> = dated.iter().map(claim).collect::<Result<_>>()?;
    let over = dated.iter().filter(|claim| long_over(&claim.wanted.days, 2, now)).count();
    Ok(all - i64::try_from(over).unwrap_or(all))
}

/// Forgets what was asked for on dates that are long over, withdrawn or not; its link then leads nowhere.
///
/// # Errors
/// The database.
pub async fn forget(conn: &mut AnyConnection, now: Timestamp) -> Result<()> {
    // Dates were to come when they were asked for: what is younger need not be looked at.
    let sql = "SELECT * FROM room_claims WHERE created < $1 AND claim LIKE $2";
    let before = moment(now - (24 * KEPT_DAYS).hours());
    let rows = sqlx::query(sql).bind(before).bind(DATED).fetch_all(&mut *conn).await?;
    for row in &rows {
        let claim = claim(row)?;
        if long_over(&claim.wanted.days, KEPT_DAYS, now) {
            sqlx::query("DELETE FROM room_claims WHERE id = $1").bind(&claim.id).execute(&mut *conn).await?;
        }
    }
    Ok(())
}

/// Takes a claim back: the room is free again.
///
/// # Errors
/// There is no such claim.
pub async fn withdraw(conn: &mut AnyConnection, id: &str, now: Timestamp) -> Result<Claim> {
    sqlx::query(
        "UPDATE room_claims SET state = 'withdrawn', room = NULL, refusal = NULL, revision = revision + 1, updated = $2 \
         WHERE id = $1 AND state <> 'withdrawn'",
    )
    .bind(id)
    .bind(moment(now))
    .execute(&mut *conn)
    .await?;
    let row = sqlx::query("SELECT * FROM room_claims WHERE id = $1").bind(id).fetch_optional(conn).await?;
    claim(&row.ok_or(StorageError::Missing("claim"))?)
}
