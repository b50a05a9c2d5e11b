//! A better plan from a feasible one: simulated annealing over trips, lines and vehicles (Kirkpatrick, Gelatt & Vecchi 1983).
//!
//! Moves: take a trip out, put one in where somebody would use it, shift one, run it on another line, hand it to another vehicle.
//! Every draft on the way keeps all hard limits; people choose for themselves after every move, among 85 % of the seats.
//! A vehicle's hire is a wall that single trips do not climb: so the search first tries mixtures of vehicles with the hire paid
//! ([`explore`]), then goes on from the best with everything at its price. Chains are independent and meet every [`MEET`] iterations, where the better half goes on from the best: the same seed, iterations
//! and chains give the same draft whatever the threads.
//!
//! Between two meetings the chains stand still every [`LOOK`] iterations: the watcher is asked and the best so far is shown. Nothing
//! is exchanged there, so that looking changes nothing, and large projects need not wait for a meeting to be stopped or seen.

use rayon::prelude::*;

use super::changes::{Ledger, Part};
use super::draft::{Draft, DraftBlock, DraftService, DraftTrip, Shop, Worth};
use crate::domain::ids::{CohortId, LineId, ServiceId, TypeId};
use crate::domain::units::Fen;
use crate::search::{Answer, Ended, Progress, Random, Run, Solved};

/// Iterations between two meetings of the chains.
const MEET: u64 = 500;
/// Iterations between two looks at the chains: a hundred milliseconds or so with thousands of cohorts, and a divisor of [`MEET`].
const LOOK: u64 = 25;
/// Iterations when neither a number nor a deadline is given.
const DEFAULT_ITERATIONS: u64 = 20_000;
/// Mixtures of vehicles tried, at most.
const MOST_TRIES: usize = 4;
/// Share of the budget for trying mixtures of vehicles.
const EXPLORE: f64 = 0.6;
/// Temperature at the start and the end, fen a day: a rider's saving or two, then next to nothing.
const HOT: f64 = 1000.0;
const COLD: f64 = 20.0;

/// A draft with all its sums.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// The draft.
    pub draft: Draft,
    /// People, fen on a day of each service.
    people: Vec<f64>,
    /// Running, fen on a day of each service.
    running: Vec<Fen>,
    /// Changes of each service, where there is a plan in force.
    changes: Vec<Part>,
    /// All of it on a mean day.
    pub worth: Worth,
}

impl Weighed {
    /// A draft that runs nothing and whose worth is not known: for projects nobody travels in.
    #[must_use]
    pub fn nothing(draft: Draft) -> Self {
        let services = draft.services.len();
        let worth = Worth { people: 0.0, running: 0.0, upkeep: 0.0, changes: 0.0 };
        let (people, running) = (vec![0.0; services], vec![Fen::ZERO; services]);
        Self { draft, people, running, changes: Vec::new(), worth }
    }
}

/// What the search needs besides the shop.
#[derive(Debug)]
pub struct Desk<'a> {
    /// Lines, inputs, matrices.
    pub shop: &'a Shop<'a>,
    /// `[month][service]` days, for a monthly budget.
    months: Vec<Vec<u32>>,
    /// Services that run on the same date, each set once: they share the fleet.
    together: Vec<Vec<usize>>,
    /// Lines that reach a cohort.
    lines_for: Vec<Vec<LineId>>,
    /// Cohorts by service, with running sums of people: to draw one by its weight.
    crowd: Vec<(u64, CohortId)>,
    /// Vehicles of each type that every service has hired already; no more can be.
    paid: Option<Vec<u32>>,
    /// What changes against the plan in force, if there is one.
    ledger: Option<Ledger<'a>>,
}

/// Is shown the best so far, at full prices, and the iterations done; at every look.
pub type Show<'a> = dyn Fn(&Weighed, u64) + 'a;

/// The part of the budget a search may use, 0 to 1.
#[derive(Clone, Copy, Debug)]
struct Share {
    /// From here.
    from: f64,
    /// To here.
    to: f64,
}

