//! Which trips should one vehicle run between two moments, the rest of the plan given? A shortest way in the time-space network of a
//! pool of columns.
//!
//! O(ready nodes in the window x ends + runs in the window).

use super::net::{NEVER, Net, Rates};
use super::problem::{Kind, Problem};

const FAR: f64 = f64::INFINITY;
/// No parent.
const NONE: u32 = u32::MAX;

/// Where a stretch of a vehicle's day begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// At the depot; the vehicle is hired for this (`true`) or anyhow.
    Depot(bool),
    /// At a stop, from (or until) a minute.
    Stop(u16, u16),
}

/// Labels of a network, kept for many stretches.
#[derive(Debug)]
pub struct Weaver {
    free: Vec<f64>,
    /// The last run before, here and below; [`NONE`]: the beginning.
    free_by: Vec<u32>,
    ready: Vec<f64>,
    ready_by: Vec<u32>,
    home: Vec<f64>,
    home_by: Vec<u32>,
}

impl Weaver {
    /// Room for a network.
    #[must_use]
    pub fn new(net: &Net) -> Self {
        let minutes = usize::from(net.finish - net.start) + 1;
        Self {
            free: vec![FAR; net.home.len()],
            free_by: vec![NONE; net.home.len()],
            ready: vec![FAR; net.ready.len()],
            ready_by: vec![NONE; net.ready.len()],
            home: vec![FAR; minutes],
            home_by: vec![NONE; minutes],
        }
    }

    /// First and one past the last ready node of a stretch.
    #[must_use]
    pub fn nodes(net: &Net, from: Edge, to: Edge) -> std::ops::Range<usize> {
        let first = match from {
            Edge::Depot(_) => 0,
            Edge::Stop(_, minute) => net.ready.partition_point(|node| node.minute < minute),
        };
        let last = match to {
            Edge::Depot(_) => net.ready.len(),
            Edge::Stop(_, minute) => net.ready.partition_point(|node| node.minute < minute),
        };
        first..last.max(first)
    }

    /// The runs (ascending in time) of the cheapest way, which may be none, and its cost; `None` where there is no way at all.
    /// `worth[run - first run of the window]` is what a run saves; below zero forbids it.
    pub fn weave(
        &mut self,
        problem: &Problem,
        net: &Net,
        kind: &Kind,
        rates: &Rates,
        from: Edge,
        to: Edge,
        worth: &[f64],
    ) -> Option<(f64, Vec<u32>)> {
        let nodes = Self::nodes(net, from, to);
        let ends = net.ends.len();
        let free_minutes = net.free_minutes();
        let begin = match from {
            Edge::Depot(_) => net.start,
            Edge::Stop(_, minute) => minute,
        };
        let finish = match to {
            Edge::Depot(_) => net.finish,
            Edge::Stop(_, minute) => minute.min(net.finish),
        };
        // Straight from edge to edge.
        let straight = self.straight(problem, kind, rates, from, to);
        if nodes.is_empty() || begin > finish {
            return straight.map(|cost| (cost, Vec::new()));
        }
        let first_run = net.ready[nodes.start].from;
        let rel = |minute: u16| usize::from(minute - net.start);
        let begin = begin.max(net.start);
        let (low, high) = (rel(begin), rel(finish));
        self.home[low..=high].fill(FAR);
        self.home_by[low..=high].fill(NONE);
        let cells = (low * ends).min(self.free.len())..((high + 1) * ends).min(self.free.len());
        self.free[cells.clone()].fill(FAR);
        self.free_by[cells].fill(NONE);
        // A vehicle that starts at a stop may go over the depot.
        let mut over: Option<(u16, f64)> = None;
        let hire = match from {
            Edge::Depot(hired) => {
                if hired {
                    rates.hire
                } else {
                    0.0
                }
            }
            Edge::Stop(stop, minute) => {
                over = problem.empty.at(stop, kind.depot, minute).map(|(takes, metres)| {
                    (minute + takes, rates.minute * f64::from(takes) + rates.metre * f64::from(metres))
                });
                0.0
            }
        };
        for minute in begin..=finish {
            let at = rel(minute);
            if let Some((there, cost)) = over
                && there == minute
                && cost < self.home[at]
            {
                self.home[at] = cost;
                self.home_by[at] = NONE;
            }
            if at > low && self.home[at - 1] < self.home[at] {
                self.home[at] = self.home[at - 1];
                self.home_by[at] = self.home_by[at - 1];
            }
            if at < free_minutes {
                for end in 0..ends {
                    let cell = at * ends + end;
                    if at > low {
                        let waited = self.free[cell - ends] + rates.minute;
                        if waited < self.free[cell] {
                            self.free[cell] = waited;
                            self.free_by[cell] = self.free_by[cell - ends];
                        }
                    }
                    let label = self.free[cell];
                    let (arrive, metres) = net.home[cell];
                    if label < FAR && arrive != NEVER && arrive <= finish {
                        let there = label + rates.minute * f64::from(arrive - minute) + rates.metre * f64::from(metres);
                        let home = rel(arrive);
                        if there < self.home[home] {
                            self.home[home] = there;
                            self.home_by[home] = self.free_by[cell];
                        }
                    }
                }
            }
            for node in net.ready_in(minute) {
                if !nodes.contains(&node) {
                    continue;
                }
                let ready = &net.ready[node];
                let (mut best, mut by) = (FAR, NONE);
                let worths = &worth[(ready.from - first_run) as usize..(ready.to - first_run) as usize];
                if worths.iter().all(|worth| *worth < 0.0) {
                    self.ready[node] = FAR;
                    continue;
                }
                if ready.out != NEVER {
                    let drive =
                        rates.minute * f64::from(minute - ready.out) + rates.metre * f64::from(ready.out_metres);
                    if matches!(from, Edge::Depot(_)) {
                        best = hire + drive;
                    }
                    if ready.out >= begin {
                        let home = rel(ready.out);
                        if self.home[home] + drive < best {
                            best = self.home[home] + drive;
                            by = self.home_by[home];
                        }
                    }
                }
                if let Edge::Stop(stop, since) = from
                    && let Some((start, metres)) = problem.empty.latest(stop, ready.stop, minute, since)
                {
                    let _ = start;
                    let cost = rates.minute * f64::from(minute - since) + rates.metre * f64::from(metres);
                    if cost < best {
                        best = cost;
                        by = NONE;
                    }
                }
                for (end, &(start, metres)) in net.dead[node * ends..(node + 1) * ends].iter().enumerate() {
                    if start == NEVER || start < begin || rel(start) >= free_minutes {
                        continue;
                    }
                    let cell = rel(start) * ends + end;
                    let label =
                        self.free[cell] + rates.minute * f64::from(minute - start) + rates.metre * f64::from(metres);
                    if label < best {
                        best = label;
                        by = self.free_by[cell];
                    }
                }
                self.ready[node] = best;
                self.ready_by[node] = by;
                if best == FAR {
                    continue;
                }
                for number in ready.from..ready.to {
                    let run = &net.runs[number as usize];
                    if run.free > finish || worth[(number - first_run) as usize] < 0.0 {
                        continue;
                    }
                    let there = best + net.cost(run, rates) - worth[(number - first_run) as usize];
                    let cell = rel(run.free) * ends + usize::from(run.end);
                    if there < self.free[cell] {
                        self.free[cell] = there;
                        self.free_by[cell] = number;
                    }
                }
            }
        }
        let (cost, mut run) = match to {
            Edge::Depot(_) => (self.home[high], self.home_by[high]),
            Edge::Stop(stop, minute) => self.arrive(problem, net, kind, rates, stop, minute, begin),
        };
        if straight.is_some_and(|straight| straight <= cost) || cost == FAR {
            return straight.map(|cost| (cost, Vec::new()));
        }
        let mut runs = Vec::new();
        while run != NONE {
            runs.push(run);
            run = self.ready_by[net.runs[run as usize].ready as usize];
        }
        runs.reverse();
        Some((cost, runs))
    }

