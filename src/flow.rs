//! Which way should units go through a network so that all together cost least? Minimum-cost flow in integers.
//!
//! Successive shortest paths with node potentials (Edmonds & Karp 1972; Ahuja, Magnanti & Orlin 1993, section 9.7):
//! first potentials by one pass in topological order (or Bellman-Ford, where the network has cycles), then Dijkstra on
//! reduced costs, one augmentation a round. O(augmentations * arcs * log nodes); a fleet has as many augmentations as
//! vehicles. Memory: 48 bytes an arc and 40 a node, all of it taken when the network is made.
//!
//! Costs may be negative (a prize), as long as no cycle of arcs is. Lower bounds are for acyclic networks: they are
//! kept by a prize larger than all costs together (the proof is at [`Network::solve`]).
//!
//! Limits: nodes and arcs below 2^31; (arcs with a lower bound + 1) * the sum of all absolute costs below 2^59, so that
//! no distance overflows. Both are checked.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An arc, numbered in the order of adding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArcId(pub u32);

impl ArcId {
    /// As a position in a slice.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// More than any flow: the capacity of an arc that never is full.
pub const UNLIMITED: i64 = 1 << 40;

/// A network as it is written down.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    nodes: usize,
    arcs: Vec<Arc>,
}

#[derive(Clone, Copy, Debug)]
struct Arc {
    from: usize,
    to: usize,
    lower: i64,
    capacity: i64,
    cost: i64,
}

/// Why a flow could not be found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    /// A node that does not exist.
    #[error("arc {arc} ends at node {node}, but the network has {nodes} nodes")]
    Node {
        /// Arc.
        arc: usize,
        /// Node.
        node: usize,
        /// Nodes there are.
        nodes: usize,
    },
    /// Bounds that contradict each other.
    #[error("arc {arc} must carry at least {lower} and at most {capacity}; neither may be negative")]
    Bounds {
        /// Arc.
        arc: usize,
        /// Least flow.
        lower: i64,
        /// Most flow.
        capacity: i64,
    },
    /// Numbers that would overflow.
    #[error("the network is too large: nodes and arcs must be below 2^31 and costs so small that no sum passes 2^59")]
    TooLarge,
    /// Cost without end.
    #[error("a cycle of arcs has a negative cost; only acyclic networks may have prizes on the way round")]
    NegativeCycle,
    /// Lower bounds that cannot be kept.
    #[error("the lower bound of arc {arc} cannot be kept")]
    LowerBound {
        /// Arc.
        arc: usize,
    },
}

/// How much is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// So much, or all that fits if that is less, whatever it costs.
    AtMost(i64),
    /// While another unit lowers the cost, and at most so much.
    WhileProfitable(i64),
}

/// What was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Units from source to sink.
    pub amount: i64,
    /// Their cost.
    pub cost: i128,
    /// Flow on each arc, in the order of adding.
    pub arcs: Vec<i64>,
    /// Dual values of the nodes: with reduced cost `cost + potential[from] - potential[to]`, an arc below its capacity has
    /// it at least 0 and one above its lower bound at most 0. (The proof that no flow of this amount is cheaper.)
    pub potentials: Vec<i64>,
}

impl Problem {
    /// A network with nodes 0..nodes and no arcs.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        Self { nodes, arcs: Vec::new() }
    }

    /// An arc for 0..=capacity units at this cost each.
    pub fn add_arc(&mut self, from: usize, to: usize, capacity: i64, cost: i64) -> ArcId {
        self.add_bounded(from, to, 0, capacity, cost)
    }

    /// An arc for lower..=capacity units at this cost each.
    pub fn add_bounded(&mut self, from: usize, to: usize, lower: i64, capacity: i64, cost: i64) -> ArcId {
        #[expect(clippy::cast_possible_truncation, reason = "Network::new refuses 2^31 arcs and more")]
        let id = ArcId(self.arcs.len() as u32);
        self.arcs.push(Arc { from, to, lower, capacity, cost });
        id
    }

    /// Solves it once; see [`Network::solve`].
    ///
    /// # Errors
    /// See [`FlowError`].
    pub fn solve(&self, source: usize, sink: usize, limit: Limit) -> Result<Flow, FlowError> {
        Network::new(self)?.solve(source, sink, limit)
    }
}

