//! How full: people aboard along a line in a day, and the fullest moment of each departure against its seats. Numbers are
//! rounded by the rule of [`audience::about`], so the charts may be read by anybody.

use super::stringline::shorten;
use super::svg::Svg;
use crate::domain::units::People;
use crate::planning::plan::{Line, Plan, Trip};
use crate::planning::project::Project;
use crate::publish::audience;

/// Seats of the vehicle that runs a trip; 0 where the fleet does not know it.
#[must_use]
pub fn seats(project: &Project, plan: &Plan, trip: &Trip) -> u32 {
    plan.blocks
        .iter()
        .find(|block| block.id == trip.block)
        .and_then(|block| project.fleet.iter().find(|kind| kind.id == block.vehicle_type))
        .map_or(0, |kind| kind.seats)
}

/// Trips of a line on a service in order of departure.
#[must_use]
pub fn trips_of<'a>(plan: &'a Plan, line: &str, service: &str) -> Vec<&'a Trip> {
    let mut trips: Vec<&Trip> = plan
        .trips
        .iter()
        .filter(|trip| trip.line == line && trip.service == service && !trip.times.is_empty())
        .collect();
    trips.sort_by_key(|trip| (trip.times[0].depart, trip.id.as_str()));
    trips
}

/// People aboard between stops, all trips of the day together; `None` without trips.
#[must_use]
pub fn along(
    project: &Project,
    plan: &Plan,
    line: &Line,
    service: &str,
    colour: &str,
    english: bool,
    label: &str,
) -> Option<String> {
    let k = project.policy.k_anonymity;
    let trips = trips_of(plan, &line.id, service);
    let legs = line.stops.len().checked_sub(1).filter(|&legs| legs > 0)?;
    if trips.is_empty() {
        return None;
    }
    let sums: Vec<audience::About> = (0..legs)
        .map(|leg| {
            let sum: u64 = trips.iter().filter_map(|trip| trip.load.get(leg)).map(|p| u64::from(p.0)).sum();
            audience::about(People(u32::try_from(sum).unwrap_or(u32::MAX)), k)
        })
        .collect();
    let highest = sums.iter().map(|sum| sum.height(k)).fold(f64::from(k), f64::max);
    let (width, height) = (460.0, if legs < 3 { 130.0 } else { 148.0 });
    let (left, right, top, base) = (34.0, 34.0, 22.0, 100.0);
    let step = (width - left - right) / legs as f64;
    let mut svg = Svg::new(width, height, label);
    svg.group(&format!(r#"fill="{colour}" fill-opacity="0.75""#));
    for (i, sum) in sums.iter().enumerate() {
        let high = sum.height(k) / highest * (base - top);
        svg.rect(left + step * i as f64, base - high, step, high, "");
    }
    svg.end();
    svg.group(r##"font-size="12" font-weight="600" text-anchor="middle" fill="#1c2733""##);
    for (i, sum) in sums.iter().enumerate() {
        let high = sum.height(k) / highest * (base - top);
        svg.text((left + step * (i as f64 + 0.5), base - high - 6.0), &sum.text(k), "");
    }
    svg.end();
    svg.line((left - 8.0, base), (width - right + 8.0, base), r##"stroke="#1c2733" stroke-width="1.5""##);
    for (i, id) in line.stops.iter().enumerate() {
        let x = left + step * i as f64;
        svg.circle((x, base), 4.0, r##"fill="#fff" stroke="#1c2733" stroke-width="1.8""##);
        let name = plan.stops.iter().find(|stop| stop.id == *id).map_or(id.as_str(), |stop| {
            if english && !stop.name_en.is_empty() { stop.name_en.as_str() } else { stop.name.as_str() }
        });
        // Neighbours stand on two lines, so that each has twice the room; the ends lean inwards.
        let anchor = match i {
            0 => "start",
            _ if i == legs => "end",
            _ => "middle",
        };
        let x = match anchor {
            "start" => 4.0,
            "end" => width - 4.0,
            _ => x,
        };
        let y = if legs < 3 || i % 2 == 0 { base + 20.0 } else { base + 38.0 };
        let room = if legs < 3 { (width - 16.0) / (legs + 1) as f64 } else { step * 1.9 };
        svg.text(
            (x, y),
            &shorten(name, 11.5, room.max(46.0)),
            &format!(r##"font-size="11.5" text-anchor="{anchor}" fill="#1c2733""##),
        );
    }
    Some(svg.finish())
}

/// The fullest moment of each departure against the seats; `None` without trips.
#[must_use]
pub fn by_departure(
    project: &Project,
    plan: &Plan,
    line: &Line,
    service: &str,
    colour: &str,
    label: &str,
) -> Option<String> {
    let k = project.policy.k_anonymity;
    let trips = trips_of(plan, &line.id, service);
    if trips.is_empty() {
        return None;
    }
    let rows: Vec<(String, audience::About, u32, bool)> = trips
        .iter()
        .map(|trip| {
            let fullest = trip.load.iter().copied().max().unwrap_or_default();
            let seats = seats(project, plan, trip);
            (trip.times[0].depart.clock(), audience::about(fullest, k), seats, fullest <= People::whole(seats))
        })
        .collect();
    let highest = rows.iter().map(|row| f64::from(row.2).max(row.1.height(k))).fold(f64::from(k), f64::max);
    let (width, left, top, base) = (460.0, 30.0, 8.0, 112.0);
    let step = ((width - left - 6.0) / rows.len() as f64).min(64.0);
    // Narrow columns have their times upright.
    let height = base + if step >= 36.0 { 24.0 } else { 42.0 };
    let bar = (step * 0.66).min(26.0);
    let y = |people: f64| base - people / highest * (base - top);
    let mut svg = Svg::new(width, height, label);
    svg.group(r##"font-size="10.5" text-anchor="end" fill="#5a6570" stroke-width="1""##);
    let tick = if highest <= 25.0 { 5.0 } else { 10.0 };
    let mut people = 0.0;
    while people <= highest + 0.1 {
        svg.line((left - 4.0, y(people)), (left + step * rows.len() as f64, y(people)), r##"stroke="#eef1f3""##);
        svg.text((left - 7.0, y(people) + 3.6), &super::svg::num(people), "");
        people += tick;
    }
    svg.end();
    svg.group(r##"fill="#e3e8ec""##);
    for (i, row) in rows.iter().enumerate() {
        let x = left + step * (i as f64 + 0.5) - bar / 2.0;
        svg.rect(x, y(f64::from(row.2)), bar, base - y(f64::from(row.2)), "");
    }
    svg.end();
    svg.group(&format!(r#"fill="{colour}" fill-opacity="0.9""#));
    for (i, row) in rows.iter().enumerate() {
        // Rounding must not make a full bus look overfull.
        let most = if row.3 { f64::from(row.2) } else { f64::INFINITY };
        let (x, people) = (left + step * (i as f64 + 0.5) - bar / 2.0, row.1.height(k).min(most));
        svg.rect(x, y(people), bar, base - y(people), "");
    }
    svg.end();
    svg.line((left - 4.0, base), (left + step * rows.len() as f64, base), r##"stroke="#1c2733" stroke-width="1.2""##);
    svg.group(r##"font-size="10.5" fill="#1c2733""##);
    let every = (13.0 / step).ceil().max(1.0);
    for (i, row) in rows.iter().enumerate() {
        if i as f64 % every > 0.0 {
            continue;
        }
        let x = left + step * (i as f64 + 0.5);
        if step >= 36.0 {
            svg.text((x, base + 16.0), &row.0, r#"text-anchor="middle""#);
        } else {
            let (x, y) = (super::svg::num(x + 3.8), super::svg::num(base + 9.0));
            svg.raw(&format!(
                r#"<text transform="translate({x} {y}) rotate(90)">{}</text>"#,
                super::svg::escape(&row.0)
            ));
        }
    }
    svg.end();
    Some(svg.finish())
}
