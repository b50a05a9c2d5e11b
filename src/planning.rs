//! From a project to a plan. [`make_plan`] reads top to bottom as the product does.

pub mod bound;
pub mod costs;
pub mod demand;
pub mod draft;
pub mod duties;
pub mod evaluation;
pub mod improve;
pub mod lines;
pub mod model;
pub mod parking;
pub mod plan;
pub mod project;
pub mod stops;
pub mod timetable;
pub mod trips;
pub mod vehicles;
