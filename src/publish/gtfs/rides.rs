//! routes.txt, trips.txt, stop_times.txt, calendar.txt, calendar_dates.txt.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::domain::calendar::{Service, Week};

use super::{Feed, Table, name_or};
use crate::publish::riding::basic as gtfs_date;

impl Feed<'_> {
    pub(super) fn routes(&self) -> Table {
        let header = [
            "route_id",
            "agency_id",
            "route_short_name",
            "route_long_name",
            "route_type",
            "route_color",
            "route_text_color",
        ];
        let mut table = Table::new("routes.txt", &header);
        let mut written = BTreeSet::new();
        for (part, route) in
            self.parts.iter().flat_map(|part| part.ridden.routes.iter().map(move |route| (part, route)))
        {
            let route_id = self.ids.route(part.at, &route.id);
            if !written.insert(route_id.clone()) {
                continue;
            }
            let long = if route.short.is_empty() { name_or(&route.long, &route.id) } else { route.long.clone() };
            table.push([
                route_id,
                super::words::AGENCY_ID.to_owned(),
                route.short.clone(),
                long,
                // 3: bus.
                "3".to_owned(),
                route.colour.to_owned(),
                "FFFFFF".to_owned(),
            ]);
        }
        table.rows.extend(self.offered_routes());
        table
    }

    pub(super) fn trips(&self) -> Table {
        let header = [
            "route_id",
            "service_id",
            "trip_id",
            "trip_headsign",
            "direction_id",
            "block_id",
            "shape_id",
            "wheelchair_accessible",
        ];
        let mut table = Table::new("trips.txt", &header);
        for part in &self.parts {
            for trip in &part.ridden.trips {
                let Some((line, shape)) = part.lines.get(trip.line.as_str()) else { continue };
                table.push([
                    self.ids.route(part.at, &trip.line),
                    self.ids.service(part.at, &trip.service),
                    self.ids.trip(part.at, &trip.id),
                    part.published.face(line).headsign,
                    u8::from(line.direction != 0).to_string(),
                    self.ids.block(part.at, &trip.block),
                    if shape.is_some() { self.ids.shape(part.at, &trip.line) } else { String::new() },
                    match trip.wheelchair {
                        Some(true) => "1",
                        Some(false) => "2",
                        None => "0",
                    }
                    .to_owned(),
                ]);
            }
        }
        table.rows.extend(self.offered_trips());
        table
    }

    pub(super) fn stop_times(&self) -> Table {
        let header = [
            "trip_id",
            "arrival_time",
            "departure_time",
            "stop_id",
            "stop_sequence",
            "shape_dist_traveled",
            "timepoint",
        ];
        let mut table = Table::new("stop_times.txt", &header);
        for part in &self.parts {
            for trip in &part.ridden.trips {
                let Some((line, shape)) = part.lines.get(trip.line.as_str()) else { continue };
                let along: &[f64] = shape.as_ref().map_or(&[], |shape| &shape.stops);
                let trip_id = self.ids.trip(part.at, &trip.id);
                for (sequence, (stop, (arrive, depart))) in line.stops.iter().zip(&trip.times).enumerate() {
                    table.push([
                        trip_id.clone(),
                        arrive.to_string(),
                        depart.to_string(),
                        self.ids.stop(part.at, stop),
                        sequence.to_string(),
                        along.get(sequence).map_or_else(String::new, |metres| format!("{metres:.2}")),
                        "1".to_owned(),
                    ]);
                }
            }
        }
        self.add_windows(&mut table);
        table
    }

    /// Position of the period, id and days.
    pub(super) fn services(&self) -> impl Iterator<Item = (usize, &str, &Service)> {
        self.parts.iter().flat_map(|part| part.ridden.services.iter().map(|(id, service)| (part.at, *id, service)))
    }

    pub(super) fn calendar(&self) -> Table {
        let header = [
            "service_id",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "start_date",
            "end_date",
        ];
        let mut table = Table::new("calendar.txt", &header);
        for (part, id, service) in self.services() {
            // A service without a weekly pattern is its dates alone.
            if service.week == Week::NONE {
                continue;
            }
            let mut row = vec![self.ids.service(part, id)];
            row.extend((0..7).map(|day| u8::from(service.week.has(day)).to_string()));
            row.push(gtfs_date(service.from));
            row.push(gtfs_date(service.until));
            table.rows.push(row);
        }
        table
    }

    pub(super) fn calendar_dates(&self) -> Table {
        let mut table = Table::new("calendar_dates.txt", &["service_id", "date", "exception_type"]);
        for (part, id, service) in self.services() {
            // 1 added, 2 removed. A date both added and removed runs, as in `Service::runs_on`.
            let mut exceptions: BTreeMap<Date, &str> = BTreeMap::new();
            exceptions.extend(service.removed.iter().map(|&date| (date, "2")));
            exceptions.extend(service.added.iter().map(|&date| (date, "1")));
            for (date, kind) in exceptions {
                if date >= service.from && date <= service.until {
                    table.push([self.ids.service(part, id), gtfs_date(date), kind.to_owned()]);
                }
            }
        }
        table
    }
}
