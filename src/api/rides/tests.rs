//! The running day through the whole service, on a database in a temporary folder; more of it in files beside this one.

mod days;
mod http;
mod random;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use tower::ServiceExt;

use super::own::{Accepted, Outcome, accept, ask};
use super::shown::{RideAnswer, RideOffer, RideShown};
use super::standing::Standing;
use super::wish::{RideWish, TimeKind, asked};
use crate::api::app::{App, Settings};
use crate::api::problem::Problem;
use crate::api::{routes, tokens};
use crate::domain::site::Kerb;
use crate::domain::units::{Fen, ServiceTime};
use crate::jobs::Bell;
use crate::planning::plan::{OnDemand, RideDay, RideRules, RideWorth, ServiceDays, Standby, Stop};
use crate::planning::scenario::Scenario;
use crate::publish::fixture;
use crate::publish::riding::{Published, instant, zone_of};
use crate::routing::promises::Desk;
use crate::routing::promises::check::{Booking, check};
use crate::storage::plans::{Origin, Packed};
use crate::storage::rides::{self, Key};
use crate::storage::{Store, people, plans, projects, publications};

/// Three stops on a street, five minutes apart; the depot is at the first.
const ALONG: [u32; 4] = [0, 300, 600, 0];

fn stop(id: &str, step_free: bool) -> Stop {
    Stop {
        id: id.to_owned(),
        name: format!("{id}站"),
        name_en: format!("Stop {id}"),
        lon: 121.44,
        lat: 31.27,
        way: 1,
        between: [1, 2],
        offset_m: 1.0,
        side: Kerb::Right,
        site: None,
        step_free,
    }
}

/// From 8 to 20, a vehicle with so many seats and one wheelchair place; a window of five minutes, a wait of ten, half an hour of notice.
fn offer(id: &str, vehicles: usize, seats: u32) -> OnDemand {
    let cells = || ALONG.iter().flat_map(|from| ALONG.iter().map(move |to| from.abs_diff(*to)));
    let hours = (ServiceTime::hm(8, 0), ServiceTime::hm(20, 0));
    let vehicle = |number: usize| Standby {
        id: format!("v{number}"),
        vehicle_type: "mini".to_owned(),
        seats,
        wheelchair_places: 1,
        depot: "depot".to_owned(),
        block: None,
        stints: vec![(hours.0, ServiceTime::hm(14, 0)), (ServiceTime::hm(14, 0), hours.1)],
        km: 12.5,
        over_km: 0.0,
        fen: Fen(90_000),
    };
    OnDemand {
        id: id.to_owned(),
        name: "小巴预约".to_owned(),
        name_en: "Minibus on request".to_owned(),
        service: "all".to_owned(),
        from: hours.0,
        until: hours.1,
        stops: vec![stop("a", true), stop("b", true), stop("c", false)],
        vehicles: (0..vehicles).map(vehicle).collect(),
        rules: RideRules {
            window_s: 300,
            max_wait_s: 600,
            ride_percent: 150,
            ride_slack_s: 120,
            max_ride_s: 1800,
            notice_s: 1800,
            stop_s: 10,
            person_s: 5,
            second_mfen: 1111,
            metre_mfen: 200,
        },
        depots: vec!["depot".to_owned()],
        seconds: cells().collect(),
        metres: cells().map(|seconds| seconds * 8).collect(),
        asks: Vec::new(),
        worth: RideWorth::default(),
        day: RideDay::default(),
    }
}

struct Town {
    _folder: tempfile::TempDir,
    app: App,
    router: Router,
}

fn server(store: Store) -> (App, Router) {
    let settings = Settings { open: false, base_url: "http://t".to_owned(), unlimited: true };
    let app = App::new(store, Bell::default(), settings);
    (app.clone(), routes::router(app))
}

/// The day it is there.
fn today() -> Date {
    zone_of("Asia/Shanghai").1.to_datetime(Timestamp::now()).date()
}

fn tomorrow() -> Date {
    today().saturating_add(1.days())
}

/// A time of tomorrow's service.
fn at(hour: i64, minute: i64) -> Timestamp {
    instant(&zone_of("Asia/Shanghai").1, tomorrow(), hour * 3600 + minute * 60)
}

/// A database on the server that `JIEBO_TEST_POSTGRES` names, if it names one: its address, and how it is dropped.
async fn postgres() -> Option<(String, String)> {
    let server = std::env::var("JIEBO_TEST_POSTGRES").ok()?;
    sqlx::any::install_default_drivers();
    let name = format!("jiebo_test_{}", crate::storage::new_id());
    let mut conn = AnyConnection::connect(&server).await.unwrap();
    conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let (front, _) = server.rsplit_once('/').unwrap();
    Some((format!("{front}/{name}"), format!("DROP DATABASE {name} WITH (FORCE)")))
}

async fn drop_database(sql: String) {
    let server = std::env::var("JIEBO_TEST_POSTGRES").unwrap();
    AnyConnection::connect(&server).await.unwrap().execute(AssertSqlSafe(sql)).await.unwrap();
}

async fn town(offers: Vec<OnDemand>) -> Town {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    town_on(folder, &url, offers).await
}

