//! How long is each shortcut? Customisation of the index: whole, and after a few arcs have changed.
//!
//! Of each node in order of rank: every lower triangle over it is relaxed, its own arcs laid out in an array by their
//! heads, so that the inner loop runs along memory (Dibbelt, Strasser and Wagner 2016, section 7).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::dense;
use super::topology::{NONE, Topology};

/// What arcs cost: ordered, added up, and a value farther than everything.
pub trait Weight: Copy + Ord + Default + Send + Sync + std::fmt::Debug + 'static {
    /// No way; two of them can be added without overflow.
    const FAR: Self;
    /// The sum.
    #[must_use]
    fn plus(self, other: Self) -> Self;
}

impl Weight for u32 {
    const FAR: Self = Self::MAX / 2;
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}

impl Weight for u64 {
    const FAR: Self = Self::MAX / 4;
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}

/// Weights of all upward arcs, both ways.
#[derive(Clone, Debug, Default)]
pub struct Metric<W> {
    /// From tail to head, and from head to tail.
    pub(super) arcs: Vec<[W; 2]>,
    /// Of the arcs given.
    pub(super) given: Vec<W>,
}

impl<W: Weight> Metric<W> {
    /// `weights` of the arcs given to the topology, in their order; [`Weight::FAR`] or more: closed.
    ///
    /// # Panics
    /// When there are not as many weights as arcs.
    #[must_use]
    pub fn new(topology: &Topology, weights: Vec<W>) -> Self {
        assert_eq!(weights.len(), topology.given.len(), "a weight for each arc");
        let mut metric = Self { arcs: Vec::new(), given: weights };
        metric.customise(topology);
        metric
    }

    /// All of it anew, for other weights.
    pub fn reset(&mut self, topology: &Topology, weights: &[W]) {
        self.given.clear();
        self.given.extend_from_slice(weights);
        self.customise(topology);
    }

    fn customise(&mut self, topology: &Topology) {
        self.arcs.clear();
        self.arcs.resize(topology.arcs(), [W::FAR; 2]);
        if topology.is_tangled() {
            return;
        }
        for (code, weight) in topology.given.iter().zip(&self.given) {
            if *code != NONE {
                let slot = &mut self.arcs[(*code / 2) as usize][(*code % 2) as usize];
                *slot = (*slot).min(*weight);
            }
        }
        let mut row = vec![[W::FAR; 2]; topology.nodes()];
        for y in 0..dense(topology.nodes()) {
            let own = topology.up(y);
            if own.is_empty() {
                continue;
            }
            for (head, arc) in topology.heads[own.clone()].iter().zip(&self.arcs[own.clone()]) {
                row[*head as usize] = *arc;
            }
            for (x, arc) in topology.under(y) {
                let [to, from] = self.arcs[*arc as usize];
                let rest = *arc as usize + 1..topology.first[*x as usize + 1] as usize;
                for (z, [up, down]) in topology.heads[rest.clone()].iter().zip(&self.arcs[rest]) {
                    let cell = &mut row[*z as usize];
                    cell[0] = cell[0].min(from.plus(*up));
                    cell[1] = cell[1].min(down.plus(to));
                }
            }
            for (head, arc) in topology.heads[own.clone()].iter().zip(&mut self.arcs[own]) {
                *arc = row[*head as usize];
            }
        }
    }

