//! The shop as the joint engine sees it, and its plans as drafts: columns from offers, vehicles and drives in whole minutes, the
//! project's rules for a vehicle's day.
//!
//! Empty drives are as long as in their band and as short in metres as in the shortest: what the engine reckons with never is dearer
//! than what the rules say, so its bound holds. What a day really costs is asked of [`Shop::effort_of`].

use rayon::prelude::*;

use super::draft::{Draft, DraftBlock, DraftService, Haul, Shop};
use super::improve::Desk;
use super::joint::neighbourhood::Kept;
use super::joint::problem::{self, Choice, Cohort, Column, Day, Empty, Kind, Problem};
use super::joint::state::Rules;
use super::joint::value::LEGS;
use super::plan::PersonCost;
use crate::domain::ids::{LineId, ServiceId, TypeId};
use crate::domain::units::{Fen, ServiceTime};

/// Minutes that have a band: two days.
const HORIZON: u32 = 2 * 24 * 60;

/// The joint problem of a shop. Line `k` is offer `k`; a unit of people is a thousandth of a person; money is fen.
#[must_use]
pub fn problem(shop: &Shop<'_>) -> Problem {
    let model = shop.model;
    let services = shop.project.services.len();
    let mut problem = Problem {
        days: (0..services).map(|s| day(shop, ServiceId::at(s))).collect(),
        kinds: (0..shop.project.fleet.len()).map(|kind| vehicle(shop, TypeId::at(kind))).collect(),
        cohorts: model
            .rides
            .iter()
            .map(|ride| Cohort {
                day: number(ride.service.index()),
                people: ride.people.0,
                wheelchair: ride.wheelchair,
                alternative: ride.alternative.fen() / 1000.0,
            })
            .collect(),
        lines: shop
            .offers
            .iter()
            .map(|offer| offer.pattern.0.iter().map(|stop| number(stop.index())).collect())
            .collect(),
        empty: empty(shop),
        upkeep: problem::Upkeep {
            per_line: shop.project.upkeep.per_line.0 as f64,
            per_stop: shop.project.upkeep.per_stop.0 as f64,
            max_lines: shop.project.upkeep.max_lines,
        },
        ..Problem::default()
    };
    for s in 0..services {
        let service = ServiceId::at(s);
        if model.weight(service) <= 0.0 {
            continue;
        }
        let by_line: Vec<Vec<(Column, Vec<Choice>)>> =
            (0..shop.offers.len()).into_par_iter().map(|line| columns(shop, service, LineId::at(line))).collect();
        let mut all: Vec<(Column, Vec<Choice>)> = by_line.into_iter().flatten().collect();
        all.sort_by_key(|(column, _)| (column.minute, column.first, column.line));
        problem.columns.reserve(all.len());
        problem.choices.reserve(all.iter().map(|(_, choices)| choices.len()).sum());
        for (column, choices) in all {
            problem.push(column, choices);
        }
    }
    problem
}

