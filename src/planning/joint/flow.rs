//! The vehicles of one kind that together save most: a minimum-cost flow in the time-space network, one unit a vehicle, each column
//! at most once.
//!
//! Successive shortest paths (Ahuja, Magnanti & Orlin 1993, section 9.7). The network runs forward in time, so a shortest path is a
//! pass over the minutes; the few arcs that carry flow may be taken back, and passes alternate with them until no label falls.
//! O(vehicles x passes x (columns + ready nodes x ends)).

use super::net::{NEVER, Net, Rates};

const FAR: f64 = f64::INFINITY;
/// Labels closer than this share of the largest cost are equal: no endless improvement by rounding.
const EQUAL: f64 = 1e-12;
/// Passes for one vehicle, at most: a few are usual. Past it the answer is that nothing is known.
const MOST_PASSES: u32 = 2_000;

/// How a label was reached; the number's meaning depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Nothing,
    /// Free: waited a minute. Home: stayed a minute.
    Wait,
    /// Free: by run.
    Run(u32),
    /// Free: by taking back the empty drive to a ready node.
    UndoDead(u32),
    /// Free: by taking back the drive home that ends at this minute.
    UndoHome(u16),
    /// Free, home: by taking back a minute of standing.
    UndoWait,
    /// Ready: from the depot.
    Out,
    /// Ready: fresh from the depot, never out before.
    FirstOut,
    /// Ready: from this free node.
    Dead(u32),
    /// Ready: by taking back a run.
    UndoRun(u32),
    /// Home: from this free node.
    Home(u32),
    /// Home: by taking back the way out to this ready node.
    UndoOut(u32),
}

/// An arc with flow on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Used {
    WaitFree(u32),
    WaitHome(u16),
    Run(u32),
    Dead(u32, u32),
    Out(u32),
    /// Never taken back: who was once out stays hired.
    FirstOut(u32),
    Home(u32, u16),
}

/// The vehicles found.
#[derive(Clone, Debug, Default)]
pub struct Vehicles {
    /// What they cost less what they save; at most 0.
    pub cost: f64,
    /// Vehicles.
    pub count: u32,
    /// Runs taken, ascending.
    pub runs: Vec<u32>,
    /// Minutes away of all.
    pub minutes: f64,
    /// Metres of all.
    pub metres: f64,
}

/// Labels and flow of one network; made once, used for many prices.
#[derive(Debug)]
pub struct Router {
    free: Vec<f64>,
    free_by: Vec<By>,
    ready: Vec<f64>,
    ready_by: Vec<By>,
    home: Vec<f64>,
    home_by: Vec<By>,
    eps: f64,
    used_run: Vec<bool>,
    /// Ready nodes with a run that may be taken.
    live: Vec<bool>,
    /// Latest heads first: what flow is taken back, is taken back in one sweep.
    used: Vec<(Used, i32)>,
}

impl Router {
    /// Room for a network.
    #[must_use]
    pub fn new(net: &Net) -> Self {
        Self {
            free: vec![FAR; net.home.len()],
            free_by: vec![By::Nothing; net.home.len()],
            ready: vec![FAR; net.ready.len()],
            ready_by: vec![By::Nothing; net.ready.len()],
            home: vec![FAR; usize::from(net.finish - net.start) + 1],
            home_by: vec![By::Nothing; usize::from(net.finish - net.start) + 1],
            eps: 1e-9,
            used_run: vec![false; net.runs.len()],
            live: vec![true; net.ready.len()],
            used: Vec::new(),
        }
    }

    /// The cheapest vehicles, no fewer than `range.0` if there is a way for them and no more than `range.1`; `cost` of each run is
    /// what it costs less what it is worth.
    pub fn solve(&mut self, net: &Net, rates: &Rates, cost: &[f64], range: (u32, u32)) -> Vehicles {
        let (least, most) = range;
        let largest =
            cost.iter().filter(|cost| cost.is_finite()).fold(rates.hire.abs(), |most, cost| most.max(cost.abs()));
        self.eps = (EQUAL * largest).max(1e-9);
        self.used_run.fill(false);
        self.used.clear();
        for (live, node) in self.live.iter_mut().zip(&net.ready) {
            *live = cost[node.from as usize..node.to as usize].iter().any(|cost| cost.is_finite());
        }
        let mut found = Vehicles::default();
        while found.count < most && !net.runs.is_empty() {
            self.clear();
            if !self.relax(net, rates, cost) {
                found.cost = f64::NEG_INFINITY;
                break;
            }
            let length = self.home[self.home.len() - 1];
            if length == FAR || length >= -self.eps && found.count >= least {
                break;
            }
            found.cost += length;
            found.count += 1;
            self.augment(net);
        }
        found.runs = (0..).zip(&self.used_run).filter(|(_, used)| **used).map(|(run, _)| run).collect();
        for (arc, units) in &self.used {
            let (minutes, metres) = arc_effort(net, *arc);
            found.minutes += minutes * f64::from(*units);
            found.metres += metres * f64::from(*units);
        }
        found
    }

