//! What changes for riders between the plan in force and a new one, and what is that worth?
//!
//! The rules stand at the top of [`super::plan`] (*Changes*). Twice the same: [`between`] two plans, with names, to tell and to
//! state; and [`Ledger`] for a draft against the plan in force, in dense numbers, for the search. A test holds them together.
//!
//! Departures are paired service by service and line by line as texts are aligned (Needleman & Wunsch 1970): O(n·m) in the
//! departures of a line. People are compared row by row.
//!
//! Limits: departures never overtake each other in the pairing, and where a line in force has become two, both take its
//! departures in the order of the clock. Who takes another departure because it suits better is counted like who must: a plan
//! cannot tell wish from need.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, DraftService, Shop};
use super::evaluation::Aboard;
use super::plan::{Plan, Stop, Trip};
use super::project::ChangePrices;
use crate::domain::coordinates::Point;
use crate::domain::ids::{ServiceId, StopId};
use crate::domain::units::{Fen, People, divide_half_up};

/// Minutes a departure that is dropped counts for: the longest wait by default. One moved by more is dropped and another added.
pub const DROPPED: u32 = 30;
/// Minutes a departure counts for, besides its shift, that runs on other stops now: 500 m to the next stop take seven, rounded up.
pub const OTHER_STOPS: u32 = 10;

/// A departure that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// Trip id in the plan in force; `None`: added.
    pub before: Option<String>,
    /// Trip id in the new plan; `None`: dropped.
    pub after: Option<String>,
    /// What it counts for.
    pub minutes: u32,
    /// It serves other stops now.
    pub other_stops: bool,
}

/// People of a cohort who take another departure than in the plan in force, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reassigned {
    /// Cohort id.
    pub cohort: String,
    /// How many.
    pub people: People,
    /// What they take now: the first trip's id of their way, and how many; the others do not ride.
    pub to: Vec<(String, People)>,
}

/// All that is different for riders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Ids of stops in use now and not in the plan in force.
    pub opened: Vec<String>,
    /// Ids of stops no longer in use.
    pub closed: Vec<String>,
    /// Ids of stops that stand a metre or more from where they stood.
    pub moved: Vec<String>,
    /// Departures shifted, rerouted, added, dropped.
    pub departures: Vec<Departure>,
    /// People who take another departure, by cohort.
    pub reassigned: Vec<Reassigned>,
}

impl Changes {
    /// Stops opened, closed, moved.
    #[must_use]
    pub fn stops(&self) -> u32 {
        u32::try_from(self.opened.len() + self.closed.len() + self.moved.len()).unwrap_or(u32::MAX)
    }

    /// What `max_changes` limits: stops and departures. People are priced, not counted: they follow from these.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.stops().saturating_add(u32::try_from(self.departures.len()).unwrap_or(u32::MAX))
    }

    /// Minutes that all departures count for.
    #[must_use]
    pub fn minutes(&self) -> u64 {
        self.departures.iter().map(|departure| u64::from(departure.minutes)).sum()
    }

    /// People who take another departure, or none, in thousandths.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.reassigned.iter().map(|row| u64::from(row.people.0)).sum()
    }

    /// What it costs, fen a day, rounded half up once.
    #[must_use]
    pub fn price(&self, prices: &ChangePrices) -> Fen {
        let people = i128::from(prices.per_person_reassigned.0) * i128::from(self.people());
        let whole = i128::from(prices.per_stop_moved.0) * i128::from(self.stops())
            + i128::from(prices.per_minute_shifted.0) * i128::from(self.minutes());
        Fen(i64::try_from(whole + divide_half_up(people, 1000)).unwrap_or(i64::MAX))
    }
}

/// What is different in `plan`.
#[must_use]
pub fn between(in_force: &Plan, plan: &Plan) -> Changes {
    let mut changes = Changes::default();
    let known: BTreeMap<&str, &Stop> = in_force.stops.iter().map(|stop| (stop.id.as_str(), stop)).collect();
    let now: BTreeMap<&str, &Stop> = plan.stops.iter().map(|stop| (stop.id.as_str(), stop)).collect();
    for (id, stop) in &now {
        match known.get(id) {
            None => changes.opened.push((*id).to_owned()),
            Some(was) if apart(place(was), place(stop)) => changes.moved.push((*id).to_owned()),
            Some(_) => {}
        }
    }
    changes.closed = known.keys().filter(|id| !now.contains_key(*id)).map(|id| (*id).to_owned()).collect();
    let partner = departures(in_force, plan, &mut changes);
    changes.reassigned = reassigned(in_force, plan, &partner);
    changes
}

