//! lots.csv, parking.csv, parking_history.csv: bays that are lent, who asks for one, when cars really left.
//!
//! Without days and times a lot is lent, and a bay asked for, every night from 18:00 to 08:00. What is over ([`dates`](super::dates)) is not planned: it
//! only tells when cars that were there on these dates had to leave.

use std::collections::BTreeMap;

use super::Folder;
use super::cells::{Cell, Flawed, Then};
use super::columns::{LOTS, PARKING, PARKING_HISTORY, PARKING_REGISTER};
use super::dates::Dates;
use super::findings::Findings;
use super::places::{Names, Places, guess, nearest, point};
use super::sites::new_id;
use super::table::{Col, Entry, Table};
use crate::domain::calendar::{Days, Week, Window, parse_time};
use crate::domain::finding::Finding;
use crate::domain::units::{Fen, Metres, ServiceTime};
use crate::planning::project::{Departure, Lot, ParkingRequest, Project};

pub(super) const NIGHT: (Week, ServiceTime, ServiceTime) = (Week::DAILY, ServiceTime::hm(18, 0), ServiceTime::hm(8, 0));
/// Farthest walk to a bay, metres, where a request says nothing: the usual 500.
const WALK: u32 = 500;
/// Most bays of a lot: the largest car parks there are have about as many.
const MOST_BAYS: u32 = 20_000;
/// A lot-day may displace an owner with at most this probability, where the lot says nothing.
const DISPLACE_MAX: f64 = 0.01;

pub(super) fn read(
    folder: &Folder<'_>,
    project: &mut Project,
    places: &mut Places,
    must: bool,
    findings: &mut Findings,
) {
    let mut dates = Dates::new(folder);
    let mut names = lots(folder, (project, &mut dates), places, must, findings);
    requests(folder, (project, &mut dates), places, &mut names, must, findings);
    history(folder, project, &mut names, findings);
}

