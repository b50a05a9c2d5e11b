//! What the plan does not know, and what a committee does next: in steps somebody without a GIS can take.

use crate::domain::finding::Severity;
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::pages::dates;
use crate::publish::pages::words::Words;
use crate::publish::phrases;

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// What to do.
    pub title: String,
    /// How.
    pub text: String,
}

/// Limits of the plan, in sentences.
#[must_use]
pub fn unknown(w: Words, project: &Project, plan: &Plan) -> Vec<String> {
    let mut out = Vec::new();
    let shuttle = crate::publish::routes::planned(plan);
    if shuttle {
        shuttle_unknown(w, project, plan, &mut out);
    }
    if !plan.parking.displacement.is_empty() {
        out.push(w.t("report-unknown-parking"));
    }
    out
}

fn shuttle_unknown(w: Words, project: &Project, plan: &Plan, out: &mut Vec<String>) {
    if plan.simulated.is_none() {
        out.push(w.t("report-unknown-simulation"));
    } else {
        out.push(w.t("report-unknown-simulated"));
    }
    out.push(w.t("report-unknown-survey"));
    // Intake's interval on ridership, in its own words.
    let intake = project.findings.iter().filter(|finding| !plan.findings.contains(finding));
    let intervals = plan.findings.iter().chain(intake).filter(|finding| {
        finding.code == "survey-ridership-interval" && !super::findings::interval_tells(project, plan, finding)
    });
    out.extend(intervals.map(|finding| phrases::finding(w.0, finding)));
    if project.boardings.is_empty() {
        out.push(w.t("report-unknown-boardings"));
    } else {
        let mut days: Vec<_> = project.boardings.iter().map(|boarding| boarding.date).collect();
        days.sort_unstable();
        days.dedup();
        out.push(w.with("report-unknown-observed", &[("days", &days.len().to_string())]));
    }
    out.push(w.t("report-unknown-traffic"));
}

/// Three to five steps.
#[must_use]
pub fn steps(w: Words, project: &Project, plan: &Plan) -> Vec<Step> {
    let step = |key: &str, slots: &[(&str, &str)]| Step {
        title: w.with(&format!("{key}-title"), slots),
        text: w.with(key, slots),
    };
    let mut steps = Vec::new();
    let intake = project.findings.iter().filter(|finding| !plan.findings.contains(finding));
    let doubts = plan.findings.iter().chain(intake).filter(|finding| finding.severity > Severity::Note).count();
    if doubts > 0 {
        steps.push(step("report-step-data", &[("n", &doubts.to_string())]));
    }
    if !crate::publish::routes::planned(plan) {
        return steps;
    }
    if plan.trips.is_empty() {
        steps.push(step("report-step-nothing", &[]));
    } else {
        let first = crate::publish::routes::running(plan).iter().map(|s| s.from).min();
        let from = first.map_or_else(String::new, |date| dates::full(w.0, date));
        steps.push(step("report-step-stops", &[("n", &plan.stops.len().to_string())]));
        steps.push(step("report-step-hire", &[("n", &plan.blocks.len().to_string())]));
        steps.push(step("report-step-board", &[("from", &from)]));
    }
    steps.push(step("report-step-count", &[]));
    steps
}
