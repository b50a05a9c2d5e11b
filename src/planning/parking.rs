//! Shared parking: which resident gets a bay in which lot, week after week, without an owner coming back to a full lot.
//!
//! **Time.** Everything is minutes of a week that closes on itself. A permit's every occurrence lies within a stretch in which
//! its lot lends bays (windows that touch are one stretch), and takes a bay of its class: an accessible bay where it needs one, a charging bay
//! where it needs one, a plain bay otherwise. Plain cars get neither: accessible bays are for those who need them, charging
//! bays must not be blocked. Who needs both gets a bay only where the counts prove that one is both (accessible + charging > bays).
//!
//! **Promise to owners** ([`overstay`]). When a lending stretch ends, the owners' vehicles come back as `owner_return` says (all at
//! once where it is empty); a car that is still there holds a bay. With B bays lent, a *reserve* of r of them that owners leave free until
//! the late cars are gone, k permits, F(t) the share of owners back at t, and q(t) the chance that a car is still there:
//! displaced at t when `N + M > B`, N ~ Bin(B - r, F(t)), M ~ Bin(k, q(t)). The lot-day's probability is at most the sum of that over the
//! moments at which owners come back; with each q at its 99 % upper limit (Clopper & Pearson 1934) it must not pass the lot's
//! `displace_max`, and with the estimates stay so far below that 10,000 days would show it ([`overstay::keeps`]). Permits are given while k + r <= B: the reserve stays empty at night too. What is stated for a lot
//! is its smallest reserve that keeps the promise, with the probability at that reserve; r = 0 asks nothing of the owner.
//! Limits: if owners do not leave the reserve free, the promise does not hold (a single late car then displaces the last one back);
//! each limit is for its own moment, not for all at once; cars are late independently of each other; a car late for the
//! next permit holder rather than for an owner is not counted.
//!
//! **Who comes first** among equals: who has waited longest (`since`), then who holds a lot now, then a lottery anyone can re-run
//! ([`lottery`]: the plan's seed and the request's id). People served come before walking, walking before keeping one's lot.

pub mod by_hand;
mod occupancy;
pub(crate) mod overstay;
mod refusals;
pub(super) mod week;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::plan::{Displacement, Parking, Permit};
use super::project::{Lot, ParkingRequest, Project};
use crate::allocation::{self, Assignment, Choice, Claimant, Effort, Pool, Problem};
use crate::domain::finding::Finding;
use crate::domain::units::Metres;
use crate::network::Network;
use crate::search::{Ended, Progress, Random, Run};
use overstay::{Limits, Moment, Overstays, Punctuality};
use week::Stretch;

/// Nobody is told of a lot farther than this from home, metres.
const HORIZON: Metres = Metres(3000);
/// Units of a lot-day's budget of late cars.
const BUDGET: u32 = 1_000_000;
/// Requests times lots that are weighed; beyond, each request only has its nearest lots.
const MOST_PAIRS: usize = 2_000_000;
/// The fewest lots a request has so.
const LEAST_LOTS: usize = 20;
/// Lots whose walks are looked up together.
const LOTS_AT_ONCE: usize = 32;
/// From so many requests on a stop is heeded between rounds; fewer take no time, and the shuttle may have used it all.
const MANY: usize = 2000;
/// Steps (of about twenty numbers) spent on the most permits of the lots before a stop is heeded.
const ALWAYS: u64 = 2_000_000;
/// Times the budgets are tightened before permits are withdrawn one by one.
const ROUNDS: u32 = 4;

/// Bays that can stand for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Plain,
    Accessible,
    Charging,
    Both,
}

impl Class {
    const ALL: [Self; 4] = [Self::Plain, Self::Accessible, Self::Charging, Self::Both];

