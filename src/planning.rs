//! From a project to a plan. [`make_plan`] reads top to bottom as the product does.

pub mod plan;
pub mod project;

pub mod compare;
pub mod costs;
pub mod duties;
pub mod shares;
pub mod vehicles;
