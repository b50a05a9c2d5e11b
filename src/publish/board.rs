//! `board.html`: the timetable to print and hang up. Audience: public; no number of people stands on it.
//!
//! Sheets: A3 across with everything (at the gate), A4 for each line and service (at its stops), A4 with a QR code for each
//! stop to cut out; for rides on request a panel at the gate's sheet and an A4 of its own. Chinese large, English below it: a board has no language switch. What is printed is chosen by radio
//! buttons; each sheet has its own page size (CSS named pages).

use std::collections::BTreeSet;

use askama::Template;

use crate::planning::plan::{OnDemand, Plan, ServiceDays};
use crate::planning::project::Project;
use crate::publish::drawing::map::{self, Ground, Names};
use crate::publish::drawing::routes::Route;
use crate::publish::drawing::streets::{self, Street};
use crate::publish::drawing::{qr, routes};
use crate::publish::pages::dates;
use crate::publish::pages::shell;
use crate::publish::pages::timetable::{self, Timetable};
use crate::publish::pages::words::Words;
use crate::publish::phrases::Language;
use crate::publish::rides;

/// Text in Chinese and in English.
type Both = [String; 2];

/// A service's days on the board.
#[derive(Clone, Debug)]
struct Days {
    id: String,
    days: Both,
    span: Both,
    added: Option<Both>,
    removed: Option<Both>,
}

/// A line's sheet.
#[derive(Clone, Debug)]
struct Sheet {
    table: Timetable,
    days: Days,
    code: Option<Code>,
    /// Many trips or stops: smaller type, the full table in two columns.
    many: bool,
}

/// A stop's QR code.
#[derive(Clone, Debug)]
struct Code {
    zh: String,
    en: String,
    /// Which lines call: number, colour, where to.
    lines: Vec<(String, String, String)>,
    address: String,
    svg: String,
}

/// Rides on request.
#[derive(Clone, Debug)]
struct Request {
    name: Both,
    hours: String,
    days: Days,
    stops: Vec<Both>,
    promises: Vec<Both>,
    code: Option<Code>,
}

#[derive(Template)]
#[template(path = "board.html")]
struct Board {
    zh: Words,
    en: Words,
    title: Both,
    agency: String,
    services: Vec<Days>,
    symbol: String,
    map: String,
    density: &'static str,
    columns: Vec<Vec<Timetable>>,
    sheets: Vec<Sheet>,
    requests: Vec<Request>,
    codes: Vec<Vec<Code>>,
    home: String,
}

/// The board of a plan.
#[must_use]
pub fn html(project: &Project, plan: &Plan) -> String {
    with_streets(project, plan, &streets::of(&project.roads))
}

/// The board with these streets on its map.
pub(crate) fn with_streets(project: &Project, plan: &Plan, streets: &[Street]) -> String {
    let ground: Option<Ground> = map::ground(project, plan, streets);
    let routes = routes::of(plan);
    let tables = timetable::all(plan, &routes);
    let base = project.publication.base_url.as_deref();
    let title = Language::ALL.map(|language| {
        let w = Words(language);
        w.with("board-title", &[("name", &w.project(project))])
    });
    let requests: Vec<Request> = rides::offered(plan).filter_map(|offer| request(plan, offer, base)).collect();
    // The days of lines stand at the head; where there are only rides on request, theirs do.
    let mut services: Vec<Days> = crate::publish::routes::running(plan).into_iter().map(days).collect();
    if services.is_empty() {
        services = requests.iter().map(|request| request.days.clone()).collect();
        let mut seen = BTreeSet::new();
        services.retain(|days| seen.insert(days.id.clone()));
    }
    let sheets = tables
        .iter()
        .filter_map(|table| {
            let days = services.iter().find(|service| service.id == table.service)?.clone();
            let code = base.zip(table.calls.first()).and_then(|(base, call)| code(base, &call.id, &call.zh, &call.en));
            let many = table.rows.len() + 2 * table.calls.len() > 16;
            Some(Sheet { table: table.clone(), days, code, many })
        })
        .collect();
    let codes: Vec<Code> = base.map_or_else(Vec::new, |base| {
        plan.stops
            .iter()
            .filter(|stop| plan.lines.iter().any(|line| line.stops.contains(&stop.id)))
            .filter_map(|stop| {
                let code = code(base, &stop.id, &stop.name, &stop.name_en)?;
                Some(Code { lines: towards(plan, &routes, &stop.id), ..code })
            })
            .collect()
    });
    let (density, columns) = arrange(&tables);
    shell::render(&Board {
        zh: Words(Language::Zh),
        en: Words(Language::En),
        title,
        agency: project.publication.agency.clone().unwrap_or_default(),
        map: ground.as_ref().map_or_else(String::new, |g| g.map(plan, &routes, Names::Both, 1.45, "线路图 Map")),
        symbol: ground.map_or_else(String::new, |g| g.symbol),
        density,
        columns,
        services,
        sheets,
        requests,
        codes: codes.chunks(8).map(<[Code]>::to_vec).collect(),
        home: base.unwrap_or("").trim_end_matches('/').to_owned(),
    })
}

