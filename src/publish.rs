//! A plan goes in, bytes come out: words, pages, feeds, sheets.

pub mod audience;
pub mod phrases;

pub mod drawing;

pub mod pages;

pub mod board;
pub mod report;
pub mod runsheet;

#[cfg(test)]
mod fixture;
