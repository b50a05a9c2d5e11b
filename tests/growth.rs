//! How do time and memory grow with the city? Seeded cities of 10,000, 100,000 and 1,000,000 nodes; run by hand, in release:
//!
//!     cargo test --release --test growth -- --ignored --nocapture
//!
//! Each: the roads frozen and their index (build), its weights (customise), a table of 1,000 x 1,000 stops. Seconds on the
//! wall and of the processors; the peak of memory is that of the process so far, so of the largest city (its drawing
//! included). Wanted of a million nodes: under 4 minutes and 4 GB. Measured, with two busy, shared cores: 31 s (11 s of the
//! processors) to build, 0.4 s to customise, 1.5 s for the table, 940 MB; 100,000 nodes: 3.3 s (0.8 s), 0.1 s, 1.4 s, 130 MB.

use std::time::Instant;

use jiebo::domain::site::Kerb;
use jiebo::network::profile::Band;
use jiebo::network::synthetic::{Metropolis, metropolis};
use jiebo::network::{BusStop, Network, Speeds};
use jiebo::search::Random;
use rustix::time::{ClockId, clock_gettime};

const STOPS: usize = 1_000;

/// Seconds of all threads.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// What comes of it, and its seconds: on the wall, of the processors.
fn timed<T>(work: impl FnOnce() -> T) -> (T, [f64; 2]) {
    let (wall, start) = (Instant::now(), cpu());
    let result = work();
    (result, [wall.elapsed().as_secs_f64(), cpu() - start])
}

/// The most memory this process has had, megabytes; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Stops anywhere on roads that buses use.
fn stops(network: &Network) -> Vec<BusStop> {
    let roads = network.roads();
    let mut random = Random::new(1);
    let mut stops = Vec::new();
    while stops.len() < STOPS {
        let segment = &roads.segments()[random.below(roads.segments().len())];
        let between = segment.ends.map(|end| roads.nodes()[end as usize].id);
        let offset = random.unit() * f64::from(segment.cm) / 100.0;
        stops.extend(network.bus_stop_at(roads.ways()[segment.way as usize].id, between, offset, Kerb::Either));
    }
    stops
}

#[test]
#[ignore = "a measurement: by hand, in release"]
fn a_city_of_a_million_nodes_fits() {
    println!("{} threads; seconds on the wall (of the processors)", rayon::current_num_threads());
    println!(
        "{:>9} {:>9} {:>16} {:>16} {:>16} {:>16} {:>8}",
        "nodes", "arcs", "draw", "build", "customise", "1000 x 1000", "peak MB"
    );
    for nodes in [10_000, 100_000, 1_000_000] {
        let (roads, draw) = timed(|| metropolis(&Metropolis { nodes, ..Metropolis::default() }));
        let (network, build) = timed(|| Network::new(&roads, &Speeds::default()));
        let ((), customise) = timed(|| network.prepare(Band::Free));
        let stops = stops(&network);
        let (matrix, table) = timed(|| network.bus_matrix(&stops, Band::Free));
        let [draw, build, customise, table] =
            [draw, build, customise, table].map(|[wall, cpu]| format!("{wall:.3} ({cpu:.3})"));
        println!(
            "{:>9} {:>9} {draw:>16} {build:>16} {customise:>16} {table:>16} {:>8}",
            roads.nodes().len(),
            network.coverage().bus_inside,
            peak()
        );
        // All is connected, and what the table says there is a way for.
        for (from, to) in (0..20).map(|at| (at * 37 % STOPS, (at * 91 + 5) % STOPS)) {
            let path = network.bus_path(&stops[from], &stops[to], Band::Free).unwrap();
            assert_eq!(matrix.get(from, to), Some((path.seconds, path.metres)));
        }
        assert!(matrix.cells.iter().all(Option::is_some));
        assert!(peak() < 4_096, "{} MB", peak());
    }
}
