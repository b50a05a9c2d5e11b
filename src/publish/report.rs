//! `report.html`: what a park committee reads. Audience: committee; nothing about fewer than k people (see
//! [`crate::publish::audience`]).
//!
//! A page of sections in the order a committee asks: what runs, how many ride, what it costs each of us, who is left out and
//! why, how good it is, what is doubtful, what to do next. Each section is one file here.

pub mod figures;
pub mod findings;
pub mod joint;
pub mod leftout;
pub mod money;
pub mod next;
pub mod rides;
pub mod sharing;
pub mod simulated;
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
    title: String,
    summary: summary::Summary,
    map: String,
    legend: Vec<traffic::Legend>,
    routes: Vec<traffic::RouteView>,
    rides: rides::Rides,
    money: money::Money,
    left_out: leftout::LeftOut,
    worth: summary::Worth,
    simulated: Option<simulated::Days>,
    sharing: sharing::Sharing,
    findings: findings::Findings,
    unknown: Vec<String>,
    steps: Vec<next::Step>,
    shuttle: bool,
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
    let title = Language::ALL.map(|language| title(Words(language), project, plan)).join(" · ");
    let symbol = ground.as_ref().map_or("", |ground| ground.symbol.as_str());
    shell::page(&title, ("report", include_str!("templates/report.css")), symbol, [&bodies[0], &bodies[1]])
}

/// A plan of parking alone is no shuttle plan.
fn title(w: Words, project: &Project, plan: &Plan) -> String {
    let key = if crate::publish::routes::planned(plan) { "report-title" } else { "report-title-shared" };
    w.with(key, &[("name", &w.project(project))])
}

