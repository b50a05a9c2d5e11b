//! `jiebo baselines FOLDER`: what joint planning is worth, beside simpler ways to plan, and why it is not at its bound.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::budget::Budget;
use super::console::Console;
use super::findings::Show;
use super::progress::Watcher;
use super::{Ending, Failure, files, interrupt, output, plan};
use crate::planning::baselines::split::{self, Split};
use crate::planning::baselines::{self, Row, Way};
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::baselines as shown;
use crate::search::Run;

const EXAMPLES: &str = "\
Examples:
  jiebo baselines my-park                       as long for each search as [solve] says
  jiebo baselines my-park --seconds 60          a minute for each search: four of them, and the simpler ways
  jiebo baselines my-park --json worth.json     the same for programs, in fen

A plan in force is left aside: every way starts from a clean slate. Ctrl-C ends the search; what is done by then is printed.";

/// What is joint planning worth? The same project planned in simpler ways
///
/// Plans the project as one line at even headway (the best there is), stage after stage (lines, timetable, vehicles), with a
/// search after the stages, and jointly; each promised and simulated by the same rules. Then says what of the joint plan's gap to
/// its bound comes from the search, from people choosing for themselves, and from a board that must be readable.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The project folder
    folder: PathBuf,
    /// What if: a file of [[modification]] entries, made to the project first
    #[arg(long, value_name = "FILE.toml")]
    scenario: Option<PathBuf>,
    /// Write the figures to a file too
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
    /// For each search:
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
    let project = baselines::clean(&files::scenario(project, args.scenario.as_deref(), console)?);
    interrupt::install(console.say("cli-stopping", &[]));
    let mut rows: Vec<Row> = Vec::new();
    for way in Way::ALL {
        rows.push(row(&project, way, args, show, console)?);
        if interrupt::asked() {
            break;
        }
    }
    // Not of a search that was broken off.
    let joint = rows.iter().find(|row| row.way == Way::Joint).map(|row| Arc::clone(&row.plan));
    let split = match joint.filter(|_| !interrupt::asked()) {
        Some(joint) => parts(&project, &joint, args, show, console)?,
        None => None,
    };
    if let Some(path) = &args.json {
        output::file(path, &shown::json(&rows, split.as_ref()), console)?;
    }
    console.result(shown::table(&rows, console.language()).trim_end());
    if let Some(split) = split {
        console.result(&format!("\n{}", shown::gap(&split, console.language()).trim_end()));
    }
    Ok(Ending::Done)
}

/// One way, with all the time there is where it searches.
fn row(project: &Project, way: Way, args: &Args, show: Show<'_>, console: &Console) -> Result<Row, Failure> {
    let search = &args.search;
    let usual = Duration::from_secs(u64::from(project.solve.seconds));
    let (budget, iterations) = if way.searches() { (search.time(usual), search.iterations) } else { (None, None) };
    let watcher = Watcher::new(console.language(), budget, iterations, !args.quiet);
    let watch = |progress: &crate::search::Progress| watcher.watch(progress);
    let run = Run {
        seed: search.seed,
        iterations,
        chains: search.chains.unwrap_or(project.solve.chains).max(1),
        watch: &watch,
    };
    let row = baselines::row(project, way, &run);
    watcher.finish();
    row.map_err(|error| plan::refused(&error, show, console))
}

/// Two more searches, for the parts of the gap; none of them where the project is like that already.
fn parts(
    project: &Project,
    joint: &Arc<Plan>,
    args: &Args,
    show: Show<'_>,
    console: &Console,
) -> Result<Option<Split>, Failure> {
    let mut known = (project.clone(), Arc::clone(joint));
    let mut plans = Vec::new();
    for other in [split::unlimited(project), split::assigned(project)] {
        if !split::alike(&known.0, &other) {
            let plan = row(&other, Way::Joint, args, show, console)?.plan;
            known = (other, plan);
        }
        plans.push(Arc::clone(&known.1));
        if interrupt::asked() {
            return Ok(None);
        }
    }
    Ok(Some(Split::of(project, joint, &plans[0], &plans[1])))
}
