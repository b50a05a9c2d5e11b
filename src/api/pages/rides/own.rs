//! One's own ride, by its secret link.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::{named, on_the_wall, stop_of, stops, wall, with_weekday};
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
    from: &'a str,
    to: &'a str,
    /// Who runs the day cancelled it: why.
    why: Option<String>,
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
    /// Is it still to come, or under way?
    fn ahead(&self) -> bool {
        self.comes() || self.ride.state == RideState::Aboard
    }
    /// Do they still wait to board?
    fn comes(&self) -> bool {
        matches!(self.ride.state, RideState::Waiting | RideState::Coming)
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
    let language = visitor.language;
    let day = ride.date.parse::<Date>().map_or_else(
        |_| ride.date.clone(),
        |date| {
            let day = wall(date, boards).0;
            with_weekday(language, &dates::full(language, day), day)
        },
    );
    let names = stops(language, &ride.offered);
    let page = OwnPage {
        w: Words(&visitor),
        project: form_urlencoded(&ride.project),
        day,
        from: stop_of(&names, &ride.from.id),
        to: stop_of(&names, &ride.to.id),
        why: ride.called_off.as_ref().map(|why| named(language, &why.zh, &why.en)),
        said: just.said.is_some(),
        link: api::link(&app, &token),
        token: &token,
        ride: &ride,
    };
    Ok(visitor.page(&visitor.say("rides-own", &[]), &render(&page)))
}

/// Where it is too late the page of the ride says so.
pub(super) async fn cancel(State(app): State<App>, At(token): At<String>) -> Result<Response, Refusal> {
    match api::call_off(&app, &token, Timestamp::now()).await {
        Err(problem) if problem.status != StatusCode::CONFLICT => return Err(problem.into()),
        _ => {}
    }
    Ok(Redirect::to(&format!("/ride/{}", form_urlencoded(&token))).into_response())
}
