//! sites.csv: parks and gates, stations and exits, lots, depots, areas, rooms.

use super::cells::{Then, said};
use super::columns::{SITES, half_width};
use super::findings::Findings;
use super::places::{Locator, Names, Places, point};
use super::table::{self, Col, Entry, Table};
use super::{Folder, Source};
use crate::domain::coordinates::{CoordinateSystem, Point};
use crate::domain::finding::Finding;
use crate::domain::site::{Site, SiteKind};
use crate::domain::units::{Metres, People};
use crate::network::roads::Roads;

/// Most people a site, firm or answer can stand for.
pub(super) const MOST_PEOPLE: f64 = 2_000_000.0;

/// The sites, and how to find them; without a list every name is taken as it is.
pub(super) fn read(
    folder: &Folder<'_>,
    system: CoordinateSystem,
    must: bool,
    findings: &mut Findings,
) -> (Vec<Site>, Places) {
    match folder.table(&SITES, must, findings) {
        Some(table) => from_table(&table, system, must, findings),
        None => nowhere(system),
    }
}

/// The same of a file by itself, whatever its name.
pub(super) fn read_file(
    file: &Source,
    system: CoordinateSystem,
    must: bool,
    findings: &mut Findings,
) -> (Vec<Site>, Places) {
    match table::read(file, &SITES, must, findings) {
        Some(table) => from_table(&table, system, must, findings),
        None => nowhere(system),
    }
}

fn nowhere(system: CoordinateSystem) -> (Vec<Site>, Places) {
    let locator = Locator { system, centre: None };
    (Vec::new(), Places { locator, open: true, ..Places::default() })
}

fn from_table(table: &Table, system: CoordinateSystem, must: bool, findings: &mut Findings) -> (Vec<Site>, Places) {
    let locator = Locator { system, centre: None };
    let [id, name, name_en, kind, lon, lat, parent, people, enter] =
        ["id", "name", "name_en", "kind", "lon", "lat", "parent", "people", "enter"].map(|name| table.col(name));
    // The middle first, from all the rows that have possible numbers.
    let mut quiet = Findings::default();
    let points: Vec<Point> =
        table.rows().filter_map(|entry| point(entry, (lon, lat), &locator, &mut quiet).ok().flatten()).collect();
    let locator = locator.with_centre(&points);
    let mut names = Names::default();
    let mut sites: Vec<Site> = Vec::new();
    let mut rows: Vec<Entry<'_>> = Vec::new();
    let mut entered: Vec<(usize, Point)> = Vec::new();
    for entry in table.rows() {
        let Some((site_id, written)) = new_id(entry, id, &names, |at| rows[at].row(), findings) else { continue };
        let Some(kind) = site_kind(entry, kind, findings) else { continue };
        let place = point(entry, (lon, lat), &locator, findings);
        let Some(place) = entry.must(lon, place, findings) else { continue };
        let label = entry.text(name);
        let label_en = entry.text(name_en);
        names.add(sites.len(), &site_id, &[label, label_en]);
        names.alias(sites.len(), written);
        if entry.yes_no(enter, Then::Empty, findings).ok().flatten() == Some(true) {
            entered.push((sites.len(), place));
        }
        let people = entry.number(people, (0.0, MOST_PEOPLE), Then::Empty, findings).ok().flatten();
        sites.push(Site {
            name: if label.is_empty() { site_id.clone() } else { label.to_owned() },
            id: site_id,
            name_en: (!label_en.is_empty()).then(|| label_en.to_owned()),
            kind,
            point: place,
            parent: None,
            people: people.map(thousandths),
        });
        rows.push(entry);
    }
    for at in 0..sites.len() {
        let wanted = match sites[at].kind {
            SiteKind::Gate => Some(SiteKind::Park),
            SiteKind::Exit => Some(SiteKind::Station),
            _ => None,
        };
        match names.find_or("site-parent-unknown", rows[at], parent, Then::Empty, findings) {
            Ok(Some(index)) if index != at && wanted.is_none_or(|kind| sites[index].kind == kind) => {
                sites[at].parent = Some(sites[index].id.clone());
            }
            Ok(Some(_)) => findings.push(rows[at].flaw("site-parent-kind", parent, Then::Empty)),
            Ok(None) if wanted.is_some() => {
                findings.push(rows[at].place(Finding::warning("site-parent-missing")).column(parent.name));
            }
            _ => {}
        }
    }
    if must && sites.is_empty() {
        findings.push(Finding::error("nothing-left").file(&table.file));
    }
    let rows = rows.iter().map(|entry| entry.row()).collect();
    let places = Places { file: table.file.clone(), rows, enter: entered, ..Places::new(&sites, names, locator) };
    (sites, places)
}

