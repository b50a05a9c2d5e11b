//! From a publication to what riders see: JSON, page and feed, without login; and back.

use jiff::{Timestamp, ToSpan, civil::Date};
use prost::Message;
use serde_json::{Value, json};

use crate::client::{Answer, Service};
use crate::planning::{demo, ended};

/// Of gtfs-realtime.proto, what is looked at here.
#[derive(Clone, PartialEq, Message)]
struct Feed {
    #[prost(message, repeated, tag = "2")]
    entity: Vec<Entity>,
}
#[derive(Clone, PartialEq, Message)]
struct Entity {
    #[prost(string, required, tag = "1")]
    id: String,
    #[prost(message, optional, tag = "3")]
    update: Option<Update>,
    #[prost(bytes, optional, tag = "5")]
    alert: Option<Vec<u8>>,
}
#[derive(Clone, PartialEq, Message)]
struct Update {
    #[prost(message, required, tag = "1")]
    trip: Described,
    #[prost(int32, optional, tag = "5")]
    delay: Option<i32>,
}
#[derive(Clone, PartialEq, Message)]
struct Described {
    #[prost(string, optional, tag = "1")]
    trip_id: Option<String>,
    #[prost(int32, optional, tag = "4")]
    relationship: Option<i32>,
}

const PUBLIC: &str = "/v1/public/p";

struct Published {
    service: Service,
    plan: String,
    today: Date,
}

/// The demonstration with services that run daily, planned.
async fn planned() -> Published {
    let service = demo().await;
    let today = Timestamp::now().in_tz("Asia/Shanghai").unwrap().date();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gonghexin");
    let settings = std::fs::read_to_string(folder.join("project.toml")).unwrap();
    let settings = settings.replace(
        "days = \"Mon-Fri\"\nfrom = \"2026-11-02\"\nuntil = \"2027-12-31\"",
        &format!("days = \"daily\"\nfrom = \"{}\"\nuntil = \"{}\"", today - 2.days(), today + 300.days()),
    );
    assert!(settings.contains("daily"));
    let headers = [("authorization", service.key()), ("content-type", "application/octet-stream")];
    service.raw("PUT", "/v1/projects/p/files/project.toml", &headers, settings.into_bytes()).await.is(200);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(jiebo::jobs::work(service.store.clone(), jiebo::jobs::Bell::default(), stopped));
    let asked = service.post("/v1/projects/p/plans", json!({ "iterations": 60 })).await.is(202).json();
    let run = ended(&service, asked["id"].as_str().unwrap()).await;
    stop.send(true).unwrap();
    worker.await.unwrap();
    Published { plan: run["plan"].as_str().unwrap().to_owned(), service, today }
}

