//! The one-time link: whoever opens it sets the password, twice, and is in.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, again, to};
use super::shown::words;
use crate::api::app::App;
use crate::api::{session, tokens};
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::storage::people;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/welcome", get(show).post(accept))
}

#[derive(Template)]
#[template(path = "committee_welcome.html")]
struct Page<'a> {
    w: Words,
    token: &'a str,
    /// Whose link it is; `None`: it is used or over.
    login: Option<String>,
    wrong: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Link {
    token: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    token: String,
    password: String,
    again: String,
}

async fn page(app: &App, visitor: &Visitor, token: &str, wrong: Option<&str>) -> Result<Response, Refusal> {
    let w = words(visitor);
    let mut conn = app.store().read().await?;
    let user = people::of_invitation(&mut conn, &tokens::hash(token), Timestamp::now()).await?;
    let login = user.map(|user| user.login);
    let gone = login.is_none();
    let body = shell::render(&Page { w, token, login, wrong: wrong.map(|key| w.t(key)) });
    let page = visitor.page(&w.t("committee-welcome-title"), &body);
    Ok(if gone {
        again(page, StatusCode::NOT_FOUND)
    } else if wrong.is_some() {
        again(page, StatusCode::UNPROCESSABLE_ENTITY)
    } else {
        page
    })
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(Link { token }): Query<Link>,
) -> Result<Response, Refusal> {
    page(&app, &visitor, &token, None).await
}

async fn accept(State(app): State<App>, visitor: Visitor, Sent(form): Sent<Form>) -> Result<Response, Refusal> {
    let Form { token, password, again } = form;
    if session::password_flaw(&password).is_some() {
        return page(&app, &visitor, &token, Some("committee-welcome-short")).await;
    }
    if password != again {
        return page(&app, &visitor, &token, Some("committee-welcome-differ")).await;
    }
    match session::accept_invitation(&app, &token, password).await {
        Ok(session) => {
            let mut response = to("/projects");
            session::set_cookie(&app, &mut response, &session);
            Ok(response)
        }
        Err(problem) if problem.code == "missing" => page(&app, &visitor, &token, None).await,
        Err(problem) => Err(problem.into()),
    }
}
