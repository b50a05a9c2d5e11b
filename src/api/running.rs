//! The running day: what does not run, what is late, what riders should know; and who was counted, for the next plan. Seen by riders at
//! once.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, aside};
use super::ask::Ask;
use super::boards::Board;
use super::body::{At, Check, Checked, Params};
use super::caller::{Caller, Right};
use super::days;
use super::page::{Page, Paging};
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::{Reply, etag};
use crate::publish::riding::{Alert, Cancelled, DayTrip, Delay, Period, Published, Text, Timetable, Today};
use crate::storage::running::{self, Boarding, KeptAlert};
use crate::storage::{projects, publications};

/// Counts that come at a time, at most.
const MOST_ROWS: usize = 1_000;
/// Lines or stops an alert names, at most.
const MOST_NAMED: usize = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(day))
        .routes(routes!(cancel, restore))
        .routes(routes!(delay, on_time))
        .routes(routes!(list_alerts, add_alert))
        .routes(routes!(read_alert, change_alert, remove_alert))
        .routes(routes!(count))
        .routes(routes!(counted))
}

/// Words for riders.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Words)]
pub(super) struct WordsShown {
    /// Chinese; may be empty.
    pub(super) zh: String,
    /// English; may be empty.
    pub(super) en: String,
}

impl WordsShown {
    pub(super) fn of(text: &Text) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}

/// A trip of a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunningTrip)]
pub(super) struct TripShown {
    /// Service day.
    pub(super) date: String,
    /// Trip id.
    pub(super) trip: String,
    /// Line id.
    pub(super) line: String,
    /// Name of the line.
    pub(super) line_name: String,
    /// English name of the line, may be empty.
    pub(super) line_name_en: String,
    /// Departure from the first stop by the timetable, HH:MM, may pass 24:00.
    pub(super) departure: String,
    /// Seconds late (negative: early), where anybody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delay: Option<i32>,
    /// It does not run.
    pub(super) cancelled: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<WordsShown>,
}

impl TripShown {
    fn of(trip: &DayTrip<'_>) -> Self {
        Self {
            date: trip.date.to_string(),
            trip: trip.trip.id.clone(),
            line: trip.line.id.clone(),
            line_name: trip.line.name.clone(),
            line_name_en: trip.line.name_en.clone(),
            departure: trip.trip.departure().clock(),
            delay: trip.delay,
            cancelled: trip.cancelled,
            reason: trip.reason.map(WordsShown::of),
        }
    }
}

/// A day as it runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunningDay {
    /// Service day.
    pub(super) date: String,
    /// Its trips, by departure.
    pub(super) trips: Vec<TripShown>,
}

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WhichDay {
    /// Service day; today where it is not given.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub(super) date: Option<String>,
}

impl Check for WhichDay {
    fn flaws(&self) -> Vec<Flaw> {
        self.date.as_deref().and_then(|date| days::day_flaw("date", date)).into_iter().collect()
    }
}

impl WhichDay {
    /// The day asked for; today where none is.
    pub(super) fn of(&self, board: &Board, now: Timestamp) -> Result<Date, Problem> {
        self.date.as_deref().map_or_else(|| Ok(board.date(now)), days::day)
    }
}

