//! Bays, rooms and comments through the whole service, on a database in a temporary folder.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::app::{App, Settings};
use super::{ground, routes, tokens};
use crate::intake::Source;
use crate::jobs::{self, Bell};
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::riding::{Published, Stop};
use crate::storage::projects::Packed;
use crate::storage::{Store, backup, parking, people, plans, projects, publications, rooms};

/// One street from west to east; an area, and two parks with a bay each: 190 m and 761 m away.
const ROADS: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"residential"},
"geometry":{"type":"LineString","coordinates":[[121.440,31.270],[121.441,31.270],[121.443,31.270],[121.449,31.270],[121.450,31.270]]}}]}"#;
const SITES: &str = "id,name,kind,lon,lat,parent\narea-a,甲小区,area,121.441,31.2701,\npark-x,甲园,park,121.443,31.2701,\n\
                     park-y,乙园,park,121.449,31.2701,\n";
const LOTS: &str = "id,name,lon,lat,owner,bays,days,from,to,price,displace_max\n\
                    lot-x,一号停车场,121.443,31.2701,甲园,1,daily,18:00,08:00,5.00,1\n\
                    lot-y,二号停车场,121.449,31.2701,乙园,1,daily,18:00,08:00,5.00,1\n";
const ROOMS: &str = "id,site,kind,seats,days,from,to,who\nhall,park-x,hall,40,Mon-Fri,18:00,21:00,邻居\n";

struct Town {
    _folder: tempfile::TempDir,
    app: App,
    router: Router,
    bell: Bell,
}

async fn town() -> Town {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("t.db").display())).await.unwrap();
    let settings = Settings { open: false, base_url: "http://t".to_owned(), unlimited: true };
    let bell = Bell::default();
    let app = App::new(store, bell.clone(), settings);
    let now = Timestamp::now();
    let mut tx = app.store().write().await.unwrap();
    projects::add(&mut tx, "p", "P", Some("项目"), now).await.unwrap();
    for (name, text) in [
        ("project.toml", "[project]\nname = \"p\"\n"),
        ("roads.geojson", ROADS),
        ("sites.csv", SITES),
        ("lots.csv", LOTS),
        ("rooms.csv", ROOMS),
    ] {
        projects::put_file(&mut tx, "p", name, &Packed::new(text.as_bytes()), now).await.unwrap();
    }
    for (login, role, park) in [("plan", "planner", None), ("owner", "lot_owner", Some("park-y"))] {
        let user = people::add(&mut tx, login, login, now).await.unwrap();
        people::give(&mut tx, &user.id, role, Some("p"), park, now).await.unwrap();
        people::add_key(&mut tx, &user.id, "k", &tokens::hash(&format!("key-{login}")), now, None).await.unwrap();
    }
    tx.commit().await.unwrap();
    Town { _folder: folder, router: routes::router(app.clone()), app, bell }
}

impl Town {
    /// Sends as a user (or as nobody, ""): the status and the answer's text.
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

