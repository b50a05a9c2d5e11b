//! OpenStreetMap extracts (`.osm.pbf`): ways that are roads or paths, their nodes, forbidden turns, lights and barriers.
//!
//! Read in two passes, ways first, so that only the nodes of roads are kept; blocks are read on all threads, those without
//! anything for a pass not at all. Nothing in the file is trusted: bytes, blocks and elements are limited (`pbf`), references
//! to nodes that are not there cut the way, positions off the Earth count as not there.

use std::collections::BTreeSet;

use super::marks::Marks;
use super::pbf::{Block, Message, for_each_block};
use super::profile::{self, Doubts, Rules};
use super::restrictions::{self, MOST_MEMBERS, Restriction};
use super::roads::{Bounds, Limits, Node, Roads, RoadsError, Traffic, Way};
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;

/// Reads an extract for the usual bus; with `cut`, only what touches that box. `file` is its name in findings.
///
/// # Errors
/// When it is larger than the limits, damaged or no such file.
pub fn import(
    bytes: &[u8],
    file: &str,
    limits: &Limits,
    cut: Option<&Bounds>,
) -> Result<(Roads, Vec<Finding>), RoadsError> {
    import_for(&Rules::default(), bytes, file, limits, cut)
}

/// The same for this bus.
///
/// # Errors
/// As [`import`].
pub fn import_for(
    rules: &Rules,
    bytes: &[u8],
    file: &str,
    limits: &Limits,
    cut: Option<&Bounds>,
) -> Result<(Roads, Vec<Finding>), RoadsError> {
    if bytes.len() > limits.bytes {
        return Err(RoadsError::TooLarge { what: "bytes", limit: limits.bytes });
    }
    Ok(assemble(read(bytes, limits, rules)?, file, cut))
}

/// What is kept of a file, or of a block.
#[derive(Default)]
struct Source {
    ways: Vec<Way>,
    nodes: Vec<Node>,
    marks: Vec<(i64, Marks)>,
    restrictions: Vec<Restriction>,
    doubts: Doubts,
}

/// What the first pass learns of a block.
struct Looked {
    kept: Source,
    nodes: bool,
    size: usize,
    refs: usize,
}

/// A way of OpenStreetMap has at most 2,000 nodes, a road of a city some ten; so many on average are no roads.
const WAYS_PER_NODE: usize = 4;

fn read(bytes: &[u8], limits: &Limits, rules: &Rules) -> Result<Source, RoadsError> {
    let mut source = Source::default();
    let (mut elements, mut refs) = (0_usize, 0_usize);
    // Blocks with nodes, ascending.
    let mut with_nodes: Vec<usize> = Vec::new();
    let most_refs = limits.nodes.saturating_mul(2);
    let most_ways = (limits.nodes / WAYS_PER_NODE).max(1_000);
    let too_large = |what: &'static str, limit: usize| RoadsError::TooLarge { what, limit };
    let look = |block: &Block<'_>| {
        let mut looked = Looked { kept: Source::default(), nodes: block.nodes, size: block.size, refs: 0 };
        if !block.ways || block.size > limits.elements {
            return Ok(looked);
        }
        let Source { ways, restrictions, doubts, .. } = &mut looked.kept;
        block.for_each_message(|is_way, message| {
            if !is_way {
                if block.has(message, "restriction") || block.has(message, "type") {
                    let members = || block.members(message, MOST_MEMBERS);
                    let tags = block.tags(message);
                    let typed = |(key, value): &(&str, &str)| *key == "type" && value.starts_with("restriction");
                    if tags.iter().any(typed) {
                        restrictions.extend(restrictions::parse(message.id, &tags, members(), doubts));
                    }
                }
            } else if block.has(message, "highway")
                && let Some(way) = road(block, message, rules, doubts, most_refs - looked.refs)?
            {
                looked.refs += way.nodes.len();
                ways.push(way);
                if ways.len() > most_ways {
                    return Err(too_large("ways", most_ways));
                }
            }
            Ok(())
        })?;
        Ok(looked)
    };
    for_each_block(
        bytes,
        limits,
        |_| true,
        look,
        |at, looked| {
            elements = elements.saturating_add(looked.size);
            refs += looked.refs;
            if elements > limits.elements {
                return Err(too_large("elements", limits.elements));
            }
            if refs > most_refs {
                return Err(too_large("nodes", limits.nodes));
            }
            source.ways.extend(looked.kept.ways);
            if source.ways.len() > most_ways {
                return Err(too_large("ways", most_ways));
            }
            source.restrictions.extend(looked.kept.restrictions);
            source.doubts.merge(&looked.kept.doubts);
            if looked.nodes {
                with_nodes.push(at);
            }
            Ok(())
        },
    )?;
    let mut wanted: Vec<i64> = source.ways.iter().flat_map(|way| &way.nodes).copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > limits.nodes {
        return Err(too_large("nodes", limits.nodes));
    }
    let place = |block: &Block<'_>| {
        let (mut nodes, mut marks) = (Vec::new(), Vec::new());
        block.for_each_node(|id, at, tags| {
            if wanted.binary_search(&id).is_ok()
                && let Some(point) = on_earth(at)
                && nodes.len() < most_refs
            {
                nodes.push(Node { id, point });
                let tags = tags();
                if !tags.is_empty() {
                    let tag = |key: &str| tags.iter().find(|(k, _)| *k == key).map(|(_, value)| *value);
                    let mark = profile::barrier::marks(&tag, rules);
                    marks.extend((mark != Marks::NONE).then_some((id, mark)));
                }
            }
            Ok(())
        })?;
        Ok((nodes, marks))
    };
    for_each_block(
        bytes,
        limits,
        |at| with_nodes.binary_search(&at).is_ok(),
        place,
        |_, (nodes, marks)| {
            if source.nodes.len() < most_refs {
                source.nodes.extend(nodes);
                source.marks.extend(marks);
            }
            Ok(())
        },
    )?;
    Ok(source)
}

