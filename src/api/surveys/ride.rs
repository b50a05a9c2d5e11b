//! "Am I on it, and if not, why?" An answer against the plan in force: the cohorts its journeys fall into, how their people ride, or
//! what keeps them from riding and the least that would change it. Told to the author alone, so also where a cohort is smaller than
//! five: nothing is said of how many others there are.

use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::responses::{Own, own};
use crate::api::app::{App, aside};
use crate::api::body::At;
use crate::api::plans;
use crate::api::problem::{Body, Problem};
use crate::domain::finding::Argument;
use crate::domain::ids::ServiceId;
use crate::domain::units::ServiceTime;
use crate::planning::demand;
use crate::planning::plan::{Leg, Plan, Rider, TimeKind, Unserved};
use crate::planning::project::{Journey, Project};
use crate::publish::pages::dates;
use crate::publish::phrases::{Language, has_phrase, phrase};
use crate::storage::plans as kept_plans;
use crate::storage::publications::{self, Publication};

/// Publications looked through: decades of them.
const MOST_PUBLICATIONS: i64 = 1_000;
/// Ways to ride that are named of one journey.
const MOST_RIDES: usize = 5;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Whether an answer rides.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct Ride {
    /// `nothing_published`, or `published`.
    pub(in crate::api) state: String,
    /// First day of the plan looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) from: Option<String>,
    /// A row for each journey and each set of days on which something runs.
    pub(in crate::api) journeys: Vec<JourneyRide>,
    /// All in words.
    pub(in crate::api) text: Vec<String>,
    /// The same in Chinese.
    pub(in crate::api) text_zh: Vec<String>,
}

/// Whether a journey rides.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct JourneyRide {
    /// `there` or `back`.
    way: String,
    /// On these days (a service of the plan); missing where nothing runs on the answer's days.
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<String>,
    /// `rides`; `some_ride`: not all who wish the same; `left_out`; `not_counted`: nobody with this wish is in the plan;
    /// `no_service`: nothing runs on these days.
    state: String,
    /// Ways to ride.
    rides: Vec<RideShown>,
    /// Why not, a short name.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// In words.
    #[serde(skip)]
    said: [Vec<String>; 2],
}

/// A way to ride.
#[derive(Debug, Serialize, ToSchema)]
struct RideShown {
    /// One leg, or two with a change between.
    legs: Vec<LegShown>,
    /// Both ends, metres.
    walk_m: u32,
    /// Both ends, minutes.
    wait_min: u32,
    /// Aboard, minutes.
    ride_min: u32,
    /// Door to door, walks included, minutes.
    minutes: u32,
    /// The train it meets, HH:MM.
    #[serde(skip_serializing_if = "Option::is_none")]
    train: Option<String>,
}

/// A leg.
#[derive(Debug, Serialize, ToSchema)]
struct LegShown {
    /// Stop id.
    board: String,
    /// Departure, HH:MM.
    depart: String,
    /// Stop id.
    alight: String,
    /// Arrival, HH:MM.
    arrive: String,
}

/// Am I on it, and if not, why? For whoever has the answer's link.
#[utoipa::path(get, path = "/v1/responses/{token}/ride", tag = "surveys", params(("token" = String, Path)), security(()),
    responses((status = 200, body = Ride), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(State(app): State<App>, At(secret): At<String>) -> Result<Response, Problem> {
    let own = own(&app, &secret).await?;
    let ride = of(&app, &own).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(ride)).into_response())
}

/// Does this answer ride?
pub(in crate::api) async fn of(app: &App, own: &Own) -> Result<Ride, Problem> {
    let project = &own.round.project;
    let today = own.choices.today(Timestamp::now());
    let mut conn = app.store().read().await?;
    let Some(publication) = current(publications::list(&mut conn, project, "", MOST_PUBLICATIONS).await?, today) else {
        let said = |language| vec![phrase(language, "survey-ride-nothing", &[])];
        return Ok(Ride {
            state: "nothing_published".to_owned(),
            from: None,
            journeys: Vec::new(),
            text: said(Language::En),
            text_zh: said(Language::Zh),
        });
    };
    let origin = kept_plans::origin(&mut conn, project, &publication.plan).await?;
    drop(conn);
    let plan = opened(app, project, &publication.plan).await?;
    let inputs = app.project(&origin).await?;
    let journeys = own.answer.journeys(0);
    aside(move || tell(&inputs, &plan, &journeys, publication.from, today)).await
}

