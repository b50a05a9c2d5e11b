//! `jiebo compare PLAN.json PLAN.json …`: side by side as a table, and what changed from the first to each of the others.

use std::path::{Path, PathBuf};

use super::console::Console;
use super::{Ending, Failure, files, output};
use crate::planning::plan::Plan;
use crate::publish::comparison;

/// Smallest group told alone: the policy's default; plans carry no policy.
const SMALLEST: u32 = 5;

const EXAMPLES: &str = "\
Examples:
  jiebo compare my-park-plan with-three-buses                a plan folder stands for its plan.json
  jiebo compare a/plan.json b/plan.json --html compare.html  the same as a page";

/// Put plans side by side and tell what changed
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Two plans or more: plan.json files, or the folders they stand in
    #[arg(required = true, num_args = 2..)]
    plans: Vec<PathBuf>,
    /// Write a page with the comparison too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let plans: Vec<Plan> = args.plans.iter().map(|path| files::plan(path, console)).collect::<Result<_, _>>()?;
    let names: Vec<String> = args.plans.iter().map(|path| short(path)).collect();
    let named: Vec<comparison::Named<'_>> = names.iter().map(String::as_str).zip(&plans).collect();
    if let Some(path) = &args.html {
        output::file(path, comparison::html(&named, SMALLEST).as_bytes(), console)?;
    }
    console.result(comparison::text(&named, console.language(), SMALLEST).trim_end());
    Ok(Ending::Done)
}

/// "a/plan.json" is "a": the file's name says nothing.
fn short(path: &Path) -> String {
    let named = match path.file_name() {
        Some(name) if name == "plan.json" => path.parent().filter(|parent| !parent.as_os_str().is_empty()),
        _ => None,
    };
    named.unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_called_by_their_folder() {
        assert_eq!(short(Path::new("a/plan.json")), "a");
        assert_eq!(short(Path::new("plan.json")), "plan.json");
        assert_eq!(short(Path::new("b")), "b");
    }
}
