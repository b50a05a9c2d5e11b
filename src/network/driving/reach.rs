//! What lies within a time: Dijkstra's algorithm over chains, up to the limit. O(what is reached).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::{Driving, Position, Standing};
use crate::network::profile::Band;

/// Part of an arc that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) struct Piece {
    pub(in crate::network) arc: u32,
    /// From its start.
    pub(in crate::network) from_cm: u32,
    pub(in crate::network) to_cm: u32,
}

impl Driving {
    /// The parts of arcs that a bus reaches from a stop within so many milliseconds; an arc may be named more than once.
    pub(in crate::network) fn within(&self, from: Standing, limit_ms: u64, band: Band) -> Vec<Piece> {
        let band = band.index();
        let chains = &self.ground.chains;
        let mut pieces = Vec::new();
        // From a place in a chain onwards, with so much time left.
        let mut onwards = |start: Position, left: u64| {
            let (chain, done) = self.place(start, band);
            for arc in &chains.of(chain)[self.at(start.arc).place as usize..] {
                let link = self.at(*arc);
                // Closed, or no way back from there.
                if !self.free[*arc as usize] || !self.uses(link.original) {
                    break;
                }
                let from_cm = if *arc == start.arc { start.cm } else { 0 };
                let gone = link.before[band].ms.saturating_sub(done.ms);
                if gone > left {
                    break;
                }
                // As far as the time goes, rounded down.
                let here = if *arc == start.arc { done.ms - link.before[band].ms } else { 0 };
                let ms = u128::from(left - gone) + u128::from(here);
                let cm =
                    (ms * u128::from(link.cm)).checked_div(u128::from(link.ms[band])).unwrap_or(u128::from(link.cm));
                let to_cm = u32::try_from(cm).unwrap_or(u32::MAX).min(link.cm);
                pieces.push(Piece { arc: link.original, from_cm, to_cm: to_cm.max(from_cm) });
            }
        };
        let mut best: BTreeMap<u32, u64> = BTreeMap::new();
        let mut heap = BinaryHeap::new();
        let leaving = self.leaving(from);
        for position in &leaving {
            onwards(*position, limit_ms);
        }
        for ((chain, cost), _) in self.seeds(&leaving, band) {
            heap.push(Reverse((cost >> 32, chain)));
        }
        while let Some(Reverse((ms, chain))) = heap.pop() {
            if ms > limit_ms || !self.open[chain as usize] || best.get(&chain).is_some_and(|known| *known <= ms) {
                continue;
            }
            best.insert(chain, ms);
            let [first, ..] = chains.of(chain) else { continue };
            onwards(Position { arc: *first, cm: 0 }, limit_ms - ms);
            let end = ms.saturating_add(chains.totals[chain as usize][band].ms);
            heap.extend(chains.after(chain).iter().map(|(to, junction)| Reverse((end + u64::from(*junction), *to))));
        }
        pieces
    }
}
