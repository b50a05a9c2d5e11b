//! rooms.csv and claims.csv: rooms that are shared, and who asks for them. Rooms and claims that are over are left out; a room that is over keeps its id,
//! so that a claim that names it is refused, not dropped.

use super::Folder;
use super::cells::{Flawed, Then};
use super::columns::{CLAIMS, ROOMS};
use super::dates::Dates;
use super::findings::Findings;
use super::places::{Names, Places};
use super::sites::new_id;
use crate::domain::calendar::Week;
use crate::domain::units::ServiceTime;
use crate::planning::project::{Claim, Project, Room};

const ALL_DAY: (Week, ServiceTime, ServiceTime) = (Week::DAILY, ServiceTime::hm(8, 0), ServiceTime::hm(22, 0));

pub(super) fn read(
    folder: &Folder<'_>,
    project: &mut Project,
    places: &mut Places,
    must: bool,
    findings: &mut Findings,
) {
    let mut dates = Dates::new(folder);
    let (mut names, mut rows) = (Names::default(), Vec::new());
    let (mut ids, mut gone) = (Vec::<String>::new(), Vec::<String>::new());
    if let Some(table) = folder.table(&ROOMS, must, findings) {
        let col = |name| table.col(name);
        for entry in table.rows() {
            if dates.is_past(entry, col("past"), findings) {
                gone.push(entry.text(col("id")).to_owned());
                continue;
            }
            let Some((id, _)) = new_id(entry, col("id"), &names, |at| rows[at], findings) else { continue };
            let Ok(site) = places.site_id(entry, col("site"), Then::Dropped, findings) else { continue };
            let Ok(seats) = entry.whole(col("seats"), (1, 100_000), Then::Dropped, findings) else { continue };
            let Some(seats) = entry.must(col("seats"), Ok(seats), findings) else { continue };
            let Some(window) = entry.window((col("days"), col("from"), col("to")), ALL_DAY, findings) else { continue };
            let (past, left) = dates.part(entry, col("days"), &window, findings);
            let Some(window) = left else {
                gone.extend(past.map(|_| id));
                continue;
            };
            names.add(ids.len(), &id, &[]);
            ids.push(id.clone());
            rows.push(entry.row());
            project.rooms.push(Room {
                id,
                site: site.unwrap_or_default(),
                kind: entry.text(col("kind")).to_owned(),
                seats,
                window,
                who: entry.text(col("who")).to_owned(),
            });
        }
        dates.said(&table.file, findings);
        for id in gone {
            if !id.is_empty() && names.id(&id).is_none() {
                names.add(ids.len(), &id, &[]);
                ids.push(id);
            }
        }
    }
    let Some(table) = folder.table(&CLAIMS, must, findings) else { return };
    let col = |name| table.col(name);
    let (mut claims, mut rows) = (Names::default(), Vec::new());
    for entry in table.rows() {
        if dates.is_past(entry, col("past"), findings) {
            continue;
        }
        let Some((id, _)) = new_id(entry, col("claim"), &claims, |at| rows[at], findings) else { continue };
        let room = match names.find_or("room-unknown", entry, col("room"), Then::Dropped, findings) {
            Ok(Some(index)) => ids[index].clone(),
            Ok(None) => entry.text(col("kind")).to_owned(),
            Err(Flawed) => continue,
        };
        if room.is_empty() {
            entry.missing(col("room"), findings);
            continue;
        }
        let people = entry.whole(col("people"), (1, 100_000), Then::Dropped, findings);
        let Some(people) = entry.must(col("people"), people, findings) else { continue };
        let Some(window) = entry.window((col("days"), col("from"), col("to")), ALL_DAY, findings) else { continue };
        let (_, Some(window)) = dates.part(entry, col("days"), &window, findings) else { continue };
        claims.add(project.claims.len(), &id, &[]);
        rows.push(entry.row());
        project.claims.push(Claim { id, room, window, people, group: entry.text(col("group")).to_owned() });
    }
    dates.said(&table.file, findings);
}
