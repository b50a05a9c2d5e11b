//! What riders read: the project's timetable, a stop.

use axum::Router;

use crate::api::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
}
