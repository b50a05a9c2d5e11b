//! Rests of days are exchanged while the true cost falls: the flow saw prices, not the free hours of each hire.
//! (2-opt*, Potvin & Rousseau 1995.) A pair of days costs O(trips of one * trips of the other): sums from both ends are kept.

use std::collections::BTreeMap;

use super::links::Links;
use super::{Chain, Link, range};
use crate::domain::ids::TripId;
use crate::domain::units::{Metres, Seconds};
use crate::planning::costs;

/// Exchanges of tails in one solve: far more than are ever found, so that a solve ends.
const MOST_EXCHANGES: u32 = 10_000;

/// A vehicle's day while tails are exchanged.
#[derive(Clone, Debug)]
struct Day {
    trips: Vec<usize>,
    links: Vec<Link>,
    /// Minutes and metres from the first trip's departure to each trip's start, and to its end.
    sums: Vec<((u32, u32), (u32, u32))>,
    /// `None` for a day that cannot be (never, of days the flow found).
    price: Option<i64>,
}

impl Day {
    fn empty() -> Self {
        Self { trips: Vec::new(), links: Vec::new(), sums: Vec::new(), price: Some(0) }
    }
    /// Minutes and metres of the first trips.
    fn upto(&self, count: usize) -> (u32, u32) {
        count.checked_sub(1).map_or((0, 0), |last| self.sums[last].1)
    }
    /// Minutes and metres from this trip's departure to the last trip's end.
    fn from(&self, first: usize) -> (u32, u32) {
        match (self.sums.get(first), self.sums.last()) {
            (Some((start, _)), Some((_, end))) => (end.0 - start.0, end.1 - start.1),
            _ => (0, 0),
        }
    }
}

/// Where two days are joined, how, and what the new day costs.
#[derive(Clone, Copy, Debug)]
struct Cut {
    head: usize,
    tail: usize,
    link: Option<Link>,
    cost: i64,
}

impl Links<'_> {
    /// The days with their rests exchanged, days joined and divided, until no pair of days gains.
    pub(super) fn exchange_tails(&self, chains: &[Chain]) -> Vec<Chain> {
        let position: BTreeMap<TripId, usize> = self.trips.iter().enumerate().map(|(at, &trip)| (trip, at)).collect();
        let mut days: Vec<Day> = chains
            .iter()
            .map(|chain| {
                let trips = chain.trips.iter().filter_map(|trip| position.get(trip).copied()).collect();
                self.day(trips, chain.links.clone())
            })
            .collect();
        // An empty day to divide into, where a vehicle is left.
        if days.len() < self.vehicle.count as usize {
            days.push(Day::empty());
        }
        let mut moves = 0;
        let mut again = true;
        while again && moves < MOST_EXCHANGES {
            again = false;
            for a in 0..days.len() {
                for b in 0..days.len() {
                    while a != b
                        && moves < MOST_EXCHANGES
                        && let Some((one, other)) = self.better_tails(&days[a], &days[b])
                    {
                        (days[a], days[b]) = (one, other);
                        (moves, again) = (moves + 1, true);
                    }
                }
            }
            if days.iter().all(|day| !day.trips.is_empty()) && days.len() < self.vehicle.count as usize {
                days.push(Day::empty());
            }
        }
        days.into_iter().filter_map(|day| self.chain(&day.trips, &day.links)).collect()
    }

    /// The best pair of days that differ from these in who runs the rests of them; `None` if none is cheaper.
    fn better_tails(&self, one: &Day, other: &Day) -> Option<(Day, Day)> {
        let now = one.price? + other.price?;
        let mut best: Option<(i64, [Cut; 2])> = None;
        for i in 0..=one.trips.len() {
            for j in 0..=other.trips.len() {
                let (Some(first), Some(second)) = (self.joined(one, i, other, j), self.joined(other, j, one, i)) else {
                    continue;
                };
                let cost = first.cost + second.cost;
                if cost < best.as_ref().map_or(now, |(cost, _)| *cost) {
                    best = Some((cost, [first, second]));
                }
            }
        }
        let (_, [first, second]) = best?;
        let make = |cut: Cut, head: &Day, tail: &Day| {
            let trips = head.trips[..cut.head].iter().chain(&tail.trips[cut.tail..]).copied().collect();
            let before = &head.links[..cut.head.saturating_sub(1)];
            let after = tail.links.get(cut.tail..).unwrap_or(&[]);
            let links = before.iter().copied().chain(cut.link).chain(after.iter().copied()).collect();
            self.day(trips, links)
        };
        Some((make(first, one, other), make(second, other, one)))
    }

    /// The head of one day with the tail of another, in the cheaper way; `None` if one vehicle cannot do it.
    fn joined(&self, head: &Day, i: usize, tail: &Day, j: usize) -> Option<Cut> {
        let cut = |link: Option<Link>, minutes: u32, metres: u32| {
            let fits = range(self.vehicle).is_none_or(|range| metres <= range);
            let cost = costs::day(Seconds(minutes * 60), Metres(metres), self.vehicle).0;
            fits.then_some(Cut { head: i, tail: j, link, cost })
        };
        let ends = |first: usize, last: usize| {
            let (out, home) = (self.outs[first]?, self.ins[last]?);
            Some((out.end - out.start + home.end - home.start, out.metres.0.saturating_add(home.metres.0)))
        };
        let (before, after) = (head.trips[..i].last(), tail.trips.get(j));
        let (minutes, metres) = {
            let (a, b) = (head.upto(i), tail.from(j));
            (a.0 + b.0, a.1.saturating_add(b.1))
        };
        let (first, last) = match (before, after) {
            (None, None) => return Some(Cut { head: i, tail: j, link: None, cost: 0 }),
            (None, Some(&after)) => (after, *tail.trips.last()?),
            (Some(&before), None) => (head.trips[0], before),
            (Some(_), Some(_)) => (head.trips[0], *tail.trips.last()?),
        };
        let (pull_minutes, pull_metres) = ends(first, last)?;
        let (minutes, metres) = (minutes + pull_minutes, metres.saturating_add(pull_metres));
        let (Some(&before), Some(&after)) = (before, after) else { return cut(None, minutes, metres) };
        self.ways(before, after)
            .iter()
            .filter_map(|link| {
                let (more, far) = self.between(before, after, link);
                cut(Some(*link), minutes + more, metres.saturating_add(far))
            })
            .min_by_key(|cut| cut.cost)
    }

    /// A day with its sums; links are chosen anew only where days are joined.
    fn day(&self, trips: Vec<usize>, links: Vec<Link>) -> Day {
        let mut sums = Vec::with_capacity(trips.len());
        let (mut minutes, mut metres) = (0, 0_u32);
        for (at, &trip) in trips.iter().enumerate() {
            let start = if let Some(before) = at.checked_sub(1)
                && let Some(link) = links.get(before)
            {
                let (more, far) = self.between(trips[before], trip, link);
                (minutes + more, metres.saturating_add(far))
            } else {
                (minutes, metres)
            };
            let work = self.work(trip);
            (minutes, metres) =
                (start.0 + work.ends(self.problem.layover) - work.begins(), start.1.saturating_add(work.metres.0));
            sums.push((start, (minutes, metres)));
        }
        let price = if trips.is_empty() { Some(0) } else { self.chain(&trips, &links).map(|chain| chain.cost.0) };
        Day { trips, links, sums, price }
    }
}
