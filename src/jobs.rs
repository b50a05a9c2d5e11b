//! Long work: claim a job, solve it aside and politely, save the best on the way, end it once.
//!
//! The `runs` row is the truth ([`crate::storage::runs`]); a worker is a loop that claims the oldest open row. It runs inside
//! `jiebo serve` and, as often as there are machines, as `jiebo worker`: the same code. A worker that is lost loses its lease; the next goes on
//! from the last saved best.

mod machine;
mod solve;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::storage::{StorageError, Store, runs};

/// An idle worker looks for work this often; a job asked for in the same process is begun at once.
const LOOK: Duration = Duration::from_millis(700);

/// Wakes the worker of this process.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// There is work.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// Works until `stop` turns true; a job in hand is then put back with its best so far, and another worker goes on.
pub async fn work(store: Store, bell: Bell, mut stop: watch::Receiver<bool>) {
    let name = format!("{}-{}", std::process::id(), &crate::storage::new_id()[20..]);
    let machine = Arc::new(machine::Machine::new());
    while !*stop.borrow() {
        match step(&store, &name, &machine, &stop).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the worker cannot reach its jobs; it tries again"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = bell.0.notified() => {}
            _ = stop.changed() => {}
        }
    }
}

/// One job, if there is one and the machine's solver is free.
async fn step(
    store: &Store,
    name: &str,
    machine: &Arc<machine::Machine>,
    stop: &watch::Receiver<bool>,
) -> Result<bool, StorageError> {
    let Some(turn) = machine.turn() else { return Ok(false) };
    let Some((run, hold)) = runs::claim(store, name).await? else { return Ok(false) };
    tracing::info!(run = %run.id, project = %run.project, attempt = hold.attempt, "job begun");
    let ended = solve::solve(store, machine, &run, &hold, stop).await;
    drop(turn);
    match ended {
        Ok(how) => tracing::info!(run = %run.id, how, "job ended"),
        // Its lease runs out, and it is claimed again.
        Err(error) => tracing::warn!(run = %run.id, %error, "job lost"),
    }
    Ok(true)
}
