//! What the drivers of a day do: who boards and alights where and when. For those who run the day.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::desk_time;
use super::offers::{Offered, of_plan};
use super::shown::{StopShown, down, up};
use super::standing::Standing;
use crate::api::app::{App, aside};
use crate::api::problem::Problem;
use crate::planning::on_demand::desk::stints;
use crate::routing::promises::{Desk, Sheet, What};
use crate::storage::rides::{self, Key};

/// Rides on request of a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct RideSheets {
    /// Service day.
    pub(in crate::api) date: String,
    /// Offers on which somebody is, or was, promised a ride.
    pub(in crate::api) offers: Vec<OfferSheets>,
}

/// An offer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct OfferSheets {
    /// Id in the plan.
    pub(in crate::api) offer: String,
    /// Chinese name.
    pub(in crate::api) name: String,
    /// English name.
    pub(in crate::api) name_en: String,
    /// The plan under which the day is driven.
    pub(in crate::api) plan: String,
    /// Rides that are not cancelled.
    pub(in crate::api) rides: usize,
    /// People of those.
    pub(in crate::api) people: i32,
    /// Each stint of each vehicle.
    pub(in crate::api) vehicles: Vec<VehicleSheet>,
    /// What it is, for pages.
    #[serde(skip)]
    pub(in crate::api) offered: Offered,
}

/// A vehicle's stint.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct VehicleSheet {
    /// Vehicle.
    pub(in crate::api) vehicle: String,
    /// Its number on the printed sheets; of what was published earlier it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) number: Option<usize>,
    /// Its type.
    pub(in crate::api) vehicle_type: String,
    /// Its seats.
    pub(in crate::api) seats: u32,
    /// Where it stands.
    pub(in crate::api) depot: String,
    /// What that is called.
    pub(in crate::api) depot_name: String,
    /// English name, may be empty.
    pub(in crate::api) depot_name_en: String,
    /// HH:MM.
    pub(in crate::api) from: String,
    /// HH:MM.
    pub(in crate::api) until: String,
    /// In order.
    pub(in crate::api) stops: Vec<SheetStop>,
}

/// A stop on the way.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct SheetStop {
    /// Seconds of the service day.
    pub(in crate::api) time: i32,
    /// HH:MM.
    pub(in crate::api) clock: String,
    /// Where.
    pub(in crate::api) stop: StopShown,
    /// Who boards.
    pub(in crate::api) board: Vec<SheetRide>,
    /// Who alights.
    pub(in crate::api) alight: Vec<SheetRide>,
    /// People aboard when it leaves.
    pub(in crate::api) aboard: i32,
    /// Done, or the vehicle is on its way to it.
    pub(in crate::api) driven: bool,
    /// The vehicle is or was there.
    pub(in crate::api) done: bool,
}

/// A ride on a sheet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct SheetRide {
    /// Code.
    pub(in crate::api) code: String,
    /// How many.
    pub(in crate::api) people: i32,
    /// One of them is in a wheelchair.
    pub(in crate::api) wheelchair: bool,
    /// Promised: the vehicle is there by then; who alights is out of it by then. Seconds of the service day.
    pub(in crate::api) by: i32,
    /// HH:MM.
    pub(in crate::api) by_clock: String,
}

/// All sheets of a day as they stand.
pub(in crate::api) async fn of_day(
    app: &App,
    project: &str,
    date: Date,
    now: Timestamp,
) -> Result<RideSheets, Problem> {
    let begun = rides::begun(&mut *app.store().read().await?, project, date).await?;
    let mut offers = Vec::with_capacity(begun.len());
    for (offer, plan, _) in begun {
        let offered = of_plan(app, project, &plan, &offer).await?;
        let standing = Standing::read(app, &Key { project: project.to_owned(), offer, date }, &offered).await?;
        let clock = offered.clock(date, now);
        offers.push(
            aside(move || {
                let mut desk = standing.desk()?;
                desk.advance(desk_time(clock));
                Ok::<_, Problem>(sheets(&standing, &desk))
            })
            .await??,
        );
    }
    Ok(RideSheets { date: date.to_string(), offers })
}

fn sheets(standing: &Standing, desk: &Desk) -> OfferSheets {
    let offered = &standing.offered;
    let open = || standing.rides.iter().filter(|ride| !ride.cancelled);
    let vehicles = stints(offered).zip(desk.sheets()).map(|((vehicle, (from, until)), sheet)| {
        let called = offered.called(&vehicle.id);
        VehicleSheet {
            vehicle: vehicle.id.clone(),
            number: called.map(|called| called.number),
            vehicle_type: vehicle.vehicle_type.clone(),
            seats: vehicle.seats,
            depot: vehicle.depot.clone(),
            depot_name: called.map_or(&vehicle.depot, |called| &called.depot).clone(),
            depot_name_en: called.map_or_else(String::new, |called| called.depot_en.clone()),
            from: from.clock(),
            until: until.clock(),
            stops: stops(standing, &sheet, desk.now()),
        }
    });
    OfferSheets {
        offer: offered.id.clone(),
        name: offered.name.clone(),
        name_en: offered.name_en.clone(),
        plan: offered.plan().to_owned(),
        rides: open().count(),
        people: open().map(|ride| ride.promise.people).sum(),
        vehicles: vehicles.collect(),
        offered: offered.clone(),
    }
}

/// Visits of one place that follow one another are one stop.
fn stops(standing: &Standing, sheet: &Sheet, now: i32) -> Vec<SheetStop> {
    let mut stops: Vec<SheetStop> = Vec::new();
    let mut aboard = 0;
    for visit in &sheet.visits {
        let Some(stop) = standing.offered.stops.get(visit.place) else { continue };
        let Some(ride) = standing.rides.get(visit.ticket) else { continue };
        // Who cancelled may be driven by, where that cannot be helped: nobody boards.
        let people = if ride.cancelled { 0 } else { ride.promise.people };
        if stops.last().is_none_or(|last| last.stop.id != stop.id || last.driven != visit.driven) {
            stops.push(SheetStop {
                time: visit.begins,
                clock: down(visit.begins),
                stop: StopShown::of(stop),
                board: Vec::new(),
                alight: Vec::new(),
                aboard,
                driven: visit.driven,
                done: visit.driven && visit.begins <= now,
            });
        }
        let Some(last) = stops.last_mut() else { continue };
        aboard += if visit.what == What::Board { people } else { -people };
        last.aboard = aboard;
        if people > 0 {
            let (rides, by) = match visit.what {
                What::Board => (&mut last.board, ride.promise.window.1),
                What::Alight => (&mut last.alight, ride.promise.by()),
            };
            let (code, wheelchair) = (ride.code.clone(), ride.wheelchair);
            rides.push(SheetRide { code, people, wheelchair, by, by_clock: up(by) });
        }
    }
    stops
}
