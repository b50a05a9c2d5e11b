//! Which vehicle runs which trips? The trips of one service are chained into blocks, by minimum-cost flow.
//!
//! One network a vehicle type: each trip is an arc of capacity 1 between two nodes, each pair of trips that one vehicle can
//! run after the other is an arc (the cheaper of driving there directly, waiting included, and going home in between, where
//! time is free), and each unit of flow from source to sink is a vehicle's day (Bertossi, Carraresi & Gallo 1987: with one
//! depot and type this is exact). A trip left out costs its value. At most `count` units flow.
//!
//! The price of a day has a free part (hours and kilometres in the hire), which no flow can express. For 0 <= x <= 1,
//! `max(0, h - included) >= x * (h - included)`: with hours and kilometres at x times their price the flow gives a lower
//! bound, and its blocks at their true price are a plan. (Without the credit for what is included it is none, but often a
//! better plan: fewer vehicles.) We try several x, both ways, keep the best plan and the best bound, and exchange the rests of
//! days while the true cost falls.
//!
//! Limits: O(trips^2) arcs a type, meant for at most a few thousand trips. Electric vehicles do not charge during the day
//! yet: a chain beyond the range is cut, which is not always the best cut. Duties are made afterwards.

mod blocks;
mod exchange;
mod links;

pub use blocks::{Names, build_blocks};

use self::links::Links;
use super::project::VehicleType;
use crate::domain::ids::{StopId, TripId, TypeId};
use crate::domain::units::{Fen, Metres, Seconds, ServiceTime};
use crate::flow::FlowError;

/// A place a vehicle drives between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// A stop.
    Stop(StopId),
    /// A depot, by its number in the caller's list.
    Depot(usize),
}

/// A trip as a vehicle sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// First stop.
    pub from: StopId,
    /// Last stop.
    pub to: StopId,
    /// From the first stop, on a whole minute.
    pub depart: ServiceTime,
    /// At the last stop.
    pub arrive: ServiceTime,
    /// Length with passengers.
    pub metres: Metres,
    /// The type that runs it.
    pub vehicle_type: TypeId,
    /// What a day without it loses, fen. Very large (it is cut to what the arithmetic bears, 500,000 yuan with a thousand
    /// trips) where the trip has to run.
    pub value: Fen,
}

impl Work {
    /// Minute of departure.
    #[must_use]
    pub fn begins(&self) -> u32 {
        self.depart.minute()
    }
    /// First minute in which the vehicle may leave again.
    #[must_use]
    pub fn ends(&self, layover: Seconds) -> u32 {
        self.begins() + (self.arrive.since(self.depart) + layover).minutes_up()
    }
}

/// Empty drives: from, to, when it starts -> bus seconds and metres; `None` where there is no way.
pub type EmptyDrives<'a> = dyn Fn(Spot, Spot, ServiceTime) -> Option<(Seconds, Metres)> + 'a;

/// The trips of one service and who could run them.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    /// Trips; their position is their [`TripId`].
    pub works: &'a [Work],
    /// Vehicle types; their position is their [`TypeId`].
    pub fleet: &'a [VehicleType],
    /// Number of each type's depot, as in [`Spot::Depot`].
    pub depots: &'a [usize],
    /// At the end of each trip, at least.
    pub layover: Seconds,
    /// Empty drives.
    pub drive: &'a EmptyDrives<'a>,
}

impl std::fmt::Debug for Problem<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Problem").field("works", &self.works).field("fleet", &self.fleet).finish_non_exhaustive()
    }
}

/// An empty drive in whole minutes of the service day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drive {
    /// Minute it starts.
    pub start: u32,
    /// Minute it is there.
    pub end: u32,
    /// Length.
    pub metres: Metres,
}

/// What a vehicle does between two trips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It waits where it is: the next trip starts there.
    Wait,
    /// It waits, then drives to the next trip.
    Direct(Drive),
    /// It goes home and comes back.
    Home(Drive, Drive),
}

impl Link {
    fn metres(&self) -> u32 {
        match self {
            Self::Wait => 0,
            Self::Direct(drive) => drive.metres.0,
            Self::Home(home, back) => home.metres.0.saturating_add(back.metres.0),
        }
    }
}

/// A vehicle's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Its type.
    pub vehicle_type: TypeId,
    /// Its trips in order; at least one.
    pub trips: Vec<TripId>,
    /// Between them; one fewer.
    pub links: Vec<Link>,
    /// Depot to first trip, as late as can be.
    pub pull_out: Drive,
    /// Last trip to depot, as early as can be.
    pub pull_in: Drive,
    /// What the day costs.
    pub cost: Fen,
}

/// Who runs what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Vehicles' days, by type and start.
    pub chains: Vec<Chain>,
    /// Trips nobody runs, ascending.
    pub uncovered: Vec<TripId>,
    /// Cost of all chains.
    pub running: Fen,
    /// No schedule costs less: running cost plus the value of uncovered trips, fen (rounded down).
    pub bound: Fen,
}

/// Chains the trips at least cost (value of uncovered trips included); see the top of this file.
///
/// # Errors
/// Prices or values so large that sums would overflow.
pub fn chain(problem: &Problem<'_>) -> Result<Schedule, FlowError> {
    let mut schedule = Schedule::default();
    let mut covered = vec![false; problem.works.len()];
    for (index, vehicle) in problem.fleet.iter().enumerate() {
        let Some(&depot) = problem.depots.get(index) else { continue };
        let links = Links::find(problem, TypeId::at(index), vehicle, Spot::Depot(depot));
        let (chains, bound) = links.solve()?;
        schedule.bound += bound;
        for chain in chains {
            for trip in &chain.trips {
                covered[trip.index()] = true;
            }
            schedule.running += chain.cost;
            schedule.chains.push(chain);
        }
    }
    for (trip, work) in problem.works.iter().enumerate() {
        if !covered[trip] {
            schedule.uncovered.push(TripId::at(trip));
        }
        if work.vehicle_type.index() >= problem.fleet.len().min(problem.depots.len()) {
            schedule.bound += work.value;
        }
    }
    Ok(schedule)
}

/// How far a charge reaches, metres; `None` for what needs none.
#[must_use]
pub fn range(vehicle: &VehicleType) -> Option<u32> {
    let (battery, use_per_km) = (vehicle.battery_kwh?, vehicle.kwh_per_km?);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "f64 to u32 saturates, NaN gives 0")]
    (use_per_km > 0.0).then_some((battery / use_per_km * 1000.0).floor() as u32)
}

/// Metres of a chain, empty ones included.
#[must_use]
pub fn metres(problem: &Problem<'_>, chain: &Chain) -> u32 {
    chain
        .trips
        .iter()
        .map(|trip| problem.works[trip.index()].metres.0)
        .chain(chain.links.iter().map(Link::metres))
        .chain([chain.pull_out.metres.0, chain.pull_in.metres.0])
        .fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests;
