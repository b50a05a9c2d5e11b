//! Why a claim gets no room, and the least single changes with which it would have one, all that is granted left as it is.
//!
//! The rule is told at [`RoomRefusal`]'s file. Stretches of time in which a stay cannot be are moved against each other, so that no minute is looked
//! at by itself: O(rooms x stretches log stretches) for a claim.

use std::collections::BTreeMap;

use super::Obstacle;
use super::busy::{Busy, Span, Stays};
use super::times::{Open, Times};
use crate::domain::calendar::{Days, Week, Window, date_of, day_number};
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::plan::{RoomChange, RoomRefusal};
use crate::planning::project::{Claim, Project};

const DAY: u32 = 1440;

/// Numbers of minutes that would not do: `[from, to)`.
type Barred = Vec<Span>;

/// What is left of the rooms when the claims have theirs.
pub(super) struct Left<'a> {
    project: &'a Project,
    /// By room.
    busy: Vec<Busy>,
}

impl<'a> Left<'a> {
    /// Nothing given out yet.
    pub(super) fn new(project: &'a Project) -> Self {
        // Many rooms are open at the same times.
        let mut known: BTreeMap<&Window, Busy> = BTreeMap::new();
        let mut outside =
            |window: &'a Window| known.entry(window).or_insert_with(|| Busy::outside(&Open::of(window))).clone();
        Self { project, busy: project.rooms.iter().map(|room| outside(&room.window)).collect() }
    }

    /// This room is given out then.
    pub(super) fn give(&mut self, room: usize, window: &Window) {
        self.busy[room].add(&Times::of(window));
    }

    /// Where among these rooms the first one stands that is free then.
    pub(super) fn first_free(&self, rooms: &[usize], window: &Window) -> Option<usize> {
        let stays = Stays::of(&Times::of(window));
        let free = |room: &usize| !stays.spans.is_empty() && self.busy[*room].is_free(&stays);
        rooms.iter().position(free)
    }

    /// `named`: the rooms the claim names, fewest seats first. Without changes unless `thorough`.
    pub(super) fn refusal(&self, claim: &Claim, named: &[usize], obstacle: Obstacle, thorough: bool) -> RoomRefusal {
        let relaxations = if thorough { self.changes(claim, named) } else { Vec::new() };
        RoomRefusal { claim: claim.id.clone(), reason: obstacle.code().to_owned(), relaxations }
    }

    fn changes(&self, claim: &Claim, named: &[usize]) -> Vec<RoomChange> {
        let stays = Stays::of(&Times::of(&claim.window));
        let Some(&(start, end)) = stays.spans.first() else { return Vec::new() };
        let window = &claim.window;
        let (small, large) = named.split_at(named.partition_point(|&room| self.seats(room) < claim.people));
        let told = |kind: &str, amount: u32, room: usize, window: &Window| RoomChange {
            kind: kind.to_owned(),
            amount,
            room: self.project.rooms[room].id.clone(),
            days: window.days.to_string(),
            from: window.from,
            to: window.to,
        };
        let mut changes = Vec::new();
        changes.extend(self.other_room(claim, named, &stays).map(|room| told("other_room", 1, room, window)));
        // To begin on the same day still.
        let since_midnight = window.from.minute() % DAY;
        let least = |most: u32, barred: &dyn Fn(&Busy, i64) -> Barred| {
            let first = |room: usize| Some((first_apart(barred(&self.busy[room], most.into()), most)?, room));
            large.iter().filter_map(|&room| first(room)).min_by_key(|(minutes, _)| *minutes)
        };
        if let Some((minutes, room)) = least(DAY - 1 - since_midnight, &|busy, most| later(busy, &stays, most)) {
            let by = Seconds(60 * minutes);
            let moved = Window { from: window.from + by, to: window.to + by, days: window.days.clone() };
            changes.push(told("minutes_later", minutes, room, &moved));
        }
        if let Some((minutes, room)) = least(since_midnight, &|busy, most| earlier(busy, &stays, most)) {
            let by = 60 * minutes;
            let (from, to) = (ServiceTime(window.from.0 - by), ServiceTime(window.to.0 - by));
            changes.push(told("minutes_earlier", minutes, room, &Window { from, to, ..window.clone() }));
        }
        let gaps = large.iter().map(|&room| (gap(&self.busy[room], &stays), room));
        if let Some(((from, to), room)) = gaps.min_by_key(|((from, to), _)| std::cmp::Reverse(to - from)) {
            let length = minutes(end - start);
            let shorter = Window {
                from: window.from + Seconds(60 * from),
                to: ServiceTime(window.to.0.saturating_sub(60 * (length - to))),
                days: window.days.clone(),
            };
            if 2 * (to - from) >= length && shorter.from < shorter.to {
                changes.push(told("minutes", length - (to - from), room, &shorter));
            }
        }
        changes.extend(self.other_days(large, &stays).map(|(ahead, room)| {
            let distance = u32::try_from(ahead.unsigned_abs()).unwrap_or(0);
            told("days", distance, room, &Window { days: days_later(&window.days, ahead), ..window.clone() })
        }));
        let enough = small.iter().copied().filter(|&room| self.seats(room).saturating_mul(2) >= claim.people);
        let free = enough.filter(|&room| self.busy[room].is_free(&stays));
        if let Some(room) = free.min_by_key(|&room| (std::cmp::Reverse(self.seats(room)), room)) {
            changes.push(told("people", claim.people - self.seats(room), room, window));
        }
        changes
    }

