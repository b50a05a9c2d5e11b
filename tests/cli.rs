//! The program as somebody runs it: exit codes, what is printed where, and that nothing written is ever lost.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]

#[path = "cli/allocation.rs"]
mod allocation;
#[path = "cli/districting.rs"]
mod districting;
#[path = "cli/reach.rs"]
mod reach;
#[path = "cli/routing.rs"]
mod routing;
#[path = "cli/siting.rs"]
mod siting;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/gonghexin");

fn jiebo(here: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiebo"))
        .args(args)
        .current_dir(here)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "en_US.UTF-8")
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The demonstration folder with other prices, so that there is always something to run.
fn cheap(home: &Path) -> String {
    let folder = home.join("cheap");
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(DEMO).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    let fleet = fs::read_to_string(folder.join("fleet.csv")).unwrap();
    fs::write(folder.join("fleet.csv"), fleet.replace(",900.00,", ",200.00,").replace(",1200.00,", ",300.00,"))
        .unwrap();
    folder.display().to_string()
}

#[test]
fn a_folder_is_planned_checked_and_compared() {
    let home = tempfile::tempdir().unwrap();
    let folder = cheap(home.path());
    let planned = jiebo(home.path(), &["plan", &folder, "--iterations", "200", "--seed", "3"]);
    assert_eq!(code(&planned), 0, "{}", err(&planned));
    assert!(out(&planned).contains("written to gonghexin-plan"), "{}", out(&planned));
    // Found flaws are on the other channel.
    assert!(err(&planned).contains("warning: "));
    let written: Vec<_> =
        jiebo::publish::folder::NAMES.map(|name| home.path().join("gonghexin-plan").join(name)).into();
    assert!(written.iter().all(|path| path.is_file()), "{written:?}");
    // Nothing hidden is left beside it.
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);

    let checked = jiebo(home.path(), &["check", &folder, "gonghexin-plan"]);
    assert_eq!(code(&checked), 0, "{}", out(&checked));

    // The same again, byte for byte, with one thread.
    let again = ["plan", &folder, "--iterations", "200", "--seed", "3", "--threads", "1", "-q", "-o", "again"];
    assert_eq!(code(&jiebo(home.path(), &again)), 0);
    for name in jiebo::publish::folder::NAMES {
        let read = |of: &str| fs::read(home.path().join(of).join(name)).unwrap();
        assert!(read("gonghexin-plan") == read("again"), "{name} differs");
    }

    let compared = jiebo(home.path(), &["compare", "gonghexin-plan", "again/plan.json", "--html", "c.html"]);
    assert_eq!(code(&compared), 0);
    assert!(out(&compared).contains("No change in lines"), "{}", out(&compared));
    assert!(fs::read_to_string(home.path().join("c.html")).unwrap().contains("方案比较"));

    // A plan that says something else is refused, in the language asked for.
    let plan = fs::read_to_string(home.path().join("again/plan.json")).unwrap();
    fs::write(home.path().join("bad.json"), plan.replacen("\"total_fen\": ", "\"total_fen\": 1", 1)).unwrap();
    let checked = jiebo(home.path(), &["--lang", "zh", "check", &folder, "bad.json"]);
    assert_eq!(code(&checked), 1);
    assert!(out(&checked).contains("检查未通过"), "{}", out(&checked));
}

