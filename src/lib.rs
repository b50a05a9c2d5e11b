//! Jiebo (接驳): commute surveys into shuttle services that run, and shared parking.
//!
//! Read in this order; a module imports only what is listed before it (`tests/layers.rs` holds us to it).
//!
//! | layer    | modules                                   | what it knows                                  |
//! |----------|-------------------------------------------|------------------------------------------------|
//! | words    | [`domain`], [`search`]                    | units, ids, calendar, sites, findings; a solve |
//! | ground   | [`flow`], [`network`]                     | minimum-cost flow; roads and walking           |
//! | engines  | [`routing`], [`siting`], [`allocation`], [`districting`] | jobs, places, bays: not shuttles |
//! | planning | [`planning`]                              | survey -> cohorts -> stops -> lines -> plan    |
//! | intake   | [`intake`]                                | bytes -> project, with findings                |
//! | publish  | [`publish`]                               | plan in, bytes out                             |
//! | shells   | [`storage`], [`jobs`], [`api`], [`cli`]   | databases, long work, HTTP; files, terminals   |

pub mod domain;
pub mod search;

pub mod flow;
pub mod network;

pub mod allocation;
pub mod districting;
pub mod routing;
pub mod siting;

pub mod planning;

pub mod intake;

pub mod publish;

pub mod storage;

pub mod jobs;

pub mod api;

pub mod cli;
