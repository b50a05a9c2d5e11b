//! Users and their roles: for those who manage people.

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::App;
use super::ask::Ask;
use super::body::{At, Check, Checked, Params, text_flaw};
use super::caller::{Caller, Right, Role};
use super::page::{Page, Paging};
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::Reply;
use super::tokens;
use crate::storage::people::{self, Grant, User};
use crate::storage::projects;

/// An invitation is good for so long.
const INVITED: SignedDuration = SignedDuration::from_hours(24 * 7);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(read, change))
        .routes(routes!(invite))
        .routes(routes!(grant))
        .routes(routes!(take))
}

/// Somebody who can sign in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(super) struct UserShown {
    /// Id.
    id: String,
    /// Login.
    login: String,
    /// What they are called.
    name: String,
    /// May no longer sign in.
    disabled: bool,
    /// Their roles.
    grants: Vec<GrantShown>,
}

/// A role that somebody has.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Grant)]
pub(super) struct GrantShown {
    /// Id.
    id: String,
    /// Role.
    role: String,
    /// In which project; missing: in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    /// In which park of it; missing: in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    park: Option<String>,
}

impl GrantShown {
    pub(super) fn of(grant: &Grant) -> Self {
        Self {
            id: grant.id.clone(),
            role: grant.role.clone(),
            project: grant.project.clone(),
            park: grant.park.clone(),
        }
    }
}

impl UserShown {
    fn of(user: User, grants: &[Grant]) -> Self {
        Self {
            id: user.id,
            login: user.login,
            name: user.name,
            disabled: user.disabled,
            grants: grants.iter().map(GrantShown::of).collect(),
        }
    }
}

/// Everybody, by login.
#[utoipa::path(get, path = "/v1/users", tag = "people", params(Paging), responses(
    (status = 200, body = Page<UserShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<UserShown>>, Problem> {
    caller.may_everywhere(Right::ManagePeople)?;
    let mut conn = app.store().read().await?;
    let users = people::list(&mut conn, paging.after(), paging.fetch()).await?;
    let mut rows = Vec::with_capacity(users.len());
    for user in users {
        let grants = people::grants(&mut conn, &user.id).await?;
        rows.push((user, grants));
    }
    Ok(Json(paging.page(rows, |(user, _)| user.login.clone(), |(user, grants)| UserShown::of(user, &grants))))
}

/// A new user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUser {
    /// What they sign in with.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) login: String,
    /// What they are called.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) name: String,
}

