//! People, for those who manage them: who can sign in, as what, a one-time link, keep somebody out.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, filled, to};
use super::shown::{name, words};
use crate::api::app::App;
use crate::api::ask::Ask;
use crate::api::body::{At, Checked};
use crate::api::caller::{Right, Role};
use crate::api::problem::Problem;
use crate::api::users::{self as api, NewGrant, NewUser, UserChange};
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::storage::people::{self, Grant};
use crate::storage::projects;

/// Everybody on one page, at most.
const MOST: i64 = 500;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/people", get(list).post(add)).route("/people/{user}", get(show).post(change))
}

struct Row {
    id: String,
    name: String,
    login: String,
    roles: String,
    state: String,
}

#[derive(Template)]
#[template(path = "committee_people.html")]
struct ListPage {
    w: Words,
    rows: Vec<Row>,
}

/// "规划者（gonghexin）"
fn role(w: Words, grant: &Grant) -> String {
    let role = w.t(&format!("committee-role-{}", grant.role.replace('_', "-")));
    let place = match (&grant.project, &grant.park) {
        (Some(project), Some(park)) => format!("{project} / {park}"),
        (Some(project), None) => project.clone(),
        _ => w.t("committee-role-everywhere"),
    };
    if w.english() { format!("{role} ({place})") } else { format!("{role}（{place}）") }
}

async fn list(State(app): State<App>, visitor: Visitor) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_everywhere(Right::ManagePeople)?;
    let w = words(&visitor);
    let mut conn = app.store().read().await?;
    let mut rows = Vec::new();
    for user in people::list(&mut conn, "", MOST).await? {
        let grants = people::grants(&mut conn, &user.id).await?;
        let has_password = people::by_login(&mut conn, &user.login).await?.is_some_and(|(_, hash)| hash.is_some());
        let state = match (user.disabled, has_password) {
            (true, _) => "committee-user-disabled",
            (false, true) => "committee-user-active",
            (false, false) => "committee-user-new",
        };
        let roles = grants.iter().map(|grant| role(w, grant)).collect::<Vec<_>>();
        rows.push(Row {
            id: user.id,
            name: user.name,
            login: user.login,
            roles: if roles.is_empty() { "–".to_owned() } else { roles.join(if w.english() { ", " } else { "，" }) },
            state: w.t(state),
        });
    }
    Ok(visitor.page(&w.t("committee-people"), &shell::render(&ListPage { w, rows })))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct New {
    login: String,
    name: String,
}

async fn add(State(app): State<App>, visitor: Visitor, ask: Ask, Sent(form): Sent<New>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let login = form.login.trim().to_owned();
    let name = filled(&form.name).unwrap_or_else(|| login.clone());
    let body = Checked::of_form(NewUser { login, name }, String::new())?;
    let reply = api::add(State(app), visitor.caller, ask, body).await?;
    Ok(to(&format!("/people/{}", reply.id())))
}

#[derive(Template)]
#[template(path = "committee_person.html")]
struct Page {
    w: Words,
    name: String,
    login: String,
    disabled: bool,
    oneself: bool,
    /// Id and words.
    grants: Vec<(String, String)>,
    /// Name and words.
    roles: Vec<(&'static str, String)>,
    projects: Vec<(String, String)>,
    /// A one-time link, shown this once.
    link: Option<String>,
}

async fn page(app: &App, visitor: &Visitor, user: &str, link: Option<String>) -> Result<Response, Refusal> {
    let w = words(visitor);
    let mut conn = app.store().read().await?;
    let user = people::get(&mut conn, user).await?;
    let grants = people::grants(&mut conn, &user.id).await?;
    let projects = projects::list(&mut conn, "", MOST).await?;
    let title = user.name.clone();
    let page = Page {
        w,
        oneself: visitor.caller.id() == Some(user.id.as_str()),
        grants: grants.iter().map(|grant| (grant.id.clone(), role(w, grant))).collect(),
        roles: Role::ALL
            .map(|role| (role.name(), w.t(&format!("committee-role-{}-what", role.name().replace('_', "-")))))
            .to_vec(),
        projects: projects.iter().map(|project| (project.id.clone(), name(w, project))).collect(),
        link,
        name: user.name,
        login: user.login,
        disabled: user.disabled,
    };
    Ok(visitor.page(&title, &shell::render(&page)))
}

async fn show(State(app): State<App>, visitor: Visitor, At(user): At<String>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_everywhere(Right::ManagePeople)?;
    page(&app, &visitor, &user, None).await
}

/// One of the page's forms: `act` says which.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    act: String,
    role: String,
    project: String,
    park: String,
    grant: String,
}

async fn change(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(user): At<String>,
    Sent(form): Sent<Form>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_everywhere(Right::ManagePeople)?;
    let (state, caller) = (State(app.clone()), visitor.caller.clone());
    match form.act.as_str() {
        // Shown once: a page that is loaded again must not make another, and none keeps it.
        "invite" => {
            let link = api::new_invitation(&app, &user).await?;
            return page(&app, &visitor, &user, Some(link)).await;
        }
        "give" => {
            let role = Role::ALL.into_iter().find(|role| role.name() == form.role);
            let role = role.ok_or_else(|| Problem::field("role", "form-empty"))?;
            let grant = NewGrant { role, project: filled(&form.project), park: filled(&form.park) };
            let body = Checked::of_form(grant, String::new())?;
            api::grant(state, caller, ask, At(user.clone()), body).await?;
        }
        "take" => {
            api::take(state, caller, ask, At((user.clone(), form.grant))).await?;
        }
        "disable" | "enable" => {
            let body = Checked::of_form(UserChange { disabled: form.act == "disable" }, String::new())?;
            api::change(state, caller, ask, At(user.clone()), body).await?;
        }
        _ => return Err(Problem::field("act", "form-empty").into()),
    }
    Ok(to(&format!("/people/{user}")))
}
