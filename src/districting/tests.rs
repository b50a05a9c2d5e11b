//! Answers worked by hand, complete enumeration, and what must hold for any graph.

mod enumeration;

use super::check::{Violation, check};
use super::*;
use crate::search::{Answer, Progress, Random, cases};

/// Units on a grid of columns, 100 m apart, touching at their sides.
fn grid(weights: &[u64], columns: usize, groups: usize, tolerance: f64) -> Problem {
    let places = (0..weights.len()).map(|n| [(n % columns) as f64 * 100.0, (n / columns) as f64 * 100.0]).collect();
    let mut edges = Vec::new();
    for n in 0..weights.len() {
        if n % columns + 1 < columns {
            edges.push((n, n + 1));
        }
        if n + columns < weights.len() {
            edges.push((n, n + columns));
        }
    }
    Problem::new(weights.to_vec(), Distances::Straight(places), &edges, groups, tolerance).unwrap()
}

/// Points in a square of 4 km, joined where no third lies in the circle between them (Gabriel & Sokal 1969): planar and
/// connected. Weights of one of several kinds; ways are straight, or longer and not the same both ways, or in whole kilometres.
fn random(random: &mut Random, units: usize, groups: usize) -> Problem {
    let places: Vec<[f64; 2]> = (0..units).map(|_| [random.unit() * 4000.0, random.unit() * 4000.0]).collect();
    let square = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);
    let mut edges = Vec::new();
    for a in 0..units {
        for b in a + 1..units {
            let middle = [(places[a][0] + places[b][0]) / 2.0, (places[a][1] + places[b][1]) / 2.0];
            let radius = square(places[a], places[b]) / 4.0;
            if (0..units).all(|c| c == a || c == b || square(places[c], middle) >= radius) {
                edges.push((a, b));
            }
        }
    }
    let (least, spread) = [(1, 20), (500, 1000), (0, 3), (1, 1)][random.below(4)];
    let heavy = if random.below(4) == 0 { random.below(units) } else { units };
    let weights: Vec<u64> =
        (0..units).map(|unit| (least + random.below(spread) as u64) * if unit == heavy { 6 } else { 1 }).collect();
    let straight = |a: usize, b: usize| libm::hypot(places[a][0] - places[b][0], places[a][1] - places[b][1]);
    let distances = match random.below(3) {
        0 => Distances::Straight(places),
        1 => {
            let longer = |at| (straight(at / units, at % units) * (1.0 + random.unit())) as u32;
            Distances::Given((0..units * units).map(longer).collect())
        }
        // Whole kilometres: many groupings are equally far.
        _ => {
            let coarse = |at| (straight(at / units, at % units) / 1000.0).ceil() as u32;
            Distances::Given((0..units * units).map(coarse).collect())
        }
    };
    let tolerance = [0.0, 0.05, 0.2, 3.0][random.below(4)];
    Problem::new(weights, distances, &edges, groups, tolerance).unwrap()
}

#[test]
fn a_square_falls_into_quarters() {
    let problem = grid(&[10; 36], 6, 4, 0.0);
    let answer = solve(&problem, &Run::quiet(1));
    let quarter = |n: usize| n / 18 * 2 + n % 6 / 3;
    assert_eq!(answer.best.group, (0..36).map(quarter).collect::<Vec<_>>());
    // In each: four units go 100 m to the middle, four 141 m; no other nine are as near to one.
    assert_eq!(answer.best.value, Value { excess: 0, way: 4 * 10 * (4 * 100 + 4 * 141), largest: 0 });
    assert_eq!((answer.bound, answer.best.proven), (Some(38_560.0), true));
    assert_eq!(answer.best.centres, vec![7, 10, 25, 28]);
    assert_eq!(answer.ended, Ended::Complete);
}

