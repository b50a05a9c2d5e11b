//! (to come)

use jiff::civil::Date;
use utoipa_axum::router::OpenApiRouter;

use super::app::App;
use super::ask::Ask;
use super::problem::{Halt, Problem};
use super::reply::Reply;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}

/// Publishes a plan from a day until a day. The caller has been asked for their right.
pub(super) async fn publish(
    _: &App,
    _: &Ask,
    _: &str,
    (_, _): (&str, &str),
    (_, _): (Date, Option<Date>),
) -> Result<Reply, Halt> {
    Err(Problem::missing("publication").into())
}
