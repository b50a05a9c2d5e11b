//! Routes as drawings need them: a number for the badge, a colour, lines by position. What a route is, and its colour, is
//! [`crate::publish::routes`]: a feed, a map and a board show the same.

use std::collections::BTreeSet;

use crate::domain::coordinates::Point;
use crate::planning::plan::{Plan, Stop};
use crate::publish::routes::{COLOURS, plain_name, routes};

/// One route: a line there and, if there is one, the line back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Number in its badge: the digits of its short name ("1", "1A" where it has several ways), or its place in the plan.
    pub number: String,
    /// Its colour, "#0b5fa5".
    pub colour: String,
    /// Positions of its lines in the plan, those of direction 0 first.
    pub lines: Vec<usize>,
}

/// The routes of a plan in the order of its lines. A route of more than one way there is told apart by letters, "1A" and "1B",
/// each with a colour of its own while there are any.
#[must_use]
pub fn of(plan: &Plan) -> Vec<Route> {
    let all = routes(plan);
    let mut spare = COLOURS.iter().filter(|colour| all.iter().all(|route| route.colour != **colour));
    let mut out: Vec<Route> = Vec::new();
    for route in &all {
        let lines: Vec<usize> = (0..plan.lines.len()).filter(|&at| route.lines.contains(&plan.lines[at].id)).collect();
        let digits: String = route.short.chars().filter(char::is_ascii_digit).take(3).collect();
        let ways = ways(plan, &lines);
        let several = ways.len() > 1;
        for (nth, lines) in ways.into_iter().enumerate() {
            let letter = char::from(b'A' + u8::try_from(nth % 26).unwrap_or_default());
            let number = if several && !digits.is_empty() { format!("{digits}{letter}") } else { digits.clone() };
            let colour = if nth == 0 { route.colour } else { spare.next().copied().unwrap_or(route.colour) };
            out.push(Route { number, colour: format!("#{}", colour.to_lowercase()), lines });
        }
    }
    out.sort_by_key(|route| route.lines.iter().min().copied());
    for at in 0..out.len() {
        let number = &out[at].number;
        if number.is_empty() || out[..at].iter().any(|other| other.number == *number) {
            // The first number nobody has.
            let free = (at + 1..).map(|n| n.to_string()).find(|n| out.iter().all(|other| other.number != *n));
            out[at].number = free.unwrap_or_default();
        }
    }
    out
}

/// Each line there with the line back that shares most stop names with it; those left over alone.
fn ways(plan: &Plan, lines: &[usize]) -> Vec<Vec<usize>> {
    let names = |line: usize| -> BTreeSet<&str> {
        let stops = &plan.lines[line].stops;
        let stops = stops.iter().filter_map(|id| plan.stops.iter().find(|stop| stop.id == *id));
        stops.map(|stop| plain_name(&stop.name).0).collect()
    };
    let (there, mut back): (Vec<usize>, Vec<usize>) = lines.iter().partition(|&&line| plan.lines[line].direction == 0);
    let mut ways: Vec<Vec<usize>> = there.into_iter().map(|line| vec![line]).collect();
    for way in &mut ways {
        let own = names(way[0]);
        let shared = |line: usize| names(line).intersection(&own).count();
        // Ties: the first in the plan.
        let best = (0..back.len()).max_by_key(|&at| (shared(back[at]), std::cmp::Reverse(at)));
        way.extend(best.map(|at| back.remove(at)));
    }
    ways.extend(back.into_iter().map(|line| vec![line]));
    ways
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

    #[test]
    fn two_ways_of_one_number_get_letters_and_colours() {
        let mut plan = fixture::plan();
        for line in &mut plan.lines {
            let (_, ends) = line.name.split_once(' ').unwrap();
            line.name = format!("1路 {ends}");
        }
        let routes = of(&plan);
        let told: Vec<_> = routes.iter().map(|route| (route.number.as_str(), route.lines.clone())).collect();
        // Back from the media park's west gate shares four names with the way there, the other line back only one.
        assert_eq!(told, [("1A", vec![0, 1]), ("1B", vec![2, 3])]);
        assert_ne!(routes[0].colour, routes[1].colour);
    }
}
