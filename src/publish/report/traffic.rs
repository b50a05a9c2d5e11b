//! The lines: timetable, string-line diagram by period, how full.

use crate::domain::units::ServiceTime;
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::drawing::routes::Route;
use crate::publish::drawing::{loads, stringline};
use crate::publish::pages::dates;
use crate::publish::pages::timetable::{self, Timetable};
use crate::publish::pages::words::Words;

/// A drawing and what it shows.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Caption.
    pub caption: String,
    /// SVG.
    pub svg: String,
}

/// What a colour of the map means.
#[derive(Clone, Debug)]
pub struct Legend {
    /// Number in its badge.
    pub number: String,
    /// Colour.
    pub colour: String,
    /// Where it goes.
    pub heading: String,
}

/// The routes on the map.
#[must_use]
pub fn legend(w: Words, plan: &Plan, routes: &[Route]) -> Vec<Legend> {
    let entry = |route: &Route| Legend {
        number: route.number.clone(),
        colour: route.colour.clone(),
        heading: route.lines.first().map_or_else(String::new, |&line| w.heading(plan, &plan.lines[line])),
    };
    routes.iter().map(entry).collect()
}

/// One direction of a route on a service.
#[derive(Clone, Debug)]
pub struct Direction {
    /// Its timetable.
    pub table: Timetable,
    /// Where it goes, in the page's language.
    pub heading: String,
    /// Names of its stops, in the page's language.
    pub stops: Vec<String>,
    /// People aboard along the line.
    pub along: Option<String>,
    /// The fullest moment by departure.
    pub by_departure: Option<String>,
}

/// A route on a service.
#[derive(Clone, Debug)]
pub struct RouteView {
    /// Number in its badge.
    pub number: String,
    /// Colour.
    pub colour: String,
    /// Where it goes.
    pub heading: String,
    /// On which days.
    pub days: String,
    /// There and back.
    pub directions: Vec<Direction>,
    /// String-line diagrams, one a period.
    pub strings: Vec<Figure>,
}

/// All routes by service.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan, routes: &[Route]) -> Vec<RouteView> {
    let tables = timetable::all(plan, routes);
    let at = usize::from(w.english());
    let mut views = Vec::new();
    for route in routes {
        for service in &plan.services {
            let directions: Vec<Direction> = tables
                .iter()
                .filter(|table| route.lines.contains(&table.line) && table.service == service.id)
                .map(|table| {
                    let line = &plan.lines[table.line];
                    let label = w.with("report-loads-label", &[("line", &table.heading[at])]);
                    Direction {
                        heading: table.heading[at].clone(),
                        stops: table.calls.iter().map(|call| w.either(&call.zh, &call.en)).collect(),
                        along: loads::along(project, plan, line, &service.id, &route.colour, w.english(), &label),
                        by_departure: loads::by_departure(project, plan, line, &service.id, &route.colour, &label),
                        table: table.clone(),
                    }
                })
                .collect();
            if directions.is_empty() {
                continue;
            }
            views.push(RouteView {
                number: route.number.clone(),
                colour: route.colour.clone(),
                heading: directions[0].heading.clone(),
                days: dates::days(w.0, service),
                strings: strings(w, project, plan, route, &service.id),
                directions,
            });
        }
    }
    views
}

/// One diagram a period; trips outside all periods (there should be none) come in one more.
fn strings(w: Words, project: &Project, plan: &Plan, route: &Route, service: &str) -> Vec<Figure> {
    let whole = (ServiceTime(0), ServiceTime::hm(48, 0));
    let periods: Vec<(String, (ServiceTime, ServiceTime))> = if project.periods.is_empty() {
        vec![(String::new(), whole)]
    } else {
        project
            .periods
            .iter()
            .map(|period| (w.code("report-period-", &period.name), (period.from, period.to)))
            .collect()
    };
    periods
        .into_iter()
        .filter_map(|(caption, within)| {
            let label = w.with("report-strings-label", &[("line", &route.number), ("period", &caption)]);
            let svg = stringline::svg(project, plan, route, service, within, w.english(), &label)?;
            Some(Figure { caption, svg })
        })
        .collect()
}
