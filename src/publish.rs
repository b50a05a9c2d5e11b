//! A plan goes in, bytes come out: words, pages, feeds, sheets.

pub mod audience;
pub mod calendar;
pub mod error;

pub mod geojson;
pub mod gtfs;
pub mod phrases;
pub mod routes;
pub mod workbook;

pub use error::PublishError;
