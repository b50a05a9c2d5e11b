//! `jiebo backup` and `jiebo restore`: the whole database as one file, and back, while the service runs.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;

use super::console::Console;
use super::serve::{failed, runtime};
use super::{Ending, Failure};
use crate::storage::{Store, backup, people, projects};

/// Write the whole database into one file, while the service runs
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Database: sqlite:FILE or postgres://USER@HOST/NAME (or JIEBO_DB)
    #[arg(long, value_name = "URL", default_value = "sqlite:jiebo.db", env = "JIEBO_DB", hide_env_values = true)]
    db: String,
    /// The file to write; one that is there is replaced once the new one is whole
    file: PathBuf,
}

/// Put a backup into a database (also of the other kind), while the service runs
#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// Database: sqlite:FILE or postgres://USER@HOST/NAME (or JIEBO_DB)
    #[arg(long, value_name = "URL", default_value = "sqlite:jiebo.db", env = "JIEBO_DB", hide_env_values = true)]
    db: String,
    /// Replace what the database holds
    #[arg(long)]
    replace: bool,
    /// A file that `jiebo backup` wrote
    file: PathBuf,
}

pub(super) fn backup(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let path = args.file.display().to_string();
    let unwritable = |error: std::io::Error| Failure::failed(format!("{path}: {error}"));
    // Beside its place first: a backup that breaks off must not cost the last good one.
    let folder =
        args.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    let mut half = tempfile::NamedTempFile::new_in(folder).map_err(unwritable)?;
    let amount = runtime()?.block_on(async {
        let store = Store::existing(&args.db).await.map_err(|error| failed(&error))?;
        backup::write(&store, BufWriter::new(half.as_file_mut())).await.map_err(|error| failed(&error))
    })?;
    half.as_file().sync_all().map_err(unwritable)?;
    half.persist(&args.file).map_err(|error| unwritable(error.error))?;
    #[expect(clippy::cast_precision_loss, reason = "a count to be shown")]
    let rows = amount.rows as f64;
    console.result(&console.say("cli-backup-done", &[("rows", rows.into()), ("path", path.into())]));
    Ok(Ending::Done)
}

pub(super) fn restore(args: &RestoreArgs, console: &mut Console) -> Result<Ending, Failure> {
    let path = args.file.display().to_string();
    let file = File::open(&args.file).map_err(|error| Failure::unreadable(format!("{path}: {error}")))?;
    let amount = runtime()?.block_on(async {
        let store = Store::open(&args.db).await.map_err(|error| failed(&error))?;
        let mut conn = store.read().await.map_err(|error| failed(&error))?;
        let used = people::anybody(&mut conn).await.map_err(|error| failed(&error))?
            || !projects::list(&mut conn, "", 1).await.map_err(|error| failed(&error))?.is_empty();
        drop(conn);
        if used && !args.replace {
            return Err(Failure::misuse(console.say("cli-restore-full", &[])));
        }
        backup::restore(&store, BufReader::new(file)).await.map_err(|error| failed(&error))
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a count to be shown")]
    let rows = amount.rows as f64;
    console.result(&console.say("cli-restore-done", &[("rows", rows.into())]));
    Ok(Ending::Done)
}
