//! Where do riders board, and which bus stops where? School buses with stop selection (Schittekat et al. 2013) and commute buses: riders walk to
//! one of several stops, buses collect them and drive to one destination.
//!
//! A bus goes to stops where somebody boards; the search looks for no way round by others, which pays only where matrices are no shortest ways. Of
//! vehicles whose time costs differently, it does not weigh whose boarding is cheaper.
//!
//! Read `problem`, then `solve`: chains of annealing over the buses' stops (`anneal`). Who rides on which bus is a flow, mended after every change by
//! augmenting paths (`seating`), so that stops are chosen, riders assigned and buses routed in one search. `check` judges a plan and shares nothing
//! with the search. Memory: twelve bytes for two stops and different kinds of vehicles, and about a kilobyte a stop for each chain.

pub mod check;
pub mod plan;
pub mod problem;

mod anneal;
mod ground;
mod moves;
mod recreate;
mod ruin;
mod seating;
mod solve;
mod state;

#[cfg(test)]
mod tests;

pub use check::{Fault, check};
pub use plan::Plan;
pub use problem::Problem;
pub use solve::solve;
