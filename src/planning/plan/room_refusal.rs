//! Claims that get no room, why, and what would change it.
//!
//! # Rule (the planner states it, `check` derives it again)
//!
//! A claim *names* the room of that id and the rooms of that kind. Its **reason** is the first of these that leaves none of them: there is none
//! (`no-room`), none has the seats (`too-small`), none of those is open throughout (`closed`), each of those is given out at some minute
//! (`taken`). Nobody is refused while a room it names suits and is free.
//!
//! A **change** alters one thing; all that is granted stays as it is. With it the claim has `room` on `days` from `from` to `to`; with a step
//! less it would have none. A claim of every week needs the room in all weeks, so that what is given out on a date counts against it
//! on that weekday; one of dates needs it then only. Of equals the room with the fewest seats counts, then the first in the file. Kinds, each at most once, in this order:
//! - `other_room` (amount 1): a room that is not named; those of a named room's kind first, then those at a named room's site.
//! - `minutes_later`, `minutes_earlier`: so many minutes, on all days alike, to begin on the same days.
//! - `minutes`: so much shorter, at both ends together, on all days alike; at least half is left.
//! - `days`: at the same hours, on days (weekdays, or dates, all of them) that are so many later, else so many earlier; three at most.
//! - `people`: so many fewer; at least half are left.
//!
//! Limit: of very many refused claims only the first are told of changes.

use serde::{Deserialize, Serialize};

use crate::domain::units::ServiceTime;

/// A claim without a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRefusal {
    /// Claim id.
    pub claim: String,
    /// Code, a key of the phrase files `reason-room-…`.
    pub reason: String,
    /// What would change it: each alone, and the least of it.
    pub relaxations: Vec<RoomChange>,
}

/// One thing changed, and there is a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomChange {
    /// Code, a key of the phrase files `relaxation-room-…`.
    pub kind: String,
    /// How much of it: minutes, days, people, rooms.
    pub amount: u32,
    /// The room that is free then.
    pub room: String,
    /// Weekdays or dates, normal form.
    pub days: String,
    /// From.
    pub from: ServiceTime,
    /// To.
    pub to: ServiceTime,
}
