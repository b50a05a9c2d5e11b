//! Who does not ride, and why: by reason, small reasons together.

use super::figures::Figures;
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::audience::{self, Part};
use crate::publish::drawing::bars;
use crate::publish::pages::words::{Words, grouped};

/// A reason.
#[derive(Clone, Debug)]
pub struct Row {
    /// In words.
    pub reason: String,
    /// People a day.
    pub people: String,
    /// Share of all left out.
    pub bar: String,
}

/// The section.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// All of them, a day; "<5" where fewer.
    pub total: String,
    /// Nobody is left out.
    pub nobody: bool,
    /// Reasons, most people first.
    pub rows: Vec<Row>,
}

/// People a day by reason.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan, figures: &Figures) -> LeftOut {
    let k = project.policy.k_anonymity;
    let all = figures.left_out_sum();
    let parts = figures
        .left_out
        .iter()
        .map(|(reason, missed)| Part {
            what: w.code("reason-", reason),
            people: missed.people,
            amount: i64::from(missed.journeys.0),
        })
        .collect();
    let told = audience::tell(parts, k);
    let row = |reason: String, amount: i64| Row {
        reason,
        people: grouped(amount as f64 / 1000.0),
        bar: bars::bar(amount as f64 / f64::from(all.0.max(1)), "#0b5a61"),
    };
    let mut rows: Vec<Row> = told.shown.into_iter().map(|part| row(part.what, part.amount)).collect();
    // Where no stop was opened none can be too far: one reason for all.
    if plan.trips.is_empty() {
        let all = rows.len() + usize::from(told.rest.is_some());
        rows = if all > 0 {
            vec![row(w.t("reason-nothing-runs"), i64::from(figures.left_out_sum().0))]
        } else {
            Vec::new()
        };
    } else if let Some(rest) = told.rest {
        rows.push(row(w.t("report-other-reasons"), rest.amount));
    }
    // Withheld: fewer than k people, however many journeys they make.
    let total = if told.withheld { crate::publish::audience::About::Few.text(k) } else { w.persons(all, k) };
    LeftOut { total, nobody: all.0 == 0, rows }
}
