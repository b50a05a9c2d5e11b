//! Projects: make, read, rename, take away.

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
use crate::storage::projects::{self, Project};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(read, change, remove))
}

/// A project: a district with its parks, stations, lots.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Project)]
pub(super) struct ProjectShown {
    /// Its id in addresses and on QR codes.
    id: String,
    /// Name.
    name: String,
    /// Chinese name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_zh: Option<String>,
    /// Goes up with every change of name or files; the ETag.
    revision: i64,
    /// Since when.
    created: String,
    /// Last change.
    updated: String,
}

impl ProjectShown {
    pub(super) fn of(project: Project) -> Self {
        let Project { id, name, name_zh, revision, created, updated, .. } = project;
        Self { id, name, name_zh, revision, created, updated }
    }
}

/// Projects in which the caller has a role.
#[utoipa::path(get, path = "/v1/projects", tag = "projects", params(Paging), responses(
    (status = 200, body = Page<ProjectShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<ProjectShown>>, Problem> {
    if caller.id().is_none() {
        return Err(Problem::anonymous());
    }
    let rows = visible(&app, &caller, paging.after(), paging.fetch()).await?;
    Ok(Json(paging.page(rows, |project| project.id.clone(), ProjectShown::of)))
}

/// Projects after an id in which the caller has a role, `wanted` at most.
pub(super) async fn visible(app: &App, caller: &Caller, after: &str, wanted: i64) -> Result<Vec<Project>, Problem> {
    let wanted = usize::try_from(wanted).unwrap_or(0);
    let mut conn = app.store().read().await?;
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    loop {
        let rows = projects::list(&mut conn, &after, 500).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after.clone_from(&last.id);
        found.extend(rows.into_iter().filter(|project| caller.sees(&project.id)));
        if found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}

/// A new project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProject {
    /// Its id in addresses and on QR codes, never changed: small letters, digits, hyphens.
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9][a-z0-9-]{0,63}$")]
    pub(super) id: String,
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) name: String,
    /// Chinese name.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) name_zh: Option<String>,
}

/// Is it an id for addresses?
pub(super) fn is_slug(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && !id.starts_with('-')
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

impl Check for NewProject {
    fn flaws(&self) -> Vec<Flaw> {
        let id = (!is_slug(&self.id)).then(|| Flaw::new("id", "slug"));
        id.into_iter().chain(name_flaws(&self.name, self.name_zh.as_deref())).collect()
    }
}

fn name_flaws(name: &str, name_zh: Option<&str>) -> impl Iterator<Item = Flaw> {
    let zh = name_zh.and_then(|name| text_flaw("name_zh", name, 1..=100));
    text_flaw("name", name, 1..=100).into_iter().chain(zh)
}

/// Make a project; then put its files into it.
#[utoipa::path(post, path = "/v1/projects", tag = "projects", request_body = NewProject, responses(
    (status = 201, body = ProjectShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    body: Checked<NewProject>,
) -> Result<Reply, Halt> {
    caller.may_everywhere(Right::Plan)?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    let now = tx.now;
    let NewProject { id, name, name_zh } = &body.value;
    let project = projects::add(&mut tx, id, name, name_zh.as_deref(), now).await?;
    let revision = project.revision;
    let reply = Reply::created(format!("/v1/projects/{id}"), &ProjectShown::of(project));
    tx.finish(reply.revision(revision)).await
}

/// One project.
#[utoipa::path(get, path = "/v1/projects/{project}", tag = "projects", params(("project" = String, Path)), responses(
    (status = 200, body = ProjectShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(State(app): State<App>, caller: Caller, At(project): At<String>) -> Result<Response, Problem> {
    caller.may(Right::Read, &project)?;
    let project = projects::get(&mut *app.store().read().await?, &project).await?;
    let tag = etag(project.revision);
    Ok(([(header::ETAG, tag)], Json(ProjectShown::of(project))).into_response())
}

/// Other names.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectChange {
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) name: String,
    /// Chinese name.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) name_zh: Option<String>,
}

impl Check for ProjectChange {
    fn flaws(&self) -> Vec<Flaw> {
        name_flaws(&self.name, self.name_zh.as_deref()).collect()
    }
}

/// Name a project anew.
#[utoipa::path(patch, path = "/v1/projects/{project}", tag = "projects", params(("project" = String, Path)),
    request_body = ProjectChange, responses(
    (status = 200, body = ProjectShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    body: Checked<ProjectChange>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Plan, &project)?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    projects::lock(&mut tx, &project).await?;
    ask.expects(projects::get(&mut tx, &project).await?.revision)?;
    let now = tx.now;
    let ProjectChange { name, name_zh } = &body.value;
    let project = projects::rename(&mut tx, &project, name, name_zh.as_deref(), now).await?;
    let revision = project.revision;
    tx.finish(Reply::ok(&ProjectShown::of(project)).revision(revision)).await
}

/// Take a project away with its plans, publications and answers.
#[utoipa::path(delete, path = "/v1/projects/{project}", tag = "projects", params(("project" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::ManagePeople, &project)?;
    let mut tx = ask.begin(&app, "").await?;
    projects::lock(&mut tx, &project).await?;
    ask.expects(projects::get(&mut tx, &project).await?.revision)?;
    projects::remove(&mut tx, &project).await?;
    tx.finish(Reply::done()).await
}
