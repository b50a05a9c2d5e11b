//! A project's files: the whole folder as a ZIP, or one by one. What is put in is answered with what was found in it.

use std::io::{Cursor, Read};

use axum::Json;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, aside};
use super::ask::Ask;
use super::body::{At, bytes, fingerprint, too_large};
use super::caller::{Caller, Right};
use super::problem::{Body, Found, Halt, Problem};
use super::reply::{Reply, etag};
use crate::domain::finding::Finding;
use crate::intake::{self, Needs, Source};
use crate::storage::StorageError;
use crate::storage::projects::{self, File, Packed};

/// Largest upload, bytes: a district's roads and a large survey are some ten megabytes.
pub(super) const LARGEST_UPLOAD: usize = 64 << 20;
/// Largest folder once it is unpacked, bytes.
const LARGEST_UNPACKED: usize = 256 << 20;
/// Files in a folder, at most.
const MOST_FILES: usize = 200;
/// The service's own table, without its ending.
const REGISTER: &str = "parking_register";
/// What a project folder may hold.
const ENDINGS: [&str; 6] = ["toml", "csv", "xlsx", "geojson", "json", "pbf"];

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, replace))
        .routes(routes!(read, put, remove))
        .routes(routes!(findings))
        .layer(DefaultBodyLimit::disable())
}

/// The files of a project and what was found in them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Folder {
    /// The project's revision.
    pub(super) revision: i64,
    /// Its files.
    pub(super) files: Vec<FileShown>,
    /// Can a plan be made from them?
    pub(super) ready: bool,
    /// What is wrong or doubtful in them.
    pub(super) findings: Vec<Found>,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = File)]
pub(super) struct FileShown {
    /// Name.
    pub(super) name: String,
    /// Bytes.
    pub(super) size: i64,
    /// SHA-256.
    pub(super) sha: String,
}

impl FileShown {
    fn of(file: File) -> Self {
        Self { name: file.name, size: file.size, sha: file.sha }
    }
}

/// The files of a project.
#[utoipa::path(get, path = "/v1/projects/{project}/files", tag = "projects", params(("project" = String, Path)), responses(
    (status = 200, body = Vec<FileShown>), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn list(State(app): State<App>, caller: Caller, At(project): At<String>) -> Result<Response, Problem> {
    caller.may_whole(Right::ReadCohorts, &project)?;
    let mut conn = app.store().read().await?;
    let revision = projects::get(&mut conn, &project).await?.revision;
    let files: Vec<_> = projects::files(&mut conn, &project).await?.into_iter().map(FileShown::of).collect();
    Ok(([(header::ETAG, etag(revision))], Json(files)).into_response())
}

/// What is wrong or doubtful in a project's files.
#[utoipa::path(get, path = "/v1/projects/{project}/findings", tag = "projects", params(("project" = String, Path)),
    responses((status = 200, body = Folder), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn findings(State(app): State<App>, caller: Caller, At(project): At<String>) -> Result<Json<Folder>, Problem> {
    caller.may_whole(Right::ReadCohorts, &project)?;
    Ok(Json(folder(&app, &project).await?))
}

/// The files of a project as they are now, looked over.
pub(super) async fn folder(app: &App, project: &str) -> Result<Folder, Problem> {
    let mut conn = app.store().read().await?;
    let revision = projects::get(&mut conn, project).await?.revision;
    let files = projects::files(&mut conn, project).await?;
    drop(conn);
    let sources = app.sources(&files).await?;
    let (ready, findings) = aside(move || look(&sources)).await?;
    let files = files.into_iter().map(FileShown::of).collect();
    Ok(Folder { revision, files, ready, findings: findings.iter().map(Found::of).collect() })
}

impl Folder {
    /// Can a plan be made?
    pub(super) fn ready(&self) -> bool {
        self.ready
    }
    /// What was found.
    pub(super) fn findings(&self) -> &[Found] {
        &self.findings
    }
}

/// Can a plan be made of these, and what was found?
fn look(sources: &[Source]) -> (bool, Vec<Finding>) {
    match intake::read_project(sources, Needs::default()) {
        Ok(project) => (!intake::hopeless(&project.findings), project.findings),
        Err(error) => (false, error.findings().to_vec()),
    }
}

/// Put a whole folder in place of the files there are: a ZIP. The answer says what was found in it.
#[utoipa::path(put, path = "/v1/projects/{project}/files", tag = "projects", params(("project" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/zip"), responses(
    (status = 200, body = Folder), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn replace(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At(project): At<String>,
    request: Request,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Plan, &project)?;
    let body = bytes(request, LARGEST_UPLOAD).await?;
    let print = fingerprint(&body);
    let files = aside(move || unpack(&body)).await??;
    replace_all(&app, &ask, &project, &print, files).await
}