impl<'a> Desk<'a> {
    /// Lays out what the moves draw from.
    #[must_use]
    pub fn new(shop: &'a Shop<'a>) -> Self {
        let mut lines_for = vec![Vec::new(); shop.model.rides.len()];
        for (line, offer) in shop.offers.iter().enumerate() {
            for cohort in offer.cohorts() {
                lines_for[cohort.index()].push(LineId::at(line));
            }
        }
        let mut sum = 0_u64;
        let mut crowd = Vec::new();
        for (number, ride) in shop.model.rides.iter().enumerate() {
            if lines_for[number].is_empty() {
                continue;
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "thousandths of people, not negative"
            )]
            let weight = (f64::from(ride.people.0) * shop.model.weight(ride.service)).ceil() as u64;
            sum += weight.max(1);
            crowd.push((sum, CohortId::at(number)));
        }
        let ledger = shop.project.in_force.as_ref().map(|in_force| Ledger::new(shop, in_force));
        Self { shop, months: months(shop), together: together(shop), lines_for, crowd, paid: None, ledger }
    }

    /// The same desk with these vehicles paid for.
    fn with_paid(&self, hire: Vec<u32>) -> Self {
        Self {
            shop: self.shop,
            months: self.months.clone(),
            together: self.together.clone(),
            lines_for: self.lines_for.clone(),
            crowd: self.crowd.clone(),
            paid: Some(hire),
            ledger: self.ledger.clone(),
        }
    }

    /// Changes of a service against the plan in force, everybody choosing among all seats, as the plan states them.
    fn changes(&self, number: usize, service: &DraftService) -> Option<Part> {
        let ledger = self.ledger.as_ref()?;
        Some(ledger.service(ServiceId::at(number), service, &self.shop.riders(service, 1000)))
    }

    /// Are there vehicles enough on every date, whichever services it has?
    pub(in crate::planning) fn fleet_suffices(&self, draft: &Draft) -> bool {
        let fleet = &self.shop.project.fleet;
        self.together.iter().filter(|services| services.len() > 1).all(|services| {
            (0..fleet.len()).map(TypeId::at).all(|kind| {
                let blocks = services.iter().flat_map(|&s| &draft.services[s]);
                blocks.filter(|block| block.kind == kind).count() <= fleet[kind.index()].count as usize
            })
        })
    }

    /// Are there so many vehicles `[service][type]` on every date?
    pub(in crate::planning) fn suffices(&self, used: &[Vec<u32>]) -> bool {
        let fleet = &self.shop.project.fleet;
        let each = used.iter().all(|used| used.iter().zip(fleet).all(|(used, kind)| *used <= kind.count));
        each && self.together.iter().all(|services| {
            (0..fleet.len()).all(|kind| services.iter().map(|s| used[*s][kind]).sum::<u32>() <= fleet[kind].count)
        })
    }

    /// What a draft comes to when people find all seats, as the plan states it; the search plans with fewer.
    pub(in crate::planning) fn promised(&self, weighed: &Weighed) -> f64 {
        let people = |(s, service): (usize, &DraftService)| {
            let number = ServiceId::at(s);
            self.shop.people(number, service, 1000) * self.shop.model.weight(number)
        };
        let people: f64 = weighed.draft.services.iter().enumerate().map(people).sum();
        people + weighed.worth.objective() - weighed.worth.people
    }

    /// `[month][service]` days, for a monthly budget.
    pub(in crate::planning) fn months(&self) -> &[Vec<u32>] {
        &self.months
    }

    /// Hire that is paid already.
    fn hires(&self, service: &DraftService) -> Fen {
        match &self.paid {
            None => Fen::ZERO,
            Some(_) => service.iter().map(|block| self.shop.project.fleet[block.kind.index()].cost_per_day).sum(),
        }
    }

    /// Weighs a draft; `None` where it breaks a hard limit.
    #[must_use]
    pub fn weigh(&self, draft: Draft) -> Option<Weighed> {
        let load = self.shop.model.policy.planned_load();
        let people = draft
            .services
            .iter()
            .enumerate()
            .map(|(s, service)| self.shop.people(ServiceId::at(s), service, load))
            .collect();
        let running = draft.services.iter().map(|service| self.shop.running(service)).collect::<Option<Vec<Fen>>>()?;
        let changes = draft.services.iter().enumerate().filter_map(|(s, service)| self.changes(s, service)).collect();
        self.sum(draft, people, running, changes)
    }

    fn sum(&self, draft: Draft, people: Vec<f64>, running: Vec<Fen>, changes: Vec<Part>) -> Option<Weighed> {
        if !self.shop.affordable(&running, &self.months) || !self.fleet_suffices(&draft) {
            return None;
        }
        let upkeep = self.shop.upkeep(&draft)?.0 as f64;
        let (price, count) = self.ledger.as_ref().map_or((0.0, 0), |ledger| ledger.sum(&draft, &changes));
        if self.shop.project.max_changes.is_some_and(|most| count > most) {
            return None;
        }
        let weight = |s: usize| self.shop.model.weight(ServiceId::at(s));
        let worth = Worth {
            people: people.iter().enumerate().map(|(s, fen)| fen * weight(s)).sum(),
            running: running
                .iter()
                .zip(&draft.services)
                .enumerate()
                .map(|(s, (fen, service))| (*fen - self.hires(service)).0 as f64 * weight(s))
                .sum(),
            upkeep,
            changes: price,
        };
        Some(Weighed { draft, people, running, changes, worth })
    }

    /// The same draft with one service replaced.
    pub(in crate::planning) fn with(&self, now: &Weighed, number: usize, service: DraftService) -> Option<Weighed> {
        let mut running = now.running.clone();
        running[number] = self.shop.running(&service)?;
        let mut people = now.people.clone();
        people[number] = self.shop.people(ServiceId::at(number), &service, self.shop.model.policy.planned_load());
        let mut changes = now.changes.clone();
        if let (Some(part), Some(now)) = (changes.get_mut(number), self.changes(number, &service)) {
            *part = now;
        }
        let mut draft = now.draft.clone();
        draft.services[number] = service;
        self.sum(draft, people, running, changes)
    }

    /// A random neighbour, or `None` where the move drawn is not possible.
    pub(in crate::planning) fn neighbour(&self, now: &Weighed, random: &mut Random) -> Option<Weighed> {
        let total = self.crowd.last()?.0;
        let drawn = random.next_u64() % total;
        let cohort = self.crowd[self.crowd.partition_point(|(sum, _)| *sum <= drawn)].1;
        let number = self.shop.model.rides[cohort.index()].service.index();
        let mut service = now.draft.services[number].clone();
        let trips: usize = service.iter().map(|block| block.trips.len()).sum();
        match random.below(if trips == 0 { 4 } else { 22 }) {
            0..=3 => self.put_in(&mut service, cohort, random)?,
            4..=6 => {
                take_out(&mut service, random.below(trips));
            }
            7..=12 => {
                let (block, at) = position(&service, random.below(trips));
                let trip = &service[block].trips[at];
                let reach = if random.below(3) == 0 { 20 } else { 4 };
                let by = 1 + u32::try_from(random.below(reach)).ok()?;
                let minute = if random.below(2) == 0 { trip.minute + by } else { trip.minute.checked_sub(by)? };
                let line = trip.line;
                self.replace(&mut service[block], at, ServiceId::at(number), line, minute)?;
            }
            13..=16 => {
                let (block, at) = position(&service, random.below(trips));
                let line = self.some_line(now, cohort, random)?;
                let minute = service[block].trips[at].minute;
                self.replace(&mut service[block], at, ServiceId::at(number), line, minute)?;
            }
            17 => {
                let (block, at) = position(&service, random.below(trips));
                let (from, to) = (service[block].trips[at].line, self.some_line(now, cohort, random)?);
                for block in &mut service {
                    for at in 0..block.trips.len() {
                        if block.trips[at].line == from {
                            let minute = block.trips[at].minute;
                            let trip = self.shop.trip(ServiceId::at(number), to, minute)?;
                            block.trips[at] = trip;
                        }
                    }
                }
            }
            18 => {
                let trip = take_out(&mut service, random.below(trips));
                self.hand_over(&mut service, trip, random)?;
            }
            _ => {
                take_out(&mut service, random.below(trips));
                self.put_in(&mut service, cohort, random)?;
            }
        }
        self.with(now, number, service)
    }

    /// A line that reaches the cohort, one in use if the coin says so.
    fn some_line(&self, now: &Weighed, cohort: CohortId, random: &mut Random) -> Option<LineId> {
        let lines = &self.lines_for[cohort.index()];
        let used = now.draft.lines();
        let known: Vec<LineId> = lines.iter().copied().filter(|line| used.binary_search(line).is_ok()).collect();
        if !known.is_empty() && random.below(4) > 0 {
            return Some(known[random.below(known.len())]);
        }
        (!lines.is_empty()).then(|| lines[random.below(lines.len())])
    }

    /// A trip for this cohort, at a time it could use, on a vehicle with a gap there or a new one.
    fn put_in(&self, service: &mut DraftService, cohort: CohortId, random: &mut Random) -> Option<()> {
        let lines = &self.lines_for[cohort.index()];
        let used: Vec<LineId> = service
            .iter()
            .flat_map(|block| block.trips.iter().map(|trip| trip.line))
            .filter(|line| lines.contains(line))
            .collect();
        let line = if !used.is_empty() && random.below(4) > 0 {
            used[random.below(used.len())]
        } else {
            lines[random.below(lines.len())]
        };
        let ride = &self.shop.model.rides[cohort.index()];
        let probe = self.shop.trip(ride.service, line, ride.time.minute())?;
        let spread = u32::try_from(random.below(16)).ok()?;
        let minute = match ride.kind {
            super::plan::TimeKind::ArriveBy => {
                ride.time.minute().checked_sub(probe.times.run().minutes_up() + spread)?
            }
            super::plan::TimeKind::DepartAfter => ride.time.minute() + spread,
        };
        self.shop.model.minutes.binary_search(&minute).ok()?;
        let trip = self.shop.trip(ride.service, line, minute)?;
        if trip.choices.is_empty() {
            return None;
        }
        self.hand_over(service, trip, random)
    }

    /// Gives a trip to a random vehicle that has time, or to one more of the fleet.
    fn hand_over(&self, service: &mut DraftService, trip: DraftTrip, random: &mut Random) -> Option<()> {
        let fleet = &self.shop.project.fleet;
        let choices = service.len() + 1;
        let start = random.below(choices);
        for k in 0..choices {
            let at = (start + k) % choices;
            if at == service.len() {
                let most =
                    |kind: TypeId| self.paid.as_ref().map_or(fleet[kind.index()].count, |paid| paid[kind.index()]);
                let free =
                    |kind: TypeId| service.iter().filter(|block| block.kind == kind).count() < most(kind) as usize;
                let kinds: Vec<TypeId> = (0..fleet.len()).map(TypeId::at).filter(|kind| free(*kind)).collect();
                if kinds.is_empty() {
                    continue;
                }
                let kind = kinds[random.below(kinds.len())];
                service.push(DraftBlock { kind, trips: vec![trip] });
                return Some(());
            }
            let mut block = service[at].clone();
            insert(&mut block, trip.clone());
            if self.shop.effort(&block).is_some() {
                service[at] = block;
                return Some(());
            }
        }
        None
    }

    fn replace(&self, block: &mut DraftBlock, at: usize, service: ServiceId, line: LineId, minute: u32) -> Option<()> {
        self.shop.model.minutes.binary_search(&minute).ok()?;
        let trip = self.shop.trip(service, line, minute)?;
        if trip.choices.is_empty() {
            return None;
        }
        block.trips.remove(at);
        insert(block, trip);
        Some(())
    }
}

