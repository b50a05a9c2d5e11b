//! The problem as the search sees it: time cut down to the moments that can decide.
//!
//! Between two changes nothing happens, so a week (or a longer span) is a ring of slots. A slot all of whose claimants are also present in the next one,
//! which has no more places in any pool, never decides; it is left out (and the same backwards). What is left: the ends of busy stretches.

use super::{Choice, Problem};

/// See the head of this file.
pub(super) struct Ground<'a> {
    pub(super) problem: &'a Problem,
    /// Deciding slots.
    pub(super) slots: usize,
    /// Places, `pool * slots + slot`.
    pub(super) places: Vec<u32>,
    /// For each claimant the ranges `[from, to)` of deciding slots it is present in.
    pub(super) ranges: Vec<Vec<(usize, usize)>>,
    /// For each claimant its choices that fit when nobody else is there, cheapest first (ties: order given).
    pub(super) open: Vec<Vec<usize>>,
    /// For each meter the pools whose choices draw upon it.
    pub(super) pools_of: Vec<Vec<usize>>,
}

/// The minutes `[start, end)` of a claimant within one week (or a longer span), ascending, merged.
fn stretches(intervals: &[(u32, u32)], span: u32) -> Vec<(u32, u32)> {
    let mut pieces: Vec<(u32, u32)> = Vec::with_capacity(intervals.len() + 1);
    for &(start, end) in intervals {
        pieces.push((start, end.min(span)));
        if end > span {
            pieces.push((0, end - span));
        }
    }
    pieces.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::with_capacity(pieces.len());
    for (start, end) in pieces {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// What changes at each minute.
struct Changes {
    starts: Vec<bool>,
    ends: Vec<bool>,
    up: Vec<bool>,
    down: Vec<bool>,
}

impl Changes {
    fn of(problem: &Problem) -> Self {
        let week = problem.span() as usize;
        let mut changes =
            Self { starts: vec![false; week], ends: vec![false; week], up: vec![false; week], down: vec![false; week] };
        // The seam of the ring is kept as a change of both kinds: one slot more, no special case.
        changes.starts[0] = true;
        changes.ends[0] = true;
        for claimant in problem.claimants() {
            for (start, end) in stretches(&claimant.intervals, problem.span()) {
                changes.starts[start as usize] = true;
                changes.ends[end as usize % week] = true;
            }
        }
        for pool in problem.pools() {
            for pair in pool.steps.windows(2) {
                let at = pair[1].0 as usize;
                changes.up[at] |= pair[1].1 > pair[0].1;
                changes.down[at] |= pair[1].1 < pair[0].1;
            }
        }
        changes
    }
    fn any(&self, minute: usize) -> bool {
        self.starts[minute] || self.ends[minute] || self.up[minute] || self.down[minute]
    }
    /// First minutes of the deciding slots.
    fn deciding(&self) -> Vec<usize> {
        let begins: Vec<usize> = (0..self.starts.len()).filter(|&minute| self.any(minute)).collect();
        let count = begins.len();
        (0..count)
            .filter(|&slot| {
                let (here, next) = (begins[slot], begins[(slot + 1) % count]);
                let by_next = !self.ends[next] && !self.up[next];
                let by_last = !self.starts[here] && !self.down[here];
                !by_next && !by_last
            })
            .map(|slot| begins[slot])
            .collect()
    }
}

/// Pools times deciding slots: what memory goes by.
pub(super) fn cells(problem: &Problem) -> usize {
    Changes::of(problem).deciding().len().saturating_mul(problem.pools().len())
}

impl<'a> Ground<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let minutes = Changes::of(problem).deciding();
        let slots = minutes.len();
        let mut places = Vec::with_capacity(slots * problem.pools().len());
        for pool in problem.pools() {
            let mut step = 0;
            for &minute in &minutes {
                while pool.steps.get(step + 1).is_some_and(|next| next.0 as usize <= minute) {
                    step += 1;
                }
                places.push(pool.steps[step].1);
            }
        }
        let ranges: Vec<Vec<(usize, usize)>> = problem
            .claimants()
            .iter()
            .map(|claimant| {
                stretches(&claimant.intervals, problem.span())
                    .into_iter()
                    .map(|(start, end)| {
                        let from = minutes.partition_point(|&minute| minute < start as usize);
                        (from, minutes.partition_point(|&minute| minute < end as usize))
                    })
                    .filter(|(from, to)| from < to)
                    .collect()
            })
            .collect();
        let mut ground = Self { problem, slots, places, ranges, open: Vec::new(), pools_of: Vec::new() };
        let mut pools_of = vec![Vec::new(); problem.meters().len()];
        for choice in problem.claimants().iter().flat_map(|claimant| &claimant.choices) {
            for &(meter, _) in &choice.draws {
                let pools: &mut Vec<usize> = &mut pools_of[meter];
                if !pools.contains(&choice.pool) {
                    pools.push(choice.pool);
                }
            }
        }
        ground.pools_of = pools_of;
        ground.open = (0..problem.claimants().len())
            .map(|claimant| {
                let choices = &problem.claimants()[claimant].choices;
                let mut open: Vec<usize> =
                    (0..choices.len()).filter(|&choice| ground.conceivable(claimant, &choices[choice])).collect();
                open.sort_by_key(|&choice| (choices[choice].cost, choice));
                open
            })
            .collect();
        ground
    }
    fn conceivable(&self, claimant: usize, choice: &Choice) -> bool {
        let row = &self.places[choice.pool * self.slots..(choice.pool + 1) * self.slots];
        self.ranges[claimant].iter().all(|&(from, to)| row[from..to].iter().all(|&places| places > 0))
            && choice.draws.iter().all(|&(meter, units)| u64::from(units) <= self.problem.meters()[meter])
    }
    pub(super) fn claimants(&self) -> usize {
        self.ranges.len()
    }
    pub(super) fn choice(&self, claimant: usize, choice: usize) -> &'a Choice {
        &self.problem.claimants()[claimant].choices[choice]
    }
    /// The groups a claimant is of.
    pub(super) fn groups(&self, claimant: usize) -> &'a [usize] {
        &self.problem.of[claimant]
    }
    pub(super) fn rank(&self, claimant: usize) -> u32 {
        self.problem.claimants()[claimant].rank
    }
    pub(super) fn standing(&self, claimant: usize) -> u32 {
        self.problem.claimants()[claimant].standing
    }
    /// Deciding slots a claimant takes up.
    pub(super) fn length(&self, claimant: usize) -> usize {
        self.ranges[claimant].iter().map(|(from, to)| to - from).sum()
    }
    pub(super) fn present(&self, claimant: usize, slot: usize) -> bool {
        let ranges = &self.ranges[claimant];
        let after = ranges.partition_point(|range| range.0 <= slot);
        after > 0 && slot < ranges[after - 1].1
    }
}
