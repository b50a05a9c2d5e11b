//! What a feature says of a way that is there already (`ref_way`): closed, its speed, who may use it, which way it goes.

use std::collections::BTreeMap;

use crate::network::marks::Marks;
use crate::network::profile;
use crate::network::profile::access::Tags;
use crate::network::roads::{Traffic, Way};

/// Words about a way; `None` where nothing was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    closed: Option<bool>,
    kmh: Option<u32>,
    bus: Option<bool>,
    foot: Option<bool>,
    wheelchair: Option<bool>,
    flow: Option<[bool; 2]>,
}

impl Change {
    pub(super) fn read(tag: Tags<'_, '_>) -> Self {
        let said = |keys: &[&str]| keys.iter().find_map(|key| profile::allowed(tag(key)));
        let truth = |key: &str| match tag(key)? {
            "yes" | "true" | "1" => Some(true),
            "no" | "false" | "0" => Some(false),
            _ => None,
        };
        let flow = match tag("oneway") {
            Some("yes" | "true" | "1") => Some([true, false]),
            Some("-1" | "reverse") => Some([false, true]),
            Some("no" | "false" | "0") => Some([true, true]),
            _ => None,
        };
        Self {
            closed: truth("closed"),
            kmh: tag("maxspeed").and_then(profile::kmh),
            bus: said(&["bus", "psv", "motor_vehicle", "vehicle", "access"]),
            foot: said(&["foot", "access"]),
            wheelchair: truth("wheelchair"),
            flow,
        }
    }

    pub(super) fn closes(self) -> bool {
        self.closed == Some(true)
    }

    pub(super) fn says_something(self) -> bool {
        self != Self::default()
    }

    fn apply(self, way: &mut Way) {
        let access = &mut way.access;
        if let Some(flow) = self.flow {
            access.inside.bus = flow;
            if access.bus != [false; 2] {
                access.bus = flow;
            }
        }
        if self.bus == Some(true) {
            // A way whose directions nobody knows goes both ways.
            access.bus = if access.inside.bus == [false; 2] { [true; 2] } else { access.inside.bus };
        } else if self.bus == Some(false) {
            access.bus = [false; 2];
        }
        access.private &= self.bus.is_none();
        access.foot = self.foot.unwrap_or(access.foot);
        access.wheelchair = self.wheelchair.unwrap_or(access.wheelchair || access.inside.wheelchair) && access.foot;
        access.kmh = self.kmh.unwrap_or(access.kmh);
        // Whoever opens a way to buses does not mean it to stay closed.
        way.closed = self.closed.unwrap_or(way.closed && self.bus != Some(true));
    }
}

/// Applies the changes to the ways they name, one after the other; gates on ways that are opened open with them.
pub(super) fn apply(changes: &[(i64, Change)], ways: &mut [Way], traffic: &mut Traffic) {
    let mut of: BTreeMap<i64, Vec<Change>> = BTreeMap::new();
    for (way, change) in changes {
        of.entry(*way).or_default().push(*change);
    }
    let mut opened: Vec<i64> = Vec::new();
    for way in ways {
        for change in of.get(&way.id).into_iter().flatten() {
            change.apply(way);
            if change.bus == Some(true) {
                opened.extend(&way.nodes);
            }
        }
    }
    opened.sort_unstable();
    for (node, marks) in &mut traffic.marks {
        if opened.binary_search(node).is_ok() {
            *marks = marks.without(Marks::PRIVATE);
        }
    }
}
