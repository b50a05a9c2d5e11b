//! How far is it on foot? Over nodes, both ways along every path, in whole centimetres; by Dijkstra's algorithm as far as
//! somebody walks, by an index where all the city is asked for. With or without steps.
//!
//! Kept are the largest connected part and others that are large (a far bank whose bridges carry no walkers); small
//! islands are mistakes of the map. Sums of integers do not depend on their order: there and back are the same.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::index::{self, Metric, Seed, Topology, Weight, dissection};
use super::roads::{Roads, Segment, dense};

/// A part with so much of paths (5 km), or a twentieth of the largest, is large.
const LARGE_CM: u64 = 500_000;

/// A place on a segment that is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// Position in the segments of the roads.
    pub(super) segment: u32,
    /// From its first end.
    pub(super) cm: u32,
    /// From the point to the path.
    pub(super) snap_cm: u32,
}

impl Spot {
    /// On no path: from here there is no way.
    pub(super) const NOWHERE: Self = Self { segment: u32::MAX, cm: 0, snap_cm: 0 };
}

/// Who walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Anybody.
    Steps,
    /// Nobody who cannot take steps.
    StepFree,
}

/// A segment that is walked and in a large part.
#[derive(Clone, Copy, Debug)]
struct Walked {
    ends: [u32; 2],
    cm: u32,
    step_free: bool,
}

/// The walking graph, frozen.
#[derive(Debug, Default)]
pub(super) struct Walking {
    /// Of each segment of the roads.
    segments: Vec<Option<Walked>>,
    /// Links of node n: `links[starts[n]..starts[n + 1]]`: neighbour, length, without steps.
    starts: Vec<u32>,
    links: Vec<(u32, u32, bool)>,
    /// Where the nodes are, decimetres.
    at: Vec<[i32; 2]>,
    topology: OnceLock<Topology>,
    metrics: [OnceLock<Metric<u32>>; 2],
}

/// Nobody walks farther, centimetres: what the index can hold.
const FARTHEST_CM: u64 = <u32 as Weight>::FAR as u64 - 1;
/// From so many sources on, the index is made for ways without a limit: about what it costs in searches.
const MANY: usize = 100;

impl Walking {
    pub(super) fn new(roads: &Roads) -> Self {
        let nodes = roads.nodes().len();
        let way = |segment: &Segment| &roads.ways()[segment.way as usize];
        let walked = large(roads, |segment| way(segment).access.foot);
        // A footbridge that is reached by steps only is no way for who takes none.
        let level = large(roads, |segment| way(segment).access.foot && way(segment).access.wheelchair);
        let mut segments = vec![None; roads.segments().len()];
        let mut starts = vec![0_u32; nodes + 1];
        for (at, segment) in roads.segments().iter().enumerate().filter(|(at, _)| walked[*at]) {
            segments[at] = Some(Walked { ends: segment.ends, cm: segment.cm, step_free: level[at] });
            for end in segment.ends {
                starts[end as usize + 1] += 1;
            }
        }
        for node in 1..starts.len() {
            starts[node] += starts[node - 1];
        }
        let mut fill = starts.clone();
        let mut links = vec![(0, 0, false); *starts.last().unwrap_or(&0) as usize];
        for Walked { ends: [a, b], cm, step_free } in segments.iter().flatten() {
            for (from, to) in [(*a, *b), (*b, *a)] {
                links[fill[from as usize] as usize] = (to, *cm, *step_free);
                fill[from as usize] += 1;
            }
        }
        let local = super::local(roads);
        #[expect(clippy::cast_possible_truncation, reason = "a float saturates when cast; decimetres of the Earth fit")]
        let at =
            roads.nodes().iter().map(|node| local.project(node.point).map(|metres| (metres * 10.0) as i32)).collect();
        Self { segments, starts, links, at, ..Self::default() }
    }

    /// Is this segment walked by who takes no steps (and in a large part of what they walk)?
    pub(super) fn is_level(&self, segment: u32) -> bool {
        self.segment(segment).is_some_and(|walked| walked.step_free)
    }

    /// Is this segment walked (and in a large part)?
    pub(super) fn has(&self, segment: u32) -> bool {
        self.segment(segment).is_some()
    }

    fn segment(&self, segment: u32) -> Option<Walked> {
        *self.segments.get(segment as usize)?
    }

    /// How many segments are walked.
    pub(super) fn size(&self) -> usize {
        self.segments.iter().flatten().count()
    }

