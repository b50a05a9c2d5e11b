//! Answers read and exported by survey officers. One whose role is bound to a park sees the answers of that park only: those whose
//! firm sits there, or that come from there or go there.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::Answer;
use super::choices_of;
use crate::api::app::{App, aside};
use crate::api::body::{At, Params};
use crate::api::caller::{Caller, Reach, Right};
use crate::api::page::{Page, Paging};
use crate::api::problem::{Body, Problem};
use crate::intake::choices::Choices;
use crate::intake::joined;
use crate::storage::surveys;

/// Answers fetched at a time.
const AT_ONCE: i64 = 500;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(export))
}

/// An answer in a list.
#[derive(Debug, Serialize, ToSchema)]
struct Listed {
    /// Its place in the list; not the link of its author.
    id: String,
    /// What was answered.
    answer: Answer,
}

/// Does an answer belong to where a right reaches?
fn belongs(answer: &Answer, reach: &Reach, choices: &Choices) -> bool {
    let park = answer.firm.as_deref().and_then(|firm| choices.park_of(firm));
    let ends = [choices.whole(&answer.origin), choices.whole(&answer.destination)];
    reach.has(park) || ends.into_iter().any(|end| reach.has(Some(end)))
}

/// Answers to a round after an id that the caller may read, `wanted` at most.
async fn readable(
    app: &App,
    caller: &Caller,
    (project, round): (&str, &str),
    after: &str,
    wanted: usize,
) -> Result<Vec<Listed>, Problem> {
    let reach = caller.may(Right::ReadAnswers, project)?;
    let choices = choices_of(app, project).await?;
    let mut conn = app.store().read().await?;
    let round = surveys::get_round(&mut conn, project, round).await?;
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    loop {
        let rows = surveys::of_round(&mut conn, &round.id, &after, AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after.clone_from(&last.id);
        for row in rows {
            let answer = Answer::read(&row.content)?;
            if belongs(&answer, &reach, &choices) {
                found.push(Listed { id: row.id, answer });
            }
        }
        if found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}

/// The answers to a round, of one's own parks where the role is bound to some.
#[utoipa::path(get, path = "/v1/projects/{project}/rounds/{round}/responses", tag = "surveys",
    params(("project" = String, Path), ("round" = String, Path), Paging), responses(
    (status = 200, body = Page<Listed>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At((project, round)): At<(String, String)>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<Listed>>, Problem> {
    let wanted = usize::try_from(paging.fetch()).unwrap_or(1);
    let rows = readable(&app, &caller, (&project, &round), paging.after(), wanted).await?;
    Ok(Json(paging.page(rows, |listed| listed.id.clone(), |listed| listed)))
}

/// The same as a survey.csv, to open in a spreadsheet or to put into a project.
#[utoipa::path(get, path = "/v1/projects/{project}/rounds/{round}/export", tag = "surveys",
    params(("project" = String, Path), ("round" = String, Path)), responses(
    (status = 200, body = String, content_type = "text/csv"),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn export(
    State(app): State<App>,
    caller: Caller,
    At((project, round)): At<(String, String)>,
) -> Result<Response, Problem> {
    let rows = readable(&app, &caller, (&project, &round), "", usize::MAX).await?;
    let bytes = aside(move || {
        let journeys = (0..).zip(&rows).flat_map(|(number, row)| row.answer.journeys(number)).collect::<Vec<_>>();
        joined::export(&journeys)
    })
    .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"survey.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}
