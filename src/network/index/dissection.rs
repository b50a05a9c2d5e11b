//! In which order are nodes contracted? Nested dissection (George 1973; for road networks: Bauer, Columbus, Rutter and
//! Wagner 2016): cut the graph where it is narrow, the parts first, what separates them last.
//!
//! Ends and nodes with two neighbours go first, in rounds without neighbours, so that a long street becomes no tall
//! stair. For a graph of turns (its nodes are the edges of a road graph) the edges of each cut come last (Buchhold,
//! Wagner, Zeitz and Zündorf 2020).
//!
//! Where nothing is narrow, parts are halved; where that is so time after time, they are left as they are: such a graph has
//! no good order, and [`super::Topology`] does without.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::cutter::{Graph, halves, narrow};
use super::dense;

/// Parts larger than this are worked on side by side, and not halved for ever.
const LARGE: usize = 1_000;
/// So often is a large part halved before it is left as it is.
const HALVED: u8 = 3;
/// Of more edges than this across a cut, the end that touches fewer nodes separates; of fewer, the fewest nodes there are.
const COVERED: usize = 20_000;

/// The nodes of an undirected graph, first to be contracted first. `at`: where they are, any unit; `edges` may name an edge
/// twice, or a loop.
#[must_use]
pub fn of_nodes(at: &[[i32; 2]], edges: &[(u32, u32)]) -> Vec<u32> {
    let mut around: Vec<Vec<u32>> = vec![Vec::new(); at.len()];
    for (a, b) in edges {
        if a != b {
            around[*a as usize].push(*b);
            around[*b as usize].push(*a);
        }
    }
    for list in &mut around {
        list.sort_unstable();
        list.dedup();
    }
    let mut order = without_choice(&mut around);
    let mut gone = vec![false; at.len()];
    for node in &order {
        gone[*node as usize] = true;
    }
    let core: Vec<u32> = (0..dense(at.len())).filter(|node| !gone[*node as usize]).collect();
    let edges: Vec<(u32, u32)> =
        core.iter().flat_map(|a| around[*a as usize].iter().filter(move |b| *b > a).map(move |b| (*a, *b))).collect();
    let places: Vec<[i32; 2]> = core.iter().map(|node| at[*node as usize]).collect();
    let mut number = vec![u32::MAX; at.len()];
    for (new, old) in core.iter().enumerate() {
        number[*old as usize] = dense(new);
    }
    let edges: Vec<(u32, u32)> = edges.iter().map(|(a, b)| (number[*a as usize], number[*b as usize])).collect();
    let part = Part { names: core, edges: Vec::new(), graph: graph(&places, &edges), halved: 0 };
    order.extend(dissect(part, false));
    order
}

/// The edges of an undirected graph, first to be contracted first.
#[must_use]
pub fn of_edges(at: &[[i32; 2]], edges: &[(u32, u32)]) -> Vec<u32> {
    let mut order: Vec<u32> =
        (0..dense(edges.len())).filter(|e| edges[*e as usize].0 == edges[*e as usize].1).collect();
    let mut named: Vec<(u32, u32, u32)> = edges
        .iter()
        .enumerate()
        .filter(|(_, (a, b))| a != b)
        .map(|(e, (a, b))| (*a.min(b), *a.max(b), dense(e)))
        .collect();
    named.sort_unstable();
    let mut single: Vec<(u32, u32)> = named.iter().map(|(a, b, _)| (*a, *b)).collect();
    single.dedup();
    let part = Part { names: (0..dense(at.len())).collect(), edges: named, graph: graph(at, &single), halved: 0 };
    order.extend(dissect(part, true));
    order
}

/// Takes out nodes of at most two neighbours, joining these, until none is left. `around`: sorted; what is left of it at the
/// end is that of the nodes that stay. O(m log m): neighbours that have gone are looked over only when a node goes itself.
fn without_choice(around: &mut [Vec<u32>]) -> Vec<u32> {
    let mut order = Vec::new();
    let mut gone = vec![false; around.len()];
    let mut left: Vec<usize> = around.iter().map(Vec::len).collect();
    let mut joined: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut also: Vec<Vec<u32>> = vec![Vec::new(); around.len()];
    let mut candidates: Vec<u32> = (0..dense(around.len())).collect();
    let mut touched = vec![0_u32; around.len()];
    let mut round = 0;
    while !candidates.is_empty() {
        round += 1;
        let mut next = Vec::new();
        for node in candidates {
            let at = node as usize;
            if gone[at] || left[at] > 2 {
                continue;
            }
            if touched[at] == round {
                next.push(node);
                continue;
            }
            gone[at] = true;
            order.push(node);
            let near = around[at].iter().chain(&also[at]).copied().filter(|other| !gone[*other as usize]);
            let near: Vec<u32> = near.collect();
            for a in &near {
                left[*a as usize] -= 1;
                touched[*a as usize] = round;
            }
            if let [a, b] = near[..]
                && around[a as usize].binary_search(&b).is_err()
                && joined.insert((a.min(b), a.max(b)))
            {
                for (a, b) in [(a, b), (b, a)] {
                    also[a as usize].push(b);
                    left[a as usize] += 1;
                }
            }
            next.extend(near);
        }
        next.sort_unstable();
        next.dedup();
        candidates = next;
    }
    for (list, also) in around.iter_mut().zip(also) {
        list.extend(also);
        list.retain(|other| !gone[*other as usize]);
        list.sort_unstable();
    }
    order
}

