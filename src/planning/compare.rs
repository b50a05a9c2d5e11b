//! How do plans differ? Figures side by side, and what changed from one to the next in a planner's words.
//!
//! Both are data: a key of the phrase files and its arguments; `publish` and the shells put them into words and tables.
//! Stops and lines are matched by id (a line of a new id with the same stops in the same direction is the same line),
//! trips by id and then, line by line, so that shifts are least; a shift beyond [`FARTHEST_SHIFT`] is one trip less and another more.
//!
//! Limits: matching is O(n·m) in the departures of one line and service.

use std::collections::BTreeMap;

use serde::Serialize;

use super::changes;
use super::plan::{Plan, Simulated, Stop, Trip};
use crate::domain::coordinates::Point;
use crate::domain::finding::Argument;
use crate::domain::units::{Fen, People, Seconds, ServiceTime};

/// A departure that moves farther is another departure: 30 min, the longest wait by default.
pub const FARTHEST_SHIFT: Seconds = Seconds(30 * 60);

/// A cell of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// An id; `None` where there is none.
    Id(Option<String>),
    /// Money a day.
    Fen(Fen),
    /// So many.
    Count(usize),
    /// A measure in the figure's unit.
    Number(f64),
    /// A share, 0 to 1.
    Share(f64),
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// A smaller figure.
    Less,
    /// A larger one.
    More,
    /// It says nothing by itself.
    Neither,
}

/// One figure of all plans.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Key of the phrase files, `compare-…`.
    pub figure: &'static str,
    /// Which way is better.
    pub better: Better,
    /// A value a plan, in their order.
    pub values: Vec<Value>,
}

/// Vehicles needed: the most blocks of any service.
#[must_use]
pub fn vehicles(plan: &Plan) -> usize {
    let mut blocks: BTreeMap<&str, usize> = BTreeMap::new();
    for block in &plan.blocks {
        *blocks.entry(block.service.as_str()).or_default() += 1;
    }
    blocks.into_values().max().unwrap_or(0)
}

/// A figure of the simulated days; none of a plan that has not been simulated.
fn simulated(plan: &Plan, figure: fn(&Simulated) -> Value) -> Value {
    plan.simulated.as_ref().map_or(Value::Id(None), figure)
}

/// Rides on request on a mean day of all services: people who ride, and vehicles, line and stops. What is not run counts nothing.
fn rides(plan: &Plan) -> (f64, Fen) {
    let days = |service: &str| {
        plan.services.iter().find(|known| known.id == service).map_or(0, |days| days.calendar().dates().count()) as f64
    };
    let all = plan.services.iter().map(|days| days.calendar().dates().count()).sum::<usize>().max(1) as f64;
    let (mut served, mut fen) = (0.0, 0.0);
    for offer in plan.on_demand.iter().filter(|offer| !offer.vehicles.is_empty()) {
        let share = days(&offer.service) / all;
        served += share * offer.worth.served.mean;
        fen += share * (offer.worth.running_fen + offer.worth.upkeep_fen).0 as f64;
    }
    (served, Fen::from_yuan(fen / 100.0))
}

