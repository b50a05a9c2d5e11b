//! Promised and simulated, side by side: what random days make of the plan, and which trips most often go wrong.
//!
//! Numbers of fewer than k people are told as such, simulated ones too; shares of days say nothing of anybody.

use crate::domain::units::People;
use crate::planning::plan::{Estimate, Plan, TripRisk};
use crate::planning::project::Project;
use crate::publish::audience::enough;
use crate::publish::drawing::routes::Route;
use crate::publish::pages::words::{Words, tenth, yuan};

/// Trips named, at most: the worst.
const MOST: usize = 12;

/// The section.
#[derive(Clone, Debug)]
pub struct Days {
    /// What it comes to, in one sentence.
    pub sentence: String,
    /// What, promised, simulated, its interval.
    pub rows: Vec<[String; 4]>,
    /// Trips that often go wrong: line, departure, days on which somebody was left behind, days on which it was late.
    pub risks: Vec<[String; 4]>,
}

/// `None` where nothing was simulated, or nothing runs.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan, routes: &[Route]) -> Option<Days> {
    let days = plan.simulated.as_ref().filter(|_| !plan.trips.is_empty())?;
    let (k, said) = (project.policy.k_anonymity, &plan.evaluation);
    let people = |x: f64| w.people(x, k);
    let between = |of: Estimate<f64>, told: &dyn Fn(f64) -> String| {
        let (low, high) = (told(of.low), told(of.high));
        if low == high { low } else { format!("{low} – {high}") }
    };
    let minutes = |seconds: f64| tenth(seconds / 60.0);
    let row = |key: &str, promised: String, told: String, interval: String| [w.t(key), promised, told, interval];
    let count = |key: &str, of: Estimate<f64>| row(key, people(0.0), people(of.mean), between(of, &people));
    let fen = days.objective;
    let mut rows = vec![row(
        "report-simulated-served",
        people(said.served),
        people(days.served.mean),
        between(days.served, &people),
    )];
    // Means over fewer people than may be told about are not told either.
    let told = said.served.min(days.served.mean) >= f64::from(k);
    if told {
        rows.push(row(
            "report-simulated-minutes",
            minutes(said.generalised_s_mean),
            minutes(days.generalised_s_mean.mean),
            between(days.generalised_s_mean, &minutes),
        ));
    }
    rows.push(count("report-simulated-left-behind", days.left_behind));
    rows.push(count("report-simulated-missed", days.missed_trains));
    rows.push(row(
        "report-simulated-objective",
        yuan(said.objective),
        yuan(fen.mean),
        format!("{} – {}", yuan(fen.low), yuan(fen.high)),
    ));
    if let Some(saving) = days.saving {
        rows.push(row(
            "report-simulated-saving",
            yuan(said.nothing - said.objective),
            yuan(saving.mean),
            format!("{} – {}", yuan(saving.low), yuan(saving.high)),
        ));
    }
    let sentence = w.with(
        "report-simulated-sentence",
        &[
            ("days", &days.days.to_string()),
            ("promised", &people(said.served)),
            ("served", &people(days.served.mean)),
            ("left", &people(days.left_behind.mean)),
            ("missed", &people(days.missed_trains.mean)),
            ("objective", &yuan(fen.mean)),
            ("promised_objective", &yuan(said.objective)),
            ("nothing", &yuan(days.saving.map_or(said.nothing, |saving| days.objective.mean + saving.mean))),
        ],
    );
    let mut risks: Vec<(&TripRisk, [String; 4])> =
        days.trips.iter().filter_map(|risk| Some((risk, named(w, project, plan, routes, risk)?))).collect();
    risks.sort_by(|a, b| (b.0.full + b.0.late).total_cmp(&(a.0.full + a.0.late)));
    risks.truncate(MOST);
    Some(Days { sentence, rows, risks: risks.into_iter().map(|(_, row)| row).collect() })
}

/// The row of a trip; none of a vehicle so small that being full would tell of a few.
fn named(w: Words, project: &Project, plan: &Plan, routes: &[Route], risk: &TripRisk) -> Option<[String; 4]> {
    let trip = plan.trips.iter().find(|trip| trip.id == risk.trip)?;
    let block = plan.blocks.iter().find(|block| block.id == trip.block)?;
    let kind = project.fleet.iter().find(|kind| kind.id == block.vehicle_type)?;
    if !enough(People(kind.seats.saturating_mul(1000)), project.policy.k_anonymity) {
        return None;
    }
    let line = plan.lines.iter().position(|line| line.id == trip.line)?;
    let number = routes.iter().find(|route| route.lines.contains(&line)).map_or("", |route| route.number.as_str());
    let share = |share: f64| format!("{:.0}%", share * 100.0);
    Some([
        format!("{number} {}", w.heading(plan, &plan.lines[line])).trim().to_owned(),
        trip.times.first()?.depart.clock(),
        share(risk.full),
        share(risk.late),
    ])
}
