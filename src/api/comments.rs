//! Comments: whoever stands behind a stop's QR says what is wrong there; the committee sees it by stop and answers.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::App;
use super::ask::Ask;
use super::body::{At, Check, Checked, Params, text_flaw};
use super::caller::{Caller, Right};
use super::page::{Page, Paging};
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::{Reply, etag};
use super::{ground, tokens};
use crate::publish::riding;
use crate::storage::comments::{self, Comment};
use crate::storage::{StorageError, projects};

/// Open comments of a stop within a day, at most: beyond, somebody is playing.
const MOST_OPEN: i64 = 50;
const DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(say))
        .routes(routes!(own))
        .routes(routes!(list))
        .routes(routes!(change))
        .routes(routes!(answer))
}

/// Open, or done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CommentState {
    /// Nobody has answered yet.
    Open,
    /// Answered, or done with.
    Done,
}

/// A comment, as the committee sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comment)]
pub(super) struct CommentShown {
    /// Id.
    id: String,
    /// At this stop.
    stop: String,
    /// What was said.
    text: String,
    /// Language of who said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
    /// Open, or done with.
    state: CommentState,
    /// The committee's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<String>,
    /// Goes up with every change; the ETag.
    revision: i64,
    /// When it was said.
    created: String,
}

impl CommentShown {
    fn of(comment: Comment) -> Self {
        let Comment { id, stop, text, lang, done, answer, answered, revision, created, .. } = comment;
        let state = if done { CommentState::Done } else { CommentState::Open };
        Self { id, stop, text, lang, state, answer, answered, revision, created }
    }
}

/// A comment and its secret link, told once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CommentSaid {
    /// It.
    comment: CommentShown,
    /// Secret: with it the answer is seen.
    token: String,
    /// The page of the answer.
    link: String,
}

/// What is wrong at a stop. No name, no number: the answer is seen by the link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewComment {
    /// What is wrong.
    #[schema(min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) text: String,
    /// In which language.
    pub(super) lang: Option<Lang>,
}

/// A language of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl Check for NewComment {
    fn flaws(&self) -> Vec<Flaw> {
        text_flaw("text", &self.text, 1..=1000).into_iter().collect()
    }
}

/// A stop of what is published.
///
/// # Errors
/// 404: nothing published has it.
pub(super) async fn stop(app: &App, project: &str, stop: &str) -> Result<riding::Stop, Problem> {
    let published = ground::published(app, project).await?;
    let mut stops = published.into_iter().rev().flat_map(|(_, published)| published.stops);
    stops.find(|known| known.id == stop).ok_or_else(|| Problem::missing("stop"))
}

/// Says what is wrong at a stop: the comment and its secret.
pub(super) async fn add(app: &App, project: &str, at: &str, new: &NewComment) -> Result<(Comment, String), Problem> {
    stop(app, project, at).await?;
    let token = tokens::new()?;
    let now = Timestamp::now();
    let mut tx = app.store().write().await?;
    projects::lock(&mut tx, project).await?;
    let since = now.saturating_sub(DAY).unwrap_or(Timestamp::MIN);
    if comments::open_since(&mut tx, project, at, since).await? >= MOST_OPEN {
        return Err(Problem::conflict("comment-too-many").arg("most", MOST_OPEN));
    }
    let lang = new.lang.map(|lang| if lang == Lang::Zh { "zh" } else { "en" });
    let comment = comments::add(&mut tx, (project, at), &tokens::hash(&token), &new.text, lang, now).await?;
    tx.commit().await.map_err(StorageError::from)?;
    Ok((comment, token))
}

