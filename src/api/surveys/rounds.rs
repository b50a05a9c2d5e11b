//! Rounds: opened, named and closed by a survey officer; anyone with the link answers.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::choices_of;
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Check, Checked, Params, text_flaw};
use crate::api::caller::{Caller, Right};
use crate::api::page::{Page, Paging};
use crate::api::problem::{Body, Flaw, Halt, Problem};
use crate::api::reply::{Reply, etag};
use crate::api::tokens;
use crate::publish::drawing::qr;
use crate::storage::projects;
use crate::storage::surveys::{self, Round, Terms};

/// Fewer answers than this are not counted out loud.
pub(in crate::api) const FEW: i64 = 5;
/// Characters of a round's link: 96 random bits, and still a QR code that is read from a wall.
const LINK: usize = 16;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(read, change)).routes(routes!(code))
}

/// A survey round.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Round)]
pub(in crate::api) struct RoundShown {
    /// Id.
    pub(in crate::api) id: String,
    /// What it is called.
    pub(in crate::api) title: String,
    /// Chinese title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) title_zh: Option<String>,
    /// First day.
    pub(in crate::api) opens: String,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) closes: Option<String>,
    /// `coming`, `open` or `closed`.
    pub(in crate::api) state: String,
    /// Answers; missing where there are some, but fewer than five.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) answers: Option<i64>,
    /// Where it is answered: for everybody.
    pub(in crate::api) link: String,
    /// Goes up with every change; the ETag.
    pub(in crate::api) revision: i64,
    /// Since when.
    created: String,
    /// Last change.
    updated: String,
}

impl RoundShown {
    pub(in crate::api) fn of(round: Round, today: Date, app: &App) -> Self {
        let state = match (round.is_open(today), round.closed || round.opens <= today) {
            (true, _) => "open",
            (false, true) => "closed",
            (false, false) => "coming",
        };
        Self {
            link: link(app, &round.token),
            id: round.id,
            title: round.title,
            title_zh: round.title_zh,
            opens: round.opens.to_string(),
            closes: round.closes.map(|day| day.to_string()),
            state: state.to_owned(),
            answers: Some(round.answers).filter(|count| *count == 0 || *count >= FEW),
            revision: round.revision,
            created: round.created,
            updated: round.updated,
        }
    }
}

/// Where a round is answered.
pub(in crate::api) fn link(app: &App, token: &str) -> String {
    format!("{}/q/{token}", app.settings().base_url)
}

/// The survey rounds of a project.
#[utoipa::path(get, path = "/v1/projects/{project}/rounds", tag = "surveys", params(("project" = String, Path), Paging),
    responses((status = 200, body = Page<RoundShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<RoundShown>>, Problem> {
    Ok(Json(page(&app, &caller, &project, &paging).await?))
}

/// A page of the rounds.
pub(in crate::api) async fn page(
    app: &App,
    caller: &Caller,
    project: &str,
    paging: &Paging,
) -> Result<Page<RoundShown>, Problem> {
    caller.may(Right::Read, project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, project).await?;
    let rows = surveys::rounds(&mut conn, project, paging.after(), paging.fetch()).await?;
    drop(conn);
    let today = choices_of(app, project).await?.today(Timestamp::now());
    Ok(paging.page(rows, |round| round.id.clone(), |round| RoundShown::of(round, today, app)))
}

/// A new round.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct NewRound {
    /// What it is called; those who answer read it.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) title: String,
    /// Chinese title.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) title_zh: Option<String>,
    /// First day on which it can be answered; missing: today.
    #[schema(min_length = 10, max_length = 10, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub(in crate::api) opens: Option<String>,
    /// Last day; missing: until it is closed.
    #[schema(min_length = 10, max_length = 10, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub(in crate::api) closes: Option<String>,
}

/// Does it look like a date? Whether there is such a day is another matter.
fn date_flaw(field: &str, text: Option<&str>) -> Option<Flaw> {
    let bytes = text?.as_bytes();
    let fits = |(at, b): (usize, &u8)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() };
    let right = bytes.len() == 10 && bytes.iter().enumerate().all(fits);
    (!right).then(|| Flaw::new(field, "survey-date-form"))
}

fn date(text: Option<&str>) -> Result<Option<Date>, Problem> {
    text.map(|text| text.parse().map_err(|_| Problem::conflict("survey-no-such-day").arg("day", text))).transpose()
}

impl Check for NewRound {
    fn flaws(&self) -> Vec<Flaw> {
        let zh = self.title_zh.as_deref().and_then(|title| text_flaw("title_zh", title, 1..=100));
        let dates = [date_flaw("opens", self.opens.as_deref()), date_flaw("closes", self.closes.as_deref())];
        text_flaw("title", &self.title, 1..=100).into_iter().chain(zh).chain(dates.into_iter().flatten()).collect()
    }
}

