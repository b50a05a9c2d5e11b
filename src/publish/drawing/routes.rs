//! Lines as people speak of them: the two directions of one route share a number and a colour.

use crate::planning::plan::{Line, Plan, Stop};

/// Colours that colour-blind readers tell apart (Okabe & Ito 2008, darkened until white on them has a contrast of 3 or more).
pub const COLOURS: [&str; 8] = ["#0072b2", "#c75000", "#00845f", "#a8407f", "#8a6a00", "#3b8bc4", "#555555", "#7a4fb0"];

/// One route: a line there and, if there is one, the line back.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Number in its badge: the digits of the lines' name, or its place in the plan.
    pub number: String,
    /// Its colour.
    pub colour: &'static str,
    /// Positions of its lines in the plan: one, or there and back.
    pub lines: Vec<usize>,
}

/// The routes of a plan in the order of its lines.
#[must_use]
pub fn of(plan: &Plan) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    let mut taken = vec![false; plan.lines.len()];
    for (i, line) in plan.lines.iter().enumerate() {
        if taken[i] {
            continue;
        }
        taken[i] = true;
        let back = (i + 1..plan.lines.len())
            .filter(|&j| !taken[j] && plan.lines[j].direction != line.direction)
            .find(|&j| same_name(line, &plan.lines[j]))
            .or_else(|| {
                (i + 1..plan.lines.len())
                    .filter(|&j| !taken[j] && plan.lines[j].direction != line.direction)
                    .find(|&j| turned_round(plan, line, &plan.lines[j]))
            });
        let mut lines = vec![i];
        if let Some(j) = back {
            taken[j] = true;
            lines.push(j);
        }
        if plan.lines[i].direction == 1 && lines.len() == 2 {
            lines.swap(0, 1);
        }
        let digits: String = token(line).chars().filter(char::is_ascii_digit).collect();
        let place = routes.len();
        let clash = routes.iter().any(|route| route.number == digits);
        let number = if digits.is_empty() || digits.len() > 3 || clash { format!("{}", place + 1) } else { digits };
        routes.push(Route { number, colour: COLOURS[place % COLOURS.len()], lines });
    }
    routes
}

/// The route a line (its position) belongs to.
#[must_use]
pub fn of_line(routes: &[Route], line: usize) -> Option<&Route> {
    routes.iter().find(|route| route.lines.contains(&line))
}

/// "1路" of "1路 延长路站 → 灵石媒体园"; "" where the name has no such part.
#[must_use]
pub fn token(line: &Line) -> &str {
    line.name.split_once([' ', '\u{3000}']).map_or("", |(token, _)| token)
}

fn same_name(a: &Line, b: &Line) -> bool {
    !token(a).is_empty() && token(a) == token(b)
}

/// Does one begin about where the other ends, both ways? (400 m: two kerbs of one road, two exits of one station.)
fn turned_round(plan: &Plan, a: &Line, b: &Line) -> bool {
    let near = |x: Option<&String>, y: Option<&String>| match (stop(plan, x), stop(plan, y)) {
        (Some(x), Some(y)) => point(x).metres_to(point(y)) <= 400.0,
        _ => false,
    };
    near(a.stops.first(), b.stops.last()) && near(a.stops.last(), b.stops.first())
}

fn stop<'a>(plan: &'a Plan, id: Option<&String>) -> Option<&'a Stop> {
    id.and_then(|id| plan.stops.iter().find(|stop| stop.id == *id))
}

/// Where people stand.
#[must_use]
pub fn point(stop: &Stop) -> crate::domain::coordinates::Point {
    crate::domain::coordinates::Point { lon: stop.lon, lat: stop.lat }
}
