//! `jiebo engine districting`: squares in a row along the equator, worked by hand, and the demonstration. 0.0001 degrees are 11.12 m.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::{DEMO, code, data, err, jiebo, out};

/// A square of 0.0027 degrees from here to the east.
fn square(id: &str, east: f64, people: u32) -> String {
    let west = east + 0.0027;
    format!(
        r#"{{"type": "Feature", "properties": {{"id": "{id}", "name": "{id} Lane", "people": {people}, "households": 1}},
            "geometry": {{"type": "Polygon", "coordinates":
                [[[{east}, 0], [{west}, 0], [{west}, 0.0027], [{east}, 0.0027], [{east}, 0]]]}}}}"#
    )
}

fn write(home: &Path, squares: &[String]) {
    let text = format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, squares.join(","));
    fs::write(home.join("row.geojson"), text).unwrap();
}

#[test]
fn squares_in_a_row_are_grouped() {
    let home = tempfile::tempdir().unwrap();
    let ask = |more: &[&str]| jiebo(home.path(), &[&["engine", "districting", "row.geojson"], more].concat());
    // 33 m of road between the first three, then 367 m of river.
    let squares = [("Ash", 0.0, 100), ("Birch", 0.003, 300), ("Cedar", 0.006, 300), ("Elm", 0.012, 100)];
    write(home.path(), &squares.map(|(id, east, people)| square(id, east, people)));

    // Ash goes 334 m to Birch, Elm 667 m to Cedar: 100 x 334 + 100 x 667 for 800 people.
    let solved = ask(&["--groups", "2", "--json", "groups.json"]);
    assert_eq!(code(&solved), 0, "{}", err(&solved));
    let said = out(&solved);
    let start = "Areas 4 in 2 groups, all connected: the largest deviation from the mean is 0.0 %, the way to the middle of the group 125.1 m";
    assert!(said.starts_with(start), "{said}");
    assert!(said.contains("No grouping is better: proven."), "{said}");
    assert!(said.contains("Group 0: 400, around Birch Lane: Ash Lane, Birch Lane\n"), "{said}");
    assert!(err(&solved).contains("Cedar Lane and Elm Lane are 367 m apart"), "{}", err(&solved));
    let figures = data(&home.path().join("groups.json"));
    assert_eq!((&figures["cost"], &figures["bound"]), (&json!(100_100), &json!(100_100.0)));
    assert_eq!((&figures["groups"], &figures["centres"]), (&json!([0, 0, 1, 1]), &json!([1, 2])));
    assert_eq!((&figures["weights"], &figures["bridges"]), (&json!([400, 400]), &json!([[2, 3, 367.0]])));
    assert_eq!((&figures["connected"], &figures["proven"]), (&json!(true), &json!(true)));

    // Four alike in three: the mean is 4/3; two groups of one have 1/3 too little, one of two 2/3 too much: 4/3 beyond, and
    // 5 % of so few is less than one.
    let uneven = ask(&["--groups", "3", "--weight", "equal"]);
    assert!(
        out(&uneven).contains("all groups together: 100.0 % of the mean. No grouping has less: proven."),
        "{}",
        out(&uneven)
    );

    // Impossible, asked wrongly, unreadable, not whole.
    let few = ask(&["--groups", "5"]);
    assert_eq!(code(&few), 1);
    assert!(err(&few).contains("There are 4 areas, too few for 5 groups."), "{}", err(&few));
    assert_eq!(code(&ask(&["--groups", "0"])), 2);
    assert_eq!(code(&ask(&["--groups", "2", "--tolerance", "5"])), 2);
    write(home.path(), &[square("Ash", 0.0, 1), square("Ash", 0.003, 1)]);
    assert_eq!(code(&ask(&["--groups", "1"])), 1);
    fs::write(home.path().join("row.geojson"), "no").unwrap();
    assert_eq!(code(&ask(&["--groups", "1"])), 3);
    fs::remove_file(home.path().join("row.geojson")).unwrap();
    assert_eq!(code(&ask(&["--groups", "1"])), 3);
}

#[test]
fn the_demonstration_is_grouped_with_a_proof() {
    let home = tempfile::tempdir().unwrap();
    let areas = format!("{DEMO}/areas.geojson");
    let ask = |more: &[&str]| {
        let args = ["engine", "districting", &areas, "--groups", "4", "--iterations", "5000", "--json", "groups.json"];
        let solved = jiebo(home.path(), &[&args[..], more].concat());
        assert_eq!(code(&solved), 0, "{}", err(&solved));
        data(&home.path().join("groups.json"))
    };
    for weight in ["people", "households", "equal"] {
        let (one, other) = (ask(&["--weight", weight]), ask(&["--weight", weight, "--seed", "9", "--chains", "2"]));
        assert_eq!((&one["proven"], &one["groups"]), (&json!(true), &other["groups"]), "{weight}");
        assert_eq!((one["cost"].as_f64(), one["cost"].as_f64()), (one["bound"].as_f64(), other["bound"].as_f64()));
    }
}
