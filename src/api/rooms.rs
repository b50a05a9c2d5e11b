//! Rooms: parks offer, groups claim. A claim is granted at once if a room is free then, else refused with the next window that is.
//!
//! Rooms are those of the register and of the project's rooms.csv; claims of claims.csv stand before those of the register.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, aside};
use super::ask::Ask;
use super::body::{At, Check, Checked, Params, text_flaw};
use super::caller::{Caller, Right};
use super::ground::{clock, is_clock, local, window, window_to_come};
use super::page::{Page, Paging};
use super::problem::{Body, Flaw, Halt, Problem};
use super::reply::{Reply, etag};
use super::{ground, tokens};
use crate::domain::calendar::{Days, Window};
use crate::planning::project::{Claim as Asked, Project, Room as Known};
use crate::planning::rooms::{first_come, uses as rooms_of};
use crate::publish::phrases::{Language, phrase};
use crate::search::Run;
use crate::storage::rooms::{self, Claim, Offer, Refusal, Room, State as Stored, Wanted};
use crate::storage::{StorageError, projects};

/// Rooms of a project, at most.
const MOST_ROOMS: i64 = 1_000;
/// Claims of a project that are not withdrawn, at most.
const MOST_CLAIMS: i64 = 20_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, offer))
        .routes(routes!(remove))
        .routes(routes!(claims, claim))
        .routes(routes!(own, withdraw))
}

/// A room offered.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Room)]
pub(super) struct RoomShown {
    /// Its id.
    pub(super) id: String,
    /// Where: a site's id.
    pub(super) site: String,
    /// What for.
    pub(super) kind: String,
    /// Seats.
    pub(super) seats: u32,
    /// Weekdays or dates on which it is open.
    pub(super) days: String,
    /// From.
    pub(super) from: String,
    /// To; not after `from`: the next day.
    pub(super) to: String,
    /// Who may use it.
    pub(super) who: String,
}

impl RoomShown {
    fn of(room: Room) -> Self {
        let Offer { site, kind, seats, days, from, to, who } = room.offer;
        Self { id: room.id, site, kind, seats, days, from, to, who }
    }
    fn known(room: &Known) -> Self {
        Self {
            id: room.id.clone(),
            site: room.site.clone(),
            kind: room.kind.clone(),
            seats: room.seats,
            days: room.window.days.to_string(),
            from: clock(room.window.from),
            to: clock(room.window.to),
            who: room.who.clone(),
        }
    }
}

/// A room to be offered.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRoom {
    /// Its id: small letters, digits, hyphens.
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9][a-z0-9-]{0,63}$")]
    pub(super) id: String,
    /// Where: a site's id.
    #[schema(min_length = 1, max_length = 64, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) site: String,
    /// What for: `reading`, `nursing`, `meeting` …
    #[schema(min_length = 1, max_length = 64, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) kind: String,
    /// Seats.
    #[schema(minimum = 1, maximum = 100000)]
    pub(super) seats: u32,
    /// Weekdays or dates: `daily`, `Mon-Fri`, `一三五`, `2026-12-24`.
    #[schema(min_length = 1, max_length = 60, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) days: String,
    /// From.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub(super) from: String,
    /// To; not after `from`: the next day.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub(super) to: String,
    /// Who may use it.
    #[serde(default)]
    #[schema(max_length = 200, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) who: String,
}

fn times_flaws(days: &str, from: &str, to: &str) -> Vec<Flaw> {
    let mut flaws: Vec<Flaw> = text_flaw("days", days, 1..=60).into_iter().collect();
    flaws.extend(
        [("from", from), ("to", to)]
            .iter()
            .filter(|(_, text)| !is_clock(text))
            .map(|(name, _)| Flaw::new(*name, "place-clock")),
    );
    flaws
}

fn count_flaw(field: &str, number: u32) -> Option<Flaw> {
    (!(1..=100_000).contains(&number)).then(|| Flaw::new(field, "number-range").arg("least", 1).arg("most", 100_000))
}

