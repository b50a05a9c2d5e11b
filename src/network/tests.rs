//! Answers worked out by hand, the search against a slow one, and real extracts, whole and damaged.

use std::time::{Duration, Instant};

use super::profile::{Access, Band, Class};
use super::roads::{Bounds, Limits, Node, Roads, Traffic, TurnBan, Way, WayBan};
use super::synthetic::{Grid, city};
use super::*;
use crate::domain::coordinates::CoordinateSystem;
use crate::domain::finding::Finding;
use crate::search::{Random, cases};

/// Metres around (0, 0), where a metre is a metre in both directions.
fn at(x: f64, y: f64) -> Point {
    Local::new(Point::default()).unproject([x, y])
}

fn node(id: i64, x: f64, y: f64) -> Node {
    Node { id, point: at(x, y) }
}

/// 36 km/h: 10 m/s.
fn way(id: i64, bus: [bool; 2], nodes: &[i64]) -> Way {
    Way {
        id,
        name: String::new(),
        name_en: String::new(),
        class: Class::Residential,
        access: Access::open(bus, 36),
        lanes: None,
        layer: 0,
        closed: false,
        nodes: nodes.to_vec(),
    }
}

const BOTH: [bool; 2] = [true, true];
const ALONG: [bool; 2] = [true, false];

/// A block of 100 m with a dead end of 50 m at its north-east corner:
/// ```text
/// 4 --- 3 -- 5
/// |     |
/// 1 --- 2
/// ```
fn block(bus: [bool; 2]) -> Roads {
    Roads::new(
        vec![node(1, 0., 0.), node(2, 100., 0.), node(3, 100., 100.), node(4, 0., 100.), node(5, 150., 100.)],
        vec![
            way(12, bus, &[1, 2]),
            way(23, bus, &[2, 3]),
            way(34, bus, &[3, 4]),
            way(41, bus, &[4, 1]),
            way(35, BOTH, &[3, 5]),
        ],
        Vec::new(),
    )
}

fn network(roads: &Roads) -> Network {
    Network::new(roads, &speeds([1000, 500, 650]))
}

/// Junctions that cost nothing.
fn speeds(factor: [u32; 3]) -> Speeds {
    Speeds { factor, turns: TurnCosts { signal_s: 0, left_s: 0, right_s: 0, u_turn_s: 0 } }
}

fn cell(network: &Network, from: &BusStop, to: &BusStop) -> Option<(u32, u32)> {
    let cell = network.bus_matrix(&[from.clone(), to.clone()], Band::Free).get(0, 1);
    let path = network.bus_path(from, to, Band::Free);
    assert_eq!(path.map(|path| (path.seconds, path.metres)), cell);
    cell.map(|(seconds, metres)| (seconds.0, metres.0))
}

#[test]
fn the_kerb_decides_the_direction() {
    let network = network(&block(BOTH));
    let south = network.bus_stop(at(50., -5.), Kerb::Right, Metres(60)).unwrap();
    assert_eq!((south.way, south.between, south.offset_m), (12, [1, 2], 50.0));
    assert!((south.snap_m - 5.0).abs() < 0.001);
    let north = network.bus_stop(at(30., 5.), Kerb::Right, Metres(60)).unwrap();
    assert_eq!((north.way, north.between, north.offset_m), (12, [2, 1], 70.0));
    assert_eq!(network.bus_stop(at(50., -5.), Kerb::Left, Metres(60)), None);
    assert_eq!(network.bus_stop(at(50., -61.), Kerb::Right, Metres(60)), None);
    assert!(network.bus_stop_point(&north).unwrap().metres_to(at(30., 0.)) < 0.01);
}

#[test]
fn the_wrong_side_is_reached_by_the_dead_end() {
    let network = network(&block(BOTH));
    let south = network.bus_stop(at(50., -5.), Kerb::Right, Metres(60)).unwrap();
    let north = network.bus_stop(at(50., 5.), Kerb::Right, Metres(60)).unwrap();
    // 50 m to 2, 100 to 3, 50 into the dead end, 50 back, 100 to 2, 50 back along the first road.
    assert_eq!(cell(&network, &south, &north), Some((40, 400)));
    // 50 m to 1, 100 to 4, 100 to 3, 50 in, 50 out, 100 to 4, 100 to 1, 50.
    assert_eq!(cell(&network, &north, &south), Some((60, 600)));
    let path = network.bus_path(&south, &north, Band::Free).unwrap();
    let expected =
        [at(50., 0.), at(100., 0.), at(100., 100.), at(150., 100.), at(100., 100.), at(100., 0.), at(50., 0.)];
    assert_eq!(path.points.len(), expected.len());
    assert!(path.points.iter().zip(expected).all(|(a, b)| a.metres_to(b) < 0.01));
}

#[test]
fn ahead_is_direct_and_behind_is_round_the_block() {
    let network = network(&block(ALONG));
    let stop = |x: f64| network.bus_stop(at(x, -3.), Kerb::Right, Metres(60)).unwrap();
    let (first, second) = (stop(20.), stop(70.));
    assert_eq!(cell(&network, &first, &second), Some((5, 50)));
    // 400 m round the block less 50.
    assert_eq!(cell(&network, &second, &first), Some((35, 350)));
    assert_eq!(cell(&network, &first, &first), Some((0, 0)));
    // At half the speed: 10 s.
    assert_eq!(network.bus_matrix(&[first.clone(), second.clone()], Band::Am).get(0, 1).unwrap().0, Seconds(10));
    // 50 m at 6.5 m/s: 7.69 s, up.
    assert_eq!(network.bus_matrix(&[first, second], Band::Pm).get(0, 1).unwrap().0, Seconds(8));
    // On the left of a one-way street.
    let left = network.bus_stop(at(20., 3.), Kerb::Left, Metres(60)).unwrap();
    assert_eq!((left.between, left.offset_m), ([1, 2], 20.0));
    // With its right-hand kerb asked for, that point can only be served from elsewhere: 20 m from 4-1.
    let other = network.bus_stop(at(20., 3.), Kerb::Right, Metres(60));
    assert_eq!(other.map(|stop| stop.way), None);
}

#[test]
fn a_forecourt_is_left_either_way() {
    let network = network(&block(BOTH));
    let south = network.bus_stop(at(20., -5.), Kerb::Right, Metres(60)).unwrap();
    let north = network.bus_stop(at(20., 5.), Kerb::Right, Metres(60)).unwrap();
    let court = network.bus_stop(at(50., -5.), Kerb::Either, Metres(60)).unwrap();
    assert_eq!((court.between, court.offset_m), ([1, 2], 50.0));
    // It turns round in the forecourt: 30 m there, 30 m back.
    assert_eq!(cell(&network, &south, &court), Some((3, 30)));
    assert_eq!(cell(&network, &court, &north), Some((3, 30)));
    // From behind it arrives against the named arc.
    let east = network.bus_stop(at(105., 50.), Kerb::Right, Metres(60)).unwrap();
    let west = network.bus_stop(at(95., 50.), Kerb::Right, Metres(60)).unwrap();
    assert_eq!(cell(&network, &court, &east), Some((10, 100)));
    assert_eq!(cell(&network, &west, &court), Some((10, 100)));
}

