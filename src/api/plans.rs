//! Plans: start one (a job), list, read, compare, any file of its folder, and why a cohort travels as it does.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, aside};
use super::ask::{Ask, Doing};
use super::body::{At, Check, Checked, Params, text_flaw};
use super::caller::{Caller, Right};
use super::page::{Page, Paging};
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::Reply;
use super::runs::RunShown;
use super::{scenarios as scenario_routes, surveys};
use crate::domain::units::People;
use crate::planning::compare;
use crate::planning::plan::Plan;
use crate::planning::scenario::{Modification, Scenario as Modifications};
use crate::publish::pages::words::Words;
use crate::publish::phrases::{Language, phrase};
use crate::publish::{folder, rides};
use crate::storage::plans::{self, Figures, Origin, Summary};
use crate::storage::runs::{self, Run};
use crate::storage::{projects, scenarios};

/// Jobs of a project that wait or run, at most.
const MOST_OPEN: i64 = 200;
/// Plans side by side, at most.
const MOST_COMPARED: usize = 6;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, start))
        .routes(routes!(read))
        .routes(routes!(file))
        .routes(routes!(explain))
        .routes(routes!(comparison))
}

/// A plan in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanShown {
    /// Hash of its content.
    pub(super) id: String,
    /// The job that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) run: Option<String>,
    /// What it is called.
    pub(super) label: String,
    /// When it was made.
    pub(super) created: String,
    /// Its figures.
    pub(super) figures: FiguresShown,
}

/// What a plan is worth and how large it is; money in fen (CNY 0.01) a mean day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figures)]
pub(super) struct FiguresShown {
    /// Objective: people's time and all costs.
    pub(super) objective: i64,
    /// Objective of doing nothing.
    pub(super) nothing: i64,
    /// No plan has a lower objective.
    pub(super) bound: i64,
    /// Share of the possible benefit that is missed at most.
    pub(super) gap: f64,
    /// Riders a day.
    pub(super) served: f64,
    /// What it costs a day.
    pub(super) cost: i64,
    /// Lines.
    pub(super) lines: usize,
    /// Stops in use.
    pub(super) stops: usize,
    /// Departures.
    pub(super) trips: usize,
    /// Vehicles.
    pub(super) vehicles: usize,
    /// Bays given.
    pub(super) permits: usize,
}

impl FiguresShown {
    /// `exact` for those who read cohorts; others read numbers of people and bays in fives, so that two plans do not tell of one person.
    pub(super) fn of(figures: &Figures, exact: bool) -> Self {
        let Figures { objective, nothing, bound, gap, served, cost, lines, stops, trips, vehicles, permits } = *figures;
        let (served, permits) = if exact { (served, permits) } else { (fives(served), permits.div_ceil(5) * 5) };
        Self { objective, nothing, bound, gap, served, cost, lines, stops, trips, vehicles, permits }
    }
}

/// A number of people in fives.
fn fives(people: f64) -> f64 {
    (people / 5.0).round() * 5.0
}

/// May the caller read exact numbers of people?
pub(super) fn exact(caller: &Caller, project: &str) -> bool {
    caller.may_whole(Right::ReadCohorts, project).is_ok()
}

impl PlanShown {
    pub(super) fn of(plan: Summary, exact: bool) -> Self {
        let figures = FiguresShown::of(&plan.figures, exact);
        Self { id: plan.id, run: plan.run, label: plan.label, created: plan.created, figures }
    }
}

/// The plans of a project, newest first.
#[utoipa::path(get, path = "/v1/projects/{project}/plans", tag = "plans", params(("project" = String, Path), Paging),
    responses((status = 200, body = Page<PlanShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<PlanShown>>, Problem> {
    caller.may(Right::Read, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let before = paging.after().split_once('_').unwrap_or(("", ""));
    let rows = plans::list(&mut conn, &project, before, paging.fetch()).await?;
    let exact = exact(&caller, &project);
    let show = |plan| PlanShown::of(plan, exact);
    Ok(Json(paging.page(rows, |plan| format!("{}_{}", plan.created, plan.id), show)))
}

/// What to plan and how long to search.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StartPlan {
    /// A scenario of the project; missing: as it is.
    #[schema(max_length = 64)]
    pub(super) scenario: Option<String>,
    /// More modifications, made after the scenario's.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub(super) modifications: Vec<Modification>,
    /// What the plan is called; missing: the scenario's name.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) label: Option<String>,
    /// Seed of everything random; missing: 1.
    #[schema(maximum = 4294967295_u64)]
    pub(super) seed: Option<u32>,
    /// Seconds of search, up to an hour; missing: the project's own.
    #[schema(maximum = 3600)]
    pub(super) seconds: Option<u32>,
    /// Iterations instead of seconds: the same plan on every run.
    #[schema(maximum = 1000000000)]
    pub(super) iterations: Option<u32>,
    /// Independent searches that exchange what they find; missing: the project's own.
    #[schema(minimum = 1, maximum = 16)]
    pub(super) chains: Option<u32>,
    /// Parts to plan; missing: all there are files for.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub(super) only: Vec<Part>,
}

/// A part of a plan.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    /// Stops, lines, timetable, vehicles.
    Shuttle,
    /// Shared bays.
    Parking,
    /// Couriers' rest points.
    Rest,
    /// Blocks of areas, committees of parks.
    Groups,
    /// Shared rooms.
    Rooms,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Shuttle => "shuttle",
            Self::Parking => "parking",
            Self::Rest => "rest",
            Self::Groups => "groups",
            Self::Rooms => "rooms",
        }
    }
}

