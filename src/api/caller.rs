//! Who is asking, and may they? A session's cookie, a key for programs (`Authorization: Bearer`), or nobody.
//!
//! Roles hold everywhere, in a project, or in one park of a project. A project in which the caller has no role looks as if it were
//! not there.

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::app::App;
use super::problem::Problem;
use super::tokens;
use crate::storage::people::{self, Grant, User};

/// The session's cookie.
pub const SESSION: &str = "jiebo_session";

/// What somebody is in a project or a park.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, people and their roles included.
    Admin,
    /// Plans, publishes, and all below.
    Planner,
    /// Opens survey rounds and reads answers.
    SurveyOfficer,
    /// Runs the day: cancels, delays, alerts, counts.
    Operator,
    /// Sees what becomes of their lots.
    LotOwner,
    /// Reads what a committee may read.
    Viewer,
}

impl Role {
    /// All.
    pub const ALL: [Self; 6] =
        [Self::Admin, Self::Planner, Self::SurveyOfficer, Self::Operator, Self::LotOwner, Self::Viewer];

    /// As it is kept.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Planner => "planner",
            Self::SurveyOfficer => "survey_officer",
            Self::Operator => "operator",
            Self::LotOwner => "lot_owner",
            Self::Viewer => "viewer",
        }
    }
    fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
    /// May this role do that?
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        match self {
            Self::Admin => true,
            Self::Planner => right != Right::ManagePeople,
            Self::SurveyOfficer => matches!(right, Right::Read | Right::ReadAnswers | Right::Survey),
            Self::Operator => matches!(right, Right::Read | Right::Operate),
            Self::LotOwner => matches!(right, Right::Read | Right::ReadLots),
            Self::Viewer => right == Right::Read,
        }
    }
}

/// What an action needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// What a committee may read: figures, report, board, comments.
    Read,
    /// Files, cohorts and whole plans: planners only.
    ReadCohorts,
    /// Change files and scenarios, start and cancel jobs.
    Plan,
    /// Publish and withdraw.
    Publish,
    /// Read survey answers.
    ReadAnswers,
    /// Open and close survey rounds.
    Survey,
    /// Cancel, delay, alert, count.
    Operate,
    /// See a lot's week (the owner's own lots where the role is bound to a park).
    ReadLots,
    /// Decide parking and room requests.
    Allot,
    /// Answer comments.
    Answer,
    /// Users and roles.
    ManagePeople,
}

/// How far a right reaches in a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of it.
    Whole,
    /// These parks (site ids) only.
    Parks(BTreeSet<String>),
}

impl Reach {
    /// Does it reach this park? What belongs to no park is reached by the whole only.
    #[must_use]
    pub fn has(&self, park: Option<&str>) -> bool {
        match self {
            Self::Whole => true,
            Self::Parks(parks) => park.is_some_and(|park| parks.contains(park)),
        }
    }
}

/// Who is asking.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody we know.
    Nobody,
    /// `--open`: whoever sits at this machine.
    Local,
    /// A user with their roles; by cookie or by key.
    Known {
        /// Who.
        user: User,
        /// Their roles.
        grants: Vec<Grant>,
    },
}

impl Caller {
    /// The user's id; `local` for whoever sits here; `None` for nobody.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Nobody => None,
            Self::Local => Some("local"),
            Self::Known { user, .. } => Some(&user.id),
        }
    }

    /// The user.
    ///
    /// # Errors
    /// 401 for nobody; 409 for `--open`, where there are no users.
    pub fn user(&self) -> Result<&User, Problem> {
        match self {
            Self::Nobody => Err(Problem::anonymous()),
            Self::Local => Err(Problem::conflict("no-users-when-open")),
            Self::Known { user, .. } => Ok(user),
        }
    }

    /// May they do that in the project, and how far does it reach?
    ///
    /// # Errors
    /// 401 for nobody, 404 without any role in the project, 403 without the right one.
    pub fn may(&self, right: Right, project: &str) -> Result<Reach, Problem> {
        let grants = match self {
            Self::Nobody => return Err(Problem::anonymous()),
            Self::Local => return Ok(Reach::Whole),
            Self::Known { grants, .. } => grants,
        };
        let here: Vec<&Grant> =
            grants.iter().filter(|grant| grant.project.as_deref().is_none_or(|own| own == project)).collect();
        if here.is_empty() {
            return Err(Problem::missing("project"));
        }
        let mut parks = BTreeSet::new();
        for grant in here.iter().filter(|grant| Role::read(&grant.role).is_some_and(|role| role.may(right))) {
            match &grant.park {
                None => return Ok(Reach::Whole),
                Some(park) => {
                    parks.insert(park.clone());
                }
            }
        }
        if parks.is_empty() { Err(Problem::forbidden()) } else { Ok(Reach::Parks(parks)) }
    }

    /// The same where only the whole project will do.
    ///
    /// # Errors
    /// As for [`Caller::may`]; 403 too where the right reaches some parks only.
    pub fn may_whole(&self, right: Right, project: &str) -> Result<(), Problem> {
        match self.may(right, project)? {
            Reach::Whole => Ok(()),
            Reach::Parks(_) => Err(Problem::forbidden()),
        }
    }

    /// May they do that in all projects (new projects, users)?
    ///
    /// # Errors
    /// 401 for nobody, 403 without such a role.
    pub fn may_everywhere(&self, right: Right) -> Result<(), Problem> {
        match self {
            Self::Nobody => Err(Problem::anonymous()),
            Self::Local => Ok(()),
            Self::Known { grants, .. } => {
                let fits = |grant: &Grant| {
                    grant.project.is_none() && Role::read(&grant.role).is_some_and(|role| role.may(right))
                };
                if grants.iter().any(fits) { Ok(()) } else { Err(Problem::forbidden()) }
            }
        }
    }

    /// Has the caller any role in this project?
    #[must_use]
    pub fn sees(&self, project: &str) -> bool {
        match self {
            Self::Nobody => false,
            Self::Local => true,
            Self::Known { grants, .. } => {
                grants.iter().any(|grant| grant.project.as_deref().is_none_or(|own| own == project))
            }
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let caller = of(&parts.method, &parts.headers, app).await?;
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

async fn of(method: &Method, headers: &HeaderMap, app: &App) -> Result<Caller, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if app.settings().open {
        // A page of somebody else's in the same browser must not reach us: neither by its own name for this address nor across sites.
        if !text(HOST).is_some_and(is_loopback) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "open-only-here"));
        }
        own_site(method, headers)?;
        return Ok(Caller::Local);
    }
    let (user, key) = if let Some(key) = text(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")) {
        let mut conn = app.store().read().await?;
        let user = people::of_key(&mut conn, &tokens::hash(key.trim()), Timestamp::now()).await?;
        (Some(user.ok_or_else(Problem::anonymous)?), true)
    } else if let Some(token) = text(COOKIE).and_then(|header| cookie(header, SESSION)) {
        let mut conn = app.store().read().await?;
        (people::of_session(&mut conn, &tokens::hash(token), Timestamp::now()).await?, false)
    } else {
        (None, false)
    };
    let Some(user) = user else { return Ok(Caller::Nobody) };
    if !key {
        own_site(method, headers)?;
    }
    let grants = people::grants(&mut *app.store().read().await?, &user.id).await?;
    Ok(Caller::Known { user, grants })
}

