//! OpenStreetMap extracts (`.osm.pbf`): ways that are roads or paths, their nodes, forbidden turns.
//!
//! Read in two passes, ways first, so that only the nodes of roads are kept. Nothing in the file is trusted: bytes,
//! blocks and elements are limited (`pbf`), references to nodes that are not there cut the way, positions off the
//! Earth count as not there.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use osmpbf::{Element, RelMemberType};

use super::pbf::for_each_block;
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

#[cfg(test)]
mod tests {
    use super::super::pbf::{reframe, varint};
    use super::super::profile::Class;
    use super::*;

    fn field(out: &mut Vec<u8>, number: u8, content: &[u8]) {
        out.push(number << 3 | 2);
        varint(content.len(), out);
        out.extend(content);
    }

    fn number(out: &mut Vec<u8>, field: u8, value: usize) {
        out.push(field << 3);
        varint(value, out);
    }

    fn zigzag(value: i64) -> usize {
        usize::try_from((value << 1 ^ value >> 63).cast_unsigned()).unwrap()
    }

    fn packed(values: impl Iterator<Item = usize>) -> Vec<u8> {
        values.fold(Vec::new(), |mut out, value| {
            varint(value, &mut out);
            out
        })
    }

    fn deltas(values: &[i64]) -> Vec<u8> {
        packed((0..values.len()).map(|i| zigzag(values[i] - if i > 0 { values[i - 1] } else { 0 })))
    }

    /// A small writer of the format: enough to say what a test wants to read.
    #[derive(Default)]
    struct Writer {
        strings: Vec<String>,
        group: Vec<u8>,
    }

    impl Writer {
        fn string(&mut self, text: &str) -> usize {
            if let Some(at) = self.strings.iter().position(|s| s == text) {
                return at + 1;
            }
            self.strings.push(text.to_owned());
            self.strings.len()
        }
        fn tags(&mut self, out: &mut Vec<u8>, tags: &[(&str, &str)]) {
            let keys: Vec<usize> = tags.iter().map(|(key, _)| self.string(key)).collect();
            let values: Vec<usize> = tags.iter().map(|(_, value)| self.string(value)).collect();
            field(out, 2, &packed(keys.into_iter()));
            field(out, 3, &packed(values.into_iter()));
        }
        /// (id, longitude, latitude), in units of 1e-7 degrees.
        fn nodes(mut self, nodes: &[(i64, i64, i64)]) -> Self {
            let mut dense = Vec::new();
            for (number, values) in [
                (1, nodes.iter().map(|n| n.0).collect::<Vec<_>>()),
                (8, nodes.iter().map(|n| n.2).collect()),
                (9, nodes.iter().map(|n| n.1).collect()),
            ] {
                field(&mut dense, number, &deltas(&values));
            }
            field(&mut self.group, 2, &dense);
            self
        }
        fn way(mut self, id: usize, refs: &[i64], tags: &[(&str, &str)]) -> Self {
            let mut way = Vec::new();
            number(&mut way, 1, id);
            self.tags(&mut way, tags);
            field(&mut way, 8, &deltas(refs));
            field(&mut self.group, 3, &way);
            self
        }
        /// Members are (role, id, kind): 0 node, 1 way.
        fn relation(mut self, members: &[(&str, i64, usize)], tags: &[(&str, &str)]) -> Self {
            let mut relation = Vec::new();
            number(&mut relation, 1, 1);
            self.tags(&mut relation, tags);
            let roles: Vec<usize> = members.iter().map(|(role, _, _)| self.string(role)).collect();
            field(&mut relation, 8, &packed(roles.into_iter()));
            field(&mut relation, 9, &deltas(&members.iter().map(|m| m.1).collect::<Vec<_>>()));
            field(&mut relation, 10, &packed(members.iter().map(|m| m.2)));
            field(&mut self.group, 4, &relation);
            self
        }
        fn read(&self, cut: Option<&Bounds>) -> (Roads, Vec<Finding>) {
            let mut table = Vec::new();
            field(&mut table, 1, b"");
            for text in &self.strings {
                field(&mut table, 1, text.as_bytes());
            }
            let mut block = Vec::new();
            field(&mut block, 1, &table);
            field(&mut block, 2, &self.group);
            let mut file = Vec::new();
            reframe(&block, &mut file);
            import(&file, "roads.osm.pbf", &Limits::default(), cut).unwrap()
        }
    }

    /// Nodes 1 to 6 from west to east, 0.001 degrees apart.
    fn six() -> Writer {
        let nodes: Vec<(i64, i64, i64)> = (1..=6).map(|i| (i, 1_214_400_000 + i * 10_000, 312_700_000)).collect();
        Writer::default().nodes(&nodes)
    }

