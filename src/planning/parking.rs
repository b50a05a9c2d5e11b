//! Shared parking: which resident gets a bay in which lot, week after week, without an owner coming back to a full lot.
//!
//! **Time.** Everything is minutes of a week that closes on itself, and of the dates unlike it ([`axis`]). A permit's every occurrence lies within a stretch in which
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
//! **What counts**, in this order: the owners' promise; a floor for each area ([`fairness`]), and for each party that shares its own bays what it could do
//! alone ([`exchange`]); people served; who has waited longest (`since`), then who holds a lot now; walking; keeping one's lot; a lottery
//! anyone can re-run ([`lottery`]: the plan's seed and the request's id). With permits to keep (`Project::keep_permits`) nobody who holds one
//! in the plan in force moves: what others gave back and what is left goes to the rest.

pub(super) mod axis;
pub mod by_hand;
mod exchange;
mod fairness;
pub mod first_come;
mod occupancy;
pub(crate) mod overstay;
mod promise;
mod refusals;
mod settle;
mod walks;
pub(super) mod week;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::plan::{Parking, ParkingBound, Permit};
use super::project::{Lot, ParkingRequest, Project};
use crate::domain::calendar::Window;
use crate::domain::finding::Finding;
use crate::domain::units::Metres;
use crate::network::Network;
use crate::search::{Progress, Random, Run};
use axis::Axis;
use overstay::{Limits, Moment, Overstays, Punctuality};
use walks::Walks;
use week::Stretch;

/// Nobody is told of a lot farther than this from home, metres.
const HORIZON: Metres = Metres(3000);
/// Units of a lot-day's budget of late cars.
const BUDGET: u32 = 1_000_000;
/// Steps (of about twenty numbers) spent on the most permits of the lots before a stop is heeded.
const ALWAYS: u64 = 2_000_000;

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
    /// The minutes all below is about.
    axis: Axis,
    lots: Vec<Ground<'a>>,
    /// Occurrences `[start, end)` of each request.
    wanted: Vec<Vec<(u32, u32)>>,
    walks: Walks,
    /// Who waited longer or holds a lot, 0 first; alike where neither tells them apart.
    standing: Vec<u32>,
    /// Place in the order of requests, 0 first: standing, then the lottery.
    rank: Vec<u32>,
    /// The lot a request keeps, where permits of the plan in force are kept.
    kept: Vec<Option<usize>>,
}

/// The allotment of the bays, and what is doubtful about it.
#[must_use]
pub fn allot(project: &Project, network: &Network, run: &Run<'_>) -> (Parking, Vec<Finding>) {
    if project.lots.is_empty() && project.requests.is_empty() {
        return (Parking::default(), Vec::new());
    }
    let mut findings = Vec::new();
    let walks = walks::on_foot(project, network, &mut findings);
    let parking = allot_on(project, walks, run, &mut findings);
    (parking, findings)
}

/// The same where there is no network at hand: walks are straight lines made longer by the usual factor.
#[must_use]
pub fn allot_straight(project: &Project, run: &Run<'_>) -> (Parking, Vec<Finding>) {
    let mut findings = Vec::new();
    let walks = walks::straight(project, &mut findings);
    let parking = allot_on(project, walks, run, &mut findings);
    (parking, findings)
}

