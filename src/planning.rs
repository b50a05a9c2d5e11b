//! From a project to a plan. [`make_plan`] reads top to bottom as the product does.
//!
//! survey -> cohorts -> stops -> lines -> timetable and vehicles together -> blocks and duties -> plan -> evaluation; parking, rest points, groups and
//! rooms beside it. A plan leaves only after [`check`], which shares no code with the stages, found nothing against it.

pub mod assemble;
pub mod assignment;
pub mod baselines;
pub mod bound;
pub mod changes;
pub mod check;
pub mod columns;
pub mod commute;
pub mod compare;
pub mod costs;
pub mod demand;
pub mod draft;
pub mod duties;
pub mod evaluation;
pub mod explain;
pub mod first;
pub mod frontier;
pub mod grouping;
pub mod improve;
pub mod joint;
pub mod lines;
pub mod model;
pub mod observed;
pub mod on_demand;
pub mod parking;
pub mod plan;
pub mod project;
pub mod replan;
pub mod rest;
pub mod rooms;
pub mod scenario;
pub mod shares;
pub mod simulation;
pub mod stops;
pub mod sweep;
pub mod synthetic;
pub mod timetable;
pub mod together;
pub mod transit;
pub mod trips;
pub mod vehicles;
pub mod warm;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::domain::finding::Finding;
use crate::domain::units::Fen;
use crate::network::Network;
use crate::search::{Ended, Progress, Run, Solved};
use assemble::Shuttle;
use draft::{Draft, Shop};
use improve::{Desk, Weighed};
use model::Model;
use plan::{Estimate, FORMAT, Plan};
use project::Project;
use shares::joint::Worth;
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

    /// As `--only` and plan.json name them.
    fn names(self) -> Vec<String> {
        let Self { shuttle, parking, rest, groups, rooms } = self;
        let all = [(shuttle, "shuttle"), (parking, "parking"), (rest, "rest"), (groups, "groups"), (rooms, "rooms")];
        all.into_iter().filter(|(asked, _)| *asked).map(|(_, name)| name.to_owned()).collect()
    }
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanningError {
    /// The checker refused what the stages made: a fault of ours, never of the inputs.
    #[error("the plan was made but did not pass its check ({} findings, the first: {}); please report this", .0.len(), .0.first().map_or("", |finding| finding.code.as_str()))]
    Refused(Vec<Finding>),
    /// No plan with so few changes: the first finding says how many are needed, the others what the plan in force breaks today.
    #[error("no plan with so few changes was found ({} findings say why)", .0.len())]
    TooFewChanges(Vec<Finding>),
    /// The roads cross each other so much, and are so many, that travel times would take hours.
    #[error("the roads cross each other as no city's do, and are too many to be searched without an index")]
    Tangled,
}

/// Takes a plan that is handed out while the search goes on.
pub type HandOut<'a> = dyn Fn(Arc<Plan>) + Sync + 'a;

