//! Which lot each request gets, so that the promise to every owner is kept.
//!
//! The promise is no straight line in the numbers of cars. It is solved with linear budgets of late cars, tightened until the true
//! probabilities keep it; then whoever still fits in truth is let in. The bounds are worked out with budgets so wide that no allotment
//! that keeps the promise passes them ([`widest`]).

use std::collections::BTreeMap;

use super::overstay::Punctuality;
use super::refusals::Left;
use super::{BUDGET, Case, Class, fairness, stopped};
use crate::allocation::{self, Assignment, Choice, Claimant, Effort, Group, Pool, Problem};
use crate::domain::finding::Finding;
use crate::domain::units::Metres;
use crate::search::{Ended, Run};

/// From so many requests on a stop is heeded between rounds; fewer take no time, and the shuttle may have used it all.
const MANY: usize = 2000;
/// Times the budgets are tightened before permits are withdrawn one by one.
const ROUNDS: u32 = 4;
/// Numbers of tight cars at which the widest budget looks; between them it is on the safe side.
const GRID: u32 = 24;

/// Who may go where, and what must not get worse.
pub(super) struct Wishes<'a> {
    /// May this request use this lot at all?
    pub(super) may: &'a dyn Fn(usize, usize) -> bool,
    /// The lots of those who stay where they are.
    pub(super) fixed: Vec<Option<usize>>,
    /// Where the search begins.
    pub(super) start: Vec<Option<usize>>,
    /// Requests of whom so many are to be served.
    pub(super) least: Vec<(Vec<usize>, usize)>,
    /// Work out bounds as well.
    pub(super) prove: bool,
}

/// The lots held, and how much better it could be.
pub(super) struct Settled {
    /// Lot of each request.
    pub(super) held: Vec<Option<usize>>,
    /// Of each area how many of its requests were to be served.
    pub(super) floors: BTreeMap<String, u32>,
    /// No allotment serves more.
    pub(super) most: u32,
    /// None that serves as many walks less in all.
    pub(super) least_walk: Metres,
}

/// See the head of this file.
pub(super) fn settle(case: &Case<'_>, wishes: &Wishes<'_>, run: &Run<'_>, findings: &mut Vec<Finding>) -> Settled {
    let mut budgets: Vec<Vec<u64>> =
        case.lots.iter().map(|ground| vec![u64::from(BUDGET); ground.stretches.len()]).collect();
    let mut given = allocate(case, wishes, &budgets, run, findings);
    for round in 0..=ROUNDS {
        let broken = broken_promises(case, &given.held);
        if broken.is_empty() {
            break;
        }
        if round == ROUNDS || (case.wanted.len() > MANY && stopped(run)) {
            withdraw(case, &mut given.held);
            break;
        }
        for (lot, stretch) in broken {
            budgets[lot][stretch] = budgets[lot][stretch] * 9 / 10;
        }
        given = allocate(case, wishes, &budgets, run, &mut Vec::new());
    }
    top_up(case, wishes, &mut given.held);
    let served = given.held.iter().flatten().count();
    let mut settled = Settled {
        floors: given.floors,
        most: u32::try_from(given.conceivable).unwrap_or(u32::MAX),
        least_walk: Metres(0),
        held: given.held,
    };
    if wishes.prove {
        let wide: Vec<Vec<u64>> = (0..case.lots.len()).map(|lot| widest(case, lot)).collect();
        let (most, least) = match &given.problem {
            Some(problem) if served > 0 => {
                let free =
                    problem.claimants().iter().flat_map(|claimant| &claimant.choices).all(|c| c.draws.is_empty());
                let known = given.most.filter(|_| free);
                let problem = problem.clone().with_meters(wide.concat());
                allocation::prove(&problem, &choices(&problem, &settled.held), known, run)
            }
            _ => (given.conceivable, 0),
        };
        settled.most = u32::try_from(most).unwrap_or(u32::MAX);
        // Twice the metres, and at most one for each.
        let metres = least.saturating_sub(served as u64).div_ceil(2);
        settled.least_walk = Metres(u32::try_from(metres).unwrap_or(u32::MAX));
    }
    settled
}

/// The last resort: the fewest permits of worst rank go until the promise is kept. It is always enough: an empty lot displaces nobody.
fn withdraw(case: &Case<'_>, held: &mut [Option<usize>]) {
    let holders = case.holders(held);
    for (lot, stretch) in broken_promises(case, held) {
        let mut last: Vec<(usize, Punctuality)> = holders[lot]
            .iter()
            .filter(|&&request| held[request] == Some(lot))
            .filter_map(|&request| Some((request, *case.uses(request, &case.wanted[request], lot)?.get(&stretch)?)))
            .collect();
        // Who holds a permit that is to be kept goes last.
        last.sort_by_key(|&(request, _)| (case.kept[request].is_none(), case.rank[request]));
        let kept = |first: usize| {
            let mut cars = [0; 2];
            last[..first].iter().for_each(|(_, punctuality)| cars[punctuality.index()] += 1);
            case.keeps_promise(lot, stretch, cars)
        };
        // Others may have gone for another stretch already.
        let (mut good, mut bad) = if kept(last.len()) { continue } else { (0, last.len()) };
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            if kept(middle) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        last[good..].iter().for_each(|&(request, _)| held[request] = None);
    }
}

