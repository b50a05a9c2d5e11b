//! Walkers: metres from place to place, with and without a limit, with and without steps.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use jiebo::domain::coordinates::Local;
use jiebo::domain::units::Metres;
use jiebo::network::roads::Roads;
use jiebo::network::{Foothold, Network, Speeds};
use jiebo::search::Random;

use crate::extract;

/// Beside the path, metres.
const BESIDE: f64 = 0.2;
/// No other path may be this near, so that it is clear which path the place is on.
const ALONE: f64 = 1.0;

/// A place on a path we chose, and what the network says of it.
struct Place {
    segment: usize,
    cm: u64,
    snap_cm: u64,
    foothold: Foothold,
}

/// Metres from a point to a line, both in local metres.
fn away(p: [f64; 2], [a, b]: [[f64; 2]; 2]) -> f64 {
    let d = [b[0] - a[0], b[1] - a[1]];
    let long = d[0] * d[0] + d[1] * d[1];
    let share = if long == 0.0 { 0.0 } else { ((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / long };
    let share = share.clamp(0.0, 1.0);
    (p[0] - a[0] - share * d[0]).hypot(p[1] - a[1] - share * d[1])
}

/// Which segments without steps hang together over 5 km, or a twentieth of the most that do? Who takes no steps joins no others.
fn level(roads: &Roads, ways_at: &[Vec<(usize, u64)>]) -> Vec<bool> {
    let mut part = vec![usize::MAX; ways_at.len()];
    let mut long = Vec::new();
    for start in 0..ways_at.len() {
        if part[start] != usize::MAX {
            continue;
        }
        part[start] = long.len();
        let (mut stack, mut twice) = (vec![start], 0);
        while let Some(node) = stack.pop() {
            for (other, cm) in &ways_at[node] {
                twice += cm;
                if part[*other] == usize::MAX {
                    part[*other] = long.len();
                    stack.push(*other);
                }
            }
        }
        long.push(twice / 2);
    }
    let least = (long.iter().max().unwrap() / 20).min(500_000);
    roads.segments().iter().map(|segment| long[part[segment.ends[0] as usize]] >= least).collect()
}

/// Random places 20 cm beside paths; those on islands, or near another path, left aside.
fn places(roads: &Roads, network: &Network, count: usize, level: Option<&[bool]>) -> Vec<Place> {
    let local = Local::new(roads.bounds().unwrap().centre());
    let access = |at: usize| roads.ways()[roads.segments()[at].way as usize].access;
    let line = |at: usize| roads.segments()[at].ends.map(|end| local.project(roads.nodes()[end as usize].point));
    let paths: Vec<usize> = (0..roads.segments().len()).filter(|at| access(*at).foot).collect();
    let lines: Vec<[[f64; 2]; 2]> = paths.iter().map(|at| line(*at)).collect();
    let mut random = Random::new(5);
    let mut places = Vec::new();
    for _ in 0..count * 20 {
        let segment = paths[random.below(paths.len())];
        let length = usize::try_from(roads.segments()[segment].cm).unwrap();
        if length < 500 || level.is_some_and(|level| !level[segment] || !access(segment).wheelchair) {
            continue;
        }
        let cm = 150 + random.below(length - 299);
        let share = cm as f64 / length as f64;
        let [a, b] = line(segment);
        let d = [b[0] - a[0], b[1] - a[1]];
        let off = BESIDE / d[0].hypot(d[1]);
        let at = [a[0] + share * d[0] - off * d[1], a[1] + share * d[1] + off * d[0]];
        if paths.iter().zip(&lines).any(|(other, line)| *other != segment && away(at, *line) < ALONE) {
            continue;
        }
        let foothold = network.foothold(local.unproject(at), Metres(1));
        if let Some(foothold) = foothold.filter(|foothold| foothold.snap_m < 2.0 * BESIDE) {
            assert!((foothold.snap_m - BESIDE).abs() < 0.001, "{foothold:?}");
            let snap_cm = (foothold.snap_m * 100.0).round() as u64;
            places.push(Place { segment, cm: cm as u64, snap_cm, foothold });
        }
        if places.len() == count {
            break;
        }
    }
    places
}

/// Centimetres from a place to all nodes.
fn spread(roads: &Roads, ways_at: &[Vec<(usize, u64)>], from: &Place) -> Vec<u64> {
    let mut label = vec![u64::MAX; roads.nodes().len()];
    let mut queue = BinaryHeap::new();
    let segment = roads.segments()[from.segment];
    for (end, cm) in segment.ends.into_iter().zip([from.cm, u64::from(segment.cm) - from.cm]) {
        queue.push(Reverse((from.snap_cm + cm, end as usize)));
    }
    while let Some(Reverse((cm, node))) = queue.pop() {
        if cm < label[node] {
            label[node] = cm;
            queue.extend(ways_at[node].iter().map(|(other, long)| Reverse((cm + long, *other))));
        }
    }
    label
}

fn walk(what: &str, roads: &Roads, count: usize, rows: usize) {
    let begin = Instant::now();
    let network = Network::new(roads, &Speeds::default());
    let (mut compared, mut reached, mut within) = (0, 0, 0);
    for step_free in [false, true] {
        let mut ways_at = vec![Vec::new(); roads.nodes().len()];
        for segment in roads.segments() {
            let access = roads.ways()[segment.way as usize].access;
            if if step_free { access.foot && access.wheelchair } else { access.foot } {
                let [a, b] = segment.ends.map(|end| end as usize);
                ways_at[a].push((b, u64::from(segment.cm)));
                ways_at[b].push((a, u64::from(segment.cm)));
            }
        }
        let level = step_free.then(|| level(roads, &ways_at));
        let places = places(roads, &network, count, level.as_deref());
        assert_eq!(places.len(), count, "{what}");
        let holds: Vec<Foothold> = places.iter().map(|place| place.foothold.clone()).collect();
        let metres = |limit: Option<Metres>| {
            if step_free {
                network.step_free_metres(&holds[..rows], &holds, limit)
            } else {
                network.walk_metres(&holds[..rows], &holds, limit)
            }
        };
        let free = metres(None);
        let limits = [300, 1000, 3000].map(|limit| (limit, metres(Some(Metres(limit)))));
        for (i, from) in places[..rows].iter().enumerate() {
            let label = spread(roads, &ways_at, from);
            for (j, to) in places.iter().enumerate() {
                let segment = roads.segments()[to.segment];
                let [a, b] = segment.ends.map(|end| label[end as usize]);
                let mut cm = a.saturating_add(to.cm).min(b.saturating_add(u64::from(segment.cm) - to.cm));
                if from.segment == to.segment {
                    cm = cm.min(from.snap_cm + from.cm.abs_diff(to.cm));
                }
                let wanted = (cm != u64::MAX && (a, b) != (u64::MAX, u64::MAX)).then(|| cm + to.snap_cm);
                let up = |cm: u64| Metres(u32::try_from(cm.div_ceil(100)).unwrap());
                assert_eq!(free[i][j], wanted.map(up), "{what} {i} {j} step-free {step_free}");
                compared += 1;
                reached += usize::from(wanted.is_some());
                for (limit, metres) in &limits {
                    let wanted = wanted.filter(|cm| *cm <= u64::from(*limit) * 100);
                    assert_eq!(metres[i][j], wanted.map(up), "{what} {i} {j} within {limit}, step-free {step_free}");
                    within += usize::from(wanted.is_some());
                }
            }
        }
    }
    println!(
        "{what} on foot: {compared} pairs ({reached} with a way), and as often for 3 limits ({within} within), {:?}",
        begin.elapsed()
    );
}

#[test]
fn walks() {
    for name in ["monaco", "shanghai_center"] {
        let Some(roads) = extract(name) else { continue };
        walk(name, &roads, 50, 20);
    }
}

#[test]
#[ignore = "a minute, in release"]
fn walks_in_full() {
    for name in ["monaco", "shanghai_center", "porto"] {
        let Some(roads) = extract(name) else { continue };
        walk(name, &roads, 100, 100);
    }
}
