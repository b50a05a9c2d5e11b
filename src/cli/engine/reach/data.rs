//! What is reached as data: areas on a map (RFC 7946), and figures.

use serde_json::{Map, Value, json};

use super::Reached;
use super::kerbs::Kerbside;
use super::travel::{Limit, Near, Places};
use crate::network::Area;

/// All areas.
pub(super) fn collection(reached: &[Reached]) -> String {
    let features: Vec<&str> = reached.iter().filter_map(|point| point.drawn.as_deref()).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

/// One area. Coordinates are written straight from their numbers: a tree of values would be ten times as large.
pub(super) fn feature(reached: &Reached, area: &Area, limit: Limit, places: bool) -> String {
    let coordinates = serde_json::to_string(&area.coordinates()).unwrap_or_default();
    let mut properties = bounds(limit);
    properties.extend(measures(reached, places));
    let properties = Value::Object(properties);
    format!(
        "{{\"type\":\"Feature\",\"properties\":{properties},\
         \"geometry\":{{\"type\":\"MultiPolygon\",\"coordinates\":{coordinates}}}}}"
    )
}

/// All figures.
pub(super) fn figures(reached: &[Reached], limit: Limit, places: Option<&Places>, kerbsides: bool) -> String {
    let point = |reached: &Reached| {
        let mut point = measures(reached, places.is_some());
        point.insert("lon".to_owned(), json!(reached.point.lon));
        point.insert("lat".to_owned(), json!(reached.point.lat));
        if let Some(places) = places {
            let near = |near: &Near| {
                let row = places.all[near.place].0;
                json!({ "row": row, "metres": near.metres.0, "seconds": near.seconds.0 })
            };
            point.insert("nearest".to_owned(), reached.nearest.iter().map(near).collect());
        }
        if kerbsides {
            point.insert("roads".to_owned(), reached.kerbsides.iter().map(kerbside).collect());
        }
        Value::Object(point)
    };
    let mut all = bounds(limit);
    if let Some(places) = places {
        all.insert("places".to_owned(), json!(places.all.len()));
    }
    all.insert("points".to_owned(), reached.iter().map(point).collect());
    format!("{:#}\n", Value::Object(all))
}

/// How far, and who.
fn bounds(limit: Limit) -> Map<String, Value> {
    let (unit, most, more, kind) = match limit {
        Limit::Foot { metres, step_free } => ("walk_m", metres, "step_free", json!(step_free)),
        Limit::Bus { minutes, band } => ("bus_min", minutes, "band", json!(band)),
    };
    [(unit.to_owned(), json!(most)), (more.to_owned(), kind)].into_iter().collect()
}

/// What is told of a point everywhere.
fn measures(reached: &Reached, places: bool) -> Map<String, Value> {
    let whole = |number: f64| json!(number.round());
    let tenth = |number: f64| json!((number * 10.0).round() / 10.0);
    let mut measures = Map::new();
    measures.insert("row".to_owned(), json!(reached.row));
    measures.insert("joins_m".to_owned(), tenth(reached.joins_m));
    measures.insert("square_metres".to_owned(), whole(reached.square_metres));
    measures.insert("beside_m".to_owned(), tenth(reached.beside_m));
    if places {
        measures.insert("places_inside".to_owned(), json!(reached.inside));
    }
    measures
}

fn kerbside(kerbside: &Kerbside) -> Value {
    let Kerbside { stop, names: [name, name_en] } = kerbside;
    json!({
        "way": stop.way,
        "name": name,
        "name_en": name_en,
        "kerb": stop.side,
        "metres": (stop.snap_m * 10.0).round() / 10.0,
        "between": stop.between,
        "offset_m": stop.offset_m,
    })
}
