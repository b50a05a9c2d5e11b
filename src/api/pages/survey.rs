//! What people answer: the form behind a round's link, their own answer, is it served?
//! And, in `rounds`, the committee's page.

mod rounds;

use askama::Template;
use axum::Form;
use axum::Router;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::frame::{Refusal, Visitor};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Check, Params};
use crate::api::problem::{Flaw, Problem};
use crate::api::surveys::answer::{Answer, Now, Usage};
use crate::api::surveys::responses::{self, Own, kind};
use crate::api::surveys::ride;
use crate::domain::calendar::{Days, Week};
use crate::domain::site::SiteKind;
use crate::intake::choices::Choices;
use crate::publish::pages::{dates, shell};
use crate::publish::phrases::Language;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/q/{token}", get(form).post(submit))
        .route("/a/{token}", get(mine))
        .route("/a/{token}/change", get(change_form).post(change))
        .route("/a/{token}/withdraw", post(withdraw))
        .merge(rounds::routes())
}

/// A title in the visitor's language.
fn titled(visitor: &Visitor, title: &str, zh: Option<&str>) -> String {
    match (visitor.language, zh) {
        (Language::Zh, Some(zh)) => zh.to_owned(),
        _ => title.to_owned(),
    }
}

/// What stands in the form, as text; an empty field is one that was not filled in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Filled {
    origin: String,
    destination: String,
    firm: String,
    arrive: String,
    leave: String,
    d1: String,
    d2: String,
    d3: String,
    d4: String,
    d5: String,
    d6: String,
    d7: String,
    #[serde(rename = "use")]
    usage: String,
    both_ways: String,
    max_walk_m: String,
    wheelchair: String,
    now: String,
}

impl Filled {
    fn of(answer: &Answer) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let tick = |yes: bool| if yes { "1" } else { "" }.to_owned();
        Self {
            origin: answer.origin.clone(),
            destination: answer.destination.clone(),
            firm: text(&answer.firm),
            arrive: text(&answer.arrive),
            leave: text(&answer.leave),
            usage: answer.usage.name().to_owned(),
            both_ways: tick(answer.both_ways),
            max_walk_m: answer.max_walk_m.map(|metres| metres.to_string()).unwrap_or_default(),
            wheelchair: tick(answer.wheelchair),
            now: answer.now.map(Now::name).unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }

    /// The answer it says.
    fn answer(self) -> Result<Answer, Problem> {
        let ticks = [&self.d1, &self.d2, &self.d3, &self.d4, &self.d5, &self.d6, &self.d7];
        let week = ticks.into_iter().enumerate().filter(|(_, tick)| !tick.is_empty());
        let week = week.fold(Week::NONE, |week, (day, _)| week.or(Week::span(day, day)));
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        // Some browsers add the seconds.
        let time = |text: String| some(if text.len() == 8 { text.chars().take(5).collect() } else { text });
        let metres = some(self.max_walk_m.trim().to_owned()).map(|text| {
            let flaw = || Flaw::new("max_walk_m", "number-range").arg("least", 50).arg("most", 3000);
            text.parse().map_err(|_| Problem::fields(vec![flaw()]))
        });
        let answer = Answer {
            origin: self.origin,
            destination: self.destination,
            firm: some(self.firm),
            arrive: time(self.arrive),
            leave: time(self.leave),
            days: (week != Week::NONE).then(|| week.to_string()),
            usage: Usage::ALL.into_iter().find(|usage| usage.name() == self.usage).unwrap_or(Usage::Maybe),
            both_ways: !self.both_ways.is_empty(),
            max_walk_m: metres.transpose()?,
            wheelchair: !self.wheelchair.is_empty(),
            now: Now::ALL.into_iter().find(|now| now.name() == self.now),
        };
        let flaws = answer.flaws();
        if flaws.is_empty() { Ok(answer) } else { Err(Problem::fields(flaws)) }
    }
}

type Sent<T> = Result<Form<T>, FormRejection>;

fn sent<T>(form: Sent<T>) -> Result<T, Problem> {
    form.map(|Form(value)| value)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "query").arg("reason", error.body_text()))
}

/// Things to choose from under a heading: value and name.
struct Group {
    label: String,
    items: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "survey_form.html")]
