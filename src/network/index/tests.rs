//! The index against Dijkstra's algorithm on small tangled graphs, whole, closed and opened again; a grid by hand.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::*;
use crate::search::{Random, cases};

struct Tangle {
    at: Vec<[i32; 2]>,
    arcs: Vec<(u32, u32)>,
    weights: Vec<u32>,
}

/// Nodes on a plane, most arcs short and both ways, some not; loops, doubles, islands and ways of no length among them.
fn tangle(seed: u64) -> Tangle {
    let mut random = Random::new(seed);
    let count = 1 + random.below(60);
    let at: Vec<[i32; 2]> = (0..count).map(|_| [random.below(1000) as i32, random.below(1000) as i32]).collect();
    let (mut arcs, mut weights) = (Vec::new(), Vec::new());
    for _ in 0..random.below(count * 3) {
        let (a, b) = (random.below(count) as u32, random.below(count) as u32);
        let near = |i: u32, j: u32| {
            let ([x, y], [u, v]) = (at[i as usize], at[j as usize]);
            x.abs_diff(u) + y.abs_diff(v) < 400
        };
        if !near(a, b) && random.below(4) > 0 {
            continue;
        }
        arcs.push((a, b));
        weights.push(random.below(100) as u32);
        if random.below(3) > 0 {
            arcs.push((b, a));
            weights.push(random.below(100) as u32);
        }
    }
    Tangle { at, arcs, weights }
}

fn dijkstra(count: usize, arcs: &[(u32, u32)], weights: &[u32], from: &[Seed<u32>]) -> Vec<u32> {
    let mut best = vec![u32::FAR; count];
    let mut heap: BinaryHeap<Reverse<(u32, u32)>> = from.iter().map(|(node, cost)| Reverse((*cost, *node))).collect();
    while let Some(Reverse((cost, node))) = heap.pop() {
        if cost >= best[node as usize] {
            continue;
        }
        best[node as usize] = cost;
        let out = arcs.iter().zip(weights).filter(|((tail, _), weight)| *tail == node && **weight < u32::FAR);
        heap.extend(out.map(|((_, head), weight)| Reverse((cost + weight, *head))));
    }
    best
}

/// All pairs, single and in a table, and the ways between them.
fn agrees(tangle: &Tangle, topology: &Topology, metric: &Metric<u32>, weights: &[u32]) {
    let count = tangle.at.len();
    let all: Vec<u32> = (0..dense(count)).collect();
    let sources: Vec<[Seed<u32>; 1]> = all.iter().map(|node| [(*node, 0)]).collect();
    let cells = table(topology, metric, &sources, &all);
    let mut query = Query::new(topology);
    for from in &all {
        let slow = dijkstra(count, &tangle.arcs, weights, &[(*from, 0)]);
        let row = &cells[*from as usize * count..][..count];
        assert_eq!(row.iter().map(|cost| *cost.min(&u32::FAR)).collect::<Vec<_>>(), slow);
        for to in &all {
            let expected = Some(slow[*to as usize]).filter(|cost| *cost < u32::FAR);
            assert_eq!(query.pair(topology, metric, *from, *to), expected);
            let path = query.path(topology, metric, &[(*from, 0)], &[(*to, 0)]);
            assert_eq!(path.as_ref().map(|path| path.0), expected);
            let Some((cost, nodes)) = path else { continue };
            assert_eq!((nodes.first(), nodes.last()), (Some(from), Some(to)));
            let step = |pair: &[u32]| {
                let along = tangle.arcs.iter().zip(weights).filter(|(arc, _)| **arc == (pair[0], pair[1]));
                *along.map(|(_, weight)| weight).min().unwrap()
            };
            assert_eq!(nodes.windows(2).map(step).sum::<u32>(), cost);
        }
    }
}

/// With shortcuts, or as it is where there would be too many.
fn index(order: &[u32], arcs: &[(u32, u32)], shortcuts: bool) -> Topology {
    if shortcuts { Topology::new(order, arcs) } else { Topology::tangled(order.len(), arcs) }
}