async fn town_on(folder: tempfile::TempDir, url: &str, offers: Vec<OnDemand>) -> Town {
    let (app, router) = server(Store::open(url).await.unwrap());
    let now = Timestamp::now();
    let mut tx = app.store().write().await.unwrap();
    for project in ["p", "q"] {
        projects::add(&mut tx, project, "P", Some("项目"), now).await.unwrap();
    }
    for (login, role) in [("op", "operator"), ("view", "viewer"), ("plan", "planner")] {
        let user = people::add(&mut tx, login, login, now).await.unwrap();
        people::give(&mut tx, &user.id, role, Some("p"), None, now).await.unwrap();
        people::add_key(&mut tx, &user.id, "k", &tokens::hash(&format!("key-{login}")), now, None).await.unwrap();
    }
    tx.commit().await.unwrap();
    let town = Town { _folder: folder, app, router };
    town.publish("p", offers, today()).await;
    town
}

impl Town {
    /// Publishes a plan with these offers from a day on: its id.
    async fn publish(&self, project: &str, offers: Vec<OnDemand>, from: Date) -> String {
        let mut plan = fixture::plan();
        let date = |text: &str| text.parse::<Date>().unwrap();
        let (first, last) = (date("2020-01-01"), date("2099-12-31"));
        plan.services.push(ServiceDays {
            id: "all".to_owned(),
            days: "daily".to_owned(),
            from: first,
            until: last,
            added: Vec::new(),
            removed: Vec::new(),
        });
        plan.on_demand = offers;
        let plan = plan.sealed();
        let published = Published::without_stations(&fixture::project(), &plan);
        let bytes = serde_json::to_vec(&published).unwrap();
        let origin = Origin { inputs: Vec::new(), modifications: Scenario::default() };
        let now = Timestamp::now();
        let mut tx = self.app.store().write().await.unwrap();
        plans::keep(&mut tx, project, None, "", &origin, &Packed::new(&plan), now).await.unwrap();
        publications::add(&mut tx, project, &plan.id, (from, None), &bytes, now).await.unwrap();
        tx.commit().await.unwrap();
        self.app.boards().changed(self.app.store(), project).await;
        plan.id
    }

    /// As if the server had been stopped and started: nothing is left but the database.
    fn restart(&mut self) {
        (self.app, self.router) = server(self.app.store().clone());
    }

    async fn send(&self, who: &str, method: &str, path: &str, kind: &str, body: String) -> (StatusCode, String) {
        let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, kind);
        if !who.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer key-{who}"));
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = response.status();
        let place = response.headers().get(header::LOCATION).and_then(|place| place.to_str().ok()).map(str::to_owned);
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        (status, if status == StatusCode::SEE_OTHER { place.unwrap_or_default() } else { text })
    }

    async fn json(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let (status, text) = self.send(who, method, path, "application/json", body).await;
        (status.as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn page(&self, who: &str, path: &str) -> String {
        let (status, text) = self.send(who, "GET", path, "text/plain", String::new()).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        text
    }

    async fn fill(&self, path: &str, form: &str) -> (StatusCode, String) {
        self.send("", "POST", path, "application/x-www-form-urlencoded", form.to_owned()).await
    }

    async fn ask(&self, wish: &RideWish, now: Timestamp) -> Result<RideAnswer, Problem> {
        ask(&self.app, "p", &asked(&self.app, "p", wish, now).await?, now).await
    }

    async fn accept(&self, wish: &RideWish, offer: &RideOffer, now: Timestamp) -> Result<Outcome, Problem> {
        accepted(&self.app, wish, offer, now).await
    }

    /// What stands in the rows, judged by the judge: no promise is broken.
    async fn judged(&self, key: &Key) -> Standing {
        let day = rides::day(&mut self.app.store().read().await.unwrap(), key).await.unwrap().unwrap();
        let offered = super::offers::of_plan(&self.app, &key.project, &day.plan, &key.offer).await.unwrap();
        let standing = Standing::read(&self.app, key, &offered).await.unwrap();
        let service = crate::planning::on_demand::desk::service(&standing.offered).unwrap();
        let bookings: Vec<Booking> =
            standing.rides.iter().map(|ride| Booking { promise: ride.promise, cancelled: ride.cancelled }).collect();
        assert_eq!(check(&service, &bookings, &day.sheets, day.at), Vec::new());
        standing
    }
}

async fn accepted(app: &App, wish: &RideWish, offer: &RideOffer, now: Timestamp) -> Result<Outcome, Problem> {
    let asked = asked(app, "p", wish, now).await?;
    let window = (offer.window.from, offer.window.until);
    accept(app, "p", &Accepted { asked, window, by: offer.by, token: offer.token.clone() }, now).await
}

fn key(offer: &str) -> Key {
    Key { project: "p".to_owned(), offer: offer.to_owned(), date: tomorrow() }
}

fn wish(from: &str, to: &str, time: &str) -> RideWish {
    RideWish {
        from: from.to_owned(),
        to: to.to_owned(),
        date: tomorrow().to_string(),
        time: time.to_owned(),
        time_kind: TimeKind::DepartAfter,
        people: 1,
        wheelchair: false,
    }
}

fn offered(answer: RideAnswer) -> RideOffer {
    answer.offer.unwrap_or_else(|| panic!("refused: {:?}", answer.refusal))
}

fn promised(outcome: Outcome) -> RideShown {
    match outcome {
        Outcome::Promised(ride) => *ride,
        Outcome::Otherwise(answer) => panic!("{answer:?}"),
    }
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap()
}

/// A desk of a day as it stands.
fn desk(standing: &Standing) -> Desk {
    standing.desk().unwrap()
}