impl Check for StartPlan {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws: Vec<Flaw> = self.label.iter().filter_map(|label| text_flaw("label", label, 1..=100)).collect();
        flaws.extend(scenario_routes::many(&self.modifications));
        let mut within = |field, value: Option<u32>, least: u32, most: u32| {
            if value.is_some_and(|value| !(least..=most).contains(&value)) {
                flaws.push(Flaw::new(field, "number-range").arg("least", least).arg("most", most));
            }
        };
        within("seconds", self.seconds, 0, 3600);
        within("iterations", self.iterations, 0, 1_000_000_000);
        within("chains", self.chains, 1, 16);
        if self.only.len() > 5 {
            flaws.push(Flaw::new("only", "number-range").arg("least", 0).arg("most", 5));
        }
        flaws
    }
}

impl StartPlan {
    pub(super) fn ask(&self) -> runs::Ask {
        runs::Ask {
            seed: u64::from(self.seed.unwrap_or(1)),
            seconds: self.seconds,
            iterations: self.iterations.map(u64::from),
            chains: self.chains,
            only: self.only.iter().map(|part| part.name().to_owned()).collect(),
        }
    }
}

/// Start a plan: a job. Follow it at its Location.
#[utoipa::path(post, path = "/v1/projects/{project}/plans", tag = "plans", params(("project" = String, Path)),
    request_body = StartPlan, responses(
    (status = 202, body = RunShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn start(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    body: Checked<StartPlan>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Plan, &project)?;
    let inputs = surveys::inputs(&app, &project).await?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    let run = enqueue(&mut tx, &project, None, &body.value, &inputs).await?;
    let reply = tx.finish(Reply::accepted(format!("/v1/runs/{}", run.id), &RunShown::of(run))).await?;
    app.bell().ring();
    Ok(reply)
}

/// Puts a job into the queue, with the project's files as they were when `inputs` was made: just before the transaction.
pub(super) async fn enqueue(
    tx: &mut Doing,
    project: &str,
    sweep: Option<&str>,
    start: &StartPlan,
    inputs: &surveys::Inputs,
) -> Result<Run, Problem> {
    let now = tx.now;
    projects::get(tx, project).await?;
    if runs::open(tx, project).await? >= MOST_OPEN {
        return Err(Problem::conflict("too-many-runs").arg("most", MOST_OPEN));
    }
    let (mut modifications, mut label) = (Modifications::default(), None);
    if let Some(id) = &start.scenario {
        let scenario = scenarios::get(tx, project, id).await?;
        modifications = scenario.modifications;
        label = Some(scenario.name);
    }
    modifications.modification.extend(start.modifications.iter().cloned());
    let label = start.label.clone().or(label).unwrap_or_else(|| "–".to_owned());
    let inputs = inputs.keep(tx).await?;
    if !inputs.iter().any(|file| file.name.eq_ignore_ascii_case("project.toml")) {
        return Err(Problem::conflict("no-project-file"));
    }
    Ok(runs::add(tx, project, sweep, &label, &Origin { inputs, modifications }, &start.ask(), now).await?)
}

/// One plan: its figures.
#[utoipa::path(get, path = "/v1/projects/{project}/plans/{plan}", tag = "plans",
    params(("project" = String, Path), ("plan" = String, Path)), responses(
    (status = 200, body = PlanShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(
    State(app): State<App>,
    caller: Caller,
    At((project, plan)): At<(String, String)>,
) -> Result<Json<PlanShown>, Problem> {
    caller.may(Right::Read, &project)?;
    let plan = plans::get(&mut *app.store().read().await?, &project, &plan).await?;
    Ok(Json(PlanShown::of(plan, exact(&caller, &project))))
}

/// Opens a plan.
pub(super) async fn open(app: &App, project: &str, plan: &str) -> Result<Plan, Problem> {
    let bytes = plans::json(&mut *app.store().read().await?, project, plan).await?;
    aside(move || Plan::from_json(&bytes)).await?.map_err(|error| Problem::fault(&error))
}

/// What each file of a plan folder is, and who may read it.
fn kind(name: &str) -> Option<(&'static str, Right)> {
    Some(match name {
        "plan.json" => ("application/json", Right::ReadCohorts),
        "map.geojson" => ("application/geo+json", Right::ReadCohorts),
        "report.html" | "board.html" | "runsheets.html" => ("text/html; charset=utf-8", Right::Read),
        "gtfs.zip" => ("application/zip", Right::Read),
        "workbook.xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Right::Read),
        "timetable.ics" => ("text/calendar; charset=utf-8", Right::Read),
        _ => return None,
    })
}

/// A file of the plan folder: plan.json, report.html, board.html, runsheets.html, gtfs.zip, map.geojson, workbook.xlsx, timetable.ics.
#[utoipa::path(get, path = "/v1/projects/{project}/plans/{plan}/files/{name}", tag = "plans",
    params(("project" = String, Path), ("plan" = String, Path), ("name" = String, Path)), responses(
    (status = 200, body = Vec<u8>, content_type = "*/*"), (status = 304),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn file(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    At((project, plan, name)): At<(String, String, String)>,
) -> Result<Response, Problem> {
    caller.may(Right::Read, &project)?;
    let (mime, right) = kind(&name).ok_or_else(|| Problem::missing("file"))?;
    caller.may_whole(right, &project)?;
    // A plan never changes: the same plan gives the same bytes, by this version of the program and under the project's names of today.
    let named = projects::get(&mut *app.store().read().await?, &project).await?;
    let tag = format!("\"{plan}-{}-{}\"", named.revision, env!("CARGO_PKG_VERSION"));
    let same = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| tags.contains(&tag));
    let mut conn = app.store().read().await?;
    let bytes = if name == "plan.json" {
        plans::json(&mut conn, &project, &plan).await?
    } else {
        let origin = plans::origin(&mut conn, &project, &plan).await?;
        drop(conn);
        if same {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
        }
        let opened = open(&app, &project, &plan).await?;
        let inputs = app.outward(&*app.project(&origin).await?, &named);
        let wanted = name.clone();
        let files = aside(move || folder::files(&inputs, &opened)).await?.map_err(|error| Problem::fault(&error))?;
        let found = files.into_iter().find(|(known, _)| *known == wanted);
        found.ok_or_else(|| Problem::missing("file"))?.1
    };
    if same {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let headers = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups".to_owned(),
        ),
    ];
    Ok((headers, bytes).into_response())
}

/// Why a cohort travels as it does.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Explained {
    /// The cohort, as it stands in the plan.
    #[schema(value_type = Object)]
    pub(super) cohort: Value,
    /// How its people ride.
    #[schema(value_type = Vec<Object>)]
    pub(super) riders: Vec<Value>,
    /// Who of it does not, why, and the least that would change that.
    #[schema(value_type = Vec<Object>)]
    pub(super) unserved: Vec<Value>,
    /// The same in words.
    pub(super) text: Vec<String>,
    /// The same in Chinese.
    pub(super) text_zh: Vec<String>,
}

/// Why a cohort travels as it does, and what would change that.
#[utoipa::path(get, path = "/v1/projects/{project}/plans/{plan}/cohorts/{cohort}", tag = "plans",
    params(("project" = String, Path), ("plan" = String, Path), ("cohort" = String, Path)), responses(
    (status = 200, body = Explained), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn explain(
    State(app): State<App>,
    caller: Caller,
    At((project, plan, cohort)): At<(String, String, String)>,
) -> Result<Json<Explained>, Problem> {
    caller.may_whole(Right::ReadCohorts, &project)?;
    let plan = open(&app, &project, &plan).await?;
    let found = plan.cohorts.iter().find(|known| known.id == cohort).ok_or_else(|| Problem::missing("cohort"))?;
    Ok(Json(Explained {
        cohort: json(found),
        riders: plan.riders.iter().filter(|rider| rider.cohort == cohort).map(json).collect(),
        unserved: plan.unserved.iter().filter(|row| row.cohort == cohort).map(json).collect(),
        text: words(&plan, &cohort, Language::En),
        text_zh: words(&plan, &cohort, Language::Zh),
    }))
}

/// How the people of a cohort fare, a sentence a row.
pub(super) fn words(plan: &Plan, cohort: &str, language: Language) -> Vec<String> {
    let stop = |id: &str| {
        plan.stops.iter().find(|stop| stop.id == id).map_or_else(
            || id.to_owned(),
            |stop| match language {
                Language::En if !stop.name_en.is_empty() => stop.name_en.clone(),
                _ => stop.name.clone(),
            },
        )
    };
    let time = |trip: &str, at: &str| {
        let trip = plan.trips.iter().find(|known| known.id == trip)?;
        Some(trip.times.iter().find(|time| time.stop == at)?.depart.clock())
    };
    let mut said = Vec::new();
    for rider in plan.riders.iter().filter(|rider| rider.cohort == cohort) {
        for leg in &rider.legs {
            let args = [
                ("time", time(&leg.trip, &leg.board).unwrap_or_default().into()),
                ("from", stop(&leg.board).into()),
                ("to", stop(&leg.alight).into()),
                ("walk", rider.walk_m.0.into()),
                ("wait", (rider.wait_s.0 / 60).into()),
                ("ride", (rider.ride_s.0 / 60).into()),
            ];
            said.push(phrase(language, "explain-rides", &args));
        }
    }
    for row in plan.unserved.iter().filter(|row| row.cohort == cohort) {
        said.push(phrase(language, &format!("reason-{}", row.reason), &[]));
    }
    said.extend(rides::explained(Words(language), plan, cohort));
    said
}

/// A row of a plan as JSON.
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// Which plans to put side by side.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Compared {
    /// Ids of 2 to 6 plans, with commas between.
    #[param(min_length = 1, max_length = 500)]
    pub(super) plans: String,
}

impl Check for Compared {}

/// Plans side by side.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Comparison {
    /// The plans, in order.
    pub(super) plans: Vec<PlanShown>,
    /// A figure a row.
    pub(super) rows: Vec<ComparisonRow>,
    /// What changes for riders and drivers from the first plan to each of the others.
    pub(super) changes: Vec<Changes>,
}

