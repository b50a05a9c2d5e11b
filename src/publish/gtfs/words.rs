//! agency.txt, feed_info.txt, translations.txt.

use std::collections::BTreeMap;

use super::{Feed, Table, ascii_id, name_or, rides::gtfs_date};
use crate::publish::routes::plain_name;

/// There is one agency.
pub(super) const AGENCY_ID: &str = "jiebo";

/// Of agency and feed; validators want them to be the same.
const LANGUAGE: &str = "zh";

impl Feed<'_> {
    fn agency_name(&self) -> String {
        let project = self.project;
        let name = project.publication.agency.as_ref().or(project.name_zh.as_ref()).unwrap_or(&project.name);
        name_or(name, AGENCY_ID)
    }

    pub(super) fn agency(&self) -> Table {
        let header = ["agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"];
        let mut table = Table::new("agency.txt", &header);
        let zone = if self.project.timezone.is_empty() { "Asia/Shanghai" } else { &self.project.timezone };
        table.push([AGENCY_ID.to_owned(), self.agency_name(), self.url(), zone.to_owned(), LANGUAGE.to_owned()]);
        table
    }

    pub(super) fn feed_info(&self) -> Table {
        let header = [
            "feed_publisher_name",
            "feed_publisher_url",
            "feed_lang",
            "feed_start_date",
            "feed_end_date",
            "feed_version",
            "feed_contact_url",
        ];
        let mut table = Table::new("feed_info.txt", &header);
        let first = self.services.values().filter_map(|service| service.dates().next()).min();
        let last = self.services.values().filter_map(|service| service.dates().last()).max();
        let (Some(first), Some(last)) = (first, last) else { return table };
        table.push([
            self.agency_name(),
            self.url(),
            LANGUAGE.to_owned(),
            gtfs_date(first),
            gtfs_date(last),
            self.plan.id.clone(),
            self.url(),
        ]);
        table
    }

    pub(super) fn translations(&self) -> Table {
        let header = ["table_name", "field_name", "language", "translation", "record_id", "field_value"];
        let mut table = Table::new("translations.txt", &header);
        let mut push = |place: (&str, &str), english: &str, record: String, value: &str| {
            table.push([
                place.0.to_owned(),
                place.1.to_owned(),
                "en".to_owned(),
                english.to_owned(),
                record,
                value.to_owned(),
            ]);
        };
        for (id, stop) in &self.stops {
            let (name, note) = plain_name(&stop.name_en);
            if !name.is_empty() {
                push(("stops", "stop_name"), &name_or(name, id), ascii_id(id), "");
            }
            if !note.is_empty() && !plain_name(&stop.name).1.is_empty() {
                push(("stops", "stop_desc"), note, ascii_id(id), "");
            }
        }
        for route in &self.routes {
            if !route.short.is_empty() && route.short_en != route.short {
                push(("routes", "route_short_name"), &route.short_en, ascii_id(&route.id), "");
            }
            if !route.long.is_empty() && !route.long_en.is_empty() && route.long_en != route.long {
                push(("routes", "route_long_name"), &route.long_en, ascii_id(&route.id), "");
            }
        }
        // By value, not by trip: a handful of rows instead of one a trip.
        let headsigns: BTreeMap<String, String> = self.trips.iter().map(|trip| self.headsign(trip)).collect();
        for (chinese, english) in headsigns.into_iter().filter(|(chinese, english)| chinese != english) {
            push(("trips", "trip_headsign"), &english, String::new(), &chinese);
        }
        table
    }
}
