//! The trips of one vehicle type, every way to run one after another, and the flow over them.

use std::collections::BTreeMap;

use super::{Chain, Drive, EmptyDrives, Link, Problem, Spot, Work, metres, range};
use crate::domain::ids::{TripId, TypeId};
use crate::domain::units::{Fen, Metres, Seconds, ServiceTime};
use crate::flow::{self, ArcId, FlowError, Limit, Network};
use crate::planning::costs;
use crate::planning::project::VehicleType;

/// Units of flow cost in a fen: with it a 16th of the price of a minute (3,000), of a metre (180) and of a second (50) stay whole.
const UNIT: i64 = 2_880_000;

/// Shares x of the prices of extra hours and kilometres that are tried, in 16ths.
const SHARES: [i64; 5] = [1, 4, 8, 12, 16];

/// The trips of one type and every way to run one after another.
pub(super) struct Links<'a> {
    pub(super) problem: &'a Problem<'a>,
    pub(super) vehicle: &'a VehicleType,
    vehicle_type: TypeId,
    /// Trips of this type by departure.
    pub(super) trips: Vec<TripId>,
    /// From and to the depot; `None` where the vehicle cannot.
    pub(super) outs: Vec<Option<Drive>>,
    pub(super) ins: Vec<Option<Drive>>,
    /// (earlier, later, ways to do it).
    pub(super) pairs: Vec<(usize, usize, Vec<Link>)>,
}

impl<'a> Links<'a> {
    pub(super) fn find(problem: &'a Problem<'a>, vehicle_type: TypeId, vehicle: &'a VehicleType, depot: Spot) -> Self {
        let mut trips: Vec<TripId> = (0..problem.works.len())
            .map(TripId::at)
            .filter(|trip| problem.works[trip.index()].vehicle_type == vehicle_type)
            .collect();
        trips.sort_by_key(|trip| (problem.works[trip.index()].depart, *trip));
        let work = |trip: TripId| &problem.works[trip.index()];
        let first_minute = vehicle.from.0.div_ceil(60);
        let last_minute = vehicle.to.minute();
        let outs: Vec<Option<Drive>> = trips
            .iter()
            .map(|&trip| {
                let work = work(trip);
                latest(problem.drive, depot, Spot::Stop(work.from), first_minute, work.begins())
            })
            .collect();
        let ins: Vec<Option<Drive>> = trips
            .iter()
            .map(|&trip| {
                let work = work(trip);
                earliest(problem.drive, Spot::Stop(work.to), depot, work.ends(problem.layover), last_minute)
            })
            .collect();
        let mut pairs = Vec::new();
        for (i, &earlier) in trips.iter().enumerate() {
            let free = work(earlier).ends(problem.layover);
            for (j, &later) in trips.iter().enumerate().skip(i + 1) {
                let (from, to, due) = (work(earlier).to, work(later).from, work(later).begins());
                if due < free {
                    continue;
                }
                let mut ways = Vec::with_capacity(2);
                if from == to {
                    ways.push(Link::Wait);
                } else if let Some(drive) = latest(problem.drive, Spot::Stop(from), Spot::Stop(to), free, due) {
                    ways.push(Link::Direct(drive));
                }
                if let (Some(home), Some(back)) = (ins[i], outs[j])
                    && home.end <= back.start
                {
                    ways.push(Link::Home(home, back));
                }
                if !ways.is_empty() {
                    pairs.push((i, j, ways));
                }
            }
        }
        Self { problem, vehicle, vehicle_type, trips, outs, ins, pairs }
    }

    /// The best chains found and a bound on cost and lost value together.
    pub(super) fn solve(&self) -> Result<(Vec<Chain>, Fen), FlowError> {
        let count = self.trips.len();
        let (source, sink) = (2 * count, 2 * count + 1);
        let mut network = Network::new(&self.network(source, sink))?;
        let values: Vec<i64> = self.trips.iter().map(|&trip| self.value(trip)).collect();
        let all_values: i64 = values.iter().sum();
        let mut best: Option<(i64, Vec<Chain>)> = None;
        let mut bound = 0;
        for (share, credit) in SHARES.into_iter().flat_map(|share| [(share, true), (share, false)]) {
            for (arc, cost) in (0..).map(ArcId).zip(self.arc_costs(share, credit)) {
                network.set_cost(arc, cost);
            }
            let flow = network.solve(source, sink, Limit::WhileProfitable(i64::from(self.vehicle.count)))?;
            if credit {
                let total = flow.cost + i128::from(all_values) * i128::from(UNIT);
                // Each block's true cost is rounded, at most half a fen down.
                let proven = total.div_euclid(i128::from(UNIT)) - i128::from(self.vehicle.count.div_ceil(2));
                bound = bound.max(i64::try_from(proven).unwrap_or(0));
            }
            let chains = self.within_range(self.chains(share, &flow.arcs));
            let run: i64 = chains.iter().flat_map(|chain| &chain.trips).map(|&trip| self.value(trip)).sum();
            let cost: i64 = chains.iter().map(|chain| chain.cost.0).sum::<i64>().saturating_add(all_values - run);
            if best.as_ref().is_none_or(|(old, _)| cost < *old) {
                best = Some((cost, chains));
            }
        }
        let (_, chains) = best.unwrap_or_default();
        let mut chains = self.exchange_tails(&chains);
        chains.sort_by_key(|chain| (chain.pull_out.start, chain.trips.first().copied()));
        Ok((chains, Fen(bound)))
    }

