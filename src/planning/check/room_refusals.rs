//! Is every claim answered once, and is what a refusal says true? The rule is told at [`crate::planning::plan::RoomRefusal`].
//!
//! Minute by minute: one room after the other, all claims without a room are asked whether it would do. Limits: that no smaller
//! change would do is judged of as many claims, in the order of the file, as can be looked at ([`LOOKS`]); the reason of more of them ([`REASONS`]); that a
//! change would do, of all.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::report::Report;
use super::rooms::{WEEK, window_of};
use crate::domain::calendar::{Week, Window};
use crate::domain::finding::{Argument, Finding};
use crate::planning::plan::{RoomChange, RoomUse};
use crate::planning::project::{Claim, Room};

/// Rooms times claims of which all changes are tried.
const LOOKS: usize = 10_000;
/// Rooms times claims of which the reason is judged.
const REASONS: usize = 5_000_000;
/// Changes there are.
const KINDS: [&str; 6] = ["other_room", "minutes_later", "minutes_earlier", "minutes", "days", "people"];
/// How plans of an older version told of a claim without a room.
const OLD: &str = "room-claim-refused";

/// A refusal and what the rooms say to it.
struct Refused<'a> {
    claim: &'a Claim,
    reason: &'a str,
    /// `None`: a plan of an older version, which had none.
    changes: Option<&'a [RoomChange]>,
    /// Stretches of the week it asks for.
    stays: Vec<(usize, usize)>,
    /// Kinds and sites of the rooms it names.
    kinds: BTreeSet<&'a str>,
    sites: BTreeSet<&'a str>,
    /// How far the best of the rooms it names gets: 0 there is none, 1 too small, 2 closed, 3 taken, 4 it could have been given.
    furthest: usize,
    /// The least change of each kind: how much, what is second best of it, seats, the room's place in the file.
    least: BTreeMap<&'static str, (u32, [bool; 2], u32, usize)>,
    /// Changes that are true.
    upheld: BTreeSet<usize>,
}

pub(super) fn check(case: &Case<'_>, report: &mut Report) {
    let (plan, project) = (case.plan, case.project);
    let old = plan.findings.iter().filter(|finding| finding.code == OLD).filter_map(|finding| {
        match (finding.args.get("claim")?, finding.args.get("reason")?) {
            (Argument::Text(claim), Argument::Text(reason)) => Some((claim.as_str(), reason.as_str(), None)),
            _ => None,
        }
    });
    let rows = plan.room_refusals.iter();
    let rows = rows.map(|row| (row.claim.as_str(), row.reason.as_str(), Some(row.relaxations.as_slice())));
    let rows: Vec<_> = rows.chain(old).collect();
    if plan.rooms.is_empty() && rows.is_empty() {
        return; // not asked for
    }
    answered(case, rows.iter().map(|(claim, ..)| *claim), report);
    let claims: BTreeMap<&str, &Claim> = project.claims.iter().map(|claim| (claim.id.as_str(), claim)).collect();
    let mut refused: Vec<Refused<'_>> = Vec::new();
    for (id, reason, changes) in rows {
        let Some(claim) = claims.get(id) else {
            let unknown = Finding::error("check-unknown-id").arg("what", "claim").arg("id", id);
            report.add(unknown.arg("of", "room_refusals").arg("by", reason));
            continue;
        };
        refused.push(Refused::new(claim, reason, changes, &project.rooms));
    }
    let mut given: BTreeMap<&str, Vec<Window>> = BTreeMap::new();
    for granted in &plan.rooms {
        given.entry(&granted.room).or_default().extend(granted_window(granted));
    }
    let count = project.rooms.len().max(1);
    let (tried, judged) = (LOOKS / count, REASONS / count);
    for (place, room) in project.rooms.iter().enumerate() {
        let none = Vec::new();
        let hours = Hours::new(room, given.get(room.id.as_str()).unwrap_or(&none));
        for (at, refused) in refused.iter_mut().enumerate() {
            if at < judged {
                refused.ask(&hours);
            }
            if at < tried {
                refused.try_changes(&hours, place);
            }
            refused.uphold(&hours);
        }
    }
    for (at, refused) in refused.iter().enumerate() {
        refused.judge((at < judged, at < tried), case, report);
    }
}

/// Every claim has one answer.
fn answered<'a>(case: &Case<'a>, refused: impl Iterator<Item = &'a str>, report: &mut Report) {
    let mut answers: BTreeMap<&str, u32> = BTreeMap::new();
    for claim in case.plan.rooms.iter().map(|granted| granted.claim.as_str()).chain(refused) {
        *answers.entry(claim).or_default() += 1;
    }
    for claim in &case.project.claims {
        match answers.get(claim.id.as_str()).copied().unwrap_or(0) {
            1 => {}
            0 => report.add(Finding::error("check-claim-dropped").arg("claim", claim.id.as_str())),
            times => {
                report.add(Finding::error("check-claim-answers").arg("claim", claim.id.as_str()).arg("found", times));
            }
        }
    }
}

