//! A plan being made: start it, see how far it is, stop it with the best so far.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, filled, number, to};
use super::shown::{RunRow, may, name, words};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Checked};
use crate::api::caller::Right;
use crate::api::plans::{self as api, StartPlan};
use crate::api::problem::Problem;
use crate::api::runs as jobs;
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::storage::{projects, runs};

/// A page of a job that runs is loaded anew after so many seconds.
const AGAIN: &str = "2";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/projects/{project}/plans", post(start))
        .route("/projects/{project}/runs/{run}", get(show))
        .route("/projects/{project}/runs/{run}/stop", post(stop))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    seconds: String,
    label: String,
    scenario: String,
    seed: String,
}

async fn start(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    Sent(form): Sent<Form>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let wanted = StartPlan {
        scenario: filled(&form.scenario),
        label: filled(&form.label),
        seconds: number("seconds", &form.seconds)?,
        seed: number("seed", &form.seed)?,
        ..StartPlan::default()
    };
    let body = Checked::of_form(wanted, String::new())?;
    let reply = api::start(State(app), visitor.caller, ask, At(project.clone()), body).await?;
    Ok(to(&format!("/projects/{project}/runs/{}", reply.id())))
}

#[derive(Template)]
#[template(path = "committee_run.html")]
struct Page {
    w: Words,
    project: String,
    name: String,
    run: RunRow,
    may_plan: bool,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    At((project, run)): At<(String, String)>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let w = words(&visitor);
    let mut conn = app.store().read().await?;
    let name = name(w, &projects::get(&mut conn, &project).await?);
    let run = runs::get(&mut conn, &run).await?;
    if run.project != project {
        return Err(Problem::missing("run").into());
    }
    let run = RunRow::of(w, &run);
    let (open, title) = (run.open, format!("{} · {}", run.state, run.label));
    let may_plan = may(&visitor, Right::Plan, &project);
    let mut response = visitor.page(&title, &shell::render(&Page { w, project, name, run, may_plan }));
    if open {
        // As <meta http-equiv="refresh"> would, and only while something changes.
        response.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static(AGAIN));
    }
    Ok(response)
}

async fn stop(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At((project, run)): At<(String, String)>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let back = format!("/projects/{project}/runs/{run}");
    jobs::cancel(State(app), visitor.caller, ask, At(run)).await?;
    Ok(to(&back))
}
