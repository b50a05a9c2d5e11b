//! What can no plan beat? A Lagrangian bound for one day: the rule that each person rides once is given up for a price.
//!
//! What is left falls apart: a column is worth at most what its seats bear ([`super::value`]), the vehicles of a kind
//! are one minimum-cost flow ([`super::flow`]). The limits of the hire (hours and kilometres included) and the budget are prices
//! too: for 0 <= share <= 1, `share * excess` is at most `max(0, excess)`. Prices move along averaged violations with Polyak's step
//! (Barahona & Anbil 2000; Polyak 1969). Any prices give a true bound; the best is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::flow::{Router, Vehicles};
use super::net::{Net, Rates};
use super::problem::{Kind, Problem};
use super::value::{Crowd, Scales};

/// Prices that make a bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Prices {
    /// Of a unit of each cohort; 0 to its largest saving.
    pub people: Vec<f64>,
    /// For each kind: share of the price of extra minutes and of extra metres, 0 to 1.
    pub extra: Vec<[f64; 2]>,
    /// Of the budget, 0 or more.
    pub budget: f64,
    /// Of a trip that each cohort could take: above 0 where there may be no more of them, below where there must be.
    pub calls: Vec<f64>,
}

/// One kind of vehicle in the relaxation.
struct Garage {
    kind: Kind,
    net: Arc<Net>,
    router: Router,
    cost: Vec<f64>,
    found: Vehicles,
    rates: Rates,
    range: (u32, u32),
    forced: Vec<bool>,
}

/// A trip too many or too few weighs as much as so many units of people.
const CALL: f64 = 10_000.0;
/// Weight of the last answer in the average.
const RECENT: f64 = 0.05;

/// A part of all plans: what may run, what must, how many vehicles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Columns each kind may run, ascending.
    pub may: Vec<Vec<u32>>,
    /// Columns each kind must run, ascending.
    pub must: Vec<Vec<u32>>,
    /// Fewest and most vehicles of each kind.
    pub range: Vec<(u32, u32)>,
    /// Cohorts with the fewest and the most trips they could take; each once, any order.
    pub calls: Vec<(u32, u32, u32)>,
}

impl Part {
    /// All plans of a day.
    #[must_use]
    pub fn whole(problem: &Problem, day: usize) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "columns are numbered in 32 bits")]
        let columns: Vec<u32> = problem.columns_of(day).map(|column| column as u32).collect();
        Self {
            may: vec![columns; problem.kinds.len()],
            must: vec![Vec::new(); problem.kinds.len()],
            range: problem.kinds.iter().map(|kind| (0, if kind.seats > 0 { kind.count } else { 0 })).collect(),
            calls: Vec::new(),
        }
    }
}

/// The relaxation of a day.
pub struct Relaxation<'a> {
    problem: &'a Problem,
    day: usize,
    garages: Vec<Garage>,
    scales: Scales,
    nothing: f64,
    /// Cohorts of the day.
    mine: Vec<u32>,
    /// Are runs left out that an empty drive could stand for?
    sparing: bool,
    calls: Vec<(u32, u32, u32)>,
    calls_direction: Vec<f64>,
    /// Trips each cohort could take, lately.
    pub average_calls: Vec<f64>,
    /// Prices in use.
    pub prices: Prices,
    /// The best bound so far and its prices.
    pub best: (f64, Prices),
    direction: Vec<f64>,
    extra_direction: Vec<[f64; 2]>,
    budget_direction: f64,
    theta: f64,
    stale: u32,
    /// How often each kind took each column, lately (the averaged answer): kind, column.
    pub average: BTreeMap<(u32, u32), f64>,
    /// Vehicles of each kind, lately.
    pub average_count: Vec<f64>,
    most: Vec<f64>,
    people: Vec<u32>,
}

impl std::fmt::Debug for Relaxation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relaxation").field("day", &self.day).field("best", &self.best.0).finish_non_exhaustive()
    }
}

