//! What anybody may ask, without login: stops, the next departures, which shuttle makes a train, the timetable, feeds. All from memory.
//! No people in it: a [`Published`](crate::publish::riding::Published) has none.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, aside};
use super::boards::Board;
use super::body::{At, Check, Params};
use super::days;
use super::problem::{Body, Flaw, Problem};
use super::running::{AlertShown, WhichDay, WordsShown};
use super::shelf::{Kind, Made};
use crate::domain::units::ServiceTime;
use crate::planning::plan::Line;
use crate::publish::riding::{self, Departure, TrainMade, WantedTrain};
use crate::publish::{calendar, realtime};

/// Departures of a list, at most.
pub(super) const MOST_DEPARTURES: u16 = 20;
/// … and where nobody says how many.
const USUAL_DEPARTURES: u16 = 5;
/// Shuttles told for a train.
const FOR_TRAIN: usize = 3;

/// What changes from minute to minute.
const LIVE: Kind = Kind {
    mime: "application/json",
    cache: "public, max-age=1",
    vary: "accept-encoding",
    name: None,
    policy: None,
    packs: true,
};
/// What changes with a publication.
const STILL: Kind = Kind { cache: "public, max-age=30", ..LIVE };
const FEED: Kind = Kind { mime: "application/x-protobuf", ..LIVE };
const ICS: Kind = Kind {
    mime: "text/calendar; charset=utf-8",
    cache: "public, max-age=300",
    name: Some("inline; filename=\"timetable.ics\""),
    ..LIVE
};
const ZIP: Kind = Kind {
    mime: "application/zip",
    cache: "public, max-age=300",
    name: Some("attachment; filename=\"gtfs.zip\""),
    packs: false,
    ..LIVE
};

/// Shelves of a board: answers that are not of one stop.
pub(super) mod shelves {
    pub(in crate::api) const PROJECT: u16 = 1;
    pub(in crate::api) const STOPS: u16 = 2;
    pub(in crate::api) const FEED: u16 = 3;
    pub(in crate::api) const TRIPS: u16 = 4;
    pub(in crate::api) const ALERTS: u16 = 5;
    /// Pages, one a language.
    pub(in crate::api) const PAGES: u16 = 10;
    /// Departures, one a length of the list.
    pub(in crate::api) const DEPARTURES: u16 = 100;
}

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(project))
        .routes(routes!(stops))
        .routes(routes!(departures))
        .routes(routes!(train))
        .routes(routes!(timetable))
        .routes(routes!(gtfs_zip))
        .routes(routes!(live))
        .routes(routes!(trip_updates))
        .routes(routes!(alerts))
        .routes(routes!(calendar_all))
        .routes(routes!(calendar_stop))
}

/// Where riders read a project's timetable.
pub(super) fn page_of(app: &App, project: &str) -> String {
    format!("{}/p/{project}", app.settings().base_url)
}

/// A project as riders know it.
#[derive(Debug, Serialize, ToSchema)]
struct PublicProject<'a> {
    /// Id.
    project: &'a str,
    /// Name.
    name: &'a str,
    /// Chinese name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_zh: Option<&'a str>,
    /// Who runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'a str>,
    /// The page for riders.
    page: String,
    /// Time zone of its clocks.
    timezone: &'a str,
    /// The day it is there.
    date: String,
    /// Stops.
    stops: Vec<PublicStop<'a>>,
    /// Lines.
    lines: Vec<PublicLine<'a>>,
    /// Publications, each with the days it is in force; from yesterday's on.
    publications: Vec<PublicPublication<'a>>,
    /// Alerts shown now.
    alerts: Vec<AlertShown>,
}

/// A stop.
#[derive(Debug, Serialize, ToSchema)]
struct PublicStop<'a> {
    /// Stable id.
    id: &'a str,
    /// Chinese name.
    name: &'a str,
    /// English name, may be empty.
    name_en: &'a str,
    /// WGS-84, degrees.
    lon: f64,
    /// WGS-84, degrees.
    lat: f64,
    /// Without steps.
    step_free: bool,
    /// Lines one can board here.
    lines: Vec<&'a str>,
}

