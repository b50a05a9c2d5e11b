//! My keys for programs: make one (shown once), take one away.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, number, to};
use super::shown::{moment, words};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Checked};
use crate::api::keys::{self as api, NewKey};
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::storage::people;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/keys", get(show).post(add)).route("/keys/{key}/remove", post(remove))
}

struct Row {
    id: String,
    name: String,
    created: String,
    expires: String,
}

#[derive(Template)]
#[template(path = "committee_keys.html")]
struct Page {
    w: Words,
    rows: Vec<Row>,
    secret: Option<String>,
}

async fn page(app: &App, visitor: &Visitor, secret: Option<String>) -> Result<Response, Refusal> {
    let w = words(visitor);
    let user = visitor.caller.user()?;
    let keys = people::keys(&mut *app.store().read().await?, &user.id).await?;
    let rows = keys.into_iter().map(|key| Row {
        id: key.id,
        name: key.name,
        created: moment(w, &key.created),
        expires: key.expires.map_or_else(|| w.t("committee-key-endless"), |at| moment(w, &at)),
    });
    let rows = rows.collect();
    Ok(visitor.page(&w.t("committee-keys"), &shell::render(&Page { w, rows, secret })))
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    page(&app, &visitor, None).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    name: String,
    days: String,
}

async fn add(State(app): State<App>, visitor: Visitor, _: Ask, Sent(form): Sent<Form>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let user = visitor.caller.user()?;
    let asked = NewKey { name: form.name.trim().to_owned(), days: number("days", &form.days)? };
    let asked = Checked::of_form(asked, String::new())?;
    let (_, secret) = api::new_key(&app, &user.id, &asked.value).await?;
    page(&app, &visitor, Some(secret)).await
}

async fn remove(State(app): State<App>, visitor: Visitor, ask: Ask, At(key): At<String>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    api::remove(State(app), visitor.caller, ask, At(key)).await?;
    Ok(to("/keys"))
}