fn body<'a>(w: Words, project: &Project, plan: &'a Plan, ground: Option<&Ground>) -> Body<'a> {
    let figures = figures::of(project, plan);
    let routes = routes::of(plan);
    let names = if w.english() { Names::En } else { Names::Zh };
    let left_out = leftout::of(w, project, plan, &figures);
    let money = money::of(w, project, plan, &figures);
    let sharing = sharing::of(w, project, plan, &money.told);
    Body {
        w,
        title: title(w, project, plan),
        summary: summary::of(w, project, plan, &figures, &left_out),
        map: ground.map_or_else(String::new, |ground| ground.map(plan, &routes, names, 1.0, &w.t("report-map"))),
        legend: traffic::legend(w, plan, &routes),
        routes: traffic::of(w, project, plan, &routes),
        rides: rides::of(w, project, plan),
        money,
        left_out,
        worth: summary::worth(w, plan),
        simulated: simulated::of(w, project, plan, &routes),
        sharing,
        findings: findings::of(w, project, plan),
        unknown: next::unknown(w, project, plan),
        steps: next::steps(w, project, plan),
        shuttle: crate::publish::routes::planned(plan),
        plan,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::Finding;
    use crate::domain::units::{Fen, People};
    use crate::planning::plan::{Estimate, Simulated, TripRisk};
    use crate::publish::fixture;
    use crate::publish::pages::wellformed::fault;

    fn page() -> String {
        with_streets(&fixture::project(), &fixture::plan(), &fixture::streets())
    }

    #[test]
    fn whole_and_from_nowhere_else() {
        assert_eq!(fault(&page(), &[]), None);
        let (project, plan) = (fixture::project(), fixture::plan());
        assert_eq!(page(), with_streets(&project, &plan, &fixture::streets()));
        assert!(page().len() < 300_000);
    }

    #[test]
    fn names_cannot_break_the_page() {
        let mut project = fixture::project();
        let mut plan = fixture::plan();
        let bad = "\"'></td><script>alert(1)</script>&";
        project.name_zh = Some(bad.into());
        project.firms[0].name = bad.into();
        project.fleet[0].name = bad.into();
        project.lots[0].name = bad.into();
        plan.stops[0].name = bad.into();
        plan.lines[0].name = bad.into();
        plan.findings.push(Finding::error(bad).file(bad).arg("x", bad));
        assert_eq!(fault(&with_streets(&project, &plan, &[]), &[]), None);
    }

    #[test]
    fn a_firm_of_three_never_stands_alone() {
        let page = page();
        for secret in ["三人行工作室", "两仪设计", "f-tiny", "f-duo", "43.21", "12.34", "两人棋社"] {
            assert!(!page.contains(secret), "{secret}");
        }
        // 大宁游戏 is large, but named beside the park's sum it would give away the firm of two.
        assert!(!page.contains("大宁游戏") && !page.contains("387.66"));
        // The firm of twelve is large enough by itself; it keeps the firm of three company: 43.21 + 146.79.
        assert!(page.contains("其他企业（2 家") && page.contains("¥190.00"));
        assert!(page.contains("灵石影视制作") && page.contains("¥960.00"));
    }

    #[test]
    fn a_few_left_out_are_other_reasons() {
        let page = page();
        // 2.1 full, 1.2 too far: 3.3 people, so the next smallest reason (7.8) stands with them: 11.1.
        for reason in ["full", "no-stop-in-reach", "no-trip-at-that-time"] {
            let text = Words(Language::Zh).code("reason-", reason);
            assert!(!page.contains(&format!("<td>{text}</td>")), "{reason}");
        }
        assert!(page.contains(r#"<td>其他原因</td><td class="n">11</td>"#));
    }

    #[test]
    fn a_plan_for_a_handful_tells_no_number_of_them() {
        let mut plan = fixture::plan();
        for rider in &mut plan.riders {
            rider.people = People(100);
        }
        let page = with_streets(&fixture::project(), &plan, &[]);
        assert!(page.contains("<b>&#60;5</b>"), "served");
        assert!(!page.contains("灵石影视制作") && page.contains("分摊金额不公布"));
    }

    #[test]
    fn nothing_at_all_is_still_a_page() {
        let empty = Plan {
            cohorts: vec![],
            stops: vec![],
            lines: vec![],
            trips: vec![],
            blocks: vec![],
            duties: vec![],
            riders: vec![],
            unserved: vec![],
            on_demand: vec![],
            rest_points: vec![],
            groups: vec![],
            rooms: vec![],
            findings: vec![],
            parking: crate::planning::plan::Parking::default(),
            costs: crate::planning::plan::Costs::default(),
            evaluation: crate::planning::plan::Evaluation::default(),
            bound: crate::planning::plan::Bound { objective: Fen(0), gap: 0.0, method: String::new() },
            ..fixture::plan()
        };
        let page = with_streets(&Project::default(), &empty, &[]);
        assert_eq!(fault(&page, &[]), None);
        // Nothing was asked of the shuttle: nothing is said about it.
        assert!(!page.contains("班车") && !page.contains("谁没有乘上"));
        let nothing = Plan { cohorts: fixture::plan().cohorts, unserved: fixture::plan().unserved, ..empty };
        let page = with_streets(&Project::default(), &nothing, &[]);
        assert!(page.contains("没有找到值得开行的班车") && page.contains("<td>没有开行班车</td>"));
        assert!(!page.contains("步行范围内没有站点"));
    }

    #[test]
    fn promised_and_simulated_stand_side_by_side_and_few_people_are_few() {
        let mut plan = fixture::plan();
        let estimate = |mean, low, high| Estimate { mean, low, high };
        let risk = |trip: usize, full, late| TripRisk { trip: plan.trips[trip].id.clone(), full, late };
        plan.simulated = Some(Simulated {
            days: 400,
            seed: 1,
            served: estimate(231.2, 228.4, 234.0),
            generalised_s_mean: estimate(1830.0, 1818.0, 1842.0),
            left_behind: estimate(3.71, 3.2, 4.3),
            missed_trains: estimate(6.6, 4.9, 8.4),
            objective: Estimate { mean: Fen(751_000), low: Fen(746_000), high: Fen(756_000) },
            saving: Some(Estimate { mean: Fen(-1_100), low: Fen(-2_000), high: Fen(-200) }),
            trips: vec![risk(0, 0.062, 0.0), risk(1, 0.31, 0.12)],
        });
        let page = with_streets(&fixture::project(), &plan, &[]);
        assert_eq!(fault(&page, &[]), None);
        for told in
            ["228 – 234", "30.3 – 30.7", "&#60;5 – 8", "¥7,460 – ¥7,560", "照此不应开行", "<td class=\"n\">31%</td>"]
        {
            assert!(page.contains(told), "{told}");
        }
        // 3.7 people are fewer than five, whatever they were drawn from.
        for secret in ["3.7", "3.2", "4.3"] {
            assert!(!page.contains(&format!(">{secret}<")), "{secret}");
        }
        assert!(!page.contains("还没有做过逐日模拟") && page.contains("没有模拟车辆故障"));
        // Before there were simulated days the section is not there.
        assert!(!super::tests::page().contains("承诺与模拟"));
    }

    #[test]
    fn rides_on_request_have_a_section_without_a_cohort_of_a_few() {
        let (project, plan) = (fixture::project(), fixture::with_rides());
        let page = with_streets(&project, &plan, &fixture::streets());
        assert_eq!(fault(&page, &[]), None);
        assert!(page.contains("<h2>预约乘车</h2>") && page.contains("<h2>Rides on request</h2>"));
        // One of the cohorts of the drawn day has 1.9 people: hours, not rides.
        assert!(page.contains("10:00–11:00") && !page.contains("圆点都在浅色条之内"));
        for ride in &plan.on_demand[0].day.rides {
            assert!(!page.contains(&ride.cohort) && !page.contains(&ride.window.1.clock()), "{ride:?}");
        }
        // Where all are enough the day is shown, without cohorts, stops and times in letters.
        let mut enough = plan.clone();
        for asks in &mut enough.on_demand[0].asks {
            asks.people = People::whole(6);
        }
        let page = with_streets(&project, &enough, &[]);
        assert!(page.contains("圆点都在浅色条之内") && !page.contains("c-r-few") && !page.contains("14:32"));
        let page = with_streets(&project, &fixture::that_do_not_pay(), &[]);
        assert_eq!(fault(&page, &[]), None);
        assert!(page.contains("净亏 ¥477.00") && !page.contains("菱形"));
        assert!(!super::tests::page().contains("预约乘车"));
    }

    #[test]
    fn months_cost_what_lines_and_rides_cost() {
        let (project, plan) = (fixture::project(), fixture::with_rides());
        let money = |plan| money::of(Words(Language::En), &project, plan, &figures::of(&project, plan));
        // 23 weekdays in December: 1,860 yuan of lines and 514 of vehicles for rides; 152 of them in all.
        let with = money(&plan);
        assert_eq!(with.months[0].cells, ["23", "¥42,780", "¥11,822", "¥54,602"]);
        assert_eq!(with.months_total, ["¥282,720", "¥78,128", "¥360,848"]);
        let without = money(&fixture::that_do_not_pay());
        assert_eq!((without.months[0].cells.len(), without.months_total), (2, vec!["¥282,720".to_owned()]));
    }

    #[test]
    fn the_first_paragraph() {
        let (project, plan) = (fixture::project(), fixture::plan());
        let figures = figures::of(&project, &plan);
        let left_out = leftout::of(Words(Language::En), &project, &plan, &figures);
        let summary = summary::of(Words(Language::En), &project, &plan, &figures, &left_out);
        // 23 + 21 + 20 + 23 + 22 + 21 + 22 days in seven whole months, 1,860 yuan each.
        insta::assert_snapshot!(summary.lead, @"4 lines (there and back are two) with 8 stops: 2 vehicles run 20 trips a day (Mon–Fri), from 1 Dec 2026 to 30 Jun 2027. About 246 rides a day are expected; on average riders walk 212 m, wait 4 min and ride 12 min. Running costs ¥1,860 a day, ¥40,389 in a mean full month, ¥7.55 a ride.");
        // (9340 - 7180) of (9340 - 6550): 2160 of 2790.
        insta::assert_snapshot!(summary.quality, @"Compared with doing nothing, the plan saves people the worth of ¥2,160 a day in time and money, running costs already taken off. It is proven that no plan can save more than ¥2,790 a day; this one reaches at least 77% of that, so at most 22.6% is missed (the limit may be out of reach, so the true gap may be smaller).");
    }
}
