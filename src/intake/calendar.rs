//! calendar.csv: public holidays and swapped working days.

use super::Folder;
use super::cells::Then;
use super::columns::{CALENDAR, half_width};
use super::findings::Findings;
use crate::domain::calendar::Holidays;

pub(super) fn read(folder: &Folder<'_>, findings: &mut Findings) -> Holidays {
    let mut holidays = Holidays::default();
    let Some(table) = folder.table(&CALENDAR, false, findings) else { return holidays };
    let [date, kind] = ["date", "kind"].map(|name| table.col(name));
    let mut seen = std::collections::BTreeMap::new();
    for entry in table.rows() {
        let day = entry.date(date, Then::Dropped, findings);
        let Some(day) = entry.must(date, day, findings) else { continue };
        let Some(word) = entry.must_text(kind, findings) else { continue };
        let list = match half_width(word).to_lowercase().trim() {
            "holiday" | "节假日" | "假日" | "放假" | "休" | "节日" => &mut holidays.holidays,
            "working" | "workday" | "工作日" | "调休上班" | "上班" | "补班" | "班" | "调休" => {
                &mut holidays.working
            }
            _ => {
                findings.push(entry.flaw("calendar-kind-unknown", kind, Then::Dropped));
                continue;
            }
        };
        if let Some(first) = seen.insert(day, entry.row()) {
            findings.push(entry.flaw("calendar-date-twice", date, Then::Dropped).arg("first", first.to_string()));
            continue;
        }
        list.push(day);
    }
    holidays.holidays.sort_unstable();
    holidays.working.sort_unstable();
    holidays
}
