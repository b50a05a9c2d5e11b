//! Who may come in: users, their roles, sessions, keys for programs, one-time links. Passwords and tokens come hashed.

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StorageError, moment, new_id};

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: String,
    /// What they sign in with.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// May no longer sign in.
    pub disabled: bool,
    /// Since when.
    pub created: String,
}

/// A role that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Id.
    pub id: String,
    /// Whose.
    pub user: String,
    /// The role's name.
    pub role: String,
    /// In which project; `None`: in all.
    pub project: Option<String>,
    /// In which park of it; `None`: in all.
    pub park: Option<String>,
}

/// A key for programs; it acts as its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Since when.
    pub created: String,
    /// Until when.
    pub expires: Option<String>,
}

fn user(row: &AnyRow) -> Result<User> {
    let disabled: i64 = row.try_get("disabled")?;
    Ok(User {
        id: row.try_get("id")?,
        login: row.try_get("login")?,
        name: row.try_get("name")?,
        disabled: disabled != 0,
        created: row.try_get("created")?,
    })
}

fn grant(row: &AnyRow) -> Result<Grant> {
    let some = |text: String| (!text.is_empty()).then_some(text);
    Ok(Grant {
        id: row.try_get("id")?,
        user: row.try_get("user_id")?,
        role: row.try_get("role")?,
        project: some(row.try_get("project")?),
        park: some(row.try_get("park")?),
    })
}

/// Adds somebody.
///
/// # Errors
/// The login is taken.
pub async fn add(conn: &mut AnyConnection, login: &str, name: &str, now: Timestamp) -> Result<User> {
    let user =
        User { id: new_id(), login: login.to_owned(), name: name.to_owned(), disabled: false, created: moment(now) };
    sqlx::query("INSERT INTO users (id, login, name, created) VALUES ($1, $2, $3, $4)")
        .bind(&user.id)
        .bind(login)
        .bind(name)
        .bind(&user.created)
        .execute(conn)
        .await?;
    Ok(user)
}

/// Everybody after a login, in order of it.
///
/// # Errors
/// The database.
pub async fn list(conn: &mut AnyConnection, after: &str, limit: i64) -> Result<Vec<User>> {
    let rows = sqlx::query("SELECT * FROM users WHERE login > $1 ORDER BY login LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(user).collect()
}

/// One of them.
///
/// # Errors
/// There is none with that id.
pub async fn get(conn: &mut AnyConnection, id: &str) -> Result<User> {
    let row = sqlx::query("SELECT * FROM users WHERE id = $1").bind(id).fetch_optional(conn).await?;
    user(&row.ok_or(StorageError::Missing("user"))?)
}

/// Is there anybody yet?
///
/// # Errors
/// The database.
pub async fn anybody(conn: &mut AnyConnection) -> Result<bool> {
    Ok(sqlx::query("SELECT id FROM users LIMIT 1").fetch_optional(conn).await?.is_some())
}

/// The user of a login, with the hash of the password if one is set.
///
/// # Errors
/// The database.
pub async fn by_login(conn: &mut AnyConnection, login: &str) -> Result<Option<(User, Option<String>)>> {
    let row = sqlx::query("SELECT * FROM users WHERE login = $1").bind(login).fetch_optional(conn).await?;
    row.map(|row| Ok((user(&row)?, row.try_get("password")?))).transpose()
}

/// Sets a password's hash; all sessions of the user end.
///
/// # Errors
/// There is no such user.
pub async fn set_password(conn: &mut AnyConnection, id: &str, hash: &str) -> Result<()> {
    let done =
        sqlx::query("UPDATE users SET password = $2 WHERE id = $1").bind(id).bind(hash).execute(&mut *conn).await?;
    end_sessions(conn, id).await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("user")) } else { Ok(()) }
}

/// Lets somebody in or keeps them out; being kept out ends all their sessions.
///
/// # Errors
/// There is no such user.
pub async fn set_disabled(conn: &mut AnyConnection, id: &str, disabled: bool) -> Result<()> {
    let done = sqlx::query("UPDATE users SET disabled = $2 WHERE id = $1")
        .bind(id)
        .bind(i64::from(disabled))
        .execute(&mut *conn)
        .await?;
    if disabled {
        end_sessions(conn, id).await?;
    }
    if done.rows_affected() == 0 { Err(StorageError::Missing("user")) } else { Ok(()) }
}

/// Ends all sessions of a user.
///
/// # Errors
/// The database.
pub async fn end_sessions(conn: &mut AnyConnection, id: &str) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Gives a role; having it already is no error.
///
/// # Errors
/// There is no such user.
pub async fn give(
    conn: &mut AnyConnection,
    user: &str,
    role: &str,
    project: Option<&str>,
    park: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO grants (id, user_id, role, project, park, created) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (user_id, role, project, park) DO NOTHING",
    )
    .bind(new_id())
    .bind(user)
    .bind(role)
    .bind(project.unwrap_or(""))
    .bind(park.unwrap_or(""))
    .bind(moment(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a role away.
///
/// # Errors
/// The user has no such role.
pub async fn take(conn: &mut AnyConnection, user: &str, grant: &str) -> Result<()> {
    let done =
        sqlx::query("DELETE FROM grants WHERE id = $1 AND user_id = $2").bind(grant).bind(user).execute(conn).await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("grant")) } else { Ok(()) }
}