/// The figures of the plans side by side, most telling first.
#[must_use]
pub fn side_by_side(plans: &[&Plan]) -> Vec<Row> {
    type Figure = (&'static str, Better, fn(&Plan) -> Value);
    const FIGURES: [Figure; 27] = [
        ("compare-plan", Better::Neither, |plan| Value::Id(Some(plan.id.clone()))),
        ("compare-parent", Better::Neither, |plan| Value::Id(plan.parent.clone())),
        ("compare-objective", Better::Less, |plan| Value::Fen(plan.evaluation.objective)),
        ("compare-simulated-objective", Better::Less, |plan| simulated(plan, |days| Value::Fen(days.objective.mean))),
        ("compare-people-cost", Better::Less, |plan| Value::Fen(plan.evaluation.terms.people_fen)),
        ("compare-running-cost", Better::Less, |plan| Value::Fen(plan.evaluation.terms.running_fen)),
        ("compare-upkeep", Better::Less, |plan| Value::Fen(plan.evaluation.terms.upkeep_fen)),
        ("compare-changes", Better::Less, |plan| Value::Fen(plan.evaluation.terms.changes_fen)),
        ("compare-nothing", Better::Neither, |plan| Value::Fen(plan.evaluation.nothing)),
        ("compare-bound", Better::Neither, |plan| Value::Fen(plan.bound.objective)),
        ("compare-gap", Better::Less, |plan| Value::Share(plan.bound.gap)),
        ("compare-served", Better::More, |plan| Value::Number(plan.evaluation.served)),
        ("compare-simulated-served", Better::More, |plan| simulated(plan, |days| Value::Number(days.served.mean))),
        ("compare-generalised", Better::Less, |plan| Value::Number(plan.evaluation.generalised_s_mean)),
        ("compare-walk", Better::Less, |plan| Value::Number(plan.evaluation.walk_m_mean)),
        ("compare-wait", Better::Less, |plan| Value::Number(plan.evaluation.wait_s_mean)),
        ("compare-ride", Better::Less, |plan| Value::Number(plan.evaluation.ride_s_mean)),
        ("compare-load", Better::Neither, |plan| Value::Share(plan.evaluation.load_factor_mean)),
        ("compare-lines", Better::Neither, |plan| Value::Count(plan.lines.len())),
        ("compare-stops", Better::Neither, |plan| Value::Count(plan.stops.len())),
        ("compare-trips", Better::Neither, |plan| Value::Count(plan.trips.len())),
        ("compare-vehicles", Better::Neither, |plan| Value::Count(vehicles(plan))),
        ("compare-duties", Better::Neither, |plan| Value::Count(plan.duties.len())),
        ("compare-rides-served", Better::More, |plan| Value::Number(rides(plan).0)),
        ("compare-rides-cost", Better::Less, |plan| Value::Fen(rides(plan).1)),
        ("compare-permits", Better::More, |plan| Value::Count(plan.parking.permits.len())),
        ("compare-findings", Better::Neither, |plan| Value::Count(plan.findings.len())),
    ];
    // Where no plan knows of rides on request, nothing is said of them.
    let asked = plans.iter().any(|plan| !plan.on_demand.is_empty());
    FIGURES
        .iter()
        .filter(|(figure, ..)| asked || !figure.starts_with("compare-rides"))
        .map(|(figure, better, value)| Row {
            figure,
            better: *better,
            values: plans.iter().map(|plan| value(plan)).collect(),
        })
        .collect()
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Name {
    /// Stable id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name (the Chinese one where there is none).
    pub name_en: String,
}

/// Something that is different in the later plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A new stop.
    StopAdded {
        /// Which.
        stop: Name,
    },
    /// A stop no longer used.
    StopRemoved {
        /// Which.
        stop: Name,
    },
    /// A stop stands elsewhere.
    StopMoved {
        /// Which.
        stop: Name,
        /// How far, at least 1.
        metres: u32,
    },
    /// A new line.
    LineAdded {
        /// Which.
        line: Name,
    },
    /// A line no longer run.
    LineRemoved {
        /// Which.
        line: Name,
    },
    /// A line serves other stops, or the same in another order.
    LineChanged {
        /// Which.
        line: Name,
        /// Stops it now serves.
        added: Vec<Name>,
        /// Stops it no longer serves.
        removed: Vec<Name>,
    },
    /// A new departure.
    TripAdded {
        /// Service id.
        service: String,
        /// Line.
        line: Name,
        /// When.
        depart: ServiceTime,
    },
    /// A departure no longer run.
    TripRemoved {
        /// Service id.
        service: String,
        /// Line.
        line: Name,
        /// When.
        depart: ServiceTime,
    },
    /// A departure at another time.
    TripShifted {
        /// Service id.
        service: String,
        /// Line.
        line: Name,
        /// Stop it leaves from.
        start: Name,
        /// When it was.
        from: ServiceTime,
        /// When it is.
        to: ServiceTime,
    },
    /// People who took another departure, or would not be on this one if all were as before.
    PeopleTake {
        /// Service id.
        service: String,
        /// Line.
        line: Name,
        /// Stop it leaves from.
        start: Name,
        /// When.
        depart: ServiceTime,
        /// How many.
        people: People,
    },
    /// More people of a cohort ride.
    PeopleGained {
        /// Cohort.
        cohort: Wish,
        /// How many more.
        people: People,
    },
    /// Fewer people of a cohort ride.
    PeopleLost {
        /// Cohort.
        cohort: Wish,
        /// How many fewer.
        people: People,
    },
    /// All cohorts too small to be told apart, together.
    OthersGained {
        /// How many more.
        people: People,
    },
    /// All cohorts too small to be told apart, together.
    OthersLost {
        /// How many fewer.
        people: People,
    },
}

/// What a cohort wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// Cohort id.
    pub id: String,
    /// Service id.
    pub service: String,
    /// Site id or "lon lat".
    pub origin: String,
    /// Site id or "lon lat".
    pub destination: String,
    /// Wished time.
    pub time: ServiceTime,
}