impl Check for NewRoom {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = times_flaws(&self.days, &self.from, &self.to);
        flaws.extend((!super::projects::is_slug(self.id.trim_end_matches('\n'))).then(|| Flaw::new("id", "slug")));
        flaws.extend(text_flaw("site", &self.site, 1..=64));
        flaws.extend(text_flaw("kind", &self.kind, 1..=64));
        flaws.extend(text_flaw("who", &self.who, 0..=200));
        flaws.extend(count_flaw("seats", self.seats));
        flaws
    }
}

/// Rooms of the register, by id.
#[utoipa::path(get, path = "/v1/projects/{project}/rooms", tag = "rooms", params(("project" = String, Path), Paging),
    responses((status = 200, body = Page<RoomShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<RoomShown>>, Problem> {
    caller.may(Right::Read, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let rows = rooms::list(&mut conn, &project, paging.after(), paging.fetch()).await?;
    Ok(Json(paging.page(rows, |room| room.id.clone(), RoomShown::of)))
}

/// Offer a room.
#[utoipa::path(post, path = "/v1/projects/{project}/rooms", tag = "rooms", params(("project" = String, Path)),
    request_body = NewRoom, responses(
    (status = 201, body = RoomShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn offer(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    body: Checked<NewRoom>,
) -> Result<Reply, Halt> {
    add(&app, &caller, &ask, &project, &body.value, body.fingerprint()).await
}

/// The same for a page.
pub(super) async fn add(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    project: &str,
    new: &NewRoom,
    fingerprint: &str,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Allot, project)?;
    let ground = ground::of(app, project).await?;
    let (from, to) = (new.from.trim().to_owned(), new.to.trim().to_owned());
    let days = window_to_come(&new.days, &from, &to, local(&ground.timezone))?.days.to_string();
    let id = new.id.trim();
    if ground.rooms.iter().any(|room| room.id == id) {
        return Err(Problem::conflict("exists").into());
    }
    let site = new.site.trim();
    if !ground.sites.is_empty() && ground.site(site).is_none() {
        return Err(Problem::conflict("place-unknown").arg("home", site).into());
    }
    let offer = Offer {
        site: site.to_owned(),
        kind: new.kind.trim().to_owned(),
        seats: new.seats,
        days,
        from,
        to,
        who: new.who.clone(),
    };
    let mut tx = ask.begin(app, fingerprint).await?;
    projects::get(&mut tx, project).await?;
    let known = rooms::list(&mut tx, project, "", MOST_ROOMS).await?;
    if i64::try_from(known.len()).unwrap_or(MOST_ROOMS) >= MOST_ROOMS {
        return Err(Problem::conflict("place-too-many").arg("most", MOST_ROOMS).into());
    }
    let now = tx.now;
    let room = rooms::add(&mut tx, project, id, &offer, now).await?;
    tx.finish(Reply::created(format!("/v1/projects/{project}/rooms/{id}"), &RoomShown::of(room))).await
}

/// Take an offer back; claims that were granted stay.
#[utoipa::path(delete, path = "/v1/projects/{project}/rooms/{room}", tag = "rooms",
    params(("project" = String, Path), ("room" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn remove(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, room)): At<(String, String)>,
) -> Result<Reply, Halt> {
    drop_offer(&app, &caller, &ask, (&project, &room)).await
}

/// The same for a page.
pub(super) async fn drop_offer(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    (project, room): (&str, &str),
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Allot, project)?;
    let mut tx = ask.begin(app, "").await?;
    rooms::remove(&mut tx, project, room).await?;
    tx.finish(Reply::done()).await
}

/// A claim: a room or a kind of room, when, for how many.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewClaim {
    /// A room's id.
    #[schema(min_length = 1, max_length = 64, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) room: Option<String>,
    /// … or a kind: any room of it.
    #[schema(min_length = 1, max_length = 64, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) kind: Option<String>,
    /// Weekdays, every week, or dates: `Mon`, `Sat,Sun`, `一三五`, `2026-12-24`.
    #[schema(min_length = 1, max_length = 60, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) days: String,
    /// From.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub(super) from: String,
    /// To; not after `from`: the next day.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub(super) to: String,
    /// How many.
    #[schema(minimum = 1, maximum = 100000)]
    pub(super) people: u32,
    /// What the group is called: a choir, a club; no person.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
    pub(super) group: String,
}

impl Check for NewClaim {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = times_flaws(&self.days, &self.from, &self.to);
        flaws.extend(self.room.iter().filter_map(|room| text_flaw("room", room, 1..=64)));
        flaws.extend(self.kind.iter().filter_map(|kind| text_flaw("kind", kind, 1..=64)));
        flaws.extend(text_flaw("group", &self.group, 1..=100));
        flaws.extend(count_flaw("people", self.people));
        flaws
    }
}

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClaimState {
    /// It has its room.
    Granted,
    /// It has none.
    Refused,
    /// Taken back.
    Withdrawn,
    /// All its dates have gone by.
    Over,
}

/// A window in which a room is free.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FreeThen {
    /// Room.
    pub(super) room: String,
    /// Weekdays or dates.
    pub(super) days: String,
    /// From.
    pub(super) from: String,
    /// To; not after `from`: the next day.
    pub(super) to: String,
}