/// The publication in force on a day; before any, the next.
fn current(mut list: Vec<Publication>, today: Date) -> Option<Publication> {
    list.retain(|publication| publication.withdrawn.is_none());
    list.sort_by(|a, b| (a.from, &a.id).cmp(&(b.from, &b.id)));
    // As riders have it: who has taken over has taken over for good.
    let now = list.iter().rposition(|p| p.from <= today).filter(|&at| list[at].until.is_none_or(|last| today <= last));
    let next = || list.iter().position(|publication| publication.from > today);
    now.or_else(next).map(|at| list.swap_remove(at))
}

/// Plans kept open: people ask about the one in force. A plan's id is the hash of its content.
static OPENED: Mutex<Vec<(String, Arc<Plan>)>> = Mutex::new(Vec::new());
/// So many.
const MOST_OPENED: usize = 4;

async fn opened(app: &App, project: &str, id: &str) -> Result<Arc<Plan>, Problem> {
    if let Ok(kept) = OPENED.lock()
        && let Some((_, plan)) = kept.iter().find(|(known, _)| known == id)
    {
        return Ok(Arc::clone(plan));
    }
    let plan = Arc::new(plans::open(app, project, id).await?);
    if let Ok(mut kept) = OPENED.lock() {
        if kept.len() >= MOST_OPENED {
            kept.remove(0);
        }
        kept.push((id.to_owned(), Arc::clone(&plan)));
    }
    Ok(plan)
}

fn tell(project: &Project, plan: &Plan, journeys: &[Journey], from: Date, today: Date) -> Ride {
    let rows: Vec<JourneyRide> = journeys.iter().flat_map(|journey| rows(project, plan, journey)).collect();
    let said = |language, at: usize| {
        let coming = (from > today)
            .then(|| phrase(language, "survey-ride-coming", &[("day", dates::full(language, from).into())]));
        coming.into_iter().chain(rows.iter().flat_map(|row| row.said[at].clone())).collect()
    };
    let (text_zh, text) = (said(Language::Zh, 0), said(Language::En, 1));
    Ride { state: "published".to_owned(), from: Some(from.to_string()), journeys: rows, text, text_zh }
}

/// A journey on each of its services.
fn rows(project: &Project, plan: &Plan, journey: &Journey) -> Vec<JourneyRide> {
    let cohorts = demand::cohorts_of(project, journey);
    if cohorts.is_empty() {
        return vec![row(project, plan, journey, None, "")];
    }
    let row = |(service, cohort): &(ServiceId, String)| {
        row(project, plan, journey, Some(project.services[service.index()].id.as_str()), cohort)
    };
    cohorts.iter().map(row).collect()
}

fn row(project: &Project, plan: &Plan, journey: &Journey, service: Option<&str>, cohort: &str) -> JourneyRide {
    let mut riders: Vec<&Rider> = plan.riders.iter().filter(|rider| rider.cohort == cohort).collect();
    riders.sort_by_key(|rider| std::cmp::Reverse(rider.people));
    riders.truncate(MOST_RIDES);
    let unserved = plan.unserved.iter().find(|row| row.cohort == cohort);
    let state = match (service, riders.is_empty(), unserved) {
        (None, ..) => "no_service",
        (_, false, None) => "rides",
        (_, false, Some(_)) => "some_ride",
        (_, true, Some(_)) => "left_out",
        (_, true, None) => "not_counted",
    };
    let said = Language::ALL.map(|language| {
        let mut said = vec![head(plan, journey, service, state, language)];
        said.extend(riders.iter().map(|rider| sentence(project, plan, rider, journey.wheelchair, language)));
        said.extend(unserved.into_iter().flat_map(|row| why(row, language)));
        said
    });
    JourneyRide {
        way: if journey.time_kind == TimeKind::ArriveBy { "there" } else { "back" }.to_owned(),
        service: service.map(str::to_owned),
        state: state.to_owned(),
        rides: riders.iter().map(|rider| ride(project, plan, rider, journey.wheelchair)).collect(),
        reason: unserved.map(|row| row.reason.clone()),
        said,
    }
}

/// "There, by 09:00, Monday to Friday: you are on it."
fn head(plan: &Plan, journey: &Journey, service: Option<&str>, state: &str, language: Language) -> String {
    let known = service.and_then(|id| plan.services.iter().find(|service| service.id == id));
    let days = known
        .map_or_else(|| dates::pattern(language, &journey.days.to_string()), |service| dates::days(language, service));
    let way = if journey.time_kind == TimeKind::ArriveBy { "survey-ride-there" } else { "survey-ride-back" };
    let args: [(&str, Argument); 2] = [("time", clock(journey.time).into()), ("days", days.into())];
    let state = phrase(language, &format!("survey-ride-{}", state.replace('_', "-")), &[]);
    format!("{}{state}", phrase(language, way, &args))
}

/// A time of the day, also of what ends on the morning after.
fn clock(time: ServiceTime) -> String {
    ServiceTime(time.0 % (24 * 3600)).clock()
}

