//! On which side of the street does the bus arrive, and what does that cost? Small streets, every answer worked out by hand:
//! seconds, metres and the line that is drawn.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiebo::domain::coordinates::{CoordinateSystem, Local, Point};
use jiebo::domain::site::Kerb;
use jiebo::network::marks::Marks;
use jiebo::network::profile::{Access, Band, Class, TurnCosts};
use jiebo::network::roads::{Limits, Node, Roads, Traffic, TurnBan, Way, WayBan};
use jiebo::network::{BusStop, Network, Speeds, geojson};

const BOTH: [bool; 2] = [true, true];
const ALONG: [bool; 2] = [true, false];
const FREE: TurnCosts = TurnCosts { signal_s: 0, left_s: 0, right_s: 0, u_turn_s: 0 };
const DEAR: TurnCosts = TurnCosts { signal_s: 10, left_s: 5, right_s: 2, u_turn_s: 20 };

/// Metres around (0, 0), where a metre is a metre in both directions.
fn at([x, y]: [f64; 2]) -> Point {
    Local::new(Point::default()).unproject([x, y])
}

/// Numbered from 1.
fn nodes(places: &[[f64; 2]]) -> Vec<Node> {
    (1..).zip(places).map(|(id, place)| Node { id, point: at(*place) }).collect()
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

fn network(roads: &Roads, turns: TurnCosts) -> Network {
    Network::new(roads, &Speeds { factor: [1000, 500, 650], turns })
}

/// A stop on the right.
fn stop(network: &Network, way: i64, between: [i64; 2], offset_m: f64) -> BusStop {
    network.bus_stop_at(way, between, offset_m, Kerb::Right).unwrap()
}

/// From one stop to another: seconds, metres and the line, as a cell and as a path.
fn check(network: &Network, from: &BusStop, to: &BusStop, seconds: u32, metres: u32, line: &[[f64; 2]]) {
    let path = network.bus_path(from, to, Band::Free).unwrap();
    assert_eq!((path.seconds.0, path.metres.0), (seconds, metres), "{path:?}");
    let cell = network.bus_matrix(&[from.clone(), to.clone()], Band::Free).get(0, 1);
    assert_eq!(cell, Some((path.seconds, path.metres)));
    let local = Local::new(Point::default());
    let drawn: Vec<[f64; 2]> = path.points.iter().map(|point| local.project(*point)).collect();
    assert_eq!(drawn.len(), line.len(), "{drawn:?}");
    for (drawn, wanted) in drawn.iter().zip(line) {
        assert!((drawn[0] - wanted[0]).hypot(drawn[1] - wanted[1]) < 0.01, "{drawn:?} {wanted:?}");
    }
}

/// ```text
/// 4 <------------- 3
/// |                ^     20 m between them, 400 m long
/// v                |
/// 1 -------------> 2
/// ```
#[test]
fn across_a_dual_carriageway_is_round_its_end() {
    let ways = vec![way(12, ALONG, &[1, 2]), way(23, ALONG, &[2, 3]), way(34, ALONG, &[3, 4]), way(41, ALONG, &[4, 1])];
    let roads = Roads::new(nodes(&[[0., 0.], [400., 0.], [400., 20.], [0., 20.]]), ways, Vec::new());
    let network = network(&roads, FREE);
    let (near, across) = (stop(&network, 12, [1, 2], 100.), stop(&network, 34, [3, 4], 300.));
    // 300 m to the east end, 20 over, 300 back.
    check(&network, &near, &across, 62, 620, &[[100., 0.], [400., 0.], [400., 20.], [100., 20.]]);
    // 100 m to the west end, 20 over, 100 back.
    check(&network, &across, &near, 22, 220, &[[100., 20.], [0., 20.], [0., 0.], [100., 0.]]);
}

#[test]
fn a_stop_behind_costs_the_block() {
    // One-way round a block of 100 m.
    let roads = Roads::new(
        nodes(&[[0., 0.], [100., 0.], [100., 100.], [0., 100.]]),
        vec![way(1, ALONG, &[1, 2, 3, 4, 1])],
        Vec::new(),
    );
    let network = network(&roads, DEAR);
    let (behind, ahead) = (stop(&network, 1, [1, 2], 20.), stop(&network, 1, [1, 2], 70.));
    check(&network, &behind, &ahead, 5, 50, &[[20., 0.], [70., 0.]]);
    // 400 m less the 50 between them; two roads meet at a corner, so it is a bend and no turn, and costs nothing.
    let round = [[70., 0.], [100., 0.], [100., 100.], [0., 100.], [0., 0.], [20., 0.]];
    check(&network, &ahead, &behind, 35, 350, &round);
}

#[test]
fn a_block_drawn_in_geojson_is_the_same() {
    // 0.001 degrees at the equator: 6,371,008.8 m x pi / 180,000 = 111.195 m, kept as 111.20 m. At 20 km/h: 20.016 s.
    let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 7,
        "properties": {"highway": "residential", "oneway": "yes", "name": "一号路"},
        "geometry": {"type": "LineString", "coordinates": [[0, 0], [0.001, 0], [0.001, 0.001], [0, 0.001], [0, 0]]}}]}"#;
    let read = geojson::import(text.as_bytes(), "roads.geojson", CoordinateSystem::Wgs84, &Limits::default());
    let (roads, findings) = read.unwrap();
    assert_eq!(findings, []);
    let network = network(&roads, DEAR);
    let id = |lon: f64, lat: f64| {
        let corner = Point { lon, lat };
        roads.nodes().iter().find(|node| node.point.metres_to(corner) < 0.1).unwrap().id
    };
    let south = [id(0., 0.), id(0.001, 0.)];
    let (behind, ahead) = (stop(&network, 7, south, 20.), stop(&network, 7, south, 70.));
    // 50 m at 20 km/h: 9 s.
    check(&network, &behind, &ahead, 9, 50, &[[20., 0.], [70., 0.]]);
    // 41.20 + 3 x 111.20 + 20 = 394.80 m; 7.416 + 3 x 20.016 + 3.6 = 71.064 s.
    let far = 111.195;
    // The line is as long as the earth says, the offsets as long as the segment is kept: 2 cm apart at most.
    let round = [[69.997, 0.], [far, 0.], [far, far], [0., far], [0., 0.], [19.999, 0.]];
    check(&network, &ahead, &behind, 72, 395, &round);
}

