//! What riders read: the project's timetable, a stop, a day to print. From memory, made once a second and language; no login, no
//! database, no JavaScript. And the operator's page of the running day, which has a login.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, http};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::frame::{Refusal, Visitor, form_urlencoded};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::boards::Board;
use crate::api::body::{At, Check, Params, fingerprint};
use crate::api::caller::{Right, cookie};
use crate::api::language::{NAME, Reads};
use crate::api::problem::{Flaw, Halt, Problem};
use crate::api::public::{clocks, second, shelves};
use crate::api::reply::Reply;
use crate::api::running::{self, Late, NewAlert, Reason, Said, WhichDay};
use crate::api::shelf::{Kind, Made};
use crate::domain::finding::Argument;
use crate::publish::pages::{dates, shell};
use crate::publish::phrases::{Language, phrase};
use crate::publish::riding::{Alert, Departure, Text, TrainMade};

/// Departures on a stop's page.
const SHOWN: usize = 6;
/// Trains of a departure.
const TRAINS: usize = 2;
/// The cookie with a rider's own stop; of one project's pages only.
const STOP: &str = "stop";

const PAGE: Kind = Kind {
    mime: "text/html; charset=utf-8",
    cache: "public, max-age=5",
    vary: "accept-encoding, accept-language, cookie",
    name: None,
    policy: Some(
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    packs: true,
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/p/{project}", get(project))
        .route("/p/{project}/timetable", get(timetable))
        .route("/p/{project}/{stop}", get(stop))
        // What a stop's QR code opens: `base_url/stops/id`, whatever of these the base_url is.
        .route("/p/{project}/stops/{stop}", get(stop))
        .route("/{project}/stops/{stop}", get(moved))
        .route("/stops/{stop}", get(found))
        // What the code of rides on request opens: `base_url/rides`, likewise.
        .route("/p/{project}/rides", get(booking))
        .route("/{project}/rides", get(booking))
        .route("/rides", get(booked_here))
        .route("/projects/{project}/running", get(day).post(act))
}

/// What every page for riders has.
struct Frame {
    language: Language,
    tag: &'static str,
    other: (&'static str, &'static str),
    title: String,
    name: String,
    project: String,
    /// Are there rides on request, today or later?
    rides: bool,
}

impl Frame {
    fn new(board: &Board, language: Language, title: String, now: Timestamp) -> Self {
        let other = match language {
            Language::Zh => ("en", "English"),
            Language::En => ("zh", "中文"),
        };
        let name = board.face(now).map_or_else(String::new, |face| match language {
            Language::Zh => face.name_zh.clone().unwrap_or_else(|| face.name.clone()),
            Language::En => face.name.clone(),
        });
        let project = form_urlencoded(board.project());
        Self { language, tag: language.tag(), other, title, name, project, rides: board.has_rides(now) }
    }
    fn say(&self, key: &str) -> String {
        phrase(self.language, key, &[])
    }
    fn with(&self, key: &str, args: &[(&str, Argument)]) -> String {
        phrase(self.language, key, args)
    }
}

/// The words in a language, the other's where it has none.
fn words(language: Language, zh: &str, en: &str) -> String {
    let (own, other) = match language {
        Language::Zh => (zh, en),
        Language::En => (en, zh),
    };
    if own.trim().is_empty() { other } else { own }.trim().to_owned()
}

fn text(language: Language, text: &Text) -> String {
    words(language, &text.zh, &text.en)
}

fn told<'a>(language: Language, alerts: impl IntoIterator<Item = &'a Alert>) -> Vec<String> {
    alerts.into_iter().map(|alert| text(language, &alert.text)).collect()
}

#[derive(Template)]
#[template(path = "rider_stop.html")]
struct StopPage {
    f: Frame,
    /// As it stands in addresses.
    id: String,
    /// The name in the other language.
    also: String,
    alerts: Vec<String>,
    rows: Vec<Row>,
    over: bool,
    updated: String,
}

/// A departure.
struct Row {
    clock: String,
    away: String,
    short: String,
    to: String,
    late: String,
    cancelled: bool,
    reason: String,
    last: Option<&'static str>,
    trains: Vec<String>,
    trip: String,
    date: Date,
}