    fn needed(request: &ParkingRequest) -> Self {
        match (request.accessible, request.charging) {
            (false, false) => Self::Plain,
            (true, false) => Self::Accessible,
            (false, true) => Self::Charging,
            (true, true) => Self::Both,
        }
    }
    /// Bays of this class: the least that the counts prove.
    fn bays(self, lot: &Lot) -> u32 {
        let accessible = lot.accessible_bays.min(lot.bays);
        let charging = lot.charging_bays.min(lot.bays);
        let both = (accessible + charging).saturating_sub(lot.bays);
        match self {
            Self::Plain => lot.bays - (accessible + charging - both),
            Self::Accessible => accessible - both,
            Self::Charging => charging - both,
            Self::Both => both,
        }
    }
}

/// The moments at which owners come back after a night, and the most permits for it.
type Night = (Rc<Vec<Moment>>, [u32; 2]);

/// A lot, prepared.
struct Ground<'a> {
    lot: &'a Lot,
    stretches: Vec<Stretch>,
    /// The moments at which owners come back, ascending; by stretch.
    returns: Vec<Rc<Vec<Moment>>>,
    /// Most permits in a stretch if all were of this punctuality; by stretch.
    most: Vec<[u32; 2]>,
}

/// Everything the allotment knows.
struct Case<'a> {
    project: &'a Project,
    lots: Vec<Ground<'a>>,
    /// Occurrences `[start, end)` of each request.
    wanted: Vec<Vec<(u32, u32)>>,
    /// (lot, walking metres) by request, lots ascending; shared by requests from the same home.
    walks: Vec<Rc<Vec<(usize, Metres)>>>,
    /// Place in the order of requests, 0 first.
    rank: Vec<u32>,
}

/// The allotment of the bays, and what is doubtful about it.
#[must_use]
pub fn allot(project: &Project, network: &Network, run: &Run<'_>) -> (Parking, Vec<Finding>) {
    if project.lots.is_empty() && project.requests.is_empty() {
        return (Parking::default(), Vec::new());
    }
    let mut findings = Vec::new();
    let case = Case::new(project, network, run, &mut findings);
    let held = settle(&case, run, &mut findings);
    let permits: Vec<Permit> = held
        .iter()
        .enumerate()
        .filter_map(|(at, lot)| {
            let lot = (*lot)?;
            let request = &project.requests[at];
            Some(Permit {
                request: request.id.clone(),
                lot: project.lots[lot].id.clone(),
                days: request.window.days.to_string(),
                from: request.window.from,
                to: request.window.to,
                walk_m: case.walk(at, lot)?,
            })
        })
        .collect();
    let displacement = promises(&case, &held, &mut findings);
    let refused = refusals::explain(&case, &held, &|| stopped(run));
    let occupancy = occupancy::by_day(&case, &held);
    (Parking { permits, refused, occupancy, displacement }, findings)
}

/// The number a request draws: lower comes first. SplitMix64 of the seed and FNV-1a (64 bits) of the id's bytes.
#[must_use]
pub fn lottery(seed: u64, request: &str) -> u64 {
    let fnv = request
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    Random::new(seed ^ fnv).next_u64()
}

impl<'a> Case<'a> {
    fn new(project: &'a Project, network: &Network, run: &Run<'_>, findings: &mut Vec<Finding>) -> Self {
        let stretches: Vec<Vec<Stretch>> = project.lots.iter().map(|lot| week::lent(&lot.windows)).collect();
        let overstays = Overstays::learn(project, &stretches, findings);
        let mut limits = Limits::default();
        let spent = Cell::new(0_u64);
        let lots = project
            .lots
            .iter()
            .zip(stretches)
            .enumerate()
            .map(|(at, (lot, stretches))| {
                // Nights that end at the same time of day are alike.
                let mut alike: BTreeMap<(u32, bool), Night> = BTreeMap::new();
                let (mut returns, mut most) = (Vec::new(), Vec::new());
                for stretch in &stretches {
                    let (moments, permits) = alike.entry((stretch.end % 1440, stretch.endless)).or_insert_with(|| {
                        let moments = overstays.moments(at, &overstay::returns(lot, stretch), &mut limits);
                        let permits = if stretch.endless {
                            [lot.bays; 2]
                        } else {
                            Overstays::most(lot.bays, &moments, lot.displace_max, &|| {
                                spent.set(spent.get() + u64::from(lot.bays.isqrt() + 1) * moments.len() as u64);
                                spent.get() > ALWAYS && stopped(run)
                            })
                        };
                        (Rc::new(moments), permits)
                    });
                    returns.push(Rc::clone(moments));
                    most.push(*permits);
                }
                Ground { lot, stretches, returns, most }
            })
            .collect();
        let wanted = project.requests.iter().map(|request| week::occurrences(&request.window)).collect();
        let walks = walks(project, network, findings);
        let rank = ranks(project, run.seed, findings);
        Self { project, lots, wanted, walks, rank }
    }

