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