/// A claim, as who made it and the planner see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoomClaim)]
pub(super) struct ClaimShown {
    /// Id.
    pub(super) id: String,
    /// Where it stands.
    pub(super) state: ClaimState,
    /// The room or kind claimed.
    pub(super) wanted: String,
    /// Weekdays or dates.
    pub(super) days: String,
    /// From.
    pub(super) from: String,
    /// To; not after `from`: the next day.
    pub(super) to: String,
    /// How many.
    pub(super) people: u32,
    /// Group.
    pub(super) group: String,
    /// The room it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) room: Option<String>,
    /// Why it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// Why it has none, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason_zh: Option<String>,
    /// The next window in which a room is free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<FreeThen>,
    /// Goes up with every change; the ETag.
    pub(super) revision: i64,
    /// Since when.
    pub(super) created: String,
}

impl ClaimShown {
    /// As it stands at a minute of the calendar.
    pub(super) fn of(claim: Claim, now: i64) -> Self {
        let Claim { id, state, wanted, room, refusal, revision, created, .. } = claim;
        let over = window(&wanted.days, &wanted.from, &wanted.to).is_ok_and(|asked| asked.is_over(now));
        let said = |language| {
            let refusal = refusal.as_ref()?;
            Some(phrase(language, "room-refused", &[("reason", refusal.reason.as_str().into())]))
        };
        let (reason, reason_zh) = (said(Language::En), said(Language::Zh));
        Self {
            id,
            state: match state {
                Stored::Granted | Stored::Refused if over => ClaimState::Over,
                Stored::Granted => ClaimState::Granted,
                Stored::Refused => ClaimState::Refused,
                Stored::Withdrawn => ClaimState::Withdrawn,
            },
            wanted: wanted.room,
            days: wanted.days,
            from: wanted.from,
            to: wanted.to,
            people: wanted.people,
            group: wanted.group,
            room,
            reason,
            reason_zh,
            // What was free next is of no use to a day that is over.
            next: refusal.filter(|_| !over).and_then(|refusal| refusal.next).map(|(room, days, from, to)| FreeThen {
                room,
                days,
                from,
                to,
            }),
            revision,
            created,
        }
    }
    /// The reason in a language.
    pub(super) fn why(&self, language: Language) -> &str {
        match language {
            Language::Zh => self.reason_zh.as_deref(),
            Language::En => self.reason.as_deref(),
        }
        .unwrap_or_default()
    }
}

/// A claim and its secret link, told once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClaimMade {
    /// It.
    claim: ClaimShown,
    /// Secret: with it the claim is seen and withdrawn.
    token: String,
    /// The page of the claim.
    link: String,
}

/// All rooms, over or not: those of the files, then those of the register.
fn offered(ground: &Project, register: &[Room]) -> Vec<Known> {
    let mut all = ground.rooms.clone();
    for room in register {
        let offer = &room.offer;
        if all.iter().any(|known| known.id == room.id) {
            continue;
        }
        if let Ok(window) = window(&offer.days, &offer.from, &offer.to) {
            let (site, kind, who) = (offer.site.clone(), offer.kind.clone(), offer.who.clone());
            all.push(Known { id: room.id.clone(), site, kind, seats: offer.seats, window, who });
        }
    }
    all
}

/// A room with what of its opening is to come at a minute of the calendar, where there is any.
fn to_come(room: Known, now: i64) -> Option<Known> {
    Some(Known { window: room.window.parted(now).1?, ..room })
}

