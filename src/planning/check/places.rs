//! Do stops stand where they are said to, and do lines run along the roads between them?

use std::collections::BTreeSet;

use super::case::Case;
use super::ground::{Ground, Node, on_earth};
use super::report::{Report, close_to_three_decimals, three};
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;
use crate::network::profile::Band;
use crate::planning::plan::{Line, Mode, Stop};
use crate::planning::project::{Modes, Place};

/// Coordinates are written with six decimals: 0.1 m. A metre is a move.
const MOVED_M: f64 = 1.0;
/// A drawn way may cut the corners of the measured one by this share …
const DRAWN_SHARE: f64 = 0.05;
/// … and this many metres.
const DRAWN_M: f64 = 50.0;

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, report: &mut Report) {
    for stop in &case.plan.stops {
        self::stop(case, ground, stop, report);
        if !case.plan.lines.iter().any(|line| line.stops.contains(&stop.id)) {
            report.add(Finding::error("check-not-in-use").arg("what", "stop").arg("id", stop.id.as_str()));
        }
    }
    for line in &case.plan.lines {
        kind(case, line, report);
        order(case, line, report);
        length(case, ground, line, report);
        geometry(case, line, report);
        if !case.plan.trips.iter().any(|trip| trip.line == line.id) {
            report.add(Finding::error("check-not-in-use").arg("what", "line").arg("id", line.id.as_str()));
        }
    }
    if let Some(most) = case.project.upkeep.max_lines
        && case.plan.lines.len() > most as usize
    {
        report.add(Finding::error("check-too-many-lines").arg("expected", most).arg("found", case.plan.lines.len()));
    }
}

/// Of a line, or of rides on request.
pub(super) fn stop(case: &Case<'_>, ground: &Ground<'_>, stop: &Stop, report: &mut Report) {
    on_the_road(case, ground, stop, report);
    candidate(case, ground, stop, report);
}

fn on_the_road(case: &Case<'_>, ground: &Ground<'_>, stop: &Stop, report: &mut Report) {
    if !ground.has(Node::Stop(&stop.id)) {
        report
            .add(Finding::error("check-stop-off-road").arg("stop", stop.id.as_str()).arg("way", stop.way.to_string()));
        return;
    }
    let placed = ground
        .network
        .bus_stop_at(stop.way, stop.between, stop.offset_m, stop.side)
        .and_then(|placed| ground.network.bus_stop_point(&placed));
    let at = Point { lon: stop.lon, lat: stop.lat };
    let metres = placed.filter(|_| on_earth(at)).map_or(f64::INFINITY, |road| road.metres_to(at));
    let limit = f64::from(case.project.policy.max_snap.0);
    if metres > limit + 1.0 {
        report.add(
            Finding::error("check-stop-far-from-road")
                .arg("stop", stop.id.as_str())
                .arg("limit", limit)
                .arg("found", format!("{metres:.0}")),
        );
    }
}

/// A stop of the project's own list stands where the list says, on the road nearest to it.
fn candidate(case: &Case<'_>, ground: &Ground<'_>, stop: &Stop, report: &mut Report) {
    let project = case.project;
    let Some(candidate) = project.stops.iter().find(|candidate| candidate.id == stop.id) else {
        if !project.stops.is_empty() {
            report.add(Finding::error("check-stop-unknown").arg("stop", stop.id.as_str()));
        } else if stop.step_free || stop.site.is_some() {
            // Nobody has looked at a kerb found along a road.
            report.add(Finding::error("check-stop-found").arg("stop", stop.id.as_str()));
        }
        return;
    };
    let at = Point { lon: stop.lon, lat: stop.lat };
    let moved = if on_earth(at) { candidate.point.metres_to(at) } else { f64::INFINITY };
    if moved > MOVED_M {
        report
            .add(Finding::error("check-stop-moved").arg("stop", stop.id.as_str()).arg("found", format!("{moved:.0}")));
    }
    if stop.step_free != candidate.step_free {
        report.add(Finding::error("check-stop-steps").arg("stop", stop.id.as_str()));
    }
    let english = candidate.name_en.as_ref().unwrap_or(&candidate.name);
    if stop.name != candidate.name || stop.name_en != *english || stop.site != candidate.site {
        report.add(Finding::error("check-stop-name").arg("stop", stop.id.as_str()));
    }
    let Some(road) = ground.network.bus_stop(candidate.point, candidate.kerb, project.policy.max_snap) else { return };
    let same = road.way == stop.way
        && road.between == stop.between
        && road.side == stop.side
        && (road.offset_m - stop.offset_m).abs() <= MOVED_M;
    if !same {
        report.add(
            Finding::error("check-stop-road")
                .arg("stop", stop.id.as_str())
                .arg("expected", format!("{} {}-{} {:.0} m", road.way, road.between[0], road.between[1], road.offset_m))
                .arg("found", format!("{} {}-{} {:.0} m", stop.way, stop.between[0], stop.between[1], stop.offset_m)),
        );
    }
}

