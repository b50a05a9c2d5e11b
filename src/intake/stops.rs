//! stops.csv: where a shuttle could stop. Without it, stops are found along the roads.

use super::Folder;
use super::cells::Then;
use super::columns::{STOPS, half_width};
use super::findings::Findings;
use super::places::{Names, Places, point};
use super::sites::new_id;
use crate::domain::site::Kerb;
use crate::planning::project::CandidateStop;

pub(super) fn read(folder: &Folder<'_>, places: &mut Places, findings: &mut Findings) -> Vec<CandidateStop> {
    let (mut stops, mut names, mut rows) = (Vec::new(), Names::default(), Vec::new());
    let Some(table) = folder.table(&STOPS, false, findings) else { return stops };
    let [id, name, name_en, lon, lat, site, kerb, step_free] =
        ["id", "name", "name_en", "lon", "lat", "site", "kerb", "step_free"].map(|name| table.col(name));
    for entry in table.rows() {
        let Some((stop_id, _)) = new_id(entry, id, &names, |at| rows[at], findings) else { continue };
        let place = point(entry, (lon, lat), &places.locator, findings);
        let Some(place) = entry.must(lon, place, findings) else { continue };
        let site = places.site_id(entry, site, Then::Empty, findings).ok().flatten();
        let kerb = match half_width(entry.text(kerb)).to_lowercase().trim() {
            "" | "right" | "右" | "右侧" => Kerb::Right,
            "left" | "左" | "左侧" => Kerb::Left,
            "either" | "both" | "两侧" | "均可" | "不限" | "任意" => Kerb::Either,
            _ => {
                findings.push(entry.flaw("stop-kerb-unknown", kerb, Then::Empty));
                Kerb::Right
            }
        };
        let label = entry.text(name);
        names.add(stops.len(), &stop_id, &[]);
        stops.push(CandidateStop {
            name: if label.is_empty() { stop_id.clone() } else { label.to_owned() },
            id: stop_id,
            name_en: entry.some_text(name_en),
            point: place,
            site,
            kerb,
            // A step nobody told us of strands a wheelchair: not said is not step-free.
            step_free: entry.yes_no(step_free, Then::Empty, findings).ok().flatten().unwrap_or(false),
        });
        rows.push(entry.row());
    }
    stops
}
