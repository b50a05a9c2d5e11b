//! Is a file in another coordinate system found out, and the right one named? The demonstration with single files turned
//! into GCJ-02 or BD-09, and clean projects, which must stay silent.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]

mod demonstration;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use encoding_rs::GBK;
use jiebo::domain::coordinates::{CoordinateSystem, Point};
use jiebo::domain::finding::{Argument, Finding};
use jiebo::intake::{self, Needs, Source};
use jiebo::network::osm;
use jiebo::network::roads::Limits;
use jiebo::network::synthetic::{Metropolis, metropolis};
use jiebo::publish::phrases::{self, Language};
use jiebo::search::Random;

use CoordinateSystem::{Bd09, Gcj02, Wgs84};

const WITH_POINTS: [&str; 6] = ["sites.csv", "stops.csv", "lots.csv", "survey.csv", "parking.csv", "couriers.csv"];
/// Those that tell: homes and couriers are anywhere in their quarter, and a street is never far.
const TELLING: [&str; 4] = ["sites.csv", "stops.csv", "lots.csv", "survey.csv"];

fn demo() -> Vec<Source> {
    demonstration::sources("gonghexin")
}

fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => GBK.decode(bytes).0.into_owned(),
    }
}

fn around_shanghai(lon: &str, lat: &str) -> Option<Point> {
    let point = Point { lon: lon.trim().parse().ok()?, lat: lat.trim().parse().ok()? };
    ((120.0..123.0).contains(&point.lon) && (30.0..33.0).contains(&point.lat)).then_some(point)
}

