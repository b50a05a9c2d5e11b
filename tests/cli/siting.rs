//! `jiebo engine siting`: answers worked by hand, the same on every run, and how the program ends.

use std::fs;

use serde_json::json;

use crate::{code, data, err, jiebo, out};

/// Points on a line at 0, 1, 2, 10 and 11; the last counts five times; each holds 6 and needs 2.
const LINE: &str = "x,y,weight,capacity,demand\n0,0,1,6,2\n1,0,1,6,2\n2,0,1,6,2\n10,0,1,6,2\n11,0,5,6,2\n";

#[test]
fn sites_are_chosen_and_written() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("line.csv"), LINE).unwrap();
    let ask = |more: &[&str]| {
        let fixed = ["engine", "siting", "line.csv", "--format", "points", "--iterations", "2", "--json", "o.json"];
        let solved = jiebo(home.path(), &[&fixed, more].concat());
        assert_eq!(code(&solved), 0, "{}", err(&solved));
        (out(&solved), data(&home.path().join("o.json")))
    };
    // 1 + 0 + 1 on the left, 1 + 0 on the right.
    let (said, answer) = ask(&["--p", "2"]);
    assert!(said.starts_with("Sites 2 of 5: cost 3 (no answer costs less than "), "{said}");
    assert!(said.ends_with("Open: 1 4\n"), "{said}");
    assert_eq!((&answer["open"], &answer["assigned"]), (&json!([1, 4]), &json!([1, 1, 1, 4, 4])));
    assert_eq!(answer["cost"], 3);
    assert!((2.999_999..=3.0).contains(&answer["bound"].as_f64().unwrap()), "{answer}");
    // Three fit each of the two.
    let (_, answer) = ask(&["--p", "2", "--problem", "capacitated"]);
    assert_eq!(answer["cost"], 3);
    // Within 1 of one site: the two on the right weigh 6, any three on the left 3.
    let (_, answer) = ask(&["--p", "1", "--problem", "covering", "--radius", "1"]);
    assert_eq!((&answer["cost"], &answer["assigned"][0]), (&json!(3), &json!(null)));
    // A site costs 2.5: the left one saves 3 x 2 - 2 for it, the right one 6 x 2 - 1.
    let (_, answer) = ask(&["--problem", "stops", "--radius", "2", "--price", "2.5"]);
    assert_eq!((&answer["cost"], &answer["open"]), (&json!(8), &json!([1, 4])));
    let (_, answer) = ask(&["--problem", "stops", "--radius", "2", "--price", "4.5"]);
    assert_eq!((&answer["cost"], &answer["open"]), (&json!(11.5), &json!([4])));
}

#[test]
fn what_cannot_be_done_is_said() {
    let home = tempfile::tempdir().unwrap();
    let ask = |text: &str, more: &[&str]| {
        fs::write(home.path().join("points.csv"), text).unwrap();
        let solved = jiebo(home.path(), &[&["engine", "siting", "points.csv", "--format", "points"], more].concat());
        (code(&solved), err(&solved))
    };
    let (ended, said) = ask("x,y\n1,two\n", &["--p", "1"]);
    assert!(ended == 3 && said.contains("row 0 (line 2), column “y”: “two”"), "{said}");
    let (ended, said) = ask(LINE, &[]);
    assert!(ended == 1 && said.contains("p-median needs --p"), "{said}");
    let (ended, said) = ask(LINE, &["--p", "1", "--problem", "capacitated"]);
    assert!(ended == 1 && said.contains("all customers together need 10"), "{said}");
    assert_eq!(ask(LINE, &["--p", "0"]).0, 2);
    let (ended, said) = ask(LINE, &["--p", "1", "--problem", "capacitated", "--lang", "zh"]);
    assert!(ended == 1 && said.contains("这个问题没有解"), "{said}");
}
