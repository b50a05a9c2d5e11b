//! What-ifs: named lists of changes to a project, made with small forms, and planned like the project itself.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, filled, number, to};
use super::shown::{may, modification, name, words};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Checked};
use crate::api::caller::Right;
use crate::api::problem::Problem;
use crate::api::scenarios::{self as api, NewScenario};
use crate::domain::site::SiteKind;
use crate::planning::scenario::{Modification, Scenario as Modifications};
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::storage::plans::Origin;
use crate::storage::{projects, scenarios};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/projects/{project}/scenarios", get(list).post(add))
        .route("/projects/{project}/scenarios/{scenario}", get(show))
        .route("/projects/{project}/scenarios/{scenario}/add", post(append))
        .route("/projects/{project}/scenarios/{scenario}/drop", post(drop_one))
        .route("/projects/{project}/scenarios/{scenario}/name", post(rename))
        .route("/projects/{project}/scenarios/{scenario}/remove", post(remove))
}

struct Row {
    id: String,
    name: String,
    changes: Vec<String>,
}

#[derive(Template)]
#[template(path = "committee_scenarios.html")]
struct ListPage {
    w: Words,
    project: String,
    name: String,
    rows: Vec<Row>,
    may_plan: bool,
}

async fn list(State(app): State<App>, visitor: Visitor, At(project): At<String>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let w = words(&visitor);
    let mut conn = app.store().read().await?;
    let name = name(w, &projects::get(&mut conn, &project).await?);
    let rows = scenarios::list(&mut conn, &project, "", 200).await?.into_iter().map(|scenario| Row {
        id: scenario.id,
        name: scenario.name,
        changes: scenario.modifications.modification.iter().map(|one| modification(w, one)).collect(),
    });
    let rows = rows.collect();
    let may_plan = may(&visitor, Right::Plan, &project);
    let title = format!("{} · {name}", w.t("committee-scenarios"));
    Ok(visitor.page(&title, &shell::render(&ListPage { w, project, name, rows, may_plan })))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    name: String,
}

async fn add(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    Sent(Named { name }): Sent<Named>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let body = NewScenario { name: name.trim().to_owned(), modifications: Vec::new() };
    let body = Checked::of_form(body, String::new())?;
    let reply = api::add(State(app), visitor.caller, ask, At(project.clone()), body).await?;
    Ok(to(&format!("/projects/{project}/scenarios/{}", reply.id())))
}

#[derive(Template)]
#[template(path = "committee_scenario.html")]
struct Page {
    w: Words,
    project: String,
    project_name: String,
    id: String,
    name: String,
    changes: Vec<String>,
    may_plan: bool,
    /// Id and name of what the project has: vehicle types, sites, stations.
    vehicles: Vec<(String, String)>,
    sites: Vec<(String, String)>,
    stations: Vec<(String, String)>,
}

/// What forms offer of a project, as id and name: vehicle types, sites, stations; none where its files cannot be read.
pub(super) struct Offered {
    pub(super) vehicles: Vec<(String, String)>,
    pub(super) sites: Vec<(String, String)>,
    pub(super) stations: Vec<(String, String)>,
}

/// See [`Offered`].
pub(super) async fn offered(app: &App, w: Words, project: &str) -> Result<Offered, Refusal> {
    let inputs = projects::files(&mut *app.store().read().await?, project).await?;
    let origin = Origin { inputs, modifications: Modifications::default() };
    let found = match app.project(&origin).await {
        Ok(found) => found,
        Err(problem) if problem.code == "inputs-unreadable" => {
            return Ok(Offered { vehicles: Vec::new(), sites: Vec::new(), stations: Vec::new() });
        }
        Err(problem) => return Err(problem.into()),
    };
    let vehicles = found.fleet.iter().map(|kind| (kind.id.clone(), w.vehicle(&found, &kind.id)));
    let sites = found.sites.iter().filter(|site| site.parent.is_none());
    let sites = sites.map(|site| {
        let name = w.either(&site.name, site.name_en.as_deref().unwrap_or(""));
        (site.kind == SiteKind::Station, (site.id.clone(), name))
    });
    let sites: Vec<(bool, (String, String))> = sites.collect();
    Ok(Offered {
        vehicles: vehicles.collect(),
        stations: sites.iter().filter(|(station, _)| *station).map(|(_, site)| site.clone()).collect(),
        sites: sites.into_iter().map(|(_, site)| site).collect(),
    })
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    At((project, scenario)): At<(String, String)>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let w = words(&visitor);
    let mut conn = app.store().read().await?;
    let project_name = name(w, &projects::get(&mut conn, &project).await?);
    let scenario = scenarios::get(&mut conn, &project, &scenario).await?;
    drop(conn);
    let may_plan = may(&visitor, Right::Plan, &project);
    let Offered { vehicles, sites, stations } = offered(&app, w, &project).await?;
    let page = Page {
        w,
        project,
        project_name,
        id: scenario.id,
        name: scenario.name.clone(),
        changes: scenario.modifications.modification.iter().map(|one| modification(w, one)).collect(),
        may_plan,
        vehicles,
        sites,
        stations,
    };
    Ok(visitor.page(&scenario.name, &shell::render(&page)))
}

