//! Rides on request as the public knows them: where, when, how long beforehand, what is promised. No people and no drawn day.

use serde::{Deserialize, Serialize};

use super::published::Stop;
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::plan::{OnDemand, Plan};

/// Rides on request on one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Stable id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// Service id.
    pub service: String,
    /// Vehicles leave their depot from.
    pub from: ServiceTime,
    /// They are back by.
    pub until: ServiceTime,
    /// Asked so long before setting out at the latest.
    pub notice: Seconds,
    /// Have all its vehicles a wheelchair place? With one that has none it depends on what comes.
    pub wheelchair: bool,
    /// Where people board and alight, ascending by id.
    pub stops: Vec<Stop>,
}

impl Offer {
    /// What of a plan is offered: nothing where no vehicle waits, for then it does not pay; nothing of a service nobody knows.
    pub(super) fn all(plan: &Plan) -> Vec<Self> {
        let mut offers: Vec<Self> = plan
            .on_demand
            .iter()
            .filter(|offer| !offer.vehicles.is_empty() && offer.stops.len() > 1 && offer.from < offer.until)
            .filter(|offer| plan.services.iter().any(|days| days.id == offer.service))
            .map(Self::of)
            .collect();
        offers.sort_by(|a, b| a.id.cmp(&b.id));
        offers
    }

    fn of(offer: &OnDemand) -> Self {
        Self {
            id: offer.id.clone(),
            name: offer.name.clone(),
            name_en: offer.name_en.clone(),
            service: offer.service.clone(),
            from: offer.from,
            until: offer.until,
            notice: Seconds(offer.rules.notice_s),
            wheelchair: offer.vehicles.iter().all(|vehicle| vehicle.wheelchair_places > 0),
            stops: offer.stops.iter().map(Stop::of).collect(),
        }
    }
}