    /// Changes the weights of some arcs given, and what hangs on them. Returns how many upward arcs changed.
    pub fn change(&mut self, topology: &Topology, changes: &[(u32, W)]) -> usize {
        let mut queue: BinaryHeap<Reverse<u32>> = BinaryHeap::new();
        for (given, weight) in changes {
            let code = topology.given[*given as usize];
            self.given[*given as usize] = *weight;
            if code != NONE {
                queue.push(Reverse(code / 2));
            }
        }
        let mut changed = 0;
        let mut last = NONE;
        while let Some(Reverse(arc)) = queue.pop() {
            if std::mem::replace(&mut last, arc) == arc {
                continue;
            }
            let x = topology.tails[arc as usize];
            let y = topology.heads[arc as usize];
            let old = self.arcs[arc as usize];
            let new = self.recomputed(topology, x, y, arc);
            if old == new {
                continue;
            }
            changed += 1;
            self.arcs[arc as usize] = new;
            // Every triangle this arc is a lower side of: x with each other head.
            let [to_old, from_old] = old;
            let [to_new, from_new] = new;
            for other in topology.up(x) {
                let z = topology.heads[other];
                if z == y {
                    continue;
                }
                let [up, down] = self.arcs[other];
                let above = topology.arc(y.min(z), y.max(z)) as usize;
                let mut now = self.arcs[above];
                if y > z {
                    now.swap(0, 1);
                }
                // Better by the new, or it may have stood on the old.
                if from_new.plus(up) < now[0]
                    || down.plus(to_new) < now[1]
                    || from_old.plus(up) == now[0]
                    || down.plus(to_old) == now[1]
                {
                    queue.push(Reverse(dense(above)));
                }
            }
        }
        changed
    }

    /// Adds the nodes (ranks) of an arc behind its beginning: `way` 0 from tail to head, 1 from head to tail.
    pub(super) fn unpack(&self, topology: &Topology, arc: u32, way: usize, ranks: &mut Vec<u32>) {
        let mut stack = vec![(arc, way)];
        while let Some((arc, way)) = stack.pop() {
            let (y, z) = (topology.tails[arc as usize], topology.heads[arc as usize]);
            let weight = self.arcs[arc as usize][way];
            let over = (self.least_given(topology, arc)[way] != weight)
                .then(|| {
                    common(topology.under(y), topology.under(z)).find(|(low, high)| {
                        let ([to, from], [up, down]) = (self.arcs[*low as usize], self.arcs[*high as usize]);
                        weight == if way == 0 { from.plus(up) } else { down.plus(to) }
                    })
                })
                .flatten();
            match over {
                // The half that comes first lies on top.
                Some((low, high)) if way == 0 => stack.extend([(high, 0), (low, 1)]),
                Some((low, high)) => stack.extend([(low, 0), (high, 1)]),
                None => ranks.push(if way == 0 { z } else { y }),
            }
        }
    }

    /// The least of the arcs given that lie on an arc, both ways.
    fn least_given(&self, topology: &Topology, arc: u32) -> [W; 2] {
        let mut best = [W::FAR; 2];
        let on = topology.on_first[arc as usize] as usize..topology.on_first[arc as usize + 1] as usize;
        for given in &topology.on[on] {
            let way = (topology.given[*given as usize] % 2) as usize;
            best[way] = best[way].min(self.given[*given as usize]);
        }
        best
    }

    /// What an arc weighs by the arcs given and its lower triangles.
    fn recomputed(&self, topology: &Topology, y: u32, z: u32, arc: u32) -> [W; 2] {
        let mut best = self.least_given(topology, arc);
        for (low, high) in common(topology.under(y), topology.under(z)) {
            let ([to, from], [up, down]) = (self.arcs[low as usize], self.arcs[high as usize]);
            best[0] = best[0].min(from.plus(up));
            best[1] = best[1].min(down.plus(to));
        }
        best
    }
}

/// Pairs of arcs that come up from the same node, the highest first: most shortcuts lead over one near their own rank.
fn common<'a>(mut a: &'a [(u32, u32)], mut b: &'a [(u32, u32)]) -> impl Iterator<Item = (u32, u32)> + 'a {
    std::iter::from_fn(move || {
        loop {
            let ((x, low), (other, high)) = (a.last()?, b.last()?);
            if x >= other {
                a = &a[..a.len() - 1];
            }
            if other >= x {
                b = &b[..b.len() - 1];
            }
            if x == other {
                return Some((*low, *high));
            }
        }
    })
}
