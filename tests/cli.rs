//! The program as somebody runs it: exit codes, what is printed where, and that nothing written is ever lost.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]

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
