//! Which dates are over, and how many others a season may have.
//!
//! A row is over where its column `past` says so. A service that knows the time says it in a file of its own ([`AS_OF`]): what has ended by then is
//! over too. Without it no date is: the same folder gives the same plan on every day.
//!
//! Each date is a day of its own to planning, beside the typical week: memory and time go by their number.

use std::cell::Cell;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Folder;
use super::cells::Then;
use super::findings::Findings;
use super::table::{Col, Entry};
use crate::domain::calendar::{Days, Window, minute_of};
use crate::domain::finding::Finding;

/// The moment by the project's clock as of which a folder is read: `2026-12-25T08:00`.
pub const AS_OF: &str = "as-of.txt";

/// Single dates of bays, and of rooms: a day of each week of a year and some holidays. More are several seasons in a file, or weekdays
/// written one by one; planning and its judge look at each date minute by minute.
const MOST_DATES: usize = 60;

/// The dates so far.
pub(super) struct Dates<'f> {
    /// Of the folder: the latest end of what is over.
    latest: &'f Cell<Option<i64>>,
    known: BTreeSet<Date>,
    now: i64,
    /// Rows of the file at hand of which something is over.
    over: u32,
}

impl<'f> Dates<'f> {
    pub(super) fn new(folder: &'f Folder<'_>) -> Self {
        let text = folder.files.get(AS_OF).and_then(|source| std::str::from_utf8(&source.bytes).ok());
        let now = text.and_then(|text| text.trim().parse().ok()).map_or(i64::MIN, minute_of);
        Self { latest: &folder.over, known: BTreeSet::new(), now, over: 0 }
    }

    /// Does the row say that its dates are over?
    pub(super) fn is_past(&mut self, entry: Entry<'_>, past: Col, findings: &mut Findings) -> bool {
        let past = entry.yes_no(past, Then::Empty, findings).ok().flatten().unwrap_or(false);
        self.over += u32::from(past);
        past
    }

    /// What of the window is over, and what is to be planned; neither, said, where its dates would be too many.
    pub(super) fn part(
        &mut self,
        entry: Entry<'_>,
        days: Col,
        window: &Window,
        findings: &mut Findings,
    ) -> (Option<Window>, Option<Window>) {
        let (past, left) = window.parted(self.now);
        if let Some(last) = past.as_ref().and_then(|past| past.on_dates().map(|(_, end)| end).max()) {
            self.over += 1;
            self.latest.set(self.latest.get().max(Some(last)));
        }
        (past, left.and_then(|left| self.admit(entry, days, left, findings)))
    }

    /// Says of how many rows of a file something is over.
    pub(super) fn said(&mut self, file: &str, findings: &mut Findings) {
        let over = std::mem::take(&mut self.over);
        if over > 0 {
            findings.push(Finding::note("dates-over").file(file).arg("count", over));
        }
    }

    /// The window, with its dates kept in mind; `None`, said, where they would be too many.
    fn admit(&mut self, entry: Entry<'_>, col: Col, window: Window, findings: &mut Findings) -> Option<Window> {
        if let Days::Dates(dates) = &window.days {
            let new: BTreeSet<Date> = dates.iter().copied().filter(|date| !self.known.contains(date)).collect();
            if self.known.len() + new.len() > MOST_DATES {
                findings.push(entry.flaw("dates-too-many", col, Then::Dropped).arg("most", MOST_DATES));
                return None;
            }
            self.known.extend(new);
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