/// A line.
#[derive(Debug, Serialize, ToSchema)]
struct PublicLine<'a> {
    /// Id.
    id: &'a str,
    /// Name.
    name: &'a str,
    /// English name, may be empty.
    name_en: &'a str,
    /// Its stops, in order.
    stops: &'a [String],
}

impl<'a> PublicLine<'a> {
    fn of(line: &'a Line) -> Self {
        Self { id: &line.id, name: &line.name, name_en: &line.name_en, stops: &line.stops }
    }
}

/// A publication.
#[derive(Debug, Serialize, ToSchema)]
struct PublicPublication<'a> {
    /// Id.
    id: &'a str,
    /// First day in force.
    from: String,
    /// Last day in force; missing: open.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// Its services.
    services: Vec<PublicService<'a>>,
}

/// The days of a service.
#[derive(Debug, Serialize, ToSchema)]
struct PublicService<'a> {
    /// Id.
    id: &'a str,
    /// Days of the week.
    days: &'a str,
    /// First day.
    from: String,
    /// Last day.
    until: String,
    /// Days it runs besides.
    added: Vec<String>,
    /// Days it does not run.
    removed: Vec<String>,
}

/// A time in whole seconds: what is asked for within one is made once.
pub(super) fn second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| Problem::fault(&error))
}

/// A project as riders know it: names, stops, lines, and which publication is in force when.
#[utoipa::path(get, path = "/v1/public/{project}", tag = "public", params(("project" = String, Path)),
    security(()), responses((status = 200, body = PublicProject<'_>), (status = 304),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn project(State(app): State<App>, headers: HeaderMap, At(project): At<String>) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), &project).await?;
    let now = second(Timestamp::now());
    let made = board.shelf.at(shelves::PROJECT, now.as_second(), || {
        let face = board.face(now).ok_or_else(|| Problem::missing("timetable"))?;
        let dates = |dates: &[jiff::civil::Date]| dates.iter().map(ToString::to_string).collect();
        let publications = board.timetable().periods().iter().map(|period| PublicPublication {
            id: &period.publication,
            from: period.from.to_string(),
            until: period.until.map(|until| until.to_string()),
            services: period
                .published
                .services
                .iter()
                .map(|days| PublicService {
                    id: &days.id,
                    days: &days.days,
                    from: days.from.to_string(),
                    until: days.until.to_string(),
                    added: dates(&days.added),
                    removed: dates(&days.removed),
                })
                .collect(),
        });
        json(&PublicProject {
            project: board.project(),
            name: &face.name,
            name_zh: face.name_zh.as_deref(),
            agency: face.agency.as_deref(),
            page: page_of(&app, board.project()),
            timezone: board.timetable().zone_name(),
            date: board.date(now).to_string(),
            stops: stops_of(&board, now),
            lines: lines_of(&board, now),
            publications: publications.collect(),
            alerts: board.alerts(now).map(AlertShown::of).collect(),
        })
    })?;
    Ok(made.answer(&headers, &Kind { cache: "public, max-age=5", ..LIVE }))
}

fn stops_of(board: &Board, now: Timestamp) -> Vec<PublicStop<'_>> {
    let table = board.timetable();
    let day = board.date(now);
    let stops = table.stops(day).iter().map(|stop| PublicStop {
        id: &stop.id,
        name: &stop.name,
        name_en: &stop.name_en,
        lon: stop.lon,
        lat: stop.lat,
        step_free: stop.step_free,
        lines: table.lines_at(&stop.id, day).map(|line| line.id.as_str()).collect(),
    });
    stops.collect()
}

fn lines_of(board: &Board, now: Timestamp) -> Vec<PublicLine<'_>> {
    board.timetable().lines(board.date(now)).iter().map(PublicLine::of).collect()
}

/// The stops of a project.
#[derive(Debug, Serialize, ToSchema)]
struct PublicStops<'a> {
    /// Stops, by id.
    stops: Vec<PublicStop<'a>>,
}