    /// The label of being at a stop by a minute, and the last run before.
    fn arrive(
        &self,
        problem: &Problem,
        net: &Net,
        kind: &Kind,
        rates: &Rates,
        stop: u16,
        minute: u16,
        begin: u16,
    ) -> (f64, u32) {
        let ends = net.ends.len();
        let rel = |minute: u16| usize::from(minute - net.start);
        let mut best = (FAR, NONE);
        for (end, &last) in net.ends.iter().enumerate() {
            let Some((start, metres)) = problem.empty.latest(last, stop, minute, begin) else { continue };
            let start = start.min(net.start + u16::try_from(net.free_minutes()).unwrap_or(u16::MAX).saturating_sub(1));
            let cell = rel(start) * ends + end;
            let label = self.free[cell] + rates.minute * f64::from(minute - start) + rates.metre * f64::from(metres);
            if label < best.0 {
                best = (label, self.free_by[cell]);
            }
        }
        if let Some((leave, metres)) = problem.empty.latest(kind.depot, stop, minute, begin.max(kind.out_from))
            && rel(leave) < self.home.len()
        {
            let label =
                self.home[rel(leave)] + rates.minute * f64::from(minute - leave) + rates.metre * f64::from(metres);
            if label < best.0 && self.home_by[rel(leave)] != NONE {
                best = (label, self.home_by[rel(leave)]);
            }
        }
        best
    }

    /// No trip between the edges.
    fn straight(&self, problem: &Problem, kind: &Kind, rates: &Rates, from: Edge, to: Edge) -> Option<f64> {
        let cost = |minutes: u16, metres: u32| rates.minute * f64::from(minutes) + rates.metre * f64::from(metres);
        match (from, to) {
            (Edge::Depot(_), Edge::Depot(_)) => Some(0.0),
            (Edge::Depot(hired), Edge::Stop(stop, minute)) => {
                let (leave, metres) = problem.empty.latest(kind.depot, stop, minute, kind.out_from)?;
                Some(cost(minute - leave, metres) + if hired { rates.hire } else { 0.0 })
            }
            (Edge::Stop(stop, minute), Edge::Depot(_)) => {
                let (takes, metres) = problem.empty.at(stop, kind.depot, minute)?;
                (minute + takes <= kind.home_by).then(|| cost(takes, metres))
            }
            (Edge::Stop(end, free), Edge::Stop(start, minute)) => {
                let direct =
                    problem.empty.latest(end, start, minute, free).map(|(_, metres)| cost(minute - free, metres));
                let over = problem.empty.at(end, kind.depot, free).and_then(|(takes, metres)| {
                    let (leave, back) = problem.empty.latest(kind.depot, start, minute, free + takes)?;
                    Some(cost(takes + minute - leave, metres + back))
                });
                match (direct, over) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                }
            }
        }
    }
}
