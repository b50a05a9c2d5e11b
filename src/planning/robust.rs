//! A timetable that holds on real days: trips are shifted, dropped, handed over as long as *simulated* days get cheaper for it.
//!
//! The search before this stage believes the timetable: its trips leave on the very second at which people are ready and reach
//! trains with no time to spare, and on real days lose people by seconds. Here every candidate lives through the same random days as
//! the draft it was made from ([`super::simulation`]: common random numbers, the trips keep their chances whatever their minute), and takes its
//! place only if the paired difference is clear. People choose by the timetable as ever, all limits hold as ever ([`Desk`]).
//!
//! Racing (after Maron & Moore 1994): most candidates are given up after a few days, few live through all. The days that chose are not those that
//! confirm: at the end the draft found, the one it started from and running nothing meet on fresh days, and what is not surely
//! better there gives way to what is simpler. A few moves at once: everything for those who arrive earlier by a minute and for those who
//! leave later; then blocks; then trips; then the random moves of [`super::improve`].
//!
//! O(candidates x days x people). Same seed, iterations and start give the same draft, whatever the threads.

use std::collections::VecDeque;

use rayon::prelude::*;

use super::assemble;
use super::draft::{Draft, DraftBlock, DraftService, DraftTrip};
use super::improve::{Desk, Show, Weighed};
use super::plan::{Plan, TimeKind};
use super::project::Seating;
use super::simulation::{self, Prepared, Running, Scene, Spreads, Walks};
use crate::domain::finding::Finding;
use crate::domain::ids::{LineId, ServiceId};
use crate::domain::units::Fen;
use crate::network::Network;
use crate::search::{Ended, Progress, Random, Run, Solved};

/// The stages before have this share of the time.
pub const FROM: f64 = 0.7;
/// Candidates that race side by side: an input of the search, not the number of threads.
const SIDE_BY_SIDE: usize = 16;
/// Days after which candidates are looked at, and how many deviations of the mean difference they must then be better by.
const RACE: [(u32, f64); 3] = [(24, 0.0), (72, 1.0), (240, 2.5)];
/// Fen a day that a change must bring: less is no reason to differ from the best promise.
const LEAST: f64 = 50.0;
/// Iterations of the search before for a round of the race, and no more rounds than this; as many without any budget.
const ROUND: u64 = 25;
const MOST_ROUNDS: u64 = 120;
/// Fresh days that confirm, and how many deviations they must tell apart two drafts by.
const CONFIRM: u32 = 1_000;
const SURE: f64 = 1.645;
/// The days of the race and those that confirm are other days than those a plan states ([`simulation::of_plan`]).
const RACE_SEED: u64 = 0x726f_6275_7374;
const CONFIRM_SEED: u64 = 0x636f_6e66_6972_6d00;

/// What came of it.
#[derive(Debug)]
pub struct Held {
    /// The draft, and why the search ended.
    pub solved: Solved<Weighed>,
    /// What was changed for real days, if anything.
    pub finding: Option<Finding>,
}

/// Does the stage apply? Where seats are given out the project asks for the bound's own rules, and its figures are compared with it.
#[must_use]
pub fn applies(desk: &Desk<'_>) -> bool {
    desk.shop.project.policy.seating == Seating::Chosen && !desk.shop.model.cohorts.is_empty()
}

