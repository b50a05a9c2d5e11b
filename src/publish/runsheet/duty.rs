//! One driver's day as rows: time, place, what to do, people on and off, kilometres.

use std::collections::BTreeMap;

use crate::domain::units::People;
use crate::planning::plan::{Duty, Item, ItemKind, Plan};
use crate::planning::project::Project;
use crate::publish::audience;
use crate::publish::drawing::{loads, routes};
use crate::publish::pages::dates;
use crate::publish::pages::words::{Words, tenth};
use crate::publish::routes::plain_name;

/// Rows of the plain table that fit on an A4 page.
const MOST_ROWS: usize = 24;

/// A row of a run sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// "07:30", or "07:30–07:35".
    pub time: String,
    /// Where.
    pub place: String,
    /// What to do.
    pub what: String,
    /// Expected people on, "" where nobody can.
    pub on: String,
    /// Expected people off.
    pub off: String,
    /// Kilometres, "" where none.
    pub km: String,
    /// "trip" (first row of one), "call" (a further stop), "wait" (between two trips), or "other".
    pub kind: &'static str,
    /// Number and colour of the route, on the first row of a trip.
    pub badge: Option<(String, String)>,
}

/// A driver's page.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its number, from 1.
    pub number: usize,
    /// Duty id.
    pub id: String,
    /// Vehicle type.
    pub vehicle: String,
    /// Vehicle's day it drives.
    pub block: String,
    /// Depot.
    pub depot: String,
    /// On which days, and from when until when.
    pub days: String,
    /// Dates in words.
    pub span: String,
    /// First and last minute.
    pub from: String,
    /// Last minute.
    pub to: String,
    /// Hours at the wheel.
    pub driving: String,
    /// Kilometres in all.
    pub km: String,
    /// Trips.
    pub trips: usize,
    /// The day.
    pub rows: Vec<Row>,
    /// The day in few rows, for a page: each trip with its stops side by side.
    pub strips: Vec<Strip>,
    /// Too many rows for a page: the strips are shown instead.
    pub dense: bool,
}

/// A trip in one row, or something else the driver does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    /// Its first row.
    pub head: Row,
    /// Its stops; none where it is no trip.
    pub calls: Vec<Row>,
}

/// Run sheets of all duties; of the blocks, where a plan has no duties.
#[must_use]
pub fn all(w: Words, project: &Project, plan: &Plan) -> Vec<Sheet> {
    let made: Vec<Duty>;
    let duties = if plan.duties.is_empty() {
        made = plan
            .blocks
            .iter()
            .map(|block| Duty {
                id: block.id.clone(),
                service: block.service.clone(),
                block: block.id.clone(),
                items: block.items.clone(),
            })
            .collect();
        &made
    } else {
        &plan.duties
    };
    let moves = moves(plan);
    duties.iter().enumerate().map(|(i, duty)| sheet(w, project, plan, &moves, i + 1, duty)).collect()
}

/// Rows in groups of one trip each. Waiting between two trips is left out: the next departure says when.
fn strips(rows: &[Row]) -> Vec<Strip> {
    let mut strips: Vec<Strip> = Vec::new();
    for row in rows {
        match (row.kind, strips.last_mut()) {
            ("trip", _) => strips.push(Strip { head: row.clone(), calls: vec![short(row)] }),
            ("call", Some(strip)) => strip.calls.push(short(row)),
            ("wait", _) => {}
            _ => strips.push(Strip { head: row.clone(), calls: Vec::new() }),
        }
    }
    strips
}

/// Without the side of the road, which the line's direction says.
fn short(row: &Row) -> Row {
    Row { place: plain_name(&row.place).0.to_owned(), ..row.clone() }
}

/// (trip, stop) -> people on, people off. A stop a line passes twice is told together.
type Moves<'a> = BTreeMap<(&'a str, &'a str), (People, People)>;

fn moves(plan: &Plan) -> Moves<'_> {
    let mut moves: Moves<'_> = BTreeMap::new();
    for rider in &plan.riders {
        for leg in &rider.legs {
            moves.entry((&leg.trip, &leg.board)).or_default().0 += rider.people;
            moves.entry((&leg.trip, &leg.alight)).or_default().1 += rider.people;
        }
    }
    moves
}

fn sheet(w: Words, project: &Project, plan: &Plan, moves: &Moves<'_>, number: usize, duty: &Duty) -> Sheet {
    let block = plan.blocks.iter().find(|block| block.id == duty.block);
    let kind = block.map_or("", |block| block.vehicle_type.as_str());
    let vehicle = w.vehicle(project, kind);
    let service = plan.services.iter().find(|service| service.id == duty.service);
    let mut rows = Vec::new();
    for item in &duty.items {
        rows.extend(item_rows(w, project, plan, moves, item));
    }
    let moving = |kind| matches!(kind, ItemKind::PullOut | ItemKind::Trip | ItemKind::Deadhead | ItemKind::PullIn);
    let driving: u32 =
        duty.items.iter().filter(|item| moving(item.kind)).map(|item| item.end.since(item.start).0).sum();
    Sheet {
        number,
        id: duty.id.clone(),
        vehicle,
        block: duty.block.clone(),
        depot: block.map_or_else(String::new, |block| w.place(project, plan, &block.depot)),
        days: service.map_or_else(|| duty.service.clone(), |service| dates::days(w.0, service)),
        span: service.map_or_else(String::new, |service| dates::span(w.0, service.from, service.until)),
        from: duty.items.first().map_or_else(String::new, |item| item.start.clock()),
        to: duty.items.last().map_or_else(String::new, |item| item.end.clock()),
        driving: tenth(f64::from(driving) / 3600.0),
        km: tenth(duty.items.iter().map(|item| item.km).sum()),
        trips: duty.items.iter().filter(|item| item.kind == ItemKind::Trip).count(),
        dense: rows.len() > MOST_ROWS,
        strips: strips(&rows),
        rows,
    }
}

