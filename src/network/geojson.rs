//! Roads drawn by hand: `roads.geojson`, LineStrings with OpenStreetMap's own keys. Alone, or laid over an extract.
//!
//! Vertices are rounded to 1e-7 degrees (a centimetre); equal ones are one node, so lines meet where they share a
//! vertex and nowhere else. A vertex within 2 m of a node of the extract becomes that node. Nodes and ways without an id
//! get a negative one made from their coordinates: it stays when other features come and go. Ids stay within 53 bits,
//! for readers of JSON that know only floats.

mod changes;

use std::collections::{BTreeMap, BTreeSet};

use rstar::RTree;
use rstar::primitives::GeomWithData;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::profile::{self, Doubts, Rules};
use super::roads::{Limits, Node, Roads, RoadsError, Way, dense};
use super::snap::Snapper;
use crate::domain::coordinates::{CoordinateSystem, Local, Point};
use crate::domain::finding::Finding;
use changes::Change;

/// A vertex this near to a node of the extract is that node.
const JOIN_M: f64 = 2.0;
/// Most characters of a way's number that is none a finding repeats.
const SAID: usize = 40;
/// More findings of one kind are summed up.
const MOST_FINDINGS: usize = 100;

#[derive(Deserialize)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    geometry: Value,
    #[serde(default)]
    properties: Value,
}

/// Reads a file of roads. `file` is its name in findings; its features are numbered from 1 as rows.
///
/// # Errors
/// When it is larger than the limits or no GeoJSON FeatureCollection. Flaws of single features are findings.
pub fn import(
    bytes: &[u8],
    file: &str,
    system: CoordinateSystem,
    limits: &Limits,
) -> Result<(Roads, Vec<Finding>), RoadsError> {
    let mut roads = Roads::default();
    let findings = merge(&mut roads, bytes, file, system, limits)?;
    Ok((roads, findings))
}

/// The same for this bus.
///
/// # Errors
/// As [`import`].
pub fn import_for(
    rules: &Rules,
    bytes: &[u8],
    file: &str,
    system: CoordinateSystem,
    limits: &Limits,
) -> Result<(Roads, Vec<Finding>), RoadsError> {
    let mut roads = Roads::default();
    let findings = merge_for(rules, &mut roads, bytes, file, system, limits)?;
    Ok((roads, findings))
}

/// Lays a file of roads over an extract, for the usual bus: see [`merge_for`].
///
/// # Errors
/// As [`import`]; the roads are unchanged then.
pub fn merge(
    roads: &mut Roads,
    bytes: &[u8],
    file: &str,
    system: CoordinateSystem,
    limits: &Limits,
) -> Result<Vec<Finding>, RoadsError> {
    merge_for(&Rules::default(), roads, bytes, file, system, limits)
}

