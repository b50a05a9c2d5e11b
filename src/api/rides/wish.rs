//! What somebody asks for, read and looked over: from where, to where, when, how many.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::offers::{self, Offered, can_be_asked};
use crate::api::app::App;
use crate::api::body::{Check, text_flaw};
use crate::api::days;
use crate::api::problem::{Flaw, Problem};
use crate::domain::units::ServiceTime;
use crate::planning::on_demand::desk::room;
use crate::planning::plan;
use crate::routing::problem::MOST;
use crate::routing::promises::{Request, Stop, Wish};

/// People of one request, at most.
pub(in crate::api) const MOST_PEOPLE: u32 = 8;

/// Which of the two times is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum TimeKind {
    /// At the stop to board from then on.
    DepartAfter,
    /// At the other stop by then.
    ArriveBy,
}

/// A ride that somebody would like.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct RideWish {
    /// Stop to board at.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) from: String,
    /// Stop to alight at.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) to: String,
    /// Service day, up to 7 days ahead.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub(in crate::api) date: String,
    /// HH:MM of that day; may pass 24:00.
    #[schema(pattern = "^([0-3][0-9]|4[0-7]):[0-5][0-9]$")]
    pub(in crate::api) time: String,
    /// Which time it is.
    pub(in crate::api) time_kind: TimeKind,
    /// How many.
    #[schema(minimum = 1, maximum = 8)]
    pub(in crate::api) people: u32,
    /// One of them is in a wheelchair.
    #[serde(default)]
    pub(in crate::api) wheelchair: bool,
}

impl Check for RideWish {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws: Vec<Flaw> = days::day_flaw("date", &self.date).into_iter().collect();
        flaws.extend(text_flaw("from", &self.from, 1..=100));
        flaws.extend(text_flaw("to", &self.to, 1..=100));
        flaws.extend(self.seconds().is_none().then(|| Flaw::new("time", "clock-form")));
        let most = MOST_PEOPLE;
        let fits = (1..=most).contains(&self.people);
        flaws.extend((!fits).then(|| Flaw::new("people", "number-range").arg("least", 1).arg("most", most)));
        flaws
    }
}

impl RideWish {
    fn seconds(&self) -> Option<i32> {
        let (hours, minutes) = self.time.split_once(':').filter(|_| days::like(&self.time, "00:00"))?;
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 48 && minutes < 60).then_some(hours * 3600 + minutes * 60)
    }
}

/// A wish that an offer can answer.
#[derive(Clone, Debug)]
pub(in crate::api) struct Asked {
    pub(in crate::api) offered: Offered,
    pub(in crate::api) date: Date,
    /// Seconds of the service day.
    pub(in crate::api) time: i32,
    pub(in crate::api) kind: TimeKind,
    pub(in crate::api) people: u32,
    pub(in crate::api) wheelchair: bool,
    pickup: usize,
    setdown: usize,
}

/// Finds the offer that serves both stops on that day; of several the one whose hours are nearest.
pub(in crate::api) async fn asked(app: &App, project: &str, wish: &RideWish, now: Timestamp) -> Result<Asked, Problem> {
    let date = days::day(&wish.date)?;
    let time = wish.seconds().ok_or_else(|| Problem::field("time", "clock-form"))?;
    let board = app.boards().get(app.store(), project).await?;
    let mut offers = offers::of_day(app, &board, date).await?;
    offers.retain(|offer| can_be_asked(offer, date, now));
    if offers.is_empty() {
        return Err(Problem::conflict("ride-none").arg("day", date.to_string()));
    }
    let known = |id: &str| offers.iter().find_map(|offer| offer.place(id).map(|place| offer.stops[place].clone()));
    let unknown = |stop: &str| Problem::conflict("ride-stop-unknown").arg("stop", stop.to_owned());
    let from = known(&wish.from).ok_or_else(|| unknown(&wish.from))?;
    let to = known(&wish.to).ok_or_else(|| unknown(&wish.to))?;
    if wish.from == wish.to {
        return Err(Problem::conflict("ride-stops-same"));
    }
    let both = offers.into_iter().filter_map(|offer| {
        let ends = (offer.place(&wish.from)?, offer.place(&wish.to)?);
        Some((offer, ends))
    });
    let away = |ServiceTime(from): ServiceTime, ServiceTime(until): ServiceTime| {
        let time = i64::from(time);
        (i64::from(from) - time).max(time - i64::from(until)).max(0)
    };
    let found = both.min_by_key(|(offer, _)| (offer.before, away(offer.from, offer.until)));
    let (offered, (pickup, setdown)) = found.ok_or_else(|| {
        let apart = Problem::conflict("ride-stops-apart");
        apart.arg("from", zh(&from)).arg("from_en", en(&from)).arg("to", zh(&to)).arg("to_en", en(&to))
    })?;
    // Nobody is carried up steps: neither end may have any.
    if wish.wheelchair
        && let Some(stop) =
            [pickup, setdown].into_iter().map(|place| &offered.stops[place]).find(|stop| !stop.step_free)
    {
        return Err(Problem::conflict("ride-steps").arg("stop", zh(stop)).arg("stop_en", en(stop)));
    }
    let (kind, people, wheelchair) = (wish.time_kind, wish.people, wish.wheelchair);
    Ok(Asked { offered, date, time, kind, people, wheelchair, pickup, setdown })
}

/// A stop's name in a language, the other's where it has none.
fn zh(stop: &plan::Stop) -> String {
    if stop.name.trim().is_empty() { &stop.name_en } else { &stop.name }.trim().to_owned()
}
fn en(stop: &plan::Stop) -> String {
    if stop.name_en.trim().is_empty() { &stop.name } else { &stop.name_en }.trim().to_owned()
}

impl Asked {
    /// For the desk. Nobody sets out before `first`.
    pub(super) fn request(&self, first: i64) -> Request {
        let at = |place| vec![Stop { place, walk: 0 }];
        #[expect(clippy::cast_possible_truncation, reason = "within what times may be")]
        let first = first.clamp(0, i64::from(MOST)) as i32;
        let (earliest, latest, wish) = match self.kind {
            TimeKind::DepartAfter => (self.time, MOST, Wish::DepartAfter),
            TimeKind::ArriveBy => (first, self.time, Wish::ArriveBy),
        };
        // Who is in a wheelchair takes a place for one, and no seat.
        let wheelchairs = u32::from(self.wheelchair);
        Request {
            pickups: at(self.pickup),
            setdowns: at(self.setdown),
            earliest,
            latest,
            wish,
            people: i32::try_from(self.people).unwrap_or(i32::MAX),
            load: room(self.people.saturating_sub(wheelchairs), wheelchairs),
        }
    }
}
