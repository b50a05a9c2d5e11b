//! A few neighbouring clusters are taken apart and made anew, the rest stays (ruin and recreate; Schrimpf et al. 2000).

use super::Table;
use super::anneal::{Plan, anneal};
use crate::search::Random;

/// Sites tried for each customer: its nearest.
const NEAR: usize = 8;

/// Clusters of a plan around one customer drawn at random: so many, nearest centres first.
pub(super) fn around(table: &Table, plan: &Plan, many: usize, random: &mut Random) -> Vec<usize> {
    let customer = random.below(table.customers());
    let mut clusters: Vec<usize> = (0..plan.centre.len()).collect();
    clusters.sort_by_key(|&cluster| (table.cost(customer, plan.centre[cluster]), cluster));
    clusters.truncate(many);
    clusters
}

/// Anneals these clusters alone and keeps what is no worse.
pub(super) fn renew(table: &Table, plan: &mut Plan, clusters: &[usize], seed: u64, moves: u64) {
    let mut inside = vec![false; plan.centre.len()];
    clusters.iter().for_each(|&cluster| inside[cluster] = true);
    let customers: Vec<usize> = (0..table.customers()).filter(|&customer| inside[plan.cluster[customer]]).collect();
    let mut candidate = vec![false; table.sites()];
    let mut order: Vec<usize> = (0..table.sites()).collect();
    let near = NEAR.min(order.len());
    for &customer in &customers {
        order.select_nth_unstable_by_key(near - 1, |&site| (table.cost(customer, site), site));
        order[..near].iter().for_each(|&site| candidate[site] = true);
    }
    for (&centre, &inside) in plan.centre.iter().zip(&inside) {
        candidate[centre] = inside;
    }
    let sites: Vec<usize> = (0..table.sites()).filter(|&site| candidate[site]).collect();
    let part = table.part(&customers, &sites, clusters.len());
    let found = anneal(&part, seed, moves, &|| false);
    let now: i64 = customers.iter().map(|&customer| table.cost(customer, plan.centre[plan.cluster[customer]])).sum();
    let excess: i64 = clusters
        .iter()
        .map(|&cluster| {
            let members = customers.iter().filter(|&&customer| plan.cluster[customer] == cluster);
            let load: i64 = members.map(|&customer| i64::from(table.demands[customer])).sum();
            (load - i64::from(table.capacities[plan.centre[cluster]])).max(0)
        })
        .sum();
    if (found.excess, found.cost) > (excess, now) {
        return;
    }
    for (&cluster, &site) in clusters.iter().zip(&found.centre) {
        plan.centre[cluster] = sites[site];
    }
    for (&customer, &cluster) in customers.iter().zip(&found.cluster) {
        plan.cluster[customer] = clusters[cluster];
    }
    plan.cost += found.cost - now;
    plan.excess += found.excess - excess;
}
