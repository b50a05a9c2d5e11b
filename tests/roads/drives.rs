//! Buses: matrices and drawn ways.

use std::collections::BTreeMap;
use std::time::Instant;

use jiebo::domain::site::Kerb;
use jiebo::network::marks::Marks;
use jiebo::network::profile::{Band, TurnCosts};
use jiebo::network::roads::{Roads, TurnBan, Way, WayBan};
use jiebo::network::{BusStop, Network, Speeds};
use jiebo::search::Random;
use rayon::prelude::*;

use crate::extract;
use crate::oracle::Oracle;

const FREE_TURNS: TurnCosts = TurnCosts { signal_s: 0, left_s: 0, right_s: 0, u_turn_s: 0 };
const DEAR_TURNS: TurnCosts = TurnCosts { signal_s: 10, left_s: 5, right_s: 2, u_turn_s: 20 };
const FACTOR: [u32; 3] = [1000, 650, 500];

/// How much is compared.
#[derive(Clone, Copy)]
struct Amount {
    /// Stops of a matrix.
    stops: usize,
    /// Rows of it that are looked at.
    rows: usize,
    turns: &'static [TurnCosts],
    bands: &'static [Band],
}

const ALL: Amount = Amount { stops: 100, rows: 100, turns: &[FREE_TURNS, DEAR_TURNS], bands: &Band::ALL };
const SOME: Amount = Amount { stops: 100, rows: 4, turns: &[DEAR_TURNS], bands: &Band::ALL };

/// Stops on arcs that may be used, a fourth of them reached from either side, some on the left of one-way streets.
fn random_stops(oracle: &Oracle, count: usize, random: &mut Random) -> Vec<BusStop> {
    let used: Vec<usize> = (0..oracle.arcs.len()).filter(|arc| oracle.used[*arc]).collect();
    let stop = |_| {
        let arc = used[random.below(used.len())];
        let (way, between) = oracle.name(arc);
        let cm = random.below(usize::try_from(oracle.arcs[arc].cm).unwrap() + 1);
        let side = match random.below(8) {
            0 | 1 => Kerb::Either,
            2 if !oracle.arcs[arc].two_way => Kerb::Left,
            _ => Kerb::Right,
        };
        BusStop { way, between, offset_m: cm as f64 / 100.0, side, snap_m: 0.0 }
    };
    (0..count).map(stop).collect()
}

/// Cells of these rows; how many there were, and how many had a way.
fn compare(what: &str, network: &Network, oracle: &Oracle, stops: &[BusStop], amount: Amount) -> [usize; 2] {
    let mut compared = [0; 2];
    for band in amount.bands {
        let matrix = network.bus_matrix(stops, *band);
        let rows: Vec<usize> = (0..stops.len()).step_by((stops.len() / amount.rows).max(1)).collect();
        let wanted: Vec<_> = rows.par_iter().map(|row| oracle.row(&stops[*row], stops, *band)).collect();
        for (row, wanted) in rows.iter().zip(wanted) {
            for (column, wanted) in wanted.into_iter().enumerate() {
                let from_to = (&stops[*row], &stops[column]);
                assert_eq!(matrix.get(*row, column), wanted, "{what}, {band:?}: {from_to:?}");
                compared[0] += 1;
                compared[1] += usize::from(wanted.is_some());
            }
        }
    }
    compared
}

/// A drawn way is as long as its cell says, from stop to stop, over roads from one end to the other.
fn drawn(network: &Network, oracle: &Oracle, stops: &[BusStop], band: Band) -> usize {
    let roads = network.roads();
    let bits = |point: &jiebo::domain::coordinates::Point| [point.lon.to_bits(), point.lat.to_bits()];
    let mut nodes: BTreeMap<[u64; 2], usize> = BTreeMap::new();
    for (number, node) in roads.nodes().iter().enumerate() {
        nodes.insert(bits(&node.point), number);
    }
    let lone = nodes.len() == roads.nodes().len();
    let open = |arc: &&crate::oracle::Arc| !arc.closed;
    let mut steps: Vec<[usize; 2]> = oracle.arcs.iter().filter(open).map(|arc| arc.ends).collect();
    steps.sort_unstable();
    let matrix = network.bus_matrix(stops, band);
    let mut count = 0;
    for (i, from) in stops.iter().enumerate() {
        let j = (i + 1) % stops.len();
        let to = &stops[j];
        let path = network.bus_path(from, to, band);
        let cell = matrix.get(i, j);
        assert_eq!(path.as_ref().map(|path| (path.seconds, path.metres)), cell, "{from:?} {to:?}");
        let Some(path) = path else { continue };
        let long: f64 = path.points.windows(2).map(|pair| pair[0].metres_to(pair[1])).sum();
        // Each piece is rounded to centimetres, the whole to metres.
        let may = 0.5 + 0.006 * path.points.len() as f64;
        assert!((long - f64::from(path.metres.0)).abs() <= may, "{long} {}: {from:?} {to:?}", path.metres.0);
        for (stop, end) in [(from, path.points.first()), (to, path.points.last())] {
            assert!(network.bus_stop_point(stop).unwrap().metres_to(*end.unwrap()) < 0.01);
        }
        if lone && path.points.len() > 3 {
            let inner: Vec<usize> =
                path.points[1..path.points.len() - 1].iter().map(|point| nodes[&bits(point)]).collect();
            for pair in inner.windows(2) {
                assert!(steps.binary_search(&[pair[0], pair[1]]).is_ok(), "no road: {from:?} {to:?}");
            }
        }
        count += 1;
    }
    count
}

