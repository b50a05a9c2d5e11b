//! Instances without roads: stops, drives, cohorts and a pool of lines in one JSON file (the form of `jiebo engine shuttle`).

use serde::Deserialize;

use super::problem::{Choice, Cohort, Column, Day, Empty, Kind, Problem, Upkeep};

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

impl Instance {
    /// The problem of the file. (Checks are in [`Instance::read`].)
    #[must_use]
    pub fn problem(&self) -> Problem {
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
        let mut raw: Vec<(Column, Vec<Choice>)> = Vec::new();
        for (number, line) in (0_u32..).zip(&self.lines) {
            let (arrive, go) = self.times(line);
            let run = arrive[line.len() - 1];
            let metres = line.windows(2).map(|leg| self.bus_m[usize::from(leg[0])][usize::from(leg[1])]).sum();
            let reach = self.reach(line);
            for band in &self.bands_s {
                let mut departure = band[0];
                while departure < band[1] {
                    let choices: Vec<Choice> =
                        reach.iter().filter_map(|(c, on, off)| self.option(*c, on, off, &arrive, &go, departure)).collect();
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
                        raw.push((column, choices));
                    }
                    departure += self.step_s;
                }
            }
        }
        raw.sort_by_key(|(column, _)| (column.minute, column.first, column.line));
        for (column, choices) in raw {
            problem.push(column, choices);
        }
        problem
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
                    * (p.w_walk * f64::from(before + after) + p.w_wait * f64::from(early + late) + p.w_ride * f64::from(riding));
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
