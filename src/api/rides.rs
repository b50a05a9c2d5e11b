//! Rides on request: what there is, ask, accept, one's own ride, and what the drivers do.
//!
//! Asking promises nothing. An acceptance brings back what was shown; it is promised exactly that if it can still be kept, else what lies within it,
//! else the answer (409) says what can be had now. Its token is made with the offer: it is the rider's secret, and sent twice it is one ride. No name
//! and no number is asked for.

mod again;
mod answer;
mod offers;
mod own;
mod sheets;
mod shown;
mod standing;
#[cfg(test)]
mod tests;
mod wish;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use again::keep;
pub(super) use offers::{Offered, all as offers_of};
pub(super) use own::{
    Accepted, Outcome, accept as accept_ride, ask as ask_ride, call_off, call_off_for, own as own_ride,
};
pub(super) use sheets::{OfferSheets, SheetRide, SheetStop, VehicleSheet, of_day as sheets_of};
pub(super) use shown::{RideAnswer, RideOffer, RideRefusal, RideShown, RideState, StopShown, hours};
pub(super) use standing::Turns;
pub(super) use wish::{MOST_PEOPLE, RideWish, TimeKind, asked as read_wish};

use super::app::App;
use super::body::{At, Check, Checked, Params};
use super::caller::{Caller, Right};
use super::days;
use super::problem::{self, Body, Flaw, Problem};
use super::reply::Reply;
use super::running::{Reason, WhichDay};
use crate::planning::plan::RideRules;
use crate::publish::riding::zone_of;
use crate::storage::projects;
use crate::storage::rides::Key;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(offers, accept))
        .routes(routes!(ask))
        .routes(routes!(own, cancel))
        .routes(routes!(day))
        .routes(routes!(cancel_for))
}

/// Rides on request that can be asked for.
#[derive(Debug, Serialize, ToSchema)]
struct PublicRides {
    /// The clocks are of this time zone.
    timezone: String,
    /// What there is, each with its days.
    offers: Vec<PublicRideOffer>,
}

/// Rides on request of one kind.
#[derive(Debug, Serialize, ToSchema)]
struct PublicRideOffer {
    /// Id.
    id: String,
    /// Chinese name.
    name: String,
    /// English name.
    name_en: String,
    /// Days on which they can be asked for, from today up to 7 days ahead.
    dates: Vec<String>,
    /// HH:MM: from then on.
    from: String,
    /// HH:MM: until then; may pass 24:00.
    until: String,
    /// From any to any of these.
    stops: Vec<StopShown>,
    /// What is promised.
    rules: PublicRideRules,
}

/// What is promised, seconds.
#[derive(Debug, Serialize, ToSchema)]
struct PublicRideRules {
    /// Width of the window within which boarding begins.
    window_s: u32,
    /// Longest wait after the wished time; before it, for who wishes to arrive.
    max_wait_s: u32,
    /// The longest ride, in percent of the direct one …
    ride_percent: u32,
    /// … and so many seconds more …
    ride_slack_s: u32,
    /// … but no longer than this, unless the direct one is.
    max_ride_s: u32,
    /// Ask so long before.
    notice_s: u32,
    /// People of one request, at most.
    most_people: u32,
}

impl PublicRideRules {
    fn of(rules: RideRules) -> Self {
        let RideRules { window_s, max_wait_s, ride_percent, ride_slack_s, max_ride_s, notice_s, .. } = rules;
        Self { window_s, max_wait_s, ride_percent, ride_slack_s, max_ride_s, notice_s, most_people: MOST_PEOPLE }
    }
}

