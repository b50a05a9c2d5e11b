//! Which vehicle goes where, in what order? Jobs at places (delivered, collected, within windows, some optional, some alternatives of each other, some
//! in pairs: who is picked up is set down) and vehicles of several types, from several depots.
//!
//! Read `problem`, then `solve`: chains of ruin and recreate under annealing (`anneal`, after Christiaens & Vanden Berghe 2020), on routes that know
//! of each cell what comes before and behind (`route`, `segment`), and of pairs when each ride can be (`schedule`). `check` judges an answer and shares
//! nothing with the search. Memory: the matrices (twice where there and back differ), and about a kilobyte a job, more for each chain.
//!
//! `pickup` is a search of its own: which stops buses call at, so that everybody has one within a walk. `promises` answers who asks for a ride at once,
//! and keeps what it promised.

pub mod changes;
pub mod check;
pub mod impossible;
pub mod pickup;
pub mod problem;
pub mod promises;
pub mod reasons;
pub mod tours;

mod anneal;
mod ground;
mod joins;
mod recreate;
mod resplit;
mod route;
mod ruin;
mod schedule;
mod segment;
mod solve;
mod squeeze;
mod state;

#[cfg(test)]
mod tests;

pub use changes::InForce;
pub use check::{Fault, check};
pub use impossible::{Reason, impossible};
pub use problem::Problem;
pub use reasons::reasons;
pub use solve::solve;