/// Whole ways, closed ways, paths.
fn drive(what: &str, roads: &Roads, amount: Amount) {
    let begin = Instant::now();
    let signals = (0..roads.nodes().len()).filter(|node| roads.is_signal(u32::try_from(*node).unwrap())).count();
    let shut = (0..roads.nodes().len()).filter(|node| roads.shut(u32::try_from(*node).unwrap())).count();
    let (bans, way_bans) = (roads.bans().len(), roads.way_bans().len());
    println!("{what}: {bans} forbidden turns, {way_bans} over ways, {signals} lights, {shut} nodes shut");
    let mut random = Random::new(17);
    let (mut cells, mut paths) = ([0; 2], 0);
    for turns in amount.turns {
        let speeds = Speeds { factor: FACTOR, turns: *turns };
        let network = Network::new(roads, &speeds);
        let oracle = Oracle::new(roads, &speeds);
        let coverage = network.coverage();
        assert_eq!((coverage.bus_arcs, coverage.bus_inside), (oracle.open_arcs(), oracle.used_arcs()), "{what}");
        let stops = random_stops(&oracle, amount.stops, &mut random);
        for stop in &stops {
            let again = network.bus_stop_at(stop.way, stop.between, stop.offset_m, stop.side);
            assert_eq!(again.as_ref(), Some(stop), "{what}");
        }
        let open = compare(what, &network, &oracle, &stops, amount);
        assert_eq!(open[0], open[1], "{what}: a strongly connected part");
        paths += drawn(&network, &oracle, &stops, Band::Am);

        let drivable: Vec<i64> = roads.ways().iter().filter(|way| way.bus() != [false; 2]).map(|way| way.id).collect();
        let shut: Vec<i64> = (0..100).map(|_| drivable[random.below(drivable.len())]).collect();
        let mut closed = roads.clone();
        for way in &shut {
            closed.close(*way);
        }
        let closing = network.closing(&shut);
        let anew = Network::new(&closed, &speeds);
        let oracle = Oracle::new(&closed, &speeds);
        assert_eq!(closing.coverage(), anew.coverage(), "{what}");
        assert_eq!(closing.coverage().bus_inside, oracle.used_arcs(), "{what}");
        for stop in &stops {
            let stands = closing.bus_stop_at(stop.way, stop.between, stop.offset_m, stop.side).is_some();
            assert_eq!(stands, oracle.stands(stop), "{what}: {stop:?}");
        }
        for band in Band::ALL {
            assert_eq!(closing.bus_matrix(&stops, band), anew.bus_matrix(&stops, band), "{what}");
        }
        // So few that what was worked out is changed rather than made anew.
        let few = &shut[..3];
        let mut closed = roads.clone();
        for way in few {
            closed.close(*way);
        }
        let (changed, anew) = (network.closing(few), Network::new(&closed, &speeds));
        for band in Band::ALL {
            assert_eq!(changed.bus_matrix(&stops, band), anew.bus_matrix(&stops, band), "{what}, few closed");
        }
        let shut = compare(&format!("{what}, closed"), &closing, &oracle, &stops, amount);
        paths += drawn(&closing, &oracle, &stops, Band::Pm);
        cells = [cells[0] + open[0] + shut[0], cells[1] + open[1] + shut[1]];
        println!(
            "  {turns:?}: {} arcs, {} with turns over ways begun; closed: {} arcs",
            coverage.bus_inside,
            oracle.doubled(),
            oracle.used_arcs()
        );
    }
    println!("{what}: {} cells ({} with a way), {paths} paths, {:?}", cells[0], cells[1], begin.elapsed());
}

