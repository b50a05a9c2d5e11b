//! Routes as drawings need them: a number for the badge, a colour, lines by position. What a route is, and its colour, is
//! [`crate::publish::routes`]: a feed, a map and a board show the same.

use crate::domain::coordinates::Point;
use crate::planning::plan::{Plan, Stop};
use crate::publish::routes::routes;

/// One route: a line there and, if there is one, the line back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Number in its badge: the digits of its short name, or its place in the plan.
    pub number: String,
    /// Its colour, "#0b5fa5".
    pub colour: String,
    /// Positions of its lines in the plan, those of direction 0 first.
    pub lines: Vec<usize>,
}

/// The routes of a plan in the order of its lines.
#[must_use]
pub fn of(plan: &Plan) -> Vec<Route> {
    let mut out: Vec<Route> = Vec::new();
    for route in routes(plan) {
        let mut lines: Vec<usize> =
            (0..plan.lines.len()).filter(|&at| route.lines.contains(&plan.lines[at].id)).collect();
        lines.sort_by_key(|&at| (plan.lines[at].direction, at));
        let number = route.short.chars().filter(char::is_ascii_digit).collect();
        out.push(Route { number, colour: format!("#{}", route.colour.to_lowercase()), lines });
    }
    out.sort_by_key(|route| route.lines.iter().min().copied());
    for at in 0..out.len() {
        let number = &out[at].number;
        if number.is_empty() || number.len() > 3 || out[..at].iter().any(|other| other.number == *number) {
            // The first number nobody has.
            let free = (at + 1..).map(|n| n.to_string()).find(|n| out.iter().all(|other| other.number != *n));
            out[at].number = free.unwrap_or_default();
        }
    }
    out
}

/// The route a line (its position) belongs to.
#[must_use]
pub fn of_line(routes: &[Route], line: usize) -> Option<&Route> {
    routes.iter().find(|route| route.lines.contains(&line))
}

/// Where people stand.
#[must_use]
pub fn point(stop: &Stop) -> Point {
    Point { lon: stop.lon, lat: stop.lat }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;

    #[test]
    fn numbers_are_the_lines_own_and_never_twice() {
        let mut plan = fixture::plan();
        let numbers = |plan: &Plan| of(plan).into_iter().map(|route| (route.number, route.lines)).collect::<Vec<_>>();
        assert_eq!(numbers(&plan), [("1".to_owned(), vec![0, 1]), ("2".to_owned(), vec![2, 3])]);
        plan.lines[0].name = "环线".into();
        plan.lines[0].direction = 0;
        // The loop gets the first free number; the others keep theirs.
        assert_eq!(
            numbers(&plan),
            [("3".to_owned(), vec![0]), ("1".to_owned(), vec![1]), ("2".to_owned(), vec![2, 3])]
        );
    }
}
