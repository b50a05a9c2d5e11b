//! Rides on request as the public may know them, and as the running day needs them.

use super::published::StandsBy;
use crate::domain::units::Fen;
use crate::planning::plan::{OnDemand, Plan, RideDay, RideWorth, Standby};
use crate::planning::project::Project;

/// Those of a plan that can be had. Who asks, the drawn day and what it costs and saves stay with the planner; the two prices of `rules` stay here, as
/// the running day chooses by them.
pub(super) fn offered(plan: &Plan) -> Vec<OnDemand> {
    let had = plan.on_demand.iter().filter(|offer| !offer.vehicles.is_empty());
    had.map(|offer| OnDemand {
        vehicles: offer
            .vehicles
            .iter()
            .map(|vehicle| Standby { km: 0.0, over_km: 0.0, fen: Fen(0), ..vehicle.clone() })
            .collect(),
        asks: Vec::new(),
        worth: RideWorth::default(),
        day: RideDay::default(),
        ..offer.clone()
    })
    .collect()
}

/// What their vehicles and depots are called.
pub(super) fn standing_by(project: &Project, plan: &Plan) -> Vec<StandsBy> {
    let numbers = plan.standby_numbers();
    let vehicles = plan.on_demand.iter().flat_map(|offer| &offer.vehicles);
    vehicles
        .filter_map(|vehicle| {
            let depot = project.site(&vehicle.depot);
            Some(StandsBy {
                id: vehicle.id.clone(),
                number: *numbers.get(vehicle.id.as_str())?,
                depot: depot.map_or_else(|| vehicle.depot.clone(), |site| site.name.clone()),
                depot_en: depot.and_then(|site| site.name_en.clone()).unwrap_or_default(),
            })
        })
        .collect()
}