impl Change {
    /// Its key in the phrase files.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::StopAdded { .. } => "change-stop-added",
            Self::StopRemoved { .. } => "change-stop-removed",
            Self::StopMoved { .. } => "change-stop-moved",
            Self::LineAdded { .. } => "change-line-added",
            Self::LineRemoved { .. } => "change-line-removed",
            Self::LineChanged { added, removed, .. } => match (added.is_empty(), removed.is_empty()) {
                (true, true) => "change-line-reordered",
                (false, true) => "change-line-longer",
                (true, false) => "change-line-shorter",
                (false, false) => "change-line-changed",
            },
            Self::TripAdded { .. } => "change-trip-added",
            Self::TripRemoved { .. } => "change-trip-removed",
            Self::TripShifted { from, to, .. } => {
                if to > from {
                    "change-trip-later"
                } else {
                    "change-trip-earlier"
                }
            }
            Self::PeopleTake { .. } => "change-people-take",
            Self::PeopleGained { .. } => "change-people-gained",
            Self::PeopleLost { .. } => "change-people-lost",
            Self::OthersGained { .. } => "change-others-gained",
            Self::OthersLost { .. } => "change-others-lost",
        }
    }

    /// The arguments of its phrase: names in both languages (`…_en`), times as "08:05", people with one decimal at most.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, Argument)> {
        let list = |names: &[Name], pick: fn(&Name) -> &str, between: &str| {
            names.iter().map(pick).collect::<Vec<_>>().join(between)
        };
        match self {
            Self::StopAdded { stop } | Self::StopRemoved { stop } => named("stop", "stop_en", stop),
            Self::StopMoved { stop, metres } => {
                let mut args = named("stop", "stop_en", stop);
                args.push(("metres", (*metres).into()));
                args
            }
            Self::LineAdded { line } | Self::LineRemoved { line } => named("line", "line_en", line),
            Self::LineChanged { line, added, removed } => {
                let mut args = named("line", "line_en", line);
                args.push(("added", list(added, |name| &name.name, "、").into()));
                args.push(("added_en", list(added, |name| &name.name_en, ", ").into()));
                args.push(("removed", list(removed, |name| &name.name, "、").into()));
                args.push(("removed_en", list(removed, |name| &name.name_en, ", ").into()));
                args
            }
            Self::TripAdded { service, line, depart } | Self::TripRemoved { service, line, depart } => {
                let mut args = named("line", "line_en", line);
                args.push(("service", service.as_str().into()));
                args.push(("time", depart.clock().into()));
                args
            }
            Self::TripShifted { service, line, start, from, to } => {
                let mut args = named("line", "line_en", line);
                args.extend(named("start", "start_en", start));
                args.push(("service", service.as_str().into()));
                args.push(("from", from.clock().into()));
                args.push(("to", to.clock().into()));
                args.push(("minutes", (from.0.abs_diff(to.0)).div_ceil(60).into()));
                args
            }
            Self::PeopleTake { service, line, start, depart, people } => {
                let mut args = named("line", "line_en", line);
                args.extend(named("start", "start_en", start));
                args.push(("service", service.as_str().into()));
                args.push(("time", depart.clock().into()));
                args.push(("people", tenths(*people).into()));
                args
            }
            Self::PeopleGained { cohort, people } | Self::PeopleLost { cohort, people } => vec![
                ("cohort", cohort.id.as_str().into()),
                ("service", cohort.service.as_str().into()),
                ("origin", cohort.origin.as_str().into()),
                ("destination", cohort.destination.as_str().into()),
                ("time", cohort.time.clock().into()),
                ("people", tenths(*people).into()),
            ],
            Self::OthersGained { people } | Self::OthersLost { people } => vec![("people", tenths(*people).into())],
        }
    }
}