/// Searches from the draft `found` (`others` are further starts) with what is left of the budget. `ground` is the plan of the other parts.
#[must_use]
pub fn hold(
    desk: &Desk<'_>,
    network: &Network,
    ground: &Plan,
    found: Solved<Weighed>,
    others: &[Weighed],
    run: &Run<'_>,
    show: &Show<'_>,
) -> Held {
    let shop = desk.shop;
    let ground = Plan { cohorts: shop.model.cohorts.clone(), stops: assemble::all_stops(shop), ..ground.clone() };
    let walks = Walks::new(shop.project, network, &ground);
    let all = Scene::new(shop.project, &walks, &ground.cohorts, &ground.stops, &Spreads::default());
    let scenes = shop.project.services.iter().map(|service| all.of_service(&service.id)).collect();
    let stage = Stage { desk, scenes, seed: run.seed ^ RACE_SEED };
    let first = stage.lived(&found.best);
    let mut best = first.clone();
    // Not from nothing: trips have to be eased before they pay, and nothing is asked about at the end.
    for other in others.iter().filter(|other| other.draft.services.iter().any(|service| !service.is_empty())) {
        let other = stage.lived(other);
        if other.beats(&best).is_some() {
            best = other;
        }
    }
    let mut search = Search {
        stage: &stage,
        best,
        queue: VecDeque::new(),
        random: Random::new(run.seed ^ RACE_SEED),
        iterations: found.iterations,
    };
    let ended = match found.ended {
        Ended::Stopped => Ended::Stopped,
        _ => search.run(run, show),
    };
    let (solved, finding) = confirmed(&stage, &first, search.best, &found);
    Held { solved: Solved { best: solved, bound: found.bound, ended, iterations: found.iterations }, finding }
}

/// Of the draft found, the first one and nothing: what fresh days say is best. What is changed must be surely better than the first, what runs
/// surely better than nothing.
fn confirmed(stage: &Stage<'_>, first: &Lived, best: Lived, found: &Solved<Weighed>) -> (Weighed, Option<Finding>) {
    let fresh = Stage { desk: stage.desk, scenes: stage.scenes.clone(), seed: stage.seed ^ CONFIRM_SEED };
    let again = |lived: &Lived| fresh.named(&lived.weighed, &lived.names, CONFIRM);
    let before = again(first);
    let mut now = if best.same(first) { before.clone() } else { again(&best) };
    if now.difference(&before).sure() >= -SURE {
        now = before.clone();
    }
    let services = now.weighed.draft.services.len();
    if let Some(nothing) = stage.desk.weigh(Draft { services: vec![Vec::new(); services] }) {
        let nothing = fresh.named(&nothing, &vec![Vec::new(); services], CONFIRM);
        if now.difference(&nothing).sure() >= -SURE {
            now = nothing;
        }
    }
    let finding = (!now.same(&before)).then(|| {
        let changed = Changed::between(&before, &now);
        let fen = |fen: f64| {
            #[expect(clippy::cast_possible_truncation, reason = "a day's costs are far below 2^53 fen")]
            let fen = Fen(fen.round() as i64);
            fen.to_string()
        };
        let code = if now.trips() == 0 { "real-days-nothing" } else { "real-days-changed" };
        Finding::note(code)
            .arg("shifted", changed.shifted)
            .arg("minutes", changed.minutes)
            .arg("other", changed.other)
            .arg("promised", fen(stage.desk.promised(&found.best)))
            .arg("instead", fen(before.mean()))
            .arg("real", fen(now.mean()))
    });
    (now.weighed, finding)
}

/// How two timetables differ.
struct Changed {
    /// Trips at another minute, the line the same.
    shifted: usize,
    /// … and by how many minutes in all.
    minutes: u32,
    /// Trips on another line, dropped, added.
    other: usize,
}

impl Changed {
    fn between(before: &Lived, now: &Lived) -> Self {
        let of = |lived: &Lived| -> Vec<((usize, u32), LineId, u32)> {
            let mut all = Vec::new();
            for (s, (service, names)) in lived.weighed.draft.services.iter().zip(&lived.names).enumerate() {
                let trips = service.iter().flat_map(|block| &block.trips);
                all.extend(trips.zip(names).map(|(trip, name)| ((s, *name), trip.line, trip.minute)));
            }
            all.sort_unstable();
            all
        };
        let (before, now) = (of(before), of(now));
        let mut changed = Self { shifted: 0, minutes: 0, other: 0 };
        let mut kept = 0;
        for (name, line, minute) in &now {
            match before.binary_search_by_key(name, |(name, ..)| *name) {
                Ok(at) if before[at].1 == *line => {
                    kept += 1;
                    changed.shifted += usize::from(before[at].2 != *minute);
                    changed.minutes += before[at].2.abs_diff(*minute);
                }
                _ => changed.other += 1,
            }
        }
        changed.other += before.len() - kept;
        changed
    }
}

