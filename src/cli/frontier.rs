//! `jiebo frontier FOLDER`: what the best plans cost that change at most so many things of the plan in force.

use std::path::PathBuf;
use std::time::Duration;

use super::budget::Budget;
use super::console::Console;
use super::findings::Show;
use super::progress::Watcher;
use super::{Ending, Failure, files, interrupt, output, plan};
use crate::planning::frontier::{self, ALLOWED, Step};
use crate::publish::frontier as shown;
use crate::search::Run;

const EXAMPLES: &str = "\
Examples:
  jiebo frontier my-park                       my-park/plan.json is the plan in force; writes ./NAME-frontier
  jiebo frontier my-park --seconds 20 -o out   search longer for each number of changes

The folder gets frontier.html, frontier.json and the plan of each step, plan-0.json … plan-any.json.
Ctrl-C ends the search; the steps done so far are written.";

/// Cost against changes, from the plan in force
///
/// Finds the best plan with at most 0, 1, 2, 4, 8, 16, 32 changes to the plan in force (plan.json in the folder) and with any
/// number of them: how much is gained by the first few changes, and how much only by turning everything over.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The project folder, with the plan in force as plan.json
    folder: PathBuf,
    /// Where the results go [default: ./NAME-frontier]
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// What if: a file of [[modification]] entries, made to the project first
    #[arg(long, value_name = "FILE.toml")]
    scenario: Option<PathBuf>,
    /// For each number of changes:
    #[command(flatten)]
    search: Budget,
    /// Print neither findings nor progress
    #[arg(short, long)]
    quiet: bool,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    args.search.use_threads();
    let show = Show::FewOf(&args.folder);
    let project = plan::read_shuttle(&args.folder, args.quiet, show, console)?;
    let project = files::scenario(project, args.scenario.as_deref(), console)?;
    if project.in_force.is_none() {
        return Err(Failure::misuse(console.say("cli-nothing-in-force", &[])));
    }
    let out = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}-frontier", plan::safe(&project.name))));
    interrupt::install(console.say("cli-stopping", &[]));
    let search = &args.search;
    let mut steps: Vec<Step> = Vec::new();
    for allowed in ALLOWED {
        let watcher = Watcher::new(
            console.language(),
            search.time(Duration::from_secs(u64::from(project.solve.seconds))),
            search.iterations,
            !args.quiet,
        );
        let watch = |progress: &crate::search::Progress| watcher.watch(progress);
        let run = Run {
            seed: search.seed,
            iterations: search.iterations,
            chains: search.chains.unwrap_or(project.solve.chains).max(1),
            watch: &watch,
        };
        let step = frontier::step(&project, allowed, steps.last(), &run);
        watcher.finish();
        steps.push(step.map_err(|error| plan::refused(&error, show, console))?);
        if interrupt::asked() {
            break;
        }
    }
    output::within(&out, &written(&steps), console)?;
    console.result(shown::text(&steps, console.language()).trim_end());
    let path = plan::shortest(&out.canonicalize().unwrap_or(out));
    console.result(&console.say("cli-frontier-written", &[("path", path.into())]));
    Ok(Ending::Done)
}

fn written(steps: &[Step]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        ("frontier.html".to_owned(), shown::html(steps).into_bytes()),
        ("frontier.json".to_owned(), shown::json(steps)),
    ];
    for step in steps {
        let name = step.allowed.map_or_else(|| "any".to_owned(), |most| most.to_string());
        files.extend(step.plan.as_ref().map(|plan| (format!("plan-{name}.json"), plan.to_json())));
    }
    files
}