    fn seats(&self, room: usize) -> u32 {
        self.project.rooms[room].seats
    }

    /// A free room that is not named: of a named room's kind, at its site, with few seats to spare.
    fn other_room(&self, claim: &Claim, named: &[usize], stays: &Stays) -> Option<usize> {
        let rooms = &self.project.rooms;
        let alike = |of: &dyn Fn(usize) -> bool| !named.iter().any(|&room| of(room));
        let others = (0..rooms.len()).filter(|&room| {
            let other = rooms[room].id != claim.room && rooms[room].kind != claim.room;
            other && rooms[room].seats >= claim.people && self.busy[room].is_free(stays)
        });
        others.min_by_key(|&room| {
            let kind = alike(&|named| rooms[named].kind == rooms[room].kind);
            let site = alike(&|named| rooms[named].site == rooms[room].site);
            (kind, site, rooms[room].seats, room)
        })
    }

    /// The nearest days: how many later (negative: earlier), which room.
    fn other_days(&self, rooms: &[usize], stays: &Stays) -> Option<(i64, usize)> {
        [1, -1, 2, -2, 3, -3].into_iter().find_map(|ahead| {
            let moved = stays.moved(ahead * i64::from(DAY));
            let room = rooms.iter().copied().find(|&room| self.busy[room].is_free(&moved))?;
            Some((ahead, room))
        })
    }
}

/// Weekdays, or dates, so many days later.
fn days_later(days: &Days, ahead: i64) -> Days {
    match days {
        Days::Weekly(week) => {
            let ahead = usize::try_from(ahead.rem_euclid(7)).unwrap_or(0);
            let moved = week.days().map(|day| Week::span(day + ahead, day + ahead));
            Days::Weekly(moved.fold(Week::NONE, Week::or))
        }
        Days::Dates(dates) => Days::Dates(dates.iter().map(|date| date_of(day_number(*date) + ahead)).collect()),
    }
}

/// A number of minutes that is not negative.
fn minutes(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// By how many minutes later (at most `most`) some stay would meet a busy stretch.
fn later(busy: &Busy, stays: &Stays, most: i64) -> Barred {
    let barred = |&(start, end): &Span| {
        let met = busy.meeting(stays, (start, end + most));
        met.map(move |(from, to)| (from + 1 - end, to - start))
    };
    stays.spans.iter().flat_map(barred).collect()
}

/// The same of minutes earlier.
fn earlier(busy: &Busy, stays: &Stays, most: i64) -> Barred {
    let barred = |&(start, end): &Span| {
        let met = busy.meeting(stays, (start - most, end));
        met.map(move |(from, to)| (start + 1 - to, end - from))
    };
    stays.spans.iter().flat_map(barred).collect()
}

/// The least number from 1 to `most` in none of these.
fn first_apart(mut barred: Barred, most: u32) -> Option<u32> {
    barred.sort_unstable();
    let mut least = 1;
    for (from, to) in barred {
        if from > least {
            break;
        }
        least = least.max(to);
    }
    u32::try_from(least).ok().filter(|least| *least <= most)
}

/// The longest part of the stays, the first of equals, that is free on all days: `[from, to)` in minutes since they begin.
fn gap(busy: &Busy, stays: &Stays) -> (u32, u32) {
    let barred = |&(start, end): &Span| {
        let met = busy.meeting(stays, (start, end));
        met.map(move |(from, to)| (from.max(start) - start, to.min(end) - start))
    };
    let mut barred: Barred = stays.spans.iter().flat_map(barred).collect();
    barred.sort_unstable();
    let length = stays.spans.first().map_or(0, |(start, end)| end - start);
    let (mut best, mut since) = ((0, 0), 0);
    for (from, to) in barred.into_iter().chain([(length, length)]) {
        if from > since && from - since > best.1 - best.0 {
            best = (since, from);
        }
        since = since.max(to);
    }
    (minutes(best.0), minutes(best.1))
}