#[test]
fn the_index_agrees_with_dijkstra_also_when_roads_close_and_open() {
    for (seed, shortcuts) in (0..cases(40, 150)).flat_map(|seed| [(seed, true), (seed, false)]) {
        let tangle = tangle(seed);
        let order = dissection::of_nodes(&tangle.at, &tangle.arcs);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..dense(tangle.at.len())).collect::<Vec<_>>(), "every node once");
        let topology = index(&order, &tangle.arcs, shortcuts);
        let mut weights = tangle.weights.clone();
        let mut metric = Metric::new(&topology, weights.clone());
        agrees(&tangle, &topology, &metric, &weights);
        if weights.is_empty() {
            continue;
        }
        let mut random = Random::new(seed);
        for _ in 0..4 {
            let changes: Vec<(u32, u32)> = (0..1 + random.below(6))
                .map(|_| (random.below(weights.len()) as u32, [u32::FAR, 0, 50, 200][random.below(4)]))
                .collect();
            for (arc, weight) in &changes {
                weights[*arc as usize] = *weight;
            }
            metric.change(&topology, &changes);
            assert_eq!(metric.arcs, Metric::new(&topology, weights.clone()).arcs, "seed {seed}");
        }
        agrees(&tangle, &topology, &metric, &weights);
        metric.reset(&topology, &tangle.weights);
        assert_eq!(metric.arcs, Metric::new(&topology, tangle.weights.clone()).arcs);
    }
}

#[test]
fn several_beginnings_and_ends_are_one_query() {
    for (seed, shortcuts) in (0..60).flat_map(|seed| [(seed, true), (seed, false)]) {
        let tangle = tangle(seed);
        let count = tangle.at.len();
        let topology = index(&dissection::of_nodes(&tangle.at, &tangle.arcs), &tangle.arcs, shortcuts);
        // Wide weights, as time and length together are.
        let wide: Vec<u64> = tangle.weights.iter().map(|w| u64::from(*w) << 32 | u64::from(*w)).collect();
        let metric = Metric::new(&topology, wide);
        let mut random = Random::new(seed);
        let mut some = |n: usize| -> Vec<Seed<u32>> {
            (0..n).map(|_| (random.below(count) as u32, random.below(30) as u32)).collect()
        };
        let (from, to) = (some(3), some(2));
        let slow = dijkstra(count, &tangle.arcs, &tangle.weights, &from);
        let expected = to.iter().map(|(node, cost)| slow[*node as usize] + cost).min().filter(|cost| *cost < u32::FAR);
        let widen = |seeds: &[Seed<u32>]| -> Vec<Seed<u64>> {
            seeds.iter().map(|(node, cost)| (*node, u64::from(*cost) << 32 | u64::from(*cost))).collect()
        };
        let mut query = Query::new(&topology);
        for _ in 0..2 {
            let found = query.path(&topology, &metric, &widen(&from), &widen(&to));
            assert_eq!(found.map(|(cost, _)| cost), expected.map(|cost| u64::from(cost) << 32 | u64::from(cost)));
        }
        let all: Vec<u32> = (0..dense(count)).collect();
        let row = table(&topology, &metric, &[widen(&from)], &all);
        for (cell, slow) in row.iter().zip(slow) {
            assert_eq!((*cell < u64::FAR).then_some((*cell >> 32) as u32), (slow < u32::FAR).then_some(slow));
        }
    }
}

#[test]
fn edges_are_ordered_each_once_and_the_narrow_place_last() {
    // Two squares joined by one bridge (edge 8), an edge drawn twice and a loop.
    let at = [[0, 0], [0, 9], [9, 9], [9, 0], [100, 0], [100, 9], [109, 9], [109, 0]];
    let edges = [(0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (3, 4), (2, 1), (5, 5)];
    let order = dissection::of_edges(&at, &edges);
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..11).collect::<Vec<_>>());
    assert_eq!(order.last(), Some(&8));
    // The same of nodes: one end of the bridge is contracted last (the rest are rings, joined at it).
    let grid: Vec<[i32; 2]> = (0..60).map(|i| [i % 20, i / 20]).collect();
    let across: Vec<(u32, u32)> = (0..60_u32)
        .flat_map(|i| [(i % 20 < 19).then_some((i, i + 1)), (i < 40).then_some((i, i + 20))])
        .flatten()
        .collect();
    let order = dissection::of_nodes(&grid, &across);
    let last: Vec<i32> = order[57..].iter().map(|node| grid[*node as usize][0]).collect();
    // A grid of 20 x 3 is cut through its short side, not at its ends.
    assert!(last.iter().all(|x| (4..16).contains(x)), "{last:?}");
}