/// All rooms that are open at a minute of the calendar or later, and when.
fn all(ground: &Project, register: &[Room], now: i64) -> Vec<Known> {
    offered(ground, register).into_iter().filter_map(|room| to_come(room, now)).collect()
}

/// Rooms and windows that claims of claims.csv have, and granted ones of the register, but for what is over at a minute of the calendar.
fn taken(ground: &Project, granted: &[Claim], now: i64) -> Vec<(String, Window)> {
    let files = rooms_of(ground, &Run::quiet(1)).into_iter().filter_map(|used| match Days::parse(&used.days) {
        Some(days) => Some((used.room, Window { days, from: used.from, to: used.to })),
        None => None,
    });
    let register = granted.iter().filter_map(|claim| {
        let wanted = &claim.wanted;
        Some((claim.room.clone()?, window(&wanted.days, &wanted.from, &wanted.to).ok()?))
    });
    files.chain(register).filter_map(|(room, window)| Some((room, window.parted(now).1?))).collect()
}

/// All rooms of a project, as a page shows them, with what of each is to come; those that are over whole, and told by `true`.
pub(super) async fn offers(app: &App, project: &str) -> Result<Vec<(RoomShown, bool)>, Problem> {
    let ground = ground::of(app, project).await?;
    let register = rooms::list(&mut *app.store().read().await?, project, "", MOST_ROOMS).await?;
    let now = local(&ground.timezone);
    let shown = |room: Known| match to_come(room.clone(), now) {
        Some(room) => (RoomShown::known(&room), false),
        None => (RoomShown::known(&room), true),
    };
    Ok(offered(&ground, &register).into_iter().map(shown).collect())
}

/// When rooms are taken: room, days, from, to. Who has them is nobody's business.
pub(super) async fn taken_times(app: &App, project: &str) -> Result<Vec<FreeThen>, Problem> {
    let ground = ground::of(app, project).await?;
    let granted = rooms::granted(&mut *app.store().read().await?, project).await?;
    let mut taken = aside(move || taken(&ground, &granted, local(&ground.timezone))).await?;
    // As a week is read: weekdays, then dates, each by its times.
    taken.sort_by_key(|(_, window)| match &window.days {
        Days::Dates(dates) => (usize::MAX, dates.first().copied(), window.from, window.to),
        weekly => (weekly.week().days().next().unwrap_or(0), None, window.from, window.to),
    });
    Ok(taken.into_iter().map(|(room, window)| free_then(room, &window)).collect())
}

fn free_then(room: String, window: &Window) -> FreeThen {
    FreeThen { room, days: window.days.to_string(), from: clock(window.from), to: clock(window.to) }
}

/// Claims a room: the claim, decided, and its secret.
pub(super) async fn ask_for(app: &App, project: &str, new: &NewClaim) -> Result<(Claim, String), Problem> {
    let ground = ground::of(app, project).await?;
    let room = match (&new.room, &new.kind) {
        (Some(named), None) | (None, Some(named)) => named.trim().to_owned(),
        _ => return Err(Problem::conflict("room-or-kind")),
    };
    let (from, to) = (new.from.trim().to_owned(), new.to.trim().to_owned());
    let now = local(&ground.timezone);
    let window = window_to_come(&new.days, &from, &to, now)?;
    let wanted = Wanted {
        room: room.clone(),
        days: window.days.to_string(),
        from,
        to,
        people: new.people,
        group: new.group.clone(),
    };
    let asked = Asked { id: String::new(), room, window, people: new.people, group: String::new() };
    let token = tokens::new()?;
    // Looked up and granted in one transaction: two who ask at once do not get the same hour.
    let mut tx = app.store().write().await?;
    projects::lock(&mut tx, project).await?;
    let register = rooms::list(&mut tx, project, "", MOST_ROOMS).await?;
    let known = all(&ground, &register, now);
    if known.is_empty() {
        return Err(Problem::conflict("room-none"));
    }
    let moment = Timestamp::now();
    if rooms::count(&mut tx, project, MOST_CLAIMS, moment).await? >= MOST_CLAIMS {
        return Err(Problem::conflict("place-too-many").arg("most", MOST_CLAIMS));
    }
    let granted = rooms::granted(&mut tx, project).await?;
    let decided = aside(move || first_come::decide(&known, &taken(&ground, &granted, now), &asked)).await?;
    let decided = decided.map_err(|refused| Refusal {
        reason: refused.reason.to_owned(),
        next: refused.next.map(|(room, then)| {
            let FreeThen { room, days, from, to } = free_then(room, &then);
            (room, days, from, to)
        }),
    });
    let claim = rooms::add_claim(&mut tx, project, &tokens::hash(&token), &wanted, &decided, moment).await?;
    tx.commit().await.map_err(StorageError::from)?;
    Ok((claim, token))
}