    /// How much dearer the vehicles of [`Router::solve`] become, at least, if a run is taken that they do not take: its reduced cost
    /// with the labels as duals (Ahuja, Magnanti & Orlin 1993, section 9.4). `fewer`: a vehicle less would be allowed.
    pub fn reduced_costs(&mut self, net: &Net, rates: &Rates, cost: &[f64], fewer: bool, into: &mut Vec<f64>) {
        self.clear();
        if fewer && !self.used.is_empty() {
            // A vehicle may be given back: from the source straight to the sink.
            let last = self.home.len() - 1;
            self.home[last] = 0.0;
            self.home_by[last] = By::Nothing;
        }
        let known = self.relax(net, rates, cost);
        into.clear();
        if !known {
            into.resize(net.runs.len(), 0.0);
            return;
        }
        for (number, run) in net.runs.iter().enumerate() {
            let from = self.ready[run.ready as usize];
            let to = self.free[net.free_node(run.free, usize::from(run.end))];
            into.push(if cost[number] == FAR {
                FAR
            } else if self.used_run[number] || from == FAR || to == FAR {
                0.0
            } else {
                from + cost[number] - to
            });
        }
    }

    /// Labels until none falls any more; `false` where that took too long.
    fn relax(&mut self, net: &Net, rates: &Rates, cost: &[f64]) -> bool {
        let mut from = net.start;
        self.backward(net, rates, cost);
        for _ in 0..MOST_PASSES {
            self.forward(net, rates, cost, from);
            match self.backward(net, rates, cost) {
                Some(minute) => from = minute,
                None => return true,
            }
        }
        false
    }

    fn clear(&mut self) {
        self.free.fill(FAR);
        self.ready.fill(FAR);
        self.home.fill(FAR);
    }

    /// Relaxes all arcs that start at a minute or later, in order of time.
    fn forward(&mut self, net: &Net, rates: &Rates, cost: &[f64], from: u16) {
        let ends = net.ends.len();
        let minutes = net.free_minutes();
        for minute in from..=net.finish {
            let at = usize::from(minute - net.start);
            if at > 0 && self.home[at - 1] < self.home[at] - self.eps {
                self.home[at] = self.home[at - 1];
                self.home_by[at] = By::Wait;
            }
            if at > 0 && at < minutes {
                let (before, now) = self.free[(at - 1) * ends..(at + 1) * ends].split_at_mut(ends);
                for end in 0..ends {
                    let label = before[end] + rates.minute;
                    if label < now[end] - self.eps {
                        now[end] = label;
                        self.free_by[at * ends + end] = By::Wait;
                    }
                }
            }
            if at < minutes {
                for end in 0..ends {
                    let label = self.free[at * ends + end];
                    // Also after standing: the drive may be shorter when the peak is over.
                    if label < FAR {
                        self.go_home(net, rates, at * ends + end, minute);
                    }
                }
            }
            for node in net.ready_in(minute) {
                if !self.live[node] {
                    continue;
                }
                self.reach(net, rates, node);
                let label = self.ready[node];
                if label == FAR {
                    continue;
                }
                let (first, end) = (net.ready[node].from as usize, net.ready[node].to as usize);
                for (number, (run, cost)) in (first..end).zip(net.runs[first..end].iter().zip(&cost[first..end])) {
                    let there = label + cost;
                    let cell = net.free_node(run.free, usize::from(run.end));
                    if there < self.free[cell] - self.eps && !self.used_run[number] {
                        self.free[cell] = there;
                        self.free_by[cell] = By::Run(u32::try_from(number).unwrap_or(u32::MAX));
                    }
                }
            }
        }
    }

    fn go_home(&mut self, net: &Net, rates: &Rates, cell: usize, minute: u16) {
        let (arrive, metres) = net.home[cell];
        if arrive == NEVER {
            return;
        }
        let label = self.free[cell] + rates.minute * f64::from(arrive - minute) + rates.metre * f64::from(metres);
        let at = usize::from(arrive - net.start);
        if label < self.home[at] - self.eps {
            self.home[at] = label;
            self.home_by[at] = By::Home(u32::try_from(cell).unwrap_or(u32::MAX));
        }
    }

