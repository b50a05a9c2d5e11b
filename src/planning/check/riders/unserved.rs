//! Who is left out, why, and what would change it: reasons must be so, and a change that is promised must help.
//!
//! `minutes_earlier`, `minutes_later`: with the wish shifted by as much, some trip of this plan costs less than the alternative then and has a
//! seat free. `fen`: it is a price, and of a `trip` that is told of too. `seat`: some trip is better than the alternative. Limit: other changes (`walk_m`, `wait_min`, `wheelchair_place`, `trip`, `ride_min`) are judged only in
//! their form.

use super::super::report::{Report, change_is_sound, yuan};
use super::super::travel;
use super::{Judge, Traveller, wishing};
use crate::domain::finding::Finding;
use crate::planning::plan::{Relaxation, Unserved};

/// Changes people left out may be told of.
const CHANGES: [&str; 9] =
    ["walk_m", "wait_min", "minutes_earlier", "minutes_later", "seat", "wheelchair_place", "trip", "fen", "ride_min"];

impl Judge<'_, '_> {
    pub(super) fn unserved(&self, row: &Unserved, report: &mut Report) {
        let Some(traveller) = self.travellers.get(row.cohort.as_str()) else { return };
        let at = |code: &str| Finding::error(code).arg("cohort", row.cohort.as_str());
        if row.people.0 == 0 {
            report.add(at("check-empty-row").arg("trip", "-"));
        }
        if let Some((trip, way)) = self.cheaper(&row.cohort, traveller.without, None) {
            report.add(
                at("check-unserved-could-ride")
                    .arg("trip", trip.id.as_str())
                    .arg("expected", yuan(travel::fen(way.cost)))
                    .arg("found", yuan(travel::fen(traveller.without))),
            );
        }
        if !self.plausible(traveller, &row.reason) {
            report.add(at("check-reason").arg("found", row.reason.as_str()));
        }
        for change in &row.relaxations {
            let code = if !change_is_sound(change, &CHANGES) {
                "check-relaxation"
            } else if !self.helps(traveller, row, change) {
                "check-relaxation-untrue"
            } else {
                continue;
            };
            report.add(
                Finding::error(code)
                    .arg("of", row.cohort.as_str())
                    .arg("kind", change.kind.as_str())
                    .arg("found", change.amount.to_string()),
            );
        }
    }

    /// Could this be why? What a reason claims must be so; which of several true ones is given is free.
    fn plausible(&self, traveller: &Traveller<'_>, reason: &str) -> bool {
        let cohort = traveller.cohort;
        let options = self.best.get(cohort.id.as_str()).map_or(&[][..], Vec::as_slice);
        let wanted = options.iter().any(|(_, way)| way.cost < traveller.without);
        let reach = |place: &str| {
            let trips = self.case.plan.trips.iter().filter(|trip| trip.service == cohort.service);
            trips.flat_map(|trip| &trip.times).filter_map(|time| self.case.stops.get(time.stop.as_str())).any(|stop| {
                (!cohort.wheelchair || stop.step_free)
                    && self.ground.walk(cohort, place, &stop.id).is_some_and(|metres| metres <= cohort.max_walk_m.0)
            })
        };
        let trains = !traveller.trains_before.is_empty() || !traveller.trains_after.is_empty();
        match reason {
            "full" => wanted,
            "no-wheelchair-place" => cohort.wheelchair,
            "no-stop-in-reach" => !reach(&cohort.origin) || !reach(&cohort.destination),
            "alternative-is-better" => !wanted && !options.is_empty(),
            "no-line" | "no-trip-at-that-time" | "ride-too-long" => options.is_empty(),
            "no-train" => options.is_empty() && trains,
            _ => false,
        }
    }

    /// Would this change get them a seat?
    fn helps(&self, traveller: &Traveller<'_>, row: &Unserved, change: &Relaxation) -> bool {
        // At most as many as [`change_is_sound`] lets pass.
        let amount = |unit: f64| (change.amount * unit) as i64;
        let served = |seconds: i64| {
            let shifted = wishing(self.case, self.ground, traveller, traveller.wished + seconds);
            self.has_seat(&shifted, shifted.without)
        };
        match change.kind.as_str() {
            "minutes_later" => served(amount(60.0)),
            "minutes_earlier" => served(-amount(60.0)),
            // What a departure more would cost: nothing without one.
            "fen" => change.amount >= 1.0 && row.relaxations.iter().any(|other| other.kind == "trip"),
            "seat" => self.plausible(traveller, "full"),
            _ => true,
        }
    }

    /// Is there a way with a free seat that costs less than this?
    fn has_seat(&self, traveller: &Traveller<'_>, than: i128) -> bool {
        let trips = self.case.plan.trips.iter().enumerate();
        trips.filter(|(_, trip)| trip.service == traveller.cohort.service && self.fits(traveller.cohort, trip)).any(
            |(position, trip)| {
                let pairs = (0..trip.times.len()).flat_map(|i| (i + 1..trip.times.len()).map(move |j| (i, j)));
                pairs
                    .filter_map(|(board, alight)| self.way(traveller, trip, board, alight).ok())
                    .any(|way| way.cost < than && self.free(traveller.cohort, position, way) > 0)
            },
        )
    }
}