fn number(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

fn long(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn day(shop: &Shop<'_>, service: ServiceId) -> Day {
    Day { weight: shop.model.weight(service), budget: shop.project.budget.per_day.map(|fen| fen.0 as f64) }
}

fn vehicle(shop: &Shop<'_>, kind: TypeId) -> Kind {
    let vehicle = &shop.project.fleet[kind.index()];
    let depot = shop.model.depot[kind.index()];
    Kind {
        seats: vehicle.seats * 1000,
        planned: vehicle.seats * shop.model.policy.planned_load(),
        wheels: vehicle.wheelchair_places * 1000,
        count: if depot.is_some() { vehicle.count } else { 0 },
        hire: vehicle.cost_per_day.0 as f64,
        per_minute: vehicle.cost_per_extra_hour.0 as f64 / 60.0,
        per_metre: vehicle.cost_per_extra_km.0 as f64 / 1000.0,
        included_minutes: f64::from(vehicle.included.0) / 60.0,
        included_metres: f64::from(vehicle.included_m.0),
        depot: number(depot.unwrap_or(0)),
        out_from: u16::try_from(vehicle.from.0.div_ceil(60)).unwrap_or(u16::MAX),
        home_by: u16::try_from(vehicle.to.0 / 60).unwrap_or(u16::MAX),
    }
}

fn empty(shop: &Shop<'_>) -> Empty {
    let model = shop.model;
    let size = model.drive[0].size;
    let cells = 0..size * size;
    let metres: Vec<u32> = cells
        .clone()
        .map(|cell| {
            model.drive.iter().filter_map(|band| band.cells[cell]).map(|(_, metres)| metres.0).min().unwrap_or(u32::MAX)
        })
        .collect();
    let metres = shortest(size, metres);
    let drives = model
        .drive
        .iter()
        .map(|band| {
            let drive = |cell: usize| {
                let (seconds, _) = band.cells[cell]?;
                Some((u16::try_from(seconds.minutes_up()).ok()?, metres[cell]))
            };
            cells.clone().map(drive).collect()
        })
        .collect();
    let band = (0..HORIZON).map(|minute| model.policy.band_at(ServiceTime(minute * 60)) as u8).collect();
    Empty { size, band, drives }
}

/// Over any spots (Floyd & Warshall): the fastest way between two may be longer than over a third, and a bound must know.
fn shortest(size: usize, mut metres: Vec<u32>) -> Vec<u32> {
    for via in 0..size {
        for from in 0..size {
            let first = metres[from * size + via];
            for to in 0..size {
                let over = first.saturating_add(metres[via * size + to]);
                let cell = &mut metres[from * size + to];
                *cell = (*cell).min(over);
            }
        }
    }
    metres
}

fn columns(shop: &Shop<'_>, service: ServiceId, line: LineId) -> Vec<(Column, Vec<Choice>)> {
    let offer = &shop.offers[line.index()];
    let stops = &offer.pattern.0;
    if stops.len() > LEGS + 1 {
        return Vec::new();
    }
    let layover = shop.model.policy.layover;
    offer
        .day(shop.model, service)
        .into_iter()
        .filter_map(|(minute, times, choices)| {
            let minutes = (times.run() + layover).minutes_up();
            let column = Column {
                day: number(service.index()),
                line: line.0,
                minute: u16::try_from(minute).ok()?,
                free: u16::try_from(minute + minutes).ok()?,
                driving: u16::try_from(times.run().minutes_up()).ok()?,
                first: number(stops[0].index()),
                last: number(stops[stops.len() - 1].index()),
                legs: u8::try_from(stops.len() - 1).ok()?,
                metres: times.metres.0,
                fullest: 0,
                from: 0,
                to: 0,
            };
            let choices = choices
                .iter()
                .map(|choice| {
                    let alternative = shop.model.rides[choice.cohort.index()].alternative;
                    Choice {
                        cohort: choice.cohort.0,
                        board: choice.board,
                        alight: choice.alight,
                        saving: PersonCost(alternative.0 - choice.cost.0).fen() / 1000.0,
                    }
                })
                .collect();
            Some((column, choices))
        })
        .collect()
}

/// The project's rules for vehicles, drivers, fleet and budget.
#[derive(Debug)]
pub struct Laws<'a> {
    desk: &'a Desk<'a>,
    problem: &'a Problem,
}

impl<'a> Laws<'a> {
    /// The rules of a desk for its shop's problem.
    #[must_use]
    pub fn new(desk: &'a Desk<'a>, problem: &'a Problem) -> Self {
        Self { desk, problem }
    }
}

impl Rules for Laws<'_> {
    fn block(&self, kind: usize, columns: &[u32]) -> Option<f64> {
        let stop = |stop: u16| crate::domain::ids::StopId::at(usize::from(stop));
        let hauls: Vec<Haul> = columns
            .iter()
            .map(|number| {
                let column = &self.problem.columns[*number as usize];
                Haul {
                    minute: u32::from(column.minute),
                    run: u32::from(column.driving),
                    free: u32::from(column.free),
                    first: stop(column.first),
                    last: stop(column.last),
                    metres: crate::domain::units::Metres(column.metres),
                }
            })
            .collect();
        self.desk.shop.effort_of(TypeId::at(kind), &hauls).map(|effort| effort.fen.0 as f64)
    }

    fn excess(&self, running: &[f64], used: &[Vec<u32>]) -> Option<f64> {
        #[expect(clippy::cast_possible_truncation, reason = "sums of whole fen")]
        let running: Vec<Fen> = running.iter().map(|cost| Fen(cost.round() as i64)).collect();
        self.desk.suffices(used).then(|| self.desk.shop.over_budget(&running, self.desk.months()).0 as f64)
    }
}

/// The engine's plan as a draft.
#[must_use]
pub fn draft(shop: &Shop<'_>, problem: &Problem, kept: &Kept) -> Draft {
    let mut services: Vec<DraftService> = vec![Vec::new(); shop.project.services.len()];
    for (day, kind, columns) in &kept.blocks {
        let trips = columns
            .iter()
            .filter_map(|number| {
                let column = &problem.columns[*number as usize];
                shop.trip(ServiceId::at(usize::from(*day)), LineId(column.line), u32::from(column.minute))
            })
            .collect();
        services[usize::from(*day)].push(DraftBlock { kind: TypeId::at(usize::from(*kind)), trips });
    }
    Draft { services }
}

/// A draft as the engine's plan; trips nobody would take are left out.
#[must_use]
pub fn kept(problem: &Problem, draft: &Draft) -> Kept {
    let mut kept = Kept { days: vec![0.0; problem.days.len()], ..Kept::default() };
    for (day, service) in draft.services.iter().enumerate() {
        for block in service {
            let columns: Vec<u32> = block
                .trips
                .iter()
                .filter_map(|trip| {
                    let minute = u16::try_from(trip.minute).ok()?;
                    let range = problem.columns_of(day);
                    let at = problem.columns[range.clone()].partition_point(|column| column.minute < minute);
                    (range.start + at..range.end)
                        .take_while(|at| problem.columns[*at].minute == minute)
                        .find(|at| problem.columns[*at].line == trip.line.0)
                        .map(long)
                })
                .collect();
            if !columns.is_empty() {
                kept.blocks.push((number(day), number(block.kind.index()), columns));
            }
        }
    }
    kept
}