/// Rides on request that can be asked for, from today up to 7 days ahead: hours, stops, what is promised.
#[utoipa::path(get, path = "/v1/public/{project}/rides", tag = "public", params(("project" = String, Path)), security(()),
    responses((status = 200, body = PublicRides), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn offers(State(app): State<App>, At(project): At<String>) -> Result<Response, Problem> {
    let board = app.boards().get(app.store(), &project).await?;
    let mut offers: Vec<(String, PublicRideOffer)> = Vec::new();
    for (date, of_day) in offers_of(&app, &board, Timestamp::now()).await? {
        for offer in of_day {
            let date = date.to_string();
            // The same of another plan may have other stops.
            match offers.iter_mut().find(|(plan, known)| *plan == offer.plan() && known.id == offer.id) {
                Some((_, known)) => known.dates.push(date),
                None => offers.push((
                    offer.plan().to_owned(),
                    PublicRideOffer {
                        id: offer.id.clone(),
                        name: offer.name.clone(),
                        name_en: offer.name_en.clone(),
                        dates: vec![date],
                        from: offer.from.clock(),
                        until: offer.until.clock(),
                        stops: offer.stops.iter().map(StopShown::of).collect(),
                        rules: PublicRideRules::of(offer.rules),
                    },
                )),
            }
        }
    }
    let offers = offers.into_iter().map(|(_, offer)| offer).collect();
    let body = PublicRides { timezone: board.timetable().zone_name().to_owned(), offers };
    Ok(([(header::CACHE_CONTROL, "public, max-age=5")], Json(body)).into_response())
}

/// Ask for a ride: an offer, or why not and the nearest time that would do. Nothing is promised yet.
#[utoipa::path(post, path = "/v1/public/{project}/rides/ask", tag = "public", params(("project" = String, Path)),
    security(()), request_body = RideWish, responses(
    (status = 200, body = RideAnswer), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn ask(State(app): State<App>, At(project): At<String>, body: Checked<RideWish>) -> Result<Reply, Problem> {
    let now = Timestamp::now();
    let asked = read_wish(&app, &project, &body.value, now).await?;
    Ok(Reply::ok(&ask_ride(&app, &project, &asked, now).await?))
}

/// Seconds of the service day, at most.
const LATEST: i32 = 400_000;

/// What was asked, and what was shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptRide {
    /// As it was asked.
    ride: RideWish,
    /// The window shown: from, seconds of the service day.
    #[schema(minimum = 0, maximum = 400000)]
    window_from: i32,
    /// The window shown: until.
    #[schema(minimum = 0, maximum = 400000)]
    window_until: i32,
    /// `by` as it was shown.
    #[schema(minimum = 0, maximum = 400000)]
    by: i32,
    /// The token of the offer.
    #[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
    token: String,
}

/// Does it look like a token of ours?
pub(super) fn token_flaw(token: &str) -> Option<Flaw> {
    let fits = token.len() == 43 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    (!fits).then(|| Flaw::new("token", "ride-token"))
}

impl Check for AcceptRide {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = self.ride.flaws();
        for flaw in &mut flaws {
            flaw.field = format!("ride.{}", flaw.field);
        }
        let times = [("window_from", self.window_from), ("window_until", self.window_until), ("by", self.by)];
        let wrong = times.into_iter().filter(|(_, time)| !(0..=LATEST).contains(time));
        flaws.extend(wrong.map(|(name, _)| Flaw::new(name, "number-range").arg("least", 0).arg("most", LATEST)));
        flaws.extend(token_flaw(&self.token));
        flaws
    }
}

/// A ride and its secret link.
#[derive(Debug, Serialize, ToSchema)]
struct RideMade {
    /// It.
    ride: RideShown,
    /// Secret: with it the ride is seen and cancelled.
    token: String,
    /// The page of the ride.
    link: String,
}

/// What was shown does not stand any more; with what can be had now.
#[derive(Debug, Serialize, ToSchema)]
struct RideOtherwise {
    /// The problem.
    #[serde(flatten)]
    problem: Body,
    /// The answer to the same question now; none where the ride cannot be meant at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<RideAnswer>,
}

/// Where who has a ride sees it.
pub(super) fn link(app: &App, token: &str) -> String {
    format!("{}/ride/{token}", app.settings().base_url)
}

