//! A road graph as plain text, as benchmarks come: nodes with places, arcs with times and lengths.
//!
//! ```text
//! n m
//! lat lon in_largest_component          n lines; nodes are numbered from 0 as they stand
//! tail head travel_time_ms length_m     m lines
//! ```
//!
//! Packed with gzip or not. Nothing in the file is trusted: bytes are limited packed and unpacked ([`Limits::bytes`]),
//! nodes too ([`Limits::nodes`], and four times as many arcs); an error names the line. Memory: the text once.

use std::io::Read;
use std::str::FromStr;

use flate2::read::MultiGzDecoder;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::index::Weight;
use super::roads::{Limits, RoadsError, dense};
use crate::domain::coordinates::{Local, Point};

/// Times and lengths are below this, which means that there is no way.
const WEIGHTS_BELOW: u32 = <u32 as Weight>::FAR;
/// Arcs of a node, at most, on average.
const ARCS_A_NODE: usize = 4;
/// Most characters of the file an error repeats.
const SAID: usize = 20;

/// A graph without names, classes or turns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plain {
    /// Where each node is.
    pub at: Vec<Point>,
    /// Nodes that the file says are of its largest connected part.
    pub inside: Vec<bool>,
    /// Tails and heads.
    pub arcs: Vec<(u32, u32)>,
    /// Milliseconds along each arc.
    pub ms: Vec<u32>,
    /// Metres along each arc.
    pub metres: Vec<u32>,
}

impl Plain {
    /// Decimetres east and north of the middle: places for an order of the nodes.
    #[must_use]
    pub fn places(&self) -> Vec<[i32; 2]> {
        let local = self.local();
        let place = |point: &Point| {
            #[expect(clippy::cast_possible_truncation, reason = "the Earth is 400 million decimetres round")]
            local.project(*point).map(|metres| (metres * 10.0) as i32)
        };
        self.at.iter().map(place).collect()
    }

    /// Metres around the middle.
    fn local(&self) -> Local {
        let middle = |of: fn(&Point) -> f64| {
            let (least, most) =
                self.at.iter().map(of).fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
            if least <= most { f64::midpoint(least, most) } else { 0.0 }
        };
        Local::new(Point { lon: middle(|p| p.lon), lat: middle(|p| p.lat) })
    }

    /// The node nearest to each point and the metres to it, of those inside (of all, if none is); of equals the lowest number.
    /// `None` without nodes.
    #[must_use]
    pub fn nearest(&self, points: &[Point]) -> Option<Vec<(u32, f64)>> {
        let local = self.local();
        let chosen = self.chosen().into_iter();
        let tree = RTree::bulk_load(chosen.map(|n| GeomWithData::new(local.project(self.at[n as usize]), n)).collect());
        let nearest = |point: &Point| {
            let at = local.project(*point);
            let node = tree.nearest_neighbors(&at).into_iter().min_by_key(|found| found.data)?;
            let [x, y] = *node.geom();
            Some((node.data, libm::hypot(x - at[0], y - at[1])))
        };
        points.iter().map(nearest).collect()
    }

    /// The nodes inside; all, if none is.
    #[must_use]
    pub fn chosen(&self) -> Vec<u32> {
        let none = !self.inside.contains(&true);
        (0..dense(self.at.len())).filter(|node| none || self.inside[*node as usize]).collect()
    }
}

/// Reads a graph, packed or not.
///
/// # Errors
/// When it is larger than the limits, damaged or not of this form; the reason names the line.
pub fn import(bytes: &[u8], limits: &Limits) -> Result<Plain, RoadsError> {
    let too_large = || RoadsError::TooLarge { what: "bytes", limit: limits.bytes };
    if bytes.len() > limits.bytes {
        return Err(too_large());
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return parse(bytes, limits);
    }
    let mut text = Vec::new();
    // What a few kilobytes can unpack to has no end.
    MultiGzDecoder::new(bytes)
        .take((limits.bytes as u64).saturating_add(1))
        .read_to_end(&mut text)
        .map_err(|error| RoadsError::Unreadable { reason: format!("gzip: {error}") })?;
    if text.len() > limits.bytes {
        return Err(too_large());
    }
    parse(&text, limits)
}

