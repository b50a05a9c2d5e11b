//! `runsheets.html`: each driver's day, and the hire specification to send to an operator. Audience: operator and planner;
//! numbers of people are rounded by the rule of [`crate::publish::audience::about`].
//!
//! One page a duty: when, where, what, who gets on and off, kilometres; at the end a line to sign. Times are
//! `ServiceTime::clock`, the same as on the board. A vehicle that stands by for rides on request has a page too.

pub mod duty;
pub mod hire;
pub mod standby;

use askama::Template;

use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::publish::phrases::Language;

#[derive(Template)]
#[template(path = "runsheets.html")]
struct Body {
    w: Words,
    name: String,
    agency: String,
    duties: Vec<duty::Sheet>,
    standbys: Vec<standby::Sheet>,
    hire: Option<hire::Hire>,
    plan: String,
    nothing: bool,
}

/// The run sheets of a plan.
#[must_use]
pub fn html(project: &Project, plan: &Plan) -> String {
    let bodies = Language::ALL.map(|language| {
        let w = Words(language);
        shell::render(&Body {
            w,
            name: w.project(project),
            agency: project.publication.agency.clone().unwrap_or_default(),
            duties: duty::all(w, project, plan),
            standbys: standby::all(w, project, plan),
            hire: hire::of(w, project, plan),
            plan: plan.id.clone(),
            nothing: plan.blocks.is_empty()
                && plan.duties.is_empty()
                && crate::publish::rides::offered(plan).next().is_none(),
        })
    });
    let zh = Words(Language::Zh);
    let title = zh.with("runsheet-title", &[("name", &zh.project(project))]);
    shell::page(&title, ("runsheets", include_str!("templates/runsheets.css")), "", [&bodies[0], &bodies[1]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::pages::wellformed::fault;

    #[test]
    fn whole_and_about_no_few_people() {
        let (project, plan) = (fixture::project(), fixture::plan());
        let page = html(&project, &plan);
        assert_eq!(fault(&page, &[]), None);
        // Two drivers and the specification, in two languages.
        assert_eq!(page.matches("<section").count(), 6);
        // Every number of people is a multiple of five, or "few", or nobody.
        for (at, _) in page.match_indices('≈') {
            let number: String = page[at + '≈'.len_utf8()..].chars().take_while(char::is_ascii_digit).collect();
            assert_eq!(number.parse::<u32>().unwrap() % 5, 0);
        }
        let none = Plan { blocks: vec![], duties: vec![], trips: vec![], ..plan };
        let page = html(&project, &none);
        assert_eq!(fault(&page, &[]), None);
        assert!(!page.contains("<section") && page.contains("没有班车开行，因此没有行车单"));
    }
    #[test]
    fn vehicles_that_stand_by_have_pages_and_nothing_of_the_drawn_day() {
        let (project, plan) = (fixture::project(), fixture::with_rides());
        let page = html(&project, &plan);
        assert_eq!(fault(&page, &[]), None);
        // Two duties, two standing by, the specification, in two languages.
        assert_eq!(page.matches("<section").count(), 10);
        assert!(page.contains("不打电话派车") && page.contains("Nobody calls to send you"));
        for ride in &plan.on_demand[0].day.rides {
            assert!(!page.contains(&ride.cohort) && !page.contains(&ride.window.1.clock()), "{ride:?}");
        }
        // Rides on request alone are driven too.
        let alone = Plan { blocks: vec![], duties: vec![], trips: vec![], ..plan };
        let page = html(&project, &alone);
        assert_eq!(fault(&page, &[]), None);
        assert!(page.contains("待命单 2") && !page.contains("没有班车开行，因此没有行车单"));
    }
}
