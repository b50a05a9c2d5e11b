//! The first page: one paragraph in plain words, four figures, and how good the plan is, said honestly.

use super::figures::Figures;
use super::leftout::LeftOut;
use crate::domain::units::Fen;
use crate::planning::plan::{Plan, ServiceDays};
use crate::planning::project::Project;
use crate::publish::drawing::bars::{self, Stack};
use crate::publish::pages::dates;
use crate::publish::pages::words::{Words, grouped, yuan, yuan_exact};

/// A figure.
#[derive(Clone, Debug)]
pub struct Tile {
    /// The number.
    pub value: String,
    /// What it is.
    pub label: String,
}

/// The first page.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What runs, for whom, at what cost.
    pub lead: String,
    /// Who is left out.
    pub left_out: String,
    /// How good it is.
    pub quality: String,
    /// Four figures.
    pub tiles: Vec<Tile>,
}

/// Writes it.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan, figures: &Figures, left_out: &LeftOut) -> Summary {
    let k = project.policy.k_anonymity;
    let month = figures.month_mean().map_or_else(|| "–".to_owned(), yuan);
    let vehicles =
        plan.services.iter().map(|s| plan.blocks.iter().filter(|b| b.service == s.id).count()).max().unwrap_or(0);
    let trips_on = |id: &str| plan.trips.iter().filter(|trip| trip.service == id).count();
    let running: Vec<&ServiceDays> = crate::publish::routes::running(plan);
    let days: Vec<String> = running.iter().map(|service| dates::days(w.0, service)).collect();
    let served = |id: &str| figures.served.get(id).copied().unwrap_or_default();
    let cost = |id: &str| figures.service_fen.get(id).copied().unwrap_or_default();
    let each = |id: &str| {
        let people = served(id);
        if crate::publish::audience::enough(people, k) {
            yuan_exact(Fen::from_yuan(cost(id).yuan() / people.as_f64()))
        } else {
            "–".to_owned()
        }
    };
    // A figure of each service that runs: a mean over weekdays and Saturdays is no day anybody knows.
    let figure = |of: &dyn Fn(&str) -> String| -> Vec<String> { running.iter().map(|s| of(&s.id)).collect() };
    let people = figure(&|id| w.persons(served(id), k));
    let day = figure(&|id| yuan(cost(id)));
    let each = figure(&each);
    let trips = figure(&|id| trips_on(id).to_string());
    let told = |figures: &[String]| match figures {
        [one] => one.clone(),
        several => {
            let each = several.iter().zip(&days);
            each.map(|(figure, days)| w.with("report-on-days", &[("figure", figure), ("days", days)]))
                .collect::<Vec<_>>()
                .join(if w.english() { ", " } else { "、" })
        }
    };
    let span = running
        .iter()
        .map(|s| s.from)
        .min()
        .zip(running.iter().map(|s| s.until).max())
        .map_or_else(String::new, |(from, until)| dates::span(w.0, from, until));
    let minutes = |seconds: f64| grouped(seconds / 60.0);
    let lead = if plan.trips.is_empty() {
        w.t("report-lead-nothing")
    } else {
        w.with(
            "report-lead",
            &[
                ("routes", &plan.lines.len().to_string()),
                ("stops", &plan.stops.len().to_string()),
                ("trips", &told(&trips)),
                ("vehicles", &vehicles.to_string()),
                ("days", &days.join(if w.english() { "; " } else { "；" })),
                ("span", &span),
                ("people", &told(&people)),
                ("walk", &grouped(plan.evaluation.walk_m_mean)),
                ("wait", &minutes(plan.evaluation.wait_s_mean)),
                ("ride", &minutes(plan.evaluation.ride_s_mean)),
                ("day", &told(&day)),
                ("month", &month),
                ("each", &told(&each)),
            ],
        )
    };
    let left = match left_out.rows.first() {
        _ if left_out.nobody => w.t("report-nobody-left-out"),
        Some(first) => w.with("report-left-out", &[("people", &left_out.total), ("reason", &first.reason)]),
        None => w.with("report-left-out-few", &[("people", &left_out.total)]),
    };
    let tile = |value: String, key: &str| Tile { value, label: w.t(key) };
    // Several services: figures and days in the same order.
    let by_service = |figures: &[String], key: &str| Tile {
        value: figures.join(" / "),
        label: if days.len() > 1 {
            w.with("report-on-days", &[("figure", &w.t(key)), ("days", &days.join(" / "))])
        } else {
            w.t(key)
        },
    };
    Summary {
        lead,
        left_out: left,
        quality: quality(w, plan),
        tiles: vec![
            by_service(&people, "report-tile-people"),
            by_service(&day, "report-tile-day"),
            tile(month, "report-tile-month"),
            by_service(&each, "report-tile-each"),
        ],
    }
}

