//! The index against plain Dijkstra on the road graph of Porto: pairs, ways and tables, closed and opened again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Read as _;
use std::time::Instant;

use flate2::read::GzDecoder;
use jiebo::network::index::{Metric, Query, Seed, Topology, Weight as _, dissection, table};
use jiebo::search::Random;

use crate::shared;

/// Nodes in units of 1e-7 degrees, arcs, and two weights for each: milliseconds, and what it is long (metres).
struct Graph {
    at: Vec<[i32; 2]>,
    arcs: Vec<(u32, u32)>,
    weights: [Vec<u32>; 2],
}

/// `most`: the nodes nearest to the middle, to have it small.
fn porto(most: usize) -> Option<Graph> {
    let mut text = String::new();
    GzDecoder::new(&shared("bench/porto_graph.txt.gz")?[..]).read_to_string(&mut text).unwrap();
    let mut lines = text.lines().map(|line| line.split_whitespace().map(|word| word.parse::<f64>().unwrap()));
    let mut size = lines.next().unwrap().map(|number| number as usize);
    let (n, m) = (size.next().unwrap(), size.next().unwrap());
    let unit = |degrees: f64| (degrees * 1e7).round() as i32;
    let mut at = Vec::new();
    for line in lines.by_ref().take(n) {
        let line: Vec<f64> = line.collect();
        at.push([unit(line[1]), unit(line[0])]);
    }
    let mut arcs = Vec::new();
    let mut weights = [Vec::new(), Vec::new()];
    for line in lines.take(m) {
        let line: Vec<f64> = line.collect();
        arcs.push((line[0] as u32, line[1] as u32));
        weights[0].push(line[2] as u32);
        weights[1].push(line[3].round() as u32);
    }
    assert_eq!((at.len(), arcs.len()), (n, m));
    if most < n {
        let middle = [0, 1].map(|axis| at.iter().map(|at| i64::from(at[axis])).sum::<i64>() / n as i64);
        let far =
            |node: u32| (0..2).map(|axis| (i64::from(at[node as usize][axis]) - middle[axis]).pow(2)).sum::<i64>();
        let mut near: Vec<u32> = (0..n as u32).collect();
        near.sort_by_key(|node| (far(*node), *node));
        near.truncate(most);
        let mut number = vec![None; n];
        for (new, old) in near.iter().enumerate() {
            number[*old as usize] = Some(new as u32);
        }
        let both = |arc: &(u32, u32)| Some((number[arc.0 as usize]?, number[arc.1 as usize]?));
        let kept: Vec<usize> = (0..m).filter(|arc| both(&arcs[*arc]).is_some()).collect();
        return Some(Graph {
            at: near.iter().map(|node| at[*node as usize]).collect(),
            arcs: kept.iter().filter_map(|arc| both(&arcs[*arc])).collect(),
            weights: weights.map(|all| kept.iter().map(|arc| all[*arc]).collect()),
        });
    }
    Some(Graph { at, arcs, weights })
}

/// Least cost from a node to all; `u64::MAX`: no way.
fn spread(leaving: &[Vec<(usize, usize)>], weights: &[u32], from: usize) -> Vec<u64> {
    let mut label = vec![u64::MAX; leaving.len()];
    let mut queue = BinaryHeap::from([Reverse((0, from))]);
    while let Some(Reverse((cost, node))) = queue.pop() {
        if cost < label[node] {
            label[node] = cost;
            for (arc, head) in &leaving[node] {
                if weights[*arc] < u32::FAR {
                    queue.push(Reverse((cost + u64::from(weights[*arc]), *head)));
                }
            }
        }
    }
    label
}

