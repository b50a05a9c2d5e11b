//! `jiebo engine reach ROADS`: how far people come from some points, on foot or by bus, what lies within, and which roads a
//! stop could stand on.

mod data;
mod kerbs;
mod said;
mod travel;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rayon::prelude::*;

use super::{points, roads};
use crate::cli::console::Console;
use crate::cli::findings::{self, Show};
use crate::cli::{Ending, Failure, files, output};
use crate::domain::coordinates::Point;
use crate::intake::points::Spot;
use crate::network::profile::Band;
use kerbs::{Kerbside, Kerbsides};
use travel::{Limit, Near, Places, Travel};

/// Each has an area of its own.
const MOST_POINTS: usize = 200;
/// Each is looked for from each point.
const MOST_PLACES: usize = 10_000;
/// Metres, if nothing is said: the usual catchment of a bus stop.
const WALK_M: u32 = 500;
/// Nearest places, if nothing is said.
const NEAREST: u16 = 3;

const EXAMPLES: &str = "\
Examples:
  jiebo engine reach shanghai.osm.pbf --points gates.csv                          what lies within 500 m on foot of each gate
  jiebo engine reach roads.geojson --points exits.csv --walk-m 800 --step-free --geojson reach.geojson
  jiebo engine reach roads.geojson --points exits.csv --to homes.csv --nearest 5  homes within a walk, and the nearest five
  jiebo engine reach roads.geojson --points depot.csv --bus-min 10 --band am      where a bus comes to in the morning peak
  jiebo engine reach roads.geojson --points gates.csv --snaps 4                   roads a stop could stand on, with their kerbs

ROADS is an OpenStreetMap extract (.osm.pbf) or GeoJSON (.geojson). The tables have columns lon, lat (WGS-84): at most 200 points
and 10,000 places.

An area holds what lies within 25 m of a path that is walked within the limit, or within 50 m of a road that a bus drives; the way
from a point to its path is walked too. A place counts as inside by where it lies, so one back from its street may lie
outside and still be among the nearest, which are measured to the path or road next to the place.";

/// What is within a walk or a bus ride of some points
///
/// For each point: where it joins the roads, the area reached, and, with --to, how many places lie within and which are
/// nearest. --geojson draws the areas, --json writes the figures as data.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The roads
    roads: PathBuf,
    /// From these places: a table with columns lon and lat, WGS-84
    #[arg(long, value_name = "CSV")]
    points: PathBuf,
    /// On foot, so many metres at most [default: 500]
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..=20_000), conflicts_with = "bus_min")]
    walk_m: Option<u32>,
    /// By bus instead, so many minutes at most, from the nearest road on either kerb
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=120))]
    bus_min: Option<u32>,
    /// When the bus drives [default: free]
    #[arg(long, value_enum, requires = "bus_min")]
    band: Option<When>,
    /// On foot without taking steps: in a wheelchair, with a pram
    #[arg(long, conflicts_with = "bus_min")]
    step_free: bool,
    /// Look for these places: a table like --points
    #[arg(long, value_name = "CSV")]
    to: Option<PathBuf>,
    /// Name so many of the nearest places of --to [default: 3]
    #[arg(long, value_name = "N", requires = "to", value_parser = clap::value_parser!(u16).range(0..=100))]
    nearest: Option<u16>,
    /// List so many of the nearest roads a bus may use, with the kerb that the point is on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=50))]
    snaps: Option<u16>,
    /// Draw the areas
    #[arg(long, value_name = "OUT")]
    geojson: Option<PathBuf>,
    /// Write the figures
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    /// At free flow
    Free,
    /// In the morning peak
    Am,
    /// In the evening peak
    Pm,
}

