//! What is wrong at this stop? The form behind a stop's QR, one's own comment and its answer, the committee's list.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::{Filled, Words, checked, lines, name};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::At;
use crate::api::caller::Right;
use crate::api::comments::{self as api, Answer, CommentState, Lang, NewComment};
use crate::api::pages::frame::{Refusal, Visitor};
use crate::publish::pages::shell::render;
use crate::publish::phrases::Language;
use crate::publish::riding;
use crate::storage::comments::{self, Comment};

/// Comments of each state on the committee's page, the newest.
const SHOWN: i64 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/p/{project}/{stop}/comment", get(form).post(say))
        .route("/c/{token}", get(own))
        .route("/projects/{project}/comments", get(list))
        .route("/projects/{project}/comments/{id}/answer", post(answer))
        .route("/projects/{project}/comments/{id}/state", post(state))
}

fn stop_name(visitor: &Visitor, stop: &riding::Stop) -> String {
    match visitor.language {
        Language::En if !stop.name_en.is_empty() => stop.name_en.clone(),
        _ => stop.name.clone(),
    }
}

#[derive(Template)]
#[template(path = "places_comment.html")]
struct FormPage<'a> {
    w: Words<'a>,
    stop: String,
}

async fn form(
    State(app): State<App>,
    visitor: Visitor,
    At((project, stop)): At<(String, String)>,
) -> Result<Response, Refusal> {
    let stop = api::stop(&app, &project, &stop).await?;
    let page = FormPage { w: Words(&visitor), stop: stop_name(&visitor, &stop) };
    Ok(visitor.page(&visitor.say("places-comment-title", &[]), &render(&page)))
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    text: String,
}

async fn say(
    State(app): State<App>,
    visitor: Visitor,
    At((project, stop)): At<(String, String)>,
    Filled(said): Filled<Said>,
) -> Result<Response, Refusal> {
    let lang = if visitor.language == Language::Zh { Lang::Zh } else { Lang::En };
    let new = checked(NewComment { text: lines(&said.text), lang: Some(lang) })?;
    let (_, token) = api::add(&app, &project, &stop, &new).await?;
    Ok(Redirect::to(&format!("/c/{token}?said=1")).into_response())
}

#[derive(Deserialize)]
struct Just {
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "places_comment_own.html")]
struct OwnPage<'a> {
    w: Words<'a>,
    comment: &'a Comment,
    stop: String,
    said: bool,
    link: String,
}

async fn own(
    State(app): State<App>,
    visitor: Visitor,
    At(token): At<String>,
    Query(just): Query<Just>,
) -> Result<Response, Refusal> {
    let comment = api::of_token(&app, &token).await?;
    // The stop may be gone from the timetable meanwhile: its id then.
    let stop = match api::stop(&app, &comment.project, &comment.stop).await {
        Ok(stop) => stop_name(&visitor, &stop),
        Err(_) => comment.stop.clone(),
    };
    let link = format!("{}/c/{token}", app.settings().base_url);
    let page = OwnPage { w: Words(&visitor), comment: &comment, stop, said: just.said.is_some(), link };
    Ok(visitor.page(&visitor.say("places-comment-own", &[]), &render(&page)))
}

/// Comments of one stop.
struct AtStop {
    stop: String,
    comments: Vec<Comment>,
}

#[derive(Template)]
#[template(path = "places_comments.html")]
struct ListPage<'a> {
    w: Words<'a>,
    project: &'a str,
    name: String,
    open: Vec<AtStop>,
    done: Vec<AtStop>,
    may_answer: bool,
}

async fn list(State(app): State<App>, visitor: Visitor, At(project): At<String>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let name = name(&app, &visitor, &project).await?;
    let mut sections = Vec::new();
    for done in [false, true] {
        let rows = comments::latest(&mut *app.store().read().await?, &project, done, SHOWN).await?;
        let mut by_stop: Vec<AtStop> = Vec::new();
        for comment in rows {
            match by_stop.iter_mut().find(|at| at.stop == comment.stop) {
                Some(at) => at.comments.push(comment),
                None => by_stop.push(AtStop { stop: comment.stop.clone(), comments: vec![comment] }),
            }
        }
        sections.push(by_stop);
    }
    let (done, open) = (sections.pop().unwrap_or_default(), sections.pop().unwrap_or_default());
    let may_answer = visitor.caller.may_whole(Right::Answer, &project).is_ok();
    let page = ListPage { w: Words(&visitor), project: &project, name, open, done, may_answer };
    Ok(visitor.page(&visitor.say("places-comments", &[]), &render(&page)))
}

async fn answer(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At((project, id)): At<(String, String)>,
    Filled(said): Filled<Said>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let answer = checked(Answer { text: lines(&said.text) })?;
    api::say_back(&app, &visitor.caller, &ask, (&project, &id), &answer, "").await?;
    Ok(Redirect::to(&format!("/projects/{project}/comments")).into_response())
}

#[derive(Deserialize)]
struct NewState {
    state: CommentState,
}

async fn state(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At((project, id)): At<(String, String)>,
    Filled(new): Filled<NewState>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    api::set(&app, &visitor.caller, &ask, (&project, &id), new.state, "").await?;
    Ok(Redirect::to(&format!("/projects/{project}/comments")).into_response())
}
