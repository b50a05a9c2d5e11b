//! `jiebo engine districting FILE.geojson`: areas in so many connected groups of about equal weight, as compact as can be.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::cli::budget::{Budget, ENGINE_SECONDS};
use crate::cli::console::Console;
use crate::cli::findings::{self, Show};
use crate::cli::progress::Watcher;
use crate::cli::{Ending, Failure, files, interrupt, output};
use crate::districting::{self, Distances, Grouping, Problem, ProblemError, check};
use crate::domain::finding::Severity;
use crate::intake::{IntakeError, areas};
use crate::planning::grouping::{self, GAP_M, Ground};
use crate::planning::project::Area;
use crate::search::{Ended, Progress, Run, Solved};

/// Of people there are thousandths.
const WHOLE: u64 = 1000;

const EXAMPLES: &str = "\
Examples:
  jiebo engine districting areas.geojson --groups 4                        at most a minute; ends by itself, up to 128 areas mostly with a proof
  jiebo engine districting areas.geojson --groups 4 --json groups.json     the groups as data too
  jiebo engine districting areas.geojson --groups 6 --weight households --tolerance 0.1
  jiebo engine districting areas.geojson --groups 4 --iterations 2000      the same groups on every run

The file holds Polygons or MultiPolygons in WGS-84 with the properties id, name, people, households. Areas are neighbours if their
outlines come within 80 m of each other: a road lies between. Where that leaves parts, over a river or a railway, the shortest
gaps join them, and this is said.";

/// Group areas: connected, balanced, then compact
///
/// What deviates from the mean by more than the tolerance comes first; then the way of all to the middle area of their group,
/// in a straight line from centre to centre; then the largest deviation. Prints each group; --json writes them as data.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The areas
    file: PathBuf,
    /// Groups, exactly
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    groups: u16,
    /// What is balanced, and weighs in the way
    #[arg(long, value_enum, default_value_t = Weight::People)]
    weight: Weight,
    /// A group may deviate from the mean by this share at no price
    #[arg(long, value_name = "SHARE", default_value_t = grouping::TOLERANCE, value_parser = share)]
    tolerance: f64,
    #[command(flatten)]
    search: Budget,
    /// Write the groups, their figures and how they came to be
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Weight {
    /// People
    People,
    /// Households
    Households,
    /// Each area counts the same
    Equal,
}

/// Areas as read, where they lie, and what is asked.
struct Case {
    areas: Vec<Area>,
    ground: Ground,
    problem: Problem,
    /// So many weights are one.
    unit: u64,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    args.search.use_threads();
    let search = &args.search;
    let areas = given(args, console)?;
    interrupt::install(console.say("cli-stopping", &[]));
    let watcher = Watcher::new(console.language(), search.time(ENGINE_SECONDS), search.iterations, true);
    // The bar speaks of yuan a day; these are metres.
    let watch = |progress: &Progress| watcher.watch(&Progress { objective: None, ..progress.clone() });
    let run =
        Run { seed: search.seed, iterations: search.iterations, chains: search.chains.unwrap_or(1), watch: &watch };
    let case = case(args, areas, &run, console)?;
    let solved = districting::solve(&case.problem, &run);
    watcher.finish();
    let seconds = watcher.elapsed().as_secs_f64();
    if solved.ended == Ended::Stopped && interrupt::asked() {
        console.note(&console.say("cli-stopped", &[]));
    }
    if let Some(fault) = check::check(&case.problem, &solved.best).first() {
        return Err(Failure::failed(console.say("cli-engine-wrong", &[("reason", fault.to_string().into())])));
    }
    if let Some(path) = &args.json {
        let text = format!("{:#}\n", data(&case, &run, &solved, seconds));
        output::file(path, text.as_bytes(), console)?;
    }
    print(&case, &solved, seconds, console);
    Ok(Ending::Done)
}

/// The areas of the file: all of them, for an area left out would be a hole in its group.
fn given(args: &Args, console: &Console) -> Result<Vec<Area>, Failure> {
    let read = areas::alone(&files::single(&args.file, console)?);
    let found = match &read {
        Ok((_, found)) => &found[..],
        Err(error) => error.findings(),
    };
    for line in findings::lines(found, Show::Few, console.language()) {
        console.note(&line);
    }
    let (areas, found) = read.map_err(|error| {
        let IntakeError::Unreadable { files, .. } = error;
        Failure::unreadable(console.say("cli-inputs-unreadable", &[("path", files.join(", ").into())]))
    })?;
    if found.iter().any(|finding| finding.severity != Severity::Note) || areas.is_empty() {
        let words = [("path", args.file.display().to_string().into())];
        return Err(Failure::failed(console.say("cli-districting-areas", &words)));
    }
    Ok(areas)
}

