//! A file, looked at, and written again in the normal form: UTF-8, commas, English headers, ids instead of names,
//! times as HH:MM, days as Mon-Fri, WGS-84; roads as GeoJSON. What was left out is in the findings.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::columns::{SITES, SURVEY};
use super::findings::Findings;
use super::places::Places;
use super::{Folder, IntakeError, Source, calendar, firms, honesty, roads, settings, sites, survey, table};
use crate::domain::coordinates::CoordinateSystem;
use crate::domain::finding::Finding;
use crate::domain::site::{Site, SiteKind};
use crate::domain::units::People;
use crate::network::profile::Class;
use crate::network::roads::{Limits, Roads};
use crate::network::{Network, Speeds, geojson, osm};
use crate::planning::plan::TimeKind;
use crate::planning::project::{Journey, Place};

/// A file in its normal form.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalForm {
    /// Name it has in a project folder.
    pub name: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
    /// What was found in the file.
    pub findings: Vec<Finding>,
}

fn finish(name: &'static str, bytes: Vec<u8>, findings: Findings) -> Result<NormalForm, IntakeError> {
    let (findings, files) = findings.finish();
    if files.is_empty() {
        Ok(NormalForm { name, bytes, findings })
    } else {
        Err(IntakeError::Unreadable { files, findings })
    }
}

/// Says that the coordinates were turned, where they were.
fn turned(system: CoordinateSystem, file: &str, findings: &mut Findings) {
    if system != CoordinateSystem::Wgs84 {
        findings.push(Finding::note("normal-form-wgs84").file(file));
    }
}

/// The coordinate system of the project around a file; WGS-84 without a project.toml.
pub(super) fn system(folder: &Folder<'_>, findings: &mut Findings) -> settings::Settings {
    let mut settings =
        if folder.has("project.toml") { settings::read(folder, findings) } else { settings::Settings::default() };
    settings.project.holidays = calendar::read(folder, findings);
    settings.services(&mut Findings::default());
    settings
}

/// A survey. `around` are the other files of its project, as far as there are any: with sites and firms, places and
/// firms are looked up and answers weighed; without, names are taken as they are.
///
/// # Errors
/// The file (or a file around it) cannot be read at all.
pub fn normal_form_survey(file: &Source, around: &[Source]) -> Result<NormalForm, IntakeError> {
    let mut findings = Findings::alone();
    let folder = Folder::new(around, &mut Findings::default());
    let settings = system(&folder, &mut findings);
    let (_, mut places) = sites::read(&folder, settings.coordinates, false, &mut findings);
    let (firms, mut names) = firms::read(&folder, &mut places, &mut findings);
    let mut bytes = Vec::new();
    if let Some(table) = table::read(file, &SURVEY, true, &mut findings) {
        let context = survey::Context { services: &settings.project.services, firms: &firms, must: true };
        let answers = survey::read(&table, &context, &mut places, &mut names, &mut findings);
        let journeys = honesty::journeys(answers, &table.file, &context, &mut findings);
        bytes = survey_csv(&journeys).into_bytes();
        turned(settings.coordinates, &file.name, &mut findings);
    }
    finish("survey.csv", bytes, findings)
}

/// A list of sites; `around` as in [`normal_form_survey`] (only project.toml matters).
///
/// # Errors
/// The file cannot be read at all.
pub fn normal_form_sites(file: &Source, around: &[Source]) -> Result<NormalForm, IntakeError> {
    let mut findings = Findings::alone();
    let folder = Folder::new(around, &mut Findings::default());
    let settings = system(&folder, &mut findings);
    let (list, places): (Vec<Site>, Places) = sites::read_file(file, settings.coordinates, true, &mut findings);
    turned(settings.coordinates, &file.name, &mut findings);
    finish("sites.csv", sites_csv(&list, &places).into_bytes(), findings)
}