fn allot_on(project: &Project, walks: Walks, run: &Run<'_>, findings: &mut Vec<Finding>) -> Parking {
    let case = Case::new(project, walks, run, findings);
    let (settled, exchange) = exchange::settle(&case, run, findings);
    let held = settled.held;
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
    findings.extend(not_kept(project, &permits));
    let areas = fairness::by_area(&case, &held, &settled.floors, findings);
    let displacement = promise::promises(&case, &held, findings);
    let refused = refusals::explain(&case, &held, &|| stopped(run));
    let occupancy = occupancy::by_day(&case, &held);
    let bound = Some(ParkingBound { served: settled.most, walk_m: settled.least_walk });
    Parking { permits, refused, occupancy, displacement, areas, exchange, bound }
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
    fn new(project: &'a Project, walks: Walks, run: &Run<'_>, findings: &mut Vec<Finding>) -> Self {
        let axis = Axis::new(
            project.lots.iter().map(|lot| lot.windows.as_slice()),
            project.requests.iter().map(|request| &request.window),
        );
        let wanted: Vec<Vec<(u32, u32)>> =
            project.requests.iter().map(|request| axis.occurrences(&request.window)).collect();
        let mut stretches: Vec<Vec<Stretch>> = project.lots.iter().map(|lot| axis.lent(&lot.windows)).collect();
        of_dates(project, &axis, &walks, &wanted, &mut stretches);
        let overstays = Overstays::learn(project, findings);
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
        let (standing, rank) = ranks(project, run.seed, findings);
        let kept = kept(project);
        Self { project, axis, lots, wanted, walks, standing, rank, kept }
    }

    /// Does the request's party share this lot, its own, with others? It may then use it at any time.
    fn is_own(&self, request: usize, lot: usize) -> bool {
        let lot = self.lots[lot].lot;
        lot.exchange && self.project.requests[request].party.as_ref() == Some(&lot.owner)
    }

    /// For each stretch of the lot the request uses: how punctual its last car there must be thought. `None`: it does not lie within them.
    /// A party's own car uses no lent stretch: it is one of the owner's.
    fn uses(&self, request: usize, wanted: &[(u32, u32)], lot: usize) -> Option<BTreeMap<usize, Punctuality>> {
        let ground = &self.lots[lot];
        let grace = self.project.policy.overstay_grace.minutes_up();
        let mut uses = BTreeMap::new();
        if wanted.is_empty() {
            return None;
        }
        if self.is_own(request, lot) {
            return Some(uses);
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
    fn time_fits(&self, request: usize, wanted: &[(u32, u32)], lot: usize) -> bool {
        self.uses(request, wanted, lot).is_some_and(|uses| {
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
            for (stretch, punctuality) in self.uses(request, &self.wanted[request], lot).unwrap_or_default() {
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

/// Of a lot's stretches on spells only those count that it lends on a date or that a date asked for near it touches: to the others the typical
/// week says all.
fn of_dates(project: &Project, axis: &Axis, walks: &Walks, wanted: &[Vec<(u32, u32)>], stretches: &mut [Vec<Stretch>]) {
    let dated = |window: &Window| window.on_dates().next().is_some();
    let mut touching: Vec<Vec<(u32, u32)>> = project
        .lots
        .iter()
        .map(|lot| {
            lot.windows.iter().filter(|window| dated(window)).flat_map(|window| axis.occurrences(window)).collect()
        })
        .collect();
    for (at, _) in project.requests.iter().enumerate().filter(|(_, request)| dated(&request.window)) {
        for &(lot, _) in walks[at].iter() {
            touching[lot].extend_from_slice(&wanted[at]);
        }
    }
    for (stretches, touching) in stretches.iter_mut().zip(touching) {
        let mut counts = vec![false; stretches.len()];
        for (start, end) in touching {
            let first = stretches.partition_point(|stretch| stretch.end <= start);
            let last = stretches.partition_point(|stretch| stretch.start < end);
            counts[first..last.max(first)].fill(true);
        }
        for (stretch, counts) in stretches.iter_mut().zip(counts) {
            stretch.endless |= stretch.start >= axis::SPELLS && !counts;
        }
    }
}

/// Asks whether to stop.
fn stopped(run: &Run<'_>) -> bool {
    let progress = Progress { stage: "stage-allocation", iteration: 0, objective: None, bound: None };
    (run.watch)(&progress).stop
}

/// Who comes first: waiting longest, holding a lot; then, in the second number, drawing low.
fn ranks(project: &Project, seed: u64, findings: &mut Vec<Finding>) -> (Vec<u32>, Vec<u32>) {
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
    let (mut standings, mut rank) = (vec![0; requests.len()], vec![0; requests.len()]);
    let mut class = 0;
    for (place, &at) in order.iter().enumerate() {
        class += u32::from(place > 0 && standing(order[place - 1]) != standing(at));
        standings[at] = class;
        rank[at] = u32::try_from(place).unwrap_or(u32::MAX);
    }
    (standings, rank)
}

/// Who was to keep a bay and could not: its lot is gone, does not suit it any more, or its owners would not bear it.
fn not_kept(project: &Project, permits: &[Permit]) -> Vec<Finding> {
    let Some(in_force) = project.in_force.as_deref().filter(|_| project.keep_permits) else { return Vec::new() };
    let now: BTreeMap<&str, &str> =
        permits.iter().map(|permit| (permit.request.as_str(), permit.lot.as_str())).collect();
    let asks: BTreeSet<&str> = project.requests.iter().map(|request| request.id.as_str()).collect();
    let lost = in_force.parking.permits.iter().filter(|permit| {
        asks.contains(permit.request.as_str()) && now.get(permit.request.as_str()) != Some(&permit.lot.as_str())
    });
    lost.map(|permit| {
        let finding = Finding::warning("parking-permit-not-kept").file("parking.csv");
        finding.arg("request", permit.request.as_str()).arg("lot", permit.lot.as_str())
    })
    .collect()
}

/// The lots of the permits in force, where they are to be kept; `None` for who holds none.
fn kept(project: &Project) -> Vec<Option<usize>> {
    let in_force = project.in_force.as_deref().filter(|_| project.keep_permits);
    let lots: BTreeMap<&str, usize> = project.lots.iter().enumerate().map(|(at, lot)| (lot.id.as_str(), at)).collect();
    let permits: BTreeMap<&str, &str> = in_force
        .iter()
        .flat_map(|plan| &plan.parking.permits)
        .map(|permit| (permit.request.as_str(), permit.lot.as_str()))
        .collect();
    let lot_of = |request: &ParkingRequest| lots.get(permits.get(request.id.as_str())?).copied();
    project.requests.iter().map(lot_of).collect()
}

#[cfg(test)]
mod tests;
