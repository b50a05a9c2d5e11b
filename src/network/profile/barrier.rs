//! What a node is to a bus: lights, a place to turn, a barrier across the road.
//!
//! Decisions of ours: gates and booms without a word of access are open (most are watched and let a shuttle through);
//! bollards, blocks and whatever else takes no vehicle are shut unless a word of access lets buses through. Walkers pass
//! all of them: a fence across a path is drawn where the path ends.

use super::access::{GENERAL, OWN, Tags, Word, first};
use super::{Rules, fits};
use crate::network::marks::Marks;

/// The marks of a node with these tags.
pub(in crate::network) fn marks(tag: Tags<'_, '_>, rules: &Rules) -> Marks {
    let mut marks = match tag("highway") {
        Some("traffic_signals") => Marks::SIGNAL,
        Some("turning_circle" | "turning_loop" | "mini_roundabout") => Marks::TURN_ROUND,
        _ => Marks::NONE,
    };
    let Some(barrier) = tag("barrier").filter(|barrier| *barrier != "no") else { return marks };
    let takes_no_vehicle = matches!(
        barrier,
        "bollard"
            | "block"
            | "jersey_barrier"
            | "log"
            | "debris"
            | "boulder"
            | "planter"
            | "chain"
            | "rope"
            | "cycle_barrier"
            | "motorcycle_barrier"
            | "bar"
            | "barrier_board"
            | "stile"
            | "horse_stile"
            | "step_over"
            | "turnstile"
            | "full-height_turnstile"
            | "kissing_gate"
            | "wicket_gate"
            | "hampshire_gate"
            | "fence"
            | "wall"
            | "city_wall"
            | "retaining_wall"
            | "hedge"
            | "guard_rail"
            | "tank_trap"
            | "ditch"
            | "spikes"
            | "yes"
    );
    let usual = if takes_no_vehicle {
        Word::No
    } else if tag("locked") == Some("yes") {
        Word::Private
    } else {
        Word::Yes
    };
    let word = first(&OWN, 0, tag, rules).or_else(|| first(&GENERAL, 0, tag, rules)).unwrap_or(usual);
    let word = if fits(tag, rules, &mut |_, _| {}) { word } else { Word::No };
    marks |= match word {
        Word::Yes => Marks::NONE,
        Word::Private => Marks::PRIVATE,
        Word::No => Marks::SHUT,
    };
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_open_and_bollards_shut_unless_a_word_says_else() {
        let of = |tags: &[(&str, &'static str)]| {
            marks(&|key| tags.iter().find(|(k, _)| *k == key).map(|(_, v)| *v), &Rules::default())
        };
        for (tags, expected) in [
            (&[("highway", "traffic_signals")][..], Marks::SIGNAL),
            (&[("highway", "mini_roundabout")], Marks::TURN_ROUND),
            (&[("highway", "turning_loop"), ("barrier", "bollard")], Marks::TURN_ROUND | Marks::SHUT),
            (&[("highway", "crossing")], Marks::NONE),
            (&[("barrier", "gate")], Marks::NONE),
            (&[("barrier", "lift_gate")], Marks::NONE),
            (&[("barrier", "swing_gate")], Marks::NONE),
            (&[("barrier", "toll_booth")], Marks::NONE),
            (&[("barrier", "no")], Marks::NONE),
            (&[("barrier", "gate"), ("access", "private")], Marks::PRIVATE),
            (&[("barrier", "gate"), ("locked", "yes")], Marks::PRIVATE),
            (&[("barrier", "gate"), ("access", "private"), ("bus", "yes")], Marks::NONE),
            (&[("barrier", "gate"), ("motor_vehicle", "no")], Marks::SHUT),
            (&[("barrier", "gate"), ("access", "no"), ("foot", "yes")], Marks::SHUT),
            (&[("barrier", "gate"), ("access:conditional", "no @ (22:00-06:00)")], Marks::SHUT),
            (&[("barrier", "bollard")], Marks::SHUT),
            (&[("barrier", "jersey_barrier")], Marks::SHUT),
            (&[("barrier", "bollard"), ("motor_vehicle", "yes")], Marks::NONE),
            (&[("barrier", "bollard"), ("psv", "yes")], Marks::NONE),
            (&[("barrier", "bollard"), ("bus", "no"), ("motor_vehicle", "yes")], Marks::SHUT),
            (&[("barrier", "height_restrictor"), ("maxheight", "2.2")], Marks::SHUT),
            (&[("barrier", "height_restrictor"), ("maxheight", "4")], Marks::NONE),
        ] {
            assert_eq!(of(tags), expected, "{tags:?}");
        }
    }
}