fn insert(block: &mut DraftBlock, trip: DraftTrip) {
    let at = block.trips.partition_point(|other| other.minute <= trip.minute);
    block.trips.insert(at, trip);
}

fn position(service: &DraftService, mut number: usize) -> (usize, usize) {
    for (b, block) in service.iter().enumerate() {
        if number < block.trips.len() {
            return (b, number);
        }
        number -= block.trips.len();
    }
    (0, 0)
}

fn take_out(service: &mut DraftService, number: usize) -> DraftTrip {
    let (block, at) = position(service, number);
    let trip = service[block].trips.remove(at);
    if service[block].trips.is_empty() {
        service.remove(block);
    }
    trip
}

struct Chain {
    random: Random,
    now: Weighed,
    best: Weighed,
}

/// Vehicles of each type a draft uses on its busiest service.
fn hired(desk: &Desk<'_>, draft: &Draft) -> Vec<u32> {
    (0..desk.shop.project.fleet.len())
        .map(TypeId::at)
        .map(|kind| {
            let used = |service: &DraftService| service.iter().filter(|block| block.kind == kind).count();
            u32::try_from(draft.services.iter().map(used).max().unwrap_or(0)).unwrap_or(u32::MAX)
        })
        .collect()
}

/// The best at full prices over all searches, and those who want to know of it.
struct Lookout<'a> {
    desk: &'a Desk<'a>,
    run: &'a Run<'a>,
    show: &'a Show<'a>,
    best: Weighed,
    /// Iterations of the searches that are over.
    done: u64,
}

