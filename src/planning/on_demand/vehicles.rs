//! What could rides on request be driven with? Vehicles of blocks while they stand at their depot, and such as are left to be hired; the cheapest first.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::ids::ServiceId;
use crate::domain::units::{Fen, Metres, Seconds, ServiceTime};
use crate::planning::costs;
use crate::planning::model::Model;
use crate::planning::plan::{Block, Item, ItemKind, OnDemand, Plan};
use crate::planning::project::{Policy, Project, RideOffer, VehicleType};

/// A block's gap is worth a driver from so much of the hours on.
const SHARE_OF_HOURS: u32 = 2;

/// A vehicle that could stand by.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) kind: &'a VehicleType,
    /// Row of its depot in the model's matrices.
    pub(super) depot: usize,
    pub(super) block: Option<&'a Block>,
    /// It is free from and until.
    pub(super) free: (ServiceTime, ServiceTime),
}

impl Candidate<'_> {
    /// Of so many metres, those beyond what its day includes.
    pub(super) fn over(&self, metres: Metres) -> Metres {
        let driven = self.block.map_or(Metres::ZERO, |block| costs::metres(&block.items));
        let left = self.kind.included_m.0.saturating_sub(driven.0);
        Metres(metres.0.saturating_sub(left))
    }

    /// What its day costs more with stints, and so many metres beyond what it includes.
    pub(super) fn fen(&self, stints: &[(ServiceTime, ServiceTime)], over: Metres) -> Fen {
        let hours: Seconds = stints.iter().map(|(from, until)| until.since(*from)).sum();
        match self.block {
            None => costs::day(hours, self.kind.included_m + over, self.kind),
            Some(block) => {
                let (away, driven) = (costs::away(block), costs::metres(&block.items));
                let paid = driven.max(self.kind.included_m) + over;
                costs::day(away + hours, paid, self.kind) - costs::day(away, driven, self.kind)
            }
        }
    }
}

/// All that could stand by on a service in the hours of an offer, the cheapest first. `taken`: what was given out before.
pub(super) fn candidates<'a>(
    project: &'a Project,
    model: &Model,
    plan: &'a Plan,
    service: ServiceId,
    offer: &RideOffer,
    taken: &[OnDemand],
) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    // How far a battery goes with requests nobody knows yet is not planned: those with one stay out.
    let wanted = |kind: &&VehicleType| {
        kind.battery_kwh.is_none() && offer.vehicle_type.as_ref().is_none_or(|wanted| *wanted == kind.id)
    };
    for (kind, depot) in project.fleet.iter().zip(&model.depot).filter(|(kind, _)| wanted(kind)) {
        let Some(depot) = *depot else { continue };
        let hours = (offer.from.max(kind.from), offer.until.min(kind.to));
        let enough = |(from, until): &(ServiceTime, ServiceTime)| {
            until.since(*from).0 * SHARE_OF_HOURS >= offer.until.since(offer.from).0
        };
        if !enough(&hours) {
            continue;
        }
        // More than are wanted need not be looked at.
        for _ in 0..left(project, plan, taken, service, kind).min(offer.vehicles as usize) {
            found.push(Candidate { kind, depot, block: None, free: hours });
        }
        let busy = |block: &Block| {
            let mut vehicles = taken.iter().flat_map(|other| &other.vehicles);
            vehicles.any(|vehicle| vehicle.block.as_deref() == Some(block.id.as_str()))
        };
        let named = &project.services[service.index()].id;
        let blocks = plan.blocks.iter().filter(|block| block.service == *named && block.vehicle_type == kind.id);
        for block in blocks.filter(|block| !busy(block)) {
            if let Some(free) = gap(block, hours).filter(enough) {
                found.push(Candidate { kind, depot, block: Some(block), free });
            }
        }
    }
    let price = |candidate: &Candidate<'_>| candidate.fen(&[candidate.free], Metres::ZERO);
    // Hired ones of a type are alike; of equals, those at hand first.
    found.sort_by_key(|candidate| (price(candidate), candidate.block.is_none(), &candidate.kind.id, candidate.free));
    found
}

/// The longest time within these hours in which a block's vehicle stands at its depot, or is not out yet or any more.
fn gap(block: &Block, (from, until): (ServiceTime, ServiceTime)) -> Option<(ServiceTime, ServiceTime)> {
    let mut clock = from;
    let mut best: Option<(ServiceTime, ServiceTime)> = None;
    let mut keep = |gap: (ServiceTime, ServiceTime)| {
        if gap.0 < gap.1 && best.is_none_or(|best| gap.1.since(gap.0) > best.1.since(best.0)) {
            best = Some(gap);
        }
    };
    let stands = |item: &Item| costs::at_depot(item, &block.depot) && item.kind != ItemKind::Charge;
    for item in block.items.iter().filter(|item| !stands(item)) {
        keep((clock, item.start.min(until)));
        clock = clock.max(item.end);
    }
    keep((clock, until));
    best
}