/// Roads, an OpenStreetMap extract or GeoJSON; with sites around it, cut to what is near them.
///
/// # Errors
/// The file cannot be read at all.
pub fn normal_form_roads(file: &Source, around: &[Source]) -> Result<NormalForm, IntakeError> {
    let mut findings = Findings::alone();
    let folder = Folder::new(around, &mut Findings::default());
    let settings = system(&folder, &mut findings);
    let (list, _) = sites::read(&folder, settings.coordinates, false, &mut Findings::default());
    let text = file.bytes.iter().find(|byte| !byte.is_ascii_whitespace() && **byte < 0x80) == Some(&b'{');
    let (limits, rules) = (Limits::default(), &settings.project.bus);
    let read = if text {
        geojson::import_for(rules, &file.bytes, &file.name, settings.coordinates, &limits)
    } else {
        osm::import_for(rules, &file.bytes, &file.name, &limits, roads::around(&list).as_ref())
    };
    let mut bytes = Vec::new();
    match read {
        Ok((roads, found)) => {
            found.into_iter().for_each(|finding| findings.push(finding));
            bytes = roads_geojson(&roads);
            let lights = (0..).zip(roads.nodes()).filter(|(node, _)| roads.is_signal(*node)).count();
            let marks = roads.traffic().marks.len() - lights;
            let bans = roads.bans().len() + roads.way_bans().len();
            if lights + marks + bans > 0 {
                let told = Finding::note("roads-lines-only").arg("lights", lights).arg("bans", bans);
                findings.push(told.arg("marks", marks).file(&file.name));
            }
            let network = Network::new(&roads, &Speeds { turns: settings.project.turns, ..Speeds::default() });
            network.findings(&file.name).into_iter().for_each(|finding| findings.push(finding));
            if text {
                turned(settings.coordinates, &file.name, &mut findings);
            }
        }
        Err(error) => findings.unreadable(&file.name, roads::flaw(&error)),
    }
    finish("roads.geojson", bytes, findings)
}