/// A part of the graph on its way down.
struct Part {
    /// What its nodes are called outside.
    names: Vec<u32>,
    /// (lower node, higher node, what the edge is called outside), sorted; only if edges are ordered.
    edges: Vec<(u32, u32, u32)>,
    graph: Graph,
    /// How often it, and what it is a part of, was halved for want of a narrow cut.
    halved: u8,
}

impl Part {
    /// As it is: what has the fewest neighbours first.
    fn left(&self, edges: bool) -> Vec<u32> {
        if edges {
            return self.edges.iter().map(|edge| edge.2).collect();
        }
        let mut nodes: Vec<u32> = (0..dense(self.graph.len())).collect();
        nodes.sort_by_key(|node| (self.graph.around(*node).len(), *node));
        nodes.into_iter().map(|node| self.names[node as usize]).collect()
    }
}

/// From edges that are each named once.
fn graph(at: &[[i32; 2]], edges: &[(u32, u32)]) -> Graph {
    let mut first = vec![0_u32; at.len() + 1];
    for (a, b) in edges {
        first[*a as usize + 1] += 1;
        first[*b as usize + 1] += 1;
    }
    for node in 1..first.len() {
        first[node] += first[node - 1];
    }
    let mut fill = first.clone();
    let mut heads = vec![0; edges.len() * 2];
    let mut twins = vec![0; edges.len() * 2];
    for (a, b) in edges {
        let (there, back) = (fill[*a as usize], fill[*b as usize]);
        fill[*a as usize] += 1;
        fill[*b as usize] += 1;
        heads[there as usize] = *b;
        heads[back as usize] = *a;
        twins[there as usize] = back;
        twins[back as usize] = there;
    }
    Graph { first, heads, twins, at: at.to_vec() }
}

fn dissect(mut part: Part, edges: bool) -> Vec<u32> {
    let count = part.graph.len();
    if count <= 1 {
        return if edges { Vec::new() } else { part.names };
    }
    let pieces = components(&part.graph);
    let pieces = if let Some(pieces) = pieces {
        (split(&part, &pieces.0, pieces.1), Vec::new())
    } else {
        let side = narrow(&part.graph).unwrap_or_else(|| {
            part.halved += u8::from(count > LARGE);
            halves(&part.graph)
        });
        if part.halved > HALVED {
            return part.left(edges);
        }
        if edges {
            let last = part.edges.iter().filter(|(a, b, _)| side[*a as usize] != side[*b as usize]).map(|e| e.2);
            let last: Vec<u32> = last.collect();
            let of: Vec<u32> = side.iter().map(|side| u32::from(*side)).collect();
            (split(&part, &of, 2), last)
        } else {
            let cover = cover(&part.graph, &side);
            let of: Vec<u32> =
                (0..count).map(|node| if cover[node] { u32::MAX } else { u32::from(side[node]) }).collect();
            let last = (0..count).filter(|node| cover[*node]).map(|node| part.names[node]).collect();
            (split(&part, &of, 2), last)
        }
    };
    let (pieces, last) = pieces;
    drop(part);
    let mut order = if count > LARGE {
        pieces.into_par_iter().map(|piece| dissect(piece, edges)).collect::<Vec<_>>().concat()
    } else {
        pieces.into_iter().map(|piece| dissect(piece, edges)).collect::<Vec<_>>().concat()
    };
    order.extend(last);
    order
}

/// Connected parts: of each node, and how many; `None` if it is one.
fn components(graph: &Graph) -> Option<(Vec<u32>, usize)> {
    let mut of = vec![u32::MAX; graph.len()];
    let mut count = 0;
    let mut stack = Vec::new();
    for start in 0..dense(graph.len()) {
        if of[start as usize] != u32::MAX {
            continue;
        }
        of[start as usize] = count;
        stack.push(start);
        while let Some(node) = stack.pop() {
            for to in graph.around(node) {
                if of[*to as usize] == u32::MAX {
                    of[*to as usize] = count;
                    stack.push(*to);
                }
            }
        }
        count += 1;
    }
    (count > 1).then_some((of, count as usize))
}

