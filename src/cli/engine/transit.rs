//! `jiebo engine transit FOLDER`: routes of a bus network from links and demand in Mandl's form.

mod form;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::cli::budget::{Budget, ENGINE_SECONDS};
use crate::cli::console::Console;
use crate::cli::progress::Watcher;
use crate::cli::{Ending, Failure, files, interrupt, output};
use crate::planning::transit::{self, Design, Problem, ProblemError, Rules, check};
use crate::search::{Ended, Progress, Run, Solved};
use form::{Form, Sources};

/// Loss of a transfer, thousandths of a minute: 5 minutes in all that is published on Mandl's network since Baaj & Mahmassani (1991).
const TRANSFER: u32 = 5_000;

const EXAMPLES: &str = "\
Examples:
  jiebo engine transit Mandl1 --lines 4 --max-stops 8                      at most a minute; ends by itself when nothing improves
  jiebo engine transit Mandl1 --lines 8 --max-stops 8 --json design.json   the design as data too
  jiebo engine transit Mandl1 --lines 6 --max-stops 8 --iterations 100000  the same design on every run

The folder holds three tables of text with commas and a header line, known by how their names end:
  …links.txt    from,to,travel_time    minutes; each link in both directions
  …demand.txt   from,to,demand         whole trips
  …nodes.txt    id,…,terminal          may be left out; terminal 0: no route may end there";

/// Design a bus network: so many routes, driven both ways, on which passengers travel fastest
///
/// Minimises the average travel time of all passengers on their fastest ways: riding, and 5 minutes for each transfer;
/// waiting is left out, as in the literature. Prints the time and the routes; --json writes them as data.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The folder of the tables
    folder: PathBuf,
    /// Routes, exactly
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(1..=500))]
    lines: u16,
    /// Most nodes of a route
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=500))]
    max_stops: u16,
    #[command(flatten)]
    search: Budget,
    /// Write the design, its figures and how they came to be
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
}

/// Best averages so far with the seconds at which they were found.
type Trace = Vec<(f64, f64)>;

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    args.search.use_threads();
    let (form, problem) = read(args, console)?;
    interrupt::install(console.say("cli-stopping", &[]));
    let search = &args.search;
    let watcher = Watcher::new(console.language(), search.time(ENGINE_SECONDS), search.iterations, true);
    let trace = Mutex::new(Trace::new());
    let watch = |progress: &Progress| {
        note(
            &mut trace.lock().unwrap_or_else(PoisonError::into_inner),
            watcher.elapsed().as_secs_f64(),
            progress.objective,
        );
        // The bar speaks of yuan a day; these are minutes.
        watcher.watch(&Progress { objective: None, ..progress.clone() })
    };
    let run =
        Run { seed: search.seed, iterations: search.iterations, chains: search.chains.unwrap_or(1), watch: &watch };
    let solved = transit::solve(&problem, &run);
    watcher.finish();
    let design = &solved.best;
    let seconds = watcher.elapsed().as_secs_f64();
    if solved.ended == Ended::Stopped && interrupt::asked() {
        console.note(&console.say("cli-stopped", &[]));
    }
    if design.missed > 0 {
        return Err(Failure::failed(console.say("cli-transit-apart", &[("missed", design.missed.into())])));
    }
    judge(&problem, design, console)?;
    let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner).clone();
    note(&mut trace, seconds, Some(design.average_minutes));
    if let Some(path) = &args.json {
        let text = format!("{:#}\n", data(&form, &problem, &run, &solved, seconds, &trace));
        output::file(path, text.as_bytes(), console)?;
    }
    let share = |trips: u64| format!("{:.2}", percent(&problem, trips));
    let words = [
        ("lines", design.routes.len().into()),
        ("average", format!("{:.4}", design.average_minutes).into()),
        ("bound", format!("{:.4}", problem.bound()).into()),
        ("direct", share(design.by_transfers[0]).into()),
        ("one", share(design.by_transfers[1]).into()),
        ("operator", design.operator_minutes.to_string().into()),
        ("seconds", format!("{seconds:.1}").into()),
    ];
    console.result(&console.say("cli-transit-summary", &words));
    for route in &design.routes {
        console.result(&route.iter().map(|&node| form.names[node].as_str()).collect::<Vec<_>>().join("-"));
    }
    Ok(Ending::Done)
}

