//! Which routes should a bus network have, so that its passengers travel fastest? The transit network design problem in
//! Mandl's form (Mandl 1979): links with times, a matrix of trips, so many routes of so many nodes, driven both ways.
//!
//! Average travel time is riding time and a fixed loss for each transfer, without waiting, on the fastest way there is, as the
//! literature counts it. Search: greedy first design, then rounds of threshold accepting (Dueck & Scheuer 1990) over changes of
//! one or two routes, each ended by an exact exchange of routes against a pool of paths. A look at one design of n nodes takes O(n³),
//! at one changed route of m nodes O(m·n²). Bound: everybody on the shortest way over the links, without a transfer.

pub mod check;
mod evaluate;
mod moves;
mod paths;
mod round;

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::search::{Ended, Progress, Random, Run, Solved};
use evaluate::Score;
use round::{Chain, Search};

/// Most nodes of a network.
pub const MOST_NODES: usize = 500;
/// Most routes of a design.
pub const MOST_LINES: usize = 500;
/// Longest link and transfer, thousandths of a minute: the longest way over [`MOST_NODES`] stays below 2^30.
pub const MOST_TIME: u32 = 1_000_000;
/// Most trips between two nodes.
pub const MOST_TRIPS: u32 = 10_000_000;
/// No link there.
const NO_LINK: u32 = u32::MAX;
/// Rounds that improve nothing before the search ends by itself; each is longer than the one before.
const PATIENCE: u32 = 9;
/// Every so many rounds a chain starts from a design of its own instead of the best.
const FRESH: u64 = 3;

/// Nodes by position along a route that is driven both ways; the end with the smaller number comes first.
pub type Route = Vec<usize>;

/// A link in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Position of a node.
    pub from: usize,
    /// Position of a node.
    pub to: usize,
    /// Thousandths of a minute.
    pub time: u32,
}

/// People who travel from one node to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trips {
    /// Position of a node.
    pub from: usize,
    /// Position of a node.
    pub to: usize,
    /// How many.
    pub trips: u32,
}

/// What a design may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Routes, exactly.
    pub lines: usize,
    /// Most nodes of a route; the least is 2.
    pub most_stops: usize,
    /// What a transfer costs, thousandths of a minute.
    pub transfer: u32,
}

/// A network, its demand and the rules of a design. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Links of each node by ascending end: where to, time there.
    links: Vec<Vec<(usize, u32)>>,
    /// Times from node to node, [`NO_LINK`] where there is none.
    times: Vec<u32>,
    /// Trips from node to node.
    demand: Vec<u32>,
    /// May a route end here?
    terminal: Vec<bool>,
    /// Nodes that people travel from or to, ascending.
    served: Vec<usize>,
    rules: Rules,
    /// Trips of the whole matrix.
    trips: u64,
    /// Trips times shortest ways over the links.
    least: u64,
    /// Longest of these ways.
    longest: u32,
}

/// What is wrong with a problem. Nodes are positions, from 0.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// Too large to be solved here.
    #[error("too large: at most {MOST_NODES} nodes, {MOST_LINES} routes and {MOST_TRIPS} trips between two nodes")]
    TooLarge,
    /// Fewer than one route or two nodes.
    #[error("a design needs at least 1 route and 2 nodes a route")]
    NoRoutes,
    /// A position beyond the last node.
    #[error("there is no node {node}: there are {nodes}, counted from 0")]
    NoSuchNode {
        /// As given.
        node: usize,
        /// How many there are.
        nodes: usize,
    },
    /// A link of no time or of too much.
    #[error("link {from} to {to}: its time must be above 0 and at most {MOST_TIME} thousandths of a minute")]
    Time {
        /// Position of a node.
        from: usize,
        /// Position of a node.
        to: usize,
    },
    /// Transfers that cost too much.
    #[error("a transfer costs at most {MOST_TIME} thousandths of a minute")]
    Transfer,
    /// From a node to itself.
    #[error("a link or trips from node {0} to itself; take them out")]
    Loop(usize),
    /// The same pair twice.
    #[error("{from} to {to} is given twice; keep one")]
    Twice {
        /// Position of a node.
        from: usize,
        /// Position of a node.
        to: usize,
    },
    /// Routes are driven both ways.
    #[error("link {from} to {to} has no way back, but routes are driven both ways; add it or take the link out")]
    OneWay {
        /// Position of a node.
        from: usize,
        /// Position of a node.
        to: usize,
    },
    /// Nobody travels.
    #[error("the demand is empty")]
    NoDemand,
    /// No links between two nodes people travel from or to.
    #[error("no links lead from node {from} to node {to}, though both have demand; add links")]
    Apart {
        /// Position of a node.
        from: usize,
        /// Position of a node.
        to: usize,
    },
    /// A terminal flag for each node.
    #[error("{given} terminal flags for {nodes} nodes")]
    Terminals {
        /// As given.
        given: usize,
        /// How many there are.
        nodes: usize,
    },
    /// The network has fewer routes than are asked for.
    #[error(
        "only {found} different routes of 2 to {most_stops} nodes were found; ask for fewer routes or more nodes a route"
    )]
    TooFewRoutes {
        /// How many.
        found: usize,
        /// As asked.
        most_stops: usize,
    },
    /// Even in a chain, the routes do not touch all nodes.
    #[error(
        "{lines} routes of {most_stops} nodes join at most {reach} nodes, but {served} have demand; ask for more or longer routes"
    )]
    TooShort {
        /// As asked.
        lines: usize,
        /// As asked.
        most_stops: usize,
        /// lines x (most_stops - 1) + 1.
        reach: usize,
        /// Nodes with demand.
        served: usize,
    },
}

