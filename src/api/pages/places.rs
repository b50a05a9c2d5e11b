//! Pages about places: what is wrong at a stop, a bay for the night, a room for a group; for people, and for the committee.

mod comments;
mod parking;
mod rooms;

use axum::Router;
use axum::extract::{Form, FromRequest, Request};
use serde::de::DeserializeOwned;

use super::frame::{Refusal, Visitor};
use crate::api::app::App;
use crate::api::body::Check;
use crate::api::ground::local;
use crate::api::problem::{Flaw, Problem};
use crate::domain::calendar::date_of;
use crate::domain::finding::Argument;
use crate::planning::project::Project;
use crate::publish::pages::dates;
use crate::publish::phrases::Language;
use crate::storage::projects;

pub(super) fn routes() -> Router<App> {
    Router::new().merge(comments::routes()).merge(parking::routes()).merge(rooms::routes())
}

/// Words for a template.
#[derive(Clone, Copy)]
pub(super) struct Words<'a>(pub(super) &'a Visitor);

impl Words<'_> {
    pub(super) fn t(&self, key: &str) -> String {
        self.0.say(key, &[])
    }
    pub(super) fn with(&self, key: &str, name: &str, value: impl std::fmt::Display) -> String {
        self.0.say(key, &[(name, value.to_string().into())])
    }
    pub(super) fn all(&self, key: &str, args: &[(&str, Argument)]) -> String {
        self.0.say(key, args)
    }
    /// Weekdays in words.
    fn days(&self, days: &str) -> String {
        dates::pattern(self.0.language, days)
    }
    /// Day and minute of a moment as it is kept, on the clock of those who read it.
    fn when(&self, moment: &str) -> String {
        let local = moment.parse::<jiff::Timestamp>().ok().and_then(|at| at.in_tz("Asia/Shanghai").ok());
        local.map_or_else(|| moment.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
    }
}

/// Fen as people write money.
fn yuan(fen: i64) -> String {
    format!("¥{}.{:02}", fen / 100, fen % 100)
}

/// What a project is called in the visitor's language; 404 where there is none.
pub(super) async fn name(app: &App, visitor: &Visitor, project: &str) -> Result<String, Problem> {
    let project = projects::get(&mut *app.store().read().await?, project).await?;
    Ok(match (visitor.language, project.name_zh) {
        (Language::Zh, Some(name)) => name,
        _ => project.name,
    })
}

/// What a site is called in a language; its id where it is not known.
fn site_name(ground: &Project, language: Language, id: &str) -> String {
    let Some(site) = ground.site(id) else { return id.to_owned() };
    let english = site.name_en.as_ref().filter(|name| language == Language::En && !name.is_empty());
    english.unwrap_or(&site.name).clone()
}

/// Today by the project's clock: the first day a form offers.
fn today(ground: &Project) -> String {
    date_of(local(&ground.timezone).div_euclid(1440)).to_string()
}

/// What a form brings.
pub(super) struct Filled<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Filled<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        match Form::<T>::from_request(request, app).await {
            Ok(Form(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::fields(vec![Flaw::new("", "place-form")]).into()),
        }
    }
}

/// What the API would look over is looked over here too.
pub(super) fn checked<T: Check>(value: T) -> Result<T, Refusal> {
    let flaws = value.flaws();
    if flaws.is_empty() { Ok(value) } else { Err(Problem::fields(flaws).into()) }
}

/// Text of a form: browsers end lines with CR LF.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// A whole number of a form.
pub(super) fn number(field: &'static str, text: &str) -> Result<u32, Refusal> {
    text.trim().parse().map_err(|_| Problem::fields(vec![Flaw::new(field, "place-number")]).into())
}

/// What is filled in, or nothing.
pub(super) fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
