//! couriers.csv: couriers counted, by place and hour.

use super::Folder;
use super::cells::Then;
use super::columns::COURIERS;
use super::findings::Findings;
use super::places::{Places, point};
use crate::planning::project::CourierCount;

pub(super) fn read(folder: &Folder<'_>, places: &Places, must: bool, findings: &mut Findings) -> Vec<CourierCount> {
    let mut couriers = Vec::new();
    let Some(table) = folder.table(&COURIERS, must, findings) else { return couriers };
    let [lon, lat, hour, people] = ["lon", "lat", "hour", "people"].map(|name| table.col(name));
    for entry in table.rows() {
        let place = point(entry, (lon, lat), &places.locator, findings);
        let Some(point) = entry.must(lon, place, findings) else { continue };
        let at = entry.whole(hour, (0, 23), Then::Dropped, findings);
        let Some(hour) = entry.must(hour, at, findings) else { continue };
        let Ok(count) = entry.whole(people, (0, 100_000), Then::Dropped, findings) else { continue };
        // A row without a number is one courier seen.
        couriers.push(CourierCount { point, hour, people: count.unwrap_or(1) });
    }
    couriers
}
