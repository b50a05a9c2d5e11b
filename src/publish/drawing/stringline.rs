//! The string-line diagram (Marey's train schedule, 1885): time to the right, the way along the line downwards, each trip a
//! line; flat pieces are stops and layovers, dotted pieces the vehicle between two trips. Ticks are trains at the station.

use super::labels::text_width;
use super::routes::{self, Route};
use super::svg::{Svg, path_data};
use crate::domain::calendar::Service;
use crate::domain::units::ServiceTime;
use crate::planning::plan::{Line, Plan, Stop, Trip};
use crate::planning::project::{Place, Project};
use crate::publish::routes::plain_name;

/// A stop of the axis: position in `plan.stops` and metres from the start of the line.
type Mark = (usize, f64);

const WIDTH: f64 = 960.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 28.0;

/// The diagram of a route on a service for trips that start in [from, to); `None` where there are none.
#[must_use]
pub fn svg(
    project: &Project,
    plan: &Plan,
    route: &Route,
    service: &str,
    (from, to): (ServiceTime, ServiceTime),
    english: bool,
    label: &str,
) -> Option<String> {
    let starts = |trip: &&Trip| trip.times.first().is_some_and(|t| t.depart >= from && t.depart < to);
    let of_line = |line: &Line| -> Vec<&Trip> {
        plan.trips.iter().filter(|trip| trip.line == line.id && trip.service == service).filter(starts).collect()
    };
    // Only what is drawn has a say in the axis: a chart of the way back alone begins where that begins.
    let lines: Vec<(&Line, Vec<&Trip>)> = route
        .lines
        .iter()
        .filter_map(|&line| plan.lines.get(line))
        .map(|line| (line, of_line(line)))
        .filter(|(_, trips)| !trips.is_empty())
        .collect();
    let out = marks(plan, lines.first()?.0);
    let total = out.last()?.1.max(1.0);
    let mut trips: Vec<(&Trip, Vec<f64>)> = Vec::new();
    let mut rows = out.clone();
    for (n, (line, running)) in lines.iter().enumerate() {
        let own = marks(plan, line);
        let axis: Vec<f64> = if n == 0 {
            own.iter().map(|mark| mark.1).collect()
        } else {
            own.iter().map(|mark| on_axis(plan, &out, *mark, own.last().map_or(1.0, |m| m.1))).collect()
        };
        // A stop of the way back that stands at none of the way out has a row of its own.
        for (mark, &metres) in own.iter().zip(&axis) {
            if rows.iter().all(|row| (row.1 - metres).abs() > 1.0) {
                rows.push((mark.0, metres));
            }
        }
        for &trip in running {
            if trip.times.len() == axis.len() {
                trips.push((trip, axis.clone()));
            }
        }
    }
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let out = rows;
    let first = trips.iter().filter_map(|(trip, _)| trip.times.first()).map(|t| t.depart.0).min()?;
    let last = trips.iter().filter_map(|(trip, _)| trip.times.last()).map(|t| t.arrive.0).max()?;
    let (start, end) = (first / 600 * 600, last.div_ceil(600) * 600);
    let span = f64::from(end.saturating_sub(start).max(600));

    let name =
        |stop: &'_ Stop| if english && !stop.name_en.is_empty() { stop.name_en.clone() } else { stop.name.clone() };
    // A row of both ways stands for both sides of the road.
    let side = lines.len() < 2;
    let names: Vec<String> = out
        .iter()
        .map(|mark| name(&plan.stops[mark.0]))
        .map(|name| shorten(if side { &name } else { plain_name(&name).0 }, 12.0, 168.0))
        .collect();
    let left = names.iter().map(|name| text_width(name, 12.0)).fold(40.0, f64::max) + 14.0;
    let high = (out.len() as f64 * 44.0).clamp(150.0, 420.0);
    let height = TOP + high + BOTTOM;
    let x = |time: u32| left + (f64::from(time) - f64::from(start)) / span * (WIDTH - left - 20.0);
    let y = |metres: f64| TOP + metres / total * high;

    let mut svg = Svg::new(WIDTH, height, label);
    time_grid(&mut svg, (start, end), x, TOP, TOP + high);
    svg.group(r##"stroke="#c9cfd6" stroke-width="1""##);
    for mark in &out {
        svg.line((left, y(mark.1)), (WIDTH - 20.0, y(mark.1)), "");
    }
    svg.end();
    svg.group(r##"font-size="12" text-anchor="end" fill="#1c2733""##);
    let wished: Vec<f64> = out.iter().map(|mark| y(mark.1)).collect();
    for (at, name) in apart(&wished, 13.0, (TOP, TOP + high)).into_iter().zip(&names) {
        svg.text((left - 8.0, at + 4.0), name, "");
    }
    svg.end();
    train_ticks(&mut svg, project, plan, service, &out, (start, end), x, y);
    vehicle_links(&mut svg, &trips, x, y);
    let mut data = String::new();
    for (trip, axis) in &trips {
        let points: Vec<(f64, f64)> = trip
            .times
            .iter()
            .zip(axis)
            .flat_map(|(time, &metres)| [(x(time.arrive.0), y(metres)), (x(time.depart.0), y(metres))])
            .collect();
        data.push_str(&path_data(&points));
    }
    svg.path(
        &data,
        &format!(
            r#"fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round""#,
            route.colour
        ),
    );
    Some(svg.finish())
}

/// Stops of a line with metres along it: along its geometry where it says at which points the stops lie, else as the crow flies.
fn marks(plan: &Plan, line: &Line) -> Vec<Mark> {
    let stops: Vec<usize> = line.stops.iter().filter_map(|id| plan.stops.iter().position(|s| s.id == *id)).collect();
    let point = |p: &[f64; 2]| crate::domain::coordinates::Point { lon: p[0], lat: p[1] };
    let along: Vec<f64> = std::iter::once(0.0)
        .chain(line.geometry.windows(2).scan(0.0, |sum, pair| {
            *sum += point(&pair[0]).metres_to(point(&pair[1]));
            Some(*sum)
        }))
        .collect();
    let at: Option<Vec<f64>> = (line.stop_positions.len() == stops.len())
        .then(|| line.stop_positions.iter().map(|&p| along.get(p as usize).copied()).collect())
        .flatten();
    match at {
        Some(at) if at.last() > at.first() => stops.into_iter().zip(at.iter().map(|d| d - at[0])).collect(),
        _ => {
            let mut sum = 0.0;
            let mut marks: Vec<Mark> = Vec::new();
            for stop in stops {
                if let Some(&(before, _)) = marks.last() {
                    sum += routes::point(&plan.stops[before]).metres_to(routes::point(&plan.stops[stop]));
                }
                marks.push((stop, sum));
            }
            marks
        }
    }
}

/// Where a stop of the way back lies on the axis of the way out: at the stop of the same name or within 200 m, else in proportion.
fn on_axis(plan: &Plan, out: &[Mark], (stop, metres): Mark, total_back: f64) -> f64 {
    let this = &plan.stops[stop];
    let total = out.last().map_or(1.0, |mark| mark.1);
    let expected = total * (1.0 - metres / total_back.max(1.0));
    let closest = |marks: &mut dyn Iterator<Item = &Mark>| {
        marks.map(|m| m.1).min_by(|a, b| (a - expected).abs().total_cmp(&(b - expected).abs()))
    };
    closest(&mut out.iter().filter(|m| plan.stops[m.0].id == this.id || plan.stops[m.0].name == this.name))
        .or_else(|| {
            closest(&mut out.iter().filter(|m| routes::point(&plan.stops[m.0]).metres_to(routes::point(this)) <= 200.0))
        })
        .unwrap_or(expected)
}

/// Places as near as possible to the wished ones (ascending), a gap between neighbours, the last not beyond the end.
fn apart(wished: &[f64], gap: f64, (first, last): (f64, f64)) -> Vec<f64> {
    let mut at = wished.to_vec();
    for i in 1..at.len() {
        at[i] = at[i].max(at[i - 1] + gap);
    }
    if let Some(end) = at.last_mut() {
        *end = end.min(last);
    }
    for i in (0..at.len().saturating_sub(1)).rev() {
        at[i] = at[i].min(at[i + 1] - gap).max(first - gap);
    }
    at
}

pub(super) fn time_grid(svg: &mut Svg, (start, end): (u32, u32), x: impl Fn(u32) -> f64, top: f64, bottom: f64) {
    let step = match end - start {
        0..=10_800 => 600,
        10_801..=28_800 => 1800,
        _ => 3600,
    };
    let mut time = start.div_ceil(step) * step;
    svg.group(r##"font-size="11" text-anchor="middle" fill="#5a6570" stroke-width="1""##);
    while time <= end {
        let whole = time % (step * 3) == 0;
        let colour = if whole { "#d9dee3" } else { "#eef1f3" };
        svg.line((x(time), top), (x(time), bottom), &format!(r#"stroke="{colour}""#));
        if whole || end - start <= 5400 {
            svg.text((x(time), bottom + 21.0), &ServiceTime(time).clock(), "");
        }
        time += step;
    }
    svg.end();
}

fn train_ticks(
    svg: &mut Svg,
    project: &Project,
    plan: &Plan,
    service: &str,
    out: &[Mark],
    (start, end): (u32, u32),
    x: impl Fn(u32) -> f64,
    y: impl Fn(f64) -> f64,
) {
    let Some(service) = project.services.iter().find(|s: &&Service| s.id == service) else { return };
    svg.group(r##"stroke="#5a6570" stroke-width="1""##);
    for mark in out {
        let Some(site) = &plan.stops[mark.0].site else { continue };
        let trains = project.trains_at(&Place::Site(site.clone()), service);
        // More than a train a minute would be a grey bar.
        if trains.len() > 1500 {
            continue;
        }
        for train in trains.iter().filter(|t| t.0 >= start && t.0 <= end) {
            svg.line((x(train.0), y(mark.1) - 3.5), (x(train.0), y(mark.1) + 3.5), "");
        }
    }
    svg.end();
}

/// From the end of a trip to the start of the vehicle's next one, when that is within 40 minutes.
fn vehicle_links(svg: &mut Svg, trips: &[(&Trip, Vec<f64>)], x: impl Fn(u32) -> f64, y: impl Fn(f64) -> f64) {
    let mut order: Vec<&(&Trip, Vec<f64>)> = trips.iter().collect();
    order.sort_by_key(|(trip, _)| (trip.block.as_str(), trip.times.first().map(|t| t.depart)));
    let mut data = String::new();
    for pair in order.windows(2) {
        let ((a, a_axis), (b, b_axis)) = (pair[0], pair[1]);
        let (Some(end), Some(start)) = (a.times.last(), b.times.first()) else { continue };
        let (Some(&from), Some(&to)) = (a_axis.last(), b_axis.first()) else { continue };
        if a.block == b.block && !a.block.is_empty() && start.depart.since(end.arrive).0 <= 2400 {
            data.push_str(&path_data(&[(x(end.arrive.0), y(from)), (x(start.depart.0), y(to))]));
        }
    }
    svg.path(
        &data,
        r##"fill="none" stroke="#7b8794" stroke-width="1.3" stroke-dasharray="1.5 3.5" stroke-linecap="round""##,
    );
}

/// A name that fits into this width, cut with "…" if it must.
#[must_use]
pub fn shorten(name: &str, size: f64, width: f64) -> String {
    if text_width(name, size) <= width {
        return name.to_owned();
    }
    let mut out = String::new();
    for c in name.chars() {
        out.push(c);
        if text_width(&out, size) > width - size {
            out.pop();
            break;
        }
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;

    #[test]
    fn each_trip_of_the_period_is_a_line_and_the_way_back_lies_on_the_same_axis() {
        let (project, plan) = (fixture::project(), fixture::plan());
        let route = &routes::of(&plan)[0];
        let out = marks(&plan, &plan.lines[0]);
        let back = marks(&plan, &plan.lines[1]);
        let total = back.last().unwrap().1;
        let axis: Vec<f64> = back.iter().map(|mark| on_axis(&plan, &out, *mark, total)).collect();
        // West gate first, the station last; the middle stop has its namesake's place.
        assert_eq!(axis, vec![out[3].1, out[2].1, out[1].1, out[0].1]);
        let am = (ServiceTime::hm(6, 45), ServiceTime::hm(10, 0));
        let drawing = svg(&project, &plan, route, "weekday", am, false, "运行图").unwrap();
        let trips = drawing.rsplit("<path d=\"").next().unwrap();
        assert_eq!(trips.split('"').next().unwrap().matches('M').count(), 5);
        let noon = (ServiceTime::hm(12, 0), ServiceTime::hm(13, 0));
        assert_eq!(svg(&project, &plan, route, "weekday", noon, false, ""), None);
    }

    #[test]
    fn names_of_near_stops_move_apart_but_not_into_the_times() {
        assert_eq!(apart(&[0.0, 50.0, 95.0, 100.0], 13.0, (0.0, 100.0)), vec![0.0, 50.0, 87.0, 100.0]);
        assert_eq!(apart(&[0.0, 3.0], 13.0, (0.0, 100.0)), vec![0.0, 13.0]);
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shorten("灵石媒体园东门", 10.0, 45.0), "灵石媒…");
        assert_eq!(shorten("东门", 10.0, 45.0), "东门");
    }
}