fn place(stop: &Stop) -> Point {
    Point { lon: stop.lon, lat: stop.lat }
}

fn apart(a: Point, b: Point) -> bool {
    a.metres_to(b).round() >= 1.0
}

fn stops_of(trip: &Trip) -> Vec<&str> {
    trip.times.iter().map(|time| time.stop.as_str()).collect()
}

/// When a trip leaves the stop at a position, seconds.
fn leaves(trip: &Trip, position: usize) -> u32 {
    trip.times.get(position).map_or(0, |time| time.depart.0)
}

/// How a run of stops continues a line in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kin {
    /// Number of the line in force.
    line: usize,
    /// Position on it of its first stop that both serve …
    before: usize,
    /// … and on the new run of stops.
    after: usize,
    /// The same stops in the same order.
    same: bool,
}

impl Kin {
    /// Minutes a departure counts for that left the common stop at one moment and leaves it at another, seconds.
    fn minutes(self, before: u32, after: u32) -> u32 {
        before.abs_diff(after).div_ceil(60) + if self.same { 0 } else { OTHER_STOPS }
    }
}

/// The line in force most like a run of stops: the largest share of stops in the same order; of equals, the first.
fn kin(lines: &[Vec<&str>], stops: &[&str]) -> Option<Kin> {
    let mut best: Option<(usize, usize, usize)> = None;
    for (number, line) in lines.iter().enumerate() {
        let (common, all) = (common(line, stops), line.len() + stops.len());
        // At least two stops, and half of either's on the average.
        if common >= 2 && 4 * common >= all && best.is_none_or(|(_, most, of)| common * of > most * all) {
            best = Some((number, common, all));
        }
    }
    let (line, ..) = best?;
    let (before, after) = lines[line]
        .iter()
        .enumerate()
        .find_map(|(k, stop)| Some((k, stops.iter().position(|other| other == stop)?)))?;
    Some(Kin { line, before, after, same: lines[line] == stops })
}

/// Most stops two runs have in common in the same order (longest common subsequence).
fn common(a: &[&str], b: &[&str]) -> usize {
    let mut row = vec![0_usize; b.len() + 1];
    for stop in a {
        let mut corner = 0;
        for (k, other) in b.iter().enumerate() {
            let above = row[k + 1];
            row[k + 1] = if stop == other { corner + 1 } else { above.max(row[k]) };
            corner = above;
        }
    }
    row[b.len()]
}

/// Pairs departures before with departures after, both in time order, for the least minutes, then the fewest changes; of equal
/// ways the one that, from the last departure back, pairs before it drops and drops before it adds.
fn pair(before: usize, after: usize, minutes: &dyn Fn(usize, usize) -> u32) -> Vec<(Option<usize>, Option<usize>)> {
    // Minutes and changes in one number: far fewer than a million departures.
    let cost = |minutes: u32, changes: u64| u64::from(minutes) * 1_000_000 + changes;
    let paired = |i: usize, j: usize| {
        let minutes = minutes(i, j);
        cost(minutes, u64::from(minutes > 0))
    };
    let (dropped, added) = (cost(DROPPED, 1), cost(0, 1));
    let width = after + 1;
    let mut least = vec![0_u64; (before + 1) * width];
    for i in 0..=before {
        for j in 0..=after {
            let mut here = if i == 0 && j == 0 { 0 } else { u64::MAX };
            if i > 0 && j > 0 {
                here = here.min(least[(i - 1) * width + j - 1] + paired(i - 1, j - 1));
            }
            if i > 0 {
                here = here.min(least[(i - 1) * width + j] + dropped);
            }
            if j > 0 {
                here = here.min(least[i * width + j - 1] + added);
            }
            least[i * width + j] = here;
        }
    }
    let (mut i, mut j) = (before, after);
    let mut pairs = Vec::with_capacity(before.max(after));
    while i > 0 || j > 0 {
        let here = least[i * width + j];
        if i > 0 && j > 0 && here == least[(i - 1) * width + j - 1] + paired(i - 1, j - 1) {
            (i, j) = (i - 1, j - 1);
            pairs.push((Some(i), Some(j)));
        } else if i > 0 && here == least[(i - 1) * width + j] + dropped {
            i -= 1;
            pairs.push((Some(i), None));
        } else {
            j -= 1;
            pairs.push((None, Some(j)));
        }
    }
    pairs.reverse();
    pairs
}

