//! Rides on request: the days they are driven on, with what each vehicle is to do, and who was promised what. No name and no number is kept, and of a
//! rider's link only its hash.
//!
//! A day is written by comparing its revision: who read it before somebody else wrote it writes nothing, and reads it again. What a promise changes
//! (the sheets, a ticket more) is one transaction.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Row};

use super::{KEPT_DAYS, Result, StorageError, moment, new_id};
use crate::publish::riding::Text;
use crate::routing::promises::{Desk, Promise, Sheet, Ticket, Visit, What, Wish};

/// Which day of which offer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Project.
    pub project: String,
    /// Offer, by its id in the plan.
    pub offer: String,
    /// Service day.
    pub date: Date,
}

/// A day on which somebody was promised something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The plan under which it is driven.
    pub plan: String,
    /// The time of the sheets, seconds of the service day.
    pub at: i32,
    /// What each vehicle has done and is to do.
    pub sheets: Vec<Sheet>,
    /// Goes up with every change.
    pub revision: i64,
}

/// What is written of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Time of the sheets.
    pub at: i32,
    /// Sheets.
    pub sheets: Vec<Sheet>,
}

impl Written {
    /// A desk as it stands.
    #[must_use]
    pub fn of(desk: &Desk) -> Self {
        Self { at: desk.now(), sheets: desk.sheets() }
    }
    fn last(&self) -> i64 {
        self.sheets.iter().flat_map(|sheet| &sheet.visits).map(|visit| i64::from(visit.begins)).max().unwrap_or(0)
    }
}

/// What was promised, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    from: String,
    to: String,
    pickup: usize,
    setdown: usize,
    window: (i32, i32),
    down: (i32, i32),
    longest: i32,
    board: i32,
    alight: i32,
    people: i32,
    load: Vec<i32>,
    arrive_by: bool,
    ready: i32,
    wheelchair: bool,
    planned: (i32, i32),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    called_off: Option<(String, String)>,
}

impl Kept {
    fn text(ride: &Ride, before: Option<&str>) -> Result<String> {
        let Promise { pickup, setdown, window, down, longest, board, alight, people, load } = ride.promise;
        let kept = Self {
            from: ride.from.clone(),
            to: ride.to.clone(),
            pickup,
            setdown,
            window,
            down,
            longest,
            board,
            alight,
            people,
            load: load.to_vec(),
            arrive_by: ride.wish == Wish::ArriveBy,
            ready: ride.ready,
            wheelchair: ride.wheelchair,
            planned: ride.planned,
            before: before.map(str::to_owned),
            called_off: ride.called_off.as_ref().map(|why| (why.zh.clone(), why.en.clone())),
        };
        serde_json::to_string(&kept).map_err(|_| StorageError::Damaged("ride"))
    }
}

/// Who was promised a ride.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ride {
    /// Id.
    pub id: String,
    /// Day.
    pub key: Key,
    /// Number on that day, from 0; of no meaning where there is a `before`.
    pub ticket: usize,
    /// It was cancelled, and the day goes on under another plan than this one, under which it was promised.
    pub before: Option<String>,
    /// What rider and driver know it by; one of the day's.
    pub code: String,
    /// Stop to board at, by its id.
    pub from: String,
    /// Stop to alight at.
    pub to: String,
    /// What was promised.
    pub promise: Promise,
    /// Which time was wished for …
    pub wish: Wish,
    /// … see [`Ticket::ready`].
    pub ready: i32,
    /// One of them is in a wheelchair.
    pub wheelchair: bool,
    /// When boarding and alighting were to begin as it was promised.
    pub planned: (i32, i32),
    /// They do not come.
    pub cancelled: bool,
    /// Who runs the day cancelled it for them: why; may be empty.
    pub called_off: Option<Text>,
    /// Since when.
    pub created: String,
}

impl Ride {
    /// For the desk.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        Ticket::stored(self.promise, self.wish, self.ready, self.cancelled)
    }
}