impl Problem {
    /// Nodes are counted from 0. `terminals`: where a route may end (one flag a node); `None`: anywhere. Trips of 0 are left out.
    ///
    /// # Errors
    /// Whatever makes the network, the demand or the rules senseless; each says what to do.
    pub fn new(
        nodes: usize,
        links: &[Link],
        demand: &[Trips],
        terminals: Option<Vec<bool>>,
        rules: Rules,
    ) -> Result<Self, ProblemError> {
        if nodes > MOST_NODES || rules.lines > MOST_LINES || demand.iter().any(|pair| pair.trips > MOST_TRIPS) {
            return Err(ProblemError::TooLarge);
        }
        if rules.lines < 1 || rules.most_stops < 2 {
            return Err(ProblemError::NoRoutes);
        }
        if rules.transfer > MOST_TIME {
            return Err(ProblemError::Transfer);
        }
        let terminal = terminals.unwrap_or_else(|| vec![true; nodes]);
        if terminal.len() != nodes {
            return Err(ProblemError::Terminals { given: terminal.len(), nodes });
        }
        let times = matrix_of_times(nodes, links)?;
        let demand = matrix_of_trips(nodes, demand)?;
        let lists = (0..nodes).map(|from| {
            let there = |to: usize| Some((to, times[from * nodes + to])).filter(|&(_, time)| time != NO_LINK);
            (0..nodes).filter_map(there).collect()
        });
        let travels =
            |&node: &usize| (0..nodes).any(|other| demand[node * nodes + other] + demand[other * nodes + node] > 0);
        let mut problem = Self {
            links: lists.collect(),
            times,
            served: (0..nodes).filter(travels).collect(),
            trips: demand.iter().map(|&trips| u64::from(trips)).sum(),
            demand,
            terminal,
            rules,
            least: 0,
            longest: 0,
        };
        problem.measure()?;
        problem.rules.most_stops = rules.most_stops.min(nodes);
        let reach = rules.lines * (problem.rules.most_stops - 1) + 1;
        if reach < problem.served.len() {
            let served = problem.served.len();
            return Err(ProblemError::TooShort { lines: rules.lines, most_stops: rules.most_stops, reach, served });
        }
        let found = paths::all(&problem, rules.lines).0.len();
        if found < rules.lines {
            return Err(ProblemError::TooFewRoutes { found, most_stops: rules.most_stops });
        }
        Ok(problem)
    }

    /// Shortest ways over the links, for the bound; errs where demand cannot be connected.
    fn measure(&mut self) -> Result<(), ProblemError> {
        let Some(&first) = self.served.first() else { return Err(ProblemError::NoDemand) };
        for &from in &self.served {
            let times = paths::times_from(self, from);
            for &to in &self.served {
                // Links go both ways: what the first node reaches, all reach.
                let time = times[to].ok_or(ProblemError::Apart { from: first, to })?;
                self.least += u64::from(self.trips(from, to)) * u64::from(time);
                self.longest = self.longest.max(time);
            }
        }
        Ok(())
    }

    /// Number of nodes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.links.len()
    }
    /// Trips from node to node; 0 for a node there is none of.
    #[must_use]
    pub fn trips(&self, from: usize, to: usize) -> u32 {
        if from.max(to) < self.nodes() { self.demand[from * self.nodes() + to] } else { 0 }
    }
    /// Trips of the whole matrix.
    #[must_use]
    pub fn all_trips(&self) -> u64 {
        self.trips
    }
    /// Time of a link, thousandths of a minute.
    #[must_use]
    pub fn time(&self, from: usize, to: usize) -> Option<u32> {
        let inside = from.max(to) < self.nodes();
        Some(if inside { self.times[from * self.nodes() + to] } else { NO_LINK }).filter(|&time| time != NO_LINK)
    }
    /// May a route end here?
    #[must_use]
    pub fn is_terminal(&self, node: usize) -> bool {
        self.terminal.get(node).copied().unwrap_or(false)
    }
    /// The rules, nodes a route at most as many as there are.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.rules
    }
    /// Average minutes of a sum of trips times thousandths of a minute.
    fn minutes(&self, total: u64) -> f64 {
        total as f64 / 1000.0 / self.trips as f64
    }
    /// No design has a lower average, minutes.
    #[must_use]
    pub fn bound(&self) -> f64 {
        self.minutes(self.least)
    }
}

