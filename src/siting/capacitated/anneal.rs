//! Customers move and change places between clusters, centres move within them, while it cools (Kirkpatrick, Gelatt & Vecchi 1983).
//!
//! Loads may pass capacities at a price for each unit, which follows how often they do.

use super::Table;
use crate::search::Random;
use crate::siting::Placed;

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
    pub(super) fn answer(&self, table: &Table) -> Placed {
        let mut left: Vec<i64> = self.centre.iter().map(|&site| i64::from(table.capacities[site])).collect();
        let mut cost = 0;
        let mut assigned = vec![None; table.customers()];
        for (customer, &cluster) in self.cluster.iter().enumerate() {
            let (site, demand) = (self.centre[cluster], i64::from(table.demands[customer]));
            let way = table.cost(customer, site);
            if left[cluster] >= demand && way < table.far {
                left[cluster] -= demand;
                cost += way.unsigned_abs();
                assigned[customer] = Some(site);
            }
        }
        let mut open = self.centre.clone();
        open.sort_unstable();
        Placed { open, assigned, cost }
    }
}

/// Heat at first and at last, in mean ways.
const HOT: f64 = 0.5;
const COLD: f64 = 0.01;

struct State<'a> {
    table: &'a Table,
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
    fn new(table: &'a Table, centre: Vec<usize>) -> Self {
        let mut taken = vec![false; table.sites()];
        centre.iter().for_each(|&site| taken[site] = true);
        let mut state = Self {
            table,
            taken,
            cluster: vec![0; table.customers()],
            members: vec![Vec::new(); centre.len()],
            place: vec![0; table.customers()],
            load: vec![0; centre.len()],
            cost: 0,
            excess: 0,
            centre,
        };
        // Large ones first, to the nearest with room.
        let mut order: Vec<usize> = (0..table.customers()).collect();
        order.sort_by_key(|&customer| (std::cmp::Reverse(table.demands[customer]), customer));
        for customer in order {
            let demand = i64::from(table.demands[customer]);
            let to = (0..state.centre.len()).min_by_key(|&cluster| {
                let over = (state.load[cluster] + demand - state.capacity(cluster)).max(0);
                (over, table.cost(customer, state.centre[cluster]))
            });
            let to = to.unwrap_or(0);
            state.join(customer, to);
        }
        state
    }
    fn capacity(&self, cluster: usize) -> i64 {
        i64::from(self.table.capacities[self.centre[cluster]])
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
        self.set_load(cluster, self.load[cluster] + i64::from(self.table.demands[customer]));
        self.cost += self.table.cost(customer, self.centre[cluster]);
    }
    fn leave(&mut self, customer: usize) {
        let cluster = self.cluster[customer];
        self.members[cluster].swap_remove(self.place[customer]);
        if let Some(&moved) = self.members[cluster].get(self.place[customer]) {
            self.place[moved] = self.place[customer];
        }
        self.set_load(cluster, self.load[cluster] - i64::from(self.table.demands[customer]));
        self.cost -= self.table.cost(customer, self.centre[cluster]);
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
        self.members[cluster].iter().map(|&customer| self.table.cost(customer, site)).sum()
    }
    /// Puts each centre where it is best for its members.
    fn centre_all(&mut self) -> bool {
        let mut any = false;
        for cluster in 0..self.centre.len() {
            let now = self.around(cluster, self.centre[cluster]);
            let load = self.load[cluster];
            let fits = |site: usize| !self.taken[site] && i64::from(self.table.capacities[site]) >= load;
            let best =
                (0..self.table.sites()).filter(|&site| fits(site)).map(|site| (self.around(cluster, site), site)).min();
            if let Some((cost, site)) = best.filter(|best| best.0 < now) {
                self.move_centre(cluster, site, cost - now);
                any = true;
            }
        }
        any
    }
    fn plan(&self) -> Plan {
        Plan { centre: self.centre.clone(), cluster: self.cluster.clone(), cost: self.cost, excess: self.excess }
    }
}

