//! Pages for people, rendered here: no JavaScript needed. Riders, answers, the committee.
//!
//! A page handler reads so: a [`frame::Visitor`] (who, in which language), one or two calls as the API makes them, a template in the
//! [`frame`]. Words come from the phrase files.

mod committee;
mod frame;
mod places;
mod rider;
mod rides;
mod survey;

use axum::Router;

pub(super) use frame::Refusal;

use super::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(committee::routes())
        .merge(rider::routes())
        .merge(survey::routes())
        .merge(places::routes())
        .merge(rides::routes())
}
