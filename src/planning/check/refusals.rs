//! Could this be why somebody gets no bay? What a refusal claims must not be plainly untrue.
//!
//! The planner tries reach, time, price, kind of bay, room in this order; the first that leaves no lot is the reason. Reach, hours,
//! price and kinds are derived again. What owners can bear is not, but for the plain cases: with two bays or more one car
//! always leaves one for its owner; and where a quarter of the bays or less would be given out and one of the kind is free
//! throughout, the lot is not full. Limits: beyond 2000 requests, or two million requests times lots, the planner may have been cut
//! short or looked at the nearest lots only, so that reasons are only held against the list of them; what a change would bring (`minutes`, `fen`, `walk_m`) and the place in the queue is judged only in its form.

use std::collections::BTreeMap;

use super::case::Case;
use super::parking::{Use, is_own};
use super::report::{Report, change_is_sound};
use super::times::{Hours, Moment, moments};
use super::walks::Walks;
use crate::domain::finding::Finding;
use crate::planning::plan::Refusal;
use crate::planning::project::{Lot, ParkingRequest};

/// Nobody is told of a lot farther than this from home, metres.
const HORIZON: u32 = 3000;
/// Reasons there are.
const REASONS: [&str; 6] =
    ["no-lot-in-reach", "no-lot-at-that-time", "too-dear", "no-accessible-bay", "no-charging-bay", "full"];
/// Changes a refusal may name.
const CHANGES: [&str; 3] = ["minutes", "fen", "walk_m"];

/// A lot that is near and lends bays at the time asked for.
struct Open<'a> {
    lot: &'a Lot,
    /// Its owners can surely bear a car.
    sure: bool,
    affordable: bool,
    /// It has a bay of the kind.
    suited: bool,
    /// One is surely free; looked at where it is said to be full.
    free: bool,
}

pub(super) fn check(
    case: &Case<'_>,
    walks: &Walks<'_>,
    lots: &BTreeMap<&str, (&Lot, &Hours)>,
    used: &BTreeMap<&str, Use>,
    report: &mut Report,
) {
    let hours: Vec<(&Lot, &Hours)> = lots.values().copied().collect();
    for refusal in &case.plan.parking.refused {
        for change in &refusal.relaxations {
            if !change_is_sound(change, &CHANGES) {
                report.add(
                    Finding::error("check-relaxation")
                        .arg("of", refusal.request.as_str())
                        .arg("kind", change.kind.as_str())
                        .arg("found", change.amount.to_string()),
                );
            }
        }
        let listed = REASONS.contains(&refusal.reason.as_str());
        let request = case.project.requests.iter().find(|request| walks.whole && request.id == refusal.request);
        if !listed || request.is_some_and(|request| !plausible(case, walks, &hours, used, refusal, request)) {
            report.add(
                Finding::error("check-refusal-reason")
                    .arg("request", refusal.request.as_str())
                    .arg("found", refusal.reason.as_str()),
            );
        }
    }
}

fn plausible(
    case: &Case<'_>,
    walks: &Walks<'_>,
    hours: &[(&Lot, &Hours)],
    used: &BTreeMap<&str, Use>,
    refusal: &Refusal,
    request: &ParkingRequest,
) -> bool {
    let most = request.max_walk.0.min(HORIZON);
    let near: Vec<_> =
        hours.iter().filter(|(lot, _)| walks.of(&request.id, &lot.id).is_some_and(|metres| metres <= most)).collect();
    let wanted: Vec<Moment> = moments(&request.window);
    let open: Vec<Open<'_>> = near
        .iter()
        .filter(|(lot, lent)| {
            !wanted.is_empty() && (is_own(lot, request) || wanted.iter().all(|moment| lent.has(*moment)))
        })
        .map(|(lot, lent)| {
            let always = is_own(lot, request) || lent.always();
            let bays = bays(lot, request);
            let permits = case.plan.parking.permits.iter().filter(|permit| permit.lot == lot.id).count() as u64;
            let taken = |moment: &Moment| used.get(lot.id.as_str()).map_or(0, |used| used.alike(*moment, request));
            Open {
                lot,
                sure: lot.bays >= 2 || always && lot.bays > 0,
                affordable: request.max_price.is_none_or(|most| lot.price <= most),
                suited: bays > 0,
                free: refusal.reason == "full"
                    && 4 * (permits + 1) <= u64::from(lot.bays)
                    && wanted.iter().all(|moment| taken(moment) < bays),
            }
        })
        .collect();
    let any = |is: &dyn Fn(&Open<'_>) -> bool| open.iter().any(is);
    let unsuited = || any(&|o| o.affordable && !o.suited) && !any(&|o| o.sure && o.affordable && o.suited);
    match refusal.reason.as_str() {
        "no-lot-in-reach" => near.is_empty(),
        "no-lot-at-that-time" => !near.is_empty() && !any(&|o| o.sure),
        "too-dear" => any(&|o| !o.affordable) && !any(&|o| o.sure && o.affordable),
        "no-accessible-bay" => request.accessible && unsuited(),
        "no-charging-bay" => request.charging && !request.accessible && unsuited(),
        "full" => {
            let suitable = |o: &Open<'_>| o.affordable && o.suited && o.lot.bays > 0;
            any(&suitable) && !any(&|o| suitable(o) && o.free)
        }
        _ => false,
    }
}

/// Bays of a lot for cars like this one, as few as its counts prove.
fn bays(lot: &Lot, request: &ParkingRequest) -> u32 {
    let (accessible, charging) = (lot.accessible_bays.min(lot.bays), lot.charging_bays.min(lot.bays));
    let special = accessible.saturating_add(charging);
    let both = special.saturating_sub(lot.bays);
    match (request.accessible, request.charging) {
        (false, false) => lot.bays - (special - both),
        (true, false) => accessible - both,
        (false, true) => charging - both,
        (true, true) => both,
    }
}