#[test]
fn a_check_says_what_it_did_not_judge_and_asks_for_what_the_plan_names() {
    let home = tempfile::tempdir().unwrap();
    let folder = DEMO;
    let run = |args: &[&str]| jiebo(home.path(), args);
    let planned = run(&["plan", folder, "--only", "rest", "-q", "-o", "rest"]);
    assert_eq!(code(&planned), 0, "{}", err(&planned));
    // The folder has a survey, requests and claims; the plan is of rest points.
    let checked = run(&["check", folder, "rest"]);
    assert_eq!((code(&checked), out(&checked).lines().count()), (0, 1), "{}", out(&checked));
    for part in ["the shuttle", "shared parking", "shared rooms", "groups"] {
        assert!(err(&checked).contains(&format!("Not judged: {part}")), "{}", err(&checked));
    }
    assert!(!err(&checked).contains("rest points"), "{}", err(&checked));
    assert!(err(&run(&["--lang", "zh", "check", folder, "rest"])).contains("未核验：共享房间"));

    // The same plan, said to be of rooms too, of which it has not a row: the claims are read and asked for.
    let plan = jiebo::planning::plan::Plan::from_json(&fs::read(home.path().join("rest/plan.json")).unwrap()).unwrap();
    let parts = ["rest", "rooms"].map(str::to_owned).to_vec();
    let lie = jiebo::planning::plan::Plan { parts, ..plan }.sealed();
    fs::write(home.path().join("lie.json"), lie.to_json()).unwrap();
    let checked = run(&["check", folder, "lie.json"]);
    assert_eq!(code(&checked), 1, "{}", out(&checked));
    assert!(!err(&checked).contains("shared rooms"), "{}", err(&checked));
}