/// Vehicles of a type that nobody has on any day of a service.
fn left(project: &Project, plan: &Plan, taken: &[OnDemand], service: ServiceId, kind: &VehicleType) -> usize {
    let mut used: BTreeMap<Date, usize> = project.services[service.index()].dates().map(|date| (date, 0)).collect();
    for other in &project.services {
        let blocks = plan.blocks.iter().filter(|block| block.service == other.id && block.vehicle_type == kind.id);
        let hired = taken.iter().filter(|offer| offer.service == other.id).flat_map(|offer| &offer.vehicles);
        let hired = hired.filter(|vehicle| vehicle.block.is_none() && vehicle.vehicle_type == kind.id);
        let count = blocks.count() + hired.count();
        for date in other.dates() {
            if let Some(used) = used.get_mut(&date) {
                *used += count;
            }
        }
    }
    (kind.count as usize).saturating_sub(used.into_values().max().unwrap_or_default())
}

/// A vehicle's stints in the time it is free: none longer than a driver may drive without rest, a rest between two. Rests of the vehicles follow one
/// another, so that not all are away at once.
pub(super) fn stints(
    policy: &Policy,
    (from, until): (ServiceTime, ServiceTime),
    number: usize,
) -> Vec<(ServiceTime, ServiceTime)> {
    let (rest, most) = (policy.break_length.0, policy.max_driving.0.max(1));
    // No more in all than a driver may drive in a day.
    let day = policy.max_driving_day.0.max(1);
    let length = until.since(from).0.min(day + (day.div_ceil(most) - 1) * rest);
    // n stints and n - 1 rests fill the time.
    let mut count = 1;
    while length > count * most + (count - 1) * rest {
        count += 1;
    }
    let driven = length.saturating_sub((count - 1) * rest);
    let each = driven / count;
    if each == 0 {
        // Rests longer than what is left between them: one stint, and no more that day.
        return vec![(from, from + Seconds(length.min(most)))];
    }
    // Rests move by their own length, as far as stints before them may grow and those after them shrink.
    let room = (most - driven.div_ceil(count)).min(each - 1) / 2;
    let shift = i64::from(rest) * [0, 1, -1, 2, -2][number % 5];
    let shift = shift.clamp(-i64::from(room), i64::from(room));
    let mut stints = Vec::new();
    let (mut start, mut evenly) = (from, u64::from(from.0));
    for k in 0..count {
        // What does not divide goes to the first ones, a second each.
        evenly += u64::from(each) + u64::from(k < driven % count);
        let moved = if k + 1 == count { 0 } else { shift };
        let end = time(evenly as i64 + moved);
        stints.push((start, end));
        start = end + Seconds(rest);
        evenly += u64::from(rest);
    }
    stints
}

fn time(seconds: i64) -> ServiceTime {
    ServiceTime(u32::try_from(seconds).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rests of four hours after half an hour.
    fn strict() -> Policy {
        Policy { max_driving: Seconds(1800), break_length: Seconds(4 * 3600), ..Policy::default() }
    }

    #[test]
    fn nobody_drives_longer_than_allowed_and_rests_follow_one_another() {
        let policy = Policy::default();
        assert_eq!((policy.max_driving, policy.break_length), (Seconds(4 * 3600), Seconds(20 * 60)));
        let hours = (ServiceTime::hm(9, 30), ServiceTime::hm(16, 30));
        // Seven hours less one rest: 3 h 20 min each.
        let day = |number| stints(&policy, hours, number);
        assert_eq!(
            day(0),
            [(ServiceTime::hm(9, 30), ServiceTime::hm(12, 50)), (ServiceTime::hm(13, 10), ServiceTime::hm(16, 30))]
        );
        assert_eq!(day(1)[0].1, ServiceTime::hm(13, 10));
        assert_eq!(day(2)[0].1, ServiceTime::hm(12, 30));
        assert_eq!(stints(&policy, (ServiceTime::hm(10, 0), ServiceTime::hm(14, 0)), 3).len(), 1);
        // Two hours and five minutes, two at most at once, an hour between: no stint ends before it begins, however the rest is moved.
        let two = Policy { max_driving: Seconds(7200), break_length: Seconds(3600), ..Policy::default() };
        for number in 0..7 {
            let short = stints(&two, (ServiceTime(0), ServiceTime(7500)), number);
            assert!(short.iter().all(|(from, until)| from < until), "{short:?}");
            assert_eq!(
                stints(&strict(), (ServiceTime(0), ServiceTime(2400)), number),
                [(ServiceTime(0), ServiceTime(1800))]
            );
            for (from, until) in
                [(6 * 3600, 20 * 3600), (0, 4 * 3600 + 1), (0, 8 * 3600 + 20 * 60), (1_000, 1_001), (21_600, 67_199)]
            {
                let stints = stints(&policy, (ServiceTime(from), ServiceTime(until)), number);
                assert!(stints.iter().all(|(from, until)| from < until && until.since(*from) <= policy.max_driving));
                let all: Seconds = stints.iter().map(|(from, until)| until.since(*from)).sum();
                assert!(all <= policy.max_driving_day, "{stints:?}");
                assert!(stints.windows(2).all(|pair| pair[1].0.since(pair[0].1) == policy.break_length));
            }
        }
    }
}
