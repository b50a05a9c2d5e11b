//! Answers worked by hand, the fast evaluation against the judge, the search against all designs of a small network, and Mandl's network
//! where it is beside the checkout.

use std::path::Path;

use super::check::{Fault, judge};
use super::evaluate::Evaluator;
use super::*;
use crate::search::Answer;

/// Both directions, minutes.
fn links(both: &[(usize, usize, u32)]) -> Vec<Link> {
    let ways = both.iter().flat_map(|&(a, b, minutes)| [(a, b, minutes), (b, a, minutes)]);
    ways.map(|(from, to, minutes)| Link { from, to, time: minutes * 1000 }).collect()
}

fn trips(pairs: &[(usize, usize, u32)]) -> Vec<Trips> {
    pairs.iter().map(|&(from, to, trips)| Trips { from, to, trips }).collect()
}

fn rules(lines: usize, most_stops: usize) -> Rules {
    Rules { lines, most_stops, transfer: 5_000 }
}

/// 0 -4- 1 -6- 2 and 1 -3- 3; ten people from 0 to 2, five from 0 to 3.
fn fork(lines: usize, most_stops: usize) -> Result<Problem, ProblemError> {
    Problem::new(
        4,
        &links(&[(0, 1, 4), (1, 2, 6), (1, 3, 3)]),
        &trips(&[(0, 2, 10), (0, 3, 5)]),
        None,
        rules(lines, most_stops),
    )
}

/// A connected network with times and trips that differ by direction, some nodes without demand, some no terminals.
fn any_problem(random: &mut Random, nodes: usize, rules: Rules) -> Result<Problem, ProblemError> {
    let mut links = Vec::new();
    for to in 1..nodes {
        let tree = random.below(to);
        for from in 0..to {
            if from == tree || random.below(4) == 0 {
                for (from, to) in [(from, to), (to, from)] {
                    links.push(Link { from, to, time: 1_000 + u32::try_from(random.below(9_000)).unwrap() });
                }
            }
        }
    }
    let mut demand = Vec::new();
    for from in 1..nodes {
        for to in (1..nodes).filter(|&to| to != from) {
            demand.push(Trips { from, to, trips: u32::try_from(random.below(30)).unwrap() });
        }
    }
    let terminals = (0..nodes).map(|node| node < 5 || random.below(4) > 0).collect();
    Problem::new(nodes, &links, &demand, Some(terminals), rules)
}

#[test]
fn everybody_rides_directly_where_the_routes_allow_it() {
    let problem = fork(2, 3).unwrap();
    let solved = solve(&problem, &Run::quiet(1));
    // Ten people ride 4 + 6 minutes, five 4 + 3: 135 minutes for 15 people, and no way is shorter.
    assert_eq!(solved.best.total, 135_000);
    assert_eq!(solved.best.average_minutes, 9.0);
    assert_eq!((solved.bound, solved.ended), (Some(9.0), Ended::Complete));
    assert_eq!(solved.best.by_transfers, [15, 0, 0, 0]);
    let mut routes = solved.best.routes.clone();
    routes.sort();
    assert_eq!(routes, [vec![0, 1, 2], vec![0, 1, 3]]);
    assert_eq!(solved.best.operator_minutes, 10.0 + 7.0);
}

#[test]
fn a_transfer_costs_its_minutes() {
    let problem = fork(2, 3).unwrap();
    let routes = [vec![0, 1, 2], vec![1, 3]];
    // Five people change at 1: 4 + 5 + 3 = 12 minutes; 10 x 10 + 5 x 12 = 160.
    assert_eq!(Evaluator::new(&problem).score(&routes), Score { missed: 0, total: 160_000, operator: 13_000 });
    assert_eq!(judge(&problem, &routes).unwrap().by_transfers, [10, 5, 0, 0]);
    // Direct from 0 to 3 takes 20 minutes by the ring, 4 + 5 + 3 = 12 with a transfer.
    let ring = links(&[(0, 1, 4), (1, 2, 6), (1, 3, 3), (0, 2, 15), (2, 3, 5)]);
    let ring = Problem::new(4, &ring, &trips(&[(0, 3, 1)]), None, rules(3, 4)).unwrap();
    let routes = [vec![0, 2, 3], vec![0, 1], vec![1, 3]];
    assert_eq!(judge(&ring, &routes).unwrap().total, 12_000);
    assert_eq!(Evaluator::new(&ring).score(&routes).total, 12_000);
    assert_eq!(evaluate::by_transfers(&ring, &routes), [0, 1, 0, 0]);
}

