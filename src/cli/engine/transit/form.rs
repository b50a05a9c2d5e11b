//! Mandl's form: links, demand and, if need be, nodes as tables of text, commas between cells, a header line on top.

use std::collections::BTreeMap;

use crate::intake::Source;
use crate::planning::transit::{Link, MOST_NODES, MOST_TIME, MOST_TRIPS, Trips};

/// The tables.
pub(super) struct Sources<'a> {
    /// from,to,travel_time
    pub(super) links: &'a Source,
    /// from,to,demand
    pub(super) demand: &'a Source,
    /// id, and terminal if not all are
    pub(super) nodes: Option<&'a Source>,
}

/// What stands in them; nodes by position.
#[derive(Debug)]
pub(super) struct Form {
    /// As in the files.
    pub(super) names: Vec<String>,
    pub(super) links: Vec<Link>,
    pub(super) demand: Vec<Trips>,
    pub(super) terminals: Option<Vec<bool>>,
}

/// Line in the file, and the cells that were asked for.
type Row<const N: usize> = (u64, [String; N]);

/// Reads the tables; errors name file and line.
pub(super) fn read(sources: &Sources<'_>) -> Result<Form, String> {
    let links = rows::<3>(sources.links, [&["from"], &["to"], &["travel_time", "time", "minutes"]])?;
    let demand = rows::<3>(sources.demand, [&["from"], &["to"], &["demand", "trips"]])?;
    let mut nodes = Nodes::default();
    let mut terminals = None;
    if let Some(source) = sources.nodes {
        for (line, [name]) in rows::<1>(source, [&["id", "node"]])? {
            if nodes.numbers.contains_key(&name) {
                return Err(at(source, line, &format!("node {name} is given twice; keep one")));
            }
            nodes.add(name);
        }
        if heads(source)?.iter().any(|head| head == "terminal") {
            let flags = rows::<1>(source, [&["terminal"]])?.into_iter().map(|(line, [flag])| match flag.as_str() {
                "1" | "true" => Ok(true),
                "0" | "false" => Ok(false),
                _ => Err(at(source, line, &format!("terminal is “{flag}”; write 1 or 0"))),
            });
            terminals = Some(flags.collect::<Result<Vec<bool>, String>>()?);
        }
    } else {
        for (_, [from, to, _]) in &links {
            nodes.add(from.clone());
            nodes.add(to.clone());
        }
    }
    if nodes.names.len() > MOST_NODES {
        return Err(format!("{} nodes are too many: at most {MOST_NODES}", nodes.names.len()));
    }
    let links = pairs(sources.links, &nodes, links, thousandths)?;
    let back: BTreeMap<(usize, usize), u64> = links.iter().map(|&(line, from, to, _)| ((from, to), line)).collect();
    if let Some(&(line, from, to, _)) = links.iter().find(|(_, from, to, _)| !back.contains_key(&(*to, *from))) {
        let (from, to) = (&nodes.names[from], &nodes.names[to]);
        let what = format!(
            "link {from} to {to} has no way back, but routes are driven both ways; add it or take the link out"
        );
        return Err(at(sources.links, line, &what));
    }
    let demand = pairs(sources.demand, &nodes, demand, whole)?;
    Ok(Form {
        names: nodes.names,
        links: links.into_iter().map(|(_, from, to, time)| Link { from, to, time }).collect(),
        demand: demand.into_iter().map(|(_, from, to, trips)| Trips { from, to, trips }).collect(),
        terminals,
    })
}

/// Nodes in the order in which they were met.
#[derive(Default)]
struct Nodes {
    names: Vec<String>,
    numbers: BTreeMap<String, usize>,
}

impl Nodes {
    fn add(&mut self, name: String) {
        if !self.numbers.contains_key(&name) {
            self.numbers.insert(name.clone(), self.names.len());
            self.names.push(name);
        }
    }
}