/// A write that a browser sends from somebody else's page is refused (the cookie is SameSite=Lax besides).
fn own_site(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let foreign = match (text("sec-fetch-site"), text(ORIGIN.as_str()), text(HOST.as_str())) {
        (Some(site), _, _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
        (None, Some(_), None) => true,
        (None, None, _) => false,
    };
    if foreign { Err(Problem::new(StatusCode::FORBIDDEN, "foreign-page")) } else { Ok(()) }
}

/// `localhost:8080`, `127.0.0.1`, `[::1]:80`
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_matches(['[', ']']);
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(grants: &[(&str, Option<&str>, Option<&str>)]) -> Caller {
        let user = User {
            id: "u".to_owned(),
            login: "u".to_owned(),
            name: "U".to_owned(),
            disabled: false,
            created: String::new(),
        };
        let grants = grants
            .iter()
            .map(|(role, project, park)| Grant {
                id: "g".to_owned(),
                user: "u".to_owned(),
                role: (*role).to_owned(),
                project: project.map(str::to_owned),
                park: park.map(str::to_owned),
            })
            .collect();
        Caller::Known { user, grants }
    }

    #[test]
    fn a_role_in_a_park_reaches_that_park() {
        let caller = known(&[("survey_officer", Some("p"), Some("media")), ("viewer", Some("p"), None)]);
        let reach = caller.may(Right::ReadAnswers, "p").unwrap();
        assert!(reach.has(Some("media")) && !reach.has(Some("other")) && !reach.has(None));
        assert_eq!(caller.may(Right::Read, "p").unwrap(), Reach::Whole);
        assert_eq!(caller.may(Right::Plan, "p").unwrap_err().status, StatusCode::FORBIDDEN);
        assert_eq!(caller.may(Right::Read, "q").unwrap_err().status, StatusCode::NOT_FOUND);
        assert!(caller.may_whole(Right::ReadAnswers, "p").is_err());
        assert!(caller.may_everywhere(Right::Plan).is_err());
    }

    #[test]
    fn planners_do_all_but_manage_people() {
        let caller = known(&[("planner", None, None)]);
        assert!(caller.may_everywhere(Right::Plan).is_ok());
        assert!(caller.may_whole(Right::Publish, "p").is_ok());
        assert!(caller.may_everywhere(Right::ManagePeople).is_err());
        assert_eq!(Caller::Nobody.may(Right::Read, "p").unwrap_err().status, StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn loopback_by_name_or_number() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:80", "[::1]:8080", "127.9.9.9"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["example.org", "localhost.example.org", "10.0.0.1:80", "", "127.0.0.1.nip.io"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_write_from_another_site_is_refused() {
        let headers = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
            pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect::<HeaderMap>()
        };
        let post = |pairs: &[(&'static str, &'static str)]| own_site(&Method::POST, &headers(pairs)).is_ok();
        assert!(post(&[]));
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("origin", "http://a:1"), ("host", "a:1")]));
        assert!(!post(&[("origin", "http://b"), ("host", "a:1")]));
        assert!(!post(&[("origin", "null"), ("host", "a:1")]));
        assert!(!post(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")]));
        assert!(own_site(&Method::GET, &headers(&[("sec-fetch-site", "cross-site")])).is_ok());
    }
}
