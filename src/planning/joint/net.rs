//! The time-space network of one kind of vehicle on one day: where it can be when, and what getting there costs.
//!
//! Three kinds of nodes for each minute: *free* at a stop after a trip, *ready* at the first stop of columns that leave then, and
//! *home* at the depot. Time away is paid whether the vehicle drives or stands, so an empty drive starts as late as it can; standing
//! at the depot is free. Everything moves forward in time: one pass over the minutes finds the cheapest way (Desrosiers et al. 1995).

use super::problem::{Kind, Problem};

/// What a vehicle costs, linearly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// A used vehicle.
    pub hire: f64,
    /// A minute away from the depot.
    pub minute: f64,
    /// A metre.
    pub metre: f64,
}

/// Columns that leave one stop at one minute.
#[derive(Clone, Copy, Debug)]
pub struct Ready {
    /// When.
    pub minute: u16,
    /// From which stop.
    pub stop: u16,
    /// First of its runs.
    pub from: u32,
    /// One past the last.
    pub to: u32,
    /// Leaves the depot then, so many metres; `NEVER`: cannot.
    pub out: u16,
    /// Metres of that.
    pub out_metres: u32,
}

/// A column as the network sees it.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Its number in the problem.
    pub column: u32,
    /// The ready node it leaves.
    pub ready: u32,
    /// Position of its last stop among the ends.
    pub end: u16,
    /// When the vehicle is free.
    pub free: u16,
    /// Minutes it takes.
    pub minutes: u16,
    /// Metres.
    pub metres: u32,
    /// An empty drive between its ends would be as good for the vehicle: nobody runs it for nothing.
    pub idle: bool,
}

/// No such minute.
pub const NEVER: u16 = u16::MAX;

/// The network.
#[derive(Clone, Debug)]
pub struct Net {
    /// First minute.
    pub start: u16,
    /// Last minute.
    pub finish: u16,
    /// Last stops of the columns, ascending.
    pub ends: Vec<u16>,
    /// Ready nodes by minute, then stop.
    pub ready: Vec<Ready>,
    /// First ready node at or after each minute from `start` on; one more entry.
    pub ready_at: Vec<u32>,
    /// Columns, by ready node.
    pub runs: Vec<Run>,
    /// `[ready][end]`: latest start of the empty drive there (`NEVER`: none) and its metres.
    pub dead: Vec<(u16, u32)>,
    /// `[minute from start][end]`: when it would be home if it left then (`NEVER`: too late), and the metres.
    pub home: Vec<(u16, u32)>,
}

impl Net {
    /// Lays out these columns (ascending) of one day for a kind of vehicle.
    #[must_use]
    pub fn new(problem: &Problem, kind: &Kind, columns: &[u32]) -> Self {
        let column = |number: &u32| &problem.columns[*number as usize];
        let metric = problem.empty.metric();
        let mut ends: Vec<u16> = columns.iter().map(|number| column(number).last).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut order: Vec<u32> = columns.to_vec();
        order.sort_by_key(|number| (column(number).minute, column(number).first, *number));
        let mut ready: Vec<Ready> = Vec::new();
        let mut runs = Vec::with_capacity(order.len());
        for number in order {
            let c = column(&number);
            let new = ready.last().is_none_or(|last| (last.minute, last.stop) != (c.minute, c.first));
            let at = u32::try_from(runs.len()).unwrap_or(u32::MAX);
            if new {
                let out = problem.empty.latest(kind.depot, c.first, c.minute, kind.out_from);
                let (out, out_metres) = out.unwrap_or((NEVER, 0));
                ready.push(Ready { minute: c.minute, stop: c.first, from: at, to: at, out, out_metres });
            }
            let node = ready.len() - 1;
            ready[node].to = at + 1;
            runs.push(Run {
                column: number,
                ready: u32::try_from(node).unwrap_or(u32::MAX),
                end: u16::try_from(ends.partition_point(|end| *end < c.last)).unwrap_or(u16::MAX),
                free: c.free,
                minutes: c.free - c.minute,
                metres: c.metres,
                idle: metric
                    && problem
                        .empty
                        .at(c.first, c.last, c.minute)
                        .is_some_and(|(minutes, metres)| c.minute + minutes <= c.free && metres <= c.metres),
            });
        }
        let first = ready.first().map_or(0, |node| node.minute);
        let start = ready.iter().map(|node| node.out).filter(|out| *out != NEVER).min().unwrap_or(first).min(first);
        let free = runs.iter().map(|run| run.free).max().unwrap_or(start);
        let mut finish = free;
        let mut home = Vec::with_capacity(usize::from(free - start + 1) * ends.len());
        for minute in start..=free {
            for &end in &ends {
                let way = problem.empty.at(end, kind.depot, minute);
                let way = way.map(|(takes, metres)| (minute + takes, metres)).filter(|way| way.0 <= kind.home_by);
                home.push(way.unwrap_or((NEVER, 0)));
                finish = finish.max(way.map_or(0, |way| way.0));
            }
        }
        let mut dead = Vec::with_capacity(ready.len() * ends.len());
        for node in &ready {
            for &end in &ends {
                dead.push(problem.empty.latest(end, node.stop, node.minute, start).unwrap_or((NEVER, 0)));
            }
        }
        let mut ready_at = Vec::with_capacity(usize::from(finish - start) + 2);
        let mut at = 0;
        for minute in start..=finish + 1 {
            while at < ready.len() && ready[at].minute < minute {
                at += 1;
            }
            ready_at.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        Self { start, finish, ends, ready, ready_at, runs, dead, home }
    }

    /// Ready nodes of a minute.
    #[must_use]
    pub fn ready_in(&self, minute: u16) -> std::ops::Range<usize> {
        let at = usize::from(minute - self.start);
        self.ready_at[at] as usize..self.ready_at[at + 1] as usize
    }

    /// Position in `home` (and in any table of free nodes).
    #[must_use]
    pub fn free_node(&self, minute: u16, end: usize) -> usize {
        usize::from(minute - self.start) * self.ends.len() + end
    }

    /// Can a vehicle go on from a run to another, straight or over the depot?
    #[must_use]
    pub fn reaches(&self, last: &Run, next: &Run) -> bool {
        let node = &self.ready[next.ready as usize];
        let (start, _) = self.dead[next.ready as usize * self.ends.len() + usize::from(last.end)];
        let straight = start != NEVER && start >= last.free;
        let home = self.home[self.free_node(last.free, usize::from(last.end))].0;
        straight || node.out != NEVER && home != NEVER && home <= node.out
    }

    /// Minutes from `start` to the last in which a vehicle comes free.
    #[must_use]
    pub fn free_minutes(&self) -> usize {
        if self.ends.is_empty() { 0 } else { self.home.len() / self.ends.len() }
    }

    /// What running a column costs beside what it is worth.
    #[must_use]
    pub fn cost(&self, run: &Run, rates: &Rates) -> f64 {
        rates.minute * f64::from(run.minutes) + rates.metre * f64::from(run.metres)
    }
}