#[test]
fn the_fast_evaluation_agrees_with_the_judge() {
    let mut random = Random::new(11);
    let (mut whole, mut apart) = (0, 0);
    for _ in 0..60 {
        let nodes = 5 + random.below(8);
        let (lines, most_stops) = (2 + random.below(4), 4 + random.below(4));
        let rules = rules(lines, most_stops.max(nodes / lines + 2));
        let Ok(problem) = any_problem(&mut random, nodes, rules) else { continue };
        let pool = paths::pool(&problem, &mut random);
        let mut evaluator = Evaluator::new(&problem);
        let mut routes: Vec<Route> = Vec::new();
        while routes.len() < lines {
            let route = &pool[random.below(pool.len())];
            if !routes.contains(route) {
                routes.push(route.clone());
            }
        }
        for _ in 0..30 {
            let Some(change) = moves::propose(&problem, &pool, &routes, &mut random) else { continue };
            let single = match change.as_slice() {
                [(place, route)] => Some(evaluator.score_with(&routes, *place, route)),
                _ => None,
            };
            for (place, route) in change {
                routes[place] = route;
            }
            evaluator.changed();
            let score = evaluator.score(&routes);
            assert_eq!(single.unwrap_or(score), score);
            match judge(&problem, &routes) {
                Ok(judged) => {
                    whole += 1;
                    assert_eq!((score.missed, score.total, score.operator), (0, judged.total, judged.operator));
                    assert_eq!(evaluate::by_transfers(&problem, &routes), judged.by_transfers);
                    assert!(problem.least <= score.total);
                }
                Err(fault) => {
                    apart += 1;
                    assert!(matches!(fault, Fault::Unconnected { .. }), "{fault}");
                    assert!(score.missed > 0, "{fault}");
                }
            }
        }
    }
    assert!(whole > 100 && apart > 100, "{whole} designs, {apart} that are none");
}

#[test]
fn no_design_of_a_small_network_is_better() {
    let mut random = Random::new(5);
    for seed in 0..5 {
        let Ok(problem) = any_problem(&mut random, 6, rules(3, 4)) else { continue };
        let pool = paths::pool(&problem, &mut random);
        let mut least: Option<u64> = None;
        let mut evaluator = Evaluator::new(&problem);
        for one in 0..pool.len() {
            for two in 0..one {
                for three in 0..two {
                    let score = evaluator.score(&[one, two, three].map(|at| pool[at].clone()));
                    if score.missed == 0 {
                        least = Some(least.map_or(score.total, |least| least.min(score.total)));
                    }
                }
            }
        }
        let best = solve(&problem, &Run { iterations: Some(60_000), ..Run::quiet(seed) }).best;
        assert_eq!(least, Some(best.total).filter(|_| best.missed == 0));
    }
}

#[test]
fn threads_do_not_matter() {
    let problem = any_problem(&mut Random::new(3), 9, rules(3, 5)).unwrap();
    let run = Run { iterations: Some(1_500), chains: 3, ..Run::quiet(7) };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| solve(&problem, &run))
    };
    let (one, three) = (on(1), on(3));
    assert_eq!(one.best, three.best);
    assert_eq!((one.iterations, one.ended), (1_500, Ended::Budget));
    assert_eq!(three.iterations, 1_500);
}

#[test]
fn who_stops_at_once_gets_a_design() {
    let problem = any_problem(&mut Random::new(3), 9, rules(3, 5)).unwrap();
    let watch = |_: &Progress| Answer { used: 0.3, stop: true, ..Answer::GO };
    let solved = solve(&problem, &Run { watch: &watch, ..Run::quiet(1) });
    assert_eq!((solved.ended, solved.best.routes.len()), (Ended::Stopped, 3));
    let none = solve(&problem, &Run { iterations: Some(0), ..Run::quiet(1) });
    assert_eq!((none.ended, none.best), (Ended::Budget, solved.best));
}

#[test]
fn a_network_without_a_design_is_told_by_its_missed_nodes() {
    // A star of three arms: one route of four nodes takes in two of them.
    let star = links(&[(0, 1, 1), (0, 2, 1), (0, 3, 1)]);
    let problem = Problem::new(4, &star, &trips(&[(1, 2, 1), (2, 3, 1)]), None, rules(1, 4)).unwrap();
    let best = solve(&problem, &Run { iterations: Some(200), ..Run::quiet(1) }).best;
    assert_eq!(best.missed, 1);
    assert!(matches!(judge(&problem, &best.routes), Err(Fault::Unconnected { .. })));
}

#[test]
fn the_pool_of_a_small_network_is_all_its_paths() {
    // 0-1, 1-2, 1-3, 0-1-2, 0-1-3, 2-1-3.
    assert_eq!(
        paths::all(&fork(2, 3).unwrap(), 100),
        (vec![vec![0, 1], vec![0, 1, 2], vec![0, 1, 3], vec![1, 2], vec![1, 3], vec![2, 1, 3]], true)
    );
    assert!(!paths::all(&fork(2, 3).unwrap(), 5).1);
}

