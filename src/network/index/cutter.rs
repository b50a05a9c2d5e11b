//! Where is a road network narrow? Inertial FlowCutter (Gottesbüren, Hamann, Uhl and Wagner 2019; FlowCutter: Hamann
//! and Strasser 2018).
//!
//! Nodes are sorted along a direction; the first and the last few are joined by a maximum flow of unit capacities. Its
//! smaller side then grows over the cut, node by node, which gives a row of cuts ever more balanced; the one with the
//! fewest edges for each node of its smaller side is kept, over four directions. O(cut x edges) a direction; a cut of more
//! than [`widest`] edges is not looked for, which no road network needs.

use rayon::prelude::*;

use super::dense;

/// An undirected graph without loops: the neighbours of node v are `heads[first[v]..first[v + 1]]`.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub(super) first: Vec<u32>,
    pub(super) heads: Vec<u32>,
    /// The same edge seen from its head.
    pub(super) twins: Vec<u32>,
    /// Where the nodes are, any unit.
    pub(super) at: Vec<[i32; 2]>,
}

impl Graph {
    pub(super) fn len(&self) -> usize {
        self.at.len()
    }

    fn arcs(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// The neighbours of a node.
    pub(super) fn around(&self, node: u32) -> &[u32] {
        &self.heads[self.arcs(node)]
    }
}

/// Directions that are tried: east, north, north-east, south-east.
const DIRECTIONS: [[i64; 2]; 4] = [[1, 0], [0, 1], [1, 1], [1, -1]];
/// The share of the nodes that are held together at either end, 1 in so many.
const ENDS: usize = 20;
/// The smaller side has at least 1 in so many of the nodes.
const SMALLEST: usize = 5;
/// Graphs larger than this are looked at in all directions at a time.
const LARGE: usize = 2_000;

/// The widest cut that is looked for. A square grid of n nodes has one of √n edges; roads that cross at will have one of about n.
fn widest(nodes: usize) -> usize {
    4 * nodes.isqrt() + 100
}

/// The nodes on one side of a narrow cut through a connected graph of two nodes or more; neither side is empty. `None` where
/// nothing is narrow.
pub(super) fn narrow(graph: &Graph) -> Option<Vec<bool>> {
    let cuts: Vec<Option<Cut>> = if graph.len() > LARGE {
        DIRECTIONS.par_iter().map(|direction| Cutter::new(graph, *direction).run(usize::MAX)).collect()
    } else {
        let mut best = usize::MAX;
        let mut one = |direction: &[i64; 2]| {
            let cut = Cutter::new(graph, *direction).run(best);
            best = cut.as_ref().map_or(best, |cut| best.min(cut.score));
            cut
        };
        DIRECTIONS.iter().map(&mut one).collect()
    };
    cuts.into_iter().flatten().min_by_key(|cut| cut.score).map(|cut| cut.side)
}

/// Where nothing is narrow (many arms around a hub; roads that cross at will): west and east.
pub(super) fn halves(graph: &Graph) -> Vec<bool> {
    let mut sorted: Vec<u32> = (0..dense(graph.len())).collect();
    sorted.sort_by_key(|node| (graph.at[*node as usize], *node));
    let mut side = vec![false; graph.len()];
    sorted.iter().take(graph.len() / 2).for_each(|node| side[*node as usize] = true);
    side
}

struct Cut {
    /// Edges x 2^20 / nodes of the smaller side.
    score: usize,
    side: Vec<bool>,
}

/// Which end a node hangs on. Reached: by a way that could still carry flow (to the source: from it; to the sink: to it).
const REACHED: [u8; 2] = [1, 2];
const HELD: [u8; 2] = [4, 8];

struct Cutter<'a> {
    graph: &'a Graph,
    /// Along the direction.
    place: Vec<i64>,
    /// -1, 0 or 1 along each arc; its twin has the opposite.
    flow: Vec<i8>,
    /// [`REACHED`] and [`HELD`].
    mark: Vec<u8>,
    held: [Vec<u32>; 2],
    reached: [usize; 2],
    /// Beyond the cut, seen from what is held: where the side may grow.
    beyond: [Vec<u32>; 2],
    value: usize,
    widest: usize,
    /// Reached since the side was last held.
    fresh: [Vec<u32>; 2],
    queue: Vec<u32>,
}

impl<'a> Cutter<'a> {
    fn new(graph: &'a Graph, direction: [i64; 2]) -> Self {
        let place: Vec<i64> =
            graph.at.iter().map(|[x, y]| direction[0] * i64::from(*x) + direction[1] * i64::from(*y)).collect();
        let count = graph.len();
        let mut sorted: Vec<u32> = (0..dense(count)).collect();
        let ends = (count / ENDS).clamp(1, count / 2);
        let key = |node: &u32| (place[*node as usize], *node);
        sorted.select_nth_unstable_by_key(ends - 1, key);
        if count > 2 * ends {
            sorted[ends..].select_nth_unstable_by_key(count - 2 * ends, key);
        }
        let held = [sorted[..ends].to_vec(), sorted[count - ends..].to_vec()];
        let mut cutter = Self {
            graph,
            place,
            flow: vec![0; graph.heads.len()],
            mark: vec![0; count],
            held: [Vec::new(), Vec::new()],
            reached: [0; 2],
            beyond: [Vec::new(), Vec::new()],
            value: 0,
            widest: widest(count),
            fresh: [Vec::new(), Vec::new()],
            queue: Vec::new(),
        };
        for (end, nodes) in held.into_iter().enumerate() {
            for node in nodes {
                cutter.hold(end, node);
            }
        }
        cutter
    }

    fn hold(&mut self, end: usize, node: u32) {
        self.mark[node as usize] |= HELD[end];
        self.held[end].push(node);
    }

