//! What a write answers: kept as it is where the write may come again (Idempotency-Key).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A status, where the thing stands, its revision, and it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reply {
    status: u16,
    location: Option<String>,
    etag: Option<String>,
    body: Option<Value>,
}

impl Reply {
    /// 200 with the thing as it is now.
    #[must_use]
    pub fn ok(body: &impl Serialize) -> Self {
        Self::with(StatusCode::OK, body)
    }
    /// 201 with the new thing and where it stands.
    #[must_use]
    pub fn created(location: String, body: &impl Serialize) -> Self {
        Self { location: Some(location), ..Self::with(StatusCode::CREATED, body) }
    }
    /// 202: it is being done; look there.
    #[must_use]
    pub fn accepted(location: String, body: &impl Serialize) -> Self {
        Self { location: Some(location), ..Self::with(StatusCode::ACCEPTED, body) }
    }
    /// 204: done, nothing to say.
    #[must_use]
    pub fn done() -> Self {
        Self { status: 204, location: None, etag: None, body: None }
    }
    /// The id of the new thing: the last part of where it stands.
    #[must_use]
    pub fn id(&self) -> &str {
        self.location.as_deref().and_then(|path| path.rsplit('/').next()).unwrap_or("")
    }
    /// With its revision, for If-Match.
    #[must_use]
    pub fn revision(mut self, revision: i64) -> Self {
        self.etag = Some(etag(revision));
        self
    }
    fn with(status: StatusCode, body: &impl Serialize) -> Self {
        // What we answer is made of texts and numbers: it cannot fail to be written.
        Self { status: status.as_u16(), location: None, etag: None, body: serde_json::to_value(body).ok() }
    }
}

/// A revision as an entity tag.
#[must_use]
pub fn etag(revision: i64) -> String {
    format!("\"{revision}\"")
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = match self.body {
            Some(body) => (status, Json(body)).into_response(),
            None => status.into_response(),
        };
        for (name, value) in [(header::LOCATION, self.location), (header::ETAG, self.etag)] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