fn lots(
    folder: &Folder<'_>,
    (project, dates): (&mut Project, &mut Dates<'_>),
    places: &Places,
    must: bool,
    findings: &mut Findings,
) -> Names {
    let (mut names, mut rows) = (Names::default(), Vec::<u32>::new());
    let Some(table) = folder.table(&LOTS, must, findings) else { return names };
    let col = |name| table.col(name);
    for entry in table.rows() {
        let Some(window) = entry.window((col("days"), col("from"), col("to")), NIGHT, findings) else { continue };
        let (past, left) = if dates.is_past(entry, col("past"), findings) {
            (Some(window), None)
        } else {
            dates.part(entry, col("days"), &window, findings)
        };
        if past.is_none() && left.is_none() {
            continue;
        }
        // A lot named again is lent at other times too.
        if let Some(index) = names.id(entry.text(col("id"))) {
            if let Some(past) = past {
                over(&mut project.past.lent, &project.lots[index].id, past);
            }
            let Some(window) = left else { continue };
            let lot: &mut Lot = &mut project.lots[index];
            if lot.windows.contains(&window) {
                findings.push(entry.flaw("id-twice", col("id"), Then::Dropped).arg("first", rows[index].to_string()));
            } else {
                lot.windows.push(window);
            }
            continue;
        }
        let row = |at: usize| -> u32 { rows[at] };
        let Some((id, _)) = new_id(entry, col("id"), &names, row, findings) else { continue };
        let place = point(entry, (col("lon"), col("lat")), &places.locator, findings);
        let Some(place) = entry.must(col("lon"), place, findings) else { continue };
        let bays = entry.whole(col("bays"), (0, MOST_BAYS), Then::Dropped, findings);
        let Some(bays) = entry.must(col("bays"), bays, findings) else { continue };
        let mut some = |name| entry.whole(col(name), (0, MOST_BAYS), Then::Empty, findings).ok().flatten().unwrap_or(0);
        let (mut accessible_bays, mut charging_bays) = (some("accessible_bays"), some("charging_bays"));
        if accessible_bays > bays || charging_bays > bays {
            findings.push(entry.flaw("lot-more-special-bays", col("bays"), Then::Empty));
            accessible_bays = accessible_bays.min(bays);
            charging_bays = charging_bays.min(bays);
        }
        let gate = point(entry, (col("gate_lon"), col("gate_lat")), &places.locator, findings).ok().flatten();
        let owner_return = owner_return(entry, col("owner_return"), findings);
        let displace = entry.number(col("displace_max"), (0.0, 1.0), Then::Empty, findings).ok().flatten();
        let shared = entry.yes_no(col("exchange"), Then::Empty, findings).ok().flatten().unwrap_or(false);
        let owner = entry.text(col("owner")).to_owned();
        let exchange = shared && !owner.is_empty();
        if shared && !exchange {
            // Whose requests would it serve?
            findings.push(entry.flaw("lot-exchange-without-owner", col("owner"), Then::Empty));
        }
        let label = entry.text(col("name"));
        names.add(project.lots.len(), &id, &[label]);
        rows.push(entry.row());
        if let Some(past) = past {
            over(&mut project.past.lent, &id, past);
        }
        project.lots.push(Lot {
            name: if label.is_empty() { id.clone() } else { label.to_owned() },
            id,
            point: place,
            gate,
            owner,
            bays,
            accessible_bays,
            charging_bays,
            windows: left.into_iter().collect(),
            price: entry.money(col("price"), Then::Empty, findings).ok().flatten().unwrap_or(Fen::ZERO),
            owner_return,
            displace_max: displace.unwrap_or(DISPLACE_MAX),
            exchange,
        });
    }
    dates.said(&table.file, findings);
    if must && project.lots.is_empty() {
        findings.push(Finding::error("nothing-left").file(&table.file));
    }
    names
}

/// Keeps a window of dates that are over. Of a weekly one nobody knows which weeks it held: it tells nothing.
fn over(past: &mut BTreeMap<String, Vec<Window>>, id: &str, window: Window) {
    if matches!(window.days, Days::Dates(_)) {
        past.entry(id.to_owned()).or_default().push(window);
    }
}

/// "06:00=0.10;07:00=0.30;…": when owners come back. Empty when it cannot be read; shares that sum to 1 within a
/// hundredth are scaled to it.
fn owner_return(entry: Entry<'_>, col: Col, findings: &mut Findings) -> Vec<(ServiceTime, f64)> {
    let text = entry.text(col);
    if text.is_empty() {
        return Vec::new();
    }
    let list: Option<Vec<(ServiceTime, f64)>> = text
        .split([';', '；', ','])
        .filter(|part| !part.trim().is_empty())
        .map(|part| {
            let (time, share) = part.split_once(['=', '＝'])?;
            Some((parse_time(time)?, probability(share)?))
        })
        .collect();
    let sum: f64 = list.iter().flatten().map(|(_, share)| share).sum();
    match list {
        Some(mut list) if (sum - 1.0).abs() <= 0.01 => {
            list.sort_by_key(|(time, _)| *time);
            for (_, share) in &mut list {
                *share /= sum;
            }
            list
        }
        Some(_) => {
            findings.push(entry.flaw("lot-returns-sum", col, Then::Empty).arg("sum", format!("{sum:.2}")));
            Vec::new()
        }
        None => {
            findings.push(entry.flaw("lot-returns-unreadable", col, Then::Empty));
            Vec::new()
        }
    }
}

/// "0.3", "30%": 0 to 1.
pub(super) fn probability(text: &str) -> Option<f64> {
    let text = super::columns::half_width(text);
    let text = text.trim();
    let number = match text.strip_suffix('%') {
        Some(percent) => super::cells::number(percent.trim())? / 100.0,
        None => super::cells::number(text)?,
    };
    (0.0..=1.0).contains(&number).then_some(number)
}

fn requests(
    folder: &Folder<'_>,
    (project, dates): (&mut Project, &mut Dates<'_>),
    places: &mut Places,
    lots: &mut Names,
    must: bool,
    findings: &mut Findings,
) {
    let registered = folder.table(&PARKING_REGISTER, false, findings);
    let own = folder.table(&PARKING, must && registered.is_none(), findings);
    let (mut names, mut rows) = (Names::default(), Vec::new());
    for table in own.iter().chain(&registered) {
        of_table(table, (project, dates), (places, lots), (&mut names, &mut rows), findings);
    }
    if let Some(table) = own.or(registered)
        && must
        && project.requests.is_empty()
    {
        findings.push(Finding::warning("nothing-left").file(&table.file));
    }
}

fn of_table(
    table: &Table,
    (project, dates): (&mut Project, &mut Dates<'_>),
    (places, lots): (&mut Places, &mut Names),
    (names, rows): (&mut Names, &mut Vec<u32>),
    findings: &mut Findings,
) {
    let col = |name| table.col(name);
    let flag = |value: Cell<bool>| value.ok().flatten().unwrap_or(false);
    for entry in table.rows() {
        if dates.is_past(entry, col("past"), findings) {
            let window = entry.window((col("days"), col("from"), col("to")), NIGHT, findings);
            let request = entry.text(col("request"));
            if let Some(window) = window.filter(|_| !request.is_empty()) {
                over(&mut project.past.asked, request, window);
            }
            continue;
        }
        let Some((id, _)) = new_id(entry, col("request"), names, |at| rows[at], findings) else { continue };
        let home = places.place(entry, col("home"), findings);
        let Some(home) = entry.must(col("home"), home, findings) else { continue };
        let Some(window) = entry.window((col("days"), col("from"), col("to")), NIGHT, findings) else { continue };
        let (past, left) = dates.part(entry, col("days"), &window, findings);
        if let Some(past) = past {
            over(&mut project.past.asked, &id, past);
        }
        let Some(window) = left else { continue };
        let walk = entry.whole(col("max_walk_m"), (0, 10_000), Then::Empty, findings).ok().flatten();
        let area = places.site_id(entry, col("area"), Then::Empty, findings).ok().flatten();
        let current = match lots.find_or("lot-unknown", entry, col("current_lot"), Then::Empty, findings) {
            Ok(index) => index.map(|index| project.lots[index].id.clone()),
            Err(Flawed) => None,
        };
        names.add(project.requests.len(), &id, &[]);
        rows.push(entry.row());
        let party = Some(entry.text(col("party")).to_owned()).filter(|party| !party.is_empty());
        let sharing = || project.lots.iter().filter(|lot| lot.exchange).map(|lot| lot.owner.as_str());
        if let Some(party) = party.as_deref().filter(|party| sharing().all(|owner| owner != *party)) {
            // Its bays would be its own only by this name.
            let near = nearest(party, sharing()).unwrap_or_default();
            findings.push(guess(entry.flaw("party-unknown", col("party"), Then::Empty), near));
        }
        project.requests.push(ParkingRequest {
            id,
            home,
            area,
            party,
            window,
            max_walk: Metres(walk.unwrap_or(WALK)),
            max_price: entry.money(col("max_price"), Then::Empty, findings).ok().flatten(),
            accessible: flag(entry.yes_no(col("accessible"), Then::Empty, findings)),
            charging: flag(entry.yes_no(col("charging"), Then::Empty, findings)),
            current_lot: current,
            since: entry.date(col("since"), Then::Empty, findings).ok().flatten(),
        });
    }
    dates.said(&table.file, findings);
}

fn history(folder: &Folder<'_>, project: &mut Project, lots: &mut Names, findings: &mut Findings) {
    let Some(table) = folder.table(&PARKING_HISTORY, false, findings) else { return };
    let [lot, date, request, left] = ["lot", "date", "request", "left"].map(|name| table.col(name));
    for entry in table.rows() {
        let found = lots.find_or("lot-unknown", entry, lot, Then::Dropped, findings);
        let Some(index) = entry.must(lot, found, findings) else { continue };
        let day = entry.date(date, Then::Dropped, findings);
        let Some(day) = entry.must(date, day, findings) else { continue };
        let time = entry.time(left, Then::Dropped, findings);
        let Some(left) = entry.must(left, time, findings) else { continue };
        let request = entry.text(request).to_owned();
        project.parking_history.push(Departure { lot: project.lots[index].id.clone(), date: day, request, left });
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::finding::Argument;
    use crate::intake::{Need, Needs, Source, read_project};

    #[test]
    fn a_misspelt_party_is_told() {
        let source = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let sources = [
            source("project.toml", "[project]\nname = \"x\"\n"),
            source("lots.csv", "id,lon,lat,owner,bays,exchange\na,121.4,31.2,汶水东园,2,yes\nb,121.4,31.2,远处,2,\n"),
            // Right, misspelt, of a lot that is in no exchange, of none.
            source(
                "parking.csv",
                "request,home,party\n1,121.4 31.2,汶水东园\n2,121.4 31.2,汶水东圆\n3,121.4 31.2,远处\n4,121.4 31.2,\n",
            ),
        ];
        let project = read_project(&sources, Needs { parking: Need::IfThere, ..Needs::NONE }).unwrap();
        let told = project.findings.iter().filter(|finding| finding.code == "party-unknown");
        let told: Vec<_> = told.map(|finding| (finding.row, finding.args["near"].clone())).collect();
        let text = |text: &str| Argument::Text(text.to_owned());
        assert_eq!(told, [(Some(3), text("汶水东园")), (Some(4), text(""))]);
        assert_eq!(project.requests.len(), 4);
    }
}
