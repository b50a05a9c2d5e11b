//! Where does somebody fit best? All vehicles, stops and positions, the most promising first (best insertion, Jaw et al. 1986).
//!
//! Each place is first measured from what is known before and behind it: least times from the front, latest from the back, what may be added to rides
//! (O(1) each). What cannot be excluded is tried exactly, in the order of what it costs at least, until nothing left can be better. Exact whatever
//! the matrices, also where a way round is shorter.

use super::super::problem::Load;
use super::desk::Ticket;
use super::offer::Promise;
use super::request::Choice;
use super::service::Service;
use super::sheet::What;
use super::times::least;
use super::way::{Book, Call, Scratch, Way};

/// A place that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Position among the ways.
    pub(super) way: usize,
    /// Position among the choices.
    pub(super) choice: usize,
    pub(super) calls: Vec<Call>,
    pub(super) times: Vec<i32>,
    pub(super) boards: i32,
    pub(super) alights: i32,
    pub(super) cost: i64,
    pub(super) rank: i64,
}

/// What is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seek {
    /// The place of the least rank.
    Best,
    /// Any place at all.
    Any,
}

/// A place as it looks from outside; ordered by the least rank it can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    rank: i64,
    way: u32,
    choice: u32,
    /// Boarding comes behind this cell, alighting behind that one, or behind boarding.
    after: u32,
    behind: u32,
    cost: i64,
}

/// A call of a way, where it begins or where it ends.
#[derive(Clone, Copy, Debug)]
struct Cell {
    place: usize,
    /// It stands so long.
    stands: i64,
    early: i64,
    late: i64,
    /// Begins no sooner, whatever follows.
    fore: i64,
    /// Begins no later, whatever comes before.
    aft: i64,
    /// Aboard behind it.
    load: Load,
    /// The most that rides which go on behind it may take longer.
    spare: i64,
}

/// The place that is sought for a ticket that is on no way, or for the next one; nothing where there is none.
pub(super) fn find(
    service: &Service,
    tickets: &[Ticket],
    ways: &[Way],
    ticket: usize,
    choices: &[Choice],
    seek: Seek,
) -> Option<Found> {
    let mut scratch = Scratch::default();
    let mut spots: Vec<Spot> = Vec::new();
    let mut cells: Vec<Cell> = Vec::new();
    let mut idle = Vec::with_capacity(ways.len());
    for (at, way) in ways.iter().enumerate() {
        let known = !way.home && outline(service, tickets, way, &mut scratch, &mut cells).is_some();
        idle.push(if known { scratch.idle() } else { 0 });
        if known {
            for (choice, what) in choices.iter().enumerate() {
                look(service, way, &cells, what, &mut |after, behind, cost, alights| {
                    let rider = what.rider.seconds(what.promise.window.1.into(), alights);
                    let worth = rider * i64::from(what.promise.people) - idle[at];
                    let rank = cost.saturating_add(worth.saturating_mul(service.rules().per_second));
                    let (way, choice) = (at as u32, choice as u32);
                    spots.push(Spot { rank, way, choice, after: after as u32, behind: behind as u32, cost });
                });
            }
        }
        if seek == Seek::Any {
            // One is enough: whichever comes first.
            let mut tried = spots.drain(..);
            let found =
                tried.find_map(|spot| exact(service, tickets, ways, (ticket, choices), spot, &idle, &mut scratch));
            if found.is_some() {
                return found;
            }
        }
    }
    spots.sort_unstable();
    let mut best: Option<Found> = None;
    for spot in spots {
        if best.as_ref().is_some_and(|best| best.rank <= spot.rank) {
            break;
        }
        let found = exact(service, tickets, ways, (ticket, choices), spot, &idle, &mut scratch);
        if let Some(found) = found.filter(|found| best.as_ref().is_none_or(|best| found.rank < best.rank)) {
            best = Some(found);
        }
    }
    best
}

/// Fills the cells of a way, and the times of the scratch; nothing where the way cannot be driven.
fn outline(
    service: &Service,
    tickets: &[Ticket],
    way: &Way,
    scratch: &mut Scratch,
    cells: &mut Vec<Cell>,
) -> Option<()> {
    let book = Book::of(tickets);
    way.steps(service, book, way.open.iter().copied(), scratch)?;
    if !least(&scratch.steps, &mut scratch.times) {
        return None;
    }
    let steps = &scratch.steps;
    cells.clear();
    for (at, step) in steps.iter().enumerate() {
        let (place, stands) = if at == 0 {
            (way.place, 0)
        } else if let Some(call) = way.open.get(at - 1) {
            let promise = book.promise(call.ticket)?;
            match call.what {
                What::Board => (promise.pickup, promise.board),
                What::Alight => (promise.setdown, promise.alight),
            }
        } else {
            (service.vehicles()[way.vehicle].end, 0)
        };
        let before = cells.last().map_or(0, |last| last.fore + steps[at - 1].leg);
        let load = scratch.loads.get(at).copied().unwrap_or_default();
        cells.push(Cell {
            place,
            stands: stands.into(),
            early: step.early,
            late: step.late,
            fore: step.early.max(before),
            aft: step.late,
            load,
            spare: i64::MAX,
        });
    }
    for at in (0..cells.len() - 1).rev() {
        cells[at].aft = cells[at].late.min(cells[at + 1].aft - steps[at].leg);
    }
    for (at, step) in steps.iter().enumerate() {
        if let Some((first, most)) = step.ride {
            let spare = most - steps[first..at].iter().map(|step| step.leg).sum::<i64>();
            for cell in &mut cells[first..at] {
                cell.spare = cell.spare.min(spare);
            }
        }
    }
    Some(())
}

