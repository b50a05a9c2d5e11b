//! `jiebo engine allocation FILE`: who gets which place?

mod form;
mod parking;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::allocation::{self, Assignment, Effort, Problem, check};
use crate::cli::budget::{Budget, ENGINE_SECONDS};
use crate::cli::console::Console;
use crate::cli::findings::{self, Show};
use crate::cli::progress::Watcher;
use crate::cli::{Ending, Failure, files, interrupt, output};
use crate::intake::{self, Source};
use crate::planning::parking::{allot_straight, first_come};
use crate::search::{Ended, Progress, Run, Solved};
use form::FormError;

const EXAMPLES: &str = "\
Examples:
  jiebo engine allocation d20200 --format gap                              at most a minute; sooner where it is proven best
  jiebo engine allocation d20200 --format gap --seconds 10 --json o.json   the answer as data too
  jiebo engine allocation night.json --format parking                      bays to residents; as long as it takes

The forms:
  gap  OR-Library (Chu & Beasley 1997): agents jobs / costs, agent by agent / what is taken, agent by agent / capacities;
       every job goes to one agent, at the least cost
  parking  {\"lots\": [{columns of lots.csv}], \"requests\": [{columns of parking.csv}], \"history\": [...], \"policy\": {...}};
       walks are straight lines times 1.3

Data (--json): cost and bound (no answer costs less), open (agents with jobs), assigned (the agent of each job), all from 0.
Of parking: metres walked and their bound where as many are served, served and most (no answer serves more), first_come (how many are
served as they come), refused with what would change it.";

/// Give out what is scarce: jobs to agents at the least cost, bays to residents
///
/// Prints what came out and a proven limit; --json writes the assignment as data.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The file
    file: PathBuf,
    /// Its form
    #[arg(long, value_enum)]
    format: Format,
    #[command(flatten)]
    search: Budget,
    /// Write the answer, its figures and how they came to be
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Gap,
    Parking,
}

/// Searches of jobs to agents at once, where nothing else is asked: as many as the usual small machine has cores.
const CHAINS: u32 = 2;

/// Best costs so far with the seconds at which they were found.
type Trace = Vec<(f64, f64)>;

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    args.search.use_threads();
    let source = files::single(&args.file, console)?;
    match args.format {
        Format::Gap => gap(args, &source, console),
        Format::Parking => bays(args, &source, console),
    }
}

/// Bays to residents.
fn bays(args: &Args, source: &Source, console: &mut Console) -> Result<Ending, Failure> {
    let project = parking::read(source).map_err(|reason| unreadable(args, reason, console))?;
    for line in findings::lines(&project.findings, Show::Few, console.language()) {
        console.note(&line);
    }
    if intake::hopeless(&project.findings) {
        return Err(Failure::failed(console.say("cli-hopeless", &[])));
    }
    interrupt::install(console.say("cli-stopping", &[]));
    let search = &args.search;
    let watcher = Watcher::new(console.language(), search.seconds, search.iterations, true);
    let watch = |progress: &Progress| watcher.watch(&Progress { objective: None, ..progress.clone() });
    let run =
        Run { seed: search.seed, iterations: search.iterations, chains: search.chains.unwrap_or(1), watch: &watch };
    let (given, found) = allot_straight(&project, &run);
    let seconds = watcher.elapsed().as_secs_f64();
    watcher.finish();
    for line in findings::lines(&found, Show::Few, console.language()) {
        console.note(&line);
    }
    let first = first_come::straight(&project, &run);
    if let Some(path) = &args.json {
        let text = format!("{:#}\n", parking::data(&project, &given, first, &run, seconds));
        output::file(path, text.as_bytes(), console)?;
    }
    console.result(&parking::summary(&project, &given, first, seconds, console));
    Ok(Ending::Done)
}

fn unreadable(args: &Args, reason: String, console: &Console) -> Failure {
    let words = [("path", args.file.display().to_string().into()), ("reason", reason.into())];
    Failure::unreadable(console.say("cli-engine-unreadable", &words))
}