/// ```text
///           4 ---> 5
///           ^      |        all 100 m, one-way
///           |      v
/// 3 <------ 2 <--- 6
/// |         ^
/// v         |
/// 7 ------> 1
/// ```
fn crossing(bans: Vec<TurnBan>) -> Network {
    let places = [[0., -100.], [0., 0.], [-100., 0.], [0., 100.], [100., 100.], [100., 0.], [-100., -100.]];
    let ways = vec![
        way(12, ALONG, &[1, 2]),
        way(23, ALONG, &[2, 3]),
        way(24, ALONG, &[2, 4]),
        way(45, ALONG, &[4, 5]),
        way(56, ALONG, &[5, 6]),
        way(62, ALONG, &[6, 2]),
        way(371, ALONG, &[3, 7, 1]),
    ];
    network(&Roads::new(nodes(&places), ways, bans), DEAR)
}

#[test]
fn three_rights_where_left_is_forbidden() {
    let open = crossing(Vec::new());
    let (from, to) = (stop(&open, 12, [1, 2], 50.), stop(&open, 23, [2, 3], 50.));
    // 100 m, and 5 s for the left turn.
    check(&open, &from, &to, 15, 100, &[[0., -50.], [0., 0.], [-50., 0.]]);
    // 50 + 100 + 100 + 100 + 100 + 50 m; straight over the crossing twice, and bends where no third road is: no turns.
    let round = [[0., -50.], [0., 0.], [0., 100.], [100., 100.], [100., 0.], [0., 0.], [-50., 0.]];
    let no_left = TurnBan { from: 12, via: 2, to: 23, only: false };
    check(&crossing(vec![no_left]), &from, &to, 50, 500, &round);
    let only_on = TurnBan { from: 12, via: 2, to: 24, only: true };
    check(&crossing(vec![only_on]), &from, &to, 50, 500, &round);
    // Of other ways, at other nodes, or to itself (no turning round): nothing to this turn.
    let others = [(62, 2, 24), (12, 1, 23), (12, 2, 12)].map(|(from, via, to)| TurnBan { from, via, to, only: false });
    check(&crossing(others.to_vec()), &from, &to, 15, 100, &[[0., -50.], [0., 0.], [-50., 0.]]);
}

