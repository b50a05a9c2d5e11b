//! `jiebo engine routing FILE`: vehicle routes for a published form of problem. One file a form, read into an `Instance`.

mod darp;
mod instance;
mod left_out;
mod li_lim;
mod requests;
mod rounding;
mod rows;
mod sbrp;
mod solomon;
#[cfg(test)]
mod tests;
mod vrplib;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::cli::budget::{Budget, ENGINE_SECONDS};
use crate::cli::console::Console;
use crate::cli::progress::Watcher;
use crate::cli::{Ending, Failure, files, interrupt, output};
use crate::routing::reasons::LeftOut;
use crate::routing::tours::{Tour, Tours};
use crate::routing::{self, check};
use crate::search::{Ended, Progress, Run, Solved};
use instance::Instance;
use rounding::Rounding;

const EXAMPLES: &str = "\
Examples:
  jiebo engine routing C101.txt                                 a minute
  jiebo engine routing X-n115-k10.vrp --seconds 10 --json r.json    ten seconds; the routes as data too
  jiebo engine routing PR11A.vrp --iterations 100000 --seed 7   the same routes on every run
  jiebo engine routing a2-16.txt --format darp                  dial-a-ride

Forms of files:
  solomon  time windows (Solomon, Gehring & Homberger)
  vrplib   CVRPLIB's form with PyVRP's extensions: several depots, a mixed fleet, several trips with release times, time windows, prizes,
           groups of which one is served. A depot's number within a route is a reload. Beyond these, each as a head or a section:
           VEHICLES_UNIT_DURATION_COST; VEHICLES_USUAL_DURATION with VEHICLES_UNIT_OVERTIME_COST for what is longer; DUE_TIME with
           LATE_COST, being late is allowed then, within the window. And VEHICLES_BREAK_SECTION: vehicle, from when and until when its
           break begins, how long it is; up to three a vehicle, in order, on the way or at home before or after. Costs are whole numbers a
           unit of time; neither LATE_COST nor breaks go with reloads and releases. --json tells the hours of routes without reloads
  li-lim   pickups and deliveries with time windows (Li & Lim); fewer vehicles come first, then the way
  darp     dial-a-ride: nobody is aboard for too long (Cordeau)
  sbrp     school buses: stops are chosen within the students' walk (Schittekat et al.); worked to 1/10000, the cost is exact unless --round says otherwise

Numbers are made whole as published results have them (--round): solomon, VRPTW, PCVRPTW and MTVRPTWR truncate10, CVRP and GVRP nearest,
HFVRP and MDVRPTW exact, li-lim and darp strict. The cost of li-lim and darp is the real way, whatever numbers were made; with li-lim
it may rise in the trace where a vehicle fewer is needed.";

/// Route vehicles: who goes where, in what order
///
/// Reads a problem in a published form, minimises what driving costs and prints the routes by the numbers in the file; --json writes
/// them as data. Ends with 1 if no answer was found that serves everybody.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The problem
    file: PathBuf,
    /// Form of the file
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,
    /// How numbers are made whole [default: as the form and its type are published]
    #[arg(long, value_enum)]
    round: Option<Rounding>,
    #[command(flatten)]
    search: Budget,
    /// Write the routes, their cost and how they came to be
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Found out by what is in it
    Auto,
    /// Solomon's, also Gehring & Homberger's
    Solomon,
    /// CVRPLIB's, with PyVRP's extensions
    Vrplib,
    /// Li & Lim's pickups and deliveries
    LiLim,
    /// Cordeau's dial-a-ride
    Darp,
    /// Schittekat's: school buses with stop selection
    Sbrp,
}

/// Best costs so far, in the problem's units, with the seconds at which they were found.
type Trace = Vec<(f64, f64)>;

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    args.search.use_threads();
    let source = files::single(&args.file, console)?;
    if args.format == Format::Sbrp || (args.format == Format::Auto && sbrp::looks(&source.bytes)) {
        return sbrp::run(args, &source.bytes, console);
    }
    let instance = read(&source.bytes, args.format, args.round).map_err(|reason| {
        let words = [("path", args.file.display().to_string().into()), ("reason", reason.into())];
        Failure::unreadable(console.say("cli-engine-unreadable", &words))
    })?;
    drop(source);
    interrupt::install(console.say("cli-stopping", &[]));
    let search = &args.search;
    let watcher = Watcher::new(console.language(), search.time(ENGINE_SECONDS), search.iterations, true);
    let trace = Mutex::new(Trace::new());
    let watch = |progress: &Progress| {
        let seconds = watcher.elapsed().as_secs_f64();
        note(&mut trace.lock().unwrap_or_else(PoisonError::into_inner), seconds, progress.objective);
        // The bar speaks of yuan a day; these are units of the file.
        watcher.watch(&Progress { objective: None, ..progress.clone() })
    };
    let run =
        Run { seed: search.seed, iterations: search.iterations, chains: search.chains.unwrap_or(1), watch: &watch };
    let solved = routing::solve(&instance.problem, None, &run);
    watcher.finish();
    let seconds = watcher.elapsed().as_secs_f64();
    if solved.ended == Ended::Stopped && interrupt::asked() {
        console.note(&console.say("cli-stopped", &[]));
    }
    let tours = &solved.best;
    if let Some(fault) = check::check(&instance.problem, tours).first() {
        return Err(Failure::failed(console.say("cli-engine-wrong", &[("reason", fault.to_string().into())])));
    }
    let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner).clone();
    note(&mut trace, seconds, (tours.missing == 0).then_some(tours.cost as f64));
    let left_out = left_out::of(&instance.problem, tours);
    if let Some(path) = &args.json {
        let text = format!("{:#}\n", data(&instance, &run, &solved, &left_out, seconds, &trace));
        output::file(path, text.as_bytes(), console)?;
    }
    Ok(print(&instance, tours, &left_out, seconds, console))
}

