//! A bay for the night: ask for one, see what became of it; the committee's requests and lots. An owner sees their own lots.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::{Filled, Words, checked, lines, name, number, site_name, some, today, yuan};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::At;
use crate::api::caller::Right;
use crate::api::ground::{self, clock};
use crate::api::pages::frame::{Refusal, Visitor, form_urlencoded};
use crate::api::parking::{
    self as api, DayShown, LotShown, NewDecision, NewRequest, RequestShown, RequestState, Verdict,
};
use crate::api::problem::{Flaw, Problem};
use crate::domain::calendar::Window;
use crate::domain::coordinates::Point;
use crate::domain::site::SiteKind;
use crate::planning::project::{Lot, Project};
use crate::publish::pages::dates;
use crate::publish::pages::shell::render;
use crate::publish::phrases::Language;

/// Ways on foot are longer than the straight line: the usual detour of a street grid.
const DETOUR: f64 = 1.3;
/// Metres a minute on foot: 1.2 m/s.
const WALK_M_PER_MIN: f64 = 72.0;
/// Requests on a page of the committee.
const SHOWN: i64 = 100;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/parking/{project}", get(form).post(apply))
        .route("/parking/request/{token}", get(own))
        .route("/parking/request/{token}/withdraw", post(withdraw))
        .route("/projects/{project}/parking", get(overview))
        .route("/projects/{project}/parking/requests/{id}", post(decide))
}

/// A lot as an applicant sees it.
struct Near {
    name: String,
    bays: u32,
    price: String,
    times: String,
    walk: String,
}

#[derive(Template)]
#[template(path = "places_parking.html")]
struct FormPage<'a> {
    w: Words<'a>,
    project: &'a str,
    name: String,
    areas: Vec<(String, String, bool)>,
    lots: Vec<Near>,
    home: bool,
    today: String,
}

#[derive(Deserialize)]
struct From {
    home: Option<String>,
}

/// When it lends from a minute of the calendar on; `None`: never again.
fn times(w: Words<'_>, lot: &Lot, now: i64) -> Option<String> {
    let left: Vec<Window> = lot.windows.iter().filter_map(|window| window.parted(now).1).collect();
    let said = left
        .iter()
        .map(|window| format!("{} {}–{}", w.days(&window.days.to_string()), clock(window.from), clock(window.to)));
    (!left.is_empty()).then(|| said.collect::<Vec<_>>().join("; "))
}

fn near(w: Words<'_>, ground: &Project, home: Option<Point>) -> Vec<Near> {
    let away = |lot: &Lot| home.map(|home| lot.gate.unwrap_or(lot.point).metres_to(home) * DETOUR);
    let mut lots: Vec<(Option<f64>, &Lot)> = ground.lots.iter().map(|lot| (away(lot), lot)).collect();
    lots.sort_by(|a, b| a.0.unwrap_or(0.0).total_cmp(&b.0.unwrap_or(0.0)));
    let now = ground::local(&ground.timezone);
    let walk = |metres: f64| {
        let args =
            [("metres", ((metres / 10.0).round() * 10.0).into()), ("minutes", (metres / WALK_M_PER_MIN).ceil().into())];
        w.0.say("places-parking-walk", &args)
    };
    let near = |(away, lot): (Option<f64>, &Lot)| {
        Some(Near {
            name: lot.name.clone(),
            bays: lot.bays,
            price: yuan(lot.price.0),
            times: times(w, lot, now)?,
            walk: away.map_or_else(String::new, walk),
        })
    };
    lots.into_iter().filter_map(near).collect()
}

async fn form(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    Query(from): Query<From>,
) -> Result<Response, Refusal> {
    let ground = ground::of(&app, &project).await?;
    let w = Words(&visitor);
    let home = from.home.as_deref().and_then(|id| ground.site(id));
    let areas = ground
        .sites
        .iter()
        .filter(|site| site.kind == SiteKind::Area)
        .map(|site| {
            let name = site_name(&ground, visitor.language, &site.id);
            (site.id.clone(), name, home.is_some_and(|home| home.id == site.id))
        })
        .collect();
    let lots = near(w, &ground, home.map(|site| site.point));
    let name = name(&app, &visitor, &project).await?;
    let page = FormPage { w, project: &project, name, areas, lots, home: home.is_some(), today: today(&ground) };
    Ok(visitor.page(&visitor.say("places-parking-title", &[]), &render(&page)))
}