/// Makes a plan. `start` is the plan a search is taken up from (it is named in the new one): what can still run of it is one of the
/// drafts the search starts with.
///
/// With a plan in force, what changes against it is priced, and limited by `max_changes`; it is one of the drafts too. With none
/// allowed it is returned as it is, if it keeps today's rules; where only the demand is another, people choose again on its trips.
///
/// Whenever the watcher asks for a snapshot, `hand_out` is given the best plan so far, whole, sealed and checked: at the next look
/// of the search, the first of which come right after the stages made a plan. Handing out changes nothing in what is searched. Parts without
/// a shuttle have nothing to hand out before they are done.
///
/// # Errors
/// Only if the plan does not pass [`check`] (a snapshot that does not is not handed out), or none was found with so few changes.
pub fn make_plan(
    project: &Project,
    parts: Parts,
    start: Option<&Plan>,
    run: &Run<'_>,
    hand_out: &HandOut<'_>,
) -> Result<Solved<Arc<Plan>>, PlanningError> {
    // Asked in any stage, by whatever thread; answered where there is a plan.
    let asked = AtomicBool::new(false);
    let watch = |progress: &Progress| {
        let answer = (run.watch)(progress);
        if answer.snapshot {
            asked.store(true, Ordering::Relaxed);
        }
        answer
    };
    let run = &Run { watch: &watch, ..*run };
    let network = Network::new(&project.roads, &project.speeds());
    let mut plan = Plan { parts: parts.names(), ..empty(project, start, run) };
    plan.findings.clone_from(&project.findings);
    plan.findings.extend(network.findings("roads"));
    if network.is_hopeless() {
        return Err(PlanningError::Tangled);
    }
    // The small parts first: the shuttle's search uses all the time there is.
    if parts.parking {
        let (parking, doubts) = parking::allot(project, &network, run);
        plan.parking = parking;
        plan.findings.extend(doubts);
    }
    if parts.rest {
        let (points, doubts) = rest::choose(project, &network, run);
        plan.rest_points = points;
        plan.findings.extend(doubts);
    }
    if parts.groups {
        let (groups, doubts) = grouping::group(project, &network, run);
        plan.groups = groups;
        plan.findings.extend(doubts);
    }
    if parts.rooms {
        let granted = rooms::grant(project, run);
        plan.rooms = granted.uses;
        plan.room_refusals = granted.refusals;
        plan.findings.extend(granted.findings);
    }
    let (mut ended, mut iterations) = (Ended::Complete, 0);
    let mut counted = None;
    if parts.shuttle {
        let olds = start.into_iter().chain(project.in_force.as_deref());
        let (model, offers, doubts) = lay_out(project, &network, olds, run);
        plan.findings.extend(doubts);
        let shop = Shop { project, model: &model, offers };
        let desk = Desk::new(&shop);
        let kept = match project.in_force.as_deref() {
            Some(in_force) => keep(&plan, in_force, &shop, &desk, &network, run)?,
            None => Kept::Nothing,
        };
        if let Kept::Whole(plan) = kept {
            let bound = Some(plan.bound.objective.0 as f64);
            return Ok(Solved { best: Arc::new(*plan), bound, ended, iterations });
        }
        let known = start.and_then(|start| warm::draft(&shop, &desk, start, run));
        let proven = Cell::new(f64::NEG_INFINITY);
        let show = |best: &Weighed, done: u64| {
            if asked.swap(false, Ordering::Relaxed)
                && let Ok(plan) =
                    sealed(project, &network, with_shuttle(&plan, &shop, &network, &best.draft, done, proven.get()))
            {
                hand_out(Arc::new(plan));
            }
        };
        let mut known: Vec<Weighed> = known.into_iter().collect();
        if let Kept::Draft(draft) = kept {
            counted = (!project.boardings.is_empty()).then(|| (desk.promised(&draft), draft.worth.changes));
            known.push(*draft);
        }
        let joint = together::search(&desk, known, run, &mut |best, bound| {
            proven.set(bound);
            show(best, 0);
        });
        proven.set(joint.bound);
        let improved = joint.improve(&desk, run, &show);
        (ended, iterations) = (improved.ended, improved.iterations);
        let worth = shares::joint::worth(&shop, &improved.best, run);
        let best = worth.best().unwrap_or(&improved.best);
        let made = with_shuttle(&plan, &shop, &network, &best.draft, iterations, joint.bound);
        // A draft knows fewer ways to string trips together than a plan: what was better as it stood stays as it stood.
        let better = |old: &&Plan| {
            project.in_force.is_none()
                && old.inputs_hash == project.inputs_hash
                && old.evaluation.objective < made.evaluation.objective
        };
        let whole = start.filter(better).map(|old| Plan { iterations, ..unchanged(&plan, old) });
        plan = whole.filter(|plan| sealed(project, &network, plan.clone()).is_ok()).unwrap_or(made);
        share_out(&shop, &best.draft, &mut plan, &worth);
        let (rides, doubts) = on_demand::offer(project, shop.model, &plan, run);
        plan.on_demand = rides;
        plan.findings.extend(doubts);
    }
    if let Some((kept, of_it)) = counted {
        let [kept, of_it] = [kept, of_it].map(fen);
        let told = replan::finding(kept, of_it, &plan);
        plan.findings.push(told);
    }
    let plan = sealed(project, &network, plan)?;
    let bound = Some(plan.bound.objective.0 as f64);
    Ok(Solved { best: Arc::new(plan), bound, ended, iterations })
}

#[expect(clippy::cast_possible_truncation, reason = "a day's cost is far below 2^53 fen")]
fn fen(exact: f64) -> Fen {
    Fen(exact.round() as i64)
}

