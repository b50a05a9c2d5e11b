//! Rides on request for people: book one, see one's own, cancel it; and what the drivers do, for those who run the day.

mod book;
mod day;
mod own;

use axum::Router;
use axum::routing::{get, post};

use crate::api::app::App;
use crate::api::rides::StopShown;
use crate::publish::phrases::Language;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rides/{project}", get(book::form).post(book::ask))
        .route("/rides/{project}/take", post(book::take))
        .route("/ride/{token}", get(own::own))
        .route("/ride/{token}/cancel", post(own::cancel))
        .route("/projects/{project}/rides", get(day::day))
}

/// A name in a language, the other's where it has none.
fn named(language: Language, zh: &str, en: &str) -> String {
    let (own, other) = match language {
        Language::Zh => (zh, en),
        Language::En => (en, zh),
    };
    if own.trim().is_empty() { other } else { own }.trim().to_owned()
}

fn stop(language: Language, stop: &StopShown) -> String {
    named(language, &stop.name, &stop.name_en)
}
