//! (to come)

use sqlx::AnyConnection;
use utoipa_axum::router::OpenApiRouter;

use super::app::App;
use super::problem::Problem;
use crate::storage::projects::File;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}

/// The files a plan is made from: the project's, with the answers of its survey rounds.
pub(super) async fn inputs(_: &mut AnyConnection, _: &str, files: Vec<File>) -> Result<Vec<File>, Problem> {
    Ok(files)
}
