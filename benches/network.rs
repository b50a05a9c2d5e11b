//! Our index beside its peers on a real road graph: `cch` (a port of RoutingKit's customizable contraction hierarchies) and
//! `fast_paths` (contraction hierarchies).
//!
//!     cargo bench --bench network                          the table and criterion's figures: about a minute and a half, if the machine has nothing else to do
//!     cargo bench --bench network -- customise             the table, and criterion's figures of one kind
//!
//! The graph: Porto's car graph (67,066 nodes, 157,965 arcs) from `../shared/bench/porto_graph.txt.gz` if that is there, else
//! a seeded city of about that size, and it says so. Loops are left out and no arc is shorter than 1 ms, as `fast_paths`
//! takes neither. Same pairs, same seed, one thread (a rayon pool of one; `cch` uses rayon to customise, `fast_paths` not at
//! all). Before anything is printed all peers have given the same costs.
//!
//! The table is in CPU time of the thread, rounds of the peers taking turns, so that others on the machine disturb it
//! little; the least and the median of the rounds. Only two threads are measured by the clock on the wall.
//!
//! What is compared with what: `cch` has no query of a single cost that keeps its memory (`distance` makes it anew), and
//! `fast_paths` always gives the nodes too, so there are two rows. `cch` cannot change single arcs: it customises twice.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that prints its figures")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::Criterion;
use jiebo::network::index::{Metric, Query, Topology, Weight, dissection, table};
use jiebo::network::plain::{self, Plain};
use jiebo::network::roads::{Limits, Roads};
use jiebo::network::synthetic::{Metropolis, metropolis};
use jiebo::search::Random;
use rustix::time::{ClockId, clock_gettime};

const SEED: u64 = 1;
const PAIRS: usize = 10_000;
const SIDE: usize = 2_000;
/// Rounds of what takes a second, and of what takes less.
const FEW: usize = 3;
const MANY: usize = 7;
/// Arcs closed and opened again in a round.
const CLOSED: usize = 50;

fn main() {
    // This thread is the whole pool: its CPU time is all there is.
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    let (name, plain) = city();
    let graph = Graph::new(&plain);
    agree(&graph);
    // Cargo says so when it measures; otherwise criterion only tries whether everything runs.
    if std::env::args().any(|arg| arg == "--bench") {
        println!("{name}: {} nodes, {} arcs; one thread", plain.at.len(), plain.arcs.len());
        compare(&graph);
        threads(&graph);
    }
    let mut criterion = Criterion::default()
        .configure_from_args()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    measured(&graph, &mut criterion);
    criterion.final_summary();
}

/// Porto, or what we have instead; arcs by tail, no loops.
fn city() -> (&'static str, Plain) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/porto_graph.txt.gz");
    let (name, mut plain) = match std::fs::read(path) {
        Ok(bytes) => ("Porto", plain::import(&bytes, &Limits::default()).unwrap()),
        Err(_) => {
            let city = Metropolis { nodes: 67_000, seed: SEED, ..Metropolis::default() };
            ("No graph of Porto here; a synthetic city", of_roads(&metropolis(&city)))
        }
    };
    let mut arcs: Vec<((u32, u32), u32)> = plain.arcs.iter().copied().zip(plain.ms.iter().copied()).collect();
    arcs.retain(|((tail, head), _)| tail != head);
    arcs.sort_unstable();
    plain.arcs = arcs.iter().map(|(ends, _)| *ends).collect();
    plain.ms = arcs.iter().map(|(_, ms)| (*ms).max(1)).collect();
    (name, plain)
}

fn of_roads(roads: &Roads) -> Plain {
    let mut plain = Plain { at: roads.nodes().iter().map(|node| node.point).collect(), ..Plain::default() };
    for segment in roads.segments() {
        let way = &roads.ways()[segment.way as usize];
        let [a, b] = segment.ends;
        for (open, ends) in way.bus().into_iter().zip([(a, b), (b, a)]) {
            if open {
                plain.arcs.push(ends);
                plain.ms.push(segment.cm * 36 / way.access.kmh);
            }
        }
    }
    plain
}

/// The graph in every form, indexed by all, and what they are asked.
struct Graph<'a> {
    plain: &'a Plain,
    places: Vec<[i32; 2]>,
    ours: (Topology, Metric<u32>),
    csr: cch::graph::Graph,
    tails: Vec<u32>,
    degrees: [Vec<f32>; 2],
    cch: (cch::Cch, cch::Metric),
    input: fast_paths::InputGraph,
    fast: fast_paths::FastGraph,
    pairs: Vec<(u32, u32)>,
    /// Sources and targets of the table.
    sides: [Vec<u32>; 2],
    closed: Vec<u32>,
}

