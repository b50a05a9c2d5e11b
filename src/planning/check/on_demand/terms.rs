//! Is it what project.toml asks for?

use super::{Judge, Report};
use crate::planning::plan::RideRules;

pub(super) fn check(judge: &Judge<'_, '_>, report: &mut Report) {
    let (offer, case) = (judge.offer, judge.case);
    let Some(wanted) = judge.wanted() else {
        judge.says("offer", "in project.toml", &offer.id, report);
        return;
    };
    if !case.services.contains_key(offer.service.as_str()) {
        judge.says("service", "known", &offer.service, report);
    }
    judge.same("from", &wanted.from, &offer.from, report);
    judge.same("until", &wanted.until, &offer.until, report);
    if let Some(name) = &wanted.name {
        judge.same("name", name, &offer.name, report);
    }
    let RideRules { stop_s, person_s, second_mfen, metre_mfen, .. } = offer.rules;
    let rules = RideRules {
        window_s: wanted.window.0,
        max_wait_s: wanted.max_wait.0,
        ride_percent: wanted.ride_percent,
        ride_slack_s: wanted.ride_slack.0,
        max_ride_s: wanted.max_ride.0,
        notice_s: wanted.notice.0,
        // Standing as Levinson (1983) has it; weights of the search are the planner's.
        stop_s: 5,
        person_s: 3,
        second_mfen,
        metre_mfen,
    };
    if rules != offer.rules || (stop_s, person_s) != (5, 3) {
        judge.says("rules", format!("{rules:?}"), format!("{:?}", offer.rules), report);
    }
    if offer.vehicles.len() > wanted.vehicles as usize {
        judge.says("vehicles", wanted.vehicles, offer.vehicles.len(), report);
    }
    if offer.stops.len() > wanted.max_stops as usize || offer.stops.len() < 2 {
        judge.says("stops", wanted.max_stops, offer.stops.len(), report);
    }
    let kind = wanted.vehicle_type.as_ref();
    for vehicle in offer.vehicles.iter().filter(|vehicle| kind.is_some_and(|kind| *kind != vehicle.vehicle_type)) {
        judge.says("vehicle_type", kind.map(String::as_str).unwrap_or_default(), &vehicle.vehicle_type, report);
    }
}