/// A folder's files, unpacked and packed anew one by one.
pub(super) type Unpacked = Vec<(String, Packed)>;

/// Puts these in place of the files of a project.
pub(super) async fn replace_all(
    app: &App,
    ask: &Ask,
    project: &str,
    print: &str,
    files: Unpacked,
) -> Result<Reply, Halt> {
    let mut tx = ask.begin(app, print).await?;
    projects::lock(&mut tx, project).await?;
    ask.expects(projects::get(&mut tx, project).await?.revision)?;
    let now = tx.now;
    for old in projects::files(&mut tx, project).await? {
        projects::remove_file(&mut tx, project, &old.name).await?;
    }
    let mut stored = Vec::with_capacity(files.len());
    for (name, packed) in &files {
        projects::put_file(&mut tx, project, name, packed, now).await?;
        stored.push(File { name: name.clone(), sha: packed.sha.clone(), size: packed.size });
    }
    let revision = projects::touch(&mut tx, project, now).await?.revision;
    // Looked over inside: what is answered is about what is stored, also when it is answered again.
    let mut sources = Vec::new();
    for file in &stored {
        sources.push(Source { name: file.name.clone(), bytes: projects::bytes(&mut tx, &file.sha).await? });
    }
    let (ready, findings) = aside(move || look(&sources)).await?;
    let files = stored.into_iter().map(FileShown::of).collect();
    let folder = Folder { revision, files, ready, findings: findings.iter().map(Found::of).collect() };
    tx.finish(Reply::ok(&folder).revision(revision)).await
}

/// Unpacks a ZIP of a project folder: flat, or one folder deep.
///
/// # Errors
/// 400 where it is no ZIP, 413 past the limits, 409 where it holds no project.
pub(super) fn unpack(body: &[u8]) -> Result<Unpacked, Problem> {
    let bad = |_| Problem::new(StatusCode::BAD_REQUEST, "not-a-zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(body)).map_err(bad)?;
    // Folders, and what systems add to archives by themselves, do not count.
    let names: Vec<(usize, String)> = (0..archive.len())
        .filter_map(|index| Some((index, archive.by_index_raw(index).ok()?.name().ok()?.replace('\\', "/"))))
        .filter(|(_, name)| !name.ends_with('/') && !name.starts_with("__MACOSX/") && !name.contains("/."))
        .collect();
    if names.len() > MOST_FILES {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-files").arg("most", MOST_FILES));
    }
    let root = names
        .iter()
        .map(|(_, name)| name.as_str())
        .filter(|name| name.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case("project.toml")))
        .min_by_key(|name| name.matches('/').count())
        .map(|name| name.len() - "project.toml".len());
    let Some(root) = root else { return Err(Problem::conflict("no-project-file")) };
    let prefix =
        names.iter().find(|(_, name)| name.len() == root + 12 && name[root..].eq_ignore_ascii_case("project.toml"));
    let prefix = prefix.map_or(String::new(), |(_, name)| name[..root].to_owned());
    let (mut files, mut left) = (Vec::new(), LARGEST_UNPACKED);
    for (index, name) in names {
        let Some(name) = name.strip_prefix(prefix.as_str()).filter(|name| is_file_name(name)) else { continue };
        let entry = archive.by_index(index).map_err(bad)?;
        let mut bytes = Vec::new();
        // What an archive says of its sizes is not believed.
        entry
            .take(left as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "not-a-zip"))?;
        left = left.checked_sub(bytes.len()).ok_or_else(|| too_large(LARGEST_UNPACKED))?;
        if files.iter().any(|(known, _)| known == name) {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "not-a-zip"));
        }
        files.push((name.to_owned(), Packed::new(&bytes)));
    }
    Ok(files)
}

