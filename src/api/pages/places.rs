//! Parking, rooms, comments.

use axum::Router;

use crate::api::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
}
