//! Reading what the user brought: a folder's files or one file, never more than fits.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Failure;
use super::console::Console;
use crate::intake::Source;
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::planning::scenario::{self, Scenario};

/// Largest file: an extract of a whole province is 200 MB.
const LARGEST: u64 = 1 << 30;
/// Largest plan: thousands of cohorts make some tens of megabytes.
const LARGEST_PLAN: u64 = 256 << 20;
/// Largest scenario.
const LARGEST_SCENARIO: u64 = 4 << 20;
/// All files of a folder together.
const LARGEST_FOLDER: u64 = 2 << 30;
/// Files of a folder, at most: more is the wrong folder.
const MOST_FILES: usize = 1_000;
/// What intake reads; of other files it is told the name alone.
const READ: [&str; 6] = ["toml", "csv", "xlsx", "geojson", "json", "pbf"];

/// All files of a project folder, by name.
pub(super) fn folder(path: &Path, console: &Console) -> Result<Vec<Source>, Failure> {
    let failed = |key: &str, path: &Path, reason: String| {
        let args = [("path", path.display().to_string().into()), ("reason", reason.into())];
        Failure::unreadable(console.say(key, &args))
    };
    let entries = std::fs::read_dir(path).map_err(|e| failed("cli-folder-unreadable", path, console.reason(&e)))?;
    let mut paths = Vec::new();
    for entry in entries {
        let inside = entry.map_err(|e| failed("cli-folder-unreadable", path, console.reason(&e)))?.path();
        // Follows links: a folder may point at roads kept elsewhere.
        if inside.is_file() {
            paths.push(inside);
        }
        if paths.len() > MOST_FILES {
            return Err(failed("cli-folder-too-many", path, MOST_FILES.to_string()));
        }
    }
    paths.sort();
    if !paths.iter().any(|path| path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("project.toml"))) {
        return Err(failed("cli-folder-no-project", path, String::new()));
    }
    let size = |path: &std::path::PathBuf| path.metadata().map_or(0, |data| data.len());
    if paths.iter().map(size).sum::<u64>() > LARGEST_FOLDER {
        return Err(failed("cli-file-too-large", path, (LARGEST_FOLDER >> 20).to_string()));
    }
    paths
        .iter()
        .map(|path| {
            let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = if READ.contains(&ending.as_str()) { read(path, LARGEST, console)? } else { Vec::new() };
            Ok(Source { name, bytes })
        })
        .collect()
}

/// One file, under its own name.
pub(super) fn single(path: &Path, console: &Console) -> Result<Source, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Source { name, bytes: read(path, LARGEST, console)? })
}

/// A plan.json (or a plan folder: the plan.json in it).
pub(super) fn plan(path: &Path, console: &Console) -> Result<Plan, Failure> {
    let inside = path.join("plan.json");
    let path = if path.is_dir() { inside.as_path() } else { path };
    let bytes = read(path, LARGEST_PLAN, console)?;
    Plan::from_json(&bytes).map_err(|error| {
        let args = [("path", path.display().to_string().into()), ("reason", error.to_string().into())];
        Failure::unreadable(console.say("cli-plan-unreadable", &args))
    })
}

/// The project with the changes of a scenario file; `None`: as it is.
pub(super) fn scenario(project: Project, path: Option<&Path>, console: &Console) -> Result<Project, Failure> {
    let Some(path) = path else { return Ok(project) };
    let failed = |reason: String| {
        let args = [("path", path.display().to_string().into()), ("reason", reason.into())];
        Failure::unreadable(console.say("cli-scenario-unreadable", &args))
    };
    let bytes = read(path, LARGEST_SCENARIO, console)?;
    let text = String::from_utf8(bytes).map_err(|error| failed(error.to_string()))?;
    let scenario: Scenario = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    scenario::apply(&project, &scenario).map_err(|(number, error)| {
        let args = [("number", number.into()), ("reason", error.to_string().into())];
        Failure::failed(console.say("cli-scenario-failed", &args))
    })
}

/// The bytes of a file, refused past a size.
fn read(path: &Path, largest: u64, console: &Console) -> Result<Vec<u8>, Failure> {
    let failed = |key: &str, reason: String| {
        let args = [("path", path.display().to_string().into()), ("reason", reason.into())];
        Failure::unreadable(console.say(key, &args))
    };
    let unreadable = |error: std::io::Error| failed("cli-file-unreadable", console.reason(&error));
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if size > largest {
        return Err(failed("cli-file-too-large", (largest >> 20).to_string()));
    }
    let mut bytes = Vec::new();
    // A pipe or a growing file may hold more than it says.
    file.take(largest + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > largest {
        return Err(failed("cli-file-too-large", (largest >> 20).to_string()));
    }
    Ok(bytes)
}
