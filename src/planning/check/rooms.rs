//! Rooms: nobody gets one that is taken, closed, of another kind or too small, and nobody gets two. Those who get none: [`super::room_refusals`].

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::report::Report;
use super::times::{Hours, Moment, moments};
use crate::domain::calendar::{Days, Window};
use crate::domain::finding::Finding;
use crate::domain::units::ServiceTime;
use crate::planning::project::{Claim, Room};

pub(super) fn check(case: &Case<'_>, report: &mut Report) {
    // By minute of the week: the moments, of every week or a date, at which a room is taken, and by whom.
    let mut taken: BTreeMap<(&str, usize), Vec<(Moment, &str)>> = BTreeMap::new();
    let mut claimed = BTreeSet::new();
    // Of ids that stand twice the first counts.
    let (mut rooms, mut claims) = (BTreeMap::<&str, &Room>::new(), BTreeMap::<&str, &Claim>::new());
    for room in &case.project.rooms {
        rooms.entry(&room.id).or_insert(room);
    }
    for claim in &case.project.claims {
        claims.entry(&claim.id).or_insert(claim);
    }
    // Many rooms are open at the same times.
    let mut hours: BTreeMap<&Window, Hours> = BTreeMap::new();
    for grant in &case.plan.rooms {
        let (room, claim) = (rooms.get(grant.room.as_str()).copied(), claims.get(grant.claim.as_str()).copied());
        let (Some(room), Some(claim)) = (room, claim) else {
            report.add(
                Finding::error("check-unknown-id")
                    .arg("what", "room, claim")
                    .arg("id", grant.room.as_str())
                    .arg("of", "room")
                    .arg("by", grant.claim.as_str()),
            );
            continue;
        };
        let at = |code: &str| Finding::error(code).arg("room", grant.room.as_str()).arg("claim", grant.claim.as_str());
        if !claimed.insert(grant.claim.as_str()) {
            report.add(at("check-claim-twice"));
        }
        match window_of(&grant.days, grant.from, grant.to)
            .filter(|window| *window == claim.window && within(window, hours_of(&mut hours, room)))
        {
            None => report.add(at("check-room-window")),
            Some(window) => {
                let mut clash = None;
                for moment in moments(&window) {
                    let there = taken.entry((&grant.room, moment.minute)).or_default();
                    let other = there.iter().find(|(other, claim)| moment.meets(*other) && *claim != grant.claim);
                    clash = clash.or(other.map(|(_, claim)| *claim));
                    there.push((moment, &grant.claim));
                }
                if let Some(other) = clash {
                    report.add(at("check-room-twice").arg("other", other));
                }
            }
        }
        if claim.room != room.id && claim.room != room.kind || claim.people > room.seats {
            report.add(at("check-room-unfit"));
        }
    }
}

/// The window a row means; `None` of days nobody can read or more than a week long.
pub(super) fn window_of(days: &str, from: ServiceTime, to: ServiceTime) -> Option<Window> {
    let days = Days::parse(days)?;
    (from < to && to.0 <= 7 * 86_400).then_some(Window { days, from, to })
}

fn hours_of<'a, 'h>(known: &'h mut BTreeMap<&'a Window, Hours>, room: &'a Room) -> &'h Hours {
    known.entry(&room.window).or_insert_with(|| Hours::of(std::slice::from_ref(&room.window)))
}

/// Is the room open all the while?
fn within(window: &Window, open: &Hours) -> bool {
    moments(window).into_iter().all(|moment| open.has(moment))
}