/// Takes a project folder in at the start of a service: its id. One that is there already stays as it is.
///
/// # Errors
/// It has no project.toml that can be read, or the database.
pub async fn take_in(app: &App, sources: &[Source]) -> Result<String, Problem> {
    let settings = sources.iter().find(|source| source.name.eq_ignore_ascii_case("project.toml"));
    let settings = settings.ok_or_else(|| Problem::conflict("no-project-file"))?;
    let table: toml::Table = std::str::from_utf8(&settings.bytes)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Problem::conflict("inputs-unreadable"))?;
    let named = |key: &str| table.get("project").and_then(|part| part.get(key)).and_then(toml::Value::as_str);
    let name = named("name").ok_or_else(|| Problem::conflict("inputs-unreadable"))?;
    let id = slug(name);
    let files: Unpacked = sources
        .iter()
        .filter(|source| is_file_name(&source.name))
        .map(|source| (source.name.clone(), Packed::new(&source.bytes)))
        .collect();
    let mut tx = app.store().write().await?;
    match projects::get(&mut tx, &id).await {
        Ok(there) if there.name == name => return Ok(id),
        Ok(_) => return Err(Problem::conflict("exists")),
        Err(StorageError::Missing(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let now = Timestamp::now();
    projects::add(&mut tx, &id, name, named("name_zh"), now).await?;
    for (name, packed) in &files {
        projects::put_file(&mut tx, &id, name, packed, now).await?;
    }
    tx.commit().await.map_err(StorageError::from)?;
    Ok(id)
}

/// An id for addresses from a name: what is not a small letter or a digit becomes a hyphen.
pub(super) fn slug(name: &str) -> String {
    let plain: String =
        name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(64).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "project".to_owned() } else { plain.to_owned() }
}

/// A name of a file we read.
pub(super) fn is_file_name(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(stem, ending)| (stem, ending.to_ascii_lowercase()));
    name.len() <= 100
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && ending.is_some_and(|(stem, ending)| {
            // The register's own table is written by the service.
            !stem.is_empty()
                && !stem.starts_with('.')
                && !stem.eq_ignore_ascii_case(REGISTER)
                && ENDINGS.contains(&ending.as_str())
        })
}

fn named(name: &str) -> Result<(), Problem> {
    if is_file_name(name) { Ok(()) } else { Err(Problem::missing("file").arg("name", name)) }
}

/// A file as it was put in.
#[utoipa::path(get, path = "/v1/projects/{project}/files/{name}", tag = "projects",
    params(("project" = String, Path), ("name" = String, Path)), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn read(
    State(app): State<App>,
    caller: Caller,
    At((project, name)): At<(String, String)>,
) -> Result<Response, Problem> {
    caller.may_whole(Right::ReadCohorts, &project)?;
    let mut conn = app.store().read().await?;
    let files = projects::files(&mut conn, &project).await?;
    let file = files.into_iter().find(|file| file.name == name).ok_or_else(|| Problem::missing("file"))?;
    let bytes = projects::bytes(&mut conn, &file.sha).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Put one file in. The answer says what was found in the whole folder.
#[utoipa::path(put, path = "/v1/projects/{project}/files/{name}", tag = "projects",
    params(("project" = String, Path), ("name" = String, Path, pattern = r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,90}\.(toml|csv|xlsx|geojson|json|pbf)$")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, body = Folder), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
async fn put(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, name)): At<(String, String)>,
    request: Request,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Plan, &project)?;
    named(&name)?;
    let body = bytes(request, LARGEST_UPLOAD).await?;
    if body.is_empty() {
        return Err(Problem::conflict("empty-file").into());
    }
    let print = fingerprint(&body);
    let packed = aside(move || Packed::new(&body)).await?;
    put_all(&app, &ask, &project, &print, vec![(name, packed)]).await
}

