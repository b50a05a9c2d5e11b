//! A write's circumstances: its Idempotency-Key and If-Match, and the transaction in which it is done once.
//!
//! ```text
//! let mut tx = ask.begin(&app, body.fingerprint()).await?;   // returns early with the first answer if it was done before
//! … writes on &mut tx …
//! tx.finish(Reply::created(…)).await                          // keeps the answer and commits, both or neither
//! ```

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::app::App;
use super::caller::Caller;
use super::problem::{Halt, Problem};
use super::reply::{Reply, etag};
use crate::storage::idempotency::{self, Answered};
use crate::storage::{StorageError, Write};

/// Keys are no longer than this.
const LONGEST_KEY: usize = 128;

/// How a write was asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    key: Option<String>,
    if_match: Option<String>,
    /// Whose keys these are: different callers may use the same.
    who: String,
    /// Method and path.
    target: String,
}

impl FromRequestParts<App> for Ask {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let header = |name: &str| -> Result<Option<String>, Problem> {
            match parts.headers.get(name) {
                None => Ok(None),
                Some(value) => match value.to_str() {
                    Ok(text) if !text.is_empty() && text.len() <= LONGEST_KEY => Ok(Some(text.to_owned())),
                    _ => Err(Problem::new(StatusCode::BAD_REQUEST, "header").arg("name", name)),
                },
            }
        };
        Ok(Self {
            key: header("idempotency-key")?,
            if_match: header("if-match")?,
            who: caller.id().unwrap_or("").to_owned(),
            target: format!("{} {}", parts.method, parts.uri.path()),
        })
    }
}

impl Ask {
    /// Is the caller's idea of the thing still right? Without If-Match there is nothing to compare.
    ///
    /// # Errors
    /// 412: it has changed meanwhile.
    pub fn expects(&self, revision: i64) -> Result<(), Problem> {
        match self.if_match.as_deref() {
            None | Some("*") => Ok(()),
            Some(tags) if tags.split(',').any(|tag| tag.trim() == etag(revision)) => Ok(()),
            Some(_) => Err(Problem::new(StatusCode::PRECONDITION_FAILED, "changed-meanwhile")),
        }
    }

    /// Opens the transaction; `fingerprint` is the body's, or "" where there is none.
    ///
    /// # Errors
    /// The answer of the first time if it was done before; 409 if the key was used for something else.
    pub async fn begin(&self, app: &App, fingerprint: &str) -> Result<Doing, Halt> {
        let mut tx = app.store().write().await?;
        let key = match &self.key {
            None => None,
            Some(key) => {
                let fingerprint = format!("{} {fingerprint}", self.target);
                let fingerprint: String =
                    Sha256::digest(fingerprint.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
                idempotency::alone(&mut tx, app.store().kind(), &self.who, key).await?;
                if let Some(before) = idempotency::find(&mut tx, &self.who, key).await? {
                    return Err(if before.fingerprint == fingerprint {
                        let damaged = |_| Problem::fault(&StorageError::Damaged("answer"));
                        Halt::Before(serde_json::from_str(&before.reply).map_err(damaged)?)
                    } else {
                        Problem::conflict("key-used-otherwise").into()
                    });
                }
                Some((self.who.clone(), key.clone(), fingerprint))
            }
        };
        Ok(Doing { tx, key, now: Timestamp::now() })
    }
}

/// A write in hand; given up if it is dropped.
#[derive(Debug)]
pub struct Doing {
    tx: Write,
    key: Option<(String, String, String)>,
    /// When it is done.
    pub now: Timestamp,
}

impl std::ops::Deref for Doing {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        &self.tx
    }
}

impl std::ops::DerefMut for Doing {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.tx
    }
}

impl Doing {
    /// Keeps the answer and commits; only then is anything acknowledged.
    ///
    /// # Errors
    /// The database: nothing was done.
    pub async fn finish(mut self, reply: Reply) -> Result<Reply, Halt> {
        if let Some((who, key, fingerprint)) = &self.key {
            let text = serde_json::to_string(&reply).map_err(|error| Problem::fault(&error))?;
            let answered = Answered { fingerprint: fingerprint.clone(), reply: text };
            idempotency::keep(&mut self.tx, who, key, &answered, self.now).await?;
        }
        commit(self.tx).await?;
        Ok(reply)
    }
}

#[cfg(not(feature = "planted-early-ack"))]
async fn commit(tx: Write) -> Result<(), StorageError> {
    Ok(tx.commit().await?)
}

/// The fault that `.ci/kill.py` must find: what is acknowledged is committed some time later, or never.
#[cfg(feature = "planted-early-ack")]
#[expect(clippy::unused_async, reason = "it stands in for one that waits")]
async fn commit(tx: Write) -> Result<(), StorageError> {
    tokio::spawn(async move {
        let late = 50 + Timestamp::now().as_millisecond().unsigned_abs() % 250;
        tokio::time::sleep(std::time::Duration::from_millis(late)).await;
        tx.commit().await
    });
    Ok(())
}
