//! Over HTTP, on the demo: rounds, answers, their way into a plan, and "am I on it?".

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::api::app::{App, Settings};
use crate::api::{router, take_in, tokens};
use crate::intake::Source;
use crate::jobs::Bell;
use crate::planning::plan::{Plan, TimeKind};
use crate::planning::project::Place;
use crate::planning::{self, Parts, demand};
use crate::search::Run;
use crate::storage::plans::{self, Origin};
use crate::storage::{Store, people, projects, publications, surveys};

struct Service {
    app: App,
    router: Router,
    project: String,
    planner: String,
    /// Keeps the database's folder.
    _folder: tempfile::TempDir,
}

struct Answered {
    status: StatusCode,
    etag: Option<String>,
    location: Option<String>,
    text: String,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}: {}", self.status, self.text))
    }
}

impl Service {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("a.db").display())).await.unwrap();
        let settings = Settings { open: false, base_url: "https://example.org".to_owned(), unlimited: true };
        let app = App::new(store, Bell::default(), settings);
        let project = take_in(&app, &demo()).await.unwrap();
        let mut service = Self { router: router(app.clone()), app, project, planner: String::new(), _folder: folder };
        service.planner = service.user("planner", None).await;
        service
    }

    /// A user with a role; their key.
    async fn user(&self, role: &str, park: Option<&str>) -> String {
        let key = tokens::new().unwrap();
        let mut tx = self.app.store().write().await.unwrap();
        let now = Timestamp::now();
        let login = format!("{role}-{}", park.unwrap_or(""));
        let user = people::add(&mut tx, &login, "U", now).await.unwrap();
        people::give(&mut tx, &user.id, role, Some(&self.project), park, now).await.unwrap();
        people::add_key(&mut tx, &user.id, "k", &tokens::hash(&key), now, None).await.unwrap();
        tx.commit().await.unwrap();
        key
    }

    async fn ask(&self, key: Option<&str>, method: &str, path: &str, body: Option<(&str, String)>) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        let body = body.map_or_else(Body::empty, |(kind, text)| {
            request = std::mem::take(&mut request).header(header::CONTENT_TYPE, kind);
            Body::from(text)
        });
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (status, etag, location) = (response.status(), header(header::ETAG), header(header::LOCATION));
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answered { status, etag, location, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn send(&self, key: Option<&str>, method: &str, path: &str, body: &Value) -> Answered {
        self.ask(key, method, path, Some(("application/json", body.to_string()))).await
    }
    async fn get(&self, key: Option<&str>, path: &str) -> Answered {
        self.ask(key, "GET", path, None).await
    }

    /// Opens a round: its path in the API and its token.
    async fn round(&self) -> (String, String) {
        let path = format!("/v1/projects/{}/rounds", self.project);
        let round =
            self.send(Some(&self.planner), "POST", &path, &json!({ "title": "Commute", "title_zh": "通勤" })).await;
        assert_eq!(round.status, StatusCode::CREATED, "{}", round.text);
        let link = round.json()["link"].as_str().unwrap().to_owned();
        let token = link.strip_prefix("https://example.org/q/").unwrap().to_owned();
        (round.location.unwrap(), token)
    }

    /// Answers a round: the secret.
    async fn answer(&self, token: &str, answer: &Value) -> String {
        let got = self.send(None, "POST", &format!("/v1/rounds/{token}/responses"), answer).await;
        assert_eq!(got.status, StatusCode::CREATED, "{}", got.text);
        got.json()["token"].as_str().unwrap().to_owned()
    }
}

fn demo() -> Vec<Source> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gonghexin");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files
        .map(|path| Source {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            bytes: std::fs::read(path).unwrap(),
        })
        .collect()
}

fn commute() -> Value {
    json!({ "origin": "wenshui-rd", "destination": "lingshi-media", "firm": "m01", "arrive": "09:00", "leave": "18:00",
            "days": "周一至周五", "use": "yes", "now": "shared_bike" })
}

