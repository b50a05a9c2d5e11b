//! Shortest ways in microseconds: a customizable contraction hierarchy (Dibbelt, Strasser and Wagner 2016), for any
//! directed graph with places and whole weights.
//!
//! ```text
//! places, edges -> dissection (order) -> Topology (shortcuts) -> Metric (weights; closures) -> Query (pair, path), table
//! ```
//!
//! The topology is made once; each profile, band and set of closures has a metric of its own on it. Orders and shortcuts
//! depend on nothing but the graph: the same graph gives the same bytes, whatever the threads. A graph that has no good order
//! is searched as it is (`flat`).

mod cutter;
pub mod dissection;
mod flat;
mod metric;
mod query;
mod table;
mod topology;

pub use metric::{Metric, Weight};
pub use query::{Query, Seed};
pub use table::table;
pub use topology::Topology;

use super::roads::dense;

#[cfg(test)]
mod tests;