/// Lays a file of roads over an extract: adds its lines, and changes the ways that its features name (`ref_way`) as they
/// say: `closed`, `maxspeed` (taken as it is, also where it is faster than the kind of road), `bus`, `motor_vehicle`, `access`,
/// `foot`, `wheelchair`, `oneway`. Such a feature needs no geometry, and adds no line.
///
/// # Errors
/// As [`import`]; the roads are unchanged then.
pub fn merge_for(
    rules: &Rules,
    roads: &mut Roads,
    bytes: &[u8],
    file: &str,
    system: CoordinateSystem,
    limits: &Limits,
) -> Result<Vec<Finding>, RoadsError> {
    if bytes.len() > limits.bytes {
        return Err(RoadsError::TooLarge { what: "bytes", limit: limits.bytes });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let parsed: File =
        serde_json::from_slice(bytes).map_err(|error| RoadsError::Unreadable { reason: error.to_string() })?;
    if parsed.kind != "FeatureCollection" {
        return Err(RoadsError::Unreadable { reason: "it is no FeatureCollection".to_owned() });
    }
    if parsed.features.len() > limits.blocks {
        return Err(RoadsError::TooLarge { what: "features", limit: limits.blocks });
    }

    let mut odd = Odd { file, found: Vec::new(), counts: BTreeMap::new() };
    let mut naming = Naming::new(roads);
    let mut ways = Vec::new();
    let mut changes: Vec<(i64, Change)> = Vec::new();
    let mut doubts = Doubts::default();
    let mut rows: Vec<(i64, u32)> = Vec::new();
    for (at, feature) in parsed.features.iter().enumerate() {
        let row = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let empty = Map::new();
        let properties = feature.properties.as_object().unwrap_or(&empty);
        let tags: BTreeMap<&str, String> =
            properties.iter().filter_map(|(key, value)| Some((key.as_str(), text(value)?))).collect();
        let tag = |key: &str| tags.get(key).map(String::as_str);
        let shut = matches!(tag("closed"), Some("yes" | "true" | "1"));
        if let Some(named) = properties.get("ref_way").filter(|named| !named.is_null()) {
            let change = Change::read(&tag);
            let known = number(named).filter(|way| roads.ways().binary_search_by_key(way, |way| way.id).is_ok());
            let draws = tag("highway").is_some() && lines(&feature.geometry).is_some();
            match known {
                Some(way) if change.says_something() => changes.push((way, change)),
                // A road of its own that only says where it belongs.
                _ if draws && !change.says_something() => {}
                Some(way) => odd.note(Finding::warning("roads-change-says-nothing").arg("way", way.to_string()), row),
                None => {
                    let said = || tag("ref_way").unwrap_or("-").chars().take(SAID).collect();
                    let way: String = number(named).map_or_else(said, |way| way.to_string());
                    let finding = if change.closes() {
                        Finding::warning("roads-closes-nothing")
                    } else {
                        Finding::warning("roads-changes-nothing")
                    };
                    odd.note(finding.arg("way", way), row);
                }
            }
            if let Some(speed) = tag("maxspeed").filter(|speed| profile::kmh(speed).is_none()) {
                doubts.unclear("maxspeed", speed);
            }
            if !draws || change.says_something() {
                continue;
            }
        }
        let Some(lines) = lines(&feature.geometry) else {
            odd.note(Finding::warning("roads-not-a-line"), row);
            continue;
        };
        let Some(highway) = tag("highway") else {
            odd.note(Finding::warning("roads-no-highway").column("highway"), row);
            continue;
        };
        let Some((class, access)) = profile::resolve(&tag, rules, &mut doubts) else {
            odd.note(Finding::warning("roads-unknown-highway").column("highway").arg("value", highway), row);
            continue;
        };
        let own =
            number(&feature.id).or_else(|| ["id", "@id", "osm_id"].iter().find_map(|k| number(properties.get(*k)?)));
        for line in lines {
            let Some(points) = line.iter().map(|at| checked(at, system)).collect::<Option<Vec<Point>>>() else {
                odd.note(Finding::warning("roads-off-the-earth"), row);
                continue;
            };
            let mut vertices: Vec<i64> = points.iter().map(|point| naming.node(*point)).collect();
            vertices.dedup();
            if vertices.len() < 2 {
                odd.note(Finding::warning("roads-too-short"), row);
                continue;
            }
            if naming.nodes.len() > limits.nodes {
                return Err(RoadsError::TooLarge { what: "nodes", limit: limits.nodes });
            }
            let id = own.unwrap_or_else(|| naming.way(&points));
            rows.push((id, row));
            ways.push(Way {
                id,
                name: tag("name").unwrap_or_default().to_owned(),
                name_en: tag("name:en").or_else(|| tag("name_en")).unwrap_or_default().to_owned(),
                class,
                access,
                lanes: tag("lanes").and_then(|lanes| lanes.parse().ok()),
                layer: tag("layer").and_then(|layer| layer.parse().ok()).unwrap_or_default(),
                closed: shut,
                nodes: vertices,
            });
        }
    }

    let nodes = roads.nodes().iter().copied().chain(naming.nodes).collect();
    ways.splice(0..0, roads.ways().iter().map(|way| Way::clone(way)));
    let mut traffic = roads.traffic();
    changes::apply(&changes, &mut ways, &mut traffic);
    *roads = Roads::with(nodes, ways, traffic);
    apart(roads, &rows, &mut odd);
    loose_ends(roads, &rows, &mut odd);
    let mut findings = odd.all();
    findings.extend(doubts.findings(file));
    findings.extend(roads.findings(file));
    Ok(findings)
}

/// Says which features hang on nothing: the first of each part but the largest.
fn apart(roads: &Roads, rows: &[(i64, u32)], odd: &mut Odd<'_>) {
    let parts = roads.parts();
    let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
    let mut part_of_way: BTreeMap<i64, u32> = BTreeMap::new();
    for segment in roads.segments() {
        let way = &roads.ways()[segment.way as usize];
        let part = parts[segment.ends[0] as usize];
        *sizes.entry(part).or_default() += u64::from(segment.cm);
        if !way.closed && !way.access.nobody() {
            part_of_way.entry(way.id).or_insert(part);
        }
    }
    let main = sizes.iter().max_by_key(|(part, cm)| (**cm, std::cmp::Reverse(**part))).map(|(part, _)| *part);
    let mut said = BTreeSet::new();
    for (way, row) in rows {
        if let Some(part) = part_of_way.get(way)
            && Some(*part) != main
            && said.insert(*part)
        {
            let metres = (sizes[part] as f64 / 100.0).round();
            odd.note(Finding::warning("roads-apart").arg("metres", metres), *row);
        }
    }
}

/// Says which lines end on another without sharing a vertex with it: looks like a junction, is none.
fn loose_ends(roads: &Roads, rows: &[(i64, u32)], odd: &mut Odd<'_>) {
    let Some(bounds) = roads.bounds() else { return };
    let segments = roads.segments();
    let mut degree = vec![0_u32; roads.nodes().len()];
    for end in segments.iter().flat_map(|segment| segment.ends) {
        degree[end as usize] += 1;
    }
    let ends = |at: usize| segments[at].ends.map(|end| roads.nodes()[end as usize].point);
    let snapper = Snapper::new(Local::new(bounds.centre()), (0..segments.len()).map(|at| (dense(at), ends(at))));
    let row_of: BTreeMap<i64, u32> = rows.iter().rev().copied().collect();
    for segment in segments {
        let way = &roads.ways()[segment.way as usize];
        let Some(row) = row_of.get(&way.id) else { continue };
        for end in segment.ends.into_iter().filter(|end| degree[*end as usize] == 1) {
            let touched = snapper.nearest(roads.nodes()[end as usize].point, JOIN_M, |snap| {
                let other = &segments[snap.segment as usize];
                other.ends != segment.ends && roads.ways()[other.way as usize].layer == way.layer
            });
            if let Some(touched) = touched {
                let road = &roads.ways()[segments[touched.segment as usize].way as usize];
                let name = if road.name.is_empty() { road.id.to_string() } else { road.name.clone() };
                odd.note(Finding::warning("roads-loose-end").arg("road", name), *row);
            }
        }
    }
}

/// Findings, not too many of a kind.
struct Odd<'a> {
    file: &'a str,
    found: Vec<Finding>,
    counts: BTreeMap<String, usize>,
}

