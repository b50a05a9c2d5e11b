//! Publications: a plan in force from a day until a day. The old timetable stays in force until its day ends; a later publication takes
//! over from its first day. Withdrawn, it is as if it had never been: what it took over from is in force again.

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

use super::app::{App, aside};
use super::ask::Ask;
use super::body::{At, Check, Checked, Params};
use super::caller::{Caller, Right};
use super::days;
use super::page::{Page, Paging};
use super::plans::open;
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::{Reply, etag};
use crate::publish::riding::{Published, zone_of};
use crate::storage::publications::{self, Publication};
use crate::storage::{plans, projects};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(read, withdraw))
}

/// A plan in force from a day until a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Publication)]
pub(super) struct PublicationShown {
    /// Id.
    pub(super) id: String,
    /// The plan.
    pub(super) plan: String,
    /// First service day.
    pub(super) from: String,
    /// Last service day; missing: until another takes over or the plan's services end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<String>,
    /// When it was withdrawn; missing: it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) withdrawn: Option<String>,
    /// Goes up with every change; the ETag.
    pub(super) revision: i64,
    /// When it was published.
    pub(super) created: String,
}

impl PublicationShown {
    pub(super) fn of(publication: Publication) -> Self {
        let Publication { id, plan, from, until, withdrawn, revision, created, .. } = publication;
        let until = until.map(|until| until.to_string());
        Self { id, plan, from: from.to_string(), until, withdrawn, revision, created }
    }
}

/// The publications of a project, oldest first; those withdrawn too.
#[utoipa::path(get, path = "/v1/projects/{project}/publications", tag = "publications",
    params(("project" = String, Path), Paging), responses(
    (status = 200, body = Page<PublicationShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<PublicationShown>>, Problem> {
    caller.may(Right::Read, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let rows = publications::list(&mut conn, &project, paging.after(), paging.fetch()).await?;
    Ok(Json(paging.page(rows, |publication| publication.id.clone(), PublicationShown::of)))
}

/// What to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPublication {
    /// A plan of the project with departures.
    #[schema(min_length = 1, max_length = 100)]
    plan: String,
    /// First service day, today at the earliest (by the project's clock).
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    from: String,
    /// Last service day; missing: until another takes over or the plan's services end.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    until: Option<String>,
}

impl Check for NewPublication {
    fn flaws(&self) -> Vec<Flaw> {
        let length = (!(1..=100).contains(&self.plan.chars().count()))
            .then(|| Flaw::new("plan", "text-length").arg("least", 1).arg("most", 100));
        let until = self.until.as_deref().and_then(|until| days::day_flaw("until", until));
        length.into_iter().chain(days::day_flaw("from", &self.from)).chain(until).collect()
    }
}

/// Publish a plan from a day until a day. Riders see it at once.
#[utoipa::path(post, path = "/v1/projects/{project}/publications", tag = "publications",
    params(("project" = String, Path)), request_body = NewPublication, responses(
    (status = 201, body = PublicationShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn add(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    body: Checked<NewPublication>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Publish, &project)?;
    let NewPublication { plan, from, until } = &body.value;
    let span = (days::day(from)?, until.as_deref().map(days::day).transpose()?);
    publish(&app, &ask, &project, (plan, body.fingerprint()), span).await
}

/// Publishes a plan from a day until a day; with the plan the fingerprint of the request. The caller has been asked for their right.
pub(super) async fn publish(
    app: &App,
    ask: &Ask,
    project: &str,
    (plan, fingerprint): (&str, &str),
    (from, until): (Date, Option<Date>),
) -> Result<Reply, Halt> {
    if until.is_some_and(|until| until < from) {
        return Err(Problem::conflict("ends-before-it-begins").into());
    }
    let origin = plans::origin(&mut *app.store().read().await?, project, plan).await?;
    let opened = open(app, project, plan).await?;
    let named = projects::get(&mut *app.store().read().await?, project).await?;
    let inputs = app.outward(&*app.project(&origin).await?, &named);
    // Walks to the stations are measured along the streets: that takes its time, and is not done in a transaction.
    let published = aside(move || Published::of(&inputs, &opened)).await?;
    if published.trips.is_empty() && published.on_demand.is_empty() {
        return Err(Problem::conflict("plan-without-trips").into());
    }
    let (_, zone) = zone_of(&published.timezone);
    let bytes = aside(move || serde_json::to_vec(&published)).await?.map_err(|error| Problem::fault(&error))?;
    let mut tx = ask.begin(app, fingerprint).await?;
    let today = zone.to_datetime(Timestamp::now()).date();
    if from < today {
        return Err(Problem::conflict("from-is-past").arg("today", today.to_string()).into());
    }
    let now = tx.now;
    let publication = publications::add(&mut tx, project, plan, (from, until), &bytes, now).await?;
    let location = format!("/v1/projects/{project}/publications/{}", publication.id);
    let revision = publication.revision;
    let reply = tx.finish(Reply::created(location, &PublicationShown::of(publication)).revision(revision)).await?;
    app.boards().changed(app.store(), project).await;
    Ok(reply)
}

/// One publication.
#[utoipa::path(get, path = "/v1/projects/{project}/publications/{publication}", tag = "publications",
    params(("project" = String, Path), ("publication" = String, Path)), responses(
    (status = 200, body = PublicationShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(
    State(app): State<App>,
    caller: Caller,
    At((project, publication)): At<(String, String)>,
) -> Result<Response, Problem> {
    caller.may(Right::Read, &project)?;
    let publication = publications::get(&mut *app.store().read().await?, &project, &publication).await?;
    let tag = etag(publication.revision);
    Ok(([(header::ETAG, tag)], Json(PublicationShown::of(publication))).into_response())
}

/// Withdraw a publication: what it took over from is in force again. It stays in the list.
#[utoipa::path(delete, path = "/v1/projects/{project}/publications/{publication}", tag = "publications",
    params(("project" = String, Path), ("publication" = String, Path)), responses(
    (status = 200, body = PublicationShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, publication)): At<(String, String)>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Publish, &project)?;
    take_back(&app, &ask, &project, &publication, "").await
}

/// Withdraws. The caller has been asked for their right.
pub(super) async fn take_back(
    app: &App,
    ask: &Ask,
    project: &str,
    publication: &str,
    fingerprint: &str,
) -> Result<Reply, Halt> {
    let mut tx = ask.begin(app, fingerprint).await?;
    projects::lock(&mut tx, project).await?;
    ask.expects(publications::get(&mut tx, project, publication).await?.revision)?;
    let now = tx.now;
    let publication = publications::withdraw(&mut tx, project, publication, now).await?;
    let revision = publication.revision;
    let reply = tx.finish(Reply::ok(&PublicationShown::of(publication)).revision(revision)).await?;
    app.boards().changed(app.store(), project).await;
    Ok(reply)
}