/// The days, and who lives through them.
struct Stage<'a> {
    desk: &'a Desk<'a>,
    /// By service: days of one do not depend on another.
    scenes: Vec<Scene<'a>>,
    seed: u64,
}

/// A draft and the days it lived through.
#[derive(Clone)]
struct Lived {
    weighed: Weighed,
    /// `[service]`: names of its trips, block by block, the same from draft to draft: a trip meets the same chances at another minute.
    names: Vec<Vec<u32>>,
    /// `[service]`.
    parts: Vec<Part>,
    /// What does not depend on the day, fen.
    fixed: f64,
}

/// A service of a draft.
#[derive(Clone)]
struct Part {
    prepared: std::sync::Arc<Prepared>,
    running: Fen,
    /// People's costs, day by day.
    days: Vec<f64>,
}

/// Of paired days.
struct Difference {
    mean: f64,
    /// Of the mean.
    deviation: f64,
}

impl Difference {
    /// In deviations; below 0: cheaper.
    fn sure(&self) -> f64 {
        if self.deviation > 0.0 {
            self.mean / self.deviation
        } else {
            self.mean.signum() * f64::from(self.mean != 0.0) * 1e9
        }
    }
}

impl Stage<'_> {
    /// A draft by itself.
    fn lived(&self, weighed: &Weighed) -> Lived {
        let names: Vec<Vec<u32>> = weighed
            .draft
            .services
            .iter()
            .map(|service| (0_u32..).take(service.iter().map(|block| block.trips.len()).sum()).collect())
            .collect();
        self.named(weighed, &names, RACE[RACE.len() - 1].0)
    }

    fn named(&self, weighed: &Weighed, names: &[Vec<u32>], days: u32) -> Lived {
        let services = weighed.draft.services.iter().zip(names).enumerate();
        let mut parts: Vec<Part> = services.map(|(s, (service, names))| self.part(s, service, names)).collect();
        for part in &mut parts {
            self.live(part, days);
        }
        let fixed = self.fixed(weighed, &parts);
        Lived { weighed: weighed.clone(), names: names.to_vec(), parts, fixed }
    }

    fn part(&self, number: usize, service: &DraftService, names: &[u32]) -> Part {
        let ids: Vec<String> = names.iter().map(|name| format!("{number}-{name}")).collect();
        let sketch = assemble::sketch(self.desk.shop, ServiceId::at(number), service, &ids);
        let prepared = self.scenes[number].prepare(&Running {
            trips: &sketch.trips,
            blocks: &sketch.blocks,
            riders: &sketch.riders,
            unserved: &sketch.unserved,
            fixed_fen: 0.0,
        });
        Part { prepared: std::sync::Arc::new(prepared), running: sketch.running, days: Vec::new() }
    }

    /// Lets a service live until so many days have passed.
    fn live(&self, part: &mut Part, until: u32) {
        let from = u32::try_from(part.days.len()).unwrap_or(u32::MAX);
        if from < until {
            let days = simulation::days(&part.prepared, from..until, self.seed);
            part.days.extend(days.iter().map(|day| day.objective_fen));
        }
    }

    fn fixed(&self, weighed: &Weighed, parts: &[Part]) -> f64 {
        let running = parts.iter().enumerate();
        let weight = |s: usize| self.desk.shop.model.weight(ServiceId::at(s));
        running.map(|(s, part)| part.running.0 as f64 * weight(s)).sum::<f64>()
            + weighed.worth.upkeep
            + weighed.worth.changes
    }

    /// A candidate that won its race against the draft it was made from.
    fn race(&self, now: &Lived, tried: &Move) -> Option<(Lived, f64)> {
        let (service, weighed) = tried.apply(self.desk, &now.weighed)?;
        let names = names(&now.weighed.draft.services[service], &now.names[service], &weighed.draft.services[service]);
        let part = self.part(service, &weighed.draft.services[service], &names);
        let mut next = Lived { weighed, names: now.names.clone(), parts: now.parts.clone(), fixed: 0.0 };
        next.names[service] = names;
        next.parts[service] = part;
        next.fixed = self.fixed(&next.weighed, &next.parts);
        for (days, deviations) in RACE {
            self.live(&mut next.parts[service], days);
            let difference = next.difference(now);
            if difference.mean > -LEAST || difference.sure() > -deviations {
                return None;
            }
        }
        let gain = next.difference(now).mean;
        Some((next, gain))
    }
}