/// The same roads with lights, places to turn, gates and forbidden turns strewn over them.
fn strewn(roads: &Roads, seed: u64) -> Roads {
    let mut random = Random::new(seed);
    let mut traffic = roads.traffic();
    for node in roads.nodes() {
        let mark = match random.below(1000) {
            0..100 => Marks::SIGNAL,
            100..120 => Marks::TURN_ROUND,
            120 => Marks::SHUT,
            121..130 => Marks::SIGNAL | Marks::TURN_ROUND,
            _ => continue,
        };
        traffic.marks.push((node.id, mark));
    }
    // Ways at each node, and the nodes of each way.
    let mut at: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for way in roads.ways().iter().filter(|way| way.access.bus != [false; 2]) {
        for node in &way.nodes {
            at.entry(*node).or_default().push(way.id);
        }
    }
    let mut nodes_of: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (node, ways) in &at {
        for way in ways {
            nodes_of.entry(*way).or_default().push(*node);
        }
    }
    let junctions: Vec<i64> = at.iter().filter(|(_, ways)| ways.len() > 1).map(|(node, _)| *node).collect();
    for number in 0..junctions.len() / 10 {
        let via = junctions[random.below(junctions.len())];
        let ways = &at[&via];
        let (from, to) = (ways[random.below(ways.len())], ways[random.below(ways.len())]);
        traffic.bans.push(TurnBan { from, via, to, only: number % 5 == 0 });
    }
    // Over one or two ways, each driven from one end to the other and met by the next there and nowhere else.
    let meet = |a: i64, b: i64| {
        let (a, b) = (&nodes_of[&a], &nodes_of[&b]);
        let mut both: Vec<i64> = a.iter().filter(|node| b.contains(node)).copied().collect();
        both.dedup();
        both
    };
    let ends: BTreeMap<i64, [i64; 2]> = roads
        .ways()
        .iter()
        .filter(|way| nodes_of.get(&way.id).is_some_and(|nodes| nodes.len() == way.nodes.len()))
        .map(|way| (way.id, [way.nodes[0], way.nodes[way.nodes.len() - 1]]))
        .collect();
    let mut number = 0;
    for _ in 0..junctions.len() * 3 {
        let mut node = junctions[random.below(junctions.len())];
        let from = at[&node][random.below(at[&node].len())];
        let mut ways = vec![from];
        for _ in 0..2 + random.below(2) {
            let next = at[&node][random.below(at[&node].len())];
            let last = *ways.last().unwrap();
            let Some([a, b]) = ends.get(&next).copied() else { break };
            if ways.contains(&next) || meet(last, next) != [node] || a == b {
                break;
            }
            ways.push(next);
            // The last of all need not begin here, those between must.
            node = if node == a { b } else { a };
            if !ends[&next].contains(&node) || !at[&node].iter().any(|way| !ways.contains(way)) {
                break;
            }
        }
        if ways.len() >= 3 {
            let to = ways.pop().unwrap();
            let fits = ways[1..].iter().zip(&ways[..]).all(|(via, before)| ends[via].contains(&meet(*before, *via)[0]));
            if fits && number < junctions.len() / 10 {
                number += 1;
                traffic.way_bans.push(WayBan { from, via: ways[1..].to_vec(), to, only: number % 10 == 0 });
            }
        }
    }
    Roads::with(roads.nodes().to_vec(), roads.ways().iter().map(|way| Way::clone(way)).collect(), traffic)
}

#[test]
fn monaco() {
    let Some(roads) = extract("monaco") else { return };
    assert!(!roads.bans().is_empty());
    drive("Monaco", &roads, SOME);
}

#[test]
fn monaco_strewn() {
    let Some(roads) = extract("monaco") else { return };
    drive("Monaco, strewn", &strewn(&roads, 1), SOME);
}

#[test]
fn shanghai() {
    let Some(roads) = extract("shanghai_center") else { return };
    drive("Shanghai", &roads, SOME);
}

#[test]
#[ignore = "minutes, in release"]
fn monaco_in_full() {
    let Some(roads) = extract("monaco") else { return };
    drive("Monaco", &roads, ALL);
    for seed in 0..3 {
        drive(&format!("Monaco, strewn {seed}"), &strewn(&roads, seed), ALL);
    }
}

#[test]
#[ignore = "minutes, in release"]
fn shanghai_in_full() {
    let Some(roads) = extract("shanghai_center") else { return };
    drive("Shanghai", &roads, ALL);
    drive("Shanghai, strewn", &strewn(&roads, 1), ALL);
}

#[test]
#[ignore = "a minute, in release"]
fn porto_by_bus() {
    let Some(roads) = extract("porto") else { return };
    drive("Porto", &roads, Amount { rows: 20, bands: &[Band::Am], ..ALL });
}