/// The trips of a day, from yesterday on, and what was said about them.
#[utoipa::path(get, path = "/v1/projects/{project}/running", tag = "running",
    params(("project" = String, Path), WhichDay), responses(
    (status = 200, body = RunningDay), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn day(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(which): Params<WhichDay>,
) -> Result<Json<RunningDay>, Problem> {
    caller.may(Right::Read, &project)?;
    let board = app.boards().get(app.store(), &project).await?;
    let date = which.of(&board, Timestamp::now())?;
    Ok(Json(RunningDay { date: date.to_string(), trips: trips_of(&board, date) }))
}

/// The trips of a day, by departure.
pub(super) fn trips_of(board: &Board, date: Date) -> Vec<TripShown> {
    let table = board.timetable();
    let ids = table.day(date).into_iter().flat_map(|line| line.trips);
    let mut trips: Vec<DayTrip<'_>> = ids.filter_map(|trip| table.trip(&trip.id, date, board.today())).collect();
    trips.sort_by(|a, b| (a.trip.departure(), &a.trip.id).cmp(&(b.trip.departure(), &b.trip.id)));
    trips.iter().map(TripShown::of).collect()
}

/// The trip runs on that day by the timetable, yesterday at the earliest.
async fn known(app: &App, project: &str, date: &str, trip: &str) -> Result<(Arc<Board>, Date), Problem> {
    let date: Date = date.parse().map_err(|_| Problem::missing("day"))?;
    let board = app.boards().get(app.store(), project).await?;
    if board.timetable().trip(trip, date, &Today::default()).is_none() {
        return Err(Problem::missing("trip"));
    }
    Ok((board, date))
}

/// Why a trip or a ride does not run.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CancelReason)]
pub(super) struct Reason {
    /// Chinese.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub(super) reason_zh: Option<String>,
    /// English.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub(super) reason_en: Option<String>,
}

impl Reason {
    /// In both languages; what is not given is empty.
    pub(super) fn text(&self) -> Text {
        let words = |text: &Option<String>| text.clone().unwrap_or_default();
        Text { zh: words(&self.reason_zh), en: words(&self.reason_en) }
    }
}

impl Check for Reason {
    fn flaws(&self) -> Vec<Flaw> {
        let fields = [("reason_zh", &self.reason_zh), ("reason_en", &self.reason_en)];
        fields.into_iter().filter_map(|(name, text)| days::line_flaw(name, text.as_deref()?, 200)).collect()
    }
}

/// Cancel a trip on a day. Said again, the last word counts.
#[utoipa::path(put, path = "/v1/projects/{project}/running/{date}/trips/{trip}/cancellation", tag = "running",
    params(("project" = String, Path), ("date" = String, Path), ("trip" = String, Path)), request_body = Reason,
    responses((status = 200, body = TripShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn cancel(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, date, trip)): At<(String, String, String)>,
    body: Checked<Reason>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Operate, &project)?;
    call_off(&app, &ask, (&project, &date, &trip), &body.value, body.fingerprint()).await
}

/// Cancels a trip (project, day, trip). The caller has been asked for their right, the reason has been looked over.
pub(super) async fn call_off(
    app: &App,
    ask: &Ask,
    (project, date, trip): (&str, &str, &str),
    reason: &Reason,
    fingerprint: &str,
) -> Result<Reply, Halt> {
    let (board, date) = known(app, project, date, trip).await?;
    let told = reason.reason_zh.is_some() || reason.reason_en.is_some();
    let reason = told.then(|| reason.text());
    let mut tx = ask.begin(app, fingerprint).await?;
    let now = tx.now;
    let cancelled = Cancelled { date, trip: trip.to_owned(), reason };
    running::cancel(&mut tx, project, &cancelled, now).await?;
    let today = Today::new(vec![cancelled], Vec::new(), Vec::new());
    let shown = board.timetable().trip(trip, date, &today).map(|trip| TripShown::of(&trip));
    let reply = tx.finish(Reply::ok(&shown)).await?;
    app.boards().changed(app.store(), project).await;
    Ok(reply)
}

/// The trip runs after all.
#[utoipa::path(delete, path = "/v1/projects/{project}/running/{date}/trips/{trip}/cancellation", tag = "running",
    params(("project" = String, Path), ("date" = String, Path), ("trip" = String, Path)),
    responses((status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn restore(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, date, trip)): At<(String, String, String)>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Operate, &project)?;
    unsay(&app, &ask, (&project, &date, &trip), Said::Cancelled).await
}

/// What can be said of a trip.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said {
    /// It does not run.
    Cancelled,
    /// It is late.
    Late,
}

/// Takes back what was said of a trip (project, day, trip). The caller has been asked for their right.
pub(super) async fn unsay(
    app: &App,
    ask: &Ask,
    (project, date, trip): (&str, &str, &str),
    said: Said,
) -> Result<Reply, Halt> {
    let date: Date = date.parse().map_err(|_| Problem::missing("day"))?;
    let mut tx = ask.begin(app, "").await?;
    match said {
        Said::Cancelled => running::restore(&mut tx, project, date, trip).await?,
        Said::Late => running::on_time(&mut tx, project, date, trip).await?,
    }
    let reply = tx.finish(Reply::done()).await?;
    app.boards().changed(app.store(), project).await;
    Ok(reply)
}

