//! What is joint planning worth? The same project planned as a planner would by hand, stage after stage, and as a whole; everybody
//! judged by the same rules, on the same roads, with the same fleet and budget, promised and simulated.
//!
//! All of them start from a clean slate: what a plan in force would make of changes is another question ([`super::frontier`]).
//! Each is a whole plan that passed its check. How much of what is possible the joint plan misses, and why: [`split`].

pub mod by_hand;
pub mod headway;
pub mod split;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::draft::{Draft, Shop};
use super::improve::{self, Desk};
use super::model::Model;
use super::plan::Plan;
use super::project::{Policy, Project};
use super::trips::Offer;
use super::{Parts, PlanningError, empty, first, lay_out, make_plan, sealed, with_shuttle};
use crate::domain::finding::Finding;
use crate::domain::ids::ServiceId;
use crate::network::Network;
use crate::search::Run;

/// Only the shuttle is planned: the rest is the same in every row.
const SHUTTLE: Parts = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };

/// A way to plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Run nothing.
    Nothing,
    /// One line, there or there and back, at even headway: [`headway`].
    Even,
    /// Lines, then a timetable, then vehicles: [`super::first`] and nothing else.
    Staged,
    /// The same, then a search over the whole: [`improve::explore`].
    Searched,
    /// Lines, timetable and vehicles together: [`make_plan`].
    Joint,
}

impl Way {
    /// From the simplest to the whole.
    pub const ALL: [Self; 5] = [Self::Nothing, Self::Even, Self::Staged, Self::Searched, Self::Joint];

    /// Does it use all the time it is given? The others end by themselves.
    #[must_use]
    pub fn searches(self) -> bool {
        matches!(self, Self::Searched | Self::Joint)
    }
}

/// What a way came to.
#[derive(Clone, Debug)]
pub struct Row {
    /// The way.
    pub way: Way,
    /// Its plan.
    pub plan: Arc<Plan>,
    /// Minutes between departures, where they are even and there are any.
    pub headway: Option<u32>,
    /// Minutes of those who ride, door to door; `None` where nobody does.
    pub minutes: Option<Minutes>,
    /// Trips on a mean day of all services.
    pub trips: f64,
}

/// Mean minutes door to door of those who ride.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minutes {
    /// By the clock: walking, transfers, waiting, riding.
    pub plain: f64,
    /// Weighted by what they are worth to people.
    pub weighted: f64,
}

/// The project without a plan in force.
#[must_use]
pub fn clean(project: &Project) -> Project {
    Project { in_force: None, max_changes: None, ..project.clone() }
}

/// Plans a project (see [`clean`]) one way.
///
/// # Errors
/// Only if a plan does not pass its check: a fault of ours.
pub fn row(project: &Project, way: Way, run: &Run<'_>) -> Result<Row, PlanningError> {
    let mut even = None;
    let plan = match way {
        Way::Joint => make_plan(project, SHUTTLE, None, run, &|_| ())?.best,
        _ => Arc::new(drawn(project, run, |shop, desk| match way {
            Way::Even => match headway::best(shop, desk, run) {
                Some(found) => {
                    even = Some(found.headway);
                    (found.draft, 0)
                }
                None => (nothing(shop), 0),
            },
            Way::Staged => (cheapest(shop, desk, run), 0),
            Way::Searched => {
                let drafts = first::drafts(shop, desk, None, run, &|_, _| ());
                let solved = improve::explore(desk, &drafts, run, &|_, _| ());
                (solved.best.draft, solved.iterations)
            }
            Way::Nothing | Way::Joint => (nothing(shop), 0),
        })?),
    };
    Ok(measured(project, way, plan, even))
}

/// A row of a plan there is.
#[must_use]
pub fn measured(project: &Project, way: Way, plan: Arc<Plan>, headway: Option<u32>) -> Row {
    let minutes = minutes(&project.policy, &plan);
    let trips = trips(project, &plan);
    Row { way, plan, headway, minutes, trips }
}

/// A whole plan of the draft that somebody draws with the pool's lines.
fn drawn(
    project: &Project,
    run: &Run<'_>,
    draw: impl FnOnce(&Shop<'_>, &Desk<'_>) -> (Draft, u64),
) -> Result<Plan, PlanningError> {
    let network = Network::new(&project.roads, &project.speeds());
    let (model, offers, doubts) = lay_out(project, &network, std::iter::empty(), run);
    finished(project, &network, &model, offers, doubts, run, draw)
}

/// The same with these lines.
fn finished(
    project: &Project,
    network: &Network,
    model: &Model,
    offers: Vec<Offer>,
    doubts: Vec<Finding>,
    run: &Run<'_>,
    draw: impl FnOnce(&Shop<'_>, &Desk<'_>) -> (Draft, u64),
) -> Result<Plan, PlanningError> {
    let mut plan = Plan { parts: SHUTTLE.names(), ..empty(project, None, run) };
    plan.findings.clone_from(&project.findings);
    plan.findings.extend(doubts);
    let shop = Shop { project, model, offers };
    let (draft, iterations) = draw(&shop, &Desk::new(&shop));
    let mut plan = with_shuttle(&plan, &shop, network, &draft, iterations, f64::NEG_INFINITY);
    // Nobody is left out by a plan made to compare with: nobody is told what would help.
    for row in &mut plan.unserved {
        row.relaxations.clear();
    }
    sealed(project, network, plan)
}

fn nothing(shop: &Shop<'_>) -> Draft {
    Draft { services: vec![Vec::new(); shop.project.services.len()] }
}

/// The cheapest of the stages' drafts, as people would choose among all seats.
fn cheapest(shop: &Shop<'_>, desk: &Desk<'_>, run: &Run<'_>) -> Draft {
    let drafts = first::drafts(shop, desk, None, run, &|_, _| ());
    let best = drafts.into_iter().min_by(|a, b| desk.promised(a).total_cmp(&desk.promised(b)));
    best.map_or_else(|| nothing(shop), |best| best.draft)
}

/// The means of a plan's evaluation in minutes. It has no seconds of walking, but they are what is left of the weighted ones.
fn minutes(policy: &Policy, plan: &Plan) -> Option<Minutes> {
    let worth = &plan.evaluation;
    let weight = |milli: u32| f64::from(milli) / 1000.0;
    let rest = worth.generalised_s_mean
        - weight(policy.weight_wait) * worth.wait_s_mean
        - weight(policy.weight_ride) * worth.ride_s_mean;
    let walk = if policy.weight_walk == 0 {
        worth.walk_m_mean * 1000.0 / f64::from(policy.walk_mm_per_s.max(1))
    } else {
        rest / weight(policy.weight_walk)
    };
    (worth.served > 0.0).then(|| Minutes {
        plain: (walk + worth.wait_s_mean + worth.ride_s_mean) / 60.0,
        weighted: worth.generalised_s_mean / 60.0,
    })
}

/// Trips of a plan on a mean day, services weighted as in the objective.
fn trips(project: &Project, plan: &Plan) -> f64 {
    let (days, sum) = project.service_days();
    let of = |service: &str| plan.trips.iter().filter(|trip| trip.service == service).count() as f64;
    let weighted = |(service, days): (&crate::domain::calendar::Service, &u32)| of(&service.id) * f64::from(*days);
    let all: f64 = project.services.iter().zip(&days).map(weighted).sum();
    if sum == 0 { 0.0 } else { all / f64::from(sum) }
}

/// Position of a service of this name.
fn service_of(project: &Project, id: &str) -> Option<ServiceId> {
    project.services.iter().position(|service| service.id == id).map(ServiceId::at)
}
