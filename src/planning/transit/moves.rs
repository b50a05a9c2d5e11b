//! Small changes of a design: ends moved, a stretch led another way, tails swapped, a route replaced.

use super::paths::{allowed, listed, way};
use super::{Problem, Route};
use crate::search::Random;

/// Routes that take the place of others.
pub(super) type Change = Vec<(usize, Route)>;

/// A random change to routes that are allowed and unlike all others; `None` where the one that was thought of is none.
pub(super) fn propose(problem: &Problem, pool: &[Route], routes: &[Route], random: &mut Random) -> Option<Change> {
    let place = random.below(routes.len());
    let kind = random.below(100);
    let change = match kind {
        0..75 => vec![(place, otherwise(problem, pool, &routes[place], kind, random)?)],
        75..90 => swap_tails(routes, place, random)?,
        // Two at once: what one must give up the other takes over.
        _ => {
            let other = random.below(routes.len());
            let both = [place, other].map(|place| {
                let kind = random.below(75);
                Some((place, otherwise(problem, pool, &routes[place], kind, random)?))
            });
            let change: Change = both.into_iter().collect::<Option<_>>()?;
            if place == other { change.into_iter().take(1).collect() } else { change }
        }
    };
    let change: Change = change.into_iter().map(|(place, route)| (place, listed(route))).collect();
    let fits = change.iter().enumerate().all(|(at, (_, route))| {
        allowed(problem, route) && !routes.contains(route) && change[..at].iter().all(|(_, other)| other != route)
    });
    fits.then_some(change)
}

/// Another route in the place of this one; `kind` from 0 to 75.
fn otherwise(problem: &Problem, pool: &[Route], route: &Route, kind: usize, random: &mut Random) -> Option<Route> {
    match kind {
        0..25 => move_ends(problem, route, random),
        25..55 => lead_otherwise(problem, route, random),
        _ => Some(pool[random.below(pool.len())].clone()),
    }
}

/// One node more at an end, one less, or one less here and one more there.
fn move_ends(problem: &Problem, route: &Route, random: &mut Random) -> Option<Route> {
    let mut route = route.clone();
    if random.below(2) == 0 {
        route.reverse();
    }
    let kind = random.below(3);
    if kind > 0 {
        if route.len() < 3 {
            return None;
        }
        route.remove(0);
    }
    if kind < 2 {
        let links = &problem.links[*route.last()?];
        let (to, _) = links.get(random.below(links.len().max(1)))?;
        if route.contains(to) {
            return None;
        }
        route.push(*to);
    }
    Some(route)
}

/// Another way between two nodes of the route.
fn lead_otherwise(problem: &Problem, route: &Route, random: &mut Random) -> Option<Route> {
    let from = random.below(route.len() - 1);
    let to = from + 1 + random.below(route.len() - 1 - from);
    let mut taken = vec![false; problem.nodes()];
    for &node in &route[..from] {
        taken[node] = true;
    }
    for &node in &route[to..] {
        taken[node] = true;
    }
    // One node of the old stretch is closed now and then, or the way found is the old one too often.
    if to - from > 1 && random.below(2) == 0 {
        taken[route[from + 1 + random.below(to - from - 1)]] = true;
    }
    let new = way(problem, route[from], route[to], &taken, 2.0, random)?;
    Some([&route[..from], &new, &route[to + 1..]].concat())
}

/// Two routes with a node in common go on as the other does.
fn swap_tails(routes: &[Route], place: usize, random: &mut Random) -> Option<Change> {
    let other = random.below(routes.len());
    if other == place {
        return None;
    }
    let one = &routes[place];
    let mut two = routes[other].clone();
    if random.below(2) == 0 {
        two.reverse();
    }
    let common: Vec<(usize, usize)> = one
        .iter()
        .enumerate()
        .filter_map(|(at, node)| two.iter().position(|other| other == node).map(|there| (at, there)))
        .collect();
    let &(at, there) = common.get(random.below(common.len().max(1)))?;
    let first = [&one[..=at], &two[there + 1..]].concat();
    let second = [&two[..=there], &one[at + 1..]].concat();
    let simple = |route: &Route| route.iter().enumerate().all(|(at, node)| !route[..at].contains(node));
    (simple(&first) && simple(&second)).then(|| vec![(place, first), (other, second)])
}