/// The sheets as they are kept: ticket, does it alight, place, begins, driven.
type Row5 = (usize, bool, usize, i32, bool);

fn sheets_text(sheets: &[Sheet]) -> Result<String> {
    let row =
        |visit: &Visit| -> Row5 { (visit.ticket, visit.what == What::Alight, visit.place, visit.begins, visit.driven) };
    let rows: Vec<Vec<Row5>> = sheets.iter().map(|sheet| sheet.visits.iter().map(row).collect()).collect();
    serde_json::to_string(&rows).map_err(|_| StorageError::Damaged("ride sheet"))
}

fn sheets_of(text: &str) -> Result<Vec<Sheet>> {
    let rows: Vec<Vec<Row5>> = serde_json::from_str(text).map_err(|_| StorageError::Damaged("ride sheet"))?;
    let visit = |(ticket, alights, place, begins, driven): Row5| {
        let what = if alights { What::Alight } else { What::Board };
        Visit { ticket, what, place, begins, driven }
    };
    Ok(rows.into_iter().map(|rows| Sheet { visits: rows.into_iter().map(visit).collect() }).collect())
}

fn date(text: &str) -> Result<Date> {
    text.parse().map_err(|_| StorageError::Damaged("day"))
}

fn ride(row: &AnyRow) -> Result<Ride> {
    let damaged = || StorageError::Damaged("ride");
    let (state, day, text): (String, String, String) =
        (row.try_get("state")?, row.try_get("day")?, row.try_get("ride")?);
    let kept: Kept = serde_json::from_str(&text).map_err(|_| damaged())?;
    let ticket: i64 = row.try_get("ticket")?;
    let Kept { pickup, setdown, window, down, longest, board, alight, people, load, .. } = kept;
    let load = load.try_into().map_err(|_| damaged())?;
    Ok(Ride {
        id: row.try_get("id")?,
        key: Key { project: row.try_get("project")?, offer: row.try_get("offer")?, date: date(&day)? },
        ticket: if kept.before.is_some() { usize::MAX } else { usize::try_from(ticket).map_err(|_| damaged())? },
        before: kept.before,
        called_off: kept.called_off.map(|(zh, en)| Text { zh, en }),
        code: row.try_get("code")?,
        from: kept.from,
        to: kept.to,
        promise: Promise { pickup, setdown, window, down, longest, board, alight, people, load },
        wish: if kept.arrive_by { Wish::ArriveBy } else { Wish::DepartAfter },
        ready: kept.ready,
        wheelchair: kept.wheelchair,
        planned: kept.planned,
        cancelled: match state.as_str() {
            "promised" => false,
            "cancelled" => true,
            _ => return Err(damaged()),
        },
        created: row.try_get("created")?,
    })
}

type Asked<'q> = Query<'q, Any, AnyArguments>;

/// A statement of a day: $1 to $3.
fn of_key<'q>(sql: &'static str, key: &Key) -> Asked<'q> {
    sqlx::query(sql).bind(&key.project).bind(&key.offer).bind(key.date.to_string())
}

/// What is written of a day: four more.
fn with_written<'q>(query: Asked<'q>, written: &Written, now: Timestamp) -> Result<Asked<'q>> {
    let sheets = sheets_text(&written.sheets)?;
    Ok(query.bind(i64::from(written.at)).bind(written.last()).bind(sheets).bind(moment(now)))
}

/// A day, if anything was promised on it.
///
/// # Errors
/// The database.
pub async fn day(conn: &mut AnyConnection, key: &Key) -> Result<Option<Day>> {
    let sql = "SELECT plan, at, sheets, revision FROM ride_days WHERE project = $1 AND offer = $2 AND day = $3";
    let row = of_key(sql, key).fetch_optional(conn).await?;
    row.map(|row| {
        let (at, sheets): (i64, String) = (row.try_get("at")?, row.try_get("sheets")?);
        Ok(Day {
            plan: row.try_get("plan")?,
            at: i32::try_from(at).map_err(|_| StorageError::Damaged("ride day"))?,
            sheets: sheets_of(&sheets)?,
            revision: row.try_get("revision")?,
        })
    })
    .transpose()
}

