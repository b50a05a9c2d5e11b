//! The plan on a map (RFC 7946), for any GIS and for the public: lines, the people on their legs, stops, sites, shared places.
//!
//! People on a leg are those of a service day, told as [`audience::about`] allows: rounded to steps of `policy.k_anonymity`,
//! so that neither a leg nor the difference of two legs speaks of fewer people. Cohorts do not appear.

mod places;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::audience::{About, about};
use super::rides;
use super::routes::{self, Route};
use crate::domain::coordinates::Point;
use crate::domain::site::{Site, SiteKind};
use crate::domain::units::People;
use crate::planning::plan::{Line, Mode, OnDemand, Plan, Stop};
use crate::planning::project::Project;

/// The map as bytes of `map.geojson`, in the order line, leg, stop, stop of rides on request, site, lot, rest point, room, area. Properties: `kind` tells which; a stop that lines
/// and rides on request use is there once for each.
#[must_use]
pub fn map(project: &Project, plan: &Plan) -> Vec<u8> {
    let mut features = Vec::new();
    let routes = routes::routes(plan);
    let route_of: BTreeMap<&str, &Route> =
        routes.iter().flat_map(|route| route.lines.iter().map(move |line| (line.as_str(), route))).collect();
    for line in &plan.lines {
        features.extend(whole(line, plan, route_of.get(line.id.as_str()).copied()));
    }
    for line in &plan.lines {
        features.extend(legs(line, plan, project.policy.k_anonymity, route_of.get(line.id.as_str()).copied()));
    }
    for stop in &plan.stops {
        features.push(feature(
            &point(stop.lon, stop.lat),
            json!({
                "kind": "stop", "id": stop.id, "name": stop.name, "name_en": stop.name_en, "site": stop.site,
                "step_free": stop.step_free,
            }),
        ));
    }
    for offer in rides::offered(plan) {
        features.extend(offer.stops.iter().map(|stop| asked(offer, stop)));
    }
    features.extend(project.sites.iter().filter(|site| shown(site)).map(site));
    features.extend(places::of(project, plan));
    let collection = json!({ "type": "FeatureCollection", "plan": plan.id, "features": features });
    let mut bytes = serde_json::to_vec(&collection).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Where rides may be asked, and when.
fn asked(offer: &OnDemand, stop: &Stop) -> Value {
    feature(
        &point(stop.lon, stop.lat),
        json!({
            "kind": "on_demand_stop", "mode": Mode::OnDemand, "id": stop.id, "name": stop.name, "name_en": stop.name_en,
            "site": stop.site, "step_free": stop.step_free, "offer": offer.id, "offer_name": offer.name,
            "offer_name_en": offer.name_en, "service": offer.service, "hours": rides::span((offer.from, offer.until)),
            "notice_min": offer.rules.notice_s.div_ceil(60), "colour": format!("#{}", routes::ON_REQUEST_COLOUR),
        }),
    )
}

/// Homes are areas, not points for everybody's map; lots come with their bays.
fn shown(site: &Site) -> bool {
    matches!(site.kind, SiteKind::Park | SiteKind::Gate | SiteKind::Station | SiteKind::Exit | SiteKind::Depot)
}

fn site(site: &Site) -> Value {
    feature(
        &point(site.point.lon, site.point.lat),
        json!({ "kind": site.kind, "id": site.id, "name": site.name, "name_en": site.name_en, "parent": site.parent }),
    )
}

fn whole(line: &Line, plan: &Plan, route: Option<&Route>) -> Option<Value> {
    let geometry = line_string(&line.geometry)?;
    let trips = plan.trips.iter().filter(|trip| trip.line == line.id).count();
    Some(feature(
        &geometry,
        json!({
            "kind": "line", "id": line.id, "name": line.name, "name_en": line.name_en, "mode": line.mode,
            "direction": line.direction, "km": line.km, "trips": trips, "route": route.map(|route| &route.id),
            "colour": route.map(|route| format!("#{}", route.colour)),
        }),
    ))
}

/// Each leg of a line with the people of a day on it, one feature a service that runs there.
fn legs(line: &Line, plan: &Plan, step: u32, route: Option<&Route>) -> Vec<Value> {
    // service -> people on each leg, thousandths
    let mut loads: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for trip in plan.trips.iter().filter(|trip| trip.line == line.id) {
        let load = loads.entry(&trip.service).or_insert_with(|| vec![0; line.stops.len()]);
        for (sum, &People(people)) in load.iter_mut().zip(&trip.load) {
            *sum += u64::from(people);
        }
    }
    let mut features = Vec::new();
    for (leg, ends) in line.stops.windows(2).enumerate() {
        let Some(geometry) = stretch(line, leg) else { continue };
        for (service, load) in &loads {
            let people = u32::try_from(load.get(leg).copied().unwrap_or(0)).unwrap_or(u32::MAX);
            let told = about(People(people), step);
            let people = match told {
                About::Nobody => Some(0),
                About::Few => None,
                About::Around(people) => Some(people),
            };
            features.push(feature(
                &geometry,
                json!({
                    "kind": "leg", "line": line.id, "leg": leg, "from": ends[0], "to": ends[1], "service": service,
                    "people": people, "people_text": told.text(step),
                    "colour": route.map(|route| format!("#{}", route.colour)),
                }),
            ));
        }
    }
    features
}

/// The part of the line between a stop and the next; `None` where the plan does not say where they lie.
fn stretch(line: &Line, leg: usize) -> Option<Value> {
    let from = *line.stop_positions.get(leg)? as usize;
    let to = *line.stop_positions.get(leg + 1)? as usize;
    line_string(line.geometry.get(from..=to)?)
}

fn line_string(points: &[[f64; 2]]) -> Option<Value> {
    (points.len() > 1).then(|| json!({ "type": "LineString", "coordinates": points }))
}

/// Six decimals: a hand's breadth.
fn point(lon: f64, lat: f64) -> Value {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let at = Point { lon: round(lon), lat: round(lat) };
    json!({ "type": "Point", "coordinates": [at.lon, at.lat] })
}

fn feature(geometry: &Value, properties: Value) -> Value {
    // What is not known is left out, not null.
    let properties: Map<String, Value> = match properties {
        Value::Object(map) => map.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    };
    json!({ "type": "Feature", "geometry": geometry, "properties": properties })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;

    #[test]
    fn lots_tell_what_their_owners_are_promised_and_not_who_parks() {
        let (project, plan) = (fixture::project(), fixture::plan());
        let map: Value = serde_json::from_slice(&map(&project, &plan)).unwrap();
        let of = |kind: &str| -> Vec<&Value> {
            let features = map["features"].as_array().unwrap().iter().map(|feature| &feature["properties"]);
            features.filter(|properties| properties["kind"] == kind).collect()
        };
        // The same as in the plan; three cars are a few.
        let lots = of("lot");
        assert_eq!((&lots[0]["displaced_upper_99"], &lots[0]["cars_text"]), (&json!(0.008), &json!("≈25")));
        assert_eq!((&lots[1]["displaced_upper_99"], &lots[1]["cars_text"]), (&json!(0.021), &json!("<5")));
        assert_eq!(
            (&of("rest_point")[0]["id"], &of("rest_point")[0]["courier_hours"]),
            (&json!("rest1"), &json!(46.5))
        );
    }

    #[test]
    fn stops_of_rides_on_request_say_when() {
        let project = fixture::project();
        let map: Value = serde_json::from_slice(&map(&project, &fixture::with_rides())).unwrap();
        let stops: Vec<&Value> = map["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|feature| &feature["properties"])
            .filter(|properties| properties["mode"] == "on_demand")
            .collect();
        assert_eq!(stops.len(), 4);
        assert_eq!((&stops[0]["id"], &stops[0]["hours"]), (&json!("r-clinic"), &json!("09:30–16:30")));
        assert_eq!((&stops[0]["kind"], &stops[0]["notice_min"]), (&json!("on_demand_stop"), &json!(30)));
        let without: Value = serde_json::from_slice(&super::map(&project, &fixture::that_do_not_pay())).unwrap();
        assert!(!without.to_string().contains("on_demand"));
    }
}
