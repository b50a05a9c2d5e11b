//! How many single dates a season may have.
//!
//! Each date is a day of its own to planning, beside the typical week: memory and time go by their number.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::cells::Then;
use super::findings::Findings;
use super::table::{Col, Entry};
use crate::domain::calendar::{Days, Window};

/// Single dates of bays, and of rooms: every day of a leap year. More are several seasons in a file, or weekdays written one by one.
const MOST_DATES: usize = 366;

/// The dates so far.
#[derive(Debug, Default)]
pub(super) struct Dates(BTreeSet<Date>);

impl Dates {
    /// The window, with its dates kept in mind; `None`, said, where they would be too many.
    pub(super) fn admit(
        &mut self,
        entry: Entry<'_>,
        col: Col,
        window: Window,
        findings: &mut Findings,
    ) -> Option<Window> {
        if let Days::Dates(dates) = &window.days {
            let new: BTreeSet<Date> = dates.iter().copied().filter(|date| !self.0.contains(date)).collect();
            if self.0.len() + new.len() > MOST_DATES {
                findings.push(entry.flaw("dates-too-many", col, Then::Dropped).arg("most", MOST_DATES));
                return None;
            }
            self.0.extend(new);
        }
        Some(window)
    }
}