    /// For each stretch of the lot the request uses: how punctual its last car there must be thought. `None`: it does not lie within them.
    fn uses(&self, wanted: &[(u32, u32)], lot: usize) -> Option<BTreeMap<usize, Punctuality>> {
        let ground = &self.lots[lot];
        let grace = self.project.policy.overstay_grace.minutes_up();
        let mut uses = BTreeMap::new();
        if wanted.is_empty() {
            return None;
        }
        for &(start, end) in wanted {
            let (stretch, slack) = week::within(&ground.stretches, start, end)?;
            let punctuality = if slack >= grace { Punctuality::Buffered } else { Punctuality::Tight };
            // Of several occurrences in one stretch the last is the one the owner meets: it is the less buffered.
            let known = uses.entry(stretch).or_insert(punctuality);
            *known = (*known).min(punctuality);
        }
        Some(uses)
    }

    /// The lot lends bays then, and its owners can bear such a car at all.
    fn time_fits(&self, wanted: &[(u32, u32)], lot: usize) -> bool {
        self.uses(wanted, lot).is_some_and(|uses| {
            uses.iter().all(|(&stretch, &punctuality)| self.lots[lot].most[stretch][punctuality.index()] > 0)
        })
    }

    /// Walking metres, where there is a way within [`HORIZON`] and the lot is among the nearest.
    fn walk(&self, request: usize, lot: usize) -> Option<Metres> {
        let row = &self.walks[request];
        row.binary_search_by_key(&lot, |&(lot, _)| lot).ok().map(|at| row[at].1)
    }

    fn affordable(&self, request: usize, lot: usize) -> bool {
        self.project.requests[request].max_price.is_none_or(|most| self.lots[lot].lot.price <= most)
    }

    fn has_class(&self, request: usize, lot: usize) -> bool {
        Class::needed(&self.project.requests[request]).bays(self.lots[lot].lot) > 0
    }

    /// Those who hold a bay, by lot.
    fn holders(&self, held: &[Option<usize>]) -> Vec<Vec<usize>> {
        let mut holders = vec![Vec::new(); self.lots.len()];
        for (request, lot) in held.iter().enumerate() {
            if let Some(lot) = *lot {
                holders[lot].push(request);
            }
        }
        holders
    }

    /// Cars by punctuality in each stretch of a lot.
    fn crowd(&self, lot: usize, holders: &[usize]) -> Vec<[u32; 2]> {
        let mut crowd = vec![[0; 2]; self.lots[lot].stretches.len()];
        for &request in holders {
            for (stretch, punctuality) in self.uses(&self.wanted[request], lot).unwrap_or_default() {
                crowd[stretch][punctuality.index()] += 1;
            }
        }
        crowd
    }

    /// Probability (estimate, 99 % upper limit) that an owner is displaced at the end of a stretch, with such a reserve.
    fn displacement(&self, lot: usize, stretch: usize, cars: [u32; 2], reserve: u32) -> (f64, f64) {
        let ground = &self.lots[lot];
        if ground.stretches[stretch].endless || cars == [0, 0] {
            return (0.0, 0.0);
        }
        let owners = ground.lot.bays.saturating_sub(reserve);
        overstay::displaced(ground.lot.bays, owners, cars, &ground.returns[stretch])
    }

    /// Is the promise kept with all that is left as reserve?
    fn keeps_promise(&self, lot: usize, stretch: usize, cars: [u32; 2]) -> bool {
        let ground = self.lots[lot].lot;
        let reserve = ground.bays.saturating_sub(cars[0] + cars[1]);
        overstay::keeps(self.displacement(lot, stretch, cars, reserve), ground.displace_max)
    }
}

