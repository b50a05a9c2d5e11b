//! The road graph as imported: nodes, ways, and the straight segments between a way's nodes.
//!
//! Nodes and ways keep their source's ids (OpenStreetMap's, or negative ones made from coordinates), so that a plan can
//! name a place on a road and find it again after another import. Everything is sorted: the same source gives the same
//! arrays.

mod admit;

use std::sync::Arc;

use petgraph::graph::DiGraph;

use super::made::Made;
use super::marks::Marks;
use super::profile::{Access, Class};
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;

/// A point of the source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// The source's id.
    pub id: i64,
    /// Where it is.
    pub point: Point,
}

/// A road or path.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// The source's id; parts of a way that was cut share it.
    pub id: i64,
    /// As the source names it, or "".
    pub name: String,
    /// English name, or "".
    pub name_en: String,
    /// Kind.
    pub class: Class,
    /// Who may use it, before closing.
    pub access: Access,
    /// Lanes, both directions together.
    pub lanes: Option<u8>,
    /// Level: 0 on the ground, positive above.
    pub layer: i8,
    /// No vehicle may pass.
    pub closed: bool,
    /// Source ids of its nodes, in order; at least two.
    pub nodes: Vec<i64>,
}

impl Way {
    /// Buses along the way and against it, closing considered.
    #[must_use]
    pub fn bus(&self) -> [bool; 2] {
        if self.closed { [false; 2] } else { self.access.bus }
    }
}

/// A straight piece of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Position in [`Roads::ways`].
    pub way: u32,
    /// Positions in [`Roads::nodes`], along the way.
    pub ends: [u32; 2],
    /// Length, centimetres.
    pub cm: u32,
}

/// A turn that is forbidden to buses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TurnBan {
    /// Coming along this way (source id)
    pub from: i64,
    /// to this node (source id)
    pub via: i64,
    /// it is forbidden to go on along this way (source id), or, if `only`, along any other.
    pub to: i64,
    /// The one turn allowed instead of one forbidden.
    pub only: bool,
}

/// A way through three or more ways that is forbidden to buses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WayBan {
    /// Coming along this way (source id)
    pub from: i64,
    /// and then along all of these, in this order, each sharing a node with the next,
    pub via: Vec<i64>,
    /// it is forbidden to go on along this way, or, if `only`, to leave the last of `via` along any other.
    pub to: i64,
    /// The one way allowed instead of one forbidden.
    pub only: bool,
}

/// What goes with the ways and nodes of a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traffic {
    /// Forbidden turns.
    pub bans: Vec<TurnBan>,
    /// Forbidden turns over ways.
    pub way_bans: Vec<WayBan>,
    /// Marks of nodes (source ids).
    pub marks: Vec<(i64, Marks)>,
}

/// A road as drawn on a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Polyline<'a> {
    /// Its name, or "".
    pub name: &'a str,
    /// Kind.
    pub class: Class,
    /// Level: 0 on the ground.
    pub layer: i8,
    /// Closed to vehicles.
    pub closed: bool,
    /// Along the way.
    pub points: Vec<Point>,
}

/// West, south, east and north ends, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl Bounds {
    /// Does it lie inside or on the edge?
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        (self.west..=self.east).contains(&point.lon) && (self.south..=self.north).contains(&point.lat)
    }
    /// The middle.
    #[must_use]
    pub fn centre(&self) -> Point {
        Point { lon: f64::midpoint(self.west, self.east), lat: f64::midpoint(self.south, self.north) }
    }
    /// The smallest box around points; `None` of none.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points.into_iter().fold(None, |bounds: Option<Self>, p| {
            let b = bounds.unwrap_or(Self { west: p.lon, south: p.lat, east: p.lon, north: p.lat });
            Some(Self {
                west: b.west.min(p.lon),
                south: b.south.min(p.lat),
                east: b.east.max(p.lon),
                north: b.north.max(p.lat),
            })
        })
    }
}

/// What an import may not exceed: a small file must not grow into gigabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Blocks of an OpenStreetMap file (each unpacks to at most 32 MB), features of a GeoJSON file.
    pub blocks: usize,
    /// Elements and strings looked at, of all kinds.
    pub elements: usize,
    /// Nodes of roads kept.
    pub nodes: usize,
}

impl Default for Limits {
    /// A province's extract (256 MB), a fifth of China's roads.
    fn default() -> Self {
        Self { bytes: 256 << 20, blocks: 200_000, elements: 200_000_000, nodes: 10_000_000 }
    }
}

