//! Rides as they are told: seconds of the service day, and the minute on the clock (what begins is rounded down, what ends up).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answered, desk_time};
use super::offers::Offered;
use super::standing::Standing;
use crate::api::running::WordsShown;
use crate::domain::units::ServiceTime;
use crate::planning::on_demand::desk::stints;
use crate::planning::plan::{OnDemand, Stop};
use crate::publish::phrases::{Language, phrase};
use crate::routing::promises::desk::State;
use crate::routing::promises::{Desk, Offer};
use crate::storage::rides::Ride;

/// The minute a time lies in.
pub(super) fn down(seconds: i32) -> String {
    ServiceTime(u32::try_from(seconds).unwrap_or(0)).clock()
}

/// The minute that has begun or begins then.
pub(super) fn up(seconds: i32) -> String {
    down(seconds.saturating_add(59))
}

/// Its hours as clocks on the wall show them: until 26:00 is until 02:00 of the next day.
pub(in crate::api) fn hours(language: Language, offer: &OnDemand) -> String {
    let from = ServiceTime(offer.from.0 % 86_400);
    let until = ServiceTime(offer.until.0 % 86_400);
    let key = if until < offer.until { "rides-hours-next" } else { "rides-hours" };
    phrase(language, key, &[("from", from.clock().into()), ("until", until.clock().into())])
}

/// Boarding begins within.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RideWindow)]
pub(in crate::api) struct Window {
    /// Seconds of the service day.
    pub(in crate::api) from: i32,
    /// Seconds of the service day.
    pub(in crate::api) until: i32,
    /// HH:MM: be at the stop then.
    pub(in crate::api) from_clock: String,
    /// HH:MM: the vehicle is there by then.
    pub(in crate::api) until_clock: String,
}

impl Window {
    fn of((from, until): (i32, i32)) -> Self {
        Self { from, until, from_clock: down(from), until_clock: up(until) }
    }
}

/// As it looks now; it may change within what is promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RidePlanned)]
pub(in crate::api) struct Planned {
    /// Boarding begins, seconds of the service day.
    pub(in crate::api) boards: i32,
    /// Alighting begins.
    pub(in crate::api) alights: i32,
    /// HH:MM.
    pub(in crate::api) boards_clock: String,
    /// HH:MM.
    pub(in crate::api) alights_clock: String,
}

impl Planned {
    fn of((boards, alights): (i32, i32)) -> Self {
        Self { boards, alights, boards_clock: down(boards), alights_clock: up(alights) }
    }
}

/// A ride that can be had.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct RideOffer {
    /// Send it with the acceptance: it makes the ride yours, once, however often it is sent. Keep it secret.
    pub(in crate::api) token: String,
    /// Boarding begins within.
    pub(in crate::api) window: Window,
    /// Out of the vehicle by, seconds of the service day.
    pub(in crate::api) by: i32,
    /// HH:MM.
    pub(in crate::api) by_clock: String,
}

impl RideOffer {
    // When it would really come depends on who else rides, and where: only who has a ride is told.
    fn of(offer: &Offer, token: String) -> Self {
        let promise = offer.promise();
        Self { token, window: Window::of(promise.window), by: promise.by(), by_clock: up(promise.by()) }
    }
}

/// Why there is none, and when there would be.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct RideRefusal {
    /// `notice`, `busy`, `shift`, `too-late`, `room` or `wheelchairs`.
    pub(in crate::api) reason: String,
    /// In words.
    pub(in crate::api) text: String,
    /// In Chinese.
    pub(in crate::api) text_zh: String,
    /// HH:MM: the nearest time of the same kind that would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) nearest: Option<String>,
}

impl RideRefusal {
    /// Might another time do?
    pub(in crate::api) fn is_of_the_time(&self) -> bool {
        !matches!(self.reason.as_str(), "room" | "wheelchairs")
    }
    /// In a language.
    pub(in crate::api) fn said(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.text_zh,
            Language::En => &self.text,
        }
    }
}

/// An offer or a refusal. Nothing is promised yet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct RideAnswer {
    /// Can be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) offer: Option<RideOffer>,
    /// Cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) refusal: Option<RideRefusal>,
}

impl RideAnswer {
    pub(super) fn of(answered: &Answered, offered: &Offered, token: String) -> Self {
        match answered {
            Answered::Offer(offer) => Self { offer: Some(RideOffer::of(offer, token)), refusal: None },
            Answered::Refused(reason, nearest) => {
                let minutes = offered.rules.notice_s.div_ceil(60);
                let said = |language| {
                    let args = [("minutes", minutes.into()), ("hours", hours(language, offered).into())];
                    phrase(language, &format!("ride-refused-{reason}"), &args)
                };
                let refusal = RideRefusal {
                    reason: (*reason).to_owned(),
                    text: said(Language::En),
                    text_zh: said(Language::Zh),
                    nearest: nearest.map(down),
                };
                Self { offer: None, refusal: Some(refusal) }
            }
        }
    }
}

