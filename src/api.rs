//! The service: the API under /v1, small and regular, and the pages. One file an action group, routes listed once ([`routes`]).
//!
//! A handler reads so: who is it and may they ([`caller`]), parse ([`body`], [`ask`]), one or two calls below, reply ([`reply`]). Whatever goes
//! wrong becomes a [`problem::Problem`], and nothing else knows HTTP status codes for errors.

pub mod app;
pub mod ask;
pub mod body;
pub mod caller;
pub mod language;
pub mod metrics;
pub mod page;
pub mod problem;
pub mod reply;
pub mod tokens;

mod boards;
mod comments;
mod days;
mod ground;
mod keys;
mod limits;
mod pages;
mod parking;
#[cfg(test)]
mod places_tests;
mod plans;
mod project_files;
mod projects;
mod public;
mod publications;
mod rides;
mod rooms;
mod routes;
mod running;
mod runs;
mod scenarios;
mod session;
mod shelf;
mod status;
mod surveys;
mod sweeps;
mod users;

pub mod server;

pub use app::{App, Settings};
pub use project_files::take_in;
pub use routes::router;