fn parse(text: &[u8], limits: &Limits) -> Result<Plain, RoadsError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut lines = Lines { lines: text.split(|byte| *byte == b'\n'), number: 0 };
    let head = lines.next("a line with the numbers of nodes and arcs")?;
    let [nodes, arcs] = head.cells("two numbers: nodes and arcs")?;
    let (nodes, arcs): (usize, usize) = (head.number(nodes)?, head.number(arcs)?);
    let most_arcs = limits.nodes.saturating_mul(ARCS_A_NODE);
    if nodes > limits.nodes {
        return Err(RoadsError::TooLarge { what: "nodes", limit: limits.nodes });
    }
    if arcs > most_arcs {
        return Err(RoadsError::TooLarge { what: "arcs", limit: most_arcs });
    }
    // No more room than the text can fill, whatever the header says: a line has six characters at least.
    let room = |count: usize| count.min(text.len() / 6 + 1);
    let mut plain = Plain {
        at: Vec::with_capacity(room(nodes)),
        inside: Vec::with_capacity(room(nodes)),
        arcs: Vec::with_capacity(room(arcs)),
        ms: Vec::with_capacity(room(arcs)),
        metres: Vec::with_capacity(room(arcs)),
    };
    for _ in 0..nodes {
        let line = lines.next("one more node")?;
        let [lat, lon, inside] = line.cells("lat, lon and 0 or 1")?;
        plain.at.push(Point { lat: line.degrees(lat, 90.0)?, lon: line.degrees(lon, 180.0)? });
        plain.inside.push(match inside {
            "0" => false,
            "1" => true,
            other => return Err(line.wrong(&format!("“{}” is neither 0 nor 1", said(other)))),
        });
    }
    for _ in 0..arcs {
        let line = lines.next("one more arc")?;
        let [tail, head, ms, metres] = line.cells("tail, head, milliseconds and metres")?;
        plain.arcs.push((line.node(tail, nodes)?, line.node(head, nodes)?));
        plain.ms.push(line.weight(ms)?);
        plain.metres.push(line.weight(metres)?);
    }
    match lines.left() {
        Some(line) => Err(line.wrong("there are more lines than the first one says")),
        None => Ok(plain),
    }
}

/// The lines of the text, numbered from 1.
struct Lines<I> {
    lines: I,
    number: usize,
}

struct Line<'a> {
    text: &'a [u8],
    number: usize,
}

impl<'a, I: Iterator<Item = &'a [u8]>> Lines<I> {
    fn next(&mut self, wanted: &str) -> Result<Line<'a>, RoadsError> {
        self.number += 1;
        let text = self.lines.next();
        let line = Line { text: text.unwrap_or_default().trim_ascii(), number: self.number };
        // A blank line is where the text ends, or where it was cut.
        if line.text.is_empty() { Err(line.wrong(&format!("{wanted} should stand here"))) } else { Ok(line) }
    }

    /// The first line after the last that still says something.
    fn left(&mut self) -> Option<Line<'a>> {
        loop {
            self.number += 1;
            let text = self.lines.next()?.trim_ascii();
            if !text.is_empty() {
                return Some(Line { text, number: self.number });
            }
        }
    }
}

impl<'a> Line<'a> {
    fn wrong(&self, what: &str) -> RoadsError {
        RoadsError::Unreadable { reason: format!("line {}: {what}", self.number) }
    }

    fn cells<const N: usize>(&self, wanted: &str) -> Result<[&'a str; N], RoadsError> {
        let text = std::str::from_utf8(self.text).map_err(|_| self.wrong("it is no text"))?;
        let mut cells = [""; N];
        let mut words = text.split_ascii_whitespace();
        for cell in &mut cells {
            *cell = words.next().unwrap_or_default();
        }
        let whole = !cells[N - 1].is_empty() && words.next().is_none();
        if whole { Ok(cells) } else { Err(self.wrong(&format!("it should say {wanted}"))) }
    }

