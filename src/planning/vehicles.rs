//! Which vehicle runs which trips? The trips of one service are chained into blocks, by minimum-cost flow.
//!
//! One network a vehicle type: each trip is an arc of capacity 1 between two nodes, each pair of trips that one vehicle can
//! run after the other is an arc (the cheaper of driving there directly, waiting included, and going home in between, where
//! time is free), and each unit of flow from source to sink is a vehicle's day (Bertossi, Carraresi & Gallo 1987: with one
//! depot and type this is exact). A trip left out costs its value. At most `count` units flow.
//!
//! The price of a day has a free part (hours and kilometres in the hire), which no flow can express. For 0 <= x <= 1,
//! `max(0, h - included) >= x * (h - included)`: with hours and kilometres at x times their price the flow gives a lower
//! bound, and its blocks at their true price are a plan. (Without the credit for what is included it is none, but often a
//! better plan: fewer vehicles.) We try several x, both ways, and keep the best plan and the best bound.
//!
//! Limits: O(trips^2) arcs a type, meant for at most a few thousand trips. Electric vehicles do not charge during the day
//! yet: a chain beyond the range is cut, which is not always the best cut. Duties are made afterwards.

use super::costs;
use super::plan::{Block, Item, ItemKind};
use super::project::VehicleType;
use crate::domain::ids::{StopId, TripId, TypeId};
use crate::domain::units::{Fen, Metres, Seconds, ServiceTime};
use crate::flow::{self, ArcId, FlowError, Limit, Network};

/// A place a vehicle drives between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// A stop.
    Stop(StopId),
    /// A depot, by its number in the caller's list.
    Depot(usize),
}

/// A trip as a vehicle sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// First stop.
    pub from: StopId,
    /// Last stop.
    pub to: StopId,
    /// From the first stop, on a whole minute.
    pub depart: ServiceTime,
    /// At the last stop.
    pub arrive: ServiceTime,
    /// Length with passengers.
    pub metres: Metres,
    /// The type that runs it.
    pub vehicle_type: TypeId,
    /// What a day without it loses, fen. Very large (it is cut to what the arithmetic bears, 500,000 yuan with a thousand
    /// trips) where the trip has to run.
    pub value: Fen,
}

impl Work {
    /// Minute of departure.
    #[must_use]
    pub fn begins(&self) -> u32 {
        self.depart.minute()
    }
    /// First minute in which the vehicle may leave again.
    #[must_use]
    pub fn ends(&self, layover: Seconds) -> u32 {
        self.begins() + (self.arrive.since(self.depart) + layover).minutes_up()
    }
}

/// Empty drives: from, to, when it starts -> bus seconds and metres; `None` where there is no way.
pub type EmptyDrives<'a> = dyn Fn(Spot, Spot, ServiceTime) -> Option<(Seconds, Metres)> + 'a;

/// The trips of one service and who could run them.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    /// Trips; their position is their [`TripId`].
    pub works: &'a [Work],
    /// Vehicle types; their position is their [`TypeId`].
    pub fleet: &'a [VehicleType],
    /// Number of each type's depot, as in [`Spot::Depot`].
    pub depots: &'a [usize],
    /// At the end of each trip, at least.
    pub layover: Seconds,
    /// Empty drives.
    pub drive: &'a EmptyDrives<'a>,
}

impl std::fmt::Debug for Problem<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Problem").field("works", &self.works).field("fleet", &self.fleet).finish_non_exhaustive()
    }
}

/// An empty drive in whole minutes of the service day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drive {
    /// Minute it starts.
    pub start: u32,
    /// Minute it is there.
    pub end: u32,
    /// Length.
    pub metres: Metres,
}

/// What a vehicle does between two trips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It waits where it is: the next trip starts there.
    Wait,
    /// It waits, then drives to the next trip.
    Direct(Drive),
    /// It goes home and comes back.
    Home(Drive, Drive),
}

impl Link {
    fn metres(&self) -> u32 {
        match self {
            Self::Wait => 0,
            Self::Direct(drive) => drive.metres.0,
            Self::Home(home, back) => home.metres.0.saturating_add(back.metres.0),
        }
    }
}