/// Accept an offer as it was shown. Sent again with the same token it is the same ride. 409 `ride-changed`: it does not stand any more; the
/// problem's `answer` says what can be had now.
#[utoipa::path(post, path = "/v1/public/{project}/rides", tag = "public", params(("project" = String, Path)), security(()),
    request_body = AcceptRide, responses((status = 201, body = RideMade), (status = 409, body = RideOtherwise),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn accept(
    State(app): State<App>,
    At(project): At<String>,
    body: Checked<AcceptRide>,
) -> Result<Response, Problem> {
    let now = Timestamp::now();
    let AcceptRide { ride, window_from, window_until, by, token } = body.value;
    let asked = read_wish(&app, &project, &ride, now).await?;
    let accepted = Accepted { asked, window: (window_from, window_until), by, token };
    Ok(match accept_ride(&app, &project, &accepted, now).await? {
        Outcome::Promised(ride) => {
            let token = accepted.token;
            let made = RideMade { ride: *ride, link: link(&app, &token), token };
            Reply::created(format!("/v1/rides/{}", made.token), &made).into_response()
        }
        Outcome::Otherwise(answer) => {
            let problem = Problem::conflict("ride-changed").body();
            let mut response =
                (StatusCode::CONFLICT, Json(RideOtherwise { problem, answer: Some(*answer) })).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(problem::MIME));
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
    })
}

/// One's own ride, by its token: what was promised, where it is.
#[utoipa::path(get, path = "/v1/rides/{token}", tag = "public", params(("token" = String, Path)), security(()), responses(
    (status = 200, body = RideShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn own(State(app): State<App>, At(token): At<String>) -> Result<Response, Problem> {
    let ride = own_ride(&app, &token, Timestamp::now()).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(ride)).into_response())
}

/// Cancel one's own ride: the place is free again. Not once the vehicle is on its way.
#[utoipa::path(delete, path = "/v1/rides/{token}", tag = "public", params(("token" = String, Path)), security(()), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn cancel(State(app): State<App>, At(token): At<String>) -> Result<Reply, Problem> {
    call_off(&app, &token, Timestamp::now()).await?;
    Ok(Reply::done())
}

/// The day that is meant; today where none is named. Past midnight that is yesterday's service while it goes on, until today's begins.
pub(super) async fn day_meant(
    app: &App,
    project: &str,
    which: &WhichDay,
    now: Timestamp,
) -> Result<jiff::civil::Date, Problem> {
    if let Some(date) = &which.date {
        return days::day(date);
    }
    let Ok(board) = app.boards().get(app.store(), project).await else {
        return Ok(zone_of("").1.to_datetime(now).date());
    };
    let today = board.date(now);
    let yesterday = today.saturating_sub(1.days());
    let goes_on = |offer: &Offered| offer.clock(yesterday, now) < i64::from(offer.until.0);
    let begins = |offer: &Offered| offer.clock(today, now) >= i64::from(offer.from.0);
    let late = offers::of_day(app, &board, yesterday).await?.iter().any(goes_on)
        && !offers::of_day(app, &board, today).await?.iter().any(begins);
    Ok(if late { yesterday } else { today })
}

/// What each vehicle does on a day: who boards and alights where and when.
#[utoipa::path(get, path = "/v1/projects/{project}/rides", tag = "running", params(("project" = String, Path), WhichDay),
    responses((status = 200, body = sheets::RideSheets), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn day(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(which): Params<WhichDay>,
) -> Result<Response, Problem> {
    caller.may_whole(Right::Operate, &project)?;
    projects::get(&mut *app.store().read().await?, &project).await?;
    let now = Timestamp::now();
    let date = day_meant(&app, &project, &which, now).await?;
    let sheets = sheets_of(&app, &project, date, now).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(sheets)).into_response())
}

/// Cancel a ride for whoever has it: they read why. Not once the vehicle is on its way. Said again, nothing changes.
#[utoipa::path(put, path = "/v1/projects/{project}/rides/{date}/{offer}/{code}/cancellation", tag = "running",
    params(("project" = String, Path), ("date" = String, Path), ("offer" = String, Path), ("code" = String, Path)),
    request_body = Reason, responses((status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn cancel_for(
    State(app): State<App>,
    caller: Caller,
    At((project, date, offer, code)): At<(String, String, String, String)>,
    body: Checked<Reason>,
) -> Result<Reply, Problem> {
    caller.may_whole(Right::Operate, &project)?;
    let key = Key { project, offer, date: days::day(&date)? };
    call_off_for(&app, (&key, &code), body.value.text(), Timestamp::now()).await?;
    Ok(Reply::done())
}
