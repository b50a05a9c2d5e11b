//! The server: open the database, begin the worker, listen, and leave in good order.

use std::net::SocketAddr;

use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::app::{App, Settings};
use super::caller::Role;
use super::{boards, rides, routes, tokens};
use crate::jobs::{self, Bell};
use crate::storage::{StorageError, Store, idempotency, parking, people, rides as kept_rides, rooms};

/// The first admin's link is good for so long.
const FIRST_LINK: SignedDuration = SignedDuration::from_hours(24);
/// Old answers are forgotten this often.
const TIDY: std::time::Duration = std::time::Duration::from_secs(3600);

/// Requests in hand have so long to be answered once the server is asked to stop.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Why it cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        reason: std::io::Error,
    },
    /// `--open` to others than whoever sits here.
    #[error("--open is for this machine alone: listen on 127.0.0.1, or leave --open out and let people sign in")]
    OpenToAll,
    /// The random source of the system.
    #[error(transparent)]
    Token(#[from] tokens::TokenError),
}

/// A server that has begun.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    app: App,
    bell: Bell,
    worker: bool,
}

impl Server {
    /// Listens; `base_url` is made from the address where none is given. With `worker` it solves jobs itself.
    ///
    /// # Errors
    /// The address, or `--open` on an address others can reach.
    pub async fn bind(
        store: Store,
        address: SocketAddr,
        base_url: Option<String>,
        (open, unlimited, worker): (bool, bool, bool),
    ) -> Result<Self, ServerError> {
        if open && !address.ip().is_loopback() {
            return Err(ServerError::OpenToAll);
        }
        let listener = TcpListener::bind(address).await.map_err(|reason| ServerError::Listen { address, reason })?;
        let own = listener.local_addr().unwrap_or(address);
        let base_url = base_url.unwrap_or_else(|| format!("http://{own}"));
        let bell = Bell::default();
        let settings = Settings { open, base_url: base_url.trim_end_matches('/').to_owned(), unlimited };
        Ok(Self { listener, app: App::new(store, bell.clone(), settings), bell, worker })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What its handlers share.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Serves until `stop` turns true: then requests in hand are answered and the job in hand is put back.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn run(self, stop: watch::Receiver<bool>) -> std::io::Result<()> {
        let Self { listener, app, bell, worker } = self;
        let store = app.store().clone();
        let work = worker.then(|| tokio::spawn(jobs::work(store.clone(), bell, stop.clone())));
        let tidy = tokio::spawn(tidy(store, stop.clone()));
        let boards = tokio::spawn(boards::keep(app.clone(), stop.clone()));
        let rides = tokio::spawn(rides::keep(app.clone(), stop.clone()));
        let service = routes::router(app).into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(asked(stop.clone()));
        // Who follows a job would hold us for hours: after a while we go.
        let patience = async {
            asked(stop).await;
            tokio::time::sleep(PATIENCE).await;
        };
        tokio::select! {
            served = serving => served?,
            () = patience => {}
        }
        if let Some(work) = work {
            let _ = work.await;
        }
        tidy.abort();
        boards.abort();
        rides.abort();
        Ok(())
    }
}

/// Until it is asked to stop.
async fn asked(mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if stop.changed().await.is_err() {
            break;
        }
    }
}

/// What is kept for a while only.
#[derive(Clone, Copy, Debug)]
enum Old {
    Answers,
    Rides,
    Requests,
    Claims,
}

async fn forget(store: &Store, old: Old) -> Result<(), StorageError> {
    let (mut tx, now) = (store.write().await?, Timestamp::now());
    match old {
        Old::Answers => idempotency::forget(&mut tx, now).await?,
        Old::Rides => kept_rides::forget(&mut tx, now).await?,
        Old::Requests => parking::forget(&mut tx, now).await?,
        Old::Claims => rooms::forget(&mut tx, now).await?,
    }
    tx.commit().await?;
    Ok(())
}

async fn tidy(store: Store, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        // Each on its own: what cannot be read of one keeps nothing else.
        for old in [Old::Answers, Old::Rides, Old::Requests, Old::Claims] {
            if let Err(error) = forget(&store, old).await {
                tracing::warn!(%error, ?old, "what is old could not be forgotten");
            }
        }
        tokio::time::sleep(TIDY).await;
    }
}

/// The first start: somebody must be able to come in. A one-time link for an admin, while there is nobody who could sign in.
///
/// # Errors
/// The database.
pub async fn first_link(app: &App) -> Result<Option<String>, ServerError> {
    let mut tx = app.store().write().await?;
    let now = Timestamp::now();
    let user = match people::by_login(&mut tx, "admin").await? {
        // Not used yet: the link of the last start is void, this one is good.
        Some((user, None)) => user,
        Some((_, Some(_))) => return Ok(None),
        None if people::anybody(&mut tx).await? => return Ok(None),
        None => {
            let user = people::add(&mut tx, "admin", "Admin", now).await?;
            people::give(&mut tx, &user.id, Role::Admin.name(), None, None, now).await?;
            user
        }
    };
    let token = tokens::new()?;
    people::invite(&mut tx, &user.id, &tokens::hash(&token), now.checked_add(FIRST_LINK).unwrap_or(now)).await?;
    tx.commit().await.map_err(StorageError::from)?;
    Ok(Some(format!("{}/welcome?token={token}", app.settings().base_url)))
}