/// Puts these beside the files of a project, in place of those of the same names: all or none.
pub(super) async fn put_all(app: &App, ask: &Ask, project: &str, print: &str, new: Unpacked) -> Result<Reply, Halt> {
    let mut tx = ask.begin(app, print).await?;
    projects::lock(&mut tx, project).await?;
    ask.expects(projects::get(&mut tx, project).await?.revision)?;
    let now = tx.now;
    for (name, packed) in &new {
        projects::put_file(&mut tx, project, name, packed, now).await?;
    }
    let revision = projects::touch(&mut tx, project, now).await?.revision;
    let files = projects::files(&mut tx, project).await?;
    if files.len() > MOST_FILES {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-files").arg("most", MOST_FILES).into());
    }
    let mut sources = Vec::new();
    for file in &files {
        sources.push(Source { name: file.name.clone(), bytes: projects::bytes(&mut tx, &file.sha).await? });
    }
    let (ready, findings) = aside(move || look(&sources)).await?;
    let files = files.into_iter().map(FileShown::of).collect();
    let folder = Folder { revision, files, ready, findings: findings.iter().map(Found::of).collect() };
    tx.finish(Reply::ok(&folder).revision(revision)).await
}

/// Take a file out.
#[utoipa::path(delete, path = "/v1/projects/{project}/files/{name}", tag = "projects",
    params(("project" = String, Path), ("name" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Body), (status = "5XX", body = Body)))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    At((project, name)): At<(String, String)>,
) -> Result<Reply, Halt> {
    caller.may_whole(Right::Plan, &project)?;
    let mut tx = ask.begin(&app, "").await?;
    projects::lock(&mut tx, &project).await?;
    ask.expects(projects::get(&mut tx, &project).await?.revision)?;
    let now = tx.now;
    projects::remove_file(&mut tx, &project, &name).await?;
    projects::touch(&mut tx, &project, now).await?;
    tx.finish(Reply::done()).await
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn names(files: &[(&str, &str)]) -> Vec<String> {
        unpack(&zipped(files)).unwrap().into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_folder_flat_or_one_deep() {
        assert_eq!(names(&[("project.toml", ""), ("survey.csv", "")]), ["project.toml", "survey.csv"]);
        let deep = [
            ("park/project.toml", ""),
            ("park/sites.csv", ""),
            ("__MACOSX/park/._sites.csv", ""),
            ("park/a/b.csv", ""),
        ];
        assert_eq!(names(&deep), ["project.toml", "sites.csv"]);
    }

    #[test]
    fn what_is_no_folder_of_ours_is_refused_with_a_reason() {
        assert_eq!(unpack(b"no zip").unwrap_err().code, "not-a-zip");
        assert_eq!(unpack(&zipped(&[("a.csv", "")])).unwrap_err().code, "no-project-file");
        let many: Vec<(String, &str)> = (0..=MOST_FILES).map(|n| (format!("{n}.csv"), "")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        assert_eq!(unpack(&zipped(&many)).unwrap_err().code, "too-many-files");
    }

    #[test]
    fn names_of_files_are_plain() {
        for good in ["project.toml", "roads.osm.pbf", "survey.XLSX"] {
            assert!(is_file_name(good), "{good}");
        }
        for bad in ["", ".toml", "../a.csv", "a/b.csv", "a.exe", "调查.csv", "a b.csv", "..csv"] {
            assert!(!is_file_name(bad), "{bad}");
        }
    }
}