fn named(key: &'static str, key_en: &'static str, name: &Name) -> Vec<(&'static str, Argument)> {
    vec![(key, name.name.as_str().into()), (key_en, name.name_en.as_str().into())]
}

fn tenths(people: People) -> f64 {
    (people.as_f64() * 10.0).round() / 10.0
}

fn name(id: &str, name: &str, name_en: &str) -> Name {
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let name = or(name, id);
    Name { id: id.to_owned(), name_en: or(name_en, &name), name }
}

/// What is different in `new`: stops, lines, departures, then people. Cohorts of fewer than `least` people, and changes of fewer,
/// are told only together, and only if they make up that many.
#[must_use]
pub fn diff(old: &Plan, new: &Plan, least: People) -> Vec<Change> {
    let mut changes = stops(old, new);
    let same = same_lines(old, new);
    changes.extend(lines(old, new, &same));
    changes.extend(trips(old, new, &same));
    changes.extend(takers(old, new, least));
    changes.extend(people(old, new, least));
    changes
}

fn stops(old: &Plan, new: &Plan) -> Vec<Change> {
    let by_id = |plan: &'_ Plan| -> BTreeMap<String, Stop> {
        plan.stops.iter().map(|stop| (stop.id.clone(), stop.clone())).collect()
    };
    let (before, after) = (by_id(old), by_id(new));
    let named = |stop: &Stop| name(&stop.id, &stop.name, &stop.name_en);
    let mut changes = Vec::new();
    for (id, stop) in &after {
        match before.get(id) {
            None => changes.push(Change::StopAdded { stop: named(stop) }),
            Some(was) => {
                let point = |stop: &Stop| Point { lon: stop.lon, lat: stop.lat };
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "f64 to u32 saturates, and half the Earth's girth fits"
                )]
                let metres = point(was).metres_to(point(stop)).round() as u32;
                if metres > 0 {
                    changes.push(Change::StopMoved { stop: named(stop), metres });
                }
            }
        }
    }
    changes.extend(
        before
            .iter()
            .filter(|(id, _)| !after.contains_key(*id))
            .map(|(_, stop)| Change::StopRemoved { stop: named(stop) }),
    );
    changes
}

/// For each line of the new plan, by position, the position of the same line in the old one.
fn same_lines(old: &Plan, new: &Plan) -> Vec<Option<usize>> {
    let mut same: Vec<Option<usize>> =
        new.lines.iter().map(|line| old.lines.iter().position(|was| was.id == line.id)).collect();
    for (index, line) in new.lines.iter().enumerate() {
        if same[index].is_none() {
            let alike = (0..old.lines.len()).find(|&was| {
                !same.contains(&Some(was))
                    && old.lines[was].stops == line.stops
                    && old.lines[was].direction == line.direction
            });
            same[index] = alike;
        }
    }
    same
}

fn line_name(plan: &Plan, index: usize) -> Name {
    let line = &plan.lines[index];
    name(&line.id, &line.name, &line.name_en)
}

fn lines(old: &Plan, new: &Plan, same: &[Option<usize>]) -> Vec<Change> {
    let stop_name = |id: &str| {
        new.stops
            .iter()
            .chain(&old.stops)
            .find(|stop| stop.id == id)
            .map_or_else(|| name(id, "", ""), |stop| name(id, &stop.name, &stop.name_en))
    };
    let mut changes = Vec::new();
    for (index, line) in new.lines.iter().enumerate() {
        let Some(was) = same[index].map(|was| &old.lines[was]) else {
            changes.push(Change::LineAdded { line: line_name(new, index) });
            continue;
        };
        if was.stops != line.stops {
            let only = |here: &[String], there: &[String]| {
                here.iter().filter(|stop| !there.contains(stop)).map(|stop| stop_name(stop)).collect()
            };
            changes.push(Change::LineChanged {
                line: line_name(new, index),
                added: only(&line.stops, &was.stops),
                removed: only(&was.stops, &line.stops),
            });
        }
    }
    for index in (0..old.lines.len()).filter(|index| !same.contains(&Some(*index))) {
        changes.push(Change::LineRemoved { line: line_name(old, index) });
    }
    changes
}