fn broken_promises(case: &Case<'_>, held: &[Option<usize>]) -> Vec<(usize, usize)> {
    let mut broken = Vec::new();
    for (lot, holders) in case.holders(held).iter().enumerate() {
        for (stretch, cars) in case.crowd(lot, holders).into_iter().enumerate() {
            if !case.keeps_promise(lot, stretch, cars) {
                broken.push((lot, stretch));
            }
        }
    }
    broken
}

/// Whoever fits in truth though not in the budgets, in the order of ranks, to the nearest lot.
fn top_up(case: &Case<'_>, wishes: &Wishes<'_>, held: &mut [Option<usize>]) {
    let mut order: Vec<usize> = (0..held.len()).filter(|&request| held[request].is_none()).collect();
    order.sort_by_key(|&request| case.rank[request]);
    let mut left = Left::new(case, held);
    for request in order {
        let asked = &case.project.requests[request];
        let mut near: Vec<(Metres, usize)> = case.walks[request]
            .iter()
            .filter(|&&(lot, walk)| {
                walk <= asked.max_walk && case.affordable(request, lot) && (wishes.may)(request, lot)
            })
            .map(|&(lot, walk)| (walk, lot))
            .collect();
        near.sort_unstable();
        let fits = near.into_iter().find(|&(_, lot)| left.has_room(request, &case.wanted[request], lot));
        if let Some((_, lot)) = fits {
            held[request] = Some(lot);
            left.changed(held, lot);
        }
    }
}

/// What was given out, and how it was asked for.
struct Given {
    held: Vec<Option<usize>>,
    problem: Option<Problem>,
    floors: BTreeMap<String, u32>,
    /// Requests that any lot could take.
    conceivable: usize,
    /// Proven within the budgets: no more can be served.
    most: Option<usize>,
}

