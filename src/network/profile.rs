//! Who may use a road, and how fast, by band of the day.
//!
//! From OpenStreetMap's keys (wiki.openstreetmap.org/wiki/Key:access: the most specific key that is present decides).
//! Decisions of ours:
//! - A shuttle enters `access=private` only where `bus` or `psv` says yes: a gate we have no word from stays shut.
//! - Walkers may use private footways, paths and steps (people who work there), but no private streets unless `foot`
//!   says so: gated compounds are no short cuts.
//! - Trunk roads are the elevated expressways of Chinese cities: no walkers unless `foot` or `sidewalk` says so.
//! - Driveways, parking aisles, drive-throughs and alleys take no bus unless `bus` or `psv` says so.
//! - Closing a road (`closed=true`) shuts out vehicles; walkers still pass, unless `foot=no`.
//! - Limits of height, width and weight are not looked at.

use serde::{Deserialize, Serialize};

/// Travel-time bands of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Free flow.
    Free,
    /// Morning peak.
    Am,
    /// Evening peak.
    Pm,
}

impl Band {
    /// All bands, in order.
    pub const ALL: [Self; 3] = [Self::Free, Self::Am, Self::Pm];

    /// Position in [`Band::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}

/// What kind of road it is, largest first (slip roads count as the road they belong to).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Motorway.
    Motorway,
    /// Expressway.
    Trunk,
    /// Main road.
    Primary,
    /// Secondary road.
    Secondary,
    /// Lesser through road.
    Tertiary,
    /// Minor road.
    Unclassified,
    /// Street with houses.
    Residential,
    /// Shared street.
    LivingStreet,
    /// Access to a site.
    Service,
    /// Buses only.
    Busway,
    /// Farm track.
    Track,
    /// Pedestrian street.
    Pedestrian,
    /// Path for walkers.
    Footway,
    /// Path for cycles.
    Cycleway,
    /// Path.
    Path,
    /// Steps.
    Steps,
}

impl Class {
    /// From the value of `highway`; `None` where nobody drives or walks (planned, being built, races, platforms).
    #[must_use]
    pub fn parse(highway: &str) -> Option<Self> {
        Some(match highway.trim_end_matches("_link") {
            "motorway" => Self::Motorway,
            "trunk" => Self::Trunk,
            "primary" => Self::Primary,
            "secondary" => Self::Secondary,
            "tertiary" => Self::Tertiary,
            "unclassified" | "road" => Self::Unclassified,
            "residential" => Self::Residential,
            "living_street" => Self::LivingStreet,
            "service" => Self::Service,
            "busway" => Self::Busway,
            "track" => Self::Track,
            "pedestrian" => Self::Pedestrian,
            "footway" | "corridor" | "crossing" => Self::Footway,
            "cycleway" => Self::Cycleway,
            "path" | "bridleway" => Self::Path,
            "steps" => Self::Steps,
            _ => return None,
        })
    }

    /// Free-flow speed of a bus, km/h: the low end of the design speeds of GB/T 51328-2018 (table 12.2.2), below them
    /// on streets that are shared.
    #[must_use]
    pub fn kmh(self) -> u32 {
        match self {
            Self::Motorway => 80,
            Self::Trunk => 60,
            Self::Primary => 40,
            Self::Secondary | Self::Tertiary | Self::Busway => 30,
            Self::Unclassified => 25,
            Self::Residential => 20,
            Self::Service | Self::Track => 15,
            Self::LivingStreet | Self::Pedestrian => 10,
            Self::Footway | Self::Cycleway | Self::Path | Self::Steps => 5,
        }
    }

    fn takes_buses(self) -> bool {
        self <= Self::Busway
    }

    fn takes_walkers(self) -> bool {
        !matches!(self, Self::Motorway | Self::Trunk | Self::Busway)
    }

    fn is_path(self) -> bool {
        matches!(self, Self::Pedestrian | Self::Footway | Self::Path | Self::Steps)
    }
}

