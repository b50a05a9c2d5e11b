//! Sweeps: many jobs at once, one table of what came out, and which of them no other beats.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::App;
use super::ask::Ask;
use super::body::{At, Check, Checked, Params, text_flaw};
use super::caller::{Caller, Right};
use super::page::{Page, Paging};
use super::plans::{FiguresShown, StartPlan, enqueue, exact};
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::Reply;
use super::runs::RunShown;
use super::surveys;
use crate::storage::runs::{self, Sweep};
use crate::storage::{plans, projects};

/// Jobs of a sweep, at most.
const MOST: usize = 60;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, start)).routes(routes!(read))
}

/// A sweep in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sweep)]
pub(super) struct SweepShown {
    /// Id.
    id: String,
    /// What it is called.
    name: String,
    /// When it was asked for.
    created: String,
}

impl SweepShown {
    fn of(sweep: Sweep) -> Self {
        Self { id: sweep.id, name: sweep.name, created: sweep.created }
    }
}

/// The sweeps of a project, oldest first.
#[utoipa::path(get, path = "/v1/projects/{project}/sweeps", tag = "plans", params(("project" = String, Path), Paging),
    responses((status = 200, body = Page<SweepShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<SweepShown>>, Problem> {
    caller.may(Right::Read, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let rows = runs::sweeps(&mut conn, &project, paging.after(), paging.fetch()).await?;
    Ok(Json(paging.page(rows, |sweep| sweep.id.clone(), SweepShown::of)))
}

/// A sweep to start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSweep {
    /// What it is called.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) name: String,
    /// Its plans.
    #[schema(min_items = 1, max_items = 60)]
    pub(super) plans: Vec<StartPlan>,
}

impl Check for NewSweep {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws: Vec<Flaw> = text_flaw("name", &self.name, 1..=100).into_iter().collect();
        if !(1..=MOST).contains(&self.plans.len()) {
            flaws.push(Flaw::new("plans", "number-range").arg("least", 1).arg("most", MOST));
        }
        for (number, plan) in self.plans.iter().enumerate() {
            flaws.extend(
                plan.flaws().into_iter().map(|flaw| Flaw { field: format!("plans[{number}].{}", flaw.field), ..flaw }),
            );
        }
        flaws
    }
}

/// Start many plans at once: look for their table at the Location.
#[utoipa::path(post, path = "/v1/projects/{project}/sweeps", tag = "plans", params(("project" = String, Path)),
    request_body = NewSweep, responses(
    (status = 202, body = SweepShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn start(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    body: Checked<NewSweep>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Plan, &project)?;
    let inputs = surveys::inputs(&app, &project).await?;
    let mut tx = ask.begin(&app, body.fingerprint()).await?;
    let now = tx.now;
    projects::get(&mut tx, &project).await?;
    let sweep = runs::add_sweep(&mut tx, &project, &body.value.name, now).await?;
    for plan in &body.value.plans {
        enqueue(&mut tx, &project, Some(&sweep.id), plan, &inputs).await?;
    }
    let location = format!("/v1/projects/{project}/sweeps/{}", sweep.id);
    let reply = tx.finish(Reply::accepted(location, &SweepShown::of(sweep))).await?;
    app.bell().ring();
    Ok(reply)
}

/// The table of a sweep.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SweepTable {
    /// Id.
    pub(super) id: String,
    /// What it is called.
    pub(super) name: String,
    /// Jobs that have not ended.
    pub(super) open: usize,
    /// A row a job, in the order they were asked for.
    pub(super) rows: Vec<SweepRow>,
}

/// A job of a sweep and its plan.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SweepRow {
    /// The job.
    pub(super) run: RunShown,
    /// Its plan's figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) figures: Option<FiguresShown>,
    /// No other plan of the sweep costs no more and has an objective no worse, with one of them better.
    pub(super) pareto: bool,
}

/// The table of a sweep: what came out, and which plans no other beats in both money and objective.
#[utoipa::path(get, path = "/v1/projects/{project}/sweeps/{sweep}", tag = "plans",
    params(("project" = String, Path), ("sweep" = String, Path)), responses(
    (status = 200, body = SweepTable), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn read(
    State(app): State<App>,
    caller: Caller,
    At((project, sweep)): At<(String, String)>,
) -> Result<Json<SweepTable>, Problem> {
    caller.may(Right::Read, &project)?;
    let mut conn = app.store().read().await?;
    let sweep = runs::get_sweep(&mut conn, &project, &sweep).await?;
    let jobs = runs::of_sweep(&mut conn, &sweep.id).await?;
    let mut rows = Vec::with_capacity(jobs.len());
    for job in jobs {
        let plan = job.plan.clone().filter(|_| job.state.ended());
        let figures = match plan {
            Some(plan) => Some(plans::get(&mut conn, &project, &plan).await?.figures),
            None => None,
        };
        rows.push((job, figures));
    }
    let points: Vec<Option<(i64, i64)>> =
        rows.iter().map(|(_, figures)| figures.as_ref().map(|figures| (figures.cost, figures.objective))).collect();
    let exact = exact(&caller, &project);
    let open = rows.iter().filter(|(job, _)| !job.state.ended()).count();
    let rows = rows
        .into_iter()
        .zip(&points)
        .map(|((job, figures), point)| SweepRow {
            run: RunShown::of(job),
            figures: figures.as_ref().map(|figures| FiguresShown::of(figures, exact)),
            pareto: point.is_some_and(|point| unbeaten(point, &points)),
        })
        .collect();
    Ok(Json(SweepTable { id: sweep.id, name: sweep.name, open, rows }))
}

fn unbeaten((cost, objective): (i64, i64), points: &[Option<(i64, i64)>]) -> bool {
    !points.iter().flatten().any(|&(c, o)| c <= cost && o <= objective && (c, o) != (cost, objective))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_beaten_by_one_no_dearer_and_no_worse() {
        let points = [Some((10, 100)), Some((20, 90)), Some((20, 95)), None, Some((10, 100))];
        let unbeaten: Vec<bool> = points.iter().flatten().map(|&point| unbeaten(point, &points)).collect();
        assert_eq!(unbeaten, [true, true, false, true]);
    }
}