    fn number<T: FromStr>(&self, cell: &str) -> Result<T, RoadsError> {
        cell.parse().map_err(|_| self.wrong(&format!("“{}” is no whole number that fits here", said(cell))))
    }

    fn degrees(&self, cell: &str, most: f64) -> Result<f64, RoadsError> {
        let degrees = cell.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
        degrees.ok_or_else(|| self.wrong(&format!("“{}” is no place on the Earth", said(cell))))
    }

    fn node(&self, cell: &str, nodes: usize) -> Result<u32, RoadsError> {
        let node: u32 = self.number(cell)?;
        let there = node < dense(nodes);
        if there {
            Ok(node)
        } else {
            Err(self.wrong(&format!("there is no node {node}, only 0 to {}", nodes.max(1) - 1)))
        }
    }

    fn weight(&self, cell: &str) -> Result<u32, RoadsError> {
        let weight = cell.parse::<u32>().ok().filter(|weight| *weight < WEIGHTS_BELOW);
        weight.ok_or_else(|| self.wrong(&format!("“{}” is no whole number from 0 to below 2147483647", said(cell))))
    }
}

fn said(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_control()).take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const SMALL: &str = "3 2\n31.2 121.4 1\n31.3 121.5 1\n-31.25 -180 0\n0 1 5000 70\n1 0 2147483646 0\n";

    fn small() -> Plain {
        let at = |lat, lon| Point { lon, lat };
        Plain {
            at: vec![at(31.2, 121.4), at(31.3, 121.5), at(-31.25, -180.0)],
            inside: vec![true, true, false],
            arcs: vec![(0, 1), (1, 0)],
            ms: vec![5000, i32::MAX.cast_unsigned() - 1],
            metres: vec![70, 0],
        }
    }

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn reason(text: impl AsRef<[u8]>) -> String {
        match import(text.as_ref(), &Limits::default()) {
            Err(RoadsError::Unreadable { reason }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn packed_or_not_it_is_the_same() {
        let limits = Limits::default();
        assert_eq!(import(SMALL.as_bytes(), &limits).unwrap(), small());
        assert_eq!(import(&packed(SMALL.as_bytes()), &limits).unwrap(), small());
        // As another system writes it, with blank lines behind; and in two pieces, as some packers do.
        let windows = format!("\u{feff}{}\r\n\r\n", SMALL.replace('\n', "\r\n"));
        assert_eq!(import(windows.as_bytes(), &limits).unwrap(), small());
        let (one, two) = SMALL.split_at(17);
        assert_eq!(import(&[packed(one.as_bytes()), packed(two.as_bytes())].concat(), &limits).unwrap(), small());
        assert_eq!(import(b"0 0", &limits).unwrap(), Plain::default());
        assert!(Plain::default().places().is_empty());
    }

    #[test]
    fn places_are_decimetres_around_the_middle() {
        let at = |lat, lon| Point { lon, lat };
        let plain = Plain { at: vec![at(-0.5, 10.0), at(0.5, 10.0), at(0.0, 10.002)], ..Plain::default() };
        // A degree of latitude is 111,195.08 m on this sphere, and so is one of longitude on the equator.
        assert_eq!(plain.places(), [[-1111, -555_975], [-1111, 555_975], [1111, 0]]);
    }

    #[test]
    fn the_nearest_node_is_one_inside() {
        let mut plain = small();
        let at = |lat, lon| Point { lon, lat };
        // A hundredth of a degree north of the second node: 1,112 m.
        let found = plain.nearest(&[at(31.31, 121.5), at(31.2, 121.4), at(-31.25, -180.0)]).unwrap();
        assert_eq!((found[0].0, found[0].1.round()), (1, 1112.0));
        assert_eq!(found[1], (0, 0.0));
        assert_ne!(found[2].0, 2);
        assert_eq!(plain.chosen(), [0, 1]);
        plain.inside = vec![false; 3];
        plain.at[1] = plain.at[0];
        assert_eq!(plain.nearest(&[at(31.2, 121.4), at(-31.25, -180.0)]).unwrap(), [(0, 0.0), (2, 0.0)]);
        assert_eq!(plain.chosen(), [0, 1, 2]);
        assert_eq!(Plain::default().nearest(&[at(0.0, 0.0)]), None);
    }

    #[test]
    fn the_line_at_fault_is_named() {
        assert_eq!(reason(""), "line 1: a line with the numbers of nodes and arcs should stand here");
        assert_eq!(reason("3"), "line 1: it should say two numbers: nodes and arcs");
        assert_eq!(reason("3 2 1"), "line 1: it should say two numbers: nodes and arcs");
        assert_eq!(reason("-1 2"), "line 1: “-1” is no whole number that fits here");
        let with = |old: &str, new: &str| reason(SMALL.replacen(old, new, 1));
        assert_eq!(with("31.3", "91"), "line 3: “91” is no place on the Earth");
        assert_eq!(with("31.3", "nan"), "line 3: “nan” is no place on the Earth");
        assert_eq!(with("31.3", "inf"), "line 3: “inf” is no place on the Earth");
        assert_eq!(with("-180 0", "-180 2"), "line 4: “2” is neither 0 nor 1");
        assert_eq!(with("-180 0", "-180"), "line 4: it should say lat, lon and 0 or 1");
        assert_eq!(with("0 1 5000", "0 3 5000"), "line 5: there is no node 3, only 0 to 2");
        assert_eq!(with("0 1 5000", "-0 -1 5000"), "line 5: “-0” is no whole number that fits here");
        assert_eq!(
            with("2147483646", "2147483647"),
            "line 6: “2147483647” is no whole number from 0 to below 2147483647"
        );
        assert_eq!(with("70", "7.5"), "line 5: “7.5” is no whole number from 0 to below 2147483647");
        assert_eq!(with("3 2", "3 3"), "line 7: one more arc should stand here");
        assert_eq!(with("3 2", "3 1"), "line 6: there are more lines than the first one says");
        assert_eq!(with("3 2", "9 0"), "line 5: it should say lat, lon and 0 or 1");
        assert_eq!(reason(b"1 0\n\xff\xfe 1 1"), "line 2: it is no text");
        // What is repeated of the file is short.
        assert!(reason("x".repeat(1000) + " 1").len() < 100);
    }

    #[test]
    fn what_is_cut_or_damaged_is_refused() {
        for end in 0..SMALL.len() - 3 {
            assert!(import(&SMALL.as_bytes()[..end], &Limits::default()).is_err(), "{end}");
        }
        let whole = packed(SMALL.as_bytes());
        for end in 0..whole.len() {
            assert!(import(&whole[..end], &Limits::default()).is_err(), "{end}");
        }
        // Any byte of the text may be any other: an error or a graph whose arcs end at its nodes.
        for at in 0..SMALL.len() {
            for byte in [b'9', b' ', b'\n', b'-', 0, 0xff] {
                let mut text = SMALL.as_bytes().to_vec();
                text[at] = byte;
                if let Ok(plain) = import(&text, &Limits::default()) {
                    let nodes = dense(plain.at.len());
                    assert!(plain.arcs.iter().all(|(tail, head)| *tail < nodes && *head < nodes));
                }
            }
        }
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_in_memory() {
        let limits = Limits { bytes: 1 << 16, nodes: 10, ..Limits::default() };
        let refused = |bytes: &[u8]| match import(bytes, &limits) {
            Err(RoadsError::TooLarge { what, limit }) => (what, limit),
            other => panic!("{other:?}"),
        };
        // 64 MB of blanks in 64 kB.
        let bomb = packed(&vec![b' '; 60 << 20]);
        assert!(bomb.len() < limits.bytes);
        assert_eq!(refused(&bomb), ("bytes", 1 << 16));
        assert_eq!(refused(&vec![b'1'; (1 << 16) + 1]), ("bytes", 1 << 16));
        assert_eq!(refused(b"11 0"), ("nodes", 10));
        assert_eq!(refused(b"1 41"), ("arcs", 40));
        // A header alone takes no room.
        assert_eq!(reason("9999999 39999999"), "line 2: one more node should stand here");
    }
}
