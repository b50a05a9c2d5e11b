//! How far is it on foot? Dijkstra over nodes, both ways along every path, in whole centimetres.
//!
//! Kept are the largest connected part and others that are large (a far bank whose bridges carry no walkers); small
//! islands are mistakes of the map. Sums of integers do not depend on their order: there and back are the same.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::roads::{Roads, dense};

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

/// The walking graph, frozen.
#[derive(Debug, Default)]
pub(super) struct Walking {
    /// Of each segment of the roads: ends and length, if it is walked and in a large part.
    segments: Vec<Option<([u32; 2], u32)>>,
    /// Neighbours of node n: `links[starts[n]..starts[n + 1]]`.
    starts: Vec<u32>,
    links: Vec<(u32, u32)>,
}

impl Walking {
    pub(super) fn new(roads: &Roads) -> Self {
        let nodes = roads.nodes().len();
        let walked = || roads.segments().iter().enumerate().filter(|(_, s)| roads.ways()[s.way as usize].access.foot);
        let mut parent: Vec<u32> = (0..dense(nodes)).collect();
        for (_, segment) in walked() {
            let [a, b] = segment.ends.map(|end| root(&mut parent, end));
            parent[a.max(b) as usize] = a.min(b);
        }
        let mut length = vec![0_u64; nodes];
        for (_, segment) in walked() {
            length[root(&mut parent, segment.ends[0]) as usize] += u64::from(segment.cm);
        }
        let enough = (length.iter().max().unwrap_or(&0) / 20).clamp(1, LARGE_CM);
        let mut segments = vec![None; roads.segments().len()];
        let mut starts = vec![0_u32; nodes + 1];
        for (at, segment) in walked() {
            if length[root(&mut parent, segment.ends[0]) as usize] >= enough {
                segments[at] = Some((segment.ends, segment.cm));
                for end in segment.ends {
                    starts[end as usize + 1] += 1;
                }
            }
        }
        for node in 1..starts.len() {
            starts[node] += starts[node - 1];
        }
        let mut fill = starts.clone();
        let mut links = vec![(0, 0); *starts.last().unwrap_or(&0) as usize];
        for ([a, b], cm) in segments.iter().flatten() {
            for (from, to) in [(*a, *b), (*b, *a)] {
                links[fill[from as usize] as usize] = (to, *cm);
                fill[from as usize] += 1;
            }
        }
        Self { segments, starts, links }
    }

    /// Is this segment walked (and in a large part)?
    pub(super) fn has(&self, segment: u32) -> bool {
        self.segment(segment).is_some()
    }

    fn segment(&self, segment: u32) -> Option<([u32; 2], u32)> {
        *self.segments.get(segment as usize)?
    }

    /// How many segments are walked.
    pub(super) fn size(&self) -> usize {
        self.segments.iter().flatten().count()
    }

    /// Ends of a spot's segment and how far they are from the spot (the snap not counted).
    fn ends(&self, spot: Spot) -> Option<[(u32, u64); 2]> {
        let ([a, b], cm) = self.segment(spot.segment)?;
        let here = spot.cm.min(cm);
        Some([(a, u64::from(here)), (b, u64::from(cm - here))])
    }

    /// Centimetres from a spot to every node within the limit; `u64::MAX` beyond.
    pub(super) fn from(&self, spot: Spot, limit_cm: u64) -> Vec<u64> {
        let mut best = vec![u64::MAX; self.starts.len().saturating_sub(1)];
        let mut heap = BinaryHeap::new();
        for (node, cm) in self.ends(spot).into_iter().flatten() {
            let cm = cm + u64::from(spot.snap_cm);
            if cm <= limit_cm && cm < best[node as usize] {
                best[node as usize] = cm;
                heap.push(Reverse((cm, node)));
            }
        }
        while let Some(Reverse((cm, node))) = heap.pop() {
            if cm > best[node as usize] {
                continue;
            }
            for (to, length) in
                &self.links[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
            {
                let there = cm + u64::from(*length);
                if there <= limit_cm && there < best[*to as usize] {
                    best[*to as usize] = there;
                    heap.push(Reverse((there, *to)));
                }
            }
        }
        best
    }

    /// From a spot to another, given [`Self::from`] of the first; snaps counted.
    pub(super) fn to(&self, from: Spot, nodes: &[u64], to: Spot) -> Option<u64> {
        let snap = u64::from(to.snap_cm);
        let direct = (from.segment == to.segment && self.has(from.segment))
            .then(|| u64::from(from.snap_cm) + u64::from(from.cm.abs_diff(to.cm)) + snap);
        let round = self.ends(to)?.into_iter().filter(|(node, _)| nodes[*node as usize] != u64::MAX);
        round.map(|(node, cm)| nodes[node as usize] + cm + snap).chain(direct).min()
    }
}

fn root(parent: &mut [u32], mut at: u32) -> u32 {
    while parent[at as usize] != at {
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}