#[test]
fn forbidden_turns_are_driven_round() {
    let mut roads = block(BOTH);
    let south = |network: &Network| network.bus_stop(at(50., -5.), Kerb::Right, Metres(60)).unwrap();
    let north = |network: &Network| network.bus_stop(at(50., 5.), Kerb::Right, Metres(60)).unwrap();
    // Out of the dead end (35) at 3 not into 23: by 34, 41 it comes back along 12 the wrong way; never to the north kerb.
    let ban = TurnBan { from: 35, via: 3, to: 23, only: false };
    roads = Roads::new(roads.nodes().to_vec(), owned(&roads), vec![ban]);
    let network_ = network(&roads);
    assert_eq!(network_.bus_stop(at(50., 5.), Kerb::Right, Metres(4)), None, "not in the strong part");
    // The other way round: only 23 is allowed out of the dead end, so the south kerb is lost.
    let only = TurnBan { only: true, ..ban };
    roads = Roads::new(roads.nodes().to_vec(), owned(&roads), vec![only]);
    let network_ = network(&roads);
    // The strong part is ring and dead end clockwise: 2-1, 1-4, 4-3, 3-5, 5-3, 3-2.
    assert_eq!(network_.coverage().bus_inside, 6);
    assert_eq!(north(&network_).between, [2, 1]);
    let network_ = network(&block(BOTH));
    assert_eq!(south(&network_).between, [1, 2]);
    assert_eq!(network_.coverage().bus_inside, 10);
}

/// Bans over ways that ask for very many copies of roads, or for very many ways through, end in a moment.
#[test]
fn hostile_bans_over_ways_do_not_grow() {
    // A ring of streets with two dead ends at each corner. Each street is the way between of two bans, from the street before
    // it to either dead end: were each ban to copy what is there already, there would be twice as many at every corner.
    let count = 40_i64;
    let corner = |i: i64| i % count + 1;
    let mut nodes: Vec<Node> = (0..count).map(|i| node(corner(i), 10. * i as f64, (i % 7) as f64)).collect();
    let mut ways: Vec<Way> = (0..count).map(|i| way(i + 1, BOTH, &[corner(i), corner(i + 1)])).collect();
    let mut way_bans = Vec::new();
    for i in 0..count {
        for end in [100, 200] {
            nodes.push(node(end + i, 10. * i as f64, end as f64));
            ways.push(way(end + i, BOTH, &[corner(i), end + i]));
            way_bans.push(WayBan { from: i + 1, via: vec![corner(i + 1)], to: end + (i + 2) % count, only: false });
        }
    }
    // A ladder of 60 rungs, all one way, that is the way between.
    let rungs = 60_i64;
    nodes.extend((0..2 * rungs).map(|i| node(1000 + i, 10. * (i / 2) as f64, 500. + 10. * (i % 2) as f64)));
    let rung = |i: i64| [0, 1, 3, 2, 0, 2].map(|at| 1000 + 2 * i + at);
    ways.push(way(500, BOTH, &(0..rungs - 1).flat_map(rung).collect::<Vec<_>>()));
    ways.push(way(501, BOTH, &[1, 1000]));
    ways.push(way(502, BOTH, &[1000 + 2 * rungs - 2, 30]));
    way_bans.push(WayBan { from: 501, via: vec![500], to: 502, only: false });
    let traffic = Traffic { way_bans, ..Traffic::default() };
    let network = network(&Roads::with(nodes, ways, traffic));
    // 920 without bans.
    assert!(network.driving.chains() < 5_000, "{}", network.driving.chains());
}

#[test]
fn bans_too_long_to_be_kept_are_told() {
    // A street, 2,100 short pieces of another as the way between, and a third at its end.
    let nodes: Vec<Node> = (0..2103).map(|i| node(i + 1, i as f64, 0.)).collect();
    let between: Vec<i64> = (2..=2102).collect();
    let ways = |between: &[i64]| vec![way(1, BOTH, &[1, 2]), way(2, BOTH, between), way(3, BOTH, &[2102, 2103])];
    let told = |between: &[i64]| {
        let way_bans = vec![WayBan { from: 1, via: vec![2], to: 3, only: false }];
        let roads = Roads::with(nodes.clone(), ways(between), Traffic { way_bans, ..Traffic::default() });
        let found = network(&roads).findings("r").into_iter();
        found.filter(|finding| finding.code == "roads-bans-given-up").collect::<Vec<_>>()
    };
    assert_eq!(told(&between), [Finding::warning("roads-bans-given-up").arg("count", 1_usize).file("r")]);
    // One of 100 pieces is kept.
    let short: Vec<i64> = between.iter().copied().step_by(21).chain([2102]).collect();
    assert_eq!(told(&short), []);
}

#[test]
fn who_takes_no_steps_joins_the_paths_beside_them() {
    // A door 2 m beside steps that lead 20 m up from a street; the street is 10 m away. A shop 90 m along it.
    let nodes = vec![node(1, 0., 0.), node(2, 200., 0.), node(3, 0., 20.), node(4, -50., 20.)];
    let mut ways = vec![way(1, BOTH, &[1, 2]), way(2, [false; 2], &[1, 3]), way(3, [false; 2], &[3, 4])];
    ways[1].access.wheelchair = false;
    ways[2].access.wheelchair = false;
    let network = network(&Roads::new(nodes, ways, Vec::new()));
    let [door, shop] = [at(2., 10.), at(90., -3.)].map(|point| network.foothold(point, Metres(60)).unwrap());
    // 2 to the steps, 10 down them, 90 along the street, 3 to the shop.
    let (door, shop, all) = ([door], [shop], None);
    assert_eq!(network.walk_metres(&door, &shop, all), [[Some(Metres(105))]]);
    // 10 to the street, 88 along it, 3 to the shop: both ways the same.
    assert_eq!(network.step_free_metres(&door, &shop, all), [[Some(Metres(101))]]);
    assert_eq!(network.step_free_metres(&shop, &door, all), [[Some(Metres(101))]]);
    // On top of them, with no street within reach, one joins nowhere.
    let top = network.foothold(at(-40., 22.), Metres(10)).unwrap();
    let [shop] = shop;
    assert_eq!(network.step_free_metres(std::slice::from_ref(&top), &[shop, top.clone()], all), [[None, None]]);
    // Nor does one from the top of a wall: 10 m to the steps, 40 m down to the street.
    let wall = network.foothold(at(-30., 40.), Metres(60)).unwrap();
    assert_eq!(network.step_free_metres(&[wall], &door, all), [[None]]);
}

#[test]
fn a_road_drawn_twice_is_no_place_to_turn() {
    let once = block(BOTH);
    let twice = [owned(&once), vec![way(99, BOTH, &[2, 1])]].concat();
    let network = network(&Roads::new(once.nodes().to_vec(), twice, Vec::new()));
    let south = network.bus_stop(at(50., -5.), Kerb::Right, Metres(60)).unwrap();
    let north = network.bus_stop(at(50., 5.), Kerb::Right, Metres(60)).unwrap();
    assert_eq!(cell(&network, &south, &north), Some((40, 400)));
}

