//! Is every claim answered once, and is what a refusal says true? The rule is told at [`crate::planning::plan::RoomRefusal`].
//!
//! A plan says which parts were asked for; if rooms were, every claim needs its row. One of a version that did not say so is
//! asked where it has anything of rooms, and a finding counts as an answer in it: it had no rows to answer with.
//!
//! Minute by minute: one room after the other, all claims without a room are asked whether it would do; a claim of every week on the week, where
//! what is of a date counts on its weekday, one of dates day by day. Limits: that no smaller
//! change would do is judged of as many claims, in the order of the file, as can be looked at ([`LOOKS`]); the reason of more of them ([`REASONS`]); that a
//! change would do, of all.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::case::Case;
use super::report::Report;
use super::rooms::window_of;
use super::times::{Counts, moments};
use crate::domain::calendar::{Days, Week, Window, date_of, day_number, weekday_of};
use crate::domain::finding::{Argument, Finding};
use crate::planning::plan::{RoomChange, RoomUse};
use crate::planning::project::{Claim, Room};

/// Rooms times claims of which all changes are tried.
const LOOKS: usize = 10_000;
/// Rooms times claims of which the reason is judged.
const REASONS: usize = 5_000_000;
/// Changes there are.
const KINDS: [&str; 6] = ["other_room", "minutes_later", "minutes_earlier", "minutes", "days", "people"];
const DAY: i64 = 1440;
/// How plans of a version that did not say which parts were asked for may tell of a claim without a room.
const OLD: &str = "room-claim-refused";

