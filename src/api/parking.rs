//! Shared parking: residents ask for a bay, plans decide, the committee may decide by hand, owners see their lots' week.
//!
//! Requests of the register join the project's own in a file beside parking.csv when a plan is started ([`inputs`]); a request's id is the
//! same in the plan, so that its permit or refusal finds it again once the plan is published.

mod lots;
mod standing;

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, aside};
use super::ask::Ask;
use super::body::{At, Check, Checked, Params, text_flaw};
use super::caller::{Caller, Right};
use super::ground::{as_of, is_clock, local, timezone, window, window_to_come};
use super::page::{Page, Paging};
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::{Reply, etag};
use super::{ground, tokens};
use crate::intake::Source;
use crate::intake::parking_register::{self, Row};
use crate::planning::parking::by_hand::{self, Obstacle};
use crate::planning::plan::Parking;
use crate::planning::project::{Lot, ParkingRequest, Project};
use crate::storage::parking::{self, Decision, Request, State as Stored, Wish};
use crate::storage::projects::{self, File, Packed};
use crate::storage::{StorageError, plans};

pub(super) use lots::{DayShown, LotShown, lots_of};
pub(super) use standing::{RequestShown, RequestState};

/// Requests of a project that are not withdrawn, at most.
const MOST: i64 = 20_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(apply, list))
        .routes(routes!(own, change, withdraw))
        .routes(routes!(decide))
        .merge(lots::routes())
}

/// What is asked for. No name, no number, no plate.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRequest {
    /// Home: a site's id (a residential area), or `lon lat`, of which only a cell of about 100 m is kept.
    #[schema(min_length = 1, max_length = 64, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) home: String,
    /// Residential area: a site's id.
    #[schema(min_length = 1, max_length = 64, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) area: Option<String>,
    /// Weekdays or dates: `daily`, `Mon-Fri`, `Sat,Sun`, `一三五`, `2026-12-24`.
    #[serde(default = "daily")]
    #[schema(min_length = 1, max_length = 60, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) days: String,
    /// From; 18:00 where it is not given.
    #[serde(default = "evening")]
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub(super) from: String,
    /// To; not after `from`: the next day; 08:00 where it is not given.
    #[serde(default = "morning")]
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub(super) to: String,
    /// Farthest walk to the bay, metres; 500 where it is not given.
    #[serde(default = "usual_walk")]
    #[schema(minimum = 0, maximum = 10000)]
    pub(super) max_walk_m: u32,
    /// Highest price of a night, fen (CNY 0.01).
    #[schema(minimum = 0, maximum = 1000000)]
    pub(super) max_price: Option<u32>,
    /// Needs an accessible bay.
    #[serde(default)]
    pub(super) accessible: bool,
    /// Needs a charger.
    #[serde(default)]
    pub(super) charging: bool,
}

fn daily() -> String {
    "daily".to_owned()
}
fn evening() -> String {
    "18:00".to_owned()
}
fn morning() -> String {
    "08:00".to_owned()
}
fn usual_walk() -> u32 {
    500
}

impl Check for NewRequest {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws: Vec<Flaw> = text_flaw("home", &self.home, 1..=64).into_iter().collect();
        flaws.extend(self.area.iter().filter_map(|area| text_flaw("area", area, 1..=64)));
        flaws.extend(text_flaw("days", &self.days, 1..=60));
        let clocks = [("from", &self.from), ("to", &self.to)];
        flaws
            .extend(clocks.iter().filter(|(_, text)| !is_clock(text)).map(|(name, _)| Flaw::new(*name, "place-clock")));
        let mut within = |name, number: u32, most: u32| {
            if number > most {
                flaws.push(Flaw::new(name, "number-range").arg("least", 0).arg("most", most));
            }
        };
        within("max_walk_m", self.max_walk_m, 10_000);
        within("max_price", self.max_price.unwrap_or(0), 1_000_000);
        flaws
    }
}