/// Say what is wrong at a stop; no login. The answer holds a secret link, told once.
#[utoipa::path(post, path = "/v1/public/{project}/stops/{stop}/comments", tag = "comments", security(()),
    params(("project" = String, Path), ("stop" = String, Path)), request_body = NewComment, responses(
    (status = 201, body = CommentSaid), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn say(
    State(app): State<App>,
    At((project, stop)): At<(String, String)>,
    body: Checked<NewComment>,
) -> Result<Reply, Problem> {
    // No Idempotency-Key here: its answer would keep the secret.
    let (comment, token) = add(&app, &project, &stop, &body.value).await?;
    let link = format!("{}/c/{token}", app.settings().base_url);
    let location = format!("/v1/comments/{token}");
    Ok(Reply::created(location, &CommentSaid { comment: CommentShown::of(comment), token, link }))
}

/// The comment of a secret link.
pub(super) async fn of_token(app: &App, token: &str) -> Result<Comment, Problem> {
    Ok(comments::by_token(&mut *app.store().read().await?, &tokens::hash(token)).await?)
}

/// One's own comment and its answer, by the secret link.
#[utoipa::path(get, path = "/v1/comments/{token}", tag = "comments", security(()), params(("token" = String, Path)),
    responses((status = 200, body = CommentShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn own(State(app): State<App>, At(token): At<String>) -> Result<Response, Problem> {
    let comment = of_token(&app, &token).await?;
    let headers = [(header::ETAG, etag(comment.revision)), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, Json(CommentShown::of(comment))).into_response())
}

/// Which comments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Of this stop only.
    #[param(max_length = 200)]
    stop: Option<String>,
}

impl Check for Which {
    fn flaws(&self) -> Vec<Flaw> {
        let long = self.stop.as_ref().is_some_and(|stop| stop.chars().count() > 200);
        long.then(|| Flaw::new("stop", "text-length").arg("least", 0).arg("most", 200)).into_iter().collect()
    }
}

/// What is wrong at the stops of a project, oldest first.
#[utoipa::path(get, path = "/v1/projects/{project}/comments", tag = "comments",
    params(("project" = String, Path), Which, Paging), responses(
    (status = 200, body = Page<CommentShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(which): Params<Which>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<CommentShown>>, Problem> {
    caller.may(Right::Read, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let rows = comments::list(&mut conn, &project, which.stop.as_deref(), paging.after(), paging.fetch()).await?;
    Ok(Json(paging.page(rows, |comment| comment.id.clone(), CommentShown::of)))
}

/// Open or done with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CommentChange {
    /// Open, or done with.
    pub(super) state: CommentState,
}

impl Check for CommentChange {}

/// Open a comment again, or say that it is done with.
#[utoipa::path(patch, path = "/v1/projects/{project}/comments/{id}", tag = "comments",
    params(("project" = String, Path), ("id" = String, Path)), request_body = CommentChange, responses(
    (status = 200, body = CommentShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, id)): At<(String, String)>,
    body: Checked<CommentChange>,
) -> Result<Reply, Halt> {
    set(&app, &caller, &ask, (&project, &id), body.value.state, body.fingerprint()).await
}

/// The same for a page.
pub(super) async fn set(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    (project, id): (&str, &str),
    state: CommentState,
    fingerprint: &str,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Answer, project)?;
    let mut tx = ask.begin(app, fingerprint).await?;
    projects::lock(&mut tx, project).await?;
    ask.expects(comments::get(&mut tx, project, id).await?.revision)?;
    let now = tx.now;
    let comment = comments::set_done(&mut tx, project, id, state == CommentState::Done, now).await?;
    let revision = comment.revision;
    tx.finish(Reply::ok(&CommentShown::of(comment)).revision(revision)).await
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommentAnswer)]
pub(super) struct Answer {
    /// What the committee says.
    #[schema(min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) text: String,
}

impl Check for Answer {
    fn flaws(&self) -> Vec<Flaw> {
        text_flaw("text", &self.text, 1..=1000).into_iter().collect()
    }
}

/// Answer a comment, in place of an earlier answer; it is then done with.
#[utoipa::path(post, path = "/v1/projects/{project}/comments/{id}/answer", tag = "comments",
    params(("project" = String, Path), ("id" = String, Path)), request_body = Answer, responses(
    (status = 200, body = CommentShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn answer(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, id)): At<(String, String)>,
    body: Checked<Answer>,
) -> Result<Reply, Halt> {
    say_back(&app, &caller, &ask, (&project, &id), &body.value, body.fingerprint()).await
}

/// The same for a page.
pub(super) async fn say_back(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    (project, id): (&str, &str),
    answer: &Answer,
    fingerprint: &str,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Answer, project)?;
    let mut tx = ask.begin(app, fingerprint).await?;
    projects::lock(&mut tx, project).await?;
    ask.expects(comments::get(&mut tx, project, id).await?.revision)?;
    let now = tx.now;
    let comment = comments::answer(&mut tx, project, id, &answer.text, now).await?;
    let revision = comment.revision;
    tx.finish(Reply::ok(&CommentShown::of(comment)).revision(revision)).await
}
