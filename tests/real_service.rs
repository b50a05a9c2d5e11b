//! A service that runs, beside ours: the free shuttle between a metro station and a district, as its operator publishes it (GTFS),
//! against our plan with as many vehicles, for the same people. Skipped where the feed is not there; it is not ours to copy.
//!
//! **Assumed**, and the same for both: the feed has no running times (all its times are 00:00:00), so ours are taken, along its own
//! shape as a two-way street at 30 km/h, 0.65 of that in the peaks; a seeded survey invents who travels (the feed says
//! nothing of that); who does not ride walks; vehicles of 19 seats at our usual prices, drivers relieved on the road.
//! So this compares two timetables for one invented demand, not two operators. Theirs is made to be remembered and for whoever comes;
//! ours knows everybody's time.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]
#![expect(clippy::print_stdout, reason = "the figures, and why it was skipped")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use jiebo::domain::coordinates::Point;
use jiebo::intake::{self, Needs, Source};
use jiebo::planning::baselines::by_hand::{self, Timetable};
use jiebo::planning::baselines::{self, Row, Way};
use jiebo::planning::project::Project;
use jiebo::publish::{baselines as shown, phrases::Language};
use jiebo::search::{Answer, Progress, Random, Run};

const FEED: &str = "shared/gtfs/atlantic-station-ga-us.zip";
/// Vertices of the shape this near are one crossing: the two sides of a street, metres.
const ONE_PLACE_M: f64 = 40.0;

const PROJECT: &str = r#"
[project]
name = "real"
timezone = "America/New_York"
[[services]]
id = "weekday"
days = "Mon-Fri"
from = "2027-01-01"
until = "2027-12-31"
[[services]]
id = "weekend"
days = "Sat,Sun"
from = "2027-01-01"
until = "2027-12-31"
[[periods]]
name = "day"
from = "05:00"
to = "25:00"
[policy]
max_stops = 12
max_driving_h = 24
max_driving_day_h = 24
[[alternatives]]
mode = "walk"
"#;

/// The feed's tables: rows by column name.
type Table = Vec<BTreeMap<String, String>>;

struct Feed(BTreeMap<&'static str, Table>);

impl Feed {
    /// `None`, with a notice, where it is not there.
    fn open() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let Some(path) = ["..", "../.."].iter().map(|up| root.join(up).join(FEED)).find(|path| path.is_file()) else {
            println!("skipped: no {FEED} beside the checkout");
            return None;
        };
        let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
        let mut table = |name: &'static str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            let mut reader = csv::ReaderBuilder::new()
                .trim(csv::Trim::All)
                .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            (name, reader.deserialize().map(Result::unwrap).collect::<Table>())
        };
        let names = ["stops.txt", "stop_times.txt", "shapes.txt", "trips.txt", "frequencies.txt", "calendar.txt"];
        Some(Self(names.map(&mut table).into()))
    }

    fn table(&self, name: &str) -> &Table {
        &self.0[name]
    }
}

fn point(row: &BTreeMap<String, String>, lon: &str, lat: &str) -> Point {
    Point { lon: row[lon].parse().unwrap(), lat: row[lat].parse().unwrap() }
}