impl<'a> Relaxation<'a> {
    /// Lays out the day.
    #[must_use]
    pub fn new(problem: &'a Problem, day: usize, part: &Part) -> Self {
        let garages = problem
            .kinds
            .iter()
            .enumerate()
            .map(|(k, kind)| {
                let columns = if part.range[k].1 > 0 { part.may[k].as_slice() } else { &[] };
                let net = Arc::new(Net::new(problem, kind, columns));
                let forced = net.runs.iter().map(|run| part.must[k].binary_search(&run.column).is_ok()).collect();
                Garage {
                    kind: *kind,
                    router: Router::new(&net),
                    cost: vec![0.0; net.runs.len()],
                    net,
                    found: Vehicles::default(),
                    rates: Rates { hire: 0.0, minute: 0.0, metre: 0.0 },
                    range: part.range[k],
                    forced,
                }
            })
            .collect::<Vec<_>>();
        let mut most = vec![0.0_f64; problem.cohorts.len()];
        for column in part.may.iter().flatten() {
            for choice in problem.choices_of(*column) {
                let cell = &mut most[choice.cohort as usize];
                *cell = cell.max(choice.saving);
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "cohorts are numbered in 32 bits")]
        let mine: Vec<u32> = (0..problem.cohorts.len())
            .filter(|c| usize::from(problem.cohorts[*c].day) == day)
            .map(|c| c as u32)
            .collect();
        let prices = Prices {
            people: most.iter().map(|most| most * 0.5).collect(),
            extra: garages
                .iter()
                .map(|garage| {
                    let half = |included: f64| if included > 0.0 { 0.5 } else { 1.0 };
                    [half(garage.kind.included_minutes), half(garage.kind.included_metres)]
                })
                .collect(),
            budget: 0.0,
            calls: vec![0.0; problem.cohorts.len()],
        };
        Self {
            problem,
            day,
            sparing: true,
            calls: part.calls.clone(),
            calls_direction: vec![0.0; part.calls.len()],
            average_calls: vec![0.0; problem.cohorts.len()],
            scales: Scales::default(),
            nothing: problem.nothing_of(day),
            best: (f64::NEG_INFINITY, prices.clone()),
            direction: vec![0.0; mine.len()],
            extra_direction: vec![[0.0; 2]; garages.len()],
            budget_direction: 0.0,
            mine,
            prices,
            theta: 1.0,
            stale: 0,
            average: BTreeMap::new(),
            average_count: vec![0.0; garages.len()],
            most,
            people: problem.cohorts.iter().map(|cohort| cohort.people).collect(),
            garages,
        }
    }

    /// Goes on from other prices.
    pub fn start_from(&mut self, prices: &Prices) {
        self.prices = prices.clone();
        self.best.1 = prices.clone();
        self.theta = 0.5;
    }

    /// The bound at the prices in use; fills what the vehicles do.
    pub fn value(&mut self) -> f64 {
        let mut bound = self.nothing;
        for &cohort in &self.mine {
            bound -= f64::from(self.problem.cohorts[cohort as usize].people) * self.prices.people[cohort as usize];
        }
        let crowd = Crowd { cohorts: &self.problem.cohorts, people: &self.people, price: &self.prices.people };
        let mut times = 1.0;
        if let Some(budget) = self.problem.days[self.day].budget {
            times += self.prices.budget;
            bound -= self.prices.budget * budget;
        }
        for &(cohort, fewest, most) in &self.calls {
            let price = self.prices.calls[cohort as usize];
            bound -= price * f64::from(if price > 0.0 { most } else { fewest });
        }
        let called = !self.calls.is_empty();
        for (garage, share) in self.garages.iter_mut().zip(&self.prices.extra) {
            let kind = &garage.kind;
            let [minutes, metres] = *share;
            let included =
                minutes * kind.per_minute * kind.included_minutes + metres * kind.per_metre * kind.included_metres;
            garage.rates = Rates {
                hire: times * (kind.hire - included),
                minute: times * minutes * kind.per_minute,
                metre: times * metres * kind.per_metre,
            };
            for (number, run) in garage.net.runs.iter().enumerate() {
                let column = &self.problem.columns[run.column as usize];
                let choices = &self.problem.choices[column.from as usize..column.to as usize];
                let mut worth = self.scales.weigh(column, choices, &crowd, kind.seats, kind.wheels);
                if called {
                    worth -= choices.iter().map(|choice| self.prices.calls[choice.cohort as usize]).sum::<f64>();
                }
                // A run worth nothing is no better than the empty drive it would stand for, unless to be hired is a gain, or has to be:
                // a vehicle is one that runs something.
                let free = self.sparing && garage.rates.hire >= 0.0 && garage.range.0 == 0;
                garage.cost[number] = if worth <= 0.0 && run.idle && free {
                    f64::INFINITY
                } else {
                    garage.net.cost(run, &garage.rates) - worth
                };
            }
            // What must be taken costs less by more than any plan brings.
            let prize = self.nothing + garage.rates.hire.abs() + 1.0;
            let mut must = 0.0;
            for ((cost, run), _) in
                garage.cost.iter_mut().zip(&garage.net.runs).zip(&garage.forced).filter(|(_, forced)| **forced)
            {
                *cost = if cost.is_finite() { *cost } else { garage.net.cost(run, &garage.rates) } - prize;
                must += prize;
            }
            garage.found = garage.router.solve(&garage.net, &garage.rates, &garage.cost, garage.range);
            bound += garage.found.cost + must;
            if garage.found.count < garage.range.0 {
                // No way for so many: there is no such plan.
                bound = f64::INFINITY;
            }
        }
        bound
    }