/// All promises of a day, by ticket; those cancelled too, but not those set aside.
///
/// # Errors
/// The database.
pub async fn of_day(conn: &mut AnyConnection, key: &Key) -> Result<Vec<Ride>> {
    let sql = "SELECT * FROM rides WHERE project = $1 AND offer = $2 AND day = $3 AND ticket >= 0 ORDER BY ticket";
    let rows = of_key(sql, key).fetch_all(conn).await?;
    let rides: Vec<Ride> = rows.iter().map(ride).collect::<Result<_>>()?;
    // Tickets are positions in the sheets: a gap would shift all that follow.
    let whole = rides.iter().enumerate().all(|(number, ride)| ride.ticket == number);
    if whole { Ok(rides) } else { Err(StorageError::Damaged("ride day")) }
}

/// Offers of a project on which somebody was promised something on a day, each with its plan. Is a promise of them open, not cancelled?
///
/// # Errors
/// The database.
pub async fn begun(conn: &mut AnyConnection, project: &str, date: Date) -> Result<Vec<(String, String, bool)>> {
    let sql = "SELECT offer, plan, CAST(CASE WHEN EXISTS (SELECT 1 FROM rides WHERE rides.project = ride_days.project AND \
               rides.offer = ride_days.offer AND rides.day = ride_days.day AND state = 'promised') THEN 1 ELSE 0 END AS BIGINT) AS open \
               FROM ride_days WHERE project = $1 AND day = $2 ORDER BY offer";
    let rows = sqlx::query(sql).bind(project).bind(date.to_string()).fetch_all(conn).await?;
    let row = |row: &AnyRow| Ok((row.try_get("offer")?, row.try_get("plan")?, row.try_get::<i64, _>("open")? > 0));
    rows.iter().map(row).collect()
}

/// How many rides are promised under a plan, from a day on.
///
/// # Errors
/// The database.
pub async fn promised(conn: &mut AnyConnection, project: &str, plan: &str, from: Date) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS many FROM rides JOIN ride_days USING (project, offer, day) \
               WHERE project = $1 AND plan = $2 AND day >= $3 AND state = 'promised'";
    let row = sqlx::query(sql).bind(project).bind(plan).bind(from.to_string()).fetch_one(conn).await?;
    Ok(row.try_get("many")?)
}

/// Days from one to another on which something is promised, each with its plan and the latest begin of anything on it.
///
/// # Errors
/// The database.
pub async fn between(conn: &mut AnyConnection, from: Date, until: Date) -> Result<Vec<(Key, String, i32)>> {
    let sql = "SELECT project, offer, day, plan, last FROM ride_days WHERE day >= $1 AND day <= $2 \
               ORDER BY project, offer, day";
    let rows = sqlx::query(sql).bind(from.to_string()).bind(until.to_string()).fetch_all(conn).await?;
    let day = |row: &AnyRow| {
        let (day, last): (String, i64) = (row.try_get("day")?, row.try_get("last")?);
        let key = Key { project: row.try_get("project")?, offer: row.try_get("offer")?, date: date(&day)? };
        let last = i32::try_from(last).map_err(|_| StorageError::Damaged("ride day"))?;
        Ok((key, row.try_get("plan")?, last))
    };
    rows.iter().map(day).collect()
}

/// Begins a day under a plan; false: it was begun meanwhile.
///
/// # Errors
/// There is no such project.
pub async fn begin(conn: &mut AnyConnection, key: &Key, plan: &str, written: &Written, now: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO ride_days (project, offer, day, plan, at, last, sheets, revision, created, updated) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8) ON CONFLICT (project, offer, day) DO NOTHING";
    let done = with_written(of_key(sql, key).bind(plan), written, now)?.execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a day as it was read at a revision, under a plan; false: somebody else wrote it meanwhile, and nothing is written.