/// Tells the departures that changed; of each trip of the new plan, the position of the trip it was.
fn departures(in_force: &Plan, plan: &Plan, changes: &mut Changes) -> Vec<Option<usize>> {
    let lines: Vec<Vec<&str>> = in_force.trips.iter().map(stops_of).collect::<BTreeSet<_>>().into_iter().collect();
    // By service and line in force (new lines after all of them): trips before, and after with their kin.
    type Group = (Vec<usize>, Vec<(usize, Option<Kin>)>);
    let mut groups: BTreeMap<(&str, usize), Group> = BTreeMap::new();
    for (number, trip) in in_force.trips.iter().enumerate() {
        let line = lines.binary_search(&stops_of(trip)).unwrap_or(lines.len());
        groups.entry((trip.service.as_str(), line)).or_default().0.push(number);
    }
    let mut kins: BTreeMap<Vec<&str>, Option<Kin>> = BTreeMap::new();
    for (number, trip) in plan.trips.iter().enumerate() {
        let stops = stops_of(trip);
        let kin = *kins.entry(stops.clone()).or_insert_with(|| kin(&lines, &stops));
        let line = kin.map_or(lines.len(), |kin| kin.line);
        groups.entry((trip.service.as_str(), line)).or_default().1.push((number, kin));
    }
    let mut partner = vec![None; plan.trips.len()];
    for ((_, line), (mut before, mut after)) in groups {
        before.sort_by_key(|&n| (leaves(&in_force.trips[n], 0), in_force.trips[n].id.as_str(), n));
        after.sort_by_cached_key(|&(n, _)| {
            let trip = &plan.trips[n];
            (leaves(trip, 0), stops_of(trip), trip.id.as_str(), n)
        });
        let minutes = |i: usize, j: usize| {
            let (number, kin) = after[j];
            kin.map_or(u32::MAX / 2, |kin| {
                kin.minutes(leaves(&in_force.trips[before[i]], kin.before), leaves(&plan.trips[number], kin.after))
            })
        };
        // New lines stand alone: nothing was there to pair with.
        let pairs = if line == lines.len() {
            (0..after.len()).map(|j| (None, Some(j))).collect()
        } else {
            pair(before.len(), after.len(), &minutes)
        };
        for (i, j) in pairs {
            let count = match (i, j) {
                (Some(i), Some(j)) => {
                    partner[after[j].0] = Some(before[i]);
                    minutes(i, j)
                }
                (Some(_), None) => DROPPED,
                _ => 0,
            };
            if i.is_some() && j.is_some() && count == 0 {
                continue;
            }
            changes.departures.push(Departure {
                before: i.map(|i| in_force.trips[before[i]].id.clone()),
                after: j.map(|j| plan.trips[after[j].0].id.clone()),
                minutes: count,
                other_stops: i.is_some() && j.and_then(|j| after[j].1).is_some_and(|kin| !kin.same),
            });
        }
    }
    partner
}

/// A way to ride, in numbers of the plan in force; `None` where a departure is another.
type Way = Option<Vec<usize>>;

/// Of a cohort, who rode: how many on each way, and all together.
type Rode = (BTreeMap<Vec<usize>, u64>, u64);

fn reassigned(in_force: &Plan, plan: &Plan, partner: &[Option<usize>]) -> Vec<Reassigned> {
    let number = |plan: &'_ Plan| -> BTreeMap<String, usize> {
        plan.trips.iter().enumerate().map(|(n, trip)| (trip.id.clone(), n)).collect()
    };
    let (old, new) = (number(in_force), number(plan));
    let mut rode: BTreeMap<&str, Rode> = BTreeMap::new();
    for row in &in_force.riders {
        let way: Way = row.legs.iter().map(|leg| old.get(&leg.trip).copied()).collect();
        let (ways, all) = rode.entry(row.cohort.as_str()).or_default();
        *all += u64::from(row.people.0);
        if let Some(way) = way {
            *ways.entry(way).or_default() += u64::from(row.people.0);
        }
    }
    let people: BTreeMap<&str, u64> =
        plan.cohorts.iter().map(|cohort| (cohort.id.as_str(), u64::from(cohort.people.0))).collect();
    // What is left of those who rode each way, and what each row has beyond them.
    let mut left = rode.clone();
    let mut stayed: BTreeMap<&str, u64> = BTreeMap::new();
    let mut beyond: BTreeMap<&str, Vec<(String, u64)>> = BTreeMap::new();
    for row in &plan.riders {
        let way: Way = row.legs.iter().map(|leg| partner[*new.get(&leg.trip)?]).collect();
        let now = u64::from(row.people.0);
        let was = way.as_ref().and_then(|way| left.get_mut(row.cohort.as_str())?.0.get_mut(way));
        let same = was.map_or(0, |was| {
            let same = now.min(*was);
            *was -= same;
            same
        });
        *stayed.entry(row.cohort.as_str()).or_default() += same;
        if let Some(leg) = row.legs.first().filter(|_| now > same) {
            beyond.entry(row.cohort.as_str()).or_default().push((leg.trip.clone(), now - same));
        }
    }
    let thousandths = |people: u64| People(u32::try_from(people).unwrap_or(u32::MAX));
    rode.iter()
        .filter_map(|(cohort, (_, all))| {
            let still = people.get(cohort).copied().unwrap_or(0).min(*all);
            let moved = still.saturating_sub(stayed.get(cohort).copied().unwrap_or(0));
            let mut rest = moved;
            let mut to = Vec::new();
            for (trip, count) in beyond.remove(cohort).unwrap_or_default() {
                let taken = count.min(rest);
                rest -= taken;
                if taken > 0 {
                    to.push((trip, thousandths(taken)));
                }
            }
            (moved > 0).then(|| Reassigned { cohort: (*cohort).to_owned(), people: thousandths(moved), to })
        })
        .collect()
}