/// The folder's tables as a problem.
fn read(args: &Args, console: &Console) -> Result<(Form, Problem), Failure> {
    let folder = &args.folder;
    let unreadable = |reason: String| {
        let words = [("path", folder.display().to_string().into()), ("reason", reason.into())];
        Failure::unreadable(console.say("cli-engine-unreadable", &words))
    };
    let table = |name: &str| match found(folder, name, console)? {
        Some(path) => files::single(&path, console).map(Some),
        None => Ok(None),
    };
    let (links, demand, nodes) = (table("links")?, table("demand")?, table("nodes")?);
    let (Some(links), Some(demand)) = (links, demand) else {
        return Err(unreadable("it needs two tables whose names end in links.txt and demand.txt (or .csv)".to_owned()));
    };
    let form = form::read(&Sources { links: &links, demand: &demand, nodes: nodes.as_ref() }).map_err(unreadable)?;
    let rules = Rules { lines: usize::from(args.lines), most_stops: usize::from(args.max_stops), transfer: TRANSFER };
    let problem = Problem::new(form.names.len(), &form.links, &form.demand, form.terminals.clone(), rules);
    match problem {
        Ok(problem) => Ok((form, problem)),
        Err(error @ (ProblemError::TooFewRoutes { .. } | ProblemError::TooShort { .. })) => {
            Err(Failure::failed(console.say("cli-engine-impossible", &[("reason", error.to_string().into())])))
        }
        // The one that speaks of nodes and cannot be seen in a line of the tables.
        Err(ProblemError::Apart { from, to }) => {
            let (from, to) = (&form.names[from], &form.names[to]);
            Err(unreadable(format!("no links lead from node {from} to node {to}, though both have demand; add links")))
        }
        Err(error) => Err(unreadable(error.to_string())),
    }
}

/// The one table whose name ends like this.
fn found(folder: &Path, name: &str, console: &Console) -> Result<Option<PathBuf>, Failure> {
    let failed = |key: &str, reason: String| {
        let words = [("path", folder.display().to_string().into()), ("reason", reason.into())];
        Failure::unreadable(console.say(key, &words))
    };
    let unreadable = |error: std::io::Error| failed("cli-folder-unreadable", console.reason(&error));
    let endings = [".txt", ".csv"].map(|ending| format!("{name}{ending}"));
    let mut found: Option<PathBuf> = None;
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let lower = entry.file_name().to_string_lossy().to_lowercase();
        if endings.iter().any(|ending| lower.ends_with(ending)) && found.replace(entry.path()).is_some() {
            return Err(failed("cli-engine-unreadable", format!("two tables have names that end in {name}; keep one")));
        }
    }
    Ok(found)
}

/// Notes an average that is better than all before.
fn note(trace: &mut Trace, seconds: f64, average: Option<f64>) {
    if let Some(average) = average
        && trace.last().is_none_or(|last| average < last.1)
    {
        trace.push((seconds, average));
    }
}

/// What is printed has been judged by somebody else.
fn judge(problem: &Problem, design: &Design, console: &Console) -> Result<(), Failure> {
    let wrong = |reason: String| Failure::failed(console.say("cli-engine-wrong", &[("reason", reason.into())]));
    let judged = check::judge(problem, &design.routes).map_err(|fault| wrong(fault.to_string()))?;
    if (judged.total, judged.by_transfers) == (design.total, design.by_transfers) {
        Ok(())
    } else {
        Err(wrong(format!("{} by the search, {} by the judge", design.total, judged.total)))
    }
}

fn percent(problem: &Problem, trips: u64) -> f64 {
    trips as f64 * 100.0 / problem.all_trips() as f64
}

fn data(form: &Form, problem: &Problem, run: &Run<'_>, solved: &Solved<Design>, seconds: f64, trace: &Trace) -> Value {
    let design = &solved.best;
    let [direct, one, two, more] = design.by_transfers.map(|trips| percent(problem, trips));
    let node = |&node: &usize| {
        let name = &form.names[node];
        name.parse::<i64>().map_or_else(|_| json!(name), |number| json!(number))
    };
    let routes: Vec<Vec<Value>> = design.routes.iter().map(|route| route.iter().map(node).collect()).collect();
    json!({
        "routes": routes,
        "average_minutes": design.average_minutes,
        "direct_percent": direct,
        "one_transfer_percent": one,
        "two_transfers_percent": two,
        "more_transfers_percent": more,
        "operator_minutes": design.operator_minutes,
        "bound_minutes": problem.bound(),
        "seconds": seconds,
        "iterations": solved.iterations,
        "seed": run.seed,
        "chains": run.chains,
        "trace": trace,
    })
}
