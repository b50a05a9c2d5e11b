//! A project in five steps: files, survey, plan, compare, publish. Each says in plain words how far it is.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::files::{self, Looked};
use super::form::{Sent, filled, to};
use super::publish::{self, PublicationRow};
use super::shown::{PlanRow, RunRow, may, name, today, with, words};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Checked};
use crate::api::caller::Right;
use crate::api::problem::Problem;
use crate::api::projects::{self as api, ProjectChange};
use crate::publish::drawing::qr;
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::storage::{plans, projects, publications, runs, scenarios};

/// Plans listed.
const PLANS: i64 = 50;
/// Jobs that have ended and are still listed.
const ENDED: usize = 3;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/projects/{project}", get(show))
        .route("/projects/{project}/name", post(rename))
        .route("/projects/{project}/remove", post(remove))
}

/// What a visitor may do here.
#[derive(Clone, Copy)]
pub(super) struct Rights {
    cohorts: bool,
    plan: bool,
    publish: bool,
    survey: bool,
    operate: bool,
    lots: bool,
    remove: bool,
}

#[derive(Template)]
#[template(path = "committee_project.html")]
struct Page {
    w: Words,
    id: String,
    name: String,
    names: (String, String),
    rights: Rights,
    /// For those who may see files.
    folder: Option<Looked>,
    file_state: String,
    found: String,
    runs: Vec<RunRow>,
    plans: Vec<PlanRow>,
    scenarios: Vec<(String, String)>,
    published: Vec<PublicationRow>,
    /// Plan chosen in the form.
    chosen: String,
    today: String,
    rider_page: String,
    qr: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    plan: String,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    Query(Asked { plan: chosen }): Query<Asked>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let w = words(&visitor);
    let reaches = |right| visitor.caller.may(right, &project).is_ok();
    let rights = Rights {
        cohorts: may(&visitor, Right::ReadCohorts, &project),
        plan: may(&visitor, Right::Plan, &project),
        publish: may(&visitor, Right::Publish, &project),
        survey: reaches(Right::ReadAnswers),
        operate: reaches(Right::Operate),
        lots: reaches(Right::ReadLots),
        remove: may(&visitor, Right::ManagePeople, &project),
    };
    let mut conn = app.store().read().await?;
    let found = projects::get(&mut conn, &project).await?;
    let jobs = runs::list(&mut conn, &project, "", 100).await?;
    let mut ended = 0;
    let jobs = jobs.iter().filter(|run| {
        ended += usize::from(run.state.ended());
        run.sweep.is_none() && (!run.state.ended() || ended <= ENDED)
    });
    let jobs = jobs.map(|run| RunRow::of(w, run)).collect();
    let plans = plans::list(&mut conn, &project, ("", ""), PLANS).await?;
    let scenarios = scenarios::list(&mut conn, &project, "", 200).await?;
    let published = publications::list(&mut conn, &project, "", 200).await?;
    drop(conn);
    let folder = if rights.cohorts { Some(files::looked(&app, w, &project).await?) } else { None };
    let file_state = folder.as_ref().map_or("committee-files-planners", |folder| {
        if folder.rows.is_empty() {
            "committee-files-none"
        } else if folder.ready {
            "committee-files-ready"
        } else {
            "committee-files-wrong"
        }
    });
    let counts = folder.as_ref().map_or_else(String::new, |folder| {
        let [files, errors, warnings, notes] =
            [folder.rows.len(), folder.errors.len(), folder.warnings.len(), folder.notes.len()].map(|n| n.to_string());
        let slots = [("files", files.as_str()), ("errors", &errors), ("warnings", &warnings), ("notes", &notes)];
        with(w, "committee-files-counts", &slots)
    });
    let rider_page = format!("{}/p/{project}", app.settings().base_url);
    let name = name(w, &found);
    let published = publish::rows(w, &published, &plans);
    let page = Page {
        w,
        qr: qr::svg(&rider_page, &w.t("committee-qr")).unwrap_or_default(),
        rider_page,
        published,
        plans: plans.iter().map(|plan| PlanRow::of(w, plan)).collect(),
        scenarios: scenarios.into_iter().map(|scenario| (scenario.id, scenario.name)).collect(),
        runs: jobs,
        file_state: w.t(file_state),
        found: counts,
        folder,
        chosen,
        today: today().to_string(),
        rights,
        names: (found.name, found.name_zh.unwrap_or_default()),
        id: project,
        name: name.clone(),
    };
    Ok(visitor.page(&name, &shell::render(&page)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Names {
    name: String,
    name_zh: String,
}

async fn rename(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    Sent(form): Sent<Names>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let name_zh = filled(&form.name_zh);
    let name = filled(&form.name).or_else(|| name_zh.clone()).ok_or_else(|| Problem::field("name", "form-name"))?;
    let body = Checked::of_form(ProjectChange { name, name_zh }, String::new())?;
    api::change(State(app), visitor.caller, ask, At(project.clone()), body).await?;
    Ok(to(&format!("/projects/{project}")))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sure {
    id: String,
}

/// All of it goes: whoever does that types its id.
async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    Sent(Sure { id }): Sent<Sure>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    if id.trim() != project {
        return Err(Problem::conflict("id-typed-otherwise").into());
    }
    api::remove(State(app), visitor.caller, ask, At(project)).await?;
    Ok(to("/projects"))
}