impl Odd<'_> {
    fn note(&mut self, finding: Finding, row: u32) {
        let count = self.counts.entry(finding.code.clone()).or_default();
        *count += 1;
        if *count <= MOST_FINDINGS {
            self.found.push(finding.file(self.file).row(row));
        }
    }
    fn all(mut self) -> Vec<Finding> {
        let more: usize = self.counts.values().map(|count| count.saturating_sub(MOST_FINDINGS)).sum();
        if more > 0 {
            self.found.push(Finding::warning("roads-more-findings").file(self.file).arg("count", more));
        }
        self.found
    }
}

/// A node of the extract, in local metres.
type Placed = GeomWithData<[f64; 2], i64>;

/// Gives ids to vertices and ways.
struct Naming {
    /// Ids in use.
    taken: BTreeSet<i64>,
    ways_taken: BTreeSet<i64>,
    /// Rounded position -> id.
    at: BTreeMap<(i32, i32), i64>,
    /// The extract's nodes, in local metres.
    extract: Option<(Local, RTree<Placed>)>,
    /// New nodes.
    nodes: Vec<Node>,
}

impl Naming {
    fn new(roads: &Roads) -> Self {
        let extract = roads.bounds().map(|bounds| {
            let local = Local::new(bounds.centre());
            let points = roads.nodes().iter().map(|node| GeomWithData::new(local.project(node.point), node.id));
            (local, RTree::bulk_load(points.collect()))
        });
        let mut at = BTreeMap::new();
        for node in roads.nodes() {
            at.entry(rounded(node.point)).or_insert(node.id);
        }
        Self {
            taken: roads.nodes().iter().map(|node| node.id).collect(),
            ways_taken: roads.ways().iter().map(|way| way.id).collect(),
            at,
            extract,
            nodes: Vec::new(),
        }
    }

