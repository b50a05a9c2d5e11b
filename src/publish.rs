//! A plan goes in, bytes come out: words, pages, feeds, sheets.

pub mod audience;
pub mod error;
pub mod phrases;
pub mod routes;

pub mod drawing;

pub mod pages;

pub mod board;
pub mod report;
pub mod rides;
pub mod runsheet;
pub mod sweep;

pub mod riding;

pub mod baselines;
pub mod calendar;
pub mod frontier;
pub mod geojson;
pub mod gtfs;
pub mod realtime;
pub mod workbook;

pub mod comparison;

pub mod folder;

pub use error::PublishError;

#[cfg(test)]
pub(crate) mod fixture;