/// A home as it is kept: a site, or the middle of a cell of about 100 m.
///
/// # Errors
/// 409: it is neither.
fn coarse(ground: &Project, home: &str) -> Result<String, Problem> {
    let home = home.trim();
    let mut parts = home.split([' ', ',', '，']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
    if let (Some(Ok(lon)), Some(Ok(lat)), None) = (parts.next(), parts.next(), parts.next())
        && (-180.0..=180.0).contains(&lon)
        && (-90.0..=90.0).contains(&lat)
    {
        // A thousandth of a degree: 111 m from south to north, 95 m from west to east in Shanghai.
        return Ok(format!("{lon:.3} {lat:.3}"));
    }
    site(ground, home)
}

fn site(ground: &Project, id: &str) -> Result<String, Problem> {
    let known = ground.site(id.trim()).ok_or_else(|| Problem::conflict("place-unknown").arg("home", id))?;
    Ok(known.id.clone())
}

/// A wish as it is kept; its places and days must make sense in the project.
fn wish(ground: &Project, new: &NewRequest) -> Result<Wish, Problem> {
    let (from, to) = (new.from.trim().to_owned(), new.to.trim().to_owned());
    Ok(Wish {
        home: coarse(ground, &new.home)?,
        area: new.area.as_deref().map(|area| site(ground, area)).transpose()?,
        days: window_to_come(&new.days, &from, &to, local(&ground.timezone))?.days.to_string(),
        from,
        to,
        max_walk_m: new.max_walk_m,
        max_price: new.max_price,
        accessible: new.accessible,
        charging: new.charging,
    })
}

/// A request and its secret link, told once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RequestMade {
    /// It.
    request: RequestShown,
    /// Secret: with it the request is seen, changed and withdrawn.
    token: String,
    /// The page of the request.
    link: String,
}

/// Asks for a bay: the request and its secret.
pub(super) async fn add(app: &App, project: &str, new: &NewRequest) -> Result<(Request, String), Problem> {
    let ground = ground::of(app, project).await?;
    let now = local(&ground.timezone);
    if ground.lots.iter().all(|lot| lot.windows.iter().all(|window| window.is_over(now))) {
        return Err(Problem::conflict("parking-no-lots"));
    }
    let wish = wish(&ground, new)?;
    let token = tokens::new()?;
    let mut tx = app.store().write().await?;
    let moment = Timestamp::now();
    if parking::count(&mut tx, project, MOST, moment).await? >= MOST {
        return Err(Problem::conflict("place-too-many").arg("most", MOST));
    }
    let request = parking::add(&mut tx, project, &tokens::hash(&token), &wish, moment).await?;
    tx.commit().await.map_err(StorageError::from)?;
    Ok((request, token))
}

