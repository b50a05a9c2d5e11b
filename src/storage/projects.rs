//! Projects and their files. A file is kept once under the hash of its bytes, packed: a plan names the hashes it was made from,
//! so that what was planned with stays there when the project goes on.

use std::io::{Read, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StorageError, moment};

/// No unpacked file is larger (what may be uploaded is far less).
const LARGEST: u64 = 1 << 30;

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id, as it stands in addresses and on QR codes: never changed.
    pub id: String,
    /// Name.
    pub name: String,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// Goes up with every change of name or files.
    pub revision: i64,
    /// Goes up with every change that riders can see.
    pub mark: i64,
    /// Since when.
    pub created: String,
    /// Last change.
    pub updated: String,
}

/// A file of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Name in the folder.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub sha: String,
    /// Bytes.
    pub size: i64,
}

fn project(row: &AnyRow) -> Result<Project> {
    Ok(Project {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        name_zh: row.try_get("name_zh")?,
        revision: row.try_get("revision")?,
        mark: row.try_get("mark")?,
        created: row.try_get("created")?,
        updated: row.try_get("updated")?,
    })
}

/// Adds a project without files, revision 1.
///
/// # Errors
/// The id is taken.
pub async fn add(
    conn: &mut AnyConnection,
    id: &str,
    name: &str,
    name_zh: Option<&str>,
    now: Timestamp,
) -> Result<Project> {
    sqlx::query("INSERT INTO projects (id, name, name_zh, revision, created, updated) VALUES ($1, $2, $3, 1, $4, $4)")
        .bind(id)
        .bind(name)
        .bind(name_zh)
        .bind(moment(now))
        .execute(&mut *conn)
        .await?;
    get(conn, id).await
}

/// One project.
///
/// # Errors
/// There is none with that id.
pub async fn get(conn: &mut AnyConnection, id: &str) -> Result<Project> {
    let row = sqlx::query("SELECT * FROM projects WHERE id = $1").bind(id).fetch_optional(conn).await?;
    project(&row.ok_or(StorageError::Missing("project"))?)
}

/// Projects after an id, in order of it.
///
/// # Errors
/// The database.
pub async fn list(conn: &mut AnyConnection, after: &str, limit: i64) -> Result<Vec<Project>> {
    let rows = sqlx::query("SELECT * FROM projects WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(project).collect()
}

/// What riders can see has changed: `(project, mark)` of all that ever had a publication or an alert.
///
/// # Errors
/// The database.
pub async fn marks(conn: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query("SELECT id, mark FROM projects WHERE mark > 0 ORDER BY id").fetch_all(conn).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Riders will see something else: call it in the transaction of every such write.
///
/// # Errors
/// There is no such project.
pub async fn touch_mark(conn: &mut AnyConnection, id: &str) -> Result<()> {
    let done = sqlx::query("UPDATE projects SET mark = mark + 1 WHERE id = $1").bind(id).execute(conn).await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("project")) } else { Ok(()) }
}

/// Holds the project until the transaction ends: two writers who both compare revisions come one after the other. (SQLite has one
/// writer anyway.)
///
/// # Errors
/// There is no such project.
pub async fn lock(conn: &mut AnyConnection, id: &str) -> Result<()> {
    let done = sqlx::query("UPDATE projects SET revision = revision WHERE id = $1").bind(id).execute(conn).await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("project")) } else { Ok(()) }
}

/// Names it anew; its revision goes up.
///
/// # Errors
/// There is no such project.
pub async fn rename(
    conn: &mut AnyConnection,
    id: &str,
    name: &str,
    name_zh: Option<&str>,
    now: Timestamp,
) -> Result<Project> {
    sqlx::query("UPDATE projects SET name = $2, name_zh = $3, revision = revision + 1, updated = $4 WHERE id = $1")
        .bind(id)
        .bind(name)
        .bind(name_zh)
        .bind(moment(now))
        .execute(&mut *conn)
        .await?;
    get(conn, id).await
}

