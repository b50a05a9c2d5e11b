//! What a city costs by part: `cargo test --release network::driving -- --ignored --nocapture`.

use std::time::Instant;

use super::*;
use crate::network::index::{Topology, dissection};
use crate::network::roads::Limits;
use crate::network::{Network, osm};

/// The most memory this process has held, MB.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

#[test]
#[ignore = "a large city: seconds"]
fn porto_from_file_to_index_by_part() {
    let Some(bytes) = crate::network::tests::shared("porto.osm.pbf") else { return };
    let mut clock = Instant::now();
    let mut part = |name: &str| {
        println!("{name:<10} {:6.0} ms, peak so far {} MB", clock.elapsed().as_secs_f64() * 1e3, peak_mb());
        clock = Instant::now();
    };
    let (roads, _) = osm::import(&bytes, "porto.osm.pbf", &Limits::default(), None).unwrap();
    part("read");
    let speeds = Speeds::default();
    let mut arcs = arcs::all(&roads, &speeds);
    let turns = arcs::Turns::new(&roads, &mut arcs);
    let junctions = arcs::Junctions::new(&roads, &arcs, &speeds);
    let mut chains = Chains::joined(&mut arcs, &turns, &junctions);
    part("graph");
    let (at, edges, links) = chains.meet(&roads, &super::super::local(&roads), &arcs, &turns, &junctions);
    let order = dissection::of_edges(&at, &edges);
    part("order");
    chains.topology = Topology::new(&order, &links);
    part("shortcuts");
    let open = vec![true; chains.len()];
    let metric = Metric::new(&chains.topology, chains.weights(0, &open));
    part("customise");
    println!(
        "{} arcs, {} chains, {} turns, {} shortcuts",
        arcs.len(),
        chains.len(),
        links.len(),
        chains.topology.arcs()
    );
    drop(metric);
    clock = Instant::now();
    let network = Network::new(&roads, &speeds);
    println!("all but reading, with snapping and walking: {:.0} ms", clock.elapsed().as_secs_f64() * 1e3);
    network.prepare(Band::Free);
    let way = network.roads().ways()[network.roads().ways().len() / 2].id;
    clock = Instant::now();
    let closed = network.closing(&[way]);
    println!("one way closed: {:.1} ms", clock.elapsed().as_secs_f64() * 1e3);
    assert!(closed.coverage().bus_inside > 100_000);
}