impl Row {
    fn new(f: &Frame, row: &Departure<'_>, today: Date) -> Self {
        let clock = |time: jiff::civil::DateTime| format!("{:02}:{:02}", time.hour(), time.minute());
        let day = row.expected_local.date();
        let away = if day != today {
            dates::list(f.language, &[day])
        } else if row.cancelled {
            String::new()
        } else if row.minutes < 1 {
            f.say("rider-now")
        } else if row.minutes < 120 {
            f.with("rider-minutes", &[("minutes", row.minutes.into())])
        } else {
            String::new()
        };
        let late = match row.delay {
            Some(seconds) if seconds.abs() >= 60 => {
                let key = if seconds > 0 { "rider-late" } else { "rider-early" };
                let planned = clock(row.scheduled_local);
                f.with(key, &[("minutes", (seconds.abs() / 60).into()), ("time", planned.into())])
            }
            _ => String::new(),
        };
        let headsign = words(f.language, row.headsign, row.headsign_en);
        Self {
            clock: clock(row.expected_local),
            away,
            short: words(f.language, row.short, row.short_en),
            to: f.with("rider-to", &[("headsign", headsign.into())]),
            late,
            cancelled: row.cancelled,
            reason: row.reason.map_or_else(String::new, |reason| text(f.language, reason)),
            last: if row.last {
                Some("rider-last")
            } else if row.last_of_line {
                Some("rider-last-of-line")
            } else {
                None
            },
            trains: row.trains.iter().take(TRAINS).map(|train| makes(f, train)).collect(),
            trip: form_urlencoded(row.trip),
            date: row.service_date,
        }
    }
}

fn makes(f: &Frame, train: &TrainMade<'_>) -> String {
    let key = if train.direction.trim().is_empty() { "rider-train-any" } else { "rider-train" };
    let args = [
        ("station", words(f.language, train.name, train.name_en).into()),
        ("line", train.line.into()),
        ("time", format!("{:02}:{:02}", train.local.hour(), train.local.minute()).into()),
        ("direction", train.direction.into()),
    ];
    f.with(key, &args)
}

fn stop_page(board: &Board, id: &str, language: Language) -> Result<std::sync::Arc<Made>, Problem> {
    let now = second(Timestamp::now());
    let (stop, shelf) = board.stop(id, now).ok_or_else(|| Problem::missing("stop"))?;
    shelf.at(shelves::PAGES + u16::from(language == Language::En), now.as_second(), || {
        let title = words(language, &stop.name, &stop.name_en);
        let other = if language == Language::Zh { &stop.name_en } else { &stop.name };
        let f = Frame::new(board, language, title, now);
        let local = board.timetable().zone().to_datetime(now);
        let rows = board.timetable().departures(id, now, SHOWN, board.today());
        let rows: Vec<Row> = rows.iter().map(|row| Row::new(&f, row, local.date())).collect();
        let updated = format!("{:02}:{:02}", local.hour(), local.minute());
        let page = StopPage {
            id: segment(id),
            also: if *other == f.title { String::new() } else { other.trim().to_owned() },
            alerts: told(language, board.alerts_at(id, now)),
            over: board.timetable().periods().iter().all(|one| one.until.is_some_and(|until| until < local.date())),
            rows,
            updated: f.with("rider-updated", &[("time", updated.into())]),
            f,
        };
        Ok(shell::render(&page).into_bytes())
    })
}

/// The answer; a language that was chosen in the address is remembered.
fn answer(made: &Made, headers: &HeaderMap, uri: &Uri, language: Language) -> Response {
    let mut response = made.answer(headers, &PAGE);
    if uri.query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("lang="))) {
        let name = if language == Language::Zh { "zh" } else { "en" };
        remember(&mut response, &format!("{NAME}={name}; Path=/; SameSite=Lax; Max-Age=31536000"));
    }
    response
}