/// How late a trip is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Late {
    /// Seconds late at every stop, up to 12 hours; negative: early, up to an hour.
    #[schema(minimum = -3600, maximum = 43200)]
    pub(super) seconds: i32,
}

impl Check for Late {
    fn flaws(&self) -> Vec<Flaw> {
        let fits = (-3600..=43_200).contains(&self.seconds);
        (!fits)
            .then(|| Flaw::new("seconds", "number-range").arg("least", -3600).arg("most", 43_200))
            .into_iter()
            .collect()
    }
}

/// A trip is late on a day. Said again, the last word counts.
#[utoipa::path(put, path = "/v1/projects/{project}/running/{date}/trips/{trip}/delay", tag = "running",
    params(("project" = String, Path), ("date" = String, Path), ("trip" = String, Path)), request_body = Late,
    responses((status = 200, body = TripShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn delay(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, date, trip)): At<(String, String, String)>,
    body: Checked<Late>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Operate, &project)?;
    set_late(&app, &ask, (&project, &date, &trip), &body.value, body.fingerprint()).await
}

/// Says how late a trip is (project, day, trip). The caller has been asked for their right.
pub(super) async fn set_late(
    app: &App,
    ask: &Ask,
    (project, date, trip): (&str, &str, &str),
    late: &Late,
    fingerprint: &str,
) -> Result<Reply, Halt> {
    let (board, date) = known(app, project, date, trip).await?;
    let mut tx = ask.begin(app, fingerprint).await?;
    let now = tx.now;
    let delay = Delay { date, trip: trip.to_owned(), seconds: late.seconds, at: Some(now) };
    running::delay(&mut tx, project, &delay, now).await?;
    let cancelled = board.today().cancellation(date, trip).cloned().into_iter().collect();
    let today = Today::new(cancelled, vec![delay], Vec::new());
    let shown = board.timetable().trip(trip, date, &today).map(|trip| TripShown::of(&trip));
    let reply = tx.finish(Reply::ok(&shown)).await?;
    app.boards().changed(app.store(), project).await;
    Ok(reply)
}

/// Nothing is known of a delay any more.
#[utoipa::path(delete, path = "/v1/projects/{project}/running/{date}/trips/{trip}/delay", tag = "running",
    params(("project" = String, Path), ("date" = String, Path), ("trip" = String, Path)),
    responses((status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn on_time(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, date, trip)): At<(String, String, String)>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Operate, &project)?;
    unsay(&app, &ask, (&project, &date, &trip), Said::Late).await
}

/// Something riders should know.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alert)]
pub(super) struct AlertShown {
    /// Id.
    pub(super) id: String,
    /// Chinese.
    pub(super) zh: String,
    /// English.
    pub(super) en: String,
    /// Shown from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<String>,
    /// No longer shown then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<String>,
    /// Lines it is about.
    pub(super) lines: Vec<String>,
    /// Stops it is about; neither lines nor stops: everything.
    pub(super) stops: Vec<String>,
}

impl AlertShown {
    pub(super) fn of(alert: &Alert) -> Self {
        let Alert { id, text, from, until, lines, stops, .. } = alert.clone();
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        Self { id, zh: text.zh, en: text.en, from: time(from), until: time(until), lines, stops }
    }
}

/// An alert with its revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptAlert)]
pub(super) struct KeptAlertShown {
    /// What riders see.
    #[serde(flatten)]
    alert: AlertShown,
    /// Goes up with every change; the ETag.
    revision: i64,
    /// Since when.
    created: String,
}

impl KeptAlertShown {
    fn of(kept: KeptAlert) -> Self {
        Self { alert: AlertShown::of(&kept.alert), revision: kept.revision, created: kept.created }
    }
}

/// An alert to be shown. Words in one language at least.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAlert {
    /// Chinese.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub(super) zh: Option<String>,
    /// English.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub(super) en: Option<String>,
    /// Shown from then on; missing: from now.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$")]
    pub(super) from: Option<String>,
    /// No longer shown then; missing: until it is taken away.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$")]
    pub(super) until: Option<String>,
    /// Lines it is about.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub(super) lines: Vec<String>,
    /// Stops it is about; neither lines nor stops: everything.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub(super) stops: Vec<String>,
}

