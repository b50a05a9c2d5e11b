//! Instances without roads: stops, drives, cohorts and a pool of lines in one JSON file (the form of `jiebo engine shuttle`).

use serde::Deserialize;

use super::problem::{Choice, Cohort, Column, Day, Empty, Kind, Problem, Upkeep};
use super::value::LEGS;

/// The file as it is.
#[derive(Debug, Deserialize)]
pub struct Instance {
    /// Its name.
    pub name: String,
    step_s: u32,
    bands_s: Vec<[u32; 2]>,
    params: Params,
    stops: Vec<Spot>,
    depot: usize,
    bus_s: Vec<Vec<u32>>,
    bus_m: Vec<Vec<u32>>,
    places: Vec<Spot>,
    walk: Vec<Vec<[u32; 2]>>,
    trains: Vec<Vec<u32>>,
    cohorts: Vec<People>,
    fleet: Vec<Type>,
    lines: Vec<Vec<u16>>,
}

#[derive(Debug, Deserialize)]
struct Params {
    vot_cny_h: f64,
    w_walk: f64,
    w_wait: f64,
    w_ride: f64,
    max_dev_s: u32,
    dwell_s: u32,
    layover_s: u32,
}

#[derive(Debug, Deserialize)]
struct Spot {
    kind: String,
}

#[derive(Debug, Deserialize)]
struct People {
    o: usize,
    d: usize,
    kind: String,
    t: u32,
    n: u32,
    optout: f64,
}

#[derive(Debug, Deserialize)]
struct Type {
    seats: u32,
    count: u32,
    day: f64,
    hour: f64,
    km: f64,
}

/// Most stops, places, cohorts and lines of a file.
const MOST: usize = 100_000;
/// Most stops (their drives are a square).
const MOST_STOPS: usize = 2_000;
/// Most departures of all lines.
const MOST_COLUMNS: usize = 5_000_000;
/// No time is later: two days.
const LAST: u32 = 2 * 24 * 3600;

/// Why a file is no instance.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// Not JSON of this shape.
    #[error("line {line}, column {column}: {reason}")]
    Unreadable {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser says.
        reason: String,
    },
    /// A part that contradicts another.
    #[error("{part}[{number}]: {wrong}")]
    Wrong {
        /// Key of the file.
        part: &'static str,
        /// Which of its entries, from 0.
        number: usize,
        /// What is wrong with it.
        wrong: &'static str,
    },
}

/// A problem with what its columns are in the file.
#[derive(Clone, Debug, Default)]
pub struct Laid {
    /// The problem.
    pub problem: Problem,
    /// Departure of each column, seconds.
    pub departures: Vec<u32>,
}

fn all(
    part: &'static str,
    count: usize,
    wrong: &'static str,
    right: impl Fn(usize) -> bool,
) -> Result<(), InstanceError> {
    match (0..count).find(|number| !right(*number)) {
        Some(number) => Err(InstanceError::Wrong { part, number, wrong }),
        None => Ok(()),
    }
}

impl Instance {
    /// Reads a file and checks it once.
    ///
    /// # Errors
    /// Not JSON of this shape, or parts that contradict each other or pass the limits.
    pub fn read(bytes: &[u8]) -> Result<Self, InstanceError> {
        let instance: Self = serde_json::from_slice(bytes).map_err(|error| InstanceError::Unreadable {
            line: error.line(),
            column: error.column(),
            reason: error.to_string(),
        })?;
        instance.check()?;
        Ok(instance)
    }

