//! One's own ride, by its secret link.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::{on_the_wall, stop, wall};
use crate::api::app::App;
use crate::api::body::At;
use crate::api::pages::frame::{Refusal, Visitor, form_urlencoded};
use crate::api::pages::places::Words;
use crate::api::rides::{self as api, RideShown, RideState};
use crate::publish::pages::dates;
use crate::publish::pages::shell::render;

/// Just made: the link is shown.
#[derive(Deserialize)]
pub(super) struct Just {
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "rides_own.html")]
struct OwnPage<'a> {
    w: Words<'a>,
    ride: &'a RideShown,
    project: String,
    day: String,
    from: String,
    to: String,
    said: bool,
    link: String,
    token: &'a str,
}

impl OwnPage<'_> {
    fn state(&self) -> &'static str {
        match self.ride.state {
            RideState::Waiting => "waiting",
            RideState::Coming => "coming",
            RideState::Aboard => "aboard",
            RideState::Done => "done",
            RideState::Cancelled => "cancelled",
        }
    }
    fn people(&self) -> String {
        self.w.all("rides-people", &[("people", i64::from(self.ride.people).into())])
    }
    fn clock(&self, time: &str) -> String {
        on_the_wall(time)
    }
    /// Is it still to come?
    fn ahead(&self) -> bool {
        matches!(self.ride.state, RideState::Waiting | RideState::Coming | RideState::Aboard)
    }
}

pub(super) async fn own(
    State(app): State<App>,
    visitor: Visitor,
    At(token): At<String>,
    Query(just): Query<Just>,
) -> Result<Response, Refusal> {
    let ride = api::own_ride(&app, &token, Timestamp::now()).await?;
    let boards = u32::try_from(ride.window.from).unwrap_or(0);
    let day = ride
        .date
        .parse::<Date>()
        .map_or_else(|_| ride.date.clone(), |date| dates::full(visitor.language, wall(date, boards).0));
    let page = OwnPage {
        w: Words(&visitor),
        project: form_urlencoded(&ride.project),
        day,
        from: stop(visitor.language, &ride.from),
        to: stop(visitor.language, &ride.to),
        said: just.said.is_some(),
        link: api::link(&app, &token),
        token: &token,
        ride: &ride,
    };
    Ok(visitor.page(&visitor.say("rides-own", &[]), &render(&page)))
}

pub(super) async fn cancel(State(app): State<App>, At(token): At<String>) -> Result<Response, Refusal> {
    api::call_off(&app, &token, Timestamp::now()).await?;
    Ok(Redirect::to(&format!("/ride/{}", form_urlencoded(&token))).into_response())
}
