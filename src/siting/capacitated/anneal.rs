//! Customers move and change places between clusters, centres move within them, while it cools (Kirkpatrick, Gelatt & Vecchi 1983).
//!
//! Loads may pass capacities at a price for each unit, which follows how often they do.

use super::{Assigned, FAR, Problem};
use crate::search::Random;

/// Clusters with their centres.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) centre: Vec<usize>,
    pub(super) cluster: Vec<usize>,
    pub(super) cost: i64,
    /// Units of demand above capacities.
    pub(super) excess: i64,
}

impl Plan {
    /// The sites with those that have room there; where it is too tight, somebody is left out.
    pub(super) fn answer(&self, problem: &Problem) -> Assigned {
        let mut left: Vec<i64> = self.centre.iter().map(|&site| i64::from(problem.capacities[site])).collect();
        let mut cost = 0;
        let mut assigned = vec![None; problem.customers()];
        for (customer, &cluster) in self.cluster.iter().enumerate() {
            let (site, demand) = (self.centre[cluster], i64::from(problem.demands[customer]));
            let way = problem.cost(customer, site);
            if left[cluster] >= demand && way < FAR {
                left[cluster] -= demand;
                cost += way.unsigned_abs();
                assigned[customer] = Some(site);
            }
        }
        let mut open = self.centre.clone();
        open.sort_unstable();
        Assigned { open, assigned, cost }
    }
}

struct State<'a> {
    problem: &'a Problem,
    centre: Vec<usize>,
    taken: Vec<bool>,
    cluster: Vec<usize>,
    members: Vec<Vec<usize>>,
    place: Vec<usize>,
    load: Vec<i64>,
    cost: i64,
    excess: i64,
}

impl<'a> State<'a> {
    fn new(problem: &'a Problem, centre: Vec<usize>) -> Self {
        let mut taken = vec![false; problem.sites()];
        centre.iter().for_each(|&site| taken[site] = true);
        let mut state = Self {
            problem,
            taken,
            cluster: vec![0; problem.customers()],
            members: vec![Vec::new(); centre.len()],
            place: vec![0; problem.customers()],
            load: vec![0; centre.len()],
            cost: 0,
            excess: 0,
            centre,
        };
        // Large ones first, to the nearest with room.
        let mut order: Vec<usize> = (0..problem.customers()).collect();
        order.sort_by_key(|&customer| (std::cmp::Reverse(problem.demands[customer]), customer));
        for customer in order {
            let demand = i64::from(problem.demands[customer]);
            let to = (0..state.centre.len()).min_by_key(|&cluster| {
                let over = (state.load[cluster] + demand - state.capacity(cluster)).max(0);
                (over, problem.cost(customer, state.centre[cluster]))
            });
            let to = to.unwrap_or(0);
            state.join(customer, to);
        }
        state
    }
    fn capacity(&self, cluster: usize) -> i64 {
        i64::from(self.problem.capacities[self.centre[cluster]])
    }
    fn over(&self, cluster: usize, load: i64) -> i64 {
        (load - self.capacity(cluster)).max(0)
    }
    fn set_load(&mut self, cluster: usize, load: i64) {
        self.excess += self.over(cluster, load) - self.over(cluster, self.load[cluster]);
        self.load[cluster] = load;
    }
    fn join(&mut self, customer: usize, cluster: usize) {
        self.cluster[customer] = cluster;
        self.place[customer] = self.members[cluster].len();
        self.members[cluster].push(customer);
        self.set_load(cluster, self.load[cluster] + i64::from(self.problem.demands[customer]));
        self.cost += self.problem.cost(customer, self.centre[cluster]);
    }
    fn leave(&mut self, customer: usize) {
        let cluster = self.cluster[customer];
        self.members[cluster].swap_remove(self.place[customer]);
        if let Some(&moved) = self.members[cluster].get(self.place[customer]) {
            self.place[moved] = self.place[customer];
        }
        self.set_load(cluster, self.load[cluster] - i64::from(self.problem.demands[customer]));
        self.cost -= self.problem.cost(customer, self.centre[cluster]);
    }
    fn move_centre(&mut self, cluster: usize, site: usize, cost: i64) {
        let load = self.load[cluster];
        self.excess -= self.over(cluster, load);
        self.taken[self.centre[cluster]] = false;
        self.taken[site] = true;
        self.centre[cluster] = site;
        self.excess += self.over(cluster, load);
        self.cost += cost;
    }
    fn around(&self, cluster: usize, site: usize) -> i64 {
        self.members[cluster].iter().map(|&customer| self.problem.cost(customer, site)).sum()
    }
    /// Puts each centre where it is best for its members.
    fn centre_all(&mut self) -> bool {
        let mut any = false;
        for cluster in 0..self.centre.len() {
            let now = self.around(cluster, self.centre[cluster]);
            let load = self.load[cluster];
            let fits = |site: usize| !self.taken[site] && i64::from(self.problem.capacities[site]) >= load;
            let best = (0..self.problem.sites()).filter(|&site| fits(site)).map(|site| (self.around(cluster, site), site)).min();
            if let Some((cost, site)) = best.filter(|best| best.0 < now) {
                self.move_centre(cluster, site, cost - now);
                any = true;
            }
        }
        any
    }
    /// A cluster other than this, nearer than others to the customer: the nearest of some drawn at random.
    fn towards(&self, customer: usize, other: usize, draws: usize, random: &mut Random) -> usize {
        let mut best = (i64::MAX, other);
        for _ in 0..draws {
            let cluster = random.below(self.centre.len());
            if cluster != other {
                best = best.min((self.problem.cost(customer, self.centre[cluster]), cluster));
            }
        }
        best.1
    }
    fn plan(&self) -> Plan {
        Plan { centre: self.centre.clone(), cluster: self.cluster.clone(), cost: self.cost, excess: self.excess }
    }
}

