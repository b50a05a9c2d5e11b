//! Book a ride: from, to, day, time, how many; what is offered, or why not and when else.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::{DAY, named, on_the_wall, sides, stop_of, wall, with_weekday};
use crate::api::app::App;
use crate::api::body::{At, Check};
use crate::api::pages::frame::{Refusal, Visitor, form_urlencoded};
use crate::api::pages::places::{Filled, Words, checked, name, number};
use crate::api::problem::{Flaw, Problem};
use crate::api::rides::{
    self as api, Accepted, MOST_PEOPLE, Outcome, RideAnswer, RideOffer, RideRefusal, RideWish, TimeKind, token_flaw,
};
use crate::domain::calendar::parse_time;
use crate::publish::pages::dates;
use crate::publish::pages::shell::render;
use crate::publish::phrases::Language;

/// What is filled in; of an acceptance, what was shown too.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Booking {
    from: String,
    to: String,
    date: String,
    time: String,
    time_kind: String,
    people: String,
    wheelchair: String,
    window_from: String,
    window_until: String,
    by: String,
    token: String,
}

impl Booking {
    fn arrives(&self) -> bool {
        self.time_kind == "arrive_by"
    }
    /// The form filled in so: what is on the page stays when the language is switched.
    fn address(&self, project: &str) -> String {
        let fields = [
            ("from", &self.from),
            ("to", &self.to),
            ("date", &self.date),
            ("time", &self.time),
            ("time_kind", &self.time_kind),
            ("people", &self.people),
            ("wheelchair", &self.wheelchair),
        ];
        let filled = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = filled.map(|(name, value)| format!("{name}={}", form_urlencoded(value))).collect();
        format!("/rides/{}?{}", form_urlencoded(project), query.join("&"))
    }
    fn wish(&self, days: &Days) -> Result<RideWish, Refusal> {
        let (date, time) = days.meant(&self.date, &self.time);
        checked(RideWish {
            from: self.from.clone(),
            to: self.to.clone(),
            date,
            time,
            time_kind: if self.arrives() { TimeKind::ArriveBy } else { TimeKind::DepartAfter },
            people: number("people", &self.people)?,
            wheelchair: !self.wheelchair.is_empty(),
        })
    }
}

/// What there is, and when.
struct Days(Vec<(Date, Vec<api::Offered>)>);

impl Days {
    async fn read(app: &App, project: &str, now: Timestamp) -> Result<Self, Refusal> {
        let board = app.boards().get(app.store(), project).await?;
        Ok(Self(api::offers_of(app, &board, now).await?))
    }

    /// On a clock on the wall 00:20 of Saturday may be 24:20 of Friday's service.
    fn meant(&self, date: &str, time: &str) -> (String, String) {
        let same = (date.to_owned(), time.to_owned());
        let (Ok(day), Some(at)) = (date.parse::<Date>(), parse_time(time)) else { return same };
        let Ok(before) = day.yesterday() else { return same };
        let runs = |day: Date, at: u32| {
            let offers = self.0.iter().filter(|(date, _)| *date == day).flat_map(|(_, offers)| offers);
            offers.into_iter().any(|offer| (offer.from.0..=offer.until.0).contains(&at))
        };
        if runs(day, at.0) || !runs(before, at.0 + DAY) {
            return same;
        }
        let minutes = at.0 / 60;
        (before.to_string(), format!("{:02}:{:02}", minutes / 60 + 24, minutes % 60))
    }

    /// Days on the wall, today's and later.
    fn dates(&self, language: Language, now: Timestamp) -> Vec<(String, String)> {
        let mut found = BTreeSet::new();
        for (date, offers) in &self.0 {
            let today = offers.first().map_or(*date, |offer| offer.zone().to_datetime(now).date());
            let past_midnight = offers.iter().any(|offer| offer.until.0 > DAY);
            let both = [Some(*date), past_midnight.then(|| date.saturating_add(1.days()))];
            found.extend(both.into_iter().flatten().filter(|date| *date >= today));
        }
        found.into_iter().map(|date| (date.to_string(), label(language, date))).collect()
    }

    /// All stops, by their names.
    fn stops(&self, language: Language) -> Vec<(String, String)> {
        sides::names(language, self.0.iter().flat_map(|(_, offers)| offers).flat_map(|offer| &offer.stops))
    }

    /// Is there a vehicle that takes a wheelchair, between stops without steps?
    fn wheelchairs(&self) -> bool {
        self.0.iter().flat_map(|(_, offers)| offers).any(|offer| {
            let room = offer.vehicles.iter().any(|vehicle| vehicle.wheelchair_places > 0);
            room && offer.stops.iter().filter(|stop| stop.step_free).count() > 1
        })
    }

    /// Name, hours, minutes of notice; each once.
    fn notes(&self, language: Language) -> Vec<(String, String, u32)> {
        let mut notes = Vec::new();
        for offer in self.0.iter().flat_map(|(_, offers)| offers) {
            let name = named(language, &offer.name, &offer.name_en);
            let note = (name, api::hours(language, offer), offer.rules.notice_s.div_ceil(60));
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }
}

/// A day, and which of the week.
fn label(language: Language, date: Date) -> String {
    with_weekday(language, &dates::list(language, &[date]), date)
}

#[derive(Template)]
#[template(path = "rides_book.html")]
struct BookPage<'a> {
    w: Words<'a>,
    language: Language,
    project: String,
    name: String,
    notes: Vec<(String, String, u32)>,
    stops: Vec<(String, String)>,
    dates: Vec<(String, String)>,
    wheelchairs: bool,
    most: u32,
    filled: &'a Booking,
    offer: Option<RideOffer>,
    /// The day on which it boards.
    day: String,
    refusal: Option<RideRefusal>,
    /// Day and time on the wall of the nearest time that would do.
    nearest: Option<(Date, String)>,
    /// What is against it.
    told: Option<String>,
}

