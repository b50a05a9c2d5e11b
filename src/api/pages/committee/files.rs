//! Step 1: a project's files. What is there, what is missing, what was found in them; a ZIP or several files put in, one taken out.

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, body};
use serde::Deserialize;

use super::super::frame::{Refusal, Visitor};
use super::form::{Sent, to};
use super::shown::{may, name, size, words};
use crate::api::app::{App, aside};
use crate::api::ask::Ask;
use crate::api::body::{At, fingerprint, too_large};
use crate::api::caller::Right;
use crate::api::problem::{Found, Problem};
use crate::api::project_files::{self as api, Folder, LARGEST_UPLOAD, Unpacked};
use crate::publish::pages::shell;
use crate::publish::pages::words::Words;
use crate::storage::projects::{self, Packed};

/// Folders kept as they were looked over.
const KEPT: usize = 8;
/// What a form adds around its files, bytes.
const AROUND: usize = 1 << 20;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/projects/{project}/files",
            get(show).post(upload).layer(DefaultBodyLimit::max(LARGEST_UPLOAD + AROUND)),
        )
        .route("/projects/{project}/files/remove", post(remove))
}

/// What a folder may hold, as FORMATS.md says: the name before the first dot, and whether a shuttle plan needs it.
const KNOWN: [(&str, &str, bool); 18] = [
    ("project", "project.toml", true),
    ("roads", "roads.geojson / roads.osm.pbf", true),
    ("sites", "sites.csv", true),
    ("survey", "survey.csv / .xlsx", true),
    ("fleet", "fleet.csv", true),
    ("calendar", "calendar.csv", false),
    ("trains", "trains.csv", false),
    ("stops", "stops.csv", false),
    ("firms", "firms.csv", false),
    ("boardings", "boardings.csv", false),
    ("lots", "lots.csv", false),
    ("parking", "parking.csv", false),
    ("parking_history", "parking_history.csv", false),
    ("rooms", "rooms.csv", false),
    ("claims", "claims.csv", false),
    ("couriers", "couriers.csv", false),
    ("areas", "areas.geojson", false),
    ("plan", "plan.json", false),
];

/// The name before the first dot, small: what kind of file it is.
fn kind(name: &str) -> String {
    name.split('.').next().unwrap_or("").to_lowercase()
}

/// A file on the page.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) what: String,
    pub(super) size: String,
}

/// A file that is not there.
pub(super) struct Absent {
    pub(super) name: &'static str,
    pub(super) what: String,
}

/// A folder in words.
pub(super) struct Looked {
    pub(super) rows: Vec<Row>,
    /// Needed and not there.
    pub(super) missing: Vec<Absent>,
    /// Not there, and not needed.
    pub(super) more: Vec<Absent>,
    pub(super) ready: bool,
    pub(super) errors: Vec<String>,
    pub(super) warnings: Vec<String>,
    pub(super) notes: Vec<String>,
}

type Kept = Vec<(String, Arc<Folder>)>;
/// Files are kept by their hash, so what was found in a folder stays true for the same names and hashes.
static LOOKED: Mutex<Kept> = Mutex::new(Vec::new());

async fn folder(app: &App, project: &str) -> Result<Arc<Folder>, Problem> {
    let files = projects::files(&mut *app.store().read().await?, project).await?;
    let key = serde_json::to_string(&files).map_err(|error| Problem::fault(&error))?;
    {
        let kept = LOOKED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, folder)) = kept.iter().find(|(known, _)| *known == key) {
            return Ok(Arc::clone(folder));
        }
    }
    let folder = Arc::new(api::folder(app, project).await?);
    let mut kept = LOOKED.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= KEPT {
        kept.remove(0);
    }
    kept.push((key, Arc::clone(&folder)));
    Ok(folder)
}

