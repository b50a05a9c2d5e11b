//! Jobs: how far they are (read, or followed by SSE), and stopping them with the best so far.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::App;
use super::ask::Ask;
use super::body::{At, Params};
use super::caller::{Caller, Right};
use super::page::{Page, Paging};
use super::problem::{Body, Halt, Problem};
use super::reply::Reply;
use crate::publish::phrases::{self, Language};
use crate::storage::runs::{self, Run};
use crate::storage::{StorageError, projects};

/// Progress is looked for this often.
const LOOK: Duration = Duration::from_millis(500);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read)).routes(routes!(events)).routes(routes!(cancel))
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Run)]
pub(super) struct RunShown {
    /// Id.
    pub(super) id: String,
    /// Of this project.
    pub(super) project: String,
    /// What is planned.
    pub(super) label: String,
    /// `queued`, `running`, `done`, `failed`, `cancelled`.
    pub(super) state: String,
    /// How many times it was begun.
    pub(super) attempt: i64,
    /// Somebody has asked it to end.
    pub(super) cancelling: bool,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) progress: Option<ProgressShown>,
    /// Its plan, once it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) plan: Option<String>,
    /// The best plan saved on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) best: Option<String>,
    /// Why it has no plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<Reason>,
    /// When it was asked for.
    pub(super) created: String,
    /// When it was begun last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) started: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<String>,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Progress)]
pub(super) struct ProgressShown {
    /// What it is doing.
    pub(super) stage: String,
    /// The same in Chinese.
    pub(super) stage_zh: String,
    /// Iterations in it.
    pub(super) iteration: u64,
    /// Best objective so far, fen a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) objective: Option<f64>,
    /// Proven limit so far, fen a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bound: Option<f64>,
    /// Share of the budget used, 0 to 1.
    pub(super) used: f64,
}

/// Why a job has no plan.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct Reason {
    /// Short name.
    pub(super) code: String,
    /// What happened and what to do.
    pub(super) text: String,
    /// The same in Chinese.
    pub(super) text_zh: String,
}

impl RunShown {
    pub(super) fn of(run: Run) -> Self {
        let said = |language, key: &str| phrases::phrase(language, key, &[]);
        Self {
            id: run.id,
            project: run.project,
            label: run.label,
            state: run.state.name().to_owned(),
            attempt: run.attempt,
            cancelling: run.cancel && !run.state.ended(),
            progress: run.progress.map(|progress| ProgressShown {
                stage: said(Language::En, &progress.stage),
                stage_zh: said(Language::Zh, &progress.stage),
                iteration: progress.iteration,
                objective: progress.objective,
                bound: progress.bound,
                used: progress.used,
            }),
            plan: run.plan,
            best: run.best,
            reason: run.reason.map(|code| Reason {
                text: said(Language::En, &code),
                text_zh: said(Language::Zh, &code),
                code,
            }),
            created: run.created,
            started: run.started,
            ended: run.ended,
        }
    }
    /// Has it ended?
    pub(super) fn ended(&self) -> bool {
        self.ended.is_some()
    }
}

/// A job that the caller may see.
pub(super) async fn visible(app: &App, caller: &Caller, right: Right, run: &str) -> Result<Run, Problem> {
    if caller.id().is_none() {
        return Err(Problem::anonymous());
    }
    let run = runs::get(&mut *app.store().read().await?, run).await?;
    caller
        .may(right, &run.project)
        .map_err(|problem| if problem.code == "missing" { Problem::missing("run") } else { problem })?;
    Ok(run)
}

/// The jobs of a project, newest first.
#[utoipa::path(get, path = "/v1/projects/{project}/runs", tag = "runs", params(("project" = String, Path), Paging),
    responses((status = 200, body = Page<RunShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<RunShown>>, Problem> {
    caller.may(Right::Read, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let rows = runs::list(&mut conn, &project, paging.after(), paging.fetch()).await?;
    Ok(Json(paging.page(rows, |run| run.id.clone(), RunShown::of)))
}

/// One job.
#[utoipa::path(get, path = "/v1/runs/{run}", tag = "runs", params(("run" = String, Path)), responses(
    (status = 200, body = RunShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(State(app): State<App>, caller: Caller, At(run): At<String>) -> Result<Json<RunShown>, Problem> {
    Ok(Json(RunShown::of(visible(&app, &caller, Right::Read, &run).await?)))
}

/// Follow a job: an event `run` with the job whenever something has changed, until it has ended.
#[utoipa::path(get, path = "/v1/runs/{run}/events", tag = "runs", params(("run" = String, Path)), responses(
    (status = 200, body = String, content_type = "text/event-stream"),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn events(State(app): State<App>, caller: Caller, At(run): At<String>) -> Result<Response, Problem> {
    let run = visible(&app, &caller, Right::Read, &run).await?;
    let events = stream::unfold((app, run.id, None::<RunShown>), |(app, id, last)| async move {
        if last.as_ref().is_some_and(RunShown::ended) {
            return None;
        }
        loop {
            if last.is_some() {
                tokio::time::sleep(LOOK).await;
            }
            let read = async { runs::get(&mut *app.store().read().await?, &id).await };
            // The database may be away for a moment: whoever follows waits with us.
            let run = match read.await {
                Ok(run) => run,
                Err(StorageError::Missing(_)) => return None,
                Err(_) => {
                    tokio::time::sleep(LOOK).await;
                    continue;
                }
            };
            let shown = RunShown::of(run);
            if last.as_ref() != Some(&shown) {
                let event = Event::default().event("run").json_data(&shown).unwrap_or_default();
                return Some((Ok::<_, Infallible>(event), (app, id, Some(shown))));
            }
        }
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

/// Stop a job: it ends with the best plan so far.
#[utoipa::path(post, path = "/v1/runs/{run}/cancel", tag = "runs", params(("run" = String, Path)), responses(
    (status = 202, body = RunShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(run): At<String>,
) -> Result<Reply, Halt> {
    let run = visible(&app, &caller, Right::Plan, &run).await?;
    let mut tx = ask.begin(&app, "").await?;
    let now = tx.now;
    let run = runs::cancel(&mut tx, &run.id, now).await?;
    tx.finish(Reply::accepted(format!("/v1/runs/{}", run.id), &RunShown::of(run))).await
}
