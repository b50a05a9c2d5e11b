//! `jiebo engine siting FILE`: which of these points should be sites?

mod exact;
mod form;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::cli::budget::{Budget, ENGINE_SECONDS};
use crate::cli::console::Console;
use crate::cli::progress::Watcher;
use crate::cli::{Ending, Failure, files, interrupt, output};
use crate::search::{Ended, Progress, Run, Solved};
use crate::siting::{Placed, ProblemError, Way, capacitated, check, covering, p_median, stop_choice};
use form::Form;

const EXAMPLES: &str = "\
Examples:
  jiebo engine siting pmedcap1.txt --format pmedcap                                      capacitated, as the file says
  jiebo engine siting stops.csv --format points --p 12                                   twelve sites, least weighted distance
  jiebo engine siting lots.csv --format points --problem capacitated --p 4 --json o.json  sites that hold what is assigned
  jiebo engine siting doors.csv --format points --problem covering --p 5 --radius 300    most weight within 300 m of a site
  jiebo engine siting doors.csv --format points --problem stops --radius 500 --price 200 a price for each site

Forms of files:
  pmedcap  OR-Library (Osman & Christofides 1994): number best / customers medians capacity / id x y demand …;
           distances are Euclidean, cut to whole numbers
  points   a CSV with a header; every row is a customer and a candidate site; distances are Euclidean
           x,y       coordinates in any unit; or lon,lat: degrees, distances in metres around their middle
           weight    people, distances count so many times   [1]
           demand    what it takes of a capacity             [1]
           capacity  what fits if it is a site               (needed for capacitated)
           price     what it costs to open                   [--price]
           id        what it is called in what is printed    [the row, from 0]
           Amounts have at most three decimals.

Data (--json): cost and bound (no answer costs less), open and assigned (rows from 0; null: without a site), seconds, trace.
covering: the cost is the weight that is not covered.";

/// Choose sites among points: p-median, capacitated p-median, covering, or stops at a price
///
/// Ends by itself when the answer is proven best or nothing improves any more, mostly within some seconds.
/// Prints the cost with a proven limit, and the sites; --json writes them as data.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The file
    file: PathBuf,
    /// Its form
    #[arg(long, value_enum)]
    format: Format,
    /// What is asked [default: capacitated for pmedcap, p-median for points]
    #[arg(long, value_enum)]
    problem: Option<Kind>,
    /// Sites to open: so many; stops: at most so many [default: as the file says; stops: no limit]
    #[arg(long, value_name = "P", value_parser = clap::value_parser!(u32).range(1..))]
    p: Option<u32>,
    /// Farthest a customer goes, in the unit of distances (needed for covering and stops)
    #[arg(long, value_name = "M", value_parser = amount)]
    radius: Option<f64>,
    /// stops: price of a site, in weight times distance, where the file has no column for it
    #[arg(long, value_name = "COST", value_parser = amount, default_value = "0")]
    price: f64,
    /// stops: what a customer without a site costs, as a distance [default: the radius]
    #[arg(long, value_name = "M", value_parser = amount)]
    loss: Option<f64>,
    #[command(flatten)]
    search: Budget,
    /// Write the answer, its figures and how they came to be
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Pmedcap,
    Points,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Least weighted distance
    PMedian,
    /// The same; what is assigned to a site must fit it
    Capacitated,
    /// Most weight within the radius
    Covering,
    /// Prices of sites and ways together, at most the radius each
    Stops,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::PMedian => "p-median",
            Self::Capacitated => "capacitated",
            Self::Covering => "covering",
            Self::Stops => "stops",
        }
    }
}

/// A number from 0.
fn amount(text: &str) -> Result<f64, String> {
    let amount = text.parse::<f64>().ok().filter(|amount| (0.0..=1e12).contains(amount));
    amount.ok_or_else(|| "a number from 0 to 1e12".to_owned())
}

/// An engine's problem.
enum Problem {
    Median(p_median::Problem),
    Capacitated(capacitated::Problem),
    Covering(covering::Problem),
    Stops(stop_choice::Problem),
}

/// A problem in the engine's fine units.
struct Task {
    problem: Problem,
    /// Fine units of cost in one of the file's.
    unit: f64,
    /// What roundings may have added to all ways of an answer, fine units.
    rounded: f64,
    weights: Vec<u32>,
    near: Vec<Vec<Way>>,
}