#[derive(Deserialize)]
struct Application {
    #[serde(default)]
    home: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    days: String,
    /// One day only, instead of these days.
    #[serde(default)]
    date: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    max_walk_m: String,
    #[serde(default)]
    max_price: String,
    accessible: Option<String>,
    charging: Option<String>,
}

/// Yuan of a form, in fen.
fn fen(text: &str) -> Result<u32, Refusal> {
    let wrong = || Refusal::from(Problem::fields(vec![Flaw::new("max_price", "place-number")]));
    let yuan: f64 = text.trim().parse().map_err(|_| wrong())?;
    if !(0.0..=10_000.0).contains(&yuan) {
        return Err(wrong());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to a million, as just asked")]
    let fen = (yuan * 100.0).round() as u32;
    Ok(fen)
}

async fn apply(
    State(app): State<App>,
    At(project): At<String>,
    Filled(form): Filled<Application>,
) -> Result<Response, Refusal> {
    let new = checked(NewRequest {
        home: some(&form.home).or_else(|| some(&form.at)).unwrap_or_default(),
        area: some(&form.home),
        days: some(&form.date).or_else(|| some(&form.days)).unwrap_or_default(),
        from: form.from,
        to: form.to,
        max_walk_m: some(&form.max_walk_m).map_or(Ok(500), |text| number("max_walk_m", &text))?,
        max_price: some(&form.max_price).map(|text| fen(&text)).transpose()?,
        accessible: form.accessible.is_some(),
        charging: form.charging.is_some(),
    })?;
    let (_, token) = api::add(&app, &project, &new).await?;
    Ok(Redirect::to(&format!("/parking/request/{token}?said=1")).into_response())
}

#[derive(Deserialize)]
struct Just {
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "places_parking_request.html")]
struct OwnPage<'a> {
    w: Words<'a>,
    request: &'a RequestShown,
    home: String,
    language: Language,
    said: bool,
    link: String,
    token: &'a str,
}

impl OwnPage<'_> {
    fn state(&self) -> &'static str {
        state(self.request.state)
    }
    fn withdrawn(&self) -> bool {
        self.request.state == RequestState::Withdrawn
    }
    fn over(&self) -> bool {
        self.request.state == RequestState::Over
    }
    fn price(&self, fen: &i64) -> String {
        yuan(*fen)
    }
}

fn state(state: RequestState) -> &'static str {
    match state {
        RequestState::Waiting => "waiting",
        RequestState::Granted => "granted",
        RequestState::Refused => "refused",
        RequestState::Withdrawn => "withdrawn",
        RequestState::Over => "over",
    }
}

async fn own(
    State(app): State<App>,
    visitor: Visitor,
    At(token): At<String>,
    Query(just): Query<Just>,
) -> Result<Response, Refusal> {
    let (stored, request) = api::of_token(&app, &token).await?;
    let ground = ground::of(&app, &stored.project).await?;
    let link = format!("{}/parking/request/{token}", app.settings().base_url);
    let page = OwnPage {
        w: Words(&visitor),
        request: &request,
        home: site_name(&ground, visitor.language, &request.home),
        language: visitor.language,
        said: just.said.is_some(),
        link,
        token: &token,
    };
    Ok(visitor.page(&visitor.say("places-parking-own", &[]), &render(&page)))
}

async fn withdraw(State(app): State<App>, ask: Ask, At(token): At<String>) -> Result<Response, Refusal> {
    api::take_back(&app, &ask, &token).await?;
    Ok(Redirect::to(&format!("/parking/request/{}", form_urlencoded(&token))).into_response())
}

/// An hour of a lot: bays used at most, and how dark.
struct Hour {
    used: u32,
    lent: bool,
    shade: u32,
}

/// A lot and its week, hour by hour.
struct Week<'a> {
    lot: &'a LotShown,
    price: String,
    promise: Option<(String, String)>,
    days: Vec<(String, Vec<Hour>)>,
}

