//! What is to be driven: jobs at places, vehicles of several types, what travel costs. Checked once, here; nobody re-checks after that.
//!
//! Whole numbers throughout, in units the caller chooses: lengths of one kind, times of one kind, money of one kind.

use std::sync::Arc;

/// Kinds of load a vehicle carries at once: seats, wheelchair places, …
pub const DIMS: usize = 4;
/// Most vehicles of one problem, as far as there are jobs for them.
pub const MOST_VEHICLES: usize = 1_000_000;
/// Most types of vehicles.
pub const MOST_TYPES: usize = 1_000;
/// Most jobs of one problem.
pub const MOST_JOBS: usize = 20_000;
/// Most places at which a type of vehicle may reload.
pub const MOST_RELOAD_PLACES: usize = 100;
/// Most breaks of a vehicle's driver.
pub const MOST_BREAKS: usize = 3;
/// Most cells of one matrix.
pub const MOST_CELLS: usize = 401_000_000;
/// Largest length, time and load. As the end of a window (a break's too) or shift, as the longest or usual duration, and as a due time it is no limit; the
/// search itself keeps within it wherever times matter.
pub const MOST: i32 = 1 << 27;
/// Largest price of a unit.
pub const MOST_PRICE: i64 = 1 << 20;
/// Largest fixed cost or prize.
pub const MOST_MONEY: i64 = 1 << 44;

/// Kinds of pairs.
pub const KINDS: usize = 64;

/// An amount of each kind of load, 0 to [`MOST`].
pub type Load = [i32; DIMS];

/// Something to be done at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Row and column in the matrices.
    pub place: usize,
    /// Aboard from the start of the trip until here.
    pub delivered: Load,
    /// Aboard from here to the end of the trip.
    pub collected: Load,
    /// Earliest and latest beginning, 0 to [`MOST`]; who comes early waits.
    pub window: (i32, i32),
    /// Beginning later than this costs `per_late` for each unit of time, 0 to [`MOST`]; the window still holds.
    pub due: i32,
    /// See `due`; 0 to [`MOST_PRICE`].
    pub per_late: i64,
    /// Time it takes.
    pub service: i32,
    /// The trip it is part of leaves at this time at the soonest, 0 to [`MOST`]: what is delivered is not there before.
    pub release: i32,
    /// What leaving it out costs; `None`: it must be done.
    pub prize: Option<i64>,
}

impl Job {
    /// At this place, at any time, taking no time and no room, and it must be done.
    #[must_use]
    pub fn at(place: usize) -> Self {
        Self {
            place,
            delivered: [0; DIMS],
            collected: [0; DIMS],
            window: (0, MOST),
            due: MOST,
            per_late: 0,
            service: 0,
            release: 0,
            prize: None,
        }
    }
    /// Can being late here cost anything?
    #[must_use]
    pub fn pays_late(&self) -> bool {
        self.per_late > 0 && self.due < self.window.1
    }
}

/// Jobs of which one is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Positions of the jobs; each in one group at most. Their own prizes do not count.
    pub jobs: Vec<usize>,
    /// What leaving all of them out costs; `None`: one must be done.
    pub prize: Option<i64>,
}

/// Somebody who is picked up and later set down by the same vehicle. Room for what the first job collects is taken until the second is done;
/// neither job has other loads. Both are done, or neither; the prize is the first's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Positions of the jobs; each in one pair at most. A group names the first only.
    pub pickup: usize,
    /// See `pickup`.
    pub delivery: usize,
    /// Longest ride, from the end of the one job to the beginning of the other, 0 to [`MOST`].
    pub max_ride: i32,
    /// Who may not ride with whom is said by kinds, 0 to [`KINDS`] - 1.
    pub kind: usize,
}

/// A rest of the driver, between two jobs or beside the road between them, while nobody of a pair is aboard. Who leaves after it, or is back before it must
/// begin, has it at home: that takes no time of the tour.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Break {
    /// Earliest and latest beginning, 0 to [`MOST`].
    pub window: (i32, i32),
    /// How long, 1 to [`MOST`].
    pub duration: i32,
}