/// The stops of the timetable in force, or of the next where none is.
#[utoipa::path(get, path = "/v1/public/{project}/stops", tag = "public", params(("project" = String, Path)),
    security(()), responses((status = 200, body = PublicStops<'_>), (status = 304),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn stops(State(app): State<App>, headers: HeaderMap, At(project): At<String>) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), &project).await?;
    let now = second(Timestamp::now());
    let make = || json(&PublicStops { stops: stops_of(&board, now) });
    let made = board.shelf.at(shelves::STOPS, now.as_second(), make)?;
    Ok(made.answer(&headers, &STILL))
}

/// The next departures from a stop.
#[derive(Debug, Serialize, ToSchema)]
struct Departures<'a> {
    /// Stop id.
    stop: &'a str,
    /// Its Chinese name.
    name: &'a str,
    /// Its English name, may be empty.
    name_en: &'a str,
    /// Departures by the time expected; those cancelled among them.
    departures: Vec<PublicDeparture<'a>>,
    /// Alerts about this stop, its lines, or everything.
    alerts: Vec<AlertShown>,
}

/// A shuttle that leaves a stop.
#[derive(Debug, Serialize, ToSchema)]
struct PublicDeparture<'a> {
    /// Trip id.
    trip: &'a str,
    /// The service day it belongs to.
    service_date: String,
    /// Line id.
    line: &'a str,
    /// Name of the line.
    line_name: &'a str,
    /// English name of the line, may be empty.
    line_name_en: &'a str,
    /// Short name, may be empty.
    short: &'a str,
    /// Where it goes.
    headsign: &'a str,
    /// The English of it.
    headsign_en: &'a str,
    /// Departure by the timetable.
    scheduled: String,
    /// Departure as expected now; of a cancelled trip as planned.
    expected: String,
    /// The same on the clock there: 2026-12-01T07:42:05.
    expected_local: String,
    /// Whole minutes until then when this was made, rounded down.
    minutes: i64,
    /// Seconds late (negative: early), where anybody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<i32>,
    /// It does not run.
    cancelled: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<WordsShown>,
    /// No later shuttle leaves this stop on this service day.
    last: bool,
    /// No later one of this line does.
    last_of_line: bool,
    /// The trains it makes, the first first.
    trains: Vec<PublicTrain<'a>>,
}

/// A train that is made.
#[derive(Debug, Serialize, ToSchema)]
struct PublicTrain<'a> {
    /// Station id.
    station: &'a str,
    /// Its name.
    name: &'a str,
    /// Its English name, may be empty.
    name_en: &'a str,
    /// Stop to get off at.
    alight: &'a str,
    /// Metro line.
    line: &'a str,
    /// Direction.
    direction: &'a str,
    /// When it leaves.
    at: String,
    /// The same on the clock there.
    local: String,
    /// Seconds to spare on the platform.
    spare: i64,
}

impl<'a> PublicDeparture<'a> {
    fn of(row: &Departure<'a>) -> Self {
        Self {
            trip: row.trip,
            service_date: row.service_date.to_string(),
            line: row.line,
            line_name: row.line_name,
            line_name_en: row.line_name_en,
            short: row.short,
            headsign: row.headsign,
            headsign_en: row.headsign_en,
            scheduled: row.scheduled.to_string(),
            expected: row.expected.to_string(),
            expected_local: row.expected_local.to_string(),
            minutes: row.minutes,
            delay: row.delay,
            cancelled: row.cancelled,
            reason: row.reason.map(WordsShown::of),
            last: row.last,
            last_of_line: row.last_of_line,
            trains: row.trains.iter().map(PublicTrain::of).collect(),
        }
    }
}

impl<'a> PublicTrain<'a> {
    fn of(train: &TrainMade<'a>) -> Self {
        Self {
            station: train.station,
            name: train.name,
            name_en: train.name_en,
            alight: train.alight,
            line: train.line,
            direction: train.direction,
            at: train.at.to_string(),
            local: train.local.to_string(),
            spare: train.spare,
        }
    }
}

/// How many departures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HowMany {
    /// Departures that run, 1 to 20; 5 where it is not given.
    #[param(minimum = 1, maximum = 20)]
    limit: Option<u16>,
}