/// The file as a problem; what is wrong with it in words, with the line.
fn read(bytes: &[u8], format: Format, rounding: Option<Rounding>) -> Result<Instance, String> {
    // Names and comments may be in any encoding; the rest is digits.
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    match format {
        Format::Solomon => solomon::read(text, rounding),
        Format::Vrplib => vrplib::read(text, rounding),
        Format::LiLim => li_lim::read(text, rounding),
        Format::Darp => darp::read(text, rounding),
        Format::Auto if solomon::looks(text) => solomon::read(text, rounding),
        Format::Auto if vrplib::looks(text) => vrplib::read(text, rounding),
        Format::Auto if li_lim::looks(text) => li_lim::read(text, rounding),
        Format::Auto if darp::looks(text) => darp::read(text, rounding),
        // Its answers are of another kind: `run` has turned off before.
        Format::Sbrp => Err("a school bus problem is not read as tours".to_owned()),
        Format::Auto => {
            Err("it looks like no form that is read; if it is one, say --format solomon, vrplib, li-lim, darp or sbrp"
                .to_owned())
        }
    }
}

/// Notes a cost that is lower than all before.
fn note(trace: &mut Trace, seconds: f64, cost: Option<f64>) {
    if let Some(cost) = cost
        && trace.last().is_none_or(|last| cost < last.1)
    {
        trace.push((seconds, cost));
    }
}

fn print(instance: &Instance, tours: &Tours, left_out: &[LeftOut], seconds: f64, console: &mut Console) -> Ending {
    let cost = instance.stated(tours);
    let stops: usize = tours.tours.iter().map(|tour| tour.jobs.len()).sum();
    let words = [
        ("vehicles", tours.tours.len().to_string().into()),
        ("stops", stops.to_string().into()),
        ("cost", format!("{cost:.*}", instance.rounding.decimals()).into()),
        ("seconds", format!("{seconds:.1}").into()),
    ];
    console.result(&console.say("cli-routing-summary", &words));
    for route in instance.routes(tours) {
        let stops: Vec<String> = route.stops.iter().map(u32::to_string).collect();
        let words = [("vehicle", route.vehicle.to_string().into()), ("stops", stops.join(" ").into())];
        console.result(&console.say("cli-routing-route", &words));
    }
    if tours.missing == 0 {
        return Ending::Done;
    }
    console.result(&console.say("cli-routing-missing", &[("missing", tours.missing.to_string().into())]));
    left_out::print(instance, left_out, console);
    Ending::Refused
}

/// When a vehicle leaves, begins at each stop, rests and is back.
fn hours(instance: &Instance, tour: &Tour) -> Value {
    let time = |units: i64| units as f64 / instance.rounding.scale() as f64;
    check::hours(&instance.problem, tour).map_or(Value::Null, |hours| {
        json!({
            "leaves": time(hours.leaves),
            "begins": hours.begins.into_iter().map(time).collect::<Vec<f64>>(),
            "breaks": hours.rests.into_iter().map(time).collect::<Vec<f64>>(),
            "back": time(hours.back),
        })
    })
}

fn data(
    instance: &Instance,
    run: &Run<'_>,
    solved: &Solved<Tours>,
    left_out: &[LeftOut],
    seconds: f64,
    trace: &Trace,
) -> Value {
    let tours = &solved.best;
    let (vehicles, routes): (Vec<u32>, Vec<Vec<u32>>) =
        instance.routes(tours).into_iter().map(|route| (route.vehicle, route.stops)).unzip();
    let trace: Trace = trace.iter().map(|&(seconds, cost)| (seconds, instance.cost(cost))).collect();
    let mut data = json!({
        "feasible": tours.missing == 0,
        "cost": instance.stated(tours),
        "routes": routes,
        "missing": tours.missing,
        "left_out": left_out::data(instance, left_out),
        "seconds": seconds,
        "iterations": solved.iterations,
        "seed": run.seed,
        "chains": run.chains,
        "trace": trace,
    });
    if instance.mixed() {
        data["vehicles"] = vehicles.into();
    }
    if instance.tells_hours() {
        data["hours"] = tours.tours.iter().map(|tour| hours(instance, tour)).collect();
    }
    data
}
