//! From the plan's words to a desk that answers requests: places are the stops, then the depots; a vehicle is one stint of a standby.

use crate::domain::units::ServiceTime;
use crate::planning::plan::{OnDemand, Standby};
use crate::routing::problem::{DIMS, Load, Travel};
use crate::routing::promises::service::ServiceError;
use crate::routing::promises::{Dwell, Rules, Service, Vehicle};

/// A refusal tries other times every five minutes, …
const GRID_S: i32 = 300;
/// … an hour and a half around.
const HORIZON_S: i32 = 5_400;

/// The stints of all vehicles, in the order of the desk's vehicles and sheets.
pub fn stints(offer: &OnDemand) -> impl Iterator<Item = (&Standby, (ServiceTime, ServiceTime))> {
    offer.vehicles.iter().flat_map(|vehicle| vehicle.stints.iter().map(move |&stint| (vehicle, stint)))
}

/// What is ridden with and what is promised; a refusal says when else.
///
/// # Errors
/// No vehicle, or a plan that nobody of us wrote.
pub fn service(offer: &OnDemand) -> Result<Service, ServiceError> {
    trying(offer, HORIZON_S)
}

/// The same, where nobody reads at which other times a refusal would not be one.
pub(super) fn silent(offer: &OnDemand) -> Result<Service, ServiceError> {
    trying(offer, 0)
}

/// A refusal tries other times within so many seconds.
fn trying(offer: &OnDemand, horizon: i32) -> Result<Service, ServiceError> {
    let places = offer.stops.len() + offer.depots.len();
    let cells = |of: &[u32]| of.iter().map(|&cell| whole(cell)).collect();
    let travel = Travel { distance: cells(&offer.metres), duration: cells(&offer.seconds) };
    let vehicles = stints(offer).map(|(vehicle, (from, until))| {
        // A depot that is not listed is no place: the service says so.
        let depot =
            offer.depots.iter().position(|depot| *depot == vehicle.depot).map_or(places, |at| offer.stops.len() + at);
        Vehicle {
            capacity: room(vehicle.seats, vehicle.wheelchair_places),
            shift: (whole(from.0), whole(until.0)),
            start: depot,
            end: depot,
            fixed: 0,
            per_distance: offer.rules.metre_mfen.into(),
        }
    });
    let rules = offer.rules;
    let dwell = Dwell { stop: whole(rules.stop_s), person: whole(rules.person_s) };
    let rules = Rules {
        window: whole(rules.window_s),
        max_wait: whole(rules.max_wait_s),
        ride_percent: whole(rules.ride_percent),
        ride_slack: whole(rules.ride_slack_s),
        max_ride: whole(rules.max_ride_s),
        board: dwell,
        alight: dwell,
        per_second: rules.second_mfen.into(),
        grid: GRID_S,
        horizon,
    };
    Service::new(places, travel, vehicles.collect(), rules)
}

/// Room for so many on seats and in wheelchairs.
#[must_use]
pub fn room(seats: u32, wheelchairs: u32) -> Load {
    let mut room = [0; DIMS];
    (room[0], room[1]) = (whole(seats), whole(wheelchairs));
    room
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