/// Best costs so far with the seconds at which they were found.
type Trace = Vec<(f64, f64)>;

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    args.search.use_threads();
    let unreadable = |reason: String| {
        let words = [("path", args.file.display().to_string().into()), ("reason", reason.into())];
        Failure::unreadable(console.say("cli-engine-unreadable", &words))
    };
    let source = files::single(&args.file, console)?;
    let form = match args.format {
        Format::Pmedcap => form::pmedcap(&source),
        Format::Points => form::points(&source),
    };
    let form = form.map_err(unreadable)?;
    let kind = args.problem.unwrap_or(match args.format {
        Format::Pmedcap => Kind::Capacitated,
        Format::Points => Kind::PMedian,
    });
    let impossible =
        |reason: String| Failure::failed(console.say("cli-engine-impossible", &[("reason", reason.into())]));
    let task = task(args, &form, kind).map_err(impossible)?;
    interrupt::install(console.say("cli-stopping", &[]));
    let search = &args.search;
    let watcher = Watcher::new(console.language(), search.time(ENGINE_SECONDS), search.iterations, true);
    let trace = Mutex::new(Trace::new());
    let watch = |progress: &Progress| {
        let objective = progress.objective.map(|objective| objective / task.unit);
        let seconds = watcher.elapsed().as_secs_f64();
        note(&mut trace.lock().unwrap_or_else(PoisonError::into_inner), seconds, objective);
        // The bar speaks of yuan a day; these are ways.
        watcher.watch(&Progress { objective: None, ..progress.clone() })
    };
    let chains = search.chains.unwrap_or(1);
    let run = Run { seed: search.seed, iterations: search.iterations, chains, watch: &watch };
    let solved = solve(&task, &run)
        .map_err(|faults| Failure::failed(console.say("cli-engine-wrong", &[("reason", faults.into())])))?;
    watcher.finish();
    let seconds = watcher.elapsed().as_secs_f64();
    if solved.ended == Ended::Stopped && interrupt::asked() {
        console.note(&console.say("cli-stopped", &[]));
    }
    let left_out = solved.best.left_out();
    if left_out > 0 && kind == Kind::Capacitated {
        return Err(Failure::failed(console.say("cli-siting-no-room", &[("customers", left_out.to_string().into())])));
    }
    let cost = real_cost(&task, &form, &solved.best);
    let bound = ((solved.bound.unwrap_or(0.0) - task.rounded) / task.unit).clamp(0.0, cost);
    let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner).clone();
    note(&mut trace, seconds, Some(cost));
    if let Some(path) = &args.json {
        let data = data(kind, &run, &solved, (cost, bound), seconds, &trace);
        output::file(path, format!("{data:#}\n").as_bytes(), console)?;
    }
    let above = if cost > bound { (cost - bound) / bound.max(f64::MIN_POSITIVE) * 100.0 } else { 0.0 };
    let words = [
        ("open", solved.best.open.len().to_string().into()),
        ("points", form.at.len().to_string().into()),
        ("cost", figure(cost).into()),
        ("bound", figure(bound).into()),
        ("above", if above.is_finite() && above < 1e6 { format!("{above:.2}") } else { "∞".to_owned() }.into()),
        ("without", left_out.to_string().into()),
        ("seconds", format!("{seconds:.1}").into()),
    ];
    console.result(&console.say("cli-siting-summary", &words));
    let names: Vec<&str> = solved.best.open.iter().map(|&site| form.names[site].as_str()).collect();
    console.result(&console.say("cli-siting-open", &[("sites", names.join(" ").into())]));
    Ok(Ending::Done)
}

/// The question in whole numbers, checked.
fn task(args: &Args, form: &Form, kind: Kind) -> Result<Task, String> {
    let say = |error: ProblemError| error.to_string();
    let (mut amounts, factor) = exact::whole(&[&form.weights], "weight")?;
    let weights = amounts.pop().unwrap_or_default();
    let needed = |what: &str| format!("{} needs {what}; give it", kind.name());
    if matches!(kind, Kind::Covering | Kind::Stops) && args.radius.is_none() {
        return Err(needed("--radius"));
    }
    let reach = exact::reach(&form.at, form.whole, args.radius, &weights).map_err(say)?;
    let places = args.p.map(|p| p as usize).or(form.places);
    let (sites, near) = (form.at.len(), reach.near);
    let unit = reach.scale * factor;
    let problem = match kind {
        Kind::PMedian => {
            let places = places.ok_or_else(|| needed("--p"))?;
            Problem::Median(p_median::Problem::new(weights.clone(), near.clone(), sites, places).map_err(say)?)
        }
        Kind::Capacitated => {
            let capacities = form.capacities.as_ref().ok_or_else(|| needed("a column “capacity”"))?;
            let (mut amounts, _) = exact::whole(&[&form.demands, capacities], "demand” or “capacity")?;
            let (capacities, demands) = (amounts.pop().unwrap_or_default(), amounts.pop().unwrap_or_default());
            let places = places.ok_or_else(|| needed("--p"))?;
            let problem = capacitated::Problem::new(weights.clone(), near.clone(), demands, capacities, places);
            Problem::Capacitated(problem.map_err(say)?)
        }
        Kind::Covering => {
            let places = places.ok_or_else(|| needed("--p"))?;
            // Reach goes both ways.
            let covers = near.iter().map(|ways| ways.iter().map(|way| way.site as usize).collect()).collect();
            Problem::Covering(covering::Problem::new(weights.clone(), covers, places).map_err(say)?)
        }
        Kind::Stops => {
            let loss = args.loss.or(args.radius).unwrap_or(0.0);
            let fine = |cost: f64| whole_cost(cost * unit);
            let losses = form.weights.iter().map(|&weight| fine(weight * loss)).collect::<Result<_, _>>()?;
            let price = |site: usize| form.prices.as_ref().map_or(args.price, |prices| prices[site]);
            let prices = (0..sites).map(|site| fine(price(site))).collect::<Result<_, _>>()?;
            let most = args.p.map_or(usize::MAX, |p| p as usize);
            let problem = stop_choice::Problem::new(weights.clone(), near.clone(), losses, prices, most);
            Problem::Stops(problem.map_err(say)?)
        }
    };
    // Half a fine unit for each way and each price or loss; whole lengths are exact.
    let all: f64 = weights.iter().map(|&weight| f64::from(weight)).sum();
    let rounded = match kind {
        Kind::Covering => 0.0,
        Kind::Stops => all / 2.0 + sites as f64,
        Kind::PMedian | Kind::Capacitated => {
            if form.whole {
                0.0
            } else {
                all / 2.0
            }
        }
    };
    let unit = if kind == Kind::Covering { factor } else { unit };
    Ok(Task { problem, unit, rounded, weights, near })
}

