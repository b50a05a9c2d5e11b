//! What rides are promised with: places, vehicles, rules. Checked once, here; nobody re-checks after that.
//!
//! Times are seconds of one clock, 0 to `MOST`; lengths and money are in units the caller chooses.

use super::super::problem::{DIMS, Load, MOST, MOST_CELLS, MOST_MONEY, MOST_PRICE, MOST_TYPES, Travel};

/// Most times tried when a refusal looks for the nearest one that would be taken, in each direction.
pub const MOST_TRIES: i32 = 500;

/// One vehicle and its driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vehicle {
    /// Room: seats, wheelchair places, …
    pub capacity: Load,
    /// May leave from, must be back at; seconds.
    pub shift: (i32, i32),
    /// Place where the shift begins.
    pub start: usize,
    /// Place where it ends.
    pub end: usize,
    /// Cost of using it at all.
    pub fixed: i64,
    /// Cost of a unit of length.
    pub per_distance: i64,
}

/// How long a vehicle stands for somebody: so long, and so much for each person; seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dwell {
    /// For the stop.
    pub stop: i32,
    /// For each person.
    pub person: i32,
}

impl Dwell {
    /// For so many people.
    pub(super) fn of(self, people: i32) -> i32 {
        let sum = i64::from(self.stop) + i64::from(self.person) * i64::from(people);
        sum.min(MOST.into()) as i32
    }
}

/// What is promised, and what is never done to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Width of the window promised for the pick-up, seconds; narrower where the longest wait ends before.
    pub window: i32,
    /// Longest wait, seconds: at the first stop, from when one can be there until the pick-up; of who wishes to arrive by a time, from the set-down
    /// to that time.
    pub max_wait: i32,
    /// The longest ride in percent of the direct one, 100 to 10,000, …
    pub ride_percent: i32,
    /// … and so many seconds more, …
    pub ride_slack: i32,
    /// … but no longer than this, unless the direct ride is.
    pub max_ride: i32,
    /// Standing while somebody boards.
    pub board: Dwell,
    /// Standing while somebody alights.
    pub alight: Dwell,
    /// What a second of a person's time is worth beside the cost of driving, when places are compared. Those aboard a vehicle that stands and waits
    /// count too: that is a wish, not a limit.
    pub per_second: i64,
    /// Seconds between the times that a refusal tries, at least 1.
    pub grid: i32,
    /// How far from the wished time a refusal tries, seconds; at most [`MOST_TRIES`] times `grid`.
    pub horizon: i32,
}

/// The whole of it. Checked.
#[derive(Clone, Debug)]
pub struct Service {
    places: usize,
    travel: Travel,
    vehicles: Vec<Vehicle>,
    rules: Rules,
}

/// What is wrong with a service. Positions count from 0.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// Too much to answer at once.
    #[error("too large: at most {MOST_CELLS} cells in a matrix and {MOST_TYPES} vehicles; split the service")]
    TooLarge,
    /// Nothing to ride with.
    #[error("there is no vehicle; give at least one")]
    NoVehicle,
    /// A matrix of another size.
    #[error("the matrix of {what} has {cells} cells; {places} places need {places} x {places}")]
    Matrix {
        /// Lengths or times.
        what: &'static str,
        /// Has.
        cells: usize,
        /// Places there are.
        places: usize,
    },
    /// A number out of range.
    #[error("{what} {at}: {value} is not from {least} to {most}; correct it")]
    Range {
        /// Of what.
        what: &'static str,
        /// Which one.
        at: usize,
        /// As given.
        value: i64,
        /// The least allowed.
        least: i64,
        /// The most allowed.
        most: i64,
    },
    /// A shift that ends before it begins.
    #[error("vehicle {vehicle}: the shift ends before it begins; swap its ends")]
    Shift {
        /// Which.
        vehicle: usize,
    },
    /// A place that is not there.
    #[error("vehicle {vehicle} names place {place}, but there are only {of}; check the positions (they count from 0)")]
    NoSuchPlace {
        /// Which.
        vehicle: usize,
        /// As given.
        place: usize,
        /// How many there are.
        of: usize,
    },
}

