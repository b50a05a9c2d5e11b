//! Who is to be collected, where they can walk to, what there is to drive with. Checked once, here; nobody re-checks after that.
//!
//! Whole numbers throughout, in units the caller chooses: lengths of one kind, times of one kind, money of one kind.

use crate::routing::problem::Travel;

/// Most stops of one problem.
pub const MOST_STOPS: usize = 4_000;
/// Most types of vehicles.
pub const MOST_TYPES: usize = 200;
/// Most vehicles of all types together, as far as there are stops for them.
pub const MOST_VEHICLES: usize = 20_000;
/// Most cells of all types' tables together: stops times stops times types.
pub const MOST_CELLS: usize = 100_000_000;
/// Most places.
pub const MOST_PLACES: usize = 20_000;
/// Most people.
pub const MOST_PEOPLE: u64 = 100_000;
/// Most choices: stops of all riders together.
pub const MOST_CHOICES: usize = 20_000_000;
/// Largest length and time. As the longest ride it is no limit.
pub const MOST: i32 = 1 << 27;
/// Longest time a stop or a person takes.
pub const MOST_DWELL: i32 = 1 << 16;
/// Largest price of a unit.
pub const MOST_PRICE: i64 = 1 << 16;
/// Largest fixed cost or prize of a person.
pub const MOST_MONEY: i64 = 1 << 40;

/// Where buses may stop; one bus at most, and once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Row and column in the matrices.
    pub place: usize,
    /// Time that stopping takes, whoever boards; 0 to [`MOST_DWELL`].
    pub dwell: i32,
}

/// People who can walk to the same stops. They may board at different ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Riders {
    /// How many.
    pub people: u32,
    /// Positions of the stops within their walk, best first: of the stops of their bus they take the first of these.
    pub stops: Vec<usize>,
    /// What leaving one of them out costs; `None`: all must be carried.
    pub prize: Option<i64>,
}

/// Buses that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vehicle {
    /// How many there are.
    pub count: usize,
    /// People they hold.
    pub seats: u32,
    /// Cost of using one at all.
    pub fixed: i64,
    /// Cost of a unit of length.
    pub per_distance: i64,
    /// Cost of a unit of time between leaving the start and reaching the destination.
    pub per_duration: i64,
    /// Place where they start.
    pub start: usize,
    /// Position in the problem's matrices.
    pub travel: usize,
}

/// What a problem is made of.
#[derive(Clone, Debug)]
pub struct Parts {
    /// How many places the matrices are for.
    pub places: usize,
    /// Matrices; vehicles name theirs.
    pub travel: Vec<Travel>,
    /// Where buses may stop.
    pub stops: Vec<Stop>,
    /// Who is to be collected.
    pub riders: Vec<Riders>,
    /// What there is to drive with.
    pub vehicles: Vec<Vehicle>,
    /// Place where everybody goes.
    pub destination: usize,
    /// Time that each person's boarding takes; 0 to [`MOST_DWELL`].
    pub boarding: i32,
    /// Longest time from reaching a stop to reaching the destination, 0 to [`MOST`].
    pub max_ride: i32,
    /// Most stops of one bus, the destination not counted; 0 to [`MOST_STOPS`], which is no limit.
    pub most_stops: usize,
}

/// The whole task. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    parts: Parts,
}

/// What is wrong with a problem. Positions count from 0.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// Too much for one solve.
    #[error(
        "too large: at most {MOST_STOPS} stops, {MOST_PEOPLE} people, {MOST_CHOICES} choices of a stop, {MOST_PLACES} places, {MOST_TYPES} types of \
         vehicles, {MOST_VEHICLES} vehicles and {MOST_CELLS} cells (stops x stops x types); split it"
    )]
    TooLarge,
    /// Nothing to drive with.
    #[error("there is no vehicle; give at least one")]
    NoVehicle,
    /// A matrix of another size.
    #[error("matrix {travel} has {cells} cells; {places} places need {places} x {places}")]
    Matrix {
        /// Which.
        travel: usize,
        /// Has.
        cells: usize,
        /// Places there are.
        places: usize,
    },
    /// A number out of range.
    #[error("{what} {at}: {value} is not from 0 to {most}")]
    Range {
        /// Of what.
        what: &'static str,
        /// Which one.
        at: usize,
        /// As given.
        value: i64,
        /// The limit.
        most: i64,
    },
    /// Points to something that is not there.
    #[error("{what} {at} names {to}, but there are only {of}; check the positions (they count from 0)")]
    NoSuch {
        /// What names it.
        what: &'static str,
        /// Which one.
        at: usize,
        /// As given.
        to: usize,
        /// How many there are.
        of: usize,
    },
}