impl Check for NewAlert {
    fn flaws(&self) -> Vec<Flaw> {
        let words = [("zh", &self.zh), ("en", &self.en)];
        let words = words.into_iter().filter_map(|(name, text)| days::line_flaw(name, text.as_deref()?, 300));
        let times = [("from", &self.from), ("until", &self.until)];
        let times = times.into_iter().filter_map(|(name, text)| days::moment_flaw(name, text.as_deref()?));
        let ids = [("lines", &self.lines), ("stops", &self.stops)];
        let ids = ids.into_iter().filter(|(_, ids)| ids.len() > MOST_NAMED);
        let ids = ids.map(|(name, _)| Flaw::new(name, "number-range").arg("least", 0).arg("most", MOST_NAMED));
        words.chain(times).chain(ids).collect()
    }
}

impl NewAlert {
    /// As riders get it; what the schema cannot say is looked at here.
    fn read(&self, id: &str, board: &Board) -> Result<Alert, Problem> {
        let words = |text: &Option<String>| text.as_deref().unwrap_or("").trim().to_owned();
        let text = Text { zh: words(&self.zh), en: words(&self.en) };
        if text.zh.is_empty() && text.en.is_empty() {
            return Err(Problem::conflict("alert-without-words"));
        }
        let time = |text: &Option<String>| text.as_deref().map(days::moment).transpose();
        let (from, until) = (time(&self.from)?, time(&self.until)?);
        if until.is_some_and(|until| from.is_some_and(|from| until <= from)) {
            return Err(Problem::conflict("ends-before-it-begins"));
        }
        let periods = board.timetable().periods();
        let unknown = |what: &str, id: &str| Problem::conflict("not-in-the-timetable").arg("what", what).arg("id", id);
        if let Some(id) = self.lines.iter().find(|id| periods.iter().all(|p| p.published.line(id).is_none())) {
            return Err(unknown("line", id));
        }
        if let Some(id) = self.stops.iter().find(|id| periods.iter().all(|p| p.published.stop(id).is_none())) {
            return Err(unknown("stop", id));
        }
        let (lines, stops) = (self.lines.clone(), self.stops.clone());
        Ok(Alert { id: id.to_owned(), text, detail: None, from, until, lines, stops })
    }
}

