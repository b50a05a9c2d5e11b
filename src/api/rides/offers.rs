//! Which rides on request are there on a day? Those of the plan in force on it; but a day on which somebody was promised something goes on with the
//! plan of that promise, whatever is published afterwards, unless all of them are cancelled.

use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::api::app::{App, aside};
use crate::api::boards::Board;
use crate::api::ground::Kept;
use crate::api::problem::Problem;
use crate::planning::plan::{OnDemand, Stop};
use crate::publish::riding::{Published, StandsBy, zone_of};
use crate::storage::{StorageError, publications, rides};

/// Rides can be asked for so many days ahead.
pub(in crate::api) const AHEAD: i64 = 7;

/// Published plans never change.
static PLANS: Kept<Published> = Kept::new();

/// An offer of a published plan.
#[derive(Clone, Debug)]
pub(in crate::api) struct Offered {
    published: Arc<Published>,
    at: usize,
    /// The day goes on with it though its plan is not in force any more.
    pub(in crate::api) before: bool,
}

impl Deref for Offered {
    type Target = OnDemand;
    fn deref(&self) -> &OnDemand {
        &self.published.on_demand[self.at]
    }
}

impl Offered {
    /// The plan's id.
    pub(in crate::api) fn plan(&self) -> &str {
        &self.published.plan
    }
    /// The name of their time zone.
    pub(in crate::api) fn timezone(&self) -> &str {
        &self.published.timezone
    }
    /// Its clocks.
    pub(in crate::api) fn zone(&self) -> TimeZone {
        zone_of(&self.published.timezone).1
    }
    /// Seconds of a service day that its clocks show; negative before it.
    pub(in crate::api) fn clock(&self, date: Date, now: Timestamp) -> i64 {
        let local = self.zone().to_datetime(now);
        let days = date.until(local.date()).map_or(0, |span| i64::from(span.get_days()));
        days * 86_400 + i64::from(local.hour()) * 3600 + i64::from(local.minute()) * 60 + i64::from(local.second())
    }
    /// Row and column of a stop.
    pub(in crate::api) fn place(&self, stop: &str) -> Option<usize> {
        self.stops.iter().position(|known| known.id == stop)
    }
    /// Stops of all offers of its plan: two of them may share a name.
    pub(in crate::api) fn all_stops(&self) -> impl Iterator<Item = &Stop> {
        self.published.on_demand.iter().flat_map(|offer| &offer.stops)
    }
    /// What a vehicle and its depot are called.
    pub(super) fn called(&self, vehicle: &str) -> Option<&StandsBy> {
        self.published.standing_by.iter().find(|known| known.id == vehicle)
    }
    fn named(published: &Arc<Published>, offer: &str) -> Option<Self> {
        let at = published.on_demand.iter().position(|known| known.id == offer)?;
        Some(Self { published: Arc::clone(published), at, before: false })
    }
}

/// Those of the plan in force on a day.
fn in_force(board: &Board, date: Date) -> Vec<Offered> {
    let Some(period) = board.timetable().period_on(date) else { return Vec::new() };
    let runs = |service: &str| {
        let days = period.published.services.iter().find(|days| days.id == service);
        days.is_some_and(|days| period.service(days).runs_on(date))
    };
    let offers = period.published.on_demand.iter().enumerate().filter(|(_, offer)| runs(&offer.service));
    offers.map(|(at, _)| Offered { published: Arc::clone(&period.published), at, before: false }).collect()
}

/// An offer of a plan that was published, in force or not.
pub(in crate::api) async fn of_plan(app: &App, project: &str, plan: &str, offer: &str) -> Result<Offered, Problem> {
    let key = format!("{project} {plan}");
    let published = match PLANS.find(&key) {
        Some(known) => known,
        None => {
            let bytes = publications::of_plan(&mut *app.store().read().await?, project, plan).await?;
            let read = aside(move || serde_json::from_slice::<Published>(&bytes)).await?;
            let read = Arc::new(read.map_err(|_| Problem::fault(&StorageError::Damaged("publication")))?);
            PLANS.keep(key, &read);
            read
        }
    };
    Offered::named(&published, offer).ok_or_else(|| Problem::fault(&StorageError::Damaged("ride day")))
}

/// All offers of a day; those of a plan that is not in force any more are there for who has a ride, and nobody else is taken. Where all have cancelled
/// nothing keeps the day from the plan in force.
pub(in crate::api) async fn of_day(app: &App, board: &Board, date: Date) -> Result<Vec<Offered>, Problem> {
    let mut offers = in_force(board, date);
    let begun = rides::begun(&mut *app.store().read().await?, board.project(), date).await?;
    for (offer, plan, open) in begun {
        if !open || offers.iter().any(|known| known.id == offer && known.plan() == plan) {
            continue;
        }
        let of_then = Offered { before: true, ..of_plan(app, board.project(), &plan, &offer).await? };
        match offers.iter_mut().find(|known| known.id == offer) {
            Some(known) => *known = of_then,
            None => offers.push(of_then),
        }
    }
    Ok(offers)
}

/// The days for which rides can be asked: yesterday too while it goes on past midnight. Is it one of them?
pub(in crate::api) fn can_be_asked(offer: &Offered, date: Date, now: Timestamp) -> bool {
    let today = offer.zone().to_datetime(now).date();
    date <= today.saturating_add(AHEAD.days()) && offer.clock(date, now) < i64::from(offer.until.0)
}

/// Every day for which rides can be asked, with its offers.
pub(in crate::api) async fn all(
    app: &App,
    board: &Board,
    now: Timestamp,
) -> Result<Vec<(Date, Vec<Offered>)>, Problem> {
    let mut days = Vec::new();
    let today = board.date(now);
    for ahead in -1..=AHEAD {
        let date = today.saturating_add(ahead.days());
        let mut offers = of_day(app, board, date).await?;
        offers.retain(|offer| !offer.before && can_be_asked(offer, date, now));
        if !offers.is_empty() {
            days.push((date, offers));
        }
    }
    Ok(days)
}