/// Its files have changed: its revision goes up.
///
/// # Errors
/// There is no such project.
pub async fn touch(conn: &mut AnyConnection, id: &str, now: Timestamp) -> Result<Project> {
    sqlx::query("UPDATE projects SET revision = revision + 1, updated = $2 WHERE id = $1")
        .bind(id)
        .bind(moment(now))
        .execute(&mut *conn)
        .await?;
    get(conn, id).await
}

/// Takes a project away with all that belongs to it.
///
/// # Errors
/// There is no such project.
pub async fn remove(conn: &mut AnyConnection, id: &str) -> Result<()> {
    // An id may be used again: nobody's role in the old project is one in the new.
    sqlx::query("DELETE FROM grants WHERE project = $1").bind(id).execute(&mut *conn).await?;
    // Publications refer to plans: they go first.
    sqlx::query("DELETE FROM publications WHERE project = $1").bind(id).execute(&mut *conn).await?;
    let done = sqlx::query("DELETE FROM projects WHERE id = $1").bind(id).execute(conn).await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("project")) } else { Ok(()) }
}

/// The files of a project, by name.
///
/// # Errors
/// The database.
pub async fn files(conn: &mut AnyConnection, project: &str) -> Result<Vec<File>> {
    let rows = sqlx::query("SELECT name, sha, size FROM project_files WHERE project = $1 ORDER BY name")
        .bind(project)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| Ok(File { name: row.try_get(0)?, sha: row.try_get(1)?, size: row.try_get(2)? })).collect()
}

/// Puts a file into a project, in place of one of the same name. The caller calls [`touch`] after the last.
///
/// # Errors
/// There is no such project.
pub async fn put_file(
    conn: &mut AnyConnection,
    project: &str,
    name: &str,
    packed: &Packed,
    now: Timestamp,
) -> Result<()> {
    keep(conn, packed).await?;
    sqlx::query(
        "INSERT INTO project_files (project, name, sha, size, updated) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (project, name) DO UPDATE SET sha = excluded.sha, size = excluded.size, updated = excluded.updated",
    )
    .bind(project)
    .bind(name)
    .bind(&packed.sha)
    .bind(packed.size)
    .bind(moment(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a file out of a project.
///
/// # Errors
/// It has no such file.
pub async fn remove_file(conn: &mut AnyConnection, project: &str, name: &str) -> Result<()> {
    let done = sqlx::query("DELETE FROM project_files WHERE project = $1 AND name = $2")
        .bind(project)
        .bind(name)
        .execute(conn)
        .await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("file")) } else { Ok(()) }
}

/// Bytes, packed and named by their hash: made outside of any transaction, since packing takes time.
#[derive(Clone, Debug)]
pub struct Packed {
    /// SHA-256 of the bytes, hex.
    pub sha: String,
    /// How many they are unpacked.
    pub size: i64,
    bytes: Vec<u8>,
}

impl Packed {
    /// Packs.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let sha = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { sha, size: i64::try_from(bytes.len()).unwrap_or(i64::MAX), bytes: pack(bytes) }
    }
}

/// Keeps packed bytes.
///
/// # Errors
/// The database.
pub async fn keep(conn: &mut AnyConnection, packed: &Packed) -> Result<()> {
    sqlx::query("INSERT INTO blobs (sha, bytes) VALUES ($1, $2) ON CONFLICT (sha) DO NOTHING")
        .bind(&packed.sha)
        .bind(&packed.bytes)
        .execute(conn)
        .await?;
    Ok(())
}

/// The bytes of a hash, unpacked.
///
/// # Errors
/// They are not there.
pub async fn bytes(conn: &mut AnyConnection, sha: &str) -> Result<Vec<u8>> {
    let row = sqlx::query("SELECT bytes FROM blobs WHERE sha = $1").bind(sha).fetch_optional(conn).await?;
    unpack(&row.ok_or(StorageError::Missing("file"))?.try_get::<Vec<u8>, _>(0)?)
}

/// Packs with gzip, quickly: roads and surveys shrink to a fifth.
pub(super) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing into memory cannot fail.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}

pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).take(LARGEST).read_to_end(&mut bytes).map_err(|_| StorageError::Damaged("file"))?;
    Ok(bytes)
}