impl Lived {
    fn trips(&self) -> usize {
        self.names.iter().map(Vec::len).sum()
    }

    /// The same trips by the same vehicles?
    fn same(&self, other: &Self) -> bool {
        let of = |service: &DraftService| -> Vec<_> {
            service
                .iter()
                .flat_map(|block| block.trips.iter().map(|trip| (block.kind, trip.line, trip.minute)))
                .collect()
        };
        let (a, b) = (&self.weighed.draft.services, &other.weighed.draft.services);
        a.iter().zip(b).all(|(a, b)| of(a) == of(b) && a.len() == b.len())
    }

    /// This one less the other, on the days both have lived through.
    fn difference(&self, other: &Self) -> Difference {
        let days = self.parts.iter().chain(&other.parts).map(|part| part.days.len()).min().unwrap_or(0);
        let of = |lived: &Self, day: usize| lived.parts.iter().map(|part| part.days[day]).sum::<f64>() + lived.fixed;
        let all: Vec<f64> = (0..days).map(|day| of(self, day) - of(other, day)).collect();
        let count = days.max(1) as f64;
        let mean = all.iter().sum::<f64>() / count;
        let squares: f64 = all.iter().map(|x| (x - mean) * (x - mean)).sum();
        Difference { mean, deviation: (squares / (count - 1.0).max(1.0) / count).sqrt() }
    }

    /// By how much this one is surely cheaper.
    fn beats(&self, other: &Self) -> Option<f64> {
        let difference = self.difference(other);
        (difference.mean < -LEAST && difference.sure() < -RACE[RACE.len() - 1].1).then_some(difference.mean)
    }

    fn mean(&self) -> f64 {
        let mean = |part: &Part| part.days.iter().sum::<f64>() / part.days.len().max(1) as f64;
        self.parts.iter().map(mean).sum::<f64>() + self.fixed
    }
}

/// Names of a changed service's trips: those of the same line and minute keep theirs, then the nearest in time of the line, others are new.
fn names(before: &DraftService, known: &[u32], after: &DraftService) -> Vec<u32> {
    let trips = |service: &DraftService| -> Vec<(LineId, u32)> {
        service.iter().flat_map(|block| block.trips.iter().map(|trip| (trip.line, trip.minute))).collect()
    };
    let (before, after) = (trips(before), trips(after));
    let mut free: Vec<bool> = vec![true; before.len()];
    let mut names: Vec<Option<u32>> = vec![None; after.len()];
    // Nearest pairs first, of equals the earlier in both: few trips change at a time.
    let mut pairs = Vec::new();
    for (i, (line, minute)) in before.iter().enumerate() {
        for (j, (other, at)) in after.iter().enumerate() {
            if line == other && minute.abs_diff(*at) <= 30 {
                pairs.push((minute.abs_diff(*at), i, j));
            }
        }
    }
    pairs.sort_unstable();
    for (_, i, j) in pairs {
        if free[i] && names[j].is_none() {
            free[i] = false;
            names[j] = known.get(i).copied();
        }
    }
    let mut fresh = known.iter().max().map_or(0, |most| most + 1);
    let mut new = || {
        fresh += 1;
        fresh - 1
    };
    names.into_iter().map(|name| name.unwrap_or_else(&mut new)).collect()
}