    /// The arcs, still without costs, in the order of [`Self::arc_costs`].
    fn network(&self, source: usize, sink: usize) -> flow::Problem {
        let mut network = flow::Problem::new(2 * self.trips.len() + 2);
        for trip in 0..self.trips.len() {
            network.add_arc(2 * trip, 2 * trip + 1, 1, 0);
            network.add_arc(source, 2 * trip, i64::from(self.outs[trip].is_some()), 0);
            network.add_arc(2 * trip + 1, sink, i64::from(self.ins[trip].is_some()), 0);
        }
        for (earlier, later, _) in &self.pairs {
            network.add_arc(2 * earlier + 1, 2 * later, 1, 0);
        }
        network
    }

    /// Costs of the arcs with hours and kilometres at so many 16ths of their price, with or without credit for those included.
    fn arc_costs(&self, share: i64, credit: bool) -> impl Iterator<Item = i64> {
        let vehicle = self.vehicle;
        let included = i128::from(vehicle.included.0) * i128::from(vehicle.cost_per_extra_hour.0) * 50
            + i128::from(vehicle.included_m.0) * i128::from(vehicle.cost_per_extra_km.0) * 180;
        let hire = i128::from(vehicle.cost_per_day.0) * i128::from(UNIT)
            - if credit { included * i128::from(share) } else { 0 };
        let drive = move |drive: Option<Drive>| {
            drive.map_or(0, |drive| self.price(share, drive.end - drive.start, drive.metres.0))
        };
        let trips = (0..self.trips.len()).flat_map(move |trip| {
            let work = self.work(trip);
            let minutes = work.ends(self.problem.layover) - work.begins();
            let prize = self.value(self.trips[trip]) * UNIT;
            [
                self.price(share, minutes, work.metres.0).saturating_sub(prize),
                clamp(hire + i128::from(drive(self.outs[trip]))),
                drive(self.ins[trip]),
            ]
        });
        let pairs = self
            .pairs
            .iter()
            .map(move |(earlier, later, ways)| self.cheaper(share, *earlier, *later, ways).map_or(0, |(cost, _)| cost));
        trips.chain(pairs)
    }

    /// What a trip is worth, as far as the arithmetic bears it.
    fn value(&self, trip: TripId) -> i64 {
        let most = (1_i64 << 56) / UNIT / (i64::try_from(self.trips.len()).unwrap_or(i64::MAX - 1) + 1);
        self.problem.works[trip.index()].value.0.clamp(0, most)
    }

    pub(super) fn work(&self, trip: usize) -> &Work {
        &self.problem.works[self.trips[trip].index()]
    }

    /// Minutes away and metres at a share of their price.
    fn price(&self, share: i64, minutes: u32, metres: u32) -> i64 {
        clamp(
            i128::from(share)
                * (i128::from(minutes) * i128::from(self.vehicle.cost_per_extra_hour.0) * 3000
                    + i128::from(metres) * i128::from(self.vehicle.cost_per_extra_km.0) * 180),
        )
    }

    /// Ways from one trip to a later one; none if one vehicle cannot run both.
    pub(super) fn ways(&self, earlier: usize, later: usize) -> &[Link] {
        self.pairs
            .binary_search_by_key(&(earlier, later), |(earlier, later, _)| (*earlier, *later))
            .map_or(&[], |index| &self.pairs[index].2)
    }

    /// Minutes away and metres between two trips.
    pub(super) fn between(&self, earlier: usize, later: usize, link: &Link) -> (u32, u32) {
        let minutes = match link {
            Link::Home(home, back) => home.end - home.start + (back.end - back.start),
            Link::Wait | Link::Direct(_) => self.work(later).begins() - self.work(earlier).ends(self.problem.layover),
        };
        (minutes, link.metres())
    }