/// The shape as two-way streets, each stretch once; vertices on both sides of a street are one.
fn roads(feed: &Feed) -> String {
    let mut corners: Vec<Point> = Vec::new();
    let mut order: Vec<usize> = Vec::new();
    for row in feed.table("shapes.txt") {
        let at = point(row, "shape_pt_lon", "shape_pt_lat");
        let near = |other: &usize| corners[*other].metres_to(at);
        let nearest = (0..corners.len()).min_by(|a, b| near(a).total_cmp(&near(b))).filter(|k| near(k) < ONE_PLACE_M);
        let corner = nearest.unwrap_or_else(|| {
            corners.push(at);
            corners.len() - 1
        });
        order.push(corner);
    }
    let stretches: BTreeSet<[usize; 2]> = order
        .windows(2)
        .filter(|pair| pair[0] != pair[1])
        .map(|pair| [pair[0].min(pair[1]), pair[0].max(pair[1])])
        .collect();
    let feature = |[a, b]: [usize; 2]| {
        let [a, b] = [corners[a], corners[b]].map(|at| format!("[{},{}]", at.lon, at.lat));
        format!(
            r#"{{"type":"Feature","properties":{{"highway":"tertiary"}},"geometry":{{"type":"LineString","coordinates":[{a},{b}]}}}}"#
        )
    };
    let features: Vec<String> = stretches.into_iter().map(feature).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

/// The stops of the line in its order, the station first; the last is the first again.
fn calls(feed: &Feed) -> Vec<(String, Point)> {
    let stops: BTreeMap<&str, Point> = feed
        .table("stops.txt")
        .iter()
        .map(|row| (row["stop_id"].as_str(), point(row, "stop_lon", "stop_lat")))
        .collect();
    let trip = &feed.table("stop_times.txt")[0]["trip_id"];
    let mut calls: Vec<(u32, &str)> = feed
        .table("stop_times.txt")
        .iter()
        .filter(|row| row["trip_id"] == *trip)
        .map(|row| (row["stop_sequence"].parse().unwrap(), row["stop_id"].as_str()))
        .collect();
    calls.sort_unstable();
    calls.into_iter().map(|(_, stop)| (stop.to_owned(), stops[stop])).collect()
}

/// Who travels, invented: people who work there, live there or visit, each at a place within 150 m or so of a stop of the district,
/// to the station and back. Every answer stands for three.
fn survey(calls: &[(String, Point)]) -> String {
    let mut random = Random::new(11);
    let mut text = "response,origin,destination,time,time_kind,days,use,weight\n".to_owned();
    for answer in 0..200 {
        let stop = calls[1 + random.below(calls.len() - 2)].1;
        let off = |random: &mut Random| (random.unit() - 0.5) * 0.0025;
        let place = format!("{:.5} {:.5}", stop.lon + off(&mut random), stop.lat + off(&mut random));
        let mut at = |from: usize, until: usize| {
            let minute = from * 60 + 5 * random.below((until - from) * 12);
            format!("{:02}:{:02}", minute / 60, minute % 60)
        };
        // (to the district, by when or from when; back, from when), as commuters do, or from home and home again.
        let (first, second, days) = match answer % 4 {
            0 | 1 => (("metro", "arrive_by", at(7, 10)), ("place", "depart_after", at(16, 20)), "Mon-Fri"),
            2 => (("place", "depart_after", at(7, 9)), ("metro", "depart_after", at(17, 20)), "Mon-Fri"),
            _ => (("metro", "depart_after", at(10, 20)), ("place", "depart_after", at(20, 23)), "daily"),
        };
        for (from, kind, time) in [first, second] {
            let (from, to) = if from == "metro" { ("metro", place.as_str()) } else { (place.as_str(), "metro") };
            writeln!(text, "R{answer},{from},{to},{time},{kind},{days},yes,3").unwrap();
        }
    }
    text
}

fn project(feed: &Feed, vehicles: u32) -> Project {
    let calls = calls(feed);
    let at = |k: usize| format!("{},{}", calls[k].1.lon, calls[k].1.lat);
    let mut stops = "id,name,lon,lat,kerb,step_free,site\n".to_owned();
    for (k, (id, _)) in calls.iter().enumerate().take(calls.len() - 1) {
        writeln!(stops, "{id},{id},{},either,yes,{}", at(k), if k == 0 { "metro" } else { "" }).unwrap();
    }
    let sites = format!("id,name,kind,lon,lat\nmetro,Metro,station,{}\ndepot,Depot,depot,{}\n", at(0), at(5));
    let fleet = format!(
        "type,name,seats,count,cost_per_day,included_hours,included_km,cost_per_extra_hour,depot,from,to\n\
         minibus,minibus,19,{vehicles},900,8,400,60,depot,04:00,27:00\n"
    );
    let files = [
        ("project.toml", PROJECT.to_owned()),
        ("roads.geojson", roads(feed)),
        ("sites.csv", sites),
        ("stops.csv", stops),
        ("survey.csv", survey(&calls)),
        ("fleet.csv", fleet),
    ];
    let sources = files.map(|(name, text)| Source { name: name.to_owned(), bytes: text.into_bytes() });
    let only = Needs::only(["shuttle"]).unwrap();
    intake::read_project(&sources, only).unwrap()
}

/// The line and departures of the feed: its headways counted out, on the days of its two calendars.
fn timetable(feed: &Feed) -> Timetable {
    let minute = |text: &str| -> u32 {
        let mut parts = text.split(':').map(|part| part.parse::<u32>().unwrap());
        parts.next().unwrap() * 60 + parts.next().unwrap()
    };
    let departures = |row: &BTreeMap<String, String>| {
        let trip = feed.table("trips.txt").iter().find(|trip| trip["trip_id"] == row["trip_id"]).unwrap();
        let days = feed.table("calendar.txt").iter().find(|days| days["service_id"] == trip["service_id"]).unwrap();
        let service = if days["monday"] == "1" { "weekday" } else { "weekend" };
        let every: u32 = row["headway_secs"].parse().unwrap();
        let minutes = (minute(&row["start_time"])..minute(&row["end_time"])).step_by(every as usize / 60);
        (service.to_owned(), minutes.collect())
    };
    Timetable {
        stops: calls(feed).into_iter().map(|(id, _)| id).collect(),
        departures: feed.table("frequencies.txt").iter().map(departures).collect(),
    }
}

/// Theirs as a plan of ours, with no more vehicles than its trips need.
fn theirs(feed: &Feed) -> (Project, Row) {
    let theirs = [timetable(feed)];
    let plenty = by_hand::plan(&project(feed, 9), &theirs, &Run::quiet(1)).unwrap();
    let vehicles = u32::try_from(jiebo::planning::compare::vehicles(&plenty)).unwrap();
    let project = project(feed, vehicles);
    let plan = by_hand::plan(&project, &theirs, &Run::quiet(1)).unwrap();
    let row = baselines::measured(&project, Way::Even, plan.into(), Some(20));
    (project, row)
}

#[test]
fn the_timetable_of_a_service_that_runs_becomes_a_plan() {
    let Some(feed) = Feed::open() else { return };
    let (project, row) = theirs(&feed);
    // From 05:00 to 25:00 every 20 minutes on weekdays, every 25 at weekends: 60 and 48 departures.
    let trips = |service: &str| row.plan.trips.iter().filter(|trip| trip.service == service).count();
    assert_eq!((trips("weekday"), trips("weekend")), (60, 48));
    assert_eq!(row.plan.lines.len(), 1);
    assert!(row.plan.evaluation.served > 0.0 && row.plan.simulated.is_some());
    assert_eq!(jiebo::planning::check::check(&project, &row.plan), []);
}

#[test]
#[ignore = "searches for half a minute"]
fn a_service_that_runs_beside_ours() {
    let Some(feed) = Feed::open() else { return };
    let (project, theirs) = theirs(&feed);
    let start = Instant::now();
    let budget = Duration::from_secs(30);
    let watch = |_: &Progress| {
        let used = (start.elapsed().as_secs_f64() / budget.as_secs_f64()).min(1.0);
        Answer { used, stop: used >= 1.0, ..Answer::GO }
    };
    let run = Run { chains: 2, watch: &watch, ..Run::quiet(1) };
    let ours = baselines::row(&project, Way::Joint, &run).unwrap();
    let idle = baselines::row(&project, Way::Nothing, &Run::quiet(1)).unwrap();
    let lines: Vec<String> = ours.plan.lines.iter().map(|line| format!("{} stops", line.stops.len())).collect();
    println!("theirs is the row of one line; vehicles {}; our lines: {lines:?}", project.fleet[0].count);
    let run: Vec<u32> =
        theirs.plan.trips.iter().map(|trip| trip.times.last().unwrap().arrive.since(trip.times[0].depart).0).collect();
    println!("theirs takes {} to {} s a round", run.iter().min().unwrap(), run.iter().max().unwrap());
    println!("{}", shown::table(&[idle, theirs, ours], Language::En));
}
