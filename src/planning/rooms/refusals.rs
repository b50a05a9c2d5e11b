//! Why a claim gets no room, and the least single changes with which it would have one, all that is granted left as it is.
//!
//! The rule is told at [`RoomRefusal`]'s file. Stretches of time in which a stay cannot be are moved against each other, so that no minute is looked
//! at by itself: O(rooms x stretches log stretches) for a claim.

use super::busy::{BASE, Busy};
use super::{Obstacle, week};
use crate::allocation::WEEK;
use crate::domain::calendar::{Week, Window};
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::plan::{RoomChange, RoomRefusal};
use crate::planning::project::{Claim, Project};

const DAY: u32 = 1440;

/// Numbers of minutes that would not do: `[from, to)`.
type Barred = Vec<(u32, u32)>;

/// What is left of the rooms when the claims have theirs.
pub(super) struct Left<'a> {
    project: &'a Project,
    /// By room.
    busy: Vec<Busy>,
}

impl<'a> Left<'a> {
    /// Nothing given out yet; `open` by room.
    pub(super) fn new(project: &'a Project, open: &[Vec<week::Stretch>]) -> Self {
        Self { project, busy: open.iter().map(|open| Busy::outside(open)).collect() }
    }

    /// This room is given out for these stays of the week.
    pub(super) fn give(&mut self, room: usize, stays: &[(u32, u32)]) {
        self.busy[room].add(stays);
    }

    /// The first of these rooms that is free then.
    pub(super) fn first_free(&self, rooms: &[usize], stays: &[(u32, u32)]) -> Option<usize> {
        let stays = based(stays);
        let free = |room: &usize| !stays.is_empty() && self.busy[*room].is_free(&stays);
        rooms.iter().copied().find(free)
    }

    /// `named`: the rooms the claim names, fewest seats first. Without changes unless `thorough`.
    pub(super) fn refusal(&self, claim: &Claim, named: &[usize], obstacle: Obstacle, thorough: bool) -> RoomRefusal {
        let relaxations = if thorough { self.changes(claim, named) } else { Vec::new() };
        RoomRefusal { claim: claim.id.clone(), reason: obstacle.code().to_owned(), relaxations }
    }

    fn changes(&self, claim: &Claim, named: &[usize]) -> Vec<RoomChange> {
        let stays = based(&week::occurrences(&claim.window));
        let Some(&(start, end)) = stays.first() else { return Vec::new() };
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
        let least = |most: u32, barred: &dyn Fn(&Busy, u32) -> Barred| {
            let first = |room: usize| Some((first_apart(barred(&self.busy[room], most), most)?, room));
            large.iter().filter_map(|&room| first(room)).min_by_key(|(minutes, _)| *minutes)
        };
        if let Some((minutes, room)) = least(DAY - 1 - since_midnight, &|busy, most| later(busy, &stays, most)) {
            let by = Seconds(60 * minutes);
            let moved = Window { from: window.from + by, to: window.to + by, ..*window };
            changes.push(told("minutes_later", minutes, room, &moved));
        }
        if let Some((minutes, room)) = least(since_midnight, &|busy, most| earlier(busy, &stays, most)) {
            let by = 60 * minutes;
            let (from, to) = (ServiceTime(window.from.0 - by), ServiceTime(window.to.0 - by));
            changes.push(told("minutes_earlier", minutes, room, &Window { from, to, ..*window }));
        }
        let gaps = large.iter().map(|&room| (gap(&self.busy[room], &stays), room));
        if let Some(((from, to), room)) = gaps.min_by_key(|((from, to), _)| std::cmp::Reverse(to - from)) {
            let length = end - start;
            let shorter = Window {
                from: window.from + Seconds(60 * from),
                to: ServiceTime(window.to.0.saturating_sub(60 * (length - to))),
                ..*window
            };
            if 2 * (to - from) >= length && shorter.from < shorter.to {
                changes.push(told("minutes", length - (to - from), room, &shorter));
            }
        }
        changes.extend(self.other_days(large, &stays).map(|(distance, ahead, room)| {
            let days = window.days.days().map(|day| (day + ahead) % 7).map(|day| Week::span(day, day));
            let moved = Window { days: days.fold(Week::NONE, Week::or), ..*window };
            told("days", distance, room, &moved)
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
    fn other_room(&self, claim: &Claim, named: &[usize], stays: &[(u32, u32)]) -> Option<usize> {
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

    /// The nearest days: how far they are, how many later on the ring of the week, which room.
    fn other_days(&self, rooms: &[usize], stays: &[(u32, u32)]) -> Option<(u32, usize, usize)> {
        [(1, 1), (1, 6), (2, 2), (2, 5), (3, 3), (3, 4)].into_iter().find_map(|(distance, ahead)| {
            let by = ahead * DAY;
            let moved = stays.iter().map(|&(start, end)| {
                let at = BASE + (start - BASE + by) % WEEK;
                (at, at + (end - start))
            });
            let moved: Vec<(u32, u32)> = moved.collect();
            let room = rooms.iter().copied().find(|&room| self.busy[room].is_free(&moved))?;
            Some((distance, ahead as usize, room))
        })
    }
}

/// Stays of the week in the week where they are looked at.
fn based(stays: &[(u32, u32)]) -> Vec<(u32, u32)> {
    stays.iter().map(|&(start, end)| (start + BASE, end + BASE)).collect()
}

/// By how many minutes later (at most `most`) some stay would meet a busy stretch.
fn later(busy: &Busy, stays: &[(u32, u32)], most: u32) -> Barred {
    let barred = |&(start, end): &(u32, u32)| {
        let met = busy.meeting(start, end + most);
        met.map(move |(from, to)| ((from + 1).saturating_sub(end), to - start))
    };
    stays.iter().flat_map(barred).collect()
}

/// The same of minutes earlier.
fn earlier(busy: &Busy, stays: &[(u32, u32)], most: u32) -> Barred {
    let barred = |&(start, end): &(u32, u32)| {
        let met = busy.meeting(start - most, end);
        met.map(move |(from, to)| ((start + 1).saturating_sub(to), end - from))
    };
    stays.iter().flat_map(barred).collect()
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
    (least <= most).then_some(least)
}

/// The longest part of the stays, the first of equals, that is free on all days: `[from, to)` in minutes since they begin.
fn gap(busy: &Busy, stays: &[(u32, u32)]) -> (u32, u32) {
    let barred = |&(start, end): &(u32, u32)| {
        let met = busy.meeting(start, end);
        met.map(move |(from, to)| (from.max(start) - start, to.min(end) - start))
    };
    let mut barred: Vec<(u32, u32)> = stays.iter().flat_map(barred).collect();
    barred.sort_unstable();
    let length = stays.first().map_or(0, |(start, end)| end - start);
    let (mut best, mut since) = ((0, 0), 0);
    for (from, to) in barred.into_iter().chain([(length, length)]) {
        if from > since && from - since > best.1 - best.0 {
            best = (since, from);
        }
        since = since.max(to);
    }
    best
}