fn allocate(
    case: &Case<'_>,
    wishes: &Wishes<'_>,
    budgets: &[Vec<u64>],
    run: &Run<'_>,
    findings: &mut Vec<Finding>,
) -> Given {
    let classes = Class::ALL.len();
    let pools: Vec<Pool> = case
        .lots
        .iter()
        .flat_map(|ground| {
            Class::ALL.map(|class| {
                let bays = class.bays(ground.lot);
                // What is shared is the party's own at all times.
                let steps =
                    if ground.lot.exchange { vec![(0, bays)] } else { case.axis.steps(&ground.stretches, bays) };
                Pool { steps }
            })
        })
        .collect();
    let mut first_meter = Vec::with_capacity(case.lots.len());
    let mut meters = Vec::new();
    for budgets in budgets {
        first_meter.push(meters.len());
        meters.extend_from_slice(budgets);
    }
    let claimants: Vec<Claimant> =
        (0..case.wanted.len()).map(|request| claimant(case, wishes, &first_meter, request)).collect();
    // Who stays was let in by the true promise, which may be more than a budget.
    let mut drawn = vec![0_u64; meters.len()];
    for claimant in claimants.iter().enumerate().filter(|(at, _)| wishes.fixed[*at].is_some()).map(|(_, it)| it) {
        for &(meter, units) in claimant.choices.iter().flat_map(|choice| &choice.draws) {
            drawn[meter] += u64::from(units);
        }
    }
    for (meter, drawn) in meters.iter_mut().zip(drawn) {
        *meter = (*meter).max(drawn);
    }
    let conceivable = claimants.iter().filter(|claimant| !claimant.choices.is_empty()).count();
    let floors = fairness::floors(case, |request| !claimants[request].choices.is_empty());
    let mut groups: Vec<Group> =
        wishes.least.iter().map(|(members, floor)| Group { members: members.clone(), floor: *floor }).collect();
    let fixed = (0..claimants.len()).filter(|&request| wishes.fixed[request].is_some());
    groups.extend(fixed.map(|request| Group { members: vec![request], floor: 1 }));
    groups.extend(floors.iter().map(|(_, members, floor)| Group { members: members.clone(), floor: *floor }));
    let floors = floors.into_iter().map(|(area, _, floor)| (area, u32::try_from(floor).unwrap_or(u32::MAX))).collect();
    let problem =
        Problem::over(case.axis.end(), pools, meters, claimants).and_then(|problem| problem.with_floors(groups));
    let Ok(problem) = problem else {
        findings.push(Finding::error("parking-too-large").file("parking.csv").arg("requests", case.wanted.len()));
        return Given { held: vec![None; case.wanted.len()], problem: None, floors, conceivable, most: None };
    };
    let start: Vec<Option<usize>> =
        wishes.start.iter().zip(&wishes.fixed).map(|(start, fixed)| fixed.or(*start)).collect();
    let solved = allocation::solve_from(&problem, &choices(&problem, &start), run, Effort::Usual);
    // Not the user's own limits but ours.
    if solved.ended == Ended::Budget && run.iterations.is_none_or(|most| solved.iterations < most) {
        findings.push(
            Finding::warning("parking-search-cut")
                .file("parking.csv")
                .arg("requests", case.wanted.len())
                .arg("served", solved.best.served())
                .arg("most", solved.bound.unwrap_or(case.wanted.len() as f64)),
        );
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let most = solved.bound.map(|most| most as usize);
    let Assignment { choice, .. } = solved.best;
    let held = choice
        .iter()
        .zip(problem.claimants())
        .map(|(choice, claimant)| choice.map(|choice| claimant.choices[choice].pool / classes))
        .collect();
    Given { held, problem: Some(problem), floors, conceivable, most }
}

/// What a request could have, and what that draws.
fn claimant(case: &Case<'_>, wishes: &Wishes<'_>, first_meter: &[usize], request: usize) -> Claimant {
    let mut choices = choices_at(case, wishes, first_meter, request, wishes.fixed[request]);
    if choices.is_empty() && wishes.fixed[request].is_some() {
        // Its lot is none for it any more.
        choices = choices_at(case, wishes, first_meter, request, None);
    }
    let (standing, rank) = (case.standing[request], case.rank[request]);
    Claimant { intervals: case.axis.pieces(&case.wanted[request]), standing, rank, choices }
}

fn choices_at(
    case: &Case<'_>,
    wishes: &Wishes<'_>,
    first_meter: &[usize],
    request: usize,
    fixed: Option<usize>,
) -> Vec<Choice> {
    let class = Class::needed(&case.project.requests[request]);
    let most_walk = case.project.requests[request].max_walk;
    case.walks[request]
        .iter()
        .filter(|&&(lot, walk)| {
            walk <= most_walk
                && fixed.is_none_or(|fixed| fixed == lot)
                && case.affordable(request, lot)
                && case.has_class(request, lot)
                && (wishes.may)(request, lot)
                && case.time_fits(request, &case.wanted[request], lot)
        })
        .filter_map(|&(lot, walk)| {
            let draws = case
                .uses(request, &case.wanted[request], lot)?
                .into_iter()
                // Where all bays may be given out anyway no budget is needed.
                .filter(|&(stretch, _)| case.lots[lot].most[stretch] != [case.lots[lot].lot.bays; 2])
                .map(|(stretch, punctuality)| {
                    let most = case.lots[lot].most[stretch][punctuality.index()];
                    (first_meter[lot] + stretch, BUDGET / most.max(1))
                })
                .collect();
            let held_now = case.project.requests[request].current_lot.as_ref() == Some(&case.lots[lot].lot.id);
            // Twice the metres, and one for a new lot: among equal walks one keeps one's lot.
            let cost = walk.0.saturating_mul(2).saturating_add(u32::from(!held_now));
            Some(Choice { pool: lot * Class::ALL.len() + class as usize, cost, draws })
        })
        .collect()
}

/// The positions of these lots among the choices.
fn choices(problem: &Problem, lots: &[Option<usize>]) -> Vec<Option<usize>> {
    let position = |(lot, claimant): (&Option<usize>, &Claimant)| {
        let lot = (*lot)?;
        claimant.choices.iter().position(|choice| choice.pool / Class::ALL.len() == lot)
    };
    lots.iter().zip(problem.claimants()).map(position).collect()
}

/// For each stretch of a lot the least budget that no cars that keep the promise pass: the most of tight / most + buffered / most over
/// all pairs that keep it. Looked at on a grid of tight cars; between two of its points the later one's tight with the earlier one's buffered.
fn widest(case: &Case<'_>, lot: usize) -> Vec<u64> {
    let ground = &case.lots[lot];
    // Nights that end alike are one.
    let mut known: BTreeMap<(u32, bool), u64> = BTreeMap::new();
    let stretches = ground.stretches.iter().zip(&ground.most).enumerate();
    stretches
        .map(|(at, (stretch, most))| {
            *known.entry((stretch.end % 1440, stretch.endless)).or_insert_with(|| {
                let [tight, buffered] = most.map(|most| most.max(1));
                let step = tight.div_ceil(GRID).max(1);
                let (mut widest, mut last) = (0_u64, buffered);
                for from in (0..=tight).step_by(step as usize) {
                    // More tight cars leave room for no more buffered ones.
                    let (mut good, mut bad) = (0, last + 1);
                    while bad - good > 1 {
                        let middle = good + (bad - good) / 2;
                        if case.keeps_promise(lot, at, [from, middle]) { good = middle } else { bad = middle }
                    }
                    last = good;
                    let to = (from + step - 1).min(tight);
                    let drawn =
                        u64::from(to) * u64::from(BUDGET / tight) + u64::from(good) * u64::from(BUDGET / buffered);
                    widest = widest.max(drawn);
                }
                widest
            })
        })
        .collect()
}