/// A figure of all plans.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ComparisonRow {
    /// Key.
    pub(super) figure: String,
    /// Name.
    pub(super) title: String,
    /// Chinese name.
    pub(super) title_zh: String,
    /// `less`, `more` or `neither` is better.
    pub(super) better: String,
    /// A value a plan.
    #[schema(value_type = Vec<Value>)]
    pub(super) values: Vec<Value>,
}

/// What changes from one plan to another.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changes {
    /// From this plan.
    pub(super) from: String,
    /// To this one.
    pub(super) to: String,
    /// In words.
    pub(super) text: Vec<String>,
    /// In Chinese.
    pub(super) text_zh: Vec<String>,
}

/// Put plans side by side: figures, and what changes in words.
#[utoipa::path(get, path = "/v1/projects/{project}/comparison", tag = "plans",
    params(("project" = String, Path), Compared), responses(
    (status = 200, body = Comparison), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn comparison(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(Compared { plans: ids }): Params<Compared>,
) -> Result<Json<Comparison>, Problem> {
    caller.may(Right::Read, &project)?;
    let ids: Vec<&str> = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if !(2..=MOST_COMPARED).contains(&ids.len()) {
        return Err(Problem::conflict("compare-count").arg("most", MOST_COMPARED));
    }
    let exact = exact(&caller, &project);
    let (mut shown, mut opened) = (Vec::new(), Vec::new());
    for id in &ids {
        shown.push(PlanShown::of(plans::get(&mut *app.store().read().await?, &project, id).await?, exact));
        opened.push(open(&app, &project, id).await?);
    }
    let origin = plans::origin(&mut *app.store().read().await?, &project, ids[0]).await?;
    let least = People::whole(app.project(&origin).await?.policy.k_anonymity);
    let names: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let (rows, changes) = aside(move || side_by_side(&opened, &names, least, exact)).await?;
    Ok(Json(Comparison { plans: shown, rows, changes }))
}

fn side_by_side(plans: &[Plan], names: &[String], least: People, exact: bool) -> (Vec<ComparisonRow>, Vec<Changes>) {
    let bare: Vec<&Plan> = plans.iter().collect();
    let rows = compare::side_by_side(&bare)
        .into_iter()
        .map(|row| ComparisonRow {
            figure: row.figure.to_owned(),
            title: phrase(Language::En, row.figure, &[]),
            title_zh: phrase(Language::Zh, row.figure, &[]),
            better: json(&row.better).as_str().unwrap_or_default().to_owned(),
            values: row
                .values
                .into_iter()
                .map(|value| match value {
                    compare::Value::Number(number)
                        if !exact && ["compare-served", "compare-rides-served"].contains(&row.figure) =>
                    {
                        json(&compare::Value::Number(fives(number)))
                    }
                    compare::Value::Count(count) if !exact && row.figure == "compare-permits" => {
                        json(&compare::Value::Count(count.div_ceil(5) * 5))
                    }
                    value => json(&value),
                })
                .collect(),
        })
        .collect();
    let changes = names
        .iter()
        .zip(plans)
        .skip(1)
        .map(|(name, plan)| {
            let found = compare::diff(&plans[0], plan, least);
            let said = |language| {
                found.iter().take(200).map(|change| phrase(language, change.key(), &change.args())).collect()
            };
            Changes { from: names[0].clone(), to: name.clone(), text: said(Language::En), text_zh: said(Language::Zh) }
        })
        .collect();
    (rows, changes)
}
