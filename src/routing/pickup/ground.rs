//! What the search stands on and never changes: prices of all ways, riders with the same choice as one group, which stops are near which.

use std::collections::BTreeMap;

use super::problem::{Problem, Vehicle};

/// Nobody, nowhere.
pub(super) const NONE: u32 = u32::MAX;
/// Stops near a stop that are looked at.
const NEAR: usize = 24;

/// Ways between stops for some types of vehicles. Row `stops` is the start, column `stops` the destination; the dwell of a stop is part of the way to it.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) cost: Vec<i64>,
    pub(super) time: Vec<i32>,
}

/// A type of vehicle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) table: usize,
    pub(super) seats: u32,
    pub(super) fixed: i64,
    /// Cost of the time one person's boarding takes.
    pub(super) per_person: i64,
}

/// Riders with the same stops and the same prize.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) people: u32,
    pub(super) prize: Option<i64>,
    /// Their stops: where in `spots`.
    spots: (u32, u32),
    /// Who they are: positions of riders.
    pub(super) members: Vec<usize>,
}

/// Everything that stays.
#[derive(Clone, Debug)]
pub(super) struct Ground<'p> {
    pub(super) problem: &'p Problem,
    pub(super) stops: usize,
    /// Words of a set of stops.
    pub(super) words: usize,
    pub(super) kinds: Vec<Kind>,
    pub(super) tables: Vec<Table>,
    pub(super) groups: Vec<Group>,
    /// Sets of stops without their empty words: which word, and what it holds.
    spots: Vec<(u32, u64)>,
    near: Vec<u32>,
    near_each: usize,
    /// Some may be left out.
    pub(super) optional: bool,
    /// People who never ride: who must be carried and can walk to no stop, and the prizes of others, also of those who do not pay for their boarding.
    pub(super) stranded: (u64, i64),
}

/// What makes riders alike: their prize and their stops.
type Choice = (Option<i64>, Vec<usize>);

impl<'p> Ground<'p> {
    pub(super) fn new(problem: &'p Problem) -> Self {
        let stops = problem.stops().len();
        let (kinds, tables) = kinds(problem);
        let mut sorted: BTreeMap<Choice, (u32, Vec<usize>)> = BTreeMap::new();
        let mut stranded = (0, 0);
        let boarding = kinds.iter().map(|kind| kind.per_person).min().unwrap_or(0);
        for (at, riders) in problem.riders().iter().enumerate() {
            let people = riders.people;
            if people == 0 {
                continue;
            }
            if riders.stops.is_empty() || riders.prize.is_some_and(|prize| prize <= boarding) {
                match riders.prize {
                    Some(prize) => stranded.1 += prize * i64::from(people),
                    None => stranded.0 += u64::from(people),
                }
                continue;
            }
            let mut choice = riders.stops.clone();
            choice.sort_unstable();
            choice.dedup();
            let entry = sorted.entry((riders.prize, choice)).or_default();
            entry.0 += people;
            entry.1.push(at);
        }
        let mut spots: Vec<(u32, u64)> = Vec::new();
        let mut groups = Vec::with_capacity(sorted.len());
        for ((prize, choice), (people, members)) in sorted {
            let from = spots.len();
            for stop in choice {
                let (word, bit) = ((stop / 64) as u32, 1_u64 << (stop % 64));
                match spots[from..].last_mut() {
                    Some(last) if last.0 == word => last.1 |= bit,
                    _ => spots.push((word, bit)),
                }
            }
            groups.push(Group { people, prize, spots: (from as u32, spots.len() as u32), members });
        }
        let (near, near_each) = near(&tables, stops);
        Self {
            problem,
            stops,
            words: stops.div_ceil(64),
            kinds,
            tables,
            optional: groups.iter().any(|group| group.prize.is_some()),
            groups,
            spots,
            near,
            near_each,
            stranded,
        }
    }

    /// The stops of a group, as words of a set that are not empty.
    #[inline]
    pub(super) fn spots(&self, group: u32) -> &[(u32, u64)] {
        let (from, to) = self.groups[group as usize].spots;
        &self.spots[from as usize..to as usize]
    }