    /// Columns of each kind that a plan cheaper than `target` could run, by the bound at the prices in use.
    pub fn surviving(&mut self, target: f64) -> Vec<Vec<u32>> {
        // A run that an empty drive could stand for costs no more for it: the best plan may still have it.
        self.sparing = false;
        let bound = self.value();
        self.sparing = true;
        let mut reduced = Vec::new();
        self.garages
            .iter_mut()
            .map(|garage| {
                let fewer = garage.found.count > garage.range.0;
                garage.router.reduced_costs(&garage.net, &garage.rates, &garage.cost, fewer, &mut reduced);
                let mut columns: Vec<u32> = garage
                    .net
                    .runs
                    .iter()
                    .zip(&reduced)
                    .zip(&garage.forced)
                    .filter(|((_, reduced), forced)| **forced || bound + **reduced < target)
                    .map(|((run, _), _)| run.column)
                    .collect();
                columns.sort_unstable();
                columns
            })
            .collect()
    }

    /// The networks of the kinds.
    #[must_use]
    pub fn nets(&self) -> Vec<Arc<Net>> {
        self.garages.iter().map(|garage| garage.net.clone()).collect()
    }

    /// The answer at the prices last weighed, as days of vehicles: a flow does not say who goes on with what, so each run is given
    /// to the vehicle that came free last; what finds none is left out.
    #[must_use]
    pub fn decoded(&self) -> Vec<(u16, Vec<u32>)> {
        let mut days = Vec::new();
        for (kind, garage) in (0_u16..).zip(&self.garages) {
            let net = &garage.net;
            let mut open: Vec<(u32, Vec<u32>)> = Vec::new();
            for &number in &garage.found.runs {
                let run = &net.runs[number as usize];
                let follows = |last: u32| net.reaches(&net.runs[last as usize], run);
                let free = |day: &usize| net.runs[open[*day].0 as usize].free;
                let next = (0..open.len()).filter(|day| follows(open[*day].0)).max_by_key(free);
                if let Some(day) = next {
                    open[day].0 = number;
                    open[day].1.push(run.column);
                } else if (open.len() as u64) < u64::from(garage.found.count) {
                    open.push((number, vec![run.column]));
                }
            }
            days.extend(open.into_iter().map(|(_, columns)| (kind, columns)));
        }
        days
    }

