//! Do we convert as others do? Against a table of 210 points made with npm's `gcoord` 1.0.7 (`.ci/gcoord.mjs` works it out
//! again). Where we differ, and why:
//! - Outside the box gcoord still adds BD-09's second shift; abroad Baidu uses WGS-84 (lbs.baidu.com, "坐标转换"), so we
//!   leave such points alone.
//! - gcoord's way back from GCJ-02 ends once it is within 1e-6 degrees, and from BD-09 to GCJ-02 it is one step only
//!   (up to a metre off); ours is exact, so those are judged by the round trip.

use super::{CoordinateSystem, Point, in_china};

const TABLE: &str = include_str!("gcoord.csv");
const ALIKE: f64 = 1e-6;

/// The point and its six images, in the order of the columns.
fn rows() -> Vec<(Point, [Point; 6])> {
    let lines = TABLE.lines().skip(2);
    lines
        .map(|line| {
            let numbers: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
            let at = |pair: usize| Point { lon: numbers[2 * pair], lat: numbers[2 * pair + 1] };
            assert_eq!(numbers.len(), 14);
            (at(0), [at(1), at(2), at(3), at(4), at(5), at(6)])
        })
        .collect()
}

fn apart(a: Point, b: Point) -> f64 {
    (a.lon - b.lon).abs().max((a.lat - b.lat).abs())
}

use CoordinateSystem::{Bd09, Gcj02};

fn gcj02_to_bd09(point: Point) -> Point {
    Bd09.from_wgs84(Gcj02.to_wgs84(point))
}

fn bd09_to_gcj02(point: Point) -> Point {
    Gcj02.from_wgs84(Bd09.to_wgs84(point))
}

#[test]
fn forward_as_gcoord_has_it() {
    let (mut inside, mut worst) = (0, 0.0_f64);
    for (p, [to_gcj, to_bd, gcj_to_bd, ..]) in rows() {
        worst = worst.max(apart(Gcj02.from_wgs84(p), to_gcj));
        if in_china(p) {
            inside += 1;
            worst = worst.max(apart(Bd09.from_wgs84(p), to_bd)).max(apart(gcj02_to_bd09(p), gcj_to_bd));
        } else {
            assert_eq!(Bd09.from_wgs84(p), p);
            assert!(apart(to_bd, p) > 0.005, "gcoord has learnt that abroad nothing is shifted");
        }
        assert!(worst < ALIKE, "{p:?} {worst}");
    }
    assert_eq!(inside, 11 * 11);
    println!("forward: at most {worst:e} degrees apart");
}

#[test]
fn back_as_gcoord_has_it_or_better() {
    let (mut ours, mut theirs, mut one_step) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (p, [.., gcj_to_wgs, bd_to_wgs, bd_to_gcj]) in rows() {
        if !in_china(p) {
            assert_eq!([Gcj02.to_wgs84(p), Bd09.to_wgs84(p)], [p, p]);
            continue;
        }
        // It stops as soon as it is within 1e-6: so far apart they may be, and a fiftieth more.
        assert!(apart(Gcj02.to_wgs84(p), gcj_to_wgs) < 1.05 * ALIKE, "{p:?}");
        theirs = theirs.max(Gcj02.from_wgs84(gcj_to_wgs).metres_to(p));
        one_step = one_step.max(gcj02_to_bd09(bd_to_gcj).metres_to(p)).max(Bd09.from_wgs84(bd_to_wgs).metres_to(p));
        for back in [
            Gcj02.from_wgs84(Gcj02.to_wgs84(p)),
            Bd09.from_wgs84(Bd09.to_wgs84(p)),
            gcj02_to_bd09(bd09_to_gcj02(p)),
            bd09_to_gcj02(gcj02_to_bd09(p)),
        ] {
            ours = ours.max(back.metres_to(p));
        }
    }
    println!("round trip, metres: ours {ours:e}, gcoord {theirs:.3} from GCJ-02 and {one_step:.3} from BD-09");
    assert!(ours < 0.001 && theirs < 1.0 && one_step < 1.0);
}