    #[test]
    fn roads_are_kept_with_their_tags_and_the_rest_is_not() {
        let (roads, findings) = six()
            .way(
                10,
                &[1, 2, 3],
                &[
                    ("highway", "primary"),
                    ("name", "共和新路"),
                    ("name:en", "Gonghexin Road"),
                    ("lanes", "6"),
                    ("layer", "1"),
                    ("oneway", "yes"),
                ],
            )
            .way(11, &[4, 5], &[("building", "yes")])
            .way(12, &[5, 6], &[("highway", "proposed")])
            .way(13, &[5, 6], &[("highway", "footway"), ("foot", "no")])
            .read(None);
        assert_eq!(findings, []);
        assert_eq!(roads.nodes().iter().map(|node| node.id).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(roads.nodes()[0].point, Point { lon: 121.441, lat: 31.27 });
        let [way] = roads.ways() else { panic!("{:?}", roads.ways()) };
        assert_eq!((way.id, way.name.as_str(), way.name_en.as_str()), (10, "共和新路", "Gonghexin Road"));
        assert_eq!((way.class, way.lanes, way.layer, way.access.bus), (Class::Primary, Some(6), 1, [true, false]));
    }

    #[test]
    fn missing_nodes_and_the_box_cut_ways() {
        let file = six().way(10, &[1, 2, 99, 3, 4, 5, 6], &[("highway", "primary")]);
        let (roads, findings) = file.read(None);
        let parts = |roads: &Roads| roads.ways().iter().map(|way| way.nodes.clone()).collect::<Vec<_>>();
        assert_eq!(parts(&roads), [vec![1, 2], vec![3, 4, 5, 6]]);
        assert_eq!(findings, [Finding::note("roads-cut-at-edge").file("roads.osm.pbf").arg("count", 1_usize)]);
        // Only node 4 is in the box: the two segments that meet there stay.
        let bounds = Bounds { west: 121.4435, south: 31.0, east: 121.4445, north: 32.0 };
        assert_eq!(parts(&file.read(Some(&bounds)).0), [vec![3, 4, 5]]);
        let nowhere = Bounds { west: 0.0, south: 0.0, east: 1.0, north: 1.0 };
        let (roads, findings) = file.read(Some(&nowhere));
        assert!(roads.is_empty() && findings.iter().any(|finding| finding.code == "roads-none-for-buses"));
    }

    #[test]
    fn restrictions_become_bans_unless_they_except_buses() {
        let road = [("highway", "primary")];
        let members = [("from", 10, 1), ("via", 2, 0), ("to", 11, 1)];
        let file = six()
            .way(10, &[1, 2], &road)
            .way(11, &[2, 3], &road)
            .relation(&members, &[("type", "restriction"), ("restriction", "no_left_turn")])
            .relation(
                &members,
                &[("type", "restriction"), ("restriction", "only_straight_on"), ("except", "bicycle;psv")],
            )
            .relation(&members, &[("type", "restriction"), ("restriction:conditional", "no_u_turn @ (Mo-Fr)")])
            .relation(&members[..2], &[("type", "restriction"), ("restriction", "no_left_turn")])
            .relation(&members, &[("type", "route")]);
        let (roads, _) = file.read(None);
        assert_eq!(roads.bans(), [TurnBan { from: 10, via: 2, to: 11, only: false }]);
    }

    #[test]
    fn positions_off_the_earth_are_not_there() {
        let (roads, findings) = Writer::default()
            .nodes(&[(1, 1_214_400_000, 312_700_000), (2, 1_214_500_000, 950_000_000), (3, 1_214_500_000, 312_700_000)])
            .way(10, &[1, 2, 3], &[("highway", "primary")])
            .read(None);
        assert!(roads.is_empty());
        assert_eq!(findings.len(), 2, "{findings:?}");
    }

    #[test]
    fn limits_hold() {
        let file = six().way(10, &[1, 2, 3], &[("highway", "primary")]);
        let mut block = Vec::new();
        field(&mut block, 1, &[0x0a, 0]);
        field(&mut block, 2, &file.group);
        let mut bytes = Vec::new();
        reframe(&block, &mut bytes);
        let tight = |limits: Limits| import(&bytes, "x", &limits, None).unwrap_err();
        for (limits, expected) in [
            (Limits { bytes: 10, ..Limits::default() }, "bytes"),
            (Limits { blocks: 0, ..Limits::default() }, "blocks"),
            (Limits { elements: 3, ..Limits::default() }, "elements"),
        ] {
            assert!(matches!(tight(limits), RoadsError::TooLarge { what, .. } if what == expected));
        }
    }
}
