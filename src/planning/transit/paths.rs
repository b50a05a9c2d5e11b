//! Paths that may become routes: all of a small network, a sample of a large one, and ways round.
//!
//! All simple paths by depth-first search; where there are too many, shortest paths between ends with much demand under random noise on
//! the links. A shortest path takes O(n²): networks are sparse and small.

use super::{Problem, Route};
use crate::search::Random;

/// Most paths of a pool.
const MOST_PATHS: usize = 20_000;
/// Paths tried for the pool of a large network.
const SAMPLE: usize = 4_000;
/// Steps of the depth-first search for each path that is asked for.
const STEPS: usize = 200;

/// The direction in which a route is listed: the smaller end first.
pub(super) fn listed(mut route: Route) -> Route {
    if route.first() > route.last() {
        route.reverse();
    }
    route
}

/// May this path be a route?
pub(super) fn allowed(problem: &Problem, route: &[usize]) -> bool {
    let ends = [route.first(), route.last()];
    (2..=problem.rules.most_stops).contains(&route.len())
        && ends.iter().all(|end| end.is_some_and(|&end| problem.terminal[end]))
}

/// Routes of the network, up to `most`, and whether these are all.
pub(super) fn all(problem: &Problem, most: usize) -> (Vec<Route>, bool) {
    let mut found = Vec::new();
    let mut steps = 0;
    let mut on_path = vec![false; problem.nodes()];
    for start in (0..problem.nodes()).filter(|&start| problem.terminal[start]) {
        // The path and, for each node of it, which of its links comes next.
        let mut path = vec![start];
        let mut next = vec![0];
        on_path[start] = true;
        while let (Some(&node), Some(link)) = (path.last(), next.last_mut()) {
            let step = problem.links[node].get(*link).filter(|_| path.len() < problem.rules.most_stops);
            *link += 1;
            steps += 1;
            if steps > most.max(1_000).saturating_mul(STEPS) {
                return (found, false);
            }
            match step {
                Some(&(to, _)) if !on_path[to] => {
                    on_path[to] = true;
                    path.push(to);
                    next.push(0);
                    if start < to && problem.terminal[to] {
                        if found.len() == most {
                            return (found, false);
                        }
                        found.push(path.clone());
                    }
                }
                Some(_) => {}
                None => {
                    on_path[node] = false;
                    path.pop();
                    next.pop();
                }
            }
        }
    }
    (found, true)
}

/// What routes are taken from, in a fixed order; at least as many as are asked for.
pub(super) fn pool(problem: &Problem, random: &mut Random) -> Vec<Route> {
    let (mut pool, complete) = all(problem, MOST_PATHS);
    if complete {
        return pool;
    }
    pool.truncate(problem.rules.lines);
    let ends: Vec<usize> = (0..problem.nodes()).filter(|&node| problem.terminal[node]).collect();
    let mut pairs: Vec<(u64, usize, usize)> = Vec::new();
    for &from in &ends {
        for &to in ends.iter().filter(|&&to| to > from) {
            let trips = u64::from(problem.trips(from, to)) + u64::from(problem.trips(to, from));
            pairs.push((trips, from, to));
        }
    }
    pairs.sort_by_key(|&(trips, from, to)| (std::cmp::Reverse(trips), from, to));
    pairs.truncate(SAMPLE / 2);
    let free = vec![false; problem.nodes()];
    for &(_, from, to) in pairs.iter().cycle().take(SAMPLE) {
        let noise = [0.0, 0.5, 1.5][random.below(3)];
        let Some(path) = way(problem, from, to, &free, noise, random) else { continue };
        let longer = stretched(problem, path.clone(), random);
        pool.extend([path, longer].map(listed).into_iter().filter(|path| allowed(problem, path)));
    }
    pool.sort_unstable();
    pool.dedup();
    pool
}

/// The path, led on over random links at both ends while there is room, cut back to where it may end.
fn stretched(problem: &Problem, mut path: Route, random: &mut Random) -> Route {
    for _ in 0..2 {
        while path.len() < problem.rules.most_stops {
            let Some(&end) = path.last() else { break };
            let on: Vec<usize> = problem.links[end].iter().map(|link| link.0).filter(|to| !path.contains(to)).collect();
            if on.is_empty() {
                break;
            }
            path.push(on[random.below(on.len())]);
            // Not always to the end of what is allowed: pools of long routes only would lack the short ones.
            if random.below(6) == 0 {
                break;
            }
        }
        while path.len() > 2 && path.last().is_some_and(|&end| !problem.terminal[end]) {
            path.pop();
        }
        path.reverse();
    }
    path
}

/// A fast way that avoids the taken nodes; `noise` 1 makes links look up to twice as long.
pub(super) fn way(
    problem: &Problem,
    from: usize,
    to: usize,
    taken: &[bool],
    noise: f64,
    random: &mut Random,
) -> Option<Route> {
    let mut time = vec![f64::INFINITY; problem.nodes()];
    let mut before = vec![usize::MAX; problem.nodes()];
    let mut done = taken.to_vec();
    time[from] = 0.0;
    done[from] = false;
    done[to] = false;
    loop {
        let open = (0..problem.nodes()).filter(|&node| !done[node] && time[node].is_finite());
        let node = open.min_by(|&a, &b| time[a].total_cmp(&time[b]))?;
        if node == to {
            break;
        }
        done[node] = true;
        for &(next, along) in &problem.links[node] {
            let there = time[node] + f64::from(along) * (1.0 + noise * random.unit());
            if !done[next] && there < time[next] {
                time[next] = there;
                before[next] = node;
            }
        }
    }
    let mut path = vec![to];
    let mut node = to;
    while node != from {
        node = before[node];
        path.push(node);
    }
    path.reverse();
    Some(path)
}

/// Shortest times over the links (Dijkstra 1959); `None` where there is no way.
pub(super) fn times_from(problem: &Problem, from: usize) -> Vec<Option<u32>> {
    let mut times: Vec<Option<u32>> = vec![None; problem.nodes()];
    let mut done = vec![false; problem.nodes()];
    times[from] = Some(0);
    while let Some((time, node)) =
        (0..problem.nodes()).filter(|&node| !done[node]).filter_map(|node| times[node].map(|time| (time, node))).min()
    {
        done[node] = true;
        for &(next, along) in &problem.links[node] {
            if times[next].is_none_or(|known| known > time + along) {
                times[next] = Some(time + along);
            }
        }
    }
    times
}