fn week<'a>(visitor: &Visitor, lot: &'a LotShown) -> Week<'a> {
    let minute = |clock: &str| -> u32 {
        let (hours, minutes) = clock.split_once(':').unwrap_or(("0", "0"));
        hours.parse::<u32>().unwrap_or(0) * 60 + minutes.parse::<u32>().unwrap_or(0)
    };
    // Of a lot that lends on dates only the weekdays have nothing to say.
    let idle = |day: &DayShown| day.changes.iter().all(|change| change.used == 0 && change.lent == 0);
    let (weekdays, dates) = lot.occupancy.split_at(lot.occupancy.len().min(7));
    let from = if !dates.is_empty() && weekdays.iter().all(idle) { weekdays.len() } else { 0 };
    let days = lot.occupancy[from..].iter().map(|day| {
        let name = dates::pattern(visitor.language, &day.day);
        let hours = (0..24_u32).map(|hour| {
            let (start, end) = (hour * 60, hour * 60 + 60);
            let within = day.changes.iter().enumerate().filter(|(at, change)| {
                let until = day.changes.get(at + 1).map_or(1440, |next| minute(&next.from));
                minute(&change.from) < end && start < until
            });
            let (used, lent) = within
                .fold((0, 0), |(used, lent): (u32, u32), (_, change)| (used.max(change.used), lent.max(change.lent)));
            Hour { used, lent: lent > 0, shade: (used * 5).div_ceil(lot.bays.max(1)).min(5) }
        });
        (name, hours.collect())
    });
    let percent = |share: f64| format!("{:.2}%", share * 100.0);
    Week {
        lot,
        price: yuan(lot.price),
        promise: lot.displacement.as_ref().map(|promise| (percent(promise.upper_99), percent(promise.limit))),
        days: days.collect(),
    }
}

#[derive(Template)]
#[template(path = "places_parking_lots.html")]
struct Overview<'a> {
    w: Words<'a>,
    project: &'a str,
    name: String,
    language: Language,
    lots: Vec<Week<'a>>,
    /// Requests, for those who may decide.
    requests: Option<Vec<RequestShown>>,
    next: Option<String>,
}

impl Overview<'_> {
    fn state(&self, request: &RequestShown) -> &'static str {
        state(request.state)
    }
    fn price(&self, fen: &u32) -> String {
        yuan(i64::from(*fen))
    }
    /// Nothing is to be decided any more.
    fn done(&self, request: &RequestShown) -> bool {
        matches!(request.state, RequestState::Withdrawn | RequestState::Over)
    }
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

async fn overview(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    Query(after): Query<After>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let lots = api::lots_of(&app, &visitor.caller, &project).await?;
    let name = name(&app, &visitor, &project).await?;
    let (mut requests, mut next) = (None, None);
    if visitor.caller.may_whole(Right::Allot, &project).is_ok() {
        let after = after.after.unwrap_or_default();
        let mut rows = api::requests(&app, &project, &after, SHOWN + 1).await?;
        let shown = usize::try_from(SHOWN).unwrap_or(1);
        if rows.len() > shown {
            rows.truncate(shown);
            next = rows.last().map(|row| row.id.clone());
        }
        requests = Some(rows);
    }
    let lots = lots.iter().map(|lot| week(&visitor, lot)).collect();
    let page =
        Overview { w: Words(&visitor), project: &project, name, language: visitor.language, lots, requests, next };
    Ok(visitor.page(&visitor.say("places-parking-lots", &[]), &render(&page)))
}

#[derive(Deserialize)]
struct Decision {
    decision: Verdict,
    #[serde(default)]
    lot: String,
    #[serde(default)]
    reason: String,
}

async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At((project, id)): At<(String, String)>,
    Filled(form): Filled<Decision>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let new = NewDecision { decision: form.decision, lot: some(&form.lot), reason: some(&lines(&form.reason)) };
    api::judge(&app, &visitor.caller, &ask, (&project, &id), &checked(new)?, "").await?;
    Ok(Redirect::to(&format!("/projects/{project}/parking")).into_response())
}
