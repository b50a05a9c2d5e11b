//! `jiebo engine allocation`: an answer worked by hand, the same on every run, and how the program ends.

use std::fs;

use serde_json::json;

use crate::{code, data, err, jiebo, out};

/// Two agents, three jobs: costs, what is taken, capacities.
const GAP: &str = "2 3\n 3 3 9\n 8 4 1\n 2 2 2\n 2 2 2\n 3 4\n";

#[test]
fn jobs_are_assigned_and_written() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("gap"), GAP).unwrap();
    let ask = ["engine", "allocation", "gap", "--format", "gap", "--iterations", "500", "--json", "o.json"];
    let solved = jiebo(home.path(), &ask);
    assert_eq!(code(&solved), 0, "{}", err(&solved));
    // The first agent holds one job: the first stays (3), the second goes (4), the third is cheap at the other (1).
    let said = out(&solved);
    assert!(said.starts_with("Jobs 3, agents 2: cost 8 (no answer costs less: proven) ("), "{said}");
    let answer = data(&home.path().join("o.json"));
    assert_eq!((&answer["cost"], &answer["bound"]), (&json!(8), &json!(8)));
    assert_eq!((&answer["open"], &answer["assigned"]), (&json!([0, 1]), &json!([0, 1, 1])));
    let again = jiebo(home.path(), &ask);
    assert_eq!(code(&again), 0);
    assert_eq!(data(&home.path().join("o.json"))["assigned"], answer["assigned"]);
}

#[test]
fn what_cannot_be_done_is_said() {
    let home = tempfile::tempdir().unwrap();
    let ask = |text: &str, more: &[&str]| {
        fs::write(home.path().join("gap"), text).unwrap();
        let fixed = ["engine", "allocation", "gap", "--format", "gap", "--iterations", "50"];
        let solved = jiebo(home.path(), &[&fixed, more].concat());
        (code(&solved), err(&solved))
    };
    let (ended, said) = ask("2 3\n 3 3 x\n", &[]);
    assert!(ended == 3 && said.contains("word 5: “x” is no whole number"), "{said}");
    let (ended, said) = ask("2 3\n 3 3 9\n", &[]);
    assert!(ended == 3 && said.contains("it ends before the cost of job 1 at agent 2"), "{said}");
    let (ended, said) = ask(&format!("{GAP} 7"), &[]);
    assert!(ended == 3 && said.contains("more after the capacities"), "{said}");
    let (ended, said) = ask("999999 999999\n", &[]);
    assert!(ended == 3 && said.contains("999999 agents"), "{said}");
    let (ended, said) = ask(&GAP.replace("3 4", "3 2"), &[]);
    assert!(ended == 1 && said.contains("the best leaves out 1"), "{said}");
    let (ended, said) = ask(&GAP.replace("3 4", "3 2"), &["--lang", "zh"]);
    assert!(ended == 1 && said.contains("最好的还缺 1 项"), "{said}");
}

/// Two bays at the gate, one 800 m on; four who ask.
const BAYS: &str = r#"{
  "lots": [{"id": "gate", "lon": 121.44, "lat": 31.26, "bays": 2, "displace_max": 1},
           {"id": "next", "lon": 121.446, "lat": 31.26, "bays": 1, "displace_max": 1, "price": 9}],
  "requests": [{"request": "a", "home": "121.44 31.26", "days": "daily", "from": "19:00", "to": "07:00", "max_walk_m": 900},
               {"request": "b", "home": "121.44 31.26", "days": "Mon", "from": "20:00", "to": "07:00", "max_walk_m": 300},
               {"request": "c", "home": "121.44 31.26", "days": "Mon,Tue", "from": "20:00", "to": "07:00", "max_walk_m": 300},
               {"request": "d", "home": "121.44 31.26", "max_walk_m": 900, "max_price": 8}]
}"#;

#[test]
fn bays_are_given_out_and_written() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("night.json"), BAYS).unwrap();
    let solved = jiebo(home.path(), &["engine", "allocation", "night.json", "--format", "parking", "--json", "o.json"]);
    assert_eq!(code(&solved), 0, "{}", err(&solved));
    // On Mondays all four want one; b and c cannot walk to the next lot, a can, d would not pay for it.
    let said = out(&solved);
    assert!(said.starts_with("3 of 4 requests have a bay (no answer serves more than 3)"), "{said}");
    let answer = data(&home.path().join("o.json"));
    assert_eq!(answer["assigned"][0], 1);
    assert_eq!((&answer["served"], &answer["most"], &answer["open"]), (&json!(3), &json!(3), &json!([0, 1])));
    // Two of the three others have the gate, the lottery says which; as they come a and b take it and nobody else has any.
    let gate = answer["assigned"].as_array().unwrap().iter().filter(|lot| **lot == json!(0)).count();
    assert_eq!((gate, answer["refused"].as_array().unwrap().len()), (2, 1));
    assert_eq!(answer["refused"][0]["reason"], "full");
    assert_eq!(answer["first_come"], 2);
    assert_eq!(answer["cost"], answer["bound"]);
}

#[test]
fn parking_that_cannot_be_read_is_told() {
    let home = tempfile::tempdir().unwrap();
    let ask = |text: &str| {
        fs::write(home.path().join("night.json"), text).unwrap();
        let solved = jiebo(home.path(), &["engine", "allocation", "night.json", "--format", "parking"]);
        (code(&solved), err(&solved))
    };
    for text in [
        "{",
        r#"{"lots": []}"#,
        r#"{"lots": [], "requests": [], "cars": []}"#,
        r#"{"lots": [{"id": []}], "requests": []}"#,
    ] {
        let (ended, said) = ask(text);
        assert!(ended == 3 && said.contains("night.json"), "{text}: {ended} {said}");
    }
    // A row that is wrong is a finding, as in the tables.
    let (ended, said) = ask(&BAYS.replace("\"bays\": 2", "\"bays\": \"two\""));
    assert!(ended == 0 && said.contains("lots.csv"), "{ended} {said}");
}
