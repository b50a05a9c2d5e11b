//! routes.txt, trips.txt, stop_times.txt, calendar.txt, calendar_dates.txt.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::calendar::Week;
use crate::planning::plan::Trip;

use super::{Feed, Table, ascii_id, name_or};
use crate::publish::routes::{Label, english, plain_name};

/// GTFS dates: 20261201.
pub(super) fn gtfs_date(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

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
        for route in &self.routes {
            let long = if route.short.is_empty() { name_or(&route.long, &route.id) } else { route.long.clone() };
            table.push([
                ascii_id(&route.id),
                super::words::AGENCY_ID.to_owned(),
                route.short.clone(),
                long,
                // 3: bus.
                "3".to_owned(),
                route.colour.to_owned(),
                "FFFFFF".to_owned(),
            ]);
        }
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
        let routes: BTreeMap<&str, &str> = self
            .routes
            .iter()
            .flat_map(|route| route.lines.iter().map(|line| (line.as_str(), route.id.as_str())))
            .collect();
        let accessible = self.accessible_blocks();
        for trip in &self.trips {
            let Some((line, shape)) = self.lines.get(trip.line.as_str()) else { continue };
            table.push([
                ascii_id(routes.get(trip.line.as_str()).copied().unwrap_or(&trip.line)),
                ascii_id(&trip.service),
                ascii_id(&trip.id),
                self.headsign(trip).0,
                u8::from(line.direction != 0).to_string(),
                ascii_id(&trip.block),
                if shape.is_some() { ascii_id(&trip.line) } else { String::new() },
                match accessible.get(trip.block.as_str()) {
                    Some(true) => "1",
                    Some(false) => "2",
                    None => "0",
                }
                .to_owned(),
            ]);
        }
        table
    }

    /// Where a trip goes, in Chinese and English: as its line says, else its last stop.
    pub(super) fn headsign(&self, trip: &Trip) -> (String, String) {
        let last = trip.times.last().and_then(|time| self.stops.get(time.stop.as_str()));
        let line = self.lines.get(trip.line.as_str()).map(|(line, _)| *line);
        let to = |name: &str, stop: &str| {
            let told = Label::of(name).to;
            name_or(if told.is_empty() { plain_name(stop).0 } else { told }, &trip.line)
        };
        let (name, name_en) = line.map_or(("", ""), |line| (line.name.as_str(), line.name_en.as_str()));
        let (stop, stop_en) = last.map_or(("", ""), |stop| (stop.name.as_str(), english(stop)));
        (to(name, stop), to(name_en, stop_en))
    }

    /// Blocks by id: has the vehicle a wheelchair place? Types the project does not know are left out.
    fn accessible_blocks(&self) -> BTreeMap<&str, bool> {
        self.plan
            .blocks
            .iter()
            .filter_map(|block| {
                let kind = self.project.fleet.iter().find(|kind| kind.id == block.vehicle_type)?;
                Some((block.id.as_str(), kind.wheelchair_places > 0))
            })
            .collect()
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
        for trip in &self.trips {
            let along: &[f64] = self
                .lines
                .get(trip.line.as_str())
                .and_then(|(_, shape)| shape.as_ref())
                .map_or(&[], |shape| &shape.stops);
            for (sequence, time) in trip.times.iter().enumerate() {
                table.push([
                    ascii_id(&trip.id),
                    time.arrive.to_string(),
                    time.depart.to_string(),
                    ascii_id(&time.stop),
                    sequence.to_string(),
                    along.get(sequence).map_or_else(String::new, |metres| format!("{metres:.2}")),
                    "1".to_owned(),
                ]);
            }
        }
        table
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
        for (id, service) in &self.services {
            // A service without a weekly pattern is its dates alone.
            if service.week == Week::NONE {
                continue;
            }
            let mut row = vec![ascii_id(id)];
            row.extend((0..7).map(|day| u8::from(service.week.has(day)).to_string()));
            row.push(gtfs_date(service.from));
            row.push(gtfs_date(service.until));
            table.rows.push(row);
        }
        table
    }

    pub(super) fn calendar_dates(&self) -> Table {
        let mut table = Table::new("calendar_dates.txt", &["service_id", "date", "exception_type"]);
        for (id, service) in &self.services {
            // 1 added, 2 removed. A date both added and removed runs, as in `Service::runs_on`.
            let mut exceptions: BTreeMap<Date, &str> = BTreeMap::new();
            exceptions.extend(service.removed.iter().map(|&date| (date, "2")));
            exceptions.extend(service.added.iter().map(|&date| (date, "1")));
            for (date, kind) in exceptions {
                if date >= service.from && date <= service.until {
                    table.push([ascii_id(id), gtfs_date(date), kind.to_owned()]);
                }
            }
        }
        table
    }
}