/// A table with every pair of cells that is a longitude and a latitude, and every cell "lon lat", in another system.
fn turned(bytes: &[u8], to: CoordinateSystem) -> Vec<u8> {
    let text = text(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in reader.records() {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        for at in 0..cells.len() {
            if let Some(point) = cells.get(at + 1).and_then(|lat| around_shanghai(&cells[at], lat)) {
                let there = to.from_wgs84(point);
                cells[at] = format!("{:.6}", there.lon);
                cells[at + 1] = format!("{:.6}", there.lat);
            } else if let Some((lon, lat)) = cells[at].split_once(' ')
                && let Some(point) = around_shanghai(lon, lat)
            {
                let there = to.from_wgs84(point);
                cells[at] = format!("{:.6} {:.6}", there.lon, there.lat);
            }
        }
        writer.write_record(&cells).unwrap();
    }
    writer.into_inner().unwrap()
}

fn turn(sources: &mut [Source], file: &str, to: CoordinateSystem) {
    let source = sources.iter_mut().find(|source| source.name == file).unwrap();
    let bytes = turned(&source.bytes, to);
    assert!(to == Wgs84 || bytes != source.bytes);
    source.bytes = bytes;
}

/// Every pair of numbers in a list.
fn turn_list(value: &mut serde_json::Value, to: CoordinateSystem) {
    match value {
        serde_json::Value::Array(list) => match list.as_slice() {
            [lon, lat, ..] if lon.is_number() => {
                let there = to.from_wgs84(Point { lon: lon.as_f64().unwrap(), lat: lat.as_f64().unwrap() });
                *value = serde_json::json!([there.lon, there.lat]);
            }
            _ => list.iter_mut().for_each(|value| turn_list(value, to)),
        },
        serde_json::Value::Object(map) => map.values_mut().for_each(|value| turn_list(value, to)),
        _ => {}
    }
}

fn turn_roads(sources: &mut [Source], to: CoordinateSystem) {
    let source = sources.iter_mut().find(|source| source.name == "roads.geojson").unwrap();
    let mut value = serde_json::from_slice(&source.bytes).unwrap();
    turn_list(&mut value, to);
    source.bytes = serde_json::to_vec(&value).unwrap();
}

fn declare(sources: &mut [Source], system: &str) {
    let source = sources.iter_mut().find(|source| source.name == "project.toml").unwrap();
    source.bytes = text(&source.bytes).replace("\"wgs84\"", &format!("\"{system}\"")).into_bytes();
}

fn doubts(sources: &[Source]) -> Vec<Finding> {
    let project = intake::read_project(sources, Needs::ANY).unwrap();
    let doubts = project.findings.into_iter().filter(|finding| finding.code.starts_with("coordinates-mixed"));
    doubts.collect()
}

fn named(finding: &Finding, slot: &str) -> String {
    match finding.args.get(slot) {
        Some(Argument::Text(text)) => text.clone(),
        Some(Argument::Number(number)) => number.to_string(),
        None => String::new(),
    }
}

/// File, system it is in, what to do.
fn told(findings: &[Finding]) -> Vec<(String, String, String)> {
    findings
        .iter()
        .map(|finding| (finding.file.clone().unwrap(), named(finding, "system"), named(finding, "fix")))
        .collect()
}

fn is(file: &str, system: &str, fix: &str) -> (String, String, String) {
    (file.to_owned(), system.to_owned(), fix.to_owned())
}

#[test]
fn the_demonstration_is_in_one_system() {
    assert_eq!(doubts(&demo()), []);
    // All of it in another, and declared so.
    for (system, name) in [(Gcj02, "gcj02"), (Bd09, "bd09")] {
        let mut sources = demo();
        WITH_POINTS.iter().for_each(|file| turn(&mut sources, file, system));
        turn_roads(&mut sources, system);
        declare(&mut sources, name);
        assert_eq!(doubts(&sources), [], "{name}");
    }
}

#[test]
fn one_file_in_another_system_is_named() {
    for (system, name, aside) in [(Gcj02, "gcj02", 420.0..520.0), (Bd09, "bd09", 1000.0..1250.0)] {
        for file in TELLING {
            let mut sources = demo();
            turn(&mut sources, file, system);
            let found = doubts(&sources);
            assert_eq!(told(&found), [is(file, name, "convert")], "{file} in {name}");
            let Some(Argument::Number(metres)) = found[0].args.get("metres") else { panic!("{found:?}") };
            println!("{file} in {name}: {metres} m");
            assert!(aside.contains(metres), "{file} in {name}: {metres}");
            for language in Language::ALL {
                let words = phrases::finding(language, &found[0]);
                assert!(words.contains(name) && words.contains("wgs84") && words.contains(file), "{words}");
            }
        }
    }
}

#[test]
fn several_files_in_another_system_are_all_named() {
    // The roads alone are WGS-84; sites come first, then the files that are compared with them.
    let mut sources = demo();
    WITH_POINTS.iter().for_each(|file| turn(&mut sources, file, Gcj02));
    let mut found = told(&doubts(&sources));
    found.sort();
    let mut all = TELLING.map(|file| is(file, "gcj02", "convert"));
    all.sort();
    assert_eq!(found, all);
}

#[test]
fn wgs84_where_another_is_declared_is_named() {
    let mut sources = demo();
    for file in WITH_POINTS.iter().filter(|file| **file != "survey.csv") {
        turn(&mut sources, file, Bd09);
    }
    turn_roads(&mut sources, Bd09);
    declare(&mut sources, "bd09");
    assert_eq!(told(&doubts(&sources)), [is("survey.csv", "wgs84", "convert")]);
}

#[test]
fn drawn_roads_left_in_wgs84_are_named_once() {
    // The commonest mix: places from a Chinese map, roads from OpenStreetMap.
    let mut sources = demo();
    WITH_POINTS.iter().for_each(|file| turn(&mut sources, file, Gcj02));
    declare(&mut sources, "gcj02");
    let found = doubts(&sources);
    assert_eq!(told(&found), [is("roads.geojson", "wgs84", "convert")]);
    assert_eq!(found[0].code, "coordinates-mixed-roads");
    for language in Language::ALL {
        assert!(phrases::finding(language, &found[0]).contains("roads.geojson"));
    }
}

#[test]
fn few_points_say_nothing() {
    let mut sources = demo();
    for file in ["survey.csv", "stops.csv"] {
        turn(&mut sources, file, Bd09);
        let source = sources.iter_mut().find(|source| source.name == file).unwrap();
        source.bytes = text(&source.bytes).lines().take(7).map(|line| format!("{line}\n")).collect::<String>().into();
    }
    assert_eq!(doubts(&sources), []);
}

/// A clean project in a synthetic city: gates and exits at nodes, survey points and couriers anywhere.
fn anywhere(seed: u64) -> Vec<Source> {
    let roads = metropolis(&Metropolis { nodes: 3000, seed, ..Metropolis::default() });
    let mut random = Random::new(seed);
    let bounds = roads.bounds().unwrap();
    let mut features = Vec::new();
    for line in roads.polylines() {
        let points: Vec<[f64; 2]> = line.points.iter().map(|p| [p.lon, p.lat]).collect();
        features.push(serde_json::json!({"type": "Feature", "properties": {"highway": "residential"},
            "geometry": {"type": "LineString", "coordinates": points}}));
    }
    let geojson = serde_json::json!({"type": "FeatureCollection", "features": features}).to_string();
    let mut sites = "id,name,kind,lon,lat,parent\n".to_owned();
    let count = 5 + random.below(40);
    // Somebody's sites stand at the road, somebody else's behind it, all on the same side.
    let aside = if seed.is_multiple_of(2) { 0.0 } else { 0.0007 };
    for site in 0..count {
        let p = roads.nodes()[random.below(roads.nodes().len())].point;
        let (kind, parent) = if site == 0 { ("park", "") } else { ("gate", "s0") };
        writeln!(sites, "s{site},地点{site},{kind},{:.6},{:.6},{parent}", p.lon + aside, p.lat).unwrap();
    }
    // Homes in a few quarters, or all over the city.
    let spread = if seed.is_multiple_of(3) { 0.1 } else { 1.0 };
    let mut any = || {
        let (x, y) = (random.unit() * spread, random.unit() * spread);
        (bounds.west + x * (bounds.east - bounds.west), bounds.south + y * (bounds.north - bounds.south))
    };
    let mut survey = "response,origin,destination,time,time_kind,use\n".to_owned();
    let mut couriers = "lon,lat,hour,people\n".to_owned();
    for person in 0..150 {
        let (lon, lat) = any();
        writeln!(survey, "R{person},{lon:.5} {lat:.5},s0,09:00,arrive_by,yes").unwrap();
        let (lon, lat) = any();
        writeln!(couriers, "{lon:.5},{lat:.5},12,3").unwrap();
    }
    let project = "[project]\nname = \"any\"\n[[services]]\nfrom = 2026-12-01\nuntil = 2027-06-30\n";
    [
        ("project.toml", project.to_owned()),
        ("roads.geojson", geojson),
        ("sites.csv", sites),
        ("survey.csv", survey),
        ("couriers.csv", couriers),
    ]
    .map(|(name, text)| Source { name: name.to_owned(), bytes: text.into_bytes() })
    .to_vec()
}

#[test]
fn clean_projects_stay_silent() {
    for seed in 0..30 {
        for declared in ["wgs84", "gcj02"] {
            let mut sources = anywhere(seed);
            if declared == "gcj02" {
                // Everything is 500 m elsewhere, and together.
                sources[0].bytes = text(&sources[0].bytes).replace("[[", "coordinates = \"gcj02\"\n[[").into_bytes();
            }
            assert_eq!(doubts(&sources), [], "{seed} {declared}");
        }
    }
}

#[test]
fn with_an_extract_the_whole_project_is_told_to_declare_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = "shared/osm/shanghai_center.osm.pbf";
    let Some(extract) = ["..", "../.."].iter().find_map(|up| fs::read(root.join(up).join(path)).ok()) else {
        println!("skipped: no {path} beside the checkout");
        return;
    };
    let (roads, _) = osm::import(&extract, "roads.osm.pbf", &Limits::default(), None).unwrap();
    let walked: Vec<Point> =
        roads.ways().iter().filter(|way| way.access.foot).map(|way| roads.node(way.nodes[0]).unwrap().point).collect();
    let mut random = Random::new(3);
    let mut sites = "id,name,kind,lon,lat,parent\ns0,园,park,121.45,31.25,\n".to_owned();
    for site in 1..40 {
        let p = walked[random.below(walked.len())];
        writeln!(sites, "s{site},门{site},gate,{:.6},{:.6},s0", p.lon, p.lat).unwrap();
    }
    let project = "[project]\nname = \"any\"\n[[services]]\nfrom = 2026-12-01\nuntil = 2027-06-30\n";
    let source = |name: &str, bytes: Vec<u8>| Source { name: name.to_owned(), bytes };
    let mut sources = vec![
        source("project.toml", project.into()),
        source("roads.osm.pbf", extract),
        source("sites.csv", sites.into()),
    ];
    assert_eq!(doubts(&sources), []);
    turn(&mut sources, "sites.csv", Bd09);
    assert_eq!(told(&doubts(&sources)), [is("sites.csv", "bd09", "declare")]);
}
