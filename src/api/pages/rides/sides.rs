//! Two kerbs of one spot have one name: which side of the road is which?

use std::collections::BTreeMap;

use super::named;
use crate::planning::plan::Stop;
use crate::publish::phrases::{Language, phrase};

/// Ids and names of stops, by their names; where several share one, each with the side it lies on, seen from their middle.
pub(super) fn names<'a>(language: Language, stops: impl Iterator<Item = &'a Stop>) -> Vec<(String, String)> {
    let stops: BTreeMap<&str, &Stop> = stops.map(|stop| (stop.id.as_str(), stop)).collect();
    let mut of: BTreeMap<String, Vec<&Stop>> = BTreeMap::new();
    for stop in stops.into_values() {
        of.entry(named(language, &stop.name, &stop.name_en)).or_default().push(stop);
    }
    let mut names = Vec::new();
    for (name, stops) in of {
        let many = stops.len() as f64;
        let (lon, lat) = stops.iter().fold((0.0, 0.0), |sum, stop| (sum.0 + stop.lon / many, sum.1 + stop.lat / many));
        for stop in &stops {
            let name = match stops.len() {
                1 => name.clone(),
                _ => format!("{name}{}", phrase(language, side(stop.lon - lon, stop.lat - lat, lat), &[])),
            };
            names.push((stop.id.clone(), name));
        }
    }
    names
}

/// A degree of longitude is shorter than one of latitude.
fn side(east: f64, north: f64, lat: f64) -> &'static str {
    let east = east * lat.to_radians().cos();
    match (east.abs() > north.abs(), east > 0.0, north > 0.0) {
        (true, true, _) => "rides-side-east",
        (true, false, _) => "rides-side-west",
        (false, _, true) => "rides-side-north",
        (false, _, false) => "rides-side-south",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_told_apart_by_the_side_of_the_road() {
        // Eight metres apart across a road that runs east and west, and one stop alone.
        assert_eq!(side(0.000_01, 0.000_04, 31.0), "rides-side-north");
        assert_eq!(side(0.000_01, -0.000_04, 31.0), "rides-side-south");
        assert_eq!(
            (side(0.000_05, 0.000_04, 31.0), side(-0.000_05, 0.000_04, 31.0)),
            ("rides-side-east", "rides-side-west")
        );
        // At sixty degrees a degree of longitude is half as long.
        assert_eq!(side(0.000_05, 0.000_04, 60.0), "rides-side-north");
    }
}
