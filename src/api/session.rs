//! Signing in and out, and the one-time link with which a password is set.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, aside};
use super::body::{Check, Checked, text_flaw};
use super::caller::{Caller, SESSION, cookie};
use super::problem::{Body, Flaw, Problem};
use super::tokens;
use super::users::GrantShown;
use crate::storage::{StorageError, people};

/// A session lasts so long.
const LASTS: SignedDuration = SignedDuration::from_hours(12);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(open, read, close)).routes(routes!(accept))
}

/// A login and its password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// Login.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    login: String,
    /// Password.
    #[schema(min_length = 1, max_length = 200)]
    password: String,
}

impl Check for SignIn {
    fn flaws(&self) -> Vec<Flaw> {
        let password = (!(1..=200).contains(&self.password.chars().count()))
            .then(|| Flaw::new("password", "text-length").arg("least", 1).arg("most", 200));
        text_flaw("login", &self.login, 1..=100).into_iter().chain(password).collect()
    }
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignedIn {
    /// User id; `local` where the service runs open.
    id: String,
    /// What they are called.
    name: String,
    /// Their roles.
    grants: Vec<GrantShown>,
}

impl SignedIn {
    fn of(caller: &Caller) -> Result<Self, Problem> {
        Ok(match caller {
            Caller::Nobody => return Err(Problem::anonymous()),
            Caller::Local => Self { id: "local".to_owned(), name: "local".to_owned(), grants: Vec::new() },
            Caller::Known { user, grants } => Self {
                id: user.id.clone(),
                name: user.name.clone(),
                grants: grants.iter().map(GrantShown::of).collect(),
            },
        })
    }
}

/// Sign in: the answer sets the session's cookie.
#[utoipa::path(post, path = "/v1/session", tag = "people", request_body = SignIn, responses(
    (status = 201, body = SignedIn), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn open(State(app): State<App>, body: Checked<SignIn>) -> Result<Response, Problem> {
    let SignIn { login, password } = body.value;
    let token = sign_in(&app, &login, password).await?;
    let mut conn = app.store().read().await?;
    let user = people::of_session(&mut conn, &tokens::hash(&token), Timestamp::now()).await?;
    let user = user.ok_or_else(Problem::anonymous)?;
    let grants = people::grants(&mut conn, &user.id).await?;
    let shown = SignedIn::of(&Caller::Known { user, grants })?;
    let mut response = (StatusCode::CREATED, Json(shown)).into_response();
    set_cookie(&app, &mut response, &token);
    Ok(response)
}

/// Checks a password and opens a session: its token.
pub(super) async fn sign_in(app: &App, login: &str, password: String) -> Result<String, Problem> {
    let found = people::by_login(&mut *app.store().read().await?, login).await?;
    let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), hash));
    let _turn = tokens::turn().await;
    let right = aside(move || tokens::is_password(&password, hash.as_deref())).await?;
    let wrong = || Problem::new(StatusCode::UNAUTHORIZED, "sign-in-wrong");
    let user = user.filter(|user| right && !user.disabled).ok_or_else(wrong)?;
    new_session(app, &user.id).await
}

async fn new_session(app: &App, user: &str) -> Result<String, Problem> {
    let token = tokens::new()?;
    let now = Timestamp::now();
    let expires = now.checked_add(LASTS).unwrap_or(now);
    let mut tx = app.store().write().await?;
    people::open_session(&mut tx, &tokens::hash(&token), user, now, expires).await?;
    tx.commit().await.map_err(StorageError::from)?;
    Ok(token)
}

/// Puts the session's cookie into an answer.
pub(super) fn set_cookie(app: &App, response: &mut Response, token: &str) {
    let secure = if app.settings().secure() { "; Secure" } else { "" };
    let text = format!("{SESSION}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", LASTS.as_secs());
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Who am I, and what may I?
#[utoipa::path(get, path = "/v1/session", tag = "people", responses(
    (status = 200, body = SignedIn), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(caller: Caller) -> Result<Json<SignedIn>, Problem> {
    Ok(Json(SignedIn::of(&caller)?))
}

/// Sign out.
#[utoipa::path(delete, path = "/v1/session", tag = "people", responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn close(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    if caller.id().is_none() {
        return Err(Problem::anonymous());
    }
    sign_out(&app, &headers).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    clear_cookie(&mut response);
    Ok(response)
}

/// Ends the session of a cookie, if there is one.
pub(super) async fn sign_out(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let header = headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
    if let Some(token) = header.and_then(|header| cookie(header, SESSION)) {
        let mut tx = app.store().write().await?;
        people::close_session(&mut tx, &tokens::hash(token)).await?;
        tx.commit().await.map_err(StorageError::from)?;
    }
    Ok(())
}

/// Takes the session's cookie away.
pub(super) fn clear_cookie(response: &mut Response) {
    let gone = format!("{SESSION}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    if let Ok(value) = HeaderValue::from_str(&gone) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// The token of a one-time link and the password to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Accept {
    /// Token of the link.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    token: String,
    /// New password, 10 characters at least.
    #[schema(min_length = 10, max_length = 200)]
    password: String,
}

impl Check for Accept {
    fn flaws(&self) -> Vec<Flaw> {
        let token = text_flaw("token", &self.token, 1..=100);
        token.into_iter().chain(password_flaw(&self.password)).collect()
    }
}

/// A password must be long; what it is made of is its owner's business.
pub(super) fn password_flaw(password: &str) -> Option<Flaw> {
    (!(10..=200).contains(&password.chars().count()))
        .then(|| Flaw::new("password", "text-length").arg("least", 10).arg("most", 200))
}

/// Use a one-time link: set the password and be signed in.
#[utoipa::path(post, path = "/v1/invitations/accepted", tag = "people", request_body = Accept, responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn accept(State(app): State<App>, body: Checked<Accept>) -> Result<Response, Problem> {
    let token = accept_invitation(&app, &body.value.token, body.value.password).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&app, &mut response, &token);
    Ok(response)
}

/// Sets the password of a one-time link's user and opens a session: its token.
pub(super) async fn accept_invitation(app: &App, token: &str, password: String) -> Result<String, Problem> {
    let hash = tokens::hash(token);
    let user = people::of_invitation(&mut *app.store().read().await?, &hash, Timestamp::now()).await?;
    let user = user.ok_or_else(|| Problem::missing("invitation"))?;
    let _turn = tokens::turn().await;
    let password = aside(move || tokens::hash_password(&password)).await??;
    let mut tx = app.store().write().await?;
    people::use_invitation(&mut tx, &hash).await?;
    people::set_password(&mut tx, &user.id, &password).await?;
    tx.commit().await.map_err(StorageError::from)?;
    new_session(app, &user.id).await
}
