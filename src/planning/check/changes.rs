//! What changed against the plan in force, derived again from both documents: the number and the price in fen.
//!
//! Limits: where departures before times departures now are more than [`MOST_PAIRS`], the plan is too large to be judged.

use std::collections::BTreeMap;

use super::case::Case;
use super::report::Report;
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;
use crate::domain::units::divide_half_up;
use crate::planning::plan::{Leg, Plan, Trip};

/// Minutes of a departure dropped, and of other stops.
const DROPPED: u64 = 30;
const ELSEWHERE: u64 = 10;
/// Departures before times departures now that are still paired.
const MOST_PAIRS: usize = 50_000_000;

/// Judges the limit on changes; the price of all of them, fen a day.
pub(super) fn price(case: &Case<'_>, report: &mut Report) -> i128 {
    let Some(in_force) = case.project.in_force.as_deref().filter(|_| !case.has_no_shuttle()) else { return 0 };
    if in_force.trips.len().saturating_mul(case.plan.trips.len()) > MOST_PAIRS {
        report.add(Finding::error("check-too-large"));
        return i128::from(case.plan.evaluation.terms.changes_fen.0);
    }
    let stops = stops(in_force, case.plan);
    let mut kept = Vec::new();
    let (minutes, departures) = departures(in_force, case.plan, &mut kept);
    let people = people(case, in_force, &kept);
    if let Some(most) = case.project.max_changes
        && stops + departures > u64::from(most)
    {
        report.add(
            Finding::error("check-too-many-changes").arg("expected", most).arg("found", (stops + departures) as usize),
        );
    }
    let prices = &case.project.changes;
    i128::from(prices.per_stop_moved.0) * i128::from(stops)
        + i128::from(prices.per_minute_shifted.0) * i128::from(minutes)
        + divide_half_up(i128::from(prices.per_person_reassigned.0) * people, 1000)
}

fn stops(in_force: &Plan, plan: &Plan) -> u64 {
    let places = |plan: &'_ Plan| -> BTreeMap<String, Point> {
        plan.stops.iter().rev().map(|stop| (stop.id.clone(), Point { lon: stop.lon, lat: stop.lat })).collect()
    };
    let (before, now) = (places(in_force), places(plan));
    let closed = before.keys().filter(|id| !now.contains_key(*id)).count();
    let other = |(id, at): &(&String, &Point)| before.get(*id).is_none_or(|was| was.metres_to(**at).round() >= 1.0);
    (closed + now.iter().filter(other).count()) as u64
}

/// A departure: seconds at each stop.
#[derive(Debug)]
struct Run<'a> {
    /// Position in its plan.
    number: usize,
    id: &'a str,
    stops: Vec<&'a str>,
    leaves: Vec<u64>,
}

impl<'a> Run<'a> {
    fn new(number: usize, trip: &'a Trip) -> Self {
        Self {
            number,
            id: &trip.id,
            stops: trip.times.iter().map(|time| time.stop.as_str()).collect(),
            leaves: trip.times.iter().map(|time| u64::from(time.depart.0)).collect(),
        }
    }

    fn at(&self, stop: usize) -> u64 {
        self.leaves.get(stop).copied().unwrap_or(0)
    }

    /// Minutes it counts for to be `other` now; they have a stop in common.
    fn becomes(&self, other: &Run<'_>) -> u64 {
        let common = self.stops.iter().enumerate().find_map(|(k, stop)| {
            let there = other.stops.iter().position(|at| at == stop)?;
            Some(self.at(k).abs_diff(other.at(there)))
        });
        let detour = if self.stops == other.stops { 0 } else { ELSEWHERE };
        common.unwrap_or(0).div_ceil(60) + detour
    }
}

/// Minutes and changes of all departures; `kept` holds the pairs (before, now), by their positions.
fn departures(in_force: &Plan, plan: &Plan, kept: &mut Vec<(usize, usize)>) -> (u64, u64) {
    let before: Vec<Run<'_>> = in_force.trips.iter().enumerate().map(|(n, trip)| Run::new(n, trip)).collect();
    let now: Vec<Run<'_>> = plan.trips.iter().enumerate().map(|(n, trip)| Run::new(n, trip)).collect();
    let mut lines: Vec<&[&str]> = before.iter().map(|run| run.stops.as_slice()).collect();
    lines.sort_unstable();
    lines.dedup();
    let mut continues: BTreeMap<&[&str], Option<usize>> = BTreeMap::new();
    for run in &now {
        continues.entry(&run.stops).or_insert_with(|| most_alike(&lines, &run.stops));
    }
    let mut services: Vec<&str> = in_force.trips.iter().map(|trip| trip.service.as_str()).collect();
    services.extend(plan.trips.iter().map(|trip| trip.service.as_str()));
    services.sort_unstable();
    services.dedup();
    let line_of = |run: &Run<'_>| continues.get(run.stops.as_slice()).copied().flatten();
    let (mut minutes, mut changes) = (0, now.iter().filter(|run| line_of(run).is_none()).count() as u64);
    for service in services {
        for (number, line) in lines.iter().enumerate() {
            let of = |trips: &[Trip], run: &Run<'_>| trips.get(run.number).is_some_and(|trip| trip.service == service);
            let mut old: Vec<&Run<'_>> =
                before.iter().filter(|run| run.stops == *line && of(&in_force.trips, run)).collect();
            let mut new: Vec<&Run<'_>> =
                now.iter().filter(|run| line_of(run) == Some(number) && of(&plan.trips, run)).collect();
            old.sort_by(|a, b| (a.at(0), a.id, a.number).cmp(&(b.at(0), b.id, b.number)));
            new.sort_by(|a, b| (a.at(0), &a.stops, a.id, a.number).cmp(&(b.at(0), &b.stops, b.id, b.number)));
            let (m, c) = together(&old, &new, kept);
            minutes += m;
            changes += c;
        }
    }
    (minutes, changes)
}