fn matrix_of_times(nodes: usize, links: &[Link]) -> Result<Vec<u32>, ProblemError> {
    let mut times = vec![NO_LINK; nodes * nodes];
    for &Link { from, to, time } in links {
        pair(nodes, from, to)?;
        if time == 0 || time > MOST_TIME {
            return Err(ProblemError::Time { from, to });
        }
        if std::mem::replace(&mut times[from * nodes + to], time) != NO_LINK {
            return Err(ProblemError::Twice { from, to });
        }
    }
    match links.iter().find(|link| times[link.to * nodes + link.from] == NO_LINK) {
        Some(&Link { from, to, .. }) => Err(ProblemError::OneWay { from, to }),
        None => Ok(times),
    }
}

fn matrix_of_trips(nodes: usize, demand: &[Trips]) -> Result<Vec<u32>, ProblemError> {
    let mut matrix = vec![0; nodes * nodes];
    for &Trips { from, to, trips } in demand.iter().filter(|pair| pair.trips > 0) {
        pair(nodes, from, to)?;
        if std::mem::replace(&mut matrix[from * nodes + to], trips) != 0 {
            return Err(ProblemError::Twice { from, to });
        }
    }
    Ok(matrix)
}

fn pair(nodes: usize, from: usize, to: usize) -> Result<(), ProblemError> {
    if from.max(to) >= nodes {
        return Err(ProblemError::NoSuchNode { node: from.max(to), nodes });
    }
    if from == to { Err(ProblemError::Loop(from)) } else { Ok(()) }
}

/// A design with its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// As many as asked, all different.
    pub routes: Vec<Route>,
    /// Nodes with demand that the others cannot reach; 0 unless no design of all was found. The figures then mean nothing.
    pub missed: usize,
    /// Riding and transfers of all passengers: trips times thousandths of a minute.
    pub total: u64,
    /// The same a passenger, minutes.
    pub average_minutes: f64,
    /// Trips with no transfer, one, two, and more (of equally fast ways the one of fewest transfers).
    pub by_transfers: [u64; 4],
    /// Routes' minutes one way, in the direction they are listed, added up.
    pub operator_minutes: f64,
}

impl Design {
    fn new(problem: &Problem, score: &Score, routes: Vec<Route>) -> Self {
        let by_transfers = evaluate::by_transfers(problem, &routes);
        Self {
            missed: score.missed,
            total: score.total,
            average_minutes: problem.minutes(score.total),
            by_transfers,
            operator_minutes: score.operator as f64 / 1000.0,
            routes,
        }
    }
}

/// The design of least average travel time; among equals the one of fewer route minutes. The objective is minutes a passenger.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Design> {
    let mut random = Random::new(run.seed);
    let stop = AtomicBool::new(false);
    let pool = paths::pool(problem, &mut random);
    let search = Search { problem, pool: &pool, watch: run.watch, stop: &stop };
    let mut chains: Vec<Chain> = (0..run.chains.max(1)).map(|_| Chain::new(Random::new(random.next_u64()))).collect();
    chains.par_iter_mut().for_each(|chain| chain.begin(&search));
    let mut best = best_of(&chains);
    let (mut done, mut idle, mut number) = (0, 0, 0);
    let ended = loop {
        if best.0.missed == 0 && best.0.total <= problem.least {
            break Ended::Complete;
        }
        if run.iterations.is_some_and(|all| done >= all) {
            break Ended::Budget;
        }
        if run.iterations.is_none() && idle >= PATIENCE {
            break Ended::Complete;
        }
        let answer = (run.watch)(&Progress {
            stage: round::STAGE,
            iteration: done,
            objective: Some(problem.minutes(best.0.total)).filter(|_| best.0.missed == 0),
            bound: Some(problem.bound()),
        });
        if answer.stop || stop.load(Ordering::Relaxed) {
            break if answer.used >= 1.0 { Ended::Budget } else { Ended::Stopped };
        }
        // Longer while nothing comes of it, so that small networks are done at once and hard ones get their time.
        let length = round::LENGTH << idle.min(5);
        let length = run.iterations.map_or(length, |all| length.min(all - done));
        chains.par_iter_mut().enumerate().for_each(|(place, chain)| {
            let fresh = (number + place as u64) % FRESH == FRESH - 1;
            chain.go(&search, length, done, (!fresh).then_some(&best));
        });
        done += length;
        number += 1;
        let found = best_of(&chains);
        if found.0 < best.0 {
            // A few route minutes less are no reason to go on.
            idle = if found.0.same_for_passengers(&best.0) { idle + 1 } else { 0 };
            best = found;
        } else {
            idle += 1;
        }
    };
    let (score, routes) = best;
    Solved { best: Design::new(problem, &score, routes), bound: Some(problem.bound()), ended, iterations: done }
}

/// The best of all chains; of equals the first.
fn best_of(chains: &[Chain]) -> (Score, Vec<Route>) {
    let best = chains.iter().map(Chain::best).min_by(|a, b| a.0.cmp(&b.0));
    best.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests;
