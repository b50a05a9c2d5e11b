//! points.csv of `jiebo engine matrix`: places, or nodes of a plain graph. Not of the project folder.
//!
//! Rows are the rows of a matrix: none may be left out, so whoever asks looks at the findings first.

use super::cells::Then;
use super::columns::{NODES, POINTS};
use super::findings::Findings;
use super::places::{Locator, point};
use super::table::{self, Entry, Table};
use super::{IntakeError, Source};
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;

/// Where a row says it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spot {
    /// WGS-84.
    At(Point),
    /// By its number in a plain graph.
    Node(u32),
}

/// Points, each with its row.
pub type Spots = Vec<(u32, Spot)>;

/// The rows that can be read, each with its number in the file; and what is wrong with it and the others. `nodes`: a column
/// `node` [节点] is read instead of coordinates where there is one.
///
/// # Errors
/// The file cannot be read at all.
pub fn read(file: &Source, nodes: bool) -> Result<(Spots, Vec<Finding>), IntakeError> {
    let mut findings = Findings::alone();
    let named = if nodes { table::read(file, &NODES, true, &mut Findings::default()) } else { None };
    let sheet = if named.is_some() { &NODES } else { &POINTS };
    let mut spots = Vec::new();
    if let Some(table) = table::read(file, sheet, true, &mut findings) {
        let spot = |entry, findings: &mut Findings| {
            if named.is_some() { by_node(&table, entry, findings) } else { by_place(&table, entry, findings) }
        };
        spots = table.rows().filter_map(|entry| Some((entry.row(), spot(entry, &mut findings)?))).collect();
    }
    let (findings, files) = findings.finish();
    if files.is_empty() { Ok((spots, findings)) } else { Err(IntakeError::Unreadable { files, findings }) }
}

fn by_node(table: &Table, entry: Entry<'_>, findings: &mut Findings) -> Option<Spot> {
    let node = table.col("node");
    let number = entry.whole(node, (0, u32::MAX), Then::Dropped, findings);
    entry.must(node, number, findings).map(Spot::Node)
}

fn by_place(table: &Table, entry: Entry<'_>, findings: &mut Findings) -> Option<Spot> {
    let [lon, lat] = ["lon", "lat"].map(|name| table.col(name));
    let place = point(entry, (lon, lat), &Locator::default(), findings);
    entry.must(lon, place, findings).map(Spot::At)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, nodes: bool) -> (Vec<(u32, Spot)>, Vec<String>) {
        let file = Source { name: "mine.csv".to_owned(), bytes: text.as_bytes().to_vec() };
        let (spots, findings) = read(&file, nodes).unwrap();
        let said = |f: &Finding| format!("{} {}", f.code, f.row.unwrap_or(0));
        (spots, findings.iter().map(said).collect())
    }

    #[test]
    fn places_and_nodes_under_both_names() {
        let at = |lon, lat| Spot::At(Point { lon, lat });
        let two = (vec![(2, at(121.5, 31.25)), (4, at(121.0, 31.0))], vec![]);
        assert_eq!(of("lon,lat\n121.5,31.25\n\n121,31\n", false), two);
        assert_eq!(of("纬度;经度\n31.25;121.5\n\n31;121\n", false), two);
        let nodes = (vec![(2, Spot::Node(7)), (3, Spot::Node(0))], vec![]);
        assert_eq!(of("node\n7\n0\n", true), nodes);
        assert_eq!(of("节点,lon,lat\n7,1,1\n0,,\n", true), nodes);
        // A graph has places too; roads have no nodes.
        assert_eq!(of("lon,lat\n121.5,31.25\n", true).0, [(2, at(121.5, 31.25))]);
        assert_eq!(of("node\n7\n", false).1, ["table-unknown-column 1", "table-no-header 0"]);
    }

    #[test]
    fn flaws_are_named_by_row() {
        let (spots, found) = of("lon,lat\n121.5,31.25\n121.5,\n31.25,121.5\nx,1\n,\n", false);
        assert_eq!(spots.len(), 1);
        assert_eq!(found, ["cell-missing 3", "point-swapped 4", "cell-not-a-number 5"]);
        assert_eq!(of("node\n1.5\n-1\n", true).1, ["cell-not-whole 2", "cell-out-of-range 3"]);
        let file = Source { name: "mine.csv".to_owned(), bytes: Vec::new() };
        assert!(read(&file, true).is_err());
    }
}