/// From nanodegrees, rounded to 1e-7 degrees as OpenStreetMap stores them.
fn on_earth([lon, lat]: [i64; 2]) -> Option<Point> {
    let degrees = |nano: i64, most: i64| {
        (nano.unsigned_abs() <= most.unsigned_abs() * 1_000_000_000).then(|| (nano / 100) as f64 / 1e7)
    };
    Some(Point { lon: degrees(lon, 180)?, lat: degrees(lat, 90)? })
}

/// The way, if somebody may use it; at most so many nodes.
fn road(
    block: &Block<'_>,
    way: &Message<'_>,
    rules: &Rules,
    doubts: &mut Doubts,
    most: usize,
) -> Result<Option<Way>, RoadsError> {
    let tags = block.tags(way);
    let tag = |key: &str| tags.iter().find(|(k, _)| *k == key).map(|(_, value)| *value);
    let Some((class, access)) = profile::resolve(&tag, rules, doubts) else { return Ok(None) };
    if access.nobody() {
        return Ok(None);
    }
    if way.size() > most {
        return Err(RoadsError::TooLarge { what: "nodes", limit: most });
    }
    Ok(Some(Way {
        id: way.id,
        name: tag("name").unwrap_or_default().to_owned(),
        name_en: tag("name:en").unwrap_or_default().to_owned(),
        class,
        access,
        lanes: tag("lanes").and_then(|lanes| lanes.parse().ok()),
        layer: tag("layer").and_then(|layer| layer.parse().ok()).unwrap_or_default(),
        closed: false,
        nodes: way.nodes().collect(),
    }))
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
    let mut traffic = Traffic { marks: source.marks, ..Traffic::default() };
    restrictions::forbid(&source.restrictions, &source.ways, &mut traffic, &mut source.doubts);
    let roads = Roads::with(source.nodes, ways, traffic);
    let mut findings = source.doubts.findings(file);
    if !missing.is_empty() {
        findings.push(Finding::note("roads-cut-at-edge").file(file).arg("count", missing.len()));
    }
    findings.extend(roads.findings(file));
    (roads, findings)
}