    async fn ask(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let (status, text) = self.send(who, method, path, "application/json", body).await;
        (status.as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn page(&self, who: &str, path: &str) -> String {
        let (status, text) = self.send(who, "GET", path, "text/plain", String::new()).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        text
    }

    async fn fill(&self, who: &str, path: &str, form: &str) -> (StatusCode, String) {
        self.send(who, "POST", path, "application/x-www-form-urlencoded", form.to_owned()).await
    }

    /// Plans the bays and publishes from long ago on, with a stop at the gate.
    async fn plan_and_publish(&self) -> (std::sync::Arc<Project>, Plan) {
        let (_, run) = self.ask("plan", "POST", "/v1/projects/p/plans", Some(json!({ "only": ["parking"] }))).await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let worker = tokio::spawn(jobs::work(self.app.store().clone(), self.bell.clone(), stopped));
        let path = format!("/v1/runs/{}", run["id"].as_str().unwrap());
        let plan = loop {
            let (_, run) = self.ask("plan", "GET", &path, None).await;
            match run["state"].as_str().unwrap() {
                "done" => break run["plan"].as_str().unwrap().to_owned(),
                "queued" | "running" => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
                other => panic!("{other}: {run}"),
            }
        };
        stop.send(true).unwrap();
        worker.await.unwrap();
        let mut tx = self.app.store().write().await.unwrap();
        let origin = plans::origin(&mut tx, "p", &plan).await.unwrap();
        let made = Plan::from_json(&plans::json(&mut tx, "p", &plan).await.unwrap()).unwrap();
        tx.rollback().await.unwrap();
        let project = self.app.project(&origin).await.unwrap();
        let mut published = Published::of(&project, &made);
        published.stops.push(Stop {
            id: "gate".to_owned(),
            name: "东门".to_owned(),
            name_en: "East Gate".to_owned(),
            lon: 121.443,
            lat: 31.2701,
            step_free: true,
            site: None,
        });
        let bytes = serde_json::to_vec(&published).unwrap();
        let mut tx = self.app.store().write().await.unwrap();
        let from = "2020-01-01".parse().unwrap();
        publications::add(&mut tx, "p", &plan, (from, None), &bytes, Timestamp::now()).await.unwrap();
        tx.commit().await.unwrap();
        (project, made)
    }

    /// Everything that is kept, as text.
    async fn kept(&self) -> String {
        let mut packed = Vec::new();
        backup::write(self.app.store(), &mut packed).await.unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut text).unwrap();
        text
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bay_is_asked_for_planned_published_and_seen() {
    let town = town().await;
    let apply = "/v1/projects/p/parking/requests";
    let wish = json!({ "home": "121.44112 31.27009", "max_walk_m": 300 });
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let (status, made) = town.ask("", "POST", apply, Some(wish.clone())).await;
        assert_eq!(status, 201, "{made}");
        // A cell of a thousandth of a degree; every night from 18:00 to 08:00.
        assert_eq!(made["request"]["home"], "121.441 31.270");
        assert_eq!((text(&made["request"], "days"), text(&made["request"], "to")), ("daily", "08:00"));
        assert_eq!(text(&made, "link"), format!("http://t/parking/request/{}", text(&made, "token")));
        tokens.push(text(&made, "token").to_owned());
    }
    let own = |token: &str| format!("/v1/parking/requests/{token}");
    assert_eq!(town.ask("", "GET", &own(&tokens[0]), None).await.1["state"], "waiting");
    let kept = town.kept().await;
    assert!(tokens.iter().all(|token| !kept.contains(token) && kept.contains(&super::tokens::hash(token))));
    assert!(!kept.contains("121.44112"));

    town.plan_and_publish().await;
    // Only lot-x is within 300 m, and it has one bay: one has it, the other is first of those who wait.
    let mut states = Vec::new();
    for token in &tokens {
        states.push((token.clone(), town.ask("", "GET", &own(token), None).await.1));
    }
    states.sort_by_key(|(_, state)| text(state, "state").to_owned());
    let [(first, granted), (second, waiting)] = &states[..] else { panic!() };
    assert_eq!((text(granted, "state"), text(waiting, "state")), ("granted", "waiting"));
    assert_eq!(granted["granted"]["name"], "一号停车场");
    assert_eq!(granted["granted"]["price"], 500);
    let walk = granted["granted"]["walk_m"].as_u64().unwrap();
    assert!((180..=220).contains(&walk), "{walk}");
    assert_eq!(waiting["rank"], 1);
    assert!(!text(waiting, "reason_zh").is_empty());
    assert!(town.page("", &format!("/parking/request/{first}")).await.contains("一号停车场"));
    assert!(town.page("", &format!("/parking/request/{second}?lang=en")).await.contains("No. 1 on the waiting list"));

    // By hand: lot-x has no bay left, lot-y has.
    let decide = format!("{apply}/{}/decision", text(waiting, "id"));
    let grant = |lot: &str| Some(json!({ "decision": "grant", "lot": lot }));
    let (status, problem) = town.ask("plan", "POST", &decide, grant("lot-x")).await;
    assert_eq!((status, text(&problem, "code")), (409, "parking-lot-not-left"));
    assert_eq!(town.ask("owner", "POST", &decide, grant("lot-y")).await.0, 403);
    assert_eq!(town.ask("plan", "POST", &decide, grant("lot-y")).await.0, 200);
    let (_, now) = town.ask("", "GET", &own(second), None).await;
    assert_eq!((text(&now, "state"), &now["granted"]["lot"]), ("granted", &json!("lot-y")));

    // The owner of park-y sees that lot only: a car from 18:00 on every day.
    let (_, lots) = town.ask("owner", "GET", "/v1/projects/p/parking/lots", None).await;
    let ids: Vec<&str> = lots["items"].as_array().unwrap().iter().map(|lot| text(lot, "id")).collect();
    assert_eq!(ids, ["lot-y"]);
    assert_eq!(lots["items"][0]["permits"], 1);
    let monday = &lots["items"][0]["occupancy"][0];
    assert_eq!(monday["changes"][2], json!({ "from": "18:00", "used": 1, "lent": 1 }));
    assert_eq!(town.ask("owner", "GET", "/v1/projects/p/parking/lots/lot-x", None).await.0, 404);
    assert_eq!(town.ask("owner", "GET", apply, None).await.0, 403);
    assert_eq!(town.ask("", "GET", apply, None).await.0, 401);
    let page = town.page("owner", "/projects/p/parking").await;
    assert!(page.contains("二号停车场") && !page.contains("一号停车场"));
    assert!(town.page("plan", "/projects/p/parking").await.contains("一号停车场"));

    // Withdrawn: the home is forgotten, and the bay is free for somebody else.
    assert_eq!(town.ask("", "DELETE", &own(first), None).await.0, 204);
    let (_, gone) = town.ask("", "GET", &own(first), None).await;
    assert_eq!((text(&gone, "state"), text(&gone, "home")), ("withdrawn", ""));
    assert_eq!(town.ask("", "PUT", &own(first), Some(wish)).await.0, 409);
    assert_eq!(town.ask("plan", "POST", &decide, grant("lot-x")).await.0, 200);
    let refuse = Some(json!({ "decision": "refuse", "reason": "施工" }));
    let (_, refused) = town.ask("plan", "POST", &decide, refuse).await;
    assert_eq!((text(&refused, "state"), text(&refused, "reason")), ("refused", "施工"));
    assert_eq!(town.ask("plan", "POST", &decide, Some(json!({ "decision": "grant" }))).await.0, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_said() {
    let town = town().await;
    let apply = "/v1/projects/p/parking/requests";
    for (wish, status) in [
        (json!({ "home": "nowhere" }), 409),
        (json!({ "home": "area-a", "days": "2026-02-31" }), 409),
        (json!({ "home": "area-a", "from": "24:00" }), 422),
        (json!({ "home": "area-a", "max_walk_m": 10_001 }), 422),
        (json!({ "home": "area-a", "plate": "沪A" }), 422),
        (json!({ "home": "" }), 422),
        (json!({ "home": "area-a", "area": "area-a", "days": "一三五" }), 201),
        (json!({ "home": "area-a", "days": "2096-12-24" }), 201),
        (json!({ "home": "area-a", "days": "2020-01-06" }), 409),
    ] {
        let (answered, body) = town.ask("", "POST", apply, Some(wish.clone())).await;
        assert_eq!(answered, status, "{wish}: {body}");
    }
    assert_eq!(town.ask("", "POST", "/v1/projects/q/parking/requests", Some(json!({ "home": "a" }))).await.0, 404);
    assert_eq!(town.ask("", "GET", "/v1/parking/requests/guess", None).await.0, 404);
    let form = "home=area-a&days=daily&from=18%3A00&to=08%3A00&max_walk_m=300&max_price=5.50&charging=yes";
    let (status, place) = town.fill("", "/parking/p", form).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{place}");
    assert!(town.page("", &place).await.contains("http://t/parking/request/"));
    assert!(town.page("", "/parking/p?home=area-a").await.contains("步行约 250 米"));
    // A date instead of the weekdays.
    let form = "home=area-a&days=daily&date=2096-12-24&from=18%3A00&to=08%3A00&max_walk_m=300&max_price=";
    let (_, place) = town.fill("", "/parking/p", form).await;
    assert!(town.page("", &place).await.contains("2096年12月24日"));
    assert_eq!(town.fill("", "/parking/p", "home=area-a&max_price=dear").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_answered_and_seen_by_its_link_only() {
    let town = town().await;
    let say = "/v1/public/p/stops/gate/comments";
    let said = json!({ "text": "灯坏了 <script>alert(1)</script>", "lang": "zh" });
    assert_eq!(town.ask("", "POST", say, Some(said.clone())).await.0, 404);
    // Bays are only planned where somebody asks for one.
    let wish = json!({ "home": "area-a" });
    assert_eq!(town.ask("", "POST", "/v1/projects/p/parking/requests", Some(wish)).await.0, 201);
    town.plan_and_publish().await;
    let (status, made) = town.ask("", "POST", say, Some(said)).await;
    assert_eq!(status, 201, "{made}");
    let token = text(&made, "token");
    assert_eq!(town.ask("", "POST", "/v1/public/p/stops/moon/comments", Some(json!({ "text": "a" }))).await.0, 404);
    assert_eq!(town.ask("", "POST", say, Some(json!({ "text": "a".repeat(1001) }))).await.0, 422);

    assert_eq!(town.ask("", "GET", "/v1/projects/p/comments", None).await.0, 401);
    let (_, list) = town.ask("owner", "GET", "/v1/projects/p/comments?stop=gate", None).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let (_, none) = town.ask("owner", "GET", "/v1/projects/p/comments?stop=other", None).await;
    assert!(none["items"].as_array().unwrap().is_empty());
    let id = text(&list["items"][0], "id");
    let answer = format!("/v1/projects/p/comments/{id}/answer");
    let words = Some(json!({ "text": "周五修好" }));
    assert_eq!(town.ask("owner", "POST", &answer, words.clone()).await.0, 403);
    assert_eq!(town.ask("plan", "POST", &answer, words).await.1["state"], "done");
    let (_, own) = town.ask("", "GET", &format!("/v1/comments/{token}"), None).await;
    assert_eq!(text(&own, "answer"), "周五修好");
    let page = town.page("", &format!("/c/{token}")).await;
    assert!(page.contains("周五修好") && page.contains("东门") && !page.contains("<script>"));
    let page = town.page("plan", "/projects/p/comments").await;
    assert!(page.contains("灯坏了") && !page.contains("<script>"));
    let open = Some(json!({ "state": "open" }));
    assert_eq!(town.ask("plan", "PATCH", &format!("/v1/projects/p/comments/{id}"), open).await.1["state"], "open");
    let kept = town.kept().await;
    assert!(!kept.contains(token) && kept.contains(&tokens::hash(token)));

    // One open one is there; by a form another 49, and no more.
    assert!(town.page("", "/p/p/gate/comment").await.contains("东门"));
    for _ in 0..49 {
        let (status, place) = town.fill("", "/p/p/gate/comment", "text=a%0D%0Ab").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(place.starts_with("/c/"));
    }
    let (status, problem) = town.ask("", "POST", say, Some(json!({ "text": "a" }))).await;
    assert_eq!((status, text(&problem, "code")), (409, "comment-too-many"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_collides_is_told_the_next_free_window() {
    let town = town().await;
    let room = json!({ "id": "studio", "site": "park-y", "kind": "studio", "seats": 12, "days": "daily",
        "from": "08:00", "to": "22:00" });
    assert_eq!(town.ask("owner", "POST", "/v1/projects/p/rooms", Some(room.clone())).await.0, 403);
    assert_eq!(town.ask("plan", "POST", "/v1/projects/p/rooms", Some(room.clone())).await.0, 201);
    assert_eq!(town.ask("plan", "POST", "/v1/projects/p/rooms", Some(room)).await.0, 409);
    let claim = |room: &str, days: &str, from: &str, to: &str, people: u32| {
        Some(json!({ "room": room, "days": days, "from": from, "to": to, "people": people, "group": "合唱队" }))
    };
    let claims = "/v1/projects/p/claims";
    let (status, first) = town.ask("", "POST", claims, claim("studio", "Sat", "10:00", "12:00", 10)).await;
    assert_eq!((status, text(&first["claim"], "state")), (201, "granted"), "{first}");
    // 11:00-13:00 meets 10:00-12:00; the next two hours begin at 12:00.
    let (status, second) = town.ask("", "POST", claims, claim("studio", "Sat", "11:00", "13:00", 10)).await;
    assert_eq!((status, text(&second["claim"], "state")), (201, "refused"));
    let next = json!({ "room": "studio", "days": "Sat", "from": "12:00", "to": "14:00" });
    assert_eq!(second["claim"]["next"], next);
    assert_eq!(text(&second["claim"], "reason_zh"), "该时段已被占用");
    // A room of rooms.csv: closed at weekends, then open on Monday at 18:00.
    let (_, third) = town.ask("", "POST", claims, claim("hall", "Sun", "19:00", "20:00", 30)).await;
    assert_eq!(third["claim"]["next"], json!({ "room": "hall", "days": "Mon", "from": "18:00", "to": "19:00" }));
    let (_, crowd) = town.ask("", "POST", claims, claim("hall", "Mon", "19:00", "20:00", 41)).await;
    assert_eq!(text(&crowd["claim"], "reason"), "Not enough seats");

    // The first goes; what was refused is then granted.
    let token = text(&first, "token");
    assert!(town.page("", &format!("/rooms/claim/{token}")).await.contains("已获准"));
    assert_eq!(town.ask("", "DELETE", &format!("/v1/claims/{token}"), None).await.0, 204);
    let (_, again) = town.ask("", "POST", claims, claim("studio", "Sat", "11:00", "13:00", 10)).await;
    assert_eq!(text(&again["claim"], "state"), "granted");
    let (_, list) = town.ask("plan", "GET", &format!("{claims}?limit=2"), None).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_eq!(list["items"][0]["state"], "withdrawn");
    let kept = town.kept().await;
    assert!(!kept.contains(token) && kept.contains(&tokens::hash(token)));

    // 2082-12-26 is a Saturday: taken as every one. Sunday 27 is free, then not, as are all Sundays together; the one after still is.
    let (_, dated) = town.ask("", "POST", claims, claim("studio", "2082-12-26", "12:00", "13:00", 10)).await;
    let next = json!({ "room": "studio", "days": "2082-12-26", "from": "13:00", "to": "14:00" });
    assert_eq!(dated["claim"]["next"], next, "{dated}");
    for (days, state) in
        [("2082-12-27", "granted"), ("2082-12-27", "refused"), ("Sun", "refused"), ("2083-01-03", "granted")]
    {
        let (_, dated) = town.ask("", "POST", claims, claim("studio", days, "10:00", "12:00", 10)).await;
        assert_eq!(text(&dated["claim"], "state"), state, "{dated}");
    }

    let form = "what=room%3Astudio&days=Sat&from=12%3A00&to=13%3A30&people=5&group=%E8%AF%BB%E4%B9%A6%E4%BC%9A";
    let (status, place) = town.fill("", "/rooms/p", form).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{place}");
    assert!(town.page("", &format!("{place}&lang=en")).await.contains("Taken at these times"));
    assert!(town.page("", "/rooms/p").await.contains("studio"));
    assert!(town.page("plan", "/projects/p/rooms").await.contains("读书会"));
    assert_eq!(town.fill("plan", "/projects/p/rooms/studio/remove", "").await.0, StatusCode::SEE_OTHER);
    assert_eq!(
        town.ask(
            "",
            "POST",
            claims,
            Some(json!({ "days": "Mon", "from": "10:00", "to": "11:00", "people": 1,
        "group": "a" }))
        )
        .await
        .0,
        409
    );
}

/// Every day from one on.
fn days_from(first: &str, count: i64) -> String {
    let first: jiff::civil::Date = first.parse().unwrap();
    let days = (0..count).map(|n| first.saturating_add(jiff::Span::new().days(n)).to_string());
    days.collect::<Vec<_>>().join(",")
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_that_are_over_are_refused_and_not_planned() {
    let town = town().await;
    let apply = "/v1/projects/p/parking/requests";
    let wish = |days: &str| json!({ "home": "area-a", "max_walk_m": 300, "days": days });
    let (status, problem) = town.ask("", "POST", apply, Some(wish("2020-01-06"))).await;
    assert_eq!((status, text(&problem, "code")), (409, "place-over"));
    let form = "home=area-a&days=2020-01-06&from=18%3A00&to=08%3A00&max_walk_m=300&max_price=5.50";
    assert_eq!(town.fill("", "/parking/p", form).await.0, StatusCode::CONFLICT);

    // Asked for when they were still to come, and lent: 70 days that are over, which with one to come would be too many dates.
    let gone = days_from("2020-01-01", 70);
    let lots = LOTS.replace(
        "一号停车场,121.443,31.2701,甲园,1,daily",
        &format!("一号停车场,121.443,31.2701,甲园,1,\"{gone},2096-12-24\""),
    );
    assert_ne!(lots, LOTS);
    let now = Timestamp::now();
    let mut tx = town.app.store().write().await.unwrap();
    projects::put_file(&mut tx, "p", "lots.csv", &Packed::new(lots.as_bytes()), now).await.unwrap();
    for (token, days) in [("over", gone.clone()), ("both", format!("{gone},2096-12-24"))] {
        let wish = parking::Wish {
            home: "area-a".to_owned(),
            days,
            from: "18:00".to_owned(),
            to: "08:00".to_owned(),
            max_walk_m: 300,
            ..parking::Wish::default()
        };
        parking::add(&mut tx, "p", &tokens::hash(token), &wish, now).await.unwrap();
    }
    tx.commit().await.unwrap();
    let own = |token: &str| format!("/v1/parking/requests/{token}");
    let (_, over) = town.ask("", "GET", &own("over"), None).await;
    assert_eq!(text(&over, "state"), "over");

    let (project, plan) = town.plan_and_publish().await;
    let found: Vec<&str> = project.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(found, ["service-dates-assumed", "dates-over", "dates-over"]);
    let asked: Vec<String> = project.requests.iter().map(|request| request.window.days.to_string()).collect();
    assert_eq!(asked, ["2096-12-24"]);
    // What is over is known all the same, records of departures are read by it; but of requests only where there are any.
    assert_eq!((project.past.asked.len(), project.past.lent["lot-x"][0].days.to_string()), (1, gone));
    assert!(plan.parking.refused.is_empty());
    let dates: Vec<&str> =
        plan.parking.occupancy.iter().map(|row| row.day.as_str()).filter(|day| day.starts_with("20")).collect();
    assert_eq!(dates, ["2096-12-24", "2096-12-25"]);

    let (_, both) = town.ask("", "GET", &own("both"), None).await;
    assert_eq!((text(&both, "state"), text(&both["granted"], "days")), ("granted", "2096-12-24"));
    let (_, over) = town.ask("", "GET", &own("over"), None).await;
    assert_eq!((text(&over, "state"), &over["relaxations"]), ("over", &json!([])));
    let page = town.page("", "/parking/request/over").await;
    assert!(page.contains("已过期") && !page.contains("请准时离场"), "{page}");
    // It is withdrawn all the same, so that the home is forgotten; but nothing is decided about it, nor asked anew on days gone by.
    let decide = format!("{apply}/{}/decision", text(&over, "id"));
    let grant = Some(json!({ "decision": "grant", "lot": "lot-y" }));
    let (status, problem) = town.ask("plan", "POST", &decide, grant).await;
    assert_eq!((status, text(&problem, "code")), (409, "place-over"));
    let (status, problem) = town.ask("", "PUT", &own("both"), Some(wish("2020-01-06"))).await;
    assert_eq!((status, text(&problem, "code")), (409, "place-over"));
    // Half of it is over: the lot, which lends on what is left of the same dates, is granted.
    let decide = format!("{apply}/{}/decision", text(&both, "id"));
    let (status, granted) =
        town.ask("plan", "POST", &decide, Some(json!({ "decision": "grant", "lot": "lot-x" }))).await;
    assert_eq!((status, text(&granted, "state")), (200, "granted"), "{granted}");
    // Asked for anew, only what is to come is kept.
    let (status, changed) = town.ask("", "PUT", &own("both"), Some(wish("2020-01-06,2096-12-24"))).await;
    assert_eq!((status, text(&changed, "days")), (200, "2096-12-24"), "{changed}");
    assert_eq!(town.ask("", "DELETE", &own("over"), None).await.0, 204);

    // Pages of today show what is to come.
    let (_, lot) = town.ask("plan", "GET", "/v1/projects/p/parking/lots/lot-x", None).await;
    assert_eq!((&lot["permits"], &lot["windows"][0]["days"]), (&json!(1), &json!("2096-12-24")));
    let days: Vec<&str> = lot["occupancy"].as_array().unwrap().iter().map(|day| text(day, "day")).collect();
    assert_eq!(days[7..], ["2096-12-24", "2096-12-25"]);
    let page = town.page("", "/parking/p?lang=en").await;
    assert!(page.contains("24 Dec 2096") && !page.contains("2020"), "{page}");
    let page = town.page("plan", "/projects/p/parking?lang=en").await;
    assert!(page.contains("24 Dec 2096") && page.contains("25 Dec 2096"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_stay_as_they_were_brought_where_dates_are_over() {
    let town = town().await;
    let lots = "id,name,lon,lat,owner,bays,days,from,to,price,颜色\n\n\
                lot-x,一号停车场,121.443,31.2701,甲园,1,\"2020-01-06,2096-12-24\",18:00,08:00,5.00,红\n\
                lot-y,二号停车场,121.449,31.2701,乙园,many,daily,18:00,08:00,5.00,红\n";
    let parking =
        "申请,姓名,住处,星期\nP1,张三,area-a,2020-01-06\n\nP2,李四,nowhere,daily\nP3,王五,area-a,2096-12-24\n";
    let history = "lot,date,request,left\nlot-x,2020-01-06,seen,07:40\n";
    let gone = days_from("2020-01-01", 60);
    let rooms = format!(
        "id,site,kind,seats,days,from,to\nold,park-x,hall,40,\"{gone}\",18:00,21:00\n\
         new,park-x,hall,40,2096-12-24,18:00,21:00\nshut,park-x,hall,40,Mon,18:00,21:00\n"
    );
    let claims = "claim,room,days,from,to,people,past\nc1,old,2020-01-06,19:00,20:00,5,\n\
                  c2,new,2096-12-24,19:00,20:00,5,\nc3,new,Mon,19:00,20:00,5,yes\n";
    let now = Timestamp::now();
    let mut tx = town.app.store().write().await.unwrap();
    for (name, text) in [
        ("lots.csv", lots),
        ("parking.csv", parking),
        ("parking_history.csv", history),
        ("rooms.csv", &rooms),
        ("claims.csv", claims),
    ] {
        projects::put_file(&mut tx, "p", name, &Packed::new(text.as_bytes()), now).await.unwrap();
    }
    // Two requests that are over, of which one has left records; and one to come.
    let mut ids = Vec::new();
    for (home, days) in [("121.001 31.001", "2020-01-06"), ("121.002 31.002", "2020-01-06"), ("area-a", "2096-12-24")] {
        let wish = parking::Wish {
            home: home.to_owned(),
            days: days.to_owned(),
            from: "18:00".to_owned(),
            to: "08:00".to_owned(),
            max_walk_m: 300,
            ..parking::Wish::default()
        };
        ids.push(parking::add(&mut tx, "p", &tokens::hash(&format!("{home} {days}")), &wish, now).await.unwrap().id);
    }
    let history = history.replace("seen", &ids[0]);
    let history = Packed::new(history.as_bytes());
    projects::put_file(&mut tx, "p", "parking_history.csv", &history, now).await.unwrap();
    tx.commit().await.unwrap();

    let (project, plan) = town.plan_and_publish().await;
    let said: Vec<String> = project
        .findings
        .iter()
        .filter_map(|found| Some(format!("{} {} {}", found.file.as_deref()?, found.row.unwrap_or(0), found.code)))
        .collect();
    let has = |line: &str| assert!(said.iter().any(|said| said == line), "{line}: {said:#?}");
    has("lots.csv 1 table-unknown-column");
    has("lots.csv 4 cell-not-a-number");
    has("parking.csv 1 contact-column-dropped");
    has("parking.csv 4 site-unknown");
    assert_eq!(said.iter().filter(|said| said.ends_with("dates-over")).count(), 5, "{said:#?}");
    assert!(!said.iter().any(|said| said.ends_with("dates-too-many")), "{said:#?}");
    let asked: Vec<&str> = project.requests.iter().map(|request| request.id.as_str()).collect();
    assert_eq!(asked, ["P3", &ids[2]]);
    let past: Vec<&str> = project.past.asked.keys().map(String::as_str).collect();
    assert_eq!(
        past,
        ["P1", &ids[0]].into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    );
    let rooms: Vec<&str> = project.rooms.iter().map(|room| room.id.as_str()).collect();
    let claims: Vec<&str> = project.claims.iter().map(|claim| claim.id.as_str()).collect();
    assert_eq!((rooms, claims), (vec!["new", "shut"], vec!["c2"]));

    // Nothing of who asked for what is over goes into the plan's files but the days they left their records on.
    let mut tx = town.app.store().write().await.unwrap();
    let origin = plans::origin(&mut tx, "p", &plan.id).await.unwrap();
    tx.rollback().await.unwrap();
    let sources = town.app.sources(&origin.inputs).await.unwrap();
    let all: String = sources.iter().map(|source| String::from_utf8_lossy(&source.bytes)).collect();
    assert!(!all.contains("121.00") && !all.contains(&ids[1]) && all.contains(&ids[2]), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_on_dates_that_are_over_are_neither_offered_nor_claimed() {
    let town = town().await;
    let room = json!({ "id": "studio", "site": "park-y", "kind": "studio", "seats": 12, "days": "2020-01-06",
        "from": "08:00", "to": "22:00" });
    let (status, problem) = town.ask("plan", "POST", "/v1/projects/p/rooms", Some(room)).await;
    assert_eq!((status, text(&problem, "code")), (409, "place-over"));
    let claims = "/v1/projects/p/claims";
    let claim = json!({ "room": "hall", "days": "2020-01-06", "from": "19:00", "to": "20:00", "people": 3,
        "group": "合唱队" });
    let (status, problem) = town.ask("", "POST", claims, Some(claim)).await;
    assert_eq!((status, text(&problem, "code")), (409, "place-over"));

    // Of days that were still to come then: a room, and who had it.
    let now = Timestamp::now();
    let mut tx = town.app.store().write().await.unwrap();
    let (from, to) = ("08:00".to_owned(), "22:00".to_owned());
    let offer = rooms::Offer {
        site: "park-y".to_owned(),
        kind: "attic".to_owned(),
        seats: 12,
        days: "2020-01-06".to_owned(),
        from: from.clone(),
        to: to.clone(),
        who: String::new(),
    };
    rooms::add(&mut tx, "p", "attic", &offer, now).await.unwrap();
    let both = rooms::Offer { kind: "loft".to_owned(), days: "2020-01-06,2096-12-24".to_owned(), ..offer };
    rooms::add(&mut tx, "p", "loft", &both, now).await.unwrap();
    let wanted = rooms::Wanted {
        room: "hall".to_owned(),
        days: "2020-01-06".to_owned(),
        from,
        to,
        people: 3,
        group: "合唱队".to_owned(),
    };
    let granted = Ok("hall".to_owned());
    rooms::add_claim(&mut tx, "p", &tokens::hash("over"), &wanted, &granted, now).await.unwrap();
    tx.commit().await.unwrap();
    let (_, over) = town.ask("", "GET", "/v1/claims/over", None).await;
    assert_eq!((text(&over, "state"), text(&over, "room")), ("over", "hall"));
    assert!(town.page("", "/rooms/claim/over").await.contains("已过期"));
    let page = town.page("", "/rooms/p").await;
    assert!(page.contains("hall") && !page.contains("attic") && !page.contains("2020"), "{page}");
    // Who offered it sees that it is over, takes it back and may offer it anew; who claimed may take that back too.
    let page = town.page("plan", "/projects/p/rooms").await;
    assert!(page.contains("attic") && page.contains("已过期") && page.contains("rooms/attic/remove"), "{page}");
    assert_eq!(town.fill("plan", "/projects/p/rooms/attic/remove", "").await.0, StatusCode::SEE_OTHER);
    assert!(!town.page("plan", "/projects/p/rooms").await.contains("attic"));
    assert!(town.page("", "/rooms/claim/over").await.contains("/rooms/claim/over/withdraw"));
    let (_, list) = town.ask("plan", "GET", claims, None).await;
    assert_eq!(list["items"][0]["state"], "over");
    // Of dates of which one is over, the other is claimed.
    let claim = json!({ "room": "loft", "days": "2020-01-06,2096-12-24", "from": "19:00", "to": "20:00", "people": 3,
        "group": "合唱队" });
    let (_, made) = town.ask("", "POST", claims, Some(claim)).await;
    assert_eq!((text(&made["claim"], "state"), text(&made["claim"], "days")), ("granted", "2096-12-24"), "{made}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_that_are_long_over_are_forgotten_and_not_counted() {
    let town = town().await;
    let now: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
    // Sixty days before is 2 October.
    let asked = ["2026-10-01", "2026-10-02", "2026-09-01,2026-12-24", "daily"];
    let mut tx = town.app.store().write().await.unwrap();
    for days in asked {
        let wish = parking::Wish {
            home: "area-a".to_owned(),
            days: days.to_owned(),
            from: "18:00".to_owned(),
            to: "08:00".to_owned(),
            ..parking::Wish::default()
        };
        let wanted = rooms::Wanted {
            room: "hall".to_owned(),
            days: days.to_owned(),
            from: "18:00".to_owned(),
            to: "20:00".to_owned(),
            people: 3,
            group: "合唱队".to_owned(),
        };
        let before = "2026-08-01T00:00:00Z".parse().unwrap();
        parking::add(&mut tx, "p", &tokens::hash(&format!("bay {days}")), &wish, before).await.unwrap();
        let granted = Ok("hall".to_owned());
        rooms::add_claim(&mut tx, "p", &tokens::hash(&format!("room {days}")), &wanted, &granted, before)
            .await
            .unwrap();
    }
    // Below the limit all count, at it only what is to come.
    let most = [(5, 4), (4, 2)];
    for (most, count) in most {
        assert_eq!(parking::count(&mut tx, "p", most, now).await.unwrap(), count);
        assert_eq!(rooms::count(&mut tx, "p", most, now).await.unwrap(), count);
    }
    parking::forget(&mut tx, now).await.unwrap();
    rooms::forget(&mut tx, now).await.unwrap();
    let bays = parking::list(&mut tx, "p", "", 9).await.unwrap();
    let bays: Vec<&str> = bays.iter().map(|request| request.wish.days.as_str()).collect();
    let claims = rooms::claims(&mut tx, "p", "", 9).await.unwrap();
    let claims: Vec<&str> = claims.iter().map(|claim| claim.wanted.days.as_str()).collect();
    assert_eq!((bays, claims), (asked[1..].to_vec(), asked[1..].to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn public_forms_name_what_is_missing_and_offer_no_day_gone_by() {
    let town = town().await;
    let bay = "home=area-a&days=&date=&from=18%3A00&to=08%3A00";
    let room = "what=room%3Ahall&days=+&date=&from=19%3A00&to=20%3A00&people=3&group=a";
    for (path, form) in [("/parking/p?lang=en", bay), ("/rooms/p?lang=en", room)] {
        let (status, page) = town.fill("", path, form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        assert!(page.contains("days"), "{page}");
    }
    let today = crate::domain::calendar::date_of(ground::local("Asia/Shanghai").div_euclid(1440));
    for path in ["/parking/p", "/rooms/p"] {
        assert!(town.page("", path).await.contains(&format!("type=\"date\" min=\"{today}\"")), "{path}");
    }
    let claim = |days: &str| format!("what=room%3Ahall&days={days}&from=19%3A00&to=20%3A00&people=3&group=a");
    for days in ["Thu", "2096-12-24", "Tue", "Fri"] {
        assert_eq!(town.fill("", "/rooms/p", &claim(days)).await.0, StatusCode::SEE_OTHER);
    }
    let taken: Vec<String> =
        super::rooms::taken_times(&town.app, "p").await.unwrap().into_iter().map(|taken| taken.days).collect();
    assert_eq!(taken, ["Tue", "Thu", "Fri", "2096-12-24"]);

    // Where all lending is over there are no lots, and nothing to be asked for.
    let lots = LOTS.replace("daily", "2020-01-06");
    let mut tx = town.app.store().write().await.unwrap();
    projects::put_file(&mut tx, "p", "lots.csv", &Packed::new(lots.as_bytes()), Timestamp::now()).await.unwrap();
    tx.commit().await.unwrap();
    let page = town.page("", "/parking/p?lang=en").await;
    assert!(!page.contains("max_walk_m"), "{page}");
    let (status, problem) =
        town.ask("", "POST", "/v1/projects/p/parking/requests", Some(json!({ "home": "area-a" }))).await;
    assert_eq!((status, text(&problem, "code")), (409, "parking-no-lots"));
}

#[test]
fn now_is_told_by_the_projects_own_clock() {
    let settings = |zone: &str| Source {
        name: "project.toml".to_owned(),
        bytes: format!("[project]\nname = \"p\"\n{zone}").into_bytes(),
    };
    assert_eq!(ground::timezone(&[settings("timezone = \"Europe/London\"\n")]), "Europe/London");
    assert_eq!(ground::timezone(&[settings("")]), "Asia/Shanghai");
    // Shanghai is eight hours ahead of UTC, without summer time.
    assert!((ground::local("Asia/Shanghai") - ground::local("UTC") - 480).abs() <= 1);
}
