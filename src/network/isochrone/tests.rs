//! What is promised, on pieces worked out by hand, at random, and on a city.

use super::*;
use crate::domain::coordinates::Point;
use crate::network::synthetic::{Metropolis, metropolis};
use crate::search::{Random, cases};

fn piece(a: [f64; 2], b: [f64; 2]) -> Reached {
    Reached { ends: [a, b] }
}

fn apart(pieces: &[Reached], at: [f64; 2]) -> f64 {
    let metres = |piece: &Reached| {
        let [a, b] = piece.ends;
        let (d, p) = ([b[0] - a[0], b[1] - a[1]], [at[0] - a[0], at[1] - a[1]]);
        let square = d[0] * d[0] + d[1] * d[1];
        let share = if square > 0.0 { ((p[0] * d[0] + p[1] * d[1]) / square).clamp(0.0, 1.0) } else { 0.0 };
        (p[0] - share * d[0]).hypot(p[1] - share * d[1])
    };
    pieces.iter().map(metres).fold(f64::INFINITY, f64::min)
}

fn in_ring(ring: &[[f64; 2]], at: [f64; 2]) -> bool {
    let mut inside = false;
    for pair in ring.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        if (a[1] > at[1]) != (b[1] > at[1]) && at[0] < a[0] + (at[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) {
            inside = !inside;
        }
    }
    inside
}

/// In how many polygons it lies.
fn holding(polygons: &[Polygon], at: [f64; 2]) -> usize {
    let holds = |p: &&Polygon| in_ring(&p.outer, at) && !p.holes.iter().any(|hole| in_ring(hole, at));
    polygons.iter().filter(holds).count()
}

/// Closed, oriented, and no two edges of any two rings meet but neighbours at their common end.
fn sound(polygons: &[Polygon]) {
    let mut edges: Vec<([[f64; 2]; 2], usize, usize, usize)> = Vec::new();
    let mut rings = 0;
    for polygon in polygons {
        for (ring, hole) in std::iter::once((&polygon.outer, false)).chain(polygon.holes.iter().map(|h| (h, true))) {
            assert!(ring.len() >= 4 && ring.first() == ring.last(), "not closed");
            assert_eq!(area(&ring[..ring.len() - 1]) < 0.0, hole, "turned the wrong way");
            for (at, pair) in ring.windows(2).enumerate() {
                assert_ne!(pair[0], pair[1]);
                edges.push(([pair[0], pair[1]], rings, at, ring.len() - 1));
            }
            if hole {
                assert!(in_ring(&polygon.outer, ring[0]), "a hole outside its polygon");
            }
            rings += 1;
        }
    }
    edges.sort_by(|a, b| a.0[0][0].min(a.0[1][0]).total_cmp(&b.0[0][0].min(b.0[1][0])));
    for (at, (one, ring, place, count)) in edges.iter().enumerate() {
        let east = one[0][0].max(one[1][0]);
        for (other, ring2, place2, _) in &edges[at + 1..] {
            if other[0][0].min(other[1][0]) > east {
                break;
            }
            if ring == ring2 && ((place + 1) % count == *place2 || (place2 + 1) % count == *place) {
                continue;
            }
            let beside = |axis: usize| {
                one[0][axis].max(one[1][axis]) < other[0][axis].min(other[1][axis])
                    || other[0][axis].max(other[1][axis]) < one[0][axis].min(one[1][axis])
            };
            if beside(0) || beside(1) {
                continue;
            }
            let [a, b] = [turn(one[0], one[1], other[0]), turn(one[0], one[1], other[1])];
            let [c, d] = [turn(other[0], other[1], one[0]), turn(other[0], other[1], one[1])];
            let apart = (a > 0.0 && b > 0.0) || (a < 0.0 && b < 0.0) || (c > 0.0 && d > 0.0) || (c < 0.0 && d < 0.0);
            assert!(apart, "{one:?} meets {other:?}");
        }
    }
}

