//! What lies around a place: sites, lots and rooms of a project as its files are now, and the plan in force today.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::app::{App, aside};
use super::problem::Problem;
use crate::domain::calendar::{Days, Window, minute_of, parse_time};
use crate::domain::units::{Seconds, ServiceTime};
use crate::intake::{self, AS_OF, Need, Needs, Source};
use crate::planning::plan::{Parking, Plan};
use crate::planning::project::Project;
use crate::publish::riding::Published;
use crate::storage::publications::Publication;
use crate::storage::{plans, projects, publications};

/// The files that are small and say what is where; roads and answers are not needed.
const SMALL: [&str; 8] =
    ["project.toml", "sites.csv", "sites.xlsx", "lots.csv", "lots.xlsx", "rooms.csv", "rooms.xlsx", "claims.csv"];
/// So many are kept parsed.
const KEPT: usize = 8;

/// The last few of something that never changes under its key.
pub(super) struct Kept<T>(Mutex<Vec<(String, Arc<T>)>>);

impl<T> Kept<T> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }
    pub(super) fn find(&self, key: &str) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == key).map(|(_, thing)| Arc::clone(thing))
    }
    pub(super) fn keep(&self, key: String, thing: &Arc<T>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((key, Arc::clone(thing)));
    }
}

/// What was read, and in which hour: dates that were over then are left out.
static GROUNDS: Kept<Project> = Kept::new();
static ALLOTMENTS: Kept<Parking> = Kept::new();

/// Sites, lots, rooms and claims of a project's files as they are now; nothing where they cannot be read.
///
/// # Errors
/// 404 where there is no such project.
pub(super) async fn of(app: &App, project: &str) -> Result<Arc<Project>, Problem> {
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, project).await?;
    let small = |name: &str| SMALL.contains(&name.to_lowercase().as_str());
    let files: Vec<projects::File> =
        projects::files(&mut conn, project).await?.into_iter().filter(|file| small(&file.name)).collect();
    let hour = Timestamp::now().as_second() / 3600;
    let key: String = files.iter().map(|file| format!("{} {}\n", file.name, file.sha)).collect();
    let key = format!("{hour}\n{key}");
    if let Some(known) = GROUNDS.find(&key) {
        return Ok(known);
    }
    let mut sources = Vec::with_capacity(files.len());
    for file in files {
        sources.push(Source { bytes: projects::bytes(&mut conn, &file.sha).await?, name: file.name });
    }
    drop(conn);
    let needs = Needs { parking: Need::IfThere, rooms: Need::IfThere, ..Needs::NONE };
    let read = aside(move || {
        let mut sources = sources;
        sources.push(as_of(&timezone(&sources)));
        intake::read_project(&sources, needs).unwrap_or_default()
    })
    .await?;
    let read = Arc::new(read);
    GROUNDS.keep(key, &read);
    Ok(read)
}

/// What has been published and not withdrawn, as riders know it, in the order in which it takes over.
pub(super) async fn published(app: &App, project: &str) -> Result<Vec<(Publication, Published)>, Problem> {
    let rows = publications::in_force(&mut *app.store().read().await?, project).await?;
    aside(move || {
        let read =
            |(publication, bytes): (Publication, Vec<u8>)| Some((publication, serde_json::from_slice(&bytes).ok()?));
        rows.into_iter().filter_map(read).collect()
    })
    .await
}

/// The bays of the plan in force today, and the plan's id.
pub(super) async fn allotment(app: &App, project: &str) -> Result<Option<(String, Arc<Parking>)>, Problem> {
    let now = Timestamp::now();
    let in_force = published(app, project).await?.into_iter().rev().find(|(publication, published)| {
        let zone = TimeZone::get(&published.timezone).unwrap_or(TimeZone::UTC);
        let today = now.to_zoned(zone).date();
        publication.from <= today
    });
    // As riders have it: who has taken over has taken over for good.
    let Some((publication, published)) = in_force else { return Ok(None) };
    let zone = TimeZone::get(&published.timezone).unwrap_or(TimeZone::UTC);
    if publication.until.is_some_and(|until| until < now.to_zoned(zone).date()) {
        return Ok(None);
    }
    if let Some(known) = ALLOTMENTS.find(&publication.plan) {
        return Ok(Some((publication.plan, known)));
    }
    let bytes = plans::json(&mut *app.store().read().await?, project, &publication.plan).await?;
    let plan = aside(move || Plan::from_json(&bytes)).await?.map_err(|error| Problem::fault(&error))?;
    let parking = Arc::new(plan.parking);
    ALLOTMENTS.keep(publication.plan.clone(), &parking);
    Ok(Some((publication.plan, parking)))
}

/// The time zone a project's files name.
pub(super) fn timezone(sources: &[Source]) -> String {
    let settings: Vec<Source> =
        sources.iter().filter(|source| source.name.eq_ignore_ascii_case("project.toml")).cloned().collect();
    intake::read_project(&settings, Needs::NONE).unwrap_or_default().timezone
}

fn clock_of(timezone: &str) -> DateTime {
    let zone = TimeZone::get(timezone).unwrap_or(TimeZone::UTC);
    Timestamp::now().to_zoned(zone).datetime()
}

/// The minute of the calendar it is now on the clock of a time zone (IANA name).
pub(super) fn local(timezone: &str) -> i64 {
    minute_of(clock_of(timezone))
}

/// The file that tells which dates are over now. By the hour: plans asked for within it are made from the same files, read once.
pub(super) fn as_of(timezone: &str) -> Source {
    Source { name: AS_OF.to_owned(), bytes: clock_of(timezone).strftime("%Y-%m-%dT%H:00").to_string().into_bytes() }
}

/// `HH:MM` of one day.
pub(super) fn is_clock(text: &str) -> bool {
    let text = text.trim_end_matches('\n');
    text.len() == 5 && text.as_bytes()[2] == b':' && parse_time(text).is_some_and(|time| time.0 < 24 * 3600)
}

/// A window, weekly or of dates.
///
/// # Errors
/// 409: these are no days.
pub(super) fn window(days: &str, from: &str, to: &str) -> Result<Window, Problem> {
    let unread = || Problem::conflict("place-days").arg("days", days);
    let Some(days) = Days::parse(days) else { return Err(unread()) };
    let (Some(from), Some(to)) = (parse_time(from), parse_time(to)) else { return Err(unread()) };
    let to = if to > from { to } else { to + Seconds(24 * 3600) };
    Ok(Window { days, from, to })
}

/// What of it is still to come at a minute of the calendar: lots and rooms do not lend on days gone by, so that nothing can be decided about these.
///
/// # Errors
/// 409: these are no days, or all of them are over.
pub(super) fn window_to_come(days: &str, from: &str, to: &str, now: i64) -> Result<Window, Problem> {
    window(days, from, to)?.parted(now).1.ok_or_else(|| Problem::conflict("place-over").arg("days", days))
}

/// A time of day, "08:00", of a time that may be after midnight.
pub(super) fn clock(time: ServiceTime) -> String {
    ServiceTime(time.0 % (24 * 3600)).clock()
}