#[test]
fn wrong_use_is_told_from_unreadable_inputs() {
    let home = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| code(&jiebo(home.path(), args));
    assert_eq!(run(&["--help"]), 0);
    assert_eq!(run(&["plan", "--help"]), 0);
    assert_eq!(run(&[]), 2);
    assert_eq!(run(&["plan"]), 2);
    assert_eq!(run(&["plan", DEMO, "--seconds", "1", "--iterations", "1"]), 2);
    assert_eq!(run(&["plan", DEMO, "--only", "teapots"]), 2);
    assert_eq!(run(&["compare", "one.json"]), 2);
    assert_eq!(run(&["plan", "nowhere"]), 3);
    assert_eq!(run(&["plan", "."]), 3);
    assert_eq!(run(&["check", DEMO, "nowhere.json"]), 3);
    assert_eq!(run(&["import", "survey", "nowhere.csv"]), 3);
    fs::write(home.path().join("plan.json"), "{}").unwrap();
    assert_eq!(run(&["compare", "plan.json", "plan.json"]), 3);
    // Nothing came of it.
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn the_users_own_files_are_never_replaced() {
    let home = tempfile::tempdir().unwrap();
    let mine = home.path().join("mine");
    fs::create_dir(&mine).unwrap();
    fs::write(mine.join("notes.txt"), "mine").unwrap();
    let refused = jiebo(home.path(), &["plan", DEMO, "-o", "mine", "--iterations", "1"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("notes.txt"), "{}", err(&refused));
    assert_eq!(fs::read_to_string(mine.join("notes.txt")).unwrap(), "mine");
    assert_eq!(code(&jiebo(home.path(), &["plan", DEMO, "-o", DEMO, "--iterations", "1"])), 2);
    assert!(Path::new(DEMO).join("survey.csv").is_file());
}

#[test]
fn hopeless_inputs_write_nothing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("empty");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("project.toml"), "[project]\nname = \"empty\"\n").unwrap();
    let refused = jiebo(home.path(), &["plan", "empty", "-q"]);
    // Files that are needed are not there: 3.
    assert_eq!(code(&refused), 3, "{}", err(&refused));
    assert!(err(&refused).contains("error: "), "{}", err(&refused));
    // All there, and nothing sensible can be made of it: 1.
    let folder = cheap(home.path());
    let settings = Path::new(&folder).join("project.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replace("per_day = 2700", "per_day = -5")).unwrap();
    let refused = jiebo(home.path(), &["plan", &folder, "-q"]);
    assert_eq!(code(&refused), 1, "{}", err(&refused));
    assert!(err(&refused).contains("key [budget.per_day]"), "{}", err(&refused));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
}

#[test]
fn a_survey_is_looked_at_alone() {
    let home = tempfile::tempdir().unwrap();
    let survey = format!("{DEMO}/survey.csv");
    let looked = jiebo(home.path(), &["import", "survey", &survey, "--sites", DEMO, "-o", "clean.csv"]);
    assert_eq!(code(&looked), 0, "{}", err(&looked));
    assert!(out(&looked).contains("Found: errors 0"), "{}", out(&looked));
    assert!(home.path().join("clean.csv").is_file());
}

#[cfg(unix)]
#[test]
fn a_reader_who_goes_away_is_no_error() {
    let home = tempfile::tempdir().unwrap();
    let survey = format!("{DEMO}/survey.csv");
    let line = format!("{} import survey {survey} | head -1; echo ${{PIPESTATUS[0]}}", env!("CARGO_BIN_EXE_jiebo"));
    let shell = Command::new("bash").args(["-c", &line]).current_dir(home.path()).output().unwrap();
    assert!(out(&shell).trim_end().ends_with('0'), "{}", out(&shell));
    assert!(!err(&shell).contains("panicked"), "{}", err(&shell));
}

#[test]
fn a_bus_network_is_designed() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("fork");
    fs::create_dir(&folder).unwrap();
    let links = "from,to,travel_time\n10,11,4\n11,10,4\n11,12,6\n12,11,6\n11,13,3\n13,11,3\n";
    fs::write(folder.join("fork_links.txt"), links).unwrap();
    fs::write(folder.join("fork_demand.txt"), "from,to,demand\n10,12,10\n10,13,5\n").unwrap();
    let ask = |more: &[&str]| jiebo(home.path(), &[&["engine", "transit", "fork"], more].concat());

    // Ten people ride 4 + 6 minutes, five 4 + 3: 135 minutes for 15 people.
    let solved = ask(&["--lines", "2", "--max-stops", "3", "--json", "design.json", "--threads", "1"]);
    assert_eq!(code(&solved), 0, "{}", err(&solved));
    assert!(out(&solved).starts_with("Routes 2: 9.0000 minutes a passenger"), "{}", out(&solved));
    let design: serde_json::Value =
        serde_json::from_slice(&fs::read(home.path().join("design.json")).unwrap()).unwrap();
    assert_eq!(design["average_minutes"], 9.0);
    assert_eq!(design["direct_percent"], 100.0);
    assert_eq!(design["operator_minutes"], 17.0);
    let mut routes: Vec<Vec<u64>> = serde_json::from_value(design["routes"].clone()).unwrap();
    routes.sort();
    assert_eq!(routes, [[10, 11, 12], [10, 11, 13]]);
    assert_eq!(design["trace"].as_array().unwrap().last().unwrap()[1], 9.0);

    // Impossible, asked wrongly, unreadable.
    let impossible = ask(&["--lines", "7", "--max-stops", "3"]);
    assert_eq!(code(&impossible), 1);
    assert!(err(&impossible).contains("only 6 different routes"), "{}", err(&impossible));
    // One route takes in two of the three arms.
    fs::write(folder.join("fork_demand.txt"), "from,to,demand\n10,12,10\n10,13,5\n12,13,1\n").unwrap();
    let apart = ask(&["--lines", "1", "--max-stops", "4", "--iterations", "200"]);
    assert_eq!((code(&apart), out(&apart).as_str()), (1, ""));
    assert!(err(&apart).contains("the best leaves out 1"), "{}", err(&apart));
    assert_eq!(code(&ask(&["--lines", "0", "--max-stops", "3"])), 2);
    fs::write(folder.join("fork_demand.txt"), "from,to,demand\n10,14,10\n").unwrap();
    let unreadable = ask(&["--lines", "2", "--max-stops", "3"]);
    assert_eq!(code(&unreadable), 3);
    assert!(err(&unreadable).contains("fork_demand.txt, line 2: there is no node 14"), "{}", err(&unreadable));
    fs::remove_file(folder.join("fork_links.txt")).unwrap();
    assert_eq!(code(&ask(&["--lines", "2", "--max-stops", "3"])), 3);
}

