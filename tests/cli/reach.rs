//! `jiebo engine reach`: a street, steps and a path in a line along the equator, worked by hand. 0.0001 degrees are 11.12 m.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{code, data, err, jiebo, out};

fn way(id: i64, tags: &str, line: &[[f64; 2]]) -> String {
    format!(
        r#"{{"type": "Feature", "id": {id}, "properties": {{{tags}}},
            "geometry": {{"type": "LineString", "coordinates": {line:?}}}}}"#
    )
}

fn write(home: &Path, name: &str, text: &str) {
    fs::write(home.join(name), text).unwrap();
}

fn roads(home: &Path, name: &str, ways: &[String]) {
    let text = format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, ways.join(","));
    write(home, name, &text);
}

/// 500.38 m to the west of the origin and 200.15 m to its east a street, then 100.08 m of steps and 200.15 m of path.
fn line(home: &Path) {
    let street = r#""highway": "residential", "name": "长街", "name:en": "Long Street""#;
    roads(
        home,
        "line.geojson",
        &[
            way(11, street, &[[-0.0045, 0.0], [0.0018, 0.0]]),
            way(12, r#""highway": "steps""#, &[[0.0018, 0.0], [0.0027, 0.0]]),
            way(13, r#""highway": "footway""#, &[[0.0027, 0.0], [0.0045, 0.0]]),
        ],
    );
    write(home, "origin.csv", "lon,lat\n0,0\n");
    // 456 m away (444.78 along, 11.12 aside), 334 m away, 612 m away (111.19 aside), nowhere near.
    write(home, "to.csv", "经度,纬度\n0.004,0.0001\n-0.003,0\n0.0045,0.001\n0.05,0\n");
}

/// Square metres of a stadium, give or take what a grid of half its radius does.
fn is_stadium(area: &Value, length: f64, radius: f64) {
    let (area, exact) = (area.as_f64().unwrap(), length * 2.0 * radius + std::f64::consts::PI * radius * radius);
    assert!((area - exact).abs() < 0.06 * exact, "{area}, not about {exact}");
}

#[test]
fn what_lies_within_a_walk() {
    let home = tempfile::tempdir().unwrap();
    line(home.path());
    let ask = |more: &[&str]| {
        let args = ["engine", "reach", "line.geojson", "--points", "origin.csv", "--json", "r.json"];
        jiebo(home.path(), &[&args[..], more].concat())
    };

    // 500 m either way, which is nearly all of it.
    let walked = ask(&["--to", "to.csv", "--geojson", "r.geojson"]);
    assert_eq!(code(&walked), 0, "{}", err(&walked));
    let said = out(&walked);
    assert!(said.starts_with("Within 500 m on foot:\nRow 2: 0 m to the road; 0.05"), "{said}");
    assert!(said.contains("ha) reached, places inside: 2 of 4.\n"), "{said}");
    assert!(said.contains("\n  near: row 2, 456 m, 6.3 min\n  near: row 4, 612 m, 8.5 min\n"), "{said}");
    assert!(err(&walked).contains("than 500 m from every road that can be used: 1, the first in row 5"));
    let figures = data(&home.path().join("r.json"));
    assert_eq!(
        (&figures["walk_m"], &figures["step_free"], &figures["places"]),
        (&500.into(), &false.into(), &4.into())
    );
    let point = &figures["points"][0];
    is_stadium(&point["square_metres"], 1000.0, 25.0);
    assert_eq!(point["places_inside"], 2);
    // At 1.2 m/s.
    let near = json!([
        {"row": 3, "metres": 334, "seconds": 279},
        {"row": 2, "metres": 456, "seconds": 380},
        {"row": 4, "metres": 612, "seconds": 510},
    ]);
    assert_eq!(point["nearest"], near);
    assert_eq!(point.get("roads"), None);

    // The same on a map: nothing farther than it may be.
    let map = data(&home.path().join("r.geojson"));
    assert_eq!(map["type"], "FeatureCollection");
    let feature = &map["features"][0];
    let properties = &feature["properties"];
    assert_eq!(
        (&properties["row"], &properties["walk_m"], &properties["places_inside"]),
        (&2.into(), &500.into(), &2.into())
    );
    assert_eq!(properties["square_metres"], point["square_metres"]);
    assert_eq!(feature["geometry"]["type"], "MultiPolygon");
    let polygons: Vec<Vec<Vec<[f64; 2]>>> = serde_json::from_value(feature["geometry"]["coordinates"].clone()).unwrap();
    assert_eq!((polygons.len(), polygons[0].len()), (1, 1));
    let metres =
        |axis: usize| polygons[0][0].iter().map(|at| at[axis] * 111_195.0).fold(0.0_f64, |a, b| a.max(b.abs()));
    assert!((510.0..550.0).contains(&metres(0)) && (15.0..50.0).contains(&metres(1)));

    // Without steps it ends at them: 500 m to the west, 200.15 m to the east.
    let level = ask(&["--to", "to.csv", "--nearest", "2", "--step-free", "--lang", "zh"]);
    assert_eq!(code(&level), 0, "{}", err(&level));
    let said = out(&level);
    assert!(said.starts_with("步行 500 米以内，不走台阶：\n第 2 行：离道路 0 米；可达 0.03"), "{said}");
    assert!(said.contains("4 个地点中有 1 个在范围内。"), "{said}");
    assert!(said.contains("最近：第 3 行，334 米，4.7 分钟\n  20 公里以内步行到不了其他地点。"), "{said}");
    assert!(err(&level).contains("有 1 个地点离所有可用的道路都超过 500 米，第一个在第 5 行"), "{}", err(&level));
    let figures = data(&home.path().join("r.json"));
    assert_eq!(figures["step_free"], true);
    is_stadium(&figures["points"][0]["square_metres"], 700.15, 25.0);
    assert_eq!(figures["points"][0]["places_inside"], 1);

    // Beside the steps: with them at once, without them over 33.36 m to the street. 55.6 m aside: no way back in 50 m.
    write(home.path(), "origin.csv", "lon,lat\n0.0021,0\n0,0.0005\n");
    let joins = |more: &[&str]| {
        let asked = ask(more);
        assert_eq!(code(&asked), 0, "{}", err(&asked));
        let points = data(&home.path().join("r.json"))["points"].clone();
        (out(&asked), [0, 1].map(|at| points[at]["joins_m"].as_f64().unwrap()), points)
    };
    assert_eq!(joins(&["--walk-m", "50"]).1, [0.0, 55.6]);
    let (said, metres, points) = joins(&["--walk-m", "50", "--step-free"]);
    assert_eq!(metres, [33.4, 55.6]);
    assert_eq!(points[1]["square_metres"], 0.0);
    assert!(said.contains("Row 3: 56 m to the road; nothing is reached within the limit."), "{said}");
    assert_eq!(points[0].get("nearest"), None);
}

#[test]
fn what_lies_within_a_ride() {
    let home = tempfile::tempdir().unwrap();
    line(home.path());
    let ask = |more: &[&str]| {
        let args = ["engine", "reach", "line.geojson", "--points", "origin.csv", "--to", "to.csv", "--json", "r.json"];
        let asked = jiebo(home.path(), &[&args[..], more].concat());
        assert_eq!(code(&asked), 0, "{}", err(&asked));
        let figures = data(&home.path().join("r.json"));
        (out(&asked), figures)
    };
    // At 20 km/h 333.3 m in a minute: so far to the west, and all that the street has to the east. The place in the west is
    // 333.58 m away: 60.04 s. Two others are nearest to the street's east end, 36.03 s away.
    let (said, figures) = ask(&["--bus-min", "1"]);
    assert!(said.starts_with("Within 1 min by bus, at free flow:\nRow 2: 0 m"), "{said}");
    let point = &figures["points"][0];
    is_stadium(&point["square_metres"], 533.5, 50.0);
    assert_eq!(point["places_inside"], 1);
    let near = json!([
        {"row": 2, "metres": 200, "seconds": 37},
        {"row": 4, "metres": 200, "seconds": 37},
        {"row": 3, "metres": 334, "seconds": 61},
    ]);
    assert_eq!(point["nearest"], near);
    // In the morning at 0.65 of it: 216.7 m, and the place lies 117 m beyond.
    let (said, figures) = ask(&["--bus-min", "1", "--band", "am", "--nearest", "4", "--lang", "zh"]);
    assert!(said.starts_with("乘车 1 分钟以内，早高峰：\n"), "{said}");
    assert!(said.ends_with("最近：第 3 行，334 米，1.6 分钟\n  车辆到不了其他地点。\n"), "{said}");
    assert_eq!((&figures["bus_min"], &figures["band"]), (&1.into(), &"am".into()));
    let point = &figures["points"][0];
    is_stadium(&point["square_metres"], 416.8, 50.0);
    assert_eq!(point["places_inside"], 0);
}

#[test]
fn which_roads_a_stop_could_stand_on() {
    let home = tempfile::tempdir().unwrap();
    let street = r#""highway": "residential", "name": "长街", "name:en": "Long Street""#;
    // Off the street and back to it, one-way: north, east, south.
    let round = [[0.0, 0.0], [0.0, 0.0009], [0.0009, 0.0009], [0.0009, 0.0]];
    roads(
        home.path(),
        "round.geojson",
        &[
            way(11, street, &[[-0.0045, 0.0], [0.0, 0.0], [0.0009, 0.0], [0.0045, 0.0]]),
            way(12, r#""highway": "service", "oneway": "yes""#, &round),
            way(13, r#""highway": "footway""#, &[[0.0, 0.0009], [-0.0009, 0.0009]]),
        ],
    );
    // 5.56 m to the west and to the east of the part that leads north, 33.36 m north of the street.
    write(home.path(), "sides.csv", "lon,lat\n-0.00005,0.0003\n0.00005,0.0003\n");
    let ask = |more: &[&str]| {
        let args = ["engine", "reach", "round.geojson", "--points", "sides.csv", "--json", "r.json"];
        jiebo(home.path(), &[&args[..], more].concat())
    };
    let asked = ask(&["--snaps", "5"]);
    assert_eq!(code(&asked), 0, "{}", err(&asked));
    // Each way once, however many segments are near; where both ways are driven there is always a right kerb.
    let left = "  road: way 12, left kerb, 5.6 m\n  road: Long Street (way 11), right kerb, 33.4 m\n";
    let right = "  road: way 12, right kerb, 5.6 m\n  road: Long Street (way 11), right kerb, 33.4 m\n";
    let said = out(&asked);
    let rows: Vec<&str> = said.split("Row ").collect();
    assert!(rows[1].ends_with(left) && rows[2].ends_with(right), "{said}");
    let found = data(&home.path().join("r.json"))["points"][0]["roads"].clone();
    assert_eq!(found.as_array().unwrap().len(), 2);
    assert_eq!((&found[0]["way"], &found[0]["kerb"]), (&12.into(), &"left".into()));
    assert!((found[0]["offset_m"].as_f64().unwrap() - 33.36).abs() < 0.02, "{found}");
    let one = out(&ask(&["--snaps", "1", "--lang", "zh"]));
    assert!(
        one.contains("  道路：way 12，左侧，5.6 米\n第 3 行") && one.contains("  道路：way 12，右侧，5.6 米"),
        "{one}"
    );
    let two = out(&ask(&["--snaps", "2", "--lang", "zh"]));
    assert!(two.contains("  道路：长街（way 11），右侧，33.4 米"), "{two}");
}

#[test]
fn what_cannot_be_asked_is_said() {
    let home = tempfile::tempdir().unwrap();
    line(home.path());
    let run = |args: &[&str]| jiebo(home.path(), &[&["engine", "reach"], args].concat());
    let ask = |more: &[&str]| run(&[&["line.geojson"], more].concat());
    let origin = ["--points", "origin.csv"];
    let with = |more: &[&str]| code(&ask(&[&origin[..], more].concat()));
    assert_eq!(with(&[]), 0);

    // No points at all, a table without rows, a row that is none, a far one, too many.
    assert_eq!(code(&ask(&[])), 2);
    assert_eq!(code(&ask(&["--points", "nowhere.csv"])), 3);
    for (name, text, says) in [
        ("none.csv", "lon,lat\n".to_owned(), "none.csv cannot be used as a whole"),
        ("odd.csv", "lon,lat\n0,0\n0,north\n".to_owned(), "odd.csv row 3"),
        ("far.csv", "lon,lat\n0,0\n0,0.01\n".to_owned(), "Row 3 of far.csv is more than 500 m from every road"),
        ("many.csv", format!("lon,lat\n{}", "0,0\n".repeat(201)), "many.csv has 201 rows; at most 200"),
    ] {
        write(home.path(), name, &text);
        let refused = ask(&["--points", name]);
        assert_eq!((code(&refused), out(&refused).as_str()), (1, ""), "{name}");
        assert!(err(&refused).contains(says), "{}", err(&refused));
    }
    let far = ask(&["--points", "far.csv", "--lang", "zh"]);
    assert!(err(&far).contains("far.csv 第 3 行离所有可用的道路都超过 500 米"), "{}", err(&far));
    write(home.path(), "many.csv", &format!("lon,lat\n{}", "0,0\n".repeat(10_001)));
    assert_eq!(with(&["--to", "many.csv"]), 1);

    // Roads that are none.
    write(home.path(), "ring.txt", "1 0\n0 0 1\n");
    let plain = run(&[&["ring.txt"], &origin[..]].concat());
    assert_eq!(code(&plain), 2);
    assert!(err(&plain).contains("ring.txt is a plain graph"), "{}", err(&plain));
    let plain = run(&[&["ring.txt", "--lang", "zh"], &origin[..]].concat());
    assert!(err(&plain).contains("ring.txt 是纯图"), "{}", err(&plain));
    assert_eq!(code(&run(&[&["ring.shp"], &origin[..]].concat())), 3);
    write(home.path(), "broken.geojson", "{");
    assert_eq!(code(&run(&[&["broken.geojson"], &origin[..]].concat())), 3);

    // What does not go together, and what is out of range.
    for wrong in [
        &["--walk-m", "0"][..],
        &["--walk-m", "20001"],
        &["--bus-min", "0"],
        &["--bus-min", "121"],
        &["--bus-min", "5", "--walk-m", "500"],
        &["--bus-min", "5", "--step-free"],
        &["--band", "am"],
        &["--nearest", "2"],
        &["--snaps", "0"],
    ] {
        assert_eq!(with(wrong), 2, "{wrong:?}");
    }
    // Nothing was written.
    assert!(!home.path().join("r.json").exists());
}