fn granted_window(granted: &RoomUse) -> Option<Window> {
    window_of(&granted.days, granted.from, granted.to)
}

/// A room, and how many minutes of the week before each one it is closed, and cannot be had.
struct Hours<'a> {
    room: &'a Room,
    closed: Vec<u32>,
    busy: Vec<u32>,
}

impl<'a> Hours<'a> {
    fn new(room: &'a Room, given: &[Window]) -> Self {
        let mut closed = vec![true; WEEK];
        super::rooms::minutes(&room.window).for_each(|minute| closed[minute] = false);
        let mut busy = closed.clone();
        given.iter().flat_map(super::rooms::minutes).for_each(|minute| busy[minute] = true);
        let counted = |minutes: &[bool]| {
            let mut sum = 0;
            let sums = minutes.iter().map(|is| {
                sum += u32::from(*is);
                sum
            });
            std::iter::once(0).chain(sums.collect::<Vec<u32>>()).collect()
        };
        Self { room, closed: counted(&closed), busy: counted(&busy) }
    }

    fn is_named(&self, claim: &Claim) -> bool {
        self.room.id == claim.room || self.room.kind == claim.room
    }

    fn is_free(&self, stays: &[(usize, usize)]) -> bool {
        none(&self.busy, stays)
    }

    /// Is it free for these stays, each so many minutes later?
    fn is_free_later(&self, stays: &[(usize, usize)], minutes: usize) -> bool {
        stays.iter().all(|&(start, end)| {
            let later = (start + minutes) % WEEK;
            none(&self.busy, &[(later, later + (end - start))])
        })
    }

    /// Is it free in the minute so long after each stay begins?
    fn is_free_at(&self, stays: &[(usize, usize)], minute: usize) -> bool {
        stays.iter().all(|&(start, _)| self.is_free_later(&[(start, start + 1)], minute))
    }
}

/// Are there none of the counted minutes in these stays (each begins in the week and is at most a week long)?
fn none(sums: &[u32], stays: &[(usize, usize)]) -> bool {
    let between = |start: usize, end: usize| sums[end] - sums[start];
    stays.iter().all(|&(start, end)| match end.checked_sub(WEEK) {
        None => between(start, end) == 0,
        Some(over) => between(start, WEEK) == 0 && between(0, over) == 0,
    })
}

/// Stays of a window, each from its minute of the week on.
fn stays_of(window: &Window) -> Vec<(usize, usize)> {
    let stay = |(start, end): (u32, u32)| {
        let (start, length) = (start as usize % WEEK, (end.saturating_sub(start) as usize).min(WEEK));
        (start, start + length)
    };
    window.minutes().map(stay).filter(|(start, end)| start < end).collect()
}

impl<'a> Refused<'a> {
    fn new(claim: &'a Claim, reason: &'a str, changes: Option<&'a [RoomChange]>, rooms: &'a [Room]) -> Self {
        let named = || rooms.iter().filter(|room| room.id == claim.room || room.kind == claim.room);
        Self {
            claim,
            reason,
            changes,
            stays: stays_of(&claim.window),
            kinds: named().map(|room| room.kind.as_str()).collect(),
            sites: named().map(|room| room.site.as_str()).collect(),
            furthest: 0,
            least: BTreeMap::new(),
            upheld: BTreeSet::new(),
        }
    }

    /// How far does it get with this room?
    fn ask(&mut self, hours: &Hours<'_>) {
        if !hours.is_named(self.claim) {
            return;
        }
        let reached = if hours.room.seats < self.claim.people {
            1
        } else if self.stays.is_empty() || !none(&hours.closed, &self.stays) {
            2
        } else if !hours.is_free(&self.stays) {
            3
        } else {
            4
        };
        self.furthest = self.furthest.max(reached);
    }