#[test]
fn balance_comes_first_then_the_way_then_the_largest_deviation() {
    // Six in a row, 100 m apart, two groups. Weights 3 1 1 1 1 3 sum to 10. By weight 3 1 1 | 1 1 3 is even, and the way is
    // 100 + 300 or 3 x 100 + 1 x 100, whichever the centre: at the heavy end 1 x 100 + 1 x 200 = 300 for each.
    let row = grid(&[3, 1, 1, 1, 1, 3], 6, 2, 0.0);
    let answer = solve(&row, &Run::quiet(1)).best;
    assert_eq!(answer.group, vec![0, 0, 0, 1, 1, 1]);
    assert_eq!((answer.value, answer.centres), (Value { excess: 0, way: 600, largest: 0 }, vec![0, 5]));
    // 5 1 1 1: the mean is 4; 5 | 1 1 1 deviates by |2 x 5 - 8| = 2 on both sides, of which 20 % of 8 is 1 (rounded down) free.
    let lumpy = grid(&[5, 1, 1, 1], 4, 2, 0.2);
    let answer = solve(&lumpy, &Run::quiet(1)).best;
    assert_eq!((answer.group, answer.value), (vec![0, 1, 1, 1], Value { excess: 2, way: 200, largest: 2 }));
    assert_eq!((answer.least_excess, answer.proven), (2, true));
    // Anything is allowed; 1 | 1 1 1 and 1 1 | 1 1 are both 200 m of way, and the even one is better.
    let loose = grid(&[1; 4], 4, 2, 9.0);
    assert_eq!(solve(&loose, &Run::quiet(1)).best.value, Value { excess: 0, way: 200, largest: 0 });
}

#[test]
fn roads_count_not_straight_lines() {
    // A square of four that all touch; by road 0-1 and 2-3 are near, though 0-2 and 1-3 would be in a straight line.
    let near = |a: usize, b: usize| if a / 2 == b / 2 { 100 } else { 900 };
    let metres = (0..16).map(|at| near(at / 4, at % 4)).collect();
    let edges = [(0, 1), (1, 3), (3, 2), (2, 0)];
    let problem = Problem::new(vec![1; 4], Distances::Given(metres), &edges, 2, 0.0).unwrap();
    let answer = solve(&problem, &Run::quiet(1)).best;
    assert_eq!((answer.group, answer.value.way), (vec![0, 0, 1, 1], 200));
}

#[test]
fn every_group_is_in_one_part_and_no_limit_is_beaten() {
    let mut source = Random::new(11);
    let sizes = [5, 12, 30, 60, 129, 200, 400];
    for case in 0..cases(14, 140) {
        let units = sizes[case % sizes.len()];
        let groups = 1 + source.below(units.min(12));
        let problem = random(&mut source, units, groups);
        let run = Run { iterations: Some(5 + source.below(40) as u64), ..Run::quiet(case as u64) };
        let solved = solve(&problem, &run);
        let (best, bound) = (&solved.best, solved.bound.unwrap());
        assert_eq!(check(&problem, best), vec![], "case {case}");
        assert!(bound <= best.value.way as f64, "case {case}");
        assert!(!best.proven || bound == best.value.way as f64, "case {case}");
    }
}

#[test]
fn the_same_every_time() {
    let problem = random(&mut Random::new(3), 60, 5);
    for chains in [1, 3] {
        let run = Run { iterations: Some(400), chains, ..Run::quiet(9) };
        let (one, two) = (solve(&problem, &run), solve(&problem, &run));
        assert_eq!((one.best, one.bound, one.iterations), (two.best, two.bound, two.iterations));
    }
}

#[test]
fn a_stop_keeps_the_best_so_far() {
    for units in [40, 150] {
        let problem = random(&mut Random::new(4), units, 4);
        let full = solve(&problem, &Run { iterations: Some(300), ..Run::quiet(1) });
        let mut last = None;
        for asked in [0, 1, 30, 200, 500] {
            let count = std::sync::atomic::AtomicU32::new(0);
            let watch = |_: &Progress| {
                let stop = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= asked;
                Answer { stop, ..Answer::GO }
            };
            let solved = solve(&problem, &Run { watch: &watch, ..Run::quiet(1) });
            assert_eq!(check(&problem, &solved.best), vec![]);
            assert!(solved.ended == Ended::Stopped || solved.best.value <= full.best.value);
            assert!(solved.bound.is_none_or(|bound| bound <= solved.best.value.way as f64));
            // Whoever waits longer has nothing worse.
            assert!(last.is_none_or(|last| solved.best.value <= last), "{units} units, {asked} looks");
            last = Some(solved.best.value);
        }
    }
}

#[test]
fn who_watches_is_told_what_came_out() {
    let problem = random(&mut Random::new(5), 80, 4);
    let last = std::sync::Mutex::new((None, None));
    let watch = |progress: &Progress| {
        *last.lock().unwrap() = (progress.objective, progress.bound);
        Answer::GO
    };
    let solved = solve(&problem, &Run { watch: &watch, iterations: Some(200), ..Run::quiet(1) });
    let (objective, bound) = *last.lock().unwrap();
    assert_eq!(objective, Some(solved.best.value.way as f64));
    assert!(bound <= solved.bound);
}