impl Published {
    async fn publish(&self, from: &str, until: Option<&str>) -> Answer {
        let body = json!({ "plan": self.plan, "from": from, "until": until });
        self.service.post("/v1/projects/p/publications", body).await
    }
    /// As anybody.
    async fn open(&self, path: &str) -> Answer {
        self.service.call("GET", path, &[], None).await
    }
    async fn write(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.service.call(method, path, &[("authorization", self.service.key())], body).await
    }
    async fn feed(&self) -> Vec<Entity> {
        Feed::decode(self.open(&format!("{PUBLIC}/realtime.pb")).await.is(200).bytes.as_slice()).unwrap().entity
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn published_run_and_withdrawn() {
    let it = planned().await;
    let (today, tomorrow) = (it.today.to_string(), (it.today + 1.days()).to_string());

    // Nothing is out yet.
    let nothing = it.open(PUBLIC).await.is(404);
    assert_eq!(nothing.header("content-type"), "application/problem+json");
    it.open("/p/p").await.is(404);
    let yesterday = (it.today - 1.days()).to_string();
    assert_eq!(it.publish(&yesterday, None).await.is(409).json()["code"], "from-is-past");
    assert_eq!(it.publish("2027-02-31", None).await.is(409).json()["code"], "no-such-day");
    assert_eq!(it.publish(&tomorrow, Some(&today)).await.is(409).json()["code"], "ends-before-it-begins");
    it.publish("tomorrow", None).await.is(422);
    let nobody = json!({ "plan": "nothing", "from": today });
    it.service.post("/v1/projects/p/publications", nobody.clone()).await.is(404);
    it.service.call("POST", "/v1/projects/p/publications", &[], Some(nobody)).await.is(401);

    let first = it.publish(&today, None).await.is(201);
    assert!(first.header("location").ends_with(first.json()["id"].as_str().unwrap()));
    let project = it.open(PUBLIC).await.is(200).json();
    assert_eq!((&project["publications"][0]["from"], &project["timezone"]), (&json!(today), &json!("Asia/Shanghai")));
    let stop = project["stops"].as_array().unwrap().iter().find(|stop| !stop["lines"].as_array().unwrap().is_empty());
    let stop = stop.unwrap()["id"].as_str().unwrap();

    // Departures, and what is asked wrongly.
    let departures = format!("{PUBLIC}/stops/{stop}/departures");
    let answer = it.open(&format!("{departures}?limit=20")).await.is(200);
    assert_eq!(answer.header("cache-control"), "public, max-age=1");
    let rows = answer.json()["departures"].as_array().unwrap().clone();
    assert_eq!(rows.len(), 20);
    assert!(rows.is_sorted_by_key(|row| row["expected"].as_str().unwrap().to_owned()));
    assert_eq!(it.open(&departures).await.is(200).json()["departures"].as_array().unwrap().len(), 5);
    for wrong in ["0", "21", "-1", "x"] {
        it.open(&format!("{departures}?limit={wrong}")).await.is(400);
    }
    let unknown = it.open(&format!("{PUBLIC}/stops/nowhere/departures")).await.is(404);
    assert_eq!(
        (unknown.header("content-type"), &unknown.json()["code"]),
        ("application/problem+json", &json!("missing"))
    );
    for path in [
        format!("{PUBLIC}/stops"),
        format!("{PUBLIC}/gtfs.zip"),
        format!("{PUBLIC}/timetable.ics"),
        "/p/p/timetable".to_owned(),
    ] {
        let tag = it.open(&path).await.is(200).header("etag").to_owned();
        it.service.call("GET", &path, &[("if-none-match", &tag)], None).await.is(304);
    }
    let packed = it.service.call("GET", &format!("/p/p/{stop}"), &[("accept-encoding", "gzip")], None).await.is(200);
    assert_eq!(packed.header("content-encoding"), "gzip");
    it.open("/p/p/nowhere").await.is(404);

    // What a QR code opens, whatever the base_url.
    it.open(&format!("/p/p/stops/{stop}")).await.is(200);
    assert_eq!(it.open(&format!("/stops/{stop}")).await.is(307).header("location"), format!("/p/p/{stop}"));
    it.open(&format!("/elsewhere/stops/{stop}")).await.is(404);
    let mine = it.open(&format!("/p/p?stop={stop}")).await.is(303);
    assert!(mine.header("set-cookie").starts_with(&format!("stop={stop}; Path=/p/p;")));

    // A trip is cancelled: JSON, page, feed; and runs again.
    let trip = rows[0]["trip"].as_str().unwrap();
    let path = format!("/v1/projects/p/running/{}/trips/{trip}", rows[0]["service_date"].as_str().unwrap());
    let shown = async || {
        let rows = it.open(&departures).await.is(200).json()["departures"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["trip"] == trip).unwrap()
    };
    it.write("PUT", &format!("{path}x/cancellation"), Some(json!({}))).await.is(404);
    it.write("PUT", "/v1/projects/p/running/2026-02-31/trips/x/cancellation", Some(json!({}))).await.is(404);
    it.write("PUT", &format!("{path}/cancellation"), Some(json!({ "reason_zh": "车辆故障" }))).await.is(200);
    let row = shown().await;
    assert_eq!(
        (&row["cancelled"], &row["reason"]["zh"], &row["trains"]),
        (&json!(true), &json!("车辆故障"), &json!([]))
    );
    let page = it.open(&format!("/p/p/{stop}")).await.is(200);
    assert!(page.text().contains("车辆故障") && page.text().contains("停运") && page.bytes.len() < 15_000);
    let feed = it.feed().await;
    let update = feed[0].update.as_ref().unwrap();
    // 3: CANCELED. The reason is an alert of its own.
    assert_eq!((update.trip.trip_id.as_deref(), update.trip.relationship, feed.len()), (Some(trip), Some(3), 2));
    it.write("DELETE", &format!("{path}/cancellation"), None).await.is(204);
    it.write("DELETE", &format!("{path}/cancellation"), None).await.is(404);
    assert_eq!((shown().await["cancelled"].clone(), it.feed().await.len()), (json!(false), 0));

    // It is late by five minutes.
    it.write("PUT", &format!("{path}/delay"), Some(json!({ "seconds": 43_201 }))).await.is(422);
    it.write("PUT", &format!("{path}/delay"), Some(json!({ "seconds": 300 }))).await.is(200);
    let row = shown().await;
    let time = |name: &str| row[name].as_str().unwrap().parse::<Timestamp>().unwrap().as_second();
    assert_eq!((time("expected") - time("scheduled"), &row["delay"]), (300, &json!(300)));
    let english = it.open(&format!("/p/p/{stop}?lang=en")).await.is(200);
    assert!(english.text().contains("5 min late") && english.header("set-cookie").starts_with("lang=en"));
    assert_eq!(it.feed().await[0].update.as_ref().unwrap().delay, Some(300));
    it.write("DELETE", &format!("{path}/delay"), None).await.is(204);

    // Riders are told something.
    let alerts = "/v1/projects/p/alerts";
    it.write("POST", alerts, Some(json!({}))).await.is(409);
    it.write("POST", alerts, Some(json!({ "zh": "x", "lines": ["nowhere"] }))).await.is(409);
    let told =
        it.write("POST", alerts, Some(json!({ "zh": "东门<施工>", "en": "Works", "stops": [stop] }))).await.is(201);
    assert_eq!(it.open(&departures).await.json()["alerts"][0]["en"], "Works");
    assert!(it.open(&format!("/p/p/{stop}")).await.text().contains("东门&#60;施工&#62;"));
    assert!(it.feed().await[0].alert.is_some());
    let one = told.header("location").to_owned();
    let headers = [("authorization", it.service.key()), ("if-match", "\"9\"")];
    it.service.call("DELETE", &one, &headers, None).await.is(412);
    it.write("PUT", &one, Some(json!({ "en": "Works", "until": "2026-01-01T00:00:00+08:00" }))).await.is(200);
    assert_eq!(it.open(&departures).await.json()["alerts"], json!([]));
    it.write("DELETE", &one, None).await.is(204);

    // Tomorrow's publication takes over tomorrow, until it is withdrawn.
    let second = it.publish(&tomorrow, None).await.is(201);
    let spans = async || {
        let all = it.open(PUBLIC).await.is(200).json()["publications"].as_array().unwrap().clone();
        all.iter().map(|one| (one["from"].clone(), one["until"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(spans().await, [(json!(today), json!(today)), (json!(tomorrow), Value::Null)]);
    let headers = [("authorization", it.service.key()), ("if-match", "\"2\"")];
    it.service.call("DELETE", second.header("location"), &headers, None).await.is(412);
    let withdrawn = it.write("DELETE", second.header("location"), None).await.is(200).json();
    assert!(withdrawn["withdrawn"].is_string());
    assert_eq!(spans().await, [(json!(today), Value::Null)]);

    counted(&it, trip, stop).await;
    nobody_is_seen(&it, stop).await;

    it.write("DELETE", first.header("location"), None).await.is(200);
    it.open(&departures).await.is(404);
}

/// Boardings come in and go out as a file for the next plan.
async fn counted(it: &Published, trip: &str, stop: &str) {
    let boardings = "/v1/projects/p/boardings";
    let row =
        |date: &str, trip: &str| json!({ "rows": [{ "date": date, "trip": trip, "stop": stop, "on": 7, "off": 0 }] });
    let today = it.today.to_string();
    it.write("POST", boardings, Some(row(&today, "nothing"))).await.is(409);
    it.write("POST", boardings, Some(row(&(it.today + 1.days()).to_string(), trip))).await.is(409);
    it.write("POST", boardings, Some(json!({ "rows": [] }))).await.is(422);
    for _ in 0..2 {
        it.write("POST", boardings, Some(row(&today, trip))).await.is(200);
    }
    let file = it.write("GET", &format!("{boardings}.csv"), None).await.is(200).text();
    assert_eq!(file, format!("date,trip,line,departure,stop,on,off\n{today},{trip},,,{stop},7,0\n"));
    let operator = it.service.user("op", &[("operator", Some("p"), None)]).await;
    let headers = [("authorization", operator.as_str())];
    it.service.call("GET", &format!("{boardings}.csv"), &headers, None).await.is(403);
    it.service.call("POST", boardings, &headers, Some(row(&today, trip))).await.is(200);
    let page = it.service.call("GET", "/projects/p/running", &headers, None).await.is(200);
    assert!(page.text().contains(&format!("value=\"{trip}\"")));
    let form = format!("action=delay&date={today}&trip={trip}&minutes=4");
    let headers = [headers[0], ("content-type", "application/x-www-form-urlencoded")];
    it.service.raw("POST", "/projects/p/running", &headers, form.into_bytes()).await.is(303);
    let trips = it.write("GET", "/v1/projects/p/running", None).await.is(200).json();
    let late = trips["trips"].as_array().unwrap().iter().find(|row| row["trip"] == trip).unwrap();
    assert_eq!(late["delay"], 240);
    let viewer = it.service.user("view", &[("viewer", Some("p"), None)]).await;
    let path = format!("/v1/projects/p/running/{today}/trips/{trip}/cancellation");
    it.service.call("PUT", &path, &[("authorization", &viewer)], Some(json!({}))).await.is(403);
}

/// Nothing about people or firms in what anybody may read.
async fn nobody_is_seen(it: &Published, stop: &str) {
    let station = it.open(&format!("{PUBLIC}/stops/{stop}/train?station=yanchang&time=18:30")).await;
    assert!([200, 404].contains(&station.status.as_u16()));
    let paths = ["", "/stops", "/timetable", "/timetable.ics"].map(|path| format!("{PUBLIC}{path}"));
    let pages = [
        "/p/p".to_owned(),
        "/p/p/timetable".to_owned(),
        format!("/p/p/{stop}"),
        format!("{PUBLIC}/stops/{stop}/departures"),
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gonghexin");
    let firms = std::fs::read_to_string(folder.join("firms.csv")).unwrap();
    let names: Vec<&str> = firms.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert!(names.len() > 5);
    for path in paths.into_iter().chain(pages) {
        let text = it.open(&path).await.is(200).text();
        for word in ["cohort", "load\"", "firm", "rider\"", "unserved"].iter().chain(&names) {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
    it.open("/v1/projects/p/running").await.is(401);
    it.open("/v1/projects/p/publications").await.is(401);
}
