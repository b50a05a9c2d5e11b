//! Why can somebody not be taken, and when could they be? The reason is the first that holds in this order: no room anywhere, no time even with a
//! vehicle at the stop, no shift, no vehicle near enough, promises to others. Each is tried, not guessed.

use super::super::problem::DIMS;
use super::desk::Desk;
use super::insert::{Seek, find};
use super::offer::{Reason, Refusal};
use super::request::{Request, RequestError, Wish};
use super::way::Way;

/// For a request that has no place.
pub(super) fn of(desk: &Desk, request: &Request) -> Refusal {
    let reason = reason(desk, request);
    let nearest = if matches!(reason, Reason::Room { .. }) { None } else { nearest(desk, request, desk.now(), 1) };
    Refusal { reason, nearest }
}

impl Desk {
    /// As [`Refusal::nearest`], but no wished time before `first`: who must ask some time before they set out. `first` itself is tried too.
    ///
    /// # Errors
    /// A request that cannot be meant so.
    pub fn nearest_from(&self, request: &Request, first: i32) -> Result<Option<i32>, RequestError> {
        request.check(self.service())?;
        Ok(nearest(self, request, first.max(self.now()), 0))
    }
}

fn reason(desk: &Desk, request: &Request) -> Reason {
    if let Some(reason) = room(desk, request) {
        return reason;
    }
    let service = desk.service();
    let choices = request.choices(service, desk.now());
    if choices.is_empty() {
        return too_late(desk, request);
    }
    let next = desk.tickets().len();
    let takes = |ways: &[Way]| find(service, desk.tickets(), ways, next, &choices, Seek::Any).is_some();
    // Where a way round is shorter, it may be nearer from where they are than from where they began.
    let emptied: Vec<Way> = desk.ways.iter().map(Way::emptied).collect();
    if takes(&emptied) {
        return Reason::Promised;
    }
    let fresh: Vec<Way> = (0..service.vehicles().len()).map(|vehicle| Way::new(service, vehicle)).collect();
    if takes(&fresh) { Reason::TooFar } else { Reason::Shift }
}

/// The first kind of load that no vehicle holds which holds the kinds before.
fn room(desk: &Desk, request: &Request) -> Option<Reason> {
    let mut vehicles: Vec<usize> = (0..desk.service().vehicles().len()).collect();
    for kind in 0..DIMS {
        let room = |&vehicle: &usize| desk.service().vehicles()[vehicle].capacity[kind];
        let (needs, has) = (request.load[kind], vehicles.iter().map(room).max().unwrap_or(0));
        if needs > has {
            return Some(Reason::Room { kind, needs, has });
        }
        vehicles.retain(|vehicle| needs <= room(vehicle));
    }
    None
}

/// When they could be there with a vehicle at the stop.
fn too_late(desk: &Desk, request: &Request) -> Reason {
    let (service, rules) = (desk.service(), desk.service().rules());
    let out = i64::from(request.earliest.max(desk.now()));
    let stands = i64::from(rules.board.of(request.people)) + i64::from(rules.alight.of(request.people));
    let there = request.pickups.iter().flat_map(|from| {
        request.setdowns.iter().filter(|to| to.place != from.place).map(move |to| {
            let walks = i64::from(from.walk) + i64::from(to.walk);
            out + walks + stands + i64::from(service.duration(from.place, to.place))
        })
    });
    Reason::TooLate { soonest: there.min().unwrap_or(out), latest: request.latest }
}

/// The nearest wished time from `first` on that would be taken, so many steps of the grid away at least. Those from which nobody could set out any
/// more are not tried.
fn nearest(desk: &Desk, request: &Request, first: i32, least: i32) -> Option<i32> {
    let rules = desk.service().rules();
    let wished = |request: &Request| match request.wish {
        Wish::DepartAfter => request.earliest,
        Wish::ArriveBy => request.latest,
    };
    // Who wished to leave in the past wishes to leave now.
    let mut base = request.clone();
    if base.wish == Wish::DepartAfter {
        base.earliest = base.earliest.max(first);
    }
    let tries = rules.horizon / rules.grid;
    (least..=tries).flat_map(|step| [step * rules.grid, -step * rules.grid]).find_map(|by| {
        let moved = base.moved(by).filter(|moved| wished(moved) >= first)?;
        desk.takes(&moved).then(|| wished(&moved))
    })
}