/// Opens the private roads of the sites that let the shuttle in; says where there are none to open.
pub(super) fn let_in(sites: &[Site], places: &Places, roads: &mut Roads, findings: &mut Findings) {
    // Roads that cannot be read, or none, are a finding of their own.
    if roads.is_empty() || places.enter.is_empty() {
        return;
    }
    for (at, point) in &places.enter {
        if !roads.may_admit(*point)
            && let (Some(site), Some(row)) = (sites.get(*at), places.rows.get(*at))
        {
            let finding = Finding::note("site-nothing-to-enter").file(&places.file).row(*row).column("enter");
            findings.push(finding.arg("site", said(&site.name)));
        }
    }
    let points: Vec<Point> = places.enter.iter().map(|(_, point)| *point).collect();
    roads.admit(&points);
}

/// Names each site that is farther than `max` from every path (`far`: how far each is, and maybe more): nobody can walk
/// from it to a stop.
pub(super) fn off_the_paths(
    sites: &[Site],
    places: &Places,
    far: &[Option<f64>],
    max: Metres,
    findings: &mut Findings,
) {
    for ((site, row), metres) in sites.iter().zip(&places.rows).zip(far) {
        if metres.is_some_and(|metres| metres <= f64::from(max.0)) {
            continue;
        }
        let finding = Finding::warning("site-off-paths").file(&places.file).row(*row).column("lon");
        let km = metres.map_or_else(|| "-".to_owned(), |metres| format!("{:.1}", metres / 1000.0));
        findings.push(finding.arg("site", said(&site.name)).arg("km", km).arg("limit", max.0.to_string()));
    }
}

/// The id of a row: present, without blanks, not yet taken; and as it is written.
pub(super) fn new_id<'t>(
    entry: Entry<'t>,
    col: Col,
    names: &Names,
    row_of: impl Fn(usize) -> u32,
    findings: &mut Findings,
) -> Option<(String, &'t str)> {
    let written = entry.must_text(col, findings)?;
    let mut id = written.to_owned();
    if id.contains(|c: char| c.is_whitespace() || c.is_control()) {
        id = id
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
            .join("_");
        findings.push(entry.flaw("id-with-blanks", col, Then::Empty).arg("used", said(&id)));
    }
    if id.chars().count() > 100 {
        findings.push(entry.flaw("id-too-long", col, Then::Dropped));
        return None;
    }
    if let Some(first) = names.id(&id) {
        findings.push(entry.flaw("id-twice", col, Then::Dropped).arg("first", row_of(first).to_string()));
        return None;
    }
    Some((id, written))
}

fn site_kind(entry: Entry<'_>, col: Col, findings: &mut Findings) -> Option<SiteKind> {
    let text = entry.must_text(col, findings)?;
    let kind = match half_width(text).to_lowercase().trim() {
        "park" | "园区" | "产业园" | "办公园区" => SiteKind::Park,
        "gate" | "门" | "大门" | "园区门" | "出入门" => SiteKind::Gate,
        "station" | "车站" | "地铁站" | "站" => SiteKind::Station,
        "exit" | "出口" | "出入口" | "地铁口" => SiteKind::Exit,
        "lot" | "停车场" | "停车库" => SiteKind::Lot,
        "depot" | "车场" | "场站" | "停车场站" | "停保场" => SiteKind::Depot,
        "area" | "居民区" | "小区" | "片区" => SiteKind::Area,
        "room" | "房间" | "活动室" | "场地" => SiteKind::Room,
        _ => {
            findings.push(entry.flaw("site-kind-unknown", col, Then::Dropped));
            return None;
        }
    };
    Some(kind)
}

/// Whole or broken people (at most two million) as thousandths, rounded.
pub(super) fn thousandths(people: f64) -> People {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "callers allow 0 to 2 million")]
    People((people * 1000.0).round() as u32)
}
