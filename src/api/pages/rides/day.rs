//! What each vehicle does on a day, to look at and to print; for those who run it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::{named, stop_of, stops, with_weekday};
use crate::api::app::App;
use crate::api::body::{At, Params};
use crate::api::caller::Right;
use crate::api::days;
use crate::api::pages::frame::{Refusal, Visitor, form_urlencoded};
use crate::api::pages::places::{Filled, Words, checked, name, some};
use crate::api::problem::Problem;
use crate::api::rides::{self as api, OfferSheets, SheetRide, SheetStop, VehicleSheet};
use crate::api::running::{Reason, WhichDay};
use crate::publish::pages::dates;
use crate::publish::pages::shell::render;
use crate::publish::phrases::Language;
use crate::storage::rides::Key;

#[derive(Template)]
#[template(path = "rides_day.html")]
struct DayPage<'a> {
    w: Words<'a>,
    language: Language,
    project: String,
    name: String,
    day: String,
    date: Date,
    before: Date,
    after: Date,
    /// Each with the names of its stops.
    offers: Vec<(OfferSheets, Vec<(String, String)>)>,
}

impl DayPage<'_> {
    fn offer(&self, offer: &OfferSheets) -> String {
        named(self.language, &offer.name, &offer.name_en)
    }
    fn stop<'a>(&self, names: &'a [(String, String)], at: &SheetStop) -> &'a str {
        stop_of(names, &at.stop.id)
    }
    fn depot(&self, vehicle: &VehicleSheet) -> String {
        named(self.language, &vehicle.depot_name, &vehicle.depot_name_en)
    }
    /// "Vehicle 3 · 19 seats · depot".
    fn vehicle(&self, vehicle: &VehicleSheet) -> String {
        let number = vehicle.number.map(|number| self.w.with("asked-lane-between", "n", number));
        let number = number.unwrap_or_else(|| vehicle.vehicle.clone());
        format!(
            "{number} · {} · {}",
            self.w.all("rides-day-seats", &[("seats", vehicle.seats.into())]),
            self.depot(vehicle)
        )
    }
    /// Codes of those that can still be cancelled.
    fn waiting<'a>(&self, offer: &'a OfferSheets) -> Vec<&'a str> {
        let stops = offer.vehicles.iter().flat_map(|vehicle| &vehicle.stops).filter(|at| !at.driven);
        stops.flat_map(|at| &at.board).map(|ride| ride.code.as_str()).collect()
    }
    fn back(&self, vehicle: &VehicleSheet) -> String {
        let args = [("depot", self.depot(vehicle).into()), ("time", vehicle.until.as_str().into())];
        self.w.all("rides-day-back", &args)
    }
    fn many(&self, offer: &OfferSheets) -> String {
        let rides = self.w.all("rides-day-rides", &[("rides", offer.rides.into())]);
        let people = self.w.all("rides-people", &[("people", i64::from(offer.people).into())]);
        format!("{rides} · {people}")
    }
    /// "Board 3: A7K3 ×2 ≤10:05, 9QXM ♿ ≤10:07": how many, their codes, and by when it is promised.
    fn who(&self, key: &str, rides: &[SheetRide]) -> String {
        let people: i32 = rides.iter().map(|ride| ride.people).sum();
        let code = |ride: &SheetRide| {
            let people = if ride.people > 1 { format!(" ×{}", ride.people) } else { String::new() };
            format!("{}{people}{} ≤{}", ride.code, if ride.wheelchair { " ♿" } else { "" }, ride.by_clock)
        };
        let codes: Vec<String> = rides.iter().map(code).collect();
        self.w.all(key, &[("people", i64::from(people).into()), ("codes", codes.join(", ").into())])
    }
}

pub(super) async fn day(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    Params(which): Params<WhichDay>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_whole(Right::Operate, &project)?;
    let now = Timestamp::now();
    let date = api::day_meant(&app, &project, &which, now).await?;
    let sheets = api::sheets_of(&app, &project, date, now).await?;
    let named = |offer: OfferSheets| {
        let names = stops(visitor.language, &offer.offered);
        (offer, names)
    };
    let page = DayPage {
        w: Words(&visitor),
        language: visitor.language,
        name: name(&app, &visitor, &project).await?,
        project: form_urlencoded(&project),
        day: with_weekday(visitor.language, &dates::full(visitor.language, date), date),
        date,
        before: date.yesterday().unwrap_or(date),
        after: date.tomorrow().unwrap_or(date),
        offers: sheets.offers.into_iter().map(named).collect(),
    };
    Ok(visitor.page(&visitor.say("rides-day", &[]), &render(&page)))
}

/// Which ride is cancelled, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cancelled {
    date: String,
    offer: String,
    code: String,
    reason_zh: String,
    reason_en: String,
}

/// Cancels a ride for whoever has it.
pub(super) async fn cancel(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    Filled(form): Filled<Cancelled>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_whole(Right::Operate, &project)?;
    if [&form.offer, &form.code].iter().any(|text| text.chars().any(char::is_control)) {
        return Err(Problem::missing("ride").into());
    }
    let why = checked(Reason { reason_zh: some(&form.reason_zh), reason_en: some(&form.reason_en) })?.text();
    let place = format!("/projects/{}/rides?date={}", form_urlencoded(&project), form_urlencoded(&form.date));
    let key = Key { project, offer: form.offer, date: days::day(&form.date)? };
    api::call_off_for(&app, (&key, &form.code), why, Timestamp::now()).await?;
    Ok(Redirect::to(&place).into_response())
}
