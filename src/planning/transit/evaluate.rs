//! How long do people travel with these routes? The fast evaluation, in whole numbers.
//!
//! A ride is a direct trip on one route and costs its time and a transfer; the fastest way is the min-plus closure of the
//! rides (Floyd 1962, Warshall 1962), less the transfer that the first ride does not need. Adding one route to rides that are closed
//! needs its own nodes as pivots only: whatever joins an old way and a new ride is a node of the new route.

use super::{Problem, Route};

/// No way: two of them still fit an `i32`.
const NO_WAY: i32 = (1 << 30) - 1;

/// What a design is worth; less is better, from the first field to the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    /// Nodes with demand that cannot be reached from the first of them.
    pub(super) missed: usize,
    /// Trips times thousandths of a minute; those without a way count as a very long one.
    pub(super) total: u64,
    /// Route times one way, thousandths of a minute.
    pub(super) operator: u64,
}

impl Score {
    /// Do passengers see no difference?
    pub(super) fn same_for_passengers(&self, other: &Self) -> bool {
        (self.missed, self.total) == (other.missed, other.total)
    }
}

/// Room to evaluate designs of one problem.
pub(super) struct Evaluator<'a> {
    problem: &'a Problem,
    /// Length of a row: the nodes, rounded up so that rows are whole vectors.
    width: usize,
    demand: Vec<u32>,
    /// A way that is none: longer than any sensible one, so that connecting people pays.
    far: i32,
    rides: Vec<i32>,
    row: Vec<i32>,
    /// Closed ways without one route of the design in hand, where they are known.
    without: Vec<Option<Vec<i32>>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let nodes = problem.nodes();
        let width = nodes.next_multiple_of(8);
        let mut demand = vec![0; nodes * width];
        for from in 0..nodes {
            demand[from * width..][..nodes].copy_from_slice(&problem.demand[from * nodes..][..nodes]);
        }
        let transfer = problem.rules.transfer.cast_signed();
        let far =
            (problem.longest.cast_signed().saturating_mul(3)).saturating_add(transfer.saturating_mul(5)).min(NO_WAY);
        Self {
            problem,
            width,
            demand,
            far,
            rides: vec![NO_WAY; nodes * width],
            row: vec![NO_WAY; width],
            without: vec![None; problem.rules.lines],
        }
    }

    /// The design in hand has changed: forget what is known about it.
    pub(super) fn changed(&mut self) {
        self.without.iter_mut().for_each(|known| *known = None);
    }

    /// All of the design.
    pub(super) fn score(&mut self, routes: &[Route]) -> Score {
        self.close(routes.iter());
        self.judge(routes.iter())
    }

    /// The design in hand with another route in one place. Call [`Self::changed`] whenever another design is in hand.
    pub(super) fn score_with(&mut self, routes: &[Route], place: usize, route: &Route) -> Score {
        let others = || routes.iter().enumerate().filter(move |(at, _)| *at != place).map(|(_, route)| route);
        match &self.without[place] {
            Some(known) => self.rides.copy_from_slice(known),
            None => {
                self.close(others());
                self.without[place] = Some(self.rides.clone());
            }
        }
        self.ride(route);
        for &pivot in route {
            self.pivot(pivot);
        }
        self.judge(others().chain([route]))
    }

    /// Ways over these routes, from nothing.
    fn close<'r>(&mut self, routes: impl Iterator<Item = &'r Route>) {
        self.rides.fill(NO_WAY);
        for node in 0..self.problem.nodes() {
            self.rides[node * self.width + node] = 0;
        }
        for route in routes {
            self.ride(route);
        }
        for pivot in 0..self.problem.nodes() {
            self.pivot(pivot);
        }
    }

    /// Direct rides of a route, both ways.
    fn ride(&mut self, route: &[usize]) {
        let nodes = self.problem.nodes();
        let transfer = self.problem.rules.transfer.cast_signed();
        for (at, &from) in route.iter().enumerate() {
            let (mut there, mut back, mut last) = (transfer, transfer, from);
            for &to in &route[at + 1..] {
                there += self.problem.times[last * nodes + to].cast_signed();
                back += self.problem.times[to * nodes + last].cast_signed();
                last = to;
                let ways = [(from * self.width + to, there), (to * self.width + from, back)];
                for (way, time) in ways {
                    self.rides[way] = self.rides[way].min(time);
                }
            }
        }
    }

    /// Ways over this node.
    fn pivot(&mut self, pivot: usize) {
        let width = self.width;
        self.row.copy_from_slice(&self.rides[pivot * width..][..width]);
        for from in self.rides.chunks_exact_mut(width) {
            let first = from[pivot];
            if first == NO_WAY {
                continue;
            }
            for (way, second) in from.iter_mut().zip(&self.row) {
                *way = (*way).min(first + second);
            }
        }
    }

    /// The score of the closed ways.
    fn judge<'r>(&self, routes: impl Iterator<Item = &'r Route>) -> Score {
        let problem = self.problem;
        let transfer = problem.rules.transfer.cast_signed();
        let far = self.far.saturating_add(transfer).min(NO_WAY);
        let mut total = 0;
        for (ways, trips) in self.rides.chunks_exact(self.width).zip(self.demand.chunks_exact(self.width)) {
            // The diagonal is 0 and would come out below: it has no trips.
            let row = ways.iter().zip(trips);
            total += row
                .map(|(&way, &trips)| u64::from((way.min(far) - transfer).max(0).cast_unsigned()) * u64::from(trips))
                .sum::<u64>();
        }
        let first = problem.served.first().map_or(0, |first| first * self.width);
        let missed = problem.served.iter().filter(|&&node| self.rides[first + node] == NO_WAY).count();
        let operator = routes.map(|route| time_along(problem, route)).sum();
        Score { missed, total, operator }
    }
}

/// A route's time one way.
pub(super) fn time_along(problem: &Problem, route: &[usize]) -> u64 {
    route.windows(2).map(|pair| u64::from(problem.times[pair[0] * problem.nodes() + pair[1]])).sum()
}

/// Trips with no transfer, one, two and more, on the fastest ways; of equally fast ones those of fewest rides. People without a way
/// count among the last.
pub(super) fn by_transfers(problem: &Problem, routes: &[Route]) -> [u64; 4] {
    /// Rides of a way fit below this.
    const RIDE: u64 = 1 << 16;
    let nodes = problem.nodes();
    let transfer = u64::from(problem.rules.transfer);
    let mut ways = vec![u64::MAX / 4; nodes * nodes];
    for route in routes {
        for (at, &from) in route.iter().enumerate() {
            for (end, &to) in route.iter().enumerate() {
                let along =
                    if at < end { route[at..=end].to_vec() } else { route[end..=at].iter().rev().copied().collect() };
                let way = &mut ways[from * nodes + to];
                *way = (*way).min((time_along(problem, &along) + transfer) * RIDE + 1);
            }
        }
    }
    for pivot in 0..nodes {
        for from in 0..nodes {
            for to in 0..nodes {
                let over = ways[from * nodes + pivot] + ways[pivot * nodes + to];
                let way = &mut ways[from * nodes + to];
                *way = (*way).min(over);
            }
        }
    }
    let mut trips = [0; 4];
    for (&way, &people) in ways.iter().zip(&problem.demand) {
        let rides = usize::try_from(way % RIDE).unwrap_or(usize::MAX);
        trips[rides.saturating_sub(1).min(3)] += u64::from(people);
    }
    trips
}