impl Lookout<'_> {
    /// A search stands still: its best so far (by its own prices) after so many iterations.
    fn look(&mut self, found: &Weighed, done: u64) -> Answer {
        // The hire that was paid is part of the running cost again; limits do not depend on it.
        let full =
            self.desk.sum(found.draft.clone(), found.people.clone(), found.running.clone(), found.changes.clone());
        if let Some(full) = full.filter(|full| full.worth.objective() < self.best.worth.objective()) {
            self.best = full;
        }
        let done = self.done + done;
        let objective = Some(self.best.worth.objective());
        let answer = (self.run.watch)(&Progress { stage: "stage-improve", iteration: done, objective, bound: None });
        (self.show)(&self.best, done);
        answer
    }
}

/// Tries the most promising mixtures of vehicles with their hire paid, then searches on from the best at full prices.
/// The answer is never worse than any of the starts, nor than anything shown on the way.
#[must_use]
pub fn explore(desk: &Desk<'_>, starts: &[Weighed], run: &Run<'_>, show: &Show<'_>) -> Solved<Weighed> {
    let mut tries: Vec<(Vec<u32>, &Weighed)> = starts
        .iter()
        .map(|start| (hired(desk, &start.draft), start))
        .filter(|(hire, _)| hire.iter().any(|count| *count > 0))
        .collect();
    tries.sort_by(|a, b| a.1.worth.objective().total_cmp(&b.1.worth.objective()).then_with(|| a.0.cmp(&b.0)));
    tries.dedup_by(|a, b| a.0 == b.0);
    tries.truncate(MOST_TRIES);
    let nothing = || Weighed::nothing(Draft { services: vec![Vec::new(); desk.shop.project.services.len()] });
    let best = starts.iter().min_by(|a, b| a.worth.objective().total_cmp(&b.worth.objective()));
    let mut lookout = Lookout { desk, run, show, best: best.cloned().unwrap_or_else(nothing), done: 0 };
    for (k, (hire, start)) in tries.iter().enumerate() {
        let paid = desk.with_paid(hire.clone());
        let Some(start) = paid.weigh(start.draft.clone()) else { continue };
        let part = EXPLORE / tries.len() as f64;
        let share = Share { from: part * k as f64, to: part * (k + 1) as f64 };
        if search(&paid, start, share, &mut lookout) == Ended::Stopped {
            break;
        }
    }
    let best = lookout.best.clone();
    let ended = search(desk, best, Share { from: EXPLORE, to: 1.0 }, &mut lookout);
    Solved { best: lookout.best, bound: None, ended, iterations: lookout.done }
}