/// Rows of a pair and a number: line, from, to, number. Each pair once, no pair of one node (unless it says 0, as matrices do).
fn pairs(
    source: &Source,
    nodes: &Nodes,
    rows: Vec<Row<3>>,
    number: impl Fn(&str) -> Result<u32, String>,
) -> Result<Vec<(u64, usize, usize, u32)>, String> {
    let mut seen = BTreeMap::new();
    let mut pairs = Vec::new();
    for (line, [from, to, text]) in rows {
        let known = |name: &str| {
            let what = || at(source, line, &format!("there is no node {name}; check the links and the nodes"));
            nodes.numbers.get(name).copied().ok_or_else(what)
        };
        let pair = (known(&from)?, known(&to)?);
        let value = number(&text).map_err(|what| at(source, line, &what))?;
        if pair.0 == pair.1 {
            if value == 0 {
                continue;
            }
            return Err(at(source, line, &format!("node {from} to itself; take the line out")));
        }
        if let Some(first) = seen.insert(pair, line) {
            return Err(at(source, line, &format!("{from} to {to} stands in line {first} already; keep one")));
        }
        pairs.push((line, pair.0, pair.1, value));
    }
    Ok(pairs)
}

fn at(source: &Source, line: u64, what: &str) -> String {
    format!("{}, line {line}: {what}", source.name)
}

/// Minutes as thousandths.
fn thousandths(text: &str) -> Result<u32, String> {
    let most = f64::from(MOST_TIME) / 1000.0;
    let minutes = text.parse::<f64>().ok().filter(|minutes| (0.001..=most).contains(minutes));
    let minutes = minutes.ok_or_else(|| format!("the time is “{text}”; write minutes above 0, at most {most}"))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to a million")]
    let time = (minutes * 1000.0).round() as u32;
    Ok(time)
}

/// Whole trips; "400.0" is whole too.
fn whole(text: &str) -> Result<u32, String> {
    let trips = text.parse::<f64>().ok().filter(|trips| trips.fract() == 0.0);
    let trips = trips.filter(|trips| (0.0..=f64::from(MOST_TRIPS)).contains(trips));
    let trips = trips.ok_or_else(|| format!("the demand is “{text}”; write whole trips, from 0 to {MOST_TRIPS}"))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, from 0 to ten millions")]
    let trips = trips as u32;
    Ok(trips)
}

/// Without a byte order mark.
fn text(source: &Source) -> &[u8] {
    source.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&source.bytes)
}

fn reader(source: &Source) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text(source))
}

fn heads(source: &Source) -> Result<Vec<String>, String> {
    let mut reader = reader(source);
    let heads = reader.headers().map_err(|error| format!("{}: {error}", source.name))?;
    Ok(heads.iter().map(str::to_lowercase).collect())
}

