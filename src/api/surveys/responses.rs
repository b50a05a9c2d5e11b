//! By anyone with a link: what the form needs, an answer, and one's own answer seen, changed, withdrawn.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::Answer;
use super::choices_of;
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Checked};
use crate::api::problem::{Body, Halt, Problem};
use crate::api::reply::{Reply, etag};
use crate::api::tokens;
use crate::domain::site::SiteKind;
use crate::intake::choices::Choices;
use crate::storage::StorageError;
use crate::storage::projects;
use crate::storage::surveys::{self, MOST_ANSWERS, Round};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(form)).routes(routes!(submit)).routes(routes!(read, change, withdraw))
}

/// What the form of a round needs.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyForm {
    /// What the round is called.
    title: String,
    /// Chinese title.
    #[serde(skip_serializing_if = "Option::is_none")]
    title_zh: Option<String>,
    /// Can it be answered now?
    open: bool,
    /// First day.
    opens: String,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    closes: Option<String>,
    /// Places that may be chosen.
    places: Vec<FormPlace>,
    /// Firms that may be chosen.
    firms: Vec<FormFirm>,
}

/// A place that may be chosen.
#[derive(Debug, Serialize, ToSchema)]
struct FormPlace {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// English name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_en: Option<String>,
    /// `park`, `gate`, `station` or `area`.
    kind: String,
}

/// A firm that may be chosen.
#[derive(Debug, Serialize, ToSchema)]
struct FormFirm {
    /// Id.
    id: String,
    /// Name.
    name: String,
}

/// What a kind of place is called.
pub(in crate::api) fn kind(kind: SiteKind) -> &'static str {
    match kind {
        SiteKind::Park => "park",
        SiteKind::Gate => "gate",
        SiteKind::Station => "station",
        _ => "area",
    }
}

