//! The graph with its shortcuts, before any weight: chordal completion along an order (Dibbelt, Strasser and Wagner
//! 2016, "Customizable Contraction Hierarchies").
//!
//! Inside, nodes are called by their rank: along a postorder of the elimination tree, so that what lies below a node lies
//! before it, side by side in memory.

use super::dense;
use super::flat::Flat;

/// Shortcuts a node, and beside that, that are made at most: a city's roads need ten.
const SHORTCUTS: [usize; 2] = [30, 1_000_000];
/// And in all: some 6 GB.
const MOST_SHORTCUTS: usize = 120_000_000;
/// Triangles a node, and beside that, that a metric may have to look at: a city's roads have some hundred.
const TRIANGLES: [u64; 2] = [5_000, 1_000_000_000];

/// No such thing.
pub(super) const NONE: u32 = u32::MAX;

/// Ranks, shortcuts and the elimination tree.
#[derive(Debug, Default)]
pub struct Topology {
    /// Rank of each node, and the node of each rank.
    pub(super) rank: Vec<u32>,
    pub(super) node: Vec<u32>,
    /// Upward arcs of rank x: `first[x]..first[x + 1]`, by head.
    pub(super) first: Vec<u32>,
    pub(super) heads: Vec<u32>,
    pub(super) tails: Vec<u32>,
    /// Lowest upward neighbour: the parent in the elimination tree, or [`NONE`].
    pub(super) parent: Vec<u32>,
    /// Arcs that come up to y: `below_first[y]..below_first[y + 1]`, their tails and numbers, by tail.
    pub(super) below_first: Vec<u32>,
    pub(super) below: Vec<(u32, u32)>,
    /// Of each arc given: its upward arc x 2, + 1 if it leads down; or [`NONE`] for a loop.
    pub(super) given: Vec<u32>,
    /// The arcs given that lie on upward arc a: `on[on_first[a]..on_first[a + 1]]`.
    pub(super) on_first: Vec<u32>,
    pub(super) on: Vec<u32>,
    /// Instead of all this, if there would be too many shortcuts.
    pub(super) flat: Option<Flat>,
}

impl Topology {
    /// `order`: all nodes, each once, the first to be contracted first. `arcs`: tails and heads; several between the same
    /// nodes and loops are welcome. Where the order leaves too many shortcuts there are none: queries search the arcs as they
    /// are, with the same answers ([`Topology::is_tangled`]).
    #[must_use]
    pub fn new(order: &[u32], arcs: &[(u32, u32)]) -> Self {
        let count = order.len();
        let mut rank = vec![0_u32; count];
        for (at, node) in order.iter().enumerate() {
            rank[*node as usize] = dense(at);
        }
        // Once to find the tree, once more along its postorder.
        let Some((_, _, parent)) = fill(count, &rank, arcs) else { return Self::tangled(count, arcs) };
        let post = postorder(&parent);
        for rank in &mut rank {
            *rank = post[*rank as usize];
        }
        let Some((first, heads, parent)) = fill(count, &rank, arcs) else { return Self::tangled(count, arcs) };

        let mut below_first = vec![0_u32; count + 1];
        for head in &heads {
            below_first[*head as usize + 1] += 1;
        }
        for at in 1..below_first.len() {
            below_first[at] += below_first[at - 1];
        }
        let mut slot = below_first.clone();
        let mut tails = vec![0; heads.len()];
        let mut below = vec![(0, 0); heads.len()];
        for x in 0..count {
            for arc in first[x]..first[x + 1] {
                tails[arc as usize] = dense(x);
                let slot = &mut slot[heads[arc as usize] as usize];
                below[*slot as usize] = (dense(x), arc);
                *slot += 1;
            }
        }
        let mut node = vec![0; count];
        for (at, x) in rank.iter().enumerate() {
            node[*x as usize] = dense(at);
        }
        let mut topology = Self { rank, node, first, heads, tails, parent, below_first, below, ..Self::default() };
        topology.given = arcs
            .iter()
            .map(|(tail, head)| {
                let (x, y) = (topology.rank[*tail as usize], topology.rank[*head as usize]);
                let arc = topology.arc(x.min(y), x.max(y));
                if x == y { NONE } else { arc * 2 + u32::from(x > y) }
            })
            .collect();
        let mut on_first = vec![0_u32; topology.heads.len() + 1];
        for code in topology.given.iter().filter(|code| **code != NONE) {
            on_first[(*code / 2) as usize + 1] += 1;
        }
        for at in 1..on_first.len() {
            on_first[at] += on_first[at - 1];
        }
        let mut slot = on_first.clone();
        let mut on = vec![0; *on_first.last().unwrap_or(&0) as usize];
        for (at, code) in topology.given.iter().enumerate().filter(|(_, code)| **code != NONE) {
            let slot = &mut slot[(*code / 2) as usize];
            on[*slot as usize] = dense(at);
            *slot += 1;
        }
        (topology.on_first, topology.on) = (on_first, on);
        topology
    }

