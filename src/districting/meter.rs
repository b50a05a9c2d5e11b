//! How far a solve may go: iterations, and the watcher. The one place that asks.

use super::value::Value;
use crate::search::{Ended, Progress, Run};

pub(super) const STAGE: &str = "stage-districting";

pub(super) struct Meter<'a> {
    run: &'a Run<'a>,
    /// Iterations so far.
    pub(super) iterations: u64,
    /// Best way so far, for who watches.
    pub(super) best: Option<Value>,
    /// Proven limit of the way.
    pub(super) bound: Option<u64>,
    /// Why it is over, if it is.
    pub(super) over: Option<Ended>,
    /// Part of iterations and time that may be used for now; what comes later needs some too.
    share: f64,
}

impl<'a> Meter<'a> {
    pub(super) fn new(run: &'a Run<'a>) -> Self {
        Self { run, iterations: 0, best: None, bound: None, over: None, share: 1.0 }
    }

    /// From here on only so much of iterations and time may be used, 0 to 1.
    pub(super) fn leave(&mut self, share: f64) {
        self.share = share;
    }

    /// Counts an iteration; false when it is time to end.
    pub(super) fn tick(&mut self) -> bool {
        self.iterations += 1;
        let Some(most) = self.run.iterations else { return self.go_on() };
        if self.iterations > most {
            self.over.get_or_insert(Ended::Budget);
        }
        self.go_on() && self.iterations as f64 <= most as f64 * self.share
    }

    /// Asks only; false when it is time to end.
    pub(super) fn go_on(&mut self) -> bool {
        let progress = Progress {
            stage: STAGE,
            iteration: self.iterations,
            objective: self.best.map(|value| value.way as f64),
            bound: self.bound.map(|way| way as f64),
        };
        let answer = (self.run.watch)(&progress);
        if answer.stop {
            self.over.get_or_insert(Ended::Stopped);
        } else if answer.used >= 1.0 {
            self.over.get_or_insert(Ended::Budget);
        }
        self.over.is_none() && answer.used < self.share
    }
}