    fn check(&self) -> Result<(), InstanceError> {
        let (stops, places) = (self.stops.len(), self.places.len());
        let one = |part, wrong, right| all(part, 1, wrong, |_| right);
        one("stops", "there must be 1 to 2,000", (1..=MOST_STOPS).contains(&stops))?;
        one("depot", "it must be one of the stops", self.depot < stops)?;
        one("bus_s", "it must have a row for each stop", self.bus_s.len() == stops)?;
        one("bus_m", "it must have a row for each stop", self.bus_m.len() == stops)?;
        all("bus_s", stops, "a row must have a drive of at most two days to each stop", |k| {
            self.bus_s[k].len() == stops && self.bus_s[k].iter().all(|seconds| *seconds <= LAST)
        })?;
        all("bus_m", stops, "a row must have a length below 10,000 km to each stop", |k| {
            self.bus_m[k].len() == stops && self.bus_m[k].iter().all(|metres| *metres < 10_000_000)
        })?;
        one("places", "there must be at most 100,000", places <= MOST)?;
        one("walk", "it must have a row for each place", self.walk.len() == places)?;
        all("walk", places, "each entry must name a stop and at most a day of walking", |k| {
            self.walk[k].iter().all(|row| (row[0] as usize) < stops && row[1] <= 86_400)
        })?;
        let station = |place: usize| self.places[place].kind == "station";
        all("trains", self.trains.len(), "times must ascend", |k| self.trains[k].is_sorted())?;
        all("places", places, "a station needs its entry in trains", |k| !station(k) || k < self.trains.len())?;
        one("cohorts", "there must be at most 100,000", self.cohorts.len() <= MOST)?;
        all("cohorts", self.cohorts.len(), "o and d must be places, t within two days, n at most 1,000,000", |k| {
            let c = &self.cohorts[k];
            c.o < places && c.d < places && c.t <= LAST && c.n <= 1_000_000
        })?;
        all("cohorts", self.cohorts.len(), "kind must be arrive_by or leave_after, optout from 0 to 1,000,000", |k| {
            let c = &self.cohorts[k];
            ["arrive_by", "leave_after"].contains(&c.kind.as_str()) && (0.0..=1e6).contains(&c.optout)
        })?;
        one("fleet", "there must be 1 to 100 types", (1..=100).contains(&self.fleet.len()))?;
        all("fleet", self.fleet.len(), "at most 1,000 seats and vehicles, prices from 0 to 1,000,000", |k| {
            let kind = &self.fleet[k];
            let money = |x: f64| (0.0..=1e6).contains(&x);
            kind.seats <= 1000 && kind.count <= 1000 && money(kind.day) && money(kind.hour) && money(kind.km)
        })?;
        one("lines", "there must be at most 100,000", self.lines.len() <= MOST)?;
        all("lines", self.lines.len(), "2 to 17 stops, each once", |k| {
            let line = &self.lines[k];
            let once = line.iter().enumerate().all(|(at, stop)| !line[..at].contains(stop));
            (2..=LEGS + 1).contains(&line.len()) && once && line.iter().all(|stop| usize::from(*stop) < stops)
        })?;
        one("step_s", "it must be at least a second", self.step_s >= 1)?;
        all(
            "bands_s",
            self.bands_s.len(),
            "each must end after it begins, within two days, after the one before",
            |k| {
                let band = self.bands_s[k];
                band[0] < band[1] && band[1] <= LAST && (k == 0 || self.bands_s[k - 1][1] <= band[0])
            },
        )?;
        let steps: usize = self.bands_s.iter().map(|band| ((band[1] - band[0]).div_ceil(self.step_s)) as usize).sum();
        one("lines", "lines times departures must be at most 5,000,000", steps * self.lines.len() <= MOST_COLUMNS)?;
        let p = &self.params;
        let weight = |x: f64| (0.0..=1e6).contains(&x);
        let weights = weight(p.vot_cny_h) && weight(p.w_walk) && weight(p.w_wait) && weight(p.w_ride);
        one("params", "weights and the value of time must be from 0 to 1,000,000", weights)?;
        let spans = p.max_dev_s <= LAST && p.dwell_s <= 3600 && p.layover_s <= 86_400;
        one("params", "max_dev_s, dwell_s and layover_s must be at most two days, an hour and a day", spans)?;
        let run = |line: &Vec<u16>| {
            let drive = |leg: &[u16]| u64::from(self.bus_s[usize::from(leg[0])][usize::from(leg[1])]);
            line.windows(2).map(drive).sum::<u64>() + u64::from(p.dwell_s) * line.len() as u64
        };
        all("lines", self.lines.len(), "a run must take less than a day", |k| run(&self.lines[k]) < 86_400)
    }

    /// The problem of the file.
    #[must_use]
    pub fn problem(&self) -> Laid {
        let size = self.stops.len();
        let spot = |stop: usize| u16::try_from(stop).unwrap_or(u16::MAX);
        let minutes = |seconds: u32| u16::try_from(seconds.div_ceil(60)).unwrap_or(u16::MAX);
        let drives = (0..size * size)
            .map(|cell| Some((minutes(self.bus_s[cell / size][cell % size]), self.bus_m[cell / size][cell % size])))
            .collect();
        let mut problem = Problem {
            days: vec![Day { weight: 1.0, budget: None }],
            kinds: self
                .fleet
                .iter()
                .map(|kind| Kind {
                    seats: kind.seats,
                    planned: kind.seats,
                    wheels: 0,
                    count: kind.count,
                    hire: kind.day,
                    per_minute: kind.hour / 60.0,
                    per_metre: kind.km / 1000.0,
                    included_minutes: 0.0,
                    included_metres: 0.0,
                    depot: spot(self.depot),
                    out_from: 0,
                    home_by: u16::MAX,
                })
                .collect(),
            cohorts: self
                .cohorts
                .iter()
                .map(|c| Cohort { day: 0, people: c.n, wheelchair: false, alternative: c.optout })
                .collect(),
            lines: self.lines.clone(),
            empty: Empty { size, band: vec![0], drives: vec![drives] },
            upkeep: Upkeep::default(),
            ..Problem::default()
        };
        let mut raw: Vec<(Column, u32, Vec<Choice>)> = Vec::new();
        for (number, line) in (0_u32..).zip(&self.lines) {
            let (arrive, go) = self.times(line);
            let run = arrive[line.len() - 1];
            let metres = line.windows(2).map(|leg| self.bus_m[usize::from(leg[0])][usize::from(leg[1])]).sum();
            let reach = self.reach(line);
            for band in &self.bands_s {
                let mut departure = band[0];
                while departure < band[1] {
                    let choices: Vec<Choice> = reach
                        .iter()
                        .filter_map(|(c, on, off)| self.option(*c, on, off, &arrive, &go, departure))
                        .collect();
                    if !choices.is_empty() {
                        let minute = u16::try_from(departure / 60).unwrap_or(u16::MAX);
                        let column = Column {
                            day: 0,
                            line: number,
                            minute,
                            free: minute + minutes(run + self.params.layover_s),
                            driving: minutes(run),
                            first: line[0],
                            last: line[line.len() - 1],
                            legs: u8::try_from(line.len() - 1).unwrap_or(u8::MAX),
                            metres,
                            fullest: 0,
                            from: 0,
                            to: 0,
                        };
                        raw.push((column, departure, choices));
                    }
                    departure += self.step_s;
                }
            }
        }
        raw.sort_by_key(|(column, departure, _)| (column.minute, column.first, column.line, *departure));
        let mut departures = Vec::with_capacity(raw.len());
        for (column, departure, choices) in raw {
            problem.push(column, choices);
            departures.push(departure);
        }
        Laid { problem, departures }
    }

