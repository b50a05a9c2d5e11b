//! Lines, timetable and vehicles planned together: the joint engine first, then the search that lets people choose for themselves.
//!
//! The engine ([`super::joint`]) assigns seats and proves a bound; where people choose, its plan is a start for [`super::improve`], which
//! judges every move by what they would choose. Where seats are booked the engine has all the time there is.

use std::sync::atomic::{AtomicU64, Ordering};

use super::bound;
use super::columns::{self, Laws};
use super::draft::{Draft, Shop};
use super::first;
use super::improve::{self, Desk, Weighed};
use super::joint::{self, neighbourhood::Kept};
use super::project::{Project, Seating};
use crate::search::{Answer, Ended, Progress, Run, Solved};

/// Share of the time for the engine where people choose.
const ENGINE: f64 = 0.7;
/// The same where only few changes are allowed.
const FEW_CHANGES: f64 = 0.2;
/// Iterations of the search for one move of the engine, which does as much as several.
const MOVE: u64 = 5;

/// What the engine found.
#[derive(Debug)]
pub struct Found {
    /// Nothing, the plan known before, and the engine's: all within all limits.
    pub drafts: Vec<Weighed>,
    /// Those known before.
    known: Vec<Weighed>,
    /// No plan over these lines that runs anything costs less, people and vehicles together, days weighted, fen.
    pub bound: f64,
    ended: Ended,
    iterations: u64,
}

/// Looks of the engine between two weighings of its plan by the rules of the project, which take a moment; the first come sooner.
const WEIGH: u32 = 25;

/// Is shown the best plan so far, as people would choose, and the bound.
pub type Glance<'a> = dyn FnMut(&Weighed, f64) + 'a;

/// Searches with the engine; `known` are plans to start from: one taken up again, the one in force.
///
/// Where only few changes are allowed against the plan in force, the engine's own plans mostly are too many: it has little of the time,
/// for the bound.
#[must_use]
pub fn search(desk: &Desk<'_>, known: Vec<Weighed>, run: &Run<'_>, show: &mut Glance<'_>) -> Found {
    let shop = desk.shop;
    let problem = columns::problem(shop);
    let laws = Laws::new(desk, &problem);
    let nothing = Draft { services: vec![Vec::new(); shop.project.services.len()] };
    let few = shop.project.max_changes.is_some();
    let mut drafts = match desk.weigh(nothing.clone()) {
        Some(weighed) => vec![weighed],
        // Running nothing is too much of a change.
        None if few && !known.is_empty() => Vec::new(),
        None => vec![Weighed::nothing(nothing)],
    };
    let start = known
        .iter()
        .min_by(|a, b| a.worth.objective().total_cmp(&b.worth.objective()))
        .map(|known| columns::kept(&problem, &known.draft));
    drafts.extend(known.iter().cloned());
    let until = share(shop.project);
    // What is told on the way is what people would choose, as in the search that follows; the engine's own figure has seats assigned.
    let mut best = drafts.iter().min_by(|a, b| a.worth.objective().total_cmp(&b.worth.objective())).cloned();
    let told = AtomicU64::new(best.as_ref().map_or(f64::INFINITY, |best| best.worth.objective()).to_bits());
    let watch = |progress: &Progress| {
        let answer = (run.watch)(&Progress { objective: figure(&told), ..progress.clone() });
        Answer { used: (answer.used / until).min(1.0), stop: answer.stop || answer.used >= until, ..answer }
    };
    let tell = |bound| {
        (run.watch)(&Progress { stage: "stage-first", iteration: 0, objective: figure(&told), bound });
    };
    // Running nothing, or what is known, is a plan too: whoever watches sees by the next figure that there is a better one.
    tell(None);
    let iterations = run.iterations.map(|iterations| (iterations / MOVE).max(1));
    let part = Run { watch: &watch, iterations, ..*run };
    let (mut looks, mut worth) = (0, f64::INFINITY);
    let solved = joint::solve(&problem, &laws, start.as_ref(), &part, &mut |kept: &Kept, bound: f64| {
        // The first that runs anything is told at once.
        let idle = best.as_ref().is_none_or(|best| best.draft.services.iter().all(Vec::is_empty));
        if kept.worth < worth && (idle || looks % WEIGH == 0 || u32::is_power_of_two(looks)) {
            worth = kept.worth;
            let now = desk.weigh(columns::draft(shop, &problem, kept));
            let before = best.as_ref().map_or(f64::INFINITY, |best| best.worth.objective());
            if let Some(now) = now.filter(|now| now.worth.objective() < before) {
                told.store(now.worth.objective().to_bits(), Ordering::Relaxed);
                best = Some(now);
                if idle {
                    // Told before it is shown: to write a whole plan down takes longer than to find one.
                    tell(Some(bound));
                }
            }
        }
        looks += 1;
        if let Some(best) = &best {
            show(best, bound);
        }
    });
    drafts.extend(best);
    drafts.extend(weighed(desk, &problem, &solved.best.plan, run));
    let mut bound = solved.bound.unwrap_or(f64::NEG_INFINITY);
    if solved.best.plan.blocks.is_empty() {
        let stop = || {
            (run.watch)(&Progress { stage: "stage-bound", iteration: 0, objective: figure(&told), bound: None }).stop
        };
        bound = bound.max(idle_bound(shop, &problem, &stop));
    }
    Found { drafts, known, bound, ended: solved.ended, iterations: solved.iterations }
}