#[test]
fn what_buses_cannot_enter_or_leave_is_said() {
    let mut ways = owned(&block(BOTH));
    let mut trap = way(51, ALONG, &[2, 6]);
    trap.name = "死胡同".to_owned();
    ways.push(trap);
    let mut nodes = block(BOTH).nodes().to_vec();
    nodes.push(node(6, 350., 0.));
    let network = network(&Roads::new(nodes, ways, Vec::new()));
    let findings = network.findings("roads.geojson");
    let expected =
        Finding::note("roads-no-way-through").file("roads.geojson").arg("metres", 250.0).arg("names", "死胡同");
    assert_eq!(findings, [expected]);
}

#[test]
fn roads_that_cross_at_will_are_told_and_planned_on() {
    // 3,000 crossings in a square, three streets from each to anywhere: as no city is.
    let mut random = Random::new(1);
    let nodes: Vec<Node> = (0..3000).map(|i| node(i + 1, 50. * (i % 55) as f64, 50. * (i / 55) as f64)).collect();
    let ways: Vec<Way> = (0..9000).map(|i| way(i + 1, BOTH, &[1 + i % 3000, 1 + random.below(3000) as i64])).collect();
    let roads = Roads::new(nodes, ways, Vec::new());
    let network = network(&roads);
    let told = network.findings("roads.geojson");
    assert!(told.contains(&Finding::warning("roads-tangled").file("roads.geojson")), "{told:?}");
    let stop = |i: usize| {
        let segment = &roads.segments()[i];
        let between = segment.ends.map(|end| roads.nodes()[end as usize].id);
        network.bus_stop_at(roads.ways()[segment.way as usize].id, between, 0., Kerb::Either).unwrap()
    };
    let (from, to) = (stop(10), stop(4000));
    let path = network.bus_path(&from, &to, Band::Free).unwrap();
    let cell = network.bus_matrix(&[from, to], Band::Free).get(0, 1);
    assert_eq!(cell, Some((path.seconds, path.metres)));
}

#[test]
fn roads_remember_the_network_made_of_them() {
    let roads = block(BOTH);
    let first = Network::new(&roads, &Speeds::default());
    Band::ALL.iter().for_each(|band| first.prepare(*band));
    let again = Network::new(&roads.clone(), &Speeds::default());
    assert!(first.driving.shares(&again.driving));
    // With a street closed, from the same index; opened again, all is as it was.
    let mut closed = roads.clone();
    closed.close(35);
    let shut = Network::new(&closed, &Speeds::default());
    assert!(shut.driving.shares(&first.driving));
    assert!(shut.bus_stop(at(125., 95.), Kerb::Right, Metres(20)).is_none());
    let anew = Network::anew(&closed, &Speeds::default());
    assert!(!anew.driving.shares(&first.driving) && shut.coverage() == anew.coverage());
    let stops: Vec<BusStop> = [at(50., 105.), at(105., 50.), at(50., -5.)]
        .iter()
        .filter_map(|p| anew.bus_stop(*p, Kerb::Either, Metres(20)))
        .collect();
    for band in Band::ALL {
        assert_eq!((stops.len(), shut.bus_matrix(&stops, band)), (3, anew.bus_matrix(&stops, band)));
    }
    assert!(Network::new(&roads, &Speeds::default()).bus_stop(at(125., 95.), Kerb::Right, Metres(20)).is_some());
    // Other speeds, other roads: another network.
    let slower = Speeds { factor: [900, 600, 600], ..Speeds::default() };
    assert!(!Network::new(&roads, &slower).driving.shares(&first.driving));
    let mut admitted = roads.clone();
    admitted.admit(&[]);
    assert!(!Network::new(&admitted, &Speeds::default()).driving.shares(&first.driving));
}

#[test]
fn the_one_turn_allowed_does_not_bind_buses_where_it_is_not_theirs() {
    // Along a street to a crossing, where only the turn onto a tramway (way 3, no buses) is allowed: buses go straight on.
    let nodes = vec![node(1, 0., 0.), node(2, 100., 0.), node(3, 200., 0.), node(4, 100., 100.)];
    let ways = |tram| vec![way(1, BOTH, &[1, 2]), way(2, BOTH, &[2, 3]), way(3, tram, &[2, 4])];
    let bans = vec![TurnBan { from: 1, via: 2, to: 3, only: true }];
    let straight = |tram: [bool; 2]| {
        let network = network(&Roads::new(nodes.clone(), ways(tram), bans.clone()));
        let stop = |way, between| network.bus_stop_at(way, between, 50., Kerb::Right).unwrap();
        network.bus_matrix(&[stop(1, [1, 2]), stop(2, [2, 3])], Band::Free).get(0, 1).map(|(_, metres)| metres)
    };
    assert_eq!(straight([false; 2]), Some(Metres(100)));
    // Where buses may turn there, they must: up, round at its end and down again, 50 + 2 x 100 + 50.
    assert_eq!(straight(BOTH), Some(Metres(300)));
}

#[test]
fn where_too_many_roads_meet_nobody_drives_through() {
    // A star of 70 streets, and a street from each tip to the next.
    let tip = |i: i64| node(i + 2, 100. * libm::cos(i as f64 / 11.), 100. * libm::sin(i as f64 / 11.));
    let nodes: Vec<Node> = std::iter::once(node(1, 0., 0.)).chain((0..70).map(tip)).collect();
    let ring = (0..69).map(|i| way(i + 1, BOTH, &[i + 2, i + 3]));
    let ways: Vec<Way> = ring.chain((0..70).map(|i| way(100 + i, BOTH, &[1, i + 2]))).collect();
    let network = network(&Roads::new(nodes, ways, Vec::new()));
    let findings = network.findings("roads.geojson");
    let crowded = Finding::warning("roads-crowded").file("roads.geojson").arg("roads", 70_usize);
    assert_eq!(findings[0], crowded.arg("place", "0.00000 0.00000").arg("nodes", 1_usize));
    // From one spoke to another over the ring, though the middle is nearer.
    let stop = |way, i| network.bus_stop_at(way, [1, i], 50., Kerb::Right).unwrap();
    let path = network.bus_path(&stop(110, 12), &stop(140, 42), Band::Free).unwrap();
    assert!(path.metres.0 > 250, "{path:?}");
}

#[test]
fn a_closed_road_is_closed_to_buses_only() {
    let mut roads = block(BOTH);
    assert_eq!(roads.close(12), 1);
    assert_eq!(roads.close(99), 0);
    let network = network(&roads);
    assert!(network.bus_stop(at(50., -5.), Kerb::Right, Metres(20)).is_none());
    assert!(network.foothold(at(50., -5.), Metres(20)).is_some());
}

#[test]
fn walkers_go_both_ways_and_walk_their_snaps() {
    let network = network(&block(ALONG));
    let south = network.foothold(at(50., -5.), Metres(50)).unwrap();
    let near = network.foothold(at(20., 4.), Metres(50)).unwrap();
    let north = network.foothold(at(70., 102.), Metres(50)).unwrap();
    let all = [south, near, north];
    let metres = network.walk_metres(&all, &all, None);
    let get = |i: usize, j: usize| metres[i][j].map(|m| m.0);
    // 5 + 30 + 4; there and back.
    assert_eq!((get(0, 1), get(1, 0)), (Some(39), Some(39)));
    // 5 + 50 + 100 + 30 + 2.
    assert_eq!((get(0, 2), get(2, 0)), (Some(187), Some(187)));
    let limited = network.walk_metres(&all, &all, Some(Metres(186)));
    assert_eq!((limited[0][2], limited[0][1]), (None, Some(Metres(39))));
    assert_eq!(network.walk_metres(&all, &all, Some(Metres(187)))[0][2], Some(Metres(187)));
    assert_eq!(network.foothold(at(50., -51.), Metres(50)), None);
}