/// Who may use a way, and how fast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Buses, along the way and against it.
    pub bus: [bool; 2],
    /// Walkers, both ways.
    pub foot: bool,
    /// Walkers who take no steps; only where [`Access::foot`] may, too.
    pub wheelchair: bool,
    /// Free-flow speed of a bus, km/h, 5 to 130.
    pub kmh: u32,
    /// Shut to buses, but a bus could drive it if its owner let it in.
    pub private: bool,
    /// What holds once one is let in, or the road is opened.
    pub inside: Inside,
}

/// Who could use a way if nothing but its rules of access stood against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inside {
    /// The directions of traffic.
    pub bus: [bool; 2],
    /// Walkers.
    pub foot: bool,
    /// Walkers who take no steps.
    pub wheelchair: bool,
}

impl Access {
    /// A road for all: buses in these directions at this speed, and walkers.
    #[must_use]
    pub fn open(bus: [bool; 2], kmh: u32) -> Self {
        let inside = Inside { bus, foot: true, wheelchair: true };
        Self { bus, foot: true, wheelchair: true, kmh, private: false, inside }
    }
    /// Nobody, not even those who are let in.
    #[must_use]
    pub fn nobody(self) -> bool {
        !self.bus[0] && !self.bus[1] && !self.foot && !self.private
    }
}

/// What the bus measures, and where it may go by our own policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Height, centimetres.
    pub height_cm: u32,
    /// Width, centimetres.
    pub width_cm: u32,
    /// Weight with everybody on board, kilograms.
    pub weight_kg: u32,
    /// Does it drive through shared streets (`highway=living_street`)?
    pub living_streets: bool,
}

impl Default for Rules {
    /// 2.55 m is the widest a coach may be (GB 1589-2016, table 1; its 4 m of height are a double-decker's). 3.4 m and 14 t are a
    /// full single-decker of 33 to 49 seats, roof unit included: the larger of the buses one hires for a shuttle.
    /// Shared streets are driven, at their own 10 km/h: in Chinese data they are often the only street to a gate.
    fn default() -> Self {
        Self { height_cm: 340, width_cm: 255, weight_kg: 14_000, living_streets: true }
    }
}

/// What junctions cost a bus beside the road between them, whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnCosts {
    /// A node with traffic lights.
    pub signal_s: u32,
    /// A turn to the left (across the traffic that comes towards it).
    pub left_s: u32,
    /// A turn to the right.
    pub right_s: u32,
    /// Turning round, where that is allowed.
    pub u_turn_s: u32,
}

impl Default for TurnCosts {
    /// Lights: 10 s, half of the low end of the control delay at level of service C (20 to 35 s, HCM 2010, exhibit 18-4), because a
    /// crossing of two dual carriageways has two such nodes on each way through. Turning round: 20 s, as in OSRM's car
    /// profile. Left and right: nothing, as the speeds of the classes are the low end and stand for junctions without lights.
    fn default() -> Self {
        Self { signal_s: 10, left_s: 0, right_s: 0, u_turn_s: 20 }
    }
}

/// Class and access of a way with these tags; `None` if it is no road or path.
pub fn resolve<'a>(tag: &dyn Fn(&str) -> Option<&'a str>) -> Option<(Class, Access)> {
    let highway = tag("highway")?;
    let class = Class::parse(highway)?;
    Some((
        class,
        Access { bus: bus(class, tag), foot: foot(class, tag), kmh: speed(class, highway, tag), ..Access::default() },
    ))
}

/// "yes" in any of its forms, "no" in any of its forms, or no word.
fn allowed(value: Option<&str>) -> Option<bool> {
    match value? {
        "yes" | "designated" | "permissive" | "official" | "destination" | "true" | "1" => Some(true),
        "unknown" | "" => None,
        _ => Some(false),
    }
}

