//! From a project to a plan. [`make_plan`] reads top to bottom as the product does.
//!
//! survey -> cohorts -> stops -> lines -> timetable -> blocks and duties -> plan -> evaluation; parking, rest points, groups and
//! rooms beside it. A plan leaves only after [`check`], which shares no code with the stages, found nothing against it.

pub mod assemble;
pub mod bound;
pub mod check;
pub mod compare;
pub mod costs;
pub mod demand;
pub mod draft;
pub mod duties;
pub mod evaluation;
pub mod explain;
pub mod first;
pub mod grouping;
pub mod improve;
pub mod lines;
pub mod model;
pub mod parking;
pub mod plan;
pub mod project;
pub mod rest;
pub mod rooms;
pub mod scenario;
pub mod shares;
pub mod stops;
pub mod timetable;
pub mod trips;
pub mod vehicles;

use std::sync::Arc;

use crate::domain::finding::Finding;
use crate::network::Network;
use crate::search::{Ended, Progress, Run, Solved};
use assemble::Shuttle;
use draft::Shop;
use improve::Desk;
use plan::{FORMAT, Plan};
use project::Project;
use trips::Offer;

/// What is planned; each part needs only its own files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Stops, lines, timetable, vehicles.
    pub shuttle: bool,
    /// Shared bays.
    pub parking: bool,
    /// Couriers' rest points.
    pub rest: bool,
    /// Blocks of areas, committees of parks.
    pub groups: bool,
    /// Shared rooms.
    pub rooms: bool,
}

impl Parts {
    /// Everything the project has inputs for.
    pub const ALL: Self = Self { shuttle: true, parking: true, rest: true, groups: true, rooms: true };
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanningError {
    /// The checker refused what the stages made: a fault of ours, never of the inputs.
    #[error("the plan was made but did not pass its check ({} findings, the first: {}); please report this", .0.len(), .0.first().map_or("", |finding| finding.code.as_str()))]
    Refused(Vec<Finding>),
}

/// Makes a plan. `start` is the plan a search is taken up from; it is named in the new one.
///
/// # Errors
/// Only if the plan does not pass [`check`].
pub fn make_plan(
    project: &Project,
    parts: Parts,
    start: Option<&Plan>,
    run: &Run<'_>,
) -> Result<Solved<Arc<Plan>>, PlanningError> {
    let network = Network::new(&project.roads, &project.speeds());
    let mut findings = project.findings.clone();
    let mut plan = empty(project, start, run);
    if project.in_force.is_some() {
        findings.push(Finding::warning("plan-in-force-not-priced").file("plan.json"));
    }
    let mut ended = Ended::Complete;
    let mut iterations = 0;
    // The small parts first: the shuttle's search uses all the time there is.
    if parts.parking {
        let (parking, doubts) = parking::allot(project, &network, run);
        plan.parking = parking;
        findings.extend(doubts);
    }
    if parts.rest {
        let (points, doubts) = rest::choose(project, &network, run);
        plan.rest_points = points;
        findings.extend(doubts);
    }
    if parts.groups {
        let (groups, doubts) = grouping::group(project, &network, run);
        plan.groups = groups;
        findings.extend(doubts);
    }
    if parts.rooms {
        let (rooms, doubts) = rooms::grant(project, run);
        plan.rooms = rooms;
        findings.extend(doubts);
    }
    if parts.shuttle {
        let demand = demand::estimate(project, &network);
        findings.extend(demand.findings.iter().cloned());
        let (model, doubts) = stops::choose(project, &network, demand);
        findings.extend(doubts);
        (run.watch)(&Progress { stage: "stage-lines", iteration: 0, objective: None, bound: None });
        let offers =
            lines::pool(&model).into_iter().map(|line| Offer::new(&model, line)).filter(|offer| !offer.is_empty());
        let shop = Shop { project, model: &model, offers: offers.collect() };
        let desk = Desk::new(&shop);
        let improved = improve::explore(&desk, first::drafts(&shop, &desk, run), run);
        ended = improved.ended;
        iterations = improved.iterations;
        let shuttle = assemble::shuttle(&shop, &network, &improved.best.draft);
        let nothing = shuttle.evaluation.nothing;
        let rows = shuttle.riders.len() + shuttle.unserved.len();
        let least = bound::objective(project, &model, nothing, rows);
        plan.bound = bound::state(project, least, shuttle.evaluation.objective, nothing);
        plan.cohorts.clone_from(&model.cohorts);
        put(project, &mut plan, shuttle, &mut findings);
        findings.extend(idle_services(&plan));
    }
    plan.iterations = iterations;
    plan.findings = findings;
    let plan = plan.sealed();
    let against = check::check(project, &plan);
    if !against.is_empty() {
        return Err(PlanningError::Refused(against));
    }
    let bound = Some(plan.bound.objective.0 as f64);
    Ok(Solved { best: Arc::new(plan), bound, ended, iterations })
}

fn empty(project: &Project, start: Option<&Plan>, run: &Run<'_>) -> Plan {
    Plan {
        format: FORMAT.to_owned(),
        id: String::new(),
        parent: project.in_force.as_ref().map(|plan| plan.id.clone()),
        started_from: start.map(|plan| plan.id.clone()),
        inputs_hash: project.inputs_hash.clone(),
        seed: run.seed,
        iterations: 0,
        chains: run.chains,
        services: project.services.iter().map(assemble::service_days).collect(),
        cohorts: Vec::new(),
        stops: Vec::new(),
        lines: Vec::new(),
        trips: Vec::new(),
        blocks: Vec::new(),
        duties: Vec::new(),
        riders: Vec::new(),
        unserved: Vec::new(),
        parking: plan::Parking::default(),
        rest_points: Vec::new(),
        groups: Vec::new(),
        rooms: Vec::new(),
        costs: plan::Costs::default(),
        evaluation: plan::Evaluation::default(),
        simulated: None,
        bound: plan::Bound::default(),
        findings: Vec::new(),
    }
}

fn put(project: &Project, plan: &mut Plan, shuttle: Shuttle, findings: &mut Vec<Finding>) {
    plan.stops = shuttle.stops;
    plan.lines = shuttle.lines;
    plan.trips = shuttle.trips;
    plan.blocks = shuttle.blocks;
    plan.duties = shuttle.duties;
    plan.riders = shuttle.riders;
    plan.unserved = shuttle.unserved;
    plan.costs = shuttle.costs;
    plan.evaluation = shuttle.evaluation;
    plan.costs.shares = shares::by_boardings(plan.costs.total_fen, &plan.riders, &plan.cohorts, project);
    findings.extend(shuttle.findings);
}

/// Services that people wished for and nothing runs on: said aloud, not left to be found out.
fn idle_services(plan: &Plan) -> Vec<Finding> {
    let idle = |service: &&plan::ServiceDays| plan.trips.iter().all(|trip| trip.service != service.id);
    plan.services
        .iter()
        .filter(idle)
        .map(|service| {
            let people: f64 = plan.cohorts.iter().filter(|c| c.service == service.id).map(|c| c.people.as_f64()).sum();
            Finding::note("service-runs-nothing").arg("service", service.id.as_str()).arg("people", people.round())
        })
        .collect()
}