/// Who travels, between which stops, and the lines that could be worth running: the pool's, and those of older plans.
fn lay_out<'p>(
    project: &Project,
    network: &Network,
    olds: impl Iterator<Item = &'p Plan>,
    run: &Run<'_>,
) -> (Model, Vec<Offer>, Vec<Finding>) {
    let demand = demand::estimate(project, network);
    let mut findings = demand.findings.clone();
    let (model, doubts) = stops::choose(project, network, demand);
    findings.extend(doubts);
    let modes = project.policy.modes;
    let mut pool = if modes.shuttle { lines::pool(&model, run) } else { Vec::new() };
    if modes.commute {
        let known: BTreeSet<_> = pool.iter().cloned().collect();
        let (lines, doubts) = commute::pool(project, &model, run);
        findings.extend(doubts);
        pool.extend(lines.into_iter().filter(|line| !known.contains(line)));
    }
    let mut pool: Vec<_> = pool.into_par_iter().filter(|line| !assemble::turns(&model, network, line)).collect();
    // Where only rides on request are planned, old lines do not come back.
    for old in olds.filter(|_| modes.shuttle || modes.commute) {
        pool.extend(warm::lines(&model, old, &pool));
    }
    let offers = pool.into_iter().map(|line| Offer::new(&model, line)).filter(|offer| !offer.is_empty()).collect();
    (model, offers, findings)
}

/// What of the plan in force still holds.
enum Kept {
    /// Nothing: there is none, or it cannot run.
    Nothing,
    /// A draft to search from.
    Draft(Box<Weighed>),
    /// All of it, and nothing else was asked for.
    Whole(Box<Plan>),
}

/// The plan in force under today's inputs: whole where no change is allowed, else a draft.
fn keep(
    others: &Plan,
    in_force: &Plan,
    shop: &Shop<'_>,
    desk: &Desk<'_>,
    network: &Network,
    run: &Run<'_>,
) -> Result<Kept, PlanningError> {
    let project = shop.project;
    let mut against = Vec::new();
    if project.max_changes == Some(0) {
        match sealed(project, network, unchanged(others, in_force)) {
            Ok(plan) => return Ok(Kept::Whole(Box::new(plan))),
            Err(PlanningError::Refused(found) | PlanningError::TooFewChanges(found)) => against = found,
            Err(error @ PlanningError::Tangled) => return Err(error),
        }
    }
    match (warm::draft(shop, desk, in_force, run), project.max_changes) {
        (Some(draft), Some(0)) => {
            let mut plan = with_shuttle(others, shop, network, &draft.draft, 0, f64::NEG_INFINITY);
            share_out(shop, &draft.draft, &mut plan, &shares::joint::worth(shop, &draft, run));
            plan.findings.push(Finding::note("plan-in-force-riders-again").file("plan.json"));
            let (rides, doubts) = on_demand::offer(project, shop.model, &plan, run);
            plan.on_demand = rides;
            plan.findings.extend(doubts);
            Ok(Kept::Whole(Box::new(sealed(project, network, plan)?)))
        }
        (Some(draft), _) => Ok(Kept::Draft(Box::new(draft))),
        (None, None) => Ok(Kept::Nothing),
        (None, Some(most)) => {
            // As near as it can be run today says how many changes are enough.
            let free = Project { max_changes: None, ..project.clone() };
            let shop = Shop { project: &free, model: shop.model, offers: shop.offers.clone() };
            let least = warm::draft(&shop, &Desk::new(&shop), in_force, run)
                .map(|draft| changes::Ledger::new(&shop, in_force).weigh(&draft.draft).1);
            let finding = Finding::error("too-few-changes").file("plan.json").arg("most", most);
            against.insert(0, finding.arg("enough", least.unwrap_or(u32::MAX)));
            Err(PlanningError::TooFewChanges(against))
        }
    }
}

/// The other parts' plan with the shuttle of the plan in force, as it is.
fn unchanged(others: &Plan, in_force: &Plan) -> Plan {
    let mut plan = Plan {
        cohorts: in_force.cohorts.clone(),
        stops: in_force.stops.clone(),
        lines: in_force.lines.clone(),
        trips: in_force.trips.clone(),
        blocks: in_force.blocks.clone(),
        duties: in_force.duties.clone(),
        riders: in_force.riders.clone(),
        unserved: in_force.unserved.clone(),
        on_demand: in_force.on_demand.clone(),
        costs: in_force.costs.clone(),
        evaluation: in_force.evaluation.clone(),
        bound: in_force.bound.clone(),
        ..others.clone()
    };
    // What it once changed has been told; today nothing changes.
    let worth = &mut plan.evaluation;
    worth.objective -= worth.terms.changes_fen;
    worth.terms.changes_fen = Fen::ZERO;
    plan.bound.gap = bound::gap(worth.objective, plan.bound.objective, worth.nothing);
    let idle = idle_services(&plan);
    plan.findings.extend(idle);
    plan
}