impl BookPage<'_> {
    fn note(&self, (name, hours, minutes): &(String, String, u32)) -> String {
        let args = [("name", name.as_str().into()), ("hours", hours.as_str().into()), ("minutes", (*minutes).into())];
        self.w.all("rides-note", &args)
    }
    fn stop(&self, id: &str) -> &str {
        stop_of(&self.stops, id)
    }
    /// The other time, with its day where that is not the one that was asked for.
    fn instead(&self, (date, time): &(Date, String)) -> String {
        let key = if self.filled.arrives() { "rides-nearest-arrive" } else { "rides-nearest" };
        let other = date.to_string() != self.filled.date;
        let time = if other { format!("{} {time}", label(self.language, *date)) } else { time.clone() };
        self.w.with(key, "time", time)
    }
    fn is(&self, one: &str, other: &str) -> bool {
        one == other
    }
    /// A time of day as a field of a form has it: 24:20 is 00:20.
    fn on_the_wall(&self, time: &str) -> String {
        on_the_wall(time)
    }
}

async fn page(
    app: &App,
    visitor: &Visitor,
    (project, days): (&str, &Days),
    (filled, answer): (&Booking, Option<(Date, RideAnswer)>),
    told: Option<String>,
) -> Result<Response, Refusal> {
    let language = visitor.language;
    let visitor = &visitor.clone().at(filled.address(project));
    let (mut day, mut nearest, mut offer, mut refusal) = (String::new(), None, None, None);
    if let Some((date, answer)) = answer {
        (offer, refusal) = (answer.offer, answer.refusal);
        let boards = offer.as_ref().and_then(|offer| u32::try_from(offer.window.from).ok()).unwrap_or(0);
        day = label(language, wall(date, boards).0);
        let time = refusal.as_ref().and_then(|refusal| parse_time(refusal.nearest.as_deref()?));
        nearest = time.map(|time| wall(date, time.0));
    }
    let page = BookPage {
        w: Words(visitor),
        language,
        project: form_urlencoded(project),
        name: name(app, visitor, project).await?,
        notes: days.notes(language),
        stops: days.stops(language),
        dates: days.dates(language, Timestamp::now()),
        wheelchairs: days.wheelchairs(),
        most: MOST_PEOPLE,
        filled,
        offer,
        day,
        refusal,
        nearest,
        told,
    };
    Ok(visitor.page(&visitor.say("rides-title", &[]), &render(&page)))
}

/// The form; what stands in the address is filled in.
pub(super) async fn form(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    Query(filled): Query<Booking>,
) -> Result<Response, Refusal> {
    let days = Days::read(&app, &project, Timestamp::now()).await?;
    page(&app, &visitor, (&project, &days), (&filled, None), None).await
}

/// The answer, above the form as it was filled in.
pub(super) async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    Filled(filled): Filled<Booking>,
) -> Result<Response, Refusal> {
    let now = Timestamp::now();
    let days = Days::read(&app, &project, now).await?;
    let wish = filled.wish(&days)?;
    let answer = async {
        let asked = api::read_wish(&app, &project, &wish, now).await?;
        Ok((asked.date, api::ask_ride(&app, &project, &asked, now).await?))
    };
    let (answer, told) = against(&visitor, answer.await)?;
    page(&app, &visitor, (&project, &days), (&filled, answer), told).await
}

/// What is against it (409) is told above the form as it was filled in.
fn against<T>(visitor: &Visitor, answer: Result<T, Problem>) -> Result<(Option<T>, Option<String>), Refusal> {
    match answer {
        Ok(answer) => Ok((Some(answer), None)),
        Err(problem) if problem.status == StatusCode::CONFLICT => {
            let language = visitor.language;
            let between = if language == Language::Zh { "" } else { " " };
            Ok((None, Some(format!("{}{between}{}", problem.title(language), problem.advice(language)))))
        }
        Err(problem) => Err(problem.into()),
    }
}

fn seconds(field: &'static str, text: &str) -> Result<i32, Refusal> {
    text.parse().map_err(|_| Problem::fields(vec![Flaw::new(field, "place-number")]).into())
}

/// A token as a body of its own, so that it is looked over like one.
struct Token<'a>(&'a str);

impl Check for Token<'_> {
    fn flaws(&self) -> Vec<Flaw> {
        token_flaw(self.0).into_iter().collect()
    }
}

/// Takes what was shown: the page of the ride, or what can be had now.
pub(super) async fn take(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    Filled(filled): Filled<Booking>,
) -> Result<Response, Refusal> {
    let now = Timestamp::now();
    let days = Days::read(&app, &project, now).await?;
    let wish = filled.wish(&days)?;
    let Token(token) = checked(Token(&filled.token))?;
    let window = (seconds("window_from", &filled.window_from)?, seconds("window_until", &filled.window_until)?);
    let by = seconds("by", &filled.by)?;
    let outcome = async {
        let asked = api::read_wish(&app, &project, &wish, now).await?;
        let accepted = Accepted { asked, window, by, token: token.to_owned() };
        Ok((accepted.asked.date, api::accept_ride(&app, &project, &accepted, now).await?))
    };
    let (answer, told) = match against(&visitor, outcome.await)? {
        (Some((_, Outcome::Promised(_))), _) => {
            return Ok(Redirect::to(&format!("/ride/{token}?said=1")).into_response());
        }
        (Some((date, Outcome::Otherwise(answer))), _) => {
            (Some((date, *answer)), Some(visitor.say("rides-changed", &[])))
        }
        (None, told) => (None, told),
    };
    page(&app, &visitor, (&project, &days), (&filled, answer), told).await
}