#[test]
fn a_large_network_gets_a_sample_of_paths() {
    // A grid of 8 x 8 has far more paths of up to 20 nodes than are kept.
    let mut both = Vec::new();
    for at in 0..64_usize {
        if at % 8 < 7 {
            both.push((at, at + 1, 2));
        }
        if at < 56 {
            both.push((at, at + 8, 3));
        }
    }
    let demand: Vec<(usize, usize, u32)> =
        (0..64).map(|at| (at, (at * 7 + 13) % 64, 1)).filter(|(a, b, _)| a != b).collect();
    let problem = Problem::new(64, &links(&both), &trips(&demand), None, rules(6, 20)).unwrap();
    let pool = paths::pool(&problem, &mut Random::new(1));
    assert!((1_000..10_000).contains(&pool.len()), "{} paths", pool.len());
    assert!(pool.windows(2).all(|pair| pair[0] < pair[1]) && pool.iter().all(|route| paths::allowed(&problem, route)));
    let linked = |route: &Route| route.windows(2).all(|pair| problem.time(pair[0], pair[1]).is_some());
    assert!(pool.iter().all(|route| linked(route) && route.first() < route.last()));
}

#[test]
fn the_judge_names_what_is_wrong() {
    let flags = Some(vec![true, true, true, false]);
    let both = links(&[(0, 1, 4), (1, 2, 6), (1, 3, 3), (0, 2, 1)]);
    let problem = Problem::new(4, &both, &trips(&[(0, 2, 10), (0, 1, 5)]), flags, rules(2, 3)).unwrap();
    let fault = |routes: &[&[usize]]| {
        judge(&problem, &routes.iter().map(|route| route.to_vec()).collect::<Vec<_>>()).unwrap_err()
    };
    assert_eq!(fault(&[&[0, 1]]), Fault::Number { given: 1, asked: 2 });
    assert_eq!(fault(&[&[0, 1], &[2]]), Fault::Length { route: 1, nodes: 1, most: 3 });
    assert_eq!(fault(&[&[0, 1], &[0, 1, 2, 0]]), Fault::Length { route: 1, nodes: 4, most: 3 });
    assert_eq!(fault(&[&[0, 1], &[0, 1, 0]]), Fault::Twice { route: 1, node: 0 });
    assert_eq!(fault(&[&[0, 1], &[1, 3]]), Fault::End { route: 1, node: 3 });
    assert_eq!(fault(&[&[0, 1], &[1, 9]]), Fault::End { route: 1, node: 9 });
    assert_eq!(fault(&[&[0, 1], &[2, 3, 1]]), Fault::NoLink { route: 1, from: 2, to: 3 });
    assert_eq!(fault(&[&[0, 1, 2], &[2, 1, 0]]), Fault::Same { one: 0, other: 1 });
    assert_eq!(fault(&[&[0, 1], &[1, 0]]), Fault::Same { one: 0, other: 1 });
    let line =
        Problem::new(4, &links(&[(0, 1, 4), (1, 2, 6), (2, 3, 3)]), &trips(&[(0, 3, 1)]), None, rules(2, 3)).unwrap();
    assert_eq!(judge(&line, &[vec![0, 1], vec![2, 3]]), Err(Fault::Unconnected { from: 0, to: 3 }));
}