/// The alerts of a project, oldest first; those that are over too.
#[utoipa::path(get, path = "/v1/projects/{project}/alerts", tag = "running", params(("project" = String, Path), Paging),
    responses((status = 200, body = Page<KeptAlertShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list_alerts(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<KeptAlertShown>>, Problem> {
    caller.may(Right::Read, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let rows = running::alerts(&mut conn, &project, paging.after(), paging.fetch()).await?;
    Ok(Json(paging.page(rows, |kept| kept.alert.id.clone(), KeptAlertShown::of)))
}

/// Tell riders something.
#[utoipa::path(post, path = "/v1/projects/{project}/alerts", tag = "running", params(("project" = String, Path)),
    request_body = NewAlert, responses(
    (status = 201, body = KeptAlertShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn add_alert(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    body: Checked<NewAlert>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Operate, &project)?;
    tell(&app, &ask, &project, &body.value, body.fingerprint()).await
}

/// Tells riders something. The caller has been asked for their right, the alert has been looked over.
pub(super) async fn tell(
    app: &App,
    ask: &Ask,
    project: &str,
    alert: &NewAlert,
    fingerprint: &str,
) -> Result<Reply, Halt> {
    let board = app.boards().get(app.store(), project).await?;
    let alert = alert.read("", &board)?;
    let mut tx = ask.begin(app, fingerprint).await?;
    let now = tx.now;
    let kept = running::add_alert(&mut tx, project, &alert, now).await?;
    let (location, revision) = (format!("/v1/projects/{project}/alerts/{}", kept.alert.id), kept.revision);
    let reply = tx.finish(Reply::created(location, &KeptAlertShown::of(kept)).revision(revision)).await?;
    app.boards().changed(app.store(), project).await;
    Ok(reply)
}

/// One alert.
#[utoipa::path(get, path = "/v1/projects/{project}/alerts/{alert}", tag = "running",
    params(("project" = String, Path), ("alert" = String, Path)), responses(
    (status = 200, body = KeptAlertShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read_alert(
    State(app): State<App>,
    caller: Caller,
    At((project, alert)): At<(String, String)>,
) -> Result<Response, Problem> {
    caller.may(Right::Read, &project)?;
    let kept = running::alert_of(&mut *app.store().read().await?, &project, &alert).await?;
    let tag = etag(kept.revision);
    Ok(([(header::ETAG, tag)], Json(KeptAlertShown::of(kept))).into_response())
}

/// Write an alert anew.
#[utoipa::path(put, path = "/v1/projects/{project}/alerts/{alert}", tag = "running",
    params(("project" = String, Path), ("alert" = String, Path)), request_body = NewAlert, responses(
    (status = 200, body = KeptAlertShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn change_alert(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, alert)): At<(String, String)>,
    body: Checked<NewAlert>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Operate, &project)?;
    let board = app.boards().get(app.store(), &project).await?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    projects::lock(&mut tx, &project).await?;
    ask.expects(running::alert_of(&mut tx, &project, &alert).await?.revision)?;
    let kept = running::change_alert(&mut tx, &project, &body.value.read(&alert, &board)?).await?;
    let revision = kept.revision;
    let reply = tx.finish(Reply::ok(&KeptAlertShown::of(kept)).revision(revision)).await?;
    app.boards().changed(app.store(), &project).await;
    Ok(reply)
}

/// Take an alert away.
#[utoipa::path(delete, path = "/v1/projects/{project}/alerts/{alert}", tag = "running",
    params(("project" = String, Path), ("alert" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn remove_alert(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, alert)): At<(String, String)>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Operate, &project)?;
    untell(&app, &ask, &project, &alert).await
}

/// Takes an alert away. The caller has been asked for their right.
pub(super) async fn untell(app: &App, ask: &Ask, project: &str, alert: &str) -> Result<Reply, Halt> {
    let mut tx = ask.begin(app, "").await?;
    projects::lock(&mut tx, project).await?;
    ask.expects(running::alert_of(&mut tx, project, alert).await?.revision)?;
    running::remove_alert(&mut tx, project, alert).await?;
    let reply = tx.finish(Reply::done()).await?;
    app.boards().changed(app.store(), project).await;
    Ok(reply)
}

/// People counted at a stop: of a trip, or of a line and its departure.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BoardingRow {
    /// Service day, today at the latest.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    date: String,
    /// Trip id.
    #[schema(min_length = 1, max_length = 100)]
    trip: Option<String>,
    /// Line id, instead of the trip.
    #[schema(min_length = 1, max_length = 100)]
    line: Option<String>,
    /// With the line: when it left its first stop by the timetable, HH:MM, may pass 24:00.
    #[schema(pattern = "^[0-4][0-9]:[0-5][0-9]$")]
    departure: Option<String>,
    /// Stop id.
    #[schema(min_length = 1, max_length = 100)]
    stop: String,
    /// Got on.
    #[schema(minimum = 0, maximum = 1000)]
    on: u32,
    /// Got off.
    #[schema(minimum = 0, maximum = 1000)]
    off: u32,
}

/// What was counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Boardings {
    /// Of the same day, trip and stop the last count stands.
    #[schema(min_items = 1, max_items = 1000)]
    rows: Vec<BoardingRow>,
}

impl Check for Boardings {
    fn flaws(&self) -> Vec<Flaw> {
        if !(1..=MOST_ROWS).contains(&self.rows.len()) {
            return vec![Flaw::new("rows", "number-range").arg("least", 1).arg("most", MOST_ROWS)];
        }
        let mut flaws = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let field = |name: &str| format!("rows[{at}].{name}");
            flaws.extend(days::day_flaw(&field("date"), &row.date));
            for (name, id) in [("trip", row.trip.as_ref()), ("line", row.line.as_ref()), ("stop", Some(&row.stop))] {
                if id.is_some_and(|id| !(1..=100).contains(&id.chars().count())) {
                    flaws.push(Flaw::new(field(name), "text-length").arg("least", 1).arg("most", 100));
                }
            }
            let clock =
                |text: &str| days::like(text, "00:00") && text.as_bytes()[0] < b'5' && text.as_bytes()[3] < b'6';
            if row.departure.as_deref().is_some_and(|text| !clock(text)) {
                flaws.push(Flaw::new(field("departure"), "clock-form"));
            }
            for (name, people) in [("on", row.on), ("off", row.off)] {
                if people > 1000 {
                    flaws.push(Flaw::new(field(name), "number-range").arg("least", 0).arg("most", 1000));
                }
            }
        }
        flaws
    }
}

/// What was kept.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Kept {
    /// Rows.
    rows: usize,
}

/// Bring what was counted: numbers by trip and stop, never who. All rows or none.
#[utoipa::path(post, path = "/v1/projects/{project}/boardings", tag = "running", params(("project" = String, Path)),
    request_body = Boardings, responses(
    (status = 200, body = Kept), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn count(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    body: Checked<Boardings>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Operate, &project)?;
    let all = publications::in_force(&mut *app.store().read().await?, &project).await?;
    let table = aside(move || {
        let periods = all.into_iter().filter_map(|(one, bytes)| {
            let published: Published = serde_json::from_slice(&bytes).ok()?;
            let published = Arc::new(published);
            Some(Period { publication: one.id, published, from: one.from, until: one.until })
        });
        Timetable::new(periods.collect())
    })
    .await?;
    let today = table.zone().to_datetime(Timestamp::now()).date();
    let rows = body.value.rows.iter().enumerate().map(|(at, row)| counted_row(&table, today, at, row));
    let rows: Vec<Boarding> = rows.collect::<Result<_, _>>()?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    let now = tx.now;
    projects::get(&mut tx, &project).await?;
    running::count(&mut tx, &project, &rows, now).await?;
    tx.finish(Reply::ok(&Kept { rows: rows.len() })).await
}

/// A row against the timetable of its day; `at` counts from 0.
fn counted_row(table: &Timetable, today: Date, at: usize, row: &BoardingRow) -> Result<Boarding, Problem> {
    let wrong = |code| Problem::conflict(code).arg("row", at + 1);
    let date = days::day(&row.date)?;
    if date > today {
        return Err(wrong("counted-in-the-future"));
    }
    let calm = Today::default();
    let trip = match (&row.trip, &row.line, &row.departure) {
        (Some(trip), None, None) => table.trip(trip, date, &calm),
        (None, Some(line), Some(departure)) => {
            let days = table.day(date);
            let line = days.iter().find(|day| day.line.id == *line);
            let trip = line.and_then(|day| day.trips.iter().find(|trip| trip.departure().clock() == *departure));
            trip.and_then(|trip| table.trip(&trip.id, date, &calm))
        }
        _ => return Err(wrong("trip-or-line")),
    };
    let trip = trip.ok_or_else(|| wrong("counted-on-no-trip"))?;
    if !trip.line.stops.contains(&row.stop) {
        return Err(wrong("counted-at-no-stop"));
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Ok(Boarding {
        date,
        trip: text(&row.trip),
        line: text(&row.line),
        departure: text(&row.departure),
        stop: row.stop.clone(),
        on: row.on.into(),
        off: row.off.into(),
    })
}

/// What was counted, as the boardings.csv of a project folder. For planners: a row may be about few people.
#[utoipa::path(get, path = "/v1/projects/{project}/boardings.csv", tag = "running", params(("project" = String, Path)),
    responses((status = 200, body = String, content_type = "text/csv"),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn counted(State(app): State<App>, caller: Caller, At(project): At<String>) -> Result<Response, Problem> {
    caller.may_whole(Right::ReadCohorts, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let rows = running::counted(&mut conn, &project).await?;
    let mut text = String::from("date,trip,line,departure,stop,on,off\n");
    for row in rows {
        let [trip, line, stop] = [&row.trip, &row.line, &row.stop].map(|id| cell(id));
        let _ = writeln!(text, "{},{trip},{line},{},{stop},{},{}", row.date, row.departure, row.on, row.off);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"boardings.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// A field of a CSV file (RFC 4180).
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