/// Departure of a trip.
fn departs(trip: &Trip) -> ServiceTime {
    trip.times.first().map_or(ServiceTime(0), |time| time.depart)
}

fn trips(old: &Plan, new: &Plan, same: &[Option<usize>]) -> Vec<Change> {
    // By service and line (as the new plan numbers it, lines that are gone after those): departures before and after.
    type Departures<'a> = (Vec<&'a Trip>, Vec<&'a Trip>);
    let mut groups: BTreeMap<(&str, usize), Departures<'_>> = BTreeMap::new();
    let new_index: BTreeMap<&str, usize> =
        new.lines.iter().enumerate().map(|(index, line)| (line.id.as_str(), index)).collect();
    let old_index: BTreeMap<&str, usize> = old
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let now = same.iter().position(|was| *was == Some(index));
            (line.id.as_str(), now.unwrap_or(new.lines.len() + index))
        })
        .collect();
    for trip in &old.trips {
        if let Some(&line) = old_index.get(trip.line.as_str()) {
            groups.entry((trip.service.as_str(), line)).or_default().0.push(trip);
        }
    }
    for trip in &new.trips {
        if let Some(&line) = new_index.get(trip.line.as_str()) {
            groups.entry((trip.service.as_str(), line)).or_default().1.push(trip);
        }
    }
    let mut changes = Vec::new();
    for ((service, index), (before, after)) in groups {
        let line =
            if index < new.lines.len() { line_name(new, index) } else { line_name(old, index - new.lines.len()) };
        let start = line_start(if index < new.lines.len() { new } else { old }, &line.id);
        let service = service.to_owned();
        let mut found: Vec<(ServiceTime, Change)> = pair(&before, &after)
            .into_iter()
            .filter_map(|(was, is)| {
                let (service, line) = (service.clone(), line.clone());
                match (was, is) {
                    (Some(from), Some(to)) if from != to => {
                        Some((to, Change::TripShifted { service, line, start: start.clone(), from, to }))
                    }
                    (Some(depart), None) => Some((depart, Change::TripRemoved { service, line, depart })),
                    (None, Some(depart)) => Some((depart, Change::TripAdded { service, line, depart })),
                    _ => None,
                }
            })
            .collect();
        found.sort_by_key(|(time, _)| *time);
        changes.extend(found.into_iter().map(|(_, change)| change));
    }
    changes
}

/// Departures before and after that belong together: those of one id, then, of the others, so that the sum of shifts is least, where
/// leaving one alone costs half of [`FARTHEST_SHIFT`] (an alignment, Needleman & Wunsch 1970; on a line shifts never cross).
fn pair(before: &[&Trip], after: &[&Trip]) -> Vec<(Option<ServiceTime>, Option<ServiceTime>)> {
    let mut pairs = Vec::new();
    let near = |was: &Trip, is: &Trip| departs(was).0.abs_diff(departs(is).0) <= FARTHEST_SHIFT.0;
    let partner = |was: &&Trip| after.iter().find(|is| is.id == was.id && near(was, is));
    let mut was: Vec<ServiceTime> = Vec::new();
    let mut taken: Vec<&str> = Vec::new();
    for trip in before {
        if let Some(is) = partner(trip)
            && !taken.contains(&is.id.as_str())
        {
            taken.push(&is.id);
            pairs.push((Some(departs(trip)), Some(departs(is))));
        } else {
            was.push(departs(trip));
        }
    }
    let mut is: Vec<ServiceTime> =
        after.iter().filter(|trip| !taken.contains(&trip.id.as_str())).map(|trip| departs(trip)).collect();
    was.sort_unstable();
    is.sort_unstable();
    // cost[i][j]: the first i before with the first j after.
    let alone = u64::from(FARTHEST_SHIFT.0 / 2);
    let width = is.len() + 1;
    let mut cost = vec![0_u64; (was.len() + 1) * width];
    let shift = |i: usize, j: usize| u64::from(was[i].0.abs_diff(is[j].0));
    for i in 0..=was.len() {
        for j in 0..=is.len() {
            cost[i * width + j] = match (i, j) {
                (0, 0) => 0,
                (0, _) => cost[j - 1] + alone,
                (_, 0) => cost[(i - 1) * width] + alone,
                _ => (cost[(i - 1) * width + j - 1] + shift(i - 1, j - 1))
                    .min(cost[(i - 1) * width + j] + alone)
                    .min(cost[i * width + j - 1] + alone),
            };
        }
    }
    let (mut i, mut j) = (was.len(), is.len());
    while i > 0 || j > 0 {
        let here = cost[i * width + j];
        if i > 0 && j > 0 && here == cost[(i - 1) * width + j - 1] + shift(i - 1, j - 1) {
            (i, j) = (i - 1, j - 1);
            pairs.push((Some(was[i]), Some(is[j])));
        } else if i > 0 && here == cost[(i - 1) * width + j] + alone {
            i -= 1;
            pairs.push((Some(was[i]), None));
        } else {
            j -= 1;
            pairs.push((None, Some(is[j])));
        }
    }
    pairs
}