struct FormPage<'a> {
    visitor: &'a Visitor,
    title: String,
    notice: Option<String>,
    open: bool,
    changing: bool,
    action: String,
    from: Vec<Group>,
    to: Vec<Group>,
    firms: Vec<Group>,
    days: Vec<(String, bool)>,
    uses: Vec<(&'static str, String)>,
    nows: Vec<(&'static str, String)>,
    filled: Filled,
}

impl FormPage<'_> {
    fn say(&self, key: &str) -> String {
        self.visitor.say(key, &[])
    }
}

fn place_name(language: Language, name: &str, name_en: Option<&str>) -> String {
    match (language, name_en) {
        (Language::En, Some(en)) if !en.is_empty() => en.to_owned(),
        _ => name.to_owned(),
    }
}

/// Places of these kinds, each kind under its heading.
fn groups(visitor: &Visitor, choices: &Choices, kinds: &[SiteKind], own: &str) -> Vec<Group> {
    let of = |wanted: &SiteKind| Group {
        label: visitor.say(&format!("survey-kind-{}", kind(*wanted)), &[]),
        items: choices
            .places()
            .filter(|site| site.kind == *wanted)
            .map(|site| (site.id.clone(), place_name(visitor.language, &site.name, site.name_en.as_deref())))
            .collect(),
    };
    let mut groups: Vec<Group> = kinds.iter().map(of).filter(|group| !group.items.is_empty()).collect();
    // An answer by coordinates keeps them when something else of it is changed.
    if own.contains(' ') {
        groups.push(Group { label: own.to_owned(), items: vec![(own.to_owned(), own.to_owned())] });
    }
    groups
}

