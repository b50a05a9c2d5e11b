//! One claim at a time, first come, first served: the smallest free room that fits, or why not and when one is free next.

use super::{Obstacle, obstacle, week};
use crate::allocation::WEEK;
use crate::domain::calendar::{Week, Window};
use crate::domain::units::ServiceTime;
use crate::planning::project::{Claim, Room};

/// Later windows are tried in steps of so many minutes.
const STEP: u32 = 15;
const DAY: u32 = 1440;

/// No room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// `no-room`, `too-small`, `closed`, `taken`.
    pub reason: &'static str,
    /// The next window, as long and on as many days, in which a room is free: which room, and when.
    pub next: Option<(String, Window)>,
}

/// A room that fits, its opening and what it is taken for; `[start, end)` minutes of the week.
struct Fit<'a> {
    room: &'a Room,
    open: Vec<week::Stretch>,
    taken: Vec<(u32, u32)>,
}

impl Fit<'_> {
    fn is_free(&self, wanted: &[(u32, u32)]) -> bool {
        wanted.iter().all(|&(start, end)| {
            week::within(&self.open, start, end).is_some() && self.taken.iter().all(|&taken| !meet((start, end), taken))
        })
    }
}

/// Do two stretches of the week, which closes on itself, meet?
fn meet(a: (u32, u32), b: (u32, u32)) -> bool {
    [0, WEEK]
        .into_iter()
        .any(|later| (a.0 + later < b.1 && b.0 < a.1 + later) || (a.0 < b.1 + later && b.0 + later < a.1))
}

/// The room a claim gets; `taken` are the rooms and windows given before.
///
/// # Errors
/// Why it gets none, and when there is one.
pub fn decide(rooms: &[Room], taken: &[(String, Window)], claim: &Claim) -> Result<String, Refused> {
    let wanted = week::occurrences(&claim.window);
    let named = |room: &&Room| room.id == claim.room || room.kind == claim.room;
    let mut fits: Vec<Fit<'_>> = rooms
        .iter()
        .filter(named)
        .filter(|room| room.seats >= claim.people)
        .map(|room| Fit {
            room,
            open: week::lent(std::slice::from_ref(&room.window)),
            taken: taken
                .iter()
                .filter(|(id, _)| *id == room.id)
                .flat_map(|(_, window)| week::occurrences(window))
                .collect(),
        })
        .collect();
    fits.sort_by_key(|fit| fit.room.seats);
    if let Some(fit) = fits.iter().find(|fit| !wanted.is_empty() && fit.is_free(&wanted)) {
        return Ok(fit.room.id.clone());
    }
    let furthest = rooms
        .iter()
        .filter(named)
        .map(|room| {
            let open = week::lent(std::slice::from_ref(&room.window));
            obstacle(claim, room, &open, &wanted).unwrap_or(Obstacle::Taken)
        })
        .max();
    let reason = furthest.unwrap_or(Obstacle::NoRoom).code();
    Err(Refused { reason, next: if wanted.is_empty() { None } else { next(&fits, &claim.window, &wanted) } })
}

/// The first later start, up to a week on, at which one of the rooms is free.
fn next(fits: &[Fit<'_>], window: &Window, wanted: &[(u32, u32)]) -> Option<(String, Window)> {
    (1..WEEK / STEP).map(|step| step * STEP).find_map(|later| {
        let moved: Vec<(u32, u32)> = wanted
            .iter()
            .map(|&(start, end)| {
                let at = (start + later) % WEEK;
                (at, at + (end - start))
            })
            .collect();
        let fit = fits.iter().find(|fit| fit.is_free(&moved))?;
        let start = window.from.minute() + later;
        let days = window.days.days().fold(Week::NONE, |days, day| {
            let day = (day + (start / DAY) as usize) % 7;
            days.or(Week::span(day, day))
        });
        let from = ServiceTime::hm(0, start % DAY);
        Some((fit.room.id.clone(), Window { days, from, to: from + window.length() }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Days;

    fn window(days: &str, from: u32, to: u32) -> Window {
        Window { days: Days::parse(days).unwrap().week(), from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
    }

    fn room(id: &str, seats: u32) -> Room {
        let window = window("Mon-Fri", 9, 21);
        Room { id: id.into(), site: "s".into(), kind: "meeting".into(), seats, window, who: String::new() }
    }

    fn claim(room: &str, window: Window, people: u32) -> Claim {
        Claim { id: "c".into(), room: room.into(), window, people, group: String::new() }
    }

    #[test]
    fn the_smallest_free_room_else_the_next_free_window() {
        let rooms = [room("big", 40), room("small", 10)];
        assert_eq!(decide(&rooms, &[], &claim("meeting", window("Mon", 10, 12), 8)), Ok("small".to_owned()));
        let taken = [("small".to_owned(), window("Mon", 10, 12))];
        assert_eq!(decide(&rooms, &taken, &claim("meeting", window("Mon", 11, 13), 8)), Ok("big".to_owned()));
        // Touching is not meeting.
        assert_eq!(decide(&rooms, &taken, &claim("small", window("Mon", 12, 13), 8)), Ok("small".to_owned()));
        // 11:00-13:00 meets 10:00-12:00; an hour later it is free.
        let refused = decide(&rooms, &taken, &claim("small", window("Mon", 11, 13), 8)).unwrap_err();
        assert_eq!(refused.reason, "taken");
        assert_eq!(refused.next, Some(("small".to_owned(), window("Mon", 12, 14))));
        // Friday 20:00-22:00 is past closing; the next two hours are on Monday at nine.
        let refused = decide(&rooms, &[], &claim("small", window("Fri", 20, 22), 8)).unwrap_err();
        assert_eq!((refused.reason, refused.next), ("closed", Some(("small".to_owned(), window("Mon", 9, 11)))));
        let refused = decide(&rooms, &[], &claim("meeting", window("Fri", 10, 11), 41)).unwrap_err();
        assert_eq!((refused.reason, refused.next), ("too-small", None));
        assert_eq!(decide(&rooms, &[], &claim("sauna", window("Fri", 10, 11), 1)).unwrap_err().reason, "no-room");
    }

    #[test]
    fn stretches_meet_over_the_end_of_the_week() {
        // Sunday 23:00 to Monday 01:00 meets Monday 00:00 to 02:00, and not Monday 01:00 to 02:00.
        let night = (6 * DAY + 1380, WEEK + 60);
        assert!(meet(night, (0, 120)) && meet((0, 120), night));
        assert!(!meet(night, (60, 120)) && !meet((60, 120), night));
    }
}
