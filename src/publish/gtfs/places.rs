//! stops.txt and shapes.txt. Distances along a shape are metres with two decimals, from great circles.

use std::collections::BTreeSet;

use crate::domain::coordinates::Point;
use crate::planning::plan::Line;
use crate::publish::routes::plain_name;

use super::{Feed, Table, name_or};

/// The way of a line: points that differ from one another, metres from the start, and where its stops lie on it.
pub(super) struct Shape {
    points: Vec<([f64; 2], f64)>,
    /// Metres from the start, one a stop, ascending; empty where the plan does not say or says it badly.
    pub(super) stops: Vec<f64>,
}

impl Shape {
    /// `None` where the line has no two different points.
    pub(super) fn of(line: &Line) -> Option<Self> {
        let mut points: Vec<([f64; 2], f64)> = Vec::with_capacity(line.geometry.len());
        // Metres at each position of the line's geometry, before doubles are dropped.
        let mut along = Vec::with_capacity(line.geometry.len());
        for &[lon, lat] in &line.geometry {
            let here = ([round6(lon), round6(lat)], 0.0);
            let metres = match points.last() {
                None => 0.0,
                Some(&([lon, lat], metres)) => {
                    let step = Point { lon, lat }.metres_to(Point { lon: here.0[0], lat: here.0[1] });
                    metres + step
                }
            };
            along.push(metres);
            // Closer than a centimetre is the same point: distances with two decimals must grow.
            if points.last().is_none_or(|&(_, last)| metres - last > 0.01) {
                points.push((here.0, metres));
            }
        }
        if points.len() < 2 {
            return None;
        }
        let stops: Option<Vec<f64>> =
            line.stop_positions.iter().map(|&position| along.get(position as usize).copied()).collect();
        let stops = stops
            .filter(|stops| stops.len() == line.stops.len() && stops.windows(2).all(|pair| pair[1] - pair[0] > 0.01))
            .unwrap_or_default();
        Some(Self { points, stops })
    }
}

fn round6(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

impl Feed<'_> {
    pub(super) fn stops(&self) -> Table {
        let header =
            ["stop_id", "stop_name", "stop_desc", "stop_lat", "stop_lon", "location_type", "wheelchair_boarding"];
        let mut table = Table::new("stops.txt", &header);
        let mut written = BTreeSet::new();
        for (part, stop) in self.parts.iter().flat_map(|part| part.stops().map(move |stop| (part, stop))) {
            let stop_id = self.ids.stop(part.at, &stop.id);
            if !written.insert(stop_id.clone()) {
                continue;
            }
            // "延长路站（北行）": which side is a description, the name is what the sign says (GTFS best practices).
            let (name, note) = plain_name(&stop.name);
            table.push([
                stop_id,
                name_or(name, &stop.id),
                note.to_owned(),
                format!("{:.6}", stop.lat),
                format!("{:.6}", stop.lon),
                "0".to_owned(),
                if stop.step_free { "1" } else { "2" }.to_owned(),
            ]);
        }
        table
    }

    pub(super) fn shapes(&self) -> Table {
        let header = ["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence", "shape_dist_traveled"];
        let mut table = Table::new("shapes.txt", &header);
        let mut written = BTreeSet::new();
        for (part, (id, (_, shape))) in
            self.parts.iter().flat_map(|part| part.lines.iter().map(move |line| (part, line)))
        {
            let shape_id = self.ids.shape(part.at, id);
            let Some(shape) = shape.as_ref().filter(|_| written.insert(shape_id.clone())) else { continue };
            for (sequence, ([lon, lat], metres)) in shape.points.iter().enumerate() {
                table.push([
                    shape_id.clone(),
                    format!("{lat:.6}"),
                    format!("{lon:.6}"),
                    sequence.to_string(),
                    format!("{metres:.2}"),
                ]);
            }
        }
        table
    }
}