/// Searches until its share of the iterations or of the time, or the watcher, ends it; the lookout keeps the best.
fn search(desk: &Desk<'_>, start: Weighed, share: Share, lookout: &mut Lookout<'_>) -> Ended {
    let run = lookout.run;
    let part = |iterations: u64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares are within 0 to 1")]
        let at = |share: f64| (iterations as f64 * share).round() as u64;
        at(share.to) - at(share.from)
    };
    let untimed = part(run.iterations.unwrap_or(DEFAULT_ITERATIONS));
    let mut seeds = Random::new(run.seed ^ share.from.to_bits());
    let mut chains: Vec<Chain> = (0..run.chains.max(1))
        .map(|_| Chain { random: Random::new(seeds.next_u64()), now: start.clone(), best: start.clone() })
        .collect();
    let mut done = 0_u64;
    let mut best = start;
    let ended = 'search: loop {
        let answer = lookout.look(&best, done);
        if answer.stop {
            break Ended::Stopped;
        }
        let timed = run.iterations.is_none() && answer.used > 0.0;
        if if timed { answer.used >= share.to } else { done >= untimed } {
            break Ended::Budget;
        }
        let used = if timed {
            ((answer.used - share.from) / (share.to - share.from)).clamp(0.0, 1.0)
        } else {
            done as f64 / untimed as f64
        };
        let temperature = HOT * libm::pow(COLD / HOT, used);
        let meeting = done + if timed { MEET } else { MEET.min(untimed - done) };
        while done < meeting {
            let steps = LOOK.min(meeting - done);
            chains.par_iter_mut().for_each(|chain| {
                for _ in 0..steps {
                    anneal(desk, chain, temperature);
                }
            });
            done += steps;
            if done < meeting {
                let answer = lookout.look(leader(&best, &chains), done);
                if answer.stop {
                    break 'search Ended::Stopped;
                }
                if timed && answer.used >= share.to {
                    break 'search Ended::Budget;
                }
            }
        }
        best = leader(&best, &chains).clone();
        // The worse half goes on from the best.
        let mut order: Vec<usize> = (0..chains.len()).collect();
        order.sort_by(|a, b| {
            chains[*a].now.worth.objective().total_cmp(&chains[*b].now.worth.objective()).then(a.cmp(b))
        });
        for &worse in &order[chains.len().div_ceil(2)..] {
            chains[worse].now = best.clone();
        }
    };
    lookout.done += done;
    ended
}

