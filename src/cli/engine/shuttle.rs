//! `jiebo engine shuttle FILE.json`: lines, timetable and vehicles together, on an instance without roads.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::cli::budget::{Budget, ENGINE_SECONDS};
use crate::cli::console::Console;
use crate::cli::progress::Watcher;
use crate::cli::{Ending, Failure, files, interrupt, output};
use crate::planning::joint::instance::{Instance, Laid};
use crate::planning::joint::rules::Plain;
use crate::planning::joint::{self, Answer, judge};
use crate::search::{Ended, Progress, Run};

const EXAMPLES: &str = "\
Examples:
  jiebo engine shuttle district.json                         at most a minute; ends by itself when the plan is proven the best
  jiebo engine shuttle district.json --seconds 5 --json p.json     the plan as data too
  jiebo engine shuttle district.json --iterations 5000 --seed 7    the same plan on every run

The file holds stops with their drives, places with their walks, trains, cohorts, a fleet and a pool of lines.";

/// Plan lines, timetable and vehicles together, with a proven bound
///
/// Reads an instance without roads, plans with assigned seats and prints what the plan costs and what no plan can cost less than;
/// --json writes the plan as data.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The instance
    file: PathBuf,
    #[command(flatten)]
    search: Budget,
    /// Write the plan, its cost and its bound
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
}

/// Best costs so far with the seconds at which they were found.
type Trace = Vec<(f64, f64)>;

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    args.search.use_threads();
    let source = files::single(&args.file, console)?;
    let instance = Instance::read(&source.bytes).map_err(|error| {
        let words = [("path", args.file.display().to_string().into()), ("reason", error.to_string().into())];
        Failure::unreadable(console.say("cli-engine-unreadable", &words))
    })?;
    let laid = instance.problem();
    interrupt::install(console.say("cli-stopping", &[]));
    let search = &args.search;
    let watcher = Watcher::new(console.language(), search.time(ENGINE_SECONDS), search.iterations, true);
    let trace = Mutex::new(Trace::new());
    let watch = |progress: &Progress| {
        let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner);
        note(&mut trace, watcher.elapsed().as_secs_f64(), progress.objective);
        // The bar speaks of fen; these are yuan.
        let fen = |yuan: f64| yuan * 100.0;
        let (objective, bound) = (progress.objective.map(fen), progress.bound.map(fen));
        watcher.watch(&Progress { objective, bound, ..progress.clone() })
    };
    let run =
        Run { seed: search.seed, iterations: search.iterations, chains: search.chains.unwrap_or(1), watch: &watch };
    let rules = Plain(&laid.problem);
    let solved = joint::solve(&laid.problem, &rules, None, &run, &mut |_, _| ());
    watcher.finish();
    let seconds = watcher.elapsed().as_secs_f64();
    if solved.ended == Ended::Stopped && interrupt::asked() {
        console.note(&console.say("cli-stopped", &[]));
    }
    let answer = &solved.best;
    let bound = solved.bound.unwrap_or(f64::NEG_INFINITY);
    if let Err(fault) = judge::judge(&laid.problem, &answer.plan, answer.objective) {
        return Err(Failure::failed(console.say("cli-engine-wrong", &[("reason", fault.to_string().into())])));
    }
    let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner).clone();
    note(&mut trace, seconds, Some(answer.objective));
    if let Some(path) = &args.json {
        let text = format!("{:#}\n", data(&instance, &laid, answer, bound, seconds, &trace));
        output::file(path, text.as_bytes(), console)?;
    }
    let trips: usize = answer.plan.blocks.iter().map(|(_, _, columns)| columns.len()).sum();
    let words = [
        ("objective", format!("{:.4}", answer.objective).into()),
        ("bound", format!("{bound:.4}").into()),
        // Nobody travels: nothing costs nothing, and is as good as it can be.
        ("above", format!("{:.4}", (answer.objective - bound) / bound.abs().max(1e-9) * 100.0).into()),
        ("nothing", format!("{:.4}", answer.nothing).into()),
        ("vehicles", answer.plan.blocks.len().into()),
        ("trips", trips.into()),
        ("seconds", format!("{seconds:.1}").into()),
    ];
    console.result(&console.say("cli-shuttle-summary", &words));
    Ok(Ending::Done)
}

fn note(trace: &mut Trace, seconds: f64, objective: Option<f64>) {
    if let Some(objective) = objective
        && trace.last().is_none_or(|(_, best)| objective < best - 1e-9)
    {
        trace.push((seconds, objective));
    }
}

fn data(instance: &Instance, laid: &Laid, answer: &Answer, bound: f64, seconds: f64, trace: &Trace) -> Value {
    let blocks: Vec<Value> = answer
        .plan
        .blocks
        .iter()
        .map(|(_, kind, columns)| {
            let trips: Vec<Value> = columns
                .iter()
                .map(|number| {
                    let line = &laid.problem.lines[laid.problem.columns[*number as usize].line as usize];
                    json!({ "line": line, "departure": laid.departures[*number as usize] })
                })
                .collect();
            json!({ "type": kind, "trips": trips })
        })
        .collect();
    json!({
        "instance": instance.name,
        "objective": answer.objective,
        "bound": bound,
        "nothing": answer.nothing,
        "seconds": seconds,
        "blocks": blocks,
        "riders": answer.plan.riders,
        "trace": trace,
    })
}