/// Vehicles that are alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vehicle {
    /// How many there are.
    pub count: usize,
    /// Room.
    pub capacity: Load,
    /// Cost of using one at all.
    pub fixed: i64,
    /// Cost of a unit of length.
    pub per_distance: i64,
    /// Cost of a unit of time between leaving and coming back.
    pub per_duration: i64,
    /// Time beyond this between leaving and coming back costs `per_overtime` more for each unit, 0 to [`MOST`].
    pub usual_duration: i32,
    /// See `usual_duration`; with `per_duration` 0 to [`MOST_PRICE`].
    pub per_overtime: i64,
    /// Breaks, taken in this order; at most [`MOST_BREAKS`].
    pub breaks: Vec<Break>,
    /// May leave from, must be back at.
    pub shift: (i32, i32),
    /// Longest time between leaving and coming back.
    pub max_duration: i32,
    /// Longest way.
    pub max_distance: i64,
    /// Place where the day begins.
    pub start: usize,
    /// Place where it ends.
    pub end: usize,
    /// Position in the problem's matrices.
    pub travel: usize,
    /// May stand and wait for a window to open while somebody of a pair is aboard.
    pub may_wait: bool,
    /// Places where it may end a trip and begin the next: what was collected is set down, what the next trip delivers is taken aboard. At most
    /// [`MOST_RELOAD_PLACES`]; during its shift, in no time.
    pub reloads: Vec<usize>,
    /// How often it may.
    pub max_reloads: usize,
}

impl Vehicle {
    /// So many of them, from and back to this place, without limits; a unit of length costs one.
    #[must_use]
    pub fn at(place: usize, count: usize) -> Self {
        Self {
            count,
            capacity: [MOST; DIMS],
            fixed: 0,
            per_distance: 1,
            per_duration: 0,
            usual_duration: MOST,
            per_overtime: 0,
            breaks: Vec::new(),
            shift: (0, MOST),
            max_duration: MOST,
            max_distance: i64::MAX,
            start: place,
            end: place,
            travel: 0,
            may_wait: true,
            reloads: Vec::new(),
            max_reloads: usize::MAX,
        }
    }
    /// Does time between leaving and coming back cost anything?
    #[must_use]
    pub fn pays_time(&self) -> bool {
        self.per_duration > 0 || (self.per_overtime > 0 && self.usual_duration < MOST)
    }
    /// What so much of it costs.
    #[must_use]
    pub fn price_of(&self, duration: i32) -> i64 {
        let over = if self.usual_duration < MOST { (duration - self.usual_duration).max(0) } else { 0 };
        i64::from(duration) * self.per_duration + i64::from(over) * self.per_overtime
    }
}

/// Lengths and times between all places, row by row; both may be the same numbers.
#[derive(Clone, Debug)]
pub struct Travel {
    /// Lengths, 0 to [`MOST`].
    pub distance: Arc<[i32]>,
    /// Times, 0 to [`MOST`].
    pub duration: Arc<[i32]>,
}

/// What a problem is made of.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// How many places the matrices are for.
    pub places: usize,
    /// Matrices; vehicles name theirs.
    pub travel: Vec<Travel>,
    /// What is to be done.
    pub jobs: Vec<Job>,
    /// Jobs of which one is done.
    pub groups: Vec<Group>,
    /// Jobs of which the same vehicle does first the one, then the other.
    pub pairs: Vec<Pair>,
    /// Kinds of pairs that may not be aboard together; a kind may be named with itself.
    pub apart: Vec<(usize, usize)>,
    /// What there is to drive with.
    pub vehicles: Vec<Vehicle>,
}

/// The whole task. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    parts: Parts,
    /// The pair a job stands in.
    pair_of: Vec<Option<usize>>,
}

