//! A service on a database of its own, and somebody who calls it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiebo::api::server::{Server, first_link};
use jiebo::storage::Store;
use serde_json::{Value, json};
use tower::ServiceExt;

/// A service that nobody else uses.
pub(crate) struct Service {
    pub(crate) store: Store,
    router: Router,
    admin: Option<String>,
    _folder: tempfile::TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    /// The answer if it has this status.
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

impl Service {
    /// With an admin who is signed in (by key).
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("j.db").display())).await.unwrap();
        let server =
            Server::bind(store.clone(), "127.0.0.1:0".parse().unwrap(), None, (false, true, false)).await.unwrap();
        let link = first_link(server.app()).await.unwrap().unwrap();
        let router = jiebo::api::router(server.app().clone());
        let mut service = Self { store, router, admin: None, _folder: folder };
        let token = link.split_once("token=").unwrap().1;
        service.admin = Some(service.welcome(token).await);
        service
    }

    /// Uses a one-time link: a key of its user.
    pub(crate) async fn welcome(&self, token: &str) -> String {
        let accepted = json!({ "token": token, "password": "correct horse battery" });
        let accepted = self.call("POST", "/v1/invitations/accepted", &[], Some(accepted)).await.is(204);
        let cookie = accepted.header("set-cookie").split(';').next().unwrap().to_owned();
        let key = self.call("POST", "/v1/keys", &[("cookie", &cookie)], Some(json!({ "name": "test" }))).await.is(201);
        format!("Bearer {}", key.json()["key"].as_str().unwrap())
    }

    /// A user with these roles, `(role, project, park)`: their key.
    pub(crate) async fn user(&self, login: &str, roles: &[(&str, Option<&str>, Option<&str>)]) -> String {
        let user = self.post("/v1/users", json!({ "login": login, "name": login })).await.is(201).json();
        let user = user["id"].as_str().unwrap();
        for (role, project, park) in roles {
            let mut grant = json!({ "role": role });
            for (name, value) in [("project", project), ("park", park)] {
                if let Some(value) = value {
                    grant[name] = json!(value);
                }
            }
            self.post(&format!("/v1/users/{user}/grants"), grant).await.is(201);
        }
        let link =
            self.call("POST", &format!("/v1/users/{user}/invitation"), &[("authorization", self.key())], None).await;
        let link = link.is(200).json()["url"].as_str().unwrap().to_owned();
        self.welcome(link.split_once("token=").unwrap().1).await
    }

    /// The admin's key.
    pub(crate) fn key(&self) -> &str {
        self.admin.as_deref().unwrap_or("")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[("authorization", self.key())], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, &[("authorization", self.key())], Some(body)).await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let mut headers = headers.to_vec();
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.raw(method, path, &headers, body.map_or(Vec::new(), |body| body.to_string().into_bytes())).await
    }

    pub(crate) async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

/// The demonstration project as a ZIP.
pub(crate) fn demo_zip() -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gonghexin");
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut writer, &std::fs::read(&path).unwrap()).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}