    /// Has a set one of the group's stops?
    #[inline]
    pub(super) fn meets(&self, group: u32, set: &[u64]) -> bool {
        self.spots(group).iter().any(|&(word, bits)| set[word as usize] & bits != 0)
    }

    /// Stops around a stop, nearest first, without itself.
    #[inline]
    pub(super) fn near(&self, stop: u32) -> &[u32] {
        &self.near[stop as usize * self.near_each..][..self.near_each]
    }

    /// Cost of a way for a kind; `stops` is the start or the destination.
    #[inline]
    pub(super) fn cost(&self, kind: u32, from: u32, to: u32) -> i64 {
        self.tables[self.kinds[kind as usize].table].cost[from as usize * (self.stops + 1) + to as usize]
    }

    /// Time of a way for a kind.
    #[inline]
    pub(super) fn time(&self, kind: u32, from: u32, to: u32) -> i64 {
        self.tables[self.kinds[kind as usize].table].time[from as usize * (self.stops + 1) + to as usize].into()
    }
}

/// The stops in one word of a set.
#[inline]
pub(super) fn members(word: u32, mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        (bits != 0).then(|| {
            let stop = word * 64 + bits.trailing_zeros();
            bits &= bits - 1;
            stop
        })
    })
}

fn kinds(problem: &Problem) -> (Vec<Kind>, Vec<Table>) {
    let mut known: BTreeMap<(usize, usize, i64, i64), usize> = BTreeMap::new();
    let mut tables = Vec::new();
    let kind = |(at, vehicle): (usize, &Vehicle)| {
        let key = (vehicle.travel, vehicle.start, vehicle.per_distance, vehicle.per_duration);
        let table = *known.entry(key).or_insert_with(|| {
            tables.push(table(problem, at, vehicle));
            tables.len() - 1
        });
        let per_person = i64::from(problem.boarding()) * vehicle.per_duration;
        Kind { table, seats: vehicle.seats, fixed: vehicle.fixed, per_person }
    };
    let kinds = problem.vehicles().iter().enumerate().map(kind).collect();
    (kinds, tables)
}

fn table(problem: &Problem, kind: usize, vehicle: &Vehicle) -> Table {
    let stops = problem.stops();
    let ends = stops.len() + 1;
    let mut table = Table { cost: Vec::with_capacity(ends * ends), time: Vec::with_capacity(ends * ends) };
    for from in 0..ends {
        let here = stops.get(from).map_or(vehicle.start, |stop| stop.place);
        for to in 0..ends {
            let (there, dwell) = stops.get(to).map_or((problem.destination(), 0), |stop| (stop.place, stop.dwell));
            let time = problem.duration(kind, here, there) + dwell;
            let distance = i64::from(problem.distance(kind, here, there));
            table.time.push(time);
            table.cost.push(distance * vehicle.per_distance + i64::from(time) * vehicle.per_duration);
        }
    }
    table
}

/// By the cost there and back, for the first table; by time where that costs nothing.
fn near(tables: &[Table], stops: usize) -> (Vec<u32>, usize) {
    let each = NEAR.min(stops.saturating_sub(1));
    let mut near = Vec::with_capacity(stops * each);
    let Some(table) = tables.first() else { return (near, 0) };
    let mut others: Vec<(i64, i64, u32)> = Vec::with_capacity(stops);
    for stop in 0..stops {
        others.clear();
        others.extend((0..stops).filter(|&other| other != stop).map(|other| {
            let (there, back) = (stop * (stops + 1) + other, other * (stops + 1) + stop);
            let time = i64::from(table.time[there]) + i64::from(table.time[back]);
            (table.cost[there] + table.cost[back], time, other as u32)
        }));
        if each < others.len() {
            others.select_nth_unstable(each);
            others.truncate(each);
        }
        others.sort_unstable();
        near.extend(others.iter().map(|&(.., other)| other));
    }
    (near, each)
}