///
/// # Errors
/// The database.
pub async fn write(
    conn: &mut AnyConnection,
    key: &Key,
    (revision, plan): (i64, &str),
    written: &Written,
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE ride_days SET at = $5, last = $6, sheets = $7, revision = revision + 1, updated = $8, plan = $9 \
               WHERE project = $1 AND offer = $2 AND day = $3 AND revision = $4";
    let done = with_written(of_key(sql, key).bind(revision), written, now)?.bind(plan).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// A cancelled ride gives up its ticket: its day begins anew under another plan than this one.
///
/// # Errors
/// The database.
pub async fn set_aside(conn: &mut AnyConnection, ride: &Ride, plan: &str) -> Result<()> {
    let sql = "UPDATE rides SET ride = $5, ticket = -1 + (SELECT MIN(ticket) FROM rides AS others \
               WHERE others.project = $1 AND others.offer = $2 AND others.day = $3) WHERE id = $4";
    of_key(sql, &ride.key).bind(&ride.id).bind(Kept::text(ride, Some(plan))?).execute(conn).await?;
    Ok(())
}

/// Adds a promise; its id and since when are made here. Of its link only the hash is kept.
///
/// # Errors
/// The link or the ticket is somebody else's.
pub async fn add(conn: &mut AnyConnection, token: &str, ride: &Ride, now: Timestamp) -> Result<Ride> {
    let id = new_id();
    of_key(
        "INSERT INTO rides (project, offer, day, id, ticket, token, code, state, ride, created, updated) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'promised', $8, $9, $9)",
        &ride.key,
    )
    .bind(&id)
    .bind(i64::try_from(ride.ticket).map_err(|_| StorageError::Damaged("ride"))?)
    .bind(token)
    .bind(&ride.code)
    .bind(Kept::text(ride, None)?)
    .bind(moment(now))
    .execute(conn)
    .await?;
    Ok(Ride { id, created: moment(now), ..ride.clone() })
}

/// The promise a link leads to; none: there is no such link.
///
/// # Errors
/// The database.
pub async fn by_token(conn: &mut AnyConnection, token: &str) -> Result<Option<Ride>> {
    let row = sqlx::query("SELECT * FROM rides WHERE token = $1").bind(token).fetch_optional(conn).await?;
    row.as_ref().map(ride).transpose()
}

/// The promise with a code on a day; none: there is no such code.
///
/// # Errors
/// The database.
pub async fn by_code(conn: &mut AnyConnection, key: &Key, code: &str) -> Result<Option<Ride>> {
    let sql = "SELECT * FROM rides WHERE project = $1 AND offer = $2 AND day = $3 AND code = $4 AND ticket >= 0";
    let row = of_key(sql, key).bind(code).fetch_optional(conn).await?;
    row.as_ref().map(ride).transpose()
}

/// They do not come; with who called it off and why, as the ride says. The day is written in the same transaction.
///
/// # Errors
/// The database.
pub async fn cancel(conn: &mut AnyConnection, ride: &Ride, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE rides SET state = 'cancelled', ride = $2, updated = $3 WHERE id = $1")
        .bind(&ride.id)
        .bind(Kept::text(ride, None)?)
        .bind(moment(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets days that are long over, with their rides.
///
/// # Errors
/// The database.
pub async fn forget(conn: &mut AnyConnection, now: Timestamp) -> Result<()> {
    let first = TimeZone::UTC.to_datetime(now).date().saturating_sub(KEPT_DAYS.days()).to_string();
    sqlx::query("DELETE FROM ride_days WHERE day < $1").bind(first).execute(conn).await?;
    Ok(())
}