/// How small the type must be for the A3 sheet, and how many columns: heights in millimetres as the style sheet has them, a
/// table's head and each row, against columns of 228 mm. What does not fit tight goes on to a second sheet.
const DENSITIES: [(&str, usize, f64, f64); 3] = [("", 2, 38.0, 8.6), ("dense", 2, 26.0, 6.6), ("tight", 3, 22.0, 4.7)];

/// The loosest arrangement that fits: its class and its columns, tables in order.
fn arrange(tables: &[Timetable]) -> (&'static str, Vec<Vec<Timetable>>) {
    let mut last = ("", Vec::new());
    for (class, count, head, row) in DENSITIES {
        let height = |table: &Timetable| head + row * table.rows.len() as f64;
        let all: f64 = tables.iter().map(height).sum();
        let mut columns: Vec<Vec<Timetable>> = vec![Vec::new()];
        let (mut filled, mut highest) = (0.0, 0.0_f64);
        for table in tables {
            // A new column when more than half of the table would reach beyond an even share.
            if columns.len() < count && filled > 0.0 && filled + height(table) / 2.0 > all / count as f64 {
                columns.push(Vec::new());
                filled = 0.0;
            }
            filled += height(table);
            highest = highest.max(filled);
            if let Some(column) = columns.last_mut() {
                column.push(table.clone());
            }
        }
        last = (class, columns);
        if highest <= 228.0 {
            break;
        }
    }
    last
}

fn days(service: &ServiceDays) -> Days {
    let list = |dates: &[jiff::civil::Date]| {
        (!dates.is_empty()).then(|| Language::ALL.map(|language| dates::list_of(language, service, dates)))
    };
    Days {
        id: service.id.clone(),
        days: Language::ALL.map(|language| dates::days(language, service)),
        span: Language::ALL.map(|language| dates::span(language, service.from, service.until)),
        // A service of dates alone says them as its days.
        added: list(if service.days.is_empty() { &[] } else { &service.added }),
        removed: list(&service.removed),
    }
}

/// What the public is told of rides on request: nothing of who asked or rode.
fn request(plan: &Plan, offer: &OnDemand, base: Option<&str>) -> Option<Request> {
    let days = days(plan.services.iter().find(|service| service.id == offer.service)?);
    let name = Language::ALL.map(|language| rides::name(Words(language), offer));
    let [zh, en] = Language::ALL.map(|language| rides::promises(Words(language), &offer.rules));
    let code = base.and_then(|base| {
        let address = crate::publish::routes::booking_address(base);
        let svg = qr::svg(&address, &name[0])?;
        Some(Code { zh: name[0].clone(), en: name[1].clone(), lines: Vec::new(), address, svg })
    });
    Some(Request {
        name,
        hours: rides::span((offer.from, offer.until)),
        days,
        stops: offer.stops.iter().map(|stop| Language::ALL.map(|language| Words(language).stop(stop))).collect(),
        promises: zh.into_iter().zip(en).map(|(zh, en)| [zh, en]).collect(),
        code,
    })
}

/// Lines that take people aboard at a stop, each with its last stop: the two kerbs of a road differ only in this.
fn towards(plan: &Plan, routes: &[Route], stop: &str) -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    for route in routes {
        for line in route.lines.iter().map(|&line| &plan.lines[line]) {
            let boards = line.stops.iter().rev().skip(1).any(|id| id == stop);
            let last = line.stops.last().and_then(|id| plan.stops.iter().find(|stop| stop.id == *id));
            if let Some(last) = last.filter(|_| boards) {
                out.push((route.number.clone(), route.colour.clone(), last.name.clone()));
            }
        }
    }
    out.truncate(3);
    out
}