/// Why roads could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RoadsError {
    /// Larger than we are willing to take.
    #[error("the road file has more than {limit} {what}; cut it to the district first")]
    TooLarge {
        /// Bytes, blocks, elements, nodes.
        what: &'static str,
        /// As many are taken.
        limit: usize,
    },
    /// Not the format, or damaged.
    #[error("the road file cannot be read ({reason}); export it again")]
    Unreadable {
        /// What the parser says.
        reason: String,
    },
}

/// Roads and paths of a project. Copies share what they have in common: one with a street closed costs next to nothing.
#[derive(Clone, Debug, Default)]
pub struct Roads {
    ways: Vec<Arc<Way>>,
    /// Of each node.
    marks: Arc<Vec<Marks>>,
    lines: Arc<Lines>,
    /// The network last made of these roads, whichever of them were closed then.
    pub(super) made: Made,
}

/// What stays as it was imported.
#[derive(Debug, Default)]
struct Lines {
    nodes: Vec<Node>,
    segments: Vec<Segment>,
    bans: Vec<TurnBan>,
    way_bans: Vec<WayBan>,
}

impl Roads {
    /// Sorts, drops nodes no way uses and ways with fewer than two known nodes, and measures the segments.
    #[must_use]
    pub fn new(nodes: Vec<Node>, ways: Vec<Way>, bans: Vec<TurnBan>) -> Self {
        Self::with(nodes, ways, Traffic { bans, ..Traffic::default() })
    }

    /// The same with all that goes with them; marks of nodes that are dropped are dropped.
    #[must_use]
    pub fn with(mut nodes: Vec<Node>, mut ways: Vec<Way>, traffic: Traffic) -> Self {
        let Traffic { mut bans, mut way_bans, marks: marked } = traffic;
        nodes.sort_by_key(|node| node.id);
        nodes.dedup_by_key(|node| node.id);
        let find = |nodes: &[Node], id: i64| nodes.binary_search_by_key(&id, |node| node.id);
        for way in &mut ways {
            way.nodes.retain(|id| find(&nodes, *id).is_ok());
            way.nodes.dedup();
        }
        ways.retain(|way| way.nodes.len() >= 2);
        ways.sort_by_key(|way| way.id);
        let mut used = vec![false; nodes.len()];
        for id in ways.iter().flat_map(|way| &way.nodes) {
            if let Ok(at) = find(&nodes, *id) {
                used[at] = true;
            }
        }
        let mut keep = used.iter();
        nodes.retain(|_| keep.next() == Some(&true));
        bans.sort_unstable();
        bans.dedup();
        way_bans.sort_unstable();
        way_bans.dedup();
        let mut marks = vec![Marks::NONE; nodes.len()];
        for (id, mark) in marked {
            if let Ok(at) = find(&nodes, id) {
                marks[at] |= mark;
            }
        }

        let mut segments = Vec::new();
        for (w, way) in ways.iter().enumerate() {
            for pair in way.nodes.windows(2) {
                if let (Ok(a), Ok(b)) = (find(&nodes, pair[0]), find(&nodes, pair[1])) {
                    let metres = nodes[a].point.metres_to(nodes[b].point);
                    segments.push(Segment { way: dense(w), ends: [dense(a), dense(b)], cm: centimetres(metres) });
                }
            }
        }
        Self {
            ways: ways.into_iter().map(Arc::new).collect(),
            marks: Arc::new(marks),
            lines: Arc::new(Lines { nodes, segments, bans, way_bans }),
            made: Made::default(),
        }
    }