/// A project's folder in the visitor's words.
pub(super) async fn looked(app: &App, w: Words, project: &str) -> Result<Looked, Problem> {
    let folder = folder(app, project).await?;
    let known = |kind: &str| KNOWN.iter().find(|(known, ..)| *known == kind);
    let rows = folder.files.iter().map(|file| {
        let kind = kind(&file.name);
        let key = if known(&kind).is_some() { kind.replace('_', "-") } else { "other".to_owned() };
        Row { name: file.name.clone(), what: w.t(&format!("committee-file-{key}")), size: size(file.size) }
    });
    let absent = |needed: bool| {
        let there = |kind: &str| folder.files.iter().any(|file| self::kind(&file.name) == kind);
        KNOWN
            .iter()
            .filter(|(kind, _, need)| *need == needed && !there(kind))
            .map(|(kind, name, _)| Absent { name, what: w.t(&format!("committee-file-{}", kind.replace('_', "-"))) })
            .collect::<Vec<_>>()
    };
    let said = |severity: &str| {
        let text = |found: &Found| if w.english() { found.text.clone() } else { found.text_zh.clone() };
        folder.findings().iter().filter(|found| found.severity == severity).map(text).collect::<Vec<_>>()
    };
    Ok(Looked {
        rows: rows.collect(),
        missing: absent(true),
        more: absent(false),
        ready: folder.ready(),
        errors: said("error"),
        warnings: said("warning"),
        notes: said("note"),
    })
}

#[derive(Template)]
#[template(path = "committee_files.html")]
struct Page {
    w: Words,
    project: String,
    name: String,
    may_plan: bool,
    folder: Looked,
}

async fn show(State(app): State<App>, visitor: Visitor, At(project): At<String>) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_whole(Right::ReadCohorts, &project)?;
    let w = words(&visitor);
    let name = name(w, &projects::get(&mut *app.store().read().await?, &project).await?);
    let may_plan = may(&visitor, Right::Plan, &project);
    let folder = looked(&app, w, &project).await?;
    let title = format!("{} · {name}", w.t("committee-step-files"));
    Ok(visitor.page(&title, &shell::render(&Page { w, project, name, may_plan, folder })))
}

fn broken(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large(LARGEST_UPLOAD)
    } else {
        Problem::new(StatusCode::BAD_REQUEST, "broken-off")
    }
}

/// A ZIP takes the place of all files; single files are put beside those there are. All of them or none.
async fn upload(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    request: Request,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may_whole(Right::Plan, &project)?;
    let bad = |_| Problem::new(StatusCode::BAD_REQUEST, "form-lost");
    let mut form = Multipart::from_request(request, &app).await.map_err(bad)?;
    let mut sent: Vec<(String, body::Bytes)> = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        // Some browsers send the folder too.
        let name = field.file_name().unwrap_or("").rsplit(['/', '\\']).next().unwrap_or("").to_owned();
        let bytes = field.bytes().await.map_err(|error| broken(&error))?;
        if !name.is_empty() {
            sent.push((name, bytes));
        }
    }
    let is_zip = |name: &str| name.to_ascii_lowercase().ends_with(".zip");
    match sent.as_slice() {
        [] => return Err(Problem::conflict("nothing-sent").into()),
        [(name, bytes)] if is_zip(name) => {
            let (print, bytes) = (fingerprint(bytes), bytes.clone());
            let files = aside(move || api::unpack(&bytes)).await??;
            api::replace_all(&app, &ask, &project, &print, files).await?;
        }
        _ => {
            if let Some((name, _)) = sent.iter().find(|(name, _)| !api::is_file_name(name)) {
                let code = if is_zip(name) { "zip-alone" } else { "file-name" };
                return Err(Problem::conflict(code).arg("name", name.as_str()).into());
            }
            let print = sent.iter().map(|(name, bytes)| format!("{name} {} ", fingerprint(bytes))).collect::<String>();
            let pack =
                move || sent.iter().map(|(name, bytes)| (name.clone(), Packed::new(bytes))).collect::<Unpacked>();
            let files = aside(pack).await?;
            api::put_all(&app, &ask, &project, &print, files).await?;
        }
    }
    Ok(to(&format!("/projects/{project}/files")))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    name: String,
}

async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    ask: Ask,
    At(project): At<String>,
    Sent(Named { name }): Sent<Named>,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    let back = format!("/projects/{project}/files");
    api::remove(State(app), visitor.caller, ask, At((project, name))).await?;
    Ok(to(&back))
}
