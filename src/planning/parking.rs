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
//! `displace_max`. Permits are given while k + r <= B: the reserve stays empty at night too. What is stated for a lot
//! is its smallest reserve that keeps the promise, with the probability at that reserve; r = 0 asks nothing of the owner.
//! Limits: if owners do not leave the reserve free, the promise does not hold (a single late car then displaces the last one back);
//! each limit is for its own moment, not for all at once; cars are late independently of each other; a car late for the
//! next permit holder rather than for an owner is not counted.
//!
//! **Who comes first** among equals: who has waited longest (`since`), then who holds a lot now, then a lottery anyone can re-run
//! ([`lottery`]: the plan's seed and the request's id). People served come before walking, walking before keeping one's lot.

mod occupancy;
pub(crate) mod overstay;
mod refusals;
pub(super) mod week;

use std::collections::BTreeMap;

use super::plan::{Displacement, Parking, Permit};
use super::project::{Lot, ParkingRequest, Project};
use crate::allocation::{self, Assignment, Choice, Claimant, Pool, Problem};
use crate::domain::finding::Finding;
use crate::domain::units::Metres;
use crate::network::Network;
use crate::search::{Random, Run};
use overstay::{Overstays, Punctuality};
use week::Stretch;

/// Nobody is told of a lot farther than this from home, metres.
const HORIZON: Metres = Metres(3000);
/// Units of a lot-day's budget of late cars.
const BUDGET: u64 = 1_000_000;
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

/// A lot, prepared.
struct Ground<'a> {
    lot: &'a Lot,
    stretches: Vec<Stretch>,
    /// (minutes after the end of a stretch, share of the owners back by then), ascending; by stretch.
    returns: Vec<Vec<(u32, f64)>>,
    /// Most permits in a stretch if all were of this punctuality; by stretch.
    most: Vec<[u32; 2]>,
}