/// The stop a line leaves from.
fn line_start(plan: &Plan, line: &str) -> Name {
    let id = plan.lines.iter().find(|known| known.id == line).and_then(|line| line.stops.first());
    let id = id.map_or("", String::as_str);
    let stop = plan.stops.iter().find(|stop| stop.id == id);
    stop.map_or_else(|| name(id, "", ""), |stop| name(id, &stop.name, &stop.name_en))
}

/// Departures that so many people change over to; fewer are not told.
fn takers(old: &Plan, new: &Plan, least: People) -> Vec<Change> {
    let mut people: BTreeMap<String, u32> = BTreeMap::new();
    for (trip, count) in changes::between(old, new).reassigned.into_iter().flat_map(|row| row.to) {
        let sum = people.entry(trip).or_default();
        *sum = sum.saturating_add(count.0);
    }
    let told = new.trips.iter().filter_map(|trip| {
        let people = People(*people.get(&trip.id)?);
        let line = new.lines.iter().position(|line| line.id == trip.line)?;
        (people >= least && people > People::ZERO).then(|| Change::PeopleTake {
            service: trip.service.clone(),
            line: line_name(new, line),
            start: line_start(new, &trip.line),
            depart: departs(trip),
            people,
        })
    });
    told.collect()
}

fn people(old: &Plan, new: &Plan, least: People) -> Vec<Change> {
    let riding = |plan: &Plan| {
        let mut riding: BTreeMap<String, u32> = BTreeMap::new();
        for rider in &plan.riders {
            let sum = riding.entry(rider.cohort.clone()).or_default();
            *sum = sum.saturating_add(rider.people.0);
        }
        riding
    };
    let (before, after) = (riding(old), riding(new));
    let mut changes: Vec<(u32, String, Change)> = Vec::new();
    let (mut gained, mut lost) = (0_u32, 0_u32);
    let mut cohorts: BTreeMap<&str, &super::plan::Cohort> = BTreeMap::new();
    for cohort in old.cohorts.iter().chain(&new.cohorts) {
        cohorts.insert(&cohort.id, cohort);
    }
    for (id, cohort) in cohorts {
        let (was, is) = (before.get(id).copied().unwrap_or(0), after.get(id).copied().unwrap_or(0));
        let people = People(was.abs_diff(is));
        if people == People::ZERO {
            continue;
        }
        if people < least || cohort.people < least {
            let sum = if is > was { &mut gained } else { &mut lost };
            *sum = sum.saturating_add(people.0);
            continue;
        }
        let wish = Wish {
            id: id.to_owned(),
            service: cohort.service.clone(),
            origin: cohort.origin.clone(),
            destination: cohort.destination.clone(),
            time: cohort.time,
        };
        let change = if is > was {
            Change::PeopleGained { cohort: wish, people }
        } else {
            Change::PeopleLost { cohort: wish, people }
        };
        changes.push((u32::MAX - people.0, id.to_owned(), change));
    }
    changes.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let mut changes: Vec<Change> = changes.into_iter().map(|(_, _, change)| change).collect();
    if gained > 0 && People(gained) >= least {
        changes.push(Change::OthersGained { people: People(gained) });
    }
    if lost > 0 && People(lost) >= least {
        changes.push(Change::OthersLost { people: People(lost) });
    }
    changes
}

#[cfg(test)]
mod tests;