/// What the form of a round needs: for anyone with its link.
#[utoipa::path(get, path = "/v1/rounds/{token}", tag = "surveys", params(("token" = String, Path)), security(()),
    responses((status = 200, body = SurveyForm), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn form(State(app): State<App>, At(token): At<String>) -> Result<Json<SurveyForm>, Problem> {
    let (round, choices, open) = round_of(&app, &token).await?;
    let places = choices.places().map(|site| FormPlace {
        id: site.id.clone(),
        name: site.name.clone(),
        name_en: site.name_en.clone(),
        kind: kind(site.kind).to_owned(),
    });
    let firms = choices.firms.iter().map(|firm| FormFirm { id: firm.id.clone(), name: firm.name.clone() });
    Ok(Json(SurveyForm {
        title: round.title,
        title_zh: round.title_zh,
        open,
        opens: round.opens.to_string(),
        closes: round.closes.map(|day| day.to_string()),
        places: places.collect(),
        firms: firms.collect(),
    }))
}

/// A round by its link, what may be chosen, and whether it can be answered now.
pub(in crate::api) async fn round_of(app: &App, token: &str) -> Result<(Round, Arc<Choices>, bool), Problem> {
    let round = surveys::round_of(&mut *app.store().read().await?, token).await?;
    let choices = choices_of(app, &round.project).await?;
    let open = round.is_open(choices.today(Timestamp::now()));
    Ok((round, choices, open))
}

/// An answer that was just given, and its secret.
#[derive(Debug, Serialize, ToSchema)]
struct Submitted {
    /// The end of the answer's own link: told this once, then only its hash is known.
    token: String,
    /// The page on which the answer is seen, changed and withdrawn.
    link: String,
    /// It.
    response: ResponseShown,
}

/// An answer, for whoever has its link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Response)]
pub(in crate::api) struct ResponseShown {
    /// To this round.
    title: String,
    /// Chinese title of the round.
    #[serde(skip_serializing_if = "Option::is_none")]
    title_zh: Option<String>,
    /// Can it still be changed? (It can always be withdrawn.)
    open: bool,
    /// What was answered.
    answer: Answer,
    /// Goes up with every change; the ETag.
    revision: i64,
    /// When it was given.
    created: String,
    /// Last change.
    updated: String,
}

/// One's own answer and all around it.
#[derive(Debug)]
pub(in crate::api) struct Own {
    /// The round.
    pub(in crate::api) round: Round,
    /// What may be chosen.
    pub(in crate::api) choices: Arc<Choices>,
    /// Can it still be changed?
    pub(in crate::api) open: bool,
    /// What was answered.
    pub(in crate::api) answer: Answer,
    kept: surveys::Answer,
}

impl Own {
    fn shown(self) -> ResponseShown {
        ResponseShown {
            title: self.round.title,
            title_zh: self.round.title_zh,
            open: self.open,
            answer: self.answer,
            revision: self.kept.revision,
            created: self.kept.created,
            updated: self.kept.updated,
        }
    }
}

/// Answer: anyone with the link. The answer to this holds the secret with which it is changed or withdrawn.
#[utoipa::path(post, path = "/v1/rounds/{token}/responses", tag = "surveys", params(("token" = String, Path)),
    request_body = Answer, security(()), responses(
    (status = 201, body = Submitted), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn submit(State(app): State<App>, At(token): At<String>, body: Checked<Answer>) -> Result<Reply, Problem> {
    // No Idempotency-Key here: its answer would keep the secret.
    let (secret, own) = answer(&app, &token, body.value).await?;
    let revision = own.kept.revision;
    let link = format!("{}/a/{secret}", app.settings().base_url);
    let location = format!("/v1/responses/{secret}");
    Ok(Reply::created(location, &Submitted { token: secret, link, response: own.shown() }).revision(revision))
}

/// Keeps an answer to the round behind a link; its secret, and it.
pub(in crate::api) async fn answer(app: &App, token: &str, answer: Answer) -> Result<(String, Own), Problem> {
    let (round, choices, open) = round_of(app, token).await?;
    if !open {
        return Err(closed());
    }
    let answer = answer.settled(&choices)?;
    let secret = tokens::new()?;
    let mut tx = app.store().write().await?;
    let kept = surveys::add(&mut tx, &round, &tokens::hash(&secret), &answer.text()?, Timestamp::now()).await?;
    let Some(kept) = kept else {
        let full = surveys::round_of(&mut tx, token).await?.answers >= MOST_ANSWERS;
        return Err(if full { Problem::conflict("survey-full").arg("most", MOST_ANSWERS) } else { closed() });
    };
    tx.commit().await.map_err(StorageError::from)?;
    Ok((secret, Own { round, choices, open, answer, kept }))
}

fn closed() -> Problem {
    Problem::conflict("survey-closed")
}

/// The answer behind a secret.
pub(in crate::api) async fn own(app: &App, secret: &str) -> Result<Own, Problem> {
    let mut conn = app.store().read().await?;
    let kept = surveys::get(&mut conn, &tokens::hash(secret)).await?;
    let round = surveys::get_round(&mut conn, &kept.project, &kept.round).await?;
    drop(conn);
    let choices = choices_of(app, &round.project).await?;
    let open = round.is_open(choices.today(Timestamp::now()));
    let answer = Answer::read(&kept.content)?;
    Ok(Own { round, choices, open, answer, kept })
}

/// One's own answer.
#[utoipa::path(get, path = "/v1/responses/{token}", tag = "surveys", params(("token" = String, Path)), security(()),
    responses((status = 200, body = ResponseShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(State(app): State<App>, At(secret): At<String>) -> Result<Response, Problem> {
    let shown = own(&app, &secret).await?.shown();
    let headers = [(header::ETAG, etag(shown.revision)), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, Json(shown)).into_response())
}

/// Change one's own answer while the round is open.
#[utoipa::path(put, path = "/v1/responses/{token}", tag = "surveys", params(("token" = String, Path)),
    request_body = Answer, security(()), responses(
    (status = 200, body = ResponseShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn change(
    State(app): State<App>,
    ask: Ask,
    At(secret): At<String>,
    body: Checked<Answer>,
) -> Result<Reply, Halt> {
    let print = body.fingerprint().to_owned();
    alter(&app, &ask, &secret, &print, body.value).await
}

/// Changes the answer behind a secret.
pub(in crate::api) async fn alter(
    app: &App,
    ask: &Ask,
    secret: &str,
    fingerprint: &str,
    answer: Answer,
) -> Result<Reply, Halt> {
    let before = own(app, secret).await?;
    let answer = answer.settled(&before.choices)?;
    let mut tx = ask.begin(app, fingerprint).await?;
    let now = tx.now;
    let hash = tokens::hash(secret);
    // Both may have changed since they were looked at.
    projects::lock(&mut tx, &before.round.project).await?;
    ask.expects(surveys::get(&mut tx, &hash).await?.revision)?;
    let round = surveys::get_round(&mut tx, &before.round.project, &before.round.id).await?;
    let open = round.is_open(before.choices.today(now));
    if !open {
        return Err(closed().into());
    }
    let kept = surveys::change(&mut tx, &hash, &answer.text()?, now).await?;
    let revision = kept.revision;
    let own = Own { round, open, answer, kept, choices: before.choices };
    tx.finish(Reply::ok(&own.shown()).revision(revision)).await
}

/// Withdraw one's own answer: it is deleted, and no later plan counts it.
#[utoipa::path(delete, path = "/v1/responses/{token}", tag = "surveys", params(("token" = String, Path)), security(()),
    responses((status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn withdraw(State(app): State<App>, ask: Ask, At(secret): At<String>) -> Result<Reply, Halt> {
    remove(&app, &ask, &secret).await
}

/// Withdraws the answer behind a secret.
pub(in crate::api) async fn remove(app: &App, ask: &Ask, secret: &str) -> Result<Reply, Halt> {
    let hash = tokens::hash(secret);
    let mut tx = ask.begin(app, "").await?;
    ask.expects(surveys::get(&mut tx, &hash).await?.revision)?;
    surveys::withdraw(&mut tx, &hash).await?;
    tx.finish(Reply::done()).await
}