    /// The cheaper way from one trip to another (the first of equals, which is not over the depot).
    fn cheaper(&self, share: i64, earlier: usize, later: usize, ways: &[Link]) -> Option<(i64, Link)> {
        ways.iter()
            .map(|way| {
                let (minutes, metres) = self.between(earlier, later, way);
                (self.price(share, minutes, metres), *way)
            })
            .min_by_key(|(cost, _)| *cost)
    }

    /// Follows the flow from the first trips on.
    fn chains(&self, share: i64, flow: &[i64]) -> Vec<Chain> {
        let count = self.trips.len();
        let mut next: Vec<Option<(usize, Link)>> = vec![None; count];
        for ((earlier, later, ways), &units) in self.pairs.iter().zip(&flow[3 * count..]) {
            if units > 0 {
                next[*earlier] = self.cheaper(share, *earlier, *later, ways).map(|(_, link)| (*later, link));
            }
        }
        let mut chains = Vec::new();
        for first in (0..count).filter(|trip| flow[3 * trip + 1] > 0) {
            let (mut trips, mut links) = (vec![first], Vec::new());
            let mut last = first;
            while let Some((later, link)) = next[last] {
                trips.push(later);
                links.push(link);
                last = later;
            }
            chains.extend(self.chain(&trips, &links));
        }
        chains
    }

    /// A chain with its drives and cost; `None` if it cannot leave or come home.
    pub(super) fn chain(&self, trips: &[usize], links: &[Link]) -> Option<Chain> {
        let pull_out = self.outs[*trips.first()?]?;
        let pull_in = self.ins[*trips.last()?]?;
        let home: u32 = links
            .iter()
            .map(|link| match link {
                Link::Home(home, back) => back.start - home.end,
                Link::Wait | Link::Direct(_) => 0,
            })
            .sum();
        let away = Seconds((pull_in.end - pull_out.start - home) * 60);
        let metres = trips
            .iter()
            .map(|&trip| self.work(trip).metres.0)
            .chain(links.iter().map(Link::metres))
            .chain([pull_out.metres.0, pull_in.metres.0])
            .fold(0, u32::saturating_add);
        Some(Chain {
            vehicle_type: self.vehicle_type,
            trips: trips.iter().map(|&trip| self.trips[trip]).collect(),
            links: links.to_vec(),
            pull_out,
            pull_in,
            cost: costs::day(away, Metres(metres), self.vehicle),
        })
    }

    /// Cuts what a battery does not reach: the longest part from the start that it does stays together, the rest goes to
    /// another vehicle if one is left.
    fn within_range(&self, chains: Vec<Chain>) -> Vec<Chain> {
        let Some(range) = range(self.vehicle) else { return chains };
        let position: BTreeMap<TripId, usize> =
            self.trips.iter().enumerate().map(|(index, &trip)| (trip, index)).collect();
        let mut left = (self.vehicle.count as usize).saturating_sub(chains.len());
        let mut kept = Vec::new();
        for chain in chains {
            let trips: Vec<usize> = chain.trips.iter().filter_map(|trip| position.get(trip).copied()).collect();
            let mut start = 0;
            let mut used = false;
            while start < trips.len() && (!used || left > 0) {
                let reach = (start + 1..=trips.len()).rev().find_map(|end| {
                    let part = self.chain(&trips[start..end], &chain.links[start..end - 1])?;
                    (metres(self.problem, &part) <= range).then_some((end, part))
                });
                let Some((end, part)) = reach else {
                    start += 1;
                    continue;
                };
                kept.push(part);
                if used {
                    left -= 1;
                }
                used = true;
                start = end;
            }
        }
        kept
    }
}

fn clamp(cost: i128) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    let cost = cost.clamp(-(1 << 62), 1 << 62) as i64;
    cost
}

/// The drive that leaves last and still is there by `due`, not before `not_before`. It ends at `due`: where a band ends on the way,
/// it may have a minute or two in hand.
fn latest(drive: &EmptyDrives<'_>, from: Spot, to: Spot, not_before: u32, due: u32) -> Option<Drive> {
    for start in (not_before..=due).rev() {
        let (seconds, metres) = drive(from, to, ServiceTime(start * 60))?;
        if seconds.minutes_up() <= due - start {
            return Some(Drive { start, end: due, metres });
        }
    }
    None
}

/// The drive that leaves at once, if it is there by `due`.
fn earliest(drive: &EmptyDrives<'_>, from: Spot, to: Spot, start: u32, due: u32) -> Option<Drive> {
    let (seconds, metres) = drive(from, to, ServiceTime(start.checked_mul(60)?))?;
    let end = start.checked_add(seconds.minutes_up())?;
    (end <= due).then_some(Drive { start, end, metres })
}
