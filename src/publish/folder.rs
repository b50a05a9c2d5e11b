//! Everything a plan folder holds, as names and bytes; the shell puts them on disk.
//!
//! A feed without trips would be no feed, so a plan without departures and rides on request has no `gtfs.zip`; a calendar knows departures only.

use super::phrases::Language;
use super::{PublishError, board, calendar, geojson, gtfs, report, rides, runsheet, workbook};
use crate::planning::plan::Plan;
use crate::planning::project::Project;

/// Names a plan folder may hold, in the order they are written; nothing else belongs there.
pub const NAMES: [&str; 8] = [
    "plan.json",
    "report.html",
    "board.html",
    "runsheets.html",
    "gtfs.zip",
    "map.geojson",
    "workbook.xlsx",
    "timetable.ics",
];

/// The files of the plan folder: (name, content). The same plan gives the same bytes.
///
/// # Errors
/// One of them cannot be written.
pub fn files(project: &Project, plan: &Plan) -> Result<Vec<(String, Vec<u8>)>, PublishError> {
    let mut files = vec![
        ("plan.json".to_owned(), plan.to_json()),
        ("report.html".to_owned(), report::html(project, plan).into_bytes()),
        ("board.html".to_owned(), board::html(project, plan).into_bytes()),
        ("runsheets.html".to_owned(), runsheet::html(project, plan).into_bytes()),
        ("map.geojson".to_owned(), geojson::map(project, plan)),
        // Both languages stand in its headers; Chinese first, for a committee.
        ("workbook.xlsx".to_owned(), workbook::xlsx(project, plan, Language::Zh)?),
    ];
    if !plan.trips.is_empty() || rides::offered(plan).next().is_some() {
        files.push(("gtfs.zip".to_owned(), gtfs::zip(project, plan)?));
    }
    if !plan.trips.is_empty() {
        files.push(("timetable.ics".to_owned(), calendar::ics(project, plan)));
    }
    Ok(files)
}