/// Only lines with fixed stops and times are planned, out or back: of the project's modes, a shuttle where both are and somebody on it takes a train.
fn kind(case: &Case<'_>, line: &Line, report: &mut Report) {
    let modes = case.project.policy.modes;
    let expected = match modes {
        Modes { commute: false, .. } => Mode::Shuttle,
        Modes { shuttle: false, .. } => Mode::Commute,
        _ if meets_trains(case, line) => Mode::Shuttle,
        _ => Mode::Commute,
    };
    if line.mode != expected {
        let word = if expected == Mode::Commute { "commute" } else { "shuttle" };
        report.add(Finding::error("check-line-mode").arg("line", line.id.as_str()).arg("expected", word));
    }
    if line.direction > 1 {
        report.add(
            Finding::error("check-line-direction")
                .arg("line", line.id.as_str())
                .arg("found", u32::from(line.direction)),
        );
    }
}

/// Does somebody ride it who comes from a station or goes to one?
fn meets_trains(case: &Case<'_>, line: &Line) -> bool {
    let station = |place: &str| {
        let place = Place::parse(place, case.project);
        place.is_some_and(|place| case.project.station_of(&place).is_some())
    };
    let on_it = |trip: &str| case.trips.get(trip).is_some_and(|(_, trip)| trip.line == line.id);
    let rides = case.plan.riders.iter().filter(|rider| rider.legs.iter().any(|leg| on_it(&leg.trip)));
    let cohorts = rides.filter_map(|rider| case.cohorts.get(rider.cohort.as_str()));
    let mut ends = cohorts.flat_map(|cohort| [cohort.origin.as_str(), cohort.destination.as_str()]);
    ends.any(station)
}

/// At least two stops, none twice but perhaps the first as the last, at most so many.
fn order(case: &Case<'_>, line: &Line, report: &mut Report) {
    let most = case.project.policy.max_stops as usize;
    if line.stops.len() > most || line.stops.len() < 2 {
        report.add(
            Finding::error("check-line-length")
                .arg("line", line.id.as_str())
                .arg("expected", most)
                .arg("found", line.stops.len()),
        );
    }
    let loops = line.stops.len() > 2 && line.stops.first() == line.stops.last();
    let distinct: BTreeSet<&String> = line.stops.iter().collect();
    if distinct.len() + usize::from(loops) != line.stops.len() {
        report.add(Finding::error("check-line-repeats").arg("line", line.id.as_str()));
    }
}

fn length(case: &Case<'_>, ground: &Ground<'_>, line: &Line, report: &mut Report) {
    let mut metres = 0_u64;
    for pair in line.stops.windows(2) {
        let [from, to] = pair else { continue };
        if !case.stops.contains_key(from.as_str()) || !case.stops.contains_key(to.as_str()) {
            return;
        }
        match ground.drive(Node::Stop(from), Node::Stop(to), Band::Free) {
            Some((_, leg)) => metres += u64::from(leg),
            None => {
                report.add(
                    Finding::error("check-no-road")
                        .arg("of", line.id.as_str())
                        .arg("from", from.as_str())
                        .arg("to", to.as_str()),
                );
                return;
            }
        }
    }
    let km = metres as f64 / 1000.0;
    if !close_to_three_decimals(line.km, km) {
        report.add(
            Finding::error("check-line-km")
                .arg("line", line.id.as_str())
                .arg("expected", three(km))
                .arg("found", three(line.km)),
        );
    }
}

fn geometry(case: &Case<'_>, line: &Line, report: &mut Report) {
    let mut wrong = |what: &str| {
        report.add(Finding::error("check-line-geometry").arg("line", line.id.as_str()).arg("what", what));
    };
    let points: Vec<Point> = line.geometry.iter().map(|[lon, lat]| Point { lon: *lon, lat: *lat }).collect();
    if points.len() < 2 || !points.iter().copied().all(on_earth) {
        wrong("points");
        return;
    }
    let positions = &line.stop_positions;
    let ordered = positions.windows(2).all(|pair| pair[0] <= pair[1]);
    if positions.len() != line.stops.len() || !ordered {
        wrong("stop_positions");
        return;
    }
    let near = f64::from(case.project.policy.max_snap.0) + 5.0;
    for (stop, position) in line.stops.iter().zip(positions) {
        let Some(stop) = case.stops.get(stop.as_str()) else { continue };
        let at = Point { lon: stop.lon, lat: stop.lat };
        let drawn = points.get(*position as usize);
        if on_earth(at) && !drawn.is_some_and(|point| point.metres_to(at) <= near) {
            wrong(&stop.id);
        }
    }
    if positions.first() != Some(&0) || positions.last().map(|last| *last as usize + 1) != Some(points.len()) {
        wrong("ends");
    }
    let metres: f64 = points.windows(2).map(|pair| pair[0].metres_to(pair[1])).sum();
    if (metres - line.km * 1000.0).abs() > DRAWN_M + DRAWN_SHARE * metres {
        wrong("length");
    }
}