/// A network laid out for solving, again and again with other costs and capacities.
#[derive(Clone, Debug)]
pub struct Network {
    nodes: usize,
    arcs: Vec<Arc>,
    /// Position of each arc among the residual ones, and of the part below its lower bound where it has one.
    slots: Vec<(u32, Option<u32>)>,
    /// Residual arcs of node v: first[v]..first[v + 1].
    first: Vec<u32>,
    head: Vec<u32>,
    twin: Vec<u32>,
    cost: Vec<i64>,
    rest: Vec<i64>,
    /// Nodes in topological order; `None` where the arcs make a cycle.
    order: Option<Vec<u32>>,
    // Room for the rounds.
    potential: Vec<i64>,
    distance: Vec<i64>,
    into: Vec<u32>,
    touched: Vec<u32>,
    settled: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
}

const NONE: u32 = u32::MAX;
const FAR: i64 = i64::MAX;
const COST_LIMIT: i128 = 1 << 59;

impl Network {
    /// Lays the network out; everything that could be wrong with it is found here or, for costs, in [`Self::solve`].
    ///
    /// # Errors
    /// Nodes that do not exist, contradictory bounds, too large a network.
    pub fn new(problem: &Problem) -> Result<Self, FlowError> {
        let nodes = problem.nodes;
        if nodes >= 1 << 31 || problem.arcs.len() >= 1 << 29 {
            return Err(FlowError::TooLarge);
        }
        for (index, arc) in problem.arcs.iter().enumerate() {
            if let Some(node) = [arc.from, arc.to].into_iter().find(|&node| node >= nodes) {
                return Err(FlowError::Node { arc: index, node, nodes });
            }
            if arc.lower < 0 || arc.capacity < arc.lower {
                return Err(FlowError::Bounds { arc: index, lower: arc.lower, capacity: arc.capacity });
            }
        }
        // Counting sort of both directions of every arc by tail.
        let mut first = vec![0_u32; nodes + 1];
        for arc in &problem.arcs {
            let parts = 1 + u32::from(arc.lower > 0);
            first[arc.from + 1] += parts;
            first[arc.to + 1] += parts;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let size = first[nodes] as usize;
        let mut next = first.clone();
        let (mut head, mut twin) = (vec![0_u32; size], vec![0_u32; size]);
        let mut slots = Vec::with_capacity(problem.arcs.len());
        let mut place = |from: usize, to: usize| {
            let forward = next[from];
            next[from] += 1;
            let backward = next[to];
            next[to] += 1;
            #[expect(clippy::cast_possible_truncation, reason = "nodes are below 2^31")]
            {
                head[forward as usize] = to as u32;
                head[backward as usize] = from as u32;
            }
            twin[forward as usize] = backward;
            twin[backward as usize] = forward;
            forward
        };
        for arc in &problem.arcs {
            let free = place(arc.from, arc.to);
            let must = (arc.lower > 0).then(|| place(arc.from, arc.to));
            slots.push((free, must));
        }
        let order = topological(nodes, &problem.arcs);
        Ok(Self {
            nodes,
            arcs: problem.arcs.clone(),
            slots,
            first,
            head,
            twin,
            cost: vec![0; size],
            rest: vec![0; size],
            order,
            potential: vec![0; nodes],
            distance: vec![FAR; nodes],
            into: vec![NONE; nodes],
            touched: Vec::with_capacity(nodes),
            settled: Vec::with_capacity(nodes),
            heap: BinaryHeap::with_capacity(nodes),
        })
    }

    /// Another cost for an arc, from the next solve on.
    pub fn set_cost(&mut self, arc: ArcId, cost: i64) {
        if let Some(arc) = self.arcs.get_mut(arc.index()) {
            arc.cost = cost;
        }
    }

    /// Another capacity for an arc (never below its lower bound), from the next solve on.
    pub fn set_capacity(&mut self, arc: ArcId, capacity: i64) {
        if let Some(arc) = self.arcs.get_mut(arc.index()) {
            arc.capacity = capacity.max(arc.lower);
        }
    }

    /// The cheapest flow of the amount asked for. Among several cheapest ones it is always the same one.
    ///
    /// Lower bounds: the part of an arc below its bound has its cost lowered by M = 1 + the sum of all absolute costs.
    /// If a flow of the same amount kept more of the bounds, some residual cycle would gain M and lose less than M:
    /// the flow would not have been optimal. So bounds are kept whenever they can be.
    ///
    /// # Errors
    /// Costs that are too large, a cycle of negative cost, lower bounds that cannot be kept.
    pub fn solve(&mut self, source: usize, sink: usize, limit: Limit) -> Result<Flow, FlowError> {
        for node in [source, sink] {
            if node >= self.nodes {
                return Err(FlowError::Node { arc: self.arcs.len(), node, nodes: self.nodes });
            }
        }
        let far = self.reset()?;
        self.first_potentials(source, far)?;
        let (Limit::AtMost(most) | Limit::WhileProfitable(most)) = limit;
        let prize_only = matches!(limit, Limit::WhileProfitable(_));
        let mut amount = 0;
        while source != sink && amount < most {
            if !self.shortest_path(source, sink) {
                break;
            }
            if prize_only && self.potential[sink] - self.potential[source] >= 0 {
                break;
            }
            amount += self.augment(source, sink, most - amount);
        }
        self.answer(amount)
    }

    /// Empties the network; gives a distance no path can have.
    fn reset(&mut self) -> Result<i64, FlowError> {
        let sum: i128 = self.arcs.iter().map(|arc| i128::from(arc.cost).abs()).sum();
        let bounded = self.slots.iter().filter(|(_, must)| must.is_some()).count() as i128;
        let far = (sum + 1) * (2 * bounded + 2);
        if far >= COST_LIMIT {
            return Err(FlowError::TooLarge);
        }
        #[expect(clippy::cast_possible_truncation, reason = "below 2^59")]
        let (prize, far) = ((sum + 1) as i64, far as i64);
        for (arc, &(free, must)) in self.arcs.iter().zip(&self.slots) {
            let mut lay = |slot: u32, capacity: i64, cost: i64| {
                let (forward, backward) = (slot as usize, self.twin[slot as usize] as usize);
                self.rest[forward] = capacity;
                self.rest[backward] = 0;
                self.cost[forward] = cost;
                self.cost[backward] = -cost;
            };
            lay(free, arc.capacity - arc.lower, arc.cost);
            if let Some(must) = must {
                lay(must, arc.lower, arc.cost - prize);
            }
        }
        Ok(far)
    }

    /// Distances from the source, as if it had an arc of cost `far` to every node: all arcs then have reduced costs of at
    /// least 0, also those the source does not reach.
    fn first_potentials(&mut self, source: usize, far: i64) -> Result<(), FlowError> {
        self.potential.fill(far);
        self.potential[source] = 0;
        if let Some(order) = &self.order {
            for &node in order {
                let node = node as usize;
                let base = self.potential[node];
                for slot in self.first[node] as usize..self.first[node + 1] as usize {
                    if self.rest[slot] > 0 {
                        let head = self.head[slot] as usize;
                        self.potential[head] = self.potential[head].min(base + self.cost[slot]);
                    }
                }
            }
            return Ok(());
        }
        for _ in 0..=self.nodes {
            let mut changed = false;
            for node in 0..self.nodes {
                let base = self.potential[node];
                for slot in self.first[node] as usize..self.first[node + 1] as usize {
                    let head = self.head[slot] as usize;
                    if self.rest[slot] > 0 && base + self.cost[slot] < self.potential[head] {
                        self.potential[head] = base + self.cost[slot];
                        changed = true;
                    }
                }
            }
            if !changed {
                return Ok(());
            }
        }
        Err(FlowError::NegativeCycle)
    }

    /// Dijkstra on reduced costs until the sink is settled; false if it cannot be reached. Potentials move with it.
    fn shortest_path(&mut self, source: usize, sink: usize) -> bool {
        for &node in &self.touched {
            self.distance[node as usize] = FAR;
        }
        self.touched.clear();
        self.settled.clear();
        self.heap.clear();
        #[expect(clippy::cast_possible_truncation, reason = "nodes are below 2^31")]
        let (source, sink) = (source as u32, sink as u32);
        self.distance[source as usize] = 0;
        self.into[source as usize] = NONE;
        self.touched.push(source);
        self.heap.push(Reverse((0, source)));
        let mut reached = None;
        while let Some(Reverse((distance, node))) = self.heap.pop() {
            if distance > self.distance[node as usize] {
                continue;
            }
            if node == sink {
                reached = Some(distance);
                break;
            }
            self.settled.push(node);
            let base = distance + self.potential[node as usize];
            for slot in self.first[node as usize]..self.first[node as usize + 1] {
                if self.rest[slot as usize] == 0 {
                    continue;
                }
                let head = self.head[slot as usize];
                let length = base + self.cost[slot as usize] - self.potential[head as usize];
                if length < self.distance[head as usize] {
                    if self.distance[head as usize] == FAR {
                        self.touched.push(head);
                    }
                    self.distance[head as usize] = length;
                    self.into[head as usize] = slot;
                    self.heap.push(Reverse((length, head)));
                }
            }
        }
        let Some(reached) = reached else { return false };
        // Everybody would rise by min(own distance, the sink's); we let the settled ones fall by the rest instead, so that
        // only they have to be touched. Differences, which are all that counts, are the same.
        for &node in &self.settled {
            self.potential[node as usize] -= reached - self.distance[node as usize];
        }
        true
    }

    /// Sends what fits along the path found.
    fn augment(&mut self, source: usize, sink: usize, most: i64) -> i64 {
        let mut amount = most;
        let mut node = sink;
        while node != source {
            let slot = self.into[node] as usize;
            amount = amount.min(self.rest[slot]);
            node = self.head[self.twin[slot] as usize] as usize;
        }
        node = sink;
        while node != source {
            let slot = self.into[node] as usize;
            self.rest[slot] -= amount;
            self.rest[self.twin[slot] as usize] += amount;
            node = self.head[self.twin[slot] as usize] as usize;
        }
        amount
    }

    fn answer(&self, amount: i64) -> Result<Flow, FlowError> {
        let sent = |slot: u32| self.rest[self.twin[slot as usize] as usize];
        let mut arcs = Vec::with_capacity(self.arcs.len());
        let mut cost = 0;
        for (index, (arc, &(free, must))) in self.arcs.iter().zip(&self.slots).enumerate() {
            let below = must.map_or(0, sent);
            if below < arc.lower {
                return Err(FlowError::LowerBound { arc: index });
            }
            let flow = below + sent(free);
            cost += i128::from(flow) * i128::from(arc.cost);
            arcs.push(flow);
        }
        Ok(Flow { amount, cost, arcs, potentials: self.potential.clone() })
    }
}

/// Nodes so that every arc goes forward (Kahn 1962); `None` if there is a cycle.
fn topological(nodes: usize, arcs: &[Arc]) -> Option<Vec<u32>> {
    let mut incoming = vec![0_u32; nodes];
    let mut first = vec![0_usize; nodes + 1];
    for arc in arcs {
        incoming[arc.to] += 1;
        first[arc.from + 1] += 1;
    }
    for node in 0..nodes {
        first[node + 1] += first[node];
    }
    let mut next = first.clone();
    let mut heads = vec![0; arcs.len()];
    for arc in arcs {
        heads[next[arc.from]] = arc.to;
        next[arc.from] += 1;
    }
    let mut order: Vec<u32> = Vec::with_capacity(nodes);
    #[expect(clippy::cast_possible_truncation, reason = "nodes are below 2^31")]
    order.extend((0..nodes).filter(|&node| incoming[node] == 0).map(|node| node as u32));
    let mut done = 0;
    while done < order.len() {
        let node = order[done] as usize;
        done += 1;
        for &head in &heads[first[node]..first[node + 1]] {
            incoming[head] -= 1;
            if incoming[head] == 0 {
                #[expect(clippy::cast_possible_truncation, reason = "nodes are below 2^31")]
                order.push(head as u32);
            }
        }
    }
    (order.len() == nodes).then_some(order)
}

#[cfg(test)]
mod tests;
