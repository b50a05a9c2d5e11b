//! Is it a city, is it always the same one, is it as large as asked, and is it like a real one?

use super::*;
use crate::network::roads::Limits;
use crate::network::{Network, Speeds, osm};
use crate::search::cases;

fn built(nodes: usize, seed: u64) -> Roads {
    metropolis(&Metropolis { nodes, seed, ..Metropolis::default() })
}

/// Figures that say what kind of graph it is; printed.
#[expect(dead_code, reason = "most are for the eye")]
#[derive(Debug)]
struct Shape {
    nodes: usize,
    /// Ends of segments per node.
    mean_degree: f64,
    /// Nodes with one, two, three, four and more segments.
    shares: [f64; 4],
    metres_per_segment: f64,
    nodes_per_km2: f64,
    segments_per_way: f64,
    /// Driven one way only, of those buses drive.
    one_way: f64,
    /// Walked only.
    walk_only: f64,
}

fn shape(roads: &Roads) -> Shape {
    let mut degree = vec![0_usize; roads.nodes().len()];
    let (mut metres, mut one, mut bus, mut walk) = (0.0, 0, 0, 0);
    for segment in roads.segments() {
        segment.ends.iter().for_each(|end| degree[*end as usize] += 1);
        metres += f64::from(segment.cm) / 100.0;
        let way = &roads.ways()[segment.way as usize];
        match way.bus() {
            [false, false] => walk += 1,
            [true, true] => bus += 1,
            _ => {
                bus += 1;
                one += 1;
            }
        }
    }
    let (nodes, segments) = (degree.len() as f64, roads.segments().len() as f64);
    let share = |wanted: &dyn Fn(usize) -> bool| degree.iter().filter(|d| wanted(**d)).count() as f64 / nodes;
    let b = roads.bounds().unwrap();
    let corner = |lon, lat| Point { lon, lat };
    let km2 = corner(b.west, b.south).metres_to(corner(b.east, b.south))
        * corner(b.west, b.south).metres_to(corner(b.west, b.north))
        / 1e6;
    Shape {
        nodes: degree.len(),
        mean_degree: 2.0 * segments / nodes,
        shares: [share(&|d| d == 1), share(&|d| d == 2), share(&|d| d == 3), share(&|d| d >= 4)],
        metres_per_segment: metres / segments,
        nodes_per_km2: nodes / km2,
        segments_per_way: segments / roads.ways().len() as f64,
        one_way: f64::from(one) / f64::from(bus),
        walk_only: f64::from(walk) / segments,
    }
}

#[test]
fn as_large_as_asked_and_of_one_piece() {
    let sizes = [(100, 1), (150, 2), (300, 3), (700, 4), (1000, 5), (3000, 6), (10_000, 7), (40_000, 8)];
    for (nodes, seed) in sizes.into_iter().take(cases(6, 8)) {
        let roads = built(nodes, seed);
        let has = roads.nodes().len();
        assert!(has * 100 >= nodes * 85 && has * 100 <= nodes * 115, "{nodes}: {has}");
        assert!(roads.nodes().iter().all(|node| node.point.lon.is_finite() && node.point.lat.is_finite()));
        assert!(roads.segments().iter().all(|segment| segment.cm > 0 && segment.cm < 120_000), "{nodes}");
        let coverage = Network::new(&roads, &Speeds::default()).coverage();
        println!("{nodes}: {has}, {coverage:?}");
        assert!(coverage.bus_inside * 100 >= coverage.bus_arcs * 98, "{nodes}: {coverage:?}");
        assert!(coverage.walk_inside * 100 >= coverage.walk_segments * 98, "{nodes}: {coverage:?}");
    }
}

#[test]
fn every_seed_gives_a_city() {
    for seed in 0..cases(8, 40) {
        let roads = built(2000, seed);
        let coverage = Network::new(&roads, &Speeds::default()).coverage();
        assert!(coverage.bus_inside * 100 >= coverage.bus_arcs * 97, "{seed}: {coverage:?}");
        assert!((1700..=2300).contains(&roads.nodes().len()), "{seed}");
    }
}