/// Asks whether to stop.
fn stopped(run: &Run<'_>) -> bool {
    let progress = Progress { stage: "stage-allocation", iteration: 0, objective: None, bound: None };
    (run.watch)(&progress).stop
}

/// Who comes first: waiting longest, holding a lot, drawing low.
fn ranks(project: &Project, seed: u64, findings: &mut Vec<Finding>) -> Vec<u32> {
    let requests = &project.requests;
    let standing = |at: usize| {
        let request = &requests[at];
        // Without a date: after all with one. Without a lot: after those with one.
        (request.since.is_none(), request.since, request.current_lot.is_none())
    };
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|&at| (standing(at), lottery(seed, &requests[at].id), &requests[at].id));
    let drawn = order.windows(2).filter(|pair| standing(pair[0]) == standing(pair[1])).count();
    if drawn > 0 {
        findings.push(Finding::note("parking-lottery").file("parking.csv").arg("seed", seed.to_string()));
    }
    let mut rank = vec![0; requests.len()];
    for (place, &at) in order.iter().enumerate() {
        rank[at] = u32::try_from(place).unwrap_or(u32::MAX);
    }
    rank
}

/// Walking metres from every request's home to the lots within [`HORIZON`], the nearest where they are too many.
fn walks(project: &Project, network: &Network, findings: &mut Vec<Finding>) -> Vec<Rc<Vec<(usize, Metres)>>> {
    let reach = project.policy.max_foothold;
    let mut lots = Vec::new();
    for (at, lot) in project.lots.iter().enumerate() {
        match network.foothold(lot.gate.unwrap_or(lot.point), reach) {
            Some(foothold) => lots.push((at, foothold)),
            None => {
                findings.push(Finding::warning("parking-lot-off-network").file("lots.csv").arg("lot", lot.id.as_str()));
            }
        }
    }
    // Homes that are the same place are looked up once.
    let mut homes: BTreeMap<String, std::ops::Range<usize>> = BTreeMap::new();
    let mut footholds = Vec::new();
    let mut unreachable = 0_usize;
    for request in &project.requests {
        let known = homes.entry(key(request)).or_insert_with(|| {
            let found =
                project.access_points(&request.home).into_iter().filter_map(|point| network.foothold(point, reach));
            let first = footholds.len();
            footholds.extend(found);
            first..footholds.len()
        });
        unreachable += usize::from(known.start == known.end);
    }
    if unreachable > 0 {
        findings.push(Finding::warning("parking-home-off-network").file("parking.csv").arg("count", unreachable));
    }
    // Walking is the same both ways, and lots are fewer than homes. Some lots at a time: the whole table may be too large to be kept.
    let most = (MOST_PAIRS / project.requests.len().max(1)).max(LEAST_LOTS);
    let mut near: BTreeMap<&str, Vec<(Metres, usize)>> = homes.keys().map(|home| (home.as_str(), Vec::new())).collect();
    let mut cut = false;
    for some in lots.chunks(LOTS_AT_ONCE) {
        let doors: Vec<_> = some.iter().map(|(_, foothold)| foothold.clone()).collect();
        let table = network.walk_metres(&doors, &footholds, Some(HORIZON));
        for (range, row) in homes.values().zip(near.values_mut()) {
            for ((lot, _), metres) in some.iter().zip(&table) {
                row.extend(range.clone().filter_map(|at| metres[at]).min().map(|walk| (walk, *lot)));
            }
            if row.len() > most {
                cut = true;
                row.sort_unstable();
                row.truncate(most);
            }
        }
    }
    if cut {
        findings.push(Finding::warning("parking-nearest-lots-only").file("lots.csv").arg("lots", most));
    }
    let rows: BTreeMap<&str, Rc<Vec<(usize, Metres)>>> = near
        .into_iter()
        .map(|(home, row)| {
            let mut row: Vec<(usize, Metres)> = row.into_iter().map(|(walk, lot)| (lot, walk)).collect();
            row.sort_unstable();
            (home, Rc::new(row))
        })
        .collect();
    project.requests.iter().map(|request| rows.get(key(request).as_str()).map(Rc::clone).unwrap_or_default()).collect()
}

