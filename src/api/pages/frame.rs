//! What every page has: its language, who is looking at it, and what to say when it cannot be shown.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::api::app::App;
use crate::api::caller::{Caller, Right};
use crate::api::language;
use crate::api::problem::{Halt, Problem};
use crate::domain::finding::Argument;
use crate::publish::phrases::{self, Language};
use crate::storage::StorageError;

/// Who is looking at a page, and how.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// Who.
    pub(super) caller: Caller,
    /// In which language.
    pub(super) language: Language,
    /// Path and query of the page, to come back to.
    here: String,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { caller, language: language::of(parts), here })
    }
}

impl Visitor {
    /// The same, on another page: what a form brought is not in its address.
    pub(super) fn at(self, here: String) -> Self {
        Self { here, ..self }
    }

    /// A phrase in the visitor's language.
    pub(super) fn say(&self, key: &str, args: &[(&str, Argument)]) -> String {
        phrases::phrase(self.language, key, args)
    }

    /// Pages for those who are signed in.
    ///
    /// # Errors
    /// The way to the sign-in page, and back here.
    pub(super) fn signed_in(&self) -> Result<(), Refusal> {
        if self.caller.id().is_some() { Ok(()) } else { Err(Refusal::SignIn(self.here.clone())) }
    }

    /// A whole page around a body (HTML, escaped already).
    pub(super) fn page(&self, title: &str, body: &str) -> Response {
        let (tag, other) = match self.language {
            Language::Zh => ("zh-CN", ("en", "English")),
            Language::En => ("en", ("zh", "中文")),
        };
        let (signed_in, open) = (self.caller.id().is_some(), matches!(self.caller, Caller::Local));
        let people = self.caller.may_everywhere(Right::ManagePeople).is_ok();
        let elsewhere = in_language(&self.here, other.0);
        let frame = Frame { tag, title, body, elsewhere, other, signed_in, open, people, visitor: self };
        let mut response = Html(crate::publish::pages::shell::render(&frame)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                 frame-ancestors 'none'",
            ),
        );
        if let Ok(cookie) = HeaderValue::from_str(&format!(
            "{}={}; Path=/; SameSite=Lax; Max-Age=31536000",
            language::NAME,
            if self.language == Language::Zh { "zh" } else { "en" }
        )) {
            headers.append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// The same address in another language; what it asks for otherwise stays.
fn in_language(here: &str, language: &str) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
    let own = format!("lang={language}");
    pairs.push(&own);
    format!("{path}?{}", pairs.join("&"))
}

#[derive(Template)]
#[template(path = "service.html")]
struct Frame<'a> {
    tag: &'a str,
    title: &'a str,
    body: &'a str,
    /// This page in the other language.
    elsewhere: String,
    other: (&'a str, &'a str),
    signed_in: bool,
    open: bool,
    people: bool,
    visitor: &'a Visitor,
}

impl Frame<'_> {
    fn say(&self, key: &str) -> String {
        self.visitor.say(key, &[])
    }
}

/// Why a page cannot be shown: said on a page of its own, in both languages.
#[derive(Debug)]
pub(in crate::api) enum Refusal {
    /// A problem.
    Problem(Box<Problem>),
    /// Sign in first, then back to this address.
    SignIn(String),
    /// It was done before; there.
    Before,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Problem::from(error).into()
    }
}

impl From<Halt> for Refusal {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Problem(problem) => Self::Problem(problem),
            Halt::Before(_) => Self::Before,
        }
    }
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct Told {
    status: u16,
    /// Title, advice, and each flaw: in Chinese, then in English.
    parts: [(String, String, Vec<String>); 2],
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = match self {
            Self::SignIn(next) => {
                let next: String = form_urlencoded(&next);
                return Redirect::to(&format!("/sign-in?next={next}")).into_response();
            }
            Self::Before => return StatusCode::NO_CONTENT.into_response(),
            Self::Problem(problem) => problem,
        };
        let told = |language| {
            let flaws = problem.flaws.iter().map(|flaw| {
                let said = phrases::phrase(language, &format!("problem-{}", flaw.code), &flaw.args);
                format!("{}: {said}", flaw.field)
            });
            (problem.title(language), problem.advice(language), flaws.collect())
        };
        let page = Told { status: problem.status.as_u16(), parts: Language::ALL.map(told) };
        let mut response = (problem.status, Html(crate::publish::pages::shell::render(&page))).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = problem.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Text as it stands in a query.
pub(super) fn form_urlencoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