#[tokio::test]
async fn an_answer_is_given_changed_and_withdrawn() {
    let service = Service::start().await;
    let (round, token) = service.round().await;
    let form = service.get(None, &format!("/v1/rounds/{token}")).await.json();
    assert_eq!((form["open"].as_bool(), form["title_zh"].as_str()), (Some(true), Some("通勤")));
    assert!(form["places"].as_array().unwrap().iter().any(|place| place["id"] == "lingshi-media"));
    assert!(form["places"].as_array().unwrap().iter().all(|place| place["kind"] != "depot"));

    let secret = service.answer(&token, &commute()).await;
    let path = format!("/v1/responses/{secret}");
    let seen = service.get(None, &path).await;
    assert_eq!(seen.json()["answer"]["days"], "Mon-Fri");
    assert_eq!(seen.etag.as_deref(), Some("\"1\""));
    // A doorstep is kept as its cell only.
    let mut other = commute();
    other["origin"] = json!("121.45512 31.27589");
    let changed = service.send(None, "PUT", &path, &other).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert_eq!(changed.json()["answer"]["origin"], "121.4555 31.2755");
    // Few are not counted aloud, and nobody but officers reads answers.
    assert_eq!(service.get(Some(&service.planner), &round).await.json().get("answers"), None);
    assert_eq!(service.get(None, &format!("{round}/responses")).await.status, StatusCode::UNAUTHORIZED);

    let told = service.get(None, &format!("{path}/ride")).await.json();
    assert_eq!(told["state"], "nothing_published");
    assert_eq!(service.ask(None, "DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(service.get(None, &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(service.get(Some(&service.planner), &round).await.json()["answers"], 0);

    // What the schema allows but the project does not: 409. What it does not allow: 422.
    let post = format!("/v1/rounds/{token}/responses");
    for (field, value, code) in [
        ("origin", json!("nowhere"), "survey-place-unknown"),
        ("origin", json!("lingshi-media-gate-s"), "survey-same-place"),
        ("firm", json!("no-such"), "survey-firm-unknown"),
        ("days", json!("Someday"), "survey-days"),
    ] {
        let mut wrong = commute();
        wrong[field] = value;
        let got = service.send(None, "POST", &post, &wrong).await;
        assert_eq!((got.status, got.json()["code"].as_str().unwrap()), (StatusCode::CONFLICT, code));
    }
    for (field, value) in
        [("arrive", json!("24:00")), ("max_walk_m", json!(1)), ("name", json!("王")), ("use", json!("x"))]
    {
        let mut wrong = commute();
        wrong[field] = value;
        assert_eq!(service.send(None, "POST", &post, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
    }
    // Closed: no more answers.
    let closed = service.send(Some(&service.planner), "PATCH", &round, &json!({ "closed": true })).await;
    assert_eq!(closed.json()["state"], "closed");
    assert_eq!(service.send(None, "POST", &post, &commute()).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn rounds_have_days_revisions_and_codes() {
    let service = Service::start().await;
    let key = Some(service.planner.as_str());
    let rounds = format!("/v1/projects/{}/rounds", service.project);
    let (round, _) = service.round().await;
    for (body, status) in [
        (json!({ "title": "T", "closes": "2026-02-31" }), StatusCode::CONFLICT),
        (json!({ "title": "T", "closes": "2020-01-01" }), StatusCode::CONFLICT),
        (json!({ "title": "T", "closes": "soon" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "title": "" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "title": "T", "opens": "2099-01-01" }), StatusCode::CREATED),
    ] {
        assert_eq!(service.send(key, "POST", &rounds, &body).await.status, status, "{body}");
    }
    let all = service.get(key, &rounds).await.json();
    let states: Vec<&str> =
        all["items"].as_array().unwrap().iter().map(|round| round["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["open", "coming"]);
    let code = service.get(key, &format!("{round}/qr.svg")).await;
    assert!(code.text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" "), "{}", code.text);
    // Its revision is what If-Match names.
    let request = Request::builder()
        .method("PATCH")
        .uri(&round)
        .header(header::AUTHORIZATION, format!("Bearer {}", service.planner))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::IF_MATCH, "\"7\"");
    let late = service.router.clone().oneshot(request.body(Body::from("{\"title\":\"U\"}")).unwrap()).await.unwrap();
    assert_eq!(late.status(), StatusCode::PRECONDITION_FAILED);
    // A viewer sees rounds but opens none.
    let viewer = service.user("viewer", None).await;
    assert_eq!(service.get(Some(&viewer), &round).await.status, StatusCode::OK);
    assert_eq!(
        service.send(Some(&viewer), "POST", &rounds, &json!({ "title": "T" })).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(service.get(Some(&viewer), &format!("{round}/export")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_park_sees_its_own_answers_and_the_export_holds_no_formula() {
    let service = Service::start().await;
    let (round, token) = service.round().await;
    service.answer(&token, &commute()).await;
    let elsewhere =
        json!({ "origin": "yanchang-rd", "destination": "yichuan-design-gate-e", "arrive": "08:30", "use": "maybe" });
    service.answer(&token, &elsewhere).await;
    let bound = service.user("survey_officer", Some("lingshi-media")).await;
    let other = service.user("survey_officer", Some("yichuan-design")).await;
    let count = async |key: &str| {
        let page = service.get(Some(key), &format!("{round}/responses")).await.json();
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["answer"]["origin"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(count(&service.planner).await, ["wenshui-rd", "yanchang-rd"]);
    assert_eq!(count(&bound).await, ["wenshui-rd"]);
    // By the gate's park, though no firm was named.
    assert_eq!(count(&other).await, ["yanchang-rd"]);

    // Somebody's firm is renamed to a formula behind our back: harmless in the export.
    let mut tx = service.app.store().write().await.unwrap();
    sqlx::query("UPDATE answers SET content = replace(content, 'm01', '=1+1')").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let csv = service.get(Some(&service.planner), &format!("{round}/export")).await.text;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].starts_with("response,firm,origin,destination,time,time_kind,days,"));
    assert_eq!(rows[1], "A1,'=1+1,wenshui-rd,lingshi-media,09:00,arrive_by,Mon-Fri,,,0.8,no,,shared_bike,no");
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().flat_map(|row| row.split(',')).all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
}

/// People who would ride, of all journeys of a project, thousandths times thousandths.
fn riders(project: &planning::project::Project) -> u64 {
    project.journeys.iter().map(|journey| u64::from(journey.weight.0) * u64::from(journey.use_milli)).sum()
}

#[tokio::test]
async fn answers_come_into_the_plan_and_their_authors_learn_whether_they_ride() {
    let service = Service::start().await;
    let (_, token) = service.round().await;
    let id = service.project.clone();
    let mut conn = service.app.store().read().await.unwrap();
    let files = projects::files(&mut conn, &id).await.unwrap();
    drop(conn);
    let before =
        service.app.project(&Origin { inputs: files.clone(), modifications: Default::default() }).await.unwrap();
    for _ in 0..20 {
        let mut answer = commute();
        answer.as_object_mut().unwrap().remove("firm");
        service.answer(&token, &answer).await;
    }
    // The job is asked for with one survey that holds both.
    let run = service
        .send(Some(&service.planner), "POST", &format!("/v1/projects/{id}/plans"), &json!({ "iterations": 1 }))
        .await;
    assert_eq!(run.status, StatusCode::ACCEPTED, "{}", run.text);
    let inputs = super::inputs(&service.app, &id).await.unwrap();
    let inputs = {
        let mut tx = service.app.store().write().await.unwrap();
        let inputs = inputs.keep(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        inputs
    };
    // One more: as of when.
    assert_eq!(inputs.len(), files.len() + 1);
    assert_ne!(inputs, files);
    let origin = Origin { inputs, modifications: Default::default() };
    let project = service.app.project(&origin).await.unwrap();
    assert_eq!(project.journeys.len(), before.journeys.len() + 40);
    // Twenty people both ways, 0.8 of a ride each: 32 rides more, and nobody's weight has changed.
    assert_eq!(riders(&project), riders(&before) + 40 * 1_000 * 800);

    // A plan over them, published from 2020 on.
    let parts = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };
    let run = Run { iterations: Some(20), ..Run::quiet(1) };
    let plan: std::sync::Arc<Plan> = planning::make_plan(&project, parts, None, &run, &|_| ()).unwrap().best;
    let mut tx = service.app.store().write().await.unwrap();
    let now = Timestamp::now();
    plans::keep(&mut tx, &id, None, "x", &origin, &plans::Packed::new(&plan), now).await.unwrap();
    publications::add(&mut tx, &id, &plan.id, (Date::constant(2020, 1, 1), None), b"{}", now).await.unwrap();
    tx.commit().await.unwrap();

    // Every journey of the survey falls into the cohorts that the plan has of it.
    let known: std::collections::BTreeSet<&str> = plan.cohorts.iter().map(|cohort| cohort.id.as_str()).collect();
    for journey in project.journeys.iter().filter(|journey| journey.use_milli > 0) {
        let cohorts = demand::cohorts_of(&project, journey);
        assert!(cohorts.iter().all(|(_, cohort)| known.contains(cohort.as_str())), "{journey:?}");
    }
    // Journeys to a park that all ride, and that nobody rides: the same as answers.
    let all_ride =
        |id: &str| plan.riders.iter().any(|row| row.cohort == id) && !plan.unserved.iter().any(|row| row.cohort == id);
    let none_rides =
        |id: &str| plan.unserved.iter().any(|row| row.cohort == id) && !plan.riders.iter().any(|row| row.cohort == id);
    // The form offers no exits; some answers of the survey name one.
    let form = service.get(None, &format!("/v1/rounds/{token}")).await.json();
    let offered = |id: &str| form["places"].as_array().unwrap().iter().any(|place| place["id"] == id);
    let find = |wanted: &dyn Fn(&str) -> bool| {
        project.journeys.iter().find_map(|journey| {
            let (Place::Site(from), Place::Site(to)) = (&journey.origin, &journey.destination) else { return None };
            let cohorts = demand::cohorts_of(&project, journey);
            let fits = journey.time_kind == TimeKind::ArriveBy
                && offered(from)
                && offered(to)
                && journey.max_wait.is_none()
                && !journey.wheelchair
                && cohorts.len() == 1
                && cohorts.iter().all(|(_, cohort)| wanted(cohort));
            fits.then(|| {
                let mut answer = json!({ "origin": from, "destination": to, "arrive": journey.time.clock(),
                                         "days": journey.days.to_string(), "use": "yes" });
                if let Some(walk) = journey.max_walk {
                    answer["max_walk_m"] = json!(walk.0);
                }
                answer
            })
        })
    };
    for (answer, state) in [(find(&all_ride), "rides"), (find(&none_rides), "left_out")] {
        let secret = service.answer(&token, &answer.unwrap()).await;
        let told = service.get(None, &format!("/v1/responses/{secret}/ride")).await.json();
        assert_eq!(
            (told["state"].as_str(), told["journeys"][0]["state"].as_str()),
            (Some("published"), Some(state)),
            "{told}"
        );
        let words = told["text_zh"].to_string();
        if state == "rides" {
            assert!(words.contains("有您的班车。") && words.contains("上车") && words.contains("步行"), "{words}");
            assert!(!told["journeys"][0]["rides"][0]["legs"].as_array().unwrap().is_empty());
        } else {
            assert!(words.contains("没有合适您的班车") && words.contains("原因："), "{words}");
            assert!(told["journeys"][0]["reason"].is_string());
        }
        let page = service.get(None, &format!("/a/{secret}")).await.text;
        assert!(page.contains("有我的班车吗？") && page.contains(told["text_zh"][0].as_str().unwrap()));
    }
    // An answer nobody's wish was like: not counted yet.
    let odd = json!({ "origin": "area-huxi", "destination": "yichuan-design", "arrive": "09:07", "use": "yes" });
    let secret = service.answer(&token, &odd).await;
    let told = service.get(None, &format!("/v1/responses/{secret}/ride")).await.json();
    assert_eq!(told["journeys"][0]["state"], "not_counted");
}

#[tokio::test]
async fn the_form_and_the_committees_page_need_no_script() {
    let service = Service::start().await;
    let (_, token) = service.round().await;
    let page = service.get(None, &format!("/q/{token}?lang=en")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("Where do you start?") && page.text.contains("value=\"lingshi-media\""),
        "{}",
        page.text
    );
    assert!(!page.text.contains("<script"));
    let form = "origin=wenshui-rd&destination=lingshi-media&firm=&arrive=21%3A00&leave=06%3A00&d1=1&d3=1&use=maybe&max_walk_m=&now=";
    let kind = "application/x-www-form-urlencoded";
    let sent = service.ask(None, "POST", &format!("/q/{token}"), Some((kind, form.to_owned()))).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let location = sent.location.unwrap();
    let own = service.get(None, &location).await;
    assert!(
        own.text.contains("周一") && own.text.contains("次日 06:00") && own.text.contains("还没有公布方案"),
        "{}",
        own.text
    );
    let path = location.split('?').next().unwrap();
    let change = service.get(None, &format!("{path}/change")).await;
    assert!(change.text.contains("<option value=\"wenshui-rd\" selected>"), "{}", change.text);
    let form = form.replace("d3=1", "d5=1");
    let sent = service.ask(None, "POST", &format!("{path}/change"), Some((kind, form))).await;
    assert_eq!((sent.status, sent.location.as_deref()), (StatusCode::SEE_OTHER, Some(path)));
    let gone = service.ask(None, "POST", &format!("{path}/withdraw"), Some((kind, String::new()))).await;
    assert!(gone.text.contains("已撤回"));
    assert_eq!(service.get(None, path).await.status, StatusCode::NOT_FOUND);

    let rounds = format!("/projects/{}/surveys", service.project);
    assert_eq!(service.get(None, &rounds).await.status, StatusCode::SEE_OTHER);
    let key = Some(service.planner.as_str());
    let opened =
        service.ask(key, "POST", &rounds, Some((kind, "title_zh=%E6%98%A5&title_en=&opens=&closes=".to_owned()))).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    let page = service.get(key, &rounds).await.text;
    assert!(page.contains(">春<") && page.contains(&format!("https://example.org/q/{token}")), "{page}");
    let mut conn = service.app.store().read().await.unwrap();
    let round = surveys::round_of(&mut conn, &token).await.unwrap();
    drop(conn);
    let poster = service.get(key, &format!("{rounds}/{}/qr", round.id)).await.text;
    assert!(poster.contains("<svg class=\"qr\"") && poster.contains("通勤"));
    let closed =
        service.ask(key, "POST", &format!("{rounds}/{}", round.id), Some((kind, "closed=yes".to_owned()))).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER);
    assert!(service.get(None, &format!("/q/{token}")).await.text.contains("现在不能填写"));
}
