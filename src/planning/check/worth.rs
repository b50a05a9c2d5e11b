//! Is the plan worth what it says? (Whether its bound is one: [`super::bound`].)

use std::collections::BTreeSet;

use super::case::Case;
use super::changes;
use super::money::{half_up, running};
use super::report::{Report, close, yuan};
use super::riders::{Ride, Rides};
use super::travel;
use crate::domain::finding::Finding;

pub(super) fn check(case: &Case<'_>, rides: &Rides<'_>, report: &mut Report) {
    means(case, rides, report);
    terms(case, rides, report);
}

fn differs(report: &mut Report, what: &str, expected: f64, found: f64) {
    if !close(expected, found) {
        report.add(
            Finding::error("check-evaluation")
                .arg("what", what)
                .arg("expected", format!("{expected:.6}"))
                .arg("found", format!("{found:.6}")),
        );
    }
}

fn means(case: &Case<'_>, rides: &Rides<'_>, report: &mut Report) {
    let said = &case.plan.evaluation;
    let weight = |ride: &Ride<'_>| f64::from(ride.people) / 1000.0 * case.days_of(&ride.cohort.service) as f64;
    let all: f64 = rides.rows.iter().map(weight).sum();
    let mean = |of: &dyn Fn(&Ride<'_>) -> f64| {
        if all > 0.0 { rides.rows.iter().map(|ride| weight(ride) * of(ride)).sum::<f64>() / all } else { 0.0 }
    };
    let weighted =
        |ride: &Ride<'_>| travel::weighted(case.project, ride.walk_s, ride.wait_s, ride.ride_s) as f64 / 1000.0;
    differs(report, "served", all / case.days as f64, said.served);
    differs(report, "generalised_s_mean", mean(&weighted), said.generalised_s_mean);
    differs(report, "walk_m_mean", mean(&|ride| ride.walk_m as f64), said.walk_m_mean);
    differs(report, "wait_s_mean", mean(&|ride| ride.wait_s as f64), said.wait_s_mean);
    differs(report, "ride_s_mean", mean(&|ride| ride.ride_s as f64), said.ride_s_mean);
    differs(report, "load_factor_mean", load_factor(case, rides), said.load_factor_mean);
    let worst = rides.rows.iter().map(|ride| ride.cost).max();
    let worst: BTreeSet<&str> =
        rides.rows.iter().filter(|ride| Some(ride.cost) == worst).map(|ride| ride.cohort.id.as_str()).collect();
    let fits = match &said.worst_cohort {
        Some(cohort) => worst.contains(cohort.as_str()),
        None => worst.is_empty(),
    };
    if !fits {
        report.add(
            Finding::error("check-worst-cohort")
                .arg("expected", worst.first().copied().unwrap_or("-"))
                .arg("found", said.worst_cohort.as_deref().unwrap_or("-")),
        );
    }
}

/// Mean over trips of the largest load over the seats.
fn load_factor(case: &Case<'_>, rides: &Rides<'_>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for (trip, peak) in case.plan.trips.iter().zip(&rides.peak) {
        let Some(kind) = case.vehicle_of(trip) else { continue };
        sum += *peak as f64 / 1000.0 / f64::from(kind.seats.max(1));
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

fn terms(case: &Case<'_>, rides: &Rides<'_>, report: &mut Report) {
    let said = &case.plan.evaluation;
    let weigh = |rows: &mut dyn Iterator<Item = (&str, i128)>| {
        let sum = rows
            .map(|(service, fen)| fen.saturating_mul(i128::from(case.days_of(service))))
            .fold(0, i128::saturating_add);
        half_up(sum, case.days)
    };
    let riding = rides.rows.iter().map(|ride| (ride.cohort.service.as_str(), travel::row_fen(ride.cost, ride.people)));
    let without =
        rides.without.iter().map(|(cohort, people, cost)| (cohort.service.as_str(), travel::row_fen(*cost, *people)));
    let people = weigh(&mut riding.chain(without));
    let nothing = weigh(&mut case.cohorts.iter().map(|(id, cohort)| {
        let cost = rides.alternative.get(id).copied().unwrap_or(0);
        (cohort.service.as_str(), travel::row_fen(cost, cohort.people.0))
    }));
    let lines: BTreeSet<&str> = case.plan.trips.iter().map(|trip| trip.line.as_str()).collect();
    let stops: BTreeSet<&str> =
        case.plan.trips.iter().flat_map(|trip| trip.times.iter().map(|time| time.stop.as_str())).collect();
    let upkeep = &case.project.upkeep;
    let kept =
        i128::from(upkeep.per_line.0) * lines.len() as i128 + i128::from(upkeep.per_stop.0) * stops.len() as i128;
    let changed = changes::price(case, report);
    let mut fen = |code: &str, what: &str, expected: i128, found: i64| {
        if expected != i128::from(found) {
            report.add(
                Finding::error(code)
                    .arg("what", what)
                    .arg("expected", yuan(expected))
                    .arg("found", yuan(i128::from(found))),
            );
        }
    };
    fen("check-term", "terms.people_fen", people, said.terms.people_fen.0);
    fen("check-term", "terms.running_fen", running(case), said.terms.running_fen.0);
    fen("check-term", "terms.upkeep_fen", kept, said.terms.upkeep_fen.0);
    fen("check-changes", "terms.changes_fen", changed, said.terms.changes_fen.0);
    fen("check-objective", "objective", people + running(case) + kept + changed, said.objective.0);
    fen("check-nothing", "nothing", nothing, said.nothing.0);
}