    /// So many columns, of all kinds together, that are nearest to being taken at the best prices.
    pub fn promising(&mut self, most: usize) -> Vec<u32> {
        self.prices = self.best.1.clone();
        self.value();
        let mut all: BTreeMap<u32, f64> = BTreeMap::new();
        let mut reduced = Vec::new();
        for garage in &mut self.garages {
            let fewer = garage.found.count > garage.range.0;
            garage.router.reduced_costs(&garage.net, &garage.rates, &garage.cost, fewer, &mut reduced);
            for (run, reduced) in garage.net.runs.iter().zip(&reduced) {
                let least = all.entry(run.column).or_insert(f64::INFINITY);
                *least = least.min(*reduced);
            }
        }
        let mut order: Vec<(f64, u32)> = all.into_iter().map(|(column, reduced)| (reduced, column)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        order.truncate(most);
        let mut columns: Vec<u32> = order.into_iter().map(|(_, column)| column).collect();
        columns.sort_unstable();
        columns
    }

    /// One step towards better prices; `target` is the cost of a plan known. The bound at the prices stepped from.
    pub fn step(&mut self, target: f64) -> f64 {
        let bound = self.value();
        if bound > self.best.0 + 1e-9 {
            if bound > self.best.0 + 1e-4 * (target - self.best.0).abs() {
                self.stale = 0;
            }
            self.best = (bound, self.prices.clone());
        } else {
            self.stale += 1;
            if self.stale >= 15 {
                self.stale = 0;
                self.theta *= 0.7;
                self.prices = self.best.1.clone();
            }
        }
        let mut over: Vec<f64> = vec![0.0; self.problem.cohorts.len()];
        for average in self.average.values_mut() {
            *average *= 1.0 - RECENT;
        }
        self.average.retain(|_, average| *average > 1e-3);
        let mut calls: Vec<u32> = vec![0; self.problem.cohorts.len()];
        let crowd = Crowd { cohorts: &self.problem.cohorts, people: &self.people, price: &self.prices.people };
        for ((kind, garage), count) in (0_u32..).zip(&self.garages).zip(&mut self.average_count) {
            *count = (1.0 - RECENT) * *count + RECENT * f64::from(garage.found.count);
            for &number in &garage.found.runs {
                let run = &garage.net.runs[number as usize];
                let choices = self.problem.choices_of(run.column);
                *self.average.entry((kind, run.column)).or_insert(0.0) += RECENT;
                choices.iter().for_each(|choice| calls[choice.cohort as usize] += 1);
                self.scales.riders(
                    &self.problem.columns[run.column as usize],
                    choices,
                    &crowd,
                    garage.kind.seats,
                    garage.kind.wheels,
                    |cohort, units| over[cohort as usize] += units,
                );
            }
        }
        const KEEP: f64 = 0.6;
        let mut norm = 0.0;
        for (average, now) in self.average_calls.iter_mut().zip(&calls) {
            *average = (1.0 - RECENT) * *average + RECENT * f64::from(*now);
        }
        for (direction, &(cohort, fewest, most)) in self.calls_direction.iter_mut().zip(&self.calls) {
            let (price, now) = (self.prices.calls[cohort as usize], f64::from(calls[cohort as usize]));
            let (fewest, most) = (f64::from(fewest), f64::from(most));
            let excess = match price {
                price if price > 0.0 => now - most,
                price if price < 0.0 => now - fewest,
                _ => (now - most).max(0.0) + (now - fewest).min(0.0),
            };
            *direction = KEEP * *direction + (1.0 - KEEP) * excess;
            norm += (CALL * *direction) * (CALL * *direction);
        }
        for (slot, &cohort) in self.mine.iter().enumerate() {
            let excess = over[cohort as usize] - f64::from(self.problem.cohorts[cohort as usize].people);
            let price = self.prices.people[cohort as usize];
            let direction = KEEP * self.direction[slot] + (1.0 - KEEP) * excess;
            self.direction[slot] = direction;
            if !(price <= 0.0 && direction < 0.0 || price >= self.most[cohort as usize] && direction > 0.0) {
                norm += direction * direction;
            }
        }
        // Shares and the budget's price live on other scales: their violations are measured in money.
        let mut running = 0.0;
        for (k, garage) in self.garages.iter().enumerate() {
            let found = &garage.found;
            let count = f64::from(found.count);
            let minutes = garage.kind.per_minute * (found.minutes - count * garage.kind.included_minutes);
            let metres = garage.kind.per_metre * (found.metres - count * garage.kind.included_metres);
            running += count * garage.kind.hire + self.prices.extra[k][0] * minutes + self.prices.extra[k][1] * metres;
            for (which, excess) in [minutes, metres].into_iter().enumerate() {
                self.extra_direction[k][which] = KEEP * self.extra_direction[k][which] + (1.0 - KEEP) * excess;
            }
        }
        let gap = (target - bound).max(1e-6 * target.abs());
        let step = self.theta * gap / norm.max(1e-12);
        for (slot, &cohort) in self.mine.iter().enumerate() {
            let price = &mut self.prices.people[cohort as usize];
            *price = (*price + step * self.direction[slot]).clamp(0.0, self.most[cohort as usize]);
        }
        for (direction, &(cohort, fewest, most)) in self.calls_direction.iter().zip(&self.calls) {
            let price = &mut self.prices.calls[cohort as usize];
            // No limit, no price; and no trip is worth more than everything: sums of larger numbers are not exact.
            let least = if fewest > 0 { -self.nothing } else { 0.0 };
            let largest = if most < u32::MAX { self.nothing } else { 0.0 };
            *price = (*price + step * CALL * CALL * direction).clamp(least, largest);
        }
        for (share, direction) in self.prices.extra.iter_mut().zip(&self.extra_direction) {
            for which in 0..2 {
                let scale = direction[which].abs().max(1e-9);
                let move_ = (self.theta * gap / scale).min(0.1) * direction[which].signum();
                if direction[which].abs() > 1e-9 {
                    share[which] = (share[which] + move_ * 0.25).clamp(0.0, 1.0);
                }
            }
        }
        if let Some(budget) = self.problem.days[self.day].budget {
            let excess = running - budget;
            self.budget_direction = KEEP * self.budget_direction + (1.0 - KEEP) * excess;
            let d = self.budget_direction;
            if d.abs() > 1e-9 {
                let change = (self.theta * gap / d.abs()).min(0.05);
                self.prices.budget = (self.prices.budget + change * 0.25 * d.signum()).max(0.0);
            }
        }
        bound
    }
}
