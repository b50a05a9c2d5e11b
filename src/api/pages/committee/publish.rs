//! Step 5: which plan is in force from when; publish one, withdraw one.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, day, filled, to};
use super::shown::{label, today, with, words};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::At;
use crate::api::caller::Right;
use crate::api::problem::Problem;
use crate::api::publications as api;
use crate::publish::pages::words::Words;
use crate::publish::pages::{dates, shell};
use crate::storage::plans::Summary;
use crate::storage::publications::{self, Publication};
use crate::storage::rides;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/projects/{project}/publications", post(publish))
        .route("/projects/{project}/publications/{publication}/withdraw", post(withdraw))
}

/// A publication in a list.
pub(super) struct PublicationRow {
    pub(super) id: String,
    pub(super) plan: String,
    pub(super) label: String,
    pub(super) span: String,
    pub(super) state: String,
    pub(super) in_force: bool,
    /// May it still be withdrawn?
    pub(super) open: bool,
}

/// Publications, newest first, and which of them holds today: of those that have begun, the last to begin.
pub(super) fn rows(w: Words, all: &[Publication], plans: &[Summary]) -> Vec<PublicationRow> {
    let today = today();
    let counts = |one: &&Publication| one.withdrawn.is_none() && one.from <= today;
    let holds = all.iter().filter(counts).max_by_key(|one| (one.from, one.id.clone())).map(|one| one.id.clone());
    let row = |one: &Publication| {
        let over = one.until.is_some_and(|until| until < today);
        let in_force = !over && holds.as_deref() == Some(one.id.as_str());
        let state = if one.withdrawn.is_some() {
            "committee-publication-withdrawn"
        } else if one.from > today {
            "committee-publication-coming"
        } else if in_force {
            "committee-publication-in-force"
        } else {
            "committee-publication-over"
        };
        let plan = plans.iter().find(|plan| plan.id == one.plan);
        PublicationRow {
            id: one.id.clone(),
            plan: one.plan.clone(),
            label: plan.map_or_else(|| one.plan.chars().take(8).collect(), |plan| label(w, &plan.label)),
            span: match one.until {
                Some(until) => dates::span(w.0, one.from, until),
                None => with(w, "committee-publication-from", &[("from", &dates::full(w.0, one.from))]),
            },
            state: w.t(state),
            in_force,
            open: one.withdrawn.is_none() && !over,
        }
    };
    all.iter().rev().map(row).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    plan: String,
    from: String,
    until: String,
}

async fn publish(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    Sent(form): Sent<Form>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_whole(Right::Publish, &project)?;
    let plan = filled(&form.plan).ok_or_else(|| Problem::missing("plan"))?;
    let from = day("from", &form.from)?.unwrap_or_else(today);
    let until = day("until", &form.until)?;
    api::publish(&app, &ask, &project, (&plan, ""), (from, until)).await?;
    Ok(to(&format!("/projects/{project}#publish")))
}

/// Asked again, and it is so.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sure {
    sure: String,
}

#[derive(Template)]
#[template(path = "committee_withdraw.html")]
struct Withdraw {
    w: Words,
    project: String,
    promised: String,
}

/// Where rides are promised under it, it is asked again.
async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At((project, publication)): At<(String, String)>,
    Sent(form): Sent<Sure>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_whole(Right::Publish, &project)?;
    if form.sure.is_empty() {
        let mut conn = app.store().read().await?;
        let plan = publications::get(&mut conn, &project, &publication).await?.plan;
        let promised = rides::promised(&mut conn, &project, &plan, today()).await?;
        if promised > 0 {
            let promised = visitor.say("committee-withdraw-rides", &[("rides", promised.into())]);
            let w = words(&visitor);
            let page = Withdraw { w, project: project.clone(), promised };
            let visitor = visitor.at(format!("/projects/{project}"));
            return Ok(visitor.page(&w.t("committee-withdraw"), &shell::render(&page)));
        }
    }
    api::take_back(&app, &ask, &project, &publication, "").await?;
    Ok(to(&format!("/projects/{project}#publish")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::phrases::Language;

    #[test]
    fn one_holds_today_the_last_to_begin() {
        let one = |id: &str, days: i64, withdrawn: bool| Publication {
            id: id.to_owned(),
            project: "p".to_owned(),
            plan: "x".to_owned(),
            from: today().saturating_add(jiff::Span::new().days(days)),
            until: None,
            withdrawn: withdrawn.then(String::new),
            revision: 1,
            created: String::new(),
        };
        let rows = rows(
            Words(Language::En),
            &[one("a", -9, false), one("b", -2, false), one("c", -1, true), one("d", 5, false)],
            &[],
        );
        let holds: Vec<(&str, bool)> = rows.iter().map(|row| (row.id.as_str(), row.in_force)).collect();
        assert_eq!(holds, [("d", false), ("c", false), ("b", true), ("a", false)]);
    }
}