/// Tells homes apart: exactly, not by the four decimals shown.
fn key(request: &ParkingRequest) -> String {
    match &request.home {
        super::project::Place::Site(id) => id.clone(),
        super::project::Place::Point(point) => format!("{} {}", point.lon, point.lat),
    }
}

/// The lot each request gets. Solved with linear budgets of late cars, tightened until the true probabilities keep the promise.
fn settle(case: &Case<'_>, run: &Run<'_>, findings: &mut Vec<Finding>) -> Vec<Option<usize>> {
    let mut tightness: Vec<Vec<u64>> =
        case.lots.iter().map(|ground| vec![u64::from(BUDGET); ground.stretches.len()]).collect();
    let mut held = allocate(case, &tightness, run, findings);
    for _ in 0..ROUNDS {
        let broken = broken_promises(case, &held);
        if broken.is_empty() {
            return held;
        }
        if case.wanted.len() > MANY && stopped(run) {
            break;
        }
        for (lot, stretch) in broken {
            tightness[lot][stretch] = tightness[lot][stretch] * 9 / 10;
        }
        held = allocate(case, &tightness, run, &mut Vec::new());
    }
    withdraw(case, &mut held);
    held
}

/// The last resort: the fewest permits of worst rank go until the promise is kept. It is always enough: an empty lot displaces nobody.
fn withdraw(case: &Case<'_>, held: &mut [Option<usize>]) {
    let holders = case.holders(held);
    for (lot, stretch) in broken_promises(case, held) {
        let mut last: Vec<(usize, Punctuality)> = holders[lot]
            .iter()
            .filter(|&&request| held[request] == Some(lot))
            .filter_map(|&request| Some((request, *case.uses(&case.wanted[request], lot)?.get(&stretch)?)))
            .collect();
        last.sort_by_key(|&(request, _)| case.rank[request]);
        let kept = |first: usize| {
            let mut cars = [0; 2];
            last[..first].iter().for_each(|(_, punctuality)| cars[punctuality.index()] += 1);
            case.keeps_promise(lot, stretch, cars)
        };
        // Others may have gone for another stretch already.
        let (mut good, mut bad) = if kept(last.len()) { continue } else { (0, last.len()) };
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            if kept(middle) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        last[good..].iter().for_each(|&(request, _)| held[request] = None);
    }
}

fn broken_promises(case: &Case<'_>, held: &[Option<usize>]) -> Vec<(usize, usize)> {
    let mut broken = Vec::new();
    for (lot, holders) in case.holders(held).iter().enumerate() {
        for (stretch, cars) in case.crowd(lot, holders).into_iter().enumerate() {
            if !case.keeps_promise(lot, stretch, cars) {
                broken.push((lot, stretch));
            }
        }
    }
    broken
}