/// Jobs to agents.
fn gap(args: &Args, source: &Source, console: &mut Console) -> Result<Ending, Failure> {
    let problem = form::gap(source).map_err(|error| match error {
        FormError::Unreadable(reason) => unreadable(args, reason, console),
        FormError::Impossible(error) => {
            Failure::failed(console.say("cli-engine-impossible", &[("reason", error.to_string().into())]))
        }
    })?;
    interrupt::install(console.say("cli-stopping", &[]));
    let search = &args.search;
    let watcher = Watcher::new(console.language(), search.time(ENGINE_SECONDS), search.iterations, true);
    let trace = Mutex::new(Trace::new());
    let all = problem.claimants().len();
    let watch = |progress: &Progress| {
        let seconds = watcher.elapsed().as_secs_f64();
        note(&mut trace.lock().unwrap_or_else(PoisonError::into_inner), seconds, progress.objective);
        // The bar speaks of yuan a day; this is in the file's unit.
        watcher.watch(&Progress { objective: None, ..progress.clone() })
    };
    let run = Run {
        seed: search.seed,
        iterations: search.iterations,
        chains: search.chains.unwrap_or(CHAINS),
        watch: &watch,
    };
    let solved = allocation::solve(&problem, &run, Effort::All);
    watcher.finish();
    let seconds = watcher.elapsed().as_secs_f64();
    if solved.ended == Ended::Stopped && interrupt::asked() {
        console.note(&console.say("cli-stopped", &[]));
    }
    let violations = check(&problem, &solved.best);
    if !violations.is_empty() {
        let reason = format!("{violations:?}");
        return Err(Failure::failed(console.say("cli-engine-wrong", &[("reason", reason.into())])));
    }
    let missing = all - solved.best.served();
    if missing > 0 {
        return Err(Failure::failed(console.say("cli-allocation-no-room", &[("missing", missing.to_string().into())])));
    }
    let cost = solved.best.cost(&problem);
    let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner).clone();
    note(&mut trace, seconds, Some(cost as f64));
    if let Some(path) = &args.json {
        let text = format!("{:#}\n", data(&problem, &run, &solved, seconds, &trace));
        output::file(path, text.as_bytes(), console)?;
    }
    let bound = solved.best.least_cost;
    let words = [
        ("jobs", all.to_string().into()),
        ("agents", problem.pools().len().to_string().into()),
        ("cost", cost.to_string().into()),
        ("bound", bound.to_string().into()),
        ("proof", if bound == cost { "best" } else { "open" }.into()),
        ("seconds", format!("{seconds:.1}").into()),
    ];
    console.result(&console.say("cli-allocation-summary", &words));
    Ok(Ending::Done)
}

/// Notes a cost with the seconds at which it was found, if it is better than the last.
fn note(trace: &mut Trace, seconds: f64, cost: Option<f64>) {
    let Some(cost) = cost.filter(|cost| cost.is_finite()) else { return };
    if trace.last().is_none_or(|&(_, last)| cost < last) {
        trace.push((seconds, cost));
    }
}

/// What `--json` writes.
fn data(problem: &Problem, run: &Run<'_>, solved: &Solved<Assignment>, seconds: f64, trace: &Trace) -> Value {
    let assigned: Vec<Option<usize>> = (solved.best.choice.iter().zip(problem.claimants()))
        .map(|(choice, claimant)| choice.map(|choice| claimant.choices[choice].pool))
        .collect();
    let mut open: Vec<usize> = assigned.iter().copied().flatten().collect();
    open.sort_unstable();
    open.dedup();
    json!({
        "cost": solved.best.cost(problem),
        "bound": solved.best.least_cost,
        "open": open,
        "assigned": assigned,
        "seconds": seconds,
        "iterations": solved.iterations,
        "seed": run.seed,
        "chains": run.chains,
        "trace": trace,
    })
}
