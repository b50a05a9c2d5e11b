//! parking.csv with the requests of the register under those of the file, in the normal form of FORMATS: English headers, known columns only.

use super::Source;
use super::columns::PARKING;
use super::findings::Findings;
use super::table;

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
            _ => String::new(),
        }
    }
}

/// The file and under it the register's rows; `None` where the file cannot be read (it is then left as it is, and planning says why).
#[must_use]
pub fn join(file: Option<&Source>, rows: &[Row]) -> Option<Source> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(PARKING.columns.iter().map(|column| column.name)).ok()?;
    if let Some(file) = file {
        let known = table::read(file, &PARKING, false, &mut Findings::default())?;
        for entry in known.rows() {
            out.write_record(PARKING.columns.iter().map(|column| entry.text(known.col(column.name)))).ok()?;
        }
    }
    for row in rows {
        out.write_record(PARKING.columns.iter().map(|column| row.cell(column.name))).ok()?;
    }
    Some(Source { name: "parking.csv".to_owned(), bytes: out.into_inner().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let joined = join(Some(&file), std::slice::from_ref(&row)).unwrap();
        let text = String::from_utf8(joined.bytes).unwrap();
        assert_eq!(
            text,
            "request,home,area,party,days,from,to,max_walk_m,max_price,accessible,charging,current_lot,since\n\
             P1,121.4 31.2,,,daily,,,,8.00,,,,\n\
             r1,area-a,,,\"Mon,Tue\",18:00,08:00,400,8.05,no,yes,,2026-11-26\n"
        );
        assert!(join(None, &[row]).is_some());
        let rubbish = Source { name: "parking.xlsx".to_owned(), bytes: vec![0xd0, 0xcf, 0x11, 0xe0] };
        assert!(join(Some(&rubbish), &[]).is_none());
    }
}