/// Buses along the way and against it.
fn bus<'a>(class: Class, tag: &dyn Fn(&str) -> Option<&'a str>) -> [bool; 2] {
    let own = allowed(tag("bus")).or_else(|| allowed(tag("psv")));
    let minor = class == Class::Service
        && matches!(
            tag("service"),
            Some("driveway" | "parking_aisle" | "drive-through" | "alley" | "emergency_access")
        );
    let general =
        || allowed(tag("motor_vehicle")).or_else(|| allowed(tag("vehicle"))).or_else(|| allowed(tag("access")));
    let open = own.unwrap_or_else(|| class.takes_buses() && !minor && general().unwrap_or(true));

    let round = matches!(tag("junction"), Some("roundabout" | "circular"));
    let mut ways = match tag("oneway") {
        Some("yes" | "true" | "1") => [true, false],
        Some("-1" | "reverse") => [false, true],
        Some("no" | "false" | "0") => [true, true],
        // It changes with the time of day: nothing to plan on.
        Some("reversible" | "alternating") => [false, false],
        _ if round || class == Class::Motorway => [true, false],
        _ => [true, true],
    };
    match tag("oneway:bus").or_else(|| tag("oneway:psv")) {
        Some("no" | "false" | "0") => ways = [true, true],
        Some("yes" | "true" | "1") => ways = [true, false],
        Some("-1" | "reverse") => ways = [false, true],
        _ => {}
    }
    if ways[0] && matches!(tag("busway"), Some("opposite_lane" | "opposite")) {
        ways[1] = true;
    }
    let mut bus = [open && ways[0], open && ways[1]];
    for (direction, keys) in [
        ["bus:forward", "psv:forward", "motor_vehicle:forward", "vehicle:forward"],
        ["bus:backward", "psv:backward", "motor_vehicle:backward", "vehicle:backward"],
    ]
    .iter()
    .enumerate()
    {
        match keys[..2].iter().find_map(|key| allowed(tag(key))) {
            Some(word) => bus[direction] = word,
            None if own.is_none() && keys[2..].iter().find_map(|key| allowed(tag(key))) == Some(false) => {
                bus[direction] = false;
            }
            None => {}
        }
    }
    bus
}

/// Walkers.
fn foot<'a>(class: Class, tag: &dyn Fn(&str) -> Option<&'a str>) -> bool {
    if let Some(word) = allowed(tag("foot")) {
        return word;
    }
    let pavement = matches!(tag("sidewalk"), Some("both" | "left" | "right" | "yes"));
    if !(class.takes_walkers() || pavement) || tag("motorroad") == Some("yes") {
        return false;
    }
    match tag("access") {
        Some("private") => class.is_path(),
        word => allowed(word).unwrap_or(true),
    }
}

/// The class's speed, slower on slip roads, at most the signed limit.
fn speed<'a>(class: Class, highway: &str, tag: &dyn Fn(&str) -> Option<&'a str>) -> u32 {
    let own = if highway.ends_with("_link") { class.kmh().min(40) } else { class.kmh() };
    let limit = tag("maxspeed").and_then(kmh).unwrap_or(own);
    own.min(limit).clamp(5, 130)
}

