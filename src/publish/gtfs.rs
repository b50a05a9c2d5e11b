//! GTFS Schedule (gtfs.org, revision of 2025): the timetable as every trip planner reads it. Public: no people in it.
//!
//! Times are exact seconds, one row a stop; `timepoint` is 1 everywhere. Ids are made printable ASCII (others are
//! percent-encoded), since readers stumble over the rest. Stops, lines and services nobody uses are left out. Names
//! are Chinese, `translations.txt` has the English. The same plan gives the same bytes: entries carry no clock.
//!
//! GTFS wants an `agency_url`; without `[publication] base_url` it is [`PLACEHOLDER_URL`], reserved by RFC 2606.

mod archive;
mod places;
mod rides;
mod words;

use crate::planning::plan::Plan;
use crate::planning::project::Project;

use super::PublishError;

/// Stands for a base_url nobody gave.
pub const PLACEHOLDER_URL: &str = "https://example.org/";

/// One table: a file name and its rows, the header first.
struct Table {
    name: &'static str,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(name: &'static str, header: &[&str]) -> Self {
        Self { name, rows: vec![header.iter().map(|&field| field.to_owned()).collect()] }
    }
    fn push<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.into());
    }
    fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }
}

/// The feed, zipped.
///
/// # Errors
/// More than 4 GB, or a fault of the writers.
pub fn zip(project: &Project, plan: &Plan) -> Result<Vec<u8>, PublishError> {
    let feed = Feed::new(project, plan);
    let mut tables = vec![feed.agency(), feed.stops(), feed.routes(), feed.trips(), feed.stop_times()];
    // Optional files are left out when they have nothing to say: an empty one is a warning to validators.
    let optional = [feed.calendar(), feed.calendar_dates(), feed.shapes(), feed.feed_info(), feed.translations()];
    tables.extend(optional.into_iter().filter(|table| !table.is_empty()));
    archive::pack(&tables)
}

/// What all tables look up.
struct Feed<'a> {
    project: &'a Project,
    plan: &'a Plan,
    routes: Vec<super::routes::Route>,
    stops: std::collections::BTreeMap<&'a str, &'a crate::planning::plan::Stop>,
    /// Lines in use, by id, with their shapes.
    lines: std::collections::BTreeMap<&'a str, (&'a crate::planning::plan::Line, Option<places::Shape>)>,
    /// Trips that can be ridden, by line, service and departure.
    trips: Vec<&'a crate::planning::plan::Trip>,
    /// Services in use, by id.
    services: std::collections::BTreeMap<&'a str, crate::domain::calendar::Service>,
}

impl<'a> Feed<'a> {
    fn new(project: &'a Project, plan: &'a Plan) -> Self {
        let stops = super::routes::stops_by_id(plan);
        let lines = super::routes::lines_by_id(plan);
        let services: std::collections::BTreeMap<&str, _> =
            plan.services.iter().map(|days| (days.id.as_str(), super::routes::service(days))).collect();
        let mut trips: Vec<_> = plan
            .trips
            .iter()
            .filter(|trip| {
                trip.times.len() > 1
                    && lines.contains_key(trip.line.as_str())
                    && services.contains_key(trip.service.as_str())
                    && trip.times.iter().all(|time| stops.contains_key(time.stop.as_str()))
            })
            .collect();
        trips.sort_by_key(|trip| (&trip.line, &trip.service, super::routes::departure(trip), &trip.id));
        let used_services: std::collections::BTreeSet<&str> = trips.iter().map(|trip| trip.service.as_str()).collect();
        let used_lines: std::collections::BTreeSet<&str> = trips.iter().map(|trip| trip.line.as_str()).collect();
        let used_stops: std::collections::BTreeSet<&str> =
            trips.iter().flat_map(|trip| trip.times.iter().map(|time| time.stop.as_str())).collect();
        Self {
            project,
            plan,
            routes: super::routes::routes(plan)
                .into_iter()
                .filter(|route| route.lines.iter().any(|line| used_lines.contains(line.as_str())))
                .collect(),
            stops: stops.into_iter().filter(|(id, _)| used_stops.contains(id)).collect(),
            lines: lines
                .into_iter()
                .filter(|(id, _)| used_lines.contains(id))
                .map(|(id, line)| (id, (line, places::Shape::of(line))))
                .collect(),
            services: services.into_iter().filter(|(id, _)| used_services.contains(id)).collect(),
            trips,
        }
    }

    fn url(&self) -> String {
        self.project.publication.base_url.clone().unwrap_or_else(|| PLACEHOLDER_URL.to_owned())
    }
}

/// Printable ASCII as it is, anything else (and `%`) percent-encoded: different ids stay different.
#[must_use]
pub fn ascii_id(id: &str) -> String {
    let mut ascii = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_graphic() && byte != b'%' {
            ascii.push(char::from(byte));
        } else {
            ascii.push_str(&format!("%{byte:02X}"));
        }
    }
    ascii
}

/// A name without spaces around it or control characters in it; the id where nothing is left.
fn name_or(name: &str, id: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = name.trim();
    if name.is_empty() { id.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_ascii_and_stay_different() {
        assert_eq!(ascii_id("stop-1"), "stop-1");
        assert_eq!(ascii_id("站"), "%E7%AB%99");
        assert_eq!(ascii_id("%E7%AB%99"), "%25E7%25AB%2599");
        assert_eq!(ascii_id("a b"), "a%20b");
    }
}
