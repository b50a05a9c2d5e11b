//! What every solver is given and gives back. Solvers read no clock: `Run::watch` answers for it.
//!
//! Same problem, seed, iterations and chains give the same answer, whatever the threads.

use std::fmt;

/// How far a solver is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Name of the stage, a key of the phrase files (`stage-lines`).
    pub stage: &'static str,
    /// Iterations done in this stage.
    pub iteration: u64,
    /// Best objective so far, fen a day (or the engine's own unit).
    pub objective: Option<f64>,
    /// Proven limit so far.
    pub bound: Option<f64>,
}

/// What the watcher answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// Share of the time budget that is used, 0 to 1; 0 where there is none.
    pub used: f64,
    /// Stop now and return the best so far.
    pub stop: bool,
    /// Somebody wants an end, not only the clock: what comes after the search is left out too, if it takes long.
    pub cancelled: bool,
    /// Please hand out a snapshot of the best so far.
    pub snapshot: bool,
}

impl Answer {
    /// Go on.
    pub const GO: Self = Self { used: 0.0, stop: false, cancelled: false, snapshot: false };
}

/// The circumstances of one solve.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Seed of everything random.
    pub seed: u64,
    /// Iterations of the search, where there is one; `None`: until nothing improves or the watcher stops it.
    pub iterations: Option<u64>,
    /// Independent searches that meet at fixed iterations; part of the input. At least 1.
    pub chains: u32,
    /// Progress, deadline and cancelling in one.
    pub watch: &'a (dyn Fn(&Progress) -> Answer + Sync),
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("seed", &self.seed)
            .field("iterations", &self.iterations)
            .field("chains", &self.chains)
            .finish_non_exhaustive()
    }
}

impl Run<'static> {
    /// Nobody watches: runs to its own end.
    #[must_use]
    pub fn quiet(seed: u64) -> Self {
        Self { seed, iterations: None, chains: 1, watch: &|_| Answer::GO }
    }
}

/// Why a solver came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing better is possible, or the method has come to its end.
    Complete,
    /// The budget of time or iterations was used.
    Budget,
    /// The watcher said stop.
    Stopped,
}

/// An answer with its proof.
#[derive(Clone, Debug)]
pub struct Solved<T> {
    /// The best found.
    pub best: T,
    /// A limit no answer can beat, in the unit of the objective; `None` where none is proven.
    pub bound: Option<f64>,
    /// Why the search came back.
    pub ended: Ended,
    /// Iterations done.
    pub iterations: u64,
}

/// A small, fast, reproducible random source (SplitMix64, Steele, Lea & Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A stream of its own for each seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    /// Any u64.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// 0 <= x < 1.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
    /// 0 <= x < n; n > 0. (Multiply-shift, Lemire 2019; the bias is below 2^-32 for n < 2^32.)
    pub fn below(&mut self, n: usize) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "the high half of the product is below n")]
        let x = ((u128::from(self.next_u64()) * n as u128) >> 64) as usize;
        x
    }
}

/// How many cases a test draws: few where the build is not optimised, all in `.ci/long`.
#[cfg(test)]
pub(crate) fn cases<T>(few: T, all: T) -> T {
    if cfg!(debug_assertions) { few } else { all }
}
