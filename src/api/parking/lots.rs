//! What owners see of their lots: the week, bay by bay, and what the plan in force promises them. Never who parks there.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::InForce;
use crate::api::app::App;
use crate::api::body::{At, Params};
use crate::api::caller::{Caller, Right};
use crate::api::ground::{self, clock, local, window};
use crate::api::page::{Page, Paging};
use crate::api::problem::{Body, Problem};
use crate::domain::calendar::{Days, Window, day_number};
use crate::domain::units::{Metres, ServiceTime};
use crate::planning::parking::by_hand;
use crate::planning::plan::Permit;
use crate::planning::project::{Lot, ParkingRequest, Place, Project};
use crate::storage::parking::{self, Request, State as Stored};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// A lot and its week.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Lot)]
pub(in crate::api) struct LotShown {
    /// Id.
    pub(in crate::api) id: String,
    /// What it is called.
    pub(in crate::api) name: String,
    /// Whose it is.
    pub(in crate::api) owner: String,
    /// Bays lent, all kinds.
    pub(in crate::api) bays: u32,
    /// Of them accessible.
    pub(in crate::api) accessible_bays: u32,
    /// Of them with a charger.
    pub(in crate::api) charging_bays: u32,
    /// When they are lent.
    pub(in crate::api) windows: Vec<Lent>,
    /// Price of a night, fen.
    pub(in crate::api) price: i64,
    /// Cars that have a bay here.
    pub(in crate::api) permits: usize,
    /// Bays used through the week, Monday first; then on dates that are unlike their weekday.
    pub(in crate::api) occupancy: Vec<DayShown>,
    /// How likely a returning owner finds no bay, as the plan in force promises; missing without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) displacement: Option<Promise>,
    /// The plan in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) plan: Option<String>,
}

/// When bays are lent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct Lent {
    /// Weekdays or dates on which it begins.
    pub(in crate::api) days: String,
    /// From, HH:MM.
    pub(in crate::api) from: String,
    /// To, HH:MM; not after `from`: the next day.
    pub(in crate::api) to: String,
}

/// A weekday or a date of a lot.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct DayShown {
    /// `Mon` …, or `2026-12-24`.
    pub(in crate::api) day: String,
    /// From when on how many.
    pub(in crate::api) changes: Vec<Use>,
}

/// Bays from a time of day on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct Use {
    /// HH:MM.
    pub(in crate::api) from: String,
    /// Bays used.
    pub(in crate::api) used: u32,
    /// Bays lent.
    pub(in crate::api) lent: u32,
}

/// The promise to an owner.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct Promise {
    /// Estimate, 0 to 1, of a lot-day.
    pub(in crate::api) probability: f64,
    /// Its 99 % upper limit.
    pub(in crate::api) upper_99: f64,
    /// What the owner allows.
    pub(in crate::api) limit: f64,
}

/// The park a lot belongs to: the site it lies in, or the site that is its owner.
fn park<'a>(ground: &'a Project, lot: &Lot) -> Option<&'a str> {
    if let Some(parent) = ground.site(&lot.id).and_then(|site| site.parent.as_deref()) {
        return Some(parent);
    }
    let owner = lot.owner.as_str();
    let known = |name: &str| !name.is_empty() && name == owner;
    let found = ground
        .sites
        .iter()
        .find(|site| known(&site.id) || known(&site.name) || site.name_en.as_deref().is_some_and(known));
    found.map(|site| site.id.as_str())
}

/// A request of the register as planning sees one; `None` where its window cannot be read.
pub(super) fn as_planned(request: &Request) -> Option<ParkingRequest> {
    let wish = &request.wish;
    let window = window(&wish.days, &wish.from, &wish.to).ok()?;
    Some(ParkingRequest { accessible: wish.accessible, charging: wish.charging, ..holder(request.id.clone(), window) })
}

fn holder(id: String, window: Window) -> ParkingRequest {
    ParkingRequest {
        id,
        home: Place::Site(String::new()),
        area: None,
        party: None,
        window,
        max_walk: Metres(0),
        max_price: None,
        accessible: false,
        charging: false,
        current_lot: None,
        since: None,
    }
}

fn permitted(permit: &Permit) -> Option<ParkingRequest> {
    let days = Days::parse(&permit.days)?;
    Some(holder(permit.request.clone(), Window { days, from: permit.from, to: permit.to }))
}

