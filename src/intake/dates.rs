//! How many single dates a season may have.
//!
//! Each date is a day of its own to planning, beside the typical week: memory and time go by their number.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::cells::Then;
use super::findings::Findings;
use super::table::{Col, Entry};
use crate::domain::calendar::{Days, Window};

/// Single dates of bays, and of rooms: a day of each week of a year and some holidays. More are several seasons in a file, or weekdays
/// written one by one; planning and its judge look at each date minute by minute.
const MOST_DATES: usize = 60;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{Need, Needs, Source, read_project};

    fn source(name: &str, text: &str) -> Source {
        Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn dates_are_read_as_dates_and_too_many_are_said() {
        // A lot on two dates, a request on one of them and one of every Thursday; then one of sixty days in a row, which with the lot's are two too many.
        let lots = "id,lon,lat,bays,days,from,to\nl,121.4,31.2,2,\"2026-12-31,2026-12-24\",18:00,08:00\n";
        let first: Date = "2027-01-01".parse().unwrap();
        let row: Vec<String> = (0..60).map(|n| first.saturating_add(jiff::Span::new().days(n)).to_string()).collect();
        let requests = format!(
            "request,home,days,from,to\na,121.4 31.2,2026-12-24,19:00,07:00\nb,121.4 31.2,四,19:00,07:00\nc,121.4 31.2,\"{}\",19:00,07:00\n",
            row.join("、")
        );
        let sources = [
            source("project.toml", "[project]\nname = \"x\"\n"),
            source("lots.csv", lots),
            source("parking.csv", &requests),
        ];
        let needs = Needs { parking: Need::IfThere, ..Needs::NONE };
        let project = read_project(&sources, needs).unwrap();
        assert_eq!(project.lots[0].windows[0].days.to_string(), "2026-12-24,2026-12-31");
        let days: Vec<String> = project.requests.iter().map(|request| request.window.days.to_string()).collect();
        assert_eq!(days, ["2026-12-24", "Thu"]);
        let told: Vec<_> = project.findings.iter().filter(|finding| finding.code == "dates-too-many").collect();
        assert_eq!((told.len(), told[0].row, told[0].column.as_deref()), (1, Some(4), Some("days")));
    }
}