impl<'a> Graph<'a> {
    fn new(plain: &'a Plain) -> Self {
        let places = plain.places();
        let topology = our_topology(&places, plain);
        let metric = Metric::new(&topology, plain.ms.clone());
        let mut first_out = vec![0_u32; plain.at.len() + 1];
        plain.arcs.iter().for_each(|(tail, _)| first_out[*tail as usize + 1] += 1);
        (1..first_out.len()).for_each(|at| first_out[at] += first_out[at - 1]);
        let tails = plain.arcs.iter().map(|(tail, _)| *tail).collect::<Vec<u32>>();
        let head = plain.arcs.iter().map(|(_, head)| *head).collect();
        let csr = cch::graph::Graph { first_out, head, weight: plain.ms.clone() };
        let degrees =
            [plain.at.iter().map(|p| p.lat as f32).collect(), plain.at.iter().map(|p| p.lon as f32).collect()];
        let cch = cch_topology(&csr, &tails, &degrees);
        let weights = cch.customize(&plain.ms);
        let mut input = fast_paths::InputGraph::new();
        for ((tail, head), ms) in plain.arcs.iter().zip(&plain.ms) {
            input.add_edge(*tail as usize, *head as usize, *ms as usize);
        }
        input.freeze();
        let fast = fast_paths::prepare(&input);
        let mut random = Random::new(SEED);
        // Nodes of both ends of an arc: `fast_paths` does not know a node that has none behind its last.
        let mut node = || plain.arcs[random.below(plain.arcs.len())].0;
        let pairs = (0..PAIRS).map(|_| (node(), node())).collect();
        let sides = [0, 1].map(|_| (0..SIDE).map(|_| node()).collect());
        let closed = (0..CLOSED).map(|_| random.below(plain.arcs.len()) as u32).collect();
        Self {
            plain,
            places,
            ours: (topology, metric),
            csr,
            tails,
            degrees,
            cch: (cch, weights),
            input,
            fast,
            pairs,
            sides,
            closed,
        }
    }

    fn sources(&self) -> Vec<[(u32, u32); 1]> {
        self.sides[0].iter().map(|node| [(*node, 0)]).collect()
    }
}

fn our_topology(places: &[[i32; 2]], plain: &Plain) -> Topology {
    Topology::new(&dissection::of_nodes(places, &plain.arcs), &plain.arcs)
}

fn cch_topology(csr: &cch::graph::Graph, tails: &[u32], [lat, lon]: &[Vec<f32>; 2]) -> cch::Cch {
    let order = cch::inertial_order(lat.len() as u32, tails, &csr.head, lat, lon);
    cch::Cch::build(csr, &order)
}

/// All give the same costs: pairs, their paths, the table, and pairs with roads closed.
fn agree(graph: &Graph<'_>) {
    let (topology, metric) = &graph.ours;
    let (view, weights) = (graph.cch.0.view(), graph.cch.1.view());
    let mut query = Query::new(topology);
    let mut paths = cch::PathQuery::new(&view);
    let mut calculator = fast_paths::create_calculator(&graph.fast);
    for (from, to) in &graph.pairs {
        let cost = query.pair(topology, metric, *from, *to);
        let fast = calculator.calc_path(&graph.fast, *from as usize, *to as usize);
        assert_eq!(fast.map(|path| path.get_weight() as u32), cost, "{from} to {to}");
        let (ours, cch) = (path(graph, &mut query, *from, *to), paths.path(&weights, *from, *to));
        assert_eq!(ours.as_ref().map(|(cost, _)| *cost), cost);
        assert_eq!(cch.map(|nodes| along(graph.plain, &nodes)), cost);
        assert_eq!(ours.map(|(_, nodes)| along(graph.plain, &nodes)), cost);
    }
    let ours = table(topology, metric, &graph.sources(), &graph.sides[1]);
    assert!(ours == cch::distance_matrix(&view, &weights, &graph.sides[0], &graph.sides[1]));
    // With all of them closed at once, then opened again.
    let mut changed = metric.clone();
    let mut weights = graph.plain.ms.clone();
    let close: Vec<(u32, u32)> = graph.closed.iter().map(|arc| (*arc, u32::FAR)).collect();
    graph.closed.iter().for_each(|arc| weights[*arc as usize] = cch::INF_WEIGHT);
    changed.change(topology, &close);
    let other = graph.cch.0.customize(&weights);
    let (few, targets) = (&graph.sources()[..100], &graph.sides[1]);
    let cells = table(topology, &changed, few, targets);
    assert!(cells == cch::distance_matrix(&view, &other.view(), &graph.sides[0][..100], targets));
    assert!(cells != ours[..cells.len()], "nothing was closed");
    let open: Vec<(u32, u32)> = graph.closed.iter().map(|arc| (*arc, graph.plain.ms[*arc as usize])).collect();
    changed.change(topology, &open);
    assert!(table(topology, &changed, few, targets) == ours[..cells.len()]);
}