/// What is wrong with a problem. Positions count from 0.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// Too much for one solve.
    #[error(
        "too large: at most {MOST_JOBS} jobs, {MOST_CELLS} cells in a matrix, {MOST_TYPES} types of vehicles, {MOST_VEHICLES} vehicles, \
         {MOST_RELOAD_PLACES} places a type may reload at and {MOST_BREAKS} breaks; split it"
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
    /// A window that ends before it begins.
    #[error("{what} {at}: the window ends before it begins; swap its ends")]
    Window {
        /// Of what.
        what: &'static str,
        /// Which one.
        at: usize,
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
    /// A job in two groups or pairs, or twice in one, or set down in a group.
    #[error(
        "job {job} stands in groups or pairs twice; a job belongs to one pair at most, and to one group (the first of a pair alone)"
    )]
    Twice {
        /// Which.
        job: usize,
    },
    /// A pair with loads of its own.
    #[error("pair {pair}: only what its first job collects may be loaded")]
    Loaded {
        /// Which.
        pair: usize,
    },
    /// Vehicles that reload, or release dates, beside pairs.
    #[error("pairs go with one trip a vehicle: leave out the places for reloading and the release dates, or the pairs")]
    Trips,
    /// Vehicles that reload, or release dates, beside breaks or prices for being late.
    #[error(
        "breaks and prices for being late go with one trip a vehicle: leave out the places for reloading and the release dates, or these"
    )]
    LateTrips,
    /// A break of no time.
    #[error("a break of vehicle {vehicle} takes no time; leave it out")]
    NoBreak {
        /// Which.
        vehicle: usize,
    },
    /// A group of nothing.
    #[error("group {group} has no jobs; leave it out")]
    Empty {
        /// Which.
        group: usize,
    },
}

impl Problem {
    /// From its parts.
    ///
    /// # Errors
    /// The first part that cannot be meant so.
    pub fn new(parts: Parts) -> Result<Self, ProblemError> {
        let Parts { places, travel, jobs, groups, pairs, apart, vehicles } = &parts;
        let places = *places;
        let cells = places.checked_mul(places).filter(|&cells| cells <= MOST_CELLS).ok_or(ProblemError::TooLarge)?;
        let many = vehicles
            .iter()
            .any(|vehicle| vehicle.reloads.len() > MOST_RELOAD_PLACES || vehicle.breaks.len() > MOST_BREAKS);
        let slots = vehicles.iter().map(|vehicle| vehicle.count.min(jobs.len())).fold(0, usize::saturating_add);
        if jobs.len() > MOST_JOBS || vehicles.len() > MOST_TYPES || slots > MOST_VEHICLES || many {
            return Err(ProblemError::TooLarge);
        }
        if vehicles.iter().all(|vehicle| vehicle.count == 0) {
            return Err(ProblemError::NoVehicle);
        }
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
        for (at, job) in jobs.iter().enumerate() {
            there("job", at, job.place, places)?;
            window("job", at, job.window)?;
            for value in job.delivered.into_iter().chain(job.collected).chain([job.service, job.release, job.due]) {
                within("job", at, value.into(), MOST.into())?;
            }
            within("price of being late at job", at, job.per_late, MOST_PRICE)?;
            within("prize of job", at, job.prize.unwrap_or(0), MOST_MONEY)?;
        }
        for (at, vehicle) in vehicles.iter().enumerate() {
            there("vehicle", at, vehicle.start, places)?;
            there("vehicle", at, vehicle.end, places)?;
            there("vehicle", at, vehicle.travel, travel.len())?;
            for &place in &vehicle.reloads {
                there("vehicle", at, place, places)?;
            }
            window("vehicle", at, vehicle.shift)?;
            for rest in &vehicle.breaks {
                window("break of vehicle", at, rest.window)?;
                within("break of vehicle", at, rest.duration.into(), MOST.into())?;
                if rest.duration == 0 {
                    return Err(ProblemError::NoBreak { vehicle: at });
                }
            }
            for value in vehicle.capacity.into_iter().chain([vehicle.max_duration, vehicle.usual_duration]) {
                within("vehicle", at, value.into(), MOST.into())?;
            }
            within("longest way of vehicle", at, vehicle.max_distance, i64::MAX)?;
            within("fixed cost of vehicle", at, vehicle.fixed, MOST_MONEY)?;
            within("price of vehicle", at, vehicle.per_distance, MOST_PRICE)?;
            within("price of vehicle", at, vehicle.per_duration, MOST_PRICE)?;
            within("price of overtime of vehicle", at, vehicle.per_overtime, MOST_PRICE - vehicle.per_duration)?;
        }
        let mut grouped = vec![false; jobs.len()];
        for (at, group) in groups.iter().enumerate() {
            if group.jobs.is_empty() {
                return Err(ProblemError::Empty { group: at });
            }
            within("prize of group", at, group.prize.unwrap_or(0), MOST_MONEY)?;
            for &job in &group.jobs {
                there("group", at, job, jobs.len())?;
                if std::mem::replace(&mut grouped[job], true) {
                    return Err(ProblemError::Twice { job });
                }
            }
        }
        let trips =
            vehicles.iter().any(|vehicle| !vehicle.reloads.is_empty()) || jobs.iter().any(|job| job.release > 0);
        if trips && !pairs.is_empty() {
            return Err(ProblemError::Trips);
        }
        let late = jobs.iter().any(Job::pays_late);
        if trips && (late || vehicles.iter().any(|vehicle| !vehicle.breaks.is_empty())) {
            return Err(ProblemError::LateTrips);
        }
        let mut pair_of = vec![None; jobs.len()];
        for (at, pair) in pairs.iter().enumerate() {
            within("longest ride of pair", at, pair.max_ride.into(), MOST.into())?;
            there("pair", at, pair.kind, KINDS)?;
            for job in [pair.pickup, pair.delivery] {
                there("pair", at, job, jobs.len())?;
                let in_group = job == pair.delivery && grouped[job];
                if pair_of[job].replace(at).is_some() || in_group {
                    return Err(ProblemError::Twice { job });
                }
            }
            let (first, second) = (&jobs[pair.pickup], &jobs[pair.delivery]);
            if [first.delivered, second.delivered, second.collected].iter().flatten().any(|&load| load > 0) {
                return Err(ProblemError::Loaded { pair: at });
            }
        }
        for (at, &(one, other)) in apart.iter().enumerate() {
            there("kinds that may not ride together", at, one.max(other), KINDS)?;
        }
        Ok(Self { parts, pair_of })
    }