fn legs(plan: &Plan, rider: &Rider) -> Vec<LegShown> {
    let times = |trip: &str, stop: &str| {
        let trip = plan.trips.iter().find(|known| known.id == trip)?;
        trip.times.iter().find(|time| time.stop == stop)
    };
    let leg = |leg: &Leg| LegShown {
        board: leg.board.clone(),
        depart: times(&leg.trip, &leg.board).map(|time| time.depart.clock()).unwrap_or_default(),
        alight: leg.alight.clone(),
        arrive: times(&leg.trip, &leg.alight).map(|time| time.arrive.clock()).unwrap_or_default(),
    };
    rider.legs.iter().map(leg).collect()
}

fn ride(project: &Project, plan: &Plan, rider: &Rider, slow: bool) -> RideShown {
    let speed = if slow { project.policy.slow_walk_mm_per_s } else { project.policy.walk_mm_per_s };
    let walk = (u64::from(rider.walk_m.0) * 1000).div_ceil(u64::from(speed.max(1)));
    let whole = walk + u64::from(rider.wait_s.0) + u64::from(rider.ride_s.0);
    RideShown {
        legs: legs(plan, rider),
        walk_m: rider.walk_m.0,
        wait_min: rider.wait_s.0.div_ceil(60),
        ride_min: rider.ride_s.0.div_ceil(60),
        minutes: u32::try_from(whole.div_ceil(60)).unwrap_or(u32::MAX),
        train: rider.train.map(ServiceTime::clock),
    }
}

fn sentence(project: &Project, plan: &Plan, rider: &Rider, slow: bool, language: Language) -> String {
    let stop = |id: &str| {
        let stop = plan.stops.iter().find(|stop| stop.id == id);
        stop.map_or_else(
            || id.to_owned(),
            |stop| match language {
                Language::En if !stop.name_en.is_empty() => stop.name_en.clone(),
                _ => stop.name.clone(),
            },
        )
    };
    let ride = ride(project, plan, rider, slow);
    let mut said = String::new();
    for leg in &ride.legs {
        let args: [(&str, Argument); 4] = [
            ("depart", leg.depart.clone().into()),
            ("from", stop(&leg.board).into()),
            ("arrive", leg.arrive.clone().into()),
            ("to", stop(&leg.alight).into()),
        ];
        said.push_str(&phrase(language, "survey-ride-leg", &args));
    }
    let args: [(&str, Argument); 4] = [
        ("walk", ride.walk_m.into()),
        ("wait", ride.wait_min.into()),
        ("ride", ride.ride_min.into()),
        ("minutes", ride.minutes.into()),
    ];
    said.push_str(&phrase(language, "survey-ride-sum", &args));
    if let Some(train) = ride.train {
        said.push_str(&phrase(language, "survey-ride-train", &[("train", train.into())]));
    }
    said
}

/// Why not, and the least that would change it.
fn why(row: &Unserved, language: Language) -> Vec<String> {
    let reason = phrase(language, &format!("survey-reason-{}", row.reason), &[]);
    let relaxed = row.relaxations.iter().filter_map(|change| {
        let key = format!("survey-relax-{}", change.kind.replace('_', "-"));
        // Money as people say it; all else as it stands.
        let amount = if change.kind == "fen" {
            format!("{:.2}", change.amount / 100.0)
        } else {
            format!("{}", change.amount.ceil())
        };
        has_phrase(language, &key).then(|| phrase(language, &key, &[("amount", amount.into())]))
    });
    std::iter::once(reason).chain(relaxed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_publication_of_the_day_else_the_next() {
        let day = |day| Date::constant(2026, 12, day);
        let publication = |id: &str, from, until: Option<i8>, withdrawn: bool| Publication {
            id: id.to_owned(),
            project: "p".to_owned(),
            plan: String::new(),
            from: day(from),
            until: until.map(day),
            withdrawn: withdrawn.then(String::new),
            revision: 1,
            created: String::new(),
        };
        let list = || {
            vec![
                publication("a", 5, Some(20), false),
                publication("b", 10, Some(15), false),
                publication("c", 12, None, true),
                publication("d", 25, None, false),
            ]
        };
        let of = |today| current(list(), day(today)).map(|found| found.id);
        let some = |id: &str| Some(id.to_owned());
        // The 4th: the next is a. The 12th: b has taken over for good. The 16th and 22nd: b is over, nothing runs, d is next.
        assert_eq!([4, 5, 12, 16, 22, 25].map(of), [some("a"), some("a"), some("b"), some("d"), some("d"), some("d")]);
        assert_eq!(current(list().into_iter().skip(2).take(1).collect(), day(13)), None);
    }
}