fn whole_cost(fine: f64) -> Result<u64, String> {
    if fine < crate::siting::MOST_COST as f64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 2^52")]
        return Ok(fine.round() as u64);
    }
    Err(ProblemError::TooDear.to_string())
}

/// The answer, judged by somebody else; or what is wrong with it.
fn solve(task: &Task, run: &Run<'_>) -> Result<Solved<Placed>, String> {
    let (solved, faults) = match &task.problem {
        Problem::Median(problem) => {
            let solved = p_median::solve(problem, run);
            let faults = check::p_median(problem, &solved.best);
            (solved, faults)
        }
        Problem::Capacitated(problem) => {
            let solved = capacitated::solve(problem, run);
            let faults = check::capacitated(problem, &solved.best);
            (solved, faults)
        }
        Problem::Stops(problem) => {
            let solved = stop_choice::solve(problem, run);
            let faults = check::stop_choice(problem, &solved.best);
            (solved, faults)
        }
        Problem::Covering(problem) => {
            let solved = covering::solve(problem, run);
            let faults = check::covering(problem, &solved.best);
            let all: u64 = task.weights.iter().map(|&weight| u64::from(weight)).sum();
            let assigned = nearest(&task.near, &solved.best.sites);
            let best = Placed { open: solved.best.sites, assigned, cost: all - solved.best.covered.min(all) };
            let bound = solved.bound.map(|most| (all as f64 - most).max(0.0));
            (Solved { best, bound, ended: solved.ended, iterations: solved.iterations }, faults)
        }
    };
    if faults.is_empty() { Ok(solved) } else { Err(format!("{faults:?}")) }
}

/// The nearest site of each customer.
fn nearest(near: &[Vec<Way>], open: &[usize]) -> Vec<Option<usize>> {
    let of = |ways: &Vec<Way>| {
        let open = ways.iter().filter(|way| open.binary_search(&(way.site as usize)).is_ok());
        open.min_by_key(|way| (way.distance, way.site)).map(|way| way.site as usize)
    };
    near.iter().map(of).collect()
}

/// The cost in the file's unit, without the roundings of the search.
fn real_cost(task: &Task, form: &Form, placed: &Placed) -> f64 {
    if !matches!(task.problem, Problem::Median(_) | Problem::Capacitated(_)) {
        return placed.cost as f64 / task.unit;
    }
    let cost = |(customer, site): (usize, &Option<usize>)| {
        site.map_or(0.0, |site| form.weights[customer] * exact::length(form.at[customer], form.at[site], form.whole))
    };
    placed.assigned.iter().enumerate().map(cost).sum()
}

/// Notes a cost that is better than all before.
fn note(trace: &mut Trace, seconds: f64, cost: Option<f64>) {
    if let Some(cost) = cost
        && trace.last().is_none_or(|last| cost < last.1)
    {
        trace.push((seconds, cost));
    }
}

/// Whole where it is.
fn figure(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { format!("{number:.3}") }
}

fn data(
    kind: Kind,
    run: &Run<'_>,
    solved: &Solved<Placed>,
    (cost, bound): (f64, f64),
    seconds: f64,
    trace: &Trace,
) -> Value {
    let number = |value: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
    };
    json!({
        "problem": kind.name(),
        "cost": number(cost),
        "bound": number(bound),
        "open": solved.best.open,
        "assigned": solved.best.assigned,
        "seconds": seconds,
        "iterations": solved.iterations,
        "seed": run.seed,
        "chains": run.chains,
        "trace": trace,
    })
}