    /// Ends of a spot's segment and how far they are from the spot (the snap not counted).
    fn ends(&self, spot: Spot, pace: Pace) -> Option<[(u32, u64); 2]> {
        let Walked { ends: [a, b], cm, step_free } = self.segment(spot.segment)?;
        let here = spot.cm.min(cm);
        (step_free || pace == Pace::Steps).then(|| [(a, u64::from(here)), (b, u64::from(cm - here))])
    }

    /// Links of a node for this pace: neighbours and lengths.
    fn links(&self, node: u32, pace: Pace) -> impl Iterator<Item = (u32, u32)> {
        let links = &self.links[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize];
        links.iter().filter(move |link| link.2 || pace == Pace::Steps).map(|(to, cm, _)| (*to, *cm))
    }

    /// Along one segment, snaps counted.
    fn direct(&self, from: Spot, to: Spot, pace: Pace) -> Option<u64> {
        (from.segment == to.segment && self.ends(from, pace).is_some())
            .then(|| u64::from(from.snap_cm) + u64::from(from.cm.abs_diff(to.cm)) + u64::from(to.snap_cm))
    }

    /// Centimetres from each spot to each, snaps counted; `None` where it is farther than the limit.
    pub(super) fn table(&self, from: &[Spot], to: &[Spot], limit_cm: u64, pace: Pace) -> Vec<Vec<Option<u64>>> {
        let limit = limit_cm.min(FARTHEST_CM);
        if limit == FARTHEST_CM && (from.len() >= MANY || self.topology.get().is_some()) {
            return self.indexed(from, to, pace);
        }
        let row = |walker: &mut Walker, from: &Spot| {
            walker.walk(self, *from, limit, pace);
            to.iter()
                .map(|to| {
                    let ends = self.ends(*to, pace).into_iter().flatten();
                    let round = ends.map(|(node, cm)| walker.cm(node).saturating_add(cm + u64::from(to.snap_cm)));
                    round.chain(self.direct(*from, *to, pace)).min().filter(|cm| *cm <= limit)
                })
                .collect()
        };
        from.par_iter().map_init(Walker::default, row).collect()
    }

    /// The index, made if it is not there. Nobody waits for another to make it: who waits within parallel work may be the one
    /// who is waited for.
    fn topology(&self) -> &Topology {
        if self.topology.get().is_none() {
            let links = |node: u32| self.links(node, Pace::Steps).map(move |(to, _)| (node, to));
            let arcs: Vec<(u32, u32)> = (0..dense(self.at.len())).flat_map(links).collect();
            let _ = self.topology.set(Topology::new(&dissection::of_nodes(&self.at, &arcs), &arcs));
        }
        self.topology.get_or_init(Topology::default)
    }

    /// Its lengths for this pace, too.
    pub(super) fn metric(&self, pace: Pace) -> &Metric<u32> {
        let topology = self.topology();
        self.metrics[usize::from(pace == Pace::StepFree)].get_or_init(|| {
            let open = |link: &(u32, u32, bool)| link.2 || pace == Pace::Steps;
            let cm = self.links.iter().map(|link| if open(link) { link.1.min(u32::FAR) } else { u32::FAR });
            Metric::new(topology, cm.collect())
        })
    }

    fn indexed(&self, from: &[Spot], to: &[Spot], pace: Pace) -> Vec<Vec<Option<u64>>> {
        let topology = self.topology();
        let metric = self.metric(pace);
        let short = |cm: u64| u32::try_from(cm).unwrap_or(u32::FAR).min(u32::FAR);
        let sources: Vec<Vec<Seed<u32>>> = from
            .iter()
            .map(|spot| self.ends(*spot, pace).into_iter().flatten().map(|(node, cm)| (node, short(cm))).collect())
            .collect();
        let mut targets: Vec<u32> =
            to.iter().flat_map(|spot| self.ends(*spot, pace).into_iter().flatten()).map(|end| end.0).collect();
        targets.sort_unstable();
        targets.dedup();
        let cells = index::table(topology, metric, &sources, &targets);
        let row = |(at, from): (usize, &Spot)| {
            let row = &cells[at * targets.len()..(at + 1) * targets.len()];
            let cell = |to: &Spot| {
                let round = self.ends(*to, pace).into_iter().flatten().filter_map(|(node, cm)| {
                    let there = row[targets.partition_point(|other| *other < node)];
                    (there < u32::FAR).then(|| u64::from(from.snap_cm) + u64::from(there) + cm + u64::from(to.snap_cm))
                });
                round.chain(self.direct(*from, *to, pace)).min().filter(|cm| *cm <= FARTHEST_CM)
            };
            to.iter().map(cell).collect()
        };
        from.iter().enumerate().map(row).collect()
    }