    /// The least change of each kind with which it has this room.
    fn try_changes(&mut self, hours: &Hours<'_>, place: usize) {
        let (named, seats) = (hours.is_named(self.claim), hours.room.seats);
        if self.changes.is_none() || self.stays.is_empty() {
            return;
        }
        let large = seats >= self.claim.people;
        let mut found: Vec<(&'static str, u32, [bool; 2])> = Vec::new();
        if !named && large && hours.is_free(&self.stays) {
            // Of another kind, at another site.
            let other = [!self.kinds.contains(&*hours.room.kind), !self.sites.contains(&*hours.room.site)];
            found.push(("other_room", 1, other));
        }
        if named && !large && 2 * u64::from(seats) >= u64::from(self.claim.people) && hours.is_free(&self.stays) {
            found.push(("people", self.claim.people - seats, [false; 2]));
        }
        if named && large {
            let midnight = self.claim.window.from.minute() % 1440;
            let later = |minutes: &u32| hours.is_free_later(&self.stays, *minutes as usize);
            let earlier = |minutes: &u32| hours.is_free_later(&self.stays, WEEK - *minutes as usize);
            found.extend((1..1440 - midnight).find(later).map(|minutes| ("minutes_later", minutes, [false; 2])));
            found.extend((1..=midnight).find(earlier).map(|minutes| ("minutes_earlier", minutes, [false; 2])));
            found.extend(self.shorter(hours).map(|minutes| ("minutes", minutes, [false; 2])));
            let ahead = |days: u32| hours.is_free_later(&self.stays, days as usize * 1440);
            let days = (1..=3).find_map(|days| match (ahead(days), ahead(7 - days)) {
                (false, false) => None,
                (later, _) => Some(("days", days, [!later, false])),
            });
            found.extend(days);
        }
        for (kind, amount, second) in found {
            let change = (amount, second, seats, place);
            let best = self.least.entry(kind).or_insert(change);
            *best = (*best).min(change);
        }
    }

    /// So many minutes shorter, at least half left, it could stay.
    fn shorter(&self, hours: &Hours<'_>) -> Option<u32> {
        let length = self.stays.first().map_or(0, |(start, end)| end - start);
        let (mut run, mut longest) = (0, 0);
        for minute in 0..length {
            run = if hours.is_free_at(&self.stays, minute) { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let cut = u32::try_from(length - longest).ok()?;
        (2 * longest >= length && longest > 0 && 60 * cut < self.claim.window.length().0).then_some(cut)
    }

    /// Which of the changes that name this room are true?
    fn uphold(&mut self, hours: &Hours<'_>) {
        for (at, change) in self.changes.unwrap_or_default().iter().enumerate() {
            if change.room == hours.room.id && self.holds(change, hours) {
                self.upheld.insert(at);
            }
        }
    }

    /// One thing is changed by as much as it says, and the room is free then.
    fn holds(&self, change: &RoomChange, hours: &Hours<'_>) -> bool {
        let Some(window) = window_of(&change.days, change.from, change.to) else { return false };
        let asked = &self.claim.window;
        let (named, seats) = (hours.is_named(self.claim), hours.room.seats);
        let large = seats >= self.claim.people;
        let [from, to, old_from, old_to] = [window.from, window.to, asked.from, asked.to].map(|time| i64::from(time.0));
        let (amount, same_days) = (i64::from(change.amount), window.days == asked.days);
        let minutes = 60 * amount;
        let day = |from: i64| from / 86_400;
        let sound = match change.kind.as_str() {
            "other_room" => amount == 1 && window == *asked && !named && large,
            "people" => window == *asked && named && i64::from(seats) == i64::from(self.claim.people) - amount,
            "minutes_later" | "minutes_earlier" => {
                let by = if change.kind == "minutes_later" { minutes } else { -minutes };
                named && large && same_days && day(from) == day(old_from) && (from, to) == (old_from + by, old_to + by)
            }
            "minutes" => {
                let inside = old_from <= from && to <= old_to;
                named && large && same_days && inside && to - from == old_to - old_from - minutes
            }
            "days" => {
                let on = |ahead: i64| {
                    let ahead = usize::try_from(ahead.rem_euclid(7)).unwrap_or(0);
                    let days = asked.days.days().map(|day| Week::span((day + ahead) % 7, (day + ahead) % 7));
                    Window { days: days.fold(Week::NONE, Week::or), ..*asked }
                };
                named && large && amount <= 3 && (window == on(amount) || window == on(-amount))
            }
            _ => false,
        };
        sound && amount > 0 && hours.is_free(&stays_of(&window))
    }

    fn judge(&self, (reason, least): (bool, bool), case: &Case<'_>, report: &mut Report) {
        let claim = self.claim.id.as_str();
        let expected = ["no-room", "too-small", "closed", "taken", "-"][self.furthest];
        if reason && self.reason != expected {
            let wrong = Finding::error("check-claim-reason").arg("claim", claim);
            report.add(wrong.arg("expected", expected).arg("found", self.reason));
        }
        let Some(changes) = self.changes else { return };
        let untrue = |kind: &str, expected: String, found: String| {
            let wrong = Finding::error("check-room-change").arg("claim", claim).arg("kind", kind);
            wrong.arg("expected", expected).arg("found", found)
        };
        let told = |amount: u32, room: &str| format!("{amount} ({room})");
        for (at, change) in changes.iter().enumerate() {
            let twice = changes[..at].iter().any(|other| other.kind == change.kind);
            if twice || !self.upheld.contains(&at) {
                report.add(untrue(&change.kind, "-".to_owned(), told(change.amount, &change.room)));
            }
        }
        for kind in KINDS.into_iter().filter(|_| least) {
            let found = changes.iter().find(|change| change.kind == kind);
            let found = found.map(|change| told(change.amount, &change.room));
            let expected = self
                .least
                .get(kind)
                .and_then(|&(amount, _, _, place)| Some(told(amount, &case.project.rooms.get(place)?.id)));
            if expected != found {
                let text = |told: Option<String>| told.unwrap_or_else(|| "-".to_owned());
                report.add(untrue(kind, text(expected), text(found)));
            }
        }
    }
}