#[test]
fn nothing_comes_of_nothing() {
    let network = network(&Roads::default());
    assert_eq!(network.bus_stop(at(0., 0.), Kerb::Right, Metres(100)), None);
    assert_eq!(network.foothold(at(0., 0.), Metres(100)), None);
    assert_eq!(network.bus_matrix(&[], Band::Free).cells, []);
    assert_eq!(network.candidates_near(&[at(0., 0.)], Metres(500), Metres(100)), []);
    let stray = BusStop { way: 1, between: [1, 2], offset_m: f64::NAN, side: Kerb::Either, snap_m: 0.0 };
    assert_eq!(network.bus_matrix(&[stray.clone(), stray], Band::Free).cells, [None; 4]);
}

/// Random roads with bends, dead ends, one-way streets, bans and a closed way.
fn tangle(seed: u64) -> Roads {
    let mut random = Random::new(seed);
    let count = 8 + random.below(25);
    let nodes: Vec<Node> =
        (0..count).map(|id| node(1 + id as i64, random.unit() * 500., random.unit() * 500.)).collect();
    let ways = (0..count)
        .map(|id| {
            let length = 2 + random.below(4);
            let along: Vec<i64> = (0..length).map(|_| 1 + random.below(count) as i64).collect();
            let bus = [[true, true], [true, true], [true, false], [false, true]][random.below(4)];
            let kmh = 5 + u32::try_from(random.below(60)).unwrap();
            let mut way = way(1 + id as i64, bus, &along);
            way.access.kmh = kmh;
            way.closed = random.below(15) == 0;
            way
        })
        .collect::<Vec<_>>();
    let mut some = || 1 + random.below(count) as i64;
    let bans = (0..count).map(|i| TurnBan { from: some(), via: some(), to: some(), only: i % 4 == 0 }).collect();
    Roads::new(nodes, ways, bans)
}

fn owned(roads: &Roads) -> Vec<Way> {
    roads.ways().iter().map(|way| Way::clone(way)).collect()
}

/// Bellman-Ford over all arcs, straight from the rules: no chains, no strong parts, no heap.
fn slow(network: &Network, from: &BusStop, to: &BusStop, factor: u64) -> Option<(u64, u64)> {
    let roads = network.roads();
    struct Slow {
        way: i64,
        between: [i64; 2],
        segment: usize,
        ms: u64,
        cm: u64,
        closed: bool,
    }
    let mut arcs = Vec::new();
    for (number, segment) in roads.segments().iter().enumerate() {
        let way = &roads.ways()[segment.way as usize];
        let [a, b] = segment.ends.map(|end| roads.nodes()[end as usize].id);
        let ms = (u64::from(segment.cm) * 36_000).div_ceil(u64::from(way.access.kmh) * factor);
        for (open, between) in [(way.access.bus[0], [a, b]), (way.access.bus[1], [b, a])] {
            if open {
                let (closed, cm) = (way.closed, u64::from(segment.cm));
                arcs.push(Slow { way: way.id, between, segment: number, ms, cm, closed });
            }
        }
    }
    // What no bus can take binds no bus.
    let leads = |ban: &&TurnBan| !ban.only || arcs.iter().any(|c| c.way == ban.to && c.between[0] == ban.via);
    let bans: Vec<&TurnBan> = roads.bans().iter().filter(leads).collect();
    let may = |a: &Slow, b: &Slow| {
        let here = |ban: &&&TurnBan| ban.from == a.way && ban.via == a.between[1];
        let only: Vec<_> = bans.iter().filter(here).filter(|ban| ban.only).collect();
        a.between[1] == b.between[0]
            && [b.between[1], b.between[0]] != a.between
            && !bans.iter().filter(here).any(|ban| !ban.only && ban.to == b.way && ban.from != b.way)
            && (only.is_empty() || only.iter().any(|ban| ban.to == b.way))
    };
    // A street that is closed farther on is no dead end.
    let follows = |a: &Slow, b: &Slow| {
        !b.closed && may(a, b)
            || !b.closed && ([b.between[1], b.between[0]] == a.between && !arcs.iter().any(|other| may(a, other)))
    };
    let standings = |stop: &BusStop| {
        let first = arcs.iter().position(|arc| (arc.way, arc.between) == (stop.way, stop.between)).unwrap();
        let cm = (stop.offset_m * 100.0).round() as u64;
        let mut all = vec![(first, cm)];
        // The second way to stand must lie in the strong part, too.
        if stop.side == Kerb::Either && network.arc_named(stop.way, [stop.between[1], stop.between[0]]).is_some() {
            let back = |arc: &Slow| arc.segment == arcs[first].segment && arc.between[0] == arcs[first].between[1];
            // The two arcs of a segment stand side by side.
            all.extend(
                (first.saturating_sub(1)..(first + 2).min(arcs.len()))
                    .filter(|i| *i != first && back(&arcs[*i]))
                    .map(|i| (i, arcs[first].cm - cm)),
            );
        }
        all
    };
    let part = |arc: usize, cm: u64| ((arcs[arc].ms * cm).checked_div(arcs[arc].cm).unwrap_or(0), cm);
    let mut best: Option<(u64, u64)> = None;
    for (source, off) in standings(from) {
        // Cost at the start of each arc.
        let mut label = vec![(u64::MAX, u64::MAX); arcs.len()];
        let (ms, cm) = part(source, off);
        for (number, arc) in arcs.iter().enumerate() {
            if follows(&arcs[source], arc) {
                label[number] = (arcs[source].ms - ms, arcs[source].cm - cm);
            }
        }
        loop {
            let mut changed = false;
            for a in 0..arcs.len() {
                for b in 0..arcs.len() {
                    if label[a].0 != u64::MAX && follows(&arcs[a], &arcs[b]) {
                        let through = (label[a].0 + arcs[a].ms, label[a].1 + arcs[a].cm);
                        if through < label[b] {
                            label[b] = through;
                            changed = true;
                        }
                    }
                }
            }
            if !changed {
                break;
            }
        }
        for (target, there) in standings(to) {
            let (ms, cm) = part(target, there);
            if target == source && there >= off {
                let (ms0, cm0) = part(source, off);
                best = Some(best.unwrap_or((u64::MAX, 0)).min((ms - ms0, cm - cm0)));
            }
            if label[target].0 != u64::MAX {
                best = Some(best.unwrap_or((u64::MAX, 0)).min((label[target].0 + ms, label[target].1 + cm)));
            }
        }
    }
    best
}

fn some_stops(network: &Network, random: &mut Random, count: usize, side_m: f64) -> Vec<BusStop> {
    let mut stops = Vec::new();
    for _ in 0..count * 20 {
        let point = at(random.unit() * side_m, random.unit() * side_m);
        let kerb = [Kerb::Right, Kerb::Left, Kerb::Either][random.below(3)];
        stops.extend(network.bus_stop(point, kerb, Metres(60)));
        if stops.len() >= count {
            break;
        }
    }
    stops
}

