//! From many places to many: what lies above the targets is laid out once, then swept from the top down for several
//! sources at a time (RPHAST: Delling, Goldberg and Werneck 2011). Sources are worked on side by side, sixteen a sweep.

use rayon::prelude::*;

use super::dense;
use super::flat::{Flat, Search};
use super::metric::{Metric, Weight};
use super::query::{Query, Seed};
use super::topology::{NONE, Topology};

/// Sources that are swept together.
const LANES: usize = 16;
/// Pieces of work for each thread: so that none waits long for the last.
const PIECES: usize = 4;

/// Row-major costs from each source to each target; [`Weight::FAR`]: no way. A source may be several nodes, each with
/// what it costs to get there.
#[must_use]
pub fn table<W: Weight, S: AsRef<[Seed<W>]> + Sync>(
    topology: &Topology,
    metric: &Metric<W>,
    sources: &[S],
    targets: &[u32],
) -> Vec<W> {
    // Zeros come untouched from the system: the memory is first written where it is filled, by all threads.
    let mut cells = vec![W::default(); sources.len() * targets.len()];
    if cells.is_empty() {
        return cells;
    }
    if let Some(flat) = &topology.flat {
        let rows = cells.par_chunks_mut(targets.len()).zip(sources);
        rows.for_each_init(Search::new, |search, (row, source)| {
            searched(flat, &metric.given, source.as_ref(), targets, search, row);
        });
        return cells;
    }
    let layout = Layout::new(topology, metric, targets);
    // Each piece of work has memory of its own, which is dear to begin with: few pieces.
    let sweeps = sources.len().div_ceil(LANES);
    let least = sweeps.div_ceil(rayon::current_num_threads() * PIECES);
    let work = cells.par_chunks_mut(LANES * targets.len()).zip(sources.par_chunks(LANES));
    work.with_min_len(least).for_each_init(
        || (Query::new(topology), Vec::new()),
        |(query, lanes), (cells, sources)| layout.fill(topology, metric, sources, query, lanes, cells),
    );
    cells
}

/// A row, where there are no shortcuts.
fn searched<W: Weight>(
    flat: &Flat,
    given: &[W],
    source: &[Seed<W>],
    targets: &[u32],
    search: &mut Search<W>,
    row: &mut [W],
) {
    let mut left: Vec<u32> = targets.to_vec();
    left.sort_unstable();
    left.dedup();
    let mut waiting = left.len();
    flat.search(given, source, search, |node, _| {
        waiting -= usize::from(left.binary_search(&node).is_ok());
        waiting == 0
    });
    for (cell, target) in row.iter_mut().zip(targets) {
        *cell = search.cost[*target as usize];
    }
}

/// What lies above some targets, highest first, ready to be swept.
struct Layout<W> {
    /// Position of the targets.
    at: Vec<u32>,
    /// Position of a rank, or [`NONE`].
    place: Vec<u32>,
    /// Arcs into each, `first[i]..first[i + 1]`: the position of their upper ends, and their weights.
    first: Vec<u32>,
    arcs: Vec<(u32, W)>,
}

impl<W: Weight> Layout<W> {
    fn new(topology: &Topology, metric: &Metric<W>, targets: &[u32]) -> Self {
        let mut place = vec![NONE; topology.nodes()];
        let mut ranks = Vec::new();
        for target in targets {
            let mut x = topology.rank[*target as usize];
            while x != NONE && place[x as usize] == NONE {
                place[x as usize] = 0;
                ranks.push(x);
                x = topology.parent[x as usize];
            }
        }
        ranks.sort_unstable_by_key(|x| std::cmp::Reverse(*x));
        for (at, x) in ranks.iter().enumerate() {
            place[*x as usize] = dense(at);
        }
        let mut first = Vec::with_capacity(ranks.len() + 1);
        first.push(0);
        let mut arcs = Vec::new();
        for x in ranks {
            let range = topology.up(x);
            let down = topology.heads[range.clone()].iter().zip(&metric.arcs[range]);
            arcs.extend(down.filter(|(_, w)| w[1] < W::FAR).map(|(head, w)| (place[*head as usize], w[1])));
            first.push(dense(arcs.len()));
        }
        let at = targets.iter().map(|target| place[topology.rank[*target as usize] as usize]).collect();
        Self { at, place, first, arcs }
    }

    /// The rows of up to [`LANES`] sources.
    fn fill<S: AsRef<[Seed<W>]>>(
        &self,
        topology: &Topology,
        metric: &Metric<W>,
        sources: &[S],
        query: &mut Query<W>,
        lanes: &mut Vec<[W; LANES]>,
        cells: &mut [W],
    ) {
        lanes.clear();
        lanes.resize(self.first.len() - 1, [W::FAR; LANES]);
        for (lane, source) in sources.iter().enumerate() {
            query.climb(topology, metric, source.as_ref(), |x, cost| {
                if let Some(row) = lanes.get_mut(self.place[x as usize] as usize) {
                    row[lane] = cost;
                }
            });
        }
        // With the widest registers this machine has: the results are the same, as they are whole numbers.
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || sweep(&self.first, &self.arcs, lanes),
        );
        for (lane, row) in cells.chunks_mut(self.at.len()).enumerate() {
            for (cell, at) in row.iter_mut().zip(&self.at) {
                *cell = lanes[*at as usize][lane];
            }
        }
    }
}

/// From the top down: each node takes the best of those above it.
#[inline(always)]
fn sweep<W: Weight>(first: &[u32], arcs: &[(u32, W)], lanes: &mut [[W; LANES]]) {
    for at in 0..lanes.len() {
        let (above, here) = lanes.split_at_mut(at);
        let mut best = here[0];
        for (up, weight) in &arcs[first[at] as usize..first[at + 1] as usize] {
            let there = &above[*up as usize];
            for lane in 0..LANES {
                best[lane] = best[lane].min(there[lane].plus(*weight));
            }
        }
        here[0] = best;
    }
}