/// A change to try.
#[derive(Clone, Debug)]
enum Move {
    /// Earlier for who arrives by a time, later for who leaves after one, by these minutes.
    Ease { service: usize, arriving: i32, leaving: i32 },
    /// A block from a trip on, or that trip alone, later by minutes.
    Shift { service: usize, block: usize, at: usize, alone: bool, by: i32 },
    /// A trip goes.
    Drop { service: usize, block: usize, at: usize },
    /// A vehicle goes.
    DropBlock { service: usize, block: usize },
    /// Whatever the search before might do.
    Any { seed: u64 },
}

impl Move {
    /// The service and the draft it leads to; `None` where a limit forbids it or nothing is left of it.
    fn apply(&self, desk: &Desk<'_>, now: &Weighed) -> Option<(usize, Weighed)> {
        let service_of = |number: usize| now.draft.services.get(number).cloned();
        match *self {
            Self::Ease { service: number, arriving, leaving } => {
                let mut service = service_of(number)?;
                for block in &mut service {
                    let mut eased = block.clone();
                    for trip in &mut eased.trips {
                        let by = if mostly_arrives(desk, trip) { -arriving } else { leaving };
                        *trip = shifted(desk, number, trip, by).unwrap_or_else(|| trip.clone());
                    }
                    eased.trips.sort_by_key(|trip| trip.minute);
                    // A vehicle that cannot keep it stays as it is.
                    if desk.shop.effort(&eased).is_some() {
                        *block = eased;
                    }
                }
                Some((number, desk.with(now, number, service)?))
            }
            Self::Shift { service: number, block, at, alone, by } => {
                let mut service = service_of(number)?;
                let trips = &mut service.get_mut(block)?.trips;
                let last = if alone { at + 1 } else { trips.len() };
                for trip in trips.get_mut(at..last)? {
                    *trip = shifted(desk, number, trip, by)?;
                }
                trips.sort_by_key(|trip| trip.minute);
                Some((number, desk.with(now, number, service)?))
            }
            Self::Drop { service: number, block, at } => {
                let mut service = service_of(number)?;
                let trips = &mut service.get_mut(block)?.trips;
                if at >= trips.len() {
                    return None;
                }
                trips.remove(at);
                service.retain(|block| !block.trips.is_empty());
                Some((number, desk.with(now, number, service)?))
            }
            Self::DropBlock { service: number, block } => {
                let mut service = service_of(number)?;
                if block >= service.len() {
                    return None;
                }
                service.remove(block);
                Some((number, desk.with(now, number, service)?))
            }
            Self::Any { seed } => {
                let next = desk.neighbour(now, &mut Random::new(seed))?;
                let of = |service: &DraftService| -> Vec<Vec<(LineId, u32)>> {
                    let trips = |block: &DraftBlock| block.trips.iter().map(|trip| (trip.line, trip.minute)).collect();
                    service.iter().map(trips).collect()
                };
                let services = now.draft.services.iter().zip(&next.draft.services);
                let number = services.into_iter().position(|(a, b)| of(a) != of(b))?;
                Some((number, next))
            }
        }
    }
}

fn shifted(desk: &Desk<'_>, number: usize, trip: &DraftTrip, by: i32) -> Option<DraftTrip> {
    if by == 0 {
        return Some(trip.clone());
    }
    let minute = trip.minute.checked_add_signed(by)?;
    desk.shop.model.minutes.binary_search(&minute).ok()?;
    desk.shop.trip(ServiceId::at(number), trip.line, minute).filter(|trip| !trip.choices.is_empty())
}

/// Is a trip for more who must arrive by a time than for those who leave after one?
fn mostly_arrives(desk: &Desk<'_>, trip: &DraftTrip) -> bool {
    let rides = &desk.shop.model.rides;
    let people = |kind: TimeKind| -> u64 {
        let of = trip.choices.iter().map(|choice| &rides[choice.cohort.index()]).filter(|ride| ride.kind == kind);
        of.map(|ride| u64::from(ride.people.0)).sum()
    };
    people(TimeKind::ArriveBy) >= people(TimeKind::DepartAfter)
}

struct Search<'s, 'a> {
    stage: &'s Stage<'a>,
    best: Lived,
    queue: VecDeque<Move>,
    random: Random,
    /// Of the search before.
    iterations: u64,
}

