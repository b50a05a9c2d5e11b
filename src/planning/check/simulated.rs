//! Are the figures of simulated days what those days come to?
//!
//! The days are simulated again by the module that simulates them for everybody: it is a judge too, shares nothing with what plans, and
//! the same seed gives the same days. What is judged here is that nobody wrote other figures into the plan.
//!
//! Limits: only of a plan with nothing else against it: figures about a plan that is wrong say nothing. A plan without such figures
//! (of an older version) promises nothing by them and passes.

use super::case::Case;
use super::ground::Ground;
use super::report::{Report, close};
use crate::domain::finding::Finding;
use crate::domain::units::Fen;
use crate::planning::plan::{Estimate, Simulated};
use crate::planning::simulation::{self, Circumstances, Prepared};

/// More days than anybody needs take longer than a check may.
const MOST_DAYS: u32 = 10_000;

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, report: &mut Report) {
    let Some(said) = &case.plan.simulated else { return };
    if said.days == 0 || said.days > MOST_DAYS {
        report.add(Finding::error("check-simulated-days").arg("expected", MOST_DAYS).arg("found", said.days));
        return;
    }
    let found = named(said);
    for (what, is) in &found {
        if !(is.low <= is.mean && is.mean <= is.high) {
            let interval = format!("{} ({} – {})", is.mean, is.low, is.high);
            report.add(Finding::error("check-simulated-interval").arg("what", *what).arg("found", interval));
        }
    }
    if !report.is_empty() {
        return;
    }
    let prepared = Prepared::new(case.project, &ground.network, case.plan);
    let again = simulation::simulate(&prepared, said.days, said.seed, &Circumstances::EXPECTED);
    let mut differs = |what: &str, expected: String, found: String| {
        report.add(Finding::error("check-simulated").arg("what", what).arg("expected", expected).arg("found", found));
    };
    for ((what, is), (_, should)) in found.iter().zip(named(&again)) {
        for (is, should) in [(is.mean, should.mean), (is.low, should.low), (is.high, should.high)] {
            // A fen in a thousand yuan counts; only the last digits of a fraction do not.
            let same = (is - should).abs() <= 1e-9 * should.abs().max(1.0);
            if !same {
                differs(what, format!("{should:.6}"), format!("{is:.6}"));
            }
        }
    }
    let same =
        said.trips.len() == again.trips.len()
            && said.trips.iter().zip(&again.trips).all(|(is, should)| {
                is.trip == should.trip && close(is.full, should.full) && close(is.late, should.late)
            });
    if !same {
        let names = |of: &Simulated| of.trips.iter().map(|risk| risk.trip.as_str()).collect::<Vec<_>>().join(", ");
        differs("trips", names(&again), names(said));
    }
}

/// The figures by name, as numbers.
fn named(of: &Simulated) -> [(&'static str, Estimate<f64>); 6] {
    let number =
        |fen: Estimate<Fen>| Estimate { mean: fen.mean.0 as f64, low: fen.low.0 as f64, high: fen.high.0 as f64 };
    [
        ("served", of.served),
        ("generalised_s_mean", of.generalised_s_mean),
        ("left_behind", of.left_behind),
        ("missed_trains", of.missed_trains),
        ("objective", number(of.objective)),
        // Where it is left out, nothing is said to be saved: so it must be.
        ("saving", number(of.saving.unwrap_or_default())),
    ]
}
