//! parking.csv with the requests of the register under those of the file, in the normal form of FORMATS: English headers, known columns only.
//!
//! Dates that are over by then stand in rows marked `past`, here and in lots.csv: they are not planned, and do not count as dates of the season.

use super::columns::{LOTS, PARKING, Sheet};
use super::findings::Findings;
use super::parking::NIGHT;
use super::table::{self, Entry, Table};
use super::{Source, cells};
use crate::domain::calendar::{Days, Window};

/// A request of the register as a row of parking.csv.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Id.
    pub request: String,
    /// Site id, or `lon lat`.
    pub home: String,
    /// Site id; may be empty.
    pub area: String,
    /// Days.
    pub days: String,
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`.
    pub to: String,
    /// Farthest walk, metres.
    pub max_walk_m: u32,
    /// Highest price of a night, fen.
    pub max_price: Option<u32>,
    /// Needs an accessible bay.
    pub accessible: bool,
    /// Needs a charger.
    pub charging: bool,
    /// Lot held now; may be empty.
    pub current_lot: String,
    /// Day since which it waits.
    pub since: String,
    /// Its dates are over.
    pub past: bool,
}

impl Row {
    fn cell(&self, column: &str) -> String {
        let yes = |truth: bool| if truth { "yes" } else { "no" }.to_owned();
        match column {
            "request" => self.request.clone(),
            "home" => self.home.clone(),
            "area" => self.area.clone(),
            "days" => self.days.clone(),
            "from" => self.from.clone(),
            "to" => self.to.clone(),
            "max_walk_m" => self.max_walk_m.to_string(),
            "max_price" => self.max_price.map(|fen| format!("{}.{:02}", fen / 100, fen % 100)).unwrap_or_default(),
            "accessible" => yes(self.accessible),
            "charging" => yes(self.charging),
            "current_lot" => self.current_lot.clone(),
            "since" => self.since.clone(),
            "past" => yes(self.past),
            _ => String::new(),
        }
    }
}

/// The file and under it the register's rows, dates that are over at a minute of the calendar marked; `None` where there is nothing to add or to mark,
/// or the file cannot be read (it is then left as it is, and planning says why).
#[must_use]
pub fn join(file: Option<&Source>, rows: &[Row], now: i64) -> Option<Source> {
    let known = match file {
        Some(file) => Some(table::read(file, &PARKING, false, &mut Findings::default())?),
        None => None,
    };
    let (mut records, mut changed) = known.as_ref().map(|known| marked(known, &PARKING, now)).unwrap_or_default();
    changed |= !rows.is_empty();
    records.extend(rows.iter().map(|row| PARKING.columns.iter().map(|column| row.cell(column.name)).collect()));
    if changed { written("parking.csv", &PARKING, &records) } else { None }
}

/// lots.csv with the dates marked that are over at a minute of the calendar; `None` where there are none, or it cannot be read.
#[must_use]
pub fn lots(file: &Source, now: i64) -> Option<Source> {
    let known = table::read(file, &LOTS, false, &mut Findings::default())?;
    let (records, changed) = marked(&known, &LOTS, now);
    if changed { written("lots.csv", &LOTS, &records) } else { None }
}

/// A row of a table, its cells in the order of the sheet's columns.
type Record = Vec<String>;

/// All rows, each where it was; where only some of its dates are over, these are a row more at the end. And whether anything is over.
fn marked(table: &Table, sheet: &Sheet, now: i64) -> (Vec<Record>, bool) {
    let (mut rows, mut parts, mut changed) = (Vec::new(), Vec::new(), false);
    for entry in table.rows() {
        let with = |days: &Days, past: bool| {
            let cell = |name: &'static str| match name {
                "days" => days.to_string(),
                "past" if past => "yes".to_owned(),
                name => entry.text(table.col(name)).to_owned(),
            };
            sheet.columns.iter().map(|column| cell(column.name)).collect::<Record>()
        };
        match window(table, entry).map(|window| window.parted(now)) {
            Some((Some(past), left)) => {
                changed = true;
                match left {
                    Some(left) => {
                        rows.push(with(&left.days, false));
                        parts.push(with(&past.days, true));
                    }
                    None => rows.push(with(&past.days, true)),
                }
            }
            _ => rows.push(sheet.columns.iter().map(|column| entry.text(table.col(column.name)).to_owned()).collect()),
        }
    }
    rows.append(&mut parts);
    (rows, changed)
}

/// The window of a row that is not marked yet; `None` too where it cannot be read.
fn window(table: &Table, entry: Entry<'_>) -> Option<Window> {
    let marked = cells::yes_no(entry.text(table.col("past"))) == Some(true);
    let columns = (table.col("days"), table.col("from"), table.col("to"));
    if marked { None } else { entry.window(columns, NIGHT, &mut Findings::default()) }
}

fn written(name: &str, sheet: &Sheet, records: &[Record]) -> Option<Source> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(sheet.columns.iter().map(|column| column.name)).ok()?;
    records.iter().try_for_each(|record| out.write_record(record)).ok()?;
    Some(Source { name: name.to_owned(), bytes: out.into_inner().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::minute_of;
    use crate::intake::{Need, Needs, read_project};

    #[test]
    fn the_registers_rows_stand_under_the_files() {
        let file = Source {
            name: "parking.csv".to_owned(),
            bytes: "申请,姓名,住处,星期,最高价\nP1,住户,\"121.4 31.2\",daily,8.00\n".as_bytes().to_vec(),
        };
        let row = Row {
            request: "r1".to_owned(),
            home: "area-a".to_owned(),
            days: "Mon,Tue".to_owned(),
            from: "18:00".to_owned(),
            to: "08:00".to_owned(),
            max_walk_m: 400,
            max_price: Some(805),
            charging: true,
            since: "2026-11-26".to_owned(),
            ..Row::default()
        };
        let joined = join(Some(&file), std::slice::from_ref(&row), 0).unwrap();
        let text = String::from_utf8(joined.bytes).unwrap();
        assert_eq!(
            text,
            "request,home,area,party,days,from,to,max_walk_m,max_price,accessible,charging,current_lot,since,past\n\
             P1,121.4 31.2,,,daily,,,,8.00,,,,,\n\
             r1,area-a,,,\"Mon,Tue\",18:00,08:00,400,8.05,no,yes,,2026-11-26,no\n"
        );
        assert!(join(None, &[row], 0).is_some());
        let rubbish = Source { name: "parking.xlsx".to_owned(), bytes: vec![0xd0, 0xcf, 0x11, 0xe0] };
        assert!(join(Some(&rubbish), &[], 0).is_none());
    }

    #[test]
    fn dates_that_are_over_are_marked_where_they_stand() {
        let source = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let now = minute_of("2026-12-25T08:00".parse().unwrap());
        let lots_csv = "id,lon,lat,bays,days,from,to\na,121.4,31.2,2,\"2026-12-24,2026-12-31\",18:00,08:00\n\
                        b,121.4,31.2,3,2026-12-24,18:00,08:00\nb,121.4,31.2,3,Sun,18:00,08:00\n\
                        c,121.4,31.2,4,2026-12-24,18:00,08:00\n";
        let parking = "request,home,days,from,to\nold,121.4 31.2,2026-12-24,19:00,08:00\n\
                       both,121.4 31.2,\"2026-12-24,2026-12-31\",19:00,08:00\nweekly,121.4 31.2,四,19:00,08:00\n";
        let lots = lots(&source("lots.csv", lots_csv), now).unwrap();
        let parking = join(Some(&source("parking.csv", parking)), &[], now).unwrap();
        // Nothing more is over at once, and a minute sooner nothing was: the night of the 24th ends at 08:00.
        assert!(super::lots(&lots, now).is_none() && join(Some(&parking), &[], now).is_none());
        assert!(super::lots(&source("lots.csv", lots_csv), now - 1).is_none());
        let sources = [source("project.toml", "[project]\nname = \"x\"\n"), lots, parking];
        let project = read_project(&sources, Needs { parking: Need::IfThere, ..Needs::NONE }).unwrap();
        let days = |windows: &[Window]| windows.iter().map(|w| w.days.to_string()).collect::<Vec<_>>().join(" ");
        let lent: Vec<(&str, String)> = project.lots.iter().map(|lot| (lot.id.as_str(), days(&lot.windows))).collect();
        assert_eq!(lent, [("a", "2026-12-31".to_owned()), ("b", "Sun".to_owned()), ("c", String::new())]);
        let past: Vec<String> = project.past.lent.iter().map(|(lot, w)| format!("{lot} {}", days(w))).collect();
        assert_eq!(past, ["a 2026-12-24", "b 2026-12-24", "c 2026-12-24"]);
        let asked: Vec<(&str, String)> =
            project.requests.iter().map(|r| (r.id.as_str(), r.window.days.to_string())).collect();
        assert_eq!(asked, [("both", "2026-12-31".to_owned()), ("weekly", "Thu".to_owned())]);
        let past: Vec<String> = project.past.asked.iter().map(|(id, w)| format!("{id} {}", days(w))).collect();
        assert_eq!(past, ["both 2026-12-24", "old 2026-12-24"]);
    }
}