impl Search<'_, '_> {
    fn run(&mut self, run: &Run<'_>, show: &Show<'_>) -> Ended {
        let most = run.iterations.map_or(MOST_ROUNDS, |all| all.div_ceil(ROUND).min(MOST_ROUNDS));
        self.queue = self.all_moves();
        let mut round = 0;
        loop {
            let objective = Some(self.best.weighed.worth.objective());
            let progress = Progress { stage: "stage-robust", iteration: self.iterations, objective, bound: None };
            let answer = (run.watch)(&progress);
            show(&self.best.weighed, self.iterations);
            if answer.stop && answer.used < 1.0 {
                return Ended::Stopped;
            }
            let timed = run.iterations.is_none() && answer.used > 0.0;
            if answer.stop || if timed { answer.used >= 1.0 } else { round >= most } {
                return Ended::Budget;
            }
            self.round();
            round += 1;
        }
    }

    /// Lets some candidates race; the best that won takes the draft's place, the others are tried on it first.
    fn round(&mut self) {
        let moves: Vec<Move> = (0..SIDE_BY_SIDE).map(|_| self.next_move()).collect();
        let (stage, best) = (self.stage, &self.best);
        let raced: Vec<Option<(Lived, f64)>> = moves.par_iter().map(|tried| stage.race(best, tried)).collect();
        let mut won: Vec<(f64, usize)> =
            raced.iter().enumerate().filter_map(|(k, raced)| Some((raced.as_ref()?.1, k))).collect();
        won.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let Some(&(_, first)) = won.first() else { return };
        for (_, k) in won[1..].iter().rev() {
            self.queue.push_front(moves[*k].clone());
        }
        // A way that led on is followed further.
        self.queue.push_front(moves[first].clone());
        if let Some((lived, _)) = raced.into_iter().nth(first).flatten() {
            self.best = lived;
        }
    }

    /// Each known move in turn, then random ones.
    fn next_move(&mut self) -> Move {
        if let Some(next) = self.queue.pop_front() {
            return next;
        }
        let services = &self.best.weighed.draft.services;
        let full: Vec<usize> = (0..services.len()).filter(|s| !services[*s].is_empty()).collect();
        if full.is_empty() || self.random.below(3) > 0 {
            return Move::Any { seed: self.random.next_u64() };
        }
        let service = full[self.random.below(full.len())];
        let block = self.random.below(services[service].len());
        let at = self.random.below(services[service][block].trips.len());
        let by = [-7, -4, -3, -2, -1, 1, 2, 3, 4, 7][self.random.below(10)];
        Move::Shift { service, block, at, alone: self.random.below(2) == 0, by }
    }

    /// The moves that ease a timetable, the boldest first.
    fn all_moves(&self) -> VecDeque<Move> {
        let mut moves = VecDeque::new();
        let services = &self.best.weighed.draft.services;
        for (service, blocks) in services.iter().enumerate().filter(|(_, blocks)| !blocks.is_empty()) {
            for (arriving, leaving) in
                [(1, 1), (2, 2), (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (2, 4), (1, 0), (2, 0)]
            {
                moves.push_back(Move::Ease { service, arriving, leaving });
            }
            for (block, trips) in blocks.iter().enumerate() {
                for by in [1, 2, -1, -2, 3, -3] {
                    moves.push_back(Move::Shift { service, block, at: 0, alone: false, by });
                }
                moves.push_back(Move::DropBlock { service, block });
                for at in (0..trips.trips.len()).rev() {
                    moves.push_back(Move::Drop { service, block, at });
                }
            }
            for by in [1, 2, -1, 3, -2, 4, -3, 5] {
                for (block, trips) in blocks.iter().enumerate() {
                    for at in 0..trips.trips.len() {
                        moves.push_back(Move::Shift { service, block, at, alone: true, by });
                        if at > 0 && at + 1 < trips.trips.len() && by.abs() < 3 {
                            moves.push_back(Move::Shift { service, block, at, alone: false, by });
                        }
                    }
                }
            }
        }
        moves
    }
}