/// All that is promised, at random places.
fn promised(pieces: &[Reached], spread: f64, random: &mut Random) -> Vec<Polygon> {
    let polygons = outline(pieces, spread);
    let spread = real_spread(pieces, spread);
    sound(&polygons);
    for _ in 0..3000 {
        let [a, b] = pieces[random.below(pieces.len())].ends;
        let share = random.unit();
        let on = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
        assert_eq!(holding(&polygons, on), 1, "{on:?} is reached");
        let at = [on[0] + 8.0 * spread * (random.unit() - 0.5), on[1] + 8.0 * spread * (random.unit() - 0.5)];
        if apart(pieces, at) > 2.0 * spread {
            assert_eq!(holding(&polygons, at), 0, "{at:?} is not reached");
        }
    }
    polygons
}

#[test]
fn a_street_becomes_a_stadium() {
    let pieces = [piece([0.0, 0.0], [1000.0, 0.0])];
    let polygons = promised(&pieces, 40.0, &mut Random::new(1));
    assert_eq!(polygons.len(), 1);
    assert!(polygons[0].holes.is_empty());
    // 1,000 x 80 m and a circle of 40 m radius: 85,027 square metres.
    let has = area(&polygons[0].outer[..polygons[0].outer.len() - 1]);
    assert!((has - 85_027.0).abs() < 0.05 * 85_027.0, "{has}");
    assert!(polygons[0].outer.len() < 60, "{} vertices", polygons[0].outer.len());
}

#[test]
fn an_area_is_nearly_as_large_as_worked_out() {
    // Streets of many lengths and directions: the sides straight, the ends round, nothing shaved off towards them.
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let (length, angle) = (100.0 + 900.0 * random.unit(), std::f64::consts::TAU * random.unit());
        let along = if seed % 4 == 0 { [length, 0.0] } else { [length * libm::cos(angle), length * libm::sin(angle)] };
        let spread = if seed % 2 == 0 { 25.0 } else { 50.0 };
        let polygons = outline(&[piece([7.0, -3.0], [7.0 + along[0], along[1] - 3.0])], spread);
        let has = area(&polygons[0].outer[..polygons[0].outer.len() - 1]);
        let exact = 2.0 * spread * length + std::f64::consts::PI * spread * spread;
        assert!((has - exact).abs() < 0.07 * exact, "{length} m of {spread}: {has}, not {exact}");
    }
}

#[test]
fn a_point_is_a_disc() {
    let polygons = promised(&[piece([3.0, 4.0], [3.0, 4.0])], 30.0, &mut Random::new(1));
    assert_eq!(polygons.len(), 1);
}

#[test]
fn a_block_has_a_hole_and_a_far_street_a_polygon_of_its_own() {
    let corners = [[0.0, 0.0], [400.0, 0.0], [400.0, 300.0], [0.0, 300.0]];
    let mut pieces: Vec<Reached> = (0..4).map(|at| piece(corners[at], corners[(at + 1) % 4])).collect();
    pieces.push(piece([150.0, 150.0], [250.0, 150.0]));
    pieces.push(piece([2000.0, 100.0], [2100.0, 100.0]));
    let polygons = promised(&pieces, 30.0, &mut Random::new(2));
    // The block, the street inside its hole, the street far away.
    assert_eq!(polygons.len(), 3);
    assert_eq!(polygons.iter().map(|polygon| polygon.holes.len()).collect::<Vec<_>>(), [1, 0, 0]);
    assert_eq!(holding(&polygons, [75.0, 150.0]), 0);
    // A block of 50 m is filled: nothing in it is 60 m from a road.
    let small: Vec<Reached> =
        pieces[..4].iter().map(|p| piece(p.ends[0].map(|m| m / 8.0), p.ends[1].map(|m| m / 8.0))).collect();
    assert!(promised(&small, 30.0, &mut Random::new(3))[0].holes.is_empty());
}

