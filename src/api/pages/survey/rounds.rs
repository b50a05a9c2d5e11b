//! The committee's page of survey rounds: open one, hand out its link and code, close it.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::{Sent, sent, titled};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Check, Params};
use crate::api::caller::{Reach, Right};
use crate::api::page::Paging;
use crate::api::problem::Problem;
use crate::api::surveys::rounds::{self, FEW, NewRound, RoundChange};
use crate::publish::pages::{dates, shell};
use crate::storage::projects;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/projects/{project}/surveys", get(list).post(open))
        .route("/projects/{project}/surveys/{round}", post(close))
        .route("/projects/{project}/surveys/{round}/qr", get(poster))
}

#[derive(Template)]
#[template(path = "survey_rounds.html")]
struct RoundsPage<'a> {
    visitor: &'a Visitor,
    name: String,
    project: &'a str,
    rounds: Vec<RoundRow>,
    next: Option<String>,
    /// May open and close rounds.
    runs: bool,
    /// May read answers.
    exports: bool,
}

struct RoundRow {
    id: String,
    title: String,
    state: String,
    days: String,
    answers: String,
    link: String,
    closed: bool,
}

impl RoundsPage<'_> {
    fn say(&self, key: &str) -> String {
        self.visitor.say(key, &[])
    }
}

async fn list(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let page = rounds::page(&app, &visitor.caller, &project, &paging).await?;
    let known = projects::get(&mut *app.store().read().await?, &project).await?;
    let row = |round: rounds::RoundShown| {
        let day = |text: &str| text.parse().map_or_else(|_| text.to_owned(), |day| dates::full(visitor.language, day));
        let from = day(&round.opens);
        RoundRow {
            days: match &round.closes {
                Some(closes) => visitor.say("survey-round-days", &[("from", from.into()), ("to", day(closes).into())]),
                None => visitor.say("survey-round-since", &[("from", from.into())]),
            },
            title: titled(&visitor, &round.title, round.title_zh.as_deref()),
            answers: round.answers.map_or_else(|| format!("<{FEW}"), |count| count.to_string()),
            closed: round.state == "closed",
            state: visitor.say(&format!("survey-state-{}", round.state), &[]),
            link: round.link,
            id: round.id,
        }
    };
    let rounds = page.items.into_iter().map(row).collect();
    let body = RoundsPage {
        name: titled(&visitor, &known.name, known.name_zh.as_deref()),
        project: &project,
        rounds,
        next: page.next,
        runs: matches!(visitor.caller.may(Right::Survey, &project), Ok(Reach::Whole)),
        exports: visitor.caller.may(Right::ReadAnswers, &project).is_ok(),
        visitor: &visitor,
    };
    Ok(visitor.page(&visitor.say("survey-rounds", &[]), &shell::render(&body)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FilledRound {
    title_zh: String,
    title_en: String,
    opens: String,
    closes: String,
}

async fn open(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    form: Sent<FilledRound>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let FilledRound { title_zh, title_en, opens, closes } = sent(form)?;
    let some = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let title = some(title_en).unwrap_or_else(|| title_zh.clone());
    let new = NewRound { title, title_zh: some(title_zh), opens: some(opens), closes: some(closes) };
    let flaws = new.flaws();
    if !flaws.is_empty() {
        return Err(Problem::fields(flaws).into());
    }
    rounds::open(&app, &visitor.caller, &ask, &project, "", &new).await?;
    Ok(Redirect::to(&format!("/projects/{project}/surveys")).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Closing {
    closed: String,
}

async fn close(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At((project, round)): At<(String, String)>,
    form: Sent<Closing>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let change = RoundChange { closed: Some(sent(form)?.closed != "no"), ..RoundChange::default() };
    rounds::alter(&app, &visitor.caller, &ask, (&project, &round), "", &change).await?;
    Ok(Redirect::to(&format!("/projects/{project}/surveys")).into_response())
}

#[derive(Template)]
#[template(path = "survey_poster.html")]
struct Poster<'a> {
    visitor: &'a Visitor,
    title: String,
    drawing: String,
    link: String,
}

impl Poster<'_> {
    fn say(&self, key: &str) -> String {
        self.visitor.say(key, &[])
    }
}

async fn poster(
    State(app): State<App>,
    visitor: Visitor,
    At((project, round)): At<(String, String)>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let round = rounds::one(&app, &visitor.caller, &project, &round).await?;
    let title = titled(&visitor, &round.title, round.title_zh.as_deref());
    let page = Poster { drawing: rounds::drawing(&round)?, link: round.link, title, visitor: &visitor };
    Ok(visitor.page(&page.title, &shell::render(&page)))
}
