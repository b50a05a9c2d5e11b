//! Is it alive, is it ready, and its figures for a monitor.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::App;
use super::metrics;
use super::problem::{Body, Problem};
use crate::storage::runs;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready)).routes(routes!(figures))
}

/// The service is alive.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: String,
    /// Version of the program.
    version: String,
}

impl Health {
    fn ok() -> Json<Self> {
        Json(Self { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() })
    }
}

/// Alive? Asks nobody.
#[utoipa::path(get, path = "/health", tag = "status", responses((status = 200, body = Health)))]
async fn health() -> Json<Health> {
    Health::ok()
}

/// Ready? Asks the database.
#[utoipa::path(get, path = "/ready", tag = "status", responses(
    (status = 200, body = Health), (status = "5XX", body = Body)))]
async fn ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    let mut conn = app.store().read().await?;
    app.store().now(&mut conn).await?;
    Ok(Health::ok())
}

/// Figures in Prometheus' text form: requests, times, jobs.
#[utoipa::path(get, path = "/metrics", tag = "status", responses(
    (status = 200, body = String, content_type = "text/plain")))]
async fn figures(State(app): State<App>) -> Response {
    if let Ok(mut conn) = app.store().read().await
        && let Ok(counts) = runs::counts(&mut conn).await
    {
        metrics::jobs(&counts);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics::text()).into_response()
}