#[test]
fn the_promise_holds_for_pieces_at_random() {
    for seed in 0..cases(15, 60) {
        let mut random = Random::new(seed);
        let extent = 300.0 + 3000.0 * random.unit();
        let spread = 8.0 + 60.0 * random.unit();
        let mut any = || [extent * (random.unit() - 0.5), extent * (random.unit() - 0.5)];
        let mut pieces = Vec::new();
        for number in 0..60 {
            let a = any();
            let b = any();
            // Streets at all angles, short and long, some along the grid, some that touch.
            pieces.push(match (number + seed) % 4 {
                0 => piece(a, b),
                1 => piece(a, [a[0] + 0.1 * b[0], a[1] + 0.1 * b[1]]),
                2 => piece(a, [b[0], a[1]]),
                _ => piece(pieces.last().map_or(a, |p: &Reached| p.ends[1]), [a[0], a[1]]),
            });
        }
        promised(&pieces, spread, &mut random);
    }
}

#[test]
fn a_city_is_drawn_fast() {
    let roads = metropolis(&Metropolis { nodes: 20_000, ..Metropolis::default() });
    let local = Local::new(roads.bounds().unwrap().centre());
    let at = |node: u32| local.project(roads.nodes()[node as usize].point);
    let near = |p: &Reached| p.ends.iter().all(|end| end[0].hypot(end[1]) < 3000.0);
    let pieces: Vec<Reached> = roads.segments().iter().map(|s| Reached { ends: s.ends.map(at) }).filter(near).collect();
    let begin = std::time::Instant::now();
    let polygons = outline(&pieces, 50.0);
    let vertices: usize = polygons.iter().flat_map(|p| std::iter::once(&p.outer).chain(&p.holes)).map(Vec::len).sum();
    println!("{} pieces, {} polygons, {vertices} vertices in {:?}", pieces.len(), polygons.len(), begin.elapsed());
    promised(&pieces, 50.0, &mut Random::new(5));
    let drawn = multi_polygon(&polygons, &local);
    let flat: Vec<[f64; 2]> = drawn.iter().flatten().flatten().copied().collect();
    assert_eq!(flat.len(), vertices);
    let back = local.project(Point { lon: flat[0][0], lat: flat[0][1] });
    assert!((back[0] - polygons[0].outer[0][0]).hypot(back[1] - polygons[0].outer[0][1]) < 0.02);
    assert!(drawn.iter().flatten().all(|ring| ring.first() == ring.last()));
}

#[test]
fn a_huge_extent_gets_a_coarser_grid() {
    let pieces = [piece([0.0, 0.0], [300_000.0, 200_000.0]), piece([300_000.0, 0.0], [0.0, 200_000.0])];
    let spread = real_spread(&pieces, 20.0);
    // 300 x 200 km on 4 million nodes: 122 m between them, in steps of a quarter.
    assert!((240.0..320.0).contains(&spread), "{spread}");
    promised(&pieces, 20.0, &mut Random::new(7));
    assert_eq!(real_spread(&pieces[..1], 1e9), 1e9);
}

#[test]
fn nonsense_draws_nothing() {
    assert_eq!(outline(&[], 50.0), []);
    assert_eq!(outline(&[piece([f64::NAN, 0.0], [1.0, 1.0]), piece([0.0, f64::INFINITY], [1.0, 1.0])], 50.0), []);
    let good = piece([0.0, 0.0], [50.0, 0.0]);
    assert_eq!(outline(&[good, piece([f64::NAN, 0.0], [1.0, 1.0])], 50.0), outline(&[good], 50.0));
    for spread in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        sound(&outline(&[good], spread));
        assert_eq!(real_spread(&[good], spread), LEAST_SPREAD_M);
    }
    sound(&outline(&[piece([-1e300, 0.0], [1e300, 1e300])], 50.0));
}