/// ```text
///           5 ---> 6
///           ^      |     the road from 7 to 4, and the one from 9 to 2, are 20 m apart; `via` is from 2 to 3
///           |      v
/// 4 <------ 3 <--- 7
/// |         ^      v
/// |         2 <--- 9
/// v         ^
/// 8 ------> 1
/// ```
fn double_crossing(cut: bool, way_bans: Vec<WayBan>) -> Network {
    let places = [
        [0., -100.],
        [0., 0.],
        [0., 20.],
        [-100., 20.],
        [0., 120.],
        [100., 120.],
        [100., 20.],
        [-100., -100.],
        [100., 0.],
        [0., 10.],
    ];
    let mut ways = vec![
        way(12, ALONG, &[1, 2]),
        way(34, ALONG, &[3, 4]),
        way(35, ALONG, &[3, 5]),
        way(56, ALONG, &[5, 6]),
        way(67, ALONG, &[6, 7]),
        way(73, ALONG, &[7, 3]),
        way(79, ALONG, &[7, 9]),
        way(92, ALONG, &[9, 2]),
        way(481, ALONG, &[4, 8, 1]),
    ];
    if cut {
        ways.extend([way(210, ALONG, &[2, 10]), way(103, ALONG, &[10, 3])]);
    } else {
        ways.push(way(23, ALONG, &[2, 10, 3]));
    }
    network(&Roads::with(nodes(&places), ways, Traffic { way_bans, ..Traffic::default() }), FREE)
}

#[test]
fn no_left_over_a_way() {
    for cut in [false, true] {
        let via = if cut { vec![210, 103] } else { vec![23] };
        let open = double_crossing(cut, Vec::new());
        let (from, to) = (stop(&open, 12, [1, 2], 50.), stop(&open, 34, [3, 4], 50.));
        let (east, middle) = (stop(&open, 92, [9, 2], 50.), stop(&open, via[0], [2, 10], 0.));
        let left = [[0., -50.], [0., 0.], [0., 10.], [0., 20.], [-50., 20.]];
        // 50 + 20 + 50.
        check(&open, &from, &to, 12, 120, &left);
        let no_left = WayBan { from: 12, via: via.clone(), to: 34, only: false };
        let only_on = WayBan { from: 12, via, to: 35, only: true };
        // Only on, or only left: either is allowed.
        let or_left = WayBan { to: 34, ..only_on.clone() };
        check(&double_crossing(cut, vec![only_on.clone(), or_left]), &from, &to, 12, 120, &left);
        for ban in [no_left, only_on] {
            let network = double_crossing(cut, vec![ban]);
            // 50 + 20 + 100 + 100 + 100 + 100 + 50.
            let round = [
                [0., -50.],
                [0., 0.],
                [0., 10.],
                [0., 20.],
                [0., 120.],
                [100., 120.],
                [100., 20.],
                [0., 20.],
                [-50., 20.],
            ];
            check(&network, &from, &to, 52, 520, &round);
            // From another way it is allowed: 50 + 20 + 50; and for a bus that begins on the way between: 20 + 50.
            check(&network, &east, &to, 12, 120, &[[50., 0.], [0., 0.], [0., 10.], [0., 20.], [-50., 20.]]);
            check(&network, &middle, &to, 7, 70, &[[0., 0.], [0., 10.], [0., 20.], [-50., 20.]]);
        }
    }
}

/// A street of 300 m, both ways, dead ends: `1 ------ 2 --- 3`, 200 and 100 m.
fn street(mark: Marks) -> Roads {
    let places = nodes(&[[0., 0.], [200., 0.], [300., 0.]]);
    let ways = vec![way(12, BOTH, &[1, 2]), way(23, BOTH, &[2, 3])];
    Roads::with(places, ways, Traffic { marks: vec![(2, mark)], ..Traffic::default() })
}