/// Where nothing pays, a bound that says so in whole fen: every plan that runs is above nothing by all that rounding its rows could take away.
fn idle_bound(shop: &Shop<'_>, problem: &joint::problem::Problem, stop: &dyn Fn() -> bool) -> f64 {
    let nothing: f64 = (0..problem.days.len()).map(|day| problem.nothing_of(day) * problem.days[day].weight).sum();
    let margin = bound::idle_margin(shop.project, shop.model.rides.len());
    if joint::idle::nothing_pays(problem, margin, stop) { nothing + margin } else { f64::NEG_INFINITY }
}

impl Found {
    /// The best of all, after people chose for themselves; with all seats no worse than what was known before.
    #[must_use]
    pub fn improve(&self, desk: &Desk<'_>, run: &Run<'_>, show: &improve::Show<'_>) -> Solved<Weighed> {
        let mut solved = self.search(desk, run, show);
        for known in &self.known {
            if desk.promised(known) < desk.promised(&solved.best) {
                solved.best = known.clone();
            }
        }
        solved
    }

    fn search(&self, desk: &Desk<'_>, run: &Run<'_>, show: &improve::Show<'_>) -> Solved<Weighed> {
        let from = share(desk.shop.project);
        if from >= 1.0 {
            let best = self.drafts.iter().min_by(|a, b| a.worth.objective().total_cmp(&b.worth.objective()));
            let best = best.unwrap_or(&self.drafts[0]).clone();
            return Solved { best, bound: Some(self.bound), ended: self.ended, iterations: self.iterations };
        }
        let watch = |progress: &Progress| {
            let answer = (run.watch)(progress);
            Answer { used: ((answer.used - from) / (1.0 - from)).clamp(0.0, 1.0), ..answer }
        };
        let part = Run { watch: &watch, ..*run };
        improve::explore(desk, &self.drafts, &part, show)
    }
}

/// What is told, where it is a figure.
fn figure(told: &AtomicU64) -> Option<f64> {
    Some(f64::from_bits(told.load(Ordering::Relaxed))).filter(|told| told.is_finite())
}

fn share(project: &Project) -> f64 {
    match (project.policy.seating, project.in_force.is_some()) {
        _ if project.max_changes.is_some() => FEW_CHANGES,
        (Seating::Assigned, false) => 1.0,
        _ => ENGINE,
    }
}

/// The engine's plan by the rules of the project: people choose (or are given) their seats anew.
fn weighed(desk: &Desk<'_>, problem: &joint::problem::Problem, kept: &Kept, run: &Run<'_>) -> Option<Weighed> {
    let draft = columns::draft(desk.shop, problem, kept);
    let stop = || (run.watch)(&Progress { stage: "stage-together", iteration: 0, objective: None, bound: None }).stop;
    if desk.shop.project.max_changes.is_some() {
        return desk.weigh(draft);
    }
    desk.weigh(draft.clone()).or_else(|| first::legal_and_worthwhile(desk.shop, desk, draft, &stop))
}