fn allocate(case: &Case<'_>, budgets: &[Vec<u64>], run: &Run<'_>, findings: &mut Vec<Finding>) -> Vec<Option<usize>> {
    let classes = Class::ALL.len();
    let pools: Vec<Pool> = case
        .lots
        .iter()
        .flat_map(|ground| {
            Class::ALL.map(|class| Pool { steps: week::steps(&ground.stretches, class.bays(ground.lot)) })
        })
        .collect();
    let mut first_meter = Vec::with_capacity(case.lots.len());
    let mut meters = Vec::new();
    for budgets in budgets {
        first_meter.push(meters.len());
        meters.extend_from_slice(budgets);
    }
    let claimants: Vec<Claimant> = (0..case.wanted.len())
        .map(|request| {
            let class = Class::needed(&case.project.requests[request]);
            let most_walk = case.project.requests[request].max_walk;
            let choices = case.walks[request]
                .iter()
                .filter(|&&(lot, walk)| {
                    walk <= most_walk
                        && case.affordable(request, lot)
                        && case.has_class(request, lot)
                        && case.time_fits(&case.wanted[request], lot)
                })
                .filter_map(|&(lot, walk)| {
                    let draws = case
                        .uses(&case.wanted[request], lot)?
                        .into_iter()
                        .map(|(stretch, punctuality)| {
                            let most = case.lots[lot].most[stretch][punctuality.index()];
                            (first_meter[lot] + stretch, BUDGET / most.max(1))
                        })
                        .collect();
                    let held_now = case.project.requests[request].current_lot.as_ref() == Some(&case.lots[lot].lot.id);
                    // Twice the metres, and one for a new lot: among equal walks one keeps one's lot.
                    let cost = walk.0.saturating_mul(2).saturating_add(u32::from(!held_now));
                    Some(Choice { pool: lot * classes + class as usize, cost, draws })
                })
                .collect();
            Claimant { intervals: case.wanted[request].clone(), rank: case.rank[request], choices }
        })
        .collect();
    let Ok(problem) = Problem::new(pools, meters, claimants) else {
        findings.push(Finding::error("parking-too-large").file("parking.csv").arg("requests", case.wanted.len()));
        return vec![None; case.wanted.len()];
    };
    let solved = allocation::solve(&problem, run, Effort::Usual);
    // Not the user's own limits but ours.
    if solved.ended == Ended::Budget && run.iterations.is_none_or(|most| solved.iterations < most) {
        findings.push(
            Finding::warning("parking-search-cut")
                .file("parking.csv")
                .arg("requests", case.wanted.len())
                .arg("served", solved.best.served())
                .arg("most", solved.bound.unwrap_or(case.wanted.len() as f64)),
        );
    }
    let Assignment { choice, .. } = solved.best;
    choice
        .iter()
        .zip(problem.claimants())
        .map(|(choice, claimant)| choice.map(|choice| claimant.choices[choice].pool / classes))
        .collect()
}

/// For each lot the smallest reserve that keeps the promise on its worst day, and the probability with it.
fn promises(case: &Case<'_>, held: &[Option<usize>], findings: &mut Vec<Finding>) -> Vec<Displacement> {
    let mut rows = Vec::with_capacity(case.lots.len());
    let holders = case.holders(held);
    for (lot, ground) in case.lots.iter().enumerate() {
        let crowd = case.crowd(lot, &holders[lot]);
        // Nights that end alike with as many cars are one.
        let mut nights: BTreeMap<(u32, [u32; 2]), usize> = BTreeMap::new();
        for (stretch, &cars) in crowd.iter().enumerate() {
            nights.entry((ground.stretches[stretch].end % 1440, cars)).or_insert(stretch);
        }
        let worst = |reserve: u32| {
            nights.values().fold((0.0, 0.0), |(mean, upper), &stretch| {
                let (m, u) = case.displacement(lot, stretch, crowd[stretch], reserve);
                (f64::max(mean, m), f64::max(upper, u))
            })
        };
        let fullest = crowd.iter().map(|cars| cars[0] + cars[1]).max().unwrap_or(0);
        let kept = |promise: (f64, f64)| overstay::keeps(promise, ground.lot.displace_max);
        let (mut reserve, mut promise) = (0, worst(0));
        if !kept(promise) {
            // More left free, less risk: halve. With a bay left free for each car nobody is displaced.
            let mut bad = 0;
            reserve = ground.lot.bays.min(fullest);
            promise = worst(reserve);
            while reserve - bad > 1 {
                let middle = bad + (reserve - bad) / 2;
                let found = worst(middle);
                if kept(found) {
                    (reserve, promise) = (middle, found);
                } else {
                    bad = middle;
                }
            }
        }
        if reserve > 0 {
            let finding = Finding::note("parking-reserve").file("lots.csv").arg("lot", ground.lot.id.as_str());
            findings.push(finding.arg("bays", ground.lot.bays).arg("permits", fullest).arg("reserve", reserve));
        }
        rows.push(Displacement { lot: ground.lot.id.clone(), probability: promise.0, upper_99: promise.1 });
    }
    rows
}

#[cfg(test)]
mod tests;
