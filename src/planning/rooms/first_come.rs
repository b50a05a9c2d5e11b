//! One claim at a time, first come, first served: the smallest free room that fits, or why not and when one is free next.

use super::times::{Open, Times};
use super::{Axis, Obstacle, obstacle};
use crate::allocation::WEEK;
use crate::domain::calendar::{Days, Week, Window};
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

/// A room that fits, its opening and what it is taken for.
struct Fit<'a> {
    room: &'a Room,
    open: Open,
    taken: Vec<Times>,
}

impl Fit<'_> {
    fn is_free(&self, wanted: &Times) -> bool {
        self.open.holds(wanted) && !self.taken.iter().any(|taken| taken.meet(wanted))
    }
}

/// The room a claim gets; `taken` are the rooms and windows given before.
///
/// # Errors
/// Why it gets none, and when there is one.
pub fn decide(rooms: &[Room], taken: &[(String, Window)], claim: &Claim) -> Result<String, Refused> {
    let wanted = Times::of(&claim.window);
    let named = |room: &&Room| room.id == claim.room || room.kind == claim.room;
    let mut fits: Vec<Fit<'_>> = rooms
        .iter()
        .filter(named)
        .filter(|room| room.seats >= claim.people)
        .map(|room| Fit {
            room,
            open: Open::of(&room.window),
            taken: taken.iter().filter(|(id, _)| *id == room.id).map(|(_, window)| Times::of(window)).collect(),
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
            let window = std::slice::from_ref(&room.window);
            let axis = Axis::new([window].into_iter(), std::iter::once(&claim.window));
            let obstacle = obstacle(claim, room, &axis.lent(window), &axis.occurrences(&claim.window));
            obstacle.unwrap_or(Obstacle::Taken)
        })
        .max();
    let reason = furthest.unwrap_or(Obstacle::NoRoom).code();
    Err(Refused { reason, next: if wanted.is_empty() { None } else { next(&fits, &claim.window, &wanted) } })
}

/// The first later start, up to a week on, at which one of the rooms is free.
fn next(fits: &[Fit<'_>], window: &Window, wanted: &Times) -> Option<(String, Window)> {
    (1..WEEK / STEP).map(|step| step * STEP).find_map(|later| {
        let moved = wanted.later(later);
        let fit = fits.iter().find(|fit| fit.is_free(&moved))?;
        let start = window.from.minute() + later;
        let on = start / DAY;
        let days = match &window.days {
            Days::Weekly(week) => Days::Weekly(week.days().fold(Week::NONE, |days, day| {
                let day = (day + on as usize) % 7;
                days.or(Week::span(day, day))
            })),
            Days::Dates(dates) => {
                let on = jiff::Span::new().days(i64::from(on));
                Days::Dates(dates.iter().map(|date| date.saturating_add(on)).collect())
            }
        };
        let from = ServiceTime::hm(0, start % DAY);
        Some((fit.room.id.clone(), Window { days, from, to: from + window.length() }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(days: &str, from: u32, to: u32) -> Window {
        Window { days: Days::parse(days).unwrap(), from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
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
    fn a_date_takes_a_room_on_that_day_only() {
        let rooms = [room("small", 10)];
        // 2026-12-24 and 31 are Thursdays.
        let taken = [("small".to_owned(), window("2026-12-24", 10, 12))];
        let asked = |days: &str| decide(&rooms, &taken, &claim("small", window(days, 10, 12), 8));
        assert_eq!(asked("2026-12-31"), Ok("small".to_owned()));
        assert_eq!(asked("Wed"), Ok("small".to_owned()));
        // Every Thursday is also the 24th; the next free two hours of that day begin at noon, and so for the weekly claim.
        let refused = asked("2026-12-24").unwrap_err();
        assert_eq!((refused.reason, refused.next), ("taken", Some(("small".to_owned(), window("2026-12-24", 12, 14)))));
        let refused = asked("Thu").unwrap_err();
        assert_eq!((refused.reason, refused.next), ("taken", Some(("small".to_owned(), window("Thu", 12, 14)))));
        // Weekly on Thursdays: taken on each of them.
        let weekly = [("small".to_owned(), window("Thu", 11, 21))];
        let refused = decide(&rooms, &weekly, &claim("small", window("2026-12-24", 19, 21), 8)).unwrap_err();
        assert_eq!((refused.reason, refused.next), ("taken", Some(("small".to_owned(), window("2026-12-25", 9, 11)))));
        // A Saturday is none of its days.
        assert_eq!(asked("2026-12-26").unwrap_err().reason, "closed");
    }
}
