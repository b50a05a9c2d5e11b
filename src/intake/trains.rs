//! trains.csv: trains of a line and direction at a station, by headway or one by one.
//!
//! Headways are expanded: from, from + headway, … up to and including `to`. Rows of the same station, line, direction
//! and days are one list, ascending, without doubles.

use std::collections::BTreeMap;

use super::Folder;
use super::cells::{Then, end_after};
use super::columns::TRAINS;
use super::findings::Findings;
use super::places::Places;
use crate::domain::calendar::{Days, Week};
use crate::domain::finding::Finding;
use crate::domain::site::SiteKind;
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::project::{Place, TrainTimes};

/// Rows of this file that are used.
const MOST_ROWS: usize = 20_000;

pub(super) fn read(folder: &Folder<'_>, places: &mut Places, findings: &mut Findings) -> Vec<TrainTimes> {
    let mut trains: Vec<TrainTimes> = Vec::new();
    let Some(table) = folder.table(&TRAINS, false, findings) else { return trains };
    let [station, line, direction, days, from, to, headway, time, walk] =
        ["station", "line", "direction", "days", "from", "to", "headway_min", "time", "platform_walk_min"]
            .map(|name| table.col(name));
    let mut lists: BTreeMap<(String, String, String, String), usize> = BTreeMap::new();
    if table.len() > MOST_ROWS {
        findings.push(Finding::warning("rows-beyond-limit").file(&table.file).arg("limit", MOST_ROWS));
    }
    for entry in table.rows().take(MOST_ROWS) {
        let found = places.site_id(entry, station, Then::Dropped, findings);
        let Some(id) = entry.must(station, found, findings) else { continue };
        let place = Place::Site(id);
        let stop = match places.root(&place) {
            Some(root) if places.sites[root].1 == SiteKind::Station => places.sites[root].0.clone(),
            None if places.open => place.to_string(),
            _ => {
                findings.push(entry.flaw("train-not-a-station", station, Then::Dropped));
                continue;
            }
        };
        let Ok(runs) = entry.days(days, Then::Dropped, findings) else { continue };
        let runs = runs.unwrap_or(Days::Weekly(Week::DAILY));
        let Ok(single) = entry.time(time, Then::Dropped, findings) else { continue };
        let times = match single {
            Some(time) => vec![time],
            None => {
                let Some(times) = expand(entry, (from, to, headway), findings) else { continue };
                times
            }
        };
        let walk = entry.number(walk, (0.0, 60.0), Then::Empty, findings).unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 60 minutes")]
        let walk = walk.map(|minutes| Seconds((minutes * 60.0).round() as u32));
        let label = (entry.text(line).to_owned(), entry.text(direction).to_owned());
        let at =
            *lists.entry((stop.clone(), label.0.clone(), label.1.clone(), runs.to_string())).or_insert_with(|| {
                trains.push(TrainTimes {
                    station: stop,
                    line: label.0,
                    direction: label.1,
                    days: runs,
                    times: Vec::new(),
                    platform_walk: None,
                });
                trains.len() - 1
            });
        trains[at].times.extend(times);
        trains[at].platform_walk = trains[at].platform_walk.or(walk);
    }
    for list in &mut trains {
        list.times.sort_unstable();
        list.times.dedup();
    }
    trains
}

fn expand(
    entry: super::table::Entry<'_>,
    (from, to, headway): (super::table::Col, super::table::Col, super::table::Col),
    findings: &mut Findings,
) -> Option<Vec<ServiceTime>> {
    let first = entry.time(from, Then::Dropped, findings);
    let first = entry.must(from, first, findings)?;
    let last = entry.time(to, Then::Dropped, findings);
    let last = entry.must(to, last, findings)?;
    let gap = entry.number(headway, (0.5, 240.0), Then::Dropped, findings);
    let gap = entry.must(headway, gap, findings)?;
    let Some(last) = end_after(first, last) else {
        findings.push(entry.flaw("window-too-long", to, Then::Dropped));
        return None;
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0.5 to 240 minutes")]
    let step = (gap * 60.0).round() as u32;
    Some((first.0..=last.0).step_by(step as usize).map(ServiceTime).collect())
}