    fn node(&mut self, point: Point) -> i64 {
        let key = rounded(point);
        if let Some(id) = self.at.get(&key) {
            return *id;
        }
        if let Some((local, tree)) = &self.extract {
            let at = local.project(point);
            let near = tree.nearest_neighbor_iter_with_distance_2(&at).take_while(|(_, d2)| *d2 <= JOIN_M * JOIN_M);
            // The nearest; of equals, the lowest id.
            let nearest = near.min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.data.cmp(&b.0.data)));
            if let Some((node, _)) = nearest {
                self.at.insert(key, node.data);
                return node.data;
            }
        }
        let id = free(&mut self.taken, mixed(&[key]));
        self.at.insert(key, id);
        self.nodes.push(Node { id, point: Point { lon: f64::from(key.0) / 1e7, lat: f64::from(key.1) / 1e7 } });
        id
    }

    /// From its two ends, in order.
    fn way(&mut self, points: &[Point]) -> i64 {
        let ends: Vec<_> = points.first().into_iter().chain(points.last()).map(|point| rounded(*point)).collect();
        free(&mut self.ways_taken, mixed(&ends))
    }
}

/// In units of 1e-7 degrees; fits, as degrees are within 180.
fn rounded(point: Point) -> (i32, i32) {
    #[expect(clippy::cast_possible_truncation, reason = "180 degrees are 1.8e9 units, below 2^31")]
    let unit = |degrees: f64| (degrees * 1e7).round() as i32;
    (unit(point.lon), unit(point.lat))
}

/// A negative number of 52 bits from positions (the mixer of SplitMix64).
fn mixed(positions: &[(i32, i32)]) -> i64 {
    let mut hash = 0_u64;
    for (lon, lat) in positions {
        hash ^= u64::from(lon.cast_unsigned()) << 32 | u64::from(lat.cast_unsigned());
        hash = crate::search::Random::new(hash).next_u64();
    }
    -((hash >> 12).cast_signed()) - 1
}

/// This id, or the next one free below it.
fn free(taken: &mut BTreeSet<i64>, mut id: i64) -> i64 {
    while !taken.insert(id) {
        id -= 1;
    }
    id
}

/// A property as OpenStreetMap writes it: `true` is "yes".
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// 123, "123", "way/123".
fn number(value: &Value) -> Option<i64> {
    let safe = |id: &i64| id.unsigned_abs() < 1 << 53;
    match value {
        Value::Number(number) => number.as_i64().filter(safe),
        Value::String(text) => text.trim().trim_start_matches("way/").parse().ok().filter(safe),
        _ => None,
    }
}

/// The lines of a LineString or MultiLineString.
fn lines(geometry: &Value) -> Option<Vec<&[Value]>> {
    let coordinates = geometry.get("coordinates")?.as_array()?;
    match geometry.get("type")?.as_str()? {
        "LineString" => Some(vec![coordinates]),
        "MultiLineString" => coordinates.iter().map(|line| line.as_array().map(Vec::as_slice)).collect(),
        _ => None,
    }
}

