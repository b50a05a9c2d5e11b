//! What the joint engine plans on: columns (a line leaving at a minute), who would save what on each, vehicles and empty drives.
//!
//! It knows neither roads nor surveys: people are units (persons, or thousandths of one), money is a number. A choice is the best
//! board and alight pair of a cohort on a column and what one unit saves by it against its alternative.

/// A cohort that could ride.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cohort {
    /// Day (service) it travels on.
    pub day: u16,
    /// Units of people.
    pub people: u32,
    /// They take wheelchair places, not seats.
    pub wheelchair: bool,
    /// What a unit costs at its alternative.
    pub alternative: f64,
}

/// A cohort on a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Who.
    pub cohort: u32,
    /// Position at which they board.
    pub board: u8,
    /// Position at which they alight, after `board`.
    pub alight: u8,
    /// What a unit saves against its alternative; above 0.
    pub saving: f64,
}

/// A departure of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Day (service).
    pub day: u16,
    /// Line, position in [`Problem::lines`].
    pub line: u32,
    /// Minute of departure.
    pub minute: u16,
    /// First minute at which the vehicle can do something else.
    pub free: u16,
    /// Minutes of driving.
    pub driving: u16,
    /// First stop.
    pub first: u16,
    /// Last stop.
    pub last: u16,
    /// Legs; at least 1.
    pub legs: u8,
    /// Metres driven.
    pub metres: u32,
    /// Units on its fullest leg if everybody rode who would.
    pub fullest: u32,
    /// First of its choices.
    pub from: u32,
    /// One past the last of its choices.
    pub to: u32,
}

/// A day's demand and limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    /// Weight in the objective.
    pub weight: f64,
    /// Running cost may not be more.
    pub budget: Option<f64>,
}

/// A vehicle type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kind {
    /// Units of people: what the bound knows.
    pub seats: u32,
    /// Units of people the search plans with, at most `seats`.
    pub planned: u32,
    /// Units of people with wheelchairs.
    pub wheels: u32,
    /// How many there are.
    pub count: u32,
    /// Of a used vehicle.
    pub hire: f64,
    /// Of a minute away from the depot beyond those included.
    pub per_minute: f64,
    /// Of a metre beyond those included.
    pub per_metre: f64,
    /// Minutes away in the hire.
    pub included_minutes: f64,
    /// Metres in the hire.
    pub included_metres: f64,
    /// Spot of its depot.
    pub depot: u16,
    /// Leaves the depot no earlier.
    pub out_from: u16,
    /// Back no later.
    pub home_by: u16,
}

/// Spots among which all ways over another are looked at.
const METRIC: usize = 200;

/// Empty drives between spots (stops, then depots), by the band of the minute in which they start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Empty {
    /// Spots.
    pub size: usize,
    /// Band of each minute; minutes past the end are in the last one.
    pub band: Vec<u8>,
    /// `[band][from * size + to]`: minutes and metres; `None`: no way.
    pub drives: Vec<Vec<Option<(u16, u32)>>>,
}

impl Empty {
    /// The drive that starts at a minute.
    #[must_use]
    pub fn at(&self, from: u16, to: u16, minute: u16) -> Option<(u16, u32)> {
        if from == to {
            return Some((0, 0));
        }
        let band = self.band.get(usize::from(minute)).or(self.band.last()).copied().unwrap_or(0);
        self.drives[usize::from(band)][usize::from(from) * self.size + usize::from(to)]
    }

    /// Is no drive longer, in minutes or metres, than over another spot? (Not asked of more than [`METRIC`] spots: no.)
    #[must_use]
    pub fn metric(&self) -> bool {
        let n = self.size;
        n <= METRIC
            && self.drives.iter().all(|band| {
                (0..n).all(|via| {
                    (0..n).all(|from| {
                        let Some(first) = band[from * n + via] else { return true };
                        (0..n).all(|to| match (band[via * n + to], band[from * n + to]) {
                            (Some(second), Some(direct)) => {
                                direct.0 <= first.0 + second.0 && direct.1 <= first.1 + second.1
                            }
                            (Some(_), None) => false,
                            (None, _) => true,
                        })
                    })
                })
            })
    }

    /// The latest start, not before `earliest`, that is there by a minute, and its metres.
    #[must_use]
    pub fn latest(&self, from: u16, to: u16, by: u16, earliest: u16) -> Option<(u16, u32)> {
        if from == to {
            return (by >= earliest).then_some((by, 0));
        }
        let cell = usize::from(from) * self.size + usize::from(to);
        let mut best: Option<(u16, u32)> = None;
        for drives in &self.drives {
            let Some((minutes, _)) = drives[cell] else { continue };
            let Some(start) = by.checked_sub(minutes).filter(|start| *start >= earliest) else { continue };
            // The band is that of the start: where another one rules there, look whether its own drive is in time.
            let Some((takes, metres)) = self.at(from, to, start) else { continue };
            if start + takes <= by && best.is_none_or(|(latest, _)| start > latest) {
                best = Some((start, metres));
            }
        }
        best
    }
}

/// Price of what has to be read and kept up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Upkeep {
    /// A line in use.
    pub per_line: f64,
    /// A stop in use.
    pub per_stop: f64,
    /// At most so many lines.
    pub max_lines: Option<u32>,
}

/// The whole problem. Columns are sorted by day, minute and first stop; choices of a column by cohort.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// Days.
    pub days: Vec<Day>,
    /// Vehicle types.
    pub kinds: Vec<Kind>,
    /// Cohorts.
    pub cohorts: Vec<Cohort>,
    /// Stops of each line.
    pub lines: Vec<Vec<u16>>,
    /// Departures.
    pub columns: Vec<Column>,
    /// Who would take them.
    pub choices: Vec<Choice>,
    /// Empty drives.
    pub empty: Empty,
    /// Lines and stops.
    pub upkeep: Upkeep,
}

impl Problem {
    /// One more departure; they come in order (see [`Problem`]).
    pub fn push(&mut self, mut column: Column, choices: impl IntoIterator<Item = Choice>) {
        let long = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        column.from = long(self.choices.len());
        self.choices.extend(choices);
        column.to = long(self.choices.len());
        let mut load = vec![0_u32; usize::from(column.legs)];
        for choice in &self.choices[column.from as usize..] {
            let cohort = &self.cohorts[choice.cohort as usize];
            if !cohort.wheelchair {
                for leg in &mut load[usize::from(choice.board)..usize::from(choice.alight)] {
                    *leg = leg.saturating_add(cohort.people);
                }
            }
        }
        column.fullest = load.into_iter().max().unwrap_or(0);
        self.columns.push(column);
    }

    /// Who would take a column.
    #[must_use]
    pub fn choices_of(&self, column: u32) -> &[Choice] {
        let column = &self.columns[column as usize];
        &self.choices[column.from as usize..column.to as usize]
    }

    /// Cost of everybody at the alternative on a day, not weighted.
    #[must_use]
    pub fn nothing_of(&self, day: usize) -> f64 {
        self.cohorts
            .iter()
            .filter(|cohort| usize::from(cohort.day) == day)
            .map(|cohort| cohort.alternative * f64::from(cohort.people))
            .sum()
    }

    /// Columns of a day.
    #[must_use]
    pub fn columns_of(&self, day: usize) -> std::ops::Range<usize> {
        let start = self.columns.partition_point(|column| usize::from(column.day) < day);
        let end = self.columns.partition_point(|column| usize::from(column.day) <= day);
        start..end
    }
}
