//! Turn restrictions of OpenStreetMap as turns forbidden to buses (wiki.openstreetmap.org/wiki/Relation:restriction).
//!
//! Decisions of ours: `restriction:bus` (or `psv`) is heard before `restriction`; `except` with bus or psv lets us through;
//! what is forbidden at times, by days or hours, is forbidden (a timetable is not to hang on it); conditions of weight, length
//! and the like are other vehicles' business; `no_entry` and `no_exit` may name several roads; restrictions over more than
//! [`MOST_VIA`] ways, or whose ways do not meet, are not understood and counted.

use std::collections::BTreeMap;

use super::pbf::Member;
use super::profile::Doubts;
use super::profile::access::{clauses, concerns};
use super::roads::{Traffic, TurnBan, Way, WayBan};

/// Members looked at; the most in use are some ten.
pub(super) const MOST_MEMBERS: usize = 40;
/// Ways a turn may run over.
const MOST_VIA: usize = 6;

/// A restriction as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Restriction {
    id: i64,
    only: bool,
    from: Vec<i64>,
    via: Via,
    to: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Via {
    Node(i64),
    Ways(Vec<i64>),
}

/// The restriction of a relation, if it is one and concerns buses; one that cannot be understood is counted.
pub(super) fn parse(
    id: i64,
    tags: &[(&str, &str)],
    members: Option<Vec<Member<'_>>>,
    doubts: &mut Doubts,
) -> Option<Restriction> {
    let tag = |key: &str| tags.iter().find(|(k, _)| *k == key).map(|(_, value)| *value);
    if !matches!(tag("type")?, "restriction" | "restriction:bus" | "restriction:psv") {
        return None;
    }
    if tag("except").is_some_and(|e| e.split(';').any(|e| matches!(e.trim(), "bus" | "psv"))) {
        return None;
    }
    let Some(rule) = rule(&tag) else {
        // Of other vehicles, or at no time that concerns us.
        if !tags.iter().any(|(key, _)| key.starts_with("restriction")) {
            doubts.turn(&id.to_string());
        }
        return None;
    };
    let read = only(rule).and_then(|only| {
        let (from, via, to) = sides(&members?, rule)?;
        Some(Restriction { id, only, from, via, to })
    });
    if read.is_none() && !rule.ends_with("_on_red") {
        doubts.turn(&id.to_string());
    }
    read
}

/// The rule that holds for buses, always or at times.
fn rule<'a>(tag: &dyn Fn(&str) -> Option<&'a str>) -> Option<&'a str> {
    [
        ["restriction:bus", "restriction:bus:conditional"],
        ["restriction:psv", "restriction:psv:conditional"],
        ["restriction", "restriction:conditional"],
    ]
    .iter()
    .find_map(|[always, at_times]| {
        let times = || clauses(tag(at_times)?).find(|(rule, when)| *rule != "none" && concerns(when, None));
        tag(always).or_else(|| times().map(|(rule, _)| rule))
    })
    .filter(|rule| *rule != "none")
}

/// Is it the one turn allowed, or one forbidden? `None`: neither.
fn only(rule: &str) -> Option<bool> {
    if rule.ends_with("_on_red") {
        None
    } else if rule.starts_with("only_") {
        Some(true)
    } else {
        rule.starts_with("no_").then_some(false)
    }
}