/// The other parts' plan with the shuttle of a draft, after so many iterations.
fn with_shuttle(
    others: &Plan,
    shop: &Shop<'_>,
    network: &Network,
    draft: &Draft,
    iterations: u64,
    proven: f64,
) -> Plan {
    let project = shop.project;
    let mut plan = others.clone();
    let shuttle = assemble::shuttle(shop, network, draft);
    let rows = shuttle.riders.len() + shuttle.unserved.len();
    plan.cohorts.clone_from(&shop.model.cohorts);
    plan.iterations = iterations;
    put(project, &mut plan, shuttle);
    let nothing = plan.evaluation.nothing;
    let simple = bound::objective(project, shop.model, nothing, rows);
    let joint = Some(bound::joint(project, proven, nothing, rows));
    plan.bound = bound::state(project, simple, joint, plan.evaluation.objective, nothing);
    explain::state(project, shop.model, network, &mut plan);
    let idle = idle_services(&plan);
    plan.findings.extend(idle);
    plan
}

/// Where several parks plan together, they pay by what each gains; else, or where that could not be worked out, by boardings.
fn share_out(shop: &Shop<'_>, draft: &Draft, plan: &mut Plan, worth: &Worth) {
    // A plan that goes on as it was has its own.
    if plan.costs.joint.is_some() {
        return;
    }
    match worth {
        Worth::Known(known) => {
            if let Some((joint, shares)) = shares::joint::divide(shop, draft, plan, known, plan.seed) {
                plan.costs.joint = Some(joint);
                plan.costs.shares = shares;
            }
        }
        Worth::Nothing => {}
        Worth::Stopped => plan.findings.push(Finding::note("shares-stopped")),
        Worth::TooLarge => plan.findings.push(Finding::note("shares-too-large")),
    }
}

/// The plan with what simulated days make of its promises and its id, if nothing is found against it.
fn sealed(project: &Project, network: &Network, mut plan: Plan) -> Result<Plan, PlanningError> {
    plan.simulated = simulation::of_plan(project, network, &plan);
    plan.findings.extend(cost_more(&plan));
    if plan.groups.iter().any(|group| group.kind == "committee") {
        // Now it is known who travels, and what parks are worth together.
        plan.groups.retain(|group| group.kind != "committee");
        let joint = plan.costs.joint.as_ref();
        plan.groups.extend(grouping::committees(project, network, &plan.cohorts, joint));
    }
    let plan = plan.sealed();
    let against = check::check(project, &plan);
    if against.is_empty() { Ok(plan) } else { Err(PlanningError::Refused(against)) }
}

/// A plan that on real days is surely dearer than doing nothing says so.
fn cost_more(plan: &Plan) -> Option<Finding> {
    let days = plan.simulated.as_ref().filter(|_| !plan.trips.is_empty())?;
    let Estimate { mean: saving, high, .. } = days.saving?;
    let yuan = |fen: Fen| fen.to_string();
    // Not on chance alone.
    (high < Fen::ZERO).then(|| {
        Finding::warning("real-days-cost-more")
            .arg("cost", yuan(days.objective.mean))
            .arg("nothing", yuan(days.objective.mean + saving))
            .arg("more", yuan(Fen::ZERO - saving))
    })
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
        on_demand: Vec::new(),
        rest_points: Vec::new(),
        groups: Vec::new(),
        rooms: Vec::new(),
        room_refusals: Vec::new(),
        parts: Vec::new(),
        costs: plan::Costs::default(),
        evaluation: plan::Evaluation::default(),
        simulated: None,
        bound: plan::Bound::default(),
        findings: Vec::new(),
    }
}

fn put(project: &Project, plan: &mut Plan, shuttle: Shuttle) {
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
    plan.findings.extend(shuttle.findings);
    if let Some(in_force) = &project.in_force {
        let price = changes::between(in_force, plan).price(&project.changes);
        plan.evaluation.terms.changes_fen = price;
        plan.evaluation.objective += price;
    }
}

/// Services that people wished for and nothing runs on: said aloud, not left to be found out.
fn idle_services(plan: &Plan) -> Vec<Finding> {
    let idle = |service: &&plan::ServiceDays| plan.trips.iter().all(|trip| trip.service != service.id);
    plan.services
        .iter()
        .filter(idle)
        .map(|service| {
            let people: f64 = plan.cohorts.iter().filter(|c| c.service == service.id).map(|c| c.people.as_f64()).sum();
            Finding::note("service-runs-nothing")
                .arg("service", service.id.as_str())
                .arg("people", people.round() + 0.0)
        })
        .collect()
}
