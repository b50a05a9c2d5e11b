//! Who may use a road, and how fast, by band of the day.
//!
//! From OpenStreetMap's keys (wiki.openstreetmap.org/wiki/Key:access: the most specific key that is present decides).
//! Decisions of ours:
//! - A shuttle enters `access=private` only where `bus` or `psv` says yes: a gate we have no word from stays shut.
//! - Walkers may use private footways, paths and steps (people who work there), but no private streets unless `foot`
//!   says so: gated compounds are no short cuts.
//! - Trunk roads are the elevated expressways of Chinese cities: no walkers unless `foot` or `sidewalk` says so.
//! - Parking aisles, drive-throughs and alleys take no bus unless `bus` or `psv` says so; driveways are private.
//! - What only needs its owner's word (`access=private` and the like) is kept as private: shut, until a site lets us in
//!   ([`super::roads::Roads::admit`]).
//! - Closing a road (`closed=true`) shuts out vehicles; walkers still pass, unless `foot=no`.
//! - Limits of height, width and weight hold even where buses are allowed; one that cannot be read does not hold, and is told.
//! - Both directions of a way have one speed, the lower.

pub(super) mod access;
pub(super) mod barrier;
mod doubts;
mod measures;

use serde::{Deserialize, Serialize};

use access::{GENERAL, OWN, Tags, Word};
pub(super) use doubts::Doubts;
use measures::Limit;

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

    /// One of the roads that carry a district: what is wrong with one of them is told.
    fn is_main(self) -> bool {
        self <= Self::Tertiary
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

/// Class and access of a way with these tags for this bus; `None` if it is no road or path. What was odd is counted.
pub(super) fn resolve(tag: Tags<'_, '_>, rules: &Rules, doubts: &mut Doubts) -> Option<(Class, Access)> {
    let highway = tag("highway")?;
    let class = Class::parse(highway)?;
    let flow = flow(class, tag);
    let words = words(class, tag, rules);
    let mut unclear = |key: &str, value: &str| doubts.unclear(key, value);
    let fits = !class.takes_buses() || fits(tag, rules, &mut unclear);
    let kmh = speed(class, highway, flow, tag, &mut unclear);
    let name = tag("name").or_else(|| tag("ref")).unwrap_or_default();
    let open = |at: usize| flow[at] && words[at].0 == Word::Yes;
    if !fits && class.is_main() && (open(0) || open(1)) {
        doubts.low(name);
    }
    let [foot, foot_inside] = foot(class, tag);
    let wheels = (class != Class::Steps || tag("ramp:wheelchair") == Some("yes")) && tag("wheelchair") != Some("no");
    let access = Access {
        bus: [fits && open(0), fits && open(1)],
        foot,
        wheelchair: foot && wheels,
        kmh,
        private: fits && (0..2).any(|at| flow[at] && words[at].0 == Word::Private),
        inside: Inside {
            bus: [0, 1].map(|at| flow[at] && words[at].1),
            foot: foot_inside,
            wheelchair: foot_inside && wheels,
        },
    };
    if access.nobody() && class.is_main() {
        doubts.nobody(name);
    }
    Some((class, access))
}

/// "yes" in any of its forms, "no" in any of its forms, or no word.
pub(super) fn allowed(value: Option<&str>) -> Option<bool> {
    value.and_then(Word::of).map(|word| word == Word::Yes)
}

/// The word to buses along the way and against it, and whether that direction is theirs once they are let in.
fn words(class: Class, tag: Tags<'_, '_>, rules: &Rules) -> [(Word, bool); 2] {
    let own = access::first(&OWN, 0, tag, rules);
    let both = own.unwrap_or_else(|| {
        let usual = match tag("service").filter(|_| class == Class::Service) {
            // To one house or one park: its owner says who comes.
            Some("driveway") => Word::Private,
            Some("parking_aisle" | "drive-through" | "alley" | "emergency_access") => Word::No,
            _ if !class.takes_buses() || (class == Class::LivingStreet && !rules.living_streets) => Word::No,
            _ => Word::Yes,
        };
        usual.max(access::first(&GENERAL, 0, tag, rules).unwrap_or(Word::Yes))
    });
    [1, 2].map(|place| match access::first(&OWN, place, tag, rules) {
        Some(word) => (word, word != Word::No),
        None if own.is_some() => (both, true),
        None => {
            let general = access::first(&GENERAL, place, tag, rules).unwrap_or(Word::Yes);
            (both.max(general), general != Word::No)
        }
    })
}

/// The directions in which buses go: those of traffic, and of lanes of their own against it.
fn flow(class: Class, tag: Tags<'_, '_>) -> [bool; 2] {
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
    for (value, _) in tag("oneway:conditional").into_iter().flat_map(access::clauses) {
        // One-way at times: never planned against.
        match value {
            "yes" | "true" | "1" => ways[1] = false,
            "-1" | "reverse" => ways[0] = false,
            _ => {}
        }
    }
    match tag("oneway:bus").or_else(|| tag("oneway:psv")) {
        Some("no" | "false" | "0") => ways = [true, true],
        Some("yes" | "true" | "1") => ways = [true, false],
        Some("-1" | "reverse") => ways = [false, true],
        _ => {}
    }
    let opposite = ["busway", "busway:left", "busway:right", "busway:both"]
        .iter()
        .any(|key| matches!(tag(key), Some("opposite_lane" | "opposite" | "opposite_track")));
    if opposite && ways[0] != ways[1] {
        ways = [true, true];
    }
    // Lanes of buses that are counted for a direction, or listed for it.
    for (at, counted, listed) in [
        (0, ["lanes:bus:forward", "lanes:psv:forward"], ["bus:lanes:forward", "psv:lanes:forward"]),
        (1, ["lanes:bus:backward", "lanes:psv:backward"], ["bus:lanes:backward", "psv:lanes:backward"]),
    ] {
        ways[at] |= counted.iter().any(|key| tag(key).and_then(|n| n.parse().ok()).is_some_and(|n: u8| n > 0))
            || listed.iter().any(|key| tag(key).is_some_and(|lanes| lanes.split('|').any(|lane| lane == "designated")));
    }
    // A word of their own for a direction: they go there, if the word is good.
    for (at, place) in [(0, 1), (1, 2)] {
        ways[at] |= OWN.iter().find_map(|key| allowed(tag(key[place][0]))) == Some(true);
    }
    ways
}

/// Does the bus fit? Limits that cannot be read do not hold, and are told.
fn fits(tag: Tags<'_, '_>, rules: &Rules, unclear: &mut dyn FnMut(&str, &str)) -> bool {
    let mut holds = |keys: &[&str], read: fn(&str) -> Limit, ours: u32| {
        // The most specific that is there decides.
        let Some((key, value)) = keys.iter().find_map(|key| Some((*key, tag(key)?))) else { return true };
        match read(value) {
            Limit::Is(limit) => ours <= limit,
            Limit::None => true,
            Limit::Unclear => {
                unclear(key, value);
                true
            }
        }
    };
    // All are read, so that the telling does not hang on the first.
    [
        holds(&["maxheight:bus", "maxheight"], measures::centimetres, rules.height_cm),
        holds(&["maxheight:physical"], measures::centimetres, rules.height_cm),
        holds(&["maxwidth:bus", "maxwidth"], measures::centimetres, rules.width_cm),
        holds(&["maxwidth:physical"], measures::centimetres, rules.width_cm),
        holds(&["maxweight:bus", "maxweight"], measures::kilograms, rules.weight_kg),
        holds(&["maxweightrating:bus", "maxweightrating"], measures::kilograms, rules.weight_kg),
    ]
    .iter()
    .all(|fits| *fits)
}

/// Walkers: today, and once they are let in.
fn foot(class: Class, tag: Tags<'_, '_>) -> [bool; 2] {
    if let Some(word) = tag("foot").and_then(Word::of) {
        return [word == Word::Yes, word != Word::No];
    }
    let pavement = matches!(tag("sidewalk"), Some("both" | "left" | "right" | "yes"));
    if !(class.takes_walkers() || pavement) || tag("motorroad") == Some("yes") {
        return [false; 2];
    }
    match tag("access") {
        Some("private") => [class.is_path(), true],
        word => {
            let word = word.and_then(Word::of).unwrap_or(Word::Yes);
            [word == Word::Yes, word != Word::No]
        }
    }
}

/// The class's speed, slower on slip roads, at most the signed limit, of both directions the lower.
fn speed(class: Class, highway: &str, flow: [bool; 2], tag: Tags<'_, '_>, unclear: &mut dyn FnMut(&str, &str)) -> u32 {
    let own = if highway.ends_with("_link") { class.kmh().min(40) } else { class.kmh() };
    let mut limit = |keys: &[&str]| {
        let (key, value) = keys.iter().find_map(|key| Some((*key, tag(key)?)))?;
        match measures::kmh(value) {
            Limit::Is(kmh) => Some(kmh),
            Limit::None => None,
            Limit::Unclear => {
                // Where a limit comes from is written in many ways; only its number must be readable.
                if key.starts_with("maxspeed") && key != "maxspeed:type" {
                    unclear(key, value);
                }
                None
            }
        }
    };
    let both =
        limit(&["maxspeed:bus", "maxspeed:psv", "maxspeed", "zone:maxspeed", "maxspeed:type", "source:maxspeed"]);
    let along = limit(&["maxspeed:forward"]).or(both).filter(|_| flow[0]);
    let against = limit(&["maxspeed:backward"]).or(both).filter(|_| flow[1]);
    let least = along.into_iter().chain(against).min().unwrap_or(own);
    own.min(least).clamp(5, 130)
}

/// A speed as somebody wrote it, if it says one.
pub(super) fn kmh(text: &str) -> Option<u32> {
    match measures::kmh(text) {
        Limit::Is(kmh) => Some(kmh.clamp(5, 130)),
        Limit::None | Limit::Unclear => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tags: &[(&str, &'static str)]) -> Access {
        told(tags, &Rules::default()).0
    }

    fn told(tags: &[(&str, &'static str)], rules: &Rules) -> (Access, Doubts) {
        let mut doubts = Doubts::default();
        let tag = |key: &str| tags.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
        (resolve(&tag, rules, &mut doubts).unwrap().1, doubts)
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
    fn lanes_of_buses_go_against_the_traffic() {
        let bus = |tags: &[(&'static str, &'static str)]| of(&[&[("highway", "secondary")], tags].concat()).bus;
        let one_way = ("oneway", "yes");
        assert_eq!(bus(&[one_way, ("oneway:psv", "no")]), [true, true]);
        assert_eq!(bus(&[one_way, ("busway:left", "opposite_lane")]), [true, true]);
        assert_eq!(bus(&[("oneway", "-1"), ("busway", "opposite_lane")]), [true, true]);
        assert_eq!(bus(&[one_way, ("busway:right", "lane")]), [true, false]);
        assert_eq!(bus(&[one_way, ("lanes:psv:backward", "1")]), [true, true]);
        assert_eq!(bus(&[one_way, ("lanes:bus:backward", "0")]), [true, false]);
        assert_eq!(bus(&[one_way, ("bus:lanes:backward", "no|designated")]), [true, true]);
        assert_eq!(bus(&[("oneway:bus", "-1")]), [false, true]);
        assert_eq!(bus(&[("bus:backward", "no")]), [true, false]);
        assert_eq!(bus(&[("access:forward", "no")]), [false, true]);
        assert_eq!(bus(&[("oneway:conditional", "yes @ (07:00-09:00)")]), [true, false]);
        assert_eq!(bus(&[("oneway", "reversible")]), [false, false]);
    }

    #[test]
    fn what_is_forbidden_at_times_is_not_planned_on() {
        let bus = |tags: &[(&'static str, &'static str)]| of(&[&[("highway", "tertiary")], tags].concat()).bus;
        assert_eq!(bus(&[("motor_vehicle:conditional", "no @ (07:00-20:00)")]), [false; 2]);
        assert_eq!(bus(&[("motor_vehicle:conditional", "no @ (07:00-20:00)"), ("bus", "yes")]), [true; 2]);
        assert_eq!(bus(&[("access", "no"), ("access:conditional", "yes @ (06:00-22:00)")]), [false; 2]);
        assert_eq!(bus(&[("bus", "yes"), ("bus:conditional", "no @ (Sa,Su)")]), [false; 2]);
        assert_eq!(bus(&[("vehicle:forward:conditional", "no @ (07:00-09:00)")]), [false, true]);
        assert_eq!(bus(&[("motor_vehicle:conditional", "no @ (weight>20)")]), [true; 2]);
    }

    #[test]
    fn the_bus_must_fit() {
        let bus = |tags: &[(&'static str, &'static str)]| of(&[&[("highway", "primary")], tags].concat()).bus[0];
        // 3.4 m high, 2.55 m wide, 14 t.
        for (key, fits, not) in [
            ("maxheight", "3.4", "3.3"),
            ("maxheight", "default", "11'"),
            ("maxheight:physical", "3.5 m", "3 m"),
            ("maxwidth", "2.55", "2.5"),
            ("maxweight", "14", "7.5 t"),
            ("maxweight", "none", "7500 kg"),
            ("maxweightrating", "18", "3.5"),
        ] {
            assert!(bus(&[(key, fits)]), "{key} {fits}");
            assert!(!bus(&[(key, not)]), "{key} {not}");
            assert!(!bus(&[(key, not), ("bus", "yes")]), "{key} {not}");
        }
        assert!(bus(&[("maxweight", "7.5"), ("maxweight:bus", "18")]));
        let small = Rules { height_cm: 280, weight_kg: 5_000, ..Rules::default() };
        let tags = [("highway", "primary"), ("name", "涵洞路"), ("maxheight", "2.9"), ("maxspeed", "fast")];
        let (access, doubts) = told(&tags, &small);
        assert_eq!(access.bus, [true; 2]);
        let said = |doubts: &Doubts| {
            doubts.findings("f").into_iter().map(|f| (f.code, f.args["examples"].clone())).collect::<Vec<_>>()
        };
        assert_eq!(said(&doubts), [("roads-limit-unclear".to_owned(), "maxspeed=fast".into())]);
        let (access, doubts) = told(&tags[..3], &Rules::default());
        assert!(access.bus == [false; 2] && access.foot && access.inside.bus == [true; 2]);
        assert_eq!(said(&doubts), [("roads-bus-too-large".to_owned(), "涵洞路".into())]);
        let shut = [("highway", "primary"), ("ref", "G2"), ("access", "no")];
        assert_eq!(said(&told(&shut, &small).1), [("roads-for-nobody".to_owned(), "G2".into())]);
        // An unreadable limit does not hold.
        assert!(bus(&[("maxheight", "low")]));
    }

    #[test]
    fn private_roads_are_known_and_shut() {
        let private = |tags: &[(&'static str, &'static str)]| {
            let access = of(&[&[("highway", "service")], tags].concat());
            assert!(!access.private || access.bus == [false; 2]);
            (access.private, access.inside.bus, access.foot, access.inside.foot)
        };
        assert_eq!(private(&[("access", "private")]), (true, [true; 2], false, true));
        assert_eq!(private(&[("access", "private"), ("oneway", "yes")]), (true, [true, false], false, true));
        assert_eq!(private(&[("access", "permit"), ("foot", "yes")]), (true, [true; 2], true, true));
        assert_eq!(private(&[("access", "private"), ("foot", "no")]), (true, [true; 2], false, false));
        assert_eq!(private(&[("service", "driveway")]), (true, [true; 2], true, true));
        assert_eq!(private(&[("service", "parking_aisle"), ("access", "private")]), (false, [true; 2], false, true));
        assert_eq!(private(&[("access", "private"), ("bus", "no")]), (false, [true; 2], false, true));
        assert_eq!(private(&[("access", "private"), ("bus", "yes")]), (false, [true; 2], false, true));
        assert_eq!(private(&[("access", "private"), ("maxheight", "2.5")]), (false, [true; 2], false, true));
        assert_eq!(private(&[("access", "no")]), (false, [true; 2], false, false));
    }

    #[test]
    fn shared_streets_by_policy_and_steps_not_on_wheels() {
        let shared = [("highway", "living_street")];
        assert_eq!(told(&shared, &Rules::default()).0.bus, [true; 2]);
        let strict = Rules { living_streets: false, ..Rules::default() };
        assert_eq!(told(&shared, &strict).0.bus, [false; 2]);
        assert_eq!(told(&[shared[0], ("bus", "yes")], &strict).0.bus, [true; 2]);
        let feet = |tags: &[(&'static str, &'static str)]| (of(tags).foot, of(tags).wheelchair);
        assert_eq!(feet(&[("highway", "footway")]), (true, true));
        assert_eq!(feet(&[("highway", "steps")]), (true, false));
        assert_eq!(feet(&[("highway", "steps"), ("ramp:wheelchair", "yes")]), (true, true));
        assert_eq!(feet(&[("highway", "footway"), ("wheelchair", "no")]), (true, false));
        assert_eq!(feet(&[("highway", "motorway")]), (false, false));
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
        assert_eq!(kmh(&[("highway", "trunk"), ("maxspeed", "CN:urban")]), 50);
        assert_eq!(kmh(&[("highway", "trunk"), ("source:maxspeed", "CN:urban")]), 50);
        assert_eq!(kmh(&[("highway", "primary"), ("maxspeed", "60"), ("maxspeed:bus", "35")]), 35);
        assert_eq!(kmh(&[("highway", "primary"), ("maxspeed", "35"), ("maxspeed:backward", "30")]), 30);
        let one_way = [("highway", "primary"), ("oneway", "yes"), ("maxspeed", "35"), ("maxspeed:backward", "30")];
        assert_eq!(kmh(&one_way), 35);
        assert_eq!(kmh(&[("highway", "residential"), ("zone:maxspeed", "DE:10")]), 10);
    }

    #[test]
    fn what_is_no_road() {
        for highway in ["construction", "proposed", "raceway", "platform", "elevator", "主干道"] {
            assert_eq!(Class::parse(highway), None);
        }
        assert_eq!(Class::parse("primary_link"), Some(Class::Primary));
    }
}
