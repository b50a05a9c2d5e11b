//! The whole way of a committee, by pages only: from the one-time link to a plan that waits, and out again.

use std::io::Write;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt;

use crate::api::app::{App, Settings};
use crate::api::caller::Role;
use crate::api::{router, tokens};
use crate::jobs::Bell;
use crate::publish::phrases::{Language, has_phrase};
use crate::storage::{Store, people};

/// A service on a database of its own, and a browser that keeps the session's cookie.
struct Browser {
    app: App,
    cookie: Option<String>,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    /// Where 303 goes.
    fn onward(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

impl Browser {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("t.db").display())).await.unwrap();
        let settings = Settings { open: false, base_url: "http://park.example".to_owned(), unlimited: true };
        Self { app: App::new(store, Bell::default(), settings), cookie: None, _folder: folder }
    }

    /// Somebody with a role everywhere, and the token of their one-time link.
    async fn invited(&self, login: &str, role: Role) -> String {
        let token = tokens::new().unwrap();
        let now = Timestamp::now();
        let mut tx = self.app.store().write().await.unwrap();
        let user = people::add(&mut tx, login, login, now).await.unwrap();
        people::give(&mut tx, &user.id, role.name(), None, None, now).await.unwrap();
        let until = now.checked_add(SignedDuration::from_hours(1)).unwrap();
        people::invite(&mut tx, &user.id, &tokens::hash(&token), until).await.unwrap();
        tx.commit().await.unwrap();
        token
    }

    async fn send(&mut self, method: &str, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, kind);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(body.into()).unwrap();
        let response: Response = router(self.app.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            if let Some(value) = cookie.to_str().unwrap().strip_prefix("jiebo_session=") {
                let value = value.split(';').next().unwrap();
                self.cookie = (!value.is_empty()).then(|| format!("jiebo_session={value}"));
            }
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, "text/plain", Body::empty()).await
    }

    async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.send("POST", path, "application/x-www-form-urlencoded", form.to_owned()).await
    }

    async fn upload(&mut self, path: &str, files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, bytes) in files {
            body.extend_from_slice(
                format!("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n")
                    .as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        self.send("POST", path, "multipart/form-data; boundary=x", body).await
    }

    /// Uses a one-time link.
    async fn enter(&mut self, token: &str) {
        let form = format!("token={token}&password=correct+horse&again=correct+horse");
        assert_eq!(self.post("/welcome", &form).await.onward(), "/projects");
    }
}