    pub(super) fn tangled(count: usize, arcs: &[(u32, u32)]) -> Self {
        let (rank, flat) = ((0..dense(count)).collect(), Some(Flat::new(count, arcs)));
        Self { rank, flat, parent: vec![NONE; count], given: vec![NONE; arcs.len()], ..Self::default() }
    }

    /// Do the arcs cross each other so much, as no city's roads do, that there are no shortcuts and queries are slow?
    #[must_use]
    pub fn is_tangled(&self) -> bool {
        self.flat.is_some()
    }

    /// How many nodes there are.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.parent.len()
    }

    /// How many arcs there are with the shortcuts, each for both directions.
    #[must_use]
    pub fn arcs(&self) -> usize {
        self.heads.len()
    }

    pub(super) fn up(&self, x: u32) -> std::ops::Range<usize> {
        self.first[x as usize] as usize..self.first[x as usize + 1] as usize
    }

    pub(super) fn under(&self, y: u32) -> &[(u32, u32)] {
        &self.below[self.below_first[y as usize] as usize..self.below_first[y as usize + 1] as usize]
    }

    /// The upward arc between two ranks, or [`NONE`].
    pub(super) fn arc(&self, low: u32, high: u32) -> u32 {
        let range = self.up(low);
        self.heads[range.clone()].binary_search(&high).map_or(NONE, |at| dense(range.start + at))
    }
}

/// Upward arcs of each rank, all shortcuts there, and the tree; `None` where that would be too many.
fn fill(count: usize, rank: &[u32], arcs: &[(u32, u32)]) -> Option<(Vec<u32>, Vec<u32>, Vec<u32>)> {
    let most = (arcs.len() + count * SHORTCUTS[0] + SHORTCUTS[1]).min(MOST_SHORTCUTS);
    let mut triangles = count as u64 * TRIANGLES[0] + TRIANGLES[1];
    let mut own_first = vec![0_u32; count + 2];
    let ranked = || arcs.iter().map(|(a, b)| (rank[*a as usize], rank[*b as usize])).filter(|(a, b)| a != b);
    for (a, b) in ranked() {
        own_first[a.min(b) as usize + 2] += 1;
    }
    for at in 1..own_first.len() {
        own_first[at] += own_first[at - 1];
    }
    let mut own = vec![0_u32; *own_first.last().unwrap_or(&0) as usize];
    for (a, b) in ranked() {
        let slot = &mut own_first[a.min(b) as usize + 1];
        own[*slot as usize] = a.max(b);
        *slot += 1;
    }
    let (mut first, mut heads, mut parent) = (vec![0_u32], Vec::with_capacity(own.len() * 2), vec![NONE; count]);
    let mut seen = vec![NONE; count];
    let (mut child, mut sibling) = (vec![NONE; count], vec![NONE; count]);
    for x in 0..dense(count) {
        let begin = heads.len();
        seen[x as usize] = x;
        for y in &own[own_first[x as usize] as usize..own_first[x as usize + 1] as usize] {
            if std::mem::replace(&mut seen[*y as usize], x) != x {
                heads.push(*y);
            }
        }
        let mut below = child[x as usize];
        while below != NONE {
            for at in first[below as usize]..first[below as usize + 1] {
                let y = heads[at as usize];
                if std::mem::replace(&mut seen[y as usize], x) != x {
                    heads.push(y);
                }
            }
            below = sibling[below as usize];
        }
        let up = (heads.len() - begin) as u64;
        triangles = triangles.checked_sub(up * up / 2)?;
        if heads.len() > most {
            return None;
        }
        heads[begin..].sort_unstable();
        if let Some(up) = heads.get(begin) {
            parent[x as usize] = *up;
            sibling[x as usize] = child[*up as usize];
            child[*up as usize] = x;
        }
        first.push(dense(heads.len()));
    }
    Some((first, heads, parent))
}

/// The place of each rank in a postorder of the forest.
fn postorder(parent: &[u32]) -> Vec<u32> {
    // How many lie below each, itself included; then places are handed down from the roots.
    let mut size = vec![1_u32; parent.len()];
    for x in 0..parent.len() {
        if parent[x] != NONE {
            size[parent[x] as usize] += size[x];
        }
    }
    let mut begin = vec![0_u32; parent.len()];
    let mut next = 0;
    let mut post = vec![0_u32; parent.len()];
    for x in (0..parent.len()).rev() {
        let slot = if parent[x] == NONE { &mut next } else { &mut begin[parent[x] as usize] };
        let mine = *slot;
        *slot += size[x];
        begin[x] = mine;
        post[x] = mine + size[x] - 1;
    }
    post
}