/// Everything the allotment knows.
struct Case<'a> {
    project: &'a Project,
    lots: Vec<Ground<'a>>,
    overstays: Overstays,
    /// Occurrences `[start, end)` of each request.
    wanted: Vec<Vec<(u32, u32)>>,
    /// Walking metres by request and lot.
    walks: Vec<Vec<Option<Metres>>>,
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
    let case = Case::new(project, network, run.seed, &mut findings);
    let held = settle(&case, run);
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
                walk_m: case.walks[at][lot]?,
            })
        })
        .collect();
    let displacement = promises(&case, &held, &mut findings);
    let refused = refusals::explain(&case, &held);
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
    fn new(project: &'a Project, network: &Network, seed: u64, findings: &mut Vec<Finding>) -> Self {
        let stretches: Vec<Vec<Stretch>> = project.lots.iter().map(|lot| week::lent(&lot.windows)).collect();
        let overstays = Overstays::learn(project, &stretches, findings);
        let lots = project
            .lots
            .iter()
            .zip(stretches)
            .map(|(lot, stretches)| {
                let returns: Vec<Vec<(u32, f64)>> =
                    stretches.iter().map(|stretch| overstay::returns(lot, stretch)).collect();
                let most = returns
                    .iter()
                    .zip(&stretches)
                    .map(|(returns, stretch)| {
                        if stretch.endless {
                            [lot.bays; 2]
                        } else {
                            overstays.most(lot.bays, returns, lot.displace_max)
                        }
                    })
                    .collect();
                Ground { lot, stretches, returns, most }
            })
            .collect();
        let wanted = project.requests.iter().map(|request| week::occurrences(&request.window)).collect();
        let walks = walks(project, network, findings);
        let rank = ranks(project, seed, findings);
        Self { project, lots, overstays, wanted, walks, rank }
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

    fn within_walk(&self, request: usize, lot: usize) -> bool {
        self.walks[request][lot].is_some_and(|walk| walk <= self.project.requests[request].max_walk)
    }

    fn affordable(&self, request: usize, lot: usize) -> bool {
        self.project.requests[request].max_price.is_none_or(|most| self.lots[lot].lot.price <= most)
    }

    fn has_class(&self, request: usize, lot: usize) -> bool {
        Class::needed(&self.project.requests[request]).bays(self.lots[lot].lot) > 0
    }

    /// Cars by punctuality in each stretch of a lot.
    fn crowd(&self, lot: usize, held: &[Option<usize>]) -> Vec<[u32; 2]> {
        let mut crowd = vec![[0; 2]; self.lots[lot].stretches.len()];
        for (request, _) in held.iter().enumerate().filter(|(_, at)| **at == Some(lot)) {
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
        self.overstays.displaced(ground.lot.bays, owners, cars, &ground.returns[stretch])
    }

    /// Is the promise kept with all that is left as reserve?
    fn keeps_promise(&self, lot: usize, stretch: usize, cars: [u32; 2]) -> bool {
        let ground = self.lots[lot].lot;
        let reserve = ground.bays.saturating_sub(cars[0] + cars[1]);
        self.displacement(lot, stretch, cars, reserve).1 <= ground.displace_max
    }
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

/// Walking metres from every request's home to every lot, no farther than [`HORIZON`].
fn walks(project: &Project, network: &Network, findings: &mut Vec<Finding>) -> Vec<Vec<Option<Metres>>> {
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
    let mut homes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut footholds = Vec::new();
    let mut unreachable = 0_usize;
    for request in &project.requests {
        let known = homes.entry(key(request)).or_insert_with(|| {
            let found =
                project.access_points(&request.home).into_iter().filter_map(|point| network.foothold(point, reach));
            let first = footholds.len();
            footholds.extend(found);
            (first..footholds.len()).collect()
        });
        unreachable += usize::from(known.is_empty());
    }
    if unreachable > 0 {
        findings.push(Finding::warning("parking-home-off-network").file("parking.csv").arg("count", unreachable));
    }
    // Walking is the same both ways, and lots are fewer than homes.
    let doors: Vec<_> = lots.iter().map(|(_, foothold)| foothold.clone()).collect();
    let table = network.walk_metres(&doors, &footholds, Some(HORIZON));
    project
        .requests
        .iter()
        .map(|request| {
            let mut row = vec![None; project.lots.len()];
            for ((lot, _), metres) in lots.iter().zip(&table) {
                row[*lot] = homes[&key(request)].iter().filter_map(|&home| metres[home]).min();
            }
            row
        })
        .collect()
}

/// Tells homes apart: exactly, not by the four decimals shown.
fn key(request: &ParkingRequest) -> String {
    match &request.home {
        super::project::Place::Site(id) => id.clone(),
        super::project::Place::Point(point) => format!("{} {}", point.lon, point.lat),
    }
}

/// The lot each request gets. Solved with linear budgets of late cars, tightened until the true probabilities keep the promise.
fn settle(case: &Case<'_>, run: &Run<'_>) -> Vec<Option<usize>> {
    let mut tightness: Vec<Vec<u64>> = case.lots.iter().map(|ground| vec![BUDGET; ground.stretches.len()]).collect();
    let mut held = allocate(case, &tightness, run);
    for _ in 0..ROUNDS {
        let broken = broken_promises(case, &held);
        if broken.is_empty() {
            return held;
        }
        for (lot, stretch) in broken {
            tightness[lot][stretch] = tightness[lot][stretch] * 9 / 10;
        }
        held = allocate(case, &tightness, run);
    }
    // The last resort is always enough: an empty lot displaces nobody.
    while let Some(&(lot, stretch)) = broken_promises(case, &held).first() {
        let worst = (0..held.len())
            .filter(|&request| {
                held[request] == Some(lot)
                    && case.uses(&case.wanted[request], lot).is_some_and(|uses| uses.contains_key(&stretch))
            })
            .max_by_key(|&request| case.rank[request]);
        match worst {
            Some(request) => held[request] = None,
            None => break,
        }
    }
    held
}

fn broken_promises(case: &Case<'_>, held: &[Option<usize>]) -> Vec<(usize, usize)> {
    let mut broken = Vec::new();
    for lot in 0..case.lots.len() {
        for (stretch, cars) in case.crowd(lot, held).into_iter().enumerate() {
            if !case.keeps_promise(lot, stretch, cars) {
                broken.push((lot, stretch));
            }
        }
    }
    broken
}

fn allocate(case: &Case<'_>, budgets: &[Vec<u64>], run: &Run<'_>) -> Vec<Option<usize>> {
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
            let choices = (0..case.lots.len())
                .filter(|&lot| {
                    case.within_walk(request, lot)
                        && case.affordable(request, lot)
                        && case.has_class(request, lot)
                        && case.time_fits(&case.wanted[request], lot)
                })
                .filter_map(|lot| {
                    let walk = case.walks[request][lot]?;
                    let draws = case
                        .uses(&case.wanted[request], lot)?
                        .into_iter()
                        .map(|(stretch, punctuality)| {
                            let most = u64::from(case.lots[lot].most[stretch][punctuality.index()]);
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
    let Ok(problem) = Problem::new(pools, meters, claimants) else { return vec![None; case.wanted.len()] };
    let Assignment { choice } = allocation::solve(&problem, run).best;
    choice
        .iter()
        .zip(problem.claimants())
        .map(|(choice, claimant)| choice.map(|choice| claimant.choices[choice].pool / classes))
        .collect()
}

/// For each lot the smallest reserve that keeps the promise on its worst day, and the probability with it.
fn promises(case: &Case<'_>, held: &[Option<usize>], findings: &mut Vec<Finding>) -> Vec<Displacement> {
    let mut rows = Vec::with_capacity(case.lots.len());
    for (lot, ground) in case.lots.iter().enumerate() {
        let crowd = case.crowd(lot, held);
        let worst = |reserve: u32| {
            (0..crowd.len()).fold((0.0, 0.0), |(mean, upper), stretch| {
                let (m, u) = case.displacement(lot, stretch, crowd[stretch], reserve);
                (f64::max(mean, m), f64::max(upper, u))
            })
        };
        let fullest = crowd.iter().map(|cars| cars[0] + cars[1]).max().unwrap_or(0);
        let mut reserve = 0;
        let mut promise = worst(reserve);
        while promise.1 > ground.lot.displace_max && reserve < ground.lot.bays.min(fullest) {
            reserve += 1;
            promise = worst(reserve);
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
