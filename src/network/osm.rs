//! OpenStreetMap extracts (`.osm.pbf`): ways that are roads or paths, their nodes, forbidden turns.
//!
//! Read in two passes, ways first, so that only the nodes of roads are kept. Nothing in the file is trusted: bytes,
//! blocks and elements are limited (a block unpacks to at most 32 MB, `osmpbf::MAX_BLOB_MESSAGE_SIZE`), references to
//! nodes that are not there cut the way, positions off the Earth count as not there.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use osmpbf::{BlobDecode, BlobReader, Element, PrimitiveBlock, RelMemberType};

use super::profile;
use super::roads::{Bounds, Limits, Node, Roads, RoadsError, TurnBan, Way};
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;

/// Reads an extract; with `cut`, only what touches that box. `file` is its name in findings.
///
/// # Errors
/// When it is larger than the limits, damaged or no such file.
pub fn import(
    bytes: &[u8],
    file: &str,
    limits: &Limits,
    cut: Option<&Bounds>,
) -> Result<(Roads, Vec<Finding>), RoadsError> {
    if bytes.len() > limits.bytes {
        return Err(RoadsError::TooLarge { what: "bytes", limit: limits.bytes });
    }
    // Last resort: the parser computes ids and positions with unchecked sums and indexes; in builds that check
    // arithmetic, a damaged file makes it panic. Nothing outlives the closure but its result.
    let read = catch_unwind(AssertUnwindSafe(|| read(bytes, limits)));
    let source = read.unwrap_or_else(|_| Err(RoadsError::Unreadable { reason: "numbers out of range".to_owned() }))?;
    Ok(assemble(source, file, cut))
}