fn code(base: &str, id: &str, zh: &str, en: &str) -> Option<Code> {
    let address = qr::stop_address(base, id);
    let svg = qr::svg(&address, zh)?;
    let en = if en == zh { "" } else { en };
    Some(Code { zh: zh.to_owned(), en: en.to_owned(), lines: Vec::new(), address, svg })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::pages::wellformed::fault;

    const BASE: &str = "https://example.org/gonghexin";

    #[test]
    fn whole_with_a_code_a_stop() {
        let (project, plan) = (fixture::project(), fixture::plan());
        let page = with_streets(&project, &plan, &fixture::streets());
        assert_eq!(fault(&page, &[BASE]), None);
        // A code on each of four line sheets and on each of eight cards.
        assert_eq!(page.matches("class=\"qr\"").count(), 12);
        assert!(page.contains("https://example.org/gonghexin/stops/s-me"));
    }

    #[test]
    fn without_an_address_there_is_no_code() {
        let mut project = fixture::project();
        project.publication.base_url = None;
        let page = with_streets(&project, &fixture::plan(), &[]);
        assert_eq!(fault(&page, &[]), None);
        assert!(!page.contains("class=\"qr\"") && !page.contains("扫码"));
    }

    #[test]
    fn holidays_are_said_and_no_people_are_counted() {
        let page = with_streets(&fixture::project(), &fixture::plan(), &[]);
        assert!(page.contains("<b>停运日期：</b> 1月1日") && page.contains("<b>加开日期：</b> 1月9日"));
        for firm in &fixture::project().firms {
            assert!(!page.contains(&firm.name));
        }
        assert!(!page.contains('≈') && !page.contains('¥'));
    }

    #[test]
    fn a_service_without_trips_is_not_announced() {
        let mut plan = fixture::plan();
        let mut saturday = plan.services[0].clone();
        (saturday.id, saturday.days) = ("saturday".into(), "Sat".into());
        saturday.removed = vec![jiff::civil::date(2027, 2, 6)];
        plan.services.push(saturday);
        let page = with_streets(&fixture::project(), &plan, &[]);
        assert!(!page.contains("<b>周六</b>") && !page.contains("2月6日"));
    }

    #[test]
    fn rides_on_request_are_told_with_their_promise() {
        let (project, plan) = (fixture::project(), fixture::with_rides());
        let page = with_streets(&project, &plan, &fixture::streets());
        assert_eq!(fault(&page, &[BASE]), None);
        // On the gate's sheet and on one of its own.
        assert_eq!(page.matches(">日间预约乘车<").count(), 2);
        for told in [
            "09:30–16:30",
            "延长中路社区医院",
            "Lingshi Park South Gate",
            "出发前至少 30 分钟预约",
            "window of at most 10 minutes",
        ] {
            assert!(page.contains(told), "{told}");
        }
        // A code on each, and the address in letters.
        assert_eq!(page.matches("class=\"qr\"").count(), 14);
        assert!(page.contains("https://example.org/gonghexin/rides<"));
        let mut project = project;
        project.publication.base_url = None;
        let page = with_streets(&project, &plan, &[]);
        assert!(page.contains("日间预约乘车") && !page.contains("/rides") && !page.contains("扫码预约"));
    }

    #[test]
    fn what_does_not_pay_is_not_announced() {
        let page = |plan: &Plan| with_streets(&fixture::project(), plan, &fixture::streets());
        assert!(!page(&fixture::that_do_not_pay()).contains("预约乘车"));
        // Without lines the days are those of the rides.
        let plan = Plan { trips: vec![], lines: vec![], stops: vec![], ..fixture::with_rides() };
        let alone = page(&plan);
        assert_eq!(fault(&alone, &[BASE]), None);
        assert!(alone.contains("<b>周一至周五</b>") && alone.contains("日间预约乘车") && !alone.contains("目前没有"));
    }

    #[test]
    fn nothing_of_the_drawn_day_is_public() {
        let (project, plan) = (fixture::project(), fixture::with_rides());
        let mut public = with_streets(&project, &plan, &fixture::streets());
        public += &String::from_utf8(crate::publish::geojson::map(&project, &plan)).unwrap();
        for text in plan.on_demand[0].asks.iter().map(|asks| asks.cohort.as_str()).chain(["midday-1", "midday-2"]) {
            assert!(!public.contains(text), "{text}");
        }
        // Times of rides; 12:21 and the like are no departures of a line.
        for ride in &plan.on_demand[0].day.rides {
            for time in [ride.window.0, ride.window.1, ride.boards, ride.alights, ride.by, ride.asked] {
                let clock = time.clock();
                let departs = plan
                    .trips
                    .iter()
                    .flat_map(|t| &t.times)
                    .any(|t| t.arrive.clock() == clock || t.depart.clock() == clock);
                assert!(departs || !public.contains(&clock), "{clock}");
            }
        }
    }

    #[test]
    fn tables_fill_columns_in_order_and_shrink_when_they_must() {
        let plan = fixture::plan();
        let tables = timetable::all(&plan, &routes::of(&plan));
        // Four tables of 6, 4, 6, 4 rows: two a column.
        let (class, columns) = arrange(&tables);
        assert_eq!((class, columns.iter().map(Vec::len).collect::<Vec<_>>()), ("", vec![2, 2]));
        let many: Vec<Timetable> = tables.iter().cycle().take(12).cloned().collect();
        let (class, columns) = arrange(&many);
        assert_eq!((class, columns.len()), ("tight", 3));
        assert_eq!(columns.concat(), many);
    }

    #[test]
    fn every_departure_stands_on_both_sizes() {
        let plan = fixture::plan();
        let page = with_streets(&fixture::project(), &plan, &[]);
        for trip in &plan.trips {
            let clock = trip.times[0].depart.clock();
            assert!(page.matches(&format!("class=\"first\">{clock}<")).count() >= 2, "{clock}");
        }
        let empty = Plan { trips: vec![], lines: vec![], stops: vec![], ..plan };
        assert_eq!(fault(&with_streets(&fixture::project(), &empty, &[]), &[BASE]), None);
    }
}