/// What there is to say of a point.
struct Reached {
    row: u32,
    point: Point,
    /// From the point to where it joins the roads.
    joins_m: f64,
    square_metres: f64,
    /// So far beside the roads the area reaches, and whether that is more than usual.
    beside_m: f64,
    coarse: bool,
    /// Of the places asked for.
    inside: usize,
    nearest: Vec<Near>,
    kerbsides: Vec<Kerbside>,
    /// As text: of 200 cities no more is held.
    drawn: Option<String>,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let path = args.roads.display().to_string();
    let refused = |console: &Console, key: &str| console.say(key, &[("path", path.clone().into())]);
    let form = match roads::kind(&path) {
        Some(roads::Kind::Streets(form)) => form,
        Some(roads::Kind::Plain) => return Err(Failure::misuse(refused(console, "cli-reach-plain"))),
        None => return Err(Failure::unreadable(refused(console, "cli-reach-kind"))),
    };
    // Before the roads, which take longer: what is wrong with the places is said at once.
    let from = given(&args.points, MOST_POINTS, console)?;
    let to = args.to.as_ref().map(|path| given(path, MOST_PLACES, console)).transpose()?;
    let file = files::single(&args.roads, console)?;
    let (network, found) = roads::network(form, &file).map_err(|error| {
        let words = [("path", path.clone().into()), ("reason", error.to_string().into())];
        Failure::unreadable(console.say("cli-engine-unreadable", &words))
    })?;
    for line in findings::lines(&found, Show::Few, console.language()) {
        console.note(&line);
    }

    let limit = limit(args);
    let travel = Travel::new(&network, limit, &from)
        .map_err(|row| points::far(&args.points, row, roads::farthest(), console))?;
    let places = to.map(|to| Places::new(&network, limit, to));
    if let (Some(places), Some(path)) = (&places, &args.to) {
        said::far(places, path, console);
    }
    let count = usize::from(args.nearest.unwrap_or(NEAREST));
    let nearest = places.as_ref().map(|places| travel.nearest(&network, places, count));
    let kerbsides = args.snaps.map(|count| (Kerbsides::new(&network), usize::from(count)));
    let reached = |(at, (row, point)): (usize, &(u32, Point))| {
        let area = travel.area(&network, at);
        let mut reached = Reached {
            row: *row,
            point: *point,
            joins_m: travel.joins_m(at),
            square_metres: area.square_metres(),
            beside_m: area.beside_m(),
            coarse: area.coarse(),
            inside: places.as_ref().map_or(0, |places| places.inside(&area)),
            nearest: nearest.as_ref().map_or_else(Vec::new, |nearest| nearest[at].clone()),
            kerbsides: kerbsides.as_ref().map_or_else(Vec::new, |(all, count)| all.near(*point, *count)),
            drawn: None,
        };
        if args.geojson.is_some() {
            reached.drawn = Some(data::feature(&reached, &area, limit, places.is_some()));
        }
        reached
    };
    let reached: Vec<Reached> = from.par_iter().enumerate().map(reached).collect();

    if let Some(path) = &args.geojson {
        output::file(path, data::collection(&reached).as_bytes(), console)?;
    }
    if let Some(path) = &args.json {
        let text = data::figures(&reached, limit, places.as_ref(), args.snaps.is_some());
        output::file(path, text.as_bytes(), console)?;
    }
    let asked = said::Asked { limit, places: places.as_ref(), nearest: count, kerbsides: args.snaps.is_some() };
    said::all(&reached, &asked, console);
    Ok(Ending::Done)
}

fn limit(args: &Args) -> Limit {
    let band = match args.band {
        None | Some(When::Free) => Band::Free,
        Some(When::Am) => Band::Am,
        Some(When::Pm) => Band::Pm,
    };
    match args.bus_min {
        Some(minutes) => Limit::Bus { minutes, band },
        None => Limit::Foot { metres: args.walk_m.unwrap_or(WALK_M), step_free: args.step_free },
    }
}

/// The places of a file, each with its row; no more than are looked at.
fn given(path: &Path, most: usize, console: &Console) -> Result<Vec<(u32, Point)>, Failure> {
    let spots = points::given(path, false, console)?;
    if spots.len() > most {
        let words = [("path", path.display().to_string().into()), ("count", spots.len().into()), ("most", most.into())];
        return Err(Failure::failed(console.say("cli-reach-too-many", &words)));
    }
    let place = |(row, spot)| match spot {
        Spot::At(point) => Some((row, point)),
        // Only of a plain graph is a node read.
        Spot::Node(_) => None,
    };
    Ok(spots.into_iter().filter_map(place).collect())
}
