//! How full shared car parks are through the week: a row a lot, a column an hour, darker is fuller; of lots that lend on dates only these dates. Rounded by the rule of
//! [`audience::about`], so a few cars are only "some".

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::stringline::shorten;
use super::svg::Svg;
use crate::domain::calendar::{day_number, weekday_of};
use crate::domain::units::{People, ServiceTime};
use crate::planning::plan::{Occupancy, Plan};
use crate::planning::project::Project;
use crate::publish::audience;

/// Six steps from free to full, readable in grey print.
pub const STEPS: [&str; 6] = ["#eef2f4", "#cfe3e4", "#9fcbcd", "#63abaf", "#2b858b", "#0b5a61"];

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Height of a row, and of the dates written over one.
const ROW: (f64, f64) = (20.0, 12.0);

/// A row: seven weekdays of a lot, or of a week of the calendar the dates it lends on where it does so on no weekday.
struct Row<'a> {
    lot: &'a str,
    /// The first of its lot.
    first: bool,
    dated: bool,
    /// By weekday, Monday first.
    days: [Option<&'a Occupancy>; 7],
}

fn rows<'a>(project: &Project, plan: &'a Plan) -> Vec<Row<'a>> {
    let mut of_lots: BTreeMap<&str, Vec<&Occupancy>> = BTreeMap::new();
    for day in &plan.parking.occupancy {
        of_lots.entry(&day.lot).or_default().push(day);
    }
    let mut of_lots: Vec<(&str, Vec<&Occupancy>)> = of_lots.into_iter().collect();
    // Lots in the order of the project's file.
    of_lots.sort_by_key(|(id, _)| project.lots.iter().position(|lot| lot.id == *id));
    let rows = of_lots.into_iter().flat_map(|(lot, days)| {
        let (weekdays, dates): (Vec<_>, Vec<_>) = days.into_iter().partition(|day| DAYS.contains(&day.day.as_str()));
        let idle = |day: &&Occupancy| day.changes.iter().all(|&(_, used, lent)| used == 0 && lent == 0);
        let dated = !dates.is_empty() && weekdays.iter().all(idle);
        let rows = if dated { weeks(&dates) } else { vec![week(&weekdays)] };
        rows.into_iter().enumerate().map(move |(at, days)| Row { lot, first: at == 0, dated, days })
    });
    rows.collect()
}

/// Of each weekday the first.
fn week<'a>(days: &[&'a Occupancy]) -> [Option<&'a Occupancy>; 7] {
    DAYS.map(|weekday| days.iter().copied().find(|day| day.day == weekday))
}

/// Each date in its weekday's column, a row for each week of the calendar that has one. What is no date is not drawn.
fn weeks<'a>(dates: &[&'a Occupancy]) -> Vec<[Option<&'a Occupancy>; 7]> {
    let mut weeks: BTreeMap<i64, [Option<&Occupancy>; 7]> = BTreeMap::new();
    for &day in dates {
        if let Ok(date) = day.day.parse::<Date>() {
            let (number, weekday) = (day_number(date), weekday_of(date));
            weeks.entry(number - weekday as i64).or_default()[weekday].get_or_insert(day);
        }
    }
    weeks.into_values().collect()
}