impl Check for NewUser {
    fn flaws(&self) -> Vec<Flaw> {
        [text_flaw("login", &self.login, 1..=100), text_flaw("name", &self.name, 1..=100)]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Add a user; then give them a role and an invitation.
#[utoipa::path(post, path = "/v1/users", tag = "people", request_body = NewUser, responses(
    (status = 201, body = UserShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    body: Checked<NewUser>,
) -> Result<Reply, Halt> {
    caller.may_everywhere(Right::ManagePeople)?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    let now = tx.now;
    let user = people::add(&mut tx, &body.value.login, &body.value.name, now).await?;
    let location = format!("/v1/users/{}", user.id);
    tx.finish(Reply::created(location, &UserShown::of(user, &[]))).await
}

/// One user.
#[utoipa::path(get, path = "/v1/users/{user}", tag = "people", params(("user" = String, Path)), responses(
    (status = 200, body = UserShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(State(app): State<App>, caller: Caller, At(user): At<String>) -> Result<Json<UserShown>, Problem> {
    caller.may_everywhere(Right::ManagePeople)?;
    let mut conn = app.store().read().await?;
    let user = people::get(&mut conn, &user).await?;
    let grants = people::grants(&mut conn, &user.id).await?;
    Ok(Json(UserShown::of(user, &grants)))
}

/// What may change of a user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UserChange {
    /// May they no longer sign in?
    pub(super) disabled: bool,
}

impl Check for UserChange {}

/// Keep a user out, or let them in again.
#[utoipa::path(patch, path = "/v1/users/{user}", tag = "people", params(("user" = String, Path)),
    request_body = UserChange, responses(
    (status = 200, body = UserShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(user): At<String>,
    body: Checked<UserChange>,
) -> Result<Reply, Halt> {
    caller.may_everywhere(Right::ManagePeople)?;
    if caller.id() == Some(user.as_str()) && body.value.disabled {
        return Err(Problem::conflict("not-oneself").into());
    }
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    people::set_disabled(&mut tx, &user, body.value.disabled).await?;
    let user = people::get(&mut tx, &user).await?;
    let grants = people::grants(&mut tx, &user.id).await?;
    tx.finish(Reply::ok(&UserShown::of(user, &grants))).await
}

/// A one-time link.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Invitation {
    /// Hand it to the user: whoever opens it first sets the password.
    url: String,
}

/// A new one-time link for a user: earlier ones are void.
#[utoipa::path(post, path = "/v1/users/{user}/invitation", tag = "people", params(("user" = String, Path)), responses(
    (status = 200, body = Invitation), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn invite(State(app): State<App>, caller: Caller, At(user): At<String>) -> Result<Reply, Halt> {
    caller.may_everywhere(Right::ManagePeople)?;
    let url = new_invitation(&app, &user).await?;
    Ok(Reply::ok(&Invitation { url }))
}

/// Makes a one-time link; it is kept nowhere but in its hash.
pub(super) async fn new_invitation(app: &App, user: &str) -> Result<String, Problem> {
    let token = tokens::new()?;
    let now = Timestamp::now();
    let mut tx = app.store().write().await?;
    people::get(&mut tx, user).await?;
    people::invite(&mut tx, user, &tokens::hash(&token), now.checked_add(INVITED).unwrap_or(now)).await?;
    tx.commit().await.map_err(crate::storage::StorageError::from)?;
    Ok(format!("{}/welcome?token={token}", app.settings().base_url))
}

/// A role to give.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewGrant {
    /// Role.
    pub(super) role: Role,
    /// In which project; missing: in all.
    #[schema(max_length = 64)]
    pub(super) project: Option<String>,
    /// In which park of it (a site's id); missing: in all.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) park: Option<String>,
}

impl Check for NewGrant {
    fn flaws(&self) -> Vec<Flaw> {
        self.park.as_deref().and_then(|park| text_flaw("park", park, 1..=100)).into_iter().collect()
    }
}

/// Give a user a role.
#[utoipa::path(post, path = "/v1/users/{user}/grants", tag = "people", params(("user" = String, Path)),
    request_body = NewGrant, responses(
    (status = 201, body = UserShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn grant(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(user): At<String>,
    body: Checked<NewGrant>,
) -> Result<Reply, Halt> {
    caller.may_everywhere(Right::ManagePeople)?;
    let NewGrant { role, project, park } = &body.value;
    if park.is_some() && project.is_none() {
        return Err(Problem::conflict("park-without-project").into());
    }
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    let now = tx.now;
    let user = people::get(&mut tx, &user).await?;
    if let Some(project) = project {
        projects::get(&mut tx, project).await?;
    }
    people::give(&mut tx, &user.id, role.name(), project.as_deref(), park.as_deref(), now).await?;
    let grants = people::grants(&mut tx, &user.id).await?;
    tx.finish(Reply::created(format!("/v1/users/{}", user.id), &UserShown::of(user, &grants))).await
}

/// Take a role away.
#[utoipa::path(delete, path = "/v1/users/{user}/grants/{grant}", tag = "people",
    params(("user" = String, Path), ("grant" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn take(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((user, grant)): At<(String, String)>,
) -> Result<Reply, Halt> {
    caller.may_everywhere(Right::ManagePeople)?;
    let mut tx = ask.begin(&app, "").await?;
    let own = people::grants(&mut tx, &user).await?.into_iter().find(|known| known.id == grant);
    if own.is_some_and(|own| own.role == Role::Admin.name()) && caller.id() == Some(user.as_str()) {
        return Err(Problem::conflict("not-oneself").into());
    }
    people::take(&mut tx, &user, &grant).await?;
    tx.finish(Reply::done()).await
}
