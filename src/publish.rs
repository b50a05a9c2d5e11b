//! A plan goes in, bytes come out: words, pages, feeds, sheets.

pub mod phrases;