/// Claim a room, every week; no login. Granted at once if it is free then. The answer holds a secret link, told once.
#[utoipa::path(post, path = "/v1/projects/{project}/claims", tag = "rooms", security(()), params(("project" = String, Path)),
    request_body = NewClaim, responses(
    (status = 201, body = ClaimMade), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn claim(State(app): State<App>, At(project): At<String>, body: Checked<NewClaim>) -> Result<Reply, Problem> {
    // No Idempotency-Key here: its answer would keep the secret.
    let (claim, token) = ask_for(&app, &project, &body.value).await?;
    let revision = claim.revision;
    let link = format!("{}/rooms/claim/{token}", app.settings().base_url);
    let location = format!("/v1/claims/{token}");
    // It has something still to come: it was looked over.
    let claim = ClaimShown::of(claim, i64::MIN);
    Ok(Reply::created(location, &ClaimMade { claim, token, link }).revision(revision))
}

/// Claims of a project, oldest first.
#[utoipa::path(get, path = "/v1/projects/{project}/claims", tag = "rooms", params(("project" = String, Path), Paging),
    responses((status = 200, body = Page<ClaimShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn claims(
    State(app): State<App>,
    caller: Caller,
    At(project): At<String>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<ClaimShown>>, Problem> {
    caller.may_whole(Right::Allot, &project)?;
    let mut conn = app.store().read().await?;
    projects::get(&mut conn, &project).await?;
    let rows = rooms::claims(&mut conn, &project, paging.after(), paging.fetch()).await?;
    drop(conn);
    let now = local(&ground::of(&app, &project).await?.timezone);
    Ok(Json(paging.page(rows, |claim| claim.id.clone(), |claim| ClaimShown::of(claim, now))))
}

/// The claim of a secret link, as it stands today, and its project.
pub(super) async fn of_token(app: &App, token: &str) -> Result<(String, ClaimShown), Problem> {
    let claim = rooms::by_token(&mut *app.store().read().await?, &tokens::hash(token)).await?;
    let project = claim.project.clone();
    let now = local(&ground::of(app, &project).await?.timezone);
    Ok((project, ClaimShown::of(claim, now)))
}

/// One's own claim, by the secret link.
#[utoipa::path(get, path = "/v1/claims/{token}", tag = "rooms", security(()), params(("token" = String, Path)),
    responses((status = 200, body = ClaimShown), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn own(State(app): State<App>, At(token): At<String>) -> Result<Response, Problem> {
    let (_, claim) = of_token(&app, &token).await?;
    let headers = [(header::ETAG, etag(claim.revision)), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, Json(claim)).into_response())
}

/// Take one's own claim back: the room is free again.
#[utoipa::path(delete, path = "/v1/claims/{token}", tag = "rooms", security(()), params(("token" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn withdraw(State(app): State<App>, ask: Ask, At(token): At<String>) -> Result<Reply, Halt> {
    take_back(&app, &ask, &token).await
}

/// The same for a page.
pub(super) async fn take_back(app: &App, ask: &Ask, token: &str) -> Result<Reply, Halt> {
    let mut tx = ask.begin(app, "").await?;
    let hash = tokens::hash(token);
    let project = rooms::by_token(&mut tx, &hash).await?.project;
    projects::lock(&mut tx, &project).await?;
    let claim = rooms::by_token(&mut tx, &hash).await?;
    ask.expects(claim.revision)?;
    let now = tx.now;
    rooms::withdraw(&mut tx, &claim.id, now).await?;
    tx.finish(Reply::done()).await
}