/// One annealing of so many moves from centres drawn at random.
pub(super) fn anneal(problem: &Problem, seed: u64, moves: u64) -> Plan {
    let mut random = Random::new(seed);
    let (customers, places) = (problem.customers(), problem.places);
    let mut sites: Vec<usize> = (0..problem.sites()).collect();
    for at in 0..places {
        let other = at + random.below(sites.len() - at);
        sites.swap(at, other);
    }
    sites.truncate(places);
    let mut state = State::new(problem, sites);
    let mut best = state.plan();
    if customers == 0 || places == 0 {
        return best;
    }
    while state.centre_all() {}
    // Each customer's nearest sites.
    let near = nearest(problem, 6);
    let mean = (state.cost as f64 / customers as f64).max(1e-3);
    let (hot, cold) = (mean * 0.5, mean * 0.01);
    let cooling = libm::exp(libm::log(cold / hot) / moves.div_ceil(1000) as f64);
    let mean_demand = (problem.demands.iter().map(|&demand| f64::from(demand)).sum::<f64>() / customers as f64).max(1e-9);
    let mut price = mean / mean_demand;
    let draws = 2 + places / 6;
    let mut heat = hot;
    let mut within = 0;
    for step in 0..moves {
        if step % 1000 == 999 {
            heat *= cooling;
            price *= if within > 300 { 0.93 } else { 1.08 };
            within = 0;
        }
        let accepts = |cost: i64, excess: i64, random: &mut Random| {
            let worse = cost as f64 + price * excess as f64;
            worse <= 0.0 || worse < -heat * libm::log(random.unit().max(1e-300))
        };
        let customer = random.below(customers);
        let from = state.cluster[customer];
        let demand = i64::from(problem.demands[customer]);
        match random.below(16) {
            0 => {
                let row = near.get(customer * 6..customer * 6 + 6).unwrap_or(&[]);
                let site = if row.is_empty() { random.below(problem.sites()) } else { row[random.below(row.len())] };
                if !state.taken[site] {
                    let cost = state.around(from, site) - state.around(from, state.centre[from]);
                    let load = state.load[from];
                    let excess = (load - i64::from(problem.capacities[site])).max(0) - state.over(from, load);
                    if accepts(cost, excess, &mut random) {
                        state.move_centre(from, site, cost);
                    }
                }
            }
            1..6 => {
                let to = state.towards(customer, from, draws, &mut random);
                if to != from {
                    let cost = problem.cost(customer, state.centre[to]) - problem.cost(customer, state.centre[from]);
                    let excess = state.over(from, state.load[from] - demand) - state.over(from, state.load[from])
                        + state.over(to, state.load[to] + demand)
                        - state.over(to, state.load[to]);
                    if accepts(cost, excess, &mut random) {
                        state.leave(customer);
                        state.join(customer, to);
                    }
                }
            }
            _ => {
                let to = state.towards(customer, from, draws, &mut random);
                if to != from && !state.members[to].is_empty() {
                    let other = state.members[to][random.below(state.members[to].len())];
                    let more = i64::from(problem.demands[other]) - demand;
                    let (here, there) = (state.centre[from], state.centre[to]);
                    let cost = problem.cost(customer, there) - problem.cost(customer, here) + problem.cost(other, here)
                        - problem.cost(other, there);
                    let excess = state.over(from, state.load[from] + more) - state.over(from, state.load[from])
                        + state.over(to, state.load[to] - more)
                        - state.over(to, state.load[to]);
                    if accepts(cost, excess, &mut random) {
                        state.leave(customer);
                        state.leave(other);
                        state.join(customer, to);
                        state.join(other, from);
                    }
                }
            }
        }
        within += u64::from(state.excess == 0);
        if (state.excess, state.cost) < (best.excess, best.cost) {
            best = state.plan();
        }
    }
    best
}

/// The nearest sites of each customer, so many each.
fn nearest(problem: &Problem, many: usize) -> Vec<usize> {
    let sites = problem.sites();
    if sites < many {
        return Vec::new();
    }
    let mut near = Vec::with_capacity(problem.customers() * many);
    let mut order: Vec<usize> = Vec::new();
    for customer in 0..problem.customers() {
        order.clear();
        order.extend(0..sites);
        order.select_nth_unstable_by_key(many - 1, |&site| (problem.cost(customer, site), site));
        near.extend_from_slice(&order[..many]);
    }
    near
}