    /// The label of a ready node from the depot and all free nodes.
    fn reach(&mut self, net: &Net, rates: &Rates, node: usize) {
        let ready = &net.ready[node];
        let ends = net.ends.len();
        let mut best = self.ready[node];
        let mut by = None;
        if ready.out != NEVER {
            let drive = rates.minute * f64::from(ready.minute - ready.out) + rates.metre * f64::from(ready.out_metres);
            if rates.hire + drive < best - self.eps {
                best = rates.hire + drive;
                by = Some(By::FirstOut);
            }
            let again = self.home[usize::from(ready.out - net.start)] + drive;
            if again < best - self.eps {
                best = again;
                by = Some(By::Out);
            }
        }
        let minutes = net.free_minutes();
        for (end, &(start, metres)) in net.dead[node * ends..(node + 1) * ends].iter().enumerate() {
            if start == NEVER || usize::from(start - net.start) >= minutes {
                continue;
            }
            let cell = net.free_node(start, end);
            let label =
                self.free[cell] + rates.minute * f64::from(ready.minute - start) + rates.metre * f64::from(metres);
            if label < best - self.eps {
                best = label;
                by = Some(By::Dead(u32::try_from(cell).unwrap_or(u32::MAX)));
            }
        }
        if let Some(by) = by {
            self.ready[node] = best;
            self.ready_by[node] = by;
        }
    }

    /// Takes flow back where that lowers a label; the earliest minute with one, if any.
    fn backward(&mut self, net: &Net, rates: &Rates, cost: &[f64]) -> Option<u16> {
        let ends = u32::try_from(net.ends.len()).unwrap_or(u32::MAX);
        let minute_of = |cell: u32| net.start + u16::try_from(cell / ends).unwrap_or(u16::MAX);
        let mut earliest: Option<u16> = None;
        for position in 0..self.used.len() {
            let (arc, _) = self.used[position];
            let (minutes, metres) = arc_effort(net, arc);
            let price = rates.minute * minutes + rates.metre * metres;
            let fell = match arc {
                Used::WaitFree(cell) => {
                    let label = self.free[(cell + ends) as usize] - price;
                    lower(self.eps, &mut self.free, &mut self.free_by, cell as usize, label, By::UndoWait)
                        .then(|| minute_of(cell))
                }
                Used::WaitHome(minute) => {
                    let at = usize::from(minute - net.start);
                    let label = self.home[at + 1];
                    lower(self.eps, &mut self.home, &mut self.home_by, at, label, By::UndoWait).then_some(minute)
                }
                Used::Run(number) => {
                    let run = &net.runs[number as usize];
                    let label = self.free[net.free_node(run.free, usize::from(run.end))] - cost[number as usize];
                    let node = run.ready as usize;
                    lower(self.eps, &mut self.ready, &mut self.ready_by, node, label, By::UndoRun(number))
                        .then(|| net.ready[node].minute)
                }
                Used::Dead(cell, node) => {
                    let label = self.ready[node as usize] - price;
                    lower(self.eps, &mut self.free, &mut self.free_by, cell as usize, label, By::UndoDead(node))
                        .then(|| minute_of(cell))
                }
                Used::Out(node) => {
                    let ready = &net.ready[node as usize];
                    let label = self.ready[node as usize] - price;
                    let at = usize::from(ready.out - net.start);
                    lower(self.eps, &mut self.home, &mut self.home_by, at, label, By::UndoOut(node))
                        .then_some(ready.out)
                }
                Used::FirstOut(_) => false.then_some(0),
                Used::Home(cell, arrive) => {
                    let label = self.home[usize::from(arrive - net.start)] - price;
                    lower(self.eps, &mut self.free, &mut self.free_by, cell as usize, label, By::UndoHome(arrive))
                        .then(|| minute_of(cell))
                }
            };
            if let Some(minute) = fell {
                earliest = Some(earliest.map_or(minute, |now| now.min(minute)));
            }
        }
        earliest
    }