/// A stop.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = RideStop)]
pub(in crate::api) struct StopShown {
    /// Stable id.
    pub(in crate::api) id: String,
    /// Chinese name.
    pub(in crate::api) name: String,
    /// English name, may be empty.
    pub(in crate::api) name_en: String,
    /// WGS-84, degrees.
    lon: f64,
    /// WGS-84, degrees.
    lat: f64,
    /// Without steps: who is in a wheelchair rides between such stops.
    step_free: bool,
}

impl StopShown {
    pub(super) fn of(stop: &Stop) -> Self {
        Self {
            id: stop.id.clone(),
            name: stop.name.clone(),
            name_en: stop.name_en.clone(),
            lon: stop.lon,
            lat: stop.lat,
            step_free: stop.step_free,
        }
    }
}

/// Where a ride is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum RideState {
    /// It is to come, and can be cancelled.
    Waiting,
    /// The vehicle is on its way to the stop, and cannot be sent elsewhere.
    Coming,
    /// They ride.
    Aboard,
    /// It is over.
    Done,
    /// They said that they do not come, or who runs the day cancelled it.
    Cancelled,
}

/// A ride, as who has it sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OwnRide)]
pub(in crate::api) struct RideShown {
    /// What the driver knows it by.
    pub(in crate::api) code: String,
    /// Where it is.
    pub(in crate::api) state: RideState,
    /// Project.
    pub(in crate::api) project: String,
    /// Service day.
    pub(in crate::api) date: String,
    /// The clocks are of this time zone.
    pub(in crate::api) timezone: String,
    /// Board here.
    pub(in crate::api) from: StopShown,
    /// Alight here.
    pub(in crate::api) to: StopShown,
    /// Promised: boarding begins within.
    pub(in crate::api) window: Window,
    /// Promised: out of the vehicle by, seconds of the service day.
    pub(in crate::api) by: i32,
    /// HH:MM.
    pub(in crate::api) by_clock: String,
    /// How many.
    pub(in crate::api) people: i32,
    /// One of them is in a wheelchair.
    pub(in crate::api) wheelchair: bool,
    /// The vehicle that comes, as it looks now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) vehicle: Option<String>,
    /// As it looks now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) planned: Option<Planned>,
    /// Since when.
    pub(in crate::api) created: String,
    /// Who runs the day cancelled it: why; may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) called_off: Option<WordsShown>,
    /// What it was promised under, for pages.
    #[serde(skip)]
    pub(in crate::api) offered: Offered,
}

impl RideShown {
    /// On a desk that was told the time.
    pub(super) fn of(ride: &Ride, standing: &Standing, desk: &Desk, now: i64) -> Option<Self> {
        let offered = &standing.offered;
        let ticket = desk.tickets().get(ride.ticket)?;
        let planned = desk.planned(ride.ticket);
        let now = desk_time(now);
        let state = match (ticket.state(), planned) {
            (State::Cancelled, _) => RideState::Cancelled,
            (State::Waiting, _) | (_, None) => RideState::Waiting,
            (_, Some((boards, _))) if now < boards => RideState::Coming,
            (_, Some((_, alights))) if now < alights => RideState::Aboard,
            _ => RideState::Done,
        };
        let sheets = desk.sheets();
        let vehicle = sheets.iter().position(|sheet| sheet.visits.iter().any(|visit| visit.ticket == ride.ticket));
        let vehicle = vehicle.and_then(|at| stints(offered).nth(at)).map(|(vehicle, _)| vehicle.id.clone());
        let vehicle = vehicle.filter(|_| state != RideState::Cancelled);
        Self::told(ride, offered, state, vehicle, planned)
    }

    /// One that was cancelled under a plan with which its day does not go on.
    pub(super) fn before(ride: &Ride, offered: &Offered) -> Option<Self> {
        Self::told(ride, offered, RideState::Cancelled, None, None)
    }

    fn told(
        ride: &Ride,
        offered: &Offered,
        state: RideState,
        vehicle: Option<String>,
        planned: Option<(i32, i32)>,
    ) -> Option<Self> {
        let stop = |place: usize| offered.stops.get(place).map(StopShown::of);
        Some(Self {
            code: ride.code.clone(),
            state,
            project: ride.key.project.clone(),
            date: ride.key.date.to_string(),
            timezone: offered.timezone().to_owned(),
            from: stop(ride.promise.pickup)?,
            to: stop(ride.promise.setdown)?,
            window: Window::of(ride.promise.window),
            by: ride.promise.by(),
            by_clock: up(ride.promise.by()),
            people: ride.promise.people,
            wheelchair: ride.wheelchair,
            vehicle,
            planned: planned.map(Planned::of),
            created: ride.created.clone(),
            called_off: ride.called_off.as_ref().map(WordsShown::of),
            offered: offered.clone(),
        })
    }
    /// May it be cancelled?
    pub(in crate::api) fn waits(&self) -> bool {
        self.state == RideState::Waiting
    }
}