    /// What it is made of.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }
    /// The same with other numbers within the same limits; who stands in which pair stays.
    pub(super) fn like(&self, parts: Parts) -> Self {
        Self { parts, pair_of: self.pair_of.clone() }
    }
    /// How many places the matrices are for.
    #[must_use]
    pub fn places(&self) -> usize {
        self.parts.places
    }
    /// Matrices; vehicles name theirs.
    #[must_use]
    pub fn travel(&self) -> &[Travel] {
        &self.parts.travel
    }
    /// The jobs.
    #[must_use]
    pub fn jobs(&self) -> &[Job] {
        &self.parts.jobs
    }
    /// The groups.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.parts.groups
    }
    /// The pairs.
    #[must_use]
    pub fn pairs(&self) -> &[Pair] {
        &self.parts.pairs
    }
    /// Position of the pair a job stands in.
    #[must_use]
    pub fn pair_of(&self, job: usize) -> Option<usize> {
        self.pair_of[job]
    }
    /// Kinds of pairs that may not be aboard together.
    #[must_use]
    pub fn apart(&self) -> &[(usize, usize)] {
        &self.parts.apart
    }
    /// The types of vehicles.
    #[must_use]
    pub fn vehicles(&self) -> &[Vehicle] {
        &self.parts.vehicles
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

fn there(what: &'static str, at: usize, to: usize, of: usize) -> Result<(), ProblemError> {
    if to < of { Ok(()) } else { Err(ProblemError::NoSuch { what, at, to, of }) }
}

fn within(what: &'static str, at: usize, value: i64, most: i64) -> Result<(), ProblemError> {
    if (0..=most).contains(&value) { Ok(()) } else { Err(ProblemError::Range { what, at, value, most }) }
}

fn window(what: &'static str, at: usize, (from, until): (i32, i32)) -> Result<(), ProblemError> {
    within(what, at, from.into(), MOST.into())?;
    within(what, at, until.into(), MOST.into())?;
    if from <= until { Ok(()) } else { Err(ProblemError::Window { what, at }) }
}