    /// Nothing at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.segments.is_empty()
    }
    /// Ascending by id.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.lines.nodes
    }
    /// Ascending by id.
    #[must_use]
    pub fn ways(&self) -> &[Arc<Way>] {
        &self.ways
    }
    /// Forbidden turns.
    #[must_use]
    pub fn bans(&self) -> &[TurnBan] {
        &self.lines.bans
    }
    /// Forbidden turns over ways.
    #[must_use]
    pub fn way_bans(&self) -> &[WayBan] {
        &self.lines.way_bans
    }
    /// What the node at this position is to traffic.
    #[must_use]
    pub fn marks(&self, node: u32) -> Marks {
        self.marks.get(node as usize).copied().unwrap_or_default()
    }
    /// Are there traffic lights at the node at this position?
    #[must_use]
    pub fn is_signal(&self, node: u32) -> bool {
        self.marks(node).any(Marks::SIGNAL)
    }
    /// May a bus turn round at the node at this position?
    #[must_use]
    pub fn may_turn_round(&self, node: u32) -> bool {
        self.marks(node).any(Marks::TURN_ROUND)
    }
    /// Is the node at this position shut to vehicles (a bollard, a gate we are not let through)?
    #[must_use]
    pub fn shut(&self, node: u32) -> bool {
        self.marks(node).any(Marks::SHUT | Marks::PRIVATE)
    }
    /// All that goes with the ways and nodes, to make other roads from these.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        let marked = self.lines.nodes.iter().zip(&*self.marks).filter(|(_, marks)| **marks != Marks::NONE);
        Traffic {
            bans: self.lines.bans.clone(),
            way_bans: self.lines.way_bans.clone(),
            marks: marked.map(|(node, marks)| (node.id, *marks)).collect(),
        }
    }
    /// Way by way, in its direction.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.lines.segments
    }
    /// The node of the source with this id.
    #[must_use]
    pub fn node(&self, id: i64) -> Option<&Node> {
        self.lines.nodes.binary_search_by_key(&id, |node| node.id).ok().map(|at| &self.lines.nodes[at])
    }

    /// Closes a way of the source to vehicles; how many parts of it there were (0: there is none).
    pub fn close(&mut self, way: i64) -> usize {
        let mut parts = 0;
        // They are sorted.
        let first = self.ways.partition_point(|part| part.id < way);
        for part in self.ways[first..].iter_mut().take_while(|part| part.id == way) {
            Arc::make_mut(part).closed = true;
            parts += 1;
        }
        parts
    }

    /// The box around everything.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::around(self.lines.nodes.iter().map(|node| node.point))
    }

    /// Every way as a line to draw, ascending by id.
    pub fn polylines(&self) -> impl Iterator<Item = Polyline<'_>> {
        self.ways.iter().map(|way| Polyline {
            name: &way.name,
            class: way.class,
            layer: way.layer,
            closed: way.closed,
            points: way.nodes.iter().filter_map(|id| self.node(*id)).map(|node| node.point).collect(),
        })
    }

    /// What a bus may drive, as a graph: nodes carry the source's id, edges the segment (a position in
    /// [`Roads::segments`]) and whether it is driven against its way.
    #[must_use]
    pub fn graph(&self) -> DiGraph<i64, (u32, bool)> {
        let mut graph = DiGraph::with_capacity(self.lines.nodes.len(), self.lines.segments.len() * 2);
        for node in &self.lines.nodes {
            graph.add_node(node.id);
        }
        for (at, segment) in self.lines.segments.iter().enumerate() {
            let bus = self.ways[segment.way as usize].bus();
            let [a, b] = segment.ends;
            if bus[0] {
                graph.add_edge(a.into(), b.into(), (dense(at), false));
            }
            if bus[1] {
                graph.add_edge(b.into(), a.into(), (dense(at), true));
            }
        }
        graph
    }

    /// Connected part of each node (walking and driving, directions left aside); parts are numbered by their first node.
    pub(super) fn parts(&self) -> Vec<u32> {
        let mut parent: Vec<u32> = (0..dense(self.lines.nodes.len())).collect();
        for segment in &self.lines.segments {
            let way = &self.ways[segment.way as usize];
            if way.access.foot || way.bus() != [false; 2] {
                let [a, b] = segment.ends.map(|end| root(&mut parent, end));
                parent[a.max(b) as usize] = a.min(b);
            }
        }
        (0..dense(self.lines.nodes.len())).map(|node| root(&mut parent, node)).collect()
    }

    /// What the source is, in figures, and what is odd about the whole of it.
    pub(super) fn findings(&self, file: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        if !self.ways.iter().any(|way| way.bus() != [false; 2]) {
            findings.push(Finding::error("roads-none-for-buses").file(file));
        }
        findings
    }
}

/// The first node of a part, paths halved on the way.
fn root(parent: &mut [u32], mut at: u32) -> u32 {
    while parent[at as usize] != at {
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}

/// A position as a dense number; imports are limited to far fewer than 2^32.
pub(super) fn dense(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Metres to whole centimetres, rounded.
pub(super) fn centimetres(metres: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float saturates when cast")]
    let cm = (metres * 100.0).round() as u32;
    cm
}
