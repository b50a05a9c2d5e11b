//! A room for a group: what there is and when it is taken, claim one, see what became of it; the committee's offers and claims.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::{Filled, Words, checked, name, number, site_name, some, today};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::At;
use crate::api::caller::Right;
use crate::api::ground;
use crate::api::pages::frame::{Refusal, Visitor, form_urlencoded};
use crate::api::rooms::{self as api, ClaimShown, ClaimState, FreeThen, NewClaim, NewRoom, RoomShown};
use crate::publish::pages::shell::render;
use crate::publish::phrases::Language;
use crate::storage::rooms;

/// Claims on the committee's page.
const SHOWN: i64 = 500;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rooms/{project}", get(form).post(claim))
        .route("/rooms/claim/{token}", get(own))
        .route("/rooms/claim/{token}/withdraw", post(withdraw))
        .route("/projects/{project}/rooms", get(overview).post(offer))
        .route("/projects/{project}/rooms/{room}/remove", post(remove))
}

/// A room and the times at which it is taken.
struct Open {
    room: RoomShown,
    /// All its dates have gone by.
    over: bool,
    site: String,
    taken: Vec<FreeThen>,
}

/// All rooms of a project; sites by their names.
async fn open(app: &App, visitor: &Visitor, project: &str) -> Result<Vec<Open>, Refusal> {
    let ground = ground::of(app, project).await?;
    let taken = api::taken_times(app, project).await?;
    let rooms = api::offers(app, project).await?;
    Ok(rooms
        .into_iter()
        .map(|(room, over)| {
            let site = site_name(&ground, visitor.language, &room.site);
            let taken = taken.iter().filter(|taken| taken.room == room.id).cloned().collect();
            Open { room, over, site, taken }
        })
        .collect())
}

#[derive(Template)]
#[template(path = "places_rooms.html")]
struct FormPage<'a> {
    w: Words<'a>,
    name: String,
    rooms: Vec<Open>,
    kinds: Vec<String>,
    today: String,
}

async fn form(State(app): State<App>, visitor: Visitor, At(project): At<String>) -> Result<Response, Refusal> {
    let mut rooms = open(&app, &visitor, &project).await?;
    rooms.retain(|open| !open.over);
    let mut kinds: Vec<String> =
        rooms.iter().map(|open| open.room.kind.clone()).filter(|kind| !kind.is_empty()).collect();
    kinds.sort();
    kinds.dedup();
    let name = name(&app, &visitor, &project).await?;
    let ground = ground::of(&app, &project).await?;
    let page = FormPage { w: Words(&visitor), name, rooms, kinds, today: today(&ground) };
    Ok(visitor.page(&visitor.say("places-rooms-title", &[]), &render(&page)))
}

#[derive(Deserialize)]
struct Claimed {
    /// `room:ID` or `kind:KIND`.
    #[serde(default)]
    what: String,
    #[serde(default)]
    days: String,
    /// One day only, instead of these days.
    #[serde(default)]
    date: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    people: String,
    #[serde(default)]
    group: String,
}

async fn claim(
    State(app): State<App>,
    At(project): At<String>,
    Filled(form): Filled<Claimed>,
) -> Result<Response, Refusal> {
    let new = checked(NewClaim {
        room: form.what.strip_prefix("room:").and_then(some),
        kind: form.what.strip_prefix("kind:").and_then(some),
        days: some(&form.date).or_else(|| some(&form.days)).unwrap_or_default(),
        from: form.from,
        to: form.to,
        people: number("people", &form.people)?,
        group: form.group.trim().to_owned(),
    })?;
    let (_, token) = api::ask_for(&app, &project, &new).await?;
    Ok(Redirect::to(&format!("/rooms/claim/{token}?said=1")).into_response())
}

#[derive(Deserialize)]
struct Just {
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "places_claim.html")]
struct OwnPage<'a> {
    w: Words<'a>,
    claim: &'a ClaimShown,
    language: Language,
    project: String,
    said: bool,
    link: String,
    token: &'a str,
}

