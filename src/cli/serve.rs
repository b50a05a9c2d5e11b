//! `jiebo serve`, `jiebo worker`: the service and its helpers; a signal ends them in good order.

use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::sync::watch;

use super::console::Console;
use super::{Ending, Failure, files};
use crate::api::server::{Server, ServerError, first_link};
use crate::jobs::{self, Bell};
use crate::storage::Store;

const EXAMPLES: &str = "\
Examples:
  jiebo serve --open data/gonghexin                       try it on this machine, without login
  jiebo serve --db sqlite:/var/lib/jiebo/jiebo.db --listen 127.0.0.1:8080 --base-url https://bus.example.org
  jiebo serve --db postgres://jiebo@db/jiebo --no-solve   a server that leaves solving to workers
  jiebo worker --db postgres://jiebo@db/jiebo             as many as there are machines

The first start prints a one-time link for the first admin. Behind a proxy that does TLS, give --base-url.";

/// Run the service: surveys by link, plans as jobs, publications, riders' pages, an API at /docs
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Address and port
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Database: sqlite:FILE or postgres://USER@HOST/NAME (or JIEBO_DB)
    #[arg(long, value_name = "URL", default_value = "sqlite:jiebo.db", env = "JIEBO_DB", hide_env_values = true)]
    db: String,
    /// Where the service is reached from outside; links and QR codes begin with it [default: http://ADDRESS]
    #[arg(long, value_name = "URL", env = "JIEBO_BASE_URL")]
    base_url: Option<String>,
    /// No login: whoever sits at this machine may do everything
    #[arg(long)]
    open: bool,
    /// Leave solving to `jiebo worker`
    #[arg(long)]
    no_solve: bool,
    /// No limits on rates, for tests of the service itself
    #[arg(long, hide = true)]
    unlimited: bool,
    /// Project folders to take in (one that is there already stays as it is)
    folders: Vec<PathBuf>,
}

/// Work on planning jobs of a shared database
#[derive(Debug, clap::Args)]
pub(super) struct WorkerArgs {
    /// Database: sqlite:FILE or postgres://USER@HOST/NAME (or JIEBO_DB)
    #[arg(long, value_name = "URL", env = "JIEBO_DB", hide_env_values = true)]
    db: String,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let mut folders = Vec::new();
    for folder in &args.folders {
        folders.push(files::folder(folder, console)?);
    }
    log();
    runtime()?.block_on(async {
        let store = Store::open(&args.db).await.map_err(|error| failed(&error))?;
        let how = (args.open, args.unlimited, !args.no_solve);
        let server =
            Server::bind(store, args.listen, args.base_url.clone(), how).await.map_err(|error| match error {
                ServerError::OpenToAll => Failure::misuse(error.to_string()),
                other => failed(&other),
            })?;
        for sources in &folders {
            let id = crate::api::take_in(server.app(), sources)
                .await
                .map_err(|problem| Failure::failed(problem.title(console.language())))?;
            console.note(&console.say("cli-serve-project", &[("project", id.into())]));
        }
        let url = server.app().settings().base_url.clone();
        console.note(&console.say("cli-serve-ready", &[("url", url.into())]));
        if !args.open
            && let Some(link) = first_link(server.app()).await.map_err(|error| failed(&error))?
        {
            console.note(&console.say("cli-serve-first", &[("url", link.into())]));
        }
        server.run(signals()).await.map_err(|error| failed(&error))?;
        Ok(Ending::Done)
    })
}

pub(super) fn worker(args: &WorkerArgs, console: &mut Console) -> Result<Ending, Failure> {
    log();
    runtime()?.block_on(async {
        let store = Store::open(&args.db).await.map_err(|error| failed(&error))?;
        console.note(&console.say("cli-worker-ready", &[]));
        jobs::work(store, Bell::default(), signals()).await;
        Ok(Ending::Done)
    })
}

/// A runtime with its own threads.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| failed(&error))
}

pub(super) fn failed(error: &dyn std::error::Error) -> Failure {
    Failure::failed(error.to_string())
}

/// Logs go to standard error; RUST_LOG says how much.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("jiebo=info,warn"));
    // A second start in the same process (tests) keeps the first.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Turns true at the first Ctrl-C or termination; a second ends the process at once.
fn signals() -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        terminated().await;
        let _ = stop.send(true);
        terminated().await;
        std::process::exit(130);
    });
    stopped
}

async fn terminated() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
