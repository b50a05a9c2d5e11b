//! Shared rooms to those who claim them: one claim at a time in a room, within its opening window, with enough seats.
//!
//! A claim names a room, or a kind and takes any of it. As many claims as possible; among equals who stands earlier in the file; then
//! the room with the fewest seats to spare. Limit: `who` (who may use a room) is shown to people, not judged here.

pub mod first_come;
mod times;

use std::collections::BTreeMap;

use super::parking::axis::Axis;
use super::parking::week;
use super::plan::RoomUse;
use super::project::{Claim, Project, Room};
use crate::allocation::{self, Choice, Claimant, Effort, Pool, Problem};
use crate::domain::calendar::Window;
use crate::domain::finding::Finding;
use crate::search::Run;

/// Claims times rooms that are weighed; beyond, each claim only has some of the rooms it could use.
const MOST_PAIRS: usize = 2_000_000;
/// The fewest it has so.
const LEAST_ROOMS: usize = 20;

/// The rooms granted, and a finding for each claim that is not.
#[must_use]
pub fn grant(project: &Project, run: &Run<'_>) -> (Vec<RoomUse>, Vec<Finding>) {
    // Many rooms are open at the same times.
    let axis = Axis::new(
        project.rooms.iter().map(|room| std::slice::from_ref(&room.window)),
        project.claims.iter().map(|claim| &claim.window),
    );
    let mut known: BTreeMap<&Window, Vec<week::Stretch>> = BTreeMap::new();
    let open: Vec<Vec<week::Stretch>> = project
        .rooms
        .iter()
        .map(|Room { window, .. }| {
            known.entry(window).or_insert_with(|| axis.lent(std::slice::from_ref(window))).clone()
        })
        .collect();
    let pools: Vec<Pool> = open.iter().map(|stretches| Pool { steps: axis.steps(stretches, 1) }).collect();
    // Rooms by id and by kind, the smallest first.
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, room) in project.rooms.iter().enumerate() {
        named.entry(&room.id).or_default().push(at);
        if room.kind != room.id {
            named.entry(&room.kind).or_default().push(at);
        }
    }
    named.values_mut().for_each(|rooms| rooms.sort_by_key(|&room| (project.rooms[room].seats, room)));
    let named = |claim: &Claim| named.get(claim.room.as_str()).map_or(&[][..], Vec::as_slice);
    let most = (MOST_PAIRS / project.claims.len().max(1)).max(LEAST_ROOMS);
    let mut cut = 0_usize;
    let claimants: Vec<Claimant> = project
        .claims
        .iter()
        .enumerate()
        .map(|(at, claim)| {
            let intervals = axis.occurrences(&claim.window);
            let rooms = named(claim);
            let large = &rooms[rooms.partition_point(|&room| project.rooms[room].seats < claim.people)..];
            // Where there are too many, each claim begins elsewhere, so that not all look at the same few.
            let first = if large.len() > most { at * most % large.len() } else { 0 };
            cut += usize::from(large.len() > most);
            let mut rooms: Vec<usize> = large[first..]
                .iter()
                .chain(&large[..first])
                .copied()
                .take(most)
                .filter(|&room| obstacle(claim, &project.rooms[room], &open[room], &intervals).is_none())
                .collect();
            rooms.sort_unstable();
            let choices = rooms
                .into_iter()
                .map(|pool| Choice {
                    pool,
                    cost: project.rooms[pool].seats.saturating_sub(claim.people),
                    draws: Vec::new(),
                })
                .collect();
            // Who stands earlier in the file comes first, whatever the seats to spare.
            let standing = u32::try_from(at).unwrap_or(u32::MAX);
            Claimant { intervals: axis.pieces(&intervals), standing, rank: standing, choices }
        })
        .collect();
    let mut findings = Vec::new();
    if cut > 0 {
        findings.push(Finding::note("room-some-only").file("rooms.csv").arg("claims", cut).arg("rooms", most));
    }
    let Ok(problem) = Problem::over(axis.end(), pools, Vec::new(), claimants) else {
        findings.push(Finding::error("room-too-large").file("claims.csv").arg("claims", project.claims.len()));
        return (Vec::new(), findings);
    };
    let choices = allocation::solve(&problem, run, Effort::Usual).best.choice;
    let mut uses = Vec::new();
    for (at, claim) in project.claims.iter().enumerate() {
        match choices[at] {
            Some(choice) => uses.push(RoomUse {
                room: project.rooms[problem.claimants()[at].choices[choice].pool].id.clone(),
                claim: claim.id.clone(),
                days: claim.window.days.to_string(),
                from: claim.window.from,
                to: claim.window.to,
            }),
            None => {
                let wanted = axis.occurrences(&claim.window);
                // What comes closest: the obstacle of the room that gets furthest.
                let furthest = named(claim)
                    .iter()
                    .map(|&room| obstacle(claim, &project.rooms[room], &open[room], &wanted).unwrap_or(Obstacle::Taken))
                    .max();
                findings.push(refused(claim, furthest.unwrap_or(Obstacle::NoRoom)));
            }
        }
    }
    (uses, findings)
}

/// Why a claim cannot have a room, from the first thing looked at to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Obstacle {
    NoRoom,
    TooSmall,
    Closed,
    Taken,
}

