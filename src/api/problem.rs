//! The one place where errors become HTTP: RFC 9457 problem+json, in Chinese and English, each with what to do.
//!
//! The words are the phrases `problem-CODE` (value: what is wrong; attribute `.do`: what to do about it).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::reply::Reply;
use crate::domain::finding::{Argument, Finding, Severity};
use crate::publish::phrases::{self, Language};
use crate::storage::StorageError;

/// How problems are written.
pub(super) const MIME: &str = "application/problem+json";

/// What went wrong, as it is answered.
#[derive(Clone, Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Phrase `problem-CODE`.
    pub code: &'static str,
    /// What the phrase names.
    pub args: Vec<(&'static str, Argument)>,
    /// Each field that is wrong.
    pub flaws: Vec<Flaw>,
    /// What was found in files.
    pub findings: Vec<Finding>,
    /// Seconds after which to come again.
    pub retry_after: Option<u32>,
}

/// A field that is wrong: a path in the body, query or path, and a phrase `problem-CODE`.
#[derive(Clone, Debug)]
pub struct Flaw {
    /// `from`, `times[2].stop`.
    pub field: String,
    /// Phrase.
    pub code: &'static str,
    /// What the phrase names.
    pub args: Vec<(&'static str, Argument)>,
}

impl Problem {
    /// Any problem.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, args: Vec::new(), flaws: Vec::new(), findings: Vec::new(), retry_after: None }
    }
    /// 404: there is no such thing, or not for this caller.
    #[must_use]
    pub fn missing(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "missing").arg("what", what)
    }
    /// 401: sign in first.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "anonymous")
    }
    /// 403: signed in, but not allowed.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden")
    }
    /// 409: well formed, but against what is there.
    #[must_use]
    pub fn conflict(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }
    /// 422: a field of the body is against its schema.
    #[must_use]
    pub fn field(field: &str, code: &'static str) -> Self {
        Self::fields(vec![Flaw { field: field.to_owned(), code, args: Vec::new() }])
    }
    /// 422: several are.
    #[must_use]
    pub fn fields(flaws: Vec<Flaw>) -> Self {
        Self { flaws, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "fields") }
    }
    /// 500: a fault of ours; the reason goes to the log, not to the caller.
    #[must_use]
    pub fn fault(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!(%reason, "a fault of ours");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault")
    }
    /// With an argument for the phrase.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.args.push((name, value.into()));
        self
    }
    /// What is wrong, in words.
    #[must_use]
    pub fn title(&self, language: Language) -> String {
        phrases::phrase(language, &format!("problem-{}", self.code), &self.args)
    }
    /// What to do about it, in words.
    #[must_use]
    pub fn advice(&self, language: Language) -> String {
        phrases::advice(language, &format!("problem-{}", self.code), &self.args)
    }
    /// As it is answered.
    #[must_use]
    pub fn body(&self) -> Body {
        Body {
            kind: format!("urn:jiebo:problem:{}", self.code),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            title: self.title(Language::En),
            title_zh: self.title(Language::Zh),
            advice: self.advice(Language::En),
            advice_zh: self.advice(Language::Zh),
            errors: self.flaws.iter().map(Flaw::shown).collect(),
            findings: self.findings.iter().map(Found::of).collect(),
        }
    }
}

impl Flaw {
    /// A flaw without arguments.
    #[must_use]
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code, args: Vec::new() }
    }
    /// With an argument for the phrase.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.args.push((name, value.into()));
        self
    }
    fn shown(&self) -> FieldError {
        let key = format!("problem-{}", self.code);
        FieldError {
            field: self.field.clone(),
            code: self.code.to_owned(),
            title: phrases::phrase(Language::En, &key, &self.args),
            title_zh: phrases::phrase(Language::Zh, &key, &self.args),
            advice: phrases::advice(Language::En, &key, &self.args),
            advice_zh: phrases::advice(Language::Zh, &key, &self.args),
        }
    }
}

/// A problem (RFC 9457): what is wrong and what to do about it, in English and Chinese.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Body {
    /// Names the problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// HTTP status.
    pub status: u16,
    /// Short name of the problem.
    pub code: String,
    /// What is wrong.
    pub title: String,
    /// What is wrong, in Chinese.
    pub title_zh: String,
    /// What to do about it.
    #[serde(rename = "do")]
    pub advice: String,
    /// What to do about it, in Chinese.
    #[serde(rename = "do_zh")]
    pub advice_zh: String,
    /// Each field that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
    /// What was found in files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub findings: Vec<Found>,
}

/// A field that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// Where it stands.
    pub field: String,
    /// Short name of what is wrong.
    pub code: String,
    /// What is wrong.
    pub title: String,
    /// What is wrong, in Chinese.
    pub title_zh: String,
    /// What to do about it.
    #[serde(rename = "do")]
    pub advice: String,
    /// What to do about it, in Chinese.
    #[serde(rename = "do_zh")]
    pub advice_zh: String,
}

/// Something wrong or doubtful in a file, with its row and column.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct Found {
    /// Short name.
    pub code: String,
    /// `error`: no plan can be made; `warning`: something was left out; `note`.
    pub severity: String,
    /// File.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Row, from 1; the header is row 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong and what to do.
    pub text: String,
    /// The same in Chinese.
    pub text_zh: String,
}

impl Found {
    /// A finding in both languages.
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        Self {
            code: finding.code.clone(),
            severity: match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            }
            .to_owned(),
            file: finding.file.clone(),
            row: finding.row,
            column: finding.column.clone(),
            text: phrases::finding(Language::En, finding),
            text_zh: phrases::finding(Language::Zh, finding),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MIME));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Missing(what) => Self::missing(what),
            StorageError::Conflict(_) => Self::conflict("exists"),
            StorageError::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full"),
            StorageError::Unavailable(reason) => {
                tracing::warn!(%reason, "the database is away");
                let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
                Self { retry_after: Some(2), ..problem }
            }
            other => Self::fault(&other),
        }
    }
}

impl From<super::tokens::TokenError> for Problem {
    fn from(error: super::tokens::TokenError) -> Self {
        Self::fault(&error)
    }
}

/// Why a write answers otherwise than its handler would: a problem, or the answer it got the first time.
#[derive(Debug)]
pub enum Halt {
    /// A problem.
    Problem(Box<Problem>),
    /// It was done before.
    Before(Reply),
}

impl<T: Into<Problem>> From<T> for Halt {
    fn from(error: T) -> Self {
        Self::Problem(Box::new(error.into()))
    }
}

impl IntoResponse for Halt {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Before(reply) => reply.into_response(),
        }
    }
}