/// A cell of CSV: quoted where it must be; a formula is made harmless, as the file will be opened in a spreadsheet.
fn cell(text: &str) -> String {
    let text =
        if text.starts_with(['=', '@', '\t', '\r']) || (text.starts_with(['+', '-']) && text.parse::<f64>().is_err()) {
            format!("'{text}")
        } else {
            text.to_owned()
        };
    if text.contains([',', '"', '\n', '\r', ';']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

pub(super) fn line(out: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    out.push_str(&cells.join(","));
    out.push('\n');
}

pub(super) fn headers(sheet: &super::Sheet) -> Vec<String> {
    sheet.columns.iter().map(|column| column.name.to_owned()).collect()
}

/// Thousandths as people write them: 400 is "0.4".
fn milli(thousandths: u32) -> String {
    format!("{}", f64::from(thousandths) / 1000.0)
}

fn place(place: &Place, system: CoordinateSystem) -> String {
    match place {
        Place::Site(id) => id.clone(),
        Place::Point(point) => {
            let point = system.from_wgs84(*point);
            format!("{:.6} {:.6}", point.lon, point.lat)
        }
    }
}

fn survey_csv(journeys: &[Journey]) -> String {
    let mut out = String::new();
    line(&mut out, &headers(&SURVEY));
    for journey in journeys {
        let response = format!("R{}", journey.response + 1);
        survey_row(&mut out, &response, journey, Some(journey.weight), CoordinateSystem::Wgs84);
    }
    out
}

/// A row of survey.csv, points in the system the project's files are in.
pub(super) fn survey_row(
    out: &mut String,
    response: &str,
    journey: &Journey,
    weight: Option<People>,
    system: CoordinateSystem,
) {
    let yes = |truth: bool| if truth { "yes" } else { "no" }.to_owned();
    let kind = match journey.time_kind {
        TimeKind::ArriveBy => "arrive_by",
        TimeKind::DepartAfter => "depart_after",
    };
    let time = journey.time.to_string();
    line(
        out,
        &[
            response.to_owned(),
            journey.firm.clone().unwrap_or_default(),
            place(&journey.origin, system),
            place(&journey.destination, system),
            time.strip_suffix(":00").unwrap_or(&time).to_owned(),
            kind.to_owned(),
            journey.days.to_string(),
            journey.max_walk.map(|walk| walk.0.to_string()).unwrap_or_default(),
            journey.max_wait.map(|wait| format!("{}", f64::from(wait.0) / 60.0)).unwrap_or_default(),
            milli(journey.use_milli),
            yes(journey.both_ways),
            weight.map(|weight| milli(weight.0)).unwrap_or_default(),
            journey.now.clone().unwrap_or_default(),
            yes(journey.wheelchair),
        ],
    );
}

fn sites_csv(list: &[Site], places: &Places) -> String {
    let mut out = String::new();
    line(&mut out, &headers(&SITES));
    for (at, site) in list.iter().enumerate() {
        let enter = places.enter.iter().any(|(entered, _)| *entered == at);
        let kind = match site.kind {
            SiteKind::Park => "park",
            SiteKind::Gate => "gate",
            SiteKind::Station => "station",
            SiteKind::Exit => "exit",
            SiteKind::Lot => "lot",
            SiteKind::Depot => "depot",
            SiteKind::Area => "area",
            SiteKind::Room => "room",
        };
        line(
            &mut out,
            &[
                site.id.clone(),
                site.name.clone(),
                site.name_en.clone().unwrap_or_default(),
                kind.to_owned(),
                format!("{:.6}", site.point.lon),
                format!("{:.6}", site.point.lat),
                site.parent.clone().unwrap_or_default(),
                site.people.map(|people| milli(people.0)).unwrap_or_default(),
                if enter { "yes" } else { "" }.to_owned(),
            ],
        );
    }
    out
}

/// One feature a line, OpenStreetMap's keys: what the import made of a way, said in them.
fn roads_geojson(roads: &Roads) -> Vec<u8> {
    let mut out = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    let mut first = true;
    for way in roads.ways() {
        let points: Vec<Value> = way
            .nodes
            .iter()
            .filter_map(|id| roads.node(*id))
            .map(|node| json!([(node.point.lon * 1e7).round() / 1e7, (node.point.lat * 1e7).round() / 1e7]))
            .collect();
        let mut tags = serde_json::Map::new();
        let mut tag = |key: &str, value: Value| tags.insert(key.to_owned(), value);
        tag("highway", serde_json::to_value(way.class).unwrap_or_default());
        for (key, text) in [("name", &way.name), ("name:en", &way.name_en)] {
            if !text.is_empty() {
                tag(key, json!(text));
            }
        }
        // A private road stays one: its owner may still open it.
        let word = if way.access.private { "private" } else { "yes" };
        match if way.access.private { way.access.inside.bus } else { way.access.bus } {
            [true, true] => {
                tag("bus", json!(word));
                tag("oneway", json!("no"));
            }
            [true, false] => {
                tag("bus", json!(word));
                tag("oneway", json!("yes"));
            }
            [false, true] => {
                tag("bus", json!(word));
                tag("oneway", json!("-1"));
            }
            [false, false] => {
                tag("bus", json!("no"));
            }
        }
        tag("foot", json!(if way.access.foot { "yes" } else { "no" }));
        if way.access.foot && !way.access.wheelchair && way.class != Class::Steps {
            tag("wheelchair", json!("no"));
        }
        if way.access.bus != [false, false] || way.access.private {
            tag("maxspeed", json!(way.access.kmh.to_string()));
        }
        if let Some(lanes) = way.lanes {
            tag("lanes", json!(lanes.to_string()));
        }
        if way.layer != 0 {
            tag("layer", json!(way.layer.to_string()));
        }
        if way.closed {
            tag("closed", json!(true));
        }
        let feature = json!({
            "type": "Feature", "id": way.id, "properties": tags,
            "geometry": { "type": "LineString", "coordinates": points },
        });
        let _ = write!(out, "{}{feature}", if first { "" } else { ",\n" });
        first = false;
    }
    out.push_str("\n]}\n");
    out.into_bytes()
}