/// The demonstration as a ZIP.
fn demonstration() -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gonghexin");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = format!("gonghexin/{}", path.file_name().unwrap().to_str().unwrap());
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(&std::fs::read(path).unwrap()).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn from_the_link_to_a_plan_that_waits() {
    let mut browser = Browser::new().await;
    let token = browser.invited("admin", Role::Admin).await;

    // Nobody yet: the start page, and the way to the sign-in page and back.
    assert!(browser.get("/").await.text.contains("/sign-in"));
    assert_eq!(browser.get("/projects").await.onward(), "/sign-in?next=/projects");

    // The one-time link: short and differing passwords are told in words, the right one signs in, and it works once.
    let page = browser.get(&format!("/welcome?token={token}&lang=en")).await;
    assert!(page.status.is_success() && page.text.contains("Set your password"), "{}", page.text);
    let short = browser.post("/welcome?lang=en", &format!("token={token}&password=short&again=short")).await;
    assert!(short.status == StatusCode::UNPROCESSABLE_ENTITY && short.text.contains("10 to 200"), "{}", short.text);
    let differ =
        browser.post("/welcome?lang=en", &format!("token={token}&password=correct+horse&again=other+horse")).await;
    assert!(differ.text.contains("differ"), "{}", differ.text);
    browser.enter(&token).await;
    let used = browser.get(&format!("/welcome?token={token}&lang=en")).await;
    assert!(used.status == StatusCode::NOT_FOUND && used.text.contains("used"), "{}", used.text);

    // A project; its id is made from its name.
    assert!(browser.get("/projects?lang=en").await.text.contains("New project"));
    assert_eq!(browser.post("/projects", "name=Gonghexin+Road&name_zh=").await.onward(), "/projects/gonghexin-road");
    assert_eq!(browser.post("/projects", "name=Gonghexin+Road").await.onward(), "/projects/gonghexin-road-2");
    let page = browser.get("/projects/gonghexin-road?lang=en").await;
    assert!(page.text.contains("There are no files yet") && page.text.contains("survey.csv"), "{}", page.text);

    // Files: what cannot be used is said and changes nothing; a ZIP is taken in and looked over.
    let files = "/projects/gonghexin-road/files";
    let bad = browser.upload(files, &[("evil.exe", b"x"), ("sites.csv", b"id,lon,lat\n")]).await;
    assert!(bad.status == StatusCode::CONFLICT && bad.text.contains("evil.exe"), "{}", bad.text);
    assert_eq!(browser.upload(files, &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(browser.upload(files, &[("folder.zip", b"no zip")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        browser.upload(files, &[("sites.csv", b"id,lon,lat\n"), ("fleet.csv", b"type\n")]).await.onward(),
        files
    );
    let page = browser.get(&format!("{files}?lang=en")).await.text;
    assert!(page.contains("cannot be made from these files") && page.contains("project.toml"), "{page}");
    assert_eq!(browser.upload(files, &[("gonghexin.zip", &demonstration())]).await.onward(), files);
    let page = browser.get(&format!("{files}?lang=en")).await.text;
    assert!(page.contains("a plan can be made") && page.contains("survey.csv row"), "{page}");
    assert!(browser.get(&format!("{files}?lang=zh")).await.text.contains("survey.csv 第"), "findings in Chinese");
    assert_eq!(browser.post(&format!("{files}/remove"), "name=couriers.csv").await.onward(), files);

    // A what-if, and a plan of it: no worker here, so it waits.
    let scenario = browser.post("/projects/gonghexin-road/scenarios", "name=less+money").await.onward().to_owned();
    let changed = browser.post(&format!("{scenario}/add"), "kind=set_budget&per_day=2000&per_month=").await;
    assert_eq!(changed.onward(), scenario);
    assert!(browser.get(&format!("{scenario}?lang=en")).await.text.contains("¥2,000 a day"));
    let unknown = browser.post(&format!("{scenario}/add"), "kind=add_vehicle&type=zeppelin&count=1").await;
    assert!(unknown.status == StatusCode::CONFLICT && unknown.text.contains("zeppelin"), "{}", unknown.text);
    let id = scenario.rsplit('/').next().unwrap();
    let form = format!("seconds=5&label=&scenario={id}");
    let run = browser.post("/projects/gonghexin-road/plans", &form).await.onward().to_owned();
    let page = browser.get(&format!("{run}?lang=en")).await;
    assert!(page.text.contains("waiting") && page.text.contains("less money"), "{}", page.text);
    assert_eq!(page.headers["refresh"], "2");
    assert!(browser.get("/projects/gonghexin-road?lang=en").await.text.contains("waiting"));
    assert_eq!(browser.post(&format!("{run}/stop"), "").await.onward(), run);
    let page = browser.get(&format!("{run}?lang=en")).await;
    assert!(page.text.contains("stopped") && !page.headers.contains_key("refresh"), "{}", page.text);
    assert_eq!(
        browser.post("/projects/gonghexin-road/plans", "seconds=soon").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    // A sweep is a table.
    let sweep = browser.post("/projects/gonghexin-road/sweeps?lang=en", "most=0&budgets=2000,2700&seconds=1").await;
    let table = browser.get(&format!("{}?lang=en", sweep.onward())).await.text;
    assert!(table.contains("¥2,000 a day") && table.contains("¥2,700 a day"), "{table}");

    // Out: the session is over.
    assert_eq!(browser.post("/sign-out", "").await.onward(), "/");
    assert_eq!(browser.get("/projects").await.onward(), "/sign-in?next=/projects");
}

#[tokio::test]
async fn a_wrong_password_shows_the_form_again() {
    let mut browser = Browser::new().await;
    let token = browser.invited("planner", Role::Planner).await;
    browser.enter(&token).await;
    browser.post("/sign-out", "").await;
    let wrong = browser.post("/sign-in?lang=en", "login=planner&password=wrong&next=%2Fprojects%2Fa").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.text.contains("Please try again") && wrong.text.contains("value=\"/projects/a\""), "{}", wrong.text);
    let right = browser.post("/sign-in", "login=planner&password=correct+horse&next=%2F%2Fevil.example").await;
    assert_eq!(right.onward(), "/projects");
}

#[tokio::test]
async fn what_a_role_may_not_do_is_neither_shown_nor_done() {
    let mut admin = Browser::new().await;
    let token = admin.invited("admin", Role::Admin).await;
    let viewer_token = admin.invited("viewer", Role::Viewer).await;
    admin.enter(&token).await;
    admin.post("/projects", "name=Park&id=park").await.onward();
    // The same service, another browser.
    let mut viewer = Browser { app: admin.app.clone(), cookie: None, _folder: tempfile::tempdir().unwrap() };
    viewer.enter(&viewer_token).await;
    let page = viewer.get("/projects/park?lang=en").await;
    assert!(
        page.status.is_success() && !page.text.contains("<form method=\"post\" action=\"/projects/"),
        "{}",
        page.text
    );
    assert!(!viewer.get("/projects?lang=en").await.text.contains("New project"));
    for (path, form) in [
        ("/projects", "name=x"),
        ("/projects/park/plans", "seconds=5"),
        ("/projects/park/files/remove", "name=a.csv"),
        ("/projects/park/scenarios", "name=x"),
        ("/projects/park/sweeps", "seconds=5"),
        ("/projects/park/publications", "plan=x"),
        ("/projects/park/publications/x/withdraw", ""),
        ("/projects/park/name", "name=y"),
        ("/projects/park/remove", "id=park"),
        ("/people", "login=x"),
        ("/people/x", "act=invite"),
    ] {
        assert_eq!(viewer.post(path, form).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(viewer.upload("/projects/park/files", &[("a.csv", b"x")]).await.status, StatusCode::FORBIDDEN);
    for path in ["/projects/park/files", "/people"] {
        assert_eq!(viewer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let mut nobody = Browser { app: admin.app.clone(), cookie: None, _folder: tempfile::tempdir().unwrap() };
    assert!(nobody.post("/projects/park/plans", "").await.onward().starts_with("/sign-in"));
}

#[tokio::test]
async fn people_and_keys() {
    let mut browser = Browser::new().await;
    let token = browser.invited("admin", Role::Admin).await;
    browser.enter(&token).await;
    let person = browser.post("/people", "login=li&name=").await.onward().to_owned();
    assert_eq!(browser.post(&person, "act=give&role=planner&project=&park=").await.onward(), person);
    let page = browser.get(&format!("{person}?lang=en")).await.text;
    assert!(page.contains("planner (all projects)"), "{page}");
    let link = browser.post(&person, "act=invite").await.text;
    assert!(link.contains("http://park.example/welcome?token="), "{link}");
    assert!(!browser.get(&person).await.text.contains("/welcome?token="), "shown once");
    assert_eq!(browser.post(&person, "act=disable").await.onward(), person);
    assert!(browser.get("/people?lang=en").await.text.contains("kept out"));

    let made = browser.post("/keys", "name=script&days=30").await.text;
    assert!(made.contains("jb_"), "{made}");
    let page = browser.get("/keys").await.text;
    assert!(page.contains("script") && !page.contains("jb_"), "{page}");
    let id = page.split("/keys/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    assert_eq!(browser.post(&format!("/keys/{id}/remove"), "").await.onward(), "/keys");
    assert!(!browser.get("/keys").await.text.contains("script"));
}

#[test]
fn all_words_of_these_pages_are_there_in_both_languages() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut text = String::new();
    for folder in ["api/pages/committee", "publish/templates"] {
        for entry in std::fs::read_dir(source.join(folder)).unwrap() {
            text.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
        }
    }
    let plain = |key: &&str| key.starts_with("committee-") && !key.ends_with('-') && !key.contains(['{', ' ', '\\']);
    let keys: std::collections::BTreeSet<&str> = text.split('"').filter(plain).collect();
    assert!(keys.len() > 150, "only {} keys found", keys.len());
    for key in keys {
        for language in Language::ALL {
            assert!(has_phrase(language, key), "{key} ({language})");
        }
    }
}