fn path(graph: &Graph<'_>, query: &mut Query<u32>, from: u32, to: u32) -> Option<(u32, Vec<u32>)> {
    query.path(&graph.ours.0, &graph.ours.1, &[(from, 0)], &[(to, 0)])
}

/// What a way costs; arcs lie by tail and head, then by time.
fn along(plain: &Plain, nodes: &[u32]) -> u32 {
    let step = |ends: &[u32]| {
        let first = plain.arcs.partition_point(|arc| *arc < (ends[0], ends[1]));
        let same = first..plain.arcs.partition_point(|arc| *arc <= (ends[0], ends[1]));
        *plain.ms[same].iter().min().unwrap()
    };
    nodes.windows(2).map(step).sum()
}

/// Something that is measured: once through.
type Work<'a> = Box<dyn FnMut() + 'a>;

/// A row of the table: ours and the peers', and how often each is done in one call.
struct Row<'a> {
    name: &'static str,
    unit: &'static str,
    /// Seconds x this / times = what is printed.
    scale: f64,
    rounds: usize,
    /// How many times less each does in one call.
    share: [f64; 3],
    works: [Option<Work<'a>>; 3],
}

fn rows<'a>(graph: &'a Graph<'_>, view: &'a cch::CchView<'a>, weights: &'a cch::MetricView<'a>) -> Vec<Row<'a>> {
    let (topology, metric) = &graph.ours;
    let ms = &graph.plain.ms;
    let (mut again, mut other, customizer) = (metric.clone(), graph.cch.0.customize(ms), graph.cch.0.customizer());
    let (mut changed, mut closing, second) = (metric.clone(), ms.clone(), graph.cch.0.customizer());
    let mut closed_cch = graph.cch.0.customize(ms);
    let (mut pair_query, mut path_query) = (Query::new(topology), Query::new(topology));
    let mut cch_paths = cch::PathQuery::new(view);
    let [mut costs, mut paths] = [0, 1].map(|_| fast_paths::create_calculator(&graph.fast));
    let sources = graph.sources();
    let targets = &graph.sides[1];
    let per_pair = 1e6 / PAIRS as f64;
    vec![
        Row {
            name: "build (order, topology)",
            unit: "ms",
            scale: 1e3,
            rounds: FEW,
            share: [1.0; 3],
            works: [
                Some(Box::new(|| drop(black_box(our_topology(&graph.places, graph.plain))))),
                Some(Box::new(|| drop(black_box(cch_topology(&graph.csr, &graph.tails, &graph.degrees))))),
                Some(Box::new(|| drop(black_box(fast_paths::prepare(&graph.input))))),
            ],
        },
        Row {
            name: "customise",
            unit: "ms",
            scale: 1e3,
            rounds: MANY,
            share: [1.0; 3],
            works: [
                Some(Box::new(move || again.reset(topology, black_box(ms)))),
                Some(Box::new(move || customizer.customize_into(black_box(ms), &mut other))),
                None,
            ],
        },
        Row {
            name: "pair, its cost",
            unit: "us",
            scale: per_pair,
            rounds: MANY,
            share: [1.0, 10.0, 1.0],
            works: [
                Some(Box::new(move || {
                    for (from, to) in &graph.pairs {
                        black_box(pair_query.pair(topology, metric, *from, *to));
                    }
                })),
                // A tenth of them, a tenth as often: each makes its memory anew.
                Some(Box::new(move || {
                    for (from, to) in &graph.pairs[..PAIRS / 10] {
                        black_box(cch::distance(view, weights, *from, *to));
                    }
                })),
                Some(Box::new(move || {
                    for (from, to) in &graph.pairs {
                        black_box(costs.calc_path(&graph.fast, *from as usize, *to as usize));
                    }
                })),
            ],
        },
        Row {
            name: "pair, its nodes",
            unit: "us",
            scale: per_pair,
            rounds: MANY,
            share: [1.0; 3],
            works: [
                Some(Box::new(move || {
                    for (from, to) in &graph.pairs {
                        black_box(path(graph, &mut path_query, *from, *to));
                    }
                })),
                Some(Box::new(move || {
                    for (from, to) in &graph.pairs {
                        black_box(cch_paths.path(weights, *from, *to));
                    }
                })),
                Some(Box::new(move || {
                    for (from, to) in &graph.pairs {
                        black_box(paths.calc_path(&graph.fast, *from as usize, *to as usize));
                    }
                })),
            ],
        },
        Row {
            name: "table 2000 x 2000",
            unit: "ms",
            scale: 1e3,
            rounds: FEW,
            share: [1.0; 3],
            works: [
                Some(Box::new(move || drop(black_box(table(topology, metric, &sources, targets))))),
                Some(Box::new(move || drop(black_box(cch::distance_matrix(view, weights, &graph.sides[0], targets))))),
                None,
            ],
        },
        Row {
            name: "close an arc and open it",
            unit: "ms",
            scale: 1e3 / CLOSED as f64,
            rounds: MANY,
            share: [1.0, CLOSED as f64, 1.0],
            works: [
                Some(Box::new(move || {
                    for arc in &graph.closed {
                        changed.change(topology, &[(*arc, u32::FAR)]);
                        changed.change(topology, &[(*arc, ms[*arc as usize])]);
                    }
                })),
                // One of them.
                Some(Box::new(move || {
                    let arc = graph.closed[0] as usize;
                    closing[arc] = cch::INF_WEIGHT;
                    second.customize_into(&closing, &mut closed_cch);
                    closing[arc] = ms[arc];
                    second.customize_into(&closing, &mut closed_cch);
                })),
                None,
            ],
        },
    ]
}