impl Service {
    /// Of so many places, with matrices that all vehicles share.
    ///
    /// # Errors
    /// The first part that cannot be meant so.
    pub fn new(places: usize, travel: Travel, vehicles: Vec<Vehicle>, rules: Rules) -> Result<Self, ServiceError> {
        let cells = places.checked_mul(places).filter(|&cells| cells <= MOST_CELLS).ok_or(ServiceError::TooLarge)?;
        if vehicles.len() > MOST_TYPES {
            return Err(ServiceError::TooLarge);
        }
        if vehicles.is_empty() {
            return Err(ServiceError::NoVehicle);
        }
        for (what, matrix) in [("lengths", &travel.distance), ("times", &travel.duration)] {
            if matrix.len() != cells {
                return Err(ServiceError::Matrix { what, cells: matrix.len(), places });
            }
            for (at, &value) in matrix.iter().enumerate() {
                within(what, at, value.into(), (0, MOST.into()))?;
            }
        }
        for (at, vehicle) in vehicles.iter().enumerate() {
            for place in [vehicle.start, vehicle.end] {
                if place >= places {
                    return Err(ServiceError::NoSuchPlace { vehicle: at, place, of: places });
                }
            }
            for value in vehicle.capacity.into_iter().chain([vehicle.shift.0, vehicle.shift.1]) {
                within("vehicle", at, value.into(), (0, MOST.into()))?;
            }
            if vehicle.shift.0 > vehicle.shift.1 {
                return Err(ServiceError::Shift { vehicle: at });
            }
            within("fixed cost of vehicle", at, vehicle.fixed, (0, MOST_MONEY))?;
            within("price of vehicle", at, vehicle.per_distance, (0, MOST_PRICE))?;
        }
        let most = i64::from(MOST);
        let times = [
            rules.window,
            rules.max_wait,
            rules.ride_slack,
            rules.max_ride,
            rules.board.stop,
            rules.board.person,
            rules.alight.stop,
            rules.alight.person,
        ];
        for (at, value) in times.into_iter().enumerate() {
            within("seconds of rule", at, value.into(), (0, most))?;
        }
        within("percent of rule", 0, rules.ride_percent.into(), (100, 10_000))?;
        within("price of rule", 0, rules.per_second, (0, MOST_PRICE))?;
        within("grid of rule", 0, rules.grid.into(), (1, most))?;
        let horizon = i64::from(rules.grid) * i64::from(MOST_TRIES);
        within("horizon of rule", 0, rules.horizon.into(), (0, horizon.min(most)))?;
        Ok(Self { places, travel, vehicles, rules })
    }

    /// How many places the matrices are for.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places
    }
    /// The vehicles.
    #[must_use]
    pub fn vehicles(&self) -> &[Vehicle] {
        &self.vehicles
    }
    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }
    /// Length from one place to another.
    #[must_use]
    pub fn distance(&self, from: usize, to: usize) -> i32 {
        self.travel.distance[from * self.places + to]
    }
    /// Time from one place to another, seconds.
    #[must_use]
    pub fn duration(&self, from: usize, to: usize) -> i32 {
        self.travel.duration[from * self.places + to]
    }

    /// The longest ride between two places, seconds.
    pub(super) fn longest(&self, from: usize, to: usize) -> i32 {
        let direct = i64::from(self.duration(from, to));
        let longest = direct * i64::from(self.rules.ride_percent) / 100 + i64::from(self.rules.ride_slack);
        longest.min(self.rules.max_ride.into()).max(direct) as i32
    }

    /// Is there room for so much aboard?
    pub(super) fn holds(&self, vehicle: usize, load: &Load) -> bool {
        (0..DIMS).all(|kind| load[kind] <= self.vehicles[vehicle].capacity[kind])
    }
}

fn within(what: &'static str, at: usize, value: i64, (least, most): (i64, i64)) -> Result<(), ServiceError> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(ServiceError::Range { what, at, value, least, most }) }
}
