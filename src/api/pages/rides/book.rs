//! Book a ride: from, to, day, time, how many; what is offered, or why not and when else.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::{DAY, named, on_the_wall, sides, wall};
use crate::api::app::App;
use crate::api::body::{At, Check};
use crate::api::pages::frame::{Refusal, Visitor, form_urlencoded};
use crate::api::pages::places::{Filled, Words, checked, name, number};
use crate::api::problem::{Flaw, Problem};
use crate::api::rides::{
    self as api, Accepted, MOST_PEOPLE, Outcome, RideAnswer, RideOffer, RideRefusal, RideWish, TimeKind, token_flaw,
};
use crate::domain::calendar::{parse_time, weekday_of};
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

    /// Name, from, until, minutes of notice; each once.
    fn notes(&self, language: Language) -> Vec<(String, String, String, u32)> {
        let mut notes = Vec::new();
        for offer in self.0.iter().flat_map(|(_, offers)| offers) {
            let name = named(language, &offer.name, &offer.name_en);
            let note = (name, offer.from.clock(), offer.until.clock(), offer.rules.notice_s.div_ceil(60));
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }
}

/// A day, and which of the week.
fn label(language: Language, date: Date) -> String {
    let names = dates::weekdays(language);
    let weekday = names.get(weekday_of(date)).map_or("", String::as_str);
    format!("{} {weekday}", dates::list(language, &[date]))
}

#[derive(Template)]
#[template(path = "rides_book.html")]
struct BookPage<'a> {
    w: Words<'a>,
    language: Language,
    project: String,
    name: String,
    notes: Vec<(String, String, String, u32)>,
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
    /// What was shown before does not stand any more.
    changed: bool,
}

impl BookPage<'_> {
    fn note(&self, (name, from, until, minutes): &(String, String, String, u32)) -> String {
        let args = [
            ("name", name.as_str().into()),
            ("from", from.as_str().into()),
            ("until", until.as_str().into()),
            ("minutes", (*minutes).into()),
        ];
        self.w.all("rides-note", &args)
    }
    fn stop(&self, id: &str) -> &str {
        self.stops.iter().find(|(known, _)| known == id).map_or("", |(_, name)| name.as_str())
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
    changed: bool,
) -> Result<Response, Refusal> {
    let language = visitor.language;
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
        changed,
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
    page(&app, &visitor, (&project, &days), (&filled, None), false).await
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
    let asked = api::read_wish(&app, &project, &filled.wish(&days)?, now).await?;
    let answer = api::ask_ride(&app, &project, &asked, now).await?;
    page(&app, &visitor, (&project, &days), (&filled, Some((asked.date, answer))), false).await
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
    let asked = api::read_wish(&app, &project, &filled.wish(&days)?, now).await?;
    let Token(token) = checked(Token(&filled.token))?;
    let window = (seconds("window_from", &filled.window_from)?, seconds("window_until", &filled.window_until)?);
    let date = asked.date;
    let accepted = Accepted { asked, window, by: seconds("by", &filled.by)?, token: token.to_owned() };
    match api::accept_ride(&app, &project, &accepted, now).await? {
        Outcome::Promised(_) => Ok(Redirect::to(&format!("/ride/{token}?said=1")).into_response()),
        Outcome::Otherwise(answer) => {
            page(&app, &visitor, (&project, &days), (&filled, Some((date, *answer))), true).await
        }
    }
}
