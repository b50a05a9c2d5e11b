//! areas.geojson: outlines of residential areas. Features are numbered from 1 as rows.
//!
//! Limits: 64 MB, 10,000 areas, 100,000 vertices each.

use serde_json::Value;

use super::cells::said;
use super::findings::Findings;
use super::places::{Locator, Misplaced, Places};
use super::sites::{MOST_PEOPLE, thousandths};
use super::table::MAX_BYTES;
use super::{Folder, IntakeError, Source};
use crate::domain::finding::Finding;
use crate::planning::project::Area;

const FILE: &str = "areas.geojson";
const MOST_AREAS: usize = 10_000;
const MOST_VERTICES: usize = 100_000;

pub(super) fn read(folder: &Folder<'_>, places: &Places, must: bool, findings: &mut Findings) -> Vec<Area> {
    if let Some(source) = folder.get(FILE) {
        return of(source, FILE, &places.locator, must, findings);
    }
    if must {
        findings.unreadable(FILE, Finding::error("file-missing"));
    }
    Vec::new()
}

/// The areas of one file, WGS-84, under its own name; and what is wrong with it and them. For `jiebo engine districting`.
///
/// # Errors
/// The file cannot be read at all.
pub fn alone(file: &Source) -> Result<(Vec<Area>, Vec<Finding>), IntakeError> {
    let mut findings = Findings::alone();
    let areas = of(file, &file.name, &Locator::default(), true, &mut findings);
    let (findings, files) = findings.finish();
    if files.is_empty() { Ok((areas, findings)) } else { Err(IntakeError::Unreadable { files, findings }) }
}

fn of(source: &Source, file: &str, locator: &Locator, must: bool, findings: &mut Findings) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    if source.bytes.len() > MAX_BYTES {
        findings.unreadable(file, Finding::error("file-too-large").arg("limit", format!("{} MB", MAX_BYTES >> 20)));
        return areas;
    }
    let Some(text) = super::text::decode(&source.bytes) else {
        findings.unreadable(file, Finding::error("text-unreadable"));
        return areas;
    };
    let root: Value = match serde_json::from_str(&text.text) {
        Ok(root) => root,
        Err(error) => {
            let row = u32::try_from(error.line()).unwrap_or(u32::MAX);
            findings
                .unreadable(file, Finding::error("json-unreadable").row(row).arg("reason", said(&error.to_string())));
            return areas;
        }
    };
    let Some(features) = root.get("features").and_then(Value::as_array) else {
        findings.unreadable(file, Finding::error("geojson-no-features"));
        return areas;
    };
    if features.len() > MOST_AREAS {
        findings.push(Finding::warning("rows-beyond-limit").file(file).arg("limit", MOST_AREAS));
    }
    let mut seen = std::collections::BTreeMap::new();
    for (row, feature) in (1..).zip(features.iter().take(MOST_AREAS)) {
        let place = |finding: Finding| finding.file(file).row(row);
        let properties = feature.get("properties").unwrap_or(&Value::Null);
        let text = |key: &str| match properties.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let Some(id) = text("id") else {
            findings.push(place(Finding::warning("cell-missing")).column("id"));
            continue;
        };
        if let Some(first) = seen.insert(id.clone(), row) {
            let finding = place(Finding::warning("id-twice")).column("id");
            findings.push(finding.arg("said", said(&id)).arg("first", first.to_string()).arg("then", "dropped"));
            continue;
        }
        let outline = match outline(feature.get("geometry").unwrap_or(&Value::Null), locator) {
            Ok(outline) => outline,
            Err(Bad::Shape) => {
                findings.push(place(Finding::warning("area-no-outline")).column("geometry"));
                continue;
            }
            Err(Bad::Place(wrong)) => {
                let code = match wrong {
                    Misplaced::Swapped => "point-swapped",
                    Misplaced::OutOfRange => "point-out-of-range",
                    Misplaced::Far(_) => "point-far",
                };
                let km = if let Misplaced::Far(metres) = wrong { (metres / 1000.0).round() } else { 0.0 };
                findings.push(place(Finding::warning(code)).column("geometry").arg("said", said(&id)).arg("km", km));
                continue;
            }
        };
        let mut count = |key: &str| {
            let value = properties.get(key).filter(|value| !value.is_null())?;
            let number = value.as_f64().or_else(|| value.as_str().and_then(super::cells::number));
            let number = number.filter(|number| (0.0..=MOST_PEOPLE).contains(number));
            if number.is_none() {
                let finding = place(Finding::warning("cell-out-of-range")).column(key).arg("then", "empty");
                let finding = finding.arg("said", said(&value.to_string()));
                findings.push(finding.arg("min", "0").arg("max", format!("{MOST_PEOPLE}")));
            }
            number
        };
        let (people, households) = (count("people").unwrap_or(0.0), count("households").unwrap_or(0.0));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 2 million")]
        areas.push(Area {
            name: text("name").unwrap_or_else(|| id.clone()),
            id,
            people: thousandths(people),
            households: households.round() as u32,
            outline,
        });
    }
    if must && areas.is_empty() {
        findings.push(Finding::error("nothing-left").file(file));
    }
    areas
}

enum Bad {
    Shape,
    Place(Misplaced),
}

fn outline(geometry: &Value, locator: &Locator) -> Result<geo::MultiPolygon<f64>, Bad> {
    let coordinates = geometry.get("coordinates").and_then(Value::as_array).ok_or(Bad::Shape)?;
    let mut vertices = 0;
    let mut polygon = |rings: &Value| -> Result<geo::Polygon<f64>, Bad> {
        let mut lines = Vec::new();
        for ring in rings.as_array().ok_or(Bad::Shape)? {
            let mut line = Vec::new();
            for position in ring.as_array().ok_or(Bad::Shape)? {
                vertices += 1;
                let number = |at: usize| position.get(at).and_then(Value::as_f64).ok_or(Bad::Shape);
                let point = locator.locate(number(0)?, number(1)?).map_err(Bad::Place)?;
                line.push(geo::Coord { x: point.lon, y: point.lat });
            }
            let mut distinct: Vec<(u64, u64)> = line.iter().map(|c| (c.x.to_bits(), c.y.to_bits())).collect();
            distinct.sort_unstable();
            distinct.dedup();
            if distinct.len() < 3 || vertices > MOST_VERTICES {
                return Err(Bad::Shape);
            }
            lines.push(geo::LineString::new(line));
        }
        let mut lines = lines.into_iter();
        let outer = lines.next().ok_or(Bad::Shape)?;
        Ok(geo::Polygon::new(outer, lines.collect()))
    };
    match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => Ok(geo::MultiPolygon::new(vec![polygon(&Value::Array(coordinates.clone()))?])),
        Some("MultiPolygon") if !coordinates.is_empty() => {
            Ok(geo::MultiPolygon::new(coordinates.iter().map(&mut polygon).collect::<Result<_, _>>()?))
        }
        _ => Err(Bad::Shape),
    }
}
