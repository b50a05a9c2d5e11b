//! `jiebo engine matrix ROADS`: travel times between many places, and how long each step to them takes.

mod ground;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;

use super::{points, roads};
use crate::cli::budget::use_threads;
use crate::cli::console::Console;
use crate::cli::findings::{self, Show};
use crate::cli::{Ending, Failure, files, output};
use crate::intake;
use ground::{Cells, Flaw, Ground};

/// Random places, if nothing is said.
const RANDOM: usize = 1_000;

const EXAMPLES: &str = "\
Examples:
  jiebo engine matrix shanghai.osm.pbf                                   between 1,000 random places: how long it takes
  jiebo engine matrix roads.geojson --points places.csv --json m.json    between your places, the times as data
  jiebo engine matrix roads.geojson --profile walk --points places.csv --json m.json
  jiebo engine matrix porto_graph.txt.gz --random 2000 --threads 1

ROADS is an OpenStreetMap extract (.osm.pbf), GeoJSON (.geojson), or a plain graph (.txt, .txt.gz): a line \"nodes arcs\", a line
\"lat lon 0|1\" a node, a line \"tail head milliseconds metres\" an arc. The points have columns lon, lat (or node, of a plain graph).

At most 5,000 points on roads and 10,000 in a plain graph: all times are held in memory.";

/// Travel times from each of many places to each
///
/// Reads roads, makes an index of them and asks it for all pairs; prints how long each step took. --json writes that as data,
/// for --points with the times: seconds, rounded up on roads, exact in a plain graph, null where there is no way.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The roads
    roads: PathBuf,
    /// Who travels: a bus at free flow on the right side of the road, or somebody on foot [default: bus]
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Between these places: a table with columns lon and lat, WGS-84
    #[arg(long, value_name = "CSV", conflicts_with = "random")]
    points: Option<PathBuf>,
    /// Between so many random places [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    random: Option<u32>,
    /// Seed of the random places
    #[arg(long, value_name = "K", default_value_t = 1)]
    seed: u64,
    /// Threads to use; changes the speed, never the times [default: all processors]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Write the figures, and the times between --points
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// A bus
    Bus,
    /// On foot
    Walk,
}

/// Milliseconds of the steps.
struct Times {
    build: f64,
    customise: f64,
    query: f64,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    use_threads(args.threads);
    let path = args.roads.display().to_string();
    let unusable = |console: &Console, reason: String| {
        Failure::unreadable(
            console.say("cli-engine-unreadable", &[("path", path.clone().into()), ("reason", reason.into())]),
        )
    };
    let kind = roads::kind(&path)
        .ok_or_else(|| Failure::unreadable(console.say("cli-matrix-kind", &[("path", path.clone().into())])))?;
    if kind == roads::Kind::Plain && args.profile == Some(Profile::Walk) {
        return Err(Failure::misuse(console.say("cli-matrix-plain-walk", &[])));
    }
    let most = ground::most_points(kind);
    let random = args.random.map_or(RANDOM, |count| usize::try_from(count).unwrap_or(usize::MAX));
    if args.points.is_none() && random > most {
        return Err(Failure::misuse(too_many(console, random, most)));
    }
    // Before the roads, which take longer: what is wrong with the points is said at once.
    let given = args.points.as_ref().map(|path| given(path, kind, console)).transpose()?;
    let file = files::single(&args.roads, console)?;

    let start = Instant::now();
    let on_foot = args.profile == Some(Profile::Walk);
    let (ground, found) = Ground::new(kind, &file, on_foot).map_err(|error| unusable(console, error.to_string()))?;
    let build = milliseconds(start);
    for line in findings::lines(&found, Show::Few, console.language()) {
        console.note(&line);
    }
    let start = Instant::now();
    let customised = ground.customise();
    let customise = milliseconds(start);

    let places = match &given {
        Some(given) => customised.places(given),
        None => customised.random(random, args.seed),
    };
    let places = places.map_err(|flaw| failure(&flaw, args.points.as_deref().unwrap_or(&args.roads), console))?;
    let start = Instant::now();
    let cells = customised.cells(&places);
    let times = Times { build, customise, query: milliseconds(start) };

    let count = places.len();
    let pairs = count * count;
    let rate = pairs as f64 / (times.query / 1000.0).max(1e-6);
    if let Some(path) = &args.json {
        let text = json(count, &times, rate, given.is_some().then_some(&cells));
        output::file(path, text.as_bytes(), console)?;
    }
    let words = [
        ("points", count.into()),
        ("pairs", pairs.into()),
        ("apart", cells.apart().into()),
        ("build", format!("{:.0}", times.build).into()),
        ("customise", format!("{:.1}", times.customise).into()),
        ("query", format!("{:.1}", times.query).into()),
        ("rate", format!("{rate:.0}").into()),
    ];
    console.result(&console.say("cli-matrix-summary", &words));
    Ok(Ending::Done)
}

/// The points of a file, each with its row; no more than fit.
fn given(path: &Path, kind: roads::Kind, console: &Console) -> Result<intake::points::Spots, Failure> {
    let spots = points::given(path, kind == roads::Kind::Plain, console)?;
    if spots.len() > ground::most_points(kind) {
        return Err(Failure::failed(too_many(console, spots.len(), ground::most_points(kind))));
    }
    Ok(spots)
}

fn too_many(console: &Console, count: usize, most: usize) -> String {
    console.say("cli-matrix-too-many", &[("count", count.into()), ("most", most.into())])
}

fn failure(flaw: &Flaw, path: &Path, console: &Console) -> Failure {
    let name = ("path", path.display().to_string().into());
    match *flaw {
        Flaw::Far { row } => points::far(path, row, roads::farthest(), console),
        Flaw::NoNode { row, node, nodes } => {
            let last = nodes.saturating_sub(1).to_string();
            let words =
                [name, ("row", row.to_string().into()), ("node", node.to_string().into()), ("last", last.into())];
            Failure::failed(console.say("cli-matrix-no-node", &words))
        }
        Flaw::Nowhere => Failure::failed(console.say("cli-matrix-nowhere", &[name])),
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// Written by hand: a table of millions of cells takes no tree of values.
fn json(points: usize, times: &Times, rate: f64, cells: Option<&Cells>) -> String {
    let Times { build, customise, query } = times;
    let mut text = format!(
        "{{\n  \"points\": {points},\n  \"build_ms\": {build:.3},\n  \"customise_ms\": {customise:.3},\n  \"query_ms\": {query:.3},\n  \"pairs_per_second\": {rate:.0}"
    );
    if let Some(cells) = cells {
        text.push_str(",\n  \"seconds\": [");
        for row in 0..points {
            text.push_str(if row == 0 { "\n    [" } else { ",\n    [" });
            for column in 0..points {
                let comma = if column == 0 { "" } else { "," };
                // Writing to a String cannot fail.
                let _ = match cells.ms(row * points + column) {
                    None => write!(text, "{comma}null"),
                    Some(ms) if ms.is_multiple_of(1000) => write!(text, "{comma}{}", ms / 1000),
                    Some(ms) => write!(text, "{comma}{}.{:03}", ms / 1000, ms % 1000),
                };
            }
            text.push(']');
        }
        text.push_str("\n  ]");
    }
    text.push_str("\n}\n");
    text
}
