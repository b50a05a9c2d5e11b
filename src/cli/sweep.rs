//! `jiebo sweep FOLDER GRID.toml`: a grid of what-ifs, one table, and what the next vehicle or yuan is worth.

use std::path::PathBuf;
use std::time::Duration;

use rayon::prelude::*;

use super::budget::Budget;
use super::console::Console;
use super::findings::{self, Show};
use super::progress::Watcher;
use super::{Ending, Failure, files, interrupt, output, plan};
use crate::domain::finding::Finding;
use crate::intake::grid::{self, GridFile};
use crate::planning::project::Project;
use crate::planning::sweep::{self, Cell, State, shared};
use crate::publish::sweep::{self as shown, Told};
use crate::search::Run;

/// Hours a sweep may take: beyond a day it is a mistake in the grid or the seconds.
const MOST_HOURS: u64 = 24;

const EXAMPLES: &str = "\
Examples:
  jiebo sweep my-park grid.toml                  every combination of the grid's choices; writes ./NAME-sweep
  jiebo sweep my-park grid.toml --seconds 20     search longer for each
  jiebo sweep my-park grid.toml --iterations 500 the same table on every run

grid.toml, three fleets times two budgets (a choice without modifications is the project as it is):
  [[axis]]
  name = \"minibuses\"
  choice = [
    { name = \"2\", modification = [{ kind = \"set_vehicles\", type = \"minibus19\", count = 2 }] },
    { name = \"3\", modification = [{ kind = \"set_vehicles\", type = \"minibus19\", count = 3 }] },
    { name = \"4\", modification = [{ kind = \"set_vehicles\", type = \"minibus19\", count = 4 }] },
  ]
  [[axis]]
  name = \"budget\"
  choice = [{ name = \"as now\" }, { name = \"3600\", modification = [{ kind = \"set_budget\", per_day = 3600 }] }]

The folder gets sweep.html, sweep.json and the plan of each cell, plan-001.json …
Ctrl-C ends the sweep; the cells planned so far are written, the others said to be missing.";

/// A grid of what-ifs, one table and the Pareto set
///
/// Plans every combination of the choices in GRID.toml, each search starting from its neighbour's plan, and says what the next
/// vehicle or yuan saves, step by step, with what follows from the bounds.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The project folder
    folder: PathBuf,
    /// The grid: [[axis]] entries with choices, each a list of modifications as in a scenario
    grid: PathBuf,
    /// Where the results go [default: ./NAME-sweep]
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// The table as JSON into a file of its own, besides
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// What if: a file of [[modification]] entries, made to the project first
    #[arg(long, value_name = "FILE.toml")]
    scenario: Option<PathBuf>,
    /// For each plan:
    #[command(flatten)]
    search: Budget,
    /// Print neither findings nor progress
    #[arg(short, long)]
    quiet: bool,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    args.search.use_threads();
    let show = Show::FewOf(&args.folder);
    let wrong = |finding: &Finding, console: &Console| {
        let lines = findings::lines(std::slice::from_ref(finding), Show::All, console.language());
        Failure::failed(lines.join("\n"))
    };
    let file = files::single(&args.grid, console)?;
    let file =
        grid::read(&file.name, &file.bytes).map_err(|finding| Failure { code: 3, ..wrong(&finding, console) })?;
    let project = plan::read_shuttle(&args.folder, args.quiet, show, console)?;
    let project = files::scenario(project, args.scenario.as_deref(), console)?;
    let mut cells = sweep::cells(&project, &file.grid).map_err(|misfit| wrong(&file.misfit(&misfit), console))?;
    short_enough(args, &project, cells.len(), console)?;
    let out = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}-sweep", plan::safe(&project.name))));
    interrupt::install(console.say("cli-stopping", &[]));

    search(args, &project, &file, &mut cells, console);
    shared::hand_on(&file.grid, &mut cells);
    let open = cells.iter().filter(|cell| matches!(cell.state, State::Open)).count();
    if open == cells.len() {
        return Err(Failure::failed(console.say("cli-sweep-none", &[])));
    }
    let told = Told::new(&file.grid, &cells);
    output::within(&out, &written(&told, &cells), console)?;
    if let Some(path) = &args.json {
        output::file(path, &told.json(), console)?;
    }
    console.result(told.text(console.language()).trim_end());
    if open > 0 {
        console.note(&console.say("cli-sweep-stopped", &[("open", open.into()), ("all", cells.len().into())]));
    }
    let path = plan::shortest(&out.canonicalize().unwrap_or(out));
    console.result(&console.say("cli-sweep-written", &[("path", path.into())]));
    Ok(Ending::Done)
}

/// Plans the cells, wave by wave, as many at once as the threads allow.
fn search(args: &Args, project: &Project, file: &GridFile, cells: &mut [Cell], console: &Console) {
    let search = &args.search;
    let chains = search.chains.unwrap_or(project.solve.chains).max(1);
    let at_once = (rayon::current_num_threads() / chains as usize).max(1);
    let all = cells.len();
    let mut done = 0;
    for wave in file.grid.waves() {
        for part in wave.chunks(at_once) {
            if interrupt::asked() {
                return;
            }
            let before = &*cells;
            let states: Vec<State> = part
                .par_iter()
                .map(|&cell| {
                    let time = search.time(Duration::from_secs(u64::from(project.solve.seconds)));
                    // Bars of several searches would overwrite each other.
                    let watcher =
                        Watcher::new(console.language(), time, search.iterations, !args.quiet && at_once == 1);
                    let watch = |progress: &crate::search::Progress| watcher.watch(progress);
                    let run = Run { seed: search.seed, iterations: search.iterations, chains, watch: &watch };
                    let state = sweep::plan(&file.grid, before, cell, &run, &interrupt::asked);
                    watcher.finish();
                    state
                })
                .collect();
            for (&cell, state) in part.iter().zip(states) {
                cells[cell].state = state;
                done += 1;
                if !args.quiet {
                    let (choices, result) = shown::line(&file.grid, cells, cell, console.language());
                    let args = [
                        ("done", done.into()),
                        ("all", all.into()),
                        ("choices", choices.into()),
                        ("result", result.into()),
                    ];
                    console.note(&console.say("cli-sweep-cell", &args));
                }
            }
        }
    }
}

/// Refuses what would run for days; with iterations nobody knows.
fn short_enough(args: &Args, project: &Project, cells: usize, console: &Console) -> Result<(), Failure> {
    let Some(time) = args.search.time(Duration::from_secs(u64::from(project.solve.seconds))) else { return Ok(()) };
    let seconds = time.as_secs_f64() * cells as f64;
    if seconds <= (MOST_HOURS * 3600) as f64 {
        return Ok(());
    }
    let args = [
        ("cells", cells.into()),
        ("seconds", time.as_secs_f64().into()),
        ("hours", (seconds / 3600.0).round().into()),
        ("most", (MOST_HOURS as f64).into()),
    ];
    Err(Failure::misuse(console.say("cli-sweep-too-long", &args)))
}

fn written(told: &Told<'_>, cells: &[Cell]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("sweep.html".to_owned(), told.html().into_bytes()), ("sweep.json".to_owned(), told.json())];
    files.extend(
        cells.iter().enumerate().filter_map(|(number, cell)| Some((shown::file(number), cell.plan()?.to_json()))),
    );
    files
}