    /// Sends one vehicle along the labels' way.
    fn augment(&mut self, net: &Net) {
        enum At {
            Free(usize),
            Ready(usize),
            Home(usize),
        }
        let ends = net.ends.len();
        let cell_u32 = |cell: usize| u32::try_from(cell).unwrap_or(u32::MAX);
        let minute = |at: usize| net.start + u16::try_from(at).unwrap_or(u16::MAX);
        let mut at = At::Home(self.home.len() - 1);
        loop {
            at = match at {
                At::Home(k) => match self.home_by[k] {
                    By::Wait => {
                        self.add(Used::WaitHome(minute(k - 1)), 1);
                        At::Home(k - 1)
                    }
                    By::Home(cell) => {
                        self.add(Used::Home(cell, minute(k)), 1);
                        At::Free(cell as usize)
                    }
                    By::UndoWait => {
                        self.add(Used::WaitHome(minute(k)), -1);
                        At::Home(k + 1)
                    }
                    By::UndoOut(node) => {
                        self.add(Used::Out(node), -1);
                        At::Ready(node as usize)
                    }
                    _ => break,
                },
                At::Free(cell) => match self.free_by[cell] {
                    By::Wait => {
                        self.add(Used::WaitFree(cell_u32(cell - ends)), 1);
                        At::Free(cell - ends)
                    }
                    By::Run(number) => {
                        self.used_run[number as usize] = true;
                        self.add(Used::Run(number), 1);
                        At::Ready(net.runs[number as usize].ready as usize)
                    }
                    By::UndoWait => {
                        self.add(Used::WaitFree(cell_u32(cell)), -1);
                        At::Free(cell + ends)
                    }
                    By::UndoDead(node) => {
                        self.add(Used::Dead(cell_u32(cell), node), -1);
                        At::Ready(node as usize)
                    }
                    By::UndoHome(arrive) => {
                        self.add(Used::Home(cell_u32(cell), arrive), -1);
                        At::Home(usize::from(arrive - net.start))
                    }
                    _ => break,
                },
                At::Ready(node) => match self.ready_by[node] {
                    By::FirstOut => {
                        self.add(Used::FirstOut(cell_u32(node)), 1);
                        break;
                    }
                    By::Out => {
                        self.add(Used::Out(cell_u32(node)), 1);
                        At::Home(usize::from(net.ready[node].out - net.start))
                    }
                    By::Dead(cell) => {
                        self.add(Used::Dead(cell, cell_u32(node)), 1);
                        At::Free(cell as usize)
                    }
                    By::UndoRun(number) => {
                        self.used_run[number as usize] = false;
                        self.add(Used::Run(number), -1);
                        let run = &net.runs[number as usize];
                        At::Free(net.free_node(run.free, usize::from(run.end)))
                    }
                    _ => break,
                },
            };
        }
        self.used.sort_by_key(|(arc, _)| (std::cmp::Reverse(head(net, *arc)), *arc));
        // Equal arcs stand side by side.
        self.used.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1 += later.1;
            }
            same
        });
        self.used.retain(|(_, units)| *units != 0);
    }

    fn add(&mut self, arc: Used, units: i32) {
        self.used.push((arc, units));
    }
}

fn lower(eps: f64, labels: &mut [f64], by: &mut [By], at: usize, label: f64, how: By) -> bool {
    if label < labels[at] - eps {
        labels[at] = label;
        by[at] = how;
        return true;
    }
    false
}

/// When an arc ends; at one minute a vehicle is free before it is home, and home before it is ready.
fn head(net: &Net, arc: Used) -> (u16, u8) {
    let ends = u32::try_from(net.ends.len()).unwrap_or(u32::MAX);
    match arc {
        Used::WaitFree(cell) => (net.start + u16::try_from(cell / ends).unwrap_or(0) + 1, 0),
        Used::WaitHome(minute) => (minute + 1, 1),
        Used::Run(number) => (net.runs[number as usize].free, 0),
        Used::Dead(_, node) | Used::Out(node) | Used::FirstOut(node) => (net.ready[node as usize].minute, 2),
        Used::Home(_, arrive) => (arrive, 1),
    }
}

/// Minutes away and metres of an arc.
fn arc_effort(net: &Net, arc: Used) -> (f64, f64) {
    let ends = u32::try_from(net.ends.len()).unwrap_or(u32::MAX);
    match arc {
        Used::WaitFree(_) => (1.0, 0.0),
        Used::WaitHome(_) => (0.0, 0.0),
        Used::Run(number) => {
            let run = &net.runs[number as usize];
            (f64::from(run.minutes), f64::from(run.metres))
        }
        Used::Dead(cell, node) => {
            let (start, metres) = net.dead[(node * ends + cell % ends) as usize];
            (f64::from(net.ready[node as usize].minute - start), f64::from(metres))
        }
        Used::Out(node) | Used::FirstOut(node) => {
            let ready = &net.ready[node as usize];
            (f64::from(ready.minute - ready.out), f64::from(ready.out_metres))
        }
        Used::Home(cell, arrive) => {
            let left = net.start + u16::try_from(cell / ends).unwrap_or(0);
            (f64::from(arrive - left), f64::from(net.home[cell as usize].1))
        }
    }
}
