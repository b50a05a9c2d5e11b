//! From one place to another: up the elimination tree from both, until they meet (Dibbelt, Strasser and Wagner 2016,
//! section 8). No queue, no marks: every node above a place is visited in order of rank.

use super::flat::Search;
use super::metric::{Metric, Weight};
use super::topology::{NONE, Topology};

/// A node, and what it costs to get there (or, for the end of a way, to go on from there).
pub type Seed<W> = (u32, W);

/// Memory of a query; kept between queries, so that they allocate nothing.
#[derive(Clone, Debug)]
pub struct Query<W> {
    /// By rank, from the beginning and to the end; [`Weight::FAR`] between queries.
    cost: [Vec<W>; 2],
    /// Ranks that wait to be visited.
    front: [Vec<u32>; 2],
    /// By rank: the arc the cost came by. Only for paths.
    by: [Vec<u32>; 2],
    /// Visited by a path, to be forgotten.
    seen: [Vec<u32>; 2],
}

impl<W: Weight> Query<W> {
    /// For graphs of this topology.
    #[must_use]
    pub fn new(topology: &Topology) -> Self {
        let far = || vec![W::FAR; topology.nodes()];
        Self { cost: [far(), far()], front: Default::default(), by: Default::default(), seen: Default::default() }
    }

    /// Least cost between two nodes; `None` where there is no way.
    pub fn pair(&mut self, topology: &Topology, metric: &Metric<W>, from: u32, to: u32) -> Option<W> {
        if topology.is_tangled() {
            return searched(topology, metric, &[(from, W::default())], &[(to, W::default())]).map(|found| found.0);
        }
        let (mut x, mut y) = (topology.rank[from as usize], topology.rank[to as usize]);
        let [ahead, back] = &mut self.cost;
        ahead[x as usize] = W::default();
        back[y as usize] = W::default();
        while x != y {
            // The lower one climbs; NONE is above all.
            if x < y {
                relax::<W, 0>(topology, metric, x, ahead);
                x = topology.parent[x as usize];
            } else {
                relax::<W, 1>(topology, metric, y, back);
                y = topology.parent[y as usize];
            }
        }
        let mut best = W::FAR;
        while x != NONE {
            let (a, b) = (ahead[x as usize], back[x as usize]);
            best = best.min(a.plus(b));
            // Nothing dearer than a way already known leads to a better one.
            if a < best {
                relax::<W, 0>(topology, metric, x, ahead);
            }
            if b < best {
                relax::<W, 1>(topology, metric, x, back);
            }
            ahead[x as usize] = W::FAR;
            back[x as usize] = W::FAR;
            x = topology.parent[x as usize];
        }
        (best < W::FAR).then_some(best)
    }

    /// The best way from any of some beginnings to any of some ends: its cost (theirs included) and its nodes, first to
    /// last.
    pub fn path(
        &mut self,
        topology: &Topology,
        metric: &Metric<W>,
        from: &[Seed<W>],
        to: &[Seed<W>],
    ) -> Option<(W, Vec<u32>)> {
        if topology.is_tangled() {
            return searched(topology, metric, from, to);
        }
        for (way, seeds) in [from, to].into_iter().enumerate() {
            self.by[way].resize(topology.nodes(), NONE);
            for (node, cost) in seeds {
                let x = topology.rank[*node as usize];
                let cell = &mut self.cost[way][x as usize];
                *cell = (*cell).min(*cost);
                self.front[way].push(x);
            }
        }
        // Both climb in step, so that where they meet is seen at once; nothing dearer than that leads to a better way.
        let (mut best, mut top) = (W::FAR, NONE);
        loop {
            let lowest = [0, 1].map(|way| self.front[way].iter().min().copied().unwrap_or(NONE));
            let x = lowest[0].min(lowest[1]);
            if x == NONE {
                break;
            }
            let costs = [0, 1].map(|way| self.cost[way][x as usize]);
            if costs[0].plus(costs[1]) < best {
                (best, top) = (costs[0].plus(costs[1]), x);
            }
            for way in (0..2).filter(|way| lowest[*way] == x) {
                next(topology, &mut self.front[way]);
                self.seen[way].push(x);
                if costs[way] < best {
                    self.climb_by(topology, metric, way, x);
                }
            }
        }
        let top = (top != NONE).then_some(top);
        let found = top.map(|top| {
            let [mut below, mut above] = [0, 1].map(|way| {
                let mut arcs = Vec::new();
                let mut x = top;
                while self.by[way][x as usize] != NONE {
                    let arc = self.by[way][x as usize];
                    arcs.push((arc, way));
                    x = topology.tails[arc as usize];
                }
                arcs
            });
            below.reverse();
            below.append(&mut above);
            let first = below.first().map_or(top, |(arc, way)| {
                if *way == 0 { topology.tails[*arc as usize] } else { topology.heads[*arc as usize] }
            });
            let mut ranks = vec![first];
            for (arc, way) in below {
                metric.unpack(topology, arc, way, &mut ranks);
            }
            (best, ranks.into_iter().map(|x| topology.node[x as usize]).collect())
        });
        for way in 0..2 {
            for x in self.seen[way].drain(..) {
                self.cost[way][x as usize] = W::FAR;
                self.by[way][x as usize] = NONE;
            }
        }
        found
    }

