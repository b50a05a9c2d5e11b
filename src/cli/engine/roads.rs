//! The file of roads that an engine is given: of what kind it is, its network, and how far people are asked to walk.

use crate::domain::coordinates::CoordinateSystem;
use crate::domain::finding::Finding;
use crate::domain::units::{Metres, Seconds};
use crate::intake::Source;
use crate::network::roads::{Limits, RoadsError};
use crate::network::{Network, Speeds, geojson, osm};
use crate::planning::project::Policy;

/// What a file of roads is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Streets, as OpenStreetMap has them or as somebody drew them.
    Streets(Form),
    /// Nodes and arcs.
    Plain,
}

/// How streets are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// OpenStreetMap's.
    Extract,
    /// GeoJSON.
    Drawn,
}

/// By its name.
pub(super) fn kind(path: &str) -> Option<Kind> {
    let lower = path.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if ends(&[".pbf"]) {
        Some(Kind::Streets(Form::Extract))
    } else if ends(&[".geojson", ".json"]) {
        Some(Kind::Streets(Form::Drawn))
    } else {
        ends(&[".txt", ".txt.gz"]).then_some(Kind::Plain)
    }
}

/// The streets of a file, frozen for travel at usual speeds.
pub(super) fn network(form: Form, file: &Source) -> Result<(Network, Vec<Finding>), RoadsError> {
    let limits = Limits::default();
    let (roads, mut findings) = match form {
        Form::Extract => osm::import(&file.bytes, &file.name, &limits, None)?,
        Form::Drawn => geojson::import(&file.bytes, &file.name, CoordinateSystem::Wgs84, &limits)?,
    };
    let network = Network::new(&roads, &Speeds::default());
    findings.extend(network.findings(&file.name));
    Ok((network, findings))
}

/// A place farther from all roads is a mistake.
pub(super) fn farthest() -> Metres {
    Policy::default().max_foothold
}

/// How long a walk takes, rounded up.
pub(super) fn walk_time(metres: Metres) -> Seconds {
    let speed = u64::from(Policy::default().walk_mm_per_s.max(1));
    Seconds(u32::try_from((u64::from(metres.0) * 1000).div_ceil(speed)).unwrap_or(u32::MAX))
}
