//! boardings.csv: who got on and off, as counted; with a plan in force, only rows about a trip of it, on a day and at a stop of that trip.

use super::Folder;
use super::cells::{Then, said};
use super::columns::BOARDINGS;
use super::findings::Findings;
use super::places::Names;
use crate::domain::finding::Finding;
use crate::planning::observed::{self, Astray};
use crate::planning::plan::Plan;
use crate::planning::project::{Boarding, CandidateStop};

/// Most people at one stop of one trip.
const MOST: u32 = 1_000;

pub(super) fn read(
    folder: &Folder<'_>,
    stops: &[CandidateStop],
    in_force: Option<&Plan>,
    findings: &mut Findings,
) -> Vec<Boarding> {
    let mut boardings = Vec::new();
    let Some(table) = folder.table(&BOARDINGS, false, findings) else { return boardings };
    let [date, trip_column, line, departure, stop, on, off] =
        ["date", "trip", "line", "departure", "stop", "on", "off"].map(|name| table.col(name));
    let mut names = Names::default();
    for (index, stop) in stops.iter().enumerate() {
        names.add(index, &stop.id, &[&stop.name, stop.name_en.as_deref().unwrap_or_default()]);
    }
    for entry in table.rows() {
        let day = entry.date(date, Then::Dropped, findings);
        let Some(day) = entry.must(date, day, findings) else { continue };
        let stop_id = if names.is_empty() {
            // Without stops.csv the stops are those of an earlier plan.
            entry.must_text(stop, findings).map(str::to_owned)
        } else {
            let found = names.find_or("stop-unknown", entry, stop, Then::Dropped, findings);
            entry.must(stop, found, findings).map(|index| stops[index].id.clone())
        };
        let Some(stop_id) = stop_id else { continue };
        let Ok(left) = entry.time(departure, Then::Dropped, findings) else { continue };
        let trip = entry.some_text(trip_column);
        let departure = entry.some_text(line).zip(left);
        if trip.is_none() && departure.is_none() {
            findings.push(entry.place(Finding::warning("boarding-without-trip")).column("trip"));
            continue;
        }
        let (on, off) =
            (entry.whole(on, (0, MOST), Then::Dropped, findings), entry.whole(off, (0, MOST), Then::Dropped, findings));
        let (Ok(on), Ok(off)) = (on, off) else { continue };
        let (on, off) = (on.unwrap_or(0), off.unwrap_or(0));
        let boarding = Boarding { date: day, trip, departure, stop: stop_id, on, off };
        if let Some(Err(astray)) = in_force.map(|plan| observed::trip_of(plan, &boarding)) {
            findings.push(match astray {
                Astray::Trip => {
                    let column = if boarding.trip.is_some() { trip_column } else { line };
                    let finding = entry.place(Finding::warning("boarding-trip-unknown")).column(column.name);
                    finding.arg("said", said(entry.text(column)))
                }
                Astray::Date => {
                    let finding = entry.place(Finding::warning("boarding-not-running")).column(date.name);
                    finding.arg("date", boarding.date.to_string())
                }
                Astray::Stop => {
                    let finding = entry.place(Finding::warning("boarding-stop-not-served")).column(stop.name);
                    finding.arg("stop", boarding.stop.as_str())
                }
            });
            continue;
        }
        boardings.push(boarding);
    }
    boardings
}