impl Check for HowMany {
    fn flaws(&self) -> Vec<Flaw> {
        let wrong = self.limit.filter(|limit| !(1..=MOST_DEPARTURES).contains(limit));
        wrong
            .map(|_| Flaw::new("limit", "number-range").arg("least", 1).arg("most", u32::from(MOST_DEPARTURES)))
            .into_iter()
            .collect()
    }
}

/// The next departures from a stop, with today's delays and cancellations and the trains they make.
#[utoipa::path(get, path = "/v1/public/{project}/stops/{stop}/departures", tag = "public",
    params(("project" = String, Path), ("stop" = String, Path), HowMany), security(()), responses(
    (status = 200, body = Departures<'_>), (status = 304), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn departures(
    State(app): State<App>,
    headers: HeaderMap,
    At((project, stop)): At<(String, String)>,
    Params(many): Params<HowMany>,
) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), &project).await?;
    let made = departures_at(&board, &stop, many.limit.unwrap_or(USUAL_DEPARTURES), Timestamp::now())?;
    Ok(made.answer(&headers, &LIVE))
}

fn departures_at(board: &Board, stop: &str, limit: u16, now: Timestamp) -> Result<std::sync::Arc<Made>, Problem> {
    let shelf = board.stop_shelf(stop).ok_or_else(|| Problem::missing("stop"))?;
    let now = second(now);
    shelf.at(shelves::DEPARTURES + limit, now.as_second(), || {
        let (known, _) = board.stop(stop, now).ok_or_else(|| Problem::missing("stop"))?;
        let rows = board.timetable().departures(stop, now, usize::from(limit), board.today());
        json(&Departures {
            stop: &known.id,
            name: &known.name,
            name_en: &known.name_en,
            departures: rows.iter().map(PublicDeparture::of).collect(),
            alerts: board.alerts_at(stop, now).into_iter().map(AlertShown::of).collect(),
        })
    })
}

/// Which train somebody wants to make.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Station id.
    #[param(max_length = 100)]
    station: String,
    /// Metro line; any where it is not given.
    #[param(max_length = 100)]
    line: Option<String>,
    /// Direction; any where it is not given.
    #[param(max_length = 100)]
    direction: Option<String>,
    /// The day of the train; today where it is not given.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    date: Option<String>,
    /// When it leaves, HH:MM; may pass 24:00.
    #[param(pattern = "^([0-3][0-9]|4[0-7]):[0-5][0-9]$")]
    time: String,
}

impl Check for Wanted {
    fn flaws(&self) -> Vec<Flaw> {
        let date = self.date.as_deref().and_then(|date| days::day_flaw("date", date));
        let time = self.time().is_none().then(|| Flaw::new("time", "clock-form"));
        let texts =
            [("station", Some(&self.station)), ("line", self.line.as_ref()), ("direction", self.direction.as_ref())];
        let long = texts.into_iter().filter(|(_, text)| text.is_some_and(|text| text.chars().count() > 100));
        let long = long.map(|(name, _)| Flaw::new(name, "text-length").arg("least", 0).arg("most", 100));
        date.into_iter().chain(time).chain(long).collect()
    }
}

impl Wanted {
    fn time(&self) -> Option<ServiceTime> {
        let (hours, minutes) = self.time.split_once(':').filter(|_| days::like(&self.time, "00:00"))?;
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 48 && minutes < 60).then_some(ServiceTime::hm(hours, minutes))
    }
}

/// How to make a train.
#[derive(Debug, Serialize, ToSchema)]
struct Makes<'a> {
    /// When the train leaves.
    train: String,
    /// Does the timetable of the trains know one in this minute? The answer holds anyhow.
    known: bool,
    /// Shuttles that make it, the latest first: that is the one to take, the next is for the careful.
    shuttles: Vec<Shuttle<'a>>,
}

/// A shuttle that makes the train.
#[derive(Debug, Serialize, ToSchema)]
struct Shuttle<'a> {
    /// Seconds to spare on the platform.
    spare: i64,
    /// It.
    departure: PublicDeparture<'a>,
}