#[test]
fn a_bus_turns_at_the_end_of_the_street_or_where_there_is_room() {
    let plain = network(&street(Marks::NONE), DEAR);
    let (south, north) = (stop(&plain, 12, [1, 2], 100.), stop(&plain, 12, [2, 1], 100.));
    // 200 m to the end, 200 back, 20 s to turn.
    check(&plain, &south, &north, 60, 400, &[[100., 0.], [200., 0.], [300., 0.], [200., 0.], [100., 0.]]);
    // The near end: 100 and 100.
    check(&plain, &north, &south, 40, 200, &[[100., 0.], [0., 0.], [100., 0.]]);
    // A turning circle at 2: 100 and 100.
    let circle = network(&street(Marks::TURN_ROUND), DEAR);
    check(&circle, &south, &north, 40, 200, &[[100., 0.], [200., 0.], [100., 0.]]);
    // A forecourt is left either way: no end of street is needed.
    let court = plain.bus_stop_at(12, [1, 2], 150., Kerb::Either).unwrap();
    check(&plain, &south, &court, 5, 50, &[[100., 0.], [150., 0.]]);
    check(&plain, &court, &north, 5, 50, &[[150., 0.], [100., 0.]]);
    // A left kerb is there on one-way roads only.
    assert_eq!(plain.bus_stop_at(12, [1, 2], 100., Kerb::Left), None);
}

#[test]
fn a_street_that_is_closed_farther_on_is_no_place_to_turn() {
    let plain = network(&street(Marks::NONE), DEAR).closing(&[23]);
    for between in [[1, 2], [2, 1]] {
        assert_eq!(plain.bus_stop_at(12, between, 100., Kerb::Right), None);
    }
    // Two arcs are open, and neither may be turned on.
    assert_eq!(plain.coverage().bus_arcs, 2);
    // With room to turn before the closed piece it goes on.
    let circle = network(&street(Marks::TURN_ROUND), DEAR).closing(&[23]);
    let (south, north) = (stop(&circle, 12, [1, 2], 100.), stop(&circle, 12, [2, 1], 100.));
    check(&circle, &south, &north, 40, 200, &[[100., 0.], [200., 0.], [100., 0.]]);
}

#[test]
fn a_bollard_makes_two_dead_ends_of_a_street() {
    // A block of 200 by 100 m, both ways; 5 is in the middle of its south side.
    let block = |mark: Marks| {
        let places = nodes(&[[0., 0.], [200., 0.], [200., 100.], [0., 100.], [100., 0.]]);
        let ways = vec![way(12, BOTH, &[1, 5, 2]), way(2341, BOTH, &[2, 3, 4, 1])];
        network(&Roads::with(places, ways, Traffic { marks: vec![(5, mark)], ..Traffic::default() }), DEAR)
    };
    let open = block(Marks::NONE);
    let shut = block(Marks::SHUT);
    let (from, to) = (stop(&shut, 12, [1, 5], 50.), stop(&shut, 12, [5, 2], 50.));
    check(&open, &from, &to, 10, 100, &[[50., 0.], [100., 0.], [150., 0.]]);
    // 50 to the bollard, turn, 100 back, 100 + 200 + 100 round the block, 100 to the bollard, turn, 50; 70 s and 2 x 20 s.
    let round = [[50., 0.], [100., 0.], [0., 0.], [0., 100.], [200., 100.], [200., 0.], [100., 0.], [150., 0.]];
    check(&shut, &from, &to, 110, 700, &round);
    check(&block(Marks::PRIVATE), &from, &to, 110, 700, &round);
}