/// An answer that sets a cookie is for this reader alone.
fn remember(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
        response.headers_mut().insert(http::header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
}

async fn stop(
    State(app): State<App>,
    Reads(language): Reads,
    headers: HeaderMap,
    uri: Uri,
    At((project, stop)): At<(String, String)>,
) -> Result<Response, Refusal> {
    let board = app.boards().get(app.store(), &project).await?;
    Ok(answer(&*stop_page(&board, &stop, language)?, &headers, &uri, language))
}

/// `base_url` may be this host and the project's id.
async fn moved(State(app): State<App>, At((project, stop)): At<(String, String)>) -> Result<Redirect, Refusal> {
    app.boards().get(app.store(), &project).await?;
    Ok(Redirect::temporary(&format!("/p/{}/{}", form_urlencoded(&project), segment(&stop))))
}

/// … or this host alone: the one project that has such a stop.
async fn found(State(app): State<App>, At(stop): At<String>) -> Result<Redirect, Refusal> {
    let boards = app.boards().all();
    let mut known = boards.iter().filter(|board| board.stop_shelf(&stop).is_some());
    match (known.next(), known.next()) {
        (Some(board), None) => {
            Ok(Redirect::temporary(&format!("/p/{}/{}", form_urlencoded(board.project()), segment(&stop))))
        }
        _ => Err(Problem::missing("stop").into()),
    }
}

/// Where rides on request are booked.
async fn booking(State(app): State<App>, At(project): At<String>) -> Result<Redirect, Refusal> {
    app.boards().get(app.store(), &project).await?;
    Ok(Redirect::temporary(&format!("/rides/{}", form_urlencoded(&project))))
}

/// The one project that has any.
async fn booked_here(State(app): State<App>) -> Result<Redirect, Refusal> {
    let (boards, now) = (app.boards().all(), Timestamp::now());
    let mut known = boards.iter().filter(|board| board.has_rides(now));
    match (known.next(), known.next()) {
        (Some(board), None) => Ok(Redirect::temporary(&format!("/rides/{}", form_urlencoded(board.project())))),
        _ => Err(Problem::missing("project").into()),
    }
}

/// An id as a part of a path: a slash in it does not part it.
fn segment(id: &str) -> String {
    form_urlencoded(id).replace('/', "%2F")
}

/// What a rider asks of the project's page.
#[derive(Debug, Default, Deserialize)]
struct Chosen {
    /// My stop from now on.
    stop: Option<String>,
    /// All stops, also for those who have one.
    choose: Option<String>,
}

impl Check for Chosen {}

#[derive(Template)]
#[template(path = "rider_project.html")]
struct ProjectPage {
    f: Frame,
    alerts: Vec<String>,
    notes: Vec<String>,
    stops: Vec<StopLink>,
}

struct StopLink {
    id: String,
    name: String,
    /// Where its lines go.
    towards: Vec<String>,
    step_free: bool,
}

async fn project(
    State(app): State<App>,
    Reads(language): Reads,
    headers: HeaderMap,
    uri: Uri,
    At(project): At<String>,
    Params(chosen): Params<Chosen>,
) -> Result<Response, Refusal> {
    let board = app.boards().get(app.store(), &project).await?;
    if let Some(stop) = chosen.stop {
        board.stop_shelf(&stop).ok_or_else(|| Problem::missing("stop"))?;
        let (place, stop) = (format!("/p/{}", form_urlencoded(&project)), segment(&stop));
        let mut response = Redirect::to(&format!("{place}/{stop}")).into_response();
        remember(&mut response, &format!("{STOP}={stop}; Path={place}; SameSite=Lax; Max-Age=31536000"));
        return Ok(response);
    }
    let own = headers.get(COOKIE).and_then(|value| value.to_str().ok()).and_then(|header| cookie(header, STOP));
    if let Some(id) = own.filter(|_| chosen.choose.is_none()) {
        let same = |known: &str| segment(known) == id;
        let now = Timestamp::now();
        let stops = board.timetable().stops(board.date(now));
        if let Some(stop) = stops.iter().find(|stop| same(&stop.id)) {
            return Ok(answer(&*stop_page(&board, &stop.id, language)?, &headers, &uri, language));
        }
    }
    let made = project_page(&board, language)?;
    Ok(answer(&made, &headers, &uri, language))
}

fn project_page(board: &Board, language: Language) -> Result<std::sync::Arc<Made>, Problem> {
    let now = second(Timestamp::now());
    board.shelf.at(shelves::PAGES + u16::from(language == Language::En), now.as_second(), || {
        let table = board.timetable();
        let today = board.date(now);
        let title = board.face(now).map_or_else(String::new, |face| match language {
            Language::Zh => face.title().to_owned(),
            Language::En => face.name.clone(),
        });
        let f = Frame::new(board, language, title, now);
        let stops = table.stops(today).iter().map(|stop| {
            let face = board.face(now);
            let mut towards: Vec<String> = table
                .lines_at(&stop.id, today)
                .filter_map(|line| {
                    let face = face?.face(line);
                    let headsign = words(language, &face.headsign, &face.headsign_en);
                    let short = words(language, &face.short, &face.short_en);
                    Some(format!("{short} {}", f.with("rider-to", &[("headsign", headsign.into())])))
                })
                .collect();
            towards.dedup();
            StopLink {
                id: segment(&stop.id),
                name: words(language, &stop.name, &stop.name_en),
                step_free: stop.step_free,
                towards,
            }
        });
        // Where one only gets off there is nothing to wait for.
        let stops = stops.filter(|stop| !stop.towards.is_empty()).collect();
        let coming = table.periods().iter().filter(|period| period.from > today);
        let mut notes: Vec<String> =
            coming.map(|period| f.with("rider-from", &[("day", dates::full(language, period.from).into())])).collect();
        if table.period_on(today).is_none() {
            notes.insert(0, f.say("rider-over"));
        }
        let page = ProjectPage { alerts: told(language, board.alerts(now)), notes, stops, f };
        Ok(shell::render(&page).into_bytes())
    })
}

#[derive(Template)]
#[template(path = "rider_timetable.html")]
struct TimetablePage {
    f: Frame,
    day: String,
    before: Date,
    after: Date,
    alerts: Vec<String>,
    lines: Vec<LineTable>,
}

struct LineTable {
    name: String,
    stops: Vec<String>,
    trips: Vec<TripRow>,
}

struct TripRow {
    times: Vec<String>,
    cancelled: bool,
    note: String,
}

async fn timetable(
    State(app): State<App>,
    Reads(language): Reads,
    headers: HeaderMap,
    uri: Uri,
    At(project): At<String>,
    Params(which): Params<WhichDay>,
) -> Result<Response, Refusal> {
    let board = app.boards().get(app.store(), &project).await?;
    let now = second(Timestamp::now());
    let date = which.of(&board, now)?;
    let f = Frame::new(&board, language, phrase(language, "rider-timetable", &[]), now);
    let today = board.today();
    let lines = board.timetable().day(date).into_iter().map(|day| LineTable {
        name: words(language, &day.line.name, &day.line.name_en),
        stops: day.stops.iter().map(|stop| words(language, &stop.name, &stop.name_en)).collect(),
        trips: day
            .trips
            .iter()
            .map(|trip| {
                let cancelled = today.cancellation(date, &trip.id).is_some();
                let late = today.delay(date, &trip.id).map_or(0, |delay| delay.seconds / 60);
                let note = if cancelled {
                    f.say("rider-cancelled")
                } else if late == 0 {
                    String::new()
                } else {
                    f.with("running-late-by", &[("minutes", late.into())])
                };
                TripRow { times: clocks(&trip.times), cancelled, note }
            })
            .collect(),
    });
    let lines = lines.collect();
    let shown = if date == board.date(now) { told(language, board.alerts(now)) } else { Vec::new() };
    let page = TimetablePage {
        day: f.with("rider-on-day", &[("day", dates::full(language, date).into())]),
        before: date.yesterday().unwrap_or(date),
        after: date.tomorrow().unwrap_or(date),
        alerts: shown,
        lines,
        f,
    };
    Ok(answer(&Made::new(shell::render(&page).into_bytes()), &headers, &uri, language))
}

#[derive(Template)]
#[template(path = "rider_running.html")]
struct RunningPage<'a> {
    visitor: &'a Visitor,
    project: String,
    date: String,
    known: bool,
    rides: bool,
    trips: Vec<TripState>,
    /// Lines and stops an alert may be about: value and name.
    things: Vec<(String, String)>,
    spans: Vec<(u32, String)>,
    /// Id, Chinese, English.
    alerts: Vec<(String, String, String)>,
}