/// `rows` nodes to `columns` nodes in all three forms; how many pairs.
fn compare(
    what: &str,
    topology: &Topology,
    metric: &Metric<u32>,
    leaving: &[Vec<(usize, usize)>],
    weights: &[u32],
    [rows, columns]: [usize; 2],
    random: &mut Random,
) -> usize {
    let mut some = |count: usize| (0..count).map(|_| random.below(leaving.len()) as u32).collect::<Vec<u32>>();
    let (from, to) = (some(rows), some(columns));
    let sources: Vec<[Seed<u32>; 1]> = from.iter().map(|node| [(*node, 0)]).collect();
    let cells = table(topology, metric, &sources, &to);
    let mut query = Query::new(topology);
    for (row, from) in from.iter().enumerate() {
        let label = spread(leaving, weights, *from as usize);
        let from_second = sources[(row + 1) % rows][0].0;
        let label_of_second = spread(leaving, weights, from_second as usize);
        for (column, to) in to.iter().enumerate() {
            let wanted = label[*to as usize];
            let wanted = (wanted != u64::MAX).then(|| u32::try_from(wanted).unwrap());
            assert_eq!(query.pair(topology, metric, *from, *to), wanted, "{what}: {from} {to}");
            let cell = cells[row * columns + column];
            assert_eq!((cell < u32::FAR).then_some(cell), wanted, "{what}: {from} {to} in a table");
            if column % 10 == 0 {
                // From either of two nodes, beginning with 1000 at the second, and ending with 500 more.
                let second = label_of_second[*to as usize].saturating_add(1000);
                let wanted = label[*to as usize].min(second);
                let path = query.path(topology, metric, &[(*from, 0), (from_second, 1000)], &[(*to, 500)]);
                let Some((cost, nodes)) = path else {
                    assert_eq!(wanted, u64::MAX, "{what}: {from} {to} as a path");
                    continue;
                };
                assert_eq!(u64::from(cost), wanted + 500, "{what}: {from} {to} as a path");
                assert!(nodes[0] == *from || nodes[0] == from_second);
                assert_eq!(nodes.last(), Some(to));
                let mut sum = 500 + if nodes[0] == *from { 0 } else { 1000 };
                for step in nodes.windows(2) {
                    let between = leaving[step[0] as usize].iter().filter(|(_, head)| *head == step[1] as usize);
                    sum += between.map(|(arc, _)| weights[*arc]).min().unwrap();
                }
                assert_eq!(cost, sum, "{what}: {from} {to}: what is driven");
            }
        }
    }
    rows * columns
}

fn look(most: usize, size: [usize; 2]) {
    let Some(graph) = porto(most) else { return };
    let begin = Instant::now();
    let order = dissection::of_nodes(&graph.at, &graph.arcs);
    let topology = Topology::new(&order, &graph.arcs);
    let made = begin.elapsed();
    let mut leaving = vec![Vec::new(); graph.at.len()];
    for (arc, (tail, head)) in graph.arcs.iter().enumerate() {
        leaving[*tail as usize].push((arc, *head as usize));
    }
    let mut random = Random::new(99);
    let (mut compared, mut changed) = (0, 0);
    for (what, weights) in ["time", "length"].iter().zip(&graph.weights) {
        let mut metric = Metric::new(&topology, weights.clone());
        compared += compare(what, &topology, &metric, &leaving, weights, size, &mut random);
        // Closed in two goes, so that one change meets another; opened one by one.
        let closed: Vec<u32> = (0..100).map(|_| random.below(weights.len()) as u32).collect();
        let mut shut = weights.clone();
        for half in closed.chunks(50) {
            changed += metric.change(&topology, &half.iter().map(|arc| (*arc, u32::FAR)).collect::<Vec<_>>());
        }
        closed.iter().for_each(|arc| shut[*arc as usize] = u32::FAR);
        compared += compare(&format!("{what}, closed"), &topology, &metric, &leaving, &shut, size, &mut random);
        for arc in &closed {
            changed += metric.change(&topology, &[(*arc, weights[*arc as usize])]);
        }
        compared += compare(&format!("{what}, opened"), &topology, &metric, &leaving, weights, size, &mut random);
    }
    println!(
        "Porto's graph: {} nodes, {} arcs, {} with shortcuts, made in {made:?}; {compared} pairs, {changed} shortcuts \
         changed by closures, {:?}",
        graph.at.len(),
        graph.arcs.len(),
        topology.arcs(),
        begin.elapsed()
    );
}

#[test]
fn a_quarter_of_porto() {
    look(15_000, [10, 100]);
}

#[test]
#[ignore = "a minute, in release"]
fn all_of_porto() {
    look(usize::MAX, [100, 100]);
}
