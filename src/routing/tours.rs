//! The answer: who drives where, in what order, and who is left out.

/// One vehicle's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tour {
    /// Type of the vehicle.
    pub vehicle: usize,
    /// Positions of the jobs, in order; never empty.
    pub jobs: Vec<usize>,
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