/// Of one service: minutes, departures that changed, thousandths of people who take another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Minutes all its departures count for.
    pub minutes: u64,
    /// Departures that changed.
    pub count: u32,
    /// Thousandths of people reassigned.
    pub people: u64,
}

/// The plan in force in the numbers of a solve.
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    shop: &'a Shop<'a>,
    /// Stops of the plan in force.
    stops: usize,
    /// Of each stop of the model: was it there, and where it stands now?
    stop: Vec<(bool, bool)>,
    /// Of each line of the shop: the line in force it continues.
    kin: Vec<Option<Kin>>,
    /// Of each line of the shop: its place among them by its stops' ids.
    rank: Vec<usize>,
    /// `[service][line in force]`: trips in time order, by their numbers in the plan in force.
    before: Vec<Vec<Vec<usize>>>,
    /// Of each trip in force: when it leaves each stop.
    leaves: Vec<Vec<u32>>,
    /// Of each cohort: who rode, on each single trip, and all together.
    rode: Vec<(Vec<(usize, u64)>, u64)>,
    /// Departures of services there are no longer.
    gone: Part,
}

impl<'a> Ledger<'a> {
    /// Opens the ledger of a plan in force.
    #[must_use]
    pub fn new(shop: &'a Shop<'a>, in_force: &Plan) -> Self {
        let known: BTreeMap<&str, &Stop> = in_force.stops.iter().map(|stop| (stop.id.as_str(), stop)).collect();
        let stop = shop.model.stops.iter().map(|stop| {
            let was = known.get(stop.candidate.id.as_str());
            (was.is_some(), was.is_some_and(|was| !apart(place(was), stop.candidate.point)))
        });
        let lines: Vec<Vec<&str>> = in_force.trips.iter().map(stops_of).collect::<BTreeSet<_>>().into_iter().collect();
        let id = |stop: &StopId| shop.model.stops[stop.index()].candidate.id.as_str();
        let offered: Vec<Vec<&str>> =
            shop.offers.iter().map(|offer| offer.pattern.0.iter().map(id).collect()).collect();
        let mut order: Vec<usize> = (0..offered.len()).collect();
        order.sort_by(|a, b| offered[*a].cmp(&offered[*b]));
        let mut rank = vec![0; offered.len()];
        for (place, line) in order.into_iter().enumerate() {
            rank[line] = place;
        }
        let services = &shop.project.services;
        let mut before = vec![vec![Vec::new(); lines.len()]; services.len()];
        let mut gone = Part::default();
        for (number, trip) in in_force.trips.iter().enumerate() {
            match services.iter().position(|service| service.id == trip.service) {
                Some(service) => {
                    if let Ok(line) = lines.binary_search(&stops_of(trip)) {
                        before[service][line].push(number);
                    }
                }
                None => {
                    gone.minutes += u64::from(DROPPED);
                    gone.count += 1;
                }
            }
        }
        for trips in before.iter_mut().flatten() {
            trips.sort_by_key(|&n: &usize| (leaves(&in_force.trips[n], 0), in_force.trips[n].id.as_str(), n));
        }
        let trips: BTreeMap<&str, usize> =
            in_force.trips.iter().enumerate().map(|(n, trip)| (trip.id.as_str(), n)).collect();
        let mut rode: BTreeMap<&str, (BTreeMap<usize, u64>, u64)> = BTreeMap::new();
        for row in &in_force.riders {
            let (ways, all) = rode.entry(row.cohort.as_str()).or_default();
            *all += u64::from(row.people.0);
            if let [leg] = row.legs.as_slice()
                && let Some(&trip) = trips.get(leg.trip.as_str())
            {
                *ways.entry(trip).or_default() += u64::from(row.people.0);
            }
        }
        let cohorts = shop.model.cohorts.iter().map(|cohort| cohort.id.as_str());
        Self {
            shop,
            stops: known.len(),
            stop: stop.collect(),
            kin: offered.iter().map(|stops| kin(&lines, stops)).collect(),
            rank,
            before,
            leaves: in_force.trips.iter().map(|trip| trip.times.iter().map(|at| at.depart.0).collect()).collect(),
            rode: cohorts
                .map(|id| {
                    rode.get(id).map_or_else(Default::default, |(ways, all)| (ways.clone().into_iter().collect(), *all))
                })
                .collect(),
            gone,
        }
    }