/// Names every pair of positions that cannot be excluded, what it adds to the cost and the soonest beginning of alighting.
fn look(service: &Service, way: &Way, cells: &[Cell], choice: &Choice, name: &mut dyn FnMut(usize, usize, i64, i64)) {
    let promise = &choice.promise;
    let vehicle = &service.vehicles()[way.vehicle];
    let time = |from: usize, to: usize| i64::from(service.duration(from, to));
    let length = |from: usize, to: usize| i64::from(service.distance(from, to));
    let room = |cell: &Cell| {
        cell.load.iter().zip(&promise.load).zip(&vehicle.capacity).all(|((&here, &more), &most)| more <= most - here)
    };
    let fresh = way.left.is_none() && way.open.is_empty();
    let (board, alight) = (i64::from(promise.board), i64::from(promise.alight));
    let (first, last) = (i64::from(promise.window.0), i64::from(promise.window.1));
    let (down_first, down_last) = (i64::from(promise.down.0), i64::from(promise.down.1));
    let direct = time(promise.pickup, promise.setdown);
    let cost = |more: i64| {
        // Who stays at home does not go from its start to its end.
        let (more, fixed) =
            if fresh { (more + length(cells[0].place, cells[1].place), vehicle.fixed) } else { (more, 0) };
        fixed.saturating_add(more.saturating_mul(vehicle.per_distance))
    };
    for (after, pair) in cells.windows(2).enumerate() {
        let (cell, next) = (&pair[0], &pair[1]);
        if cell.fore + cell.stands > last {
            // Farther on it is later still.
            break;
        }
        let boards = (cell.fore + cell.stands + time(cell.place, promise.pickup)).max(first);
        if boards > last || !room(cell) {
            continue;
        }
        let alights = (boards + board + direct).max(down_first);
        let there = time(promise.setdown, next.place);
        let longer = time(cell.place, promise.pickup) + board + direct + alight + there - time(cell.place, next.place);
        if alights <= down_last && alights + alight + there <= next.aft && longer <= cell.spare {
            let more = length(cell.place, promise.pickup)
                + length(promise.pickup, promise.setdown)
                + length(promise.setdown, next.place)
                - length(cell.place, next.place);
            name(after, after, cost(more), alights);
        }
        let to_next = time(promise.pickup, next.place);
        let longer = time(cell.place, promise.pickup) + board + to_next - time(cell.place, next.place);
        let detour =
            length(cell.place, promise.pickup) + length(promise.pickup, next.place) - length(cell.place, next.place);
        let (mut clock, mut ride) = (boards + board + to_next, to_next);
        for behind in after + 1..cells.len() - 1 {
            let (cell, next) = (&cells[behind], &cells[behind + 1]);
            clock = clock.max(cell.early);
            if clock > cell.late || clock > down_last || ride > i64::from(promise.longest) || !room(cell) {
                break;
            }
            let (to, from) = (time(cell.place, promise.setdown), time(promise.setdown, next.place));
            let leg = time(cell.place, next.place);
            let alights = (clock + cell.stands + to).max(down_first);
            let later = to + alight + from - leg;
            if alights <= down_last
                && ride + cell.stands + to <= i64::from(promise.longest)
                && alights + alight + from <= next.aft
                && longer + later.min(0) <= cells[after].spare
                && later + longer.min(0) <= cell.spare
            {
                let more = length(cell.place, promise.setdown) + length(promise.setdown, next.place)
                    - length(cell.place, next.place);
                name(after, behind, cost(detour + more), alights);
            }
            clock += cell.stands + leg;
            ride += cell.stands + leg;
        }
    }
}

/// The place with its least times, if there are any.
fn exact(
    service: &Service,
    tickets: &[Ticket],
    ways: &[Way],
    (ticket, choices): (usize, &[Choice]),
    spot: Spot,
    idle: &[i64],
    scratch: &mut Scratch,
) -> Option<Found> {
    let (at, choice) = (spot.way as usize, &choices[spot.choice as usize]);
    let (way, promise): (&Way, &Promise) = (&ways[at], &choice.promise);
    let (after, behind) = (spot.after as usize, spot.behind as usize);
    let new = |what| Call { ticket, what };
    let calls = way.open[..after]
        .iter()
        .copied()
        .chain([new(What::Board)])
        .chain(way.open[after..behind].iter().copied())
        .chain([new(What::Alight)])
        .chain(way.open[behind..].iter().copied());
    let book = Book { tickets, new: Some(promise) };
    way.steps(service, book, calls.clone(), scratch)?;
    if !least(&scratch.steps, &mut scratch.times) {
        return None;
    }
    let (boards, alights) = (scratch.times[after + 1], scratch.times[behind + 2]);
    let rider = choice.rider.seconds(boards, alights) * i64::from(promise.people);
    let worth = (rider + scratch.idle() - idle[at]).saturating_mul(service.rules().per_second);
    let times = scratch.times[1..scratch.times.len() - 1].iter().map(|&time| time as i32).collect();
    Some(Found {
        way: at,
        choice: spot.choice as usize,
        calls: calls.collect(),
        times,
        boards: boards as i32,
        alights: alights as i32,
        cost: spot.cost,
        rank: spot.cost.saturating_add(worth),
    })
}
