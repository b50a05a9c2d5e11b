//! The answer: who drives where, in what order, and who is left out.

/// One vehicle's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tour {
    /// Type of the vehicle.
    pub vehicle: usize,
    /// Positions of the jobs, in order; never empty.
    pub jobs: Vec<usize>,
    /// Where it reloads, in order: each begins a new trip.
    pub reloads: Vec<Reload>,
}

/// The end of a trip and the beginning of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reload {
    /// It stands before the job at this position of the tour; every trip has a job, so from 1, and each more than the one before.
    pub before: usize,
    /// Where: a position among its vehicle's places for that.
    pub place: usize,
}

/// The whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tours {
    /// Vehicles in use, by type and first job.
    pub tours: Vec<Tour>,
    /// Orders (jobs, or groups as a whole) that must be served and are not; 0: the answer is complete.
    pub missing: usize,
    /// Cost of the tours and of the prizes not won.
    pub cost: i64,
}
