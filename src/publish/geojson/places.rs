//! Shared places on the map: lots with what their owners are promised, couriers' rest points, rooms, and areas with the block they belong to.
//!
//! Cars of a lot are told as [`about`] allows; who parks there is not told at all.

use geo::Coord;
use serde_json::{Value, json};

use super::{feature, point};
use crate::domain::units::People;
use crate::planning::plan::Plan;
use crate::planning::project::{Area, Lot, Project};
use crate::publish::audience::about;

/// Features in the order lot, rest point, room, area.
pub(super) fn of(project: &Project, plan: &Plan) -> Vec<Value> {
    let mut features: Vec<Value> = project.lots.iter().map(|one| lot(project, plan, one)).collect();
    let step = project.policy.k_anonymity;
    for rest in &plan.rest_points {
        if let Some(site) = project.sites.iter().find(|site| site.id == rest.site) {
            features.push(feature(
                &point(site.point.lon, site.point.lat),
                json!({ "kind": "rest_point", "id": site.id, "name": site.name, "name_en": site.name_en, "courier_hours": (rest.people >= f64::from(step)).then_some(rest.people) }),
            ));
        }
    }
    for room in &project.rooms {
        if let Some(site) = project.sites.iter().find(|site| site.id == room.site) {
            let granted = plan.rooms.iter().filter(|granted| granted.room == room.id).count();
            features.push(feature(
                &point(site.point.lon, site.point.lat),
                json!({
                    "kind": "room", "id": room.id, "site": room.site, "room_kind": room.kind, "seats": room.seats, "who": room.who,
                    "granted": granted,
                }),
            ));
        }
    }
    features.extend(project.areas.iter().map(|area| {
        let block = plan.groups.iter().find(|group| group.kind == "block" && group.members.contains(&area.id));
        let told = about(area.people, step);
        feature(
            &outline(area),
            json!({ "kind": "area", "id": area.id, "name": area.name, "people_text": told.text(step), "block": block.map(|block| &block.id) }),
        )
    }));
    features
}

fn lot(project: &Project, plan: &Plan, lot: &Lot) -> Value {
    let at = lot.gate.unwrap_or(lot.point);
    let step = project.policy.k_anonymity;
    let cars = plan.parking.permits.iter().filter(|permit| permit.lot == lot.id).count();
    let promise = plan.parking.displacement.iter().find(|promise| promise.lot == lot.id);
    let cars = about(People::whole(u32::try_from(cars).unwrap_or(u32::MAX / 1000)), step).text(step);
    feature(
        &point(at.lon, at.lat),
        json!({
            "kind": "lot", "id": lot.id, "name": lot.name, "bays": lot.bays, "accessible_bays": lot.accessible_bays,
            "charging_bays": lot.charging_bays, "cars_text": promise.map(|_| cars),
            "displaced": promise.map(|promise| promise.probability), "displaced_upper_99": promise.map(|promise| promise.upper_99),
            "displace_max": lot.displace_max,
        }),
    )
}

fn outline(area: &Area) -> Value {
    let ring = |ring: &geo::LineString| -> Value { ring.0.iter().map(|&Coord { x, y }| json!([x, y])).collect() };
    let polygons: Vec<Value> = area
        .outline
        .iter()
        .map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect())
        .collect();
    json!({ "type": "MultiPolygon", "coordinates": polygons })
}
