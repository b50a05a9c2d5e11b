//! What report, board and run sheets share: words and numbers of a language, dates, timetables, and the page around them.
//!
//! A page is one self-contained file: no script, no font, no reference. Both languages stand in it; two radio buttons and
//! CSS choose, Chinese first, and print follows the choice.

pub mod dates;
pub mod shell;
pub mod timetable;
pub mod words;

#[cfg(test)]
pub(crate) mod wellformed;