/// "50", "50 km/h", "30 mph", "walk".
fn kmh(text: &str) -> Option<u32> {
    let text = text.trim();
    if text == "walk" {
        return Some(5);
    }
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().ok()?;
    let kmh = match text[digits..].trim() {
        "" | "km/h" | "kmh" | "kph" => number,
        "mph" => number * 1.609_344,
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 1 and 200")]
    (1.0..=200.0).contains(&kmh).then(|| kmh.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tags: &[(&str, &'static str)]) -> Access {
        resolve(&|key| tags.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)).unwrap().1
    }

    #[test]
    fn buses_follow_the_most_specific_key() {
        let bus = |tags: &[(&str, &'static str)]| of(tags).bus;
        assert_eq!(bus(&[("highway", "primary")]), [true, true]);
        assert_eq!(bus(&[("highway", "primary"), ("oneway", "yes")]), [true, false]);
        assert_eq!(bus(&[("highway", "primary"), ("oneway", "-1")]), [false, true]);
        assert_eq!(bus(&[("highway", "motorway")]), [true, false]);
        assert_eq!(bus(&[("highway", "tertiary"), ("junction", "roundabout")]), [true, false]);
        assert_eq!(bus(&[("highway", "secondary"), ("oneway", "yes"), ("oneway:bus", "no")]), [true, true]);
        assert_eq!(bus(&[("highway", "secondary"), ("oneway", "yes"), ("busway", "opposite_lane")]), [true, true]);
        assert_eq!(bus(&[("highway", "service"), ("access", "private")]), [false, false]);
        assert_eq!(bus(&[("highway", "service"), ("access", "private"), ("bus", "yes")]), [true, true]);
        assert_eq!(bus(&[("highway", "residential"), ("motor_vehicle", "no")]), [false, false]);
        assert_eq!(bus(&[("highway", "residential"), ("motor_vehicle", "no"), ("psv", "yes")]), [true, true]);
        assert_eq!(bus(&[("highway", "primary"), ("bus", "no")]), [false, false]);
        assert_eq!(bus(&[("highway", "footway")]), [false, false]);
        assert_eq!(bus(&[("highway", "pedestrian"), ("bus", "designated")]), [true, true]);
        assert_eq!(bus(&[("highway", "service"), ("service", "parking_aisle")]), [false, false]);
        assert_eq!(bus(&[("highway", "primary"), ("motor_vehicle:backward", "no")]), [true, false]);
        assert_eq!(bus(&[("highway", "primary"), ("oneway", "yes"), ("bus:backward", "yes")]), [true, true]);
    }

    #[test]
    fn walkers_keep_off_expressways_and_out_of_compounds() {
        let foot = |tags: &[(&str, &'static str)]| of(tags).foot;
        assert!(foot(&[("highway", "primary")]));
        assert!(foot(&[("highway", "steps")]));
        assert!(!foot(&[("highway", "motorway")]));
        assert!(!foot(&[("highway", "trunk")]));
        assert!(foot(&[("highway", "trunk"), ("sidewalk", "both")]));
        assert!(foot(&[("highway", "trunk"), ("foot", "yes")]));
        assert!(!foot(&[("highway", "primary"), ("foot", "no")]));
        assert!(!foot(&[("highway", "service"), ("access", "private")]));
        assert!(foot(&[("highway", "service"), ("access", "private"), ("foot", "permissive")]));
        assert!(foot(&[("highway", "footway"), ("access", "private")]));
        assert!(!foot(&[("highway", "footway"), ("access", "no")]));
    }

    #[test]
    fn limits_slow_down_and_never_speed_up() {
        let kmh = |tags: &[(&str, &'static str)]| of(tags).kmh;
        assert_eq!(kmh(&[("highway", "primary")]), 40);
        assert_eq!(kmh(&[("highway", "primary"), ("maxspeed", "60")]), 40);
        assert_eq!(kmh(&[("highway", "primary"), ("maxspeed", "20 mph")]), 32);
        assert_eq!(kmh(&[("highway", "primary"), ("maxspeed", "30 km/h")]), 30);
        assert_eq!(kmh(&[("highway", "primary"), ("maxspeed", "fast")]), 40);
        assert_eq!(kmh(&[("highway", "motorway_link")]), 40);
        assert_eq!(kmh(&[("highway", "service"), ("maxspeed", "1")]), 5);
    }

    #[test]
    fn what_is_no_road() {
        for highway in ["construction", "proposed", "raceway", "platform", "elevator", "主干道"] {
            assert_eq!(Class::parse(highway), None);
        }
        assert_eq!(Class::parse("primary_link"), Some(Class::Primary));
    }
}