fn compare(graph: &Graph<'_>) {
    let (view, weights) = (graph.cch.0.view(), graph.cch.1.view());
    println!(
        "shortcuts and arcs, up: ours {}, cch {}; in them: least (median) of the rounds, CPU time",
        graph.ours.0.arcs(),
        graph.cch.0.cch_arc_count()
    );
    println!(
        "{:26} {:>20} {:>20} {:>20} {:>10} {:>16}",
        "", "ours", "cch", "fast_paths", "ours/cch", "ours/fast_paths"
    );
    for mut row in rows(graph, &view, &weights) {
        let mut taken: [Vec<f64>; 3] = Default::default();
        for _ in 0..row.rounds {
            for (peer, work) in row.works.iter_mut().enumerate() {
                if let Some(work) = work {
                    let start = cpu();
                    work();
                    taken[peer].push((cpu() - start) * row.scale * row.share[peer]);
                }
            }
        }
        for all in &mut taken {
            all.sort_by(f64::total_cmp);
        }
        let least = |peer: usize| taken[peer].first().copied();
        let cell = |peer: usize| {
            let Some(least) = least(peer) else { return "-".to_owned() };
            format!("{least:.2} ({:.2}) {}", taken[peer][taken[peer].len() / 2], row.unit)
        };
        let ratio = |peer: usize| match (least(0), least(peer)) {
            (Some(ours), Some(other)) => format!("{:.3}", ours / other),
            _ => "-".to_owned(),
        };
        println!("{:26} {:>20} {:>20} {:>20} {:>10} {:>16}", row.name, cell(0), cell(1), cell(2), ratio(1), ratio(2));
    }
}

/// Seconds this thread has had.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Our table on one thread and on two, by the clock on the wall, taking turns.
fn threads(graph: &Graph<'_>) {
    let (topology, metric) = &graph.ours;
    let sources = graph.sources();
    let mut least = [f64::MAX; 2];
    let pools = [1, 2].map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap());
    let mut cells = Vec::new();
    for _ in 0..FEW {
        for (pool, least) in pools.iter().zip(&mut least) {
            let start = Instant::now();
            let found = pool.install(|| table(topology, metric, &sources, &graph.sides[1]));
            *least = least.min(start.elapsed().as_secs_f64() * 1e3);
            assert!(cells.is_empty() || cells == found, "the same on any number of threads");
            cells = found;
        }
    }
    let [one, two] = least;
    println!("our table, wall clock: 1 thread {one:.1} ms, 2 threads {two:.1} ms, ratio {:.2}", one / two);
}

/// The same works by criterion's rules; what takes a second a call is left to the table.
fn measured(graph: &Graph<'_>, criterion: &mut Criterion) {
    let (view, weights) = (graph.cch.0.view(), graph.cch.1.view());
    for row in rows(graph, &view, &weights).into_iter().filter(|row| row.rounds == MANY) {
        let mut group = criterion.benchmark_group(row.name);
        for (work, peer) in row.works.into_iter().zip(["ours", "cch", "fast_paths"]) {
            if let Some(mut work) = work {
                group.bench_function(peer, |bencher| bencher.iter(&mut work));
            }
        }
        group.finish();
    }
}