/// The areas as a problem.
fn case(args: &Args, areas: Vec<Area>, run: &Run<'_>, console: &Console) -> Result<Case, Failure> {
    let impossible =
        |reason: String| Failure::failed(console.say("cli-engine-impossible", &[("reason", reason.into())]));
    let Some(ground) = grouping::ground(&areas, run) else {
        let words = [("path", args.file.display().to_string().into())];
        return Err(Failure::failed(console.say("cli-districting-areas", &words)));
    };
    for bridge in &ground.bridges {
        let words = [
            ("one", areas[bridge.from].name.as_str().into()),
            ("other", areas[bridge.to].name.as_str().into()),
            ("metres", format!("{:.0}", bridge.metres).into()),
        ];
        console.note(&console.say("cli-districting-bridge", &words));
    }
    let weights = |area: &Area| match args.weight {
        Weight::People => u64::from(area.people.0),
        Weight::Households => u64::from(area.households),
        Weight::Equal => 1,
    };
    let mut weights: Vec<u64> = areas.iter().map(weights).collect();
    let thousandths = args.weight == Weight::People;
    // Whole people are counted as such: a unit without any still counts as one for the way, not as a thousandth.
    let whole = thousandths && weights.iter().all(|weight| weight % WHOLE == 0);
    if whole {
        weights.iter_mut().for_each(|weight| *weight /= WHOLE);
    }
    let unit = if thousandths && !whole { WHOLE } else { 1 };
    let distances = Distances::Straight(ground.places.clone());
    match Problem::new(weights, distances, &ground.edges, usize::from(args.groups), args.tolerance) {
        Ok(problem) => Ok(Case { areas, ground, problem, unit }),
        Err(ProblemError::Groups { groups, units }) => {
            let words = [("groups", groups.into()), ("areas", units.into())];
            Err(Failure::failed(console.say("cli-districting-few", &words)))
        }
        Err(error) => Err(impossible(error.to_string())),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a share from 0 to 1 (0.05 is 5 %)".to_owned()),
    }
}

impl Case {
    /// Weight x groups, as a share of the mean in percent.
    fn percent(&self, deviation: u64) -> f64 {
        deviation as f64 * 100.0 / self.problem.total().max(1) as f64
    }
    /// As many as there are, not thousandths; whole where it is.
    fn number(&self, weight: u64) -> Value {
        if weight.is_multiple_of(self.unit) {
            json!(weight / self.unit)
        } else {
            json!(weight as f64 / self.unit as f64)
        }
    }
    /// Of each group.
    fn weights(&self, grouping: &Grouping) -> Vec<u64> {
        let mut weights = vec![0; self.problem.groups()];
        for (unit, &group) in grouping.group.iter().enumerate() {
            weights[group] += self.problem.weight(unit);
        }
        weights
    }
}

fn print(case: &Case, solved: &Solved<Grouping>, seconds: f64, console: &mut Console) {
    let best = &solved.best;
    // Areas without anybody count as one.
    let all: u64 = (0..case.problem.units()).map(|unit| case.problem.weight(unit).max(1)).sum();
    let each = |way: f64| format!("{:.1}", way / all as f64);
    let words = [
        ("areas", case.areas.len().to_string().into()),
        ("groups", best.centres.len().to_string().into()),
        ("percent", format!("{:.1}", case.percent(best.value.largest)).into()),
        ("metres", each(best.value.way as f64).into()),
        ("bound", each(solved.bound.unwrap_or(0.0)).into()),
        ("proof", if best.proven { "best" } else { "open" }.into()),
        ("seconds", format!("{seconds:.1}").into()),
    ];
    console.result(&console.say("cli-districting-summary", &words));
    if best.value.excess > 0 {
        let proof = if best.least_excess == best.value.excess { "best" } else { "open" };
        let words = [("percent", format!("{:.1}", case.percent(best.value.excess)).into()), ("proof", proof.into())];
        console.result(&console.say("cli-districting-uneven", &words));
    }
    for (group, weight) in case.weights(best).into_iter().enumerate() {
        let members = case.areas.iter().zip(&best.group).filter(|(_, number)| **number == group);
        let words = [
            ("group", group.to_string().into()),
            ("weight", case.number(weight).to_string().into()),
            ("centre", case.areas[best.centres[group]].name.as_str().into()),
            ("areas", members.map(|(area, _)| area.name.as_str()).collect::<Vec<_>>().join(", ").into()),
        ];
        console.result(&console.say("cli-districting-group", &words));
    }
}

fn data(case: &Case, run: &Run<'_>, solved: &Solved<Grouping>, seconds: f64) -> Value {
    let best = &solved.best;
    let weights: Vec<Value> = case.weights(best).into_iter().map(|weight| case.number(weight)).collect();
    let bridges = case.ground.bridges.iter().map(|bridge| json!([bridge.from, bridge.to, bridge.metres.round()]));
    let mut data = Map::new();
    let fields = [
        ("cost", case.number(best.value.way)),
        ("bound", json!(solved.bound.map(|bound| bound / case.unit as f64))),
        ("groups", json!(best.group)),
        // Judged before.
        ("connected", json!(true)),
        ("proven", json!(best.proven)),
        ("centres", json!(best.centres)),
        ("weights", json!(weights)),
        ("largest_deviation", json!(case.percent(best.value.largest) / 100.0)),
        ("beyond_tolerance", json!(case.percent(best.value.excess) / 100.0)),
        ("beyond_tolerance_bound", json!(case.percent(best.least_excess) / 100.0)),
        ("bridges", bridges.collect::<Vec<Value>>().into()),
        ("touch_within_m", json!(GAP_M)),
        ("seconds", json!(seconds)),
        ("iterations", json!(solved.iterations)),
        ("seed", json!(run.seed)),
        ("chains", json!(run.chains)),
    ];
    for (name, value) in fields {
        data.insert(name.to_owned(), value);
    }
    Value::Object(data)
}