/// Which shuttle from this stop makes a train.
#[utoipa::path(get, path = "/v1/public/{project}/stops/{stop}/train", tag = "public",
    params(("project" = String, Path), ("stop" = String, Path), Wanted), security(()), responses(
    (status = 200, body = Makes<'_>), (status = 304), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn train(
    State(app): State<App>,
    headers: HeaderMap,
    At((project, stop)): At<(String, String)>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), &project).await?;
    let now = second(Timestamp::now());
    board.stop_shelf(&stop).ok_or_else(|| Problem::missing("stop"))?;
    let date = wanted.date.as_deref().map_or_else(|| Ok(board.date(now)), days::day)?;
    let asked = WantedTrain {
        station: &wanted.station,
        line: wanted.line.as_deref(),
        direction: wanted.direction.as_deref(),
        date,
        time: wanted.time().unwrap_or_default(),
    };
    let found = board.timetable().for_train(&stop, asked, now, FOR_TRAIN, board.today());
    let found = found.ok_or_else(|| Problem::missing("station"))?;
    let shuttles = found.rows.iter().zip(&found.spare);
    let shuttles = shuttles.map(|(row, &spare)| Shuttle { spare, departure: PublicDeparture::of(row) }).collect();
    let body = json(&Makes { train: found.train.to_string(), known: found.known, shuttles })?;
    Ok(Made::new(body).answer(&headers, &LIVE))
}

/// The timetable of a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimetableDay)]
struct DayShown<'a> {
    /// Service day.
    date: String,
    /// Its lines; none: nothing runs.
    lines: Vec<LineShown<'a>>,
}

/// A line on a day.
#[derive(Debug, Serialize, ToSchema)]
struct LineShown<'a> {
    /// Id.
    id: &'a str,
    /// Name.
    name: &'a str,
    /// English name, may be empty.
    name_en: &'a str,
    /// Ids of its stops, in order.
    stops: Vec<&'a str>,
    /// Its trips, by departure.
    trips: Vec<LineTrip<'a>>,
}

/// A trip on a day.
#[derive(Debug, Serialize, ToSchema)]
struct LineTrip<'a> {
    /// Id.
    trip: &'a str,
    /// Departure from each stop (arrival at the last), by the timetable: HH:MM, may pass 24:00.
    times: Vec<String>,
    /// Seconds late (negative: early), where anybody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<i32>,
    /// It does not run.
    cancelled: bool,
}

/// The whole timetable of a day.
#[utoipa::path(get, path = "/v1/public/{project}/timetable", tag = "public",
    params(("project" = String, Path), WhichDay), security(()), responses(
    (status = 200, body = DayShown<'_>), (status = 304), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn timetable(
    State(app): State<App>,
    headers: HeaderMap,
    At(project): At<String>,
    Params(which): Params<WhichDay>,
) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), &project).await?;
    let date = which.of(&board, Timestamp::now())?;
    let today = board.today();
    let lines = board.timetable().day(date).into_iter().map(|day| LineShown {
        id: &day.line.id,
        name: &day.line.name,
        name_en: &day.line.name_en,
        stops: day.stops.iter().map(|stop| stop.id.as_str()).collect(),
        trips: day
            .trips
            .iter()
            .map(|trip| {
                let cancelled = today.cancellation(date, &trip.id).is_some();
                LineTrip {
                    trip: &trip.id,
                    times: clocks(&trip.times),
                    delay: today.delay(date, &trip.id).map(|delay| delay.seconds).filter(|_| !cancelled),
                    cancelled,
                }
            })
            .collect(),
    });
    let body = json(&DayShown { date: date.to_string(), lines: lines.collect() })?;
    Ok(Made::new(body).answer(&headers, &Kind { cache: "public, max-age=5", ..LIVE }))
}

/// Departures from stop to stop, arrival at the last.
pub(super) fn clocks(times: &[(ServiceTime, ServiceTime)]) -> Vec<String> {
    let last = times.len().saturating_sub(1);
    times.iter().enumerate().map(|(at, time)| if at == last { time.0.clock() } else { time.1.clock() }).collect()
}

/// The timetable for trip planners: GTFS Schedule, over all publications from yesterday's on.
#[utoipa::path(get, path = "/v1/public/{project}/gtfs.zip", tag = "public", params(("project" = String, Path)),
    security(()), responses((status = 200, body = Vec<u8>, content_type = "application/zip"), (status = 304),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn gtfs_zip(State(app): State<App>, headers: HeaderMap, At(project): At<String>) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), &project).await?;
    let made = if board.warm() { board.gtfs()? } else { aside(move || board.gtfs()).await?? };
    Ok(made.answer(&headers, &ZIP))
}