#[test]
fn lights_cost_their_seconds_once() {
    // 200 m east over the lights at 2, and back by 4, one-way.
    let places = nodes(&[[0., 0.], [100., 0.], [200., 0.], [100., 100.]]);
    let ways = vec![way(12, ALONG, &[1, 2]), way(23, ALONG, &[2, 3]), way(341, ALONG, &[3, 4, 1])];
    let lights = Traffic { marks: vec![(2, Marks::SIGNAL)], ..Traffic::default() };
    let network = network(&Roads::with(places, ways, lights), DEAR);
    let stop = |way: i64, between: [i64; 2], offset: f64| stop(&network, way, between, offset);
    let (from, to) = (stop(12, [1, 2], 50.), stop(23, [2, 3], 50.));
    // 10 s and 10 s.
    check(&network, &from, &to, 20, 100, &[[50., 0.], [100., 0.], [150., 0.]]);
    // Up to the lights, but not over them.
    check(&network, &from, &stop(12, [1, 2], 100.), 5, 50, &[[50., 0.], [100., 0.]]);
    // From this side of them, and from the other.
    check(&network, &stop(12, [1, 2], 100.), &to, 15, 50, &[[100., 0.], [150., 0.]]);
    check(&network, &stop(23, [2, 3], 0.), &to, 5, 50, &[[100., 0.], [150., 0.]]);
    // In the peak (half as fast) lights take no longer: 20 s and 10 s.
    let peak = network.bus_matrix(&[from, to], Band::Am).get(0, 1).unwrap();
    assert_eq!(peak.0.0, 30);
}

#[test]
fn turns_cost_from_45_degrees_where_roads_meet() {
    // From 1 in the west to 2 in the middle; from there, all 100 m and both ways: 3 east, 4 north, 5 at 30 degrees, 6 at 60.
    let (a, b) = (50., 86.602_54);
    let places = nodes(&[[-100., 0.], [0., 0.], [100., 0.], [0., 100.], [b, a], [a, b]]);
    let ways = (0..6).filter(|other| *other != 1).map(|other| way(other + 1, BOTH, &[2, other + 1])).collect();
    let network = network(&Roads::new(places, ways, Vec::new()), DEAR);
    let from = |node: i64| stop(&network, node, [node, 2], 50.);
    let to = |node: i64| stop(&network, node, [2, node], 50.);
    let west = [-50., 0.];
    check(&network, &from(1), &to(3), 10, 100, &[west, [0., 0.], [50., 0.]]);
    check(&network, &from(1), &to(4), 15, 100, &[west, [0., 0.], [0., 50.]]);
    check(&network, &from(1), &to(5), 10, 100, &[west, [0., 0.], [b / 2., a / 2.]]);
    check(&network, &from(1), &to(6), 15, 100, &[west, [0., 0.], [a / 2., b / 2.]]);
    // The other way: right.
    check(&network, &from(4), &to(1), 12, 100, &[[0., 50.], [0., 0.], west]);
    check(&network, &from(3), &to(4), 12, 100, &[[50., 0.], [0., 0.], [0., 50.]]);
}

#[test]
fn with_the_near_road_closed_the_far_one_is_driven() {
    // 1 - 2 = near (200 m), or over 4 (twice 141.42 m) = 3 - 5.
    let places = nodes(&[[-100., 0.], [0., 0.], [200., 0.], [100., 100.], [300., 0.]]);
    let ways = vec![way(12, BOTH, &[1, 2]), way(23, BOTH, &[2, 3]), way(243, BOTH, &[2, 4, 3]), way(35, BOTH, &[3, 5])];
    let mut roads = Roads::new(places, ways, Vec::new());
    let open = network(&roads, FREE);
    let (from, to) = (stop(&open, 12, [1, 2], 50.), stop(&open, 35, [3, 5], 50.));
    check(&open, &from, &to, 30, 300, &[[-50., 0.], [0., 0.], [200., 0.], [250., 0.]]);
    let closing = open.closing(&[23]);
    assert_eq!(roads.close(23), 1);
    for closed in [&closing, &network(&roads, FREE)] {
        // 50 + 141.42 + 141.42 + 50 = 382.84 m; 38.284 s.
        check(closed, &from, &to, 39, 383, &[[-50., 0.], [0., 0.], [100., 100.], [200., 0.], [250., 0.]]);
        assert_eq!(closed.bus_stop_at(23, [2, 3], 50., Kerb::Right), None);
        assert_eq!(closed.bus_path(&open.bus_stop_at(23, [2, 3], 50., Kerb::Right).unwrap(), &to, Band::Free), None);
    }
}
