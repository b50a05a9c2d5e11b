//! Scenarios: named what-ifs of a project, each an ordered list of typed modifications.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::App;
use super::ask::Ask;
use super::body::{At, Check, Checked, Params, text_flaw};
use super::caller::{Caller, Right};
use super::page::{Page, Paging};
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::{Reply, etag};
use crate::planning::scenario::{Modification, Scenario as Modifications};
use crate::storage::plans::Origin;
use crate::storage::projects;
use crate::storage::scenarios::{self, Scenario};

/// Modifications of a scenario, at most.
pub(super) const MOST: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(read, change, remove))
}

/// A what-if.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Scenario)]
pub(super) struct ScenarioShown {
    /// Id.
    id: String,
    /// What it is called.
    name: String,
    /// What changes, in order.
    modifications: Vec<Modification>,
    /// Goes up with every change; the ETag.
    revision: i64,
    /// Since when.
    created: String,
    /// Last change.
    updated: String,
}

impl ScenarioShown {
    fn of(scenario: Scenario) -> Self {
        let Scenario { id, name, modifications, revision, created, updated, .. } = scenario;
        Self { id, name, modifications: modifications.modification, revision, created, updated }
    }
}

/// The what-ifs of a project, oldest first.
#[utoipa::path(get, path = "/v1/projects/{project}/scenarios", tag = "scenarios",
    params(("project" = String, Path), Paging), responses(
    (status = 200, body = Page<ScenarioShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<ScenarioShown>>, Problem> {
    caller.may(Right::Read, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let rows = scenarios::list(&mut conn, &project, paging.after(), paging.fetch()).await?;
    Ok(Json(paging.page(rows, |scenario| scenario.id.clone(), ScenarioShown::of)))
}

/// A scenario to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewScenario {
    /// What it is called.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) name: String,
    /// What changes, in order, as in scenario.toml.
    #[schema(max_items = 200)]
    pub(super) modifications: Vec<Modification>,
}

impl Check for NewScenario {
    fn flaws(&self) -> Vec<Flaw> {
        text_flaw("name", &self.name, 1..=100).into_iter().chain(many(&self.modifications)).collect()
    }
}

/// What is wrong with modifications whatever the project: too many, or numbers out of their ranges.
pub(super) fn many(modifications: &[Modification]) -> Vec<Flaw> {
    let flaw =
        |field: String, least: f64, most: f64| Flaw::new(field, "number-range").arg("least", least).arg("most", most);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let many = (modifications.len() > MOST).then(|| flaw("modifications".to_owned(), 0.0, MOST as f64));
    let numbers = modifications.iter().enumerate().flat_map(|(number, modification)| {
        let wrong =
            modification.ranges().into_iter().filter(|(_, value, least, most)| !(least..=most).contains(&value));
        wrong.map(move |(field, _, least, most)| flaw(format!("modifications[{number}].{field}"), least, most))
    });
    many.into_iter().chain(numbers).collect()
}

/// Do the modifications fit the project as it is now? A project without readable files is not asked.
pub(super) async fn fits(app: &App, project: &str, modifications: &Modifications) -> Result<(), Problem> {
    let inputs = projects::files(&mut *app.store().read().await?, project).await?;
    match app.project(&Origin { inputs, modifications: modifications.clone() }).await {
        Err(problem) if problem.code == "inputs-unreadable" => Ok(()),
        Err(problem) => Err(problem),
        Ok(_) => Ok(()),
    }
}

/// Add a what-if.
#[utoipa::path(post, path = "/v1/projects/{project}/scenarios", tag = "scenarios", params(("project" = String, Path)),
    request_body = NewScenario, responses(
    (status = 201, body = ScenarioShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    body: Checked<NewScenario>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Plan, &project)?;
    let modifications = Modifications { modification: body.value.modifications.clone() };
    fits(&app, &project, &modifications).await?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    let now = tx.now;
    projects::get(&mut tx, &project).await?;
    let scenario = scenarios::add(&mut tx, &project, &body.value.name, &modifications, now).await?;
    let (location, revision) = (format!("/v1/projects/{project}/scenarios/{}", scenario.id), scenario.revision);
    tx.finish(Reply::created(location, &ScenarioShown::of(scenario)).revision(revision)).await
}

/// One what-if.
#[utoipa::path(get, path = "/v1/projects/{project}/scenarios/{scenario}", tag = "scenarios",
    params(("project" = String, Path), ("scenario" = String, Path)), responses(
    (status = 200, body = ScenarioShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(
    State(app): State<App>,
    caller: Caller,
    At((project, scenario)): At<(String, String)>,
) -> Result<Response, Problem> {
    caller.may(Right::Read, &project)?;
    let scenario = scenarios::get(&mut *app.store().read().await?, &project, &scenario).await?;
    let tag = etag(scenario.revision);
    Ok(([(header::ETAG, tag)], Json(ScenarioShown::of(scenario))).into_response())
}

/// Write a what-if anew.
#[utoipa::path(put, path = "/v1/projects/{project}/scenarios/{scenario}", tag = "scenarios",
    params(("project" = String, Path), ("scenario" = String, Path)), request_body = NewScenario, responses(
    (status = 200, body = ScenarioShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, scenario)): At<(String, String)>,
    body: Checked<NewScenario>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Plan, &project)?;
    let modifications = Modifications { modification: body.value.modifications.clone() };
    fits(&app, &project, &modifications).await?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    projects::lock(&mut tx, &project).await?;
    ask.expects(scenarios::get(&mut tx, &project, &scenario).await?.revision)?;
    let now = tx.now;
    let scenario = scenarios::change(&mut tx, &project, &scenario, &body.value.name, &modifications, now).await?;
    let revision = scenario.revision;
    tx.finish(Reply::ok(&ScenarioShown::of(scenario)).revision(revision)).await
}

/// Take a what-if away; plans made with it stay.
#[utoipa::path(delete, path = "/v1/projects/{project}/scenarios/{scenario}", tag = "scenarios",
    params(("project" = String, Path), ("scenario" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, scenario)): At<(String, String)>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Plan, &project)?;
    let mut tx = ask.begin(&app, "").await?;
    projects::lock(&mut tx, &project).await?;
    ask.expects(scenarios::get(&mut tx, &project, &scenario).await?.revision)?;
    scenarios::remove(&mut tx, &project, &scenario).await?;
    tx.finish(Reply::done()).await
}