impl Problem {
    /// From its parts.
    ///
    /// # Errors
    /// The first part that cannot be meant so.
    pub fn new(parts: Parts) -> Result<Self, ProblemError> {
        let Parts { places, travel, stops, riders, vehicles, destination, boarding, max_ride, most_stops } = &parts;
        let places = *places;
        if !small_enough(&parts) {
            return Err(ProblemError::TooLarge);
        }
        if vehicles.iter().all(|vehicle| vehicle.count == 0) {
            return Err(ProblemError::NoVehicle);
        }
        let cells = places * places;
        for (at, matrices) in travel.iter().enumerate() {
            for (what, matrix) in [("length in matrix", &matrices.distance), ("time in matrix", &matrices.duration)] {
                if matrix.len() != cells {
                    return Err(ProblemError::Matrix { travel: at, cells: matrix.len(), places });
                }
                if let Some(&value) = matrix.iter().find(|value| !(0..=MOST).contains(*value)) {
                    return Err(ProblemError::Range { what, at, value: value.into(), most: MOST.into() });
                }
            }
        }
        for (at, stop) in stops.iter().enumerate() {
            there("stop", at, stop.place, places)?;
            within("dwell of stop", at, stop.dwell.into(), MOST_DWELL.into())?;
        }
        for (at, riders) in riders.iter().enumerate() {
            for &stop in &riders.stops {
                there("riders", at, stop, stops.len())?;
            }
            within("prize of riders", at, riders.prize.unwrap_or(0), MOST_MONEY)?;
        }
        for (at, vehicle) in vehicles.iter().enumerate() {
            there("vehicle", at, vehicle.start, places)?;
            there("vehicle", at, vehicle.travel, travel.len())?;
            within("fixed cost of vehicle", at, vehicle.fixed, MOST_MONEY)?;
            within("price of vehicle", at, vehicle.per_distance, MOST_PRICE)?;
            within("price of vehicle", at, vehicle.per_duration, MOST_PRICE)?;
        }
        there("destination", 0, *destination, places)?;
        within("boarding time", 0, (*boarding).into(), MOST_DWELL.into())?;
        within("longest ride", 0, (*max_ride).into(), MOST.into())?;
        if *most_stops > MOST_STOPS {
            let value = i64::try_from(*most_stops).unwrap_or(i64::MAX);
            return Err(ProblemError::Range { what: "most stops of a bus", at: 0, value, most: MOST_STOPS as i64 });
        }
        Ok(Self { parts })
    }

    /// Where buses may stop.
    #[must_use]
    pub fn stops(&self) -> &[Stop] {
        &self.parts.stops
    }
    /// Who is to be collected.
    #[must_use]
    pub fn riders(&self) -> &[Riders] {
        &self.parts.riders
    }
    /// The types of vehicles.
    #[must_use]
    pub fn vehicles(&self) -> &[Vehicle] {
        &self.parts.vehicles
    }
    /// Place where everybody goes.
    #[must_use]
    pub fn destination(&self) -> usize {
        self.parts.destination
    }
    /// Time that each person's boarding takes.
    #[must_use]
    pub fn boarding(&self) -> i32 {
        self.parts.boarding
    }
    /// Longest time from reaching a stop to reaching the destination; `None`: no limit.
    #[must_use]
    pub fn max_ride(&self) -> Option<i32> {
        Some(self.parts.max_ride).filter(|&most| most < MOST)
    }
    /// Most stops of one bus, the destination not counted.
    #[must_use]
    pub fn most_stops(&self) -> usize {
        self.parts.most_stops
    }
    /// Length from one place to another, for a type of vehicle.
    #[must_use]
    pub fn distance(&self, vehicle: usize, from: usize, to: usize) -> i32 {
        self.parts.travel[self.parts.vehicles[vehicle].travel].distance[from * self.parts.places + to]
    }
    /// Time from one place to another, for a type of vehicle.
    #[must_use]
    pub fn duration(&self, vehicle: usize, from: usize, to: usize) -> i32 {
        self.parts.travel[self.parts.vehicles[vehicle].travel].duration[from * self.parts.places + to]
    }
}

/// Nothing that follows from these sizes overflows: a plan costs less than 2^60.
fn small_enough(parts: &Parts) -> bool {
    let Parts { places, stops, riders, vehicles, .. } = parts;
    let slots = vehicles.iter().map(|vehicle| vehicle.count.min(stops.len())).fold(0, usize::saturating_add);
    *places <= MOST_PLACES
        && stops.len() <= MOST_STOPS
        && vehicles.len() <= MOST_TYPES
        && slots <= MOST_VEHICLES
        && stops.len() * stops.len() * vehicles.len() <= MOST_CELLS
        && riders.len() as u64 <= MOST_PEOPLE
        && riders.iter().map(|riders| u64::from(riders.people)).sum::<u64>() <= MOST_PEOPLE
        && riders.iter().map(|riders| riders.stops.len()).fold(0, usize::saturating_add) <= MOST_CHOICES
}

fn there(what: &'static str, at: usize, to: usize, of: usize) -> Result<(), ProblemError> {
    if to < of { Ok(()) } else { Err(ProblemError::NoSuch { what, at, to, of }) }
}

fn within(what: &'static str, at: usize, value: i64, most: i64) -> Result<(), ProblemError> {
    if (0..=most).contains(&value) { Ok(()) } else { Err(ProblemError::Range { what, at, value, most }) }
}
