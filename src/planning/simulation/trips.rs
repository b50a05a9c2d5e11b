//! The vehicles' side of a plan: trips with their times and places, and which trip the same vehicle runs next.

use std::collections::BTreeMap;

use super::draw;
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::plan::{self, Block, Item, ItemKind};
use crate::planning::project::Project;

/// Milliseconds of the service day.
pub(super) fn clock(time: ServiceTime) -> i64 {
    i64::from(time.0) * 1000
}

/// A trip of the plan; times in milliseconds.
#[derive(Clone, Debug)]
pub(super) struct Trip {
    pub(super) service: usize,
    /// Names its chance.
    pub(super) key: u64,
    /// Stops by number.
    pub(super) stops: Vec<u32>,
    pub(super) arrive: Vec<i64>,
    pub(super) depart: Vec<i64>,
    /// Thousandths of a person.
    pub(super) seats: u32,
    /// Thousandths of a person.
    pub(super) wheelchairs: u32,
    /// Where its calls begin among those of all trips.
    pub(super) first_call: usize,
    pub(super) next: Option<Next>,
    /// The vehicle comes from another trip.
    pub(super) follows: bool,
}

/// What the vehicle does next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    pub(super) trip: usize,
    /// Driving empty in between, by plan.
    pub(super) drive_ms: i64,
    /// Standing that cannot be given up: a driver's rest, charging. (Layover and time at the depot can: that is what they are for.)
    pub(super) stand_ms: i64,
}

/// All trips in the plan's order; `stops` numbers the stops.
pub(super) fn of(
    project: &Project,
    planned: &[plan::Trip],
    vehicles: &[Block],
    services: &BTreeMap<&str, usize>,
    stops: &mut Numbers,
) -> Vec<Trip> {
    let blocks: BTreeMap<&str, _> = vehicles.iter().map(|block| (block.id.as_str(), block)).collect();
    let fleet: BTreeMap<&str, _> = project.fleet.iter().map(|kind| (kind.id.as_str(), kind)).collect();
    let mut first_call = 0;
    let mut trips: Vec<Trip> = Vec::with_capacity(planned.len());
    for trip in planned {
        let kind = blocks.get(trip.block.as_str()).and_then(|block| fleet.get(block.vehicle_type.as_str())).copied();
        let places = |count: Option<u32>| count.unwrap_or(0).saturating_mul(1000);
        trips.push(Trip {
            // A trip of a service nobody knows runs on no day.
            service: services.get(trip.service.as_str()).copied().unwrap_or(usize::MAX),
            key: draw::name(&trip.id),
            stops: trip.times.iter().map(|time| stops.of(&time.stop)).collect(),
            arrive: trip.times.iter().map(|time| clock(time.arrive)).collect(),
            depart: trip.times.iter().map(|time| clock(time.depart)).collect(),
            seats: places(kind.map(|kind| kind.seats)),
            wheelchairs: places(kind.map(|kind| kind.wheelchair_places)),
            first_call,
            next: None,
            follows: false,
        });
        first_call += trip.times.len();
    }
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, trip) in planned.iter().enumerate() {
        numbers.entry(trip.id.as_str()).or_insert(number);
    }
    for block in vehicles {
        chain(&block.items, project.policy.break_length, &numbers, &mut trips);
    }
    trips
}

/// Ties each trip of a block to the one before.
fn chain(items: &[Item], break_length: Seconds, numbers: &BTreeMap<&str, usize>, trips: &mut [Trip]) {
    let mut before: Option<usize> = None;
    let (mut drive_ms, mut stand_ms) = (0, 0);
    for item in items {
        let length = i64::from(item.end.since(item.start).0) * 1000;
        match item.kind {
            ItemKind::PullOut | ItemKind::Deadhead | ItemKind::PullIn => drive_ms += length,
            ItemKind::Break => stand_ms += length.min(i64::from(break_length.0) * 1000),
            ItemKind::Charge => stand_ms += length,
            ItemKind::Layover => {}
            ItemKind::Trip => {
                let Some(&trip) = item.trip.as_deref().and_then(|id| numbers.get(id)) else { continue };
                // A trip that stands twice keeps its first vehicle.
                if let Some(before) = before.filter(|before| *before != trip && !trips[trip].follows)
                    && trips[before].next.is_none()
                {
                    trips[before].next = Some(Next { trip, drive_ms, stand_ms });
                    trips[trip].follows = true;
                }
                before = Some(trip);
                (drive_ms, stand_ms) = (0, 0);
            }
        }
    }
}

/// Names numbered as they come.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers(BTreeMap<String, u32>);

impl Numbers {
    pub(super) fn of(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(name.to_owned(), number);
        number
    }

    /// `None`: nobody named it yet.
    pub(super) fn known(&self, name: &str) -> Option<u32> {
        self.0.get(name).copied()
    }
}