/// The cells of these columns, each known by one of several heads. Empty lines are none.
fn rows<const N: usize>(source: &Source, columns: [&[&str]; N]) -> Result<Vec<Row<N>>, String> {
    let heads = heads(source)?;
    let mut places = [0; N];
    for (place, names) in places.iter_mut().zip(columns) {
        let found = heads.iter().position(|head| names.contains(&head.as_str()));
        *place = found.ok_or_else(|| at(source, 1, &format!("no column “{}” in the header", names.join("” or “"))))?;
    }
    let mut rows = Vec::new();
    let (text, mut seen, mut line) = (text(source), 0, 1);
    for record in reader(source).records() {
        let record = record.map_err(|error| format!("{}: {error}", source.name))?;
        // A record is said to begin where its reading does: at the end of the last line, or at empty lines before it.
        let begin = record.position().map_or(seen, |position| usize::try_from(position.byte()).unwrap_or(seen));
        let empty = text[begin.min(text.len())..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let begin = (begin + empty).clamp(seen, text.len());
        line += text[seen..begin].iter().filter(|byte| **byte == b'\n').count() as u64;
        seen = begin;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let mut cells = std::array::from_fn(|_| String::new());
        for (cell, &place) in cells.iter_mut().zip(&places) {
            let text = record.get(place).filter(|text| !text.is_empty());
            let missing = || at(source, line, &format!("the cell of column “{}” is missing", heads[place]));
            text.ok_or_else(missing)?.clone_into(cell);
        }
        rows.push((line, cells));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKS: &str = "from,to,travel_time\na,b,2\nb,a,2.5\n";
    const DEMAND: &str = "from,to,demand\na,b,7\na,a,0\n";

    fn form(links: &str, demand: &str, nodes: Option<&str>) -> Result<Form, String> {
        let source = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let nodes = nodes.map(|nodes| source("nodes.txt", nodes));
        let (links, demand) = (source("links.txt", links), source("demand.txt", demand));
        read(&Sources { links: &links, demand: &demand, nodes: nodes.as_ref() })
    }

    #[test]
    fn tables_are_read() {
        let read = form(LINKS, DEMAND, None).unwrap();
        assert_eq!(read.names, ["a", "b"]);
        assert_eq!(read.links, [Link { from: 0, to: 1, time: 2_000 }, Link { from: 1, to: 0, time: 2_500 }]);
        assert_eq!(read.demand, [Trips { from: 0, to: 1, trips: 7 }]);
        assert_eq!(read.terminals, None);
        // Nodes in their own order; a byte order mark, ends of lines and blanks of other systems.
        let read = form(
            "\u{feff}From, To, Minutes\r\na, b, 2\r\nb, a, 2\r\n\r\n",
            DEMAND,
            Some("id,lat,terminal\nb,1,0\na,2,1"),
        );
        let read = read.unwrap();
        assert_eq!((read.names.join(" "), read.terminals), ("b a".to_owned(), Some(vec![false, true])));
    }

    #[test]
    fn errors_name_file_and_line() {
        let wrong = |links, demand, nodes| form(links, demand, nodes).unwrap_err();
        assert_eq!(
            wrong("from,to\na,b", DEMAND, None),
            "links.txt, line 1: no column “travel_time” or “time” or “minutes” in the header"
        );
        assert_eq!(
            wrong("from,to,time\na,b,2\nb,a,-1", DEMAND, None),
            "links.txt, line 3: the time is “-1”; write minutes above 0, at most 1000"
        );
        assert_eq!(wrong("from,to,time\na,b", DEMAND, None), "links.txt, line 2: the cell of column “time” is missing");
        assert_eq!(
            wrong("from,to,time\na,b,2", DEMAND, None),
            "links.txt, line 2: link a to b has no way back, but routes are driven both ways; add it or take the link out"
        );
        assert_eq!(
            wrong("from,to,time\na,b,2\nb,a,2\na,b,3", DEMAND, None),
            "links.txt, line 4: a to b stands in line 2 already; keep one"
        );
        assert_eq!(
            wrong("from,to,time\na,a,2", DEMAND, None),
            "links.txt, line 2: node a to itself; take the line out"
        );
        assert_eq!(
            wrong(LINKS, "from,to,demand\na,b,1.5", None),
            "demand.txt, line 2: the demand is “1.5”; write whole trips, from 0 to 10000000"
        );
        assert_eq!(
            wrong(LINKS, "from,to,demand\n\na,c,1", None),
            "demand.txt, line 3: there is no node c; check the links and the nodes"
        );
        assert_eq!(
            wrong(LINKS, "\u{feff}from,to,demand\r\n\r\na,b,1\r\n\r\n\r\na,c,1\r\n", None),
            "demand.txt, line 6: there is no node c; check the links and the nodes"
        );
        assert_eq!(wrong(LINKS, DEMAND, Some("id\na\nb\na")), "nodes.txt, line 4: node a is given twice; keep one");
        assert_eq!(
            wrong(LINKS, DEMAND, Some("id,terminal\na,yes\nb,1")),
            "nodes.txt, line 2: terminal is “yes”; write 1 or 0"
        );
        for text in ["nan", "inf", "1e9", "0", ""] {
            assert!(thousandths(text).is_err(), "{text}");
        }
    }
}