/// One of the small forms; each fills its own fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    kind: String,
    #[serde(rename = "type")]
    vehicle: String,
    count: String,
    way: String,
    percent: String,
    site: String,
    station: String,
    until: String,
    per_day: String,
    per_month: String,
}

impl Form {
    fn modification(&self) -> Result<Modification, Problem> {
        fn needed<T>(field: &str, value: Option<T>) -> Result<T, Problem> {
            value.ok_or_else(|| Problem::field(field, "form-empty"))
        }
        Ok(match self.kind.as_str() {
            "add_vehicle" => Modification::AddVehicle {
                vehicle: needed("type", filled(&self.vehicle))?,
                count: number("count", &self.count)?.unwrap_or(1),
            },
            "close_road" => Modification::CloseRoad { way: needed("way", number("way", &self.way)?)? },
            "scale_demand" => Modification::ScaleDemand {
                factor: needed("percent", number::<f64>("percent", &self.percent)?)? / 100.0,
                site: filled(&self.site),
            },
            "later_last_train" => Modification::LaterLastTrain {
                station: needed("station", filled(&self.station))?,
                until: needed("until", filled(&self.until))?,
            },
            "set_budget" => {
                let (per_day, per_month) = (number("per_day", &self.per_day)?, number("per_month", &self.per_month)?);
                if per_day.is_none() && per_month.is_none() {
                    return Err(Problem::field("per_day", "form-empty"));
                }
                Modification::SetBudget { per_day, per_month }
            }
            "keep_timetable" => Modification::KeepTimetable { price_per_minute: None },
            "keep_permits" => Modification::KeepPermits {},
            _ => return Err(Problem::field("kind", "form-empty")),
        })
    }
}

/// Reads a scenario, changes it, and writes it anew.
async fn change(
    app: App,
    visitor: Visitor,
    ask: Ask,
    (project, scenario): (String, String),
    how: impl FnOnce(&mut NewScenario),
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_whole(Right::Plan, &project)?;
    let found = scenarios::get(&mut *app.store().read().await?, &project, &scenario).await?;
    let mut body = NewScenario { name: found.name, modifications: found.modifications.modification };
    how(&mut body);
    let back = format!("/projects/{project}/scenarios/{scenario}");
    let body = Checked::of_form(body, String::new())?;
    api::change(State(app), visitor.caller, ask, At((project, scenario)), body).await?;
    Ok(to(&back))
}

async fn append(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(at): At<(String, String)>,
    Sent(form): Sent<Form>,
) -> Result<Response, Refusal> {
    let modification = form.modification()?;
    change(app, visitor, ask, at, |scenario| scenario.modifications.push(modification)).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Numbered {
    /// From 1.
    number: String,
}

async fn drop_one(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(at): At<(String, String)>,
    Sent(form): Sent<Numbered>,
) -> Result<Response, Refusal> {
    let number = number::<usize>("number", &form.number)?.unwrap_or(0);
    change(app, visitor, ask, at, |scenario| {
        if (1..=scenario.modifications.len()).contains(&number) {
            scenario.modifications.remove(number - 1);
        }
    })
    .await
}

async fn rename(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(at): At<(String, String)>,
    Sent(Named { name }): Sent<Named>,
) -> Result<Response, Refusal> {
    change(app, visitor, ask, at, |scenario| name.trim().clone_into(&mut scenario.name)).await
}

async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At((project, scenario)): At<(String, String)>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let back = format!("/projects/{project}/scenarios");
    api::remove(State(app), visitor.caller, ask, At((project, scenario))).await?;
    Ok(to(&back))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_form_makes_a_modification() {
        let form = Form { kind: "scale_demand".to_owned(), percent: "120".to_owned(), ..Form::default() };
        assert_eq!(form.modification().unwrap(), Modification::ScaleDemand { factor: 1.2, site: None });
        let form = Form { kind: "set_budget".to_owned(), per_day: "2000".to_owned(), ..Form::default() };
        assert_eq!(form.modification().unwrap(), Modification::SetBudget { per_day: Some(2000.0), per_month: None });
        for wrong in ["set_budget", "close_road", "later_last_train", "add_vehicle", ""] {
            assert!(Form { kind: wrong.to_owned(), ..Form::default() }.modification().is_err(), "{wrong}");
        }
    }
}
