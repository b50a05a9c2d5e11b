//! Without shortcuts: Dijkstra's algorithm over the arcs as they were given. For graphs that no order helps: arcs between
//! far nodes, at will. O(m log n) a source.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::dense;
use super::metric::Weight;
use super::query::Seed;
use super::topology::NONE;

/// Arcs by tail: `first[node]..first[node + 1]`, their heads and numbers.
#[derive(Debug, Default)]
pub(super) struct Flat {
    first: Vec<u32>,
    arcs: Vec<(u32, u32)>,
}

/// What is known during a search, by node.
pub(super) struct Search<W> {
    pub(super) cost: Vec<W>,
    /// The node before it; [`NONE`] at a beginning.
    before: Vec<u32>,
    settled: Vec<bool>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(W, u32)>>,
}

impl Flat {
    pub(super) fn new(count: usize, arcs: &[(u32, u32)]) -> Self {
        let mut first = vec![0_u32; count + 1];
        for (tail, _) in arcs {
            first[*tail as usize + 1] += 1;
        }
        for node in 1..first.len() {
            first[node] += first[node - 1];
        }
        let mut slot = first.clone();
        let mut sorted = vec![(0, 0); arcs.len()];
        for (number, (tail, head)) in arcs.iter().enumerate() {
            let slot = &mut slot[*tail as usize];
            sorted[*slot as usize] = (*head, dense(number));
            *slot += 1;
        }
        Self { first, arcs: sorted }
    }

    /// Nodes in order of cost until `done` says it is enough. `given`: weights of the arcs.
    pub(super) fn search<W: Weight>(
        &self,
        given: &[W],
        from: &[Seed<W>],
        search: &mut Search<W>,
        mut done: impl FnMut(u32, W) -> bool,
    ) {
        search.clear(self.first.len() - 1);
        for (node, cost) in from {
            search.reach(*node, *cost, NONE);
        }
        while let Some(Reverse((cost, node))) = search.heap.pop() {
            if std::mem::replace(&mut search.settled[node as usize], true) {
                continue;
            }
            if done(node, cost) {
                break;
            }
            let range = self.first[node as usize] as usize..self.first[node as usize + 1] as usize;
            for (head, arc) in &self.arcs[range] {
                search.reach(*head, cost.plus(given[*arc as usize].min(W::FAR)), node);
            }
        }
        search.heap.clear();
    }
}

impl<W: Weight> Search<W> {
    pub(super) fn new() -> Self {
        let (cost, before, settled, touched) = Default::default();
        Self { cost, before, settled, touched, heap: BinaryHeap::new() }
    }

    fn clear(&mut self, count: usize) {
        for node in self.touched.drain(..) {
            self.cost[node as usize] = W::FAR;
            self.settled[node as usize] = false;
        }
        self.cost.resize(count, W::FAR);
        self.before.resize(count, NONE);
        self.settled.resize(count, false);
    }

    fn reach(&mut self, node: u32, cost: W, before: u32) {
        let best = &mut self.cost[node as usize];
        if cost < *best {
            if *best == W::FAR {
                self.touched.push(node);
            }
            *best = cost;
            self.before[node as usize] = before;
            self.heap.push(Reverse((cost, node)));
        }
    }

    /// The nodes from a beginning to a node that was reached.
    pub(super) fn way(&self, to: u32) -> Vec<u32> {
        let mut nodes = vec![to];
        let mut at = self.before[to as usize];
        while at != NONE {
            nodes.push(at);
            at = self.before[at as usize];
        }
        nodes.reverse();
        nodes
    }
}