#[test]
fn a_grid_is_swept_the_same_on_any_number_of_threads() {
    let home = tempfile::tempdir().unwrap();
    let folder = cheap(home.path());
    let grid = r#"
[[axis]]
name = "minibuses"
choice = [
  { name = "1", modification = [{ kind = "set_vehicles", type = "minibus19", count = 1 }] },
  { name = "2", modification = [{ kind = "set_vehicles", type = "minibus19", count = 2 }] },
]
[[axis]]
name = "budget"
choice = [{ name = "300", modification = [{ kind = "set_budget", per_day = 300 }] }, { name = "as now" }]
"#;
    fs::write(home.path().join("grid.toml"), grid).unwrap();
    let ask = |more: &[&str]| {
        let args = ["sweep", &folder, "grid.toml", "--iterations", "60", "--chains", "1", "-q"];
        jiebo(home.path(), &[&args[..], more].concat())
    };
    let swept = ask(&["--threads", "4"]);
    assert_eq!(code(&swept), 0, "{}", err(&swept));
    assert!(out(&swept).contains("A second 19-seat"), "{}", out(&swept));
    assert!(home.path().join("gonghexin-sweep/sweep.html").is_file());
    assert_eq!(code(&ask(&["--threads", "1", "-o", "again", "--json", "table.json"])), 0);
    let read = |path: &str| fs::read(home.path().join(path)).unwrap();
    for name in ["sweep.json", "plan-001.json", "plan-004.json"] {
        assert!(read(&format!("gonghexin-sweep/{name}")) == read(&format!("again/{name}")), "{name} differs");
    }
    assert!(read("again/sweep.json") == read("table.json"));
    // More vehicles and more money are never worse.
    let table: serde_json::Value = serde_json::from_slice(&read("table.json")).unwrap();
    let objective = |cell: usize| table["cells"][cell]["objective"].as_i64().unwrap();
    assert!(objective(0) >= objective(1) && objective(0) >= objective(2));
    assert!(objective(1) >= objective(3) && objective(2) >= objective(3));
    // A plan of a cell is one of its scenario, and the checker says so.
    let scenario = "[[modification]]\nkind = \"set_vehicles\"\ntype = \"minibus19\"\ncount = 2\n";
    fs::write(home.path().join("two.toml"), scenario).unwrap();
    let checked = jiebo(home.path(), &["check", &folder, "again/plan-004.json", "--scenario", "two.toml"]);
    assert_eq!(code(&checked), 0, "{}", out(&checked));

    // What does not fit, what is no grid, what would take for ever.
    fs::write(home.path().join("grid.toml"), grid.replace("minibus19\", count = 2", "zeppelin\", count = 2")).unwrap();
    let misfit = ask(&[]);
    assert_eq!(code(&misfit), 1);
    assert!(err(&misfit).contains("grid.toml row 6: The project has no vehicle type"), "{}", err(&misfit));
    fs::write(home.path().join("grid.toml"), "[[axis]]\nname = \"empty\"\n").unwrap();
    assert_eq!(code(&ask(&[])), 3);
    fs::write(home.path().join("grid.toml"), grid).unwrap();
    let long = jiebo(home.path(), &["sweep", &folder, "grid.toml", "--seconds", "600000", "-q"]);
    assert_eq!(code(&long), 2);
    assert!(err(&long).contains("667 hours"), "{}", err(&long));
}

