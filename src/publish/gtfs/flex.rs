//! Rides on request as GTFS-Flex (reference of 2024, "on-demand services between multiple stops"): the stops are a location group; a trip has two rows, board
//! anywhere in the group and alight anywhere in it, both within the hours; a booking rule says how long beforehand.
//!
//! Readers that know trip planning on request (OpenTripPlanner, MOTIS) show them. A reader that takes every row of stop_times.txt to be of a
//! stop refuses such a feed (`gtfs-structures` 0.52 reads it raw, but cannot join it); the reference forbids a `stop_id` there, so it cannot be helped.
//!
//! `booking_rules.txt` has no place in `translations.txt`: its message is in both languages.

use std::collections::BTreeSet;

use super::{Feed, Table, name_or};
use crate::domain::units::Seconds;
use crate::planning::plan::OnDemand;
use crate::publish::riding::OfferIds;
use crate::publish::routes::{ON_REQUEST_COLOUR, booking_address};

/// Columns of stop_times.txt that only rides on request need.
const WINDOWS: [&str; 7] = [
    "location_group_id",
    "start_pickup_drop_off_window",
    "end_pickup_drop_off_window",
    "pickup_type",
    "drop_off_type",
    "pickup_booking_rule_id",
    "drop_off_booking_rule_id",
];
/// Must be arranged beforehand.
const ARRANGED: &str = "2";

impl Feed<'_> {
    /// Position of the period, ids and what is offered.
    pub(super) fn offers(&self) -> impl Iterator<Item = (usize, OfferIds, &OnDemand)> {
        self.parts.iter().flat_map(|part| {
            part.ridden.offers.iter().map(|offer| (part.at, self.ids.offer(part.at, &offer.id), *offer))
        })
    }

    pub(super) fn offered_routes(&self) -> Vec<Vec<String>> {
        let mut written = BTreeSet::new();
        self.offers()
            .filter(|(_, ids, _)| written.insert(ids.route.clone()))
            .map(|(_, ids, offer)| {
                vec![
                    ids.route,
                    super::words::AGENCY_ID.to_owned(),
                    String::new(),
                    name_or(&offer.name, &offer.id),
                    // 3: bus. 715, on demand, is of the extended types, which few readers know.
                    "3".to_owned(),
                    ON_REQUEST_COLOUR.to_owned(),
                    "FFFFFF".to_owned(),
                ]
            })
            .collect()
    }

    pub(super) fn offered_trips(&self) -> Vec<Vec<String>> {
        self.offers()
            .map(|(at, ids, offer)| {
                vec![
                    ids.route,
                    self.ids.service(at, &offer.service),
                    ids.trip,
                    // Nowhere in particular, in no direction, by whichever vehicle comes.
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                    // Where only some have a place it is not known.
                    if offer.vehicles.iter().all(|vehicle| vehicle.wheelchair_places > 0) { "1" } else { "0" }
                        .to_owned(),
                ]
            })
            .collect()
    }

    /// The rows of rides on request, and their columns for all.
    pub(super) fn add_windows(&self, table: &mut Table) {
        if self.offers().next().is_none() {
            return;
        }
        for (nth, row) in table.rows.iter_mut().enumerate() {
            row.extend(WINDOWS.map(|name| if nth == 0 { name.to_owned() } else { String::new() }));
        }
        for (_, ids, offer) in self.offers() {
            for sequence in ["0", "1"] {
                let mut row = vec![ids.trip.clone()];
                // No arrival, departure, stop.
                row.extend([(); 3].map(|()| String::new()));
                row.push(sequence.to_owned());
                // No distance, no point in time.
                row.extend([(); 2].map(|()| String::new()));
                row.push(ids.group.clone());
                row.push(offer.from.to_string());
                row.push(offer.until.to_string());
                row.extend([ARRANGED.to_owned(), ARRANGED.to_owned()]);
                row.extend([ids.rule.clone(), ids.rule.clone()]);
                table.rows.push(row);
            }
        }
    }

    pub(super) fn location_groups(&self) -> Table {
        let mut table = Table::new("location_groups.txt", &["location_group_id", "location_group_name"]);
        let mut written = BTreeSet::new();
        for (_, ids, offer) in self.offers() {
            if written.insert(ids.group.clone()) {
                table.push([ids.group, name_or(&offer.name, &offer.id)]);
            }
        }
        table
    }

    pub(super) fn location_group_stops(&self) -> Table {
        let mut table = Table::new("location_group_stops.txt", &["location_group_id", "stop_id"]);
        let mut written = BTreeSet::new();
        for (at, ids, offer) in self.offers() {
            for stop in &offer.stops {
                let row = [ids.group.clone(), self.ids.stop(at, &stop.id)];
                if written.insert(row.clone()) {
                    table.push(row);
                }
            }
        }
        table
    }

    pub(super) fn booking_rules(&self) -> Table {
        let header =
            ["booking_rule_id", "booking_type", "prior_notice_duration_min", "message", "info_url", "booking_url"];
        let mut table = Table::new("booking_rules.txt", &header);
        let mut written = BTreeSet::new();
        for (at, ids, offer) in self.offers() {
            if !written.insert(ids.rule.clone()) {
                continue;
            }
            let base = self.parts.get(at).and_then(|part| part.published.base_url.as_deref());
            let address = base.map(booking_address).unwrap_or_default();
            let minutes = Seconds(offer.rules.notice_s).minutes_up();
            // 0: on the spot; 1: the same day, so long beforehand.
            let (kind, before, message) = match minutes {
                0 => ("0", String::new(), "随时预约。 Book at any time.".to_owned()),
                _ => (
                    "1",
                    minutes.to_string(),
                    format!("请在出发前至少 {minutes} 分钟预约。 Book at least {minutes} minutes before you set out."),
                ),
            };
            table.push([ids.rule, kind.to_owned(), before, message, address.clone(), address]);
        }
        table
    }
}