/// What is kept of a file.
#[derive(Default)]
struct Source {
    ways: Vec<Way>,
    nodes: Vec<Node>,
    bans: Vec<TurnBan>,
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Source, RoadsError> {
    let mut source = Source::default();
    let mut wanted: Vec<i64> = Vec::new();
    let mut seen = 0_usize;
    let mut count = |more: usize| {
        seen += more;
        if seen > limits.elements {
            Err(RoadsError::TooLarge { what: "elements", limit: limits.elements })
        } else {
            Ok(())
        }
    };
    for_each_block(bytes, limits, |block| {
        count(block.raw_stringtable().len())?;
        for element in block.elements() {
            count(1)?;
            match element {
                Element::Way(way) => {
                    count(way.raw_refs().len())?;
                    if let Some(way) = road(&way) {
                        wanted.extend(&way.nodes);
                        source.ways.push(way);
                    }
                }
                Element::Relation(relation) => source.bans.extend(ban(&relation)),
                Element::Node(_) | Element::DenseNode(_) => {}
            }
        }
        if wanted.len() > limits.nodes.saturating_mul(2) {
            wanted.sort_unstable();
            wanted.dedup();
            if wanted.len() > limits.nodes {
                return Err(RoadsError::TooLarge { what: "nodes", limit: limits.nodes });
            }
        }
        Ok(())
    })?;
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > limits.nodes {
        return Err(RoadsError::TooLarge { what: "nodes", limit: limits.nodes });
    }
    for_each_block(bytes, limits, |block| {
        for element in block.elements() {
            let (id, lon, lat) = match element {
                Element::Node(node) => (node.id(), node.nano_lon(), node.nano_lat()),
                Element::DenseNode(node) => (node.id(), node.nano_lon(), node.nano_lat()),
                Element::Way(_) | Element::Relation(_) => continue,
            };
            if wanted.binary_search(&id).is_ok()
                && let Some(point) = on_earth(lon, lat)
                && source.nodes.len() < limits.nodes.saturating_mul(2)
            {
                source.nodes.push(Node { id, point });
            }
        }
        Ok(())
    })?;
    Ok(source)
}

/// From nanodegrees, rounded to 1e-7 degrees as OpenStreetMap stores them.
fn on_earth(lon: i64, lat: i64) -> Option<Point> {
    let degrees = |nano: i64, most: i64| {
        (nano.unsigned_abs() <= most.unsigned_abs() * 1_000_000_000).then(|| (nano / 100) as f64 / 1e7)
    };
    Some(Point { lon: degrees(lon, 180)?, lat: degrees(lat, 90)? })
}

fn for_each_block(
    bytes: &[u8],
    limits: &Limits,
    mut each: impl FnMut(&PrimitiveBlock) -> Result<(), RoadsError>,
) -> Result<(), RoadsError> {
    let unreadable = |error: osmpbf::Error| RoadsError::Unreadable { reason: error.to_string() };
    let mut blocks = 0;
    for blob in BlobReader::new(bytes) {
        blocks += 1;
        if blocks > limits.blocks {
            return Err(RoadsError::TooLarge { what: "blocks", limit: limits.blocks });
        }
        if let BlobDecode::OsmData(block) = blob.map_err(unreadable)?.decode().map_err(unreadable)? {
            each(&block)?;
        }
    }
    if blocks == 0 { Err(RoadsError::Unreadable { reason: "it is empty".to_owned() }) } else { Ok(()) }
}

/// The way, if somebody may use it.
fn road(way: &osmpbf::Way<'_>) -> Option<Way> {
    let tag = |key: &str| way.tags().find(|(k, _)| *k == key).map(|(_, value)| value);
    let (class, access) = profile::resolve(&tag)?;
    if access.nobody() {
        return None;
    }
    Some(Way {
        id: way.id(),
        name: tag("name").unwrap_or_default().to_owned(),
        name_en: tag("name:en").unwrap_or_default().to_owned(),
        class,
        access,
        lanes: tag("lanes").and_then(|lanes| lanes.parse().ok()),
        layer: tag("layer").and_then(|layer| layer.parse().ok()).unwrap_or_default(),
        closed: false,
        nodes: way.refs().collect(),
    })
}

/// A turn forbidden by a restriction between two ways at a node, unless it excepts buses. (Restrictions that run over a
/// way instead of a node, or hold at times only, are not looked at.)
fn ban(relation: &osmpbf::Relation<'_>) -> Option<TurnBan> {
    let tag = |key: &str| relation.tags().find(|(k, _)| *k == key).map(|(_, value)| value);
    if tag("type")? != "restriction" {
        return None;
    }
    let rule = tag("restriction:bus").or_else(|| tag("restriction"))?;
    let only = rule.starts_with("only_");
    if !(only || rule.starts_with("no_"))
        || tag("except").is_some_and(|e| e.split(';').any(|e| matches!(e.trim(), "bus" | "psv")))
    {
        return None;
    }
    let (mut from, mut via, mut to) = (None, None, None);
    for member in relation.members() {
        let slot = match (member.role().ok()?, &member.member_type) {
            ("from", RelMemberType::Way) => &mut from,
            ("via", RelMemberType::Node) => &mut via,
            ("to", RelMemberType::Way) => &mut to,
            _ => return None,
        };
        if slot.replace(member.member_id).is_some() {
            return None;
        }
    }
    Some(TurnBan { from: from?, via: via?, to: to?, only })
}

/// Cuts ways where nodes are missing or out of the box, and puts the roads together.
fn assemble(mut source: Source, file: &str, cut: Option<&Bounds>) -> (Roads, Vec<Finding>) {
    source.nodes.sort_by_key(|node| node.id);
    source.nodes.dedup_by_key(|node| node.id);
    let nodes = &source.nodes;
    let find = |id: i64| nodes.binary_search_by_key(&id, |node| node.id).ok().map(|at| nodes[at]);
    let inside = |node: &Node| cut.is_none_or(|cut| cut.contains(node.point));
    let mut missing = BTreeSet::new();
    let mut ways = Vec::new();
    for way in &source.ways {
        let mut run: Vec<Node> = Vec::new();
        let mut close = |run: &mut Vec<Node>| {
            if run.len() >= 2 {
                ways.push(Way { nodes: run.iter().map(|node| node.id).collect(), ..way.clone() });
            }
            run.clear();
        };
        for id in &way.nodes {
            let Some(node) = find(*id) else {
                missing.insert(*id);
                close(&mut run);
                continue;
            };
            // A segment stays if one of its ends is in the box.
            if run.last().is_some_and(|last| !inside(last) && !inside(&node)) {
                close(&mut run);
            }
            run.push(node);
        }
        close(&mut run);
    }
    let roads = Roads::new(source.nodes, ways, source.bans);
    let mut findings = Vec::new();
    if !missing.is_empty() {
        findings.push(Finding::note("roads-cut-at-edge").file(file).arg("count", missing.len()));
    }
    findings.extend(roads.findings(file));
    (roads, findings)
}
