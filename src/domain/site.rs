//! Places with a name: parks and their gates, stations and their exits, lots, depots, areas, rooms.

use serde::{Deserialize, Serialize};

use super::coordinates::Point;
use super::units::People;

/// What a site is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// A business park.
    Park,
    /// A gate of a park (its parent).
    Gate,
    /// A metro station.
    Station,
    /// An exit of a station (its parent).
    Exit,
    /// A car park.
    Lot,
    /// Where vehicles stay.
    Depot,
    /// A residential area.
    Area,
    /// A room that is shared.
    Room,
}

/// A named place. `id` is stable from plan to plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Text without spaces, unique.
    pub id: String,
    /// Chinese name (or the only one).
    pub name: String,
    /// English name, if given.
    pub name_en: Option<String>,
    /// What it is.
    pub kind: SiteKind,
    /// WGS-84.
    pub point: Point,
    /// Id of the park or station this gate or exit belongs to.
    pub parent: Option<String>,
    /// People who work or live here, if known.
    pub people: Option<People>,
}

/// Which side of its road a stop is on, seen in the direction of `between`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kerb {
    /// On the left of the road.
    Left,
    /// On the right.
    Right,
    /// A forecourt: reached and left either way.
    Either,
}