    fn times(&self, line: &[u16]) -> (Vec<u32>, Vec<u32>) {
        let (mut arrive, mut go, mut at) = (Vec::new(), Vec::new(), 0);
        for (k, &stop) in line.iter().enumerate() {
            if k > 0 {
                at += self.bus_s[usize::from(line[k - 1])][usize::from(stop)];
            }
            arrive.push(at);
            if k > 0 && k + 1 < line.len() {
                at += self.params.dwell_s;
            }
            go.push(at);
        }
        (arrive, go)
    }

    /// Cohorts that can walk to the line: positions and seconds at either end.
    #[expect(clippy::type_complexity, reason = "cohort, boarding and alighting positions with their walks")]
    fn reach(&self, line: &[u16]) -> Vec<(u32, Vec<(usize, u32)>, Vec<(usize, u32)>)> {
        let walks = |place: usize| -> Vec<(usize, u32)> {
            line.iter()
                .enumerate()
                .filter_map(|(k, stop)| {
                    // The last of equals, as a table that is filled in order holds it.
                    let row = self.walk[place].iter().rev().find(|row| row[0] == u32::from(*stop))?;
                    Some((k, row[1]))
                })
                .collect()
        };
        (0_u32..)
            .zip(&self.cohorts)
            .filter_map(|(number, cohort)| {
                let (on, off) = (walks(cohort.o), walks(cohort.d));
                (on.first()?.0 < off.last()?.0).then_some((number, on, off))
            })
            .collect()
    }

    fn option(
        &self,
        number: u32,
        on: &[(usize, u32)],
        off: &[(usize, u32)],
        arrive: &[u32],
        go: &[u32],
        departure: u32,
    ) -> Option<Choice> {
        let cohort = &self.cohorts[number as usize];
        let p = &self.params;
        let value = p.vot_cny_h / 3600.0;
        let mut best: Option<(f64, usize, usize)> = None;
        for &(i, before) in on {
            let leaves = departure + go[i];
            let Some(early) = (match cohort.kind.as_str() {
                "leave_after" => leaves.checked_sub(cohort.t + before).filter(|wait| *wait <= p.max_dev_s),
                _ if self.places[cohort.o].kind == "station" => leaves.checked_sub(before).and_then(|ready| {
                    let trains = &self.trains[cohort.o];
                    let next = trains.partition_point(|train| *train <= ready);
                    next.checked_sub(1).map(|k| ready - trains[k])
                }),
                _ => Some(0),
            }) else {
                continue;
            };
            for &(j, after) in off.iter().filter(|(j, _)| *j > i) {
                let there = departure + arrive[j] + after;
                let Some(late) = (match cohort.kind.as_str() {
                    "arrive_by" => cohort.t.checked_sub(there).filter(|wait| *wait <= p.max_dev_s),
                    _ if self.places[cohort.d].kind == "station" => {
                        let trains = &self.trains[cohort.d];
                        trains.get(trains.partition_point(|train| *train < there)).map(|train| train - there)
                    }
                    _ => Some(0),
                }) else {
                    continue;
                };
                let riding = departure + arrive[j] - leaves;
                let cost = value
                    * (p.w_walk * f64::from(before + after)
                        + p.w_wait * f64::from(early + late)
                        + p.w_ride * f64::from(riding));
                if cost < cohort.optout - 1e-9 && best.is_none_or(|(least, _, _)| cost < least - 1e-12) {
                    best = Some((cost, i, j));
                }
            }
        }
        let (cost, board, alight) = best?;
        Some(Choice {
            cohort: number,
            board: u8::try_from(board).ok()?,
            alight: u8::try_from(alight).ok()?,
            saving: cohort.optout - cost,
        })
    }
}