/// A vehicle's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Its type.
    pub vehicle_type: TypeId,
    /// Its trips in order; at least one.
    pub trips: Vec<TripId>,
    /// Between them; one fewer.
    pub links: Vec<Link>,
    /// Depot to first trip, as late as can be.
    pub pull_out: Drive,
    /// Last trip to depot, as early as can be.
    pub pull_in: Drive,
    /// What the day costs.
    pub cost: Fen,
}

/// Who runs what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Vehicles' days, by type and start.
    pub chains: Vec<Chain>,
    /// Trips nobody runs, ascending.
    pub uncovered: Vec<TripId>,
    /// Cost of all chains.
    pub running: Fen,
    /// No schedule costs less: running cost plus the value of uncovered trips, fen (rounded down).
    pub bound: Fen,
}

/// Units of flow cost in a fen: with it a 16th of the price of a minute (3,000), of a metre (180) and of a second (50) stay whole.
const UNIT: i64 = 2_880_000;

/// Shares x of the prices of extra hours and kilometres that are tried, in 16ths.
const SHARES: [i64; 5] = [1, 4, 8, 12, 16];

/// Chains the trips at least cost (value of uncovered trips included); see the top of this file.
///
/// # Errors
/// Prices or values so large that sums would overflow.
pub fn chain(problem: &Problem<'_>) -> Result<Schedule, FlowError> {
    let mut schedule = Schedule::default();
    let mut covered = vec![false; problem.works.len()];
    for (index, vehicle) in problem.fleet.iter().enumerate() {
        let Some(&depot) = problem.depots.get(index) else { continue };
        let links = Links::find(problem, TypeId::at(index), vehicle, Spot::Depot(depot));
        let (chains, bound) = links.solve(problem, vehicle)?;
        schedule.bound += bound;
        for chain in chains {
            for trip in &chain.trips {
                covered[trip.index()] = true;
            }
            schedule.running += chain.cost;
            schedule.chains.push(chain);
        }
    }
    for (trip, work) in problem.works.iter().enumerate() {
        if !covered[trip] {
            schedule.uncovered.push(TripId::at(trip));
        }
        if work.vehicle_type.index() >= problem.fleet.len().min(problem.depots.len()) {
            schedule.bound += work.value;
        }
    }
    Ok(schedule)
}

/// The trips of one type and every way to run one after another.
struct Links {
    vehicle_type: TypeId,
    /// Trips of this type by departure.
    trips: Vec<TripId>,
    /// From and to the depot; `None` where the vehicle cannot.
    outs: Vec<Option<Drive>>,
    ins: Vec<Option<Drive>>,
    /// (earlier, later, ways to do it).
    pairs: Vec<(usize, usize, Vec<Link>)>,
}

impl Links {
    fn find(problem: &Problem<'_>, vehicle_type: TypeId, vehicle: &VehicleType, depot: Spot) -> Self {
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
        Self { vehicle_type, trips, outs, ins, pairs }
    }

