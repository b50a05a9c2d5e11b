//! The projects somebody has a role in, and a new one.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, filled, to};
use super::shown::{moment, name, words};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::Checked;
use crate::api::caller::Right;
use crate::api::problem::Problem;
use crate::api::project_files::slug;
use crate::api::projects::{self as api, NewProject};
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::storage::{StorageError, plans, projects, publications};

/// Projects on the page, at most.
const MOST: i64 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/projects", get(list).post(add))
}

#[derive(Template)]
#[template(path = "committee_projects.html")]
struct Page {
    w: Words,
    rows: Vec<Row>,
    may_add: bool,
}

struct Row {
    id: String,
    name: String,
    updated: String,
    state: String,
}

async fn list(State(app): State<App>, visitor: Visitor) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let w = words(&visitor);
    let found = api::visible(&app, &visitor.caller, "", MOST).await?;
    let mut conn = app.store().read().await?;
    let mut rows = Vec::with_capacity(found.len());
    for project in &found {
        let published = publications::list(&mut conn, &project.id, "", 200).await?;
        let state = if published.iter().any(|one| one.withdrawn.is_none()) {
            "committee-project-published"
        } else if !plans::list(&mut conn, &project.id, ("", ""), 1).await?.is_empty() {
            "committee-project-planned"
        } else if !projects::files(&mut conn, &project.id).await?.is_empty() {
            "committee-project-files"
        } else {
            "committee-project-empty"
        };
        rows.push(Row {
            id: project.id.clone(),
            name: name(w, project),
            updated: moment(w, &project.updated),
            state: w.t(state),
        });
    }
    let may_add = visitor.caller.may_everywhere(Right::Plan).is_ok();
    Ok(visitor.page(&w.t("page-projects"), &shell::render(&Page { w, rows, may_add })))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    name: String,
    name_zh: String,
    id: String,
}

async fn add(State(app): State<App>, visitor: Visitor, ask: Ask, Sent(form): Sent<Form>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_everywhere(Right::Plan)?;
    let name_zh = filled(&form.name_zh);
    let name = filled(&form.name).or_else(|| name_zh.clone()).ok_or_else(|| Problem::field("name", "form-name"))?;
    let id = match filled(&form.id) {
        Some(id) => id.to_lowercase(),
        None => free(&app, &slug(&name)).await?,
    };
    let body = Checked::of_form(NewProject { id: id.clone(), name, name_zh }, String::new())?;
    api::add(State(app), visitor.caller, ask, body).await?;
    Ok(to(&format!("/projects/{id}")))
}

/// The first of `x`, `x-2`, `x-3` … that no project has.
async fn free(app: &App, wished: &str) -> Result<String, Refusal> {
    let mut conn = app.store().read().await?;
    let wished: String = wished.chars().take(60).collect();
    for number in 1..1000 {
        let id = if number == 1 { wished.clone() } else { format!("{wished}-{number}") };
        match projects::get(&mut conn, &id).await {
            Err(StorageError::Missing(_)) => return Ok(id),
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
    }
    Ok(wished)
}