type Feeder = fn(&riding::Timetable, &riding::Today, Timestamp) -> Vec<u8>;

async fn feed(app: &App, project: &str, headers: &HeaderMap, key: u16, make: Feeder) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), project).await?;
    let now = second(Timestamp::now());
    let made =
        board.shelf.at(key, now.as_second(), || Ok::<_, Problem>(make(board.timetable(), board.today(), now)))?;
    Ok(made.answer(headers, &FEED))
}

/// What is different today: GTFS Realtime, trip updates and alerts in one feed. Ids are those of gtfs.zip.
#[utoipa::path(get, path = "/v1/public/{project}/realtime.pb", tag = "public", params(("project" = String, Path)),
    security(()), responses((status = 200, body = Vec<u8>, content_type = "application/x-protobuf"), (status = 304),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn live(State(app): State<App>, headers: HeaderMap, At(project): At<String>) -> Result<Response, Problem> {
    feed(&app, &project, &headers, shelves::FEED, realtime::feed).await
}

/// What does not run or is late today: GTFS Realtime trip updates.
#[utoipa::path(get, path = "/v1/public/{project}/trip-updates.pb", tag = "public", params(("project" = String, Path)),
    security(()), responses((status = 200, body = Vec<u8>, content_type = "application/x-protobuf"), (status = 304),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn trip_updates(
    State(app): State<App>,
    headers: HeaderMap,
    At(project): At<String>,
) -> Result<Response, Problem> {
    feed(&app, &project, &headers, shelves::TRIPS, realtime::trip_updates).await
}

/// What riders should know: GTFS Realtime alerts.
#[utoipa::path(get, path = "/v1/public/{project}/alerts.pb", tag = "public", params(("project" = String, Path)),
    security(()), responses((status = 200, body = Vec<u8>, content_type = "application/x-protobuf"), (status = 304),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn alerts(State(app): State<App>, headers: HeaderMap, At(project): At<String>) -> Result<Response, Problem> {
    feed(&app, &project, &headers, shelves::ALERTS, realtime::alerts).await
}

/// The whole timetable for a phone's calendar.
#[utoipa::path(get, path = "/v1/public/{project}/timetable.ics", tag = "public", params(("project" = String, Path)),
    security(()), responses((status = 200, body = String, content_type = "text/calendar"), (status = 304),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn calendar_all(
    State(app): State<App>,
    headers: HeaderMap,
    At(project): At<String>,
) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), &project).await?;
    let made = if board.warm() { board.ics() } else { aside(move || board.ics()).await? };
    Ok(made.answer(&headers, &ICS))
}

/// Which departures go into a calendar.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Noted {
    /// Only this trip.
    #[param(max_length = 100)]
    trip: Option<String>,
    /// With the trip: only on this service day.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    date: Option<String>,
}

impl Check for Noted {
    fn flaws(&self) -> Vec<Flaw> {
        let trip = self.trip.as_ref().filter(|trip| trip.chars().count() > 100);
        let trip = trip.map(|_| Flaw::new("trip", "text-length").arg("least", 0).arg("most", 100));
        trip.into_iter().chain(self.date.as_deref().and_then(|date| days::day_flaw("date", date))).collect()
    }
}