/// One annealing of so many moves from centres drawn at random.
pub(super) fn anneal(table: &Table, seed: u64, moves: u64, stop: &(dyn Fn() -> bool + Sync)) -> Plan {
    let mut random = Random::new(seed);
    let (customers, places) = (table.customers(), table.places);
    let mut sites: Vec<usize> = (0..table.sites()).collect();
    for at in 0..places {
        let other = at + random.below(sites.len() - at);
        sites.swap(at, other);
    }
    sites.truncate(places);
    let mut state = State::new(table, sites);
    let mut best = state.plan();
    if customers == 0 || places == 0 {
        return best;
    }
    while state.centre_all() {}
    let near = nearest(table);
    let beside = neighbours(table, &near);
    // Those out of reach would be mistaken for long ways.
    let near_cost = |customer: usize| {
        Some(table.cost(customer, state.centre[state.cluster[customer]])).filter(|&cost| cost < table.far)
    };
    let mean = ((0..customers).filter_map(near_cost).sum::<i64>() as f64 / customers as f64).max(1e-3);
    let cooling = libm::exp(libm::log(COLD / HOT) / moves.div_ceil(SPELL) as f64);
    let demand: f64 = table.demands.iter().map(|&demand| f64::from(demand)).sum();
    let mut price = mean * customers as f64 / demand.max(1.0);
    let mut heat = mean * HOT;
    let luck = luck();
    let mut within = 0;
    for step in 0..moves {
        if step % SPELL == SPELL - 1 {
            heat *= cooling;
            price *= if within > SPELL / 3 { 0.93 } else { 1.08 };
            within = 0;
            if step % LOOK == LOOK - 1 && stop() {
                break;
            }
        }
        let accepts = |cost: i64, excess: i64, random: &mut Random| {
            let worse = cost as f64 + price * excess as f64;
            worse <= 0.0 || worse < heat * luck[random.below(luck.len())]
        };
        let customer = random.below(customers);
        let from = state.cluster[customer];
        let what = random.below(16);
        if what == 0 {
            let row = &near[customer];
            let site = if row.is_empty() { continue } else { row[random.below(row.len().min(6))] };
            if !state.taken[site] {
                let cost = state.around(from, site) - state.around(from, state.centre[from]);
                let load = state.load[from];
                let excess = (load - i64::from(table.capacities[site])).max(0) - state.over(from, load);
                if accepts(cost, excess, &mut random) {
                    state.move_centre(from, site, cost);
                }
            }
        } else {
            let row = &beside[customer];
            // Now and then anybody: neighbours may all be in one cluster.
            let stray = row.is_empty() || random.below(32) == 0;
            let beside = if stray { random.below(customers) } else { row[random.below(row.len())] };
            let to = state.cluster[beside];
            if to == from {
                continue;
            }
            let demand = i64::from(table.demands[customer]);
            let (here, there) = (state.centre[from], state.centre[to]);
            let way = table.cost(customer, there) - table.cost(customer, here);
            if what < 5 {
                let excess = state.over(from, state.load[from] - demand) - state.over(from, state.load[from])
                    + state.over(to, state.load[to] + demand)
                    - state.over(to, state.load[to]);
                if accepts(way, excess, &mut random) {
                    state.leave(customer);
                    state.join(customer, to);
                }
            } else {
                let other = if what < 10 { beside } else { state.members[to][random.below(state.members[to].len())] };
                let more = i64::from(table.demands[other]) - demand;
                let cost = way + table.cost(other, here) - table.cost(other, there);
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
        within += u64::from(state.excess == 0);
        if (state.excess, state.cost) < (best.excess, best.cost) {
            best = state.plan();
        }
    }
    best
}

/// Moves between two changes of the heat.
const SPELL: u64 = 1000;
/// Moves between two questions whether to stop: a multiple.
const LOOK: u64 = 100_000;
/// Nearest sites kept of each customer, and neighbours.
const NEAR: usize = 8;
const BESIDE: usize = 12;

/// -ln(u) for u spread evenly over 0 to 1: how much worse may be accepted, in units of the heat.
fn luck() -> Vec<f64> {
    (0..4096).map(|at| -libm::log((f64::from(at) + 0.5) / 4096.0)).collect()
}

/// The nearest sites of each customer, nearest first.
fn nearest(table: &Table) -> Vec<Vec<usize>> {
    let many = NEAR.min(table.sites());
    let mut order: Vec<usize> = (0..table.sites()).collect();
    let of = |customer: usize| {
        order.select_nth_unstable_by_key(many - 1, |&site| (table.cost(customer, site), site));
        let mut near = order[..many].to_vec();
        near.sort_unstable_by_key(|&site| (table.cost(customer, site), site));
        near.retain(|&site| table.cost(customer, site) < table.far);
        near
    };
    (0..table.customers()).map(of).collect()
}

/// Customers that are near the same sites, for each customer those with the least way over one of them.
fn neighbours(table: &Table, near: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); table.sites()];
    for (customer, sites) in near.iter().enumerate() {
        sites.iter().for_each(|&site| users[site].push(customer));
    }
    let of = |(customer, sites): (usize, &Vec<usize>)| {
        let over = |&site: &usize| {
            let here = table.cost(customer, site);
            users[site].iter().map(move |&other| (other, here + table.cost(other, site)))
        };
        let mut ways: Vec<(usize, i64)> = sites.iter().flat_map(over).filter(|way| way.0 != customer).collect();
        ways.sort_unstable();
        ways.dedup_by_key(|way| way.0);
        ways.sort_unstable_by_key(|&(other, way)| (way, other));
        ways.into_iter().take(BESIDE).map(|way| way.0).collect()
    };
    near.iter().enumerate().map(of).collect()
}