    /// The best chains found and a bound on cost and lost value together.
    fn solve(&self, problem: &Problem<'_>, vehicle: &VehicleType) -> Result<(Vec<Chain>, Fen), FlowError> {
        let count = self.trips.len();
        let (source, sink) = (2 * count, 2 * count + 1);
        let layout = |cost: &dyn Fn(Step<'_>) -> i64| {
            let mut network = flow::Problem::new(2 * count + 2);
            for trip in 0..count {
                network.add_arc(2 * trip, 2 * trip + 1, 1, cost(Step::Trip(trip)));
                network.add_arc(source, 2 * trip, i64::from(self.outs[trip].is_some()), cost(Step::Out(trip)));
                network.add_arc(2 * trip + 1, sink, i64::from(self.ins[trip].is_some()), cost(Step::In(trip)));
            }
            for (earlier, later, ways) in &self.pairs {
                network.add_arc(2 * earlier + 1, 2 * later, 1, cost(Step::Between(*earlier, *later, ways)));
            }
            network
        };
        let mut network = Network::new(&layout(&|_| 0))?;
        #[expect(clippy::cast_possible_wrap, reason = "a trip count is far below 2^63")]
        let most_value = (1_i64 << 56) / UNIT / (count as i64 + 1);
        let value = |trip: TripId| problem.works[trip.index()].value.0.clamp(0, most_value);
        let all_values: i64 = self.trips.iter().map(|&trip| value(trip)).sum();
        let mut best: Option<(i64, Vec<Chain>)> = None;
        let mut bound = i64::MIN;
        for (share, credit) in SHARES.into_iter().flat_map(|share| [(share, true), (share, false)]) {
            let price = |minutes: u32, metres: u32| self.price(vehicle, share, minutes, metres);
            let step_cost = |step: Step<'_>| match step {
                Step::Trip(trip) => {
                    let work = &problem.works[self.trips[trip].index()];
                    let minutes = work.ends(problem.layover) - work.begins();
                    price(minutes, work.metres.0).saturating_sub(value(self.trips[trip]) * UNIT)
                }
                Step::Out(trip) => self.outs[trip].map_or(0, |drive| {
                    let free = i128::from(vehicle.included.0) * i128::from(vehicle.cost_per_extra_hour.0) * 50
                        + i128::from(vehicle.included_m.0) * i128::from(vehicle.cost_per_extra_km.0) * 180;
                    clamp(
                        i128::from(vehicle.cost_per_day.0) * i128::from(UNIT)
                            - if credit { free * i128::from(share) } else { 0 }
                            + i128::from(price(drive.end - drive.start, drive.metres.0)),
                    )
                }),
                Step::In(trip) => self.ins[trip].map_or(0, |drive| price(drive.end - drive.start, drive.metres.0)),
                Step::Between(earlier, later, ways) => {
                    self.cheaper(problem, vehicle, share, earlier, later, ways).map_or(0, |(cost, _)| cost)
                }
            };
            let mut next = 0;
            let mut set = |network: &mut Network, cost: i64| {
                network.set_cost(ArcId(next), cost);
                next += 1;
            };
            for trip in 0..count {
                set(&mut network, step_cost(Step::Trip(trip)));
                set(&mut network, step_cost(Step::Out(trip)));
                set(&mut network, step_cost(Step::In(trip)));
            }
            for (earlier, later, ways) in &self.pairs {
                set(&mut network, step_cost(Step::Between(*earlier, *later, ways)));
            }
            let flow = network.solve(source, sink, Limit::WhileProfitable(i64::from(vehicle.count)))?;
            let total = flow.cost + i128::from(all_values) * i128::from(UNIT);
            // Each block's true cost is rounded, at most half a fen down.
            let proven = total.div_euclid(i128::from(UNIT)) - i128::from(vehicle.count.div_ceil(2));
            if credit {
                bound = bound.max(i64::try_from(proven).unwrap_or(i64::MIN));
            }
            let chains = self.within_range(problem, vehicle, self.chains(problem, vehicle, share, &flow.arcs));
            let run: i64 = chains.iter().flat_map(|chain| &chain.trips).map(|&trip| value(trip)).sum();
            let cost: i64 = chains.iter().map(|chain| chain.cost.0).sum::<i64>().saturating_add(all_values - run);
            if best.as_ref().is_none_or(|(old, _)| cost < *old) {
                best = Some((cost, chains));
            }
        }
        let (_, mut chains) = best.unwrap_or_default();
        chains.sort_by_key(|chain| (chain.pull_out.start, chain.trips.first().copied()));
        Ok((chains, Fen(bound.max(0))))
    }

    /// Minutes away and metres at a share of their price.
    #[expect(clippy::unused_self, reason = "reads as one family with the other prices")]
    fn price(&self, vehicle: &VehicleType, share: i64, minutes: u32, metres: u32) -> i64 {
        clamp(
            i128::from(share)
                * (i128::from(minutes) * i128::from(vehicle.cost_per_extra_hour.0) * 3000
                    + i128::from(metres) * i128::from(vehicle.cost_per_extra_km.0) * 180),
        )
    }

    /// The cheaper way from one trip to another (the first of equals, which is not over the depot).
    fn cheaper(
        &self,
        problem: &Problem<'_>,
        vehicle: &VehicleType,
        share: i64,
        earlier: usize,
        later: usize,
        ways: &[Link],
    ) -> Option<(i64, Link)> {
        let gap = problem.works[self.trips[later].index()].begins()
            - problem.works[self.trips[earlier].index()].ends(problem.layover);
        ways.iter()
            .map(|way| {
                let minutes = match way {
                    Link::Home(home, back) => home.end - home.start + (back.end - back.start),
                    Link::Wait | Link::Direct(_) => gap,
                };
                (self.price(vehicle, share, minutes, way.metres()), *way)
            })
            .min_by_key(|(cost, _)| *cost)
    }

    /// Follows the flow from the first trips on.
    fn chains(&self, problem: &Problem<'_>, vehicle: &VehicleType, share: i64, flow: &[i64]) -> Vec<Chain> {
        let count = self.trips.len();
        let mut next: Vec<Option<(usize, Link)>> = vec![None; count];
        for ((earlier, later, ways), &units) in self.pairs.iter().zip(&flow[3 * count..]) {
            if units > 0 {
                next[*earlier] =
                    self.cheaper(problem, vehicle, share, *earlier, *later, ways).map(|(_, link)| (*later, link));
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
            chains.extend(self.chain(problem, vehicle, &trips, &links));
        }
        chains
    }

    /// A chain with its drives and cost; `None` if it cannot leave or come home.
    fn chain(&self, problem: &Problem<'_>, vehicle: &VehicleType, trips: &[usize], links: &[Link]) -> Option<Chain> {
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
            .map(|&trip| problem.works[self.trips[trip].index()].metres.0)
            .chain(links.iter().map(Link::metres))
            .chain([pull_out.metres.0, pull_in.metres.0])
            .fold(0, u32::saturating_add);
        Some(Chain {
            vehicle_type: self.vehicle_type,
            trips: trips.iter().map(|&trip| self.trips[trip]).collect(),
            links: links.to_vec(),
            pull_out,
            pull_in,
            cost: costs::day(away, Metres(metres), vehicle),
        })
    }

    /// Cuts what a battery does not reach: the longest part from the start that it does stays together, the rest goes to
    /// another vehicle if one is left.
    fn within_range(&self, problem: &Problem<'_>, vehicle: &VehicleType, chains: Vec<Chain>) -> Vec<Chain> {
        let Some(range) = range(vehicle) else { return chains };
        let position: std::collections::BTreeMap<TripId, usize> =
            self.trips.iter().enumerate().map(|(index, &trip)| (trip, index)).collect();
        let mut left = (vehicle.count as usize).saturating_sub(chains.len());
        let mut kept = Vec::new();
        for chain in chains {
            let trips: Vec<usize> = chain.trips.iter().filter_map(|trip| position.get(trip).copied()).collect();
            let mut start = 0;
            let mut used = false;
            while start < trips.len() && (!used || left > 0) {
                let reach = (start + 1..=trips.len()).rev().find_map(|end| {
                    let part = self.chain(problem, vehicle, &trips[start..end], &chain.links[start..end - 1])?;
                    (metres(problem, &part) <= range).then_some((end, part))
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

/// What an arc of the network stands for.
enum Step<'a> {
    Trip(usize),
    Out(usize),
    In(usize),
    Between(usize, usize, &'a [Link]),
}

fn clamp(cost: i128) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    let cost = cost.clamp(-(1 << 62), 1 << 62) as i64;
    cost
}

/// How far a charge reaches, metres; `None` for what needs none.
#[must_use]
pub fn range(vehicle: &VehicleType) -> Option<u32> {
    let (battery, use_per_km) = (vehicle.battery_kwh?, vehicle.kwh_per_km?);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "f64 to u32 saturates, NaN gives 0")]
    (use_per_km > 0.0).then_some((battery / use_per_km * 1000.0).floor() as u32)
}

/// Metres of a chain, empty ones included.
#[must_use]
pub fn metres(problem: &Problem<'_>, chain: &Chain) -> u32 {
    chain
        .trips
        .iter()
        .map(|trip| problem.works[trip.index()].metres.0)
        .chain(chain.links.iter().map(Link::metres))
        .chain([chain.pull_out.metres.0, chain.pull_in.metres.0])
        .fold(0, u32::saturating_add)
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

/// Names for what a solve numbers.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// Service id.
    pub service: &'a str,
    /// Trip ids by [`TripId`].
    pub trips: &'a [String],
    /// Stop ids by [`StopId`].
    pub stops: &'a [String],
    /// Standing at least this long is a break.
    pub break_length: Seconds,
}

/// The chains as blocks of the plan, contiguous to the second; ids `service-type-1`, … by type and start.
#[must_use]
pub fn build_blocks(problem: &Problem<'_>, schedule: &Schedule, names: &Names<'_>) -> Vec<Block> {
    let mut number = 0;
    let mut last_type = None;
    schedule
        .chains
        .iter()
        .map(|chain| {
            number = if last_type == Some(chain.vehicle_type) { number + 1 } else { 1 };
            last_type = Some(chain.vehicle_type);
            build_block(problem, chain, names, number)
        })
        .collect()
}

fn build_block(problem: &Problem<'_>, chain: &Chain, names: &Names<'_>, number: u32) -> Block {
    let vehicle = &problem.fleet[chain.vehicle_type.index()];
    let depot = vehicle.depot.as_str();
    let stop = |stop: StopId| names.stops.get(stop.index()).map_or("", String::as_str);
    let at = |minute: u32| ServiceTime(minute * 60);
    let mut items: Vec<Item> = Vec::new();
    let mut push =
        |kind, from: &str, to: &str, start: ServiceTime, end: ServiceTime, metres: Metres, trip: Option<&String>| {
            // Nothing is said about standing for no time.
            if start < end || trip.is_some() || from != to {
                items.push(Item {
                    kind,
                    from: from.to_owned(),
                    to: to.to_owned(),
                    start,
                    end,
                    km: f64::from(metres.0) / 1000.0,
                    trip: trip.cloned(),
                });
            }
        };
    let standing = |from: ServiceTime, to: ServiceTime| {
        if to.since(from) >= names.break_length { ItemKind::Break } else { ItemKind::Layover }
    };
    let first = chain.trips.first().map_or("", |trip| stop(problem.works[trip.index()].from));
    let out = chain.pull_out;
    push(ItemKind::PullOut, depot, first, at(out.start), at(out.end), out.metres, None);
    for (index, trip) in chain.trips.iter().enumerate() {
        let work = &problem.works[trip.index()];
        let (from, to) = (stop(work.from), stop(work.to));
        push(ItemKind::Trip, from, to, work.depart, work.arrive, work.metres, names.trips.get(trip.index()));
        let mut stand = |until: ServiceTime| {
            push(standing(work.arrive, until), to, to, work.arrive, until, Metres::ZERO, None);
        };
        let next = chain.trips.get(index + 1).map(|next| &problem.works[next.index()]);
        match (chain.links.get(index), next) {
            (Some(Link::Wait), Some(next)) => stand(next.depart),
            (Some(Link::Direct(drive)), Some(next)) => {
                stand(at(drive.start));
                push(ItemKind::Deadhead, to, stop(next.from), at(drive.start), at(drive.end), drive.metres, None);
            }
            (Some(Link::Home(home, back)), Some(next)) => {
                stand(at(home.start));
                push(ItemKind::PullIn, to, depot, at(home.start), at(home.end), home.metres, None);
                let (from, until) = (at(home.end), at(back.start));
                push(standing(from, until), depot, depot, from, until, Metres::ZERO, None);
                push(ItemKind::PullOut, depot, stop(next.from), at(back.start), at(back.end), back.metres, None);
            }
            _ => {
                let home = chain.pull_in;
                stand(at(home.start));
                push(ItemKind::PullIn, to, depot, at(home.start), at(home.end), home.metres, None);
            }
        }
    }
    Block {
        id: format!("{}-{}-{number}", names.service, vehicle.id),
        service: names.service.to_owned(),
        vehicle_type: vehicle.id.clone(),
        depot: depot.to_owned(),
        items,
    }
}

#[cfg(test)]
mod tests;
