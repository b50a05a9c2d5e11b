//! Rides on request as the public may know them, and as the running day needs them.

use crate::domain::units::Fen;
use crate::planning::plan::{OnDemand, Plan, RideDay, RideWorth, Standby};

/// Those of a plan that can be had. Who asks, the drawn day and what it costs and saves stay with the planner; the two prices of `rules` stay here, as
/// the running day chooses by them.
pub(super) fn offered(plan: &Plan) -> Vec<OnDemand> {
    let had = plan.on_demand.iter().filter(|offer| !offer.vehicles.is_empty());
    had.map(|offer| OnDemand {
        vehicles: offer.vehicles.iter().map(|vehicle| Standby { km: 0.0, fen: Fen(0), ..vehicle.clone() }).collect(),
        asks: Vec::new(),
        worth: RideWorth::default(),
        day: RideDay::default(),
        ..offer.clone()
    })
    .collect()
}