/// The best of the chains and of what was known; what was known, then the first, where they are equal.
fn leader<'w>(best: &'w Weighed, chains: &'w [Chain]) -> &'w Weighed {
    chains
        .iter()
        .map(|chain| &chain.best)
        .fold(best, |best, found| if found.worth.objective() < best.worth.objective() { found } else { best })
}

fn anneal(desk: &Desk<'_>, chain: &mut Chain, temperature: f64) {
    let Some(next) = desk.neighbour(&chain.now, &mut chain.random) else { return };
    let worse_by = next.worth.objective() - chain.now.worth.objective();
    let accept = worse_by <= 0.0 || chain.random.unit() < libm::exp(-worse_by / temperature);
    if accept {
        if next.worth.objective() < chain.best.worth.objective() {
            chain.best = next.clone();
        }
        chain.now = next;
    }
}

/// Days of each service in each calendar month it touches.
fn months(shop: &Shop<'_>) -> Vec<Vec<u32>> {
    let mut months = std::collections::BTreeMap::new();
    for (number, service) in shop.project.services.iter().enumerate() {
        for date in service.dates() {
            months.entry((date.year(), date.month())).or_insert_with(|| vec![0; shop.project.services.len()])
                [number] += 1;
        }
    }
    months.into_values().collect()
}

/// The sets of services that have a date in common.
fn together(shop: &Shop<'_>) -> Vec<Vec<usize>> {
    let mut by_date: std::collections::BTreeMap<jiff::civil::Date, Vec<usize>> = std::collections::BTreeMap::new();
    for (number, service) in shop.project.services.iter().enumerate() {
        for date in service.dates() {
            by_date.entry(date).or_default().push(number);
        }
    }
    by_date.into_values().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
