//! Rides on request as a plan carries them: where and when they are offered, with which vehicles and what is promised, and what drawn days come to.
//!
//! # Rules (what [`crate::planning::on_demand`] builds, `check` re-derives)
//!
//! **Who may ask**: of each cohort of the service whose wished time lies in `from..=until`, who rides no line; both ends within the walk limit
//! of a stop of `stops`; who may ask for an earlier offer of the plan that has vehicles asks there. Nobody knows beforehand on which day they travel: days are drawn.
//!
//! **Vehicles** leave their depot no sooner than a stint begins and are back before it ends. A stint is no longer than a driver may drive without
//! rest, between two is a rest. With a `block` it is that block's vehicle while it stands at its depot (it costs what its day costs more, as if
//! away all the stint); without, one hired for it: on no date more of a type than the fleet has, those of other blocks and services among them.
//!
//! **Promises**, each kept whatever is asked afterwards: the pick-up begins within a window of `window_s`, at most `max_wait_s` after people could be
//! at the stop (who wishes to arrive by a time is set down at most so long before); the ride is at most `ride_percent` of the direct one and `ride_slack_s`
//! more, but no longer than `max_ride_s` unless the direct one is. Who asks does so at least `notice_s` before setting out.
//!
//! **Times** are those of `seconds` and `metres`: between `stops` and then `depots`, row by row, the longest of the bands of the day that the hours touch.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Estimate, Plan, Stop};
use crate::domain::units::{Fen, People, ServiceTime};

/// Rides on request on one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OnDemand {
    /// Stable id, unique in the plan.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Service (which days).
    pub service: String,
    /// Vehicles leave from.
    pub from: ServiceTime,
    /// They are back by.
    pub until: ServiceTime,
    /// Where people board and alight, ascending by id; those that lines use too are the same.
    pub stops: Vec<Stop>,
    /// What they ride with; none where it does not pay.
    pub vehicles: Vec<Standby>,
    /// What is promised.
    pub rules: RideRules,
    /// Depots of the vehicles, ascending.
    pub depots: Vec<String>,
    /// Seconds from place to place, row by row.
    pub seconds: Vec<u32>,
    /// Metres from place to place, row by row.
    pub metres: Vec<u32>,
    /// Who may ask, ascending by cohort.
    pub asks: Vec<Asks>,
    /// What drawn days come to.
    pub worth: RideWorth,
    /// One of them, whole (planner).
    pub day: RideDay,
}

/// A vehicle that waits for requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standby {
    /// Stable id, unique in the plan.
    pub id: String,
    /// Vehicle type id.
    pub vehicle_type: String,
    /// Seats.
    pub seats: u32,
    /// Wheelchair places.
    pub wheelchair_places: u32,
    /// Depot's site id.
    pub depot: String,
    /// The block whose vehicle it is in between; none: hired for this.
    pub block: Option<String>,
    /// From and until, in order.
    pub stints: Vec<(ServiceTime, ServiceTime)>,
    /// Kilometres on a mean drawn day, 3 decimals.
    pub km: f64,
    /// Of these, kilometres beyond what its day includes (more on some days, none on others), 3 decimals.
    #[serde(default)]
    pub over_km: f64,
    /// What it costs more on a mean day of the service.
    pub fen: Fen,
}

/// What is promised; see the rules at the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RideRules {
    /// Width of the pick-up window, seconds.
    pub window_s: u32,
    /// Longest wait, seconds.
    pub max_wait_s: u32,
    /// Longest ride in percent of the direct one …
    pub ride_percent: u32,
    /// … and so many seconds more, …
    pub ride_slack_s: u32,
    /// … no longer than this.
    pub max_ride_s: u32,
    /// Asked so many seconds before setting out at the latest.
    pub notice_s: u32,
    /// Standing for a stop, seconds …
    pub stop_s: u32,
    /// … and for each person, seconds.
    pub person_s: u32,
    /// What a person's second is worth beside driving, thousandths of a fen.
    pub second_mfen: u32,
    /// What a metre costs, thousandths of a fen.
    pub metre_mfen: u32,
}

/// People of a cohort who may ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asks {
    /// Cohort id.
    pub cohort: String,
    /// Expected people a day.
    pub people: People,
    /// Of those who asked on drawn days, the share that was taken and rode; 0 where nobody asked.
    pub taken: f64,
}

/// What drawn days come to, on a day of the service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RideWorth {
    /// Days drawn.
    pub days: u32,
    /// Their seed.
    pub seed: u64,
    /// People who ask, expected.
    pub asked: f64,
    /// People who ride.
    pub served: Estimate<f64>,
    /// Seconds they wait: at the stop, or at the end before the wished time.
    pub wait_s: Estimate<f64>,
    /// Seconds aboard.
    pub ride_s: Estimate<f64>,
    /// What they save against their alternatives.
    pub saving: Estimate<Fen>,
    /// Vehicles.
    pub running_fen: Fen,
    /// The line that it is, and stops that no line of the plan uses.
    pub upkeep_fen: Fen,
    /// Of those who ask, the share that would be taken if all asked the evening before (found by search: no limit).
    pub foresight: f64,
    /// No more than this can be saved, however it is driven: everybody straight from the best stop to the best stop, without a wait.
    pub at_most_fen: Fen,
}

/// A drawn day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RideDay {
    /// Which of the days, from 0.
    pub number: u32,
    /// Taken, in the order in which they asked.
    pub rides: Vec<Ride>,
    /// Not taken, likewise.
    pub refused: Vec<NotTaken>,
}

/// A ride. Times are beginnings of boarding and alighting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ride {
    /// Cohort id.
    pub cohort: String,
    /// When they asked.
    pub asked: ServiceTime,
    /// Vehicle, by its id.
    pub vehicle: String,
    /// Stop id.
    pub board: String,
    /// Stop id.
    pub alight: String,
    /// Promised: boarding begins within.
    pub window: (ServiceTime, ServiceTime),
    /// Promised: out of the vehicle by.
    pub by: ServiceTime,
    /// Boarding began.
    pub boards: ServiceTime,
    /// Alighting began.
    pub alights: ServiceTime,
}

/// Somebody who asked and did not ride.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotTaken {
    /// Cohort id.
    pub cohort: String,
    /// When they asked.
    pub asked: ServiceTime,
    /// Code, a key of the phrase files `reason-ride-…`: `too-late`, `shift`, `too-far`, `promised`, `room`, `alternative-is-better`.
    pub reason: String,
}

impl Plan {
    /// Number of the vehicle, from 1, if it is one that drives a block.
    #[must_use]
    pub fn number_of(&self, vehicle: &Standby) -> Option<usize> {
        let block = vehicle.block.as_ref()?;
        self.blocks.iter().position(|known| known.id == *block).map(|at| at + 1)
    }

    /// Numbers of the vehicles that stand by, by their ids: a block's vehicle keeps its own, whatever it does; those hired for this follow.
    #[must_use]
    pub fn standby_numbers(&self) -> BTreeMap<&str, usize> {
        let mut last = self.blocks.len();
        let mut next = || {
            last += 1;
            last
        };
        let vehicles = self.on_demand.iter().flat_map(|offer| &offer.vehicles);
        vehicles.map(|vehicle| (vehicle.id.as_str(), self.number_of(vehicle).unwrap_or_else(&mut next))).collect()
    }
}
