//! Sweeps: many plans at once over a simple grid, more vehicles of a type times several budgets, and which no other beats.

use askama::Template;
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, filled, number, to};
use super::scenarios::offered;
use super::shown::{label, may, modification, moment, money, name, people, words};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Checked};
use crate::api::caller::Right;
use crate::api::plans::StartPlan;
use crate::api::problem::Problem;
use crate::api::sweeps::{self as api, NewSweep};
use crate::planning::scenario::Modification;
use crate::publish::pages::shell;
use crate::publish::pages::words::{Words, tenth};
use crate::storage::{projects, runs};

/// A table whose jobs still run is loaded anew after so many seconds.
const AGAIN: &str = "5";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/projects/{project}/sweeps", get(list).post(start))
        .route("/projects/{project}/sweeps/{sweep}", get(show))
}

#[derive(Template)]
#[template(path = "committee_sweeps.html")]
struct ListPage {
    w: Words,
    project: String,
    name: String,
    /// Id, name, when.
    rows: Vec<(String, String, String)>,
    vehicles: Vec<(String, String)>,
    may_plan: bool,
}

async fn list(State(app): State<App>, visitor: Visitor, At(project): At<String>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let w = words(&visitor);
    let mut conn = app.store().read().await?;
    let name = name(w, &projects::get(&mut conn, &project).await?);
    let rows = runs::sweeps(&mut conn, &project, "", 200).await?;
    drop(conn);
    let rows = rows.into_iter().rev().map(|sweep| (sweep.id, sweep.name, moment(w, &sweep.created))).collect();
    let vehicles = offered(&app, w, &project).await?.vehicles;
    let may_plan = may(&visitor, Right::Plan, &project);
    let title = format!("{} · {name}", w.t("committee-sweeps"));
    Ok(visitor.page(&title, &shell::render(&ListPage { w, project, name, rows, vehicles, may_plan })))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    name: String,
    #[serde(rename = "type")]
    vehicle: String,
    most: String,
    budgets: String,
    seconds: String,
}

impl Form {
    /// The grid, budgets outside, vehicles inside.
    fn plans(&self, w: Words) -> Result<Vec<StartPlan>, Problem> {
        let seconds = number("seconds", &self.seconds)?;
        let most: u32 = number("most", &self.most)?.unwrap_or(0);
        // More than a sweep takes is refused by its own check: no need to make it first.
        let most = most.min(100);
        let budgets = self.budgets.split([',', '，', '、', ';', '；', ' ']).filter(|text| !text.trim().is_empty());
        let budgets = budgets.map(|text| number::<f64>("budgets", text)).collect::<Result<Vec<_>, _>>()?;
        let budgets = if budgets.is_empty() { vec![None] } else { budgets };
        let mut plans = Vec::new();
        for budget in budgets.into_iter().take(100) {
            for count in 0..=most {
                let mut modifications = Vec::new();
                if budget.is_some() {
                    modifications.push(Modification::SetBudget { per_day: budget, per_month: None });
                }
                if count > 0 {
                    let vehicle = filled(&self.vehicle).ok_or_else(|| Problem::field("type", "form-empty"))?;
                    modifications.push(Modification::AddVehicle { vehicle, count });
                }
                let said = modifications.iter().map(|one| modification(w, one)).collect::<Vec<_>>();
                let label = said.join(if w.english() { ", " } else { "，" });
                let label = filled(&label).map(|label| label.chars().take(100).collect());
                plans.push(StartPlan { modifications, label, seconds, ..StartPlan::default() });
            }
        }
        Ok(plans)
    }
}

async fn start(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    Sent(form): Sent<Form>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let w = words(&visitor);
    let plans = form.plans(w)?;
    let name = filled(&form.name).unwrap_or_else(|| w.t("committee-sweep"));
    let body = Checked::of_form(NewSweep { name, plans }, String::new())?;
    let reply = api::start(State(app), visitor.caller, ask, At(project.clone()), body).await?;
    Ok(to(&format!("/projects/{project}/sweeps/{}", reply.id())))
}

struct Row {
    run: String,
    label: String,
    state: String,
    plan: Option<String>,
    riders: String,
    cost: String,
    gap: String,
    pareto: bool,
}

#[derive(Template)]
#[template(path = "committee_sweep.html")]
struct Page {
    w: Words,
    project: String,
    name: String,
    sweep: String,
    open: usize,
    rows: Vec<Row>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    At((project, sweep)): At<(String, String)>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let w = words(&visitor);
    let name = name(w, &projects::get(&mut *app.store().read().await?, &project).await?);
    let Json(table) = api::read(State(app), visitor.caller.clone(), At((project.clone(), sweep))).await?;
    let rows = table.rows.into_iter().map(|row| {
        let figures = row.figures.as_ref();
        let dash = || "–".to_owned();
        Row {
            label: label(w, &row.run.label),
            state: w.t(&format!("committee-run-{}", row.run.state)),
            plan: row.run.plan.clone().filter(|_| row.run.ended()),
            run: row.run.id,
            riders: figures.map_or_else(dash, |figures| people(w, figures.served)),
            cost: figures.map_or_else(dash, |figures| money(figures.cost)),
            gap: figures.map_or_else(dash, |figures| format!("{} %", tenth(figures.gap * 100.0))),
            pareto: row.pareto,
        }
    });
    let page = Page { w, project, name, open: table.open, rows: rows.collect(), sweep: table.name.clone() };
    let mut response = visitor.page(&table.name, &shell::render(&page));
    if page.open > 0 {
        response.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static(AGAIN));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::phrases::Language;

    #[test]
    fn a_grid_is_every_budget_with_every_number_of_vehicles() {
        let form = Form {
            vehicle: "minibus".to_owned(),
            most: "2".to_owned(),
            budgets: "2000，2700".to_owned(),
            ..Form::default()
        };
        let plans = form.plans(Words(Language::Zh)).unwrap();
        let sizes: Vec<usize> = plans.iter().map(|plan| plan.modifications.len()).collect();
        assert_eq!(sizes, [1, 2, 2, 1, 2, 2]);
        assert_eq!(Form::default().plans(Words(Language::Zh)).unwrap().len(), 1);
        assert!(Form { most: "1".to_owned(), ..Form::default() }.plans(Words(Language::Zh)).is_err());
        assert!(Form { budgets: "much".to_owned(), ..Form::default() }.plans(Words(Language::Zh)).is_err());
    }
}