/// `[lon, lat, …]` on the Earth, in WGS-84.
fn checked(position: &Value, system: CoordinateSystem) -> Option<Point> {
    let position = position.as_array()?;
    let (lon, lat) = (position.first()?.as_f64()?, position.get(1)?.as_f64()?);
    let good = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
    good.then(|| system.to_wgs84(Point { lon, lat }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(features: &str) -> (Roads, Vec<Finding>) {
        let text = format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#);
        import(text.as_bytes(), "roads.geojson", CoordinateSystem::Wgs84, &Limits::default()).unwrap()
    }

    fn line(coordinates: &str, properties: &str) -> String {
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"LineString","coordinates":{coordinates}}},"properties":{{{properties}}}}}"#
        )
    }

    fn codes(findings: &[Finding]) -> Vec<(&str, Option<u32>)> {
        findings.iter().map(|finding| (finding.code.as_str(), finding.row)).collect()
    }

    #[test]
    fn shared_vertices_are_junctions() {
        let (roads, findings) = read(
            &[
                line(
                    "[[121.45,31.27],[121.451,31.27],[121.452,31.27]]",
                    r#""highway":"primary","name":"灵石路","id":7"#,
                ),
                line(
                    "[[121.45100000001,31.27],[121.451,31.271]]",
                    r#""highway":"residential","oneway":true,"maxspeed":20"#,
                ),
            ]
            .join(","),
        );
        assert_eq!(codes(&findings), []);
        assert_eq!((roads.nodes().len(), roads.ways().len(), roads.segments().len()), (4, 2, 3));
        let named = roads.ways().iter().find(|way| way.id == 7).unwrap();
        assert_eq!((named.name.as_str(), named.access.kmh), ("灵石路", 40));
        let other = roads.ways().iter().find(|way| way.id != 7).unwrap();
        assert!(other.id < 0 && other.access.bus == [true, false] && other.access.kmh == 20);
        // 0.001 degrees of latitude: 6,371,008.8 m x pi / 180,000 = 111.1951 m.
        let north = roads.segments().iter().find(|s| roads.ways()[s.way as usize].id < 0).unwrap();
        assert_eq!(north.cm, 11_120);
    }

    #[test]
    fn ids_stay_when_features_come_and_go() {
        let a = line("[[121.45,31.27],[121.451,31.27]]", r#""highway":"primary""#);
        let b = line("[[121.451,31.27],[121.451,31.271]]", r#""highway":"primary""#);
        let (alone, _) = read(&a);
        let (both, _) = read(&format!("{b},{a}"));
        assert_eq!(both.ways().iter().filter(|way| **way == alone.ways()[0]).count(), 1);
    }

    #[test]
    fn what_is_odd_is_said_with_its_number() {
        let good = line("[[121.45,31.27],[121.46,31.27]]", r#""highway":"primary""#);
        let (roads, findings) = read(&[
            good,
            line("[[121.45,31.27],[121.451,31.271]]", r#""name":"x""#),
            line("[[121.45,31.27]]", r#""highway":"primary""#),
            line("[[121.45,31.27],[121.45,31.27]]", r#""highway":"primary""#),
            line("[[121.45,31.27],[31.27,121.45]]", r#""highway":"primary""#),
            line("[[121.45,31.27],[null,31.28]]", r#""highway":"primary""#),
            line("[[121.45,31.27],[121.46,31.28]]", r#""highway":"主干道""#),
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[121.45,31.27]},"properties":{"highway":"primary"}}"#
                .to_owned(),
            line("[[121.55,31.27],[121.551,31.27]]", r#""highway":"primary""#),
            r#"{"type":"Feature","geometry":null,"properties":{"closed":true,"ref_way":99}}"#.to_owned(),
            r#"{"type":"Feature"}"#.to_owned(),
        ]
        .join(","));
        assert_eq!(roads.ways().len(), 2);
        assert_eq!(
            codes(&findings),
            [
                ("roads-no-highway", Some(2)),
                ("roads-too-short", Some(3)),
                ("roads-too-short", Some(4)),
                ("roads-off-the-earth", Some(5)),
                ("roads-off-the-earth", Some(6)),
                ("roads-unknown-highway", Some(7)),
                ("roads-not-a-line", Some(8)),
                ("roads-closes-nothing", Some(10)),
                ("roads-not-a-line", Some(11)),
                ("roads-apart", Some(9)),
            ]
        );
    }

    #[test]
    fn an_overlay_joins_and_closes() {
        let (mut roads, _) = read(
            &[
                line("[[121.45,31.27],[121.451,31.27]]", r#""highway":"primary","id":1"#),
                line("[[121.451,31.27],[121.452,31.27]]", r#""highway":"primary","id":2"#),
            ]
            .join(","),
        );
        // 1e-5 degrees of latitude are 1.1 m: joined; 3e-5 are 3.3 m: apart.
        let overlay = format!(
            r#"{{"type":"FeatureCollection","features":[{},{},{}]}}"#,
            line("[[121.451,31.27001],[121.451,31.271]]", r#""highway":"residential""#),
            line("[[121.452,31.27003],[121.452,31.271]]", r#""highway":"residential""#),
            r#"{"type":"Feature","geometry":null,"properties":{"closed":true,"ref_way":"way/2"}}"#,
        );
        let findings =
            merge(&mut roads, overlay.as_bytes(), "roads.geojson", CoordinateSystem::Wgs84, &Limits::default())
                .unwrap();
        assert_eq!(codes(&findings), [("roads-apart", Some(2))]);
        assert_eq!(roads.nodes().len(), 3 + 1 + 2);
        let closed: Vec<(i64, bool)> =
            roads.ways().iter().map(|way| (way.id, way.closed)).filter(|w| w.0 > 0).collect();
        assert_eq!(closed, [(1, false), (2, true)]);
        assert!(roads.ways().iter().all(|way| way.access.foot));
    }

    #[test]
    fn an_overlay_changes_what_is_there() {
        let (base, _) = read(
            &[
                line("[[121.45,31.27],[121.451,31.27]]", r#""highway":"primary","id":1"#),
                line(
                    "[[121.451,31.27],[121.452,31.27]]",
                    r#""highway":"service","access":"private","oneway":"yes","id":2"#,
                ),
                line("[[121.452,31.27],[121.453,31.27]]", r#""highway":"primary","closed":true,"id":3"#),
                line("[[121.453,31.27],[121.454,31.27]]", r#""highway":"pedestrian","id":4"#),
            ]
            .join(","),
        );
        let changed = |features: &[&str]| {
            let mut roads = base.clone();
            let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
            let found = merge(&mut roads, text.as_bytes(), "f", CoordinateSystem::Wgs84, &Limits::default()).unwrap();
            let found: Vec<String> = found.into_iter().map(|finding| finding.code).collect();
            (roads, found)
        };
        let change = |words: &str| format!(r#"{{"type":"Feature","geometry":null,"properties":{{{words}}}}}"#);
        let buses = |roads: &Roads| roads.ways().iter().map(|way| way.bus()).collect::<Vec<_>>();
        assert_eq!(buses(&base), [[true; 2], [false; 2], [false; 2], [false; 2]]);
        // A speed, with and without a line.
        let (roads, found) = changed(&[&change(r#""ref_way":1,"maxspeed":25"#)]);
        assert_eq!((roads.ways()[0].access.kmh, roads.ways().len(), found.len()), (25, 4, 0));
        let drawn = line("[[121.45,31.27],[121.451,31.27]]", r#""ref_way":"way/1","maxspeed":"60 km/h""#);
        let (roads, found) = changed(&[&drawn]);
        assert_eq!((roads.ways()[0].access.kmh, roads.ways().len(), found.len()), (60, 4, 0));
        // Opened: the private one in its direction, the closed one, the pedestrian street both ways.
        for words in [r#""access":"yes""#, r#""bus":true"#, r#""motor_vehicle":"yes""#] {
            let open: Vec<String> =
                [2, 3, 4].iter().map(|way| change(&format!(r#""ref_way":{way},{words}"#))).collect();
            let (roads, found) = changed(&open.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(buses(&roads), [[true; 2], [true, false], [true; 2], [true; 2]], "{words}");
            assert!(found.is_empty() && !roads.ways()[1].access.private, "{words}");
            assert_eq!(roads.ways()[1].access.foot, words.contains("access"), "{words}");
        }
        // Shut, turned, reopened; closing still leaves it to walkers.
        let (roads, found) =
            changed(&[&change(r#""ref_way":1,"bus":"no""#), &change(r#""ref_way":3,"closed":false,"oneway":"-1""#)]);
        assert_eq!((buses(&roads), found.len()), (vec![[false; 2], [false; 2], [false, true], [false; 2]], 0));
        let (roads, _) = changed(&[&change(r#""ref_way":1,"closed":true"#)]);
        assert!(roads.ways()[0].closed && roads.ways()[0].access.foot);
        // What cannot be done is said.
        let (roads, found) = changed(&[
            &change(r#""ref_way":99,"maxspeed":30"#),
            &change(r#""ref_way":"x","closed":true"#),
            &change(r#""ref_way":1"#),
            &change(r#""ref_way":1,"maxspeed":"fast""#),
        ]);
        assert_eq!(
            found,
            [
                "roads-changes-nothing",
                "roads-closes-nothing",
                "roads-change-says-nothing",
                "roads-change-says-nothing",
                "roads-limit-unclear",
            ]
        );
        assert_eq!(roads.ways(), base.ways());
        // A road of a campus that only says where it belongs is a road.
        let (roads, found) =
            changed(&[&line("[[121.45,31.27],[121.45,31.271]]", r#""highway":"service","ref_way":1"#)]);
        assert_eq!((roads.ways().len(), found.len()), (5, 0));
    }

    #[test]
    fn an_end_on_a_line_is_no_junction_and_said_so() {
        let (_, findings) = read(
            &[
                line("[[121.45,31.27],[121.452,31.27]]", r#""highway":"primary","name":"灵石路""#),
                // Ends on the middle of the first; on a bridge it would be above it.
                line(
                    "[[121.451,31.27],[121.451,31.272],[121.452,31.272],[121.452,31.27]]",
                    r#""highway":"residential""#,
                ),
                line("[[121.4515,31.27],[121.452,31.272]]", r#""highway":"residential","layer":1"#),
            ]
            .join(","),
        );
        assert_eq!(codes(&findings), [("roads-loose-end", Some(2))]);
        assert_eq!(findings[0].args["road"], "灵石路".into());
    }

    #[test]
    fn chinese_coordinates_are_brought_home() {
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{}]}}"#,
            line("[[121.531541859215,31.17530398364597],[121.54,31.18]]", r#""highway":"primary""#)
        );
        let (roads, _) = import(text.as_bytes(), "roads.geojson", CoordinateSystem::Gcj02, &Limits::default()).unwrap();
        let there = Point { lon: 121.527_210_6, lat: 31.177_427_6 };
        assert!(roads.nodes().iter().any(|node| node.point.metres_to(there) < 1.0));
    }

    #[test]
    fn too_large_or_no_geojson_is_an_error() {
        let small = Limits { bytes: 10, ..Limits::default() };
        let read = |bytes: &[u8], limits: &Limits| import(bytes, "f", CoordinateSystem::Wgs84, limits).unwrap_err();
        assert!(matches!(read(b"{\"type\":\"FeatureCollection\"}", &small), RoadsError::TooLarge { .. }));
        for text in ["", "[]", "{}", r#"{"type":"Feature"}"#, "\u{0}", r#"{"type":"FeatureCollection","features":3}"#] {
            assert!(matches!(read(text.as_bytes(), &Limits::default()), RoadsError::Unreadable { .. }), "{text}");
        }
    }
}