/// The line in force that a run of stops continues.
fn most_alike(lines: &[&[&str]], stops: &[&str]) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (number, line) in lines.iter().enumerate() {
        let common = in_order(line, stops);
        let share = 2.0 * common as f64 / (line.len() + stops.len()).max(1) as f64;
        // Shares of small whole numbers are either equal to the bit or far apart.
        if common >= 2 && share >= 0.5 && best.is_none_or(|(most, _)| share > most + 1e-9) {
            best = Some((share, number));
        }
    }
    best.map(|(_, number)| number)
}

/// The most stops of `a` that stand in `b` in the same order.
fn in_order(a: &[&str], b: &[&str]) -> usize {
    let mut table: Vec<Vec<usize>> = vec![vec![0; b.len() + 1]];
    for stop in a {
        let Some(above) = table.last() else { break };
        let mut row = vec![0];
        for ((other, up), corner) in b.iter().zip(above.iter().skip(1)).zip(above) {
            let left = row.last().copied().unwrap_or(0);
            row.push(if stop == other { corner + 1 } else { left.max(*up) });
        }
        table.push(row);
    }
    table.last().and_then(|row| row.last()).copied().unwrap_or(0)
}

/// Pairs the departures of a line; minutes and changes.
fn together(old: &[&Run<'_>], new: &[&Run<'_>], kept: &mut Vec<(usize, usize)>) -> (u64, u64) {
    // way[(i, j)]: the least of the first i and the first j, and the last step to it: 0 paired, 1 dropped, 2 added.
    let mut way: BTreeMap<(usize, usize), ((u64, u64), u8)> = BTreeMap::new();
    way.insert((0, 0), ((0, 0), 3));
    for i in 0..=old.len() {
        for j in 0..=new.len() {
            let mut steps: Vec<((u64, u64), u8)> = Vec::with_capacity(3);
            let from = |a: Option<usize>, b: Option<usize>| way.get(&(a?, b?)).map(|(sum, _)| *sum);
            if let (Some((m, c)), Some(a), Some(b)) = (
                from(i.checked_sub(1), j.checked_sub(1)),
                i.checked_sub(1).and_then(|i| old.get(i)),
                j.checked_sub(1).and_then(|j| new.get(j)),
            ) {
                let shift = a.becomes(b);
                steps.push(((m + shift, c + u64::from(shift > 0)), 0));
            }
            if let Some((m, c)) = from(i.checked_sub(1), Some(j)) {
                steps.push(((m + DROPPED, c + 1), 1));
            }
            if let Some((m, c)) = from(Some(i), j.checked_sub(1)) {
                steps.push(((m, c + 1), 2));
            }
            if let Some(least) = steps.into_iter().min() {
                way.insert((i, j), least);
            }
        }
    }
    let (mut i, mut j) = (old.len(), new.len());
    while let Some((_, step)) = way.get(&(i, j)).filter(|(_, step)| *step < 3) {
        i -= usize::from(*step != 2);
        j -= usize::from(*step != 1);
        if *step == 0
            && let (Some(a), Some(b)) = (old.get(i), new.get(j))
        {
            kept.push((a.number, b.number));
        }
    }
    way.get(&(old.len(), new.len())).map_or((0, 0), |(sum, _)| *sum)
}

/// Thousandths of people who rode, still wish to, and are not on the same departures.
fn people(case: &Case<'_>, in_force: &Plan, kept: &[(usize, usize)]) -> i128 {
    let was: BTreeMap<usize, usize> = kept.iter().map(|(before, now)| (*now, *before)).collect();
    let old: BTreeMap<&str, usize> = in_force.trips.iter().enumerate().map(|(n, t)| (t.id.as_str(), n)).collect();
    let before = |leg: &Leg| old.get(leg.trip.as_str()).copied();
    let now = |leg: &Leg| was.get(&case.trips.get(leg.trip.as_str())?.0).copied();
    // By cohort and way: people then and today.
    let mut ways: BTreeMap<&str, BTreeMap<Vec<usize>, [i128; 2]>> = BTreeMap::new();
    let mut rode: BTreeMap<&str, i128> = BTreeMap::new();
    for row in &in_force.riders {
        *rode.entry(&row.cohort).or_default() += i128::from(row.people.0);
        if let Some(way) = row.legs.iter().map(before).collect::<Option<Vec<usize>>>() {
            ways.entry(&row.cohort).or_default().entry(way).or_default()[0] += i128::from(row.people.0);
        }
    }
    for row in &case.plan.riders {
        if let Some(way) = row.legs.iter().map(now).collect::<Option<Vec<usize>>>() {
            ways.entry(&row.cohort).or_default().entry(way).or_default()[1] += i128::from(row.people.0);
        }
    }
    rode.into_iter()
        .map(|(cohort, rode)| {
            let wish = case.cohorts.get(cohort).map_or(0, |cohort| i128::from(cohort.people.0)).min(rode);
            let same: i128 = ways.get(cohort).map_or(0, |ways| ways.values().map(|[a, b]| (*a).min(*b)).sum());
            (wish - same).max(0)
        })
        .sum()
}