/// The heat map, `days` being the seven names to write; `None` where nothing is known.
#[must_use]
pub fn svg(project: &Project, plan: &Plan, days: &[String; 7], label: &str) -> Option<String> {
    let rows = rows(project, plan);
    if rows.is_empty() {
        return None;
    }
    let (width, left, top) = (960.0, 150.0, 24.0);
    let day_width = (width - left - 6.0) / 7.0;
    let height = |row: &Row<'_>| if row.dated { ROW.0 + ROW.1 } else { ROW.0 };
    let end = top + rows.iter().map(height).sum::<f64>();
    let mut svg = Svg::new(width, end + 22.0, label);
    svg.group(r##"font-size="12" text-anchor="middle" fill="#1c2733""##);
    for (d, name) in days.iter().enumerate() {
        svg.text((left + day_width * (d as f64 + 0.5), 15.0), name, "");
    }
    svg.end();
    let mut y = top;
    for row in &rows {
        let bar = y + height(row) - ROW.0;
        let lot = project.lots.iter().find(|lot| lot.id == row.lot);
        if row.first {
            let name = shorten(lot.map_or(row.lot, |lot| &lot.name), 12.0, left - 14.0);
            svg.text((left - 8.0, bar + 14.0), &name, r##"font-size="12" text-anchor="end" fill="#1c2733""##);
        }
        for (at, &day) in row.days.iter().enumerate() {
            let x = left + day_width * at as f64;
            if let Some(date) = day.filter(|_| row.dated) {
                let middle = x + (day_width - 3.0) / 2.0;
                svg.text((middle, bar - 1.0), &date.day, r##"font-size="10" text-anchor="middle" fill="#5a6570""##);
            }
            // Of a week of dates only these are drawn.
            if day.is_some() || !row.dated {
                svg.rect(x, bar + 1.0, day_width - 3.0, ROW.0 - 2.0, &format!(r#"fill="{}""#, STEPS[0]));
            }
            if let Some(day) = day {
                hours(&mut svg, project, day, (x, bar + 1.0, day_width - 3.0));
            }
        }
        y += height(row);
    }
    svg.group(r##"font-size="10" text-anchor="middle" fill="#5a6570""##);
    for d in 0..7 {
        for hour in [6.0, 12.0, 18.0] {
            let x = left + day_width * f64::from(d) + hour / 24.0 * (day_width - 3.0);
            svg.text((x, end + 13.0), &super::svg::num(hour), "");
        }
    }
    svg.end();
    Some(svg.finish())
}

/// The hours of a day at which somebody is there, from a corner on and so wide.
fn hours(svg: &mut Svg, project: &Project, day: &Occupancy, (x, y, width): (f64, f64, f64)) {
    let bays = project.lots.iter().find(|lot| lot.id == day.lot).map(|lot| lot.bays);
    for (i, &(from, used, _)) in day.changes.iter().enumerate() {
        let until = day.changes.get(i + 1).map_or(ServiceTime::hm(24, 0), |next| next.0);
        let (from, until) = (from.0.min(86_400), until.0.min(86_400));
        let step = darkness(used, bays.unwrap_or(used), project.policy.k_anonymity);
        if step > 0 && until > from {
            let at = |time: u32| f64::from(time) / 86_400.0 * width;
            svg.rect(x + at(from), y, at(until) - at(from), ROW.0 - 2.0, &format!(r#"fill="{}""#, STEPS[step]));
        }
    }
}

/// Step of the scale: 0 nobody, 1 a few or up to a fifth … 5 more than four fifths.
fn darkness(used: u32, bays: u32, k: u32) -> usize {
    match audience::about(People::whole(used), k) {
        audience::About::Nobody => 0,
        audience::About::Few => 1,
        audience::About::Around(used) => {
            let fifths = f64::from(used) / f64::from(bays.max(1)) * 5.0;
            // At most five, so a position in STEPS.
            [1.0, 2.0, 3.0, 4.0].into_iter().filter(|&limit| fifths > limit).count() + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_cars_are_only_some() {
        // In a lot of four bays four cars are full, but fewer than five: only "some".
        assert_eq!(darkness(4, 4, 5), 1);
        assert_eq!(darkness(0, 40, 5), 0);
        assert_eq!(darkness(12, 40, 5), 2);
        assert_eq!(darkness(40, 40, 5), 5);
    }

    #[test]
    fn a_lot_lent_on_dates_only_shows_its_dates() {
        let day = |lot: &str, day: &str, changes: &[(u32, u32, u32)]| Occupancy {
            lot: lot.to_owned(),
            day: day.to_owned(),
            changes: changes.iter().map(|&(hour, used, lent)| (ServiceTime::hm(hour, 0), used, lent)).collect(),
        };
        let mut plan = crate::publish::fixture::plan();
        plan.parking.occupancy.clear();
        for weekday in DAYS {
            plan.parking.occupancy.push(day("weekly", weekday, &[(0, 9, 10)]));
            plan.parking.occupancy.push(day("dated", weekday, &[(0, 0, 0)]));
        }
        plan.parking.occupancy.push(day("weekly", "2026-12-24", &[(0, 1, 10)]));
        for date in ["2026-12-24", "2026-12-25"] {
            plan.parking.occupancy.push(day("dated", date, &[(0, 0, 0), (18, 8, 10)]));
        }
        let drawn = svg(&Project::default(), &plan, &DAYS.map(str::to_owned), "x").unwrap();
        // The weekly lot as ever, without its date; the other by its dates, from 18:00 on.
        assert_eq!((drawn.matches("2026-12-24").count(), drawn.matches("2026-12-25").count()), (1, 1), "{drawn}");
        // Seven and two days are drawn, and on them seven full ones and two evenings. (Lots that no file names have as many bays as cars.)
        assert_eq!(drawn.matches(STEPS[0]).count(), 9);
        assert_eq!(drawn.matches(STEPS[5]).count(), 9);
    }

    #[test]
    fn a_date_stands_under_its_weekday() {
        let mut plan = crate::publish::fixture::plan();
        plan.parking.occupancy.clear();
        // Thursday, Sunday, and the Monday after; in the file's order, not the calendar's.
        for date in ["2026-12-28", "2026-12-24", "2026-12-27"] {
            let changes = vec![(ServiceTime::hm(0, 0), 8, 10)];
            plan.parking.occupancy.push(Occupancy { lot: "dated".to_owned(), day: date.to_owned(), changes });
        }
        let drawn = svg(&Project::default(), &plan, &DAYS.map(str::to_owned), "x").unwrap();
        let place = |text: &str| {
            let before = drawn.split(&format!(">{text}<")).next().unwrap().rsplit_once("<text ").unwrap().1;
            let of = |name: &str| before.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
            (of("x").parse::<f64>().unwrap(), of("y").parse::<f64>().unwrap())
        };
        // A column is (960 - 150 - 6) / 7 wide; a date stands in the middle of its bar, which is 3 narrower.
        for (date, weekday) in [("2026-12-24", "Thu"), ("2026-12-27", "Sun"), ("2026-12-28", "Mon")] {
            assert!((place(weekday).0 - place(date).0 - 1.5).abs() < 0.2, "{date} {weekday}: {drawn}");
        }
        // A row a week.
        let [thursday, sunday, monday] = ["2026-12-24", "2026-12-27", "2026-12-28"].map(|date| place(date).1);
        assert!(thursday == sunday && monday > sunday, "{drawn}");
    }
}