struct TripState {
    trip: String,
    departure: String,
    line: String,
    state: String,
    cancelled: bool,
    told: bool,
    /// Minutes.
    late: i32,
}

impl RunningPage<'_> {
    fn say(&self, key: &str) -> String {
        self.visitor.say(key, &[])
    }
}

/// The operator's page of the day.
async fn day(State(app): State<App>, visitor: Visitor, At(project): At<String>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_whole(Right::Operate, &project)?;
    let now = Timestamp::now();
    let language = visitor.language;
    let mut page = RunningPage {
        visitor: &visitor,
        project: form_urlencoded(&project),
        date: String::new(),
        known: false,
        rides: false,
        trips: Vec::new(),
        things: Vec::new(),
        spans: Vec::new(),
        alerts: Vec::new(),
    };
    // Nothing published is no error here.
    if let Ok(board) = app.boards().get(app.store(), &project).await {
        let today = board.date(now);
        page.known = true;
        page.rides = board.has_rides(now);
        page.date = today.to_string();
        page.spans =
            [2_u32, 12, 24].map(|hours| (hours, visitor.say("running-hours", &[("hours", hours.into())]))).into();
        for trip in running::trips_of(&board, today) {
            let late = trip.delay.unwrap_or(0) / 60;
            let state = if trip.cancelled {
                let reason = trip.reason.as_ref().map_or_else(String::new, |why| words(language, &why.zh, &why.en));
                format!("{} {reason}", visitor.say("rider-cancelled", &[]))
            } else if late == 0 {
                visitor.say("running-as-planned", &[])
            } else {
                visitor.say("running-late-by", &[("minutes", late.into())])
            };
            let line = words(language, &trip.line_name, &trip.line_name_en);
            let (told, cancelled) = (trip.delay.is_some(), trip.cancelled);
            page.trips.push(TripState {
                trip: trip.trip,
                departure: trip.departure,
                line,
                state,
                cancelled,
                told,
                late,
            });
        }
        for line in board.timetable().lines(today) {
            page.things.push((format!("line:{}", line.id), words(language, &line.name, &line.name_en)));
        }
        for stop in board.timetable().stops(today) {
            page.things.push((format!("stop:{}", stop.id), words(language, &stop.name, &stop.name_en)));
        }
        let alerts = board.alerts(now);
        page.alerts = alerts.map(|one| (one.id.clone(), one.text.zh.clone(), one.text.en.clone())).collect();
    }
    Ok(visitor.page(&visitor.say("running-title", &[]), &shell::render(&page)))
}