/// The roles of a user.
///
/// # Errors
/// The database.
pub async fn grants(conn: &mut AnyConnection, user: &str) -> Result<Vec<Grant>> {
    let rows = sqlx::query("SELECT * FROM grants WHERE user_id = $1 ORDER BY id").bind(user).fetch_all(conn).await?;
    rows.iter().map(grant).collect()
}

/// Opens a session.
///
/// # Errors
/// There is no such user.
pub async fn open_session(
    conn: &mut AnyConnection,
    token_hash: &str,
    user: &str,
    now: Timestamp,
    expires: Timestamp,
) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE expires < $1").bind(moment(now)).execute(&mut *conn).await?;
    sqlx::query("INSERT INTO sessions (token_hash, user_id, created, expires) VALUES ($1, $2, $3, $4)")
        .bind(token_hash)
        .bind(user)
        .bind(moment(now))
        .bind(moment(expires))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose session is it? `None`: unknown, over, or its user is kept out.
///
/// # Errors
/// The database.
pub async fn of_session(conn: &mut AnyConnection, token_hash: &str, now: Timestamp) -> Result<Option<User>> {
    let row = sqlx::query(
        "SELECT users.* FROM sessions JOIN users ON users.id = sessions.user_id \
         WHERE sessions.token_hash = $1 AND sessions.expires > $2 AND users.disabled = 0",
    )
    .bind(token_hash)
    .bind(moment(now))
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(user).transpose()
}

/// Ends a session; one that is over already is no error.
///
/// # Errors
/// The database.
pub async fn close_session(conn: &mut AnyConnection, token_hash: &str) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(token_hash).execute(conn).await?;
    Ok(())
}

/// Adds a key for programs.
///
/// # Errors
/// There is no such user.
pub async fn add_key(
    conn: &mut AnyConnection,
    user: &str,
    name: &str,
    key_hash: &str,
    now: Timestamp,
    expires: Option<Timestamp>,
) -> Result<Key> {
    let key = Key { id: new_id(), name: name.to_owned(), created: moment(now), expires: expires.map(moment) };
    sqlx::query("INSERT INTO api_keys (id, user_id, name, key_hash, created, expires) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(&key.id)
        .bind(user)
        .bind(name)
        .bind(key_hash)
        .bind(&key.created)
        .bind(&key.expires)
        .execute(conn)
        .await?;
    Ok(key)
}

/// The keys of a user.
///
/// # Errors
/// The database.
pub async fn keys(conn: &mut AnyConnection, user: &str) -> Result<Vec<Key>> {
    let rows = sqlx::query("SELECT id, name, created, expires FROM api_keys WHERE user_id = $1 ORDER BY id")
        .bind(user)
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Key { id: row.try_get(0)?, name: row.try_get(1)?, created: row.try_get(2)?, expires: row.try_get(3)? })
        })
        .collect()
}

/// Takes a key away.
///
/// # Errors
/// The user has no such key.
pub async fn remove_key(conn: &mut AnyConnection, user: &str, id: &str) -> Result<()> {
    let done =
        sqlx::query("DELETE FROM api_keys WHERE id = $1 AND user_id = $2").bind(id).bind(user).execute(conn).await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("key")) } else { Ok(()) }
}

/// Whose key is it? `None`: unknown, over, or its user is kept out.
///
/// # Errors
/// The database.
pub async fn of_key(conn: &mut AnyConnection, key_hash: &str, now: Timestamp) -> Result<Option<User>> {
    let row = sqlx::query(
        "SELECT users.* FROM api_keys JOIN users ON users.id = api_keys.user_id \
         WHERE api_keys.key_hash = $1 AND (api_keys.expires IS NULL OR api_keys.expires > $2) AND users.disabled = 0",
    )
    .bind(key_hash)
    .bind(moment(now))
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(user).transpose()
}

/// Makes a one-time link for a user; earlier ones of the same user are void.
///
/// # Errors
/// There is no such user.
pub async fn invite(conn: &mut AnyConnection, user: &str, token_hash: &str, expires: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM invitations WHERE user_id = $1").bind(user).execute(&mut *conn).await?;
    sqlx::query("INSERT INTO invitations (token_hash, user_id, expires) VALUES ($1, $2, $3)")
        .bind(token_hash)
        .bind(user)
        .bind(moment(expires))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose link is it? `None`: unknown, used or over.
///
/// # Errors
/// The database.
pub async fn of_invitation(conn: &mut AnyConnection, token_hash: &str, now: Timestamp) -> Result<Option<User>> {
    let row = sqlx::query(
        "SELECT users.* FROM invitations JOIN users ON users.id = invitations.user_id \
         WHERE invitations.token_hash = $1 AND invitations.expires > $2 AND users.disabled = 0",
    )
    .bind(token_hash)
    .bind(moment(now))
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(user).transpose()
}

/// Uses a link up.
///
/// # Errors
/// It has been used already.
pub async fn use_invitation(conn: &mut AnyConnection, token_hash: &str) -> Result<()> {
    let done = sqlx::query("DELETE FROM invitations WHERE token_hash = $1").bind(token_hash).execute(conn).await?;
    if done.rows_affected() == 0 { Err(StorageError::Missing("invitation")) } else { Ok(()) }
}