/// The pieces of a part: nodes that are `u32::MAX` and edges between pieces are left out.
fn split(part: &Part, of: &[u32], pieces: usize) -> Vec<Part> {
    let mut number = vec![0_u32; of.len()];
    let mut names: Vec<Vec<u32>> = vec![Vec::new(); pieces];
    let mut at: Vec<Vec<[i32; 2]>> = vec![Vec::new(); pieces];
    for (node, piece) in of.iter().enumerate().filter(|(_, piece)| **piece != u32::MAX) {
        number[node] = dense(names[*piece as usize].len());
        names[*piece as usize].push(part.names[node]);
        at[*piece as usize].push(part.graph.at[node]);
    }
    let mut lines: Vec<Vec<(u32, u32)>> = vec![Vec::new(); pieces];
    for (node, piece) in of.iter().enumerate().filter(|(_, piece)| **piece != u32::MAX) {
        for to in part.graph.around(dense(node)) {
            if *to as usize > node && of[*to as usize] == *piece {
                lines[*piece as usize].push((number[node], number[*to as usize]));
            }
        }
    }
    let mut edges: Vec<Vec<(u32, u32, u32)>> = vec![Vec::new(); pieces];
    for (a, b, name) in &part.edges {
        let piece = of[*a as usize];
        if piece == of[*b as usize] && piece != u32::MAX {
            edges[piece as usize].push((number[*a as usize], number[*b as usize], *name));
        }
    }
    let graphs = at.iter().zip(&lines).map(|(at, lines)| graph(at, lines));
    let parts = names.into_iter().zip(edges).zip(graphs);
    parts.map(|((names, edges), graph)| Part { names, edges, graph, halved: part.halved }).collect()
}

/// The fewest nodes that touch every edge between the sides (König 1931, by augmenting paths); across a wide cut all those
/// of the end that has fewer.
fn cover(graph: &Graph, side: &[bool]) -> Vec<bool> {
    let across = |node: u32| graph.around(node).iter().copied().filter(|to| !side[*to as usize]);
    let left: Vec<u32> =
        (0..dense(graph.len())).filter(|node| side[*node as usize] && across(*node).next().is_some()).collect();
    if left.iter().map(|node| across(*node).count()).sum::<usize>() > COVERED {
        return rim(graph, side, &left);
    }
    let mut mate = vec![u32::MAX; graph.len()];
    let mut seen = vec![u32::MAX; graph.len()];
    // Breadth first from a free node on the left; `from` tells where a node on the right was met.
    let mut from = vec![u32::MAX; graph.len()];
    for start in &left {
        let mut queue = vec![*start];
        let mut at = 0;
        let mut end = None;
        'search: while at < queue.len() {
            let node = queue[at];
            at += 1;
            for to in across(node) {
                if seen[to as usize] == *start {
                    continue;
                }
                seen[to as usize] = *start;
                from[to as usize] = node;
                if mate[to as usize] == u32::MAX {
                    end = Some(to);
                    break 'search;
                }
                queue.push(mate[to as usize]);
            }
        }
        while let Some(to) = end {
            let node = from[to as usize];
            let next = mate[node as usize];
            mate[node as usize] = to;
            mate[to as usize] = node;
            end = (next != u32::MAX).then_some(next);
        }
    }
    // What is reached from the free ones on the left by alternating ways: its right and the rest of the left.
    let mut reached = vec![false; graph.len()];
    let mut queue: Vec<u32> = left.iter().copied().filter(|node| mate[*node as usize] == u32::MAX).collect();
    for node in &queue {
        reached[*node as usize] = true;
    }
    while let Some(node) = queue.pop() {
        for to in across(node) {
            if !std::mem::replace(&mut reached[to as usize], true) {
                let mate = mate[to as usize];
                if mate != u32::MAX && !std::mem::replace(&mut reached[mate as usize], true) {
                    queue.push(mate);
                }
            }
        }
    }
    let mut cover = vec![false; graph.len()];
    for node in left {
        cover[node as usize] = !reached[node as usize];
        for to in across(node) {
            if reached[to as usize] {
                cover[to as usize] = true;
            }
        }
    }
    cover
}

/// The nodes of one end that touch the other, of the end that has fewer of them. `left`: those where `side` is true.
fn rim(graph: &Graph, side: &[bool], left: &[u32]) -> Vec<bool> {
    let right = |node: &u32| !side[*node as usize] && graph.around(*node).iter().any(|to| side[*to as usize]);
    let right: Vec<u32> = (0..dense(graph.len())).filter(right).collect();
    let mut rim = vec![false; graph.len()];
    for node in if left.len() <= right.len() { left } else { &right } {
        rim[*node as usize] = true;
    }
    rim
}
