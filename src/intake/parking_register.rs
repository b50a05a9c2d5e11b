//! Requests of a register as a table beside parking.csv, in the normal form of FORMATS: English headers. The project's own file stays as it was brought.

use std::collections::BTreeSet;

use super::Source;
use super::columns::{PARKING_HISTORY, PARKING_REGISTER};
use super::findings::Findings;
use super::table;

/// The file.
pub const NAME: &str = "parking_register.csv";

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
    pub max_walk_m: Option<u32>,
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
    /// Its dates are over: of it only these and the times are read.
    pub past: bool,
}

impl Row {
    fn cell(&self, column: &str) -> String {
        let yes = |truth: bool| if truth { "yes" } else { "" }.to_owned();
        match column {
            "request" => self.request.clone(),
            "home" => self.home.clone(),
            "area" => self.area.clone(),
            "days" => self.days.clone(),
            "from" => self.from.clone(),
            "to" => self.to.clone(),
            "max_walk_m" => self.max_walk_m.map(|metres| metres.to_string()).unwrap_or_default(),
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

/// The file with these rows.
#[must_use]
pub fn written(rows: &[Row]) -> Source {
    let sheet = &PARKING_REGISTER;
    let mut out = csv::Writer::from_writer(Vec::new());
    let header: Vec<String> = sheet.columns.iter().map(|column| column.name.to_owned()).collect();
    let cells = rows.iter().map(|row| sheet.columns.iter().map(|column| row.cell(column.name)).collect::<Vec<_>>());
    for record in std::iter::once(header).chain(cells) {
        // Into memory: nothing that could fail, and all rows are as long as the header.
        if out.write_record(record).is_err() {
            break;
        }
    }
    Source { name: NAME.to_owned(), bytes: out.into_inner().unwrap_or_default() }
}

/// The requests that a parking_history.csv names.
#[must_use]
pub fn recorded(history: &Source) -> BTreeSet<String> {
    let table = table::read(history, &PARKING_HISTORY, false, &mut Findings::default());
    let ids = |table: table::Table| {
        let request = table.col("request");
        table.rows().map(|entry| entry.text(request).to_owned()).filter(|id| !id.is_empty()).collect()
    };
    table.map(ids).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Window;
    use crate::intake::{AS_OF, Need, Needs, read_project};
    use crate::planning::project::Project;

    fn source(name: &str, text: &str) -> Source {
        Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    fn read(sources: &[Source], now: Option<&str>) -> Project {
        let mut all = vec![source("project.toml", "[project]\nname = \"x\"\n")];
        all.extend(now.map(|now| source(AS_OF, now)));
        all.extend_from_slice(sources);
        let needs = Needs { parking: Need::IfThere, rooms: Need::IfThere, ..Needs::NONE };
        read_project(&all, needs).unwrap()
    }

    #[test]
    fn the_registers_rows_are_read_after_the_files() {
        let file = source("parking.csv", "申请,姓名,住处,星期,最高价\nP1,住户,\"121.4 31.2\",daily,8.00\n");
        let row = Row {
            request: "r1".to_owned(),
            home: "121.4 31.2".to_owned(),
            days: "Mon,Tue".to_owned(),
            from: "18:00".to_owned(),
            to: "08:00".to_owned(),
            max_walk_m: Some(400),
            max_price: Some(805),
            charging: true,
            since: "2026-11-26".to_owned(),
            ..Row::default()
        };
        let over = Row {
            request: "r0".to_owned(),
            days: "2026-11-24".to_owned(),
            from: "18:00".to_owned(),
            to: "08:00".to_owned(),
            past: true,
            ..Row::default()
        };
        let written = written(&[row, over]);
        assert_eq!(
            std::str::from_utf8(&written.bytes).unwrap(),
            "request,home,area,party,days,from,to,max_walk_m,max_price,accessible,charging,current_lot,since,past\n\
             r1,121.4 31.2,,,\"Mon,Tue\",18:00,08:00,400,8.05,,yes,,2026-11-26,\n\
             r0,,,,2026-11-24,18:00,08:00,,,,,,,yes\n"
        );
        let project = read(&[file, written], None);
        let asked: Vec<&str> = project.requests.iter().map(|request| request.id.as_str()).collect();
        assert_eq!((asked, project.past.asked.len()), (vec!["P1", "r1"], 1));
    }

    #[test]
    fn what_is_over_is_parted_from_what_is_planned() {
        let lots = source(
            "lots.csv",
            "id,lon,lat,bays,days,from,to\na,121.4,31.2,2,\"2026-12-24,2026-12-31\",18:00,08:00\n\
             b,121.4,31.2,3,2026-12-24,18:00,08:00\nb,121.4,31.2,3,Sun,18:00,08:00\n\
             c,121.4,31.2,4,2026-12-24,18:00,08:00\n",
        );
        let parking = source(
            "parking.csv",
            "request,home,days,from,to\nold,121.4 31.2,2026-12-24,19:00,08:00\n\
             both,121.4 31.2,\"2026-12-24,2026-12-31\",19:00,08:00\nweekly,121.4 31.2,四,19:00,08:00\n",
        );
        let rooms = source(
            "rooms.csv",
            "id,kind,seats,days,from,to\nhall,hall,9,2026-12-24,09:00,10:00\nloft,loft,9,\"2026-12-24,2026-12-31\",09:00,10:00\n",
        );
        let claims = source(
            "claims.csv",
            "claim,room,days,from,to,people\ngone,hall,2026-12-24,09:00,10:00,2\nlate,hall,2026-12-31,09:00,10:00,2\n",
        );
        let sources = [lots, parking, rooms, claims];
        let project = read(&sources, Some("2026-12-25T08:00"));
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
        // A claim to come of a room that is over is answered, not dropped.
        let rooms: Vec<(&str, String)> =
            project.rooms.iter().map(|room| (room.id.as_str(), room.window.days.to_string())).collect();
        assert_eq!(rooms, [("loft", "2026-12-31".to_owned())]);
        let claims: Vec<(&str, &str)> =
            project.claims.iter().map(|claim| (claim.id.as_str(), claim.room.as_str())).collect();
        assert_eq!(claims, [("late", "hall")]);

        // A minute sooner no night was over; later, until the next date is, all is as it was, its hash too.
        let sooner = read(&sources, Some("2026-12-25T07:59"));
        assert!(sooner.past.lent.is_empty() && sooner.requests.len() == 3);
        let later = read(&sources, Some("2026-12-30T12:00"));
        assert_eq!(later.inputs_hash, project.inputs_hash);
        let without = read(&sources, None);
        assert!(without.past.lent.is_empty() && without.inputs_hash != project.inputs_hash);
    }
}