/// Ask for a bay at night; no login. The answer holds a secret link, told once.
#[utoipa::path(post, path = "/v1/projects/{project}/parking/requests", tag = "parking", security(()),
    params(("project" = String, Path)), request_body = NewRequest, responses(
    (status = 201, body = RequestMade), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn apply(State(app): State<App>, At(project): At<String>, body: Checked<NewRequest>) -> Result<Reply, Problem> {
    // No Idempotency-Key here: its answer would keep the secret.
    let (request, token) = add(&app, &project, &body.value).await?;
    let revision = request.revision;
    // It has something still to come: it was looked over.
    let shown = RequestShown::of(&request, None, &[], i64::MIN);
    let link = format!("{}/parking/request/{token}", app.settings().base_url);
    let location = format!("/v1/parking/requests/{token}");
    Ok(Reply::created(location, &RequestMade { request: shown, token, link }).revision(revision))
}

/// The request of a secret link, as it stands today.
pub(super) async fn of_token(app: &App, token: &str) -> Result<(Request, RequestShown), Problem> {
    let request = parking::by_token(&mut *app.store().read().await?, &tokens::hash(token)).await?;
    let ground = ground::of(app, &request.project).await?;
    let allotment = ground::allotment(app, &request.project).await?;
    let in_force = allotment.as_ref().map(|(_, parking)| &**parking);
    let shown = RequestShown::of(&request, in_force, &ground.lots, local(&ground.timezone));
    Ok((request, shown))
}

/// One's own request, by the secret link: waiting, granted, refused and why, withdrawn.
#[utoipa::path(get, path = "/v1/parking/requests/{token}", tag = "parking", security(()), params(("token" = String, Path)),
    responses((status = 200, body = RequestShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn own(State(app): State<App>, At(token): At<String>) -> Result<Response, Problem> {
    let (request, shown) = of_token(&app, &token).await?;
    let headers = [(header::ETAG, etag(request.revision)), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, Json(shown)).into_response())
}

/// Ask for something else; a decision by hand is open again, the place in the queue is kept.
#[utoipa::path(put, path = "/v1/parking/requests/{token}", tag = "parking", security(()), params(("token" = String, Path)),
    request_body = NewRequest, responses(
    (status = 200, body = RequestShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn change(
    State(app): State<App>,
    ask: Ask,
    At(token): At<String>,
    body: Checked<NewRequest>,
) -> Result<Reply, Halt> {
    let (request, _) = of_token(&app, &token).await?;
    let ground = ground::of(&app, &request.project).await?;
    let allotment = ground::allotment(&app, &request.project).await?;
    let wish = wish(&ground, &body.value)?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    projects::lock(&mut tx, &request.project).await?;
    let request = parking::get(&mut tx, &request.project, &request.id).await?;
    ask.expects(request.revision)?;
    if request.state == Stored::Withdrawn {
        return Err(Problem::conflict("place-withdrawn").into());
    }
    let now = tx.now;
    let request = parking::change(&mut tx, &request.project, &request.id, &wish, now).await?;
    let in_force = allotment.as_ref().map(|(_, parking)| &**parking);
    let shown = RequestShown::of(&request, in_force, &ground.lots, local(&ground.timezone));
    tx.finish(Reply::ok(&shown).revision(request.revision)).await
}

/// Take one's own request back: the home is forgotten at once.
#[utoipa::path(delete, path = "/v1/parking/requests/{token}", tag = "parking", security(()),
    params(("token" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn withdraw(State(app): State<App>, ask: Ask, At(token): At<String>) -> Result<Reply, Halt> {
    take_back(&app, &ask, &token).await
}

/// The same for a page.
pub(super) async fn take_back(app: &App, ask: &Ask, token: &str) -> Result<Reply, Halt> {
    let mut tx = ask.begin(app, "").await?;
    let hash = tokens::hash(token);
    let project = parking::by_token(&mut tx, &hash).await?.project;
    projects::lock(&mut tx, &project).await?;
    let request = parking::by_token(&mut tx, &hash).await?;
    ask.expects(request.revision)?;
    let now = tx.now;
    parking::withdraw(&mut tx, &request.project, &request.id, now).await?;
    tx.finish(Reply::done()).await
}

/// Requests of a page, each as it stands today.
pub(super) async fn requests(app: &App, project: &str, after: &str, limit: i64) -> Result<Vec<RequestShown>, Problem> {
    let ground = ground::of(app, project).await?;
    let allotment = ground::allotment(app, project).await?;
    let rows = parking::list(&mut *app.store().read().await?, project, after, limit).await?;
    let parking = allotment.as_ref().map(|(_, parking)| &**parking);
    let now = local(&ground.timezone);
    Ok(rows.iter().map(|request| RequestShown::of(request, parking, &ground.lots, now)).collect())
}

/// Who asks for a bay, oldest first.
#[utoipa::path(get, path = "/v1/projects/{project}/parking/requests", tag = "parking",
    params(("project" = String, Path), Paging), responses(
    (status = 200, body = Page<RequestShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<RequestShown>>, Problem> {
    caller.may_whole(Right::Allot, &project)?;
    let rows = requests(&app, &project, paging.after(), paging.fetch()).await?;
    Ok(Json(paging.page(rows, |request| request.id.clone(), |request| request)))
}

/// Grant or refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// The lot named.
    Grant,
    /// For the reason named.
    Refuse,
}

/// A decision by hand: `grant` with a lot, or `refuse` with a reason.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDecision {
    /// Grant or refuse.
    pub(super) decision: Verdict,
    /// Which lot is granted.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) lot: Option<String>,
    /// Why it is refused; the applicant reads it.
    #[schema(min_length = 1, max_length = 500, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) reason: Option<String>,
}

impl Check for NewDecision {
    fn flaws(&self) -> Vec<Flaw> {
        let lot = self.lot.iter().filter_map(|lot| text_flaw("lot", lot, 1..=200));
        lot.chain(self.reason.iter().filter_map(|reason| text_flaw("reason", reason, 1..=500))).collect()
    }
}

/// Decide by hand: a lot within what it has left at all times of the week, or no bay and why. It holds against plans.
#[utoipa::path(post, path = "/v1/projects/{project}/parking/requests/{id}/decision", tag = "parking",
    params(("project" = String, Path), ("id" = String, Path)), request_body = NewDecision, responses(
    (status = 200, body = RequestShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn decide(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, id)): At<(String, String)>,
    body: Checked<NewDecision>,
) -> Result<Reply, Halt> {
    judge(&app, &caller, &ask, (&project, &id), &body.value, body.fingerprint()).await
}

/// The same for a page.
pub(super) async fn judge(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    (project, id): (&str, &str),
    new: &NewDecision,
    fingerprint: &str,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Allot, project)?;
    let ground = ground::of(app, project).await?;
    let allotment = ground::allotment(app, project).await?;
    // Who needs what kind of bay stands in what the plan was made from.
    let planned = match &allotment {
        Some((plan, _)) => {
            let origin = plans::origin(&mut *app.store().read().await?, project, plan).await?;
            app.project(&origin).await.ok()
        }
        None => None,
    };
    let parking = allotment.as_ref().map(|(_, parking)| &**parking);
    let mut tx = ask.begin(app, fingerprint).await?;
    projects::lock(&mut tx, project).await?;
    let request = parking::get(&mut tx, project, id).await?;
    ask.expects(request.revision)?;
    if request.state == Stored::Withdrawn {
        return Err(Problem::conflict("place-withdrawn").into());
    }
    let (now, local_now) = (tx.now, local(&ground.timezone));
    let to_come = window_to_come(&request.wish.days, &request.wish.from, &request.wish.to, local_now)?;
    let decision = match (new.decision, &new.lot, &new.reason) {
        (Verdict::Refuse, _, Some(reason)) => Decision::Refuse(reason),
        (Verdict::Grant, Some(lot), _) => {
            let lot = ground.lots.iter().find(|known| known.id == *lot);
            let lot = lot.ok_or_else(|| Problem::conflict("parking-lot-unknown"))?;
            let by_hand: Vec<Request> = parking::by_hand(&mut tx, project).await?;
            let others: Vec<Request> = by_hand.into_iter().filter(|other| other.id != id).collect();
            let mut holders = lots::holders(lot, parking, &others, planned.as_deref());
            holders.retain(|holder| holder.id != id);
            let wanted = lots::as_planned(&request).ok_or_else(|| Problem::conflict("place-withdrawn"))?;
            let wanted = ParkingRequest { window: to_come, ..wanted };
            by_hand::room(lot, &holders, &wanted).map_err(|obstacle| left(lot, obstacle))?;
            Decision::Grant(&lot.id)
        }
        _ => return Err(Problem::conflict("parking-decision-incomplete").into()),
    };
    let request = parking::decide(&mut tx, project, id, decision, now).await?;
    let shown = RequestShown::of(&request, parking, &ground.lots, local_now);
    tx.finish(Reply::ok(&shown).revision(request.revision)).await
}

fn left(lot: &Lot, obstacle: Obstacle) -> Problem {
    let why = match obstacle {
        Obstacle::Closed => "closed",
        Obstacle::NoSuchBay => "kind",
        Obstacle::Full => "full",
    };
    Problem::conflict("parking-lot-not-left").arg("lot", lot.name.as_str()).arg("why", why)
}

/// What the service adds to the files a plan is made from: the moment, so that dates that are over are not planned and none of the season's, and
/// the requests of the register. Made before the transaction in which the plan is asked for: files are read for it.
pub(super) async fn inputs(app: &App, project: &str, files: &[File]) -> Result<Vec<(String, Packed)>, Problem> {
    let requests = parking::to_plan(&mut *app.store().read().await?, project).await?;
    let settles = |file: &&File| file.name.eq_ignore_ascii_case("project.toml");
    let settings = app.sources(&files.iter().filter(settles).cloned().collect::<Vec<_>>()).await?;
    // Where there are two of a table, the CSV is read.
    let mut history = None;
    if !requests.is_empty() {
        let records = ["parking_history.csv", "parking_history.xlsx"];
        let named = |name: &&str| files.iter().find(|file| file.name.eq_ignore_ascii_case(name));
        let file = records.iter().find_map(named).cloned();
        history = app.sources(file.as_slice()).await?.pop();
    }
    aside(move || {
        let zone = timezone(&settings);
        let now = local(&zone);
        let recorded = history.as_ref().map(parking_register::recorded).unwrap_or_default();
        let rows: Vec<Row> = requests.into_iter().filter_map(|request| row(request, now, &recorded)).collect();
        let register = (!rows.is_empty()).then(|| parking_register::written(&rows));
        let pack = |file: Source| (file.name, Packed::new(&file.bytes));
        std::iter::once(as_of(&zone)).chain(register).map(pack).collect()
    })
    .await
}

/// A request as a row of the register. Who was granted a lot by hand holds it and has waited longest, whatever the walk and price. Of one that is
/// over only days and times go into a plan's files, to read its records by, and nothing where it left none.
fn row(request: Request, now: i64, recorded: &BTreeSet<String>) -> Option<Row> {
    let Request { id, wish, lot, created, .. } = request;
    let over = window(&wish.days, &wish.from, &wish.to).is_ok_and(|window| window.is_over(now));
    if over {
        let Wish { days, from, to, .. } = wish;
        return recorded.contains(&id).then(|| Row { request: id, days, from, to, past: true, ..Row::default() });
    }
    let since = if lot.is_some() { "2000-01-01" } else { created.get(..10).unwrap_or_default() };
    Some(Row {
        request: id,
        home: wish.home,
        area: wish.area.unwrap_or_default(),
        days: wish.days,
        from: wish.from,
        to: wish.to,
        max_walk_m: Some(if lot.is_some() { 10_000 } else { wish.max_walk_m }),
        max_price: if lot.is_some() { None } else { wish.max_price },
        accessible: wish.accessible,
        charging: wish.charging,
        since: since.to_owned(),
        current_lot: lot.unwrap_or_default(),
        past: false,
    })
}

/// What a plan in force says, where there is one.
type InForce<'a> = Option<&'a Parking>;
