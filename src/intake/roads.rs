//! roads.osm.pbf and roads.geojson: read by [`crate::network`]; here only which, in what order, and how far around.

use super::Folder;
use super::findings::Findings;
use crate::domain::coordinates::CoordinateSystem;
use crate::domain::finding::Finding;
use crate::domain::site::Site;
use crate::network::profile::Rules;
use crate::network::roads::{Bounds, Limits, Roads, RoadsError};
use crate::network::{geojson, osm};

/// An extract of a whole city is cut to the sites and this far around them: no shuttle makes a longer detour.
const MARGIN_M: f64 = 4_000.0;

const EXTRACT: &str = "roads.osm.pbf";
const DRAWN: &str = "roads.geojson";

pub(super) fn read(
    folder: &Folder<'_>,
    sites: &[Site],
    must: bool,
    system: CoordinateSystem,
    rules: &Rules,
    findings: &mut Findings,
) -> Roads {
    let limits = Limits::default();
    let mut roads = Roads::default();
    let (extract, drawn) = (folder.get(EXTRACT), folder.get(DRAWN));
    if extract.is_none() && drawn.is_none() {
        if must {
            findings.unreadable(DRAWN, Finding::error("file-missing"));
        }
        return roads;
    }
    if let Some(source) = extract {
        match osm::import_for(rules, &source.bytes, EXTRACT, &limits, around(sites).as_ref()) {
            Ok((read, found)) => {
                roads = read;
                found.into_iter().for_each(|finding| findings.push(finding));
            }
            Err(error) => findings.unreadable(EXTRACT, flaw(&error)),
        }
    }
    if let Some(source) = drawn {
        match geojson::merge_for(rules, &mut roads, &source.bytes, DRAWN, system, &limits) {
            Ok(found) => found.into_iter().for_each(|finding| findings.push(finding)),
            Err(error) => findings.unreadable(DRAWN, flaw(&error)),
        }
    }
    if must && roads.is_empty() {
        let file = if extract.is_some() { EXTRACT } else { DRAWN };
        findings.push(Finding::error("nothing-left").file(file));
    }
    roads
}

/// In our words; the parser's own are kept as the reason.
pub(super) fn flaw(error: &RoadsError) -> Finding {
    match error {
        RoadsError::TooLarge { what, limit } => {
            Finding::error("roads-too-large").arg("limit", limit.to_string()).arg("what", *what)
        }
        RoadsError::Unreadable { reason } => {
            Finding::error("roads-unreadable").arg("reason", reason.chars().take(200).collect::<String>())
        }
    }
}

/// The box of the sites and [`MARGIN_M`] around it; `None` without sites.
pub(super) fn around(sites: &[Site]) -> Option<Bounds> {
    Bounds::around(sites.iter().map(|site| site.point)).map(|bounds| wider(&bounds))
}

fn wider(bounds: &Bounds) -> Bounds {
    // A degree of latitude is 111 km; a degree of longitude less, so the box is never too narrow by much.
    let lat = MARGIN_M / 111_000.0;
    let lon = lat / libm::cos(bounds.centre().lat.to_radians()).max(0.1);
    Bounds { west: bounds.west - lon, south: bounds.south - lat, east: bounds.east + lon, north: bounds.north + lat }
}