fn firms(visitor: &Visitor, choices: &Choices) -> Vec<Group> {
    let mut groups: Vec<(String, Group)> = Vec::new();
    for firm in &choices.firms {
        let site = choices.whole(&firm.site);
        let item = (firm.id.clone(), firm.name.clone());
        match groups.iter_mut().find(|(known, _)| known == site) {
            Some((_, group)) => group.items.push(item),
            None => {
                let label = choices.names(site).map_or_else(
                    || visitor.say("survey-kind-park", &[]),
                    |(name, en)| place_name(visitor.language, name, en),
                );
                groups.push((site.to_owned(), Group { label, items: vec![item] }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn form_page(
    visitor: &Visitor,
    (title, notice): (String, Option<String>),
    choices: &Choices,
    (action, changing): (String, bool),
    (week, filled): (Week, Filled),
) -> Response {
    use SiteKind::{Area, Gate, Park, Station};
    let page = FormPage {
        open: notice.is_none(),
        notice,
        changing,
        action,
        from: groups(visitor, choices, &[Station, Area, Park], &filled.origin),
        to: groups(visitor, choices, &[Park, Gate, Station, Area], &filled.destination),
        firms: firms(visitor, choices),
        days: (0..7).zip(dates::weekdays(visitor.language)).map(|(day, name)| (name, week.has(day))).collect(),
        uses: Usage::ALL.map(|usage| (usage.name(), visitor.say(&format!("survey-use-{}", usage.name()), &[]))).into(),
        nows: Now::ALL.map(|now| (now.name(), visitor.say(&format!("survey-now-{}", now.name()), &[]))).into(),
        filled,
        visitor,
        title,
    };
    visitor.page(&page.title, &shell::render(&page))
}

async fn form(State(app): State<App>, visitor: Visitor, At(token): At<String>) -> Result<Response, Refusal> {
    let (round, choices, open) = responses::round_of(&app, &token).await?;
    let title = titled(&visitor, &round.title, round.title_zh.as_deref());
    let notice = (!open).then(|| {
        let today = choices.today(jiff::Timestamp::now());
        if !round.closed && round.opens > today {
            visitor.say("survey-coming", &[("day", dates::full(visitor.language, round.opens).into())])
        } else {
            visitor.say("survey-closed", &[])
        }
    });
    let filled = Filled { usage: Usage::Maybe.name().to_owned(), ..Filled::default() };
    Ok(form_page(&visitor, (title, notice), &choices, (format!("/q/{token}"), false), (Week::WORKING, filled)))
}

async fn submit(State(app): State<App>, At(token): At<String>, form: Sent<Filled>) -> Result<Response, Refusal> {
    let answer = sent(form)?.answer()?;
    let (secret, _) = responses::answer(&app, &token, answer).await?;
    Ok(Redirect::to(&format!("/a/{secret}?new=1")).into_response())
}

#[derive(Template)]
#[template(path = "survey_own.html")]
struct OwnPage<'a> {
    visitor: &'a Visitor,
    title: String,
    thanks: bool,
    link: String,
    path: String,
    open: bool,
    rows: Vec<(String, String)>,
    ride: Vec<String>,
}

impl OwnPage<'_> {
    fn say(&self, key: &str) -> String {
        self.visitor.say(key, &[])
    }
}

#[derive(Debug, Default, Deserialize)]
struct JustSent {
    new: Option<String>,
}

impl Check for JustSent {}

async fn mine(
    State(app): State<App>,
    visitor: Visitor,
    At(secret): At<String>,
    Params(just): Params<JustSent>,
) -> Result<Response, Refusal> {
    let own = responses::own(&app, &secret).await?;
    let ride = ride::of(&app, &own).await?;
    let page = OwnPage {
        title: titled(&visitor, &own.round.title, own.round.title_zh.as_deref()),
        thanks: just.new.is_some(),
        link: format!("{}/a/{secret}", app.settings().base_url),
        path: format!("/a/{secret}"),
        open: own.open,
        rows: answered(&visitor, &own),
        ride: if visitor.language == Language::Zh { ride.text_zh } else { ride.text },
        visitor: &visitor,
    };
    Ok(visitor.page(&visitor.say("survey-yours", &[]), &shell::render(&page)))
}

/// An answer as a table.
fn answered(visitor: &Visitor, own: &Own) -> Vec<(String, String)> {
    let answer = &own.answer;
    let place = |id: &str| {
        let names = own.choices.names(id);
        names.map_or_else(|| id.to_owned(), |(name, en)| place_name(visitor.language, name, en))
    };
    let firm = answer.firm.as_ref().map(|id| {
        let firm = own.choices.firms.iter().find(|firm| firm.id == *id);
        firm.map_or_else(|| id.clone(), |firm| firm.name.clone())
    });
    let leave = answer.leave.clone().map(|leave| match &answer.arrive {
        Some(arrive) if leave <= *arrive => visitor.say("survey-next-day", &[("time", leave.into())]),
        _ => leave,
    });
    let days = answer.days.as_deref().unwrap_or("Mon-Fri");
    let yes = |truth: bool| truth.then(|| "✓".to_owned());
    let rows = [
        ("survey-row-from", Some(place(&answer.origin))),
        ("survey-row-to", Some(place(&answer.destination))),
        ("survey-row-firm", firm),
        ("survey-arrive", answer.arrive.clone()),
        ("survey-leave", leave),
        ("survey-days", Some(dates::pattern(visitor.language, days))),
        ("survey-use", Some(visitor.say(&format!("survey-use-{}", answer.usage.name()), &[]))),
        ("survey-both-ways", yes(answer.both_ways)),
        ("survey-wheelchair", yes(answer.wheelchair)),
        ("survey-row-walk", answer.max_walk_m.map(|metres| visitor.say("survey-metres", &[("metres", metres.into())]))),
        ("survey-row-now", answer.now.map(|now| visitor.say(&format!("survey-now-{}", now.name()), &[]))),
    ];
    rows.into_iter().filter_map(|(key, value)| Some((visitor.say(key, &[]), value?))).collect()
}

async fn change_form(State(app): State<App>, visitor: Visitor, At(secret): At<String>) -> Result<Response, Refusal> {
    let own = responses::own(&app, &secret).await?;
    let title = titled(&visitor, &own.round.title, own.round.title_zh.as_deref());
    let notice = (!own.open).then(|| visitor.say("survey-no-change", &[]));
    let week = own.answer.days.as_deref().and_then(Days::parse).map_or(Week::WORKING, |days| days.week());
    let action = (format!("/a/{secret}/change"), true);
    Ok(form_page(&visitor, (title, notice), &own.choices, action, (week, Filled::of(&own.answer))))
}

async fn change(
    State(app): State<App>,
    ask: Ask,
    At(secret): At<String>,
    form: Sent<Filled>,
) -> Result<Response, Refusal> {
    let answer = sent(form)?.answer()?;
    responses::alter(&app, &ask, &secret, "", answer).await?;
    Ok(Redirect::to(&format!("/a/{secret}")).into_response())
}

async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(secret): At<String>,
) -> Result<Response, Refusal> {
    responses::remove(&app, &ask, &secret).await?;
    let said = visitor.say("survey-withdrawn", &[]);
    // Plain words of ours: nothing in them needs escaping.
    Ok(visitor.page(&said, &format!("<h1>{said}</h1>")))
}
