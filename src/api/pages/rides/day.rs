//! What each vehicle does on a day, to look at and to print; for those who run it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{named, stop};
use crate::api::app::App;
use crate::api::body::{At, Params};
use crate::api::caller::Right;
use crate::api::pages::frame::{Refusal, Visitor, form_urlencoded};
use crate::api::pages::places::{Words, name};
use crate::api::rides::{self as api, OfferSheets, SheetRide, SheetStop, VehicleSheet};
use crate::api::running::WhichDay;
use crate::publish::pages::dates;
use crate::publish::pages::shell::render;
use crate::publish::phrases::Language;

#[derive(Template)]
#[template(path = "rides_day.html")]
struct DayPage<'a> {
    w: Words<'a>,
    language: Language,
    project: String,
    name: String,
    day: String,
    before: Date,
    after: Date,
    offers: Vec<OfferSheets>,
}

impl DayPage<'_> {
    fn offer(&self, offer: &OfferSheets) -> String {
        named(self.language, &offer.name, &offer.name_en)
    }
    fn stop(&self, at: &SheetStop) -> String {
        stop(self.language, &at.stop)
    }
    fn back(&self, vehicle: &VehicleSheet) -> String {
        let args = [("depot", vehicle.depot.as_str().into()), ("time", vehicle.until.as_str().into())];
        self.w.all("rides-day-back", &args)
    }
    fn many(&self, offer: &OfferSheets) -> String {
        let rides = self.w.all("rides-day-rides", &[("rides", offer.rides.into())]);
        let people = self.w.all("rides-people", &[("people", i64::from(offer.people).into())]);
        format!("{rides} · {people}")
    }
    /// "2 (A7K3, 9QXM ♿)": how many, and their codes.
    fn who(&self, rides: &[SheetRide]) -> String {
        let people: i32 = rides.iter().map(|ride| ride.people).sum();
        if people == 0 {
            return String::new();
        }
        let code = |ride: &SheetRide| {
            let people = if ride.people > 1 { format!(" ×{}", ride.people) } else { String::new() };
            format!("{}{people}{}", ride.code, if ride.wheelchair { " ♿" } else { "" })
        };
        let codes: Vec<String> = rides.iter().map(code).collect();
        format!("{people} ({})", codes.join(", "))
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
    let page = DayPage {
        w: Words(&visitor),
        language: visitor.language,
        name: name(&app, &visitor, &project).await?,
        project: form_urlencoded(&project),
        day: dates::full(visitor.language, date),
        before: date.yesterday().unwrap_or(date),
        after: date.tomorrow().unwrap_or(date),
        offers: sheets.offers,
    };
    Ok(visitor.page(&visitor.say("rides-day", &[]), &render(&page)))
}
