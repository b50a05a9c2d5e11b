//! A plan's page: what it gives and costs, how good it is, all its files, and why a group of people travels as it does.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::shown::{PlanRow, may, modification, money, name, today, with, words};
use crate::api::app::App;
use crate::api::body::At;
use crate::api::caller::Right;
use crate::api::plans as api;
use crate::planning::plan::{Cohort, OnDemand, Plan, TimeKind};
use crate::planning::project::Project;
use crate::publish::drawing::requests;
use crate::publish::pages::shell;
use crate::publish::pages::words::{Words, tenth};
use crate::publish::rides;
use crate::storage::{plans, projects};

/// Groups listed at once.
const GROUPS: usize = 40;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/projects/{project}/plans/{plan}", get(show))
}

/// A group of people with the same wish.
struct Group {
    id: String,
    from: String,
    to: String,
    time: String,
    people: String,
}

/// What a planner looked up.
struct Lookup {
    find: String,
    groups: Vec<Group>,
    more: bool,
    /// Of the one that was chosen: who, and how it fares.
    chosen: Option<(Group, Vec<String>)>,
    /// A drawn day of each of the rides on request, whole: what it is called, its drawing. Planners only, as all of this.
    drawn: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "committee_plan.html")]
struct Page {
    w: Words,
    project: String,
    name: String,
    plan: PlanRow,
    quality: String,
    changed: Vec<String>,
    stops: usize,
    permits: usize,
    may_plan: bool,
    may_publish: bool,
    lookup: Option<Lookup>,
    today: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    find: String,
    cohort: String,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    At((project, plan)): At<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let w = words(&visitor);
    let mut conn = app.store().read().await?;
    let name = name(w, &projects::get(&mut conn, &project).await?);
    let summary = plans::get(&mut conn, &project, &plan).await?;
    let origin = plans::origin(&mut conn, &project, &plan).await?;
    drop(conn);
    let lookup = if may(&visitor, Right::ReadCohorts, &project) && !(asked.find.is_empty() && asked.cohort.is_empty()) {
        let opened = api::open(&app, &project, &plan).await?;
        let inputs = app.project(&origin).await?;
        Some(look_up(w, &inputs, &opened, &asked))
    } else if may(&visitor, Right::ReadCohorts, &project) {
        Some(Lookup { find: String::new(), groups: Vec::new(), more: false, chosen: None, drawn: Vec::new() })
    } else {
        None
    };
    let figures = &summary.figures;
    let (won, possible) = (figures.nothing - figures.objective, figures.nothing - figures.bound);
    let quality = if possible <= 0 {
        w.t("report-quality-nothing-pays")
    } else {
        #[expect(clippy::cast_precision_loss, reason = "fen of a day")]
        let share = (won as f64 / possible as f64).clamp(0.0, 1.0);
        let slots = [
            ("won", money(won)),
            ("possible", money(possible)),
            ("share", format!("{:.0}", (share * 100.0).floor())),
            ("gap", tenth(figures.gap * 100.0)),
        ];
        let slots: Vec<(&str, &str)> = slots.iter().map(|(key, text)| (*key, text.as_str())).collect();
        with(w, "report-quality", &slots)
    };
    let (stops, permits) = (figures.stops, figures.permits);
    let plan = PlanRow::of(w, &summary);
    let title = format!("{} · {name}", plan.label);
    let page = Page {
        w,
        may_plan: may(&visitor, Right::ReadCohorts, &project),
        may_publish: may(&visitor, Right::Publish, &project),
        changed: origin.modifications.modification.iter().map(|one| modification(w, one)).collect(),
        today: today().to_string(),
        project,
        name,
        plan,
        quality,
        stops,
        permits,
        lookup,
    };
    Ok(visitor.page(&title, &shell::render(&page)))
}

fn group(w: Words, project: &Project, plan: &Plan, cohort: &Cohort) -> Group {
    let key = match cohort.time_kind {
        TimeKind::ArriveBy => "committee-cohort-arrive",
        TimeKind::DepartAfter => "committee-cohort-depart",
    };
    Group {
        id: cohort.id.clone(),
        from: w.place(project, plan, &cohort.origin),
        to: w.place(project, plan, &cohort.destination),
        time: with(w, key, &[("time", &cohort.time.clock())]),
        // Planners see whole cohorts.
        people: tenth(cohort.people.as_f64()),
    }
}

/// Groups whose places, time or id hold the words asked for.
fn look_up(w: Words, project: &Project, plan: &Plan, asked: &Asked) -> Lookup {
    let find = asked.find.trim().to_lowercase();
    let fits = |cohort: &&Cohort| {
        let text = format!(
            "{} {} {} {} {} {}",
            cohort.id,
            cohort.origin,
            cohort.destination,
            w.place(project, plan, &cohort.origin),
            w.place(project, plan, &cohort.destination),
            cohort.time.clock()
        );
        let text = text.to_lowercase();
        find.split_whitespace().all(|word| text.contains(word))
    };
    let shown = !find.is_empty();
    let mut found: Vec<&Cohort> = plan.cohorts.iter().filter(|_| shown).filter(fits).collect();
    let more = found.len() > GROUPS;
    found.truncate(GROUPS);
    let chosen = plan
        .cohorts
        .iter()
        .find(|cohort| cohort.id == asked.cohort)
        .map(|cohort| (group(w, project, plan, cohort), api::words(plan, &cohort.id, w.0)));
    Lookup {
        find: asked.find.trim().to_owned(),
        groups: found.into_iter().map(|cohort| group(w, project, plan, cohort)).collect(),
        more,
        chosen,
        drawn: rides::offered(plan).filter_map(|offer| drawn(w, plan, offer)).collect(),
    }
}

/// A drawn day of rides on request with all its rides.
fn drawn(w: Words, plan: &Plan, offer: &OnDemand) -> Option<(String, String)> {
    let label = with(w, "asked-day-label", &[("name", &rides::name(w, offer))]);
    let drawing = requests::whole(offer, &rides::lanes(w, plan, offer), &label)?;
    Some((label, drawing))
}
