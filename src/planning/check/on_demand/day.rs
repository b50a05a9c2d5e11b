//! Does the drawn day keep every promise, with the vehicles there are? Times of a ride are beginnings of boarding and alighting.

use std::collections::{BTreeMap, BTreeSet};

use super::{Judge, NO_WAY, Report};
use crate::domain::finding::Finding;
use crate::domain::units::ServiceTime;
use crate::planning::plan::{Cohort, Ride, Standby, TimeKind};

/// Reasons there are.
const REASONS: [&str; 6] = ["too-late", "shift", "too-far", "promised", "room", "alternative-is-better"];

/// Somebody gets in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Call {
    at: u32,
    place: usize,
    ride: usize,
    boards: bool,
}

pub(super) fn check(judge: &Judge<'_, '_>, report: &mut Report) {
    let (offer, case) = (judge.offer, judge.case);
    let day = &offer.day;
    let asks: BTreeSet<&str> = offer.asks.iter().map(|asks| asks.cohort.as_str()).collect();
    let people = day.rides.iter().map(|ride| &ride.cohort).chain(day.refused.iter().map(|one| &one.cohort));
    for cohort in people.filter(|cohort| !asks.contains(cohort.as_str())) {
        judge.says("day", "one who may ask", cohort, report);
    }
    for one in day.refused.iter().filter(|one| !REASONS.contains(&one.reason.as_str())) {
        judge.says("reason", REASONS.join(", "), &one.reason, report);
    }
    if !offer.vehicles.is_empty() && day.number >= offer.worth.days
        || offer.vehicles.is_empty() && !day.rides.is_empty()
    {
        judge.says("day", offer.worth.days, day.number, report);
    }
    let places: BTreeMap<&str, usize> =
        offer.stops.iter().enumerate().map(|(at, stop)| (stop.id.as_str(), at)).collect();
    let mut calls: BTreeMap<&str, Vec<Call>> = BTreeMap::new();
    for (number, ride) in day.rides.iter().enumerate() {
        let ends = places.get(ride.board.as_str()).copied().zip(places.get(ride.alight.as_str()).copied());
        let (Some((board, alight)), Some(cohort)) = (ends, case.cohorts.get(ride.cohort.as_str())) else {
            broken(judge, number, "stops", "-", format!("{} {}", ride.board, ride.alight), report);
            continue;
        };
        promise(judge, number, ride, cohort, (board, alight), report);
        let calls = calls.entry(&ride.vehicle).or_default();
        calls.push(Call { at: ride.boards.0, place: board, ride: number, boards: true });
        calls.push(Call { at: ride.alights.0, place: alight, ride: number, boards: false });
    }
    for (id, mut calls) in calls {
        calls.sort_unstable();
        match offer.vehicles.iter().find(|vehicle| vehicle.id == id) {
            Some(vehicle) => drive(judge, vehicle, &calls, report),
            None => judge.says("day", "a vehicle", id, report),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "numbers and words alike, said once")]
fn broken(
    judge: &Judge<'_, '_>,
    ride: usize,
    what: &str,
    expected: impl ToString,
    found: impl ToString,
    report: &mut Report,
) {
    report.add(
        Finding::error("check-ride-broken")
            .arg("offer", judge.offer.id.as_str())
            .arg("ride", ride + 1)
            .arg("what", what)
            .arg("expected", expected.to_string())
            .arg("found", found.to_string()),
    );
}

/// Was it to be promised, and was it kept?
fn promise(
    judge: &Judge<'_, '_>,
    number: usize,
    ride: &Ride,
    cohort: &Cohort,
    (board, alight): (usize, usize),
    report: &mut Report,
) {
    let (offer, policy) = (judge.offer, &judge.case.project.policy);
    let rules = &offer.rules;
    let size = offer.stops.len() + offer.depots.len();
    let Some(&direct) = offer.seconds.get(board * size + alight) else { return };
    let stands = i64::from(rules.stop_s) + i64::from(rules.person_s);
    let walks = judge.walk(cohort, &cohort.origin, board).zip(judge.walk(cohort, &cohort.destination, alight));
    let Some((before, after)) = walks.filter(|_| board != alight && direct < NO_WAY.0) else {
        broken(judge, number, "walk", "in reach", format!("{} {}", ride.board, ride.alight), report);
        return;
    };
    let (boards, alights) = (i64::from(ride.boards.0), i64::from(ride.alights.0));
    let (from, until) = (i64::from(ride.window.0.0), i64::from(ride.window.1.0));
    let (wished, by) = (i64::from(cohort.time.0), i64::from(ride.by.0));
    let most = i64::from(direct) * i64::from(rules.ride_percent) / 100 + i64::from(rules.ride_slack_s);
    let longest = most.min(rules.max_ride_s.into()).max(direct.into());
    let wait = i64::from(rules.max_wait_s);
    let mut must = |what: &str, holds: bool, expected: i64, found: i64| {
        if !holds {
            broken(judge, number, what, expected, found, report);
        }
    };
    must("window", from <= until && until - from <= i64::from(rules.window_s), rules.window_s.into(), until - from);
    must("boards", (from..=until).contains(&boards), from, boards);
    must("by", alights + stands <= by, by, alights + stands);
    must("ride", alights - boards - stands <= longest, longest, alights - boards - stands);
    let out = i64::from(ride.asked.0) + i64::from(rules.notice_s);
    // Who asked before the day began asked in time.
    must("asked", ride.asked.0 == 0 || out + before as i64 <= from, from - before as i64, out);
    match cohort.time_kind {
        TimeKind::DepartAfter => {
            let ready = wished + i64::from(policy.ahead.0) + before as i64;
            must("ready", from >= ready && until <= ready + wait, ready, from);
        }
        TimeKind::ArriveBy => {
            must("arrive", by + after as i64 <= wished, wished, by + after as i64);
            // Not set down long before: the last moment is the wished time less the walk and getting out.
            let last = wished - after as i64 - stands;
            must("early", alights >= last - wait, last - wait, alights);
        }
    }
}

/// One call after the other, in its stints, with room for all.
fn drive(judge: &Judge<'_, '_>, vehicle: &Standby, calls: &[Call], report: &mut Report) {
    let offer = judge.offer;
    let (rides, size) = (&offer.day.rides, offer.stops.len() + offer.depots.len());
    let stands = u64::from(offer.rules.stop_s) + u64::from(offer.rules.person_s);
    let Some(depot) = offer.depots.iter().position(|depot| *depot == vehicle.depot) else { return };
    let depot = offer.stops.len() + depot;
    let seconds =
        |from: usize, to: usize| offer.seconds.get(from * size + to).map_or(u64::MAX / 4, |&cell| cell.into());
    let mut left = calls;
    for &(from, until) in &vehicle.stints {
        let (mut place, mut free) = (depot, u64::from(from.0));
        let (mut seated, mut wheelchairs) = (BTreeSet::new(), BTreeSet::new());
        while let Some((call, rest)) = left.split_first().filter(|(call, _)| call.at <= until.0) {
            let arrives = free + seconds(place, call.place);
            if arrives > u64::from(call.at) {
                broken(judge, call.ride, "vehicle there", clock(arrives), clock(call.at.into()), report);
            }
            (place, free, left) = (call.place, u64::from(call.at) + stands, rest);
            let cohort = rides.get(call.ride).and_then(|ride| judge.case.cohorts.get(ride.cohort.as_str()));
            let aboard = if cohort.is_some_and(|cohort| cohort.wheelchair) { &mut wheelchairs } else { &mut seated };
            if call.boards {
                aboard.insert(call.ride);
            } else if !aboard.remove(&call.ride) {
                broken(judge, call.ride, "aboard", "boards first", "-", report);
            }
            for (aboard, places) in [(seated.len(), vehicle.seats), (wheelchairs.len(), vehicle.wheelchair_places)] {
                if aboard > places as usize {
                    broken(judge, call.ride, "room", places, aboard, report);
                }
            }
        }
        let back = free + if place == depot { 0 } else { seconds(place, depot) };
        if back > u64::from(until.0) || !seated.is_empty() || !wheelchairs.is_empty() {
            judge.says("stint", until, clock(back), report);
        }
    }
    if let Some(call) = left.first() {
        broken(judge, call.ride, "stint", "-", clock(call.at.into()), report);
    }
}

fn clock(seconds: u64) -> ServiceTime {
    ServiceTime(u32::try_from(seconds).unwrap_or(u32::MAX))
}