impl OwnPage<'_> {
    fn state(&self) -> &'static str {
        state(self.claim.state)
    }
    /// What is over is withdrawn all the same: nobody needs to be asked what became of it.
    fn may_withdraw(&self) -> bool {
        matches!(self.claim.state, ClaimState::Granted | ClaimState::Over)
    }
}

fn state(state: ClaimState) -> &'static str {
    match state {
        ClaimState::Granted => "granted",
        ClaimState::Refused => "refused",
        ClaimState::Withdrawn => "withdrawn",
        ClaimState::Over => "over",
    }
}

async fn own(
    State(app): State<App>,
    visitor: Visitor,
    At(token): At<String>,
    Query(just): Query<Just>,
) -> Result<Response, Refusal> {
    let (project, claim) = api::of_token(&app, &token).await?;
    let link = format!("{}/rooms/claim/{token}", app.settings().base_url);
    let page = OwnPage {
        w: Words(&visitor),
        claim: &claim,
        language: visitor.language,
        project,
        said: just.said.is_some(),
        link,
        token: &token,
    };
    Ok(visitor.page(&visitor.say("places-claim-own", &[]), &render(&page)))
}

async fn withdraw(State(app): State<App>, ask: Ask, At(token): At<String>) -> Result<Response, Refusal> {
    api::take_back(&app, &ask, &token).await?;
    Ok(Redirect::to(&format!("/rooms/claim/{}", form_urlencoded(&token))).into_response())
}

#[derive(Template)]
#[template(path = "places_rooms_offers.html")]
struct Overview<'a> {
    w: Words<'a>,
    project: &'a str,
    name: String,
    language: Language,
    rooms: Vec<Open>,
    /// Rooms of the register, which may be taken back here.
    register: Vec<String>,
    sites: Vec<(String, String)>,
    claims: Option<Vec<ClaimShown>>,
}

impl Overview<'_> {
    fn state(&self, claim: &ClaimShown) -> &'static str {
        state(claim.state)
    }
    fn ours(&self, id: &str) -> bool {
        self.claims.is_some() && self.register.iter().any(|known| known == id)
    }
}

async fn overview(State(app): State<App>, visitor: Visitor, At(project): At<String>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let name = name(&app, &visitor, &project).await?;
    let rooms = open(&app, &visitor, &project).await?;
    let ground = ground::of(&app, &project).await?;
    let sites = ground.sites.iter().map(|site| (site.id.clone(), site.name.clone())).collect();
    let mut conn = app.store().read().await?;
    let register = rooms::list(&mut conn, &project, "", 1000).await?.into_iter().map(|room| room.id).collect();
    let mut claims = None;
    if visitor.caller.may_whole(Right::Allot, &project).is_ok() {
        let rows = rooms::claims(&mut conn, &project, "", SHOWN).await?;
        let now = ground::local(&ground.timezone);
        claims = Some(rows.into_iter().rev().map(|claim| ClaimShown::of(claim, now)).collect());
    }
    drop(conn);
    let page = Overview {
        w: Words(&visitor),
        project: &project,
        name,
        language: visitor.language,
        rooms,
        register,
        sites,
        claims,
    };
    Ok(visitor.page(&visitor.say("places-rooms-offers", &[]), &render(&page)))
}

#[derive(Deserialize)]
struct Offered {
    #[serde(default)]
    id: String,
    #[serde(default)]
    site: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    seats: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    who: String,
}

async fn offer(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    Filled(form): Filled<Offered>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let new = checked(NewRoom {
        id: form.id.trim().to_owned(),
        site: form.site,
        kind: form.kind,
        seats: number("seats", &form.seats)?,
        days: form.days,
        from: form.from,
        to: form.to,
        who: form.who,
    })?;
    api::add(&app, &visitor.caller, &ask, &project, &new, "").await?;
    Ok(Redirect::to(&format!("/projects/{project}/rooms")).into_response())
}

async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At((project, room)): At<(String, String)>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    api::drop_offer(&app, &visitor.caller, &ask, (&project, &room)).await?;
    Ok(Redirect::to(&format!("/projects/{project}/rooms")).into_response())
}
