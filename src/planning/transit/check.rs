//! Is this a design, and how long do people travel with it? A judge apart: nothing of the search is used.
//!
//! Plain Floyd-Warshall on the graph of (route, node) layers: ride to the next node of the route either way, or change
//! to another route at the node. O(s³) for s stops of all routes together; fine up to some thousand.

use super::Problem;

/// What is wrong with a design. Routes are counted from 0, nodes too.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not as many routes as asked.
    #[error("{given} routes, but {asked} were asked for")]
    Number {
        /// Routes of the design.
        given: usize,
        /// Routes asked for.
        asked: usize,
    },
    /// Too short or too long.
    #[error("route {route} has {nodes} nodes; from 2 to {most} are allowed")]
    Length {
        /// Which.
        route: usize,
        /// Its nodes.
        nodes: usize,
        /// At most.
        most: usize,
    },
    /// A node twice on a route.
    #[error("route {route} comes to node {node} twice")]
    Twice {
        /// Which.
        route: usize,
        /// Where.
        node: usize,
    },
    /// Two nodes without a link one after the other.
    #[error("route {route} goes from node {from} to node {to}, but no link does")]
    NoLink {
        /// Which.
        route: usize,
        /// From there.
        from: usize,
        /// To there.
        to: usize,
    },
    /// A route must not end there.
    #[error("route {route} ends at node {node}, which is no terminal")]
    End {
        /// Which.
        route: usize,
        /// Where.
        node: usize,
    },
    /// Two routes are one.
    #[error("routes {one} and {other} are the same")]
    Same {
        /// The first.
        one: usize,
        /// The second.
        other: usize,
    },
    /// Nodes with demand that are not connected.
    #[error("nobody gets from node {from} to node {to}")]
    Unconnected {
        /// From there.
        from: usize,
        /// To there.
        to: usize,
    },
}

/// What the judge finds for a design that is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Riding and transfers of all passengers: trips times thousandths of a minute.
    pub total: u64,
    /// Trips with no transfer, one, two, and more.
    pub by_transfers: [u64; 4],
    /// Route times one way, thousandths of a minute.
    pub operator: u64,
}

/// Judges a design from the problem alone.
///
/// # Errors
/// The first rule it breaks.
pub fn judge(problem: &Problem, routes: &[Vec<usize>]) -> Result<Judged, Fault> {
    let rules = problem.rules();
    if routes.len() != rules.lines {
        return Err(Fault::Number { given: routes.len(), asked: rules.lines });
    }
    let mut operator = 0;
    for (number, route) in routes.iter().enumerate() {
        operator += along(problem, number, route)?;
        let back: Vec<usize> = route.iter().rev().copied().collect();
        if let Some(one) = routes[..number].iter().position(|other| other == route || *other == back) {
            return Err(Fault::Same { one, other: number });
        }
    }
    let travel = Travel::new(problem, routes);
    let (mut total, mut by_transfers) = (0, [0; 4]);
    let nodes = 0..problem.nodes();
    let people = |node: usize| nodes.clone().any(|other| problem.trips(node, other) + problem.trips(other, node) > 0);
    let served: Vec<usize> = nodes.clone().filter(|&node| people(node)).collect();
    for &from in &served {
        for &to in served.iter().filter(|&&to| to != from) {
            let (time, transfers) = travel.fastest(from, to).ok_or(Fault::Unconnected { from, to })?;
            let trips = u64::from(problem.trips(from, to));
            total += trips * time;
            by_transfers[transfers.min(3)] += trips;
        }
    }
    Ok(Judged { total, by_transfers, operator })
}

/// One route's time, if it is one.
fn along(problem: &Problem, route: usize, nodes: &[usize]) -> Result<u64, Fault> {
    let most = problem.rules().most_stops;
    let ends = match nodes {
        [first, .., last] if nodes.len() <= most => [*first, *last],
        _ => return Err(Fault::Length { route, nodes: nodes.len(), most }),
    };
    if let Some(&node) = ends.iter().find(|&&node| !problem.is_terminal(node)) {
        return Err(Fault::End { route, node });
    }
    let mut time = 0;
    for (at, &node) in nodes.iter().enumerate() {
        if nodes[..at].contains(&node) {
            return Err(Fault::Twice { route, node });
        }
        if let Some(&to) = nodes.get(at + 1) {
            time += u64::from(problem.time(node, to).ok_or(Fault::NoLink { route, from: node, to })?);
        }
    }
    Ok(time)
}

/// Fastest ways between stops: (time, transfers), compared in this order.
struct Travel {
    /// Nodes of the stops.
    stops: Vec<usize>,
    ways: Vec<Vec<Option<(u64, usize)>>>,
}

impl Travel {
    fn new(problem: &Problem, routes: &[Vec<usize>]) -> Self {
        let stops: Vec<usize> = routes.iter().flatten().copied().collect();
        let mut ways = vec![vec![None; stops.len()]; stops.len()];
        for (at, node) in stops.iter().enumerate() {
            for (other, _) in stops.iter().enumerate().filter(|(_, other)| *other == node) {
                ways[at][other] = Some((u64::from(problem.rules().transfer), 1));
            }
            ways[at][at] = Some((0, 0));
        }
        let mut begins = 0;
        for route in routes {
            for (at, pair) in route.windows(2).enumerate() {
                let at = begins + at;
                ways[at][at + 1] = problem.time(pair[0], pair[1]).map(|time| (u64::from(time), 0));
                ways[at + 1][at] = problem.time(pair[1], pair[0]).map(|time| (u64::from(time), 0));
            }
            begins += route.len();
        }
        for over in 0..stops.len() {
            let second = ways[over].clone();
            for from in &mut ways {
                let Some((time, transfers)) = from[over] else { continue };
                for (way, second) in from.iter_mut().zip(&second) {
                    let Some((more, changes)) = second else { continue };
                    let over = (time + more, transfers + changes);
                    if way.is_none_or(|known| over < known) {
                        *way = Some(over);
                    }
                }
            }
        }
        Self { stops, ways }
    }

    /// Boarding whatever route at the first node, alighting from whatever at the last.
    fn fastest(&self, from: usize, to: usize) -> Option<(u64, usize)> {
        let at = |wanted: usize| (0..self.stops.len()).filter(move |&stop| self.stops[stop] == wanted);
        at(from).flat_map(|board| at(to).filter_map(move |alight| self.ways[board][alight])).min()
    }
}