fn item_rows(w: Words, project: &Project, plan: &Plan, moves: &Moves<'_>, item: &Item) -> Vec<Row> {
    if item.kind == ItemKind::Trip {
        return trip_rows(w, project, plan, moves, item);
    }
    let stands = matches!(item.kind, ItemKind::Layover | ItemKind::Break | ItemKind::Charge);
    // A layover of no length says nothing.
    if stands && item.end <= item.start {
        return Vec::new();
    }
    let key = match item.kind {
        ItemKind::PullOut => "runsheet-pull-out",
        ItemKind::Deadhead => "runsheet-deadhead",
        ItemKind::Layover => "runsheet-layover",
        ItemKind::Break => "runsheet-break",
        ItemKind::Charge => "runsheet-charge",
        ItemKind::PullIn => "runsheet-pull-in",
        ItemKind::Trip => "runsheet-trip",
    };
    let from = w.place(project, plan, &item.from);
    let to = w.place(project, plan, &item.to);
    let place = if stands || item.from == item.to { from } else { format!("{from} → {to}") };
    vec![Row {
        time: format!("{}–{}", item.start.clock(), item.end.clock()),
        place,
        what: w.t(key),
        on: String::new(),
        off: String::new(),
        km: if item.km > 0.0 { tenth(item.km) } else { String::new() },
        kind: if item.kind == ItemKind::Layover { "wait" } else { "other" },
        badge: None,
    }]
}

fn trip_rows(w: Words, project: &Project, plan: &Plan, moves: &Moves<'_>, item: &Item) -> Vec<Row> {
    let k = project.policy.k_anonymity;
    let Some(trip) = item.trip.as_ref().and_then(|id| plan.trips.iter().find(|trip| trip.id == *id)) else {
        return Vec::new();
    };
    let all = routes::of(plan);
    let line = plan.lines.iter().position(|line| line.id == trip.line);
    let badge = line.and_then(|at| routes::of_line(&all, at)).map(|route| (route.number.clone(), route.colour.clone()));
    let heading = line.map_or_else(|| trip.line.clone(), |at| w.heading(plan, &plan.lines[at]));
    let last = trip.times.len().saturating_sub(1);
    trip.times
        .iter()
        .enumerate()
        .map(|(i, call)| {
            let (on, off) = moves.get(&(trip.id.as_str(), call.stop.as_str())).copied().unwrap_or_default();
            let seats = loads::seats(project, plan, trip);
            // Rounding must not promise more people than seats.
            let about = |people: People| {
                if audience::fills(people, seats, k) {
                    w.t("runsheet-full")
                } else {
                    audience::about(people, k).text(k)
                }
            };
            let aboard = trip.load.get(i).copied().unwrap_or_default();
            let on = match about(on) {
                text if audience::fills(on, seats, k) || on == People::ZERO => text,
                text if audience::fills(aboard, seats, k) => format!("{text} {}", w.t("runsheet-full")),
                text => text,
            };
            Row {
                // As on the board: departures, at the last stop the arrival.
                time: if i == last { call.arrive.clock() } else { call.depart.clock() },
                place: w.place(project, plan, &call.stop),
                what: match i {
                    0 => heading.clone(),
                    _ if i == last => w.t("runsheet-arrive"),
                    _ => String::new(),
                },
                on: if i == last { String::new() } else { on },
                off: if i == 0 { String::new() } else { about(off) },
                km: if i == 0 { tenth(item.km) } else { String::new() },
                kind: if i == 0 { "trip" } else { "call" },
                badge: if i == 0 { badge.clone() } else { None },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::phrases::Language;

    #[test]
    fn a_day_reads_from_depot_to_depot() {
        let (project, plan) = (fixture::project(), fixture::plan());
        let sheets = all(Words(Language::Zh), &project, &plan);
        assert_eq!(sheets.len(), 2);
        let first = &sheets[0];
        assert_eq!((first.trips, first.from.as_str(), first.vehicle.as_str()), (10, "07:18", "19座中巴"));
        let text = |row: &Row| format!("{} {} {} {}/{} {}", row.time, row.place, row.what, row.on, row.off, row.km);
        let start: Vec<String> = first.rows.iter().take(6).map(text).collect();
        // 6.4 people ride through and 2.3 to the last but one stop: 8.7 on is about ten, 2.3 off fewer than five.
        insta::assert_snapshot!(start.join("\n"), @"
        07:18–07:30 沪太路停车场 → 延长路站1号口 出场，空驶到首站 / 2.9
        07:30 延长路站1号口 延长路站 → 媒体园西门 ≈10/ 2.6
        07:36 万荣路广中西路  –/– 
        07:42 媒体园东门  –/<5 
        07:44 媒体园西门 到达，清车 /≈5 
        07:44–07:49 媒体园西门 停站候发 / 
        ");
        let without = Plan { duties: Vec::new(), ..plan };
        assert_eq!(all(Words(Language::Zh), &project, &without)[0].rows, first.rows);
    }
}
