//! The committee's pages: sign in, projects, files, plans, publications.

use axum::Router;

use crate::api::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
}
