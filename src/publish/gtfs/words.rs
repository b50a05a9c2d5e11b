//! agency.txt, feed_info.txt, translations.txt.

use std::collections::{BTreeMap, BTreeSet};

use super::{Feed, Table, name_or};
use crate::publish::riding::basic as gtfs_date;
use crate::publish::routes::plain_name;

/// There is one agency.
pub(in crate::publish) const AGENCY_ID: &str = "jiebo";

/// Of agency and feed; validators want them to be the same.
const LANGUAGE: &str = "zh";

impl Feed<'_> {
    pub(super) fn agency(&self) -> Table {
        let header = ["agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"];
        let mut table = Table::new("agency.txt", &header);
        let (url, zone) = (self.url().to_owned(), self.zone.to_owned());
        table.push([AGENCY_ID.to_owned(), self.named(), url, zone, LANGUAGE.to_owned()]);
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
        let first = self.services().filter_map(|(_, _, service)| service.dates().next()).min();
        let last = self.services().filter_map(|(_, _, service)| service.dates().last()).max();
        let (Some(first), Some(last)) = (first, last) else { return table };
        let plans: Vec<&str> = self.parts.iter().map(|part| part.published.plan.as_str()).collect();
        table.push([
            self.named(),
            self.url().to_owned(),
            LANGUAGE.to_owned(),
            gtfs_date(first),
            gtfs_date(last),
            plans.join("+"),
            self.url().to_owned(),
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
        let mut written = BTreeSet::new();
        for (part, stop) in self.parts.iter().flat_map(|part| part.stops().map(move |stop| (part, stop))) {
            let stop_id = self.ids.stop(part.at, &stop.id);
            if !written.insert(stop_id.clone()) {
                continue;
            }
            let (name, note) = plain_name(&stop.name_en);
            if !name.is_empty() {
                push(("stops", "stop_name"), &name_or(name, &stop.id), stop_id.clone(), "");
            }
            if !note.is_empty() && !plain_name(&stop.name).1.is_empty() {
                push(("stops", "stop_desc"), note, stop_id, "");
            }
        }
        let mut written = BTreeSet::new();
        for (part, route) in
            self.parts.iter().flat_map(|part| part.ridden.routes.iter().map(move |route| (part, route)))
        {
            let route_id = self.ids.route(part.at, &route.id);
            if !written.insert(route_id.clone()) {
                continue;
            }
            if !route.short.is_empty() && route.short_en != route.short {
                push(("routes", "route_short_name"), &route.short_en, route_id.clone(), "");
            }
            if !route.long.is_empty() && !route.long_en.is_empty() && route.long_en != route.long {
                push(("routes", "route_long_name"), &route.long_en, route_id, "");
            }
        }
        for (_, ids, offer) in self.offers() {
            let english = offer.name_en.trim();
            if !english.is_empty() && english != offer.name.trim() && written.insert(ids.route.clone()) {
                push(("routes", "route_long_name"), &name_or(english, &offer.id), ids.route, "");
            }
        }
        // By value, not by trip: a handful of rows instead of one a trip.
        let faces = self.parts.iter().flat_map(|part| part.lines.values().map(|(line, _)| part.published.face(line)));
        let headsigns: BTreeMap<String, String> = faces.map(|face| (face.headsign, face.headsign_en)).collect();
        for (chinese, english) in headsigns.into_iter().filter(|(chinese, english)| chinese != english) {
            push(("trips", "trip_headsign"), &english, String::new(), &chinese);
        }
        table
    }
}