    /// Fen a day and number of changes of a whole draft, everybody choosing among all seats.
    #[must_use]
    pub fn weigh(&self, draft: &Draft) -> (f64, u32) {
        let parts: Vec<Part> = draft
            .services
            .iter()
            .enumerate()
            .map(|(number, service)| self.service(ServiceId::at(number), service, &self.shop.riders(service, 1000)))
            .collect();
        self.sum(draft, &parts)
    }

    /// The same from the services' parts.
    #[must_use]
    pub fn sum(&self, draft: &Draft, parts: &[Part]) -> (f64, u32) {
        let stops = self.stops_changed(draft);
        let all = parts.iter().fold(self.gone, |sum, part| Part {
            minutes: sum.minutes + part.minutes,
            count: sum.count + part.count,
            people: sum.people + part.people,
        });
        let prices = &self.shop.project.changes;
        let fen = prices.per_stop_moved.0 as f64 * f64::from(stops)
            + prices.per_minute_shifted.0 as f64 * all.minutes as f64
            + prices.per_person_reassigned.0 as f64 * all.people as f64 / 1000.0;
        (fen, stops + all.count)
    }

    /// What changes on one service, for these people aboard.
    #[must_use]
    pub fn service(&self, number: ServiceId, service: &DraftService, aboard: &[Aboard]) -> Part {
        let trips: Vec<_> = service.iter().flat_map(|block| &block.trips).collect();
        let before = &self.before[number.index()];
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); before.len()];
        let mut part = Part::default();
        for (n, trip) in trips.iter().enumerate() {
            match self.kin[trip.line.index()] {
                Some(kin) => after[kin.line].push(n),
                None => part.count += 1,
            }
        }
        let mut partner: Vec<Option<usize>> = vec![None; trips.len()];
        for (before, mut after) in before.iter().zip(after) {
            after.sort_by_key(|&n| (trips[n].minute, self.rank[trips[n].line.index()], n));
            let minutes = |i: usize, j: usize| {
                let trip = trips[after[j]];
                self.kin[trip.line.index()].map_or(u32::MAX / 2, |kin| {
                    let was = self.leaves[before[i]].get(kin.before).copied().unwrap_or(0);
                    kin.minutes(was, trip.times.depart.get(kin.after).map_or(0, |at| at.0))
                })
            };
            for (i, j) in pair(before.len(), after.len(), &minutes) {
                let count = match (i, j) {
                    (Some(i), Some(j)) => {
                        partner[after[j]] = Some(before[i]);
                        minutes(i, j)
                    }
                    (Some(_), None) => DROPPED,
                    _ => 0,
                };
                part.minutes += u64::from(count);
                part.count += u32::from(count > 0 || i.is_none());
            }
        }
        let rides = &self.shop.model.rides;
        for (ride, (_, all)) in rides.iter().zip(&self.rode).filter(|(ride, _)| ride.service == number) {
            part.people += u64::from(ride.people.0).min(*all);
        }
        for row in aboard {
            let Some(was) = partner[row.trip] else { continue };
            let (ways, _) = &self.rode[row.cohort.index()];
            if let Ok(at) = ways.binary_search_by_key(&was, |(trip, _)| *trip) {
                part.people = part.people.saturating_sub(ways[at].1.min(u64::from(row.people.0)));
            }
        }
        part
    }

    /// Stops opened, closed, moved.
    fn stops_changed(&self, draft: &Draft) -> u32 {
        let mut used = vec![false; self.stop.len()];
        for line in draft.lines() {
            for stop in &self.shop.offers[line.index()].pattern.0 {
                used[stop.index()] = true;
            }
        }
        let mut kept = 0;
        let mut changed = 0;
        for (known, same) in self.stop.iter().zip(used).filter_map(|(stop, used)| used.then_some(*stop)) {
            kept += usize::from(known);
            changed += u32::from(!same);
        }
        changed + u32::try_from(self.stops.saturating_sub(kept)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests;
