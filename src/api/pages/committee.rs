//! The committee's pages: what a park committee or an admin needs, without anything but a browser. Sign in, projects in five
//! steps (files, survey, plan, compare, publish), what-ifs, people and keys.
//!
//! Forms are posted as a browser does and answered with 303 to the page that shows what came of it. What a form does is done by
//! the handlers of the API: the same rights, the same checks.

mod compare;
mod files;
mod form;
mod keys;
mod people;
mod plans;
mod project;
mod projects;
mod publish;
mod runs;
mod scenarios;
mod shown;
mod sign_in;
mod start;
mod sweeps;
mod welcome;

#[cfg(test)]
mod tests;

use axum::Router;

use crate::api::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(start::routes())
        .merge(sign_in::routes())
        .merge(welcome::routes())
        .merge(projects::routes())
        .merge(project::routes())
        .merge(files::routes())
        .merge(runs::routes())
        .merge(plans::routes())
        .merge(compare::routes())
        .merge(publish::routes())
        .merge(scenarios::routes())
        .merge(sweeps::routes())
        .merge(people::routes())
        .merge(keys::routes())
}