fn sides(members: &[Member<'_>], rule: &str) -> Option<(Vec<i64>, Via, Vec<i64>)> {
    let (mut from, mut to, mut nodes, mut ways) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if members.len() > MOST_MEMBERS {
        return None;
    }
    for member in members {
        let list = match (member.role, member.kind) {
            ("from", 1) => &mut from,
            ("to", 1) => &mut to,
            ("via", 0) => &mut nodes,
            ("via", 1) => &mut ways,
            ("from" | "to" | "via", _) => return None,
            _ => continue,
        };
        list.push(member.id);
    }
    let several = |side: &[i64], rule_of_several: &str| side.len() == 1 || (side.len() > 1 && rule == rule_of_several);
    if !several(&from, "no_entry") || !several(&to, "no_exit") {
        return None;
    }
    match (nodes.as_slice(), ways.len()) {
        ([node], 0) => Some((from, Via::Node(*node), to)),
        ([], 1..=MOST_VIA) => Some((from, Via::Ways(ways), to)),
        _ => None,
    }
}

/// Adds what the restrictions forbid. `ways` are those of the file, whole: restrictions over ways are put in order by
/// them, and those with a way nobody drives forbid nothing.
pub(super) fn forbid(restrictions: &[Restriction], ways: &[Way], traffic: &mut Traffic, doubts: &mut Doubts) {
    let mut known: BTreeMap<i64, &[i64]> = BTreeMap::new();
    for restriction in restrictions {
        if let Via::Ways(via) = &restriction.via {
            known.extend(restriction.from.iter().chain(via).chain(&restriction.to).map(|id| (*id, &[][..])));
        }
    }
    for way in ways {
        if let Some(nodes) = known.get_mut(&way.id) {
            *nodes = &way.nodes;
        }
    }
    for restriction in restrictions {
        let Restriction { id, only, ref via, .. } = *restriction;
        let pairs = restriction.from.iter().flat_map(|from| restriction.to.iter().map(move |to| (*from, *to)));
        match via {
            Via::Node(via) => traffic.bans.extend(pairs.map(|(from, to)| TurnBan { from, via: *via, to, only })),
            Via::Ways(via) => {
                let nodes = |id: i64| known.get(&id).copied().unwrap_or_default();
                for (from, to) in pairs {
                    if [from, to].iter().chain(via).any(|way| nodes(*way).is_empty()) {
                        continue;
                    }
                    let mut order = Vec::new();
                    let nodes_of: Vec<&[i64]> = via.iter().map(|way| nodes(*way)).collect();
                    if chain(nodes(from), &nodes_of, nodes(to), &mut order) {
                        let via = order.iter().map(|at| via[*at]).collect();
                        traffic.way_bans.push(WayBan { from, via, to, only });
                    } else {
                        doubts.turn(&id.to_string());
                    }
                }
            }
        }
    }
}

/// Puts ways in an order in which each meets the next at an end, from one way to the other; the order of the file if it is
/// one.
fn chain(from: &[i64], via: &[&[i64]], to: &[i64], order: &mut Vec<usize>) -> bool {
    let ends = |at: usize| via[at].first().into_iter().chain(via[at].last());
    let meets = |at: usize, other: &[i64]| ends(at).any(|end| other.contains(end));
    if order.len() == via.len() {
        return order.last().is_some_and(|last| meets(*last, to));
    }
    for next in 0..via.len() {
        let joined = match order.last() {
            None => meets(next, from),
            Some(last) => ends(next).any(|end| ends(*last).any(|other| other == end)),
        };
        if joined && !order.contains(&next) {
            order.push(next);
            if chain(from, via, to, order) {
                return true;
            }
            order.pop();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(list: &[(&'static str, i64, u64)]) -> Option<Vec<Member<'static>>> {
        Some(list.iter().map(|(role, id, kind)| Member { role, id: *id, kind: *kind }).collect())
    }

    fn read(tags: &[(&str, &str)], list: &[(&'static str, i64, u64)]) -> (Option<Restriction>, bool) {
        let mut doubts = Doubts::default();
        let tags = [&[("type", "restriction")], tags].concat();
        let read = parse(7, &tags, members(list), &mut doubts);
        (read, doubts != Doubts::default())
    }

    const TURN: [(&str, i64, u64); 3] = [("from", 1, 1), ("via", 5, 0), ("to", 2, 1)];

    #[test]
    fn rules_that_concern_buses() {
        for (tags, forbids, unclear) in [
            (&[("restriction", "no_left_turn")][..], Some(false), false),
            (&[("restriction", "only_straight_on")], Some(true), false),
            (&[("restriction", "no_left_turn"), ("except", "bicycle; bus")], None, false),
            (&[("restriction", "no_left_turn"), ("except", "motorcar")], Some(false), false),
            (&[("restriction:bus", "only_left_turn"), ("restriction", "no_left_turn")], Some(true), false),
            (&[("restriction:bus", "none"), ("restriction", "no_left_turn")], None, false),
            (&[("restriction:hgv", "no_left_turn")], None, false),
            (&[("restriction:conditional", "no_left_turn @ (Mo-Fr 07:00-09:00)")], Some(false), false),
            (&[("restriction:conditional", "no_left_turn @ (weight>7.5)")], None, false),
            (&[("restriction:conditional", "no_u_turn @ (length>10); no_left_turn @ (Sa)")], Some(false), false),
            (&[("restriction", "no_right_turn_on_red")], None, false),
            (&[("restriction", "give_way")], None, true),
            (&[], None, true),
        ] {
            let (read, doubt) = read(tags, &TURN);
            assert_eq!((read.map(|read| read.only), doubt), (forbids, unclear), "{tags:?}");
        }
    }

    #[test]
    fn members_that_make_sense() {
        let no = |rule: &'static str| [("restriction", rule)];
        let several = [("from", 1, 1), ("from", 3, 1), ("via", 5, 0), ("to", 2, 1)];
        assert_eq!(read(&no("no_entry"), &several).0.unwrap().from, [1, 3]);
        assert_eq!(read(&no("no_left_turn"), &several), (None, true));
        let out = [("from", 1, 1), ("via", 5, 0), ("to", 2, 1), ("to", 4, 1)];
        assert_eq!(read(&no("no_exit"), &out).0.unwrap().to, [2, 4]);
        assert_eq!(read(&no("only_straight_on"), &out), (None, true));
        for wrong in [&TURN[..2], &TURN[1..], &[TURN[0], TURN[2]], &[TURN[0], ("via", 5, 2), TURN[2]]] {
            assert_eq!(read(&no("no_left_turn"), wrong), (None, true), "{wrong:?}");
        }
        let mixed = [TURN[0], TURN[1], ("via", 6, 1), TURN[2]];
        assert_eq!(read(&no("no_left_turn"), &mixed), (None, true));
        assert!(read(&no("no_left_turn"), &[TURN[0], TURN[1], TURN[2], ("location_hint", 9, 0)]).0.is_some());
    }

    #[test]
    fn turns_over_ways_are_put_in_order() {
        // 1: 10-11, 2: 11-12, 3: 12-13, 4: 13-14 in a row; 9 lies elsewhere.
        let way = |id: i64, nodes: &[i64]| Way {
            id,
            name: String::new(),
            name_en: String::new(),
            class: crate::network::profile::Class::Primary,
            access: crate::network::profile::Access::open([true; 2], 40),
            lanes: None,
            layer: 0,
            closed: false,
            nodes: nodes.to_vec(),
        };
        let ways = [way(1, &[10, 11]), way(2, &[12, 11]), way(3, &[12, 13]), way(4, &[13, 14]), way(9, &[90, 91])];
        let forbidden = |via: &[i64], to: i64| {
            let list: Vec<(&str, i64, u64)> = [("from", 1, 1)]
                .into_iter()
                .chain(via.iter().map(|way| ("via", *way, 1)))
                .chain([("to", to, 1)])
                .collect();
            let read = read(&[("restriction", "no_u_turn")], &list).0.unwrap();
            let (mut traffic, mut doubts) = (Traffic::default(), Doubts::default());
            forbid(&[read], &ways, &mut traffic, &mut doubts);
            assert_eq!(traffic.bans, []);
            (traffic.way_bans.into_iter().map(|ban| ban.via).collect::<Vec<_>>(), doubts != Doubts::default())
        };
        assert_eq!(forbidden(&[2], 3), (vec![vec![2]], false));
        assert_eq!(forbidden(&[2, 3], 4), (vec![vec![2, 3]], false));
        assert_eq!(forbidden(&[3, 2], 4), (vec![vec![2, 3]], false));
        assert_eq!(forbidden(&[2], 4), (vec![], true));
        assert_eq!(forbidden(&[9], 3), (vec![], true));
        // A way that is not there: nothing to drive, nothing to forbid.
        assert_eq!(forbidden(&[2, 77], 4), (vec![], false));
    }
}