/// What `--json` wrote.
fn data(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn times_between_places_on_roads() {
    let home = tempfile::tempdir().unwrap();
    // A square at the equator, driven one way round (east, north, west, south): each side is 0.009 degrees, 1,000.76 m. At
    // 40 km/h that is 90.07 s.
    let side = |from: [f64; 2], to: [f64; 2]| {
        format!(
            r#"{{"type": "Feature", "properties": {{"highway": "primary", "oneway": "yes"}},
                "geometry": {{"type": "LineString", "coordinates": [{from:?}, {to:?}]}}}}"#
        )
    };
    let corners = [[0.0, 0.0], [0.009, 0.0], [0.009, 0.009], [0.0, 0.009], [0.0, 0.0]];
    let sides: Vec<String> = corners.windows(2).map(|ends| side(ends[0], ends[1])).collect();
    let roads = format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, sides.join(","));
    fs::write(home.path().join("square.geojson"), roads).unwrap();
    // The middle of the south side, the middle of the north side, a quarter up the east side.
    fs::write(home.path().join("places.csv"), "经度,纬度\n0.0045,0\n0.0045,0.009\n0.009,0.00225\n").unwrap();
    let ask = |more: &[&str]| {
        let args = ["engine", "matrix", "square.geojson", "--json", "m.json", "--threads", "1"];
        jiebo(home.path(), &[&args[..], more].concat())
    };

    let bus = ask(&["--points", "places.csv"]);
    assert_eq!(code(&bus), 0, "{}", err(&bus));
    assert!(out(&bus).starts_with("Points 3, pairs 9 (0 without a way): "), "{}", out(&bus));
    let times = data(&home.path().join("m.json"));
    // 2 sides, 0.75 sides; 2 sides, 2.75 sides; 3.25 sides, 1.25 sides; whole seconds, rounded up.
    assert_eq!(times["seconds"], serde_json::json!([[0, 181, 68], [181, 0, 248], [293, 113, 0]]));
    assert_eq!(times["points"], 3);
    for figure in ["build_ms", "customise_ms", "query_ms", "pairs_per_second"] {
        assert!(times[figure].as_f64().unwrap() > 0.0, "{figure}");
    }

    // On foot either way round: 2,002 m, 751 m and 1,251 m at 1.2 m/s.
    let walk = ask(&["--points", "places.csv", "--profile", "walk", "--lang", "zh"]);
    assert_eq!(code(&walk), 0, "{}", err(&walk));
    assert!(out(&walk).starts_with("3 个点，9 对（其中 0 对不通）："), "{}", out(&walk));
    let times = data(&home.path().join("m.json"));
    assert_eq!(times["seconds"], serde_json::json!([[0, 1669, 626], [1669, 0, 1043], [626, 1043, 0]]));

    // Random places: the figures alone.
    for profile in ["bus", "walk"] {
        assert_eq!(code(&ask(&["--random", "20", "--seed", "7", "--profile", profile])), 0);
        let times = data(&home.path().join("m.json"));
        assert_eq!((&times["points"], times.get("seconds")), (&20.into(), None));
    }

    // A one-way street that leads out of the square and nowhere, 1,000.76 m, is told.
    let square = fs::read_to_string(home.path().join("square.geojson")).unwrap();
    let spur = format!("{}, {}]}}", square.trim_end_matches("]}"), side([0.0, 0.0], [-0.009, 0.0]));
    fs::write(home.path().join("spur.geojson"), spur).unwrap();
    let told = jiebo(home.path(), &["engine", "matrix", "spur.geojson", "--random", "5"]);
    assert_eq!(code(&told), 0);
    assert!(
        err(&told).contains("enter 1,001 m of road") || err(&told).contains("enter 1001 m of road"),
        "{}",
        err(&told)
    );

    // A place 0.01 degrees away from all: 1.1 km. A row that is none. Too many. Both kinds of places. No roads.
    fs::write(home.path().join("far.csv"), "lon,lat\n0.0045,0\n0.0045,0.019\n").unwrap();
    let far = ask(&["--points", "far.csv"]);
    assert_eq!(code(&far), 1);
    assert!(err(&far).contains("Row 3 of far.csv is more than 500 m"), "{}", err(&far));
    fs::write(home.path().join("odd.csv"), "lon,lat\n0.0045,0\n0.0045,north\n").unwrap();
    let odd = ask(&["--points", "odd.csv"]);
    assert_eq!(code(&odd), 1);
    assert!(err(&odd).contains("odd.csv row 3"), "{}", err(&odd));
    let many = ask(&["--random", "5001"]);
    assert_eq!(code(&many), 2);
    assert!(err(&many).contains("at most 5000"), "{}", err(&many));
    assert_eq!(code(&ask(&["--random", "5", "--points", "places.csv"])), 2);
    assert_eq!(code(&ask(&["--random", "0"])), 2);
    assert_eq!(code(&ask(&["--profile", "car"])), 2);
    assert_eq!(code(&ask(&["--points", "nowhere.csv"])), 3);
    fs::write(
        home.path().join("path.geojson"),
        fs::read_to_string(home.path().join("square.geojson")).unwrap().replace("primary", "footway"),
    )
    .unwrap();
    let paths = jiebo(home.path(), &["engine", "matrix", "path.geojson"]);
    assert_eq!(code(&paths), 1);
    assert!(err(&paths).contains("another --profile"), "{}", err(&paths));
}