#[test]
fn the_order_of_a_grid_keeps_shortcuts_few() {
    // 40 x 40: 3,120 edges. Nested dissection keeps some 17 a node; row by row it would be 40: 64,000.
    let at: Vec<[i32; 2]> = (0..1600).map(|i| [i % 40, i / 40]).collect();
    let edges: Vec<(u32, u32)> = (0..1600_u32)
        .flat_map(|i| [(i % 40 < 39).then_some((i, i + 1)), (i < 1560).then_some((i, i + 40))])
        .flatten()
        .collect();
    let topology = Topology::new(&dissection::of_nodes(&at, &edges), &edges);
    assert_eq!(topology.nodes(), 1600);
    assert!(topology.arcs() < 32_000, "{}", topology.arcs());
}

#[test]
fn roads_that_cross_at_will_are_known_and_searched_as_they_are() {
    // 40,000 places in a square, each joined to three anywhere: no cut is narrow, and shortcuts would be 100 million.
    let mut random = Random::new(1);
    let at: Vec<[i32; 2]> = (0..40_000).map(|i| [i % 200, i / 200]).collect();
    let mut arcs: Vec<(u32, u32)> = Vec::new();
    for a in 0..40_000 {
        for _ in 0..3 {
            let b = random.below(40_000) as u32;
            arcs.extend([(a, b), (b, a)]);
        }
    }
    let topology = Topology::new(&dissection::of_nodes(&at, &arcs), &arcs);
    assert!(topology.is_tangled());
    let metric = Metric::new(&topology, vec![10_u32; arcs.len()]);
    let way = Query::new(&topology).path(&topology, &metric, &[(0, 0)], &[(39_999, 0)]).unwrap();
    assert_eq!(way.0 as usize, 10 * (way.1.len() - 1));
    assert_eq!(table(&topology, &metric, &[[(0, 0)]], &[0, 39_999]), [0, way.0]);
    // As edges the same.
    let (first, order) = (arcs.len() as u32, dissection::of_edges(&at, &arcs));
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..first).collect::<Vec<_>>());
}

#[test]
fn many_arms_around_a_hub_are_no_tangle() {
    // 5,000 squares, each joined to one node in the middle by two of its corners.
    let ring = (0..5_000_u32).flat_map(|arm| (0..4).map(move |corner| (arm, corner)));
    let mut at: Vec<[i32; 2]> = ring
        .map(|(arm, corner)| {
            let angle = f64::from(arm) * 0.001_256;
            let far = 10_000.0 + 10.0 * f64::from(corner);
            [(far * angle.cos()) as i32, (far * angle.sin()) as i32]
        })
        .collect();
    at.push([0, 0]);
    let square = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)];
    let arms = (0..5_000_u32).flat_map(|arm| square.map(|(a, b)| (4 * arm + a, 4 * arm + b)));
    let arcs: Vec<(u32, u32)> = arms.chain((0..20_000).filter(|n| n % 4 < 2).map(|n| (n, 20_000))).collect();
    let topology = Topology::new(&dissection::of_nodes(&at, &arcs), &arcs);
    assert!(!topology.is_tangled());
    assert!(topology.arcs() < 60_000, "{}", topology.arcs());
}

#[test]
fn a_star_of_leaves_is_ordered_in_a_moment() {
    // 300,000 leaves around one node, and as many between two others: each once looked over by each would take hours.
    let at: Vec<[i32; 2]> = (0..600_003).map(|i| [i, 0]).collect();
    let leaves = (0..300_000_u32).map(|n| (n, 600_000));
    let between = (300_000..600_000_u32).flat_map(|n| [(n, 600_001), (600_002, n)]);
    let arcs: Vec<(u32, u32)> = leaves.chain(between).collect();
    let order = dissection::of_nodes(&at, &arcs);
    assert_eq!(order.len(), 600_003);
    let topology = Topology::new(&order, &arcs);
    // No shortcut but the one between the two.
    assert_eq!((topology.is_tangled(), topology.arcs()), (false, 900_001));
}

#[test]
fn nothing_is_an_index_too() {
    let topology = Topology::new(&dissection::of_nodes(&[], &[]), &[]);
    let metric = Metric::<u32>::new(&topology, Vec::new());
    assert!(table::<u32, [Seed<u32>; 1]>(&topology, &metric, &[], &[]).is_empty());
    assert!(dissection::of_edges(&[[0, 0]], &[]).is_empty());
}