#[test]
fn the_same_seed_gives_the_same_city() {
    let bytes = |roads: &Roads| format!("{:?}{:?}{:?}", roads.nodes(), roads.ways(), roads.bans());
    let first = built(5000, 9);
    assert_eq!(bytes(&first), bytes(&built(5000, 9)));
    assert_ne!(bytes(&first), bytes(&built(5000, 10)));
}

#[test]
fn a_tiny_city_is_one_block_between_dual_roads_and_single_ones() {
    let roads = built(100, 1);
    // Rows and columns 0 are dual, rows and columns 1 single: 4 + 2 + 2 + 1 nodes at the junctions, then 3 nodes
    // on each of the two carriageways of two roads and on the one of the other two.
    let primary: Vec<&_> = roads.ways().iter().filter(|way| way.class == Class::Primary).collect();
    let secondary: Vec<&_> = roads.ways().iter().filter(|way| way.class == Class::Secondary).collect();
    assert_eq!((primary.len(), secondary.len()), (4, 2));
    assert!(primary.iter().all(|way| way.bus() == [true, false]));
    assert!(secondary.iter().all(|way| way.bus() == [true, true]));
    // East on the south side: crosses the dual junction (nodes 1 and 2), passes three nodes (10, 11, 12) and reaches
    // the single column (node 5); back on the north side, across the junction to its west corner.
    assert_eq!(primary[0].nodes, [1, 2, 10, 11, 12, 5]);
    assert_eq!(primary[1].nodes, [6, 15, 14, 13, 4, 3]);
    assert!(roads.bans().is_empty());
    assert!(roads.ways().iter().all(|way| way.class != Class::Trunk));
}

#[test]
fn a_large_city_has_a_river_few_bridges_expressways_and_bans() {
    let roads = built(40_000, 3);
    let count = |class| roads.ways().iter().filter(|way| way.class == class).count();
    assert!(count(Class::Trunk) > 20 && count(Class::Steps) > 20 && count(Class::Footway) > 200);
    assert!(roads.ways().iter().filter(|way| way.class == Class::Trunk).all(|way| !way.access.foot));
    assert!(roads.bans().iter().any(|ban| ban.only) && roads.bans().iter().any(|ban| !ban.only));
    let bridges = roads.ways().iter().filter(|way| way.layer == 1 && way.class != Class::Trunk && way.bus()[0]).count();
    assert!((3..=10).contains(&bridges), "{bridges}");
    // Every ban names a way that comes to the node and one that leaves it.
    for ban in roads.bans() {
        for way in [ban.from, ban.to] {
            assert!(roads.ways().iter().any(|w| w.id == way && w.nodes.contains(&ban.via)), "{ban:?}");
        }
    }
}

#[test]
fn it_is_like_a_real_one() {
    let city = shape(&built(40_000, 1));
    println!("metropolis: {city:.3?}");
    assert!((2.1..2.4).contains(&city.mean_degree) && (0.6..0.9).contains(&city.shares[1]));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["shanghai_center.osm.pbf", "porto.osm.pbf"] {
        let bytes =
            ["..", "../.."].iter().find_map(|up| std::fs::read(root.join(up).join("shared/osm").join(name)).ok());
        let Some(bytes) = bytes else {
            println!("skipped: no {name}");
            continue;
        };
        let (roads, _) = osm::import(&bytes, name, &Limits::default(), None).unwrap();
        let real = shape(&roads);
        println!("{name}: {real:.3?}");
        assert!((city.mean_degree - real.mean_degree).abs() < 0.12, "{name}");
        assert!((city.shares[1] - real.shares[1]).abs() < 0.08, "{name}");
    }
}

/// Slow: a million nodes.
#[test]
#[ignore = "large"]
fn a_million_nodes_in_seconds() {
    let begin = std::time::Instant::now();
    let roads = built(1_000_000, 1);
    println!("{} nodes, {} ways in {:?}", roads.nodes().len(), roads.ways().len(), begin.elapsed());
    assert!((850_000..1_150_000).contains(&roads.nodes().len()));
    println!("{:?}", Network::new(&roads, &Speeds::default()).coverage());
}