#[test]
fn times_between_nodes_of_a_plain_graph() {
    let home = tempfile::tempdir().unwrap();
    // A ring of three, and one that no arc leads to.
    let graph = "4 3\n31.20 121.40 1\n31.21 121.40 1\n31.21 121.41 1\n31.30 121.50 0\n\
                 0 1 1000 1112\n1 2 2500 950\n2 0 500 1465\n";
    fs::write(home.path().join("ring.txt"), graph).unwrap();
    fs::write(home.path().join("nodes.csv"), "node\n0\n2\n3\n").unwrap();
    let ask = |more: &[&str]| {
        let args = ["engine", "matrix", "ring.txt", "--json", "m.json"];
        jiebo(home.path(), &[&args[..], more].concat())
    };
    let solved = ask(&["--points", "nodes.csv"]);
    assert_eq!(code(&solved), 0, "{}", err(&solved));
    assert!(out(&solved).starts_with("Points 3, pairs 9 (4 without a way): "), "{}", out(&solved));
    let expected = serde_json::json!([[0, 3.5, null], [0.5, 0, null], [null, null, 0]]);
    assert_eq!(data(&home.path().join("m.json"))["seconds"], expected);
    // By place: some 100 m from the first two.
    fs::write(home.path().join("places.csv"), "lat,lon\n31.201,121.40\n31.21,121.401\n").unwrap();
    assert_eq!(code(&ask(&["--points", "places.csv"])), 0);
    assert_eq!(data(&home.path().join("m.json"))["seconds"], serde_json::json!([[0, 1], [3, 0]]));
    assert_eq!(code(&ask(&["--random", "500"])), 0);

    fs::write(home.path().join("nodes.csv"), "节点\n0\n4\n").unwrap();
    let unknown = ask(&["--points", "nodes.csv"]);
    assert_eq!(code(&unknown), 1);
    assert!(err(&unknown).contains("Row 3 of nodes.csv names node 4, but the graph has 0 to 3"), "{}", err(&unknown));
    assert_eq!(code(&ask(&["--profile", "walk"])), 2);
    assert_eq!(code(&ask(&["--random", "10001"])), 2);
    fs::write(home.path().join("ring.txt"), graph.replace("1 2 2500", "1 4 2500")).unwrap();
    let damaged = ask(&[]);
    assert_eq!(code(&damaged), 3);
    assert!(err(&damaged).contains("line 7: there is no node 4"), "{}", err(&damaged));
    fs::write(home.path().join("ring.shp"), graph).unwrap();
    let unknown = jiebo(home.path(), &["engine", "matrix", "ring.shp"]);
    assert_eq!(code(&unknown), 3);
    assert!(err(&unknown).contains("ring.shp is of no known kind"), "{}", err(&unknown));
}