fn obstacle(claim: &Claim, room: &Room, open: &[week::Stretch], wanted: &[(u32, u32)]) -> Option<Obstacle> {
    if claim.room != room.id && claim.room != room.kind {
        Some(Obstacle::NoRoom)
    } else if room.seats < claim.people {
        Some(Obstacle::TooSmall)
    } else if wanted.is_empty() || wanted.iter().any(|&(start, end)| week::within(open, start, end).is_none()) {
        Some(Obstacle::Closed)
    } else {
        None
    }
}

fn refused(claim: &Claim, obstacle: Obstacle) -> Finding {
    let reason = match obstacle {
        Obstacle::NoRoom => "no-room",
        Obstacle::TooSmall => "too-small",
        Obstacle::Closed => "closed",
        Obstacle::Taken => "taken",
    };
    Finding::warning("room-claim-refused").file("claims.csv").arg("claim", claim.id.as_str()).arg("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Days;
    use crate::domain::units::ServiceTime;

    fn window(days: &str, from: u32, to: u32) -> Window {
        let days = Days::parse(days).unwrap();
        Window { days, from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
    }

    fn room(id: &str, kind: &str, seats: u32) -> Room {
        let window = window("Mon-Fri", 9, 21);
        Room { id: id.into(), site: "s".into(), kind: kind.into(), seats, window, who: String::new() }
    }

    fn claim(id: &str, room: &str, days: &str, from: u32, to: u32, people: u32) -> Claim {
        Claim { id: id.into(), room: room.into(), window: window(days, from, to), people, group: String::new() }
    }

    #[test]
    fn rooms_go_to_those_they_fit_and_the_others_are_told_why() {
        let project = Project {
            rooms: vec![room("big", "meeting", 40), room("small", "meeting", 10)],
            claims: vec![
                claim("any", "meeting", "Mon", 10, 12, 8),
                claim("fixed", "small", "Mon", 11, 13, 5),
                claim("later", "small", "Mon", 12, 14, 5),
                claim("crowd", "meeting", "Tue", 9, 10, 50),
                claim("night", "big", "Tue", 20, 22, 5),
                claim("none", "sauna", "Tue", 20, 21, 5),
                claim("weekly", "big", "Tue,Thu", 9, 11, 30),
            ],
            ..Project::default()
        };
        let (uses, findings) = grant(&project, &Run::quiet(1));
        let rows: Vec<String> = uses.iter().map(|row| format!("{} {} {}", row.claim, row.room, row.days)).collect();
        // "any" goes to the big one so that "fixed" gets the small one; "later" overlaps it by an hour and stands after it.
        assert_eq!(rows, vec!["any big Mon", "fixed small Mon", "weekly big Tue,Thu"]);
        let told: Vec<String> =
            findings.iter().map(|finding| text(finding, "claim") + " " + &text(finding, "reason")).collect();
        assert_eq!(told, vec!["later taken", "crowd too-small", "night closed", "none no-room"]);
    }

    #[test]
    fn a_room_on_a_date_is_taken_on_that_day_only() {
        // 2026-12-24 and 31 are Thursdays; one room.
        let project = Project {
            rooms: vec![room("small", "meeting", 10)],
            claims: vec![
                claim("party", "small", "2026-12-24", 14, 18, 8),
                claim("same", "meeting", "2026-12-24", 17, 19, 8),
                claim("week-on", "small", "2026-12-31", 14, 18, 8),
                claim("weekly", "small", "Thu", 17, 19, 8),
                claim("evening", "small", "Thu", 18, 21, 8),
                claim("saturday", "small", "2026-12-26", 10, 12, 8),
            ],
            ..Project::default()
        };
        let (uses, findings) = grant(&project, &Run::quiet(1));
        let rows: Vec<String> = uses.iter().map(|row| format!("{} {}", row.claim, row.days)).collect();
        assert_eq!(rows, ["party 2026-12-24", "week-on 2026-12-31", "evening Thu"]);
        let told: Vec<String> =
            findings.iter().map(|finding| text(finding, "claim") + " " + &text(finding, "reason")).collect();
        assert_eq!(told, ["same taken", "weekly taken", "saturday closed"]);
    }

    #[test]
    fn five_thousand_rooms_and_claims_are_done_in_time() {
        let project = Project {
            rooms: (0..5000_u32).map(|n| room(&format!("r{n}"), "meeting", 10 + n % 50)).collect(),
            claims: (0..5000_u32)
                .map(|n| claim(&format!("c{n}"), "meeting", "Mon", 9 + n % 9, 11 + n % 9, 8))
                .collect(),
            ..Project::default()
        };
        let start = std::time::Instant::now();
        let (uses, findings) = grant(&project, &Run::quiet(1));
        println!("5,000 rooms and claims: {:?}", start.elapsed());
        assert_eq!(uses.len(), 5000);
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["room-some-only"]);
        assert!(start.elapsed().as_secs() < 20);
    }

    fn text(finding: &Finding, name: &str) -> String {
        match &finding.args[name] {
            crate::domain::finding::Argument::Text(text) => text.clone(),
            crate::domain::finding::Argument::Number(number) => number.to_string(),
        }
    }
}
