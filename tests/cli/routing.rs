//! `jiebo engine routing`: routes worked by hand, the same on every run, and how the program ends.

use std::fs;

use serde_json::{Value, json};

use crate::{code, data, err, jiebo, out};

/// Places on a line: the depot at 0, others at 3, 5 and 4 on the other side; room for 2 of them, each of 1.
const LINE: &str = "\
NAME : line
TYPE : CVRP
DIMENSION : 4
VEHICLES : 2
CAPACITY : 2
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 0
3 5 0
4 -4 0
DEMAND_SECTION
1 0
2 1
3 1
4 1
DEPOT_SECTION
1
-1
EOF
";

#[test]
fn routes_are_found_and_written() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("line.vrp"), LINE).unwrap();
    let ask = |more: &[&str]| jiebo(home.path(), &[&["engine", "routing"], more].concat());
    let solved = ask(&["line.vrp", "--iterations", "300", "--json", "r.json", "--threads", "1"]);
    assert_eq!(code(&solved), 0, "{}", err(&solved));
    // 3 and 5 in one go, 5 there and 5 back; 4 there and 4 back.
    assert!(out(&solved).starts_with("Vehicles 2, stops 3: cost 18, in the unit of the file"), "{}", out(&solved));
    let read = |name: &str| -> Value { data(&home.path().join(name)) };
    let mut first = read("r.json");
    assert_eq!((&first["feasible"], &first["cost"]), (&json!(true), &json!(18.0)));
    let mut routes: Vec<Vec<u64>> = serde_json::from_value(first["routes"].clone()).unwrap();
    routes.iter_mut().for_each(|route| route.sort_unstable());
    routes.sort();
    assert_eq!(routes, [vec![2, 3], vec![4]]);
    assert_eq!(first["trace"].as_array().unwrap().last().unwrap()[1], 18.0);
    // All vehicles are alike: which one drives says nothing.
    assert_eq!(first.get("vehicles"), None);

    // The same again, but for the clock.
    assert_eq!(code(&ask(&["line.vrp", "--format", "vrplib", "--iterations", "300", "--json", "s.json"])), 0);
    let mut second = read("s.json");
    for answer in [&mut first, &mut second] {
        answer["seconds"].take();
        let trace = answer["trace"].as_array_mut().unwrap();
        trace.iter_mut().for_each(|entry| drop(entry[0].take()));
    }
    assert_eq!(first, second);

    // Room for one each: one of the three stays out.
    fs::write(home.path().join("tight.vrp"), LINE.replace("CAPACITY : 2", "CAPACITY : 1")).unwrap();
    let tight = ask(&["tight.vrp", "--iterations", "300", "--json", "t.json"]);
    assert_eq!(code(&tight), 1, "{}", err(&tight));
    assert!(out(&tight).contains("the best leaves out 1"), "{}", out(&tight));
    let answer = read("t.json");
    assert_eq!(answer["feasible"], false);
    // A third vehicle, or one that takes two, would do: what one asks for is told in words and as data.
    let left_out = &answer["left_out"][0];
    let stop = &left_out["stops"][0];
    let enough = json!([
        {"kind": "room", "amount": 1.0, "stop": stop, "load": 1},
        {"kind": "vehicles", "amount": 1.0, "stop": stop, "vehicle": 1},
    ]);
    assert_eq!((&left_out["fits"], &left_out["relaxations"]), (&json!(false), &enough));
    let told =
        format!("Left out: {stop}. Each of these alone would be enough: vehicles hold 1 more; 1 more like vehicle 1.");
    assert!(out(&tight).contains(&told), "{}", out(&tight));
}

#[test]
fn what_cannot_be_read_is_named() {
    let home = tempfile::tempdir().unwrap();
    let ask = |text: &str, more: &[&str]| {
        fs::write(home.path().join("file.vrp"), text).unwrap();
        jiebo(home.path(), &[&["engine", "routing", "file.vrp"], more].concat())
    };
    let unreadable = ask("25 200 1\n0 40 50 0 0 1236\n", &[]);
    assert_eq!((code(&unreadable), out(&unreadable).as_str()), (3, ""));
    assert!(
        err(&unreadable).contains("file.vrp cannot be used: it looks like no form that is read"),
        "{}",
        err(&unreadable)
    );
    let skills = ask(&LINE.replace("EOF", "VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2 3\n2 2 3\nEOF"), &[]);
    assert_eq!(code(&skills), 3);
    assert!(err(&skills).contains("line 20: VEHICLES_ALLOWED_CLIENTS_SECTION says something"), "{}", err(&skills));
    let other = ask(LINE, &["--format", "darp"]);
    assert_eq!(code(&other), 3);
    assert!(err(&other).contains("line 1: "), "{}", err(&other));
    assert_eq!(code(&ask(LINE, &["--format", "teapot"])), 2);
    assert_eq!(code(&ask(LINE, &["--round", "up"])), 2);
}