    /// Could flow pass this arc on its way from the source (0), or, backwards, towards the sink (1)?
    fn open(&self, arc: usize, end: usize) -> bool {
        if end == 0 { self.flow[arc] < 1 } else { self.flow[arc] > -1 }
    }

    /// Sends flow from source to sink until no more can pass, or the cut is too wide. No marks of reaching may be set.
    fn saturate(&mut self) {
        let starts = self.held[0].clone();
        let mut seen = Vec::new();
        let mut found = true;
        while found {
            // One sweep: what led nowhere is not entered again before the next.
            found = false;
            for start in &starts {
                while self.value <= self.widest && self.path(*start, &mut seen) {
                    self.value += 1;
                    found = true;
                }
            }
            for node in seen.drain(..) {
                self.mark[node as usize] &= !REACHED[0];
            }
        }
    }

    /// Depth first from a held node to the other end; on success the flow is on the way.
    fn path(&mut self, start: u32, seen: &mut Vec<u32>) -> bool {
        // The stack holds (node, next arc); the arcs taken are found again from it.
        let mut stack = vec![(start, self.graph.first[start as usize])];
        while let Some((node, arc)) = stack.last_mut() {
            if *arc == self.graph.first[*node as usize + 1] {
                stack.pop();
                continue;
            }
            let taken = *arc as usize;
            *arc += 1;
            let to = self.graph.heads[taken];
            if self.flow[taken] >= 1 || self.mark[to as usize] & (REACHED[0] | HELD[0]) != 0 {
                continue;
            }
            if self.mark[to as usize] & HELD[1] != 0 {
                for (_, next) in &stack {
                    let arc = *next as usize - 1;
                    self.flow[arc] += 1;
                    self.flow[self.graph.twins[arc] as usize] -= 1;
                }
                // The nodes of the way may lead on once more: only what was left behind is known to lead nowhere.
                for (node, _) in &stack[1..] {
                    self.mark[*node as usize] &= !REACHED[0];
                }
                return true;
            }
            self.mark[to as usize] |= REACHED[0];
            seen.push(to);
            stack.push((to, self.graph.first[to as usize]));
        }
        false
    }

    /// Marks what can be reached from these nodes for this end.
    fn spread(&mut self, end: usize, from: &[u32]) {
        let mut queue = std::mem::take(&mut self.queue);
        queue.clear();
        for node in from {
            if self.mark[*node as usize] & REACHED[end] == 0 {
                self.reach(end, *node);
                queue.push(*node);
            }
        }
        while let Some(node) = queue.pop() {
            for arc in self.graph.arcs(node) {
                let to = self.graph.heads[arc];
                if self.mark[to as usize] & REACHED[end] == 0 && self.open(arc, end) {
                    self.reach(end, to);
                    queue.push(to);
                }
            }
        }
        self.queue = queue;
    }

    fn reach(&mut self, end: usize, node: u32) {
        self.mark[node as usize] |= REACHED[end];
        self.reached[end] += 1;
        self.fresh[end].push(node);
    }

    /// All the flow there can be, and what is reached then.
    fn fill(&mut self) {
        for mark in &mut self.mark {
            *mark &= HELD[0] | HELD[1];
        }
        self.reached = [0; 2];
        self.saturate();
        for end in 0..2 {
            self.fresh[end].clear();
            let held = std::mem::take(&mut self.held[end]);
            self.spread(end, &held);
            self.held[end] = held;
        }
    }

    /// The best cut; `None` if all are worse than `limit`.
    fn run(mut self, limit: usize) -> Option<Cut> {
        let count = self.graph.len();
        let least = (count / SMALLEST).max(1);
        let score = |size: usize, value: usize| (value << 20) / size.max(1);
        let mut best: Option<Cut> = None;
        let mut bound = limit;
        let mut known = [0_usize; 2];
        self.fill();
        loop {
            let end = usize::from(self.reached[0] > self.reached[1]);
            let too_wide = self.value > self.widest;
            if too_wide || score(count / 2, self.value) >= bound || self.reached[end] * 2 > count {
                return best;
            }
            for node in std::mem::take(&mut self.fresh[end]) {
                if self.mark[node as usize] & HELD[end] == 0 {
                    self.hold(end, node);
                }
            }
            for at in known[end]..self.held[end].len() {
                let node = self.held[end][at];
                for arc in self.graph.arcs(node) {
                    let to = self.graph.heads[arc];
                    if self.mark[to as usize] & HELD[end] == 0 {
                        self.beyond[end].push(to);
                    }
                }
            }
            known[end] = self.held[end].len();
            let size = self.held[end].len();
            if size >= least && score(size, self.value) < bound {
                bound = score(size, self.value);
                let side = self.mark.iter().map(|mark| mark & HELD[end] != 0).collect();
                best = Some(Cut { score: bound, side });
            }
            let Some(node) = self.pierce(end) else { return best };
            let raises = self.mark[node as usize] & REACHED[1 - end] != 0;
            self.hold(end, node);
            if raises {
                self.fill();
            } else {
                self.spread(end, &[node]);
            }
        }
    }

    /// The node beyond the cut to grow over: one that lets no more flow pass, if there is one; then the farthest back.
    fn pierce(&mut self, end: usize) -> Option<u32> {
        let mark = &self.mark;
        self.beyond[end].retain(|node| mark[*node as usize] & HELD[end] == 0);
        self.beyond[end].iter().copied().filter(|node| mark[*node as usize] & HELD[1 - end] == 0).min_by_key(|node| {
            let place = self.place[*node as usize];
            (mark[*node as usize] & REACHED[1 - end] != 0, if end == 0 { place } else { -place }, *node)
        })
    }
}
