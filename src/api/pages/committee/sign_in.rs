//! Sign in, and out.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, again, to};
use super::shown::words;
use crate::api::app::App;
use crate::api::caller::Caller;
use crate::api::session;
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/sign-in", get(show).post(enter)).route("/sign-out", post(leave))
}

#[derive(Template)]
#[template(path = "committee_sign_in.html")]
struct Page<'a> {
    w: Words,
    login: &'a str,
    next: &'a str,
    wrong: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Next {
    next: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    login: String,
    password: String,
    next: String,
}

/// Where to go after signing in: a page of ours, never another site's.
fn local(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(|c| c.is_control() || c.is_whitespace())
        && !next.starts_with("/sign-");
    if ours { next } else { "/projects" }
}

fn page(visitor: &Visitor, login: &str, next: &str, wrong: bool) -> Response {
    let w = words(visitor);
    visitor.page(&w.t("page-sign-in"), &shell::render(&Page { w, login, next: local(next), wrong }))
}

async fn show(visitor: Visitor, Query(Next { next }): Query<Next>) -> Response {
    if visitor.caller.id().is_some() { to(local(&next)) } else { page(&visitor, "", &next, false) }
}

async fn enter(State(app): State<App>, visitor: Visitor, Sent(form): Sent<Form>) -> Result<Response, Refusal> {
    let Form { login, password, next } = form;
    // Longer than any that was set: not worth its time.
    if login.chars().count() > 100 || password.chars().count() > 200 {
        return Ok(again(page(&visitor, "", &next, true), StatusCode::UNAUTHORIZED));
    }
    match session::sign_in(&app, login.trim(), password).await {
        Ok(token) => {
            let mut response = to(local(&next));
            session::set_cookie(&app, &mut response, &token);
            Ok(response)
        }
        Err(problem) if problem.code == "sign-in-wrong" => {
            Ok(again(page(&visitor, &login, &next, true), StatusCode::UNAUTHORIZED))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Whoever asks is a caller first: a page of another site cannot sign anybody out.
async fn leave(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Result<Response, Refusal> {
    if matches!(visitor.caller, Caller::Known { .. }) {
        session::sign_out(&app, &headers).await?;
    }
    let mut response = to("/");
    session::clear_cookie(&mut response);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_come_next() {
        for good in ["/", "/projects/a?plan=b", "/p/x"] {
            assert_eq!(local(good), good);
        }
        for bad in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a b", "/sign-out", "x"] {
            assert_eq!(local(bad), "/projects", "{bad}");
        }
    }
}