/// What the operator did.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Acted {
    action: String,
    date: String,
    trip: String,
    minutes: String,
    reason_zh: String,
    reason_en: String,
    zh: String,
    en: String,
    about: String,
    hours: String,
    alert: String,
}

/// A field of a form; one left empty is none. Line breaks become spaces.
fn filled(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn checked(thing: &impl Check) -> Result<(), Halt> {
    let flaws = thing.flaws();
    if flaws.is_empty() { Ok(()) } else { Err(Problem::fields(flaws).into()) }
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    Form(form): Form<Acted>,
) -> Result<Redirect, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_whole(Right::Operate, &project)?;
    match done(&app, &ask, &project, &form).await {
        Ok(_) | Err(Halt::Before(_)) => {}
        // Taken back twice: it is as it was wanted.
        Err(Halt::Problem(problem))
            if problem.code == "missing" && form.action != "cancel" && form.action != "delay" => {}
        Err(halt) => return Err(halt.into()),
    }
    Ok(Redirect::to(&format!("/projects/{}/running", form_urlencoded(&project))))
}

async fn done(app: &App, ask: &Ask, project: &str, form: &Acted) -> Result<Reply, Halt> {
    let trip = (project, form.date.as_str(), form.trip.as_str());
    let print = fingerprint(format!("{form:?}").as_bytes());
    match form.action.as_str() {
        "cancel" => {
            let reason = Reason { reason_zh: filled(&form.reason_zh), reason_en: filled(&form.reason_en) };
            checked(&reason)?;
            running::call_off(app, ask, trip, &reason, &print).await
        }
        "restore" => running::unsay(app, ask, trip, Said::Cancelled).await,
        "delay" => {
            let minutes: i32 = form.minutes.trim().parse().map_err(|_| minutes_wrong())?;
            let late = Late { seconds: minutes.checked_mul(60).ok_or_else(minutes_wrong)? };
            checked(&late)?;
            running::set_late(app, ask, trip, &late, &print).await
        }
        "on_time" => running::unsay(app, ask, trip, Said::Late).await,
        "tell" => {
            let hours: Option<i64> = form.hours.parse().ok();
            let until =
                hours.and_then(|hours| second(Timestamp::now()).checked_add(SignedDuration::from_hours(hours)).ok());
            let named = |kind: &str| form.about.strip_prefix(kind).map(str::to_owned).into_iter().collect();
            let alert = NewAlert {
                zh: filled(&form.zh),
                en: filled(&form.en),
                from: None,
                until: until.map(|until| until.to_string()),
                lines: named("line:"),
                stops: named("stop:"),
            };
            checked(&alert)?;
            running::tell(app, ask, project, &alert, &print).await
        }
        "untell" => running::untell(app, ask, project, &form.alert).await,
        _ => Err(Problem::missing("action").into()),
    }
}

fn minutes_wrong() -> Problem {
    Problem::fields(vec![Flaw::new("minutes", "number-range").arg("least", -60).arg("most", 720)])
}
