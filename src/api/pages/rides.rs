//! Rides on request for people: book one, see one's own, cancel it; and what the drivers do, for those who run the day.

mod book;
mod day;
mod own;
mod sides;

use axum::Router;
use axum::routing::{get, post};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::api::app::App;
use crate::api::rides::Offered;
use crate::domain::calendar::{parse_time, weekday_of};
use crate::domain::units::ServiceTime;
use crate::publish::pages::dates;
use crate::publish::phrases::Language;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rides/{project}", get(book::form).post(book::ask))
        .route("/rides/{project}/take", get(book::form).post(book::take))
        .route("/ride/{token}", get(own::own))
        .route("/ride/{token}/cancel", post(own::cancel))
        .route("/projects/{project}/rides", get(day::day).post(day::cancel))
}

/// A day has so many seconds.
const DAY: u32 = 86_400;

/// A time of a service day as a clock on the wall shows it: 24:20 is 00:20.
fn on_the_wall(time: &str) -> String {
    parse_time(time).map_or_else(|| time.to_owned(), |at| ServiceTime(at.0 % DAY).clock())
}

/// The day on the wall of a time of a service day, and that time: Friday's 24:20 is Saturday's 00:20.
fn wall(date: Date, seconds: u32) -> (Date, String) {
    let day = date.saturating_add(i64::from(seconds / DAY).days());
    (day, ServiceTime(seconds % DAY).clock())
}

/// A name in a language, the other's where it has none.
fn named(language: Language, zh: &str, en: &str) -> String {
    let (own, other) = match language {
        Language::Zh => (zh, en),
        Language::En => (en, zh),
    };
    if own.trim().is_empty() { other } else { own }.trim().to_owned()
}

/// Names of all stops of a plan's offers, each told apart from others.
fn stops(language: Language, offered: &Offered) -> Vec<(String, String)> {
    sides::names(language, offered.all_stops())
}

fn stop_of<'a>(names: &'a [(String, String)], id: &str) -> &'a str {
    names.iter().find(|(known, _)| known == id).map_or("", |(_, name)| name.as_str())
}

/// A day, and which of the week.
fn with_weekday(language: Language, day: &str, date: Date) -> String {
    let names = dates::weekdays(language);
    format!("{day} {}", names.get(weekday_of(date)).map_or("", String::as_str))
}
