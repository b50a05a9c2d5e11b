//! The words everything else is written in: units, ids, coordinates, days, sites, findings.

pub mod calendar;
pub mod coordinates;
pub mod finding;
pub mod ids;
pub mod site;
pub mod units;