#[test]
fn fast_and_slow_agree() {
    let mut compared = 0;
    for seed in 0..cases(40, 120) {
        let roads = tangle(seed);
        let network = network(&roads);
        let mut random = Random::new(seed);
        let stops = some_stops(&network, &mut random, 5, 500.);
        for (band, factor) in [(Band::Free, 1000), (Band::Am, 500)] {
            let matrix = network.bus_matrix(&stops, band);
            for (i, from) in stops.iter().enumerate() {
                for (j, to) in stops.iter().enumerate() {
                    let slow = slow(&network, from, to, factor)
                        .map(|(ms, cm)| (Seconds(ms.div_ceil(1000) as u32), Metres(((cm + 50) / 100) as u32)));
                    assert_eq!(matrix.get(i, j), slow, "seed {seed}, {i} -> {j}: {from:?} {to:?}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > cases(1000, 3000), "{compared}");
}

#[test]
fn a_path_is_its_cell_and_runs_from_stop_to_stop() {
    for seed in 0..40 {
        let roads = tangle(seed);
        let network = network(&roads);
        let stops = some_stops(&network, &mut Random::new(seed + 1000), 5, 500.);
        let matrix = network.bus_matrix(&stops, Band::Pm);
        for (i, from) in stops.iter().enumerate() {
            for (j, to) in stops.iter().enumerate() {
                let path = network.bus_path(from, to, Band::Pm);
                assert_eq!(path.as_ref().map(|path| (path.seconds, path.metres)), matrix.get(i, j));
                let path = path.unwrap();
                let drawn: f64 = path.points.windows(2).map(|pair| pair[0].metres_to(pair[1])).sum();
                assert!((drawn - f64::from(path.metres.0)).abs() < 2.0, "seed {seed} {i} {j}: {drawn} {path:?}");
                assert!(path.points[0].metres_to(network.bus_stop_point(from).unwrap()) < 0.05);
                assert!(path.points.last().unwrap().metres_to(network.bus_stop_point(to).unwrap()) < 0.05);
            }
        }
    }
}

#[test]
fn a_stop_named_by_its_road_is_the_same_stop() {
    let mut named = 0;
    for seed in 0..60 {
        let network = network(&tangle(seed));
        for stop in some_stops(&network, &mut Random::new(seed), 10, 500.) {
            let again = network.bus_stop_at(stop.way, stop.between, stop.offset_m, stop.side).unwrap();
            assert_eq!(again, BusStop { snap_m: 0.0, ..stop.clone() });
            assert_eq!(network.standing(&again), network.standing(&stop));
            let text = serde_json::to_string(&stop.offset_m).unwrap();
            assert_eq!(serde_json::from_str::<f64>(&text).unwrap(), stop.offset_m);
            assert_eq!(network.bus_stop_at(stop.way, stop.between, 1e6, stop.side), None);
            assert_eq!(network.bus_stop_at(stop.way + 1000, stop.between, stop.offset_m, stop.side), None);
            named += 1;
        }
    }
    assert!(named > 300);
}

#[test]
fn walking_is_symmetric_and_no_shorter_than_the_crow_flies() {
    let mut reached = 0;
    for seed in 0..40 {
        let network = network(&tangle(seed));
        let mut random = Random::new(seed);
        let points: Vec<Point> = (0..12).map(|_| at(random.unit() * 500., random.unit() * 500.)).collect();
        let kept: Vec<(Point, Foothold)> =
            points.iter().filter_map(|p| Some((*p, network.foothold(*p, Metres(300))?))).collect();
        let holds: Vec<Foothold> = kept.iter().map(|(_, hold)| hold.clone()).collect();
        let free = network.walk_metres(&holds, &holds, None);
        let limited = network.walk_metres(&holds, &holds, Some(Metres(300)));
        for i in 0..holds.len() {
            for j in 0..holds.len() {
                assert_eq!(free[j][i], free[i][j]);
                assert_eq!(limited[i][j], free[i][j].filter(|m| m.0 <= 300));
                let Some(metres) = free[i][j] else { continue };
                reached += 1;
                assert!(f64::from(metres.0) + 0.05 >= if i == j { 0.0 } else { kept[i].0.metres_to(kept[j].0) });
            }
        }
    }
    assert!(reached > 3000, "{reached}");
}

#[test]
fn the_index_for_walkers_says_what_the_search_says() {
    let mut compared = 0;
    for seed in 0..25 {
        let roads = tangle(seed);
        let mut ways = owned(&roads);
        ways.iter_mut().step_by(5).for_each(|way| way.access.wheelchair = false);
        let network = network(&Roads::new(roads.nodes().to_vec(), ways, Vec::new()));
        let mut random = Random::new(seed);
        let some = |random: &mut Random| network.foothold(at(random.unit() * 500., random.unit() * 500.), Metres(300));
        let holds: Vec<Foothold> = (0..15).filter_map(|_| some(&mut random)).collect();
        // A search for each, before there is an index; then so many at a time that one is made.
        let searched = |free: bool| -> Vec<_> {
            let row = |hold: &Foothold| {
                let one = std::slice::from_ref(hold);
                if free { network.step_free_metres(one, &holds, None) } else { network.walk_metres(one, &holds, None) }
            };
            holds.iter().flat_map(row).collect()
        };
        let (steps, free) = (searched(false), searched(true));
        assert_ne!(steps, Vec::<Vec<Option<Metres>>>::new());
        let many: Vec<Foothold> = holds.iter().cycle().take(120).cloned().collect();
        let (all, all_free) = (network.walk_metres(&many, &holds, None), network.step_free_metres(&many, &holds, None));
        for (at, (row, free_row)) in all.iter().zip(&all_free).enumerate() {
            assert_eq!((row, free_row), (&steps[at % holds.len()], &free[at % holds.len()]), "seed {seed}");
            compared += row.len();
        }
        // Of who joins the paths at the same place the one who takes steps is never the later.
        let same: Vec<bool> = holds.iter().map(|hold| hold.level == Some(hold.spot)).collect();
        for (from, to) in (0..holds.len()).flat_map(|from| (0..holds.len()).map(move |to| (from, to))) {
            let (a, b) = (steps[from][to], free[from][to]);
            assert!(!same[from] || !same[to] || b.is_none_or(|b| a.is_some_and(|a| a <= b)), "seed {seed}");
        }
    }
    assert!(compared > 20_000, "{compared}");
}

#[test]
fn who_takes_no_steps_goes_round() {
    // The north street of the block by steps: from (50, 100) to its ends only over them; along the west street not.
    let mut ways = owned(&block(BOTH));
    ways.iter_mut().filter(|way| way.id == 34).for_each(|way| way.access.wheelchair = false);
    let network = network(&Roads::new(block(BOTH).nodes().to_vec(), ways, Vec::new()));
    let hold = |x: f64, y: f64| network.foothold(at(x, y), Metres(5)).unwrap();
    let (west, east, steps) = (hold(0., 90.), hold(100., 90.), hold(50., 100.));
    // Over the steps 10 + 100 + 10; without them 90 + 100 + 90.
    assert_eq!(
        network.walk_metres(std::slice::from_ref(&west), std::slice::from_ref(&east), None),
        [[Some(Metres(120))]]
    );
    assert_eq!(network.step_free_metres(&[west], &[east, steps], None), [[Some(Metres(280)), None]]);
}

#[test]
fn an_area_holds_what_is_reached_and_nothing_far() {
    let network = network(&block(ALONG));
    let hold = |x: f64, y: f64| network.foothold(at(x, y), Metres(5)).unwrap();
    // 60 m from the middle of the south street: to its ends, and 10 m up the east and west streets; 25 m beside them.
    let area = network.walk_area(&[hold(50., 0.)], Metres(60), false);
    for inside in [at(50., 0.), at(0., 0.), at(100., 0.), at(100., 9.), at(0., 9.)] {
        assert!(area.contains(inside), "{inside:?}");
    }
    for outside in [at(50., 60.), at(100., 65.), at(-60., 0.), at(50., -55.)] {
        assert!(!area.contains(outside), "{outside:?}");
    }
    // 120 x 50 m, give or take half the spread all round.
    assert!((4_000.0..14_000.0).contains(&area.square_metres()), "{}", area.square_metres());
    // A bus at 10 m/s from there: in 12 s 120 m, on to the east, up, and 20 m along the north street; never west.
    let stop = network.bus_stop(at(50., -3.), Kerb::Right, Metres(60)).unwrap();
    let area = network.bus_area(&stop, Seconds(12), Band::Free);
    for inside in [at(51., 0.), at(100., 0.), at(100., 69.)] {
        assert!(area.contains(inside), "{inside:?}");
    }
    assert!(!area.contains(at(-60., 0.)) && !area.contains(at(0., 100.)) && !area.contains(at(100., 180.)));
    // In 8 s only 30 m up the east street: 105 m farther on nothing is near.
    assert!(!network.bus_area(&stop, Seconds(8), Band::Free).contains(at(100., 135.)));
    let json = network.bus_area(&stop, Seconds(12), Band::Free).coordinates();
    assert!(json.iter().flatten().all(|ring| ring.len() >= 4 && ring.first() == ring.last()));
    // Nowhere, from a stop that is none.
    let stray = BusStop { way: 1, ..stop };
    assert!(network.bus_area(&stray, Seconds(12), Band::Free).coordinates().is_empty());
}

#[test]
fn an_area_is_what_the_table_says() {
    for seed in 0..15 {
        let network = network(&tangle(seed));
        let stops = some_stops(&network, &mut Random::new(seed), 8, 500.);
        let Some(from) = stops.first() else { continue };
        let matrix = network.bus_matrix(&stops, Band::Pm);
        for seconds in [10, 40, 90] {
            let area = network.bus_area(from, Seconds(seconds), Band::Pm);
            for (at, stop) in stops.iter().enumerate() {
                if matrix.get(0, at).is_some_and(|cell| cell.0.0 <= seconds) {
                    assert!(
                        area.contains(network.bus_stop_point(stop).unwrap()),
                        "seed {seed}, {seconds} s, stop {at}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_nearest_on_foot_and_several_roads_to_choose_from() {
    let network = network(&block(BOTH));
    let hold = |x: f64, y: f64| network.foothold(at(x, y), Metres(5)).unwrap();
    let places = [hold(50., 100.), hold(10., 0.), hold(90., 0.), hold(150., 100.)];
    // From (40, 0): 30 m west, 50 m east, 140 over the west street, 60 + 100 + 50 to the dead end.
    let near = |count, limit| network.nearest_on_foot(&hold(40., 0.), &places, count, Metres(limit));
    assert_eq!(near(3, 1000), [(1, Metres(30)), (2, Metres(50)), (0, Metres(190))]);
    assert_eq!(near(9, 100), [(1, Metres(30)), (2, Metres(50))]);
    // 12-23 at the corner: its own street is 5 m away, the east street 10.
    let stops = network.bus_stops_near(at(90., -5.), Kerb::Either, Metres(20), 5);
    assert_eq!(stops.iter().map(|stop| stop.way).collect::<Vec<_>>(), [12, 23]);
    assert_eq!(Some(&stops[0]), network.bus_stop(at(90., -5.), Kerb::Either, Metres(20)).as_ref());
}

#[test]
fn closing_says_what_roads_made_anew_say() {
    let mut changed = 0;
    for seed in 0..60 {
        let roads = tangle(seed);
        let before = network(&roads);
        let mut random = Random::new(seed + 500);
        let stops = some_stops(&before, &mut random, 6, 500.);
        let whole = before.bus_matrix(&stops, Band::Free);
        let mut closed = roads.clone();
        let mut after = before.clone();
        for _ in 0..3 {
            let way = roads.ways()[random.below(roads.ways().len())].id;
            closed.close(way);
            after = after.closing(&[way]);
            let anew = network(&closed);
            assert_eq!(after.coverage(), anew.coverage());
            for band in Band::ALL {
                let matrix = after.bus_matrix(&stops, band);
                assert_eq!(matrix, anew.bus_matrix(&stops, band), "seed {seed}, {band:?}");
                changed += usize::from(band == Band::Free && matrix != whole);
            }
        }
    }
    assert!(changed > 50, "{changed}");
}

#[test]
fn a_far_bank_is_walked_too_but_no_island() {
    // Two towns with a river between them, and a path of 20 m that leads nowhere.
    let town = |first: i64, x: f64| {
        let nodes = [node(first, x, 0.), node(first + 1, x + 300., 0.), node(first + 2, x + 300., 300.)];
        (nodes, way(first, BOTH, &[first, first + 1, first + 2]))
    };
    let (west, east) = (town(1, 0.), town(11, 1000.));
    let island = [node(21, 500., 0.), node(22, 520., 0.)];
    let mut bridge = way(31, BOTH, &[2, 11]);
    bridge.access.foot = false;
    let roads = Roads::new(
        [&west.0[..], &east.0, &island].concat(),
        vec![west.1, east.1, way(21, [false; 2], &[21, 22]), bridge],
        Vec::new(),
    );
    let network = network(&roads);
    let hold = |x: f64| network.foothold(at(x, 1.), Metres(20));
    let (a, b, c, d) = (hold(10.).unwrap(), hold(110.).unwrap(), hold(1010.).unwrap(), hold(1110.).unwrap());
    assert_eq!(hold(510.), None);
    let metres = network.walk_metres(&[a, c], &[b, d], None);
    assert_eq!(metres, [[Some(Metres(102)), None], [None, Some(Metres(102))]]);
}

#[test]
fn the_nearest_segment_is_the_nearest_of_all() {
    for seed in 0..30 {
        let roads = tangle(seed);
        let network = network(&roads);
        let mut random = Random::new(seed);
        for _ in 0..20 {
            let point = at(random.unit() * 500., random.unit() * 500.);
            let stop = network.bus_stop(point, Kerb::Either, Metres(1000));
            let used = |s: u32| network.driving.arc(s, false).or(network.driving.arc(s, true)).is_some();
            let found = network.bus_lines.nearest(point, 1000., |snap| used(snap.segment));
            assert_eq!(stop.map(|stop| stop.snap_m), found.map(|snap| snap.metres));
            // Every segment cut into a thousand points.
            let mut least = f64::MAX;
            for (number, segment) in roads.segments().iter().enumerate() {
                if network.driving.arc(dense(number), false).or(network.driving.arc(dense(number), true)).is_some() {
                    let [a, b] = segment.ends.map(|end| roads.nodes()[end as usize].point);
                    for i in 0..=1000 {
                        let s = f64::from(i) / 1000.;
                        let on = Point { lon: a.lon + s * (b.lon - a.lon), lat: a.lat + s * (b.lat - a.lat) };
                        least = least.min(on.metres_to(point));
                    }
                }
            }
            if let Some(snap) = found {
                assert!((snap.metres - least).abs() < 0.5, "{} {least}", snap.metres);
            }
        }
    }
}

#[test]
fn roads_round_the_world_do_not_overflow() {
    let far = |id: i64, lon: f64, lat: f64| Node { id, point: Point { lon, lat } };
    let nodes = vec![far(1, -90., -45.), far(2, 89., 45.), far(3, 0., 89.)];
    let mut ways = vec![way(1, BOTH, &[1, 2, 3]), way(2, BOTH, &[3, 1])];
    ways.iter_mut().for_each(|way| way.access.kmh = 5);
    let network = Network::new(&Roads::new(nodes, ways, Vec::new()), &speeds([1, 0, u32::MAX]));
    let stop = |way, between, offset| network.bus_stop_at(way, between, offset, Kerb::Either);
    // Two rings with no place to turn: one of them is the largest strong part.
    let stops: Vec<BusStop> = [stop(1, [1, 2], 12_000_000.), stop(1, [2, 3], 77.), stop(2, [3, 1], 9_000_000.)]
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(stops.len(), 3);
    // At a thousandth of 5 km/h, or at none, ways take longer than the twelve days we count (but for one
    // straight ahead); at 144 km/h, faster than
    // which nothing is, the shortest does not.
    let ways = |band| {
        let matrix = network.bus_matrix(&stops, band);
        let cells = (0..3).flat_map(|i| (0..3).filter(move |j| *j != i).map(move |j| (i, j)));
        cells.filter_map(|(i, j)| matrix.get(i, j)).collect::<Vec<_>>()
    };
    assert!(ways(Band::Free).iter().chain(&ways(Band::Am)).all(|(seconds, _)| seconds.0 > 12 * 86_400));
    let far = ways(Band::Pm);
    assert!(!far.is_empty());
    for (seconds, metres) in far {
        assert!(
            seconds.0 < 12 * 86_400 + 86_400 / 2 && f64::from(metres.0) / f64::from(seconds.0) < 40.5,
            "{seconds:?} {metres:?}"
        );
    }
}

#[test]
fn candidates_lie_apart_on_both_kerbs() {
    let network = network(&city(&Grid::default()));
    let middle = network.roads().bounds().unwrap().centre();
    let found = network.candidates_near(&[middle], Metres(500), Metres(150));
    assert_eq!(found, network.candidates_near(&[middle], Metres(500), Metres(150)));
    assert!(found.len() > 20, "{}", found.len());
    assert!(found.is_sorted_by_key(|candidate| candidate.walk));
    for candidate in &found {
        assert!(candidate.walk.0 <= 500);
        let stop = &candidate.stop;
        let again = network.bus_stop(candidate.point, Kerb::Right, Metres(20)).unwrap();
        assert_eq!((again.way, again.between), (stop.way, stop.between));
        assert!((again.offset_m - stop.offset_m).abs() < 0.05);
        let opposite = found.iter().any(|other| other.stop.between == [stop.between[1], stop.between[0]]);
        assert!(opposite || candidate.walk.0 > 300, "{candidate:?}");
    }
    for (i, a) in found.iter().enumerate() {
        for b in &found[i + 1..] {
            assert!(a.point.metres_to(b.point) > 145.0 || a.stop.between != b.stop.between);
        }
    }
}

#[test]
fn a_candidate_knows_the_nearest_crossing_of_its_road() {
    // 甲路 runs 300 m east; 乙路 crosses it at 100 m, 丙路 at 250 m; 甲路辅路 leaves it at 200 m and is no other road.
    let named = |id, name: &str, nodes: &[i64]| Way { name: name.to_owned(), ..way(id, BOTH, nodes) };
    let nodes = vec![
        node(1, 0., 0.),
        node(2, 100., 0.),
        node(3, 200., 0.),
        node(4, 250., 0.),
        node(5, 300., 0.),
        node(6, 100., 90.),
        node(7, 200., 90.),
        node(8, 250., 90.),
    ];
    let ways = vec![
        named(1, "甲路", &[1, 2, 3, 4, 5]),
        named(2, "乙路", &[2, 6]),
        named(3, "甲路辅路", &[3, 7]),
        named(4, "丙路", &[4, 8]),
    ];
    let found = network(&Roads::new(nodes, ways, Vec::new())).candidates_near(&[at(50., 0.)], Metres(500), Metres(20));
    let of = |road: &'static str| found.iter().filter(move |candidate| candidate.road == road);
    assert!(of("甲路").count() > 10 && of("乙路").count() > 2);
    for candidate in of("甲路") {
        let crossing = candidate.crossing.as_ref().unwrap();
        let x = Local::new(Point::default()).project(candidate.point)[0];
        let (name, at) = if x < 175. { ("乙路", 100.) } else { ("丙路", 250.) };
        assert_eq!(crossing.road, name, "{x}");
        assert!((crossing.east - (x - at)).abs() < 0.1 && crossing.north.abs() < 0.1, "{crossing:?} {x}");
    }
    assert!(of("乙路").all(|candidate| candidate.crossing.as_ref().is_some_and(|crossing| crossing.road == "甲路")));
}

#[test]
fn how_far_from_any_path() {
    let roads = block(BOTH);
    let metres = metres_to_paths(&roads, &[at(50., 10.), at(200., 100.), at(50., -7000.)]);
    for (metres, by_hand) in metres.iter().zip([10., 50., 7000.]) {
        assert!((metres.unwrap() - by_hand).abs() < by_hand * 0.001 + 0.1, "{metres:?}");
    }
    // The same as a foothold, where there is one.
    let foothold = network(&roads).foothold(at(200., 100.), Metres(60)).unwrap();
    assert_eq!(Some(foothold.snap_m), metres[1]);
    assert_eq!(metres_to_paths(&Roads::default(), &[at(0., 0.)]), [None]);
}

#[test]
fn one_way_grids_are_driven_in_their_direction() {
    let grid = Grid { one_way: true, jitter: 0.2, seed: 5, ..Grid::default() };
    let roads = city(&grid);
    assert_eq!(roads.nodes().len(), 100);
    assert_eq!(roads.segments().len(), 180);
    assert_eq!(roads.graph().edge_count(), 36 * 2 + 144);
    let network = network(&roads);
    assert_eq!(network.coverage().bus_inside, 36 * 2 + 144);
    assert_eq!(network.coverage().walk_inside, 180);
}

/// An extract beside the checkout (or beside the folder of checkouts); `None`, with a notice, where there is none.
pub(super) fn shared(name: &str) -> Option<Vec<u8>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let bytes = ["..", "../.."].iter().find_map(|up| std::fs::read(root.join(up).join("shared/osm").join(name)).ok());
    if bytes.is_none() {
        println!("skipped: no {name}");
    }
    bytes
}

fn look_at(name: &str, least_nodes: usize) {
    let Some(bytes) = shared(name) else { return };
    let begin = Instant::now();
    let (roads, findings) = osm::import(&bytes, name, &Limits::default(), None).unwrap();
    let read = begin.elapsed();
    let begin = Instant::now();
    let network = Network::new(&roads, &Speeds::default());
    let frozen = begin.elapsed();
    let coverage = network.coverage();
    println!(
        "{name}: {} nodes, {} ways, {} segments, {} bans, {} chains; read {read:?}, frozen {frozen:?}, {coverage:?}",
        roads.nodes().len(),
        roads.ways().len(),
        roads.segments().len(),
        roads.bans().len(),
        network.driving.chains(),
    );
    assert!(findings.iter().all(|finding| finding.severity < crate::domain::finding::Severity::Error));
    assert!(roads.nodes().len() >= least_nodes);
    assert!(coverage.bus_inside * 10 >= coverage.bus_arcs * 9, "{coverage:?}");
    assert!(coverage.walk_inside * 10 >= coverage.walk_segments * 9, "{coverage:?}");
    let bounds = roads.bounds().unwrap();
    let mut random = Random::new(7);
    let mut stops = Vec::new();
    while stops.len() < 40 {
        let point = Point {
            lon: bounds.west + random.unit() * (bounds.east - bounds.west),
            lat: bounds.south + random.unit() * (bounds.north - bounds.south),
        };
        stops.extend(network.bus_stop(point, Kerb::Right, Metres(60)));
    }
    let begin = Instant::now();
    let matrix = network.bus_matrix(&stops, Band::Am);
    println!("{name}: 40 x 40 in {:?}", begin.elapsed());
    assert!(matrix.cells.iter().all(Option::is_some));
    let path = network.bus_path(&stops[0], &stops[1], Band::Am).unwrap();
    assert_eq!(Some((path.seconds, path.metres)), matrix.get(0, 1));
    // The same file gives the same roads; a piece of it is smaller and lies in the box, but for the ends of its edge.
    let box_ = Bounds {
        west: bounds.centre().lon - 0.005,
        south: bounds.centre().lat - 0.005,
        east: bounds.centre().lon + 0.005,
        north: bounds.centre().lat + 0.005,
    };
    let (piece, _) = osm::import(&bytes, name, &Limits::default(), Some(&box_)).unwrap();
    assert!(piece.nodes().len() < roads.nodes().len() && !piece.is_empty());
    for segment in piece.segments() {
        assert!(segment.ends.iter().any(|end| box_.contains(piece.nodes()[*end as usize].point)));
    }
}

#[test]
fn shanghai_is_read() {
    look_at("shanghai_center.osm.pbf", 10_000);
}

#[test]
fn monaco_is_read() {
    look_at("monaco.osm.pbf", 5_000);
}

#[test]
#[ignore = "a large city: seconds"]
fn porto_is_read() {
    look_at("porto.osm.pbf", 50_000);
}

/// The most memory this process ever took, bytes; where the system tells.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok()? * 1024)
}

fn damage(name: &str, bytes: &[u8], copies: usize, freeze: usize) {
    let mut random = Random::new(11);
    let (mut refused, mut slowest) = (BTreeMap::new(), Duration::ZERO);
    for copy in 0..copies {
        let mut bytes = bytes.to_vec();
        if copy % 5 == 0 {
            bytes.truncate(random.below(bytes.len()));
        } else {
            for _ in 0..1 + random.below(20) {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
        }
        let begin = Instant::now();
        match osm::import(&bytes, name, &Limits::default(), None) {
            Err(error) => *refused.entry(error.to_string()).or_insert(0) += 1,
            Ok((roads, _)) if copy % freeze == 1 % freeze => drop(Network::new(&roads, &Speeds::default())),
            Ok(_) => {}
        }
        slowest = slowest.max(begin.elapsed());
    }
    println!("{name}: {copies} damaged copies, slowest {slowest:?}, peak {:?} MB", peak().map(|bytes| bytes >> 20));
    refused.iter().for_each(|(reason, count)| println!("  {count} refused: {reason}"));
    assert!(slowest < Duration::from_secs(60));
    assert!(peak().is_none_or(|bytes| bytes < 1 << 30));
}

/// Behind the checksums, too: with the blocks unpacked, damage reaches the reader. (Name, copies, of which one in so many is
/// made a network: that takes longer than reading.)
fn damaged(files: &[(&str, usize, usize)]) {
    for (name, copies, freeze) in files {
        let Some(bytes) = shared(name) else { continue };
        let plain = pbf::unpacked(&bytes).unwrap();
        let read = |bytes: &[u8]| osm::import(bytes, "x", &Limits::default(), None).unwrap().0;
        assert_eq!(read(&bytes).ways(), read(&plain).ways());
        damage(name, &bytes, *copies, *freeze);
        damage(&format!("unpacked {name}"), &plain, *copies, *freeze);
    }
}

#[test]
fn damaged_extracts_never_panic() {
    damaged(&[("shanghai_center.osm.pbf", 60, 30), ("monaco.osm.pbf", 10, 100)]);
}

#[test]
#[ignore = "300 copies of three cities, each made a network: minutes"]
fn damaged_extracts_in_full() {
    damaged(&[("shanghai_center.osm.pbf", 60, 1), ("monaco.osm.pbf", 60, 1), ("porto.osm.pbf", 30, 1)]);
}

#[test]
fn damaged_geojson_never_panics() {
    let text = (0..40)
        .map(|i| {
            let (lon, lat) = (121.45 + f64::from(i % 7) * 0.001, 31.27 + f64::from(i / 7) * 0.001);
            format!(
                r#"{{"type":"Feature","id":{i},"properties":{{"highway":"primary","name":"灵石路","oneway":"no","lanes":4}},
                "geometry":{{"type":"LineString","coordinates":[[{lon},{lat}],[{},{lat}],[{lon},{}]]}}}}"#,
                lon + 0.001,
                lat + 0.001
            )
        })
        .collect::<Vec<_>>()
        .join(",");
    let text = format!(r#"{{"type":"FeatureCollection","features":[{text}]}}"#);
    let mut random = Random::new(3);
    let mut read = 0;
    for copy in 0..400 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..1 + random.below(4) {
            let at = random.below(bytes.len());
            match copy % 3 {
                0 => bytes[at] ^= 1 << random.below(8),
                1 => bytes[at] = b"0123456789.-e[]{}\",:"[random.below(20)],
                _ => drop(bytes.drain(at..(at + random.below(40)).min(bytes.len()))),
            }
        }
        let system = [CoordinateSystem::Wgs84, CoordinateSystem::Bd09][copy % 2];
        if let Ok((roads, _)) = geojson::import(&bytes, "roads.geojson", system, &Limits::default()) {
            read += 1;
            let network = Network::new(&roads, &speeds([0, 1, u32::MAX]));
            let middle = roads.bounds().map(|bounds| bounds.centre()).unwrap_or_default();
            let stops: Vec<BusStop> = network.bus_stop(middle, Kerb::Either, Metres(1000)).into_iter().collect();
            assert_eq!(network.bus_matrix(&stops, Band::Pm).size, stops.len());
        }
    }
    println!("400 damaged copies, {read} read");
    assert!(read > 50);
}