/// Open a round; its answer holds the link to hand out.
#[utoipa::path(post, path = "/v1/projects/{project}/rounds", tag = "surveys", params(("project" = String, Path)),
    request_body = NewRound, responses(
    (status = 201, body = RoundShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn add(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    body: Checked<NewRound>,
) -> Result<Reply, Halt> {
    open(&app, &caller, &ask, &project, body.fingerprint(), &body.value).await
}

/// Opens a round.
pub(in crate::api) async fn open(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    project: &str,
    fingerprint: &str,
    new: &NewRound,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Survey, project)?;
    let today = choices_of(app, project).await?.today(Timestamp::now());
    let (opens, closes) = (date(new.opens.as_deref())?.unwrap_or(today), date(new.closes.as_deref())?);
    ordered(opens, closes)?;
    let terms = Terms { title: new.title.clone(), title_zh: new.title_zh.clone(), closes, closed: false };
    let token: String = tokens::new()?.chars().take(LINK).collect();
    let mut tx = ask.begin(app, fingerprint).await?;
    let now = tx.now;
    projects::get(&mut tx, project).await?;
    let round = surveys::add_round(&mut tx, project, &terms, opens, &token, now).await?;
    let location = format!("/v1/projects/{project}/rounds/{}", round.id);
    let revision = round.revision;
    tx.finish(Reply::created(location, &RoundShown::of(round, today, app)).revision(revision)).await
}

fn ordered(opens: Date, closes: Option<Date>) -> Result<(), Problem> {
    if closes.is_some_and(|closes| closes < opens) {
        return Err(Problem::conflict("survey-closes-before").arg("opens", opens.to_string()));
    }
    Ok(())
}

/// One round.
#[utoipa::path(get, path = "/v1/projects/{project}/rounds/{round}", tag = "surveys",
    params(("project" = String, Path), ("round" = String, Path)), responses(
    (status = 200, body = RoundShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(
    State(app): State<App>,
    caller: Caller,
    At((project, round)): At<(String, String)>,
) -> Result<Response, Problem> {
    let round = one(&app, &caller, &project, &round).await?;
    Ok(([(header::ETAG, etag(round.revision))], Json(round)).into_response())
}

/// One round, for those who may see it.
pub(in crate::api) async fn one(app: &App, caller: &Caller, project: &str, id: &str) -> Result<RoundShown, Problem> {
    caller.may(Right::Read, project)?;
    let round = surveys::get_round(&mut *app.store().read().await?, project, id).await?;
    let today = choices_of(app, project).await?.today(Timestamp::now());
    Ok(RoundShown::of(round, today, app))
}

/// What changes of a round; what is missing stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct RoundChange {
    /// What it is called.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) title: Option<String>,
    /// Chinese title.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) title_zh: Option<String>,
    /// Last day.
    #[schema(min_length = 10, max_length = 10, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub(in crate::api) closes: Option<String>,
    /// Closed by hand, or open again.
    pub(in crate::api) closed: Option<bool>,
}

impl Check for RoundChange {
    fn flaws(&self) -> Vec<Flaw> {
        let titles = [("title", &self.title), ("title_zh", &self.title_zh)];
        let titles = titles.into_iter().filter_map(|(field, title)| text_flaw(field, title.as_deref()?, 1..=100));
        titles.chain(date_flaw("closes", self.closes.as_deref())).collect()
    }
}

/// Name a round otherwise, give it another last day, close it or open it again.
#[utoipa::path(patch, path = "/v1/projects/{project}/rounds/{round}", tag = "surveys",
    params(("project" = String, Path), ("round" = String, Path)), request_body = RoundChange, responses(
    (status = 200, body = RoundShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, round)): At<(String, String)>,
    body: Checked<RoundChange>,
) -> Result<Reply, Halt> {
    alter(&app, &caller, &ask, (&project, &round), body.fingerprint(), &body.value).await
}

/// Changes a round of a project.
pub(in crate::api) async fn alter(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    (project, id): (&str, &str),
    fingerprint: &str,
    change: &RoundChange,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Survey, project)?;
    let closes = date(change.closes.as_deref())?;
    let today = choices_of(app, project).await?.today(Timestamp::now());
    let mut tx = ask.begin(app, fingerprint).await?;
    let now = tx.now;
    projects::lock(&mut tx, project).await?;
    let round = surveys::get_round(&mut tx, project, id).await?;
    ask.expects(round.revision)?;
    ordered(round.opens, closes)?;
    let terms = Terms {
        title: change.title.clone().unwrap_or(round.title),
        title_zh: change.title_zh.clone().or(round.title_zh),
        closes: closes.or(round.closes),
        closed: change.closed.unwrap_or(round.closed),
    };
    let round = surveys::change_round(&mut tx, project, id, &terms, now).await?;
    let revision = round.revision;
    tx.finish(Reply::ok(&RoundShown::of(round, today, app)).revision(revision)).await
}

/// The QR code of a round's link, to print.
#[utoipa::path(get, path = "/v1/projects/{project}/rounds/{round}/qr.svg", tag = "surveys",
    params(("project" = String, Path), ("round" = String, Path)), responses(
    (status = 200, body = String, content_type = "image/svg+xml"),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn code(
    State(app): State<App>,
    caller: Caller,
    At((project, round)): At<(String, String)>,
) -> Result<Response, Problem> {
    let round = one(&app, &caller, &project, &round).await?;
    let drawing = drawing(&round)?;
    // As a file by itself it must say what it is.
    let file = drawing.replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1);
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "private, no-cache")], file).into_response())
}

/// The code, to stand in a page.
pub(in crate::api) fn drawing(round: &RoundShown) -> Result<String, Problem> {
    let label = round.title_zh.as_deref().unwrap_or(&round.title);
    // Only an address of thousands of characters is too long for a code.
    qr::svg(&round.link, label).ok_or_else(|| Problem::conflict("survey-link-too-long"))
}
