//! (to come)

use utoipa_axum::router::OpenApiRouter;

use super::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