#[cfg(test)]
mod tests {
    use super::super::pbf::{packed_file, reframe, varint};
    use super::super::profile::Class;
    use super::super::roads::{TurnBan, WayBan};
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
        /// A node with tags.
        fn node(mut self, (id, lon, lat): (i64, i64, i64), tags: &[(&str, &str)]) -> Self {
            let mut node = Vec::new();
            number(&mut node, 1, zigzag(id));
            self.tags(&mut node, tags);
            number(&mut node, 8, zigzag(lat));
            number(&mut node, 9, zigzag(lon));
            field(&mut self.group, 1, &node);
            self
        }
        fn block(&self) -> Vec<u8> {
            let mut table = Vec::new();
            field(&mut table, 1, b"");
            for text in &self.strings {
                field(&mut table, 1, text.as_bytes());
            }
            let mut block = Vec::new();
            field(&mut block, 1, &table);
            field(&mut block, 2, &self.group);
            block
        }
        fn read(&self, cut: Option<&Bounds>) -> (Roads, Vec<Finding>) {
            let mut file = Vec::new();
            reframe(&self.block(), &mut file);
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
    fn lights_gates_and_turns_over_ways_are_read_and_stay() {
        let place = |id: i64| (id, 1_214_400_000 + id * 10_000, 312_700_000);
        let road = [("highway", "primary")];
        let file = Writer::default()
            .node(place(1), &[])
            .node(place(2), &[("highway", "traffic_signals")])
            .node(place(3), &[("barrier", "bollard")])
            .node(place(4), &[("barrier", "gate"), ("access", "private")])
            .node(place(5), &[("highway", "turning_circle")])
            .node(place(6), &[("barrier", "gate")])
            .node(place(7), &[("highway", "traffic_signals")])
            .way(10, &[1, 2, 3], &road)
            .way(11, &[3, 4, 5], &road)
            .way(12, &[5, 6], &road)
            .relation(
                &[("from", 10, 1), ("via", 11, 1), ("to", 12, 1)],
                &[("type", "restriction"), ("restriction", "no_u_turn")],
            )
            .relation(
                &[("from", 10, 1), ("from", 12, 1), ("via", 3, 0), ("to", 11, 1)],
                &[("type", "restriction"), ("restriction", "no_entry")],
            )
            .relation(
                &[("from", 10, 1), ("via", 12, 1), ("to", 11, 1)],
                &[("type", "restriction"), ("restriction", "no_u_turn")],
            );
        let (mut roads, findings) = file.read(None);
        let answers = |roads: &Roads| {
            let of = |id: i64| u32::try_from(roads.nodes().iter().position(|node| node.id == id).unwrap()).unwrap();
            (1..=6)
                .map(|id| (roads.is_signal(of(id)), roads.may_turn_round(of(id)), roads.shut(of(id))))
                .collect::<Vec<_>>()
        };
        let expected = [
            (false, false, false),
            (true, false, false),
            (false, false, true),
            (false, false, true),
            (false, true, false),
            (false, false, false),
        ];
        assert_eq!(answers(&roads), expected);
        assert_eq!(roads.way_bans(), [WayBan { from: 10, via: vec![11], to: 12, only: false }]);
        let ban = |from| TurnBan { from, via: 3, to: 11, only: false };
        assert_eq!(roads.bans(), [ban(10), ban(12)]);
        // The third does not hang together: 12 ends at 5, 10 at 3.
        assert_eq!(findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["roads-turns-unclear"]);
        // An overlay and a closing leave them as they are.
        let overlay = br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"service"},
            "geometry":{"type":"LineString","coordinates":[[121.441,31.27],[121.44,31.26]]}}]}"#;
        let system = crate::domain::coordinates::CoordinateSystem::Wgs84;
        super::super::geojson::merge(&mut roads, overlay, "f", system, &Limits::default()).unwrap();
        assert_eq!(roads.close(11), 1);
        assert_eq!((roads.ways().len(), answers(&roads)), (4, expected.to_vec()));
        assert_eq!((roads.way_bans().len(), roads.bans().len()), (1, 2));
        // Cut to the west: the marks of what is left stay with it.
        let west = Bounds { west: 121.4405, south: 31.0, east: 121.4425, north: 32.0 };
        let (roads, _) = file.read(Some(&west));
        assert_eq!(roads.nodes().iter().map(|node| node.id).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(roads.is_signal(1) && roads.shut(2) && !roads.shut(0));
    }

    #[test]
    fn private_roads_are_kept_shut() {
        let (mut roads, _) = six()
            .way(10, &[1, 2, 3], &[("highway", "primary")])
            .way(11, &[3, 4, 5], &[("highway", "service"), ("access", "private")])
            .way(12, &[5, 6], &[("highway", "service"), ("access", "no")])
            .read(None);
        assert_eq!(
            roads.ways().iter().map(|way| (way.id, way.bus())).collect::<Vec<_>>(),
            [(10, [true; 2]), (11, [false; 2])]
        );
        assert_eq!(roads.admit(&[Point { lon: 121.4445, lat: 31.2704 }]), 1);
        assert_eq!(roads.ways()[1].bus(), [true; 2]);
    }

    #[test]
    fn a_smaller_bus_goes_where_a_larger_one_does_not() {
        let mut file = Vec::new();
        reframe(
            &six().way(10, &[1, 2], &[("highway", "primary"), ("name", "涵洞路"), ("maxheight", "2.9")]).block(),
            &mut file,
        );
        let read = |rules: &Rules| import_for(rules, &file, "f", &Limits::default(), None).unwrap();
        let (roads, findings) = read(&Rules::default());
        assert_eq!((roads.ways()[0].bus(), findings[0].code.as_str()), ([false; 2], "roads-bus-too-large"));
        let (roads, findings) = read(&Rules { height_cm: 285, ..Rules::default() });
        assert_eq!((roads.ways()[0].bus(), findings.len()), ([true; 2], 0));
    }

    /// Files that would grow, each a little below and above what is taken.
    #[test]
    fn what_would_grow_is_refused_soon() {
        let group = |elements: &[u8]| {
            let mut block = Vec::new();
            field(&mut block, 1, &[0x0a, 0]);
            field(&mut block, 2, elements);
            block
        };
        let named = |ways: usize, name: usize| {
            let mut table = Vec::new();
            for text in ["", "highway", "primary", "name", &"路".repeat(name)] {
                field(&mut table, 1, text.as_bytes());
            }
            let way = [0x1a, 14, 8, 1, 0x12, 2, 1, 3, 0x1a, 2, 2, 4, 0x42, 2, 2, 2];
            let mut block = Vec::new();
            field(&mut block, 1, &table);
            field(&mut block, 2, &way.repeat(ways));
            block
        };
        // One way over so many nodes, all the same.
        let long = |refs: usize| {
            let mut way = vec![8, 1, 0x12, 1, 1, 0x1a, 1, 2];
            field(&mut way, 8, &vec![0; refs]);
            let mut elements = Vec::new();
            field(&mut elements, 3, &way);
            let mut table = Vec::new();
            for text in ["", "highway", "primary"] {
                field(&mut table, 1, text.as_bytes());
            }
            let mut block = Vec::new();
            field(&mut block, 1, &table);
            field(&mut block, 2, &elements);
            block
        };
        // Messages in messages in messages, each as long as all that follow.
        let mut nested = vec![0x0a, 0];
        for _ in 0..12 {
            nested = [nested.clone(), nested].concat();
            let mut outer = Vec::new();
            field(&mut outer, 3, &nested);
            nested = outer;
        }
        let strings = |count: usize| {
            let mut block = Vec::new();
            field(&mut block, 1, &[0x0a, 0].repeat(count));
            block
        };
        let tiny = packed_file(&group(&[]), None);
        let pack = |block: &[u8]| packed_file(block, Some(block.len()));
        let bombs: [(&str, Vec<u8>, &str); 10] = [
            ("31 MB of zeros, said", pack(&vec![0; 31 << 20]), "damaged"),
            ("31 MB of nothing known", pack(&[&[0x4a, 0x80, 0x80, 0x80, 8][..], &vec![0; 1 << 24]].concat()), "none"),
            (
                "the same 40 times",
                pack(&[&[0x4a, 0x80, 0x80, 0x80, 8][..], &vec![0; 1 << 24]].concat()).repeat(40),
                "unpacked",
            ),
            ("a million and one strings", pack(&strings(1_000_001)), "elements in a block"),
            ("300,000 blocks of nothing", tiny.repeat(300_000), "blocks"),
            ("20 million nodes in a way", pack(&long(20_000_001)), "nodes"),
            ("a million nodes in a way", pack(&long(1_000_000)), "none"),
            ("900,000 ways of a name of 255", pack(&named(900_000, 255)), "none"),
            ("900,000 ways of a name of 5 MB", pack(&named(900_000, 1_700_000)), "none"),
            ("messages in messages", pack(&group(&nested)), "none"),
        ];
        for (what, file, expected) in bombs {
            let begin = std::time::Instant::now();
            let answer = import(&file, "x", &Limits::default(), None);
            let took = begin.elapsed();
            let said = answer.map_or_else(|error| error.to_string(), |_| "none".to_owned());
            println!("{what}: {} bytes, {said}, {took:?}", file.len());
            assert!(said.contains(expected), "{what}: {said}");
            assert!(took < std::time::Duration::from_secs(8), "{what}: {took:?}");
        }
    }

    #[test]
    fn the_threads_do_not_show() {
        let Some(bytes) = super::super::tests::shared("monaco.osm.pbf") else { return };
        let read = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| import(&bytes, "x", &Limits::default(), None)).unwrap()
        };
        let (one, found) = read(1);
        for threads in [2, 5] {
            let (roads, findings) = read(threads);
            assert!(roads.nodes() == one.nodes() && roads.ways() == one.ways() && roads.traffic() == one.traffic());
            assert_eq!(findings, found);
        }
        println!("{:?}", found.iter().map(|f| (&f.code, &f.args)).collect::<Vec<_>>());
        let private = one.ways().iter().filter(|way| way.access.private).count();
        let marked = one.traffic().marks.len();
        println!(
            "{private} private ways, {marked} marked nodes, {} bans, {} over ways",
            one.bans().len(),
            one.way_bans().len()
        );
        assert!(private > 100 && marked > 100);
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