/// Who has a bay of a lot: by the plan in force, and by hand, dates that are over included. `planned` says who needs which kind.
pub(super) fn holders(
    lot: &Lot,
    in_force: InForce<'_>,
    by_hand: &[Request],
    planned: Option<&Project>,
) -> Vec<ParkingRequest> {
    let decided: BTreeSet<&str> = by_hand.iter().map(|request| request.id.as_str()).collect();
    let kinds: BTreeMap<&str, (bool, bool)> = planned
        .iter()
        .flat_map(|project| &project.requests)
        .map(|request| (request.id.as_str(), (request.accessible, request.charging)))
        .collect();
    let permits = in_force.iter().flat_map(|parking| &parking.permits);
    let mut holders: Vec<ParkingRequest> = permits
        .filter(|permit| permit.lot == lot.id && !decided.contains(permit.request.as_str()))
        .filter_map(|permit| {
            let (accessible, charging) = kinds.get(permit.request.as_str()).copied().unwrap_or_default();
            Some(ParkingRequest { accessible, charging, ..permitted(permit)? })
        })
        .collect();
    let given =
        |request: &&Request| request.state == Stored::Granted && request.lot.as_deref() == Some(lot.id.as_str());
    holders.extend(by_hand.iter().filter(given).filter_map(as_planned));
    holders
}

/// The lots a caller may see, in the project's order.
pub(in crate::api) async fn lots_of(app: &App, caller: &Caller, project: &str) -> Result<Vec<LotShown>, Problem> {
    let reach = caller.may(Right::ReadLots, project)?;
    let ground = ground::of(app, project).await?;
    let allotment = ground::allotment(app, project).await?;
    let by_hand = parking::by_hand(&mut *app.store().read().await?, project).await?;
    let in_force = allotment.as_ref().map(|(_, parking)| &**parking);
    let seen = ground.lots.iter().filter(|lot| reach.has(park(&ground, lot)));
    let plan = allotment.as_ref().map(|(plan, _)| plan.as_str());
    let now = local(&ground.timezone);
    Ok(seen.map(|lot| shown(lot, in_force, &by_hand, plan, now)).collect())
}

/// What is still to come at a minute of the calendar.
fn shown(lot: &Lot, in_force: InForce<'_>, by_hand: &[Request], plan: Option<&str>, now: i64) -> LotShown {
    let mut lot = lot.clone();
    lot.windows = lot.windows.iter().filter_map(|window| window.parted(now).1).collect();
    let lot = &lot;
    let to_come = |holder: ParkingRequest| Some(ParkingRequest { window: holder.window.parted(now).1?, ..holder });
    let holders: Vec<ParkingRequest> = holders(lot, in_force, by_hand, None).into_iter().filter_map(to_come).collect();
    let promise = in_force.and_then(|parking| parking.displacement.iter().find(|promise| promise.lot == lot.id));
    let days = by_hand::occupancy(lot, &holders);
    let day = |(day, changes): (String, Vec<by_hand::Change>)| DayShown {
        day,
        changes: changes
            .into_iter()
            .map(|(minute, used, lent)| Use { from: ServiceTime(minute * 60).clock(), used, lent })
            .collect(),
    };
    LotShown {
        id: lot.id.clone(),
        name: lot.name.clone(),
        owner: lot.owner.clone(),
        bays: lot.bays,
        accessible_bays: lot.accessible_bays,
        charging_bays: lot.charging_bays,
        windows: lot
            .windows
            .iter()
            .map(|window| Lent { days: window.days.to_string(), from: clock(window.from), to: clock(window.to) })
            .collect(),
        price: lot.price.0,
        permits: holders.len(),
        occupancy: days.into_iter().filter(|(day, _)| !gone(day, now)).map(day).collect(),
        displacement: promise.map(|promise| Promise {
            probability: promise.probability,
            upper_99: promise.upper_99,
            limit: lot.displace_max,
        }),
        plan: plan.map(str::to_owned),
    }
}

/// A date that ended by a minute of the calendar; weekdays never do.
fn gone(day: &str, now: i64) -> bool {
    day.parse::<Date>().is_ok_and(|date| (day_number(date) + 1) * 1440 <= now)
}

/// Lots and their weeks; an owner sees their own.
#[utoipa::path(get, path = "/v1/projects/{project}/parking/lots", tag = "parking",
    params(("project" = String, Path), Paging), responses(
    (status = 200, body = Page<LotShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<LotShown>>, Problem> {
    let mut lots = lots_of(&app, &caller, &project).await?;
    lots.sort_by(|a, b| a.id.cmp(&b.id));
    lots.retain(|lot| lot.id.as_str() > paging.after());
    lots.truncate(usize::try_from(paging.fetch()).unwrap_or(0));
    Ok(Json(paging.page(lots, |lot| lot.id.clone(), |lot| lot)))
}

/// One lot and its week.
#[utoipa::path(get, path = "/v1/projects/{project}/parking/lots/{lot}", tag = "parking",
    params(("project" = String, Path), ("lot" = String, Path)), responses(
    (status = 200, body = LotShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(
    State(app): State<App>,
    caller: Caller,
    At((project, lot)): At<(String, String)>,
) -> Result<Json<LotShown>, Problem> {
    let lots = lots_of(&app, &caller, &project).await?;
    lots.into_iter().find(|known| known.id == lot).map(Json).ok_or_else(|| Problem::missing("lot"))
}