#[test]
fn senseless_problems_are_refused() {
    let new = |links: &[Link], demand: &[(usize, usize, u32)], rules| {
        Problem::new(4, links, &trips(demand), None, rules).unwrap_err()
    };
    let good = links(&[(0, 1, 4), (1, 2, 6), (1, 3, 3)]);
    let some: &[(usize, usize, u32)] = &[(0, 2, 10)];
    assert_eq!(new(&good, some, rules(0, 3)), ProblemError::NoRoutes);
    assert_eq!(new(&good, some, rules(1, 1)), ProblemError::NoRoutes);
    assert_eq!(new(&good, some, rules(MOST_LINES + 1, 3)), ProblemError::TooLarge);
    assert_eq!(new(&good, some, Rules { transfer: MOST_TIME + 1, ..rules(1, 3) }), ProblemError::Transfer);
    assert_eq!(new(&good, &[], rules(1, 3)), ProblemError::NoDemand);
    assert_eq!(new(&good, &[(0, 2, 0)], rules(1, 3)), ProblemError::NoDemand);
    assert_eq!(new(&good, &[(0, 0, 1)], rules(1, 3)), ProblemError::Loop(0));
    assert_eq!(new(&good, &[(0, 4, 1)], rules(1, 3)), ProblemError::NoSuchNode { node: 4, nodes: 4 });
    assert_eq!(new(&good, &[(0, 2, 1), (0, 2, 3)], rules(1, 3)), ProblemError::Twice { from: 0, to: 2 });
    assert_eq!(new(&good[1..], some, rules(1, 3)), ProblemError::OneWay { from: 1, to: 0 });
    assert_eq!(new(&links(&[(0, 1, 0)]), some, rules(1, 3)), ProblemError::Time { from: 0, to: 1 });
    assert_eq!(new(&links(&[(0, 1, 1), (0, 1, 1)]), some, rules(1, 3)), ProblemError::Twice { from: 0, to: 1 });
    assert_eq!(new(&links(&[(0, 1, 1), (2, 3, 1)]), some, rules(1, 3)), ProblemError::Apart { from: 0, to: 2 });
    assert_eq!(new(&good, some, rules(7, 3)), ProblemError::TooFewRoutes { found: 6, most_stops: 3 });
    let all = &[(0, 1, 1), (2, 3, 1)];
    assert_eq!(new(&good, all, rules(1, 3)), ProblemError::TooShort { lines: 1, most_stops: 3, reach: 3, served: 4 });
    let flags = Some(vec![true]);
    let refused = Problem::new(4, &good, &trips(some), flags, rules(1, 3)).unwrap_err();
    assert_eq!(refused, ProblemError::Terminals { given: 1, nodes: 4 });
}

/// Mandl's network beside the checkout (or beside the folder of checkouts); `None`, with a notice, where it is not there.
fn mandl(lines: usize) -> Option<(Problem, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| {
        let path = |up: &str| root.join(up).join("shared/bench/mandl/Mandl1").join(name);
        ["..", "../.."].iter().find_map(|up| std::fs::read_to_string(path(up)).ok())
    };
    let (Some(times), Some(demand), Some(known)) =
        (read("mandl1_links.txt"), read("mandl1_demand.txt"), read("literature_solutions_for_mandl1_20181025.txt"))
    else {
        println!("skipped: no Mandl network");
        return None;
    };
    let rows = |text: &str| -> Vec<[u32; 3]> {
        let row = |line: &str| line.split(',').map(|cell| cell.trim().parse().unwrap()).collect::<Vec<u32>>();
        text.lines().skip(1).map(|line| row(line).try_into().unwrap()).collect()
    };
    let links: Vec<Link> = rows(&times)
        .into_iter()
        .map(|[from, to, minutes]| Link { from: from as usize - 1, to: to as usize - 1, time: minutes * 1000 })
        .collect();
    let demand: Vec<Trips> = rows(&demand)
        .into_iter()
        .map(|[from, to, trips]| Trips { from: from as usize - 1, to: to as usize - 1, trips })
        .collect();
    Some((Problem::new(15, &links, &demand, None, rules(lines, 8)).unwrap(), known))
}

#[test]
fn published_designs_have_their_published_figures() {
    // Mumford (2013), best for passengers: average travel time.
    for (lines, published) in [(4, "10.57"), (6, "10.27"), (7, "10.22"), (8, "10.17")] {
        let Some((problem, known)) = mandl(lines) else { return };
        let title = format!("Mumford (2013) {lines} best passenger");
        let routes: Vec<Route> = known
            .lines()
            .skip_while(|line| line.trim() != title)
            .skip(2)
            .take(lines)
            .map(|line| line.trim().split('-').map(|node| node.parse::<usize>().unwrap() - 1).collect())
            .collect();
        let score = Evaluator::new(&problem).score(&routes);
        assert_eq!(judge(&problem, &routes).unwrap().total, score.total);
        assert_eq!(format!("{:.2}", problem.minutes(score.total)), published);
    }
}

#[test]
fn designs_for_mandl_are_better_than_the_best_published() {
    // Chew & Lee (2013) for 4 and 6 routes, Nikolic & Teodorovic (2013) for 7 and 8, as this judge finds them.
    for (lines, published) in [(4, 10.503), (6, 10.210), (7, 10.138), (8, 10.089)] {
        let Some((problem, _)) = mandl(lines) else { return };
        let reached = |progress: &Progress| progress.objective.is_some_and(|minutes| minutes < published);
        let watch = |progress: &Progress| Answer { stop: reached(progress), ..Answer::GO };
        let solved = solve(&problem, &Run { iterations: Some(400_000), watch: &watch, ..Run::quiet(1) });
        assert_eq!(judge(&problem, &solved.best.routes).map(|judged| judged.total), Ok(solved.best.total));
        assert!(solved.best.average_minutes < published, "{lines} routes: {}", solved.best.average_minutes);
    }
}