/// A refusal and what the rooms say to it.
struct Refused<'a> {
    claim: &'a Claim,
    reason: &'a str,
    /// `None`: a plan of an older version, which had none.
    changes: Option<&'a [RoomChange]>,
    stays: Stays,
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
    let silent = plan.parts.is_empty();
    let old = plan.findings.iter().filter(|finding| silent && finding.code == OLD).filter_map(|finding| {
        match (finding.args.get("claim")?, finding.args.get("reason")?) {
            (Argument::Text(claim), Argument::Text(reason)) => Some((claim.as_str(), reason.as_str(), None)),
            _ => None,
        }
    });
    let rows = plan.room_refusals.iter();
    let rows = rows.map(|row| (row.claim.as_str(), row.reason.as_str(), Some(row.relaxations.as_slice())));
    let rows: Vec<_> = rows.chain(old).collect();
    if !plan.says_it_plans("rooms") && plan.rooms.is_empty() && rows.is_empty() {
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
    if refused.is_empty() {
        return;
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

/// What is asked for: `[start, end)` in minutes, each at most a week long.
struct Stays {
    each: Vec<(i64, i64)>,
    /// In minutes of the calendar, from a Monday on; else of the week, in which each begins.
    of_dates: bool,
}

impl Stays {
    fn of(window: &Window) -> Self {
        let (from, to) = (i64::from(window.from.0 / 60), i64::from(window.to.0.div_ceil(60)));
        let length = (to - from).min(7 * DAY);
        let (days, of_dates): (Vec<i64>, bool) = match &window.days {
            Days::Weekly(week) => {
                ((0..7).zip(0..7).filter(|(of, _)| week.has(*of)).map(|(_, day)| day).collect(), false)
            }
            Days::Dates(dates) => (dates.iter().map(|date| day_number(*date)).collect(), true),
        };
        let begin = |day: i64| day * DAY + from;
        let each = days.into_iter().map(|day| (begin(day), begin(day) + length));
        Self { each: each.filter(|(start, end)| start < end).collect(), of_dates }
    }

    fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    fn length(&self) -> i64 {
        self.each.first().map_or(0, |(start, end)| end - start)
    }

    /// Each so many minutes later, or earlier.
    fn later(&self, minutes: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.each.iter().map(move |&(start, end)| (start + minutes, end + minutes))
    }
}

/// How many minutes before each one there are of a kind, of those of a week or a day.
type Sums = Vec<u32>;

fn summed(minutes: impl Iterator<Item = bool>) -> Sums {
    let mut sum = 0;
    let sums = minutes.map(|is| {
        sum += u32::from(is);
        sum
    });
    std::iter::once(0).chain(sums).collect()
}

/// When a room is closed, or cannot be had.
struct Kept {
    /// For a claim of every week: at such a minute of some week.
    ever: Sums,
    /// On a date of which nothing is known.
    usual: Sums,
    /// On dates, by [`day_number`].
    dates: BTreeMap<i64, Sums>,
}

impl Kept {
    /// `open`, `given`: how many times it is.
    fn new(open: &Counts, given: &Counts) -> Self {
        let kept = |weekday: usize, date: Option<Date>| {
            let (open, given) = (open.day(weekday, date), given.day(weekday, date));
            (0..1440).map(move |minute| open.at(minute) == 0 || given.at(minute) > 0)
        };
        let usual: Vec<bool> = (0..7).flat_map(|weekday| kept(weekday, None)).collect();
        let mut ever = usual.clone();
        for (moment, _) in given.each().filter(|(moment, given)| moment.date.is_some() && *given > 0) {
            ever[moment.minute] = true;
        }
        let known: BTreeSet<_> = open.dates().chain(given.dates()).collect();
        let of_date = |date: Date| (day_number(date), summed(kept(weekday_of(date), Some(date))));
        let dates = known.into_iter().map(of_date).collect();
        Self { ever: summed(ever.into_iter()), usual: summed(usual.into_iter()), dates }
    }

    /// Is it kept at none of these minutes?
    fn spares(&self, (start, end): (i64, i64), of_dates: bool) -> bool {
        let (first, last) = (start.div_euclid(DAY), (end - 1).div_euclid(DAY));
        (first..=last).all(|day| {
            let (from, to) = ((start - day * DAY).max(0), (end - day * DAY).min(DAY));
            let of_week = if of_dates { &self.usual } else { &self.ever };
            let (sums, midnight) = match self.dates.get(&day).filter(|_| of_dates) {
                Some(sums) => (sums, 0),
                None => (of_week, day.rem_euclid(7) * DAY),
            };
            let before = |minute: i64| usize::try_from(midnight + minute).ok().and_then(|minute| sums.get(minute));
            before(from) == before(to)
        })
    }
}

/// A room and its hours.
struct Hours<'a> {
    room: &'a Room,
    closed: Kept,
    busy: Kept,
}

impl<'a> Hours<'a> {
    fn new(room: &'a Room, given: &[Window]) -> Self {
        let counted = |windows: &[Window]| {
            let mut counts = Counts::default();
            windows.iter().flat_map(moments).for_each(|moment| counts.add(moment));
            counts
        };
        let (open, given) = (counted(std::slice::from_ref(&room.window)), counted(given));
        Self { room, closed: Kept::new(&open, &Counts::default()), busy: Kept::new(&open, &given) }
    }

    fn is_named(&self, claim: &Claim) -> bool {
        self.room.id == claim.room || self.room.kind == claim.room
    }

    fn is_open(&self, stays: &Stays) -> bool {
        stays.each.iter().all(|&stay| self.closed.spares(stay, stays.of_dates))
    }

    fn is_free(&self, stays: &Stays) -> bool {
        self.is_free_later(stays, 0)
    }

    /// Is it free for these stays, each so many minutes later?
    fn is_free_later(&self, stays: &Stays, minutes: i64) -> bool {
        stays.later(minutes).all(|stay| self.busy.spares(stay, stays.of_dates))
    }

    /// Is it free in the minute so long after each stay begins?
    fn is_free_at(&self, stays: &Stays, minute: i64) -> bool {
        stays.later(minute).all(|(start, _)| self.busy.spares((start, start + 1), stays.of_dates))
    }
}

impl<'a> Refused<'a> {
    fn new(claim: &'a Claim, reason: &'a str, changes: Option<&'a [RoomChange]>, rooms: &'a [Room]) -> Self {
        let named = || rooms.iter().filter(|room| room.id == claim.room || room.kind == claim.room);
        Self {
            claim,
            reason,
            changes,
            stays: Stays::of(&claim.window),
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
        } else if self.stays.is_empty() || !hours.is_open(&self.stays) {
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
            let later = |minutes: &u32| hours.is_free_later(&self.stays, i64::from(*minutes));
            let earlier = |minutes: &u32| hours.is_free_later(&self.stays, -i64::from(*minutes));
            found.extend((1..1440 - midnight).find(later).map(|minutes| ("minutes_later", minutes, [false; 2])));
            found.extend((1..=midnight).find(earlier).map(|minutes| ("minutes_earlier", minutes, [false; 2])));
            found.extend(self.shorter(hours).map(|minutes| ("minutes", minutes, [false; 2])));
            let ahead = |days: i64| hours.is_free_later(&self.stays, days * DAY);
            let days = (1..=3_u32).find_map(|days| match (ahead(days.into()), ahead(-i64::from(days))) {
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
        let length = self.stays.length();
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
                let on = |ahead: i64| Window { days: moved(&asked.days, ahead), ..asked.clone() };
                named && large && amount <= 3 && (window == on(amount) || window == on(-amount))
            }
            _ => false,
        };
        sound && amount > 0 && hours.is_free(&Stays::of(&window))
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

/// The days that are so many later.
fn moved(days: &Days, ahead: i64) -> Days {
    match days {
        Days::Weekly(week) => {
            let ahead = usize::try_from(ahead.rem_euclid(7)).unwrap_or(0);
            let on = |day: usize| Week::span(day + ahead, day + ahead);
            Days::Weekly(week.days().fold(Week::NONE, |moved, of| moved.or(on(of))))
        }
        Days::Dates(dates) => Days::Dates(dates.iter().map(|date| date_of(day_number(*date) + ahead)).collect()),
    }
}