/// The departures from a stop for a phone's calendar: all, those of a trip, or one.
#[utoipa::path(get, path = "/v1/public/{project}/stops/{stop}/timetable.ics", tag = "public",
    params(("project" = String, Path), ("stop" = String, Path), Noted), security(()), responses(
    (status = 200, body = String, content_type = "text/calendar"), (status = 304),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn calendar_stop(
    State(app): State<App>,
    headers: HeaderMap,
    At((project, stop)): At<(String, String)>,
    Params(noted): Params<Noted>,
) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), &project).await?;
    board.stop_shelf(&stop).ok_or_else(|| Problem::missing("stop"))?;
    let date = noted.date.as_deref().map(days::day).transpose()?;
    let bytes = aside(move || {
        let table = board.timetable();
        match (noted.trip.as_deref(), date) {
            (None, None) => calendar::ics_stop(table, &stop).ok_or_else(|| Problem::missing("stop")),
            (None, Some(_)) => Err(Problem::conflict("day-without-trip")),
            (Some(trip), None) => calendar::ics_trip(table, trip, &stop).ok_or_else(|| Problem::missing("trip")),
            (Some(trip), Some(date)) => {
                calendar::ics_departure(table, trip, date, &stop).ok_or_else(|| Problem::missing("trip"))
            }
        }
    })
    .await??;
    Ok(Made::new(bytes).answer(&headers, &ICS))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;
    use serde_json::Value;

    use super::*;
    use crate::publish::fixture;
    use crate::publish::riding::{Cancelled, Delay, Period, Published, Today};

    fn board(today: Today) -> Board {
        let published = Arc::new(Published::of(&fixture::project(), &fixture::plan()));
        let day = date(2026, 12, 1);
        let period = Period { publication: "p1".into(), published, from: day, until: None };
        Board::of("park", vec![period], day, today)
    }

    fn at(hour: i8, minute: i8) -> Timestamp {
        date(2026, 12, 1).at(hour, minute, 0, 0).in_tz("Asia/Shanghai").unwrap().timestamp()
    }

    fn rows(board: &Board, limit: u16, now: Timestamp) -> Vec<Value> {
        let made = departures_at(board, "s-me", limit, now).unwrap();
        let body: Value = serde_json::from_slice(made.bytes()).unwrap();
        body["departures"].as_array().unwrap().clone()
    }

    /// "t01 2026-12-01T07:42:05 2"
    fn told(rows: &[Value]) -> Vec<String> {
        let text = |row: &Value| {
            format!("{} {} {}", row["trip"].as_str().unwrap(), row["expected_local"].as_str().unwrap(), row["minutes"])
        };
        rows.iter().map(text).collect()
    }

    #[test]
    fn the_next_departures() {
        // 7:40; left the station 7:30, here 7:42:05. Line 2 starts here at 7:45. Line 1 back 7:49 + 2:30 + 25 s.
        let found = rows(&board(Today::default()), 3, at(7, 40));
        assert_eq!(
            told(&found),
            ["t01 2026-12-01T07:42:05 2", "t12 2026-12-01T07:45:00 5", "t02 2026-12-01T07:51:55 11"]
        );
        // There 7:55:50, 72 s of walking, 3 min to the platform: the 8:04 with 238 s to spare.
        let train = &found[1]["trains"][0];
        assert_eq!(train["local"], "2026-12-01T08:04:00");
        assert_eq!(train["spare"], 238);
        assert_eq!(found[0]["scheduled"], "2026-11-30T23:42:05Z");
        assert!(found[0].get("delay").is_none());
    }

    #[test]
    fn cancelled_and_late() {
        let day = date(2026, 12, 1);
        let gone = Cancelled { date: day, trip: "t12".into(), reason: None };
        let late = Delay { date: day, trip: "t01".into(), seconds: 300, at: None };
        let found = rows(&board(Today::new(vec![gone], vec![late], Vec::new())), 2, at(7, 40));
        // One that does not run is told and does not count; the 7:42:05 comes at 7:47:05.
        assert_eq!(
            told(&found),
            ["t12 2026-12-01T07:45:00 5", "t01 2026-12-01T07:47:05 7", "t02 2026-12-01T07:51:55 11"]
        );
        assert_eq!((&found[0]["cancelled"], &found[1]["delay"]), (&Value::Bool(true), &Value::from(300)));
    }

    #[test]
    fn asked_twice_in_a_second_it_is_made_once() {
        let board = board(Today::default());
        let made = |now| departures_at(&board, "s-me", 5, now).unwrap();
        assert!(Arc::ptr_eq(&made(at(7, 40)), &made(at(7, 40))));
        assert!(!Arc::ptr_eq(&made(at(7, 40)), &made(at(7, 41))));
        assert_eq!(departures_at(&board, "nowhere", 5, at(7, 40)).unwrap_err().code, "missing");
    }
}
