//! Keys for programs: each acts as its user, with the user's roles.

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::App;
use super::ask::Ask;
use super::body::{At, Check, Checked, text_flaw};
use super::caller::Caller;
use super::page::Page;
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::Reply;
use super::tokens;
use crate::storage::people::{self, Key};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(remove))
}

/// A key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
pub(super) struct KeyShown {
    /// Id.
    id: String,
    /// What it is for.
    name: String,
    /// Since when.
    created: String,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    /// The key itself: told once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl KeyShown {
    fn of(key: Key, secret: Option<String>) -> Self {
        Self { id: key.id, name: key.name, created: key.created, expires: key.expires, key: secret }
    }
}

/// My keys.
#[utoipa::path(get, path = "/v1/keys", tag = "people", responses(
    (status = 200, body = Page<KeyShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Page<KeyShown>>, Problem> {
    let user = caller.user()?;
    let keys = people::keys(&mut *app.store().read().await?, &user.id).await?;
    Ok(Json(Page { items: keys.into_iter().map(|key| KeyShown::of(key, None)).collect(), next: None }))
}

/// A new key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKey {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) name: String,
    /// Days until it ends, 1 to 3,650; missing: it does not end.
    #[schema(minimum = 1, maximum = 3650)]
    pub(super) days: Option<u32>,
}

impl Check for NewKey {
    fn flaws(&self) -> Vec<Flaw> {
        let days = self.days.is_some_and(|days| !(1..=3650).contains(&days));
        let days = days.then(|| Flaw::new("days", "number-range").arg("least", 1).arg("most", 3650));
        text_flaw("name", &self.name, 1..=100).into_iter().chain(days).collect()
    }
}

/// Make a key: it is told once, in this answer.
#[utoipa::path(post, path = "/v1/keys", tag = "people", request_body = NewKey, responses(
    (status = 201, body = KeyShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn add(State(app): State<App>, caller: Caller, body: Checked<NewKey>) -> Result<Reply, Halt> {
    // No Idempotency-Key here: its answer would keep the secret.
    let user = caller.user()?;
    let (key, secret) = new_key(&app, &user.id, &body.value).await?;
    Ok(Reply::created(format!("/v1/keys/{}", key.id), &KeyShown::of(key, Some(secret))))
}

/// Makes a key for a user: the key, and its secret, which is kept nowhere.
pub(super) async fn new_key(app: &App, user: &str, asked: &NewKey) -> Result<(Key, String), Problem> {
    let secret = format!("jb_{}", tokens::new()?);
    let now = Timestamp::now();
    let expires = asked.days.and_then(|days| now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).ok());
    let mut tx = app.store().write().await?;
    let key = people::add_key(&mut tx, user, &asked.name, &tokens::hash(&secret), now, expires).await?;
    tx.commit().await.map_err(crate::storage::StorageError::from)?;
    Ok((key, secret))
}

/// Take a key away: it works no more.
#[utoipa::path(delete, path = "/v1/keys/{key}", tag = "people", params(("key" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(key): At<String>,
) -> Result<Reply, Halt> {
    let user = caller.user()?.id.clone();
    let mut tx = ask.begin(&app, "").await?;
    people::remove_key(&mut tx, &user, &key).await?;
    tx.finish(Reply::done()).await
}
