//! Runs of arcs without a choice, joined: what the index is built over.

use super::arcs::{Arc, Junctions, NONE, Turns};
use super::{Cost, FAR, packed};
use crate::domain::coordinates::Local;
use crate::network::index::{Topology, dissection};
use crate::network::roads::{Roads, dense};

/// Places, edges between them, and turns from edge to edge.
pub(super) type Meeting = (Vec<[i32; 2]>, Vec<(u32, u32)>, Vec<(u32, u32)>);

/// The chains of the arcs, frozen.
#[derive(Debug, Default)]
pub(super) struct Chains {
    /// Arcs of chain c: `links[starts[c]..starts[c + 1]]`.
    pub(super) starts: Vec<u32>,
    pub(super) links: Vec<u32>,
    /// Whole cost of each chain, by band; what the junction at its end costs is not in it.
    pub(super) totals: Vec<[Cost; 3]>,
    /// Chains after chain c: `next[fans[c]..fans[c + 1]]`, and the milliseconds of the junction between.
    pub(super) fans: Vec<u32>,
    pub(super) next: Vec<(u32, u32)>,
    /// From chain to chain; its arcs are those of `next`, in order.
    pub(super) topology: Topology,
}

impl Chains {
    /// Tells the arcs where they belong.
    pub(super) fn new(
        roads: &Roads,
        local: &Local,
        arcs: &mut [Arc],
        turns: &Turns,
        junctions: &Junctions<'_>,
    ) -> Self {
        let mut chains = Self::joined(arcs, turns, junctions);
        let (at, edges, links) = chains.meet(roads, local, arcs, turns, junctions);
        chains.topology = Topology::new(&dissection::of_edges(&at, &edges), &links);
        chains
    }

    pub(super) fn joined(arcs: &mut [Arc], turns: &Turns, junctions: &Junctions<'_>) -> Self {
        let count = arcs.len();
        let mut chains = Self { starts: vec![0], ..Self::default() };
        let mut before = vec![0_u32; count];
        for to in (0..count).flat_map(|arc| turns.after(arc)) {
            before[*to as usize] += 1;
        }
        // An arc goes on in its chain if it has one way on, into which nothing else leads.
        let follow = |arc: u32| match turns.after(arc as usize) {
            [to] if before[*to as usize] == 1 => Some(*to),
            _ => None,
        };
        let mut followed = vec![false; count];
        for to in (0..dense(count)).filter_map(follow) {
            followed[to as usize] = true;
        }
        // First the chains that have a beginning, then rings, cut at their lowest arc.
        for rings in [false, true] {
            for first in 0..dense(count) {
                if arcs[first as usize].chain != NONE || (!rings && followed[first as usize]) {
                    continue;
                }
                let chain = dense(chains.totals.len());
                let mut total = [Cost::default(); 3];
                let mut arc = first;
                loop {
                    let link = &mut arcs[arc as usize];
                    link.chain = chain;
                    link.place = dense(chains.links.len()) - chains.starts[chain as usize];
                    link.before = total;
                    for (band, sum) in total.iter_mut().enumerate() {
                        *sum = sum.plus(Cost { ms: link.ms[band], cm: u64::from(link.cm) });
                    }
                    chains.links.push(arc);
                    match follow(arc) {
                        Some(to) if arcs[to as usize].chain == NONE => {
                            let junction = Cost { ms: junctions.ms(&arcs[arc as usize], &arcs[to as usize]), cm: 0 };
                            total = total.map(|sum| sum.plus(junction));
                            arc = to;
                        }
                        _ => break,
                    }
                }
                chains.totals.push(total);
                chains.starts.push(dense(chains.links.len()));
            }
        }
        chains
    }

    /// What may follow each chain. Chains are the edges between the nodes where they meet, along which the index is cut: where
    /// those nodes are, the edges, and the turns from chain to chain.
    pub(super) fn meet(
        &mut self,
        roads: &Roads,
        local: &Local,
        arcs: &[Arc],
        turns: &Turns,
        junctions: &Junctions<'_>,
    ) -> Meeting {
        self.fans.push(0);
        for chain in 0..dense(self.totals.len()) {
            let [.., last] = self.of(chain) else { continue };
            let from = &arcs[*last as usize];
            // Whatever follows a chain's last arc begins a chain.
            let next = turns.after(*last as usize).iter().map(|to| {
                let to = &arcs[*to as usize];
                (to.chain, u32::try_from(junctions.ms(from, to)).unwrap_or(u32::MAX))
            });
            let next: Vec<(u32, u32)> = next.collect();
            self.next.extend(next);
            self.fans.push(dense(self.next.len()));
        }
        let mut number = vec![NONE; roads.nodes().len()];
        let mut at = Vec::new();
        let mut edges = Vec::with_capacity(self.totals.len());
        for chain in 0..dense(self.totals.len()) {
            let ends = match self.of(chain) {
                [first, .., last] => [arcs[*first as usize].ends[0], arcs[*last as usize].ends[1]],
                [only] => arcs[*only as usize].ends,
                [] => continue,
            };
            let [a, b] = ends.map(|node| {
                let slot = &mut number[node as usize];
                if *slot == NONE {
                    *slot = dense(at.len());
                    let [x, y] = local.project(roads.nodes()[node as usize].point);
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "a float saturates when cast; decimetres of the Earth fit"
                    )]
                    at.push([(x * 10.0) as i32, (y * 10.0) as i32]);
                }
                *slot
            });
            edges.push((a, b));
        }
        let links = (0..dense(self.totals.len()))
            .flat_map(|chain| self.after(chain).iter().map(move |(to, _)| (chain, *to)))
            .collect();
        (at, edges, links)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.totals.len()
    }

    /// The arcs of a chain.
    pub(super) fn of(&self, chain: u32) -> &[u32] {
        &self.links[self.starts[chain as usize] as usize..self.starts[chain as usize + 1] as usize]
    }

    /// The chains that may follow one, with the milliseconds of the junction.
    pub(super) fn after(&self, chain: u32) -> &[(u32, u32)] {
        &self.next[self.turns(chain)]
    }

    /// Positions of these in the arcs of the topology.
    pub(super) fn turns(&self, chain: u32) -> std::ops::Range<usize> {
        self.fans[chain as usize] as usize..self.fans[chain as usize + 1] as usize
    }

    /// Weights of all turns in a band: a chain that is closed leads nowhere.
    pub(super) fn weights(&self, band: usize, open: &[bool]) -> Vec<u64> {
        let mut weights = Vec::with_capacity(self.next.len());
        for (chain, (totals, open)) in self.totals.iter().zip(open).enumerate() {
            let total = totals[band];
            let turns = self.after(dense(chain)).iter();
            weights.extend(turns.map(|(_, junction)| {
                if *open { packed(total.plus(Cost { ms: u64::from(*junction), cm: 0 })) } else { FAR }
            }));
        }
        weights
    }
}