    /// Passes the cost of a node on to those above it, which remember the arc.
    fn climb_by(&mut self, topology: &Topology, metric: &Metric<W>, way: usize, x: u32) {
        let here = self.cost[way][x as usize];
        let range = topology.up(x);
        let arcs = topology.heads[range.clone()].iter().zip(&metric.arcs[range.clone()]);
        for ((head, arc), number) in arcs.zip(super::dense(range.start)..) {
            let there = here.plus(arc[way]);
            let cell = &mut self.cost[way][*head as usize];
            if there < *cell {
                *cell = there;
                self.by[way][*head as usize] = number;
            }
        }
    }

    /// Visits all that lies above some nodes, lowest rank first, with what it costs to climb there.
    pub(super) fn climb(
        &mut self,
        topology: &Topology,
        metric: &Metric<W>,
        from: &[Seed<W>],
        mut visit: impl FnMut(u32, W),
    ) {
        for (node, cost) in from {
            let x = topology.rank[*node as usize];
            let cell = &mut self.cost[0][x as usize];
            *cell = (*cell).min(*cost);
            self.front[0].push(x);
        }
        while let Some(x) = next(topology, &mut self.front[0]) {
            visit(x, self.cost[0][x as usize]);
            relax::<W, 0>(topology, metric, x, &mut self.cost[0]);
            self.cost[0][x as usize] = W::FAR;
        }
    }
}

/// The same as [`Query::path`] where there are no shortcuts.
fn searched<W: Weight>(
    topology: &Topology,
    metric: &Metric<W>,
    from: &[Seed<W>],
    to: &[Seed<W>],
) -> Option<(W, Vec<u32>)> {
    let mut search = Search::new();
    let (mut best, mut end) = (W::FAR, NONE);
    let mut ends = to.to_vec();
    ends.sort_unstable();
    topology.flat.as_ref()?.search(&metric.given, from, &mut search, |node, cost| {
        let here = ends.get(ends.partition_point(|(other, _)| *other < node)).filter(|(other, _)| *other == node);
        if let Some((_, rest)) = here
            && cost.plus(*rest) < best
        {
            (best, end) = (cost.plus(*rest), node);
        }
        cost >= best
    });
    (best < W::FAR).then(|| (best, search.way(end)))
}

/// Takes the lowest rank out of the few that wait; its parent waits instead.
fn next(topology: &Topology, front: &mut Vec<u32>) -> Option<u32> {
    let x = *front.iter().min()?;
    let parent = topology.parent[x as usize];
    // Ways that have met go on as one.
    let mut kept = parent == NONE || front.contains(&parent);
    front.retain_mut(|waiting| {
        if *waiting == x && !kept {
            kept = true;
            *waiting = parent;
        }
        *waiting != x
    });
    Some(x)
}

/// Passes the cost of a node on to those above it, and forgets it.
#[inline(always)]
fn relax<W: Weight, const WAY: usize>(topology: &Topology, metric: &Metric<W>, x: u32, cost: &mut [W]) {
    let here = std::mem::replace(&mut cost[x as usize], W::FAR);
    if here >= W::FAR {
        return;
    }
    let range = topology.up(x);
    for (head, arc) in topology.heads[range.clone()].iter().zip(&metric.arcs[range]) {
        let cell = &mut cost[*head as usize];
        *cell = (*cell).min(here.plus(arc[WAY]));
    }
}