#[test]
fn the_checker_sees_parts_empty_groups_and_lies() {
    let problem = grid(&[1; 4], 4, 2, 0.0);
    let said = |group: &[usize]| {
        let value = check::value(&problem, group);
        Grouping { group: group.to_vec(), centres: vec![0, 3], value, least_excess: 0, proven: false }
    };
    let broken = said(&[0, 1, 0, 1]);
    assert_eq!(check(&problem, &broken), vec![Violation::Apart { group: 0 }, Violation::Apart { group: 1 }]);
    let empty = check(&problem, &said(&[0; 4]));
    assert!(empty.contains(&Violation::Empty { group: 1 }), "{empty:?}");
    assert_eq!(check(&problem, &said(&[0; 3])), vec![Violation::Lists]);
    assert_eq!(check(&problem, &said(&[0, 0, 1, 2])), vec![Violation::Lists]);
    // 0 0 1 1 has 100 m of way in each group, with either unit as centre.
    let good = said(&[0, 0, 1, 1]);
    assert_eq!((good.value, check(&problem, &good)), (Value { excess: 0, way: 200, largest: 0 }, vec![]));
    for (lie, found) in [
        (Grouping { centres: vec![2, 3], ..good.clone() }, Violation::Centre { group: 0, centre: 2 }),
        (Grouping { centres: vec![0, 9], ..good.clone() }, Violation::Centre { group: 1, centre: 9 }),
        (Grouping { least_excess: 1, ..good.clone() }, Violation::Limit { least: 1, found: 0 }),
    ] {
        assert_eq!(check(&problem, &lie), vec![found]);
    }
    for wrong in
        [Value { way: 199, ..good.value }, Value { excess: 1, ..good.value }, Value { largest: 1, ..good.value }]
    {
        let lie = Grouping { value: wrong, ..good.clone() };
        assert_eq!(check(&problem, &lie), vec![Violation::Value { stated: wrong, found: good.value }]);
    }
    // A centre at the end of three is not the nearest to all.
    let three = grid(&[1; 3], 3, 1, 0.0);
    let value = check::value(&three, &[0; 3]);
    let end = Grouping { group: vec![0; 3], centres: vec![0], value, least_excess: 0, proven: true };
    assert_eq!(value.way, 200);
    assert_eq!(check(&three, &end), vec![Violation::Centre { group: 0, centre: 0 }]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let two = || Distances::Straight(vec![[0.0, 0.0], [1.0, 0.0]]);
    let error = |weights: Vec<u64>, distances, edges: &[(usize, usize)], groups| {
        Problem::new(weights, distances, edges, groups, 0.0).unwrap_err()
    };
    assert_eq!(error(vec![1, 1], two(), &[], 1), ProblemError::Apart { parts: 2 });
    assert_eq!(error(vec![1, 1], two(), &[(0, 1)], 3), ProblemError::Groups { groups: 3, units: 2 });
    assert_eq!(error(vec![1, 1], two(), &[(0, 1)], 0), ProblemError::Groups { groups: 0, units: 2 });
    assert_eq!(error(vec![1, 1], two(), &[(0, 2)], 1), ProblemError::Lists { units: 2 });
    assert_eq!(error(vec![1, 1], Distances::Given(vec![0; 3]), &[(0, 1)], 1), ProblemError::Lists { units: 2 });
    let nowhere = Distances::Straight(vec![[0.0, 0.0], [f64::NAN, 0.0]]);
    assert_eq!(error(vec![1, 1], nowhere, &[(0, 1)], 1), ProblemError::Lists { units: 2 });
    assert_eq!(error(vec![u64::MAX, 1], two(), &[(0, 1)], 1), ProblemError::TooHeavy);
    assert_eq!(error(vec![1 << 40, 1], Distances::Given(vec![1 << 31; 4]), &[(0, 1)], 1), ProblemError::TooHeavy);
}

#[test]
fn nothing_weighs_anything_and_one_group_is_all() {
    let nothing = solve(&grid(&[0; 9], 3, 3, 0.05), &Run::quiet(1)).best;
    // Units without weight still have a place: three rows or three columns, 200 m of way in each.
    assert_eq!((nothing.value, nothing.proven), (Value { excess: 0, way: 600, largest: 0 }, true));
    let one = solve(&grid(&[5; 9], 3, 1, 0.05), &Run::quiet(1)).best;
    assert_eq!((one.group, one.centres, one.proven), (vec![0; 9], vec![4], true));
    let each = solve(&grid(&[5, 1, 1, 1], 2, 4, 0.05), &Run::quiet(1)).best;
    assert_eq!((each.group, each.value.way, each.proven), (vec![0, 1, 2, 3], 0, true));
}
