//! What people answer: the form behind a round's link, their answer, is it served?.

use axum::Router;

use crate::api::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
}