/// Bound and gap in one sentence that promises no more than was proven.
fn quality(w: Words, plan: &Plan) -> String {
    let (objective, nothing, bound) = (plan.evaluation.objective, plan.evaluation.nothing, plan.bound.objective);
    let (won, possible) = (nothing - objective, nothing - bound);
    // A proof by prices is of plans over the lines that were looked at.
    let lines = plan.bound.method.starts_with("lagrangian");
    if possible.0 <= 0 {
        return w.t(if lines { "report-quality-nothing-pays-lines" } else { "report-quality-nothing-pays" });
    }
    let share = (won.0 as f64 / possible.0 as f64).clamp(0.0, 1.0);
    let promised = w.with(
        if lines { "report-quality-lines" } else { "report-quality" },
        &[
            ("won", &yuan(won)),
            ("possible", &yuan(possible)),
            ("share", &format!("{:.0}", (share * 100.0).floor())),
            ("gap", &format!("{:.1}", plan.bound.gap * 100.0)),
        ],
    );
    match real(w, plan) {
        Some(real) => format!("{promised} {real}"),
        None => promised,
    }
}

/// What comes of the promised saving on days as they come; `None` where nothing was simulated or nothing runs.
fn real(w: Words, plan: &Plan) -> Option<String> {
    let saving = plan.simulated.as_ref().filter(|_| !plan.trips.is_empty())?.saving?;
    // Not on chance alone.
    Some(if saving.high < Fen::ZERO {
        w.with("report-simulated-worse", &[("more", &yuan(Fen::ZERO - saving.mean))])
    } else {
        w.with("report-quality-real", &[("saving", &yuan(saving.mean))])
    })
}

/// The objective's parts beside doing nothing and the bound.
#[derive(Clone, Debug)]
pub struct Worth {
    /// The chart.
    pub chart: String,
    /// Rows: what, how much, colour in the chart.
    pub rows: Vec<(String, String, &'static str)>,
}

/// People's time, running, upkeep, changes; nothing; bound.
#[must_use]
pub fn worth(w: Words, plan: &Plan) -> Worth {
    let terms = &plan.evaluation.terms;
    let parts = [
        ("report-term-people", terms.people_fen, "#9fb4bd"),
        ("report-term-running", terms.running_fen, "#0b5a61"),
        ("report-term-upkeep", terms.upkeep_fen, "#63abaf"),
        ("report-term-changes", terms.changes_fen, "#c75000"),
    ];
    let stack =
        |key: &str, parts: Vec<(f64, &'static str)>, fen: Fen| Stack { label: w.t(key), parts, text: yuan(fen) };
    let chart = bars::stacks(
        &[
            stack("report-worth-nothing", vec![(plan.evaluation.nothing.yuan(), "#9fb4bd")], plan.evaluation.nothing),
            stack(
                "report-worth-plan",
                parts.iter().map(|(_, fen, colour)| (fen.yuan(), *colour)).collect(),
                plan.evaluation.objective,
            ),
            stack("report-worth-bound", vec![(plan.bound.objective.yuan(), "#d9dee3")], plan.bound.objective),
        ],
        &w.t("report-worth"),
    );
    let mut rows: Vec<(String, String, &'static str)> =
        parts.iter().map(|(key, fen, colour)| (w.t(key), yuan_exact(*fen), *colour)).collect();
    rows.push((w.t("report-worth-plan"), yuan_exact(plan.evaluation.objective), "transparent"));
    rows.push((w.t("report-worth-nothing"), yuan_exact(plan.evaluation.nothing), "transparent"));
    rows.push((w.t("report-worth-bound"), yuan_exact(plan.bound.objective), "transparent"));
    Worth { chart, rows }
}
