//! `/`: who is signed in goes to their projects; others read what this is and find the timetables that are published.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::super::frame::{Refusal, Visitor};
use super::form::to;
use super::shown::{name, today, words};
use crate::api::app::App;
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::storage::{projects, publications};

/// Projects listed, at most.
const MOST: usize = 50;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/", get(start))
}

#[derive(Template)]
#[template(path = "committee_start.html")]
struct Page {
    w: Words,
    /// Id and name.
    published: Vec<(String, String)>,
}

async fn start(State(app): State<App>, visitor: Visitor) -> Result<Response, Refusal> {
    if visitor.caller.id().is_some() {
        return Ok(to("/projects"));
    }
    let w = words(&visitor);
    let mut conn = app.store().read().await?;
    let mut published = Vec::new();
    for (id, _) in projects::marks(&mut conn).await?.into_iter().take(MOST) {
        let all = publications::list(&mut conn, &id, "", 200).await?;
        let counts = all.iter().any(|one| one.withdrawn.is_none() && one.until.is_none_or(|until| until >= today()));
        if counts {
            published.push((id.clone(), name(w, &projects::get(&mut conn, &id).await?)));
        }
    }
    let body = shell::render(&Page { w, published });
    Ok(visitor.page(&w.t("committee-start-title"), &body))
}
