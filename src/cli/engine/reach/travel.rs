//! Who travels how far, and from where: areas and nearest places, on foot or by bus.

use rayon::prelude::*;

use crate::cli::engine::roads;
use crate::domain::coordinates::Point;
use crate::domain::site::Kerb;
use crate::domain::units::{Metres, Seconds};
use crate::network::profile::Band;
use crate::network::{Area, BusStop, Foothold, Network};

/// On foot the nearest places are looked for this far.
pub(super) const FARTHEST_WALK: Metres = Metres(20_000);

/// How far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    Foot { metres: u32, step_free: bool },
    Bus { minutes: u32, band: Band },
}

/// A place that is near: by its position in what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) place: usize,
    pub(super) metres: Metres,
    pub(super) seconds: Seconds,
}

/// Where people start, on the roads.
pub(super) enum Travel {
    Foot { limit: Metres, step_free: bool, from: Vec<Foothold> },
    Bus { limit: Seconds, band: Band, from: Vec<BusStop> },
}

impl Travel {
    /// From these points; the row of the first that is too far from all roads.
    pub(super) fn new(network: &Network, limit: Limit, from: &[(u32, Point)]) -> Result<Self, u32> {
        match limit {
            Limit::Foot { metres, step_free } => {
                let join = |(row, point): &(u32, Point)| foothold(network, *point, step_free).ok_or(*row);
                let from = from.iter().map(join).collect::<Result<_, _>>()?;
                Ok(Self::Foot { limit: Metres(metres), step_free, from })
            }
            Limit::Bus { minutes, band } => {
                let join = |(row, point): &(u32, Point)| stop(network, *point).ok_or(*row);
                let from = from.iter().map(join).collect::<Result<_, _>>()?;
                network.prepare(band);
                Ok(Self::Bus { limit: Seconds(minutes * 60), band, from })
            }
        }
    }

    /// From a point to where it joins the roads.
    pub(super) fn joins_m(&self, at: usize) -> f64 {
        match self {
            Self::Foot { from, .. } => from[at].snap_m,
            Self::Bus { from, .. } => from[at].snap_m,
        }
    }

    /// What is reached from a point.
    pub(super) fn area(&self, network: &Network, at: usize) -> Area {
        match self {
            Self::Foot { limit, step_free, from } => {
                network.walk_area(std::slice::from_ref(&from[at]), *limit, *step_free)
            }
            Self::Bus { limit, band, from } => network.bus_area(&from[at], *limit, *band),
        }
    }

    /// The nearest places of each point, beyond the limit too.
    pub(super) fn nearest(&self, network: &Network, places: &Places, count: usize) -> Vec<Vec<Near>> {
        match (self, &places.on) {
            (Self::Foot { limit, step_free, from }, On::Paths(to)) => from
                .par_iter()
                .map(|from| {
                    let near = if *step_free { Network::nearest_step_free } else { Network::nearest_on_foot };
                    let found = widening(*limit, count.min(to.len()), |limit| near(network, from, to, count, limit));
                    let place = |(at, metres): (usize, Metres)| {
                        let seconds = roads::walk_time(metres);
                        Near { place: places.joined[at], metres, seconds }
                    };
                    found.into_iter().map(place).collect()
                })
                .collect(),
            (Self::Bus { band, from, .. }, On::Roads(to)) => {
                let place = |(at, seconds, metres)| Near { place: places.joined[at], metres, seconds };
                let rows = network.nearest_by_bus(from, to, count, *band);
                rows.into_iter().map(|row| row.into_iter().map(place).collect()).collect()
            }
            // Places are joined to what is travelled on.
            (Self::Foot { from, .. }, On::Roads(_)) => vec![Vec::new(); from.len()],
            (Self::Bus { from, .. }, On::Paths(_)) => vec![Vec::new(); from.len()],
        }
    }
}

/// A search costs what it reaches: first as far as people walk, then twice as far, until there are enough. What is
/// within a limit is nearer than all that is not, so that the first answer that is full is the answer.
fn widening(first: Metres, count: usize, near: impl Fn(Metres) -> Vec<(usize, Metres)>) -> Vec<(usize, Metres)> {
    let mut limit = first.min(FARTHEST_WALK);
    loop {
        let found = near(limit);
        if found.len() >= count || limit >= FARTHEST_WALK {
            return found;
        }
        limit = Metres(limit.0.saturating_mul(2)).min(FARTHEST_WALK);
    }
}

/// The places asked for.
pub(super) struct Places {
    /// With their rows.
    pub(super) all: Vec<(u32, Point)>,
    /// Positions of those that are near enough to join the roads; these can be among the nearest.
    joined: Vec<usize>,
    on: On,
}

/// Where they join.
enum On {
    Paths(Vec<Foothold>),
    Roads(Vec<BusStop>),
}

impl Places {
    pub(super) fn new(network: &Network, limit: Limit, all: Vec<(u32, Point)>) -> Self {
        let (joined, on) = match limit {
            Limit::Foot { step_free, .. } => {
                let (joined, footholds) = join(&all, |point| foothold(network, point, step_free));
                (joined, On::Paths(footholds))
            }
            Limit::Bus { .. } => {
                let (joined, stops) = join(&all, |point| stop(network, point));
                (joined, On::Roads(stops))
            }
        };
        Self { all, joined, on }
    }

    /// How many are too far from the roads, and the row of the first.
    pub(super) fn apart(&self) -> Option<(usize, u32)> {
        // Positions in order: the first that is not its own number is missing.
        let first = (0..self.all.len()).find(|at| self.joined.get(*at) != Some(at))?;
        Some((self.all.len() - self.joined.len(), self.all[first].0))
    }

    /// How many lie in an area.
    pub(super) fn inside(&self, area: &Area) -> usize {
        let points: Vec<Point> = self.all.iter().map(|(_, point)| *point).collect();
        area.contains_each(&points).into_iter().filter(|inside| *inside).count()
    }
}

fn join<T>(all: &[(u32, Point)], joins: impl Fn(Point) -> Option<T>) -> (Vec<usize>, Vec<T>) {
    all.iter().enumerate().filter_map(|(at, (_, point))| Some((at, joins(*point)?))).unzip()
}

fn foothold(network: &Network, point: Point, step_free: bool) -> Option<Foothold> {
    let max = roads::farthest();
    if step_free { network.step_free_foothold(point, max) } else { network.foothold(point, max) }
}

fn stop(network: &Network, point: Point) -> Option<BusStop> {
    network.bus_stop(point, Kerb::Either, roads::farthest())
}