    /// The parts of segments that are reached from a spot: segment, from and to (centimetres along it). A segment may be
    /// named more than once.
    pub(super) fn within(&self, from: Spot, limit_cm: u64, pace: Pace) -> Vec<(u32, u32, u32)> {
        let mut walker = Walker::default();
        walker.walk(self, from, limit_cm, pace);
        let mut pieces = Vec::new();
        for (at, walked) in self.segments.iter().enumerate() {
            let Some(Walked { ends, cm, .. }) = walked.filter(|walked| walked.step_free || pace == Pace::Steps) else {
                continue;
            };
            let [a, b] = ends.map(|node| {
                let left = limit_cm.saturating_sub(walker.cm(node));
                (walker.cm(node) <= limit_cm).then(|| u32::try_from(left).unwrap_or(u32::MAX).min(cm))
            });
            pieces.extend(a.map(|reach| (dense(at), 0, reach)));
            pieces.extend(b.map(|reach| (dense(at), cm - reach, cm)));
        }
        if let Some(walked) = self.segment(from.segment).filter(|walked| walked.step_free || pace == Pace::Steps)
            && let Some(left) = limit_cm.checked_sub(u64::from(from.snap_cm))
        {
            let left = u32::try_from(left).unwrap_or(u32::MAX);
            pieces.push((from.segment, from.cm.saturating_sub(left), from.cm.saturating_add(left).min(walked.cm)));
        }
        pieces
    }
}

/// A search on foot; kept between searches, so that each costs what it reaches.
#[derive(Debug, Default)]
pub(super) struct Walker {
    best: Vec<u64>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Walker {
    /// From a spot (its snap counted) to every node within the limit.
    pub(super) fn walk(&mut self, walking: &Walking, spot: Spot, limit_cm: u64, pace: Pace) {
        for node in self.touched.drain(..) {
            self.best[node as usize] = u64::MAX;
        }
        self.best.resize(walking.at.len(), u64::MAX);
        for (node, cm) in walking.ends(spot, pace).into_iter().flatten() {
            self.put(node, cm + u64::from(spot.snap_cm), limit_cm);
        }
        while let Some(Reverse((cm, node))) = self.heap.pop() {
            if cm > self.cm(node) {
                continue;
            }
            for (to, length) in walking.links(node, pace) {
                self.put(to, cm + u64::from(length), limit_cm);
            }
        }
    }

    fn put(&mut self, node: u32, cm: u64, limit_cm: u64) {
        let best = &mut self.best[node as usize];
        if cm <= limit_cm && cm < *best {
            if *best == u64::MAX {
                self.touched.push(node);
            }
            *best = cm;
            self.heap.push(Reverse((cm, node)));
        }
    }

    /// What was found for a node; `u64::MAX` beyond the limit.
    pub(super) fn cm(&self, node: u32) -> u64 {
        self.best.get(node as usize).copied().unwrap_or(u64::MAX)
    }

    /// The nodes within the limit.
    pub(super) fn reached(&self) -> impl Iterator<Item = (u32, u64)> {
        self.touched.iter().map(|node| (*node, self.best[*node as usize]))
    }
}

/// Of the segments chosen those that hang together in large parts.
fn large(roads: &Roads, chosen: impl Fn(&Segment) -> bool) -> Vec<bool> {
    let mut parent: Vec<u32> = (0..dense(roads.nodes().len())).collect();
    for segment in roads.segments().iter().filter(|segment| chosen(segment)) {
        let [a, b] = segment.ends.map(|end| root(&mut parent, end));
        parent[a.max(b) as usize] = a.min(b);
    }
    let mut length = vec![0_u64; roads.nodes().len()];
    for segment in roads.segments().iter().filter(|segment| chosen(segment)) {
        length[root(&mut parent, segment.ends[0]) as usize] += u64::from(segment.cm);
    }
    let enough = (length.iter().max().unwrap_or(&0) / 20).clamp(1, LARGE_CM);
    let mut is_large = |segment: &Segment| length[root(&mut parent, segment.ends[0]) as usize] >= enough;
    roads.segments().iter().map(|segment| chosen(segment) && is_large(segment)).collect()
}

fn root(parent: &mut [u32], mut at: u32) -> u32 {
    while parent[at as usize] != at {
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}
