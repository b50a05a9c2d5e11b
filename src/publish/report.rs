//! `report.html`: what a park committee reads. Audience: committee; nothing about fewer than k people (see
//! [`crate::publish::audience`]).
//!
//! A page of sections in the order a committee asks: what runs, how many ride, what it costs each of us, who is left out and
//! why, how good it is, what is doubtful, what to do next. Each section is one file here.

pub mod figures;
pub mod findings;
pub mod leftout;
pub mod money;
pub mod next;
pub mod sharing;
pub mod summary;
pub mod traffic;

use askama::Template;

use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::drawing::map::{self, Ground, Names};
use crate::publish::drawing::routes;
use crate::publish::drawing::streets::{self, Street};
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::publish::phrases::Language;

#[derive(Template)]
#[template(path = "report.html")]
struct Body<'a> {
    w: Words,
    name: String,
    summary: summary::Summary,
    map: String,
    routes: Vec<traffic::RouteView>,
    money: money::Money,
    left_out: leftout::LeftOut,
    worth: summary::Worth,
    sharing: sharing::Sharing,
    findings: findings::Findings,
    unknown: Vec<String>,
    steps: Vec<next::Step>,
    plan: &'a Plan,
}

/// The report of a plan.
#[must_use]
pub fn html(project: &Project, plan: &Plan) -> String {
    with_streets(project, plan, &streets::of(&project.roads))
}

/// The report with these streets on its map.
pub(crate) fn with_streets(project: &Project, plan: &Plan, streets: &[Street]) -> String {
    let ground = map::ground(project, plan, streets);
    let bodies = Language::ALL.map(|language| shell::render(&body(Words(language), project, plan, ground.as_ref())));
    let title = Words(Language::Zh).with("report-title", &[("name", &Words(Language::Zh).project(project))]);
    let symbol = ground.as_ref().map_or("", |ground| ground.symbol.as_str());
    shell::page(&title, "report", symbol, [&bodies[0], &bodies[1]])
}

fn body<'a>(w: Words, project: &Project, plan: &'a Plan, ground: Option<&Ground>) -> Body<'a> {
    let figures = figures::of(project, plan);
    let routes = routes::of(plan);
    let names = if w.english() { Names::En } else { Names::Zh };
    let left_out = leftout::of(w, project, &figures);
    Body {
        w,
        name: w.project(project),
        summary: summary::of(w, project, plan, &figures, &left_out),
        map: ground.map_or_else(String::new, |ground| ground.map(plan, &routes, names, &w.t("report-map"))),
        routes: traffic::of(w, project, plan, &routes),
        money: money::of(w, project, plan, &figures),
        left_out,
        worth: summary::worth(w, plan),
        sharing: sharing::of(w, project, plan),
        findings: findings::of(w, project, plan),
        unknown: next::unknown(w, project, plan),
        steps: next::steps(w, project, plan),
        plan,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;

    #[test]
    fn look() {
        let page = with_streets(&fixture::project(), &fixture::plan(), &fixture::streets());
        std::fs::write("/tmp/report.html", &page).unwrap();
    }
}
